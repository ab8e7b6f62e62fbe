"""
The laws that differences of two means keep, as property tests.

No random seed: the same examples at each run.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from custfocus.intervals import proportion_interval, score_interval
from custfocus.intervals.arguments import critical_value
from custfocus.intervals.score import mean_score
from custfocus.intervals.two_sample import (
    difference_p_value,
    mover_interval_difference,
    score_interval_difference,
)

law = settings(derandomize=True, deadline=None, max_examples=20, database=None)
EPSILON = float(np.finfo(np.float64).eps)
BLOCK = 8192  # groups that the library computes at a time


class Pair(NamedTuple):
    """Counts of two samples, or of groups in rows, on points worth *scores*."""

    a: np.ndarray
    b: np.ndarray
    scores: np.ndarray


small_count = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 400))
a_count = st.one_of(small_count, small_count, st.integers(0, 10**9))
a_level = st.sampled_from([1e-6, 0.5, 0.8, 0.95, 0.999, 1 - 1e-9])
either = st.booleans()
whole_scores = st.integers(-20, 20).map(float)
any_scores = st.one_of(whole_scores, st.integers(-3000, 3000).map(lambda i: i / 100))

both_intervals = pytest.mark.parametrize(
    "interval", [score_interval_difference, mover_interval_difference]
)


@st.composite
def pairs(draw, scores=any_scores, count=a_count, groups=None) -> Pair:
    """Pairs of tables of 2 to 7 points, two of them with different scores; no empty sample."""
    values = draw(
        st.lists(scores, min_size=2, max_size=7).filter(lambda drawn: len(set(drawn)) >= 2)
    )
    row = st.lists(count, min_size=len(values), max_size=len(values)).filter(any)
    tables = row if groups is None else st.lists(row, min_size=groups, max_size=groups)
    a, b = (np.array(draw(tables), dtype=float) for _ in range(2))
    return Pair(a, b, np.array(values))


def difference(pair: Pair) -> np.ndarray:
    return mean_score(pair.a, pair.scores) - mean_score(pair.b, pair.scores)


def a_few_units(*numbers, units: int = 8) -> float:
    """
    That many units in the last place of the largest of the numbers.

    Two means, their difference and a distance are rounded, in two ways of computing them.
    """
    return units * EPSILON * max(float(np.abs(number).max()) for number in numbers)


def assert_same_bits(first, second) -> None:
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


class TestGroups:
    @law
    @given(pairs(groups=3), a_level, either)
    def test_a_group_of_a_batch_gets_the_bits_that_it_gets_alone(self, pair, level, corrected):
        options = {"confidence_level": level, "correction": corrected}
        batch = score_interval_difference(*pair, **options)
        hybrid = mover_interval_difference(*pair, confidence_level=level)
        p = difference_p_value(*pair, correction=corrected)
        for g, (a, b) in enumerate(zip(pair.a, pair.b, strict=True)):
            alone = score_interval_difference(a, b, pair.scores, **options)
            assert (batch.low[g], batch.high[g]) == (alone.low, alone.high)
            alone = mover_interval_difference(a, b, pair.scores, confidence_level=level)
            assert (hybrid.low[g], hybrid.high[g]) == (alone.low, alone.high)
            assert p[g] == difference_p_value(a, b, pair.scores, correction=corrected)

    @pytest.mark.parametrize("scores", [tuple(range(11)), (0, 1), (0.1, 0.7, 2)])
    @pytest.mark.parametrize(
        "function", [score_interval_difference, mover_interval_difference, difference_p_value]
    )
    def test_groups_of_a_batch_of_two_blocks_get_the_bits_of_smaller_batches(
        self, scores, function
    ):
        generator = np.random.default_rng(8192)
        rows = BLOCK + 3
        shares = generator.dirichlet(np.full(len(scores), 0.3), size=(2, rows))
        a, b = generator.multinomial(generator.integers(1, 10**6, (2, rows)), shares)
        a[BLOCK] = b[7] = 0
        batch = np.atleast_2d(function(a, b, scores))
        pieces = [
            np.atleast_2d(function(a[part], b[part], scores))
            for part in np.array_split(np.arange(rows), 3)
        ]
        np.testing.assert_array_equal(batch, np.concatenate(pieces, axis=1))
        np.testing.assert_array_equal(
            batch, np.atleast_2d(function(a[::-1], b[::-1], scores))[:, ::-1]
        )
        assert np.flatnonzero(np.isnan(batch[0])).tolist() == [7, BLOCK]


@both_intervals
class TestScores:
    @law
    @given(pairs(), a_level)
    def test_swapping_the_samples_negates_the_interval(self, interval, pair, level):
        low, high = interval(*pair, confidence_level=level)
        swapped = interval(pair.b, pair.a, pair.scores, confidence_level=level)
        granted = a_few_units(pair.scores)
        np.testing.assert_allclose(swapped, (-high, -low), rtol=0, atol=granted)

    @law
    @given(
        pairs(),
        st.integers(-30, 30).filter(bool).map(lambda i: i / 10),
        st.integers(-1000, 1000).map(lambda i: i / 10),
        a_level,
    )
    def test_a_factor_multiplies_the_limits_and_a_shift_does_nothing(
        self, interval, pair, factor, shift, level
    ):
        plain = interval(*pair, confidence_level=level)
        scores = factor * pair.scores + shift
        mapped = interval(pair.a, pair.b, scores, confidence_level=level)
        expected = sorted(factor * float(limit) for limit in plain)
        granted = a_few_units(scores, factor * pair.scores, shift)
        np.testing.assert_allclose(mapped, expected, rtol=0, atol=granted)

    @law
    @given(pairs(scores=whole_scores), st.data())
    def test_points_with_equal_scores_are_one_point_and_their_order_is_free(
        self, interval, pair, data
    ):
        points = np.unique(pair.scores)
        merged = [
            [counts[pair.scores == point].sum() for point in points] for counts in (pair.a, pair.b)
        ]
        order = np.array(data.draw(st.permutations(range(len(pair.scores)))))
        shuffled = interval(pair.a[order], pair.b[order], pair.scores[order])
        assert_same_bits(shuffled, interval(*merged, points))


@both_intervals
class TestLimits:
    @law
    @given(pairs(), a_level)
    @example(Pair(np.array([0, 9.0]), np.array([9.0, 0]), np.array([0.1, 0.7])), 0.5)
    def test_limits_contain_the_difference_and_stay_within_the_length_of_the_scale(
        self, interval, pair, level
    ):
        low, high = interval(*pair, confidence_level=level)
        length = np.ptp(pair.scores)
        granted = a_few_units(pair.scores, units=2)  # the means are summed from the other end
        assert -length <= low <= difference(pair) + granted
        assert difference(pair) - granted <= high <= length

    @law
    @given(pairs(), a_level.filter(lambda level: level >= 0.5))
    @example(Pair(np.array([0, 0, 10.0**12]), np.array([0, 0, 1e12]), np.array([1.0, 3, 5])), 0.5)
    def test_no_two_samples_have_an_interval_of_zero_width(self, interval, pair, level):
        low, high = interval(*pair, confidence_level=level)
        assert low < high

    @law
    @given(pairs())
    def test_limits_widen_with_the_confidence_level(self, interval, pair):
        levels = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999]
        intervals = [interval(*pair, confidence_level=level) for level in levels]
        for narrow, wide in pairwise(intervals):
            assert wide.low <= narrow.low
            assert narrow.high <= wide.high
            assert narrow.high - narrow.low < wide.high - wide.low

    @law
    @given(pairs(count=small_count), st.integers(2, 1000), a_level)
    def test_limits_shrink_when_all_counts_are_multiplied(self, interval, pair, factor, level):
        few = interval(*pair, confidence_level=level)
        many = interval(factor * pair.a, factor * pair.b, pair.scores, confidence_level=level)
        granted = a_few_units(pair.scores, units=2)
        assert few.low <= many.low + granted
        assert many.high <= few.high + granted


class TestPValue:
    @law
    @given(pairs(), a_level, either, st.integers(-1000, 1000))
    def test_is_below_the_error_level_exactly_where_the_null_lies_outside_the_interval(
        self, pair, level, corrected, place
    ):
        low, high = score_interval_difference(*pair, confidence_level=level, correction=corrected)
        length = np.ptp(pair.scores)
        null = place / 1000 * length
        edge = 1e-13 * length + a_few_units(pair.scores)  # nulls this near a limit can fall
        assume(min(abs(null - low), abs(null - high)) > edge)  # either way by rounding
        p = difference_p_value(*pair, null=null, correction=corrected)
        assert (p < 1 - level) == (not low < null < high)

    @law
    @given(pairs(count=small_count), st.sampled_from([0.5, 0.8, 0.95, 0.999]), either)
    def test_is_the_error_level_at_the_limits_unless_they_end_the_scale(
        self, pair, level, corrected
    ):
        limits = score_interval_difference(*pair, confidence_level=level, correction=corrected)
        for limit in limits:
            if abs(limit) < np.ptp(pair.scores):
                p = difference_p_value(*pair, null=float(limit), correction=corrected)
                # A unit in the last place of the scores against a half width of a 1e-4th of it,
                # times z² of 11.
                np.testing.assert_allclose(p, 1 - level, rtol=1e-9)

    @law
    @given(pairs(), either)
    def test_is_one_at_the_estimate(self, pair, corrected):
        p = difference_p_value(*pair, null=float(difference(pair)), correction=corrected)
        # What rounding puts between the two, in standard errors: 1e-15 by 1e-9 at worst.
        assert p == pytest.approx(1, abs=1e-5)

    @law
    @given(pairs(), either, st.integers(-100, 100))
    def test_of_the_swapped_samples_is_that_of_the_negated_null(self, pair, corrected, place):
        null = place / 100 * np.ptp(pair.scores)
        plain = difference_p_value(*pair, null=null, correction=corrected)
        swapped = difference_p_value(pair.b, pair.a, pair.scores, null=-null, correction=corrected)
        assert 0 <= plain <= 1
        np.testing.assert_allclose(swapped, plain, rtol=1e-6, atol=1e-7)


class TestKinship:
    """What the two-sample intervals share with those of one sample."""

    @law
    @given(small_count, small_count, small_count, small_count, a_level)
    def test_with_two_scores_the_mover_is_the_hybrid_of_two_wilson_intervals(
        self, x_a, rest_a, x_b, rest_b, level
    ):
        assume(x_a + rest_a > 0)
        assume(x_b + rest_b > 0)
        p_a, p_b = x_a / (x_a + rest_a), x_b / (x_b + rest_b)
        low_a, high_a = proportion_interval(x_a, x_a + rest_a, confidence_level=level)
        low_b, high_b = proportion_interval(x_b, x_b + rest_b, confidence_level=level)
        expected = (
            p_a - p_b - np.hypot(p_a - low_a, high_b - p_b),
            p_a - p_b + np.hypot(high_a - p_a, p_b - low_b),
        )
        ours = mover_interval_difference(
            (rest_a, x_a), (rest_b, x_b), (0, 1), confidence_level=level
        )
        np.testing.assert_allclose(ours, expected, rtol=0, atol=4 * EPSILON)

    @law
    @given(pairs(count=st.integers(0, 40)), a_level)
    def test_against_endless_answers_it_is_the_interval_of_one_sample_shifted(self, pair, level):
        n, length = 10**15, np.ptp(pair.scores)
        endless = np.where(pair.scores == pair.scores.min(), n / 2, 0)
        endless += np.where(pair.scores == pair.scores.max(), n / 2, 0)
        middle = mean_score(endless, pair.scores)
        for interval, options in (
            (score_interval_difference, {"correction": False}),
            (mover_interval_difference, {}),
        ):
            ours = interval(pair.a, endless, pair.scores, confidence_level=level, **options)
            alone = score_interval(pair.a, pair.scores, confidence_level=level)
            # The endless sample's own standard error is at most length / 2 / sqrt(n).
            granted = critical_value(level) * length / 2 / np.sqrt(n) + a_few_units(pair.scores)
            np.testing.assert_allclose(ours, np.subtract(alone, middle), rtol=0, atol=granted)

    @law
    @given(pairs(count=small_count), st.sampled_from([0.5, 0.95]))
    def test_the_correction_is_a_larger_squared_critical_value(self, pair, level):
        total = pair.a.sum() + pair.b.sum()
        for null in score_interval_difference(*pair, confidence_level=level):
            if abs(null) < np.ptp(pair.scores):
                p = difference_p_value(*pair, null=float(null), correction=False)
                z = critical_value(level) * np.sqrt(total / (total - 1))
                larger = critical_value(1 - float(p))
                np.testing.assert_allclose(larger, z, rtol=1e-9)
