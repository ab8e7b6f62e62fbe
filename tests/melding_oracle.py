"""
Slow distributions of Dirichlet means and of their differences, none by the library's integrals.

`triangle` holds for whole shapes: W is the mean of a B-spline, and the chance that it exceeds x is
made of convex combinations alone, S(i, j) = w S(i, j-1) + (1 - w) S(i+1, j) on the sorted knots, of
which each score has as many as its shape. `imhof` holds for any shapes, with as many digits as are
asked for. `difference_at_most` integrates the triangle's polynomials between their breakpoints, by
a Gauss-Legendre rule that is exact for them.

References:
    Imhof (1961), Biometrika 48, 419-426. Curry and Schoenberg (1966), Journal d'Analyse
    Mathematique 17, 71-107 (Dirichlet means and B-splines).
"""

import mpmath
import numpy as np


def triangle(shapes, points, at):
    """P(W <= x) and the density at places *at*, (X,); whole shapes, at least two scores."""
    knots = np.repeat(np.asarray(points, float), np.asarray(shapes, int))[:, None]
    at = np.asarray(at, float)
    above = np.where(knots > at, 1.0, 0.0)
    for gap in range(1, len(knots)):
        length = knots[gap:] - knots[:-gap]
        weight = np.clip((at - knots[:-gap]) / np.where(length > 0, length, 1), 0, 1)
        weight = np.where(length > 0, weight, knots[:-gap] <= at)
        rise = above[1:] - above[:-1]
        above = above[1:] - weight * rise
    return 1 - above[0], (len(knots) - 1) * rise[0] / (knots[-1] - knots[0])


def imhof(shapes, points, at, digits=14):
    """P(W <= x) at one place, by the characteristic function of sum_j (s_j - x) G_j."""
    mpmath.mp.dps = digits + 8
    pairs = [
        (mpmath.mpf(a), mpmath.mpf(s) - mpmath.mpf(at)) for a, s in zip(shapes, points, strict=True)
    ]
    spread = mpmath.sqrt(sum(a * d * d for a, d in pairs))

    def integrand(y):
        t = mpmath.mpc(0, y / spread)
        return mpmath.im(mpmath.exp(-sum(a * mpmath.log(1 - d * t) for a, d in pairs))) / y

    cuts, far = [0], mpmath.mpf(1) / 2
    while abs(integrand(far)) > mpmath.mpf(10) ** -digits:
        cuts.append(far)
        far *= mpmath.mpf(3) / 2
    return mpmath.mpf(1) / 2 - mpmath.quad(integrand, [*cuts, far]) / mpmath.pi


def components(counts, method):
    """The shapes of which a sample's distribution is the even mixture."""
    counts = np.asarray(counts, int)
    bottom, top = (counts + np.eye(len(counts), dtype=int)[end] for end in (0, -1))
    return {"low": [bottom], "high": [top], "mid-p": [bottom, top]}[method]


def difference_at_most(one, other, scores, d):
    """
    P(V - W <= d) for two Dirichlet means, or even mixtures of them.

    Args:
        one: The shapes of V's components, a list of whole numbers (K,).
        other: Those of W.
        scores: Ascending, (K,).
        d: The difference.
    """
    scores = np.asarray(scores, float)
    nodes, weights = np.polynomial.legendre.leggauss(int(one[0].sum() + other[0].sum()) // 2 + 2)
    ends = np.unique(np.clip([*scores, *(scores - d)], scores[0], scores[-1]))
    half, middle = np.diff(ends) / 2, (ends[1:] + ends[:-1]) / 2
    places = (middle[:, None] + half[:, None] * nodes).ravel()
    measure = (half[:, None] * weights).ravel()
    total = 0.0
    for second in other:
        at, chance = _places_of(second, scores, places, measure)
        for first in one:
            total += (_at_most(first, scores, at + d) * chance).sum()
    return total / (len(one) * len(other))


def _places_of(shapes, scores, places, measure):
    """Where a mean may be, and with what chance: one place where one score has all weight."""
    if np.count_nonzero(shapes) == 1:
        return scores[shapes > 0], np.ones(1)
    return places, triangle(shapes, scores, places)[1] * measure


def _at_most(shapes, scores, at):
    if np.count_nonzero(shapes) == 1:
        return np.where(at >= scores[shapes > 0], 1.0, 0.0)
    return triangle(shapes, scores, at)[0]
