"""Two samples of finite populations: limits and p-values that agree, and the power that is planned."""

from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln, ndtr

from custfocus.errors import OptionError, TallyError
from custfocus.intervals import (
    detection_power,
    detection_sample_size,
    difference_interval,
    difference_p_value,
    mover_interval_difference,
    ratio_interval,
    score_interval,
    score_interval_difference,
)
from custfocus.intervals.difference import _CORRECTED, _DIFFERENCES
from custfocus.intervals.score import mean_score
from patterns import whole

SCORES = (-1.0, 0.5, 2.0)
A, B = np.array([3, 1, 8]), np.array([6, 4, 1])
OF_SCORES = {
    "score": score_interval_difference,
    "score, not corrected": partial(score_interval_difference, correction=False),
    "mover": mover_interval_difference,
}
OF_SHARES = {
    **{name: partial(difference_interval, method=name) for name in _DIFFERENCES},
    **{f"ratio, {name}": partial(ratio_interval, method=name) for name in _CORRECTED},
}


def hypergeometric(k, n, successes, population):
    """The probabilities of k successes among n of a population with so many successes."""

    def choose(total, part):
        possible = (part >= 0) & (part <= total)
        part = np.where(possible, part, 0)
        logs = gammaln(total + 1) - gammaln(part + 1) - gammaln(total - part + 1)
        return np.where(possible, np.exp(logs), 0)

    ways = choose(float(successes), k) * choose(float(population - successes), n - k)
    return ways / choose(float(population), np.array(n))


def level_of(z2: float) -> float:
    """The confidence level of a squared critical value."""
    return float(1 - 2 * ndtr(-np.sqrt(z2)))


law = settings(derandomize=True, deadline=None, max_examples=60, database=None)

every_of_scores = pytest.mark.parametrize("interval", OF_SCORES.values(), ids=OF_SCORES)
every_of_shares = pytest.mark.parametrize("interval", OF_SHARES.values(), ids=OF_SHARES)
counts = st.lists(st.integers(0, 30), min_size=3, max_size=3).map(np.array).filter(np.any)
unasked = st.one_of(st.none(), st.integers(0, 40), st.just(10**12))
levels = st.sampled_from([0.5, 0.8, 0.95, 0.99])


def sizes(one, other, gone):
    """Populations of the two samples with so many who were not asked, or infinite ones."""
    return {
        f"population_{name}": None if more is None else int(sample.sum()) + more
        for name, sample, more in zip("ab", (one, other), gone, strict=True)
    }


def reach(sample, more, scores):
    """The least and the most that the mean can be of a population with so many not asked."""
    if more is None:
        return min(scores), max(scores)
    n, seen = sample.sum(), sample @ np.array(scores)
    return tuple((seen + more * end) / (n + more) for end in (min(scores), max(scores)))


class TestWhatAPopulationIsWorth:
    @pytest.mark.parametrize("correction", [False, True])
    def test_asking_just_over_half_halves_the_variance(self, correction):
        # N = 2 n - 1 makes the factor (N - n) / (N - 1) exactly one half.
        found = score_interval_difference(
            A * 9, B * 9, SCORES, correction=correction,
            population_a=2 * 9 * A.sum() - 1, population_b=2 * 9 * B.sum() - 1,
        )  # fmt: skip
        total = 9 * (A.sum() + B.sum())
        # The correction counts the answers that were given.
        level = 0.95 if not correction else level_of(1.959963984540054**2 * total / (total - 1))
        twice = score_interval_difference(
            A * 18, B * 18, SCORES, correction=False, confidence_level=level
        )
        np.testing.assert_allclose(found, twice, rtol=1e-12)

    def test_each_sample_has_the_factor_of_its_own_population(self):
        # 13 of 19 leave a third, as if three times as many had been asked of an infinite one.
        one, other = np.array([4, 3, 6]), np.array([40, 33, 60])
        found = score_interval_difference(one, other, SCORES, correction=False, population_a=19)
        free = score_interval_difference(3 * one, other, SCORES, correction=False)
        np.testing.assert_allclose(found, free, rtol=1e-12)
        found = score_interval_difference(other, one, SCORES, correction=False, population_b=19)
        np.testing.assert_allclose(found, [-free.high, -free.low], rtol=1e-12)
        p = difference_p_value(one, other, SCORES, correction=False, population_a=19)
        assert p == pytest.approx(difference_p_value(3 * one, other, SCORES, correction=False))

    @every_of_shares
    def test_two_halves_of_proportions_are_worth_twice_the_answers(self, interval):
        for x, y in product((10, 60, 110), (25, 80)):
            found = interval(x, 120, y, 100, population_a=239, population_b=199)
            twice = interval(2 * x, 240, 2 * y, 200)
            # Miettinen and Nurminen's correction counts the answers that were given: 220, not 440.
            corrected = interval.keywords["method"] == "miettinen-nurminen"
            np.testing.assert_allclose(found, twice, rtol=0, atol=2e-3 if corrected else 1e-12)

    @every_of_scores
    @law
    @given(one=counts, other=counts, level=levels)
    def test_an_infinite_population_is_none(self, interval, one, other, level):
        plain = interval(one, other, SCORES, confidence_level=level)
        infinite = {"population_a": 1e30, "population_b": 1e30}
        assert interval(one, other, SCORES, confidence_level=level, **infinite) == plain

    @every_of_shares
    def test_shares_of_infinite_populations_are_plain_ones(self, interval):
        for x, y in product((0, 3, 8), (0, 5, 9)):
            infinite = interval(x, 8, y, 9, population_a=1e30, population_b=1e30)
            np.testing.assert_allclose(infinite, interval(x, 8, y, 9), rtol=1e-14)

    @every_of_shares
    @pytest.mark.parametrize("gone", [(3, 5), (0, 4), (6, 0)])
    def test_limits_narrow_with_the_part_that_was_asked(self, interval, gone):
        near = interval(5, 8, 3, 9, population_a=8 + gone[0], population_b=9 + gone[1])
        far = interval(5, 8, 3, 9, population_a=8 + 4 * gone[0], population_b=9 + 4 * gone[1])
        free = interval(5, 8, 3, 9)
        assert free.low < far.low < near.low < near.high < far.high < free.high


class TestCensus:
    @law
    @given(one=counts, other=counts, more=st.integers(1, 40), level=levels)
    def test_a_census_of_one_leaves_the_interval_of_the_other(self, one, other, more, level):
        n = int(one.sum())
        options = {"confidence_level": level, "correction": False}
        found = score_interval_difference(
            one, other, SCORES, population_a=n + more, population_b=int(other.sum()), **options
        )
        alone = score_interval(one, SCORES, confidence_level=level, population=n + more)
        known = mean_score(other.astype(float), np.array(SCORES))
        np.testing.assert_allclose(found, np.array(alone) - known, rtol=0, atol=1e-10)

    @every_of_scores
    def test_two_leave_nothing_open(self, interval):
        whole = sizes(A, B, (0, 0))
        low, high = interval(A, B, SCORES, **whole)
        value = mean_score(A.astype(float), np.array(SCORES)) - mean_score(
            B.astype(float), np.array(SCORES)
        )
        assert low == high == value
        null = [float(value), 0.0, float(value) + 1e-3]
        p = difference_p_value(A, B, SCORES, null=null, **whole)
        np.testing.assert_array_equal(p, [1, 0, 0])

    def test_two_that_are_alike_but_for_rounding_do_not_differ(self):
        one, other = [3, 0, 7], [30, 0, 70]
        whole = {"population_a": 10, "population_b": 100}
        low, high = score_interval_difference(one, other, (0, 0.1, 0.7), **whole)
        assert low <= 0 <= high
        assert high - low < 1e-15
        assert difference_p_value(one, other, (0, 0.1, 0.7), **whole) == 1

    @every_of_shares
    @pytest.mark.parametrize(("x", "y"), [(5, 3), (0, 3), (8, 3), (5, 9), (8, 9), (0, 9)])
    def test_two_of_proportions_leave_nothing_open(self, interval, x, y):
        is_ratio = interval.func is ratio_interval
        index = (x / 8) / (y / 9) if is_ratio else x / 8 - y / 9
        found = interval(x, 8, y, 9, population_a=8, population_b=9)
        np.testing.assert_allclose(found, [index, index], rtol=1e-14, atol=1e-16)

    def test_a_ratio_to_a_census_without_successes_has_no_number(self):
        for method in _CORRECTED:
            some = ratio_interval(5, 8, 0, 9, method=method, population_a=20, population_b=9)
            assert some == (np.inf, np.inf)
            none = ratio_interval(0, 8, 0, 9, method=method, population_a=20, population_b=9)
            assert none == (0, np.inf)


class TestReach:
    @every_of_scores
    @law
    @given(one=counts, other=counts, gone=st.tuples(unasked, unasked), level=levels)
    def test_limits_are_what_those_not_asked_can_bring_about(
        self, interval, one, other, gone, level
    ):
        low, high = interval(one, other, SCORES, confidence_level=level, **sizes(one, other, gone))
        (least_a, most_a), (least_b, most_b) = (
            reach(sample, more, SCORES) for sample, more in zip((one, other), gone, strict=True)
        )
        value = mean_score(one.astype(float), np.array(SCORES)) - mean_score(
            other.astype(float), np.array(SCORES)
        )
        assert least_a - most_b - 1e-14 <= low <= value + 1e-14
        assert value - 1e-14 <= high <= most_a - least_b + 1e-14
        assert (high > low) == (gone != (0, 0))

    @every_of_shares
    @law
    @given(data=st.data(), gone=st.tuples(unasked, unasked), level=levels)
    def test_of_proportions_too(self, interval, data, gone, level):
        n = data.draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
        x = [data.draw(st.integers(0, size)) for size in n]
        one, other = (np.array([k - j, j]) for j, k in zip(x, n, strict=True))
        low, high = interval(
            x[0], n[0], x[1], n[1], confidence_level=level, **sizes(one, other, gone)
        )
        (least_a, most_a), (least_b, most_b) = (
            reach(sample, more, (0, 1)) for sample, more in zip((one, other), gone, strict=True)
        )
        if interval.func is ratio_interval:
            least = least_a / most_b if most_b else 0
            most = most_a / least_b if least_b else np.inf
            assert least * (1 - 1e-12) <= low <= high <= most * (1 + 1e-12) or not most_b
        else:
            assert least_a - most_b - 1e-14 <= low <= high <= most_a - least_b + 1e-14


class TestPValues:
    @law
    @given(one=counts, other=counts, gone=st.tuples(unasked, unasked), level=levels)
    def test_they_agree_with_the_limits(self, one, other, gone, level):
        options = sizes(one, other, gone)
        interval = score_interval_difference(one, other, SCORES, confidence_level=level, **options)
        width = max(float(interval.high - interval.low), 1e-6)
        inside = np.clip(interval.low + width * np.array([1e-4, 0.5, 1 - 1e-4]), -3, 3)
        outside = np.array([interval.low - 1e-4 * width, interval.high + 1e-4 * width])
        outside = outside[np.abs(outside) <= 3]
        p = partial(difference_p_value, one, other, SCORES, **options)
        if gone != (0, 0):
            assert (p(null=inside) > 1 - level).all()
        assert (p(null=outside) < 1 - level).all()

    def test_what_is_just_possible_is_not_lost_to_rounding(self):
        # 8 of 9 and 4 of 9 of ten each were seen: .8 - .5 is .30000000000000004 in binary.
        p = difference_p_value(
            [1, 8], [5, 4], [0, 1], null=[0.3, 0.299999], population_a=10, population_b=10
        )
        assert p[0] > p[1] == 0
        # 8 of 13 is the least that the one can be and the most that the other can; in percent 7e-15 apart.
        options = {"population_a": 13, "population_b": 13}
        low, _ = score_interval_difference(
            [3, 8], [5, 0], [0, 100], confidence_level=1 - 1e-9, **options
        )
        assert low == 0
        assert difference_p_value([3, 8], [5, 0], [0, 100], **options) > 0

    def test_what_cannot_be_has_a_p_value_of_0(self):
        # 8 of 9 and 2 of 9 were seen, one of each is not: the difference is .5 to .7.
        options = {"population_a": 10, "population_b": 10}
        p = difference_p_value(
            [1, 8], [7, 2], [0, 1], null=[0.499, 0.5, 0.6, 0.7, 0.701], **options
        )
        assert p[[0, 4]].tolist() == [0, 0]
        assert (p[1:4] > 1e-9).all()
        limits = difference_interval(8, 9, 2, 9, confidence_level=1 - 1e-9, **options)
        assert limits == (0.5, 0.7)


class TestPlansAndTests:
    """The power that is planned is the power that the test has, by the hypergeometric tables."""

    @pytest.mark.parametrize(
        ("shares", "population", "power"),
        [((0.6, 0.7), 400, 0.8), ((0.6, 0.7), 400, 0.5), ((0.5, 0.8), 60, 0.9),
         ((0.3, 0.5), 200, 0.8), ((0.9, 0.8), 500, 0.8)],
    )  # fmt: skip
    def test_a_plan_for_a_finite_population_has_its_power(self, shares, population, power):
        before, after = ([1 - share, share] for share in shares)
        plan = detection_sample_size(before, after, [0, 1], power=power, population=population)
        n = int(plan.answers)
        planned = float(detection_power(before, after, [0, 1], n, population=population))
        assert planned >= power
        real = self.power(n, shares, population)
        assert real == pytest.approx(planned, abs=0.025)
        # As if the population were infinite, the same answers would show far less.
        assert self.power(n, shares, population, compared=None) < real - 0.05

    def power(self, n, shares, population, compared=...):
        """How often the limits leave out 0 on the side of the change."""
        k = np.arange(n + 1)
        one, other = (
            hypergeometric(k, n, round(share * population), population) for share in shares
        )
        size = population if compared is ... else compared
        low, high = score_interval_difference(
            np.stack([n - k, k], axis=-1)[None], np.stack([n - k, k], axis=-1)[:, None], [0, 1],
            population_a=size, population_b=size,
        )  # fmt: skip
        shown = low > 0 if shares[1] > shares[0] else high < 0
        return float(np.where(shown, np.outer(one, other), 0).sum())


class TestWrongInput:
    @pytest.mark.parametrize("function", [*OF_SCORES.values(), difference_p_value])
    @pytest.mark.parametrize("side", "ab")
    def test_a_population_smaller_than_its_sample_is_named(self, function, side):
        expected = f"population_{side} must be at least as large as the sample, got 5 with n = "
        n = {"a": 12, "b": 11}[side]
        with pytest.raises(TallyError, match=whole(f"{expected}{n}")):
            function(A, B, SCORES, **{f"population_{side}": 5})

    @every_of_shares
    @pytest.mark.parametrize("side", "ab")
    def test_of_proportions_too(self, interval, side):
        expected = f"population_{side} must be at least as large as the sample, got 5 with n = 9"
        with pytest.raises(TallyError, match=whole(expected)):
            interval(3, 9, 4, 9, **{f"population_{side}": 5})

    def test_sizes_fit_the_groups(self):
        expected = (
            "population_b of shape (3,) does not fit groups of shape (2,); give one number, or one "
            "for each group"
        )
        with pytest.raises(TallyError, match=whole(expected)):
            score_interval_difference([A, A], B, SCORES, population_b=[20, 30, 40])

    def test_one_empty_sample_of_a_batch_is_nan(self):
        for function in (score_interval_difference, difference_p_value):
            found = np.array(function([A, 0 * A], B, SCORES, population_a=[20, 0], population_b=11))
            assert np.isnan(found[..., 1]).all()
            assert not np.isnan(found[..., 0]).any()


NO_FIT = (
    "null of shape (3,) does not fit groups of shape (2,); give one number, or one for each group"
)


class TestNulls:
    def test_a_limit_itself_can_be_the_null(self):
        interval = score_interval_difference(A, B, SCORES)
        for limit in interval:
            assert limit.shape == ()
            assert difference_p_value(A, B, SCORES, null=limit) == pytest.approx(0.05)

    def test_groups_have_nulls_of_their_own(self):
        groups = np.array([A, B, A + B])
        low, high = score_interval_difference(groups, B, SCORES)
        np.testing.assert_allclose(difference_p_value(groups, B, SCORES, null=low), 0.05)
        np.testing.assert_allclose(difference_p_value(groups, B, SCORES, null=high), 0.05)

    def test_nulls_broadcast_with_the_groups(self):
        nulls = np.array([[-0.5], [0.0], [0.5], [3.0]])
        options = {"population_a": [30, 40], "population_b": 25}
        together = difference_p_value([A, B], B, SCORES, null=nulls, **options)
        assert together.shape == (4, 2)
        for (i, null), (g, size) in product(enumerate(nulls.ravel()), enumerate((30, 40))):
            alone = difference_p_value(
                (A, B)[g], B, SCORES, null=null, population_a=size, population_b=25
            )
            assert together[i, g] == alone
        assert difference_p_value(A, B, SCORES, null=[0.1, 0.2]).shape == (2,)
        assert difference_p_value(A, B, SCORES, null=[]).shape == (0,)

    @pytest.mark.parametrize(
        ("null", "error", "message"),
        [([0, 3.5], OptionError, "null must lie within the scale's length, 3, got 3.5"),
         ([0, np.nan], OptionError, "null must lie within the scale's length, 3, got nan"),
         ([True, False], OptionError,
          "null must lie within the scale's length, 3, got [True, False]"),
         (np.array(-4), OptionError, "null must lie within the scale's length, 3, got -4"),
         (["0"], TallyError, "null must be numbers, got ['0']"),
         ([0, 0, 0], TallyError, NO_FIT)],
    )  # fmt: skip
    def test_what_is_no_null_is_named(self, null, error, message):
        with pytest.raises(error, match=whole(message)):
            difference_p_value([A, B], B, SCORES, null=null)
