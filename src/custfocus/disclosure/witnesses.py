"""
Witnesses: other tables of whole numbers that agree with all that is shown.

A witness in which a hidden number reaches its threshold proves that no reader can conclude that
the number lies below. However it was found, it is checked by adding up whole numbers.
"""

from collections.abc import Sequence
from typing import NamedTuple

import attrs
import numpy as np

from custfocus.disclosure.rows import GroupTable
from custfocus.disclosure.sensitive import Numbers
from custfocus.errors import CustfocusError
from custfocus.results.arrays import Counts, Flags, Places


class Witness(NamedTuple):
    """
    Another table, as what is to be added to the counts of some groups.

    Attributes:
        groups: Which groups differ, each once.
        moves: By how much, shape (groups, columns).
    """

    groups: Places
    moves: Counts


class Priced(NamedTuple):
    """A witness and what it would cost to hide the rows that it changes."""

    price: float
    witness: Witness


@attrs.frozen(eq=False)
class Hiding:
    """
    What is hidden, with the proof that it is enough.

    Attributes:
        hidden: Which classes are hidden.
        numbers: The numbers that must not be known to be small.
        proofs: Of each number the place of its witness.
        witnesses: The witnesses.
    """

    hidden: Flags
    numbers: Numbers
    proofs: Places
    witnesses: tuple[Witness, ...]


def witness_of(table: GroupTable, changed: Counts) -> Witness:
    """The witness that a table of other counts is."""
    moves = changed - table.counts
    groups = np.flatnonzero(moves.any(axis=1))
    return Witness(groups, moves[groups])


def moved_classes(table: GroupTable, witness: Witness) -> tuple[Places, Counts]:
    """The classes with a group that differs, and by how much each of their columns does."""
    own = table.own[:, witness.groups]
    margin, group = np.nonzero(own >= 0)
    classes, rows = np.unique(own[margin, group], return_inverse=True)
    total = np.zeros((len(classes), witness.moves.shape[1]), np.int64)
    np.add.at(total, rows.reshape(-1), witness.moves[group])
    return classes, total


def reached(numbers: Numbers, classes: Places, sums: Counts) -> Flags:
    """Which numbers reach their thresholds where these classes change by so much."""
    place = np.searchsorted(classes, numbers.rows)
    place[place == len(classes)] = 0
    there = classes[place] == numbers.rows
    gain = (sums[place] * numbers.columns).sum(axis=1)
    return np.asarray(there & (gain >= numbers.needs))


def check_hiding(table: GroupTable, hiding: Hiding, free: Flags) -> None:
    """
    Check every witness by addition.

    Args:
        table: The true counts.
        hiding: What is hidden, and the witnesses.
        free: The classes whose number of respondents is not known.

    Raises:
        CustfocusError: A witness that proves nothing.
    """
    for each, witness in enumerate(hiding.witnesses):
        proven = np.flatnonzero(hiding.proofs == each)
        if not _holds(table, witness, hiding.numbers[proven], hiding.hidden, free):
            raise CustfocusError(
                f"the proof of hidden number {int(proven[0])} does not add up; please report "
                "this as a fault"
            )


def _holds(
    table: GroupTable, witness: Witness, numbers: Numbers, hidden: Flags, free: Flags
) -> bool:
    """Whether a witness is a possible table, agrees with what is shown and reaches the thresholds."""
    classes, sums = moved_classes(table, witness)
    shown, known = ~hidden[classes], ~free[classes]
    return bool(
        is_possible(table, witness)
        and not sums[shown].any()
        and not sums[known].sum(axis=1).any()
        and reached(numbers, classes, sums).all()
    )


def is_possible(table: GroupTable, witness: Witness) -> bool:
    """Whether no count is negative, every group has someone, and answers are where they were."""
    before = table.counts[witness.groups]
    after = before + witness.moves
    had = before[:, : table.points].any(axis=1)
    has = after[:, : table.points].any(axis=1)
    return bool(
        len(np.unique(witness.groups)) == len(witness.groups)
        and (after >= 0).all()
        and (has == had).all()
        and after.any(axis=1).all()
    )


def used_witnesses(
    witnesses: Sequence[Witness], proofs: Sequence[Sequence[int]]
) -> tuple[tuple[Witness, ...], Places]:
    """The witnesses that are needed, one for each number, and which of them it is."""
    first = np.array([each[0] for each in proofs], np.intp)
    used, place = np.unique(first, return_inverse=True)
    needed: list[int] = used.tolist()
    return tuple(witnesses[one] for one in needed), np.asarray(place, np.intp)
