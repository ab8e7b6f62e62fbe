"""Scorecards over time: one reading of each measure and group, in three orders, and the rest."""

import re

import attrs
import numpy as np
import pandas as pd
import pytest

from custfocus import (
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Target,
    compare,
    mean_score,
    scorecard,
    top_box,
    verdict,
)
from custfocus.errors import LabelError, OptionError, TallyError, VocabularyError
from custfocus.progress import Reading, Unmeasured, chart, toward_target
from custfocus.quantities import Observed, Rate, proportion
from custfocus.responses import Tally
from progress.agency import DESK, FIVE, FORMS, IDEA, MEASURES, MONTHS, TOP, WAITS, data, focus

WAIT = MEASURES[1]
CARD = scorecard(focus(), data(), remarks={"wait": {"2026-02": "flood"}, "replies": "first year"})


def rows(card=CARD):
    return {row["measure_id"]: row for row in card.to_dicts()}


def outline(card):
    """The first column of the printed table, without its numbers."""
    lines = str(card).splitlines()[2:]
    end = next(place for place, line in enumerate(lines) if " % intervals" in line)
    return [re.split(r"(?<=\S)  ", line)[0] for line in lines[:end]]


class TestReadings:
    def test_a_series_says_its_latest_value_and_what_changed(self):
        row = rows()["kind"]
        e = top_box(data()["q1"])
        change = compare(e, period=("2026-Q2", "2025-Q1"))
        assert (row["latest"], row["since"], row["n"]) == ("2026-Q2", "2025-Q1", 90)
        assert row["value"] == pytest.approx(100 * 75 / 90)
        assert [row["change"], row["change_low"], row["change_high"]] == pytest.approx(
            [float(change.value), float(change.low), float(change.high)]
        )
        assert (row["verdict"], row["status"], row["variation"]) == ("met", "met", None)
        assert row["sparkline"] == pytest.approx(e.value.tolist())

    def test_the_numbers_of_all_measures_are_those_of_each_alone(self):
        for key, reading in CARD.readings().items():
            part = CARD[key]
            if not isinstance(reading, Reading):
                assert reading is part
                continue
            scored = getattr(part, "estimate", part)
            target = getattr(part, "target", None)
            latest = scored.sel(period=str(reading.latest))
            said = chart(scored, target=target).readings()
            words = str(said.variation), str(said.assurance)
            assert (str(reading.variation), str(reading.assurance)) == words
            assert float(reading.judged.columns()["value"].values) == float(latest.value)
            if target is not None:
                progress = toward_target(scored, target)
                for name in ("change", "change_low", "change_high"):
                    alone, together = float(progress.number(name)), float(getattr(reading, name))
                    assert together == pytest.approx(alone, nan_ok=True)
                assert float(reading.more_answers) == float(verdict(latest, target).more_answers)

    def test_items_on_one_scale_are_gone_through_together(self):
        other = attrs.evolve(MEASURES[0], id="other", items="q2", target=Target.at_least(70))
        open_ = {
            "q1": Tally([[9, 0, 0, 0, 12], [4, 0, 0, 0, 9]], FIVE, by={"period": [1, 2]}),
            "q2": Tally([[8, 0, 0, 0, 12], [7, 0, 0, 0, 19]], FIVE, by={"period": [1, 2]}),
        }
        found = rows(scorecard(focus(MEASURES[0], other), open_))
        for key, item, target in (
            ("kind", "q1", MEASURES[0].target),
            ("other", "q2", other.target),
        ):
            e = top_box(open_[item])
            change, judged = compare(e, period=(2, 1)), verdict(e[1], target)
            assert found[key]["change_low"] == pytest.approx(float(change.low), abs=1e-9)
            assert found[key]["more_answers"] == float(judged.more_answers) > 0

    def test_a_series_without_rows_is_named(self):
        none = data()["calls"][:0]
        with pytest.raises(TallyError, match=r"a series needs periods, got .* without rows"):
            toward_target(top_box(none, boxes=1), Target.at_least(3))

    def test_the_chart_speaks_from_twelve_periods_on(self):
        found = rows()
        assert {key for key, row in found.items() if row["variation"]} == {"wait", "calls"}
        assert (found["wait"]["variation"], found["wait"]["assurance"]) == (
            "improvement", "hit and miss",
        )  # fmt: skip

    def test_one_reading_reads_as_a_sentence(self):
        wait = CARD.readings()["wait"]
        assert str(wait) == (
            "Wait 17.2 minutes, target at most 20: met (by the value alone, no limits are known) in "
            "2026-02, -7.1 since 2025-01, improvement"
        )
        doses = CARD.readings()["doses"]
        assert str(doses).endswith("no limits known in 2026-Q2, +40 since 2025-Q1")
        assert doses.picture() is not None
        assert doses.caption().endswith("; change since the baseline")

    def test_groups_have_their_own_latest_period_and_gaps(self):
        by = {"office": ["N"] * 3 + ["S"] * 2}
        events = Rate([9, 8, 4, 7, 6], 10, by=by, period=["2026-01", "2026-02", "2026-03",
                                                          "2026-01", "2026-02"])  # fmt: skip
        card = scorecard(focus(WAIT), {"wait": events})
        north, south = card.to_dicts()
        assert (north["latest"], south["latest"]) == ("2026-03", "2026-02")
        assert south["sparkline"] == [0.7, 0.6, None]
        assert "office N" in str(card)
        single = scorecard(focus(WAIT), {"wait": Rate([9], 10, period=["2026-01"])}).to_dicts()[0]
        assert (single["change"], single["since"]) == (None, "2026-01")
        nothing = scorecard(focus(WAIT), {"wait": Rate([0, 0], 0, period=[1, 2])})
        assert rows(nothing)["wait"]["latest"] is None
        assert "Wait (minutes)" in str(nothing)

    def test_a_baseline_of_the_target_is_what_it_changed_from(self):
        calls, part = MEASURES[2], data()["calls"]
        for baseline in (75.0, Observed(75, standard_error=1)):
            target = Target.at_least(80, baseline=baseline, since="2024-12-31")
            card = scorecard(focus(attrs.evolve(calls, target=target)), {"calls": part})
            row = rows(card)["calls"]
            assert (row["change"], row["since"]) == (pytest.approx(18), "the baseline 2024-12-31")
            arm = float(card["calls"].sel(period="2026-02").estimate.high) - 93
            error = 0 if isinstance(baseline, float) else 1.959964
            assert row["change_high"] == pytest.approx(18 + np.hypot(arm, error), abs=1e-6)
            assert row["baseline"] == 75
        late = attrs.evolve(calls, target=target, breaks={"2025-06": "counted anew"})
        row = rows(scorecard(focus(late), {"calls": part}))["calls"]
        assert (row["change"], row["since"]) == (None, None)

    def test_nothing_is_compared_across_a_break_of_the_definition(self):
        for label in ("2025-10", "2025-09-15"):
            broken = attrs.evolve(WAIT, breaks={label: "counted at the door", "2024-01": "old"})
            card = scorecard(focus(broken), {"wait": data()["wait"]})
            row = rows(card)["wait"]
            assert (row["since"], row["variation"]) == ("2025-10", None)
            assert row["change"] == pytest.approx(17.2 - 19.8)
            assert card.chart("wait").notes[-1] == "new phase from 2025-10: counted at the door"
            assert float(card.progress()["wait"].number("baseline")) == 19.8
        both = attrs.evolve(WAIT, breaks={"2025-10": "one", "2025-09-15": "two"})
        card = scorecard(focus(both), {"wait": data()["wait"]})
        assert "new phase from 2025-10: one; two" in card.chart("wait").notes
        for periods in (MONTHS, list("abcdefghijklmn")):
            series = {"wait": Observed(WAITS, period=periods)}
            wrong = attrs.evolve(WAIT, breaks={"spring": "counted at the door"})
            with pytest.raises(LabelError, match="unknown period in breaks 'spring'"):
                scorecard(focus(wrong), series).to_dicts()

    def test_open_verdicts_say_how_many_more_answers(self):
        short = Tally([[4, 0, 0, 0, 9], [3, 0, 0, 0, 10]], FIVE, by={"period": [1, 2]})
        card = scorecard(focus(MEASURES[0]), {"q1": short})
        alone = verdict(top_box(short)[1], Target.at_least(65))
        assert rows(card)["kind"]["more_answers"] == float(alone.more_answers) > 0
        assert f"inconclusive ({float(alone.more_answers):.0f} more)" in str(card)


class TestOrders:
    def test_by_customer_everything_has_its_place_and_what_lacks_is_seen(self):
        assert outline(CARD) == [
            "Parents", "  Reached (percent)", "  needs vaccination",
            "    expectation: a short wait", "      Waited little (top 2 boxes, percent)",
            "      Wait (minutes)", "    expectation: records online", "      (no measure)",
            "  needs to know", "    expectation: calls answered", "      Answered (percent)",
            "  needs to be calm", "    (no requirements recorded)",
            "Schools", "  (no needs recorded)",
            "service: Vaccination", "  Doses (doses)", "  activity: Greet", "    Greeted (percent)",
            "channel: Poll", "  Replies (percent)",
        ]  # fmt: skip

    def test_by_service_a_need_stands_under_each_that_meets_it(self):
        assert outline(CARD.by("service")) == [
            "service: Vaccination", "  Doses (doses)", "  activity: Greet", "    Greeted (percent)",
            "  Parents: needs vaccination", "    expectation: a short wait",
            "      Waited little (top 2 boxes, percent)", "      Wait (minutes)",
            "    expectation: records online", "      (no measure)",
            "  Parents: needs to know", "    expectation: calls answered", "      Answered (percent)",
            "process: Phone line",
            "  Parents: needs to know", "    expectation: calls answered", "      Answered (percent)",
            "no service", "  Parents: needs to be calm", "    (no requirements recorded)",
            "Parents", "  Reached (percent)", "Schools", "  (no needs recorded)",
            "channel: Poll", "  Replies (percent)",
        ]  # fmt: skip

    def test_by_need(self):
        assert outline(CARD.by("need"))[:4] == [
            "Parents: needs vaccination", "  expectation: a short wait",
            "    Waited little (top 2 boxes, percent)", "    Wait (minutes)",
        ]  # fmt: skip
        assert CARD.by("need").by("customer") == CARD

    def test_another_order_is_named(self):
        with pytest.raises(OptionError, match="unknown arrangement 'owner'"):
            CARD.by("owner")

    def test_frames_say_where_each_measure_stands(self):
        found = rows()
        places = {
            key: (row["kind"], row["customer_id"], row["requirement_id"], row["services"])
            for key, row in found.items()
        }
        assert places == {
            "reached": ("customer", "parents", None, None),
            "kind": ("requirement", "parents", "short", "Vaccination"),
            "wait": ("requirement", "parents", "short", "Vaccination"),
            "calls": ("requirement", "parents", "heard", "Phone line, Vaccination"),
            "doses": ("service", None, None, "Vaccination"),
            "greeted": ("activity", None, None, "Vaccination"),
            "replies": ("channel", None, None, None),
        }
        assert (found["wait"]["owner"], found["wait"]["source"]) == ("Desk", "queue")
        assert (found["wait"]["target_high"], str(found["wait"]["due"])) == (20, "2027-12-31")

    @pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
    def test_frames_hold_the_sparklines(self, library):
        frame = CARD.to_frame(library)
        lists = frame["sparkline"].to_pylist() if library == "pyarrow" else list(frame["sparkline"])
        assert list(lists[2]) == pytest.approx(WAITS.tolist())

    def test_a_notebook_shows_what_the_text_shows(self):
        html = CARD._repr_html_()
        for text in ("2026-02", "+8.3 [-3.9, 20.8]", "improvement", "(no measure)", "flood"):
            assert text in html
        assert html.count("<svg") > 5

    def test_all_periods_are_there_as_history(self):
        history = CARD.history()
        assert len(history.to_dicts()) == 6 + 14 + 14 + 6 + 3
        assert history["wait"] is CARD["wait"]

    def test_a_thousand_requirements_are_no_trouble(self):
        many = [Requirement(f"r{place}", "n", "x") for place in range(1_000)]
        measures = [attrs.evolve(WAIT, id=f"m{place}", about=f"r{place}") for place in range(1_000)]
        whole = CustomerFocus("A", customers=focus().customers[:1],
                              needs=[Need("n", "parents", "x")], requirements=many,
                              measures=measures)  # fmt: skip
        card = scorecard(whole, {f"m{place}": 5 for place in range(1_000)})
        assert len(card.to_dicts()) == 1_000
        assert card.satisfaction().sel(level="all")[0].met == 1_000


class TestSatisfaction:
    def test_the_latest_period_of_requirements_counts_and_other_measures_are_named(self):
        found = CARD.satisfaction()
        states = {
            row["id"]: row["state"] for row in found.to_dicts() if row["level"] == "requirement"
        }
        assert states == {"short": "met", "online": "not measured", "heard": "met"}
        assert found.notes[-1] == (
            "measures about a service, an activity, a channel or a customer are not counted: targets "
            "met 0 of 2"
        )
        series = Tally([[0, 0, 0, 0, 90], [90, 0, 0, 0, 0]], FIVE, by={"period": [1, 2]})
        worse = scorecard(focus(MEASURES[0]), {"q1": series}).satisfaction()
        assert worse.sel(level="requirement", id="short").state == "not met"
        assert not any("not counted" in note for note in worse.notes)


class TestData:
    def test_figures_come_as_lists_with_their_periods(self):
        wait = [24, 22, 19.5]
        expected = Observed(wait, period=MONTHS[:3])
        for given in (
            scorecard(focus(WAIT), {"wait": wait}, period=MONTHS[:3]),
            scorecard(focus(WAIT), {"wait": wait, "month": MONTHS[:3]}, period="month"),
            scorecard(
                focus(WAIT), pd.DataFrame({"wait": wait, "month": MONTHS[:3]}), period="month"
            ),
        ):
            assert given["wait"].estimate.value.tolist() == expected.value.tolist()
            assert given["wait"].keys.labels("period") == MONTHS[:3]
            assert given.unused == ()
        grouped = scorecard(focus(WAIT), {"wait": wait}, by={"office": ["N", "N", "S"]},
                            period=[1, 2, 1])  # fmt: skip
        assert [row["office"] for row in grouped.to_dicts()] == ["N", "S"]

    def test_answers_have_periods_too(self):
        answers = {"q1": [5, 5, 1, 4, 2, 5], "wave": [1, 1, 1, 2, 2, 2]}
        card = scorecard(focus(MEASURES[0]), answers, period="wave")
        assert rows(card)["kind"]["sparkline"] == pytest.approx([200 / 3, 200 / 3])

    def test_wrong_periods_are_named(self):
        with pytest.raises(LabelError, match="unknown item or column period 'moth'; did you mean"):
            scorecard(focus(WAIT), {"wait": [1], "month": [1]}, period="moth")
        with pytest.raises(LabelError, match="given twice, by period= and in by="):
            scorecard(focus(WAIT), {"wait": [1]}, by={"period": [1]}, period=[1])
        with pytest.raises(OptionError, match="fiscal_start must be"):
            scorecard(focus(WAIT), {"wait": 1}, fiscal_start=13)

    def test_years_may_be_fiscal(self):
        series = {"wait": Observed([30, 20], period=["FY2025", "FY2026"])}
        improved = attrs.evolve(DESK, since="2025-07-01")
        card = scorecard(focus(WAIT, improvements=[improved]), series, fiscal_start=7)
        assert card.chart("wait").event.tolist() == ["", "New desk"]
        assert float(card.change_since("desk")["wait"].change) == -10
        assert scorecard(focus(WAIT, improvements=[improved]), series).chart(
            "wait"
        ).event.tolist() == ["New desk", ""]

    def test_data_beyond_the_bounds_or_of_another_unit_are_refused(self):
        with pytest.raises(VocabularyError, match=r"'wait': data must lie within .* got -1"):
            scorecard(focus(WAIT), {"wait": -1})
        card = scorecard(focus(WAIT), {"wait": Observed(3, standard_error=2)})
        assert float(card["wait"].estimate.low) == 0
        with pytest.raises(VocabularyError, match="Observed\\(value, period=months\\)"):
            scorecard(focus(WAIT), {"wait": [1, 2]})

    def test_the_method_holds_for_records_too(self):
        card = scorecard(focus(MEASURES[2]), {"calls": proportion(8, 10)}, method="wald")
        share = top_box(proportion(8, 10), boxes=1, method="wald")
        assert float(card["calls"].estimate.low) == float(share.low)

    def test_a_series_of_one_item_stands_beside_an_item_asked_once(self):
        other = PerformanceMeasure("once", "heard", "Once", items="q2", index=TOP)
        once = Tally([1, 0, 0, 0, 4], FIVE)
        card = scorecard(focus(MEASURES[0], other), {"q1": data()["q1"], "q2": once})
        assert [row["latest"] for row in card.to_dicts()] == ["2026-Q2", None]


def average(answers, **options):
    """The mean of two items over the answers to both, as one sample."""
    both = [*answers["q1"], *answers["q2"]]
    if "by" in options:
        options["by"] = {name: [*one, *one] for name, one in options["by"].items()}
    return mean_score(both, scale=FIVE, **options)


average.metric = mean_score([1, 5], scale=FIVE).metric


class TestIndicesOfSeveralItems:
    MEASURE = PerformanceMeasure("both", "short", "Both", items=["q1", "q2"], index=average,
                                 target=Target.at_least(60))  # fmt: skip
    ANSWERS = {"q1": [5, 4, 5, 2], "q2": [4, 4, 1, 5]}  # noqa: RUF012

    def test_a_function_of_the_answers_makes_the_result(self):
        card = scorecard(focus(self.MEASURE), self.ANSWERS)
        assert card["both"] == verdict(average(self.ANSWERS), Target.at_least(60))
        assert card.unused == ()
        assert "Both (mean score (0 to 100))" in str(card)
        grouped = scorecard(focus(self.MEASURE), self.ANSWERS, by={"shop": [1, 1, 2, 2]},
                            confidence_level=0.9)  # fmt: skip
        assert [row["shop"] for row in grouped.to_dicts()] == [1, 2]
        assert grouped["both"].estimate.confidence_level == 0.9

    def test_without_the_answers_it_says_what_is_lacking(self):
        card = scorecard(focus(self.MEASURE), {"q1": [5]})
        assert isinstance(card["both"], Unmeasured)
        assert card["both"].reason == "no answers came for 'q1', 'q2'"
        assert card.unused == ("q1",)

    def test_one_that_makes_no_result_or_another_level_is_refused(self):
        odd = attrs.evolve(self.MEASURE, index=lambda _answers: 5, target=None)
        with pytest.raises(
            VocabularyError, match="'both': an index must make an estimate or a rec"
        ):
            scorecard(focus(odd), self.ANSWERS)
        deaf = attrs.evolve(
            self.MEASURE, index=lambda answers, **_options: average(answers), target=None
        )
        with pytest.raises(
            VocabularyError, match=r"must obey confidence_level=0.9, got limits at 0"
        ):
            scorecard(focus(deaf), self.ANSWERS, confidence_level=0.9)


class TestRemarks:
    def test_they_stand_below_and_those_of_the_latest_period_in_frames(self):
        assert "remark on Wait, 2026-02: flood" in str(CARD)
        assert "remark on Replies: first year" in str(CARD)
        found = rows()
        assert (found["wait"]["remark"], found["replies"]["remark"]) == ("flood", "first year")
        assert found["calls"]["remark"] is None
        early = scorecard(focus(), data(), remarks={"wait": {"2025-03": "ice"}})
        assert rows(early)["wait"]["remark"] is None

    @pytest.mark.parametrize(
        ("remarks", "kind", "said"),
        [
            (5, OptionError, "remarks must be texts by measure, got 5; write remarks="),
            ({"wiat": "x"}, VocabularyError, "unknown measure in remarks 'wiat'; did you mean"),
            ({"wait": "x"}, OptionError, "remarks on a series are texts by period, got 'x'"),
            (
                {"wait": {"2030-01": "x"}},
                LabelError,
                "unknown period in remarks on 'wait' '2030-01'",
            ),
            ({"replies": ""}, OptionError, "a remark must be a text, got '' for 'replies'"),
            ({"wait": {"2026-02": 3}}, OptionError, "a remark must be a text, got 3 for 'wait'"),
        ],
    )
    def test_wrong_ones_are_named(self, remarks, kind, said):
        with pytest.raises(kind, match=said):
            scorecard(focus(), data(), remarks=remarks)


class TestImprovements:
    CARD = scorecard(focus(improvements=[DESK, FORMS, IDEA]), data())

    def test_gaps_are_those_of_the_focus_and_of_the_results(self):
        found = self.CARD.gaps(on="2026-06-30")
        own = focus(improvements=[DESK, FORMS, IDEA]).gaps(on="2026-06-30")
        more = [(row["gap"], row["id"]) for row in found.to_dicts() if row not in own.to_dicts()]
        assert more == [
            ("not met, no improvement", "replies"),
            ("done, no period since", "forms"),
        ]  # what is served by one is attended to: greeted
        with pytest.raises(VocabularyError, match="on must be a date"):
            self.CARD.gaps(on="soon")

    def test_what_is_not_met_in_the_latest_period_counts_and_dropped_improvements_do_not(self):
        series = {"wait": Observed([10, 30], period=MONTHS[:2])}
        dropped = attrs.evolve(DESK, stage="dropped")
        for improvements, expected in (((), 1), ((dropped,), 1), ((DESK,), 0)):
            card = scorecard(focus(WAIT, improvements=improvements), series)
            gaps = [row["gap"] for row in card.gaps(on="2025-03-01").to_dicts()]
            assert gaps.count("not met, no improvement") == expected
        year = {"wait": Observed([30, 20], period=["FY2025", "FY2026"])}
        summer = attrs.evolve(DESK, since="2025-08-01")
        for month, seen in ((7, False), (1, True)):  # July 2025 to June 2026, or all of 2026
            card = scorecard(focus(WAIT, improvements=[summer]), year, fiscal_start=month)
            assert ("done, no period since" not in str(card.gaps())) == seen
        waves = scorecard(
            focus(WAIT, improvements=[DESK]),
            {"wait": Observed([1, 2], period=["wave 1", "wave 2"])},
        )
        assert "done, no period since" not in str(waves.gaps())

    def test_a_change_puts_the_periods_since_against_as_many_before(self):
        changes = self.CARD.change_since("desk")
        assert list(changes) == ["kind", "wait"]
        kind = changes["kind"]
        q1 = data()["q1"]
        before, since = (
            top_box(Tally(q1.counts[rows].sum(axis=0), FIVE)) for rows in ([0, 1], [3, 4, 5])
        )
        expected = compare(since, before)
        assert (int(kind.periods_before), int(kind.periods_after)) == (2, 3)
        assert [float(kind.before), float(kind.after), float(kind.change)] == pytest.approx(
            [float(before), float(since), float(expected.value)]
        )
        assert [float(kind.change_low), float(kind.change_high)] == pytest.approx(
            [float(expected.low), float(expected.high)]
        )
        assert str(kind).endswith(
            "since 2025-08-01 (3 periods against 2 before); other causes not excluded"
        )
        assert "other causes not excluded" in kind.caption()

    def test_figures_are_compared_by_their_means(self):
        from scipy.stats import ttest_ind  # noqa: PLC0415, TID251 - another implementation

        wait = self.CARD.change_since(DESK)["wait"]
        limits = ttest_ind(WAITS[7:], WAITS[:7], equal_var=False).confidence_interval(0.95)
        assert float(wait.change) == pytest.approx(WAITS[7:].mean() - WAITS[:7].mean())
        assert (float(wait.change_low), float(wait.change_high)) == pytest.approx(tuple(limits))
        assert wait.how == "the means over periods"

    def test_records_are_put_together_by_group_within_the_phase(self):
        by = {"office": ["N"] * 6 + ["S"] * 2}
        period = [*MONTHS[:6], *MONTHS[:2]]
        rate = Rate([9, 8, 7, 4, 3, 2, 5, 5], 10, by=by, period=period)
        desk = attrs.evolve(DESK, since="2025-04-01")
        broken = attrs.evolve(WAIT, breaks={"2025-02": "counted anew"})
        card = scorecard(focus(broken, improvements=[desk]), {"wait": rate})
        north, south = card.change_since("desk")["wait"].to_dicts()
        assert (north["before"], north["after"]) == (0.75, 0.3)
        assert (north["periods_before"], north["periods_after"]) == (2, 3)
        assert north["change_low"] < north["change"] < north["change_high"]
        assert (south["change"], south["periods_after"]) == (None, 0)
        assert "periods before" in str(card.change_since("desk")["wait"])

    def test_what_can_t_be_compared_says_why(self):
        alone = attrs.evolve(DESK, since="2026-02-15")
        card = scorecard(focus(WAIT, improvements=[alone]), data() | {"q1": [5]})
        assert str(card.change_since("desk")["wait"]) == (
            "Wait: no periods to compare around 2026-02-15"
        )
        for given, said in (
            ({"wait": 3}, "not measured by period"),
            (
                {"wait": Observed([1, 2], period=["wave 1", "wave 2"])},
                "its periods are no days in order",
            ),
            ({}, "no data came for 'wait'"),
        ):
            card = scorecard(focus(WAIT, improvements=[DESK]), given)
            assert card.change_since("desk")["wait"].reason == said
        alike = scorecard(
            focus(WAIT, improvements=[DESK]), {"wait": Observed([5] * 14, period=MONTHS)}
        )
        change = alike.change_since("desk")["wait"]
        assert (float(change.change), np.isnan(change.change_low)) == (0, True)
        one = scorecard(focus(WAIT, improvements=[attrs.evolve(DESK, since="2026-02-01")]), data())
        assert "(1 period against 1 before)" in str(one.change_since("desk")["wait"])

    def test_an_improvement_needs_its_day(self):
        with pytest.raises(VocabularyError, match=r"'idea' must have the day .* give since="):
            self.CARD.change_since("idea")
        with pytest.raises(VocabularyError, match="unknown"):
            self.CARD.change_since("nothing")

    def test_charts_have_the_improvements_beside_them(self):
        found = self.CARD.chart(WAIT)
        assert found.event.tolist() == [*[""] * 7, "New desk", *[""] * 6]
        assert found.target == WAIT.target
        twice = attrs.evolve(DESK, id="sign", name="Signs")
        card = scorecard(focus(WAIT, improvements=[DESK, twice]), {"wait": data()["wait"]})
        assert card.chart("wait", kind="run", baseline=8).event[7] == "New desk; Signs"
        assert self.CARD.chart("doses").event.tolist() == [""] * 6
        with pytest.raises(VocabularyError, match="unknown PerformanceMeasure id 'wiat'"):
            self.CARD.chart("wiat")
        with pytest.raises(LabelError, match="a chart needs the key 'period'"):
            self.CARD.chart("replies")
        empty = scorecard(focus(WAIT), {})
        with pytest.raises(TallyError, match="chart takes an estimate"):
            empty.chart("wait")


class TestEvents:
    SERIES = Observed([1, 2, 3], period=MONTHS[:3])

    def test_they_stand_in_the_period_that_holds_their_day(self):
        events = {
            "2025-02": "sale",
            "2025-02-11": "storm",
            "2024-12-31": "before",
            "2025-04": "after",
        }
        assert chart(self.SERIES, events=events).event.tolist() == ["", "sale; storm", ""]
        assert "sale" not in str(chart(self.SERIES))
        waves = Observed([1, 2], period=["wave 1", "wave 2"])
        assert chart(waves, events={"wave 2": "sale"}).event.tolist() == ["", "sale"]

    @pytest.mark.parametrize(
        ("events", "kind", "said"),
        [
            (["sale"], OptionError, "events must be texts by period or day, got"),
            ({"2025-02": ""}, OptionError, "an event must be a text, got '' for '2025-02'"),
            ({"soon": "sale"}, LabelError, "unknown period in events 'soon'"),
        ],
    )
    def test_wrong_ones_are_named(self, events, kind, said):
        with pytest.raises(kind, match=said):
            chart(self.SERIES, events=events)
