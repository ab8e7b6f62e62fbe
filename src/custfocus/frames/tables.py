"""A table of any library, opened: its columns in memory, or a query to the engine that holds it."""

import reprlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple, cast

import narwhals.stable.v2 as nw
from narwhals.exceptions import DuplicateError

from custfocus.errors import AnswerError, unknown_option
from custfocus.frames.engines import (
    check_library,
    column_names,
    declared_levels,
    in_memory,
    renamed,
)
from custfocus.results.distinct import is_ordered

Names = str | Iterable[str]
InMemory = Mapping[str, Any]

_Opened = nw.DataFrame[Any] | nw.LazyFrame[Any] | Mapping[str, Any]


class InEngine(NamedTuple):
    """
    A table that an engine holds.

    Attributes:
        frame: The columns that are asked for, by neutral names.
        names: The neutral name of each column.
        levels: The labels of columns that declare an order, by the column's name.
    """

    frame: nw.LazyFrame[Any]
    names: Mapping[str, str]
    levels: Mapping[str, list[Any]]


def listed(names: Names, what: str) -> tuple[str, ...]:
    """
    One name or several as a tuple.

    Args:
        names: The names.
        what: What they are called in an error.

    Raises:
        AnswerError: Names that are no texts, or doubled.
    """
    if not (isinstance(names, str | AbstractSet) or is_ordered(names)):
        raise AnswerError(f"{what} must be a name or a list of names, got {reprlib.repr(names)}")
    several = (names,) if isinstance(names, str) else tuple(names)
    odd = [name for name in cast("tuple[object, ...]", several) if not isinstance(name, str)]
    if odd:
        raise AnswerError(f"{what} must be texts, got {odd[0]!r}; rename the columns")
    if len(set(several)) != len(several):
        raise AnswerError(f"{what} must differ from each other, got {several}")
    if what == "items" and not several:
        raise AnswerError("items must name at least one column, got none")
    return several


def names_in(frame: Any) -> tuple[str, ...]:  # noqa: ANN401 - a frame of any library
    """
    What the columns of a table are called.

    Raises:
        AnswerError: No table, columns of one name, a header of several rows.
    """
    return _names_in(_opened(frame))


def open_table(frame: Any, names: Sequence[str]) -> InMemory | InEngine:  # noqa: ANN401
    """
    The columns of a table that are asked for.

    Args:
        frame: A frame of any library that narwhals knows, or a mapping of names to arrays.
        names: The columns; one may be asked for more than once.

    Returns:
        The columns by name, or, where an engine holds them, a query for them.

    Raises:
        AnswerError: No table, columns of one name, arrays of different lengths.
        OptionError: A column that is not there.
    """
    opened, asked = _opened(frame), tuple(dict.fromkeys(names))
    _check_names(asked, _names_in(opened))
    if isinstance(opened, Mapping):
        return _of_one_length({name: opened[name] for name in asked})
    if isinstance(opened, nw.DataFrame):
        return in_memory(opened, asked)
    neutral = {name: f"c{place}" for place, name in enumerate(asked)}
    return InEngine(renamed(opened, asked), neutral, declared_levels(opened))


def _opened(frame: Any) -> _Opened:  # noqa: ANN401
    if isinstance(frame, Mapping):
        return cast("Mapping[str, Any]", frame)
    try:
        opened = cast("nw.DataFrame[Any] | nw.LazyFrame[Any]", nw.from_native(frame))
    except TypeError:
        raise AnswerError(
            f"expected a dataframe, table or mapping of arrays, got a {type(frame).__name__}"
        ) from None
    except DuplicateError as error:
        raise AnswerError(f"columns must have names of their own: {error}") from None
    check_library(opened)
    return opened


def _names_in(opened: _Opened) -> tuple[str, ...]:
    there = tuple(opened) if isinstance(opened, Mapping) else column_names(opened)
    # By its name: to a type checker they are texts, though pandas takes anything
    several_rows = next((name for name in there if type(name).__name__ == "tuple"), None)
    if several_rows is not None:
        raise AnswerError(
            f"columns must have one row of names, got {several_rows!r}; read the first row only, "
            "or join the rows of names"
        )
    return there


def _check_names(asked: Sequence[str], there: Sequence[object]) -> None:
    for name in asked:
        if there.count(name) > 1:
            raise AnswerError(f"columns must have names of their own: two are called {name!r}")
        if name in there:
            continue
        texts = {str(one): one for one in there}
        if name in texts:
            raise AnswerError(f"columns must be called by texts, got {texts[name]!r}; rename them")
        raise unknown_option("column", name, texts)


def _of_one_length(columns: dict[str, Any]) -> dict[str, Any]:
    lengths = {name: len(column) for name, column in columns.items() if hasattr(column, "__len__")}
    if len(set(lengths.values())) > 1:
        raise AnswerError(f"arrays must be of one length, got lengths {lengths}")
    return columns
