"""Tallies out of frames: what columns, answers and labels may be, and what is an error."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import duckdb
import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custfocus import frames
from custfocus.errors import AnswerError, OptionError, ScaleError
from custfocus.frames.queries import brought_back, grouped
from custfocus.responses import Scale, Tally, TallyTable

THREE = Scale.likert(3, labels=["bad", "so-so", "good"], missing=[9, None])
PLAIN = Scale.likert(3)
NAN = float("nan")
TIMES = [datetime(2024, 1, 1), datetime(2024, 2, 1)]  # noqa: DTZ001 - of no zone

ROWS = {"shop": ["b", "a", "b", None, "a"], "q1": [3, 1, None, 2, 9], "q2": [1, 1, 2, 3, 3]}
TABLE = TallyTable(
    ["shop"],
    [("a",), ("b",), (None,)],
    ["q1", "q2"],
    Tally(
        [[[1, 0, 0], [1, 0, 1]], [[0, 0, 1], [1, 1, 0]], [[0, 1, 0], [0, 0, 1]]],
        THREE,
        [[1, 0], [1, 0], [0, 0]],
    ),
)


def exactly(text: str) -> str:
    return f"^{re.escape(text)}$"


def begins(text: str) -> str:
    return "^" + re.escape(text)


def counted(frame, by=(), scale=THREE) -> list[list[int]]:
    """The counts of the column q by group, missing ones last."""
    table = frames.tally(frame, "q", scale=scale, by=by)
    return np.concatenate([table["q"].counts, table["q"].missing[:, None]], axis=-1).tolist()


class TestColumns:
    def test_each_question_and_group_is_counted(self, engine):
        table = frames.tally(engine.build(ROWS), ["q1", "q2"], scale=THREE, by="shop")
        assert table == TABLE

    def test_without_groups_all_rows_are_one(self, engine):
        table = frames.tally(engine.build(ROWS), "q2", scale=THREE)
        assert (table.by, table.keys, table.items) == ((), ((),), ("q2",))
        assert table["q2"] == Tally([[2, 1, 2]], THREE)

    def test_questions_stand_in_the_order_asked(self):
        frame = pl.DataFrame(ROWS)
        table = frames.tally(frame, ["q2", "q1"], scale=THREE, by=["shop"])
        assert table.items == ("q2", "q1")
        assert (table["q1"], table["q2"]) == (TABLE["q1"], TABLE["q2"])

    def test_names_may_come_from_an_iterator(self):
        assert frames.tally(ROWS, iter(["q1", "q2"]), scale=THREE, by=iter(["shop"])) == TABLE

    def test_the_first_name_of_a_group_orders_before_the_second(self, engine):
        rows = {"wave": [2, 1, 2, 1], "shop": ["a", "b", "b", "a"], "q": [1, 2, 3, 1]}
        table = frames.tally(engine.build(rows), "q", scale=PLAIN, by=["wave", "shop"])
        assert table.keys == ((1, "a"), (1, "b"), (2, "a"), (2, "b"))
        assert table["q"].counts.argmax(axis=1).tolist() == [0, 1, 0, 2]

    def test_a_question_may_split_the_answers_to_itself(self, engine):
        table = frames.tally(engine.build({"q": [1, 3, 3]}), "q", scale=PLAIN, by="q")
        assert table.keys == ((1,), (3,))
        assert table["q"].counts.tolist() == [[1, 0, 0], [0, 0, 2]]

    def test_a_column_that_is_not_there_is_named_with_the_near_miss(self, engine):
        frame = engine.build(ROWS)
        text = "unknown column 'shp'; did you mean 'shop'? (also: q1, q2)"
        with pytest.raises(OptionError, match=exactly(text)):
            frames.tally(frame, "q1", scale=THREE, by="shp")
        with pytest.raises(OptionError, match=begins("unknown column 'Q7'; ")):
            frames.tally(frame, ["q1", "Q7"], scale=THREE)

    @pytest.mark.parametrize(
        ("items", "by", "text"),
        [
            (["q1", "q1"], (), "items must differ from each other, got ('q1', 'q1')"),
            ("q1", ["shop", "shop"], "by must differ from each other, got ('shop', 'shop')"),
            ([], (), "items must name at least one column, got none"),
            (5, (), "items must be a name or a list of names, got 5"),
            ("q1", None, "by must be a name or a list of names, got None"),
            (["q1", 2], (), "items must be texts, got 2; rename the columns"),
        ],
    )
    def test_names_that_cannot_be_are_an_error(self, items, by, text):
        with pytest.raises(AnswerError, match=exactly(text)):
            frames.tally(ROWS, items, scale=THREE, by=by)

    @pytest.mark.parametrize(
        "frame",
        [
            pd.DataFrame([[1, 2]], columns=["q", "q"]),
            pa.table([[1], [2]], names=["q", "q"]),
        ],
    )
    def test_two_columns_of_one_name_are_an_error(self, frame):
        with pytest.raises(AnswerError, match=r"(?s)^columns must have names of their own: .*'q'"):
            frames.tally(frame, "q", scale=THREE)

    def test_columns_that_are_called_by_numbers_are_shown_as_texts(self):
        with pytest.raises(OptionError, match=begins("unknown column 'q'; choose from: 0, 1")):
            frames.tally(pd.DataFrame([[1, 2]]), "q", scale=THREE)

    @pytest.mark.parametrize("name", ["item", "n", "missing", "bad"])
    def test_groups_are_not_called_like_the_columns_of_the_table(self, name):
        frame = pl.DataFrame({"q": [1, 2], name: ["x", "y"]})
        with pytest.raises(ValueError, match=r"^by must differ from each other and from the table"):
            frames.tally(frame, "q", scale=THREE, by=name)

    @pytest.mark.parametrize(
        ("frame", "kind"),
        [("q", "str"), (None, "NoneType"), ([1, 2], "list"), (pl.Series([1, 2]), "Series")],
    )
    def test_what_is_no_frame_is_an_error(self, frame, kind):
        text = f"expected a dataframe, table or mapping of arrays, got a {kind}"
        with pytest.raises(AnswerError, match=exactly(text)):
            frames.tally(frame, "q", scale=THREE)

    def test_what_is_no_scale_is_an_error_before_anything_is_counted(self):
        text = r"^expected a Scale, got 5; see Scale\.likert$"
        with pytest.raises(ScaleError, match=text):
            frames.tally(None, "q", scale=5)
        with pytest.raises(ScaleError, match=text):
            frames.tally_long(None, item="item", answer="answer", scale=5)

    def test_progress_is_told_of_each_question(self, engine):
        steps = []
        frame = engine.build(ROWS)
        frames.tally(frame, ["q1", "q2"], scale=THREE, progress=steps.append)
        assert steps == [1, 1]

    @pytest.mark.engines
    def test_dask_makes_its_rows_once_for_all_questions(self):
        dask = pytest.importorskip("dask", reason="Dask is in the dependency group engines")
        import dask.dataframe as dd  # noqa: PLC0415

        made, rows = [], pd.DataFrame({"q1": [1, 2], "q2": [3, 3], "shop": ["a", "b"]})

        def part(number):
            made.append(number)
            return rows

        with dask.config.set(scheduler="synchronous"):
            frame = dd.from_map(part, [0, 1], meta=rows)
            table = frames.tally(frame, ["q1", "q2"], scale=THREE, by="shop")
        assert sorted(made) == [0, 1]
        assert table.tally.n.tolist() == [[2, 2], [2, 2]]


class TestAnswers:
    @pytest.mark.parametrize(
        "answers",
        [
            ["bad", "good", "good", None],
            [1, 3, 3, 9],
            [1.0, 3.0, 3.0, NAN],
        ],
    )
    def test_labels_codes_and_floats_are_the_same_answers(self, engine, answers):
        assert counted(engine.build({"q": answers})) == [[1, 0, 2, 1]]

    @pytest.mark.parametrize(
        "column",
        [
            pd.Series([1, 3, 3, None], dtype="Int64"),
            pd.Series([1, 3, 3, None], dtype="Int8"),
            pd.Series([1, 3, 3, None], dtype="Float32"),
            pd.Series([1, 3, 3, 9], dtype="uint64"),
            pd.Series([1, 3, 3, None], dtype="category"),
            pd.Series(pd.Categorical([1, 3, 3, None], categories=[3, 2, 1, 9], ordered=True)),
            pd.Series(["bad", "good", "good", None], dtype="category"),
            pd.Series(["bad", "good", "good", None], dtype="string"),
            pd.Series(["bad", "good", "good", None], dtype=object),
            pd.Series([1, "good", 3.0, None], dtype=object),
            pd.Series([1, "good", Decimal(3), NAN], dtype=object),
            pd.Series([1, 3, 3, None], dtype=pd.ArrowDtype(pa.int8())),
            pd.Series([1, 3, 3, 9], dtype=pd.SparseDtype(int)),
            pl.Series(["bad", "good", "good", None], dtype=pl.Enum(["good", "so-so", "bad"])),
            pl.Series([1, 3, 3, 9], dtype=pl.UInt64),
            pl.Series([1, 3, 3, None], dtype=pl.Float32),
            pl.Series([Decimal(1), Decimal("3.00"), Decimal(3), None]),
            pa.array([1, 3, 3, None], pa.uint8()),
            pa.array(["bad", "good", "good", None], pa.large_string()),
        ],
        ids=lambda column: (
            f"{type(column).__module__.partition('.')[0]} {column.dtype}"
            if hasattr(column, "dtype")
            else str(column.type)
        ),
    )
    @pytest.mark.parametrize("by", [(), "shop"])
    def test_any_type_of_column_holds_answers(self, column, by):
        library = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}
        make = library[type(column).__module__.partition(".")[0]]
        assert counted(make({"q": column, "shop": ["a"] * 4}), by) == [[1, 0, 2, 1]]
        assert counted({"q": column, "shop": ["a"] * 4}, by) == [[1, 0, 2, 1]]

    def test_decimals_of_a_database_are_numbers(self):
        frame = duckdb.sql("select unnest([1.00, 2.50, 2.50, 9.00, null]) :: decimal(9, 2) as q")
        assert counted(frame, scale=Scale([1, 2.5], missing=[9, None])) == [[1, 2, 2]]

    def test_decimals_of_a_database_may_be_off_the_scale(self):
        frame = duckdb.sql("select unnest([1.00, 2.50, 7.00]) :: decimal(9, 2) as q")
        with pytest.raises(
            AnswerError, match=begins("item 'q': answers not on the scale: [2.5, 7]")
        ):
            counted(frame)

    def test_an_enum_of_a_database_is_its_texts(self):
        frame = duckdb.sql("select unnest(['good', 'bad', null]) :: enum('good', 'bad') as q")
        assert counted(frame) == [[1, 0, 1, 1]]
        assert counted(frame, "q") == [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]

    def test_answers_off_the_scale_are_named_in_order_with_their_question(self, engine):
        text = (
            "item 'q2': answers not on the scale: [0, 4, 7]; its points are 1 bad, 2 so-so, 3 good"
        )
        rows = {"q1": [1, 2, 3, 3], "q2": [7, 0, 4, 3]}
        with pytest.raises(AnswerError, match=begins(text)):
            frames.tally(engine.build(rows), ["q1", "q2"], scale=THREE)

    def test_spaces_around_texts_are_told_to_be_stripped(self, engine):
        text = (
            "item 'q': answers not on the scale: [' good', 'bad ']; "
            "its points are 1 bad, 2 so-so, 3 good (strip the spaces around texts)"
        )
        with pytest.raises(AnswerError, match=exactly(text)):
            counted(engine.build({"q": ["bad ", "good", " good"]}))

    def test_numbers_that_are_texts_are_told_to_be_converted(self, engine):
        with pytest.raises(AnswerError, match=r"\(they are texts: convert them to numbers\)$"):
            counted(engine.build({"q": ["1", "3"]}))

    @pytest.mark.parametrize("answers", [[1.0, NAN], [1, None], [1.0, None, NAN]])
    def test_empty_answers_are_an_error_unless_they_are_listed_as_missing(self, engine, answers):
        text = (
            "item 'q': answers not on the scale: [None]; its points are 1, 2, 3 "
            '(list None in the missing= of the scale if empty means "no answer")'
        )
        with pytest.raises(AnswerError, match=exactly(text)):
            counted(engine.build({"q": answers}), scale=PLAIN)

    def test_true_and_false_are_answers_to_yes_or_no_only(self, engine):
        frame = engine.build({"q": [True, False, True, None]})
        assert counted(frame, scale=Scale.range(0, 1, missing=[None])) == [[1, 2, 1]]
        with pytest.raises(AnswerError, match="convert True and False to points of the scale"):
            counted(frame)

    @pytest.mark.parametrize(
        "frame",
        [
            {"q": [[1], [2]]},
            pd.DataFrame({"q": [[1], [2]]}),
            pl.DataFrame({"q": [[1], [2]]}),
            pa.table({"q": [[1], [2]]}),
            pl.LazyFrame({"q": [{"a": 1}, {"a": 2}]}),
        ],
    )
    @pytest.mark.parametrize("by", [(), "q"])
    def test_collections_are_no_answers_and_no_labels(self, frame, by):
        with pytest.raises(AnswerError, match=r"values must be numbers or texts|single values"):
            counted(frame, by)


class TestGroups:
    def test_every_kind_of_empty_is_one_group_at_the_end(self, engine):
        rows = {"k": [None, 2.5, NAN, -1.0, NAN], "q": [1, 1, 2, 3, 3]}
        table = frames.tally(engine.build(rows), "q", scale=PLAIN, by="k")
        assert table.keys == ((-1.0,), (2.5,), (None,))
        assert table["q"].counts.tolist() == [[0, 0, 1], [1, 0, 0], [1, 1, 1]]

    def test_labels_of_several_types_are_kept_apart(self):
        labels = ["1", 1, True, None, NAN, "a", 1.5, pd.NA, np.int64(1), pd.NaT]
        for frame in (
            {"k": labels, "q": [1] * 10},
            pd.DataFrame({"k": pd.Series(labels, dtype=object), "q": 1}),
        ):
            table = frames.tally(frame, "q", scale=PLAIN, by="k")
            assert [repr(label) for (label,) in table.keys] == [
                "True", "1", "1.5", "'1'", "'a'", "None",
            ]  # fmt: skip
            assert table.n.ravel().tolist() == [1, 2, 1, 1, 1, 4]

    @pytest.mark.parametrize(
        ("column", "labels"),
        [
            (pd.Series([2, None, 1], dtype="Int64"), [1, 2, None]),
            (pd.Series(pd.Categorical([2, None, 1], categories=[9, 2, 1])), [1, 2, None]),
            (pd.Series([True, None, False], dtype="boolean"), [False, True, None]),
            (pd.Series(["b", None, "a"], dtype="string"), ["a", "b", None]),
            (pd.Series([date(2024, 2, 1), None, date(2024, 1, 1)]),
             [date(2024, 1, 1), date(2024, 2, 1), None]),
            (pd.to_datetime(pd.Series(["2024-02-01", None, "2024-01-01"])),
             [*TIMES, None]),
            (pd.to_timedelta(pd.Series([2, None, 1]), unit="h"),
             [timedelta(hours=1), timedelta(hours=2), None]),
            (np.array(["2024-02-01", "NaT", "2024-01-01"], dtype="M8[s]"),
             [*TIMES, None]),
        ],
    )  # fmt: skip
    def test_labels_are_plain_objects_of_python(self, column, labels):
        for frame in (pd.DataFrame({"k": column, "q": 1}), {"k": column, "q": [1, 1, 1]}):
            (found,) = frames.tally(frame, "q", scale=PLAIN, by="k").labels.values()
            assert found == labels
            assert [*map(type, found)] == [*map(type, labels)]

    def test_categories_that_nobody_is_in_are_no_groups(self):
        kinds = pd.CategoricalDtype(["z", "a", "b"])
        for column in (pd.Series(["b", "a"], dtype=kinds), pd.Categorical(["b", "a"], dtype=kinds)):
            table = frames.tally({"k": column, "q": [1, 2]}, "q", scale=PLAIN, by="k")
            assert table.keys == (("a",), ("b",))

    def test_too_many_groups_are_an_error_that_names_the_column(self, engine):
        rows = {"shop": ["a", "b"] * 10, "visitor": [*range(20)], "q": [1] * 20}
        frame = engine.build(rows)
        text = (
            r"^by must bring at most 12 cells of groups and answers, got more, with "
            r"(1[0-3]|20) or more labels of 'visitor'; leave it out, or raise most_cells=$"
        )
        with pytest.raises(AnswerError, match=text):
            frames.tally(frame, "q", scale=PLAIN, by=["shop", "visitor"], most_cells=12)
        table = frames.tally(frame, "q", scale=PLAIN, by=["shop", "visitor"], most_cells=20)
        assert len(table.keys) == 20

    def test_too_many_answers_are_not_blamed_on_the_groups(self, engine):
        frame = engine.build({"shop": ["a", "b"] * 10, "income": [*range(20)]})
        with pytest.raises(
            AnswerError, match=r"^items must .* ([89]|20) or more labels of 'income'; leave"
        ):
            frames.tally(frame, "income", scale=PLAIN, by="shop", most_cells=8)
        with pytest.raises(
            AnswerError, match=r"^items must .* (9|20) or more labels of 'income'; leave"
        ):
            frames.tally(frame, "income", scale=PLAIN, most_cells=8)

    def test_no_more_cells_come_back_than_show_that_there_are_too_many(self, engine):
        frame = engine.build({"number": [*range(20)]})
        if isinstance(frame, dict):
            pytest.skip("arrays are here already")
        table = nw.from_native(frame)
        (found,) = brought_back(table, [grouped(table, {"answer": "number"}, 8)])
        assert len(found) == 9
        assert found["count"].to_list() == [1] * 9

    @pytest.mark.parametrize("by", [(), "k", ["k", "j"]])
    def test_no_rows_are_no_groups_and_an_empty_whole(self, engine, by):
        table = frames.tally(engine.build({"q": [], "k": [], "j": []}), "q", scale=PLAIN, by=by)
        assert table.keys == (() if by else ((),))
        assert table.n.sum() == 0


class TestArrays:
    """The columns of a mapping, and of pandas, are counted by their numbers."""

    @pytest.mark.parametrize(
        "dtype", ["int8", "uint8", "int16", "int64", "uint64", "float16", "float64", "object"]
    )
    def test_numbers_of_any_width_are_counted(self, dtype):
        rng = np.random.default_rng(1)
        answers, shops = rng.integers(1, 4, 999), rng.integers(0, 7, 999)
        expected = [
            [int(((shops == shop) & (answers == point)).sum()) for point in (1, 2, 3)]
            for shop in range(7)
        ]
        columns = {"q": answers.astype(dtype), "shop": shops.astype(dtype)}
        for frame in (columns, pd.DataFrame(columns)):
            table = frames.tally(frame, "q", scale=PLAIN, by="shop")
            assert table["q"].counts.tolist() == expected

    @pytest.mark.parametrize(
        "labels",
        [
            [-(2**62), 0, 2**62],
            [-(2**63), 2**63 - 1],
            [-5, 70_000],
            [-(2**63), -(2**63) + 1],
            [2**63 - 2, 2**63 - 1],
            [2**64 - 2, 2**64 - 1],
            [-3, 2**15],
            [2**15 - 2, 2**15 - 1],
            [-(2**15), -(2**15) + 3],
            [2**31 - 1, 2**31],
            [-(2**32) - 1, -(2**32)],
            [2**61, 2**61 + 1],
        ],
    )
    def test_numbers_far_apart_or_far_out_are_numbered_first(self, labels):
        column = np.array(labels, dtype="uint64" if labels[0] > 0 else "int64")
        answers = np.full(len(labels), 2, dtype=np.int8)
        for frame in ({"k": column, "q": answers}, pd.DataFrame({"k": column, "q": answers})):
            table = frames.tally(frame, "q", scale=PLAIN, by="k")
            assert table.keys == tuple((label,) for label in labels)
            assert table["q"].counts.tolist() == [[0, 1, 0]] * len(labels)

    @pytest.mark.parametrize("first", [-127, -(2**15), 2**61, -(2**62)])
    def test_joint_cells_fit_the_integers_that_they_are_joined_in(self, first):
        labels = np.arange(first, first + 128)
        columns = {"k": np.repeat(labels, 3), "q": np.tile(np.arange(1, 4, dtype=np.int8), 128)}
        table = frames.tally(columns, "q", scale=PLAIN, by="k")
        assert table.keys == tuple((label,) for label in labels.tolist())
        assert (table["q"].counts == 1).all()

    @pytest.mark.parametrize("size", [2**9, 2**12])
    def test_more_joint_cells_than_one_array_holds_are_counted_as_well(self, size):
        # Two keys of 2**9 and 2**12 labels: 2**20 and 2**26 joint cells with four answers
        rng = np.random.default_rng(2)
        columns = {"a": np.arange(size), "b": rng.permutation(size) - 7, "c": np.arange(size) % 2}
        columns["q"] = 1 + np.arange(size) % 3
        table = frames.tally(columns, "q", scale=PLAIN, by=["c", "a", "b"])
        order = np.lexsort([columns["b"], columns["a"], columns["c"]])
        assert table.keys == tuple(
            zip(*(columns[name][order].tolist() for name in "cab"), strict=True)
        )
        assert np.array_equal(table["q"].counts.argmax(axis=1), columns["q"][order] - 1)
        assert np.array_equal(table.n, np.ones((size, 1)))

    def test_rows_are_counted_across_blocks(self):
        rows = 2**17 + 5  # more than are taken at a time
        columns = {"q": np.full(rows, 2, dtype=np.int8), "k": np.arange(rows) % 2}
        assert counted(columns, "k") == [[0, 2**16 + 3, 0, 0], [0, 2**16 + 2, 0, 0]]

    @pytest.mark.parametrize(
        ("columns", "lengths"),
        [
            ({"k": ["a", "b", "c"], "q": [1]}, "{'q': 1, 'k': 3}"),
            ({"k": ["a"], "q": [1, 2, 3]}, "{'q': 3, 'k': 1}"),
        ],
    )
    def test_arrays_of_different_lengths_are_an_error(self, columns, lengths):
        text = f"arrays must be of one length, got lengths {lengths}"
        with pytest.raises(AnswerError, match=exactly(text)):
            frames.tally(columns, "q", scale=PLAIN, by="k")

    def test_questions_of_different_lengths_are_an_error_without_groups_too(self):
        text = "arrays must be of one length, got lengths {'p': 1, 'q': 2}"
        with pytest.raises(AnswerError, match=exactly(text)):
            frames.tally({"p": [1], "q": [1, 2]}, ["p", "q"], scale=PLAIN)

    @pytest.mark.parametrize(
        "column",
        [
            pl.Series(["a", "b", None]),
            pa.array(["a", "b", None]),
            pa.chunked_array([["a"], ["b", None]]),
            pd.Index(["a", "b", None]),
            pd.Series(["a", "b", None], index=[7, 7, 7]),
            np.ma.array(["a", "b", "c"], mask=[0, 0, 1]),
        ],
        ids=lambda column: f"{type(column).__module__.partition('.')[0]} {type(column).__name__}",
    )
    def test_columns_of_other_libraries_are_arrays_too(self, column):
        assert counted({"k": column, "q": [1, 2, 3]}, "k") == np.eye(3, 4).tolist()

    @pytest.mark.parametrize("column", ["abc", 5, {1: 2, 2: 3, 3: 1}, np.ones((3, 1))])
    def test_what_is_no_column_is_an_error(self, column):
        with pytest.raises(AnswerError, match=r"^expected (a list, array|one-dimensional)"):
            frames.tally({"q": column}, "q", scale=PLAIN)


LONG = {
    "shop": ["b", "a", "b", None, "a"] * 2,
    "asked": ["q1"] * 5 + ["q2"] * 5,
    "reply": ROWS["q1"] + ROWS["q2"],
}


class TestLong:
    def test_wide_and_long_rows_give_the_same_table(self, engine):
        if isinstance(frame := engine.build(LONG), dict):
            pytest.skip("mappings are wide only")
        table = frames.tally_long(frame, item="asked", answer="reply", scale=THREE, by="shop")
        assert table == TABLE

    def test_questions_may_be_chosen_and_others_need_not_fit_the_scale(self, engine):
        rows = {"asked": ["q1", "age", "q1", None], "reply": [3, 77, 1, 5]}
        if isinstance(frame := engine.build(rows), dict):
            pytest.skip("mappings are wide only")
        table = frames.tally_long(frame, item="asked", answer="reply", scale=PLAIN, items="q1")
        assert table == TallyTable([], [()], ["q1"], Tally([[[1, 0, 1]]], PLAIN))

    def test_a_question_without_rows_has_no_answers_and_none_missing(self):
        table = frames.tally_long(
            pl.DataFrame(LONG), item="asked", answer="reply", scale=THREE, items=["q3", "q1"]
        )
        assert table.items == ("q3", "q1")
        assert table["q3"] == Tally([[0, 0, 0]], THREE)
        assert table["q1"] == Tally([[1, 1, 1]], THREE, [2])

    def test_a_group_without_rows_of_a_question_has_none_missing(self):
        rows = pd.DataFrame({"k": ["a", "b"], "asked": ["q1", "q2"], "reply": [None, 3]})
        table = frames.tally_long(rows, item="asked", answer="reply", scale=THREE, by="k")
        assert table.missing.tolist() == [[1, 0], [0, 0]]
        assert table.n.tolist() == [[0, 0], [0, 1]]

    @pytest.mark.parametrize(
        ("asked", "shown"), [(["q1", None], "None"), ([1, 1], "1"), ([None, None], "None")]
    )
    def test_rows_that_name_no_question_are_an_error(self, asked, shown):
        rows = pl.DataFrame({"asked": asked, "reply": [1, 2]})
        text = f"'asked' must name the question in every row, as text, got {shown}"
        with pytest.raises(AnswerError, match=exactly(text)):
            frames.tally_long(rows, item="asked", answer="reply", scale=PLAIN)

    def test_no_rows_name_no_questions_unless_they_are_told(self):
        rows = pl.DataFrame({"asked": [], "reply": []}, schema={"asked": str, "reply": int})
        with pytest.raises(AnswerError, match=r"^the rows must name a question .*; say items=$"):
            frames.tally_long(rows, item="asked", answer="reply", scale=PLAIN)
        table = frames.tally_long(rows, item="asked", answer="reply", scale=PLAIN, items="q1")
        assert table == TallyTable([], [()], ["q1"], Tally([[[0, 0, 0]]], PLAIN))

    def test_a_mapping_is_told_to_become_a_dataframe(self):
        with pytest.raises(AnswerError, match=r"^tally_long takes a dataframe, got a mapping"):
            frames.tally_long(LONG, item="asked", answer="reply", scale=THREE)

    def test_columns_that_are_not_there_are_named(self):
        with pytest.raises(OptionError, match=r"^unknown column 'answer'; "):
            frames.tally_long(pl.DataFrame(LONG), item="asked", answer="answer", scale=THREE)

    def test_too_many_questions_are_an_error(self):
        rows = pl.DataFrame({"asked": [f"q{i}" for i in range(9)], "reply": [1] * 9})
        with pytest.raises(AnswerError, match=r"(5|9) or more labels of 'asked'"):
            frames.tally_long(rows, item="asked", answer="reply", scale=PLAIN, most_cells=4)
