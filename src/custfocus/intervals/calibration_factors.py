"""
Calibrated weights: those nearest to the base weights under which a sample has known totals.

With base weights d and a row x of auxiliary variables for each respondent, the weights

    w = d F(u),   u = x lambda,   such that   sum w x = totals,                           (1)

are the nearest to d in a distance that belongs to F: 1 + u is the regression estimator's (GREG),
exp(u) is raking, which iterative proportional fitting also leads to, and

    F(u) = L + (U - L) (1 - L) e / (U - 1 + (1 - L) e),   e = exp((U - L) u / ((1 - L) (U - 1))),

the logit method, keeps F between the bounds L and U. For indicators of one margin all three are
post-stratification. The lambda of (1) minimise the convex ``sum d G(x lambda) - lambda totals``
with G' = F, here by Newton's method with steps that are halved until they lead down, on columns
that are made orthonormal in the metric of d. Margins whose columns depend on each other, since each
adds up to the population, so need no care.

References:
    Deville and Särndal (1992), JASA 87, 376-382. Deville, Särndal and Sautory (1993), JASA 88,
    1013-1020.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from custfocus.intervals.arguments import Floats, ignoring_underflow

_DEPENDENT = 1e-10  # of the largest singular value: a column below depends on the others
_STEPS, _HALVINGS = 100, 60  # quadratic convergence needs about ten steps
_SUFFICIENT = 1e-4  # of the decrease that the slope promises
_SOLVED = 1e-15  # of the totals: what is off by less is rounding
_OFF = 1e-9  # of a total: what is off by more was not met


class Distance(NamedTuple):
    """What weights are multiplied by, as functions of u in (1): F, its slope and its integral."""

    factor: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    integral: Callable[[Floats], Floats]


class Calibrated(NamedTuple):
    """
    Weights that were calibrated.

    Attributes:
        weights: Shape (rows,).
        off: By how much the total of each variable is off, as a part of it, signed; shape
            (variables,).
        columns: The variables as the orthonormal columns of `Directions`, shape (rows, rank).
    """

    weights: Floats
    off: Floats
    columns: Floats

    @property
    def solved(self) -> bool:
        """Whether all totals are met."""
        return bool((np.abs(self.off) <= _OFF).all())


class Directions(NamedTuple):
    """
    The auxiliary variables as orthonormal columns.

    Attributes:
        columns: Of ``sqrt(d) x``, shape (rows, rank).
        mixing: ``columns = sqrt(d) x mixing``, shape (variables, rank).
    """

    columns: Floats
    mixing: Floats

    @classmethod
    def of(cls, weights: Floats, variables: Floats) -> "Directions":
        """The directions of some variables (rows, variables) in the metric of base weights."""
        scaled = np.sqrt(weights)[:, None] * variables
        length = np.abs(scaled).max(axis=0, initial=0)
        length = np.where(length > 0, length, 1)
        outer, triangle = np.linalg.qr(scaled / length)
        left, singular, right = np.linalg.svd(triangle, full_matrices=False)
        kept = singular > _DEPENDENT * singular[:1]
        columns = outer @ left[:, kept]
        return cls(columns, (right[kept] / singular[kept, None] / length).T)


def distance_of(method: str, bounds: tuple[float, float]) -> Distance:
    """The distance of a method; only ``"logit"`` heeds the bounds."""
    if method == "linear":
        return Distance(_linear, np.ones_like, _parabola)
    if method == "raking":
        return Distance(np.exp, np.exp, np.exp)
    low, high = bounds
    rate = (high - low) / ((1 - low) * (high - 1))
    return Distance(*(partial(one, low, high, rate) for one in (_logit, _logit_slope, _softplus)))


def _linear(u: Floats) -> Floats:
    return 1 + u


def _parabola(u: Floats) -> Floats:
    return u + u**2 / 2


def _odds(low: float, high: float, rate: float, u: Floats) -> Floats:
    """(1 - L) e / (U - 1), where neither it nor its inverse is beyond float64."""
    return (1 - low) / (high - 1) * np.exp(np.clip(rate * u, -500, 500))


def _logit(low: float, high: float, rate: float, u: Floats) -> Floats:
    odds = _odds(low, high, rate, u)
    return low + (high - low) * odds / (1 + odds)


def _logit_slope(low: float, high: float, rate: float, u: Floats) -> Floats:
    odds = _odds(low, high, rate, u)
    return rate * (high - low) * odds / (1 + odds) ** 2


def _softplus(low: float, high: float, rate: float, u: Floats) -> Floats:
    return low * u + (high - low) / rate * np.log1p(_odds(low, high, rate, u))


@ignoring_underflow
def calibrated_weights(
    weights: Floats, variables: Floats, totals: Floats, distance: Distance
) -> Calibrated:
    """
    The weights of (1).

    Args:
        weights: Base weights, shape (rows,); rows of weight 0 keep it.
        variables: Auxiliary variables x, shape (rows, variables).
        totals: Of each variable in the population, shape (variables,).
        distance: Which says how far weights are from the base weights.
    """
    columns, mixing = Directions.of(weights, variables)
    root = np.sqrt(weights)
    directions = columns / np.where(root > 0, root, 1)[:, None]
    with np.errstate(over="ignore", invalid="ignore"):  # a step too far is halved
        found = _solved(weights, directions, totals @ mixing, distance)
    sums = (found[:, None] * variables).sum(axis=0)
    size = np.maximum(np.abs(totals), (found[:, None] * np.abs(variables)).sum(axis=0))
    return Calibrated(found, (sums - totals) / np.where(size > 0, size, 1), columns)


class _State(NamedTuple):
    """Multipliers, what is minimised and its gradient: by how much the totals are off."""

    multipliers: Floats
    value: float
    off: Floats

    def is_nearer(self, other: "_State") -> bool:
        """Whether it halves what is off, where values differ by rounding."""
        return bool((self.off**2).sum() < (other.off**2).sum() / 4)


def _solved(weights: Floats, directions: Floats, goal: Floats, distance: Distance) -> Floats:
    """The weights after the last step that led down."""

    def state_of(multipliers: Floats) -> _State:
        """What is minimised and its gradient; infinite where it is no number."""
        u = directions @ multipliers
        value = float(weights @ distance.integral(u) - multipliers @ goal)
        off = (weights * distance.factor(u)) @ directions - goal
        finite = np.isfinite(value) and np.isfinite(off).all()
        return _State(multipliers, value if finite else np.inf, off)

    state = state_of(np.zeros(len(goal)))
    least = _SOLVED * np.sqrt((goal**2).sum())
    for _ in range(_STEPS):
        slope = weights * distance.slope(directions @ state.multipliers)
        hessian = directions.T @ (slope[:, None] * directions)
        step = np.asarray(-np.linalg.lstsq(hessian, state.off, rcond=None)[0], np.float64)
        new = _lower(state, step, state_of)
        if not (new.value < state.value or new.is_nearer(state)):
            break  # rounding is all that is left
        state = new
        if np.sqrt((state.off**2).sum()) <= least:
            break
    return weights * distance.factor(directions @ state.multipliers)


def _lower(state: _State, step: Floats, state_of: Callable[[Floats], _State]) -> _State:
    """Where a step leads that is halved until it leads down enough; the same if none does."""
    slope = float(state.off @ step)
    parts = (0.5**halving for halving in range(_HALVINGS))
    tries = ((part, state_of(state.multipliers + part * step)) for part in parts)
    enough = (
        new
        for part, new in tries
        if new.value <= state.value + _SUFFICIENT * part * slope or new.is_nearer(state)
    )
    return next(enough, state)
