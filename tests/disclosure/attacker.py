"""
An attacker who reads what was published and works out what he can of the hidden numbers.

He shares no code with what hides them: rows are found by their labels, one by one, and bounds by
a program in whole numbers with every hidden row in it.
"""

from itertools import product
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp


class Row(NamedTuple):
    """A published row: the groups in it, what is shown of it, and what is true."""

    groups: list[int]
    hidden: bool
    known: bool  # how many were asked


class Rules(NamedTuple):
    """What is too small: all *points*, the *sides* below the numerator, or points all *alike*."""

    points: int
    minimum: int
    sides: list[list[int]]
    numerator: int
    alike: list[list[int]]


class Secret(NamedTuple):
    """A number that must not be known to lie below a threshold."""

    row: int
    points: list[int]
    threshold: int


def groups_of(labels: list[dict[str, Any]], table: np.ndarray) -> list[int]:
    """The rows of the data that anyone was asked in."""
    return [at for at in range(len(labels)) if table[at].sum() > 0]


def rows_of(found, labels, groups, known) -> list[Row]:
    """The published rows by their labels; *known* says where respondents are."""
    rows = []
    names = list(labels[0])
    every = found.keys.columns()
    for at in range(found.keys.rows):
        named = [] if every["level"][at] == "total" else every["level"][at].split(", ")
        inside = [
            place
            for place, group in enumerate(groups)
            if all(labels[group][name] == every[name][at] for name in names if name in named)
        ]
        rows.append(Row(inside, bool(found.hidden[at]), bool(known[at])))
    return rows


def secrets_of(rows, table, rule: "Rules") -> list[Secret]:
    """What the rule says must not be known."""
    points, minimum, sides, numerator, alike = rule
    found = []
    for at, row in enumerate(rows):
        counts = table[row.groups, :points].sum(axis=0) if row.groups else np.zeros(points, int)
        n = counts.sum()
        if 0 < n < minimum:
            found.append(Secret(at, list(range(points)), minimum))
        few = [side for side in sides if 0 < counts[side].sum() < numerator]
        found += [Secret(at, side, numerator) for side in few]
        for kind in alike:
            others = [one for one in range(points) if one not in kind]
            if n > 0 and counts[kind].sum() == n:
                found.append(Secret(at, others, max(1, numerator)))
    return found


class Attack:
    """All that follows from what is shown, as a program in whole numbers."""

    def __init__(self, rows: list[Row], table: np.ndarray, points: int) -> None:
        """The true table gives the numbers that are shown, and which groups have answers."""
        self.rows, self.points, self.shape = rows, points, table.shape
        width, size = table.shape[1], table.size
        equal, right, least, least_right = [], [], [], []
        for row in rows:
            line = np.zeros((width, *table.shape))
            for group, column in product(row.groups, range(width)):
                line[column, group, column] = 1
            total = table[row.groups].sum(axis=0) if row.groups else np.zeros(width)
            if not row.hidden:
                equal += list(line.reshape(width, size))
                right += list(total)
            elif row.known:
                equal.append(line.sum(axis=0).reshape(size))
                right.append(total.sum())
        for group in range(len(table)):
            someone, anyone = np.zeros(table.shape), np.zeros(table.shape)
            someone[group, :points] = anyone[group] = 1
            if table[group, :points].any():
                least.append(someone.reshape(size))
            else:
                equal.append(someone.reshape(size))
                right.append(0)
                least.append(anyone.reshape(size))
            least_right.append(1)
        sides = ((least, least_right, np.inf), (equal, right, right))
        self.constraints = [
            LinearConstraint(np.array(one), low, high) for one, low, high in sides if one
        ]
        self.most = float(table.sum() * 2 + 100)

    def bound(self, secret: Secret, *, lowest: bool = False) -> tuple[int, np.ndarray]:
        """The greatest number there can be, or the lowest, and the table in which it is."""
        goal = np.zeros(self.shape)
        for group, column in product(self.rows[secret.row].groups, secret.points):
            goal[group, column] = 1 if lowest else -1
        found = milp(
            goal.ravel(),
            integrality=np.ones(goal.size),
            bounds=Bounds(0, self.most),
            constraints=self.constraints,
            options={"presolve": False},  # after it HiGHS has given too small a maximum
        )
        assert found.status == 0, found.message
        table = np.rint(found.x).astype(int).reshape(self.shape)
        return int(table[self.rows[secret.row].groups][:, secret.points].sum()), table
