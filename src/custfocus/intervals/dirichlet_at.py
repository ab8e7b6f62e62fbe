"""
Distribution and density of a mean with Dirichlet weights, at given places.

Let W = sum_j w_j s_j with w ~ Dirichlet(a), A the sum of the shapes a_j and d_j = s_j - x. The
weights are independent gamma variables over their sum, so that W <= x where sum_j d_j G_j <= 0,
and the moment generating function of that sum is

    M(t) = prod_j (1 - d_j t)^(-a_j),                                                     (1)

    P(W <= x) = -1/(2 pi i) int M(t) dt/t,     density = (A - 1)/(2 pi i) int M(t) dt,    (2)

along a path from below to above the real line that crosses it at some c < 0 right of the pole of
the lowest score. The density is so simple because x enters (1), seen as a function of u = x + 1/t,
as the power (u - x)^(A - 1) alone. With t = c + tau w these are the integrals J_0 and J_1 of
:mod:`custfocus.intervals.contour`, whose paths cross near the saddlepoint, where M is least.

A shape may be negative where (1) is that of a mixture: half of Dirichlet(a + 1 at the lowest
score) and half of Dirichlet(a + 1 at the highest) is (1) with 1 more at both and a shape of -1 in
the middle between them, since 1/2 (1/(1 - d t) + 1/(1 - e t)) = (1 - (d + e) t/2) / ((1 - d t)
(1 - e t)).

References:
    Imhof (1961), Biometrika 48, 419-426 (the sign of a sum). Daniels (1987), International
    Statistical Review 55, 37-48 (saddlepoints).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaln, xlog1py, xlogy

from custfocus.intervals.arguments import Floats, ignoring_underflow
from custfocus.intervals.columns import column_sum, weighted_sum
from custfocus.intervals.contour import Integrand, Precision, contour_integrals
from custfocus.intervals.roots import Places, increasing_roots

_PRECISION = Precision(orders=2, step=1 / 8, negligible=1e-17, unsteady=1e-7)
_FEW = 1000.0  # up to which the beta function keeps its digits
_FROM_THE_MEAN = 0.5  # standard deviations that the path keeps from the pole at 0
_FAR_OUT = 60.0  # Chernoff's exponent: exp(-60) is nothing beside 1
_LEAST_LOG = -690.0  # its inverse is a float64 too
_CLOSE = 1e-3  # a step in log psi: the path need not cross at the saddlepoint itself


@ignoring_underflow
def dirichlet_mean_at(shapes: Floats, points: Floats, at: Floats) -> tuple[Floats, Floats]:
    """
    The distribution function and the density of W at given places.

    Args:
        shapes: The a_j of each place, shape (P, G) or (P, 1); 0 leaves a score out, and at most
            one may be negative, between two others and as in the module's text.
        points: The scores, ascending, shape (P,).
        at: Where, shape (G,).

    Returns:
        P(W <= x) and the density, each (G,): right to about 1e-11, absolutely and, below the
        mean, relatively. Beyond all scores with weight 0 or 1, and no density. Where a single
        score has weight, all of it is there and the density is 0.
    """
    a = np.broadcast_to(shapes, (len(points), at.size))
    weighty = a > 0
    low = np.where(weighty, points[:, None], np.inf).min(axis=0)
    high = np.where(weighty, points[:, None], -np.inf).max(axis=0)
    below, density = np.where(at >= high, 1.0, 0.0), np.zeros(at.size)
    inside = (low < at) & (at < high)
    two = (weighty.sum(axis=0) == 2) & (a >= 0).all(axis=0)
    two &= np.where(weighty, a, np.inf).min(axis=0) <= _FEW  # of more the density loses digits
    some = np.flatnonzero(inside & two)
    if some.size:
        below[some], density[some] = _beta(a[:, some], low[some], high[some], at[some])
    some = np.flatnonzero(inside & ~two)
    mean = weighted_sum(a, points) / column_sum(a)
    for mirrored in (False, True):
        side = some[(at[some] > mean[some]) == mirrored]
        if not side.size:
            continue
        away = np.where(a[:, side] == 0, 0, points[:, None] - at[side])
        if mirrored:
            tail, density[side] = _lower(a[::-1, side], -away[::-1], high[side] - at[side])
            below[side] = 1 - tail
        else:
            below[side], density[side] = _lower(a[:, side], away, at[side] - low[side])
    return below, density


def _beta(a: Floats, low: Floats, high: Floats, at: Floats) -> tuple[Floats, Floats]:
    """The case of two scores with weight."""
    first = (a > 0).argmax(axis=0)
    fewer = np.take_along_axis(a, first[None], axis=0)[0]
    more, length = column_sum(a) - fewer, high - low
    share = (at - low) / length
    log_density = xlogy(more - 1, share) + xlog1py(fewer - 1, -share) - betaln(more, fewer)
    return betainc(more, fewer, share), np.exp(log_density) / length


def _lower(a: Floats, d: Floats, x: Floats) -> tuple[Floats, Floats]:
    """
    Distribution function and density at or below the mean.

    Args:
        a: Shapes (P, G).
        d: How far the scores are above the places, (P, G); 0 for those without weight.
        x: How far the places are above the lowest score with weight, (G,).
    """
    c, far = _crossing(a, d, x)
    below, density = np.zeros((2, x.size))
    some = np.flatnonzero(~far)
    if not some.size:
        return below, density
    a, d, c = np.ascontiguousarray(a[:, some]), d[:, some], c[some]
    steep = d / (1 - d * c)
    tau = 1 / np.sqrt(column_sum(a * steep * steep))
    integrand = Integrand(a, steep * tau, -c / tau, column_sum(a * np.log1p(-d * c)))
    below[some], density[some] = contour_integrals(integrand, _PRECISION).values
    density[some] *= (column_sum(a) - 1) * tau
    return below, density


def _crossing(a: Floats, d: Floats, x: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """
    Where each path crosses the real line, c (G,), and which places are too far out to matter.

    The saddlepoint is t = -1 / (psi + x) for the psi > 0 with A / sum_j a_j / (psi + s_j) - psi
    = x, found by Newton's method on log psi; it is exact at once for two scores. Near the mean,
    and so near the pole at 0, the path crosses left of it.
    """
    spread = np.sqrt(column_sum(a * d * d))
    saddlepoint = -1 / (_psi(a, d + x, x, 2 * spread / _FROM_THE_MEAN) + x)
    exponent = column_sum(a * np.log1p(d * -saddlepoint))
    pole = 1 / np.where(a > 0, np.minimum(d, 0), 0).min(axis=0)
    c = np.minimum(saddlepoint, np.maximum(-_FROM_THE_MEAN / spread, pole / 2))
    return c, exponent > _FAR_OUT


def _psi(a: Floats, gaps: Floats, x: Floats, most: Floats) -> Floats:
    """The psi of each place x (G,), or *most* where it is larger; gaps above the lowest score."""
    total = column_sum(a)
    mean = column_sum(a * gaps) / total
    variance = column_sum(a * (gaps - mean) ** 2) / total
    open_ = np.flatnonzero(_read_off(a, gaps, most)[0] > x)
    a, gaps, x = a[:, open_], gaps[:, open_], x[open_]
    start, right = np.log(x * (variance / mean)[open_] / (mean[open_] - x)), np.log(most[open_])

    def evaluate(now: Floats, places: Places) -> tuple[Floats, Floats]:
        """How far the place read off is beyond x, and Newton's step of log psi."""
        psi, wanted = np.exp(now), x[places]
        value, slope = _read_off(a[:, places], gaps[:, places], psi)
        return value - wanted, (wanted - value) / (slope * psi)

    close, psi = np.full(open_.size, _CLOSE), most
    start = np.clip(start, _LEAST_LOG, right)
    psi[open_] = np.exp(increasing_roots(evaluate, start, close, _LEAST_LOG, right))
    return psi


def _read_off(a: Floats, gaps: Floats, psi: Floats) -> tuple[Floats, Floats]:
    """The place x of which psi is the saddlepoint's, and dx / dpsi."""
    total, each = column_sum(a), 1 / (psi + gaps)
    place = total / column_sum(a * each) - psi
    return place, column_sum(a * ((gaps - place) * each) ** 2) / total
