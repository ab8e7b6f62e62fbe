"""Keys: what rows are called, how they are chosen, and how the rows of two results meet."""

import datetime as dt
import re
from decimal import Decimal

import attrs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus.errors import AnswerError, LabelError
from custfocus.results import Keys
from custfocus.results.distinct import identity
from strategies import LEVELS, group_labels, keys, names

DAY = dt.date(2024, 1, 31)
ORDERED = pd.Categorical(["low", "high", None, "low"], ["low", "middle", "high"], ordered=True)
FRAME = {"district": ["s", "n", "s", "n", "s"], "wave": [2, 2, 1, None, 2]}


def by(values, name="group"):
    """The labels of the rows by one name, and the row of each respondent."""
    found, rows = Keys.of(values)
    assert found.names == (name,)
    return found.labels(name), rows.tolist()


def keyed(level, codes=None, **options):
    codes = range(len(level)) if codes is None else codes
    return Keys(("d",), (level,), [codes], **options)


def by_type(label):
    """A label such that only labels of one row are equal: True is not 1, every NaN is None."""
    return isinstance(label, bool), None if label != label else label  # noqa: PLR0124 - NaN


def plain(found):
    """The key of each row, whatever the order of the names."""
    return [frozenset(zip(found.names, map(identity, key), strict=True)) for key in found]


class TestOneName:
    @pytest.mark.parametrize(
        "labels",
        [
            ["b", "a", "b"], ("b", "a", "b"), iter("bab"), np.array(["b", "a", "b"]),
            np.array(["b", "a", "b"], dtype=object), pd.Series(["b", "a", "b"], index=[5, 5, 5]),
            pd.Series(["b", "a", "b"], dtype="category"),
            pd.Series(["b", "a", "b"], dtype="string", name=("a", "header")),
            pd.Series(["b", "a", "b"], dtype=object, name=0), pd.Index(["b", "a", "b"]),
            pl.Series(["b", "a", "b"]), pl.Series(["b", "a", "b"], dtype=pl.Categorical),
            pa.array(["b", "a", "b"]), pa.chunked_array([["b"], ["a", "b"]]),
            pa.array(["b", "a", "b"]).dictionary_encode(),
        ],
    )  # fmt: skip
    def test_labels_of_any_collection_are_sorted_and_respondents_know_their_row(self, labels):
        found, rows = Keys.of(labels)
        assert (list(found), rows.tolist()) == ([("a",), ("b",)], [1, 0, 1])
        assert not found.declared - {"group"}

    @pytest.mark.parametrize(
        ("labels", "level"),
        [
            ([10, 9, 2.5, -1], [-1, 2.5, 9, 10]),
            (["b", 10, "a", 9.5, "10", -1], [-1, 9.5, 10, "10", "a", "b"]),
            ([None, "", "a"], ["", "a", None]),
            ([1, True, 0, False, "1"], [False, True, 0, 1, "1"]),
            ([1, 1.0, np.int64(1), Decimal(1)], [1]),
            ([True, np.True_, None], [True, None]),
            ([float("inf"), 0, "a", -float("inf")], [-np.inf, 0, np.inf, "a"]),
            ([dt.date(2024, 10, 1), DAY, dt.date(999, 1, 1)], [dt.date(999, 1, 1), DAY, dt.date(2024, 10, 1)]),
            (pd.PeriodIndex(["2024-10", "2024-09"], freq="M"), [pd.Period("2024-09"), pd.Period("2024-10")]),
            (np.array(["2024-01-31", "NaT"], "M8[ns]"), [dt.datetime(2024, 1, 31), None]),  # noqa: DTZ001
            ([pd.Timedelta(10, "D"), dt.timedelta(9)], [dt.timedelta(9), dt.timedelta(10)]),
            ([dt.timedelta(10), dt.timedelta(9)], [dt.timedelta(9), dt.timedelta(10)]),
            ([("n", 10), ("n", 9)], [("n", 9), ("n", 10)]),
            ([2**63 + 1, 2**63, None], [2**63, 2**63 + 1, None]),
            (np.array([2**64 - 1, 2**64 - 2, 0], np.uint64), [0, 2**64 - 2, 2**64 - 1]),
            (np.ma.array([1, 2], mask=[0, 1]), [1, None]),
            ([], []),
        ],
    )  # fmt: skip
    def test_numbers_come_before_texts_and_empty_labels_last(self, labels, level):
        found = by(labels)[0]
        assert [(type(one), one) for one in found] == [(type(one), one) for one in level]

    @pytest.mark.parametrize("others", [["a", 5], ["z"], [5]])
    def test_every_kind_of_null_is_one_label(self, others):
        nulls = [None, float("nan"), pd.NA, pd.NaT, np.datetime64("NaT"), np.float32("nan")]
        found, rows = by([*nulls, *others])
        assert found[-1] is None
        assert rows[: len(nulls)] == [len(others)] * len(nulls)

    def test_there_may_be_as_many_rows_as_respondents(self):
        labels = [str(number) for number in range(70_000)]
        found, rows = by(labels[::-1])
        assert [found[row] for row in rows] == labels[::-1]

    @given(st.lists(group_labels), st.randoms())
    def test_respondents_of_one_label_share_a_row_in_any_order(self, labels, random):
        found, rows = by(labels)
        assert [by_type(found[row]) for row in rows] == [by_type(one) for one in labels]
        assert len(found) == len({by_type(one) for one in labels})
        assert list(map(by_type, by(random.sample(labels, len(labels)))[0])) == list(
            map(by_type, found)
        )


class TestNames:
    @pytest.mark.parametrize(
        ("series", "name"),
        [
            (pd.Series([2, 1], name="district"), "district"),
            (pl.Series("district", [2, 1]), "district"),
            (pd.Index([2, 1], name="district"), "district"), ({"district": [2, 1]}, "district"),
            (pd.Series([2, 1], name=0), "group"), ([2, 1], "group"),
        ],
    )  # fmt: skip
    def test_a_series_keeps_its_name(self, series, name):
        assert by(series, name) == ([1, 2], [1, 0])

    @pytest.mark.parametrize(
        "table",
        [FRAME, pd.DataFrame(FRAME), pl.DataFrame(FRAME), pa.table(FRAME), pa.record_batch(FRAME)],
    )
    def test_several_columns_are_a_compound_key_of_what_occurs(self, table):
        found, rows = Keys.of(table)
        assert found.names == ("district", "wave")
        assert list(found) == [("n", 2), ("n", None), ("s", 1), ("s", 2)]
        assert rows.tolist() == [3, 0, 2, 1, 3]
        assert found.columns()["wave"] == [2, None, 1, 2]

    @pytest.mark.parametrize(("number", "rows"), [(45, 3), (4, 20_000)])
    def test_more_combinations_than_numbers_can_count_are_by_type(self, number, rows):
        labels = np.random.default_rng(1).permutation(rows)
        found, row = Keys.of({f"name {place}": labels for place in range(number)})
        assert row.tolist() == labels.tolist()
        assert list(found)[-1] == (rows - 1,) * number

    def test_a_label_of_the_first_of_very_many_names_still_matters(self):
        names = {f"name {place}": [0, 1, 1] if place else [0, 1, 0] for place in range(70)}
        found, row = Keys.of(names)
        assert found.rows == 3
        assert row.tolist() == [0, 2, 1]

    @given(st.lists(st.tuples(group_labels, group_labels)))
    def test_respondents_know_both_of_their_labels(self, rows):
        found, row = Keys.of({"a": [a for a, _ in rows], "b": [b for _, b in rows]})
        every = list(found)
        given_ = [tuple(map(by_type, one)) for one in rows]
        assert [tuple(map(by_type, every[place])) for place in row] == given_
        assert found.rows == len(set(given_))

    @pytest.mark.parametrize(
        "name", ["n", "value", "label_a", "adjusted_p_value", "count_5", "missing_9"]
    )
    def test_names_of_columns_of_results_are_refused(self, name):
        with pytest.raises(LabelError, match=f"column of results, got '{name}'; rename the column"):
            Keys.of({"district": [1], name: [1]})

    @pytest.mark.parametrize(
        ("table", "text"),
        [
            (pd.DataFrame([[1, 2]], columns=["a", "a"]), "names of their own, got ['a'] more than once"),
            (pd.DataFrame([[1]], columns=[("a", "b")]), "must be texts, got ('a', 'b'); rename"),
            ({1: [1]}, "must be texts, got 1; rename"),
            ({"a": [1, 2], "b": [1]}, "one label for each row, got lengths {'a': 2, 'b': 1}"),
            ({}, "one label for each row, got lengths {}"),
            (pl.DataFrame(FRAME).lazy(), "must be in memory, got a LazyFrame; collect() it"),
            ("district", "one label for each row, or several by name, got 'district'; a name of a column goes"),
            (5, "got 5; a name"),
            (None, "got None; a name"),
            ({"n", "s"}, "got {"),
            (b"n", "got b'n'; a name"),
            (np.array(5), "got array(5); a name"),
            (Keys(), "got Keys(one row; rows=1); a name"),
            (dict, "got <class 'dict'>; a name"),
            ("a" * 99, "got a str; a name"),
        ],
    )  # fmt: skip
    def test_what_names_no_rows_is_answered_with_the_right_call(self, table, text):
        with pytest.raises(LabelError, match=re.escape(text)):
            Keys.of(table)

    @pytest.mark.parametrize(
        "labels", [np.zeros((2, 2)), {"a": "north"}, {"a": {"x": 1}}, {"a": None}, [["n", 1]], [{}]]
    )
    def test_what_is_no_column_of_labels_is_refused(self, labels):
        with pytest.raises(AnswerError, match=r"one-dimensional|list, array or Series|collections"):
            Keys.of(labels)


class TestDeclaredOrder:
    @pytest.mark.parametrize(
        "column",
        [
            pd.Series(ORDERED, name="stage"),
            pl.Series("stage", ["low", "high", None, "low"], pl.Enum(["low", "middle", "high"])),
            {"stage": pa.array(ORDERED)},
            {"stage": pa.chunked_array([pa.array(ORDERED[:1]), pa.array(ORDERED[1:])])},
        ],
    )
    def test_the_order_and_the_empty_labels_of_a_categorical_are_kept(self, column):
        found, rows = Keys.of(column)
        assert found.declared == {"stage"}
        assert found.labels("stage") == ["low", "middle", "high", None]
        assert rows.tolist() == [0, 2, 3, 0]

    def test_bins_of_cut_are_in_order(self):
        bins = pd.cut(pd.Series([15, 3, None, 7]), [0, 5, 10, 20])
        assert by(bins)[0] == [*bins.cat.categories, None]

    def test_of_several_columns_only_what_occurs_is_kept_in_the_order_declared(self):
        found, _ = Keys.of({"stage": ORDERED, "wave": [1, 1, 1, 2]})
        assert list(found) == [("low", 1), ("low", 2), ("high", 1), (None, 1)]
        assert found.declared == {"stage"}


class TestOneRow:
    def test_there_is_one_row_without_names_and_no_other(self):
        assert (Keys().shape, Keys().rows, list(Keys())) == ((), 1, [()])
        with pytest.raises(LabelError, match="rows without names must be one, got 2"):
            Keys(codes=np.zeros((0, 2), int))
        with pytest.raises(LabelError, match="nothing to choose from"):
            Keys()[0]

    def test_keys_are_different_and_complete(self):
        with pytest.raises(LabelError, match="keys must differ by d"):
            keyed(["a"], [0, 0])
        with pytest.raises(LabelError, match="a level and a row of codes for each name"):
            Keys(("a", "b"), (["x"],), [[0]])
        with pytest.raises(LabelError, match=r"names of groups must differ, got \('d', 'd'\)"):
            keyed(["a"], fixed=(("d", 1),))

    def test_numbered_rows_are_no_labels(self):
        numbered = Keys.numbered(3)
        assert not numbered.labelled
        assert numbered.columns() == {"group": [0, 1, 2]}
        assert numbered[1:].columns() == {"group": [0, 1]}
        assert numbered[2].fixed == ()

    def test_keys_do_not_change_and_read_as_what_they_are(self):
        found = keyed(["a", "b"], fixed=(("item", "q1"), ("year", 2024)))
        assert repr(found) == "Keys(d; rows=2, item='q1', year=2024)"
        assert list(found.columns()) == ["year", "d", "item"]
        assert found.labels("year") == [2024, 2024]
        assert len(found) == 2
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            found.names = ()


class TestChoosing:
    KEYS = Keys.of({"district": ["n", "n", "s", "s"], "wave": [1, 2, 1, None]})[0]

    @pytest.mark.parametrize(
        ("wanted", "rows", "fixed"),
        [
            ({"district": "s"}, [2, 3], (("district", "s"),)),
            ({"wave": None}, [3], (("wave", None),)),
            ({"wave": float("nan")}, [3], (("wave", None),)),
            ({"wave": 1.0}, [0, 2], (("wave", 1),)), ({"wave": [1, None]}, [0, 2, 3], ()),
            ({"wave": {2}}, [1], ()), ({"wave": np.array([2, 1])}, [0, 1, 2], ()),
            ({"wave": pl.Series([1])}, [0, 2], ()), ({"wave": pa.array([1])}, [0, 2], ()),
            ({"district": [], "wave": 1}, [], (("wave", 1),)),
            ({"district": ["n"], "wave": 2}, [1], (("wave", 2),)), ({}, [0, 1, 2, 3], ()),
        ],
    )  # fmt: skip
    def test_a_label_drops_its_name_and_a_list_filters(self, wanted, rows, fixed):
        left, found = self.KEYS.sel(wanted)
        assert found.tolist() == rows
        assert left.fixed == fixed
        kept = [place for place, name in enumerate(self.KEYS.names) if name not in dict(fixed)]
        every = list(self.KEYS)
        assert list(left) == [tuple(every[row][place] for place in kept) for row in rows]

    def test_a_label_of_every_name_gives_one_row(self):
        left, row = self.KEYS.sel({"wave": 2, "district": "n"})
        assert (row, left.shape, left.fixed) == (1, (), (("wave", 2), ("district", "n")))
        assert self.KEYS[1].fixed == (("district", "n"), ("wave", 2))

    @pytest.mark.parametrize(
        ("wanted", "text"),
        [
            ({"colour": 1}, "unknown name of groups 'colour'; choose from: district, wave"),
            ({5: 1}, "unknown name of groups 5;"),
            ({"district": "N"}, "unknown district 'N'; did you mean 'n', which differs by case?"),
            ({"district": ["n", "x"]}, "unknown district 'x'; choose from: n, s"),
            ({"district": ["n", []]}, "unknown district []; choose from: n, s"),
            (
                {"district": ["n", np.ones(2)]},
                "unknown district array([1., 1.]); choose from: n, s",
            ),
            ({"wave": "2"}, "no wave is called '2', got a str; the labels are int, write 2"),
            ({"wave": True}, "unknown wave True; choose from: 1, 2"),
            ({"wave": 2, "district": "s"}, "no row has wave 2, district 's' together"),
        ],
    )
    def test_what_is_not_there_is_named(self, wanted, text):
        with pytest.raises(LabelError, match=re.escape(text)):
            self.KEYS.sel(wanted)

    @pytest.mark.parametrize(("rows", "there"), [([0], "'n'"), ([], "none")])
    def test_a_label_whose_rows_were_left_out_is_answered_with_those_there_are(self, rows, there):
        left = Keys.of(["n", "s"])[0][np.array(rows, np.intp)]
        with pytest.raises(LabelError, match=f"^no row has group 's'; the rows have {there}$"):
            left.sel({"group": "s"})

    def test_a_label_is_chosen_once(self):
        left, _ = self.KEYS.sel({"wave": 1})
        with pytest.raises(LabelError, match="'wave' is chosen already, got 1 as its label"):
            left.sel({"wave": 2})

    @given(keys(fixed=()), st.data())
    def test_places_choose_as_arrays_do(self, found, data):
        if not found.shape:
            return
        order = data.draw(st.permutations(range(found.rows)))[: data.draw(st.integers(0, 3))]
        every = list(found)
        chosen = found[np.array(order, np.intp)]
        rows = order if found.labelled else range(len(order))
        assert list(chosen) == [every[row] for row in rows]
        assert chosen.declared == found.declared

    def test_a_name_is_left_out_and_rows_that_become_alike_are_one(self):
        left, rows = self.KEYS.without("wave")
        assert (list(left), rows.tolist()) == ([("n",), ("s",)], [0, 0, 1, 1])
        left, rows = left.without("district")
        assert (left.shape, rows.tolist()) == ((), [0, 0])
        with pytest.raises(LabelError, match="unknown name of groups 'item'"):
            self.KEYS.without("item")

    def test_a_name_that_is_gone_has_no_order_any_more(self):
        stage = pd.Categorical(["old", "new", "old"], ["old", "new"])
        found, _ = Keys.of({"stage": stage, "wave": [1, 1, 2]})
        assert found.without("stage")[0].declared == frozenset()
        assert found.sel({"stage": "old"})[0].declared == frozenset()
        assert found.sel({"wave": 1})[0].declared == {"stage"}

    def test_one_more_name_stands_last_in_the_order_given(self):
        more, row, place = keyed(["a", "b"]).extended("item", ("q2", "q1"))
        assert list(more) == [("a", "q2"), ("a", "q1"), ("b", "q2"), ("b", "q1")]
        assert (row.tolist(), place.tolist()) == ([0, 0, 1, 1], [0, 1, 0, 1])
        assert more.declared == {"item"}
        assert list(Keys().extended("item", ("q2", "q1"))[0]) == [("q2",), ("q1",)]


class TestMeeting:
    @given(names.filter(bool).flatmap(lambda by: st.tuples(keys(by), keys(by))))
    def test_rows_meet_by_label_and_none_is_lost(self, two):
        a, b = two
        united, ours, theirs = a.united(b)
        every = plain(united)
        for one, rows in ((a, ours), (b, theirs)):
            own = plain(one)
            for key, row in zip(every, rows, strict=True):
                assert (key in own) is bool(row >= 0)
                assert row < 0 or own[row] == key
        assert ((ours >= 0) | (theirs >= 0)).all()
        assert set(plain(b.united(a)[0])) == set(every) == {*plain(a), *plain(b)}

    @given(keys())
    def test_keys_meet_themselves_in_their_own_order(self, found):
        again = Keys(found.names, found.levels, found.codes.copy(), found.declared, found.fixed)
        united, ours, theirs = found.united(again)
        assert list(united) == list(found)
        assert ours.tolist() == theirs.tolist() == list(range(found.rows))

    @pytest.mark.parametrize("ours", [True, False])
    def test_a_declared_order_goes_before_a_sorted_one(self, ours):
        declared, other = keyed(["c", "a"], declared={"d"}), keyed(["b", "a"])
        one, two = (declared, other) if ours else (other, declared)
        united, _, _ = one.united(two)
        assert united.labels("d") == ["c", "a", "b"]
        assert united.declared == {"d"}
        assert keyed(["b", "a"], declared={"d"}).united(declared)[0].labels("d") == ["b", "a", "c"]
        assert other.united(keyed(["a", "0"]))[0].labels("d") == ["0", "a", "b"]

    def test_names_may_come_in_another_order(self):
        a = Keys.of({"x": [1, 2], "y": ["a", "b"]})[0]
        b = Keys.of({"y": ["b", "c"], "x": [2, 3]})[0]
        united, ours, theirs = a.united(b)
        assert list(united) == [(1, "a"), (2, "b"), (3, "c")]
        assert (ours.tolist(), theirs.tolist()) == ([0, 1, -1], [-1, 0, 1])

    def test_fixed_labels_that_differ_are_left_out(self):
        a, b = (keyed(["a"], fixed=(("item", "q1"), ("year", year))) for year in (2023, 2024))
        assert a.united(b)[0].fixed == (("item", "q1"),)
        assert a.united(keyed(["b"]))[0].fixed == ()

    @pytest.mark.parametrize(
        ("one", "other"), [([1], ["1"]), (["x", True], ["True"]), ([DAY], [str(DAY)])]
    )
    def test_labels_that_read_the_same_and_differ_in_type_are_an_error(self, one, other):
        text = r"labels of 'd' must be of one type, got .* \(.*\) and .* \(.*\); convert one"
        for a, b in ((one, other), (other, one)):
            with pytest.raises(LabelError, match=text):
                keyed(a).united(keyed(b))

    def test_a_flag_and_a_number_of_its_value_do_not_meet(self):
        numbers, _ = Keys.of([1, 0])
        flags, _ = Keys.of([True, False])
        united, ours, theirs = numbers.united(flags)
        assert list(united) == [(False,), (True,), (0,), (1,)]
        assert [type(label) for (label,) in united] == [bool, bool, int, int]
        assert (ours.tolist(), theirs.tolist()) == ([-1, -1, 0, 1], [0, 1, -1, -1])

    def test_numbers_of_one_value_meet_whatever_their_type(self):
        united, ours, theirs = keyed([1, None]).united(keyed([1.0, 2]))
        assert united.labels("d") == [1, 2, None]
        assert (ours.tolist(), theirs.tolist()) == ([0, -1, 1], [0, 1, -1])

    @pytest.mark.parametrize(
        ("one", "other", "text"),
        [
            (keyed(["a"]), Keys.numbered(1), "by the same names, got 'd' and 'group'; choose a label"),
            (keyed(["a"]), Keys(), "by the same names, got 'd' and a single row"),
            (Keys.of(["a"])[0], Keys.numbered(1), "can't meet rows without, got labels by 'group' and"),
            (Keys.numbered(1), Keys.of(["a"])[0], "can't meet rows without, got labels by 'group' and"),
            (Keys.numbered(1), Keys.numbered(2), "must be as many, got 1 and 2; give both by="),
        ],
    )  # fmt: skip
    def test_rows_that_cannot_meet_are_an_error_that_names_both(self, one, other, text):
        with pytest.raises(LabelError, match=re.escape(text)):
            one.united(other)


def test_the_levels_drawn_hold_labels_of_one_type():
    """What the laws of merging rest on."""
    for level in LEVELS.values():
        assert len({type(label) for label in level if label is not None}) == 1
