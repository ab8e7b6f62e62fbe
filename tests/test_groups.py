"""Groups: their order, their keys and the group of each row."""

import datetime as dt
import numbers
import re
from decimal import Decimal

import attrs
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus.errors import AnswerError
from custfocus.responses import Groups
from strategies import group_labels


def keys_of(by):
    """The keys of groups by one label, each as that label."""
    return [key for (key,) in Groups.of(by).keys]


def told_apart(label):
    """A label such that only labels of one group are equal: True is not 1, every NaN is None."""
    return isinstance(label, bool), None if label != label else label  # noqa: PLR0124 - NaN


class TestOneLabel:
    def test_keys_are_sorted_and_rows_know_theirs(self):
        groups = Groups.of(["south", "north", "south"])
        assert groups.names == ("group",)
        assert groups.keys == (("north",), ("south",))
        assert groups.codes.tolist() == [1, 0, 1]
        assert len(groups) == 2

    @pytest.mark.parametrize(
        "labels",
        [
            ["b", "a", "b"],
            ("b", "a", "b"),
            np.array(["b", "a", "b"]),
            np.array(["b", "a", "b"], dtype=object),
            pd.Series(["b", "a", "b"], index=[5, 5, 5]),
            pd.Series(["b", "a", "b"], dtype="category"),
            pd.Series(["b", "a", "b"], dtype="string"),
        ],
    )
    def test_labels_come_from_any_collection(self, labels):
        groups = Groups.of(labels)
        assert groups.keys == (("a",), ("b",))
        assert groups.codes.tolist() == [1, 0, 1]

    def test_labels_may_come_from_a_generator(self):
        assert keys_of(label for label in "ba") == ["a", "b"]

    def test_numbers_are_sorted_as_numbers(self):
        assert keys_of([10, 9, 2.5, -1]) == [-1, 2.5, 9, 10]

    def test_numbers_among_texts_are_sorted_as_numbers_and_come_first(self):
        assert keys_of(["b", 10, "a", 9.5, "10", -1]) == [-1, 9.5, 10, "10", "a", "b"]

    @pytest.mark.parametrize("empty", [None, float("nan"), pd.NA, pd.NaT, np.datetime64("NaT")])
    @pytest.mark.parametrize("others", [["a", 5], ["z"], [5]])
    def test_empty_labels_are_one_group_at_the_end(self, empty, others):
        groups = Groups.of([empty, None, *others, float("nan")])
        assert groups.keys[-1] == (None,)
        assert len(groups) == len(others) + 1
        last = len(others)
        assert groups.codes[[0, 1, -1]].tolist() == [last] * 3

    def test_the_nans_of_a_column_are_one_group_at_the_end(self):
        groups = Groups.of(pd.Series([np.nan, 2, np.nan, 1]))
        assert groups.keys == ((1,), (2,), (None,))
        assert groups.codes.tolist() == [2, 1, 2, 0]

    def test_the_empty_text_is_a_text(self):
        assert keys_of([None, "", "a"]) == ["", "a", None]

    def test_a_number_as_text_is_another_group(self):
        assert keys_of(["1", 1]) == [1, "1"]

    def test_whole_numbers_and_floats_of_one_value_are_one_group(self):
        assert Groups.of([1, 1.0, np.int64(1), "a"]).codes.tolist() == [0, 0, 0, 1]

    def test_dates_are_sorted_in_time(self):
        dates = [dt.date(2024, 10, 1), dt.date(2024, 9, 1), dt.date(999, 1, 1)]
        assert keys_of(dates) == sorted(dates)

    def test_months_are_sorted_in_time(self):
        months = pd.PeriodIndex(["2024-10", "2024-09"], freq="M")
        assert keys_of(months) == sorted(months)

    @pytest.mark.parametrize("unit", ["ns", "us", "s"])
    def test_dates_of_a_column_stay_dates(self, unit):
        dates = pd.Series(pd.to_datetime(["2024-02-01", None, "2024-01-01"])).astype(f"M8[{unit}]")
        assert keys_of(dates) == [pd.Timestamp(2024, 1, 1), pd.Timestamp(2024, 2, 1), None]

    def test_dates_with_a_time_zone_are_sorted_in_time(self):
        dates = pd.Series(pd.to_datetime(["2024-02-01", "2024-01-01"], utc=True))
        assert keys_of(dates) == sorted(dates)

    @pytest.mark.parametrize(
        "labels",
        [
            [Decimal(10), Decimal(9)],
            [dt.timedelta(10), dt.timedelta(9)],
            [("n", 10), ("n", 9)],
            np.array([10, 9], dtype="m8[s]"),
        ],
    )
    def test_whatever_can_be_sorted_is_sorted(self, labels):
        assert keys_of(labels) == sorted(labels)

    def test_bins_of_cut_are_in_order(self):
        bins = pd.cut(pd.Series([15, 3, None, 7]), [0, 5, 10, 20])
        assert keys_of(bins) == [*bins.cat.categories, None]

    @pytest.mark.parametrize(
        "labels",
        [
            [2**63 + 1, 2**63, 5],
            [2**53 + 1, 2**53, 0.5],
            [2**53 + 1, 2**53, None],
            pd.array([2**53 + 1, 2**53, None], dtype="Int64"),
            np.array([2**64 - 1, 2**64 - 2, 0], dtype=np.uint64),
        ],
    )
    def test_large_whole_labels_are_neither_merged_nor_mixed_up(self, labels):
        keys = keys_of(labels)
        assert len(keys) == 3
        assert [key for key in keys if key is not None] == sorted(
            label for label in labels if isinstance(label, numbers.Real)
        )

    @pytest.mark.parametrize("labels", [[1, True, 0, False], [True, False, 0, 1]])
    def test_true_and_one_are_two_groups_in_any_order_of_the_rows(self, labels):
        keys = keys_of(labels)
        assert [(type(key), key) for key in keys] == [
            (bool, False),
            (bool, True),
            (int, 0),
            (int, 1),
        ]
        codes = Groups.of(labels).codes
        assert [repr(keys[code]) for code in codes] == [repr(label) for label in labels]

    def test_true_of_any_kind_is_one_group(self):
        assert Groups.of([True, np.True_, None]).codes.tolist() == [0, 0, 1]

    def test_numpy_numbers_in_lists_become_plain_keys(self):
        assert {type(key) for key in keys_of([np.int64(2), np.int8(1)])} == {int}

    @pytest.mark.parametrize("labels", [["a", "b"], [1, 2], [0.5, 1.5]])
    def test_masked_labels_are_empty(self, labels):
        assert keys_of(np.ma.array(labels, mask=[0, 1])) == [labels[0], None]

    def test_infinite_numbers_are_numbers(self):
        assert keys_of([float("inf"), 0, "a", -float("inf")]) == [-np.inf, 0, np.inf, "a"]

    def test_no_rows_have_no_groups(self):
        groups = Groups.of([])
        assert len(groups) == 0
        assert groups.keys == ()
        assert groups.codes.shape == (0,)

    @pytest.mark.parametrize("label", [int, str])
    def test_there_may_be_as_many_groups_as_rows(self, label):
        labels = [label(number) for number in range(70_000)]
        groups = Groups.of(labels[::-1])
        assert len(groups) == len(labels)
        assert [groups.keys[code] for code in groups.codes[[0, -1]]] == [
            (labels[-1],),
            (labels[0],),
        ]

    @given(st.lists(group_labels))
    def test_rows_of_one_label_share_a_group_and_others_do_not(self, labels):
        told = [told_apart(label) for label in labels]
        groups = Groups.of(labels)
        assert [told_apart(groups.keys[code][0]) for code in groups.codes] == told
        assert len({told_apart(key) for (key,) in groups.keys}) == len(groups) == len(set(told))

    @given(st.lists(group_labels), st.randoms())
    def test_groups_do_not_depend_on_the_order_of_the_rows(self, labels, random):
        shuffled = random.sample(labels, len(labels))
        assert list(map(told_apart, keys_of(shuffled))) == list(map(told_apart, keys_of(labels)))


class TestSeveralLabels:
    def test_groups_are_sorted_by_the_first_name_then_the_second(self):
        groups = Groups.of({"district": ["s", "n", "s", "n", "s"], "wave": [2, 2, 1, None, 2]})
        assert groups.names == ("district", "wave")
        assert groups.keys == (("n", 2), ("n", None), ("s", 1), ("s", 2))
        assert groups.codes.tolist() == [3, 0, 2, 1, 3]

    def test_only_combinations_that_occur_are_groups(self):
        groups = Groups.of({"a": [1, 2, 3], "b": [3, 2, 1], "c": ["x", "x", "x"]})
        assert groups.keys == ((1, 3, "x"), (2, 2, "x"), (3, 1, "x"))

    def test_a_frame_of_columns_by_name_is_taken(self):
        frame = pd.DataFrame({"a": ["y", "x"], "b": [1, 2]})
        assert Groups.of(dict(frame.items())).keys == (("x", 2), ("y", 1))

    def test_there_may_be_many_names(self):
        groups = Groups.of({f"c{place}": ["b", "a", "c"] for place in range(45)})
        assert groups.keys == (("a",) * 45, ("b",) * 45, ("c",) * 45)
        assert groups.codes.tolist() == [1, 0, 2]

    def test_each_of_several_names_may_have_many_labels(self):
        labels = np.arange(100_000)
        groups = Groups.of(dict.fromkeys("abcd", labels))
        assert len(groups) == 100_000
        assert groups.keys[-1] == (99_999,) * 4
        assert np.array_equal(groups.codes, labels)

    @pytest.mark.parametrize(
        ("name", "shown"), [("district", "district"), (None, "group"), (0, "group")]
    )
    def test_a_series_keeps_its_name(self, name, shown):
        assert Groups.of(pd.Series(["n", "s"], name=name)).names == (shown,)

    def test_one_named_label_keeps_its_name(self):
        assert Groups.of({"district": ["n"]}).names == ("district",)

    def test_no_rows_have_no_groups(self):
        groups = Groups.of({"a": [], "b": []})
        assert (groups.names, groups.keys, len(groups)) == (("a", "b"), (), 0)

    @given(st.lists(st.tuples(group_labels, group_labels)))
    def test_rows_know_both_of_their_labels(self, rows):
        told = [tuple(map(told_apart, row)) for row in rows]
        groups = Groups.of({"a": [a for a, _ in rows], "b": [b for _, b in rows]})
        assert [tuple(map(told_apart, groups.keys[code])) for code in groups.codes] == told
        assert len(groups) == len(set(told))


class TestRefused:
    def test_labels_of_different_lengths_are_shown(self):
        text = "by must give one label for each row, got lengths {'a': 2, 'b': 1}"
        with pytest.raises(AnswerError, match=f"^{re.escape(text)}$"):
            Groups.of({"a": [1, 2], "b": [1]})

    def test_no_labels_at_all_are_an_error(self):
        with pytest.raises(AnswerError, match=r"^by must give one label for each row, got "):
            Groups.of({})

    @pytest.mark.parametrize(
        ("by", "shown"),
        [
            ("north", "'north'"),
            ({"district": "north"}, "'north'"),
            (b"north", "b'north'"),
            ({"north", "south"}, "{'north', 'south'}"),
            ({"district": {"north": 1}}, "{'north': 1}"),
            ({"district": None}, "None"),
            (None, "None"),
            (5, "5"),
            (np.array(5), "array(5)"),
        ],
    )
    def test_labels_without_an_order_are_refused(self, by, shown):
        text = f"expected a list, array or Series, got {shown}; pass one value for each respondent"
        with pytest.raises(AnswerError, match=f"^{re.escape(text)}$"):
            Groups.of(by)

    def test_a_frame_is_no_column_of_labels(self):
        text = "expected one-dimensional values, got shape (2, 2); pass one column at a time"
        with pytest.raises(AnswerError, match=f"^{re.escape(text)}$"):
            Groups.of(pd.DataFrame({"district": ["n", "s"], "wave": [1, 2]}))

    @pytest.mark.parametrize("by", [np.zeros((2, 2)), {"a": np.zeros((2, 2))}])
    def test_labels_in_other_than_one_dimension_are_refused(self, by):
        with pytest.raises(AnswerError, match=r"^expected one-dimensional values, got shape"):
            Groups.of(by)

    def test_lists_of_labels_are_refused(self):
        with pytest.raises(AnswerError, match=r"^values must be numbers or texts"):
            Groups.of([["north", 1], ["south", 2]])


def test_groups_do_not_change():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Groups.of([1]).keys = ()
