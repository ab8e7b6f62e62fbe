"""
Two independent samples of a bounded score, each of a population that may be finite.

The variance of a mean is (N - n) / (N - 1) times as large where the population has N members, as
if n (N - 1) / (N - n) answers had been given: each sample takes that many in `sums`. A census has
no variance: its mean is the only score that it could have. The members who were not seen lie
between the ends of the scale, which bounds the difference that there can be.

References:
    Cochran (1977), Sampling Techniques, 3rd ed., section 2.6.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from custfocus.intervals.arguments import (
    Floats,
    finite_population_factor,
    reachable,
)
from custfocus.intervals.columns import column_mean
from custfocus.intervals.sums import ScoredSample, squared_statistic, sum_limits

Populations = tuple[Floats | None, Floats | None]

_ROUNDING = 1e-12  # of the largest score: means this close are the same


def rounding_of_means(scores: Floats) -> float:
    """How far apart, as computed, equal means can be."""
    return _ROUNDING * float(np.abs(scores).max())


class ScoredPair(NamedTuple):
    """
    Two samples of each of G groups; all fields but the first (G,).

    Attributes:
        samples: What each is worth; the scores of the second one are negated.
        value: The difference of their means; a sample without answers has the mean 0.
        least: The smallest difference that their populations can have.
        most: The largest.
        counted: Whether all of both populations was seen.
        rounding: How far apart equal means can be.
    """

    samples: tuple[ScoredSample, ScoredSample]
    value: Floats
    least: Floats
    most: Floats
    counted: NDArray[np.bool_]
    rounding: float

    @classmethod
    def of(
        cls,
        counts_a: Floats,
        counts_b: Floats,
        scores: Floats,
        populations: Populations = (None, None),
    ) -> "ScoredPair":
        """
        From counts (G, K) on scores (K,).

        Args:
            counts_a: Answers of the first samples.
            counts_b: Of the second.
            scores: In any order.
            populations: The sizes of the populations of either, shape (G,), or None.
        """
        sides = counts_a, counts_b
        census = [is_census(*side) for side in zip(sides, populations, strict=True)]
        both = census[0] & census[1]
        one, other = (
            _worth(counts, sign * scores, population, known & ~both)
            for counts, population, known, sign in zip(
                sides, populations, census, (1, -1), strict=True
            )
        )
        value = one.mean + other.mean
        (least_a, most_a), (least_b, most_b) = (
            reach(counts, scores, population)
            for counts, population in zip(sides, populations, strict=True)
        )
        rounding = rounding_of_means(scores)
        least = _outward(np.minimum(least_a - most_b, value), -rounding)
        most = _outward(np.maximum(most_a - least_b, value), rounding)
        return cls((one, other), value, least, most, both, rounding)

    def limits(self, z2: Floats) -> tuple[Floats, Floats]:
        """The score limits of the difference for squared critical values *z2*, shape (G,)."""
        low, high = (np.clip(end, self.least, self.most) for end in sum_limits(self.samples, z2))
        none = np.where(np.abs(self.value) <= self.rounding, 0, self.value)  # of censuses alike
        return (
            np.where(self.counted, np.minimum(self.value, none), low),
            np.where(self.counted, np.maximum(self.value, none), high),
        )

    def p_values(self, null: Floats, factor: Floats) -> Floats:
        """
        Two-sided p-values for differences of *null*, shape (G,): 0 for what can't be.

        Args:
            null: Shape (G,).
            factor: That of the variance, shape (G,).
        """
        within = np.clip(null, self.least, self.most)
        p = 2 * ndtr(-np.sqrt(squared_statistic(self.samples, within) / factor))
        same: NDArray[np.bool_] = np.abs(self.value - null) <= self.rounding
        p = np.where(self.counted, same.astype(np.float64), p)
        possible: NDArray[np.bool_] = np.abs(within - null) <= self.rounding
        return np.asarray(np.where(possible, p, 0))


def _outward(end: Floats, rounding: float) -> Floats:
    """The end of a range of differences, 0 where it stops short of that by rounding alone."""
    short: NDArray[np.bool_] = (end * rounding < 0) & (np.abs(end) <= abs(rounding))
    return np.where(short, 0, end)


def is_census(counts: Floats, population: Floats | None) -> NDArray[np.bool_]:
    """Whether all members of a population were seen; shape (...) for counts (..., K)."""
    n: Floats = counts.sum(axis=-1)
    return np.zeros(n.shape, np.bool_) if population is None else (n > 0) & (n == population)


def worth(counts: Floats, population: Floats | None) -> Floats:
    """As many answers as tell as much in an infinite population; those of a census as they are."""
    left = finite_population_factor(counts.sum(axis=-1), population)
    return counts / np.where(left > 0, left, 1)[..., np.newaxis]


def _worth(
    counts: Floats, scores: Floats, population: Floats | None, known: NDArray[np.bool_]
) -> ScoredSample:
    """What a sample is worth; one answer where the mean is *known*."""
    if population is None:
        return ScoredSample.of(counts, scores)
    points, columns = ScoredSample.of(worth(counts, population), scores)
    mean = column_mean(points, columns)
    columns[:, known] = 0
    columns[0, known] = 1
    return ScoredSample(np.where(known, mean, points), columns)


def reach(counts: Floats, scores: Floats, population: Floats | None) -> tuple[Floats, Floats]:
    """The least and the most that the mean of each population can be; shape (G,)."""
    points, columns = ScoredSample.of(counts, scores)
    n, ends = counts.sum(axis=-1), (float(points[0, 0]), float(points[-1, 0]))
    mean = np.nan_to_num(column_mean(points, columns))
    return reachable(n * mean, n, population, ends)
