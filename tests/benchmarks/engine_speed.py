"""
How long a tally takes on each dataframe and engine, beside the engine's own group-by.

Run it with ``python tests/benchmarks/engine_speed.py``; ``--engines numpy pandas`` and ``--rows
1e5`` are for a quick look. Answers of 0 to 10 in 1,000 groups, as 8 and 16 bit whole numbers:
once one question with ten million rows, once twelve questions with a million rows.

The peer is the group-by that a user of the engine writes to get the same: how many rows each
(group, answer) has, those without an answer included, as the frame that the engine collects to.
It is the fastest such query that was found for each: pandas' ``size`` without sorting, DuckDB's
SQL to Arrow. For plain arrays it is ``np.bincount`` of codes that somebody joined before, which
leaves out most of the work; its line is followed by how fast the bytes of both columns are read
beside a sum of the same bytes. For twelve questions it is twelve such queries.

Both run in one process, one for each engine, and in turn, now the one first, now the other;
seconds are medians, a ratio is the median of the paired ratios. Nothing is timed before its counts
are found to be right. An engine that is not installed is left out and named. Each takes some
milliseconds for the cells whatever the rows, so small sizes miss the limits. Spark and DuckDB talk
on standard error (``2> /dev/null``).
"""

import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from custfocus import Scale, frames

SCALE = Scale.range(0, 10)
PIECES = 4  # files, so that engines have something to do in parallel
BYTES = 3  # of an answer and its group
FEW_PAIRS = {"spark": 5}  # takes seconds a pair


class Limits(NamedTuple):
    """How many times as long as the peer a tally may take."""

    usual: float
    special: dict[str, float]

    def of(self, engine):
        return self.special.get(engine, self.usual)


ONE_QUESTION = Limits(1.25, {"numpy": 3.0, "pandas": 0.5, "pandas-text": 0.5})
TWELVE_QUESTIONS = Limits(2.0, {"numpy": 3.0})


class Survey(NamedTuple):
    """Answers by question beside the group that they are from."""

    groups: int
    shop: np.ndarray
    answers: dict[str, np.ndarray]
    folder: Path

    @property
    def columns(self):
        return {"shop": self.shop, **self.answers}

    @property
    def labels(self):
        return np.array([f"shop {group:06}" for group in range(self.groups)], dtype=object)

    def joined(self, item):
        """One number for each group and answer."""
        return self.shop.astype(np.intp) * len(SCALE) + self.answers[item]

    def counts(self, item):
        """The counts of the groups that occur."""
        cells = np.bincount(self.joined(item), minlength=self.groups * len(SCALE))
        counts = cells.reshape(self.groups, len(SCALE))
        return counts[counts.any(axis=1)]

    def parquet(self):
        """The answers in some files, named by a pattern."""
        import pyarrow as pa  # noqa: PLC0415 - not always there
        from pyarrow import parquet  # noqa: PLC0415

        if not any(self.folder.iterdir()):
            for piece in range(PIECES):
                part = {name: values[piece::PIECES] for name, values in self.columns.items()}
                parquet.write_table(pa.table(part), self.folder / f"piece-{piece}.parquet")
        return str(self.folder / "*.parquet")


def drawn(rows, groups, questions, folder):
    generator = np.random.default_rng(1)
    shop = generator.integers(0, groups, rows, dtype=np.int16 if groups < 2**15 else np.int32)
    names = [f"q{number}" for number in range(1, questions + 1)]
    answers = {name: generator.integers(0, len(SCALE), rows, dtype=np.int8) for name in names}
    return Survey(groups, shop, answers, folder)


@contextmanager
def numpy_arrays(survey):
    joined = {item: survey.joined(item) for item in survey.answers}
    yield survey.columns, lambda item: np.bincount(joined[item])


@contextmanager
def pandas_frame(survey, shop=None):
    import pandas as pd  # noqa: PLC0415 - engines are optional

    frame = pd.DataFrame(survey.columns if shop is None else {**survey.columns, "shop": shop})
    yield (
        frame,
        lambda item: frame.groupby(["shop", item], sort=False, dropna=False).size(),
    )


def pandas_with_texts(survey):
    return pandas_frame(survey, survey.labels[survey.shop])


@contextmanager
def polars_frame(survey, *, texts=False):
    import polars as pl  # noqa: PLC0415

    frame = pl.DataFrame(survey.columns)
    if texts:
        frame = frame.with_columns(shop=pl.Series(survey.labels).gather(frame["shop"]))
    yield frame, lambda item: frame.group_by("shop", item).len()


def polars_with_texts(survey):
    return polars_frame(survey, texts=True)


@contextmanager
def polars_files(survey):
    import polars as pl  # noqa: PLC0415

    frame = pl.scan_parquet(survey.parquet())
    yield frame, lambda item: frame.group_by("shop", item).len().collect()


@contextmanager
def pyarrow_table(survey):
    import pyarrow as pa  # noqa: PLC0415

    table = pa.table(survey.columns)
    yield table, lambda item: table.group_by(["shop", item]).aggregate([([], "count_all")])


@contextmanager
def duckdb_table(survey):
    import duckdb  # noqa: PLC0415

    with duckdb.connect() as connection:
        connection.sql(f"create table survey as from '{survey.parquet()}'")
        yield connection.table("survey"), lambda item: _in_sql(connection, "survey", item)


@contextmanager
def duckdb_files(survey):
    import duckdb  # noqa: PLC0415

    files = survey.parquet()
    with duckdb.connect() as connection:
        yield connection.read_parquet(files), lambda item: _in_sql(connection, f"'{files}'", item)


def _in_sql(connection, source, item):
    query = f"select shop, {item}, count(*) from {source} group by all"  # noqa: S608 - our names
    return connection.sql(query).to_arrow_table()


@contextmanager
def ibis_files(survey):
    import ibis  # noqa: PLC0415

    table = ibis.duckdb.connect().read_parquet(survey.parquet())
    yield table, lambda item: table.group_by("shop", item).agg(n=table.count()).to_pyarrow()


@contextmanager
def dask_files(survey):
    import dask.dataframe as dd  # noqa: PLC0415

    with _two_workers():
        frame = dd.read_parquet(survey.parquet())
        yield (
            frame,
            lambda item: frame.groupby(["shop", item], sort=False, dropna=False).size().compute(),
        )


@contextmanager
def modin_frame(survey):
    os.environ["MODIN_ENGINE"] = "dask"
    with _two_workers():
        import modin.pandas as pd  # noqa: PLC0415
        from modin.pandas.io import to_pandas  # noqa: PLC0415

        frame = pd.DataFrame(survey.columns)
        yield (
            frame,
            lambda item: to_pandas(frame.groupby(["shop", item], sort=False, dropna=False).size()),
        )


@contextmanager
def _two_workers():
    from dask.distributed import Client, LocalCluster  # noqa: PLC0415

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster),
    ):
        yield


@contextmanager
def spark_files(survey):
    from pyspark.sql import SparkSession  # noqa: PLC0415

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    with builder.config("spark.log.level", "ERROR").getOrCreate() as session:
        frame = session.read.parquet(survey.parquet())
        yield frame, lambda item: frame.groupBy("shop", item).count().toArrow()


ENGINES = {
    "numpy": numpy_arrays,
    "pandas": pandas_frame,
    "pandas-text": pandas_with_texts,
    "polars": polars_frame,
    "polars-text": polars_with_texts,
    "polars-parquet": polars_files,
    "pyarrow": pyarrow_table,
    "duckdb": duckdb_table,
    "duckdb-parquet": duckdb_files,
    "ibis-parquet": ibis_files,
    "dask": dask_files,
    "spark": spark_files,
    "modin": modin_frame,
}


def check(tally, survey):
    """A fast wrong answer is none."""
    for item in survey.answers:
        if not np.array_equal(tally.sel(item=item).counts, survey.counts(item)):
            raise SystemExit(f"the counts of {item!r} are not those of np.bincount")


def seconds(function: Callable[[], Any]):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def alternated(ours, peer, pairs):
    """Seconds of both, shape (pairs, 2)."""
    taken = []
    for pair in range(pairs):
        if pair % 2:
            theirs = seconds(peer)
            taken.append((seconds(ours), theirs))
        else:
            taken.append((seconds(ours), seconds(peer)))
    return np.array(taken)


def timed(frame, by_hand, survey, pairs):
    """Seconds of a tally and of the queries by hand, shape (pairs, 2)."""
    items = list(survey.answers)

    def ours():
        return frames.tally(frame, items, scale=SCALE, by="shop")

    def peer():
        for item in items:
            by_hand(item)

    check(ours(), survey)
    peer()
    return alternated(ours, peer, pairs)


def report(name, size, groups, pairs):
    """One engine's line."""
    warnings.simplefilter("ignore")  # some engines speak of their own affairs
    questions, rows, limits = size
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        survey = drawn(rows, groups, questions, Path(folder))
        try:
            frame, by_hand = stack.enter_context(ENGINES[name](survey))
        except ImportError as error:
            print(f"{name:17} left out: {error}")
            return
        taken = timed(frame, by_hand, survey, min(pairs, FEW_PAIRS.get(name, pairs)))
        ours, peer = np.median(taken, axis=0)
        ratio, limit = statistics.median(taken[:, 0] / taken[:, 1]), limits.of(name)
        print(
            f"{name:17} {ours:8.3f} s, by hand {peer:8.3f} s, ratio {ratio:5.2f}"
            f" (at most {limit}){'' if ratio <= limit else '  MISSED'}"
        )
        if name == "numpy" and questions == 1:
            bandwidth(survey, ours)


def bandwidth(survey, took):
    """How fast the bytes are read, beside a sum of them, eight at a time."""
    columns = [column[: column.size // 8 * 8].view(np.int64) for column in survey.columns.values()]
    read = sum(column.nbytes for column in survey.columns.values())
    summed = statistics.median(seconds(lambda: [column.sum() for column in columns]) for _ in "123")
    print(
        f"{'':17} {read / took / 1e9:8.2f} GB/s; a sum of the same bytes {read / summed / 1e9:.2f}"
        f" GB/s, {took / summed:.0f} times as fast"
    )


def options():
    parser = argparse.ArgumentParser(description="tallies beside the engines' own group-by")
    parser.add_argument("--rows", type=float, default=1e7, help="with one question")
    parser.add_argument("--rows-of-twelve", type=float, default=1e6, help="with twelve questions")
    parser.add_argument("--groups", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--engines", nargs="+", choices=list(ENGINES), default=list(ENGINES))
    return parser.parse_args()


def main():
    chosen = options()
    sizes = (
        (1, int(chosen.rows), ONE_QUESTION),
        (12, int(chosen.rows_of_twelve), TWELVE_QUESTIONS),
    )
    apart = multiprocessing.get_context("spawn")  # clusters and sessions outlive their frames
    for size in sizes:
        print(f"\n{size[0]} x {size[1]:,} answers in {chosen.groups:,} groups", flush=True)
        for name in chosen.engines:
            process = apart.Process(target=report, args=(name, size, chosen.groups, chosen.pairs))
            process.start()
            process.join()
            if process.exitcode:
                print(f"{name:17} failed, as said above", flush=True)


if __name__ == "__main__":
    main()
