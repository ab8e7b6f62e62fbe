"""Counts as whole numbers that can't be written to."""

from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import TallyError
from custfocus.intervals.arguments import whole_numbers
from custfocus.results.arrays import Counts, frozen

_MOST = 2**53  # the whole numbers that float64, and so the intervals, tell apart


def whole_counts(values: ArrayLike, name: str) -> Counts:
    """
    Counts as a read-only array of integers.

    Raises:
        TallyError: Anything but whole numbers of 0 or more, or labelled ones of pandas, whose
            order may be another; more than 2**53 in all.
    """
    if _is_checked(values):
        return frozen(values, np.int64)
    index = getattr(values, "index", None) if hasattr(values, "to_numpy") else None
    if hasattr(type(values), "columns") or type(index).__name__ not in {"NoneType", "RangeIndex"}:
        raise TallyError(
            f"{name} must come in the order of the points, got a {type(values).__name__} with "
            "names of its own; bring it in order (reindex) and pass its to_numpy()"
        )
    array = whole_numbers(values, name)
    if array.sum() >= _MOST:
        raise TallyError(f"{name} must add up to less than 2**53, got {array.sum():.0f}")
    return frozen(array, np.int64)


def _is_checked(values: ArrayLike) -> bool:
    """Whether values are whole numbers already, which are not made floats to be looked at."""
    if not isinstance(values, np.ndarray):
        return False
    array = cast("NDArray[Any]", values)
    if array.dtype != np.int64 or isinstance(array, np.ma.MaskedArray):
        return False
    return not array.size or bool(array.min() >= 0 and array.sum(dtype=np.float64) < _MOST)
