"""Columns as a dataframe of the kind that is wanted, through narwhals."""

import math
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast, get_args

import numpy as np
from numpy.typing import NDArray

from custfocus.errors import FRAMES_EXTRA, OptionError, missing_extra

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

InMemory = Literal["pandas", "polars", "pyarrow", "modin"]
Kind = Literal["text", "whole", "integer", "number", "flag", "date", "time", "mixed"]
# "whole" numbers may be null, an "integer" never is

_WIDE = 2**63  # whole numbers from it on are not int64
_KINDS: dict[type[Any], Kind] = {
    str: "text",
    int: "whole",
    bool: "flag",
    float: "number",
    date: "date",
    datetime: "time",
}
_TYPES: dict[Kind, tuple[str | None, str | None]] = {  # of pandas; of narwhals, for the others
    "text": ("str", "String"),
    "whole": ("Int64", "Int64"),
    "integer": ("int64", "Int64"),
    "number": ("float64", "Float64"),
    "flag": ("boolean", "Boolean"),
    "date": ("object", "Date"),
    "time": (None, None),
    "mixed": ("object", None),
}


class FrameColumn(NamedTuple):
    """
    A column as a frame gets it.

    Attributes:
        values: Plain Python values, None where there is none.
        kind: What they are; the column's type follows from it, never from the values.
    """

    values: list[Any]
    kind: Kind

    @classmethod
    def of_labels(cls, labels: list[Any]) -> "FrameColumn":
        """A column of keys."""
        types: set[type[Any]] = {type(label) for label in labels if label is not None}
        kinds: set[Kind] = {_KINDS.get(one, "mixed") for one in types}
        if int in types and any(isinstance(one, int) and abs(one) >= _WIDE for one in labels):
            return cls(labels, "mixed")
        if kinds == {"whole", "number"}:
            return cls(labels, "number")
        if len(kinds) == 1:
            return cls(labels, kinds.pop())
        return cls(labels, "mixed" if kinds else "text")

    @classmethod
    def of_array(cls, values: NDArray[Any], *, whole: bool = False) -> "FrameColumn":
        """A column of numbers, flags or texts; what is not finite is null."""
        letter = values.dtype.kind
        if letter == "f":
            listed: list[Any] = values.tolist()
            if whole:
                return cls([int(one) if math.isfinite(one) else None for one in listed], "whole")
            if not np.isfinite(values).all():
                listed = [one if math.isfinite(one) else None for one in listed]
            return cls(listed, "number")
        kinds: dict[str, Kind] = {"i": "integer", "b": "flag", "U": "text"}
        return cls(values.tolist(), kinds.get(letter, "mixed"))


def frame_of(columns: Mapping[str, FrameColumn], like: object, typed: Collection[str] = ()) -> Any:  # noqa: ANN401 - any library
    """
    Columns as a dataframe.

    Args:
        columns: Of equal length, by name.
        like: A dataframe, lazy frame or table of the kind wanted. Or the name of a library that
            holds frames in memory: ``"pandas"``, ``"polars"``, ``"pyarrow"`` or ``"modin"``.
        typed: Columns that get the type that the column of this name has in *like*; but
            ``item`` never does, which names questions and in *like* may be anything.

    Returns:
        A frame of that library. Tables of DuckDB are in its default connection, frames of
        Spark in the session of *like*.

    Raises:
        OptionError: A kind that is not known.
        MissingExtraError: Without narwhals.
    """
    try:
        import narwhals.stable.v2 as nw  # noqa: PLC0415 - an extra
    except ImportError:
        raise missing_extra("narwhals", FRAMES_EXTRA) from None
    if isinstance(like, str) and like in get_args(InMemory):
        library = nw.Implementation.from_backend(cast("InMemory", like))
        _check_installed(library)
        return nw.from_dict(
            {name: _series(name, column, library) for name, column in columns.items()}
        ).to_native()
    try:
        model = nw.from_native(cast("Any", like))
    except TypeError:
        raise OptionError(
            f"like must be a dataframe or one of {', '.join(get_args(InMemory))}, got "
            f"{type(like).__name__ if not isinstance(like, str) else repr(like)}"
        ) from None
    types, library = {*model.collect_schema()} - {"item"}, _builder(model)
    made = {
        name: _series(name, column, library, model if name in typed and name in types else None)
        for name, column in columns.items()
    }
    built = nw.from_dict(made)
    return built.to_native() if isinstance(model, nw.DataFrame) else _handed_over(built, model)


def _check_installed(library: "nw.Implementation") -> None:
    try:
        library.to_native_namespace()
    except ModuleNotFoundError:
        raise missing_extra(library.value, f"pip install {library.value}") from None


def _builder(model: "nw.DataFrame[Any] | nw.LazyFrame[Any]") -> "nw.Implementation":
    """What builds the frame in memory: the library itself, or one that an engine reads."""
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - an extra

    implementation: nw.Implementation = model.implementation
    if implementation.is_pandas_like() or implementation.is_polars() or implementation.is_pyarrow():
        return implementation
    return nw.Implementation.PANDAS if implementation.is_dask() else nw.Implementation.PYARROW


def _series(
    name: str,
    column: FrameColumn,
    library: "nw.Implementation",
    model: "nw.DataFrame[Any] | nw.LazyFrame[Any] | None" = None,
) -> "nw.Series[Any]":
    """A column of the library's type for its kind, or of the type that its namesake has."""
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - an extra

    kinds = sorted({type(value).__name__ for value in column.values if value is not None})
    if model is None and column.kind == "mixed" and len(kinds) > 1 and not library.is_pandas_like():
        raise OptionError(
            f"a column of {library.value} holds one type, got {', '.join(kinds)} in "
            f"{name!r}; make its labels one type, or take to_frame('pandas')"
        )
    native: Any = library.to_native_namespace()
    try:
        kind = _type_for(column.kind, library) if model is None else _type_of(name, column, model)
        made: Any
        if library.is_pandas_like() and not isinstance(kind, nw.dtypes.DType):
            made = native.Series(column.values, name=name, dtype=kind)
        elif library.is_pyarrow() and isinstance(kind, native.DataType):
            made = native.chunked_array([native.array(column.values, kind)])
        else:
            return nw.new_series(name, column.values, kind, backend=cast("Any", library))
        found: nw.Series[Any] = nw.from_native(made, series_only=True)
        return found.alias(name)
    except _errors_of(native) as error:
        reason = str(error).partition("\n")[0]
        holder = library if model is None else model.implementation
        raise OptionError(
            f"{holder.value} can't hold the labels of {name!r}, got {', '.join(kinds)} "
            f"({reason}); convert them, or take to_dicts()"
        ) from None


def _errors_of(native: Any) -> tuple[type[Exception], ...]:  # noqa: ANN401 - a library
    """What a library raises for values that a column of a type can't hold."""
    from narwhals.exceptions import NarwhalsError  # noqa: PLC0415 - an extra

    own = getattr(getattr(native, "exceptions", None), "PolarsError", None)
    usual = (
        ArithmeticError, LookupError, RuntimeError, TypeError, ValueError, NarwhalsError
    )  # fmt: skip
    return usual if own is None else (*usual, own)  # those of Polars have no kind in common


def _type_for(kind: Kind, library: "nw.Implementation") -> Any:  # noqa: ANN401 - of pandas or narwhals
    """The type of a kind of column."""
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - an extra

    of_pandas, other = _TYPES[kind]
    if not library.is_pandas_like():
        return None if other is None else getattr(nw, other)()
    version = cast("Any", library.to_native_namespace()).__version__
    return "object" if kind == "text" and version.startswith(("1.", "2.")) else of_pandas


def _type_of(name: str, column: FrameColumn, model: "nw.DataFrame[Any] | nw.LazyFrame[Any]") -> Any:  # noqa: ANN401 - of any library
    """The type of a column's namesake: the library's own, since narwhals knows not all of them."""
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - an extra

    implementation, kind = model.implementation, model.collect_schema()[name]
    native = model.to_native()
    if implementation.is_pyarrow():
        return native.schema.field(name).type
    categories = isinstance(kind, nw.Categorical | nw.Enum)  # of which Dask need not know all
    if not implementation.is_pandas_like() and (not implementation.is_dask() or categories):
        return kind
    dtype: Any = native.dtypes[name]
    of_numpy = isinstance(cast("object", dtype), np.dtype)
    if None in column.values and of_numpy and dtype.kind in "iub":
        return _type_for(column.kind, _builder(model))  # NumPy has no null among whole numbers
    return dtype


def _handed_over(built: "nw.DataFrame[Any]", model: "nw.LazyFrame[Any]") -> Any:  # noqa: ANN401
    """A frame in memory given to the engine of a lazy one."""
    native = model.to_native()
    session = getattr(native, "sparkSession", getattr(native, "session", None))
    return built.lazy(backend=model.implementation, session=session).to_native()
