"""
The score interval for a difference of two means, slowly and straight from its definition.

The interval holds every delta with ``(d - delta)² <= z² (v_1 / n_1 + v_2 / n_2)``, the variances
taken under the probabilities that maximise ``sum_i sum_j c_ij log p_ij`` subject to
``sum_j p_ij = 1`` and ``mu_1 - mu_2 = delta``, over the whole scale: also over points that nobody
chose.

Nothing here is shared with the library: decimal numbers of 34 digits, one pair of tables at a
time, bisection, and the multiplier b that the samples share as the unknown. With t the scores of
a sample above the one that a falling delta pushes it to, the maximum is
``p_j = c_j / (a + b t_j)``; each a is the root of ``sum_j p_j = 1``, and where it has none with
a >= 0 (nobody chose that extreme point) a is 0 and the extreme point takes the missing
probability. The rest are plain sums.

``python tests/reference/two_sample_oracle.py`` compares the library with it on random tables.

References:
    Mee (1984), Biometrics 40, 1175-1176. Owen (2001), Empirical Likelihood, section 2.9.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, getcontext
from functools import cached_property

import numpy as np
from mpmath import mp

from custfocus.intervals.two_sample import score_interval_difference

DIGITS = 34
getcontext().prec = DIGITS

LEVELS = (0.5, 0.8, 0.95, 0.99, 0.999, 1 - 1e-6, 1 - 1e-9)


def squared_critical_value(confidence_level: float) -> Decimal:
    """The square of the z with that probability between -z and z."""
    with mp.workdps(DIGITS):
        return Decimal(str(2 * mp.erfinv(mp.mpf(confidence_level)) ** 2))


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

    def probabilities(self, b: Decimal) -> list[Decimal]:
        """``c_j / (a + b t_j)`` with the a that makes them add up to 1, lowest point included."""
        least = min(self.scores)
        heights = [b * (score - least) for score in self.scores]
        chosen = [(c, h) for c, h in zip(self.counts, heights, strict=True) if c]
        lowest_unchosen = all(h > 0 for _, h in chosen)

        def too_little(a: Decimal) -> bool:
            return sum(c / (a + h) for c, h in chosen) < 1

        at_edge = lowest_unchosen and too_little(Decimal(0))
        a = Decimal(0) if at_edge else turning_point(too_little, Decimal(0), self.n)
        p = [c / (a + h) if c else Decimal(0) for c, h in zip(self.counts, heights, strict=True)]
        if at_edge:
            p[self.scores.index(least)] += 1 - sum(p)
        return p


@dataclass(frozen=True)
class Pair:
    """Two samples on the same scores."""

    counts_a: Sequence[int]
    counts_b: Sequence[int]
    scores: Sequence[float]

    @cached_property
    def samples(self) -> tuple[Sample, Sample]:
        """The second sample's scores negated, so that both are pushed to their lowest."""
        scores = [Decimal(score) for score in self.scores]
        return (
            Sample([int(c) for c in self.counts_a], scores),
            Sample([int(c) for c in self.counts_b], [-score for score in scores]),
        )

    @cached_property
    def mirrored(self) -> "Pair":
        return Pair(self.counts_b, self.counts_a, self.scores)

    @cached_property
    def difference(self) -> Decimal:
        return sum(sample.mean for sample in self.samples)

    @cached_property
    def length(self) -> Decimal:
        scores = self.samples[0].scores
        return max(scores) - min(scores)

    def delta_and_variance(self, b: Decimal) -> tuple[Decimal, Decimal]:
        """The difference of the means under b, and the variance of its estimate there."""
        delta, variance = Decimal(0), Decimal(0)
        for sample in self.samples:
            p = sample.probabilities(b)
            mean = mean_under(p, sample.scores)
            delta += mean
            variance += mean_under(p, [(s - mean) ** 2 for s in sample.scores]) / sample.n
        return delta, variance

    def limits(self, confidence_level: float, *, correction: bool) -> tuple[float, float]:
        """Both limits, to some 1e-24 of the scale's length before they are rounded."""
        z2 = squared_critical_value(confidence_level)
        if correction:
            total = sum(sample.n for sample in self.samples)
            z2 = z2 * total / (total - 1)
        return float(self.lower_limit(z2)), float(-self.mirrored.lower_limit(z2))

    def lower_limit(self, z2: Decimal) -> Decimal:
        if self.difference == -self.length:
            return self.difference

        def outside(b: Decimal) -> bool:
            delta, variance = self.delta_and_variance(b)
            # the hair keeps a stretch where both sides are 0 inside, whatever the rounding
            hair = self.length**2 * Decimal("1e-48")
            return (self.difference - delta) ** 2 > z2 * variance + hair

        return self.delta_and_variance(self._multiplier(outside))[0]

    def squared_statistic(self, null: float) -> float:
        """``(d - null)² / (v_1 / n_1 + v_2 / n_2)`` where null lies within the scale's length."""
        if null > self.difference:
            return self.mirrored.squared_statistic(-null)
        if null == self.difference:
            return 0.0
        delta, variance = self.delta_and_variance(self.multiplier_of(null))
        return float((self.difference - delta) ** 2 / variance)

    def multiplier_of(self, delta: float) -> Decimal:
        """The b under which the means differ by *delta*, which is less than the estimate."""
        return self._multiplier(lambda b: self.delta_and_variance(b)[0] < Decimal(delta))

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


def random_case(seed: int) -> tuple[Pair, float]:
    """Two samples on 2 to 11 points, even, uneven, in no order or crowded; and a level."""
    generator = np.random.default_rng([1985, seed])
    points = int(generator.integers(2, 12))
    scores = [
        np.arange(points) + 1.0,
        np.sort(generator.uniform(-10, 10, points)).round(3),
        generator.permutation(np.cumsum(generator.exponential(size=points) ** 3)),
        -(10.0 ** -np.arange(points)),
    ][int(generator.integers(4))]
    counts = [random_sample(generator, points).tolist() for _ in range(2)]
    return Pair(*counts, scores.tolist()), float(generator.choice(LEVELS))


def main() -> None:
    """Says how far the library is off on so many random tables (argument: how many, 500)."""
    worst = []
    for seed in range(int(sys.argv[1]) if len(sys.argv) > 1 else 500):
        pair, level = random_case(seed)
        ours = score_interval_difference(
            pair.counts_a, pair.counts_b, pair.scores, confidence_level=level
        )
        theirs = pair.limits(level, correction=True)
        unit = np.finfo(float).eps * max(float(pair.length), np.abs(pair.scores).max())
        worst.append((float(np.abs(np.subtract(ours, theirs)).max()) / unit, seed))
    worst.sort(reverse=True)
    largest = ", ".join(f"{error:.2f} ({seed})" for error, seed in worst[:5])
    sys.stdout.write(f"largest errors in units of eps times the scale (and seeds): {largest}\n")


if __name__ == "__main__":
    main()
