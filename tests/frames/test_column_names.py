"""Names are data: a column is found by what it is called, whatever the engine makes of the text."""

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from custfocus.errors import AnswerError, OptionError
from custfocus.frames.tables import _check_there, listed, names_in
from frames.cells import asked, cells, count_answers
from frames.engines import QUICK, ibis, spark

NAMES = [
    "", " ", ".", "a.b", "`a`.b`c", "{}", "{0}", "$1", "1", "2", "*", "^q.$", "null", "true", "select",
    "count", "current_date", "it's", 'so "called"', "`tick`", "a``b", "--", "\\", "%s", "?", "★",
    "tab\t", "new\nline", "größe", "c0", "c1", "key_0", "answer", "rows", "weights", "item",
]  # fmt: skip
DANGEROUS = ["", "*", "^q.$", "1", "a.b", "`a`.b`c"]  # which some engine takes for something else


def named(engine):
    """A frame with columns of these names, each with answers of its own; and the names it has."""
    answers = {name: [place, place, place + 1, 77] for place, name in enumerate(NAMES)}
    frame = engine.build({"q1": [5] * 4, **answers, "qx": ["a", "b", "b", "b"]})
    there = names_in(frame)  # Polars and DuckDB give a name where there was none
    ours = {name: place for place, name in enumerate(NAMES) if name in there}
    if type(frame).__module__.startswith("ibis"):
        del ours[""]
    return frame, ours


def test_a_question_is_found_by_its_name(engine):
    frame, places = named(engine)
    for name, counted in count_answers(frame, asked([*places], ["qx"])).items():
        place = places[name]
        assert cells(counted) == {
            ("a", place): 1, ("b", place): 1, ("b", place + 1): 1, ("b", 77): 1,
        }  # fmt: skip


def test_a_key_is_found_by_its_name(engine):
    frame, places = named(engine)
    counted = count_answers(frame, asked(["q1"], [*places]))["q1"]
    first, last = [*places.values()], [place + 1 for place in places.values()]
    assert cells(counted) == {(*first, 5): 2, (*last, 5): 1, (*[77] * len(first), 5): 1}


def test_weights_and_counts_are_found_by_their_name(engine):
    frame, places = named(engine)
    for name in places if engine in QUICK.values() else {*DANGEROUS, "c0"} & {*places}:
        total = 3 * places[name] + 1 + 77
        counted = count_answers(frame, asked(["q1"], weights=name))["q1"]
        assert counted.sums["weights"].tolist() == [total]
        assert count_answers(frame, asked(["q1"], counts=name))["q1"].numbers.tolist() == [total]


def test_a_frame_of_sqlframe_is_an_error_that_says_what_to_pass():
    from sqlframe.duckdb import DuckDBSession  # noqa: PLC0415 - where it starts a connection

    frame = DuckDBSession().createDataFrame([{"q1": 5}])
    text = r"^frames of SQLFrame can't be counted, since it reads .*; pass frame\.toArrow\(\), or"
    with pytest.raises(AnswerError, match=text):
        count_answers(frame, asked(["q1"]))
    assert cells(count_answers(frame.toArrow(), asked(["q1"]))["q1"]) == {(5,): 1}


@pytest.mark.engines
def test_ibis_has_no_column_without_a_name():
    pytest.importorskip("ibis", reason="Ibis is in the dependency group engines")
    with ibis() as engine:
        frame = engine.build({"q1": [5], "": [1]})
        with pytest.raises(AnswerError, match=r"^Ibis has no column without a name, got ''; ren"):
            count_answers(frame, asked([""]))


def test_rows_are_chosen_by_a_column_of_any_name():
    frame = pl.LazyFrame({"^q.$": ["a", "b"], "q1": [1, 2]})
    assert cells(count_answers(frame, asked(["q1"], only=("^q.$", ["b"])))["q1"]) == {("b", 2): 1}


class TestErrors:
    def test_an_unknown_name_is_shown_with_the_near_miss(self, engine):
        frame = engine.build({"shop": ["a"], "q1": [1]})
        text = r"^unknown column 'shp'; did you mean 'shop'\?"
        with pytest.raises(OptionError, match=text):
            count_answers(frame, asked(["shp"]))

    def test_columns_that_are_called_by_numbers_are_to_be_renamed(self):
        with pytest.raises(AnswerError, match=r"^columns must be called by texts, got 0; rename"):
            count_answers(pd.DataFrame([[1, 2]]), asked(["0"]))

    def test_a_header_of_several_rows_is_named(self):
        header = pd.MultiIndex.from_tuples([("Q1", "How likely?"), ("Q2", "How satisfied?")])
        text = r"^columns must have one row of names, got \('Q1', 'How likely\?'\); read the first"
        for names in ([("Q1", "How likely?")], ["Q1"]):
            with pytest.raises(AnswerError, match=text):
                count_answers(pd.DataFrame([[1, 2]], columns=header), asked(names))

    @pytest.mark.parametrize(
        "frame",
        [
            pd.DataFrame([[1, 2]], columns=["q", "q"]),
            duckdb.sql("select 1 as q").arrow().read_all().append_column("q", [[2]]),
        ],
    )
    def test_two_columns_of_one_name_are_an_error(self, frame):
        with pytest.raises(AnswerError, match=r"(?s)^columns must have names of their own: .*'q'"):
            count_answers(frame, asked(["q"]))

    def test_two_columns_of_one_name_are_an_error_in_an_engine_that_allows_them(self):
        with pytest.raises(AnswerError, match=r"two are called 'q'$"):
            _check_there(["q"], ["p", "q", "q"])

    @pytest.mark.engines
    def test_two_columns_of_one_name_are_an_error_in_spark(self):
        pytest.importorskip("pyspark", reason="PySpark is in the dependency group engines")
        with spark() as engine:
            frame = engine.build({"q": [1], "p": [2]}).toDF("q", "q")
            with pytest.raises(AnswerError, match=r"two are called 'q'$"):
                count_answers(frame, asked(["q"]))

    @pytest.mark.parametrize("frame", ["q", None, [1, 2], pl.Series([1, 2]), np.ones(3)])
    def test_what_is_no_table_is_an_error(self, frame):
        text = f"^expected a dataframe, table or mapping of arrays, got a {type(frame).__name__}$"
        with pytest.raises(AnswerError, match=text):
            names_in(frame)

    @pytest.mark.parametrize(
        ("names", "text"),
        [
            (["q1", "q1"], r"items must differ from each other, got \('q1', 'q1'\)"),
            ([], "items must name at least one column, got none"),
            (5, "items must be a name or a list of names, got 5"),
            ([("Q1", "How likely?")], r"items must be texts, got \('Q1', .*; rename the columns"),
        ],
    )
    def test_names_that_cannot_be_are_an_error(self, names, text):
        with pytest.raises(AnswerError, match=f"^{text}$"):
            listed(names, "items")
