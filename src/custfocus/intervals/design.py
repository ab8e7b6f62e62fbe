"""
The variance that a sampling design gives a weighted mean, and the limits that follow from it.

The index of a domain is the ratio m = sum w s / sum w over its respondents. To first order its
error is the sum of the linearised values ``z = w (s - m) / sum w``, whose variance follows from
their totals in the units that were drawn. In a stratum that n of N units were drawn from,

    (1 - n / N) n / (n - 1) sum_units (z_unit - mean)²,                                   (1)

and where units were drawn within units, n / N times the same within each of them is added. All
units of the design count, also those that have nobody in the domain: their total is 0.

A respondent is a row. Domains and units meet in few of their possible pairs, so sums run over
the pairs that occur, by `numpy.bincount`, which adds in the order of the rows: a domain gets the
same bits alone and among others.

References:
    Woodruff (1971), JASA 66, 411-414. Särndal, Swensson and Wretman (1992), Model Assisted
    Survey Sampling, chapters 4 and 5. Lumley (2004), Journal of Statistical Software 9(8).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, logit, stdtrit

from custfocus.errors import choose
from custfocus.intervals.arguments import ConfidenceInterval, Floats, critical_value
from custfocus.intervals.score import mean_score, score_limits

Codes = NDArray[np.intp]

_NO_ERROR = 1e-10  # of the scale's length: a standard error below is rounding (or a census)


class Stage(NamedTuple):
    """
    One stage of the drawing: units from strata.

    Attributes:
        units: The unit of each row, shape (rows,).
        strata: The stratum of each unit, shape (units,).
        sizes: How many units were drawn from each stratum, shape (strata,).
        open: What (1) is multiplied by for each stratum, shape (strata,): 1 - n / N, times the
            shares n / N of the stages before.
    """

    units: Codes
    strata: Codes
    sizes: Floats
    open: Floats

    @property
    def lonely(self) -> NDArray[np.bool_]:
        """Whether a stratum has one unit, though it had more to draw from; shape (strata,)."""
        alone: NDArray[np.bool_] = (self.sizes == 1) & (self.open > 0)
        return alone


class Rows(NamedTuple):
    """The respondents who count: those with an answer and a positive weight; shapes (rows,)."""

    places: Codes
    weights: Floats
    domains: Codes


class Linearised(NamedTuple):
    """
    What a design says about the mean score of each domain, all of shape (domains,).

    Attributes:
        value: The mean, NaN where a domain has no respondents.
        n: Respondents.
        spread: Variance of the score among them, by weight.
        variance: Design variance of the mean.
        degrees_of_freedom: Units of the first stage with a respondent less the strata with
            one; at least 1, and 0 where there are no respondents.
        effective_n: Answers that would give this variance if they were drawn one by one and
            put back, spread / variance; Kish's where there is none.
        ceiling: Answers that would give the variance of n respondents drawn one by one, more
            than n in a finite population.
        no_variance: Whether the variance is 0 in a sample, within rounding.
    """

    value: Floats
    n: Floats
    spread: Floats
    variance: Floats
    degrees_of_freedom: Floats
    effective_n: Floats
    ceiling: Floats
    no_variance: NDArray[np.bool_]


class _Pairs(NamedTuple):
    """The pairs of domain and unit that occur, by domain."""

    of_row: Codes  # the pair of each row
    domains: Codes  # of each pair, as are the next two
    strata: Codes
    cells: Codes  # the pair of domain and stratum, among those that occur
    cell_domains: Codes  # of each cell, as is the next
    cell_strata: Codes


def numbered(outer: Codes, inner: Codes) -> tuple[Codes, Codes, Codes]:
    """
    The pairs of numbers that occur, in order, and which of them each row has.

    Args:
        outer: Shape (rows,).
        inner: Shape (rows,).

    Returns:
        The outer and the inner number of each pair, shape (pairs,), and the pair of each row.
    """
    width = inner.max(initial=0) + 1
    pairs = outer * width + inner
    if pairs.max(initial=0) < 8 * len(pairs):  # no sorting needed: mark those that occur
        occurs = np.bincount(pairs) > 0
        keys, of_row = np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[pairs]
    else:
        keys, of_row = np.unique(pairs, return_inverse=True)
    return keys // width, keys % width, of_row


def weighted_counts(rows: Rows, domains: int, points: int) -> Floats:
    """The weight on each point in each domain, shape (domains, points)."""
    cells = rows.domains * points + rows.places
    return _sums(cells, rows.weights, domains * points).reshape(domains, points)


def linearise(
    counts: Floats, scores: Floats, rows: Rows, stages: tuple[Stage, ...], lonely: str
) -> Linearised:
    """
    The mean score of each domain and its design variance.

    A sample may show no variance: all answers are equal, or come from one unit, or the units
    have equal means. Its effective size is then Kish's over the units, as if each of them had
    given one answer with all its weight.

    Args:
        counts: Weight on each point in each domain, shape (domains, points).
        scores: Shape (points,).
        rows: The respondents who count.
        stages: The stages of the drawing, with the units of these rows.
        lonely: What a stratum with one unit adds to the variance: nothing (``"certainty"``),
            the square of its total (``"adjust"``), or what the others add on average
            (``"average"``).
    """
    domains = len(counts)
    value = mean_score(counts, scores)
    shares = rows.weights / _sums(rows.domains, rows.weights, domains)[rows.domains]
    residuals = scores[rows.places] - value[rows.domains]
    variance, clumping, unasked = np.zeros(domains), np.zeros(domains), np.zeros(domains)
    found = [_pairs(stage, rows.domains) for stage in stages]
    for stage, pairs in zip(stages, found, strict=True):
        variance += _between_units(shares * residuals, stage, pairs, lonely, domains)
        clumping += _squared_totals(shares, stage, pairs, domains)
        unasked += _sums(rows.domains, stage.open[stage.strata[stage.units]], domains)
    n = _how_many(rows.domains, domains)
    spread = _sums(rows.domains, shares * residuals**2, domains)
    none = (n > 0) & (variance <= (_NO_ERROR * np.ptp(scores)) ** 2)
    effective_n = np.where(none, _quotient(1, clumping), _quotient(spread, variance))
    return Linearised(
        value,
        n,
        np.where(n > 0, spread, np.nan),
        np.where(n > 0, variance, np.nan),
        _degrees_of_freedom(found[0], domains),
        np.where(n > 0, effective_n, np.nan),
        _quotient(n * n, unasked),
        none,
    )


def design_limits(
    counts: Floats, scores: Floats, found: Linearised, method: str, confidence_level: float
) -> ConfidenceInterval:
    """
    The limits of each domain by one of the methods, in the unit of the scores.

    Where the effective size is infinite nobody was left out, and both limits are the value.
    """
    limits = choose("method", method, METHODS)
    census = np.isinf(found.effective_n)
    low, high = limits(counts, scores, found, confidence_level)
    return ConfidenceInterval(
        np.asarray(np.where(census, found.value, low)),
        np.asarray(np.where(census, found.value, high)),
    )


def design_effects(found: Linearised) -> Floats:
    """
    The design variance over that of n answers drawn one by one and put back; shape (domains,).

    n over the effective size where the sample shows no variance, and so where n is 1.
    """
    alone = found.spread / np.maximum(found.n - 1, 1)
    shown = np.where(found.no_variance, 1, alone)
    return np.where(found.no_variance, found.n / found.effective_n, found.variance / shown)


def t_quantile(degrees_of_freedom: Floats, confidence_level: float) -> Floats:
    """
    The quantile of Student's t for a two-sided confidence level; NaN for 0 degrees of freedom.

    >>> round(float(t_quantile(np.array(14.0), 0.95)), 3)
    2.145
    """
    critical_value(confidence_level)  # which checks it
    return np.asarray(-stdtrit(degrees_of_freedom, (1 - confidence_level) / 2))


def _score(
    counts: Floats, scores: Floats, found: Linearised, confidence_level: float
) -> ConfidenceInterval:
    """
    The score limits for the effective size, t in place of z: they depend on z² / n alone.

    A size beyond the ceiling is cut back to it. A design can earn one, but more often few
    respondents of small weight dissent and make the variance look smaller than it is.
    """
    z = critical_value(confidence_level)
    size = (
        np.minimum(found.effective_n, found.ceiling)
        * (z / _critical_values(found, confidence_level)) ** 2
    )
    return score_limits(counts, scores, size, confidence_level, None)


def _t(
    _counts: Floats, _scores: Floats, found: Linearised, confidence_level: float
) -> ConfidenceInterval:
    """The mean give or take t standard errors: no heed of the scale, no width without variance."""
    half = t_quantile(found.degrees_of_freedom, confidence_level) * np.sqrt(found.variance)
    return ConfidenceInterval(found.value - half, found.value + half)


def _logit(
    _counts: Floats, scores: Floats, found: Linearised, confidence_level: float
) -> ConfidenceInterval:
    """The t interval of the log odds; all of the scale, its limit, where the share is 0 or 1."""
    share = (found.value - scores.min()) / np.ptp(scores)
    inside = (share > 0) & (share < 1)
    odds = logit(np.where(inside, share, 0.5))
    information = found.effective_n * np.where(inside, share * (1 - share), 1)
    half = _critical_values(found, confidence_level) / np.sqrt(information)
    half = np.where(inside, half, np.inf * information)
    return _on_scale(expit(odds - half), expit(odds + half), scores)


def _beta(
    _counts: Floats, scores: Floats, found: Linearised, confidence_level: float
) -> ConfidenceInterval:
    """Clopper and Pearson's limits for the effective size, made smaller for few units."""
    share = (found.value - scores.min()) / np.ptp(scores)
    as_drawn = t_quantile(np.maximum(found.n - 1, 1), confidence_level)
    few = np.where(found.no_variance, 1, as_drawn / _critical_values(found, confidence_level))
    size = np.where(np.isinf(found.effective_n), 1, found.effective_n) * few**2
    yes, no, tail = size * share, size * (1 - share), (1 - confidence_level) / 2
    low = np.where(yes == 0, 0, betaincinv(yes, no + 1, tail))
    high = np.where(no == 0, 1, 1 - betaincinv(no, yes + 1, tail))
    return _on_scale(low, high, scores)


def _on_scale(low: Floats, high: Floats, scores: Floats) -> ConfidenceInterval:
    lowest, span = scores.min(), np.ptp(scores)
    return ConfidenceInterval(lowest + span * low, lowest + span * high)


def _critical_values(found: Linearised, confidence_level: float) -> Floats:
    """The t quantile; the normal one where no variance was estimated that t would allow for."""
    z = critical_value(confidence_level)
    return np.where(found.no_variance, z, t_quantile(found.degrees_of_freedom, confidence_level))


def _pairs(stage: Stage, domains: Codes) -> _Pairs:
    domain, unit, of_row = numbered(domains, stage.units)
    strata = stage.strata[unit]
    cell_domain, cell_stratum, cells = numbered(domain, strata)
    return _Pairs(of_row, domain, strata, cells, cell_domain, cell_stratum)


def _between_units(
    values: Floats, stage: Stage, pairs: _Pairs, lonely: str, domains: int
) -> Floats:
    """Formula (1), summed over the strata in which a domain has somebody; shape (domains,)."""
    totals = _sums(pairs.of_row, values)
    size = stage.sizes[pairs.cell_strata]
    alone = stage.lonely[pairs.cell_strata]
    centre = _sums(pairs.cells, totals) / size
    if lonely == "adjust":
        centre[alone] = 0  # the mean over all strata: residuals add up to 0
    squares = _sums(pairs.cells, (totals - centre[pairs.cells]) ** 2)
    squares += (size - _how_many(pairs.cells)) * centre**2  # the units with nobody
    parts = stage.open[pairs.cell_strata] * size / np.maximum(size - 1, 1) * squares
    sums = _sums(pairs.cell_domains, parts, domains)
    if lonely == "average":
        known = _how_many(pairs.cell_domains[~alone], domains)
        sums *= _how_many(pairs.cell_domains, domains) / np.maximum(known, 1)
    return sums


def _squared_totals(shares: Floats, stage: Stage, pairs: _Pairs, domains: int) -> Floats:
    """1 / n for n units of equal weight: Kish's, less for finite populations; shape (domains,)."""
    totals = _sums(pairs.of_row, shares)
    return _sums(pairs.domains, stage.open[pairs.strata] * totals**2, domains)


def _degrees_of_freedom(pairs: _Pairs, domains: int) -> Floats:
    units, strata = _how_many(pairs.domains, domains), _how_many(pairs.cell_domains, domains)
    return np.where(units > 0, np.maximum(units - strata, 1), 0)


def _sums(codes: Codes, values: Floats, number: int = 0) -> Floats:
    """The sum of the values of each code, in the order of the rows; shape (number or more,)."""
    return np.asarray(np.bincount(codes, values, number), dtype=np.float64)


def _how_many(codes: Codes, number: int = 0) -> Floats:
    return np.bincount(codes, minlength=number).astype(np.float64)


def _quotient(above: Floats | float, below: Floats) -> Floats:
    """Infinite where the divisor is 0."""
    return np.where(below > 0, above / np.where(below > 0, below, 1), np.inf)


METHODS: dict[str, Callable[[Floats, Floats, Linearised, float], ConfidenceInterval]] = {
    "score": _score,
    "t": _t,
    "logit": _logit,
    "beta": _beta,
}
