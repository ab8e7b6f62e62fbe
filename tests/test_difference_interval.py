"""Difference and ratio of two proportions at their door: shapes, edges, impossible input."""

import re
from typing import get_args

import numpy as np
import pytest

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.arguments import ConfidenceInterval
from custfocus.intervals.difference import (
    _CORRECTED,
    _DIFFERENCES,
    DifferenceMethod,
    RatioMethod,
    difference_interval,
    ratio_interval,
)

EVERY = [
    *((difference_interval, method) for method in _DIFFERENCES),
    *((ratio_interval, method) for method in _CORRECTED),
]
every_method = pytest.mark.parametrize(("interval", "method"), EVERY)
both = pytest.mark.parametrize("interval", [difference_interval, ratio_interval])
NAMES = ("successes_a", "n_a", "successes_b", "n_b")


def message(text: str) -> str:
    """A pattern for a message that starts with the text."""
    return "^" + re.escape(text)


class TestMethods:
    def test_the_methods_that_types_allow_are_those_that_exist(self):
        assert get_args(DifferenceMethod) == tuple(_DIFFERENCES)
        assert get_args(RatioMethod) == tuple(_CORRECTED)

    @every_method
    def test_every_method_can_be_named(self, interval, method):
        low, high = interval(30, 40, 20, 50, method=method)
        estimate = 30 / 40 - 20 / 50 if interval is difference_interval else 30 / 40 / (20 / 50)
        assert low < estimate < high

    def test_no_two_methods_are_the_same(self):
        limits = [interval(30, 40, 20, 50, method=method) for interval, method in EVERY]
        assert len({float(low) for low, _ in limits}) == len(EVERY)
        assert len({float(high) for _, high in limits}) == len(EVERY)

    @both
    def test_the_default_is_miettinen_and_nurminens(self, interval):
        assert interval(30, 40, 20, 50) == interval(30, 40, 20, 50, method="miettinen-nurminen")

    @both
    def test_an_unknown_method_is_an_error_with_the_near_miss(self, interval):
        expected = "unknown method 'miettinen'; did you mean 'miettinen-nurminen'? (also: "
        with pytest.raises(OptionError, match=message(expected)):
            interval(30, 40, 20, 50, method="miettinen")

    def test_a_method_of_the_other_is_unknown(self):
        with pytest.raises(OptionError, match=message("unknown method 'koopman'")):
            difference_interval(30, 40, 20, 50, method="koopman")
        with pytest.raises(OptionError, match=message("unknown method 'mee'")):
            ratio_interval(30, 40, 20, 50, method="mee")

    @both
    def test_options_are_given_by_name(self, interval):
        with pytest.raises(TypeError, match="positional"):
            interval(30, 40, 20, 50, "miettinen-nurminen")


class TestShapes:
    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1,), (0,), (2, 0)])
    @every_method
    def test_limits_are_arrays_of_the_groups_shape(self, interval, method, shape):
        result = interval(np.full(shape, 4), 5, 3, np.full(shape, 9), method=method)
        alone = interval(4, 5, 3, 9, method=method)
        assert type(result) is ConfidenceInterval
        for limit, expected in zip(result, alone, strict=True):
            assert type(limit) is np.ndarray
            assert limit.dtype == np.float64
            assert limit.shape == shape
            assert (limit == expected).all()

    @every_method
    def test_all_four_arguments_broadcast(self, interval, method):
        result = interval([[1], [2]], [3, 4, 5], 6, np.full((1, 3), 7), method=method)
        assert [limit.shape for limit in result] == [(2, 3), (2, 3)]
        alone = interval(2, 5, 6, 7, method=method)
        assert (result.low[1, 2], result.high[1, 2]) == alone

    @every_method
    def test_the_arguments_are_left_as_they_were(self, interval, method):
        given = [np.array([4.0, 0]), np.array([5.0, 3]), np.array([0.0, 2]), np.array([7.0, 2])]
        before = [values.copy() for values in given]
        interval(*given, method=method)
        np.testing.assert_array_equal(given, before)


class TestEmptyGroups:
    @every_method
    def test_a_group_with_an_empty_sample_in_a_batch_is_nan(self, interval, method):
        low, high = interval([0, 2, 0, 2], [0, 3, 0, 3], [1, 0, 0, 1], [4, 0, 0, 4], method=method)
        np.testing.assert_array_equal(np.isnan(low), [True, True, True, False])
        np.testing.assert_array_equal(np.isnan(high), [True, True, True, False])

    @every_method
    @pytest.mark.parametrize("n", [(0, 4), (4, 0), (0, 0)])
    def test_a_single_pair_with_an_empty_sample_is_an_error(self, interval, method, n):
        with pytest.raises(TallyError, match=message("no answers: an index needs at least one")):
            interval(0, n[0], 0, n[1], method=method)

    @every_method
    def test_a_batch_of_one_empty_pair_is_nan(self, interval, method):
        assert np.isnan(interval([0], [0], [0], [0], method=method)).all()


class TestImpossibleInput:
    @pytest.mark.parametrize("place", range(4))
    @pytest.mark.parametrize(("bad", "shown"), [(-1, "-1"), (0.5, "0.5"), (np.nan, "nan")])
    @both
    def test_what_is_no_count_is_named_and_shown(self, interval, place, bad, shown):
        given = [1, 4, 2, 5]
        given[place] = bad
        expected = f"{NAMES[place]} must be whole numbers, 0 or more, got {shown}; pass how many"
        with pytest.raises(TallyError, match=message(expected)):
            interval(*given)

    @pytest.mark.parametrize("place", range(4))
    @both
    def test_what_is_no_number_is_named_and_shown(self, interval, place):
        given = [1, 4, 2, 5]
        given[place] = "many"
        expected = f"{NAMES[place]} must be whole numbers, got 'many'"
        with pytest.raises(TallyError, match=message(expected)):
            interval(*given)

    @both
    def test_more_successes_than_answers_are_an_error_that_shows_the_first(self, interval):
        expected = "successes_a must not exceed n_a, got 5 of 4; n_a counts all answers"
        with pytest.raises(TallyError, match=message(expected)):
            interval([1, 5, 9], 4, 3, 9)
        expected = "successes_b must not exceed n_b, got 8 of 7; n_b counts all answers"
        with pytest.raises(TallyError, match=message(expected)):
            interval(3, 9, [1, 8], 7)

    @both
    def test_shapes_that_do_not_fit_are_an_error_that_shows_all(self, interval):
        expected = (
            "successes_a, n_a, successes_b, n_b must have shapes that broadcast, "
            "got (2,), (), (3,), (1, 1)"
        )
        with pytest.raises(TallyError, match=message(expected) + "$"):
            interval([1, 2], 3, [1, 2, 3], [[4]])

    @pytest.mark.parametrize("level", [0, 1, 95, -0.5, np.nan])
    @every_method
    def test_a_level_outside_0_to_1_is_an_error(self, interval, method, level):
        with pytest.raises(OptionError, match=message("confidence_level must lie between 0 and 1")):
            interval(1, 4, 2, 5, method=method, confidence_level=level)


class TestDifference:
    @pytest.mark.parametrize(
        ("counts", "estimate"), [((0, 9, 0, 4), 0), ((9, 9, 4, 4), 0), ((9, 9, 0, 4), 1)]
    )
    def test_only_wald_has_no_width_when_either_sample_is_of_one_kind(self, counts, estimate):
        widths = {}
        for method in _DIFFERENCES:
            low, high = difference_interval(*counts, method=method)
            assert -1 <= low <= estimate <= high <= 1
            widths[method] = float(high - low)
        assert [method for method, width in widths.items() if width == 0] == ["wald"]

    @pytest.mark.parametrize("method", ["agresti-caffo", "wald"])
    def test_published_limits_beyond_the_scale_are_held_to_it(self, method):
        low, high = difference_interval(5, 6, 1, 7, method=method, confidence_level=0.999)
        assert low < high == 1
        low, high = difference_interval(1, 7, 5, 6, method=method, confidence_level=0.999)
        assert -1 == low < high

    def test_agresti_caffo_adds_one_success_and_one_failure_to_each(self):
        ours = difference_interval(30, 40, 20, 50, method="agresti-caffo")
        walds = difference_interval(31, 42, 21, 52, method="wald")
        np.testing.assert_allclose(ours, walds, rtol=0, atol=1e-16)  # the same numbers


class TestRatio:
    @pytest.mark.parametrize("method", _CORRECTED)
    def test_without_successes_in_the_first_sample_it_begins_at_0(self, method):
        low, high = ratio_interval(0, 5, 3, 9, method=method)
        assert low == 0
        assert 0 < high < np.inf

    @pytest.mark.parametrize("method", _CORRECTED)
    def test_without_successes_in_the_second_sample_it_has_no_upper_limit(self, method):
        low, high = ratio_interval(3, 9, 0, 5, method=method)
        assert 0 < low < np.inf
        assert high == np.inf

    @pytest.mark.parametrize("method", _CORRECTED)
    def test_without_any_success_nothing_is_known(self, method):
        assert ratio_interval(0, 5, 0, 9, method=method) == (0, np.inf)
        assert ratio_interval(0, 1, 0, 10**9, method=method) == (0, np.inf)

    @pytest.mark.parametrize("method", _CORRECTED)
    def test_edges_stand_beside_each_other_in_a_batch(self, method):
        low, high = ratio_interval(
            [0, 0, 3, 5, 0], [5, 5, 5, 5, 0], [0, 3, 0, 9, 9], 9, method=method
        )
        np.testing.assert_array_equal(low == 0, [True, True, False, False, False])
        np.testing.assert_array_equal(np.isinf(high), [True, False, True, False, False])
        np.testing.assert_array_equal(np.isnan(low), [False, False, False, False, True])
        np.testing.assert_array_equal(np.isnan(high), [False, False, False, False, True])

    def test_a_level_too_small_for_a_float_leaves_the_ratio_itself(self):
        for counts in [
            (3, 7, 4, 9),
            (7, 7, 4, 9),
            (4, 9, 7, 7),
            (7, 7, 9, 9),
            (10**9, 10**9, 1, 3),
        ]:
            estimate = counts[0] / counts[1] / (counts[2] / counts[3])
            limits = ratio_interval(*counts, confidence_level=1e-17)
            np.testing.assert_allclose(limits, estimate, rtol=1e-15)  # a few roundings
