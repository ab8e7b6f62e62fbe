"""The mean of single bounded values: known limits, groups, and what impossible input gets."""

import re

import numpy as np
import pytest

from custfocus.errors import OptionError, TallyError
from custfocus.intervals import ConfidenceInterval, score_interval
from custfocus.intervals.bounded import _METHODS, MeanMethod, mean_interval

FEW = [1, 2, 2, 4, 5]
CUSTOMER_SAT = [99, 115, 111, 127, 328, 174, 222, 327, 118, 190]  # bayesm, q1, answers 1 to 10
METHODS = ["score", "t"]


def starting(text):
    """A pattern for a message that starts with the text."""
    return "^" + re.escape(text)


def bits(interval):
    """The limits as plain numbers."""
    return [limit.tolist() for limit in interval]


class TestKnownLimits:
    def test_eight_respondents_who_all_give_the_best_rating_leave_it_open(self):
        low, high = mean_interval([5] * 8, bounds=(1, 5))
        assert (low, high) == pytest.approx((3.70236974, 5), abs=5e-9)
        assert high == 5

    def test_the_example_of_the_design_has_its_limits(self):
        values = np.repeat([1, 2, 3, 4, 5], [1, 0, 2, 4, 8])
        limits = mean_interval(values, bounds=(1, 5))
        assert limits == pytest.approx((3.388653355, 4.596085715), abs=5e-10)

    def test_shares_of_nought_and_one_get_wilsons_limits(self):
        limits = mean_interval(np.repeat([0, 1], [182, 81]), bounds=(0, 1))
        assert limits == pytest.approx((0.2553, 0.3662), abs=5e-5)  # Newcombe (1998a), table I

    def test_students_limits_of_a_rating_are_those_of_r(self):
        ratings = np.repeat(np.arange(1, 11), CUSTOMER_SAT)
        limits = mean_interval((ratings - 1) / 9 * 100, bounds=(0, 100), method="t")
        assert limits == pytest.approx((54.985745, 57.597849), abs=5e-7)

    @pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
    def test_students_limits_of_two_values_follow_from_the_cauchy_distribution(self, level):
        arm = np.tan(np.pi * level / 2) / 2  # one degree of freedom; standard error 1/2
        limits = mean_interval([49, 50], bounds=(-1000, 1000), method="t", confidence_level=level)
        assert limits == pytest.approx((49.5 - arm, 49.5 + arm), rel=1e-11)

    def test_a_million_values_get_the_limits_of_their_counts(self):
        generator = np.random.default_rng(1927)
        values = generator.integers(0, 11, 10**6)
        limits = mean_interval(values, bounds=(0, 10))
        # A sum of 10^6 terms one after the other is off by some 10^6 / 2 roundings at worst
        expected = bits(score_interval(np.bincount(values, minlength=11), range(11)))
        assert limits == pytest.approx(expected, rel=1e-10)

    def test_a_million_different_values_lie_close_around_their_mean(self):
        values = np.random.default_rng(1998).beta(5, 1, 10**6)
        low, high = mean_interval(values, bounds=(0, 1))
        arm = 1.959964 * values.std() / 1000
        assert (low, high) == pytest.approx((values.mean() - arm, values.mean() + arm), abs=1e-5)


class TestStudent:
    @pytest.mark.parametrize("value", [0, 3, 7, 10])
    def test_a_single_value_says_nothing(self, value):
        assert mean_interval([value], bounds=(0, 10), method="t") == (0, 10)

    def test_equal_values_get_no_width(self):
        assert mean_interval([3, 3, 3, 3], bounds=(-1, 7), method="t") == (3, 3)

    def test_limits_beyond_the_bounds_are_held_to_them(self):
        low, high = mean_interval([10, 10, 9], bounds=(0, 10), method="t")
        assert high == 10
        assert low == pytest.approx(29 / 3 - 4.302652729749462 / 3, rel=1e-12)
        low, high = mean_interval([0, 0, 1], bounds=(0, 10), method="t")
        assert low == 0
        assert high == pytest.approx(1 / 3 + 4.302652729749462 / 3, rel=1e-12)


class TestShapes:
    @pytest.mark.parametrize("method", METHODS)
    def test_one_sample_gives_limits_without_axes(self, method):
        interval = mean_interval(FEW, bounds=(1, 5), method=method)
        assert type(interval) is ConfidenceInterval
        assert [(type(limit), limit.shape) for limit in interval] == [(np.ndarray, ())] * 2

    @pytest.mark.parametrize("method", METHODS)
    def test_groups_give_a_limit_each_even_a_single_one(self, method):
        alone = mean_interval(FEW, bounds=(1, 5), method=method)
        low, high = mean_interval(FEW, bounds=(1, 5), groups=[0] * 5, method=method)
        assert low.shape == high.shape == (1,)
        assert (low[0], high[0]) == alone

    @pytest.mark.parametrize("method", METHODS)
    def test_a_number_that_nobody_has_as_group_is_nan(self, method):
        low, high = mean_interval([1, 5, 2, 3], bounds=(1, 5), groups=[1, 1, 4, 4], method=method)
        for limit in (low, high):
            assert np.isnan(limit).tolist() == [True, False, True, True, False]

    @pytest.mark.parametrize("method", METHODS)
    def test_the_arguments_are_left_as_they_were(self, method):
        values, groups = np.array([1.0, 5, 2]), np.array([1, 0, 1])
        mean_interval(values, bounds=(1, 5), groups=groups, method=method)
        assert values.tolist() == [1, 5, 2]
        assert groups.tolist() == [1, 0, 1]

    def test_the_default_is_the_score_interval_at_95_percent(self):
        spelled = mean_interval(FEW, bounds=(1, 5), method="score", confidence_level=0.95)
        assert mean_interval(FEW, bounds=(1, 5)) == spelled

    def test_bounds_may_be_any_pair_of_numbers(self):
        expected = bits(mean_interval(FEW, bounds=(0, 5)))
        for bounds in ([0, 5], np.array([0, 5]), np.array([0.0, 5.0]), (0, 5.0)):
            assert bits(mean_interval(FEW, bounds=bounds)) == expected


class TestEnds:
    @pytest.mark.parametrize("bounds", [(0.1, 0.7), (-13.61, 19.66), (-14.59, -5.45), (0, 1e-300)])
    @pytest.mark.parametrize("method", METHODS)
    def test_a_limit_at_a_bound_is_the_bound_to_the_bit(self, bounds, method):
        lowest, highest = bounds
        assert mean_interval([highest] * 3, bounds=bounds, method=method).high == highest
        assert mean_interval([lowest] * 3, bounds=bounds, method=method).low == lowest

    @pytest.mark.parametrize(
        ("value", "level"), [(0.9, 1.4284410689418457e-08), (0.87, 1.0295031343735223e-08)]
    )
    def test_at_a_level_of_next_to_nought_the_mean_is_still_inside(self, value, level):
        low, high = mean_interval([value, value], bounds=(0, 1), confidence_level=level)
        assert low <= value <= high

    @pytest.mark.parametrize("tiny", [1e-17, 1e-100, 1e-160, 1e-300, 5e-324])
    def test_a_value_next_to_a_bound_counts_as_one_on_it(self, tiny):
        near = mean_interval([tiny, 0.5, 1], bounds=(0, 1))
        assert near == pytest.approx(bits(mean_interval([0, 0.5, 1], bounds=(0, 1))), rel=1e-14)


class TestWrongInput:
    @pytest.mark.parametrize(
        "bounds",
        [
            (5, 1), (1, 1), (1, float("nan")), (float("-inf"), 1), (0, float("inf")), (1,),
            (1, 2, 3), 5, None, "15", ("1", 5), (1, "5"), (False, True), (1 + 0j, 5),
            (-1e308, 1e308), (np.float64(-1e308), np.float64(1e308)),
        ],
    )  # fmt: skip
    def test_bounds_that_are_not_two_rising_numbers_are_an_error_that_shows_them(self, bounds):
        told = f"bounds must be the smallest and the largest value there can be, got {bounds!r}"
        with pytest.raises(OptionError, match=f"{starting(told)}$"):
            mean_interval(FEW, bounds=bounds)

    @pytest.mark.parametrize(
        ("values", "shown"),
        [
            ([1, 6, 2], "[6.0]"),
            ([0, 3, 5.5], "[0.0, 5.5]"),
            ([1, float("nan")], "[nan]"),
            ([1, None], "[nan]"),
            ([1, float("inf")], "[inf]"),
            (list(range(6, 60)), "[6.0, 7.0, 8.0, 9.0, 10.0, 11.0, ...]"),
        ],
    )
    def test_values_beyond_the_bounds_are_an_error_that_shows_them(self, values, shown):
        told = f"values must lie within the bounds 1 to 5, got {shown}; leave out what is missing"
        with pytest.raises(TallyError, match=f"{starting(told)}$"):
            mean_interval(values, bounds=(1, 5))

    @pytest.mark.parametrize("values", [["1", "2"], [1, "2"], "12", [1j]])
    def test_values_that_are_no_numbers_are_an_error(self, values):
        with pytest.raises(TallyError, match=r"^values must be numbers, got "):
            mean_interval(values, bounds=(1, 5))

    @pytest.mark.parametrize(("values", "shape"), [(3, "()"), ([[1, 2], [3, 4]], "(2, 2)")])
    def test_values_that_are_not_one_for_each_respondent_are_an_error(self, values, shape):
        told = f"values must be one for each respondent, got shape {shape}"
        with pytest.raises(TallyError, match=f"{starting(told)}$"):
            mean_interval(values, bounds=(1, 5))

    @pytest.mark.parametrize("groups", [None, []])
    def test_no_values_at_all_are_an_error(self, groups):
        with pytest.raises(TallyError, match=r"^no answers: an index needs at least one"):
            mean_interval([], bounds=(1, 5), groups=groups)

    @pytest.mark.parametrize("groups", [[0, 1, -1], [0, 1, 0.5], [0, 1, float("nan")]])
    def test_groups_that_are_no_whole_numbers_are_an_error(self, groups):
        with pytest.raises(
            TallyError, match=r"^groups must be whole numbers.*number the groups from"
        ):
            mean_interval([1, 2, 3], bounds=(1, 5), groups=groups)

    @pytest.mark.parametrize(("groups", "shape"), [([0, 1], "(2,)"), (0, "()"), ([[0]], "(1, 1)")])
    def test_groups_of_another_number_are_an_error(self, groups, shape):
        told = f"groups must be one for each of the 3 values, got shape {shape}"
        with pytest.raises(TallyError, match=f"{starting(told)}$"):
            mean_interval([1, 2, 3], bounds=(1, 5), groups=groups)

    def test_an_unknown_method_is_named_with_the_near_miss(self):
        with pytest.raises(OptionError, match=r"^unknown method 'scor'; did you mean 'score'"):
            mean_interval(FEW, bounds=(1, 5), method="scor")

    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("level", [0, 1, 95, float("nan")])
    def test_a_confidence_level_outside_0_to_1_is_an_error(self, method, level):
        with pytest.raises(OptionError, match=r"^confidence_level must lie between 0 and 1"):
            mean_interval(FEW, bounds=(1, 5), method=method, confidence_level=level)

    def test_the_type_of_the_methods_names_every_one(self):
        assert set(MeanMethod.__args__) == set(_METHODS) == set(METHODS)
