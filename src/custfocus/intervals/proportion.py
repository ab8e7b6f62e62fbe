"""Intervals for one proportion: the door to all methods, and those of closed form."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from custfocus.errors import OptionError, TallyError, choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    checked_level,
    population_sizes,
    sample_sizes,
    squared_critical_values,
    whole_numbers,
    within_reach,
)
from custfocus.intervals.blaker import blaker
from custfocus.intervals.columns import column_mean, column_sum, merged_columns, ratio
from custfocus.intervals.exact_proportion import clopper_pearson, jeffreys, mid_p

ProportionMethod = Literal[
    "wilson",
    "wilson-cc",
    "clopper-pearson",
    "mid-p",
    "jeffreys",
    "agresti-coull",
    "blaker",
    "logit",
    "wald",
]
_BLOCK = 8192  # groups at a time
Limits = Callable[[Floats, Floats, float, Floats | None], ConfidenceInterval]


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

    - ``"wilson"``: the score interval; on average close to its level.
    - ``"wilson-cc"``: with a continuity correction of half an answer to either side; wide. R's
      ``prop.test``, except that R leaves the correction out where exactly half are successes.
    - ``"clopper-pearson"``: covers never less than the level, hence wide.
    - ``"mid-p"``: Clopper and Pearson's with half the probability of what was seen; on average
      close to the level.
    - ``"jeffreys"``: equal-tailed, from a beta prior with both parameters 1/2; 0 for no successes
      and 1 for nothing but successes.
    - ``"agresti-coull"``: Wald's with z²/2 successes and as many failures added; ends that would
      leave [0, 1] are put on 0 and 1.
    - ``"blaker"``: covers never less than the level and lies within Clopper and Pearson's.
    - ``"logit"``: Wald's for the log-odds, brought back to proportions. It is not defined for no
      successes or nothing but successes; there Clopper and Pearson's limits stand in.
    - ``"wald"``: poor, for comparison with what others published. It covers far less than its
      level near 0 and 1, has no width at all for no successes or nothing but successes, and its
      ends are put on 0 and 1 where they would leave [0, 1].

    All limits lie in [0, 1]. All contain the proportion of the sample, except that
    ``"jeffreys"`` and ``"mid-p"`` need not at levels below .15. Only ``"wald"`` has no width for
    a sample that is no census.

    A finite population multiplies z² by (N - n) / (N - 1) in ``"wilson"``, ``"wilson-cc"``,
    ``"agresti-coull"``, ``"logit"`` and ``"wald"``. With ``"clopper-pearson"`` and ``"mid-p"`` the
    tests are hypergeometric, and the limits M / N for whole numbers M of successes in the
    population. The two M next to the proportion of the sample are never left out, where it leaves
    them possible: close to a census the tests alone might leave one M. Their time rises with the
    square root of n. M is exact in populations of up to 2**40; one of more than 2**53 counts as
    infinite. All limits are held between k / N and (k + N - n) / N, which k successes of n leave.

    Args:
        successes: Answers that count, whole numbers in [0, n]; shape (...).
        n: All answers; broadcasts with *successes*.
        method: One of the above.
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population, one number or one for each group; not with
            ``"jeffreys"`` and ``"blaker"``.

    Returns:
        Limits as proportions, each of the broadcast shape. NaN where n is 0 in a batch.

    Raises:
        TallyError: Counts that are negative, fractional or more than *n*; a population
            smaller than the sample; a single sample with n = 0.
        OptionError: An unknown method, a method that has no version for finite populations
            with *population*, or a confidence level outside (0, 1).

    References:
        Wilson (1927), JASA 22, 209-212. Clopper and Pearson (1934), Biometrika 26, 404-413.
        Agresti and Coull (1998), The American Statistician 52, 119-126. Blaker (2000), Canadian
        Journal of Statistics 28, 783-798. Brown, Cai and DasGupta (2001), Statistical Science
        16, 101-133 (Jeffreys, logit, and how far each keeps its level). Example: 81 of 263,
        Newcombe (1998), Statistics in Medicine 17, 857-872, table I.

    >>> low, high = proportion_interval(81, 263)
    >>> print(f"{low:.4f} to {high:.4f}")
    0.2553 to 0.3662
    """
    choose("method", method, _METHODS)
    counted, size = counts_of(successes, n)
    people = population_sizes(population, size)
    return proportion_limits(counted, size, confidence_level, people, method=method)


def counts_of(successes: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """
    Answers that count and all answers, checked and of one shape.

    Raises:
        TallyError: Counts that are negative, fractional or more than *n*; shapes that do not
            broadcast; a single sample with n = 0.
    """
    given = whole_numbers(successes, "successes"), whole_numbers(n, "n")
    try:
        counted, size = np.broadcast_arrays(*given)
    except ValueError:
        raise TallyError(
            "successes and n must have shapes that broadcast, got "
            f"{given[0].shape} and {given[1].shape}"
        ) from None
    more = counted > size
    if more.any():
        raise TallyError(
            f"successes must not exceed n, got {counted[more][0]:g} of {size[more][0]:g}"
        )
    return counted, sample_sizes(size)


def proportion_limits(
    successes: Floats,
    n: Floats,
    confidence_level: float,
    population: Floats | None,
    *,
    method: str,
) -> ConfidenceInterval:
    """
    The limits by name for *n* answers, which need not be whole numbers, as checked before.

    Args:
        successes: Shape (...), at most *n*; whole numbers where the tests are hypergeometric.
        n: Likewise.
        confidence_level: Two-sided, in (0, 1).
        population: Sizes of finite populations, shape (...), or None.
        method: See `proportion_interval`.
    """
    limits = choose("method", method, _METHODS)
    checked_level(confidence_level)
    if population is not None and method in _INFINITE_ONLY:
        raise OptionError(
            f"method {method!r} has no version for a finite population; leave population out or "
            f"choose from: {', '.join(name for name in _METHODS if name not in _INFINITE_ONLY)}"
        )
    found = _in_blocks(limits, successes, n, confidence_level, population)
    return ConfidenceInterval(*within_reach(found, successes, n, population, (0, 1)))


def share_limits(
    counts: Floats,
    scores: Floats,
    n: Floats,
    confidence_level: float,
    population: Floats | None,
    *,
    method: str,
) -> ConfidenceInterval:
    """
    The limits by name of a mean that has two different scores, in their unit.

    Args:
        counts: Shape (..., K).
        scores: Shape (K,).
        n: Answers in the proportions of the counts, shape (...); they need not be whole.
        confidence_level: Two-sided, in (0, 1).
        population: Sizes of finite populations, shape (...), or None.
        method: See `proportion_interval`.
    """
    points, columns = merged_columns(counts, scores)
    successes = (columns[1] * ratio(n.ravel(), column_sum(columns))).reshape(n.shape)
    if population is not None and method in _HYPERGEOMETRIC:
        successes = np.rint(successes)  # for sizes that are only imagined
    low, high = proportion_limits(successes, n, confidence_level, population, method=method)
    length = points[1] - points[0]
    low, high = points[0] + length * low, points[0] + length * high
    if population is not None:  # a census has the mean itself, to the last bit
        mean = column_mean(points, columns).reshape(n.shape)
        low, high = (np.where(population == n, mean, limit) for limit in (low, high))
    return ConfidenceInterval(low, high)


def wilson(successes: Floats, n: Floats, z2: Floats) -> ConfidenceInterval:
    """
    Wilson's score limits for *n* answers with squared critical values *z2*; NaN where n is 0.

    The roots of ``(1 + tau) x² - (2 p + tau) x + p² = 0`` with tau = z² / n. The smaller one is
    their product over the larger one: no difference is taken, so no digits are lost near 0.
    """
    # No answers; a census without successes; a size beyond any population
    with np.errstate(divide="ignore", invalid="ignore", under="ignore"):
        p, q, tau = successes / n, (n - successes) / n, z2 / n
        double = 2 * p + tau + np.sqrt(tau * (tau + 4 * p * q))
        low = np.minimum(2 * p * p / double, p)
        high = np.minimum(np.maximum(double / (2 * (1 + tau)), p), 1)
    census = tau == 0
    if census.any():
        low, high = np.where(census, p, low), np.where(census, p, high)
    return ConfidenceInterval(np.asarray(low), np.asarray(high))


def _wilson_cc(successes: Floats, n: Floats, z2: Floats) -> ConfidenceInterval:
    """Half an answer fewer for the lower limit, half one more for the upper; none in a census."""
    half = np.where(z2 > 0, 0.5, 0)
    low, _ = wilson(np.maximum(successes - half, 0), n, z2)
    _, high = wilson(np.minimum(successes + half, n), n, z2)
    return ConfidenceInterval(low, high)


def _agresti_coull(successes: Floats, n: Floats, z2: Floats) -> ConfidenceInterval:
    """``p ± sqrt(z² p q / m)`` with p and q from m = n + z² answers, z²/2 more of either kind."""
    size = _size_or_nan(n)
    m = size + z2
    p, q = (successes + z2 / 2) / m, (n - successes + z2 / 2) / m
    product = p * ((n * (successes - z2 / 2) + 2 * successes * z2) / m / m)
    return _around(p, np.sqrt(z2 * p * q / m), product, successes / size)


def _wald(successes: Floats, n: Floats, z2: Floats) -> ConfidenceInterval:
    """``p ± sqrt(z² p q / n)``."""
    size = _size_or_nan(n)
    p, q = successes / size, (n - successes) / size
    return _around(p, np.sqrt(z2 * p * q / size), p * ((successes - z2 * q) / size), p)


def _around(centre: Floats, half: Floats, product: Floats, p: Floats) -> ConfidenceInterval:
    """
    ``centre ± half``, within [0, 1]; a census, which has no *half*, has the limits *p*.

    The lower limit comes from the *product* of the two, in which the methods have multiplied out
    the difference of squares: so it keeps its digits near 0.
    """
    high = centre + half
    low = product / np.where(half > 0, high, 1)
    return ConfidenceInterval(
        np.asarray(np.where(half > 0, np.clip(low, 0, p), p)),
        np.asarray(np.where(half > 0, np.clip(high, p, 1), p)),
    )


def _logit(
    successes: Floats, n: Floats, confidence_level: float, population: Floats | None
) -> ConfidenceInterval:
    """``log(k / (n - k)) ± sqrt(z² n / (k (n - k)))`` as proportions; Clopper-Pearson at the ends."""
    z2 = squared_critical_values(n, confidence_level, population)
    failures = n - successes
    inner = (successes > 0) & (failures > 0)
    odds = np.where(inner, successes, 1) / np.where(inner, failures, 1)
    half = np.sqrt(z2 / np.where(inner, successes, 1) * (1 + odds))
    low, high = expit(np.log(odds) - half), expit(np.log(odds) + half)
    p = successes / n
    low, high = np.where(z2 > 0, np.minimum(low, p), p), np.where(z2 > 0, np.maximum(high, p), p)
    people = None if population is None else population[~inner]
    ends = clopper_pearson(successes[~inner], n[~inner], confidence_level, people)
    low[~inner], high[~inner] = ends
    return ConfidenceInterval(low, high)


def _size_or_nan(n: Floats) -> Floats:
    return np.where(n > 0, n, np.nan)


def _in_blocks(
    limits: Limits,
    successes: Floats,
    n: Floats,
    confidence_level: float,
    population: Floats | None,
) -> ConfidenceInterval:
    """Groups of any shape in a row, and so many at a time that the processor's cache holds them."""
    low, high = np.empty(n.shape), np.empty(n.shape)
    flat_low, flat_high = low.reshape(-1), high.reshape(-1)
    k, size = successes.ravel(), n.ravel()
    people = None if population is None else population.ravel()
    for start in range(0, n.size, _BLOCK):
        block = slice(start, start + _BLOCK)
        of_block = None if people is None else people[block]
        found = limits(k[block], size[block], confidence_level, of_block)
        flat_low[block], flat_high[block] = found
    return ConfidenceInterval(low, high)


def _closed(kernel: Callable[[Floats, Floats, Floats], ConfidenceInterval]) -> Limits:
    """A method that knows level and population by z² alone."""

    def limits(
        successes: Floats, n: Floats, confidence_level: float, population: Floats | None
    ) -> ConfidenceInterval:
        z2 = squared_critical_values(n, confidence_level, population)
        return kernel(successes, n, z2)

    return limits


def _filled(kernel: Limits) -> Limits:
    """A method that takes groups none of which is empty."""

    def limits(
        successes: Floats, n: Floats, confidence_level: float, population: Floats | None
    ) -> ConfidenceInterval:
        """The kernel's limits, NaN for empty groups."""
        filled = n > 0
        people = None if population is None else population[filled]
        found = kernel(successes[filled], n[filled], confidence_level, people)
        low, high = np.full(n.shape, np.nan), np.full(n.shape, np.nan)
        low[filled], high[filled] = found
        return ConfidenceInterval(low, high)

    return limits


_METHODS: dict[str, Limits] = {
    "wilson": _closed(wilson),
    "wilson-cc": _closed(_wilson_cc),
    "clopper-pearson": _filled(clopper_pearson),
    "mid-p": _filled(mid_p),
    "jeffreys": _filled(lambda k, n, confidence_level, _: jeffreys(k, n, confidence_level)),
    "agresti-coull": _closed(_agresti_coull),
    "blaker": _filled(lambda k, n, confidence_level, _: blaker(k, n, confidence_level)),
    "logit": _filled(_logit),
    "wald": _closed(_wald),
}
_HYPERGEOMETRIC = ("clopper-pearson", "mid-p")  # in a finite population
_INFINITE_ONLY = ("jeffreys", "blaker")  # no version for finite populations
