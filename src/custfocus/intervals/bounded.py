"""Intervals for the mean of single bounded values: composites, gaps, ratings from 0 to 100."""

import contextlib
import math
import reprlib
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import OptionError, TallyError, choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    critical_value,
    is_finite_number,
    plain_numbers,
    sample_sizes,
    whole_numbers,
)
from custfocus.intervals.score import unit_limits
from custfocus.intervals.student import student_arm

MeanMethod = Literal["score", "t"]

_NEAR_BOUND = 1e-100  # of the scale's length: nearer to a bound is on it, or divisions overflow


def mean_interval(
    values: ArrayLike,
    *,
    bounds: tuple[float, float],
    groups: ArrayLike | None = None,
    method: MeanMethod = "score",
    confidence_level: float = 0.95,
) -> ConfidenceInterval:
    """
    A confidence interval for the mean of values that lie between two bounds.

    Takes one value for each respondent; for answers on a few points `score_interval` takes
    their counts, and gives the same limits.

    Args:
        values: One number for each respondent, within the bounds; shape (n,).
        bounds: The smallest and the largest value that there can be.
        groups: The group of each respondent, whole numbers from 0; shape (n,). One sample
            by default.
        method: ``"score"``, the score interval, which lies within the bounds and always has a
            width; ``"t"``, Student's, held to the bounds, which has none where all values are
            equal and says nothing (the bounds themselves) about a single value.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        Limits in the unit of the values; shape () for one sample, (G,) for groups 0 to G - 1.
        NaN for a number that no respondent has as group.

    Raises:
        TallyError: Values that are not finite or beyond the bounds; no values at all; groups
            that are not whole numbers or not one for each value.
        OptionError: Bounds that are not two rising numbers; an unknown method; a confidence
            level outside (0, 1).

    References:
        Owen (2001), Empirical Likelihood, chapter 2. Example: eight respondents who all give
        the best rating; see docs/score-interval.md.

    >>> mean_interval([5, 5, 5, 5, 5, 5, 5, 5], bounds=(1, 5))
    ConfidenceInterval(low=3.70236974, high=5.)
    """
    limits = choose("method", method, _METHODS)
    lowest, highest = _rising(bounds)
    array = _within(values, lowest, highest)
    codes = _codes(groups, array)
    t = (array - lowest) / (highest - lowest)
    sample = _Values.of(np.where(t < _NEAR_BOUND, 0, t), codes)
    low, mean, high = (
        _from_unit(t, lowest, highest).reshape(() if groups is None else -1)
        for t in limits(sample, confidence_level)
    )
    return ConfidenceInterval(
        np.asarray(np.clip(low, lowest, mean)), np.asarray(np.clip(high, mean, highest))
    )


class _Values(NamedTuple):
    """The deviations of single values t (R,) in groups; see `Deviations`."""

    t: Floats
    codes: NDArray[np.intp]
    n: Floats
    squares: Floats
    mean: Floats
    variance: Floats
    third: Floats
    lowest: Floats

    @classmethod
    def of(cls, t: Floats, codes: NDArray[np.intp]) -> "_Values":
        """The values with their moments in each group."""
        counted = _totals(codes, np.ones_like(t))
        n = np.where(counted > 0, counted, np.nan)
        mean = _totals(codes, t) / n
        squares = (t - mean[codes]) ** 2 / n[codes]
        variance, third, lowest = (
            _totals(codes, weighted) for weighted in (squares, squares * t, squares * (t == 0))
        )
        return cls(t, codes, n, squares, mean, variance, third, lowest)

    def mirrored(self) -> "_Values":
        return _Values.of(1 - self.t, self.codes)

    def sums(self, psi: Floats, groups: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """The sums over the values of some groups; see `Deviations`."""
        place = np.full(len(self.n), -1)
        place[groups] = np.arange(len(groups))
        codes = place[self.codes]
        kept = codes >= 0
        codes = codes[kept]
        shifted = psi[codes] + self.t[kept]
        term = self.squares[kept] / shifted
        return _totals(codes, term), _totals(codes, term / shifted)


def _totals(codes: NDArray[np.intp], weights: Floats) -> Floats:
    """The sum of the weights in each group, in the order of the rows."""
    return np.bincount(codes, weights).astype(np.float64)


def _from_unit(t: Floats, lowest: float, highest: float) -> Floats:
    """The values that t in [0, 1] stands for; from the nearer bound, so that 1 is the highest."""
    span = highest - lowest
    return np.where(t < 0.5, lowest + span * t, highest - span * (1 - t))


def _score(sample: _Values, confidence_level: float) -> tuple[Floats, Floats, Floats]:
    """The lower limit, the mean and the upper limit on the unit scale; so does `_t`."""
    tau = critical_value(confidence_level) ** 2 / sample.n
    low, high = unit_limits(sample, sample.mirrored(), tau)
    return low, sample.mean, high


def _t(sample: _Values, confidence_level: float) -> tuple[Floats, Floats, Floats]:
    arm = np.minimum(student_arm(sample.variance, sample.n, confidence_level), 1)
    return sample.mean - arm, sample.mean, sample.mean + arm


def _rising(bounds: tuple[float, float]) -> tuple[float, float]:
    with contextlib.suppress(TypeError, ValueError):
        lowest, highest = bounds
        if is_finite_number(lowest) and is_finite_number(highest):
            pair = float(lowest), float(highest)
            if 0 < pair[1] - pair[0] < math.inf:
                return pair
    raise OptionError(
        f"bounds must be the smallest and the largest value there can be, got {bounds!r}"
    )


def _within(values: ArrayLike, lowest: float, highest: float) -> Floats:
    array = plain_numbers(values, "values")
    if array.ndim != 1:
        raise TallyError(f"values must be one for each respondent, got shape {array.shape}")
    sample_sizes(np.array(array.size, dtype=np.float64))
    outside = array[~((array >= lowest) & (array <= highest))]
    if outside.size:
        raise TallyError(
            f"values must lie within the bounds {lowest:g} to {highest:g}, "
            f"got {reprlib.repr(outside.tolist())}; leave out what is missing"
        )
    return array


def _codes(groups: ArrayLike | None, values: Floats) -> NDArray[np.intp]:
    if groups is None:
        return np.zeros(values.shape, dtype=np.intp)
    codes = whole_numbers(groups, "groups", "number the groups from 0")
    if codes.shape != values.shape:
        raise TallyError(
            f"groups must be one for each of the {len(values)} values, got shape {codes.shape}"
        )
    return codes.astype(np.intp)


_METHODS = {"score": _score, "t": _t}
