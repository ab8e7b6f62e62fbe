"""Charts: degenerate series, gaps, phases, options, and the laws that marks obey."""

import copy
import itertools
import pickle

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custfocus.charts import (
    RULE_SETS,
    Rule,
    RuleSet,
    alternating,
    assurance,
    autocorrelation,
    beyond_limits,
    beyond_one_sigma,
    c_limits,
    few_crossings,
    four_of_five,
    i_prime_limits,
    limits_notes,
    long_run,
    p_limits,
    p_prime_limits,
    points_of,
    run_limits,
    run_on_one_side,
    runs_analysis,
    series_notes,
    skewness,
    special_causes,
    trend,
    two_of_three,
    u_limits,
    u_prime_limits,
    variation,
    within_one_sigma,
    xmr_limits,
)
from custfocus.charts.patterns import OPTIONS, RULES
from custfocus.errors import OptionError, TallyError

law = settings(derandomize=True, deadline=None, max_examples=40, database=None)
NAN = np.nan
NORMAL = np.random.default_rng(5).normal(size=24)

# Whole numbers, so that shifting and scaling by powers of two are exact; gaps among them
a_value = st.one_of(st.integers(-8, 8), st.integers(-30, 30), st.just(NAN))
a_series = st.lists(a_value, min_size=14, max_size=40).map(lambda y: np.array(y, float))
a_rule_set = st.sampled_from(sorted(RULE_SETS))

TREND = {"length": 6, "ties": "break", "mark": "all"}
EVERY = {
    "beyond_limits": {},
    "two_of_three": {"version": "third-anywhere", "mark": "all"},
    "four_of_five": {"mark": "all"},
    "run_on_one_side": {"length": 5, "on_centre": "break", "mark": "all"},
    "trend": TREND,
    "alternating": {"length": 4, "mark": "all"},
    "within_one_sigma": {"length": 5, "mark": "all"},
    "beyond_one_sigma": {"length": 3, "mark": "all"},
    "long_run": {"centre": "median"},
    "few_crossings": {"centre": "chart"},
}
SAME_SIDE = {"version": "same-side", "mark": "all"}


def marked(marks):
    """The marked periods, counted from 1."""
    return (np.flatnonzero(marks) + 1).tolist()


def judged(values, rule_set, **options):
    found = special_causes(values, xmr_limits(values, **options), rule_set)
    return found.codes.tolist(), found.direction.tolist()


class TestDegenerateSeries:
    @pytest.mark.parametrize("screened", [False, True])
    @pytest.mark.parametrize("value", [0.0, 0.1, 99.9, -1e9])
    def test_equal_values_have_the_centre_as_limits_and_no_marks(self, value, screened):
        values = np.full(24, value)
        limits = xmr_limits(values, screened=screened)
        assert (limits.low == limits.centre).all()
        assert (limits.high == limits.centre).all()
        for rule_set in RULE_SETS:
            assert not special_causes(values, limits, rule_set).any

    @pytest.mark.parametrize("rule_set", ["anhoej-3sigma", "nelson", "nhs-mdc-2024"])
    def test_after_equal_values_whatever_differs_is_marked_and_only_that(self, rule_set):
        values = np.array([0.1] * 12 + [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.1, 0.05])
        causes = special_causes(values, xmr_limits(values, baseline=12), rule_set)
        assert set(causes.rules) == {"", "beyond_limits"}
        assert marked(causes.codes >= 0) == [14, 15, 16, 17, 18, 19, 20, 22]
        assert causes.direction[[13, 21]].tolist() == [1, -1]

    @pytest.mark.parametrize(
        "limits",
        [
            xmr_limits([3]),
            xmr_limits([3, NAN, 4, NAN]),
            i_prime_limits([3], 5),
            p_limits([3], 50),
            p_prime_limits([30, NAN, 20], 50),
            c_limits([9]),
            u_prime_limits([9, NAN], 4),
        ],
        ids=lambda limits: limits.chart,
    )
    def test_without_neighbours_there_are_no_limits(self, limits):
        assert np.isnan([limits.low, limits.high, limits.sigma]).all()

    @pytest.mark.parametrize("chart", [p_limits, p_prime_limits])
    @pytest.mark.parametrize(("share", "note"), [(0, "no event"), (1, "nothing but events")])
    def test_no_event_or_nothing_but_events_is_no_limits(self, chart, share, note):
        events = np.array([50 * share] * 12 + [50 - 45 * share] * 2)
        limits = chart(events, 50, baseline=12)
        assert np.isnan([limits.low, limits.high]).all()
        assert (limits.centre == share).all()
        assert not beyond_limits(points_of(events, 50), limits).any()
        [text] = limits_notes(limits).item()
        assert note in text

    @pytest.mark.parametrize("limits", [c_limits([0] * 12), u_limits([0] * 12, 3.5)])
    def test_no_count_at_all_is_no_limits(self, limits):
        assert np.isnan([limits.low, limits.high]).all()
        assert "no event" in limits_notes(limits).item()[0]

    @pytest.mark.parametrize(
        ("chart", "size"),
        [(p_limits, 0), (p_prime_limits, 0), (u_prime_limits, 0), (u_limits, NAN)],
    )
    def test_a_size_of_nothing_is_a_missing_period(self, chart, size):
        events = np.array([8, 12, 9, 15, 0, 11, 7, 10, 9, 14, 12, 6, 10])
        sizes = np.full(13, 100.0)
        sizes[4] = size
        limits, without = chart(events, sizes), chart(np.delete(events, 4), np.delete(sizes, 4))
        assert limits.centre[0] == without.centre[0]
        assert np.isnan([limits.low[4], limits.high[4]]).all()
        assert np.isfinite(np.delete(limits.low, 4)).all()
        # no range across the gap: the ranges of neighbours on either side alone
        gap = events.astype(float)
        gap[4] = NAN
        np.testing.assert_array_equal(limits.sigma_z, chart(gap, 100).sigma_z)
        assert limits.sigma_z[0] != without.sigma_z[0]
        assert limits.missing.tolist() == [place == 4 for place in range(13)]
        assert not any("fewer than one event" in text for text in limits_notes(limits).item())

    def test_points_too_small_for_limits_have_none_and_others_keep_theirs(self):
        events, sizes = [4, 6, 5, 1, 5, 0], [40, 60, 50, 1, 50, 9]
        limits = p_limits(events, sizes)
        assert np.isnan(limits.low).tolist() == [False, False, False, True, False, True]
        assert marked(beyond_limits(points_of(events, sizes), limits)) == []
        assert any("fewer than one event" in text for text in limits_notes(limits).item())
        mirrored = p_limits(np.subtract(sizes, events), sizes)
        np.testing.assert_array_equal(np.isnan(mirrored.low), np.isnan(limits.low))

    def test_rates_with_less_than_one_event_expected_have_no_limits(self):
        assert np.isnan(c_limits([1, 0, 1, 0, 1, 0]).high).all()
        assert np.isnan(u_limits([8, 9, 0], [8, 9, 0.5]).high).tolist() == [False, False, True]

    def test_all_missing_is_no_lines_and_no_marks(self):
        values = np.full(14, NAN)
        limits = xmr_limits(values)
        assert np.isnan(limits.centre).all()
        for rule_set in RULE_SETS:
            causes = special_causes(values, limits, rule_set)
            assert not causes.any
            assert variation(causes, "higher").item() is None
        assert np.isnan(run_limits(values).centre).all()
        assert runs_analysis(values, run_limits(values)).longest_run_limit.tolist() == [0] * 14
        assert series_notes(values).item() == limits_notes(limits).item() == ()

    def test_no_series_are_no_marks(self):
        values = np.empty((0, 14))
        assert special_causes(values, xmr_limits(values)).codes.shape == (0, 14)
        assert series_notes(values).shape == (0,)

    def test_limits_stay_within_what_shares_and_counts_can_be(self):
        limits = p_limits([48, 49, 47, 48, 49, 48], 50)
        assert limits.high.tolist() == [1] * 6
        assert c_limits([2, 3, 4]).low.tolist() == [0] * 3


class TestGapsAndEdges:
    def test_no_moving_range_across_a_gap(self):
        limits = xmr_limits([1, 2, 1, NAN, 11, 12, 11])
        assert limits.sigma[0] == pytest.approx(2.66 / 3)

    def test_a_point_on_a_line_lies_within(self):
        values = np.array([4.0, 6] * 6 + [5])
        limits = xmr_limits(values[:12])
        ends = [limits.high[0], limits.low[0], limits.high[0] * (1 + 1e-8), 5, 5]
        values = np.append(values[:12], ends)
        assert marked(beyond_limits(values, xmr_limits(values, baseline=12))) == [15]

    def test_a_gap_neither_breaks_nor_lengthens_a_run_and_breaks_a_trend(self):
        values = np.array([1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9.0])
        gap = np.insert(values, 9, NAN)
        assert marked(run_on_one_side(gap, run_limits(gap), length=6)) == [
            1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13,
        ]  # fmt: skip
        assert not run_on_one_side(gap, run_limits(gap), length=7).any()
        rising = np.arange(12.0)
        assert trend(rising, run_limits(rising), length=12).all()
        rising[6] = NAN
        assert marked(trend(rising, run_limits(rising))) == [1, 2, 3, 4, 5, 6]

    @pytest.mark.parametrize("ties", ["break", "skip"])
    def test_a_gap_breaks_a_trend_whatever_ties_do(self, ties):
        values = [1, 2, 3, NAN, 4, 5, 6]
        assert not trend(values, run_limits(values), ties=ties).any()

    def test_where_one_trend_ends_and_another_begins_the_move_to_the_right_decides(self):
        values = np.array([1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 2.0])
        rules = RuleSet(
            id="trend", version="", source="", rules=[Rule("trend", TREND)], fewest_points=2
        )
        causes = special_causes(values, xmr_limits(values), rules)
        assert causes.direction.tolist() == [1] * 5 + [-1] * 6 + [0]
        last = attrs.evolve(rules, rules=[Rule("trend", {**TREND, "mark": "last"})])
        assert marked(special_causes(values, xmr_limits(values), last).codes == 0) == [6, 11]

    def test_two_of_three_may_be_complete_with_the_first_two_points(self):
        values = np.array([10, 10] + [4, 6] * 6, float)
        limits = xmr_limits(values, screened=True)
        assert marked(two_of_three(values, limits)) == [2]
        assert marked(two_of_three(values, limits, mark="all")) == [1, 2]
        assert marked(two_of_three(values, limits, version="same-side")) == []

    def test_two_of_three_by_its_versions(self):
        values = np.array([4, 6] * 6 + [8.9, 4, 8.8, 5.5, 9.5, 8.9, 1.2, 8.9])
        limits = xmr_limits(values, baseline=12)
        lines = limits.centre[0] + np.array([2, 3]) * limits.sigma[0]
        assert lines == pytest.approx([5 + 4 * 2.66 / 3, 5 + 2 * 2.66])
        # fmt: off
        assert marked(two_of_three(values, limits)) == [15, 17, 18, 20]
        assert marked(two_of_three(values, limits, mark="all")) == [13, 15, 17, 18, 20]
        assert marked(two_of_three(values, limits, version="same-side", mark="all")) == [15, 17, 18]
        assert marked(two_of_three(values, limits, version="same-side", mark="last")) == [17, 18]
        assert marked(two_of_three(values, limits, version="same-side-between", mark="all")) == [
            15, 17, 18]
        assert marked(two_of_three(values, limits, version="any-side-between", mark="all")) == [
            13, 15, 17, 18, 19, 20]
        # fmt: on

    @pytest.mark.parametrize(("distance", "within"), [(1, True), (1.01, False)])
    def test_a_point_one_standard_deviation_away_lies_within_it(self, distance, within):
        sigma = 2 * 2.66 / 3
        values = np.append(np.resize([4, 6], 12), np.resize([distance, -distance], 16) * sigma + 5)
        limits = xmr_limits(values, baseline=12)
        assert within_one_sigma(values, limits)[12:].all() == within
        assert beyond_one_sigma(values, limits)[12:].all() != within
        assert beyond_one_sigma(values, limits).any() != within

    @pytest.mark.parametrize("version", ["same-side", "same-side-between"])
    @pytest.mark.parametrize("ending", [[4, 8.9, 8.8, 4], [6, 8.9, 4, 8.8, 4]])
    def test_two_of_three_on_one_side_needs_all_three_there(self, version, ending):
        values = np.append(np.resize([6, 4], 12), ending)
        limits = xmr_limits(values, baseline=12)
        assert not two_of_three(values, limits, version=version, mark="all").any()
        assert two_of_three(values, limits).any()

    def test_points_on_a_zone_line_belong_to_the_inner_zone(self):
        sigma = 2 * 2.66 / 3
        for rule, distance in [(two_of_three, 2 * sigma), (four_of_five, sigma)]:
            values = np.append(np.resize([4, 6], 12), [5 + distance] * 5)
            assert not rule(values, xmr_limits(values, baseline=12)).any()
            values[12:] += 0.01
            assert rule(values, xmr_limits(values, baseline=12)).any()

    def test_four_of_five_marks_all_or_the_last(self):
        values = np.array([4, 6] * 6 + [7, 7, 5, 7, 7, 5, 5])
        limits = xmr_limits(values, baseline=12)
        assert marked(four_of_five(values, limits)) == [17]
        assert marked(four_of_five(values, limits, mark="all")) == [13, 14, 16, 17]

    @pytest.mark.parametrize(
        ("rule", "options"), [*EVERY.items(), ("two_of_three", SAME_SIDE)], ids=str
    )
    def test_series_shorter_than_a_pattern_have_no_marks(self, rule, options):
        for n in (1, 2):
            values = np.arange(n, dtype=float)
            options = {name: 9 if name == "length" else options[name] for name in options}
            rules = RuleSet(
                id="x", version="", source="", rules=[Rule(rule, options)], fewest_points=1
            )
            assert not special_causes(values, xmr_limits(values), rules).any

    def test_a_set_marks_nothing_in_too_short_a_phase(self):
        values = np.array([5, 6, 4, 5, 6, 4, 5, 6, 4, 5, 90])
        limits = xmr_limits(values, baseline=10)
        assert beyond_limits(values, limits)[10]
        assert not special_causes(values, limits).any
        assert special_causes(values, limits, "ptd-0.2.2").any
        values = np.append(values, [5, 6])
        assert not special_causes(values, xmr_limits(values, baseline=10), "nhs-mdc-2024").any
        limits = xmr_limits(values[:12])
        assert special_causes(values[:12], limits).any
        assert not special_causes(values[:12], limits, "nhs-mdc-2024").any
        limits = xmr_limits(values)
        assert special_causes(values, limits, "nhs-mdc-2024").any


FUNCTIONS = [
    beyond_limits, two_of_three, four_of_five, run_on_one_side, trend, alternating,
    within_one_sigma, beyond_one_sigma, long_run, few_crossings,
]  # fmt: skip


class TestLaws:
    @law
    @given(a_series, a_rule_set, st.integers(-1000, 1000), st.integers(-6, 6), st.booleans())
    def test_shifting_and_scaling_leave_the_marks(self, values, rule_set, shift, power, screened):
        moved = values * 2.0**power + shift
        assert judged(moved, rule_set, screened=screened) == judged(
            values, rule_set, screened=screened
        )

    @law
    @given(a_series, a_rule_set)
    def test_mirroring_swaps_up_and_down(self, values, rule_set):
        codes, direction = judged(values, rule_set)
        assert judged(-values, rule_set) == (codes, [-way for way in direction])

    @law
    @given(st.lists(a_series, min_size=2, max_size=4), a_rule_set)
    def test_each_series_is_judged_on_its_own(self, series, rule_set):
        shortest = min(map(len, series))
        values = np.array([one[:shortest] for one in series])
        limits = xmr_limits(values, baseline=13)
        causes = special_causes(values, limits, rule_set)
        for i, one in enumerate(values):
            alone = xmr_limits(one, baseline=13)
            for line, of_batch in zip(alone[1:7], limits[1:7], strict=True):
                np.testing.assert_array_equal(line, of_batch[i])
            found = special_causes(one, alone, rule_set)
            np.testing.assert_array_equal(found.codes, causes.codes[i])
            np.testing.assert_array_equal(found.direction, causes.direction[i])
            assert found.latest == causes.latest[i]
            assert series_notes(one).item() == series_notes(values)[i]

    @law
    @given(a_series, a_series, a_rule_set, st.booleans())
    def test_phases_are_independent(self, first, second, rule_set, per_series):
        values = np.concatenate([first, second])
        phases = np.repeat([3, 8], [len(first), len(second)])
        given_phases = np.stack([phases, phases * 0]) if per_series else phases
        both = np.stack([values, values]) if per_series else values
        limits = xmr_limits(both, phases=given_phases)
        causes = special_causes(both, limits, rule_set)
        apart = [special_causes(one, xmr_limits(one), rule_set) for one in (first, second)]
        codes = causes.codes[0] if per_series else causes.codes
        np.testing.assert_array_equal(codes, np.concatenate([one.codes for one in apart]))
        runs, alone = runs_analysis(both, limits), runs_analysis(second, xmr_limits(second))
        if not per_series:
            np.testing.assert_array_equal(np.array(runs)[:, len(first) :], alone)
        if per_series:
            np.testing.assert_array_equal(
                causes.codes[1], special_causes(values, xmr_limits(values), rule_set).codes
            )

    @law
    @given(a_series)
    def test_named_rules_mark_what_a_set_of_them_marks(self, values):
        limits = xmr_limits(values)
        for function in FUNCTIONS:
            name = function.__name__
            rules = RuleSet(
                id=name, version="", source="", rules=[Rule(name, EVERY[name])], fewest_points=2
            )
            marks = function(values, limits, **EVERY[name])
            found = special_causes(values, limits, rules).codes == 0
            varies = limits.sigma != 0
            keep = True if name == "beyond_limits" else varies
            enough = limits.points >= 2
            np.testing.assert_array_equal(found, marks & keep & enough)
            assert not marks[np.isnan(values)].any()

    @law
    @given(a_series)
    def test_marks_of_the_last_points_are_among_those_of_all(self, values):
        limits = xmr_limits(values)
        for function in FUNCTIONS:
            options = EVERY[function.__name__]
            if "mark" in options:
                last = function(values, limits, **{**options, "mark": "last"})
                everything = function(values, limits, **options)
                assert not (last & ~everything).any()
                assert last.any() == everything.any()

    @law
    @given(a_series)
    def test_runs_are_those_that_are_counted_by_hand(self, values):
        limits = run_limits(values)
        centre = np.nanmedian(values) if (~np.isnan(values)).any() else NAN
        np.testing.assert_array_equal(limits.centre, centre)
        sides = np.sign(values - centre)
        sides = sides[np.abs(sides) == 1].tolist()
        longest, now = 0, 0
        for i, side in enumerate(sides):
            now = now + 1 if i and side == sides[i - 1] else 1
            longest = max(longest, now)
        crossings = sum(a != b for a, b in itertools.pairwise(sides))
        runs = runs_analysis(values, limits)
        assert (runs.useful[0], runs.longest_run[0], runs.crossings[0]) == (
            len(sides), longest, crossings,
        )  # fmt: skip


class TestVerdicts:
    @pytest.mark.parametrize(
        ("ending", "higher", "lower"),
        [
            (9, "improvement", "concern"),
            (-9, "concern", "improvement"),
            (0, "common cause", "common cause"),
        ],
    )
    def test_the_latest_point_decides(self, ending, higher, lower):
        values = np.append(NORMAL, [9, ending, NAN])
        causes = special_causes(values, xmr_limits(values, baseline=24))
        assert causes.latest == 25
        assert variation(causes, "higher").item() == higher
        assert variation(causes, "lower").item() == lower
        assert causes.latest_rule.item() == ("beyond_limits" if ending else "")

    @pytest.mark.parametrize(
        ("low", "high", "ending", "said"),
        [
            (5, 20, 9, "improvement"),  # centre below the range, up
            (5, 20, -9, "concern"),
            (-20, -5, 9, "concern"),
            (-20, -5, -9, "improvement"),
            (-5, 5, 9, "concern"),  # centre within, the point is not
            (-5, 5, -9, "concern"),
            (-20, 20, 9, "special cause"),  # both within
            (-5, 5, 0, "common cause"),
        ],
    )
    def test_within_a_range(self, low, high, ending, said):
        values = np.append(NORMAL, ending)
        causes = special_causes(values, xmr_limits(values, baseline=24))
        assert variation(causes, "within", target_low=low, target_high=high).item() == said

    def test_a_conflict_is_an_improvement_by_the_tool_of_2024(self):
        # falls from the top, still on one side: the trend points down, the run up
        values = np.array([1, 2] * 8 + [3, 12, 11, 10, 9, 8, 7, 6])
        for rule_set, said in [("mdc-excel", "concern"), ("nhs-mdc-2024", "improvement")]:
            causes = special_causes(values, xmr_limits(values), rule_set)
            assert causes.conflict[-1]
            assert variation(causes, "higher").item() == said
            assert variation(causes, "lower").item() == "improvement"

    def test_a_signal_of_a_whole_phase_points_to_its_later_half(self):
        values = np.array([1, 2, 1, 3, 2, 1, 3, 2, 1, 2, 3, 1, 6, 5, 7, 6, 5, 6, 7, 5, 6, 7, 5, 3])
        causes = special_causes(values, run_limits(values), "anhoej")
        assert (causes.codes >= 0).all()
        assert (causes.direction == 1).all()
        assert variation(causes, "lower").item() == "concern"
        back = special_causes(values[::-1], run_limits(values), "anhoej")
        assert (back.direction == -1).all()

    def test_no_verdict_under_twelve_points(self):
        values = np.append(NORMAL[:10], 30)
        causes = special_causes(values, xmr_limits(values), "ptd-0.2.2")
        assert variation(causes, "higher").item() is None
        assert assurance(xmr_limits(values), "higher", target_low=-99).item() is None

    @pytest.mark.parametrize(
        ("direction", "low", "high", "said"),
        [
            ("higher", -9, None, "consistently meets"),
            ("higher", 0, None, "hit and miss"),
            ("higher", 9, None, "consistently misses"),
            ("lower", None, 9, "consistently meets"),
            ("lower", None, -9, "consistently misses"),
            ("within", -9, 9, "consistently meets"),
            ("within", 0, 9, "hit and miss"),
            ("within", 9, 10, "consistently misses"),
            ("within", -10, -9, "consistently misses"),
        ],
    )
    def test_assurance(self, direction, low, high, said):
        limits = xmr_limits(NORMAL)
        assert assurance(limits, direction, target_low=low, target_high=high).item() == said

    @pytest.mark.parametrize(("target", "said"), [(99.9, "meets"), (100, "misses"), (50, "meets")])
    def test_assurance_of_a_constant_series_compares_its_value(self, target, said):
        limits = xmr_limits([99.9] * 12)
        assert assurance(limits, "higher", target_low=target).item() == f"consistently {said}"

    def test_assurance_of_nothing_but_events_compares_them(self):
        limits = p_limits([50] * 12, 50)
        assert assurance(limits, "higher", target_low=0.95).item() == "consistently meets"
        assert assurance(c_limits([0] * 12), "lower", target_high=0).item() == "consistently meets"

    def test_assurance_is_that_of_the_latest_phase_and_its_latest_limits(self):
        values = np.concatenate([NORMAL, NORMAL + 20])
        limits = xmr_limits(values, phases=np.repeat([1, 2], 24))
        assert assurance(limits, "higher", target_low=10).item() == "consistently meets"
        sizes = np.append([100] * 12, [0])
        limits = p_limits([10, 12] * 6 + [0], sizes)
        assert assurance(limits, "higher", target_low=0.9).item() == "consistently misses"
        empty = xmr_limits(np.append(NORMAL, [NAN]), phases=[0] * 24 + [1])
        assert assurance(empty, "higher", target_low=-9).item() is None
        assert assurance(run_limits(NORMAL), "higher", target_low=0).item() is None

    def test_targets_of_their_own_for_each_series(self):
        limits = xmr_limits(np.stack([NORMAL, NORMAL]))
        said = assurance(limits, "higher", target_low=[-9, 9])
        assert said.tolist() == ["consistently meets", "consistently misses"]

    def test_results_can_be_copied_and_cannot_be_changed(self):
        limits = xmr_limits(NORMAL)
        causes = special_causes(NORMAL, limits)
        assert repr(causes) == "SpecialCauses('anhoej-3sigma', 0 of 24 points marked)"
        for twin in (copy.deepcopy(causes), pickle.loads(pickle.dumps(causes))):
            np.testing.assert_array_equal(twin.codes, causes.codes)
            assert twin.rule_set == causes.rule_set
        for array in (*limits[1:8], causes.codes, causes.direction):
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0


class TestNotes:
    def test_correlated_and_skewed_series_are_noted(self):
        turns = np.resize([1.0, 2], 24) + NORMAL / 10
        skewed = np.append(NORMAL, [30])
        assert "alike" in series_notes(np.sort(NORMAL)).item()[0]
        assert "in turn" in series_notes(turns).item()[0]
        assert [text.split(":")[0] for text in series_notes(skewed).item()] == [
            "the values are skewed"
        ]
        assert series_notes(NORMAL).item() == ()

    def test_a_step_between_phases_is_no_correlation(self):
        values = np.concatenate([NORMAL, NORMAL + 20])
        phases = np.repeat([0, 1], 24)
        assert len(series_notes(values).item()) == 1
        assert series_notes(values, phases=phases).item() == ()
        expected = autocorrelation(NORMAL)
        assert autocorrelation(values, phases=phases) == pytest.approx(expected)
        assert skewness(values, phases=phases) == pytest.approx(skewness(NORMAL))

    def test_equal_values_have_neither(self):
        assert np.isnan(autocorrelation([0.1] * 12))
        assert np.isnan(skewness([0.1] * 12))
        assert series_notes([0.1] * 12).item() == ()

    def test_pairs_across_a_gap_do_not_count(self):
        assert autocorrelation([1, 3, NAN, 1, 3]) == pytest.approx(-0.5)

    @pytest.mark.parametrize(
        ("limits", "begins"),
        [
            (xmr_limits([5] * 12), ["no variation"]),
            (xmr_limits([5, 6] * 3), ["trial limits"]),
            (u_limits([1000, 1500] * 6, 100), ["the points spread more"]),
            (u_prime_limits([1000, 1500] * 6, 100), []),
            (c_limits([16, 17] * 6), ["the points spread less"]),
            (p_prime_limits([16, 17] * 6, 100), ["the points spread less"]),
            (run_limits(NORMAL), []),
        ],
    )
    def test_limits_say_what_is_to_be_known(self, limits, begins):
        texts = limits_notes(limits).item()
        assert len(texts) == len(begins)
        assert all(text.startswith(begin) for text, begin in zip(texts, begins, strict=True))


class TestRuleSets:
    def test_every_rule_is_a_public_function_with_these_options(self):
        assert {function.__name__ for function in FUNCTIONS} == set(RULES) == set(OPTIONS)
        for function in FUNCTIONS:
            assert tuple(function.__kwdefaults__ or ()) == OPTIONS[function.__name__]

    def test_every_set_has_its_version_and_source(self):
        assert list(RULE_SETS) == [
            "anhoej-3sigma", "anhoej", "ptd-0.1.0", "ptd-0.2.2", "mdc-excel", "nhs-mdc-2024",
            "western-electric", "nelson",
        ]  # fmt: skip
        for name, rules in RULE_SETS.items():
            assert rules.id == name
            assert rules.version
            assert rules.source
            assert {rules} == {attrs.evolve(rules)}

    @pytest.mark.parametrize(
        ("rule", "options", "message"),
        [
            ("run", {}, r"unknown rule 'run'"),
            ("trend", {"length": 6}, r"rule trend needs the option ties"),
            ("four_of_five", {"mark": "first"}, r"unknown mark 'first'"),
            ("beyond_limits", {"sigma": 3}, r"unknown option of beyond_limits 'sigma'"),
            ("trend", {**TREND, "length": 1}, r"length must be a whole number from 2, got 1"),
            ("trend", {**TREND, "length": True}, r"got True"),
            ("alternating", {"length": 2, "mark": "all"}, r"from 3, got 2"),
        ],
    )
    def test_a_rule_that_cannot_be_is_an_error(self, rule, options, message):
        with pytest.raises(OptionError, match=message):
            Rule(rule, options)


class TestWrongInput:
    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: xmr_limits(5), "values must have one number per period along the last axis"),
            (lambda: xmr_limits([]), "one number per period"),
            (lambda: xmr_limits(["a"]), "values must be numbers"),
            (lambda: xmr_limits([1, np.inf]), "values must be finite, or NaN"),
            (lambda: xmr_limits([1, 2], phases=[2, 1]), "phases must not fall"),
            (lambda: xmr_limits([1, 2], phases=[0.5, 1]), "phases must be whole numbers"),
            (lambda: xmr_limits([1, 2], phases=[1]), r"phases of shape \(1,\) do not fit"),
            (lambda: c_limits([1.5, 2]), "counts must be whole numbers, 0 or more"),
            (lambda: c_limits([-1, 2]), "counts must be whole numbers, 0 or more"),
            (lambda: p_limits([5, 2], [4, 4]), "events must not exceed sizes, got 5 of 4"),
            (lambda: p_limits([5, 2], [4.5, 4]), "sizes must be whole numbers"),
            (lambda: p_limits([1, 2], None), "sizes must have one number per period"),
            (lambda: p_limits([1, 2], [4, 4, 4]), "events and sizes must have shapes"),
            (lambda: u_limits([1, 2], [-4, 4]), "exposure must be 0 or more"),
            (lambda: u_limits([1, 2], [0, 4]), "events need exposure, got 1"),
            (lambda: i_prime_limits([1, 2], [-4, 4]), "sizes must be 0 or more"),
            (lambda: beyond_limits([1, 2], xmr_limits([1, 2, 3])), "do not fit limits of shape"),
        ],
    )
    def test_data_that_cannot_be_charted_are_an_error(self, call, message):
        with pytest.raises(TallyError, match=message):
            call()

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: xmr_limits([1, 2], baseline=1), "baseline must be a number of first points"),
            (lambda: xmr_limits([1, 2], baseline=2.5), "at least 2, got 2.5"),
            (lambda: xmr_limits([1, 2], baseline="all"), "at least 2, got 'all'"),
            (lambda: xmr_limits([1, 2], screened="no"), "screened must be True or False"),
            (lambda: xmr_limits([1, 2], multiple=0), "multiple must be a positive number, got 0"),
            (lambda: special_causes([1], xmr_limits([1]), "nelsen"), "did you mean 'nelson'"),
            (lambda: runs_analysis([1], xmr_limits([1]), centre="mean"), "unknown centre 'mean'"),
            (lambda: verdict("up"), "unknown direction 'up'"),
            (lambda: verdict("within"), "takes target_low and target_high as its target"),
            (lambda: assurance(xmr_limits(NORMAL), "lower", target_low=1), "takes target_high"),
            (
                lambda: verdict("within", target_low=2, target_high=1),
                "target_low must not exceed target_high",
            ),
        ],
    )
    def test_options_that_do_not_exist_are_an_error(self, call, message):
        with pytest.raises(OptionError, match=message):
            call()


def verdict(direction, **target):
    return variation(special_causes(NORMAL, xmr_limits(NORMAL)), direction, **target)
