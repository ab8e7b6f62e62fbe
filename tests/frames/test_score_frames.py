"""Indices and scorecards out of frames: the kind of frame that comes back, and its numbers."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

import duckdb
import narwhals.stable.v2 as nw
import numpy as np
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
from custfocus.dataframes import check_names
from custfocus.errors import AnswerError, OptionError, ScaleError, VocabularyError
from custfocus.responses import Scale, Scoring, Tally, TallyTable

FIVE = Scale.likert(5, missing=[9, None])
TOP = Scoring.top_box(FIVE)
COLUMNS = ["item", "n", "missing", "value", "low", "high"]
ROWS = {
    "shop": ["b", "a", "b", None, "a", "b"],
    "wave": [2, 1, 1, 2, 1, 2],
    "q1": [5, 4, None, 2, 9, 3],
    "q2": [9, 9, 5, 3, 3, 1],
}


def columns_of(frame) -> dict[str, list]:
    """The columns of any frame, in order of their rows where it has one; NaN and null as None."""
    if isinstance(frame, Mapping):
        columns = frame
    else:
        collected = nw.from_native(frame).lazy().collect()
        columns = {name: collected[name].to_list() for name in collected.columns}
    return {name: [*map(none_if_empty, values)] for name, values in columns.items()}


def rows_of(frame) -> list[tuple]:
    """Rows without an order, as engines that spread them have none."""
    rows = zip(*columns_of(frame).values(), strict=True)
    return sorted(rows, key=lambda row: [(cell is None, cell) for cell in row])


def none_if_empty(value):
    return None if value is None or value is pd.NA or value != value else value  # noqa: PLR0124


def expected_rows(table: TallyTable, scoring: Scoring, **options) -> list[tuple]:
    """Each group and question on its own."""
    rows = [
        (*key, item, *numbers(table[item][place], scoring, **options))
        for place, key in enumerate(table.keys)
        for item in table.items
    ]
    return sorted(rows, key=lambda row: [(cell is None, cell) for cell in row])


def numbers(tally: Tally, scoring: Scoring, **options) -> tuple:
    """What is known of one sample, with no value where there are no answers."""
    if not tally.n:
        return 0, int(tally.missing), None, None, None
    got = estimate(tally, scoring, **options)
    return int(got.n), int(got.missing), float(got.value), float(got.low), float(got.high)


class TestScore:
    @pytest.mark.on_clusters
    def test_the_numbers_are_those_of_estimate_for_each_group_and_question(self, engine):
        frame = engine.build(ROWS)
        scored = frames.score(frame, ["q1", "q2"], csat, scale=FIVE, by=["wave", "shop"])
        table = frames.tally(ROWS, ["q1", "q2"], scale=FIVE, by=["wave", "shop"])
        assert [*columns_of(scored)] == ["wave", "shop", *COLUMNS]
        assert rows_of(scored) == expected_rows(table, TOP)

    def test_numbers_keep_double_precision_below_a_group_without_answers(self, engine):
        rows = {"shop": ["a", "b", "b", "b"], "q1": [None, 5, 5, 1]}
        scored = frames.score(engine.build(rows), "q1", csat, scale=FIVE, by="shop")
        assert rows_of(scored) == expected_rows(
            frames.tally(rows, "q1", scale=FIVE, by="shop"), TOP
        )

    @pytest.mark.on_clusters
    def test_the_same_kind_of_frame_comes_back(self, engine):
        frame = engine.build(ROWS)
        scored = frames.score(frame, "q1", csat, scale=FIVE, by="shop")
        assert type(scored) is type(frame)

    def test_without_groups_there_is_a_row_for_each_question(self, engine):
        scored = frames.score(engine.build(ROWS), ["q1", "q2"], csat, scale=FIVE)
        assert [*columns_of(scored)] == COLUMNS
        assert rows_of(scored) == expected_rows(frames.tally(ROWS, ["q1", "q2"], scale=FIVE), TOP)

    def test_no_rows_are_a_frame_without_rows_of_the_same_columns(self, engine):
        frame = engine.build({name: [] for name in ROWS})
        scored = frames.score(frame, "q1", csat, scale=FIVE, by="shop")
        assert columns_of(scored) == {name: [] for name in ["shop", *COLUMNS]}

    def test_groups_stand_in_order_in_frames_that_have_one(self, engine):
        scored = frames.score(engine.build(ROWS), "q1", csat, scale=FIVE, by="shop")
        if not isinstance(scored, Mapping) and isinstance(nw.from_native(scored), nw.LazyFrame):
            pytest.skip("lazy frames promise no order")
        assert columns_of(scored)["shop"] == ["a", "b", None]

    def test_columns_of_the_frame_that_are_called_like_those_of_the_result_do_not_matter(
        self, engine
    ):
        rows = {"n": ["x", "y"], "value": [5, 1], "low": [1, 2], "item": [True, False]}
        scored = frames.score(engine.build(rows), "value", csat, scale=FIVE)
        table = frames.tally(rows, "value", scale=FIVE)
        assert rows_of(scored) == expected_rows(table, TOP)

    @pytest.mark.parametrize("name", COLUMNS)
    def test_groups_may_not_be_called_like_a_column_of_the_result(self, name):
        text = f"by must not be called like a column of the result, got ['{name}']; rename"
        with pytest.raises(AnswerError, match=f"^{re.escape(text)}$"):
            frames.score(ROWS | {name: [1] * 6}, "q1", csat, scale=FIVE, by=name)

    def test_method_and_confidence_level_are_those_of_estimate(self):
        options = {"method": "wilson", "confidence_level": 0.8}
        scored = frames.score(pl.DataFrame(ROWS), "q1", TOP, scale=FIVE, by="shop", **options)
        table = frames.tally(ROWS, "q1", scale=FIVE, by="shop")
        assert rows_of(scored) == expected_rows(table, TOP, **options)
        assert rows_of(scored) != expected_rows(table, TOP)

    def test_progress_and_most_cells_are_those_of_tally(self):
        steps = []
        frames.score(ROWS, ["q1", "q2"], csat, scale=FIVE, progress=steps.append)
        assert steps == [1, 1]
        with pytest.raises(AnswerError, match="at most 2 cells"):
            frames.score(ROWS, "q1", csat, scale=FIVE, most_cells=2)

    def test_a_mapping_gives_a_dictionary_of_lists(self):
        scored = frames.score(ROWS, "q1", csat, scale=FIVE, by="shop")
        assert type(scored) is dict
        assert scored["shop"] == ["a", "b", None]
        assert [type(value) for value in scored["value"]] == [float] * 3
        assert scored["n"] == [1, 2, 1]

    def test_value_and_limits_of_nobody_are_not_a_number(self):
        scored = frames.score({"q": [None], "k": ["a"]}, "q", csat, scale=FIVE, by="k")
        assert (scored["n"], scored["missing"]) == ([0], [1])
        assert np.isnan([scored[name] for name in ("value", "low", "high")]).all()


TEN = Scale.range(0, 10)


class TestIndex:
    @pytest.mark.parametrize(
        ("index", "scale", "scoring"),
        [
            (nps, TEN, Scoring.net_promoter(TEN)),
            (csat, FIVE, TOP),
            (partial(top_box, boxes=1), FIVE, Scoring.top_box(FIVE, 1)),
            (lambda x: bottom_box(x, boxes=3), FIVE, Scoring.bottom_box(FIVE, 3)),
            (lambda x: ces(x, wording="ease-2013"), Scale.likert(7), None),
            (mean_score, TEN, Scoring.mean(TEN)),
            (Scoring.net(FIVE, positive=2, negative=1), FIVE, None),
        ],
        ids=["nps", "csat", "partial", "lambda", "ces", "mean", "a scoring"],
    )
    def test_it_is_a_function_of_a_tally_or_a_scoring(self, index, scale, scoring):
        answers = [scale.points[0], scale.points[-1], scale.points[-1], scale.points[2]]
        scored = frames.score({"q": answers}, "q", index, scale=scale)
        tally = Tally.of(answers, scale)
        direct = estimate(tally, index) if isinstance(index, Scoring) else index(tally)
        assert scored["value"] == [direct.value]
        assert (scored["low"], scored["high"]) == ([direct.low], [direct.high])
        if scoring is not None:
            assert scored["value"] == [estimate(tally, scoring).value]

    @pytest.mark.parametrize("index", ["nps", 5, None, lambda tally: tally.n, TallyTable])
    def test_anything_else_is_an_error(self, index):
        if index is TallyTable:
            index = Scale.likert(5)
        text = f"index must be an index function such as nps, or a Scoring, got {index!r}"
        with pytest.raises(OptionError, match=f"^{re.escape(text)}$"):
            frames.score(ROWS, "q1", index, scale=FIVE)

    def test_a_scoring_of_another_scale_is_an_error(self):
        with pytest.raises(ScaleError, match=r"^the scoring must be of the tally's points"):
            frames.score(ROWS, "q1", Scoring.net_promoter(TEN), scale=FIVE)

    def test_an_index_that_does_not_suit_the_scale_is_an_error(self):
        with pytest.raises(ScaleError, match="have usual cut points on 0 to 10 only"):
            frames.score(ROWS, "q1", nps, scale=FIVE)


TYPED = [
    ("int32", pl.Series([2, None, 1], dtype=pl.Int32)),
    ("category", pl.Series(["b", None, "a"], dtype=pl.Categorical)),
    ("enum", pl.Series(["b", None, "a"], dtype=pl.Enum(["b", "a"]))),
    ("date", pl.Series([date(2024, 2, 1), None, date(2024, 1, 1)])),
    ("datetime", pl.Series([datetime(2024, 2, 1), None, datetime(2024, 1, 1)])),  # noqa: DTZ001
    ("milliseconds", pl.Series([datetime(2024, 2, 1), None], dtype=pl.Datetime("ms"))),  # noqa: DTZ001
    ("flags", pl.Series([True, None, False])),
    ("float32", pl.Series([0.5, None, 1.5], dtype=pl.Float32)),
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
    @pytest.mark.parametrize(("_name", "column"), TYPED, ids=[name for name, _ in TYPED])
    @pytest.mark.parametrize("lazy", [False, True])
    def test_polars_keeps_the_types_of_the_groups(self, _name, column, lazy):
        frame = pl.DataFrame({"k": column, "q": [1] * len(column)})
        scored = frames.score(frame.lazy() if lazy else frame, "q", csat, scale=FIVE, by="k")
        scored = scored.collect() if lazy else scored
        assert scored.schema["k"] == column.dtype
        assert sorted(scored["k"].drop_nulls()) == sorted(column.drop_nulls())
        assert scored.schema["value"] == pl.Float64
        assert scored.schema["n"] == pl.Int64

    @pytest.mark.parametrize("column", PANDAS_TYPED, ids=lambda column: str(column.dtype))
    def test_pandas_keeps_the_types_of_the_groups(self, column):
        frame = pd.DataFrame({"k": column, "q": 1})
        scored = frames.score(frame, "q", csat, scale=FIVE, by="k")
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
        texts = ["b", None, "a"] if kind != pa.int32() else [2, None, 1]
        frame = pa.table({"k": pa.array(texts).cast(kind), "q": [1, 1, 1]})
        scored = frames.score(frame, "q", csat, scale=FIVE, by="k")
        assert scored.schema.field("k").type == kind
        assert scored["k"].to_pylist() == [*sorted(filter(None, texts)), None]

    def test_duckdb_keeps_the_types_of_the_groups(self):
        frame = duckdb.sql(
            "select 1 as q, 2 :: smallint as s, date '2024-01-01' as d, timestamp '2024-01-01' as t"
        )
        scored = frames.score(frame, "q", csat, scale=FIVE, by=["s", "d", "t"])
        assert [str(kind) for kind in scored.types[:3]] == ["SMALLINT", "DATE", "TIMESTAMP"]


class TestScoreTable:
    def test_it_scores_as_score_does(self, engine):
        frame = engine.build(ROWS)
        table = frames.tally(ROWS, ["q1", "q2"], scale=FIVE, by="shop")
        scored = frames.score_table(table, csat, like=frame)
        assert type(scored) is type(frame)
        assert rows_of(scored) == expected_rows(table, TOP)

    @pytest.mark.parametrize(
        ("like", "kind"),
        [("pandas", pd.DataFrame), ("polars", pl.DataFrame), ("pyarrow", pa.Table), ({}, dict)],
    )
    def test_a_name_or_a_mapping_says_the_kind(self, like, kind):
        table = frames.tally(ROWS, "q1", scale=FIVE, by="shop")
        scored = frames.score_table(table, csat, like=like, confidence_level=0.5)
        assert isinstance(scored, kind)
        assert rows_of(scored) == expected_rows(table, TOP, confidence_level=0.5)

    def test_groups_may_not_be_called_like_a_column_of_the_result(self):
        table = frames.tally(ROWS | {"value": [1] * 6}, "q1", scale=FIVE, by="value")
        with pytest.raises(AnswerError, match=r"got \['value'\]; rename$"):
            frames.score_table(table, csat, like="pandas")


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
    @pytest.mark.parametrize("by", [(), "shop", ["wave", "shop"]])
    def test_it_is_the_scorecard_of_the_same_lists(self, engine, by):
        names = [by] if isinstance(by, str) else list(by)
        card = frames.scorecard(FOCUS, engine.build(ROWS), by=by)
        labels = {name: ROWS[name] for name in names} or None
        expected = scorecard(FOCUS, {"q1": ROWS["q1"], "q2": ROWS["q2"]}, by=labels)
        assert str(card) == str(expected)
        assert repr(card.to_dicts()) == repr(expected.to_dicts())
        assert card.unused == ()

    def test_options_are_passed_on(self):
        options = {"method": "wilson", "confidence_level": 0.9, "population": 100}
        focus = CustomerFocus(
            "Library", customers=FOCUS.customers, needs=FOCUS.needs,
            requirements=FOCUS.requirements, measures=FOCUS.measures[:1],
        )  # fmt: skip
        card = frames.scorecard(focus, ROWS, by="shop", **options)
        expected = scorecard(focus, {"q1": ROWS["q1"]}, by={"shop": ROWS["shop"]}, **options)
        assert str(card) == str(expected)
        assert card.confidence_level == 0.9

    def test_each_question_is_counted_once(self):
        steps = []
        frames.scorecard(FOCUS, ROWS, by="shop", progress=steps.append)
        assert steps == [1, 1]

    def test_without_one_of_its_questions_every_measure_says_so(self):
        card = frames.scorecard(FOCUS, pl.DataFrame({"shop": ["a"]}), by="shop")
        assert [row.verdict_text for row in card.rows][:2] == ["no answers came for 'q1'"] * 2

    def test_a_group_that_is_not_there_is_an_error(self):
        with pytest.raises(OptionError, match=r"^unknown column 'shp'; did you mean 'shop'"):
            frames.scorecard(FOCUS, ROWS, by="shp")

    def test_a_group_called_like_a_column_of_the_card_is_an_error(self):
        with pytest.raises(VocabularyError, match=r"columns, got \['target'\]$"):
            frames.scorecard(FOCUS, ROWS | {"target": [1] * 6}, by="target")

    def test_answers_off_the_scale_name_their_question(self):
        with pytest.raises(AnswerError, match=r"^item 'q2': answers not on the scale: \[6\]"):
            frames.scorecard(FOCUS, ROWS | {"q2": [6] * 6})

    def test_arrays_of_different_lengths_are_an_error(self):
        with pytest.raises(AnswerError, match=r"^arrays must be of one length"):
            frames.scorecard(FOCUS, ROWS | {"q1": [1]})

    def test_too_many_cells_are_an_error(self):
        with pytest.raises(AnswerError, match="at most 3 cells"):
            frames.scorecard(FOCUS, ROWS, by="shop", most_cells=3)


KINDS = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.Table}


class TestToFrame:
    @pytest.mark.parametrize("like", KINDS)
    def test_a_name_says_the_library(self, like):
        table = frames.tally(ROWS, "q1", scale=FIVE, by="shop")
        card = frames.scorecard(FOCUS, ROWS, by="shop")
        for frame in (table.to_frame(like), card.to_frame(like)):
            assert type(frame) is KINDS[like]
        assert columns_of(table.to_frame(like)) == table.columns()

    def test_a_frame_says_it_too(self, engine):
        if isinstance(frame := engine.build(ROWS), dict):
            pytest.skip("a mapping is no frame")
        # Points with labels, since to SQLFrame a column called "1" is the number 1
        scale = Scale.likert(5, labels=["worst", "bad", "fair", "good", "best"], missing=[9, None])
        table = frames.tally(ROWS, "q1", scale=scale, by="shop")
        made = table.to_frame(frame)
        assert type(made) is type(frame)
        expected = zip(*table.columns().values(), strict=True)
        assert rows_of(made) == sorted(
            expected, key=lambda row: [(cell is None, cell) for cell in row]
        )

    def test_columns_of_a_table_called_like_those_of_the_frame_keep_their_numbers(self):
        like = pl.DataFrame({"n": ["text"], "1": [True], "shop": ["x"]})
        table = frames.tally(ROWS, "q1", scale=FIVE, by="shop")
        assert columns_of(table.to_frame(like)) == table.columns()

    @pytest.mark.parametrize("like", KINDS)
    @pytest.mark.parametrize("by", [(), "shop"])
    def test_a_scorecard_is_the_rows_of_its_dictionaries(self, like, by):
        card = frames.scorecard(FOCUS, ROWS, by=by)
        found = columns_of(card.to_frame(like))
        rows = card.to_dicts()
        assert {*found} == {*rows[0]}
        for name, values in found.items():
            assert values == [none_if_empty(row[name]) for row in rows]

    def test_a_scorecard_takes_the_kind_of_a_frame(self, engine):
        if isinstance(frame := engine.build(ROWS), dict):
            pytest.skip("a mapping is no frame")
        card = frames.scorecard(FOCUS, ROWS, by="shop")
        made = card.to_frame(frame)
        assert type(made) is type(frame)
        found = columns_of(made)
        key = [("measure",), ("shop",), ("value",)]
        wanted = {name: [none_if_empty(row[name]) for row in card.to_dicts()] for (name,) in key}
        pick = [
            zip(*(columns[name] for (name,) in key), strict=True) for columns in (found, wanted)
        ]
        assert sorted(map(repr, pick[0])) == sorted(map(repr, pick[1]))

    @pytest.mark.parametrize("like", ["excel", "Pandas", 5, None, [], ROWS, pl.Series([1])])
    def test_anything_else_is_an_error(self, like):
        table = frames.tally(ROWS, "q1", scale=FIVE)
        text = "like must be a dataframe or one of pandas, polars, pyarrow, modin, got "
        with pytest.raises(OptionError, match=f"^{text}"):
            table.to_frame(like)


def test_a_tally_table_is_told_where_its_scorecard_is():
    table = frames.tally({"q": [1, 2]}, "q", scale=Scale.likert(2))
    with pytest.raises(AnswerError, match=r"^frames.scorecard counts answers, got a TallyTable;"):
        frames.scorecard(None, table)


def test_a_library_that_takes_names_for_numbers_gets_none():
    check_names(["shop", "one"])
    with pytest.raises(OptionError, match=r"^SQLFrame takes a column called '1' for the number;"):
        check_names(["shop", "1"])
