"""Differences between rows of plain samples, from counts."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import Floats, critical_value, finite_population_factor
from custfocus.intervals.k_sample import k_sample_test
from custfocus.intervals.melding import melded_interval_difference, melded_p_value
from custfocus.intervals.score import mean_score, mean_variance
from custfocus.intervals.scored_pair import Populations, ScoredPair
from custfocus.intervals.screening import PairScreen
from custfocus.responses.sample import ComparisonMethod, Differences, Homogeneities, PairTests
from custfocus.results.arrays import Counts, Places

_BLOCK = 2**17  # pairs at a time: what they need stays within some hundred megabytes
_SCREENED = 100  # groups, from which on a table of each saves more than it costs


def independent_differences(
    one: Counts,
    other: Counts,
    scores: Floats,
    confidence_level: float,
    *,
    method: ComparisonMethod,
    correction: bool,
    tested: bool,
    populations: Populations = (None, None),
) -> Differences:
    """
    The differences of mean scores between counts (pairs, K), by the two-sample score interval.

    Or with melded limits, see `melded_interval_difference`.

    The limits are held between the value and their ends of the scale, which rounding could
    cross.

    Args:
        one: The counts that stand first.
        other: Those that are taken off.
        scores: As quoted, shape (K,).
        confidence_level: Two-sided, in (0, 1).
        method: ``"score"``, ``"exact"`` or ``"mid-p"``.
        correction: Whether the variance is multiplied by N / (N - 1).
        tested: Whether p-values are asked for; NaN otherwise.
        populations: The sizes of the populations of either, shape (pairs,), or None.
    """
    a, b = one.astype(np.float64), other.astype(np.float64)
    pair = ScoredPair.of(a, b, scores, populations)
    factor = correction_factor(a.sum(axis=-1) + b.sum(axis=-1), correction=correction)
    value = mean_score(a, scores) - mean_score(b, scores)
    some = np.where(np.isnan(value), np.nan, 1.0)
    p = some * np.nan
    if method == "score":
        length = float(np.ptp(scores))
        low, high = pair.limits(critical_value(confidence_level) ** 2 * factor)
        low, high = np.clip(low, -length, value), np.clip(high, value, length)
        p = _p_values(pair, factor, value) if tested else p
    else:
        low, high = melded_interval_difference(
            a, b, scores, method=method, confidence_level=confidence_level
        )
        p = melded_p_value(a, b, scores, method=method) if tested else p
    return Differences(
        value,
        low,
        high,
        np.sqrt(_variance(a, scores, populations[0]) + _variance(b, scores, populations[1])) * some,
        p,
        some * np.inf,
        some,
        np.zeros_like(value) * some,
    )


def independent_p_values(
    counts: Counts,
    rows: Places,
    other_rows: Places,
    scores: Floats,
    population: Floats | None = None,
) -> Floats:
    """
    The two-sided p-values between rows of counts (groups, K), shape (pairs,).

    The population is that of each group, or None.
    """
    found = np.empty(len(rows))
    for part in pair_blocks(len(rows)):
        one, other = rows[part], other_rows[part]
        a, b = (counts[some].astype(np.float64) for some in (one, other))
        sizes = (None, None) if population is None else (population[one], population[other])
        pair = ScoredPair.of(a, b, scores, sizes)
        factor = correction_factor(a.sum(axis=-1) + b.sum(axis=-1), correction=True)
        found[part] = _p_values(pair, factor, mean_score(a, scores) - mean_score(b, scores))
    return found


def pair_blocks(pairs: int) -> list[slice]:
    """Slices that cover so many pairs, at least one."""
    return [slice(first, first + _BLOCK) for first in range(0, max(pairs, 1), _BLOCK)]


def independent_pair_tests(
    counts: Counts,
    scores: Floats,
    between: tuple[float, float],
    population: Floats | None = None,
) -> PairTests:
    """
    The p-values of many pairs of rows of counts (groups, K), where few matter.

    Of many groups most pairs are settled by a table of each group, see `PairScreen`; of few
    the table would cost more than it saves.
    """
    screen = (
        None
        if len(counts) < _SCREENED
        else (PairScreen.of(counts.astype(np.float64), scores, between, population))
    )

    def tested(one: Places, other: Places) -> Floats:
        """The p-values of pairs by their rows."""
        if screen is None:
            return independent_p_values(counts, one, other, scores, population)
        p_values = screen.settled(one, other)
        open_ = np.flatnonzero(np.isnan(p_values))
        p_values[open_] = independent_p_values(counts, one[open_], other[open_], scores, population)
        return p_values

    return tested


def independent_homogeneity(
    counts: Counts,
    blocks: Places,
    number: int,
    scores: Floats,
    population: Floats | None = None,
) -> Homogeneities:
    """
    Score tests of equal means within blocks of rows, see `k_sample_test`.

    Args:
        counts: Shape (rows, K).
        blocks: The block of each row.
        number: How many blocks there are.
        scores: As quoted, shape (K,).
        population: The sizes of finite populations, shape (rows,), or None.
    """
    order, sizes = np.argsort(blocks, kind="stable"), np.bincount(blocks, minlength=number)
    starts = np.cumsum(sizes) - sizes
    found = np.full((4, number), np.nan)
    for size in np.unique(sizes).tolist():  # blocks of equal size at once
        some = np.flatnonzero(sizes == size)
        rows = order[starts[some, np.newaxis] + np.arange(size)]
        members = None if population is None else population[rows]
        statistic, freedom, p = k_sample_test(counts[rows].astype(np.float64), scores, members)
        found[:, some] = statistic, freedom, np.where(np.isnan(p), np.nan, np.inf), p
    return Homogeneities(*found)


def _variance(counts: Floats, scores: Floats, population: Floats | None) -> Floats:
    """That of the mean; 0 in a census, also of one answer."""
    left = finite_population_factor(counts.sum(axis=-1), population)
    return left * np.where(left > 0, mean_variance(counts, scores), 0)


def _p_values(pair: ScoredPair, factor: Floats, value: Floats) -> Floats:
    p = pair.p_values(np.zeros_like(value), factor)
    p = np.where(value == 0, 1, p)  # whatever rounding leaves of the samples' sum
    return np.where(np.isnan(value), np.nan, p)


def correction_factor(total: NDArray[Any], *, correction: bool) -> Floats:
    """N / (N - 1), or 1 without the correction and where there is nothing to correct."""
    return np.maximum(total, 1) / np.maximum(total - 1, 1) if correction else np.ones(total.shape)
