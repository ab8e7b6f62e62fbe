"""Intervals for rates: what holds for all of them, their ends and what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.rates import (
    rate_interval,
    rate_ratio_interval,
    standardised_rate_interval,
)

METHODS = ("exact", "byar")
STANDARDISED = ("dobson", "dobson-byar", "gamma")
events = st.integers(0, 10_000)
levels = st.floats(0.2, 0.9999)
amounts = st.floats(1e-6, 1e6)


@given(events, amounts, levels, st.sampled_from(METHODS))
def test_limits_hold_the_rate_are_not_negative_and_have_a_width(count, exposure, level, method):
    low, high = rate_interval(count, exposure, method=method, confidence_level=level)
    assert 0 <= low <= count / exposure < high
    assert (low == 0) == (count == 0) or method == "byar"


@given(events, amounts, st.floats(1e-3, 1e6), st.sampled_from(METHODS))
def test_a_unit_of_exposure_scales_the_limits(count, exposure, per, method):
    scaled = rate_interval(count, exposure, per=per, method=method)
    plain = rate_interval(count, exposure, method=method)
    assert scaled.low == pytest.approx(plain.low * per, rel=1e-12)
    assert scaled.high == pytest.approx(plain.high * per, rel=1e-12)


@given(events, amounts, events, amounts, levels)
def test_a_ratio_turned_round_has_the_limits_turned_round(a, time_a, b, time_b, level):
    low, high = rate_ratio_interval(a, time_a, b, time_b, confidence_level=level)
    back = rate_ratio_interval(b, time_b, a, time_a, confidence_level=level)
    with np.errstate(divide="ignore"):
        assert 1 / back.high == pytest.approx(low, rel=1e-9)
        assert 1 / back.low == pytest.approx(high, rel=1e-9)
    assert 0 <= low < high
    assert low * b * time_a <= a * time_b * (1 + 1e-9)


def test_a_ratio_knows_one_side_where_a_rate_has_no_events():
    low, high = rate_ratio_interval([0, 0, 3], 1, [0, 2, 0], 1)
    assert low.tolist()[:2] == [0, 0]
    assert low[2] > 0
    assert np.isinf(high).tolist() == [True, False, True]
    assert np.isnan(rate_ratio_interval([0, 1], [0, 1], 1, 1).low).tolist() == [True, False]


@given(
    st.lists(st.tuples(st.integers(0, 50), st.floats(1, 1e4), st.floats(0, 10)), min_size=1),
    st.sampled_from(STANDARDISED),
)
def test_standardised_limits_hold_the_rate_and_have_a_width(strata, method):
    count, exposure, weights = map(np.array, zip(*strata, strict=True))
    weights[0] = 1
    low, high = standardised_rate_interval(count, exposure, weights, method=method)
    rate = np.sum(weights / weights.sum() * count / exposure)
    assert 0 <= low <= rate * (1 + 1e-12)
    assert rate < high


@pytest.mark.parametrize("method", STANDARDISED)
@pytest.mark.parametrize("weight", [0, 1e-200])
def test_events_of_strata_without_weight_tell_nothing(weight, method):
    low, high = standardised_rate_interval([0, 7], [10, 10], [1, weight], method=method)
    alone = standardised_rate_interval([0], [10], [1], method=method)
    assert (float(low), float(high)) == (float(alone.low), float(alone.high))
    assert high > 0


@given(events, amounts, st.sampled_from(METHODS))
def test_a_single_stratum_is_a_plain_rate(count, exposure, method):
    name = {"exact": "dobson", "byar": "dobson-byar"}[method]
    one = standardised_rate_interval([count], [exposure], [3], method=name)
    low, high = rate_interval(count, exposure, method=method)
    assert tuple(one) == pytest.approx((float(low), float(high)), rel=1e-9, abs=1e-12)


def test_a_rate_without_exposure_is_not_known():
    low, high = rate_interval([0, 2], [0, 4])
    assert np.isnan(low[0])
    assert np.isnan(high[0])
    assert low[1] > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rate_interval(1.5, 1), "events must be whole numbers, 0 or more, got 1.5; pass"),
        (lambda: rate_interval(1, -1), "exposure must be 0 or more and finite, got -1"),
        (lambda: rate_interval(1, np.inf), "exposure must be 0 or more and finite, got inf"),
        (lambda: rate_interval(3, 0), "events need an exposure that they happened in, got 3 in 0"),
        (lambda: rate_interval([1, 2], [1, 2, 3]), "events and exposure must have shapes that"),
        (lambda: rate_ratio_interval([1, 2], 1, [1, 2, 3], 1), "rates must have shapes that"),
        (lambda: standardised_rate_interval([1], [1], [-1]), "weights must be 0 or more and"),
        (lambda: standardised_rate_interval([1], [1], [0]), "weights must be given for each"),
        (lambda: rate_interval(1, "2"), "exposure must be numbers, got '2'"),
        (lambda: standardised_rate_interval(1, 1, 1), "weights must be given for each stratum"),
        (lambda: standardised_rate_interval([0, 1], [0, 1], 1), "every stratum needs an exposure"),
        (lambda: standardised_rate_interval([1, 2], 1, [1, 2, 3]), "events and weights must have"),
    ],
)  # fmt: skip
def test_numbers_that_no_rate_has_are_named(call, message):
    with pytest.raises(TallyError, match=f"^{message}"):
        call()


@pytest.mark.parametrize("options", [{"per": 0}, {"per": "1"}, {"method": "wald"}, {"confidence_level": 95}])  # fmt: skip
def test_options_out_of_range_are_named(options):
    [name] = options
    with pytest.raises(OptionError, match=name):
        rate_interval(1, 1, **options)
