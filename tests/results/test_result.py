"""What a single result of its own kind does, beside the contract that all kinds keep."""

import re
import sys

import attrs
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custfocus.comparisons import compare
from custfocus.errors import LabelError, MissingExtraError, OptionError
from custfocus.indices import csat
from custfocus.responses import Scale, Tally
from custfocus.results import Column, Keys, Metric, Result
from custfocus.results.arrays import BY_ROW, floats, same
from custfocus.results.dataframes import FrameColumn, frame_of
from custfocus.results.stack import Stack
from every_result import COUNTS, compound, labelled


@attrs.frozen(eq=False, repr=False)
class Waits(Result):
    """A result that states no more than it must."""

    _keys: Keys
    minutes: np.ndarray = attrs.field(converter=floats, metadata=BY_ROW)

    @property
    def keys(self):
        return self._keys

    def columns(self):
        return {"rank": Column(self.minutes), "value": Column(self.minutes, str, "wait")}

    def caption(self):
        return "minutes"


ONE = Waits(Keys(fixed=(("year", 2024), ("item", "q1"))), 3)
LONG = Waits(Keys.numbered(23), np.arange(23))


class TestReading:
    def test_a_table_of_one_row_has_no_sentence(self):
        assert str(ONE).split("\n") == ["wait", " 3.0", "year 2024, q1: minutes"]
        assert ONE.notes == ()
        assert ONE.picture() is None
        assert "<svg" not in ONE._repr_html_()

    @pytest.mark.parametrize(
        ("rows", "shown", "more"),
        [(20, 20, ""), (21, 20, "... and 1 more row"), (23, 20, "... and 3 more rows")],
    )
    def test_of_many_rows_twenty_are_shown_and_the_rest_counted(self, rows, shown, more):
        lines = str(LONG[:rows]).split("\n")
        assert len(lines) == 2 + shown + bool(more)
        assert lines[-1] == "minutes"
        assert (lines[-2] == more) is bool(more)
        page = LONG[:rows]._repr_html_()
        assert page.count("<tr>") == 1 + shown
        assert ("... and" in page) is bool(more)

    @pytest.mark.parametrize("spec", [".1f", "+.0f", "8.2f"])
    def test_a_value_is_formatted_rounded_half_up(self, spec):
        assert (
            f"{Waits(Keys(), 6.25):{spec}}"
            == {".1f": "6.3", "+.0f": "+6", "8.2f": "    6.25"}[spec]
        )
        with pytest.raises(OptionError, match="a format must be one of Python's"):
            format(ONE, "hello")

    def test_metrics_know_how_they_are_printed(self):
        share = Metric("CSAT", "percent", (0, 100), "higher")
        assert (share.text(6.25), share.text(None), share.text(float("nan"))) == ("6.3", "-", "-")
        assert (share.sign, Metric("wait", "days").sign) == (" %", "")
        difference = share.difference()
        assert (difference.unit, difference.bounds) == ("percentage points", (-100, 100))
        assert Metric("wait", "days", direction="lower").difference().unit == "days"
        assert Metric("wait", direction="lower").difference().direction == "lower"


class TestChoosing:
    @pytest.mark.parametrize(
        ("index", "rows"),
        [
            (slice(1, None, 2), [1, 3]), ([3, 0, 0, -1], [3, 0, 0, 3]),
            (np.array([True, False, False, True]), [0, 3]),
            (pd.Series([False, True, False, False]), [1]), (pl.Series([2]), [2]),
            (range(2), [0, 1]), ([], []),
        ],
    )  # fmt: skip
    def test_rows_are_chosen_as_of_an_array(self, index, rows):
        found = LONG[:4][index]
        assert found.minutes.tolist() == rows
        assert found.keys.rows == len(rows)

    @pytest.mark.parametrize(
        "index", [None, 1.5, (0, 1), [["a"]], {}, ..., True, ["north"], [None]]
    )
    def test_what_is_no_place_is_answered_with_the_rule(self, index):
        with pytest.raises(OptionError, match=r"\[\] takes a place, a slice, a mask or a list"):
            LONG[index]

    @pytest.mark.parametrize("index", [23, -24, [0, 23], [True] * 22, np.int64(99)])
    def test_places_beyond_the_rows_are_an_index_error(self, index):
        with pytest.raises(IndexError, match=re.escape(f"the Waits has 23 rows, got [{index!r}]")):
            LONG[index]

    def test_names_are_answered_with_the_call_that_takes_them(self):
        for wanted, text in (
            ("value", ".columns()['value'].values"),
            ("north", ".sel(group='north')"),
        ):
            with pytest.raises(OptionError, match=re.escape(f"got {wanted!r}; write {text}")):
                LONG[wanted]
        with pytest.raises(OptionError, match=r"write \.n$"):
            Tally([[1, 2]], Scale.likert(2))["n"]
        with pytest.raises(OptionError, match=re.escape("write .sel(name='north')")):
            ONE["north"]
        with pytest.raises(OptionError, match="a single Waits has no rows to choose from"):
            ONE[0]

    def test_nested_results_are_chosen_along(self):
        found = csat(labelled())[[2, 0]]
        assert list(found.sample.keys) == [("north",), ("east",)]
        assert found.sample.counts.tolist() == [COUNTS[0], COUNTS[3]]
        compared = compare(csat(compound()), wave=(2, 1))[1]
        assert compared.a.keys.rows == 2  # marked as belonging to the whole


class TestEquality:
    @pytest.mark.parametrize(
        "other",
        [
            attrs.evolve(LONG, minutes=np.arange(23) + 0.5), LONG[:22], LONG[::-1], ONE,
            Waits(Keys.of(range(23))[0], np.arange(23)),
            Waits(Keys.of({"shop": range(23)})[0], np.arange(23)),
            Waits(Keys.numbered(23, (("year", 1),)), np.arange(23)), "waits",
        ],
    )  # fmt: skip
    def test_any_difference_makes_results_unequal(self, other):
        assert other != LONG
        assert other != LONG
        assert attrs.evolve(LONG, minutes=np.arange(23)) == LONG

    def test_labels_of_other_types_or_rows_make_them_unequal(self):
        one, text, two = (Waits(Keys.of(by)[0], [1, 2]) for by in ([1, 2], ["1", "2"], [1, 3]))
        assert one != text
        assert one != two
        assert one == Waits(Keys.of([2.0, 1.0])[0], [1, 2])

    def test_what_only_one_of_them_has_makes_them_unequal(self):
        assert csat(labelled()) != csat(labelled(), population=500)
        assert csat(labelled(), population=500) != csat(labelled())

    def test_fields_are_equal_by_value_and_kind(self):
        numbers, nan = np.array([1.0, np.nan]), np.array([1, 2])
        assert same(numbers, numbers.copy())
        assert not same(numbers, nan)
        assert not same(None, numbers)
        assert not same(numbers, None)
        assert same(np.array(["a"]), np.array(["a"]))


class TestFrames:
    def types(self, labels, library):
        frame = Waits(Keys.of({"key": labels})[0], np.zeros(len(labels))).to_frame(library)
        kind = frame.schema.field("key").type if library == "pyarrow" else frame["key"].dtype
        values = frame["key"].to_pylist() if library == "pyarrow" else frame["key"].to_list()
        return str(kind), [None if value is pd.NA else value for value in values]

    @pytest.mark.parametrize(
        ("labels", "pandas", "polars", "pyarrow"),
        [
            ([1, None], "Int64", "Int64", "int64"),
            ([1, 2], "Int64", "Int64", "int64"),
            ([0.5, 2], "float64", "Float64", "double"),
            ([True, None], "boolean", "Boolean", "bool"),
            (["a", "b"], "str", "String", "string"),
            ([], "str", "String", "string"),
            (pd.Series(pd.to_datetime(["2024-01-31"])), "datetime64[us]", "Datetime(time_unit='us', time_zone=None)", "timestamp[us]"),
            (pd.Series(pd.to_datetime(["2024-01-31"])).dt.date, "object", "Date", "date32[day]"),
        ],
    )  # fmt: skip
    def test_columns_of_keys_have_types(self, labels, pandas, polars, pyarrow):
        for library, kind in (("pandas", pandas), ("polars", polars), ("pyarrow", pyarrow)):
            found, values = self.types(labels, library)
            assert found == kind
            assert values == Keys.of({"key": labels})[0].labels("key")

    @pytest.mark.parametrize(
        "labels", [[1, "a", None], [2**63, 1], [1, True], [("n", 1), ("n", 2)]]
    )
    def test_labels_of_mixed_types_stay_what_they_are_in_pandas(self, labels):
        kind, values = self.types(labels, "pandas")
        assert kind == "object"
        assert values == Keys.of({"key": labels})[0].labels("key")

    @pytest.mark.parametrize("library", ["polars", "pyarrow"])
    def test_other_libraries_refuse_them(self, library):
        text = f"a column of {library} holds one type, got int, str in 'key'; make its labels"
        with pytest.raises(OptionError, match=re.escape(text)):
            self.types([1, "a", None], library)
        with pytest.raises(
            OptionError, match=f"{library} can't hold the labels of 'key', got tuple"
        ):
            self.types([("n", 1), ("n", 2)], library)

    @pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
    def test_a_label_that_no_file_could_hold_is_an_error(self, library):
        with pytest.raises(OptionError, match="can't hold the labels of 'key', got str"):
            self.types(["\ud800"], library)

    def test_numbers_that_are_none_are_null_and_whole_ones_whole(self):
        found = csat(labelled(), population=500)
        rows = found.to_frame("polars")
        assert rows["value"].null_count() == 1
        assert rows["population"].dtype == pl.Int64
        assert found.to_frame("pandas")["population"].dtype == "Int64"
        assert found.to_frame("pandas")["value"].isna().tolist() == [False, True, False, False]

    @pytest.mark.parametrize(
        "like",
        [
            pd.DataFrame({"shop": pd.Categorical(["north"], ["south", "north", "empty", "east"])}),
            pl.DataFrame({"shop": pl.Series(["north"], dtype=pl.Enum(["south", "north", "empty", "east"]))}),
            pa.table({"shop": pa.array(["north"]).cast(pa.large_string()), "n": [1.5]}),
        ],
    )  # fmt: skip
    def test_keys_have_the_types_of_the_frame_that_it_is_like(self, like):
        made = csat(labelled()).to_frame(like)
        assert type(made) is type(like)
        if isinstance(like, pa.Table):
            assert made.schema.field("shop").type == like.schema.field("shop").type
            assert made.schema.field("n").type == pa.int64()
        else:
            assert made["shop"].dtype == like["shop"].dtype
        assert list(made["shop"].to_pylist() if isinstance(like, pa.Table) else made["shop"]) == [
            "east", "empty", "north", "south",
        ]  # fmt: skip

    def test_labels_that_the_type_cannot_hold_are_an_error(self):
        for like in (
            pd.DataFrame({"shop": [1]}),
            pl.DataFrame({"shop": [1]}),
            pa.table({"shop": [1]}),
        ):
            with pytest.raises(OptionError, match="can't hold the labels of 'shop', got str"):
                csat(labelled()).to_frame(like)

    def test_a_lazy_frame_gives_a_lazy_frame(self):
        made = csat(labelled()).to_frame(pl.DataFrame({"shop": ["x"]}).lazy())
        assert isinstance(made, pl.LazyFrame)
        assert made.collect().rows() == csat(labelled()).to_frame("polars").rows()

    def test_a_table_of_duckdb_gives_one_of_duckdb(self):
        made = csat(labelled()).to_frame(duckdb.sql("select 'north' as shop"))
        assert isinstance(made, duckdb.DuckDBPyRelation)
        assert made.pl().rows() == csat(labelled()).to_frame("polars").rows()

    def test_any_library_of_arrow_reads_a_result(self):
        assert pl.DataFrame(csat(labelled())).equals(csat(labelled()).to_frame("polars"))

    @pytest.mark.parametrize(
        "like", ["pandaz", None, 5, pd.DataFrame, pd.Series([1]), pl.Series([1]), np.ones(3), [1]]
    )
    def test_what_is_no_frame_is_an_error_that_lists_the_libraries(self, like):
        with pytest.raises(OptionError, match="like must be a dataframe or one of pandas, polars"):
            LONG.to_frame(like)

    def test_a_library_that_is_not_installed_is_named(self, monkeypatch):
        for module in ("modin", "modin.pandas"):
            monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(MissingExtraError, match="modin is not installed: pip install modin"):
            LONG.to_frame("modin")
        monkeypatch.setitem(sys.modules, "narwhals.stable.v2", None)
        with pytest.raises(MissingExtraError, match="narwhals is not installed"):
            LONG.to_frame("pandas")

    def test_groups_called_like_a_column_of_their_result_are_an_error(self):
        made = Waits(Keys(("rank",), (["a"],), [[0]]), [1])
        with pytest.raises(LabelError, match="called like a column of a Waits, got 'rank'; rename"):
            made.to_dicts()


class TestStacks:
    @pytest.mark.parametrize(
        ("one", "other", "kind"),
        [
            ([1], [2], "Int64"), ([1], [0.5], "Float64"), (["a"], ["b"], "String"),
            ([1], ["b"], "object"),
        ],
    )  # fmt: skip
    def test_a_column_of_several_kinds_is_wide_enough_for_all(self, one, other, kind):
        parts = {key: Waits(Keys.of({"key": by})[0], [1]) for key, by in (("a", one), ("b", other))}
        frame = Stack("part", parts).to_frame("pandas" if kind == "object" else "polars")
        assert str(frame["key"].dtype) == kind

    def test_whole_numbers_that_all_results_have_are_never_null(self):
        frame = Stack("part", {"a": labelled(), "b": labelled()}).to_frame("pandas")
        assert frame["n"].dtype == "int64"


def test_a_null_among_whole_numbers_keeps_them_whole_in_a_frame_like_one_without():
    model = pd.DataFrame({"shop": [1, 2]})
    column = FrameColumn([1, None], "whole")
    assert str(frame_of({"shop": column}, model, ("shop",)).dtypes["shop"]) == "Int64"


def test_labels_of_a_column_are_of_the_kind_that_holds_them_all():
    assert FrameColumn.of_labels([1, 1.5, None]).kind == "number"
    assert FrameColumn.of_labels([1, 1.5, "a"]).kind == "mixed"
