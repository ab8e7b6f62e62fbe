"""Comparing at the door: what compare and compare_pairs take, give and refuse."""

import re
import reprlib
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from custfocus import Scale, Scoring, Tally, estimate
from custfocus.errors import AnswerError, OptionError, ScaleError, TallyError
from custfocus.indices.comparison import ComparisonMethod
from custfocus.indices.differences import _LIMITS, compare, compare_pairs
from custfocus.intervals.score import score_interval
from custfocus.intervals.two_sample import difference_p_value, score_interval_difference
from custfocus.responses.pairs import PairTally

FIVE, THREE = Scale.likert(5), Scale.likert(3)
LABELLED = Scale.likert(5, labels=["bad", "poor", "fair", "good", "best"], missing=[9, None])
TOP, MEAN = Scoring.top_box(FIVE), Scoring.mean(FIVE)
NPS = Scoring.net_promoter(Scale.range(0, 10))

SPRING, AUTUMN = [4, 9, 20, 40, 27], [1, 3, 12, 44, 60]
EMPTY = [0, 0, 0, 0, 0]
PAIRS = np.array(
    [[1, 1, 0, 0, 0], [0, 2, 1, 1, 0], [0, 1, 5, 4, 1], [0, 0, 2, 9, 6], [0, 0, 1, 3, 12]]
)
LEFT, JOINED = [1, 2, 3, 5, 2], [0, 1, 4, 6, 9]


def tally(counts):
    return Tally(counts, FIVE)


def panel(**changes):
    return PairTally(**{"counts": PAIRS, "scale": FIVE, "only_a": LEFT, "only_b": JOINED} | changes)


def exactly(text):
    """A pattern for a message that is the text."""
    return f"^{re.escape(text)}$"


def begins(text):
    """A pattern for a message that starts with the text."""
    return "^" + re.escape(text)


def answers(counts):
    """The answers that give these counts."""
    return np.repeat(np.arange(1, 6), counts)


class TestIndependent:
    @pytest.mark.parametrize("scoring", [TOP, MEAN, Scoring(FIVE, [-2, 0, 0, 7.3, 1])])
    @pytest.mark.parametrize("options", [{}, {"confidence_level": 0.8}, {"correction": False}])
    def test_it_is_the_score_interval_of_the_difference_on_quoted_scores(self, scoring, options):
        ours = compare(tally(AUTUMN), tally(SPRING), scoring, **options)
        given = (AUTUMN, SPRING, scoring.quoted_scores)
        low, high = score_interval_difference(*given, **options)
        assert (ours.low, ours.high) == (low, high)
        options = {name: value for name, value in options.items() if name == "correction"}
        assert ours.p_value == difference_p_value(*given, **options)

    def test_the_value_is_a_less_b(self):
        one, other = estimate(tally(AUTUMN), MEAN), estimate(tally(SPRING), MEAN)
        assert float(compare(tally(AUTUMN), tally(SPRING), MEAN)) == float(one) - float(other) > 0
        assert float(compare(tally(SPRING), tally(AUTUMN), MEAN)) == float(other) - float(one) < 0

    def test_nps_is_compared_in_points(self):
        one = Tally([0, 0, 0, 0, 0, 0, 10, 10, 10, 35, 35], NPS.scale)
        other = Tally([0, 0, 0, 0, 0, 0, 25, 25, 0, 25, 25], NPS.scale)
        assert float(compare(one, other, NPS)) == 60 - 25

    @pytest.mark.parametrize("scores", [[0.1, 0.3, 0.7, 1.1, 2.3], [1 / 3, 0, 1 / 7, 0.9, 1]])
    def test_a_sample_does_not_differ_from_itself_by_anything(self, scores):
        compared = compare(tally(SPRING), tally(SPRING), Scoring(FIVE, scores))
        assert float(compared) == 0
        assert float(compared.p_value) == 1
        assert compared.low < 0 < compared.high

    def test_answers_are_counted(self):
        expected = compare(tally(AUTUMN), tally(SPRING), TOP)
        assert compare(answers(AUTUMN), answers(SPRING).tolist(), TOP) == expected
        assert compare(pd.Series(answers(AUTUMN)), tally(SPRING), TOP) == expected
        assert compare(iter(answers(AUTUMN).tolist()), tally(SPRING), TOP) == expected

    def test_labels_and_missing_codes_are_those_of_the_scorings_scale(self):
        compared = compare(["best", 9, "bad"], [5, None, 5, None], Scoring.top_box(LABELLED, 1))
        assert float(compared) == 50 - 100
        assert (compared.a.missing, compared.b.missing) == (1, 2)

    def test_a_tally_may_have_labels_that_the_scoring_has_not(self):
        ours = compare(Tally(AUTUMN, LABELLED), tally(SPRING), TOP)
        assert float(ours) == float(compare(tally(AUTUMN), tally(SPRING), TOP))
        assert ours.a.scale == LABELLED

    def test_one_control_is_compared_with_many(self):
        compared = compare(tally(SPRING), tally([AUTUMN, SPRING, EMPTY]), TOP)
        assert compared.shape == compared.a.shape == (3,)
        assert compared.a.counts.tolist() == [SPRING] * 3
        assert compared[0] == compare(tally(SPRING), tally(AUTUMN), TOP)
        assert np.isnan(compared.value).tolist() == [False, False, True]

    def test_groups_of_both_broadcast_missing_answers_included(self):
        one = Tally([[SPRING], [AUTUMN]], FIVE, [[1], [2]])
        other = Tally([AUTUMN, SPRING, SPRING], FIVE, [3, 4, 5])
        compared = compare(one, other, TOP)
        assert compared.shape == (2, 3)
        assert compared.a.missing.tolist() == [[1] * 3, [2] * 3]
        assert compared.b.missing.tolist() == [[3, 4, 5]] * 2
        assert compared.pairs.tolist() == [[0] * 3] * 2
        assert compared[1, 2] == compare(one[1, 0], other[2], TOP)

    @pytest.mark.parametrize("shape", [(1,), (0,), (2, 3), (2, 0)])
    def test_groups_keep_their_shape(self, shape):
        counts = np.ones((*shape, 5))
        compared = compare(tally(counts), tally(SPRING), TOP)
        arrays = (compared.value, compared.low, compared.high, compared.p_value, compared.pairs)
        assert {array.shape for array in arrays} == {compared.shape} == {shape}

    def test_a_group_empty_on_either_side_or_on_both_is_nan(self):
        compared = compare(
            tally([EMPTY, SPRING, EMPTY, AUTUMN]), tally([SPRING, EMPTY, EMPTY, SPRING]), MEAN
        )
        for numbers in (compared.value, compared.low, compared.high, compared.p_value):
            assert np.isnan(numbers).tolist() == [True, True, True, False]
        assert compared[3] == compare(tally(AUTUMN), tally(SPRING), MEAN)

    def test_as_far_apart_as_can_be_the_limits_end_at_the_bounds(self):
        best, worst = tally([0, 0, 0, 0, 7]), tally([7, 0, 0, 0, 0])
        most, least = compare(best, worst, MEAN), compare(worst, best, MEAN)
        assert float(most) == float(most.high) == 100 > most.low
        assert float(least) == float(least.low) == -100 < least.high

    def test_an_index_of_which_less_is_better_is_still_a_less_b(self):
        bottom = Scoring.bottom_box(FIVE)
        assert float(compare(tally(SPRING), tally(AUTUMN), bottom)) == 13 - 100 * 4 / 120


class TestPaired:
    A, B = (5, 4, 9, 3, 5, 2), (4, 4, 2, None, 5, 3)

    def test_respondents_with_both_answers_are_compared(self):
        scoring = Scoring.mean(LABELLED)
        compared = compare(self.A, self.B, scoring, paired=True)
        complete = PairTally.of([5, 4, 5, 2], [4, 4, 5, 3], LABELLED)
        expected = compare_pairs(complete, scoring)
        assert (compared.low, compared.high) == (expected.low, expected.high)
        assert float(compared) == float(expected) == np.mean([25, 0, 0, -25])

    def test_who_misses_one_answer_is_left_out_and_counted_as_missing(self):
        compared = compare(self.A, self.B, Scoring.mean(LABELLED), paired=True)
        assert (compared.pairs, compared.a.n, compared.b.n) == (4, 4, 4)
        assert (compared.a.missing, compared.b.missing) == (2, 2)

    def test_the_options_are_passed_on(self):
        options = {"confidence_level": 0.8}
        complete = PairTally.of(self.A, self.B, LABELLED).complete()
        scoring = Scoring.mean(LABELLED)
        ours = compare(self.A, self.B, scoring, paired=True, **options)
        assert ours == compare_pairs(complete, scoring, **options)
        assert ours.confidence_level == 0.8

    def test_pairs_make_it_narrower_where_answers_go_together(self):
        before = np.tile([1, 2, 3, 4, 5], 20)
        after = np.where(np.arange(100) % 4 == 0, np.minimum(before + 1, 5), before)
        alone, paired = (compare(before, after, MEAN, paired=paired) for paired in (False, True))
        assert float(alone) == float(paired)
        assert paired.high - paired.low < (alone.high - alone.low) / 2

    @pytest.mark.parametrize("tallies", [(True, True), (True, False), (False, True)])
    def test_a_tally_does_not_tell_who_belongs_to_whom(self, tallies):
        sides = (tally(SPRING) if one else answers(SPRING) for one in tallies)
        text = (
            "a tally does not tell whose answers belong together: pass the answers themselves, "
            "or a PairTally to compare_pairs"
        )
        with pytest.raises(TallyError, match=exactly(text)):
            compare(*sides, TOP, paired=True)

    def test_different_numbers_of_answers_are_an_error(self):
        text = "a and b must be answers of the same respondents, got 2 and 3"
        with pytest.raises(AnswerError, match=exactly(text)):
            compare([1, 2], [1, 2, 3], TOP, paired=True)

    def test_nobody_with_both_answers_is_an_error(self):
        with pytest.raises(TallyError, match=begins("no answers: an index needs at least one")):
            compare([5, 9], [9, 5], Scoring.top_box(LABELLED), paired=True)


class TestPairs:
    @pytest.mark.parametrize("scoring", [TOP, MEAN, Scoring(FIVE, [3, 1, 0, 0, -5])])
    def test_with_everybody_in_both_it_is_the_score_interval_of_the_differences(self, scoring):
        scores = scoring.quoted_scores
        low, high = score_interval(PAIRS.ravel(), np.subtract.outer(scores, scores).ravel())
        ours = compare_pairs(PairTally(PAIRS, FIVE), scoring)
        # The limits stop at steps of 1e-13 of themselves
        granted = 1e-12 * np.ptp(scores)
        np.testing.assert_allclose([ours.low, ours.high], [low, high], rtol=0, atol=granted)

    @pytest.mark.parametrize("correction", [True, False])
    def test_with_nobody_in_both_it_compares_independent_samples(self, correction):
        nobody = panel(counts=np.zeros((5, 5)))
        options = {"correction": correction}
        independent = compare(nobody.a, nobody.b, MEAN, **options)
        assert compare_pairs(nobody, MEAN, **options) == independent
        assert (nobody.a.n, nobody.b.n) == (sum(LEFT), sum(JOINED))

    def test_all_answers_are_used(self):
        compared = compare_pairs(panel(), MEAN)
        one, other = (estimate(side, MEAN) for side in (panel().a, panel().b))
        assert float(compared) == float(one) - float(other)
        assert (compared.a, compared.b) == (panel().a, panel().b)
        assert (compared.a.n, compared.b.n, compared.pairs) == (63, 70, 50)

    def test_the_correction_is_for_all_respondents_where_some_gave_one_answer(self):
        plain, usual = (compare_pairs(panel(), MEAN, correction=on) for on in (False, True))
        assert usual.low < plain.low < plain.high < usual.high
        # The squared statistics are as N / (N - 1), with N = 50 + 13 + 20
        ratio = (ndtri(plain.p_value / 2) / ndtri(usual.p_value / 2)) ** 2
        assert ratio == pytest.approx(83 / 82, rel=1e-12)

    def test_one_drop_out_is_enough_for_the_correction(self):
        one = panel(only_a=[1, 0, 0, 0, 0], only_b=EMPTY)
        assert compare_pairs(one, MEAN) != compare_pairs(one, MEAN, correction=False)

    def test_drop_outs_alone_count_as_well(self):
        with_them, without = (
            compare_pairs(panel(only_a=left, only_b=EMPTY), MEAN) for left in (LEFT, EMPTY)
        )
        assert float(with_them) != float(without)
        assert with_them.a.n == without.a.n + sum(LEFT)

    def test_where_answers_go_together_more_pairs_narrow_it(self):
        """The same answers in both waves: matched, and as if nobody had been asked twice."""
        matched = compare_pairs(PairTally(np.diag(AUTUMN), FIVE), MEAN)
        unmatched = compare_pairs(PairTally(np.zeros((5, 5)), FIVE, AUTUMN, AUTUMN), MEAN)
        half = [count // 2 for count in AUTUMN]
        rest = np.subtract(AUTUMN, half)
        some = compare_pairs(PairTally(np.diag(half), FIVE, rest, rest), MEAN)
        widths = [float(one.high - one.low) for one in (matched, some, unmatched)]
        assert 0 < widths[0] < widths[1] < widths[2]

    @pytest.mark.parametrize(("correlation", "pairs_alone_narrower"), [(0.55, False), (0.65, True)])
    def test_single_answers_help_up_to_a_correlation_of_1_over_1_plus_the_share_of_pairs(
        self, correlation, pairs_alone_narrower
    ):
        """Of each wave 6,000 of 9,000 answered both: that is 1 / (1 + 2 / 3) = .6."""
        same, other = round(1500 * (1 + correlation)), round(1500 * (1 - correlation))
        two = Scale.likert(2)
        counts = PairTally([[same, other], [other, same]], two, [1500, 1500], [1500, 1500])
        everybody, complete = (
            compare_pairs(pairs, Scoring.top_box(two, 1)) for pairs in (counts, counts.complete())
        )
        widths = [float(one.high - one.low) for one in (everybody, complete)]
        assert (widths[1] < widths[0]) == pairs_alone_narrower

    def test_groups_may_differ_in_how_many_gave_both(self):
        nobody = np.zeros((5, 5))
        batch = compare_pairs(
            PairTally([PAIRS, nobody, PAIRS], FIVE, [LEFT, LEFT, EMPTY], [JOINED, JOINED, EMPTY]),
            MEAN,
        )
        assert batch[0] == compare_pairs(panel(), MEAN)
        assert batch[1] == compare_pairs(panel(counts=nobody), MEAN)
        assert batch[2] == compare_pairs(PairTally(PAIRS, FIVE), MEAN)
        assert batch.pairs.tolist() == [50, 0, 50]

    @pytest.mark.parametrize("shape", [(1,), (0,), (2, 3), (2, 0)])
    def test_groups_keep_their_shape(self, shape):
        compared = compare_pairs(PairTally(np.ones((*shape, 5, 5)), FIVE), TOP)
        arrays = (compared.value, compared.low, compared.high, compared.p_value, compared.pairs)
        assert {array.shape for array in arrays} == {compared.shape} == {shape}

    def test_a_group_without_answers_on_either_side_or_on_both_is_nan(self):
        counts = np.stack([np.zeros((5, 5)), np.zeros((5, 5)), np.zeros((5, 5)), PAIRS])
        only_a, only_b = [LEFT, EMPTY, EMPTY, LEFT], [EMPTY, JOINED, EMPTY, JOINED]
        compared = compare_pairs(PairTally(counts, FIVE, only_a, only_b), MEAN)
        for numbers in (compared.value, compared.low, compared.high, compared.p_value):
            assert np.isnan(numbers).tolist() == [True, True, True, False]
        assert compared[3] == compare_pairs(panel(), MEAN)

    @pytest.mark.parametrize("scores", [[0.1, 0.23, 0.37, 0.77, 1.03], [1.03, 0.77, 0.3, 0.3, 0.1]])
    def test_as_far_apart_as_can_be_the_limits_stay_within_the_bounds_to_the_bit(self, scores):
        """Also where w s + (1 - w) s, with w the share of those in both, is not s to the bit."""
        pairs, left, joined = np.indices((6, 6, 6)).reshape(3, -1, 1) + 1
        counts = np.zeros((216, 5, 5))
        counts[:, 4, 0] = pairs[:, 0]
        best, worst = np.array([0, 0, 0, 0, 1]), np.array([1, 0, 0, 0, 0])
        tables = PairTally(counts, FIVE, left * best, joined * worst)
        compared = compare_pairs(tables, Scoring(FIVE, scores))
        least, most = compared.bounds
        end = compared.high if scores[4] > scores[0] else compared.low
        assert end.tolist() == [scores[4] - scores[0]] * 216
        assert (least <= compared.low).all()
        assert (compared.low <= compared.value).all()
        assert (compared.value <= compared.high).all()
        assert (compared.high <= most).all()
        assert (compared.high - compared.low > 0.1 * most).all()

    @pytest.mark.parametrize("place", range(5))
    def test_pairs_that_are_all_equal_leave_something_open(self, place):
        counts = np.zeros((5, 5))
        counts[place, place] = 8
        compared = compare_pairs(PairTally(counts, FIVE), MEAN)
        assert float(compared) == 0
        assert float(compared.p_value) == 1
        # All 8 on one point of a scale from -100 to 100: 100 z² / (8 + z²) on either side
        end = 100 * 3.841458820694124 / (8 + 3.841458820694124)
        assert (compared.low, compared.high) == pytest.approx((-end, end), rel=1e-12)

    def test_p_is_1_where_nothing_differs_whatever_rounding_leaves(self):
        scores = Scoring(THREE, [0.1, 0.3, 0.7])
        counts = np.zeros((30, 3, 3))
        counts[:, 1, 1] = np.arange(1, 31)
        only = np.zeros((2, 30, 3))
        only[0, :, 1], only[1, :, 1] = np.arange(30, 0, -1), 7
        compared = compare_pairs(PairTally(counts, THREE, *only), scores)
        assert compared.value.tolist() == [0] * 30
        assert compared.p_value.tolist() == [1] * 30


class TestWrongInput:
    @pytest.mark.parametrize(("a", "b"), [(EMPTY, SPRING), (SPRING, EMPTY), (EMPTY, EMPTY)])
    def test_a_single_comparison_without_answers_is_an_error(self, a, b):
        text = begins("no answers: an index needs at least one; check the filter")
        with pytest.raises(TallyError, match=text):
            compare(tally(a), tally(b), TOP)
        with pytest.raises(TallyError, match=text):
            compare_pairs(PairTally(np.zeros((5, 5)), FIVE, a, b), TOP)

    @pytest.mark.parametrize("a", [(2,), (2, 3)])
    @pytest.mark.parametrize("b", [(4,), (3, 4)])
    def test_groups_that_do_not_broadcast_are_an_error_that_shows_both(self, a, b):
        text = f"the groups of a and b must broadcast, got the shapes {a} and {b}"
        with pytest.raises(TallyError, match=exactly(text)):
            compare(tally(np.ones((*a, 5))), tally(np.ones((*b, 5))), TOP)

    def test_a_scoring_of_other_points_is_an_error_that_shows_both(self):
        net = Scoring.net(THREE, positive=1, negative=1)
        text = (
            "the scoring must be of the answers' points, got net score of 1, 2, 3 "
            "for answers on 1 bad, 2 poor, 3 fair, 4 good, 5 best"
        )
        three, five = Tally([1, 2, 3], THREE), Tally(SPRING, LABELLED)
        for sides in ((five, three), (three, five), (five, five)):
            with pytest.raises(ScaleError, match=exactly(text)):
                compare(*sides, net)
        with pytest.raises(ScaleError, match=exactly(text)):
            compare_pairs(PairTally(PAIRS, LABELLED), net)

    def test_a_scoring_of_the_same_points_turned_round_is_an_error(self):
        turned = Scoring.top_box(FIVE.reverse_coded())
        with pytest.raises(ScaleError, match="must be of the answers' points"):
            compare(tally(SPRING), tally(AUTUMN), turned)

    def test_answers_off_the_scale_are_an_error_on_either_side(self):
        for sides in (([1, 7], [1]), ([1], [1, 7])):
            with pytest.raises(AnswerError, match=begins("answers not on the scale: [7];")):
                compare(*sides, TOP)

    def test_a_pair_tally_is_no_sample_and_a_sample_no_pair_tally(self):
        with pytest.raises(AnswerError, match=begins("expected a list, array or Series, got Pair")):
            compare(panel(), tally(SPRING), TOP)
        for other in (tally(SPRING), PAIRS, None):
            text = f"expected a PairTally, got {reprlib.repr(other)}; see PairTally.of"
            with pytest.raises(TallyError, match=exactly(text)):
                compare_pairs(other, TOP)

    @pytest.mark.parametrize(
        ("method", "text"),
        [
            ("scores", "unknown method 'scores'; did you mean 'score'?"),
            ("wald", "unknown method 'wald'; choose from: score"),
            (None, "unknown method None; choose from: score"),
        ],
    )
    def test_an_unknown_method_is_an_error_that_lists_the_known_ones(self, method, text):
        with pytest.raises(OptionError, match=exactly(text)):
            compare(tally(SPRING), tally(AUTUMN), TOP, method=method)
        with pytest.raises(OptionError, match=exactly(text)):
            compare_pairs(panel(), TOP, method=method)
        with pytest.raises(OptionError, match=exactly(text)):
            compare([1, 2], [2, 2], TOP, method=method, paired=True)

    @pytest.mark.parametrize("level", [0, 1, 95, float("nan"), None])
    def test_a_confidence_level_outside_0_to_1_is_an_error(self, level):
        text = begins(f"confidence_level must lie between 0 and 1, got {level!r}")
        with pytest.raises(OptionError, match=text):
            compare(tally(SPRING), tally(AUTUMN), TOP, confidence_level=level)
        with pytest.raises(OptionError, match=text):
            compare_pairs(panel(), TOP, confidence_level=level)


def test_the_type_of_methods_lists_the_known_ones():
    assert list(get_args(ComparisonMethod)) == list(_LIMITS)
