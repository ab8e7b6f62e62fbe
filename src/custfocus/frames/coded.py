"""
Rows counted where they are: columns as whole numbers, joined to one, counted by `numpy.bincount`.

Whole numbers of a narrow range are their own codes; anything else is numbered first. Rows are
taken so many at a time that the joined codes stay within the processor's cache.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from custfocus.results.distinct import distinct_values, narrow_range, plain

Codes = NDArray[np.intp]

_DENSE = 2**24  # cells that are counted in one array; more are numbered as they occur
_BLOCK = 2**16  # rows at a time
_FAR = 2**32  # numbers beyond are numbered, so that joined ones stay within 64 bits


class Coded(NamedTuple):
    """
    A column as whole numbers.

    Attributes:
        numbers: One for each row.
        lowest: The number that stands for the first value.
        values: What the numbers stand for, in their order.
    """

    numbers: NDArray[Any]
    lowest: int
    values: Sequence[object]


def coded_column(column: Any) -> Coded:  # noqa: ANN401 - an array or a Series of pandas
    """A column's values by number: an array's, or those of a Series of pandas."""
    if hasattr(column, "factorize"):
        return _of_series(column)
    return of_whole_numbers(column) or _numbered(column)


def counted_codes(columns: Sequence[Coded]) -> tuple[list[Codes], NDArray[np.int64]]:
    """
    How often the values of some columns occur together.

    Returns:
        For each column the place of its value in each cell that occurs, and how many rows the
        cells have, shape (cells,). Cells stand in the order of the values.
    """
    first, *rest = columns
    if rest and np.prod([len(column.values) for column in columns], dtype=float) > _DENSE:
        pairs, joined = _joined(first, rest[0])
        places, counts = counted_codes([joined, *rest[1:]])
        outer, inner = divmod(pairs[places[0]], len(rest[0].values))
        return [outer, inner, *places[1:]], counts
    sizes = [len(column.values) for column in columns]
    counts = np.zeros(np.prod(sizes, dtype=int), dtype=np.int64)
    rows, step = len(first.numbers), max(_BLOCK, counts.size)
    joint = np.empty(
        min(rows, step), dtype=_narrowest(columns)
    )  # one for all: fresh memory is slow
    for start in range(0, rows, step):
        block = joint[: min(step, rows - start)]
        _join(columns, slice(start, start + step), block)
        counts += np.bincount(block, minlength=counts.size)
    occurring = np.flatnonzero(counts)
    return [*np.unravel_index(occurring, sizes)], counts[occurring]


def _narrowest(columns: Sequence[Coded]) -> np.dtype[Any]:
    """The narrowest integers that hold the cells and all that is on the way to them."""
    furthest = 0
    for column in columns:
        size = len(column.values)
        furthest = furthest * size + max(abs(column.lowest), abs(column.lowest + size))
    return np.min_scalar_type(-furthest)


def _join(columns: Sequence[Coded], rows: slice, joint: NDArray[Any]) -> None:
    """Fill in the cell of each row, the last column running fastest."""
    first, *rest = columns
    joint[:] = first.numbers[rows]
    lowest = first.lowest
    for column in rest:
        joint *= len(column.values)
        # As integers: with uint64 the sum were a float
        np.add(joint, column.numbers[rows], out=joint, dtype=joint.dtype, casting="unsafe")
        lowest = lowest * len(column.values) + column.lowest
    if lowest:
        joint -= lowest


def _joined(first: Coded, second: Coded) -> tuple[Codes, Coded]:
    """Two columns as one, of the pairs that occur; and these pairs."""
    joint = np.empty(len(first.numbers), dtype=np.intp)
    _join([first, second], slice(None), joint)
    pairs, codes = np.unique(joint, return_inverse=True)
    return pairs, Coded(codes, 0, range(len(pairs)))


def _of_series(series: Any) -> Coded:  # noqa: ANN401 - pandas is no dependency
    """By pandas' own numbering; -1, first, is every kind of empty."""
    categories = getattr(series.dtype, "categories", None)
    if categories is not None:
        codes = np.asarray(getattr(series, "cat", series).codes)  # of a Series, or a Categorical
        return Coded(codes, -1, [None, *map(plain, categories.tolist())])
    whole = of_whole_numbers(series.to_numpy()) if _is_numpy(series.dtype) else None
    if whole is not None:
        return whole
    try:
        numbers, found = series.factorize()
    except TypeError:  # collections, of which this makes an error of ours
        return _numbered(series.to_numpy())
    values = [plain(value) for value in found.tolist()]
    if str(series.dtype) == "object" and not all(isinstance(value, str) for value in values):
        return _numbered(series.to_numpy())  # to pandas True and 1 are one value
    return Coded(numbers, -1, [None, *values])


def _is_numpy(dtype: object) -> bool:
    return isinstance(dtype, np.dtype)


def of_whole_numbers(column: object) -> Coded | None:
    """Whole numbers as they are, or None for others, of a wide range or far from 0."""
    if not isinstance(column, np.ndarray):
        return None
    array = cast("NDArray[Any]", column)
    near = narrow_range(array)
    if near is None or near.start < -_FAR or near.stop > _FAR:
        return None
    return Coded(array, near.start, near)


def _numbered(values: Any) -> Coded:  # noqa: ANN401 - checked by distinct_values
    distinct, codes = distinct_values(values)
    return Coded(codes, 0, distinct)
