"""Series of periods as the charts take them: values, phases, baselines, and blocks of series."""

import reprlib
from collections.abc import Iterator
from typing import TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.arguments import Floats, is_finite_number, plain_numbers

N = TypeVar("N", bound=np.generic)
Bools = NDArray[np.bool_]
Phases = NDArray[np.int64]

_BLOCK = 2**16  # values at a time: several arrays of so many stay in the processor's cache


def series_values(values: ArrayLike, name: str = "values") -> Floats:
    """
    Numbers over periods, the last axis, as float64.

    Raises:
        TallyError: No numbers, infinite ones, or no axis of periods.
    """
    if type(values) is np.ndarray and values.dtype == np.float64:
        given = values  # as they are: a copy of many series takes longer than their limits
    else:
        given = plain_numbers(values, name)
    if given.ndim == 0 or given.shape[-1] == 0:
        raise TallyError(
            f"{name} must have one number per period along the last axis, "
            f"got {reprlib.repr(values)}"
        )
    if np.isinf(given).any():
        raise TallyError(f"{name} must be finite, or NaN for a missing period, got inf")
    return given


def check_amounts(values: Floats, name: str, *, whole: bool) -> None:
    """An error for negative numbers and, where they are counts, for fractions; NaN passes."""
    wrong = (values < 0) | (whole & (values != np.floor(values)) & ~np.isnan(values))
    if wrong.any():
        kind = "whole numbers, 0 or more" if whole else "0 or more"
        raise TallyError(
            f"{name} must be {kind} (NaN for a missing period), got {values[wrong][0]:g}"
        )


def phase_numbers(phases: ArrayLike | None, shape: tuple[int, ...]) -> Phases:
    """
    The number of each period's phase, shape (periods,) or that of the values.

    Raises:
        TallyError: Numbers that are not whole, that fall, or that do not fit the values.
    """
    if phases is None:
        return np.zeros(shape[-1], np.int64)
    given = plain_numbers(phases, "phases")
    if given.shape not in {shape[-1:], shape}:
        raise TallyError(
            f"phases of shape {given.shape} do not fit values of shape {shape}; "
            f"give one number per period, shape {shape[-1:]} or {shape}"
        )
    if not (np.isfinite(given) & (given == np.floor(given))).all():
        raise TallyError(f"phases must be whole numbers, got {reprlib.repr(phases)}")
    if (np.diff(given) < 0).any():
        raise TallyError(
            "phases must not fall from one period to the next: number them in their order, "
            f"got {reprlib.repr(phases)}"
        )
    return given.astype(np.int64)


def baseline_points(baseline: object) -> int | None:
    """The number of first points that fix the limits, or None for all of a phase."""
    if baseline is None:
        return None
    if is_finite_number(baseline):
        number = float(cast("float", baseline))
        if number >= 2 and number.is_integer():
            return int(number)
    raise OptionError(
        f"baseline must be a number of first points, at least 2, got {reprlib.repr(baseline)}"
    )


def first_points(present: Bools, baseline: int | None) -> Bools:
    """The points of one phase that its centre and limits rest on, shape (series, periods)."""
    if baseline is None:
        return present
    return present & (np.cumsum(present, axis=-1) <= baseline)


def blocks_of_series(series: int, periods: int) -> Iterator[slice]:
    """Slices of so many series that their values stay in the processor's cache; at least one."""
    step = max(_BLOCK // periods, 1)
    for start in range(0, max(series, 1), step):
        yield slice(start, start + step)


def by_series(array: NDArray[N]) -> NDArray[N]:
    """The leading axes as one: shape (series, periods), 1 series for phases that all share."""
    return array.reshape(-1, array.shape[-1])


def each_phase(phases: Phases) -> Iterator[Bools | None]:
    """The periods of each phase, shape (series or 1, periods); None where there is only one."""
    numbers = np.unique(phases)
    if len(numbers) == 1:
        yield None
        return
    for number in numbers:
        yield phases == number


def phase_median(values: Floats, base: Bools) -> Floats:
    """The median of the base points, shape (series, 1); NaN where there are none."""
    rising = np.sort(np.where(base, values, np.nan), axis=-1)  # NaN last
    points = base.sum(axis=-1, keepdims=True)
    middle = np.maximum(points - 1, 0) // 2, np.minimum(points // 2, values.shape[-1] - 1)
    lower, upper = (np.take_along_axis(rising, place, axis=-1) for place in middle)
    return np.asarray(lower + (upper - lower) / 2)


def series_sizes(sizes: ArrayLike, name: str) -> Floats:
    """Sizes by period, or one for all."""
    return series_values([cast("float", sizes)] if is_finite_number(sizes) else sizes, name)


def together(a: Floats, b: Floats, name_a: str, name_b: str) -> tuple[Floats, Floats]:
    """Both of one shape; an error that names them unless they broadcast."""
    try:
        both = np.broadcast_arrays(a, b)
    except ValueError:
        raise TallyError(
            f"{name_a} and {name_b} must have shapes that broadcast, got {a.shape} and {b.shape}"
        ) from None
    return both[0], both[1]
