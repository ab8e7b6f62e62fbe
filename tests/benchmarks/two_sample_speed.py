"""
How long 100,000 score intervals for a difference take, and how long a loop over statsmodels.

Run it with ``python tests/benchmarks/two_sample_speed.py``. Two samples of 1 to 499 answers a
group. The loop calls ``confint_proportions_2indep(method="score", compare="diff")`` for 300 of
the groups; where it raises (it does for some tables) the group is left out, and its time too.
The two take turns; the ratio is the median of the paired ratios of times per group. The limits
are not compared: statsmodels' are others (tests/reference/test_two_sample_reference.py).

Then the same number of groups on an 11-point scale, ours alone: there is no peer. And melded limits
on five points, for a sample and for a pair: 40 samples against 40 others are 80 samples and 1,600
pairs, and 100 pairs of their own are 200 samples, which gives both.
"""

import statistics
import time
import warnings

import numpy as np
from statsmodels.stats.proportion import confint_proportions_2indep

from custfocus.intervals.melding import melded_interval_difference
from custfocus.intervals.two_sample import score_interval_difference

GROUPS, SAMPLE, RUNS, POINTS = 100_000, 300, 5, 11


def seconds_of_loop(successes, n):
    """Seconds per group of statsmodels, over the groups where it gives an answer."""
    spent, answered = 0.0, 0
    for (x_a, x_b), (n_a, n_b) in zip(successes.T, n.T, strict=True):
        start = time.perf_counter()
        try:
            confint_proportions_2indep(x_a, n_a, x_b, n_b, method="score", compare="diff")
        except ValueError:  # no change of sign: its bracket does not hold the root
            continue
        spent += time.perf_counter() - start
        answered += 1
    return spent / answered, answered


def seconds_of_ours(counts, scores):
    start = time.perf_counter()
    score_interval_difference(*counts, scores)
    return (time.perf_counter() - start) / len(counts[0])


def seconds_of_melding(counts_a, counts_b, **options):
    start = time.process_time()
    melded_interval_difference(counts_a, counts_b, np.arange(5), **options)
    return time.process_time() - start


def melded(generator):
    """Milliseconds of the processor for a sample and for a pair, by size and method."""
    for n in (10, 200, 10_000):
        a, b = generator.multinomial(n, [0.05, 0.1, 0.15, 0.3, 0.4], (2, 100))
        for method in ("mid-p", "exact"):
            apart = seconds_of_melding(a, b, method=method) / 100
            crossed = seconds_of_melding(a[:40, None], b[None, :40], method=method) / 1600
            sample = (apart - crossed) / 1.95
            print(
                f"melded, {method}, n = {n}: {1e3 * sample:.1f} ms a sample, "
                f"{1e3 * (apart - 2 * sample):.1f} ms a pair"
            )


def main():
    generator = np.random.default_rng(1)
    n = generator.integers(1, 500, (2, GROUPS))
    successes = generator.binomial(n, generator.beta(2, 1, (2, GROUPS)))
    counts = np.stack([n - successes, successes], axis=-1)
    pairs = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its divisions by zero
        for _ in range(RUNS):
            theirs, answered = seconds_of_loop(successes[:, :SAMPLE], n[:, :SAMPLE])
            pairs.append((seconds_of_ours(counts, [0, 1]), theirs))
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(loop / batch for batch, loop in pairs)
    print(
        f"2 points: ours {ours * GROUPS:.2f} s, a loop over statsmodels {theirs * GROUPS:.0f} s "
        f"(from {answered} of {SAMPLE} groups): {ratio:.0f} times as fast"
    )
    shares = generator.dirichlet(np.full(POINTS, 0.5), (2, GROUPS))
    counts = generator.multinomial(n, shares)
    times = [seconds_of_ours(counts, np.arange(POINTS)) * GROUPS for _ in range(RUNS)]
    print(f"{POINTS} points: ours {statistics.median(times):.2f} s")
    melded(generator)


if __name__ == "__main__":
    main()
