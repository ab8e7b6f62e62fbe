"""Intervals for means of skewed amounts and for ratios, worked out apart from the library."""

import mpmath
import numpy as np
import pytest

from custfocus.intervals.amounts import _ratio, amounts_interval, moments
from custfocus.intervals.ratios import progress_interval

WAITS = [1.2, 0.4, 3.8, 2.1, 0.9, 12.5, 0.7, 1.6, 5.2, 2.4, 0.3, 1.1]
MANY_ZEROS = [0, 0, 3, 1, 0, 7, 2, 0, 1, 15, 0, 4, 2, 0, 1]
LIMITS = [  # worked out from the formulas of Hall (1992) and of the gamma likelihood
    (WAITS, "t", 0.513781, 4.852886),
    (WAITS, "gamma", 1.315601, 6.826850),
    (WAITS, "hall", 1.219953, 10.359213),
    (MANY_ZEROS, "t", 0.186853, 4.613147),
    (MANY_ZEROS, "gamma", 1.078711, 7.127067),
    (MANY_ZEROS, "hall", 0.867211, 10.713726),
]

# Baseline, latest value and target with two standard errors; percent of the way, Fieller's limits
PROGRESS = [
    (20.6, 17, 12, 0.27, 0.30, 41.860465, 33.905170, 49.373807),
    (19.5, 15.7, 16, 0.8, 0.9, 108.571429, 54.146863, 167.300384),
    (50, 56, 58, 3, 3, 75, -69.896316, 161.152167),
    (50, 52, 53, 2, 2, 66.666667, -np.inf, np.inf),
]  # fmt: skip


def test_moments_are_the_usual_estimates():
    n, mean, variance, skewness = moments(WAITS)
    assert (n, mean, np.sqrt(variance), skewness) == pytest.approx(
        (12, 2.683333, 3.414630, 2.509040), abs=5e-7
    )
    _, mean, variance, skewness = moments(MANY_ZEROS)
    assert (mean, np.sqrt(variance), skewness) == pytest.approx((2.4, 3.996427, 2.596306), abs=5e-7)


@pytest.mark.parametrize(("values", "method", "low", "high"), LIMITS)
def test_limits_of_a_mean_are_those_of_the_formulas(values, method, low, high):
    found = amounts_interval(*moments(values), method=method)
    assert found == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize("branch", [0, -1])
@pytest.mark.parametrize("excess", [1e-12, 1e-6, 4.9e-5, 5.1e-5, 1e-3, 1, 50])
def test_the_gamma_likelihood_s_equation_is_solved(excess, branch):
    with mpmath.workdps(40):
        root = -mpmath.lambertw(-mpmath.exp(-1 - mpmath.mpf(excess)), branch).real
    assert _ratio(np.array(excess), branch) == pytest.approx(float(root), rel=1e-13)


@pytest.mark.parametrize("case", PROGRESS, ids=str)
def test_the_part_of_the_way_has_fieller_s_limits(case):
    baseline, latest, target, baseline_error, latest_error, part, low, high = case
    found = progress_interval(
        baseline, latest, target, baseline_error=baseline_error, latest_error=latest_error
    )
    assert 100 * (latest - baseline) / (target - baseline) == pytest.approx(part, abs=5e-7)
    assert (100 * found.low, 100 * found.high) == pytest.approx((low, high), abs=1e-6)
