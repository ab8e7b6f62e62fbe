"""
What a bootstrap draws from: counts of answers, or respondents in clusters and strata.

References:
    Davison and Hinkley (1997), Bootstrap Methods and their Application, chapters 3 and 5.
"""

import contextlib
import reprlib
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import TallyError
from custfocus.intervals.arguments import Floats
from custfocus.intervals.replicates import skewness_sixth

Index = Callable[[Floats], Floats]  # of samples (B, W), a row each; gives results (B, ...)

_BLOCK = 2**17  # numbers that an index gets at a time: a megabyte, however many resamples
_CACHED = 2**14  # numbers drawn at a time: arrays in the processor's cache, several times as fast


class Drawn(Protocol):
    """What is drawn again: rows of W counts or weights, which an index is computed from."""

    @property
    def itself(self) -> Floats:
        """The row of the sample as it is, shape (W,)."""
        ...

    def drawn(self, resamples: int) -> Floats:
        """The rows of that many resamples, shape (resamples, W)."""
        ...

    def acceleration(self, index: Index) -> Floats:
        """Efron's a, a sixth of the skewness of the index, by the jackknife."""
        ...


class Counts(NamedTuple):
    """Counts (K,), each answer of which is as likely to be drawn as any other."""

    itself: Floats
    generator: np.random.Generator

    def drawn(self, resamples: int) -> Floats:
        """As many answers as there are, from the points that have any."""
        # Points without answers are left out: what rounding leaves over would fall to them.
        chosen, n = self.itself > 0, self.itself.sum()
        rows = np.zeros((resamples, len(chosen)))
        rows[:, chosen] = self.generator.multinomial(int(n), self.itself[chosen] / n, resamples)
        return rows

    def acceleration(self, index: Index) -> Floats:
        """Whichever of a point's c_j answers is left out, the index is the same."""
        chosen = self.itself > 0
        times = self.itself[chosen]
        if len(times) == 1:
            return np.zeros(())
        without = index((self.itself - np.eye(len(chosen)))[chosen])
        return skewness_sixth(times @ without / times.sum() - without, times)


class Respondents(NamedTuple):
    """
    Respondents in clusters, which are numbered stratum by stratum.

    Attributes:
        cluster: The number of each respondent's cluster, shape (n,).
        first: For each cluster the number of the first one in its stratum, shape (M,).
        size: For each cluster how many there are in its stratum, at least 2; shape (M,).
        generator: Where the random numbers come from.
    """

    cluster: NDArray[np.intp]
    first: NDArray[np.intp]
    size: NDArray[np.intp]
    generator: np.random.Generator

    @property
    def itself(self) -> Floats:
        """Each of them once."""
        return np.ones(len(self.cluster))

    def drawn(self, resamples: int) -> Floats:
        """How often each was drawn: as many clusters of each stratum as it has."""
        rows = np.empty((resamples, len(self.cluster)))
        for some in blocks(resamples, len(self.cluster), _CACHED):
            rows[some] = self._times_drawn(some.stop - some.start)[:, self.cluster]
        return rows

    def _times_drawn(self, resamples: int) -> NDArray[np.intp]:
        uniform = self.generator.random((resamples, len(self.size)))
        drawn = (uniform * self.size).astype(np.intp)  # never rounded up to the size itself
        drawn += self.first + len(self.size) * np.arange(resamples)[:, None]  # each row its own
        return np.bincount(drawn.ravel(), minlength=drawn.size).reshape(drawn.shape)

    def acceleration(self, index: Index) -> Floats:
        """Every cluster is left out in turn, its stratum's others taking its place."""
        numbers = np.arange(len(self.first))
        without = np.concatenate(
            [
                index(self._without(numbers[some]))
                for some in blocks(len(numbers), self.cluster.size)
            ]
        )
        starts, sizes = np.unique(self.first, return_counts=True)
        totals = np.repeat(np.add.reduceat(without, starts, axis=0), sizes, axis=0)
        size = self.size.reshape(-1, *(1,) * (without.ndim - 1))
        deviations = (1 - 1 / size) * (totals / size - without)
        return skewness_sixth(deviations, np.ones(len(numbers)))

    def _without(self, left_out: NDArray[np.intp]) -> Floats:
        same_stratum = self.first[self.cluster] == self.first[left_out, None]
        weights = np.where(same_stratum, 1 + 1 / (self.size[left_out, None] - 1), 1)
        weights[self.cluster == left_out[:, None]] = 0
        return weights


def blocks(rows: int, width: int, numbers: int | None = None) -> Iterator[slice]:
    """Slices that cover rows of that width, none of more than so many *numbers*, or a row."""
    most = max((numbers or _BLOCK) // width, 1)
    return (slice(start, min(start + most, rows)) for start in range(0, rows, most))


def clustered(
    n: int, clusters: ArrayLike | None, strata: ArrayLike | None, generator: np.random.Generator
) -> Respondents:
    """The respondents in their clusters and strata; an error where they cannot be resampled."""
    cluster = np.arange(n) if clusters is None else _numbered(clusters, "clusters", n)
    stratum = np.zeros(n, np.intp) if strata is None else _numbered(strata, "strata", n)
    stratum_of = np.zeros(cluster.max() + 1, np.intp)
    stratum_of[cluster] = stratum
    if (stratum_of[cluster] != stratum).any():
        raise TallyError(
            "clusters must lie within one stratum each, and some lie in two; where their labels "
            "start again in every stratum, join the stratum's label to theirs"
        )
    sizes = np.bincount(stratum_of)
    if (sizes == 1).any():
        raise TallyError(
            "every stratum must have two clusters or more to be resampled (respondents, where no "
            f"clusters are given), got {(sizes == 1).sum()} with one; merge such a stratum with "
            "the most similar one"
        )
    number = np.empty_like(stratum_of)
    number[np.argsort(stratum_of, kind="stable")] = np.arange(len(number))
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return Respondents(number[cluster], first, np.repeat(sizes, sizes), generator)


def _numbered(labels: ArrayLike, name: str, n: int) -> NDArray[np.intp]:
    """The labels as numbers from 0 on; shape (n,)."""
    array = np.asarray(labels)
    if array.dtype.kind == "U":
        array = np.asarray(labels, dtype=object)  # where NaN among texts has not become one
    if array.shape != (n,):
        raise TallyError(
            f"{name} must have one label for each of the {n} respondents, got shape {array.shape}"
        )
    with contextlib.suppress(TypeError):
        missing = np.ma.is_masked(labels) or (array != array).any()  # noqa: PLR0124 - NaN and NaT
        if not missing:
            return np.unique(array, return_inverse=True)[1]
    raise TallyError(
        f"{name} must be labels of one kind, none missing, got {reprlib.repr(labels)}; leave out "
        "respondents without one, or give them one of their own"
    )
