"""
The score interval against the slow implementation of its definition in oracle.py.

The oracle is first held against a general-purpose constrained optimiser and against its own
assumption, that what is inside the interval is one stretch.
"""

from itertools import product
from types import ModuleType

import numpy as np
import pytest
from scipy.optimize import minimize

from custfocus.intervals import proportion_interval, score_interval

EPSILON = float(np.finfo(np.float64).eps)
FIVE = (1, 2, 3, 4, 5)

# Limits are off by a unit or two in the last place; they are granted four (9e-16).
GRANTED = 4 * EPSILON

SMALL_TABLES = [
    ((1, 0, 2, 4, 8), FIVE),
    ((0, 0, 0, 0, 8), FIVE),  # both ends are reached with an unobserved lowest point
    ((0, 3, 0, 2, 0), FIVE),  # neither extreme point chosen
    ((0, 0, 6, 0, 0), FIVE),
    ((3, 20, 9), (-1, 0, 1)),
    ((0, 5, 2), (0, 1, 10)),
    ((4, 1, 0), (0, 1, 10)),
    ((7, 2), (0, 1)),
]


def all_tables(largest_n: int, points: int) -> np.ndarray:
    """Every table with 1 <= n <= largest_n on that many points, one a row."""
    tables = np.array(list(product(range(largest_n + 1), repeat=points)))
    n = tables.sum(axis=1)
    return tables[(n >= 1) & (n <= largest_n)]


EVERY_SMALL_TABLE = all_tables(8, 5)


def assert_limits_are_right(sample, low: float, high: float, tolerance: float) -> None:
    """
    Each limit has the outside within *tolerance* on its one side, the inside on its other.

    A limit may be the end of the scale only if every answer stands there.
    """
    lowest, mean, highest = float(sample.lowest), sample.mean, float(sample.highest)
    for limit, end, away in ((low, lowest, -1), (high, highest, 1)):
        if mean == end:
            assert abs(limit - end) <= tolerance, "all answers at an end: the limit is that end"
            continue
        beyond, within = (sample.mean * 0 + limit + side * tolerance for side in (away, -away))
        assert lowest < beyond < highest, "a limit is at an end where no answer stands alone"
        assert sample.outside(beyond) > 0, f"{limit} lies too far in"
        if (mean - within) * away < 0:
            assert sample.outside(within) <= 0, f"{limit} lies too far out"
        else:  # closer to the mean than the tolerance: it must not lie on its other side
            assert (limit - mean) * away >= -tolerance


def tolerance_for(scores) -> float:
    return GRANTED * max(np.ptp(scores), np.abs(scores).max())


def random_case(seed: int) -> tuple[np.ndarray, np.ndarray, float, int | None]:
    """A table of 2 to 11 points, dense or sparse, n from 1 to 1e9; scores even, uneven or tied."""
    generator = np.random.default_rng([1927, seed])
    points = int(generator.integers(2, 12))
    scores = [
        np.arange(points) + 1.0,
        np.sort(generator.uniform(-10, 10, points)).round(3),
        generator.permutation(np.cumsum(generator.exponential(size=points) ** 3)),
        np.r_[-1.0, 1.0, generator.integers(-1, 2, points)][-max(points, 3) :],
    ][int(generator.integers(4))]
    if len(np.unique(scores)) < 2:
        scores = np.arange(len(scores)) / 3
    concentration = generator.choice([0.02, 0.1, 0.5, 2.0])
    probabilities = generator.dirichlet(np.full(len(scores), concentration))
    n = int(10 ** generator.uniform(0, 9))
    counts = generator.multinomial(n, probabilities / probabilities.sum())
    confidence_level = float(generator.choice([0.5, 0.8, 0.95, 0.99, 0.999]))
    population = n + int(n * generator.exponential()) + 1 if seed % 4 == 0 else None
    return counts, scores, confidence_level, population


def _table_name(value: object) -> str:
    return "-".join(f"{part:g}" for part in value) if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize(("counts", "scores"), SMALL_TABLES, ids=_table_name)
@pytest.mark.parametrize("position", [0.03, 0.3, 0.5, 0.8, 0.97])
def test_the_oracles_probabilities_are_those_of_a_general_optimiser(
    oracle: ModuleType, counts, scores, position
):
    low, high = min(scores), max(scores)
    mu = low + position * (high - low)
    weights, values = np.array(counts) / sum(counts), np.array(scores, dtype=float)
    chosen = weights > 0
    found = minimize(
        lambda p: -(weights[chosen] * np.log(p[chosen])).sum(),
        _any_positive_probabilities(values, mu),
        jac=lambda p: np.divide(-weights, p, out=np.zeros_like(p), where=chosen),
        method="SLSQP",
        bounds=[(1e-9 if is_chosen else 0, 1) for is_chosen in chosen],
        constraints=[
            {"type": "eq", "fun": lambda p: p.sum() - 1, "jac": np.ones_like},
            {"type": "eq", "fun": lambda p: p @ values - mu, "jac": lambda _: values},
        ],
        options={"ftol": 1e-15, "maxiter": 500},
    )
    ours = np.array(oracle.Sample(counts, scores).restricted_probabilities(mu), dtype=float)
    assert ours.min() >= 0
    assert ours.sum() == pytest.approx(1, abs=1e-15)
    assert ours @ values == pytest.approx(mu, abs=4e-15)
    np.testing.assert_allclose(ours, found.x, rtol=0, atol=2e-6)
    # The optimiser's own point cannot be likelier than ours by more than its constraints slip.
    assert -(weights[chosen] * np.log(ours[chosen])).sum() <= found.fun + 1e-9


def _any_positive_probabilities(values: np.ndarray, mu: float) -> np.ndarray:
    """A start for the optimiser: the uniform distribution mixed with the end that mu lies near."""
    start = np.full(len(values), 1 / len(values))
    end = np.zeros(len(values))
    end[values.argmax() if mu > values.mean() else values.argmin()] = 1
    share = (mu - values.mean()) / (end @ values - values.mean())
    return (1 - share) * start + share * end


@pytest.mark.parametrize(("counts", "scores"), SMALL_TABLES, ids=_table_name)
def test_what_is_inside_is_one_stretch_around_the_mean(oracle: ModuleType, counts, scores):
    sample = oracle.Sample(counts, scores)
    trials = np.linspace(min(scores), max(scores), 42)[1:-1]
    inside = np.array([sample.outside(mu) <= 0 for mu in trials])
    low, high = oracle.score_limits(counts, scores)
    np.testing.assert_array_equal(inside, (trials >= float(low)) & (trials <= float(high)))
    assert low <= sample.mean <= high


@pytest.mark.parametrize(("counts", "scores"), SMALL_TABLES, ids=_table_name)
def test_limits_equal_the_oracles_bisected_limits(oracle: ModuleType, counts, scores):
    ours = score_interval(counts, scores, confidence_level=0.9)
    theirs = [float(limit) for limit in oracle.score_limits(counts, scores, 0.9)]
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance_for(scores))


@pytest.mark.parametrize("seed", range(400))
def test_limits_of_a_random_table_have_the_outside_on_one_side_and_the_inside_on_the_other(
    oracle: ModuleType, seed
):
    counts, scores, confidence_level, population = random_case(seed)
    low, high = score_interval(
        counts, scores, confidence_level=confidence_level, population=population
    )
    sample = oracle.Sample(
        [int(c) for c in counts], [float(s) for s in scores], confidence_level, population
    )
    assert_limits_are_right(sample, float(low), float(high), tolerance_for(scores))


@pytest.mark.parametrize("scores", [FIVE, (0, 0.01, 0.5, 0.6, 1)], ids=_table_name)
@pytest.mark.parametrize(
    "counts",
    [
        (1, 0, 0, 0, 10**9),
        (10**9, 0, 0, 0, 1),
        (1, 0, 0, 10**9, 1),
        (0, 1, 0, 0, 10**9),
        (1, 0, 10**9, 0, 0),
        (1, 1, 0, 0, 10**12),
        (0, 0, 10**12, 0, 0),
        (0, 0, 0, 0, 10**12),
    ],
    ids=_table_name,
)
def test_limits_of_a_lopsided_table_keep_their_digits(oracle: ModuleType, counts, scores):
    low, high = score_interval(counts, scores)
    sample = oracle.Sample(counts, scores)
    assert low < high
    assert_limits_are_right(sample, float(low), float(high), 2 * EPSILON * max(scores))


@pytest.mark.parametrize("counts", [(1, 0, 0, 0, 10**9), (0, 0, 0, 3, 10**9)], ids=_table_name)
def test_a_limit_next_to_a_zero_score_keeps_its_digits_relative_to_itself(
    oracle: ModuleType, counts
):
    scores = (4, 3, 2, 1, 0)
    ours = score_interval(counts, scores)
    theirs = [float(limit) for limit in oracle.score_limits(counts, scores)]
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@pytest.mark.parametrize("n", [10, 10**4, 10**8, 10**12])
@pytest.mark.parametrize("successes", [1, 3])
def test_a_proportions_lower_limit_near_0_keeps_its_digits_relative_to_itself(
    oracle: ModuleType, successes, n
):
    z2, p = oracle.critical_value(0.95) ** 2, oracle.mpf(successes) / n
    half = oracle.mp.sqrt(z2 * (p * (1 - p) + z2 / (4 * n)) / n)
    expected = (p + z2 / (2 * n) - half) / (1 + z2 / n)  # Wilson (1927), in 40 digits
    low, _ = proportion_interval(successes, n)
    np.testing.assert_allclose(low, float(expected), rtol=4 * EPSILON, atol=0)


def test_scores_a_thousand_million_large_lose_only_the_digits_that_the_scores_use(
    oracle: ModuleType,
):
    scores = tuple(10**9 * s for s in FIVE)
    low, high = score_interval((1, 0, 2, 4, 8), scores)
    sample = oracle.Sample((1, 0, 2, 4, 8), scores)
    assert_limits_are_right(sample, float(low), float(high), tolerance_for(scores))


@pytest.mark.parametrize("confidence_level", [0.5, 0.95, 0.999])
def test_every_small_table_gives_an_interval_of_positive_width_around_its_mean(confidence_level):
    low, high = score_interval(EVERY_SMALL_TABLE, FIVE, confidence_level=confidence_level)
    mean = EVERY_SMALL_TABLE @ np.array(FIVE) / EVERY_SMALL_TABLE.sum(axis=1)
    assert len(EVERY_SMALL_TABLE) == 1286  # 13 over 5, without the empty one
    assert (low >= 1).all()
    assert (low <= mean).all()
    assert (mean <= high).all()
    assert (high <= 5).all()
    assert (high - low > 0.1).all()


def test_small_tables_computed_in_one_call_agree_with_the_oracle(oracle: ModuleType):
    low, high = score_interval(EVERY_SMALL_TABLE, FIVE)
    for row in range(0, len(EVERY_SMALL_TABLE), 17):
        sample = oracle.Sample([int(c) for c in EVERY_SMALL_TABLE[row]], FIVE)
        assert_limits_are_right(sample, float(low[row]), float(high[row]), tolerance_for(FIVE))
