"""Moves of whole numbers between some groups, found by mixed-integer programming."""

from importlib import import_module
from typing import Any

import attrs
import numpy as np

from custfocus.disclosure.rows import GroupTable
from custfocus.disclosure.witnesses import Priced, Witness
from custfocus.results.arrays import Counts, Flags, Floats, Places

_NODES = 500  # of a program; what it has found by then is taken, on any machine
_MANY = 100_000  # where nothing else is known


def cheapest_moves(
    table: GroupTable,
    price: Floats,
    free: Flags,
    groups: Places,
    number: tuple[int, Flags, int],
    *,
    known: bool,
) -> Priced | None:
    """
    The cheapest moves between some groups that bring a number to its threshold.

    Minimises the answers in the rows that the moves change, where each row is shown or hidden as
    a whole. Few columns are moved at first, and no more than the number lacks.

    Args:
        table: The true counts.
        price: What hiding each class costs; 0 where it is hidden, infinite where it can't be.
        free: The classes whose number of respondents is not known.
        groups: The groups that may change.
        number: The class of the number, its columns, and how much it lacks.
        known: Whether other moves are known, so that an easy search is enough.

    Returns:
        The moves, or None where none were found; where none are known, there are none.
    """
    few = _fullest(table, number[1])
    near = _near(table, price, free, groups)
    found = _solved(near, number, few, number[2], nodes=_NODES)
    if found is None and not known:
        widest = int(table.counts.sum()) + number[2]
        return _solved(near, number, np.ones_like(few), widest, nodes=_MANY)
    return found


def neighbourhood(table: GroupTable, weights: Floats, row: Places, values: int) -> Places:
    """
    The groups by the labels that a row has and by a few others of each name, the cheapest.

    Args:
        table: The counts.
        weights: The price of each group.
        row: The groups of the row.
        values: How many other labels of each name.
    """
    chosen = np.ones(table.groups, np.bool_)
    for code in table.codes:
        count = int(code.max(initial=0)) + 1
        least = np.full(count, np.inf)
        np.minimum.at(least, code, weights)
        least[code[row[np.argsort(weights[row], kind="stable")[:values]]]] = -1
        kept = np.argsort(least, kind="stable")[: values + 1]
        chosen &= np.isin(code, kept)
    return np.union1d(np.flatnonzero(chosen), row)


def _fullest(table: GroupTable, columns: Flags) -> Flags:
    """The two columns with the most answers of each kind: counted, not counted, missing."""
    points, total = table.is_point, table.counts.sum(axis=0)
    chosen = np.zeros(len(total), np.bool_)
    kinds: list[Flags] = [columns, points & ~columns, ~points]
    for kind in kinds:
        fullest = np.argsort(np.where(kind, -total, 1), kind="stable")
        chosen[fullest[: min(2, np.count_nonzero(kind))]] = True
    return chosen


@attrs.frozen(eq=False)
class _Near:
    """
    Some groups of a table, and the rows that they are in.

    Attributes:
        table: The true counts.
        groups: The groups that may change.
        classes: The classes that they are in.
        within: Which of the groups each class has, a sparse array (classes, groups).
        cost: What hiding each class costs.
        known: The classes whose respondents are known.
    """

    table: GroupTable
    groups: Places
    classes: Places
    within: Any
    cost: Floats
    known: Places

    @property
    def counts(self) -> Counts:
        """The counts of the groups."""
        return self.table.counts[self.groups]

    @property
    def priced(self) -> Flags:
        """The classes that are not hidden yet."""
        return np.asarray(self.cost > 0)


def _near(table: GroupTable, price: Floats, free: Flags, groups: Places) -> _Near:
    own = table.own[:, groups]
    margin, group = np.nonzero(own >= 0)
    classes, at = np.unique(own[margin, group], return_inverse=True)
    pairs = np.ones(len(group)), (at.reshape(-1), group)
    within = _sparse().csr_array(pairs, (len(classes), len(groups)))
    return _Near(table, groups, classes, within, price[classes], np.flatnonzero(~free[classes]))


def _solved(
    near: _Near, number: tuple[int, Flags, int], movable: Flags, bound: int, *, nodes: int
) -> Priced | None:
    """One program; its variables are the moves and, behind them, which classes are hidden."""
    counts, priced = near.counts, near.priced
    had = near.table.answers[near.groups] > 0
    fixed = (near.table.is_point & ~had[:, np.newaxis]) | ~movable
    upper = np.where(fixed, 0, bound)
    lower = np.where(fixed, 0, np.maximum(-counts, -bound))
    closed = ~np.isfinite(near.cost[priced])
    hide = np.where(closed, 0.0, 1.0)
    optimize = import_module("scipy.optimize")  # slow to import, and seldom needed
    solution: Any = optimize.milp(
        np.concatenate([np.zeros(counts.size), np.where(closed, 0.0, near.cost[priced])]),
        integrality=1,
        bounds=optimize.Bounds(
            np.concatenate([lower.ravel(), np.zeros(len(hide))]),
            np.concatenate([upper.ravel(), hide]),
        ),
        constraints=[
            optimize.LinearConstraint(part, low, high)
            for part, low, high in _limits(near, number, bound)
            if part.shape[0]
        ],
        # without presolve, after which HiGHS has called a poorer solution the best
        options={"node_limit": nodes, "mip_rel_gap": 0.01, "presolve": False},
    )
    if solution.x is None:
        return None
    moves = np.rint(solution.x[: counts.size]).astype(np.int64).reshape(counts.shape)
    changed = np.flatnonzero(moves.any(axis=1))
    touched = np.abs(near.within @ moves).any(axis=1)
    price = float(near.cost[touched & priced].sum())
    return Priced(price, Witness(near.groups[changed], moves[changed]))


def _limits(near: _Near, number: tuple[int, Flags, int], bound: int) -> list[tuple[Any, Any, Any]]:
    """The constraints, each as an array of the variables, its least and its greatest value."""
    sparse = _sparse()
    row, columns, need = number
    counts, points, priced = near.counts, near.table.is_point, near.priced
    groups, width = counts.shape
    whole = np.ones((1, width))
    dear = np.flatnonzero(priced)
    switch = (np.full(len(dear), float(bound)), (dear, np.arange(len(dear))))
    switches = sparse.kron(sparse.csr_array(switch, (len(priced), len(dear))), whole.T, "csr")
    sums = sparse.kron(near.within, _identity(width), "csr")
    free = np.repeat(np.where(priced, 0.0, np.inf), width)
    had = counts[:, points].sum(axis=1)
    target = sparse.kron(
        near.within[[int(np.searchsorted(near.classes, row))]], columns[np.newaxis] * 1.0, "csr"
    )

    def wide(part: Any) -> Any:  # noqa: ANN401 - sparse arrays have no types
        """The same with variables that do not matter behind."""
        return sparse.hstack([part, sparse.csr_array((part.shape[0], len(dear)))], "csr")

    return [
        (sparse.hstack([sums, -switches], "csr"), -np.inf, free),
        (sparse.hstack([sums, switches], "csr"), -free, np.inf),
        (wide(sparse.kron(near.within, whole, "csr")[near.known]), 0, 0),
        (wide(sparse.kron(_identity(groups), points[np.newaxis] * 1.0, "csr")),
         np.where(had > 0, 1 - had, 0), np.inf),
        (wide(sparse.kron(_identity(groups), whole, "csr")), 1 - counts.sum(axis=1), np.inf),
        (wide(target), need, np.inf),
    ]  # fmt: skip


def _identity(size: int) -> Any:  # noqa: ANN401 - sparse arrays have no types
    """A sparse one: a dense one takes most of the time where there are a thousand groups."""
    places = np.arange(size)
    return _sparse().csr_array((np.ones(size), (places, places)), (size, size))


def _sparse() -> Any:  # noqa: ANN401 - a module without types
    return import_module("scipy.sparse")
