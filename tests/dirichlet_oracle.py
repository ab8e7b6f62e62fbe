"""
Distribution functions of Dirichlet means, by ways that share nothing with the library.

For whole shapes a the mean W is that of a Dirichlet with all shapes 1 over A = sum a knots, each
score as many times as its shape says. With S(i, j) the probability of W > x over the knots i to j,

    S(i, j) = w S(i, j-1) + (1 - w) S(i+1, j),    w = (x - T_i) / (T_j - T_i), held to [0, 1],

the B-splines' recursion integrated: nothing but means of means, hence without loss of digits.

For any shapes on three scores W is taken apart instead: the weight on the highest is a beta
variate, and so is the share of the middle one in the rest.

References:
    de Boor (1972), Journal of Approximation Theory 6, 50-62. Curry and Schoenberg (1966), Journal
    d'Analyse Mathématique 17, 71-107 (B-splines as densities of Dirichlet means).
"""

from itertools import pairwise

import numpy as np
from mpmath import mp
from scipy.special import betainc, betaincinv, betaln, ndtr, xlog1py, xlogy

NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)
MANY_NODES, MANY_WEIGHTS = np.polynomial.legendre.leggauss(1500)
QUANTILES = ndtr(np.arange(-8, 8.1, 0.5))


def knots(counts, scores):
    """The scores of groups of one size, each as often as it was counted; shape (A, G)."""
    order = np.argsort(scores, kind="stable")
    rows = np.asarray(counts, dtype=int)[:, order]
    ascending = np.asarray(scores, dtype=float)[order]
    return np.stack([np.repeat(ascending, row) for row in rows], axis=1)


def triangle(t, x):
    """P(W <= x) and the density at x, for knots t (A, G) and x (G,)."""
    above, last = (t > x).astype(float), len(t) - 1
    density = np.full(t.shape[1], np.nan)
    for apart in range(1, last + 1):
        low, high = t[:-apart], t[apart:]
        length = high - low
        inner = np.clip((x - low) / np.where(length > 0, length, 1), 0, 1)
        w = np.where(length > 0, inner, low <= x)
        if apart == last:
            density = last * (above[1] - above[0]) / np.where(length[0] > 0, length[0], 1)
        above = above[1:] + w * (above[:-1] - above[1:])
    return 1 - above[0], density


def lower_tail(counts, scores, x, method):
    """The distribution function and density whose alpha / 2 quantile is the lower limit, at x."""
    scores = np.asarray(scores, dtype=float)
    ends = [np.argmin(scores)] + ([np.argmax(scores)] if method == "mid-p" else [])
    parts = []
    for end in ends:
        more = np.array(counts, dtype=int)
        more[:, end] += 1
        parts.append(triangle(knots(more, scores), x))
    return np.mean(parts, axis=0)


def errors(counts, scores, limits, confidence_level, method):
    """How far both limits are off, to first order, in the scale's length; shape (2, G)."""
    counts, scores = np.asarray(counts), np.asarray(scores, dtype=float)
    tail, mirror = (1 - confidence_level) / 2, scores.min() + scores.max() - scores
    found = []
    for points, x in ((scores, limits.low), (mirror, scores.min() + scores.max() - limits.high)):
        value, density = lower_tail(counts, points, x, method)
        with np.errstate(divide="ignore", invalid="ignore"):
            found.append(np.abs(value - tail) / density / np.ptp(scores))
    return np.array(found)


def three_scores(shapes, middle, x):
    """
    P(W <= x) for any shapes, all more than 0, on the scores 0, *middle* and 1.

    The weight on the highest score is integrated out, by Gauss and Legendre between quantiles.
    """
    a, b, c = shapes
    turn = max((x - middle) / (1 - middle), 0)  # up to there W <= x whatever the rest
    ends = betaincinv(c, a + b, betainc(c, a + b, [turn, x]))
    cuts = np.unique(np.clip(betaincinv(c, a + b, QUANTILES), *ends))
    cuts = np.unique([turn, *cuts[(cuts > turn) & (cuts < x)], x])
    below = betainc(c, a + b, turn)
    for low, high in pairwise(cuts):
        top = low + (high - low) * (NODES + 1) / 2
        share = np.minimum((x - top) / ((1 - top) * middle), 1)
        log_density = xlogy(c - 1, top) + xlog1py(a + b - 1, -top) - betaln(c, a + b)
        below += (high - low) / 2 * WEIGHTS @ (np.exp(log_density) * betainc(b, a, share))
    return below


def few_on_three_scores(shapes, middle, x):
    """
    The same for x below the middle score and few answers: the shape on the highest is under 3.

    With the weight on the highest score x s^(1/c) and s = 1 - y^q the integrand is smooth at either
    end, however small the shapes are.
    """
    a, b, c = shapes
    q = max(2, 6 / b)
    y = (MANY_NODES + 1) / 2
    log_part = np.log1p(-(y**q)) / c
    top, apart = x * np.exp(log_part), -x * np.expm1(log_part)
    rest = betainc(b, a, np.minimum(apart / ((1 - top) * middle), 1))
    weights = MANY_WEIGHTS / 2 * q * y ** (q - 1)
    integral = weights @ ((1 - top) ** (a + b - 1) * rest)
    return np.exp(c * np.log(x) - np.log(c) - betaln(c, a + b)) * integral


def three_scores_slowly(shapes, middle, x):
    """The same in 30 digits."""
    a, b, c = map(mp.mpf, shapes)
    middle, x = mp.mpf(middle), mp.mpf(x)

    def below(top):
        share = min((x - top) / ((1 - top) * middle), mp.mpf(1))
        rest = mp.betainc(b, a, 0, share, regularized=True)
        return top ** (c - 1) * (1 - top) ** (a + b - 1) * rest / mp.beta(c, a + b)

    turn = max((x - middle) / (1 - middle), mp.mpf(0))
    with mp.workdps(30):
        inner = mp.quad(below, mp.linspace(turn, x, 9))
        return mp.betainc(c, a + b, 0, turn, regularized=True) + inner


def three_score_errors(counts, middle, limits, confidence_level, *, method, below=three_scores):
    """How far both limits of one group are off, to first order, in the scale's length."""
    tail, found = (1 - confidence_level) / 2, []
    for (a, b, c), inner, x in (
        (counts, middle, float(limits.low)), (counts[::-1], 1 - middle, 1 - float(limits.high))
    ):  # fmt: skip
        parts = [(a + 1, b, c)] + ([(a, b, c + 1)] if method == "mid-p" else [])

        def value(at, parts=parts, inner=inner):
            return np.mean([below(part, inner, at) for part in parts])

        apart = 1e-4 * x
        slope = (value(x + apart) - value(x - apart)) / (2 * apart)
        found.append(abs(value(x) - tail) / slope)
    return found
