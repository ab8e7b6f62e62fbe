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
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import TallyError, choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    critical_value,
    sample_sizes,
    whole_numbers,
)
from custfocus.intervals.columns import ratio
from custfocus.intervals.two_sample import mover_interval_difference, score_interval_difference

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

    Returns:
        Limits as differences of proportions, in [-1, 1], each of the broadcast shape. NaN where
        either sample of a group in a batch is empty.

    Raises:
        TallyError: Counts that are negative, fractional or more than their n, or don't
            broadcast; a single pair of samples with an empty one.
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
    return limits(_Counts.of(successes_a, n_a, successes_b, n_b), confidence_level)


def ratio_interval(
    successes_a: ArrayLike,
    n_a: ArrayLike,
    successes_b: ArrayLike,
    n_b: ArrayLike,
    *,
    method: RatioMethod = "miettinen-nurminen",
    confidence_level: float = 0.95,
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

    Returns:
        Limits as ratios, in [0, inf], each of the broadcast shape. NaN where either sample of a
        group in a batch is empty.

    Raises:
        TallyError: Counts that are negative, fractional or more than their n, or don't
            broadcast; a single pair of samples with an empty one.
        OptionError: An unknown method, or a confidence level outside (0, 1).

    References:
        Koopman (1984), Biometrics 40, 513-517: 2.94 to 7.15 for 36 of 40 against 16 of 80.
        Miettinen and Nurminen (1985), Statistics in Medicine 4, 213-226.

    >>> low, high = ratio_interval(36, 40, 16, 80, method="koopman")
    >>> print(f"{low:.2f} to {high:.2f}")
    2.94 to 7.15
    """
    corrected = choose("method", method, _CORRECTED)
    counts = _Counts.of(successes_a, n_a, successes_b, n_b)
    return _ratio_limits(counts, critical_value(confidence_level) ** 2, correction=corrected)


class _Counts(NamedTuple):
    """Successes and answers of two samples, checked and of one shape."""

    x_a: Floats
    n_a: Floats
    x_b: Floats
    n_b: Floats

    @classmethod
    def of(
        cls, successes_a: ArrayLike, n_a: ArrayLike, successes_b: ArrayLike, n_b: ArrayLike
    ) -> "_Counts":
        """Checked; an error for what two samples can't be."""
        names = "successes_a", "n_a", "successes_b", "n_b"
        given = [
            whole_numbers(values, name)
            for values, name in zip((successes_a, n_a, successes_b, n_b), names, strict=True)
        ]
        try:
            counts = cls(*np.broadcast_arrays(*given))
        except ValueError:
            shapes = ", ".join(str(values.shape) for values in given)
            raise TallyError(
                f"{', '.join(names)} must have shapes that broadcast, got {shapes}"
            ) from None
        for sample, x, n in (("a", counts.x_a, counts.n_a), ("b", counts.x_b, counts.n_b)):
            more = x > sample_sizes(n)
            if more.any():
                raise TallyError(
                    f"successes_{sample} must not exceed n_{sample}, got {x[more][0]:g} of "
                    f"{n[more][0]:g}; n_{sample} counts all answers, successes included"
                )
        return counts

    def on_two_points(self) -> tuple[Floats, Floats]:
        """Counts (..., 2) of either sample on the scores 0 and 1."""
        return (
            np.stack([self.n_a - self.x_a, self.x_a], axis=-1),
            np.stack([self.n_b - self.x_b, self.x_b], axis=-1),
        )


def _score(
    counts: _Counts, confidence_level: float, *, correction: bool = True
) -> ConfidenceInterval:
    """Miettinen and Nurminen's limits, or Mee's without the *correction*."""
    return score_interval_difference(
        *counts.on_two_points(),
        _SCORES,
        confidence_level=confidence_level,
        correction=correction,
    )


def _newcombe(counts: _Counts, confidence_level: float) -> ConfidenceInterval:
    """The limits of two Wilson intervals, squared and added."""
    return mover_interval_difference(
        *counts.on_two_points(), _SCORES, confidence_level=confidence_level
    )


def _wald(counts: _Counts, confidence_level: float, *, added: int = 0) -> ConfidenceInterval:
    """Wald's limits after so many successes and as many failures were *added* to each sample."""
    difference, variance = np.zeros_like(counts.n_a), np.zeros_like(counts.n_a)
    for sign, x, n in ((1, counts.x_a, counts.n_a), (-1, counts.x_b, counts.n_b)):
        size = np.where(n > 0, n + 2 * added, np.nan)
        p, q = (x + added) / size, (n - x + added) / size
        difference += sign * p
        variance += p * q / size
    half = critical_value(confidence_level) * np.sqrt(variance)
    return ConfidenceInterval(
        np.asarray(np.maximum(difference - half, -1)), np.asarray(np.minimum(difference + half, 1))
    )


def _ratio_limits(counts: _Counts, z2: float, *, correction: bool) -> ConfidenceInterval:
    """Miettinen and Nurminen's limits of the ratio, or Koopman's without the *correction*."""
    x_a, n_a, x_b, n_b = (values.ravel() for values in counts)
    total = np.maximum(n_a + n_b, 2)  # fewer only where a sample is empty
    factor = total / (total - 1) if correction else np.ones_like(total)
    squared = max(z2, _LEAST) * factor
    low = _lower_ratio(_Counts(x_a, n_a, x_b, n_b), squared)
    inverse = _lower_ratio(_Counts(x_b, n_b, x_a, n_a), squared)
    high = np.divide(1, inverse, out=np.full_like(inverse, np.inf), where=inverse > 0)
    empty = (counts.n_a == 0) | (counts.n_b == 0)
    return ConfidenceInterval(
        *(np.where(empty, np.nan, limit.reshape(empty.shape)) for limit in (low, high))
    )


def _lower_ratio(counts: _Counts, z2: Floats) -> Floats:
    """
    The lower limit of the ratio for squared critical values *z2*, both (G,); a number for n = 0.

    It is the ratio of the proportions after equation (1). Where nothing is left of the first
    sample, neither successes nor failures, the first one is open.
    """
    x_a, n_a, x_b, n_b = counts
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


_DIFFERENCES: dict[str, Callable[[_Counts, float], ConfidenceInterval]] = {
    "miettinen-nurminen": _score,
    "mee": partial(_score, correction=False),
    "newcombe": _newcombe,
    "agresti-caffo": partial(_wald, added=1),
    "wald": _wald,
}
_CORRECTED = {"miettinen-nurminen": True, "koopman": False}
