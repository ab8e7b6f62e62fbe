"""
How much faster a bootstrap from counts is than SciPy's from the answers themselves.

Run it with ``python tests/benchmarks/bootstrap_speed.py``. Both compute 95 % BCa limits of the
mean of 10,000 answers on a scale of 1 to 5 from 9,999 resamples, in one process and in turn, after
one untimed run of each; the ratio is that of the medians. The script prints how far apart the
limits are, in standard errors: their Monte Carlo standard deviation is about .05.

Respondents one by one, as clusters, strata and other statistics need them, are timed beside it.
"""

import statistics
import time

import numpy as np
from scipy import stats  # noqa: TID251 - the peer

from custfocus.intervals.resampling import bootstrap_interval, bootstrap_respondents

RUNS, PEER_RUNS, RESAMPLES = 25, 3, 9999
COUNTS, SCORES = np.array([200, 300, 1500, 3000, 5000]), np.arange(1.0, 6)
ANSWERS = np.repeat(SCORES, COUNTS)


def from_counts():
    return bootstrap_interval(COUNTS, SCORES, resamples=RESAMPLES, rng=1)


def from_respondents():
    return bootstrap_respondents(
        ANSWERS, lambda values, weights: weights @ values / len(values), resamples=RESAMPLES, rng=1
    )


def scipys():
    return stats.bootstrap(
        (ANSWERS,),
        np.mean,
        n_resamples=RESAMPLES,
        vectorized=True,
        method="BCa",
        batch=100,  # without, 1.6 GB at a time
        rng=np.random.default_rng(1),
    )


def seconds(function, runs):
    function()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    ours, asked = seconds(from_counts, RUNS), seconds(from_respondents, PEER_RUNS)
    theirs = seconds(scipys, PEER_RUNS)
    peer = scipys()
    apart = np.abs(np.array(from_counts()) - peer.confidence_interval).max() / peer.standard_error
    print(
        f"from counts {1000 * ours:.1f} ms, SciPy {theirs:.2f} s: {theirs / ours:.0f} times as fast"
    )
    print(f"from respondents {asked:.2f} s: {theirs / asked:.1f} times as fast")
    print(f"limits at most {apart:.2f} standard errors apart")


if __name__ == "__main__":
    main()
