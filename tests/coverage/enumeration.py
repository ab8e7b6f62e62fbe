"""
Exact coverage of an interval for a mean score, by enumerating every table of n answers.

Answers fall on K points with the scores 0, 1, ..., K-1. Nothing is simulated: each table has an
exact multinomial probability under each population, and the coverage is the probability of the
tables whose interval holds the population's mean.

The populations come from two grids: beta-binomial ones, and a simplex lattice with populations
near its vertices. Run as a script it prints a table for each, and docs/coverage.md quotes both.
The other scripts of exact coverage take tables, probabilities and the printed form from here.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, stdtrit

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

_ROUNDING = 1e-12  # of the scale's length
_TIE = 1e-9  # minima closer than this are one minimum
_LOG_OF_ZERO = -1e6  # small enough for a probability of exactly 0, and 0 times it is 0


# Tables of counts and their probabilities


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


def probabilities(counts: Floats, shares: Floats) -> Floats:
    """
    The multinomial probability of every table under every population.

    Args:
        counts: Shape (T, K).
        shares: Shape (P, K); shares of 0 are allowed.

    Returns:
        Shape (P, T); every row adds up to 1.
    """
    orders = gammaln(counts.sum(axis=1) + 1) - gammaln(counts + 1).sum(axis=1)
    logs = np.where(shares > 0, np.log(np.where(shares > 0, shares, 1)), _LOG_OF_ZERO)
    return np.exp(orders + logs @ counts.T)


def held(low: Floats, high: Floats, truth: Floats, length: float = 1.0) -> NDArray[np.bool_]:
    """Whether limits hold the truth, up to rounding; *length* is that of the scale."""
    room = _ROUNDING * length
    return (low - room <= truth) & (truth <= high + room)


# Populations


def beta_binomial(points: int) -> Floats:
    """
    The beta-binomial grid: every mean of MEANS with every dispersion of DISPERSIONS.

    A population follows Pólya's urn: each of its K - 1 trials goes up with a probability
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
    The simplex grid: a lattice, and populations with nearly all on one point.

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


# Coverage


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
    counts = tables(n, shares.shape[1])
    return coverage_of(shares, np.arange(shares.shape[1]), counts, method(counts))


def coverage_of(
    shares: Floats, scores: Floats, counts: Floats, limits: Limits
) -> tuple[Floats, Floats]:
    """Likewise for limits of the mean of any scores."""
    low, high = limits
    chance = probabilities(counts, shares)
    covers = held(low, high, (shares @ scores)[:, None], float(np.ptp(scores)))
    return np.einsum("pt,pt->p", chance, covers), chance @ (high - low)


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


@cache
def summary(grid: Grid, points: int, n: int, method: str) -> Summary:
    """One case over one grid."""
    shares = grid(points)
    covered, width = coverage(n, shares, METHODS[method])
    first = lowest(covered)
    return Summary(
        points, n, len(shares), method, covered.mean(), covered[first], shares[first], width.mean()
    )


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


# Published tables


def lowest(covered: Floats) -> int:
    """The place of the minimum; of equal minima the first."""
    return int(np.flatnonzero(covered < covered.min() + _TIE)[0])


def shares_text(shares: Floats) -> str:
    """A population as its shares from the lowest point."""
    return ", ".join(f"{share:.6f}".rstrip("0").rstrip(".") for share in shares)


def markdown(titles: Sequence[str], align: str, rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown, columns aligned ``l`` or ``r``; floats have three decimals."""
    ruler = "|".join("---:" if side == "r" else "---" for side in align)
    texts = ([f"{one:.3f}" if isinstance(one, float) else str(one) for one in row] for row in rows)
    lines = (f"| {' | '.join(cells)} |" for cells in texts)
    return "\n".join([f"| {' | '.join(titles)} |", f"|{ruler}|", *lines])


def rendered(grid: Grid, cases: tuple[tuple[int, int], ...]) -> str:
    """The table of one grid."""
    titles = [
        "points", "answers", "populations", "method", "mean coverage", "minimum",
        "where it falls", "mean width",
    ]  # fmt: skip
    rows = (summary(grid, *case, method) for case in cases for method in METHODS)
    return markdown(
        titles, "rrrlrrlr", (row._replace(where=shares_text(row.where)) for row in rows)
    )


def rendered_verdicts() -> str:
    """The table of false verdicts: "not met" and "met" in percent."""
    titles = ["answers", *(f"target {100 * target:g} %" for target in TARGETS)]
    rows = (
        [n, *("{:.1f} / {:.1f}".format(*np.multiply(100, false_verdicts(n, t))) for t in TARGETS)]
        for n in ANSWERS
    )
    return markdown(titles, "r" * len(titles), rows)


ANSWERS, TARGETS = (10, 20, 50, 100, 200, 500), (0.5, 0.65, 0.8, 0.9, 0.95, 0.98)
PUBLISHED = ((beta_binomial, CASES), (simplex, LONGER))

if __name__ == "__main__":
    grids = [rendered(*table) for table in PUBLISHED]
    sys.stdout.write("\n\n".join([*grids, rendered_verdicts()]) + "\n")
