"""Labels that read the same and differ in type, as 2027 and "2027": quoted in print, never merged."""

import matplotlib.pyplot as plt
import pytest

from custfocus import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    Scoring,
    SurveyDesign,
    Tally,
    Target,
    compare,
    csat,
    plots,
    scorecard,
)
from custfocus.comparisons import compare_order, pairwise, rank, with_reference
from custfocus.disclosure import suppress
from custfocus.errors import LabelError
from custfocus.frames import load, save
from custfocus.progress import chart, rolling, toward_target
from custfocus.quantities import Rate
from custfocus.results.text import label_texts
from custfocus.surveys import SurveyTally, stack
from custfocus.vocabulary import focus_of_sheets
from reading_axes import row_labels

FIVE = Scale.likert(5)
TYPES = r"labels of 'year' must be of one type, got 2027 \(int\) and '2027' \(str\); convert one"
YEARS = [2025, 2026, 2027, 2028]
RATES = Rate([1, 2, 3, 4], 100, period=YEARS)


def tally(*labels: object) -> Tally:
    """Answers of some years."""
    return Tally([[3, 4, 5, 6, 20 + row] for row in range(len(labels))], FIVE, by={"year": labels})


WHOLE, TEXT, BOTH = tally(2026, 2027), tally("2026x", "2027"), tally(2027, "2027")


class TestOneKey:
    """One column may have both: they are two groups, and the text stands in quotes."""

    @pytest.mark.parametrize(
        ("labels", "printed"),
        [
            ([2027, "2027", "North"], ["2027", "'2027'", "North"]),
            ([True, "True", 1, "1"], ["True", "'True'", "1", "'1'"]),
            ([None, "(none)"], ["(none)", "'(none)'"]),
            ([2027.0, "2027", "2028"], ["2027", "'2027'", "2028"]),
            (["2027", "2028"], ["2027", "2028"]),
            ([2027, "2028"], ["2027", "2028"]),
            ([], []),
        ],
    )
    def test_texts_that_another_label_reads_like_stand_in_quotes(self, labels, printed):
        assert label_texts(labels) == printed

    def test_rows_of_each_can_be_told_apart_wherever_they_are_printed(self):
        e = csat(BOTH)
        for result in (BOTH, e, rank(e), pairwise(e), suppress(csat(BOTH + BOTH), minimum=2)):
            assert "'2027'" in str(result)
            assert "&#x27;2027&#x27;" in result._repr_html_()
        assert "2027 68.4 minus '2027' 69.2" in str(compare(e, year=(2027, "2027")))
        assert "'2027'" in str(compare_order(BOTH, year=(2027, "2027")))
        assert row_labels(plots.draw(e)) == ["2027", "'2027'"]
        assert row_labels(plots.draw(compare(e, year=(2027, "2027")))) == ["2027 minus '2027'"]
        assert row_labels(plots.draw(pairwise(e))) == ["2027 minus '2027'"]
        plt.close("all")

    def test_each_is_chosen_by_its_own_type(self):
        assert [float(csat(BOTH).sel(year=one).n) for one in (2027, "2027")] == [38, 39]
        with pytest.raises(LabelError, match=r"got a str; the labels are int, write 2027$"):
            csat(WHOLE).sel(year="2027")
        with pytest.raises(LabelError, match=r"got a str; the labels are int, write 2027$"):
            with_reference(csat(WHOLE), {"year": "2027"})

    def test_both_come_back_from_a_file(self, tmp_path):
        save(BOTH, tmp_path / "both.json")
        assert load(tmp_path / "both.json").keys.labels("year") == [2027, "2027"]


class TestTwoResults:
    """What meets by label raises, and names both."""

    @pytest.mark.parametrize("other", [TEXT, BOTH])
    def test_they_never_meet_in_silence(self, other):
        e, its = csat(WHOLE), csat(other)
        for meet in (
            lambda: WHOLE + other,
            lambda: compare(e, its),
            lambda: compare_order(WHOLE, other),
            lambda: suppress(e, minimum=5, linked=[suppress(its, minimum=5)]),
            lambda: suppress(e, minimum=5, previous=(its, suppress(its, minimum=5))),
        ):
            with pytest.raises(LabelError, match=TYPES):
                meet()

    def test_surveys_that_are_stacked(self):
        whole, text = (
            SurveyTally.of([1, 2], SurveyDesign([1, 2]), FIVE, by={"year": [one] * 2})
            for one in (2027, "2027")
        )
        with pytest.raises(LabelError, match=TYPES):
            stack(whole, text, wave=("before", "after"))

    def test_measures_of_a_scorecard_whose_groups_differ(self):
        rate = Rate([1, 2], 100, by={"year": [2026, 2027]})
        with pytest.raises(LabelError, match=f"^measure 'asked': {TYPES}"):
            scorecard(_focus(), {"wait": rate, "q": TEXT})
        card = scorecard(_focus(), {"wait": rate, "q": WHOLE})
        assert [row["year"] for row in card.to_dicts()] == [2026, 2027] * 2

    def test_measures_of_a_scorecard_have_periods_of_their_own(self):
        asked = Tally(TEXT.counts, FIVE, by={"period": ["2026", "2027"]})
        card = scorecard(_focus(), {"wait": RATES, "q": asked})
        assert [row["latest"] for row in card.to_dicts()] == ["2028", "2027"]


class TestPeriods:
    def test_one_series_has_periods_of_one_type(self):
        mixed = Rate([1, 2, 3], 100, period=[2025, 2026, "2027"])
        for verb in (chart, lambda one: toward_target(one, Target.at_most(1))):
            with pytest.raises(
                LabelError,
                match=r"^periods must be of one type, got 2025 \(int\) and '2027' \(str\)",
            ):
                verb(mixed)
        with pytest.raises(LabelError, match=r"^a period must have one label, got 2027 and '2027'"):
            chart(Rate([1, 2, 3], 100, period=[2026, 2027, "2027"]))

    @pytest.mark.parametrize(
        "ask",
        [
            lambda: chart(RATES, breaks={"2027": "another form"}),
            lambda: rolling(RATES, 2).change(period=("2027", 2026)),
            lambda: toward_target(RATES, Target.at_most(1), breaks={"2027": "another form"}),
            lambda: scorecard(_focus(), {"wait": RATES}, remarks={"wait": {"2027": "flood"}}),
        ],
    )
    def test_a_period_of_the_other_type_is_shown_with_its_own(self, ask):
        with pytest.raises(
            LabelError, match=r"did you mean 2027, which differs by type \(int, not"
        ):
            ask()


def test_ids_in_sheets_are_texts_whether_they_came_as_numbers_or_not():
    focus = focus_of_sheets("Office", {
        "customers": [{"id": 1, "name": "All"}],
        "needs": [{"id": 2.0, "customer": "1", "text": "help"}],
        "requirements": [{"id": "3", "need": 2, "text": "soon"}],
    })  # fmt: skip
    assert [one.id for one in (*focus.customers, *focus.needs, *focus.requirements)] == [*"123"]


def _focus() -> CustomerFocus:
    return CustomerFocus(
        "Office",
        customers=[Customer("all", "All")],
        needs=[Need("served", "all", "to be served")],
        requirements=[Requirement("soon", "served", "soon")],
        measures=[
            PerformanceMeasure("wait", "soon", "Wait", target=Target.at_most(4)),
            PerformanceMeasure("asked", "soon", "Asked", items="q", index=Scoring.top_box(FIVE)),
        ],
    )
