"""Intervals from counts: scores, populations, what is impossible, and the result itself."""

import pickle

import numpy as np
import pytest

import custfocus.intervals
from custfocus.errors import OptionError, ScaleError, TallyError, unknown_option
from custfocus.intervals import (
    ConfidenceInterval,
    damped_projection,
    mean_interval,
    proportion_interval,
    rate_interval,
    score_interval,
)
from custfocus.intervals.arguments import critical_value
from patterns import begins, whole

SCORES = (1, 2, 3)


class TestScores:
    def test_the_arguments_are_left_as_they_were(self):
        counts, scores = np.array([[3.0, 0, 1], [0, 0, 2]]), np.array([3.0, 1, 2])
        score_interval(counts, scores, population=[9, 9])
        np.testing.assert_array_equal(counts, [[3, 0, 1], [0, 0, 2]])
        np.testing.assert_array_equal(scores, [3, 1, 2])

    @pytest.mark.parametrize("scores", [[2, 2, 2], [0.0, -0.0, 0], [5], []])
    def test_scores_that_are_all_equal_are_an_error(self, scores):
        expected = f"scores must differ between at least two points, got {scores!r}"
        with pytest.raises(ScaleError, match=begins(expected)):
            score_interval([1] * len(scores), scores)

    @pytest.mark.parametrize(
        "scores", [[1, 2, np.nan], [1, np.inf, 3], [1, 2, None], [[1, 2, 3]], 7, ["a", "b", "c"],
                   [[1, 2], [3]]],
    )  # fmt: skip
    def test_scores_that_are_not_one_finite_number_for_each_point_are_an_error(self, scores):
        expected = f"scores must be one finite number for each point, got {scores!r}"
        with pytest.raises(ScaleError, match=begins(expected)):
            score_interval([1, 2, 3], scores)


class TestImpossibleCounts:
    @pytest.mark.parametrize(
        ("counts", "rule"),
        [
            ([1, None, 3], ", 0 or more, got nan; pass how many answers there are"),
            ([1, np.inf, 3], ", 0 or more, got inf"),
            ([[1, 2, 3], [0.5, -1, 3]], ", 0 or more, got 0.5, -1"),
            (np.full((3, 3), -1), ", 0 or more, got -1, -1, -1, -1, -1, ... (9 in all)"),
            *[(texts, f", got {texts!r}")
              for texts in (["a", "b", "c"], [1, 2, "many"], [[1, 2, 3], [1]], [1j] * 3)],
            (["1", "2", "3"], ", got "), (np.array(["1", "2", "3"], dtype=object), ", got "),
            ([10**400, 1, 2], ", got "),  # no float can hold it
        ],
    )  # fmt: skip
    def test_what_are_no_counts_is_shown(self, counts, rule):
        with pytest.raises(TallyError, match=begins(f"counts must be whole numbers{rule}")):
            score_interval(counts, SCORES)

    @pytest.mark.parametrize(
        ("counts", "shape"),
        [([1, 2], "(2,)"), ([1, 2, 3, 4], "(4,)"), ([[1, 2], [3, 4], [5, 6]], "(3, 2)"), (5, "()"),
         ([], "(0,)")],
    )  # fmt: skip
    def test_counts_with_another_number_of_columns_than_scores_are_an_error(self, counts, shape):
        expected = f"counts must have one column for each of the 3 scores, got shape {shape}"
        with pytest.raises(TallyError, match=whole(expected)):
            score_interval(counts, SCORES)

    @pytest.mark.parametrize(
        ("successes", "n", "shown"),
        [(5, 4, "5 of 4"), ([1, 9, 8], [2, 3, 4], "9 of 3"), ([0, 1], 0, "1 of 0")],
    )
    def test_more_successes_than_answers_are_an_error_that_shows_the_first(
        self, successes, n, shown
    ):
        expected = f"successes must not exceed n, got {shown}"
        with pytest.raises(TallyError, match=expected + "$"):
            proportion_interval(successes, n)


class TestPopulations:
    def test_one_population_serves_all_groups(self):
        counts = np.arange(9).reshape(3, 3)
        np.testing.assert_array_equal(
            score_interval(counts, SCORES, population=40),
            score_interval(counts, SCORES, population=[40, 40, 40]),
        )

    def test_only_the_groups_with_too_small_a_population_are_shown(self):
        expected = "population must be at least as large as the sample, got 3, 2 with n = 4, 5"
        with pytest.raises(TallyError, match=whole(expected)):
            proportion_interval([1, 1, 1], [4, 3, 5], population=[3, 3, 2])

    @pytest.mark.parametrize("size", [-1, 10.5, np.nan, np.inf])
    def test_a_population_that_is_no_count_is_an_error_and_may_be_left_out(self, size):
        expected = (
            f"population must be whole numbers, 0 or more, got {size:g}; "
            "leave it out for a large one"
        )
        with pytest.raises(TallyError, match=whole(expected)):
            score_interval([1, 2, 3], SCORES, population=size)

    def test_a_population_that_is_no_number_is_an_error(self):
        with pytest.raises(TallyError, match=r"^population must be whole numbers, got 'all'"):
            score_interval([1, 2, 3], SCORES, population="all")

    def test_a_population_next_to_the_largest_number_is_infinite(self):
        finite = np.array(score_interval([1, 2, 3], SCORES, population=1e308))
        assert finite == pytest.approx(np.array(score_interval([1, 2, 3], SCORES)), rel=1e-14)

    @pytest.mark.parametrize(
        ("counts", "groups", "size", "shape"),
        [([1, 2, 3], "()", [10, 20], "(2,)"), ([1, 2, 3], "()", [10], "(1,)"),
         ([[1, 2, 3]] * 2, "(2,)", [10, 20, 30], "(3,)"),
         ([[1, 2, 3]] * 2, "(2,)", [[10], [20]], "(2, 1)")],
    )  # fmt: skip
    def test_a_population_of_another_shape_than_the_groups_is_an_error(
        self, counts, groups, size, shape
    ):
        expected = (
            f"population of shape {shape} does not fit groups of shape {groups}; "
            "give one number, or one for each group"
        )
        with pytest.raises(TallyError, match=begins(expected)):
            score_interval(counts, SCORES, population=size)


class TestOptions:
    @pytest.mark.parametrize("level", [1e-9, 0.5, 1 - 2.0**-53])
    def test_any_confidence_level_between_0_and_1_gives_finite_limits(self, level):
        assert np.isfinite(score_interval([1, 2, 3], SCORES, confidence_level=level)).all()

    @pytest.mark.parametrize(
        ("level", "known"),
        [(0.5, 0.67448975019608174320), (0.95, 1.9599639845400538556),
         (0.999, 3.2905267314918945320)],  # mpmath, 40 digits: sqrt(2) erfinv(level)
    )  # fmt: skip
    def test_the_critical_value_is_the_normal_quantile(self, level, known):
        assert critical_value(level) == pytest.approx(known, rel=4e-16, abs=0)

    @pytest.mark.parametrize("method", ["normal", "", None, 3, ["nothing"]])
    def test_an_unknown_method_is_an_error_that_lists_the_known_ones(self, method):
        with pytest.raises(
            OptionError, match=begins(f"unknown method {method!r}; choose from: wilson")
        ):
            proportion_interval(1, 2, method=method)

    def test_the_near_miss_stands_apart_from_the_other_options(self):
        error = unknown_option("method", "scor", ("wilson", "score", "mid-p"))
        expected = "unknown method 'scor'; did you mean 'score'? (also: wilson, mid-p)"
        assert str(error) == expected
        assert repr(pickle.loads(pickle.dumps(error))) == repr(error)


class TestResult:
    def test_it_unpacks_into_its_two_limits_also_when_it_is_unpickled(self):
        interval = score_interval([[3, 20, 9], [0, 0, 0]], [-1, 0, 1])
        low, high = interval
        assert interval.low is low
        assert interval.high is high
        assert low[0] < 6 / 32 < high[0]
        again = pickle.loads(pickle.dumps(interval))
        assert type(again) is ConfidenceInterval
        np.testing.assert_array_equal(again, interval)

    @pytest.mark.parametrize(
        ("interval", "text"),
        [
            (ConfidenceInterval(np.array(0.25), np.array(0.5)), "low=0.25, high=0.5"),
            (ConfidenceInterval(np.array([0.25, np.nan]), np.array([0.5, np.nan])),
             "low=[0.25,  nan], high=[0.5, nan]"),
            (proportion_interval(0, 1), "low=0., high=0.79345069"),
        ],
    )  # fmt: skip
    def test_its_repr_shows_both_limits(self, interval, text):
        assert repr(interval) == f"ConfidenceInterval({text})"

    def test_the_package_names_what_it_gives_sorted_types_first(self):
        names = custfocus.intervals.__all__
        assert sorted(names) == names
        assert {"ConfidenceInterval", "proportion_interval", "score_interval"} <= set(names)

    def test_a_raised_error_survives_pickling(self):
        with pytest.raises(TallyError) as raised:
            score_interval([1, -2, 3], SCORES)
        again = pickle.loads(pickle.dumps(raised.value))
        assert type(again) is TallyError
        assert again.args == raised.value.args


class TestOneNumber:
    """One number may come as an array without axes, as limits do."""

    @pytest.mark.parametrize("boxed", [np.array(0.9), np.float64(0.9)])
    def test_a_confidence_level(self, boxed):
        plain = score_interval([1, 2, 3], SCORES, confidence_level=0.9)
        assert score_interval([1, 2, 3], SCORES, confidence_level=boxed) == plain

    def test_bounds_an_exposure_and_a_time(self):
        bounds = np.array(0), np.array(10)
        assert mean_interval([1, 5, 9], bounds=bounds) == mean_interval([1, 5, 9], bounds=(0, 10))
        assert rate_interval(3, 100, per=np.array(1000)) == rate_interval(3, 100, per=1000)
        months = [1, 3, 2, 5, 4, 6, 8, 7]
        assert damped_projection(months, range(8), np.array(9)) == damped_projection(
            months, range(8), 9
        )

    @pytest.mark.parametrize("wrong", [np.array([0.9]), np.array("0.9"), np.ones((), bool)])
    def test_others_are_refused(self, wrong):
        with pytest.raises(OptionError, match=begins("confidence_level must lie between 0 and 1")):
            score_interval([1, 2, 3], SCORES, confidence_level=wrong)
