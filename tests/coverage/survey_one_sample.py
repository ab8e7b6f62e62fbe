"""
How often the score interval for the share of one survey holds the true one, by simulation.

Run it with ``python tests/coverage/survey_one_sample.py``; it prints a Markdown table in about three
minutes, and the lowest scenarios again with other seeds. The interval's effective size is held to
the number of respondents or to Kish's, and its degrees of freedom are clusters less strata or
fewer, by Kish's number of clusters: neither, each alone, and both, which is what the library does.
Cells are the mean coverage, the lowest coverage and the mean width over scenarios.

The seeds are fixed. Coverage near .95 has a standard error of .005 in a single scenario.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from custfocus.intervals.design_limits import design_limits
from survey_scenarios import (
    SHARE,
    Coverage,
    Domain,
    below,
    generator_of,
    lognormal,
    number,
    rows_by,
    totals_of,
    yes_or_no,
)

LEVEL, SEED, DRAWS = 0.95, 2029, 2000
METHODS = ("neither", "Kish's size", "degrees of freedom", "both")
AGAIN, AGAIN_DRAWS = 6, 4000


class Drawing(NamedTuple):
    clusters: int
    respondents: int  # in each cluster; 1 for a sample without clusters
    strata: int


class Scenario(NamedTuple):
    drawing: Drawing
    correlation: float  # within clusters
    sigma: float  # of the weights' logarithms
    shift: float  # of these for a yes, in units of sigma
    share: float


DRAWINGS = [
    *(Drawing(clusters, 1, 1) for clusters in (20, 50, 100, 300)),
    *(Drawing(clusters, 10, 1) for clusters in (5, 20, 50)),
    Drawing(20, 10, 10),
    Drawing(40, 5, 4),
    Drawing(100, 1, 4),
]

SCENARIOS = [
    Scenario(drawing, correlation, sigma, shift, share)
    for drawing in DRAWINGS
    for correlation in ((0,) if drawing.respondents == 1 else (0, 0.05, 0.2))
    for sigma in (0, 0.5, 1, 1.5, 2)
    for shift in ((0,) if sigma == 0 else (0, 0.5, -0.5))
    for share in (0.5, 0.8, 0.95, 0.99)
]


def answers_of(scenario: Scenario, draws: int, generator: np.random.Generator) -> Domain:
    """Where a yes weighs more, those who give it were drawn less often, by as much."""
    drawing, shift = scenario.drawing, scenario.shift * scenario.sigma
    odds = scenario.share / (1 - scenario.share) * np.exp(-shift)
    ranks = generator.random((draws, drawing.clusters))
    drawn = odds / (1 + odds)
    places = yes_or_no(generator, drawn, scenario.correlation, ranks, drawing.respondents)
    weights = lognormal(generator, places.shape, scenario.sigma)
    return Domain(places, weights * np.exp(shift * places))


def coverages(scenario: Scenario, draws: int, *seed: int) -> dict[str, Coverage]:
    """How often each interval holds the share, and its mean width."""
    clusters, _, strata = scenario.drawing
    answers = answers_of(scenario, draws, generator_of(*seed))
    totals, counts = totals_of([answers], SHARE, np.arange(clusters) * strata // clusters)
    means = totals.means
    respondents = np.where(means.no_variance, means.ceiling, means.n)
    plain = np.full(draws, clusters - strata, dtype=np.float64)
    choices = [
        means._replace(ceiling=ceiling, degrees_of_freedom=freedom)
        for freedom in (plain, means.degrees_of_freedom)
        for ceiling in (respondents, means.ceiling)
    ]
    limits = (design_limits(counts, SHARE, choice, "score", LEVEL) for choice in choices)
    return {
        method: Coverage.of(low, high, scenario.share)
        for method, (low, high) in zip(METHODS, limits, strict=True)
    }


NAMES = (lambda scenario: f"sigma {scenario.sigma:g}",)


def table(draws: int = DRAWS, scenarios: Sequence[Scenario] = SCENARIOS) -> Iterator[str]:
    """The table's lines, and those of its lowest scenarios again."""
    results = [
        (scenario, coverages(scenario, draws, SEED, place))
        for place, scenario in enumerate(scenarios)
    ]
    yield f"| one sample | {' | '.join(METHODS)} |"
    yield "|---|" + "---|" * len(METHODS)
    for row in rows_by(results, NAMES):
        yield f"| {row.name} | {row.cells(METHODS)} |"
    found = [result for _, result in results]
    for limit in (0.93, 0.9):
        shares = " | ".join(below(found, method, limit) for method in METHODS)
        yield f"| below {limit:.2f} | {shares} |"
    yield ""
    yield from lowest_again(results)


def lowest_again(results: Sequence[tuple[Scenario, dict[str, Coverage]]]) -> Iterator[str]:
    """The scenarios that the library's interval covered least, with other seeds and more draws."""
    held = np.array([result["both"].held for _, result in results])
    yield "| lowest, one sample | first | again | neither again |"
    yield "|---|---:|---:|---:|"
    for place in np.argsort(held, kind="stable")[:AGAIN]:
        scenario = results[place][0]
        again = coverages(scenario, AGAIN_DRAWS, SEED, int(place), 1)
        figures = (held[place], again["both"].held, again["neither"].held)
        yield f"| {description(scenario)} | {' | '.join(map(number, figures))} |"


def description(scenario: Scenario) -> str:
    clusters, respondents, strata = scenario.drawing
    where = f"{strata} strata" if strata > 1 else "one stratum"
    drawing = f"{clusters} clusters of {respondents} in {where}"
    if respondents == 1:
        drawing = f"{clusters} respondents in {where}"
    weights = f"sigma {scenario.sigma:g}, shift {scenario.shift:g}"
    return f"{drawing}, correlation {scenario.correlation:g}, {weights}, share {scenario.share:g}"


if __name__ == "__main__":
    for line in table():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
