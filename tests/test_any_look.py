"""Limits of a share at any look: that they are never wrong too often, their ends and their law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit

from custfocus.errors import OptionError, TallyError
from custfocus.intervals import (
    any_look_evidence,
    any_look_interval,
    any_look_p_value,
    proportion_interval,
)
from custfocus.intervals.any_look import any_look_limits

levels = st.floats(0.02, 0.9999)
shares = st.floats(0.001, 0.999)
samples = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def chance_ever(share, looks, level=0.95):
    """The chance that a lower, and that an upper limit is ever wrong; every look in turn."""
    bound, going, wrong = 2 / (1 - level), np.ones(1), np.zeros(2)
    for n in range(1, looks + 1):
        following = np.zeros(n + 1)
        following[1:] = share * going
        following[:-1] += (1 - share) * going
        over = [one >= bound for one in any_look_evidence(np.arange(n + 1), n, share)]
        wrong += [following[side].sum() for side in over]
        going = np.where(over[0] | over[1], 0, following)
    return wrong


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.8, 0.9, 0.99])
def test_each_limit_is_ever_wrong_with_no_more_than_half_of_the_error(share):
    for level in (0.8, 0.95):
        wrong = chance_ever(share, 300, level)
        assert (wrong < (1 - level) / 2).all()
        assert wrong.sum() > (1 - level) / 10  # and not for want of evidence


@given(samples, levels)
def test_limits_hold_the_share_of_the_sample_and_have_a_width(sample, level):
    (k, n), (low, high) = sample, any_look_interval(*sample, confidence_level=level)
    assert 0 <= low <= k / n <= high <= 1
    assert (low > 0) == (k > 0)
    assert (high < 1) == (k < n)
    assert low < high


@given(samples, levels)
def test_those_who_do_not_count_have_the_limits_mirrored(sample, level):
    k, n = sample
    low, high = any_look_interval(k, n, confidence_level=level)
    mirror = any_look_interval(n - k, n, confidence_level=level)
    assert mirror.low == pytest.approx(1 - high, rel=1e-9, abs=1e-14)
    assert mirror.high == pytest.approx(1 - low, rel=1e-9, abs=1e-14)


@given(samples, levels, levels)
def test_they_widen_with_the_level(sample, one, other):
    narrow, wide = (any_look_interval(*sample, confidence_level=x) for x in sorted([one, other]))
    assert wide.low <= narrow.low * (1 + 1e-12)
    assert wide.high >= narrow.high * (1 - 1e-12)


@given(samples, shares, levels)
def test_evidence_p_value_and_limits_agree(sample, share, level):
    low, high = any_look_interval(*sample, confidence_level=level)
    above, below = any_look_evidence(*sample, share)
    enough = 2 / (1 - level)
    if abs(low - share) > 1e-9 * share:
        assert (low > share) == (above > enough)
    if abs(high - share) > 1e-9 * share:
        assert (high < share) == (below > enough)
        outside = bool(low > share or high < share)
        assert (any_look_p_value(*sample, share) < 1 - level) == outside


@given(samples)
def test_evidence_falls_with_the_share_and_is_below_1_beyond_that_of_the_sample(sample):
    k, n = sample
    grid = np.linspace(0.0005, 0.9995, 400)
    above = any_look_evidence(k, n, grid).above
    inside = above[grid <= k / n]
    assert (inside[1:] <= inside[:-1] * (1 + 1e-9)).all()
    assert (above[grid > k / n] < 1).all()


def test_the_mean_of_the_evidence_is_never_more_than_1_while_the_share_is_no_more():
    for n in (1, 5, 60):
        k = np.arange(n + 1)
        ways = np.exp(np.cumsum(np.log(np.r_[1, (n - k[1:] + 1) / k[1:]])))
        for share in (0.1, 0.5, 0.9):
            above = any_look_evidence(k, n, share).above
            assert (ways * share**k * (1 - share) ** (n - k)) @ above == pytest.approx(1, abs=1e-10)
            less = share * 0.9
            assert (ways * less**k * (1 - less) ** (n - k)) @ above < 1


def test_evidence_is_the_mean_likelihood_ratio_over_larger_shares():
    # by plain numerical integration over Beta(2, 2) above the share
    for k, n, share in [(7, 10, 0.5), (50, 80, 0.55), (3, 40, 0.02), (0, 12, 0.3), (12, 12, 0.9)]:
        q = share + (1 - share) * (np.arange(200_000) + 0.5) / 200_000
        ratio = (q / share) ** k * ((1 - q) / (1 - share)) ** (n - k)
        mean = (ratio * q * (1 - q)).sum() / (q * (1 - q)).sum()
        assert any_look_evidence(k, n, share).above == pytest.approx(mean, rel=1e-8)


def test_the_price_is_between_half_more_and_twice_of_wilson_s_width():
    for n in (30, 100, 500, 2000):
        k = np.round(n * np.array([0.5, 0.8, 0.9, 0.95]))
        low, high = any_look_interval(k, n)
        least, most = proportion_interval(k, n)
        price = (high - low) / (most - least)
        assert (price > 1.5).all()
        assert (price < 1.85).all()


@pytest.mark.parametrize("share", [0.4, 0.9, 0.001])
def test_large_samples_have_limits_with_all_digits(share):
    # beyond a million answers the width times the root of n goes on rising, slowly and evenly
    n = 10.0 ** np.arange(7, 15, 0.25)
    low, high = any_look_limits(n * share, n, 0.95)
    scaled = (high - low) * np.sqrt(n / share / (1 - share)) / 2
    assert (np.diff(scaled**2) > 0.4).all()  # by log(10**0.25) = .58 in the end
    assert (np.diff(scaled**2) < 0.7).all()
    assert (low < share).all()
    assert (share < high).all()


def test_evidence_far_on_the_wrong_side_is_small_and_not_none():
    found = any_look_evidence([0, 10**3, 5 * 10**7], [10**3, 10**3, 10**8], [0.9, 0.1, 0.7])
    hazard = 6 * 0.9**2 / (1 + 2 * 0.9)  # of Beta(2, 2) in the log-odds, over n p - k in the end
    assert found.above[0] == pytest.approx(hazard / (1000 * 0.9), rel=0.01)
    assert found.above[2] == pytest.approx(6 * 0.49 / 2.4 / 2e7, rel=0.01)
    assert np.isinf(found.below[[0, 2]]).all()
    assert found.below[1] == pytest.approx(found.above[0], rel=1e-12)
    assert any_look_p_value(5, 10, 0.5) == 1


def test_nothing_overflows_or_is_divided_by_0():
    with np.errstate(all="raise"):
        any_look_interval([0, 1, 0, 1, 10**9], [1, 1, 10**15, 10**15, 10**9])
        any_look_evidence([0, 10**12, 3], [10**12, 10**12, 5], [[1e-300], [0.5], [1 - 1e-16]])
        low, _ = any_look_limits(np.array([1e-3, 1e-3]), np.array([10.0, 1e7]), 0.95)
    assert (low == 0).all()


def test_empty_groups_have_no_limits_and_an_empty_sample_is_an_error():
    low, high = any_look_interval([0, 3], [0, 5])
    assert np.isnan([low[0], high[0], any_look_p_value([0, 3], [0, 5], 0.5)[0]]).all()
    assert np.isnan(any_look_evidence([0, 3], [0, 5], 0.5)).any(axis=1).all()
    assert not np.isnan([low[1], high[1]]).any()
    with pytest.raises(TallyError, match="no answers"):
        any_look_interval(0, 0)


def test_results_can_not_be_written_to_and_a_group_is_the_same_alone():
    k, n = np.array([[3, 40], [0, 7]]), np.array([5, 50])
    low, high = any_look_interval(k, n)
    for at in np.ndindex(2, 2):
        alone = any_look_interval(k[at], n[at[1]])
        assert (alone.low, alone.high) == (low[at], high[at])
    for array in (low, high, *any_look_evidence(k, n, 0.5), any_look_p_value(k, n, 0.5)):
        assert array.shape == (2, 2)
        assert not array.flags.writeable


@pytest.mark.parametrize("share", [0, 1, -0.1, 60, np.nan, [0.5, 1.5]])
def test_a_share_is_between_0_and_1(share):
    with pytest.raises(OptionError, match=r"share must lie between 0 and 1, got .*0\.6"):
        any_look_evidence([3, 4], 5, share)


def test_wrong_counts_are_errors_that_show_them():
    with pytest.raises(TallyError, match="successes must not exceed n, got 6 of 5"):
        any_look_interval(6, 5)
    with pytest.raises(TallyError, match="successes and n must have shapes that broadcast"):
        any_look_interval([1, 2, 3], [5, 5])
    with pytest.raises(TallyError, match=r"share of shape \(3,\) does not fit counts of shape"):
        any_look_p_value([1, 2], 5, [0.1, 0.2, 0.3])
    with pytest.raises(OptionError, match="confidence_level must lie between 0 and 1"):
        any_look_interval(1, 5, confidence_level=95)


def test_log_odds_of_the_share_are_those_of_the_root():
    low, high = any_look_interval(81, 263)
    assert any_look_evidence(81, 263, low).above == pytest.approx(40, rel=1e-9)
    assert any_look_evidence(81, 263, high).below == pytest.approx(40, rel=1e-9)
    assert logit(low) < logit(81 / 263)
