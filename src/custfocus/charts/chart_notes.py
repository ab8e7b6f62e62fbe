"""Notes beside charts: correlated and skewed series, limits that are missing or doubtful."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.charts.lines import ChartLimits, check_limits
from custfocus.charts.rule_sets import FEWEST_POINTS
from custfocus.charts.series import Bools, by_series, each_phase, phase_numbers, series_values
from custfocus.intervals.arguments import Floats

_RARELY_BELOW = 0.7  # sigma_z of real data
_UNEXPLAINED_FROM = 1.2  # sigma_z: the p' and u' charts are due

_CORRELATED = "neighbouring periods are alike (correlation above 2/√n): false alarms are far more frequent than stated"
_OPPOSED = "neighbouring periods differ in turn (r1 < -2/√n): limits are too wide"
_SKEWED = (
    "the values are skewed: points beyond a limit on the long side are more frequent than stated; "
    "a chart of their logarithms may fit better"
)
_NO_EVENT = (
    "no limits: no event in the baseline; the next one is to be looked into, not tested "
    "(intervals.proportion_interval has an exact upper limit)"
)
_ONLY_EVENTS = (
    "no limits: nothing but events in the baseline; the next other case is to be looked into, "
    "not tested (intervals.proportion_interval has an exact lower limit)"
)
_EQUAL = "no variation in the baseline: the limits are the centre, and whatever differs is marked"
_RARE = "no limits at periods with fewer than one event, or one other case, expected"
_FEW = f"trial limits: they rest on fewer than {FEWEST_POINTS} points"
_SPREAD = "the points spread more than their sizes explain (sigma z > 1.2): use the p' or u' chart"
_TIGHT = (
    "the points spread less than their sizes explain (sigma z < .7): mostly a sign of correlated "
    "periods or of wrong sizes"
)


def autocorrelation(values: ArrayLike, *, phases: ArrayLike | None = None) -> Floats:
    """
    The correlation of neighbouring periods, r1, about the mean of each phase.

    Args:
        values: One number per period, NaN for a missing one; shape (..., periods).
        phases: The number of each period's phase, never falling; shape (periods,) or (...,
            periods). Pairs across phases do not count. One phase by default.

    Returns:
        Σ d(t) d(t+1) / Σ d(t)², with the distances d from the mean; shape (...). NaN where the
        values do not vary.

    Raises:
        TallyError: Values that are no finite numbers, phases that fall or do not fit.

    References:
        Box and Jenkins (1970), Time Series Analysis. Example: by hand, -3 / 4.

    >>> float(autocorrelation([1, 3, 1, 3]))
    -0.75
    """
    d, order = _distances(values, phases)
    pairs = np.where(np.diff(order, axis=-1) == 0, d[..., 1:] * d[..., :-1], 0)
    return _quotient(np.nansum(pairs, axis=-1), np.nansum(d**2, axis=-1))


def skewness(values: ArrayLike, *, phases: ArrayLike | None = None) -> Floats:
    """
    The skewness of the values about the mean of each phase.

    Args:
        values: One number per period, NaN for a missing one; shape (..., periods).
        phases: The number of each period's phase, never falling; shape (periods,) or (...,
            periods). One phase by default.

    Returns:
        √n Σ d³ / (Σ d²)^1.5, with the distances d from the mean; shape (...). NaN where the
        values do not vary.

    Raises:
        TallyError: Values that are no finite numbers, phases that fall or do not fit.

    References:
        Fisher (1930), Proceedings of the Royal Society A 130, 16-28. Example: by hand,
        √4 · 24 / 12^1.5.

    >>> round(float(skewness([1, 1, 1, 5])), 6)
    1.154701
    """
    d, _ = _distances(values, phases)
    n = (~np.isnan(d)).sum(axis=-1)
    return _quotient(np.sqrt(n) * np.nansum(d**3, axis=-1), np.nansum(d**2, axis=-1) ** 1.5)


def series_notes(values: ArrayLike, *, phases: ArrayLike | None = None) -> NDArray[np.object_]:
    """
    What makes a control chart of a series doubtful: correlated neighbours, skewed values.

    A series is noted as correlated where r1 is beyond ±2/√n, as skewed where its skewness is
    beyond twice the standard error of normal data: each is so for about 5 % of independent normal
    series. Nothing is said of fewer than 12 points.

    Args:
        values: One number per period, NaN for a missing one; shape (..., periods).
        phases: The number of each period's phase, never falling; shape (periods,) or (...,
            periods). One phase by default.

    Returns:
        A tuple of texts for each series, most often empty; shape (...).

    Raises:
        TallyError: Values that are no finite numbers, phases that fall or do not fit.

    References:
        Fisher (1930) for the standard error of the skewness. Example: made up.

    >>> for note in series_notes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).item():
    ...     print(note)
    neighbouring periods are alike (correlation above 2/√n): false alarms are far more frequent than stated
    """
    y = series_values(values)
    n = (~np.isnan(y)).sum(axis=-1)
    r1, skewed = autocorrelation(y, phases=phases), skewness(y, phases=phases)
    bound = 2 / np.sqrt(np.maximum(n, 1))
    usual = 2 * np.sqrt(6 * np.maximum(n - 2, 0) / ((n + 1) * (n + 3)))
    long_enough = n >= FEWEST_POINTS
    return _texts(
        [
            (long_enough & (r1 > bound), _CORRELATED),
            (long_enough & (r1 < -bound), _OPPOSED),
            (long_enough & (np.abs(skewed) > usual), _SKEWED),
        ]
    )


def limits_notes(limits: ChartLimits) -> NDArray[np.object_]:
    """
    What is to be known of the limits of each series, of any of its phases.

    Args:
        limits: The lines of a chart, of shape (..., periods).

    Returns:
        A tuple of texts for each series; shape (...). They say where and why there are no limits,
        that limits rest on fewer than 12 points, that points do not vary, and for shares and
        counts whether their spread is what their sizes explain.

    Raises:
        TallyError: Anything but the limits of a chart.

    References:
        Laney (2002), Quality Engineering 14, 531-537. Example: made up.

    >>> from custfocus.charts import p_limits
    >>> for note in limits_notes(p_limits([0] * 12, 50)).item():
    ...     print(note)
    no limits: no event in the baseline; the next one is to be looked into, not tested (intervals.proportion_interval has an exact upper limit)
    """
    check_limits(limits)
    counted = limits.chart not in {"run", "xmr", "i-prime"}
    share = limits.chart in {"p", "p-prime"}
    no_spread = counted & np.isnan(limits.sigma) & (limits.points > 0)
    all_or_none = (limits.centre == 0) | (share & (limits.centre == 1))
    rare = no_spread & ~limits.missing & ~all_or_none & ~np.isnan(limits.sigma_z)
    plain = counted & (not limits.chart.endswith("prime"))
    return _texts(
        [
            (_anywhere(no_spread & (limits.centre == 0)), _NO_EVENT),
            (_anywhere(no_spread & share & (limits.centre == 1)), _ONLY_EVENTS),
            (_anywhere(limits.sigma == 0), _EQUAL),
            (_anywhere(rare), _RARE),
            (_anywhere((limits.points < FEWEST_POINTS) & (limits.points > 0)), _FEW),
            (_anywhere(plain & (limits.sigma_z > _UNEXPLAINED_FROM)), _SPREAD),
            (_anywhere(counted & (limits.sigma_z < _RARELY_BELOW)), _TIGHT),
        ]
    )


def _anywhere(periods: Bools) -> Bools:
    return np.asarray(periods.any(axis=-1))


def _texts(said: Sequence[tuple[Bools, str]]) -> NDArray[np.object_]:
    """For each series the texts whose condition holds."""
    codes = sum(np.asarray(holds, np.int64) << i for i, (holds, _) in enumerate(said))
    found, which = np.unique(codes, return_inverse=True)
    combinations = np.empty(len(found), object)
    for place, code in enumerate(found.tolist()):
        combinations[place] = tuple(text for i, (_, text) in enumerate(said) if code >> i & 1)
    texts = np.empty(np.shape(codes), object)
    texts.reshape(-1)[:] = combinations[which.reshape(-1)]
    return texts


def _distances(values: ArrayLike, phases: ArrayLike | None) -> tuple[Floats, NDArray[np.int64]]:
    """Distances from the mean of the phase, shape (..., periods), and the phases."""
    y = series_values(values)
    order = phase_numbers(phases, y.shape)
    flat = by_series(y)
    d = np.full(flat.shape, np.nan)
    for inside in each_phase(by_series(order)):
        there = ~np.isnan(flat) if inside is None else inside & ~np.isnan(flat)
        total = np.where(there, flat, 0).sum(axis=-1, keepdims=True)
        mean = total / np.maximum(there.sum(axis=-1, keepdims=True), 1)
        d = np.where(there, flat - mean, d)
    tiny = 1e-12 * np.fmax.reduce(np.abs(flat), axis=-1, keepdims=True)
    return np.where(np.abs(d) <= tiny, 0 * d, d).reshape(y.shape), order


def _quotient(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.where(b > 0, a / np.where(b > 0, b, 1), np.nan))
