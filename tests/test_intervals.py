"""The interval functions at their door: shapes, results, and what impossible input gets."""

import pickle
import re
from typing import get_args

import numpy as np
import pytest

import custfocus.intervals
from custfocus.errors import (
    AnswerError,
    CustfocusError,
    OptionError,
    ScaleError,
    TallyError,
    VocabularyError,
    unknown_option,
)
from custfocus.intervals import (
    ConfidenceInterval,
    ProportionMethod,
    proportion_interval,
    score_interval,
)
from custfocus.intervals.arguments import critical_value
from custfocus.intervals.proportion import _METHODS

SCORES = (1, 2, 3)
NOT_COUNTS = "must be whole numbers, 0 or more, got {}; pass how many answers there are"


def message(text: str) -> str:
    """A pattern for a message that starts with the text."""
    return "^" + re.escape(text)


class TestShapes:
    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1,), (0,), (2, 0)])
    def test_score_limits_are_arrays_of_the_groups_shape(self, shape):
        counts = np.broadcast_to([1, 0, 4], (*shape, 3))
        interval = score_interval(counts, SCORES)
        alone = score_interval([1, 0, 4], SCORES)
        for limit, expected in zip(interval, alone, strict=True):
            assert type(limit) is np.ndarray
            assert limit.dtype == np.float64
            assert limit.shape == shape
            assert (limit == expected).all()

    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1,), (0,), (2, 0)])
    @pytest.mark.parametrize("scores", [(0, 1), (-4, 4)])
    def test_score_limits_of_two_points_are_arrays_of_the_groups_shape(self, shape, scores):
        interval = score_interval(np.broadcast_to([1, 4], (*shape, 2)), scores)
        assert [type(limit) for limit in interval] == [np.ndarray, np.ndarray]
        assert [limit.shape for limit in interval] == [shape, shape]

    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1,), (0,), (2, 0)])
    def test_proportion_limits_are_arrays_of_the_groups_shape(self, shape):
        interval = proportion_interval(np.full(shape, 4), np.full(shape, 5))
        alone = proportion_interval(4, 5)
        for limit, expected in zip(interval, alone, strict=True):
            assert type(limit) is np.ndarray
            assert limit.dtype == np.float64
            assert limit.shape == shape
            assert (limit == expected).all()

    def test_groups_in_two_axes_keep_their_places(self):
        counts = np.arange(18).reshape(2, 3, 3)
        low, high = score_interval(counts, SCORES)
        for place in np.ndindex(2, 3):
            assert (low[place], high[place]) == score_interval(counts[place], SCORES)

    def test_counts_in_another_memory_order_give_the_same_limits(self):
        counts = np.arange(18).reshape(2, 3, 3)
        ours = score_interval(np.asfortranarray(counts), SCORES)
        np.testing.assert_array_equal(ours, score_interval(counts, SCORES))

    def test_successes_and_n_broadcast(self):
        low, high = proportion_interval([[1], [2]], [3, 4, 5])
        assert low.shape == high.shape == (2, 3)
        assert (low[1, 2], high[1, 2]) == proportion_interval(2, 5)

    def test_one_population_serves_all_groups(self):
        counts = np.arange(9).reshape(3, 3)
        np.testing.assert_array_equal(
            score_interval(counts, SCORES, population=40),
            score_interval(counts, SCORES, population=[40, 40, 40]),
        )

    def test_each_group_may_have_its_own_population(self):
        low, high = score_interval([[1, 2, 3], [1, 2, 3]], SCORES, population=[10, 20])
        for g, size in enumerate((10, 20)):
            assert (low[g], high[g]) == score_interval([1, 2, 3], SCORES, population=size)

    def test_the_arguments_are_left_as_they_were(self):
        counts, scores = np.array([[3.0, 0, 1], [0, 0, 2]]), np.array([3.0, 1, 2])
        score_interval(counts, scores, population=[9, 9])
        np.testing.assert_array_equal(counts, [[3, 0, 1], [0, 0, 2]])
        np.testing.assert_array_equal(scores, [3, 1, 2])


class TestEmptyGroups:
    def test_an_empty_group_in_a_batch_is_nan(self):
        low, high = score_interval([[0, 0, 0], [1, 2, 3]], SCORES)
        assert np.isnan([low[0], high[0]]).all()
        assert np.isfinite([low[1], high[1]]).all()

    def test_an_empty_group_of_two_points_in_a_batch_is_nan(self):
        limits = score_interval([[0, 0], [1, 2]], (0, 1))
        np.testing.assert_array_equal(np.isnan(limits), [[True, False]] * 2)

    def test_a_batch_of_one_empty_group_is_nan(self):
        assert np.isnan(score_interval([[0, 0, 0]], SCORES)).all()
        assert np.isnan(proportion_interval([0], [0])).all()

    @pytest.mark.parametrize("size", [0, 1, 7])
    def test_an_empty_group_in_a_finite_population_is_nan(self, size):
        low, high = score_interval([[0, 0, 0], [0, 1, 0]], SCORES, population=[size, 1])
        np.testing.assert_array_equal(low, [np.nan, 2])
        np.testing.assert_array_equal(high, [np.nan, 2])

    def test_a_single_empty_sample_is_an_error(self):
        no_answers = message("no answers: an index needs at least one; check the filter")
        with pytest.raises(TallyError, match=no_answers):
            score_interval([0, 0, 0], SCORES)
        with pytest.raises(TallyError, match=no_answers):
            proportion_interval(0, 0)


class TestImpossibleCounts:
    @pytest.mark.parametrize(
        ("counts", "shown"),
        [
            ([1, -2, 3], "-2"),
            ([1, 2.5, 3], "2.5"),
            ([1, np.nan, 3], "nan"),
            ([1, None, 3], "nan"),
            ([1, np.inf, 3], "inf"),
            ([[1, 2, 3], [0.5, -1, 3]], "0.5, -1"),
            (np.full((3, 3), -1), "-1, -1, -1, -1, -1, ... (9 in all)"),
        ],
    )
    def test_counts_that_are_no_counts_are_shown(self, counts, shown):
        with pytest.raises(TallyError, match=message("counts " + NOT_COUNTS.format(shown))):
            score_interval(counts, SCORES)

    @pytest.mark.parametrize(
        "counts", [["a", "b", "c"], [1, 2, "many"], [[1, 2, 3], [1]], [1j] * 3]
    )
    def test_counts_that_are_no_numbers_are_shown(self, counts):
        with pytest.raises(
            TallyError, match=message(f"counts must be whole numbers, got {counts!r}")
        ):
            score_interval(counts, SCORES)

    @pytest.mark.parametrize(
        ("counts", "shape"),
        [
            ([1, 2], "(2,)"),
            ([1, 2, 3, 4], "(4,)"),
            ([[1, 2], [3, 4], [5, 6]], "(3, 2)"),
            (5, "()"),
            ([], "(0,)"),
        ],
    )
    def test_counts_with_another_number_of_columns_than_scores_are_an_error(self, counts, shape):
        expected = f"counts must have one column for each of the 3 scores, got shape {shape}"
        with pytest.raises(TallyError, match=message(expected) + "$"):
            score_interval(counts, SCORES)

    @pytest.mark.parametrize("bad", [-1, 0.5, np.nan])
    def test_successes_and_n_that_are_no_counts_are_named(self, bad):
        expected = NOT_COUNTS.format(f"{bad:g}")
        with pytest.raises(TallyError, match=message("successes " + expected)):
            proportion_interval(bad, 4)
        with pytest.raises(TallyError, match=message("n " + expected)):
            proportion_interval(0, bad)

    @pytest.mark.parametrize("counts", [["1", "2", "3"], np.array(["1", "2", "3"], dtype=object)])
    def test_digits_as_texts_are_not_read_as_counts(self, counts):
        with pytest.raises(TallyError, match=message("counts must be whole numbers, got ")):
            score_interval(counts, SCORES)

    def test_a_count_that_no_float_can_hold_is_an_error(self):
        with pytest.raises(TallyError, match=message("counts must be whole numbers, got ")):
            score_interval([10**400, 1, 2], SCORES)

    def test_successes_and_n_of_shapes_that_do_not_fit_are_an_error_that_shows_both(self):
        with pytest.raises(TallyError, match=re.escape("got (2,) and (3,)")):
            proportion_interval([1, 2], [3, 4, 5])

    def test_texts_for_successes_and_n_are_named(self):
        with pytest.raises(TallyError, match=message("successes must be whole numbers, got 'two'")):
            proportion_interval("two", 4)
        with pytest.raises(TallyError, match=message("n must be whole numbers, got 'four'")):
            proportion_interval(2, "four")

    def test_more_successes_than_answers_are_an_error_that_shows_the_first(self):
        with pytest.raises(TallyError, match=message("successes must not exceed n, got 5 of 4")):
            proportion_interval(5, 4)
        with pytest.raises(TallyError, match=message("successes must not exceed n, got 9 of 3")):
            proportion_interval([1, 9, 8], [2, 3, 4])
        with pytest.raises(TallyError, match=message("successes must not exceed n, got 1 of 0")):
            proportion_interval([0, 1], 0)


class TestImpossibleScores:
    @pytest.mark.parametrize("scores", [[2, 2, 2], [0.0, -0.0, 0], [5], []])
    def test_scores_that_are_all_equal_are_an_error(self, scores):
        expected = f"scores must differ between at least two points, got {scores!r}"
        with pytest.raises(ScaleError, match=message(expected)):
            score_interval([1] * len(scores), scores)

    @pytest.mark.parametrize(
        "scores", [[1, 2, np.nan], [1, np.inf, 3], [1, 2, None], [[1, 2, 3]], 7]
    )
    def test_scores_that_are_not_one_finite_number_for_each_point_are_an_error(self, scores):
        expected = f"scores must be one finite number for each point, got {scores!r}"
        with pytest.raises(ScaleError, match=message(expected)):
            score_interval([1, 2, 3], scores)

    @pytest.mark.parametrize("scores", [["a", "b", "c"], [[1, 2], [3]]])
    def test_scores_that_are_no_numbers_are_an_error(self, scores):
        with pytest.raises(ScaleError, match=message("scores must be one finite number")):
            score_interval([1, 2, 3], scores)


class TestImpossiblePopulations:
    def test_a_population_smaller_than_the_sample_is_an_error(self):
        expected = "population must be at least as large as the sample, got 5 with n = 6"
        with pytest.raises(TallyError, match=message(expected) + "$"):
            score_interval([1, 2, 3], SCORES, population=5)
        with pytest.raises(TallyError, match=message(expected) + "$"):
            proportion_interval(1, 6, population=5)

    def test_only_the_groups_with_too_small_a_population_are_shown(self):
        expected = "population must be at least as large as the sample, got 3, 2 with n = 4, 5"
        with pytest.raises(TallyError, match=message(expected) + "$"):
            proportion_interval([1, 1, 1], [4, 3, 5], population=[3, 3, 2])

    @pytest.mark.parametrize("size", [-1, 10.5, np.nan, np.inf])
    def test_a_population_that_is_no_count_is_an_error(self, size):
        expected = f"population must be whole numbers, 0 or more, got {size:g}"
        with pytest.raises(TallyError, match=message(expected)):
            score_interval([1, 2, 3], SCORES, population=size)

    @pytest.mark.parametrize("size", [np.inf, 10.5])
    def test_a_population_that_is_no_count_may_be_left_out(self, size):
        with pytest.raises(TallyError, match=r"leave it out for a large one$"):
            score_interval([1, 2, 3], SCORES, population=size)

    def test_a_population_next_to_the_largest_number_is_endless(self):
        finite = np.array(score_interval([1, 2, 3], SCORES, population=1e308))
        assert finite == pytest.approx(np.array(score_interval([1, 2, 3], SCORES)), rel=1e-14)

    def test_a_population_that_is_no_number_is_an_error(self):
        expected = "population must be whole numbers, got 'all'"
        with pytest.raises(TallyError, match=message(expected)):
            score_interval([1, 2, 3], SCORES, population="all")

    @pytest.mark.parametrize(
        ("counts", "groups", "size", "shape"),
        [
            ([1, 2, 3], "()", [10, 20], "(2,)"),
            ([1, 2, 3], "()", [10], "(1,)"),
            ([[1, 2, 3]] * 2, "(2,)", [10, 20, 30], "(3,)"),
            ([[1, 2, 3]] * 2, "(2,)", [[10], [20]], "(2, 1)"),
        ],
    )
    def test_a_population_of_another_shape_than_the_groups_is_an_error(
        self, counts, groups, size, shape
    ):
        expected = (
            f"population of shape {shape} does not fit groups of shape {groups}; "
            "give one number, or one for each group"
        )
        with pytest.raises(TallyError, match=message(expected)):
            score_interval(counts, SCORES, population=size)


class TestOptions:
    @pytest.mark.parametrize("level", [0, 1, 95, -0.5, 1.0, float("nan"), float("inf")])
    def test_a_confidence_level_outside_0_and_1_is_an_error(self, level):
        expected = message(
            f"confidence_level must lie between 0 and 1, got {level!r} (95 % is written 0.95)"
        )
        with pytest.raises(OptionError, match=expected):
            score_interval([1, 2, 3], SCORES, confidence_level=level)
        with pytest.raises(OptionError, match=expected):
            proportion_interval(1, 3, confidence_level=level)

    @pytest.mark.parametrize("level", [1e-9, 0.5, 1 - 2.0**-53])
    def test_any_confidence_level_between_0_and_1_gives_finite_limits(self, level):
        assert np.isfinite(score_interval([1, 2, 3], SCORES, confidence_level=level)).all()

    @pytest.mark.parametrize(
        ("level", "known"),
        [  # mpmath, 40 digits: sqrt(2) erfinv(level)
            (0.5, 0.67448975019608174320),
            (0.95, 1.9599639845400538556),
            (0.999, 3.2905267314918945320),
        ],
    )
    def test_the_critical_value_is_the_normal_quantile(self, level, known):
        assert critical_value(level) == pytest.approx(known, rel=4e-16, abs=0)

    @pytest.mark.parametrize("level", ["0.95", None, np.array([0.9, 0.95])])
    def test_a_confidence_level_that_is_no_number_is_an_error(self, level):
        with pytest.raises(OptionError, match=message("confidence_level must lie between 0 and 1")):
            score_interval([1, 2, 3], SCORES, confidence_level=level)

    def test_a_method_that_is_no_text_is_an_error(self):
        with pytest.raises(OptionError, match=message("unknown method ['wilson']")):
            proportion_interval(1, 2, method=["wilson"])

    def test_a_method_nearly_right_is_an_error_that_says_what_was_meant(self):
        with pytest.raises(
            OptionError, match=message("unknown method 'wilsn'; did you mean 'wilson'?")
        ):
            proportion_interval(1, 2, method="wilsn")

    @pytest.mark.parametrize("method", ["normal", "", None, 3])
    def test_an_unknown_method_is_an_error_that_lists_the_known_ones(self, method):
        with pytest.raises(
            OptionError, match=message(f"unknown method {method!r}; choose from: wilson")
        ):
            proportion_interval(1, 2, method=method)

    def test_the_near_miss_stands_apart_from_the_other_options(self):
        known = ("wilson", "score", "mid-p")
        assert str(unknown_option("method", "scor", known)) == (
            "unknown method 'scor'; did you mean 'score'? (also: wilson, mid-p)"
        )

    def test_the_methods_that_types_allow_are_those_that_exist(self):
        assert get_args(ProportionMethod) == tuple(_METHODS)

    @pytest.mark.parametrize("method", _METHODS)
    def test_every_method_can_be_named(self, method):
        low, high = proportion_interval(81, 263, method=method)
        assert 0 < low < 81 / 263 < high < 1

    def test_options_are_given_by_name(self):
        with pytest.raises(TypeError, match="positional"):
            score_interval([1, 2, 3], SCORES, 0.9)
        with pytest.raises(TypeError, match="positional"):
            proportion_interval(1, 2, "wilson")


class TestResult:
    def test_it_unpacks_into_its_two_limits(self):
        interval = score_interval([3, 20, 9], [-1, 0, 1])
        low, high = interval
        assert interval.low is low
        assert interval.high is high
        assert low < 6 / 32 < high

    def test_its_repr_shows_both_limits_of_one_sample(self):
        interval = ConfidenceInterval(np.array(0.25), np.array(0.5))
        assert repr(interval) == "ConfidenceInterval(low=0.25, high=0.5)"

    def test_its_repr_shows_the_limits_of_groups_and_where_one_is_empty(self):
        interval = ConfidenceInterval(np.array([0.25, np.nan]), np.array([0.5, np.nan]))
        assert repr(interval) == "ConfidenceInterval(low=[0.25,  nan], high=[0.5, nan])"

    def test_a_result_of_a_function_has_the_repr_of_a_confidence_interval(self):
        assert repr(proportion_interval(0, 1)) == "ConfidenceInterval(low=0., high=0.79345069)"

    def test_it_survives_pickling(self):
        interval = score_interval([[3, 20, 9], [0, 0, 0]], [-1, 0, 1])
        again = pickle.loads(pickle.dumps(interval))
        assert type(again) is ConfidenceInterval
        np.testing.assert_array_equal(again, interval)

    def test_the_package_names_what_it_gives_sorted_types_first(self):
        names = custfocus.intervals.__all__
        assert sorted(names) == names
        assert {"ConfidenceInterval", "proportion_interval", "score_interval"} <= set(names)


class TestErrors:
    @pytest.mark.parametrize(
        "kind", [AnswerError, OptionError, ScaleError, TallyError, VocabularyError]
    )
    def test_every_kind_is_a_custfocus_error_and_a_value_error(self, kind):
        assert issubclass(kind, CustfocusError)
        assert issubclass(CustfocusError, ValueError)

    def test_a_raised_error_survives_pickling(self):
        with pytest.raises(TallyError) as raised:
            score_interval([1, -2, 3], SCORES)
        again = pickle.loads(pickle.dumps(raised.value))
        assert type(again) is TallyError
        assert again.args == raised.value.args
        assert str(again) == str(raised.value)

    def test_an_unknown_option_survives_pickling(self):
        error = unknown_option("method", "wilsn", ["wilson"])
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is OptionError
        assert str(again) == str(error) != ""

    def test_a_conversion_error_of_numpy_is_not_shown_as_the_cause(self):
        with pytest.raises(TallyError) as raised:
            score_interval(["a", "b", "c"], SCORES)
        assert raised.value.__cause__ is None
        assert raised.value.__context__ is None or raised.value.__suppress_context__
