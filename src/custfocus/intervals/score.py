"""
The score interval for the mean of a bounded score: one method for every satisfaction index.

The interval holds all means mu with ``n (m - mu)² <= z² v(mu)``, where v(mu) is the variance of
the score under the probabilities that maximise the likelihood among those with mean mu. With
two scores it is Wilson's interval, with -1/0/1 it is Tango's.

Scale the scores to t in [0, 1]. For the lower limit the restricted probabilities are
proportional to ``c_j / (psi + t_j)`` for some psi >= 0, and with them the condition turns into
one equation in psi,

    sum_j c_j (t_j - m)² / (psi + t_j) = z² (psi + m),                                    (1)

whose left side falls and whose right side rises; the variance is v(mu) = (psi + mu) (m - mu).
The limit is then

    low = (n m - z² psi) / (n + z²),                                                      (2)

as if z² more answers had been given, psi below the foot of the scale. When (1) has no positive
root (the lowest point has no answers, and it takes the missing probability), psi is 0. The upper
limit is the same on the mirrored scale: z² more answers, psi above its top.
How the sum in (1) is taken (over the points of a scale, over single values) is left to
`Deviations`. docs/score-interval.md derives both equations.

References:
    Wilson (1927), JASA 22, 209-212. Tango (1998), Statistics in Medicine 17, 891-908.
    Owen (2001), Empirical Likelihood, chapter 2 (the restricted probabilities).
"""

import reprlib
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import GREATEST_SIZE, LEAST_SIZE, ScaleError, TallyError
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    ignoring_underflow,
    population_sizes,
    sample_sizes,
    squared_critical_values,
    whole_numbers,
    within_reach,
)
from custfocus.intervals.columns import (
    blocks,
    column_mean,
    column_sum,
    merged_columns,
    ratio,
    weighted_sum,
)
from custfocus.intervals.proportion import wilson

_CONVERGED = 1e-8  # convergence is quadratic: a step this small is followed by one of 1e-16
_TINY = np.finfo(np.float64).tiny


def score_interval(
    counts: ArrayLike,
    scores: ArrayLike,
    *,
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
) -> ConfidenceInterval:
    """
    The score interval for the mean of a bounded score.

    Every limit lies between the smallest and the largest score, also of scores without
    answers, and a sample of equal answers gets an interval of positive width.

    Args:
        counts: Answers on each point, whole numbers; shape (..., K). The leading axes are
            groups, each computed on its own.
        scores: The number that each point stands for, in any order; shape (K,).
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population; the variance is multiplied by
            (N - n) / (N - 1), and the limits are held to what its unseen members can do. One
            number, or one for each group.

    Returns:
        Limits in the unit of the scores, each of shape (...). NaN where n is 0 in a batch.

    Raises:
        TallyError: Counts that are negative or fractional or don't match the scores; a
            population smaller than the sample; a single sample with n = 0.
        ScaleError: Scores that are not finite, all equal, or neither 0 nor from 1e-50 to 1e50
            in size.
        OptionError: A confidence level outside (0, 1).

    References:
        Tango (1998), Statistics in Medicine 17, 891-908: table VII gives -.027 to .390
        for 9 against 3 of 32.

    >>> low, high = score_interval([3, 20, 9], [-1, 0, 1])
    >>> print(f"{low:.3f} to {high:.3f}")
    -0.027 to 0.390
    """
    scores = finite_scores(scores)
    counts = matching_counts(counts, scores)
    n = sample_sizes(np.asarray(counts.sum(axis=-1)))
    return score_limits(counts, scores, n, confidence_level, population_sizes(population, n))


def mean_score(counts: Floats, scores: Floats) -> Floats:
    """The index itself, ``sum_j counts_j scores_j / n``; shape (...), NaN where n is 0."""
    points, columns = merged_columns(counts, scores)
    return column_mean(points, columns).reshape(counts.shape[:-1])


def mean_variance(counts: Floats, scores: Floats) -> Floats:
    """The variance of the mean score, s² / n, shape (...); infinite for a single answer."""
    points, columns = merged_columns(counts, scores)
    n = column_sum(columns)
    shares = ratio(columns, n)
    mean = column_sum(shares * points[:, None])
    spread = column_sum(shares * (points[:, None] - mean) ** 2)
    with np.errstate(all="ignore"):
        variance = spread / (n - 1)
    return np.where(n > 1, variance, np.inf).reshape(counts.shape[:-1])


def score_limits(
    counts: Floats,
    scores: Floats,
    n: Floats,
    confidence_level: float,
    population: Floats | None,
) -> ConfidenceInterval:
    """
    The limits for *n* answers in the proportions of the counts, which need not be whole.

    So it serves effective sizes and planned samples as well as the counts themselves. Each
    limit is held between the mean and its end of the scale, which rounding could cross.

    Args:
        counts: Shape (..., K).
        scores: Shape (K,), at least two distinct.
        n: Answers, shape (...); the sum of the counts for the counts themselves.
        confidence_level: Two-sided, in (0, 1).
        population: Sizes of finite populations, shape (...), or None.
    """
    points, columns = merged_columns(counts, scores)
    mean = column_mean(points, columns).reshape(n.shape)
    total = column_sum(columns)
    z2 = squared_critical_values(n, confidence_level, population)
    census = z2 == 0
    z2 = z2.ravel() * ratio(total, n.ravel())  # so that z² / total is what z² / n should be
    lowest, span = points[0], points[-1] - points[0]
    if len(points) == 2:
        low, high = wilson(columns[1], total, z2)
    else:
        low, high = _limits_on_unit_scale(columns, total, (points - lowest) / span, z2)
    found = (lowest + span * low.reshape(n.shape), lowest + span * high.reshape(n.shape))
    seen = mean if population is None else n * mean  # n may be infinite without one
    low, high = within_reach(found, seen, n, population, (lowest, points[-1]))
    return ConfidenceInterval(
        np.asarray(np.where(census, mean, np.clip(low, lowest, mean))),
        np.asarray(np.where(census, mean, np.clip(high, mean, points[-1]))),
    )


def finite_scores(scores: ArrayLike) -> Floats:
    """Scores as float64, shape (K,); an error unless finite, of usual size and not all equal."""
    try:
        array = np.asarray(scores, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        array = np.array(np.nan)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ScaleError(
            f"scores must be one finite number for each point, got {reprlib.repr(scores)}"
        )
    size = np.abs(array[array != 0])
    if not ((size >= LEAST_SIZE) & (size <= GREATEST_SIZE)).all():
        raise ScaleError(
            f"scores must be 0 or from {LEAST_SIZE:g} to {GREATEST_SIZE:g} in size, "
            f"got {reprlib.repr(array.tolist())}"
        )
    if len(np.unique(array)) < 2:
        raise ScaleError(
            f"scores must differ between at least two points, got {reprlib.repr(scores)}"
        )
    return array


def matching_counts(counts: ArrayLike, scores: Floats) -> Floats:
    """Counts as float64, shape (..., K); an error unless whole and one for each score."""
    array = whole_numbers(counts, "counts")
    if array.ndim == 0 or array.shape[-1] != len(scores):
        raise TallyError(
            f"counts must have one column for each of the {len(scores)} scores, "
            f"got shape {array.shape}"
        )
    return array


def _limits_on_unit_scale(
    columns: Floats, n: Floats, t: Floats, z2: Floats
) -> tuple[Floats, Floats]:
    """Both limits for scores 0 = t[0] < ... < t[-1] = 1 with counts (P, G); NaN where n is 0."""
    low, high = np.empty_like(z2), np.empty_like(z2)
    for block in blocks(len(z2)):
        size = np.where(n[block] > 0, n[block], np.nan)
        shares, tau = columns[:, block] / size, z2[block] / size
        below, above = _Columns.of(shares, t), _Columns.of(shares[::-1], 1 - t[::-1])
        low[block], high[block] = unit_limits(below, above, tau)
    return low, high


class _Columns(NamedTuple):
    """The deviations of shares (P, G) on the scores t (P,); see `Deviations`."""

    t: Floats
    squares: Floats
    mean: Floats
    variance: Floats
    third: Floats
    lowest: Floats

    @classmethod
    def of(cls, shares: Floats, t: Floats) -> "_Columns":
        """The points' shares with their moments."""
        mean = weighted_sum(shares, t)
        squares = shares * (t[:, None] - mean) ** 2
        return cls(t, squares, mean, column_sum(squares), weighted_sum(squares, t), squares[0])

    def sums(self, psi: Floats, groups: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """The sums over the points, of some groups; see `Deviations`."""
        value, slope = np.zeros_like(psi), np.zeros_like(psi)
        for part, point in zip(self.squares[:, groups], self.t, strict=True):
            term = part / (psi + point)
            value += term
            slope += term / (psi + point)
        return value, slope


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
        stand_in_root(variance, skew, mean, tau),  # right for large psi
        stand_in_root(deviations.lowest, 0, mean, tau),  # the lowest point's: right for small
    )
    rising = np.flatnonzero(tau > 0)
    while rising.size:
        now = np.maximum(psi[rising], _TINY)
        value, slope = deviations.sums(now, rising)
        beta = ratio(value, slope)
        following = stand_in_root(value * beta, beta - now, mean[rising], tau[rising])
        psi[rising] = np.maximum(following, psi[rising])
        rising = rising[following - now > _CONVERGED * following]
    return psi


def stand_in_root(alpha: Floats, beta: Floats | float, mean: Floats, tau: Floats) -> Floats:
    """The root of ``alpha / (psi + beta) = tau (psi + mean)``, or 0 where it is negative."""
    excess = np.maximum(ratio(alpha, tau) - beta * mean, 0)
    total = beta + mean
    return ratio(2 * excess, total + np.sqrt(total * total + 4 * excess))
