"""The laws that comparisons of many groups, ranks and funnel limits keep, as property tests."""

import attrs
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custfocus.comparisons import funnel, homogeneity, pairwise, rank, with_rest
from custfocus.indices import estimate
from custfocus.responses import Scale, Scoring, Tally

law = settings(derandomize=True, deadline=None, max_examples=25, database=None)
TWO, FIVE = Scale.likert(2), Scale.likert(5)
SHARE, MEAN, NET = (
    Scoring.top_box(TWO, 1), Scoring.mean(FIVE), Scoring.net(FIVE, positive=2, negative=2),
)  # fmt: skip
LEVELS = [0.1, 0.5, 0.95, 0.999]

a_count = st.one_of(st.just(0), st.integers(0, 6), st.integers(0, 200))
a_level = st.sampled_from(LEVELS)
a_scoring = st.sampled_from([SHARE, MEAN, NET, attrs.evolve(MEAN, lower_is_better=True)])


@st.composite
def grouped(draw, scoring, least=1, most=5):
    """Tallies of a few groups, empty ones among them, but not all."""
    points = len(scoring.scale)
    row = st.lists(a_count, min_size=points, max_size=points)
    rows = draw(st.lists(row, min_size=least, max_size=most))
    assume(np.any(rows))
    return Tally(rows, scoring.scale)


tallies = a_scoring.flatmap(lambda scoring: st.tuples(grouped(scoring), st.just(scoring)))


def ranks_of(found):
    return found.rank, found.rank_low, found.rank_high


def estimated(tally, scoring, confidence_level=0.95):
    return estimate(tally, scoring, confidence_level=confidence_level)


def homogeneous(tally, scoring):
    return homogeneity(estimated(tally, scoring))


class TestComparisons:
    @law
    @given(tallies, a_level)
    def test_an_interval_leaves_out_nought_exactly_where_p_is_small(self, case, level):
        for function in (pairwise, with_rest):
            found = function(estimated(*case, level))
            made = ~np.isnan(found.value)
            sure = np.abs(found.p_value - (1 - level)) > 1e-9  # not on the edge
            differs = (found.low > 0) | (found.high < 0)
            small = found.p_value < 1 - level
            assert (differs == small)[made & sure].all()

    @law
    @given(tallies)
    def test_without_a_rest_or_answers_there_is_no_comparison(self, case):
        tally, _ = case
        found = with_rest(estimated(*case))
        empty = (tally.n == 0) | (tally.n == tally.n.sum())
        for array in (found.value, found.p_value, found.adjusted_p_value):
            np.testing.assert_array_equal(np.isnan(array), empty)


class TestHomogeneity:
    @law
    @given(tallies, st.randoms(use_true_random=False))
    def test_neither_the_order_of_the_groups_nor_empty_ones_matter(self, case, random):
        tally, scoring = case
        assume((tally.n > 0).sum() > 1)
        order = [group for group in range(len(tally.n)) if tally.n[group]]
        random.shuffle(order)
        first, second = homogeneous(tally, scoring), homogeneous(tally[order], scoring)
        assert second.degrees_of_freedom == first.degrees_of_freedom == len(order) - 1
        # Means within some roundings of each other leave a statistic near 0 uncertain by these
        assert second.statistic == pytest.approx(first.statistic, rel=1e-11, abs=1e-11)

    @law
    @given(tallies)
    def test_it_is_a_probability_and_1_where_the_means_are_equal(self, case):
        tally, scoring = case
        assume((tally.n > 0).sum() > 1)
        found = homogeneous(tally, scoring)
        assert 0 <= found.p_value <= 1
        assert 0 <= found.statistic <= int(tally.n.sum()) - 1 + 1e-9
        twice = Tally(np.stack([tally.counts.sum(axis=0)] * 2), tally.scale)
        assert homogeneous(twice, scoring).p_value == pytest.approx(1, abs=1e-6)


class TestRanks:
    @law
    @given(tallies, a_level)
    def test_every_interval_holds_its_rank_and_only_ranks(self, case, level):
        tally, scoring = case
        answered = tally.n > 0
        found = ranks_of(rank(estimated(tally, scoring, level)))
        for ranks in found:
            np.testing.assert_array_equal(np.isnan(ranks), ~answered)
        middle, low, high = (ranks[answered] for ranks in found)
        assert (low >= 1).all()
        assert (low <= middle).all()
        assert (middle <= high).all()
        assert (high <= answered.sum()).all()

    @law
    @given(tallies)
    def test_the_ranks_follow_the_values(self, case):
        tally, scoring = case
        answered = tally.n > 0
        sign = -1 if scoring.lower_is_better else 1
        values = np.round(sign * estimate(tally, scoring).value[answered], 9)
        expected = 1 + (values[None, :] > values[:, None]).sum(axis=1)
        assert rank(estimated(tally, scoring)).rank[answered].tolist() == expected.tolist()

    @law
    @given(tallies)
    def test_they_widen_with_the_level(self, case):
        found = [rank(estimated(*case, level)) for level in LEVELS]
        answered = case[0].n > 0
        assert (np.diff([one.rank_low[answered] for one in found], axis=0) <= 0).all()
        assert (np.diff([one.rank_high[answered] for one in found], axis=0) >= 0).all()

    @law
    @given(tallies, a_level, st.randoms(use_true_random=False))
    def test_they_go_with_their_groups_in_any_order(self, case, level, random):
        tally, scoring = case
        order = list(range(len(tally.n)))
        random.shuffle(order)
        found = rank(estimated(tally, scoring, level))
        shuffled = rank(estimated(tally[order], scoring, level))
        for mine, others in zip(ranks_of(found), ranks_of(shuffled), strict=True):
            np.testing.assert_array_equal(mine[order], others)


class TestRankCoverage:
    """
    How often all true ranks are inside, in 400 samples of 5 groups with 50 answers each.

    Of 400 independent samples at least 366 hold with probability .999 if each does with .95.
    """

    @staticmethod
    def held(shares):
        """How many samples have every group's true ranks, from the best to the worst, inside."""
        generator = np.random.default_rng(1979)
        chosen = generator.binomial(50, shares, (400, len(shares)))
        shares = np.array(shares)
        best = 1 + (shares[None, :] > shares[:, None]).sum(axis=1)
        worst = (shares[None, :] >= shares[:, None]).sum(axis=1)
        counts = np.stack([50 - chosen, chosen], axis=-1)
        inside = 0
        for sample in counts:
            found = rank(estimated(Tally(sample, TWO), SHARE))
            inside += bool(((found.rank_low <= best) & (worst <= found.rank_high)).all())
        return inside

    @pytest.mark.parametrize("shares", [[0.8] * 5, [0.6, 0.7, 0.9, 0.9, 0.9]])
    def test_all_ranks_are_inside_as_often_as_promised(self, shares):
        assert self.held(shares) >= 366


class TestFunnel:
    @law
    @given(tallies, a_level)
    def test_limits_lie_on_the_scale_around_the_center(self, case, level):
        tally, scoring = case
        found = funnel(estimated(tally, scoring), confidence_level=level)
        answered = tally.n > 0
        low, high = found.limit_low[answered], found.limit_high[answered]
        assert (scoring.bounds[0] <= low).all()
        assert (low <= found.center[answered]).all()
        assert (found.center[answered] <= high).all()
        assert (high <= scoring.bounds[1]).all()
        assert (
            np.isnan(found.limit_low).tolist()
            == np.isnan(found.limit_high).tolist()
            == (~answered).tolist()
        )

    @law
    @given(tallies, a_level)
    def test_outside_is_beyond_the_limits(self, case, level):
        tally, scoring = case
        found = funnel(estimated(tally, scoring), confidence_level=level)
        beyond = np.fmax(
            found.limit_low - found.estimate.value, found.estimate.value - found.limit_high
        )
        clear = np.abs(beyond) > 1e-9
        assert (found.outside == (beyond > 0))[clear].all()
