"""
Samples from surveys with a design, for simulations: answers in clusters, weights, domains.

A scenario is drawn many times over. All draws are held in one array and put into one big design,
each of them as strata and domains of its own, so that one call of the library computes them all.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from custfocus.intervals.design import Rows, Stage, weighted_counts
from custfocus.intervals.linearisation import DesignTotals, design_totals

Array = NDArray[np.float64]
Scenario = TypeVar("Scenario")

SHARE = np.array([0.0, 1.0])  # the scores of a share


class Domain(NamedTuple):
    """
    What one domain answers in every draw.

    Attributes:
        places: The answer's place on the scale, shape (draws, clusters, respondents).
        weights: Likewise; 0 for a respondent who is not in the domain.
    """

    places: NDArray[np.intp]
    weights: Array


class Coverage(NamedTuple):
    """How often intervals hold the true value, and their mean width in lengths of the scale."""

    held: float
    width: float

    @classmethod
    def of(cls, low: Array, high: Array, truth: float, length: float = 1.0) -> "Coverage":
        """From limits of shape (draws,); rounding of the truth decides nothing."""
        room = 1e-12 * length
        held = (low <= truth + room) & (truth - room <= high)
        return cls(float(held.mean()), float((high - low).mean()) / length)


def generator_of(*seed: int) -> np.random.Generator:
    """A generator for this scenario and no other."""
    return np.random.default_rng(np.random.SeedSequence(seed))


def yes_or_no(
    generator: np.random.Generator, share: float, correlation: float, ranks: Array, size: int
) -> NDArray[np.intp]:
    """
    Answers 1 (yes) in this share of a population of clusters, 0 for the others.

    Args:
        generator: Of the answers.
        share: In the population.
        correlation: Within clusters: their own shares follow a beta distribution.
        ranks: Where each cluster stands among all, in (0, 1); shape (draws, clusters).
        size: Respondents in each cluster.
    """
    own = np.full(ranks.shape, share)
    if correlation > 0:
        total = 1 / correlation - 1
        own = betaincinv(share * total, (1 - share) * total, ranks)
    return (generator.random((*ranks.shape, size)) < own[:, :, None]).astype(np.intp)


def on_a_scale(
    generator: np.random.Generator,
    shares: Array,
    correlation: float,
    effects: Array,
    size: int,
) -> NDArray[np.intp]:
    """
    Answers on a scale, each from a normal variable that respondents of a cluster have in part.

    Args:
        generator: Of the answers.
        shares: Of the points in the population, shape (points,).
        correlation: Of the normal variables within clusters.
        effects: The clusters' part, standard normal; shape (draws, clusters).
        size: Respondents in each cluster.
    """
    own = generator.standard_normal((*effects.shape, size))
    both = np.sqrt(correlation) * effects[:, :, None] + np.sqrt(1 - correlation) * own
    return np.searchsorted(ndtri(np.cumsum(shares)[:-1]), both).astype(np.intp)


def lognormal(generator: np.random.Generator, shape: tuple[int, ...], sigma: float) -> Array:
    """Weights that have nothing to do with the answers; equal ones for sigma 0."""
    return np.exp(sigma * generator.standard_normal(shape)) if sigma > 0 else np.ones(shape)


def of_sizes(sizes: NDArray[np.intp]) -> Array:
    """1 for respondents there are and 0 for the others, shape (clusters, largest size)."""
    return (np.arange(sizes.max()) < sizes[:, None]).astype(np.float64)


def totals_of(
    domains: Sequence[Domain], scores: Array, strata: NDArray[np.intp]
) -> tuple[DesignTotals, Array]:
    """
    What the design says of all domains of all draws, and their weighted counts.

    Domain k of draw r has the number r K + k, for K domains. The clusters are drawn from so many
    that the share which is drawn does not matter.

    Args:
        domains: Of the same clusters.
        scores: Of the points of the scale.
        strata: The stratum of each cluster, 0 to their number less one; shape (clusters,).
    """
    draws = len(domains[0].places)
    parts = [_rows(domain, number, len(domains)) for number, domain in enumerate(domains)]
    places, weights, numbers, units = (np.concatenate(each) for each in zip(*parts, strict=True))
    rows = Rows(places, weights, numbers, np.ones(len(places)), weights**2)
    stratum = (np.arange(draws)[:, None] * (strata.max() + 1) + strata).ravel()
    sizes = np.bincount(stratum).astype(np.float64)
    stage = Stage.of_single(units, stratum, sizes, np.ones(len(sizes)))
    counts = weighted_counts(rows, draws * len(domains), len(scores))
    return design_totals(counts, scores, rows, (stage,), "certainty"), counts


def _rows(domain: Domain, number: int, domains: int) -> tuple[NDArray[np.generic], ...]:
    draw, cluster, _ = where = np.nonzero(domain.weights)
    return (
        domain.places[where],
        domain.weights[where],
        draw * domains + number,
        draw * domain.places.shape[1] + cluster,
    )


class Row(NamedTuple):
    """One line of a table: its name, and the results of its scenarios, one for each method."""

    name: str
    results: list[dict[str, Coverage]]

    def cells(self, methods: Iterable[str]) -> str:
        """Mean coverage / lowest coverage / mean width by each method."""
        return " | ".join(self._cell(method) for method in methods)

    def _cell(self, method: str) -> str:
        found = [result[method] for result in self.results]
        held = [each.held for each in found]
        width = np.mean([each.width for each in found])
        return f"{number(np.mean(held))}/{number(min(held))}/{number(width)}"


def number(value: float | np.floating) -> str:
    """Three decimals."""
    return f"{value:.3f}"


def rows_by(
    results: Sequence[tuple[Scenario, dict[str, Coverage]]],
    names: Iterable[Callable[[Scenario], Hashable]],
) -> list[Row]:
    """The lines of a table: for each way to name scenarios one for every name, then all of them."""
    rows: list[Row] = []
    for name in names:
        groups: dict[str, list[dict[str, Coverage]]] = {}
        for scenario, result in results:
            groups.setdefault(str(name(scenario)), []).append(result)
        rows += [Row(*group) for group in groups.items()]
    return [*rows, Row(f"all {len(results)}", [result for _, result in results])]


def below(results: Sequence[dict[str, Coverage]], method: str, limit: float) -> str:
    """How many scenarios a method covers less than the limit, in per cent."""
    share = np.mean([result[method].held < limit for result in results])
    return f"{100 * share:.1f} %"
