"""Groups: their order, their keys and the group of each row."""

import datetime as dt
import re

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
        plain = [None if label != label else label for label in labels]  # noqa: PLR0124 - NaN
        groups = Groups.of(labels)
        assert [groups.keys[code][0] for code in groups.codes] == plain
        assert len(set(groups.keys)) == len(groups) == len(set(plain))

    @given(st.lists(group_labels), st.randoms())
    def test_groups_do_not_depend_on_the_order_of_the_rows(self, labels, random):
        shuffled = random.sample(labels, len(labels))
        assert Groups.of(shuffled).keys == Groups.of(labels).keys


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

    def test_one_named_label_keeps_its_name(self):
        assert Groups.of({"district": ["n"]}).names == ("district",)

    def test_no_rows_have_no_groups(self):
        groups = Groups.of({"a": [], "b": []})
        assert (groups.names, groups.keys, len(groups)) == (("a", "b"), (), 0)

    @given(st.lists(st.tuples(group_labels, group_labels)))
    def test_rows_know_both_of_their_labels(self, rows):
        plain = [tuple(None if part != part else part for part in row) for row in rows]  # noqa: PLR0124
        groups = Groups.of({"a": [a for a, _ in rows], "b": [b for _, b in rows]})
        assert [groups.keys[code] for code in groups.codes] == plain
        assert len(groups) == len(set(plain))


class TestRefused:
    def test_labels_of_different_lengths_are_shown(self):
        text = "by must give one label for each row, got lengths {'a': 2, 'b': 1}"
        with pytest.raises(AnswerError, match=f"^{re.escape(text)}$"):
            Groups.of({"a": [1, 2], "b": [1]})

    def test_no_labels_at_all_are_an_error(self):
        with pytest.raises(AnswerError, match=r"^by must give one label for each row, got "):
            Groups.of({})

    @pytest.mark.parametrize("by", ["north", {"district": "north"}, b"north"])
    def test_a_text_alone_is_not_a_collection_of_labels(self, by):
        with pytest.raises(AnswerError, match=r"got the text b?'north'; wrap it in \[\]$"):
            Groups.of(by)

    @pytest.mark.parametrize("by", [np.zeros((2, 2)), {"a": np.zeros((2, 2))}, np.array(5)])
    def test_labels_in_other_than_one_dimension_are_refused(self, by):
        with pytest.raises(AnswerError, match=r"^expected one-dimensional values, got shape"):
            Groups.of(by)

    def test_lists_of_labels_are_refused(self):
        with pytest.raises(AnswerError, match=r"^values must be numbers or texts"):
            Groups.of([["north", 1], ["south", 2]])


def test_groups_do_not_change():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Groups.of([1]).keys = ()
