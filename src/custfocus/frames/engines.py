"""
What single libraries need: every special case of an engine, with its reason and when it can go.

Nothing else in this folder knows one library from another. Tests of it run where the libraries
are installed: with the dependency group ``engines``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError
from custfocus.results.arrays import Places
from custfocus.results.distinct import distinct_values, narrow_range, plain

Lazy = nw.LazyFrame[Any]

_SPARK = {nw.Implementation.PYSPARK, nw.Implementation.PYSPARK_CONNECT}
_MOST_DISTANT = 2**32  # whole numbers beyond are numbered, so that joined ones stay within 64 bits


class Numbered(NamedTuple):
    """
    A column as whole numbers.

    Attributes:
        numbers: One for each row; ``labels[number - lowest]`` is what it stands for.
        lowest: The number of the first label.
        labels: Plain Python objects, None first where cells are null.
        declared: Whether the labels, None apart, stand in an order that the column declares.
    """

    numbers: NDArray[Any]
    lowest: int
    labels: Sequence[object]
    declared: bool = False

    @property
    def places(self) -> Places:
        """The place of each row's label, shape (rows,)."""
        return np.asarray(self.numbers, np.intp) - self.lowest


# Columns in memory: each library numbers its own values fastest


def numbered(column: Any) -> Numbered:  # noqa: ANN401 - a column of any library
    """
    The values of a column in memory by number.

    Raises:
        AnswerError: No column, or one of lists or other collections.
    """
    if hasattr(column, "factorize"):
        return _of_pandas(column)
    if hasattr(column, "to_physical"):
        return _of_polars(column)
    if hasattr(column, "dictionary_encode"):
        return _of_pyarrow(column)
    return _of_array(column)


def _of_array(column: Any) -> Numbered:  # noqa: ANN401 - checked by distinct_values
    """Whole numbers of a narrow range are their own numbers, as integers or as floats."""
    whole = None
    if type(column) is np.ndarray:
        whole = _of_whole_floats(column) if column.dtype.kind == "f" else _of_whole(column)
    if whole is not None:
        return whole
    distinct, codes = distinct_values(column)
    return Numbered(codes, 0, distinct)


def _of_whole(array: NDArray[Any]) -> Numbered | None:
    near = narrow_range(array)
    if near is None or near.start < -_MOST_DISTANT or near.stop > _MOST_DISTANT:
        return None
    return Numbered(array, near.start, near)


def _of_whole_floats(array: NDArray[Any]) -> Numbered | None:
    """Floats that are whole numbers need no sorting, which takes ten times as long."""
    known = np.isfinite(array)
    if array.ndim != 1 or np.isinf(array).any() or not known.any():
        return None
    near = np.where(known, array, array[known][0])
    if np.abs(near).max() > _MOST_DISTANT or (near != np.trunc(near)).any():
        return None
    whole = _of_whole(near.astype(np.int64))
    if whole is None:
        return None
    null = whole.lowest - 1
    numbers = np.where(known, whole.numbers, null)
    return Numbered(numbers, null, [None, *map(float, cast("range", whole.labels))])


def _of_pandas(column: Any) -> Numbered:  # noqa: ANN401 - a Series, an Index or a Categorical
    """By pandas' own hash table; to it every kind of empty is -1."""
    categories = getattr(column.dtype, "categories", None)
    if categories is not None:
        codes = np.asarray(getattr(column, "cat", column).codes)
        return Numbered(codes, -1, [None, *map(plain, categories.tolist())], declared=True)
    kind: object = column.dtype
    mixed = str(kind) == "object"
    whole = _of_whole(column.to_numpy()) if isinstance(kind, np.dtype) else None
    if whole is not None:
        return whole
    try:
        numbers, found = column.factorize()
    except TypeError:  # collections, of which this makes an error of ours
        return _of_array(column.to_numpy())
    labels = [plain(value) for value in found.tolist()]
    if mixed and not all(isinstance(value, str) for value in labels):
        return _of_array(column.to_numpy())  # to pandas True and 1 are one value
    return Numbered(numbers, -1, [None, *labels])


def _of_polars(column: Any) -> Numbered:  # noqa: ANN401 - a Series of Polars
    """By the whole numbers in which Polars stores all but floats, decimals and lists."""
    kind, column = column.dtype, column.alias("column")  # a name may be a pattern to its methods
    polars = cast("Any", nw.Implementation.POLARS.to_native_namespace())
    if kind in {polars.String, polars.Categorical}:
        # Since Polars 1.32 categories that are not the column's own stay for good
        here = hasattr(polars, "Categories")
        own = polars.Categorical(polars.Categories.random()) if here else polars.Categorical
        column = column.cast(polars.String).cast(own)
    stored = column.to_physical()
    if stored.dtype.is_float():
        return _of_array(stored.fill_null(float("nan")).to_numpy())
    if stored.dtype == polars.Boolean:
        return Numbered(stored.cast(int).fill_null(-1).to_numpy(), -1, [None, False, True])
    if not stored.dtype.is_integer() or stored.dtype == getattr(polars, "Int128", None):
        return _of_array(column.to_list())
    if kind == polars.Enum:
        codes = stored.cast(int).fill_null(-1).to_numpy()
        return Numbered(codes, -1, [None, *kind.categories.to_list()], declared=True)
    found = _of_array(stored.fill_null(stored.min() or 0).to_numpy())
    if kind.is_integer() and not column.null_count():
        return found
    present = column.unique().drop_nulls()
    known = dict(zip(present.to_physical().to_list(), present.to_list(), strict=True))
    labels = map(known.get, cast("Any", found.labels))
    numbers = np.where(column.is_null().to_numpy(), -1, found.places)
    return Numbered(numbers, -1, [None, *labels])


def _of_pyarrow(column: Any) -> Numbered:  # noqa: ANN401 - an Array or ChunkedArray
    """By Arrow's dictionaries."""
    arrow = cast("Any", nw.Implementation.PYARROW.to_native_namespace())
    if arrow.types.is_integer(column.type) and not column.null_count:
        whole = _of_whole(column.to_numpy())
        if whole is not None:
            return whole
    try:
        coded = column.dictionary_encode()
    except arrow.ArrowNotImplementedError:  # collections, which are an error of ours
        return _of_array(column)
    if isinstance(coded, arrow.ChunkedArray):
        coded = coded.unify_dictionaries().combine_chunks()
    numbers = coded.indices.cast("int64").fill_null(-1).to_numpy(zero_copy_only=False)
    declared = bool(coded.type.ordered)
    return Numbered(numbers, -1, [None, *coded.dictionary.to_pylist()], declared)


def check_library(frame: nw.DataFrame[Any] | Lazy) -> None:
    """An error for SQLFrame, which reads names as SQL: a column called 1 would be the number."""
    if frame.implementation.is_sqlframe():
        raise AnswerError(
            "frames of SQLFrame can't be counted, since it reads the names of columns as SQL; pass "
            "frame.toArrow(), or its query, frame.sql(), as a table of the engine itself"
        )


def column_names(frame: nw.DataFrame[Any] | Lazy) -> tuple[str, ...]:
    """What the columns are called; some engines have doubled names, which a schema has not."""
    if frame.implementation in {*_SPARK, nw.Implementation.DUCKDB}:
        return tuple(frame.to_native().columns)
    return tuple(frame.collect_schema().names())


def in_memory(frame: nw.DataFrame[Any], names: Sequence[str]) -> dict[str, Any]:
    """
    The columns of a dataframe, by name.

    Modin's are brought to pandas, which counts them faster than Modin does; where pandas is
    older than 3 its group-bys also lose nulls among more than 127 groups.
    """
    if frame.implementation.is_modin():
        frame = nw.from_native(frame.select(*names).to_pandas(), eager_only=True)
    return {name: frame[name].to_native() for name in names}


# Tables elsewhere: the columns by neutral names, since narwhals hands names to the engines, which
# may read them as SQL, paths, patterns or numbers


def renamed(frame: Lazy, names: Sequence[str]) -> Lazy:
    """
    The columns of a table that are called so, as ``c0``, ``c1`` and so on.

    Raises:
        AnswerError: A name that the engine can't be given.
    """
    rename = _RENAMED_BY.get(frame.implementation, _renamed_by_place)
    return cast("Lazy", nw.from_native(rename(frame, names)))


def _renamed_by_place(frame: Lazy, names: Sequence[str]) -> Any:  # noqa: ANN401
    """To Polars ``^q.$`` is a pattern by name, not by place."""
    there = frame.collect_schema().names()
    return frame.select(
        *(nw.nth(there.index(name)).alias(f"c{place}") for place, name in enumerate(names))
    ).to_native()


def _renamed_by_duckdb(frame: Lazy, names: Sequence[str]) -> Any:  # noqa: ANN401
    """To narwhals ``*`` is every column."""
    quoted = ('"' + name.replace('"', '""') + '"' for name in names)
    native = frame.to_native()
    return native.project(", ".join(f"{name} as c{place}" for place, name in enumerate(quoted)))


def _renamed_by_spark(frame: Lazy, names: Sequence[str]) -> Any:  # noqa: ANN401
    """To Spark a dot is a path, and a back-tick a quote."""
    native = frame.to_native()
    there = native.columns
    places = {there.index(name): f"c{place}" for place, name in enumerate(names)}
    neutral = native.toDF(*(places.get(place, f"other_{place}") for place in range(len(there))))
    return neutral.select(*(f"c{place}" for place in range(len(names))))


def _renamed_by_ibis(frame: Lazy, names: Sequence[str]) -> Any:  # noqa: ANN401
    """To narwhals some names are attributes; Ibis itself writes no SQL for an empty name."""
    if "" in names:
        raise AnswerError("Ibis has no column without a name, got ''; rename the column")
    native = frame.to_native()
    return native.select(**{f"c{place}": native[name] for place, name in enumerate(names)})


def _renamed_by_dask(frame: Lazy, names: Sequence[str]) -> Any:  # noqa: ANN401
    """Dask can't merge the dictionaries of categories in several parts: as texts it can."""
    native = frame.to_native()[list(names)]
    native = native.rename(columns={name: f"c{place}" for place, name in enumerate(names)})
    coded = [name for name, kind in native.dtypes.items() if hasattr(kind, "categories")]
    return native.assign(**{name: native[name].astype(object) for name in coded})


_RENAMED_BY: dict[nw.Implementation, Callable[[Lazy, Sequence[str]], Any]] = {
    nw.Implementation.DASK: _renamed_by_dask,
    nw.Implementation.DUCKDB: _renamed_by_duckdb,
    nw.Implementation.IBIS: _renamed_by_ibis,
    **dict.fromkeys(_SPARK, _renamed_by_spark),
}


def declared_levels(frame: Lazy) -> dict[str, list[Any]]:
    """The labels of columns that declare an order, by the column's name."""
    if frame.implementation.is_dask():  # narwhals tells of ordered ones only
        types = dict(frame.to_native().dtypes)
        known = {name: getattr(kind, "categories", None) for name, kind in types.items()}
        return {
            name: [*map(plain, found.tolist())]
            for name, found in known.items()
            if found is not None and "__UNKNOWN_CATEGORIES__" not in found
        }
    schema = frame.collect_schema()
    return {
        name: list(kind.categories) for name, kind in schema.items() if isinstance(kind, nw.Enum)
    }


# Group-bys, and the few rows that they bring back


def grouped(frame: Lazy, labels: Sequence[str], sums: Sequence[str]) -> Lazy:
    """How many rows each combination of labels has, and what some columns add up to there."""
    if frame.implementation.is_dask():
        return _grouped_by_dask(frame, labels, sums)
    return frame.group_by(*labels).agg(nw.len().alias("rows"), *(nw.col(one).sum() for one in sums))


def _grouped_by_dask(frame: Lazy, labels: Sequence[str], sums: Sequence[str]) -> Lazy:
    """
    By group-bys of the parts and of what these give, their labels in columns, not an index.

    In an index pandas before 3 takes nulls of its newer types for other labels, as soon as
    there are more than 127.
    """

    def by_label(rows: Any) -> Any:  # noqa: ANN401 - a dataframe of pandas
        return rows.groupby([*labels], sort=False, dropna=False, observed=True)

    def of_part(rows: Any) -> Any:  # noqa: ANN401
        groups = by_label(rows)
        totals = {name: groups[name].sum().array for name in sums}
        return groups.size().to_frame("rows").assign(**totals).reset_index()

    def of_parts(cells: Any) -> Any:  # noqa: ANN401
        return by_label(cells)[["rows", *sums]].sum().reset_index()

    native = frame.to_native()
    reduced = native.reduction(chunk=of_part, aggregate=of_parts, combine=of_parts)
    return cast("Lazy", nw.from_native(reduced))


def collected(queries: Iterable[Lazy]) -> Iterator[nw.DataFrame[Any]]:
    """What each of some queries to one table gives."""
    several = [*queries]
    collect = _COLLECTED_BY.get(several[0].implementation)
    if collect is not None:
        yield from collect(several)
        return
    # Polars piece by piece: files may exceed the memory
    polars = several[0].implementation.is_polars()
    piecewise: dict[str, Any] = {"engine": "streaming"} if polars else {}
    for query in several:
        yield query.collect(**piecewise)


def _collected_by_dask(queries: Sequence[Lazy]) -> Iterator[nw.DataFrame[Any]]:
    """In one pass over the rows that they share."""
    dask = cast("Any", nw.Implementation.DASK.to_native_namespace())
    found = dask.compute(*[query.to_native() for query in queries])
    return (nw.from_native(frame, eager_only=True) for frame in found)


def _collected_by_sql(queries: Sequence[Lazy]) -> Iterator[nw.DataFrame[Any]]:
    """As one query, which sees one state of the table; one for each type of answers."""
    known: dict[str, list[int]] = {}
    for place, query in enumerate(queries):
        known.setdefault(str(query.collect_schema()["answer"]), []).append(place)
    parts: dict[int, nw.DataFrame[Any]] = {}
    for places in known.values():
        numbered = [queries[one].with_columns(nw.lit(one).alias("item")) for one in places]
        found = nw.concat(numbered).collect()
        parts |= {one: found.filter(nw.col("item") == one) for one in places}
    return (parts[place] for place in range(len(queries)))


_COLLECTED_BY: Mapping[
    nw.Implementation, Callable[[Sequence[Lazy]], Iterator[nw.DataFrame[Any]]]
] = {
    nw.Implementation.DASK: _collected_by_dask,
    nw.Implementation.DUCKDB: _collected_by_sql,
    nw.Implementation.IBIS: _collected_by_sql,
}
