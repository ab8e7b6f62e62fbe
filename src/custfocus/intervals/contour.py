"""
Contour integrals of a product of powers, and of it beside a pole, to all digits.

For shapes a_j, numbers p_j and a number q > 0,

    J_m = 1/(2 pi i) int prod_j (1 - p_j w)^(-a_j) exp(-l) (q - w)^(m-1) dw,  m = 0, 1 ...   (1)

along a path from below to above the real line that crosses it at 0, between the poles of the
product and left of q. It is the hyperbola

    w(v) = k (b (cosh v - 1) + i sinh v),

where b bends it to the steepest descent, and the integral is a sum over v = 0, h, 2h, ... Its
integrand is analytic about the real v but for poles beyond the hyperbola's reach, so that the
error falls exponentially in 1/h; that of J_0 for the pole at w = q, which may be close, is known
in closed form and taken off, where the product is exp(l) there, as a transform's is at 0.
Logarithms and angles are added up factor by factor in real arithmetic.

A shape may be negative where the others make up for it.

References:
    Lugannani and Rice (1980), Advances in Applied Probability 12, 475-490 (the contour through
    the saddlepoint). Trefethen and Weideman (2014), SIAM Review 56, 385-458 (the trapezoidal rule,
    its exponential convergence, and the correction for a pole).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import Floats
from custfocus.intervals.columns import column_sum
from custfocus.intervals.roots import Places

_KEPT = 0.7  # of the way from the crossing to the nearest pole
_WIDEST = 3.0  # k, in standard deviations of the exponential family
_STEEPEST = 0.8  # |b|
_NEAR = 5.6  # standard deviations: where a pole is no farther, the bend is looked at from above too
_HEIGHTS = (6.0, 12.0, 24.0, 48.0, 96.0, 192.0)
_LOWEST_LOG = -100.0  # of the product at a height: beyond, it adds nothing
_UPHILL = 200.0  # no path that is any good gets there
_MOST_NODES = 2000
_TINY = 1e-300
_MENDED = 1 / 20  # of the change that asks for a finer step: what it has to come to
_FINER = (
    (0.1, 0.25), (0.1, -0.25), (0.1, 0.5), (0.1, -0.5),
    (0.05, 0.0), (0.02, 0.3), (0.02, -0.3), (0.01, 0.0),
)  # fmt: skip


class Precision(NamedTuple):
    """
    How much is asked for.

    Attributes:
        orders: How many integrals J_0, J_1 ...
        step: h of the first sum.
        negligible: The product, beside its value at v = 0, where a sum ends.
        unsteady: The change of J_1 from a double step that asks for a finer one; what a step
            leaves out is about the square of it.
    """

    orders: int
    step: float
    negligible: float
    unsteady: float


class Integrand(NamedTuple):
    """
    What (1) says of each group.

    Attributes:
        shapes: a_j, shape (P, G).
        p: Shape (P, G); sum_j a_j p_j² is 1.
        q: Shape (G,).
        log_least: l, shape (G,).
    """

    shapes: Floats
    p: Floats
    q: Floats
    log_least: Floats

    def at(self, places: Places) -> "Integrand":
        """Some of the groups."""
        return Integrand(*(each[..., places] for each in self))


class Integrals(NamedTuple):
    """
    The integrals found.

    Attributes:
        values: J_0, J_1 ..., shape (orders, G).
        change: How much of itself J_1 would change with the double step, shape (G,).
    """

    values: Floats
    change: Floats

    def changing_less(self, most: float) -> NDArray[np.bool_]:
        """Where J_1 changes by less than so much, and both it and J_0 are positive."""
        sound = (self.values[0] > 0) & (self.values[1] > 0)
        return np.asarray((self.change < most) & sound)


class _Hyperbola(NamedTuple):
    """The path of each group, shape (G,), and the step h."""

    k: Floats
    b: Floats
    step: float


def contour_integrals(integrand: Integrand, precision: Precision) -> Integrals:
    """
    The integrals of each group, whose product falls to either side of the real line.

    Where a double step would have changed them, they are taken anew with finer steps, on
    contours that bend less or the other way, and the steadiest are kept.
    """
    with np.errstate(all="ignore"):  # where a number is lost, another contour is tried
        found = _summed(integrand, _fitting(integrand, precision.step), precision)
        poor = np.flatnonzero(~found.changing_less(precision.unsteady))
        for step, bend in _FINER:
            if poor.size:
                part = integrand.at(poor)
                again = _summed(part, _given(part, step, bend), precision)
                better = ~(found.change[poor] <= again.change) & again.changing_less(1)
                found.values[:, poor[better]] = again.values[:, better]
                found.change[poor[better]] = again.change[better]
                poor = poor[~(found.change[poor] < precision.unsteady * _MENDED)]
    return found


def _summed(integrand: Integrand, path: _Hyperbola, precision: Precision) -> Integrals:
    """The integrals along a path, each group until its product has died away."""
    (shapes, p, q, log_least), (k, b, step) = integrand, path
    values, alternating = np.zeros((precision.orders, q.size)), np.zeros(q.size)
    groups, first, nodes = np.arange(q.size), 0, 8
    while groups.size and first < _MOST_NODES:
        v = step * np.arange(first, first + nodes)[:, np.newaxis]
        cosh, sinh = np.cosh(v), np.sinh(v)
        x, y = k * b * (cosh - 1), k * sinh
        log_size, angle = _product(shapes, p, x, y)
        size = np.exp(np.minimum(log_size - log_least, _UPHILL))
        if first == 0:
            size[0] *= 0.5
        real, imaginary = size * np.cos(angle), size * np.sin(angle)
        along, across = k * b * sinh, k * cosh
        value = (real * along - imaginary * across, real * across + imaginary * along)
        _add_orders(value, (q - x, y), values, alternating, groups)
        first, nodes = first + nodes, 4 if first < 8 else 8
        on = log_size[-1] > np.log(precision.negligible)
        if not on.all():
            groups, shapes, p = groups[on], shapes[:, on], p[:, on]
            k, b, q, log_least = k[on], b[on], q[on], log_least[on]
    values *= step / np.pi
    values[0] -= _error_of_pole(integrand.q, path)
    return Integrals(values, np.abs(alternating * (step / np.pi) / values[1]))


def _product(shapes: Floats, p: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """
    The logarithm of the product in (1) at w = x + iy: real and imaginary part, shape (nodes, G).

    The square of |1 - p w| is taken less 1, which keeps its digits for the small p of large n.
    """
    log_size, angle = np.zeros_like(x), np.zeros_like(x)
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
        angle += term
    log_size *= -0.5
    return log_size, angle


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
    for order in range(len(sums)):
        sums[order, groups] += column_sum(imaginary)
        if order == 1:
            alternating[groups] += column_sum(imaginary[::2]) - column_sum(imaginary[1::2])
        real, imaginary = real * x + imaginary * y, imaginary * x - real * y


def _error_of_pole(q: Floats, path: _Hyperbola) -> Floats:
    """
    What the sum for J_0 has too much for the pole at w = q.

    In the variable v the pole lies at i (eta + i omega), where with tan phi = b the sine of
    eta + phi is (q/k + b) / (1 + b²)^(1/2); beyond 1 there are two, at eta = pi/2 - phi.
    """
    k, b, step = path
    sine = (q / k + b) / np.sqrt(1 + b * b)
    single = sine <= 1
    eta = np.arcsin(np.minimum(sine, 1)) - np.arctan(b)
    omega = np.arccosh(np.maximum(sine, 1))
    decay, cosine = np.exp(-2 * np.pi / step * eta), np.cos(2 * np.pi / step * omega)
    error = decay * (cosine - decay) / (1 - 2 * decay * cosine + decay * decay)
    return np.asarray(np.where(single, error, 2 * error))


def _fitting(integrand: Integrand, step: float) -> _Hyperbola:
    """The hyperbola of steepest descent, held to where the product falls on all of it."""
    shapes, p = integrand.shapes, integrand.p
    reach = _reach(shapes, p)
    skewness = 2 * column_sum(shapes * p * p * p)
    most = _bends_from_above(shapes, p, reach)
    k = np.minimum(np.minimum(*reach), _WIDEST)
    b = np.zeros_like(k)
    for _ in range(3):
        b = np.clip(skewness * k / 3, most[0] * k, most[1] * k)
        b = np.clip(b, -_STEEPEST, _STEEPEST)
        k = _widest(reach, b)
    return _Hyperbola(k, b, step)


def _given(integrand: Integrand, step: float, bend: float) -> _Hyperbola:
    b = np.full(integrand.q.size, bend)
    return _Hyperbola(_widest(_reach(integrand.shapes, integrand.p), b), b, step)


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
    crossing and the other way far out, where the product would grow on the first. At the
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
            phase = column_sum(shape * np.arctan(at))
            across = -phase / column_sum(shape * p[:, groups] * at / square)
            bend = across / (k * k * (np.sqrt(1 + (height / k) ** 2) - 1))
            counts = column_sum(shape * np.log(square)) < -2 * _LOWEST_LOG
            groups, bend = groups[counts], bend[counts]
            least[groups] = np.maximum(least[groups], np.minimum(bend, 0))
            most[groups] = np.minimum(most[groups], np.maximum(bend, 0))
    return least, most
