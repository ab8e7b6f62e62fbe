"""
How much longer ``import custfocus`` takes than importing what it is built on.

Run it with ``python tests/benchmarks/import_time.py``. Each import is timed inside an interpreter
of its own, the two in turn and each first in half of the pairs; the ratio is the median of the
paired ratios.
"""

import statistics
import subprocess
import sys

OURS, BASE, PAIRS = "import custfocus", "import numpy, scipy.special, attrs", 40
TIMED = "from time import perf_counter; start = perf_counter(); {}; print(perf_counter() - start)"


def seconds(statement):
    command = [sys.executable, "-c", TIMED.format(statement)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return float(done.stdout)


def main():
    for statement in (OURS, BASE):
        seconds(statement)
    pairs = []
    for pair in range(PAIRS):
        order = (OURS, BASE) if pair % 2 else (BASE, OURS)
        taken = {statement: seconds(statement) for statement in order}
        pairs.append((taken[OURS], taken[BASE]))
    ours, base = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    print(f"{OURS}: {ours:.3f} s, {BASE}: {base:.3f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
