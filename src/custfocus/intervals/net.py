"""
Intervals for a net score: the share of positive answers less that of negative ones.

The Net Promoter Score is one, and so is net satisfaction. A net score is the difference of two
shares of the same answers, as in a paired comparison, whose intervals therefore serve.
"""

from collections.abc import Callable
from functools import partial
from math import log
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import TallyError, choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    checked_level,
    critical_value,
    finite_population_factor,
    population_sizes,
    sample_sizes,
    whole_numbers,
    within_reach,
)
from custfocus.intervals.score import score_limits

NetMethod = Literal["score", "adjusted-wald", "agresti-min", "bonett-price", "goodman", "wald"]

_SCORES = np.array([-1.0, 0.0, 1.0])


def net_interval(
    positive: ArrayLike,
    negative: ArrayLike,
    n: ArrayLike,
    *,
    method: NetMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
) -> ConfidenceInterval:
    """
    A confidence interval for a net score, (positive - negative) / n.

    Published limits beyond -1 or 1 are held there. Only ``"score"`` is free of further faults:

    - ``"wald"`` and ``"goodman"`` have zero width when all answers are of one kind, positive,
      negative or neither.
    - The three methods that add answers are centred elsewhere than on the estimate. At 95 %
      ``"adjusted-wald"`` leaves out the estimate of one answer that is positive or negative,
      and at low levels each of the three can leave it out.

    Args:
        positive: Answers that count for, whole numbers; shape (...).
        negative: Answers that count against; broadcasts with *positive*.
        n: All answers, those that are neither included; broadcasts likewise.
        method: ``"score"``, Tango's interval; Wald's after answers were added to the negative,
            neutral and positive ones: 3/4, 3/2, 3/4 in ``"adjusted-wald"`` (Rocks), 1/2, 1, 1/2
            in ``"agresti-min"``, 1, 0, 1 in ``"bonett-price"``, none in ``"wald"``; or
            ``"goodman"``, Wald's that holds for all contrasts of the three shares at once.
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population; the variance is multiplied by
            (N - n) / (N - 1), and so is the number of added answers; the limits are held to
            what its unseen members can do. One number, or one for each group.

    Returns:
        Limits in [-1, 1], each of the broadcast shape. NaN where n is 0 in a batch.

    Raises:
        TallyError: Counts that are negative, fractional or together more than *n*; a population
            smaller than the sample; a single sample with n = 0.
        OptionError: An unknown method, or a confidence level outside (0, 1).

    References:
        Agresti and Min (2005), Statistics in Medicine 24, 729-740. Bonett and Price (2012),
        Journal of Educational and Behavioral Statistics 37, 479-488. Goodman (1964), Annals of
        Mathematical Statistics 35, 716-725. Rocks (2016), The American Statistician 70,
        365-372. Tango (1998), Statistics in Medicine 17, 891-908, whose table VII gives -.027
        to .390 for 9 against 3 of 32.

    >>> low, high = net_interval(9, 3, 32)
    >>> print(f"{low:.3f} to {high:.3f}")
    -0.027 to 0.390
    """
    choose("method", method, _METHODS)
    for_it, against, size = _same_shape(positive, negative, n)
    more = for_it + against > size
    if more.any():
        raise TallyError(
            f"positive and negative together must not exceed n, got {for_it[more][0]:g} and "
            f"{against[more][0]:g} of {size[more][0]:g}; count every answer once"
        )
    people = population_sizes(population, sample_sizes(size))
    return net_limits(for_it, against, size, confidence_level, people, method=method)


def net_limits(
    positive: Floats,
    negative: Floats,
    n: Floats,
    confidence_level: float,
    population: Floats | None,
    *,
    method: str,
) -> ConfidenceInterval:
    """
    The limits by name for *n* answers, which need not be whole numbers, as checked before.

    Args:
        positive: Shape (...).
        negative: Shape (...); with *positive* at most *n*.
        n: Shape (...).
        confidence_level: Two-sided, in (0, 1).
        population: Sizes of finite populations, shape (...), or None.
        method: See `net_interval`.
    """
    limits = choose("method", method, _METHODS)
    found = limits(positive, negative, n, confidence_level, population)
    return ConfidenceInterval(*within_reach(found, positive - negative, n, population, (-1, 1)))


def _same_shape(positive: ArrayLike, negative: ArrayLike, n: ArrayLike) -> tuple[Floats, ...]:
    given = (
        whole_numbers(positive, "positive"),
        whole_numbers(negative, "negative"),
        whole_numbers(n, "n"),
    )
    try:
        return tuple(np.broadcast_arrays(*given))
    except ValueError:
        shapes = ", ".join(str(counts.shape) for counts in given)
        raise TallyError(
            f"positive, negative and n must have shapes that broadcast, got {shapes}"
        ) from None


def _score(
    positive: Floats,
    negative: Floats,
    n: Floats,
    confidence_level: float,
    population: Floats | None,
) -> ConfidenceInterval:
    """Tango's limits: the score interval for the mean of -1, 0 and 1."""
    counts = np.stack([negative, n - negative - positive, positive], axis=-1)
    return score_limits(counts, _SCORES, n, confidence_level, population)


def _one_contrast(confidence_level: float) -> float:
    """The squared normal quantile."""
    return critical_value(confidence_level) ** 2


def _all_contrasts(confidence_level: float) -> float:
    """
    The chi-square quantile with 2 degrees of freedom, one less than the kinds of answers.

    That distribution's upper tail is ``exp(-x / 2)``.
    """
    return -2 * log(1 - checked_level(confidence_level))


def _wald(
    positive: Floats,
    negative: Floats,
    n: Floats,
    confidence_level: float,
    population: Floats | None,
    *,
    ends: float = 0.0,
    middle: float = 0.0,
    squared: Callable[[float], float] = _one_contrast,
) -> ConfidenceInterval:
    """
    Wald's limits after *ends* answers were added on either side and *middle* between.

    With the factor f = (N - n) / (N - 1) the n answers are worth n / f from an infinite
    population. Adding answers to those is the same as adding f times as many to n: a census
    is left as it is. The variance ``p + q - (p - q)²`` is written as a sum of products, of
    which none is negative, so no digits are lost when nearly all answers are of one kind.
    """
    left = finite_population_factor(n, population)
    size = np.where(n > 0, n + left * (2 * ends + middle), np.nan)
    p, q = ((count + left * ends) / size for count in (positive, negative))
    neither = (n - positive - negative + left * middle) / size
    variance = (p + q) * neither + 4 * p * q
    net = (positive - negative) / size
    half = np.sqrt(squared(confidence_level) * left * variance / size)
    return ConfidenceInterval(
        np.asarray(np.maximum(net - half, -1)), np.asarray(np.minimum(net + half, 1))
    )


_METHODS: dict[
    str, Callable[[Floats, Floats, Floats, float, Floats | None], ConfidenceInterval]
] = {
    "score": _score,
    "adjusted-wald": partial(_wald, ends=0.75, middle=1.5),
    "agresti-min": partial(_wald, ends=0.5, middle=1.0),
    "bonett-price": partial(_wald, ends=1.0),
    "goodman": partial(_wald, squared=_all_contrasts),
    "wald": _wald,
}
