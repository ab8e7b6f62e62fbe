"""
The variance of a weighted mean by replicate weights: how much the mean changes with them.

Some surveys come with R sets of weights, each as if the sample had been drawn a little
differently. With m_r the mean by the r-th set, the variance is

    sum_r f_r (m_r - centre)²,                                                            (1)

where the f_r belong to the way the sets were made and the centre is their mean, or the mean by
the weights themselves. The covariance of two domains is the same sum of products. Sums run over replicates one by one and over rows by `numpy.bincount`,
in the order of the rows: a domain gets the same bits alone and among others.

References:
    Wolter (2007), Introduction to Variance Estimation, 2nd ed., chapters 3 and 4. Lumley
    (2010), Complex Surveys, section 2.3, and `svrepdesign` of the R package survey.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import Floats, ignoring_underflow
from custfocus.intervals.columns import column_sum, weighted_sum
from custfocus.intervals.covariance import (
    DesignDomains,
    DesignPairs,
    at,
    settled,
    shows_variance,
    square,
)
from custfocus.intervals.design import (
    Codes,
    DesignMeans,
    Rows,
    design_means,
    fixed_degrees_of_freedom,
    quotient,
    sample_of,
    sums,
)
from custfocus.intervals.residuals import Auxiliaries, all_alike, judged, slopes_of
from custfocus.intervals.shared_units import bounded_blocks, expanded

_DEPENDENT = 1e-5  # of the largest singular value, as in R: below it a direction is rounding
_BLOCK = 2**20  # numbers that are copied at a time to find ranks: eight megabytes


class Replicates(NamedTuple):
    """
    Replicate weights, and how squares are put together.

    Attributes:
        weights: Shape (rows, R), of any sign; best with each column contiguous.
        factors: The f_r of (1), shape (R,).
        mse: Whether the centre is the mean by the weights themselves.
    """

    weights: Floats
    factors: Floats
    mse: bool


class ReplicateTotals(NamedTuple):
    """The means of domains, and the replicates that their covariances come from."""

    means: DesignMeans
    deviations: Floats  # of each replicate's mean from the centre, (R, domains); 0 for none
    ranks: Floats  # of the replicate weights in each domain, (domains,)
    domains: Codes  # of each row
    replicates: Replicates
    kish: Floats  # of respondents, whatever calibration explains; at most the rank for no variance


@ignoring_underflow
def replicate_totals(
    counts: Floats,
    scores: Floats,
    rows: Rows,
    replicates: Replicates,
    *,
    auxiliaries: Auxiliaries | None = None,
    degrees_of_freedom: float | None = None,
) -> ReplicateTotals:
    """
    The mean score of each domain, its variance and what covariances come from, by replicates.

    A replicate by which a domain weighs nothing has no mean of it and is left out. The degrees
    of freedom are the rank of the domain's replicate weights less 1. Where the sample shows no
    variance the effective size is Kish's over the respondents, and at most the rank: there is
    no telling which of them were drawn together, but the replicates tell no more apart.

    Args:
        counts: Weight on each point in each domain, shape (domains, points).
        scores: Shape (points,).
        rows: The respondents who count.
        replicates: The replicate weights of these rows.
        auxiliaries: What the weights, and those of each replicate, were calibrated on; None for
            weights whose replicates say all.
        degrees_of_freedom: Those of every variance, in place of the rank less 1, or None.
    """
    domains, sample = len(counts), sample_of(counts, scores, rows)
    residuals = scores[rows.places] - sample.value[rows.domains]
    deviations = _centred(
        _deviations(residuals, rows.domains, replicates.weights, domains), replicates
    )
    rank = ranks(replicates.weights, rows.domains, domains)
    kish = quotient(sample.weight**2, sums(rows.domains, rows.squares, domains))
    own = np.where(sample.n > 0, np.maximum(rank - 1, 1), 0)
    means = design_means(
        sample,
        weighted_sum(deviations**2, replicates.factors),
        np.minimum(kish, np.maximum(rank, 1)),
        fixed_degrees_of_freedom(own, degrees_of_freedom),
        kish,
    )
    totals = ReplicateTotals(means, deviations, rank, rows.domains, replicates, means.ceiling)
    if auxiliaries is None:
        return totals
    slopes = slopes_of(auxiliaries, rows, sample.values, domains)
    alike = all_alike(counts, scores)
    judged_means = judged(means, auxiliaries, rows, sample.values, slopes, alike=alike)
    return totals._replace(means=judged_means)


@ignoring_underflow
def replicate_pairs(
    totals: ReplicateTotals, a: Codes, b: Codes, *, degrees_of_freedom: float | None = None
) -> DesignPairs:
    """
    Pairs of domains of one survey with replicate weights, without a row in common.

    The degrees of freedom of a difference are the rank of the replicate weights of both domains
    less 1, and at most what Kish's numbers of respondents leave, kappa_a + kappa_b - 2.

    Args:
        totals: Of all domains.
        a: The first domain of each pair, shape (pairs,).
        b: The second one.
        degrees_of_freedom: Those of every difference, or None.
    """
    first, second = at(totals.means, a), at(totals.means, b)
    columns = totals.deviations
    covariance = weighted_sum(columns[:, a] * columns[:, b], totals.replicates.factors)
    kish_less_1 = _kish_less_1(totals)
    left = kish_less_1[a] + kish_less_1[b]
    rank = _ranks_of_both(totals, a, b, left + 1)
    found = settled(first, second, np.minimum(rank - 1, left), degrees_of_freedom)
    return DesignPairs(first, second, covariance, found, _units(rank, totals, a, b))


@ignoring_underflow
def replicate_domains(
    totals: ReplicateTotals, *, degrees_of_freedom: float | None = None
) -> DesignDomains:
    """All domains of one survey with replicate weights; see `replicate_pairs`."""
    means, columns = totals.means, totals.deviations
    a, b = np.triu_indices(len(means.value), 1)
    beside = weighted_sum(columns[:, a] * columns[:, b], totals.replicates.factors)
    shown = shows_variance(means)
    counted = np.flatnonzero(shown[totals.domains])
    rank = ranks(totals.replicates.weights, np.zeros(len(counted), dtype=np.intp), 1, counted)[0]
    found = max(min(rank - 1, _kish_less_1(totals).sum()), 1.0)
    shared = found if degrees_of_freedom is None else degrees_of_freedom
    return DesignDomains(
        means,
        square(means.variance, a, b, beside),
        shared if shown.any() else np.inf,
        np.full(len(shown), np.inf),
        max(min(rank, totals.kish[shown].mean()), 1.0) if shown.any() else 1.0,
    )


def _kish_less_1(totals: ReplicateTotals) -> Floats:
    """What Kish's number of respondents leaves; 0 for a domain that shows no variance."""
    return np.where(shows_variance(totals.means), totals.kish - 1, 0)


def _units(rank: Floats, totals: ReplicateTotals, a: Codes, b: Codes) -> Floats:
    """At most how many units the difference rests on, at least 1."""
    kish = np.where(totals.means.n > 0, totals.kish, 0)
    return np.maximum(np.minimum(rank, (kish[a] + kish[b]) / 2), 1)


def _ranks_of_both(totals: ReplicateTotals, a: Codes, b: Codes, most: Floats) -> Floats:
    """
    The rank of the replicate weights of both domains, or of the one that shows a variance.

    It is at least that of either, so that it need not be found where that is *most* of what is
    asked for, or that of all rows.
    """
    shown = shows_variance(totals.means)
    least = np.maximum(*(np.where(shown[each], totals.ranks[each], 0) for each in (a, b)))
    weights, domains = totals.replicates.weights, totals.domains
    whole = ranks(weights, np.zeros(len(domains), dtype=np.intp), 1)[0]
    open_ = np.flatnonzero(shown[a] & shown[b] & (least < np.minimum(most, whole)))
    order = np.argsort(domains, kind="stable")
    sizes = np.bincount(domains, minlength=len(shown))
    starts = np.cumsum(sizes) - sizes
    for block in bounded_blocks(sizes[a[open_]] + sizes[b[open_]]):
        some = open_[block]
        chosen = np.concatenate([a[some], b[some]])
        items, places = expanded(sizes[chosen], starts[chosen])
        least[some] = ranks(weights, items % len(some), len(some), order[places])
    return least


def _deviations(residuals: Floats, domains: Codes, weights: Floats, number: int) -> Floats:
    """By how much the mean of each replicate differs, (R, domains); NaN where it has none."""
    deviations = np.empty((weights.shape[1], number))
    for deviation, weight in zip(deviations, weights.T, strict=True):
        total = sums(domains, weight, number)
        change = sums(domains, weight * residuals, number)
        deviation[:] = change / np.where(total == 0, np.nan, total)
    return deviations


def _centred(deviations: Floats, replicates: Replicates) -> Floats:
    """The deviations from the centre of (1), (R, domains); 0 for a replicate without a mean."""
    present = ~np.isnan(deviations)
    known = np.where(present, deviations, 0)
    if not replicates.mse:
        counted = np.where(present & (replicates.factors > 0)[:, None], 1.0, 0.0)
        known -= column_sum(known * counted) / np.maximum(column_sum(counted), 1)
    return np.where(present, known, 0)


def ranks(weights: Floats, domains: Codes, number: int, rows: Codes | None = None) -> Floats:
    """
    The rank of the replicate weights in each domain, shape (number,); 0 for no rows.

    Rows are brought to the same length first, which leaves the rank and helps to tell rounding
    from small weights. Domains of like size go through one call of `numpy.linalg.eigvalsh`.

    Args:
        weights: Shape (rows, R).
        domains: Of each row.
        number: How many domains there are.
        rows: Which row of the weights each one is, or None for all of them in order.
    """
    order = np.argsort(domains, kind="stable")
    places = order if rows is None else rows[order]
    sizes = np.bincount(domains, minlength=number)
    starts = np.cumsum(sizes) - sizes
    found = np.zeros(number)
    for some in _of_like_size(sizes, weights.shape[1]):
        place = np.arange(int(sizes[some].max()))
        within = place < sizes[some][:, np.newaxis]
        chosen = places[np.where(within, starts[some][:, np.newaxis] + place, 0)]
        found[some] = _ranks(weights, chosen, within)
    return found


def _of_like_size(sizes: NDArray[np.intp], width: int) -> Iterator[NDArray[np.intp]]:
    """The domains with anybody, in parts of at most twice the size and of _BLOCK numbers."""
    classes = np.frexp(sizes)[1]
    for one in np.unique(classes[sizes > 0]):
        members = np.flatnonzero(classes == one)
        at_once = max(_BLOCK // (2 ** int(one) * width), 1)
        for first in range(0, len(members), at_once):
            yield members[first : first + at_once]


def _ranks(weights: Floats, rows: Codes, within: NDArray[np.bool_]) -> Floats:
    """The rank of the rows of each domain, both (domains, size), where they are within it."""
    size, width = rows.shape[1], weights.shape[1]
    if size < width:
        unit = _of_length_1(weights, rows, within)
        products = unit @ unit.swapaxes(-1, -2)
    else:
        products = np.zeros((len(rows), width, width))
        step = max(_BLOCK // (len(rows) * width), 1)
        for first in range(0, size, step):
            part = slice(first, first + step)
            unit = _of_length_1(weights, rows[:, part], within[:, part])
            products += unit.swapaxes(-1, -2) @ unit
    squares = np.linalg.eigvalsh(products)  # of the singular values, ascending
    return np.asarray((squares > _DEPENDENT**2 * squares[:, -1:]).sum(axis=-1), dtype=np.float64)


def _of_length_1(weights: Floats, rows: Codes, within: NDArray[np.bool_]) -> Floats:
    """Those rows, each divided by its length; 0 where not within."""
    chosen = np.where(within[..., None], weights[rows], 0)
    lengths = np.sqrt((chosen**2).sum(axis=-1, keepdims=True))
    return np.asarray(chosen / np.where(lengths > 0, lengths, 1))
