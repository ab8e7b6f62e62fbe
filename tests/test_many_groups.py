"""Comparisons of many groups, their ranks and funnel limits: what they tell and how they read."""

import json
import re
from xml.etree import ElementTree as ET

import attrs
import numpy as np
import pytest

from custfocus.errors import OptionError, ScaleError, TallyError
from custfocus.indices.differences import compare
from custfocus.indices.estimate import estimate
from custfocus.indices.group_comparisons import (
    GroupComparisons,
    compare_each_pair,
    compare_with_control,
    compare_with_rest,
)
from custfocus.indices.homogeneity import HomogeneityTest, homogeneity_test
from custfocus.indices.league_table import Funnel, funnel
from custfocus.indices.ranks import RankIntervals, rank_intervals
from custfocus.intervals.multiplicity import adjusted_p_values
from custfocus.responses import Scale, Scoring, Tally

TWO, FIVE = Scale.likert(2), Scale.likert(5)
SHARE = Scoring.top_box(TWO, 1)
MEAN = Scoring.mean(FIVE)
EFFORT = attrs.evolve(MEAN, name="effort", lower_is_better=True)
TENTHS = Scoring(Scale.likert(3), [0, 0.1, 1])  # 3 x .1 / 3 is not .1 in binary

SHARES = Tally([[14, 56], [32, 48], [3, 13]], TWO)  # .800, .600, .8125
FIVES = Tally(
    [[1, 2, 3, 4, 5], [9, 0, 1, 0, 2], [0, 0, 0, 0, 0], [0, 0, 1, 9, 30], [2, 2, 2, 2, 2]],
    FIVE,
    [0, 7, 5, 1, 0],
)
EVERY = [
    compare_each_pair,
    compare_with_rest,
    lambda tally, scoring, **options: compare_with_control(tally, scoring, 0, **options),
]


def parsed(html):
    return ET.fromstring(f"<root>{html}</root>")  # noqa: S314 - our own HTML


def filled(result, tag):
    """The texts of the cells that have one, row by row."""
    rows = parsed(result._repr_html_()).iter("tr")
    texts = [[cell.text for cell in row.iter(tag) if cell.text] for row in rows]
    return [row for row in texts if row]


def drawn(result):
    """How many pictures each row has."""
    return [len(list(row.iter("svg"))) for row in parsed(result._repr_html_()).iter("tr")]


class TestEachPair:
    def test_every_pair_comes_once_in_order(self):
        found = compare_each_pair(FIVES, MEAN)
        pairs = list(zip(found.a.tolist(), found.b.tolist(), strict=True))
        assert pairs == [(a, b) for a in range(5) for b in range(a + 1, 5)]

    def test_each_comparison_is_that_of_its_two_groups_to_the_bit(self):
        found = compare_each_pair(FIVES, MEAN, confidence_level=0.9)
        for place, (a, b) in enumerate(zip(found.a, found.b, strict=True)):
            if 2 in (a, b):
                assert np.isnan(found.comparison.value[place])
            else:
                alone = compare(FIVES[int(a)], FIVES[int(b)], MEAN, confidence_level=0.9)
                assert found.comparison[place] == alone

    def test_the_first_pair_has_the_published_limits_and_p_value(self):
        found = compare_each_pair(SHARES, SHARE).comparison[0]
        # Newcombe (1998b), table II, Miettinen and Nurminen's interval of 56/70 - 48/80
        assert (found.low[()], found.high[()]) == pytest.approx((5.28, 33.82), abs=5e-3)

    def test_one_group_has_no_pairs(self):
        found = compare_each_pair(SHARES[:1], SHARE)
        assert found.a.shape == found.b.shape == found.adjusted_p_value.shape == (0,)
        assert found.comparison.shape == (0,)
        assert found.to_dicts() == []


class TestWithRest:
    def test_the_rest_is_everybody_else(self):
        found = compare_with_rest(FIVES, MEAN)
        assert found.a.tolist() == [0, 1, 2, 3, 4]
        assert found.b.tolist() == [-1] * 5
        for group in (0, 1, 3, 4):
            others = sum(FIVES[one] for one in range(5) if one != group)
            assert found.comparison.b[group] == others
            assert found.comparison[group] == compare(FIVES[group], others, MEAN)
        assert np.isnan(found.comparison.value[2])

    def test_of_two_groups_each_is_the_others_rest(self):
        found = compare_with_rest(SHARES[:2], SHARE)
        alone = compare(SHARES[0], SHARES[1], SHARE)
        assert found.comparison[0] == alone
        assert found.comparison.value[1] == -found.comparison.value[0]
        assert found.comparison.p_value == pytest.approx([float(alone.p_value)] * 2, rel=1e-12)

    def test_the_only_group_with_answers_has_no_rest(self):
        found = compare_with_rest(Tally([[3, 4], [0, 0]], TWO), SHARE)
        assert np.isnan(found.comparison.value).tolist() == [True, True]
        assert np.isnan(found.adjusted_p_value).tolist() == [True, True]


class TestWithControl:
    @pytest.mark.parametrize("control", [0, 1, 3, 4, np.int64(3)])
    def test_every_other_group_is_compared_with_the_control(self, control):
        found = compare_with_control(FIVES, MEAN, control)
        assert found.a.tolist() == [group for group in range(5) if group != control]
        assert found.b.tolist() == [control] * 4
        for place, group in enumerate(found.a):
            if group != 2:
                alone = compare(FIVES[int(group)], FIVES[int(control)], MEAN)
                assert found.comparison[place] == alone

    def test_a_control_without_answers_leaves_nothing_to_compare(self):
        assert np.isnan(compare_with_control(FIVES, MEAN, 2).comparison.value).all()

    @pytest.mark.parametrize("control", [-1, 5, 1.0, True, "1", None, [1]])
    def test_a_control_that_is_no_group_is_an_error_that_shows_it(self, control):
        told = f"control must be the number of one of the 5 groups, from 0, got {control!r}"
        with pytest.raises(OptionError, match=f"^{re.escape(told)}$"):
            compare_with_control(FIVES, MEAN, control)


class TestAllComparisons:
    @pytest.mark.parametrize("function", EVERY)
    @pytest.mark.parametrize("adjustment", ["holm", "benjamini-hochberg", "none"])
    def test_their_p_values_are_adjusted_as_one_family(self, function, adjustment):
        found = function(FIVES, MEAN, adjustment=adjustment)
        expected = adjusted_p_values(found.comparison.p_value, adjustment=adjustment)
        np.testing.assert_array_equal(found.adjusted_p_value, expected)
        assert found.adjustment == adjustment

    @pytest.mark.parametrize("function", EVERY)
    def test_holm_and_95_percent_are_the_defaults(self, function):
        spelled = function(FIVES, MEAN, adjustment="holm", confidence_level=0.95)
        assert function(FIVES, MEAN) == spelled

    @pytest.mark.parametrize("function", EVERY)
    def test_the_level_is_that_of_each_interval(self, function):
        assert function(FIVES, MEAN, confidence_level=0.8).comparison.confidence_level == 0.8

    @pytest.mark.parametrize("function", [*EVERY, homogeneity_test, rank_intervals, funnel])
    @pytest.mark.parametrize(("counts", "shape"), [([3, 4], "()"), ([[[3, 4]]], "(1, 1)")])
    def test_a_tally_without_one_group_axis_is_an_error(self, function, counts, shape):
        told = f"a tally with one group axis is needed, got the shape {shape}"
        with pytest.raises(TallyError, match=f"^{re.escape(told)}$"):
            function(Tally(counts, TWO), SHARE)

    @pytest.mark.parametrize("function", [*EVERY, homogeneity_test, rank_intervals, funnel])
    def test_a_scoring_of_other_points_is_an_error(self, function):
        with pytest.raises(ScaleError, match=r"^the scoring must be of the"):
            function(SHARES, MEAN)

    @pytest.mark.parametrize("function", [*EVERY, rank_intervals, funnel])
    @pytest.mark.parametrize("level", [0, 1, 95])
    def test_a_confidence_level_outside_0_to_1_is_an_error(self, function, level):
        with pytest.raises(OptionError, match=r"^confidence_level must lie between 0 and 1"):
            function(SHARES, SHARE, confidence_level=level)

    @pytest.mark.parametrize("function", EVERY)
    def test_an_unknown_adjustment_is_an_error(self, function):
        with pytest.raises(
            OptionError, match=r"^unknown adjustment 'bonferroni'; choose from: holm"
        ):
            function(SHARES, SHARE, adjustment="bonferroni")


class TestComparisonsText:
    def test_they_read_as_a_table(self):
        found = compare_each_pair(FIVES[1:4], EFFORT)
        assert str(found) == repr(found)
        assert str(found).splitlines() == [
            "comparison  a  b  n (a)  n (b)  difference in effort    low   high        p  adjusted p",
            "         0  0  1     12      0                     -      -      -        -           -",
            "         1  0  2     12     40                 -72.3  -86.6  -44.7  < 0.001     < 0.001",
            "         2  1  2      0     40                     -      -      -        -           -",
            "95 % score interval, each on its own; p adjusted: holm",
        ]

    def test_the_rest_is_called_so(self):
        lines = str(compare_with_rest(SHARES, SHARE, confidence_level=0.9)).splitlines()
        assert [line.split()[:6] for line in lines[1:4]] == [
            ["0", "0", "the", "rest", "70", "96"],
            ["1", "1", "the", "rest", "80", "86"],
            ["2", "2", "the", "rest", "16", "150"],
        ]
        assert lines[4].startswith("90 % score interval")

    @pytest.mark.parametrize(
        ("adjustment", "told"),
        [("benjamini-hochberg", "p adjusted: benjamini-hochberg"), ("none", "p not adjusted")],
    )
    def test_the_adjustment_is_told(self, adjustment, told):
        assert str(compare_each_pair(SHARES, SHARE, adjustment=adjustment)).endswith(f"; {told}")

    def test_p_values_have_three_decimals_or_are_too_small_for_them(self):
        texts = []
        for p in (0.0005, 0.000999, 0.001, 0.04961, 1):
            found = compare_each_pair(SHARES[:2], SHARE)
            found = attrs.evolve(found, adjusted_p_value=[p])
            texts.append(str(found).splitlines()[1].split("  ")[-1].strip())
        assert texts == ["< 0.001", "< 0.001", "0.001", "0.050", "1.000"]

    def test_of_more_than_twenty_the_rest_is_counted(self):
        many = Tally(np.ones((23, 2)), TWO)
        lines = str(compare_with_rest(many, SHARE)).splitlines()
        assert len(lines) == 23
        assert lines[-2] == "... and 3 more"

    def test_in_html_they_are_the_same_table_with_pictures(self):
        found = compare_with_rest(FIVES, attrs.evolve(EFFORT, name="R&D"))
        titles = ["comparison", "a", "b", "n (a)", "n (b)", "difference in R&D", "low", "high", "p"]
        assert filled(found, "th") == [[*titles, "adjusted p"]]
        (row,) = (row for row in filled(found, "td") if row[0] == "3")
        assert row[:5] == ["3", "3", "the rest", "40", "37"]
        assert row[-2:] == ["< 0.001", "< 0.001"]
        assert drawn(found) == [0, 1, 1, 0, 1, 1]
        note = "95 % score interval, each on its own; p adjusted: holm"
        assert parsed(found._repr_html_()).findtext("small") == note

    @pytest.mark.parametrize(("scoring", "side"), [(MEAN, "right"), (EFFORT, "left")])
    def test_the_side_on_which_a_is_better_is_shaded(self, scoring, side):
        (svg,) = parsed(compare_each_pair(FIVES[:2], scoring)._repr_html_()).iter("svg")
        shade = svg.find("rect")
        half = {"right": ("100.0", "96.0"), "left": ("4.0", "96.0")}
        assert (shade.get("x"), shade.get("width")) == half[side]

    def test_they_are_dictionaries_with_the_groups_and_both_p_values(self):
        found = compare_with_control(FIVES, MEAN, 3)
        rows = found.to_dicts()
        assert list(rows[0]) == [
            "group", "index", "unit", "n_a", "n_b", "pairs", "value", "low", "high", "p_value",
            "a", "b", "adjusted_p_value",
        ]  # fmt: skip
        assert [(row["group"], row["a"], row["b"]) for row in rows] == [
            ((0,), 0, 3), ((1,), 1, 3), ((2,), 2, 3), ((3,), 4, 3),
        ]  # fmt: skip
        told = [(row["value"], row["p_value"], row["adjusted_p_value"]) for row in rows]
        arrays = (found.comparison.value, found.comparison.p_value, found.adjusted_p_value)
        np.testing.assert_array_equal(told, np.transpose(arrays))
        assert json.loads(json.dumps(rows))[0]["b"] == 3


class TestHomogeneity:
    def test_it_has_the_statistic_of_the_definition(self):
        answers = [np.repeat([0, 25, 50, 75, 100], counts) for counts in FIVES.counts]
        everyone = np.concatenate(answers)
        between = sum(len(one) * (one.mean() - everyone.mean()) ** 2 for one in answers if len(one))
        found = homogeneity_test(FIVES, MEAN)
        assert found.statistic == pytest.approx(between / everyone.var(ddof=1), rel=1e-12)
        assert found.degrees_of_freedom == 3
        assert type(found) is HomogeneityTest

    def test_of_two_groups_it_is_the_comparison_for_shares(self):
        alone = compare(SHARES[0], SHARES[1], SHARE)
        found = homogeneity_test(SHARES[:2], SHARE)
        assert found.p_value == pytest.approx(float(alone.p_value), rel=1e-11)
        assert found.degrees_of_freedom == 1

    @pytest.mark.parametrize("counts", [[[0, 3, 0], [0, 7, 0]], [[0, 1, 0], [0, 3, 0], [0, 6, 0]]])
    def test_equal_answers_give_no_sign_of_a_difference(self, counts):
        found = homogeneity_test(Tally(counts, TENTHS.scale), TENTHS)
        assert found == (0, len(counts) - 1, 1)

    def test_answers_on_points_that_count_the_same_are_equal(self):
        scoring = Scoring(Scale.likert(3), [0.1, 0.1, 1])
        assert homogeneity_test(Tally([[3, 0, 0], [1, 6, 0]], scoring.scale), scoring).p_value == 1

    @pytest.mark.parametrize(("counts", "groups"), [([[3, 4], [0, 0]], 1), ([[0, 0]], 0)])
    def test_fewer_than_two_groups_with_answers_are_an_error(self, counts, groups):
        told = f"at least two groups need answers to be compared, got {groups}"
        with pytest.raises(TallyError, match=f"^{told}$"):
            homogeneity_test(Tally(counts, TWO), SHARE)


class TestRanks:
    def test_clear_differences_leave_one_rank_each(self):
        tally = Tally([[500, 500], [100, 900], [900, 100]], TWO)
        found = rank_intervals(tally, SHARE)
        for ranks in (found.rank, found.low, found.high):
            assert ranks.tolist() == [2, 1, 3]

    def test_no_difference_leaves_every_rank_to_all(self):
        found = rank_intervals(Tally([[5, 5]] * 4, TWO), SHARE)
        assert found.rank.tolist() == found.low.tolist() == [1] * 4
        assert found.high.tolist() == [4] * 4

    def test_equal_values_share_the_better_rank(self):
        tally = Tally([[1, 2], [2, 4], [0, 9], [9, 0], [3, 6]], TWO)
        assert rank_intervals(tally, SHARE).rank.tolist() == [2, 2, 1, 5, 2]

    def test_values_equal_but_for_rounding_are_equal(self):
        scoring = Scoring.mean(Scale.likert(4))  # 0, 33.3, 66.7, 100
        tally = Tally([[0, 3, 0, 0], [2, 0, 0, 1], [5, 1, 0, 3]], scoring.scale)
        values = estimate(tally, scoring).value
        assert values[0] != values[1]
        assert rank_intervals(tally, scoring).rank.tolist() == [2, 2, 1]

    def test_values_that_differ_ever_so_little_are_not(self):
        n = 10**5
        tally = Tally([[1, n], [1, n + 1]], TWO)  # apart by 1e-8 percentage points
        assert rank_intervals(tally, SHARE).rank.tolist() == [2, 1]

    def test_less_may_be_better(self):
        more, less = rank_intervals(FIVES, MEAN), rank_intervals(FIVES, EFFORT)
        assert more.rank.tolist()[3] == 1
        answered = [0, 1, 3, 4]
        assert less.rank[answered].tolist() == (5 - more.rank[answered]).tolist()
        assert less.low[answered].tolist() == (5 - more.high[answered]).tolist()
        assert less.high[answered].tolist() == (5 - more.low[answered]).tolist()

    def test_a_group_without_answers_has_no_rank_and_takes_none(self):
        found, without = rank_intervals(FIVES, MEAN), rank_intervals(FIVES[[0, 1, 3, 4]], MEAN)
        for name in ("rank", "low", "high"):
            ranks = getattr(found, name)
            assert np.isnan(ranks).tolist() == [False, False, True, False, False]
            assert np.delete(ranks, 2).tolist() == getattr(without, name).tolist()
        assert found.ranked == without.ranked == 4

    def test_the_only_group_is_first(self):
        found = rank_intervals(SHARES[:1], SHARE)
        assert (found.rank.tolist(), found.low.tolist(), found.high.tolist()) == ([1], [1], [1])

    @pytest.mark.parametrize("groups", [0, 1, 3])
    def test_groups_none_of_which_has_answers_have_no_ranks(self, groups):
        found = rank_intervals(Tally(np.zeros((groups, 2)), TWO), SHARE)
        assert found.rank.shape == (groups,)
        assert np.isnan([found.rank, found.low, found.high]).all()

    def test_a_pair_is_told_apart_at_twice_its_one_sided_p_value(self):
        # Two tests, one in each direction: Holm doubles the smaller one-sided p-value
        p = float(compare(SHARES[0], SHARES[1], SHARE).p_value)
        sure = rank_intervals(SHARES[:2], SHARE, confidence_level=1 - p * 1.001)
        unsure = rank_intervals(SHARES[:2], SHARE, confidence_level=1 - p * 0.999)
        assert sure.high.tolist() == [1, 2]
        assert unsure.high.tolist() == [2, 2]

    @pytest.mark.parametrize("level", [0.01, 0.1, 0.5])
    def test_at_no_level_is_the_group_behind_found_to_be_better(self, level):
        tally = Tally([[5, 5], [4, 6]], TWO)  # one-sided p-values .33 and .67
        found = rank_intervals(tally, SHARE, confidence_level=level)
        assert (found.low <= found.rank).all()
        assert (found.rank <= found.high).all()

    def test_the_level_is_95_percent_unless_told(self):
        assert rank_intervals(FIVES, MEAN) == rank_intervals(FIVES, MEAN, confidence_level=0.95)


class TestRanksText:
    def test_they_read_as_a_table(self):
        found = rank_intervals(FIVES, MEAN)
        assert str(found) == repr(found)
        assert str(found).splitlines() == [
            "group   n  mean score (0 to 100)  rank       may be",
            "    0  15                   66.7     2  2 to 3 of 4",
            "    1  12                   20.8     4  3 to 4 of 4",
            "    2   0                      -     -            -",
            "    3  40                   93.1     1       1 of 4",
            "    4  10                   50.0     3  2 to 4 of 4",
            "ranks at 95 % for all groups together, 1 is best",
        ]

    def test_a_rank_that_is_certain_stands_alone(self):
        found = rank_intervals(Tally([[100, 900], [900, 100]], TWO), SHARE, confidence_level=0.9)
        assert str(found).splitlines()[1:] == [
            "    0  1000     90.0     1  1 of 2",
            "    1  1000     10.0     2  2 of 2",
            "ranks at 90 % for all groups together, 1 is best",
        ]

    def test_in_html_they_are_the_same_table_with_pictures(self):
        found = rank_intervals(FIVES, attrs.evolve(MEAN, name="R&D"))
        assert filled(found, "th") == [["group", "n", "R&D", "rank", "may be"]]
        assert filled(found, "td")[1:3] == [
            ["1", "12", "20.8", "4", "3 to 4 of 4"], ["2", "0", "-", "-", "-"],
        ]  # fmt: skip
        assert drawn(found) == [0, 1, 1, 0, 1, 1]
        note = "ranks at 95 % for all groups together, 1 is best"
        assert parsed(found._repr_html_()).findtext("small") == note

    def test_the_picture_has_a_step_for_each_rank(self):
        svg = list(parsed(rank_intervals(FIVES, MEAN)._repr_html_()).iter("svg"))[1]
        bar, mark = svg.findall("rect")[1:]  # ranks 3 to 4 of 4 are the right half
        assert (bar.get("x"), bar.get("width")) == ("100.0", "96.0")
        assert float(mark.get("x")) == pytest.approx(4 + 192 * 7 / 8, abs=2)

    def test_a_single_group_can_be_drawn(self):
        assert drawn(rank_intervals(SHARES[:1], SHARE)) == [0, 1]

    def test_they_are_dictionaries(self):
        rows = rank_intervals(FIVES, MEAN).to_dicts()
        assert rows[1] == {
            "group": (1,), "index": "mean score (0 to 100)", "unit": str(MEAN.unit), "n": 12,
            "value": pytest.approx(20.8333, abs=1e-4), "rank": 4, "low": 3, "high": 4, "ranked": 4,
        }  # fmt: skip
        assert [row["n"] for row in rows] == [15, 12, 0, 40, 10]
        assert np.isnan([rows[2][key] for key in ("value", "rank", "low", "high")]).all()
        assert json.loads(json.dumps(rows))[3]["rank"] == 1


class TestFunnel:
    def test_limits_of_shares_are_the_published_formula(self):
        found = funnel(SHARES, SHARE, confidence_level=0.95)
        center = 117 / 166
        arm = 1.959963984540054 * np.sqrt(center * (1 - center) / np.array([70, 80, 16]))
        assert found.center == pytest.approx(100 * center, rel=1e-14)
        assert found.low == pytest.approx(100 * (center - arm), rel=1e-12)
        assert found.high == pytest.approx(100 * (center + arm), rel=1e-12)
        assert found.outside.tolist() == [False, True, False]

    def test_limits_of_a_mean_take_the_variance_of_all_answers(self):
        found = funnel(FIVES, MEAN, confidence_level=0.95)
        answers = np.repeat([0, 25, 50, 75, 100], FIVES.counts.sum(axis=0))
        arm = 1.959963984540054 * answers.std() / np.sqrt([15, 12, 40, 10])
        low = np.clip(answers.mean() - arm, 0, 100)
        assert np.delete(found.low, 2) == pytest.approx(low, rel=1e-12)
        high = np.clip(answers.mean() + arm, 0, 100)
        assert np.delete(found.high, 2) == pytest.approx(high, rel=1e-12)
        assert found.outside.tolist() == [False, True, False, True, False]

    def test_998_in_a_thousand_is_the_level_unless_told(self):
        assert funnel(FIVES, MEAN) == funnel(FIVES, MEAN, confidence_level=0.998)

    def test_a_group_without_answers_is_nan_and_not_outside(self):
        found = funnel(FIVES, MEAN)
        assert np.isnan([found.low[2], found.high[2], found.value[2]]).all()
        assert not found.outside[2]

    def test_equal_answers_leave_nobody_outside(self):
        for counts in ([[0, 1, 0], [0, 3, 0]], [[0, 1, 0], [0, 2, 0]], [[0, 10, 0], [0, 6, 0]]):
            found = funnel(Tally(counts, TENTHS.scale), TENTHS)
            assert not found.outside.any()
            assert found.low.tolist() == found.high.tolist() == [found.center] * len(counts)

    def test_groups_without_any_answers_are_an_error(self):
        with pytest.raises(TallyError, match=r"^no answers: an index needs at least one"):
            funnel(Tally([[0, 0], [0, 0]], TWO), SHARE)


class TestFunnelText:
    def test_it_reads_as_a_table(self):
        found = funnel(FIVES, MEAN, confidence_level=0.95)
        assert str(found) == repr(found)
        assert str(found).splitlines() == [
            "group   n  mean score (0 to 100)   low  high  outside",
            "    0  15                   66.7  52.4  89.8        -",
            "    1  12                   20.8  50.2  92.0    below",
            "    2   0                      -     -     -        -",
            "    3  40                   93.1  59.7  82.6    above",
            "    4  10                   50.0  48.2  94.0        -",
            "95 % limits around 71.1, that of all groups",
        ]

    def test_in_html_it_is_the_same_table_with_pictures(self):
        found = funnel(FIVES, attrs.evolve(MEAN, name="R&D"))
        assert filled(found, "th") == [["group", "n", "R&D", "low", "high", "outside"]]
        assert filled(found, "td")[1][:3] == ["1", "12", "20.8"]
        assert filled(found, "td")[1][-1] == "below"
        assert drawn(found) == [0, 1, 1, 0, 1, 1]
        note = parsed(found._repr_html_()).findtext("small")
        assert note == "99.8 % limits around 71.1, that of all groups"

    def test_it_is_dictionaries(self):
        found = funnel(FIVES, MEAN)
        rows = found.to_dicts()
        assert list(rows[0]) == [
            "group", "index", "unit", "n", "value", "center", "low", "high", "outside",
        ]  # fmt: skip
        assert [row["group"] for row in rows] == [(0,), (1,), (2,), (3,), (4,)]
        assert [row["n"] for row in rows] == [15, 12, 0, 40, 10]
        for name in ("value", "low", "high", "outside"):
            np.testing.assert_array_equal([row[name] for row in rows], getattr(found, name))
        assert {row["center"] for row in rows} == {found.center}
        assert json.loads(json.dumps(rows))[1]["outside"] is True


RESULTS = [
    compare_each_pair(FIVES, MEAN),
    rank_intervals(FIVES, MEAN),
    funnel(FIVES, MEAN),
]


class TestResults:
    @pytest.mark.parametrize("result", RESULTS)
    def test_their_arrays_are_read_only(self, result):
        arrays = [one for one in attrs.astuple(result, recurse=False) if hasattr(one, "shape")]
        arrays = [one for one in arrays if isinstance(one, np.ndarray)]
        assert len(arrays) >= 3
        for array in arrays:
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0

    @pytest.mark.parametrize("result", RESULTS)
    def test_they_equal_themselves_and_nothing_else(self, result):
        assert result == attrs.evolve(result)
        assert result != "a table"
        for field in attrs.fields(type(result)):
            mine = getattr(result, field.name)
            if field.name == "comparison":
                other = mine[::-1]
            elif field.name == "tally":
                other = FIVES + FIVES
            elif field.name == "scoring":
                other = EFFORT
            elif isinstance(mine, np.ndarray):
                other = np.where(np.arange(mine.size) == 0, ~mine.astype(bool), mine)
            else:
                other = "none" if isinstance(mine, str) else mine + 0.001
            assert result != attrs.evolve(result, **{field.name: other})

    @pytest.mark.parametrize("result", RESULTS)
    def test_they_are_neither_hashable_nor_changeable(self, result):
        with pytest.raises(TypeError, match="unhashable"):
            hash(result)
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            result.low = 3

    def test_their_types_are_those_of_the_functions(self):
        types = [type(result) for result in RESULTS]
        assert types == [GroupComparisons, RankIntervals, Funnel]
