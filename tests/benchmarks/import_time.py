"""
How much longer ``import custfocus`` takes than importing what it is built on.

Run it with ``python tests/benchmarks/import_time.py``. Both imports run in fresh interpreters, in
turn; the ratio is the median of the paired ratios.
"""

import statistics
import subprocess
import sys
import time

OURS, BASE, RUNS = "import custfocus", "import numpy, scipy.special, attrs", 41


def seconds(statement):
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)  # noqa: S603 - our own statements
    return time.perf_counter() - start


def main():
    for statement in (OURS, BASE):
        seconds(statement)
    pairs = [(seconds(OURS), seconds(BASE)) for _ in range(RUNS)]
    ours, base = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    print(f"{OURS}: {ours:.3f} s, {BASE}: {base:.3f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
