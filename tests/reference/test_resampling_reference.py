"""
Bootstrap limits against numbers from outside this project, and against exact ones.

Where the resamples are drawn at random, so are the limits: a tolerance is a number of their
Monte Carlo standard deviations. The seeds are fixed, so a test does not fail by chance.
"""

import operator
import warnings
from fractions import Fraction
from itertools import product
from math import factorial, prod
from typing import ClassVar

import numpy as np
import pytest
from scipy import stats  # noqa: TID251 - the peer
from scipy.special import ndtr, ndtri

from custfocus.intervals.bootstrap_draws import Counts, clustered
from custfocus.intervals.resampling import bootstrap_interval, bootstrap_respondents

# Efron and Tibshirani (1993), An Introduction to the Bootstrap, table 14.1, test A of 26 children.
# The statistic is the variance with divisor n; the limits are those of table 14.2, B = 2000.
TESTS = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24]
TESTS = np.array([*TESTS, 26, 30, 41], dtype=float)
TABLE_14_2 = {"percentile": (100.8, 233.9), "bca": (115.8, 259.6)}
RUNS = 40

# R 4.2.2: qbinom(c(a, 1 - a), n, x / n) as (x, n, level, low, high), a = (1 - level) / 2.
QBINOM = [(13, 16, 0.95, 10, 16), (13, 16, 0.9, 10, 15), (81, 263, 0.8, 71, 91),
          (15, 148, 0.99, 6, 25)]  # fmt: skip


def variance(values, weights):
    shares = weights / weights.sum(axis=1, keepdims=True)
    return shares @ values**2 - (shares @ values) ** 2


def mean(values, weights):
    return weights @ values / weights.sum(axis=1)


@pytest.mark.parametrize("method", TABLE_14_2)
def test_limits_of_a_variance_are_those_of_efron_and_tibshirani(method):
    options = {"method": method, "confidence_level": 0.9, "resamples": 2000}
    runs = np.array([bootstrap_respondents(TESTS, variance, rng=k, **options) for k in range(RUNS)])
    # Theirs is one more such run, so it lies within some standard deviations of the runs' mean.
    apart = np.abs(runs.mean(axis=0) - TABLE_14_2[method])
    assert (apart < 3 * runs.std(axis=0, ddof=1) * np.sqrt(1 + 1 / RUNS)).all()


def test_bias_and_acceleration_of_a_variance_are_those_of_efron_and_tibshirani():
    points, counts = np.unique(TESTS, return_counts=True)
    sample = Counts(counts.astype(float), np.random.default_rng(1))
    acceleration = sample.acceleration(lambda rows: variance(points, rows))
    assert acceleration == pytest.approx(0.061, abs=0.0005)  # printed to three digits
    above = variance(points, sample.drawn(100_000)) >= variance(points, counts[None])
    # Theirs has a standard deviation of sqrt(1 / 4 / 2000) / phi(0) = .028.
    assert ndtri(1 - above.mean()) == pytest.approx(0.146, abs=3 * 0.028)


@pytest.mark.parametrize("method", TABLE_14_2)
def test_limits_from_counts_are_those_from_respondents(method):
    points, counts = np.unique(TESTS, return_counts=True)
    options = {"method": method, "confidence_level": 0.9, "resamples": 40_000}
    ours = bootstrap_interval(counts, lambda rows: variance(points, rows), rng=1, **options)
    theirs = bootstrap_respondents(TESTS, variance, rng=2, **options)
    # A limit's standard deviation at B = 2000 is about 2 and 3.5, and falls with sqrt(B).
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=4 * 3.5 * np.sqrt(2 * 2000 / 40_000))


@pytest.mark.parametrize("known", QBINOM, ids=str)
def test_percentiles_of_a_proportion_are_rs_binomial_quantiles(known):
    successes, n, level, low, high = known
    options = {"method": "percentile", "confidence_level": level, "resamples": 99_999, "rng": 1}
    interval = bootstrap_interval([n - successes, successes], (0, 1), **options)
    np.testing.assert_allclose(interval, (low / n, high / n), rtol=1e-15, atol=0)


def exact_distribution(counts, scores):
    """Every mean that a resample can have, ascending, and its probability."""
    n = sum(counts)
    chances: dict[Fraction, Fraction] = {}
    for table in product(range(n + 1), repeat=len(counts)):
        if sum(table) == n:
            ways = factorial(n) // prod(factorial(count) for count in table)
            chance = ways * prod(Fraction(c, n) ** k for c, k in zip(counts, table, strict=True))
            value = Fraction(sum(k * s for k, s in zip(table, scores, strict=True)), n)
            chances[value] = chances.get(value, Fraction(0)) + chance
    values = sorted(value for value, chance in chances.items() if chance)
    return values, [chances[value] for value in values]


def exact_limits(counts, scores, level, method):
    """The limits that infinite resamples lead to, and how close a level comes to a jump."""
    values, chances = exact_distribution(counts, scores)
    n, z = sum(counts), ndtri((1 + level) / 2)
    levels = ndtr(np.array([-z, z]))
    if method == "bca":
        estimate = Fraction(sum(c * s for c, s in zip(counts, scores, strict=True)), n)
        below, tied = (
            sum(p for value, p in zip(values, chances, strict=True) if here(value, estimate))
            for here in (operator.lt, operator.eq)
        )
        bias = ndtri(float(below + tied / 2))
        # Leaving out an answer of score s moves the mean by (mean - s) / (n - 1).
        gaps = [(c, float(s - estimate)) for c, s in zip(counts, scores, strict=True)]
        cubes, squares = (sum(c * gap**k for c, gap in gaps) for k in (3, 2))
        w = bias + np.array([-z, z])
        levels = ndtr(bias + w / (1 - cubes / (6 * squares**1.5) * w))
    cumulated = np.cumsum([float(chance) for chance in chances])
    jumps = cumulated[:-1]
    limits = [float(values[int((jumps < p).sum())]) for p in levels]
    return limits, min(np.abs(jumps - p).min() for p in levels)


# R 4.2.2, boot 1.3-28: boot.ci(boot(x, function(d, i) mean(d[i]), 9999), type = "bca"), seed 1.
BOOT_BCA = {7: (0.2, 0.9), 3: (0.0, 0.5)}


@pytest.mark.parametrize("k", BOOT_BCA)
def test_bca_limits_of_a_share_of_ten_are_not_rs_which_counts_no_ties(k):
    counts, scores = (10 - k, k), (0, 1)
    halved, distance = exact_limits(counts, scores, 0.95, "bca")
    assert distance > 1e-3
    np.testing.assert_allclose(bootstrap_interval(counts, scores, rng=1), halved, rtol=1e-12)
    # R's rule on the exact distribution: only what lies below the estimate makes the bias.
    values, chances = exact_distribution(counts, scores)
    cumulated = np.cumsum([float(chance) for chance in chances])
    w = ndtri(cumulated[k - 1]) + ndtri([0.025, 0.975])
    # the acceleration is that of the jackknife; R's regression comes close to it
    share, sign = k / 10, np.sign(5 - k)
    a = sign * abs(1 - 2 * share) / (6 * np.sqrt(10 * share * (1 - share)))
    levels = ndtr(ndtri(cumulated[k - 1]) + w / (1 - a * w))
    theirs = [float(values[int((cumulated[:-1] < p).sum())]) for p in levels]
    assert theirs == pytest.approx(BOOT_BCA[k])
    mirrored = bootstrap_interval(counts[::-1], scores, rng=1)
    np.testing.assert_allclose(1 - mirrored.high, halved[0], rtol=1e-12)


# As (counts, scores, level); in all but three of them the two methods differ.
SMALL = [
    ((1, 1), (0, 1), 0.8), ((1, 2), (0, 1), 0.9), ((1, 1, 1), (1, 2, 4), 0.75),
    ((2, 0, 1), (1, 2, 4), 0.9), ((1, 1, 1), (-1, 0, 1), 0.9), ((2, 1, 3), (-1, 0, 1), 0.8),
    ((0, 1, 4), (1, 2, 3), 0.8), ((0, 1, 4), (1, 2, 3), 0.85), ((1, 0, 2, 4), (1, 2, 3, 5), 0.9),
]  # fmt: skip


@pytest.mark.parametrize("case", SMALL, ids=str)
@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_limits_of_a_small_sample_are_those_of_all_its_resamples(case, method):
    counts, scores, level = case
    limits, margin = exact_limits(counts, scores, level, method)
    # A share p of 99,999 resamples has a standard deviation of sqrt(p (1 - p) / 99,999), .001 for
    # p = .1; that of the bias, .004, moves a level by twice the normal density there, .0014.
    assert margin > 0.006
    options = {"method": method, "confidence_level": level, "resamples": 99_999, "rng": 1}
    from_counts = bootstrap_interval(counts, scores, **options)
    np.testing.assert_allclose(from_counts, limits, rtol=1e-15, atol=0)
    asked = bootstrap_respondents(np.repeat(scores, counts), mean, **options)
    np.testing.assert_allclose(asked, limits, rtol=1e-14, atol=0)


@pytest.mark.parametrize(("scipys", "ours"), [("percentile", "percentile"), ("BCa", "bca")])
@pytest.mark.parametrize("counts", [(2, 0, 3, 9, 16), (5, 7, 8, 6, 4), (40, 10, 1, 0, 2)])
def test_limits_of_a_mean_are_scipys(counts, scipys, ours):
    scores = np.array([1.0, 2, 3, 4, 5])
    answers = np.repeat(scores, counts)
    peer = stats.bootstrap(
        (answers,), np.mean, n_resamples=9999, method=scipys, rng=np.random.default_rng(2)
    )
    limits = bootstrap_interval(counts, scores, method=ours, rng=1)
    asked = bootstrap_respondents(answers, mean, method=ours, rng=1)
    # The 2.5 % quantile of 9999 normal values has a standard deviation of
    # sqrt(.025 * .975 / 9999) / phi(1.96) = .027 standard errors; the bias, sqrt(.25 / 9999) /
    # phi(0) = .0125, moves a limit by twice as much. So one limit is good to .037 of them, a
    # difference of two to .052; four of that, and one step of 1 / n between two means.
    granted = 4 * 0.052 * peer.standard_error + 1 / len(answers)
    assert granted < 0.3 * (limits.high - limits.low)
    for found in (limits, asked):
        np.testing.assert_allclose(found, peer.confidence_interval, rtol=0, atol=granted)


def test_equal_answers_give_nan_in_scipys_bca_and_their_value_here():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # 0 / 0, and that the data are degenerate
        peer = stats.bootstrap((np.ones(5),), np.mean, method="BCa", rng=1)
    assert np.isnan(peer.confidence_interval).all()
    assert bootstrap_interval([0, 5], [0, 1], rng=1) == (1, 1)


def test_jackknife_acceleration_of_a_mean_is_its_skewness():
    counts, scores = np.array([2.0, 0, 3, 9, 16]), np.array([1.0, 2, 3, 4, 5])
    sample = Counts(counts, np.random.default_rng(1))
    answers = np.repeat(scores, counts.astype(int))
    # Efron (1987): a is a sixth of the skewness over the root of n.
    known = stats.skew(answers) / 6 / np.sqrt(len(answers))
    found = sample.acceleration(lambda rows: rows @ scores / rows.sum(axis=1))
    assert found == pytest.approx(known, rel=1e-12)


class TestClustersAndStrata:
    """Standard errors from theory: the width of 95 % limits is 2 z of them, nearly."""

    OPTIONS: ClassVar = {"method": "percentile", "resamples": 9999, "rng": 1}
    # Relative error of a width: sqrt(2) * .027 standard errors of 3.92; and the bootstrap
    # distribution of these means is a little off normal. Five per cent grants both.
    GRANTED = 0.05

    def width(self, interval) -> float:
        return float(interval.high - interval.low) / (2 * 1.959963984540054)

    def test_the_width_is_that_of_as_many_independent_clusters(self):
        generator = np.random.default_rng(8)
        totals = generator.normal(size=60)
        values, clusters = np.repeat(totals, 5), np.repeat(np.arange(60), 5)
        interval = bootstrap_respondents(values, mean, clusters=clusters, **self.OPTIONS)
        known = totals.std() / np.sqrt(60)
        assert self.width(interval) == pytest.approx(known, rel=self.GRANTED)
        blind = bootstrap_respondents(values, mean, **self.OPTIONS)
        assert self.width(blind) == pytest.approx(known / np.sqrt(5), rel=self.GRANTED)

    def test_the_width_in_strata_leaves_out_what_lies_between_them(self):
        generator = np.random.default_rng(9)
        sizes = np.array([20, 50, 30])
        strata = generator.permutation(np.repeat(["low", "mid", "top"], sizes))
        level = {"low": 0, "mid": 10, "top": 50}
        values = generator.normal(size=100) + np.array([level[name] for name in strata])
        interval = bootstrap_respondents(values, mean, strata=strata, **self.OPTIONS)
        within = sum((strata == name).sum() * values[strata == name].var() for name in level)
        assert self.width(interval) == pytest.approx(np.sqrt(within) / 100, rel=self.GRANTED)

    def test_acceleration_in_strata_is_davison_and_hinkleys(self):
        generator = np.random.default_rng(10)
        values, strata = generator.exponential(size=30), np.repeat([0, 1, 1], 10)
        deviations = []
        for h, n in ((0, 10), (1, 20)):
            inside = values[strata == h]
            # Influence values of the stratum's mean in the mean of all, over its own n.
            deviations.extend((inside - inside.mean()) * (n / 30) / n)
        known = np.sum(np.power(deviations, 3)) / 6 / np.sum(np.square(deviations)) ** 1.5
        sample = clustered(30, None, strata, generator)
        assert sample.acceleration(lambda rows: mean(values, rows)) == pytest.approx(
            known, rel=1e-9
        )


def test_the_exact_distribution_is_one():
    values, chances = exact_distribution((1, 1, 1), (1, 2, 5))
    assert [3 * value for value in values] == [3, 4, 5, 6, 7, 8, 9, 11, 12, 15]
    assert [27 * chance for chance in chances] == [1, 3, 3, 1, 3, 6, 3, 3, 3, 1]
