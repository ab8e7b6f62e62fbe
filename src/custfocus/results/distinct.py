"""One column of any library: the distinct values, which of them each row has, and their order."""

import contextlib
import numbers
import reprlib
import sys
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError
from custfocus.results.arrays import Places
from custfocus.results.days import days_of, text_order
from custfocus.results.text import kind_text

_UNLIKE = {str, type(None)}  # types whose values equal none of another type
_NARROW = 2**16  # whole numbers as close as this are counted and not sorted
_LARGEST_NUMBER = (
    2**32
)  # whole numbers beyond are numbered, so that joined ones stay within 64 bits
_DENSE = 2**24  # numbers that are marked in one array; beyond they are sorted


class Coded(NamedTuple):
    """
    A column of labels.

    Attributes:
        level: The distinct labels in order of display.
        codes: Which of them each row has, shape (rows,).
        declared: Whether the order was given, as that of a categorical is, and not sorted.
    """

    level: list[object]
    codes: Places
    declared: bool


class Numbered(NamedTuple):
    """
    A column as whole numbers.

    Attributes:
        numbers: One for each row; ``labels[number - lowest]`` is what it stands for.
        lowest: The number of the first label.
        labels: Plain Python objects, of which some may occur in no row.
        declared: Whether the labels stand in an order that the column declares; None, for cells
            that are null, is the first of them then.
    """

    numbers: NDArray[Any]
    lowest: int
    labels: Sequence[object]
    declared: bool = False

    @property
    def places(self) -> Places:
        """The place of each row's label, shape (rows,)."""
        return np.asarray(self.numbers, np.intp) - self.lowest


def distinct_values(values: Iterable[object]) -> tuple[list[object], Places]:
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
    column = numbered(values)
    present, codes = occurring(column.places, len(column.labels))
    return [column.labels[place] for place in present.tolist()], codes


def coded(values: Iterable[object]) -> Coded:
    """
    A column of labels in order of display.

    Raises:
        AnswerError: As `distinct_values`.
    """
    column = numbered(values)
    return in_level(column.labels, column.places, declared=column.declared)


def in_level(labels: Sequence[object], places: Places, *, declared: bool = False) -> Coded:
    """
    A column whose rows have numbers already.

    Args:
        labels: What the numbers stand for; the same label may come twice.
        places: The place of each row's label, shape (rows,).
        declared: Whether the labels are in order, behind None. They are kept then, those without
            rows too; else the ones that occur are sorted.
    """
    if declared:
        level = [*labels[1:], *([None] if (places == 0).any() else [])]
        return Coded(level, (places - 1) % max(len(level), 1), declared=True)
    present, codes = occurring(places, len(labels))
    found = [labels[place] for place in present.tolist()]
    level = sorted_level(found)
    [rank] = numbers_in(level, found)
    return Coded(level, rank[codes], declared=False)


def occurring(numbers: NDArray[Any], size: int) -> tuple[Places, Places]:
    """The numbers from 0 to below a size that occur, in order, and the place of each of all."""
    if size > _DENSE:
        present, codes = np.unique(numbers, return_inverse=True)
        return np.asarray(present, np.intp), np.asarray(codes, np.intp)
    occurs = np.bincount(numbers, minlength=size) > 0
    return np.flatnonzero(occurs), (np.cumsum(occurs, dtype=np.intp) - 1)[numbers]


def identity(label: object) -> tuple[bool, object]:
    """What identifies a label: every null is one, 1 is 1.0, True is not 1."""
    if is_null(label):
        return (False, None)
    one = plain(label)
    return (isinstance(one, bool), one)


def identities(*levels: Sequence[object]) -> list[Sequence[Hashable]]:
    """
    For each label of some levels what identifies it; see `identity`.

    Texts and whole numbers, which are most labels, are so by themselves.
    """
    kinds = {kind for level in levels for kind in set(map(type, level))}
    if kinds <= {str, int, type(None)}:
        return list(levels)
    return [list(map(identity, level)) for level in levels]


def sorted_level(labels: Sequence[object]) -> list[object]:
    """The distinct labels sorted: flags, numbers, texts, anything else, null last."""
    [ids] = identities(labels)
    if ids is labels:
        return in_order(dict.fromkeys(labels))
    known = dict.fromkeys(map(identity, labels))
    flags = in_order([label for flag, label in known if flag])
    return [*flags, *in_order([label for flag, label in known if not flag])]


def numbers_in(level: Sequence[object], *columns: Sequence[object]) -> list[Places]:
    """The number in a level that each label of some columns has."""
    known, *wanted = identities(level, *columns)
    number = {one: place for place, one in enumerate(known)}
    return [
        np.fromiter(map(number.__getitem__, ids), dtype=np.intp, count=len(ids)) for ids in wanted
    ]


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
    """
    Values sorted, numbers before texts before anything else, and every kind of empty last.

    Texts that say an order of their own, as periods and numbered ones do, stand in it; see
    `text_order`.
    """
    if set(map(type, values)) == {int}:
        return sorted(values)
    present = [value for value in values if not is_null(value)]
    empty = [value for value in values if is_null(value)]
    if set(map(type, present)) == {str}:
        return [*_texts_in_order(present), *empty]
    try:
        return sorted(present) + empty
    except TypeError:
        return sorted(present, key=_by_kind) + empty


def _texts_in_order(texts: list[str]) -> list[str]:
    """Texts of one length are sorted as they are, by number too, unless they say days."""
    if not any(map(str.isdigit, texts[0])):  # neither days nor a number
        return sorted(texts)
    if days_of(texts[0]) is None and len(set(map(len, texts))) == 1:
        return sorted(texts)
    return text_order(texts) or sorted(texts)


def _by_kind(value: object) -> tuple[int, Any]:
    if isinstance(value, numbers.Number) and not isinstance(value, complex):
        return 0, value
    return (1, value) if isinstance(value, str) else (2, str(value))


# Numbers for the values of a column: each library has its own fastest


def numbered(column: Any) -> Numbered:  # noqa: ANN401 - a column of any library
    """
    The values of a column in memory by number.

    Raises:
        AnswerError: As `distinct_values`.
    """
    if not is_ordered(column):
        raise AnswerError(
            f"expected a list, array or Series, got {_shown(column)}; "
            "pass one value for each respondent"
        )
    kind = type(cast("object", column))
    if hasattr(kind, "factorize"):
        return _of_pandas(column)
    if hasattr(kind, "to_physical"):
        return _of_polars(column)
    if hasattr(kind, "dictionary_encode"):
        return _of_pyarrow(column)
    values = _one_dimensional(column)
    return _of_objects(values) if isinstance(values, list) else _of_array(values)


def _of_array(array: NDArray[Any]) -> Numbered:
    whole = _of_whole(array)
    if whole is not None:
        return whole
    if array.dtype.kind not in "iuf":
        return _of_objects(_whole_microseconds(array).tolist())
    present, codes = np.unique(array, return_inverse=True)
    return Numbered(codes, 0, present.tolist())


def _of_whole(array: NDArray[Any]) -> Numbered | None:
    """Whole numbers close together, as integers or as floats, are their own numbers; else None."""
    if array.dtype.kind == "f":
        return _of_whole_floats(array)
    if array.dtype.kind not in "iu" or not array.size:
        return None
    lowest, highest = int(array.min()), int(array.max())
    if highest - lowest >= _NARROW or max(-lowest, highest) > _LARGEST_NUMBER:
        return None
    return Numbered(array, lowest, range(lowest, highest + 1))


def _of_whole_floats(array: NDArray[Any]) -> Numbered | None:
    """Floats that are whole numbers need no sorting, which takes ten times as long."""
    known = np.isfinite(array)
    if np.isinf(array).any() or not known.any():
        return None
    near = np.where(known, array, array[known][0])
    if float(np.abs(near).max()) > _LARGEST_NUMBER or (near != np.trunc(near)).any():
        return None
    whole = _of_whole(near.astype(np.int64))
    if whole is None:
        return None
    null = whole.lowest - 1
    labels = [None, *map(float, cast("range", whole.labels))]
    return Numbered(np.where(known, whole.numbers, null), null, labels)


def _of_pandas(column: Any) -> Numbered:  # noqa: ANN401 - a Series, an Index or an array
    """By pandas' own hash table; to it every kind of empty is -1."""
    kind: object = column.dtype
    mixed = str(kind) == "object"
    categories: Any = getattr(kind, "categories", None)
    if categories is not None:
        codes = np.asarray(getattr(column, "cat", column).codes)
        labels = [plain(one) for one in categories.tolist()]
        return _of_categories(codes, labels, ordered=bool(cast("Any", kind).ordered))
    whole = _of_whole(column.to_numpy()) if isinstance(kind, np.dtype) else None
    if whole is not None:
        return whole
    try:
        numbers, found = column.factorize()
    except TypeError:  # collections, of which this makes an error of ours
        return _of_objects(column.tolist())
    labels = [plain(value) for value in found.tolist()]
    if mixed and not all(isinstance(value, str) for value in labels):
        return _of_objects(column.tolist())  # to pandas True and 1 are one value
    return Numbered(numbers, -1, [None, *labels])


def _of_categories(codes: NDArray[Any], labels: list[Any], *, ordered: bool) -> Numbered:
    """
    Categories in their order; in the one that they say themselves where none was given.

    Without an order, and sorted by their letters, they are as pandas makes them of a column.
    """
    texts = not ordered and labels and set(map(type, labels)) == {str}
    said = text_order(labels) if texts and labels == sorted(labels) else None
    if said is None:
        return Numbered(codes, -1, [None, *labels], declared=True)
    [place] = numbers_in(said, labels)
    return Numbered(np.append(place, -1)[codes], -1, [None, *said], declared=True)


def _of_polars(column: Any) -> Numbered:  # noqa: ANN401 - a Series of Polars
    """By the whole numbers in which Polars stores all but floats, decimals and lists."""
    polars = cast("Any", sys.modules["polars"])
    kind, column = column.dtype, column.alias("column")  # a name may be a pattern to its methods
    if kind in {polars.String, polars.Categorical}:
        # Since Polars 1.32 categories that are not the column's own stay for good
        here = hasattr(polars, "Categories")
        own = polars.Categorical(polars.Categories.random()) if here else polars.Categorical
        column = column.cast(polars.String).cast(own)
    stored = column.cast(polars.Int8) if kind == polars.Boolean else column.to_physical()
    if stored.dtype.is_float():
        return _of_array(stored.fill_null(float("nan")).to_numpy())
    if not stored.dtype.is_integer() or stored.dtype == getattr(polars, "Int128", None):
        return _of_objects(column.to_list())
    if kind == polars.Enum:
        codes = stored.cast(int).fill_null(-1).to_numpy()
        return Numbered(codes, -1, [None, *kind.categories.to_list()], declared=True)
    found = _of_array(stored.fill_null(stored.min() or 0).to_numpy())
    if kind.is_integer() and not column.null_count():
        return found
    present = column.unique().drop_nulls()
    known = dict(zip(present.to_physical().to_list(), present.to_list(), strict=True))
    labels = map(known.get, cast("Any", found.labels))
    return Numbered(np.where(column.is_null().to_numpy(), -1, found.places), -1, [None, *labels])


def _of_pyarrow(column: Any) -> Numbered:  # noqa: ANN401 - an Array or ChunkedArray
    """By Arrow's dictionaries."""
    if str(column.type).lstrip("u").startswith("int") and not column.null_count:
        whole = _of_whole(column.to_numpy())
        if whole is not None:
            return whole
    try:
        coded = column.dictionary_encode()
    except NotImplementedError:  # collections, which are an error of ours
        return _of_objects(column.to_pylist())
    if hasattr(coded, "unify_dictionaries"):  # it is in chunks
        coded = coded.unify_dictionaries().combine_chunks()
    numbers = coded.indices.cast("int64").fill_null(-1).to_numpy(zero_copy_only=False)
    declared = bool(coded.type.ordered)
    return Numbered(numbers, -1, [None, *coded.dictionary.to_pylist()], declared)


def _one_dimensional(values: object) -> NDArray[Any] | list[Any]:
    """An array as it is, and one of the numbers of a list; other values as a list."""
    if getattr(values, "ndim", 1) != 1:
        raise AnswerError(
            f"expected one-dimensional values, got shape {cast('Any', values).shape}; "
            "pass one column at a time"
        )
    if isinstance(values, np.ma.MaskedArray):
        return _unmasked(values)
    if isinstance(getattr(values, "dtype", None), np.dtype):
        return _whole_microseconds(np.asarray(values))
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


def _of_objects(values: list[Any]) -> Numbered:
    places, codes = _numbers_of(values)
    if set(map(type, places)) <= _UNLIKE or len(set(map(type, values)) - _UNLIKE) < 2:
        return Numbered(codes, 0, [plain(value) for value in places])
    # By type as well: True and 1 are equal and yet different answers
    typed, codes = _numbers_of(list(zip(map(type, values), values, strict=True)))
    return Numbered(codes, 0, [plain(value) for _, value in typed])


def _numbers_of(values: list[Any]) -> tuple[dict[Any, int], Places]:
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
