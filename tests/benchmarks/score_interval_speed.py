"""
How much faster the score interval is than a straightforward bisection to the same accuracy.

Run it with ``python tests/benchmarks/score_interval_speed.py``. Both compute 95 % limits for
100,000 groups of 1 to 499 answers on an 11-point scale, as NPS and as a mean, in one process
and in turn; the ratio is the median of the paired ratios.

The peer bisects along the path of restricted probabilities ``c_j / ((1 - x) + x t_j)``, vectorised
over all groups, with the scores merged as ours are. 50 steps bring it to our accuracy; the
script prints how far apart the limits are.
"""

import statistics
import time

import numpy as np

from custfocus.intervals import score_interval

GROUPS, POINTS, RUNS, STEPS, Z2 = 100_000, 11, 9, 50, 1.959963984540054**2
SCORES = {"NPS": np.array([-1.0] * 7 + [0.0] * 2 + [1.0] * 2), "mean": np.arange(11.0)}


def bisected_lower(counts, t):
    """Limits for scores 0 = t[0] < ... < t[-1] = 1, by bisection on x in [0, 1]."""
    n = counts.sum(axis=1)
    mean = counts @ t / n
    inside, outside = np.zeros(len(n)), np.ones(len(n))
    for _ in range(STEPS):
        x = (inside + outside) / 2
        p = counts / ((1 - x)[:, None] + x[:, None] * t)
        p /= p.sum(axis=1, keepdims=True)
        mu = p @ t
        within = n * (mean - mu) ** 2 <= Z2 * (p @ t**2 - mu**2)
        inside, outside = np.where(within, x, inside), np.where(within, outside, x)
    # With nobody on the lowest point the path may end within the interval: then the closed form
    reciprocal = (counts[:, 1:] / t[1:]).sum(axis=1) / n
    ends_within = (counts[:, 0] == 0) & (n * (mean * reciprocal - 1) <= Z2)
    return np.where(ends_within, n * mean / (n + Z2), mu)


def bisection(counts, scores):
    points, where = np.unique(scores, return_inverse=True)
    merged = np.stack([counts[:, where == j].sum(axis=1) for j in range(len(points))], axis=1)
    t = (points - points[0]) / (points[-1] - points[0])
    low = bisected_lower(merged, t)
    high = 1 - bisected_lower(merged[:, ::-1], 1 - t[::-1])
    return points[0] + (points[-1] - points[0]) * np.array([low, high])


def seconds(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def main():
    generator = np.random.default_rng(1)
    shares = generator.dirichlet(np.full(POINTS, 0.5), GROUPS)
    counts = generator.multinomial(generator.integers(1, 500, GROUPS), shares).astype(float)
    for name, scores in SCORES.items():
        apart = np.abs(np.array(score_interval(counts, scores)) - bisection(counts, scores)).max()
        pairs = [
            (seconds(score_interval, counts, scores), seconds(bisection, counts, scores))
            for _ in range(RUNS)
        ]
        ours, peer = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(theirs / mine for mine, theirs in pairs)
        print(
            f"{name:5} ours {ours:.3f} s, bisection {peer:.3f} s: {ratio:.1f} times as fast; "
            f"limits at most {apart:.0e} apart"
        )


if __name__ == "__main__":
    main()
