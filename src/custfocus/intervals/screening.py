"""
Which pairs of many groups differ clearly and which clearly do not, without solving for each pair.

By equation (1) of sums.py the squared score statistic of two groups, d apart, is at least c where

    e_a(lambda) + e_b(lambda) <= d    at    lambda = d / c,                                (1)

with e what the restricted mean of each of them gives up. Each e belongs to one group alone and
falls in lambda. So it is tabulated once for each group, on the same steps of lambda for all, and
a pair is settled by what stands at the steps on either side of its own lambda. A few of a hundred
pairs stay open, those whose statistic is within a step of c.

A sample of a finite population gives up what a larger one of an infinite population would, a census
nothing. Pairs whose populations can't have equal means differ clearly, whatever (1) says.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from custfocus.intervals.arguments import Floats
from custfocus.intervals.scored_pair import is_census, reach, rounding_of_means, worth
from custfocus.intervals.sums import ScoredSample, given_up

Places = NDArray[np.intp]

_STEPS, _STEP = 128, 1.05  # lambda from the largest there can be down to a 500th
_BLOCK = 256  # groups at a time: the working arrays stay within some megabytes
_MARGIN = 1e-8  # of d; e is known to 1e-10


class PairScreen(NamedTuple):
    """
    What settles pairs of groups.

    Attributes:
        mean: The mean score of each group, shape (groups,).
        n: Its answers.
        down: What its mean gives up when pushed down, by step of lambda, (groups, steps).
        up: The same when it is pushed up.
        least: The smallest mean that its population can have.
        most: The largest one.
        rounding: How far apart equal means can be.
        largest: The lambda of the first step.
        squared: The squared critical values of the smaller and the larger p-value.
    """

    mean: Floats
    n: Floats
    down: Floats
    up: Floats
    least: Floats
    most: Floats
    rounding: float
    largest: float
    squared: tuple[float, float]

    @classmethod
    def of(
        cls,
        counts: Floats,
        scores: Floats,
        between: tuple[float, float],
        population: Floats | None = None,
    ) -> "PairScreen":
        """
        The tables of some groups.

        Args:
            counts: Shape (groups, K), at least one answer in each.
            scores: Shape (K,).
            between: The p-values that matter: smaller and larger ones are settled.
            population: The sizes of the groups' populations, shape (groups,), or None.
        """
        small, large = (float(ndtri(p / 2)) ** 2 for p in between)
        largest = float(np.ptp(scores)) / large
        steps = largest * _STEP ** -np.arange(_STEPS, dtype=np.float64)
        sample = ScoredSample.of(worth(counts, population), scores)
        down, up = (_table(side, steps) for side in (sample, sample.negated()))
        known = is_census(counts, population)
        down[known] = up[known] = 0
        ends = reach(counts, scores, population)
        n = counts.sum(axis=-1)
        rounding = rounding_of_means(scores)
        return cls(sample.mean, n, down, up, *ends, rounding, largest, (small, large))

    def settled(self, one: Places, other: Places) -> Floats:
        """P-values of pairs of groups: 0 for small ones, 1 for large ones, NaN where open."""
        gap = self.mean[one] - self.mean[other]
        first, second = np.where(gap > 0, one, other), np.where(gap > 0, other, one)
        gap = np.abs(gap)
        total = self.n[one] + self.n[other]
        small, large = (self._step(gap, total, squared) for squared in self.squared)
        found = np.full(len(one), np.nan)
        above = np.floor(large).astype(np.intp).clip(max=_STEPS - 1)
        found[self._sum(first, second, above) > gap * (1 + _MARGIN)] = 1
        below = np.ceil(small).astype(np.intp).clip(max=_STEPS - 1)
        least = self._sum(first, second, below)
        found[(least <= gap * (1 - _MARGIN)) & (small <= _STEPS - 1)] = 0
        found[self.least[first] - self.most[second] > self.rounding] = 0
        return found

    def _step(self, gap: Floats, total: Floats, squared: float) -> Floats:
        """Which step the lambda of (1) is at; not whole."""
        with np.errstate(divide="ignore"):
            factor = total / (total - 1)  # Miettinen and Nurminen's
            steps: Floats = np.log(self.largest * squared * factor / gap) / np.log(_STEP)
        return np.asarray(np.clip(steps, 0, _STEPS))

    def _sum(self, first: Places, second: Places, step: Places) -> Floats:
        both: Floats = self.down[first, step] + self.up[second, step]
        return both


def _table(sample: ScoredSample, steps: Floats) -> Floats:
    """What each group's mean gives up at each step, shape (groups, steps)."""
    groups = sample.columns.shape[1]
    found = np.empty((groups, len(steps)))
    for start in range(0, groups, _BLOCK):
        some = sample.of_groups(slice(start, start + _BLOCK))
        found[start : start + _BLOCK] = given_up(some, steps)
    return found
