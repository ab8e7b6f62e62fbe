"""Charts of results by period: the chart that fits, its lines and marks, phases, readings."""

import numpy as np
import pytest

from custfocus import Scale, Scoring, SurveyDesign, Tally, Target, csat, estimate, verdict
from custfocus.charts import RULE_SETS, Rule, RuleSet, false_alarms
from custfocus.errors import LabelError, OptionError, TallyError
from custfocus.progress import chart
from custfocus.quantities import Amounts, Observed, Rate, Ratio, StandardisedRate, proportion
from custfocus.surveys import SurveyTally

PTD = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
WAITS = [62, 60, 63, 61, 59, 62, 60, 61, 58, 57, 56, 55, 54, 53, 52, 55, 54, 53, 55, 54, 56, 53]
WAITS += [54, 55]
NOT_HURT = [266501, 264225, 276532, 281461, 269071, 261215, 270409, 279778, 270483, 270320]
NOT_HURT += [267923, 271478, 255353, 256820, 261835, 259144, 255910, 260863, 264465, 260989]
ACCIDENTS = [280443, 276823, 291681, 296155, 282343, 275888, 283867, 295251, 284468, 282529]
ACCIDENTS += [279618, 283932, 266629, 268091, 276803, 271578, 266005, 273520, 278574, 273772]
COMPLAINTS = [426, 543, 428, 67, 303, 481, 304, 718, 681, 1030, 704, 1062, 1085, 1311, 1309, 1342]
COMPLAINTS += [1740, 1468, 1364, 1824]
SALES = [90, 110, 90, 40, 60, 70, 90, 120, 150, 210, 190, 250, 220, 210, 230, 220, 310, 330, 320]
SALES = [1000 * one for one in [*SALES, 330]]
TWENTY = range(1, 21)

FITTING = (
    "takes shares of a tally, got an Observed of other data; leave out kind=, or choose from: "
    "'run' (any data), 'xmr' (any data)"
)


def observed(values, **options):
    """Numbers by period, numbered from 1."""
    return Observed(values, period=range(1, len(values) + 1), **options)


def marked(found):
    """The periods that are marked, by rule."""
    by_rule = {}
    for row in found.to_dicts():
        if row["mark"]:
            by_rule.setdefault(row["mark"], []).append(row["period"])
    return by_rule


def shares(counts, sizes, **options):
    return proportion(counts, sizes, period=range(1, len(counts) + 1), **options)


def kinds(found):
    return np.unique(found.kind).tolist()


class TestReferenceSeries:
    def test_the_vignette_of_the_r_package_with_and_without_screening(self):
        plain, screened = chart(observed(PTD)), chart(observed(PTD), rule_set="ptd-0.2.2")
        assert plain.center[0] == pytest.approx(1.944444, abs=1e-6)
        assert (plain.limit_low[0], plain.limit_high[17]) == pytest.approx(
            (-3.062614, 6.951503), abs=2e-6
        )
        assert (screened.limit_low[0], screened.limit_high[0]) == pytest.approx(
            (-0.715556, 4.604444), abs=2e-6
        )
        assert marked(plain)["beyond_limits"] == marked(screened)["beyond_limits"] == [5]
        assert plain.caption().startswith("value, XmR chart; rules anhoej-3sigma: ")

    def test_accidents_as_shares_and_with_the_spread_between_periods(self):
        given = shares(NOT_HURT, ACCIDENTS)
        prime, plain = chart(given), chart(given, kind="p")
        assert kinds(prime) == ["p-prime"]
        assert plain.metric.unit == "percent"
        assert plain.center[0] == pytest.approx(95.2899711, abs=1e-7)
        assert (plain.limit_low[0], plain.limit_high[0]) == pytest.approx(
            (95.1699565, 95.4099858), abs=1e-7
        )
        assert len(marked(plain)["beyond_limits"]) == 16
        assert (prime.limit_low[0], prime.limit_high[0]) == pytest.approx(
            (94.0129644, 96.5669779), abs=1e-6
        )
        assert "beyond_limits" not in marked(prime)
        assert any("use the p' or u' chart" in note for note in plain.notes)

    def test_complaints_by_sales_and_with_the_spread_between_periods(self):
        given = Rate(COMPLAINTS, SALES, per=1000, period=TWENTY, name="complaints")
        prime, plain = chart(given), chart(given, kind="u")
        assert kinds(prime) == ["u-prime"]
        assert plain.center[0] == pytest.approx(4.997253, abs=1e-6)
        assert (plain.limit_low[0], plain.limit_high[0]) == pytest.approx(
            (4.290340, 5.704165), abs=1e-6
        )
        assert len(marked(plain)["beyond_limits"]) == 13
        assert (prime.limit_low[0], prime.limit_high[0]) == pytest.approx(
            (1.238321, 8.756184), abs=1e-6
        )
        assert "beyond_limits" not in marked(prime)

    def test_means_of_unequal_numbers(self):
        y = [78.2, 80.1, 76.9, 79.5, 81.2, 77.7, 80.8, 79.9, 75.1, 82.3, 80, 78.8]
        n = [120, 95, 60, 150, 80, 45, 200, 110, 40, 75, 130, 90]
        found = chart(observed(y, n=n))
        assert kinds(found) == ["i-prime"]
        assert found.center[0] == pytest.approx(79.617155, abs=1e-6)
        assert (found.limit_low[8], found.limit_high[8]) == pytest.approx(
            (69.074054, 90.160256), abs=1e-5
        )

    def test_the_marks_of_the_r_package_and_of_a_frozen_baseline(self):
        found = chart(observed(WAITS), rule_set="ptd-0.2.2")
        assert marked(found) == {
            "beyond_limits": [1, 3, 6, 15],
            "two_of_three": [2, 4, 7],
            "run_on_one_side": [5, *range(16, 25)],
            "trend": [*range(8, 15)],
        }
        frozen = chart(observed(WAITS), rule_set="nhs-mdc-2024", baseline=12)
        assert frozen.center[-1] == pytest.approx(59.5)
        assert (frozen.limit_low[-1], frozen.limit_high[-1]) == pytest.approx(
            (54.421818, 64.578182), abs=1e-6
        )
        assert marked(frozen) == {
            "trend": [*range(8, 13)],
            "beyond_limits": [13, 14, 15, 17, 18, 20, 22, 23],
            "two_of_three": [16, 19, 21, 24],
        }
        assert "limits from the first 12 points" in frozen.caption()
        assert frozen.caption().endswith("% show a mark, more with limits from a baseline")

    def test_a_run_chart_has_the_median_and_no_limits(self):
        months = [5, 6, 5, 7, 6, 6, 8, 5, 6, 7, 9, 6, 8, 7, 9, 8, 7, 6, 9, 8]
        found = chart(observed(months), kind="run")
        assert set(found.center) == {7}
        assert np.isnan(found.limit_low).all()
        assert not marked(found)
        assert not any("limit" in note for note in found.notes)
        assert found.caption().startswith("value, run chart;")


class TestWhichChart:
    def test_a_share_has_a_p_chart_and_thousands_or_more_spread_p_prime(self):
        rng = np.random.default_rng(3)
        few = chart(shares(rng.binomial(100, 0.3, 24), [100] * 24))
        many = chart(shares(rng.binomial(2000, 0.3, 24), [2000] * 24))
        spread = chart(shares([20, 40] * 12, [100] * 24))
        assert [kinds(one) for one in (few, many, spread)] == [["p"], ["p-prime"], ["p-prime"]]

    def test_half_of_the_periods_with_a_thousand_answers_are_enough(self):
        k = [300, 310, 295, 305] * 3
        assert kinds(chart(shares(k, [1000, 1000, 999, 999] * 3))) == ["p-prime"]
        assert kinds(chart(shares(k, [1000, 999, 999, 999] * 3))) == ["p"]

    def test_a_share_of_an_estimate_is_counted_and_a_mean_is_not(self):
        tally = Tally([[3, 7, 10]] * 12, Scale.likert(3), by={"period": range(12)})
        top, mean = estimate(tally, Scoring.top_box(tally.scale, 1)), csat(tally, boxes=1)
        score = estimate(tally, Scoring.mean(tally.scale))
        assert [kinds(chart(one)) for one in (top, mean, score)] == [["p"], ["p"], ["i-prime"]]
        assert chart(top).value == pytest.approx([50] * 12)
        assert chart(top).n.tolist() == [20] * 12
        assert chart(top).limit_high[0] == pytest.approx(50 + 300 * np.sqrt(0.25 / 20))

    def test_a_share_of_low_points_counts_these(self):
        tally = Tally([[3, 7]] * 12, Scale.likert(2), by={"period": range(12)})
        found = chart(estimate(tally, Scoring.bottom_box(tally.scale, 1)))
        assert found.center[0] == pytest.approx(30)

    def test_two_scores_other_than_0_and_100_keep_their_unit(self):
        tally = Tally([[3, 7]] * 12, Scale.likert(2), by={"period": range(12)})
        found = chart(estimate(tally, Scoring(tally.scale, [10, 30], name="points")))
        assert kinds(found) == ["p"]
        assert found.center[0] == pytest.approx(24)
        assert found.limit_low[0] == pytest.approx(10 + 20 * (0.7 - 3 * np.sqrt(0.021)))
        assert found.limit_high[0] == 30

    def test_rates_of_equal_exposure_have_a_c_chart_in_the_unit_of_the_rate(self):
        events = [16, 12, 20, 15, 17, 16] * 2
        found = chart(Rate(events, [4] * 12, per=2, period=range(12)))
        assert kinds(found) == ["c"]
        assert found.value[1] == 6
        assert (found.center[0], found.limit_low[0], found.limit_high[0]) == (8, 2, 14)
        unequal = chart(Rate([16, 20, 18, 19, 15, 21] * 2, [4, 5] * 6, per=2, period=range(12)))
        assert kinds(unequal) == ["u"]

    def test_amounts_and_ratios_are_weighed_by_what_they_are_of(self):
        months = np.repeat(range(12), 3)
        amounts = chart(Amounts.of(range(36), period=months))
        ratio = chart(Ratio.of(range(36), [2] * 36, period=months))
        assert kinds(amounts) == kinds(ratio) == ["i-prime"]
        assert amounts.center[0] == pytest.approx(17.5)
        assert ratio.center[0] == pytest.approx(8.75)

    def test_ratios_weigh_by_their_denominators(self):
        ratio = Ratio.of([10, 10, 30, 50], [10, 10, 10, 20], period=[1, 1, 2, 3])
        assert chart(ratio).center[0] == pytest.approx(100 / 50)

    def test_single_numbers_have_an_xmr_chart(self):
        rates = StandardisedRate([[12, 30]] * 4, [[5000, 4000]] * 4, [60, 40], period=range(4))
        assert kinds(chart(rates)) == ["xmr"]
        assert kinds(chart(observed([5, 6, 7], n=[3, np.nan, 4]))) == ["xmr"]

    def test_a_survey_is_charted_as_means_of_its_effective_numbers(self):
        rng = np.random.default_rng(5)
        answers, weights = rng.integers(1, 3, 480), rng.choice([1.0, 4.0], 480)
        months = {"period": np.repeat(range(12), 40)}
        survey = SurveyTally.of(answers, SurveyDesign(weights), Scale.likert(2), by=months)
        share = csat(survey, boxes=1)
        found = chart(share)
        assert kinds(found) == ["i-prime"]
        assert found.center[0] == pytest.approx(np.average(share.value, weights=share.effective_n))
        with pytest.raises(OptionError, match="kind 'p' takes shares of a tally, got an Estimate"):
            chart(share, kind="p")

    @pytest.mark.parametrize(
        ("given", "kind", "message"),
        [
            (observed([5, 6]), "p", FITTING),
            (observed([5, 6]), "i-prime", "takes values whose n is known"),
            (observed([5, 6]), "u", "takes rates"),
            (Rate([1, 2], [3, 4], period=[1, 2]), "c", "takes rates of equal exposure"),
            (shares([1, 2], [3, 4]), "u-prime", "takes rates"),
            (observed([5, 6]), "xbar", "unknown kind 'xbar'"),
        ],
    )  # fmt: skip
    def test_a_chart_that_does_not_fit_is_an_error_with_those_that_do(self, given, kind, message):
        with pytest.raises(OptionError) as error:
            chart(given, kind=kind)
        assert message in str(error.value)


class TestGroups:
    def groups(self):
        rng = np.random.default_rng(8)
        sizes = rng.integers(80, 120, (3, 24))
        counts = rng.binomial(sizes, [[0.2], [0.5], [0.9]])
        counts[1, 12:] = sizes[1, 12:] - counts[1, 12:] // 9
        by = {"shop": np.repeat([*"abc"], 24), "period": np.tile(range(24), 3)}
        return proportion(counts.ravel(), sizes.ravel(), by=by)

    def test_each_group_is_what_it_is_alone(self):
        given = self.groups()
        options = {"breaks": {12: "moved"}, "target": Target.at_least(50)}
        together = chart(given, **options)
        assert kinds(together) == ["p", "p-prime"]
        for shop in "abc":
            alone = chart(given.sel(shop=shop), **options)
            part = together.sel(shop=shop)
            assert part.to_dicts() == alone.to_dicts()
            assert part.readings() == alone.readings()
            assert part.notes == alone.notes
            assert part.caption() == alone.caption()

    def test_notes_say_which_groups_they_are_of(self):
        alike, other = list(range(24)), [1, 2, 1, 3, 2, 1, 3, 2] * 3
        by = {"shop": np.repeat(["rising", "steady"], 24), "period": np.tile(range(24), 2)}
        notes = chart(Observed([*alike, *other], by=by)).notes
        assert any(note.startswith("rising: neighbouring periods are alike") for note in notes)

    def test_a_period_that_a_group_lacks_is_a_gap(self):
        by = {"shop": [*"aaab"], "period": [1, 2, 3, 2]}
        found = chart(Observed([5, 6, 8, 1], by=by))
        assert [*found.keys] == [*(("a", at) for at in (1, 2, 3)), *(("b", at) for at in (1, 2, 3))]
        assert [row["value"] for row in found.to_dicts()] == [5, 6, 8, None, 1, None]
        assert found.readings().latest.tolist() == ["3", "2"]

    def test_no_range_is_taken_across_a_gap(self):
        values = [5, 6, 5, 6, 5, 6, np.nan, 20, 21, 20, 21, 20, 21]
        found = chart(observed(values))
        assert found.limit_high[0] - found.center[0] == pytest.approx(2.66)
        assert not any("fewer than one event" in note for note in found.notes)

    def test_a_month_without_cases_is_no_rare_event(self):
        k, n = [12, 15, 11, 14, 13, 12, 0, 14, 12, 15, 13, 14, 12], [50] * 13
        n[6] = 0
        found = chart(shares(k, n))
        assert np.isnan(found.value[6])
        assert found.readings().points == 12
        assert not any("fewer than one event" in note for note in found.notes)

    def test_declared_periods_without_a_row_are_gaps_but_not_before_the_first(self):
        import pandas as pd  # noqa: PLC0415

        months = pd.Categorical(["Feb", "Apr"], ["Jan", "Feb", "Mar", "Apr", "May"], ordered=True)
        by = {"shop": ["a", "a"], "period": months}
        found = chart(Observed([5, 6], by=by))
        assert found.keys.labels("period") == ["Feb", "Mar", "Apr"]

    def test_all_groups_without_values_are_charts_without_lines(self):
        found = chart(observed([np.nan, np.nan]))
        assert np.isnan(found.center).all()
        assert str(found.readings()).startswith("value: no values")


class TestPhases:
    def test_a_break_begins_a_phase_with_its_own_lines_and_reason(self):
        found = chart(observed(WAITS), breaks={13: "another hotline"})
        assert found.phase.tolist() == [1] * 12 + [2] * 12
        assert found.center[0] == pytest.approx(59.5)
        assert found.center[-1] == pytest.approx(54)
        rows = found.to_dicts()
        assert [row["period"] for row in rows if row["break"]] == [13]
        assert rows[12]["break"] == "another hotline"
        assert "new phase from 13: another hotline" in found.notes
        assert "in 2 phases" in found.caption()
        assert "phase" in str(found).split("\n", maxsplit=1)[0].split()

    def test_the_figure_of_two_phases_is_that_of_either(self):
        found = chart(observed(WAITS), breaks={13: "another hotline"})
        of_one = float(false_alarms(12)) / 100
        assert found.readings().false_alarms == pytest.approx(100 * (1 - (1 - of_one) ** 2))

    def test_a_phase_of_few_points_has_no_limits_and_no_marks(self):
        found = chart(observed([*WAITS, 90]), breaks={16: "moved"})
        assert np.isnan(found.limit_low[15:]).all()
        assert not np.isnan(found.limit_low[:15]).any()
        assert not np.isnan(found.center).any()
        eleven = chart(observed([5] * 10 + [90]))
        assert not marked(eleven)
        assert "no limits and no marks in a phase of fewer than 12 points" in eleven.notes
        assert eleven.caption().endswith("too few points to mark any")
        assert not any("trial" in note or "no variation" in note for note in eleven.notes)

    def test_a_run_chart_of_few_points_says_only_that_there_are_no_marks(self):
        found = chart(observed([5, 6, 7]), kind="run")
        assert found.notes == ("no marks in a phase of fewer than 12 points",)

    def test_limits_from_a_short_baseline_are_trial_limits(self):
        found = chart(observed(WAITS), baseline=6)
        assert "trial limits: they rest on fewer than 12 points" in found.notes
        assert not np.isnan(found.limit_low).any()

    def test_a_set_with_its_own_least_number_of_points_has_its_own_limits(self):
        found = chart(observed([5, 6, 5, 6, 5, 6, 5, 60]), rule_set="ptd-0.2.2")
        assert marked(found)["beyond_limits"] == [*range(1, 9)]
        assert found.caption().endswith("how often a stable series shows a mark is not known")
        twelve = chart(observed(WAITS[:12]), rule_set="nhs-mdc-2024")
        assert "no limits and no marks in a phase of fewer than 13 points" in twelve.notes

    @pytest.mark.parametrize(
        ("breaks", "kind", "message"),
        [
            ({30: "moved"}, LabelError, "unknown period in breaks 30"),
            ({1: "moved"}, OptionError, "a break must come after the first period, got 1"),
            ({3: ""}, OptionError, "a break needs its reason as a text, got '' for 3"),
            ({3: 5}, OptionError, "a break needs its reason as a text, got 5 for 3"),
            ([3], OptionError, "breaks must be reasons by the period at which a new phase begins"),
        ],
    )
    def test_breaks_that_can_not_be_are_errors(self, breaks, kind, message):
        with pytest.raises(kind) as error:
            chart(observed(WAITS), breaks=breaks)
        assert message in str(error.value)

    def test_baselines_and_targets_that_can_not_be_are_errors(self):
        with pytest.raises(OptionError, match="baseline must be a number of first points"):
            chart(observed(WAITS), baseline=1)
        with pytest.raises(OptionError, match=r"target must be a Target, got 60; write target="):
            chart(observed(WAITS), target=60)


class TestReadings:
    def test_directions_come_from_the_metric_and_a_target_goes_before(self):
        rate = Rate([*[20, 18, 22] * 6, 60], [1] * 19, period=range(19))
        figure = observed([*[20, 18, 22] * 6, 60])
        readings = [
            chart(rate).reading[-1],
            chart(figure).reading[-1],
            chart(figure, target=Target.at_most(30)).reading[-1],
            chart(rate, target=Target.at_least(15)).reading[-1],
        ]
        assert readings == ["concern", "improvement", "concern", "improvement"]
        assert chart(figure).signal[-1] == "high"
        assert chart(figure).readings().variation == "improvement"

    @pytest.mark.parametrize(
        ("target", "reading"),
        [
            (Target.between(15, 40), "concern"),  # beyond the range around the centre
            (Target.between(15, 70), ""),  # still within it
            (Target.between(40, 70), "improvement"),  # towards a range above the centre
            (Target.between(1, 5), "concern"),  # away from one below
        ],
    )
    def test_within_a_range_a_mark_is_read_by_where_it_leads(self, target, reading):
        found = chart(observed([*[20, 18, 22] * 6, 60]), target=target)
        assert found.reading[-1] == reading
        assert found.readings().variation == (reading or "special cause")

    def test_a_low_mark_leads_towards_a_range_below(self):
        found = chart(observed([*[20, 18, 22] * 6, 3]), target=Target.between(1, 5))
        assert (found.signal[-1], found.reading[-1]) == ("low", "improvement")
        assert found.readings().variation == "improvement"

    def test_conflicting_rules_are_an_improvement_where_the_set_says_so(self):
        rules = RuleSet(
            id="own", version="1", source="made up",
            rules=(Rule("beyond_limits"),
                   Rule("trend", {"length": 4, "ties": "break", "mark": "all"})),
            conflict="improvement",
        )  # fmt: skip
        values = [20, 21, 20, 21, 20, 21, 20, 21, 20, 21, 20, 21, 5, 6, 7, 8, 20, 21, 20, 21]
        found = chart(observed(values), rule_set=rules)
        both = chart(observed(values), rule_set="nelson")
        assert found.mark[12] == "beyond_limits"
        assert found.reading[12] == "improvement"
        assert both.reading[12] == "concern"
        assert found.caption().endswith("how often a stable series shows a mark is not known")

    def test_assurance_is_read_in_the_unit_of_the_metric(self):
        rng = np.random.default_rng(1)
        given = shares(rng.binomial(100, 0.8, 24), [100] * 24)
        words = [
            chart(given, target=Target.at_least(at)).readings().assurance.item()
            for at in (60, 80, 95)
        ]
        assert words == ["consistently meets", "hit and miss", "consistently misses"]
        rate = Rate([16, 12, 20, 15, 17, 16] * 2, [4] * 12, per=2, period=range(12))
        assert chart(rate, target=Target.at_most(14)).readings().assurance == "consistently meets"
        assert chart(rate, target=Target.at_most(13)).readings().assurance == "hit and miss"
        assert chart(rate).readings().assurance == ""

    def test_a_row_for_each_group_with_what_is_latest(self):
        by = {"shop": np.repeat([*"ab"], 24), "period": np.tile(range(24), 2)}
        values = [*WAITS, *WAITS[::-1]]
        found = chart(Observed(values, by=by, name="wait"), target=Target.at_most(60)).readings()
        assert found.value.tolist() == [55, 62]
        assert found.latest.tolist() == ["23", "23"]
        assert found.marks.tolist() == [24, 24]
        assert found.points.tolist() == [24, 24]
        assert "target at most 60" in found.caption()
        assert str(found).split("\n")[2].split()[-2:] == ["24", "24"]
        assert [row["assurance"] for row in found.to_dicts()] == ["hit and miss"] * 2

    def test_one_series_reads_as_a_sentence(self):
        given = observed(WAITS, name="wait", unit="minutes")
        found = chart(given, baseline=12, target=Target.at_most(60)).readings()
        first = str(found).split("\n")[0]
        assert first == "wait 55.0 in 24: improvement, hit and miss (target at most 60)"

    def test_chosen_periods_keep_the_readings_of_their_series(self):
        by = {"shop": np.repeat([*"ab"], 24), "period": np.tile(range(24), 2)}
        whole = chart(Observed([*WAITS, *WAITS[::-1]], by=by))
        assert whole.sel(period=[0, 1]).readings() == whole.readings()
        assert whole.sel(period=3).readings() == whole.readings()
        assert whole.sel(shop="b").readings() == whole.readings().sel(shop="b")
        assert whole[30:].readings() == whole.readings().sel(shop=["b"])
        assert whole[30].readings() == whole.readings()[1]
        assert len(whole[:0].readings()) == 0
        assert "chart" in whole[:0].caption()

    def test_each_chart_has_the_figure_of_its_own_points(self):
        assert (
            chart(observed(WAITS))
            .caption()
            .endswith("of stable series of 24 points 8 % show a mark")
        )
        by = {"shop": [*"a" * 24, *"b" * 12], "period": [*range(24), *range(12)]}
        caption = chart(Observed([*WAITS, *WAITS[:12]], by=by)).caption()
        assert caption.endswith("of stable series of 12 to 24 points 4 to 8 % show a mark")

    def test_a_metric_without_variation_is_printed_as_it_is(self):
        found = chart(observed([5] * 12))
        assert any(note.startswith("no variation in the baseline") for note in found.notes)
        assert "5 " in str(found)


class TestWhatIsNoSeries:
    @pytest.mark.parametrize(
        ("given", "kind", "message"),
        [
            (5, TallyError, "got an int; write chart(csat(answers, by={'period': months}))"),
            (Tally([1, 2, 3], Scale.likert(3)), TallyError, "got a Tally; write chart(csat("),
            (verdict(observed([5, 6]), Target.at_most(6)), TallyError,
             "got a Verdict; write chart(verdict.estimate, target=verdict.target)"),
            (Observed([5, 6], by=[*"ab"]), LabelError,
             "a chart needs the key 'period', got 'group'; make the data with period=months"),
            (Observed(5), LabelError, "got a single row; make"),
            (csat([5, 4, 3]), LabelError, "make the data with by={'period': months}"),
            (proportion(3, 5), LabelError, "make the data with by={'period': months}"),
            (observed([5, 6]).sel(period=1), LabelError,
             "a chart needs several periods, got 1 alone; leave out sel(period=...)"),
            (observed([5, 6])[:0], TallyError, "needs periods, got an Observed without rows"),
        ],
    )  # fmt: skip
    def test_the_error_shows_the_right_call(self, given, kind, message):
        with pytest.raises(kind) as error:
            chart(given)
        assert message in str(error.value)

    def test_an_unknown_rule_set_is_an_error(self):
        with pytest.raises(OptionError, match="unknown rule set 'nelsn'; did you mean 'nelson'"):
            chart(observed(WAITS), rule_set="nelsn")
        assert chart(observed(WAITS), rule_set=RULE_SETS["nelson"]) == chart(
            observed(WAITS), rule_set="nelson"
        )
