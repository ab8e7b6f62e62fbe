"""
How often intervals hold the true share where weights are calibrated, by simulation.

Run it with ``python tests/coverage/calibrated_surveys.py``; it prints a Markdown table in about
fifteen minutes, and the lowest scenarios again with other seeds. A sample is drawn in four strata of equal
size whose respondents stand for 1 to 4 members of the population, alone or in clusters of eight, and
raked to a margin of 3 or 8 labels that tells some of the answers: a part of the variance of the
normal variable behind each answer, of which those above a bound say yes. Asked are all
respondents or a random half of them.

The score interval takes the weights as fixed, or knows the margin, which is what the library does;
and the interval of R's confint is Student's t by the same standard error. Cells are the mean
coverage, the lowest coverage and the mean width over scenarios.

The seeds are fixed. Coverage near .95 has a standard error of .009 in a single scenario.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from custfocus import Scale, Scoring, estimate
from custfocus.surveys import Calibration, SurveyDesign, SurveyTally
from survey_scenarios import Coverage, below, generator_of, number, rows_by

LEVEL, SEED, DRAWS = 0.95, 2031, 600
METHODS = ("weights as fixed", "t, calibrated", "score, calibrated")
AGAIN, AGAIN_DRAWS = 4, 3000
SCALE = Scale([0, 1], labels=["no", "yes"])
YES = Scoring(SCALE, [0, 1])
STRATA, OF_CLUSTER, CLUSTERS_PART = 4, 8, 0.1  # of the variance


class Scenario(NamedTuple):
    respondents: int
    clustered: bool
    labels: int
    told: float  # part of the variance that the margin tells
    share: float
    half: bool  # whether a domain is asked


class Sample(NamedTuple):
    """One draw; each of shape (respondents,)."""

    answers: np.ndarray
    base: np.ndarray
    strata: np.ndarray
    clusters: np.ndarray | None
    margin: np.ndarray
    domain: np.ndarray


SCENARIOS = [
    Scenario(respondents, clustered, labels, told, share, half)
    for respondents in (96, 320)
    for clustered in (False, True)
    for labels in (3, 8)
    for told in (0, 0.4, 0.8)
    for share in (0.5, 0.9)
    for half in (False, True)
]


def means_of(scenario: Scenario) -> np.ndarray:
    """What each label adds to the variable behind the answers: evenly spaced, of unit variance."""
    even = np.arange(scenario.labels) - (scenario.labels - 1) / 2
    return even / np.sqrt((even**2).mean()) * np.sqrt(scenario.told)


def bound_of(scenario: Scenario) -> float:
    """The bound above which the share says yes, found by bisection."""
    low, high = -5.0, 5.0
    for _ in range(60):
        middle = (low + high) / 2
        above = ndtr((means_of(scenario) - middle) / np.sqrt(1 - scenario.told)).mean()
        low, high = (middle, high) if above > scenario.share else (low, middle)
    return low


def sample_of(scenario: Scenario, generator: np.random.Generator) -> Sample:
    """A draw in which each label occurs."""
    n = scenario.respondents
    margin = np.zeros(n, np.intp)
    while len(np.unique(margin)) < scenario.labels:
        margin = generator.integers(0, scenario.labels, n)
    clusters = np.arange(n) // OF_CLUSTER if scenario.clustered else None
    part = CLUSTERS_PART if scenario.clustered else 0.0
    shared = np.repeat(generator.standard_normal(n // OF_CLUSTER), OF_CLUSTER)
    own = generator.standard_normal(n)
    rest = np.sqrt(part) * shared + np.sqrt(1 - part) * own
    behind = means_of(scenario)[margin] + np.sqrt(1 - scenario.told) * rest
    strata = np.arange(n) * STRATA // n
    return Sample(
        (behind > bound_of(scenario)).astype(int),
        1.0 + strata,
        strata,
        clusters,
        margin,
        generator.integers(0, 2, n),
    )


def limits_of(scenario: Scenario, sample: Sample) -> dict[str, tuple[float, float]]:
    """The limits by each method."""
    totals = dict.fromkeys(range(scenario.labels), 1 / scenario.labels)
    drawn = {"strata": sample.strata, "clusters": sample.clusters}
    calibration = Calibration({"label": sample.margin}, {"label": totals})
    calibrated = SurveyDesign(sample.base, **drawn, calibration=calibration)
    fixed = SurveyDesign(calibrated.row_weights, **drawn)
    by = {"domain": sample.domain} if scenario.half else None
    found = {}
    for design, methods in ((fixed, METHODS[:1]), (calibrated, METHODS[1:])):
        tally = SurveyTally.of(sample.answers, design, SCALE, by=by)
        asked = tally.sel(domain=0) if scenario.half else tally
        for method in methods:
            interval = "t" if method == METHODS[1] else "score"
            one = estimate(asked, YES, method=interval, confidence_level=LEVEL)
            found[method] = (float(one.low), float(one.high))
    return found


def coverages(scenario: Scenario, draws: int, *seed: int) -> dict[str, Coverage]:
    """How often each interval holds the share, and its mean width."""
    generator = generator_of(*seed)
    found = [limits_of(scenario, sample_of(scenario, generator)) for _ in range(draws)]
    return {
        method: Coverage.of(*np.array([each[method] for each in found]).T, scenario.share)
        for method in METHODS
    }


NAMES = (
    lambda scenario: f"{scenario.respondents} {'in clusters' if scenario.clustered else 'alone'}",
    lambda scenario: f"a margin of {scenario.labels} labels",
    lambda scenario: f"which tells {scenario.told:g}",
    lambda scenario: f"share {scenario.share:g}",
    lambda scenario: "of half of them" if scenario.half else "of all",
)


def table(draws: int = DRAWS, scenarios: Sequence[Scenario] = SCENARIOS) -> Iterator[str]:
    """The table's lines, and those of its lowest scenarios again."""
    results = [
        (scenario, coverages(scenario, draws, SEED, place))
        for place, scenario in enumerate(scenarios)
    ]
    yield f"| calibrated | {' | '.join(METHODS)} |"
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
    held = np.array([result[METHODS[2]].held for _, result in results])
    yield "| lowest, calibrated | first | again | t again |"
    yield "|---|---:|---:|---:|"
    for place in np.argsort(held, kind="stable")[:AGAIN]:
        scenario = results[place][0]
        again = coverages(scenario, AGAIN_DRAWS, SEED, int(place), 1)
        figures = (held[place], again[METHODS[2]].held, again[METHODS[1]].held)
        yield f"| {description(scenario)} | {' | '.join(map(number, figures))} |"


def description(scenario: Scenario) -> str:
    where = "in clusters of 8" if scenario.clustered else "alone"
    asked = "half of them" if scenario.half else "all"
    margin = f"a margin of {scenario.labels} labels that tells {scenario.told:g}"
    return f"{scenario.respondents} {where}, {margin}, share {scenario.share:g} of {asked}"


if __name__ == "__main__":
    for line in table():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
