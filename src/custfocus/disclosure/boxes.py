"""
Boxes: moving answers between the corners of a box of groups changes no sum outside it.

Two groups that differ by some names span a box; what the one corner gains the next one loses,
and so on by turns. Sums over any of those names stay as they are; the rows of the corners by all
of those names change and must be hidden. A corner can lose no more than it has: that is the box's
capacity, and a number needs boxes whose capacities add up to what it lacks.

References:
    Giessing and Repsilber (2002), Tools and strategies to protect multiple tables with the GHQUAR
    cell suppression engine, on hypercubes; capacities are taken exactly here.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

from custfocus.disclosure.rows import GroupTable, Margin
from custfocus.disclosure.witnesses import Priced, Witness, witness_of
from custfocus.results.arrays import Counts, Flags, Floats, Places

_MOST_BASES = 6  # groups of a row that boxes start from
_PLENTY = np.int64(2**53)


class Boxes(NamedTuple):
    """
    Boxes that start from one group and differ by some names.

    Attributes:
        corners: The groups at the corners, shape (boxes, corners); the first is the start.
        gains: Which corners gain; the others lose. Shape (corners,).
        price: Answers in the rows that they would hide besides, shape (boxes,).
        free: Whether respondents may move with the answers, shape (boxes,).
    """

    corners: Places
    gains: Flags
    price: Floats
    free: Flags


class HiddenMoves(NamedTuple):
    """
    What can be moved within what is hidden.

    Attributes:
        witness: The moves.
        lacking: How much they still lack.
        counts: The counts after them.
    """

    witness: Witness
    lacking: int
    counts: Counts


_NO_BOXES = Boxes(
    np.zeros((0, 1), np.intp), np.ones(1, np.bool_), np.zeros(0), np.zeros(0, np.bool_)
)


class Search:
    """Searches the boxes of a table."""

    def __init__(self, table: GroupTable, price: Floats, free: Flags) -> None:
        """
        Start a search.

        Args:
            table: The counts.
            price: What hiding each class costs; 0 where it is hidden, infinite where it can't be.
            free: The classes whose number of respondents is not known.
        """
        self.table: GroupTable = table
        self.price: Floats = price
        self.free: Flags = free
        joint, self._spans = _joint(table.codes)
        self._order = np.argsort(joint)
        self._sorted = joint[self._order]
        self.members: list[Places] = table.members()
        self._names = table.names_of()
        self._prices: dict[Margin, Floats] = {}
        self._freedoms: dict[Margin, Flags] = {}

    def hide(self, classes: Places) -> None:
        """Classes that are hidden from now on."""
        self.price[classes] = 0
        self._prices.clear()

    def show(self, row: int, price: float) -> None:
        """A class that is shown again, and what it costs to hide it."""
        self.price[row] = price
        self._prices.clear()

    def reset(self, price: Floats) -> None:
        """What hiding each class costs."""
        self.price = price
        self._prices.clear()

    def within(self, row: int, columns: Flags, need: int) -> HiddenMoves:
        """Moves within what is hidden, as many as are needed or can be."""
        counts = self.table.counts.copy()
        for boxes in self._boxes(row):
            hidden = boxes.price == 0
            if hidden.any():
                need = self._fill(counts, _some(boxes, hidden), columns, need)
            if not need:
                break
        return HiddenMoves(witness_of(self.table, counts), need, counts)

    def cheapest(self, row: int, columns: Flags, need: int) -> Priced | None:
        """Moves within what is hidden, and the cheapest box that gives what they lack."""
        inside = self.within(row, columns, need)
        if not inside.lacking:
            return Priced(0.0, inside.witness)
        for counts, lacking in ((inside.counts, inside.lacking), (self.table.counts, need)):
            found = self._cheapest(row, columns, counts, lacking)
            if found is not None:
                return found
        return None

    def _cheapest(self, row: int, columns: Flags, counts: Counts, need: int) -> Priced | None:
        """The cheapest box that gives so much; None where no box does."""
        best: tuple[float, Boxes] = np.inf, _NO_BOXES
        for boxes in self._boxes(row):
            few = _some(boxes, boxes.price < best[0])
            enough = self._capacity(counts, few, columns).max(axis=0) >= need
            if enough.any():
                at = int(np.argmin(np.where(enough, few.price, np.inf)))
                best = float(few.price[at]), _some(few, np.array([at]))
        if not len(best[1].corners):
            return None
        changed = counts.copy()
        self._fill(changed, best[1], columns, need)
        return Priced(best[0], witness_of(self.table, changed))

    def _fill(self, counts: Counts, boxes: Boxes, columns: Flags, need: int) -> int:
        """Use boxes in turn, those of the greatest capacity first; what is still lacking."""
        while need:
            capacity = self._capacity(counts, boxes, columns)
            way, at = np.unravel_index(int(np.argmax(capacity)), capacity.shape)
            amount = min(int(capacity[way, at]), need)
            if amount <= 0:
                break
            corners = boxes.corners[at]
            self._move(counts, corners[boxes.gains], corners[~boxes.gains], columns, amount,
                       swap=bool(way), free=bool(boxes.free[at]))  # fmt: skip
            need -= amount
        return need

    def _boxes(self, row: int) -> Iterator[Boxes]:
        """All boxes that change a row, by the names that they differ by; many names first."""
        names = self._names[row]
        own = self.members[row]
        if len(own) > _MOST_BASES:
            own = own[np.argsort(self.priced(names)[own], kind="stable")[:_MOST_BASES]]
        for size in range(len(names), -1, -1):
            for differ in combinations(names, size):
                for base in own.tolist():
                    corners = self._corners(base, differ)
                    gains = np.array([f"{one:b}".count("1") % 2 == 0 for one in range(2**size)])
                    price = self.priced(differ)[corners].sum(axis=1)
                    free = self._freed(differ)[corners].all(axis=1)
                    yield Boxes(corners, gains, price, np.asarray(free))

    def _corners(self, base: int, differ: Margin) -> Places:
        """The corners of the boxes that one group spans with others, shape (boxes, corners)."""
        codes = self.table.codes
        other = codes != codes[:, base, np.newaxis]
        wanted = np.isin(np.arange(len(codes)), differ)[:, np.newaxis]
        ends = np.flatnonzero((other == wanted).all(axis=0))
        found = np.empty((len(ends), 2 ** len(differ)), np.intp)
        found[:, 0], found[:, -1] = base, ends
        for corner in range(1, 2 ** len(differ) - 1):
            at = np.repeat(codes[:, base, np.newaxis], len(ends), axis=1)
            for bit, name in enumerate(differ):
                if corner >> bit & 1:
                    at[name] = codes[name, ends]
            found[:, corner] = self._groups(at)
        return found[(found >= 0).all(axis=1)]

    def _groups(self, codes: Places) -> Places:
        """The groups with these labels, -1 where there is none."""
        joint = codes.T @ self._spans
        place = np.minimum(np.searchsorted(self._sorted, joint), len(self._sorted) - 1)
        return np.where(self._sorted[place] == joint, self._order[place], -1)

    def priced(self, differ: Margin) -> Floats:
        """For each group the price of its rows by all these names at least."""
        if differ not in self._prices:
            price = np.append(self.price, 0.0)
            self._prices[differ] = sum(
                (price[self.table.own[at]] for at in self._changed(differ)),
                np.zeros(self.table.groups),
            )
        return self._prices[differ]

    def _freed(self, differ: Margin) -> Flags:
        """For each group whether the respondents of these rows are not known."""
        if differ not in self._freedoms:
            free = np.append(self.free, np.True_)
            rows = [free[self.table.own[at]] for at in self._changed(differ)]
            self._freedoms[differ] = np.all(np.array(rows), axis=0)
        return self._freedoms[differ]

    def _changed(self, differ: Margin) -> list[int]:
        """The margins that keep all these names."""
        return [at for at, kept in enumerate(self.table.margins) if {*differ} <= {*kept}]

    def _capacity(self, counts: Counts, boxes: Boxes, columns: Flags) -> Counts:
        """How much each box can give, by moving answers and by swapping; shape (2, boxes)."""
        points = self.table.points
        losing = _least(counts, boxes.corners[:, ~boxes.gains])
        gaining = _least(counts, boxes.corners[:, boxes.gains])
        answers = counts[:, :points].sum(axis=1)
        least = answers[boxes.corners].min(axis=1)
        spare = np.where(boxes.gains, _PLENTY, answers[boxes.corners]).min(axis=1) - 1
        moved: Counts = np.minimum(losing[:, columns].sum(axis=1), spare)
        missing = gaining[:, points:].sum(axis=1)
        moved = np.where(boxes.free, moved, np.minimum(moved, missing))
        others = ~columns & self.table.is_point
        swapped = np.minimum(losing[:, columns].sum(axis=1), gaining[:, others].sum(axis=1))
        return np.where(least > 0, np.maximum(np.stack([moved, swapped]), 0), 0)

    def _move(
        self, counts: Counts, gain: Places, lose: Places, columns: Flags, amount: int, *,
        swap: bool, free: bool,
    ) -> None:  # fmt: skip
        """Move answers between the corners of one box."""
        points = self.table.is_point
        _shift(counts, gain, lose, np.flatnonzero(columns), amount)
        if swap:
            _shift(counts, lose, gain, np.flatnonzero(points & ~columns), amount)
        elif not free:
            _shift(counts, lose, gain, np.flatnonzero(~points), amount)


def _shift(counts: Counts, gain: Places, lose: Places, columns: Places, amount: int) -> None:
    """Move an amount from some groups to others, in the columns where the former have it."""
    for column in columns.tolist():
        able = min(int(counts[lose, column].min(initial=_PLENTY)), amount)
        counts[lose, column] -= able
        counts[gain, column] += able
        amount -= able


def _least(counts: Counts, groups: Places) -> Counts:
    """The least of each column over some groups, shape (boxes, columns)."""
    if not groups.shape[1]:
        return np.full((len(groups), counts.shape[1]), _PLENTY >> 8)
    found = counts[groups[:, 0]]
    for corner in range(1, groups.shape[1]):
        found = np.minimum(found, counts[groups[:, corner]])
    return found


def _some(boxes: Boxes, which: Flags | Places) -> Boxes:
    return Boxes(boxes.corners[which], boxes.gains, boxes.price[which], boxes.free[which])


def _joint(codes: Places) -> tuple[Places, Places]:
    """One number for each column of codes, and what each name multiplies its code by."""
    sizes = [int(code.max(initial=0)) + 1 for code in codes]
    spans = np.cumprod([1, *sizes])[:-1]
    return codes.T @ spans, spans
