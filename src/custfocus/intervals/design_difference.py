"""
Differences of two means of a survey: score limits and p-values that the design calls for.

No domain is taken to be more certain than Kish's number kappa of answers drawn one by one, whose
variance is ``v = u / kappa`` for the variance u of its scores. With the design variances V of two
domains and their correlation r, 0 where either shows no variance,

    V* = max(V, v),   f = (V*_a + V*_b - 2 r sqrt(V*_a V*_b)) / (v_a + v_b).              (1)

The limits are those of two independent samples of kappa_a and kappa_b answers in the proportions of
the weights, with ``z² = t² f``: all delta with

    (d - delta)² <= t² f (v_a(delta) / kappa_a + v_b(delta) / kappa_b),                   (2)

variances under the likeliest probabilities whose means differ by delta, as in
`custfocus.intervals.sums`. Neither f nor t depends on delta, so the p-value is the same condition
read the other way, less than 1 - confidence_level exactly where delta lies outside.

Where two domains that vary differ by the same in every unit, f is 0 but for rounding. The limits
are then those of K units that all show d, on the scale of differences from -L to L.

In a population whose members are known by stratum those who were not seen bound both means, and so
the difference: the limits are held to that, and a difference beyond has a p-value of 0.

References:
    Kish (1992), Journal of Official Statistics 8, 183-200. Miettinen and Nurminen (1985),
    Statistics in Medicine 4, 213-226, for one stratum without weights and clusters, where f is
    n / (n - 1).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr

from custfocus.intervals.arguments import Floats, critical_value, ignoring_underflow, read_only
from custfocus.intervals.covariance import (
    DesignPairs,
    floored_variances,
    kish_variances,
    shows_variance,
)
from custfocus.intervals.design import DesignMeans, means_within_reach
from custfocus.intervals.design_limits import t_quantile
from custfocus.intervals.scored_pair import rounding_of_means
from custfocus.intervals.sums import ScoredSample, squared_statistic, sum_limits

_SAME = 1e-12  # of the variances of both: what is left of them below is rounding


class DesignDifferences(NamedTuple):
    """
    Differences of means, a less b, all of shape (pairs,); NaN where either has no respondents.

    Attributes:
        value: The difference, in the unit of the scores.
        low: Lower limit, likewise.
        high: Upper limit, likewise.
        standard_error: By the design.
        p_value: Two-sided.
        design_factor: The f of (1).
        degrees_of_freedom: Of Student's t; infinite where the normal quantile is taken.
        correlation: Of the two means.
        kish_a: Kish's number of answers in the first domain.
        kish_b: In the second.
    """

    value: Floats
    low: Floats
    high: Floats
    standard_error: Floats
    p_value: Floats
    design_factor: Floats
    degrees_of_freedom: Floats
    correlation: Floats
    kish_a: Floats
    kish_b: Floats


class _Equation(NamedTuple):
    """What (2) consists of, but for the level; (pairs,)."""

    samples: tuple[ScoredSample, ScoredSample]
    value: Floats
    factor: Floats
    degrees_of_freedom: Floats
    units: Floats
    length: float
    census: NDArray[np.bool_]  # both domains
    same: NDArray[np.bool_]  # they differ by the same in every unit
    least: Floats  # that the populations can have
    most: Floats
    rounding: float  # how far apart equal means can be


@ignoring_underflow
def design_differences(
    pairs: DesignPairs,
    counts_a: Floats,
    counts_b: Floats,
    scores: Floats,
    confidence_level: float,
    *,
    null: float | Floats = 0.0,
) -> DesignDifferences:
    """
    The differences of pairs of domains, with limits and p-values.

    Args:
        pairs: What the design says of them.
        counts_a: Weight on each point in the first domain of each pair, shape (pairs, points).
        counts_b: In the second.
        scores: Shape (points,).
        confidence_level: Two-sided, in (0, 1).
        null: The difference under the hypothesis; for all pairs or of shape (pairs,).
    """
    equation = _equation(pairs, counts_a, counts_b, scores)
    low, high = _limits(equation, confidence_level)
    empty = np.isnan(equation.degrees_of_freedom)
    found = DesignDifferences(
        equation.value,
        low,
        high,
        _standard_errors(pairs),
        _p_values(equation, null),
        equation.factor,
        equation.degrees_of_freedom,
        correlations(pairs),
        pairs.a.ceiling,
        pairs.b.ceiling,
    )
    return DesignDifferences._make(read_only(np.where(empty, np.nan, each)) for each in found)


@ignoring_underflow
def design_p_values(
    pairs: DesignPairs,
    counts_a: Floats,
    counts_b: Floats,
    scores: Floats,
    null: float | Floats,
) -> Floats:
    """
    Two-sided p-values for differences of *null*, shape (pairs,); arguments as for the limits.

    Each is less than 1 - confidence_level exactly where *null* lies outside the limits.
    """
    equation = _equation(pairs, counts_a, counts_b, scores)
    empty = np.isnan(equation.degrees_of_freedom)
    return read_only(np.where(empty, np.nan, _p_values(equation, null)))


def correlations(pairs: DesignPairs) -> Floats:
    """The correlation of the two means; 0 where either shows no variance."""
    both = shows_variance(pairs.a) & shows_variance(pairs.b)
    product = np.where(both, pairs.a.variance, 1) * np.where(both, pairs.b.variance, 1)
    return np.where(both, np.clip(pairs.covariance / np.sqrt(product), -1, 1), 0)


def _standard_errors(pairs: DesignPairs) -> Floats:
    variance = pairs.a.variance + pairs.b.variance - 2 * pairs.covariance
    return np.sqrt(np.maximum(variance, 0))  # below 0 by rounding only


def _equation(pairs: DesignPairs, counts_a: Floats, counts_b: Floats, scores: Floats) -> _Equation:
    a, b = floored_variances(pairs.a), floored_variances(pairs.b)
    left = a + b - 2 * correlations(pairs) * np.sqrt(a * b)
    shown = shows_variance(pairs.a) | shows_variance(pairs.b)
    same = shown & (left <= _SAME * (a + b))
    alone = kish_variances(pairs.a) + kish_variances(pairs.b)
    factor = np.where(alone > 0, left, 1) / np.where(alone > 0, alone, 1)
    census = is_census(pairs.a) & is_census(pairs.b)
    (least_a, most_a), (least_b, most_b) = (
        means_within_reach(each, scores) for each in (pairs.a, pairs.b)
    )
    return _Equation(
        (
            _sample(pairs.a, pairs.a.value, counts_a, scores, ~census),
            _sample(pairs.b, -pairs.b.value, counts_b, -scores, ~census),
        ),
        pairs.a.value - pairs.b.value,
        np.where(same, 0, factor),
        np.where(same, np.inf, pairs.degrees_of_freedom),
        pairs.units,
        float(np.ptp(scores)),
        census,
        same,
        least_a - most_b,
        most_a - least_b,
        rounding_of_means(scores),
    )


def is_census(means: DesignMeans) -> NDArray[np.bool_]:
    """Whether everybody in a domain was seen, or calibration leaves nothing to chance."""
    census: NDArray[np.bool_] = (means.n > 0) & np.isinf(means.ceiling)
    return census


def _sample(
    means: DesignMeans,
    value: Floats,
    counts: Floats,
    scores: Floats,
    other_varies: NDArray[np.bool_],
) -> ScoredSample:
    """Kish's number of answers in the proportions of the counts; one that is sure for a census."""
    total = counts.sum(axis=1)
    size = np.where(np.isfinite(means.ceiling), means.ceiling, 0) / np.where(total > 0, total, 1)
    points, columns = ScoredSample.of(counts * size[:, None], scores)
    known = is_census(means) & other_varies
    if known.any():  # its mean can be no other: it is the only score there is
        points = np.where(known, value, points)
        columns[0, known] = 1
    return ScoredSample(points, columns)


def _limits(equation: _Equation, confidence_level: float) -> tuple[Floats, Floats]:
    z, df = critical_value(confidence_level), equation.degrees_of_freedom
    t = np.where(np.isinf(df), z, t_quantile(np.where(np.isfinite(df), df, 1), confidence_level))
    solved = (equation.factor > 0) & ~equation.census
    value = equation.value
    low, high = sum_limits(equation.samples, np.where(solved, t**2 * equation.factor, 1))
    share = z**2 / (equation.units + z**2)
    low = np.where(equation.same, value - (value + equation.length) * share, low)
    high = np.where(equation.same, value + (equation.length - value) * share, high)
    low, high = (np.clip(one, equation.least, equation.most) for one in (low, high))
    alike = np.where(np.abs(value) <= equation.rounding, 0, value)  # of censuses
    return (
        np.where(equation.census, np.minimum(value, alike), np.minimum(low, value)),
        np.where(equation.census, np.maximum(value, alike), np.maximum(high, value)),
    )


def _p_values(equation: _Equation, null: float | Floats) -> Floats:
    df, same = equation.degrees_of_freedom, equation.same
    squared = _squared(equation, np.broadcast_to(null, same.shape))
    squared = np.where(same, _squared_where_same(equation, null), squared)
    apart = np.where(np.abs(equation.value - null) <= equation.rounding, 0, np.inf)
    squared = np.where(equation.census, apart, squared)
    beyond = (equation.least - null > equation.rounding) | (
        null - equation.most > equation.rounding
    )
    root = np.sqrt(np.where(beyond, np.inf, squared))
    by_t: Floats = stdtr(np.where(np.isfinite(df), df, 1), -root)
    return 2 * np.where(np.isinf(df), ndtr(-root), by_t)


def _squared(equation: _Equation, null: Floats) -> Floats:
    """The square of the statistic of (2), infinite for what no two means could have."""
    lowest, highest = (
        np.add(*(sample.scores[end] for sample in equation.samples)) for end in (0, -1)
    )
    within = np.clip(null, lowest, highest)
    factor = np.where(equation.factor > 0, equation.factor, 1)
    return np.where(within == null, squared_statistic(equation.samples, within) / factor, np.inf)


def _squared_where_same(equation: _Equation, null: float | Floats) -> Floats:
    """That of K units which all differ by the estimate."""
    value, length = equation.value, equation.length
    below = null < value
    gap = np.where(below, value - null, null - value)
    room = np.where(below, length + null, length - null)
    far = equation.units * gap / np.where(room > 0, room, 1)
    return np.where((room > 0) | (gap == 0), far, np.inf)
