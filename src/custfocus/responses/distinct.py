"""The distinct values among many, and which of them each one is, without a loop over them."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError


def distinct_values(values: Iterable[object]) -> tuple[list[object], NDArray[np.intp]]:
    """
    The distinct values, as plain Python objects, and for each value its place among them.

    Args:
        values: A list, array, Series or other one-dimensional collection.

    Returns:
        The distinct values and, of shape (len(values),), their positions.

    Raises:
        AnswerError: Values that are not one-dimensional or cannot be compared.
    """
    if isinstance(values, str | bytes):
        raise AnswerError(
            f"expected a collection of values, got the text {values!r}; wrap it in []"
        )
    plain = values if hasattr(values, "__array__") else _array(list(values))
    array = np.asarray(plain)
    if array.ndim != 1:
        raise AnswerError(
            f"expected one-dimensional values, got shape {array.shape}; pass one column at a time"
        )
    if array.dtype.kind in "iuf":
        numbers, codes = np.unique(array, return_inverse=True)
        return numbers.tolist(), codes
    return _distinct_objects(array.tolist())


def is_null(value: object) -> bool:
    """Whether a value is None, NaN, NaT or pandas' NA: one kind of empty, whatever the engine."""
    if value is None:
        return True
    try:
        return bool(value != value)  # noqa: PLR0124 - only NaN and its kin differ from themselves
    except TypeError:  # pandas' NA has no truth value
        return True


def _array(values: list[object]) -> NDArray[np.generic]:
    """An array that keeps mixed values apart: NumPy would turn [5, "5"] into two texts."""
    if set(map(type, values)) <= {int, float}:
        return np.asarray(values)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _distinct_objects(values: list[object]) -> tuple[list[object], NDArray[np.intp]]:
    # By type as well: True and 1 are equal and yet different answers
    pairs = list(zip(map(type, values), values, strict=True))
    try:
        places = {pair: place for place, pair in enumerate(dict.fromkeys(pairs))}
    except TypeError:
        raise AnswerError(
            "values must be numbers or texts, got some that are collections"
        ) from None
    codes = np.fromiter(map(places.__getitem__, pairs), dtype=np.intp, count=len(pairs))
    return [value for _, value in places], codes
