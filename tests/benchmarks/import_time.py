"""
How much longer ``import custfocus`` takes than importing what it is built on.

Run it with ``python tests/benchmarks/import_time.py``. Each import is timed inside an interpreter
of its own, in turn and in alternating order; a ratio is the median over the rounds. All modules
are compiled beforehand, as in an installed package, into a folder for this run: else a fresh
checkout, or an environment that writes no bytecode, would time the compiler. The last ratio is
with every room, which are loaded on first use.
"""

import os
import statistics
import subprocess
import sys
import tempfile

BASE = "import numpy, scipy.special, attrs"
EVERY_ROOM = "import custfocus; [getattr(custfocus, name) for name in dir(custfocus)]"
OURS = ("import custfocus", EVERY_ROOM)
ROUNDS = 40
TIMED = "from time import perf_counter; start = perf_counter(); {}; print(perf_counter() - start)"


def seconds(statement, environment):
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", TIMED.format(statement)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


def timings(statements):
    with tempfile.TemporaryDirectory() as bytecode:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for statement in statements:
            seconds(statement, environment)
        for number in range(ROUNDS):
            order = statements if number % 2 else statements[::-1]
            yield {statement: seconds(statement, environment) for statement in order}


def main():
    statements = (BASE, *OURS)
    rounds = list(timings(statements))
    for statement in statements:
        taken = statistics.median(each[statement] for each in rounds)
        ratio = statistics.median(each[statement] / each[BASE] for each in rounds)
        print(f"{statement}: {taken:.3f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
