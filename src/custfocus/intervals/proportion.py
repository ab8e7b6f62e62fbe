"""Intervals for one proportion."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import TallyError, choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    population_sizes,
    sample_sizes,
    squared_critical_values,
    whole_numbers,
)

ProportionMethod = Literal["wilson"]


def proportion_interval(
    successes: ArrayLike,
    n: ArrayLike,
    *,
    method: ProportionMethod = "wilson",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
) -> ConfidenceInterval:
    """
    A confidence interval for a proportion.

    Args:
        successes: Answers that count, whole numbers in [0, n]; shape (...).
        n: All answers; broadcasts with *successes*.
        method: ``"wilson"``, the score interval.
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population; the variance is multiplied by
            (N - n) / (N - 1). Broadcasts with *n*.

    Returns:
        Limits as proportions, each of the broadcast shape. NaN where n is 0 in a batch.

    Raises:
        TallyError: Counts that are negative, fractional or more than *n*; a population
            smaller than the sample; a single sample with n = 0.
        OptionError: An unknown method, or a confidence level outside (0, 1).

    References:
        Wilson (1927), JASA 22, 209-212. Example: 81 of 263, Newcombe (1998),
        Statistics in Medicine 17, 857-872, table I.

    >>> low, high = proportion_interval(81, 263)
    >>> print(f"{low:.4f} to {high:.4f}")
    0.2553 to 0.3662
    """
    limits = choose("method", method, _METHODS)
    counted, size = _same_shape(whole_numbers(successes, "successes"), whole_numbers(n, "n"))
    more = counted > size
    if more.any():
        raise TallyError(
            f"successes must not exceed n, got {counted[more][0]:g} of {size[more][0]:g}"
        )
    people = population_sizes(population, sample_sizes(size))
    z2 = squared_critical_values(size, confidence_level, people)
    return limits(counted, size, z2)


def wilson(successes: Floats, n: Floats, z2: Floats) -> ConfidenceInterval:
    """
    Wilson's score limits for *n* answers with squared critical values *z2*; NaN where n is 0.

    The roots of ``(1 + tau) x² - (2 p + tau) x + p² = 0`` with tau = z² / n. The smaller one is
    their product over the larger one: no difference is taken, so no digits are lost near 0.
    """
    size = np.where(n > 0, n, np.nan)
    p, q, tau = successes / size, (n - successes) / size, z2 / size
    double = 2 * p + tau + np.sqrt(tau * (tau + 4 * p * q))
    low = 2 * p * p / np.where(double == 0, 1, double)  # 0 only if p and tau are
    high = double / (2 * (1 + tau))
    census = tau == 0
    return ConfidenceInterval(
        np.asarray(np.where(census, p, np.minimum(low, p))),
        np.asarray(np.where(census, p, np.clip(high, p, 1))),
    )


def _same_shape(successes: Floats, n: Floats) -> tuple[Floats, Floats]:
    try:
        counted, size = np.broadcast_arrays(successes, n)
    except ValueError:
        raise TallyError(
            f"successes and n must have shapes that broadcast, got {successes.shape} and {n.shape}"
        ) from None
    return counted, size


_METHODS: dict[str, Callable[[Floats, Floats, Floats], ConfidenceInterval]] = {"wilson": wilson}
