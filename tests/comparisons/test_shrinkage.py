"""Shrinkage: what each group is drawn to, how far, and who must not be given the outcome."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from custfocus import Scale, Scoring, Tally, Target, compare, csat, estimate, top_box, verdict
from custfocus.comparisons import (
    funnel,
    homogeneity,
    pairwise,
    rank,
    shrink,
    shrinkage,
    with_reference,
    with_rest,
)
from custfocus.disclosure import suppress
from custfocus.errors import CustfocusError, LabelError, TallyError
from custfocus.planning import answers_needed
from custfocus.quantities import Rate
from custfocus.surveys import SurveyDesign, SurveyTally

TWO, FIVE = Scale.likert(2), Scale.likert(5)
SHARE, MEAN = Scoring.top_box(TWO, 1), Scoring.mean(FIVE, 1, 5)
NET = Scoring.net(FIVE)
COUNTS = np.array(
    [
        [1, 2, 3, 4, 5],
        [0, 0, 0, 0, 5],
        [0, 0, 1, 9, 30],
        [2, 2, 2, 2, 2],
        [9, 0, 1, 0, 2],
        [0, 0, 0, 1, 0],
    ]
)
ARRAYS = ("value", "low", "high", "weight", "center", "between")

groups_of_answers = hnp.arrays(
    np.int64, st.tuples(st.integers(4, 9), st.just(5)), elements=st.integers(0, 12)
).filter(lambda counts: (counts.sum(axis=1) > 0).sum() >= 4)


def of(counts, scoring=MEAN, **options):
    counts = np.asarray(counts)
    return estimate(Tally(counts, scoring.scale, by=options.pop("by", None)), scoring, **options)


def arrays(found, rows=slice(None)):
    return np.stack([getattr(found, name) for name in ARRAYS])[:, rows]


class TestLaws:
    @given(groups_of_answers, st.sampled_from([MEAN, NET, Scoring.top_box(FIVE)]))
    def test_a_value_lies_between_its_own_and_the_center_in_its_limits_on_the_scale(
        self, counts, scoring
    ):
        found = shrink(of(counts, scoring))
        there = found.n > 0
        assert np.isnan(arrays(found, ~there)).all()
        value, low, high, weight, center, _ = arrays(found, there)
        lowest, highest = scoring.bounds
        rounding = 1e-12 * np.abs(scoring.bounds).max()
        own = found.direct[there]
        assert (np.minimum(own, center) <= value + rounding).all()
        assert (value <= np.maximum(own, center) + rounding).all()
        assert value == pytest.approx(center + weight * (own - center), abs=rounding)
        assert ((lowest <= low) & (low <= value) & (value <= high) & (high <= highest)).all()
        assert (low < high).all()
        assert ((weight > 0) & (weight < 1)).all()

    @given(groups_of_answers, st.randoms())
    def test_the_order_of_rows_and_empty_ones_change_not_a_bit(self, counts, random):
        rows = list(range(len(counts)))
        random.shuffle(rows)
        e = of(counts, by={"shop": [*"abcdefghi"[: len(counts)]]})
        there = e.n > 0
        found, moved = shrink(e), shrink(e[rows])
        np.testing.assert_array_equal(arrays(moved), arrays(found, rows))
        np.testing.assert_array_equal(arrays(shrink(e[there])), arrays(found, there))

    @given(groups_of_answers)
    def test_other_units_and_the_mirrored_scale_give_the_same(self, counts):
        found = shrink(of(counts))
        percent = shrink(of(counts, Scoring.mean(FIVE, 0, 100)))
        turned = shrink(of(counts[:, ::-1]))
        for name in ("value", "low", "high", "center"):
            other = {"low": "high", "high": "low"}.get(name, name)
            ours = getattr(found, name)
            assert getattr(percent, name) == pytest.approx(25 * (ours - 1), abs=1e-6, nan_ok=True)
            assert getattr(turned, other) == pytest.approx(6 - ours, abs=1e-7, nan_ok=True)
        assert turned.weight == pytest.approx(found.weight, abs=1e-9, nan_ok=True)

    @given(groups_of_answers)
    def test_limits_widen_with_the_level(self, counts):
        narrow, wide = (shrink(of(counts, confidence_level=level)) for level in (0.5, 0.999))
        there = narrow.n > 0
        assert (wide.low[there] <= narrow.low[there]).all()
        assert (wide.high[there] >= narrow.high[there]).all()
        assert ((wide.high - wide.low)[there] > (narrow.high - narrow.low)[there]).all()
        np.testing.assert_array_equal(narrow.value, wide.value)


class TestWeights:
    def test_more_answers_weigh_more(self):
        found = shrink(of([[1, 9], [6, 4], [5, 15], [50, 150], [500, 1500]], SHARE))
        assert (np.diff(found.weight[2:]) > 0.05).all()

    def test_groups_that_differ_more_keep_more_of_their_own(self):
        near = shrink(of([[50, 50], [48, 52], [52, 48], [50, 50]] * 5, SHARE)).weight
        far = shrink(of([[50, 50], [20, 80], [80, 20], [60, 40]] * 5, SHARE)).weight
        assert (near < 0.2).all()
        assert (far > 0.9).all()

    def test_few_groups_that_look_alike_may_still_differ(self):
        alike = [[50, 50], [48, 52], [52, 48], [50, 50]]
        four, twenty = (shrink(of(alike * times, SHARE)).weight[0] for times in (1, 5))
        assert four > 3 * twenty

    def test_a_large_group_has_about_its_own_limits(self):
        found = shrink(of([[500, 99500], [60, 40], [30, 70], [45, 55]], SHARE))
        assert found.low[0] == pytest.approx(found.estimate.low[0], abs=0.01)
        assert found.high[0] == pytest.approx(found.estimate.high[0], abs=0.01)

    def test_answers_that_are_all_alike_leave_the_value_and_a_width(self):
        found = shrink(of([[0, 5]] * 8, SHARE))
        assert (found.value == 100).all()
        assert (found.high == 100).all()
        assert ((found.low > 90) & (found.low < 95)).all()  # of all 40 as one: 91.2

    def test_groups_of_one_answer_have_values_and_limits(self):
        found = shrink(of([[0, 1], [1, 0], [0, 1], [0, 1]], SHARE))
        assert np.isfinite(arrays(found)).all()
        assert (found.high - found.low > 40).all()

    def test_a_group_that_is_truly_far_off_is_drawn_away_from_its_truth(self):
        found = shrink(of([[5, 0], *[[25, 75]] * 19], SHARE))
        assert found.low[0] > 0
        assert found.value[0] > 40


class TestDesigns:
    GENERATOR = np.random.default_rng(11)
    DISTRICT = np.repeat(np.arange(8), 30)
    CLUSTERS = np.arange(240) // 5
    ANSWERS = GENERATOR.integers(1, 6, 240)

    def of_survey(self, answers=ANSWERS, **design):
        drawn = SurveyDesign(np.ones(240), clusters=self.CLUSTERS, **design)
        return estimate(SurveyTally.of(answers, drawn, FIVE, by={"district": self.DISTRICT}), MEAN)

    def test_clusters_that_are_alike_inside_leave_less_to_each_group(self):
        alike = np.repeat(self.GENERATOR.integers(1, 6, 48), 5)
        clustered, alone = self.of_survey(alike), mean_of_plain(alike, self.DISTRICT)
        assert (shrink(clustered).weight < shrink(alone).weight - 0.1).all()

    def test_answers_alike_in_one_group_do_not_pass_for_knowledge(self):
        answers = self.ANSWERS.copy()
        answers[:30] = 3
        found = shrink(self.of_survey(answers))
        assert np.isinf(found.estimate.degrees_of_freedom[0])
        assert found.weight[0] == pytest.approx(found.weight[1:].mean(), rel=0.15)
        assert found.high[0] - found.low[0] > 0.3

    def test_a_census_of_one_group_keeps_its_value(self):
        population = np.where(self.DISTRICT == 2, 6, 60)
        e = self.of_survey(strata=self.DISTRICT, population=population)
        assert np.isinf(e.effective_n[2])
        found = shrink(e)
        assert [found.value[2], found.low[2], found.high[2]] == pytest.approx([e.value[2]] * 3)
        assert (found.high > found.low).tolist() == [True, True, False] + [True] * 5


def mean_of_plain(answers, by):
    return estimate(Tally.of(answers, FIVE, by={"district": by}), MEAN)


class TestBlocks:
    BY = {"shop": [*"abcdabcde"], "wave": [1] * 4 + [2] * 5}  # noqa: RUF012 - a constant

    def test_each_block_is_drawn_together_alone(self):
        e = of([*COUNTS[:4], *COUNTS[1:]], by=self.BY)
        found = shrink(e, across="shop")
        for wave in (1, 2):
            np.testing.assert_array_equal(
                arrays(found.sel(wave=wave)), arrays(shrink(e.sel(wave=wave)))
            )
        assert "every shop drawn toward all of them together within each wave; " in str(found)

    @pytest.mark.parametrize(("empty", "left"), [(1, 3), (3, 1)])
    def test_a_block_of_too_few_groups_is_named(self, empty, left):
        counts = np.array([*COUNTS[:4], *COUNTS[1:]])
        counts[:empty] = 0
        message = (
            f"^shrink needs 4 groups with answers or more, got {left} by shop within 1: fewer do not "
            "tell how far groups lie apart; take their own values, which the estimate has$"
        )
        with pytest.raises(TallyError, match=message):
            shrink(of(counts, by=self.BY), across="shop")

    def test_a_block_without_any_answers_is_nan(self):
        counts = np.array([*COUNTS[:4], *COUNTS[1:]])
        counts[:4] = 0
        found = shrink(of(counts, by=self.BY), across="shop")
        assert found.n.tolist().count(0) == 4
        np.testing.assert_array_equal(np.isnan(arrays(found)), [found.n == 0] * 6)


class TestErrors:
    @pytest.mark.parametrize("groups", [0, 1, 2, 3])
    def test_fewer_than_four_groups(self, groups):
        with pytest.raises(TallyError, match=f"needs 4 groups .* got {groups} by group: fewer do"):
            shrink(of([*COUNTS[:groups], *np.zeros((3, 5), int)]))

    def test_more_than_can_be_drawn(self, monkeypatch):
        monkeypatch.setattr(shrinkage, "MOST_GROUPS", 5)
        with pytest.raises(
            TallyError, match="shrink draws 5 groups together at the most, got 6 by"
        ):
            shrink(of(COUNTS))

    def test_a_single_row_items_several_names_populations_and_rates(self):
        with pytest.raises(LabelError, match="shrink needs a result by group, got a single row"):
            shrink(of(COUNTS[0]))
        with pytest.raises(TallyError, match="same people"):
            shrink(csat({f"q{q}": [1, 2, 3] for q in range(5)}, scale=FIVE))
        with pytest.raises(LabelError, match="which of shop, wave is shrunk within the others"):
            shrink(of([*COUNTS[:4], *COUNTS[1:]], by=TestBlocks.BY))
        with pytest.raises(TallyError, match="finite population can't be shrunk yet"):
            shrink(of(COUNTS, population=200))
        with pytest.raises(
            TallyError, match="shrink takes estimates of answers, got a Rate of records"
        ):
            shrink(Rate([1, 2, 3, 4], 100, by=[*"abcd"]))


OTHERS = {
    "compare": lambda found: compare(found, group=(0, 1)),
    "compare, second": lambda found: compare(found.estimate, found),
    "pairwise": pairwise,
    "with_rest": with_rest,
    "with_reference": lambda found: with_reference(found, group=0),
    "rank": rank,
    "funnel": funnel,
    "homogeneity": homogeneity,
    "shrink": shrink,
    "verdict": lambda found: verdict(found, Target.at_least(60)),
}


class TestRefusals:
    @pytest.mark.parametrize("verb", OTHERS)
    def test_verbs_on_single_groups_say_why_and_what_to_take(self, verb):
        message = (
            "got a Shrunken[:;] each of its values is mixed of the answers of all groups, and its "
            r"limits hold for all groups on the average, not for .*; take the groups' own, \.estimate$"
        )
        with pytest.raises(CustfocusError, match=message):
            OTHERS[verb](shrink(of(COUNTS)))

    def test_hiding_comes_first(self):
        found = shrink(of(COUNTS))
        with pytest.raises(
            TallyError, match=r"hide these first and shrink what is shown: shrink\("
        ):
            suppress(found, minimum=5)
        hidden = suppress(of(COUNTS * 3, by={"shop": [*"abcdef"]}), minimum=10)
        assert (shrink(estimate(hidden.shown, MEAN)).n >= 10).all()

    def test_planning_asks_for_an_estimate(self):
        with pytest.raises(
            TallyError, match="takes an estimate of the present wave, got a Shrunken"
        ):
            answers_needed(shrink(of(COUNTS)), margin=5)


class TestReading:
    FOUND = shrink(
        top_box(
            Tally([[1, 4], [3, 2], [0, 5], [0, 0], [10, 30]], TWO, by={"shop": [*"abcde"]}), boxes=1
        )
    )

    def test_a_table_has_the_own_value_the_shrunken_one_and_the_weight(self):
        lines = str(self.FOUND).splitlines()
        assert lines[0].split() == [
            "shop", "n", "missing", "direct", "shrunken", "low", "high", "weight", "center",
        ]  # fmt: skip
        assert lines[4].split() == ["d", "0", "0", *["-"] * 6]
        assert lines[6] == (
            "top box, every shop drawn toward all of them together; 95 % intervals for all of them on "
            "the average"
        )
        row = self.FOUND.to_dicts()[0]
        assert row["direct"] == 80
        assert row["between"] == self.FOUND.between[4] > 0

    def test_notes_are_those_of_the_answers_and_not_of_limits_that_are_not_shown(self):
        scale = Scale.likert(2, missing=[8, 9])
        e = estimate(Tally([[0, 5]] * 4, scale, [[1, 2, 0]] * 4), Scoring.top_box(scale, 1))
        assert any("all answers count alike" in note for note in e.notes)
        assert shrink(e).notes == ("missing by code: 8: 4, 9: 8",)

    def test_one_group_is_a_sentence(self):
        one = self.FOUND.sel(shop="b")
        said = (f"{float(getattr(one, name)):.1f}" for name in ("value", "low", "high", "center"))
        value, low, high, center = said
        assert str(one) == (
            f"shop b: top box {value} % [{low}, {high}], drawn from 40.0 of n=5 toward {center} of "
            f"every shop, weight {float(one.weight):.2f}, 95 % interval for all of them on the average"
        )
        assert float(one) == float(one.value)
