"""Rounding all counts instead of hiding some."""

import reprlib

import numpy as np

from custfocus.errors import OptionError
from custfocus.intervals.arguments import checked_whole
from custfocus.results.arrays import Counts, Flags

_MOST = 1_000_000
_LEAST = 6  # with 5 some counts of tables by three names are found exactly


def checked_rounding(round_to: object, **others: object) -> int:
    """
    What counts are rounded to.

    Args:
        round_to: What was asked for.
        **others: Options that concern hiding, by name, which are not asked for where they are false.

    Raises:
        OptionError: Anything but an even number of 6 or more; options besides.
    """
    to = checked_whole(round_to, "round_to", _LEAST)
    if to % 2 or to > _MOST:
        raise OptionError(
            f"round_to must be an even number up to {_MOST:,}, so that counts have a midpoint, got "
            f"{reprlib.repr(to)}"
        )
    given = [name for name, value in others.items() if value]
    if given:
        raise OptionError(
            f"round_to= takes the place of hiding, got {given[0]}= beside it; leave one of them out"
        )
    return to


def rounded_counts(counts: Counts, to: int) -> Counts:
    """Counts at the midpoint of their range: 1 to 6 are 3, 7 to 12 are 9; 0 stays 0."""
    return np.asarray(np.where(counts > 0, -(-counts // to) * to - to // 2, 0))


def too_few(counts: Counts, to: int, points: int, minimum: int) -> Flags:
    """Which rows have answers, but by their rounded counts fewer than the minimum."""
    n = rounded_counts(counts[:, :points], to).sum(axis=1)
    return np.asarray((n > 0) & (n < minimum))
