"""Distinct values: every kind of collection, kept apart as a careful reader would."""

import re
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus.errors import AnswerError
from custfocus.responses.distinct import distinct_values, is_null

A_VALUE = st.one_of(
    st.integers(-3, 3),
    st.booleans(),
    st.sampled_from(["", "3", "a", None, 0.5, 2.0]),
)


def kinds(values):
    """Each value with its type, since True equals 1."""
    return [(type(value), value) for value in values]


class TestDistinctValues:
    @given(st.lists(A_VALUE))
    def test_the_values_can_be_put_together_again(self, values):
        distinct, codes = distinct_values(values)
        assert [distinct[code] for code in codes] == values
        assert len({*kinds(distinct)}) == len(distinct)
        assert set(codes.tolist()) == set(range(len(distinct)))

    @given(st.lists(A_VALUE).filter(lambda values: None in values or "a" in values))
    def test_mixed_values_keep_their_types(self, values):
        distinct, codes = distinct_values(values)
        assert kinds(distinct[code] for code in codes) == kinds(values)

    @pytest.mark.parametrize(
        "values",
        [
            [3, 1, 3],
            (3, 1, 3),
            np.array([3, 1, 3]),
            np.array([3, 1, 3], dtype=np.int8),
            np.array([3, 1, 3], dtype=np.uint64),
            np.array([3, 1, 3], dtype=np.float16),
            np.array([3, 1, 3])[::-1],
            pd.Series([3, 1, 3], index=[7, 7, 7]),
            pd.Index([3, 1, 3]),
            pd.array([3, 1, 3], dtype="Int64"),
            pd.Series([3, 1, 3], dtype="category"),
        ],
    )
    def test_numbers_come_from_any_collection(self, values):
        distinct, codes = distinct_values(values)
        assert [distinct[code] for code in codes] == [3, 1, 3]
        assert sorted(distinct) == [1, 3]
        assert {type(value) for value in distinct} <= {int, float}

    @pytest.mark.parametrize(
        "values",
        [
            ["b", "a", "b"],
            np.array(["b", "a", "b"]),
            np.array(["b", "a", "b"], dtype=object),
            pd.Series(["b", "a", "b"]),
            pd.Series(["b", "a", "b"], dtype="string"),
            pd.Series(["b", "a", "b"], dtype="category"),
        ],
    )
    def test_texts_come_from_any_collection(self, values):
        distinct, codes = distinct_values(values)
        assert [distinct[code] for code in codes] == ["b", "a", "b"]
        assert sorted(distinct) == ["a", "b"]

    @pytest.mark.parametrize("make", [iter, lambda values: (value for value in values)])
    def test_a_collection_that_can_be_read_once_is_read_once(self, make):
        distinct, codes = distinct_values(make([5, 4, 5]))
        assert [distinct[code] for code in codes] == [5, 4, 5]

    @pytest.mark.parametrize(
        "values", [[], (), np.array([]), np.array([], dtype=object), pd.Series([], dtype="string")]
    )
    def test_nothing_has_no_distinct_values(self, values):
        distinct, codes = distinct_values(values)
        assert distinct == []
        assert codes.shape == (0,)

    def test_texts_and_numbers_are_kept_apart(self):
        assert distinct_values([5, "5"])[0] == [5, "5"]

    @pytest.mark.parametrize("values", [[1, True], [True, 1.0], [0, "", False]])
    def test_true_and_one_are_kept_apart(self, values):
        distinct, codes = distinct_values(values)
        assert kinds(distinct) == kinds(values)
        assert codes.tolist() == list(range(len(values)))

    def test_the_nans_of_an_array_are_one_value(self):
        distinct, codes = distinct_values(np.array([np.nan, 1, np.nan]))
        assert len(distinct) == 2
        assert codes[0] == codes[2] != codes[1]

    @pytest.mark.parametrize("text", ["abc", "", b"abc"])
    def test_a_text_alone_is_not_a_collection(self, text):
        message = f"expected a collection of values, got the text {text!r}; wrap it in []"
        with pytest.raises(AnswerError, match=f"^{re.escape(message)}$"):
            distinct_values(text)

    @pytest.mark.parametrize(
        ("values", "shape"),
        [
            (np.array([[1, 2], [3, 4]]), (2, 2)),
            (np.empty((0, 5)), (0, 5)),
            (np.array(5), ()),
            (pd.DataFrame({"a": [1, 2]}), (2, 1)),
        ],
    )
    def test_other_than_one_dimension_is_refused(self, values, shape):
        message = f"expected one-dimensional values, got shape {shape}; pass one column at a time"
        with pytest.raises(AnswerError, match=f"^{re.escape(message)}$"):
            distinct_values(values)

    @pytest.mark.parametrize(
        "values",
        [
            [[1, 2], [3, 4]],
            [[1], [2, 3]],
            [[], []],
            [{1}, 2],
            [{}, 1],
            [np.array([1, 2]), np.array([3, 4])],
            [np.array(1), 2],
            np.array([[1], "a"], dtype=object),
        ],
    )
    def test_collections_in_a_collection_are_refused(self, values):
        message = "values must be numbers or texts, got some that are collections"
        with pytest.raises(AnswerError, match=f"^{re.escape(message)}$"):
            distinct_values(values)


class TestIsNull:
    @pytest.mark.parametrize(
        "value",
        [
            None,
            float("nan"),
            np.float32("nan"),
            np.datetime64("NaT"),
            Decimal("NaN"),
            pd.NA,
            pd.NaT,
        ],
    )
    def test_every_kind_of_empty_is_null(self, value):
        assert is_null(value) is True

    @pytest.mark.parametrize(
        "value", [0, 0.0, "", False, "nan", float("inf"), (), Decimal(0), np.int64(0), np.False_]
    )
    def test_nothing_else_is_null(self, value):
        assert is_null(value) is False
