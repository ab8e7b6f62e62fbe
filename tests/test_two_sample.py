"""The two-sample functions at their door: shapes, results, and what impossible input gets."""

from itertools import product

import numpy as np
import pytest

from custfocus.errors import OptionError, ScaleError, TallyError
from custfocus.intervals import score_interval, sums
from custfocus.intervals.arguments import critical_value
from custfocus.intervals.two_sample import (
    difference_p_value,
    mover_interval_difference,
    score_interval_difference,
)
from patterns import begins, whole

SCORES = (1, 2, 3)
A, B = (1, 0, 4), (2, 3, 0)
INTERVALS = (score_interval_difference, mover_interval_difference)
FUNCTIONS = (*INTERVALS, difference_p_value)

every_interval = pytest.mark.parametrize("interval", INTERVALS)
every_function = pytest.mark.parametrize("function", FUNCTIONS)


class TestShapes:
    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1,), (0,), (2, 0)])
    @every_function
    def test_results_are_arrays_of_the_groups_shape(self, function, shape):
        groups = (np.broadcast_to(counts, (*shape, 3)) for counts in (A, B))
        alone = np.array(function(A, B, SCORES))
        results = np.array(function(*groups, SCORES))
        assert results.shape == (*alone.shape, *shape)
        for place in np.ndindex(shape):
            assert (results[(..., *place)] == alone).all()

    @every_function
    def test_results_are_arrays_of_floats(self, function):
        found = function(A, B, SCORES)
        for array in (found,) if isinstance(found, np.ndarray) else found:
            assert (type(array), array.dtype, array.shape) == (np.ndarray, np.float64, ())

    @every_function
    def test_groups_of_both_samples_broadcast(self, function):
        rows, columns = np.array([A, B])[:, None], np.array([A, B, (1, 1, 1)])
        together = np.array(function(rows, columns, SCORES))
        turned = np.array(function(columns, rows[1, 0], SCORES))  # one control for all
        assert together.shape[-2:] == (2, 3)
        for i, j in product(range(2), range(3)):
            alone = np.array(function(rows[i, 0], columns[j], SCORES))
            assert (together[..., i, j] == alone).all()
            assert (turned[..., j] == np.array(function(columns[j], B, SCORES))).all()

    @every_function
    def test_the_arguments_are_left_as_they_were(self, function):
        counts, scores = np.array([[3.0, 0, 1], [0, 0, 2]]), np.array([3.0, 1, 2])
        function(counts, counts[::-1], scores)
        np.testing.assert_array_equal(counts, [[3, 0, 1], [0, 0, 2]])
        np.testing.assert_array_equal(scores, [3, 1, 2])


class TestEmptyGroups:
    @pytest.mark.parametrize(("a", "b"), [((0, 0, 0), B), (A, (0, 0, 0)), ((0, 0, 0),) * 2])
    @every_function
    def test_an_empty_sample_in_a_batch_is_nan_there_and_nowhere_else(self, function, a, b):
        results = np.array(function([a, A], [b, B], SCORES))
        assert np.isnan(results[..., 0]).all()
        assert (results[..., 1] == np.array(function(A, B, SCORES))).all()

    @pytest.mark.parametrize("null", [-2, -0.5, 1e-9, 2])
    def test_an_empty_group_is_nan_under_any_null(self, null):
        p = difference_p_value([(0, 0, 0), (0, 0, 0), A], [(0, 0, 0), B, B], SCORES, null=null)
        np.testing.assert_array_equal(np.isnan(p), [True, True, False])


class TestImpossibleInput:
    @every_function
    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ((0, 0, 0), "no answers: an index needs at least one; check the filter"),
            ([1, -2, 3], "counts must be whole numbers, 0 or more, got -2; pass how"),
            ([1, 2.5, 3], "counts must be whole numbers, 0 or more, got 2.5; pass how"),
            ([1, np.nan, 3], "counts must be whole numbers, 0 or more, got nan; pass"),
            ([1, 2], "counts must have one column for each of the 3 scores, got shape (2,)"),
        ],
    )
    def test_counts_that_are_none_are_shown_on_either_side(self, function, wrong, message):
        for one, other in ((wrong, B), (A, wrong)):
            with pytest.raises(TallyError, match=begins(message)):
                function(one, other, SCORES)

    @every_function
    def test_groups_that_do_not_broadcast_are_an_error_that_shows_both_shapes(self, function):
        message = (
            "the groups of the two samples must broadcast, got counts of shapes (2, 3) and (4, 3)"
        )
        with pytest.raises(TallyError, match=whole(message)):
            function([A] * 2, [B] * 4, SCORES)

    @every_function
    def test_scores_that_are_all_equal_or_no_numbers_are_an_error(self, function):
        message = "scores must differ between at least two points, got [2, 2, 2]"
        with pytest.raises(ScaleError, match=whole(message)):
            function(A, B, [2, 2, 2])
        with pytest.raises(ScaleError, match=begins("scores must be one finite number for each")):
            function(A, B, [1, 2, np.inf])

    @pytest.mark.parametrize("level", [0, 1, 95, float("nan"), "0.95", None])
    @every_interval
    def test_a_confidence_level_outside_0_and_1_is_an_error(self, interval, level):
        message = f"confidence_level must lie between 0 and 1, got {level!r}"
        with pytest.raises(OptionError, match=begins(message)):
            interval(A, B, SCORES, confidence_level=level)

    @pytest.mark.parametrize("null", [2.5, -2.0001, np.inf, np.nan, "0", None, True])
    def test_a_null_that_no_two_samples_could_have_is_an_error(self, null):
        message = f"null must lie within the scale's length, 2, got {null!r}"
        with pytest.raises(OptionError, match=whole(message)):
            difference_p_value(A, B, SCORES, null=null)

    @pytest.mark.parametrize("null", [2, -2, np.float64(1.5), np.int64(-1)])
    def test_any_null_within_the_length_of_the_scale_has_a_p_value(self, null):
        assert 0 <= difference_p_value(A, B, SCORES, null=null) <= 1

    @every_function
    def test_options_are_given_by_name(self, function):
        with pytest.raises(TypeError, match="positional"):
            function(A, B, SCORES, 0.5)


class TestEnds:
    """What the ends of the scale and of the options give."""

    @pytest.mark.parametrize("correction", [False, True])
    def test_all_best_against_all_worst_reaches_the_end_of_the_scale_and_stays_open(
        self, correction
    ):
        limits = score_interval_difference((0, 0, 9), (9, 0, 0), SCORES, correction=correction)
        assert limits.high == 2
        assert 1 < limits.low < 1.5

    def test_a_null_at_the_end_of_the_scale_is_certain_only_for_samples_that_stand_there(self):
        assert difference_p_value((0, 0, 9), (9, 0, 0), SCORES, null=2) == 1
        assert difference_p_value((0, 1, 9), (9, 0, 0), SCORES, null=2) == 0
        assert difference_p_value((9, 0, 0), (0, 0, 9), SCORES, null=-2) == 1
        assert difference_p_value((9, 0, 0), (0, 1, 9), SCORES, null=-2) == 0

    def test_a_single_answer_in_each_sample_will_do(self):
        low, high = score_interval_difference((0, 1, 0), (0, 1, 0), SCORES)
        assert -2 < low < 0 < high < 2
        # One answer in the middle on each side: the likeliest move is to the ends, and the limit
        # is z² / (z² + 1 + 1) of the way, z² doubled by N / (N - 1).
        assert high == pytest.approx(2 * (7.682917641 / 9.682917641), rel=1e-9)

    @pytest.mark.parametrize("level", [1e-9, 1 - 2.0**-53])
    @every_interval
    def test_any_confidence_level_gives_limits_around_the_difference(self, interval, level):
        low, high = interval(A, B, SCORES, confidence_level=level)
        assert -2 < low <= 1 <= high < 2
        assert low < high

    def test_limits_do_not_pass_the_end_of_a_scale_of_two_neighbouring_numbers(self):
        scores = (0.1, np.nextafter(0.1, 1))
        low, _ = score_interval_difference((1, 0), (3, 2), scores, confidence_level=1e-12)
        _, high = score_interval_difference((3, 2), (1, 0), scores, confidence_level=1e-12)
        assert (low, high) == (-np.ptp(scores), np.ptp(scores))

    def test_a_confidence_level_that_is_0_to_a_float_leaves_the_difference(self):
        limits = score_interval_difference(A, B, SCORES, confidence_level=1e-300)
        np.testing.assert_allclose(limits, 1, rtol=0, atol=4e-16)

    def test_a_p_value_with_the_correction_is_the_larger_one(self):
        plain = difference_p_value(A, B, SCORES, correction=False)
        assert plain < difference_p_value(A, B, SCORES) < 1


class TestSums:
    def test_a_sample_without_answers_adds_nothing_to_a_sum(self):
        scores, z2 = np.array([1.0, 2, 3]), np.array([4.0, 4.0])
        some = sums.ScoredSample.of(np.array([A, B], dtype=float), scores)
        gone = sums.ScoredSample.of(np.array([B, (0, 0, 0)], dtype=float), scores - 1)
        together = np.array(sums.sum_limits([some, gone], z2))
        alone = np.array(sums.sum_limits([some], z2))
        assert (together[:, 1] == alone[:, 1]).all()
        assert (together[:, 0] != alone[:, 0]).all()

    def test_a_sum_of_one_mean_has_the_limits_of_one_sample(self):
        counts, scores = np.array([A, B, (0, 7, 0)], dtype=float), np.array([1.0, 2, 3])
        z2 = np.full(3, critical_value(0.95) ** 2)
        limits = sums.sum_limits([sums.ScoredSample.of(counts, scores)], z2)
        np.testing.assert_allclose(limits, score_interval(counts, scores), rtol=0, atol=2e-15)


class TestSteps:
    """Newton's iteration has no cap; on the worst input known it stays below 60 steps."""

    @pytest.fixture
    def steps(self, monkeypatch):
        counted, plain = [0], sums._crossing  # noqa: SLF001 - called once a step

        def crossing(*arguments):
            counted[0] += 1
            assert counted[0] < 60, "lambda does not settle"
            return plain(*arguments)

        monkeypatch.setattr(sums, "_crossing", crossing)
        return counted

    WORST = (
        ((0, 5, 0), (0, 0, 9), (0, 1, 2)),  # a kink where a variance is 0
        ((0, 5, 0), (0, 9, 0), (0, 1, 2)),
        ((1, 10**9), (10**9, 1), (0, 1)),  # a share of 1e-9 at the lowest point
        ((1, 10**12), (1, 0), (0, 1)),
        ((0, 10**9), (1, 0), (0, 1)),
        (tuple(10**k for k in range(11)), (1, *[0] * 9, 1), tuple(range(11))),
        (tuple(10**k for k in range(11)), tuple(10**k for k in range(10, -1, -1)), range(11)),
        ((1, 0, 10**9, 10**9), (10**9, 0, 0, 1), (0, 1e-9, 1e-3, 1)),
        # at the end of the scale lambda is all rounding
        ((195870318, 113801848, 1173), (34, 661936688, 91971), (-9.16, -3.2, 7.08)),
        ((12325577, 13902, 8506, 4), (62074988, 40, 191, 336), (-5.97, -2.81, 3.21, 8.46)),
        ((1214901, 0), (1, 1207856), (-1.0, 0.0)),
    )

    @pytest.mark.parametrize(("a", "b", "scores"), WORST, ids=str)
    @pytest.mark.parametrize("level", [1e-300, 1e-17, 1e-9, 0.5, 0.95, 1 - 1e-9, 1 - 2.0**-53])
    def test_are_few_for_an_interval(self, steps, a, b, scores, level):
        for one, other in ((a, b), (b, a)):
            steps[0] = 0
            low, high = score_interval_difference(one, other, scores, confidence_level=level)
            assert low <= high
            assert (steps[0] > 0) == (level > 1e-16)  # below, z is 0 and so is all else

    @pytest.mark.parametrize(("a", "b", "scores"), WORST, ids=str)
    @pytest.mark.parametrize("share", [1, 1 - 1e-16, 0.5, 1e-9, 1e-17])
    def test_are_few_for_a_p_value(self, steps, a, b, scores, share):
        for null in (share * np.ptp(scores), -share * np.ptp(scores)):
            steps[0] = 0
            assert 0 <= difference_p_value(a, b, scores, null=float(null)) <= 1
