"""Frames as narwhals has them, and the columns that are told of by name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import narwhals.stable.v2 as nw
from narwhals.exceptions import DuplicateError

from custfocus.errors import AnswerError, choose

Table = nw.DataFrame[Any] | nw.LazyFrame[Any]
Frame = Table | Mapping[str, Any]
Names = str | Iterable[str]


def opened_frame(frame: Any) -> Frame:  # noqa: ANN401 - a frame of any library
    """A frame as narwhals has it, a mapping as it is; anything else is an error."""
    if isinstance(frame, Mapping):
        return cast("Mapping[str, Any]", frame)
    try:
        opened: Table = nw.from_native(frame)
    except TypeError:
        raise AnswerError(
            f"expected a dataframe, table or mapping of arrays, got a {type(frame).__name__}"
        ) from None
    except DuplicateError as error:
        raise AnswerError(f"columns must have names of their own: {error}") from None
    return opened


def listed(names: Names, what: str) -> tuple[str, ...]:
    """One name or several as a tuple; doubled ones are an error."""
    if not isinstance(names, Iterable):
        raise AnswerError(f"{what} must be a name or a list of names, got {names!r}")
    several = (names,) if isinstance(names, str) else tuple(names)
    odd = [name for name in cast("tuple[object, ...]", several) if not isinstance(name, str)]
    if odd:
        raise AnswerError(f"{what} must be texts, got {odd[0]!r}; rename the columns")
    if len(set(several)) != len(several):
        raise AnswerError(f"{what} must differ from each other, got {several}")
    if what == "items" and not several:
        raise AnswerError("items must name at least one column, got none")
    return several


def check_columns(frame: Frame, names: Sequence[str]) -> None:
    """An error for names that no column has, and for arrays of different lengths."""
    there = {
        str(name): name
        for name in (frame if isinstance(frame, Mapping) else frame.collect_schema())
    }
    for name in names:
        choose("column", name, there)
    if isinstance(frame, Mapping):
        lengths = {name: len(frame[name]) for name in names if hasattr(frame[name], "__len__")}
        if len(set(lengths.values())) > 1:
            raise AnswerError(f"arrays must be of one length, got lengths {lengths}")


def column_of(table: Table, name: str) -> nw.Expr:
    """A column by its name, which Spark takes for a path unless it is quoted."""
    quoted = "`" + name.replace("`", "``") + "`"
    spark = table.implementation.is_pyspark() or table.implementation.is_pyspark_connect()
    return nw.col(quoted if spark else name)
