"""Comparisons of many groups against SciPy's chi-square test and published p-values."""

import numpy as np
import pytest
from scipy.special import chdtrc
from scipy.stats import chi2_contingency, false_discovery_control  # noqa: TID251 - foreign

from custfocus.comparisons import homogeneity, pairwise, with_rest
from custfocus.indices import estimate
from custfocus.responses import Scale, Scoring, Tally

TWO = Scale.likert(2)
SHARE = Scoring.top_box(TWO, 1)


def shares_of(table):
    return estimate(Tally(table, TWO), SHARE)


# 56 of 70 and 48 of 80, Newcombe (1998b); 13 of 16, Fagerland et al. (2017); and tables at random
TABLES = [
    [[14, 56], [32, 48]],
    [[14, 56], [32, 48], [3, 13]],
    [[0, 9], [1, 8], [9, 0], [3, 3]],
    *np.random.default_rng(1900).integers(0, 40, (5, 6, 2)).tolist(),
]


@pytest.mark.parametrize("table", TABLES)
def test_homogeneity_of_shares_is_pearsons_chi_square_but_for_one_in_n(table):
    statistic, _, freedom, _ = chi2_contingency(table, correction=False)
    n = np.sum(table)
    found = homogeneity(shares_of(table))
    assert found.statistic == pytest.approx((n - 1) / n * statistic, rel=1e-11)
    assert found.degrees_of_freedom == freedom
    assert found.p_value == pytest.approx(chdtrc(freedom, (n - 1) / n * statistic), rel=1e-10)


@pytest.mark.parametrize("table", TABLES)
def test_p_values_of_pairs_are_pearsons_but_for_one_in_n(table):
    found = pairwise(shares_of(table))
    for (a, b), p in zip(found.keys, found.p_value, strict=True):
        pair = np.array([table[a], table[b]])
        if (pair.sum(axis=0) == 0).any():  # everybody the same answer
            assert p == 1
        else:
            statistic = chi2_contingency(pair, correction=False).statistic
            n = pair.sum()
            assert p == pytest.approx(chdtrc(1, (n - 1) / n * statistic), rel=1e-9)


@pytest.mark.parametrize("table", TABLES)
def test_p_values_against_the_rest_are_pearsons_but_for_one_in_n(table):
    found = with_rest(shares_of(table), adjustment="benjamini-hochberg")
    whole, n = np.sum(table, axis=0), np.sum(table)
    expected = [
        chdtrc(1, (n - 1) / n * chi2_contingency([row, whole - row], correction=False).statistic)
        for row in table
    ]
    assert found.p_value == pytest.approx(expected, rel=1e-9)
    assert found.adjusted_p_value == pytest.approx(false_discovery_control(expected), rel=1e-9)
