"""Rows of a survey by domain: who counts, counts and weights by answer, the rest of a block."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.design import Rows, sums
from custfocus.results.arrays import Counts, Flags, Floats, Places, frozen
from custfocus.surveys.survey_cells import Cells


def read_only(arrays: Iterable[NDArray[Any]]) -> Iterator[Any]:
    """The arrays, so that they can't be written to."""
    return (frozen(array, array.dtype.type) for array in arrays)


def rows_of(places: Places, domains: Places, weights: Floats) -> Rows:
    """Respondents one by one."""
    return Rows(places, weights, domains, (weights > 0).astype(np.float64), weights**2)


def answered(rows: "Rows | Cells", points: int, domains: int) -> Flags:
    """Those who count: with a positive weight, an answer on one of the points and a domain."""
    counted = (rows.respondents > 0) & (rows.places < points) & (rows.domains < domains)
    return np.asarray(counted)


def weights_of(rows: "Rows | Cells", points: int, domains: int) -> Floats:
    """The weight on each point, shape (domains, points)."""
    counted = answered(rows, points, domains)
    cells = rows.domains[counted] * points + rows.places[counted]
    return sums(cells, rows.weights[counted], domains * points).reshape(domains, points)


def some_rows(rows: Rows, which: Flags | Places) -> Rows:
    """Some of the rows."""
    return Rows._make(array[which] for array in rows)


def renumbered(old: Places, domains: Places, number: int) -> Places:
    """The new domain of each row; those who were in none stay in none."""
    return np.append(domains, number)[old]


def rests(domains: Places, blocks: Places) -> tuple[Places, Places]:
    """
    Each row once for every other domain of its block, and that domain's rest.

    Args:
        domains: Of each row; beyond the last for those in none.
        blocks: Of each domain.
    """
    members = np.argsort(blocks, kind="stable")
    rank = np.empty_like(members)
    sizes = np.bincount(blocks)
    starts = np.cumsum(sizes) - sizes
    rank[members] = np.arange(len(blocks)) - starts[blocks[members]]
    inside = np.flatnonzero(domains < len(blocks))
    own = domains[inside]
    copies = sizes[blocks[own]] - 1
    which = np.repeat(np.arange(len(inside)), copies)
    place = np.arange(len(which)) - np.repeat(np.cumsum(copies) - copies, copies)
    place += place >= rank[own[which]]  # all of the block but its own
    others = members[starts[blocks[own[which]]] + place]
    return inside[which], len(blocks) + others


def added_rests(rows: Rows, kinds: Places, members: Places, domains: int) -> tuple[Places, Rows]:
    """
    For each domain of a block its others, rows of a kind added up.

    Args:
        rows: Of all domains.
        kinds: Of each row: rows of a kind have the same unit, or stratum, and answer.
        members: The domains of the block.
        domains: How many there are; the rest of domain d gets the number domains + d.

    Returns:
        A row of the kind for each sum, and the sums.
    """
    rank = np.full(domains + 1, -1)
    rank[members] = np.arange(len(members))
    inside = np.flatnonzero((rank[rows.domains] >= 0) & (rows.respondents > 0))
    _, first, kind = np.unique(kinds[inside], return_index=True, return_inverse=True)
    cells = rank[rows.domains[inside]] * len(first) + kind
    shape = (len(members), len(first))
    respondents, weights, squares = (
        _of_others(sums(cells, values[inside], shape[0] * shape[1]).reshape(shape))
        for values in (rows.respondents, rows.weights, rows.squares)
    )
    some = respondents > 0
    member, column = np.nonzero(some)
    like = inside[first[column]]
    rest = Rows(
        rows.places[like],
        weights[some],
        domains + members[member],
        respondents[some],
        squares[some],
    )
    return like, rest


def _of_others(values: Floats) -> Floats:
    """The sums over all rows but each one's own; by addition alone, so that no digits cancel."""
    before, after = np.zeros_like(values), np.zeros_like(values)
    before[1:] = np.cumsum(values[:-1], axis=0)
    after[:-1] = np.cumsum(values[:0:-1], axis=0)[::-1]
    return before + after


def table_of(rows: "Rows | Cells", domains: int, kinds: int) -> Counts:
    """Respondents of positive weight by answer, shape (domains, kinds)."""
    cells = rows.domains * kinds + rows.places  # those of no domain come last
    found = sums(cells, np.asarray(rows.respondents, np.float64), (domains + 1) * kinds)
    return found[: domains * kinds].astype(np.int64).reshape(domains, kinds)


def units_met(domains: Places, units: Places, number: int) -> Floats:
    """In how many units each domain has respondents."""
    width = int(units.max(initial=0)) + 1
    pairs = np.unique(domains * width + units) // width
    return np.bincount(pairs, minlength=number).astype(np.float64)
