"""A proof that does not add up is never taken, whoever found it."""

import numpy as np
import pytest

from custfocus.disclosure.rows import table_of
from custfocus.disclosure.sensitive import Numbers
from custfocus.disclosure.witnesses import Hiding, Witness, check_hiding
from custfocus.errors import CustfocusError
from patterns import begins

# two points and missing answers of four groups, the last of them without answers
COUNTS = np.array([[2, 1, 9], [20, 20, 5], [30, 30, 0], [0, 0, 4]])
TABLE = table_of(np.arange(4)[np.newaxis], COUNTS, 2, [(0,), ()])
POINTS = np.array([[True, True, False]])
RIGHT = [[4, 3, 0], [-4, -3, 0]]  # seven answers from the second group to the first


def checked(moves, *, groups=(0, 1), needs=7, hidden=(0, 1), free=(0, 1)):
    """Check one witness of the first group's answers."""
    out, unknown = np.zeros((2, TABLE.classes), bool)
    out[TABLE.own[0][list(hidden)]] = True
    unknown[TABLE.own[0][list(free)]] = True
    numbers = Numbers(TABLE.own[0][:1], POINTS, np.array([needs]))
    witness = Witness(np.array(groups), np.array(moves))
    check_hiding(TABLE, Hiding(out, numbers, np.zeros(1, int), (witness,)), unknown)


def test_the_right_ones_are_taken():
    checked(RIGHT)
    checked([[4, 3, -7], [-4, -3, 7]], free=())


@pytest.mark.parametrize(
    ("moves", "options"),
    [
        (RIGHT, {"needs": 8}),  # too little
        (RIGHT, {"hidden": (0,)}),  # a row that is shown would change
        ([[4, 3, 0], [-3, -4, 0]], {}),  # so would the points of the total
        ([[4, 3, -7], [-4, -3, 7]], {"groups": (0, 2), "hidden": (0, 1)}),
        ([[21, 1, 0], [-21, -1, 0]], {}),  # fewer than none
        ([[20, 20, 0], [-20, -20, 0]], {}),  # no one is left
        ([[4, 3, 0], [-4, -3, 0]], {"free": ()}),  # more than were asked
        ([[4, 3, -7], [-4, -2, 7], [0, -1, 0]], {"groups": (0, 1, 1)}),  # a group twice
        (
            [[4, 3, 0], [-5, -4, 0], [1, 1, 0]],
            {"groups": (0, 1, 3), "hidden": (0, 1, 3), "free": (0, 1, 3)},
        ),  # answers where there are none
        (
            [[4, 3, 4], [-4, -3, 0], [0, 0, -4]],
            {"groups": (0, 1, 3), "hidden": (0, 1, 3), "free": (0, 1, 3)},
        ),  # a group in which nobody was asked
    ],
)
def test_any_other_is_an_error(moves, options):
    with pytest.raises(CustfocusError, match=begins("the proof of hidden number 0 does not add")):
        checked(moves, **options)
