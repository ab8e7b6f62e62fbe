"""The intervals for a net score at their door: shapes, named faults, what impossible input gets."""

import re
from typing import get_args

import numpy as np
import pytest

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.arguments import ConfidenceInterval
from custfocus.intervals.net import _METHODS, NetMethod, net_interval

every_method = pytest.mark.parametrize("method", _METHODS)
with_added_answers = pytest.mark.parametrize(
    "method", ["adjusted-wald", "agresti-min", "bonett-price"]
)
without_added_answers = pytest.mark.parametrize("method", ["score", "goodman", "wald"])


def every_table(largest: int):
    """Positive, negative and all answers of every table with 1 to *largest* answers."""
    return np.array(
        [
            (positive, negative, n)
            for n in range(1, largest + 1)
            for positive in range(n + 1)
            for negative in range(n + 1 - positive)
        ]
    ).T


def message(text: str) -> str:
    """A pattern for a message that starts with the text."""
    return "^" + re.escape(text)


class TestShapes:
    @every_method
    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1,), (0,), (2, 0)])
    def test_limits_are_arrays_of_the_groups_shape(self, shape, method):
        counts = (np.full(shape, count) for count in (5, 2, 9))
        interval = net_interval(*counts, method=method)
        assert type(interval) is ConfidenceInterval
        for limit, expected in zip(interval, net_interval(5, 2, 9, method=method), strict=True):
            assert type(limit) is np.ndarray
            assert limit.dtype == np.float64
            assert limit.shape == shape
            assert (limit == expected).all()

    @every_method
    def test_the_three_counts_broadcast(self, method):
        low, high = net_interval([[1], [2]], 3, [5, 6, 7], method=method)
        assert low.shape == high.shape == (2, 3)
        assert (low[1, 2], high[1, 2]) == net_interval(2, 3, 7, method=method)

    @every_method
    def test_each_group_may_have_its_own_population(self, method):
        low, high = net_interval([3, 3], 1, 5, method=method, population=[10, 20])
        for g, size in enumerate((10, 20)):
            assert (low[g], high[g]) == net_interval(3, 1, 5, method=method, population=size)

    @every_method
    def test_an_empty_group_in_a_batch_is_nan(self, method):
        limits = net_interval([0, 1], [0, 1], [0, 4], method=method)
        np.testing.assert_array_equal(np.isnan(limits), [[True, False]] * 2)
        finite = net_interval([0, 1], [0, 1], [0, 4], method=method, population=[0, 9])
        np.testing.assert_array_equal(np.isnan(finite), [[True, False]] * 2)

    def test_the_arguments_are_left_as_they_were(self):
        counts = [np.array([3.0, 0]), np.array([1.0, 2]), np.array([4.0, 6])]
        net_interval(*counts, population=[9, 9])
        np.testing.assert_array_equal(counts, [[3, 0], [1, 2], [4, 6]])


class TestImpossibleInput:
    @every_method
    def test_a_single_empty_sample_is_an_error(self, method):
        with pytest.raises(TallyError, match=message("no answers: an index needs at least one")):
            net_interval(0, 0, 0, method=method)

    @pytest.mark.parametrize("bad", [-1, 0.5, np.nan])
    def test_counts_that_are_no_counts_are_named(self, bad):
        for place, name in enumerate(("positive", "negative", "n")):
            counts = [1, 1, 4]
            counts[place] = bad
            expected = f"{name} must be whole numbers, 0 or more, got {bad:g}"
            with pytest.raises(TallyError, match=message(expected)):
                net_interval(*counts)

    def test_more_answers_for_and_against_than_answers_are_an_error_that_shows_the_first(self):
        rule = "positive and negative together must not exceed n, "
        with pytest.raises(TallyError, match=message(rule + "got 3 and 2 of 4; count every answ")):
            net_interval(3, 2, 4)
        with pytest.raises(TallyError, match=message(rule + "got 0 and 6 of 5")):
            net_interval([1, 0, 9], [1, 6, 9], [2, 5, 7])

    def test_every_answer_may_be_for_or_against(self):
        low, high = net_interval(3, 2, 5)
        assert low < 1 / 5 < high

    def test_shapes_that_do_not_fit_are_an_error_that_shows_all(self):
        expected = "positive, negative and n must have shapes that broadcast, got (2,), (), (3,)"
        with pytest.raises(TallyError, match=message(expected)) as raised:
            net_interval([1, 2], 0, [3, 4, 5])
        assert raised.value.__suppress_context__

    def test_a_population_smaller_than_the_sample_is_an_error(self):
        expected = "population must be at least as large as the sample, got 5 with n = 6"
        with pytest.raises(TallyError, match=message(expected)):
            net_interval(2, 1, 6, population=5)

    @every_method
    @pytest.mark.parametrize("level", [0, 1, 95, float("nan"), "0.95"])
    def test_a_confidence_level_outside_0_and_1_is_an_error(self, level, method):
        expected = f"confidence_level must lie between 0 and 1, got {level!r}"
        with pytest.raises(OptionError, match=message(expected)):
            net_interval(2, 1, 6, method=method, confidence_level=level)

    def test_a_method_nearly_right_is_an_error_that_says_what_was_meant(self):
        expected = "unknown method 'adjusted-wold'; did you mean 'adjusted-wald'?"
        with pytest.raises(OptionError, match=message(expected)):
            net_interval(2, 1, 6, method="adjusted-wold")

    def test_the_methods_that_types_allow_are_those_that_exist(self):
        assert get_args(NetMethod) == tuple(_METHODS)

    def test_options_are_given_by_name(self):
        with pytest.raises(TypeError, match="positional"):
            net_interval(2, 1, 6, "wald")


class TestFaults:
    @every_method
    def test_no_limit_leaves_the_scale(self, method):
        low, high = net_interval(*every_table(12), method=method)
        assert (low >= -1).all()
        assert (high <= 1).all()

    @pytest.mark.parametrize("method", ["score", "adjusted-wald", "agresti-min", "bonett-price"])
    def test_the_methods_but_wald_and_goodman_never_have_zero_width(self, method):
        for level in (0.5, 0.95):
            low, high = net_interval(*every_table(12), method=method, confidence_level=level)
            assert (low < high).all()

    @pytest.mark.parametrize("method", ["wald", "goodman"])
    def test_wald_and_goodman_have_zero_width_just_when_all_answers_are_of_one_kind(self, method):
        positive, negative, n = every_table(12)
        low, high = net_interval(positive, negative, n, method=method)
        one_kind = (positive == n) | (negative == n) | (positive + negative == 0)
        np.testing.assert_array_equal(low == high, one_kind)

    @with_added_answers
    def test_nearly_everybody_of_one_kind_leaves_some_width_also_among_very_many(self, method):
        for n in (10**6, 10**9, 10**12):
            low, high = net_interval(n, 0, n, method=method)
            assert low < 1 - 1 / n
            assert high == 1

    @without_added_answers
    @pytest.mark.parametrize("level", [0.1, 0.5, 0.95])
    def test_methods_that_add_no_answers_contain_the_estimate(self, method, level):
        positive, negative, n = every_table(25)
        low, high = net_interval(positive, negative, n, method=method, confidence_level=level)
        estimate = (positive - negative) / n
        assert (low <= estimate).all()
        assert (estimate <= high).all()

    def test_at_95_percent_only_adjusted_wald_leaves_out_an_estimate_and_only_of_one_answer(self):
        positive, negative, n = every_table(25)
        estimate = (positive - negative) / n
        left_out = {}
        for method in _METHODS:
            low, high = net_interval(positive, negative, n, method=method)
            missed = (estimate < low) | (high < estimate)
            left_out[method] = [*zip(positive[missed], negative[missed], n[missed], strict=True)]
        assert left_out.pop("adjusted-wald") == [(0, 1, 1), (1, 0, 1)]
        assert not any(left_out.values())

    @with_added_answers
    def test_at_low_levels_a_method_that_adds_answers_can_leave_out_the_estimate(self, method):
        _, high = net_interval(40, 0, 40, method=method, confidence_level=0.5)
        assert high < 1
