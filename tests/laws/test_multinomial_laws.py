"""
The laws that simultaneous intervals keep, as property tests.

No random seed: the same examples at each run.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custfocus.intervals.multinomial import _METHODS, multinomial_intervals
from custfocus.intervals.proportion import proportion_interval

law = settings(derandomize=True, deadline=None, max_examples=30, database=None)
EPSILON = float(np.finfo(np.float64).eps)
BLOCK = 8192  # groups that the library computes at a time

a_count = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 60), st.integers(0, 500))
a_level = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
every_method = pytest.mark.parametrize("method", _METHODS)


@st.composite
def tables(draw, groups=None):
    """Counts on 2 to 8 points of one sample or of a number of groups, none of them empty."""
    points = draw(st.integers(2, 8))
    row = st.lists(a_count, min_size=points, max_size=points).filter(any)
    return np.array(draw(row if groups is None else st.lists(row, min_size=1, max_size=groups)))


@every_method
@law
@given(counts=tables(groups=6), level=a_level)
def test_a_group_of_a_batch_gets_the_bits_that_it_gets_alone(method, counts, level):
    options = {"method": method, "confidence_level": level}
    batch = multinomial_intervals(counts, **options)
    for low, high, row in zip(*batch, counts, strict=True):
        np.testing.assert_array_equal((low, high), multinomial_intervals(row, **options))


@every_method
def test_groups_of_a_batch_of_several_blocks_get_the_bits_of_smaller_batches(method):
    generator = np.random.default_rng(1965)
    counts = generator.multinomial(generator.integers(1, 15, 2 * BLOCK + 3), [0.7, 0.2, 0.1])
    counts[[0, BLOCK, -1]] = 0
    batch = multinomial_intervals(counts, method=method)
    pieces = [multinomial_intervals(part, method=method) for part in np.array_split(counts, 7)]
    np.testing.assert_array_equal(batch, np.concatenate(pieces, axis=1))
    assert np.flatnonzero(np.isnan(batch.high).any(axis=1)).tolist() == [0, BLOCK, 2 * BLOCK + 2]


@every_method
@law
@given(counts=tables(), level=a_level, data=st.data())
def test_the_order_of_the_points_does_not_matter_to_the_bit(method, counts, level, data):
    order = np.array(data.draw(st.permutations(range(len(counts)))))
    options = {"method": method, "confidence_level": level}
    np.testing.assert_array_equal(
        multinomial_intervals(counts[order], **options),
        np.array(multinomial_intervals(counts, **options))[:, order],
    )


@every_method
@law
@given(counts=tables(), level=a_level)
def test_limits_contain_the_shares_and_stay_on_the_scale(method, counts, level):
    low, high = multinomial_intervals(counts, method=method, confidence_level=level)
    shares = counts / counts.sum()
    assert (low >= 0).all()
    assert (low <= shares).all()
    assert (shares <= high).all()
    assert (high <= 1).all()
    wide = low < high
    assert (wide | ((counts == counts.sum()) & (method == "sison-glaz"))).all()


@every_method
@law
@given(counts=tables(), level=a_level)
def test_points_with_equal_counts_have_equal_limits(method, counts, level):
    doubled = np.concatenate([counts, counts])
    low, high = multinomial_intervals(doubled, method=method, confidence_level=level)
    np.testing.assert_array_equal(low[: len(counts)], low[len(counts) :])
    np.testing.assert_array_equal(high[: len(counts)], high[len(counts) :])


@pytest.mark.parametrize("method", ["goodman", "quesenberry-hurst"])
@law
@given(counts=tables())
def test_limits_of_wilsons_form_widen_with_the_confidence_level(method, counts):
    intervals = [
        multinomial_intervals(counts, method=method, confidence_level=level)
        for level in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
    ]
    for narrow, wide in pairwise(intervals):
        assert (wide.low <= narrow.low).all()
        assert (narrow.high <= wide.high).all()
        assert (narrow.high - narrow.low < wide.high - wide.low).all()


@law
@given(counts=tables())
def test_sison_glaz_intervals_widen_with_the_confidence_level_where_the_scale_lets_them(counts):
    intervals = [
        multinomial_intervals(counts, method="sison-glaz", confidence_level=level)
        for level in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
    ]
    granted = 1 + 1e-12  # the limits' own rounding
    for narrow, wide in pairwise(intervals):
        assert (wide.low <= narrow.low).all()
        held = (wide.low == 0) | (wide.high == 1)
        wider = narrow.high - narrow.low < (wide.high - wide.low) * granted
        assert (wider | held).all()


@law
@given(counts=tables(), level=a_level)
def test_sison_glaz_adds_the_same_to_every_share_where_the_scale_lets_it(counts, level):
    low, high = multinomial_intervals(counts, method="sison-glaz", confidence_level=level)
    n = counts.sum()
    below, above = counts - n * low, n * high - counts
    c = below.max()
    assert c == pytest.approx(round(c), abs=1e-9)
    np.testing.assert_allclose(below, np.minimum(c, counts), rtol=0, atol=1e-9)
    np.testing.assert_allclose(above, np.minimum(above.max(), n - counts), rtol=0, atol=1e-9)
    assert c - 1e-9 <= above.max() <= c + 2 or above.max() == (n - counts).max()


@law
@given(st.integers(0, 3000), st.integers(0, 3000), a_level)
def test_with_two_points_quesenberry_hurst_is_wilson_at_the_same_level(first, second, level):
    n = first + second + 1
    low, high = multinomial_intervals(
        (first + 1, second), method="quesenberry-hurst", confidence_level=level
    )
    wilson = proportion_interval((first + 1, second), n, confidence_level=level)
    # The two quantiles come from different functions of SciPy.
    np.testing.assert_allclose((low, high), wilson, rtol=0, atol=8 * EPSILON)


@law
@given(st.integers(0, 3000), st.integers(0, 3000), a_level)
def test_with_two_points_goodman_is_wilson_at_half_the_probability_to_miss(first, second, level):
    n = first + second + 1
    limits = multinomial_intervals((first + 1, second), confidence_level=level)
    wilson = proportion_interval((first + 1, second), n, confidence_level=1 - (1 - level) / 2)
    # The level .9995 is rounded by 1e-16, which is 2e-13 of what it leaves out.
    np.testing.assert_allclose(limits, wilson, rtol=0, atol=2e-13)


@every_method
@law
@given(counts=tables())
def test_the_width_falls_to_zero_as_all_counts_grow(method, counts):
    low, high = multinomial_intervals(100 * counts, method=method, confidence_level=0.5)
    few_low, few_high = multinomial_intervals(counts, method=method, confidence_level=0.5)
    assert ((high - low) <= (few_high - few_low)).all()
