"""
Exact and mid-p limits for the mean of a bounded score: Clopper and Pearson's, for any scores.

n answers, c_j of them on the score s_j. Let W be the mean of the scores with weights from the
Dirichlet distribution with shapes c, and one answer more on the lowest score, or on the highest.

- ``"exact"``: the lower limit is the alpha / 2 quantile of W with the answer more on the lowest
  score, the upper limit the 1 - alpha / 2 quantile of that with the answer more on the highest.
- ``"mid-p"``: both limits are quantiles of the even mixture of the two.

With two scores W is a beta variate, and the limits are Clopper and Pearson's, and mid-p. An upper
limit is found as a lower one on the mirrored scale. Where all answers lie on one score t of a
scale from 0 to 1 the distribution function has a corner there, and below it is a power: the lower
limits are t (alpha / 2)^(1/n) and t alpha^(1/n).

References:
    Clopper and Pearson (1934), Biometrika 26, 404-413. Gaffke (2005), Mathematical Methods of
    Statistics 14, 198-209. Learned-Miller and Thomas (2019), arXiv:1905.06208.
    Barndorff-Nielsen (1991), Biometrika 78, 557-563 (the r* from which the search starts).
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from custfocus.errors import OptionError
from custfocus.intervals.arguments import ConfidenceInterval, Floats, checked_level
from custfocus.intervals.columns import (
    column_mean,
    column_sum,
    distinct_columns,
    merged_columns,
    ratio,
)
from custfocus.intervals.contour import Integrals
from custfocus.intervals.dirichlet import (
    PRECISION,
    DirichletMean,
    Saddlepoint,
    integrals,
    saddlepoint,
)
from custfocus.intervals.roots import Places, increasing_roots
from custfocus.intervals.score import stand_in_root

ExactMethod = Literal["exact", "mid-p"]
Flags = NDArray[np.bool_]

_LEAST_LEVEL, _GREATEST_LEVEL = 0.8, 1 - 1e-6
_BLOCK = 2048  # groups at a time: the nodes of a block stay in the processor's cache
_NEXT_TO_NONE = 0.1  # answers, whose limits are (2 tail)^(1/n) of the scale from its ends at most
_NEGLIGIBLE_SHARE = 1e-15  # of the answers, which moves no limit by more
_LEAST_PSI = 1e-14
_LEAST_LOG_PSI = (
    -80.0
)  # where the search ends, for limits that are an end of the scale but for 1e-30
_CLOSE = 0.03  # in log psi: the step after it, which is made, leaves r* right to about 1e-3
_EXACT = 1e-12  # of the scale's length: the error allowed to the expansion
_EXACT_STEP = 1e-8  # the same in the units of its argument
_ON_SCORE = 1e-13  # of the scale's length: so near to a score it matters no more
_FARTHEST = 0.55  # argument to which it is believed
_FAR, _DOUBTED = 0.3, 1e3  # from which the error is taken to be so much larger than its last term
_LEFT_OUT = 100  # all nodes that a sum leaves out, as a multiple of the last that it has, and more
_MOST_PASSES = 30


def dirichlet_limits(
    counts: Floats,
    scores: Floats,
    n: Floats,
    confidence_level: float,
    *,
    method: ExactMethod,
) -> ConfidenceInterval:
    """
    The limits for *n* answers in the proportions of the counts, which need not be whole.

    Each is held between the mean and its end of the scale, which rounding could cross.

    Args:
        counts: Shape (..., K).
        scores: Shape (K,), at least two distinct.
        n: Answers, shape (...); the sum of the counts for the counts themselves.
        confidence_level: Two-sided, from .8 to 1 - 1e-6.
        method: ``"exact"`` or ``"mid-p"``.

    Returns:
        Limits in the unit of the scores, of shape (...). NaN where n is 0 or infinite.

    Raises:
        OptionError: Another confidence level.
    """
    tail = (1 - _usual_level(confidence_level, method)) / 2
    points, columns = merged_columns(counts, scores)
    mean = column_mean(points, columns)
    size = n.ravel()
    some = np.flatnonzero((column_sum(columns) > 0) & (size > 0) & np.isfinite(size))
    columns = columns[:, some] * ratio(size[some], column_sum(columns[:, some]))
    own, groups = distinct_columns(columns)
    columns, span = columns[:, own], points[-1] - points[0]
    t, reach = (points - points[0]) / span, np.full((2, size.size), np.nan)
    reach[0, some] = _lower(columns, t, tail, method)[groups]
    reach[1, some] = _lower(columns[::-1], 1 - t[::-1], tail, method)[groups]
    low = np.clip(points[0] + span * reach[0], points[0], mean)
    high = np.clip(points[-1] - span * reach[1], mean, points[-1])
    return ConfidenceInterval(low.reshape(n.shape), high.reshape(n.shape))


def _usual_level(confidence_level: float, method: str) -> float:
    level = checked_level(confidence_level)
    if not _LEAST_LEVEL <= level <= _GREATEST_LEVEL:
        raise OptionError(
            f"the method {method!r} takes a confidence_level from 0.8 to 0.999999 where there are "
            f"more than two scores, got {level!r}; choose one of these, or the method 'score'"
        )
    return level


def _lower(columns: Floats, t: Floats, tail: float, method: ExactMethod) -> Floats:
    """The lower limits for counts (P, G), none without answers, on the scores 0 = t[0] ... 1."""
    mid = method == "mid-p"
    n = column_sum(columns)
    columns = np.where(columns > _NEGLIGIBLE_SHARE * n, columns, 0)
    occupied = columns > 0
    highest = len(t) - 1 - np.argmax(occupied[::-1], axis=0)
    alone = np.count_nonzero(occupied, axis=0) == 1
    found = t[highest] * np.exp(np.log(2 * tail if mid else tail) / n)
    found[~alone] = 0  # where there are next to no answers; else it is found
    rest = np.flatnonzero(~alone & (n > _NEXT_TO_NONE))
    shapes, points = _shapes_of_mid_p(columns, t) if mid else _shapes_of_exact(columns, t)
    for mean, places in _dirichlet_means(shapes, points, rest):
        found[places] = lower_quantiles(mean, tail)
    return np.asarray(found)


def _shapes_of_exact(columns: Floats, t: Floats) -> tuple[Floats, Floats]:
    """One answer more on the lowest score."""
    shapes = columns.copy()
    shapes[0] += 1
    return shapes, t


def _shapes_of_mid_p(columns: Floats, t: Floats) -> tuple[Floats, Floats]:
    """One answer more on either end and one less halfway, where there may be a score or none."""
    place = int(np.searchsorted(t, 0.5))
    if t[place] != 0.5:
        t = np.insert(t, place, 0.5)
        columns = np.insert(columns, place, 0.0, axis=0)
    shapes = columns.copy()
    shapes[[0, -1]] += 1
    shapes[place] -= 1
    return shapes, t


def _dirichlet_means(
    shapes: Floats, points: Floats, places: Places
) -> list[tuple[DirichletMean, Places]]:
    """Some of the groups in blocks, each with no more rows than its groups need."""
    used = shapes[:, places] != 0
    number = np.count_nonzero(used, axis=0)
    order = np.argsort(number, kind="stable")
    found: list[tuple[DirichletMean, Places]] = []
    for start in range(0, places.size, _BLOCK):
        block = order[start : start + _BLOCK]
        first = np.argsort(~used[:, block], axis=0, kind="stable")[: number[block[-1]]]
        own = np.take_along_axis(shapes[:, places[block]], first, axis=0)
        found.append((DirichletMean(own, points[first], column_sum(own)), places[block]))
    return found


def lower_quantiles(mean: DirichletMean, tail: float) -> Floats:
    """
    Where the distribution function of each group is *tail*, which is .1 at most; shape (G,).

    From the saddlepoint that r* gives, the expansion (2) leads to the quantile, in one pass if it
    is close enough; otherwise to the next saddlepoint.
    """
    with np.errstate(all="ignore"):  # where a number is lost, another saddlepoint is tried
        psi = _first_psi(mean, float(ndtri(tail)))
        quantile, open_, passes = np.empty_like(psi), np.arange(psi.size), 0
        below, above = np.zeros_like(psi), np.full_like(psi, np.inf)
        while open_.size and passes < _MOST_PASSES:
            now, passes = psi[open_], passes + 1
            part = mean.at(open_)
            saddle = saddlepoint(part, now)
            found = integrals(part, saddle)
            quantile[open_], shift, good = _expanded(part, saddle, found, tail)
            too_low = found.values[0] < tail
            low = np.where(too_low, now, below[open_])
            high = np.where(too_low, above[open_], now)
            psi[open_] = _next_psi(now, shift * part.total / saddle.q**2, low, high)
            below[open_], above[open_] = low, high
            open_ = open_[~good]
        return np.where(np.isnan(quantile), 0, quantile)  # where all was lost: the whole scale


def _first_psi(mean: DirichletMean, z: float) -> Floats:
    """Where r* is z, approximately; from the equation of the score interval."""
    start = np.log(_psi_of_score(mean, z))
    step = _step_of_r_star(mean, z)
    return np.exp(increasing_roots(step, start, np.full_like(start, _CLOSE)))


def _psi_of_score(mean: DirichletMean, z: float) -> Floats:
    """A rough root of equation (1) of the score interval."""
    shares = np.maximum(mean.shapes, 0)
    shares /= column_sum(shares)
    centre = column_sum(shares * mean.points)
    squares = shares * (mean.points - centre) ** 2
    variance, third = column_sum(squares), column_sum(squares * mean.points)
    tau = z * z / mean.total
    psi = np.maximum(
        stand_in_root(variance, ratio(third, variance), centre, tau),
        stand_in_root(squares[0], 0, centre, tau),
    )
    return np.maximum(psi, _LEAST_PSI)


def _step_of_r_star(
    mean: DirichletMean, z: float
) -> Callable[[Floats, Places], tuple[Floats, Floats]]:
    """Newton's steps on log |r*| against log psi; where r* is lost, psi was too large."""

    def step(log_psi: Floats, places: Places) -> tuple[Floats, Floats]:
        """How far r* lies above z, and the step."""
        saddle = saddlepoint(mean.at(places), np.exp(log_psi))
        root = np.sqrt(2 * saddle.half_square)
        r_star = -root - np.log(saddle.q / root) / root
        slope = np.exp(log_psi) * saddle.q**2 / (saddle.size * root)
        sound = np.isfinite(r_star) & (slope > 0)
        logarithm = -r_star * np.log(np.where(r_star < 0, r_star / z, 1)) / slope
        newton = np.where(r_star < 0, logarithm, (z - r_star) / slope)
        smaller = np.where(log_psi > _LEAST_LOG_PSI, -1.0, 0.0)
        newton = np.where(sound, np.clip(newton, -2.5, 2.5), smaller)
        return np.where(sound, r_star - z, 1.0), newton

    return step


def _expanded(
    mean: DirichletMean, saddle: Saddlepoint, found: Integrals, tail: float
) -> tuple[Floats, Floats, Flags]:
    """
    The quantile by (2), how far it lies from the saddlepoint's x, and whether it is exact.

    The error is taken from the last term and from what the sums leave out: of J_m relatively
    more, by the power (A - m) / A, as its terms fall off more slowly.
    """
    total = mean.total
    terms = _coefficients(found.values, total)
    y = _inverted(terms, tail)
    unit = saddle.size * saddle.q / (total - 1)
    shift = y * unit
    quantile = np.clip(saddle.x + shift, 0, 1)
    error = np.abs(terms[-1] * y ** (PRECISION.orders - 1)) * np.where(
        np.abs(y) > _FAR, _DOUBTED, 1
    )
    for order in range(1, PRECISION.orders):
        lost = _LEFT_OUT * PRECISION.negligible ** ((total - order) / total)
        missing = (order - 1 < total) & (total < order)  # with whole A the expansion ends before
        without = np.where(missing, np.abs(y) ** order, 0)
        error += np.where(total > order, np.abs(terms[order] * y**order) * lost, without)
    error /= terms[1]
    near, far = np.minimum(saddle.x, quantile), np.maximum(saddle.x, quantile)
    between = (mean.shapes != 0) & (mean.points > near) & (mean.points <= far)
    between &= far - near > _ON_SCORE
    good = (error < np.minimum(_EXACT / unit, _EXACT_STEP)) & (np.abs(y) < _FARTHEST)
    return quantile, shift, good & ~between.any(axis=0)


def _coefficients(values: Floats, total: Floats) -> Floats:
    """Those of the powers of y in (2), shape (orders, G); 0 from A on, where J_m has no limit."""
    terms, factor = values.copy(), np.ones_like(total)
    for order in range(2, PRECISION.orders):
        factor = factor * np.maximum(total - order, 0) / ((total - 1) * order)
        terms[order] *= factor
    return terms


def _inverted(terms: Floats, tail: float) -> Floats:
    """The y at which the polynomial is *tail*, by Newton's steps on its logarithm."""
    y: Floats = np.log(tail / np.maximum(terms[0], 1e-300)) * terms[0] / terms[1]
    y = np.clip(y, -0.5, 0.5)
    for _ in range(4):
        value: Floats = np.zeros_like(y)
        slope: Floats = np.zeros_like(y)
        for term in terms[::-1]:
            slope = slope * y + value
            value = value * y + term
        step = np.log(tail / value) * value / slope
        step = np.where(np.isfinite(step), step, (tail - value) / terms[1])
        y = np.clip(y + step, -0.6, 0.6)
    return y


def _next_psi(psi: Floats, step: Floats, low: Floats, high: Floats) -> Floats:
    """The next saddlepoint, held to a multiple of the last and to where the quantile's lies."""
    following = np.clip(psi + step, 0.2 * psi, 5 * psi)
    halfway = np.where(np.isfinite(high), np.sqrt(np.maximum(low, 0.1 * psi) * high), 3 * psi)
    return np.where((low < following) & (following < high), following, halfway)
