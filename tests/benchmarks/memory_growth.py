"""
What a tally's memory grows with: groups, questions and points, not rows.

Run it with ``python tests/benchmarks/memory_growth.py``; ``--rows 1e5 1e6`` is for a quick look.
Answers of 0 to 10 in Parquet are tallied through DuckDB, each time in a process of its own: first
more and more rows of 100 groups, then more and more groups, then more and more questions. A line
has the peak of the child's memory, and how much of it is above what the imports alone take.

DuckDB itself takes some for each row group that it decodes, which has up to 1,000,000 rows here,
and for its threads; from the second line of the first table on, that does not grow.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from billion_answers import OURS, POINTS, in_child, say

ROW_GROUP = 1_000_000
FIXED_GROUPS = 100


def surveyed(folder, rows, groups, questions):
    """The name pattern of files with so many answers to each question."""
    for place, start in enumerate(range(0, rows, ROW_GROUP)):
        path = Path(folder) / f"piece-{place:05}.parquet"
        in_child("write", str(path), min(ROW_GROUP, rows - start), groups, place, questions)
    say(f"written {rows:,} rows, {groups:,} groups, {questions} questions")
    return f"{folder}/*.parquet"


def line(rows, groups, questions, imports):
    with tempfile.TemporaryDirectory() as folder:
        needed, free = 2 * rows * (questions + 2), shutil.disk_usage(folder).free
        if needed > free:
            print(f"{rows:>13,} left out: {needed / 1e9:.0f} GB to write, {free / 1e9:.0f} GB free")
            return
        run = in_child(
            "count", "duckdb", OURS, surveyed(folder, rows, groups, questions), questions
        )
    cells = groups * questions * POINTS
    print(
        f"{rows:>13,} {groups:>8,} {questions:>9} {cells:>11,} {run['peak']:>9.0f} "
        f"{run['peak'] - imports:>13.0f} {run['seconds']:>8.2f}",
        flush=True,
    )


def table(title, sizes, imports):
    print(f"\n{title}")
    print(
        f"{'rows':>13} {'groups':>8} {'questions':>9} {'cells':>11} {'peak, MB':>9} "
        f"{'above imports':>13} {'seconds':>8}"
    )
    for size in sizes:
        line(*map(int, size), imports)


def main():
    parser = argparse.ArgumentParser(description="peak memory of a tally by rows and by groups")
    parser.add_argument("--rows", nargs="+", type=float, default=[1e6, 1e7, 1e8])
    parser.add_argument("--groups", nargs="+", type=float, default=[1e2, 1e3, 1e4, 1e5])
    parser.add_argument("--questions", nargs="+", type=int, default=[1, 4, 12])
    parser.add_argument("--rows-of-groups", type=float, default=1e7)
    parser.add_argument("--rows-of-questions", type=float, default=1e6)
    chosen = parser.parse_args()
    imports = in_child("nothing", "duckdb", OURS)["peak"]
    print(f"imports alone: {imports:.0f} MB")
    table("more rows", [(rows, FIXED_GROUPS, 1) for rows in chosen.rows], imports)
    table("more groups", [(chosen.rows_of_groups, groups, 1) for groups in chosen.groups], imports)
    table(
        "more questions, of 1,000 groups",
        [(chosen.rows_of_questions, 1000, questions) for questions in chosen.questions],
        imports,
    )


if __name__ == "__main__":
    main()
