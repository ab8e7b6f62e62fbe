"""
The equation behind the score interval, solved in every group at once.

For scores t in [0, 1] with shares p_j and mean m the lower limit is (m - tau psi) / (1 + tau),
tau = z² / n, where psi is the root of

    sum_j p_j (t_j - m)² / (psi + t_j) = tau (psi + m),                                   (1)

or 0 where it has none. The upper limit is the same on the mirrored scale. How the sum is taken
(over the points of a scale, over single values) is left to `Deviations`.
docs/score-interval.md derives the equation.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import Floats, ignoring_underflow
from custfocus.intervals.columns import ratio

_CLOSE = 1e-8  # convergence is quadratic: a step this small is followed by one of 1e-16
_TINY = np.finfo(np.float64).tiny


class Deviations(Protocol):
    """The squared deviations p_j (t_j - m)² of each group from its mean; arrays (G,)."""

    @property
    def mean(self) -> Floats:
        """The mean m."""
        ...

    @property
    def variance(self) -> Floats:
        """Their sum."""
        ...

    @property
    def third(self) -> Floats:
        """Their sum with weights t_j."""
        ...

    @property
    def lowest(self) -> Floats:
        """Those at t = 0 alone."""
        ...

    def sums(self, psi: Floats, groups: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Their sums over psi + t_j and over its square, for some groups and the psi of each."""
        ...


@ignoring_underflow
def unit_limits(below: Deviations, above: Deviations, tau: Floats) -> tuple[Floats, Floats]:
    """Both limits (G,) from the deviations and from those of the mirrored scores."""
    low = (below.mean - tau * _psi(below, tau)) / (1 + tau)
    high = (below.mean + tau * (1 + _psi(above, tau))) / (1 + tau)
    return low, high


def _psi(deviations: Deviations, tau: Floats) -> Floats:
    """
    The root psi of equation (1), or 0 where it has none.

    Each step replaces the left side by ``alpha / (psi + beta)`` with the same value and slope
    and solves a quadratic. The left side is a sum of such terms, so for psi >= 0 it lies on or
    above this stand-in (Cauchy and Schwarz), whose root is at or below the true one. The same
    holds of the two stand-ins that the start is taken from (Jensen; a term of the sum alone):
    the iterates rise to the root, or stay at 0 where it is negative.
    """
    mean, variance = deviations.mean, deviations.variance
    skew = ratio(deviations.third, variance)
    psi = np.maximum(
        _stand_in_root(variance, skew, mean, tau),  # right for large psi
        _stand_in_root(deviations.lowest, 0, mean, tau),  # the lowest point's: right for small
    )
    rising = np.flatnonzero(tau > 0)
    while rising.size:
        now = np.maximum(psi[rising], _TINY)
        value, slope = deviations.sums(now, rising)
        beta = ratio(value, slope)
        following = _stand_in_root(value * beta, beta - now, mean[rising], tau[rising])
        psi[rising] = np.maximum(following, psi[rising])
        rising = rising[following - now > _CLOSE * following]
    return psi


def _stand_in_root(alpha: Floats, beta: Floats | float, mean: Floats, tau: Floats) -> Floats:
    """The root of ``alpha / (psi + beta) = tau (psi + mean)``, or 0 where it is negative."""
    excess = np.maximum(ratio(alpha, tau) - beta * mean, 0)
    total = beta + mean
    return ratio(2 * excess, total + np.sqrt(total * total + 4 * excess))
