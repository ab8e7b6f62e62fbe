"""Tallies out of frames: what answers and labels may be, and what is an error."""

import re
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custfocus import frames
from custfocus.errors import AnswerError, CustfocusError, LabelError, OptionError, ScaleError
from custfocus.responses import Scale, Tally

THREE = Scale.likert(3, labels=["bad", "so-so", "good"], missing=[9, None])
PLAIN = Scale.likert(3)
NAN = float("nan")

ROWS = {"shop": ["b", "a", "b", None, "a"], "q1": [3, 1, None, 2, 9], "q2": [1, 1, 2, 3, 3]}
ITEMS = ["q1", "q2"]
TABLE = Tally(
    [[1, 0, 0], [1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 1, 0], [0, 0, 1]],
    THREE,
    [[1, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]],
    by={"shop": ["a", "a", "b", "b", None, None], "item": ITEMS * 3},
)


def exactly(text: str) -> str:
    return f"^{re.escape(text)}$"


def counted(frame, by=(), scale=THREE) -> list:
    """The counts of the column q by group, missing ones last."""
    found = frames.tally(frame, "q", scale=scale, by=by)
    return np.concatenate([found.counts, found.missing[..., None]], axis=-1).tolist()


class TestColumns:
    def test_each_question_and_group_is_counted(self, engine):
        found = frames.tally(engine.build(ROWS), ITEMS, scale=THREE, by="shop")
        assert found == TABLE
        assert [*found.keys] == [*TABLE.keys]

    def test_a_single_name_is_said_of_all_rows_and_a_list_has_a_row_for_each(self, engine):
        frame = engine.build(ROWS)
        single = frames.tally(frame, "q2", scale=THREE)
        assert single == Tally.of(pd.Series(ROWS["q2"], name="q2"), THREE)
        assert (single.shape, single.keys.fixed) == ((), (("item", "q2"),))
        assert frames.tally(frame, "q2", scale=THREE, by="shop") == TABLE.sel(item="q2")
        assert frames.tally(frame, ["q2"], scale=THREE) == Tally.of({"q2": ROWS["q2"]}, THREE)

    def test_questions_stand_in_the_order_asked(self):
        found = frames.tally(ROWS, iter(["q2", "q1"]), scale=THREE, by=iter(["shop"]))
        assert found.keys.labels("item") == ["q2", "q1"] * 3
        assert found == TABLE

    def test_the_first_name_of_a_group_orders_before_the_second(self, engine):
        rows = {"wave": [2, 1, 2, 1], "shop": ["a", "b", "b", "a"], "q": [1, 2, 3, 1]}
        found = frames.tally(engine.build(rows), "q", scale=PLAIN, by=["wave", "shop"])
        assert [*found.keys] == [(1, "a"), (1, "b"), (2, "a"), (2, "b")]
        assert found.counts.argmax(axis=1).tolist() == [0, 1, 0, 2]

    def test_a_question_may_split_the_answers_to_itself(self, engine):
        found = frames.tally(engine.build({"q": [1, 3, 3]}), "q", scale=PLAIN, by="q")
        assert [*found.keys] == [(1,), (3,)]
        assert found.counts.tolist() == [[1, 0, 0], [0, 0, 2]]

    @pytest.mark.parametrize("name", ["item", "n", "missing", "count_2", "metric", "value"])
    def test_groups_are_not_called_like_the_columns_of_results(self, name):
        frame = pl.DataFrame({"q": [1, 2], name: ["x", "y"]})
        with pytest.raises(LabelError, match=f"'{name}'.*; rename the column$"):
            frames.tally(frame, "q", scale=THREE, by=name)

    @pytest.mark.parametrize(
        ("options", "text"),
        [
            ({"scale": 5}, "expected a Scale, got 5; see Scale.likert"),
            ({"by": None}, "by must be a name or a list of names, got None"),
            ({"strata": ["a", "a"]}, "strata must differ from each other, got ('a', 'a')"),
            ({"weights": [1, 2]}, "weights must be the name of a column, got a list"),
            ({"counts": ("n",)}, "counts must be the name of a column, got a tuple"),
        ],
    )
    def test_options_that_cannot_be_are_an_error_before_anything_is_counted(self, options, text):
        options = {"scale": THREE} | options
        with pytest.raises(CustfocusError, match=exactly(text)):
            frames.tally(None, "q", **options)
        with pytest.raises(CustfocusError, match=exactly(text)):
            frames.tally_long(None, item="item", answer="answer", **options)

    @pytest.mark.parametrize("option", [{"lonely_psu": "ignore"}, {"degrees_of_freedom": -1}])
    def test_options_of_a_design_are_checked_like_those_of_a_survey_design(self, option):
        with pytest.raises(CustfocusError, match=next(iter(option))):
            frames.tally(ROWS, "q1", scale=THREE, **option)

    def test_counts_of_a_table_that_was_counted_before_are_added_up(self):
        rows = pl.DataFrame({"q": [1, 3, 1, None], "shop": ["a", "a", "b", "b"], "n": [4, 2, 0, 7]})
        found = frames.tally(rows, "q", scale=THREE, by="shop", counts="n")
        assert found.counts.tolist() == [[4, 0, 2], [0, 0, 0]]
        assert found.missing_by_reason.tolist() == [[0, 0, 0], [0, 7, 0]]


class TestAnswers:
    @pytest.mark.parametrize(
        "answers", [["bad", "good", "good", None], [1, 3, 3, 9], [1.0, 3.0, 3.0, NAN]]
    )
    def test_labels_codes_and_floats_are_the_same_answers(self, engine, answers):
        assert counted(engine.build({"q": answers})) == [1, 0, 2, 1]

    @pytest.mark.parametrize(
        "column",
        [
            pd.Series([1, 3, 3, None], dtype="Int64"),
            pd.Series([1, 3, 3, None], dtype="Float32"),
            pd.Series([1, 3, 3, 9], dtype="uint64"),
            pd.Series(pd.Categorical([1, 3, 3, None], categories=[3, 2, 1, 9], ordered=True)),
            pd.Series(["bad", "good", "good", None], dtype="category"),
            pd.Series(["bad", "good", "good", None], dtype="string"),
            pd.Series([1, "good", Decimal(3), NAN], dtype=object),
            pd.Series([1, 3, 3, None], dtype=pd.ArrowDtype(pa.int8())),
            pd.Series([1, 3, 3, 9], dtype=pd.SparseDtype(int)),
            pl.Series(["bad", "good", "good", None], dtype=pl.Enum(["good", "so-so", "bad"])),
            pl.Series([1, 3, 3, 9], dtype=pl.UInt64),
            pl.Series([1, 3, 3, None], dtype=pl.Float32),
            pl.Series([Decimal(1), Decimal("3.00"), Decimal(3), None]),
            pa.array([1, 3, 3, None], pa.uint8()),
            pa.array(["bad", "good", "good", None], pa.large_string()),
            np.array([1, 3, 3, NAN], dtype="float16"),
            pd.Index([1, 3, 3, 9]),
            np.ma.array([1, 3, 3, 1], mask=[0, 0, 0, 1]),
        ],
    )
    @pytest.mark.parametrize("by", [(), "shop"])
    def test_any_type_of_column_holds_answers(self, column, by):
        library = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}
        make = library.get(type(column).__module__.partition(".")[0], dict)
        expected = [[1, 0, 2, 1]] if by else [1, 0, 2, 1]
        assert counted(make({"q": column, "shop": ["a"] * 4}), by) == expected
        assert counted({"q": column, "shop": ["a"] * 4}, by) == expected

    @pytest.mark.parametrize("column", ["abc", 5, {1: 2, 2: 3, 3: 1}, np.ones((3, 1))])
    def test_what_is_no_column_is_an_error(self, column):
        with pytest.raises(AnswerError, match=r"^expected (a list, array|one-dimensional)"):
            counted({"q": column})

    def test_decimals_of_a_database_are_numbers(self):
        frame = duckdb.sql("select unnest([1.00, 2.50, 2.50, 9.00, null]) :: decimal(9, 2) as q")
        assert counted(frame, scale=Scale([1, 2.5], missing=[9, None])) == [1, 2, 2]
        text = "item 'q': answers not on the scale: [2.5, None]"
        with pytest.raises(AnswerError, match=f"^{re.escape(text)}"):
            counted(frame, scale=Scale.range(1, 9))

    def test_an_enum_of_a_database_is_its_texts(self):
        frame = duckdb.sql("select unnest(['good', 'bad', null]) :: enum('good', 'bad') as q")
        assert counted(frame) == [1, 0, 1, 1]
        assert counted(frame, "q") == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]

    @pytest.mark.parametrize(
        ("answers", "scale", "text"),
        [
            ([7, 0, 4, 3], THREE, "[0, 4, 7]; its points are 1 bad, 2 so-so, 3 good"),
            (["bad ", "good", " good"], THREE, "[' good', 'bad ']; its points are 1 bad, 2 so-so, 3 good (strip the spaces around texts)"),
            (["1", "3"], PLAIN, "['1', '3']; its points are 1, 2, 3 (they are texts: convert them to numbers)"),
            ([1.0, None, NAN], PLAIN, '[None]; its points are 1, 2, 3 (list None in the missing= of the scale if empty means "no answer")'),
        ],
    )  # fmt: skip
    def test_answers_off_the_scale_are_named_in_order_with_their_question(
        self, engine, answers, scale, text
    ):
        frame = engine.build({"q1": [scale.points[0]] * len(answers), "q2": answers})
        with pytest.raises(
            AnswerError, match="^" + re.escape(f"item 'q2': answers not on the scale: {text}")
        ):
            frames.tally(frame, ITEMS, scale=scale)

    def test_true_and_false_are_answers_to_yes_or_no_only(self, engine):
        frame = engine.build({"q": [True, False, True, None]})
        assert counted(frame, scale=Scale.range(0, 1, missing=[None])) == [1, 2, 1]
        with pytest.raises(AnswerError, match="convert True and False to points of the scale"):
            counted(frame)


class TestGroups:
    def test_every_kind_of_empty_is_one_group_at_the_end(self, engine):
        rows = {"k": [None, 2.5, NAN, -1.0, NAN], "q": [1, 1, 2, 3, 3]}
        found = frames.tally(engine.build(rows), "q", scale=PLAIN, by="k")
        assert [*found.keys] == [(-1.0,), (2.5,), (None,)]
        assert found.counts.tolist() == [[0, 0, 1], [1, 0, 0], [1, 1, 1]]

    def test_labels_of_several_types_are_kept_apart(self):
        labels = ["1", 1, True, None, NAN, "a", 1.5, pd.NA, np.int64(1), pd.NaT]
        for column in (labels, pd.Series(labels, dtype=object)):
            found = frames.tally({"k": column, "q": [1] * 10}, "q", scale=PLAIN, by="k")
            assert [repr(label) for (label,) in found.keys] == [
                "True", "1", "1.5", "'1'", "'a'", "None",
            ]  # fmt: skip
            assert found.n.tolist() == [1, 2, 1, 1, 1, 4]

    def test_a_declared_order_is_kept_with_groups_that_have_no_rows(self):
        levels = ["z", "a", "b"]
        texts = ["b", None, "z"]
        for frame in (
            pd.DataFrame({"k": pd.Categorical(texts, levels), "q": [1, 2, 3]}),
            pl.DataFrame({"k": pl.Series(texts, dtype=pl.Enum(levels)), "q": [1, 2, 3]}),
        ):
            found = frames.tally(frame, ["q"], scale=PLAIN, by="k")
            assert found.keys.labels("k") == [*levels, None]
            assert found.n.tolist() == [1, 0, 1, 1]
            assert found.sel(k="b", item="q").counts.tolist() == [1, 0, 0]

    @pytest.mark.parametrize("by", [(), "k", ["k", "j"]])
    def test_no_rows_are_no_groups_and_an_empty_whole(self, engine, by):
        frame = engine.build({"q": [], "k": [], "j": []})
        found = frames.tally(frame, ["q"], scale=THREE, by=by)
        assert found.keys.names == (*([by] if isinstance(by, str) else by), "item")
        assert len(found) == (0 if by else 1)
        assert found.n.sum() == found.missing.sum() == 0


LONG = {
    "shop": ["b", "a", "b", None, "a"] * 2,
    "asked": ["q1"] * 5 + ["q2"] * 5,
    "reply": ROWS["q1"] + ROWS["q2"],
}


def long(rows, **options):
    """The tally of the long rows, on the scale of three by default."""
    return frames.tally_long(rows, item="asked", answer="reply", **({"scale": THREE, **options}))


class TestLong:
    def test_wide_and_long_rows_give_the_same_tally(self, engine):
        frame = engine.build(LONG)
        assert long(frame, by="shop") == TABLE
        assert long(frame) == frames.tally(ROWS, ITEMS, scale=THREE)

    def test_questions_may_be_chosen_and_others_need_not_fit_the_scale(self, engine):
        rows = {"asked": ["q1", "age", "q1", None], "reply": [3, 77, 1, 5]}
        found = long(engine.build(rows), scale=PLAIN, items="q1")
        assert found == Tally([[1, 0, 1]], PLAIN, by={"item": ["q1"]})

    def test_a_question_without_rows_has_no_answers_and_none_missing(self):
        found = long(pl.DataFrame(LONG), items=["q3", "q1"])
        assert found.keys.labels("item") == ["q3", "q1"]
        assert found.counts.tolist() == [[0, 0, 0], [1, 1, 1]]
        assert found.missing.tolist() == [0, 2]

    def test_a_group_without_rows_of_a_question_has_none_missing(self):
        rows = pd.DataFrame({"k": ["a", "b"], "asked": ["q1", "q2"], "reply": [None, 3]})
        found = long(rows, by="k")
        assert found.missing.tolist() == [1, 0, 0, 0]
        assert found.n.tolist() == [0, 0, 0, 1]

    def test_questions_stand_in_the_order_that_their_column_declares(self):
        rows = pd.DataFrame(LONG).astype({"asked": pd.CategoricalDtype(["q2", "q1"])})
        assert long(rows).keys.labels("item") == ["q2", "q1"]

    def test_the_question_may_split_the_rows_too(self):
        rows = pl.DataFrame(LONG).rename({"shop": "place"})
        found = long(rows, by=["asked", "place"])
        assert found.sel(asked="q1", item="q2").n.tolist() == [0, 0, 0]
        assert found.sel(asked="q1", item="q1", place="b").counts.tolist() == [0, 0, 1]

    @pytest.mark.parametrize(
        ("asked", "shown"), [(["q1", None], "None"), ([1, 1], "1"), ([None, None], "None")]
    )
    def test_rows_that_name_no_question_are_an_error(self, asked, shown):
        text = f"'asked' must name the question in every row, as text, got {shown}"
        with pytest.raises(AnswerError, match=exactly(text)):
            long(pl.DataFrame({"asked": asked, "reply": [1, 2]}))

    def test_no_rows_name_no_questions(self):
        rows = pl.DataFrame({"asked": [], "reply": []}, schema={"asked": str, "reply": int})
        with pytest.raises(AnswerError, match=r"^the rows must name a question .*; give items=$"):
            long(rows)
        assert long(rows, items=["q1", "q2"]).n.tolist() == [0, 0]

    def test_columns_that_are_not_there_are_named(self):
        with pytest.raises(OptionError, match=r"^unknown column 'answer'; "):
            frames.tally_long(pl.DataFrame(LONG), item="asked", answer="answer", scale=THREE)
        with pytest.raises(ScaleError, match=r"^expected a Scale, got 5"):
            long(LONG, scale=5)

    def test_too_many_questions_are_an_error(self):
        rows = pl.DataFrame({"asked": [f"q{i}" for i in range(9)], "reply": [1] * 9})
        with pytest.raises(AnswerError, match="9 or more labels of 'asked'"):
            long(rows, most_cells=4)
