"""Comparing two answers of the same respondents: what compare_pairs takes, gives and refuses."""

import re
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from custfocus.comparisons import compare, compare_pairs, homogeneity, rank
from custfocus.errors import CustfocusError, OptionError, ScaleError, TallyError
from custfocus.indices import csat, estimate, mean_score
from custfocus.intervals.score import score_interval
from custfocus.responses import PairTally, Scale, Scoring, Tally

TWO, THREE, FIVE = Scale.likert(2), Scale.likert(3), Scale.likert(5)
TOP, MEAN = Scoring.top_box(FIVE), Scoring.mean(FIVE)
EMPTY = [0, 0, 0, 0, 0]
PAIRS = np.array(
    [[1, 1, 0, 0, 0], [0, 2, 1, 1, 0], [0, 1, 5, 4, 1], [0, 0, 2, 9, 6], [0, 0, 1, 3, 12]]
)
LEFT, JOINED = [1, 2, 3, 5, 2], [0, 1, 4, 6, 9]
AUTUMN = [1, 3, 12, 44, 60]


def begins(text):
    return "^" + re.escape(text)


def panel(**changes):
    return PairTally(**{"counts": PAIRS, "scale": FIVE, "only_a": LEFT, "only_b": JOINED} | changes)


def limits(found):
    return found.low.tolist(), found.high.tolist(), found.p_value.tolist()


class TestPairs:
    @pytest.mark.parametrize("scoring", [TOP, MEAN, Scoring(FIVE, [3, 1, 0, 0, -5])])
    def test_with_all_in_both_it_is_the_score_interval_of_the_differences(self, scoring):
        scores = scoring.quoted_scores
        low, high = score_interval(PAIRS.ravel(), np.subtract.outer(scores, scores).ravel())
        ours = compare_pairs(PairTally(PAIRS, FIVE), scoring)
        # The limits stop at steps of 1e-13 of themselves
        granted = 1e-12 * np.ptp(scores)
        np.testing.assert_allclose([ours.low, ours.high], [low, high], rtol=0, atol=granted)

    def test_with_all_in_both_the_standard_error_is_that_of_the_mean_difference(self):
        ours = compare_pairs(PairTally(PAIRS, FIVE), MEAN)
        places = [np.repeat(which.ravel(), PAIRS.ravel()) for which in np.indices((5, 5))]
        difference = 25.0 * (places[0] - places[1])
        assert float(ours.standard_error) == pytest.approx(difference.std(ddof=1) / np.sqrt(50))
        assert float(ours.correlation) == pytest.approx(np.corrcoef(*places)[0, 1])

    @pytest.mark.parametrize("correction", [True, False])
    def test_with_none_in_both_it_compares_independent_samples(self, correction):
        none = panel(counts=np.zeros((5, 5)))
        sides = (mean_score(Tally(side.counts, FIVE)) for side in (none.a, none.b))
        independent = compare(*sides, correction=correction)
        ours = compare_pairs(none, MEAN, correction=correction)
        assert limits(ours) == limits(independent)
        assert ours.standard_error == pytest.approx(float(independent.standard_error))
        assert ours.correlation == pytest.approx(0, abs=1e-12)

    def test_all_answers_are_used(self):
        found = compare_pairs(panel(), MEAN)
        one, other = (estimate(side, MEAN) for side in (panel().a, panel().b))
        assert float(found) == float(one) - float(other)
        assert (found.a, found.b) == (one, other)
        assert (found.a.n, found.b.n, found.pairs) == (63, 70, 50)

    def test_the_correction_is_for_all_respondents_where_some_gave_one_answer(self):
        plain, usual = (compare_pairs(panel(), MEAN, correction=on) for on in (False, True))
        assert usual.low < plain.low < plain.high < usual.high
        # The squared statistics are as N / (N - 1), with N = 50 + 13 + 20
        ratio = (ndtri(plain.p_value / 2) / ndtri(usual.p_value / 2)) ** 2
        assert ratio == pytest.approx(83 / 82, rel=1e-12)
        one = panel(only_a=[1, 0, 0, 0, 0], only_b=EMPTY)
        assert compare_pairs(one, MEAN) != compare_pairs(one, MEAN, correction=False)

    def test_where_answers_go_together_more_pairs_narrow_it(self):
        """The same answers in both waves: matched, and as if none had been asked twice."""
        half = [count // 2 for count in AUTUMN]
        rest = np.subtract(AUTUMN, half)
        found = [
            compare_pairs(pairs, MEAN)
            for pairs in (
                PairTally(np.diag(AUTUMN), FIVE),
                PairTally(np.diag(half), FIVE, rest, rest),
                PairTally(np.zeros((5, 5)), FIVE, AUTUMN, AUTUMN),
            )
        ]
        widths = [float(one.high - one.low) for one in found]
        assert 0 < widths[0] < widths[1] < widths[2]

    @pytest.mark.parametrize(("correlation", "pairs_alone_narrower"), [(0.55, False), (0.65, True)])
    def test_single_answers_help_up_to_a_correlation_of_1_over_1_plus_the_share_of_pairs(
        self, correlation, pairs_alone_narrower
    ):
        """Of each wave 6,000 of 9,000 answered both: that is 1 / (1 + 2 / 3) = .6."""
        same, other = round(1500 * (1 + correlation)), round(1500 * (1 - correlation))
        counts = PairTally([[same, other], [other, same]], TWO, [1500, 1500], [1500, 1500])
        found = (
            compare_pairs(pairs, Scoring.top_box(TWO, 1)) for pairs in (counts, counts.complete())
        )
        widths = [float(one.high - one.low) for one in found]
        assert (widths[1] < widths[0]) == pairs_alone_narrower

    def test_rows_may_differ_in_how_many_gave_both(self):
        none = np.zeros((5, 5))
        batch = compare_pairs(
            PairTally(
                [PAIRS, none, PAIRS, none],
                FIVE,
                [LEFT, LEFT, EMPTY, LEFT],
                [JOINED, JOINED, EMPTY, EMPTY],
                by={"shop": list("abcd")},
            ),
            MEAN,
        )
        alone = [panel(), panel(counts=none), PairTally(PAIRS, FIVE)]
        for row, pairs in enumerate(alone):
            assert limits(batch[row]) == limits(compare_pairs(pairs, MEAN))
        assert batch.pairs.tolist() == [50, 0, 50, 0]
        for name in ("value", "low", "high", "p_value", "standard_error", "correlation"):
            assert np.isnan(getattr(batch, name)).tolist() == [False, False, False, True]

    @pytest.mark.parametrize("scores", [[0.1, 0.23, 0.37, 0.77, 1.03], [1.03, 0.77, 0.3, 0.3, 0.1]])
    def test_as_far_apart_as_can_be_the_limits_stay_within_the_bounds_to_the_bit(self, scores):
        """Also where w s + (1 - w) s, with w the share of those in both, is not s to the bit."""
        pairs, left, joined = np.indices((6, 6, 6)).reshape(3, -1, 1) + 1
        counts = np.zeros((216, 5, 5))
        counts[:, 4, 0] = pairs[:, 0]
        best, worst = np.array([0, 0, 0, 0, 1]), np.array([1, 0, 0, 0, 0])
        tables = PairTally(counts, FIVE, left * best, joined * worst)
        found = compare_pairs(tables, Scoring(FIVE, scores))
        least, most = found.metric.bounds
        end = found.high if scores[4] > scores[0] else found.low
        assert end.tolist() == [scores[4] - scores[0]] * 216
        assert ((least <= found.low) & (found.low <= found.value)).all()
        assert ((found.value <= found.high) & (found.high <= most)).all()
        assert (found.high - found.low > 0.1 * most).all()

    @pytest.mark.parametrize("place", range(5))
    def test_pairs_that_are_all_equal_leave_something_open(self, place):
        counts = np.zeros((5, 5))
        counts[place, place] = 8
        found = compare_pairs(PairTally(counts, FIVE), MEAN)
        assert (float(found), float(found.p_value)) == (0, 1)
        assert (found.standard_error, found.correlation) == (0, 0)
        # All 8 on one point of a scale from -100 to 100: 100 z² / (8 + z²) on either side
        end = 100 * 3.841458820694124 / (8 + 3.841458820694124)
        assert (found.low, found.high) == pytest.approx((-end, end), rel=1e-12)

    def test_a_single_pair_has_no_standard_error(self):
        found = compare_pairs(PairTally.of([2], [1], TWO), Scoring.top_box(TWO, 1))
        assert np.isinf(found.standard_error)
        assert found.correlation == 0

    def test_p_is_1_where_nothing_differs_whatever_rounding_leaves(self):
        scores = Scoring(THREE, [0.1, 0.3, 0.7])
        counts = np.zeros((30, 3, 3))
        counts[:, 1, 1] = np.arange(1, 31)
        only = np.zeros((2, 30, 3))
        only[0, :, 1], only[1, :, 1] = np.arange(30, 0, -1), 7
        found = compare_pairs(PairTally(counts, THREE, *only), scores)
        assert found.value.tolist() == [0] * 30
        assert found.p_value.tolist() == [1] * 30


class TestIndex:
    def test_it_is_a_function_with_all_its_options_or_a_scoring(self):
        assert compare_pairs(panel(), csat) == compare_pairs(panel(), TOP_CSAT)
        found = compare_pairs(panel(), partial(mean_score, low=1, high=5, confidence_level=0.8))
        assert (found.confidence_level, found.metric.bounds) == (0.8, (-4, 4))
        wider = compare_pairs(panel(), partial(mean_score, low=1, high=5))
        assert wider.low < found.low

    def test_two_items_are_called_by_their_names(self):
        df = pd.DataFrame({"q1": [1, 2, 3, 5], "q2": [2, 2, 4, 5], "shop": ["x", "y", "x", "y"]})
        found = compare_pairs(PairTally.of(df["q1"], df["q2"], FIVE, by=df["shop"]), mean_score)
        assert found.keys.columns() == {
            "label_a": ["q1"] * 2, "label_b": ["q2"] * 2, "shop": ["x", "y"],
        }  # fmt: skip
        assert "q1 minus q2" in found.caption()
        assert found.value.tolist() == [-25, 0]


TOP_CSAT = estimate(panel().a, csat(panel().a).scoring).scoring


class TestWrongInput:
    @pytest.mark.parametrize("wrong", [5, "csat", [1, 2], None, PAIRS, Tally([1, 2], TWO)])
    def test_what_is_no_pair_tally_is_answered_with_the_right_call(self, wrong):
        with pytest.raises(TallyError, match=begins("compare_pairs takes a PairTally, got ")):
            compare_pairs(wrong, TOP)

    @pytest.mark.parametrize("verb", [rank, homogeneity])
    def test_a_pair_tally_is_no_estimate(self, verb):
        with pytest.raises(
            TallyError, match=begins(f"{verb.__name__} takes estimates, got a PairT")
        ):
            verb(panel())
        with pytest.raises(CustfocusError, match="got a PairTally"):
            mean_score(panel())

    @pytest.mark.parametrize(("a", "b"), [(EMPTY, LEFT), (LEFT, EMPTY), (EMPTY, EMPTY)])
    def test_a_single_comparison_without_answers_is_an_error(self, a, b):
        with pytest.raises(TallyError, match=begins("no answers: an index needs at least one")):
            compare_pairs(PairTally(np.zeros((5, 5)), FIVE, a, b), TOP)

    def test_a_scoring_of_other_points_is_an_error_that_shows_both(self):
        net = Scoring.net(THREE, positive=1, negative=1)
        with pytest.raises(
            ScaleError, match=begins("the scoring must be of the pairs' points, got")
        ):
            compare_pairs(panel(), net)

    @pytest.mark.parametrize("index", [5, None, "csat"])
    def test_what_is_no_index_is_an_error(self, index):
        with pytest.raises(OptionError, match=begins("index must be a function such as nps")):
            compare_pairs(panel(), index)

    def test_an_index_of_another_kind_or_of_a_finite_population_is_an_error(self):
        with pytest.raises(OptionError, match=begins("compare_pairs takes an index that gives an")):
            compare_pairs(panel(), lambda sample: sample)
        with pytest.raises(
            TallyError, match="estimates with a finite population can't be compared"
        ):
            compare_pairs(panel(), partial(mean_score, population=900))

    @pytest.mark.parametrize("method", ["scores", "wald", None])
    def test_an_unknown_method_is_an_error(self, method):
        with pytest.raises(OptionError, match=begins(f"unknown method {method!r}")):
            compare_pairs(panel(), TOP, method=method)
