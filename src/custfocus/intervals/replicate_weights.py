"""
The variance of a weighted mean by replicate weights: how much the mean changes with them.

Some surveys come with R sets of weights, each as if the sample had been drawn a little
differently. With m_r the mean by the r-th set, the variance is

    sum_r f_r (m_r - centre)²,                                                            (1)

where the f_r belong to the way the sets were made and the centre is their mean, or the mean by
the weights themselves. Sums run over replicates one by one and over rows by `numpy.bincount`,
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
from custfocus.intervals.design import Codes, DesignMeans, Rows, design_means, sample_of, sums

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


@ignoring_underflow
def replicate(counts: Floats, scores: Floats, rows: Rows, replicates: Replicates) -> DesignMeans:
    """
    The mean score of each domain and its variance by replicate weights.

    A replicate by which a domain weighs nothing has no mean of it and is left out. The degrees
    of freedom are the rank of the domain's replicate weights less 1. Where the sample shows no
    variance the effective size is Kish's over the respondents, and at most the rank: there is
    no telling which of them were drawn together, but the replicates tell no more apart.

    Args:
        counts: Weight on each point in each domain, shape (domains, points).
        scores: Shape (points,).
        rows: The respondents who count.
        replicates: The replicate weights of these rows.
    """
    domains, sample = len(counts), sample_of(counts, scores, rows)
    residuals = scores[rows.places] - sample.value[rows.domains]
    deviations = _deviations(residuals, rows.domains, replicates.weights, domains)
    rank = ranks(replicates.weights, rows.domains, domains)
    some = sample.n > 0
    squared_shares = sums(rows.domains, sample.shares**2, domains)
    kish = np.minimum(1 / np.where(some, squared_shares, 1), np.maximum(rank, 1))
    return design_means(
        sample,
        _variance(deviations, replicates),
        kish,
        np.where(some, np.maximum(rank - 1, 1), 0),
        np.where(some, sample.n, np.inf),
    )


def _deviations(residuals: Floats, domains: Codes, weights: Floats, number: int) -> Floats:
    """By how much the mean of each replicate differs, (R, domains); NaN where it has none."""
    deviations = np.empty((weights.shape[1], number))
    for deviation, weight in zip(deviations, weights.T, strict=True):
        total = sums(domains, weight, number)
        change = sums(domains, weight * residuals, number)
        deviation[:] = change / np.where(total == 0, np.nan, total)
    return deviations


def _variance(deviations: Floats, replicates: Replicates) -> Floats:
    """Formula (1), shape (domains,)."""
    present = ~np.isnan(deviations)
    known = np.where(present, deviations, 0)
    if not replicates.mse:
        counted = np.where(present & (replicates.factors > 0)[:, None], 1.0, 0.0)
        known -= column_sum(known * counted) / np.maximum(column_sum(counted), 1)
    return weighted_sum(known**2 * present, replicates.factors)


def ranks(weights: Floats, domains: Codes, number: int) -> Floats:
    """
    The rank of the replicate weights in each domain, shape (number,); 0 for nobody.

    Rows are brought to the same length first, which leaves the rank and helps to tell rounding
    from small weights. Domains of like size go through one call of `numpy.linalg.eigvalsh`.

    Args:
        weights: Shape (rows, R).
        domains: Of each row.
        number: How many domains there are.
    """
    order = np.argsort(domains, kind="stable")
    sizes = np.bincount(domains, minlength=number)
    starts = np.cumsum(sizes) - sizes
    found = np.zeros(number)
    for some in _of_like_size(sizes, weights.shape[1]):
        place = np.arange(int(sizes[some].max()))
        within = place < sizes[some][:, np.newaxis]
        rows = order[np.where(within, starts[some][:, np.newaxis] + place, 0)]
        found[some] = _ranks(weights, rows, within)
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
