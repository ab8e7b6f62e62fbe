"""Indices and scorecards out of frames: the kind of frame that comes back, and its numbers."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custfocus import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    Scoring,
    Tally,
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
from custfocus.errors import AnswerError, OptionError

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


def columns_of(frame):
    """The columns of any frame, in order of their rows where it has one; NaN and null as None."""
    if isinstance(frame, Mapping):
        columns = frame
    else:
        collected = nw.from_native(frame).lazy().collect()
        columns = {name: collected[name].to_list() for name in collected.columns}
    return {name: [*map(none_if_empty, values)] for name, values in columns.items()}


def none_if_empty(value):
    return None if value is None or value is pd.NA or value != value else value  # noqa: PLR0124


def in_order(rows):
    """Rows without an order, as engines that spread them have none."""
    return sorted(rows, key=lambda row: [(cell is None, cell) for cell in row.values()])


def rows_of(frame):
    columns = columns_of(frame)
    return in_order(
        dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)
    )


def expected_rows(index, items, by=()):
    """The rows of the index of plain lists."""
    columns = {name: ROWS[name] for name in by} or None
    tally = Tally.of({item: ROWS[item] for item in items}, FIVE, by=columns)
    return in_order(index(tally).to_dicts())


class TestScore:
    @pytest.mark.on_clusters
    @pytest.mark.parametrize("by", [(), ("shop",), ("wave", "shop")])
    def test_it_is_the_index_of_the_same_lists_in_a_frame_of_the_same_kind(self, engine, by):
        frame = engine.build(ROWS)
        scored = frames.score(frame, ITEMS, csat, scale=FIVE, by=by)
        assert rows_of(scored) == expected_rows(csat, ITEMS, by)
        assert type(scored) is type(frame)

    def test_no_rows_are_a_frame_without_rows_of_the_same_columns(self, engine):
        whole = frames.score(engine.build(ROWS), "q1", csat, scale=FIVE, by="shop")
        none = engine.build({name: [] for name in ROWS})
        scored = frames.score(none, "q1", csat, scale=FIVE, by="shop")
        assert columns_of(scored) == {name: [] for name in columns_of(whole)}

    def test_columns_called_like_those_of_the_result_do_not_matter(self, engine):
        rows = {"n": ["x", "y"], "value": [5, 1], "low": [1, 2], "item": [True, False]}
        scored = frames.score(engine.build(rows), "value", csat, scale=FIVE)
        assert rows_of(scored) == csat(Tally.of({"value": [5, 1]}, FIVE)).to_dicts()
        assert columns_of(scored)["item"] == ["value"]

    def test_progress_and_most_cells_are_those_of_tally(self):
        steps = []
        frames.score(ROWS, ITEMS, csat, scale=FIVE, progress=steps.append)
        assert steps == [1, 1]
        with pytest.raises(AnswerError, match="at most 2 cells"):
            frames.score(ROWS, "q1", csat, scale=FIVE, most_cells=2)


class TestIndex:
    @pytest.mark.parametrize(
        ("index", "scale", "direct"),
        [
            (nps, TEN, nps),
            (csat, FIVE, lambda tally: estimate(tally, TOP)),
            (partial(top_box, boxes=1), FIVE, partial(estimate, scoring=Scoring.top_box(FIVE, 1))),
            (lambda x: bottom_box(x, boxes=3), FIVE, partial(bottom_box, boxes=3)),
            (partial(ces, wording="ease-2013"), Scale.likert(7), partial(ces, wording="ease-2013")),
            (mean_score, TEN, mean_score),
            (partial(csat, method="wilson", confidence_level=0.8), FIVE,
             partial(estimate, scoring=TOP, method="wilson", confidence_level=0.8)),
            (partial(nps, method="t", confidence_level=0.5), TEN,
             partial(nps, method="t", confidence_level=0.5)),
            (TOP, None, lambda tally: estimate(tally, TOP)),
            (TOP, FIVE, lambda tally: estimate(tally, TOP)),
        ],
    )  # fmt: skip
    def test_every_option_of_an_index_is_obeyed(self, index, scale, direct):
        points = (scale or FIVE).points
        answers = [points[0], points[-1], points[-1], points[2]]
        scored = frames.score({"q": answers}, "q", index, scale=scale)
        [expected] = direct(Tally.of({"q": answers}, scale or FIVE)).to_dicts()
        assert {**scored, "metric": 0} == {name: [value] for name, value in expected.items()} | {
            "metric": 0
        }

    @pytest.mark.parametrize("index", ["nps", 5, None])
    def test_anything_else_is_an_error(self, index):
        with pytest.raises(OptionError, match=rf".*index.*got {index!r}"):
            frames.score(ROWS, "q1", index, scale=FIVE)

    def test_without_a_scoring_the_scale_is_asked_for(self):
        with pytest.raises(OptionError, match=r"scale="):
            frames.score(ROWS, "q1", csat)


MOMENTS = [datetime(2024, 2, 1), None, datetime(2024, 1, 1)]  # noqa: DTZ001 - of no zone
TYPED = [
    pl.Series([2, None, 1], dtype=pl.Int32),
    pl.Series(["b", None, "a"], dtype=pl.Categorical),
    pl.Series(["a", None, "b"], dtype=pl.Enum(["a", "b"])),
    pl.Series([date(2024, 2, 1), None, date(2024, 1, 1)]),
    pl.Series(MOMENTS, dtype=pl.Datetime("ms")),
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
    """The columns of groups keep theirs."""

    @pytest.mark.parametrize("column", TYPED, ids=lambda column: str(column.dtype))
    @pytest.mark.parametrize("lazy", [False, True])
    def test_in_polars(self, column, lazy):
        frame = pl.DataFrame({"k": column, "q": [1] * len(column)})
        scored = frames.score(frame.lazy() if lazy else frame, "q", csat, scale=FIVE, by="k")
        scored = scored.collect() if lazy else scored
        assert scored.schema["k"] == column.dtype
        assert sorted(scored["k"].drop_nulls()) == sorted(column.drop_nulls())
        assert (scored.schema["value"], scored.schema["n"]) == (pl.Float64, pl.Int64)

    @pytest.mark.parametrize("column", PANDAS_TYPED, ids=lambda column: str(column.dtype))
    def test_in_pandas(self, column):
        scored = frames.score(pd.DataFrame({"k": column, "q": 1}), "q", csat, scale=FIVE, by="k")
        assert scored["k"].dtype == column.dtype
        assert scored["k"].tolist()[:2] == sorted(column.dropna())
        assert scored["k"].isna().sum() == column.isna().sum()
        assert scored["n"].dtype == "int64"
        assert scored.index.equals(pd.RangeIndex(len(column)))

    @pytest.mark.parametrize(
        "kind",
        [pa.int32(), pa.string(), pa.large_string(), pa.dictionary(pa.uint32(), pa.string())],
    )
    def test_in_pyarrow(self, kind):
        labels = ["b", None, "a"] if kind != pa.int32() else [2, None, 1]
        frame = pa.table({"k": pa.array(labels).cast(kind), "q": [1, 1, 1]})
        scored = frames.score(frame, "q", csat, scale=FIVE, by="k")
        assert scored.schema.field("k").type == kind
        assert scored["k"].to_pylist() == [*sorted(filter(None, labels)), None]

    def test_in_duckdb(self):
        frame = duckdb.sql(
            "select 1 as q, 2 :: smallint as s, date '2024-01-01' as d, timestamp '2024-01-01' as t"
        )
        scored = frames.score(frame, "q", csat, scale=FIVE, by=["s", "d", "t"])
        assert [str(kind) for kind in scored.types[:3]] == ["SMALLINT", "DATE", "TIMESTAMP"]


def measure(name, item, scoring, target=None):
    return PerformanceMeasure(name, "r", name, items=item, index=scoring, target=target)


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
        measure("no question", (), None),
    ],
)


class TestScorecard:
    @pytest.mark.parametrize("by", [(), "shop", ["wave", "shop"]])
    def test_it_is_the_scorecard_of_the_same_lists(self, engine, by):
        names = [by] if isinstance(by, str) else list(by)
        card = frames.scorecard(FOCUS, engine.build(ROWS), by=by)
        labels = {name: ROWS[name] for name in names} or None
        expected = scorecard(FOCUS, {item: ROWS[item] for item in ITEMS}, by=labels)
        assert str(card) == str(expected)
        assert card.to_dicts() == expected.to_dicts()

    def test_options_are_passed_on(self):
        options = {"method": "wilson", "confidence_level": 0.9, "population": 100}
        focus = CustomerFocus(
            "Library", customers=FOCUS.customers, needs=FOCUS.needs,
            requirements=FOCUS.requirements, measures=FOCUS.measures[:1],
        )  # fmt: skip
        card = frames.scorecard(focus, ROWS, by="shop", **options)
        expected = scorecard(focus, {"q1": ROWS["q1"]}, by={"shop": ROWS["shop"]}, **options)
        assert card.to_dicts() == expected.to_dicts()

    def test_without_one_of_its_questions_every_measure_says_so(self):
        card = frames.scorecard(FOCUS, pl.DataFrame({"shop": ["a"]}), by="shop")
        assert str(card).count("no answers came for 'q1'") == 3

    @pytest.mark.parametrize(
        ("rows", "options", "error", "text"),
        [
            (ROWS, {"by": "shp"}, OptionError, "unknown column 'shp'; did you mean 'shop'"),
            (ROWS | {"q2": [6] * 6}, {}, AnswerError, "item 'q2': answers not on the scale: .6"),
            (ROWS | {"q1": [1]}, {}, AnswerError, "arrays must be of one length"),
            (
                ROWS,
                {"by": "shop", "most_cells": 3},
                AnswerError,
                "items must bring at most 3 cells",
            ),
            (Tally.of([1, 2], FIVE), {}, AnswerError, "frames.scorecard counts answers, got a Tal"),
        ],
    )
    def test_what_cannot_be_is_an_error(self, rows, options, error, text):
        with pytest.raises(error, match=f"^{text}"):
            frames.scorecard(FOCUS, rows, **options)
