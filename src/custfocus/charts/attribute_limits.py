"""
Limits of shares and counts: p, p', c, u and u' charts.

The arrays are those of `limits`: the last axis is the periods, and NaN is a missing period.

References:
    Shewhart (1931), Economic Control of Quality of Manufactured Product. Laney (2002), Quality
    Engineering 14, 531-537 (p', u').
"""

import numpy as np
from numpy.typing import ArrayLike

from custfocus.charts.lines import (
    ChartKind,
    ChartLimits,
    Fit,
    attribute_lines,
    charted,
    ratio,
    total,
)
from custfocus.charts.series import Bools, check_amounts, series_sizes, series_values, together
from custfocus.errors import TallyError
from custfocus.intervals.arguments import Floats, check_flag


def p_limits(
    events: ArrayLike,
    sizes: ArrayLike,
    *,
    baseline: int | None = None,
    phases: ArrayLike | None = None,
) -> ChartLimits:
    """
    Limits for shares, from the binomial spread of their sizes (p chart).

    There are no limits where the baseline has no events or nothing but events, and none for a
    point at which fewer than one event, or fewer than one case without, is expected. For sizes
    in the thousands, or where ``sigma_z`` is above about 1.2, use `p_prime_limits`.

    Args:
        events: How many count per period, whole numbers; shape (..., periods). NaN is a missing
            period.
        sizes: Of how many; broadcasts with *events*. A size of 0 or NaN is a missing period.
        baseline: How many first points of each phase fix the lines; all by default.
        phases: The number of each period's phase, never falling; shape (periods,) or (...,
            periods). One phase by default.

    Returns:
        Lines as shares within [0, 1], of shape (..., periods). `points_of` gives the points.

    Raises:
        TallyError: Counts that are negative, fractional or more than their size, shapes or
            phases that do not fit.
        OptionError: A baseline below 2.

    References:
        Montgomery, Introduction to Statistical Quality Control, chapter on attributes. Example:
        its cans of orange juice, 50 in each of 30 samples: .2313, .0524 to .4102.

    >>> cans = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22]
    >>> cans += [8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
    >>> limits = p_limits(cans, 50)
    >>> print(f"{limits.centre[0]:.4f}: {limits.low[0]:.4f} to {limits.high[0]:.4f}")
    0.2313: 0.0524 to 0.4102
    """
    return _shares("p", events, sizes, phases=phases, baseline=baseline)


def p_prime_limits(
    events: ArrayLike,
    sizes: ArrayLike,
    *,
    screened: bool = False,
    baseline: int | None = None,
    phases: ArrayLike | None = None,
) -> ChartLimits:
    """
    Limits for shares whose spread is not only binomial (Laney's p' chart).

    The binomial standard deviations times ``sigma_z``, the mean moving range of the standardised
    points over 1.128. It may be below 1; under .7 it is rarely real (`limits_notes` says so).

    Args:
        events: How many count per period, whole numbers; shape (..., periods). NaN is a missing
            period.
        sizes: Of how many; broadcasts with *events*. A size of 0 or NaN is a missing period.
        screened: Whether ranges of 3.267 times their mean or more are left out of it, once.
        baseline: How many first points of each phase fix the lines; all by default.
        phases: The number of each period's phase, never falling; shape (periods,) or (...,
            periods). One phase by default.

    Returns:
        Lines as shares within [0, 1], of shape (..., periods). `points_of` gives the points.

    Raises:
        TallyError: Counts that are negative, fractional or more than their size, shapes or
            phases that do not fit.
        OptionError: A baseline below 2.

    References:
        Laney (2002), Quality Engineering 14, 531-537. Example: computed by its formula.

    >>> limits = p_prime_limits([8, 12, 9, 15, 11, 7], [100, 140, 90, 150, 120, 80])
    >>> print(f"{limits.centre[0]:.6f}, sigma z {limits.sigma_z[0]:.6f}")
    0.091176, sigma z 0.222219
    """
    check_flag(screened, "screened")
    return _shares("p-prime", events, sizes, phases=phases, baseline=baseline, screened=screened)


def c_limits(
    counts: ArrayLike, *, baseline: int | None = None, phases: ArrayLike | None = None
) -> ChartLimits:
    """
    Limits for counts of equal exposure, from their Poisson spread (c chart).

    There are no limits where the baseline has no events, nor where their mean is below 1.

    Args:
        counts: Events per period, whole numbers; shape (..., periods). NaN is a missing period.
        baseline: How many first points of each phase fix the lines; all by default.
        phases: The number of each period's phase, never falling; shape (periods,) or (...,
            periods). One phase by default.

    Returns:
        Lines as counts, of shape (..., periods); none below 0.

    Raises:
        TallyError: Counts that are negative or fractional, phases that fall or do not fit.
        OptionError: A baseline below 2.

    References:
        Shewhart (1931). Example: mean 16, limits 16 ± 3·4.

    >>> limits = c_limits([16, 12, 20, 15, 17, 16])
    >>> float(limits.low[0]), float(limits.high[0])
    (4.0, 28.0)
    """
    return _counts("c", counts, 1, "counts", phases=phases, baseline=baseline)


def u_limits(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    baseline: int | None = None,
    phases: ArrayLike | None = None,
) -> ChartLimits:
    """
    Limits for rates, from the Poisson spread of their events (u chart).

    There are no limits where the baseline has no events, and none for a point at which fewer
    than one is expected. Where ``sigma_z`` is above about 1.2, use `u_prime_limits`.

    Args:
        events: Events per period, whole numbers; shape (..., periods). NaN is a missing period.
        exposure: In what they could happen (days, customers); broadcasts with *events*. An
            exposure of 0 or NaN is a missing period.
        baseline: How many first points of each phase fix the lines; all by default.
        phases: The number of each period's phase, never falling; shape (periods,) or (...,
            periods). One phase by default.

    Returns:
        Lines as events per unit of exposure, of shape (..., periods); none below 0.

    Raises:
        TallyError: Counts that are negative or fractional, events without exposure, shapes or
            phases that do not fit.
        OptionError: A baseline below 2.

    References:
        Shewhart (1931). Example: 160 events in 40 days, 4 a day.

    >>> limits = u_limits([36, 44, 40, 40], [9, 9, 16, 6])
    >>> float(limits.centre[0]), float(limits.low[0]), float(limits.high[2])
    (4.0, 2.0, 5.5)
    """
    return _counts("u", events, exposure, "events", phases=phases, baseline=baseline)


def u_prime_limits(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    screened: bool = False,
    baseline: int | None = None,
    phases: ArrayLike | None = None,
) -> ChartLimits:
    """
    Limits for rates whose spread is not only Poisson (Laney's u' chart).

    The Poisson standard deviations times ``sigma_z``, the mean moving range of the standardised
    points over 1.128. It may be below 1; under .7 it is rarely real (`limits_notes` says so).

    Args:
        events: Events per period, whole numbers; shape (..., periods). NaN is a missing period.
        exposure: In what they could happen (days, customers); broadcasts with *events*. An
            exposure of 0 or NaN is a missing period.
        screened: Whether ranges of 3.267 times their mean or more are left out of it, once.
        baseline: How many first points of each phase fix the lines; all by default.
        phases: The number of each period's phase, never falling; shape (periods,) or (...,
            periods). One phase by default.

    Returns:
        Lines as events per unit of exposure, of shape (..., periods); none below 0.

    Raises:
        TallyError: Counts that are negative or fractional, events without exposure, shapes or
            phases that do not fit.
        OptionError: A baseline below 2.

    References:
        Laney (2002), Quality Engineering 14, 531-537. Example: the series `complaints` of
        qicharts2 0.8.1, whose last limits are those of its first year.

    >>> sales = [90, 110, 90, 40, 60, 70, 90, 120, 150, 210, 190, 250, 220, 210, 230, 220, 310]
    >>> complaints = [426, 543, 428, 67, 303, 481, 304, 718, 681, 1030, 704, 1062, 1085, 1311]
    >>> complaints += [1309, 1342, 1740, 1468, 1364, 1824]
    >>> limits = u_prime_limits(complaints, [*sales, 330, 320, 330])
    >>> print(f"{limits.sigma_z[0]:.4f}: {limits.low[0]:.4f} to {limits.high[0]:.4f}")
    5.3174: 1.2383 to 8.7562
    """
    check_flag(screened, "screened")
    return _counts(
        "u-prime", events, exposure, "events", phases=phases, baseline=baseline, screened=screened
    )


def points_of(events: ArrayLike, sizes: ArrayLike) -> Floats:
    """
    The points of a p or u chart: events over sizes or exposure.

    Args:
        events: Events per period; shape (..., periods). NaN is a missing period.
        sizes: Sizes or exposure; broadcasts with *events*.

    Returns:
        Shares or rates, of the broadcast shape; NaN where the size is 0 or missing.

    Raises:
        TallyError: Anything but numbers of periods, shapes that do not fit.

    References:
        Example: 3 of 12, and a month without cases.

    >>> points_of([3, 0], [12, 0]).tolist()
    [0.25, nan]
    """
    x, n = together(
        series_values(events, "events"), series_sizes(sizes, "sizes"), "events", "sizes"
    )
    return ratio(x, n)


def _shares(
    chart: ChartKind,
    events: ArrayLike,
    sizes: ArrayLike,
    *,
    phases: ArrayLike | None,
    baseline: int | None,
    screened: bool = False,
) -> ChartLimits:
    """The p and p' charts: variance p(1 - p) / n, limits within [0, 1]."""
    x, n = together(
        series_values(events, "events"), series_sizes(sizes, "sizes"), "events", "sizes"
    )
    check_amounts(x, "events", whole=True)
    check_amounts(n, "sizes", whole=True)
    more = x > n
    if more.any():
        raise TallyError(f"events must not exceed sizes, got {x[more][0]:g} of {n[more][0]:g}")

    def fit(base: Bools, x: Floats, n: Floats) -> Fit:
        p = ratio(total(x, base), total(n, base))
        rare = n * np.minimum(p, 1 - p) < 1
        return attribute_lines(base, (x, n), (p, p * (1 - p)), rare, chart=chart, screened=screened)

    return charted(chart, fit, [x, n], ~np.isnan(x) & (n > 0), phases=phases, baseline=baseline)


def _counts(
    chart: ChartKind,
    events: ArrayLike,
    exposure: ArrayLike,
    name: str,
    *,
    phases: ArrayLike | None,
    baseline: int | None,
    screened: bool = False,
) -> ChartLimits:
    """The c, u and u' charts: variance u / n, no limits below 0."""
    x, n = together(
        series_values(events, name), series_sizes(exposure, "exposure"), name, "exposure"
    )
    check_amounts(x, name, whole=True)
    check_amounts(n, "exposure", whole=False)
    without = (x > 0) & (n == 0)
    if without.any():
        raise TallyError(f"events need exposure, got {x[without][0]:g} in an exposure of 0")

    def fit(base: Bools, x: Floats, n: Floats) -> Fit:
        u = ratio(total(x, base), total(n, base))
        return attribute_lines(base, (x, n), (u, u), n * u < 1, chart=chart, screened=screened)

    return charted(chart, fit, [x, n], ~np.isnan(x) & (n > 0), phases=phases, baseline=baseline)
