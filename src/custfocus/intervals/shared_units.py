"""
The units and strata that two domains of a design both meet, for many pairs of domains at once.

Domains meet few of all units, and pairs are few of all pairs: so places are kept in order of domain
and label, and the fewer places of the one domain are looked up among those of the other.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from custfocus.intervals.design import Codes, how_many
from custfocus.intervals.linearisation import StageTotals

_BLOCK = 2**20  # places that are looked up at a time: their arrays take some dozens of megabytes


class Shared(NamedTuple):
    """Places that both domains of a pair are in, (shared,): the pair, and the entry of each."""

    pairs: Codes
    first: Codes
    second: Codes


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
            met = how_many(labels)
            entries = np.flatnonzero(met[labels] > 1)
            domains, labels = domains[entries], labels[entries]
        sizes = np.bincount(domains, minlength=number)
        width = int(labels.max(initial=0)) + 1
        keys = domains * width + labels
        starts: Codes = np.cumsum(sizes) - sizes
        return cls(labels, entries, keys, width, starts, sizes)

    def lookups(self, a: Codes, b: Codes) -> Codes:
        """How many places of each pair are looked up."""
        return np.minimum(self.sizes[a], self.sizes[b])

    def shared(self, a: Codes, b: Codes) -> Shared:
        """The places that both domains of a pair are in, by pair and place."""
        swapped = self.sizes[a] > self.sizes[b]  # look up the fewer among the more
        fewer, more = np.where(swapped, b, a), np.where(swapped, a, b)
        pairs, here = expanded(self.sizes[fewer], self.starts[fewer])
        wanted = more[pairs] * self.width + self.labels[here]
        there = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        both = self.keys[there] == wanted
        pairs, here, there = pairs[both], self.entries[here[both]], self.entries[there[both]]
        other_way = swapped[pairs]
        return Shared(pairs, np.where(other_way, there, here), np.where(other_way, here, there))


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

    def shared(self, a: Codes, b: Codes) -> tuple[Shared, Shared]:
        """The units and the strata that both domains of a pair meet."""
        return self.units.shared(a, b), self.strata.shared(a, b)


def pair_blocks(joins: list[Joins], a: Codes, b: Codes) -> Iterator[slice]:
    """Slices of the pairs that take a bounded number of lookups each."""
    lookups = np.zeros(len(a), dtype=np.intp)
    for join in joins:
        lookups += join.units.lookups(a, b) + join.strata.lookups(a, b)
    return bounded_blocks(lookups)


def bounded_blocks(costs: Codes) -> Iterator[slice]:
    """Slices that cover all, each of a total cost of at most _BLOCK or of a single item."""
    done: Codes = np.cumsum(costs)
    start = 0
    while start < len(costs):
        most = int(done[start] - costs[start]) + _BLOCK
        end = max(int(np.searchsorted(done, most, side="right")), start + 1)
        yield slice(start, end)
        start = end


def expanded(sizes: Codes, starts: Codes) -> tuple[Codes, Codes]:
    """For each item as many consecutive places as it has: which item it is, and the place."""
    items = np.repeat(np.arange(len(sizes)), sizes)
    within = np.arange(len(items)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return items, starts[items] + within
