"""
The distribution of a Dirichlet mean, W = sum_j w_j s_j with weights w ~ Dirichlet(a).

With independent gamma variates G_j of shapes a_j the event W <= x is sum_j (s_j - x) G_j <= 0,
so that its probability is a contour integral of the transform prod_j (1 - (s_j - x) t)^(-a_j).
A shape may be negative: a shape of -1 halfway between the ends of the scale, with 1 more on
either end, makes the transform that of the even mixture of the two variates that have the 1 more
on one end alone.

**The saddlepoint.** Let t0 < 0 be the saddlepoint for x below the mean, and psi > 0 the number
for which u = x + 1/t0 = -psi. Then everything is explicit in psi. With r_j = 1 / (psi + s_j)
and A = sum_j a_j, B = A / sum_j a_j r_j,

    x = sum_j a_j r_j s_j / sum_j a_j r_j = B - psi,    t0 = -1/B,    e_j = (s_j - x) r_j,
    q² = sum_j a_j e_j²,    r²/2 = sum_j a_j log(1 + (s_j - x) / B),    dx/dpsi = q² / A.      (1)

q² is t0² K''(t0) and r²/2 is -K(t0) for the cumulants K. So psi is chosen, and x read off.

**The integral.** In units of K''(t0)^(-1/2), w = (t - t0) K''(t0)^(1/2) and p_j = e_j / q, the
integrals J_m of :mod:`custfocus.intervals.contour` with l = r²/2 give the distribution function.
x enters the transform in 1/t = u - x alone, and only through a power of it, so that one set of
nodes gives F and its derivatives: with y = delta (A - 1) / (B q),

    F(x + delta) = J_0 + y J_1 + y² J_2 (A-2) / (2 (A-1)) + y³ J_3 (A-2)(A-3) / (6 (A-1)²) ...  (2)

as long as no score lies between x and x + delta.

Reference:
    Lugannani and Rice (1980), Advances in Applied Probability 12, 475-490.
"""

from typing import NamedTuple

import numpy as np

from custfocus.intervals.arguments import Floats
from custfocus.intervals.columns import column_sum
from custfocus.intervals.contour import Integrals, Integrand, Precision, contour_integrals
from custfocus.intervals.roots import Places

PRECISION = Precision(orders=6, step=1 / 6, negligible=1e-13, unsteady=2e-4)


class DirichletMean(NamedTuple):
    """
    Dirichlet means of several groups, on scales of length 1.

    Attributes:
        shapes: Shape (P, G), of any size, adding up to more than 1. The first row is more than
            0; a column may be filled up with rows of shape 0.
        points: The scores of the shapes, shape (P, G), the first row 0 and the others in (0, 1].
        total: A, the sum of the shapes, shape (G,).
    """

    shapes: Floats
    points: Floats
    total: Floats

    def at(self, places: Places) -> "DirichletMean":
        """Some of the groups."""
        return DirichletMean(self.shapes[:, places], self.points[:, places], self.total[places])


class Saddlepoint(NamedTuple):
    """
    What (1) says of a psi for each group, shape (G,), and of its columns, shape (P, G).

    Attributes:
        x: Where the distribution function has this saddlepoint.
        size: B.
        q: The saddlepoint in units of its standard deviation.
        half_square: r²/2, the logarithm of the empirical likelihood ratio of x.
        pulls: e_j, shape (P, G).
    """

    x: Floats
    size: Floats
    q: Floats
    half_square: Floats
    pulls: Floats


def saddlepoint(mean: DirichletMean, psi: Floats) -> Saddlepoint:
    """The saddlepoint for each group's psi, by (1); small differences are never taken of sums."""
    weights = mean.shapes / (psi + mean.points)
    total = column_sum(weights)
    x = column_sum(weights * mean.points) / total
    size = mean.total / total
    apart = mean.points - x
    pulls = apart / (psi + mean.points)
    q = np.sqrt(column_sum(mean.shapes * pulls * pulls))
    half_square = column_sum(mean.shapes * np.log1p(apart / size))
    return Saddlepoint(x, size, q, half_square, pulls)


def integrals(mean: DirichletMean, saddle: Saddlepoint) -> Integrals:
    """The integrals J_m at each group's saddlepoint."""
    p, log_least = saddle.pulls / saddle.q, saddle.half_square
    return contour_integrals(Integrand(mean.shapes, p, saddle.q, log_least), PRECISION)
