"""
Tables by one name: groups and their total.

What one hidden group gains another must lose, so a number is protected where the other hidden
groups can give what it lacks. Where they can't, one more group is hidden; where none can give
enough, the total.
"""

from collections.abc import Iterable

import numpy as np

from custfocus.disclosure.rows import GroupTable
from custfocus.disclosure.sensitive import Numbers
from custfocus.disclosure.witnesses import Hiding, Witness
from custfocus.results.arrays import Flags, Floats, Places

_DONORS = 64  # groups that are asked at most, those that have most first


def one_way_hiding(
    table: GroupTable, numbers: Numbers, hidden: Flags, free: Flags, price: Floats
) -> Hiding | None:
    """
    What to hide of groups by one name, the cheapest where only the number of answers counts.

    Args:
        table: The true counts.
        numbers: What must not be known to be small.
        hidden: The classes that are hidden in any case.
        free: The classes whose number of respondents is not known.
        price: What hiding each class costs, infinite where it must be shown.

    Returns:
        What is hidden with its witnesses, not checked yet. None for tables by other names, and
        where it can't be done by one more row.
    """
    if len(table.codes) != 1:
        return None
    total = int(table.rows[-1]) if table.margins[-1] == () else -1
    exchange = _Exchange(table, numbers, free, total)
    groups = np.flatnonzero(hidden[table.own[0]])
    open_total = total < 0 or bool(hidden[total])
    given = [exchange.given(one, groups) for one in range(len(numbers))]
    chosen = hidden.copy()
    lacking = [one for one, (_, left) in enumerate(given) if left]
    if lacking and not open_total:
        more = exchange.cheapest(lacking, [given[one][1] for one in lacking], price, hidden)
        if more >= 0:
            chosen[table.own[0, more]] = True
            groups = np.append(groups, more)
            for one in lacking:
                given[one] = exchange.given(one, groups)
        elif np.isfinite(price[total]):
            open_total = chosen[total] = True
    if open_total:
        for one in [one for one, (_, left) in enumerate(given) if left]:
            given[one] = exchange.alone(one, groups)
    if any(left for _, left in given):
        return None
    witnesses = tuple(witness for witness, _ in given)
    return Hiding(chosen, numbers, np.arange(len(numbers)), witnesses)


class _Exchange:
    """What groups can give to numbers of other groups."""

    def __init__(self, table: GroupTable, numbers: Numbers, free: Flags, total: int) -> None:
        self.table, self.numbers = table, numbers
        self.free = free[table.own[0]]
        self.free_total = total < 0 or bool(free[total])
        place = np.zeros(table.classes, np.intp)
        place[table.own[0]] = np.arange(table.groups)
        self.group = place[numbers.rows]
        self.of_total = ~np.isin(numbers.rows, table.own[0])
        self.answers = table.answers
        self._donors: dict[tuple[bytes, int, bool], list[int]] = {}
        self._counts = table.counts.tolist()

    def given(self, number: int, groups: Places) -> tuple[Witness, int]:
        """What other hidden groups give to a number, and what is still lacking."""
        columns, need = self.numbers.columns[number], int(self.numbers.needs[number])
        if self.of_total[number]:
            return _none(self.table), need
        group = int(self.group[number])
        return self._moves(group, columns, need, self._ranked(group, columns, groups))

    def alone(self, number: int, hidden: Places) -> tuple[Witness, int]:
        """What a group, or the total by a hidden one, can change where the total is hidden too."""
        columns, need = self.numbers.columns[number], int(self.numbers.needs[number])
        counts = self.table.counts
        others = np.flatnonzero(self.table.is_point & ~columns)
        spare = counts[:, others].sum(axis=1)
        able = self.free & (self.answers > 0) & self.free_total
        group = int(self.group[number])
        if self.of_total[number]:
            most = np.where(able[hidden], 1 + counts.sum(), 0) + spare[hidden]
            group = int(hidden[np.argmax(most)])
        own = counts[group].tolist()
        if not able[group]:
            need, lacking = min(need, int(spare[group])), max(0, need - int(spare[group]))
            gone = [0] * len(own)
            _shift(gone, own, others.tolist(), need)
        else:
            lacking = 0
        own[int(np.flatnonzero(columns)[0])] += need
        return Witness(np.array([group]), np.array([own]) - counts[group]), lacking

    def cheapest(self, numbers: list[int], lacking: list[int], price: Floats, hidden: Flags) -> int:
        """The cheapest group that gives all these numbers what they lack; -1 where none does."""
        cost = np.where(hidden[self.table.own[0]], np.inf, price[self.table.own[0]])
        for number, lack in sorted(zip(numbers, lacking, strict=True), key=lambda one: -one[1]):
            cost[self._most(number) < lack] = np.inf
        best = int(np.argmin(cost))
        return best if np.isfinite(cost[best]) else -1

    def _most(self, number: int) -> Places:
        """The most that each group can give to a number."""
        columns, group = self.numbers.columns[number], int(self.group[number])
        counts, points = self.table.counts, self.table.points
        had = counts[:, columns].sum(axis=1)
        others = ~columns & self.table.is_point
        swapped = np.minimum(had, counts[group, others].sum())
        moved = np.minimum(had, self.answers - 1)
        both = self.free & self.free[group]
        moved = np.where(both, moved, np.minimum(moved, counts[group, points:].sum()))
        usable = (self.answers > 0) & (np.arange(len(counts)) != group)
        return np.where(usable, np.minimum(had, swapped + np.maximum(moved, 0)), 0)

    def _ranked(self, group: int, columns: Flags, groups: Places) -> list[int]:
        """The hidden groups that have most of some columns; first those free to give, if it is."""
        free = bool(self.free[group])
        key = (columns.tobytes(), len(groups), free)
        if key not in self._donors:
            had = self.table.counts[groups][:, columns].sum(axis=1)
            ranked = groups[np.argsort(-had, kind="stable")]
            first = ranked[self.free[ranked] & free][:_DONORS]
            self._donors[key] = [*dict.fromkeys([*first.tolist(), *ranked[:_DONORS].tolist()])]
        return self._donors[key]

    def _moves(
        self, group: int, columns: Flags, need: int, donors: Iterable[int]
    ) -> tuple[Witness, int]:
        """Answers moved or swapped between a group and others."""
        width, points = len(columns), self.table.points
        counted = [at for at in range(points) if columns[at]]
        others = [at for at in range(points) if not columns[at]]
        own = list(self._counts[group])
        changed: dict[int, list[int]] = {}
        for donor in donors:
            if donor == group or not self.answers[donor] or not need:
                continue
            its = list(self._counts[donor])
            swapped = min(need, sum(its[at] for at in counted), sum(own[at] for at in others))
            _shift(own, its, counted, swapped)
            _shift(its, own, others, swapped)
            need -= swapped
            spare = min(need, sum(its[at] for at in counted), sum(its[:points]) - 1)
            if not (self.free[group] and self.free[donor]):
                spare = min(spare, sum(own[points:]))
                _shift(its, own, range(points, width), spare)
            _shift(own, its, counted, spare)
            need -= spare
            changed[donor] = its
        groups = np.array([group, *changed], np.intp)
        after = np.array([own, *changed.values()], np.int64)
        return Witness(groups, after - self.table.counts[groups]), need


def _shift(gain: list[int], lose: list[int], columns: Iterable[int], amount: int) -> None:
    """Move an amount in the columns where the one group has it."""
    for at in columns:
        able = min(lose[at], amount)
        lose[at] -= able
        gain[at] += able
        amount -= able


def _none(table: GroupTable) -> Witness:
    """No moves."""
    return Witness(np.zeros(0, np.intp), np.zeros((0, table.counts.shape[1]), np.int64))
