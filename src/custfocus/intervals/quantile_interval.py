"""
Limits of a quantile, from ranks or from the limits of the shares below each value.

A quantile is x where the share of the population up to x is q. So x is left out where the share
of a sample up to it says that the population's is not q: limits of shares, turned round, are
limits of the quantile, on any scale and for any design.

References:
    Thompson (1936), Annals of Mathematical Statistics 7, 122-128 (ranks). Woodruff (1952), Journal
    of the American Statistical Association 47, 635-646. Francisco and Fuller (1991), Annals of
    Statistics 19, 454-469 (the test at each x).
"""

import math
import numbers
import reprlib
from typing import Literal, NamedTuple, cast

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit

from custfocus.errors import OptionError, choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    checked_level,
    critical_value,
    ignoring_underflow,
    unwritable,
    whole_numbers,
)
from custfocus.intervals.binomial_tails import log_tail

RankMethod = Literal["exact", "mid-p"]

# Of the probability of the count that was seen, how much does not count against q
RANK_METHODS: dict[str, float] = {"exact": 0.0, "mid-p": 0.5}
_ROUNDING = 1e-12  # shares closer to one another than this are equal


class QuantileRanks(NamedTuple):
    """
    QuantileRanks among n sorted values, as read-only whole numbers of the shape of n.

    Attributes:
        low: The rank of the lower limit, 1 for the smallest value; 0 for no limit.
        high: The rank of the upper limit, n for the largest value; n + 1 for no limit.
    """

    low: Floats
    high: Floats


@ignoring_underflow
def quantile_ranks(
    n: ArrayLike,
    q: float = 0.5,
    *,
    method: RankMethod = "exact",
    confidence_level: float = 0.95,
) -> QuantileRanks:
    """
    The ranks of the two values of a sample that are the limits of a quantile.

    They follow from the binomial distribution of the number of values below the quantile, whatever
    the population: nothing is assumed of it.

    - ``"exact"``: never cover less than the confidence level, ties or none; each limit errs
      with at most half of the error probability.
    - ``"mid-p"``: half the probability of the count seen does not count; narrower by up to a rank
      at either end, and on average near the level, where ties do not make it surer.

    Args:
        n: How many values, whole numbers of 0 or more; shape (...).
        q: Which quantile, in (0, 1); .5 for the median.
        method: One of the above.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        The ranks, each of shape (...). The lower one is 0 and the upper one n + 1 where the sample
        is too small to bound the quantile on that side; see `fewest_for_quantile`.

    Raises:
        TallyError: Sizes that are not whole or below 0.
        OptionError: An unknown method; a quantile or a level out of range.

    References:
        Thompson (1936), Annals of Mathematical Statistics 7, 122-128.

    >>> low, high = quantile_ranks([5, 10, 20, 30])
    >>> low.tolist(), high.tolist()
    ([0.0, 2.0, 6.0, 10.0], [6.0, 9.0, 15.0, 21.0])
    """
    size = whole_numbers(n, "n")
    share, log_alpha, uncounted = _asked(q, method, confidence_level)
    low = _excluded(size, share, log_alpha, uncounted) + 1
    high = size - _excluded(size, 1 - share, log_alpha, uncounted)
    return QuantileRanks(unwritable(low), unwritable(high))


def fewest_for_quantile(
    q: float = 0.5, *, method: RankMethod = "exact", confidence_level: float = 0.95
) -> tuple[int, int]:
    """
    How many values it takes for a lower, and for an upper limit of a quantile.

    Args:
        q: Which quantile, in (0, 1).
        method: See `quantile_ranks`.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        The fewest values of which the smallest is a lower limit, and of which the largest is an
        upper one.

    Raises:
        OptionError: An unknown method; a quantile or a level out of range.

    >>> fewest_for_quantile(0.5), fewest_for_quantile(0.9)
    ((6, 6), (2, 36))
    """
    share, log_alpha, uncounted = _asked(q, method, confidence_level)
    least = log_alpha - math.log1p(-uncounted)

    def fewest(q: float) -> int:
        """The first of the sizes near the root that the ranks have a limit for as well."""
        sizes = np.maximum(math.floor(least / math.log1p(-q)) + np.arange(-1.0, 3.0), 1)
        few = _log_chance(np.zeros(len(sizes)), sizes, q, uncounted) < log_alpha
        return int(sizes[few.argmax()])

    return fewest(share), fewest(1 - share)


def checked_quantile(q: object) -> float:
    """
    The quantile as a number in (0, 1).

    Raises:
        OptionError: Anything else; a percentage is answered with the share.
    """
    real = isinstance(q, numbers.Real) and not isinstance(q, bool)
    number = cast("float", q) if real else math.nan  # or a whole number beyond float64
    if not 0 < number < 1:
        remedy = f"; write {float(number) / 100:g}" if 1 < number < 100 else ""
        raise OptionError(f"q must be a share in (0, 1), got {reprlib.repr(q)}{remedy}")
    return float(number)


def order_ranks(n: Floats, q: float) -> QuantileRanks:
    """
    The ranks of the two values whose mean is the quantile of a sample; the same one but for ties.

    Where a whole number of values, n q, lie up to a value and the others above it, all between
    the two are quantiles, and their middle is quoted.
    """
    below = n * q
    slack = _ROUNDING * np.maximum(n, 1)
    first = np.clip(np.ceil(below - slack), 1, np.maximum(n, 1))
    return QuantileRanks(first, np.clip(np.floor(below + slack) + 1, 1, np.maximum(n, 1)))


def quantile_limits(values: Floats, low: Floats, high: Floats, q: float) -> ConfidenceInterval:
    """
    The limits of a quantile from those of the share up to each value.

    A value is within the limits where q is within those of the share up to it, or within those
    of the share below it, or between the two. Limits of designs need not grow with
    the share; then the outermost values count.

    Args:
        values: The values that there can be, ascending; shape (K,).
        low: The lower limit of the share up to each but the last of them, shape (..., K - 1).
        high: The upper limit, likewise.
        q: Which quantile.

    Returns:
        Limits among the values, each of shape (...); NaN where those of the shares are.
    """
    ends = np.zeros((*low.shape[:-1], 1))
    reached = np.concatenate([high, ends + 1], axis=-1) >= q - _ROUNDING
    below = np.concatenate([ends, low], axis=-1) <= q + _ROUNDING
    none = np.where(np.isnan(low).any(axis=-1), np.nan, 0.0)
    last = below.shape[-1] - 1 - below[..., ::-1].argmax(axis=-1)
    return ConfidenceInterval(values[reached.argmax(axis=-1)] + none, values[last] + none)


def quantile_value(values: Floats, shares: Floats, q: float) -> Floats:
    """
    The quantile of a distribution: the middle of all values that are one.

    Args:
        values: The values that there can be, ascending; shape (K,).
        shares: The share up to each but the last of them, shape (..., K - 1).
        q: Which quantile.

    Returns:
        Shape (...); NaN where the shares are.
    """
    first, last = quantile_limits(values, shares, shares, q)
    return np.asarray((first + last) / 2)


def quantile_error(limits: ConfidenceInterval, confidence_level: float) -> Floats:
    """
    The standard error that normal limits of this width would have, as R's svyquantile states it.

    Infinite where a limit is.
    """
    return np.asarray((limits.high - limits.low) / (2 * critical_value(confidence_level)))


def _asked(q: object, method: object, confidence_level: float) -> tuple[float, float, float]:
    """The quantile, the logarithm of the error probability of a limit, and what does not count."""
    uncounted = choose("method", method, RANK_METHODS)
    alpha = (1 - checked_level(confidence_level)) / 2
    return checked_quantile(q), math.log(alpha), uncounted


def _excluded(n: Floats, q: float, log_alpha: float, uncounted: float) -> Floats:
    """
    The largest count below the quantile that is too small for q, -1 where even 0 is not.

    By bisection between -1 and n, as the probability of so few grows with the count.
    """
    too_few, enough = np.full(n.shape, -1.0), n.copy()
    while (apart := enough - too_few > 1).any():
        middle = np.maximum(np.floor((too_few + enough) / 2), 0)
        few = _log_chance(middle, n, q, uncounted) < log_alpha
        too_few = np.where(apart & few, middle, too_few)
        enough = np.where(apart & ~few, middle, enough)
    return too_few


def _log_chance(k: Floats, n: Floats, q: float, uncounted: float) -> Floats:
    """The logarithm of P(X < k) and the part that counts of P(X = k), X of n with chance q."""
    odds = np.full(k.shape, logit(1 - q))
    up_to = log_tail(n - k, k + 1, odds)
    if not uncounted:
        return up_to
    below = np.where(k > 0, log_tail(n - k + 1, np.maximum(k, 1), odds), -np.inf)
    return np.asarray(np.logaddexp(up_to + math.log(1 - uncounted), below + math.log(uncounted)))
