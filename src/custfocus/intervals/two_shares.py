"""Successes and answers of two independent samples, each of a population that may be finite."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import TallyError
from custfocus.intervals.arguments import (
    Floats,
    finite_population_factor,
    population_sizes,
    reachable,
    sample_sizes,
    whole_numbers,
)

Worth = tuple[Floats, Floats]  # successes and answers, which need not be whole

_CENSUS = 1e-30  # stands for a variance of 0: its square root is beyond a float64's digits


class Share(NamedTuple):
    """One of two samples."""

    x: Floats
    n: Floats
    population: Floats | None

    @property
    def left(self) -> Floats:
        """What a finite population leaves of the variance."""
        return finite_population_factor(self.n, self.population)

    def reach(self) -> tuple[Floats, Floats]:
        """The smallest and the largest proportion that its population can have."""
        return reachable(self.x, self.n, self.population, (0, 1))

    def worth(self) -> Worth:
        """Successes and answers from an infinite population that tell as much; (G,)."""
        left = np.maximum(self.left.ravel(), _CENSUS)
        return self.x.ravel() / left, self.n.ravel() / left


class TwoShares(NamedTuple):
    """Successes and answers of two samples, checked and of one shape."""

    x_a: Floats
    n_a: Floats
    x_b: Floats
    n_b: Floats
    population_a: Floats | None = None
    population_b: Floats | None = None

    @classmethod
    def of(
        cls,
        successes_a: ArrayLike,
        n_a: ArrayLike,
        successes_b: ArrayLike,
        n_b: ArrayLike,
        populations: tuple[ArrayLike | None, ArrayLike | None],
    ) -> "TwoShares":
        """Checked; an error for what two samples can't be."""
        names = "successes_a", "n_a", "successes_b", "n_b"
        given = [
            whole_numbers(values, name)
            for values, name in zip((successes_a, n_a, successes_b, n_b), names, strict=True)
        ]
        try:
            counts = cls(*np.broadcast_arrays(*given))
        except ValueError:
            shapes = ", ".join(str(values.shape) for values in given)
            raise TallyError(
                f"{', '.join(names)} must have shapes that broadcast, got {shapes}"
            ) from None
        for sample, x, n in (("a", counts.x_a, counts.n_a), ("b", counts.x_b, counts.n_b)):
            more = x > sample_sizes(n)
            if more.any():
                raise TallyError(
                    f"successes_{sample} must not exceed n_{sample}, got {x[more][0]:g} of "
                    f"{n[more][0]:g}; n_{sample} counts all answers, successes included"
                )
        return counts._replace(
            population_a=population_sizes(populations[0], counts.n_a, "population_a"),
            population_b=population_sizes(populations[1], counts.n_b, "population_b"),
        )

    @property
    def sides(self) -> tuple[Share, Share]:
        """Successes, answers and the size of the population of either sample."""
        return (
            Share(self.x_a, self.n_a, self.population_a),
            Share(self.x_b, self.n_b, self.population_b),
        )

    def on_two_points(self) -> tuple[Floats, Floats]:
        """Counts (..., 2) of either sample on the scores 0 and 1."""
        return (
            np.stack([self.n_a - self.x_a, self.x_a], axis=-1),
            np.stack([self.n_b - self.x_b, self.x_b], axis=-1),
        )
