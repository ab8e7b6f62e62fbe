"""The laws that plans keep, as property tests; the same examples at each run."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custfocus.intervals.detection import detection_power, detection_sample_size
from custfocus.intervals.sample_sizes import margin_of_error, sample_size
from custfocus.intervals.score import score_interval

law = settings(derandomize=True, deadline=None, max_examples=40, database=None)

a_level = st.sampled_from([0.5, 0.8, 0.95, 0.99])
a_margin = st.sampled_from([0.3, 0.1, 0.05, 0.01])
a_size = st.one_of(st.integers(1, 50), st.integers(1, 10**6))


@st.composite
def assumptions(draw, tables: int = 1):
    """Counts that shares come from, one row for each group, and scores from 0 to 1."""
    inner = draw(st.lists(st.integers(1, 9).map(lambda i: i / 10), max_size=4, unique=True))
    scores = np.array([0, *inner, 1])
    row = st.lists(st.integers(0, 30), min_size=len(scores), max_size=len(scores)).filter(any)
    counts = draw(st.lists(row, min_size=tables, max_size=tables))
    return np.array(counts, dtype=float), scores


def shares_of(counts):
    return counts / counts.sum(axis=-1, keepdims=True)


class TestMargin:
    @law
    @given(assumptions(), a_level, st.integers(0, 100))
    def test_it_is_half_the_width_of_the_interval_at_the_counts_themselves(
        self, assumed, level, unasked
    ):
        (counts,), scores = assumed
        n = int(counts.sum())
        low, high = score_interval(counts, scores, confidence_level=level, population=n + unasked)
        found = margin_of_error(
            shares_of(counts), scores, n, confidence_level=level, population=n + unasked
        )
        np.testing.assert_allclose(found, (high - low) / 2, rtol=0, atol=1e-14)

    @law
    @given(assumptions(), a_size, st.integers(1, 50), a_level)
    def test_it_falls_with_the_answers_and_rises_with_the_design_effect(
        self, assumed, n, more, level
    ):
        (counts,), scores = assumed
        few, many = margin_of_error(
            shares_of(counts), scores, [n, n + more], confidence_level=level
        )
        assert many < few
        worse = margin_of_error(
            shares_of(counts), scores, n, confidence_level=level, design_effect=1.1
        )
        assert few < worse

    @law
    @given(assumptions(), a_size, st.integers(2, 9), a_level)
    def test_a_design_effect_is_worth_as_many_fewer_answers(self, assumed, n, effect, level):
        (counts,), scores = assumed
        options = {"confidence_level": level}
        np.testing.assert_allclose(
            margin_of_error(shares_of(counts), scores, effect * n, design_effect=effect, **options),
            margin_of_error(shares_of(counts), scores, n, **options),
            rtol=1e-12,
            atol=0,
        )

    @law
    @given(assumptions(tables=3), a_size, a_level)
    def test_a_group_of_a_batch_gets_the_bits_that_it_gets_alone(self, assumed, n, level):
        counts, scores = assumed
        batch = margin_of_error(shares_of(counts), scores, n, confidence_level=level)
        for g, row in enumerate(shares_of(counts)):
            assert batch[g] == margin_of_error(row, scores, n, confidence_level=level)


class TestSampleSize:
    @law
    @given(
        assumptions(),
        a_margin,
        a_level,
        st.one_of(st.none(), st.integers(1, 10**5)),
        st.sampled_from([0.7, 1, 2.5]),
    )
    def test_it_is_the_first_number_with_the_margin(
        self, assumed, wanted, level, population, effect
    ):
        (counts,), scores = assumed
        options = {
            "confidence_level": level,
            "population": population,
            "design_effect": effect,
        }
        n = int(sample_size(shares_of(counts), scores, margin=wanted, **options).answers)
        assert population is None or n <= population
        assert margin_of_error(shares_of(counts), scores, n, **options) <= wanted
        assert n == 1 or margin_of_error(shares_of(counts), scores, n - 1, **options) > wanted

    @law
    @given(assumptions(tables=3), a_margin, st.integers(1, 999))
    def test_a_group_of_a_batch_gets_what_it_gets_alone(self, assumed, wanted, population):
        counts, scores = assumed
        options = {"margin": wanted, "population": population}
        batch = sample_size(shares_of(counts), scores, **options)
        for g, row in enumerate(shares_of(counts)):
            assert batch.answers[g] == sample_size(row, scores, **options).answers

    @law
    @given(assumptions(), a_margin, st.integers(1, 100).map(lambda i: i / 100))
    def test_invitations_are_the_fewest_that_lead_one_to_expect_the_answers(
        self, assumed, wanted, rate
    ):
        (counts,), scores = assumed
        answers, invitations = sample_size(
            shares_of(counts), scores, margin=wanted, response_rate=rate
        )
        slack = 1e-9 * invitations
        assert (invitations - 1) * rate < answers + slack
        assert answers <= invitations * rate + slack


class TestDetection:
    @law
    @given(assumptions(tables=2), st.sampled_from([0.5, 0.8, 0.95]), a_level)
    def test_it_is_the_first_number_with_the_power(self, assumed, power, level):
        counts, scores = assumed
        one, other = shares_of(counts)
        assume(abs(one @ scores - other @ scores) > 1e-3)
        options = {"confidence_level": level}
        n = int(detection_sample_size(one, other, scores, power=power, **options).answers)
        assert detection_power(one, other, scores, n, **options) >= power
        assert n == 1 or detection_power(one, other, scores, n - 1, **options) < power

    @law
    @given(assumptions(tables=4), a_size)
    def test_a_pair_of_a_batch_gets_the_bits_that_it_gets_alone(self, assumed, n):
        counts, scores = assumed
        (a, b), (c, d) = shares_of(counts[:2]), shares_of(counts[2:])
        assume(min(abs(a @ scores - c @ scores), abs(b @ scores - d @ scores)) > 1e-3)
        batch = detection_power([a, b], [c, d], scores, n)
        assert batch[0] == detection_power(a, c, scores, n)
        assert batch[1] == detection_power(b, d, scores, n)

    @law
    @given(assumptions(tables=2), a_size)
    def test_power_is_that_of_the_mirrored_scale_and_of_the_waves_the_other_way_round(
        self, assumed, n
    ):
        counts, scores = assumed
        one, other = shares_of(counts)
        assume(abs(one @ scores - other @ scores) > 1e-3)
        plain = detection_power(one, other, scores, n)
        # The variance under no change is solved for to about 1e-13.
        np.testing.assert_allclose(
            detection_power(other, one, scores, n), plain, rtol=1e-9, atol=1e-12
        )
        np.testing.assert_allclose(
            detection_power(one, other, -scores, n), plain, rtol=1e-9, atol=1e-12
        )
