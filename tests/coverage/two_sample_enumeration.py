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
from functools import cache, partial
from itertools import permutations
from typing import NamedTuple

import numpy as np
from enumeration import Floats, Limits, held, lowest, markdown, probabilities, tables
from numpy.typing import NDArray

from custfocus.intervals.difference import difference_interval
from custfocus.intervals.two_sample import mover_interval_difference, score_interval_difference

Method = Callable[[Floats, Floats], Limits]

STEPS = 400  # of a proportion, from 0 to 1
LATTICE = 10  # steps of each share of a population of three kinds of answers
NEAR_A_VERTEX = (50, 100, 150, 175, 200, 300, 500)  # of 10,000, not of one kind but of one other

_UNIT = 10_000  # shares are whole numbers of 1 / unit until they are divided by it


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


def of_proportions(name: str) -> Method:
    """A method of `difference_interval`, for counts of failures and successes."""

    def limits(counts_a: Floats, counts_b: Floats) -> Limits:
        x_a, x_b, n_a, n_b = counts_a[..., 1], counts_b[..., 1], counts_a.sum(-1), counts_b.sum(-1)
        return difference_interval(x_a, n_a, x_b, n_b, method=name)

    return limits


class Family(NamedTuple):
    """Populations, methods for the difference of two of them, and what the table says of them."""

    populations: Callable[[], NDArray[np.int64]]
    scores: tuple[float, ...]
    methods: dict[str, Method]
    sizes: tuple[tuple[int, int], ...]
    high: float  # the proportion or net score from which on a population is high
    top: str  # the title of the mean over pairs of high populations
    place: str  # what a population is named by in the table
    shown: Callable[[Floats], str]


FAMILIES = {
    "proportions": Family(
        two_kinds,
        (0, 1),
        {
            name: of_proportions(name)
            for name in ("miettinen-nurminen", "mee", "newcombe", "agresti-caffo", "wald")
        },
        ((10, 10), (20, 10), (50, 5)),
        0.8,
        "both .8 or more",
        "proportions",
        lambda shares: f"{shares[1]:g}",
    ),
    "net scores": Family(
        three_kinds,
        (-1, 0, 1),
        {
            "score": partial(score_interval_difference, scores=(-1, 0, 1)),
            "score, uncorrected": partial(
                score_interval_difference, scores=(-1, 0, 1), correction=False
            ),
            "MOVER": partial(mover_interval_difference, scores=(-1, 0, 1)),
        },
        ((10, 10),),
        0.5,
        "both .5 or more",
        "detractors, passives, promoters",
        lambda shares: ", ".join(f"{share:g}" for share in shares),
    ),
}


@cache
def coverage(family: str, method: str, sizes: tuple[int, int] = (10, 10)) -> tuple[Floats, Floats]:
    """The coverage and width of a method of FAMILIES, kept; see `enumerated`."""
    return enumerated(FAMILIES[family], method, sizes)


def enumerated(family: Family, method: str, sizes: tuple[int, int]) -> tuple[Floats, Floats]:
    """
    The exact coverage and the expected width of a method under each pair of populations.

    Args:
        family: The populations and their methods.
        method: One of its methods.
        sizes: Answers in either sample.

    Returns:
        The probability that the interval holds the difference, and the expected width, each of
        shape (P, P), the first sample's population first.
    """
    grid, scores, methods, *_ = family
    populations = grid()
    counts_a, counts_b = (tables(n, len(scores)) for n in sizes)
    low, high = methods[method](counts_a[:, None, :], counts_b[None, :, :])
    chance_a, chance_b = (
        probabilities(counts, populations / _UNIT) for counts in (counts_a, counts_b)
    )
    means = populations @ np.array(scores)
    differences = (means[:, None] - means[None, :]) / _UNIT
    order = np.argsort(differences, axis=None)
    deltas, first = np.unique(differences.ravel()[order], return_index=True)
    covered = np.empty(differences.shape)
    for delta, cells in zip(deltas, np.split(order, first[1:]), strict=True):
        row, column = np.unravel_index(cells, covered.shape)
        held_by_b = chance_a @ held(low, high, delta)
        covered[row, column] = (held_by_b[row] * chance_b[column]).sum(axis=1)
    return covered, chance_a @ (high - low) @ chance_b.T


def table(name: str) -> str:
    """The published table of a family of FAMILIES."""
    return table_of(FAMILIES[name], partial(coverage, name))


def table_of(
    family: Family, covers: Callable[[str, tuple[int, int]], tuple[Floats, Floats]]
) -> str:
    """The published table of a family, from what gives its methods' coverage and width."""
    populations = family.populations()
    top = np.flatnonzero(populations @ np.array(family.scores) >= family.high * _UNIT)
    rows = []
    for sizes in family.sizes:
        for method in family.methods:
            covered, width = covers(method, sizes)
            worst = np.unravel_index(lowest(covered.ravel()), covered.shape)
            where = (family.shown(populations[one] / _UNIT) for one in worst)
            means = covered.mean(), covered[np.ix_(top, top)].mean(), covered[worst]
            answers = " and ".join(map(str, sizes))
            rows.append([answers, method, *means, " and ".join(where), width.mean()])
    place = f"where it falls: {family.place}"
    titles = ["answers", "method", "mean coverage", family.top, "minimum", place, "mean width"]
    return markdown(titles, "llrrrlr", rows)


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(map(table, FAMILIES)) + "\n")
