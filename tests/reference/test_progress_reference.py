"""Statuses by Healthy People 2020, expected values, trends and projections against known numbers."""

import numpy as np
import pytest

from custfocus.intervals.toward_target import expected_value, healthy_people_status
from custfocus.intervals.trend import damped_projection, linear_trend

# Final Progress Table of Healthy People 2020: baseline, latest, target, better, both standard
# errors; the status, and the percent of the targeted change or of the baseline, or z
NO = np.nan
STATUSES = [
    (20.6, 17.0, 12, "lower", 0.27, 0.30, "improved", "percent", 41.860465),
    (20.6, 17.0, 12, "lower", 0.27, 0.30, "improved", "z", 8.919530),
    (19.5, 15.7, 16, "lower", NO, NO, "met", "percent", 108.571429),
    (50, 52, 70, "higher", NO, NO, "improved", "percent", 10),
    (50, 51.9, 70, "higher", NO, NO, "little or no change", "percent", 9.5),
    (50, 52, 70, "higher", 1, 0.9, "little or no change", "z", 1.486588),
    (50, 52.2, 70, "higher", 1, 0.9, "little or no change", "z", 1.635247),
    (50, 45, 70, "higher", NO, NO, "worse", "change", -10),
    (50, 48, 70, "higher", 0.8, 0.8, "worse", "z", -1.767767),
    (72, 70.5, 70, "higher", NO, NO, "met", "percent", NO),
    (30, 30, 25, "lower", NO, NO, "little or no change", "percent", 0),
    (72, 69, 70, "higher", NO, NO, "little or no change", "change", -4.166667),
    (72, 64, 70, "higher", NO, NO, "worse", "change", -11.111111),
    (0, 3, 0, "lower", NO, NO, "worse", "change", NO),
    (0.1, 0.13, 0.4, "higher", NO, NO, "improved", "percent", 10),  # not 9.99... in floats
    (NO, 3, 0, "lower", NO, NO, "no data", "percent", NO),
]  # fmt: skip

MONTHS = [62, 63.1, 62.4, 64.2, 65, 64.1, 66.3, 66.9]
ERRORS = [1.2, 1.1, 1.2, 1, 1, 0.9, 0.9, 0.8]


@pytest.mark.parametrize("case", STATUSES, ids=str)
def test_statuses_are_those_of_the_rules(case):
    baseline, latest, target, better, baseline_error, latest_error, status, name, number = case
    errors = {"baseline_error": baseline_error, "latest_error": latest_error}
    found = healthy_people_status(baseline, latest, target, better=better, **errors)
    assert found.status == status
    assert float(getattr(found, name)) == pytest.approx(number, abs=5e-7, nan_ok=True)


def test_expected_values_lie_on_the_course():
    assert expected_value(20.6, 12, 0.5) == pytest.approx(16.3)
    assert expected_value(20.6, 12, 0.5, course="ratio") == pytest.approx(15.7226, abs=5e-5)
    found = expected_value(20, 10, [-0.1, 0, 0.25, 1, 3])
    assert found.tolist() == [pytest.approx(NO, nan_ok=True), 20, 17.5, 10, 10]


def test_the_line_is_that_of_least_squares():
    found = linear_trend(MONTHS, range(8))
    assert found.level - 7 * found.slope == pytest.approx(61.908333, abs=5e-7)
    assert (found.slope, found.slope_error) == pytest.approx((0.669048, 0.105781), abs=5e-7)
    assert (found.low, found.high) == pytest.approx((0.410212, 0.927883), abs=5e-7)


def test_the_line_of_values_with_known_errors_weighs_them():
    found = linear_trend(MONTHS, range(8), standard_errors=ERRORS)
    assert found.level - 7 * found.slope == pytest.approx(61.897130, abs=5e-7)
    assert (found.slope, found.slope_error) == pytest.approx((0.675679, 0.153402), abs=5e-7)
    assert found.level + 4 * found.slope == pytest.approx(69.329594, abs=1e-6)


def by_hand(values, times, at):
    """The damped projection of one series, written out with matrices."""
    y, t = (np.array(one, float) for one in (values, times))
    x = np.stack([np.ones(len(t)), t], axis=1)
    inverse = np.linalg.inv(x.T @ x)
    hat = x @ inverse @ x.T
    e = y - hat @ y
    _, slope = inverse @ x.T @ y
    n, left = len(t), at - t[-1]
    r1 = sum(e[1:] * e[:-1]) / sum(e**2)
    rho = min(max(0.3, (r1 * n + 2) / (n - 4)), 0.85)
    alike = rho ** np.abs(t[:, None] - t)
    variance = sum(e**2) / np.trace((np.eye(n) - hat) @ alike)
    a, ahead = x @ inverse @ [1, at], rho ** (at - t)
    error = np.sqrt(variance * (1 + a @ alike @ a - 2 * a @ ahead))
    return (hat @ y)[-1] + slope * sum(0.85**k for k in range(1, int(left) + 1)), error


@pytest.mark.parametrize("values", [MONTHS, [3, 5, 4, 8, 9, 9.5, 12], [1, 2, 4, 7, 11, 16]])
def test_the_projection_is_that_of_its_definition(values):
    times = range(len(values))
    found = damped_projection(values, times, len(values) + 2)
    value, error = by_hand(values, times, len(values) + 2)
    assert (found.value, found.error) == pytest.approx((value, error), rel=1e-12)
    assert found.degrees_of_freedom == len(values) - 3


# The share of 80 % intervals that hold the value h periods on, of n independent periods and of
# autocorrelated ones, with a trend of .25 standard deviations: 20,000 series, within .003
COVERAGE = {(5, 4): (0.95, 0.91, 0.86), (8, 4): (0.92, 0.87, 0.80), (12, 8): (0.87, 0.83, 0.78)}


@pytest.mark.parametrize("case", COVERAGE, ids=str)
def test_projections_hold_the_value_as_often_as_published(case):
    n, ahead = case
    generator = np.random.default_rng(20261128)
    for correlation, share in zip((0, 0.3, 0.6), COVERAGE[case], strict=True):
        noise = generator.normal(size=(20_000, n + ahead))
        for place in range(1, n + ahead):
            noise[:, place] *= np.sqrt(1 - correlation**2)
            noise[:, place] += correlation * noise[:, place - 1]
        series = noise + 0.25 * np.arange(n + ahead)
        found = damped_projection(series[:, :n], range(n), n - 1 + ahead)
        held = (found.low <= series[:, -1]) & (series[:, -1] <= found.high)
        assert held.mean() == pytest.approx(
            share, abs=0.0125
        )  # quoted in two digits, both simulated
