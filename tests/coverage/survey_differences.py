"""
How often intervals for the difference of two domains of a survey hold the true one, by simulation.

Run it with ``python tests/coverage/survey_differences.py``; it prints two Markdown tables, for
shares and for means, and the lowest scenarios of each again with other seeds, in about three
minutes. Cells are the mean coverage, the lowest coverage and the mean width over scenarios.

The seeds are fixed. Coverage near .95 has a standard error of .008 in a single scenario with 700
draws, and of .010 with 450.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from custfocus.intervals.covariance import design_pairs
from custfocus.intervals.design_difference import design_differences
from custfocus.intervals.design_limits import t_quantile
from survey_scenarios import (
    SHARE,
    Array,
    Coverage,
    Domain,
    below,
    generator_of,
    lognormal,
    number,
    of_sizes,
    on_a_scale,
    rows_by,
    totals_of,
    yes_or_no,
)

LEVEL = 0.95
METHODS = ("Wald t", "score")
AGAIN, AGAIN_DRAWS = 6, 4000


class Pair(NamedTuple):
    """Two populations that are compared: the shares of the points of one scale in each."""

    name: str
    scale: str
    scores: Array
    a: Array
    b: Array

    @property
    def difference(self) -> float:
        return float((self.a - self.b) @ self.scores)


class Scenario(NamedTuple):
    clusters: int
    correlation: float  # within clusters
    sigma: float  # of the weights' logarithms
    pair: Pair
    crossing: bool  # whether both domains are in every cluster, or each in its own
    equal: bool  # 10 of a domain in each of its clusters, or 2 to 24 and 2 to 12


class Experiment(NamedTuple):
    """What one table is about."""

    title: str
    seed: int
    draws: int
    scenarios: list[Scenario]


def share_pair(a: float, b: float) -> Pair:
    shares = (np.array([1 - share, share]) for share in (a, b))
    return Pair(f"{a:g} against {b:g}", "share", SHARE, *shares)


SHARE_PAIRS = [
    share_pair(a, b)
    for a, b in [(0.5, 0.5), (0.8, 0.8), (0.95, 0.95), (0.99, 0.99), (0.95, 0.8), (0.99, 0.9)]
]


def scale_pair(scale: str, names: str, scores: Sequence[float], a: Array, b: Array) -> Pair:
    return Pair(f"{scale}, {names}", scale, np.array(scores, dtype=float), a, b)


FIVE, ELEVEN, NPS = range(5), range(11), (-1, 0, 1)
GOOD_FIVE = np.array([0.03, 0.07, 0.2, 0.4, 0.3])
J_FIVE = np.array([0.05, 0.03, 0.07, 0.25, 0.6])
GOOD_ELEVEN = np.array([1, 0, 1, 1, 3, 6, 11, 20, 27, 18, 12]) / 100
J_ELEVEN = np.array([2, 0, 1, 1, 1, 3, 4, 8, 18, 24, 38]) / 100
GOOD_NPS = np.array([0.05, 0.25, 0.7])
J_NPS = np.array([0.1, 0.1, 0.8])
SPLIT_NPS = np.array([0.35, 0.3, 0.35])
MEAN_PAIRS = [
    scale_pair("5 points", "J-shaped both", FIVE, J_FIVE, J_FIVE),
    scale_pair("5 points", "J-shaped against good", FIVE, J_FIVE, GOOD_FIVE),
    scale_pair("5 points", "good both", FIVE, GOOD_FIVE, GOOD_FIVE),
    scale_pair("11 points", "good both", ELEVEN, GOOD_ELEVEN, GOOD_ELEVEN),
    scale_pair("11 points", "J-shaped against good", ELEVEN, J_ELEVEN, GOOD_ELEVEN),
    scale_pair("NPS", "good both", NPS, GOOD_NPS, GOOD_NPS),
    scale_pair("NPS", "good against J-shaped", NPS, GOOD_NPS, J_NPS),
    scale_pair("NPS", "good against split", NPS, GOOD_NPS, SPLIT_NPS),
]

BOTH_SIZES = [(sigma, equal) for sigma in (0, 0.5, 1, 1.5) for equal in (True, False)]
SOME_SIZES = [(0, True), (0, False), (0.5, False), (1, True), (1, False), (1.5, False)]


def scenarios(pairs: list[Pair], weights: list[tuple[float, bool]]) -> list[Scenario]:
    """All combinations, but for five clusters with domains apart: two of one against three."""
    return [
        Scenario(clusters, correlation, sigma, pair, crossing, equal)
        for clusters in (5, 20, 50)
        for correlation in (0, 0.05, 0.2)
        for sigma, equal in weights
        for pair in pairs
        for crossing in (True, False)
        if crossing or clusters > 5
    ]


EXPERIMENTS = [
    Experiment("Shares", 2027, 700, scenarios(SHARE_PAIRS, BOTH_SIZES)),
    Experiment("Means and NPS", 2028, 450, scenarios(MEAN_PAIRS, SOME_SIZES)),
]


def domains_of(scenario: Scenario, draws: int, generator: np.random.Generator) -> list[Domain]:
    """Both domains; where they share clusters, they share what is peculiar to them."""
    ranks = generator.random((draws, scenario.clusters))
    normal = generator.standard_normal((draws, scenario.clusters))
    even = np.arange(scenario.clusters) % 2 == 0
    domains: list[Domain] = []
    for shares, most, where in zip(scenario.pair[3:], (24, 12), (even, ~even), strict=True):
        sizes = np.full(scenario.clusters, 10)
        if not scenario.equal:
            sizes = np.round(np.geomspace(2, most, scenario.clusters)).astype(np.intp)
        there = of_sizes(sizes if scenario.crossing else sizes * where)
        size = there.shape[1]
        if scenario.pair.scale == "share":
            places = yes_or_no(generator, shares[1], scenario.correlation, ranks, size)
        else:
            places = on_a_scale(generator, shares, scenario.correlation, normal, size)
        domains.append(Domain(places, there * lognormal(generator, places.shape, scenario.sigma)))
    return domains


def coverages(scenario: Scenario, draws: int, *seed: int) -> dict[str, Coverage]:
    """How often each interval holds the difference, and its mean width."""
    scores = scenario.pair.scores
    domains = domains_of(scenario, draws, generator_of(*seed))
    totals, counts = totals_of(domains, scores, np.zeros(scenario.clusters, dtype=np.intp))
    a = 2 * np.arange(draws)
    pairs = design_pairs(totals, a, a + 1)
    found = design_differences(pairs, counts[a], counts[a + 1], scores, LEVEL)
    half = t_quantile(np.array(scenario.clusters - 1.0), LEVEL) * found.standard_error
    limits = (found.value - half, found.value + half), (found.low, found.high)
    length = float(np.ptp(scores))
    return {
        method: Coverage.of(low, high, scenario.pair.difference, length)
        for method, (low, high) in zip(METHODS, limits, strict=True)
    }


NAMES = (
    lambda scenario: f"sigma {scenario.sigma:g}",
    lambda scenario: f"{scenario.clusters} clusters",
    lambda scenario: f"correlation {scenario.correlation:g}",
    lambda scenario: scenario.pair.name,
    lambda scenario: "crossing the clusters" if scenario.crossing else "in different clusters",
    lambda scenario: "equal sizes" if scenario.equal else "unequal sizes",
)


def table(experiment: Experiment) -> Iterator[str]:
    """The lines of one table, and of its lowest scenarios again."""
    results = [
        (scenario, coverages(scenario, experiment.draws, experiment.seed, place))
        for place, scenario in enumerate(experiment.scenarios)
    ]
    yield f"| {experiment.title} | {' | '.join(METHODS)} |"
    yield "|---|" + "---|" * len(METHODS)
    for row in rows_by(results, NAMES):
        yield f"| {row.name} | {row.cells(METHODS)} |"
    found = [result for _, result in results]
    for limit in (0.93, 0.9):
        shares = " | ".join(below(found, method, limit) for method in METHODS)
        yield f"| below {limit:.2f} | {shares} |"
    yield ""
    yield from lowest_again(experiment, results)


def lowest_again(
    experiment: Experiment, results: Sequence[tuple[Scenario, dict[str, Coverage]]]
) -> Iterator[str]:
    """The scenarios that the score interval covered least, with other seeds and more draws."""
    held = np.array([result["score"].held for _, result in results])
    yield f"| lowest, {experiment.title} | first | again | Wald t again |"
    yield "|---|---:|---:|---:|"
    for place in np.argsort(held, kind="stable")[:AGAIN]:
        scenario = results[place][0]
        again = coverages(scenario, AGAIN_DRAWS, experiment.seed, int(place), 1)
        figures = (held[place], again["score"].held, again["Wald t"].held)
        yield f"| {description(scenario)} | {' | '.join(map(number, figures))} |"


def description(scenario: Scenario) -> str:
    return ", ".join(str(name(scenario)) for name in NAMES)


if __name__ == "__main__":
    for each in EXPERIMENTS:
        for line in table(each):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        sys.stdout.write("\n")
