"""
The same rows as a frame of every engine, and the engines that have to be started first.

Rows are columns of Python values by name, each of one type, None in empty cells and NaN in some
of numbers. SQL does not tell "Q" from "q", so names differ by more than that. What engines make
of the rows before custfocus sees them is said at each builder.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple

import attrs
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custfocus.results.result import Result

Rows = dict[str, list[Any]]

NAMES = (
    "q1", "q2", "answer", "number", "key_0", "key_1", "question", "größe",
    "a.b", "`a`.b`c", "it's", 'so "called"', "a b", "select", "%s", "★\n", "1",
)  # fmt: skip


class Engine(NamedTuple):
    """
    What builds frames, and what is peculiar about them.

    Attributes:
        build: A frame of the rows.
        settled: A table as it would be without the engine's peculiarities.
        examples: How many are tried in a property test, where each takes a while.
    """

    build: Callable[[Rows], Any]
    settled: Callable[[Result], Result] = lambda table: table
    examples: int = 5


ARROW_TYPES = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    str: pa.string(),
    date: pa.date32(),
    datetime: pa.timestamp("us"),
    type(None): pa.string(),
}


def arrow_table(rows: Rows) -> pa.Table:
    """Every column with the type of its values; one of nothing but None as text."""
    columns = {}
    for name, values in rows.items():
        kinds = {type(value) for value in values} - {type(None)}
        columns[name] = pa.array(values, ARROW_TYPES[kinds.pop() if kinds else type(None)])
    return pa.table(columns)


def pandas_frame(rows: Rows, dtype: object = None) -> pd.DataFrame:
    """As pandas infers it: whole numbers with empty cells are floats, equal to the numbers."""
    return pd.DataFrame(
        {name: pd.Series(values, dtype=dtype) for name, values in rows.items()},
        dtype=None if any(rows.values()) else dtype,
    )


def arrow_backed(rows: Rows) -> pd.DataFrame:
    return arrow_table(rows).to_pandas(types_mapper=pd.ArrowDtype)


def nullable(rows: Rows) -> pd.DataFrame:
    """Int64, Float64, boolean and string; dates and times stay what pandas makes of them."""
    types = {int: "Int64", float: "Float64", bool: "boolean", str: "string"}
    frame = pandas_frame(rows)
    for name, values in rows.items():
        (kind,) = {type(value) for value in values} - {type(None)} or {str}
        if kind in types:
            frame[name] = pd.array(values, types[kind])
    return frame


def without_nan(rows: Rows) -> Rows:
    return {
        name: [None if value != value else value for value in values]  # noqa: PLR0124 - NaN
        for name, values in rows.items()
    }


def dictionaries(rows: Rows) -> pa.Table:
    table = arrow_table(rows)
    coded = [
        column.dictionary_encode() if pa.types.is_string(column.type) else column
        for column in table.columns
    ]
    return pa.table(coded, names=table.column_names)


def arrays(rows: Rows) -> dict[str, Any]:
    """Arrays of NumPy: numbers and flags where there is no empty cell, else objects."""
    made = {}
    for name, values in rows.items():
        plain = {type(value) for value in values} in ({int}, {float}, {bool}, {str})
        made[name] = np.array(values) if plain else np.array([*values, None], dtype=object)[:-1]
    return made


def polars_categories(rows: Rows) -> pl.DataFrame:
    return pl.DataFrame(arrow_table(rows)).with_columns(pl.col(pl.String).cast(pl.Categorical))


_BUILDERS: dict[str, Callable[[Rows], Any]] = {
    "a mapping of lists": dict,
    "a mapping of arrays": arrays,
    "pandas": pandas_frame,
    "pandas, objects": lambda rows: pandas_frame(rows, object),
    "pandas, nullable": nullable,
    "pandas, categories": lambda rows: pandas_frame(rows).astype("category"),
    "pandas, Arrow": arrow_backed,
    "Polars": lambda rows: pl.DataFrame(arrow_table(rows)),
    "Polars, lazy": lambda rows: pl.LazyFrame(pl.DataFrame(arrow_table(rows))),
    "Polars, categories": polars_categories,
    "PyArrow": arrow_table,
    "PyArrow, dictionaries": dictionaries,
    "DuckDB": lambda rows: duckdb.from_arrow(arrow_table(rows)),
}
QUICK = {name: Engine(build, examples=40) for name, build in _BUILDERS.items()}


@contextmanager
def dask(address: str | None = None) -> Iterator[Engine]:
    """
    Dask in this process, or on the workers at an address.

    Of pandas with Arrow's types: from other frames it would make dates and flags with empty
    cells into text, of which custfocus knows nothing. NaN is an empty cell, since pandas can't
    group by a column in pieces that has both.
    """
    pytest.importorskip("dask", reason="Dask is in the dependency group engines")
    import dask.dataframe as dd  # noqa: PLC0415
    from dask.distributed import Client  # noqa: PLC0415

    def build(rows: Rows) -> Any:
        return dd.from_pandas(arrow_backed(without_nan(rows)), npartitions=2)

    if address is None:
        yield Engine(build)
        return
    with Client(address):
        yield Engine(build)


@contextmanager
def dask_cluster() -> Iterator[Engine]:
    """Two worker processes on this machine."""
    pytest.importorskip("distributed", reason="Dask is in the dependency group engines")
    from dask.distributed import LocalCluster  # noqa: PLC0415

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0"
        ) as cluster,
        dask(cluster.scheduler_address) as engine,
    ):
        yield engine


@contextmanager
def modin(frame: Callable[[Rows], pd.DataFrame] = pandas_frame) -> Iterator[Engine]:
    """Modin on one process; its own workers are those of Dask or Ray."""
    os.environ["MODIN_ENGINE"] = "python"
    pytest.importorskip("modin", reason="Modin is in the dependency group engines")
    import modin.pandas as mpd  # noqa: PLC0415

    yield Engine(lambda rows: mpd.DataFrame(frame(rows)))


@contextmanager
def ibis() -> Iterator[Engine]:
    pytest.importorskip("ibis", reason="Ibis is in the dependency group engines")
    import ibis as library  # noqa: PLC0415

    yield Engine(lambda rows: library.memtable(arrow_table(rows)))


@contextmanager
def spark(master: str = "local[2]") -> Iterator[Engine]:
    """Spark in a Java process of its own, without the pages and ports it would open."""
    pytest.importorskip("pyspark", reason="PySpark is in the dependency group engines")
    from pyspark.sql import SparkSession  # noqa: PLC0415

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    options = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
    }
    builder = SparkSession.builder.master(master)
    for option, value in options.items():
        builder = builder.config(option, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield Engine(lambda rows: session.createDataFrame(arrow_table(rows)), settled=without_zones)
    session.stop()


def without_zones(result: Result) -> Result:
    """Times without their zone: to Spark all times are of the session's zone, here UTC."""
    keys = result.keys
    levels = [[_without_zone(label) for label in level] for level in keys.levels]
    settled = attrs.evolve(keys, levels=levels)
    return result.chosen(settled, np.arange(keys.rows) if keys.names else ...)


def _without_zone(label: object) -> object:
    return label.replace(tzinfo=None) if isinstance(label, datetime) else label
