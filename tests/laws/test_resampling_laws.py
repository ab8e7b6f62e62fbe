"""
The laws that bootstrap intervals keep, as property tests.

No random seed in hypothesis: the same examples at each run. The bootstrap's own seed is drawn.
"""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from custfocus.intervals.arguments import critical_value
from custfocus.intervals.replicates import METHODS, bca_limits, percentile_limits, skewness_sixth
from custfocus.intervals.resampling import bootstrap_interval, bootstrap_respondents

law = settings(derandomize=True, deadline=None, max_examples=60, database=None)

a_count = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 400), st.integers(0, 10**9))
a_seed = st.integers(0, 2**32)
a_method = st.sampled_from(list(METHODS))
a_score = st.integers(-300, 300).map(lambda i: i / 10)
LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99)
RESAMPLES = 199  # enough for the highest of the levels


@st.composite
def tables(draw):
    """Counts of one sample, and scores."""
    scores = draw(st.lists(a_score, min_size=2, max_size=6).filter(lambda drawn: len({*drawn}) > 1))
    counts = draw(st.lists(a_count, min_size=len(scores), max_size=len(scores)).filter(any))
    return np.array(counts, dtype=float), np.array(scores)


def limits(counts, scores, seed, method, **options) -> np.ndarray:
    options = {"resamples": RESAMPLES} | options
    return np.array(bootstrap_interval(counts, scores, rng=seed, method=method, **options))


class TestScores:
    @law
    @given(tables(), a_seed, a_method)
    def test_limits_lie_on_the_scale_and_but_for_rounding_between_scores_that_were_given(
        self, table, seed, method
    ):
        counts, scores = table
        low, high = limits(counts, scores, seed, method, resamples=399)
        given_scores = scores[counts > 0]
        assert scores.min() <= low <= high <= scores.max()
        rounding = 4 * np.finfo(float).eps * np.abs(scores).max()
        assert given_scores.min() - rounding <= low
        assert high <= given_scores.max() + rounding
        assert (low == high) == (len({*given_scores}) == 1)

    @law
    @given(tables(), a_seed, a_method, st.integers(-8, 8))
    def test_a_power_of_two_as_factor_maps_the_limits_bit_for_bit(
        self, table, seed, method, exponent
    ):
        counts, scores = table
        mapped = limits(counts, 2.0**exponent * scores, seed, method)
        np.testing.assert_array_equal(mapped, 2.0**exponent * limits(counts, scores, seed, method))

    @law
    @given(
        tables(), a_seed, a_method, st.integers(1, 30).map(lambda i: i / 10), st.integers(-99, 99)
    )
    def test_a_rising_affine_map_of_the_scores_maps_the_limits(
        self, table, seed, method, factor, shift
    ):
        counts, scores = table
        assume(counts.sum() < 10**6)  # the jackknife's differences keep their digits
        plain = limits(counts, scores, seed, method)
        mapped = limits(counts, factor * scores + shift, seed, method)
        # The acceleration is a sum of differences of about a millionth of the scores, so that
        # some ten of their digits are left; the limits move by less.
        granted = 1e-9 * (np.abs(factor * scores).max() + abs(shift) + 1)
        np.testing.assert_allclose(mapped, factor * plain + shift, rtol=0, atol=granted)

    @law
    @given(tables(), a_seed, a_method, st.data())
    def test_neither_the_order_of_points_nor_their_split_matters(self, table, seed, method, data):
        counts, scores = table
        order = np.array(data.draw(st.permutations(range(len(scores)))))
        split = data.draw(st.lists(st.sampled_from(scores.tolist()), max_size=3))
        others = [*counts[order], *(0 for _ in split)], [*scores[order], *split]
        np.testing.assert_array_equal(
            limits(*others, seed, method), limits(counts, scores, seed, method)
        )

    @law
    @given(tables(), a_seed, a_method)
    def test_a_mean_by_its_scores_is_that_mean_as_a_function_of_counts(self, table, seed, method):
        counts, scores = table
        chosen = np.flatnonzero(counts)
        points = np.unique(scores[chosen])
        merged = np.array([counts[scores == point].sum() for point in points])
        assume(len(points) > 1)
        assume(merged.sum() < 10**6)
        theirs = limits(
            merged, lambda rows: (rows * points).sum(axis=1) / rows.sum(axis=1), seed, method
        )
        ours = limits(merged, points, seed, method)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9 * np.abs(points).max())


class TestLevels:
    @law
    @given(st.integers(39, 400), a_seed, st.sampled_from(LEVELS[:-1]))
    def test_percentiles_leave_out_the_same_share_on_both_sides(self, count, seed, level):
        replicates = np.random.default_rng(seed).normal(size=count)
        z = critical_value(level)
        low, high = percentile_limits(replicates, np.array(0.0), lambda: np.array(0.0), z)
        out = (count + 1) * (1 - level) / 2
        assume(abs(out - round(out)) > 1e-6)  # else rounding tells which side a replicate is on
        assert (replicates < low).sum() == (replicates > high).sum() == int(out)

    @law
    @given(a_seed)
    def test_percentiles_follow_any_rising_transformation_of_the_statistic(self, seed):
        values = np.random.default_rng(seed).normal(size=12)

        def mean(values, weights):
            return weights @ values / weights.sum(axis=1)

        def transformed(values, weights):
            return np.exp(mean(values, weights))

        # 200 resamples and the levels 5 / 200 and 195 / 200: limits are replicates themselves.
        options = {"method": "percentile", "resamples": 199, "rng": seed}
        plain = bootstrap_respondents(values, mean, **options)
        followed = bootstrap_respondents(values, transformed, **options)
        np.testing.assert_allclose(np.log(followed), plain, rtol=0, atol=1e-12)


class TestCorrection:
    @law
    @given(a_seed, st.integers(39, 300))
    def test_without_bias_or_acceleration_bca_is_the_percentiles(self, seed, half):
        drawn = np.abs(np.random.default_rng(seed).normal(size=half))
        replicates = np.concatenate([-drawn, [0], drawn])  # as many above the estimate as below
        arguments = replicates, np.array(0.0), lambda: np.array(0.0), 1.5
        np.testing.assert_allclose(
            bca_limits(*arguments), percentile_limits(*arguments), rtol=1e-12, atol=0
        )

    @law
    @given(a_seed, st.floats(-1 / 6, 1 / 6), st.floats(0.5, 8))
    def test_any_acceleration_there_can_be_gives_limits_in_order_among_the_replicates(
        self, seed, acceleration, z
    ):
        replicates = np.random.default_rng(seed).normal(size=(99, 2))
        low, high = bca_limits(replicates, np.zeros(2), lambda: np.full(2, acceleration), z)
        assert (replicates.min(axis=0) <= low).all()
        assert (low < high).all()
        assert (high <= replicates.max(axis=0)).all()

    @pytest.mark.parametrize("sign", [-1, 1])
    def test_beyond_the_pole_of_the_acceleration_a_limit_is_the_outermost_replicate(self, sign):
        replicates = np.arange(-5000.0, 5001)
        low, high = bca_limits(replicates, np.array(0.0), lambda: np.array(sign / 6), 7)
        near, far = sorted([low * sign, high * sign])  # 1 - a w is 0 at w = 6 on the far side
        assert far == 5000
        assert near == pytest.approx(10002 * ndtr(-7 / (1 + 7 / 6)) - 5001, rel=1e-9)

    def test_replicates_next_to_the_estimate_are_counted_half_like_those_equal_to_it(self):
        apart = np.linspace(1, 9, 60)
        tied, near = np.full(40, 3.0), 3 + 1e-15 * np.linspace(-9, 5, 40)
        arguments = np.array(3.0), lambda: np.array(0.0), 1.5
        np.testing.assert_allclose(
            bca_limits(np.concatenate([apart, near]), *arguments),
            bca_limits(np.concatenate([apart, tied]), *arguments),
            rtol=1e-13,
            atol=0,
        )

    @law
    @given(
        st.lists(st.tuples(st.floats(-1e3, 1e3), st.integers(1, 9)), min_size=1, max_size=9),
        st.integers(-300, 300),
    )
    def test_the_acceleration_is_within_a_sixth_whatever_the_unit_of_the_deviations(
        self, pairs, exponent
    ):
        deviations, times = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
        plain = skewness_sixth(deviations, times)
        assert abs(plain) <= 1 / 6 + 1e-15
        assume(np.abs(deviations[deviations != 0]).min(initial=1) > 1e-3)  # else they vanish
        scaled = skewness_sixth(deviations * 2.0**exponent, times)
        np.testing.assert_allclose(scaled, plain, rtol=0, atol=1e-15)
        np.testing.assert_allclose(skewness_sixth(-deviations, times), -plain, rtol=0, atol=1e-15)
        repeated = np.repeat(deviations, times.astype(int))
        np.testing.assert_allclose(
            skewness_sixth(repeated, np.ones(len(repeated))), plain, rtol=0, atol=1e-13
        )

    def test_the_acceleration_of_no_deviations_is_zero(self):
        assert skewness_sixth(np.zeros(4), np.ones(4)) == 0
        np.testing.assert_array_equal(
            skewness_sixth(np.array([[0, -1.0], [0, -1], [0, 2]]), np.ones(3)), [0, 6 / 6 / 6**1.5]
        )
