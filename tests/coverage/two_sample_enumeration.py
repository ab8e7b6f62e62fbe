"""
Exact coverage of intervals for a difference of two samples, by enumerating every pair of tables.

Nothing is simulated: each pair of tables has an exact probability under each pair of populations,
and the coverage is the probability of the pairs whose interval holds the populations' difference.

Two proportions meet on a grid of all pairs of 0, .0025, ..., 1; two net scores, on a grid of all
pairs of populations of detractors, passives and promoters. Run as a script it prints a table for
each, and docs/choosing-an-interval.md quotes both.
"""

import sys
from collections.abc import Callable
from functools import partial
from itertools import combinations, permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from custfocus.intervals.difference import difference_interval
from custfocus.intervals.two_sample import mover_interval_difference, score_interval_difference

Floats = NDArray[np.float64]
Limits = tuple[Floats, Floats]
Method = Callable[[Floats, Floats], Limits]

SIZES = ((10, 10), (20, 10), (50, 5))
NET_SIZES = ((10, 10),)
STEPS = 400  # of a proportion, from 0 to 1
LATTICE = 10  # steps of each share of a population of three kinds of answers
NEAR_A_VERTEX = (50, 100, 150, 175, 200, 300, 500)  # of 10,000, not of one kind but of one other

TOP = {2: 0.8, 3: 0.5}  # the proportion, or the net score, from which on a population is high

_UNIT = 10_000  # shares are whole numbers of 1 / unit until they are divided by it
_ROUNDING = 1e-12
_TIE = 1e-9  # minima closer than this are one minimum


class Summary(NamedTuple):
    """One row of a published table; *where* is the pair of populations of the minimum."""

    sizes: tuple[int, int]
    method: str
    mean: float
    top: float  # the mean over pairs of high populations
    minimum: float
    where: tuple[Floats, Floats]
    width: float


def tables(n: int, points: int) -> Floats:
    """Every table of *n* answers on so many points, shape (T, K): n stars between K - 1 bars."""
    bars = np.array(list(combinations(range(n + points - 1), points - 1)))
    edges = np.pad(bars, ((0, 0), (1, 1)), constant_values=((0, 0), (-1, n + points - 1)))
    return (np.diff(edges, axis=1) - 1).astype(np.float64)


def two_kinds() -> NDArray[np.int64]:
    """Populations of failures and successes, in whole numbers of 1 / unit; shape (P, 2)."""
    successes = np.arange(STEPS + 1) * (_UNIT // STEPS)
    return np.stack([_UNIT - successes, successes], axis=1)


def three_kinds() -> NDArray[np.int64]:
    """Populations of detractors, passives and promoters: a lattice, and near its vertices."""
    lattice = tables(LATTICE, 3).astype(np.int64) * (_UNIT // LATTICE)
    near = np.zeros((len(NEAR_A_VERTEX) * 6, 3), dtype=np.int64)
    pairs = [(few, *ends) for few in NEAR_A_VERTEX for ends in permutations(range(3), 2)]
    for row, (few, most, other) in zip(near, pairs, strict=True):
        row[other], row[most] = few, _UNIT - few
    return np.concatenate([lattice, near])


def probabilities(counts: Floats, shares: Floats) -> Floats:
    """The multinomial probability of each table (T, K) under each population (P, K): (P, T)."""
    orders = gammaln(counts.sum(axis=1) + 1) - gammaln(counts + 1).sum(axis=1)
    columns = zip(counts.T, shares.T, strict=True)
    return np.exp(orders + sum(xlogy(count, share[:, None]) for count, share in columns))


def of_proportions(name: str) -> Method:
    """A method of `difference_interval`, for counts of failures and successes."""

    def limits(counts_a: Floats, counts_b: Floats) -> Limits:
        x_a, x_b, n_a, n_b = counts_a[..., 1], counts_b[..., 1], counts_a.sum(-1), counts_b.sum(-1)
        return difference_interval(x_a, n_a, x_b, n_b, method=name)

    return limits


PROPORTIONS: dict[str, Method] = {
    name: of_proportions(name)
    for name in ("miettinen-nurminen", "mee", "newcombe", "agresti-caffo", "wald")
}
NET_SCORES: dict[str, Method] = {
    "score": partial(score_interval_difference, scores=(-1, 0, 1)),
    "score, uncorrected": partial(score_interval_difference, scores=(-1, 0, 1), correction=False),
    "MOVER": partial(mover_interval_difference, scores=(-1, 0, 1)),
}


def coverage(
    sizes: tuple[int, int],
    populations: NDArray[np.int64],
    scores: tuple[int, ...],
    method: Method,
) -> tuple[Floats, Floats]:
    """
    The exact coverage and the expected width of a method under each pair of populations.

    Args:
        sizes: Answers in either sample.
        populations: Shares in whole numbers of 1 / unit, shape (P, K).
        scores: Whole numbers, K of them.
        method: Limits of every pair of tables at once, from counts that broadcast.

    Returns:
        The probability that the interval holds the difference, and the expected width, each of
        shape (P, P), the first sample's population first.
    """
    counts_a, counts_b = (tables(n, len(scores)) for n in sizes)
    low, high = method(counts_a[:, None, :], counts_b[None, :, :])
    chance_a, chance_b = (
        probabilities(counts, populations / _UNIT) for counts in (counts_a, counts_b)
    )
    means = populations @ np.array(scores)
    differences = (means[:, None] - means[None, :]) / _UNIT
    order = np.argsort(differences, axis=None)
    deltas, first = np.unique(differences.ravel()[order], return_index=True)
    covered = np.empty(differences.shape)
    for delta, cells in zip(deltas, np.split(order, first[1:]), strict=True):
        holds = (low - _ROUNDING <= delta) & (delta <= high + _ROUNDING)
        row, column = np.unravel_index(cells, covered.shape)
        covered[row, column] = ((chance_a @ holds)[row] * chance_b[column]).sum(axis=1)
    return covered, chance_a @ (high - low) @ chance_b.T


def summary(
    sizes: tuple[int, int],
    populations: NDArray[np.int64],
    scores: tuple[int, ...],
    methods: dict[str, Method],
    name: str,
) -> Summary:
    """One case; of equal minima the first."""
    covered, width = coverage(sizes, populations, scores, methods[name])
    a, b = np.argwhere(covered < covered.min() + _TIE)[0]
    where = populations[a] / _UNIT, populations[b] / _UNIT
    high = populations @ np.array(scores) >= TOP[len(scores)] * _UNIT
    top = covered[np.ix_(high, high)].mean()
    return Summary(sizes, name, covered.mean(), top, covered[a, b], where, width.mean())


def rendered(rows: list[Summary], top: str, place: str, shown: Callable[[Floats], str]) -> str:
    """A published table, in Markdown."""
    lines = [
        f"| answers | method | mean coverage | {top} | minimum | {place} | mean width |",
        "|---|---|---:|---:|---:|---|---:|",
    ]
    for row in rows:
        sizes, where = (" and ".join(map(str, row.sizes)), " and ".join(map(shown, row.where)))
        lines.append(
            f"| {sizes} | {row.method} | {row.mean:.3f} | {row.top:.3f} | {row.minimum:.3f} "
            f"| {where} | {row.width:.3f} |"
        )
    return "\n".join(lines)


def proportions_table() -> str:
    """The published table of two proportions."""
    rows = [
        summary(sizes, two_kinds(), (0, 1), PROPORTIONS, name)
        for sizes in SIZES
        for name in PROPORTIONS
    ]
    place = "where it falls: proportions"
    return rendered(rows, "both .8 or more", place, lambda shares: f"{shares[1]:g}")


def net_scores_table() -> str:
    """The published table of two net scores."""
    rows = [
        summary(sizes, three_kinds(), (-1, 0, 1), NET_SCORES, name)
        for sizes in NET_SIZES
        for name in NET_SCORES
    ]
    place = "where it falls: detractors, passives, promoters"
    return rendered(
        rows, "both .5 or more", place, lambda shares: ", ".join(f"{share:g}" for share in shares)
    )


def main() -> None:
    """Print both published tables."""
    sys.stdout.write(f"{proportions_table()}\n\n{net_scores_table()}\n")


if __name__ == "__main__":
    main()
