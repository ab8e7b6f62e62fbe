"""Read-only arrays as fields of frozen classes."""

from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Codes = NDArray[np.int32]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]
Texts = NDArray[np.str_]

BY_ROW = {"by_row": True}  # metadata of fields whose first axis is the rows of the result


def frozen(values: ArrayLike, kind: type[Any]) -> NDArray[Any]:
    """A copy that can't be written to; an array that is one already stays as it is."""
    given = np.asarray(values)
    dtype = given.dtype if kind is np.str_ and given.dtype.kind == "U" else np.dtype(kind)
    if given.dtype == dtype and not given.flags.writeable and given.base is None:
        return given
    array = np.array(given, dtype=dtype)
    array.setflags(write=False)
    return array


def floats(values: ArrayLike) -> Floats:
    """Numbers, NaN where there is none."""
    return frozen(values, np.float64)


def codes(values: ArrayLike) -> Codes:
    """Numbers of labels."""
    return frozen(values, np.int32)


def places(values: ArrayLike) -> Places:
    """Numbers of rows."""
    return frozen(values, np.intp)


def flags(values: ArrayLike) -> Flags:
    """True or false."""
    return frozen(values, np.bool_)


def texts(values: ArrayLike) -> Texts:
    """Texts of any length."""
    return frozen(values, np.str_)


def same(one: Any, other: Any) -> bool:  # noqa: ANN401 - fields of any kind
    """Whether two fields are equal: arrays by value, NaN equal to NaN."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        ours, theirs = cast("list[NDArray[Any]]", [one, other])
        both = ours.dtype.kind == theirs.dtype.kind == "f"
        return np.array_equal(ours, theirs, equal_nan=both)
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return False  # an array and None, which numpy would compare element by element
    return bool(one == other)
