"""
Exact coverage of every interval for one proportion, at 10, 20 and 50 answers.

For every share p of a fine grid the coverage is the binomial probability of the numbers of
successes whose interval holds p; nothing is simulated. Run as a script it prints the table that
docs/choosing-an-interval.md quotes.
"""

import sys
from typing import NamedTuple, get_args

import numpy as np
from enumeration import coverage_of, lowest, markdown, tables

from custfocus.intervals.proportion import ProportionMethod, proportion_interval

ANSWERS = (10, 20, 50)
SHARES = np.arange(2001) / 2000  # 0, .0005, .0010, ..., 1


class Summary(NamedTuple):
    """One row of the published table."""

    method: str
    answers: int
    mean: float
    minimum: float
    where: float
    width: float


def summary(method: ProportionMethod, n: int) -> Summary:
    """Coverage and expected width of a method over the grid; of equal minima the smallest share."""
    counts = tables(n, 2)
    limits = proportion_interval(counts[:, 1], n, method=method)
    populations = np.stack([1 - SHARES, SHARES], axis=1)
    covered, width = coverage_of(populations, np.arange(2), counts, limits)
    worst = lowest(covered)
    return Summary(method, n, covered.mean(), covered[worst], SHARES[worst], width.mean())


def table() -> str:
    """The published table."""
    titles = ["method", "answers", "mean coverage", "minimum", "where it falls", "mean width"]
    rows = (summary(method, n) for method in get_args(ProportionMethod) for n in ANSWERS)
    return markdown(titles, "lrrrrr", (row._replace(where=f"{row.where:.4g}") for row in rows))


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n")
