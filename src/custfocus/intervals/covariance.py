"""
What domains of one sampling design have in common: covariances and degrees of freedom.

Two domains share no respondent, but units: the total of a unit in the one goes with its total in
the other. With x and y the linearised totals of two domains, the covariance of their means in a
stratum that n of N units were drawn from is

    (1 - n / N) n / (n - 1) sum_units dx dy,   dx = x - x_mean,   dy = y - y_mean,        (1)

over all units of the stratum: a unit without anybody in a domain has the total 0 there. Where
both domains meet k of the n units, the sum is over these alone

    sum_both [dx dy + y_mean dx + x_mean dy] + (k - n) x_mean y_mean,                     (2)

so that only the strata and units that both meet are looked up, and where they meet all of them no
digits cancel. What calibrated weights change in it is in `custfocus.intervals.residuals`.

A difference of two means rests on the units of both. With u the variance of the scores in each
domain and S_c its shares in the units, the part of unit c is about ``q_c = u_x S_xc² + u_y S_yc²``.
The C units in H strata count as Kish's number of them, and their degrees of freedom are

    (C - H) K / C,   K = (sum sqrt q_c)² / sum q_c.                                       (3)

They are right for domains that share their units. Welch's, from the variances and the degrees of
freedom of each domain, are right for those that share none. The fewer of both are taken.

References:
    Lumley (2004), Journal of Statistical Software 9(8). Welch (1947), Biometrika 34, 28-35.
    Kish (1992), Journal of Official Statistics 8, 183-200.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import Floats, ignoring_underflow
from custfocus.intervals.design import Codes, DesignMeans, how_many, quotient, sums
from custfocus.intervals.linearisation import DesignTotals, StageTotals, degrees_of_freedom_of
from custfocus.intervals.shared_units import Joins, Shared, pair_blocks


class DesignPairs(NamedTuple):
    """
    Pairs of domains and what the design says of both, all of shape (pairs,).

    Attributes:
        a: The first domain of each pair.
        b: The second one.
        covariance: Of their means.
        degrees_of_freedom: Of the difference, at least 1; infinite where neither domain shows
            a variance, NaN where either has no respondents.
        units: Kish's number of the units that the difference rests on, K in (3).
    """

    a: DesignMeans
    b: DesignMeans
    covariance: Floats
    degrees_of_freedom: Floats
    units: Floats


class DesignDomains(NamedTuple):
    """
    All domains of a design, and what they have in common.

    Attributes:
        means: Of each domain, shape (domains,).
        covariance: Of these, shape (domains, domains).
        shared: Degrees of freedom of the units of all domains, (3); infinite where none of them
            shows a variance.
        own: Degrees of freedom of each domain for Welch's rule, shape (domains,); infinite
            where it is not asked.
        units: Kish's number of the units, K in (3).
    """

    means: DesignMeans
    covariance: Floats
    shared: float
    own: Floats
    units: float


@ignoring_underflow
def design_pairs(
    totals: DesignTotals, a: Codes, b: Codes, *, degrees_of_freedom: float | None = None
) -> DesignPairs:
    """
    Pairs of domains of one design that have no row in common.

    Args:
        totals: Of all domains.
        a: The first domain of each pair, shape (pairs,).
        b: The second one.
        degrees_of_freedom: Those of every difference, or None.
    """
    first, second = at(totals.means, a), at(totals.means, b)
    covariance, shared, units = (np.empty(len(a)) for _ in range(3))
    joins = [Joins.of(stage) for stage in totals.stages]
    spreads = counted_spreads(totals.means)
    for block in pair_blocks(joins, a, b):
        one, other = a[block], b[block]
        met = [join.shared(one, other) for join in joins]
        covariance[block] = 0
        for stage, (of_units, of_strata) in zip(totals.stages, met, strict=True):
            covariance[block] += _covariances(stage, of_units, of_strata, one, other)
        shared[block], units[block] = _of_both(totals, met[0], one, other, spreads)
    found = np.minimum(shared, welch(*_parts(first, second)))
    return DesignPairs(
        first, second, covariance, settled(first, second, found, degrees_of_freedom), units
    )


@ignoring_underflow
def independent_pairs(
    a: DesignMeans, b: DesignMeans, *, degrees_of_freedom: float | None = None
) -> DesignPairs:
    """
    Pairs of domains from surveys that have nothing in common, by Welch's rule.

    Args:
        a: The first domain of each pair, all of shape (pairs,).
        b: The second one.
        degrees_of_freedom: Those of every difference, or None.
    """
    found = settled(a, b, welch(*_parts(a, b)), degrees_of_freedom)
    return DesignPairs(a, b, np.zeros(len(a.value)), found, np.ones(len(a.value)))


@ignoring_underflow
def design_domains(
    totals: DesignTotals, *, degrees_of_freedom: float | None = None
) -> DesignDomains:
    """All domains of one design; see `design_pairs` for the arguments."""
    means = totals.means
    a, b = np.triu_indices(len(means.value), 1)
    covariance = square(means.variance, a, b, design_pairs(totals, a, b).covariance)
    shared, units = _of_all(totals, counted_spreads(means))
    own = means.degrees_of_freedom
    if degrees_of_freedom is not None:
        shared, own = degrees_of_freedom, np.full(len(own), np.inf)
    shared = shared if units > 0 else np.inf
    return DesignDomains(means, covariance, shared, own, max(units, 1.0))


def square(diagonal: Floats, a: Codes, b: Codes, beside: Floats) -> Floats:
    """A symmetric matrix from its diagonal and its other elements at (a, b)."""
    whole = np.diag(diagonal)
    whole[a, b] = whole[b, a] = beside
    return whole


def at(means: DesignMeans, places: Codes | NDArray[np.bool_]) -> DesignMeans:
    """The means of some of the domains."""
    return DesignMeans._make(array[places] for array in means)


def shows_variance(means: DesignMeans) -> NDArray[np.bool_]:
    """Whether a domain has respondents and shows a variance, so that it has a part in (3)."""
    shown: NDArray[np.bool_] = (means.n > 0) & ~means.no_variance
    return shown


def counted_spreads(means: DesignMeans) -> Floats:
    """The u of (3): 0 for a domain that shows no variance."""
    return np.where(shows_variance(means), means.spread, 0)


def kish_variances(means: DesignMeans) -> Floats:
    """What Kish's number of answers, drawn one by one, would have for a variance."""
    return means.spread / means.ceiling


def floored_variances(means: DesignMeans) -> Floats:
    """The design variance, but no less than that of Kish's number of answers."""
    by_kish = kish_variances(means)
    return np.where(means.no_variance, by_kish, np.maximum(means.variance, by_kish))


def welch(parts: Floats, degrees_of_freedom: Floats) -> Floats:
    """
    Welch's degrees of freedom of a sum of independent parts.

    Args:
        parts: Of the variance, shape (terms, ...); 0 for those that are left out.
        degrees_of_freedom: Of each part, at least 1 or infinite.

    Returns:
        Shape (...); infinite where no part is left or those of the parts are.
    """
    divided = (parts**2 / np.maximum(degrees_of_freedom, 1)).sum(axis=0)
    return quotient(parts.sum(axis=0) ** 2, divided)


def settled(a: DesignMeans, b: DesignMeans, found: Floats, fixed: float | None) -> Floats:
    """The degrees of freedom of differences, those that were found or the fixed ones."""
    some = shows_variance(a) | shows_variance(b)
    freedom = np.where(some, np.maximum(found, 1) if fixed is None else fixed, np.inf)
    return np.where((a.n > 0) & (b.n > 0), freedom, np.nan)


def _parts(a: DesignMeans, b: DesignMeans) -> tuple[Floats, Floats]:
    """The variances of both, as `welch` takes them, and their degrees of freedom."""
    both = (a, b)
    parts = [np.where(shows_variance(each), floored_variances(each), 0) for each in both]
    return np.stack(parts), np.stack([each.degrees_of_freedom for each in both])


def _covariances(stage: StageTotals, units: Shared, strata: Shared, a: Codes, b: Codes) -> Floats:
    """Formula (1) by way of (2), summed over the strata of one stage; shape (pairs,)."""
    pairs, first, second = strata
    centre_a, centre_b = stage.centres[first], stage.centres[second]
    cells = len(stage.cell_domains)
    where = np.searchsorted(pairs * cells + first, units.pairs * cells + stage.cells[units.first])
    off_a = stage.totals[units.first] - centre_a[where]
    off_b = stage.totals[units.second] - centre_b[where]
    products = off_a * off_b + centre_b[where] * off_a + centre_a[where] * off_b
    missed = how_many(where, len(pairs)) - stage.sizes[first]
    within = sums(where, products, len(pairs)) + missed * centre_a * centre_b
    averaged = np.sqrt(stage.averaged[a] * stage.averaged[b])
    found = sums(pairs, stage.factors[first] * within, len(a))
    return averaged * (
        found if stage.residuals is None else found + stage.residuals.covariances(a, b)
    )


def _of_both(
    totals: DesignTotals, met: tuple[Shared, Shared], a: Codes, b: Codes, spreads: Floats
) -> tuple[Floats, Floats]:
    """Degrees of freedom (3) of each pair, infinite where it has no part, and Kish's number."""
    stage, (pairs, first, second) = totals.stages[0], met[0]
    u_a, u_b = spreads[a], spreads[b]
    shares = stage.weights / totals.weight[stage.domains]
    part_a, part_b = np.sqrt(u_a[pairs]) * shares[first], np.sqrt(u_b[pairs]) * shares[second]
    twice = sums(pairs, part_a + part_b - np.hypot(part_a, part_b), len(a))
    roots = np.sqrt(u_a) + np.sqrt(u_b) - twice  # the shares of a domain add up to 1
    squares = stage.squares_of() / np.where(totals.weight > 0, totals.weight, 1) ** 2
    kish = quotient(roots**2, u_a * squares[a] + u_b * squares[b])

    def of_either(number: Floats, shared: Shared) -> Floats:
        both = how_many(shared.pairs, len(a)) * (u_a > 0) * (u_b > 0)
        return number[a] * (u_a > 0) + number[b] * (u_b > 0) - both

    units = of_either(stage.units_of(), met[0])
    strata = of_either(stage.strata_of(), met[1])
    some = units > 0
    freedom = np.where(some, degrees_of_freedom_of(units, strata, kish), np.inf)
    return freedom, np.where(some, kish, 1)


def _of_all(totals: DesignTotals, spreads: Floats) -> tuple[float, float]:
    """Degrees of freedom (3) of all domains together, and Kish's number; 0 if none has a part."""
    stage = totals.stages[0]
    counted = np.flatnonzero(spreads[stage.domains] > 0)
    domains, units = stage.domains[counted], stage.units[counted]
    parts = spreads[domains] * stage.squares[counted] / totals.weight[domains] ** 2
    roots = np.sqrt(spreads[domains]) * stage.weights[counted] / totals.weight[domains]
    alone = stage.alike[counted] > 1  # no unit of one domain's several is another domain's
    squared = sums(units, parts)
    root = np.sqrt(sums(units[~alone], parts[~alone])).sum() + roots[alone].sum()
    kish = float(quotient(np.asarray(root**2), np.asarray(squared.sum()))) if counted.size else 0.0
    alike = np.zeros(len(squared))
    alike[units] = stage.alike[counted]
    strata = len(np.unique(stage.cell_strata[stage.cells[counted]]))
    number, of_strata = np.asarray(alike.sum()), np.asarray(float(strata))
    return float(degrees_of_freedom_of(number, of_strata, np.asarray(kish))), kish
