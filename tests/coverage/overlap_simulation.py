"""
How often the interval for a change between two overlapping waves holds the true change.

Some respondents answer both waves, others only the one or the other. `compare_pairs` uses all of
them; beside it stand what one would do without it: take the waves as independent samples, or
leave out those who missed one. Enumeration is out of reach, so samples are simulated (with a fixed
seed), and a coverage is known to about .0035. Run as a script it prints a table.
"""

import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from enumeration import markdown
from numpy.typing import NDArray

from custfocus import Comparison, Estimate, Scale, Scoring, Tally, compare, estimate
from custfocus.comparisons import compare_pairs
from custfocus.responses import PairTally

Floats = NDArray[np.float64]
Method = Callable[[PairTally, Scoring], Comparison]

SAMPLES = 4000
SIZES = ((100, 50, 50), (20, 10, 10))  # in both, in the first wave alone, in the second alone
CORRELATIONS = (0.2, 0.8)

METHODS: dict[str, Method] = {
    "all, overlapping": compare_pairs,
    "all, as if independent": lambda pairs, scoring: compare(
        alone(pairs.a, scoring), alone(pairs.b, scoring)
    ),
    "complete pairs": lambda pairs, scoring: compare_pairs(pairs.complete(), scoring),
}

_ROUNDING = 1e-9  # of 100: so that a limit at the true change holds it
_SEED = 1998


def alone(side: Tally, scoring: Scoring) -> Estimate:
    """The estimate of one side without its name, by which it would be known as part of a pair."""
    return estimate(Tally(side.counts, side.scale), scoring)


class Population(NamedTuple):
    """What is asked, and the shares of the points in each wave, from the worst to the best."""

    name: str
    scoring: Scoring
    first: Floats
    second: Floats

    def joint(self, correlation: float) -> Floats:
        """
        Shares of the pairs: independent ones, mixed with the pairs of equal rank.

        The part of the latter is the correlation itself where the waves have the same shares.
        """
        ends = np.minimum.outer(np.cumsum(self.first), np.cumsum(self.second))
        ranked = np.diff(np.diff(ends, axis=0, prepend=0), axis=1, prepend=0)
        return correlation * ranked + (1 - correlation) * np.outer(self.first, self.second)

    @property
    def change(self) -> float:
        """The first wave's index less the second's, as quoted."""
        return float((self.first - self.second) @ self.scoring.quoted_scores)


def share(first: float, second: float) -> Population:
    """A top box with these shares in the two waves."""
    shares = (np.array([1 - p, p]) for p in (first, second))
    scoring = Scoring.top_box(Scale.likert(2), 1)
    return Population(f"top box {first:g}, {second:g}", scoring, *shares)


_HIGH, _LOWER = np.array([0.02, 0.03, 0.10, 0.25, 0.60]), np.array([0.05, 0.10, 0.15, 0.30, 0.40])
_MEAN = Scoring.mean(Scale.likert(5))  # of 0 to 100
POPULATIONS = (
    share(0.5, 0.5),
    share(0.8, 0.8),
    share(0.95, 0.95),
    share(0.95, 0.85),
    Population("mean, 60 % on the best point", _MEAN, _HIGH, _HIGH),
    Population("mean, 60 %, then 40 %", _MEAN, _HIGH, _LOWER),
)


def drawn(
    population: Population, correlation: float, sizes: tuple[int, int, int], samples: int
) -> PairTally:
    """So many samples as groups."""
    generator = np.random.default_rng(_SEED)
    both, first, second = sizes
    joint = population.joint(correlation)
    joint = np.maximum(joint, 0) / np.maximum(joint, 0).sum()  # rounding leaves -1e-17
    counts = generator.multinomial(both, joint.ravel(), samples).reshape(-1, *joint.shape)
    alone = (
        generator.multinomial(size, shares, samples)
        for size, shares in ((first, population.first), (second, population.second))
    )
    return PairTally(counts, population.scoring.scale, *alone)


def coverage_and_width(compared: Comparison, change: float) -> tuple[float, float]:
    """The share of the intervals that hold the change, and how wide they are on average."""
    holds = (compared.low - _ROUNDING <= change) & (change <= compared.high + _ROUNDING)
    return float(holds.mean()), float((compared.high - compared.low).mean())


def rows(samples: int = SAMPLES) -> Iterator[list[str]]:
    """The rows of the table."""
    for sizes in SIZES:
        for population in POPULATIONS:
            for correlation in CORRELATIONS:
                pairs = drawn(population, correlation, sizes, samples)
                cells = [" + ".join(map(str, sizes)), population.name, f"{correlation:g}"]
                for method in METHODS.values():
                    found = coverage_and_width(method(pairs, population.scoring), population.change)
                    cells += [f"{found[0]:.3f}", f"{found[1]:.1f}"]
                yield cells


if __name__ == "__main__":
    titles = ["both + first + second", "population", "correlation"]
    titles += [f"{name}: {what}" for name in METHODS for what in ("coverage", "width")]
    sys.stdout.write(markdown(titles, "rl" + "r" * (len(titles) - 2), rows()) + "\n")
