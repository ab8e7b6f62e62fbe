"""
The score interval for the mean of a bounded score, slowly and straight from its definition.

The interval holds every mean mu with ``n (m - mu)² <= z² v(mu)``, where v(mu) is the variance of
the score under the probabilities that maximise ``sum c_j log p_j`` subject to ``sum p_j = 1`` and
``sum p_j s_j = mu``, over the whole scale: also over points that nobody chose.

Nothing here is shared with the library: 40 digits, one table at a time, trial means, bisection.

References:
    Owen (2001), Empirical Likelihood, section 2.9: the restricted probabilities are
    ``c_j / (n (1 + lambda (s_j - mu)))``, lambda the root of
    ``sum c_j (s_j - mu) / (n (1 + lambda (s_j - mu))) = 0``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from mpmath import mp, mpf

mp.dps = 40

Number = int | float | mpf


def critical_value(confidence_level: float) -> mpf:
    """The z with a standard normal probability of *confidence_level* between -z and z."""
    return mp.sqrt(2) * mp.erfinv(mpf(confidence_level))


@dataclass(frozen=True)
class Sample:
    """One table: *counts* on points worth *scores*, and the size of a finite population."""

    counts: Sequence[Number]
    scores: Sequence[Number]
    confidence_level: float = 0.95
    population: int | None = None

    @cached_property
    def pairs(self) -> list[tuple[mpf, mpf]]:
        return [(mpf(c), mpf(s)) for c, s in zip(self.counts, self.scores, strict=True)]

    @cached_property
    def n(self) -> mpf:
        return mp.fsum(c for c, _ in self.pairs)

    @cached_property
    def mean(self) -> mpf:
        return mp.fsum(c * s for c, s in self.pairs) / self.n

    @cached_property
    def lowest(self) -> mpf:
        return min(s for _, s in self.pairs)

    @cached_property
    def highest(self) -> mpf:
        return max(s for _, s in self.pairs)

    @cached_property
    def z2(self) -> mpf:
        z2 = critical_value(self.confidence_level) ** 2
        if self.population is None:
            return z2
        return z2 * (self.population - self.n) / (self.population - 1)

    def restricted_probabilities(self, mu: Number) -> list[mpf]:
        """
        The probabilities of mean *mu* that make the sample most likely, lowest < mu < highest.

        No probability is negative, so ``1 + lambda (s - mu) >= 0`` at both extremes of the
        scale: lambda lies between two edges. The equation's left side falls in lambda. If it
        keeps one sign up to an edge (only possible if nobody chose the extreme point that
        belongs to it), lambda is that edge and the extreme point takes the missing probability.
        """
        mu = mpf(mu)
        chosen = [(c / self.n, s - mu) for c, s in self.pairs if c > 0]
        at_highest = -1 / (self.highest - mu)
        at_lowest = 1 / (mu - self.lowest)
        multiplier = _falling_root(
            lambda x: sum(share * gap / (1 + x * gap) for share, gap in chosen),
            at_highest,
            at_lowest,
        )
        missing = {at_lowest: self.lowest, at_highest: self.highest}.get(multiplier)
        p = [
            mpf(0) if c == 0 else c / (self.n * (1 + multiplier * (s - mu))) for c, s in self.pairs
        ]
        if missing is not None:
            extreme = [s for _, s in self.pairs].index(missing)
            p[extreme] = 1 - mp.fsum(p)
        return p

    def variance(self, mu: Number) -> mpf:
        """v(mu): the variance of the score under the restricted probabilities."""
        mu = mpf(mu)
        if mu in (self.lowest, self.highest):
            return mpf(0)
        p = self.restricted_probabilities(mu)
        return mp.fsum(q * (s - mu) ** 2 for q, (_, s) in zip(p, self.pairs, strict=True))

    def outside(self, mu: Number) -> mpf:
        """``n (m - mu)² - z² v(mu)``: positive outside the interval, else 0 or less."""
        return self.n * (self.mean - mpf(mu)) ** 2 - self.z2 * self.variance(mu)


def score_limits(
    counts: Sequence[Number],
    scores: Sequence[Number],
    confidence_level: float = 0.95,
    population: int | None = None,
) -> tuple[mpf, mpf]:
    """Both limits, to 1e-18 of the scale's span."""
    sample = Sample(counts, scores, confidence_level, population)
    return (
        _limit(sample, beyond=sample.lowest),
        _limit(sample, beyond=sample.highest),
    )


def _limit(sample: Sample, beyond: mpf) -> mpf:
    within = sample.mean
    while abs(beyond - within) > (sample.highest - sample.lowest) * mpf(10) ** -18:
        middle = (within + beyond) / 2
        if sample.outside(middle) > 0:
            beyond = middle
        else:
            within = middle
    return within if sample.outside(beyond) > 0 else beyond


def _falling_root(function: Callable[[mpf], mpf], left: mpf, right: mpf) -> mpf:
    """
    The root of a falling function between two edges, or an edge exactly if none lies before it.

    A pole at an edge (somebody chose that extreme point) leaves the root before it.
    """
    edges = left, right
    for edge in edges:
        try:
            value = function(edge)
        except ZeroDivisionError:
            continue
        if (value >= 0 and edge is right) or (value <= 0 and edge is left):
            return edge
    for _ in range(int(mp.prec) + 20):
        middle = (left + right) / 2
        if function(middle) > 0:
            left = middle
        else:
            right = middle
    return (left + right) / 2
