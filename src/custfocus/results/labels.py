"""Labels as columns by name, and the labels of two columns put together."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np

from custfocus.errors import LabelError
from custfocus.results.arrays import Places
from custfocus.results.distinct import (
    identities,
    identity,
    is_ordered,
    numbers_in,
    sorted_level,
)
from custfocus.results.text import kind_text

Label = object
NUMBERED = "group"  # what groups without labels are called


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
    check_types(name, ours, theirs)
    both = [*first, *second]
    [ids] = identities(both)
    known: dict[Hashable, Label] = {}
    for one, label in zip(ids, both, strict=True):
        known.setdefault(one, label)
    labels = [*known.values()]
    merged = labels if any(declared) else sorted_level(labels)
    mine, others = numbers_in(merged, ours, theirs)
    return merged, mine, others


def _identical(ours: Sequence[Label], theirs: Sequence[Label]) -> bool:
    if ours is theirs:
        return True
    return len(ours) == len(theirs) and all(
        one is other or (type(one) is type(other) and one == other)
        for one, other in zip(ours, theirs, strict=True)
    )


def check_types(name: str, ours: Sequence[Label], theirs: Sequence[Label]) -> None:
    """
    An error for a label of the one and one of the other that read the same and differ in type.

    Raises:
        LabelError: Such labels, as 1 and "1".
    """
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
