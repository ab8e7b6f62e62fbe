"""Names are data: a column is found by what it is called, whatever the engine makes of the text."""

from collections import Counter

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from custfocus.errors import AnswerError, CustfocusError, OptionError
from custfocus.frames.counting import Asked, count_answers
from custfocus.frames.tables import listed, names_in

NAMES = [
    "", " ", ".", "a.b", "`a`.b`c", "{}", "{0}", "$1", "1", "2", "*", "^q.$", "null", "NULL", "true",
    "select", "count", "current_date", "it's", 'so "called"', "`tick`", "a``b", "--", "\\", "%s", "?",
    "★", "tab\t", "new\nline", "größe", "c0", "c1", "key_0", "answer", "rows", "weights", "item",
]  # fmt: skip
REFUSED = r"(reads the name of a column as SQL|without a name|^unknown column)"


def cells(counted):
    """How many respondents each combination of labels has."""
    columns = (*counted.keys, counted.answers)
    rows = zip(*([one.labels[code] for code in one.codes] for one in columns), strict=True)
    return Counter(dict(zip(rows, counted.numbers.tolist(), strict=True)))


def built(engine, name):
    """Three columns, the second called so; none where the engine takes no such name."""
    try:
        frame = engine.build({"q1": [5] * 4, name: [1, 2, 2, 3], "qx": ["a", "a", "b", "b"]})
        there = names_in(frame)
    except Exception as error:  # noqa: BLE001 - of any library
        pytest.skip(f"no frame has such a column: {type(error).__name__}")
    return frame, there


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_its_column_in_every_role_or_one_clear_error(engine, name):
    frame, there = built(engine, name)
    if name not in there:  # Polars and DuckDB give a name where there was none
        with pytest.raises(OptionError, match=r"^unknown column "):
            count_answers(frame, Asked([name]))
        return
    roles = {
        "item": Asked([name], ["qx"]),
        "key": Asked(["qx"], [name]),
        "all": Asked([name], [name], weights=name, counts=name),
        "weights": Asked(["q1"], weights=name),
        "counts": Asked(["q1"], counts=name),
    }
    try:
        found = {role: count_answers(frame, asked) for role, asked in roles.items()}
    except CustfocusError:
        for asked in roles.values():
            with pytest.raises(CustfocusError, match=REFUSED):
                count_answers(frame, asked)
        return
    assert cells(found["item"][name]) == {("a", 1): 1, ("a", 2): 1, ("b", 2): 1, ("b", 3): 1}
    assert cells(found["key"]["qx"]) == {(1, "a"): 1, (2, "a"): 1, (2, "b"): 1, (3, "b"): 1}
    assert cells(found["all"][name]) == {(1, 1): 1, (2, 2): 4, (3, 3): 3}
    assert found["weights"]["q1"].sums.weights.tolist() == [8]
    assert found["counts"]["q1"].numbers.tolist() == [8]


def test_rows_are_chosen_by_a_column_of_any_name():
    for frame in (
        pl.DataFrame({"^q.$": ["a", "b"], "q1": [1, 2]}),
        pl.LazyFrame({"^q.$": ["a", "b"], "q1": [1, 2]}),
    ):
        found = count_answers(frame, Asked(["q1"], only=("^q.$", ["b"])))
        assert cells(found["q1"]) == {(2,): 1}


class TestErrors:
    def test_an_unknown_name_is_shown_with_the_near_miss(self, engine):
        frame = engine.build({"shop": ["a"], "q1": [1]})
        text = r"^unknown column 'shp'; did you mean 'shop'\?"
        with pytest.raises(OptionError, match=text):
            count_answers(frame, Asked(["shp"]))

    def test_columns_that_are_called_by_numbers_are_to_be_renamed(self):
        with pytest.raises(AnswerError, match=r"^columns must be called by texts, got 0; rename"):
            count_answers(pd.DataFrame([[1, 2]]), Asked(["0"]))

    def test_a_header_of_several_rows_is_named(self):
        header = pd.MultiIndex.from_tuples([("Q1", "How likely?"), ("Q2", "How satisfied?")])
        text = r"^columns must have one row of names, got \('Q1', 'How likely\?'\); read the first"
        for names in ([("Q1", "How likely?")], ["Q1"]):
            with pytest.raises(AnswerError, match=text):
                count_answers(pd.DataFrame([[1, 2]], columns=header), Asked(names))

    @pytest.mark.parametrize(
        "frame",
        [
            pd.DataFrame([[1, 2]], columns=["q", "q"]),
            duckdb.sql("select 1 as q").arrow().read_all().append_column("q", [[2]]),
        ],
    )
    def test_two_columns_of_one_name_are_an_error(self, frame):
        with pytest.raises(AnswerError, match=r"(?s)^columns must have names of their own: .*'q'"):
            count_answers(frame, Asked(["q"]))

    @pytest.mark.engines
    def test_two_columns_of_one_name_are_an_error_in_spark(self):
        pytest.importorskip("pyspark", reason="PySpark is in the dependency group engines")
        from frames.engines import spark  # noqa: PLC0415

        with spark() as engine:
            frame = engine.build({"q": [1], "p": [2]}).toDF("q", "q")
            with pytest.raises(AnswerError, match=r"two are called 'q'$"):
                count_answers(frame, Asked(["q"]))

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


def test_one_name_is_a_list_of_one():
    assert listed("q1", "items") == ("q1",)
    assert listed(iter(["a", "b"]), "by") == ("a", "b")
