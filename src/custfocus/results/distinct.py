"""The distinct values among many, and which of them each one is, without a loop over them."""

import contextlib
import numbers
import reprlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError
from custfocus.results.text import kind_text

_UNLIKE = {str, type(None)}  # types whose values equal none of another type
_NARROW, _SIGNED = 2**16, 2**63  # numbers from the latter on are unsigned only


def distinct_values(values: Iterable[object]) -> tuple[list[object], NDArray[np.intp]]:
    """
    The distinct values, as plain Python objects, and for each value its place among them.

    Args:
        values: A list, array, Series or other one-dimensional collection.

    Returns:
        The distinct values and, of shape (len(values),), their positions.

    Raises:
        AnswerError: No collection, one without an order or with more than one dimension, or
            one of things that are neither numbers nor texts.
    """
    column = _one_dimensional(values)
    if isinstance(column, list):
        return _distinct_objects(column)
    near = narrow_range(column)
    if near is not None:
        return _distinct_near(column, near)
    if column.dtype.kind in "iuf":
        present, codes = np.unique(column, return_inverse=True)
        return present.tolist(), codes
    return _distinct_objects(column.tolist())


def narrow_range(array: NDArray[Any]) -> range | None:
    """The range of whole numbers close together, which can be counted without sorting; else None."""
    if array.dtype.kind not in "iu" or array.ndim != 1 or not array.size:
        return None
    lowest, highest = int(array.min()), int(array.max())
    near = highest - lowest < _NARROW and highest < _SIGNED
    return range(lowest, highest + 1) if near else None


def is_null(value: object) -> bool:
    """Whether a value is None, NaN, NaT or pandas' NA: one kind of empty, whatever the engine."""
    if value is None:
        return True
    try:
        return bool(value != value)  # noqa: PLR0124 - only NaN and its kin differ from themselves
    except TypeError:  # pandas' NA has no truth value
        return True
    except ValueError:  # nor has an array, which is not empty
        return False


def is_ordered(values: object) -> bool:
    """Whether values come one after the other: a list, array or Series, no text, dict or set."""
    if isinstance(values, str | bytes | bytearray | Mapping | AbstractSet):
        return False
    axes = getattr(cast("Any", values), "shape", (1,))  # () for a result of a single row
    return isinstance(values, Iterable) and axes != ()


def in_order(values: Collection[Any]) -> list[Any]:
    """Values sorted, numbers before texts before anything else, and every kind of empty last."""
    if set(map(type, values)) in ({str}, {int}):
        return sorted(values)
    present = [value for value in values if not is_null(value)]
    empty = [value for value in values if is_null(value)]
    try:
        return sorted(present) + empty
    except TypeError:
        return sorted(present, key=_by_kind) + empty


def _by_kind(value: object) -> tuple[int, Any]:
    if isinstance(value, numbers.Number) and not isinstance(value, complex):
        return 0, value
    return (1, value) if isinstance(value, str) else (2, str(value))


def _distinct_near(array: NDArray[Any], near: range) -> tuple[list[object], NDArray[np.intp]]:
    """Whole numbers of a narrow range need no sorting: mark those that occur."""
    steps = array.astype(np.intp) - near.start
    occurs = np.bincount(steps) > 0
    present = np.flatnonzero(occurs) + near.start
    return list(present.tolist()), (np.cumsum(occurs, dtype=np.intp) - 1)[steps]


def _one_dimensional(values: object) -> NDArray[Any] | list[Any]:
    """An array as it is, and one of the numbers of a list; other values as a list."""
    if not is_ordered(values):
        raise AnswerError(
            f"expected a list, array or Series, got {_shown(values)}; "
            "pass one value for each respondent"
        )
    if getattr(values, "ndim", 1) != 1:
        raise AnswerError(
            f"expected one-dimensional values, got shape {cast('Any', values).shape}; "
            "pass one column at a time"
        )
    if isinstance(values, np.ma.MaskedArray):
        return _unmasked(values)
    if isinstance(getattr(values, "dtype", None), np.dtype):
        return _whole_microseconds(np.asarray(values))
    if hasattr(values, "to_pylist"):  # an array of PyArrow, which would give scalars of its own
        return _of_numbers(cast("Any", values).to_pylist())
    try:
        return _of_numbers(list(cast("Iterable[object]", values)))
    except TypeError:  # a list of results, which are no arrays
        raise AnswerError(f"expected a list, array or Series, got {_shown(values)}") from None


def _shown(value: object) -> str:
    text = reprlib.repr(value)
    return text if text.isprintable() else kind_text(value)


def _unmasked(values: Any) -> NDArray[Any]:  # noqa: ANN401 - NumPy's masked arrays are untyped
    """A masked array's values as objects, None for the masked ones."""
    array: NDArray[Any] = _whole_microseconds(np.ma.getdata(values)).astype(object)
    array[np.ma.getmaskarray(values)] = None
    return array


def _whole_microseconds(array: NDArray[Any]) -> NDArray[Any]:
    """Dates and durations as Python has them: it would make nanoseconds whole numbers."""
    return array.astype(f"{array.dtype.kind}8[us]") if array.dtype.kind in "mM" else array


def _of_numbers(values: list[object]) -> NDArray[Any] | list[object]:
    """An array of numbers; mixed values stay apart: NumPy would turn [5, "5"] into two texts."""
    kinds = set(map(type, values))
    if kinds == {float}:
        return np.asarray(values)
    if kinds == {int}:
        with contextlib.suppress(OverflowError):  # whole numbers beyond 64 bits stay objects
            return np.asarray(values, dtype=np.int64)
    return values


def _distinct_objects(values: list[object]) -> tuple[list[object], NDArray[np.intp]]:
    places, codes = _numbered(values)
    if set(map(type, places)) <= _UNLIKE or len(set(map(type, values)) - _UNLIKE) < 2:
        return [plain(value) for value in places], codes
    # By type as well: True and 1 are equal and yet different answers
    typed, codes = _numbered(list(zip(map(type, values), values, strict=True)))
    return [plain(value) for _, value in typed], codes


def _numbered(values: list[Any]) -> tuple[dict[Any, int], NDArray[np.intp]]:
    """The distinct values with their numbers, and the number of each."""
    places: defaultdict[Any, int] = defaultdict()
    places.default_factory = places.__len__  # a new value gets the next number
    try:
        codes = np.fromiter(map(places.__getitem__, values), dtype=np.intp, count=len(values))
    except TypeError:
        raise AnswerError(
            "values must be numbers or texts, got some that are collections"
        ) from None
    return places, codes


def plain(value: object) -> object:
    """NumPy's scalars as Python's, and times of pandas, which are a kind of its own."""
    if hasattr(value, "to_pydatetime"):
        return cast("Any", value).to_pydatetime(warn=False)
    if hasattr(value, "to_pytimedelta"):
        return cast("Any", value).to_pytimedelta()
    if not isinstance(value, np.generic):
        return value
    return _whole_microseconds(np.asarray(cast("Any", value))).item()
