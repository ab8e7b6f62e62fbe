"""
How fast charts are: 100,000 series of 60 periods through XmR limits and each rule set.

Run it with ``python tests/benchmarks/charts_speed.py``. The time on the clock and that of the
processor, one thread; the second is what counts on a machine that does other work as well. The
default set is asked to stay under half a second.
"""

import time

import numpy as np

from custfocus.charts import RULE_SETS, special_causes, xmr_limits

SERIES, PERIODS, RUNS = 100_000, 60, 5


def seconds(values, rule_set):
    """Least time of some runs, on the clock and of the processor."""
    clock, processor = [], []
    for _ in range(RUNS):
        began = time.perf_counter(), time.process_time()
        special_causes(values, xmr_limits(values), rule_set)
        clock.append(time.perf_counter() - began[0])
        processor.append(time.process_time() - began[1])
    return min(clock), min(processor)


def main():
    """One line a rule set; then the default with a tenth of the periods missing."""
    values = np.random.default_rng(1).normal(size=(SERIES, PERIODS))
    for rule_set in RULE_SETS:
        clock, processor = seconds(values, rule_set)
        print(f"{rule_set:18} {clock:.3f} s, processor {processor:.3f} s")
    values[np.random.default_rng(2).random(values.shape) < 0.1] = np.nan
    clock, processor = seconds(values, "anhoej-3sigma")
    print(f"{'with gaps':18} {clock:.3f} s, processor {processor:.3f} s")


if __name__ == "__main__":
    main()
