"""Breaks of a series: nothing is computed across one, unless asked."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus import Target, top_box
from custfocus.errors import LabelError, OptionError
from custfocus.intervals import damped_projection, linear_trend
from custfocus.progress import toward_target
from custfocus.quantities import Observed, Rate, proportion

MONTHS = [f"2026-{month:02d}" for month in range(1, 13)]
VALUES = (60, 61, 63, 62, 64, 63, 80, 81.5, 83, 82, 84, 85)
BREAK = {"2026-07": "another scale"}
GOAL = Target.at_least(90, due="2027-06-30")
NUMBERS = ("baseline", "change", "previous_change", "percent", "slope", "projected", "progress")


def series(values=VALUES, months=MONTHS, **options):
    return Observed(values, standard_error=1, period=months, bounds=(0, 100), **options)


def row(found) -> dict[str, object]:
    [only] = found.to_dicts()
    return only


class TestPhase:
    def test_it_is_as_if_the_series_began_with_the_phase(self):
        found = toward_target(series(), GOAL, breaks=BREAK)
        alone = toward_target(series(VALUES[6:], MONTHS[6:]), GOAL)
        assert found.to_dicts() == alone.to_dicts()
        assert found.notes == (
            "new phase from 2026-07: another scale; nothing before it is compared",
        )
        assert alone.notes == ()

    def test_of_several_breaks_the_last_one_counts(self):
        found = toward_target(series(), GOAL, breaks={"2026-03": "another form", **BREAK})
        assert found == toward_target(series(), GOAL, breaks=BREAK)
        assert found.notes == toward_target(series(), GOAL, breaks=BREAK).notes

    def test_the_first_period_with_a_value_is_the_baseline(self):
        gap = [*VALUES[:6], np.nan, *VALUES[7:]]
        assert row(toward_target(series(gap), GOAL, breaks=BREAK))["baseline"] == 81.5

    def test_a_single_period_since_the_break_has_nothing_to_be_compared_with(self):
        found = row(toward_target(series(), GOAL, breaks={"2026-12": "moved"}))
        assert [found[name] for name in NUMBERS] == [
            85, None, None, 0, None, None, "little or no change",
        ]  # fmt: skip

    def test_a_year_ago_is_not_compared_across_a_break(self):
        quarters = ["2025-Q1", "2025-Q2", "2026-Q1", "2026-Q2"]
        figures = series([60, 61, 70, 72], quarters)
        at = [
            row(toward_target(figures, GOAL, breaks={label: "moved"}))["year_change"]
            for label in ("2025-Q2", "2026-Q1")
        ]
        assert at == [11, None]

    def test_few_periods_of_the_phase_have_no_trend_projection_or_chance(self):
        def of(label: str) -> dict[str, object]:
            return row(toward_target(series(), GOAL, breaks={label: "moved"}))

        assert of("2026-09")["slope"] is None
        assert of("2026-08")["slope"] == pytest.approx(
            float(linear_trend(VALUES[7:], range(5), standard_errors=[1] * 5).slope)
        )
        near = Target.at_least(90, due="2027-04-30")
        projected = row(toward_target(series(), near, breaks={"2026-08": "moved"}))["projected"]
        assert projected == pytest.approx(float(damped_projection(VALUES[7:], range(5), 8).value))
        assert [of(label)["chance"] for label in ("2026-05", "2026-06")] != ["", ""]
        assert of("2026-06")["chance"] == ""

    def test_a_projection_goes_no_further_than_the_phase_is_long(self):
        far = Target.at_least(90, due="2027-12-31")
        assert row(toward_target(series(), far))["projected"] is not None
        assert row(toward_target(series(), far, breaks=BREAK))["projected"] is None

    def test_across_breaks_it_is_as_if_there_were_none_and_says_so(self):
        found = toward_target(
            series(), GOAL, breaks={"2026-03": "another form", **BREAK}, across_breaks=True
        )
        assert found == toward_target(series(), GOAL)
        assert found.notes == (
            "compared across the break of 2026-03: another form",
            "compared across the break of 2026-07: another scale",
        )

    def test_waves_named_in_order_have_breaks_and_changes_too(self):
        waves = pd.Categorical(["spring", "summer", "winter"], ["spring", "summer", "winter"])
        figures = Observed([1, 5, 7], period=waves)
        found = row(toward_target(figures, GOAL, breaks={"summer": "by telephone"}))
        assert (found["baseline"], found["change"], found["previous_change"]) == (5, 2, 2)
        assert row(toward_target(figures, GOAL))["change"] == 6

    def test_a_share_s_changes_are_those_of_the_phase(self):
        share = top_box(proportion([700, 740, 790], 1000, period=["2025", "2026", "2027"]), boxes=1)
        found = row(toward_target(share, GOAL, breaks={"2026": "moved"}))
        assert (found["change"], found["previous_change"]) == (5, 5)


class TestOwnBaseline:
    NOT_COMPARED = "the baseline, of 2026-06-30, lies before the new phase: not compared"
    UNDATED = "the baseline has no day in the series: it is taken to be of the new phase"

    def test_one_dated_before_the_phase_is_not_compared(self):
        target = Target.at_least(90, baseline=60, since="2026-06-30", due="2027-06-30")
        found = toward_target(series(), target, breaks=BREAK)
        numbers = row(found)
        names = ("baseline", "change", "change_low", "percent", "expected")
        assert [numbers[name] for name in names] == [None] * 5
        assert (numbers["progress"], numbers["course"], numbers["status"]) == ("", "", "not met")
        assert numbers["previous_change"] == 1
        assert found.notes[1:] == (self.NOT_COMPARED,)
        assert str(found).splitlines()[0].endswith("not met")

    @pytest.mark.parametrize(
        ("low", "due", "progress", "course"),
        [
            (90, "2026-11-30", "", "overdue"),
            (90, "2026-07-15", "", "overdue"),
            (85, "2027-06-30", "met", "at target"),
        ],
    )
    def test_without_it_what_needs_none_is_still_said(self, low, due, progress, course):
        target = Target.at_least(low, baseline=60, since="2026-06-30", due=due)
        found = row(toward_target(series(), target, breaks=BREAK))
        assert (found["progress"], found["course"]) == (progress, course)

    def test_of_a_range_the_bound_is_then_on_the_side_of_the_value(self):
        target = Target.between(80, 84, baseline=60, since="2026-06-30")
        assert row(toward_target(series(), target, breaks=BREAK))["progress"] == ""
        below = Target.between(86, 90, baseline=60, since="2026-06-30")
        assert row(toward_target(series(), below, breaks=BREAK))["progress"] == ""
        inside = Target.between(80, 90, baseline=60, since="2026-06-30")
        assert row(toward_target(series(), inside, breaks=BREAK))["progress"] == "met"

    def test_one_dated_within_the_phase_is_compared(self):
        target = Target.at_least(90, baseline=79, since="2026-07-01", due="2027-06-30")
        found = toward_target(series(), target, breaks=BREAK)
        assert (row(found)["baseline"], row(found)["change"]) == (79, 6)
        assert len(found.notes) == 1

    @pytest.mark.parametrize("baseline", [75, Observed(75, standard_error=2)])
    def test_one_without_a_day_is_taken_to_be_of_the_phase(self, baseline):
        found = toward_target(series(), Target.at_least(90, baseline=baseline), breaks=BREAK)
        assert row(found)["change"] == 10
        assert found.notes[1:] == (self.UNDATED,)

    def test_so_is_one_where_periods_are_no_days(self):
        target = Target.at_least(90, baseline=75, since="2026-06-30")
        found = toward_target(
            Observed([1, 5], period=["wave 1", "wave 2"]),
            target,
            breaks={"wave 2": "by telephone"},
        )
        assert row(found)["change"] == -70
        assert found.notes[1:] == (self.UNDATED,)

    def test_a_result_before_the_phase_is_not_compared(self):
        old = Observed(60, standard_error=2)
        target = Target.at_least(90, baseline=old, since="2026-06-30")
        found = row(toward_target(series(), target, breaks=BREAK))
        assert (found["baseline"], found["change"], found["percent_low"]) == (None, None, None)

    def test_without_a_baseline_of_its_own_the_time_begins_with_the_phase(self):
        since = Target.at_least(90, since="2026-01-31", due="2027-07-31")
        found = row(toward_target(series(), since, breaks=BREAK))
        assert found["expected"] == pytest.approx(80 + 10 * 153 / 365)
        within = Target.at_least(90, since="2026-09-30", due="2027-09-30")
        later = row(toward_target(series(), within, breaks=BREAK))
        assert later["expected"] == pytest.approx(80 + 10 * 92 / 365)

    def test_across_breaks_it_is_compared(self):
        target = Target.at_least(90, baseline=60, since="2026-06-30")
        found = row(toward_target(series(), target, breaks=BREAK, across_breaks=True))
        assert found["change"] == 25


class TestGroups:
    @given(st.permutations(range(4)))
    def test_each_has_the_phase_of_its_own_last_value(self, order):
        rates = {
            "period": np.array(["2025", "2026", "2027", "2025"])[list(order)],
            "office": np.array([*"aaab"])[list(order)],
        }
        counts = np.array([30, 28, 20, 12])[list(order)]
        rate = Rate(counts, 1000, per=1000, by=rates)
        found = toward_target(rate, Target.at_most(15), breaks={"2026": "moved"})
        numbers = {one["office"]: one for one in found.to_dicts()}
        assert (numbers["a"]["baseline"], numbers["a"]["change"]) == (28, -8)
        assert (numbers["b"]["baseline"], numbers["b"]["change"]) == (12, None)
        assert found.notes == ("a: new phase from 2026: moved; nothing before it is compared",)

    def test_one_that_ends_before_the_break_has_its_own_phase_but_no_projection(self):
        months = [*MONTHS, *MONTHS[:6]]
        figures = Observed(
            [*VALUES, *VALUES[:6]], period=months, by={"shop": [*["a"] * 12, *["b"] * 6]}
        )
        target = Target.at_least(90, due="2027-02-28")
        found = toward_target(figures, target, breaks=BREAK)
        ended = found.sel(shop="b").to_dicts()[0]
        assert (ended["baseline"], ended["change"], ended["slope"] is None) == (60, 3, False)
        assert (ended["projected"], found.sel(shop="b").notes) == (None, ())
        alone = toward_target(figures.sel(shop="a"), target, breaks=BREAK)
        assert found.sel(shop="a").to_dicts() == alone.to_dicts()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"breaks": {"2028": "x"}}, LabelError, "unknown period in breaks '2028'"),
        ({"breaks": {"2026-01": "x"}}, OptionError, "a break must come after the first period"),
        ({"breaks": {"2026-02": " "}}, OptionError, "a break needs its reason as a text, got ' '"),
        ({"breaks": ["2026-02"]}, OptionError, "breaks must be reasons by the period"),
        ({"across_breaks": "no"}, OptionError, "across_breaks must be True or False, got 'no'"),
    ],
)
def test_breaks_that_can_not_be_are_errors(options, error, message):
    with pytest.raises(error, match=message):
        toward_target(series(), GOAL, **options)
