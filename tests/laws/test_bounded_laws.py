"""The laws that intervals for the mean of single bounded values keep, as property tests."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from custfocus.intervals import score_interval
from custfocus.intervals.bounded import mean_interval

law = settings(derandomize=True, deadline=None, max_examples=80, database=None)
EPSILON = float(np.finfo(np.float64).eps)
LEVELS = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999]

hundredths = st.integers(-400, 400).map(lambda i: i / 100)
quarters = st.integers(-40, 40).map(lambda i: i / 4)  # so that sums and products are exact
a_level = st.sampled_from(LEVELS)
a_method = st.sampled_from(["score", "t"])


class Sample(NamedTuple):
    """Values of one sample within their bounds."""

    values: np.ndarray
    bounds: tuple[float, float]


@st.composite
def samples(draw, number=hundredths, least=1) -> Sample:
    """Samples of 1 to 12 values, bounds and few distinct ones among them."""
    bounds = draw(st.lists(number, min_size=2, max_size=2, unique=True).map(sorted))
    within = st.one_of(st.sampled_from(bounds), number.map(lambda x: np.clip(x, *bounds)))
    few = draw(st.lists(within, min_size=1, max_size=4))
    value = st.one_of(st.sampled_from(few), within)
    return Sample(np.array(draw(st.lists(value, min_size=least, max_size=12))), tuple(bounds))


def scale_of(*numbers):
    return max(float(np.abs(number).max()) for number in numbers)


def limits_of(sample, **options):
    """The limits as numbers, or as arrays where there are groups."""
    low, high = mean_interval(sample.values, bounds=sample.bounds, **options)
    return (low[()], high[()])


class TestCounts:
    @law
    @given(samples(), a_level)
    @example(Sample(np.array([1e-17, 0.5, 1]), (0, 1)), 0.95)
    @example(Sample(np.array([0.3] * 7), (0.1, 0.7)), 0.95)
    def test_values_get_the_limits_of_their_counts(self, sample, level):
        scores, where = np.unique([*sample.bounds, *sample.values], return_inverse=True)
        counts = np.bincount(where[2:], minlength=len(scores))
        ours = limits_of(sample, confidence_level=level)
        # The two sum in another order and scale back in another way: some roundings apart
        assert ours == pytest.approx(
            [limit[()] for limit in score_interval(counts, scores, confidence_level=level)],
            abs=32 * EPSILON * scale_of(sample.bounds),
        )


class TestGroups:
    @law
    @given(samples(), st.data(), a_level, a_method)
    def test_a_group_gets_the_bits_that_it_gets_alone(self, sample, data, level, method):
        size = len(sample.values)
        groups = np.array(data.draw(st.lists(st.integers(0, 5), min_size=size, max_size=size)))
        options = {"confidence_level": level, "method": method}
        low, high = limits_of(sample, groups=groups, **options)
        assert low.shape == high.shape == (groups.max() + 1,)
        for g in range(len(low)):
            if (groups == g).any():
                alone = limits_of(sample._replace(values=sample.values[groups == g]), **options)
                assert (low[g], high[g]) == alone
            else:
                assert np.isnan([low[g], high[g]]).all()

    @pytest.mark.parametrize("method", ["score", "t"])
    def test_groups_get_the_same_bits_whichever_others_there_are_and_in_any_order(self, method):
        generator = np.random.default_rng(8192)
        values, groups = generator.beta(2, 0.5, 20_000), generator.integers(0, 400, 20_000)
        low, high = mean_interval(values, bounds=(0, 1), groups=groups, method=method)
        order = np.argsort(groups, kind="stable")
        backwards = mean_interval(
            values[order], bounds=(0, 1), groups=399 - groups[order], method=method
        )
        np.testing.assert_array_equal(backwards, [low[::-1], high[::-1]])
        some = groups % 7 == 3
        fewer = mean_interval(values[some], bounds=(0, 1), groups=groups[some], method=method)
        np.testing.assert_array_equal(fewer.low[3::7], low[3::7])
        np.testing.assert_array_equal(fewer.high[3::7], high[3::7])


class TestScale:
    @law
    @given(samples(quarters), st.sampled_from([0.25, 0.5, 2, 8, 100]), quarters, a_method)
    def test_the_limits_follow_a_change_of_unit(self, sample, factor, shift, method):
        low, high = limits_of(sample, method=method)
        changed = Sample(
            factor * sample.values + shift, tuple(factor * np.array(sample.bounds) + shift)
        )
        assert limits_of(changed, method=method) == pytest.approx(
            (factor * low + shift, factor * high + shift),
            abs=8 * EPSILON * scale_of(factor * np.array(sample.bounds), changed.bounds),
        )

    @law
    @given(samples(quarters), a_method, a_level)
    def test_mirrored_values_get_mirrored_limits(self, sample, method, level):
        low, high = limits_of(sample, method=method, confidence_level=level)
        mirrored = Sample(-sample.values, tuple(-np.array(sample.bounds)[::-1]))
        assert limits_of(mirrored, method=method, confidence_level=level) == pytest.approx(
            (-high, -low), abs=32 * EPSILON * scale_of(sample.bounds)
        )

    @law
    @given(samples(), st.data(), a_method)
    def test_the_order_of_the_respondents_does_not_matter(self, sample, data, method):
        shuffled = np.array(data.draw(st.permutations(sample.values.tolist())))
        assert limits_of(sample._replace(values=shuffled), method=method) == pytest.approx(
            limits_of(sample, method=method), abs=32 * EPSILON * scale_of(sample.bounds)
        )


class TestLimits:
    @law
    @given(samples(), a_method, a_level)
    def test_they_lie_within_the_bounds_around_the_mean(self, sample, method, level):
        low, high = limits_of(sample, method=method, confidence_level=level)
        rounding = 8 * EPSILON * scale_of(sample.bounds)
        assert sample.bounds[0] <= low <= sample.values.mean() + rounding
        assert sample.values.mean() - rounding <= high <= sample.bounds[1]
        assert low <= high

    @law
    @given(samples(), a_level)
    def test_the_score_interval_always_has_a_width(self, sample, level):
        low, high = limits_of(sample, confidence_level=level)
        # Of equal values, the narrowest: z² / (n + z²) of the scale's length
        least = 0.4 / (12 + 0.4) * (sample.bounds[1] - sample.bounds[0])
        assert high - low > least

    @law
    @given(samples(), a_method)
    def test_they_widen_with_the_level(self, sample, method):
        steps = pairwise([limits_of(sample, method=method, confidence_level=one) for one in LEVELS])
        for (low, high), (lower, higher) in steps:
            assert lower <= low
            assert high <= higher
            if method == "score":
                assert (lower, higher) != (low, high)

    @law
    @given(samples(least=2), st.integers(2, 50))
    def test_the_score_interval_narrows_when_everybody_answers_several_times_over(
        self, sample, times
    ):
        low, high = limits_of(sample)
        many = Sample(np.tile(sample.values, times), sample.bounds)
        higher, lower = limits_of(many)
        rounding = 8 * EPSILON * scale_of(sample.bounds)
        assert low <= higher + rounding
        assert lower <= high + rounding
        assert lower - higher < high - low
