"""
What single engines need: every special case of one, with its reason and when it can go.

Nothing else in this folder knows one library from another. Tests of it run where the libraries
are installed: with the dependency group ``engines``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import narwhals.stable.v2 as nw

from custfocus.errors import AnswerError
from custfocus.results.distinct import plain

Lazy = nw.LazyFrame[Any]

_SPARK = {nw.Implementation.PYSPARK, nw.Implementation.PYSPARK_CONNECT}


def check_library(frame: Lazy) -> None:
    """An error for SQLFrame, which reads names as SQL: a column called 1 would be the number."""
    if frame.implementation.is_sqlframe():
        raise AnswerError(
            "frames of SQLFrame can't be counted, since it reads the names of columns as SQL; pass "
            "frame.toArrow(), or its query, frame.sql(), as a table of the engine itself"
        )


def column_names(frame: Lazy) -> tuple[str, ...]:
    """What the columns are called; some engines have doubled names, which a schema has not."""
    if frame.implementation in {*_SPARK, nw.Implementation.DUCKDB}:
        return tuple(frame.to_native().columns)
    return tuple(frame.collect_schema().names())


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
