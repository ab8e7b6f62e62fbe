"""
The laws that intervals for the difference and the ratio of two proportions keep.

No random seed: the same examples at each run.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from custfocus.intervals.difference import (
    _CORRECTED,
    _DIFFERENCES,
    difference_interval,
    ratio_interval,
)

law = settings(derandomize=True, deadline=None, max_examples=50, database=None)
law_for_each = settings(law, max_examples=20)  # of seven methods
EPSILON = float(np.finfo(np.float64).eps)
LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)

a_level = st.sampled_from(LEVELS)
a_difference = st.sampled_from(list(_DIFFERENCES))
a_ratio = st.sampled_from(list(_CORRECTED))
a_score_difference = st.sampled_from(["miettinen-nurminen", "mee"])
every_method = pytest.mark.parametrize(
    ("interval", "method"),
    [
        *((difference_interval, method) for method in _DIFFERENCES),
        *((ratio_interval, method) for method in _CORRECTED),
    ],
)
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


def has_a_width_by_wald(counts) -> bool:
    return 0 < counts[0] < counts[1] or 0 < counts[2] < counts[3]


class TestGroups:
    @every_method
    @law_for_each
    @given(batch=st.lists(pairs, min_size=1, max_size=6), level=a_level)
    def test_a_group_of_a_batch_gets_the_bits_that_it_gets_alone(
        self, interval, method, batch, level
    ):
        together = interval(*np.array(batch).T, method=method, confidence_level=level)
        for g, counts in enumerate(batch):
            alone = interval(*counts, method=method, confidence_level=level)
            assert (together.low[g], together.high[g]) == alone

    @every_method
    @law_for_each
    @given(batch=st.lists(pairs, min_size=1, max_size=6), data=st.data())
    def test_an_empty_group_is_nan_and_changes_no_other(self, interval, method, batch, data):
        where = data.draw(st.integers(0, len(batch)))
        empty = data.draw(st.sampled_from([(0, 0, 3, 4), (3, 4, 0, 0), (0, 0, 0, 0)]))
        counts = [*batch[:where], empty, *batch[where:]]
        with_empty = interval(*np.array(counts).T, method=method)
        without = interval(*np.array(batch).T, method=method)
        for limit, expected in zip(with_empty, without, strict=True):
            assert np.isnan(limit[where])
            np.testing.assert_array_equal(np.delete(limit, where), expected)

    @every_method
    def test_groups_of_a_large_batch_get_the_bits_of_smaller_ones(self, interval, method):
        generator = np.random.default_rng(1985)
        n_a, n_b = generator.integers(1, 10 ** generator.integers(1, 10, (2, 9_000)))
        x_a, x_b = (generator.binomial(n, generator.beta(0.3, 0.3, 9_000)) for n in (n_a, n_b))
        together = interval(x_a, n_a, x_b, n_b, method=method)
        for part in np.array_split(np.arange(9_000), 7):
            piece = interval(x_a[part], n_a[part], x_b[part], n_b[part], method=method)
            np.testing.assert_array_equal(piece, [limit[part] for limit in together])


class TestDifference:
    @law
    @given(pairs, a_difference, a_level)
    def test_swapping_the_samples_negates_and_swaps_the_limits(self, counts, method, level):
        low, high = difference_interval(*counts, method=method, confidence_level=level)
        other = difference_interval(*swapped(counts), method=method, confidence_level=level)
        np.testing.assert_allclose(other, (-high, -low), rtol=0, atol=4 * EPSILON)

    @law
    @given(pairs, a_difference, a_level)
    def test_counting_the_others_negates_and_swaps_the_limits(self, counts, method, level):
        low, high = difference_interval(*counts, method=method, confidence_level=level)
        other = difference_interval(*mirrored(counts), method=method, confidence_level=level)
        np.testing.assert_allclose(other, (-high, -low), rtol=0, atol=4 * EPSILON)

    @law
    @given(pairs, a_difference, st.sampled_from([0.5, 0.917, 0.95, 0.999]))
    @example((1, 1, 0, 1), "agresti-caffo", 0.917)
    @example((10**9, 10**9, 0, 10**9), "agresti-caffo", 0.917)
    def test_limits_contain_the_difference_and_stay_on_the_scale(self, counts, method, level):
        low, high = difference_interval(*counts, method=method, confidence_level=level)
        assert -1 <= low <= high <= 1
        if method != "agresti-caffo" or level >= 0.917:
            assert low <= difference_of(counts) <= high

    def test_below_917_agresti_caffo_can_leave_the_difference_out(self):
        low, high = difference_interval(1, 1, 0, 1, method="agresti-caffo", confidence_level=0.916)
        assert low < high < difference_of((1, 1, 0, 1))

    @law
    @given(pairs, a_difference, a_level)
    def test_only_wald_can_be_without_width(self, counts, method, level):
        low, high = difference_interval(*counts, method=method, confidence_level=level)
        assert (low < high) == (method != "wald" or has_a_width_by_wald(counts))

    @law
    @given(pairs, a_difference)
    def test_limits_widen_with_the_confidence_level(self, counts, method):
        intervals = [
            difference_interval(*counts, method=method, confidence_level=level) for level in LEVELS
        ]
        for narrow, wide in pairwise(intervals):
            assert wide.low <= narrow.low
            assert narrow.high <= wide.high
            assert wide == narrow or wide.high - wide.low > narrow.high - narrow.low
        assert (intervals[0] != intervals[-1]) == (method != "wald" or has_a_width_by_wald(counts))

    @law
    @given(pairs, a_level)
    def test_mees_limits_lie_within_miettinen_and_nurminens(self, counts, level):
        wide = difference_interval(*counts, confidence_level=level)
        narrow = difference_interval(*counts, method="mee", confidence_level=level)
        assert wide.low <= narrow.low + EPSILON
        assert narrow.high <= wide.high + EPSILON

    @law
    @given(pairs, a_score_difference, a_level)
    def test_a_score_limit_is_an_end_of_the_scale_only_if_the_difference_is(
        self, counts, method, level
    ):
        assume(max(counts) < 10**6)  # more answers can put a limit next to an end
        low, high = difference_interval(*counts, method=method, confidence_level=level)
        assert (low == -1) == (difference_of(counts) == -1)
        assert (high == 1) == (difference_of(counts) == 1)


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
    def test_limits_contain_the_ratio_and_have_a_width(self, counts, method, level):
        x_a, n_a, x_b, n_b = counts
        low, high = ratio_interval(*counts, method=method, confidence_level=level)
        assert 0 <= low < high <= np.inf
        assert (low == 0) == (x_a == 0)
        assert (high == np.inf) == (x_b == 0)
        if x_b > 0:
            assert low <= (x_a / n_a) / (x_b / n_b) <= high

    @law
    @given(pairs, a_ratio)
    def test_limits_widen_with_the_confidence_level(self, counts, method):
        intervals = [
            ratio_interval(*counts, method=method, confidence_level=level) for level in LEVELS
        ]
        for narrow, wide in pairwise(intervals):
            assert wide.low < narrow.low or wide.low == narrow.low == 0
            assert narrow.high < wide.high or narrow.high == wide.high == np.inf

    @law
    @given(pairs, a_level)
    def test_koopmans_limits_lie_within_miettinen_and_nurminens(self, counts, level):
        wide = ratio_interval(*counts, confidence_level=level)
        narrow = ratio_interval(*counts, method="koopman", confidence_level=level)
        assert wide.low <= narrow.low * (1 + EPSILON)
        assert narrow.high <= wide.high * (1 + EPSILON)

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
