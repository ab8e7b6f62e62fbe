"""Limits within which counts of groups lie by chance, by exact tails; and their overdispersion."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import bdtrik, betainc, betaincc, pdtr, pdtrc, pdtrik

from custfocus.intervals.arguments import Floats

Overdispersion = Literal["additive", "multiplicative"]
OVERDISPERSIONS: tuple[Overdispersion, ...] = ("additive", "multiplicative")

_Tail = Callable[[Floats], Floats]


class CountLimits(NamedTuple):
    """
    The fewest and the most events that are within chance, each of shape (groups,).

    Attributes:
        least: The fewest events whose lower tail is more than half of the error.
        most: The most whose upper tail is.
    """

    least: Floats
    most: Floats


def share_count_limits(n: Floats, share: Floats, error: float) -> CountLimits:
    """
    The events within chance of *n* trials of one probability, by the exact binomial tails.

    A count is outside where it, or one further off on its side, has a probability of *error* / 2 or
    less.

    Args:
        n: Trials, shape (groups,).
        share: The probability, likewise.
        error: Two-sided, in (0, 1).

    >>> least, most = share_count_limits(np.array([50.0]), np.array([0.2]), 0.05)
    >>> int(least[0]), int(most[0])
    (5, 16)
    """
    inner = (share > 0) & (share < 1)
    p = np.where(inner, share, 0.5)
    low, high = (bdtrik(tail, n, p) for tail in (error / 2, 1 - error / 2))
    high = np.where(np.isnan(high), np.where(p < 0.5, 0, n), high)  # beyond either end
    least = _least(low, lambda k: _binomial_lower(k, n, p), error / 2)
    most = _most(high, lambda k: _binomial_upper(k, n, p), error / 2, n)
    return CountLimits(*(np.where(inner, one, n * np.rint(share)) for one in (least, most)))


def rate_count_limits(expected: Floats, error: float) -> CountLimits:
    """
    The events within chance where so many are expected, by the exact Poisson tails.

    Args:
        expected: 0 or more, shape (groups,).
        error: Two-sided, in (0, 1).

    References:
        Example: of 15 expected 7 and fewer, and 24 and more, are outside at 95 %.

    >>> least, most = rate_count_limits(np.array([15.0]), 0.05)
    >>> int(least[0]), int(most[0])
    (8, 23)
    """
    mean, no_most = np.maximum(expected, 1e-300), np.full_like(expected, np.inf)
    low, high = (np.nan_to_num(pdtrik(tail, mean)) for tail in (error / 2, 1 - error / 2))
    return CountLimits(
        _least(low, lambda k: pdtr(k, mean), error / 2),
        _most(high, lambda k: _poisson_upper(k, mean), error / 2, no_most),
    )


def _binomial_lower(k: Floats, n: Floats, share: Floats) -> Floats:
    """The probability of k events or fewer."""
    return np.asarray(np.where(k < n, betaincc(k + 1, np.maximum(n - k, 1), share), 1.0))


def _binomial_upper(k: Floats, n: Floats, share: Floats) -> Floats:
    """The probability of k events or more."""
    return np.asarray(np.where(k > 0, betainc(np.maximum(k, 1), n - k + 1, share), 1.0))


def _poisson_upper(k: Floats, expected: Floats) -> Floats:
    return np.asarray(np.where(k > 0, pdtrc(np.maximum(k - 1, 0), expected), 1.0))


def _least(guess: Floats, tail: _Tail, error: float) -> Floats:
    """The smallest whole number whose lower tail exceeds the error, just above a guess."""
    k = np.maximum(np.ceil(np.nan_to_num(guess)) - 2, 0)
    while (short := tail(k) <= error).any():
        k = np.where(short, k + 1, k)
    return np.asarray(k)


def _most(guess: Floats, tail: _Tail, error: float, n: Floats) -> Floats:
    """The greatest whole number whose upper tail exceeds the error, just below a guess."""
    k = np.minimum(np.floor(guess) + 2, n)
    while (far := tail(k) <= error).any():
        k = np.where(far, k - 1, k)
    return np.asarray(k)


class Dispersion(NamedTuple):
    """
    How much more groups vary than by chance.

    Attributes:
        phi: The mean squared distance from the center, in standard errors, winsorised.
        tau2: The variance between groups beyond chance, on the scale of the distances.
    """

    phi: float
    tau2: float


def dispersion(z: Floats, errors: Floats, winsorised: float) -> Dispersion:
    """
    How much more groups vary around their center than by chance.

    Args:
        z: Distances from the center in standard errors, shape (groups,).
        errors: The standard errors, likewise.
        winsorised: The part of the groups at each end whose distance is drawn in to that of the
            last one left.

    References:
        Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202; DerSimonian and Laird (1986),
        Controlled Clinical Trials 7, 177-188 (the variance between groups).
    """
    groups = len(z)
    ends = np.quantile(z, [winsorised, 1 - winsorised])
    phi = float((np.clip(z, *ends) ** 2).mean())
    weights = 1 / errors**2
    spare = weights.sum() - (weights**2).sum() / weights.sum()
    tau2 = max(0.0, (groups * phi - (groups - 1)) / spare) if groups > 1 and spare > 0 else 0.0
    return Dispersion(phi, tau2)


def adjusted_errors(errors: Floats, phi: Floats, tau2: Floats, kind: Overdispersion) -> Floats:
    """Standard errors with the overdispersion; as they are where there is none."""
    if kind == "additive":
        return np.sqrt(errors**2 + tau2)
    return errors * np.sqrt(np.maximum(phi, 1.0))
