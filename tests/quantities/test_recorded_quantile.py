"""Quantiles of recorded amounts: two of the amounts by rank, parts add up, ends are honest."""

import math
import pickle
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus import Target, compare, verdict
from custfocus.errors import LabelError, OptionError, TallyError
from custfocus.intervals import quantile_ranks
from custfocus.progress import chart, rolling, toward_target
from custfocus.progress.changes import Change, Recorded, recorded_change
from custfocus.quantities import Amounts, Quantile, Rate

OFFICES = ["north", "south", "east"]
records = st.lists(st.tuples(st.sampled_from(OFFICES), st.integers(0, 12)), min_size=1, max_size=40)
shares = st.sampled_from([0.1, 0.25, 0.5, 0.9])
DAYS = [3, 5, 2, 8, 21, 4, 6, 3, 9, 5, 14, 7]


def waits(rows, q=0.5, **options) -> Quantile:
    offices, days = zip(*rows, strict=True)
    return Quantile.of(days, q, by={"office": offices}, unit="days", **options)


class TestOfRecords:
    @given(records, shares)
    def test_the_value_is_the_sample_quantile_in_the_middle_of_ties(self, rows, q):
        found = waits(rows, q)
        for office in found.keys.labels("office"):
            days = [day for name, day in rows if name == office]
            own = np.quantile(days, q, method="averaged_inverted_cdf")
            assert float(found.sel(office=office)) == own
            assert float(found.sel(office=office).n) == len(days)

    @given(records, shares, st.sampled_from(["exact", "mid-p"]))
    def test_the_limits_are_amounts_by_their_ranks_or_the_ends(self, rows, q, method):
        found = waits(rows, q, method=method, confidence_level=0.8)
        for office in found.keys.labels("office"):
            days = sorted(day for name, day in rows if name == office)
            low, high = quantile_ranks(len(days), q, method=method, confidence_level=0.8)
            listed = [0, *days, math.inf]
            own = found.sel(office=office)
            assert (own.low, own.high) == (listed[int(low)], listed[int(high)])
            assert own.low <= own.value <= own.high

    @given(records, records, shares)
    def test_parts_add_up_to_the_whole(self, one, two, q):
        whole = waits(one + two, q)
        assert waits(one, q) + waits(two, q) == whole
        assert waits(two, q) + waits(one, q) == whole
        assert sum([waits(one, q), waits(two, q)]) == whole

    @given(records, st.randoms())
    def test_the_order_of_records_is_none_of_it(self, rows, random):
        mixed = [*rows]
        random.shuffle(mixed)
        assert waits(rows) == waits(mixed)
        assert pickle.loads(pickle.dumps(waits(rows))) == waits(mixed)

    @given(records)
    def test_a_row_is_what_its_records_are_alone(self, rows):
        found = waits(rows)
        for office in found.keys.labels("office"):
            alone = waits([row for row in rows if row[0] == office]).sel(office=office)
            assert found.sel(office=office) == alone
        assert found[::-1] == found

    @given(records)
    def test_a_table_of_counts_is_the_records(self, rows):
        distinct = sorted({*rows})
        offices, days = zip(*distinct, strict=True)
        counts = [rows.count(one) for one in distinct]
        table = Quantile.of([*days, 3], counts=[*counts, 0], by={"office": [*offices, offices[0]]},
                            unit="days")  # fmt: skip
        assert table == waits(rows)

    @given(records, shares)
    def test_another_quantile_of_the_same_amounts_is_at_hand(self, rows, q):
        assert waits(rows).at(q) == waits(rows, q)
        assert waits(rows).at(q, name="wait").name == "wait"

    def test_rows_of_one_label_are_put_together(self):
        apart = Quantile.of(DAYS, by=[*"ab"] * 6)
        together = Quantile(apart.amounts, apart.counts, apart.cells, by=["x", "x"])
        assert together.sel(group="x").value == Quantile.of(DAYS).value

    def test_a_group_without_amounts_has_no_value(self):
        empty = Quantile.of([1, 2, 3], by=np.array(["a", "a", "b"]), counts=[1, 1, 0])
        assert np.isnan(empty.value).tolist() == [False, True]
        assert np.isnan(empty.high).tolist() == [False, True]
        assert empty[:0].value.shape == (0,)
        assert empty[1:].n.tolist() == [0]


class TestReading:
    def test_too_few_amounts_have_no_limit_and_a_note_says_how_many_it_takes(self):
        found = Quantile.of([3, 5, 2, 8, 21], unit="days")
        assert (found.low, found.high) == (0, math.inf)
        assert str(found).splitlines() == [
            "median 5 days [0, inf] n=5, 95 % exact limits",
            "note: a lower limit takes 6 amounts: with fewer it is 0",
            "note: an upper limit takes 6 amounts: with fewer there is none",
        ]
        assert found.standard_error == math.inf

    def test_the_fewest_amounts_that_have_limits_are_not_noted(self):
        assert Quantile.of([3, 5, 2, 8, 21, 4]).notes == ()

    def test_the_standard_error_is_that_of_normal_limits_as_wide(self):
        found = Quantile.of(range(1, 31), confidence_level=0.95)
        assert found.standard_error == pytest.approx((21 - 10) / (2 * 1.959963984540054))

    def test_limits_without_width_say_why(self):
        found = Quantile.of([0] * 30 + [4])
        assert (found.low, found.high, found.standard_error) == (0, 0, 0)
        assert found.notes[0].startswith("limits without width: so many amounts are equal that")

    @pytest.mark.parametrize(
        ("values", "text"),
        [
            ([1, 2, 3, 4, 5, 6, 7], "median 4 [1, 7] n=7"),
            ([1, 2, 3, 4, 5, 6, 7, 8], "median 4.5 [1.0, 8.0] n=8"),
            ([1.25, 2, 3, 4, 5, 6, 7], "median 4.0 [1.3, 7.0] n=7"),
        ],
    )
    def test_whole_amounts_are_printed_whole(self, values, text):
        assert Quantile.of(values).stated() == text

    def test_its_name_is_that_of_the_quantile(self):
        found = Quantile.of(DAYS, 0.9)
        assert (found.name, found.columns()["quantile"].values) == ("90 % quantile", 0.9)
        assert (
            Quantile.of(DAYS, name="median wait").called("wait", "hours", "lower").unit == "hours"
        )

    def test_a_verdict_goes_by_its_limits(self):
        wait = Quantile.of(DAYS * 5, unit="days", name="median wait")
        assert verdict(wait, Target.at_most(10)).verdict == "met"
        assert verdict(wait, Target.at_most(5)).verdict == "inconclusive"
        assert verdict(wait, Target.at_most(5), looks=5).high >= wait.high


class TestOverTime:
    def by_year(self) -> Quantile:
        return Quantile.of(
            [*DAYS * 4, *[2 * day for day in DAYS] * 4], period=[2025] * 48 + [2026] * 48
        )

    def test_windows_hold_the_records_of_their_periods(self):
        found = rolling(self.by_year(), 2)
        assert float(found.value[0]) == np.median([*DAYS, *[2 * day for day in DAYS]])
        with pytest.raises(TallyError, match="a quantile is no sum of those of the parts"):
            found.change(period=(2026, 2025))

    def test_changes_are_held_to_the_extremes_of_limits_at_half_the_error(self):
        series = self.by_year()
        wide = series.at_level(0.975)
        found = recorded_change(Recorded(series, np.array([1])), Recorded(series, np.array([0])))
        assert found.value == series.value[1] - series.value[0]
        assert found.low == wide.low[1] - wide.high[0]
        assert found.high == wide.high[1] - wide.low[0]
        progress = toward_target(series, Target.at_most(3))
        row = progress.to_dicts()[0]
        assert (row["change_low"], row["change_high"]) == (found.low, found.high)

    def test_a_baseline_without_limits_is_fixed(self):
        series = self.by_year()
        none = np.full(1, np.nan)
        found = recorded_change(
            Recorded(series, np.array([1])), Change(np.full(1, 4.0), none, none)
        )
        wide = series.at_level(0.975)
        assert (found.low, found.high) == (wide.low[1] - 4, wide.high[1] - 4)

    def test_other_quantities_change_as_before(self):
        rate = Rate([40, 30], 100, period=[2025, 2026])
        found = recorded_change(Recorded(rate, np.array([1])), Recorded(rate, np.array([0])))
        assert found.low > rate.low[1] - rate.high[0]

    def test_it_is_charted_like_a_value_of_so_many_amounts(self):
        series = Quantile.of(DAYS * 14, period=np.repeat(np.arange(14), 12))
        assert chart(series).columns()["value"].values.tolist() == [5.5] * 14


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: Quantile.of([]), TallyError, "a quantile needs at least one amount, got none"),
        (lambda: Quantile.of([1, -2]), TallyError, "amounts must be known and 0 or more, got -2"),
        (
            lambda: Quantile.of(np.array([1, 2], "m8[D]")),
            TallyError,
            "; divide durations by their unit, pd.Timedelta\\(days=1\\)$",
        ),
        (lambda: Quantile.of([timedelta(1)]), TallyError, "; divide durations by their unit, pd"),
        (lambda: Quantile.of([[1, 2]]), TallyError, "values must be a list of amounts"),
        (lambda: Quantile.of([1, 2], counts=[1]), TallyError, "one for each of the 2 amounts"),
        (lambda: Quantile.of([1, 2], counts=[1, 0.5]), TallyError, "counts must be whole numbers"),
        (lambda: Quantile.of([1], counts=[2.0**53]), TallyError, "less than 2\\*\\*53"),
        (lambda: Quantile.of([1, 2], 50), OptionError, "got 50; write 0.5"),
        (lambda: Quantile.of([1, 2], method="hall"), OptionError, "unknown method 'hall'"),
        (lambda: Quantile.of([1, 2], by={"quantile": [1, 2]}), LabelError, "quantile"),
        (lambda: Quantile.of([1, 2], name=""), TallyError, "name must be a text"),
        (lambda: Quantile([1], [1], [0]), TallyError, "cells must be a start and a number"),
        (lambda: Quantile([1], [1], [0, 2]), TallyError, "cells must lie within the amounts"),
        (lambda: Quantile([1], [1], [-1, 1]), TallyError, "cells must be whole numbers, 0 or more"),
        (lambda: Quantile([1], 1, [0, 1]), TallyError, "cells must lie within the amounts"),
        (lambda: Quantile([1], [1], [0, 1e300]), TallyError, "cells must lie within the amounts"),
        (lambda: Quantile([1], [1, 2], [0, 1]), TallyError, "cells must lie within the amounts"),
        (lambda: Quantile([1], [0.5], [0, 1]), TallyError, "counts must be whole numbers"),
        (lambda: Quantile([1], [1], [[0, 1]], by=[1, 2]), TallyError, "labels must be one for"),
        (
            lambda: Quantile.of([1, 2]) + Quantile.of([1, 2], 0.9),
            TallyError,
            "Quantile add up with the same q, got 0.5 and 0.9",
        ),
        (
            lambda: compare(Quantile.of([1, 2]), Quantile.of([1])),
            TallyError,
            "compare the share of records within a standard: proportion",
        ),
        (lambda: Quantile.of([1, 2]) + Amounts.of([1]), TypeError, "unsupported operand"),
    ],
)
def test_what_cannot_be_is_named(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
