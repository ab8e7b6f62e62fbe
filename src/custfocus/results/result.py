"""A result: one labelled table, and all that reads it, chooses from it and writes it down."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar, NamedTuple, Self, cast, overload

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import LabelError, OptionError
from custfocus.results.arrays import Floats, same
from custfocus.results.dataframes import FrameColumn, frame_of
from custfocus.results.html import Html, html_table
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.numbers import formatted
from custfocus.results.picture import axis_bounds, axis_picture, interval_picture
from custfocus.results.text import (
    kind_text,
    label_text,
    label_texts,
    named_text,
    printable,
    text_table,
)

SHOWN = 20  # rows in a printed table; to_dicts() has them all

Place = int | np.integer[Any]
Several = slice | NDArray[np.bool_] | NDArray[np.intp] | list[int] | list[bool]


class Column(NamedTuple):
    """
    A column beside the keys.

    Attributes:
        values: Of the result's shape, or one for all rows.
        text: How a value is printed; None for a column that is in frames and dictionaries only.
        title: The printed title, where it is another than the column's name.
        whole: Whether the numbers are whole, though NaN stands for none.
        align: ``"r"`` for numbers, ``"l"`` for texts.
        hidden: Which cells are printed as stars; None for none.
    """

    values: NDArray[Any]
    text: Callable[[Any], str] | None = None
    title: str = ""
    whole: bool = False
    align: str = "r"
    hidden: NDArray[np.bool_] | None = None


class Picture(NamedTuple):
    """
    The intervals that are drawn beside the rows.

    Attributes:
        value: The mark in each, of the result's shape.
        low: Where the bar starts, likewise.
        high: Where it ends, likewise.
        bounds: The ends of the scale, infinite where it has none.
        target: The range to shade, infinite where it has no end; None for none.
        text: How the ends of the scale are printed.
        name: What is drawn, where rows have no labels that say so.
        shaded: What the range is called.
    """

    value: Floats
    low: Floats
    high: Floats
    bounds: tuple[float, float]
    target: tuple[float, float] | None = None
    text: Callable[[float], str] = str
    name: str = "value"
    shaded: str = "target"

    def on_axis(self) -> "Picture":
        """The same on a scale with finite ends that holds all intervals."""
        numbers = np.asarray(self[:3], np.float64).ravel()
        return self._replace(bounds=axis_bounds(self.bounds, numbers))


class Result(ABC):
    """
    What every answer of the library is; subclasses are ``attrs.frozen(eq=False, repr=False)``.

    A kind of result states its `columns` and its `caption`. Fields with a row for each key carry
    the metadata `BY_ROW`; fields that are results themselves have the same keys, unless they
    are marked ``eq=False``: these belong to the whole and stay as they are.
    """

    __slots__ = ()
    __hash__: ClassVar[None] = None  # type: ignore[assignment]
    unspoken: ClassVar[frozenset[str]] = frozenset()  # fixed names that the caption says itself
    none: ClassVar[str] = ""  # how a table without rows reads, where it should not be its titles

    @property
    @abstractmethod
    def keys(self) -> Keys:
        """What the rows are called."""

    @abstractmethod
    def columns(self) -> Mapping[str, Column]:
        """The columns beside the keys, by name."""

    @abstractmethod
    def caption(self) -> str:
        """What the table shows, in one line."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of some rows besides; no part of equality."""
        return ()

    def sentence(self) -> str | None:
        """How a single row reads; None for a table of one row."""
        return None

    def picture(self) -> Picture | None:
        """The intervals to draw; None for a result without any."""
        return None

    # -- shape -----------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        """``(rows,)``, or ``()`` for a single row without open names."""
        return self.keys.shape

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError(f"a single {type(self).__name__} has no rows to count")
        return self.shape[0]

    def __bool__(self) -> bool:
        return True

    # -- choosing --------------------------------------------------------------------------

    def sel(self, labels: Mapping[str, object] | None = None, /, **by_name: object) -> Self:
        """
        Rows by label.

        Args:
            labels: Names and labels as a mapping, for a name that is no Python name.
            **by_name: A label drops its name and is then fixed; a list of labels filters.

        Raises:
            LabelError: A name or label that is not there, or labels that no row has together.
        """
        if labels is not None and not isinstance(cast("object", labels), Mapping):
            raise OptionError(f"sel takes names and labels, got {labels!r}; write sel(name=label)")
        return self.chosen(*self.keys.sel({**(labels or {}), **by_name}))

    @overload
    def __getitem__(self, index: Place, /) -> Self: ...
    @overload
    def __getitem__(self, index: Several, /) -> Self: ...
    def __getitem__(self, index: Any, /) -> Self:
        place = _as_index(index, self)
        return self.chosen(self.keys[place], place)

    def __iter__(self) -> Iterator[Self]:
        if not self.shape:
            raise TypeError(f"a single {type(self).__name__} has no rows to go through")
        return (self[row] for row in range(self.shape[0]))

    def chosen(self, keys: Keys, rows: Any) -> Self:  # noqa: ANN401 - whatever indexes an array
        """Some of the rows by place, under these keys."""
        changes: dict[str, Any] = {}
        for field in _fields(self):
            part = getattr(self, field.name)
            if isinstance(part, Result) and field.eq:
                changes[_alias(field)] = part.chosen(keys, rows)
            elif isinstance(part, Keys):
                changes[_alias(field)] = keys
            elif field.metadata.get("by_row") and part is not None:
                changes[_alias(field)] = part[rows]
        return type(self)(**{**self._state(), **changes})

    def _state(self) -> dict[str, Any]:
        return {_alias(field): getattr(self, field.name) for field in _fields(self)}

    # -- values ----------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        there = _in_order_of(self.keys, cast("Self", other))
        if there is None:
            return False
        stated = (field.name for field in _fields(self) if field.eq)
        fields = ((getattr(self, name), getattr(there, name)) for name in stated)
        if not all(same(one, its) for one, its in fields if not isinstance(one, Keys)):
            return False
        ours, theirs = self.columns(), there.columns()
        return list(ours) == list(theirs) and all(
            same(column.values, theirs[name].values) for name, column in ours.items()
        )

    def __array__(self, *_args: object, **_options: object) -> NDArray[Any]:
        names = ", ".join(self.columns())
        raise TypeError(f"{kind_text(self)} is a table, no array; take one of its columns: {names}")

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), **self._state()), ()

    def __float__(self) -> float:
        columns = self.columns()
        if self.shape or "value" not in columns:
            raise TypeError(
                f"float() takes a single result with a value, got {kind_text(self)} of "
                f"{self.keys.rows} rows with the columns {', '.join(columns)}"
            )
        return float(columns["value"].values)

    def __format__(self, spec: str) -> str:
        return formatted(float(self), spec) if spec else str(self)

    # -- the table -------------------------------------------------------------------------

    def frame_columns(self) -> dict[str, FrameColumn]:
        """Every column by name with its type, the keys first; null where there is no number."""
        keys = {name: FrameColumn.of_labels(labels) for name, labels in self.keys.columns().items()}
        own = self.columns()
        clash = [name for name in own if name in keys]
        if clash:
            raise LabelError(
                f"groups must not be called like a column of {kind_text(self)}, got "
                f"{clash[0]!r}; rename the column"
            )
        rows = self.keys.rows
        return keys | {
            name: FrameColumn.of_array(np.broadcast_to(column.values, (rows,)), whole=column.whole)
            for name, column in own.items()
        }

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dictionary for each row: the keys, then the columns; None where there is no number."""
        table = {name: column.values for name, column in self.frame_columns().items()}
        return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]

    def to_frame(self, like: object = "pandas") -> Any:  # noqa: ANN401 - a frame of any library
        """
        The table as a dataframe.

        Args:
            like: ``"pandas"``, ``"polars"`` or ``"pyarrow"``; or a dataframe or table of the kind
                wanted, whose columns of the keys' names, ``item`` aside, give these their types;
                or a mapping, for a dictionary of lists.

        Raises:
            OptionError: A kind that is not known, or labels that it can't hold in one column.
            MissingExtraError: Without the extra ``frames``.
        """
        columns = self.frame_columns()
        if isinstance(like, Mapping):
            return {name: column.values for name, column in columns.items()}
        return frame_of(columns, like, {*self.keys.columns()} - {"item"})

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The table for any library that takes Arrow's stream; needs PyArrow."""
        return self.to_frame("pyarrow").__arrow_c_stream__(requested_schema)

    # -- reading ---------------------------------------------------------------------------

    def __str__(self) -> str:
        sentence = None if self.shape else self.sentence()
        if sentence is not None:
            return "\n".join([self._called(sentence), *self._shown_notes()])
        if self.none and not self.keys.rows:
            return self._called(self.none)
        head = self._head()
        titles, rows, align = head.printed()
        under = [*self._more(), self._called(self.caption()), *self._shown_notes()]
        return "\n".join([text_table(titles, rows, align), *under])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = self._head()
        titles, rows, align = head.printed()
        picture = head.picture()
        if picture is not None:
            picture = picture.on_axis()
            ends = [picture.text(end) for end in picture.bounds]
            titles, align = [*titles, axis_picture(picture.bounds, ends)], f"{align}l"
            rows = [[*row, head.drawn(picture, place)] for place, row in enumerate(rows)]
        return html_table(
            titles,
            rows,
            align,
            self._called(self.caption()),
            notes=[*self._more(), *self._shown_notes()],
            row_headers=len(self.keys.names),
        )

    def _head(self) -> Self:
        """The rows that are printed."""
        return self[:SHOWN] if self.shape and self.shape[0] > SHOWN else self

    def _more(self) -> list[str]:
        more = self.keys.rows - SHOWN
        return [f"... and {more:,} more row{'s' * (more > 1)}"] if more > 0 else []

    def _shown_notes(self) -> list[str]:
        return [printable(f"note: {note}") for note in self.notes]

    def _called(self, text: str) -> str:
        """A text with the labels that all rows share before it."""
        said = ((name, label) for name, label in self.keys.fixed if name not in self.unspoken)
        fixed = ", ".join(named_text(name, label_text(label)) for name, label in said)
        return printable(f"{fixed}: {text}" if fixed else text)

    def row_texts(self, name: str) -> list[str]:
        """The label of each row by an open name, as tables and pictures show it."""
        keys = self.keys
        return label_texts(keys.labels(name), keys.levels[keys.names.index(name)])

    def printed(self) -> tuple[list[str], list[list[str]], str]:
        """Titles, cells and alignment of the printed table."""
        names = self.keys.names
        labels = [self.row_texts(name) for name in names]
        shown = {name: column for name, column in self.columns().items() if column.text}
        cells = [_cells(column, self.keys.rows) for column in shown.values()]
        titles = [*names, *(column.title or name for name, column in shown.items())]
        align = "l" * len(names) + "".join(column.align for column in shown.values())
        rows = [list(row) for row in zip(*labels, *cells, strict=True)]
        return list(map(label_text, titles)), rows, align

    def drawn(self, picture: Picture, row: int) -> Html:
        """The interval of one row, with its words for those who can't see it."""
        value, low, high = (float(np.ravel(one)[row]) for one in picture[:3])
        key = [named_text(name, self.row_texts(name)[row]) for name in self.keys.names]
        name = ", ".join(key) or picture.name
        return interval_picture(
            value, low, high, picture.bounds, picture.target, name=name, target_name=picture.shaded
        )


def _as_index(index: Any, result: Result) -> Any:  # noqa: ANN401
    """What indexes an array; labels and names of columns are answered with the right call."""
    kind = type(result).__name__
    if isinstance(index, str):
        if index in result.columns():
            own = index if hasattr(result, index) else f"columns()[{index!r}].values"
            raise OptionError(f"[] takes places of rows, got {index!r}; write .{own}")
        name = result.keys.names[0] if result.keys.names else "name"
        raise OptionError(f"[] takes places of rows, got {index!r}; write .sel({name}={index!r})")
    if not result.shape:
        raise OptionError(f"a single {kind} has no rows to choose from, got [{index!r}]")
    if hasattr(index, "to_numpy"):
        index = index.to_numpy()
    if isinstance(index, slice):
        return cast("Any", index)
    array = _index_array(index)
    if isinstance(index, list | np.ndarray) and array.shape == (0,):
        return np.zeros(0, np.intp)
    kinds = "iub" if array.ndim else "iu"
    if isinstance(index, tuple) or array.ndim > 1 or array.dtype.kind not in kinds:
        raise OptionError(f"[] takes a place, a slice, a mask or a list of places, got {index!r}")
    try:
        return np.arange(result.shape[0])[array]
    except IndexError:
        raise IndexError(f"the {kind} has {result.shape[0]} rows, got [{index!r}]") from None


def _index_array(index: object) -> NDArray[Any]:
    """The index as an array; one that indexes nothing where it is none."""
    try:
        return np.asarray(cast("Any", index))
    except (TypeError, ValueError):  # a result, lists of different lengths
        return np.array(None)


def _in_order_of(keys: Keys, other: Result) -> Result | None:
    """The other's rows in the order of these keys; None where it has other keys."""
    theirs = other.keys
    if keys.shape != theirs.shape or dict(keys.fixed) != dict(theirs.fixed):
        return None
    try:
        united, ours, its = keys.united(theirs)
    except LabelError:
        return None
    if united.rows != keys.rows:
        return None
    order = np.empty_like(ours)
    order[ours] = its
    return other if np.array_equal(order, np.arange(len(order))) else other.chosen(keys, order)


def _fields(result: Result) -> "tuple[attrs.Attribute[Any], ...]":
    kind = cast("type[attrs.AttrsInstance]", type(result))
    return cast("tuple[attrs.Attribute[Any], ...]", attrs.fields(kind))


def _alias(field: "attrs.Attribute[Any]") -> str:
    return field.alias or field.name


def _cells(column: Column, rows: int) -> list[str]:
    text = column.text or str
    cells = [text(one) for one in np.broadcast_to(column.values, (rows,)).tolist()]
    if column.hidden is None:
        return cells
    return ["*" if out else cell for out, cell in zip(np.ravel(column.hidden), cells, strict=True)]


def count_text(value: object) -> str:
    """A whole number as printed."""
    return str(value)


def metric_columns(metric: Metric) -> dict[str, Column]:
    """The columns that say what is measured."""
    return {"metric": Column(np.array(metric.name)), "unit": Column(np.array(metric.unit))}
