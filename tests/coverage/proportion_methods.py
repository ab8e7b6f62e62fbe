"""
Exact coverage of every interval for one proportion, at 10, 20 and 50 answers.

For every share p of a fine grid the coverage is the binomial probability of the numbers of
successes whose interval holds p; nothing is simulated. Run as a script it prints the table that
docs/choosing-an-interval.md quotes.
"""

import sys
from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlog1py, xlogy

from custfocus.intervals.proportion import ProportionMethod, proportion_interval

Floats = NDArray[np.float64]

ANSWERS = (10, 20, 50)
SHARES = np.arange(2001) / 2000  # 0, .0005, .0010, ..., 1
_ROUNDING = 1e-12
_TIE = 1e-9  # minima closer than this are one minimum: a share and its mirror image have the same


class Summary(NamedTuple):
    """One row of the published table."""

    method: str
    answers: int
    mean: float
    minimum: float
    where: float
    width: float


def probabilities(n: int) -> Floats:
    """The binomial probability of 0 to *n* successes under every share, shape (P, n + 1)."""
    k = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return np.exp(ways + xlogy(k, SHARES[:, None]) + xlog1py(n - k, -SHARES[:, None]))


def summary(method: ProportionMethod, n: int) -> Summary:
    """Coverage and expected width of a method over the grid; of equal minima the smallest share."""
    low, high = proportion_interval(np.arange(n + 1), n, method=method)
    holds = (low - _ROUNDING <= SHARES[:, None]) & (SHARES[:, None] <= high + _ROUNDING)
    chance = probabilities(n)
    coverage = (chance * holds).sum(axis=1)
    width = (chance * (high - low)).sum(axis=1).mean()
    worst = np.flatnonzero(coverage < coverage.min() + _TIE)[0]
    return Summary(method, n, coverage.mean(), coverage[worst], SHARES[worst], width)


def table() -> list[str]:
    """The lines of the published table."""
    lines = [
        "| method | answers | mean coverage | minimum | where it falls | mean width |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for method in get_args(ProportionMethod):
        for n in ANSWERS:
            row = summary(method, n)
            lines.append(
                f"| {row.method} | {row.answers} | {row.mean:.3f} | {row.minimum:.3f} "
                f"| {row.where:.4g} | {row.width:.3f} |"
            )
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join([*table(), ""]))
