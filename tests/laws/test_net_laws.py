"""
The laws that the intervals for a net score keep, as property tests.

No random seed: the same examples at each run.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custfocus.intervals.net import _METHODS, net_interval
from custfocus.intervals.score import score_interval

law = settings(derandomize=True, deadline=None, max_examples=30, database=None)
EPSILON = float(np.finfo(np.float64).eps)

a_count = st.one_of(st.integers(0, 9), st.integers(0, 400), st.integers(0, 10**9))
a_table = st.tuples(a_count, a_count, a_count).filter(any)  # positive, negative, neither
a_small_table = st.tuples(*[st.integers(0, 60)] * 3).filter(any)
a_level = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
every_method = pytest.mark.parametrize("method", _METHODS)
of_walds_form = pytest.mark.parametrize("method", [one for one in _METHODS if one != "score"])


def arguments(tables):
    """Positive, negative and n of one table or of many."""
    positive, negative, neither = np.array(tables).T
    return positive, negative, positive + negative + neither


@every_method
@law
@given(tables=st.lists(a_table, min_size=1, max_size=12), level=a_level, data=st.data())
def test_a_group_of_a_batch_gets_the_bits_that_it_gets_alone(method, tables, level, data):
    groups = arguments(tables)
    unasked = st.lists(st.integers(0, 500), min_size=len(tables), max_size=len(tables))
    options = {"method": method, "confidence_level": level}
    for population in (None, groups[2] + np.array(data.draw(unasked))):
        low, high = net_interval(*groups, **options, population=population)
        for g in range(len(tables)):
            size = None if population is None else population[g]
            alone = net_interval(*(part[g] for part in groups), **options, population=size)
            assert (low[g], high[g]) == alone


@pytest.mark.parametrize("method", _METHODS)
def test_groups_of_a_large_batch_get_the_bits_of_smaller_batches(method):
    generator = np.random.default_rng(1998)
    counts = generator.multinomial(generator.integers(0, 300, 20_001), [0.6, 0.1, 0.3])
    groups = arguments(counts)
    batch = net_interval(*groups, method=method)
    pieces = [
        net_interval(*parts, method=method)
        for parts in zip(*(np.array_split(part, 7) for part in groups), strict=True)
    ]
    np.testing.assert_array_equal(batch, np.concatenate(pieces, axis=1))
    assert np.isnan(batch.low).any()
    np.testing.assert_array_equal(np.isnan(batch), [groups[2] == 0] * 2)


@law
@given(table=a_table, level=a_level, unasked=st.sampled_from([None, 0, 3, 10**6]))
def test_the_score_method_is_the_score_interval_of_three_scores_bit_for_bit(table, level, unasked):
    positive, negative, neither = table
    options = {
        "confidence_level": level,
        "population": None if unasked is None else sum(table) + unasked,
    }
    assert net_interval(positive, negative, sum(table), **options) == score_interval(
        (negative, neither, positive), (-1, 0, 1), **options
    )


@of_walds_form
@law
@given(table=a_table, level=a_level)
def test_swapping_positive_and_negative_negates_the_limits_bit_for_bit(method, table, level):
    positive, negative, n = arguments(table)
    low, high = net_interval(positive, negative, n, method=method, confidence_level=level)
    mirrored = net_interval(negative, positive, n, method=method, confidence_level=level)
    assert mirrored == (-high, -low)


@law
@given(table=a_table, level=a_level)
def test_swapping_positive_and_negative_negates_the_score_limits_to_rounding(table, level):
    positive, negative, n = arguments(table)
    low, high = net_interval(positive, negative, n, confidence_level=level)
    mirrored = net_interval(negative, positive, n, confidence_level=level)
    np.testing.assert_allclose(mirrored, (-high, -low), rtol=0, atol=4 * EPSILON)


@every_method
@law
@given(table=a_table, level=a_level)
def test_limits_are_in_order_and_on_the_scale(method, table, level):
    low, high = net_interval(*arguments(table), method=method, confidence_level=level)
    assert -1 <= low <= high <= 1
    assert low < high or method in ("wald", "goodman")


@every_method
@law
@given(table=a_table)
def test_limits_widen_with_the_confidence_level(method, table):
    intervals = [
        net_interval(*arguments(table), method=method, confidence_level=level)
        for level in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
    ]
    all_one_kind = sum(map(bool, table)) == 1
    for narrow, wide in pairwise(intervals):
        assert wide.low <= narrow.low
        assert narrow.high <= wide.high
        assert (
            narrow.high - narrow.low < wide.high - wide.low
            or (narrow == (-1, 1))
            or (all_one_kind and method in ("wald", "goodman"))
        )


@every_method
@law
@given(table=a_small_table)
def test_the_width_falls_to_zero_as_all_counts_grow(method, table):
    low, high = net_interval(*arguments(10**8 * np.array(table)), method=method)
    assert high - low < 2 * 2.45 * 1e-4  # sqrt(chi-square quantile), largest sd 1, n at least 1e8


@every_method
@law
@given(table=a_small_table)
def test_a_census_is_the_net_score_itself(method, table):
    positive, negative, n = arguments(table)
    census = net_interval(positive, negative, n, method=method, population=n)
    assert census == ((positive - negative) / n,) * 2


@every_method
@law
@given(table=a_small_table, level=a_level)
def test_asking_just_over_half_of_a_population_is_worth_as_much_as_twice_the_answers(
    method, table, level
):
    assume(sum(table) > 1)
    positive, negative, n = arguments(table)
    options = {"method": method, "confidence_level": level}
    # N = 2 n - 1 makes the factor (N - n) / (N - 1) exactly one half.
    finite = net_interval(positive, negative, n, **options, population=2 * n - 1)
    assert finite == net_interval(2 * positive, 2 * negative, 2 * n, **options)


@every_method
@law
@given(table=a_small_table, level=a_level)
def test_an_endless_population_is_no_population(method, table, level):
    groups = arguments(table)
    options = {"method": method, "confidence_level": level}
    assert net_interval(*groups, **options, population=1e30) == net_interval(*groups, **options)
