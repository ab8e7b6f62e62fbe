"""
What some libraries do faster in their own words than in narwhals'.

Their tests run where the libraries are installed: with the dependency group ``engines``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals.stable.v2 as nw

from custfocus.frames.opening import Table


def counted_by_modin(table: Table, labels: Mapping[str, str]) -> Table:
    """By the columns' own names: a new name takes Modin nearly as long as the counting."""
    columns = list(dict.fromkeys(labels.values()))
    groups = table.to_native().groupby(columns, sort=False, dropna=False, observed=True)
    counts = nw.from_native(groups.size(), series_only=True).to_pandas()
    keys: Any = counts.index.to_frame(index=False)[list(labels.values())]
    counted: Table = nw.from_native(keys.set_axis(list(labels), axis=1).assign(count=counts.array))
    return counted


def counted_by_sqlframe(table: Table, labels: Mapping[str, str]) -> Table:
    """In one step: of each of narwhals' steps SQLFrame writes a query, slower than the counting."""
    native = table.to_native()
    keys = [native[column].alias(name) for name, column in labels.items()]
    counted: Table = nw.from_native(native.groupBy(*keys).count())
    return counted


def computed_by_dask(tables: Iterable[Table]) -> list[Table]:
    """All in one pass over the rows that they share."""
    several = [table.to_native() for table in tables]
    dask = nw.Implementation.DASK.to_native_namespace()
    return [nw.from_native(frame) for frame in dask.compute(*several)]
