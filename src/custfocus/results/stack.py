"""Results of different metrics under one another, read as one table."""

import reprlib
from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar, cast

import attrs

from custfocus.errors import OptionError, UnknownPartError, unknown_option
from custfocus.results.dataframes import FrameColumn, Kind, frame_of
from custfocus.results.result import Result
from custfocus.results.text import kind_text

R_co = TypeVar("R_co", bound=Result, covariant=True)


def _as_parts(parts: Mapping[str, Result]) -> Mapping[str, Any]:
    given: object = parts
    if not isinstance(given, Mapping):
        raise OptionError(f"parts must be results by name, got {kind_text(given)}")
    for key, part in cast("Mapping[object, object]", given).items():
        if not (isinstance(key, str) and isinstance(part, Result)):
            raise OptionError(
                f"parts must be results by name, got {kind_text(part)} by {reprlib.repr(key)}"
            )
    return dict(parts)


def _check_name(_stack: object, _field: "attrs.Attribute[str]", value: object) -> None:
    if not isinstance(value, str):
        raise OptionError(f"name must be what the parts are called, got {kind_text(value)}")


def stacked_columns(name: str, parts: Mapping[str, Result]) -> dict[str, FrameColumn]:
    """
    The columns of several results one under the other, null where a result lacks a column.

    Args:
        name: What the first column is called, which says whose row it is.
        parts: Results by what that column says of them.
    """
    tables = {key: part.frame_columns() for key, part in parts.items()}
    sizes = {key: part.keys.rows for key, part in parts.items()}
    names = dict.fromkeys(one for table in tables.values() for one in table)
    labels: list[Any] = [key for key, size in sizes.items() for _ in range(size)]
    keys = FrameColumn(labels, "text")
    return {name: keys} | {one: _stacked(one, tables, sizes) for one in names}


def _stacked(
    name: str, tables: Mapping[str, Mapping[str, FrameColumn]], sizes: Mapping[str, int]
) -> FrameColumn:
    kinds: set[Kind] = {table[name].kind for table in tables.values() if name in table}
    values = [
        one
        for key, table in tables.items()
        for one in (table[name].values if name in table else [None] * sizes[key])
    ]
    if len(kinds) > 1 and not kinds <= {"integer", "whole", "number"}:
        return FrameColumn.of_labels(values)
    if "number" in kinds:
        return FrameColumn(values, "number")
    lacking = kinds == {"integer"} and None in values
    return FrameColumn(values, kinds.pop() if len(kinds) == 1 and not lacking else "whole")


@attrs.frozen(eq=False, repr=False)
class Stack(Mapping[str, R_co], Generic[R_co]):
    """
    Results by name: a mapping of them that can be read as one table.

    Attributes:
        name: What the names are called in the first column ("definition").
        parts: The results by their names.
    """

    name: str = attrs.field(validator=_check_name)
    parts: Mapping[str, R_co] = attrs.field(converter=_as_parts)

    def __getitem__(self, key: str) -> R_co:
        try:
            return self.parts[key]
        except (KeyError, TypeError):
            unknown = unknown_option(self.name, key, self.parts)
        raise UnknownPartError(str(unknown))

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        fields: Any = attrs.fields(type(self))
        return all(getattr(self, one.name) == getattr(other, one.name) for one in fields)

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dictionary for each row; None where a result lacks the column."""
        table = {name: column.values for name, column in self.frame_columns().items()}
        return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]

    def frame_columns(self) -> dict[str, FrameColumn]:
        """Every column by name with its type."""
        return stacked_columns(self.name, self.parts)

    def to_frame(self, like: object = "pandas") -> Any:  # noqa: ANN401 - a frame of any library
        """
        The table as a dataframe; see `Result.to_frame`.

        Args:
            like: ``"pandas"``, ``"polars"``, ``"pyarrow"``, or a frame of the kind wanted; or a
                mapping, for a dictionary of lists.
        """
        columns = self.frame_columns()
        if isinstance(like, Mapping):
            return {name: column.values for name, column in columns.items()}
        keys = {name for part in self.parts.values() for name in part.keys.columns()}
        return frame_of(columns, like, keys)

    def __str__(self) -> str:
        return "\n".join(f"{self.name} {key}\n{part}" for key, part in self.parts.items())

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        parts: list[Any] = list(self.parts.values())
        return "".join(part._repr_html_() for part in parts)
