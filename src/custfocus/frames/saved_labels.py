"""Labels of groups as JSON has them, and which labels a file does not give back."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from custfocus.errors import TallyError
from custfocus.messages import quoted
from custfocus.results.text import kind_text

DAMAGE = (
    ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError
)  # fmt: skip
"""What is raised by a file that is not as it was written, and by labels that can't be written."""

Content = dict[str, Any]  # what the columns do not say, and "columns": a row for each key or cell

_OF_LABELS = ("by ", "of ")  # how columns of labels start: of keys, and of strata and clusters


def _duration(written: Sequence[int]) -> timedelta:
    return timedelta(*written)


_KINDS: dict[str, tuple[type, Callable[[Any], object], Callable[[Any], object]]] = {
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "time": (time, time.isoformat, time.fromisoformat),
    "seconds": (timedelta, lambda one: [one.days, one.seconds, one.microseconds], _duration),
    "decimal": (Decimal, str, Decimal),
}


def encoded(label: object) -> object:
    """What JSON has not, as an object with its kind; a level that only numbers rows as null."""
    for kind, (known, write, _) in _KINDS.items():
        if isinstance(label, known):
            return {kind: write(label)}
    if isinstance(label, range):
        return None
    raise TypeError(f"JSON has no {kind_text(label)}")


def decoded(written: dict[str, Any]) -> object:
    """What `encoded` made an object of."""
    kind = next(iter(written), "")
    return _KINDS[kind][2](written[kind]) if kind in _KINDS else written


def types_of_labels(content: Content) -> list[tuple[str, list[type]]]:
    """The types of all labels by the name they stand under, since labels of unlike types may be equal."""
    return [(name, list(map(type, labels))) for name, labels in _labels(content)]


def not_given_back(
    content: Content, ending: str, there_and_back: Callable[[Content], Content]
) -> TallyError:
    """
    The error for labels that a file does not give back.

    It names the first that does not come back, or two that do not stand under one name.

    Args:
        content: What was to be saved.
        ending: Of the file.
        there_and_back: What is read from what is written.
    """

    def is_lost(labels: Sequence[object]) -> bool:
        return not _come_back(labels, there_and_back)

    odd = [one for one in _labels(content) if is_lost(one[1])]
    if not odd:
        return TallyError(
            f"names of groups must be texts that a {ending} file gives back, got "
            f"{', '.join(map(quoted, content['names']))}; save as .json, or rename them"
        )
    name, labels = odd[0]
    ends = range(len(labels) + 1)  # lost labels stay lost with more behind them
    *before, last = labels[: bisect_left(ends, 1, key=lambda end: int(is_lost(labels[:end])))]
    if is_lost([last]):
        return TallyError(
            f"labels of {name!r} must be texts, numbers, flags, dates, times or durations that a "
            f"{ending} file gives back, got {_typed(last)}; {_remedy(last)}"
        )
    first = next(one for one in before if is_lost([one, last]))
    return TallyError(
        f"labels of {name!r} must fit into one column of a {ending} file, which has one type, got "
        f"{_typed(first)} and {_typed(last)}; save as .json, or convert one of the two"
    )


def _typed(label: object) -> str:
    return f"{quoted(label)} ({type(label).__name__})"


def _labels(content: Content) -> Iterator[tuple[str, Sequence[object]]]:
    """All labels by name: the levels of keys, and the columns of labels."""
    for name, level in zip(content["names"], content["levels"], strict=True):
        yield name, () if level is None or isinstance(level, range) else level
    columns: Mapping[str, Sequence[object]] = content["columns"]
    for name, column in columns.items():
        if name.startswith(_OF_LABELS):
            yield name[len(_OF_LABELS[0]) :], column


def _come_back(labels: Sequence[object], there_and_back: Callable[[Content], Content]) -> bool:
    """Whether labels under one name come back from a file as they were."""
    alone: Content = {"names": ["label"], "levels": [labels], "columns": {"by label": labels}}
    try:
        found = _labels(there_and_back(alone))
    except DAMAGE:
        return False
    return all(
        list(map(type, one)) == list(map(type, labels)) and list(one) == list(labels)
        for _, one in found
    )


def _remedy(label: object) -> str:
    """How such a label is made one that can be saved."""
    if hasattr(type(label), "__members__"):  # of an enumeration
        return "give the .value of each, or its .name"
    if hasattr(label, "to_timestamp"):  # a period of pandas
        return "convert the column to text: by.astype(str), which keeps the order of periods"
    if isinstance(label, str | int | float | time):
        return "save as .json, or convert them"
    return "convert the column to text, as str(label) writes it"
