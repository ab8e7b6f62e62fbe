"""Limits of quantiles as functions of arrays: ranks, and shares turned round."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import binom  # noqa: TID251 - another implementation

from custfocus.errors import OptionError, TallyError
from custfocus.intervals import fewest_for_quantile, proportion_interval, quantile_ranks
from custfocus.intervals.quantile_interval import order_ranks, quantile_limits, quantile_value

METHODS = {"exact": "clopper-pearson", "mid-p": "mid-p"}
quantiles = st.floats(0.01, 0.99)
levels = st.sampled_from([0.5, 0.8, 0.95, 0.999])
methods = st.sampled_from(sorted(METHODS))
VALUES = np.array([1.0, 2, 3, 4])


class TestRanks:
    @given(st.integers(0, 200), quantiles, methods, levels)
    def test_they_are_the_first_and_the_last_that_a_binomial_test_leaves(self, n, q, method, level):
        low, high = quantile_ranks(n, q, method=method, confidence_level=level)
        counts, part = np.arange(n + 1), 1.0 if method == "exact" else 0.5
        density = binom.pmf(counts, n, q)
        few = binom.cdf(counts - 1, n, q) + part * density
        many = binom.sf(counts, n, q) + part * density
        alpha = (1 - level) / 2
        if (np.abs(np.append(few, many) / alpha - 1) < 1e-9).any():
            return  # on the very edge, where rounding decides
        assert low == (few < alpha).sum()
        assert high == n + 1 - (many < alpha).sum()

    @given(st.integers(1, 300), quantiles, methods)
    def test_they_are_limits_of_shares_turned_round(self, n, q, method):
        low, high = quantile_ranks(n, q, method=method)
        ends = proportion_interval(np.arange(n + 1), n, method=METHODS[method])
        if (np.abs(np.array(ends) - q) < 1e-9).any():
            return
        assert low == (ends.high < q).sum()
        assert high == (ends.low <= q).sum()

    @given(st.lists(st.integers(0, 10**9), max_size=3), quantiles, methods)
    def test_each_size_has_the_ranks_that_it_has_alone(self, sizes, q, method):
        low, high = quantile_ranks(np.array(sizes, float), q, method=method)
        alone = [quantile_ranks(n, q, method=method) for n in sizes]
        assert low.tolist() == [float(one.low) for one in alone]
        assert high.tolist() == [float(one.high) for one in alone]

    @given(st.integers(0, 10**6), quantiles, methods)
    def test_turned_upside_down_they_are_mirrored(self, n, q, method):
        low, high = quantile_ranks(n, q, method=method)
        other = quantile_ranks(n, 1 - q, method=method)
        assert abs(n + 1 - low - other.high) <= (1 - (1 - q) != q)
        assert abs(n + 1 - high - other.low) <= (1 - (1 - q) != q)

    @given(st.integers(1, 10**6), quantiles)
    def test_they_widen_with_the_level_and_hold_the_quantile_of_the_sample(self, n, q):
        wide, narrow = (quantile_ranks(n, q, confidence_level=level) for level in (0.99, 0.9))
        assert wide.low <= narrow.low <= narrow.high <= wide.high
        first, last = order_ranks(np.array(float(n)), q)
        assert wide.low <= first <= last <= wide.high
        inner = quantile_ranks(n, q, method="mid-p", confidence_level=0.99)
        assert wide.low <= inner.low <= inner.high <= wide.high

    def test_large_samples_are_near_the_normal_approximation(self):
        n = 10.0**14
        low, high = quantile_ranks(n)
        arm = 1.959963984540054 * math.sqrt(n) / 2
        assert n / 2 - low == pytest.approx(arm, rel=1e-6)
        assert high - n / 2 == pytest.approx(arm, rel=1e-6)

    @given(quantiles, methods, levels)
    @example(0.5, "exact", 0.5)  # two values miss a limit by nothing at all
    def test_the_fewest_are_the_first_that_have_a_limit(self, q, method, level):
        options = {"method": method, "confidence_level": level}
        below, above = fewest_for_quantile(q, **options)
        assert quantile_ranks(below, q, **options).low >= 1
        assert quantile_ranks(above, q, **options).high <= above
        assert below == 1 or quantile_ranks(below - 1, q, **options).low == 0
        assert above == 1 or quantile_ranks(above - 1, q, **options).high == above

    @pytest.mark.parametrize(
        ("options", "kind", "message"),
        [
            ({"n": -1}, TallyError, "n must be whole numbers, 0 or more, got -1"),
            ({"n": 5, "q": 90}, OptionError, r"q must be a share in \(0, 1\), got 90; write 0.9"),
            ({"n": 5, "q": 0}, OptionError, r"q must be a share in \(0, 1\), got 0$"),
            ({"n": 5, "q": True}, OptionError, r"q must be a share in \(0, 1\), got True$"),
            ({"n": 5, "q": "median"}, OptionError, r"got 'median'$"),
            ({"n": 5, "method": "score"}, OptionError, "unknown method 'score'"),
            ({"n": 5, "confidence_level": 95}, OptionError, "confidence_level"),
        ],
    )
    def test_what_cannot_be_is_named(self, options, kind, message):
        with pytest.raises(kind, match=message):
            quantile_ranks(**options)


class TestSharesTurnedRound:
    @pytest.mark.parametrize(
        ("shares", "q", "found"),
        [
            ([0.2, 0.7, 0.9], 0.5, 2),
            ([0.2, 0.5, 0.9], 0.5, 2.5),  # a tie: all from 2 to 3 are medians
            ([0.2, 0.5, 0.5], 0.5, 3),  # none chose 3, and all from 2 to 4 are
            ([0.1 + 0.2, 0.9, 1], 0.3, 1.5),  # .30000000000000004
            ([0, 0, 0], 0.5, 4),
            ([1, 1, 1], 0.01, 1),
        ],
    )
    def test_the_quantile_is_the_middle_of_all_values_that_are_one(self, shares, q, found):
        assert quantile_value(VALUES, np.array(shares, float), q) == found

    def test_where_the_limits_of_shares_do_not_grow_the_outermost_values_count(self):
        low = np.array([0.1, 0.6, 0.4])
        high = np.array([0.6, 0.4, 0.9])
        assert quantile_limits(VALUES, low, high, 0.5) == (1, 4)

    def test_no_answers_have_no_limits(self):
        none = np.full((2, 3), np.nan)
        none[1] = [0.1, 0.3, 0.9]
        low, high = quantile_limits(VALUES, none, none, 0.5)
        assert np.array_equal(low, [np.nan, 3], equal_nan=True)
        assert np.array_equal(high, [np.nan, 3], equal_nan=True)
