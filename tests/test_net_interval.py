"""The intervals for a net score: how they mirror, their named faults, and more for than answers."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custfocus.errors import TallyError
from custfocus.intervals.net import _METHODS, net_interval
from custfocus.intervals.score import score_interval

law = settings(derandomize=True, deadline=None, max_examples=30, database=None)
EPSILON = float(np.finfo(np.float64).eps)

a_count = st.one_of(st.integers(0, 9), st.integers(0, 400), st.integers(0, 10**9))
a_table = st.tuples(a_count, a_count, a_count).filter(any)  # positive, negative, neither
a_level = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
every_method = pytest.mark.parametrize("method", _METHODS)
with_added_answers = pytest.mark.parametrize(
    "method", ["adjusted-wald", "agresti-min", "bonett-price"]
)
without_added_answers = pytest.mark.parametrize("method", ["score", "goodman", "wald"])


def every_table(largest: int):
    """Positive, negative and all answers of every table with 1 to *largest* answers."""
    every = [
        (b, c, n) for n in range(1, largest + 1) for b in range(n + 1) for c in range(n + 1 - b)
    ]
    return np.array(every).T


@pytest.mark.parametrize(
    ("counts", "shown"),
    [((3, 2, 4), "3 and 2 of 4; count every"), (([1, 0, 9], [1, 6, 9], [2, 5, 7]), "0 and 6 of 5")],
)
def test_more_answers_for_and_against_than_answers_are_an_error_that_shows_the_first(counts, shown):
    rule = re.escape("positive and negative together must not exceed n, got ")
    with pytest.raises(TallyError, match=f"^{rule}{shown}"):
        net_interval(*counts)


class TestLaws:
    @law
    @given(table=a_table, level=a_level, unasked=st.sampled_from([None, 0, 3, 10**6]))
    def test_the_score_method_is_the_score_interval_of_three_scores_bit_for_bit(
        self, table, level, unasked
    ):
        positive, negative, neither = table
        population = None if unasked is None else sum(table) + unasked
        options = {"confidence_level": level, "population": population}
        assert net_interval(positive, negative, sum(table), **options) == score_interval(
            (negative, neither, positive), (-1, 0, 1), **options
        )

    @every_method
    @law
    @given(table=a_table, level=a_level)
    def test_swapping_positive_and_negative_negates_the_limits(self, method, table, level):
        positive, negative, _ = table
        options = {"method": method, "confidence_level": level}
        low, high = net_interval(positive, negative, sum(table), **options)
        mirrored = net_interval(negative, positive, sum(table), **options)
        granted = 4 * EPSILON if method == "score" else 0
        np.testing.assert_allclose(mirrored, (-high, -low), rtol=0, atol=granted)

    @every_method
    @law
    @given(table=st.tuples(*[st.integers(0, 60)] * 3).filter(any))
    def test_the_width_falls_to_zero_as_all_counts_grow(self, method, table):
        positive, negative, n = (10**8 * count for count in (*table[:2], sum(table)))
        low, high = net_interval(positive, negative, n, method=method)
        # sqrt(chi-square quantile), largest sd 1, n at least 1e8
        assert high - low < 2 * 2.45 * 1e-4


class TestFaults:
    @every_method
    @pytest.mark.parametrize("level", [0.5, 0.95])
    def test_only_wald_and_goodman_have_zero_width_just_when_all_answers_are_of_one_kind(
        self, method, level
    ):
        positive, negative, n = every_table(12)
        low, high = net_interval(positive, negative, n, method=method, confidence_level=level)
        one_kind = (positive == n) | (negative == n) | (positive + negative == 0)
        flat = one_kind & (method in ("wald", "goodman"))
        np.testing.assert_array_equal(low == high, flat)

    @with_added_answers
    def test_nearly_all_of_one_kind_leaves_some_width_also_among_very_many(self, method):
        for n in (10**6, 10**9, 10**12):
            low, high = net_interval(n, 0, n, method=method)
            assert low < 1 - 1 / n
            assert high == 1

    @without_added_answers
    @pytest.mark.parametrize("level", [0.1, 0.5, 0.95])
    def test_methods_that_add_no_answers_contain_the_estimate(self, method, level):
        positive, negative, n = every_table(25)
        low, high = net_interval(positive, negative, n, method=method, confidence_level=level)
        estimate = (positive - negative) / n
        assert (low <= estimate).all()
        assert (estimate <= high).all()

    def test_at_95_percent_only_adjusted_wald_leaves_out_an_estimate_and_only_of_one_answer(self):
        positive, negative, n = every_table(25)
        estimate = (positive - negative) / n
        left_out = {}
        for method in _METHODS:
            low, high = net_interval(positive, negative, n, method=method)
            missed = (estimate < low) | (high < estimate)
            left_out[method] = [*zip(positive[missed], negative[missed], n[missed], strict=True)]
        assert left_out.pop("adjusted-wald") == [(0, 1, 1), (1, 0, 1)]
        assert not any(left_out.values())

    @with_added_answers
    def test_at_low_levels_a_method_that_adds_answers_can_leave_out_the_estimate(self, method):
        _, high = net_interval(40, 0, 40, method=method, confidence_level=0.5)
        assert high < 1
