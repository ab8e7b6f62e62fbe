"""
Intervals that compare the proportions of two independent samples: their difference, their ratio.

The score interval for the ratio holds all theta with ``(p_a - theta p_b)² <= z² V(theta)``, where
V is the variance of ``p_a - theta p_b`` under the likeliest proportions whose ratio is theta. For
the lower limit those are

    (x_a - s) / (n_a - s)    and    (x_b + s) / (n_b + s)

with x successes of n, as if s successes had been taken out of the first sample and added to the
second. Their ratio falls in s, and the condition is

    s² (q_a / (x_a - s) + q_b / (x_b + s)) = z²,    q = (n - x) / n,                        (1)

whose left side is convex and rises from 0: one root, and no digits cancel. Where the first sample
has nothing but successes, q_a is 0 and (1) may have no root up to x_a. Then s is x_a, its first
proportion is open, and what is missing in (1) settles it: it is ``1 / (1 + x_a w)`` with w in the
place of ``q_a / (x_a - s)``. The upper limit is one over the lower limit of the samples swapped.

References:
    Koopman (1984), Biometrics 40, 513-517. Miettinen and Nurminen (1985), Statistics in Medicine
    4, 213-226. Nam (1995), Biometrical Journal 37, 375-379 (a cubic for the limits).
"""

from collections.abc import Callable
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    critical_value,
)
from custfocus.intervals.columns import ratio
from custfocus.intervals.two_sample import mover_interval_difference, score_interval_difference
from custfocus.intervals.two_shares import TwoShares, Worth

DifferenceMethod = Literal["miettinen-nurminen", "mee", "newcombe", "agresti-caffo", "wald"]
RatioMethod = Literal["miettinen-nurminen", "koopman"]

_SCORES = np.array([0.0, 1.0])
_LEAST = 1e-100  # stands for a z² of 0, that of a confidence level too small for a float64
_CLOSE = 1e-10  # a step of s, relative; Newton's error is of the order of its square, times z²


def difference_interval(
    successes_a: ArrayLike,
    n_a: ArrayLike,
    successes_b: ArrayLike,
    n_b: ArrayLike,
    *,
    method: DifferenceMethod = "miettinen-nurminen",
    confidence_level: float = 0.95,
    population_a: ArrayLike | None = None,
    population_b: ArrayLike | None = None,
) -> ConfidenceInterval:
    """
    A confidence interval for the difference of two independent proportions, a minus b.

    - ``"miettinen-nurminen"``: the score interval, its variance times N / (N - 1) with N the
      answers in both samples.
    - ``"mee"``: the same without that factor; a little shorter.
    - ``"newcombe"``: from two Wilson intervals, squared and added (his method 10).
    - ``"agresti-caffo"``: Wald's after one success and one failure were added to each sample.
      It contains the difference of the samples at levels of .917 and more, but need not below.
    - ``"wald"``: poor, for comparison with what others published. It covers far less than its
      level near 0 and 1, and has no width at all when both samples are of one kind of answer,
      such as 0 of n against 0 of m.

    Published limits of the last two beyond -1 or 1 are held there. Except as said, all contain
    the difference of the samples and have a width.

    Args:
        successes_a: Answers of the first sample that count, whole numbers in [0, *n_a*]; shape
            (...).
        n_a: All answers of the first sample; all four arguments broadcast.
        successes_b: Answers of the second sample that count, in [0, *n_b*].
        n_b: All answers of the second sample.
        method: One of the above.
        confidence_level: Two-sided, in (0, 1).
        population_a: Size N of a finite population that the first sample is of: its variance is
            multiplied by (N - n) / (N - 1), and the limits are held to what the members who were
            not asked can do. One number, or one for each group.
        population_b: That of the second sample.

    Returns:
        Limits as differences of proportions, in [-1, 1], each of the broadcast shape. NaN where
        either sample of a group in a batch is empty.

    Raises:
        TallyError: Counts that are negative, fractional or more than their n, or don't
            broadcast; a population smaller than its sample; a single pair of samples with an
            empty one.
        OptionError: An unknown method, or a confidence level outside (0, 1).

    References:
        Miettinen and Nurminen (1985), Statistics in Medicine 4, 213-226. Mee (1984), Biometrics
        40, 1175-1176. Agresti and Caffo (2000), The American Statistician 54, 280-288. Example:
        56 of 70 against 48 of 80, Newcombe (1998), Statistics in Medicine 17, 873-890, table
        II: .0528 to .3382 by Miettinen and Nurminen's method, .0524 to .3339 by his method 10.

    >>> low, high = difference_interval(56, 70, 48, 80)
    >>> print(f"{low:.4f} to {high:.4f}")
    0.0528 to 0.3382
    """
    limits = choose("method", method, _DIFFERENCES)
    counts = TwoShares.of(successes_a, n_a, successes_b, n_b, (population_a, population_b))
    return limits(counts, confidence_level)


def ratio_interval(
    successes_a: ArrayLike,
    n_a: ArrayLike,
    successes_b: ArrayLike,
    n_b: ArrayLike,
    *,
    method: RatioMethod = "miettinen-nurminen",
    confidence_level: float = 0.95,
    population_a: ArrayLike | None = None,
    population_b: ArrayLike | None = None,
) -> ConfidenceInterval:
    """
    The score interval for the ratio of two independent proportions, a over b.

    Without successes in the first sample it begins at 0, without successes in the second it has
    no upper limit, and without any it is 0 to infinity: then nothing is known of the ratio. It
    contains the ratio of the samples where they have one, and always has a width.

    Args:
        successes_a: Answers of the first sample that count, whole numbers in [0, *n_a*]; shape
            (...).
        n_a: All answers of the first sample; all four arguments broadcast.
        successes_b: Answers of the second sample that count, in [0, *n_b*].
        n_b: All answers of the second sample.
        method: ``"koopman"``, or ``"miettinen-nurminen"``, whose variance is multiplied by
            N / (N - 1), N the answers in both samples.
        confidence_level: Two-sided, in (0, 1).
        population_a: Size N of a finite population that the first sample is of: its variance is
            multiplied by (N - n) / (N - 1), and the limits are held to what the members who were
            not asked can do. One number, or one for each group.
        population_b: That of the second sample.

    Returns:
        Limits as ratios, in [0, inf], each of the broadcast shape. NaN where either sample of a
        group in a batch is empty.

    Raises:
        TallyError: Counts that are negative, fractional or more than their n, or don't
            broadcast; a population smaller than its sample; a single pair of samples with an
            empty one.
        OptionError: An unknown method, or a confidence level outside (0, 1).

    References:
        Koopman (1984), Biometrics 40, 513-517: 2.94 to 7.15 for 36 of 40 against 16 of 80.
        Miettinen and Nurminen (1985), Statistics in Medicine 4, 213-226.

    >>> low, high = ratio_interval(36, 40, 16, 80, method="koopman")
    >>> print(f"{low:.2f} to {high:.2f}")
    2.94 to 7.15
    """
    corrected = choose("method", method, _CORRECTED)
    counts = TwoShares.of(successes_a, n_a, successes_b, n_b, (population_a, population_b))
    return _ratio_limits(counts, critical_value(confidence_level) ** 2, correction=corrected)


def _score(
    counts: TwoShares, confidence_level: float, *, correction: bool = True
) -> ConfidenceInterval:
    """Miettinen and Nurminen's limits, or Mee's without the *correction*."""
    return score_interval_difference(
        *counts.on_two_points(),
        _SCORES,
        confidence_level=confidence_level,
        correction=correction,
        population_a=counts.population_a,
        population_b=counts.population_b,
    )


def _newcombe(counts: TwoShares, confidence_level: float) -> ConfidenceInterval:
    """The limits of two Wilson intervals, squared and added."""
    return mover_interval_difference(
        *counts.on_two_points(),
        _SCORES,
        confidence_level=confidence_level,
        population_a=counts.population_a,
        population_b=counts.population_b,
    )


def _wald(counts: TwoShares, confidence_level: float, *, added: int = 0) -> ConfidenceInterval:
    """
    Wald's limits after so many successes and as many failures were *added* to each sample.

    In a finite population fewer are, by the factor of its variance: a census is left as it is.
    """
    difference, variance = np.zeros_like(counts.n_a), np.zeros_like(counts.n_a)
    for sign, side in zip((1, -1), counts.sides, strict=True):
        left = side.left
        size = np.where(side.n > 0, side.n + 2 * added * left, np.nan)
        p, q = (side.x + added * left) / size, (side.n - side.x + added * left) / size
        difference += sign * p
        variance += left * p * q / size
    half = critical_value(confidence_level) * np.sqrt(variance)
    (least_a, most_a), (least_b, most_b) = (side.reach() for side in counts.sides)
    return ConfidenceInterval(
        np.clip(difference - half, least_a - most_b, most_a - least_b),
        np.clip(difference + half, least_a - most_b, most_a - least_b),
    )


def _ratio_limits(counts: TwoShares, z2: float, *, correction: bool) -> ConfidenceInterval:
    """Miettinen and Nurminen's limits of the ratio, or Koopman's without the *correction*."""
    total = np.maximum((counts.n_a + counts.n_b).ravel(), 2)  # fewer only for an empty sample
    factor = total / (total - 1) if correction else np.ones_like(total)
    squared = max(z2, _LEAST) * factor
    a, b = (side.worth() for side in counts.sides)
    low, inverse = _lower_ratio(a, b, squared), _lower_ratio(b, a, squared)
    high = _quotient(np.ones_like(inverse), inverse, np.inf)
    (least_a, most_a), (least_b, most_b) = (side.reach() for side in counts.sides)
    least = np.where(least_a > 0, _quotient(least_a, most_b, np.inf), 0)
    most = _quotient(most_a, least_b, np.inf)
    empty = (counts.n_a == 0) | (counts.n_b == 0)
    return ConfidenceInterval(
        *(
            np.where(empty, np.nan, np.clip(limit.reshape(empty.shape), least, most))
            for limit in (low, high)
        )
    )


def _quotient(above: Floats, below: Floats, otherwise: float) -> Floats:
    """Above over below, where that is more than 0."""
    return np.divide(above, below, out=np.full_like(above, otherwise), where=below > 0)


def _lower_ratio(one: Worth, other: Worth, z2: Floats) -> Floats:
    """
    The lower limit of the ratio for squared critical values *z2*, both (G,); a number for n = 0.

    It is the ratio of the proportions after equation (1). Where nothing is left of the first
    sample, neither successes nor failures, the first one is open.
    """
    (x_a, n_a), (x_b, n_b) = one, other
    a, b = ratio(n_a - x_a, n_a * z2), ratio(n_b - x_b, n_b * z2)
    moved = _moved_successes(x_a, x_b, a, b)
    left, failures = x_a - moved, n_a - x_a
    settled = left + failures > 0
    missing = np.where(settled, 0, 1 - ratio(b * x_a * x_a, x_b + x_a))
    p_a = np.where(settled, ratio(left, left + failures), 1 / (1 + ratio(z2, x_a) * missing))
    return ratio(p_a, ratio(x_b + moved, n_b + moved))


def _moved_successes(x_a: Floats, x_b: Floats, a: Floats, b: Floats) -> Floats:
    """
    The root s of ``s² (a / (x_a - s) + b / (x_b + s)) = 1``, or x_a where that is reached first.

    It starts at the smaller of the roots that there are with one of the two terms alone, at or
    above s. On a convex function Newton's steps stay above the root.
    """
    first_alone = (1 + np.sqrt(1 + 4 * a * x_a)) / 2  # what x_a is divided by
    second_alone = 2 * b * x_a / (1 + np.sqrt(1 + 4 * b * x_b))
    found: Floats = x_a / np.maximum(first_alone, second_alone)
    moving = np.flatnonzero((a > 0) & (x_a > 0))
    while moving.size:
        s = found[moving]
        left, more = x_a[moving] - s, x_b[moving] + s
        first, second = a[moving] * s * s / left, b[moving] * s * s / more
        slope = first * (2 + s / left) + second * (2 - s / more)
        step = (first + second - 1) / slope
        found[moving] = s - s * step
        moving = moving[step > _CLOSE]
    return found


_DIFFERENCES: dict[str, Callable[[TwoShares, float], ConfidenceInterval]] = {
    "miettinen-nurminen": _score,
    "mee": partial(_score, correction=False),
    "newcombe": _newcombe,
    "agresti-caffo": partial(_wald, added=1),
    "wald": _wald,
}
_CORRECTED = {"miettinen-nurminen": True, "koopman": False}
