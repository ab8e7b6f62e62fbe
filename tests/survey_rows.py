"""Surveys as the arrays that the kernels take, from labels of each respondent."""

from typing import NamedTuple

import numpy as np

from custfocus.intervals.covariance import DesignPairs, design_pairs
from custfocus.intervals.design import Rows, Stage, weighted_counts
from custfocus.intervals.design_difference import DesignDifferences, design_differences
from custfocus.intervals.linearisation import DesignTotals, design_totals


class Drawn(NamedTuple):
    """A survey of one stage or two: an answer, a weight, a domain, a stratum, units for each."""

    y: np.ndarray
    w: np.ndarray
    domains: np.ndarray  # numbered
    strata: np.ndarray
    units: np.ndarray
    scores: np.ndarray
    lonely: str = "certainty"
    population: np.ndarray | None = None  # of each stratum
    subunits: np.ndarray | None = None
    subpopulation: np.ndarray | None = None  # of each unit

    @classmethod
    def of(cls, y, w, domains, scores, *, units=None, strata=None, **more) -> "Drawn":
        """From labels, numbered in order; one stratum, and every respondent a unit, by default."""
        rows = len(y)
        return cls(
            np.asarray(y, dtype=float),
            np.asarray(w, dtype=float),
            np.unique(list(domains), return_inverse=True)[1],
            np.unique(np.zeros(rows) if strata is None else strata, return_inverse=True)[1],
            np.arange(rows) if units is None else np.asarray(units),
            np.asarray(scores, dtype=float),
            **more,
        )

    @property
    def number(self) -> int:
        """How many domains there are."""
        return int(self.domains.max()) + 1

    @property
    def rows(self) -> Rows:
        """The respondents."""
        w = self.w / self.w.max()
        places = np.searchsorted(self.scores, self.y)
        return Rows(places, w, self.domains, np.ones(len(w)), w**2)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages of the sampling."""
        first = numbered_within(self.strata, self.units)
        stage, shares = _stage(first, self.strata, self.population, np.ones(self.strata.max() + 1))
        if self.subunits is None:
            return (stage,)
        second = numbered_within(first, self.subunits)
        return stage, _stage(second, first, self.subpopulation, shares)[0]

    @property
    def counts(self) -> np.ndarray:
        """The weight on each score in each domain."""
        return weighted_counts(self.rows, self.number, len(self.scores))

    def totals(self, **options) -> DesignTotals:
        """The kernel's totals."""
        return design_totals(
            self.counts, self.scores, self.rows, self.stages, self.lonely, **options
        )

    def pairs(self, a=(0,), b=(1,), **options) -> DesignPairs:
        """Pairs of its domains; the first two by default."""
        return design_pairs(self.totals(**options), np.array(a), np.array(b), **options)

    def differences(self, a=(0,), b=(1,), *, level=0.95, null=0.0, **options) -> DesignDifferences:
        """Their differences."""
        a, b, counts = np.array(a), np.array(b), self.counts
        pairs = self.pairs(a, b, **options)
        return design_differences(pairs, counts[a], counts[b], self.scores, level, null=null)


def numbered_within(outer, inner):
    """Numbers from 0 for the pairs of both."""
    pairs = np.stack([np.asarray(outer), np.unique(inner, return_inverse=True)[1]])
    return np.unique(pairs, axis=1, return_inverse=True)[1].ravel()


def _stage(units, strata, population, shares):
    of_units = np.zeros(units.max() + 1, dtype=int)
    of_units[units] = strata
    sizes = np.bincount(of_units).astype(float)
    drawn = np.zeros(len(sizes)) if population is None else sizes / population
    return Stage.of_single(units, of_units, sizes, shares * (1 - drawn)), (shares * drawn)[of_units]
