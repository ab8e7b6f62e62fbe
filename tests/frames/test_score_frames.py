"""Indices and scorecards out of frames: the kind of frame that comes back, and its numbers."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

import attrs
import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custfocus import (
    Target,
    bottom_box,
    ces,
    csat,
    estimate,
    frames,
    mean_score,
    nps,
    scorecard,
    top_box,
)
from custfocus.errors import AnswerError, CustfocusError, LabelError, OptionError, ScaleError
from custfocus.responses import Scale, Scoring, Tally
from custfocus.vocabulary import Customer, CustomerFocus, Need, PerformanceMeasure, Requirement

FIVE = Scale.likert(5, missing=[9, None])
TEN = Scale.range(0, 10)
TOP = Scoring.top_box(FIVE)
ROWS = {
    "shop": ["b", "a", "b", None, "a", "b"],
    "wave": [2, 1, 1, 2, 1, 2],
    "q1": [5, 4, None, 2, 9, 3],
    "q2": [9, 9, 5, 3, 3, 1],
}
ITEMS = ["q1", "q2"]
BY = {"shop": ROWS["shop"]}
COLUMNS = ["shop", "item", *csat(Tally.of([5, 4], FIVE)).columns()]


def columns_of(frame) -> dict[str, list]:
    """The columns of any frame, in order of their rows where it has one; NaN and null as None."""
    if not isinstance(frame, Mapping):
        collected = nw.from_native(frame).lazy().collect()
        frame = {name: collected[name].to_list() for name in collected.columns}
    return {name: [*map(none_if_empty, values)] for name, values in frame.items()}


def none_if_empty(value):
    return None if value is None or value is pd.NA or value != value else value  # noqa: PLR0124


def rows_of(frame) -> list[dict]:
    """Rows by an order of ours, as engines that spread them have none."""
    columns = columns_of(frame)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return sorted(rows, key=lambda row: [(cell is None, str(cell)) for cell in row.values()])


def reference(rows=ROWS, items=ITEMS, **options) -> list[dict]:
    """What the lists themselves give, in the order of `rows_of`."""
    found = csat({item: rows[item] for item in items}, scale=FIVE, **options)
    return rows_of(found.to_frame({}))


class TestScore:
    @pytest.mark.on_clusters
    def test_the_numbers_and_the_kind_of_frame_are_those_of_what_came_in(self, engine):
        frame = engine.build(ROWS)
        scored = frames.score(frame, ITEMS, csat, scale=FIVE, by=["wave", "shop"])
        assert type(scored) is type(frame)
        assert rows_of(scored) == reference(by={"wave": ROWS["wave"], **BY})

    def test_numbers_keep_double_precision_below_a_group_without_answers(self, engine):
        rows = {"shop": ["a", "b", "b", "b"], "q1": [None, 5, 5, 1]}
        scored = frames.score(engine.build(rows), ["q1"], csat, scale=FIVE, by="shop")
        assert rows_of(scored) == reference(rows, ["q1"], by={"shop": rows["shop"]})

    def test_without_groups_there_is_a_row_for_each_question(self, engine):
        assert rows_of(frames.score(engine.build(ROWS), ITEMS, csat, scale=FIVE)) == reference()

    def test_no_rows_are_a_frame_without_rows_of_the_same_columns(self, engine):
        frame = engine.build({name: [] for name in ROWS})
        scored = frames.score(frame, "q1", TOP, by="shop")
        assert columns_of(scored) == {name: [] for name in COLUMNS}

    def test_groups_stand_in_order_in_frames_that_have_one(self, engine):
        scored = frames.score(engine.build(ROWS), "q1", TOP, by="shop")
        if not isinstance(scored, Mapping) and isinstance(nw.from_native(scored), nw.LazyFrame):
            pytest.skip("lazy frames promise no order")
        assert columns_of(scored)["shop"] == ["a", "b", None]

    def test_columns_of_the_frame_called_like_those_of_the_result_do_not_matter(self, engine):
        rows = {"n": ["x", "y"], "value": [5, 1], "low": [1, 2], "item": [True, False]}
        scored = frames.score(engine.build(rows), ["value"], csat, scale=FIVE)
        assert rows_of(scored) == reference(rows, ["value"])

    def test_progress_and_most_cells_are_those_of_tally(self):
        steps = []
        frames.score(ROWS, ITEMS, TOP, progress=steps.append)
        assert steps == [1, 1]
        with pytest.raises(AnswerError, match="at most 2 cells"):
            frames.score(ROWS, "q1", TOP, most_cells=2)

    def test_a_mapping_gives_a_dictionary_of_lists_with_none_for_no_number(self):
        scored = frames.score(ROWS | {"q1": [9, 4, 9, 2, 9, 9]}, "q1", TOP, by="shop")
        assert type(scored) is dict
        assert (scored["shop"], scored["item"]) == (["a", "b", None], ["q1"] * 3)
        assert (scored["n"], scored["value"]) == ([1, 0, 1], [100.0, None, 0.0])
        assert [type(number) for number in scored["n"]] == [int] * 3


class TestIndex:
    @pytest.mark.parametrize(
        ("index", "scale"),
        [
            (nps, TEN),
            (csat, FIVE),
            (partial(top_box, boxes=1), FIVE),
            (partial(csat, method="wilson", confidence_level=0.8), FIVE),
            (lambda sample: bottom_box(sample, boxes=3), FIVE),
            (partial(ces, wording="ease-2013"), Scale.likert(7)),
            (mean_score, TEN),
            (lambda sample: sample, TEN),  # a tally is a result too
            (Scoring.net(FIVE, positive=2, negative=1), None),
            (TOP, FIVE),
        ],
    )
    def test_it_is_a_function_of_a_sample_or_a_scoring(self, index, scale):
        points = (scale or FIVE).points
        answers = pd.Series([points[0], points[-1], points[-1], points[2]], name="q")
        scored = frames.score({"q": answers}, "q", index, scale=scale)
        sample = Tally.of(answers, scale or FIVE)
        direct = estimate(sample, index) if isinstance(index, Scoring) else index(sample)
        assert scored == direct.to_frame({})

    @pytest.mark.parametrize(
        ("index", "options", "error", "text"),
        [
            ("nps", {"scale": FIVE}, OptionError, "index must be a function such as nps or a Scoring, got 'nps'; "),
            (FIVE, {"scale": FIVE}, OptionError, "index must be a function such as nps or a Scoring, got "),
            (nps, {}, OptionError, "score needs the scale= of the answers, got none; a Scoring brings its own"),
            (csat, {"scale": 5}, ScaleError, "expected a Scale, got 5; "),
            (Scoring.net_promoter(TEN), {"scale": FIVE}, ScaleError, "the scoring must be of the sample's points"),
        ],
    )  # fmt: skip
    def test_anything_else_is_an_error(self, index, options, error, text):
        with pytest.raises(error, match=f"^{re.escape(text)}"):
            frames.score(ROWS, "q1", index, **options)

    def test_an_index_that_does_not_suit_the_scale_is_an_error(self):
        with pytest.raises(ScaleError, match="on 0 to 10 only"):
            frames.score(ROWS, "q1", nps, scale=FIVE)


POLARS_TYPED = [
    pl.Series([2, None, 1], dtype=pl.Int32),
    pl.Series(["b", None, "a"], dtype=pl.Categorical),
    pl.Series(["a", None, "b"], dtype=pl.Enum(["a", "b"])),
    pl.Series([date(2024, 2, 1), None, date(2024, 1, 1)]),
    pl.Series([datetime(2024, 2, 1), None], dtype=pl.Datetime("ms")),  # noqa: DTZ001 - of no zone
    pl.Series([True, None, False]),
    pl.Series([0.5, None, 1.5], dtype=pl.Float32),
]
PANDAS_TYPED = [
    pd.Series([2, None, 1], dtype="Int64"),
    pd.Series([2, 1], dtype="int32"),
    pd.Series([2, None, 1], dtype="float32"),
    pd.Series(["b", None, "a"], dtype="category"),
    pd.Series(["b", None, "a"], dtype="string"),
    pd.Series([True, None, False], dtype="boolean"),
    pd.Series(pd.to_datetime(["2024-02-01", None, "2024-01-01"])),
    pd.Series([2, None, 1], dtype=pd.ArrowDtype(pa.int8())),
]


class TestTypes:
    @pytest.mark.parametrize("column", POLARS_TYPED, ids=lambda column: str(column.dtype))
    @pytest.mark.parametrize("lazy", [False, True])
    def test_polars_keeps_the_types_of_the_groups(self, column, lazy):
        frame = pl.DataFrame({"k": column, "q": [1] * len(column)})
        scored = frames.score(frame.lazy() if lazy else frame, "q", TOP, by="k").lazy().collect()
        assert scored.schema["k"] == column.dtype
        assert sorted(scored["k"].drop_nulls()) == sorted(column.drop_nulls())
        assert (scored.schema["value"], scored.schema["n"]) == (pl.Float64, pl.Int64)

    @pytest.mark.parametrize("column", PANDAS_TYPED, ids=lambda column: str(column.dtype))
    def test_pandas_keeps_the_types_of_the_groups(self, column):
        scored = frames.score(pd.DataFrame({"k": column, "q": 1}), "q", TOP, by="k")
        assert scored["k"].dtype == column.dtype
        assert scored["k"].tolist()[:2] == sorted(column.dropna())
        assert scored["k"].isna().sum() == column.isna().sum()
        assert scored["n"].dtype == "int64"
        assert scored.index.equals(pd.RangeIndex(len(column)))

    @pytest.mark.parametrize(
        "kind",
        [pa.int32(), pa.string(), pa.large_string(), pa.dictionary(pa.uint32(), pa.string())],
    )
    def test_pyarrow_keeps_the_types_of_the_groups(self, kind):
        labels = ["b", None, "a"] if kind != pa.int32() else [2, None, 1]
        frame = pa.table({"k": pa.array(labels).cast(kind), "q": [1, 1, 1]})
        scored = frames.score(frame, "q", TOP, by="k")
        assert scored.schema.field("k").type == kind
        assert scored["k"].to_pylist() == [*sorted(filter(None, labels)), None]

    def test_duckdb_keeps_the_types_of_the_groups(self):
        frame = duckdb.sql(
            "select 1 as q, 2 :: smallint as s, date '2024-01-01' as d, timestamp '2024-01-01' as t"
        )
        scored = frames.score(frame, "q", TOP, by=["s", "d", "t"])
        assert [str(kind) for kind in scored.types[:3]] == ["SMALLINT", "DATE", "TIMESTAMP"]


def measure(name: str, item: str | None, scoring: Scoring | None, target: Target | None = None):
    return PerformanceMeasure(name, "r", name, item=item, scoring=scoring, target=target)


FOCUS = CustomerFocus(
    "Library",
    customers=[Customer("c", "Readers")],
    needs=[Need("n", "c", "something to read")],
    requirements=[Requirement("r", "n", "advice", kind="expectation")],
    measures=[
        measure("top", "q1", TOP, Target.at_least(50)),
        measure("worst", "q1", Scoring.bottom_box(FIVE, 1)),
        measure("turned", "q1", Scoring.top_box(FIVE.reverse_coded(), 1)),
        measure("second", "q2", TOP),
        measure("not there", "q3", TOP),
        measure("no question", None, None),
    ],
)


class TestScorecard:
    @pytest.mark.parametrize("by", ["", "shop", "wave shop"])
    def test_it_is_the_scorecard_of_the_same_lists_and_a_frame_of_any_kind(self, engine, by):
        frame, names = engine.build(ROWS), by.split()
        card = frames.scorecard(FOCUS, frame, by=names)
        labels = {name: ROWS[name] for name in names} or None
        expected = scorecard(FOCUS, {item: ROWS[item] for item in ITEMS}, by=labels)
        assert card == expected
        assert str(card) == str(expected)
        assert card.unused == ()
        made = card.to_frame(frame)
        assert type(made) is type(frame)
        assert rows_of(made) == rows_of(expected.to_frame({}))

    def test_options_are_passed_on(self):
        options = {"method": "wilson", "confidence_level": 0.9, "population": 100}
        focus = attrs.evolve(FOCUS, measures=FOCUS.measures[:1])
        card = frames.scorecard(focus, ROWS, by="shop", **options)
        assert card == scorecard(focus, {"q1": ROWS["q1"]}, by=BY, **options)
        assert card.confidence_level == 0.9

    def test_each_question_is_counted_once(self):
        steps = []
        frames.scorecard(FOCUS, ROWS, by="shop", progress=steps.append)
        assert steps == [1, 1]

    def test_without_one_of_its_questions_every_measure_says_so(self):
        card = frames.scorecard(FOCUS, pl.DataFrame({"shop": ["a"]}), by="shop")
        assert [part.reason for part in card.values()][:2] == ["no answers came for 'q1'"] * 2

    @pytest.mark.parametrize(
        ("rows", "options", "error", "text"),
        [
            ({}, {"by": "shp"}, OptionError, "unknown column 'shp'; did you mean 'shop'"),
            ({"target": [1] * 6}, {"by": "target"}, LabelError, "groups must not be called like a column of results, got 'target'"),
            ({"need": [1] * 6}, {"by": "need"}, LabelError, "groups must not be called like a column of a scorecard, got 'need'"),
            ({"q2": [6] * 6}, {}, AnswerError, "item 'q2': answers not on the scale: [6]"),
            ({"q1": [1]}, {}, AnswerError, "arrays must be of one length"),
            ({}, {"by": "shop", "most_cells": 3}, AnswerError, "items must bring at most 3 cells"),
            ({}, {"population": 1}, CustfocusError, "item 'q1': population"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_an_error(self, rows, options, error, text):
        with pytest.raises(error, match=f"^{re.escape(text)}"):
            frames.scorecard(FOCUS, ROWS | rows, **options)

    def test_a_tally_belongs_to_the_other_scorecard(self):
        text = r"^frames.scorecard counts answers, got a Tally; custfocus.scorecard takes it"
        with pytest.raises(AnswerError, match=text):
            frames.scorecard(FOCUS, frames.tally(ROWS, ITEMS, scale=FIVE))


class TestToFrame:
    def test_a_table_takes_the_kind_of_any_frame(self, engine):
        frame = engine.build(ROWS)
        table = frames.tally(ROWS, ITEMS, scale=FIVE, by="shop")
        made = table.to_frame(frame)
        assert type(made) is type(frame)
        assert rows_of(made) == rows_of(table.to_frame({}))

    def test_columns_called_like_those_of_the_frame_keep_their_numbers(self):
        like = pl.DataFrame({"n": ["text"], "count_1": [True], "shop": ["x"]})
        table = frames.tally(ROWS, "q1", scale=FIVE, by="shop")
        assert columns_of(table.to_frame(like)) == table.to_frame({})

    @pytest.mark.parametrize("column", [[2, 1], [True, False]])
    def test_groups_of_a_type_without_null_are_nullable_where_a_measure_has_none(self, column):
        frame = pd.DataFrame({"k": column, "q1": [5, 1]})
        made = frames.scorecard(FOCUS, frame, by="k").to_frame(frame)
        assert str(made["k"].dtype) == {int: "Int64", bool: "boolean"}[type(column[0])]
        assert made["k"].isna().tolist() == [False] * 6 + [True] * 3
        assert frames.score(frame, "q1", TOP, by="k")["k"].dtype == frame["k"].dtype
