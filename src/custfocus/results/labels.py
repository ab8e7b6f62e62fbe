"""One column of labels: the distinct ones in order, and which of them each row has."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from custfocus.errors import LabelError
from custfocus.results.arrays import Places
from custfocus.results.distinct import distinct_values, in_order, is_null, is_ordered, plain
from custfocus.results.text import kind_text

Label = object
NUMBERED = "group"  # what groups without labels are called


class Coded(NamedTuple):
    """
    A column of labels.

    Attributes:
        level: The distinct labels in order of display.
        codes: Which of them each row has, shape (rows,).
        declared: Whether the order was given, as that of a categorical is, and not sorted.
    """

    level: list[Label]
    codes: Places
    declared: bool


def identity(label: Label) -> tuple[bool, Label]:
    """What a label is told apart by: every null is one, 1 is 1.0, True is not 1."""
    if is_null(label):
        return (False, None)
    one = plain(label)
    return (isinstance(one, bool), one)


def identities(*levels: Sequence[Label]) -> list[Sequence[Hashable]]:
    """
    For each label of some levels what it is told apart by; see `identity`.

    Texts and whole numbers, which are most labels, are so by themselves.
    """
    kinds = {kind for level in levels for kind in set(map(type, level))}
    if kinds <= {str, int, type(None)}:
        return list(levels)
    return [list(map(identity, level)) for level in levels]


def sorted_level(labels: Sequence[Label]) -> list[Label]:
    """The distinct labels sorted: flags, numbers, texts, anything else, null last."""
    [ids] = identities(labels)
    if ids is labels:
        return in_order(dict.fromkeys(labels))
    known = dict.fromkeys(map(identity, labels))
    flags = in_order([label for flag, label in known if flag])
    return [*flags, *in_order([label for flag, label in known if not flag])]


def coded(values: Iterable[Label]) -> Coded:
    """
    A column of labels, of any library.

    Raises:
        AnswerError: No collection, one without an order, or of things that can't be labels.
    """
    declared = _declared(values)
    if declared is not None:
        level, codes = declared
        return Coded(*_with_null(level, codes), declared=True)
    return in_level(*_distinct(values))


def in_level(labels: Iterable[Label], codes: Places) -> Coded:
    """
    A column of labels that have numbers already, with its labels sorted.

    Args:
        labels: What the numbers stand for, in any order; the same label may come twice.
        codes: The number of each row.
    """
    listed = list(labels)
    level = sorted_level(listed)
    [rank] = _numbers_of(level, listed)
    return Coded(level, rank[codes], declared=False)


def _numbers_of(level: Sequence[Label], *columns: Sequence[Label]) -> list[Places]:
    """The number in a level that each label of some columns has."""
    known, *wanted = identities(level, *columns)
    number = {one: place for place, one in enumerate(known)}
    return [
        np.fromiter(map(number.__getitem__, ids), dtype=np.intp, count=len(ids)) for ids in wanted
    ]


def _distinct(values: Iterable[Label]) -> tuple[list[Label], Places]:
    series = cast("Any", values)
    if hasattr(series, "factorize") and str(getattr(series, "dtype", "")) in {"str", "string"}:
        codes, distinct = series.factorize()  # the hash table of pandas for its own texts
        return _with_null(list(distinct.tolist()), np.asarray(codes, np.intp))
    return distinct_values(values)


def _with_null(level: list[Label], codes: Places) -> tuple[list[Label], Places]:
    """Rows of code -1 get a null label at the end."""
    absent = codes < 0
    if not absent.any():
        return level, codes
    return [*level, None], np.where(absent, len(level), codes)


def _declared(values: object) -> tuple[list[Label], Places] | None:
    """The order of a categorical of pandas or an enum of Polars; None for other columns."""
    column = cast("Any", values)
    categorical = getattr(column, "cat", column)
    if hasattr(categorical, "categories") and hasattr(categorical, "codes"):
        return list(map(plain, categorical.categories)), np.asarray(categorical.codes, np.intp)
    if type(getattr(column, "dtype", None)).__name__ == "Enum":
        codes = column.to_physical().cast(int).fill_null(-1).to_numpy()
        return list(column.dtype.categories.to_list()), np.asarray(codes, np.intp)
    if getattr(getattr(column, "type", None), "ordered", False):  # a dictionary of PyArrow
        whole = column.unify_dictionaries() if hasattr(column, "unify_dictionaries") else column
        whole = whole.combine_chunks() if hasattr(whole, "combine_chunks") else whole
        codes = whole.indices.fill_null(-1).to_numpy()
        return list(whole.dictionary.to_pylist()), np.asarray(codes, np.intp)
    return None


def named_columns(by: object) -> Mapping[str, Iterable[Label]]:
    """
    Labels as columns by name: a mapping, a frame of any library, a Series or a plain list.

    Raises:
        LabelError: A text or a number, names that are no texts or doubled.
    """
    if isinstance(by, Mapping):
        columns = cast("Mapping[object, Iterable[Label]]", by)
        return {_text(name): values for name, values in columns.items()}
    listed = frame_columns(by)
    if listed is not None:
        frame = cast("Any", by)
        return {name: frame[name] for name in listed}
    if not is_ordered(by) or callable(getattr(by, "columns", None)):
        raise LabelError(
            f"by must be one label for each row, or several by name, got {_short(by)}; a name of "
            "a column goes to frames.tally, here pass the column itself"
        )
    name = getattr(by, "name", None)
    return {name if isinstance(name, str) else NUMBERED: cast("Iterable[Label]", by)}


def frame_columns(table: object) -> list[str] | None:
    """The names of the columns of a dataframe, None for anything else."""
    if isinstance(table, type):
        return None
    if hasattr(table, "collect") and hasattr(table, "collect_schema"):
        raise LabelError(
            f"frames must be in memory, got {kind_text(table)}; collect() it, or count it where "
            "it is by frames.tally"
        )
    names = getattr(table, "column_names", None)
    if names is None:
        names = getattr(table, "columns", None)
    if names is None or callable(names) or not hasattr(table, "__getitem__"):
        return None  # results and keys have a method of that name
    listed = [_text(name) for name in names]
    doubled = sorted({name for name in listed if listed.count(name) > 1})
    if doubled:
        raise LabelError(f"columns must have names of their own, got {doubled} more than once")
    return listed


def _text(name: object) -> str:
    if isinstance(name, str):
        return name
    raise LabelError(f"names of columns must be texts, got {_short(name)}; rename the column")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 and text.isprintable() else kind_text(value)


def merged_levels(
    name: str, ours: Sequence[Label], theirs: Sequence[Label], *, declared: tuple[bool, bool]
) -> tuple[list[Label], Places, Places]:
    """
    The labels of both, and the new number of each of ours and of theirs.

    A declared order goes before one that is sorted, ours before theirs.

    Raises:
        LabelError: A label of the one and one of the other that read the same and differ in
            type, such as 1 and "1".
    """
    if _identical(ours, theirs):
        same = np.arange(len(ours))
        return list(ours), same, same
    first, second = (ours, theirs) if declared[0] or not declared[1] else (theirs, ours)
    _check_types(name, ours, theirs)
    both = [*first, *second]
    [ids] = identities(both)
    known: dict[Hashable, Label] = {}
    for one, label in zip(ids, both, strict=True):
        known.setdefault(one, label)
    labels = [*known.values()]
    merged = labels if any(declared) else sorted_level(labels)
    mine, others = _numbers_of(merged, ours, theirs)
    return merged, mine, others


def _identical(ours: Sequence[Label], theirs: Sequence[Label]) -> bool:
    if ours is theirs:
        return True
    return len(ours) == len(theirs) and all(
        one is other or (type(one) is type(other) and one == other)
        for one, other in zip(ours, theirs, strict=True)
    )


def _check_types(name: str, ours: Sequence[Label], theirs: Sequence[Label]) -> None:
    if {*map(type, ours), *map(type, theirs)} <= {str, type(None)}:
        return
    mine = {str(label): label for label in ours if label is not None}
    for label in theirs:
        twin = mine.get(str(label))
        if label is not None and twin is not None and identity(twin) != identity(label):
            raise LabelError(
                f"labels of {name!r} must be of one type, got {twin!r} ({type(twin).__name__}) and "
                f"{label!r} ({type(label).__name__}); convert one of the two"
            )
