"""The groups of a table, and the published rows that are sums of them."""

from collections.abc import Sequence

import attrs
import numpy as np

from custfocus.results.arrays import Counts, Flags, Places
from custfocus.results.keys import joint_codes

Margin = tuple[int, ...]  # the places of the names that a margin keeps


@attrs.frozen(eq=False)
class GroupTable:
    """
    Counts of the finest groups, and the rows that are published of them.

    Rows of the same groups are one *class*: a region with one district is that district. Each
    class has one margin that is its own, the one with the most names; elsewhere it is -1, so
    that adding up over the margins counts every class once.

    Attributes:
        codes: The label of each group by name, shape (names, groups).
        counts: Of each group, shape (groups, columns): answers on each point, and behind them
            the reasons of missing ones.
        points: How many of the columns are answers.
        margins: The names that each published margin keeps, the finest first.
        own: The class of each group's row in each margin, shape (margins, groups); -1 where
            the class is another margin's.
        rows: The class of each published row, margin by margin.
        starts: Where the rows of each margin start among these.
        place: For each margin the row of each group within it, shape (margins, groups).
        classes: How many classes there are.
    """

    codes: Places
    counts: Counts
    points: int
    margins: tuple[Margin, ...]
    own: Places
    rows: Places
    starts: Places
    place: Places
    classes: int

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self.counts)

    def sums(self, moves: Counts) -> Counts:
        """Numbers of groups added up to classes, shape (classes, columns)."""
        total = np.zeros((self.classes, moves.shape[1]), np.int64)
        for own in self.own:
            here = own >= 0
            np.add.at(total, own[here], moves[here])
        return total

    def members(self) -> list[Places]:
        """The groups of each class."""
        found: list[Places] = [np.zeros(0, np.intp)] * self.classes
        for own in self.own:
            for label, groups in _split(own):
                if label >= 0:
                    found[label] = groups
        return found

    def names_of(self) -> list[Margin]:
        """The names that the rows of each class differ by."""
        found: list[Margin] = [()] * self.classes
        for margin, own in zip(self.margins, self.own, strict=True):
            for label in {*own.tolist()} - {-1}:
                found[label] = margin
        return found

    def classes_at(self, margin: int) -> Places:
        """The class of each group's row in a margin."""
        return np.asarray(self.rows[self.starts[margin] + self.place[margin]])

    @property
    def is_point(self) -> Flags:
        """Which columns are answers."""
        return np.repeat([True, False], [self.points, self.counts.shape[1] - self.points])

    @property
    def answers(self) -> Counts:
        """Answers of each group."""
        return np.asarray(self.counts[:, : self.points].sum(axis=1))


def table_of(codes: Places, counts: Counts, points: int, margins: Sequence[Margin]) -> GroupTable:
    """
    A table and the classes of its rows.

    Args:
        codes: The label of each group by name, shape (names, groups); all groups differ.
        counts: Of each group, shape (groups, columns).
        points: How many of the columns are answers.
        margins: The names that each published margin keeps.
    """
    ordered = tuple(sorted(margins, key=len, reverse=True))
    groups = codes.shape[1]
    own = np.full((len(ordered), groups), -1, np.intp)
    place = np.zeros((len(ordered), groups), np.intp)
    known: dict[bytes, int] = {}
    rows: list[int] = []
    starts: list[int] = []
    for at, margin in enumerate(ordered):
        place[at] = row_places(codes, margin)
        starts.append(len(rows))
        for _, members in _split(place[at]):
            name = members.tobytes()
            if name not in known:
                own[at, members] = known[name] = len(known)
            rows.append(known[name])
    return GroupTable(
        codes,
        counts,
        points,
        ordered,
        own,
        np.array(rows, np.intp),
        np.array(starts, np.intp),
        place,
        len(known),
    )


def row_places(codes: Places, margin: Margin) -> Places:
    """The row of each group within a margin, rows in the order of their labels."""
    if not margin:
        return np.zeros(codes.shape[1:], np.intp)
    kept: Places = codes[list(margin)]
    joint = joint_codes(kept, [range(int(code.max(initial=0)) + 1) for code in kept])
    _, rows = np.unique(joint, return_inverse=True)
    return np.asarray(rows, dtype=np.intp).reshape(-1)


def _split(labels: Places) -> list[tuple[int, Places]]:
    """Each label with the places that it stands at, in ascending order."""
    order = np.asarray(np.argsort(labels, kind="stable"), np.intp)
    unique, first = np.unique(labels[order], return_index=True)
    found: list[int] = unique.tolist()
    starts: list[int] = first.tolist()
    ends = [*starts[1:], len(order)]
    return [(label, order[a:b]) for label, a, b in zip(found, starts, ends, strict=True)]
