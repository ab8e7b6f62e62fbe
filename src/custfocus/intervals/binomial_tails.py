"""
Binomial tails as functions of the log-odds, for limits that are found by solving for them.

With p the proportion and q = 1 - p a tail is a beta distribution function,

    P(X >= k) = I_p(k, n - k + 1),    P(X <= k) = I_q(n - k, k + 1).

The log-odds log(p / q) keep the digits of p near 0 and those of q near 1, and the logarithm of a
tail is concave in them, as it is in the natural parameter of any exponential family.
"""

import numpy as np
from scipy.special import betainc, betaincc, betaln, expit, log_expit, log_ndtr

from custfocus.intervals.arguments import Floats

_LARGEST_FOR_BETA = (
    1e7  # of either kind: from here the expansion is right to 1e-7, and a thousand times as fast
)

_LEADING_TERM = -37.0  # log of b p, below which I_p(a, b) is the first term of its series in p
_MANY = 1e6  # answers from which a density is not right to 1e-9 without Stirling's series
_FEW = 100  # of either kind, with which the series is right to 1e-13
_STEEP = 30.0  # log-odds beyond which a density is right without Stirling's series


def log_tail(a: Floats, b: Floats, log_odds: Floats) -> Floats:
    """The logarithm of I_p(a, b); 0 where a is 0, else minus infinity where b is 0."""
    logs = np.where(a > 0, -np.inf, 0.0)
    inner = (a > 0) & (b > 0)
    many = inner & (np.minimum(a, b) > _LARGEST_FOR_BETA)
    tiny = inner & ~many & (log_odds + np.log(np.maximum(b, 1)) < _LEADING_TERM)
    low, high = inner & ~many & ~tiny & (log_odds <= 0), inner & ~many & (log_odds > 0)
    with np.errstate(divide="ignore"):  # a tail too small for a float64 is 0
        logs[low] = np.log(betainc(a[low], b[low], expit(log_odds[low])))
        logs[high] = np.log(betaincc(b[high], a[high], expit(-log_odds[high])))
    logs[tiny] = a[tiny] * log_odds[tiny] - np.log(a[tiny]) - betaln(a[tiny], b[tiny])
    logs[many] = _log_tail_of_many(a[many], b[many], log_odds[many])
    return logs


def log_density(a: Floats, b: Floats, log_odds: Floats) -> Floats:
    """
    The logarithm of the derivative of I_p(a, b) in the log-odds; minus infinity where b is 0.

    Of many answers by Stirling's series about the mean: the terms of the density itself are so large
    that their difference has no digits left, from 1e13 answers on not even its size.
    """
    logs = np.asarray(a * log_expit(log_odds) + b * log_expit(-log_odds) - betaln(a, b))
    many = (a + b >= _MANY) & (np.minimum(a, b) >= _FEW) & (np.abs(log_odds) < _STEEP)
    a, b, log_odds = a[many], b[many], log_odds[many]
    n = a + b
    loss = _deviance(a, n * expit(log_odds)) + _deviance(b, n * expit(-log_odds))
    series = (1 / n - 1 / a - 1 / b) / 12 - (1 / n**3 - 1 / a**3 - 1 / b**3) / 360
    logs[many] = np.log(a * b / n / (2 * np.pi)) / 2 + series - loss
    return logs


def rough_log_odds(a: Floats, b: Floats, z: Floats | float) -> Floats:
    """
    The log-odds where I_p(a, b) is about Phi(z); for a and b below a half that of a half.

    The log-odds of a beta variate are a difference of two log-gamma variates. Mean, variance and
    skewness come from the asymptotic series of the polygamma functions, and the quantile is that
    of Wilson and Hilferty's cube of a normal variate, which stays sound far out in the tail.

    References:
        Wilson and Hilferty (1931), Proceedings of the National Academy of Sciences 17, 684-688.
    """
    a, b = np.maximum(a, 0.5), np.maximum(b, 0.5)
    mean = np.log(a / b) - (1 / a - 1 / b) / 2 - (1 / a**2 - 1 / b**2) / 12
    variance = 1 / a + 1 / b + (1 / a**2 + 1 / b**2) / 2
    skewness = ((1 / b**2 + 1 / b**3) - (1 / a**2 + 1 / a**3)) / variance**1.5
    sixth = z / 6 - skewness / 36
    root = skewness * sixth  # the cube's root less 1
    return mean + np.sqrt(variance) * 2 * sixth * (3 + root * (3 + root))


def _deviance(x: Floats, mean: Floats) -> Floats:
    """What Stirling's series leaves, x log(x / mean) - (x - mean), without large differences."""
    apart = (x - mean) / mean
    return np.asarray(mean * ((1 + apart) * np.log1p(apart) - apart))


def _log_tail_of_many(a: Floats, b: Floats, log_odds: Floats) -> Floats:
    """
    The Cornish-Fisher expansion of a beta distribution function to its fourth cumulant.

    SciPy 1.17 gets four digits of it at a = b = 5e11, and takes long for them.

    References:
        Cornish and Fisher (1937), Revue de l'Institut International de Statistique 5, 307-320.
    """
    n, ab = a + b, a * b
    p, q = np.asarray(expit(log_odds)), np.asarray(expit(-log_odds))
    x = np.where(p < q, p - a / n, b / n - q) * n * np.sqrt((n + 1) / ab)
    skewness = 2 * (b - a) * np.sqrt((n + 1) / ab) / (n + 2)
    kurtosis = 6 * ((a - b) ** 2 * (n + 1) - ab * (n + 2)) / (ab * (n + 2) * (n + 3))
    z = x - skewness * (x * x - 1) / 6
    z -= kurtosis * (x**3 - 3 * x) / 24 - skewness**2 * (4 * x**3 - 7 * x) / 36
    return np.asarray(log_ndtr(z))
