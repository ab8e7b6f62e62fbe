"""Measures that are recorded: their data by id, in their own name and unit, beside answers."""

import numpy as np
import pytest

from custfocus import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    Scoring,
    Target,
    scorecard,
)
from custfocus.errors import OptionError, TallyError, VocabularyError
from custfocus.progress import Verdict
from custfocus.quantities import Amounts, Observed, Rate, StandardisedRate, proportion

FIVE = Scale.likert(5)
SATISFIED = PerformanceMeasure("sat", "reach", "Satisfied", items="q7", index=Scoring.top_box(FIVE))
WAIT = PerformanceMeasure("wait", "reach", "Wait", unit="seconds", target=Target.at_most(60))
CALLS = PerformanceMeasure("calls", "reach", "Calls taken", unit="calls", target=Target.at_least(9))
PLAIN = PerformanceMeasure("plain", "reach", "Plain")


def focus(*measures: PerformanceMeasure) -> CustomerFocus:
    return CustomerFocus(
        "Library",
        customers=[Customer("readers", "Readers")],
        needs=[Need("help", "readers", "help")],
        requirements=[Requirement("reach", "help", "easy to reach")],
        measures=measures,
    )


def card(data: object, *measures: PerformanceMeasure, **options: object):
    return scorecard(focus(*measures), data, **options)


def test_data_of_every_kind_are_held_against_the_target_in_the_measure_s_name_and_unit():
    for data in (74, 74.0, np.float64(74), Observed(74), Observed(74, unit="seconds")):
        found = card({"wait": data}, WAIT)["wait"]
        assert isinstance(found, Verdict)
        assert (found.metric.name, found.metric.unit) == ("Wait", "seconds")
        assert (found.verdict, float(found.estimate.value)) == ("not met", 74)
    rates = Rate([12, 30], 4000, per=1000, period=["Q1", "Q2"])
    rows = card({"wait": rates}, WAIT).history().to_dicts()
    assert [(row["period"], row["unit"], row["verdict"]) for row in rows] == [
        ("Q1", "seconds", "met"), ("Q2", "seconds", "met"),
    ]  # fmt: skip
    assert card({"plain": rates}, PLAIN)["plain"].metric.unit == "per 1000"
    standardised = StandardisedRate([3], [100], [1], per=10)
    assert card({"plain": standardised}, PLAIN)["plain"].metric.unit == "per 10"


def test_a_proportion_is_an_estimate_with_its_records_as_sample():
    found = card({"calls": proportion(8, 10)}, CALLS)["calls"]
    assert (found.metric.name, found.metric.unit) == ("Calls taken", "percent")
    assert found.verdict == "met"


def test_recorded_measures_stand_beside_answers_and_a_near_miss_is_named():
    found = card({"q7": [5, 4, 1], "calls": 36_000, "wiat": 3}, SATISFIED, CALLS, WAIT)
    assert [row["verdict"] for row in found.to_dicts()] == [
        "no target", "met", "no data came for 'wait'",
    ]  # fmt: skip
    text = str(found)
    assert "met (value alone)" in text
    assert "wiat (did you mean 'wait'?)" in text
    assert "<svg" in found._repr_html_()


def test_an_open_verdict_on_records_asks_for_no_answers():
    text = str(card({"wait": Observed(59, low=50, high=70)}, WAIT))
    assert "at most 60  inconclusive\n" in text
    assert "no target" in str(card({"plain": 5}, PLAIN))


def test_limits_are_those_of_the_card_s_level():
    found = card({"wait": Rate(12, 1)}, WAIT, confidence_level=0.9)["wait"]
    assert found.estimate == Rate(12, 1, confidence_level=0.9, name="Wait", unit="seconds")
    published = Observed(74, low=71, high=77)
    with pytest.raises(TallyError, match="limits published at 95 % can't be turned into those at"):
        card({"wait": published}, WAIT, confidence_level=0.9)
    normal = card({"wait": Observed(74, standard_error=1)}, WAIT, confidence_level=0.9)["wait"]
    assert normal.estimate.high == pytest.approx(74 + 1.644854)


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        ({"wait": [1, 2]}, VocabularyError, "takes a number or data of custfocus.quantities, got a"),
        ({"wait": "long"}, VocabularyError, "got a str 'long'; write Amounts.of"),
        ({"wait": float("nan")}, VocabularyError, "got a float nan"),
        ({"wait": Amounts.of([1, 3], unit="minutes")}, VocabularyError, "'seconds', got 'minutes'"),
        ({"q7": Observed(3)}, OptionError, "item 'q7' of measure 'sat' takes answers, got an Obse"),
    ],
)  # fmt: skip
def test_data_of_another_kind_are_an_error_with_the_right_call(data, kind, message):
    with pytest.raises(kind, match=message):
        card(data, SATISFIED, WAIT)
