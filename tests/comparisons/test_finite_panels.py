"""Two answers of the same members of a finite population."""

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custfocus.comparisons import compare, compare_pairs
from custfocus.comparisons.paired import effective_pairs
from custfocus.errors import LabelError, TallyError
from custfocus.indices import estimate, mean_score
from custfocus.intervals import score_interval
from custfocus.responses import PairTally, Scale, Scoring, Tally
from patterns import begins

TWO, THREE = Scale.likert(2), Scale.likert(3)
SHARE, MEAN = Scoring.top_box(TWO, 1), Scoring.mean(THREE, -1, 1)
INFINITE = 10**30
PAIRS = np.array([[4, 1, 0], [2, 6, 3], [1, 5, 9]])
ONLY_A, ONLY_B = [2, 3, 1], [0, 2, 4]

law = settings(derandomize=True, deadline=None, max_examples=60, database=None)
a_cell = st.integers(0, 8)
tables = st.lists(a_cell, min_size=9, max_size=9).map(lambda cells: np.reshape(cells, (3, 3)))
singles = st.one_of(st.just([0, 0, 0]), st.lists(a_cell, min_size=3, max_size=3))


@st.composite
def panels(draw):
    """Members with both answers, one of them, or the other; each given by someone."""
    panel = PairTally(draw(tables), THREE, draw(singles), draw(singles))
    assume(panel.a.n and panel.b.n)
    return panel


def respondents(panel):
    return int(panel.n + panel.only_a.sum() + panel.only_b.sum())


def reach(panel, size):
    """The least and the most that the difference can be of so many members."""
    (seen_a, n_a), (seen_b, n_b) = (
        (float(side.counts @ MEAN.quoted_scores), int(side.n)) for side in (panel.a, panel.b)
    )
    least = (seen_a - (size - n_a) - seen_b - (size - n_b)) / size
    most = (seen_a + (size - n_a) - seen_b + (size - n_b)) / size
    return least, most


class TestWhatAPopulationIsWorth:
    def test_asking_just_over_half_is_worth_twice_the_pairs(self):
        # N = 2 n - 1 makes the factor (N - n) / (N - 1) exactly one half.
        finite = compare_pairs(PairTally(PAIRS, THREE), MEAN, population=2 * PAIRS.sum() - 1)
        twice = compare_pairs(PairTally(2 * PAIRS, THREE), MEAN)
        for name in ("value", "low", "high", "p_value"):
            assert float(getattr(finite, name)) == pytest.approx(float(getattr(twice, name)))

    def test_with_all_in_both_it_is_the_score_interval_of_the_differences(self):
        found = compare_pairs(PairTally(PAIRS, THREE), MEAN, population=50)
        apart = [PAIRS.diagonal(offset).sum() for offset in range(2, -3, -1)]
        expected = score_interval(apart, [-2, -1, 0, 1, 2], population=50)
        np.testing.assert_allclose([found.low, found.high], expected, rtol=1e-10)

    def test_the_variance_is_that_of_drawing_without_putting_back(self):
        # 12 members in both, 6 only in a, 4 only in b, of 40 whose answers are known.
        generator = np.random.default_rng(8)
        a = generator.integers(0, 3, 40)
        b = np.clip(a + generator.integers(-1, 2, 40), 0, 2)
        draws = []
        for _ in range(6000):
            order = generator.permutation(40)
            both, one, other = order[:12], order[12:18], order[18:22]
            draws.append(a[[*both, *one]].mean() - b[[*both, *other]].mean())
        counts = np.zeros((3, 3))
        np.add.at(counts, (a, b), 1)
        expected = np.var(draws)
        # The same shares of pairs, and of single answers, as all members have
        everyone = PairTally(
            12 * counts.astype(int),
            THREE,
            6 * counts.sum(1).astype(int),
            4 * counts.sum(0).astype(int),
        )
        n = effective_pairs(everyone, np.array([0.0, 1, 2]))[0] / 40
        both = np.cov(a, b, bias=True)[0, 1]
        infinite = a.var() / 18 + b.var() / 16 - 2 * both * 12 / (18 * 16)
        assert infinite * (40 - n) / 39 == pytest.approx(expected, rel=0.06)
        assert infinite > 1.15 * expected

    def test_where_answers_are_alike_and_few_gave_both_it_is_worth_little(self):
        alike = PairTally([[30, 0], [0, 30]], TWO, [20, 20], [20, 20])
        unlike = PairTally([[15, 15], [15, 15]], TWO, [20, 20], [20, 20])
        assert effective_pairs(alike, np.array([0.0, 1]))[0] == 1
        assert effective_pairs(unlike, np.array([0.0, 1]))[0] == pytest.approx(100)

    @pytest.mark.parametrize(
        ("counts", "only_a", "only_b", "size"),
        [
            ([[9, 0], [0, 0]], [5, 0], [0, 0], 2 * 14 * 9 / 23),  # all alike: nothing to go by
            ([[4, 0], [5, 0]], [0, 3], [0, 0], 2 * 12 * 9 / 21),  # 12 by the variance of a alone
            ([[0, 0], [0, 0]], [6, 6], [3, 3], 2 * 12 * 6 / 18),
        ],
    )
    def test_it_is_at_most_the_harmonic_mean_of_both(self, counts, only_a, only_b, size):
        found = effective_pairs(PairTally(counts, TWO, only_a, only_b), np.array([0.0, 1]))[0]
        assert found == pytest.approx(size)

    @law
    @given(tables.filter(np.any))
    def test_with_all_in_both_it_is_their_number(self, counts):
        for table in (counts, np.diag(counts.ravel()[:2], 1), np.diag(counts.ravel()[:3])):
            assert (
                effective_pairs(PairTally(table, THREE), np.array([0.0, 0.1, 0.7])) == table.sum()
            )

    def test_the_estimates_are_of_the_population_too(self):
        found = compare_pairs(PairTally(PAIRS, THREE, ONLY_A, ONLY_B), MEAN, population=60)
        for side in "ab":
            ours = getattr(found, side)
            theirs = estimate(Tally(ours.sample.counts, THREE), MEAN, population=60)
            assert (ours.low, ours.high) == (theirs.low, theirs.high)
        assert str(found).endswith("31 in both, 95 % score interval, finite population")


class TestLaws:
    @law
    @given(panels(), st.sampled_from([0.5, 0.95, 0.999]))
    def test_an_infinite_population_is_none(self, panel, level):
        index = partial(estimate, scoring=MEAN, confidence_level=level)
        infinite, plain = (
            compare_pairs(panel, index, population=size) for size in (INFINITE, None)
        )
        for name in ("value", "low", "high", "p_value"):
            assert getattr(infinite, name) == getattr(plain, name)

    @law
    @given(panels())
    def test_the_fewer_were_not_asked_the_narrower(self, panel):
        n = respondents(panel)
        found = [
            compare_pairs(panel, MEAN, population=n + more) for more in (INFINITE, 300, 30, 3, 0)
        ]
        for wide, narrow in pairwise(found):
            assert wide.low <= narrow.low + 1e-12
            assert narrow.high <= wide.high + 1e-12

    @law
    @given(panels(), st.sampled_from([0, 1, 5, 40]), st.sampled_from([0.5, 0.95, 0.999]))
    def test_limits_are_what_those_not_asked_can_bring_about(self, panel, more, level):
        size = respondents(panel) + more
        index = partial(estimate, scoring=MEAN, confidence_level=level)
        found = compare_pairs(panel, index, population=size)
        least, most = reach(panel, size)
        assert least - 1e-12 <= found.low <= found.value <= found.high <= most + 1e-12
        census = panel.a.n == panel.b.n == size
        assert (found.low == found.high) == census

    @law
    @given(panels(), st.sampled_from([0, 1, 5, 40]), st.sampled_from([0.5, 0.95, 0.999]))
    def test_p_values_agree_with_the_limits(self, panel, more, level):
        index = partial(estimate, scoring=MEAN, confidence_level=level)
        found = compare_pairs(panel, index, population=respondents(panel) + more)
        if found.low + 1e-9 < 0 < found.high - 1e-9:
            assert found.p_value > 1 - level
        if found.low > 1e-9 or found.high < -1e-9:
            assert found.p_value < 1 - level

    @law
    @given(st.lists(panels(), min_size=2, max_size=4), st.sampled_from([0, 3, 50]))
    def test_rows_are_those_one_by_one(self, several, more):
        rows = PairTally(
            [one.counts for one in several], THREE,
            [one.only_a for one in several], [one.only_b for one in several],
        )  # fmt: skip
        sizes = [respondents(one) + more for one in several]
        together = compare_pairs(rows, MEAN, population=sizes)
        for place, one in enumerate(several):
            alone = compare_pairs(one, MEAN, population=sizes[place])
            for name in ("value", "low", "high", "standard_error", "p_value"):
                assert getattr(together, name)[place] == getattr(alone, name)


class TestCensus:
    def test_nothing_is_open(self):
        found = compare_pairs(PairTally(PAIRS, THREE), MEAN, population=PAIRS.sum())
        assert found.low == found.value == found.high != 0
        assert (found.p_value, found.standard_error, found.correlation) == (0, 0, 0)

    def test_one_that_does_not_change(self):
        found = compare_pairs(PairTally(PAIRS + PAIRS.T, THREE), MEAN, population=2 * PAIRS.sum())
        assert (found.low, found.high, found.p_value) == (0, 0, 1)

    def test_of_one_member(self):
        found = compare_pairs(PairTally([[0, 1], [0, 0]], TWO), SHARE, population=1)
        assert (found.low, found.high, found.p_value, found.standard_error) == (-100, -100, 0, 0)

    def test_what_can_not_be_has_a_p_value_of_0(self):
        # 9 of 10 members gave both answers and went up: the tenth can't take that back.
        pairs = PairTally([[0, 0], [9, 0]], TWO)
        surely = partial(estimate, scoring=SHARE, confidence_level=1 - 1e-9)
        found = compare_pairs(pairs, surely, population=10)
        assert found.p_value == 0
        assert found.low == pytest.approx(80)
        assert compare_pairs(pairs, SHARE, population=18).p_value > 0


class TestByLabel:
    def test_sizes_are_found_by_label(self):
        by = {"shop": ["N", "S"]}
        pairs = PairTally([PAIRS, PAIRS], THREE, by=by)
        found = compare_pairs(pairs, MEAN, population={"S": 40, "N": 4000})
        for shop, size in (("N", 4000), ("S", 40)):
            alone = compare_pairs(PairTally(PAIRS, THREE), MEAN, population=size)
            assert found.sel(shop=shop).low == alone.low

    def test_an_empty_row_is_no_number(self):
        pairs = PairTally([PAIRS, 0 * PAIRS], THREE)
        found = compare_pairs(pairs, MEAN, population=[40, 5])
        assert np.isnan([found.low[1], found.high[1], found.p_value[1]]).all()

    def test_a_label_without_a_size(self):
        pairs = PairTally([PAIRS, PAIRS], THREE, by={"shop": ["N", "S"]})
        with pytest.raises(LabelError, match=begins("population must have a size for every shop")):
            compare_pairs(pairs, MEAN, population={"N": 40})

    def test_fewer_members_than_respondents(self):
        pairs = PairTally(PAIRS, THREE, ONLY_A, ONLY_B)
        message = "population must be at least as large as the sample, got 42 with n = 43"
        with pytest.raises(TallyError, match=begins(message)):
            compare_pairs(pairs, MEAN, population=42)

    def test_one_that_the_index_brings(self):
        message = "the population of pairs is that of their respondents, got an index with popul"
        with pytest.raises(TallyError, match=begins(message)):
            compare_pairs(PairTally(PAIRS, THREE), partial(mean_score, population=90))


def test_where_none_gave_both_it_is_near_the_comparison_of_two_samples():
    panel = PairTally(0 * PAIRS, THREE, 10 * np.array(ONLY_A), 10 * np.array([2, 2, 2]))
    one, other = (
        estimate(Tally(side.counts, THREE), MEAN, population=150) for side in (panel.a, panel.b)
    )
    ours, independent = compare_pairs(panel, MEAN, population=150), compare(one, other)
    np.testing.assert_allclose(
        [ours.low, ours.high], [independent.low, independent.high], atol=2e-3
    )
