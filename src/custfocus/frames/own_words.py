"""
What some libraries do faster, or only right, in their own words rather than narwhals'.

Dask and Modin count parts of the rows and put their labels together as an index, where pandas
before 3 takes nulls of its newer types for other labels, as soon as there are more than 127.

Tests of this run where the libraries are installed: with the dependency group ``engines``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from custfocus.frames.opening import Table


def counted_by_modin(table: Table, labels: Mapping[str, str]) -> Table:
    """By the columns' own names: a new name takes Modin nearly as long as the counting."""
    columns = list(dict.fromkeys(labels.values()))
    native = _with_plain_nulls(table.to_native(), columns)
    groups = native.groupby(columns, sort=False, dropna=False, observed=True)
    counts = nw.from_native(groups.size(), series_only=True).to_pandas()
    keys: Any = counts.index.to_frame(index=False)[list(labels.values())]
    counted: Table = nw.from_native(keys.set_axis(list(labels), axis=1).assign(count=counts.array))
    return counted


def added_by_modin(table: Table, labels: Sequence[str], sums: Sequence[str]) -> Table:
    """As narwhals does it, of columns whose nulls Modin does not lose."""
    plain: Table = nw.from_native(_with_plain_nulls(table.to_native(), labels))
    return added(plain, labels, sums)


def added(table: Table, labels: Sequence[str], sums: Sequence[str]) -> Table:
    """How many rows each combination of labels has, and what some columns add up to there."""
    return table.group_by(*labels).agg(
        nw.len().alias("count"), *(nw.col(name).sum() for name in sums)
    )


def _with_plain_nulls(frame: Any, columns: Sequence[str]) -> Any:  # noqa: ANN401 - Modin's
    """Columns with nulls of pandas' newer types as objects."""
    newer = [name for name in columns if not isinstance(frame.dtypes[name], np.dtype)]
    return frame.astype({name: object for name in newer if frame[name].isna().any()})


def counted_by_sqlframe(table: Table, labels: Mapping[str, str]) -> Table:
    """In one step: of each of narwhals' steps SQLFrame writes a query, slower than the counting."""
    native = table.to_native()
    keys = [native[column].alias(name) for name, column in labels.items()]
    counted: Table = nw.from_native(native.groupBy(*keys).count())
    return counted


def added_by_dask(table: Table, labels: Sequence[str], sums: Sequence[str]) -> Table:
    """By group-bys of the parts and of what these give, their labels in columns, not an index."""

    def grouped(rows: Any) -> Any:  # noqa: ANN401 - a dataframe of pandas
        return rows.groupby([*labels], sort=False, dropna=False, observed=True)

    def of_part(rows: Any) -> Any:  # noqa: ANN401
        groups = grouped(rows)
        totals = {name: groups[name].sum().array for name in sums}
        return groups.size().to_frame("count").assign(**totals).reset_index()

    def of_parts(cells: Any) -> Any:  # noqa: ANN401
        return grouped(cells)[["count", *sums]].sum().reset_index()

    counted: Table = nw.from_native(
        table.to_native().reduction(chunk=of_part, aggregate=of_parts, combine=of_parts)
    )
    return counted


def computed_by_dask(tables: Iterable[Table]) -> list[Table]:
    """All in one pass over the rows that they share."""
    several = [table.to_native() for table in tables]
    dask = nw.Implementation.DASK.to_native_namespace()
    return [nw.from_native(frame) for frame in dask.compute(*several)]
