"""
The variance that a sampling design gives a weighted mean.

The index of a domain is the ratio m = sum w s / sum w over its respondents. To first order its
error is the sum of the linearised values ``z = w (s - m) / sum w``, whose variance follows from
their totals in the units that were drawn. In a stratum that n of N units were drawn from,

    (1 - n / N) n / (n - 1) sum_units (z_unit - mean)²,                                   (1)

and where units were drawn within units, n / N times the same within each of them is added. All
units of the design count, also those that have nobody in the domain: their total is 0.

A row is a respondent, or several of one unit with the same answer. Where the respondents
themselves were drawn, k of them with the same answer may come as one row too: their values z
are as unlike as their weights, so their squares follow from their total T,

    sum_units (z - mean)² = k (T / k - mean)² + u T²,   u = sum w² / (sum w)² - 1 / k,    (2)

and (2) holds for a unit on its own, where k is 1 and u is 0. Domains and units meet in few of
their possible pairs, so sums run over the pairs that occur, by `numpy.bincount`, which adds in
the order of the rows: a domain gets the same bits alone and among others.

References:
    Woodruff (1971), JASA 66, 411-414. Särndal, Swensson and Wretman (1992), Model Assisted
    Survey Sampling, chapters 4 and 5. Lumley (2004), Journal of Statistical Software 9(8).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import Floats, ignoring_underflow
from custfocus.intervals.columns import column_sum
from custfocus.intervals.score import mean_score

Codes = NDArray[np.intp]

_NO_ERROR = 1e-10  # of the scale's length: a standard error below is rounding (or a census)


class Stage(NamedTuple):
    """
    One stage of the drawing: units from strata.

    Attributes:
        units: The unit of each row, shape (rows,).
        strata: The stratum of each unit, shape (units,).
        alike: How many units of the same answer each of them stands for, the k of (2); shape
            (units,).
        unevenness: Of the weights among these, the u of (2); shape (units,).
        sizes: How many units were drawn from each stratum, shape (strata,).
        open: What (1) is multiplied by for each stratum, shape (strata,): 1 - n / N, times the
            shares n / N of the stages before.
    """

    units: Codes
    strata: Codes
    alike: Floats
    unevenness: Floats
    sizes: Floats
    open: Floats

    @classmethod
    def of_single(cls, units: Codes, strata: Codes, sizes: Floats, open_: Floats) -> "Stage":
        """A stage whose units each stand for themselves."""
        return cls(units, strata, np.ones(len(strata)), np.zeros(len(strata)), sizes, open_)

    @property
    def lonely(self) -> NDArray[np.bool_]:
        """Whether a stratum has one unit, though it had more to draw from; shape (strata,)."""
        alone: NDArray[np.bool_] = (self.sizes == 1) & (self.open > 0)
        return alone


class Rows(NamedTuple):
    """The respondents who count: those with an answer and a positive weight; shapes (rows,)."""

    places: Codes
    weights: Floats  # the sum of those of the row's respondents
    domains: Codes
    respondents: Floats  # how many they are


class DesignMeans(NamedTuple):
    """
    What a design says about the mean score of each domain, all of shape (domains,).

    Attributes:
        value: The mean, NaN where a domain has no respondents.
        n: Respondents.
        spread: Variance of the score among them, by weight.
        variance: Design variance of the mean.
        degrees_of_freedom: Those of the variance, at least 1; 0 where there are no respondents.
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


class Sample(NamedTuple):
    """What the respondents say before it is asked how they were drawn."""

    value: Floats  # (domains,), as are the next two
    n: Floats
    spread: Floats
    shares: Floats  # of each row in the weight of its domain, (rows,)
    values: Floats  # linearised, (rows,)
    length: float  # of the scale


class _Pairs(NamedTuple):
    """The pairs of domain and unit that occur, by domain."""

    of_row: Codes  # the pair of each row
    domains: Codes  # of each pair, as are the next four
    strata: Codes
    alike: Floats
    unevenness: Floats
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
    most = int(pairs.max(initial=0))
    if most < 8 * len(pairs):  # no sorting needed: mark those that occur
        occurs = np.zeros(most + 1, dtype=np.bool_)
        occurs[pairs] = True
        keys = np.flatnonzero(occurs)
        places = np.empty(most + 1, dtype=np.intp)
        places[keys] = np.arange(len(keys))
        of_row = places[pairs]
    else:
        keys, of_row = np.unique(pairs, return_inverse=True)
    outers = keys // width
    return outers, keys - outers * width, of_row


def weighted_counts(rows: Rows, domains: int, points: int) -> Floats:
    """The weight on each point in each domain, shape (domains, points)."""
    cells = rows.domains * points + rows.places
    return sums(cells, rows.weights, domains * points).reshape(domains, points)


def sample_of(counts: Floats, scores: Floats, rows: Rows) -> Sample:
    """The mean score of each domain, and how far from it each row is."""
    value = mean_score(counts, scores)
    columns = counts.T
    weights = column_sum(columns)
    squares = column_sum(columns * (scores[:, None] - value) ** 2)
    shares = rows.weights / weights[rows.domains]
    return Sample(
        value,
        sums(rows.domains, rows.respondents, len(counts)),
        squares / np.where(weights > 0, weights, 1),
        shares,
        shares * (scores[rows.places] - value[rows.domains]),
        float(np.ptp(scores)),
    )


@ignoring_underflow
def linearise(
    counts: Floats, scores: Floats, rows: Rows, stages: tuple[Stage, ...], lonely: str
) -> DesignMeans:
    """
    The mean score of each domain and its design variance.

    A sample may show no variance: all answers are equal, or come from one unit, or the units
    have equal means. Its effective size is then Kish's over the units, as if each of them had
    given one answer with all its weight. The degrees of freedom are the units of the first
    stage with a respondent less the strata with one.

    Args:
        counts: Weight on each point in each domain, shape (domains, points).
        scores: Shape (points,).
        rows: The respondents who count.
        stages: The stages of the drawing, with the units of these rows.
        lonely: What a stratum with one unit adds to the variance: nothing (``"certainty"``),
            the square of its total (``"adjust"``), or what the others add on average
            (``"average"``).
    """
    domains, sample = len(counts), sample_of(counts, scores, rows)
    variance, clumping, unasked = np.zeros(domains), np.zeros(domains), np.zeros(domains)
    found = [_pairs(stage, rows.domains) for stage in stages]
    for stage, pairs in zip(stages, found, strict=True):
        variance += _between_units(sample.values, stage, pairs, lonely, domains)
        clumping += _squared_totals(sample.shares, stage, pairs, domains)
        left = stage.open[stage.strata][stage.units]
        unasked += sums(rows.domains, rows.respondents * left, domains)
    ceiling = quotient(sample.n**2, unasked)
    kish = quotient(1, clumping)
    return design_means(sample, variance, kish, _degrees_of_freedom(found[0], domains), ceiling)


def design_means(
    sample: Sample, variance: Floats, kish: Floats, degrees_of_freedom: Floats, ceiling: Floats
) -> DesignMeans:
    """A sample with its design variance; *kish* is its effective size where that is 0."""
    some = sample.n > 0
    none = some & (variance <= (_NO_ERROR * sample.length) ** 2)
    effective_n = np.where(none, kish, quotient(sample.spread, variance))
    return DesignMeans(
        sample.value,
        sample.n,
        np.where(some, sample.spread, np.nan),
        np.where(some, variance, np.nan),
        degrees_of_freedom,
        np.where(some, effective_n, np.nan),
        ceiling,
        none,
    )


def _pairs(stage: Stage, domains: Codes) -> _Pairs:
    domain, unit, of_row = numbered(domains, stage.units)
    strata = stage.strata[unit]
    cells = numbered(domain, strata)
    alike, unevenness = stage.alike[unit], stage.unevenness[unit]
    return _Pairs(of_row, domain, strata, alike, unevenness, cells[2], cells[0], cells[1])


def _between_units(
    values: Floats, stage: Stage, pairs: _Pairs, lonely: str, domains: int
) -> Floats:
    """Formula (1), summed over the strata in which a domain has somebody; shape (domains,)."""
    totals = sums(pairs.of_row, values)
    size = stage.sizes[pairs.cell_strata]
    alone = stage.lonely[pairs.cell_strata]
    centre = sums(pairs.cells, totals) / size
    if lonely == "adjust":
        centre[alone] = 0  # the mean over all strata: residuals add up to 0
    squares = sums(pairs.cells, _squares(totals, centre[pairs.cells], pairs))
    squares += (size - sums(pairs.cells, pairs.alike)) * centre**2  # the units with nobody
    parts = stage.open[pairs.cell_strata] * size / np.maximum(size - 1, 1) * squares
    added = sums(pairs.cell_domains, parts, domains)
    if lonely == "average":
        known = _how_many(pairs.cell_domains[~alone], domains)
        added *= _how_many(pairs.cell_domains, domains) / np.maximum(known, 1)
    return added


def _squared_totals(shares: Floats, stage: Stage, pairs: _Pairs, domains: int) -> Floats:
    """1 / n for n units of equal weight: Kish's, less for finite populations; shape (domains,)."""
    squares = _squares(sums(pairs.of_row, shares), 0, pairs)
    return sums(pairs.domains, stage.open[pairs.strata] * squares, domains)


def _squares(totals: Floats, centre: Floats | float, pairs: _Pairs) -> Floats:
    """Formula (2) for the units of each pair; shape (pairs,)."""
    return pairs.alike * (totals / pairs.alike - centre) ** 2 + pairs.unevenness * totals**2


def _degrees_of_freedom(pairs: _Pairs, domains: int) -> Floats:
    units = sums(pairs.domains, pairs.alike, domains)
    strata = _how_many(pairs.cell_domains, domains)
    return np.where(units > 0, np.maximum(units - strata, 1), 0)


def sums(codes: Codes, values: NDArray[np.float64 | np.int64], number: int = 0) -> Floats:
    """The sum of the values of each code, in the order of the rows; shape (number or more,)."""
    return np.asarray(np.bincount(codes, values, number), dtype=np.float64)


def _how_many(codes: Codes, number: int = 0) -> Floats:
    return np.bincount(codes, minlength=number).astype(np.float64)


def quotient(above: Floats | float, below: Floats) -> Floats:
    """Infinite where the divisor is 0."""
    return np.where(below > 0, above / np.where(below > 0, below, 1), np.inf)
