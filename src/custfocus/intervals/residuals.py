"""
The variance of means under calibrated weights: that of their residuals.

Where the weights w were calibrated from base weights d to known totals of auxiliary variables x,
an error that goes with x is no error, as the totals are known. To first order the linearised value
``z = w (s - m) / sum w`` of a respondent is replaced by

    z - w x b,   b = (sum d x x')⁻¹ sum d x (z / w),                                      (1)

the residual of the regression on x, weighted by d, times w: with the factors g = w / d, as R's
survey has it. The sums are over all respondents of the survey, since those outside a domain
were calibrated with those in it; so a domain has a total in every unit.

With x as orthonormal columns q in the metric of d, b is ``sum a z`` for ``a = q d / w``, and the
total of a unit is that of its z less ``T b``, where T is the total of w q. In a stratum that n of N
units were drawn from, with deviations from the mean denoted by ~, the covariance of two domains is
(1 - n / N) n / (n - 1) times

    sum z~_a z~_b - b_a p_b - b_b p_a + b_a G b_b,   p = sum T~ z~,   G = sum T~ T~',     (2)

that of uncalibrated weights and what calibration changes. The variances themselves are summed from
the residuals, unit by unit, so that no digits cancel where the auxiliary variables explain nearly all.

A variance is judged by Kish's number of answers. What x explains needs no answers: that number is
divided by the part of the variance that is left, ``sum d (z / w - x b)² / sum d (1 - h) (z / w)²``,
at most 1. By the leverage h = d q q' it allows for what x would explain by chance alone. Where
nothing is left the totals fix the mean, as a census would.

References:
    Deville and Särndal (1992), JASA 87, 376-382, section 3. Särndal, Swensson and Wretman (1989),
    Biometrika 76, 527-537 (the factors g). Lumley (2010), Complex Surveys, chapter 7.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import Floats
from custfocus.intervals.design import Codes, DesignMeans, Rows, Stage, quotient, sums

_FIXED = 1e-9  # of the variance left: below it the totals fix the mean, and the rest is rounding
_BLOCK = 2**18  # totals that are computed at a time: two megabytes


class Auxiliaries(NamedTuple):
    """
    What weights were calibrated on, as variances take it.

    A respondent may have many rows, one for each domain that it is in, and is kept once.

    Attributes:
        coefficients: The a by which values add up to b, shape (respondents, rank).
        spread: What the square of a value counts in the variance that x explains, d / w²; shape
            (respondents,).
        left: The same times 1 - h.
        units: The totals T of each stage, shape (units, rank) each; empty for replicate weights.
        of_row: The respondent of each row, shape (rows,).
    """

    coefficients: Floats
    spread: Floats
    left: Floats
    units: tuple[Floats, ...]
    of_row: Codes

    def some(self, which: Codes | NDArray[np.bool_]) -> "Auxiliaries":
        """Those of some of the rows."""
        return self._replace(of_row=self.of_row[which])


class StageResiduals(NamedTuple):
    """
    What (2) takes for one stage.

    Attributes:
        slopes: The b of each domain, shape (domains, rank).
        cross: Its p - G b / 2, likewise.
    """

    slopes: Floats
    cross: Floats

    def covariances(self, a: Codes, b: Codes) -> Floats:
        """What calibration changes in the covariance of pairs of domains, shape (pairs,)."""
        change = np.zeros(len(a))
        for slope, cross in zip(self.slopes.T, self.cross.T, strict=True):
            change -= slope[a] * cross[b] + slope[b] * cross[a]
        return change


class UnitTotals(NamedTuple):
    """The linearised totals of one stage, by the pairs of domain and unit that occur."""

    stage: Stage
    domains: Codes  # in order, (pairs,)
    units: Codes
    values: Floats
    lonely_psu: str


def slopes_of(auxiliaries: Auxiliaries, rows: Rows, values: Floats, domains: int) -> Floats:
    """The b of (1) for each domain, shape (domains, rank)."""
    coefficients, of_row = auxiliaries.coefficients, auxiliaries.of_row
    return _sums_of_products(rows.domains, of_row, values, coefficients, domains)


def stage_residuals(totals: UnitTotals, of_units: Floats, slopes: Floats) -> StageResiduals:
    """
    What (2) takes for a stage.

    Args:
        totals: Of the stage.
        of_units: The totals T of its units, shape (units, rank).
        slopes: Of each domain, shape (domains, rank).
    """
    stage = totals.stage
    centred = of_units - _centres(stage, of_units, totals.lonely_psu)[stage.strata]
    factors = _factors(stage)[stage.strata]
    weighted = centred * factors[:, None]
    number = len(slopes)
    cross = _sums_of_products(totals.domains, totals.units, totals.values, weighted, number)
    gram = weighted.T @ centred
    for place, row in enumerate(gram):
        for slope, entry in zip(slopes.T, row, strict=True):  # one by one: the same bits alone
            cross[:, place] -= slope * entry / 2
    return StageResiduals(slopes, cross)


def residual_variances(
    totals: UnitTotals, of_units: Floats, slopes: Floats
) -> tuple[Floats, Floats]:
    """
    The variance of the residuals' totals between the units of a stage.

    Args:
        totals: Of the stage.
        of_units: The totals T of its units, shape (units, rank).
        slopes: Of each domain, shape (domains, rank).

    Returns:
        The variance of each domain, and what the sum over strata was multiplied by for those with
        one unit; both of shape (domains,).
    """
    found = np.ones((2, len(slopes)))
    at_once = max(_BLOCK // max(len(of_units), 1), 1)
    for first in range(0, len(slopes), at_once):
        some = slice(first, first + at_once)
        dense = _residual_totals(totals, of_units, slopes[some], first)
        found[:, some] = _variances(totals.stage, dense, totals.lonely_psu)
    return found[0], found[1]


def _residual_totals(totals: UnitTotals, of_units: Floats, slopes: Floats, first: int) -> Floats:
    """The residuals' totals of some domains, which follow each other, (domains, units)."""
    dense = np.zeros((len(slopes), len(of_units)))
    for column, slope in zip(of_units.T, slopes.T, strict=True):  # one by one: the same bits alone
        dense -= slope[:, None] * np.ascontiguousarray(column)
    start, end = np.searchsorted(totals.domains, (first, first + len(slopes)))
    pairs = slice(start, end)
    dense[totals.domains[pairs] - first, totals.units[pairs]] += totals.values[pairs]
    return dense


def all_alike(counts: Floats, scores: Floats) -> NDArray[np.bool_]:
    """Whether all answers of each domain have one score, by counts (domains, points)."""
    lowest = np.where(counts > 0, scores, np.inf).min(axis=-1)
    return np.asarray(lowest == np.where(counts > 0, scores, -np.inf).max(axis=-1))


def judged(
    means: DesignMeans,
    auxiliaries: Auxiliaries,
    rows: Rows,
    values: Floats,
    slopes: Floats,
    *,
    alike: NDArray[np.bool_],
) -> DesignMeans:
    """
    The means with Kish's number for what calibration leaves.

    Args:
        means: Of the domains, with the variance of the residuals.
        auxiliaries: Of the rows.
        rows: The respondents who count.
        values: Their linearised values, shape (rows,).
        slopes: Of each domain, shape (domains, rank).
        alike: The domains whose answers are all alike: their values are 0, but for rounding, of
            which no part can be computed. Shape (domains,).
    """
    squares = values**2
    whole, left = (
        sums(rows.domains, squares * each[auxiliaries.of_row], len(slopes))
        for each in (auxiliaries.spread, auxiliaries.left)
    )
    rest = np.maximum(whole - _added(slopes.T**2), 0)
    known = (left > 0) & ~alike
    part = np.where(known, np.minimum(rest / np.where(known, left, 1), 1), 1)
    fixed = means.no_variance & (part < _FIXED)
    ceiling = np.where(means.no_variance, means.ceiling, quotient(means.ceiling, part))
    return means._replace(
        variance=np.where(fixed, 0, means.variance),
        effective_n=np.where(fixed, np.inf, means.effective_n),
        ceiling=np.where(fixed, np.inf, ceiling),
    )


def _added(columns: Floats) -> Floats:
    """The columns (rank, domains) added up one by one; shape (domains,)."""
    total = np.zeros(columns.shape[1])
    for column in columns:
        total += column
    return total


def _factors(stage: Stage) -> Floats:
    """(1 - n / N) n / (n - 1) of each stratum."""
    return stage.open * stage.sizes / np.maximum(stage.sizes - 1, 1)


def _centres(stage: Stage, of_units: Floats, lonely_psu: str) -> Floats:
    """The mean of each column in each stratum, shape (strata, columns)."""
    strata = len(stage.sizes)
    centres = np.empty((strata, of_units.shape[1]))
    for target, column in zip(centres.T, of_units.T, strict=True):
        target[:] = sums(stage.strata, column, strata) / stage.sizes
    if lonely_psu == "adjust":
        centres[stage.single] = 0
    return centres


def _variances(stage: Stage, dense: Floats, lonely_psu: str) -> tuple[Floats, Floats]:
    """The variances of domains by their totals in all units, and their `averaged`."""
    domains, strata = len(dense), len(stage.sizes)
    cells = np.arange(domains)[:, None] * strata + stage.strata

    def by_stratum(values: Floats) -> Floats:
        return sums(cells.ravel(), values.ravel(), domains * strata).reshape(domains, strata)

    centres = by_stratum(dense) / stage.sizes
    if lonely_psu == "adjust":
        centres[:, stage.single] = 0
    alike = np.where(stage.alike > 0, stage.alike, 1)
    squares = stage.alike * (dense / alike - centres[:, stage.strata]) ** 2
    squares += stage.unevenness * dense**2  # (2) of the linearisation
    without = stage.sizes - sums(stage.strata, stage.alike, strata)
    parts = (by_stratum(squares) + without * centres**2) * _factors(stage)
    averaged = np.ones(domains)
    if lonely_psu == "average":
        met = by_stratum((dense != 0).astype(np.float64)) > 0  # those of its own survey
        averaged = met.sum(axis=1) / np.maximum((met & ~stage.single).sum(axis=1), 1)
    return averaged * _added(parts.T), averaged


def _sums_of_products(
    domains: Codes, rows: Codes, values: Floats, columns: Floats, number: int
) -> Floats:
    """
    For each domain the sum of values times rows of some columns, in the order of the values.

    Args:
        domains: Of each value, shape (values,).
        rows: The row that it is multiplied by, likewise.
        values: Likewise.
        columns: Shape (rows, columns).
        number: How many domains there are.

    Returns:
        Shape (number, columns).
    """
    from scipy.sparse import csr_array  # noqa: PLC0415 - takes long, few need it

    order = np.argsort(domains, kind="stable")
    ends = np.cumsum(np.bincount(domains, minlength=number))
    entries = (values[order], rows[order], np.concatenate([[0], ends]))
    by_domain: Any = csr_array(entries, (number, len(columns)))
    return np.asarray(by_domain @ columns, dtype=np.float64)
