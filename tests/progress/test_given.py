"""Measures that are recorded: their data by id, in their own name and unit, beside answers."""

from functools import partial

import attrs
import numpy as np
import pandas as pd
import pytest

from custfocus import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    Scoring,
    Tally,
    Target,
    frames,
    scorecard,
)
from custfocus.errors import AnswerError, OptionError, TallyError, VocabularyError
from custfocus.indices import median_score
from custfocus.progress import Verdict
from custfocus.quantities import Amounts, Observed, Rate, StandardisedRate, proportion
from custfocus.vocabulary import Improvement

FIVE = Scale.likert(5)
SATISFIED = PerformanceMeasure("sat", "reach", "Satisfied", items="q7", index=Scoring.top_box(FIVE))
WAIT = PerformanceMeasure("wait", "reach", "Wait", unit="seconds", target=Target.at_most(60))
CALLS = PerformanceMeasure("calls", "reach", "Calls taken", unit="calls", target=Target.at_least(9))
TOLD = PerformanceMeasure("told", "reach", "Complaints", unit="per 1,000 calls",
                          target=Target.at_most(60))  # fmt: skip
ANSWERED = PerformanceMeasure("answered", "reach", "Answered", unit="percent",
                              target=Target.at_least(9))  # fmt: skip
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
    rows = card({"told": rates}, TOLD).history().to_dicts()
    assert [(row["period"], row["unit"], row["verdict"]) for row in rows] == [
        ("Q1", "per 1,000 calls", "met"), ("Q2", "per 1,000 calls", "met"),
    ]  # fmt: skip
    assert card({"plain": rates}, PLAIN)["plain"].metric.unit == "per 1000"
    standardised = StandardisedRate([3], [100], [1], per=10)
    assert card({"plain": standardised}, PLAIN)["plain"].metric.unit == "per 10"


def test_a_proportion_is_an_estimate_with_its_records_as_sample():
    found = card({"answered": proportion(8, 10)}, ANSWERED)["answered"]
    assert (found.metric.name, found.metric.unit) == ("Answered", "percent")
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
        ({"wait": pd.Series([1, 2])}, VocabularyError, "got a Series 0 1 1 2 dtype: int64; write Am"),
        ({"wait": "long"}, VocabularyError, "got a str 'long'; write Amounts.of"),
        ({"wait": float("nan")}, VocabularyError, "got a float nan"),
        ({"wait": Amounts.of([1, 3], unit="minutes")}, VocabularyError, "'seconds', got 'minutes'"),
        ({"calls": proportion(8, 10)}, VocabularyError,
         "measure 'calls': data must be in the measure's unit, 'calls', got a share, which is in pe"),
        ({"wait": Rate(8, 10, per=60)}, VocabularyError, "'seconds', got a rate per 60; give the measure a unit that says so"),
        ({"told": Rate(8, 100)}, VocabularyError,
         "data must be in the measure's unit, 'per 1,000 calls', got a rate per 1; write per=1000"),
        ({"answered": Rate(8, 100)}, VocabularyError, "'percent', got a rate per 1; write per=100"),
        ({"q7": Observed(3)}, OptionError, "item 'q7' of measure 'sat' takes answers, got an Obse"),
    ],
)  # fmt: skip
def test_data_of_another_kind_are_an_error_with_the_right_call(data, kind, message):
    with pytest.raises(kind, match=message):
        card(data, SATISFIED, WAIT, CALLS, TOLD, ANSWERED)


@pytest.mark.parametrize(
    ("unit", "per"),
    [
        ("per 1,000 calls", 1000), ("per 1000", 1000), ("per 1 000 residents", 1000),
        ("Complaints per 100.000 trips", 100_000), ("per month", 1), ("per 5 years", 5),
        ("incidents", 1), ("percent", 100), ("permits", 1), ("per 12 000 km", 12_000),
    ],
)  # fmt: skip
def test_a_rate_is_for_as_much_as_the_unit_says(unit, per):
    measure = attrs.evolve(PLAIN, unit=unit)
    assert card({"plain": Rate(3, 7, per=per)}, measure)["plain"].metric.unit == unit
    assert (
        card({"plain": StandardisedRate([3], [100], [1], per=per)}, measure)["plain"].unit == unit
    )
    assert card({"plain": Rate(3, 7, per=9, unit=unit)}, measure)["plain"].metric.unit == unit
    says = "per" in unit.split() or unit == "percent"
    remedy = (
        f"write per={per}" if says else "give the measure a unit that says so, such as 'per 7 c"
    )
    with pytest.raises(VocabularyError, match=rf"got a rate per 7; {remedy}"):
        card({"plain": Rate(3, 7, per=7)}, measure)


def test_percent_that_may_be_shares_or_counts_are_noted():
    def notes(values: list[float], **options: object) -> tuple[str, ...]:
        return Observed(values, unit="percent", standard_error=1, **options).notes

    assert "a share of 0.9 is written as 90" in notes([0.9, 0.84])[0]
    assert "are they counts?" in notes([92, 4835])[0]
    assert notes([0.9, 1.1]) == notes([0, 0]) == notes([np.nan]) == notes([40, 100]) == ()


QUARTERS = ["2025-Q3", "2025-Q4", "2026-Q1"]


def test_periods_are_for_answers_and_of_as_many():
    sample = Tally.of([5, 4, 4], FIVE)
    with pytest.raises(
        AnswerError, match=r"period= is for answers, got it beside a Tally for 'q7'"
    ):
        card({"q7": sample}, SATISFIED, period=QUARTERS)
    with pytest.raises(TallyError, match=r"got 3 for 2; give the records their own by= or period="):
        card({"q7": [5, 4, 4], "wait": [1, 2]}, SATISFIED, WAIT, period=QUARTERS)
    answers, periods = pd.Series([5, 4, 4]), pd.Series(QUARTERS[:2])
    with pytest.raises(AnswerError, match="must be as many, got 3 for 'q7' and 2 for 'period'"):
        card({"q7": answers}, SATISFIED, period=periods)


def test_data_by_the_name_of_a_measure_are_told_its_id():
    assert "Calls taken (its measure is 'calls')" in str(card({"Calls taken": 3}, CALLS))
    assert "sat (its answers go by the question, 'q7')" in str(card({"sat": [5]}, SATISFIED))


def test_data_of_all_periods_beside_series_are_noted():
    data = {"q7": [5, 4, 4], "wait": Observed([1, 2, 3], period=QUARTERS)}
    note = "without periods, beside series: Satisfied; give period= where they have some"
    assert note in str(card(data, SATISFIED, WAIT))
    assert note not in str(card(data, SATISFIED, WAIT, period=QUARTERS))
    assert "without periods" not in str(card({"wait": 3}, SATISFIED, WAIT))


def test_groups_that_are_called_like_periods_are_noted():
    def said(labels: list[object]) -> bool:
        by = {"quarter": labels}
        return "the labels of 'quarter' are periods" in str(
            card({"q7": [5, 4, 4]}, SATISFIED, by=by)
        )

    assert said(QUARTERS)
    assert not said(["north", "south", "west"])
    assert not said(["2026-Q1", "2026-Q2", "2026-Q2"])  # two are compared
    assert not said([2024, 2025, 2026])


def test_the_method_and_finite_populations_are_said():
    target = attrs.evolve(SATISFIED, target=Target.at_least(60))
    answers = {"q7": [5, 4, 4, 1, 5, 3]}
    exact = card(answers, target, method="exact", population=50)
    assert "95 % exact intervals, finite population; met" in str(exact)
    assert "97.5 % one-sided confidence, exact interval, finite population" in str(exact["sat"])
    assert "95 % intervals; met" in str(card(answers, target))
    series = card({"q7": answers["q7"] * 2}, target, method="mid-p", period=QUARTERS * 4)
    assert "a break; changes of answers by score intervals" in str(series)


def test_periods_of_finite_populations_are_not_put_together():
    desk = Improvement("desk", "Desk", serves=["reach"], stage="done", since="2025-10-01")
    whole = attrs.evolve(focus(SATISFIED), improvements=[desk])
    found = scorecard(
        whole, {"q7": [5, 4, 4]}, period=QUARTERS, population=dict.fromkeys(QUARTERS, 9)
    )
    assert found.change_since("desk")["sat"].reason == (
        "its periods have populations, which do not add up"
    )


class TestFunctionsOfAnswers:
    """Indices that are no scoring, such as a median."""

    BY, ANSWERS = {"shop": [*"nnss"]}, [5, 4, 2, 1]

    def median(self, items="q7", index=None):
        made = index or partial(median_score, scale=FIVE)
        return PerformanceMeasure(
            "typical", "reach", "Typical", items=items, index=made, target=Target.at_least(3)
        )

    def test_of_one_item_have_the_rows_of_its_groups(self):
        found = card({"q7": self.ANSWERS}, self.median(), by=self.BY)
        judged = found["typical"]
        assert (judged.keys.names, dict(judged.keys.fixed)) == (("shop",), {"item": "q7"})
        alone = median_score({"q7": self.ANSWERS}, by=self.BY)
        assert judged.estimate == alone.sel(item="q7")
        assert {one["shop"] for one in found.satisfaction().to_dicts()} == {"n", "s"}

    def test_of_several_items_make_one_result(self):
        with pytest.raises(VocabularyError, match="must make one result of its items, got one of"):
            card({"q7": self.ANSWERS, "q8": self.ANSWERS}, self.median(["q7", "q8"]))

    def test_take_what_is_said_of_the_answers(self):
        alone = self.median(index=lambda answers: median_score(answers["q7"], scale=FIVE))
        assert card({"q7": self.ANSWERS}, alone)["typical"].estimate.value == 3
        with pytest.raises(
            VocabularyError, match=r"^measure 'typical': an index must take the ans"
        ):
            card({"q7": self.ANSWERS}, alone, by=self.BY)
        untold = self.median(index=Untold())
        assert card({"q7": self.ANSWERS}, untold)["typical"].estimate.value == 3

    def test_are_not_computed_of_counts_which_the_scorecard_of_a_frame_says(self):
        frame = pd.DataFrame({"q7": self.ANSWERS})
        reason = frames.scorecard(focus(self.median()), frame)["typical"].reason
        assert reason == "its index needs answers, not counts: see custfocus.scorecard"
        assert card(frame, self.median())["typical"].verdict == "inconclusive"
        lacking = frames.scorecard(focus(self.median()), frame[[]])["typical"].reason
        assert lacking == "no answers came for 'q7'"


class Untold:
    """An index that does not tell what it takes."""

    __signature__ = "hidden"

    def __call__(self, answers, /, **options):
        return median_score(answers["q7"], scale=FIVE, **options)
