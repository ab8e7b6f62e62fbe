"""Planning the next wave from an estimate of this one: detectable changes and answers needed."""

import re

import numpy as np
import pytest

from custfocus.errors import OptionError, TallyError
from custfocus.indices import csat, mean_score, top_box
from custfocus.planning import (
    answers_needed,
    detectable_change,
    sample_size,
    smallest_detectable_change,
)
from custfocus.responses import Scale, Tally
from custfocus.surveys import SurveyDesign

TWO, FIVE = Scale.likert(2), Scale.likert(5)
TALLY = Tally(
    [[1, 2, 30, 20, 9], [0, 0, 0, 0, 0], [0, 0, 1, 2, 1], [2, 1, 9, 9, 9]],
    FIVE,
    by={"shop": list("abcd")},
)
SCORES = [0, 25, 50, 75, 100]


def drawn():
    generator = np.random.default_rng(1)
    design = SurveyDesign(generator.lognormal(0, 0.8, 200), clusters=np.arange(200) // 10)
    return mean_score(
        generator.integers(1, 6, 200), scale=FIVE, by=np.arange(200) % 2, design=design
    )


def shares(e, row):
    return e.sample.shares[row]


class TestDetectableChange:
    @pytest.mark.parametrize("options", [{"direction": "fall"}, {"power": 0.9}])
    def test_each_row_has_that_of_its_own_answers(self, options):
        e = mean_score(TALLY, confidence_level=0.9)
        found, level = detectable_change(e, **options), {"confidence_level": 0.9}
        for row in (0, 2, 3):
            alone = smallest_detectable_change(shares(e, row), SCORES, e.n[row], **options, **level)
            assert found.change[row] == alone
        assert np.isnan(found.change[1])

    def test_a_finite_population_is_that_of_the_row(self):
        e = top_box(TALLY, boxes=1, population={"a": 80, "b": 9, "c": 5, "d": 400})
        found = detectable_change(e)
        expected = smallest_detectable_change(shares(e, 3), [0, 0, 0, 0, 100], 30, population=400)
        assert found.change[3] == expected
        assert found.change[0] < detectable_change(top_box(TALLY, boxes=1)).change[0]

    def test_a_design_widens_it_by_its_effect(self):
        e = drawn()
        expected = smallest_detectable_change(
            shares(e, 1), SCORES, e.n[1], design_effect=e.n[1] / e.effective_n[1]
        )
        assert detectable_change(e).change[1] == expected

    def test_what_never_shows_is_infinite_and_reads_as_a_dash(self):
        e = top_box(Tally([[0, 20], [10, 10]], TWO), boxes=1)
        found = detectable_change(e)
        assert np.isinf(found.change).tolist() == [True, False]
        assert str(found).splitlines()[:2] == [
            "group   n  missing  top box  detectable rise",
            "0      20        0    100.0                -",
        ]
        assert found.to_dicts()[0]["change"] is None

    def test_one_sample_is_a_sentence(self):
        # R 4.2.2: power.prop.test(n = 100, p1 = .5, power = .8) gives p2 = .69322171
        found = detectable_change(top_box(Tally([50, 50], TWO), boxes=1))
        assert str(found).endswith("that shows at 95 % with a power of 80 %: 19.4")
        assert found.metric.unit == "percentage points"


class TestAnswersNeeded:
    def test_each_row_has_those_of_its_own_answers_and_design(self):
        for e in (mean_score(TALLY, confidence_level=0.9), drawn()):
            found = answers_needed(e, margin=4, response_rate=0.25)
            for row in np.flatnonzero(e.n > 0):
                plan = sample_size(
                    shares(e, row), SCORES, margin=4, response_rate=0.25,
                    confidence_level=e.confidence_level, design_effect=e.n[row] / e.effective_n[row],
                )  # fmt: skip
                assert (found.answers[row], found.invitations[row]) == plan

    def test_the_estimates_own_interval_is_planned_for(self):
        for method in ("exact", "mid-p"):
            e = mean_score(TALLY, method=method)
            found = answers_needed(e, margin=6)
            plan = sample_size(shares(e, 0), SCORES, margin=6, method=method)
            assert found.answers[0] == plan.answers
            assert f"at 95 %, by the {method} interval," in found.caption()
        few = top_box(Tally([50, 50], TWO), boxes=1, method="exact", population=10_000)
        assert "by the score interval" in answers_needed(few, margin=5).caption()
        other = top_box(Tally([50, 50], TWO), boxes=1, method="jeffreys")
        assert "by the score interval" in answers_needed(other, margin=5).caption()
        for e in (few, other):
            assert "by the score interval" in detectable_change(e).caption()

    def test_rows_without_answers_have_no_plan(self):
        row = answers_needed(mean_score(TALLY), margin=5).to_dicts()[1]
        assert (row["n"], row["answers"], row["invitations"]) == (0, None, None)

    def test_they_read_as_a_table_and_one_as_a_sentence(self):
        now = top_box(Tally([50, 50], TWO), boxes=1)
        assert str(answers_needed(now, margin=5, response_rate=0.3)) == (
            "answers for a margin of 5.0 in top box at 95 %, 30 % of those invited answering: "
            "381, of 1270 invitations"
        )
        lines = str(answers_needed(mean_score(TALLY), margin=5)).splitlines()
        assert lines[0].endswith("answers needed  invitations")
        assert lines[2].split() == ["b", "0", "0", "-", "-", "-"]


@pytest.mark.parametrize(
    ("verb", "options", "message"),
    [
        (detectable_change, {"power": 1}, "power must"),
        (detectable_change, {"power": [0.5]}, "power must be one number for all rows, got [0.5]"),
        (detectable_change, {"direction": "up"}, "unknown direction 'up'"),
        (answers_needed, {"margin": 0}, "margin must be more than 0"),
        (answers_needed, {"margin": 100}, "margin must be less than the range"),
        (answers_needed, {"margin": "x"}, "margin must be one number for all rows, got 'x'"),
        (answers_needed, {"margin": 5, "response_rate": 2}, "response_rate must be"),
        (answers_needed, {"margin": 5, "response_rate": [1]}, "response_rate must be one number"),
    ],
)
def test_impossible_options_are_errors(verb, options, message):
    with pytest.raises(OptionError, match="^" + re.escape(message)):
        verb(mean_score(TALLY), **options)


@pytest.mark.parametrize("wrong", [5, None, TALLY])
def test_what_is_no_estimate_is_answered_with_the_right_call(wrong):
    for verb in (detectable_change, answers_needed):
        options = {"margin": 5} if verb is answers_needed else {}
        message = f"{verb.__name__} takes an estimate of the present wave, got "
        with pytest.raises(TallyError, match="^" + re.escape(message)):
            verb(wrong, **options)


def test_what_is_known_exactly_needs_no_plan():
    census = SurveyDesign([1] * 6, strata=[1] * 6, population=[6] * 6)
    whole = csat([5, 4, 1, 2, 5, 5], design=census)
    for plan in (lambda: answers_needed(whole, margin=5), lambda: detectable_change(whole)):
        with pytest.raises(TallyError, match="got an index that is known exactly, of a census or"):
            plan()


def test_it_says_which_interval_is_planned_for():
    exact = csat([5, 1] * 50, method="exact")
    assert "at 95 %, by the exact interval, 100 % of" in answers_needed(exact, margin=5).caption()
    assert detectable_change(exact).caption().endswith("80 %, by the score interval")
    assert "score" not in answers_needed(csat([5, 1] * 50), margin=5).caption()
