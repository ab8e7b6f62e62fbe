"""
What can be known of hidden numbers, worked out anew.

Nothing here is shared with what decides what is hidden but the rule itself: the rows are found by
their labels, and the bounds of each number are those of a program in whole numbers with every
group in it.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

import attrs
import numpy as np

from custfocus.disclosure.items import items_of, unknown_respondents
from custfocus.disclosure.margins import published_rows, table_of_sample
from custfocus.disclosure.suppressed import Suppressed
from custfocus.errors import TallyError
from custfocus.indices.estimate import Estimate
from custfocus.responses.sample import Sample
from custfocus.results.arrays import (
    BY_ROW,
    Counts,
    Flags,
    Floats,
    Places,
    frozen,
)
from custfocus.results.keys import Keys
from custfocus.results.result import Column, Result, count_text
from custfocus.results.text import kind_text, label_text

_MUCH = 0.25  # of the answers: hiding more is worth a word


def _whole(values: object) -> Counts:
    return frozen(np.asarray(values), np.int64)


@attrs.frozen(eq=False, repr=False)
class Audit(Result):
    """
    What can be known of each number that must not be known to be small; not for publication.

    Attributes:
        keys: The row of each number, and what is ``counted`` in it.
        value: The true number.
        threshold: What it must not be known to lie below.
        low: The least that it can be, for all that readers know.
        high: The most that it can be; the number is protected where that is the threshold or more.
        rows: How many rows there are.
        hidden: How many are hidden.
        small: How many of these hold a number that is too small.
        answers: All answers of the finest groups.
        lost: Answers of those groups that are hidden.
    """

    _keys: Keys
    value: Counts = attrs.field(converter=_whole, metadata=BY_ROW)
    threshold: Counts = attrs.field(converter=_whole, metadata=BY_ROW)
    low: Counts = attrs.field(converter=_whole, metadata=BY_ROW)
    high: Counts = attrs.field(converter=_whole, metadata=BY_ROW)
    rows: int
    hidden: int
    small: int
    answers: int
    lost: int

    @property
    def keys(self) -> Keys:
        """The row of each number, and what is counted in it."""
        return self._keys

    @property
    def protected(self) -> Flags:
        """Whether nobody can know that the number lies below its threshold."""
        return np.asarray(self.high >= self.threshold)

    def columns(self) -> dict[str, Column]:
        """The columns value, threshold, low, high and protected."""
        return {
            "value": Column(self.value, count_text, "count"),
            "threshold": Column(self.threshold, count_text),
            "low": Column(self.low, count_text),
            "high": Column(self.high, count_text),
            "protected": Column(self.protected, _yes),
        }

    def caption(self) -> str:
        """What is hidden, and whether that is enough."""
        bare = int(np.count_nonzero(~self.protected))
        found = "each may reach its threshold" if not bare else f"{bare} are known to be too small"
        share = 100 * self.lost / max(self.answers, 1)
        return (
            f"{self.hidden} of {self.rows} rows hidden, {self.small} of them too small; "
            f"{self.lost:,} of {self.answers:,} answers in hidden groups ({share:.1f} %); {found}"
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What to do where much is hidden."""
        if self.lost <= _MUCH * self.answers:
            return ()
        return ("more than a quarter of the answers is hidden: merge groups, or publish less",)


def _yes(flag: object) -> str:
    return "yes" if flag else "no"


class Number(NamedTuple):
    """A number that is too small: its published row, the points counted, and the threshold."""

    row: int
    points: tuple[int, ...]
    threshold: int


def audit(e: Estimate, found: Suppressed, /) -> Audit:
    """
    Attack what is published: what can be known of every number that is too small.

    Each number takes two programs in whole numbers, which in tables of thousands of rows are
    slow.

    Args:
        e: The estimate that was suppressed.
        found: All that is published of it, by `suppress`.

    Returns:
        For each number that must not be known to be small the true number and the least and the
        most that it can be. It is for the publisher alone.

    Raises:
        TallyError: What is no estimate or no result of `suppress`, or results of different
            answers; some rows of a result.

    >>> from custfocus import Scale, Tally, csat
    >>> from custfocus.disclosure import suppress
    >>> counts = [[1, 2, 30, 20, 9], [0, 0, 1, 2, 1], [2, 1, 9, 9, 9]]
    >>> e = csat(Tally(counts, Scale.likert(5), by={"shop": ["N", "S", "W"]}))
    >>> audit(e, suppress(e, minimum=10))
    level  shop  counted  count  threshold  low  high  protected
    shop   S     all          4         10    1    33        yes
    2 of 4 rows hidden, 1 of them too small; 34 of 96 answers in hidden groups (35.4 %); each may reach its threshold
    note: more than a quarter of the answers is hidden: merge groups, or publish less
    """
    sample = _checked(e, found)
    published = published_rows(e.keys, found.levels)
    if published.keys.columns() != found.keys.columns():
        raise TallyError(
            "audit takes an estimate and all that suppress made of it, got rows of others; pass "
            "audit(e, suppress(e, ...))"
        )
    none = np.zeros(found.keys.rows, np.bool_)
    numbers: list[Number] = []
    bounds: list[tuple[int, int, int]] = []
    for item in items_of(sample, published, found.kept, none, found.respondents):
        unknown = unknown_respondents(item, found.minimum, found.respondents)
        known = np.zeros(found.keys.rows, np.bool_)
        for at in range(len(published.margins)):
            known[published.rows[at, item.rows]] = ~unknown[item.table.classes_at(at)]
        attack = _Attack(e, sample, found, item.rows, known)
        for number in attack.too_small():
            numbers.append(number)
            bounds.append((attack.true(number), *attack.bounds(number)))
    value, low, high = np.array(bounds, np.int64).reshape(-1, 3).T
    finest = np.arange(found.keys.rows) < sample.keys.rows
    return Audit(
        _keys(e, found, numbers),
        value,
        np.array([one.threshold for one in numbers], np.int64),
        low,
        high,
        rows=found.keys.rows,
        hidden=int(found.hidden.sum()),
        small=len({one.row for one in numbers}),
        answers=int(sample.n.sum()),
        lost=int(sample.n[found.hidden[finest]].sum()),
    )


def _checked(e: object, found: object) -> Sample:
    if not isinstance(e, Estimate) or not isinstance(found, Suppressed):
        raise TallyError(
            f"audit takes an estimate and what suppress made of it, got {kind_text(e)} and "
            f"{kind_text(found)}; pass audit(e, suppress(e, ...))"
        )
    if found.round_to is not None:
        raise TallyError(
            "audit attacks hidden rows, got counts that are rounded, which promise another thing; "
            "leave out round_to="
        )
    if not e.shape:
        raise TallyError(
            "audit takes an estimate by groups, got a single row; pass audit(e, suppress(e, ...))"
        )
    return e.sample


def _keys(e: Estimate, found: Suppressed, numbers: list[Number]) -> Keys:
    """The rows of the numbers, and what is counted in each."""
    names = [label_text(one) for one in e.sample.scale.point_names]
    every = tuple(range(len(names)))
    counted = [
        "all" if one.points == every else ", ".join(names[at] for at in one.points)
        for one in numbers
    ]
    level = list(dict.fromkeys(counted))
    rows = found.keys.codes[:, np.array([one.row for one in numbers], np.intp)]
    codes = np.array([level.index(one) for one in counted], np.intp).reshape(1, -1)
    return Keys(
        (*found.keys.names, "counted"),
        (*found.keys.levels, level),
        np.concatenate([rows, codes]),
        found.keys.declared | {"counted"},
        found.keys.fixed,
    )


class _Attack:
    """All that follows from what is published of one item."""

    def __init__(
        self, e: Estimate, sample: Sample, found: Suppressed, groups: Places, known: Flags
    ) -> None:
        """
        What readers know.

        Args:
            e: The estimate.
            sample: Its sample.
            found: What is published of it.
            groups: The groups that were asked the item, as rows of the sample.
            known: The published rows of which readers know how many were asked.
        """
        self.found, self.points = found, len(sample.scale)
        width = None if found.respondents == "known" else self.points
        self.counts = table_of_sample(sample)[groups][:, :width]
        self.members = _members(e.keys, found, groups)
        self.scores = np.asarray(e.scoring.scores)
        parts = [*self._rows(known), *self._groups()]
        matrix = import_module("scipy.sparse").vstack([part for part, _, _ in parts], "csr")
        low, high = (
            np.concatenate(side) for side in zip(*((b, c) for _, b, c in parts), strict=True)
        )
        self.optimize = import_module("scipy.optimize")  # slow to import
        self.constraint: Any = self.optimize.LinearConstraint(matrix, low, high)

    def _rows(self, known: Flags) -> Iterator[tuple[Any, Floats, Floats]]:
        """The sums that are shown, and the respondents that are known."""
        for row, members in self.members.items():
            sums = self.counts[members].sum(axis=0).astype(np.float64)
            if not self.found.hidden[row]:
                for column, total in enumerate(sums):
                    yield self._sum(members, [column]), np.array([total]), np.array([total])
            elif known[row]:
                everyone = np.array([sums.sum()])
                yield self._sum(members, range(len(sums))), everyone, everyone

    def _groups(self) -> Iterator[tuple[Any, Floats, Floats]]:
        """Someone answered where anyone did, and someone was asked."""
        one, most = np.ones(1), np.array([np.inf])
        for group, counts in enumerate(self.counts):
            if counts[: self.points].any():
                yield self._sum(np.array([group]), range(self.points)), one, most
            else:
                yield self._sum(np.array([group]), range(self.points)), 0 * one, 0 * one
                yield self._sum(np.array([group]), range(len(counts))), one, most

    def _sum(self, groups: Places, columns: "range | list[int] | tuple[int, ...]") -> Any:  # noqa: ANN401 - sparse arrays have no types
        """A sum of counts, as a row of the program."""
        width = self.counts.shape[1]
        at = (groups[:, np.newaxis] * width + np.array(columns, np.intp)).ravel()
        pairs = np.ones(len(at)), (np.zeros(len(at), np.intp), at)
        return import_module("scipy.sparse").csr_array(pairs, (1, self.counts.size))

    def true(self, number: Number) -> int:
        """The number itself."""
        return int(self.counts[self.members[number.row]][:, number.points].sum())

    def too_small(self) -> list[Number]:
        """The numbers that the rule calls too small, in the order of the rows."""
        every = tuple(range(self.points))
        kinds = [
            tuple(np.flatnonzero(self.scores == one).tolist()) for one in np.unique(self.scores)
        ]
        sides = {kinds[0], kinds[-1], *(_others(every, one) for one in (kinds[0], kinds[-1]))}
        found: dict[tuple[int, tuple[int, ...]], int] = {}
        for row, members in self.members.items():
            counts = self.counts[members][:, : self.points].sum(axis=0)
            small = {every: self.found.minimum} if 0 < counts.sum() < self.found.minimum else {}
            for side in sorted(sides):
                if 0 < counts[list(side)].sum() < self.found.numerator:
                    small[side] = self.found.numerator
            for kind in kinds if self.found.unanimous and counts.any() else ():
                if counts[list(kind)].sum() == counts.sum():
                    small[_others(every, kind)] = max(1, self.found.numerator)
            found |= {(row, points): least for points, least in small.items()}
        return [Number(row, points, least) for (row, points), least in found.items()]

    def bounds(self, number: Number) -> tuple[int, int]:
        """The least and the most that a number can be."""
        goal = self._sum(self.members[number.row], number.points).toarray()[0]
        return self._least(goal), -self._least(-goal)

    def _least(self, goal: Floats) -> int:
        most = 2.0 * self.counts.sum() + self.found.minimum
        solution: Any = self.optimize.milp(
            goal,
            integrality=1,
            bounds=self.optimize.Bounds(0, most),
            constraints=self.constraint,
        )
        best: float = solution.fun
        return round(best)


def _others(every: tuple[int, ...], some: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(one for one in every if one not in some)


def _members(keys: Keys, found: Suppressed, groups: Places) -> dict[int, Places]:
    """The groups of each published row that has any, found by its labels."""
    members: dict[int, Places] = {}
    for at, names in enumerate(found.levels):
        places = [place for place, name in enumerate(keys.names) if name in {*names, "item"}]
        inside: dict[tuple[int, ...], list[int]] = {}
        for group, code in enumerate(keys.codes[places][:, groups].T.tolist()):
            inside.setdefault(tuple(code), []).append(group)
        for row in np.flatnonzero(found.keys.codes[0] == at).tolist():
            code = tuple(found.keys.codes[1:][places][:, row].tolist())
            if code in inside:
                members[row] = np.array(inside[code], np.intp)
    return members
