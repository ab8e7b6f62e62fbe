"""Columns as a dataframe of the kind that is wanted, through narwhals."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from custfocus.errors import OptionError, missing_extra

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

InMemory = Literal["pandas", "polars", "pyarrow", "modin"]


def frame_of(columns: Mapping[str, list[Any]], like: object) -> Any:  # noqa: ANN401 - any library
    """
    Columns as a dataframe.

    Args:
        columns: Values of equal number by name.
        like: A dataframe, lazy frame or table of the kind wanted; columns of a name that it has
            get the type that it has there. Or the name of a library that holds frames in
            memory: ``"pandas"``, ``"polars"``, ``"pyarrow"`` or ``"modin"``.

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
        raise missing_extra("frames", "narwhals") from None
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
        name: nw.new_series(name, values, types.get(name), backend=backend)
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


def _handed_over(built: "nw.DataFrame[Any]", model: "nw.LazyFrame[Any]") -> Any:  # noqa: ANN401
    """A frame in memory given to the engine of a lazy one."""
    native = model.to_native()
    session = getattr(native, "sparkSession", getattr(native, "session", None))
    return built.lazy(backend=model.implementation, session=session).to_native()
