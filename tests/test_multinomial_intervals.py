"""Simultaneous intervals: their laws, their named faults, and what impossible input gets."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.multinomial import _METHODS, multinomial_intervals
from custfocus.intervals.proportion import proportion_interval
from patterns import begins

law = settings(derandomize=True, deadline=None, max_examples=30, database=None)
EPSILON = float(np.finfo(np.float64).eps)

a_count = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 60), st.integers(0, 500))
a_level = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
every_method = pytest.mark.parametrize("method", _METHODS)


@st.composite
def tables(draw):
    """Counts of one sample on 2 to 8 points."""
    points = draw(st.integers(2, 8))
    return np.array(draw(st.lists(a_count, min_size=points, max_size=points).filter(any)))


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
@given(st.integers(1, 3000), st.integers(0, 3000), a_level)
def test_with_two_points_they_are_wilsons(first, second, level):
    for method, at, granted in (
        # the two quantiles come from different functions of SciPy
        ("quesenberry-hurst", level, 8 * EPSILON),
        # half the probability to miss: .9995 is rounded by 1e-16, 2e-13 of what it leaves out
        ("goodman", 1 - (1 - level) / 2, 2e-13),
    ):
        limits = multinomial_intervals((first, second), method=method, confidence_level=level)
        wilson = proportion_interval((first, second), first + second, confidence_level=at)
        np.testing.assert_allclose(limits, wilson, rtol=0, atol=granted)


@every_method
@law
@given(counts=tables())
def test_the_width_falls_to_zero_as_all_counts_grow(method, counts):
    low, high = multinomial_intervals(100 * counts, method=method, confidence_level=0.5)
    few_low, few_high = multinomial_intervals(counts, method=method, confidence_level=0.5)
    assert ((high - low) <= (few_high - few_low)).all()


class TestImpossibleInput:
    @pytest.mark.parametrize(
        ("counts", "shape"), [(5, "()"), ([5], "(1,)"), ([], "(0,)"), ([[5], [6]], "(2, 1)")]
    )
    def test_fewer_than_two_points_are_an_error(self, counts, shape):
        expected = f"counts must have one column for each of two or more points, got shape {shape};"
        with pytest.raises(TallyError, match=begins(expected)):
            multinomial_intervals(counts)

    def test_more_answers_than_sison_glaz_can_count_through_are_an_error_that_says_what_to_choose(
        self,
    ):
        expected = (
            "method 'sison-glaz' convolves the counts around those observed, for at most 1e+09 "
            "answers, got n = 3e+09; choose 'mid-p'"
        )
        with pytest.raises(OptionError, match=begins(expected)):
            multinomial_intervals([[1, 2], [10**9, 2 * 10**9]], method="sison-glaz")
        low, _ = multinomial_intervals([0, 10**9], method="sison-glaz")
        np.testing.assert_array_equal(low, [0, 1])


class TestFaults:
    @pytest.mark.parametrize("n", [1, 2, 9])
    def test_sison_glaz_has_zero_width_just_where_all_answers_are_on_one_point(self, n):
        counts = np.array([(a, b, n - a - b) for a in range(n + 1) for b in range(n + 1 - a)])
        low, high = multinomial_intervals(counts, method="sison-glaz")
        np.testing.assert_array_equal(low == high, counts == n)
        low, high = multinomial_intervals([0, 1000 * n, 0], method="sison-glaz")
        assert low.tolist() == [0, 1, 0]
        assert high[1] == 1
        assert (high[[0, 2]] > 1 / (1000 * n)).all()

    def test_upper_limits_of_sison_glaz_can_fall_as_the_level_rises(self):
        # From c + 2 gamma just below the level nu(c + 1) to c + 1 at that level; nu(20) is .9525.
        counts = np.array([56, 72, 73, 59, 62, 87, 58])
        below, above = (
            multinomial_intervals(counts, method="sison-glaz", confidence_level=level)
            for level in (0.9525, 0.9526)
        )
        fall = 467 * (below.high - above.high)
        assert ((fall > 0.98) & (fall < 1)).all()
        assert (467 * (below.low - above.low)).round(9).tolist() == [1] * 7

    def test_sison_glaz_of_mostly_empty_tables_is_not_the_whole_scale(self):
        # Edgeworth's expansion gave .9769 for the points without answers, and [0, 1] below.
        _, high = multinomial_intervals([6, 0, 0, 1, *[0] * 7], method="sison-glaz")
        assert high[1].round(4) == 0.2219
        low, high = multinomial_intervals([1000, 1, 1], method="sison-glaz", confidence_level=0.99)
        assert low[0] == 997 / 1002
        assert high[1] < 6 / 1002

    @pytest.mark.parametrize("level", [1e-9, 0.05, 0.8, 0.95, 0.999, 1 - 1e-12])
    def test_sison_glaz_of_few_answers_beside_very_many_is_finite(self, level):
        for many in (10, 300, 10**4, 10**6):
            low, high = multinomial_intervals(
                [many, 1, 1], method="sison-glaz", confidence_level=level
            )
            assert np.isfinite([low, high]).all()
            assert high[1] - low[1] < 120 / many + 0.05

    def test_quesenberry_hurst_is_wider_than_goodman_at_95_percent_from_three_points_on(self):
        for points in (3, 5, 11, 50):
            counts = [7, *range(points - 1)]
            goodman = multinomial_intervals(counts, method="goodman")
            wider = multinomial_intervals(counts, method="quesenberry-hurst")
            assert (wider.high - wider.low > goodman.high - goodman.low).all()
