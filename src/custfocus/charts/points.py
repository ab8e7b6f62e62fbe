"""The points of one phase beside their lines, and the windows that rules look through."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from custfocus.charts.anhoej import Ints, count_runs
from custfocus.charts.lines import ChartLimits, check_limits
from custfocus.charts.series import (
    Bools,
    blocks_of_series,
    by_series,
    each_phase,
    first_points,
    phase_median,
)
from custfocus.errors import TallyError
from custfocus.intervals.arguments import Floats

Mark = Literal["all", "last"]
Sides = NDArray[np.int8]

_TOLERANCE = 1e-9  # of the range of a phase: points closer to a line lie on it


class Points:
    """
    One phase of a block of series; values outside the phase are NaN.

    Attributes:
        values: Shape (series, periods), NaN where missing or of another phase.
        centre: The centre line, shape (series, 1 or periods).
        sigma: One standard deviation, likewise; NaN where there are no limits.
        low: The lower limit, likewise.
        high: The upper limit, likewise.
        baseline: How many first points fix the lines; None for all.
    """

    values: Floats
    centre: Floats
    sigma: Floats
    low: Floats
    high: Floats
    baseline: int | None

    def __init__(self, values: Floats, lines: Sequence[Floats], baseline: int | None) -> None:
        """Of the values and four lines: centre, sigma, low, high."""
        self.values, self.baseline = values, baseline
        self.centre, self.sigma, self.low, self.high = map(_narrow, lines)

    @cached_property
    def missing(self) -> Bools:
        """Shape (series, periods): no value, or another phase."""
        return np.isnan(self.values)

    @cached_property
    def tolerance(self) -> Floats:
        """
        How close to a line a point lies on it, shape (series, 1).

        A billionth of the range; and no less than what the last digits of float64 may do, for
        where all values are equal and their mean is not.
        """
        top = np.fmax.reduce(self.values, axis=-1, keepdims=True)
        bottom = np.fmin.reduce(self.values, axis=-1, keepdims=True)
        digits = 4 * np.finfo(np.float64).eps * np.maximum(np.abs(top), np.abs(bottom))
        return np.asarray(_TOLERANCE * (top - bottom) + digits)

    @cached_property
    def deviation(self) -> Floats:
        """Distance from the centre line, upwards."""
        return self.values - self.centre

    @cached_property
    def above(self) -> Bools:
        """Above the centre line."""
        return self.deviation > self.tolerance

    @cached_property
    def below(self) -> Bools:
        """Below the centre line."""
        return self.deviation < -self.tolerance

    @cached_property
    def side(self) -> Sides:
        """1 above the centre line, -1 below, 0 on it."""
        return self.above.view(np.int8) - self.below.view(np.int8)

    @cached_property
    def outside(self) -> tuple[Bools, Bools]:
        """Beyond the upper and beyond the lower limit."""
        return self.values > self.high + self.tolerance, self.values < self.low - self.tolerance

    @cached_property
    def moves(self) -> tuple[Bools, Bools, Bools]:
        """Up, down and tied: from each period to the next, shape (series, periods - 1)."""
        step = np.diff(self.values, axis=-1)
        up, down = step > self.tolerance, step < -self.tolerance
        return up, down, np.abs(step) <= self.tolerance

    def zones(self, sigmas: float) -> tuple[Bools, Bools]:
        """Beyond so many standard deviations above, and below; none where sigma is 0 or NaN."""
        line = self._zone_line(sigmas)
        return self.deviation > line, self.deviation < -line

    def within(self, sigmas: float) -> Bools:
        """No more than so many standard deviations from the centre."""
        return np.abs(self.deviation) <= self._zone_line(sigmas)

    @cached_property
    def runs(self) -> list[Ints]:
        """The numbers that `count_runs` gives."""
        return count_runs(self.side)

    @cached_property
    def about_median(self) -> Self:
        """The same points about the median of their baseline, without limits."""
        median = phase_median(self.values, first_points(~self.missing, self.baseline))
        none = np.full_like(median, np.nan)
        points = type(self)(self.values, (median, none, none, none), self.baseline)
        for known in ("missing", "tolerance"):
            points.__dict__[known] = getattr(self, known)
        return points

    def _zone_line(self, sigmas: float) -> Floats:
        return np.where(self.sigma > 0, sigmas * self.sigma, np.nan) + self.tolerance


def phase_points(
    values: Floats, limits: ChartLimits
) -> Iterator[tuple[slice, Bools | None, Points]]:
    """
    Block by block of series and phase by phase: rows, the periods of the phase, its points.

    The rows are those of the leading axes as one. The periods are None for a single phase.
    """
    y = by_series(values)
    lines = [by_series(line) for line in (limits.centre, limits.sigma, limits.low, limits.high)]
    phases = by_series(limits.phases)
    for rows in blocks_of_series(*y.shape):
        block = [line[rows] for line in lines]
        for inside in each_phase(phases if len(phases) == 1 else phases[rows]):
            of_phase = y[rows] if inside is None else np.where(inside, y[rows], np.nan)
            yield rows, inside, Points(of_phase, block, limits.baseline)


def check_fit(values: Floats, limits: ChartLimits) -> None:
    """An error unless the lines are those of so many series and periods."""
    check_limits(limits)
    if values.shape != limits.centre.shape:
        raise TallyError(
            f"values of shape {values.shape} do not fit limits of shape {limits.centre.shape}; "
            "compute the limits from the same periods"
        )


# -- windows --------------------------------------------------------------------------------------


def closed_up(skipped: Bools, marking: Callable[..., Bools], *conditions: Bools) -> Bools:
    """
    What *marking* marks where the skipped points are taken out; they are not marked.

    Args:
        skipped: Shape (series, places).
        marking: From conditions of that shape to marks of that shape, series by series.
        conditions: False at what is skipped.
    """
    some = skipped.any(axis=-1)
    if not some.any():
        return marking(*conditions)
    marks = np.empty_like(skipped)
    marks[~some] = marking(*(condition[~some] for condition in conditions))
    order = np.argsort(skipped[some], axis=-1, kind="stable")
    closed = (np.take_along_axis(one[some] & ~skipped[some], order, -1) for one in conditions)
    opened = np.empty_like(order, dtype=bool)
    np.put_along_axis(opened, order, marking(*closed), axis=-1)
    marks[some] = opened
    return marks


def windows_of(condition: Bools, length: int) -> Bools:
    """Whether all places of the window that begins here hold; (series, places - length + 1)."""
    done = 1
    while done < length:
        step = min(done, length - done)
        condition = condition[:, :-step] & condition[:, step:]
        done += step
    return condition


def places_of(windows: Bools, length: int, mark: Mark) -> Bools:
    """The places of windows by where they begin: all of each, or its last; (series, places)."""
    if mark == "last" or not windows.any():
        return np.pad(windows, ((0, 0), (length - 1, 0)))
    done = 1
    while done < length:
        step = min(done, length - done)
        wider = np.pad(windows, ((0, 0), (0, step)))
        wider[:, step:] |= windows
        windows = wider
        done += step
    return windows


def long_stretches(condition: Bools, length: int, mark: Mark) -> Bools:
    """The places of so many in a row that hold; all of them, or from the last needed on."""
    if condition.shape[-1] < length:
        return np.zeros_like(condition)
    return places_of(windows_of(condition, length), length, mark)


def counts_before(condition: Bools, length: int) -> NDArray[np.uint8]:
    """How many hold among the last so many places, this one included; fewer at the start."""
    counts = condition.astype(np.uint8)
    for step in range(1, min(length, condition.shape[-1])):
        counts[:, step:] += condition[:, :-step]
    return counts


def _narrow(line: Floats) -> Floats:
    """One column of a line that is the same at all periods."""
    return line[:, :1] if line.strides[-1] == 0 else line
