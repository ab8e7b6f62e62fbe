"""
How often intervals for the net share of better answers hold it, and how wide they are.

On two and three points every pair of tables is enumerated, and nothing is simulated. On five and
eleven points samples are drawn with a fixed seed from eight pairs of populations: alike, shifted,
far apart, with heavy ties, skewed, polar against middling. Run as a script it prints both tables
of docs/coverage.md, in some minutes; a number after the command says how many samples are drawn
of each pair (5,000 by default).
"""

import sys
from collections.abc import Callable
from functools import cache, partial

import numpy as np
from enumeration import Floats, Limits, held, lowest, markdown, probabilities, tables
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri, stdtrit
from two_sample_enumeration import three_kinds, two_kinds

from custfocus.intervals import ordinal_difference, ordinal_difference_interval
from custfocus.intervals.sums import ScoredSample, sum_limits

Method = Callable[[Floats, Floats], Limits]

SAMPLES = 5_000
SEED = 20261129
POINTS = (5, 11)
SIZES = ((10, 10), (30, 30), (200, 200), (10, 30), (200, 10))
ENUMERATED = ((2, (10, 10)), (2, (20, 10)), (3, (10, 10)), (3, (20, 10)))

_Z = float(ndtri(0.975))
_UNIT = 10_000  # shares of the enumerated populations are whole numbers of 1 / unit


# Methods


def lead(weights: Floats) -> Floats:
    """What lies below each point less what lies above it, along the last axis."""
    up_to = np.cumsum(weights, axis=-1)
    return up_to - weights - (up_to[..., -1:] - up_to)


def fixed_scores(counts_a: Floats, counts_b: Floats) -> Limits:
    """The score interval for a sum of two means, with the scores that the samples give."""
    a, b = (one.reshape(-1, one.shape[-1]) for one in np.broadcast_arrays(counts_a, counts_b))
    m, n = a.sum(axis=-1), b.sum(axis=-1)
    one = ScoredSample(lead(b / n[:, None]).T, a.T)
    other = ScoredSample(-lead(a / m[:, None]).T[::-1], b.T[::-1])
    low, high = sum_limits([one, other], _Z**2 * (m + n) / (m + n - 1))
    shift = ordinal_difference(a, b) - one.mean - other.mean
    shape = np.broadcast_shapes(counts_a.shape, counts_b.shape)[:-1]
    return np.maximum(low + shift, -1).reshape(shape), np.minimum(high + shift, 1).reshape(shape)


def brunner_munzel(counts_a: Floats, counts_b: Floats, *, on_logits: bool) -> Limits:
    """Brunner and Munzel's t interval, on the logit scale or not; no width without a variance."""
    m, n = counts_a.sum(axis=-1), counts_b.sum(axis=-1)
    theta = (1 + ordinal_difference(counts_a, counts_b)) / 2
    variance, rest = np.zeros_like(theta), np.zeros_like(theta)
    for one, other, size, others in ((counts_a, counts_b, m, n), (counts_b, counts_a, n, m)):
        placed = (1 + lead(other / others[..., None])) / 2
        mean = (one * placed).sum(axis=-1) / size
        spread = (one * (placed - mean[..., None]) ** 2).sum(axis=-1) / (size - 1) / size
        variance, rest = variance + spread, rest + spread**2 / (size - 1)
    flat = (variance == 0) | (theta == 0) | (theta == 1)
    freedom = np.where(flat, 1, variance**2) / np.where(flat, 1, rest)
    half = -stdtrit(freedom, 0.025) * np.sqrt(variance)
    if not on_logits:
        return np.where(flat, theta, theta - half) * 2 - 1, (
            np.where(flat, theta, theta + half) * 2
        ) - 1
    middle = np.where(flat, 0.5, theta)
    center, half = logit(middle), half / (middle * (1 - middle))
    low, high = (np.where(flat, theta, expit(center + side * half)) for side in (-1, 1))
    return 2 * low - 1, 2 * high - 1


def newcombe(counts_a: Floats, counts_b: Floats) -> Limits:
    """Newcombe's method 5 (2006), whose variance is that of answers without ties."""
    m, n = counts_a.sum(axis=-1), counts_b.sum(axis=-1)
    estimate = (1 + ordinal_difference(counts_a, counts_b)) / 2
    more = (m + n) / 2 - 1
    found = []
    for end in (0, 1):
        inside, outside = estimate.copy(), np.full_like(estimate, end)
        for _ in range(60):
            theta = (inside + outside) / 2
            spread = 1 + more * ((1 - theta) / (2 - theta) + theta / (1 + theta))
            holds = (estimate - theta) ** 2 <= _Z**2 * theta * (1 - theta) * spread / (m * n)
            inside, outside = np.where(holds, theta, inside), np.where(holds, outside, theta)
        found.append(2 * inside - 1)
    return found[0], found[1]


METHODS: dict[str, Method] = {
    "score": ordinal_difference_interval,
    "score, uncorrected": partial(ordinal_difference_interval, correction=False),
    "score, scores of the samples": fixed_scores,
    "Newcombe's 5": newcombe,
    "Brunner-Munzel, logit": partial(brunner_munzel, on_logits=True),
    "Brunner-Munzel": partial(brunner_munzel, on_logits=False),
}
SIMULATED = ("score", "score, scores of the samples", "Newcombe's 5", "Brunner-Munzel, logit")


# Exact coverage


def populations(points: int) -> NDArray[np.int64]:
    """Two or three kinds of answers, the worst first, in whole numbers of 1 / unit."""
    return two_kinds() if points == 2 else three_kinds()


@cache
def coverage(points: int, sizes: tuple[int, int], method: str) -> tuple[Floats, Floats]:
    """
    The exact coverage and expected width of a method under each pair of populations.

    Args:
        points: 2 or 3.
        sizes: Answers in either sample.
        method: One of METHODS.

    Returns:
        Arrays of shape (P, P), the first sample's population first.
    """
    grid = populations(points)
    counts_a, counts_b = (tables(n, points) for n in sizes)
    low, high = METHODS[method](counts_a[:, None, :], counts_b[None, :, :])
    chance_a, chance_b = (probabilities(counts, grid / _UNIT) for counts in (counts_a, counts_b))
    whole = grid @ lead(grid).T  # exact, so that pairs of equal differences are one
    covered = np.empty(whole.shape)
    for one in np.unique(whole).tolist():
        row, column = np.nonzero(whole == one)
        rows, place = np.unique(row, return_inverse=True)
        held_by_b = chance_a[rows] @ held(low, high, np.array(one / _UNIT**2))
        covered[row, column] = (held_by_b[place] * chance_b[column]).sum(axis=1)
    return covered, chance_a @ (high - low) @ chance_b.T


def exact_row(points: int, sizes: tuple[int, int], method: str) -> list[object]:
    """A row of the first table."""
    grid = populations(points) / _UNIT
    covered, width = coverage(points, sizes, method)
    worst = np.unravel_index(lowest(covered.ravel()), covered.shape)
    where = " and ".join(", ".join(f"{share:g}" for share in grid[one]) for one in worst)
    below = float((covered < 0.93).mean())
    answers = " and ".join(map(str, sizes))
    return [points, answers, method, covered.mean(), below, covered[worst], where, width.mean()]


def exact_table() -> str:
    """The first table."""
    titles = [
        "points", "answers", "method", "mean coverage", "pairs below .93", "minimum",
        "where it falls", "mean width",
    ]  # fmt: skip
    rows = (exact_row(*case, method) for case in ENUMERATED for method in METHODS)
    return markdown(titles, "rllrrrlr", rows)


# Simulated coverage


def polya(points: int, mean: float, dispersion: float) -> Floats:
    """Beta-binomial shares, as in enumeration.py: dispersion 0 is binomial, 1 the two ends."""
    shares = np.array([1 - mean, mean])
    for trials in range(1, points - 1):
        above = dispersion * np.arange(trials + 1)
        up = ((1 - dispersion) * mean + above) / (1 - dispersion + dispersion * trials)
        shares = np.pad(shares * (1 - up), (0, 1)) + np.pad(shares * up, (1, 0))
    return shares


def drawn_pairs(points: int) -> dict[str, tuple[Floats, Floats]]:
    """The pairs of populations that samples are drawn from."""
    none = np.zeros(points - 3)
    tied = np.array([0.03, *none, 0.07, 0.9])
    return {
        "alike, skewed": (polya(points, 0.75, 0.2),) * 2,
        "shifted": (polya(points, 0.8, 0.2), polya(points, 0.65, 0.2)),
        "far apart": (polya(points, 0.9, 0.1), polya(points, 0.3, 0.1)),
        "alike, heavy ties": (tied, tied),
        "heavy ties against skewed": (tied, polya(points, 0.75, 0.2)),
        "polar against middling": (polya(points, 0.5, 0.7), polya(points, 0.5, 0.05)),
        "nearly all on the top": (np.array([0, *none, 0.05, 0.95]), np.array([0.02, *none, 0, 0.98])),
        "uniform": (np.full(points, 1 / points),) * 2,
    }  # fmt: skip


def simulated(
    points: int, sizes: tuple[int, int], method: str, samples: int
) -> dict[str, tuple[float, float]]:
    """Coverage and mean width for each pair of populations."""
    found = {}
    for place, (name, (p, q)) in enumerate(drawn_pairs(points).items()):
        generator = np.random.default_rng([SEED, points, *sizes, place])
        counts_a, counts_b = (
            generator.multinomial(n, shares, samples).astype(np.float64)
            for n, shares in zip(sizes, (p, q), strict=True)
        )
        low, high = METHODS[method](counts_a, counts_b)
        found[name] = (
            float(held(low, high, np.array(p @ lead(q))).mean()),
            float((high - low).mean()),
        )
    return found


def simulated_row(
    points: int, sizes: tuple[int, int], method: str, samples: int = SAMPLES
) -> list[object]:
    """A row of the second table."""
    found = simulated(points, sizes, method, samples)
    worst = min(found, key=lambda name: found[name][0])
    covered, width = np.array(list(found.values())).T
    answers = " and ".join(map(str, sizes))
    return [points, answers, method, covered.mean(), covered.min(), worst, width.mean()]


def simulated_table(samples: int = SAMPLES) -> str:
    """The second table."""
    titles = ["points", "answers", "method", "mean coverage", "lowest", "where", "mean width"]
    cases = ((points, sizes) for points in POINTS for sizes in SIZES)
    rows = (simulated_row(*case, method, samples) for case in cases for method in SIMULATED)
    return markdown(titles, "rllrrlr", rows)


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    sys.stdout.write(f"{exact_table()}\n\n{simulated_table(number)}\n")
