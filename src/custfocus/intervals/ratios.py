"""Intervals for ratios of two uncertain numbers: totals of clusters, progress toward a target."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from custfocus.errors import TallyError, choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    checked_level,
    critical_value,
    ignoring_underflow,
    plain_numbers,
)

TotalsRatioMethod = Literal["log-delta", "delta", "fieller"]


@ignoring_underflow
def totals_ratio_interval(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    method: TotalsRatioMethod = "log-delta",
    confidence_level: float = 0.95,
) -> ConfidenceInterval:
    """
    A confidence interval for the ratio of two totals over clusters, as cost per case.

    - ``"log-delta"``: Student's t for the logarithm of the ratio; above 0.
    - ``"delta"``: Student's t for the ratio itself, held to 0 or more.
    - ``"fieller"``: all ratios that a t test of ``numerator - ratio * denominator`` accepts; for
      denominators that vary much (a coefficient of variation of their mean over .25). Where these
      have no end, the limits are 0 and infinity.

    Where a single cluster is known, where all clusters have the same ratio or the numerators are
    all 0, nothing is known of how ratios vary: the limits are 0 and infinity.

    Args:
        numerator: Of each cluster (a branch, a month), 0 or more; shape (..., clusters).
        denominator: Likewise, not all 0; broadcasts.
        method: One of the above.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        Limits of ``Σ numerator / Σ denominator``, each of the broadcast shape without its last
        axis, that contain it.

    Raises:
        TallyError: Numbers below 0 or not finite; no clusters; denominators that are all 0.
        OptionError: An unknown method; a confidence level outside (0, 1).

    References:
        Cochran (1977), Sampling Techniques, 3rd ed., section 6.4 and 6.5 (delta, Fieller).

    >>> low, high = totals_ratio_interval([120, 95, 210, 80], [10, 9, 15, 8])
    >>> print(f"{(120 + 95 + 210 + 80) / 42:.2f} [{low:.2f}, {high:.2f}]")
    12.02 [9.23, 15.66]
    """
    y, x = checked_clusters(numerator, denominator)
    if (x.sum(axis=-1) == 0).any():
        raise TallyError("denominators must not all be 0; leave out what has none")
    n = y.shape[-1]
    means = np.asarray(y.mean(axis=-1)), np.asarray(x.mean(axis=-1))
    from_y, from_x = y - means[0][..., np.newaxis], x - means[1][..., np.newaxis]
    squares = ClusterMoments(
        np.full(means[0].shape, float(n)),
        *means,
        *(
            (one * other).sum(axis=-1)
            for one, other in ((from_y, from_y), (from_y, from_x), (from_x, from_x))
        ),
    )
    return totals_ratio_limits(squares, confidence_level, method=method)


class ClusterMoments(NamedTuple):
    """
    What the interval for a ratio of totals needs to know of the clusters, each of shape (...).

    Attributes:
        n: How many clusters.
        y: The mean of the numerators.
        x: The mean of the denominators.
        yy: The sum of squares of the numerators' distances from their mean.
        xy: The sum of products of both distances.
        xx: The sum of squares of the denominators' distances.
    """

    n: Floats
    y: Floats
    x: Floats
    yy: Floats
    xy: Floats
    xx: Floats


@ignoring_underflow
def totals_ratio_limits(
    moments: ClusterMoments, confidence_level: float, *, method: str
) -> ConfidenceInterval:
    """
    The limits of a ratio of totals from moments, as checked before; see `totals_ratio_interval`.

    NaN where there are no clusters, or denominators that are all 0.
    """
    limits = choose("method", method, TOTALS_RATIO_METHODS)
    tail = (1 - checked_level(confidence_level)) / 2
    n, y, x, yy, xy, xx = (np.asarray(one, np.float64) for one in moments)
    there = (n > 0) & (x > 0)
    ratio = np.where(there, y, np.nan) / np.where(there, x, 1)
    low, high = np.where(there, 0.0, np.nan), np.where(there, np.inf, np.nan)
    residual = yy - 2 * ratio * xy + ratio**2 * xx  # the sum of squares of y - ratio x
    with np.errstate(invalid="ignore"):
        spread = residual > 1e-13 * (yy + ratio**2 * xx)  # more than rounding leaves
        known = there & (n > 1) & (y > 0) & spread
    some = ClusterMoments(*(one[known] for one in (n, y, x, yy, xy, xx)))
    error = np.sqrt(residual[known] / some.n / (some.n - 1)) / some.y
    t = np.asarray(-stdtrit(some.n - 1, tail))
    found = limits(some, ratio[known], error, t)
    low[known] = np.clip(found.low, 0, ratio[known])
    high[known] = np.maximum(found.high, ratio[known])
    return ConfidenceInterval(low, high)


@ignoring_underflow
def progress_interval(
    baseline: ArrayLike,
    latest: ArrayLike,
    target: ArrayLike,
    *,
    baseline_error: ArrayLike = 0,
    latest_error: ArrayLike = 0,
    confidence_level: float = 0.95,
) -> ConfidenceInterval:
    """
    A confidence interval for the part of a targeted change that is achieved, by Fieller.

    What is estimated is ``(latest - baseline) / (target - baseline)``: 0 where nothing changed, 1
    where the target is met. Baseline and latest value are independent; the target is fixed. Where
    the target lies within the baseline's own error, nothing can be said of the way: the limits
    are infinite.

    Args:
        baseline: Where the change began; shape (...).
        latest: The value now; broadcasts.
        target: The value to reach, not that of the baseline; broadcasts.
        baseline_error: The standard error of the baseline, 0 for one that is fixed, infinite for
            one answer, which leaves the limits infinite; broadcasts.
        latest_error: That of the latest value; broadcasts.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        Limits of the part, each of the broadcast shape. They have no width only where both
        standard errors are 0, or where a latest value without error is the target itself. NaN
        where baseline, latest or target are.

    Raises:
        TallyError: Standard errors below 0; a target that is the baseline.
        OptionError: A confidence level outside (0, 1).

    References:
        Fieller (1954), Journal of the Royal Statistical Society B 16, 175-185. Example: adult
        smoking from 20.6 to 17.0 % with a target of 12 %, Healthy People 2020 objective TU-1.1.

    >>> low, high = progress_interval(20.6, 17, 12, baseline_error=0.27, latest_error=0.30)
    >>> print(f"{100 * low:.1f} to {100 * high:.1f} % of the way")
    33.9 to 49.4 % of the way
    """
    z = critical_value(confidence_level)
    names = ("baseline", "latest", "target", "baseline_error", "latest_error")
    given = (baseline, latest, target, baseline_error, latest_error)
    numbers = [plain_numbers(one, name) for one, name in zip(given, names, strict=True)]
    try:
        start, now, end, start_error, now_error = np.broadcast_arrays(*numbers)
    except ValueError:
        shapes = ", ".join(str(one.shape) for one in numbers)
        raise TallyError(f"progress needs shapes that broadcast, got {shapes}") from None
    for name, given_numbers in zip(names[:3], numbers[:3], strict=True):
        if np.isinf(given_numbers).any():
            raise TallyError(f"{name} must be finite, NaN where it is not known")
    for name, error in (("baseline_error", start_error), ("latest_error", now_error)):
        if (error < 0).any():
            raise TallyError(f"{name} must be 0 or more, got {error[error < 0].flat[0]:g}")
    if (end == start).any():
        raise TallyError(
            f"a target must differ from its baseline, got {end[end == start].flat[0]:g} for both"
        )
    unknown = np.isinf(start_error) | np.isinf(now_error)
    start_error, now_error = (np.where(unknown, 0, one) for one in (start_error, now_error))
    means, square = (now - start, end - start), start_error**2
    low, high = _fieller(means, (square + now_error**2, square), square, z)
    low, high = np.where(unknown, -np.inf, low), np.where(unknown, np.inf, high)
    part = means[0] / means[1]
    fixed = (
        ~unknown & (start_error == 0) & (now_error == 0)
    )  # no width, not that of rounding either
    return ConfidenceInterval(
        np.where(fixed, part, np.minimum(low, part)), np.where(fixed, part, np.maximum(high, part))
    )


def _fieller(
    means: tuple[Floats, Floats],
    variances: tuple[Floats, Floats],
    covariance: Floats,
    t: Floats | float,
) -> ConfidenceInterval:
    """
    The ratios r with ``(a - r b)² <= t² (var a - 2 r cov + r² var b)`` for means a and b.

    They lie between the roots of ``A r² - 2 B r + C`` where A is above 0, else they have no end.
    """
    (a, b), (var_a, var_b) = means, variances
    square, cross, rest = b**2 - t**2 * var_b, a * b - t**2 * covariance, a**2 - t**2 * var_a
    bounded = ~(square <= 0)
    root = np.sqrt(np.maximum(cross**2 - square * rest, 0))
    larger = cross + np.where(cross < 0, -root, root)  # no difference of near numbers
    first = larger / np.where(bounded, square, 1)
    second = np.where(larger == 0, 0, rest / np.where(larger == 0, 1, larger))
    low = np.where(bounded, np.minimum(first, second), -np.inf)
    return ConfidenceInterval(low, np.where(bounded, np.maximum(first, second), np.inf))


def _log_delta(_: ClusterMoments, ratio: Floats, error: Floats, t: Floats) -> ConfidenceInterval:
    with np.errstate(over="ignore"):
        factor = np.exp(t * error)
    return ConfidenceInterval(ratio / factor, ratio * factor)


def _delta(_: ClusterMoments, ratio: Floats, error: Floats, t: Floats) -> ConfidenceInterval:
    return ConfidenceInterval(ratio - t * ratio * error, ratio + t * ratio * error)


def _fieller_totals(
    clusters: ClusterMoments, _: Floats, __: Floats, t: Floats
) -> ConfidenceInterval:
    n, y, x, yy, xy, xx = clusters
    divisor = n * (n - 1)
    return _fieller((y, x), (yy / divisor, xx / divisor), xy / divisor, t)


def checked_clusters(numerator: ArrayLike, denominator: ArrayLike) -> tuple[Floats, Floats]:
    """Numbers of clusters, checked and of one shape (..., clusters)."""
    y, x = plain_numbers(numerator, "numerator"), plain_numbers(denominator, "denominator")
    for name, numbers in (("numerator", y), ("denominator", x)):
        wrong = ~((numbers >= 0) & np.isfinite(numbers))
        if wrong.any():
            raise TallyError(f"{name} must be 0 or more and finite, got {numbers[wrong].flat[0]:g}")
    try:
        y, x = np.broadcast_arrays(y, x)
    except ValueError:
        raise TallyError(
            f"numerator and denominator must have shapes that broadcast, got {y.shape} and {x.shape}"
        ) from None
    if y.ndim == 0 or not y.shape[-1]:
        raise TallyError("totals need a number for each cluster, got none; give a list of them")
    return y, x


Limits = Callable[[ClusterMoments, Floats, Floats, Floats], ConfidenceInterval]
TOTALS_RATIO_METHODS: dict[str, Limits] = {
    "log-delta": _log_delta,
    "delta": _delta,
    "fieller": _fieller_totals,
}
