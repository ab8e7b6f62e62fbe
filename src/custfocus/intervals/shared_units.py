"""
The units and strata that two domains of a design both meet, for many pairs of domains at once.

Domains meet few of all units, and pairs are few of all pairs: so places are kept in order of domain
and label, and the fewer places of the one domain are looked up among those of the other.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from custfocus.intervals.design import Codes
from custfocus.intervals.linearisation import StageTotals

_BLOCK = 2**20  # places that are looked up at a time: their arrays take some dozens of megabytes


class Join(NamedTuple):
    """Where domains are, looked up by pair of domain and place; in that order."""

    labels: Codes  # the unit or the stratum
    entries: Codes  # which of all pairs of domain and place it is
    keys: Codes
    width: int
    starts: Codes  # of each domain among the labels
    sizes: Codes

    @classmethod
    def of(cls, domains: Codes, labels: Codes, number: int, *, several: bool) -> "Join":
        """Of all places of the domains, or of those that *several* domains are in."""
        entries = np.arange(len(labels))
        if several:
            entries = np.flatnonzero(np.bincount(labels)[labels] > 1)
            domains, labels = domains[entries], labels[entries]
        sizes = np.bincount(domains, minlength=number)
        width = int(labels.max(initial=0)) + 1
        keys = domains * width + labels
        return cls(labels, entries, keys, width, np.cumsum(sizes) - sizes, sizes)

    def lookups(self, a: Codes, b: Codes) -> Codes:
        """How many places of each pair are looked up."""
        return np.minimum(self.sizes[a], self.sizes[b])

    def shared(self, a: Codes, b: Codes) -> "Shared":
        """The places that both domains of a pair are in, by pair and place."""
        swapped = self.sizes[a] > self.sizes[b]  # look up the fewer among the more
        fewer, more = np.where(swapped, b, a), np.where(swapped, a, b)
        sizes = self.sizes[fewer]
        pairs = np.repeat(np.arange(len(a)), sizes)
        within = np.arange(len(pairs)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        here = self.starts[fewer][pairs] + within
        wanted = more[pairs] * self.width + self.labels[here]
        there = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        both = self.keys[there] == wanted
        pairs, here, there = pairs[both], self.entries[here[both]], self.entries[there[both]]
        other_way = swapped[pairs]
        return Shared(pairs, np.where(other_way, there, here), np.where(other_way, here, there))


class Shared(NamedTuple):
    """Places that both domains of a pair are in, (shared,): the pair, and the entry of each."""

    pairs: Codes
    first: Codes
    second: Codes


class Joins(NamedTuple):
    """How the units and the strata of one stage are looked up."""

    units: Join
    strata: Join

    @classmethod
    def of(cls, stage: StageTotals) -> "Joins":
        """Of the units that several domains meet, and of all strata."""
        number = len(stage.averaged)
        return cls(
            Join.of(stage.domains, stage.units, number, several=True),
            Join.of(stage.cell_domains, stage.cell_strata, number, several=False),
        )


def pair_blocks(joins: list[Joins], a: Codes, b: Codes) -> Iterator[slice]:
    """Slices of the pairs with about _BLOCK lookups each."""
    lookups = np.ones(len(a), dtype=np.intp)
    for join in joins:
        lookups += join.units.lookups(a, b) + join.strata.lookups(a, b)
    done = np.cumsum(lookups)
    start = 0
    while start < len(a):
        before = done[start] - lookups[start]
        end = max(int(np.searchsorted(done, before + _BLOCK, side="right")), start + 1)
        yield slice(start, end)
        start = end
