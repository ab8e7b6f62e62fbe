"""
Limits of a share that hold at any look: the sample may grow and be looked at as often as one likes.

The evidence that a share is above p is a likelihood ratio: that of the answers under shares
above p, averaged over a Beta(2, 2) distribution cut off below p, to that under p itself. While
answers come in and the share is p or less, its mean is never more than 1, so that the chance that
it ever reaches 2 / alpha is at most alpha / 2 (Ville). The lower limit is the least share for which
it has not. Both limits together hold, at all sizes of the sample at once, with the level.

By Savage and Dickey's argument the ratio is a quotient of two hazards at p, that of the
Beta(2, 2) distribution and that of what the answers make of it, Beta(k + 2, n - k + 2):

    E(p) = h(p; 2, 2) / h(p; k + 2, n - k + 2),    h = density / upper tail.

E falls as p rises to k / n and is below 1 beyond, since the logarithm of the likelihood is concave
and the hazard of Beta(a, b) rises for a, b >= 1. So the shares that are not refused are all
that lie above one number.

Any distribution would do. Of Beta(a, a) with a from 1 to 8, a = 2 has the most even price: 1.53 to
1.84 times the width of Wilson's interval for shares of .5 to .95 and n from 30 to 2,000; with a = 1
it is 1.46 to 1.86, with a = 5 1.49 to 1.99.

References:
    Ville (1939), Etude critique de la notion de collectif. Robbins (1970), Annals of
    Mathematical Statistics 41, 1397-1409 (mixtures, limits that hold forever). Howard, Ramdas,
    McAuliffe and Sekhon (2021), Annals of Statistics 49, 1055-1080 (one-sided mixtures).
"""

import reprlib
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, log_expit, logit

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    checked_level,
    ignoring_underflow,
    plain_numbers,
    unwritable,
)
from custfocus.intervals.binomial_tails import log_density, log_tail, rough_log_odds
from custfocus.intervals.exact_proportion import mirrored
from custfocus.intervals.proportion import counts_of
from custfocus.intervals.roots import Places, increasing_roots

_MIXED = 2.0  # both parameters of the beta distribution that the evidence is averaged over
_CLOSE = 1e-8  # in standard deviations; Newton's steps are of second order, which leaves 1e-15
_DIGITS = 1e-13  # of log-odds: the size of their rounding
_MANY = 1e6  # answers from which a density is not right to 1e-9 without Stirling's series
_FEW = 100  # of either kind, with which the series is right to 1e-13
_FAR = 30.0  # standard deviations, beyond which a tail is taken for a normal one
_STEEP = 30.0  # log-odds beyond which a density is right without Stirling's series


class _EitherWay(NamedTuple):
    above: Floats
    below: Floats


class Evidence(_EitherWay):
    """
    E-values on a share, as read-only arrays; NaN where there are no answers.

    Each is ever 20 or more with a chance of at most 1 in 20, 100 or more with one of 1 in 100,
    however often one looks, unless the share lies on the side that it speaks for.

    Attributes:
        above: The evidence that the share is above the one asked about.
        below: That it is below, of the same shape.
    """

    __slots__ = ()

    def __new__(cls, above: Floats, below: Floats) -> Self:
        """Made of two arrays, also when it is unpickled or copied."""
        return super().__new__(cls, unwritable(above), unwritable(below))


def any_look_interval(
    successes: ArrayLike, n: ArrayLike, *, confidence_level: float = 0.95
) -> ConfidenceInterval:
    """
    A confidence interval for a share that holds at all looks at a growing sample.

    With a chance of at least the level, the intervals of all sizes of the sample hold the
    share, each of the two limits by itself with half of the error. One may look after every
    answer, stop when the interval says enough, or go on because it does not.

    It is 1.5 to 1.9 times as wide as Wilson's. The answers are independent draws of one share;
    those of a share that changes while they come in, of clusters or with weights are not.

    Args:
        successes: Answers that count so far, whole numbers in [0, n]; shape (...).
        n: All answers so far; broadcasts with *successes*.
        confidence_level: Two-sided, in (0, 1), of all looks together.

    Returns:
        Limits as proportions, each of the broadcast shape. NaN where n is 0 in a batch.

    Raises:
        TallyError: Counts that are negative, fractional or more than *n*; a single sample with n = 0.
        OptionError: A confidence level outside (0, 1).

    References:
        Robbins (1970), Annals of Mathematical Statistics 41, 1397-1409. Howard, Ramdas,
        McAuliffe and Sekhon (2021), Annals of Statistics 49, 1055-1080.

    >>> low, high = any_look_interval(81, 263)
    >>> print(f"{low:.4f} to {high:.4f}")  # Wilson's is .2553 to .3662
    0.2164 to 0.4026
    """
    counted, size = counts_of(successes, n)
    return any_look_limits(counted, size, checked_level(confidence_level))


@ignoring_underflow
def any_look_limits(successes: Floats, n: Floats, confidence_level: float) -> ConfidenceInterval:
    """The limits of *n* answers, which need not be whole numbers; NaN where n is 0."""
    low, high = mirrored(_lower_limit, successes, n, confidence_level)
    return ConfidenceInterval(np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan))


@ignoring_underflow
def any_look_evidence(successes: ArrayLike, n: ArrayLike, share: ArrayLike) -> Evidence:
    """
    How much the answers so far speak for a share above and below the one asked about.

    The lower limit of `any_look_interval` is above the share exactly where the evidence for
    "above" exceeds 2 / (1 - confidence_level), the upper limit below it where that for "below"
    does.

    Args:
        successes: Answers that count so far, whole numbers in [0, n]; shape (...).
        n: All answers so far; broadcasts with *successes*.
        share: The share asked about, in (0, 1); likewise.

    Returns:
        Two e-values, each of the broadcast shape; infinite beyond 1.8e308.

    Raises:
        TallyError: Counts that are negative, fractional or more than *n*; a single sample with n = 0.
        OptionError: A share outside (0, 1).

    >>> above, below = any_look_evidence(81, 263, 0.2)
    >>> print(f"{above:.0f}")
    540
    """
    asked = plain_numbers(share, "share")
    if not ((asked > 0) & (asked < 1)).all():
        raise OptionError(
            f"share must lie between 0 and 1, got {reprlib.repr(share)} (60 % is written 0.6)"
        )
    k, size = counts_of(successes, n)
    try:
        k, size, asked = (np.array(one) for one in np.broadcast_arrays(k, size, asked))
    except ValueError:
        raise TallyError(
            f"share of shape {asked.shape} does not fit counts of shape {k.shape}"
        ) from None
    log_odds = logit(asked)
    found = (
        np.where(size > 0, _log_evidence(*sample)[0], np.nan)
        for sample in ((k, size, log_odds), (size - k, size, -log_odds))
    )
    with np.errstate(over="ignore"):
        return Evidence(*(np.asarray(np.exp(one)) for one in found))


def any_look_p_value(successes: ArrayLike, n: ArrayLike, share: ArrayLike) -> Floats:
    """
    A two-sided p-value of one share, for any number of looks at a growing sample.

    With a chance of at most alpha it is ever alpha or less, if the share is the true one. It is
    less than 1 - confidence_level exactly where `any_look_interval` does not hold the share.

    Args:
        successes: Answers that count so far, whole numbers in [0, n]; shape (...).
        n: All answers so far; broadcasts with *successes*.
        share: The share asked about, in (0, 1); likewise.

    Returns:
        P-values of the broadcast shape; NaN where n is 0 in a batch.

    Raises:
        TallyError: Counts that are negative, fractional or more than *n*; a single sample with n = 0.
        OptionError: A share outside (0, 1).

    >>> print(f"{any_look_p_value(81, 263, 0.2):.4f}")
    0.0037
    """
    evidence = any_look_evidence(successes, n, share)
    return unwritable(np.minimum(1, 2 / np.maximum(1, np.maximum(*evidence))))


def _lower_limit(k: Floats, n: Floats, confidence_level: float, side: int) -> Floats:
    """Where the evidence for more is 2 / alpha; for the side -1 1 less it."""
    enough = -np.log((1 - confidence_level) / 2)

    def lacking(log_odds: Floats, where: Places) -> tuple[Floats, Floats]:
        """How much evidence is lacking, as a logarithm, and Newton's step."""
        found, slope = _log_evidence(k[where], n[where], log_odds)
        return enough - found, (enough - found) / slope

    a, b = k + _MIXED, n - k + _MIXED
    start = rough_log_odds(a, b, -np.sqrt(2 * enough + np.log1p(n)))
    close = _CLOSE / np.sqrt(np.minimum(a, b)) + _DIGITS
    right = logit(k / n)  # the evidence for more than was seen is below 1
    start = np.minimum(start, right)
    return np.asarray(expit(side * increasing_roots(lacking, start, close, right=right)))


def _log_evidence(k: Floats, n: Floats, log_odds: Floats) -> tuple[Floats, Floats]:
    """The logarithm of E at log-odds of p, and its slope in them."""
    p, q = np.asarray(expit(log_odds)), np.asarray(expit(-log_odds))
    mixed = np.log(6 / (1 + 2 * p)) + 2 * log_expit(log_odds)  # the hazard of Beta(2, 2)
    a, b = k + _MIXED, n - k + _MIXED
    hazard = _log_hazard(a, b, log_odds)
    turn = 2 * q - 2 * p * q / (1 + 2 * p)
    return mixed - hazard, turn - (a * q - b * p) - np.exp(hazard)


def _log_hazard(a: Floats, b: Floats, log_odds: Floats) -> Floats:
    """The logarithm of the hazard of Beta(a, b) in the log-odds."""
    tail = log_tail(b, a, -log_odds)
    p, q = expit(log_odds), expit(-log_odds)
    drop, bend = b * p - a * q, (a + b) * p * q  # how fast the density falls, and how it bends
    # The hazard of a normal tail that falls and bends alike, right to 1e-5 where it is taken
    far = np.log((np.abs(drop) + np.hypot(drop, 2 * np.sqrt(bend))) / 2)
    near = (drop < _FAR * np.sqrt(bend)) & (tail > -np.inf)
    return np.where(near, _stable_log_density(a, b, log_odds) - np.where(near, tail, 0), far)


def _stable_log_density(a: Floats, b: Floats, log_odds: Floats) -> Floats:
    """`log_density`, for many answers by Stirling's series about the mean."""
    logs = log_density(a, b, log_odds)
    many = (a + b >= _MANY) & (np.minimum(a, b) >= _FEW) & (np.abs(log_odds) < _STEEP)
    a, b, log_odds = a[many], b[many], log_odds[many]
    n = a + b
    loss = _deviance(a, n * expit(log_odds)) + _deviance(b, n * expit(-log_odds))
    series = (1 / n - 1 / a - 1 / b) / 12 - (1 / n**3 - 1 / a**3 - 1 / b**3) / 360
    logs[many] = np.log(a * b / n / (2 * np.pi)) / 2 + series - loss
    return logs


def _deviance(x: Floats, mean: Floats) -> Floats:
    """What Stirling's series leaves, x log(x / mean) - (x - mean), without large differences."""
    apart = (x - mean) / mean
    return np.asarray(mean * ((1 + apart) * np.log1p(apart) - apart))
