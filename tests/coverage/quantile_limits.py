"""
How often the limits of quantiles hold the truth.

Plain samples are enumerated: how many of them lie up to a value is binomial, so that the limits
err with a probability that can be written down, for any population. Designs and changes are
simulated with a fixed seed. Run as a script it prints the tables of docs/medians.md, in less than
a minute.
"""

import sys
from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom  # noqa: TID251 - another implementation

from custfocus.intervals import proportion_interval, quantile_ranks
from custfocus.intervals.design_limits import design_limits
from custfocus.intervals.quantile_interval import quantile_limits
from custfocus.progress.changes import Change, Recorded, from_limits, recorded_change
from custfocus.quantities import Quantile
from survey_scenarios import Domain, generator_of, lognormal, on_a_scale, totals_of

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]

SEED, DRAWS, POPULATIONS = 20261129, 2000, 4000
SIZES = (10, 20, 30, 50, 100, 200, 1000)
QUANTILES = {"median": 0.5, "90 %": 0.9}
RANKS = ("exact", "mid-p")
SHARES = {"exact": "clopper-pearson", "mid-p": "mid-p", "score": "wilson"}


# -- amounts without ties -------------------------------------------------------------------------


def rank_coverage(n: int, q: float, method: str) -> float:
    """How often the ranked amounts hold a quantile where no two amounts are equal."""
    low, high = quantile_ranks(n, q, method=method)
    return float(binom.cdf(high - 1, n, q) - binom.cdf(low - 1, n, q))


def ranks_table() -> Iterator[str]:
    """Exact coverage by the number of amounts."""
    heads = [f"{name}: {method}" for name, method in product(QUANTILES, RANKS)]
    yield f"| amounts | {' | '.join(heads)} |"
    yield "|---:|" + "---|" * len(heads)
    for n in SIZES:
        found = (rank_coverage(n, q, how) for q, how in product(QUANTILES.values(), RANKS))
        yield f"| {n} | {' | '.join(f'{one:.3f}' for one in found)} |"


# -- answers of plain samples -----------------------------------------------------------------------


def populations(points: int) -> Floats:
    """Shares of the points in many populations, shape (populations, points)."""
    shares = np.random.default_rng(SEED).dirichlet(np.ones(points), POPULATIONS)
    return np.asarray(shares)


def answers_coverage(shares: Floats, n: int, q: float, method: str) -> Floats:
    """
    How often the limits hold the quantile of each population, shape (populations,).

    They leave it out below where too few answers are up to it, above where too many are below it.
    """
    low, high = proportion_interval(np.arange(n + 1), n, method=SHARES[method])
    too_few, too_many = int((high < q).sum()) - 1, int((low <= q).sum())
    up_to = np.cumsum(shares, axis=1)
    at = (up_to < q).sum(axis=1)
    within = np.take_along_axis(up_to, at[:, None], axis=1)[:, 0]
    below = within - np.take_along_axis(shares, at[:, None], axis=1)[:, 0]
    missed = binom.cdf(too_few, n, np.clip(within, 0, 1))
    return np.asarray(1 - missed - binom.sf(too_many - 1, n, np.clip(below, 0, 1)))


def answers_table() -> Iterator[str]:
    """Mean and least coverage of the median and the 90 % quantile of 5 and 11 points."""
    yield f"| answers | {' | '.join(f'{one}: mean | least' for one in SHARES)} |"
    yield "|---|" + "---|---|" * len(SHARES)
    for points, (name, q), n in product((5, 11), QUANTILES.items(), (10, 50, 200)):
        found = [answers_coverage(populations(points), n, q, method) for method in SHARES]
        cells = " | ".join(f"{one.mean():.3f} | {one.min():.3f}" for one in found)
        yield f"| {name} of {n} on {points} points | {cells} |"


AROUND = np.array([0.2, 0.305, 0.395, 0.05, 0.05])  # .505 up to the second point, .9 to the third


def around_coverage(shares: Floats, n: int, draws: int = 20_000) -> float:
    """
    The same of limits of the share up to the sample's own median, which are read off the sample.

    Those are what Woodruff proposed for amounts, where the share up to the median is a half.
    """
    counts = np.random.default_rng(SEED).multinomial(n, shares, draws)
    up_to = np.cumsum(counts, axis=1)
    median = (2 * up_to < n).sum(axis=1)
    ends = proportion_interval(up_to[np.arange(draws), median], n)
    low, high = ((up_to < n * one[:, None] - 1e-9).sum(axis=1) for one in ends)
    truth = int((np.cumsum(shares) < 0.5).sum())
    return float(np.mean((low <= truth) & (truth <= high)))


# -- answers of a design ----------------------------------------------------------------------------


class Drawing(NamedTuple):
    """A sample of clusters, and how unlike the weights are."""

    clusters: int
    respondents: int
    correlation: float
    sigma: float


DRAWINGS = [
    Drawing(clusters, respondents, correlation, sigma)
    for clusters, respondents in ((10, 10), (30, 10), (200, 1))
    for correlation in ((0,) if respondents == 1 else (0.02, 0.1))
    for sigma in (0, 0.7)
]
FIVE = np.array([0.08, 0.12, 0.305, 0.4, 0.095])  # .505 and .905 up to points: nearly ties
MANY = np.full(101, 1 / 101)


def design_coverage(drawing: Drawing, shares: Floats, q: float, *seed: int) -> dict[str, float]:
    """How often the limits of each method hold the quantile of the population."""
    generator, (clusters, respondents, correlation, sigma) = generator_of(SEED, *seed), drawing
    effects = generator.standard_normal((DRAWS, clusters))
    places = on_a_scale(generator, shares, correlation, effects, respondents)
    weights = lognormal(generator, places.shape, sigma)
    answers, points = Domain(places, weights), np.arange(len(shares), dtype=np.float64)
    truth = float((np.cumsum(shares) < q - 1e-12).sum())
    found: dict[str, list[tuple[Floats, Floats]]] = {method: [] for method in SHARES}
    cuts = points[:-1] if len(points) < 20 else points[:-1][np.abs(points[:-1] - truth) < 1.5]
    for cut in cuts:
        scores = (points <= cut).astype(np.float64)
        totals, counts = totals_of([answers], scores, np.zeros(clusters, np.intp))
        for method, limits in found.items():
            limits.append(design_limits(counts, scores, totals.means, method, 0.95))
    near = np.append(cuts, cuts[-1] + 1)
    held = {}
    for method, limits in found.items():
        low, high = (np.stack(one, axis=-1) for one in zip(*limits, strict=True))
        least, most = quantile_limits(near, low, high, q)
        held[method] = float(np.mean((least <= truth) & (truth <= most)))
    return held


def design_table() -> Iterator[str]:
    """Mean and least coverage over drawings, of five points and of a hundred and one."""
    yield f"| answers of a design | {' | '.join(f'{one}: mean | least' for one in SHARES)} |"
    yield "|---|" + "---|---|" * len(SHARES)
    scales = {"5 points": FIVE, "101 points": MANY}
    for (scale, shares), (name, q) in product(scales.items(), QUANTILES.items()):
        found = [design_coverage(one, shares, q, place) for place, one in enumerate(DRAWINGS)]
        cells = []
        for method in SHARES:
            held = np.array([one[method] for one in found])
            cells.append(f"{held.mean():.3f} | {held.min():.3f}")
        yield f"| {name} on {scale} | {' | '.join(cells)} |"


# -- changes ----------------------------------------------------------------------------------------


def whole_days(median: float, sigma: float) -> Draw:
    """Lognormal waits in whole days."""
    return lambda generator, shape: np.floor(median * np.exp(sigma * generator.normal(size=shape)))


CHANGES = {
    "medians of 3 and 2 whole days, nearly tied": (whole_days(3.1, 1), whole_days(2.9, 1), 1),
    "medians of 12 and 8 whole days": (whole_days(12.1, 0.7), whole_days(8.7, 1), 4),
}


def change_coverage(name: str, n: int, *, squares: bool = False, draws: int = DRAWS) -> float:
    """How often the limits of a change of medians hold it, or those by a root of squares."""
    generator, (one, other, truth) = np.random.default_rng(SEED), CHANGES[name]
    labels = np.repeat(np.arange(draws), n)
    sides = (Quantile.of(draw(generator, (draws, n)).ravel(), by=labels) for draw in (one, other))
    a, b = sides
    found = recorded_change(Recorded(a, slice(None)), Recorded(b, slice(None)))
    if squares:
        found = from_limits(Change(a.value, *a.limits), Change(b.value, *b.limits))
    return float(np.mean((found.low <= truth) & (truth <= found.high)))


def changes_table() -> Iterator[str]:
    """Coverage of changes of medians, of n = 20, 50 and 200 amounts in each of two periods."""
    yield "| change of | 20 | 50 | 200 amounts each |"
    yield "|---|---|---|---|"
    for name, squares in product(CHANGES, (False, True)):
        found = (change_coverage(name, n, squares=squares) for n in (20, 50, 200))
        kind = ", by a root of squares" if squares else ""
        yield f"| {name}{kind} | {' | '.join(f'{one:.3f}' for one in found)} |"


def main() -> None:
    """Print the tables."""
    for table in (ranks_table, answers_table, design_table, changes_table):
        sys.stdout.write("\n".join([*table(), "", ""]))
    sys.stdout.write(f"limits around the sample's own median: {around_coverage(AROUND, 200):.2f}\n")


if __name__ == "__main__":
    main()
