"""Intervals for means of amounts and for ratios: what holds for all, their ends and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.amounts import amounts_interval, moments
from custfocus.intervals.ratios import progress_interval, totals_ratio_interval

METHODS = ("skewed", "hall", "gamma", "t")
RATIOS = ("log-delta", "delta", "fieller")
levels = st.floats(0.05, 0.999)
values = st.lists(st.floats(0, 1e4).map(lambda x: round(x, 3)), min_size=1, max_size=40)


@given(values, levels, st.sampled_from(METHODS))
def test_limits_of_a_mean_hold_it_and_are_not_negative(sample, level, method):
    found = amounts_interval(*moments(sample), method=method, confidence_level=level)
    assert 0 <= found.low <= np.mean(sample) * (1 + 1e-12)
    assert found.high >= np.mean(sample) * (1 - 1e-12)
    assert found.low < found.high


@given(values, st.sampled_from([0.001, 60, 3600]), st.sampled_from(METHODS))
def test_limits_of_a_mean_follow_the_unit(sample, unit, method):
    plain = amounts_interval(*moments(sample), method=method)
    scaled = amounts_interval(*moments(np.array(sample) * unit), method=method)
    assert scaled.low == pytest.approx(plain.low * unit, rel=1e-6, abs=1e-9)
    assert scaled.high == pytest.approx(plain.high * unit, rel=1e-6)


def test_one_amount_or_equal_ones_say_nothing_of_how_amounts_vary():
    for sample in ([5], [3, 3, 3], [0, 0]):
        assert amounts_interval(*moments(sample)) == (0, np.inf)
    batch = amounts_interval([0, 1, 2], [np.nan, 5, 3], [np.nan, np.nan, 2], np.nan)
    assert np.isnan(batch.low).tolist() == [True, False, False]
    assert np.isinf(batch.high).tolist() == [False, True, False]


def test_the_default_is_hall_s_from_ten_amounts_and_where_its_lower_limit_is_above_0():
    generator = np.random.default_rng(1)
    nine, ten = (moments(generator.exponential(size=n)) for n in (9, 10))
    assert amounts_interval(*nine) == amounts_interval(*nine, method="gamma")
    assert amounts_interval(*ten) == amounts_interval(*ten, method="hall")
    rare = moments([0] * 10 + [30])
    assert amounts_interval(*rare, method="hall").low == 0
    assert amounts_interval(*rare).low == amounts_interval(*rare, method="gamma").low > 0
    assert amounts_interval(*rare).high == amounts_interval(*rare, method="hall").high


def test_without_skewness_hall_s_limits_are_student_s():
    even = moments(np.arange(20.0))
    hall, student = (amounts_interval(*even, method=method) for method in ("hall", "t"))
    assert tuple(hall) == pytest.approx([float(limit) for limit in student], rel=1e-12)


def test_of_no_values_there_are_no_moments():
    n, mean, variance, skewness = moments([])
    assert n == 0
    assert np.isnan([mean, variance, skewness]).all()


counts = st.integers(0, 500)


@given(
    st.lists(st.tuples(counts, counts), min_size=1, max_size=30), levels, st.sampled_from(RATIOS)
)
def test_limits_of_a_ratio_hold_it_and_are_not_negative(clusters, level, method):
    y, x = map(np.array, zip(*clusters, strict=True))
    x[0] += 1
    low, high = totals_ratio_interval(y, x, method=method, confidence_level=level)
    assert 0 <= low <= y.sum() / x.sum() <= high
    assert low < high


def test_clusters_of_one_ratio_say_nothing_of_how_ratios_vary():
    for y, x in (([1, 2], [10, 20]), ([0, 0], [10, 20]), ([3], [4])):
        assert totals_ratio_interval(y, x) == (0, np.inf)
    bounded = totals_ratio_interval([[30, 41], [1, 2]], [[10, 12], [0, 20]], method="fieller")
    assert np.isinf(bounded.high).tolist() == [True, True]


@given(
    *[st.floats(-100, 100).map(lambda x: round(x, 2))] * 3,
    *[st.floats(0, 20).map(lambda x: round(x, 2))] * 2,
)
def test_fieller_s_limits_hold_the_part_of_the_way_and_no_change_of_unit_moves_them(
    baseline, latest, target, baseline_error, latest_error
):
    target += 0 if abs(target - baseline) > 0.5 else 1.5
    errors = {"baseline_error": baseline_error, "latest_error": latest_error}
    low, high = progress_interval(baseline, latest, target, **errors)
    part = (latest - baseline) / (target - baseline)
    assert low <= part <= high
    certain = latest_error == 0 and (baseline_error == 0 or latest == target)
    assert low < high or certain
    assert low == high or baseline_error + latest_error > 0
    other = {name: 9 * error for name, error in errors.items()}
    turned = progress_interval(-9 * baseline, -9 * latest, -9 * target, **other)
    assert np.isinf(turned.low) == np.isinf(low) or abs(low) > 1e3
    if np.isfinite([low, turned.low]).all():
        assert tuple(turned) == pytest.approx((float(low), float(high)), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: amounts_interval(0, 1, 1, 0), "no answers"),
        (lambda: amounts_interval(3, -1, 1, 0), "mean must be that of amounts of 0 or more, got -1"),
        (lambda: amounts_interval(3, 1, -1, 0), "variance must be that of amounts of 0 or more"),
        (lambda: amounts_interval(3, 1, 1, np.inf), "skewness must be that of amounts of 0 or"),
        (lambda: amounts_interval(3, 0, 1, 0), "amounts of 0 or more with a mean of 0 are all 0"),
        (lambda: amounts_interval([1, 2], [1, 2, 3], 1, 1), "moments must have shapes that"),
        (lambda: moments(3), "values must be a list of numbers, got 3"),
        (lambda: totals_ratio_interval([1], [-1]), "denominator must be 0 or more and finite"),
        (lambda: totals_ratio_interval([np.nan], [1]), "numerator must be 0 or more and finite"),
        (lambda: totals_ratio_interval([1, 2], [1, 2, 3]), "numerator and denominator must have"),
        (lambda: totals_ratio_interval([], []), "totals need a number for each cluster, got none"),
        (lambda: totals_ratio_interval(1, 1), "totals need a number for each cluster, got none"),
        (lambda: totals_ratio_interval([1, 1], [0, 0]), "denominators must not all be 0"),
        (lambda: progress_interval(1, 2, 1), "a target must differ from its baseline, got 1"),
        (lambda: progress_interval(1, 2, 3, baseline_error=-1), "baseline_error must be 0 or more"),
        (lambda: progress_interval([1, 2], [1, 2, 3], 4), "progress needs shapes that broadcast"),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_are_named(call, message):
    with pytest.raises(TallyError, match=f"^{message}"):
        call()


@pytest.mark.parametrize("interval", [amounts_interval, totals_ratio_interval])
def test_options_out_of_range_are_named(interval):
    sample = ([3], [1], [1], [0]) if interval is amounts_interval else ([1, 2], [1, 3])
    for options in ({"method": "wald"}, {"confidence_level": 95}):
        with pytest.raises(OptionError, match=next(iter(options))):
            interval(*sample, **options)
