"""Trends of series over time, and how far they may carry on: least squares and a damped projection."""

import reprlib
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.arguments import (
    Floats,
    checked_level,
    ignoring_underflow,
    is_finite_number,
    plain_numbers,
    unwritable,
)

Flags = NDArray[np.bool_]

FEWEST_FOR_TREND = 5  # periods: fewer say nothing of a trend
FEWEST_FOR_CHANCE = 8  # periods: fewer say nothing of a chance
DAMPING = 0.85  # what is left of the slope from one period to the next
LEAST_CORRELATION, MOST_CORRELATION = 0.3, 0.85  # of neighbouring residuals
_BLOCK = 2**22  # numbers in one block of correlation matrices


class Trend(NamedTuple):
    """
    A straight line through a series, by least squares.

    Attributes:
        level: The line at the last period, shape (...).
        slope: Its change in a unit of time, likewise.
        slope_error: The standard error of the slope, likewise.
        low: The lower limit of the slope, likewise.
        high: The upper limit, likewise.
        n: How many periods have a value, likewise.
    """

    level: Floats
    slope: Floats
    slope_error: Floats
    low: Floats
    high: Floats
    n: Floats


class Projection(NamedTuple):
    """
    Where a series may be at a later time.

    Attributes:
        value: The expected value, shape (...).
        low: The lower limit for a single value then, likewise.
        high: The upper limit, likewise.
        error: The standard error of the prediction, likewise.
        degrees_of_freedom: Of the t quantile, likewise.
    """

    value: Floats
    low: Floats
    high: Floats
    error: Floats
    degrees_of_freedom: Floats

    def chance(self, low: float, high: float) -> Floats:
        """
        The chance that the value then lies in a range.

        Args:
            low: Where the range begins, maybe minus infinity.
            high: Where it ends, maybe infinity.
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            above = stdtr(self.degrees_of_freedom, (high - self.value) / self.error)
            below = stdtr(self.degrees_of_freedom, (low - self.value) / self.error)
        return np.asarray(above - below)


@ignoring_underflow
def linear_trend(
    values: ArrayLike,
    times: ArrayLike,
    *,
    standard_errors: ArrayLike | None = None,
    confidence_level: float = 0.95,
) -> Trend:
    """
    The straight line through each series, with limits of its slope.

    Without standard errors all periods count alike. With them each counts by ``1 / error²``, and
    the variance of the slope is raised where the values scatter by more than their errors.
    The limits are Student's, and infinite for a series on an exact line, which tells nothing of
    how it scatters. They suppose that periods are independent of each other: where
    neighbours are alike they are too narrow, by a third at a correlation of .3.

    Args:
        values: Shape (..., periods); NaN for a period without a value.
        times: When each period was, increasing; shape (periods,).
        standard_errors: Of the values, above 0; broadcasts with them. None for unknown ones.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        The trends; all NaN for series of fewer than 5 values.

    Raises:
        TallyError: Times that do not increase or are not as many as the periods; errors that
            are not above 0 where there is a value.
        OptionError: A confidence level outside (0, 1).

    References:
        Draper and Smith (1998), Applied Regression Analysis, 3rd ed., chapters 1 and 9.

    >>> months = [62, 63.1, 62.4, 64.2, 65, 64.1, 66.3, 66.9]
    >>> found = linear_trend(months, range(8))
    >>> print(f"{found.slope:.3f} [{found.low:.3f}, {found.high:.3f}] a month")
    0.669 [0.410, 0.928] a month
    """
    tail = (1 - checked_level(confidence_level)) / 2
    series, when = _series(values, times)
    there = np.isfinite(series)
    weight = there.astype(np.float64)
    if standard_errors is not None:
        weight = _weights(series, there, standard_errors)
    n = there.sum(axis=-1).astype(np.float64)
    enough = n >= FEWEST_FOR_TREND
    total = np.where(enough, weight.sum(axis=-1), np.nan)
    y = np.where(there, series, 0)
    centre, mean = (weight * when).sum(axis=-1) / total, (weight * y).sum(axis=-1) / total
    from_centre = when - centre[..., np.newaxis]
    square = (weight * from_centre**2).sum(axis=-1)
    slope = (weight * from_centre * y).sum(axis=-1) / square
    line = mean[..., np.newaxis] + slope[..., np.newaxis] * from_centre
    squares = (weight * (y - line) ** 2).sum(axis=-1)
    if standard_errors is None:
        spread = np.where(_on_line(squares, y), np.inf, squares) / (n - 2)
    else:
        spread = np.maximum(squares / (n - 2), 1)
    error = np.sqrt(spread / square)
    arm = -stdtrit(np.maximum(n - 2, 1), tail) * error
    last = _last(there, when)
    found = mean + slope * (last - centre), slope, error, slope - arm, slope + arm, n
    return Trend(*(unwritable(np.asarray(one)) for one in found))


@ignoring_underflow
def damped_projection(
    values: ArrayLike,
    times: ArrayLike,
    at: float,
    *,
    confidence_level: float = 0.8,
) -> Projection:
    """
    Where each series may be at a later time, if its trend goes on and fades.

    The line is that of `linear_trend`, and from each period to the next .85 of the slope is
    left. A series on an exact line has infinite limits. The variance is that of the line's prediction with neighbouring residuals correlated:
    as far as the series shows, at least .3 and at most .85. A chance from a plain line that
    fades nowhere says 95 % where 84 to 92 % come true if neighbouring values are alike.

    Args:
        values: Shape (..., periods); NaN for a period without a value.
        times: When each period was, in periods, increasing; shape (periods,).
        at: The time asked for, after the last one and no further away than the series is long.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        The projections; all NaN for series of fewer than 5 values.

    Raises:
        TallyError: Times that do not increase or are not as many as the periods.
        OptionError: A time that is not after the last period, or further away than the series
            is long; a confidence level outside (0, 1).

    References:
        Gardner and McKenzie (1985), Management Science 31, 1237-1246 (damped trends). Draper and
        Smith (1998), Applied Regression Analysis, 3rd ed., section 9.2 (correlated errors).

    >>> months = [62, 63.1, 62.4, 64.2, 65, 64.1, 66.3, 66.9]
    >>> found = damped_projection(months, range(8), 11)
    >>> print(f"{found.value:.1f} [{found.low:.1f}, {found.high:.1f}]")
    68.4 [66.4, 70.4]
    """
    tail = (1 - checked_level(confidence_level)) / 2
    series, when = _series(values, times)
    if not (is_finite_number(at) and when[-1] < at <= 2 * when[-1] - when[0] + 1):
        raise OptionError(
            f"at must lie after the last period, {when[-1]:g}, and no further away than the "
            f"series is long, got {reprlib.repr(at)}"
        )
    flat = series.reshape(-1, len(when))
    found = np.full((len(flat), 3), np.nan)
    enough = np.flatnonzero(np.isfinite(flat).sum(axis=1) >= FEWEST_FOR_TREND)
    size = max(1, _BLOCK // len(when) ** 2)
    for start in range(0, len(enough), size):
        block = enough[start : start + size]
        found[block] = _projected(flat[block], when, float(at))
    value, error, freedom = (
        np.asarray(found[:, place].reshape(series.shape[:-1])) for place in range(3)
    )
    arm = -stdtrit(freedom, tail) * error
    every = value, value - arm, value + arm, error, freedom
    return Projection(*(unwritable(np.asarray(one)) for one in every))


def _projected(values: Floats, when: Floats, at: float) -> Floats:
    """Value, standard error and degrees of freedom of each series, shape (series, 3)."""
    there = np.isfinite(values)
    y, weight = np.where(there, values, 0), there.astype(np.float64)
    n = weight.sum(axis=1)
    trend = linear_trend(values, when)
    last = _last(there, when)
    left = at - last  # periods from the last value
    value = trend.level + trend.slope * DAMPING * (1 - DAMPING**left) / (1 - DAMPING)

    design = np.stack([weight, weight * (when - at)], axis=2)  # 0 for periods without a value
    inverse = np.linalg.inv(_gram(design))
    to_line = np.einsum("sti,sij->stj", design, inverse)  # of the values, to both coefficients
    line = np.einsum("sti,si->st", design, np.einsum("sti,st->si", to_line, y))
    residual = y - line
    squares = (residual**2).sum(axis=1)
    correlation = _correlation(residual, squares, n)[:, np.newaxis]

    apart = np.abs(when[:, np.newaxis] - when)
    alike = correlation[..., np.newaxis] ** apart
    ahead = correlation ** (at - when)
    # What residuals of such correlation leave of their variance: trace(M R), M the residual maker
    kept = n - (to_line @ design.transpose(0, 2, 1) * alike).sum(axis=(1, 2))
    weights = to_line[:, :, 0]  # of the values, to the line at the time asked for
    own = (weights[:, np.newaxis] @ alike @ weights[..., np.newaxis])[:, 0, 0]
    extra = own - 2 * (weights * ahead).sum(axis=1)
    scatter = np.where(_on_line(squares, y), np.inf, squares)
    error = np.sqrt(scatter / kept * (1 + extra))
    return np.stack([value, error, n - 3], axis=1)


def _on_line(squares: Floats, values: Floats) -> Flags:
    """Whether a series lies on a line but for rounding: nothing is known of its scatter."""
    return np.asarray(squares <= 1e-24 * (values**2).sum(axis=-1))


def _gram(design: Floats) -> Floats:
    return np.asarray(np.einsum("sti,stj->sij", design, design))


def _correlation(residual: Floats, squares: Floats, n: Floats) -> Floats:
    """That of neighbouring residuals, its bias from the fitted line taken out, within bounds."""
    products = (residual[:, 1:] * residual[:, :-1]).sum(axis=1)
    found = products / np.where(squares > 0, squares, 1)
    return np.asarray(np.clip((found * n + 2) / (n - 4), LEAST_CORRELATION, MOST_CORRELATION))


def _series(values: ArrayLike, times: ArrayLike) -> tuple[Floats, Floats]:
    series, when = plain_numbers(values, "values"), plain_numbers(times, "times")
    if series.ndim == 0 or when.shape != series.shape[-1:] or not len(when):
        raise TallyError(
            f"times must be one for each period, got the shape {when.shape} for values of shape "
            f"{series.shape}"
        )
    if not (np.isfinite(when).all() and (np.diff(when) > 0).all()):
        raise TallyError("times must increase from period to period; sort them")
    if np.isinf(series).any():
        raise TallyError("values must be finite, NaN for a period without one")
    return series, when


def _weights(series: Floats, there: Flags, standard_errors: ArrayLike) -> Floats:
    given = plain_numbers(standard_errors, "standard_errors")
    try:
        errors = np.broadcast_to(given, series.shape)
    except ValueError:
        raise TallyError(
            f"standard_errors must be one for each value, got the shape {given.shape} for "
            f"{series.shape}"
        ) from None
    wrong = there & ~((errors > 0) & np.isfinite(errors))
    if wrong.any():
        raise TallyError(
            f"standard_errors must be above 0 for each value, got {errors[wrong].flat[0]:g}"
        )
    return np.asarray(np.where(there, 1 / np.where(there, errors, 1) ** 2, 0))


def _last(there: Flags, when: Floats) -> Floats:
    """The time of the last value of each series."""
    return np.asarray(np.where(there, when, -np.inf).max(axis=-1))
