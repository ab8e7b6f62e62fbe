"""Distinct values: every kind of collection, kept apart as a careful reader would."""

import datetime as dt
import re
import reprlib
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus.errors import AnswerError
from custfocus.results.days import text_order
from custfocus.results.distinct import coded, distinct_values, in_order, is_null
from custfocus.results.keys import Keys

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

    @given(st.data(), st.sampled_from([np.int8, np.uint8, np.int16, np.int64, np.uint64]))
    def test_whole_numbers_of_any_type_and_range_come_in_order(self, data, dtype):
        bounds = np.iinfo(dtype)
        ends = st.sampled_from([int(bounds.min), int(bounds.max), 0, 7, 2**16 - 1, 2**16, 2**63])
        near = st.integers(-3, 3)
        numbers = st.builds(lambda end, by: end + by, ends, near).filter(
            lambda number: bounds.min <= number <= bounds.max
        )
        values = data.draw(st.lists(numbers, min_size=1))
        distinct, codes = distinct_values(np.array(values, dtype=dtype))
        assert [distinct[code] for code in codes] == values
        assert distinct == sorted(set(values))

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
            iter(["b", "a", "b"]),
            {1: "b", 2: "a", 3: "b"}.values(),
        ],
    )
    def test_texts_come_from_any_collection(self, values):
        distinct, codes = distinct_values(values)
        assert [distinct[code] for code in codes] == ["b", "a", "b"]
        assert sorted(distinct) == ["a", "b"]

    @pytest.mark.parametrize(
        "values", [[], (), np.array([]), np.array([], dtype=object), pd.Series([], dtype="string")]
    )
    def test_nothing_has_no_distinct_values(self, values):
        distinct, codes = distinct_values(values)
        assert distinct == []
        assert codes.shape == (0,)

    def test_whole_numbers_close_together_beyond_the_signed_ones_are_kept_apart(self):
        values = np.array([2**63 + 1, 2**63, 2**63 + 1], np.uint64)
        found, codes = distinct_values(values)
        assert found == [2**63, 2**63 + 1]
        assert codes.tolist() == [1, 0, 1]

    @pytest.mark.parametrize("values", [[1, True], [True, 1.0], [0, "", False]])
    def test_true_and_one_are_kept_apart(self, values):
        distinct, codes = distinct_values(values)
        assert kinds(distinct) == kinds(values)
        assert codes.tolist() == list(range(len(values)))

    def test_the_nans_of_an_array_are_one_value(self):
        distinct, codes = distinct_values(np.array([np.nan, 1, np.nan]))
        assert len(distinct) == 2
        assert codes[0] == codes[2] != codes[1]

    @pytest.mark.parametrize(
        "values",
        [
            "abc",
            "",
            b"abc",
            bytearray(b"abc"),
            {1: 2},
            {1},
            frozenset(),
            {1: 2}.keys(),
            None,
            5,
            object(),
            np.array(5),
        ],
    )
    def test_what_has_no_order_is_refused(self, values):
        message = (
            f"expected a list, array or Series, got {reprlib.repr(values)}; "
            "pass one value for each respondent"
        )
        with pytest.raises(AnswerError, match=f"^{re.escape(message)}$"):
            distinct_values(values)

    @pytest.mark.parametrize(
        "values",
        [
            [2**53 + 1, 2**53, 0.5],
            [2**63 + 1, 2**63, 5],
            [2**63 - 1, -(2**63), 0],
            [10**30, 10**30 + 1, 10**400],
            pd.array([2**53 + 1, 2**53, None], dtype="Int64"),
            np.array([2**64 - 1, 2**64 - 2, 0], dtype=np.uint64),
        ],
    )
    def test_large_whole_numbers_are_kept_apart(self, values):
        distinct, codes = distinct_values(values)
        wanted = [value for value in values if not is_null(value)]
        assert [distinct[code] for code in codes][: len(wanted)] == wanted
        assert len(distinct) == 3
        assert {int} <= {type(value) for value in distinct}

    @pytest.mark.parametrize(
        ("values", "wanted"),
        [
            ([np.int64(2), np.int8(1)], [2, 1]),
            ([np.float32(0.5), np.int64(1)], [0.5, 1]),
            ([np.str_("a"), np.True_], ["a", True]),
        ],
    )
    def test_numpy_scalars_become_plain_values(self, values, wanted):
        assert kinds(distinct_values(values)[0]) == kinds(wanted)

    @pytest.mark.parametrize("unit", ["ns", "us", "ms", "s", "h", "D", "M"])
    def test_dates_and_durations_of_any_unit_stay_what_they_are(self, unit):
        dates = np.array(["2024-02-01", "2024-01-01", "NaT"], dtype=f"M8[{unit}]")
        date = dt.datetime(2024, 2, 1)  # noqa: DTZ001 - NumPy knows no time zones
        assert distinct_values(dates)[0] == [date, date.replace(month=1), None]
        days = np.array([0, 1], dtype=f"m8[{'D' if unit == 'M' else unit}]")
        assert {type(value) for value in distinct_values(days)[0]} == {dt.timedelta}

    def test_nanosecond_dates_in_a_list_stay_dates(self):
        dates = [np.datetime64("2024-01-01", "ns"), None]
        assert isinstance(distinct_values(dates)[0][0], dt.datetime | np.datetime64)

    @pytest.mark.parametrize("values", [[3, 4], [0.5, 1.5], ["a", "b"], [True, False]])
    def test_masked_values_are_none(self, values):
        masked = np.ma.array(values, mask=[1, 0])
        assert distinct_values(masked)[0][0] is None

    def test_masked_dates_are_none_and_the_others_stay_dates(self):
        masked = np.ma.array(["2024-02-01", "2024-01-01"], dtype="M8[ns]", mask=[0, 1])
        date = dt.datetime(2024, 2, 1)  # noqa: DTZ001 - NumPy knows no time zones
        assert distinct_values(masked)[0] == [date, None]

    @pytest.mark.parametrize(
        ("values", "shape"),
        [
            (np.array([[1, 2], [3, 4]]), (2, 2)),
            (np.empty((0, 5)), (0, 5)),
            (np.ma.array([[1, 2]]), (1, 2)),
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


class TestInOrder:
    @given(st.permutations([-1.5, 0, 1, 2**53, np.inf, "", "10", "a", (1,), None]))
    def test_numbers_come_before_texts_before_anything_else_before_empty(self, values):
        assert in_order(values) == [-1.5, 0, 1, 2**53, np.inf, "", "10", "a", (1,), None]

    @given(st.permutations([2**53, 2**53 + 1, Decimal("0.5"), 10**400, None]))
    def test_numbers_of_any_size_are_sorted_exactly(self, values):
        assert in_order(values) == [Decimal("0.5"), 2**53, 2**53 + 1, 10**400, None]

    @pytest.mark.parametrize("large", [2**60, 10**400], ids=["2**60", "10**400"])
    def test_numbers_of_any_size_are_sorted_exactly_among_texts(self, large):
        assert in_order(["a", large + 1, large]) == [large, large + 1, "a"]
        assert in_order(["a", large, large + 1]) == [large, large + 1, "a"]

    @pytest.mark.parametrize(
        "values",
        [
            [Decimal(10), Decimal(9)],
            [dt.timedelta(10), dt.timedelta(9)],
            [dt.date(2024, 10, 1), dt.date(999, 9, 1)],
            [(1, "b"), (1, "a")],
            [pd.Interval(5, 10), pd.Interval(0, 5)],
        ],
    )
    def test_whatever_can_be_sorted_is_sorted(self, values):
        assert in_order(values) == values[::-1]
        assert in_order([None, *values, None]) == [*values[::-1], None, None]

    def test_what_cannot_be_sorted_is_sorted_as_text(self):
        assert in_order([(3,), "b", ("a",), 2]) == [2, "b", ("a",), (3,)]


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


def test_what_can_not_be_gone_through_is_named():
    class Odd:
        def __iter__(self):
            raise TypeError

    with pytest.raises(AnswerError, match="expected a list, array or Series, got"):
        distinct_values(Odd())


class TestOrderOfTexts:
    """Texts that say their own order stand in it."""

    @pytest.mark.parametrize(
        "labels",
        [
            ["Q4 2025", "Q1 2026", "Q2 2026"],
            ["Nov 2025", "Dec 2025", "January 2026", "Feb. 2026"],
            ["11/2025", "12/2025", "1/2026"],
            ["FY25", "2026", "FY2027"],
            ["2025Q4", "2026-Q1", "Q2 2026"],
            ["2025-H2", "2026-H1"],
            ["wave 9", "wave 10", "wave 11"],
            ["9", "10", "011"],
            ["2025-W09", "2025-W10"],
            ["2", "10", None],
        ],
    )
    def test_periods_and_numbered_texts(self, labels):
        for column in (labels, labels[::-1], [*labels[1:], *labels]):
            assert coded(column).level == labels

    @pytest.mark.parametrize(
        "labels",
        [["after", "before"], ["wave 10", "wave 9a"], ["v1.10", "v1.9"], ["2025-W9", "2026-01"]],
    )
    def test_others_stand_by_their_letters(self, labels):
        assert coded(labels[::-1]).level == sorted(labels)
        assert text_order(labels) is None

    def test_a_declared_order_stays(self):
        waves = pd.Categorical(["Q1 2026", "Q4 2025"], ["Q1 2026", "Q4 2025"], ordered=True)
        assert coded(waves).level == ["Q1 2026", "Q4 2025"]

    def test_categories_without_an_order_stand_in_their_own(self):
        quarters = pd.Series(["Q4 2025", None, "Q1 2026"], dtype="category")
        found = coded(quarters)
        assert (found.level, found.codes.tolist()) == (["Q4 2025", "Q1 2026", None], [0, 2, 1])
        for order in (["b", "a"], ["wave 9", "wave 11", "wave 10"]):
            assert coded(pd.Categorical(order, order)).level == order
        as_sorted = pd.Categorical(["Q1 2026"], ["Q1 2026", "Q4 2025"], ordered=True)
        assert coded(as_sorted).level == ["Q1 2026", "Q4 2025"]

    def test_merged_labels_stand_in_it_too(self):
        first, second = Keys.of({"wave": ["wave 9"]})[0], Keys.of({"wave": ["wave 10"]})[0]
        assert second.united(first)[0].labels("wave") == ["wave 9", "wave 10"]
