"""
How long the mid-p and exact limits of 100,000 groups take beside their score intervals.

Run it with ``python tests/benchmarks/dirichlet_speed.py``. Groups of n answers on an 11-point
scale, drawn from one population, as tables of real groups are alike: an even one, and one of
satisfaction data with most on the upper points. Equal tables are computed once, which for few
answers is most of them; the share of distinct ones is printed. The methods take turns; the ratio
is the median of the paired ratios of processor times, since wall-clock times follow the neighbours'
load. Asked are at most 25 times the score interval at 200 answers, and 20 times at ten and fewer.
"""

import statistics
import time

import numpy as np

from custfocus.intervals import exact_interval, score_interval

GROUPS, RUNS = 100_000, 5
SCORES = np.arange(11)
POPULATIONS = {
    "even": np.full(11, 1 / 11),
    "skewed": np.array([2, 1, 1, 1, 2, 6, 5, 10, 22, 25, 25]) / 100,
}


def seconds(limits, counts):
    start = time.process_time()
    limits(counts, SCORES)
    return time.process_time() - start


def mid_p(counts, scores):
    return exact_interval(counts, scores, method="mid-p")


def main():
    generator = np.random.default_rng(1)
    for name, shares in POPULATIONS.items():
        for n in (1, 5, 10, 20, 200, 1000):
            counts = generator.multinomial(n, shares, GROUPS)
            distinct = len(np.unique(counts, axis=0)) / GROUPS
            runs = [
                [seconds(limits, counts) for limits in (score_interval, mid_p, exact_interval)]
                for _ in range(RUNS)
            ]
            score, *others = (statistics.median(column) for column in zip(*runs, strict=True))
            ratios = [statistics.median(run[at] / run[0] for run in runs) for at in (1, 2)]
            print(
                f"{name}, n = {n} ({distinct:.0%} distinct): score {score:.3f} s, "
                f"mid-p {others[0]:.2f} s ({ratios[0]:.0f} times), "
                f"exact {others[1]:.2f} s ({ratios[1]:.0f} times)"
            )


if __name__ == "__main__":
    main()
