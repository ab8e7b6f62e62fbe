"""
How much longer ``import custfocus`` takes than importing what it is built on.

Run it with ``python tests/benchmarks/import_time.py``. Each import is timed inside an interpreter
of its own, in turn and in alternating order; a ratio is the median over the rounds. The second
ratio is for every public name, since some modules load on first use.
"""

import statistics
import subprocess
import sys

BASE = "import numpy, scipy.special, attrs"
OURS = ("import custfocus", "from custfocus import *")
ROUNDS = 40
TIMED = "from time import perf_counter; start = perf_counter(); {}; print(perf_counter() - start)"


def seconds(statement):
    command = [sys.executable, "-c", TIMED.format(statement)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return float(done.stdout)


def main():
    statements = (BASE, *OURS)
    for statement in statements:
        seconds(statement)
    rounds = []
    for number in range(ROUNDS):
        order = statements if number % 2 else statements[::-1]
        rounds.append({statement: seconds(statement) for statement in order})
    for statement in statements:
        taken = statistics.median(each[statement] for each in rounds)
        ratio = statistics.median(each[statement] / each[BASE] for each in rounds)
        print(f"{statement}: {taken:.3f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
