"""
How fast the intervals for one proportion are, beside what they are built on.

Run it with ``python tests/benchmarks/proportion_speed.py``. All run in one process and in turn;
a ratio is the median of the paired ratios.

- Wilson's interval and statsmodels' ``proportion_confint(method="wilson")``, a million groups.
- Clopper and Pearson's interval and the two calls of SciPy's inverse beta distribution function
  that its limits are, without a check of anything, 100,000 groups. Above 10,000 answers the
  calls are not all right (test_proportion_reference.py), and ours are not made of them.
- How long each method takes for 100,000 groups, also with a finite population.
"""

import statistics
import time
from typing import get_args

import numpy as np
from scipy.special import betainccinv, betaincinv
from statsmodels.stats.proportion import proportion_confint

from custfocus.intervals.proportion import ProportionMethod, proportion_interval

RUNS = 9


def groups(how_many, largest):
    generator = np.random.default_rng(1)
    n = generator.integers(1, largest, how_many)
    return generator.binomial(n, generator.beta(4, 2, how_many)), n


def two_inverses(k, n):
    with np.errstate(all="ignore"):
        return betaincinv(k, n - k + 1, 0.025), betainccinv(k + 1, n - k, 0.025)


def seconds(function, *arguments, **options):
    start = time.perf_counter()
    function(*arguments, **options)
    return time.perf_counter() - start


def compared(name, ours, peer):
    pairs = [(seconds(ours), seconds(peer)) for _ in range(RUNS)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"{name}: ours {mine:.3f} s, peer {theirs:.3f} s; we take {ratio:.2f} times as long")


def main():
    k, n = groups(1_000_000, 1000)
    compared(
        "wilson, 1,000,000 groups of up to 1,000",
        lambda: proportion_interval(k, n),
        lambda: proportion_confint(k, n, method="wilson"),
    )
    for largest in (100, 1000, 9000, 1_000_000):
        k, n = groups(100_000, largest)
        compared(
            f"clopper-pearson, 100,000 groups of up to {largest:,}",
            lambda k=k, n=n: proportion_interval(k, n, method="clopper-pearson"),
            lambda k=k, n=n: two_inverses(k, n),
        )
    k, n = groups(100_000, 1000)
    for method in get_args(ProportionMethod):
        took = statistics.median(seconds(proportion_interval, k, n, method=method) for _ in "123")
        print(f"{method:16} {took:7.3f} s")
    k, n = groups(10_000, 1000)
    for method in ("clopper-pearson", "mid-p"):
        took = seconds(proportion_interval, k, n, method=method, population=5 * n)
        print(f"{method:16} {took:7.3f} s for 10,000 groups with a finite population")


if __name__ == "__main__":
    main()
