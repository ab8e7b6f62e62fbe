"""
The variance that a sampling design gives a weighted mean, by linearisation.

The index of a domain is the ratio m = sum w s / sum w over its respondents. To first order its
error is the sum of the linearised values ``z = w (s - m) / sum w``, whose variance follows from
their totals in the units that were drawn. In a stratum that n of N units were drawn from,

    (1 - n / N) n / (n - 1) sum_units (z_unit - mean)²,                                   (1)

and where units were drawn within units, n / N times the same within each of them is added. All
units of the design count, also those without a respondent in the domain: their total is 0.

A row is a respondent, or several of one unit with the same answer. Where the respondents
themselves were drawn, k of them with the same answer may come as one row too: their values z
are as unlike as their weights, so their squares follow from their total T,

    sum_units (z - mean)² = k (T / k - mean)² + u T²,   u = sum w² / (sum w)² - 1 / k,    (2)

and (2) holds for a unit on its own, where k is 1 and u is 0. Domains and units meet in few of
their possible pairs, so sums run over the pairs that occur, by `numpy.bincount`, which adds in
the order of the rows: a domain gets the same bits alone and among others.

A variance is judged by Kish's numbers, (sum w)² / sum w²: over the respondents, how many
answers of equal weight would tell as much if they were drawn one by one, and over the units S_c
of the first stage, how many units of equal weight there are. The degrees of freedom of (1) are
the C units that a domain has in H strata less these, in the proportion of the latter number to C,

    (C - H) (sum_c S_c)² / (C sum_c S_c²),  at least 1,                                   (3)

which is C - H where all units weigh the same.

Where the weights were calibrated, the variances are those of `custfocus.intervals.residuals`.

References:
    Kish (1992), Journal of Official Statistics 8, 183-200. Woodruff (1971), JASA 66, 411-414.
    Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, chapters 4 and 5.
    Lumley (2004), Journal of Statistical Software 9(8).
"""

from typing import NamedTuple

import numpy as np

from custfocus.intervals.arguments import Floats, ignoring_underflow
from custfocus.intervals.columns import column_sum
from custfocus.intervals.design import (
    Codes,
    DesignMeans,
    Rows,
    Stage,
    WeightedSample,
    design_means,
    fixed_degrees_of_freedom,
    how_many,
    numbered,
    quotient,
    sample_of,
    sums,
)
from custfocus.intervals.residuals import (
    Auxiliaries,
    StageResiduals,
    UnitTotals,
    all_alike,
    judged,
    residual_variances,
    slopes_of,
    stage_residuals,
)


class StageTotals(NamedTuple):
    """
    The totals of one stage, by the pairs of domain and unit that occur.

    Attributes:
        domains: The domain of each pair, in order; shape (pairs,), as are the next six.
        units: The unit of each pair, in order within the domain.
        alike: How many units it stands for, the k of (2).
        unevenness: Of the weights among these, the u of (2).
        weights: The weight of the domain in the unit.
        totals: The linearised total z.
        cells: The pair of domain and stratum, among those that occur.
        cell_domains: The domain of each cell, in order; shape (cells,), as are the next four.
        cell_strata: The stratum of each cell, in order within the domain.
        sizes: How many units were drawn from the stratum, n in (1).
        factors: (1 - n / N) n / (n - 1) of (1).
        centres: The mean total that (1) is centred at.
        averaged: What the sum over strata is multiplied by for those with one unit; shape
            (domains,).
        residuals: What calibration changes in covariances; None for uncalibrated weights.
    """

    domains: Codes
    units: Codes
    alike: Floats
    unevenness: Floats
    weights: Floats
    totals: Floats
    cells: Codes
    cell_domains: Codes
    cell_strata: Codes
    sizes: Floats
    factors: Floats
    centres: Floats
    averaged: Floats
    residuals: StageResiduals | None = None

    @property
    def squares(self) -> Floats:
        """The squared weights of the units of each pair, (2); shape (pairs,)."""
        return self.squares_about(self.weights, 0)

    def squares_about(self, totals: Floats, centre: Floats | float) -> Floats:
        """Formula (2) for the units of each pair; shape (pairs,)."""
        near = (totals / self.alike - centre) ** 2
        return self.alike * near + self.unevenness * totals**2

    def units_of(self) -> Floats:
        """How many units each domain has; shape (domains,)."""
        return sums(self.domains, self.alike, len(self.averaged))

    def strata_of(self) -> Floats:
        """In how many strata it has them; shape (domains,)."""
        return how_many(self.cell_domains, len(self.averaged))

    def squares_of(self) -> Floats:
        """The sum of its squares; shape (domains,)."""
        return sums(self.domains, self.squares, len(self.averaged))


class DesignTotals(NamedTuple):
    """The means of domains, and the totals that their variances and covariances come from."""

    means: DesignMeans
    weight: Floats  # of each domain, (domains,)
    stages: tuple[StageTotals, ...]


@ignoring_underflow
def design_totals(
    counts: Floats,
    scores: Floats,
    rows: Rows,
    stages: tuple[Stage, ...],
    lonely_psu: str,
    *,
    auxiliaries: Auxiliaries | None = None,
    degrees_of_freedom: float | None = None,
) -> DesignTotals:
    """
    The mean score of each domain, its design variance and the totals that these come from.

    A sample may show no variance: all answers are equal, or come from one unit, or the units
    have equal means. Its effective size is then Kish's over the units, as if each of them had
    given one answer with all its weight.

    Args:
        counts: Weight on each point in each domain, shape (domains, points).
        scores: Shape (points,).
        rows: The respondents who count.
        stages: The stages of the sampling, with the units of these rows.
        lonely_psu: What a stratum with one unit adds to the variance: nothing (``"certainty"``),
            the square of its total (``"adjust"``), or what the others add on average
            (``"average"``).
        auxiliaries: What the weights of these rows were calibrated on; None for weights that
            were not.
        degrees_of_freedom: Those of every variance, in place of (3), or None.
    """
    sample = sample_of(counts, scores, rows)
    found = tuple(_stage_totals(rows, sample, stage, lonely_psu) for stage in stages)
    kish, ceiling = _kish_numbers(rows, sample, stages, found)
    first = found[0]
    units = quotient(sample.weight**2, first.squares_of())
    own = degrees_of_freedom_of(first.units_of(), first.strata_of(), units)
    own = fixed_degrees_of_freedom(own, degrees_of_freedom)
    if auxiliaries is None:
        variance = column_sum(np.stack([_between_units(totals) for totals in found]))
        means = design_means(sample, variance, kish, own, ceiling)
    else:
        slopes = slopes_of(auxiliaries, rows, sample.values, len(counts))
        found, variance = _of_residuals(found, stages, auxiliaries, slopes, lonely_psu)
        means = design_means(sample, variance, kish, own, ceiling)
        alike = all_alike(counts, scores)
        means = judged(means, auxiliaries, rows, sample.values, slopes, alike=alike)
    return DesignTotals(means, sample.weight, found)


def _kish_numbers(
    rows: Rows, sample: WeightedSample, stages: tuple[Stage, ...], found: tuple[StageTotals, ...]
) -> tuple[Floats, Floats]:
    """Kish's numbers of units and of respondents, more in finite populations; (domains,)."""
    by_unit, by_respondent = (np.zeros(len(sample.n)) for _ in range(2))
    for stage, totals in zip(stages, found, strict=True):
        open_ = stage.open[totals.cell_strata][totals.cells]
        by_unit += sums(totals.domains, open_ * totals.squares, len(sample.n))
        left = stage.open[stage.strata][stage.units]
        by_respondent += sums(rows.domains, left * rows.squares, len(sample.n))
    return quotient(sample.weight**2, by_unit), quotient(sample.weight**2, by_respondent)


def _of_residuals(
    found: tuple[StageTotals, ...],
    stages: tuple[Stage, ...],
    auxiliaries: Auxiliaries,
    slopes: Floats,
    lonely_psu: str,
) -> tuple[tuple[StageTotals, ...], Floats]:
    """The totals with what calibration changes in covariances, and the variances."""
    variance = np.zeros(len(slopes))
    changed: list[StageTotals] = []
    for totals, stage, of_units in zip(found, stages, auxiliaries.units, strict=True):
        by_unit = UnitTotals(stage, totals.domains, totals.units, totals.totals, lonely_psu)
        between, averaged = residual_variances(by_unit, of_units, slopes)
        variance += between
        residuals = stage_residuals(by_unit, of_units, slopes)
        changed.append(totals._replace(averaged=averaged, residuals=residuals))
    return tuple(changed), variance


def _stage_totals(rows: Rows, sample: WeightedSample, stage: Stage, lonely_psu: str) -> StageTotals:
    domains, units, of_row = numbered(rows.domains, stage.units)
    cell_domains, cell_strata, cells = numbered(domains, stage.strata[units])
    totals = sums(of_row, sample.values)
    sizes, alone = stage.sizes[cell_strata], stage.single[cell_strata]
    centres = sums(cells, totals) / sizes
    if lonely_psu == "adjust":
        centres[alone] = 0  # the mean over all strata: residuals add up to 0
    averaged = np.ones(len(sample.n))
    if lonely_psu == "average":
        known = how_many(cell_domains[~alone], len(averaged))
        averaged = how_many(cell_domains, len(averaged)) / np.maximum(known, 1)
    return StageTotals(
        domains,
        units,
        stage.alike[units],
        stage.unevenness[units],
        sums(of_row, rows.weights),
        totals,
        cells,
        cell_domains,
        cell_strata,
        sizes,
        stage.open[cell_strata] * sizes / np.maximum(sizes - 1, 1),
        centres,
        averaged,
    )


def _between_units(found: StageTotals) -> Floats:
    """Formula (1), summed over the strata in which a domain has respondents; shape (domains,)."""
    squares = sums(found.cells, found.squares_about(found.totals, found.centres[found.cells]))
    without = found.sizes - sums(found.cells, found.alike)  # units without a respondent
    parts = found.factors * (squares + without * found.centres**2)
    return found.averaged * sums(found.cell_domains, parts, len(found.averaged))


def degrees_of_freedom_of(units: Floats, strata: Floats, kish: Floats) -> Floats:
    """Formula (3) for so many units in so many strata with Kish's number; 0 for no units."""
    some = units > 0
    found = (units - strata) * np.where(some, kish, 0) / np.where(some, units, 1)
    return np.where(some, np.maximum(found, 1), 0)
