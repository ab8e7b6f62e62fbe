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
the residuals, unit by unit, so that no digits cancel where the auxiliary variables tell nearly all.

A variance is judged by Kish's number of answers. What x explains needs no answers: that number is
divided by the part of the variance that is left, ``sum d (z / w - x b)² / sum d (1 - h) (z / w)²``,
at most 1. By the leverage h = d q q' it allows for what x would explain by chance alone. Where
nothing is left the totals fix the mean, as a census would.

References:
    Deville and Särndal (1992), JASA 87, 376-382, section 3. Särndal, Swensson and Wretman (1989),
    Biometrika 76, 527-537 (the factors g). Lumley (2010), Complex Surveys, chapter 7.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import Floats
from custfocus.intervals.design import Codes, DesignMeans, Rows, Stage, quotient, sums

_FIXED = 1e-9  # of the variance left: below the totals tell the mean, and it is rounding


class Auxiliaries(NamedTuple):
    """
    What weights were calibrated on, as variances take it.

    Attributes:
        coefficients: The a by which values add up to b, shape (rows, rank).
        spread: What the square of a value counts in the variance that x explains, d / w²; shape
            (rows,).
        left: The same times 1 - h.
        units: The totals T of each stage, shape (units, rank) each; empty for replicate weights.
    """

    coefficients: Floats
    spread: Floats
    left: Floats
    units: tuple[Floats, ...]

    def some(self, which: Codes | NDArray[np.bool_]) -> "Auxiliaries":
        """Those of some of the rows."""
        coefficients, spread, left, units = self
        return Auxiliaries(coefficients[which], spread[which], left[which], units)


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
    slopes = np.empty((domains, auxiliaries.coefficients.shape[1]))
    for target, column in zip(slopes.T, auxiliaries.coefficients.T, strict=True):
        target[:] = sums(rows.domains, column * values, domains)
    return slopes


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
    cross = np.empty_like(slopes)
    for target, column in zip(cross.T, weighted.T, strict=True):
        target[:] = sums(totals.domains, column[totals.units] * totals.values, len(slopes))
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
    starts = np.searchsorted(totals.domains, np.arange(len(slopes) + 1))
    columns = np.ascontiguousarray(of_units.T)
    for domain, slope in enumerate(slopes):
        some = slice(starts[domain], starts[domain + 1])
        dense = np.zeros(len(of_units))
        for column, each in zip(columns, slope, strict=True):  # one by one: the same bits alone
            dense -= each * column
        dense[totals.units[some]] += totals.values[some]
        found[:, domain] = _variance(totals.stage, dense, totals.lonely_psu)
    return found[0], found[1]


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
            which no part can be told. Shape (domains,).
    """
    squares = values**2
    whole, left = (
        sums(rows.domains, squares * each, len(slopes))
        for each in (auxiliaries.spread, auxiliaries.left)
    )
    rest = np.maximum(whole - _added(slopes.T**2), 0)
    told = (left > 0) & ~alike
    part = np.where(told, np.minimum(rest / np.where(told, left, 1), 1), 1)
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


def _variance(stage: Stage, dense: Floats, lonely_psu: str) -> tuple[float, float]:
    """The variance of one domain by its totals in all units, and its `averaged`."""
    strata = len(stage.sizes)
    centres = _centres(stage, dense[:, None], lonely_psu)[:, 0]
    shown = np.flatnonzero(dense)
    of_shown, alike, totals = stage.strata[shown], stage.alike[shown], dense[shown]
    squares = alike * (totals / alike - centres[of_shown]) ** 2
    squares += stage.unevenness[shown] * totals**2  # (2) of the linearisation
    without = stage.sizes - sums(of_shown, alike, strata)
    by_stratum = sums(of_shown, squares, strata) + without * centres**2
    averaged = 1.0
    if lonely_psu == "average":
        met = np.bincount(of_shown, minlength=strata) > 0  # those of its own survey
        averaged = met.sum() / max((met & ~stage.single).sum(), 1)
    return averaged * float((by_stratum * _factors(stage)).sum()), averaged
