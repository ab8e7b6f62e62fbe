"""Ranks: which a group may have, however many groups there are, and how they read."""

import re
from types import MappingProxyType

import attrs
import numpy as np
import pytest

from custfocus.comparisons import adjusted_p_values, compare, rank
from custfocus.comparisons.league_tables import MOST_GROUPS
from custfocus.errors import LabelError, OptionError, TallyError
from custfocus.indices import estimate, mean_score
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import SurveyDesign

TWO, FIVE = Scale.likert(2), Scale.likert(5)
SHARE, MEAN = Scoring.top_box(TWO, 1), Scoring.mean(FIVE)
EFFORT = attrs.evolve(MEAN, name="effort", lower_is_better=True)
FIVES = Tally(
    [[1, 2, 3, 4, 5], [9, 0, 1, 0, 2], [0, 0, 0, 0, 0], [0, 0, 1, 9, 30], [2, 2, 2, 2, 2]],
    FIVE,
    [0, 7, 5, 1, 0],
)


def begins(text):
    return "^" + re.escape(text)


def ranked(counts, scoring=SHARE, **options):
    return rank(estimate(Tally(counts, scoring.scale), scoring, **options))


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


class TestRanks:
    def test_clear_differences_leave_one_rank_each(self):
        for ranks in lists(ranked([[500, 500], [100, 900], [900, 100]])):
            assert ranks == [2, 1, 3]

    def test_no_difference_leaves_every_rank_to_all(self):
        assert lists(ranked([[5, 5]] * 4)) == ([1] * 4, [1] * 4, [4] * 4)

    def test_equal_values_share_the_better_rank(self):
        assert ranked([[1, 2], [2, 4], [0, 9], [9, 0], [3, 6]]).rank.tolist() == [2, 2, 1, 5, 2]

    def test_values_equal_but_for_rounding_are_equal(self):
        scoring = Scoring.mean(Scale.likert(4))  # 0, 33.3, 66.7, 100
        counts = [[0, 3, 0, 0], [2, 0, 0, 1], [5, 1, 0, 3]]
        values = estimate(Tally(counts, scoring.scale), scoring).value
        assert values[0] != values[1]
        assert ranked(counts, scoring).rank.tolist() == [2, 2, 1]

    def test_values_that_differ_ever_so_little_are_not(self):
        n = 10**5
        assert ranked([[1, n], [1, n + 1]]).rank.tolist() == [2, 1]  # 1e-8 percentage points

    def test_less_may_be_better(self):
        more, less = ranked(FIVES.counts, MEAN), ranked(FIVES.counts, EFFORT)
        assert more.rank.tolist()[3] == 1
        answered = [0, 1, 3, 4]
        assert less.rank[answered].tolist() == (5 - more.rank[answered]).tolist()
        assert less.rank_low[answered].tolist() == (5 - more.rank_high[answered]).tolist()

    def test_a_group_without_answers_has_no_rank_and_takes_none(self):
        found, without = rank(mean_score(FIVES)), rank(mean_score(FIVES[[0, 1, 3, 4]]))
        for name in ("rank", "rank_low", "rank_high", "ranked"):
            ranks = getattr(found, name)
            assert np.isnan(ranks).tolist() == [False, False, True, False, False]
            assert np.delete(ranks, 2).tolist() == getattr(without, name).tolist()
        assert np.delete(found.ranked, 2).tolist() == [4] * 4

    def test_the_only_group_is_first(self):
        assert lists(ranked([[14, 56]])) == ([1], [1], [1])

    @pytest.mark.parametrize("groups", [0, 1, 3])
    def test_groups_none_of_which_has_answers_have_no_ranks(self, groups):
        found = ranked(np.zeros((groups, 2)))
        assert found.rank.shape == (groups,)
        assert np.isnan([found.rank, found.rank_low, found.rank_high]).all()

    def test_a_pair_is_told_apart_at_twice_its_one_sided_p_value(self):
        # Two tests, one in each direction: Holm doubles the smaller one-sided p-value
        counts = [[14, 56], [32, 48]]
        e = estimate(Tally(counts, TWO), SHARE)
        p = float(compare(e, group=(0, 1)).p_value)
        assert ranked(counts, confidence_level=1 - p * 1.001).rank_high.tolist() == [1, 2]
        assert ranked(counts, confidence_level=1 - p * 0.999).rank_high.tolist() == [2, 2]

    @pytest.mark.parametrize("level", [0.01, 0.1, 0.5])
    def test_at_no_level_is_the_group_behind_found_to_be_better(self, level):
        found = ranked([[5, 5], [4, 6]], confidence_level=level)  # one-sided p .33 and .67
        assert (found.rank_low <= found.rank).all()
        assert (found.rank <= found.rank_high).all()

    @pytest.mark.parametrize("seed", range(4))
    @pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
    def test_they_are_those_of_holms_method_over_all_pairs(self, seed, level):
        generator = np.random.default_rng(seed)
        counts = generator.integers(0, 30, (9, 5)) * generator.integers(1, 4, (9, 1))
        e = mean_score(Tally(counts, FIVE), confidence_level=level)
        assert lists(rank(e))[1:] == by_all_pairs(e)

    @pytest.mark.parametrize("points", [2, 3, 11])
    @pytest.mark.parametrize("level", [0.5, 0.95])
    def test_of_many_groups_too(self, points, level):
        """Of 130 groups most pairs are settled by a table of each group."""
        generator = np.random.default_rng(points)
        shares = generator.dirichlet(np.ones(points), 130) * 0.3 + 0.7 / points
        counts = np.stack(
            [
                generator.multinomial(size, p)
                for size, p in zip(generator.integers(1, 900, 130), shares, strict=True)
            ]
        )
        counts[:4] = counts[4:8]
        counts[-2:] = 0
        counts[-2, 0], counts[-1, -1] = 40, 40
        e = mean_score(Tally(counts, Scale.range(1, points)), confidence_level=level)
        assert lists(rank(e))[1:] == by_all_pairs(e)


class TestWithin:
    SHOPS = MappingProxyType({"shop": list("aabbcc"), "wave": [1, 2] * 3})
    COUNTS = ((10, 90), (90, 10), (50, 50), (50, 50), (90, 10), (10, 90))

    def test_groups_are_ranked_within_each_label_of_the_others(self):
        e = estimate(Tally(self.COUNTS, TWO, by=self.SHOPS), SHARE)
        found = rank(e, across="shop")
        assert found.rank.tolist() == [1, 3, 2, 2, 3, 1]
        assert found.ranked.tolist() == [3] * 6
        alone = rank(e.sel(wave=2))
        assert found.sel(wave=2).rank_high.tolist() == alone.rank_high.tolist()
        assert "within each wave, 1 is best" in str(found)
        assert str(found).endswith("for every shop together")

    def test_of_several_names_one_must_be_said(self):
        e = estimate(Tally(self.COUNTS, TWO, by=self.SHOPS), SHARE)
        with pytest.raises(
            LabelError, match=begins("across= must say which of shop, wave is ranked")
        ):
            rank(e)

    def test_domains_of_a_design_are_ranked_by_its_p_values(self):
        generator = np.random.default_rng(2)
        answers, district = generator.integers(1, 6, 300), np.arange(300) % 3
        answers[district == 2] = np.minimum(answers[district == 2] + 2, 5)
        design = SurveyDesign(generator.lognormal(0, 0.4, 300), clusters=np.arange(300) // 10)
        e = mean_score(answers, scale=FIVE, by=district, design=design)
        assert lists(rank(e))[1:] == by_all_pairs(e)
        assert rank(e).rank[2] == rank(e).rank_high[2] == 1


class TestReading:
    def test_they_read_as_a_table(self):
        assert str(rank(mean_score(FIVES))).splitlines()[:7] == [
            "group   n  missing  mean score (0 to 100)  rank  from  to  of",
            "0      15        0                   66.7     2     2   3   4",
            "1      12        7                   20.8     4     3   4   4",
            "2       0        5                      -     -     -   -   -",
            "3      40        1                   93.1     1     1   1   4",
            "4      10        0                   50.0     3     2   4   4",
            "ranks by mean score (0 to 100), 1 is best; from and to at 95 % for every group together",
        ]

    def test_they_are_whole_numbers_or_none(self):
        rows = rank(mean_score(FIVES)).to_dicts()
        assert [row["rank"] for row in rows] == [2, 4, None, 1, 3]
        assert {type(row["rank_high"]) for row in rows} == {int, type(None)}
        assert rows[0]["low"] == mean_score(FIVES).low[0]

    def test_the_picture_has_the_best_rank_at_the_left(self):
        picture = rank(mean_score(FIVES)).picture()
        assert picture.bounds == (1, 4)
        assert (picture.value[1], picture.low[1], picture.high[1]) == (4, 3, 4)
        assert ranked([[14, 56]]).picture().bounds == (1, 2)
        assert rank(mean_score(FIVES[[2]])).picture().bounds == (1, 2)

    def test_its_notes_and_metric_are_those_of_the_estimate(self):
        e = estimate(Tally([[0, 9], [4, 5]], TWO), SHARE)
        assert rank(e).notes == e.notes != ()
        assert rank(e).metric == e.metric
        assert (rank(e).n.tolist(), rank(e).value.tolist()) == (e.n.tolist(), e.value.tolist())


class TestWrongInput:
    @pytest.mark.parametrize("wrong", [5, "csat", [1, 2], None, FIVES, rank(mean_score(FIVES))])
    def test_what_is_no_estimate_is_answered_with_the_right_call(self, wrong):
        with pytest.raises(TallyError, match=begins("rank takes estimates, got ")):
            rank(wrong)

    def test_more_groups_than_can_be_ranked_are_an_error_that_says_so(self):
        counts = np.ones((MOST_GROUPS + 1, 2))
        message = "ranks are made for 5,000 groups at the most, got 5,001 by group, which are"
        with pytest.raises(TallyError, match=begins(message)):
            ranked(counts)

    def test_items_and_finite_populations_are_refused(self):
        with pytest.raises(TallyError, match="can't be ranked as independent"):
            rank(mean_score({"q1": [1, 2], "q2": [3, 3]}, scale=FIVE))
        with pytest.raises(TallyError, match="with a finite population can't be ranked"):
            rank(mean_score(FIVES, population=900))
        with pytest.raises(OptionError, match=begins("across must be the name of groups")):
            rank(mean_score(FIVES), across=0)
