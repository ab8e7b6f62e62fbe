"""
Intervals for a proportion from binomial tails: Clopper and Pearson's, mid-p and Jeffreys'.

Each limit is a beta quantile, or in the mid-p case the root of a sum of two beta distribution
functions. From 10,000 answers on SciPy's own inverse is not used: in SciPy 1.17 its accuracy falls
below eight digits, and ``betaincinv(1000, 10**9, .025)`` is twice what it should be.

References:
    Clopper and Pearson (1934), Biometrika 26, 404-413. Berry and Armitage (1995), The
    Statistician 44, 417-423 (mid-p). Brown, Cai and DasGupta (2001), Statistical Science 16,
    101-133 (Jeffreys).
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import betainccinv, betaincinv, expit

from custfocus.intervals.arguments import COUNTABLE, ConfidenceInterval, Floats, critical_value
from custfocus.intervals.binomial_tails import log_density, log_tail, rough_log_odds
from custfocus.intervals.hypergeometric import whole_count_limits
from custfocus.intervals.roots import Places, increasing_roots

Betas = Sequence[tuple[Floats, Floats]]
LowerLimit = Callable[[Floats, Floats, float, int], Floats]

_FEW = 10_000  # answers up to which SciPy's inverse is right to 1e-12
_CLOSE = 1e-5  # in standard deviations; steps are of third order, which leaves 1e-15


def clopper_pearson(
    successes: Floats, n: Floats, confidence_level: float, population: Floats | None
) -> ConfidenceInterval:
    """The limits at which what was seen, or more of its kind, has probability alpha / 2."""
    return _of_tests(_clopper_pearson_limit, 0, (successes, n), confidence_level, population)


def mid_p(
    successes: Floats, n: Floats, confidence_level: float, population: Floats | None
) -> ConfidenceInterval:
    """As Clopper and Pearson's with half the probability of what was seen."""
    return _of_tests(_mid_p_limit, 0.5, (successes, n), confidence_level, population)


def _of_tests(
    lower: LowerLimit,
    uncounted: float,
    sample: tuple[Floats, Floats],
    confidence_level: float,
    population: Floats | None,
) -> ConfidenceInterval:
    """Binomial tests turned round, or hypergeometric where the population can be counted."""
    if population is None:
        return mirrored(lower, *sample, confidence_level)
    low, high = np.empty_like(population), np.empty_like(population)
    few, many = population <= COUNTABLE, population > COUNTABLE
    k, n = sample
    low[few], high[few] = whole_count_limits(
        k[few], n[few], population[few], confidence_level, uncounted
    )
    low[many], high[many] = mirrored(lower, k[many], n[many], confidence_level)
    return ConfidenceInterval(low, high)


def jeffreys(successes: Floats, n: Floats, confidence_level: float) -> ConfidenceInterval:
    """Quantiles of the beta distribution with 1/2 added to both counts, to the very ends."""
    return mirrored(_jeffreys_limit, successes, n, confidence_level)


def mirrored(
    lower: LowerLimit, successes: Floats, n: Floats, confidence_level: float
) -> ConfidenceInterval:
    """
    Both limits from *lower*, which knows the lower limit of k > 0, and 1 less it on the side -1.

    The upper limit is 1 less the lower one of those who are not successes. At the ends it is exact.
    """
    low, high = np.zeros(n.shape), np.ones(n.shape)
    for limit, counted, side in ((low, successes, 1), (high, n - successes, -1)):
        some = counted > 0
        limit[some] = lower(counted[some], n[some], confidence_level, side)
    return ConfidenceInterval(low, high)


def clopper_pearson_log_odds(k: Floats, n: Floats, confidence_level: float) -> Floats:
    """The log-odds of the lower limit."""
    return _mean_of_tails([(k, n - k + 1)], confidence_level)


def _clopper_pearson_limit(k: Floats, n: Floats, confidence_level: float, side: int) -> Floats:
    return _beta_quantile(k, n - k + 1, confidence_level, side)


def _jeffreys_limit(k: Floats, n: Floats, confidence_level: float, side: int) -> Floats:
    return _beta_quantile(k + 0.5, n - k + 0.5, confidence_level, side)


def _mid_p_limit(k: Floats, n: Floats, confidence_level: float, side: int) -> Floats:
    """P(X >= k) and P(X > k) have the mean alpha / 2."""
    log_odds = _mean_of_tails([(k, n - k + 1), (k + 1, n - k)], confidence_level)
    return np.asarray(expit(side * log_odds))


def _beta_quantile(a: Floats, b: Floats, confidence_level: float, side: int) -> Floats:
    """The alpha / 2 quantile; for the side -1 1 less it, which may have digits that it has not."""
    quantile = np.empty_like(a)
    few = a + b < _FEW
    tail = (1 - confidence_level) / 2
    if side > 0:
        quantile[few] = betaincinv(a[few], b[few], tail)
    else:
        quantile[few] = betainccinv(b[few], a[few], tail)
    log_odds = _mean_of_tails([(a[~few], b[~few])], confidence_level)
    quantile[~few] = expit(side * log_odds)
    return quantile


def _mean_of_tails(betas: Betas, confidence_level: float) -> Floats:
    """
    The log-odds where the mean of I_p(a, b) over the *betas* is alpha / 2, by Halley's steps.

    A step is Newton's on the logarithm of the sum, corrected for its curvature.
    """
    log_sum = np.log(len(betas) * (1 - confidence_level) / 2)

    def halley(log_odds: Floats, where: Places) -> tuple[Floats, Floats]:
        """How far the logarithm of the sum is above its target, and Halley's step."""
        parts = [(a[where], b[where]) for a, b in betas]
        value = np.logaddexp.reduce([log_tail(a, b, log_odds) for a, b in parts])
        slope, turn = np.zeros_like(log_odds), np.zeros_like(log_odds)
        for a, b in parts:
            part = np.exp(log_density(a, b, log_odds) - value)
            slope += part
            turn += part * (a - (a + b) * expit(log_odds))  # the density's own slope
        newton = (log_sum - value) / slope
        curvature = turn / slope - slope
        return value - log_sum, newton / np.clip(1 + newton * curvature / 2, 0.5, 2)

    (a, b), (last_a, last_b) = betas[0], betas[-1]
    a, b = (a + last_a) / 2, (b + last_b) / 2
    start = rough_log_odds(a, b, -critical_value(confidence_level))
    return increasing_roots(halley, start, _CLOSE / np.sqrt(np.minimum(a, b)))
