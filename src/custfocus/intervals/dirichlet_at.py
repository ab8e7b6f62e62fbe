"""
Distribution and density of a mean with Dirichlet weights, at given places.

Let W = sum_j w_j s_j with w ~ Dirichlet(a), A the sum of the shapes a_j and d_j = s_j - x. The
weights are independent gamma variables over their sum, so that W <= x where sum_j d_j G_j <= 0,
and the moment generating function of that sum is

    M(t) = prod_j (1 - d_j t)^(-a_j),                                                     (1)

    P(W <= x) = -1/(2 pi i) int M(t) dt/t,     density = (A - 1)/(2 pi i) int M(t) dt,    (2)

along a path from below to above the real line that crosses it at some c < 0 right of the pole of
the lowest score. The density is so simple because x enters (1), seen as a function of u = x + 1/t,
as the power (u - x)^(A - 1) alone.

The path crosses near the saddlepoint, where M is least; with t = c + tau omega it is

    omega(v) = kappa (b (cosh v - 1) + i sinh v),                                         (3)

bent by b the way of steepest descent. The sum of the integrand over v = 0, h, 2h, ... is as good
as the integral: its error falls exponentially in 1/h, and the one of the pole at t = 0, which may
be close, is known in closed form and taken off. Logarithms and angles are added up score by score
in real arithmetic.

A shape may be negative where (1) is that of a mixture: half of Dirichlet(a + 1 at the lowest
score) and half of Dirichlet(a + 1 at the highest) is (1) with 1 more at both and a shape of -1 in
the middle between them, since 1/2 (1/(1 - d t) + 1/(1 - e t)) = (1 - (d + e) t/2) / ((1 - d t)
(1 - e t)).

References:
    Imhof (1961), Biometrika 48, 419-426 (the sign of a sum). Daniels (1987), International
    Statistical Review 55, 37-48 (saddlepoints). Trefethen and Weideman (2014), SIAM Review 56,
    385-458 (why the sum is so good).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaln, xlog1py, xlogy

from custfocus.intervals.arguments import Floats, ignoring_underflow
from custfocus.intervals.columns import column_sum, weighted_sum
from custfocus.intervals.roots import Places, increasing_roots

_FEW = 1000.0  # up to which the beta function keeps its digits
_STEP = 1 / 8  # of v; what the sum leaves out is then about 1e-14
_FINER = ((0.1, 0.5), (0.1, -0.5), (0.1, 0.2), (0.1, -0.2), (0.03, 0.0), (0.01, 0.0))
_DOUBTFUL = 1e-7  # difference between steps h and 2h of which the square may matter
_AT_ONCE = 8  # nodes
_ALTERNATING = np.array([1.0, -1.0] * (_AT_ONCE // 2))
_LAST_NODE = -34.0  # logarithm of what a node adds, relative to the first
_FROM_THE_MEAN = 0.5  # standard deviations that the path keeps from the pole at 0
_OF_THE_WAY = 0.7  # to the nearest pole, that the path may go
_WIDEST = 3.0  # kappa, in standard deviations
_MOST_BENT = 0.8
_FAR_UP = (6.0, 12.0, 24.0, 48.0, 96.0, 192.0)  # where a path near a pole is looked at
_NEAR_POLE = 8.0  # standard deviations
_FORGOTTEN = -100.0  # logarithm of an integrand that no longer matters
_UPHILL = 200.0  # no path that is any good gets there
_FAR_OUT = 60.0  # Chernoff's exponent: exp(-60) is nothing beside 1
_LEAST_LOG = -690.0  # its inverse is a float64 too
_CLOSE = 1e-3  # a step in log psi: the path need not cross at the saddlepoint itself


class _Path(NamedTuple):
    """Where and how the paths run, one for each place: all (G,) but the poles (P, G)."""

    poles: Floats  # p_j = d_j tau / (1 - d_j c)
    level: Floats  # log M(c)
    tau: Floats
    pole_at: Floats  # of t = 0, in omega


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
    a = np.ascontiguousarray(a[:, some])
    path = _path(a, d[:, some], c[some])
    found = _summed(a, path, _bent(a, path.poles), _STEP)
    found = _finer(a, path, found)
    below[some] = found[0]
    density[some] = found[1] * (column_sum(a) - 1) * path.tau
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


def _path(a: Floats, d: Floats, c: Floats) -> _Path:
    """M along the paths, in units of its standard deviation at c."""
    left = 1 - d * c
    steep = d / left
    tau = 1 / np.sqrt(column_sum(a * steep * steep))
    return _Path(steep * tau, -column_sum(a * np.log1p(-d * c)), tau, -c / tau)


def _bent(a: Floats, p: Floats) -> tuple[Floats, Floats]:
    """
    Scale kappa and bend b of each path: steepest descent where it crosses, no pole nearby.

    Where a pole of few answers is near, the way of steepest descent is looked at further up as
    well: a bend that suits the crossing can lead uphill there. The bend is kept between 0 and
    what is found, or at 0 where the two disagree in sign.
    """
    positive = np.where(a > 0, p, 0)
    room = [_OF_THE_WAY / np.maximum(side.max(axis=0), 1e-300) for side in (-positive, positive)]
    nearest = np.minimum(np.minimum(*room), _WIDEST)
    least, most = np.full(nearest.shape, -np.inf), np.full(nearest.shape, np.inf)
    near = np.flatnonzero(np.minimum(*room) < _NEAR_POLE * _OF_THE_WAY)
    for height in _FAR_UP:
        y = p[:, near] * height
        shapes, size = a[:, near], 1 + y * y
        near_kappa = nearest[near]
        phase = column_sum(shapes * np.arctan(y))
        turning = column_sum(shapes * p[:, near] * y / size)
        aside = -phase / turning
        bend = aside / (near_kappa * (np.sqrt(1 + (height / near_kappa) ** 2) - 1)) / near_kappa
        there = column_sum(shapes * np.log(size)) < -2 * _FORGOTTEN
        near, bend = near[there], bend[there]
        least[near] = np.maximum(least[near], np.minimum(bend, 0))
        most[near] = np.minimum(most[near], np.maximum(bend, 0))
    third = 2 * column_sum(a * p**3)
    kappa, b = nearest, np.zeros_like(nearest)
    for _ in range(3):
        b = np.clip(third * kappa / 3, least * kappa, most * kappa)
        b = np.clip(b, -_MOST_BENT, _MOST_BENT)
        kappa = _widest(room, b)
    return kappa, b


def _widest(room: list[Floats], b: Floats) -> Floats:
    """The largest kappa with which a path of bend b keeps away from the poles on either side."""
    bent_to = np.where(b > 0, room[1], room[0]), np.where(b > 0, room[0], room[1])
    size = np.abs(b)
    toward, behind = bent_to[0] / (np.sqrt(1 + b * b) - size), bent_to[1] / (1 + size)
    kappa: Floats = np.minimum(np.minimum(toward, behind), _WIDEST)
    return kappa


def _summed(a: Floats, path: _Path, bent: tuple[Floats, Floats], step: float) -> Floats:
    """
    The two integrals without their factors, and how far steps h and 2h are apart; shape (3, G).

    Places are left as soon as their integrand has died away.
    """
    kappa, b = bent
    sums = np.zeros((3, kappa.size))
    on_the_way = np.arange(kappa.size)
    shapes, p, run = a, path.poles, kappa
    bend, level, pole_at = kappa * b, path.level, path.pole_at
    first = 0
    while on_the_way.size:
        v = (first + np.arange(_AT_ONCE))[:, None] * step
        cosh, sinh = np.cosh(v), np.sinh(v)
        right, up = bend * (cosh - 1), run * sinh
        log_size, angle = _added_up(shapes, p, right, up)
        size = np.exp(np.minimum(log_size + level, _UPHILL))
        if not first:
            size[0] /= 2
        real, imaginary = size * np.cos(angle), size * np.sin(angle)
        along, across = bend * sinh, run * cosh  # d omega / dv
        to_pole = pole_at - right
        turned = real * across + imaginary * along  # the imaginary part of M d omega / dv
        straight = real * along - imaginary * across
        pieces = (turned * to_pole + straight * up) / (to_pole * to_pole + up * up)
        sums[0, on_the_way] += column_sum(pieces)
        sums[1, on_the_way] += column_sum(turned)
        sums[2, on_the_way] += weighted_sum(turned, _ALTERNATING)
        left = np.flatnonzero(log_size[-1] + v[-1] > _LAST_NODE)
        on_the_way, shapes, p = on_the_way[left], shapes[:, left], p[:, left]
        run, bend, level, pole_at = (one[left] for one in (run, bend, level, pole_at))
        first += _AT_ONCE
    doubt = np.abs(sums[2] / np.where(sums[1] > 0, sums[1], np.nan))
    sums[:2] *= step / np.pi
    sums[0] -= _of_the_pole(path.pole_at, kappa, b, step)
    return np.array([sums[0], sums[1], doubt])


def _added_up(a: Floats, p: Floats, right: Floats, up: Floats) -> tuple[Floats, Floats]:
    """Logarithm and angle of ``prod_j (1 - p_j omega)^-a_j``, each (nodes, G)."""
    log_square, angle = np.zeros_like(right), np.zeros_like(right)
    square, twice = right * right + up * up, 2 * right
    for shape, one in zip(a, p, strict=True):
        angle += shape * np.arctan2(one * up, 1 - one * right)
        log_square += shape * np.log1p(one * (one * square - twice))  # no digit lost near 0
    return -log_square / 2, angle


def _of_the_pole(pole_at: Floats, kappa: Floats, b: Floats, step: float) -> Floats:
    """
    What the pole of 1/t leaves in the sum, from its place v = i eta on the path's own scale.

    Far from the path it leaves nothing, wherever it is.
    """
    reach = (pole_at / kappa + b) / np.sqrt(1 + b * b)
    eta = np.arcsin(np.minimum(reach, 1)) - np.arctan(b)
    left = np.exp(-2 * np.pi / step * eta)
    return np.asarray(left / (1 - left))


def _finer(a: Floats, path: _Path, found: Floats) -> Floats:
    """The same where the sums are in doubt: smaller steps along other paths, the best is kept."""
    doubtful = np.flatnonzero(~(found[2] < _DOUBTFUL))
    for step, b in _FINER:
        if not doubtful.size:
            break
        own = _Path(path.poles[:, doubtful], *(one[doubtful] for one in path[1:]))
        positive = np.where(a[:, doubtful] > 0, own.poles, 0)
        room = [_OF_THE_WAY / np.maximum(e.max(axis=0), 1e-300) for e in (-positive, positive)]
        bend = np.full(doubtful.size, b)
        again = _summed(a[:, doubtful], own, (_widest(room, bend), bend), step)
        better = again[2] < np.where(np.isnan(found[2, doubtful]), np.inf, found[2, doubtful])
        found[:, doubtful[better]] = again[:, better]
        doubtful = doubtful[~(found[2, doubtful] < _DOUBTFUL)]
    return found
