"""Two samples against R, papers, scipy and statsmodels."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2, chi2_contingency  # noqa: TID251 - a foreign chi-square test
from statsmodels.stats.proportion import confint_proportions_2indep

from custfocus.intervals.two_sample import (
    difference_p_value,
    mover_interval_difference,
    score_interval_difference,
)

BOXES = (0, 1)

# R 4.2.2, package ratesci: scoreci (Miettinen and Nurminen, Mee) and moverci (Newcombe).
R_VALUES = json.loads(Path(__file__).with_name("r_values.json").read_text("utf-8"))["difference"]

# Newcombe (1998), Statistics in Medicine 17, 873-890, table II: 56 of 70 against 48 of 80.
NEWCOMBE = ([14, 56], [32, 48])


def two_by_two(x_a, n_a, x_b, n_b):
    return [n_a - x_a, x_a], [n_b - x_b, x_b]


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
