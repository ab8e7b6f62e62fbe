"""The laws of score intervals, as property tests: the same examples at each run."""

from typing import NamedTuple

import numpy as np
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from custfocus.intervals import ConfidenceInterval, proportion_interval, score_interval
from custfocus.intervals.score import mean_score, score_limits

law = settings(derandomize=True, deadline=None, max_examples=100, database=None)
EPSILON = float(np.finfo(np.float64).eps)
BLOCK = 8192  # groups that the library computes at a time


class Table(NamedTuple):
    """Counts of one sample on points worth *scores*."""

    counts: np.ndarray
    scores: np.ndarray

    def times(self, factor: int) -> "Table":
        return Table(factor * self.counts, self.scores)


def limits(table: Table, **options) -> ConfidenceInterval:
    return score_interval(table.counts, table.scores, **options)


a_count = st.one_of(
    st.just(0), st.integers(0, 9), st.integers(0, 9), st.integers(0, 400), st.integers(0, 10**9)
)
a_level = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
whole_scores = st.integers(-20, 20).map(float)
any_scores = st.one_of(whole_scores, st.integers(-3000, 3000).map(lambda i: i / 100))


@st.composite
def tables(draw, scores=any_scores, largest_count=a_count) -> Table:
    """Tables of 2 to 7 points, at least two of them with different scores; not empty."""
    values = draw(
        st.lists(scores, min_size=2, max_size=7).filter(lambda drawn: len(set(drawn)) >= 2)
    )
    row = st.lists(largest_count, min_size=len(values), max_size=len(values)).filter(any)
    return Table(np.array(draw(row), dtype=float), np.array(values))


def mean_of(table: Table) -> float:
    return float(table.counts @ table.scores / table.counts.sum())


def a_few_units(*numbers, units: int = 4) -> float:
    """That many units in the last place of the largest of the numbers."""
    return units * EPSILON * max(float(np.abs(number).max()) for number in numbers)


def width(interval: ConfidenceInterval) -> np.ndarray:
    return interval.high - interval.low


def assert_same_bits(first: ConfidenceInterval, second) -> None:
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other, strict=True)


class TestGroups:
    def test_a_group_of_effective_counts_gets_the_bits_that_it_gets_alone(self):
        generator = np.random.default_rng(1927)
        counts, scores = generator.uniform(0, 5, (200, 11)), np.arange(11.0)
        for n in (counts.sum(axis=-1), generator.uniform(1, 99, 200)):
            batch = score_limits(counts, scores, n, 0.95, None)
            alone = [
                score_limits(row, scores, size, 0.95, None)
                for row, size in zip(counts, n, strict=True)
            ]
            assert_same_bits(batch, [np.array(limits) for limits in zip(*alone, strict=True)])


class TestScores:
    @law
    @given(
        tables(),
        st.integers(-30, 30).filter(bool).map(lambda i: i / 10) | st.just(-1),  # mirrored
        st.integers(-1000, 1000).map(lambda i: i / 10),
        a_level,
    )
    def test_an_affine_map_of_the_scores_maps_the_limits_and_swaps_them_if_it_falls(
        self, table, factor, shift, level
    ):
        plain = limits(table, confidence_level=level)
        mapped_scores = factor * table.scores + shift
        mapped = score_interval(table.counts, mapped_scores, confidence_level=level)
        expected = sorted(factor * float(limit) + shift for limit in plain)
        granted = a_few_units(mapped_scores, factor * table.scores, shift, units=4)
        np.testing.assert_allclose(mapped, expected, rtol=0, atol=granted)

    @law
    @given(tables(), st.integers(-8, 8), a_level)
    def test_a_power_of_two_as_factor_maps_the_limits_bit_for_bit(self, table, exponent, level):
        plain = limits(table, confidence_level=level)
        factor = 2.0**exponent
        mapped = score_interval(table.counts, factor * table.scores, confidence_level=level)
        assert_same_bits(mapped, [np.asarray(factor * limit) for limit in plain])

    @law
    @given(tables(scores=whole_scores), st.data())
    def test_points_with_equal_scores_are_one_point_in_any_order(self, table, data):
        points = np.unique(table.scores)
        merged = [table.counts[table.scores == point].sum() for point in points]
        split = data.draw(st.lists(st.sampled_from(points.tolist()), max_size=4))
        scores = np.concatenate([table.scores, split])
        counts = np.concatenate([table.counts, np.zeros(len(split))])
        assert_same_bits(score_interval(counts, scores), score_interval(merged, points))

    @law
    @given(tables())
    def test_a_point_that_no_one_chose_inside_the_scale_matters_only_if_it_is_an_end(self, table):
        ends = np.isin(table.scores, [table.scores.min(), table.scores.max()])
        counts = table.counts + ends  # both are chosen
        chosen = counts > 0
        np.testing.assert_allclose(
            score_interval(counts, table.scores),
            score_interval(counts[chosen], table.scores[chosen]),
            rtol=0,
            atol=a_few_units(table.scores),
        )


class TestLimits:
    @law
    @given(tables(), a_level, st.sampled_from([None, 0, 1, 1000]))
    @example(Table(np.array([0.0, 5, 0]), np.array([-1.3, 0.1, -2.4])), 0.95, None)
    def test_they_contain_the_index_to_the_last_bit_and_stay_on_the_scale(
        self, table, level, unasked
    ):
        population = None if unasked is None else table.counts.sum() + unasked
        low, high = limits(table, confidence_level=level, population=population)
        assert table.scores.min() <= low <= mean_score(table.counts, table.scores) <= high
        assert high <= table.scores.max()

    @law
    @given(tables(scores=whole_scores), a_level)
    def test_a_limit_is_an_end_of_the_scale_only_if_all_answers_stand_there(self, table, level):
        assume(table.counts.sum() < 10**6)  # more answers can put a limit next to an end
        low, high = limits(table, confidence_level=level)
        chosen = table.scores[table.counts > 0]
        assert (low == table.scores.min()) == (chosen == table.scores.min()).all()
        assert (high == table.scores.max()) == (chosen == table.scores.max()).all()

    @law
    @given(tables(), a_level)
    @example(Table(np.array([0.0, 0, 10**12]), np.array([1.0, 3, 5])), 0.5)
    def test_a_sample_that_is_no_census_never_has_zero_width(self, table, level):
        assert width(limits(table, confidence_level=level)) > 0
        n = table.counts.sum()
        assume(n < 10**6)
        finite = limits(table, confidence_level=level, population=2 * n + 1)
        assert width(finite) > 0

    @law
    @given(tables(largest_count=st.integers(0, 40)), st.integers(2, 1000), a_level)
    def test_limits_shrink_when_all_counts_are_multiplied(self, table, factor, level):
        few = limits(table, confidence_level=level)
        many = limits(table.times(factor), confidence_level=level)
        granted = a_few_units(table.scores, units=2)
        assert few.low <= many.low + granted
        assert many.high <= few.high + granted
        assert width(many) < width(few)

    @law
    @given(tables(largest_count=st.integers(0, 40)))
    def test_the_width_falls_to_zero_as_all_counts_grow(self, table):
        span = np.ptp(table.scores)
        assert width(limits(table.times(10**10))) < 2 * 1.96 * 1e-5 * span


class TestFinitePopulation:
    @law
    @given(tables(largest_count=st.integers(0, 400)))
    @example(Table(np.array([2.0, 3, 1, 3, 2]), np.array([-2.6, -0.2, 0.4, 2.1, -0.6])))
    def test_a_census_has_no_width(self, table):
        assert width(limits(table, population=table.counts.sum())) == 0

    @law
    @given(tables(largest_count=st.integers(0, 400)), st.integers(0, 1000), st.integers(1, 10**6))
    def test_limits_widen_with_the_population(self, table, unasked, more):
        size = table.counts.sum() + unasked
        small = limits(table, population=size)
        large = limits(table, population=size + more)
        granted = a_few_units(table.scores, units=2)
        assert large.low <= small.low + granted
        assert small.high <= large.high + granted
        # With two or more answers the factor (N - n) / (N - 1) rises with N; with one it is 1.
        assert width(small) < width(large) or (table.counts.sum() == 1 and unasked)

    @law
    @given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 500))
    def test_a_proportion_and_its_two_scores_have_the_same_limits_in_a_finite_population(
        self, successes, failures, unasked
    ):
        n = successes + failures
        assume(n > 0)
        assert_same_bits(
            score_interval((failures, successes), (0, 1), population=n + unasked),
            proportion_interval(successes, n, population=n + unasked),
        )
