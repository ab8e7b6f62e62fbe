"""Columns as a dataframe of the kind that is wanted, through narwhals."""

import math
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
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
_PANDAS: dict[Kind, str] = {
    "whole": "Int64",
    "integer": "int64",
    "number": "float64",
    "flag": "boolean",
    "date": "object",
    "mixed": "object",
}
_POLARS: dict[Kind, str] = {
    "text": "String",
    "whole": "Int64",
    "integer": "Int64",
    "number": "Float64",
    "flag": "Boolean",
    "date": "Date",
}
_ARROW: dict[Kind, str] = {
    "text": "string",
    "whole": "int64",
    "integer": "int64",
    "number": "float64",
    "flag": "bool_",
    "date": "date32",
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
        made = [_series(name, column, library) for name, column in columns.items()]
        return nw.from_dict({series.name: series for series in made}).to_native()
    try:
        model = nw.from_native(cast("Any", like))
    except TypeError:
        raise OptionError(
            f"like must be a dataframe or one of {', '.join(get_args(InMemory))}, got "
            f"{type(like).__name__ if not isinstance(like, str) else repr(like)}"
        ) from None
    types = {*model.collect_schema()} - {"item"}
    library = _builder(model)
    series = {
        name: _typed(name, column, model)
        if name in typed and name in types
        else _series(name, column, library)
        for name, column in columns.items()
    }
    built = nw.from_dict(series)
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


@contextmanager
def _holding(
    name: str, column: FrameColumn, library: "nw.Implementation"
) -> Generator[None, None, None]:
    """Errors of a library that can't hold the labels of a column, as ours."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - each library has errors of its own
        kinds = {type(value).__name__ for value in column.values if value is not None}
        reason = str(error).partition("\n")[0]
        raise OptionError(
            f"{library.value} can't hold the labels of {name!r}, got {', '.join(sorted(kinds))} "
            f"({reason}); convert them, or take to_dicts()"
        ) from None


def _series(name: str, column: FrameColumn, library: "nw.Implementation") -> "nw.Series[Any]":
    """A column of the library's type for its kind."""
    if not library.is_pandas_like():
        _check_one_type(name, column, library)
    with _holding(name, column, library):
        return _of_kind(name, column, library)


def _of_kind(name: str, column: FrameColumn, library: "nw.Implementation") -> "nw.Series[Any]":
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - an extra

    values, kind = column
    native: Any = library.to_native_namespace()
    made: Any
    if library.is_pandas_like():
        text = "object" if native.__version__.startswith(("1.", "2.")) else "str"
        dtype = text if kind == "text" else _PANDAS.get(kind)
        made = native.Series(values, name=name, dtype=dtype)
        return nw.from_native(made, series_only=True)
    if library.is_polars():
        dtype = getattr(native, _POLARS[kind]) if kind in _POLARS else None
        made = native.Series(name, values, dtype)
        return nw.from_native(made, series_only=True)
    dtype = getattr(native, _ARROW[kind])() if kind in _ARROW else None
    made = native.chunked_array([native.array(values, dtype)])
    found: nw.Series[Any] = nw.from_native(made, series_only=True).alias(name)
    return found


def _check_one_type(name: str, column: FrameColumn, library: "nw.Implementation") -> None:
    kinds = {type(value).__name__ for value in column.values if value is not None}
    if column.kind == "mixed" and len(kinds) > 1:
        raise OptionError(
            f"a column of {library.value} holds one type, got {', '.join(sorted(kinds))} in "
            f"{name!r}; make its labels one type, or take to_frame('pandas')"
        )


def _typed(
    name: str, column: FrameColumn, model: "nw.DataFrame[Any] | nw.LazyFrame[Any]"
) -> "nw.Series[Any]":
    """A column of the type that its namesake has."""
    with _holding(name, column, model.implementation):
        return _like_namesake(name, column, model)


def _like_namesake(
    name: str, column: FrameColumn, model: "nw.DataFrame[Any] | nw.LazyFrame[Any]"
) -> "nw.Series[Any]":
    """A column of the library's own type: NumPy has no empty flag."""
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - an extra

    implementation, kind, values = model.implementation, model.collect_schema()[name], column.values
    native = model.to_native()
    if implementation.is_pyarrow():
        arrow = implementation.to_native_namespace()
        array: Any = arrow.chunked_array([arrow.array(values, native.schema.field(name).type)])
        made: nw.Series[Any] = nw.from_native(array, series_only=True)
        return made.alias(name)
    categories = isinstance(kind, nw.Categorical | nw.Enum)  # of which Dask need not know all
    if implementation.is_pandas_like() or (implementation.is_dask() and not categories):
        pandas = nw.Implementation.PANDAS if implementation.is_dask() else implementation
        dtype = native.dtypes[name]
        if None in values and isinstance(dtype, np.dtype) and dtype.kind in "iub":
            return _of_kind(name, column, pandas)  # a measure without groups, of a scorecard
        series = pandas.to_native_namespace().Series(values, name=name, dtype=dtype)
        return nw.from_native(series, series_only=True)
    return nw.new_series(name, values, kind, backend=cast("Any", _builder(model)))


def _handed_over(built: "nw.DataFrame[Any]", model: "nw.LazyFrame[Any]") -> Any:  # noqa: ANN401
    """A frame in memory given to the engine of a lazy one."""
    native = model.to_native()
    session = getattr(native, "sparkSession", getattr(native, "session", None))
    return built.lazy(backend=model.implementation, session=session).to_native()
