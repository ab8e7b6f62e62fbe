"""
Two samples against R, papers, scipy, statsmodels and the slow implementation of the definition.

The oracle is first held against a general-purpose constrained optimiser.
"""

import json
from itertools import product
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import ndtr
from scipy.stats import chi2, chi2_contingency  # noqa: TID251 - a foreign chi-square test
from statsmodels.stats.proportion import confint_proportions_2indep

from custfocus.intervals.two_sample import (
    difference_p_value,
    mover_interval_difference,
    score_interval_difference,
)

EPSILON = float(np.finfo(np.float64).eps)
BOXES = (0, 1)
FIVE = (1, 2, 3, 4, 5)

# Limits are off by 1.2 units of eps times the scale at most on 300 random tables (the oracle's
# main), by two on others; they are granted four.
GRANTED = 4 * EPSILON

# R 4.2.2, package ratesci: scoreci (Miettinen and Nurminen, Mee) and moverci (Newcombe).
R_VALUES = json.loads(Path(__file__).with_name("r_values.json").read_text("utf-8"))["difference"]

# Newcombe (1998), Statistics in Medicine 17, 873-890, table II: 56 of 70 against 48 of 80.
NEWCOMBE = ([14, 56], [32, 48])

PAIRS = [
    ((14, 56), (32, 48), BOXES),
    ((0, 10), (10, 0), BOXES),  # neither sample has answers at both ends
    ((1, 0, 2, 4, 8), (3, 1, 0, 0, 6), FIVE),
    ((0, 3, 0, 2, 0), (0, 0, 7, 0, 0), FIVE),  # extreme points that nobody chose
    ((0, 0, 0, 0, 8), (5, 0, 0, 1, 1), FIVE),
    ((2, 0, 5), (0, 4, 3), (-3, 0.5, 10)),
]


def two_by_two(x_a, n_a, x_b, n_b):
    return [n_a - x_a, x_a], [n_b - x_b, x_b]


def name(value):
    return "-".join(f"{part:g}" for part in value) if isinstance(value, tuple) else str(value)


def unit(scores) -> float:
    return max(float(np.ptp(scores)), float(np.abs(scores).max()))


class TestPublished:
    @pytest.mark.parametrize("known", R_VALUES, ids=lambda known: f"{known['x1']}-{known['x2']}")
    def test_limits_are_those_of_r(self, known):
        tables = two_by_two(known["x1"], known["n1"], known["x2"], known["n2"])
        for limits, theirs, granted in (
            (score_interval_difference(*tables, BOXES), "miettinen_nurminen", 2e-11),
            (score_interval_difference(*tables, BOXES, correction=False), "mee", 2e-11),
            (mover_interval_difference(*tables, BOXES), "newcombe", 1e-15),
        ):  # as far as R iterates; Newcombe's limits have a closed form
            np.testing.assert_allclose(limits, known[theirs], rtol=0, atol=granted)

    @pytest.mark.parametrize(
        ("interval", "options", "known"),
        [
            (score_interval_difference, {"correction": False}, (0.0533, 0.3377)),  # method 5
            (score_interval_difference, {}, (0.0528, 0.3382)),  # method 6
            (mover_interval_difference, {}, (0.0524, 0.3339)),  # method 10
        ],
    )
    def test_limits_are_those_of_newcombes_table(self, interval, options, known):
        limits = interval(*NEWCOMBE, BOXES, **options)
        np.testing.assert_allclose(limits, known, rtol=0, atol=0.5000001e-4)

    def test_two_points_of_a_longer_scale_are_a_proportion_on_that_scale(self):
        limits = score_interval_difference([14, 0, 56], [32, 0, 48], [0, 3, 10], correction=False)
        known = R_VALUES[0]["mee"]
        np.testing.assert_allclose(limits, 10 * np.array(known), rtol=0, atol=2e-10)


class TestChiSquare:
    @pytest.mark.parametrize("known", R_VALUES, ids=lambda known: f"{known['x1']}-{known['x2']}")
    def test_without_the_correction_the_p_value_for_no_difference_is_pearsons(self, known):
        table = np.array(two_by_two(known["x1"], known["n1"], known["x2"], known["n2"]))
        if not table.sum(axis=0).all():
            assert difference_p_value(*table, BOXES, correction=False) == 1
            return
        pearson = chi2_contingency(table, correction=False)
        ours = difference_p_value(*table, BOXES, correction=False)
        # Rounding in z² is multiplied by z² / 2: less than 40 here, and a few eps each.
        np.testing.assert_allclose(ours, pearson.pvalue, rtol=4e-14)
        # Campbell (2007), Statistics in Medicine 26, 3661-3675: "N - 1" chi-square.
        n = table.sum()
        smaller = chi2.sf(pearson.statistic * (n - 1) / n, 1)
        np.testing.assert_allclose(difference_p_value(*table, BOXES), smaller, rtol=4e-14)

    @pytest.mark.parametrize(("x_b", "n_b"), [(1, 2), (4, 5), (7, 9)])
    @pytest.mark.parametrize("n_a", [20, 50, 1000])
    def test_all_of_one_sample_against_a_few_is_pearsons_too(self, n_a, x_b, n_b):
        # lambda starts above its root here, and the first tangents lead below 0
        table = two_by_two(n_a, n_a, x_b, n_b)
        pearson = chi2_contingency(table, correction=False)
        ours = difference_p_value(*table, BOXES, correction=False)
        # Rounding in z², up to 500, counts half of it fold.
        np.testing.assert_allclose(ours, pearson.pvalue, rtol=1e-12)


class TestStatsmodels:
    def test_hybrid_limits_are_those_of_statsmodels_for_a_grid_of_tables(self):
        grid = [(x, n) for n in (1, 12, 80) for x in sorted({0, n // 3, n})]
        for (x_a, n_a), (x_b, n_b) in product(grid, grid):
            theirs = confint_proportions_2indep(
                x_a, n_a, x_b, n_b, method="newcomb", compare="diff"
            )
            ours = mover_interval_difference(*two_by_two(x_a, n_a, x_b, n_b), BOXES)
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)

    def test_its_score_interval_is_not_the_published_one_and_ours_is(
        self, two_sample_oracle: ModuleType
    ):
        theirs = confint_proportions_2indep(
            56, 70, 48, 80, method="score", compare="diff", correction=False
        )
        assert theirs[1] == pytest.approx(0.3436, abs=5e-5)  # statsmodels 0.15; Newcombe: .3377
        right = two_sample_oracle.Pair(*NEWCOMBE, BOXES).limits(0.95, correction=False)
        ours = score_interval_difference(*NEWCOMBE, BOXES, correction=False)
        np.testing.assert_allclose(ours, right, rtol=0, atol=GRANTED)
        assert abs(theirs[1] - right[1]) > 0.005

    def test_its_score_interval_fails_on_9_of_10_against_3_of_10_and_ours_does_not(
        self, two_sample_oracle: ModuleType
    ):
        with pytest.raises(ValueError, match="must have different signs"):
            confint_proportions_2indep(9, 10, 3, 10, method="score", compare="diff")
        tables = two_by_two(9, 10, 3, 10)
        right = two_sample_oracle.Pair(*tables, BOXES).limits(0.95, correction=False)
        ours = score_interval_difference(*tables, BOXES, correction=False)
        np.testing.assert_allclose(ours, right, rtol=0, atol=GRANTED)
        np.testing.assert_allclose(ours, (0.18213, 0.83695), rtol=0, atol=5e-6)


class TestOracle:
    @pytest.mark.parametrize(("a", "b", "scores"), PAIRS, ids=name)
    @pytest.mark.parametrize("position", [0.1, 0.5, 0.9])
    def test_its_probabilities_are_those_of_a_general_optimiser(
        self, two_sample_oracle: ModuleType, a, b, scores, position
    ):
        pair = two_sample_oracle.Pair(a, b, scores)
        delta = float(pair.difference) * position - float(pair.length) * (1 - position)
        multiplier = pair.multiplier_of(delta)
        ours = np.array([sample.probabilities(multiplier) for sample in pair.samples], dtype=float)
        counts, values = np.array([a, b]), np.array(scores, dtype=float)
        np.testing.assert_allclose(ours.sum(axis=1), 1, rtol=0, atol=1e-15)
        assert np.subtract(*ours @ values) == pytest.approx(delta, abs=1e-14)
        assert ours.min() >= 0
        found = optimised_log_likelihood(counts, values, delta, ours)
        chosen = counts > 0
        likelihood = (counts[chosen] * np.log(ours[chosen])).sum()
        # The optimiser's own point cannot be likelier than ours by more than its constraints
        # slip, and it would have found a likelier one had there been any.
        assert likelihood == pytest.approx(found, abs=1e-6)

    @pytest.mark.parametrize(("a", "b", "scores"), PAIRS, ids=name)
    @pytest.mark.parametrize("correction", [False, True])
    def test_limits_are_the_oracles(self, two_sample_oracle: ModuleType, a, b, scores, correction):
        ours = score_interval_difference(a, b, scores, confidence_level=0.9, correction=correction)
        theirs = two_sample_oracle.Pair(a, b, scores).limits(0.9, correction=correction)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=GRANTED * unit(scores))

    @pytest.mark.parametrize("seed", range(10))
    def test_limits_of_random_tables_are_the_oracles(self, two_sample_oracle: ModuleType, seed):
        pair, level = two_sample_oracle.random_case(seed)
        ours = score_interval_difference(
            pair.counts_a, pair.counts_b, pair.scores, confidence_level=level
        )
        theirs = pair.limits(level, correction=True)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=GRANTED * unit(pair.scores))

    @pytest.mark.parametrize(
        ("a", "b", "scores"),
        [
            ((1, 0, 0, 0, 10**9), (0, 0, 1, 0, 0), FIVE),
            ((1, 10**12), (10**12, 1), BOXES),
            ((1, 10**12), (1, 10**12), BOXES),
            ((0, 10**9), (1, 0), BOXES),
            (tuple(10**k for k in range(11)), (0,) * 10 + (3,), tuple(range(11))),
            (tuple(10**k for k in range(11)), tuple(10**k for k in range(11))[::-1], range(11)),
            ((0, 1, 0, 10**9), (10**9, 0, 1, 0), (0, 1e-9, 0.5, 1)),
        ],
        ids=name,
    )
    @pytest.mark.parametrize("level", [0.5, 1 - 1e-9])
    def test_limits_of_lopsided_tables_keep_their_digits(
        self, two_sample_oracle: ModuleType, a, b, scores, level
    ):
        ours = score_interval_difference(a, b, scores, confidence_level=level)
        theirs = two_sample_oracle.Pair(a, b, scores).limits(level, correction=True)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=GRANTED * unit(scores))

    @pytest.mark.parametrize(("a", "b", "scores"), PAIRS, ids=name)
    @pytest.mark.parametrize("position", [-0.75, 0.125, 0.5])
    def test_p_values_are_the_oracles(self, two_sample_oracle: ModuleType, a, b, scores, position):
        null = position * float(np.ptp(scores))
        squared = two_sample_oracle.Pair(a, b, scores).squared_statistic(null)
        ours = difference_p_value(a, b, scores, null=null, correction=False)
        # Rounding of the estimate, some 1e-15 of the scale, counts z² fold.
        np.testing.assert_allclose(ours, 2 * ndtr(-np.sqrt(squared)), rtol=1e-12)


def optimised_log_likelihood(counts, values, delta, near) -> float:
    """The joint log-likelihood that SLSQP finds, from the uniform distribution mixed with *near*."""
    chosen, points = counts > 0, len(values)
    contrast = np.concatenate([values, -values])
    sums = np.kron(np.eye(2), np.ones(points))
    n = counts.sum()

    def cost(p):
        return -(counts[chosen] * np.log(p.reshape(2, -1)[chosen])).sum() / n

    def slope(p):
        slopes = np.zeros_like(near)
        np.divide(-counts / n, p.reshape(2, -1), out=slopes, where=chosen)
        return slopes.ravel()

    found = minimize(
        cost,
        (near + 1 / points).ravel() / 2,
        jac=slope,
        method="SLSQP",
        bounds=[(1e-9 if is_chosen else 0, 1) for is_chosen in chosen.ravel()],
        constraints=[
            {"type": "eq", "fun": lambda p: sums @ p - 1, "jac": lambda _: sums},
            {"type": "eq", "fun": lambda p: contrast @ p - delta, "jac": lambda _: contrast},
        ],
        options={"ftol": 1e-15, "maxiter": 500},
    )
    return -found.fun * n
