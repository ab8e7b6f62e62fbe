"""Group-bys in the engine that holds the rows, and the few rows that they bring back."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import narwhals.stable.v2 as nw

from custfocus.errors import AnswerError
from custfocus.frames.opening import Table, column_of
from custfocus.frames.own_words import (
    added,
    added_by_dask,
    added_by_modin,
    computed_by_dask,
    counted_by_modin,
    counted_by_sqlframe,
)

_COUNTED_BY = {
    nw.Implementation.MODIN: counted_by_modin,
    nw.Implementation.SQLFRAME: counted_by_sqlframe,
}
_ADDED_BY = {nw.Implementation.DASK: added_by_dask, nw.Implementation.MODIN: added_by_modin}


def grouped(
    table: Table, labels: Mapping[str, str], most: int, sums: Mapping[str, nw.Expr] | None = None
) -> Table:
    """
    How many rows each combination of labels has, and what some expressions add up to there.

    Args:
        table: The rows.
        labels: The columns of *table* by names of our own: a key may be called as the question,
            or have any character.
        most: How many combinations are wanted; one more shows that there were.
        sums: What is added up, by name.

    Returns:
        The labels, ``count`` and the sums; of a lazy table a query that nothing has run yet.

    Raises:
        AnswerError: A column of lists or other collections.
    """
    _check_single_values(table, labels.values())
    if sums is None:
        counted = _COUNTED_BY.get(table.implementation, _counted)(table, labels)
    else:
        counted = _counted(table, labels, sums)
    return counted.head(most + 1)


def brought_back(table: Table, queries: Iterable[Table]) -> Iterator[nw.DataFrame[Any]]:
    """What each query to *table* gives; Dask runs all of them in one pass."""
    dask = table.implementation.is_dask()
    return map(_collected, computed_by_dask(queries) if dask else queries)


def _counted(
    table: Table, labels: Mapping[str, str], sums: Mapping[str, nw.Expr] | None = None
) -> Table:
    parts = sums or {}
    chosen = table.select(
        *_renamed(table, labels), *(part.alias(name) for name, part in parts.items())
    )
    return _ADDED_BY.get(table.implementation, added)(chosen, [*labels], [*parts])


def _check_single_values(table: Table, columns: Iterable[str]) -> None:
    types = table.collect_schema()
    for column in columns:
        if types[column].is_nested():
            raise AnswerError(f"{column!r} must hold single values, got {types[column]}")


def _renamed(table: Table, labels: Mapping[str, str]) -> list[nw.Expr]:
    types = table.collect_schema()
    as_text = table.implementation.is_dask()  # which can't merge the dictionaries of categories
    return [
        (
            column_of(table, column).cast(nw.String)
            if as_text and isinstance(types[column], nw.Categorical | nw.Enum)
            else column_of(table, column)
        ).alias(name)
        for name, column in labels.items()
    ]


def _collected(table: Table) -> nw.DataFrame[Any]:
    if isinstance(table, nw.DataFrame):
        # Modin would take a while for each column by itself
        modin = table.implementation.is_modin()
        return nw.from_native(table.to_pandas(), eager_only=True) if modin else table
    # Polars piece by piece: files may exceed the memory
    piecewise: dict[str, Any] = {"engine": "streaming"} if table.implementation.is_polars() else {}
    return table.collect(**piecewise)
