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

**The integral.** In units of K''(t0)^(-1/2), w = (t - t0) K''(t0)^(1/2) and p_j = e_j / q, let

    J_m = 1/(2 pi i) int prod_j (1 - p_j w)^(-a_j) exp(-r²/2) (q - w)^(m-1) dw.                (2)

x enters the transform in 1/t = u - x alone, and only through a power of it, so that one set of
nodes gives the distribution function F and its derivatives: with y = delta (A - 1) / (B q),

    F(x + delta) = J_0 + y J_1 + y² J_2 (A-2) / (2 (A-1)) + y³ J_3 (A-2)(A-3) / (6 (A-1)²) ...  (3)

as long as no score lies between x and x + delta. The contour is the hyperbola
w(v) = k (b (cosh v - 1) + i sinh v), where b bends it to the steepest descent, and the integral is
a sum over v = 0, h, 2h, ... Its integrand is analytic about the real v but for poles beyond the
hyperbola's reach, and the one of J_0 at w = q, whose share in the sum's error is known.

References:
    Lugannani and Rice (1980), Advances in Applied Probability 12, 475-490 (the contour through
    the saddlepoint). Trefethen and Weideman (2014), SIAM Review 56, 385-458 (the trapezoidal rule,
    its exponential convergence, and the correction for a pole).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import Floats

Places = NDArray[np.intp]

ORDERS = 6  # of the integrals J_0, J_1 ...
NEGLIGIBLE = 1e-13  # the product in (2), beside its value at v = 0, where a sum ends

_STEP = 1 / 6
_KEPT = 0.7  # of the way from the saddlepoint to the nearest pole
_WIDEST = 3.0  # k, in standard deviations of the exponential family
_STEEPEST = 0.8  # |b|
_NEAR = 5.6  # standard deviations: where a pole is no farther, the bend is looked at from above too
_HEIGHTS = (6.0, 12.0, 24.0, 48.0, 96.0, 192.0)
_LOWEST_LOG = -100.0  # of the product at a height: beyond, it adds nothing
_MOST_NODES = 2000
_TINY = 1e-300

_UNSTEADY = 2e-4  # J_1's change from a double step, which the step itself squares: 4e-10
_STEADY = 1e-5
_FINER = ((0.1, 0.25), (0.1, -0.25), (0.05, 0.0), (0.02, 0.3), (0.02, -0.3), (0.01, 0.0))


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


class Integrals(NamedTuple):
    """
    The integrals at a saddlepoint.

    Attributes:
        saddle: The saddlepoint.
        values: J_0, J_1 ..., shape (ORDERS, G).
        change: How much of itself J_1 would change with the double step, shape (G,).
    """

    saddle: Saddlepoint
    values: Floats
    change: Floats

    def changing_less(self, most: float) -> NDArray[np.bool_]:
        """Where J_1 changes by less than so much, and both it and F are positive as they must be."""
        sound = (self.values[0] > 0) & (self.values[1] > 0)
        return np.asarray((self.change < most) & sound)


class _Contour(NamedTuple):
    """The hyperbola, shape (G,), and the step h."""

    k: Floats
    b: Floats
    step: float


def row_sum(rows: Floats) -> Floats:
    """The rows added up one by one, so that a group gets the same bits alone and in a batch."""
    total = np.zeros(rows.shape[1:])
    for row in rows:
        total += row
    return total


def saddlepoint(mean: DirichletMean, psi: Floats) -> Saddlepoint:
    """The saddlepoint for each group's psi, by (1); small differences are never taken of sums."""
    weights = mean.shapes / (psi + mean.points)
    total = row_sum(weights)
    x = row_sum(weights * mean.points) / total
    size = mean.total / total
    apart = mean.points - x
    pulls = apart / (psi + mean.points)
    q = np.sqrt(row_sum(mean.shapes * pulls * pulls))
    half_square = row_sum(mean.shapes * np.log1p(apart / size))
    return Saddlepoint(x, size, q, half_square, pulls)


def integrals(mean: DirichletMean, psi: Floats) -> Integrals:
    """
    The integrals J_m at the saddlepoint of each psi.

    Where a double step would have changed them, they are taken anew with finer steps, on
    contours that bend less or the other way, and the steadiest are kept.
    """
    saddle = saddlepoint(mean, psi)
    found = _on_contour(mean, saddle, None)
    poor = np.flatnonzero(~found.changing_less(_UNSTEADY))
    for step, bend in _FINER:
        if poor.size:
            again = _on_contour(mean.at(poor), _some(saddle, poor), (step, bend))
            better = ~(found.change[poor] <= again.change) & again.changing_less(1)
            found.values[:, poor[better]] = again.values[:, better]
            found.change[poor[better]] = again.change[better]
            poor = poor[~(found.change[poor] < _STEADY)]
    return found


def _some(saddle: Saddlepoint, places: Places) -> Saddlepoint:
    return Saddlepoint(*(each[..., places] for each in saddle))


def _on_contour(
    mean: DirichletMean, saddle: Saddlepoint, finer: tuple[float, float] | None
) -> Integrals:
    """The integrals on the contour that fits, or on one of a given step and bend."""
    p = saddle.pulls / saddle.q
    contour = _fitting(mean.shapes, p) if finer is None else _given(mean.shapes, p, *finer)
    values, alternating = _summed(mean.shapes, p, saddle, contour)
    values *= contour.step / np.pi
    values[0] -= _error_of_pole(saddle.q, contour)
    change = np.abs(alternating * (contour.step / np.pi) / values[1])
    return Integrals(saddle, values, change)


def _summed(
    shapes: Floats, p: Floats, saddle: Saddlepoint, contour: _Contour
) -> tuple[Floats, Floats]:
    """The sums of (2) over the nodes, and that of J_1 with alternating signs."""
    q, log_least, (k, b, step) = saddle.q, saddle.half_square, contour
    sums, alternating = np.zeros((ORDERS, q.size)), np.zeros(q.size)
    groups, first, nodes = np.arange(q.size), 0, 8
    while groups.size and first < _MOST_NODES:
        v = step * np.arange(first, first + nodes)[:, np.newaxis]
        cosh, sinh = np.cosh(v), np.sinh(v)
        x, y = k * b * (cosh - 1), k * sinh
        log_size, phase = _transform(shapes, p, x, y)
        size = np.exp(log_size - log_least)
        if first == 0:
            size[0] *= 0.5
        real, imaginary = size * np.cos(phase), size * np.sin(phase)
        along, across = k * b * sinh, k * cosh
        value = (real * along - imaginary * across, real * across + imaginary * along)
        _add_orders(value, (q - x, y), sums, alternating, groups)
        first, nodes = first + nodes, 4 if first < 8 else 8
        on = log_size[-1] > np.log(NEGLIGIBLE)
        if not on.all():
            groups, shapes, p = groups[on], shapes[:, on], p[:, on]
            k, b, q, log_least = k[on], b[on], q[on], log_least[on]
    return sums, alternating


def _transform(shapes: Floats, p: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """
    The logarithm of the product in (2) at w = x + iy: real and imaginary part, shape (nodes, G).

    The square of |1 - p w| is taken less 1, which keeps its digits for the small p of large n.
    """
    log_size, phase = np.zeros_like(x), np.zeros_like(x)
    squares, double = x * x + y * y, 2 * x
    term, other = np.empty_like(x), np.empty_like(x)
    for shape, pull in zip(shapes, p, strict=True):
        np.multiply(squares, pull, out=term)
        term -= double
        term *= pull
        np.log1p(term, out=term)
        term *= shape
        log_size += term
        np.multiply(x, pull, out=term)
        np.subtract(1, term, out=term)
        np.multiply(y, pull, out=other)
        np.arctan2(other, term, out=term)
        term *= shape
        phase += term
    log_size *= -0.5
    return log_size, phase


def _add_orders(
    value: tuple[Floats, Floats],
    to_pole: tuple[Floats, Floats],
    sums: Floats,
    alternating: Floats,
    groups: Places,
) -> None:
    """Add the imaginary parts of value (q - w)^(m-1) dw for m = 0, 1 ... at q - w = x - iy."""
    (real, imaginary), (x, y) = value, to_pole
    square = x * x + y * y
    real, imaginary = (real * x - imaginary * y) / square, (imaginary * x + real * y) / square
    for order in range(ORDERS):
        sums[order, groups] += row_sum(imaginary)
        if order == 1:
            alternating[groups] += row_sum(imaginary[::2]) - row_sum(imaginary[1::2])
        real, imaginary = real * x + imaginary * y, imaginary * x - real * y


def _error_of_pole(q: Floats, contour: _Contour) -> Floats:
    """
    What the sum for J_0 has too much for the pole at w = q.

    In the variable v the pole lies at i (eta + i omega), where with tan phi = b the sine of
    eta + phi is (q/k + b) / (1 + b²)^(1/2); beyond 1 there are two, at eta = pi/2 - phi.
    """
    k, b, step = contour
    sine = (q / k + b) / np.sqrt(1 + b * b)
    single = sine <= 1
    eta = np.arcsin(np.minimum(sine, 1)) - np.arctan(b)
    omega = np.arccosh(np.maximum(sine, 1))
    decay, cosine = np.exp(-2 * np.pi / step * eta), np.cos(2 * np.pi / step * omega)
    error = decay * (cosine - decay) / (1 - 2 * decay * cosine + decay * decay)
    return np.asarray(np.where(single, error, 2 * error))


def _fitting(shapes: Floats, p: Floats) -> _Contour:
    """The hyperbola of steepest descent, held to where the product falls on all of it."""
    reach = _reach(shapes, p)
    skewness = 2 * row_sum(shapes * p * p * p)
    most = _bends_from_above(shapes, p, reach)
    k = np.minimum(np.minimum(*reach), _WIDEST)
    b = np.zeros_like(k)
    for _ in range(3):
        b = np.clip(skewness * k / 3, most[0] * k, most[1] * k)
        b = np.clip(b, -_STEEPEST, _STEEPEST)
        k = _widest(reach, b)
    return _Contour(k, b, _STEP)


def _given(shapes: Floats, p: Floats, step: float, bend: float) -> _Contour:
    b = np.full(p.shape[1], bend)
    return _Contour(_widest(_reach(shapes, p), b), b, step)


def _reach(shapes: Floats, p: Floats) -> tuple[Floats, Floats]:
    """How far to the left and to the right the contour may cross; zeros of the product no matter."""
    poles = np.where(shapes > 0, p, 0)
    left, right = -poles.min(axis=0), poles.max(axis=0)
    return _KEPT / np.maximum(left, _TINY), _KEPT / np.maximum(right, _TINY)


def _widest(reach: tuple[Floats, Floats], b: Floats) -> Floats:
    """The k for which the hyperbolas of all v in the strip keep clear of both sides' poles."""
    left, right = reach
    far, near = np.where(b > 0, left, right), np.where(b > 0, right, left)
    size = np.abs(b)
    k = np.minimum(far / (1 + size), near / (np.sqrt(1 + size * size) - size))
    return np.asarray(np.minimum(k, _WIDEST))


def _bends_from_above(
    shapes: Floats, p: Floats, reach: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """
    Limits of b / k, which are below and above 0.

    Where few answers lie beside a spike of many, the steepest descent bends one way at the
    saddlepoint and the other way far out, where the product would grow on the first. At the
    heights iY it is Newton's step to where the product is real that says which way to bend.
    """
    nearest = np.minimum(*reach)
    least, most = np.full(nearest.shape, -np.inf), np.full(nearest.shape, np.inf)
    groups = np.flatnonzero(nearest < _NEAR)
    for height in _HEIGHTS:
        if groups.size:
            shape, k = shapes[:, groups], np.minimum(nearest[groups], _WIDEST)
            at = p[:, groups] * height
            square = 1 + at * at
            phase = row_sum(shape * np.arctan(at))
            across = -phase / row_sum(shape * p[:, groups] * at / square)
            bend = across / (k * k * (np.sqrt(1 + (height / k) ** 2) - 1))
            counts = row_sum(shape * np.log(square)) < -2 * _LOWEST_LOG
            groups, bend = groups[counts], bend[counts]
            least[groups] = np.maximum(least[groups], np.minimum(bend, 0))
            most[groups] = np.minimum(most[groups], np.maximum(bend, 0))
    return least, most
