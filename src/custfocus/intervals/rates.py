"""Intervals for rates of events: one rate, the ratio of two, and a directly standardised one."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammainccinv, gammaincinv

from custfocus.errors import OptionError, TallyError, choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    checked_level,
    critical_value,
    ignoring_underflow,
    is_finite_number,
    plain_numbers,
    whole_numbers,
)
from custfocus.intervals.exact_proportion import clopper_pearson

RateMethod = Literal["exact", "byar"]
StandardisedMethod = Literal["dobson", "dobson-byar", "gamma"]

_NO_RATES = "pass how many events there were, not a rate"


@ignoring_underflow
def rate_interval(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    per: float = 1,
    method: RateMethod = "exact",
    confidence_level: float = 0.95,
) -> ConfidenceInterval:
    """
    A confidence interval for a rate: events that happen one by one in an amount of exposure.

    - ``"exact"``: Garwood's, from tails of the Poisson distribution; covers never less than the
      level.
    - ``"byar"``: Byar's approximation to it, as published by public health bodies from 10 events
      on; within .0002 of the exact coverage.

    Both suppose that events are independent of each other: where one calls forth the next (a
    person who complains three times), they are too narrow.

    Args:
        events: Whole numbers, 0 or more; shape (...).
        exposure: What they happened in: customers, calls, days, working hours; 0 or more,
            broadcasts with *events*.
        per: The exposure that the rate is stated for, such as 1000.
        method: One of the above.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        Limits of the rate, each of the broadcast shape. NaN where the exposure is 0.

    Raises:
        TallyError: Events that are negative or fractional, or in no exposure; an exposure that
            is negative or not finite.
        OptionError: An unknown method; a confidence level outside (0, 1); *per* not above 0.

    References:
        Garwood (1936), Biometrika 28, 437-442. Byar's approximation: Breslow and Day (1987),
        Statistical Methods in Cancer Research II, section 2.3. Example: 10 events, R 4.2.2,
        ``poisson.test(10)``.

    >>> low, high = rate_interval(10, 1)
    >>> print(f"{low:.6f} to {high:.6f}")
    4.795389 to 18.390356
    """
    limits = choose("method", method, RATE_METHODS)
    count, amount = counted_events(events, exposure)
    low, high = limits(count, confidence_level)
    times = checked_per(per) / np.where(amount > 0, amount, np.nan)
    return ConfidenceInterval(np.asarray(low * times), np.asarray(high * times))


def exact_counts(events: Floats, confidence_level: float) -> ConfidenceInterval:
    """The means of a Poisson distribution with a tail of alpha / 2 from the events on."""
    tail = (1 - checked_level(confidence_level)) / 2
    low = np.where(events > 0, gammaincinv(np.maximum(events, 1), tail), 0)
    return ConfidenceInterval(low, np.asarray(gammainccinv(events + 1, tail)))


def byar_counts(events: Floats, confidence_level: float) -> ConfidenceInterval:
    """Byar's cube of a normal deviate, ``x (1 - 1/(9 x) ± z / (3 √x))³``; at least 0."""
    z = critical_value(confidence_level)

    def cube(x: Floats, z: float) -> Floats:
        return np.asarray(x * np.maximum(1 - 1 / (9 * x) + z / (3 * np.sqrt(x)), 0) ** 3)

    low = np.where(events > 0, cube(np.maximum(events, 1), -z), 0)
    return ConfidenceInterval(low, cube(events + 1, z))


@ignoring_underflow
def rate_ratio_interval(
    events_a: ArrayLike,
    exposure_a: ArrayLike,
    events_b: ArrayLike,
    exposure_b: ArrayLike,
    *,
    confidence_level: float = 0.95,
) -> ConfidenceInterval:
    """
    A confidence interval for one rate relative to another, independent one.

    Given all events together, those of the first are binomial; Clopper and Pearson's limits for
    their share are turned into a ratio. It covers never less than the level.

    Args:
        events_a: Events of the first rate, whole numbers; shape (...).
        exposure_a: What they happened in; broadcasts.
        events_b: Events of the second; broadcasts.
        exposure_b: What they happened in; broadcasts.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        Limits of the first rate divided by the second; the upper one is infinite where the
        second has no events, and both are 0 and infinity where neither has. NaN where an
        exposure is 0.

    Raises:
        TallyError: As for `rate_interval`.
        OptionError: A confidence level outside (0, 1).

    References:
        Przyborowski and Wilenski (1940), Biometrika 31, 313-323; Lehmann and Romano (2005),
        Testing Statistical Hypotheses, 3rd ed., section 4.5. Example: 11 in 800 and 21 in 3011,
        R 4.2.2, ``poisson.test(c(11, 21), c(800, 3011))``.

    >>> low, high = rate_ratio_interval(11, 800, 21, 3011)
    >>> print(f"{low:.6f} to {high:.6f}")
    0.858426 to 4.277266
    """
    checked_level(confidence_level)
    first, second = counted_events(events_a, exposure_a), counted_events(events_b, exposure_b)
    try:
        a, time_a, b, time_b = np.broadcast_arrays(*first, *second)
    except ValueError:
        raise TallyError(
            f"rates must have shapes that broadcast, got {first[0].shape} and {second[0].shape}"
        ) from None
    some = a + b > 0
    low, high = np.zeros(a.shape), np.ones(a.shape)
    low[some], high[some] = clopper_pearson(a[some], (a + b)[some], confidence_level, None)
    with np.errstate(divide="ignore"):
        ratio = time_b / np.where((time_a > 0) & (time_b > 0), time_a, np.nan)
        return ConfidenceInterval(
            np.asarray(low / (1 - low) * ratio), np.asarray(high / (1 - high) * ratio)
        )


@ignoring_underflow
def standardised_rate_interval(
    events: ArrayLike,
    exposure: ArrayLike,
    weights: ArrayLike,
    *,
    per: float = 1,
    method: StandardisedMethod = "dobson",
    confidence_level: float = 0.95,
) -> ConfidenceInterval:
    """
    A confidence interval for a directly standardised rate.

    The rate is what a standard population would have, ``Σ w x / n / Σ w`` over its strata. Under
    about 10 events in all, no method is worth publishing.

    - ``"dobson"``: the exact limits of all events, moved to the scale of the standardised rate.
    - ``"dobson-byar"``: the same with Byar's limits, as the public health bodies of England
      publish it.
    - ``"gamma"``: Fay and Feuer's; wider upwards, hence safe where weights differ much.

    Args:
        events: In each stratum, whole numbers; shape (..., strata).
        exposure: Of each stratum, above 0; broadcasts.
        weights: The standard population of each stratum, 0 or more; broadcasts.
        per: The exposure that the rate is stated for, such as 100_000.
        method: One of the above.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        Limits of the rate, each of the broadcast shape without its last axis.

    Raises:
        TallyError: As for `rate_interval`; weights that are negative or all 0; strata without
            exposure.
        OptionError: As for `rate_interval`.

    References:
        Dobson, Kuulasmaa, Eberle and Scherer (1991), Statistics in Medicine 10, 457-462. Fay and
        Feuer (1997), Statistics in Medicine 16, 791-801; example: their table I, second births.

    >>> births = [72202, 326701, 208667, 83228, 28466, 5375]
    >>> standard = [63986.6, 186263.6, 157302.2, 97647, 47572.6, 12262.6]
    >>> low, high = standardised_rate_interval(
    ...     [25, 150, 110, 84, 82, 39], births, standard, per=100_000, method="gamma"
    ... )
    >>> print(f"{low:.2f} to {high:.2f}")
    82.36 to 100.87
    """
    limits = choose("method", method, STANDARDISED_METHODS)
    count, parts = _weighed(events, exposure, weights)
    low, high = limits(count, parts, confidence_level)
    times = checked_per(per)
    return ConfidenceInterval(np.asarray(low * times), np.asarray(high * times))


def standardised_rate(events: ArrayLike, exposure: ArrayLike, weights: ArrayLike) -> Floats:
    """
    The directly standardised rate, ``Σ w x / n / Σ w``.

    Args:
        events: See `standardised_rate_interval`.
        exposure: Likewise.
        weights: Likewise.

    Raises:
        TallyError: Likewise.
    """
    count, parts = _weighed(events, exposure, weights)
    return np.asarray((parts * count).sum(axis=-1))


def standard_parts(
    events: ArrayLike, exposure: ArrayLike, weights: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Events, exposure and weights of strata, checked and of one shape (..., strata)."""
    count, amount = counted_events(events, exposure)
    weight = plain_numbers(weights, "weights")
    if not ((weight >= 0) & np.isfinite(weight)).all():
        raise TallyError("weights must be 0 or more and finite, the standard population of each")
    if (amount == 0).any():
        raise TallyError("every stratum needs an exposure above 0; join strata that have none")
    try:
        count, amount, weight = np.broadcast_arrays(count, amount, weight)
    except ValueError:
        raise TallyError(
            f"events and weights must have shapes that broadcast, got {count.shape} and "
            f"{weight.shape}"
        ) from None
    if count.ndim == 0 or not (weight.sum(axis=-1) > 0).all():
        raise TallyError("weights must be given for each stratum and not be all 0")
    return count, amount, weight


_NO_PART = 1e-100  # of the greatest part of a stratum: its square is no number any more


def _weighed(events: ArrayLike, exposure: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    """The events, and what one of each stratum adds to the rate: ``w / n / Σ w``."""
    count, amount, weight = standard_parts(events, exposure, weights)
    parts = weight / weight.sum(axis=-1, keepdims=True) / amount
    counts = parts > _NO_PART * parts.max(axis=-1, keepdims=True)
    return np.where(counts, count, 0), parts  # events that add nothing tell nothing


def _dobson(counts: Callable[[Floats, float], ConfidenceInterval]) -> "StandardisedLimits":
    def limits(events: Floats, parts: Floats, confidence_level: float) -> ConfidenceInterval:
        """``rate + √(V / O) (O_limit - O)``; O all events, V the variance of the rate."""
        total = events.sum(axis=-1)
        rate, variance = (parts * events).sum(axis=-1), (parts**2 * events).sum(axis=-1)
        low, high = counts(total, confidence_level)
        # Without events each would count most where one adds most to the rate
        most: Floats = parts.max(axis=-1)
        each = np.where(total > 0, np.sqrt(variance / np.maximum(total, 1)), most)
        low = np.maximum(rate + each * (low - total), 0)
        return ConfidenceInterval(np.asarray(low), np.asarray(rate + each * (high - total)))

    return limits


def _fay_feuer(events: Floats, parts: Floats, confidence_level: float) -> ConfidenceInterval:
    """Quantiles of gamma distributions of the rate's mean and variance, one event more above."""
    tail = (1 - checked_level(confidence_level)) / 2
    rate, variance = (parts * events).sum(axis=-1), (parts**2 * events).sum(axis=-1)
    some = variance > 0
    spread = np.where(some, variance, 1)
    shape = np.where(some, rate**2 / spread, 1)
    scale = np.where(some, spread / np.where(some, rate, 1), 0)
    low = np.where(some, gammaincinv(shape, tail) * scale, 0)
    most = parts.max(axis=-1)
    above, spread_above = rate + most, variance + most**2
    high = gammainccinv(above**2 / spread_above, tail) * spread_above / above
    return ConfidenceInterval(low, np.asarray(high))


def counted_events(events: ArrayLike, exposure: ArrayLike) -> tuple[Floats, Floats]:
    """Events and the exposure that they happened in, checked and of one shape."""
    count = whole_numbers(events, "events", _NO_RATES)
    amount = plain_numbers(exposure, "exposure")
    wrong = ~((amount >= 0) & np.isfinite(amount))
    if wrong.any():
        raise TallyError(f"exposure must be 0 or more and finite, got {amount[wrong].flat[0]:g}")
    try:
        count, amount = np.broadcast_arrays(count, amount)
    except ValueError:
        raise TallyError(
            f"events and exposure must have shapes that broadcast, got {count.shape} and "
            f"{amount.shape}"
        ) from None
    without = (count > 0) & (amount == 0)
    if without.any():
        raise TallyError(
            f"events need an exposure that they happened in, got {count[without].flat[0]:g} in 0"
        )
    return count, amount


def checked_per(per: object) -> float:
    """The exposure that a rate is stated for; an error unless above 0."""
    if is_finite_number(per) and float(per) > 0:  # type: ignore[arg-type]
        return float(per)  # type: ignore[arg-type]
    raise OptionError(f"per must be a number above 0, got {per!r}")


Limits = Callable[[Floats, float], ConfidenceInterval]
StandardisedLimits = Callable[[Floats, Floats, float], ConfidenceInterval]

RATE_METHODS: dict[str, Limits] = {"exact": exact_counts, "byar": byar_counts}
STANDARDISED_METHODS: dict[str, StandardisedLimits] = {
    "dobson": _dobson(exact_counts),
    "dobson-byar": _dobson(byar_counts),
    "gamma": _fay_feuer,
}
