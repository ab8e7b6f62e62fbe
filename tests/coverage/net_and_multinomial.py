"""
Exact coverage of the intervals for net scores and of simultaneous intervals.

Every table of n answers is enumerated, as in enumeration.py, over the simplex grid of that file:
a lattice of populations, and populations with nearly everybody on one point. Nothing is
simulated. For the simultaneous intervals the coverage is the chance that all of them hold, and
the width is that of one interval on average. Run as a script it prints a table for each.
"""

import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from enumeration import probabilities, simplex, tables
from numpy.typing import NDArray

from custfocus.intervals.multinomial import _METHODS as MULTINOMIAL_METHODS
from custfocus.intervals.multinomial import multinomial_intervals
from custfocus.intervals.net import _METHODS as NET_METHODS
from custfocus.intervals.net import net_interval

Floats = NDArray[np.float64]

NET_CASES = (10, 20, 50)  # answers
MULTINOMIAL_CASES = ((3, 10), (3, 20), (5, 10), (5, 20))  # points and answers

_ROUNDING = 1e-12
_AT_ONCE = 250  # populations: their probabilities of all tables fit into memory
_HEADING = (
    "| points | answers | populations | method "
    "| mean coverage | below .90 | minimum | where it falls | mean width |"
)


class Row(NamedTuple):
    """One row of a published table."""

    points: int
    answers: int
    method: str
    covered: Floats  # chance to hold, of each population
    shares: Floats  # the populations
    width: Floats  # expected, likewise

    def __str__(self) -> str:
        worst = np.flatnonzero(self.covered < self.covered.min() + 1e-9)[0]
        where = ", ".join(f"{share:.6f}".rstrip("0").rstrip(".") for share in self.shares[worst])
        return (
            f"| {self.points} | {self.answers} | {len(self.shares)} | {self.method} "
            f"| {self.covered.mean():.3f} | {100 * (self.covered < 0.9).mean():.1f} % "
            f"| {self.covered.min():.3f} | {where} | {self.width.mean():.3f} |"
        )


def net_rows(n: int) -> Iterator[Row]:
    """The net methods for *n* answers; the points are negative, neither and positive."""
    counts, shares = tables(n, 3), simplex(3)
    chance = probabilities(counts, shares)
    net = (shares[:, 2] - shares[:, 0])[:, None]
    for method in NET_METHODS:
        low, high = net_interval(counts[:, 2], counts[:, 0], n, method=method)
        holds = (low - _ROUNDING <= net) & (net <= high + _ROUNDING)
        yield Row(3, n, method, (chance * holds).sum(axis=1), shares, chance @ (high - low))


def multinomial_rows(points: int, n: int) -> Iterator[Row]:
    """The simultaneous methods; an interval counts as missed if any of the shares is outside."""
    counts, shares = tables(n, points), simplex(points)
    limits = {
        method: multinomial_intervals(counts, method=method) for method in MULTINOMIAL_METHODS
    }
    found = {method: ([], []) for method in limits}
    for start in range(0, len(shares), _AT_ONCE):
        some = shares[start : start + _AT_ONCE]
        chance = probabilities(counts, some)
        for method, (low, high) in limits.items():
            holds = np.ones(chance.shape, dtype=bool)
            for k in range(points):
                share = some[:, k, None]
                holds &= (low[:, k] - _ROUNDING <= share) & (share <= high[:, k] + _ROUNDING)
            found[method][0].append((chance * holds).sum(axis=1))
            found[method][1].append(chance @ (high - low).mean(axis=1))
    for method, (covered, width) in found.items():
        yield Row(points, n, method, np.concatenate(covered), shares, np.concatenate(width))


def rendered(rows: Iterator[Row]) -> str:
    """A published table, in Markdown; the place of the minimum as shares from the lowest point."""
    return "\n".join([_HEADING, "|---:|---:|---:|---|---:|---:|---:|---|---:|", *map(str, rows)])


def main() -> None:
    """Print both tables."""
    net = rendered(row for n in NET_CASES for row in net_rows(n))
    multinomial = rendered(row for case in MULTINOMIAL_CASES for row in multinomial_rows(*case))
    sys.stdout.write(f"{net}\n\n{multinomial}\n")


if __name__ == "__main__":
    main()
