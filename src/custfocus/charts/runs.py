"""
Anhøj's rules: the longest run and the crossings of each phase, as a whole.

They take values and the limits of a chart, of shape (..., periods), as all rules do (`rules`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from custfocus.charts.anhoej import Ints
from custfocus.charts.lines import ChartLimits
from custfocus.charts.patterns import CentreLine, about, check_options, marked
from custfocus.charts.points import check_fit, phase_points
from custfocus.charts.series import Bools, series_values


def long_run(values: ArrayLike, limits: ChartLimits, *, centre: CentreLine = "chart") -> Bools:
    """
    A run on one side of the centre longer than ``round(log2(n)) + 3`` (Anhøj).

    n counts the useful points, those not on the centre, which neither break nor lengthen a run.
    The rule is about a phase as a whole: it marks all of its points or none.

    Args:
        values: The points of the chart, NaN for a missing period; shape (..., periods).
        limits: The lines of the chart, of the same shape.
        centre: Runs are about the centre line of the ``"chart"`` or the ``"median"`` of its
            baseline.

    Returns:
        Marked points, shape (..., periods).

    Raises:
        TallyError: Values that are no finite numbers or do not fit the limits.
        OptionError: An unknown option.

    References:
        Anhøj and Olesen (2014), PLoS ONE 9, e113825. Example: made up, a shift after 12 of 24.

    >>> from custfocus.charts import run_limits
    >>> values = [1, 2, 1, 3, 2, 1, 3, 2, 1, 2, 3, 1, 6, 5, 7, 6, 5, 6, 7, 5, 6, 7, 5, 6]
    >>> bool(long_run(values, run_limits(values)).all())
    True
    """
    return marked("long_run", values, limits, centre=centre)


def few_crossings(values: ArrayLike, limits: ChartLimits, *, centre: CentreLine = "chart") -> Bools:
    """
    Fewer crossings of the centre line than the 5 % quantile of a binomial (n - 1, 1/2) (Anhøj).

    n counts the useful points, those not on the centre. The rule is about a phase as a whole: it
    marks all of its points or none.

    Args:
        values: The points of the chart, NaN for a missing period; shape (..., periods).
        limits: The lines of the chart, of the same shape.
        centre: Crossings are of the centre line of the ``"chart"`` or of the ``"median"`` of its
            baseline.

    Returns:
        Marked points, shape (..., periods).

    Raises:
        TallyError: Values that are no finite numbers or do not fit the limits.
        OptionError: An unknown option.

    References:
        Anhøj and Olesen (2014), PLoS ONE 9, e113825. Example: made up, a shift after 12 of 24.

    >>> from custfocus.charts import run_limits
    >>> values = [1, 2, 1, 3, 2, 1, 3, 2, 1, 2, 3, 1, 6, 5, 7, 6, 5, 6, 7, 5, 6, 7, 5, 6]
    >>> bool(few_crossings(values, run_limits(values)).all())
    True
    """
    return marked("few_crossings", values, limits, centre=centre)


class RunsAnalysis(NamedTuple):
    """
    What Anhøj's rules look at, as whole numbers of shape (..., periods).

    Each number is that of the period's phase.

    Attributes:
        useful: Points not on the centre line.
        longest_run: The most of them in a row on one side.
        longest_run_limit: A longer run is a signal: ``round(log2(useful)) + 3``.
        crossings: How often the line through them crosses the centre.
        crossings_limit: Fewer are a signal: the 5 % quantile of a binomial (useful - 1, 1/2).
    """

    useful: Ints
    longest_run: Ints
    longest_run_limit: Ints
    crossings: Ints
    crossings_limit: Ints


def runs_analysis(
    values: ArrayLike, limits: ChartLimits, *, centre: CentreLine = "chart"
) -> RunsAnalysis:
    """
    The longest run and the crossings of each phase, with Anhøj's limits for them.

    Args:
        values: The points of the chart, NaN for a missing period; shape (..., periods).
        limits: The lines of the chart, of the same shape.
        centre: Runs are about the centre line of the ``"chart"`` or the ``"median"`` of its
            baseline.

    Returns:
        Numbers of points, of shape (..., periods), the same throughout a phase. The limits are 0
        for a phase without useful points.

    Raises:
        TallyError: Values that are no finite numbers or do not fit the limits.
        OptionError: An unknown option.

    References:
        Anhøj and Olesen (2014), PLoS ONE 9, e113825; the R package qicharts2 0.8.1 gives for
        this example 16 useful points, a longest run of 5 (limit 7), 7 crossings (limit 4).

    >>> from custfocus.charts import run_limits
    >>> values = [5, 6, 5, 7, 6, 6, 8, 5, 6, 7, 9, 6, 8, 7, 9, 8, 7, 6, 9, 8]
    >>> [int(number[0]) for number in runs_analysis(values, run_limits(values))]
    [16, 5, 7, 7, 4]
    """
    check_options("long_run", {"centre": centre})
    y = series_values(values)
    check_fit(y, limits)
    found = [np.zeros(y.shape, np.int64) for _ in range(5)]
    flat = [array.reshape(-1, y.shape[-1]) for array in found]
    for rows, inside, points in phase_points(y, limits):
        for array, number in zip(flat, about(points, centre).runs, strict=True):
            array[rows] = number if inside is None else np.where(inside, number, array[rows])
    return RunsAnalysis(*found)
