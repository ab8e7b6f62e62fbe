"""
The score intervals for a mean and for a difference of two against the slow oracle.

The oracle is first held against a general-purpose constrained optimiser and against its own
assumption, that what is inside the interval is one stretch.
"""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import ndtr

from custfocus.intervals import proportion_interval, score_interval
from custfocus.intervals.two_sample import difference_p_value, score_interval_difference
from score_oracle import Oracle, random_case

EPSILON = float(np.finfo(np.float64).eps)
BOXES, FIVE, ELEVEN = (0, 1), (1, 2, 3, 4, 5), tuple(range(11))

# Limits are off by a unit or two in the last place of the scale; they are granted four (9e-16).
GRANTED = 4 * EPSILON

# Counts of each sample, and scores
SAMPLES = [
    (((1, 0, 2, 4, 8),), FIVE), (((0, 0, 6, 0, 0),), FIVE), (((7, 2),), BOXES),
    (((0, 0, 0, 0, 8),), FIVE),  # both ends are reached with an unobserved lowest point
    (((0, 3, 0, 2, 0),), FIVE),  # neither extreme point chosen
    (((3, 20, 9),), (-1, 0, 1)), (((0, 5, 2),), (0, 1, 10)), (((4, 1, 0),), (0, 1, 10)),
]  # fmt: skip
PAIRS = [
    (((14, 56), (32, 48)), BOXES),
    (((1, 9), (7, 3)), BOXES),  # where statsmodels' search fails
    (((0, 10), (10, 0)), BOXES),  # neither sample has answers at both ends
    (((1, 0, 2, 4, 8), (3, 1, 0, 0, 6)), FIVE),
    (((0, 3, 0, 2, 0), (0, 0, 7, 0, 0)), FIVE),  # extreme points that no one chose
    (((0, 0, 0, 0, 8), (5, 0, 0, 1, 1)), FIVE),
    (((2, 0, 5), (0, 4, 3)), (-3, 0.5, 10)),
]
POWERS = tuple(10**k for k in range(11))
LOPSIDED = [
    *[
        ((counts,), scores)
        for scores in (FIVE, (0, 0.01, 0.5, 0.6, 1))
        for counts in [
            (1, 0, 0, 0, 10**9), (10**9, 0, 0, 0, 1), (1, 0, 0, 10**9, 1), (0, 1, 0, 0, 10**9),
            (1, 0, 10**9, 0, 0), (1, 1, 0, 0, 10**12), (0, 0, 10**12, 0, 0), (0, 0, 0, 0, 10**12),
        ]
    ],
    (((1, 0, 2, 4, 8),), tuple(10**9 * score for score in FIVE)),
    (((1, 0, 0, 0, 10**9), (0, 0, 1, 0, 0)), FIVE),
    (((1, 10**12), (10**12, 1)), BOXES), (((1, 10**12), (1, 10**12)), BOXES),
    (((0, 10**9), (1, 0)), BOXES), ((POWERS, (0,) * 10 + (3,)), ELEVEN),
    ((POWERS, POWERS[::-1]), ELEVEN),
    (((0, 1, 0, 10**9), (10**9, 0, 1, 0)), (0, 1e-9, 0.5, 1)),
]  # fmt: skip

of_samples_and_pairs = pytest.mark.parametrize(("counts", "scores"), [*SAMPLES, *PAIRS], ids=str)
of_pairs = pytest.mark.parametrize(("counts", "scores"), PAIRS, ids=str)


def ours(counts, scores, level, **options):
    interval = score_interval if len(counts) == 1 else score_interval_difference
    return interval(*counts, scores, confidence_level=level, **options)


def theirs(counts, scores, level, **options):
    return Oracle.of(*counts, scores=scores).limits(level, **options)


def unit(scores) -> float:
    return GRANTED * max(float(np.ptp(scores)), float(np.abs(scores).max()))


class TestOracle:
    @of_samples_and_pairs
    @pytest.mark.parametrize("position", [0.03, 0.1, 0.5, 0.9])
    def test_its_probabilities_are_those_of_a_general_optimiser(self, counts, scores, position):
        for oracle in (
            Oracle.of(*counts, scores=scores),
            Oracle.of(*counts, scores=scores).mirrored,
        ):
            delta = float(oracle.estimate) * position + float(oracle.lowest) * (1 - position)
            if oracle.estimate == oracle.lowest:
                continue
            multiplier = oracle.multiplier_of(delta)
            found = np.array([one.probabilities(multiplier) for one in oracle.samples], dtype=float)
            values = np.array([one.scores for one in oracle.samples], dtype=float)
            np.testing.assert_allclose(found.sum(axis=1), 1, rtol=0, atol=1e-15)
            assert (found * values).sum() == pytest.approx(delta, abs=1e-14)
            assert found.min() >= 0
            chosen = np.array(counts) > 0
            likelihood = (np.array(counts)[chosen] * np.log(found[chosen])).sum()
            # The optimiser's own point cannot be likelier than ours by more than its constraints
            # slip, and it would have found a likelier one had there been any.
            best = optimised_log_likelihood(np.array(counts), values, delta, found)
            assert likelihood == pytest.approx(best, abs=1e-6)

    @pytest.mark.parametrize(("counts", "scores"), SAMPLES, ids=str)
    def test_what_is_inside_is_one_stretch_around_the_mean(self, counts, scores):
        oracle = Oracle.of(*counts, scores=scores)
        low, high = oracle.limits(0.95)
        trials = np.linspace(min(scores), max(scores), 42)[1:-1]
        inside = [oracle.squared_statistic(mu) <= 1.959963984540054**2 for mu in trials]
        np.testing.assert_array_equal(inside, (trials >= low) & (trials <= high))
        assert low <= oracle.estimate <= high


def optimised_log_likelihood(counts, values, delta, near) -> float:
    """The joint log-likelihood that SLSQP finds, from the uniform distribution mixed with *near*."""
    chosen, points, n = counts > 0, values.shape[1], counts.sum()
    sums = np.kron(np.eye(len(counts)), np.ones(points))

    def cost(p):
        return -(counts[chosen] * np.log(p.reshape(counts.shape)[chosen])).sum() / n

    def slope(p):
        slopes = np.zeros_like(near)
        np.divide(-counts / n, p.reshape(counts.shape), out=slopes, where=chosen)
        return slopes.ravel()

    found = minimize(
        cost,
        (near + 1 / points).ravel() / 2,
        jac=slope,
        method="SLSQP",
        bounds=[(1e-9 if is_chosen else 0, 1) for is_chosen in chosen.ravel()],
        constraints=[
            {"type": "eq", "fun": lambda p: sums @ p - 1, "jac": lambda _: sums},
            {"type": "eq", "fun": lambda p: values.ravel() @ p - delta,
             "jac": lambda _: values.ravel()},
        ],
        options={"ftol": 1e-15, "maxiter": 500},
    )  # fmt: skip
    return -found.fun * n


class TestLimits:
    @of_samples_and_pairs
    @pytest.mark.parametrize("level", [0.9, 0.95])
    def test_limits_are_the_oracles(self, counts, scores, level):
        for options in ({},) if len(counts) == 1 else ({"correction": False}, {"correction": True}):
            limits = theirs(counts, scores, level, **options)
            found = ours(counts, scores, level, **options)
            np.testing.assert_allclose(found, limits, rtol=0, atol=unit(scores))

    @pytest.mark.parametrize("seed", range(400))
    def test_limits_of_a_random_sample_are_the_oracles(self, seed):
        counts, scores, level = random_case(seed, 1)
        n = int(counts[0].sum())
        population = n + int(n * (seed % 7) / 3) + 1 if seed % 4 == 0 else None
        limits = theirs(counts, scores, level, population=population)
        found = ours(counts, scores, level, population=population)
        np.testing.assert_allclose(found, limits, rtol=0, atol=unit(scores))

    @pytest.mark.parametrize("seed", range(10))
    def test_limits_of_random_pairs_are_the_oracles(self, seed):
        counts, scores, level = random_case(seed, 2)
        limits = theirs(counts, scores, level, correction=True)
        np.testing.assert_allclose(ours(counts, scores, level), limits, rtol=0, atol=unit(scores))

    @pytest.mark.parametrize(("counts", "scores"), LOPSIDED, ids=str)
    def test_limits_of_lopsided_tables_keep_their_digits(self, counts, scores):
        for level in (0.5, 0.95, 1 - 1e-9):
            limits = theirs(counts, scores, level, correction=len(counts) == 2)
            low, high = ours(counts, scores, level)
            assert low < high
            granted = 2 * EPSILON * max(scores) if len(counts) == 1 else unit(scores)
            np.testing.assert_allclose((low, high), limits, rtol=0, atol=granted)

    @pytest.mark.parametrize("counts", [(1, 0, 0, 0, 10**9), (0, 0, 0, 3, 10**9)])
    def test_a_limit_next_to_a_zero_score_keeps_its_digits_relative_to_itself(self, counts):
        scores = (4, 3, 2, 1, 0)
        limits = theirs((counts,), scores, 0.95)
        np.testing.assert_allclose(score_interval(counts, scores), limits, rtol=1e-6)

    @pytest.mark.parametrize("n", [10, 10**4, 10**8, 10**12])
    @pytest.mark.parametrize("successes", [1, 3])
    def test_a_proportions_lower_limit_near_0_keeps_its_digits_relative_to_itself(
        self, successes, n
    ):
        known = theirs(((n - successes, successes),), BOXES, 0.95)
        low, _ = proportion_interval(successes, n)
        np.testing.assert_allclose(low, known[0], rtol=4 * EPSILON, atol=0)

    @of_pairs
    @pytest.mark.parametrize("position", [-0.75, 0.125, 0.5])
    def test_p_values_are_the_oracles(self, counts, scores, position):
        null = position * float(np.ptp(scores))
        squared = Oracle.of(*counts, scores=scores).squared_statistic(null)
        found = difference_p_value(*counts, scores, null=null, correction=False)
        # Rounding of the estimate, some 1e-15 of the scale, counts z² fold.
        np.testing.assert_allclose(found, 2 * ndtr(-np.sqrt(squared)), rtol=1e-12)


class TestEverySmallTable:
    TABLES = np.array([one for one in product(range(9), repeat=5) if 1 <= sum(one) <= 8])

    @pytest.mark.parametrize("confidence_level", [0.5, 0.95, 0.999])
    def test_it_gives_an_interval_of_positive_width_around_its_mean(self, confidence_level):
        low, high = score_interval(self.TABLES, FIVE, confidence_level=confidence_level)
        mean = self.TABLES @ np.array(FIVE) / self.TABLES.sum(axis=1)
        assert len(self.TABLES) == 1286  # 13 over 5, without the empty one
        for one, other in ((1, low), (low, mean), (mean, high), (high, 5)):
            assert (one <= other).all()
        assert (high - low > 0.1).all()

    def test_limits_computed_in_one_call_are_the_oracles(self):
        low, high = score_interval(self.TABLES, FIVE)
        for row in range(0, len(self.TABLES), 17):
            limits = theirs((self.TABLES[row],), FIVE, 0.95)
            np.testing.assert_allclose((low[row], high[row]), limits, rtol=0, atol=unit(FIVE))
