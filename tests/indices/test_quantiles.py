"""Medians and quantiles of answers: points of the scale, whatever the sample was drawn by."""

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus import (
    PerformanceMeasure,
    Scale,
    Scoring,
    SurveyDesign,
    Tally,
    Target,
    compare,
    scorecard,
    verdict,
)
from custfocus.comparisons import compare_pairs, pairwise
from custfocus.errors import AnswerError, OptionError, ScaleError, TallyError
from custfocus.indices import csat, median_score, quantile_score
from custfocus.intervals import quantile_ranks
from custfocus.progress import toward_target
from custfocus.surveys import SurveyTally
from every_result import ANSWERS, FIVE, FOCUS, WAVES, cells, finite, labelled, pairs, replicates
from strategies import tallies

shares = st.sampled_from([0.1, 0.25, 0.5, 0.9])
SEVEN = Scale.likert(7)
counts = st.lists(st.integers(0, 12), min_size=7, max_size=7).filter(any)


class TestPlainAnswers:
    @given(counts, shares, st.sampled_from(["exact", "mid-p"]))
    def test_they_are_those_of_the_sorted_answers(self, table, q, method):
        found = quantile_score(Tally(table, SEVEN), q, method=method)
        answers = np.repeat(np.arange(1, 8), table)
        low, high = quantile_ranks(len(answers), q, method=method)
        listed = [1, *answers, 7]  # the ends of the scale, where the sample is too small
        assert found.value == np.quantile(answers, q, method="averaged_inverted_cdf")
        assert (found.low, found.high) == (listed[int(low)], listed[int(high)])

    @given(counts, shares)
    def test_a_scale_upside_down_has_the_other_quantile(self, table, q):
        down = Scoring.mean(SEVEN, 100, 0)
        one = quantile_score(Tally(table, SEVEN), q, scoring=Scoring.mean(SEVEN))
        other = quantile_score(Tally(table, SEVEN), 1 - q, scoring=down)
        ours = [float(one.value), float(one.low), float(one.high)]
        theirs = [float(other.value), float(other.high), float(other.low)]
        assert ours == pytest.approx([100 - each for each in theirs])
        assert (one.direction, other.direction) == ("higher", "lower")

    @given(counts)
    def test_scores_move_the_points_along(self, table):
        points = median_score(Tally(table, SEVEN))
        scored = median_score(Tally(table, SEVEN), scoring=Scoring.mean(SEVEN, 10, 22))
        for name in ("value", "low", "high"):
            ours, theirs = getattr(points, name), getattr(scored, name)
            assert float(10 + 2 * (ours - 1)) == pytest.approx(float(theirs))

    @given(tallies(Scale.likert(5)), shares)
    def test_each_row_is_what_it_is_alone(self, tally, q):
        if not tally.shape:
            return
        found = quantile_score(tally, q)
        for row in range(len(tally)):
            if tally.n[row]:
                alone = quantile_score(tally[row], q)
                assert found[row] == alone
        assert quantile_score(tally[::-1], q) == found[::-1]

    @given(counts, shares)
    def test_limits_widen_with_the_level_and_hold_the_value(self, table, q):
        wide, narrow = (
            quantile_score(Tally(table, SEVEN), q, confidence_level=level) for level in (0.99, 0.8)
        )
        assert wide.low <= narrow.low <= narrow.value <= narrow.high <= wide.high
        assert narrow.at_level(0.99) == wide

    def test_of_all_members_of_a_population_the_quantile_is_known(self):
        tally = Tally([2, 3, 5, 1, 1], Scale.likert(5))
        found = median_score(tally, population=12)
        assert (found.value, found.low, found.high) == (3, 3, 3)
        assert not found.notes
        some = median_score(tally, population=10_000)
        assert some.low < some.high
        assert "finite population" in str(some)
        tie = median_score(Tally([3, 3, 0, 0, 6], Scale.likert(5)), population=12)
        assert (tie.value, tie.low, tie.high) == (3.5, 2, 5)

    def test_an_empty_row_is_an_answer_and_an_empty_sample_an_error(self):
        found = median_score(labelled())
        assert np.isnan(found.sel(shop="empty").value)
        assert np.isnan(found.sel(shop="empty").at_level(0.9).low)
        with pytest.raises(TallyError, match="no answers"):
            median_score([None], scale=FIVE)


class TestDesigns:
    @pytest.mark.parametrize("sample", [cells(WAVES), finite(), replicates()])
    @pytest.mark.parametrize("method", ["exact", "mid-p", "score", "t", "logit", "beta"])
    def test_a_point_is_within_the_limits_where_q_is_in_those_of_its_share(self, sample, method):
        found = quantile_score(sample, 0.4, method=method)
        for row in range(len(sample)):
            reached, below = [5], [1]
            for point in range(1, 5):
                scoring = Scoring(FIVE, [float(one <= point) for one in FIVE.points])
                share = sample.figures(scoring, method, 0.95)
                reached += [point] if share.high[row] >= 0.4 - 1e-12 else []
                below += [point + 1] if share.low[row] <= 0.4 + 1e-12 else []
            assert [found.low[row], found.high[row]] == [min(reached), max(below)]
            assert found.low[row] <= found.value[row] <= found.high[row]

    def test_equal_weights_have_the_value_of_the_plain_sample(self):
        rows = [5, 4, 4, 3, 2, 4, 5, 1, 3]
        plain, weighted = median_score(rows), median_score(rows, weights=[2.5] * 9)
        assert plain.value == weighted.value == 4
        assert weighted.low <= plain.low
        assert str(weighted).endswith("95 % exact limits of the design")

    def test_weights_count(self):
        rows, weights = [1, 2, 3, 4, 5] * 8, [1, 1, 1, 1, 30] * 8
        assert median_score(rows, weights=weights).value == 5

    def test_changes_of_a_survey_suppose_nothing_of_how_its_periods_depend(self):
        design = SurveyDesign(np.ones(60), clusters=np.arange(60) % 20)
        by = {"period": np.repeat([2025, 2026], 30)}
        answers = SurveyTally.of([1, 2, 3] * 10 + [3, 4, 5] * 10, design, FIVE, by=by)
        found = median_score(answers)
        row = toward_target(found, Target.at_least(5)).to_dicts()[0]
        wide = found.at_level(0.975)
        assert row["change"] == 2
        assert row["change_low"] == wide.low[1] - wide.high[0]


class TestReading:
    def test_missing_answers_are_counted(self):
        found = median_score(ANSWERS, scale=FIVE)
        assert found.stated() == "median 4.0 [3.0, 5.0] n=10 (2 missing)"
        assert found.to_dicts()[0]["missing"] == 2
        assert found.to_dicts()[0]["quantile"] == 0.5

    def test_limits_without_width_say_why(self):
        found = median_score([4] * 30 + [5])
        assert (found.low, found.high) == (4, 4)
        assert found.notes == (
            "limits without width: so many answers are on one point that the quantile is known to be it",
        )

    def test_scores_that_are_not_whole_have_the_decimals_of_their_range(self):
        found = median_score([1, 2, 3, 4, 5], scoring=Scoring.mean(Scale.likert(5), 0, 1))
        assert found.stated() == "median of mean score (0 to 1) 0.500 [0.000, 1.000] n=5"
        assert found.unit == "0 to 1"

    def test_codes_that_fall_are_lower_is_better(self):
        grades = Scale([5, 4, 3, 2, 1])
        found = median_score([1, 1, 2, 3, 3, 3, 2], scale=grades)
        assert (found.direction, float(found)) == ("lower", 2)

    def test_a_scorecard_takes_it_as_an_index(self):
        measures = [
            PerformanceMeasure("advised", "advice", "Median answer", items="q7", index=median_score,
                               target=Target.at_least(3)),
        ]  # fmt: skip
        focus = attrs.evolve(FOCUS, measures=measures)
        card = scorecard(focus, {"q7": [5, 4, 4, 5, 4, 5, 3, 4] * 5})
        assert card["advised"].verdict == "met"
        asked = scorecard(focus, {"q7": [5, 4, 4, 5, 4, 5, 3, 4] * 5}, method="mid-p")
        assert asked["advised"].estimate.method == "mid-p"

    def test_a_verdict_goes_by_its_limits(self):
        found = verdict(median_score(labelled()), Target.at_least(4))
        assert found.verdict.tolist() == ["inconclusive", "no data", "met", "met"]


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: median_score([1, 2], scale=FIVE, scoring=Scoring.mean(FIVE)), ScaleError,
         "a scoring brings its own scale"),
        (lambda: median_score(labelled(), scoring=Scoring.mean(SEVEN)), ScaleError,
         "the scoring must be of the sample's points"),
        (lambda: median_score(labelled(), scale=SEVEN), ScaleError, "a sample brings its own scale"),
        (lambda: median_score([1, 2], scoring="mean"), ScaleError, "expected a Scoring"),
        (lambda: median_score(labelled(), by=[1, 2]), AnswerError, "by= is for answers"),
        (lambda: quantile_score([1, 2], 75), OptionError, "got 75; write 0.75"),
        (lambda: median_score([1, 2], method="wilsn"), OptionError, "did you mean 'wilson'"),
        (lambda: median_score(cells(), method="wilson"), OptionError, "method of a survey"),
        (lambda: median_score(cells(), population=50), OptionError, "part of the design"),
        (lambda: compare(median_score(labelled()), shop=("north", "east")), TallyError,
         "compare the answers by their order: compare_order"),
        (lambda: compare(csat(labelled()), median_score(labelled())), TallyError,
         "compare takes two estimates, got a QuantileEstimate"),
        (lambda: pairwise(median_score(labelled())), TallyError, "got a QuantileEstimate: a diff"),
        (lambda: compare_pairs(pairs(), median_score), OptionError, "pairs, mean_score"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
