"""
Exact coverage of the exact and the mid-p limits of a mean score, beside the score interval's.

Tables, probabilities and grids are those of `enumeration`: with two points the shares 0, .0025,
..., 1, and the simplex grid with three and five. With two points the true infimum is found as
well: between two limits the coverage is the probability of a stretch of numbers of successes, which
rises and then falls, so that it is lowest just outside one of the limits. Run as a script it
prints the two tables that docs/coverage.md quotes.
"""

import sys
from functools import cache
from typing import NamedTuple

import numpy as np
from enumeration import (
    Floats,
    Limits,
    beta_binomial,
    coverage_of,
    lowest,
    markdown,
    probabilities,
    shares_text,
    simplex,
    tables,
)

from custfocus.intervals.exact_interval import exact_interval
from custfocus.intervals.score import score_interval

METHODS = ("score", "mid-p", "exact")
CASES = tuple((points, n) for points in (2, 3, 5) for n in (5, 10, 20))
ANSWERS = (5, 10, 20, 50, 100)

_BLOCK = 250  # populations at a time, beside up to 10,626 tables
_JUST = 1e-9  # outside a limit


class Summary(NamedTuple):
    """One row of the table of grids."""

    points: int
    answers: int
    populations: int
    method: str
    mean: float
    below: str
    minimum: float
    where: str
    width: float


class Infimum(NamedTuple):
    """The lowest coverage of a share, and the share that it lies just beside."""

    coverage: float
    share: float
    side: str


@cache
def limits(points: int, n: int, method: str) -> Limits:
    """The 95 % limits of all tables, for the scores 0, 1, ..., K-1."""
    counts, scores = tables(n, points), np.arange(points)
    if method == "score":
        return score_interval(counts, scores)
    return exact_interval(counts, scores, method=method)


@cache
def coverage(points: int, n: int, method: str) -> tuple[Floats, Floats]:
    """Coverage and expected width under each population of the grid."""
    shares, counts = populations(points), tables(n, points)
    found = [
        coverage_of(part, np.arange(points), counts, limits(points, n, method))
        for part in np.split(shares, range(_BLOCK, len(shares), _BLOCK))
    ]
    covered, width = (np.concatenate(column) for column in zip(*found, strict=True))
    return covered, width


def populations(points: int) -> Floats:
    """The grid: with two points the two grids of `enumeration` are one."""
    return beta_binomial(2) if points == 2 else simplex(points)


def summary(points: int, n: int, method: str) -> Summary:
    """One case."""
    (covered, width), shares = coverage(points, n, method), populations(points)
    first, below = lowest(covered), f"{100 * np.mean(covered < 0.9):.1f} %"
    return Summary(
        points, n, len(shares), method, covered.mean(), below, covered[first],
        shares_text(shares[first]), width.mean(),
    )  # fmt: skip


def infimum(n: int, method: str) -> Infimum:
    """The lowest coverage of any share; of mirror images the smaller share."""
    low, high = limits(2, n, method)
    found = []
    for sign, side, ends in ((-1, "below", low), (1, "above", high)):
        shares = ends[(ends > 0) & (ends < 1)] + sign * _JUST
        chance = probabilities(tables(n, 2), np.stack([1 - shares, shares], axis=1))
        holds = (low <= shares[:, None]) & (shares[:, None] <= high)
        found += [
            Infimum(float(covered), float(share), side)
            for covered, share in zip((chance * holds).sum(axis=1), shares, strict=True)
        ]
    least = min(one.coverage for one in found)
    return min((one for one in found if one.coverage < least + 1e-6), key=lambda one: one.share)


def table() -> str:
    """The table of the grids."""
    titles = [
        "points", "answers", "populations", "method", "mean coverage", "below .90", "minimum",
        "where it falls", "mean width",
    ]  # fmt: skip
    rows = (summary(*case, method) for case in CASES for method in METHODS)
    return markdown(titles, "rrrlrrrlr", rows)


def table_of_infima() -> str:
    """The infimum on two points and where it lies."""
    rows = [
        [n, *(f"{one.coverage:.4f} just {one.side} {one.share:.4f}" for one in found)]
        for n, found in ((n, [infimum(n, method) for method in METHODS]) for n in ANSWERS)
    ]
    return markdown(["answers", *METHODS], "rlll", rows)


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n\n{table_of_infima()}\n")
