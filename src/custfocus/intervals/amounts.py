"""Intervals for the mean of amounts that are never negative and often skewed: waits, costs."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import (
    lambertw,  # pyright: ignore[reportUnknownVariableType] - untyped in the stubs
    stdtrit,
)

from custfocus.errors import TallyError, choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    checked_level,
    ignoring_underflow,
    plain_numbers,
    sample_sizes,
    whole_numbers,
)

AmountsMethod = Literal["skewed", "hall", "gamma", "t"]

_LEAST_FOR_HALL = 10  # amounts: a skewness estimated from fewer says little
_ROUNDING = 1e-13  # amounts closer to one another than this part of them are equal


@ignoring_underflow
def amounts_interval(
    n: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    skewness: ArrayLike,
    *,
    method: AmountsMethod = "skewed",
    confidence_level: float = 0.95,
) -> ConfidenceInterval:
    """
    A confidence interval for the mean of amounts of 0 or more, from their first moments.

    - ``"skewed"``: Hall's from 10 amounts on, the gamma interval below, and the lower limit of
      the gamma interval where Hall's is not above 0.
    - ``"hall"``: Student's t after a cubic transformation that takes the skewness out, held
      to 0 or more.
    - ``"gamma"``: from the likelihood ratio of a gamma distribution, with the variance of the
      sample; both limits are above 0.
    - ``"t"``: Student's, held to 0 or more; for comparison with what others publish. With skewed
      amounts it lies too low and covers too little.

    Where all amounts are equal, or there is but one, nothing is known of how they vary: the
    limits are 0 and infinity.

    Args:
        n: How many amounts; shape (...).
        mean: Their mean, 0 or more; broadcasts with *n*.
        variance: Their variance, with divisor n - 1; broadcasts. Not read for n < 2.
        skewness: ``n / ((n - 1) (n - 2)) Σ ((x - mean) / s)³``; broadcasts. Not read for n < 3.
        method: One of the above.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        Limits of the mean, each of the broadcast shape, that contain it. NaN where n is 0 in a
        batch.

    Raises:
        TallyError: Moments that no amounts of 0 or more have; a single sample with n = 0.
        OptionError: An unknown method; a confidence level outside (0, 1).

    References:
        Hall (1992), Journal of the Royal Statistical Society B 54, 221-228. McCullagh and Nelder
        (1989), Generalized Linear Models, 2nd ed., chapters 8 and 9 (gamma quasi-likelihood).

    >>> waits = np.array([1.2, 0.4, 3.8, 2.1, 0.9, 12.5, 0.7, 1.6, 5.2, 2.4, 0.3, 1.1])
    >>> low, high = amounts_interval(*moments(waits))
    >>> print(f"{waits.mean():.2f} [{low:.2f}, {high:.2f}]")
    2.68 [1.22, 10.36]
    """
    given = (
        sample_sizes(whole_numbers(n, "n")),
        plain_numbers(mean, "mean"),
        plain_numbers(variance, "variance"),
        plain_numbers(skewness, "skewness"),
    )
    try:
        size, centre, spread, skew = np.broadcast_arrays(*given)
    except ValueError:
        shapes = ", ".join(str(one.shape) for one in given)
        raise TallyError(f"moments must have shapes that broadcast, got {shapes}") from None
    return amounts_limits(
        size, centre, spread, skew, method=method, confidence_level=confidence_level
    )


@ignoring_underflow
def amounts_limits(
    n: Floats,
    mean: Floats,
    variance: Floats,
    skewness: Floats,
    *,
    method: str,
    confidence_level: float,
) -> ConfidenceInterval:
    """The limits from moments of one shape, NaN for no amounts; see `amounts_interval`."""
    limits = choose("method", method, AMOUNTS_METHODS)
    tail = (1 - checked_level(confidence_level)) / 2
    _check_moments(n, mean, variance, skewness)
    known = (n > 1) & (variance > (_ROUNDING * mean) ** 2)
    low, high = np.where(n > 0, 0, np.nan), np.where(n > 0, np.inf, np.nan)
    count, centre = n[known], mean[known]
    t = np.asarray(-stdtrit(count - 1, tail))
    found = limits(count, centre, variance[known], np.where(count > 2, skewness[known], 0), t)
    low[known] = np.clip(found.low, 0, centre)
    high[known] = np.maximum(found.high, centre)
    return ConfidenceInterval(low, high)


def moments(values: ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
    """
    How many values there are along the last axis, their mean, variance and skewness.

    Args:
        values: Shape (..., n).

    Returns:
        Each of shape (...), as `amounts_interval` takes them: the variance NaN for fewer than 2
        values, the skewness for fewer than 3 and 0 where all are equal.

    Raises:
        TallyError: Values that are no numbers.

    >>> [round(float(one), 3) for one in moments([1, 2, 6])]
    [3.0, 3.0, 7.0, 1.458]
    """
    array = plain_numbers(values, "values")
    if array.ndim == 0:
        raise TallyError(f"values must be a list of numbers, got {values!r}")
    n = np.full(array.shape[:-1], float(array.shape[-1]))
    mean = np.asarray(array.sum(axis=-1) / np.where(n > 0, n, np.nan))
    equal = (array == array[..., :1]).all(axis=-1, keepdims=True)  # no variance from rounding
    from_mean = np.where(equal, 0, array - mean[..., np.newaxis])
    return n, mean, *central(n, (from_mean**2).sum(axis=-1), (from_mean**3).sum(axis=-1))


def central(n: Floats, squares: Floats, cubes: Floats) -> tuple[Floats, Floats]:
    """
    Variance and skewness from sums of powers of the distances from the mean.

    Args:
        n: How many values; shape (...).
        squares: The sum of the squared distances, likewise.
        cubes: The sum of their cubes, likewise.
    """
    variance = squares / np.where(n > 1, n - 1, np.nan)
    spread = np.where(variance > 0, variance, 1)
    factor = n / np.where(n > 2, (n - 1) * (n - 2), np.nan)
    skewness = np.where(variance > 0, factor * cubes / spread**1.5, 0 * factor)
    return np.asarray(variance), np.asarray(skewness)


def _student(n: Floats, mean: Floats, variance: Floats, _: Floats, t: Floats) -> ConfidenceInterval:
    arm = t * np.sqrt(variance / n)
    return ConfidenceInterval(mean - arm, mean + arm)


def _hall(
    n: Floats, mean: Floats, variance: Floats, skewness: Floats, t: Floats
) -> ConfidenceInterval:
    """``mean - f(±t) s / √n`` with ``f(q) = 3/a (∛(1 + a (q - a/6)) - 1)``, a = skewness / √n."""
    error, a = np.sqrt(variance / n), skewness / np.sqrt(n)
    return ConfidenceInterval(
        mean - _untransformed(t, a) * error, mean - _untransformed(-t, a) * error
    )


def _untransformed(q: Floats, a: Floats) -> Floats:
    change = a * (q - a / 6)
    # expm1 and log1p keep the digits of a small skewness; without any, f(q) is q
    with np.errstate(divide="ignore", invalid="ignore"):
        cube_root = np.where(
            np.abs(change) < 0.5, np.expm1(np.log1p(change) / 3), np.cbrt(1 + change) - 1
        )
        return np.asarray(np.where(a == 0, q, 3 / a * cube_root))


def _gamma(n: Floats, mean: Floats, variance: Floats, _: Floats, t: Floats) -> ConfidenceInterval:
    """The means mu with ``2 n (mean/mu - 1 - log(mean/mu)) <= t² variance / mean²``."""
    excess = t**2 * variance / (2 * n * mean**2)
    ratio_low = _ratio(excess, -1)
    ratio_high = _ratio(excess, 0)
    with np.errstate(divide="ignore", over="ignore"):
        return ConfidenceInterval(mean / ratio_low, mean / ratio_high)


def _ratio(excess: Floats, branch: int) -> Floats:
    """The r below (branch 0) or above (-1) 1 with ``r - 1 - log r = excess``."""
    root = -np.real(lambertw(-np.exp(-1 - excess), branch))
    # Near the branch point, as for many amounts, the distance from 1 is a series in √(2 excess)
    step = np.sqrt(2 * excess) * (1 if branch else -1)
    near = 1 + step * (1 + step * (1 / 3 + step * (1 / 36 - step / 270)))
    return np.asarray(np.where(np.abs(step) < 0.01, near, root))


def _skewed(
    n: Floats, mean: Floats, variance: Floats, skewness: Floats, t: Floats
) -> ConfidenceInterval:
    hall, gamma = (kernel(n, mean, variance, skewness, t) for kernel in (_hall, _gamma))
    many = n >= _LEAST_FOR_HALL
    return ConfidenceInterval(
        np.where(many & (hall.low > 0), hall.low, gamma.low),
        np.where(many, hall.high, gamma.high),
    )


def _check_moments(n: Floats, mean: Floats, variance: Floats, skewness: Floats) -> None:
    for what, numbers, least, start in (
        ("mean", mean, 0.0, 1),
        ("variance", variance, 0.0, 2),
        ("skewness", skewness, -np.inf, 3),
    ):
        wrong = (n >= start) & ~((numbers >= least) & np.isfinite(numbers))
        if wrong.any():
            raise TallyError(
                f"{what} must be that of amounts of 0 or more, got {numbers[wrong].flat[0]:g}; "
                "amounts below 0 have no place here"
            )
    wrong = (n > 1) & (mean == 0) & (variance > 0)
    if wrong.any():
        raise TallyError(
            "amounts of 0 or more with a mean of 0 are all 0, got a variance of "
            f"{variance[wrong].flat[0]:g}"
        )


Kernel = Callable[[Floats, Floats, Floats, Floats, Floats], ConfidenceInterval]
AMOUNTS_METHODS: dict[str, Kernel] = {
    "skewed": _skewed,
    "hall": _hall,
    "gamma": _gamma,
    "t": _student,
}
