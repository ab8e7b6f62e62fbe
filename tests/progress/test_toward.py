"""Progress toward a target: what changed since when, how far it came, where it may go."""

import re
from datetime import UTC, date, datetime
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    SurveyDesign,
    Tally,
    Target,
    compare,
    csat,
    scorecard,
    top_box,
)
from custfocus.errors import LabelError, OptionError, VocabularyError
from custfocus.intervals import damped_projection, linear_trend
from custfocus.progress import Progress, chart, toward_target
from custfocus.progress.changes import Span, changes_of
from custfocus.progress.periods import period_of, periods_of, times_of
from custfocus.progress.series_table import SeriesTable
from custfocus.quantities import Amounts, Observed, Rate, proportion
from custfocus.results.days import Period
from custfocus.surveys import SurveyTally

YEARS = ["2025", "2026", "2027"]
GOAL = Target.at_least(85, since="2025-12-31", due="2029-12-31")


def share(*k: int, n: int = 1000, period=None):
    return top_box(proportion(k, n, period=YEARS[: len(k)] if period is None else period), boxes=1)


def row(found: Progress) -> dict[str, object]:
    [only] = found.to_dicts()
    return only


def times(labels: list[object]) -> np.ndarray:
    return times_of(periods_of(labels), len(labels))


class TestPeriods:
    @pytest.mark.parametrize(
        ("label", "start", "end"),
        [
            ("2026", "2026-01-01", "2027-01-01"),
            (2026, "2026-01-01", "2027-01-01"),
            ("2026-H2", "2026-07-01", "2027-01-01"),
            ("2026Q4", "2026-10-01", "2027-01-01"),
            ("2024-02", "2024-02-01", "2024-03-01"),
            ("2026-12", "2026-12-01", "2027-01-01"),
            ("2026-03-31", "2026-03-31", "2026-04-01"),
            (date(2026, 3, 31), "2026-03-31", "2026-04-01"),
            (datetime(2026, 3, 31, 12, tzinfo=UTC), "2026-03-31", "2026-04-01"),
            (pd.Period("2026Q2"), "2026-04-01", "2026-07-01"),
            ("Q2 2026", "2026-04-01", "2026-07-01"),
            ("FY2026", "2026-01-01", "2027-01-01"),
            ("FY26 Q1", "2026-01-01", "2026-04-01"),
            ("2025/26", "2025-01-01", "2026-01-01"),
            ("1999/00", "1999-01-01", "2000-01-01"),
            ("2026-W01", "2025-12-29", "2026-01-05"),
            ("2026W05", "2026-01-26", "2026-02-02"),
        ],
    )  # fmt: skip
    def test_labels_say_which_days_they_are(self, label, start, end):
        assert tuple(map(str, period_of(label))) == (start, end)

    @pytest.mark.parametrize(
        ("label", "month", "start", "end"),
        [
            ("2026", 7, "2025-07-01", "2026-07-01"),
            (2026, 10, "2025-10-01", "2026-10-01"),
            ("FY2026", 7, "2025-07-01", "2026-07-01"),
            ("fy 26", 10, "2025-10-01", "2026-10-01"),
            ("2026-Q1", 7, "2025-07-01", "2025-10-01"),
            ("2026Q4", 7, "2026-04-01", "2026-07-01"),
            ("FY26 Q2", 10, "2026-01-01", "2026-04-01"),
            ("FY2026-Q3", 12, "2026-06-01", "2026-09-01"),
            ("Q1 FY2026", 10, "2025-10-01", "2026-01-01"),
            ("2026H2", 7, "2026-01-01", "2026-07-01"),
            ("2025/26", 4, "2025-04-01", "2026-04-01"),
            ("2025-26", 4, "2025-04-01", "2026-04-01"),
            ("2011-12", 4, "2011-12-01", "2012-01-01"),
            ("2025-06", 7, "2025-06-01", "2025-07-01"),
            ("2026-W05", 7, "2026-01-26", "2026-02-02"),
            ("Feb 2026", 7, "2026-02-01", "2026-03-01"),
            ("december 2026", 7, "2026-12-01", "2027-01-01"),
            ("4/2026", 7, "2026-04-01", "2026-05-01"),
            ("04/2026", 7, "2026-04-01", "2026-05-01"),
            ("2026-03-31", 7, "2026-03-31", "2026-04-01"),
            (date(2026, 3, 31), 7, "2026-03-31", "2026-04-01"),
        ],
    )  # fmt: skip
    def test_fiscal_years_are_named_by_the_year_that_they_end_in(self, label, month, start, end):
        assert tuple(map(str, period_of(label, fiscal_start=month))) == (start, end)

    @given(st.integers(1001, 2998), st.integers(1, 12))
    def test_the_quarters_and_halves_of_a_fiscal_year_are_the_year(self, year, month):
        def days(label: object) -> Period:
            return period_of(label, fiscal_start=month)

        quarters = [days(f"{year}-Q{part}") for part in (1, 2, 3, 4)]
        assert all(one.end == other.start for one, other in pairwise(quarters))
        whole = Period(quarters[0].start, quarters[-1].end)
        assert days(year) == days(f"FY{year}") == whole
        assert days(f"{year}H1") == Period(quarters[0].start, quarters[1].end)
        assert (whole.start.month, whole.start.day) == (month, 1)
        assert whole.end.year == year + (month == 1)
        assert days(f"{whole.start.year}/{(whole.start.year + 1) % 100:02}") == whole

    @pytest.mark.parametrize("month", [0, 13, 7.0, "7", True, None])
    def test_a_fiscal_year_begins_in_a_month(self, month):
        with pytest.raises(OptionError, match="fiscal_start must be the number of a month, 1 to"):
            period_of("2026", fiscal_start=month)
        with pytest.raises(OptionError, match="write fiscal_start=7 where years begin in July"):
            toward_target(share(740, 765), GOAL, fiscal_start=month)

    @pytest.mark.parametrize("label", ["spring", "2026-H3", "2026-Q5", "2026-13", "26", 1.5, None, "2025/27", "2025/06",
                                       "2025-27", "FY2026-07", "Q12026", "Jun 26", "Sol 2026", "0/2026", "13/2026", "2026-W54"])  # fmt: skip
    def test_other_labels_are_no_days(self, label):
        assert period_of(label) is None

    def test_a_year_before_is_the_same_part_of_it(self):
        assert period_of("2024-02-29").a_year_before().start == date(2023, 2, 28)
        assert period_of("2026-Q1").a_year_before() == period_of("2025-Q1")
        assert period_of("2026-W05").a_year_before() == period_of("2025-W05")

    def test_periods_must_all_be_days_and_in_order(self):
        assert periods_of(["2026", "spring"]) is None
        assert periods_of(["2026", "2025"]) is None
        assert periods_of(["2025", "2026"]) == [period_of("2025"), period_of("2026")]

    def test_a_series_stands_in_the_order_of_time(self):
        quarters = ["Q1 2026", "Q3 2025", "Q4 2025"]
        found = toward_target(Observed([90, 70, 80], period=quarters), GOAL)
        assert (str(found.latest), row(found)["change"]) == ("Q1 2026", 20)
        assert chart(Observed([90, 70, 80], period=quarters)).value.tolist() == [70, 80, 90]

    @pytest.mark.parametrize(
        ("periods", "named"),
        [
            (["before", "after"], "got 'after' among 2"),
            (["01.10.2025", "01.11.2025"], "got '01.10.2025' among 2"),
            (["2026-Q1", "2026-Q5"], "got '2026-Q5' among 2"),
            (["2026-01", 7], "got 7 (int) and '2026-01' (str)"),
        ],
    )
    def test_periods_that_do_not_say_their_order_are_refused(self, periods, named):
        figures = Observed([1, 2], period=periods)
        for read in (chart, lambda one: toward_target(one, GOAL)):
            with pytest.raises(LabelError, match=re.escape(named)):
                read(figures)

    def test_their_order_can_be_given(self):
        waves = pd.Categorical(["before", "after"], ["before", "after"], ordered=True)
        assert str(toward_target(Observed([70, 80], period=waves), GOAL).latest) == "after"
        assert str(toward_target(Observed([80], period=["after"]), GOAL).latest) == "after"

    @pytest.mark.parametrize(
        ("periods", "said"),
        [
            (["2026", None], "periods must be known, got a row whose period is empty; leave out"),
            (["2026-Q1", "Q1 2026"], "got '2026-Q1' and 'Q1 2026' for the days from 2026-01-01"),
            (["Q1 2026", "Q1 2026 "], "a period must have one label, got 'Q1 2026' and 'Q1 2026 '"),
            ([2026, "FY2026"], "a period must have one label, got 2026 and 'FY2026'"),
        ],
    )
    def test_each_is_known_and_has_one_label(self, periods, said):
        for read in (chart, lambda one: toward_target(one, GOAL)):
            with pytest.raises(LabelError) as caught:
                read(Observed([8, 9], period=periods))
            assert said in str(caught.value)

    def test_times_are_steps_and_gaps_count(self):
        assert times(["2026-01", "2026-02", "2026-03", "2026-06"]).tolist() == [0, 1, 2, 5]
        assert times(MONTHS).tolist() == list(range(12))
        assert times([*MONTHS, "2027-12"])[-1] == 23
        assert times(["spring", "autumn"]).tolist() == [0, 1]
        assert times(["2026"]).tolist() == [0]
        uneven = times([date(2026, 1, 1), date(2026, 1, 8), date(2026, 1, 12), date(2026, 1, 19)])
        assert uneven == pytest.approx([0, 1, 11 / 7, 18 / 7])


class TestChange:
    def test_it_is_that_of_compare_with_the_limits_of_the_index(self):
        series = share(740, 765, 790)
        found = row(toward_target(series, GOAL))
        for name, earlier in (("change", "2025"), ("previous_change", "2026")):
            expected = compare(series, period=("2027", earlier)).to_dicts()[0]
            assert found[name] == pytest.approx(expected["value"])
        whole = compare(series, period=("2027", "2025")).to_dicts()[0]
        assert (found["change_low"], found["change_high"]) == pytest.approx(
            (whole["low"], whole["high"])
        )
        assert (found["latest"], found["value"], found["baseline"]) == ("2027", 79, 74)

    def test_periods_of_a_survey_are_compared_with_their_covariance(self):
        generator = np.random.default_rng(5)
        design = SurveyDesign(generator.uniform(1, 3, 120), clusters=np.tile(np.arange(15), 8))
        answers = generator.integers(1, 6, 120)
        periods = np.repeat(["2025", "2026"], 60)
        series = csat(SurveyTally.of(answers, design, Scale.likert(5), by={"period": periods}))
        found = row(toward_target(series, Target.at_least(60)))
        expected = compare(series, period=("2026", "2025")).to_dicts()[0]
        assert found["change_high"] == pytest.approx(expected["high"])

    def test_of_quantities_it_rests_on_the_limits_of_both(self):
        found = row(toward_target(Observed([10, 14], low=[8, 11], high=[13, 18], period=YEARS[:2]),
                                  Target.at_least(20)))  # fmt: skip
        assert found["change"] == 4
        assert found["change_low"] == pytest.approx(4 - np.hypot(14 - 11, 13 - 10))
        assert found["change_high"] == pytest.approx(4 + np.hypot(18 - 14, 10 - 8))

    def test_a_year_ago_is_the_same_quarter_if_it_has_a_value(self):
        quarters = ["2025-Q1", "2025-Q3", "2026-Q1"]
        found = row(toward_target(share(700, 720, 760, period=quarters), GOAL))
        assert (found["year_change"], found["previous_change"]) == (6, 4)
        named = share(700, 760, period=["wave 1", "wave 2"])
        assert row(toward_target(named, GOAL))["year_change"] is None

    def test_of_a_single_period_nothing_is_known(self):
        found = row(toward_target(share(740), GOAL))
        names = ("change", "previous_change", "year_change", "slope", "projected")
        assert [found[name] for name in names] == [None] * 5
        assert found["percent"] == 0


class TestBaseline:
    def test_a_number_is_fixed(self):
        found = row(toward_target(share(740, 790), Target.at_least(85, baseline=70)))
        assert (found["baseline"], found["change"]) == (70, 9)
        assert found["change_low"] == pytest.approx(found["low"] - 70)
        assert found["percent"] == pytest.approx(60)

    def test_a_result_brings_its_error(self):
        target = Target.at_most(60, baseline=Observed(80, standard_error=2))
        found = row(toward_target(Observed([74, 68], period=YEARS[:2]), target))
        assert (found["change"], found["percent"]) == (-12, 60)
        assert found["percent_low"] < 60 < found["percent_high"]
        tally = Target.at_least(85, baseline=share(700, period=["2024"])[0])
        assert row(toward_target(share(740, 790), tally))["baseline"] == 70

    def test_within_its_own_error_the_way_has_no_limits(self):
        target = Target.at_least(75, baseline=Observed(74, standard_error=2))
        found = row(toward_target(share(740, 745), target))
        assert found["percent"] == pytest.approx(50)
        assert (found["percent_low"], found["percent_high"]) == (None, None)

    @pytest.mark.parametrize("baseline", [share(740, 790), "74", [74], True, np.inf])
    def test_anything_else_is_an_error(self, baseline):
        with pytest.raises(VocabularyError, match="baseline"):
            Target.at_least(85, baseline=baseline)

    def test_a_target_is_due_after_its_baseline(self):
        with pytest.raises(
            VocabularyError, match="due after its baseline, got 2027-01-01 and 2026"
        ):
            Target.at_least(85, since="2027-01-01", due="2026-01-01")

    def test_a_single_answer_or_amount_says_nothing_of_the_way(self):
        tally = proportion([740, 1], [1000, 1], period=YEARS[:2])
        waits = Amounts.of([9, 8, 10, 4], period=["2025"] * 3 + ["2026"])
        for series, target in (
            (top_box(tally, boxes=1), Target.at_least(110)),
            (waits, Target.at_most(2, since="2025-12-31", due="2029-12-31")),
        ):
            found = row(toward_target(series, target))
            assert found["progress"] == "little or no change"
            assert found["percent"] > 0
            assert (found["percent_low"], found["percent_high"]) == (None, None)
            assert found["course"] in {"", "cannot tell"}


class TestDirection:
    @pytest.mark.parametrize(
        ("target", "values", "percent", "status", "progress"),
        [
            (Target.at_most(60), [80, 70], 50, "not met", "improved"),
            (Target.at_most(60), [80, 90], -50, "not met", "worse"),
            (Target.at_least(60), [40, 60], 100, "met", "met"),
            (Target.between(50, 60), [40, 45], 50, "not met", "improved"),
            (Target.between(50, 60), [70, 65], 50, "not met", "improved"),
            (Target.between(50, 60), [55, 45], None, "not met", "worse"),
            (Target.between(50, 60), [40, 55], 150, "met", "met"),
        ],
    )  # fmt: skip
    def test_each_target_has_its_own(self, target, values, percent, status, progress):
        found = row(toward_target(Observed(values, period=YEARS[:2]), target))
        assert (found["percent"], found["status"]) == (percent, status)
        assert found["progress"] == progress

    def test_statuses_are_tested_where_errors_are_known(self):
        found = row(toward_target(share(740, 760), Target.at_least(85)))
        assert found["progress"] == "little or no change"  # 18 % of the way, and within chance


class TestCourse:
    @pytest.mark.parametrize(
        ("latest", "due", "course"),
        [
            (95, "2029-12-31", "at target"), (84, "2029-12-31", "ahead"), (75, "2029-12-31", "behind"),
            (79.5, "2029-12-31", "cannot tell"), (79, "2027-12-31", "overdue"),
        ],
    )  # fmt: skip
    def test_a_value_is_held_against_what_is_expected(self, latest, due, course):
        target = Target.at_least(85, baseline=74, since="2025-12-31", due=due)
        series = Observed([76, latest], standard_error=0.5, period=["2026", "2027"])
        found = row(toward_target(series, target))
        assert found["course"] == course
        if due == "2029-12-31":
            assert found["expected"] == pytest.approx(74 + 11 * 730 / 1461)

    def test_without_a_day_nothing_is_expected(self):
        found = row(toward_target(share(740, 760), Target.at_least(85)))
        assert (found["expected"], found["course"]) == (None, "")
        named = share(740, 760, period=["wave 1", "wave 2"])
        assert row(toward_target(named, GOAL))["course"] == ""

    def test_fiscal_years_end_when_they_end(self):
        target = Target.at_least(85, since="2025-06-30", due="2028-06-30")
        found = row(toward_target(share(740, 760, period=["FY2025", "FY2026"]), target,
                                  fiscal_start=7))  # fmt: skip
        assert found["expected"] == pytest.approx(74 + 11 * 365 / 1096)
        assert found["year_change"] == 2

    def test_time_begins_with_the_first_period_where_no_day_is_given(self):
        target = Target.at_least(85, due="2027-12-31")
        found = row(toward_target(share(740, 760), target))
        assert found["expected"] == pytest.approx(74 + 11 * 365 / 730)


MONTHS = [f"2026-{month:02d}" for month in range(1, 13)]


class TestTrend:
    VALUES = (62, 63.1, 62.4, 64.2, 65, 64.1, 66.3, 66.9)

    def test_slope_and_projection_are_those_of_the_kernels(self):
        series = Observed(self.VALUES, period=MONTHS[:8], bounds=(0, 100))
        found = row(toward_target(series, Target.at_least(70, due="2026-12-31")))
        trend = linear_trend(self.VALUES, range(8))
        assert (found["slope"], found["slope_low"]) == pytest.approx(
            (float(trend.slope), float(trend.low))
        )
        ahead = damped_projection(self.VALUES, range(8), 11)
        assert found["projected"] == pytest.approx(float(ahead.value))
        assert found["projected_high"] == pytest.approx(float(ahead.high))
        assert found["chance"] == "10 to 35 %"

    def test_known_errors_weigh(self):
        errors = [1.2, 1.1, 1.2, 1, 1, 0.9, 0.9, 0.8]
        series = Observed(self.VALUES, standard_error=errors, period=MONTHS[:8])
        found = row(toward_target(series, Target.at_least(70)))
        trend = linear_trend(self.VALUES, range(8), standard_errors=errors)
        assert found["slope"] == pytest.approx(float(trend.slope))

    @pytest.mark.parametrize(
        ("months", "due", "projected", "chance"),
        [
            (4, "2026-06-30", False, False), (5, "2026-08-31", True, False),
            (8, "2026-12-31", True, True), (8, "2028-12-31", False, False),
            (8, "2026-05-31", False, False), (8, None, False, False),
        ],
    )  # fmt: skip
    def test_few_periods_and_far_days_have_none(self, months, due, projected, chance):
        series = Observed(self.VALUES[:months], period=MONTHS[:months])
        found = row(toward_target(series, Target.at_least(70, due=due)))
        assert (found["projected"] is not None, found["chance"] != "") == (projected, chance)

    def test_projections_stay_within_the_bounds(self):
        series = Observed([80, 85, 90, 95, 97, 99, 99.5, 99.9], period=MONTHS[:8], bounds=(0, 100))
        found = row(toward_target(series, Target.at_least(99, due="2026-12-31")))
        assert found["projected"] <= 100
        assert found["projected_high"] == 100


class TestGroups:
    def test_each_group_is_its_own_series_with_gaps_and_latest_periods(self):
        rate = Rate([30, 28, 20, 12, 11], 1000, per=1000, period=["2025", "2026", "2027", "2025", "2026"],
                    by={"office": [*"aaabb"]})  # fmt: skip
        found = toward_target(rate, Target.at_most(15))
        for office, latest in (("a", "2027"), ("b", "2026")):
            own = found.sel(office=office)
            alone = toward_target(rate.sel(office=office), Target.at_most(15))
            assert own.to_dicts() == alone.to_dicts()
            assert str(own.latest) == latest

    def test_a_group_without_a_value_has_no_data(self):
        series = Observed([1, 2, np.nan], period=["2025", "2026", "2025"], by={"x": [*"aab"]})
        empty = toward_target(series, Target.at_least(3)).sel(x="b").to_dicts()[0]
        assert (empty["status"], empty["verdict"], empty["latest"]) == ("no data", "no data", "")
        assert (empty["change"], empty["percent"], empty["progress"]) == (None, None, "no data")

    @given(st.permutations(range(6)))
    def test_the_order_of_records_does_not_matter(self, order):
        k, periods = np.array([700, 720, 760, 500, 510, 540]), np.array(YEARS * 2)
        shops = np.repeat(["a", "b"], 3)
        base, other = (
            toward_target(
                top_box(proportion(k[o], 1000, period=periods[o], by={"shop": shops[o]}), boxes=1),
                GOAL,
            )
            for o in (np.arange(6), np.array(order))
        )
        assert base == other


def test_a_scorecard_has_the_progress_of_its_measures_by_period():
    focus = CustomerFocus(
        "Library",
        customers=[Customer("readers", "Readers")],
        needs=[Need("help", "readers", "help")],
        requirements=[Requirement("reach", "help", "easy to reach")],
        measures=[
            PerformanceMeasure("calls", "reach", "Answered", target=GOAL),
            PerformanceMeasure("wait", "reach", "Wait", target=Target.at_most(60)),
            PerformanceMeasure("cost", "reach", "Cost"),
        ],
    )
    calls = proportion([740, 765, 790], 1000, period=YEARS)
    card = scorecard(
        focus, {"calls": calls, "wait": 74, "cost": Observed([1, 2], period=YEARS[:2])}
    )
    found = card.progress()
    assert list(found) == ["calls"]
    assert row(found["calls"])["change"] == 5
    assert found.to_dicts()[0]["measure"] == "calls"


def test_it_reads_as_a_sentence():
    found = toward_target(share(740, 765, 790), GOAL)
    assert found.metric.name == "top box"
    assert str(toward_target(share(740, 765, 790), GOAL)) == (
        "top box 79.0 % [76.4, 81.4] n=1000 in 2027, target at least 85 by 2029-12-31: not met; "
        "+5.0 [1.3, 8.7] since 74.0, 45 % of the way, cannot tell"
    )
    plain = toward_target(Observed([55, 45], period=YEARS[:2]), Target.between(50, 60))
    assert str(plain).splitlines()[0].endswith("not met; -10.0 since 55.0")


@pytest.mark.parametrize(
    ("series", "error", "message"),
    [
        (
            5,
            VocabularyError,
            "a series is an estimate or a recorded quantity by period, got an int",
        ),
        (proportion([1], 2, period=["2025"]), VocabularyError, "got a Tally"),
        (Rate(1, 2), LabelError, "a series has the key 'period', got the names none"),
        (Rate([1], 2, by={"a": [1]}), LabelError, "got the names 'a'; give period= or call"),
    ],
)
def test_what_is_no_series_is_named(series, error, message):
    with pytest.raises(error, match=message):
        toward_target(series, GOAL)


def test_a_target_is_needed():
    with pytest.raises(VocabularyError, match="progress is toward a Target, got an int"):
        toward_target(share(740, 765), 85)


class TestFinitePopulations:
    """Changes are those that compare gives for the populations of their periods."""

    WAVES = Tally(
        [[75, 110], [60, 125], [56, 129]],
        Scale.likert(2),
        by={"period": ["2024", "2025", "2026"]},
    )

    @pytest.mark.parametrize(
        "population", [None, 400, {"2024": 400, "2025": 300, "2026": 200}], ids=str
    )
    def test_changes_have_the_limits_of_the_comparison(self, population):
        e = top_box(self.WAVES, boxes=1, population=population)
        (found,) = toward_target(e, Target.at_least(80)).to_dicts()
        for name, before in (("change", "2024"), ("previous", "2025")):
            known = compare(e, period=("2026", before))
            limits = found[f"{name}_low"], found[f"{name}_high"]
            assert limits == pytest.approx((float(known.low), float(known.high)), rel=1e-12)

    def test_groups_with_and_without_one_are_changed_at_once(self):
        finite, plain = (
            top_box(self.WAVES, boxes=1, population=size)
            for size in ({"2024": 400, "2025": 300, "2026": 200}, None)
        )
        spans = [
            Span(table, np.array([2]), np.array([0]))
            for table in map(SeriesTable.of, (finite, plain))
        ]
        for change, e in zip(changes_of(spans), (finite, plain), strict=True):
            known = compare(e, period=("2026", "2024"))
            assert (change.low[0], change.high[0]) == pytest.approx(
                (float(known.low), float(known.high)), rel=1e-12
            )
