"""A scorecard: the measures of a customer focus, scored, judged and laid out."""

import copy
import json
import pickle
import re
from xml.etree import ElementTree as ET

import attrs
import numpy as np
import pandas as pd
import polars as pl
import pytest

from custfocus.errors import (
    AnswerError,
    CustfocusError,
    LabelError,
    OptionError,
    ScaleError,
    VocabularyError,
)
from custfocus.indices import Estimate, bottom_box, csat, estimate, net_score
from custfocus.progress import Unmeasured, scorecard, verdict
from custfocus.progress.questions import asked_questions
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import ReplicateWeights, SurveyDesign, SurveyTally
from custfocus.vocabulary import (
    Customer,
    CustomerFocus,
    Need,
    Requirement,
    Target,
)
from custfocus.vocabulary import PerformanceMeasure as Measure

FIVE = Scale.likert(5, labels=["E", "D", "C", "B", "A"], missing=[9, None])
TOP, BOTTOM = Scoring.top_box(FIVE), Scoring.bottom_box(FIVE)
NET = Scoring.net(FIVE, positive=2, negative=2)


PHONE = Measure("phone", "reach", "Phone", items="q1", index=TOP, target=Target.at_least(25))
RESULT = Measure("result", "resolved", "Result", items="q2", index=NET, target=Target.at_least(40))
UNHAPPY = Measure("unhappy", "resolved", "Unhappy", items="q2", index=BOTTOM)
SPEED = Measure("speed", "fast", "Speed", items="q4", index=TOP)
WEB = Measure("web", "reach", "Web", items="q3", index=TOP, target=Target.at_least(50))
WAIT = Measure("wait", "reach", "Wait", unit="minutes", target=Target.at_most(5, due="2027-12-31"))

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
    measures=[RESULT, SPEED, PHONE, UNHAPPY, WEB, WAIT],
)
ORDER = ["phone", "web", "wait", "result", "unhappy", "speed"]

COLUMNS = [
    "customer", "need", "requirement", "measure", "latest", "metric", "unit", "n", "missing",
    "value", "low", "high", "target", "verdict", "status", "more_answers", "since", "change",
    "change_low", "change_high", "variation", "assurance", "sparkline", "remark", "customer_id",
    "need_id", "requirement_id", "measure_id", "about", "kind", "aspect", "owner", "source",
    "services", "target_low", "target_high", "baseline", "due",
]  # fmt: skip
NEWCOMBE = Tally([60, 60, 62, 41, 40], FIVE, 9)  # 81 of 263: 30.8 [25.5, 36.6]
AGRESTI = Tally([8, 0, 62, 0, 16], FIVE)  # 16 against 8 of 86: 9.3 [-2.0, 20.7]
NOTE = (
    "95 % intervals; met and not met at nominal 97.5 % one-sided confidence. "
    '"More": with so many further answers like these, a 50 % chance of a definite verdict.'
)
TWO = SurveyDesign([1, 1])
ALIKE = "all answers count alike: the interval rests on their number alone"


def focus_on(*measures):
    """The focus of these measures and of what they are about alone."""
    about = {measure.about for measure in measures}
    requirements = [one for one in FOCUS.requirements if one.id in about]
    needs = [one for one in FOCUS.needs if one.id in {part.need for part in requirements}]
    customers = [one for one in FOCUS.customers if one.id in {part.customer for part in needs}]
    return attrs.evolve(
        FOCUS, customers=customers, needs=needs, requirements=requirements, measures=measures
    )


def tally(rows, **by):
    return Tally(rows, FIVE, by=by or None)


def parsed(card):
    return ET.fromstring(f"<root>{card._repr_html_()}</root>")  # noqa: S314 - our own HTML


def counts_of(part):
    """The counts behind a verdict or an estimate."""
    return getattr(part, "estimate", part).sample.counts.tolist()


def column(card, *names):
    """The values of a column, or those of several as tuples."""
    rows = [tuple(row[name] for name in names) for row in card.to_dicts()]
    return rows if len(names) > 1 else [one for (one,) in rows]


def printed(card):
    """The lines of the printed table below its titles, and those under the table."""
    lines = str(card).splitlines()
    end = next(place for place, line in enumerate(lines) if " % intervals" in line)
    return lines[2:end], lines[end:]


class TestResults:
    def test_there_is_one_for_each_measure_in_the_order_of_the_focus(self):
        card = scorecard(FOCUS, {"q1": NEWCOMBE, "q2": AGRESTI})
        assert list(card) == ORDER
        assert len(card) == 6
        assert card.focus is FOCUS
        assert card["phone"] == verdict(estimate(NEWCOMBE, TOP), PHONE.target)
        assert card["result"] == verdict(net_score(AGRESTI, positive=2, negative=2), RESULT.target)
        assert card["unhappy"] == bottom_box(AGRESTI)
        assert isinstance(card["unhappy"], Estimate)

    def test_without_answers_it_says_why_there_is_none(self):
        card = scorecard(FOCUS, {"q1": NEWCOMBE})
        assert isinstance(card["web"], Unmeasured)
        assert str(card["web"]) == "top 2 boxes: no answers came for 'q3'"
        assert str(card["wait"]) == "Wait: no data came for 'wait'"
        assert card["wait"].caption() == "Wait"

    def test_two_measures_can_share_an_item_on_scales_of_their_own(self):
        turned = attrs.evolve(UNHAPPY, index=Scoring.top_box(FIVE.reverse_coded()))
        focus = focus_on(RESULT, turned)
        assert asked_questions(focus) == [("q2", FIVE), ("q2", FIVE.reverse_coded())]
        card = scorecard(focus, {"q2": [5, 5, 1, 3]})
        assert [float(part) for part in card.values()] == [25, 25]

    def test_a_focus_without_measures_has_none(self):
        card = scorecard(focus_on(), {"q1": [5]})
        assert (dict(card), card.unused, card.to_dicts()) == ({}, ("q1",), [])
        assert list(card.to_frame("polars").columns) == COLUMNS
        card = scorecard(focus_on(), {})
        assert printed(card) == ([], [NOTE])
        assert len(list(parsed(card).iter("tr"))) == 1
        assert parsed(card).findtext("table/caption") == NOTE

    def test_cards_are_equal_by_what_they_hold_also_copied(self):
        card = scorecard(FOCUS, {"q1": NEWCOMBE})
        for again in (
            scorecard(FOCUS, {"q1": NEWCOMBE}),
            copy.deepcopy(card),
            pickle.loads(pickle.dumps(card)),
        ):
            assert again == card
            assert str(again) == str(card)
        assert scorecard(FOCUS, {"q1": NEWCOMBE, "z": [1]}) != card
        assert scorecard(FOCUS, {"q1": NEWCOMBE}, confidence_level=0.9) != card
        assert card != dict(card)


class TestAnswers:
    @pytest.mark.parametrize(
        "answers",
        [
            ["A", "B", "E", "D", "A", 9, None],
            pd.Series([5, 4, 1, 2, 5, 9, None], name="other"),
            iter([5, 4, 1, 2, 5, 9, None]),
        ],
        ids=["labels", "a Series of another name", "gone after a pass"],
    )
    def test_they_are_counted_once_and_carry_the_name_of_their_item(self, answers):
        card = scorecard(focus_on(WEB, attrs.evolve(WEB, id="again")), {"q3": answers})
        assert counts_of(card["web"]) == [1, 1, 0, 1, 2]
        assert card["web"].estimate.missing == 2
        assert card["web"].keys.fixed == (("item", "q3"),)
        assert card["again"] == card["web"]

    @pytest.mark.parametrize(
        "library", [pd.DataFrame, pl.DataFrame, lambda d: pl.DataFrame(d).to_arrow()]
    )
    def test_a_dataframe_of_any_library_will_do(self, library):
        frame = library({"q1": [5, 4, 1], "q2": [5, 9, 2], "z": [0, 0, 0]})
        card = scorecard(focus_on(PHONE, RESULT), frame, by={"wave": ["x", "y", "x"]})
        assert counts_of(card["phone"]) == [[1, 0, 0, 0, 1], [0, 0, 0, 1, 0]]
        assert card["result"].estimate.missing.tolist() == [0, 1]
        assert card.unused == ("z",)

    def test_columns_that_split_the_answers_are_not_unused(self):
        frame = pd.DataFrame({"q1": [5, 4, 1], "wave": ["x", "y", "x"], "z": [1, 2, 3]})
        for by in (frame["wave"], {"wave": frame["wave"]}, frame[["wave"]]):
            card = scorecard(focus_on(PHONE), frame, by=by)
            assert card.unused == ("z",)
            assert column(card, "wave") == ["x", "y"]

    def test_items_that_no_measure_asks_about_are_named_in_the_order_they_came(self):
        card = scorecard(focus_on(PHONE), {"z": [77], "q1": [5], "a\nb": "anything at all"})
        assert card.unused == ("z", "a\nb")
        assert printed(card)[1][-1] == r"Data that no measure asks for: z, a\nb"
        assert r"Data that no measure asks for: z, a\nb" in card._repr_html_()

    def test_options_are_passed_on(self):
        shops = tally([[1, 0, 0, 0, 4], [1, 0, 0, 0, 4]], shop=["x", "y"])
        for options in ({"population": {"y": 1000, "x": 10}}, {"population": 500}):
            options |= {"method": "t", "confidence_level": 0.9}
            card = scorecard(focus_on(WEB), {"q3": shops}, **options)
            assert card["web"] == verdict(estimate(shops, TOP, **options), WEB.target)
            assert card.confidence_level == 0.9


class TestSamples:
    def test_groups_are_aligned_by_label_and_those_that_one_lacks_are_shown_as_empty(self):
        phone = tally([[1, 0, 0, 0, 1], [0, 0, 0, 0, 3]], wave=["y", "x"])
        web = tally([[0, 4, 0, 0, 0], [2, 0, 0, 0, 0]], wave=["z", "x"])
        card = scorecard(focus_on(PHONE, WEB), {"q1": phone, "q3": web})
        assert column(card, "measure", "wave", "n") == [
            ("Phone", "x", 3), ("Phone", "y", 2), ("Phone", "z", 0),
            ("Web", "x", 2), ("Web", "y", 0), ("Web", "z", 4),
        ]  # fmt: skip

    def test_a_label_that_all_rows_share_outlives_the_alignment(self):
        phone = tally([[0, 0, 0, 0, 3]], wave=["x"])
        web = tally([[0, 4, 0, 0, 0]], wave=["z"], city=["Bonn"]).sel(city="Bonn")
        card = scorecard(focus_on(PHONE, WEB), {"q1": phone, "q3": web})
        assert column(card, "city") == [None, None, "Bonn", "Bonn"]

    def test_a_label_that_all_rows_share_stands_beside_the_measure_and_in_a_column(self):
        waves = tally([[1, 0, 0, 0, 4], [0, 2, 0, 0, 0]], wave=["x", "y"])
        card = scorecard(focus_on(WEB), {"q3": waves.sel(wave="y")})
        assert "Web (top 2 boxes, percent), wave y" in str(card)
        assert column(card, "wave") == ["y"]

    def test_several_items_in_one_tally_are_a_column_each(self):
        frame = pd.DataFrame({"q1": [5, 1, 1], "q3": [5, 5, 9], "z": [1, 1, 1]})
        waves = pd.Series(["x", "y", "x"], name="wave")
        together = scorecard(focus_on(PHONE, WEB), Tally.of(frame, FIVE, by=waves))
        assert together == scorecard(focus_on(PHONE, WEB), frame, by=waves)
        assert together.unused == ("z",)

    def test_rows_without_labels_are_numbered(self):
        card = scorecard(focus_on(WEB), {"q3": Tally([[1, 0, 0, 0, 4]] * 2, FIVE)})
        assert column(card, "group") == [0, 1]


class TestWithoutNumbers:
    def test_with_groups_a_measure_without_answers_keeps_its_place_in_one_row(self):
        card = scorecard(focus_on(WEB, PHONE), {"q1": [1, 5]}, by=["x", "y"])
        assert column(card, "measure", "group") == [("Web", None), ("Phone", "x"), ("Phone", "y")]
        lines = printed(card)[0][3:]
        assert [line.strip().split("  ")[0] for line in lines] == [
            "Web (top 2 boxes, percent)", "Phone (top 2 boxes, percent)", "group x", "group y",
        ]  # fmt: skip
        assert lines[0].endswith("no answers came for 'q3'")

    @pytest.mark.parametrize("by", [[], pd.Series([], dtype=object), {"wave": [], "place": []}])
    def test_without_a_single_label_every_measure_says_that_no_answers_came(self, by):
        card = scorecard(focus_on(WEB, WAIT), {"q3": []}, by=by, population=100)
        assert column(card, "verdict") == ["no answers came for 'q3'", "no data came for 'wait'"]
        assert card.unused == ()
        assert not list(parsed(card).iter("svg"))

    @pytest.mark.parametrize("measure", [RESULT, UNHAPPY])
    def test_a_group_without_answers_says_so_with_a_target_or_without(self, measure):
        card = scorecard(focus_on(measure), {"q2": [5, 9, None, 1]}, by=["x", "y", "y", "x"])
        full, empty = card.to_dicts()
        assert (full["n"], empty["n"], empty["missing"], empty["value"]) == (2, 0, 2, None)
        assert empty["verdict"] == "no answers"
        assert printed(card)[0][-1].endswith("  no answers")

    @pytest.mark.parametrize(
        ("answers", "options"),
        [([], {}), ([9, None], {}), (Tally([0] * 5, FIVE, 2), {}), ([9, None], {"design": TWO})],
    )
    @pytest.mark.parametrize("measure", [WEB, attrs.evolve(WEB, target=None)])
    def test_an_item_without_a_single_answer_is_no_error(self, answers, options, measure):
        card = scorecard(focus_on(measure), {"q3": answers}, **options)
        assert card["web"].shape == ()
        assert column(card, "verdict") == ["no answers"]

    @pytest.mark.parametrize(
        ("answers", "said", "row"),
        [
            # All satisfied: the lower limit n / (n + 1.96²) reaches 50 % at n = 4
            ([5] * 1, "inconclusive (3 more)", ("inconclusive", "met", 3)),
            ([5] * 3, "inconclusive (1 more)", ("inconclusive", "met", 1)),
            ([5] * 4, "met", ("met", "met", 0)),
            ([5, 1], "inconclusive (too close to call)", ("inconclusive", "met", None)),
            ([5] * 501 + [1] * 499, "inconclusive (about 960,000 more)", ("inconclusive", "met", 959_365)),
        ],
    )  # fmt: skip
    def test_an_open_verdict_says_how_many_more_give_a_chance_of_a_definite_one(
        self, answers, said, row
    ):
        card = scorecard(focus_on(WEB), {"q3": answers})
        assert printed(card)[0][-1].endswith(f"at least 50  {said}")
        assert column(card, "verdict", "status", "more_answers") == [row]


class TestErrors:
    @pytest.mark.parametrize(
        ("answers", "options", "error", "said"),
        [
            ([1, 7], {}, AnswerError, r"answers not on the scale: \[7\]"),
            (5, {}, CustfocusError, ""),
            ([5, 1], {"by": ["x"]}, CustfocusError, r"by .* one label for each row, got 1 for 2"),
            (Tally([1] * 7, Scale.likert(7)), {}, ScaleError, ""),
            (NEWCOMBE, {"population": 200}, CustfocusError, ""),
            (NEWCOMBE, {"by": ["x"] * 263}, AnswerError, "by= is for answers"),
            (NEWCOMBE, {"weights": [1] * 263}, AnswerError, "weights= is for answers"),
            (NEWCOMBE, {"design": TWO}, AnswerError, "design= is for answers"),
            (csat([5]), {}, AnswerError, "expected answers or a sample"),
            (Tally.of({"a": [5], "b": [1]}, FIVE), {}, LabelError, ".* a, b; choose one with sel"),
            ([5, 4], {"design": SurveyDesign([1, 1, 1])}, AnswerError, ""),
        ],
    )
    def test_whatever_is_wrong_with_answers_the_error_names_the_item(
        self, answers, options, error, said
    ):
        with pytest.raises(error, match=f"^item 'q3': {said}"):
            scorecard(focus_on(WEB), {"q3": answers}, **options)

    def test_samples_whose_groups_have_other_names_are_an_error_that_names_the_item(self):
        phone, web = (tally([[1, 0, 0, 0, 1]], **{name: ["y"]}) for name in ("wave", "district"))
        said = "^item 'q3': rows meet by the same names, got 'wave' and 'district'"
        with pytest.raises(LabelError, match=said):
            scorecard(focus_on(PHONE, WEB), {"q1": phone, "q3": web})

    @pytest.mark.parametrize("name", [*COLUMNS, "item"])
    def test_a_group_called_like_a_column_is_an_error(self, name):
        with pytest.raises(LabelError, match=r"groups must not be called|names of groups must"):
            scorecard(FOCUS, {"q3": [5]}, by={"wave": ["x"], name: ["y"]})
        shared = tally([[1, 0, 0, 0, 4]], need=["x"]).sel(need="x")
        with pytest.raises(LabelError, match=r"column of a scorecard, got 'need'; rename"):
            scorecard(FOCUS, {"q3": shared})

    @pytest.mark.parametrize(
        ("options", "error", "said"),
        [
            ({"method": "walt"}, OptionError, "unknown method 'walt'"),
            ({"design": 5}, AnswerError, "expected a SurveyDesign"),
            ({"design": TWO, "population": 9}, OptionError, "must be part of the design, got 9"),
        ],
    )
    def test_options_that_are_wrong_are_an_error(self, options, error, said):
        with pytest.raises(error, match=said):
            scorecard(FOCUS, {"q3": [5, 1]}, **options)

    @pytest.mark.parametrize("answers", [[1, 2, 3], None, 5, NEWCOMBE, csat([5])])
    def test_answers_without_items_are_an_error_that_says_what_to_write(self, answers):
        with pytest.raises(
            VocabularyError, match=f"got {type(answers).__name__} as answers; write"
        ):
            scorecard(FOCUS, answers)

        with pytest.raises(VocabularyError, match=f"got dict and {type(answers).__name__}"):
            scorecard({}, answers)


class TestTable:
    def test_every_row_has_the_columns_the_groups_after_the_measure(self):
        answers = {"q1": [5, 1], "q2": [5, 1]}
        card = scorecard(FOCUS, answers, by={"wave": ["x", "y"], "district": [1, 2]})
        expected = [*COLUMNS[:4], "wave", "district", *COLUMNS[4:]]
        assert [list(row) for row in card.to_dicts()] == [expected] * (3 + 2 * 3)

    def test_rows_have_every_number_and_null_where_there_is_none(self):
        phone, web, wait, _, unhappy, _ = scorecard(
            FOCUS, {"q1": NEWCOMBE, "q2": AGRESTI}
        ).to_dicts()
        numbers = [phone.pop(key) for key in ("value", "low", "high")]
        assert numbers == pytest.approx([30.80, 25.53, 36.62], abs=5e-3)
        assert {name: said for name, said in phone.items() if said is not None} == {
            "customer": "Residents", "need": "help", "requirement": "easy to reach",
            "measure": "Phone", "metric": "top 2 boxes", "unit": "percent", "n": 263, "missing": 9,
            "target": "at least 25", "verdict": "met", "status": "met", "more_answers": 0.0,
            "customer_id": "residents", "need_id": "help", "requirement_id": "reach",
            "measure_id": "phone", "about": "reach", "kind": "requirement", "aspect": "how well",
            "target_low": 25.0,
        }  # fmt: skip
        for row in (web, wait):
            empty = [row[key] for key in ("value", "low", "high", "status", "more_answers")]
            assert empty == [None] * 5
            assert (row["n"], row["missing"]) == (0, 0)
        assert web["verdict"] == "no answers came for 'q3'"
        assert (wait["metric"], wait["unit"]) == ("Wait", "minutes")
        assert wait["target"] == "at most 5 by 2027-12-31"
        there = [unhappy[key] for key in ("target", "verdict", "status", "more_answers")]
        assert there == [None, "no target", None, None]

    @pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
    def test_types_in_frames_do_not_depend_on_what_was_measured(self, library):
        by = {"wave": [1, 2]}

        def types(card):
            frame = card.to_frame(library)
            kinds = frame.schema.types if library == "pyarrow" else frame.dtypes
            return [str(one) for one in kinds]

        full = scorecard(FOCUS, {item: [5, 1] for item in ("q1", "q2", "q3", "q4")}, by=by)
        partly = scorecard(FOCUS, {"q1": [5, 1]}, by=by)
        none = scorecard(focus_on(UNHAPPY), {"q2": [9, 9]}, by=by)
        assert types(full) == types(none)
        assert types(partly)[5:] == types(full)[5:]

    def test_frames_and_json_hold_the_rows(self):
        card = scorecard(FOCUS, {"q1": [5, 1], "q2": [9, 1]}, by={"wave": np.array([1, 2])})
        rows = card.to_dicts()
        plain = [{**row, "due": None} for row in rows]  # a date is no JSON
        assert json.loads(json.dumps(plain, allow_nan=False)) == plain
        assert card.to_frame("polars").rows(named=True) == rows
        assert card.to_frame({})["wave"] == column(card, "wave")
        frame = card.to_frame()
        assert frame.loc[frame["measure"] == "Phone", "wave"].tolist() == [1, 2]

    def test_group_columns_take_the_types_of_a_frame(self):
        frame = pl.DataFrame({"q1": [5, 1], "wave": [1, 2]}, schema_overrides={"wave": pl.Int8})
        card = scorecard(focus_on(PHONE), frame, by=frame["wave"])
        assert card.to_frame(frame)["wave"].dtype == pl.Int8


OUTLINE = """\
City
                                               n  missing  value   low  high  target                   verdict
Residents
  needs help
    expectation: easy to reach
      Phone (top 2 boxes, percent)           263        9   30.8  25.5  36.6  at least 25              met
      Web (top 2 boxes, percent)               0        0      -     -     -  at least 50              no answers came for 'q3'
      Wait (minutes)                           0        0      -     -     -  at most 5 by 2027-12-31  no data came for 'wait'
    key driver: resolved
      Result (net score, percentage points)   86        0    9.3  -2.0  20.7  at least 40              not met
      Unhappy (bottom 2 boxes, percent)       86        0    9.3   4.8  17.3                           no target
Staff
  needs tools
    expectation: fast tools
      Speed (top 2 boxes, percent)             0        0      -     -     -                           no answers came for 'q4'"""


class TestText:
    def test_a_card_without_groups_is_an_outline_with_every_heading_where_it_changes(self):
        card = scorecard(FOCUS, {"q1": NEWCOMBE, "q2": AGRESTI})
        assert str(card) == repr(card) == f"{OUTLINE}\n{NOTE}"

    def test_a_card_with_groups_has_a_line_for_each_under_its_measure(self):
        answers = {"q1": [5] * 20 + [1] * 3 + [9], "q3": [5] * 24}
        by = {"wave": ["x"] * 20 + ["y"] * 3 + [None], "district": [1] * 24}
        lines, _ = printed(scorecard(focus_on(PHONE, WEB), answers, by=by))
        groups = [f"        wave {label}, district 1" for label in ("x", "y", "(none)")]
        assert [re.split(r"(?<=\S)  ", line)[0] for line in lines[3:]] == [
            "      Phone (top 2 boxes, percent)", *groups,
            "      Web (top 2 boxes, percent)", *groups,
        ]  # fmt: skip
        assert [line.split()[4:] for line in lines[4:7]] == [
            ["20", "0", "100.0", "83.9", "100.0", "at", "least", "25", "met"],
            ["3", "0", "0.0", "0.0", "56.1", "at", "least", "25", "inconclusive", "(9", "more)"],
            ["0", "1", "-", "-", "-", "at", "least", "25", "no", "answers"],
        ]

    def test_a_measure_names_its_index_and_its_unit_once(self):
        measures = (attrs.evolve(WEB, index=Scoring.mean(FIVE), unit="0 to 100"), PHONE, WAIT)
        lines, _ = printed(scorecard(focus_on(*measures), {"q3": [5, 1]}))
        assert [re.split(r"\s{2,}", line)[1] for line in lines[3:]] == [
            "Web (mean score (0 to 100))", "Phone (top 2 boxes, percent)", "Wait (minutes)",
        ]  # fmt: skip

    def test_headings_that_read_alike_but_are_not_the_same_all_stand(self):
        focus = CustomerFocus(
            "City",
            customers=[Customer(key, "Residents") for key in "ab"],
            needs=[Need(f"n{key}", key, "help") for key in "ab"],
            requirements=[Requirement(f"r{key}", f"n{key}", "fast") for key in "ab"],
            measures=[attrs.evolve(PHONE, id=f"m{key}", about=f"r{key}") for key in "ab"],
        )
        lines = [line.strip() for line in str(scorecard(focus, {})).splitlines()]
        for heading in ("Residents", "needs help", "expectation: fast"):
            assert lines.count(heading) == 2

    def test_the_note_gives_the_confidence(self):
        card = scorecard(focus_on(), {}, confidence_level=0.9)
        assert "90 % intervals;" in str(card)
        assert "at nominal 95 % one-sided confidence" in str(card)

    def test_notes_on_estimates_stand_once_each_with_their_measures(self):
        odd = attrs.evolve(WEB, name="W\x1b")
        answers = {"q1": [5] * 4, "q2": [5, 9, None], "q3": [1] * 3, "z": [1]}
        card = scorecard(focus_on(PHONE, odd, RESULT, UNHAPPY, WAIT), answers)
        notes = [
            rf"note on Phone, W\x1b: {ALIKE}",
            "note on Result, Unhappy: missing by code: 9: 1, blank: 1",
        ]
        assert printed(card)[1] == [NOTE, *notes, "Data that no measure asks for: z"]
        assert list(parsed(card).find("table/caption").itertext()) == printed(card)[1]
        grouped = scorecard(focus_on(PHONE), {"q1": [5, 5, 1, 5]}, by=[*"xxyy"])
        assert printed(grouped)[1] == [NOTE, f"note on Phone: {ALIKE} (1 of 2 rows)"]

    @pytest.mark.parametrize(
        ("labels", "texts"),
        [([1.0, 2.0], ["1", "2"]), (pd.Series([0.5, None]), ["0.5", "(none)"])],
    )
    def test_numbers_that_are_whole_are_labels_without_a_point(self, labels, texts):
        card = scorecard(focus_on(WEB), {"q3": [5, 1]}, by={"wave": labels})
        named = [f"wave {text}" for text in texts]
        assert [line.split("  ")[4] for line in printed(card)[0][-2:]] == named
        assert [row[0].findtext("span") for row in parsed(card).iter("tr")][-2:] == named

    @pytest.mark.parametrize(("size", "more"), [(20, ""), (1050, "1,030")])
    def test_of_many_groups_twenty_are_printed(self, size, more):
        by = [f"{number:03}" for number in range(size)]
        card = scorecard(focus_on(PHONE), {"q1": [5] * size}, by=by)
        lines, _ = printed(card)
        assert lines[23].startswith("        group 019  ")
        assert lines[24:] == ([f"        ... and {more} more groups"] if more else [])
        assert len(card.to_dicts()) == size

    def test_no_name_can_forge_a_line(self):
        odd = "Phone\n  \x1b[2JWeb  9  9"
        focus = attrs.evolve(focus_on(attrs.evolve(PHONE, name=odd)), name=odd)
        card = scorecard(focus, {"q1": [5, 1], odd: [1]}, by={"wave": [odd, "y"]})
        assert len(str(card).splitlines()) == 10
        assert "\x1b" not in str(card) + card._repr_html_()


def shown(row):
    """The texts of a row's cells, pictures left out."""
    for cell in row:
        for picture in cell.findall("svg"):
            cell.remove(picture)
    return ["".join(cell.itertext()).strip("✓✗? ") for cell in row]


def pictures(card):
    """The words of the pictures in each row, by the row's text."""
    return {
        row.findtext("th/span"): [svg.get("aria-label") for svg in row.iter("svg")]
        for row in parsed(card).find("table/tbody")
    }


class TestHtml:
    def test_it_shows_what_the_text_shows(self):
        card = scorecard(FOCUS, {"q1": [5] * 9 + [1], "q2": [5] * 10}, by=[1] * 5 + [2] * 5)
        assert parsed(card).findtext("h4") == "City"
        rows = [" ".join(filter(None, shown(row))) for row in parsed(card).iter("tr")]
        assert rows[1:] == [" ".join(line.split()) for line in printed(card)[0]]

    def test_the_first_cell_names_the_row_and_its_depth_is_its_indent(self):
        card = scorecard(focus_on(PHONE), {"q1": [5, 1]}, by=["x", "y"])
        heads = parsed(card).findall("table/tbody/tr/th[@scope='row']/span")
        indents = [float(span.get("style").split(": ")[1][:-2]) for span in heads]
        assert indents == sorted(indents)
        assert (len(indents), len(set(indents))) == (6, 5)
        assert indents[-1] == indents[-2]

    def test_a_row_with_an_estimate_has_its_interval_drawn_with_the_target_under_its_scale(self):
        answers = {"q1": NEWCOMBE, "q2": AGRESTI, "q3": Tally([0] * 5, FIVE)}
        drawn = pictures(scorecard(FOCUS, answers))
        scale, interval = drawn["Phone (top 2 boxes, percent)"]
        assert scale == "scale 0.0 to 100.0"
        assert "target at least 25.0" in interval
        assert "target" not in drawn["Unhappy (bottom 2 boxes, percent)"][1]
        assert drawn["Web (top 2 boxes, percent)"] == []
        assert drawn["Wait (minutes)"] == drawn["Residents"] == []
        drawn = pictures(scorecard(focus_on(PHONE), {"q1": [5, 1, 9]}, by=["x", "y", "z"]))
        assert drawn["Phone (top 2 boxes, percent)"] == ["scale 0.0 to 100.0"]
        assert [len(drawn[f"group {label}"]) for label in "xyz"] == [1, 1, 0]

    def test_the_verdict_has_its_mark_which_is_not_read_out(self):
        answers = [5] * 20 + [1] * 20 + [5, 1, 1, 9]
        labels = ["a"] * 20 + ["b"] * 20 + ["c"] * 3 + ["d"]
        card = scorecard(focus_on(WEB, UNHAPPY), {"q3": answers}, by=labels)
        cells = [row[-1] for row in parsed(card).find("table/tbody")]
        assert [text for cell in cells if (text := "".join(cell.itertext()))] == [
            "✓ met", "✗ not met", "? inconclusive (32 more)", "no answers",
            "no answers came for 'q2'",
        ]  # fmt: skip
        marks = [cell.find("span") for cell in cells if cell.find("span") is not None]
        assert [mark.get("aria-hidden") for mark in marks] == ["true"] * 3

    def test_names_are_escaped(self):
        odd = '<b>"R&D"</b>'
        focus = CustomerFocus(
            odd,
            customers=[Customer("c", odd)],
            needs=[Need("n", "c", odd)],
            requirements=[Requirement("r", "n", odd)],
            measures=[
                Measure("m", "r", odd, items=odd, index=attrs.evolve(TOP, name=odd)),
                Measure("o", "r", odd, items="<i>", index=TOP),
                Measure("p", "r", odd, unit=odd),
            ],
        )
        card = scorecard(focus, {odd: [5], "<u>": [1]}, by={odd: [odd]})
        assert not any(tag in card._repr_html_() for tag in ("<b>", "<i>", "<u>"))
        root = parsed(card)
        rows = [cell for row in root.iter("tr") for cell in shown(row)]
        assert "".join(rows).count(odd) + 1 == str(card).count(odd)
        assert root.findtext("h4") == odd
        assert "no answers came for '<i>'" in rows


RNG = np.random.default_rng(2)
SURVEY = {item: RNG.integers(1, 6, 120).tolist() for item in ("q1", "q2")}
DISTRICTS = np.array(["a", "b", "c"])[np.arange(120) % 3].tolist()
HOUSES = np.arange(120) // 4
WEIGHTS = RNG.lognormal(size=120)
DESIGN = SurveyDesign(WEIGHTS, clusters=HOUSES)
REPLICATES = ReplicateWeights(
    WEIGHTS, WEIGHTS[:, None] * (HOUSES[:, None] != np.arange(30)) * 30 / 29, "jk1"
)


class TestDesigns:
    """Scorecards of surveys with a design."""

    @pytest.mark.parametrize("by", [None, DISTRICTS])
    @pytest.mark.parametrize(
        "options", [{"design": DESIGN}, {"design": REPLICATES}, {"weights": WEIGHTS}]
    )
    def test_results_are_the_verdicts_on_the_estimates_of_the_survey(self, by, options):
        options = {"by": by, "confidence_level": 0.9, "method": "beta", **options}
        card = scorecard(focus_on(PHONE, WEB), SURVEY, **options)
        judged = verdict(estimate(SURVEY["q1"], TOP, **options), PHONE.target)
        assert card["phone"].to_dicts() == [{**row, "item": "q1"} for row in judged.to_dicts()]
        assert isinstance(card["web"], Unmeasured)

    def test_survey_tallies_bring_their_design_and_their_groups_aligned_by_label(self):
        by = {"district": DISTRICTS}
        surveys = {
            item: SurveyTally.of(answers, DESIGN, FIVE, by=by) for item, answers in SURVEY.items()
        }
        whole = scorecard(FOCUS, surveys)
        assert whole.to_dicts() == scorecard(FOCUS, SURVEY, by=by, design=DESIGN).to_dicts()
        surveys["q1"] = surveys["q1"].sel(district=["c", "a"])
        rows = scorecard(FOCUS, surveys)["phone"].to_dicts()
        assert [(row["district"], row["n"]) for row in rows] == [("a", 40), ("b", 0), ("c", 40)]
        assert rows[0]["low"] == whole["phone"].to_dicts()[0]["low"]

    def test_the_note_says_that_there_is_a_design(self):
        card = scorecard(FOCUS, SURVEY, design=DESIGN)
        said = "95 % intervals of the survey design; met and not met at"
        assert said in str(card)
        assert said in card._repr_html_()
        assert "survey design" not in str(scorecard(FOCUS, SURVEY))
