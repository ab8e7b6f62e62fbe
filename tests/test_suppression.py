"""Hiding small groups: which are hidden with them, what is shown, and how it reads."""

import json
import re
from xml.etree import ElementTree as ET

import attrs
import numpy as np
import pytest

from custfocus.errors import OptionError
from custfocus.indices.estimate import estimate
from custfocus.indices.suppression import SuppressedEstimate, suppress
from custfocus.responses import Scale, Scoring, Tally

TWO = Scale.likert(2)
SHARE = Scoring.top_box(TWO, 1)


def estimate_of(n, **options):
    """An estimate with so many answers in each group, every other one of them satisfied."""
    n = np.asarray(n)
    return estimate(Tally(np.stack([n - n // 2, n // 2], axis=-1), TWO), SHARE, **options)


def marked(n, minimum):
    """The table with totals as text, hidden numbers in brackets."""
    table = np.asarray(n)
    hidden = suppress(estimate_of(table), minimum=minimum).hidden_with_totals
    for axis in range(table.ndim):
        table = np.concatenate([table, table.sum(axis=axis, keepdims=True)], axis=axis)
    lines = zip(np.atleast_2d(table), np.atleast_2d(hidden), strict=True)
    return [
        " ".join(f"[{n}]" if out else f"{n}" for n, out in zip(*line, strict=True))
        for line in lines
    ]


def parsed(html):
    return ET.fromstring(f"<root>{html}</root>")  # noqa: S314 - our own HTML


class TestOneAxis:
    def test_a_small_group_takes_the_next_smallest_with_it(self):
        assert marked([62, 4, 30, 25], 10) == ["62 [4] 30 [25] 121"]

    def test_small_groups_that_have_enough_together_need_no_other(self):
        assert marked([62, 4, 7, 30], 10) == ["62 [4] [7] 30 103"]

    def test_small_groups_that_have_too_few_together_take_another(self):
        assert marked([62, 4, 5, 30], 10) == ["62 [4] [5] [30] 101"]

    def test_a_group_of_the_minimum_is_not_small(self):
        assert marked([62, 10, 30], 10) == ["62 10 30 102"]

    def test_of_two_groups_both_are_hidden(self):
        assert marked([200, 5], 10) == ["[200] [5] 205"]

    def test_a_group_without_answers_is_shown_and_protects_nobody(self):
        assert marked([0, 4, 0, 30, 40], 10) == ["0 [4] 0 [30] 40 74"]

    def test_the_only_group_with_answers_takes_the_total_with_it(self):
        assert marked([0, 4, 0], 10) == ["0 [4] 0 [4]"]
        assert marked([4], 10) == ["[4] [4]"]

    def test_a_small_total_is_hidden(self):
        assert marked([3, 0, 4], 10) == ["[3] 0 [4] [7]"]

    def test_small_groups_whose_total_is_not_small_leave_it_be(self):
        assert marked([3, 4, 5], 10) == ["[3] [4] [5] 12"]

    @pytest.mark.parametrize("n", [[], [0], [0, 0], [10], [50, 20]])
    def test_nothing_is_hidden_where_no_group_is_small(self, n):
        assert not suppress(
            estimate_of(np.array(n, dtype=int)), minimum=10
        ).hidden_with_totals.any()


class TestTwoAxes:
    def test_a_small_group_takes_the_cheapest_box_with_it(self):
        assert marked([[5, 20, 90], [30, 40, 80], [60, 70, 99]], 10) == [
            "[5] [20] 90 115",
            "[30] [40] 80 150",
            "60 70 99 229",
            "95 130 269 494",
        ]

    def test_hidden_groups_are_taken_into_a_box_at_no_cost(self):
        # The group of 6 takes the box to 5, hidden already, for 140 answers more; others cost 150
        assert marked([[5, 11, 60], [12, 13, 70], [80, 90, 6]], 10) == [
            "[5] [11] [60] 76",
            "[12] [13] 70 95",
            "[80] 90 [6] 176",
            "97 114 136 347",
        ]

    def test_a_box_with_a_corner_that_is_hidden_already_is_the_cheaper_for_it(self):
        # 20 + 30, the 9 being hidden, are less than 18 + 14 + 21
        assert marked([[5, 20, 18], [30, 9, 80], [14, 70, 21]], 10) == [
            "[5] [20] 18 43",
            "[30] [9] 80 119",
            "14 70 21 105",
            "49 99 119 267",
        ]

    def test_a_corner_without_answers_protects_nobody(self):
        assert marked([[5, 20, 90], [30, 0, 80], [60, 70, 99]], 10) == [
            "[5] [20] 90 115",
            "30 0 80 110",
            "[60] [70] 99 229",
            "95 90 269 454",
        ]

    def test_small_corners_with_too_few_answers_together_are_not_enough(self):
        # The cheapest box is that of 2, 3 and 2: its row and its column would give away 5 and 4
        assert marked([[2, 3, 50], [2, 3, 60], [70, 80, 90]], 10) == [
            "[2] [3] [50] 55",
            "[2] [3] [60] 65",
            "[70] [80] [90] 240",
            "74 86 200 360",
        ]

    def test_where_no_box_of_groups_will_do_totals_are_hidden_too(self):
        # 3 is all that the first column has: its total gives it away, and so would the others
        assert marked([[3, 50], [0, 60]], 10) == ["[3] [50] 53", "0 60 60", "[3] [110] 113"]

    def test_the_grand_total_is_the_last_to_be_hidden(self):
        assert marked([[3, 0], [0, 60]], 10) == ["[3] 0 [3]", "0 60 60", "[3] 60 [63]"]

    def test_a_table_of_a_single_small_group_shows_nothing(self):
        assert marked([[0, 0], [0, 3]], 10) == ["0 0 0", "0 [3] [3]", "0 [3] [3]"]

    def test_totals_are_spared_where_groups_will_do_even_larger_ones(self):
        assert marked([[5, 1000], [1000, 1000], [20, 0]], 10)[:2] == [
            "[5] [1000] 1005",
            "[1000] [1000] 2000",
        ]


class TestThreeAxes:
    def test_a_small_group_takes_the_corners_of_a_box_with_it(self):
        n = np.arange(100, 127).reshape(3, 3, 3)
        n[1, 1, 1] = 3
        found = suppress(estimate_of(n), minimum=10)
        expected = np.zeros((3, 3, 3), dtype=bool)
        expected[:2, :2, :2] = True  # 100, 101, 103, 104, 109, 110, 112: the least
        np.testing.assert_array_equal(found.hidden, expected)
        assert found.hidden_with_totals.sum() == 8


class TestResult:
    def test_hidden_is_the_part_without_totals(self):
        found = suppress(estimate_of([[3, 50], [0, 60]]), minimum=10)
        assert found.hidden.tolist() == [[True, True], [False, False]]
        assert found.hidden_with_totals.shape == (3, 3)

    def test_what_is_shown_holds_nothing_of_the_hidden_groups(self):
        scored = estimate_of([62, 4, 30, 25, 0], population=[100, 50, 40, 30, 0])
        found = suppress(scored, minimum=10)
        assert found.shown == scored[[0, 2, 4]]
        assert found.shown.tally.counts.tolist() == [[31, 31], [15, 15], [0, 0]]
        assert found.shown.population.tolist() == [100, 40, 0]

    def test_groups_of_several_axes_are_shown_in_order(self):
        scored = estimate_of([[5, 20, 90], [30, 40, 80]])
        assert suppress(scored, minimum=10).shown == scored[[0, 1], [2, 2]]

    def test_nothing_is_changed_where_nothing_is_hidden(self):
        scored = estimate_of([40, 50, 0])
        assert suppress(scored, minimum=10).shown == scored

    def test_the_minimum_is_kept_as_a_plain_number(self):
        found = suppress(estimate_of([40, 5]), minimum=np.int64(7))
        assert (type(found.minimum), found.minimum) == (int, 7)

    def test_two_is_the_least_minimum(self):
        assert marked([40, 2, 30], 2) == ["40 2 30 72"]
        assert marked([40, 1, 30], 2) == ["40 [1] [30] 71"]

    def test_results_of_the_same_table_are_equal_and_any_difference_makes_them_unequal(self):
        found = suppress(estimate_of([40, 5, 30]), minimum=10)
        assert found == suppress(estimate_of([40, 5, 30]), minimum=10)
        assert found != attrs.evolve(found, minimum=9)
        assert found != attrs.evolve(found, shown=found.shown[:0])
        assert found != attrs.evolve(found, hidden_with_totals=np.ones(4))
        assert found != "hidden"

    def test_it_is_neither_hashable_nor_changeable(self):
        found = suppress(estimate_of([40, 5, 30]), minimum=10)
        with pytest.raises(TypeError, match="unhashable"):
            hash(found)
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            found.minimum = 3
        for flags in (found.hidden, found.hidden_with_totals):
            with pytest.raises(ValueError, match="read-only"):
                flags[0] = True


class TestText:
    def test_hidden_groups_have_stars_in_every_column(self):
        found = suppress(estimate_of([62, 4, 30, 25, 0]), minimum=10)
        assert type(found) is SuppressedEstimate
        assert str(found) == repr(found)
        assert str(found).splitlines() == [
            "group   n  missing  top box   low  high",
            "    0  62        0     50.0  37.9  62.1",
            "    1   *        *        *     *     *",
            "    2  30        0     50.0  33.2  66.8",
            "    3   *        *        *     *     *",
            "    4   0        0        -     -     -",
            "95 % score interval; * hidden: too few answers (minimum 10), or to protect such",
        ]

    def test_totals_to_hide_are_counted(self):
        text = str(suppress(estimate_of([[3, 50], [0, 60]]), minimum=10))
        assert text.endswith("or to protect such; totals to hide as well: 2")

    def test_where_nothing_is_hidden_it_reads_as_the_estimate(self):
        scored = estimate_of([[62, 40], [30, 25]])
        assert str(suppress(scored, minimum=10)) == str(scored)

    def test_groups_of_several_axes_keep_their_places(self):
        found = suppress(estimate_of([[5, 20, 90], [30, 40, 80]]), minimum=10)
        lines = str(found).splitlines()[1:-1]
        assert [line.split()[:3] for line in lines] == [
            ["0,", "0", "*"], ["0,", "1", "*"], ["0,", "2", "90"],
            ["1,", "0", "*"], ["1,", "1", "*"], ["1,", "2", "80"],
        ]  # fmt: skip

    def test_where_all_is_hidden_only_stars_are_left(self):
        lines = str(suppress(estimate_of([3, 4]), minimum=10)).splitlines()
        assert [set(line.split()[1:]) for line in lines[1:3]] == [{"*"}, {"*"}]

    def test_in_html_only_groups_that_are_shown_are_drawn(self):
        scored = estimate_of([62, 4, 30, 25, 0])
        found = suppress(scored, minimum=10)
        rows = list(parsed(found._repr_html_()).iter("tr"))
        assert [len(list(row.iter("svg"))) for row in rows] == [0, 1, 0, 1, 0, 0]
        cells = [[cell.text for cell in row.iter("td") if cell.text] for row in rows[1:]]
        assert cells[1] == ["1", "*", "*", "*", "*", "*"]
        assert cells[2] == ["2", "30", "0", "50.0", "33.2", "66.8"]
        whole = list(parsed(scored._repr_html_()).iter("tr"))
        assert ET.tostring(rows[3]) == ET.tostring(whole[3])
        assert parsed(found._repr_html_()).findtext("small").endswith("or to protect such")

    def test_hidden_groups_are_dictionaries_of_their_place_alone(self):
        scored = estimate_of([[5, 20, 90], [30, 40, 80]])
        rows = suppress(scored, minimum=10).to_dicts()
        assert [row["group"] for row in rows] == list(np.ndindex(2, 3))
        assert rows[1] == {"group": (0, 1), "hidden": True}
        assert [row["hidden"] for row in rows] == [True, True, False] * 2
        assert rows[5] == {**scored.to_dicts()[5], "hidden": False}
        assert json.loads(json.dumps(rows))[2]["n"] == 90


class TestWrongInput:
    @pytest.mark.parametrize("minimum", [1, 0, -5, 2.0, 10.5, True, "10", None, float("nan")])
    def test_a_minimum_that_is_no_whole_number_of_2_or_more_is_an_error(self, minimum):
        told = f"minimum must be a whole number of 2 or more, got {minimum!r}"
        with pytest.raises(OptionError, match=f"^{re.escape(told)}$"):
            suppress(estimate_of([40, 5]), minimum=minimum)

    def test_what_is_no_estimate_is_an_error(self):
        with pytest.raises(OptionError, match=r"^suppress takes an Estimate by group, got a list;"):
            suppress([1, 2], minimum=10)

    def test_a_single_sample_is_an_error(self):
        with pytest.raises(OptionError, match=r"^suppress needs an estimate by group, got one for"):
            suppress(estimate_of(5), minimum=10)
