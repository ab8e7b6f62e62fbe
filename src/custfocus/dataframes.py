"""Columns as a dataframe of the kind that is wanted, through narwhals."""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from custfocus.errors import FRAMES_EXTRA, OptionError, missing_extra

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

InMemory = Literal["pandas", "polars", "pyarrow", "modin"]


def frame_of(columns: Mapping[str, list[Any]], like: object, typed: Collection[str] = ()) -> Any:  # noqa: ANN401 - any library
    """
    Columns as a dataframe.

    Args:
        columns: Values of equal number by name.
        like: A dataframe, lazy frame or table of the kind wanted. Or the name of a library that
            holds frames in memory: ``"pandas"``, ``"polars"``, ``"pyarrow"`` or ``"modin"``.
        typed: Columns that get the type that the column of this name has in *like*.

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
        return nw.from_dict(columns, backend=cast("InMemory", like)).to_native()
    try:
        model = nw.from_native(cast("Any", like))
    except TypeError:
        raise OptionError(
            f"like must be a dataframe or one of {', '.join(get_args(InMemory))}, got {like!r}"
        ) from None
    types = model.collect_schema()
    backend = _builder(model)
    series = {
        name: _typed(name, values, model)
        if name in typed and name in types
        else nw.new_series(name, values, backend=backend)
        for name, values in columns.items()
    }
    built = nw.from_dict(series)
    return built.to_native() if isinstance(model, nw.DataFrame) else _handed_over(built, model)


def _builder(model: "nw.DataFrame[Any] | nw.LazyFrame[Any]") -> Any:  # noqa: ANN401
    """What builds the frame in memory: the library itself, or one that an engine reads."""
    implementation = model.implementation
    if implementation.is_pandas_like() or implementation.is_polars() or implementation.is_pyarrow():
        return implementation
    return "pandas" if implementation.is_dask() else "pyarrow"


def _typed(
    name: str, values: list[Any], model: "nw.DataFrame[Any] | nw.LazyFrame[Any]"
) -> "nw.Series[Any]":
    """A column of the type that its namesake has, of the library's own: NumPy has no empty flag."""
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - an extra

    implementation, kind = model.implementation, model.collect_schema()[name]
    native = model.to_native()
    if implementation.is_pyarrow():
        arrow = implementation.to_native_namespace()
        column: Any = arrow.chunked_array([arrow.array(values, native.schema.field(name).type)])
        made: nw.Series[Any] = nw.from_native(column, series_only=True)
        return made.alias(name)
    categories = isinstance(kind, nw.Categorical | nw.Enum)  # of which Dask need not know all
    if implementation.is_pandas_like() or (implementation.is_dask() and not categories):
        pandas = nw.Implementation.PANDAS if implementation.is_dask() else implementation
        series = pandas.to_native_namespace().Series(values, name=name, dtype=native.dtypes[name])
        return nw.from_native(series, series_only=True)
    return nw.new_series(name, values, kind, backend=_builder(model))


def _handed_over(built: "nw.DataFrame[Any]", model: "nw.LazyFrame[Any]") -> Any:  # noqa: ANN401
    """A frame in memory given to the engine of a lazy one."""
    native = model.to_native()
    session = getattr(native, "sparkSession", getattr(native, "session", None))
    if model.implementation.is_sqlframe():
        return _in_sql(built, session)
    return built.lazy(backend=model.implementation, session=session).to_native()


def _in_sql(built: "nw.DataFrame[Any]", session: Any) -> Any:  # noqa: ANN401 - SQLFrame's
    """A frame as SQLFrame's rows, NaN as null: it would make NaN, and all its column, a FLOAT."""
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - an extra

    check_names(built.columns)
    floats = [name for name, kind in built.schema.items() if kind.is_float()]
    whole = [name for name, kind in built.schema.items() if kind.is_integer()]
    known = built.with_columns(nw.col(*floats).fill_nan(None)) if floats else built
    # A type that is not told is that of the first row
    types = dict.fromkeys(floats, "double") | dict.fromkeys(whole, "bigint")
    return session.createDataFrame(known.rows(), dict.fromkeys(built.columns) | types)


def check_names(names: Iterable[str]) -> None:
    """An error for columns called by a number, which SQLFrame can't tell from the number."""
    numbered = [name for name in names if name.isdigit()]
    if numbered:
        raise OptionError(
            f"SQLFrame takes a column called {numbered[0]!r} for the number; "
            "make the frame like one of another library, or give the scale labels"
        )
