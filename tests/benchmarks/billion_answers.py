"""
A billion answers counted out of core: peak memory and seconds, beside the engines' own count.

Run it with ``python tests/benchmarks/billion_answers.py``; ``--answers 1e6`` is for a quick look.
Answers of 0 to 10 in 100 groups are written to Parquet, ten million to a file and row group, about
1.5 GB in all; a folder that was not named is removed afterwards. Where the disk holds fewer, fewer
are written, and what each hundred million takes is printed either way.

Then DuckDB and Polars count them, now through `frames.tally`, now by the group-by that a user of
the engine writes, in a child process each time. Seconds are from opening the files to the tally
and leave imports out, but for what an engine imports on first use, a third of a second; so small
sizes say nothing of the ratio, which is the median over the pairs. Memory is the peak of the whole
child, its imports included, and beside it stands what the imports alone take. The counts are found
to be those that were written.
"""

import argparse
import importlib
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

PIECE = 10_000_000  # answers in a file
GROUPS, POINTS = 100, 11
SPARE = 2**30  # bytes of the disk that are left to others
MOST_MEMORY, MOST_RATIO = 1024, 1.25  # MB, and times as long as the engine
SEED = 1
OURS, BY_HAND = "ours", "by hand"


def write_piece(path, rows, groups, seed, questions=1):
    """
    Write answers to some questions to a file of one row group.

    Returns:
        How often each answer to the first question was given in each group, in one list.
    """
    import numpy as np  # noqa: PLC0415 - only the child that writes needs it
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    generator = np.random.default_rng([SEED, seed])
    shop = generator.integers(0, groups, rows, dtype=np.int16 if groups < 2**15 else np.int32)
    columns = {
        f"q{number + 1}": generator.integers(0, POINTS, rows, dtype=np.int8)
        for number in range(questions)
    }
    parquet.write_table(pa.table({"shop": shop} | columns), path, row_group_size=rows)
    joined = shop.astype(np.intp) * POINTS + columns["q1"]
    return np.bincount(joined, minlength=groups * POINTS).tolist()


def counted(engine, who, files, questions=1):
    """The counts of the first question and the seconds that some questions took."""
    items = [f"q{number + 1}" for number in range(questions)]
    counts = {
        ("duckdb", OURS): tallied_by_duckdb,
        ("polars", OURS): tallied_by_polars,
        ("duckdb", BY_HAND): counted_by_duckdb,
        ("polars", BY_HAND): counted_by_polars,
    }[engine, who]
    nothing(engine, who)
    started = time.perf_counter()
    cells = counts(files, items)
    taken = time.perf_counter() - started
    return {"counts": cells, "seconds": taken}


def tallied_by_duckdb(files, items):
    import duckdb  # noqa: PLC0415 - each child imports what it measures

    return _tallied(duckdb.read_parquet(files), items)


def tallied_by_polars(files, items):
    import polars as pl  # noqa: PLC0415

    return _tallied(pl.scan_parquet(files), items)


def _tallied(frame, items):
    from custfocus import Scale, frames  # noqa: PLC0415

    tally = frames.tally(frame, items, scale=Scale.range(0, POINTS - 1), by="shop")
    return tally.sel(item=items[0]).counts.ravel().tolist()


def counted_by_duckdb(files, items):
    import duckdb  # noqa: PLC0415

    for item in items:
        query = f"select shop, {item}, count(*) from '{files}' group by all"  # noqa: S608 - ours
        found = duckdb.sql(query).fetchall()
    return [number for *_, number in sorted(found)]


def counted_by_polars(files, items):
    import polars as pl  # noqa: PLC0415

    for item in items:
        query = pl.scan_parquet(files).group_by("shop", item).len()
        found = query.collect(engine="streaming").rows()
    return [number for *_, number in sorted(found)]


def nothing(engine, who):
    """Only the imports."""
    importlib.import_module(engine)
    if who == OURS:
        importlib.import_module("custfocus.frames")
    return {}


TASKS = {"write": write_piece, "count": counted, "nothing": nothing}


def in_child(task, *arguments):
    """
    What a task returns, run in a process of its own, with the peak of its memory in MB.

    The parent does no work and imports no arrays: some systems let a child begin with the peak of
    its parent.
    """
    command = [sys.executable, __file__, "--child", json.dumps([task, *arguments])]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    return json.loads(done.stdout)


def child(call):
    task, *arguments = json.loads(call)
    found = TASKS[task](*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 2**20 if sys.platform == "darwin" else 2**10  # bytes there, kilobytes elsewhere
    answer = found if isinstance(found, dict) else {"counts": found}
    print(json.dumps(answer | {"peak": peak / unit}))


def say(line):
    print(line, file=sys.stderr, flush=True)


def written(folder, answers):
    """Files with so many answers, or with as many as there is room for; how many, their counts."""
    total, done, bytes_each = [0] * (GROUPS * POINTS), 0, 4  # a guess, until a file is there
    while done < answers:
        rows = min(PIECE, answers - done)
        free = shutil.disk_usage(folder).free
        if free - SPARE < rows * bytes_each:
            say(f"room for no more: {free / 1e9:.1f} GB free, 1 of them spared")
            break
        path = Path(folder) / f"piece-{done // PIECE:05}.parquet"
        counts = in_child("write", str(path), rows, GROUPS, done // PIECE)["counts"]
        total = [one + other for one, other in zip(total, counts, strict=True)]
        done, bytes_each = done + rows, path.stat().st_size / rows
        say(f"written {done:,} of {answers:,} answers, {bytes_each:.2f} bytes each")
    return done, total


def measured(engine, files, expected, pairs):
    """Ours and the engine's own runs, in turn."""
    runs = {OURS: [], BY_HAND: []}
    for pair in range(pairs):
        for who in (OURS, BY_HAND)[:: -1 if pair % 2 else 1]:
            run = in_child("count", engine, who, files)
            if [number for number in run["counts"] if number] != [one for one in expected if one]:
                raise SystemExit(f"{engine}: the counts are not those that were written")
            runs[who].append(run)
            say(f"{engine}, {who}: {run['seconds']:.2f} s")
    return runs[OURS], runs[BY_HAND]


def report(engine, ours, by_hand, answers):
    ratio = statistics.median(
        one["seconds"] / other["seconds"] for one, other in zip(ours, by_hand, strict=True)
    )
    for who, runs in ((OURS, ours), (BY_HAND, by_hand)):
        took = statistics.median(run["seconds"] for run in runs)
        peak = max(run["peak"] for run in runs)
        start = in_child("nothing", engine, who)["peak"]
        print(
            f"{engine} {who:8} {took:8.2f} s, {1e8 * took / answers:6.2f} s per 100,000,000, "
            f"peak {peak:6.0f} MB, imports alone {start:4.0f} MB"
        )
    peak = max(run["peak"] for run in ours)
    missed = ", MISSED" if ratio > MOST_RATIO or peak > MOST_MEMORY else ""
    print(
        f"{engine} ratio {ratio:.2f} (at most {MOST_RATIO}), {peak:.0f} MB (at most "
        f"{MOST_MEMORY}){missed}",
        flush=True,
    )


@contextmanager
def room(folder):
    """The folder for the files, if it has none yet, or one that is removed afterwards."""
    if folder is None:
        with tempfile.TemporaryDirectory() as temporary:
            yield temporary
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    if any(Path(folder).iterdir()):
        raise SystemExit(f"--folder must be empty, got files in {folder}; name another")
    yield folder


def options():
    parser = argparse.ArgumentParser(description="a billion answers out of core")
    parser.add_argument("--answers", type=float, default=1e9)
    parser.add_argument("--folder", help="an empty one that is kept; a temporary one by default")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--engines", nargs="+", choices=["duckdb", "polars"])
    parser.add_argument("--child", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    chosen = options()
    if chosen.child:
        child(chosen.child)
        return
    with room(chosen.folder) as folder:
        answers, expected = written(folder, int(chosen.answers))
        if not answers:
            raise SystemExit("no room for a single file; name another --folder")
        print(f"{answers:,} answers of {int(chosen.answers):,} in {GROUPS} groups")
        for engine in chosen.engines or ("duckdb", "polars"):
            files = f"{folder}/*.parquet"
            report(engine, *measured(engine, files, expected, chosen.pairs), answers)


if __name__ == "__main__":
    main()
