"""
What follows from the rows that are shown, as programs in whole numbers.

Nothing here is shared with what decides what is hidden: rows are found by their labels, and every
group is in the program.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

import attrs
import numpy as np

from custfocus.disclosure.margins import table_of_sample
from custfocus.disclosure.suppressed import Respondents
from custfocus.responses.sample import Sample
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import Counts, Flags, Floats, Places
from custfocus.results.keys import Keys


@attrs.frozen(eq=False)
class Release:
    """
    Rows that are shown or hidden, and the rules that they keep.

    Attributes:
        keys: What the rows are called.
        levels: The names of each level.
        hidden: Which rows are hidden, or not published at all.
        minimum: See `Suppressed`, as the others.
        numerator: The smallest number of answers for or against.
        unanimous: Whether rows whose answers all count alike are hidden.
        respondents: Whether readers are taken to know how many were asked.
    """

    keys: Keys
    levels: tuple[tuple[str, ...], ...]
    hidden: Flags
    minimum: int
    numerator: int
    unanimous: bool
    respondents: Respondents


class Number(NamedTuple):
    """A number that is too small: its published row, the points counted, and the threshold."""

    row: int
    points: tuple[int, ...]
    threshold: int


class Attack:
    """All that follows from what is published of one item."""

    def __init__(
        self, scoring: Scoring, sample: Sample, found: Release, groups: Places, known: Flags
    ) -> None:
        """
        What readers know.

        Args:
            scoring: How answers are scored.
            sample: The answers.
            found: What is published of it.
            groups: The groups that were asked the item, as rows of the sample.
            known: The published rows of which readers know how many were asked.
        """
        self.found: Release = found
        self.points: int = len(sample.scale)
        width = None if found.respondents == "known" else self.points
        self.counts: Counts = table_of_sample(sample)[groups][:, :width]
        self.members: dict[int, Places] = _members(sample.keys, found, groups)
        self.scores: Floats = np.asarray(scoring.scores, np.float64)
        parts = [*self._rows(known), *self._groups()]
        matrix = import_module("scipy.sparse").vstack([part for part, _, _ in parts], "csr")
        low, high = (
            np.concatenate(side) for side in zip(*((b, c) for _, b, c in parts), strict=True)
        )
        for name in ("indices", "indptr"):  # SciPy before 1.13 takes no wider ones
            setattr(matrix, name, getattr(matrix, name).astype(np.int32))
        self.optimize: Any = import_module("scipy.optimize")  # slow to import
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
            options={"presolve": False},  # after it HiGHS has given too small a maximum
        )
        best: float = solution.fun
        return round(best)


def _others(every: tuple[int, ...], some: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(one for one in every if one not in some)


def _members(keys: Keys, found: Release, groups: Places) -> dict[int, Places]:
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
