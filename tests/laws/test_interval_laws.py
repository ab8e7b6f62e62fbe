"""
The laws of design section 5 that intervals keep, as property tests.

No random seed: the same examples at each run.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from custfocus.intervals import ConfidenceInterval, proportion_interval, score_interval
from custfocus.intervals.score import mean_score, score_limits

law = settings(derandomize=True, deadline=None, max_examples=150, database=None)
EPSILON = float(np.finfo(np.float64).eps)
BLOCK = 8192  # groups that the library computes at a time


class Table(NamedTuple):
    """Counts of one sample, or of groups in rows, on points worth *scores*."""

    counts: np.ndarray
    scores: np.ndarray


a_count = st.one_of(
    st.just(0), st.integers(0, 9), st.integers(0, 9), st.integers(0, 400), st.integers(0, 10**9)
)
a_level = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
whole_scores = st.integers(-20, 20).map(float)
any_scores = st.one_of(whole_scores, st.integers(-3000, 3000).map(lambda i: i / 100))


@st.composite
def tables(draw, scores=any_scores, largest_count=a_count, groups=None) -> Table:
    """Tables of 2 to 7 points, at least two of them with different scores; no empty group."""
    values = draw(
        st.lists(scores, min_size=2, max_size=7).filter(lambda drawn: len(set(drawn)) >= 2)
    )
    row = st.lists(largest_count, min_size=len(values), max_size=len(values)).filter(any)
    counts = draw(row if groups is None else st.lists(row, min_size=groups[0], max_size=groups[1]))
    return Table(np.array(counts, dtype=float), np.array(values))


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
    @law
    @given(tables(groups=(1, 12)), a_level)
    def test_a_group_of_a_batch_gets_the_bits_that_it_gets_alone(self, table, level):
        batch = score_interval(table.counts, table.scores, confidence_level=level)
        for g, row in enumerate(table.counts):
            alone = score_interval(row, table.scores, confidence_level=level)
            assert (batch.low[g], batch.high[g]) == (alone.low, alone.high)

    @law
    @given(tables(groups=(2, 6)), st.data())
    def test_a_group_with_a_population_of_its_own_gets_the_bits_that_it_gets_alone(
        self, table, data
    ):
        n = table.counts.sum(axis=1)
        more = data.draw(st.lists(st.integers(0, 500), min_size=len(n), max_size=len(n)))
        sizes = n + np.array(more)
        batch = score_interval(table.counts, table.scores, population=sizes)
        for g, row in enumerate(table.counts):
            alone = score_interval(row, table.scores, population=sizes[g])
            assert (batch.low[g], batch.high[g]) == (alone.low, alone.high)

    @pytest.mark.parametrize("scores", [(1, 2, 3, 4, 5), tuple(range(11)), (0, 1), (0.1, 0.7, 2)])
    def test_groups_of_a_batch_of_several_blocks_get_the_bits_of_smaller_batches(self, scores):
        generator = np.random.default_rng(8192)
        shares = generator.dirichlet(np.full(len(scores), 0.3), size=2 * BLOCK + 3)
        counts = generator.multinomial(generator.integers(1, 10**6, len(shares)), shares)
        counts[BLOCK] = 0
        batch = score_interval(counts, scores)
        pieces = [score_interval(part, scores) for part in np.array_split(counts, 7)]
        assert_same_bits(batch, [np.concatenate(limits) for limits in zip(*pieces, strict=True)])
        backwards = score_interval(counts[::-1], scores)
        assert_same_bits(batch, [limit[::-1] for limit in backwards])
        for g in (0, BLOCK - 1, BLOCK + 1, 2 * BLOCK - 1, 2 * BLOCK, 2 * BLOCK + 2):
            alone = score_interval(counts[g], scores)
            assert (batch.low[g], batch.high[g]) == (alone.low, alone.high)
        assert np.flatnonzero(np.isnan(batch.low)).tolist() == [BLOCK]

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

    @law
    @given(tables(groups=(1, 8)), st.data())
    def test_an_empty_group_in_a_batch_is_nan_and_changes_no_other(self, table, data):
        where = data.draw(st.integers(0, len(table.counts)))
        with_empty = np.insert(table.counts, where, 0, axis=0)
        batch = score_interval(with_empty, table.scores)
        assert np.isnan(batch.low[where])
        assert np.isnan(batch.high[where])
        assert_same_bits(
            score_interval(table.counts, table.scores),
            [np.delete(limit, where) for limit in batch],
        )

    @law
    @given(st.lists(st.tuples(a_count, a_count), min_size=1, max_size=9), a_level)
    def test_a_proportion_of_a_batch_gets_the_bits_that_it_gets_alone_and_nan_where_empty(
        self, pairs, level
    ):
        successes, failures = np.array([*pairs, (0, 0)]).T
        n = successes + failures
        batch = proportion_interval(successes, n, confidence_level=level)
        np.testing.assert_array_equal(np.isnan(batch.low), n == 0)
        np.testing.assert_array_equal(np.isnan(batch.high), n == 0)
        for g in np.flatnonzero(n):
            alone = proportion_interval(successes[g], n[g], confidence_level=level)
            assert (batch.low[g], batch.high[g]) == (alone.low, alone.high)


class TestScores:
    @law
    @given(
        tables(),
        st.integers(-30, 30).filter(bool).map(lambda i: i / 10),
        st.integers(-1000, 1000).map(lambda i: i / 10),
        a_level,
    )
    def test_an_affine_map_of_the_scores_maps_the_limits_and_swaps_them_if_it_falls(
        self, table, factor, shift, level
    ):
        plain = score_interval(table.counts, table.scores, confidence_level=level)
        mapped_scores = factor * table.scores + shift
        mapped = score_interval(table.counts, mapped_scores, confidence_level=level)
        expected = sorted(factor * float(limit) + shift for limit in plain)
        granted = a_few_units(mapped_scores, factor * table.scores, shift, units=4)
        np.testing.assert_allclose(mapped, expected, rtol=0, atol=granted)

    @law
    @given(tables(), st.integers(-8, 8), a_level)
    def test_a_power_of_two_as_factor_maps_the_limits_bit_for_bit(self, table, exponent, level):
        plain = score_interval(table.counts, table.scores, confidence_level=level)
        factor = 2.0**exponent
        mapped = score_interval(table.counts, factor * table.scores, confidence_level=level)
        assert_same_bits(mapped, [np.asarray(factor * limit) for limit in plain])

    @law
    @given(tables(), a_level)
    def test_the_mirrored_scale_has_the_mirrored_limits(self, table, level):
        low, high = score_interval(table.counts, table.scores, confidence_level=level)
        mirrored = score_interval(table.counts, -table.scores, confidence_level=level)
        granted = a_few_units(table.scores)
        np.testing.assert_allclose(mirrored, (-high, -low), rtol=0, atol=granted)

    @law
    @given(tables(scores=whole_scores), st.data())
    def test_points_with_equal_scores_are_one_point(self, table, data):
        points = np.unique(table.scores)
        merged = [table.counts[table.scores == point].sum() for point in points]
        split = data.draw(st.lists(st.sampled_from(points.tolist()), max_size=4))
        scores = np.concatenate([table.scores, split])
        counts = np.concatenate([table.counts, np.zeros(len(split))])
        assert_same_bits(score_interval(counts, scores), score_interval(merged, points))

    @law
    @given(tables(scores=whole_scores), st.data())
    def test_the_order_of_the_points_does_not_matter(self, table, data):
        order = np.array(data.draw(st.permutations(range(len(table.scores)))))
        assert_same_bits(
            score_interval(table.counts[order], table.scores[order]),
            score_interval(table.counts, table.scores),
        )

    @law
    @given(tables())
    def test_a_point_that_nobody_chose_inside_the_scale_matters_only_if_it_is_an_end(self, table):
        assume(table.counts[table.scores.argmin()] > 0)
        assume(table.counts[table.scores.argmax()] > 0)
        chosen = table.counts > 0
        granted = a_few_units(table.scores)
        np.testing.assert_allclose(
            score_interval(table.counts, table.scores),
            score_interval(table.counts[chosen], table.scores[chosen]),
            rtol=0,
            atol=granted,
        )


class TestLimits:
    @law
    @given(tables(scores=whole_scores), a_level)
    def test_limits_contain_the_mean_and_stay_on_the_scale(self, table, level):
        low, high = score_interval(table.counts, table.scores, confidence_level=level)
        assert table.scores.min() <= low <= mean_of(table) <= high <= table.scores.max()

    @law
    @given(tables(), a_level, st.sampled_from([None, 0, 1, 1000]))
    def test_limits_contain_the_index_to_the_last_bit_also_in_a_census(self, table, level, unasked):
        population = None if unasked is None else table.counts.sum() + unasked
        low, high = score_interval(
            table.counts, table.scores, confidence_level=level, population=population
        )
        assert low <= mean_score(table.counts, table.scores) <= high

    @law
    @given(tables(), a_level)
    @example(Table(np.array([0.0, 5, 0]), np.array([-1.3, 0.1, -2.4])), 0.95)
    def test_limits_stay_on_the_scale_also_if_its_ends_are_no_binary_fractions(self, table, level):
        low, high = score_interval(table.counts, table.scores, confidence_level=level)
        assert table.scores.min() <= low <= high <= table.scores.max()

    @law
    @given(tables(scores=whole_scores), a_level)
    def test_a_limit_is_an_end_of_the_scale_only_if_all_answers_stand_there(self, table, level):
        assume(table.counts.sum() < 10**6)  # more answers can put a limit next to an end
        low, high = score_interval(table.counts, table.scores, confidence_level=level)
        chosen = table.scores[table.counts > 0]
        assert (low == table.scores.min()) == (chosen == table.scores.min()).all()
        assert (high == table.scores.max()) == (chosen == table.scores.max()).all()

    @law
    @given(tables(), a_level)
    @example(Table(np.array([0.0, 0, 10**12]), np.array([1.0, 3, 5])), 0.5)
    def test_a_sample_that_is_no_census_never_has_zero_width(self, table, level):
        assert width(score_interval(table.counts, table.scores, confidence_level=level)) > 0
        n = table.counts.sum()
        assume(n < 10**6)
        assert (
            width(
                score_interval(
                    table.counts, table.scores, confidence_level=level, population=2 * n + 1
                )
            )
            > 0
        )

    @law
    @given(tables())
    def test_limits_widen_with_the_confidence_level(self, table):
        levels = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999]
        intervals = [
            score_interval(table.counts, table.scores, confidence_level=level) for level in levels
        ]
        for narrow, wide in pairwise(intervals):
            assert wide.low <= narrow.low
            assert narrow.high <= wide.high
            assert width(narrow) < width(wide)

    @law
    @given(tables(largest_count=st.integers(0, 40)), st.integers(2, 1000), a_level)
    def test_limits_shrink_when_all_counts_are_multiplied(self, table, factor, level):
        few = score_interval(table.counts, table.scores, confidence_level=level)
        many = score_interval(factor * table.counts, table.scores, confidence_level=level)
        granted = a_few_units(table.scores, units=2)
        assert few.low <= many.low + granted
        assert many.high <= few.high + granted
        assert width(many) < width(few)

    @law
    @given(tables(largest_count=st.integers(0, 40)))
    def test_the_width_falls_to_zero_as_all_counts_grow(self, table):
        span = np.ptp(table.scores)
        assert width(score_interval(10**10 * table.counts, table.scores)) < 2 * 1.96 * 1e-5 * span

    @law
    @given(a_count, a_count, a_level)
    def test_a_proportions_limits_are_mirrored_by_counting_the_others(
        self, successes, failures, level
    ):
        n = successes + failures
        assume(n > 0)
        low, high = proportion_interval(successes, n, confidence_level=level)
        others = proportion_interval(failures, n, confidence_level=level)
        np.testing.assert_allclose(others, (1 - high, 1 - low), rtol=0, atol=4 * EPSILON)
        assert 0 <= low <= successes / n <= high <= 1
        assert low < high
        assert (low == 0) == (successes == 0)
        assert n > 10**6 or (high == 1) == (failures == 0)


class TestFinitePopulation:
    @law
    @given(tables(largest_count=st.integers(0, 400)))
    def test_a_census_has_a_width_of_rounding_only(self, table):
        census = score_interval(table.counts, table.scores, population=table.counts.sum())
        granted = a_few_units(table.scores, units=2)
        np.testing.assert_allclose(census, mean_of(table), rtol=0, atol=granted)

    @law
    @given(tables(largest_count=st.integers(0, 400)))
    @example(Table(np.array([2.0, 3, 1, 3, 2]), np.array([-2.6, -0.2, 0.4, 2.1, -0.6])))
    def test_a_census_has_no_width(self, table):
        assert width(score_interval(table.counts, table.scores, population=table.counts.sum())) == 0

    @law
    @given(st.integers(0, 400), st.integers(0, 400))
    @example(274, 102)
    def test_a_census_of_a_proportion_has_no_width(self, successes, failures):
        n = successes + failures
        assume(n > 0)
        low, high = proportion_interval(successes, n, population=n)
        assert low == high == successes / n

    @law
    @given(tables(largest_count=st.integers(0, 400)), st.integers(0, 1000), st.integers(1, 10**6))
    def test_limits_widen_with_the_population(self, table, unasked, more):
        size = table.counts.sum() + unasked
        small = score_interval(table.counts, table.scores, population=size)
        large = score_interval(table.counts, table.scores, population=size + more)
        granted = a_few_units(table.scores, units=2)
        assert large.low <= small.low + granted
        assert small.high <= large.high + granted
        # With two or more answers the factor (N - n) / (N - 1) rises with N; with one it is 1.
        assert width(small) < width(large) or (table.counts.sum() == 1 and unasked)

    @law
    @given(tables(largest_count=st.integers(0, 400)), a_level)
    def test_an_endless_population_is_no_population(self, table, level):
        plain = score_interval(table.counts, table.scores, confidence_level=level)
        endless = score_interval(
            table.counts, table.scores, confidence_level=level, population=1e30
        )
        assert_same_bits(endless, plain)

    @law
    @given(tables(largest_count=st.integers(0, 400)), a_level)
    def test_asking_just_over_half_of_a_population_is_worth_as_much_as_twice_the_answers(
        self, table, level
    ):
        n = table.counts.sum()
        assume(n > 1)
        # N = 2 n - 1 makes the factor (N - n) / (N - 1) exactly one half.
        finite = score_interval(
            table.counts, table.scores, confidence_level=level, population=2 * n - 1
        )
        doubled = score_interval(2 * table.counts, table.scores, confidence_level=level)
        assert_same_bits(finite, doubled)

    @law
    @given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 2))
    @example(1, 4, 0)
    def test_limits_contain_the_proportion_to_the_last_bit_also_in_a_census(
        self, successes, failures, unasked
    ):
        n = successes + failures
        assume(n > 0)
        low, high = proportion_interval(successes, n, population=n + unasked)
        assert low <= successes / n <= high

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
