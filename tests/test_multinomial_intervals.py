"""Simultaneous intervals at their door: shapes, named faults, what impossible input gets."""

import re
from typing import get_args

import numpy as np
import pytest

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.arguments import ConfidenceInterval
from custfocus.intervals.multinomial import _METHODS, MultinomialMethod, multinomial_intervals

every_method = pytest.mark.parametrize("method", _METHODS)


def message(text: str) -> str:
    """A pattern for a message that starts with the text."""
    return "^" + re.escape(text)


def every_table(n: int):
    """All tables of *n* answers on three points."""
    return np.array([(a, b, n - a - b) for a in range(n + 1) for b in range(n + 1 - a)])


class TestShapes:
    @every_method
    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1,), (0,), (2, 0)])
    def test_limits_are_arrays_of_the_shape_of_the_counts(self, shape, method):
        counts = np.broadcast_to([1, 0, 4], (*shape, 3))
        interval = multinomial_intervals(counts, method=method)
        assert type(interval) is ConfidenceInterval
        alone = multinomial_intervals([1, 0, 4], method=method)
        for limit, expected in zip(interval, alone, strict=True):
            assert type(limit) is np.ndarray
            assert limit.dtype == np.float64
            assert limit.shape == (*shape, 3)
            assert (limit == expected).all()

    @every_method
    def test_groups_in_two_axes_and_any_memory_order_keep_their_places(self, method):
        counts = np.asfortranarray(np.arange(18).reshape(2, 3, 3))
        low, high = multinomial_intervals(counts, method=method)
        for place in np.ndindex(2, 3):
            alone = multinomial_intervals(counts[place], method=method)
            np.testing.assert_array_equal((low[place], high[place]), alone)

    @every_method
    def test_an_empty_group_in_a_batch_is_nan_at_every_point(self, method):
        limits = multinomial_intervals([[0, 0, 0], [1, 2, 3]], method=method)
        np.testing.assert_array_equal(np.isnan(limits), [[[True] * 3, [False] * 3]] * 2)

    @every_method
    def test_the_counts_are_left_as_they_were(self, method):
        counts = np.array([[3.0, 1, 2], [0, 0, 2]])
        multinomial_intervals(counts, method=method)
        np.testing.assert_array_equal(counts, [[3, 1, 2], [0, 0, 2]])


class TestImpossibleInput:
    @every_method
    def test_a_single_empty_sample_is_an_error(self, method):
        with pytest.raises(TallyError, match=message("no answers: an index needs at least one")):
            multinomial_intervals([0, 0, 0], method=method)

    @pytest.mark.parametrize("bad", [-1, 0.5, np.nan])
    def test_counts_that_are_no_counts_are_an_error(self, bad):
        expected = f"counts must be whole numbers, 0 or more, got {bad:g}; pass how many"
        with pytest.raises(TallyError, match=message(expected)):
            multinomial_intervals([1, bad, 3])

    @pytest.mark.parametrize(
        ("counts", "shape"), [(5, "()"), ([5], "(1,)"), ([], "(0,)"), ([[5], [6]], "(2, 1)")]
    )
    def test_fewer_than_two_points_are_an_error(self, counts, shape):
        expected = f"counts must have one column for each of two or more points, got shape {shape};"
        with pytest.raises(TallyError, match=message(expected)):
            multinomial_intervals(counts)

    @every_method
    @pytest.mark.parametrize("level", [0, 1, 95, float("nan"), "0.95"])
    def test_a_confidence_level_outside_0_and_1_is_an_error(self, level, method):
        expected = f"confidence_level must lie between 0 and 1, got {level!r}"
        with pytest.raises(OptionError, match=message(expected)):
            multinomial_intervals([1, 2, 3], method=method, confidence_level=level)

    def test_a_method_nearly_right_is_an_error_that_says_what_was_meant(self):
        expected = "unknown method 'goodmann'; did you mean 'goodman'?"
        with pytest.raises(OptionError, match=message(expected)):
            multinomial_intervals([1, 2, 3], method="goodmann")

    def test_more_answers_than_sison_glaz_can_count_through_are_an_error_that_says_what_to_choose(
        self,
    ):
        expected = "method 'sison-glaz' tries half-widths one by one, for at most 1e+09 answers, "
        with pytest.raises(OptionError, match=message(expected + "got n = 3e+09; choose 'goodm")):
            multinomial_intervals([[1, 2], [10**9, 2 * 10**9]], method="sison-glaz")
        low, _ = multinomial_intervals([0, 10**9], method="sison-glaz")
        np.testing.assert_array_equal(low, [0, 1])

    def test_the_methods_that_types_allow_are_those_that_exist(self):
        assert get_args(MultinomialMethod) == tuple(_METHODS)

    def test_options_are_given_by_name(self):
        with pytest.raises(TypeError, match="positional"):
            multinomial_intervals([1, 2, 3], "goodman")


class TestFaults:
    @pytest.mark.parametrize("method", ["goodman", "quesenberry-hurst"])
    @pytest.mark.parametrize("n", [1, 2, 9])
    def test_goodman_and_quesenberry_hurst_never_have_zero_width(self, method, n):
        low, high = multinomial_intervals(every_table(n), method=method)
        assert (low < high).all()

    @pytest.mark.parametrize("n", [1, 2, 9, 1000])
    def test_sison_glaz_has_zero_width_where_all_answers_are_on_one_point(self, n):
        low, high = multinomial_intervals([0, n, 0], method="sison-glaz")
        assert low[1] == high[1] == 1
        assert (low[[0, 2]] == 0).all()
        assert (high[[0, 2]] > 1 / n).all() or n == 1

    @pytest.mark.parametrize("n", [1, 2, 9])
    def test_sison_glaz_has_zero_width_nowhere_else(self, n):
        counts = every_table(n)
        low, high = multinomial_intervals(counts, method="sison-glaz")
        np.testing.assert_array_equal(low == high, counts == n)

    def test_upper_limits_of_sison_glaz_can_fall_as_the_level_rises(self):
        # From c + 2 gamma just below the level nu(c + 1) to c + 1 at that level; nu(20) is .9525.
        counts = np.array([56, 72, 73, 59, 62, 87, 58])
        below, above = (
            multinomial_intervals(counts, method="sison-glaz", confidence_level=level)
            for level in (0.9525, 0.9526)
        )
        fall = 467 * (below.high - above.high)
        assert ((fall > 0.98) & (fall < 1)).all()
        assert (467 * (below.low - above.low)).round(9).tolist() == [1] * 7

    def test_sison_glaz_can_take_the_whole_scale_where_its_approximation_fails(self):
        low, high = multinomial_intervals([1000, 1, 1], method="sison-glaz", confidence_level=0.99)
        assert (low == 0).all()
        assert (high == 1).all()

    @pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
    def test_sison_glaz_gives_up_on_a_box_that_no_longer_grows(self, level):
        # One answer on each of two points beside many: whatever the level, all limits are finite.
        for many in (10, 300, 10**4):
            limits = multinomial_intervals(
                [many, 1, 1], method="sison-glaz", confidence_level=level
            )
            assert np.isfinite(limits).all()

    def test_quesenberry_hurst_is_wider_than_goodman_at_95_percent_from_three_points_on(self):
        for points in (3, 5, 11, 50):
            counts = [7, *range(points - 1)]
            goodman = multinomial_intervals(counts)
            wider = multinomial_intervals(counts, method="quesenberry-hurst")
            assert (wider.high - wider.low > goodman.high - goodman.low).all()
