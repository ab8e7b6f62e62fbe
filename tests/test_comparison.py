"""A comparison: the difference, its limits, the verdicts on a margin, and how they read."""

import copy
import json
import pickle
import re
from math import inf
from xml.etree import ElementTree as ET

import attrs
import numpy as np
import pytest

from custfocus import Scale, Scoring, Tally, Unit
from custfocus.errors import OptionError, TallyError
from custfocus.indices.comparison import Comparison
from custfocus.indices.differences import compare, compare_pairs
from custfocus.interval_strip import interval_strip
from custfocus.responses.pairs import PairTally

TWO, THREE, FIVE = Scale.likert(2), Scale.likert(3), Scale.likert(5)
TOP = Scoring.top_box(TWO, 1)
LOWEST = Scoring.bottom_box(TWO, 1)

# 56 of 70 against 48 of 80: 20.0 [5.28, 33.82], Newcombe (1998), table II
NEWCOMBE = compare(Tally([14, 56], TWO, 3), Tally([32, 48], TWO), TOP)
# 9 against 3 of 32: 18.75 [-2.7, 39.0], Tango (1998), table VII
TANGO = compare_pairs(PairTally([[10, 3], [9, 10]], TWO), TOP)
A, B = Tally([[14, 56], [0, 0], [1, 9]], TWO), Tally([[32, 48], [3, 4], [90, 10]], TWO)
BATCH = compare(A, B, TOP)
GRID = compare(
    Tally(np.arange(1, 13).reshape(2, 3, 2), TWO),
    Tally(np.arange(12, 0, -1).reshape(2, 3, 2), TWO),
    TOP,
)


def made(value, low, high, scoring=TOP, **changes):
    """A comparison of these numbers, whatever the counts."""
    return attrs.evolve(NEWCOMBE, value=value, low=low, high=high, scoring=scoring, **changes)


def parsed(html):
    return ET.fromstring(f"<root>{html}</root>")  # noqa: S314 - our own HTML


def rich(compared):
    return compared._repr_html_()


def filled(html, tag):
    """The texts of the cells that have one, row by row."""
    rows = parsed(html).iter("tr")
    texts = [[cell.text for cell in row.iter(tag) if cell.text] for row in rows]
    return [row for row in texts if row]


class TestWhatItKnows:
    def test_it_knows_what_it_was_made_of(self):
        assert (NEWCOMBE.a, NEWCOMBE.b) == (Tally([14, 56], TWO, 3), Tally([32, 48], TWO))
        assert NEWCOMBE.scoring is TOP
        assert (NEWCOMBE.method, NEWCOMBE.confidence_level) == ("score", 0.95)
        assert (NEWCOMBE.pairs, TANGO.pairs) == (0, 32)

    def test_one_comparison_has_arrays_without_a_dimension(self):
        for compared in (NEWCOMBE, TANGO, BATCH[0]):
            arrays = (compared.value, compared.low, compared.high, compared.p_value, compared.pairs)
            assert all(isinstance(array, np.ndarray) and array.shape == () for array in arrays)
            assert compared.shape == ()

    def test_groups_keep_their_shape(self):
        assert (BATCH.shape, GRID.shape) == ((3,), (2, 3))
        assert GRID.pairs.shape == GRID.p_value.shape == GRID.a.shape == (2, 3)

    @pytest.mark.parametrize(
        ("scoring", "unit", "bounds"),
        [
            (TOP, Unit.PERCENTAGE_POINTS, (-100, 100)),
            (Scoring.net(TWO, positive=1, negative=1), Unit.PERCENTAGE_POINTS, (-200, 200)),
            (Scoring.mean(TWO), "0 to 100", (-100, 100)),
            (Scoring(TWO, [3, 1], unit="days"), "days", (-2, 2)),
            (Scoring(TWO, [0.5, 4]), Unit.NUMBER, (-3.5, 3.5)),
        ],
    )
    def test_its_unit_and_bounds_are_those_of_differences(self, scoring, unit, bounds):
        compared = compare(Tally([1, 2], TWO), Tally([2, 1], TWO), scoring)
        assert (compared.unit, compared.bounds) == (unit, bounds)

    def test_its_numbers_are_read_only_also_those_of_a_group(self):
        for one in (NEWCOMBE, BATCH, BATCH[:1], BATCH[0], TANGO):
            for array in (one.value, one.low, one.high, one.p_value, one.pairs):
                with pytest.raises(ValueError, match="read-only"):
                    array[...] = 0

    def test_fields_cannot_be_set(self):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            NEWCOMBE.value = 3

    def test_pairs_that_are_no_count_are_an_error(self):
        with pytest.raises(TallyError, match=r"^pairs must be whole numbers, 0 or more, got -1"):
            attrs.evolve(NEWCOMBE, pairs=-1)


class TestFloat:
    def test_it_gives_the_difference(self):
        assert float(NEWCOMBE) == 20
        assert float(BATCH[2]) == 80

    @pytest.mark.parametrize(
        ("groups", "shape"), [(BATCH, (3,)), (BATCH[:1], (1,)), (GRID, (2, 3))]
    )
    def test_it_refuses_groups_even_a_single_one(self, groups, shape):
        text = f"float() takes a single comparison, got groups of shape {shape}"
        with pytest.raises(TypeError, match=f"^{re.escape(text)}$"):
            float(groups)

    def test_no_difference_is_still_true(self):
        assert bool(compare(Tally([1, 1], TWO), Tally([2, 2], TWO), TOP))


class TestIndexing:
    def test_a_group_equals_its_own_comparison(self):
        assert BATCH[0] == compare(A[0], B[0], TOP)
        assert BATCH[-1] == compare(A[2], B[2], TOP)
        assert str(BATCH[2]) == str(compare(A[2], B[2], TOP))

    def test_slices_masks_and_several_axes_take_what_arrays_take(self):
        mask = np.array([True, False, True])
        assert BATCH[1:] == compare(A[1:], B[1:], TOP)
        assert BATCH[mask] == compare(A[mask], B[mask], TOP)
        assert GRID[1, 2] == compare(GRID.a[1, 2], GRID.b[1, 2], TOP)
        assert GRID[:, 1:] == compare(GRID.a[:, 1:], GRID.b[:, 1:], TOP)
        assert GRID[...] == GRID
        assert NEWCOMBE[np.newaxis].shape == (1,)

    def test_how_many_gave_both_goes_with_every_group(self):
        both = PairTally([[[1, 0], [2, 3]], [[9, 8], [0, 7]]], TWO, [[0, 1], [2, 3]])
        compared = compare_pairs(both, TOP)
        assert (compared[0].pairs, compared[1].pairs) == (6, 24)
        assert compared[1] == compare_pairs(PairTally([[9, 8], [0, 7]], TWO, [2, 3]), TOP)

    def test_the_options_go_with_every_group(self):
        assert compare(A, B, TOP, confidence_level=0.8)[2].confidence_level == 0.8

    def test_each_group_in_turn(self):
        assert list(BATCH) == [BATCH[0], BATCH[1], BATCH[2]]
        assert list(GRID) == [GRID[0], GRID[1]]
        assert list(BATCH[:0]) == []

    def test_a_single_comparison_has_no_groups(self):
        with pytest.raises(TypeError, match=r"^a single comparison has no groups to go through$"):
            iter(NEWCOMBE)
        with pytest.raises(IndexError):
            NEWCOMBE[0]

    def test_a_group_that_is_not_there_is_an_index_error(self):
        with pytest.raises(IndexError):
            BATCH[3]


class TestEquality:
    def test_the_same_input_gives_equal_comparisons_empty_groups_included(self):
        assert compare(A, B, TOP) == BATCH
        assert np.isnan(BATCH.value[1])

    @pytest.mark.parametrize(
        "changes",
        [
            {"value": 19.0},
            {"low": 0.0},
            {"high": 40.0},
            {"p_value": 0.5},
            {"a": Tally([14, 56], TWO, 4)},
            {"b": Tally([32, 48], TWO, 1)},
            {"pairs": 1},
            {"scoring": attrs.evolve(TOP, name="other")},
            {"method": "another"},
            {"confidence_level": 0.9},
        ],
        ids=lambda changes: next(iter(changes)),
    )
    def test_any_difference_makes_them_unequal(self, changes):
        assert attrs.evolve(NEWCOMBE, **changes) != NEWCOMBE

    @pytest.mark.parametrize("other", [NEWCOMBE[np.newaxis], TANGO, 20.0, "NPS", None])
    def test_nor_does_it_equal_something_else(self, other):
        assert other != NEWCOMBE

    def test_comparisons_are_not_hashable(self):
        with pytest.raises(TypeError, match="unhashable"):
            hash(NEWCOMBE)

    def test_the_defaults_are_those_of_the_compare_function(self):
        numbers = (NEWCOMBE.value, NEWCOMBE.low, NEWCOMBE.high, NEWCOMBE.p_value)
        assert Comparison(*numbers, NEWCOMBE.a, NEWCOMBE.b, 0, TOP) == NEWCOMBE

    def test_copies_and_pickles_are_equal(self):
        assert copy.copy(BATCH) == copy.deepcopy(BATCH) == BATCH
        assert pickle.loads(pickle.dumps(BATCH)) == BATCH  # noqa: S301 - our own bytes


class TestEquivalence:
    @pytest.mark.parametrize(
        ("low", "high", "margin", "expected"),
        [
            (-4, 4.9, 5, True),
            (-4.9, 4, 5, True),
            (2, 4, 5, True),
            (-5, 4, 5, False),  # the margin itself is a difference that matters
            (-4, 5, 5, False),
            (-6, 4, 5, False),
            (-4, 6, 5, False),
            (6, 8, 5, False),
            (-8, -6, 5, False),
            (-0.4, 0.4, 0.5, True),
        ],
    )
    def test_a_and_b_are_equivalent_if_the_interval_lies_within_the_margin(
        self, low, high, margin, expected
    ):
        for scoring in (TOP, LOWEST):
            answer = made((low + high) / 2, low, high, scoring).is_equivalent(margin)
            assert isinstance(answer, np.ndarray)
            assert (answer.shape, answer.dtype, bool(answer)) == ((), bool, expected)

    def test_each_group_is_judged_and_one_without_answers_is_not_equivalent(self):
        assert BATCH.is_equivalent(40).tolist() == [True, False, False]
        assert GRID.is_equivalent(200).tolist() == [[True] * 3] * 2

    def test_it_is_the_two_tests_of_half_the_level_each(self):
        """At 90 % the limits are those of one-sided tests at 5 %: 20 is 6.4 and 31.9."""
        compared = compare(NEWCOMBE.a, NEWCOMBE.b, TOP, confidence_level=0.9)
        assert compared.is_equivalent(32.5)
        assert not NEWCOMBE.is_equivalent(32.5)


class TestNoInferiority:
    @pytest.mark.parametrize(
        ("low", "high", "more_is_better", "less_is_better"),
        [
            (-4.9, 20, True, False),
            (-5, 20, False, False),  # a loss as large as the margin matters
            (-20, 4.9, False, True),
            (-20, 5, False, False),
            (-4, 4, True, True),
            (1, 9, True, False),
            (-9, -1, False, True),
            (6, 9, True, False),
            (-9, -6, False, True),
        ],
    )
    def test_a_is_not_inferior_if_the_interval_ends_short_of_the_margin_on_the_worse_side(
        self, low, high, more_is_better, less_is_better
    ):
        for scoring, expected in ((TOP, more_is_better), (LOWEST, less_is_better)):
            answer = made((low + high) / 2, low, high, scoring).is_not_inferior(5)
            assert isinstance(answer, np.ndarray)
            assert (answer.shape, answer.dtype, bool(answer)) == ((), bool, expected)

    def test_each_group_is_judged_and_one_without_answers_is_not_good_enough(self):
        assert BATCH.is_not_inferior(1).tolist() == [True, False, True]
        turned = compare(A, B, LOWEST)
        assert turned.is_not_inferior(1).tolist() == [True, False, True]

    def test_a_mean_that_counts_downwards_is_better_when_it_is_less(self):
        effort = Scoring.mean(TWO, 7, 1)
        good, bad = Tally([1, 99], TWO), Tally([99, 1], TWO)
        assert compare(good, bad, effort).is_not_inferior(0.1)
        assert not compare(bad, good, effort).is_not_inferior(0.1)


@pytest.mark.parametrize("judge", [Comparison.is_equivalent, Comparison.is_not_inferior])
class TestMargins:
    @pytest.mark.parametrize("margin", [0, -5, inf, float("nan"), None, "5", True, [5]])
    def test_a_margin_that_is_no_number_more_than_nought_is_an_error(self, judge, margin):
        text = f"margin must be a number more than 0, got {margin!r}"
        with pytest.raises(OptionError, match=f"^{re.escape(text)}$"):
            judge(NEWCOMBE, margin)

    @pytest.mark.parametrize("margin", [40, 40.0, np.float64(40), np.int64(40)])
    def test_any_kind_of_number_will_do(self, judge, margin):
        assert judge(NEWCOMBE, margin)


class TestText:
    def test_independent_samples_read_as_one_line(self):
        text = "difference in top box 20.0 [5.3, 33.8], p = 0.008, n=70 and 80, 95 % score interval"
        assert str(NEWCOMBE) == repr(NEWCOMBE) == text

    def test_pairs_are_mentioned_where_there_are_some(self):
        assert str(TANGO) == (
            "difference in top box 18.8 [-2.7, 39.0], p = 0.083, n=32 and 32, 32 in both, "
            "95 % score interval"
        )

    @pytest.mark.parametrize(
        ("p", "text"),
        [
            (1.0, "p = 1.000"),
            (0.04996, "p = 0.050"),
            (0.001, "p = 0.001"),
            (0.000999, "p < 0.001"),
            (0.0, "p < 0.001"),
        ],
    )
    def test_a_small_p_value_is_less_than_something(self, p, text):
        assert str(attrs.evolve(NEWCOMBE, p_value=p)).split(", ")[2] == text

    def test_the_confidence_level_is_told(self):
        compared = compare(NEWCOMBE.a, NEWCOMBE.b, TOP, confidence_level=0.995)
        assert str(compared).endswith(", 99.5 % score interval")

    def test_decimals_follow_from_the_range_of_the_index(self):
        mean = Scoring.mean(FIVE, 1, 5)
        compared = compare(Tally([0, 0, 0, 1, 2], FIVE), Tally([0, 0, 1, 1, 1], FIVE), mean)
        assert str(compared).startswith("difference in mean score (1 to 5) 0.67 [-1.")

    def test_groups_read_as_a_table_with_dashes_where_there_are_no_answers(self):
        assert str(BATCH).splitlines() == [
            "group  n (a)  n (b)  in both  difference in top box   low  high        p",
            "    0     70     80        0                   20.0   5.3  33.8    0.008",
            "    1      0      7        0                      -     -     -        -",
            "    2     10    100        0                   80.0  48.9  90.4  < 0.001",
            "95 % score interval",
        ]

    def test_a_group_without_answers_reads_as_a_line_of_dashes(self):
        text = "difference in top box - [-, -], p = -, n=0 and 7, 95 % score interval"
        assert str(BATCH[1]) == text

    def test_groups_of_several_axes_are_told_by_their_places(self):
        lines = str(GRID).splitlines()
        assert [line[:5].strip() for line in lines[1:4]] == ["0, 0", "0, 1", "0, 2"]

    def test_of_more_than_twenty_groups_the_rest_is_counted(self):
        many = compare(Tally([[14, 56]] * 23, TWO), NEWCOMBE.b, TOP)
        lines = str(many).splitlines()
        assert len(lines) == 23
        assert lines[20].split()[0] == "19"
        assert lines[21:] == ["... and 3 more", "95 % score interval"]

    def test_no_groups_read_as_an_empty_table(self):
        assert str(BATCH[:0]).splitlines() == [
            "group  n (a)  n (b)  in both  difference in top box  low  high  p",
            "95 % score interval",
        ]


class TestHtml:
    def test_one_comparison_is_a_table_of_one_row(self):
        titles = ["n (a)", "n (b)", "in both", "difference in top box", "low", "high", "p"]
        assert filled(rich(TANGO), "th") == [titles]
        assert filled(rich(TANGO), "td") == [["32", "32", "32", "18.8", "-2.7", "39.0", "0.083"]]
        assert parsed(rich(TANGO)).findtext("small") == "95 % score interval"

    def test_groups_are_a_table_of_a_row_each_small_p_values_included(self):
        assert filled(rich(BATCH), "td") == [
            ["0", "70", "80", "0", "20.0", "5.3", "33.8", "0.008"],
            ["1", "0", "7", "0", "-", "-", "-", "-"],
            ["2", "10", "100", "0", "80.0", "48.9", "90.4", "< 0.001"],
        ]

    def test_every_row_has_a_cell_for_each_title(self):
        for compared in (NEWCOMBE, BATCH):
            head, *body = parsed(rich(compared)).iter("tr")
            assert {len(row.findall("td")) for row in body} == {len(head.findall("th"))}

    def test_the_interval_of_every_group_that_has_one_is_drawn(self):
        assert [len(list(row.iter("svg"))) for row in parsed(rich(BATCH)).iter("tr")] == [
            0,
            1,
            0,
            1,
        ]

    @pytest.mark.parametrize(("scoring", "better"), [(TOP, (0, inf)), (LOWEST, (-inf, 0))])
    def test_the_side_on_which_a_is_better_is_shaded_from_nought(self, scoring, better):
        compared = compare(NEWCOMBE.a, NEWCOMBE.b, scoring)
        numbers = (float(compared), float(compared.low), float(compared.high))
        expected = parsed(interval_strip(*numbers, (-100, 100), better))[0]
        (drawn,) = parsed(rich(compared)).iter("svg")
        assert ET.tostring(drawn) == ET.tostring(expected)

    def test_nought_is_in_the_middle_and_the_bar_where_the_interval_is(self):
        shaded, scale, bar, mark = (
            (float(shape.get("x")), float(shape.get("x")) + float(shape.get("width")))
            for shape in next(parsed(rich(NEWCOMBE)).iter("svg"))
        )
        middle, half = sum(scale) / 2, (scale[1] - scale[0]) / 2
        assert shaded == pytest.approx((middle, scale[1]))
        expected = (middle + half * 0.0528, middle + half * 0.3382)
        assert bar == pytest.approx(expected, abs=0.11)  # two numbers of one decimal each
        assert sum(mark) / 2 == pytest.approx(middle + half * 0.2, abs=0.11)
        assert bar[0] > middle  # so that it does not touch the other side

    def test_names_are_escaped(self):
        name = '<b>R&D\'s "best"</b>'
        html = rich(attrs.evolve(BATCH, scoring=attrs.evolve(TOP, name=name)))
        assert "<b>" not in html
        assert f"difference in {name}" in filled(html, "th")[0]

    def test_of_more_than_twenty_groups_the_rest_is_counted(self):
        html = rich(compare(Tally([[14, 56]] * 23, TWO), NEWCOMBE.b, TOP))
        assert len(filled(html, "td")) == 20
        assert parsed(html).findtext("small") == "... and 3 more 95 % score interval"


class TestToDicts:
    def test_one_comparison_is_one_dictionary(self):
        (row,) = TANGO.to_dicts()
        assert list(row) == [
            *("group", "index", "unit", "n_a", "n_b", "pairs"),
            *("value", "low", "high", "p_value"),
        ]
        told = [row[key] for key in ("group", "index", "unit", "n_a", "n_b", "pairs", "value")]
        assert told == [(), "top box", "percentage points", 32, 32, 32, 18.75]
        assert (row["low"], row["high"]) == pytest.approx((-2.7, 39.0), abs=0.05)
        assert row["p_value"] == pytest.approx(0.0833, abs=5e-5)  # McNemar's, 36 / 12 = 3

    def test_groups_come_in_order_all_of_them(self):
        counts = np.arange(1, 53).reshape(13, 2, 2)
        rows = compare(Tally(counts, TWO), Tally([5, 6], TWO), TOP).to_dicts()
        assert [row["group"] for row in rows] == list(np.ndindex(13, 2))
        assert [row["n_a"] for row in rows] == counts.sum(axis=-1).ravel().tolist()
        assert {row["n_b"] for row in rows} == {11}

    def test_numbers_are_plain_and_nan_where_there_are_no_answers(self):
        rows = BATCH.to_dicts()
        assert json.loads(json.dumps(rows))[0]["low"] == rows[0]["low"]
        assert {type(rows[0][key]) for key in ("value", "low", "high", "p_value")} == {float}
        assert {type(rows[0][key]) for key in ("n_a", "n_b", "pairs")} == {int}
        assert type(rows[0]["unit"]) is str
        assert all(np.isnan(rows[1][key]) for key in ("value", "low", "high", "p_value"))
