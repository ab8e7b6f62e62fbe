"""
Confidence distributions of the mean of a bounded score, as piecewise polynomials.

A sample with counts c_j on the scores s_j is given a distribution of its unknown mean: that of
sum_j w_j s_j with w ~ Dirichlet(c + 1 at one end of the scale). With the 1 at the lowest score it
is the ``"low"`` distribution, whose quantile is an exact lower limit, with the 1 at the highest the
``"high"`` one; half of each is the ``"mid-p"`` distribution. For two scores they are the beta
distributions of Clopper and Pearson's and of the mid-p interval.

Between neighbouring scores, and away from a place that holds a probability of its own, density and
distribution function are smooth. They are computed at the nodes of Chebyshev polynomials, and the
stretch is cut in two until the polynomials stand for them; all else is made of these.

References:
    Gaffke (2005), Mathematical Methods of Statistics 14, 1-15. Learned-Miller and Thomas (2019),
    arXiv 1905.06208. Trefethen (2013), Approximation Theory and Approximation Practice (when a
    polynomial is good enough).
"""

from typing import Literal, NamedTuple

import numpy as np

from custfocus.intervals.arguments import Floats, ignoring_underflow
from custfocus.intervals.columns import weighted_sum
from custfocus.intervals.dirichlet_at import dirichlet_mean_at

Side = Literal["low", "high", "mid-p"]

TERMS = 28  # of each polynomial
_MIDDLE = 0.5
_ORDERS = np.arange(TERMS)
_ANGLES = np.pi * (_ORDERS + 0.5) / TERMS
_TO_COEFFICIENTS = np.cos(np.outer(_ANGLES, _ORDERS)) * np.where(_ORDERS > 0, 2, 1) / TERMS
_LAST = 4  # coefficients that show what is left out
_LEFT_OUT = 3e-12  # of the probability
_ROUNDING = 1e-15  # of a place on the scale
_CUTS = 10  # times that a stretch is halved at most
_BEYOND = 34.0  # Chernoff's exponent: what lies beyond an end has less than 2e-15
_TRIES = np.append(np.linspace(-600, -41, 50), np.linspace(-40, 40, 801))  # of log psi


class _Part(NamedTuple):
    """
    A Dirichlet mean, with its weight in the mixture that the distribution is.

    Attributes:
        weight: In the mixture.
        shapes: None of them 0.
        points: Their scores.
    """

    weight: float
    shapes: Floats
    points: Floats

    @classmethod
    def of(cls, weight: float, shapes: Floats, points: Floats) -> "_Part":
        """The scores with weight."""
        return cls(weight, shapes[shapes != 0], points[shapes != 0])

    def mean(self) -> float:
        """Its mean."""
        return float(self.points @ self.shapes / self.shapes.sum())

    def second_moment(self, about: float) -> float:
        """Its second moment about a place."""
        total, mean = float(self.shapes.sum()), self.mean()
        around = float(self.shapes @ (self.points - mean) ** 2) / (total * (total + 1))
        return around + (mean - about) ** 2


class ConfidenceDistribution(NamedTuple):
    """
    The distribution of a mean on a scale from 0 to 1.

    Attributes:
        edges: Where its stretches meet, ascending, (m + 1,); none if all of it is in one place.
        below: Coefficients of the distribution function on each, without the place, (m, TERMS).
        density: Coefficients of the density, likewise.
        place: Where there is a probability of its own.
        mass: That probability, 0 if there is none.
        mean: The mean.
        deviation: The standard deviation.
    """

    edges: Floats
    below: Floats
    density: Floats
    place: float
    mass: float
    mean: float
    deviation: float

    @classmethod
    @ignoring_underflow
    def of(cls, counts: Floats, points: Floats, side: Side) -> "ConfidenceDistribution":
        """
        The distribution of a sample.

        Args:
            counts: Answers, shape (K,), some.
            points: Their scores, distinct and ascending from 0 to 1, (K,).
            side: Which of the distributions.
        """
        parts = _parts(counts, points, side)
        mean = sum(part.weight * part.mean() for part in parts)
        variance = sum(part.weight * part.second_moment(mean) for part in parts)
        places = [part for part in parts if len(part.points) == 1]
        spread = [part for part in parts if len(part.points) > 1]
        mass = sum(part.weight for part in places)
        place = sum(part.weight * part.mean() for part in places) / mass if places else 0.0
        stretches = _stretches(spread, mean) if spread else _NO_STRETCHES
        return cls(*stretches, place, mass, mean, float(np.sqrt(variance)))

    def at(self, places: Floats) -> tuple[Floats, Floats]:
        """Distribution function and density at places (X,), the place of its own left out."""
        if not len(self.below):
            return np.zeros_like(places), np.zeros_like(places)
        which = np.clip(np.searchsorted(self.edges, places) - 1, 0, len(self.below) - 1)
        left, right = self.edges[which], self.edges[which + 1]
        along = np.clip((2 * places - left - right) / (right - left), -1, 1)
        terms = np.cos(np.arccos(along)[:, None] * _ORDERS)
        below, density = (
            (terms * coefficients[which]).sum(axis=1) for coefficients in (self.below, self.density)
        )
        under, over = places <= self.edges[0], places >= self.edges[-1]
        below = np.where(under, 0, np.where(over, 1 - self.mass, below))
        return below, np.where(under | over, 0, density)

    def at_most(self, place: float) -> float:
        """The probability of a place or less."""
        below, _ = self.at(np.array([place]))
        return float(below[0]) + (self.mass if place >= self.place else 0)

    def spread_beyond(self, place: float) -> float:
        """The probability of more than a place, that of a place of its own left out."""
        return 1 - self.mass - float(self.at(np.array([place]))[0][0])

    def density_at(self, place: float) -> float:
        """The density at a place."""
        return float(self.at(np.array([place]))[1][0])

    def ends(self) -> tuple[float, float]:
        """Between where it lies."""
        places = [*self.edges.tolist(), *([self.place] if self.mass else [])]
        return min(places), max(places)


_NO_STRETCHES = np.zeros(0), np.zeros((0, TERMS)), np.zeros((0, TERMS))


def _parts(counts: Floats, points: Floats, side: Side) -> list[_Part]:
    """
    The Dirichlet means whose mixture it is.

    Mid-p takes a single one, with a shape of -1 in the middle, but where either half is of two
    scores or one: these have closed forms, and may lie in a place.
    """
    bottom, top = counts.copy(), counts.copy()
    bottom[0] += 1
    top[-1] += 1
    if side != "mid-p":
        return [_Part.of(1.0, bottom if side == "low" else top, points)]
    if np.count_nonzero(bottom) <= 2 or np.count_nonzero(top) <= 2:
        return [_Part.of(0.5, bottom, points), _Part.of(0.5, top, points)]
    scores = np.union1d(points, _MIDDLE)
    both = np.zeros(len(scores))
    both[np.isin(scores, points)] = bottom + top - counts
    return [_Part.of(1.0, both - (scores == _MIDDLE), scores)]


def _stretches(parts: list[_Part], mean: float) -> tuple[Floats, Floats, Floats]:
    """Edges, and on the stretches between them both functions' coefficients."""
    ends = np.array([_ends(part) for part in parts])
    scores = np.concatenate([part.points[part.shapes > 0] for part in parts])
    low, high = float(ends[:, 0].min()), float(ends[:, 1].max())
    edges = np.unique(np.clip([mean, *ends.ravel(), *scores], low, high))
    found: list[tuple[Floats, Floats, Floats]] = []
    left, right = edges[:-1], edges[1:]
    enough = _LEFT_OUT + _ROUNDING / (high - low)
    cut = 0
    while left.size:
        half = (right - left)[:, None] / 2
        places = (left + right)[:, None] / 2 + half * np.cos(_ANGLES)
        values = _values(parts, places.ravel()).reshape(2, *places.shape)
        below, density = values @ _TO_COEFFICIENTS
        missed = np.maximum(np.abs(below), np.abs(density) * half)[:, -_LAST:].max(axis=1)
        good = (missed < enough) | (cut == _CUTS)
        found.append((left[good], below[good], density[good]))
        middle = (left + right) / 2
        left, right = (
            np.concatenate([left[~good], middle[~good]]),
            np.concatenate([middle[~good], right[~good]]),
        )
        cut += 1
    starts, below, density = (np.concatenate(one) for one in zip(*found, strict=True))
    order = np.argsort(starts)
    return np.append(starts[order], high), below[order], density[order]


def _values(parts: list[_Part], places: Floats) -> Floats:
    """Distribution function and density of the mixture, (2, X)."""
    values = np.zeros((2, places.size))
    for part in parts:
        values += part.weight * np.array(
            dirichlet_mean_at(part.shapes[:, None], part.points, places)
        )
    return values


def _ends(part: _Part) -> tuple[float, float]:
    """Between where all of a Dirichlet mean lies but a probability too small to matter."""
    _, shapes, points = part
    from_low = _nearest_end(shapes, points - points[0])
    from_high = _nearest_end(shapes[::-1], (points[-1] - points)[::-1])
    return float(points[0]) + from_low, float(points[-1]) - from_high


def _nearest_end(shapes: Floats, gaps: Floats) -> float:
    """
    How far above the lowest score with weight there is next to no probability.

    By Chernoff's bound, P(W <= x) is at most M(t) of `dirichlet_at` at the saddlepoint of x.
    """
    psi = np.exp(_TRIES)
    away = shapes.sum() / weighted_sum(1 / (psi + gaps[:, None]), shapes)  # psi + x
    place = away - psi
    exponent = weighted_sum(np.log1p((gaps[:, None] - place) / away), shapes)
    beyond = np.flatnonzero(exponent > _BEYOND)
    return max(float(place[beyond[-1]]), 0.0) if beyond.size else 0.0
