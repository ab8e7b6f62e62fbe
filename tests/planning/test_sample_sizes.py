"""Plans at their door: shapes, whole numbers of people, and what impossible input gets."""

import re

import numpy as np
import pytest

from custfocus.errors import OptionError, ScaleError, TallyError
from custfocus.intervals import exact_interval
from custfocus.intervals.detection import detection_power, detection_sample_size
from custfocus.intervals.plans import Plan
from custfocus.intervals.sample_sizes import margin_assurance, margin_of_error, sample_size

HALF, SHARE = (0.5, 0.5), (0, 1)
NET, SCORES = (0.2, 0.3, 0.5), (-1, 0, 1)
BETTER = (0.1, 0.3, 0.6)


def message(text: str) -> str:
    """A pattern for a message that starts with the text."""
    return "^" + re.escape(text)


def every_plan(**options):
    """What each of the four functions makes of an option that they share."""
    yield lambda: sample_size(NET, SCORES, margin=0.1, **options)
    yield lambda: margin_of_error(NET, SCORES, 100, **options)
    yield lambda: detection_sample_size(NET, BETTER, SCORES, **options)
    yield lambda: detection_power(NET, BETTER, SCORES, 100, **options)


class TestShapes:
    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
    def test_results_are_arrays_of_the_groups_shape(self, shape):
        table, better = (np.broadcast_to(one, (*shape, 3)) for one in (NET, BETTER))
        plans = (
            sample_size(table, SCORES, margin=0.1),
            detection_sample_size(table, better, SCORES),
        )
        assert [type(plan) for plan in plans] == [Plan, Plan]
        numbers = (
            margin_of_error(table, SCORES, 50),
            detection_power(table, better, SCORES, 50),
        )
        for kind, arrays in ((np.int64, (*plans[0], *plans[1])), (np.float64, numbers)):
            for one in arrays:
                assert (type(one), one.dtype, one.shape) == (np.ndarray, kind, shape)

    def test_every_option_broadcasts_with_the_groups(self):
        one = sample_size(NET, SCORES, margin=[0.2, 0.1])
        assert one.answers.shape == (2,)
        assert one.answers[1] == sample_size(NET, SCORES, margin=0.1).answers
        options = {"margin": 0.05, "population": [[500], [5000], [10**6]]}
        options |= {"design_effect": [1, 1.5], "response_rate": [0.9, 0.8]}
        grid = sample_size([HALF, (0.1, 0.9)], SHARE, **options)
        assert grid.answers.shape == (3, 2)
        options |= {"population": 5000, "design_effect": 1.5, "response_rate": 0.8}
        alone = sample_size((0.1, 0.9), SHARE, **options)
        assert (grid.answers[1, 1], grid.invitations[1, 1]) == alone

    def test_one_population_profile_serves_many_sizes(self):
        halves = margin_of_error(NET, SCORES, [[10], [100]], design_effect=[1, 2])
        assert halves.shape == (2, 2)
        assert halves[1, 0] == margin_of_error(NET, SCORES, 100)
        chances = detection_power([NET, BETTER], [BETTER, NET], SCORES, [[50], [90]])
        assert chances.shape == (2, 2)
        assert chances[1, 0] == detection_power(NET, BETTER, SCORES, 90)

    def test_a_batch_with_no_answers_in_a_group_is_nan_there(self):
        for found in (
            margin_of_error(NET, SCORES, [0, 1]),
            detection_power(NET, BETTER, SCORES, [0, 1]),
        ):
            assert np.isnan(found).tolist() == [True, False]

    def test_its_repr_shows_both_numbers(self):
        plan = Plan(np.array([381, 762]), np.array([1270, 2540]))
        assert repr(plan) == "Plan(answers=[381, 762], invitations=[1270, 2540])"


class TestAnswers:
    def test_a_wide_margin_needs_one_answer(self):
        assert sample_size(HALF, SHARE, margin=0.5).answers == 1

    def test_a_margin_in_percent_for_shares_is_an_error(self):
        text = (
            "margin must be less than the range of the scores, 1, got 3; "
            "it is in their unit, so that 3 points of a percentage are 0.03"
        )
        with pytest.raises(OptionError, match=f"^{re.escape(text)}$"):
            sample_size(HALF, SHARE, margin=3)

    def test_all_answers_on_one_point_still_need_some(self):
        # Low limit n / (n + z²), half width z² / (2 (n + z²)): n = z² (1 / (2 margin) - 1) = 34.6
        assert sample_size([0, 1], SHARE, margin=0.05).answers == 35

    def test_no_more_are_needed_than_there_are(self):
        assert sample_size(HALF, SHARE, margin=1e-9, population=40).answers == 40
        assert detection_sample_size(HALF, (0.49, 0.51), SHARE, population=40).answers <= 40

    def test_a_census_has_no_margin_and_shows_any_change(self):
        for shares, scores in ((HALF, SHARE), (NET, SCORES)):
            assert margin_of_error(shares, scores, 40, population=40) == 0
        assert detection_power(HALF, (0.499, 0.501), SHARE, 40, population=40) == 1
        assert margin_of_error([0, 1], SHARE, 1, population=1) == 0

    def test_a_change_from_all_to_none_shows_surely_once_it_is_large_enough(self):
        chances = detection_power([1, 0], [0, 1], SHARE, [1, 2, 3, 4])
        np.testing.assert_array_equal(chances, [0, 0, 1, 1])  # n > 2 z² / 4 N / (N - 1) = 2.3
        assert detection_sample_size([1, 0], [0, 1], SHARE).answers == 3


class TestInvitations:
    @pytest.mark.parametrize(
        ("margin", "rate", "plan"),
        [
            (0.05, 1, (381, 381)), (0.05, 0.3, (381, 1270)), (0.05, 0.381, (381, 1000)),
            (0.05, 0.07, (381, 5443)),
            (0.12, 0.009, (63, 7000)),  # 63 / .009 is a little more than 7000 to a computer
        ],
    )  # fmt: skip
    def test_so_many_are_invited_that_enough_are_expected_to_answer(self, margin, rate, plan):
        assert sample_size(HALF, SHARE, margin=margin, response_rate=rate) == plan

    def test_detection_invites_for_each_wave(self):
        plan = detection_sample_size(HALF, (0.25, 0.75), SHARE, power=0.9, response_rate=0.4)
        assert plan == (78, 195)

    def test_more_invitations_than_people_are_an_error(self):
        expected = (
            "a response rate of 0.2 makes 217 answers of 1085 invitations, and there are 500 "
            "people to invite; ask for less or raise the rate"
        )
        with pytest.raises(OptionError, match=message(expected) + "$"):
            sample_size(HALF, SHARE, margin=0.05, population=[9000, 500], response_rate=0.2)
        everybody = sample_size(HALF, SHARE, margin=1e-9, population=500)
        assert everybody == (500, 500)

    @pytest.mark.parametrize(
        ("plan", "expected"),
        [
            (lambda: sample_size(HALF, SHARE, margin=0.05, response_rate=1e-15),
             "a response rate of 1e-15 makes 381"),
            (lambda: sample_size(HALF, SHARE, margin=[0.1, 1e-10]),
             "a margin of 1e-10 would need more than 1e+15 answers; ask for less"),
            (lambda: detection_sample_size(HALF, (0.5 - 1e-9, 0.5 + 1e-9), SHARE),
             "a change of 1e-09 would need more than 1e+15 answers; ask for less"),
        ],
    )  # fmt: skip
    def test_what_no_number_of_people_reaches_is_an_error(self, plan, expected):
        with pytest.raises(OptionError, match=message(expected)):
            plan()


class TestImpossibleInput:
    @pytest.mark.parametrize(
        ("shares", "expected"),
        [
            ((0.5, 0.4, 0.05), "must add up to 1, got 0.95; divide counts by their sum"),
            ((20, 30, 50), "must add up to 1, got 100; divide counts by their sum"),
            ((0.5, 0.6, -0.1), "must be numbers from 0 to 1, got (0.5, 0.6, -0.1)"),
            ((0.5, np.nan, 0.5), "must be numbers from 0 to 1, got (0.5, nan, 0.5)"),
            ((0.5, 0.5), "must have one column for each of the 3 scores, got shape (2,)"),
            (1, "must have one column for each of the 3 scores, got shape ()"),
            ("all", "must be numbers, got 'all'"),
        ],
    )
    def test_shares_that_are_none_are_an_error(self, shares, expected):
        with pytest.raises(TallyError, match=message(f"shares {expected}")):
            sample_size(shares, SCORES, margin=0.1)
        with pytest.raises(TallyError, match=message(f"shares {expected}")):
            margin_of_error(shares, SCORES, 10)
        with pytest.raises(TallyError, match=message(f"shares_a {expected}")):
            detection_sample_size(shares, NET, SCORES)
        with pytest.raises(TallyError, match=message(f"shares_b {expected}")):
            detection_power(NET, shares, SCORES, 10)

    def test_shares_printed_with_few_digits_are_taken_as_meant(self):
        printed, meant = (0.333333, 0.333333, 0.333333), (1 / 3, 1 / 3, 1 / 3)
        margins = [margin_of_error(shares, SCORES, 100) for shares in (printed, meant)]
        np.testing.assert_allclose(*margins, rtol=1e-15, atol=0)
        powers = [detection_power(NET, shares, SCORES, 100) for shares in (printed, meant)]
        np.testing.assert_allclose(*powers, rtol=1e-13, atol=0)

    def test_scores_all_equal_are_an_error(self):
        with pytest.raises(ScaleError, match=message("scores must differ")):
            sample_size(NET, (1, 1, 1), margin=0.1)
        with pytest.raises(ScaleError, match=message("scores must differ")):
            detection_power(NET, BETTER, (1, 1, 1), 10)

    @pytest.mark.parametrize(
        ("option", "bad", "kind", "expected"),
        [
            *(("design_effect", bad, OptionError, "design_effect must be more than 0, got {:g}")
              for bad in (0, -1, np.nan, np.inf)),
            *(("confidence_level", bad, OptionError,
               "confidence_level must lie between 0 and 1, got {!r}") for bad in (0, 1, 95)),
            *(("population", bad, TallyError,
               "population must be whole numbers, 0 or more, got {:g}; leave it")
              for bad in (-1, 10.5, np.inf)),
            ("population", 0, TallyError, "population must have members, got 0"),
        ],
    )  # fmt: skip
    def test_an_option_of_all_plans_out_of_its_range_is_an_error(self, option, bad, kind, expected):
        for plan in every_plan(**{option: bad}):
            with pytest.raises(kind, match=message(expected.format(bad))):
                plan()

    @pytest.mark.parametrize(
        ("option", "bad", "expected"),
        [
            *(("response_rate", bad, "response_rate must be more than 0 and at most 1, got {:g}")
              for bad in (0, 1.01, np.nan)),
            *(("power", bad, "power must be more than 0 and at most 1, got {:g}")
              for bad in (0, 1.01, np.nan)),
            ("power", 1, "power must be less than 1, which no number of answers reaches, got 1"),
            *(("margin", bad, "margin must be more than 0, got {:g}")
              for bad in (0, -0.1, np.nan, np.inf)),
        ],
    )  # fmt: skip
    def test_an_option_of_one_plan_out_of_its_range_is_an_error(self, option, bad, expected):
        if option != "power":
            with pytest.raises(OptionError, match=message(expected.format(bad))):
                sample_size(NET, SCORES, **{"margin": 0.1} | {option: bad})
        if option != "margin":
            with pytest.raises(OptionError, match=message(expected.format(bad))):
                detection_sample_size(NET, BETTER, SCORES, **{option: [0.8, bad]})

    def test_a_population_smaller_than_the_sample_is_an_error(self):
        expected = message("population must be at least as large as the sample, got 99 with n = 10")
        for plan in (
            lambda: margin_of_error(NET, SCORES, 100, population=99),
            lambda: detection_power(NET, BETTER, SCORES, 100, population=99),
        ):
            with pytest.raises(TallyError, match=expected):
                plan()

    @pytest.mark.parametrize("bad", [-1, 10.5, np.nan, "many", 0])
    def test_answers_that_are_no_count_or_none_at_all_are_an_error(self, bad):
        expected = message("n must be whole numbers" if bad else "no answers")
        with pytest.raises(TallyError, match=expected):
            margin_of_error(NET, SCORES, bad)
        with pytest.raises(TallyError, match=expected):
            detection_power(NET, BETTER, SCORES, bad)

    def test_groups_that_do_not_fit_each_other_are_an_error_that_shows_their_shapes(self):
        expected = "groups must have shapes that broadcast, got (2,), (3,), (), (), ()"
        with pytest.raises(TallyError, match=message(expected) + "$"):
            sample_size([HALF] * 2, SHARE, margin=[0.1] * 3)
        expected = "shares of the two waves must have shapes that broadcast, got (2, 2) and (3, 2)"
        with pytest.raises(TallyError, match=message(expected) + "$"):
            detection_sample_size([HALF] * 2, [HALF] * 3, SHARE)

    @pytest.mark.parametrize("other", [NET, (0.3, 0.1, 0.6), (0.35, 0, 0.65)])
    def test_waves_of_the_same_index_are_an_error(self, other):
        expected = message("the two waves must differ in the index, got the same shares or mean")
        with pytest.raises(OptionError, match=expected):
            detection_sample_size(NET, other, SCORES)
        with pytest.raises(OptionError, match=expected):
            detection_power([BETTER, other], NET, SCORES, 10)


class TestMethods:
    # R 4.2.2: the fewest n with (qbeta(1 - a, n p + 1, n - n p) - qbeta(a, n p, n - n p + 1)) / 2
    # within the margin, a = (1 - level) / 2.
    @pytest.mark.parametrize(
        ("share", "margin", "level", "answers"),
        [(0.5, 0.05, 0.95, 402), (0.1, 0.05, 0.95, 158), (0.3, 0.1, 0.99, 146)],
    )
    def test_exact_plans_of_shares_are_clopper_and_pearsons(self, share, margin, level, answers):
        options = {"margin": margin, "confidence_level": level, "method": "exact"}
        assert sample_size((1 - share, share), SHARE, **options).answers == answers

    @pytest.mark.parametrize("method", ["exact", "mid-p"])
    def test_the_margin_is_half_the_interval_of_the_expected_counts(self, method):
        counts, scores = np.array([[2, 3, 5], [10, 0, 30], [0, 0, 7]]), [-1, 0, 1]
        n = counts.sum(axis=-1)
        low, high = exact_interval(counts, scores, method=method)
        found = margin_of_error(counts / n[:, None], scores, n, method=method)
        np.testing.assert_allclose(found, (high - low) / 2, rtol=1e-9)

    @pytest.mark.parametrize("method", ["score", "exact", "mid-p"])
    def test_one_answer_less_is_too_few_and_the_design_effect_multiplies(self, method):
        fewest = sample_size(NET, SCORES, margin=0.1, method=method).answers
        about = margin_of_error(NET, SCORES, [fewest - 1, fewest], method=method)
        assert about[0] > 0.1 >= about[1]
        twice = margin_of_error(NET, SCORES, 2 * fewest, design_effect=2, method=method)
        assert twice == pytest.approx(about[1], rel=1e-9)

    def test_guaranteed_limits_take_more_answers_than_mid_p(self):
        plans = [sample_size(NET, SCORES, margin=0.1, method=one) for one in ("mid-p", "exact")]
        assert plans[0].answers < plans[1].answers

    def test_they_are_for_large_populations_and_no_other_names(self):
        for plan in (
            lambda **options: sample_size(NET, SCORES, margin=0.1, **options),
            lambda **options: margin_of_error(NET, SCORES, 100, **options),
            lambda **options: margin_assurance(NET, SCORES, 100, margin=0.1, **options),
        ):
            with pytest.raises(
                OptionError, match=message("the method 'exact' is planned for large")
            ):
                plan(method="exact", population=500)
            with pytest.raises(OptionError, match=message("unknown method 'wald'")):
                plan(method="wald")
