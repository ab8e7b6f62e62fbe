"""Difference and ratio of two proportions: their laws, and what impossible input gets."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.difference import (
    _CORRECTED,
    _DIFFERENCES,
    difference_interval,
    ratio_interval,
)

law = settings(derandomize=True, deadline=None, max_examples=50, database=None)
EPSILON = float(np.finfo(np.float64).eps)
LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)

a_level = st.sampled_from(LEVELS)
a_difference = st.sampled_from(list(_DIFFERENCES))
a_ratio = st.sampled_from(list(_CORRECTED))
a_score_difference = st.sampled_from(["miettinen-nurminen", "mee"])
both = pytest.mark.parametrize("interval", [difference_interval, ratio_interval])
a_count = st.one_of(
    st.just(0), st.just(0), st.integers(0, 9), st.integers(0, 400), st.integers(0, 10**9)
)


@st.composite
def a_sample(draw) -> tuple[int, int]:
    """Successes and answers, at least one."""
    successes, failures = draw(a_count), draw(a_count)
    return (successes, successes + failures) if successes + failures else (0, 1)


pairs = st.tuples(a_sample(), a_sample()).map(lambda pair: (*pair[0], *pair[1]))


def mirrored(counts):
    x_a, n_a, x_b, n_b = counts
    return n_a - x_a, n_a, n_b - x_b, n_b


def swapped(counts):
    return (*counts[2:], *counts[:2])


def difference_of(counts) -> float:
    return counts[0] / counts[1] - counts[2] / counts[3]


class TestErrors:
    def test_a_method_of_the_other_is_unknown(self):
        with pytest.raises(OptionError, match=r"^unknown method 'koopman'"):
            difference_interval(30, 40, 20, 50, method="koopman")
        with pytest.raises(OptionError, match=r"^unknown method 'mee'"):
            ratio_interval(30, 40, 20, 50, method="mee")

    @both
    @pytest.mark.parametrize(
        ("counts", "expected"),
        [
            (([1, 5, 9], 4, 3, 9), "successes_a must not exceed n_a, got 5 of 4; n_a counts all"),
            ((3, 9, [1, 8], 7), "successes_b must not exceed n_b, got 8 of 7; n_b counts all"),
        ],
    )
    def test_more_successes_than_answers_are_an_error_that_shows_the_first(
        self, interval, counts, expected
    ):
        with pytest.raises(TallyError, match="^" + re.escape(expected)):
            interval(*counts)


class TestDifference:
    @law
    @given(pairs, a_difference, a_level)
    def test_swapping_the_samples_or_counting_the_others_negates_and_swaps_the_limits(
        self, counts, method, level
    ):
        options = {"method": method, "confidence_level": level}
        low, high = difference_interval(*counts, **options)
        for turned in (swapped(counts), mirrored(counts)):
            other = difference_interval(*turned, **options)
            np.testing.assert_allclose(other, (-high, -low), rtol=0, atol=4 * EPSILON)

    @pytest.mark.parametrize("counts", [(1, 1, 0, 1), (10**9, 10**9, 0, 10**9)])
    def test_from_917_on_agresti_caffo_contains_any_difference(self, counts):
        limits = difference_interval(*counts, method="agresti-caffo", confidence_level=0.917)
        assert limits.low <= 1 == limits.high

    def test_below_917_agresti_caffo_can_leave_the_difference_out(self):
        low, high = difference_interval(1, 1, 0, 1, method="agresti-caffo", confidence_level=0.916)
        assert low < high < difference_of((1, 1, 0, 1))

    @law
    @given(pairs, a_level)
    def test_without_their_correction_limits_lie_within_miettinen_and_nurminens(
        self, counts, level
    ):
        for interval, plain in ((difference_interval, "mee"), (ratio_interval, "koopman")):
            wide = interval(*counts, confidence_level=level)
            narrow = interval(*counts, method=plain, confidence_level=level)
            assert wide.low <= narrow.low + EPSILON * max(1, narrow.low)
            assert narrow.high <= wide.high + EPSILON * max(1, wide.high)

    @law
    @given(pairs, a_score_difference, a_level)
    def test_a_score_limit_is_an_end_of_the_scale_only_if_the_difference_is(
        self, counts, method, level
    ):
        assume(max(counts) < 10**6)  # more answers can put a limit next to an end
        low, high = difference_interval(*counts, method=method, confidence_level=level)
        assert (low == -1) == (difference_of(counts) == -1)
        assert (high == 1) == (difference_of(counts) == 1)

    @pytest.mark.parametrize("method", ["agresti-caffo", "wald"])
    def test_published_limits_beyond_the_scale_are_held_to_it(self, method):
        low, high = difference_interval(5, 6, 1, 7, method=method, confidence_level=0.999)
        assert low < high == 1
        low, high = difference_interval(1, 7, 5, 6, method=method, confidence_level=0.999)
        assert -1 == low < high

    def test_agresti_caffo_adds_one_success_and_one_failure_to_each(self):
        ours = difference_interval(30, 40, 20, 50, method="agresti-caffo")
        walds = difference_interval(31, 42, 21, 52, method="wald")
        np.testing.assert_allclose(ours, walds, rtol=0, atol=1e-16)  # the same numbers


class TestRatio:
    @law
    @given(pairs, a_ratio, a_level)
    def test_swapping_the_samples_inverts_and_swaps_the_limits(self, counts, method, level):
        low, high = ratio_interval(*counts, method=method, confidence_level=level)
        other = ratio_interval(*swapped(counts), method=method, confidence_level=level)
        for limit, inverse in ((low, other.high), (high, other.low)):
            if limit == 0:
                assert inverse == np.inf
            else:
                np.testing.assert_allclose(inverse, 1 / limit, rtol=EPSILON)

    @law
    @given(pairs, a_ratio, a_level)
    def test_limits_are_0_or_infinite_only_without_successes(self, counts, method, level):
        low, high = ratio_interval(*counts, method=method, confidence_level=level)
        assert 0 <= low < high <= np.inf
        assert (low == 0) == (counts[0] == 0)
        assert (high == np.inf) == (counts[2] == 0)

    @law
    @given(pairs, a_ratio)
    def test_limits_widen_with_the_confidence_level(self, counts, method):
        intervals = [
            ratio_interval(*counts, method=method, confidence_level=level) for level in LEVELS
        ]
        for narrow, wide in pairwise(intervals):
            assert wide.low < narrow.low or wide.low == narrow.low == 0
            assert narrow.high < wide.high or narrow.high == wide.high == np.inf

    @pytest.mark.parametrize(
        ("corrected", "plain"), [("miettinen-nurminen",) * 2, ("mee", "koopman")]
    )
    @law
    @given(counts=pairs, level=a_level)
    @example(counts=(9, 9, 4, 9), level=0.95)
    @example(counts=(4, 9, 0, 9), level=0.95)
    def test_it_holds_1_exactly_when_the_interval_of_the_difference_holds_0(
        self, corrected, plain, counts, level
    ):
        difference = difference_interval(*counts, method=corrected, confidence_level=level)
        ratio = ratio_interval(*counts, method=plain, confidence_level=level)
        assume(np.abs(difference).min() > 1e-12)  # rounding decides nothing
        assert (difference.low > 0) == (ratio.low > 1)
        assert (difference.high < 0) == (ratio.high < 1)

    @law
    @given(pairs.filter(lambda counts: max(counts) < 10**4), a_ratio, st.integers(2, 1000))
    def test_limits_close_in_when_all_counts_are_multiplied(self, counts, method, factor):
        few = ratio_interval(*counts, method=method)
        many = ratio_interval(*(factor * count for count in counts), method=method)
        assert few.low < many.low or counts[0] == 0
        assert many.high < few.high or counts[2] == 0

    def test_a_level_too_small_for_a_float_leaves_the_ratio_itself(self):
        for counts in [
            (3, 7, 4, 9),
            (7, 7, 4, 9),
            (4, 9, 7, 7),
            (7, 7, 9, 9),
            (10**9, 10**9, 1, 3),
        ]:
            estimate = counts[0] / counts[1] / (counts[2] / counts[3])
            limits = ratio_interval(*counts, confidence_level=1e-17)
            np.testing.assert_allclose(limits, estimate, rtol=1e-15)  # a few roundings
