"""
Exact coverage of the intervals for net scores and of simultaneous intervals.

Every table of n answers is enumerated, as in enumeration.py, over the simplex grid of that file.
Nothing is simulated. For the simultaneous intervals the coverage is the chance that all of them
hold, and the width is that of one interval on average. Run as a script it prints a table for each.
"""

import sys
from collections.abc import Iterator

import numpy as np
from enumeration import (
    Floats,
    coverage_of,
    held,
    lowest,
    markdown,
    probabilities,
    shares_text,
    simplex,
    tables,
)

from custfocus.intervals.multinomial import _METHODS as MULTINOMIAL_METHODS
from custfocus.intervals.multinomial import multinomial_intervals
from custfocus.intervals.net import _METHODS as NET_METHODS
from custfocus.intervals.net import net_interval

NET_CASES = (10, 20, 50)  # answers
MULTINOMIAL_CASES = ((3, 10), (3, 20), (5, 10), (5, 20))  # points and answers
TITLES = (
    "points", "answers", "populations", "method", "mean coverage", "below .90", "minimum",
    "where it falls", "mean width",
)  # fmt: skip

_AT_ONCE = 250  # populations: their probabilities of all tables fit into memory

Row = tuple[object, ...]


def row(n: int, shares: Floats, method: str, covered: Floats, width: Floats) -> Row:
    """One row of a published table, from the coverage and width of each population."""
    worst = lowest(covered)
    below = f"{100 * (covered < 0.9).mean():.1f} %"
    where = shares_text(shares[worst])
    points = shares.shape[1]
    return (
        points, n, len(shares), method, covered.mean(), below, covered[worst], where, width.mean()
    )  # fmt: skip


def net_rows(n: int) -> Iterator[Row]:
    """The net methods for *n* answers; the points are negative, neither and positive."""
    counts, shares = tables(n, 3), simplex(3)
    for method in NET_METHODS:
        limits = net_interval(counts[:, 2], counts[:, 0], n, method=method)
        yield row(n, shares, method, *coverage_of(shares, np.arange(-1, 2), counts, limits))


def multinomial_rows(points: int, n: int) -> Iterator[Row]:
    """The simultaneous methods; an interval counts as missed if any of the shares is outside."""
    counts, shares = tables(n, points), simplex(points)
    parts = np.split(shares, range(_AT_ONCE, len(shares), _AT_ONCE))
    for method in MULTINOMIAL_METHODS:
        low, high = multinomial_intervals(counts, method=method)
        found = []
        for some in parts:
            chance = probabilities(counts, some)
            covers = np.logical_and.reduce(
                [held(low[:, k], high[:, k], some[:, k, None]) for k in range(points)]
            )
            found.append(((chance * covers).sum(axis=1), chance @ (high - low).mean(axis=1)))
        yield row(n, shares, method, *map(np.concatenate, zip(*found, strict=True)))


if __name__ == "__main__":
    net = (one for n in NET_CASES for one in net_rows(n))
    multinomial = (one for case in MULTINOMIAL_CASES for one in multinomial_rows(*case))
    both = (markdown(TITLES, "rrrlrrrlr", rows) for rows in (net, multinomial))
    sys.stdout.write("\n\n".join(both) + "\n")
