"""The lines of a chart, and how those of each phase of many series are put together."""

from collections.abc import Callable
from typing import Literal, NamedTuple, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.charts.series import (
    Bools,
    Phases,
    baseline_points,
    blocks_of_series,
    by_series,
    each_phase,
    first_points,
    phase_numbers,
)
from custfocus.errors import TallyError
from custfocus.intervals.arguments import Floats, unwritable
from custfocus.messages import quoted

ChartKind = Literal["run", "xmr", "i-prime", "p", "p-prime", "c", "u", "u-prime"]

_D2 = 1.128  # the mean range of two normal values in standard deviations, as tables print it
_D4 = 3.267  # upper limit of moving ranges over their mean
_FEWEST = 2  # points that have a range


class ChartLimits(NamedTuple):
    """
    The lines of a chart at each period, as read-only arrays of shape (..., periods).

    Attributes:
        chart: Which chart: ``"run"``, ``"xmr"``, ``"i-prime"``, ``"p"``, ``"p-prime"``, ``"c"``,
            ``"u"`` or ``"u-prime"``.
        centre: The centre line, in the unit of the values; NaN for a phase without points.
        sigma: One standard deviation of the period's point, in the same unit. NaN where there are
            no limits, 0 where the points of the phase do not vary.
        low: The lower limit, in the same unit; NaN where there is none.
        high: The upper limit, likewise.
        points: How many points the lines of the period's phase rest on.
        sigma_z: For shares and counts, how many times the spread of the points is that which
            their sizes explain (Laney); NaN for other charts.
        phases: The number of each period's phase, shape (periods,) or (..., periods).
        baseline: How many first points of a phase fix its lines; None for all.
        missing: Which periods have no point, shape (..., periods).
    """

    chart: ChartKind
    centre: Floats
    sigma: Floats
    low: Floats
    high: Floats
    points: Floats
    sigma_z: Floats
    phases: Phases
    baseline: int | None
    missing: Bools


def check_limits(limits: object) -> None:
    """An error unless they are the lines of a chart."""
    if not isinstance(limits, ChartLimits):
        raise TallyError(
            f"limits must be those of a chart, got {quoted(limits)}; write xmr_limits(values)"
        )


# centre, sigma, low, high and sigma_z of one phase's series, shape (series, 1 or periods)
Fit = tuple[Floats, Floats, Floats, Floats, Floats]


def charted(
    chart: ChartKind,
    fit: Callable[..., Fit],
    arrays: list[Floats],
    present: Bools,
    *,
    phases: ArrayLike | None,
    baseline: int | None,
) -> ChartLimits:
    """The lines that *fit* finds for the baseline of each phase of each series."""
    shape = present.shape
    numbers, first = phase_numbers(phases, shape), baseline_points(baseline)
    flat = [by_series(array) for array in arrays]
    there, order = by_series(present), by_series(numbers)
    parts: list[list[Floats]] = []
    for rows in blocks_of_series(len(there), shape[-1]):
        of_rows = order if len(order) == 1 else order[rows]
        columns = [array[rows] for array in flat]
        parts.append(_phase_by_phase(fit, columns, there[rows], of_rows, first))
    whole = [np.concatenate(part) for part in zip(*parts, strict=True)]
    centre, sigma, low, high, points, sigma_z = (
        np.broadcast_to(line.reshape(*shape[:-1], line.shape[-1]), shape)  # read-only
        for line in whole
    )
    number, gaps = unwritable(numbers), unwritable(~present)
    return ChartLimits(chart, centre, sigma, low, high, points, sigma_z, number, first, gaps)


def _phase_by_phase(
    fit: Callable[..., Fit],
    columns: list[Floats],
    present: Bools,
    phases: Phases,
    baseline: int | None,
) -> list[Floats]:
    """Centre, sigma, low, high, points and sigma_z, shape (series, 1 or periods)."""
    lines: list[Floats] = []
    for inside in each_phase(phases):
        base = first_points(present if inside is None else present & inside, baseline)
        centre, sigma, low, high, sigma_z = fit(base, *columns)
        points = base.sum(axis=-1, keepdims=True).astype(np.float64)
        found = [centre, sigma, low, high, points, sigma_z]
        if inside is not None:
            before = lines or [np.full(present.shape, np.nan)] * len(found)
            found = [np.where(inside, *pair) for pair in zip(found, before, strict=True)]
        lines = found
    return lines


def attribute_lines(
    base: Bools,
    cases: tuple[Floats, Floats],
    lines: tuple[Floats, Floats],
    rare: Bools,
    *,
    chart: ChartKind,
    screened: bool,
) -> Fit:
    """Lines of x / n about a centre with a variance / n; none for *rare* points, none for one."""
    (x, n), (centre, variance) = cases, lines
    pair = base.sum(axis=-1, keepdims=True) >= _FEWEST
    spread = np.where((variance > 0) & pair, variance, np.nan)
    sigma = np.sqrt(ratio(spread, n))
    z = (ratio(x, n) - centre) / sigma
    sigma_z = mean_range(np.abs(np.diff(z)), base, screened=screened) / _D2
    if chart.endswith("prime"):
        sigma = sigma * sigma_z
    sigma = np.where(rare, np.nan, sigma)
    most = 1 if chart.startswith("p") else np.inf
    low, high = np.maximum(centre - 3 * sigma, 0), np.minimum(centre + 3 * sigma, most)
    return centre, sigma, low, high, sigma_z


def mean_range(ranges: Floats, base: Bools, *, screened: bool) -> Floats:
    """The mean of the ranges between neighbouring base points, shape (series, 1)."""
    pairs = base[:, 1:] & base[:, :-1]
    mean = ratio(total(ranges, pairs), pairs.sum(axis=-1, keepdims=True))
    if screened:
        pairs = pairs & ((ranges < _D4 * mean) | (mean == 0))
        mean = ratio(total(ranges, pairs), pairs.sum(axis=-1, keepdims=True))
    return mean


def total(values: Floats, where: Bools) -> Floats:
    """The sum over some of the periods, shape (series, 1)."""
    return cast("Floats", np.where(where, values, 0).sum(axis=-1, keepdims=True))


def ratio(numerator: Floats, denominator: Floats | NDArray[np.int64]) -> Floats:
    """The quotient, NaN where the denominator is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator > 0, numerator / denominator, np.nan)
