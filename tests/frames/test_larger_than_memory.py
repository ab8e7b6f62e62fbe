"""Files that would not fit the memory are tallied piece by piece, each time in a process of its own."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

ROWS, PIECES, ROW_GROUP = 120_000_000, 4, 1_000_000
MEMORY = 2**30  # bytes, of nearly twice as many in two columns of 64 bits

CHILD = """
import sys
from pathlib import Path

from custfocus import Scale, frames

reader, files = sys.argv[1:]
if reader == "duckdb":
    import duckdb

    frame = duckdb.read_parquet(files)
else:
    import polars

    frame = polars.scan_parquet(files)
table = frames.tally(frame, "answer", scale=Scale.range(0, 10), by="shop")
peak = next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
print()  # after DuckDB's progress
print(1024 * int(peak.split()[1]), table.counts.tolist())
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The same million rows again and again, answers of 0 to 10 in 3 shops."""
    folder = tmp_path_factory.mktemp("files")
    row = np.arange(ROW_GROUP)
    rows = pa.table({"shop": row % 3, "answer": row % 11})
    for piece in range(PIECES):
        with parquet.ParquetWriter(folder / f"{piece}.parquet", rows.schema) as writer:
            for _ in range(ROWS // PIECES // ROW_GROUP):
                writer.write_table(rows)
    return str(folder / "*.parquet")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux shows the peak there")
@pytest.mark.parametrize("reader", ["duckdb", "polars"])
def test_the_rows_are_never_all_here(files, reader):
    command = [sys.executable, "-c", CHILD, reader, files]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    peak, counts = shown.splitlines()[-1].split(maxsplit=1)
    row = np.arange(ROW_GROUP)
    expected = np.zeros((3, 11), dtype=int)
    np.add.at(expected, (row % 3, row % 11), ROWS // ROW_GROUP)
    assert counts == str(expected.tolist())
    assert int(peak) < MEMORY, f"{int(peak) / 2**20:.0f} MB"
