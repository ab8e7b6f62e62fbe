"""
How often the interval of a sample yet to be drawn will be as narrow as a plan wants it.

The half width depends on the answers. For a share it is widest at one half and falls on either
side, so that k successes of n give a half width within the margin where k <= a or k >= n - a: two
binomial tails, or hypergeometric ones in a finite population. For other scores the half width is
nearly normal; its mean and variance follow from its curvatures and slopes at the assumed shares
(the delta method, to second order in the mean).

References:
    Kupper and Hafner (1989), The American Statistician 43, 101-105 (plans for the expected width
    fall short of it half of the time). Beal (1989), Biometrics 45, 969-977.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import betainc, ndtr

from custfocus.intervals.arguments import COUNTABLE, Floats
from custfocus.intervals.hypergeometric import hypergeometric_tail

HalfWidth = Callable[[Floats], Floats]

_STEP = 1e-4  # toward a point, for slopes and curvatures
_ROUNDING = 1e-12  # of the margin: a half width beyond it by less is within
_NO_DEVIATION = 1e-9  # of the margin: a deviation below is rounding


def chance_of_a_share(
    share: Floats, n: Floats, margin: Floats, population: Floats, half_width: HalfWidth
) -> Floats:
    """
    The chance that the half width for a share is within the margin, by its exact distribution.

    Args:
        share: The assumed share, shape (...).
        n: Answers, shape (...).
        margin: Half the width wanted, likewise.
        population: Members, infinite for a large one, likewise. So many of them are successes as
            the share comes nearest to.
        half_width: That of shares (...) with n answers.
    """
    within, beyond = np.full_like(n, -1), np.floor(n / 2) + 1
    while ((beyond - within) > 1).any():
        middle = np.floor((within + beyond) / 2)
        narrow = half_width(np.maximum(middle, 0) / n) <= margin * (1 + _ROUNDING)
        open_ = beyond - within > 1
        within, beyond = (
            np.where(open_ & narrow, middle, within),
            np.where(open_ & ~narrow, middle, beyond),
        )
    tails = _tail(within, n, share, population) + _tail(within, n, 1 - share, population)
    return np.asarray(np.where(2 * within >= n - 1, 1, np.minimum(tails, 1)))


def _tail(k: Floats, n: Floats, share: Floats, population: Floats) -> Floats:
    """The probability of k or fewer successes, shape (...); 0 for a k of -1."""
    counted = np.maximum(k, 0)
    found = np.where(k < n, betainc(np.maximum(n - counted, 1), counted + 1, 1 - share), 1)
    few = np.flatnonzero(population.ravel() <= COUNTABLE)
    if few.size:
        people = population.ravel()[few]
        successes = np.rint(share.ravel()[few] * people)
        tail = hypergeometric_tail(counted.ravel()[few], n.ravel()[few], successes, people)
        flat = found.ravel()
        flat[few] = tail
        found = flat.reshape(found.shape)
    return np.asarray(np.where(k < 0, 0, found))


def chance_by_slopes(
    shares: Floats, effective: Floats, margin: Floats, half_width: HalfWidth
) -> Floats:
    """
    The chance that the half width is within the margin, as if it were normal.

    Args:
        shares: The assumed shares, shape (..., K).
        effective: What the answers are worth, shape (...); infinite in a census.
        margin: Half the width wanted, likewise.
        half_width: That of shares (..., K) with the answers planned.
    """
    planned = half_width(shares)
    mean, square, turn = np.zeros_like(planned), np.zeros_like(planned), np.zeros_like(planned)
    for point, one in enumerate(np.eye(shares.shape[-1])):
        near, far = (
            half_width((1 - step) * shares + step * one) - planned for step in (_STEP, 2 * _STEP)
        )
        slope = (4 * near - far) / (2 * _STEP)
        mean += shares[..., point] * slope
        square += shares[..., point] * slope**2
        turn += shares[..., point] * (far - 2 * near) / _STEP**2
    deviation = np.sqrt(np.maximum(square - mean**2, 0) / effective)
    room = margin - planned - turn / (2 * effective)
    certain = np.where(room >= 0, np.inf, -np.inf)
    varies = deviation > _NO_DEVIATION * margin
    return np.asarray(ndtr(np.divide(room, deviation, out=certain, where=varies)))
