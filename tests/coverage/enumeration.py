"""
Exact coverage of an interval for a mean score, by enumerating every table of n answers.

Answers fall on K points with the scores 0, 1, ..., K-1. Nothing is simulated: each table has an
exact multinomial probability under each population, and the coverage is the probability of the
tables whose interval holds the population's mean.

Run as a script it prints the two tables that docs/coverage.md quotes.
"""

import sys
from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, stdtrit, xlogy

from custfocus.intervals.score import score_interval

Floats = NDArray[np.float64]
Limits = tuple[Floats, Floats]
Method = Callable[[Floats], Limits]

CASES = ((2, 5), (2, 10), (2, 20), (3, 5), (3, 10), (3, 20), (5, 5), (5, 10), (5, 12))
LATTICE_STEPS = {2: 400, 3: 40, 5: 10}  # steps from 0 to 1 along each share
END_STEPS = range(1, 41)  # small shares: .0025, .0050, ..., .1
END_STEP = 400  # of which there are this many in 1

_HEADING = (
    "| points | answers | populations | method "
    "| mean coverage | minimum | where it falls | mean width |"
)
_ROUNDING = 1e-12  # of the scale's length
_TIE = 1e-9  # minima closer than this are one minimum, met on mirrored populations


class Summary(NamedTuple):
    """One row of the published table."""

    points: int
    answers: int
    populations: int
    method: str
    mean: float
    minimum: float
    where: Floats
    width: float


def tables(n: int, points: int) -> Floats:
    """
    Every table of *n* answers on *points* points.

    Args:
        n: Answers, at least 1.
        points: Points of the scale, at least 2.

    Returns:
        Counts, shape (T, K) with T = C(n + K - 1, K - 1): n stars between K - 1 bars.
    """
    bars = np.array(list(combinations(range(n + points - 1), points - 1)))
    edges = np.pad(bars, ((0, 0), (1, 1)), constant_values=((0, 0), (-1, n + points - 1)))
    return (np.diff(edges, axis=1) - 1).astype(np.float64)


def lattice(points: int) -> Floats:
    """All populations whose shares are multiples of one step, vertices included; (P, K)."""
    steps = LATTICE_STEPS[points]
    return tables(steps, points) / steps


def populations(points: int) -> Floats:
    """
    The published grid: the lattice, and populations with nearly everybody on one point.

    For each small share e and each point, 1 - e stands on that point, and e on another point
    (each of them in turn) or spread evenly over all the others. Populations that the lattice
    holds already come once. The grid is its own mirror image.

    Args:
        points: Points of the scale, K.

    Returns:
        Shares, shape (P, K), those with most on the lowest point first.
    """
    unit = END_STEP * (points - 1)  # every share of the grid is a whole number of 1/unit
    regular = np.rint(lattice(points) * unit).astype(np.int64)
    ends = [_nearly_all_on(point, points, unit) for point in range(points)]
    return np.unique(np.concatenate([regular, *ends]), axis=0)[::-1] / unit


def _nearly_all_on(point: int, points: int, unit: int) -> NDArray[np.int64]:
    """The populations of the grid near one point's vertex, as whole numbers of 1/unit."""
    others = np.delete(np.eye(points, dtype=np.int64), point, axis=0)
    on_one, on_all = (points - 1) * others, others.sum(axis=0)
    ends = np.array(END_STEPS)[:, None, None] * np.vstack([on_one, on_all])
    ends[..., point] = unit - ends.sum(axis=-1)
    return ends.reshape(-1, points)


def probabilities(counts: Floats, shares: Floats) -> Floats:
    """
    The multinomial probability of every table under every population.

    Args:
        counts: Shape (T, K).
        shares: Shape (P, K); shares of 0 are allowed, and 0 log 0 is 0.

    Returns:
        Shape (P, T); every row adds up to 1.
    """
    orders = gammaln(counts.sum(axis=1) + 1) - gammaln(counts + 1).sum(axis=1)
    columns = zip(counts.T, shares.T, strict=True)
    return np.exp(orders + sum(xlogy(count, share[:, None]) for count, share in columns))


def score(counts: Floats) -> Limits:
    """The 95 % score interval of each table, for the scores 0, 1, ..., K-1."""
    low, high = score_interval(counts, np.arange(counts.shape[-1]))
    return low, high


def student_t(counts: Floats) -> Limits:
    """The 95 % t interval, mean ± t s / sqrt(n), of zero width when all answers are equal."""
    scores = np.arange(counts.shape[-1])
    n = counts.sum(axis=1)
    mean = counts @ scores / n
    variance = (counts * (scores - mean[:, None]) ** 2).sum(axis=1) / (n - 1)
    half = stdtrit(n - 1, 0.975) * np.sqrt(variance / n)
    return mean - half, mean + half


METHODS: dict[str, Method] = {"score": score, "t": student_t}


def coverage(n: int, shares: Floats, method: Method) -> tuple[Floats, Floats]:
    """
    The exact coverage and the expected width of a method under each population.

    Args:
        n: Answers.
        shares: Populations, shape (P, K).
        method: Limits of every table at once, from counts of shape (T, K).

    Returns:
        The probability that the interval holds the population's mean, and the expected width
        in units of the scores; each of shape (P,).
    """
    points = shares.shape[1]
    counts = tables(n, points)
    low, high = method(counts)
    mu = (shares @ np.arange(points))[:, None]
    slack = _ROUNDING * (points - 1)
    holds = (low - slack <= mu) & (mu <= high + slack)
    chance = probabilities(counts, shares)
    return (chance * holds).sum(axis=1), chance @ (high - low)


def summary(points: int, n: int, method: str) -> Summary:
    """One case over the published grid; of mirrored minima the one nearer the lowest point."""
    shares = populations(points)
    covered, width = coverage(n, shares, METHODS[method])
    first = np.flatnonzero(covered < covered.min() + _TIE)[0]
    return Summary(
        points, n, len(shares), method, covered.mean(), covered[first], shares[first], width.mean()
    )


def rendered() -> str:
    """The published table, in Markdown; the place of the minimum as shares from the lowest point."""
    rows = [_HEADING, "|---:|---:|---:|---|---:|---:|---|---:|"]
    for row in (summary(*case, method) for case in CASES for method in METHODS):
        where = ", ".join(f"{share:.6f}".rstrip("0").rstrip(".") for share in row.where)
        rows.append(
            f"| {row.points} | {row.answers} | {row.populations} | {row.method} "
            f"| {row.mean:.3f} | {row.minimum:.3f} | {where} | {row.width:.3f} |"
        )
    return "\n".join(rows)


def rendered_lattice() -> str:
    """Mean coverage over the lattice alone, in Markdown; with two points it is the whole grid."""
    rows = [
        "| points | answers | populations | mean coverage, score | mean coverage, t |",
        "|---:|---:|---:|---:|---:|",
    ]
    for points, n in CASES:
        shares = lattice(points)
        score_mean, t_mean = (coverage(n, shares, way)[0].mean() for way in METHODS.values())
        rows.append(f"| {points} | {n} | {len(shares)} | {score_mean:.3f} | {t_mean:.3f} |")
    return "\n".join(rows)


def main() -> None:
    """Print the published tables: the whole grid, then the lattice alone."""
    sys.stdout.write(f"{rendered()}\n\n{rendered_lattice()}\n")


if __name__ == "__main__":
    main()
