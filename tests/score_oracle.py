"""
The score interval for a mean, or for a difference of two, slowly and straight from its definition.

The interval holds every delta with ``(d - delta)² <= z² sum_i v_i / n_i``, the variances taken
under the probabilities that maximise ``sum_i sum_j c_ij log p_ij`` subject to ``sum_j p_ij = 1``
and ``mu_1 - mu_2 = delta`` (``mu_1 = delta`` for one sample), over the whole scale: also over
points that no one chose.

Nothing here is shared with the library: decimal numbers of 34 digits, one table or pair of tables
at a time, bisection on the multiplier b that the samples share. With t the scores
of a sample above the one that a falling delta pushes it to, the maximum is
``p_j = c_j / (a + b t_j)``; each a is the root of ``sum_j p_j = 1``, and where it has none with
a >= 0 (no one chose that extreme point) a is 0 and the extreme point takes the missing probability.
The rest are plain sums.

References:
    Mee (1984), Biometrics 40, 1175-1176. Owen (2001), Empirical Likelihood, section 2.9.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, getcontext
from functools import cached_property

import numpy as np
from mpmath import mp

DIGITS = 34
getcontext().prec = DIGITS

LEVELS = (0.5, 0.8, 0.95, 0.99, 0.999, 1 - 1e-6, 1 - 1e-9)


@dataclass(frozen=True)
class Sample:
    """Counts on scores; the multiplier pushes the sample towards its lowest score."""

    counts: Sequence[int]
    scores: Sequence[Decimal]

    @cached_property
    def n(self) -> Decimal:
        return Decimal(sum(self.counts))

    @cached_property
    def mean(self) -> Decimal:
        return mean_under([c / self.n for c in self.counts], self.scores)

    @cached_property
    def mirrored(self) -> "Sample":
        return Sample(self.counts, [-score for score in self.scores])

    def probabilities(self, b: Decimal) -> list[Decimal]:
        """``c_j / (a + b t_j)`` with the a that makes them add up to 1, lowest point included."""
        least = min(self.scores)
        heights = [b * (score - least) for score in self.scores]
        chosen = [(c, h) for c, h in zip(self.counts, heights, strict=True) if c]

        at_edge = all(h > 0 for _, h in chosen) and sum(c / h for c, h in chosen) < 1
        a = Decimal(0) if at_edge else height_of_total_1(chosen)
        p = [c / (a + h) if c else Decimal(0) for c, h in zip(self.counts, heights, strict=True)]
        if at_edge:
            p[self.scores.index(least)] += 1 - sum(p)
        return p


@dataclass(frozen=True)
class Oracle:
    """Samples whose means, added up, are estimated: a second one with its scores negated."""

    samples: tuple[Sample, ...]

    @classmethod
    def of(cls, *counts: Sequence[int], scores: Sequence[float]) -> "Oracle":
        """One sample, or two, on the same scores."""
        exact = [Decimal(score) for score in np.array(scores).tolist()]
        first, *second = (Sample(np.array(one).tolist(), exact) for one in counts)
        return cls((first, *(one.mirrored for one in second)))

    @cached_property
    def mirrored(self) -> "Oracle":
        return Oracle(tuple(one.mirrored for one in self.samples))

    @cached_property
    def estimate(self) -> Decimal:
        return sum(one.mean for one in self.samples)

    @cached_property
    def lowest(self) -> Decimal:
        return sum(min(one.scores) for one in self.samples)

    @cached_property
    def length(self) -> Decimal:
        scores = self.samples[0].scores
        return max(scores) - min(scores)

    def under(self, b: Decimal) -> tuple[Decimal, Decimal]:
        """Delta under b, and the variance of its estimate there."""
        delta, variance = Decimal(0), Decimal(0)
        for one in self.samples:
            p = one.probabilities(b)
            mean = mean_under(p, one.scores)
            delta += mean
            variance += mean_under(p, [(s - mean) ** 2 for s in one.scores]) / one.n
        return delta, variance

    def limits(
        self, level: float, *, correction: bool = False, population: int | None = None
    ) -> tuple[float, float]:
        """Both limits, to some 1e-24 of the scale's length before they are rounded."""
        with mp.workdps(DIGITS):
            z2 = Decimal(str(2 * mp.erfinv(mp.mpf(level)) ** 2))
        n = sum(one.n for one in self.samples)
        reach = (-Decimal("Infinity"), Decimal("Infinity"))
        if correction:
            z2 = z2 * n / (n - 1)
        if population is not None:
            z2 = z2 * (population - n) / (population - 1)
            ends = [end(self.samples[0].scores) for end in (min, max)]
            reach = tuple((n * self.estimate + (population - n) * e) / population for e in ends)
        low, high = self.lower_limit(z2), -self.mirrored.lower_limit(z2)
        return float(max(low, reach[0])), float(min(high, reach[1]))

    def lower_limit(self, z2: Decimal) -> Decimal:
        if self.estimate == self.lowest:
            return self.estimate

        def outside(b: Decimal) -> bool:
            delta, variance = self.under(b)
            # the hair keeps a stretch where both sides are 0 inside, whatever the rounding
            hair = self.length**2 * Decimal("1e-48")
            return (self.estimate - delta) ** 2 > z2 * variance + hair

        return self.under(self._multiplier(outside))[0]

    def squared_statistic(self, null: float) -> float:
        """``(d - null)² / sum_i v_i / n_i`` where null lies within the scale."""
        if null > self.estimate:
            return self.mirrored.squared_statistic(-null)
        if null == self.estimate:
            return 0.0
        delta, variance = self.under(self.multiplier_of(null))
        return float((self.estimate - delta) ** 2 / variance)

    def multiplier_of(self, delta: float) -> Decimal:
        """The b under which the means have that sum, which is less than the estimate."""
        return self._multiplier(lambda b: self.under(b)[0] < Decimal(delta))

    def _multiplier(self, beyond: Callable[[Decimal], bool]) -> Decimal:
        """The b, in units of 1 / length, beyond which something is true."""
        left = right = 1 / self.length
        while beyond(left):
            left /= 16
        while not beyond(right):
            right *= 16
        return turning_point(beyond, left, right)


def mean_under(p: Sequence[Decimal], values: Sequence[Decimal]) -> Decimal:
    return sum(q * value for q, value in zip(p, values, strict=True))


def height_of_total_1(chosen: Sequence[tuple[int, Decimal]]) -> Decimal:
    """The a with ``sum c / (a + h) = 1``, by Newton's method from the left: the sum is convex."""
    a = max(Decimal(0), *(c - h for c, h in chosen))
    while True:
        terms = [(c / (a + h), a + h) for c, h in chosen]
        step = (sum(p for p, _ in terms) - 1) / sum(p / height for p, height in terms)
        if step <= a * Decimal("1e-32"):
            return a
        a += step


def turning_point(true: Callable[[Decimal], bool], left: Decimal, right: Decimal) -> Decimal:
    """Where something that is false on the left and true on the right turns true."""
    while True:
        middle = (left + right) / 2
        if right - left <= right * Decimal("1e-26"):
            return middle
        if true(middle):
            right = middle
        else:
            left = middle


def random_sample(generator: np.random.Generator, points: int) -> np.ndarray:
    """Counts from 1 answer to 1e9: any, all on one point, on the inner points, or geometric."""
    kind = generator.integers(4)
    if kind == 3:
        return np.floor(10 ** generator.uniform(0, 9 * generator.uniform(), points)).astype(int)
    shares = generator.dirichlet(np.full(points, generator.choice([0.05, 0.5, 2])))
    if kind == 1:
        shares = np.eye(points)[generator.integers(points)]
    if kind == 2 and points > 3:
        shares[[0, -1]] = 0
    n = int(10 ** generator.uniform(0, 9))
    return generator.multinomial(n, shares / shares.sum())


def random_case(seed: int, samples: int) -> tuple[list[np.ndarray], np.ndarray, float]:
    """Samples on 2 to 11 points, even, uneven, in no order, crowded or tied; and a level."""
    generator = np.random.default_rng([1985, seed])
    points = int(generator.integers(2, 12))
    scores = [
        np.arange(points) + 1.0,
        np.sort(generator.uniform(-10, 10, points)).round(3),
        generator.permutation(np.cumsum(generator.exponential(size=points) ** 3)),
        -(10.0 ** -np.arange(points)),
        np.r_[generator.integers(-1, 2, points), 1.0, -1.0][-points:],
    ][int(generator.integers(5))]
    counts = [random_sample(generator, points) for _ in range(samples)]
    return counts, scores, float(generator.choice(LEVELS))
