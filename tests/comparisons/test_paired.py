"""Comparing two answers of the same respondents: what compare_pairs takes, gives and refuses."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from custfocus.comparisons import compare, compare_pairs
from custfocus.errors import CustfocusError, OptionError, ScaleError, TallyError
from custfocus.indices import csat, estimate, mean_score
from custfocus.responses import PairTally, Scale, Scoring, Tally

TWO, THREE, FIVE = Scale.likert(2), Scale.likert(3), Scale.likert(5)
TOP, MEAN = Scoring.top_box(FIVE), Scoring.mean(FIVE)
EMPTY = [0, 0, 0, 0, 0]
PAIRS = np.array(
    [[1, 1, 0, 0, 0], [0, 2, 1, 1, 0], [0, 1, 5, 4, 1], [0, 0, 2, 9, 6], [0, 0, 1, 3, 12]]
)
LEFT, JOINED = [1, 2, 3, 5, 2], [0, 1, 4, 6, 9]
AUTUMN = [1, 3, 12, 44, 60]


def panel(**changes):
    return PairTally(**{"counts": PAIRS, "scale": FIVE, "only_a": LEFT, "only_b": JOINED} | changes)


class TestPairs:
    def test_with_all_in_both_the_standard_error_is_that_of_the_mean_difference(self):
        ours = compare_pairs(PairTally(PAIRS, FIVE), MEAN)
        places = [np.repeat(which.ravel(), PAIRS.ravel()) for which in np.indices((5, 5))]
        difference = 25.0 * (places[0] - places[1])
        assert float(ours.standard_error) == pytest.approx(difference.std(ddof=1) / np.sqrt(50))
        assert float(ours.correlation) == pytest.approx(np.corrcoef(*places)[0, 1])

    def test_with_none_in_both_the_standard_error_is_that_of_independent_samples(self):
        none = panel(counts=np.zeros((5, 5)))
        one, other = (estimate(Tally(side.counts, FIVE), MEAN) for side in (none.a, none.b))
        ours, independent = compare_pairs(none, MEAN), compare(one, other)
        assert ours.standard_error == pytest.approx(float(independent.standard_error))
        assert ours.correlation == pytest.approx(0, abs=1e-12)

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
        assert compare_pairs(panel(), csat) == compare_pairs(panel(), csat(panel().a).scoring)
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


class TestWrongInput:
    @pytest.mark.parametrize("wrong", [5, "csat", None, PAIRS, Tally([1, 2], TWO)])
    def test_what_is_no_pair_tally_is_answered_with_the_right_call(self, wrong):
        with pytest.raises(TallyError, match=r"^compare_pairs takes a PairTally, got "):
            compare_pairs(wrong, TOP)

    def test_a_pair_tally_is_no_sample(self):
        with pytest.raises(CustfocusError, match="got a PairTally"):
            mean_score(panel())

    @pytest.mark.parametrize(("a", "b"), [(EMPTY, LEFT), (LEFT, EMPTY)])
    def test_a_single_comparison_without_answers_is_an_error(self, a, b):
        with pytest.raises(TallyError, match=r"^no answers: an index needs at least one"):
            compare_pairs(PairTally(np.zeros((5, 5)), FIVE, a, b), TOP)

    @pytest.mark.parametrize(
        ("index", "kind", "message"),
        [
            (Scoring.mean(THREE), ScaleError, "the scoring must be of the pairs' points, got"),
            (5, OptionError, "index must be a function such as nps"),
            (lambda sample: sample, OptionError, "compare_pairs takes an index that gives an E"),
            (partial(mean_score, population=900), TallyError, "the population of pairs is that"),
        ],
    )
    def test_an_index_that_can_not_be_compared_is_an_error(self, index, kind, message):
        with pytest.raises(kind, match=f"^{message}"):
            compare_pairs(panel(), index)

    def test_an_unknown_method_or_a_correction_that_is_no_flag_is_an_error(self):
        with pytest.raises(OptionError, match=r"^unknown method 'wald'"):
            compare_pairs(panel(), TOP, method="wald")
        with pytest.raises(OptionError, match=r"^correction must be True or False"):
            compare_pairs(panel(), TOP, correction=1)
