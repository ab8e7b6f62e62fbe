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
root (nobody chose the lowest point, and it takes the missing probability), psi is 0. The upper
limit is the same on the mirrored scale: z² more answers, psi above its top.
docs/score-interval.md derives both equations.

References:
    Wilson (1927), JASA 22, 209-212. Tango (1998), Statistics in Medicine 17, 891-908.
    Owen (2001), Empirical Likelihood, chapter 2 (the restricted probabilities).
"""

import reprlib

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import ScaleError, TallyError
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    population_sizes,
    sample_sizes,
    squared_critical_values,
    whole_numbers,
)
from custfocus.intervals.proportion import wilson

_BLOCK = 8192  # groups at a time: the working arrays stay in the processor's cache
_CLOSE = 1e-8  # convergence is quadratic: a step this small is followed by one of 1e-16
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

    Every limit lies between the smallest and the largest score, also of scores that nobody
    got, and a sample of equal answers gets an interval of positive width.

    Args:
        counts: Answers on each point, whole numbers; shape (..., K). The leading axes are
            groups, each computed on its own.
        scores: The number that each point stands for, in any order; shape (K,).
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population; the variance is multiplied by
            (N - n) / (N - 1). One number, or one for each group.

    Returns:
        Limits in the unit of the scores, each of shape (...). NaN where n is 0 in a batch.

    Raises:
        TallyError: Counts that are negative or fractional or don't match the scores; a
            population smaller than the sample; a single sample with n = 0.
        ScaleError: Scores that are not finite or all equal.
        OptionError: A confidence level outside (0, 1).

    References:
        Tango (1998), Statistics in Medicine 17, 891-908: table VII gives -.027 to .390
        for 9 against 3 of 32.

    >>> low, high = score_interval([3, 20, 9], [-1, 0, 1])
    >>> print(f"{low:.3f} to {high:.3f}")
    -0.027 to 0.390
    """
    scores = _finite_scores(scores)
    counts = _matching_counts(counts, scores)
    n = sample_sizes(np.asarray(counts.sum(axis=-1)))
    return score_limits(counts, scores, n, confidence_level, population_sizes(population, n))


def mean_score(counts: Floats, scores: Floats) -> Floats:
    """The index itself, ``sum_j counts_j scores_j / n``; shape (...), NaN where n is 0."""
    points, columns = _merged(counts, scores)
    return _mean(points, columns).reshape(counts.shape[:-1])


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
    points, columns = _merged(counts, scores)
    mean = _mean(points, columns).reshape(n.shape)
    total = _weighted_sum(columns, np.ones_like(points))
    z2 = squared_critical_values(n, confidence_level, population)
    census = z2 == 0
    z2 = z2.ravel() * _ratio(total, n.ravel())  # so that z² / total is what z² / n should be
    lowest, span = points[0], points[-1] - points[0]
    if len(points) == 2:
        low, high = wilson(columns[1], total, z2)
    else:
        low, high = _limits_on_unit_scale(columns, total, (points - lowest) / span, z2)
    low, high = (lowest + span * limit.reshape(mean.shape) for limit in (low, high))
    return ConfidenceInterval(
        np.asarray(np.where(census, mean, np.clip(low, lowest, mean))),
        np.asarray(np.where(census, mean, np.clip(high, mean, points[-1]))),
    )


def _finite_scores(scores: ArrayLike) -> Floats:
    try:
        array = np.asarray(scores, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.array(np.nan)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ScaleError(
            f"scores must be one finite number for each point, got {reprlib.repr(scores)}"
        )
    if len(np.unique(array)) < 2:
        raise ScaleError(f"scores must differ between at least two points, got {scores!r}")
    return array


def _matching_counts(counts: ArrayLike, scores: Floats) -> Floats:
    array = whole_numbers(counts, "counts")
    if array.ndim == 0 or array.shape[-1] != len(scores):
        raise TallyError(
            f"counts must have one column for each of the {len(scores)} scores, "
            f"got shape {array.shape}"
        )
    return array


def _merged(counts: Floats, scores: Floats) -> tuple[Floats, Floats]:
    """The distinct scores, ascending (P,), and the counts on each as contiguous rows (P, G)."""
    points, where = np.unique(scores, return_inverse=True)
    columns = np.zeros((len(points), counts[..., 0].size))
    for j, row in enumerate(where):
        columns[row] += counts[..., j].ravel()
    return points, columns


def _mean(points: Floats, columns: Floats) -> Floats:
    """The mean of each group (G,), held to the scale, which rounding could leave."""
    n = _weighted_sum(columns, np.ones_like(points))
    mean = _weighted_sum(columns, points) / np.where(n > 0, n, np.nan)
    return np.clip(mean, points[0], points[-1])


def _limits_on_unit_scale(
    columns: Floats, n: Floats, t: Floats, z2: Floats
) -> tuple[Floats, Floats]:
    """Both limits for scores 0 = t[0] < ... < t[-1] = 1 with counts (P, G); NaN where n is 0."""
    low, high = np.empty_like(z2), np.empty_like(z2)
    for start in range(0, len(z2), _BLOCK):
        block = slice(start, start + _BLOCK)
        size = np.where(n[block] > 0, n[block], np.nan)
        shares, tau = columns[:, block] / size, z2[block] / size
        mean = _weighted_sum(shares, t)
        below = _psi(shares, t, tau)
        above = _psi(shares[::-1], 1 - t[::-1], tau)
        low[block] = (mean - tau * below) / (1 + tau)
        high[block] = (mean + tau * (1 + above)) / (1 + tau)
    return low, high


def _psi(shares: Floats, t: Floats, tau: Floats) -> Floats:
    """
    The root psi of equation (1) divided by n, or 0 where it has none.

    Each step replaces the left side by ``alpha / (psi + beta)`` with the same value and slope
    and solves a quadratic. The left side is a sum of such terms, so for psi >= 0 it lies on or
    above this stand-in (Cauchy and Schwarz), whose root is at or below the true one. The same
    holds of the two stand-ins that the start is taken from (Jensen; a term of the sum alone):
    the iterates rise to the root, or stay at 0 where it is negative.
    """
    mean = _weighted_sum(shares, t)
    spread = shares * (t[:, None] - mean) ** 2
    variance = _weighted_sum(spread, np.ones_like(t))
    skew = _ratio(_weighted_sum(spread, t), variance)
    psi = np.maximum(
        _stand_in_root(variance, skew, mean, tau),  # right for large psi
        _stand_in_root(spread[0], 0, mean, tau),  # the lowest point's term: right for small
    )
    rising = np.flatnonzero(tau > 0)
    while rising.size:
        now = np.maximum(psi[rising], _TINY)
        value, slope = np.zeros_like(now), np.zeros_like(now)
        for part, point in zip(spread[:, rising], t, strict=True):
            term = part / (now + point)
            value += term
            slope += term / (now + point)
        beta = _ratio(value, slope)
        following = _stand_in_root(value * beta, beta - now, mean[rising], tau[rising])
        psi[rising] = np.maximum(following, psi[rising])
        rising = rising[following - now > _CLOSE * following]
    return psi


def _stand_in_root(alpha: Floats, beta: Floats | float, mean: Floats, tau: Floats) -> Floats:
    """The root of ``alpha / (psi + beta) = tau (psi + mean)``, or 0 where it is negative."""
    excess = np.maximum(_ratio(alpha, tau) - beta * mean, 0)
    total = beta + mean
    return _ratio(2 * excess, total + np.sqrt(total * total + 4 * excess))


def _weighted_sum(rows: Floats, weights: Floats) -> Floats:
    """Row by row, so that a group gets the same bits alone and in a batch."""
    total = np.zeros(rows.shape[1:])
    for row, weight in zip(rows, weights, strict=True):
        total += row * weight
    return total


def _ratio(above: Floats, below: Floats) -> Floats:
    return above / np.where(below > 0, below, 1)
