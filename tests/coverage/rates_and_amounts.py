"""
How often intervals for rates and for means of skewed amounts hold the truth.

Rates are enumerated: every number of events has an exact Poisson probability. Means and ratios
are simulated with a fixed seed. Run as a script it prints the tables of docs/quantities.md; a
number after the command says how many samples are drawn of each case (20,000 by default).
"""

import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from custfocus.intervals import (
    amounts_interval,
    moments,
    rate_interval,
    rate_ratio_interval,
    totals_ratio_interval,
)

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]

SAMPLES = 20_000
SIZES = (10, 30, 200)
MEANS = {"0.5 to 5": (0.5, 5), "5 to 20": (5, 20), "20 to 100": (20, 100)}
AMOUNTS_METHODS = ("skewed", "gamma", "t")
RATIO_METHODS = ("log-delta", "fieller", "delta")
RATE_RATIOS = (0.5, 1, 2)


def lognormal(sigma: float) -> Draw:
    """Lognormal amounts of mean 1."""
    return lambda generator, shape: generator.lognormal(-(sigma**2) / 2, sigma, shape)


def gamma(shape: float) -> Draw:
    """Gamma amounts of mean 1."""
    return lambda generator, size: generator.gamma(shape, 1 / shape, size)


def with_zeros(share: float, draw: Draw) -> Draw:
    """A share of zeros among amounts, the mean still 1."""

    def drawn(generator: np.random.Generator, shape: tuple[int, int]) -> Floats:
        there = generator.random(shape) >= share
        return np.where(there, draw(generator, shape) / (1 - share), 0)

    return drawn


POPULATIONS: dict[str, Draw] = {
    "lognormal, sigma 0.5": lognormal(0.5),
    "lognormal, sigma 1": lognormal(1),
    "lognormal, sigma 1.5": lognormal(1.5),
    "exponential": gamma(1),
    "gamma, shape 0.5": gamma(0.5),
    "30 % zeros, lognormal 1": with_zeros(0.3, lognormal(1)),
    "50 % zeros, gamma 0.5": with_zeros(0.5, gamma(0.5)),
    "60 % zeros, lognormal 1.5": with_zeros(0.6, lognormal(1.5)),
    "normal, CV 0.3": lambda generator, shape: np.maximum(generator.normal(1, 0.3, shape), 0),
}


def poisson_probabilities(means: Floats) -> Floats:
    """The chance of each number of events, from 0 on, at each mean; all but nothing of it."""
    events = np.arange(0, int(means.max() + 12 * np.sqrt(means.max()) + 20))
    return np.exp(xlogy(events, means[:, None]) - means[:, None] - gammaln(events + 1))


def poisson_coverage(means: Floats, method: str) -> Floats:
    """The exact coverage of a 95 % interval at each mean."""
    chances = poisson_probabilities(means)
    low, high = rate_interval(np.arange(chances.shape[1]), 1, method=method)
    held = (low <= means[:, None]) & (means[:, None] <= high)
    return np.sum(chances * held, axis=1)


def rate_ratio_coverage(means: Floats, ratio: float) -> Floats:
    """The exact coverage of a 95 % interval of a ratio of rates; the means are of the second."""
    first, second = poisson_probabilities(ratio * means), poisson_probabilities(means)
    events = np.arange(first.shape[1])[:, None], np.arange(second.shape[1])
    low, high = rate_ratio_interval(events[0], 1, events[1], 1)
    held = (low <= ratio) & (ratio <= high)
    return np.einsum("ij,jk,ik->i", first, held.astype(float), second)


def amounts_coverage(draw: Draw, n: int, samples: int, seed: int = 20261128) -> list[float]:
    """The share of samples whose interval holds the mean 1, by each method."""
    values = draw(np.random.default_rng(seed), (samples, n))
    values = values[values.max(axis=1) > 0]
    known = moments(values)
    found = (amounts_interval(*known, method=method) for method in AMOUNTS_METHODS)
    return [float(np.mean((low <= 1) & (high >= 1))) for low, high in found]


def ratio_coverage(n: int, samples: int, *, uneven: bool, seed: int = 20261128) -> list[float]:
    """The same for cost per case of branches, whose cases are even or very uneven."""
    generator = np.random.default_rng(seed)
    size = np.where(generator.random((samples, n)) < 0.2, 500, 20) if uneven else 50
    cases = generator.poisson(size, (samples, n)) + 1
    cost = cases * generator.gamma(4, 0.25, (samples, n))
    found = (totals_ratio_interval(cost, cases, method=method) for method in RATIO_METHODS)
    return [float(np.mean((low <= 1) & (high >= 1))) for low, high in found]


def rates_table() -> list[str]:
    """Mean and least coverage of rates."""
    lines = [
        "| mean number of events | exact: mean | least | byar: mean | least |",
        "|---|---|---|---|---|",
    ]
    for name, (first, last) in MEANS.items():
        means = np.linspace(first, last, 2_000)
        both = (poisson_coverage(means, method) for method in ("exact", "byar"))
        cells = [f"{number:.3f}" for one in both for number in (one.mean(), one.min())]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def rate_ratios_table() -> list[str]:
    """Mean and least coverage of ratios of two rates."""
    lines = [
        f"| events of the second | {' | '.join(f'ratio {one:g}: mean | least' for one in RATE_RATIOS)} |",
        "|---|" + "---|---|" * len(RATE_RATIOS),
    ]
    for name, (first, last) in MEANS.items():
        means = np.linspace(first, last, 200)
        found = (rate_ratio_coverage(means, ratio) for ratio in RATE_RATIOS)
        cells = [f"{number:.3f}" for one in found for number in (one.mean(), one.min())]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def amounts_table(samples: int) -> list[str]:
    """Coverage of means of amounts, each cell that of n = 10, 30 and 200."""
    lines = [
        f"| amounts | {' | '.join(AMOUNTS_METHODS)} |",
        "|---|" + "---|" * len(AMOUNTS_METHODS),
    ]
    for name, draw in POPULATIONS.items():
        found = zip(*(amounts_coverage(draw, n, samples) for n in SIZES), strict=True)
        cells = (" ".join(f"{one:.3f}" for one in sizes) for sizes in found)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def ratios_table(samples: int) -> list[str]:
    """The same for ratios of totals."""
    lines = [f"| clusters | {' | '.join(RATIO_METHODS)} |", "|---|" + "---|" * len(RATIO_METHODS)]
    for name, uneven in (("of one size", False), ("very uneven", True)):
        found = zip(*(ratio_coverage(n, samples, uneven=uneven) for n in SIZES), strict=True)
        cells = (" ".join(f"{one:.3f}" for one in sizes) for sizes in found)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    """Print the tables."""
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    enumerated, simulated = (rates_table, rate_ratios_table), (amounts_table, ratios_table)
    for lines in (*(table() for table in enumerated), *(table(samples) for table in simulated)):
        sys.stdout.write("\n".join([*lines, "", ""]))


if __name__ == "__main__":
    main()
