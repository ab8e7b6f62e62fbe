"""Trends, projections and statuses: what holds for all, gaps, ends and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.toward_target import expected_value, healthy_people_status
from custfocus.intervals.trend import damped_projection, linear_trend

numbers = st.floats(-100, 100).map(lambda x: round(x, 2))
series = st.lists(numbers, min_size=5, max_size=20)


@given(series, numbers, st.sampled_from([0.01, 1, 60]))
def test_a_trend_follows_the_unit_and_the_direction(values, shift, unit):
    times = range(len(values))
    plain = linear_trend(values, times)
    moved = linear_trend(shift - unit * np.array(values), times)
    assert moved.slope == pytest.approx(-unit * plain.slope, rel=1e-9, abs=1e-9)
    if np.isfinite([plain.low, moved.low]).all():
        assert moved.low == pytest.approx(-unit * plain.high, rel=1e-6, abs=1e-6)


@given(series, st.integers(1, 4))
def test_a_projection_holds_its_value_and_widens(values, ahead):
    n = len(values)
    near, far = (damped_projection(values, range(n), n - 1 + step) for step in (ahead, ahead + 1))
    assert near.low < near.value < near.high or np.isinf(near.high)
    assert far.error >= near.error * (1 - 1e-9)
    assert np.isnan(near.chance(-np.inf, np.inf)) or near.chance(-np.inf, np.inf) == 1


@given(st.lists(series.filter(lambda one: len(one) >= 6), min_size=1, max_size=4), st.data())
def test_a_gap_is_a_period_left_out(many, data):
    n = min(map(len, many))
    table = np.array([one[:n] for one in many])
    gap = data.draw(st.integers(1, n - 2))
    left = [place for place in range(n) if place != gap]
    holed = table.copy()
    holed[:, gap] = np.nan
    full, short = linear_trend(holed, range(n)), linear_trend(table[:, left], left)
    for ours, theirs in zip(full, short, strict=True):
        assert ours.tolist() == pytest.approx(theirs.tolist(), rel=1e-9, abs=1e-9, nan_ok=True)


def test_few_periods_have_no_trend_and_an_exact_line_no_limits():
    found = linear_trend([[1, 2, 4, 3, np.nan], [1, 2, 3, 4, 5]], range(5))
    assert np.isnan(found.slope).tolist() == [True, False]
    assert np.isinf(found.high).tolist() == [False, True]
    ahead = damped_projection([[1, 2, 4, 3, np.nan], [2, 2, 2, 2, 2]], range(5), 6)
    assert np.isnan(ahead.value).tolist() == [True, False]
    assert ahead.value[1] == pytest.approx(2)
    assert np.isinf(ahead.high[1])


def test_a_chance_is_that_of_the_t_distribution():
    found = damped_projection([62, 63.1, 62.4, 64.2, 65, 64.1, 66.3, 66.9], range(8), 11)
    assert found.chance(found.low, np.inf) == pytest.approx(0.9)
    assert found.chance(-np.inf, found.value) == pytest.approx(0.5)


def test_values_that_scatter_beyond_their_errors_have_wider_limits():
    values = [1, 5, 2, 8, 3, 9]
    loose = linear_trend(values, range(6), standard_errors=1e-3)
    plain = linear_trend(values, range(6))
    assert loose.slope_error == pytest.approx(plain.slope_error)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: linear_trend([1, 2], [1]), "times must be one for each period"),
        (lambda: linear_trend(1, 1), "times must be one for each period"),
        (lambda: linear_trend([1, 2], [2, 1]), "times must increase from period to period"),
        (lambda: linear_trend([1, np.inf], [1, 2]), "values must be finite"),
        (lambda: linear_trend([1, 2], [1, 2], standard_errors=0), "standard_errors must be above"),
        (lambda: healthy_people_status(1, 2, np.inf, better="lower"), "target must be finite"),
        (lambda: healthy_people_status(1, 2, 3, better="lower", latest_error=-1), "latest_error"),
        (lambda: expected_value([1, 2], [1, 2, 3], 0), "must be of one shape, got"),
        (lambda: expected_value(0, 2, 0.5, course="ratio"), "equal percentages need a baseline"),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_are_named(call, message):
    with pytest.raises(TallyError, match=message):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: healthy_people_status(1, 2, 3, better="within"),
        lambda: expected_value(1, 2, 0.5, course="cubic"),
        lambda: damped_projection(range(6), range(6), 5),
        lambda: damped_projection(range(6), range(6), 12),
        lambda: linear_trend([1, 2], [1, 2], confidence_level=95),
    ],
)
def test_options_out_of_range_are_named(call):
    with pytest.raises(OptionError):
        call()
