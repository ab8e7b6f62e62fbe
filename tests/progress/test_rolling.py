"""Rolling windows: what they hold, what neighbours share, and what refuses them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus import Scale, Tally, Target, compare, csat, mean_score, top_box, verdict
from custfocus.errors import LabelError, OptionError, TallyError, VocabularyError
from custfocus.indices import median_score
from custfocus.progress import chart, rolling, toward_target
from custfocus.progress.changes import Change, from_limits
from custfocus.quantities import Amounts, Observed, Rate, proportion
from custfocus.surveys import SurveyDesign, SurveyTally

FIVE = Scale.likert(5)
MONTHS = [f"{2024 + place // 12}-{place % 12 + 1:02d}" for place in range(26)]
counts = st.lists(st.integers(0, 40), min_size=26, max_size=26)


def rate(events, period=MONTHS, **by):
    return Rate(events, 10, per=10, period=period[: len(events)], by=by or None)


class TestWindows:
    @given(counts)
    def test_each_is_the_sum_of_its_periods(self, events):
        found = rolling(rate(events))
        assert found.keys.labels("period") == MONTHS[11:]
        assert found.since.tolist() == MONTHS[:-11]
        sums = np.convolve(events, np.ones(12), "valid")
        again = Rate(sums, 120, per=10, period=MONTHS[11:])
        for name in ("value", "low", "high", "n"):
            np.testing.assert_allclose(
                [row[name] for row in found.to_dicts()],
                [row[name] for row in again.to_dicts()],
                rtol=1e-12,
            )

    def test_answers_and_amounts_are_put_together_by_group(self):
        tally = Tally(
            [[3, 0, 0, 0, 4 + place] for place in range(8)],
            FIVE,
            by={"office": ["N"] * 4 + ["S"] * 4, "period": [1, 2, 3, 4] * 2},
        )
        found = rolling(csat(tally, method="t"), 3)
        last = csat(Tally([9, 0, 0, 0, 18], FIVE), method="t")
        row = found.to_dicts()[1]
        assert (row["office"], row["period"], row["since"], row["window"]) == ("N", 4, "2", 3)
        assert (row["n"], row["low"], row["high"]) == (27, float(last.low), float(last.high))
        waits = [5.0, 3, 8, 1, 9, 2, 7, 4, 6, 10, 3, 5]
        kept = Amounts.of(waits, period=[1] * 4 + [2] * 4 + [3] * 4)
        whole = rolling(kept, 3)
        assert float(whole.high[0]) == pytest.approx(float(Amounts.of(waits).high), rel=1e-12)

    def test_one_that_lacks_a_period_is_left_out_and_said(self):
        gap = [label for label in MONTHS[:8] if label != "2024-04"]
        found = rolling(rate([4] * 7, gap), 3)
        assert found.keys.labels("period") == ["2024-03", "2024-07", "2024-08"]
        assert found.notes == ("no window that lacks a period ends with 2024-05, 2024-06",)
        declared = pd.Categorical(["a", "c", "d", "e"], categories=["a", "b", "c", "d", "e"])
        found = rolling(Rate([1, 2, 3, 4], 1, period=declared), 2)
        assert found.keys.labels("period") == ["d", "e"]

    def test_it_reads_as_a_table_and_as_a_sentence(self):
        found = rolling(rate([4] * 13))
        assert found.caption() == "rate, per 10, 95 % exact limits, windows of 12 periods"
        assert str(found[0]).startswith("period 2024-12: rate 4.0 per 10 [")
        assert found[0].sentence().endswith(", 12 periods from 2024-01")
        assert found.picture().value.tolist() == found.value.tolist()
        assert verdict(found.latest(), Target.at_most(9)).verdict == "met"


class TestChange:
    @given(counts)
    def test_of_neighbours_it_is_the_newest_less_the_month_a_year_ago(self, events):
        change = rolling(rate(events)).change(period=(MONTHS[-1], MONTHS[-2]))
        expected = (events[25] - events[13]) / 12
        assert float(change.value) == pytest.approx(expected, abs=1e-12)
        assert float(change.low) <= float(change.value) <= float(change.high)

    @pytest.mark.parametrize(("apart", "shared"), [(1, 0.9167), (3, 0.75), (12, 0), (14, 0)])
    def test_it_says_how_much_is_shared(self, apart, shared):
        change = rolling(rate([9] * 26)).change(period=(MONTHS[25], MONTHS[25 - apart]))
        assert float(change.shared) == pytest.approx(100 * shared, abs=0.01)
        back = rolling(rate([9] * 26)).change(period=(MONTHS[25 - apart], MONTHS[25]))
        assert float(back.low) == pytest.approx(-float(change.high))

    def test_shared_months_count_where_the_windows_are_of_two_sizes(self):
        series = Rate([10, 30, 12, 5], [10, 40, 10, 5], period=[1, 2, 3, 4])
        change = rolling(series, 3).change(period=(4, 3))
        weights = np.array([50 / 55 - 50 / 60, 5 / 55, -10 / 60])
        parts = [Rate(42, 50), Rate(5, 5), Rate(10, 10)]
        value = np.array([float(one.value) for one in parts])
        sides = np.array(
            [[float(one.value - one.low), float(one.high - one.value)] for one in parts]
        )
        below = np.sqrt(((weights * np.where(weights > 0, sides[:, 0], sides[:, 1])) ** 2).sum())
        above = np.sqrt(((weights * np.where(weights > 0, sides[:, 1], sides[:, 0])) ** 2).sum())
        assert (
            float(change.value)
            == pytest.approx(weights @ value)
            == pytest.approx(47 / 55 - 52 / 60)
        )
        assert float(change.low) == pytest.approx(float(change.value) - below)
        assert float(change.high) == pytest.approx(float(change.value) + above)

    @pytest.mark.parametrize(("apart", "variance"), [(1, 0.013889), (3, 0.041667), (12, 0.166667)])
    def test_of_many_answers_the_limits_are_those_of_the_differences_variance(
        self, apart, variance
    ):
        answers = top_box(proportion([500_000] * 26, 1_000_000, period=MONTHS), boxes=1)
        change = rolling(answers).change(period=(MONTHS[25], MONTHS[25 - apart]))
        error = 100 * np.sqrt(0.25 / 1_000_000 * variance)
        assert float(change.high) == pytest.approx(1.959964 * error, rel=1e-4)

    def test_windows_that_share_nothing_are_independent(self):
        found = rolling(rate([3, 5, 4, 9, 8, 7]), 3)
        change = found.change(period=(MONTHS[5], MONTHS[2]))
        sides = [Rate(sum(part), 30, per=10) for part in ([9, 8, 7], [3, 5, 4])]
        alone = from_limits(*(Change(one.value, *one.limits) for one in sides))
        assert [float(one) for one in alone] == pytest.approx(
            [float(change.value), float(change.low), float(change.high)]
        )
        tally = Tally([[9, 0, 0, 0, 9], [4, 0, 0, 0, 14]], FIVE, by={"period": [1, 2]})
        double = Tally([[9, 0, 0, 0, 9]] * 2 + [[4, 0, 0, 0, 14]] * 2, FIVE,
                       by={"period": [1, 2, 3, 4]})  # fmt: skip
        change = rolling(csat(double), 2).change(period=(4, 2))
        twice = csat(tally.reindexed(tally.keys, np.arange(2)) + tally)
        expected = compare(twice[1], twice[0])
        assert float(change.value) == pytest.approx(float(expected.value))
        assert float(change.low) == pytest.approx(float(expected.low), abs=0.5)

    def test_each_group_has_its_own_and_nothing_where_it_has_no_window(self):
        by = {"office": ["N"] * 4 + ["S"] * 3}
        series = Rate([1, 2, 3, 4, 5, 6, 7], 1, by=by, period=[1, 2, 3, 4, 1, 2, 3])
        change = rolling(series, 2).change(period=(4, 2))
        assert change.to_dicts()[0]["value"] == 2
        assert [change.to_dicts()[1][name] for name in ("value", "low", "shared")] == [None] * 3
        assert "nan" not in f"{change}{change._repr_html_()}"
        assert change.to_dicts()[1]["value_b"] is None
        assert "windows of 2 periods to 4 and to 2" in str(change)
        assert change[0].sentence().startswith("2")
        assert change.picture().value[0] == 2

    def test_limits_keep_to_what_a_difference_can_be(self):
        answers = top_box(proportion([0, 0, 3, 3], 3, period=[1, 2, 3, 4]), boxes=1)
        change = rolling(answers, 2).change(period=(4, 2))
        assert (float(change.value), float(change.high)) == (100, 100)
        assert -100 < float(change.low) < 100

    @pytest.mark.parametrize("period", ["2025-12", ("2025-12",), ("a", "a"), None, 3, ["a", "b"]])
    def test_anything_but_two_periods_is_refused(self, period):
        with pytest.raises(OptionError, match=r"last periods of two windows, got .*; write change"):
            rolling(rate([1] * 13)).change(period=period)

    def test_a_period_with_no_window_is_named(self):
        with pytest.raises(LabelError, match=r"unknown period of a window '2024-11'; did you mean"):
            rolling(rate([1] * 13)).change(period=("2025-01", "2024-11"))


class TestRefusals:
    def test_neighbours_are_not_charted_nor_taken_for_a_trend(self):
        found = rolling(rate([4] * 26))
        said = "neighbouring windows share 11 of 12 periods, .* chart the single periods"
        with pytest.raises(TallyError, match=f"a chart needs single periods, got windows: {said}"):
            chart(found)
        with pytest.raises(VocabularyError, match=said):
            toward_target(found, Target.at_least(3))

    @pytest.mark.parametrize(
        ("series", "kind"),
        [
            (Observed([1, 2], period=[1, 2]), "an Observed"),
            (csat(SurveyTally.of([5, 1], SurveyDesign([1, 2]), FIVE, by={"period": [1, 2]})),
             "a SurveyTally; take an index of plain answers"),
            (median_score([5, 1], by={"period": [1, 2]}),
             "a QuantileEstimate; take an index of plain answers"),
        ],
    )  # fmt: skip
    def test_what_does_not_add_up_is_refused(self, series, kind):
        with pytest.raises(VocabularyError, match=f"rolling takes what adds up.* got {kind}"):
            rolling(series, 2)

    def test_short_series_and_windows_are_refused(self):
        with pytest.raises(TallyError, match="needs 12 periods in a row with data, got 3 in all"):
            rolling(rate([1, 2, 3]))
        with pytest.raises(TallyError, match="got gaps between all of the 3 there are; give a sho"):
            rolling(Rate([1, 0, 3], [9, 0, 9], period=[1, 2, 3]), 2)
        with pytest.raises(OptionError, match="window must be"):
            rolling(rate([1, 2, 3]), 1)
        with pytest.raises(LabelError, match="key 'period'"):
            rolling(mean_score([5, 1], scale=FIVE))


def test_finite_populations_are_refused():
    monthly = Tally([[3, 2, 4, 6, 9]] * 3, FIVE, by={"period": MONTHS[:3]})
    with pytest.raises(
        TallyError, match="rolling windows are of large populations, got population="
    ):
        rolling(csat(monthly, population=30), 2)


def test_comparing_windows_names_the_right_call():
    windows = rolling(rate([3] * 14))
    with pytest.raises(
        TallyError, match=r"got a Rolling: neighbouring .* by change\(period=\(later, ear"
    ):
        compare(windows, period=(MONTHS[13], MONTHS[12]))
