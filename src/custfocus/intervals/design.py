"""
How the respondents of a survey were drawn, as arrays, and what a design says of their means.

Here are what goes into the variances of `custfocus.intervals.linearisation` and of
`custfocus.intervals.replication`, what comes out of both, and the sums by code that they
share. Sums run by `numpy.bincount`, which adds in the order of the rows: a domain gets the same
bits alone and among others.

References:
    Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, chapters 4 and 5.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import COUNTABLE, Floats, reachable
from custfocus.intervals.columns import column_sum
from custfocus.intervals.score import mean_score

Codes = NDArray[np.intp]

_NO_ERROR = 1e-10  # of the scale's length: a standard error below is rounding (or a census)
_NO_SPREAD = 1e-12  # likewise: a standard deviation below is that of answers all equal


class Stage(NamedTuple):
    """
    One stage of the sampling: units from strata.

    Attributes:
        units: The unit of each row, shape (rows,).
        strata: The stratum of each unit, shape (units,).
        alike: How many units of the same answer each of them stands for, k in the linearisation;
            shape (units,).
        unevenness: Of the weights among these, sum w² / (sum w)² - 1 / k; shape (units,).
        sizes: How many units were drawn from each stratum, shape (strata,).
        open: What the variance between its units is multiplied by for each stratum, shape
            (strata,): 1 - n / N, times the shares n / N of the stages before.
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
    def single(self) -> NDArray[np.bool_]:
        """Whether a stratum has one unit, though it had more to draw from; shape (strata,)."""
        alone: NDArray[np.bool_] = (self.sizes == 1) & (self.open > 0)
        return alone


class Rows(NamedTuple):
    """The respondents who count: those with an answer and a positive weight; shapes (rows,)."""

    places: Codes
    weights: Floats  # the sum of those of the row's respondents
    domains: Codes
    respondents: Floats  # how many they are
    squares: Floats  # the sum of their squared weights


class DesignMeans(NamedTuple):
    """
    What a design says about the mean score of each domain, all of shape (domains,).

    Attributes:
        value: The mean, NaN where a domain has no respondents.
        n: Respondents.
        spread: Variance of the score among them, by weight; 0 where all answers are equal.
        variance: Design variance of the mean.
        degrees_of_freedom: Those of the variance, at least 1; 0 where there are no respondents.
        effective_n: Answers that would give this variance if they were drawn one by one and
            put back, spread / variance; Kish's number of units where there is none.
        ceiling: Kish's number of respondents, the most that the score interval takes for the
            effective n; larger in a finite population, infinite in a census. His number of
            units where there is no variance.
        no_variance: Whether the variance is 0 in a sample, within rounding.
        seen: The mean of the respondents without weights, where they and others are all there are.
        unseen: How many others the domain may have; infinite where that is not known.
    """

    value: Floats
    n: Floats
    spread: Floats
    variance: Floats
    degrees_of_freedom: Floats
    effective_n: Floats
    ceiling: Floats
    no_variance: NDArray[np.bool_]
    seen: Floats
    unseen: Floats


class WeightedSample(NamedTuple):
    """What the respondents say before it is asked how they were drawn."""

    value: Floats  # (domains,), as are the next three
    n: Floats
    spread: Floats
    weight: Floats
    values: Floats  # linearised, (rows,)
    length: float  # of the scale


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


def sample_of(counts: Floats, scores: Floats, rows: Rows) -> WeightedSample:
    """The mean score of each domain, and how far from it each row is."""
    value = mean_score(counts, scores)
    columns = counts.T
    weights = column_sum(columns)
    squares = column_sum(columns * (scores[:, None] - value) ** 2)
    shares = rows.weights / weights[rows.domains]
    return WeightedSample(
        value,
        sums(rows.domains, rows.respondents, len(counts)),
        squares / np.where(weights > 0, weights, 1),
        weights,
        shares * (scores[rows.places] - value[rows.domains]),
        float(np.ptp(scores)),
    )


def design_means(
    sample: WeightedSample,
    variance: Floats,
    kish: Floats,
    degrees_of_freedom: Floats,
    ceiling: Floats,
) -> DesignMeans:
    """A sample with its design variance; *kish* is its effective size where that is 0."""
    some = sample.n > 0
    none = some & (variance <= (_NO_ERROR * sample.length) ** 2)
    effective_n = np.where(none, kish, quotient(sample.spread, variance))
    equal = sample.spread <= (_NO_SPREAD * sample.length) ** 2
    return DesignMeans(
        sample.value,
        sample.n,
        np.where(some, np.where(equal, 0, sample.spread), np.nan),
        np.where(some, variance, np.nan),
        degrees_of_freedom,
        np.where(some, effective_n, np.nan),
        np.where(none, kish, ceiling),
        none,
        sample.value,
        np.full_like(sample.n, np.inf),
    )


def of_members(
    means: DesignMeans, rows: Rows, scores: Floats, stage: Stage, left: Floats
) -> DesignMeans:
    """
    The means of domains of a population whose members were drawn one by one from known strata.

    A domain may have every member who was not drawn of the strata in which it has respondents.

    Args:
        means: What the design says of them.
        rows: The respondents who count.
        scores: Shape (points,).
        stage: The sampling of members, with the units of these rows.
        left: How many members of each stratum were not drawn, infinite where that is not known;
            shape (strata,).
    """
    number = len(means.n)
    domains, strata, _ = numbered(rows.domains, stage.strata[stage.units])
    total = sums(rows.domains, rows.respondents * scores[rows.places], number)
    seen = total / np.where(means.n > 0, means.n, np.nan)
    unseen = sums(domains, left[strata], number)
    return means._replace(seen=seen, unseen=unseen)


def knows_members(means: DesignMeans) -> NDArray[np.bool_]:
    """Whether it is known how many members each domain may have; a float64 tells so many apart."""
    known: NDArray[np.bool_] = means.unseen <= COUNTABLE
    return known


def means_within_reach(means: DesignMeans, scores: Floats) -> tuple[Floats, Floats]:
    """
    The least and the most that the mean of each domain can be, by the members who were not seen.

    Weights may put the mean of the sample beyond, which is then the end.
    """
    known = knows_members(means)
    ends = float(scores.min()), float(scores.max())
    n, seen, unseen = (np.where(known, each, 0) for each in (means.n, means.seen, means.unseen))
    found = reachable(n * seen, n, n + unseen, ends)
    least, most = (np.where(known, one, end) for one, end in zip(found, ends, strict=True))
    return np.fmin(least, means.value), np.fmax(most, means.value)


def fixed_degrees_of_freedom(found: Floats, fixed: float | None) -> Floats:
    """The fixed ones where there are any at all; those that were found if none are fixed."""
    return found if fixed is None else np.where(found > 0, fixed, 0)


def sums(codes: Codes, values: NDArray[np.float64 | np.int64], number: int = 0) -> Floats:
    """The sum of the values of each code, in the order of the rows; shape (number or more,)."""
    return np.asarray(np.bincount(codes, values, number), dtype=np.float64)


def how_many(codes: Codes, number: int = 0) -> Floats:
    """How often each code occurs; shape (number or more,)."""
    return np.bincount(codes, minlength=number).astype(np.float64)


def quotient(above: Floats | float, below: Floats) -> Floats:
    """Infinite where the divisor is 0."""
    return np.where(below > 0, above / np.where(below > 0, below, 1), np.inf)
