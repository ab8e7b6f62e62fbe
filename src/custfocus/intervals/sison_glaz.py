"""
Sison and Glaz's simultaneous intervals for the shares of one distribution, computed exactly.

nu(c) is the probability that no count of a new sample from the shares observed differs from the one
observed by more than c. Independent Poisson counts with the observed means m_j, given that they add
up to n, are multinomial (Levin 1981), so that

    nu(c) = P(all |X_j - m_j| <= c)  P(sum of X_j = n | all |X_j - m_j| <= c) / P(Poisson(n) = n).

The middle factor is the convolution of the truncated Poisson distributions at one point. With their
distances from the means as the places it is the point 0, and the mean of the product of their
Fourier transforms; the place 0 is all that is needed of the inverse.

References:
    Sison and Glaz (1995), JASA 90, 366-369. Levin (1981), Annals of Statistics 9, 1123-1126.
"""

from math import pi

import numpy as np
from scipy.special import ndtri

from custfocus.errors import OptionError
from custfocus.intervals.arguments import ConfidenceInterval, Floats, ignoring_underflow
from custfocus.intervals.hypergeometric import stirling_error

_MOST_ANSWERS = 1e9
_AT_ONCE = 2**21  # numbers in the transforms of some groups: they fit into memory
_STANDARD_DEVIATIONS = 12  # of a Poisson count: no probability beyond


@ignoring_underflow
def sison_glaz(counts: Floats, n: Floats, confidence_level: float) -> ConfidenceInterval:
    """
    The limits of all shares: ``c`` answers below and ``c + 2 gamma`` above what was counted.

    c is the whole number with ``nu(c) <= confidence_level < nu(c + 1)``, where nu(0) counts as 0,
    and gamma interpolates between the two.

    Args:
        counts: Shape (..., K).
        n: Their sum, shape (..., 1).
        confidence_level: Two-sided, in (0, 1).

    Raises:
        OptionError: More than 10^9 answers.
    """
    if np.any(n > _MOST_ANSWERS):
        raise OptionError(
            f"method 'sison-glaz' convolves the counts around those observed, for at most "
            f"{_MOST_ANSWERS:g} answers, got n = {n.max():g}; choose 'mid-p'"
        )
    # In order of size, so that the points' order does not touch the last bit of a sum.
    columns = np.ascontiguousarray(np.sort(counts, axis=-1).reshape(-1, counts.shape[-1]).T)
    c, gamma = (
        part.reshape(n.shape) for part in _half_widths(columns, n.ravel(), confidence_level)
    )
    size = np.where(n > 0, n, np.nan)
    return ConfidenceInterval(
        np.maximum((counts - c) / size, 0), np.minimum((counts + c + 2 * gamma) / size, 1)
    )


def _half_widths(columns: Floats, n: Floats, confidence_level: float) -> tuple[Floats, Floats]:
    """The whole number c and the fraction gamma of each group, shape (G,): close, then exactly."""
    far = np.ceil(_STANDARD_DEVIATIONS / 2 * (np.sqrt(n) + 1))  # of a single count
    c, above = np.zeros_like(n), np.minimum(np.maximum(n, 1), far)
    chance, chance_above = np.zeros_like(n), np.ones_like(n)
    guess = _rough_half_width(columns, n, confidence_level)
    tries = iter((guess, guess + _next_to(guess), guess - _next_to(guess)))
    while (searching := np.flatnonzero(above - c > 1)).size:
        low, high = c[searching], above[searching]
        tried = next(tries, (c + above) / 2)[searching]
        middle = np.clip(np.floor(tried), low + 1, high - 1)
        found = _chances(columns[:, searching], n[searching], middle)
        enough = found > confidence_level
        more, less = searching[enough], searching[~enough]
        above[more], chance_above[more] = middle[enough], found[enough]
        c[less], chance[less] = middle[~enough], found[~enough]
    return c, (confidence_level - chance) / (chance_above - chance)


def _rough_half_width(columns: Floats, n: Floats, confidence_level: float) -> Floats:
    """As if only the count that varies most could leave its box, with a normal distribution."""
    largest = columns[-1]
    z = -ndtri((1 - confidence_level) / (2 * len(columns)))
    share = np.minimum(largest / np.maximum(n, 1), 0.5)
    return np.asarray(z * np.sqrt(n * share * (1 - share)))


def _next_to(guess: Floats) -> Floats:
    return np.maximum(2, guess / 8)


def _chances(columns: Floats, n: Floats, c: Floats) -> Floats:
    """nu(c) of each group, shape (G,), 0 < c < n; groups of one length of transform at once."""
    reach = np.minimum(
        np.count_nonzero(columns, axis=0) * c, np.ceil(_STANDARD_DEVIATIONS * (np.sqrt(n) + 2))
    )
    lengths = 2 ** np.ceil(np.log2(np.maximum(reach, 2 * c) + 1))
    found = np.empty_like(n)
    for length in np.unique(lengths):
        alike = np.flatnonzero(lengths == length)
        some = max(1, int(_AT_ONCE / length))
        for start in range(0, alike.size, some):
            groups = alike[start : start + some]
            found[groups] = _chances_by_transform(columns[:, groups], n[groups], c[groups], length)
    return found


def _chances_by_transform(columns: Floats, n: Floats, c: Floats, length: float) -> Floats:
    """The same by transforms of one length, beyond which no sum of distances has a probability."""
    inside, product = np.ones_like(n), np.ones((len(n), int(length) // 2 + 1), np.complex128)
    for means in columns:
        some = np.flatnonzero(means)  # a count with the mean 0 is 0
        places, total = _truncated(means[some], c[some], int(length))
        inside[some] *= total
        product[some] *= np.fft.rfft(places, axis=1)
    # The ends of a real transform stand once in the whole one, all others twice.
    weights = np.full(product.shape[1], 2.0)
    weights[[0, -1]] = 1
    at_n = (product.real * weights).sum(axis=1) / length
    return np.asarray(inside * at_n / _chance_of_the_mean(n))


def _truncated(means: Floats, c: Floats, length: int) -> tuple[Floats, Floats]:
    """
    Poisson counts within c of their means, by distance from these, and the chance to be so.

    Negative distances stand at the end. Each chance follows from that of its neighbour.
    """
    most = int(c.max(initial=0))
    distance = np.arange(1, most + 1)
    within = distance <= c[:, None]
    upward = np.cumprod(np.where(within, means[:, None] / (means[:, None] + distance), 0), axis=1)
    left = np.maximum(means[:, None] - (distance - 1), 0) / means[:, None]
    downward = np.cumprod(np.where(within, left, 0), axis=1)
    places = np.zeros((len(means), length))
    places[:, 0] = 1
    places[:, 1 : most + 1] = upward
    places[:, length - most :] += downward[:, ::-1]
    total = places.sum(axis=1)
    return places / total[:, None], total * _chance_of_the_mean(means)


def _chance_of_the_mean(mean: Floats) -> Floats:
    """The chance that a Poisson count with a whole mean of 1 or more is that mean."""
    return np.asarray(np.exp(-stirling_error(mean)) / np.sqrt(2 * pi * mean))
