"""Ranks: which a group may have, however many groups there are."""

import attrs
import numpy as np
import pytest

from custfocus.comparisons import adjusted_p_values, compare, funnel, rank
from custfocus.comparisons.ranks import MOST_GROUPS
from custfocus.errors import TallyError
from custfocus.indices import estimate, mean_score
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import SurveyDesign
from patterns import begins

TWO, FIVE = Scale.likert(2), Scale.likert(5)
SHARE, MEAN = Scoring.top_box(TWO, 1), Scoring.mean(FIVE)
COUNTS = np.array(
    [[1, 2, 3, 4, 5], [9, 0, 1, 0, 2], [0, 0, 0, 0, 0], [0, 0, 1, 9, 30], [2, 2, 2, 2, 2]]
)
FIVES = mean_score(Tally(COUNTS, FIVE, [0, 7, 5, 1, 0]))
Z = 1.959963984540054


def of(counts, scoring=SHARE, **options):
    return estimate(Tally(counts, scoring.scale), scoring, **options)


def lists(found):
    return found.rank.tolist(), found.rank_low.tolist(), found.rank_high.tolist()


def by_all_pairs(e):
    """Best and worst ranks as defined: Holm's p-values of all pairs in both directions."""
    groups, sign = len(e), -1 if e.scoring.lower_is_better else 1
    pairs = [(a, b) for a in range(groups) for b in range(groups) if a != b]
    gain = np.array([sign * (e.value[a] - e.value[b]) for a, b in pairs])
    a, b = np.transpose(pairs)
    p = e.sample.p_values(e.scoring, a, b)
    sure = adjusted_p_values(np.where(gain > 1e-10, p / 2, 1)) < 1 - e.confidence_level
    better, worse = (np.bincount(which[sure], minlength=groups) for which in (b, a))
    return (1 + better).tolist(), (groups - worse).tolist()


def drawn_survey(shops=4):
    generator = np.random.default_rng(5)
    answers, shop = generator.integers(1, 6, 300), np.arange(300) % shops
    answers[shop == 2] = np.minimum(answers[shop == 2] + 2, 5)
    weights = generator.lognormal(0, 0.6, 300)
    design = SurveyDesign(weights, clusters=np.arange(300) // 5)
    return mean_score(answers, scale=FIVE, by=shop, design=design), answers, weights


class TestRanks:
    @pytest.mark.parametrize(
        ("counts", "ranks"),
        [
            ([[500, 500], [100, 900], [900, 100]], ([2, 1, 3],) * 3),
            ([[5, 5]] * 4, ([1] * 4, [1] * 4, [4] * 4)),
            ([[14, 56]], ([1],) * 3),
        ],
    )
    def test_of_clear_differences_of_none_and_of_the_only_group(self, counts, ranks):
        assert lists(rank(of(counts))) == ranks

    def test_equal_values_share_the_better_rank(self):
        assert rank(of([[1, 2], [2, 4], [0, 9], [9, 0], [3, 6]])).rank.tolist() == [2, 2, 1, 5, 2]

    def test_values_equal_but_for_rounding_are_equal(self):
        e = of([[0, 3, 0, 0], [2, 0, 0, 1], [5, 1, 0, 3]], Scoring.mean(Scale.likert(4)))
        assert e.value[0] != e.value[1]  # of 0, 33.3, 66.7, 100
        assert rank(e).rank.tolist() == [2, 2, 1]

    def test_values_that_differ_ever_so_little_are_not(self):
        n = 10**5
        assert rank(of([[1, n], [1, n + 1]])).rank.tolist() == [2, 1]  # 1e-8 percentage points

    def test_a_group_without_answers_has_no_rank_and_takes_none(self):
        found, without = rank(FIVES), rank(FIVES[[0, 1, 3, 4]])
        for name in ("rank", "rank_low", "rank_high", "ranked"):
            ranks = getattr(found, name)
            assert np.isnan(ranks).tolist() == [False, False, True, False, False]
            assert np.delete(ranks, 2).tolist() == getattr(without, name).tolist()
        assert without.ranked.tolist() == [4] * 4

    @pytest.mark.parametrize("groups", [0, 3])
    def test_groups_none_of_which_has_answers_have_no_ranks(self, groups):
        found = rank(of(np.zeros((groups, 2))))
        assert found.rank.shape == (groups,)
        assert np.isnan([found.rank, found.rank_low, found.rank_high]).all()

    def test_a_pair_differs_at_twice_its_one_sided_p_value(self):
        # Two tests, one in each direction: Holm doubles the smaller one-sided p-value
        counts = [[14, 56], [32, 48]]
        p = float(compare(of(counts), group=(0, 1)).p_value)
        for level, high in ((1 - p * 1.001, [1, 2]), (1 - p * 0.999, [2, 2])):
            assert rank(of(counts, confidence_level=level)).rank_high.tolist() == high

    @pytest.mark.parametrize("level", [0.01, 0.1, 0.5])
    def test_at_no_level_is_the_group_behind_found_to_be_better(self, level):
        found = rank(of([[5, 5], [4, 6]], confidence_level=level))  # one-sided p .33 and .67
        assert (found.rank_low <= found.rank).all()
        assert (found.rank <= found.rank_high).all()

    @pytest.mark.parametrize("seed", range(4))
    @pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
    def test_they_are_those_of_holms_method_over_all_pairs(self, seed, level):
        generator = np.random.default_rng(seed)
        counts = generator.integers(0, 30, (9, 5)) * generator.integers(1, 4, (9, 1))
        scoring = attrs.evolve(MEAN, lower_is_better=bool(seed % 2))
        e = of(counts, scoring, confidence_level=level)
        assert lists(rank(e))[1:] == by_all_pairs(e)

    @pytest.mark.parametrize("points", [2, 3, 11])
    @pytest.mark.parametrize("level", [0.5, 0.95])
    def test_of_many_groups_too(self, points, level):
        """Of 130 groups most pairs are settled by a table of each group."""
        generator = np.random.default_rng(points)
        shares = generator.dirichlet(np.ones(points), 130) * 0.3 + 0.7 / points
        counts = generator.multinomial(generator.integers(1, 900, 130), shares)
        counts[:4] = counts[4:8]
        counts[-2:] = 0
        counts[-2, 0], counts[-1, -1] = 40, 40
        e = mean_score(Tally(counts, Scale.range(1, points)), confidence_level=level)
        assert lists(rank(e))[1:] == by_all_pairs(e)

    def test_domains_of_a_design_are_ranked_by_its_p_values(self):
        e, _, _ = drawn_survey(shops=3)
        assert lists(rank(e))[1:] == by_all_pairs(e)
        assert rank(e).rank[2] == rank(e).rank_high[2] == 1

    def test_groups_are_ranked_within_each_label_of_the_others(self):
        counts = [[10, 90], [90, 10], [50, 50], [50, 50], [90, 10], [10, 90]]
        by = {"shop": list("aabbcc"), "wave": [1, 2] * 3}
        e = estimate(Tally(counts, TWO, by=by), SHARE)
        found = rank(e, across="shop")
        assert found.rank.tolist() == [1, 3, 2, 2, 3, 1]
        assert found.ranked.tolist() == [3] * 6
        assert found.sel(wave=2).rank_high.tolist() == rank(e.sel(wave=2)).rank_high.tolist()
        assert "within each wave, 1 is best" in str(found)
        assert str(found).endswith("for every shop together")

    def test_they_read_as_a_table(self):
        assert str(rank(FIVES)).splitlines()[:7] == [
            "group   n  missing  mean score (0 to 100)  rank  from  to  of",
            "0      15        0                   66.7     2     2   3   4",
            "1      12        7                   20.8     4     3   4   4",
            "2       0        5                      -     -     -   -   -",
            "3      40        1                   93.1     1     1   1   4",
            "4      10        0                   50.0     3     2   4   4",
            "ranks by mean score (0 to 100), 1 is best; from and to at 95 % for every group together",
        ]

    def test_they_are_whole_numbers_or_none(self):
        rows = rank(FIVES).to_dicts()
        assert [row["rank"] for row in rows] == [2, 4, None, 1, 3]
        assert {type(row["rank_high"]) for row in rows} == {int, type(None)}
        assert rows[0]["low"] == FIVES.low[0]

    def test_the_picture_has_the_best_rank_at_the_left(self):
        picture = rank(FIVES).picture()
        assert picture.bounds == (1, 4)
        assert (picture.value[1], picture.low[1], picture.high[1]) == (4, 3, 4)
        for few in (of([[14, 56]]), FIVES[[2]]):
            assert rank(few).picture().bounds == (1, 2)

    def test_more_groups_than_can_be_ranked_are_an_error_that_says_so(self):
        message = "ranks are made for 5,000 groups at the most, got 5,001 by group, which are"
        with pytest.raises(TallyError, match=begins(message)):
            rank(of(np.ones((MOST_GROUPS + 1, 2))))


@pytest.mark.parametrize("verb", [rank, funnel])
def test_all_that_the_estimate_says_is_said_of_it(verb):
    e = of([[0, 9], [4, 5]])
    found = verb(e)
    assert found.notes == e.notes != ()
    assert found.metric == e.metric
    assert (found.n.tolist(), found.value.tolist()) == (e.n.tolist(), e.value.tolist())
    assert found.to_dicts()[1]["low"] == e.low[1]
