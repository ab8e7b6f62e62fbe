"""
Centre lines, standard deviations and limits of run charts, single values and means.

Each chart takes arrays whose last axis is the periods; NaN is a missing period. A phase has its
own centre and limits, and no moving range is taken across its edge or across a missing period.

References:
    Shewhart (1931), Economic Control of Quality of Manufactured Product. Taylor (2017),
    Normalized Individuals Chart (I').
"""

import numpy as np
from numpy.typing import ArrayLike

from custfocus.charts.lines import ChartLimits, Fit, charted, mean_range, ratio, total
from custfocus.charts.series import (
    Bools,
    check_amounts,
    phase_median,
    series_sizes,
    series_values,
    together,
)
from custfocus.errors import OptionError
from custfocus.intervals.arguments import Floats, check_flag, is_finite_number
from custfocus.messages import quoted


def run_limits(
    values: ArrayLike, *, baseline: int | None = None, phases: ArrayLike | None = None
) -> ChartLimits:
    """
    The centre line of a run chart: the median. A run chart has no limits.

    Args:
        values: One number per period, NaN for a missing one; shape (..., periods).
        baseline: How many first points of each phase the median is taken of; all by default.
        phases: The number of each period's phase, never falling; shape (periods,) or (...,
            periods). One phase by default.

    Returns:
        Lines of shape (..., periods), in the unit of *values*; sigma and limits are NaN.

    Raises:
        TallyError: Values that are no finite numbers, phases that fall or do not fit.
        OptionError: A baseline below 2.

    References:
        Anhøj and Olesen (2014), PLoS ONE 9, e113825. Example: progress of 20 months, whose
        median is 7.

    >>> months = [5, 6, 5, 7, 6, 6, 8, 5, 6, 7, 9, 6, 8, 7, 9, 8, 7, 6, 9, 8]
    >>> float(run_limits(months).centre[0])
    7.0
    """

    def fit(base: Bools, y: Floats) -> Fit:
        none = np.full((len(y), 1), np.nan)
        return phase_median(y, base), none, none, none, none

    y = series_values(values)
    return charted("run", fit, [y], ~np.isnan(y), phases=phases, baseline=baseline)


def xmr_limits(
    values: ArrayLike,
    *,
    screened: bool = False,
    baseline: int | None = None,
    phases: ArrayLike | None = None,
    multiple: float = 2.66,
) -> ChartLimits:
    """
    Limits for single values (XmR or individuals chart): mean ± 2.66 mean moving ranges.

    A moving range is the difference of a point from the one before, in the same phase, with no
    period missing between. Where all points are equal, the limits are the centre and any later
    point that differs lies beyond them. A phase with no two neighbouring points has no limits.

    Args:
        values: One number per period, NaN for a missing one; shape (..., periods).
        screened: Whether moving ranges of 3.267 times their mean or more are left out of it,
            once. It narrows the limits and adds false alarms: at 12 points they double.
        baseline: How many first points of each phase fix the lines; all by default.
        phases: The number of each period's phase, never falling; shape (periods,) or (...,
            periods). One phase by default.
        multiple: Of the mean moving range, for the distance from centre to limit. 2.66 is the
            textbooks' and NHS England's; R's package qicharts2 has 3 / 1.128 = 2.65957.

    Returns:
        Lines of shape (..., periods), in the unit of *values*.

    Raises:
        TallyError: Values that are no finite numbers, phases that fall or do not fit.
        OptionError: A baseline below 2, a *multiple* that is not positive.

    References:
        Wheeler and Chambers (1992), Understanding Statistical Process Control. Example: the
        vignette of R's package NHSRplotthedots, limits -3.06 and 6.95, screened -.72 and 4.6.

    >>> values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    >>> limits = xmr_limits(values)
    >>> print(f"{limits.low[0]:.2f} to {limits.high[0]:.2f}")
    -3.06 to 6.95
    >>> limits = xmr_limits(values, screened=True)
    >>> print(f"{limits.low[0]:.2f} to {limits.high[0]:.2f}")
    -0.72 to 4.60
    """
    check_flag(screened, "screened")
    if not is_finite_number(multiple) or multiple <= 0:
        raise OptionError(f"multiple must be a positive number, got {quoted(multiple)}")

    def fit(base: Bools, y: Floats) -> Fit:
        """The mean of the base, and sigma by its mean moving range."""
        centre = ratio(total(y, base), base.sum(axis=-1, keepdims=True))
        sigma = mean_range(np.abs(np.diff(y)), base, screened=screened) * (multiple / 3)
        none = np.full_like(centre, np.nan)
        return centre, sigma, centre - 3 * sigma, centre + 3 * sigma, none

    y = series_values(values)
    return charted("xmr", fit, [y], ~np.isnan(y), phases=phases, baseline=baseline)


def i_prime_limits(
    values: ArrayLike,
    sizes: ArrayLike,
    *,
    screened: bool = False,
    baseline: int | None = None,
    phases: ArrayLike | None = None,
) -> ChartLimits:
    """
    Limits for means of unequal numbers of answers or cases (I' chart).

    The centre is the mean over all cases. A range is √(π/2)·|difference| / √(1/n + 1/n_before),
    and a point's standard deviation their mean over √n.

    Args:
        values: One mean per period, NaN for a missing one; shape (..., periods).
        sizes: How many cases each mean is of; broadcasts with *values*. A size of 0 or NaN is a
            missing period.
        screened: Whether ranges of 3.267 times their mean or more are left out of it, once.
        baseline: How many first points of each phase fix the lines; all by default.
        phases: The number of each period's phase, never falling; shape (periods,) or (...,
            periods). One phase by default.

    Returns:
        Lines of shape (..., periods), in the unit of *values*; no limits at a missing size.

    Raises:
        TallyError: Values that are no finite numbers, negative sizes, shapes or phases that do
            not fit.
        OptionError: A baseline below 2.

    References:
        Taylor (2017), Normalized Individuals (IN) Control Chart. Example: qicharts2 0.8.1.

    >>> means = [78.2, 80.1, 76.9, 79.5, 81.2, 77.7, 80.8, 79.9, 75.1, 82.3, 80, 78.8]
    >>> sizes = [120, 95, 60, 150, 80, 45, 200, 110, 40, 75, 130, 90]
    >>> limits = i_prime_limits(means, sizes)
    >>> print(f"{limits.centre[0]:.4f}: {limits.low[0]:.4f} to {limits.high[0]:.4f}")
    79.6172: 73.5301 to 85.7042
    """
    check_flag(screened, "screened")

    def fit(base: Bools, y: Floats, n: Floats) -> Fit:
        """The mean of the base by sizes, and sigma of each point by its own size."""
        centre = ratio(total(n * y, base), total(n, base))
        with np.errstate(divide="ignore", invalid="ignore"):  # sizes of 0 are in no base
            ranges = np.abs(np.diff(y)) / np.sqrt(1 / n[:, 1:] + 1 / n[:, :-1])
            unit = mean_range(ranges * np.sqrt(np.pi / 2), base, screened=screened)
            sigma = np.where(n > 0, unit / np.sqrt(n), np.nan)
        none = np.full_like(centre, np.nan)
        return centre, sigma, centre - 3 * sigma, centre + 3 * sigma, none

    y, n = together(series_values(values), series_sizes(sizes, "sizes"), "values", "sizes")
    check_amounts(n, "sizes", whole=False)
    return charted("i-prime", fit, [y, n], ~np.isnan(y) & (n > 0), phases=phases, baseline=baseline)
