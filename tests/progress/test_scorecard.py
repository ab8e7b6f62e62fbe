"""A scorecard: the measures of a customer focus, scored, judged and laid out."""

import json
import math
import re
from xml.etree import ElementTree as ET

import attrs
import numpy as np
import pandas as pd
import pytest

from custfocus.errors import AnswerError, CustfocusError, OptionError, ScaleError, TallyError, VocabularyError
from custfocus.indices import bottom_box, csat, net_score
from custfocus.progress import Scorecard, scorecard, verdict
from custfocus.responses import Scale, Scoring, Tally
from custfocus.vocabulary import Customer, CustomerFocus, Need, PerformanceMeasure, Requirement, Target
from custfocus.scorecards.row import COLUMNS

FIVE = Scale.likert(5, labels=["E", "D", "C", "B", "A"], missing=[9, None])
TOP, BOTTOM = Scoring.top_box(FIVE), Scoring.bottom_box(FIVE)
NET = Scoring.net(FIVE, positive=2, negative=2)

PHONE = PerformanceMeasure(
    "phone", "reach", "Phone", item="q1", scoring=TOP, target=Target.at_least(25)
)
RESULT = PerformanceMeasure(
    "result", "resolved", "Result", item="q2", scoring=NET, target=Target.at_least(40)
)
UNHAPPY = PerformanceMeasure("unhappy", "resolved", "Unhappy", item="q2", scoring=BOTTOM)
WEB = PerformanceMeasure("web", "reach", "Web", item="q3", scoring=TOP, target=Target.at_least(50))
WAIT = PerformanceMeasure(
    "wait", "reach", "Wait", unit="minutes", target=Target.at_most(5, due="2027-12-31")
)

# Every list out of the order in which the customers' needs and requirements belong together
FOCUS = CustomerFocus(
    "City",
    customers=[Customer("residents", "Residents"), Customer("staff", "Staff")],
    needs=[Need("tools", "staff", "tools"), Need("help", "residents", "help")],
    requirements=[
        Requirement("fast", "tools", "fast tools"),
        Requirement("reach", "help", "easy to reach"),
        Requirement("resolved", "help", "resolved", kind="key driver"),
    ],
    measures=[
        RESULT,
        PerformanceMeasure("speed", "fast", "Speed", item="q4", scoring=TOP),
        PHONE,
        UNHAPPY,
        WEB,
        WAIT,
    ],
)
ORDER = ["Phone", "Web", "Wait", "Result", "Unhappy", "Speed"]

NEWCOMBE = Tally([60, 60, 62, 41, 40], FIVE, 9)  # 81 of 263: 30.8 [25.5, 36.6]
AGRESTI = Tally([8, 0, 62, 0, 16], FIVE)  # 16 against 8 of 86: 9.3 [-2.0, 20.7]
NOTE = (
    "95 % intervals; met and not met at nominal 97.5 % one-sided confidence. "
    '"More": with so many further answers like these, an even chance to settle it.'
)


def focus_on(*measures):
    return attrs.evolve(FOCUS, measures=measures)


def names(card):
    return [row.measure.name for row in card.rows]


def parsed(card):
    return ET.fromstring(f"<root>{card._repr_html_()}</root>")  # noqa: S314 - our own HTML


class TestRows:
    def test_there_is_one_for_each_measure_in_the_order_of_the_focus(self):
        card = scorecard(FOCUS, {"q1": NEWCOMBE, "q2": AGRESTI})
        assert isinstance(card, Scorecard)
        assert names(card) == ORDER
        assert [row.requirement.id for row in card.rows] == ["reach"] * 3 + ["resolved"] * 2 + [
            "fast"
        ]
        assert [row.need.id for row in card.rows] == ["help"] * 5 + ["tools"]
        assert [row.customer.id for row in card.rows] == ["residents"] * 5 + ["staff"]
        assert all(isinstance(row, ScorecardRow) and row.group == () for row in card.rows)

    def test_it_has_the_estimate_and_the_verdict_of_its_measure(self):
        card = scorecard(FOCUS, {"q1": NEWCOMBE, "q2": AGRESTI})
        phone, _, _, result, unhappy, _ = card.rows
        assert attrs.evolve(phone.estimate, scoring=csat(NEWCOMBE).scoring) == csat(NEWCOMBE)
        assert phone.verdict.standing == "met"
        assert result.estimate == net_score(AGRESTI)
        assert str(result.verdict) == str(verdict(net_score(AGRESTI), RESULT.target))
        assert unhappy.estimate == bottom_box(AGRESTI)
        assert unhappy.verdict is None

    def test_there_is_one_for_each_measure_and_group_groups_sorted(self):
        labels = ["b", 10, None, "a", 9, "b"]
        card = scorecard(
            focus_on(PHONE, RESULT), {"q1": [1, 2, 3, 4, 5, 5], "q2": [5] * 6}, by=labels
        )
        assert card.group_names == ("group",)
        groups = [(9,), (10,), ("a",), ("b",), (None,)]
        assert [(row.measure, row.group) for row in card.rows] == [
            (measure, group) for measure in (PHONE, RESULT) for group in groups
        ]
        assert [row.estimate.tally.counts.tolist() for row in card.rows[:5]] == [
            [0, 0, 0, 0, 1], [0, 1, 0, 0, 0], [0, 0, 0, 1, 0], [1, 0, 0, 0, 1], [0, 0, 1, 0, 0],
        ]  # fmt: skip

    def test_several_labels_by_name_are_sorted_by_the_first_then_the_second(self):
        by = {"wave": [2, 1, 2, 1], "district": ["n", "s", "a", "n"]}
        card = scorecard(focus_on(PHONE), {"q1": [1, 2, 3, 4]}, by=by)
        assert card.group_names == ("wave", "district")
        assert [row.group for row in card.rows] == [(1, "n"), (1, "s"), (2, "a"), (2, "n")]
        points = [int(row.estimate.tally.counts.argmax()) + 1 for row in card.rows]
        assert points == [4, 2, 3, 1]

    def test_a_group_gets_its_own_verdict(self):
        answers = [5] * 20 + [1] * 20 + [5, 1, 1]
        card = scorecard(focus_on(WEB), {"q3": answers}, by=["a"] * 20 + ["b"] * 20 + ["c"] * 3)
        assert [str(row.verdict.standing) for row in card.rows] == [
            "met",
            "not met",
            "inconclusive",
        ]
        assert [bool(row.verdict.point_met) for row in card.rows] == [True, False, False]

    def test_a_focus_without_measures_has_no_rows(self):
        card = scorecard(focus_on(), {"q1": [5]})
        assert card.rows == ()
        assert card.unused == ("q1",)
        assert card.to_dicts() == []

    def test_two_measures_can_share_an_item_on_scales_of_their_own(self):
        turned = attrs.evolve(UNHAPPY, scoring=Scoring.top_box(FIVE.reverse_coded()))
        card = scorecard(focus_on(RESULT, turned), {"q2": [5, 5, 1, 3]})
        assert [float(row.estimate) for row in card.rows] == [25, 25]
        assert [row.estimate.scoring.scale for row in card.rows] == [FIVE, FIVE.reverse_coded()]


CODES = [5, 4, 1, 2, 5, 9, None]
LABELS = ["A", "B", "E", "D", "A", 9, None]
FORMS = {  # five answers and two missing ones
    "a list": CODES,
    "a list of labels": LABELS,
    "an array": np.array(CODES, dtype=float),
    "a Series": pd.Series(CODES),
    "a Series of labels": pd.Series(LABELS),
    "a nullable Series": pd.Series(CODES, dtype="Int64"),
    "a tally": Tally([1, 1, 0, 1, 2], FIVE, 2),
}


class TestAnswers:
    @pytest.mark.parametrize("answers", FORMS.values(), ids=list(FORMS))
    def test_they_come_in_any_form(self, answers):
        (row,) = scorecard(focus_on(WEB), {"q3": answers}).rows
        assert row.estimate.tally == Tally([1, 1, 0, 1, 2], FIVE, 2)
        assert row.estimate.shape == row.verdict.standing.shape == ()

    def test_they_may_be_gone_after_one_pass_although_two_measures_ask_for_them(self):
        card = scorecard(focus_on(RESULT, UNHAPPY), {"q2": iter([5, 1, 1])})
        assert [int(row.estimate.n) for row in card.rows] == [3, 3]

    def test_a_dataframe_will_do(self):
        frame = pd.DataFrame({"q1": [5, 4, 1], "q2": [5, 9, 2], "wave": ["x", "y", "x"]})
        card = scorecard(focus_on(PHONE, RESULT), frame, by={"wave": frame["wave"]})
        assert [row.estimate.tally.counts.tolist() for row in card.rows] == [
            [1, 0, 0, 0, 1], [0, 0, 0, 1, 0], [0, 1, 0, 0, 1], [0, 0, 0, 0, 0],
        ]  # fmt: skip
        assert [int(row.estimate.missing) for row in card.rows] == [0, 0, 0, 1]

    def test_a_column_that_splits_the_answers_is_not_unused(self):
        frame = pd.DataFrame({"q1": [5, 4, 1], "wave": ["x", "y", "x"], "z": [1, 2, 3]})
        for by in (frame["wave"], {"wave": frame["wave"]}):
            card = scorecard(focus_on(PHONE), frame, by=by)
            assert card.unused == ("z",)
        assert scorecard(focus_on(PHONE), frame, by=list(frame["wave"])).unused == ("wave", "z")

    def test_a_series_that_splits_the_answers_keeps_its_name(self):
        frame = pd.DataFrame({"q1": [5, 4, 1], "wave": ["x", "y", "x"]})
        card = scorecard(focus_on(PHONE), frame, by=frame["wave"])
        assert card.group_names == ("wave",)
        assert [row["wave"] for row in card.to_dicts()] == ["x", "y"]
        assert "        wave x  " in str(card)

    @pytest.mark.parametrize(
        "by",
        [["x", "y"], np.array(["x", "y"]), pd.Series(["x", "y"]), pd.Series(["x", "y"], name=7)],
    )
    def test_labels_without_a_name_are_called_group(self, by):
        assert scorecard(focus_on(PHONE), {"q1": [5, 4]}, by=by).group_names == ("group",)

    def test_a_series_named_like_a_column_is_an_error(self):
        with pytest.raises(VocabularyError, match=r"columns, got \['value'\]$"):
            scorecard(focus_on(PHONE), {"q1": [5]}, by=pd.Series(["x"], name="value"))

    def test_rows_of_a_tally_are_added_up_by_their_labels(self):
        tally = Tally([[1, 0, 0, 0, 4], [0, 2, 0, 0, 0], [0, 0, 3, 0, 1]], FIVE, [5, 6, 7])
        card = scorecard(focus_on(WEB), {"q3": tally}, by={"wave": ["x", "y", "x"]})
        assert [row.estimate.tally for row in card.rows] == [
            Tally([1, 0, 3, 0, 5], FIVE, 12),
            Tally([0, 2, 0, 0, 0], FIVE, 6),
        ]

    def test_answers_and_tallies_can_come_together(self):
        rows = Tally(np.eye(5, dtype=int)[[4, 3, 0]], FIVE)
        card = scorecard(focus_on(PHONE, WEB), {"q1": [5, 4, 1], "q3": rows}, by=["x", "y", "x"])
        assert card.rows[0].estimate == card.rows[2].estimate
        assert card.rows[1].estimate == card.rows[3].estimate

    def test_labels_come_in_a_list_an_array_or_a_series(self):
        cards = [
            scorecard(focus_on(WEB), {"q3": [1, 2, 3]}, by=labels)
            for labels in ([2, 1, 2], np.array([2, 1, 2]), pd.Series([2, 1, 2]))
        ]
        assert {str(card) for card in cards} == {str(cards[0])}

    def test_items_that_no_measure_asks_about_are_named_in_the_order_they_came(self):
        card = scorecard(focus_on(PHONE), {"z": [1], "q1": [5], "a": "anything at all"})
        assert card.unused == ("z", "a")
        assert str(card).splitlines()[-1] == "Items that no measure asks about: z, a"
        assert parsed(card).findall("p/small")[-1].text == "Items that no measure asks about: z, a"

    def test_where_every_item_is_asked_about_none_is_named(self):
        card = scorecard(focus_on(PHONE), {"q1": [5]})
        assert card.unused == ()
        assert str(card).splitlines()[-1] == NOTE

    def test_options_are_passed_on(self):
        tally = Tally([[1, 0, 0, 0, 4], [1, 0, 0, 0, 4]], FIVE)
        card = scorecard(
            focus_on(WEB),
            {"q3": tally},
            by=["x", "y"],
            confidence_level=0.9,
            population=[10, 1000],
        )
        assert card.confidence_level == 0.9
        assert [row.estimate.confidence_level for row in card.rows] == [0.9, 0.9]
        assert [row.verdict.confidence for row in card.rows] == [0.95, 0.95]
        assert [float(row.estimate.population) for row in card.rows] == [10, 1000]
        assert card.rows[0].estimate.low > card.rows[1].estimate.low

    def test_one_population_serves_a_card_without_groups(self):
        (row,) = scorecard(focus_on(WEB), {"q3": [1, 5, 5, 5, 5]}, population=10).rows
        alone = csat(Tally([1, 0, 0, 0, 4], FIVE), population=10)
        assert (row.estimate.low, row.estimate.high) == (alone.low, alone.high)


class TestWithoutNumbers:
    def test_a_measure_that_no_answers_came_for_says_so(self):
        card = scorecard(focus_on(WEB), {})
        (row,) = card.rows
        assert (row.estimate, row.verdict, row.group) == (None, None, ())
        assert row.verdict_text == "no answers came for 'q3'"

    def test_with_groups_it_has_one_row_without_a_group(self):
        card = scorecard(focus_on(WEB, RESULT), {"q2": [1, 5]}, by=["x", "y"])
        assert [(row.measure, row.group) for row in card.rows] == [
            (WEB, ()), (RESULT, ("x",)), (RESULT, ("y",)),
        ]  # fmt: skip

    @pytest.mark.parametrize("by", [[], pd.Series([], dtype=object), {"wave": [], "place": []}])
    @pytest.mark.parametrize("answers", [[], Tally(np.zeros((0, 5)), FIVE)])
    def test_without_a_single_label_every_measure_has_a_row_that_says_so(self, answers, by):
        card = scorecard(focus_on(WEB, WAIT), {"q3": answers}, by=by, population=100)
        assert [(row.measure, row.group, row.estimate) for row in card.rows] == [
            (WEB, (), None), (WAIT, (), None),
        ]  # fmt: skip
        assert [row.verdict_text for row in card.rows] == [
            "no answers came for 'q3'", "not a survey question",
        ]  # fmt: skip
        assert [row[name] for row in card.to_dicts() for name in card.group_names] == [None] * (
            2 * len(card.group_names)
        )
        assert card.unused == ()
        assert len(list(parsed(card).iter("svg"))) == 0

    def test_a_measure_that_is_no_survey_question_says_so(self):
        (row,) = scorecard(focus_on(WAIT), {"q1": [5]}).rows
        assert (row.estimate, row.verdict) == (None, None)
        assert row.verdict_text == "not a survey question"

    def test_a_measure_without_a_target_says_so(self):
        (row,) = scorecard(focus_on(UNHAPPY), {"q2": [5, 1]}).rows
        assert float(row.estimate) == 50
        assert (row.verdict, row.verdict_text) == (None, "no target")

    @pytest.mark.parametrize("measure", [RESULT, UNHAPPY])
    def test_a_group_without_answers_says_so_with_a_target_or_without(self, measure):
        card = scorecard(focus_on(measure), {"q2": [5, 9, None, 1]}, by=["x", "y", "y", "x"])
        full, empty = card.rows
        assert (int(full.estimate.n), int(empty.estimate.n)) == (2, 0)
        assert int(empty.estimate.missing) == 2
        assert math.isnan(empty.estimate.value)
        assert empty.verdict_text == "no answers"

    @pytest.mark.parametrize("answers", [[], [9, None], Tally([0] * 5, FIVE, 2)])
    def test_an_item_without_a_single_answer_is_no_error(self, answers):
        (row,) = scorecard(focus_on(WEB), {"q3": answers}).rows
        assert row.verdict_text == "no answers"

    def test_an_open_verdict_says_how_many_more_would_settle_it(self):
        texts = [
            scorecard(focus_on(WEB), {"q3": [5] * n}).rows[0].verdict_text for n in (1, 2, 3, 4)
        ]
        # All satisfied: the lower limit n / (n + 1.96²) reaches 50 % at n = 4
        assert texts == [
            "inconclusive (3 more)", "inconclusive (2 more)", "inconclusive (1 more)", "met",
        ]  # fmt: skip

    def test_on_the_edge_the_verdict_says_so(self):
        (row,) = scorecard(focus_on(WEB), {"q3": [5, 1]}).rows
        assert row.verdict_text == "inconclusive (too close to call)"

    def test_every_verdict_text_is_a_plain_text(self):
        card = scorecard(FOCUS, {"q1": [5], "q2": Tally([0] * 5, FIVE), "q3": [5] * 9 + [1]})
        assert {type(row.verdict_text) for row in card.rows} == {str}


class TestErrors:
    def test_bad_answers_are_an_error_that_names_the_item(self):
        with pytest.raises(AnswerError, match=r"^item 'q3': answers not on the scale: \[7\]"):
            scorecard(FOCUS, {"q1": [1, 5], "q3": [1, 7]})

    def test_bad_answers_to_an_item_that_nobody_asks_about_are_none_of_its_business(self):
        assert names(scorecard(FOCUS, {"q9": [77]})) == ORDER

    def test_a_tally_of_groups_without_labels_is_an_error_that_says_what_to_do(self):
        tally = Tally([[1, 0, 0, 0, 4]] * 2, FIVE)
        with pytest.raises(
            TallyError,
            match=r"^item 'q3': the tally has groups of shape \(2,\); label them in by=$",
        ):
            scorecard(FOCUS, {"q3": tally})

    def test_even_a_tally_of_one_group_needs_its_label(self):
        with pytest.raises(TallyError, match=r"groups of shape \(1,\)"):
            scorecard(FOCUS, {"q3": Tally([[1, 0, 0, 0, 4]], FIVE)})

    @pytest.mark.parametrize("labels", [["x"], ["x"] * 3])
    @pytest.mark.parametrize("answers", [[5, 1], Tally([[1, 0, 0, 0, 4]] * 2, FIVE)])
    def test_labels_that_are_too_few_or_too_many_are_an_error_that_names_the_item(
        self, answers, labels
    ):
        with pytest.raises(
            CustfocusError,
            match=rf"^item 'q3': group labels must be one for each row, got {len(labels)} for 2 rows$",
        ):
            scorecard(FOCUS, {"q3": answers}, by=labels)

    def test_a_tally_of_no_groups_or_of_two_axes_does_not_go_with_labels(self):
        for tally in (Tally([1, 0, 0, 0, 4], FIVE), Tally([[[1, 0, 0, 0, 4]]], FIVE)):
            with pytest.raises(
                TallyError, match=r"^item 'q3': by needs a tally with one group axis"
            ):
                scorecard(FOCUS, {"q3": tally}, by=["x"])

    def test_labels_of_different_lengths_are_an_error(self):
        with pytest.raises(AnswerError, match="one label for each row, got lengths"):
            scorecard(FOCUS, {"q3": [5, 1]}, by={"wave": ["x", "y"], "district": ["z"]})

    @pytest.mark.parametrize("name", COLUMNS)
    def test_a_group_named_like_a_column_is_an_error(self, name):
        with pytest.raises(VocabularyError, match=rf"differ from .* columns, got \['{name}'\]$"):
            scorecard(FOCUS, {"q3": [5]}, by={"wave": ["x"], name: ["y"]})

    def test_an_unknown_method_is_an_error(self):
        with pytest.raises(OptionError, match="unknown method 'walt'"):
            scorecard(FOCUS, {"q3": [5]}, method="walt")

    def test_a_tally_of_other_points_than_the_measures_is_an_error(self):
        with pytest.raises(ScaleError, match="must be of the tally's points"):
            scorecard(FOCUS, {"q3": Tally([1] * 7, Scale.likert(7))})

    @pytest.mark.parametrize(
        ("tally", "options"),
        [(Tally([1] * 7, Scale.likert(7)), {}), (NEWCOMBE, {"population": 200})],
    )
    def test_whatever_is_wrong_with_a_tally_the_error_names_the_item(self, tally, options):
        with pytest.raises(CustfocusError, match="q3"):
            scorecard(FOCUS, {"q3": tally}, **options)


class TestToDicts:
    def test_every_row_has_the_columns_the_groups_after_the_measure(self):
        answers = {"q1": [5, 1], "q2": [5, 1]}
        card = scorecard(FOCUS, answers, by={"wave": ["x", "y"], "district": [1, 2]})
        expected = [*COLUMNS[:4], "wave", "district", *COLUMNS[4:]]
        assert [list(row) for row in card.to_dicts()] == [expected] * (3 + 2 * 3)
        plain = scorecard(FOCUS, {"q1": NEWCOMBE})
        assert [tuple(row) for row in plain.to_dicts()] == [COLUMNS] * 6

    def test_a_scored_row_has_every_number(self):
        row = scorecard(FOCUS, {"q1": NEWCOMBE}).to_dicts()[0]
        numbers = {key: row.pop(key) for key in ("value", "low", "high")}
        assert row == {
            "customer": "Residents",
            "need": "help",
            "requirement": "easy to reach",
            "measure": "Phone",
            "index": "top 2 boxes",
            "unit": "percent",
            "n": 263,
            "missing": 9,
            "target": "at least 25",
            "verdict": "met",
            "point_met": True,
            "more_answers": 0.0,
        }
        assert numbers == pytest.approx({"value": 30.80, "low": 25.53, "high": 36.62}, abs=5e-3)

    def test_an_open_row_has_the_answers_it_needs_beside_its_standing(self):
        row = scorecard(focus_on(WEB), {"q3": [5] * 3}).to_dicts()[0]
        assert (row["verdict"], row["point_met"], row["more_answers"]) == ("inconclusive", True, 1)
        edge = scorecard(focus_on(WEB), {"q3": [5, 1]}).to_dicts()[0]
        assert (edge["verdict"], edge["more_answers"]) == ("inconclusive", math.inf)

    def test_a_row_without_answers_has_nan_for_numbers_and_says_why(self):
        _, web, wait, *_ = scorecard(FOCUS, {"q1": NEWCOMBE}).to_dicts()
        for row in (web, wait):
            assert all(math.isnan(row[key]) for key in ("value", "low", "high"))
            assert (row["n"], row["missing"]) == (0, 0)
            assert (row["point_met"], row["more_answers"]) == (None, None)
        assert web["verdict"] == "no answers came for 'q3'"
        assert (wait["index"], wait["unit"]) == (None, "minutes")
        assert wait["target"] == "at most 5 by 2027-12-31"
        assert wait["verdict"] == "not a survey question"

    def test_a_row_without_a_target_has_none(self):
        row = scorecard(FOCUS, {"q2": AGRESTI}).to_dicts()[4]
        assert (row["target"], row["verdict"], row["point_met"]) == (None, "no target", None)

    def test_a_groups_key_stands_under_the_group_names_or_none(self):
        by = {"wave": ["x", None], "district": [1, 2]}
        rows = scorecard(focus_on(WEB, RESULT), {"q2": [5, 1]}, by=by).to_dicts()
        keys = [(row["wave"], row["district"]) for row in rows]
        assert keys == [(None, None), ("x", 1), (None, 2)]

    def test_its_values_are_plain(self):
        by = {"wave": np.array([1, 2])}
        rows = scorecard(FOCUS, {"q1": [5, 1], "q2": [9, 1]}, by=by).to_dicts()
        assert json.loads(json.dumps(rows))[1]["low"] == rows[1]["low"]

    def test_a_dataframe_takes_them(self):
        frame = pd.DataFrame(scorecard(FOCUS, {"q1": [5, 1]}, by=["x", "y"]).to_dicts())
        assert frame.loc[frame["measure"] == "Phone", "group"].tolist() == ["x", "y"]
        assert frame["value"].notna().sum() == 2


class TestText:
    def test_a_card_without_groups_is_an_outline_with_numbers(self):
        card = scorecard(focus_on(PHONE, WEB, RESULT, WAIT), {"q1": NEWCOMBE, "q2": AGRESTI})
        left, right = zip(
            ("", "  n  missing  value   low  high  target                   verdict"),
            ("Residents", ""),
            ("  needs help", ""),
            ("    expectation: easy to reach", ""),
            (
                "      Phone (top 2 boxes, percent)",
                "263        9   30.8  25.5  36.6  at least 25              met",
            ),
            (
                "      Web (top 2 boxes, percent)",
                "  0        0      -     -     -  at least 50              no answers came for 'q3'",
            ),
            (
                "      Wait (minutes)",
                "  0        0      -     -     -  at most 5 by 2027-12-31  not a survey question",
            ),
            ("    key driver: resolved", ""),
            (
                "      Result (net score, percentage points)",
                " 86        0    9.3  -2.0  20.7  at least 40              not met",
            ),
            strict=True,
        )
        table = [f"{text:45}{cells}".rstrip() for text, cells in zip(left, right, strict=True)]
        assert str(card) == repr(card) == "\n".join(["City", *table, NOTE])

    def test_a_card_with_groups_has_a_line_for_each_under_its_measure(self):
        answers = {"q1": [5] * 20 + [1] * 3 + [9], "q3": [5] * 24}
        by = {"wave": ["x"] * 20 + ["y"] * 3 + [None], "district": [1] * 24}
        card = scorecard(focus_on(PHONE, WEB), answers, by=by)
        outline = [re.split(r"(?<=\S)  ", line)[0] for line in str(card).splitlines()[2:-1]]
        assert outline == [
            "Residents",
            "  needs help",
            "    expectation: easy to reach",
            "      Phone (top 2 boxes, percent)",
            "        wave x, district 1",
            "        wave y, district 1",
            "        wave (none), district 1",
            "      Web (top 2 boxes, percent)",
            "        wave x, district 1",
            "        wave y, district 1",
            "        wave (none), district 1",
        ]
        numbers = [line.split()[4:] for line in str(card).splitlines()[6:9]]
        assert numbers[0] == ["20", "0", "100.0", "83.9", "100.0", "at", "least", "25", "met"]
        assert numbers[1][-3:] == ["inconclusive", "(9", "more)"]
        assert numbers[2] == ["0", "1", "-", "-", "-", "at", "least", "25", "no", "answers"]

    def test_every_heading_stands_once_where_it_changes(self):
        heads = [line for line in str(scorecard(FOCUS, {})).splitlines() if not line[:6].isspace()]
        assert [head.strip() for head in heads[1:-1]] == [
            "Residents",
            "needs help",
            "expectation: easy to reach",
            "key driver: resolved",
            "Staff",
            "needs tools",
            "expectation: fast tools",
        ]

    def test_headings_that_read_alike_but_are_not_the_same_all_stand(self):
        focus = CustomerFocus(
            "City",
            customers=[Customer("a", "Residents"), Customer("b", "Residents")],
            needs=[Need("na", "a", "help"), Need("nb", "b", "help")],
            requirements=[Requirement("ra", "na", "fast"), Requirement("rb", "nb", "fast")],
            measures=[
                attrs.evolve(PHONE, id="ma", requirement="ra"),
                attrs.evolve(PHONE, id="mb", requirement="rb"),
            ],
        )
        lines = [line.strip() for line in str(scorecard(focus, {})).splitlines()]
        assert lines.count("Residents") == lines.count("needs help") == 2
        assert lines.count("expectation: fast") == 2

    def test_a_measure_without_answers_keeps_its_place_among_those_with_groups(self):
        card = scorecard(focus_on(WEB, PHONE), {"q1": [5, 1]}, by=["x", "y"])
        lines = str(card).splitlines()[5:-1]
        assert [re.split(r"  ", line.strip())[0] for line in lines] == [
            "Web (top 2 boxes, percent)", "Phone (top 2 boxes, percent)", "group x", "group y",
        ]  # fmt: skip
        assert lines[0].endswith("no answers came for 'q3'")

    def test_the_note_tells_the_confidence(self):
        card = scorecard(focus_on(), {}, confidence_level=0.9)
        assert "90 % intervals;" in str(card)
        assert "at nominal 95 % one-sided confidence" in str(card)

    def test_a_card_without_measures_is_a_heading_and_its_note(self):
        assert str(scorecard(focus_on(), {})).splitlines() == [
            "City",
            "  n  missing  value  low  high  target  verdict",
            NOTE,
        ]

    def test_large_numbers_of_answers_are_rounded_and_split_in_thousands(self):
        card = scorecard(focus_on(WEB), {"q3": Tally([499, 0, 0, 0, 501], FIVE)})
        assert card.rows[0].verdict.more_answers == 959_365
        assert card.rows[0].verdict_text == "inconclusive (about 960,000 more)"
        assert card.to_dicts()[0]["more_answers"] == 959_365

    @pytest.mark.parametrize(
        ("labels", "texts"),
        [
            ([1.0, 2.0], ["1", "2"]),
            (np.array([1, 2], dtype=np.float32), ["1", "2"]),
            (pd.Series([3, None]), ["3", "(none)"]),
            ([0.5, 2021.0], ["0.5", "2021"]),
            ([0.1, 1234567.25], ["0.1", "1234567.25"]),
            ([1, 2], ["1", "2"]),
            (["1.0", "b"], ["1.0", "b"]),
            ([True, False], ["False", "True"]),
        ],
    )
    def test_numbers_that_are_whole_are_labels_without_a_point(self, labels, texts):
        card = scorecard(focus_on(WEB), {"q3": [5, 1]}, by={"wave": labels})
        lines = str(card).splitlines()[-3:-1]
        assert [line.split("  ")[4] for line in lines] == [f"wave {text}" for text in texts]
        shown = [row[0].findtext("span") for row in parsed(card).iter("tr")][-2:]
        assert shown == [f"wave {text}" for text in texts]

    def test_a_net_score_next_to_nought_has_no_sign(self):
        card = scorecard(focus_on(RESULT), {"q2": Tally([10_001, 0, 0, 0, 10_000], FIVE)})
        assert str(card).splitlines()[-2].split()[-8:-5] == ["0.0", "-1.4", "1.4"]


class TestHtml:
    def test_it_is_well_formed_with_a_row_for_each_line(self):
        card = scorecard(FOCUS, {"q1": NEWCOMBE, "q2": AGRESTI, "z": [1]})
        root = parsed(card)
        assert root.findtext("h4") == "City"
        lines = str(card).splitlines()
        assert len(list(root.iter("tr"))) == len(lines) - 3
        assert [note.text for note in root.findall("p/small")] == lines[-2:]

    def test_it_shows_what_the_text_shows(self):
        card = scorecard(FOCUS, {"q1": [5] * 9 + [1], "q2": [5] * 10}, by=[1] * 5 + [2] * 5)
        shown = [
            [text for cell in row if (text := "".join(cell.itertext()).strip("✓✗? "))]
            for row in parsed(card).iter("tr")
        ]
        text = [" ".join(line.split()) for line in str(card).splitlines()[1:-1]]
        assert [" ".join(cells) for cells in shown] == text

    def test_the_depth_of_a_line_is_its_indent(self):
        card = scorecard(focus_on(PHONE), {"q1": [5, 1]}, by=["x", "y"])
        spans = [row.find("td/span") for row in parsed(card).iter("tr")]
        indents = [float(span.get("style").split(": ")[1][:-2]) for span in spans[1:]]
        assert indents == sorted(indents)
        assert len(set(indents)) == 5
        assert indents[-1] == indents[-2]

    def test_every_row_with_an_estimate_has_its_interval_drawn_the_target_shaded(self):
        answers = {"q1": NEWCOMBE, "q2": AGRESTI, "q3": Tally([0] * 5, FIVE)}
        card = scorecard(FOCUS, answers)
        drawn = {
            row[0].findtext("span"): [len(svg) for svg in row.iter("svg")]
            for row in parsed(card).iter("tr")
            if row[0].find("span") is not None
        }
        assert drawn["Phone (top 2 boxes, percent)"] == [4]
        assert drawn["Unhappy (bottom 2 boxes, percent)"] == [3]
        assert drawn["Web (top 2 boxes, percent)"] == []
        assert drawn["Wait (minutes)"] == drawn["Residents"] == []

    def test_the_verdict_has_its_mark(self):
        answers = [5] * 20 + [1] * 20 + [5, 1, 1, 9]
        labels = ["a"] * 20 + ["b"] * 20 + ["c"] * 3 + ["d"]
        card = scorecard(focus_on(WEB, UNHAPPY), {"q3": answers}, by=labels)
        verdicts = ["".join(row[-1].itertext()) for row in parsed(card).iter("tr")]
        assert [text for text in verdicts[1:] if text] == [
            "✓ met",
            "✗ not met",
            "? inconclusive (32 more)",
            "no answers",
            "no answers came for 'q2'",
        ]

    def test_names_are_escaped(self):
        odd = '<b>"R&D"</b>'
        focus = CustomerFocus(
            odd,
            customers=[Customer("c", odd)],
            needs=[Need("n", "c", odd)],
            requirements=[Requirement("r", "n", odd)],
            measures=[
                PerformanceMeasure("m", "r", odd, item=odd, scoring=attrs.evolve(TOP, name=odd)),
                PerformanceMeasure("o", "r", odd, item="<i>", scoring=TOP),
                PerformanceMeasure("p", "r", odd, unit=odd),
            ],
        )
        card = scorecard(focus, {odd: [5], "<u>": [1]}, by={odd: [odd]})
        assert not any(tag in card._repr_html_() for tag in ("<b>", "<i>", "<u>"))
        text = "".join(parsed(card).itertext())
        assert text.count(odd) == str(card).count(odd)
        assert "no answers came for '<i>'" in text

    def test_a_card_without_measures_is_a_heading_and_its_note(self):
        root = parsed(scorecard(focus_on(), {}))
        assert len(list(root.iter("tr"))) == 1
        assert root.findtext("p/small") == NOTE


@pytest.mark.parametrize("answers", [[1, 2, 3], None, 5])
def test_answers_that_are_no_mapping_are_an_error_that_says_what_came(answers):
    with pytest.raises(VocabularyError, match="mapping of item to answers, got CustomerFocus and"):
        scorecard(CustomerFocus("City"), answers)


def test_the_arguments_the_wrong_way_round_are_an_error():
    with pytest.raises(VocabularyError, match="got dict and CustomerFocus"):
        scorecard({}, CustomerFocus("City"))


RNG = np.random.default_rng(2)
DRAWN = {item: RNG.integers(1, 6, 120).tolist() for item in ("q1", "q2")}
DISTRICTS = np.array(["a", "b", "c"])[np.arange(120) % 3].tolist()
HOUSES = np.arange(120) // 4
WEIGHTS = RNG.lognormal(size=120)
DESIGN = SurveyDesign(WEIGHTS, clusters=HOUSES)
REPLICATES = ReplicateWeights(
    WEIGHTS, WEIGHTS[:, None] * (HOUSES[:, None] != np.arange(30)) * 30 / 29, "jk1"
)


class TestDesigns:
    """Scorecards of respondents who were drawn by a design."""

    @pytest.mark.parametrize("by", [None, DISTRICTS])
    @pytest.mark.parametrize("design", [DESIGN, REPLICATES])
    def test_rows_are_the_estimates_of_the_survey(self, by, design):
        card = scorecard(FOCUS, DRAWN, by=by, design=design, confidence_level=0.9)
        phone = [row for row in card.rows if row.measure is PHONE]
        scored = survey_estimate(
            DRAWN["q1"], TOP, design, by=DISTRICTS if by else None, confidence_level=0.9
        )
        expected = [*scored] if by else [scored]
        assert [row.estimate for row in phone] == expected
        assert [row.group for row in phone] == ([("a",), ("b",), ("c",)] if by else [()])
        for row in phone:
            judged = verdict(row.estimate, PHONE.target)
            assert row.verdict.standing == judged.standing
            assert row.verdict.more_answers == judged.more_answers

    def test_methods_of_surveys_can_be_asked_for(self):
        card = scorecard(focus_on(PHONE), DRAWN, design=DESIGN, method="beta")
        assert card.rows[0].estimate.method == "beta"

    def test_the_note_says_that_there_is_a_design(self):
        card = scorecard(FOCUS, DRAWN, design=DESIGN)
        told = "95 % intervals of the survey design; met and not met at"
        assert told in str(card)
        assert told in card._repr_html_()
        assert "survey design" not in str(scorecard(FOCUS, DRAWN))

    def test_measures_without_answers_say_so_as_ever(self):
        card = scorecard(FOCUS, DRAWN, by=DISTRICTS, design=DESIGN)
        assert names(card) == [
            *["Phone"] * 3,
            "Web",
            "Wait",
            *["Result"] * 3,
            *["Unhappy"] * 3,
            "Speed",
        ]
        assert [row.estimate for row in card.rows if row.measure is WEB] == [None]

    def test_rows_are_dictionaries_as_ever(self):
        card = scorecard(FOCUS, DRAWN, design=DESIGN)
        phone = card.to_dicts()[0]
        assert [*phone] == [*COLUMNS]
        assert phone["n"] == 120
        assert json.loads(json.dumps(phone)) == phone

    def test_a_question_that_nobody_answered_says_so(self):
        card = scorecard(focus_on(PHONE), {"q1": [9] * 120}, design=DESIGN)
        assert [row.verdict_text for row in card.rows] == ["no answers"]
        assert (card.to_dicts()[0]["n"], card.to_dicts()[0]["missing"]) == (0, 120)

    @pytest.mark.parametrize("weights", [5, [1, 2]])
    def test_anything_but_a_design_is_an_error(self, weights):
        with pytest.raises(AnswerError, match=r"^expected a SurveyDesign, got (int|list);"):
            scorecard(FOCUS, DRAWN, design=weights)

    def test_a_tally_has_no_respondents_to_weigh(self):
        text = "item 'q1': a tally has no respondents, whom a design is about; give their answers"
        with pytest.raises(TallyError, match=f"^{re.escape(text)}$"):
            scorecard(FOCUS, {"q1": NEWCOMBE}, design=DESIGN)

    def test_a_population_belongs_to_the_design(self):
        text = "population must be part of the design, got 1000; see SurveyDesign(population=...)"
        with pytest.raises(OptionError, match=f"^{re.escape(text)}$"):
            scorecard(FOCUS, DRAWN, design=DESIGN, population=1000)

    def test_answers_of_another_number_than_the_design_are_an_error(self):
        with pytest.raises(AnswerError, match=r"^item 'q1': "):
            scorecard(FOCUS, {"q1": [5, 4]}, design=DESIGN)
