"""
Blaker's interval for a proportion: exact as Clopper and Pearson's, and within it.

It holds the proportions p at which what was seen is acceptable: the probability of its tail, plus
that of as much of the opposite tail as is no more probable, is at least alpha. Those need not be
one stretch; the interval is their convex hull.

Below the estimate the tail is u(p) = P(X >= k), which rises, and the opposite tail reaches up to
the largest c with P(X <= c) <= u(p). Where c rises by one, at a jump, the acceptability is 2 u(p).
Between two jumps it is 1 - P(c < X < k), which falls and then rises. The lower limit follows:

- Clopper and Pearson's limit has u = alpha / 2, so that at it and before it the acceptability is
  alpha at most, and at the first jump after it at least alpha.
- In between, c stays as it is at Clopper and Pearson's limit; so the limit is where the rising
  stretch passes alpha, or else the jump itself.

The upper limit is its mirror image.

References:
    Blaker (2000), Canadian Journal of Statistics 28, 783-798. Klaschka and Reiczigel (2021),
    Computational Statistics 36, 1775-1790 (the jumps and the stretches between them).
"""

import numpy as np
from scipy.special import expit

from custfocus.intervals.arguments import ConfidenceInterval, Floats, critical_value
from custfocus.intervals.binomial_tails import log_density, log_tail
from custfocus.intervals.exact_proportion import clopper_pearson_log_odds, mirrored
from custfocus.intervals.roots import Places, Truths, increasing_roots, largest_accepted

_ROUNDING_OF_TAIL = (
    1e-13  # relative: where both tails are alpha / 2, c is yet to rise, by a jump right there
)
_CLOSE = 1e-7  # in standard deviations; Newton's steps are of second order, which leaves 1e-14


def blaker(successes: Floats, n: Floats, confidence_level: float) -> ConfidenceInterval:
    """The convex hull of the proportions at which what was seen is acceptable."""
    return mirrored(_limit, successes, n, confidence_level)


def _limit(k: Floats, n: Floats, confidence_level: float, side: int) -> Floats:
    log_odds = _lower_log_odds(k, n, confidence_level)
    return np.asarray(expit(side * log_odds))


def _lower_log_odds(k: Floats, n: Floats, confidence_level: float) -> Floats:
    outer = clopper_pearson_log_odds(k, n, confidence_level)
    c = _opposite_tail(outer, n, confidence_level)
    close = _CLOSE / np.sqrt(np.minimum(k, n - k + 1))
    jump = _next_jump(outer, k, c, n, close)
    log_alpha = np.log(1 - confidence_level)

    def acceptability(log_odds: Floats, where: Places) -> tuple[Floats, Floats]:
        """How far its logarithm is above that of alpha, and Newton's step to where they meet."""
        here, end, size = k[where], c[where], n[where]
        upper, lower = (here, size - here + 1), (size - end, end + 1)
        value = np.logaddexp(log_tail(*upper, log_odds), log_tail(*lower, -log_odds))
        slope = np.exp(log_density(*upper, log_odds) - value)
        slope -= np.exp(log_density(*lower, -log_odds) - value)
        return value - log_alpha, (log_alpha - value) / slope

    passed = np.flatnonzero(acceptability(jump, np.arange(k.size))[0] > 0)
    limit = jump.copy()
    limit[passed] = increasing_roots(
        lambda log_odds, where: acceptability(log_odds, passed[where]),
        jump[passed],
        close[passed],
        left=outer[passed],
        right=jump[passed],
    )
    return limit


def _opposite_tail(log_odds: Floats, n: Floats, confidence_level: float) -> Floats:
    """The largest c with P(X <= c) at most alpha / 2, -1 if there is none."""
    p, q = expit(log_odds), expit(-log_odds)
    z, deviation = -critical_value(confidence_level), np.sqrt(n * p * q)
    quantile = n * p + deviation * z + (q - p) * (z**2 - 1) / 6  # Cornish-Fisher
    log_half_alpha = np.log((1 - confidence_level) / 2) - _ROUNDING_OF_TAIL

    def accepts(c: Floats, where: Places) -> Truths:
        log_p = log_tail(n[where] - c, c + 1, -log_odds[where])
        return np.asarray(log_p <= log_half_alpha)

    return largest_accepted(np.maximum(np.floor(quantile - 0.5), -1), np.ones_like(n), accepts)


def _next_jump(left: Floats, k: Floats, c: Floats, n: Floats, close: Floats) -> Floats:
    """The log-odds where P(X >= k) reaches P(X <= c + 1), which is beyond *left*."""

    def lead(log_odds: Floats, where: Places) -> tuple[Floats, Floats]:
        """The logarithm of the ratio of the two tails, and Newton's step to where it is 0."""
        here, end, size = k[where], c[where] + 1, n[where]
        upper, lower = (here, size - here + 1), (size - end, end + 1)
        log_upper, log_lower = log_tail(*upper, log_odds), log_tail(*lower, -log_odds)
        slope = np.exp(log_density(*upper, log_odds) - log_upper)
        slope += np.exp(log_density(*lower, -log_odds) - log_lower)
        return log_upper - log_lower, (log_lower - log_upper) / slope

    return increasing_roots(lead, left, close, left=left)
