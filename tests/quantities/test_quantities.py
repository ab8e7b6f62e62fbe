"""Recorded quantities: by group and period they are what their records say, and parts add up."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus import Target, top_box, verdict
from custfocus.errors import LabelError, OptionError, TallyError
from custfocus.intervals import (
    amounts_interval,
    moments,
    rate_interval,
    standardised_rate_interval,
    totals_ratio_interval,
)
from custfocus.quantities import (
    Amounts,
    Observed,
    Rate,
    Ratio,
    StandardisedRate,
    proportion,
)

QUARTERS = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q1"]
labels = st.sampled_from(["a", "b", "c"])
records = st.lists(
    st.tuples(labels, st.integers(0, 30), st.floats(0.5, 100).map(lambda x: round(x, 2))),
    min_size=1,
    max_size=20,
)
amounts = st.lists(
    st.tuples(labels, st.floats(0, 1e4).map(lambda x: round(x, 2))), min_size=1, max_size=30
)


def near(one: object, other: object, rel: float = 1e-9) -> bool:
    """Whether two results have the same rows and numbers."""
    ours, theirs = (pd.DataFrame(each.to_dicts()) for each in (one, other))
    pd.testing.assert_frame_equal(ours, theirs, rtol=rel, atol=1e-12)
    return True


def rate(rows) -> Rate:
    names, events, exposure = zip(*rows, strict=True)
    return Rate(events, exposure, per=1000, by={"branch": names})


def waits(rows) -> Amounts:
    names, values = zip(*rows, strict=True)
    return Amounts.of(values, by={"branch": names}, unit="minutes", name="wait")


class TestAddingUp:
    @pytest.mark.parametrize(("make", "rows"), [(rate, records), (waits, amounts)])
    @given(data=st.data())
    def test_records_in_two_parts_give_the_whole(self, make, rows, data):
        one, two, three = (data.draw(rows) for _ in range(3))
        whole = make(one + two + three)
        assert near(make(one) + make(two) + make(three), whole)
        assert near(make(three) + (make(two) + make(one)), whole)
        assert near(sum([make(one), make(two + three)]), whole)

    def test_rates_of_one_period_are_added_up(self):
        found = Rate([12, 3, 0, 5], [4000, 1000, 0, 900], period=QUARTERS)
        assert found.keys.labels("period") == ["2026-Q1", "2026-Q2", "2026-Q3"]
        assert found.events.tolist() == [17, 3, 0]
        assert found.exposure.tolist() == [4900, 1000, 0]
        assert np.isnan(found.value).tolist() == [False, False, True]
        assert found.sel(period="2026-Q1").low == rate_interval(17, 4900).low

    @given(amounts)
    def test_amounts_of_a_group_have_the_moments_of_its_records(self, rows):
        found = waits(rows)
        for branch in found.keys.labels("branch"):
            n, mean, variance, skewness = moments([x for name, x in rows if name == branch])
            own = found.sel(branch=branch)
            assert (own.n, own.mean) == (n, pytest.approx(float(mean)))
            assert own.variance == pytest.approx(float(variance), rel=1e-6, abs=1e-6, nan_ok=True)
            low, high = amounts_interval(n, mean, variance, skewness)
            if not math.isnan(variance) and variance > 1e-6:
                assert (own.low, own.high) == pytest.approx((float(low), float(high)), rel=1e-3)

    @pytest.mark.parametrize("amount", [102.44, 0.1, 1e9 / 3])
    def test_equal_amounts_are_equal_in_parts_too(self, amount):
        whole, parts = Amounts.of([amount] * 5), Amounts.of([amount] * 2) + Amounts.of([amount] * 3)
        for found in (whole, parts):
            assert (float(found.low), float(found.high)) == (0, math.inf)

    def test_moments_of_rows_of_one_label_are_those_of_all_records(self):
        parts = [Amounts.of(one) for one in ([1, 2, 6], [4, 9])]
        rows = [np.array([getattr(one, name) for one in parts])
                for name in ("n", "mean", "squares", "cubes", "largest")]  # fmt: skip
        assert near(Amounts(*rows, by=["a", "a"]), Amounts.of([1, 2, 6, 4, 9], by=["a"] * 5))

    def test_a_single_group_needs_no_labels(self):
        assert Rate(3, 10).shape == ()
        assert Rate([3, 4], 10).keys.labels("group") == [0, 1]
        assert Amounts.of([1, 2, 6]).shape == ()
        assert (Rate(3, 10) + Rate(4, 20)).events == 7

    @pytest.mark.parametrize(
        ("one", "other", "message"),
        [
            (Rate(1, 2), Rate(1, 2, per=10), "Rate add up with the same per, got 1.0 and 10.0"),
            (Amounts.of([1]), Amounts.of([2], unit="hours"), "Amounts add up with the same unit"),
        ],
    )
    def test_quantities_of_another_unit_do_not(self, one, other, message):
        with pytest.raises(TallyError, match=message):
            one + other
        with pytest.raises(TypeError):
            one + 1
        with pytest.raises(TypeError):
            1 + one


KINDS = {
    Rate: lambda **options: Rate([1, 2], [3, 4], by=["a", "b"], **options),
    Amounts: lambda **options: Amounts.of([1, 2], by=["a", "b"], **options),
    Ratio: lambda **options: Ratio.of([1, 2], [3, 4], by=["a", "b"], **options),
    StandardisedRate: lambda **options: StandardisedRate([[1, 2]], [[3, 4]], [1, 1], **options),
    Observed: lambda **options: Observed([1, 2], by=["a", "b"], **options),
}


class TestDirection:
    @pytest.mark.parametrize("kind", KINDS)
    def test_lower_is_better_unless_it_is_said_or_merely_observed(self, kind):
        make = KINDS[kind]
        assert isinstance(make(), kind)
        assert make().metric.direction == ("higher" if kind is Observed else "lower")
        for direction in ("higher", "lower", "within"):
            found = make(direction=direction)
            assert found.direction == found.metric.direction == direction
            assert found.called("x", "y", "within").metric.direction == "within"
            assert found[[0]].direction == direction

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("direction", ["up", "", None, 5, ["lower"]], ids=str)
    def test_another_word_is_refused(self, kind, direction):
        with pytest.raises(OptionError, match=r"^unknown direction .*higher"):
            KINDS[kind](direction=direction)

    @pytest.mark.parametrize("kind", [Rate, Amounts])
    def test_quantities_of_different_directions_do_not_add_up(self, kind):
        make = KINDS[kind]
        message = f"{kind.__name__} add up with the same direction, got 'higher' and 'lower'"
        with pytest.raises(TallyError, match=message):
            make(direction="higher") + make()
        assert (make(direction="higher") + make(direction="higher")).direction == "higher"


class TestRatio:
    def test_it_is_that_of_the_clusters_of_each_group(self):
        cost, cases = [120, 95, 210, 80, 3, 4], [10, 9, 15, 8, 1, 2]
        found = Ratio.of(cost, cases, by={"region": [1, 1, 1, 2, 2, 2]}, method="fieller")
        for region, own in ((1, slice(3)), (2, slice(3, 6))):
            part = found.sel(region=region)
            limits = totals_ratio_interval(cost[own], cases[own], method="fieller")
            assert part.value == pytest.approx(sum(cost[own]) / sum(cases[own]))
            assert (part.low, part.high) == pytest.approx([float(one) for one in limits])

    def test_it_reads_as_a_sentence(self):
        found = Ratio.of([120, 95, 210, 80], [10, 9, 15, 8], unit="euros per case", name="cost")
        assert str(found) == "cost 12.0 euros per case [9.2, 15.7] n=4, 95 % log-delta limits"

    def test_its_standard_error_is_infinite_for_one_cluster(self):
        assert Ratio.of([3], [4]).standard_error == np.inf
        y, x = np.array([120, 95, 210, 80]), np.array([10, 9, 15, 8])
        residual = y - y.sum() / x.sum() * x
        expected = residual.std(ddof=1) / 2 / x.mean()
        assert Ratio.of(y, x).standard_error == pytest.approx(expected)

    def test_a_declared_group_without_clusters_is_empty(self):
        by = pd.Series(pd.Categorical(["a", "a"], ["a", "b"]), name="region")
        found = Ratio.of([1, 2], [3, 4], by=by)
        assert np.isnan([found.value[1], found.low[1], found.high[1]]).all()


class TestStandardisedRate:
    EVENTS, EXPOSURE, WEIGHTS = [[12, 30], [1, 2]], [[5000, 4000], [600, 700]], [60, 40]

    def test_groups_are_standardised_each(self):
        found = StandardisedRate(self.EVENTS, self.EXPOSURE, self.WEIGHTS, per=1000, by=["y", "x"])
        expected = standardised_rate_interval(self.EVENTS, self.EXPOSURE, self.WEIGHTS, per=1000)
        assert found.low.tolist() == expected.low[::-1].tolist()
        assert found.n.tolist() == [3, 42]
        assert found.notes == ("fewer than 10 events: too few to standardise",)
        assert found.sel(group="y").notes == ()
        assert found.standard_error[1] == pytest.approx(
            1000 * math.sqrt(0.6**2 * 12 / 5000**2 + 0.4**2 * 30 / 4000**2)
        )

    def test_groups_of_one_label_are_an_error(self):
        with pytest.raises(TallyError, match="one for each group and period, got 2 for x"):
            StandardisedRate(self.EVENTS, self.EXPOSURE, self.WEIGHTS, by=["x", "x"])

    def test_the_last_of_a_repeated_period_counts_where_rates_are_revised(self):
        events, exposure = [[1, 2], [3, 4], [5, 6]], [[10, 20], [30, 40], [50, 60]]
        found = StandardisedRate(events, exposure, self.WEIGHTS, period=[*"bab"], revised=True)
        expected = StandardisedRate(events[1:], exposure[1:], self.WEIGHTS, period=[*"ab"])
        assert found == expected
        assert found.n.tolist() == [7, 11]
        with pytest.raises(TallyError, match=r"got 2 for b; add .* write revised=True"):
            StandardisedRate(events, exposure, self.WEIGHTS, period=[*"bab"])

    def test_a_declared_label_without_a_rate_is_an_error(self):
        by = pd.Series(pd.Categorical(["a", "b"], ["a", "b", "c"]), name="region")
        with pytest.raises(TallyError, match="every label needs a standardised rate, got 2 for 3"):
            StandardisedRate(self.EVENTS, self.EXPOSURE, self.WEIGHTS, by=by)


class TestObserved:
    def test_limits_are_the_published_ones_or_normal(self):
        found = Observed([74, 60, 50], low=[71, np.nan, np.nan], high=[77, np.nan, np.nan],
                         standard_error=[np.nan, 2, np.nan], by=["a", "b", "c"])  # fmt: skip
        assert found.low.tolist()[:2] == [71, pytest.approx(60 - 1.959964 * 2)]
        assert np.isnan(found.high).tolist() == [False, False, True]
        assert found.how() == "95 % normal limits"
        assert "no limits" in str(Observed(5))

    def test_normal_limits_stay_within_the_bounds(self):
        found = Observed([99, 1], standard_error=[3, 3], bounds=(0, 100))
        assert found.high[0] == 100
        assert found.low[1] == 0

    def test_the_last_of_a_repeated_period_counts_where_figures_are_revised(self):
        found = Observed([74, 70, 72], n=[1, 2, 3], period=["2026", "2025", "2026"], revised=True)
        assert found == Observed([70, 72], n=[2, 3], period=["2025", "2026"])
        assert found.value.tolist() == [70, 72]
        with pytest.raises(OptionError, match="revised must be True or False, got 'yes'"):
            Observed(5, revised="yes")

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"value": math.inf}, "values must be finite"),
            ({"value": 5, "low": 4}, "limits come in pairs"),
            ({"value": 5, "low": 6, "high": 7}, "limits must hold their value, got 5 and 6 to 7"),
            ({"value": 5, "standard_error": -1}, "standard_error must be 0 or more, got -1"),
            ({"value": 5, "n": -1}, "n must be 0 or more, got -1"),
            ({"value": 101, "bounds": (0, 100)}, "values must lie within the bounds 0 and 100"),
            ({"value": [1, 2], "period": ["a", "a"]}, "one for each group and period, got 2 for a"),
            ({"value": [1, 2], "period": ["a", "a"]}, "write revised=True, and the last one counts"),
            ({"value": "x"}, "records must be numbers, got 'x'"),
            ({"value": 1, "name": " "}, "name must be a text"),
            ({"value": [1, 2], "low": [1, 2, 3]}, "value and low .* must be of one length"),
        ],
    )  # fmt: skip
    def test_figures_that_contradict_themselves_are_named(self, options, message):
        with pytest.raises(TallyError, match=message):
            Observed(**options)


def test_a_proportion_is_a_sample_of_yes_and_no():
    found = proportion([8412, 10, 90], [10_233, 20, 110], period=["b", "a", "a"])
    assert found.counts.tolist() == [[30, 100], [1821, 8412]]
    assert top_box(found, boxes=1).value[1] == pytest.approx(100 * 8412 / 10_233)
    with pytest.raises(TallyError, match="successes must not exceed n, got 3 of 2"):
        proportion(3, 2)


def test_one_large_amount_is_noted():
    assert Amounts.of([1, 1, 1, 1, 1, 20]).notes == (
        "one amount is over a quarter of the total: the limits may be too low",
    )
    assert Amounts.of([1, 1, 1, 1, 1, 1.5]).notes == ()


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: Amounts.of([1, -2]), TallyError, "amounts must be known and 0 or more, got -2"),
        (lambda: Amounts.of([1, None, np.nan]), TallyError, "got nan, 2 of 3 are not"),
        (lambda: Amounts.of(5), TallyError, "values must be a list of amounts"),
        (lambda: Amounts.of([1], method="x"), OptionError, "unknown method 'x'"),
        (lambda: Rate([1, 2], 3, by=["a"]), TallyError, "labels must be one for each record, got 1"),
        (lambda: Rate(1, 3, by=["a"]), TallyError, "got 1 for one"),
        (lambda: Rate([[1, 2]], 3), TallyError, "records are one number or a list of them"),
        (lambda: Rate([1], 3, by={"period": [1]}, period=[1]), LabelError, "period is given twice"),
        (lambda: Rate([1], 3, by={"n": [1]}), LabelError, "called like a column"),
        (lambda: Rate([1, 2], 3, by=Rate(1, 2).keys), TallyError, "keys must be one for each row"),
        (lambda: Rate(1, 3, per=0), OptionError, "per must be"),
        (lambda: Rate(1, 3, method="x"), OptionError, "unknown method 'x'"),
    ],
)  # fmt: skip
def test_records_that_cannot_be_are_named(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


def test_a_single_proportion_needs_no_labels():
    assert proportion(3, 4).counts.tolist() == [1, 3]


class TestVerdict:
    def test_limits_are_held_against_the_target_and_values_alone_where_there_are_none(self):
        found = Observed([74, 60, np.nan, 90], low=[71, np.nan, np.nan, 89],
                         high=[77, np.nan, np.nan, 91], by=list("abcd"))  # fmt: skip
        judged = verdict(found, Target.at_most(72))
        assert judged.verdict.tolist() == ["inconclusive", "met", "no data", "not met"]
        assert judged.point_met.tolist() == [False, True, False, False]
        assert [row["more_answers"] for row in judged.to_dicts()] == [None] * 4
        assert "verdicts without limits go by the value alone" in judged.notes
        assert "more answers" not in str(judged)

    def test_a_single_value_says_how_it_was_judged(self):
        assert str(verdict(Observed(36_000, name="calls"), Target.at_least(30_000))) == (
            "calls 36000, target at least 30000: met (by the value alone, no limits are known)"
        )
        assert str(verdict(Rate(17, 4900, per=1000), Target.at_most(3))) == (
            "rate 3.5 per 1000 [2.0, 5.6] n=17, target at most 3: inconclusive, the value misses it "
            "(97.5 % one-sided confidence)"
        )
