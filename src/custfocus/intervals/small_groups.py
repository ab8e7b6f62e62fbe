"""
The means of many small groups, each drawn toward the mean of all of them: empirical Bayes.

What the answers of group i say, its own mean y_i with variance D_i, is known apart from how the true
means lie around each other (Fay and Herriot's model without covariates):

    y_i ~ N(theta_i, D_i),    theta_i ~ N(mu, A).                                          (1)

Given A the best estimate of theta_i is ``mu + w_i (y_i - mu)`` with the weight
``w_i = A / (A + D_i)``, mu the mean of all y_i with the weights ``1 / (A + D_i)``. Its variance is

    w_i D_i + (1 - w_i)² / sum_j 1 / (A + D_j),                                            (2)

the second term for mu, which is estimated. A is not known either. A single estimate of it is 0 for
one sample in several, and intervals that take it for known are too short; so A has a flat prior here,
from 0 to the largest variance that numbers on the scale can have, and everything is averaged over
what the y_i leave of it: the restricted likelihood

    prod_i (A + D_i)^-1/2 (sum_i 1 / (A + D_i))^-1/2 exp(-sum_i (y_i - mu)² / (A + D_i) / 2).  (3)

An interval has half of the error beyond either limit, under that average of normal distributions.

References:
    Fay and Herriot (1979), Journal of the American Statistical Association 74, 269-277. Morris
    (1983), likewise 78, 47-55. Morris and Tang (2011), Statistical Science 26, 271-287, and Morris and
    Lysy (2012), likewise 27, 115-134 (the flat prior, and how often its intervals hold). Maiti, Ren
    and Sinha (2014), Scandinavian Journal of Statistics 41, 775-790 (variances that are smoothed).
"""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from custfocus.intervals.arguments import Floats, critical_value, ignoring_underflow
from custfocus.intervals.roots import Places, increasing_roots

FEWEST_GROUPS = 4  # from which (3) has a finite integral by itself, whatever the scale
_SHARED = 100.0  # answers that the spread of all groups counts as, beside each group's own
_FLOOR = 1e-9  # of the scale: a standard error below is that of a value known by a census
_CLOSE = 1e-12  # of the scale: how near limits are found
_POINTS = 65  # at which the likelihood is looked at to find where it matters
_NEGLIGIBLE = 40.0  # below the largest logarithm: nothing to a sum of doubles
_NODES = np.polynomial.legendre.leggauss(64)


class ShrunkenMeans(NamedTuple):
    """
    The means of groups drawn toward each other, arrays of shape (groups,).

    Attributes:
        value: The mean of each group, ``center + weight (y - center)``.
        low: Lower limit, on the scale.
        high: Upper limit, likewise.
        weight: The part that the group's own mean has in its value, in (0, 1).
        center: What the value is drawn to: mu on the average over A, which differs a little by group,
            since the A at which a group is drawn furthest counts most.
        between: The mean of the square root of A: how far the true means lie from mu; a number.
    """

    value: Floats
    low: Floats
    high: Floats
    weight: Floats
    center: Floats
    between: float


def smoothed_variances(
    variances: Floats, n: Floats, degrees_of_freedom: Floats, length: float
) -> Floats:
    """
    The variances of the means of groups, smoothed: five answers that are alike show a spread of 0.

    The spread of all groups together counts as 100 answers beside each group's own, so that a small
    group has the common one and a large one its own. Two more answers, one at either end of the scale,
    keep it from being 0, or far too small, where few groups show hardly any.

    Args:
        variances: Of each mean, shape (groups,); that of a single answer does not matter.
        n: Answers, at least 1, likewise.
        degrees_of_freedom: Those of each variance with a design; infinite where they are n - 1 or
            not known.
        length: Of the scale.
    """
    known = _known(n, degrees_of_freedom)
    own = n * np.where(n > 1, variances, 0)
    common = (known @ own + length**2 / 2) / (known.sum() + 2)
    return np.asarray((known * own + _SHARED * common) / (known + _SHARED) / n)


def _known(n: Floats, degrees_of_freedom: Floats) -> Floats:
    """
    The degrees of freedom of the variance of each group, as if all had their part of the answers.

    What a single group has by itself depends on its answers: those that are all alike seem to know
    their variance well.
    """
    finite = np.isfinite(degrees_of_freedom)
    most = n[finite] - 1
    part = np.minimum(degrees_of_freedom[finite], most).sum() / max(most.sum(), 1)
    return np.asarray((n - 1) * (part if finite.any() else 1))


@ignoring_underflow
def shrunken_means(
    values: Floats, variances: Floats, bounds: tuple[float, float], confidence_level: float
) -> ShrunkenMeans:
    """
    The means of groups, each drawn toward that of all, with limits that heed what is not known.

    Args:
        values: The mean of each group, shape (groups,), of four groups at least.
        variances: Their variances, likewise; 0 for a mean that is known, which stays as it is.
        bounds: The ends of the scale.
        confidence_level: Two-sided, in (0, 1).

    References:
        Example: eight schools, Rubin (1981), Journal of Educational Statistics 6, 377-401; the scale
        is wide enough not to matter.

    >>> effects = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
    >>> errors = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    >>> found = shrunken_means(effects, errors**2, (-1000.0, 1000.0), 0.95)
    >>> found.value.round(1)
    array([14.6,  8. ,  4.6,  7.6,  3.3,  4.9, 12.8,  9.1])
    """
    lowest, highest = bounds
    length = highest - lowest
    groups = _Groups(values, np.maximum(variances, (_FLOOR * length) ** 2))
    between, chances = groups.plausible(length**2 / 4)
    mu, error = groups.centers(between)
    drawn = groups.variance / (between[:, None] + groups.variance)  # 1 - w
    known = variances <= 0
    weight = np.where(known, 1, np.minimum(chances @ (1 - drawn), 1))
    center = (chances * mu) @ drawn / (chances @ drawn)
    value = np.clip(center + weight * (values - center), lowest, highest)
    value = np.where(known, values, value)
    means = values - drawn * (values - mu[:, None])
    spread = np.sqrt((1 - drawn) * groups.variance + drawn**2 * error[:, None])
    low, high = _limits(chances, means, spread, confidence_level, _CLOSE * length)
    low = np.where(known, value, np.clip(low, lowest, value))
    high = np.where(known, value, np.clip(high, value, highest))
    return ShrunkenMeans(value, low, high, weight, center, float(chances @ np.sqrt(between)))


class _Groups(NamedTuple):
    """The means and variances of groups, shape (groups,), and what they say at some A, (nodes,)."""

    value: Floats
    variance: Floats

    def centers(self, between: Floats) -> tuple[Floats, Floats]:
        """The mu of each A, and its variance."""
        precision = 1 / (between[:, None] + self.variance)
        total = precision.sum(axis=1)
        first = self.value[0]  # so that equal values have exactly that mean
        return first + precision @ (self.value - first) / total, 1 / total

    def log_likelihood(self, between: Floats) -> Floats:
        """The logarithm of (3) at each A."""
        mu, error = self.centers(between)
        whole = between[:, None] + self.variance
        squares = ((self.value - mu[:, None]) ** 2 / whole).sum(axis=1)
        return np.asarray((np.log(error) - np.log(whole).sum(axis=1) - squares) / 2)

    def plausible(self, most: float) -> tuple[Floats, Floats]:
        """Values of A up to the largest possible one, and the chance of each, for a flat prior."""
        least = self.variance.min()

        def at(places: Floats) -> tuple[Floats, Floats]:
            """A and the logarithm of its density by log(1 + A / least), which is smooth."""
            between = least * np.expm1(places)
            return between, self.log_likelihood(between) + places

        start, end, shorter = 0.0, float(np.log1p(most / least)), True
        while shorter:
            points = np.linspace(start, end, _POINTS)
            density = at(points)[1]
            kept = np.flatnonzero(density > density.max() - _NEGLIGIBLE)
            inner = points[max(kept[0] - 1, 0)], points[min(kept[-1] + 1, _POINTS - 1)]
            shorter = inner[1] - inner[0] < (end - start) / 2
            start, end = inner
        nodes, weights = _NODES
        between, density = at(start + (end - start) * (nodes + 1) / 2)
        chances = weights * np.exp(density - density.max())
        return between, chances / chances.sum()


def _limits(
    chances: Floats, means: Floats, spread: Floats, confidence_level: float, close: float
) -> tuple[Floats, Floats]:
    """
    The quantiles on either side of averages of normal distributions, each shape (groups,).

    The upper ones are the lower ones of the mirrored distributions.

    Args:
        chances: The part of each distribution, shape (nodes,).
        means: Shape (nodes, groups).
        spread: The standard deviations, likewise.
        confidence_level: Two-sided.
        close: How near they are found.
    """
    z, tail = critical_value(confidence_level), (1 - confidence_level) / 2
    both, wide = np.hstack([means, -means]), np.hstack([spread, spread])

    def fall(now: Floats, places: Places) -> tuple[Floats, Floats]:
        """What lies below beyond the tail, and Newton's step."""
        off = (now - both[:, places]) / wide[:, places]
        beyond = chances @ ndtr(off) - tail
        density = chances @ (np.exp(-(off**2) / 2) / wide[:, places]) / np.sqrt(2 * np.pi)
        return beyond, -beyond / np.maximum(density, np.finfo(np.float64).tiny)

    single = both - z * wide
    left, right = single.min(axis=0), single.max(axis=0)
    found = increasing_roots(fall, chances @ single, np.full_like(left, close), left, right)
    low, mirrored = np.split(found, 2)
    return low, -mirrored
