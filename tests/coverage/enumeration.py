"""
Exact coverage of an interval for a mean score, by enumerating every table of n answers.

Answers fall on K points with the scores 0, 1, ..., K-1. Nothing is simulated: each table has an
exact multinomial probability under each population, and the coverage is the probability of the
tables whose interval holds the population's mean.

The populations come from two grids: beta-binomial ones, and a simplex lattice with populations
near its vertices. Run as a script it prints a table for each, and docs/coverage.md quotes both.
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
Grid = Callable[[int], Floats]
Method = Callable[[Floats], Limits]

CASES = ((2, 5), (2, 10), (2, 20), (3, 5), (3, 10), (3, 20), (5, 5), (5, 10), (5, 12))
LONGER = tuple(case for case in CASES if case[0] > 2)  # with two points the grids are one

MEANS = np.arange(401) / 400  # of the beta-binomial grid, on a scale from 0 to 1
DISPERSIONS = np.arange(11) / 10

LATTICE_STEPS = {3: 40, 5: 10}  # steps from 0 to 1 along each share
END_STEPS = np.arange(1, 41)  # small shares: .0025, .0050, ..., .1
END_STEP = 400  # of which there are this many in 1

_HEADING = (
    "| points | answers | populations | method "
    "| mean coverage | minimum | where it falls | mean width |"
)
_ROUNDING = 1e-12  # of the scale's length
_TIE = 1e-9  # minima closer than this are one minimum


class Summary(NamedTuple):
    """One row of a published table."""

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


def beta_binomial(points: int) -> Floats:
    """
    The beta-binomial grid: every mean of MEANS with every dispersion of DISPERSIONS.

    A population is drawn from Pólya's urn: each of its K - 1 trials goes up with a probability
    that moves from the mean to the share of trials that went up before. Dispersion 0 leaves it
    at the mean (binomial shares), dispersion 1 repeats the first trial (the two ends only).

    Args:
        points: Points of the scale, K. With two points there is one trial, and the dispersion
            makes no difference.

    Returns:
        Shares, shape (P, K), in the order of the means; P is 401 with two points, else 4411.
    """
    dispersions = DISPERSIONS if points > 2 else DISPERSIONS[:1]
    mean, rho = (axis.reshape(-1, 1) for axis in np.meshgrid(MEANS, dispersions, indexing="ij"))
    shares = np.hstack([1 - mean, mean])
    for trials in range(1, points - 1):
        up = ((1 - rho) * mean + rho * np.arange(trials + 1)) / (1 - rho + rho * trials)
        stay, rise = shares * (1 - up), shares * up
        shares = np.pad(stay, ((0, 0), (0, 1))) + np.pad(rise, ((0, 0), (1, 0)))
    return shares


def simplex(points: int) -> Floats:
    """
    The simplex grid: a lattice, and populations with nearly everybody on one point.

    The lattice holds all populations whose shares are multiples of one step. Then, for each
    small share e and each point, 1 - e stands on that point, and e on another point (each of
    them in turn) or spread evenly over all the others. Populations that the lattice holds
    already come once.

    Args:
        points: Points of the scale, K: 3 or 5.

    Returns:
        Shares, shape (P, K), those with most on the lowest point first.
    """
    steps = LATTICE_STEPS[points]
    unit = END_STEP * (points - 1)  # every share of the grid is a whole number of 1/unit
    lattice = tables(steps, points).astype(np.int64) * (unit // steps)
    ends = [_nearly_all_on(point, points, unit) for point in range(points)]
    return np.unique(np.concatenate([lattice, *ends]), axis=0)[::-1] / unit


def _nearly_all_on(point: int, points: int, unit: int) -> NDArray[np.int64]:
    """The populations of the simplex grid near one point's vertex, as whole numbers of 1/unit."""
    others = np.delete(np.eye(points, dtype=np.int64), point, axis=0)
    on_one, on_all = (points - 1) * others, others.sum(axis=0)
    ends = END_STEPS[:, None, None] * np.vstack([on_one, on_all])
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


def summary(grid: Grid, points: int, n: int, method: str) -> Summary:
    """One case over one grid; of equal minima the first, which is nearest the lowest point."""
    shares = grid(points)
    covered, width = coverage(n, shares, METHODS[method])
    first = np.flatnonzero(covered < covered.min() + _TIE)[0]
    return Summary(
        points, n, len(shares), method, covered.mean(), covered[first], shares[first], width.mean()
    )


def rendered(grid: Grid, cases: tuple[tuple[int, int], ...]) -> str:
    """A published table, in Markdown; the place of the minimum as shares from the lowest point."""
    rows = [_HEADING, "|---:|---:|---:|---|---:|---:|---|---:|"]
    for row in (summary(grid, *case, method) for case in cases for method in METHODS):
        where = ", ".join(f"{share:.6f}".rstrip("0").rstrip(".") for share in row.where)
        rows.append(
            f"| {row.points} | {row.answers} | {row.populations} | {row.method} "
            f"| {row.mean:.3f} | {row.minimum:.3f} | {where} | {row.width:.3f} |"
        )
    return "\n".join(rows)


def false_verdicts(n: int, share: float) -> tuple[float, float]:
    """
    How often a share that stands on its target gets a wrong verdict, on two points.

    Args:
        n: Answers.
        share: The population's share and the target, in (0, 1).

    Returns:
        The chance of "not met" (the upper limit lies below the target) and that of "met" (the
        lower limit lies on or above it; wrong for any share below, however near).
    """
    counts = tables(n, 2)
    low, high = score(counts)
    chance = probabilities(counts, np.array([[1 - share, share]]))[0]
    return float(chance[high < share].sum()), float(chance[low >= share].sum())


def rendered_verdicts() -> str:
    """The published table of false verdicts, in Markdown: "not met" and "met" in percent."""
    heads = " | ".join(f"target {100 * target:g} %" for target in TARGETS)
    rows = [f"| answers | {heads} |", "|---:" * (len(TARGETS) + 1) + "|"]
    for n in ANSWERS:
        pairs = (false_verdicts(n, target) for target in TARGETS)
        cells = " | ".join(f"{100 * missed:.1f} / {100 * met:.1f}" for missed, met in pairs)
        rows.append(f"| {n} | {cells} |")
    return "\n".join(rows)


ANSWERS, TARGETS = (10, 20, 50, 100, 200, 500), (0.5, 0.65, 0.8, 0.9, 0.95, 0.98)
PUBLISHED = ((beta_binomial, CASES), (simplex, LONGER))


def main() -> None:
    """Print the published tables, one for each grid, and that of false verdicts."""
    grids = [rendered(*table) for table in PUBLISHED]
    sys.stdout.write("\n\n".join([*grids, rendered_verdicts()]) + "\n")


if __name__ == "__main__":
    main()
