"""
Whether a population on a longer scale is covered less than Wilson's infimum: a search, no proof.

Run it with ``python tests/coverage/local_search.py``. From 250 starting populations in each case of
docs/coverage.md on three and five points, shares are perturbed at random, ever less, and a
perturbation is kept where the 95 % score interval covers less than before. Printed are the
infimum of two points with as many answers, the lowest coverage found and where.
"""

import sys
from typing import NamedTuple

import numpy as np
from enumeration import LONGER, Floats, coverage, score, shares_text
from exact_and_mid_p import infimum as infimum_of

STARTS, STEPS, SEED = 250, 600, 20261129


class Deepest(NamedTuple):
    """The lowest coverage found, and the population."""

    coverage: float
    shares: Floats


def infimum(n: int) -> float:
    """Wilson's, on two points."""
    return infimum_of(n, "score").coverage


def perturbed(generator: np.random.Generator, shares: Floats, size: Floats) -> Floats:
    """Each share times a random factor, at times one share of each population set to 0."""
    moved = shares * np.exp(size * generator.normal(size=shares.shape))
    some = generator.random(len(shares)) < 0.02
    moved[some, generator.integers(shares.shape[1], size=some.sum())] = 0
    total = moved.sum(axis=1, keepdims=True)
    return np.where(total > 0, moved / np.where(total > 0, total, 1), shares)


def deepest(points: int, n: int, *, starts: int = STARTS, steps: int = STEPS) -> Deepest:
    """The lowest coverage that a search from so many populations comes to."""
    generator = np.random.default_rng([SEED, points, n])
    shares = generator.dirichlet(np.full(points, 0.3), starts)
    covered, _ = coverage(n, shares, score)
    for step in range(steps):
        size = np.full((starts, 1), 10 ** -(4.0 * step / steps))
        tried = perturbed(generator, shares, size)
        found, _ = coverage(n, tried, score)
        lower = found < covered
        shares[lower], covered[lower] = tried[lower], found[lower]
    place = int(np.argmin(covered))
    return Deepest(float(covered[place]), shares[place])


def main() -> None:
    """A line for each case."""
    for points, n in LONGER:
        found = deepest(points, n)
        sys.stdout.write(
            f"{points} points, {n} answers: two points {infimum(n):.6f}, "
            f"found {found.coverage:.6f} at {shares_text(found.shares)}\n"
        )


if __name__ == "__main__":
    main()
