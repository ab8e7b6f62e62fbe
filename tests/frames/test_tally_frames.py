"""Tallies out of frames: questions, keys, answers on the scale and below each other."""

import re
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custfocus import Scale, Tally, frames
from custfocus.errors import AnswerError, LabelError, ScaleError

THREE = Scale.likert(3, labels=["bad", "so-so", "good"], missing=[9, None])
PLAIN = Scale.likert(3)
NAN = float("nan")
ROWS = {"shop": ["b", "a", "b", None, "a"], "q1": [3, 1, None, 2, 9], "q2": [1, 1, 2, 3, 3]}
ITEMS = {name: ROWS[name] for name in ("q1", "q2")}
TALLY = Tally.of(ITEMS, THREE, by={"shop": ROWS["shop"]})


def begins(text: str) -> str:
    return "^" + re.escape(text)


class TestColumns:
    def test_each_question_and_group_is_counted(self, engine):
        found = frames.tally(engine.build(ROWS), ["q1", "q2"], scale=THREE, by="shop")
        assert found == TALLY
        assert found.keys.names == ("shop", "item")
        assert found.missing_by_reason.sum(axis=0).tolist() == [1, 1, 0]

    def test_one_question_by_its_name_has_no_open_key(self, engine):
        found = frames.tally(engine.build(ROWS), "q2", scale=THREE)
        assert (found.keys.names, found.keys.fixed) == ((), (("item", "q2"),))
        assert found == TALLY.collapsed("shop").sel(item="q2")
        grouped = frames.tally(engine.build(ROWS), "q2", scale=THREE, by="shop")
        assert grouped == TALLY.sel(item="q2")

    def test_questions_stand_in_the_order_asked_and_groups_in_that_of_their_labels(self):
        found = frames.tally(pl.DataFrame(ROWS), iter(["q2", "q1"]), scale=THREE, by=iter(["shop"]))
        assert found.keys.columns() == {
            "shop": ["a", "a", "b", "b", None, None], "item": ["q2", "q1"] * 3,
        }  # fmt: skip
        assert found == TALLY

    def test_the_first_name_of_a_group_orders_before_the_second(self, engine):
        rows = {"wave": [2, 1, 2, 1], "shop": ["a", "b", "b", "a"], "q": [1, 2, 3, 1]}
        found = frames.tally(engine.build(rows), "q", scale=PLAIN, by=["wave", "shop"])
        assert found.keys.labels("wave") == [1, 1, 2, 2]
        assert found.keys.labels("shop") == ["a", "b", "a", "b"]
        assert found.counts.argmax(axis=1).tolist() == [0, 1, 0, 2]

    @pytest.mark.parametrize("by", [(), "k", ["k", "j"]])
    def test_no_rows_are_no_groups_and_an_empty_whole(self, engine, by):
        found = frames.tally(engine.build({"q": [], "k": [], "j": []}), "q", scale=PLAIN, by=by)
        assert found.shape == ((0,) if by else ())
        assert found.n.sum() == 0

    def test_labels_of_several_types_are_kept_apart(self):
        labels = ["1", 1, True, None, NAN, "a", 1.5, pd.NA, np.int64(1), pd.NaT]
        for frame in (
            {"k": labels, "q": [1] * 10},
            pd.DataFrame({"k": pd.Series(labels, dtype=object), "q": 1}),
        ):
            found = frames.tally(frame, "q", scale=PLAIN, by="k")
            assert found == Tally.of({"q": [1] * 10}, PLAIN, by={"k": labels}).sel(item="q")
            assert sorted(found.n.tolist()) == [1, 1, 1, 1, 2, 4]

    @pytest.mark.parametrize("name", ["item", "n", "missing", "value", "count_1", "missing_9"])
    def test_groups_are_not_called_like_the_columns_of_results(self, name):
        frame = pl.DataFrame({"q": [1, 2], name: ["x", "y"]})
        with pytest.raises(LabelError, match=rf"{name}"):
            frames.tally(frame, "q", scale=THREE, by=name)

    def test_what_is_no_scale_is_an_error_before_anything_is_counted(self):
        text = r"^expected a Scale, got 5; see Scale\.likert$"
        with pytest.raises(ScaleError, match=text):
            frames.tally(None, "q", scale=5)
        with pytest.raises(ScaleError, match=text):
            frames.tally_long(None, item="item", answer="answer", scale=5)

    @pytest.mark.parametrize("kind", ["weights", "counts"])
    def test_weights_and_counts_are_named_not_given(self, kind):
        with pytest.raises(AnswerError, match=rf"^{kind} must be the name of a column, got "):
            frames.tally(ROWS, "q1", scale=THREE, **{kind: [1, 2, 1, 1, 1]})


class TestCounts:
    """Tables of frequencies."""

    FREQUENCIES = {"shop": ["a", "a", "b", "b"], "q": [1, 3, 3, None], "count": [10, 0, 4, 2]}  # noqa: RUF012

    def test_with_weights_they_are_as_many_rows_of_that_weight(self):
        columns = self.FREQUENCIES | {"weight": [1.5, 2.0, 0.0, 3.0]}
        counted = frames.tally(columns, "q", scale=THREE, weights="weight", counts="count")
        every = {
            name: np.repeat(np.array(values, object), columns["count"])
            for name, values in columns.items()
        }
        assert counted == frames.tally(every, "q", scale=THREE, weights="weight")


class TestAnswers:
    @pytest.mark.parametrize(
        "column",
        [
            pd.Series([1, 3, 3, None], dtype="Int8"),
            pd.Series([1, 3, 3, None], dtype="Float32"),
            pd.Series([1, 3, 3, 9], dtype="uint64"),
            pd.Series(pd.Categorical([1, 3, 3, None], categories=[3, 2, 1, 9], ordered=True)),
            pd.Series(["bad", "good", "good", None], dtype="string"),
            pd.Series([1, "good", Decimal(3), NAN], dtype=object),
            pd.Series([1, 3, 3, None], dtype=pd.ArrowDtype(pa.int8())),
            pd.Series([1, 3, 3, 9], dtype=pd.SparseDtype(int)),
            pl.Series(["bad", "good", "good", None], dtype=pl.Enum(["good", "so-so", "bad"])),
            pl.Series([1, 3, 3, None], dtype=pl.Float32),
            pl.Series([Decimal(1), Decimal("3.00"), Decimal(3), None]),
            pa.array(["bad", "good", "good", None], pa.large_string()),
        ],
        ids=lambda column: (
            f"{type(column).__module__.partition('.')[0]} {column.dtype}"
            if hasattr(column, "dtype")
            else str(column.type)
        ),
    )
    def test_any_type_of_column_holds_answers(self, column):
        library = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}
        make = library[type(column).__module__.partition(".")[0]]
        for frame in (make({"q": column}), {"q": column}):
            found = frames.tally(frame, "q", scale=THREE)
            assert (found.counts.tolist(), int(found.missing)) == ([1, 0, 2], 1)

    def test_decimals_of_a_database_are_numbers(self):
        frame = duckdb.sql("select unnest([1.00, 2.50, 2.50, 9.00, null]) :: decimal(9, 2) as q")
        found = frames.tally(frame, "q", scale=Scale([1, 2.5], missing=[9, None]))
        assert (found.counts.tolist(), int(found.missing)) == ([1, 2], 2)
        with pytest.raises(AnswerError, match=begins("item 'q': answers not on the scale: [2.5]")):
            frames.tally(frame, "q", scale=THREE)

    @pytest.mark.parametrize(
        ("answers", "scale", "text"),
        [
            ([7, 0, 4, 3], THREE, "[0, 4, 7]; its points are 1 bad, 2 so-so, 3 good"),
            (["bad ", "good", " good"], THREE, "[' good', 'bad ']"),
            (["1", "3"], THREE, "['1', '3']"),
            ([1.0, NAN], PLAIN, "[None]; its points are 1, 2, 3 (list None in the missing= of"),
            ([1, None], PLAIN, "[None]"),
        ],
    )
    def test_answers_off_the_scale_are_named_in_order_with_their_question(
        self, engine, answers, scale, text
    ):
        rows = {"q1": [1] * len(answers), "q2": answers}
        with pytest.raises(
            AnswerError, match=begins(f"item 'q2': answers not on the scale: {text}")
        ):
            frames.tally(engine.build(rows), ["q1", "q2"], scale=scale)

    def test_true_and_false_are_answers_to_yes_or_no_only(self, engine):
        frame = engine.build({"q": [True, False, True, None]})
        found = frames.tally(frame, "q", scale=Scale.range(0, 1, missing=[None]))
        assert (found.counts.tolist(), int(found.missing)) == ([1, 2], 1)
        with pytest.raises(AnswerError, match="convert True and False to points of the scale"):
            frames.tally(frame, "q", scale=THREE)


LONG = {
    "shop": ROWS["shop"] * 2,
    "asked": ["q1"] * 5 + ["q2"] * 5,
    "reply": ROWS["q1"] + ROWS["q2"],
    "weight": [1.0, 2.0, 0.0, 1.5, 3.0] * 2,
}


def long(rows, **options):
    return frames.tally_long(rows, **{"item": "asked", "answer": "reply", "scale": PLAIN} | options)


class TestLong:
    def test_wide_and_long_rows_give_the_same_tally(self, engine):
        assert long(engine.build(LONG), scale=THREE, by="shop") == TALLY

    @pytest.mark.parametrize("design", [{"weights": "weight"}, {"clusters": "shop"}])
    def test_surveys_too(self, engine, design):
        rows = LONG | {"shop": ["b", "a", "b", "c", "a"] * 2}
        wide = {name: rows[name][:5] for name in ("shop", "weight")} | ITEMS
        expected = frames.tally(wide, ["q1", "q2"], scale=THREE, **design)
        assert long(engine.build(rows), scale=THREE, **design) == expected

    def test_questions_may_be_chosen_and_others_need_not_fit_the_scale(self, engine):
        rows = {"asked": ["q1", "age", "q1", None], "reply": [3, 77, 1, 5]}
        found = long(engine.build(rows), items="q1")
        assert found == Tally.of({"q1": [3, 1]}, PLAIN)

    def test_questions_stand_in_the_order_asked_or_declared_or_sorted(self):
        frame = pd.DataFrame(LONG)
        assert long(frame, scale=THREE).keys.labels("item") == ["q1", "q2"]
        assert long(frame, scale=THREE, items=["q2", "q1"]).keys.labels("item") == ["q2", "q1"]
        frame["asked"] = pd.Categorical(frame["asked"], ["q2", "q3", "q1"])
        found = long(frame, scale=THREE)
        assert found.keys.labels("item") == ["q2", "q3", "q1"]
        assert found.n.tolist() == [5, 0, 3]

    def test_a_question_without_rows_has_no_answers_and_none_missing(self):
        found = long(pl.DataFrame(LONG), scale=THREE, items=["q3", "q1"], by="shop")
        none = Tally([[0, 0, 0]] * 3, THREE, by={"shop": ["a", "b", None]})
        assert found == Tally.of_items({"q3": none, "q1": TALLY.sel(item="q1")})

    def test_the_groups_may_be_those_of_the_questions(self):
        with pytest.raises(LabelError, match=r"item"):
            long({"item": ["q1"], "reply": [1]}, item="item", by="item")
        found = long(LONG, scale=THREE, by="asked")
        assert found.keys.names == ("asked", "item")

    @pytest.mark.parametrize(
        ("asked", "shown"), [(["q1", None], "None"), ([1, 1], "1"), ([None, None], "None")]
    )
    def test_rows_that_name_no_question_are_an_error(self, asked, shown):
        rows = pl.DataFrame({"asked": asked, "reply": [1, 2]})
        text = f"'asked' must name the question in every row, as text, got {shown}"
        with pytest.raises(AnswerError, match=begins(text)):
            long(rows)

    def test_no_rows_name_no_questions_unless_they_are_asked_for(self):
        rows = pl.DataFrame({"asked": [], "reply": []}, schema={"asked": str, "reply": int})
        with pytest.raises(AnswerError, match=r"name a question .*items="):
            long(rows)
        assert long(rows, items="q1") == Tally([[0, 0, 0]], PLAIN, by={"item": ["q1"]})

    def test_too_many_questions_are_an_error(self):
        rows = pl.DataFrame({"asked": [f"q{i}" for i in range(9)], "reply": [1] * 9})
        with pytest.raises(AnswerError, match=r"(5|9) or more labels of 'asked'"):
            long(rows, most_cells=4)
