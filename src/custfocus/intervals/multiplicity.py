"""Many tests at once: p-values adjusted for their number."""

import reprlib
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import TallyError, choose
from custfocus.intervals.arguments import Floats, plain_numbers

Adjustment = Literal["holm", "bonferroni", "benjamini-hochberg", "none"]


def adjusted_p_values(p_values: ArrayLike, *, adjustment: Adjustment = "holm") -> Floats:
    """
    P-values adjusted for how many they are: compare each with the level for all of them.

    Args:
        p_values: Of one family of tests, in [0, 1]; shape (tests,). A NaN, of a test that
            could not be made, belongs to no family and stays NaN.
        adjustment: ``"holm"`` bounds the probability of any false rejection, whatever the
            dependence, and so does ``"bonferroni"``, with less power; ``"benjamini-hochberg"`` the expected share of false ones among the
            rejections, for independent or positively dependent tests; ``"none"``.

    Returns:
        Adjusted p-values, shape (tests,), never smaller than the given ones.

    Raises:
        TallyError: Anything but a sequence of numbers from 0 to 1.
        OptionError: An unknown adjustment.

    References:
        Holm (1979), Scandinavian Journal of Statistics 6, 65-70. Benjamini and Hochberg (1995),
        Journal of the Royal Statistical Society B 57, 289-300: the 15 p-values of its example
        lead to 3 rejections by Holm's method and 4 by theirs, at .05.

    >>> p = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344]
    >>> p += [.0459, .3240, .4262, .5719, .6528, .7590, 1.0000]
    >>> [int(sum(adjusted_p_values(p, adjustment=how) <= 0.05))
    ...     for how in ("holm", "benjamini-hochberg")]
    [3, 4]
    """
    adjust = choose("adjustment", adjustment, ADJUSTMENTS)
    given = plain_numbers(p_values, "p_values")
    if given.ndim != 1 or ((given < 0) | (given > 1)).any():
        raise TallyError(
            f"p_values must be a sequence of numbers from 0 to 1, got {reprlib.repr(p_values)}"
        )
    made = ~np.isnan(given)
    adjusted = given.copy()
    order = np.argsort(given[made], kind="stable")
    adjusted[np.flatnonzero(made)[order]] = np.minimum(adjust(given[made][order]), 1)
    return adjusted


def _holm(rising: Floats) -> Floats:
    return np.maximum.accumulate(rising * np.arange(len(rising), 0, -1))


def _bonferroni(rising: Floats) -> Floats:
    return rising * len(rising)


def _benjamini_hochberg(rising: Floats) -> Floats:
    scaled = rising * (len(rising) / np.arange(1, len(rising) + 1))
    return np.minimum.accumulate(scaled[::-1])[::-1]


def _none(rising: Floats) -> Floats:
    return rising


ADJUSTMENTS: dict[str, Callable[[Floats], Floats]] = {
    "holm": _holm,
    "bonferroni": _bonferroni,
    "benjamini-hochberg": _benjamini_hochberg,
    "none": _none,
}
