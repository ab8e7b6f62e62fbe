"""
How often tests of equal means reject them although they are equal, by simulation.

Run it with ``python tests/coverage/k_sample_sizes.py``; it prints two Markdown tables in about two
minutes. The first is of independent samples: the score test, and the chi-square test by the
variance of all answers together. The second is of domains of a design: the score test in Rao and
Scott's form, and Wald's F test. All at the level .05.

The seeds are fixed. A size near .05 has a standard error of .003 in a single scenario of the first
table, which has 4,000 draws, and of .007 in one of the second, which has 1,000.
"""

import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from enumeration import markdown
from scipy.special import chdtrc

from custfocus.intervals.k_sample import k_sample_test
from homogeneity_of_draws import Draws, score_p_values, wald_p_values
from survey_scenarios import (
    Array,
    Domain,
    generator_of,
    lognormal,
    on_a_scale,
    totals_of,
)

ALPHA = 0.05
PLAIN_SEED, PLAIN_DRAWS = 2030, 4000
DESIGN_SEED, DESIGN_DRAWS = 2031, 1000

FIVE, NPS, SHARE = np.arange(1, 6.0), np.array([-1.0, 0, 1]), np.array([0.0, 1])


class Samples(NamedTuple):
    """Independent samples of equal means."""

    name: str
    scores: Array
    sizes: list[int]
    populations: list[Array]


def population(scores: Array, mean: float, spread: str) -> Array:
    """Shares with this mean: on both ends, on the two points beside the mean, or half of each."""
    place = (mean - scores[0]) / (scores[-1] - scores[0])
    ends = np.zeros(len(scores))
    ends[0], ends[-1] = 1 - place, place
    near = np.zeros(len(scores))
    below = min(int(np.searchsorted(scores, mean, side="right")) - 1, len(scores) - 2)
    near[below + 1] = (mean - scores[below]) / (scores[below + 1] - scores[below])
    near[below] = 1 - near[below + 1]
    return {"ends": ends, "near": near, "wide": (ends + near) / 2}[spread]


def sizes_of(name: str, spreads: Sequence[str]) -> list[int]:
    number = len(spreads)
    if name == "one large":  # among unlike ones those of small spread
        if "ends" in spreads:
            return [20 if spread == "ends" else 400 for spread in spreads]
        return [400] + [20] * (number - 1)
    if name == "mixed":
        return [8, 100, 20, 40, 200, 10, 15, 300, 60, 30][:number]
    return [int(name)] * number


def plain_scenarios() -> list[Samples]:
    """The 64 of the grid, and two samples one of which has no spread at all."""
    found: list[Samples] = []
    three, ten = ["ends", "near", "wide"], ["ends", "near"] * 5
    for scale, scores, mean in (
        ("5 points, mean 4.2", FIVE, 4.2),
        ("5 points, mean 3", FIVE, 3.0),
        ("NPS 50", NPS, 0.5),
        ("share .8", SHARE, 0.8),
        ("share .95", SHARE, 0.95),
    ):
        for spreads in (["wide"] * 3, three, ["wide"] * 10, ten):
            if len(scores) == 2 and "ends" in spreads:
                continue  # a share has one spread
            kind = "unlike spread" if "ends" in spreads else "same answers"
            for size in ("10", "50", "one large", "mixed"):
                sizes = sizes_of(size, spreads)
                shown = "/".join(str(each) for each in sizes[:4]) + ("/..." if sizes[4:] else "")
                name = f"{scale}, {len(sizes)} groups of {shown}, {kind}"
                populations = [population(scores, mean, spread) for spread in spreads]
                found.append(Samples(name, scores, sizes, populations))
    return found


ALL_THREES = Samples(
    "400 threes against 20 ones and fives",
    FIVE,
    [400, 20],
    [np.array([0, 0, 1.0, 0, 0]), np.array([0.5, 0, 0, 0, 0.5])],
)


def pooled_test(counts: Array, scores: Array) -> Array:
    """P-values by the variance of all answers together, as if all samples had that spread."""
    n = counts.sum(axis=-1)
    total = counts.sum(axis=1)
    common = total @ scores / n.sum(axis=1)
    between = (n * (counts @ scores / n - common[:, None]) ** 2).sum(axis=1)
    within = (total * (scores - common[:, None]) ** 2).sum(axis=1)
    alike = within == 0  # all answers are equal
    statistic = (n.sum(axis=1) - 1) * between / np.where(alike, 1, within)
    p_value: Array = chdtrc(n.shape[1] - 1, statistic)
    return p_value


def plain_sizes(samples: Samples, draws: int, *seed: int) -> tuple[float, float]:
    """How often the pooled and the score test reject."""
    generator = generator_of(*seed)
    columns = [
        generator.multinomial(size, shares, draws)
        for size, shares in zip(samples.sizes, samples.populations, strict=True)
    ]
    counts = np.stack(columns, axis=1).astype(np.float64)
    pooled = pooled_test(counts, samples.scores)
    score = k_sample_test(counts, samples.scores).p_value
    return float(np.mean(pooled < ALPHA)), float(np.mean(score < ALPHA))


def plain_table(draws: int = PLAIN_DRAWS) -> str:
    """The first table: groups of unlike size singly, then the highest of all."""
    scenarios = [*plain_scenarios(), ALL_THREES]
    found = [
        (scenario, plain_sizes(scenario, draws, PLAIN_SEED, place))
        for place, scenario in enumerate(scenarios)
    ]
    uneven = [(one.name, *sizes) for one, sizes in found if len(set(one.sizes)) > 1]
    even = [sizes for one, sizes in found if len(set(one.sizes)) == 1]
    highest = [
        (f"highest of {len(even)} with groups of 10 or of 50", *np.max(even, axis=0)),
        (f"highest of all {len(found)}", *np.max([sizes for _, sizes in found], axis=0)),
    ]
    titles = ["independent samples", "pooled variance", "score"]
    return markdown(titles, "lrr", [*uneven, *highest])


class Domains(NamedTuple):
    """Domains of one design with equal means."""

    clusters: int
    domains: int
    crossing: bool
    correlation: float
    sigma: float
    alike: bool

    @property
    def name(self) -> str:
        where = "crossing" if self.crossing else "apart"
        return f"{self.clusters} clusters, {self.domains} domains {where}"


QUARTERS = np.arange(5) / 4
GOOD = np.array([0.03, 0.07, 0.2, 0.4, 0.3])
UNLIKE = [
    population(QUARTERS, float(GOOD @ QUARTERS), "ends"),
    GOOD,
    population(QUARTERS, float(GOOD @ QUARTERS), "near"),
]

DESIGN_SCENARIOS = [
    Domains(clusters, domains, crossing, correlation, sigma, alike)
    for clusters in (10, 20, 50)
    for domains in (2, 3, 6, 10)
    for crossing in (True, False)
    if crossing or clusters >= 2 * domains
    for correlation in (0, 0.05, 0.2)
    for sigma in (0, 1)
    for alike in (True, False)
]


def domains_of(scenario: Domains, draws: int, generator: np.random.Generator) -> list[Domain]:
    """Each domain has 6 in every cluster, or 10 in each of its own."""
    effects = generator.standard_normal((draws, scenario.clusters))
    own = np.arange(scenario.clusters) % scenario.domains
    size = 6 if scenario.crossing else 10
    drawn: list[Domain] = []
    for domain in range(scenario.domains):
        shares = GOOD if scenario.alike else UNLIKE[domain % len(UNLIKE)]
        places = on_a_scale(generator, shares, scenario.correlation, effects, size)
        there = np.ones_like(own) if scenario.crossing else own == domain
        weights = lognormal(generator, places.shape, scenario.sigma) * there[:, None]
        drawn.append(Domain(places, weights))
    return drawn


def design_sizes(scenario: Domains, draws: int, *seed: int) -> tuple[float, float]:
    """How often Wald's and the score test reject."""
    drawn = domains_of(scenario, draws, generator_of(*seed))
    totals, counts = totals_of(drawn, QUARTERS, np.zeros(scenario.clusters, dtype=np.intp))
    each = Draws.of(totals, scenario.domains)
    wald = wald_p_values(each, scenario.clusters - 1)
    score = score_p_values(each, counts, QUARTERS)
    return float(np.mean(wald < ALPHA)), float(np.mean(score < ALPHA))


def design_table(
    draws: int = DESIGN_DRAWS, scenarios: Sequence[Domains] = tuple(DESIGN_SCENARIOS)
) -> str:
    """The second table: mean and highest size over correlations, weights and spreads."""
    groups: dict[str, list[tuple[float, float]]] = {}
    for place, scenario in enumerate(scenarios):
        sizes = design_sizes(scenario, draws, DESIGN_SEED, place)
        groups.setdefault(scenario.name, []).append(sizes)
    groups[f"all {len(scenarios)}"] = [sizes for group in groups.values() for sizes in group]
    rows = []
    for name, group in groups.items():
        both = zip(np.mean(group, axis=0), np.max(group, axis=0), strict=True)
        rows.append([name, *(f"{mean:.3f}/{highest:.3f}" for mean, highest in both)])
    return markdown(["domains of a design", "Wald F", "score, Rao-Scott"], "lrr", rows)


if __name__ == "__main__":
    sys.stdout.write(f"{plain_table()}\n\n{design_table()}\n")
