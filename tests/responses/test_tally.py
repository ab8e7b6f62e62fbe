"""Tallies: how answers are counted by keys and reasons, and how they add up."""

import re
import reprlib
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custfocus.errors import AnswerError, LabelError, ScaleError, TallyError
from custfocus.indices import csat
from custfocus.responses import Scale, Tally
from custfocus.results import Keys
from custfocus.results.arrays import frozen

LABELS = ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"]
TEXTS = ["Very satisfied", "Satisfied", "Satisfied", "Dissatisfied"]
SCALE = Scale.likert(5, labels=LABELS, missing=[9, 99, "", "Don't know", None])
THREE = Scale.likert(3)
CODED = Scale.likert(3, missing=[8, 9, None])
TOTAL, WHOLE = "add up to less than 2**53, got ", "be whole numbers, 0 or more, got"
COLUMNS = "have one column for each of the 3 points, and rows at the most beside, got shape"
YES_NO = Scale.range(0, 1, missing=[None])
ITEMS = {"q2": [1, 8, 3], "q1": [2, None, 2]}


def begins(text: str) -> str:
    """A pattern for a message that starts with the text."""
    return "^" + re.escape(text)


def three(labels, *, first: int = 0, missing=None, **options) -> Tally:
    """Rows on three points, counted on from a number, so that no two cells are alike."""
    counts = np.arange(first, first + 3 * len(labels)).reshape(-1, 3)
    return Tally(counts, THREE, missing, by={"shop": labels}, **options)


def rows(found: Tally) -> dict[tuple[object, ...], list[int]]:
    """The counts of each key, as in the order of the rows."""
    return dict(zip(found.keys, found.counts.reshape(-1, len(found.scale)).tolist(), strict=True))


class TestAnswers:
    @pytest.mark.parametrize(
        "answers",
        [
            [5, 4, 4, 2], (5, 4, 4, 2), [5.0, 4, 4.0, 2], iter([5, 4, 4, 2]), (n for n in [5, 4, 4, 2]),
            TEXTS, [5, "Satisfied", 4, "Dissatisfied"], np.array(TEXTS), np.array([5, 4, 4, 2]),
            [np.int64(5), np.float64(4), np.int8(4), np.uint16(2)],
            [np.str_("Very satisfied"), 4, np.float32(4), 2],
            [Decimal(5), Decimal("4.0"), Fraction(4), 2], np.array([5, 4, 4, 2], dtype=np.int8),
            np.array([5, 4, 4, 2], dtype=np.uint64), np.array([5, 4, 4, 2], dtype=np.float64),
            np.array([5, 4, 4, 2], dtype=np.float16), np.array([5, 4, 4, 2], dtype=object),
            np.array([5, "Satisfied", 4.0, 2], dtype=object),
            np.array([5, 0, 4, 0, 4, 0, 2, 0])[::2], pd.Series([5, 4, 4, 2], index=[3, 3, 1, 0]),
            pd.Series([5, 4, 4, 2], dtype="Int64"), pd.Series([5, 4, 4, 2], dtype="Float64"),
            pd.Series([5, 4, 4, 2], dtype="category"), pd.Series([5, 4, 4, 2], dtype=object),
            pd.Index([5, 4, 4, 2]), pd.Categorical(TEXTS), pd.Series(TEXTS),
            pd.Series(TEXTS, dtype="string"), {"ann": 5, "bob": 4, "cem": 4, "dan": 2}.values(),
        ],
    )  # fmt: skip
    def test_answers_come_from_any_collection(self, answers):
        assert Tally.of(answers, SCALE) == Tally([0, 1, 0, 2, 1], SCALE)

    @pytest.mark.parametrize(
        ("answers", "missing"),
        [
            ([5, 9, 99, "", "Don't know", None], 5), ([5, "Very satisfied", None], 1),
            ([5, 9.0, 99.0], 2), ([None, float("nan"), pd.NA, pd.NaT], 4),
            (np.array([5, np.nan, 9, np.nan]), 3),
            (np.array([5, None, np.nan, pd.NA], dtype=object), 3),
            (np.array(["Neutral", "", "Don't know"]), 2), (pd.Series([5, np.nan, 99]), 2),
            (pd.Series([5, None, 9], dtype="Int64"), 2),
            (pd.Series([5, None, 9], dtype="category"), 2),
            (pd.Series([5, None, 9], dtype=object), 2), (pd.Series(["Neutral", None, ""]), 2),
            (pd.Series(["Neutral", None, ""], dtype="string"), 2),
            (pd.Categorical(["Neutral", None]), 1),
        ],
    )  # fmt: skip
    def test_missing_answers_are_counted_apart(self, answers, missing):
        tally = Tally.of(answers, SCALE)
        assert tally.missing == missing
        assert tally.n == len(answers) - missing

    @pytest.mark.parametrize(
        "answers", [[], (), np.array([]), np.array([], dtype=object), pd.Series([], dtype="Int64")]
    )
    def test_no_answers_are_a_tally_of_zeros(self, answers):
        tally = Tally.of(answers, SCALE)
        assert tally == Tally([0, 0, 0, 0, 0], SCALE)
        assert tally.shape == ()

    @pytest.mark.parametrize(
        "answers",
        [
            [True, False, True], [np.True_, np.False_, np.True_], [True, 0, 1.0],
            np.array([True, False, True]), pd.Series([True, False, True]),
            pd.Series([True, False, True], dtype=object),
        ],
    )  # fmt: skip
    def test_true_and_false_are_answers_to_yes_or_no(self, answers):
        assert Tally.of(answers, YES_NO) == Tally([1, 2], YES_NO)

    @pytest.mark.parametrize("dtype", ["boolean", object])
    def test_a_yes_or_no_may_be_empty(self, dtype):
        answers = pd.Series([True, None, False, True], dtype=dtype)
        assert Tally.of(answers, YES_NO) == Tally([1, 2], YES_NO, [1, 0])

    @pytest.mark.parametrize(
        "answers",
        ["54", "", b"54", {5, 4}, frozenset([5]), None, 5, 5.0, SCALE, np.array(5), Tally],
    )
    def test_what_has_no_order_is_not_answers(self, answers):
        text = (
            f"expected a list, array or Series, got {reprlib.repr(answers)}; "
            "pass one value for each respondent"
        )
        with pytest.raises(AnswerError, match=f"^{re.escape(text)}$"):
            Tally.of(answers, SCALE)

    @pytest.mark.parametrize("dtype", [int, float, object])
    def test_masked_answers_are_empty(self, dtype):
        answers = np.ma.array([5, 4, 3], mask=[0, 1, 0], dtype=dtype)
        found = Tally.of(answers, SCALE)
        assert (found.counts.tolist(), found.missing) == ([0, 0, 1, 0, 1], 1)
        with pytest.raises(AnswerError, match="answers not on the scale"):
            Tally.of(answers, Scale.likert(5))

    @pytest.mark.parametrize(
        ("answers", "text"),
        [
            (np.array([[5, 4]]), "expected one-dimensional values, got shape"),
            (np.ma.array([[5, 4]], mask=[[0, 1]]), "expected one-dimensional values, got shape"),
            ([[5, 4], [3, 2]], "values must be numbers or texts, got some that are collections"),
            ([[5], [4, 3]], "values must be numbers or texts, got some that are collections"),
            ([{5}], "values must be numbers or texts, got some that are collections"),
        ],
    )  # fmt: skip
    def test_answers_in_other_than_one_dimension_are_refused(self, answers, text):
        with pytest.raises(AnswerError, match=begins(text)):
            Tally.of(answers, SCALE)


class TestCounts:
    @pytest.mark.parametrize(
        "counts",
        [
            [1, 0, 4], (1, 0, 4), np.array([1, 0, 4]), np.array([1.0, 0.0, 4.0]),
            np.array([1, 0, 4], dtype=np.uint8), np.array([1, 0, 4], dtype=object),
            [1, -0.0, np.int8(4)], pd.Index([1, 0, 4]), pd.array([1, 0, 4]), pd.Series([1, 0, 4]),
            np.ma.array([1, 0, 4], mask=[0, 0, 0]),
        ],
    )  # fmt: skip
    def test_counts_come_from_any_array_of_whole_numbers(self, counts):
        tally = Tally(counts, THREE)
        assert tally.counts.tolist() == [1, 0, 4]
        assert tally.counts.dtype == tally.missing.dtype == np.int64

    @pytest.mark.parametrize("shape", [(), (1,), (4,), (0,)])
    def test_the_shape_is_that_of_the_rows(self, shape):
        tally = Tally(np.full((*shape, 3), 2), THREE)
        assert tally.shape == tally.n.shape == tally.missing.shape == shape
        assert (tally.n == 6).all()
        assert (tally.missing == 0).all()

    @pytest.mark.parametrize("counts", [[10**15 + 1, 0, 1], [2**53 - 2, 0, 1], [0, 2**53 - 1, 0]])
    def test_large_counts_are_exact(self, counts):
        tally = Tally(counts, THREE)
        assert tally.counts.tolist() == counts
        assert tally.n == sum(counts)

    @pytest.mark.parametrize("count", [2**53, 2**53 + 1, 2**63, 2**64, 1e19, 1e300, 10**30])
    @pytest.mark.parametrize("name", ["counts", "missing"])
    def test_counts_that_floats_cannot_hold_exactly_are_refused(self, count, name):
        counts, missing = ([1, 2, count], 0) if name == "counts" else ([1, 2, 3], count)
        total = float(count) + (3 if name == "counts" else 0)
        text = f"{name} must add up to less than 2**53, got {total:.0f}"
        with pytest.raises(TallyError, match=f"^{re.escape(text)}$"):
            Tally(counts, THREE, missing)

    @pytest.mark.parametrize(
        ("counts", "text"),
        [
            ([1, 2**53 - 1, 0], TOTAL), ([2**62, 2**62, 0], TOTAL), ([[2**52, 0, 0], [0, 0, 2**52]], TOTAL),
            ([1, 2], f"{COLUMNS} (2,)"), ([1, 2, 3, 4], f"{COLUMNS} (4,)"), (5, f"{COLUMNS} ()"),
            ([], f"{COLUMNS} (0,)"), ([[1], [2], [3]], f"{COLUMNS} (3, 1)"),
            (np.zeros((2, 4, 3)), f"{COLUMNS} (2, 4, 3)"), ([1, -1, 3], f"{WHOLE} -1;"),
            ([1, 0.5, 3], f"{WHOLE} 0.5;"), ([1, np.nan, 3], f"{WHOLE} nan;"),
            ([1, np.inf, 3], f"{WHOLE} inf;"), (frozen([1, -2, 3], np.int64), f"{WHOLE} -2"),
            (frozen([1, -2, 3], np.float64), f"{WHOLE} -2"), (["a", 1, 2], "be whole numbers, got"),
            (["1", "2", "3"], "be whole numbers, got"), ([1, [2], 3], "be whole numbers, got"),
            ({1: 5, 2: 6, 3: 7}, "be whole numbers, got"), ({1, 2, 3}, "be whole numbers, got"),
            ([[1, 2, 3], [1, 2]], "be whole numbers, got"), ([1j, 2, 3], "be whole numbers, got"),
            (np.ma.array([1, 2, 3], mask=[0, 1, 0]), "be whole numbers"),
        ],
    )  # fmt: skip
    def test_counts_that_no_sample_gives_are_refused(self, counts, text):
        with pytest.raises(TallyError, match=begins(f"counts must {text}")):
            Tally(counts, THREE)

    TWO = [[1, 2, 3], [4, 5, 6]]  # noqa: RUF012 - never written to

    @pytest.mark.parametrize(
        ("counts", "missing", "text"),
        [
            *(([1, 2, 3], number, "be whole numbers") for number in (-1, 0.5, np.nan, "a")),
            (TWO, np.ma.array([1, 2], mask=[0, 1]), "be whole numbers"),
            ([1, 2, 3], [1, 2], "shape (), or by reason, shape (1,), got shape (2,)"),
            (TWO, 1, "shape (2,), or by reason, shape (2, 1), got shape ()"),
            (TWO, [1], "shape (2,), or by reason, shape (2, 1), got shape (1,)"),
            (TWO, [[1, 2]], "shape (2,), or by reason, shape (2, 1), got shape (1, 2)"),
        ],
    )  # fmt: skip
    def test_missing_numbers_that_no_sample_gives_are_refused(self, counts, missing, text):
        with pytest.raises(TallyError, match=f"^missing must .*{re.escape(text)}"):
            Tally(counts, THREE, missing)

    @pytest.mark.parametrize("make", [Tally, Tally.of])
    @pytest.mark.parametrize("scale", [5, None, [1, 2, 3], "likert"])
    def test_only_on_a_scale_are_answers_counted(self, make, scale):
        with pytest.raises(ScaleError, match=begins(f"expected a Scale, got {scale!r}; see Scale")):
            make([1, 2, 3], scale)


class TestSeriesOfCounts:
    NAMED = (
        "must come in the order of the points, got a {} with names of its own; "
        "bring it in order (reindex) and pass its to_numpy()"
    )

    def test_a_series_without_names_is_taken(self):
        missing = pd.Series([4, 0])
        assert Tally([[3, 1, 2], [0, 0, 1]], THREE, missing).missing.tolist() == [4, 0]

    @pytest.mark.parametrize("scale", [THREE, THREE.reverse_coded()])
    @pytest.mark.parametrize(
        "index",
        [
            [1, 2, 3], [3, 2, 1], [3, 1, 2], [2, 1, 3], [1, 2, 9], [0, 2, 1], [2, 1, 0],
            ["bad", "good", "so"],
        ],
    )  # fmt: skip
    def test_a_series_or_frame_with_names_is_refused(self, index, scale):
        counts = pd.Series([1, 2, 3], index=index)
        for name, kind, attempt in (
            ("counts", "Series", lambda: Tally(counts, scale)),
            ("missing", "Series", lambda: Tally(np.eye(3), scale, counts)),
            ("counts", "DataFrame", lambda: Tally(counts.to_frame().T, scale)),
        ):
            text = f"{name} {self.NAMED.format(kind)}"
            with pytest.raises(TallyError, match=f"^{re.escape(text)}$"):
                attempt()
        assert Tally(counts.to_frame().T.to_numpy(), scale) == Tally([[1, 2, 3]], scale)


class TestKeys:
    def test_one_label_is_still_a_row_and_no_answers_have_none(self):
        assert Tally.of([1, 2], THREE, by=["a", "a"]).shape == (1,)
        assert Tally.of([], THREE, by=[]).shape == (0,)
        assert Tally.of([], THREE).shape == ()

    def test_several_items_are_answers_of_the_same_people(self):
        found = Tally.of(ITEMS, CODED, by={"shop": ["x", "y", "x"]})
        assert found.keys.names == ("shop", "item")
        assert rows(found) == {
            ("x", "q2"): [1, 0, 1],
            ("x", "q1"): [0, 2, 0],
            ("y", "q2"): [0, 0, 0],
            ("y", "q1"): [0, 0, 0],
        }
        assert found.sel(shop="y").missing_by_reason.tolist() == [[1, 0, 0, 0], [0, 0, 1, 0]]
        assert found.sel(item="q1") == Tally.of(
            pd.Series(ITEMS["q1"], name="q1", dtype=object), CODED, by={"shop": ["x", "y", "x"]}
        )

    @pytest.mark.parametrize(
        "items", [ITEMS, pd.DataFrame(ITEMS), pl.DataFrame(ITEMS), pa.table(ITEMS)]
    )
    def test_items_come_in_the_order_listed_from_a_frame_of_any_library(self, items):
        found = Tally.of(items, CODED)
        assert rows(found) == {("q2",): [1, 0, 1], ("q1",): [0, 2, 0]}
        assert found.keys.declared == {"item"}

    def test_a_single_column_is_no_item_and_one_of_a_frame_is(self):
        assert Tally.of(pd.Series([1, 2], name="q1"), THREE).keys.fixed == (("item", "q1"),)
        assert Tally.of([1, 2], THREE).keys.fixed == ()
        assert Tally.of(pd.DataFrame({"q1": [1, 2]}), THREE).shape == (1,)

    def test_declared_labels_without_respondents_are_rows_without_answers(self):
        stage = pd.Categorical(["b", "b"], ["c", "b"])
        assert rows(Tally.of([1, 2], THREE, by=stage)) == {("c",): [0, 0, 0], ("b",): [1, 1, 0]}

    @pytest.mark.parametrize("labels", [["a"], ["a"] * 4, []])
    def test_a_label_for_each_answer_or_an_error(self, labels):
        text = f"by must give one label for each row, got {len(labels)} for 3 rows"
        with pytest.raises(AnswerError, match=f"^{text}$"):
            Tally.of([1, 2, 3], THREE, by=labels)

    def test_names_of_columns_in_place_of_columns_are_answered(self):
        for rows, remedy in ((20, ""), (21, "; pass columns themselves, not their names")):
            with pytest.raises(AnswerError) as caught:
                Tally.of([1] * rows, THREE, by=["district", "wave"])
            assert str(caught.value) == (
                f"by must give one label for each row, got 2 for {rows} rows{remedy}"
            )

    def test_pandas_indexes_that_differ_are_an_error_that_names_both(self):
        answers = pd.Series([1, 2, 3], name="q1")
        turned = answers.sort_index(ascending=False)
        for by in (turned.rename("d"), turned.to_frame("d"), {"d": turned}):
            with pytest.raises(
                AnswerError, match=r"same index, got different ones for 'q1|answers'"
            ):
                Tally.of(answers, THREE, by=by)
        assert Tally.of(turned, THREE, by=answers.to_numpy()).n.sum() == 3
        assert Tally.of(answers, THREE, by=answers.rename("d")).shape == (3,)

    @pytest.mark.parametrize(
        ("answers", "text"),
        [
            ({}, "items must be columns of answers by name, got none"),
            (pd.DataFrame(), "items must be columns of answers by name, got none"),
            ({1: [1]}, "items must be columns of answers by name, got the name 1"),
            ({"a": [1, 2], "b": [1]}, "items must have an answer of each respondent, empty ones among"),
            ({"a": [7], "b": [1]}, "item 'a': answers not on the scale: [7]"),
            ({"a": 5}, "item 'a': expected a list, array or Series, got 5"),
            ({"a": Tally([1, 2, 3], THREE)}, "item 'a' must be answers, got a Tally; tallies of several"),
            (Tally([1, 2, 3], THREE), "expected answers or a sample, got a Tally; it has been computed"),
            (csat([5]), "expected answers or a sample, got an Estimate; it has been computed"),
        ],
    )  # fmt: skip
    def test_what_is_no_items_is_answered_with_the_rule(self, answers, text):
        with pytest.raises(AnswerError, match=begins(text)):
            Tally.of(answers, THREE)

    @pytest.mark.parametrize(
        ("answers", "by"),
        [
            (pd.DataFrame([[1, 2]], columns=["a", "a"]), None),
            (pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "x")])), None),
            (pd.DataFrame({1: [1]}), None), (pl.DataFrame({"a": [1]}).lazy(), None),
            ([1], pl.DataFrame({"a": [1]}).lazy()), ([1], "district"), ([1], {"value": [1]}),
            ([1], csat([5])), ({"a": [1]}, {"item": [1]}),
        ],
    )  # fmt: skip
    def test_names_that_cannot_be_keys_are_an_error(self, answers, by):
        with pytest.raises(LabelError, match=r", got "):
            Tally.of(answers, THREE, by=by)

    def test_counts_with_the_same_labels_are_added_up(self):
        found = Tally(np.eye(3), THREE, [1, 2, 3], by={"shop": ["b", "a", "b"]})
        assert rows(found) == {("a",): [0, 1, 0], ("b",): [1, 0, 1]}
        assert found.missing.tolist() == [2, 4]

    @pytest.mark.parametrize(
        ("counts", "by", "error", "text"),
        [
            ([1, 2, 3], ["a"], TallyError, "by needs counts with a row for each label, got one sample"),
            ([[1, 2, 3]], ["a", "b"], AnswerError, "by must give one label for each row, got 2 for 1"),
            ([[1, 2, 3]], Keys(), TallyError, "keys must be one for each row of the counts, got ()"),
        ],
    )  # fmt: skip
    def test_a_label_for_each_row_of_counts_or_an_error(self, counts, by, error, text):
        with pytest.raises(error, match=begins(text)):
            Tally(counts, THREE, by=by)


class TestReasons:
    def test_missing_answers_are_counted_by_code_and_blank_for_null(self):
        found = Tally.of([1, 9, 9, 8, None, float("nan"), 2.0], CODED)
        assert found.reasons == ("8", "9", "blank", "not stated")
        assert found.missing_by_reason.tolist() == [1, 2, 2, 0]
        assert found.missing == 5
        assert found.notes == ("missing by code: 8: 1, 9: 2, blank: 2",)
        assert found.to_dicts() == [
            {"n": 2, "missing": 5, "missing_8": 1, "missing_9": 2, "missing_blank": 2,
             "missing_not stated": 0, "count_1": 1, "count_2": 1, "count_3": 0}
        ]  # fmt: skip

    def test_those_given_as_one_number_have_no_reason(self):
        found = Tally([[1, 2, 3], [0, 0, 1]], CODED, [4, 0])
        assert found.missing_by_reason.tolist() == [[0, 0, 0, 4], [0, 0, 0, 0]]
        assert found.notes == ()
        assert Tally([1, 2, 3], CODED, [1, 2, 3, 4]).missing == 10

    def test_with_one_code_there_is_one_column_and_nothing_to_note(self):
        found = Tally.of([1, None, None], Scale.likert(3, missing=[None]))
        assert [name for name in found.columns() if name.startswith("missing")] == ["missing"]
        assert found.notes == ()

    def test_codes_that_read_the_same_differ(self):
        scale = Scale.likert(3, missing=[9, "9", "not stated", "blank", None])
        found = Tally.of([9, "9", "9", "not stated", "blank", None], scale)
        by_reason = dict(zip(found.reasons, found.missing_by_reason.tolist(), strict=True))
        assert by_reason == {
            "9": 1, "'9'": 2, "'not stated'": 1, "'blank'": 1, "blank": 1, "not stated": 0,
        }  # fmt: skip
        assert len(found.columns()) == 2 + 6 + 3


class TestReadOnly:
    @pytest.mark.parametrize("dtype", [np.int64, np.float64, np.int8, object])
    def test_the_callers_arrays_are_copied(self, dtype):
        counts, missing = np.array([[1, 2, 3]], dtype=dtype), np.array([4], dtype=dtype)
        tally = Tally(counts, THREE, missing)
        counts[:] = missing[:] = 0
        assert tally == Tally([[1, 2, 3]], THREE, [4])
        assert counts.flags.writeable


class TestAdding:
    def test_rows_are_added_by_label_and_none_is_lost(self):
        total = three(["a", "c"], missing=[1, 2]) + three(["c", "b"], first=10, missing=[3, 4])
        assert rows(total) == {("a",): [0, 1, 2], ("b",): [13, 14, 15], ("c",): [13, 15, 17]}
        assert total.missing.tolist() == [1, 4, 5]

    def test_chosen_labels_that_differ_are_dropped_and_shared_ones_kept(self):
        waves = Tally(np.eye(3), THREE, by={"wave": [1, 1, 2], "shop": ["a", "b", "a"]})
        total = waves.sel(wave=1) + waves.sel(wave=2)
        assert total == Tally(np.eye(3), THREE, by={"shop": ["a", "b", "a"]})
        assert (waves.sel(wave=1) + waves.sel(wave=1)).keys.fixed == (("wave", 1),)

    def test_two_items_are_not_added_up_as_different_people(self):
        q1, q2 = (Tally.of(pd.Series([1, 2], name=name), THREE) for name in ("q1", "q2"))
        plain = Tally.of([1, 2], THREE)
        assert (q1 + q1).n == (q1 + plain).n == (plain + q1).n == 4
        with pytest.raises(TallyError, match="same people and can't be added up as independent"):
            q1 + q2

    def test_sums_that_floats_cannot_hold_exactly_are_refused(self):
        with pytest.raises(TallyError, match=begins("counts must add up to less than 2**53")):
            Tally([2**53 - 1, 0, 0], THREE) + Tally([1, 0, 0], THREE)

    @pytest.mark.parametrize("other", [1, None, "a", [1, 2, 3], 0.5, csat([5])])
    def test_only_tallies_are_added(self, other):
        with pytest.raises(TypeError, match="unsupported operand"):
            three(["a"]) + other
        with pytest.raises(TypeError):
            other + three(["a"])

    @pytest.mark.parametrize(
        "scale",
        [Scale.range(0, 2), THREE.reverse_coded(), Scale.likert(3, missing=[9]), Scale.likert(4)],
    )
    def test_tallies_on_other_scales_do_not_add_up(self, scale):
        with pytest.raises(TallyError, match=begins("tallies add up when they have the same")):
            Tally([1, 2, 3], THREE) + Tally([1] * len(scale), scale)

    @pytest.mark.parametrize(
        "other", [Tally([1, 2, 3], THREE), Tally([[1, 2, 3]], THREE), three(["a"]).sel(shop="a")]
    )
    def test_tallies_by_other_names_do_not_add_up(self, other):
        with pytest.raises(LabelError, match="rows meet by the same names, got 'shop' and"):
            three(["a"]) + other


class TestItems:
    def test_tallies_of_items_meet_by_label(self):
        q1, q2 = three(["a", "c"], missing=[1, 2]), three(["c", "b"], first=10)
        found = Tally.of_items({"q2": q2, "q1": q1})
        assert found.sel(item="q1").n.tolist() == [3, 0, 12]
        assert found.sel(item="q2").n.tolist() == [0, 42, 33]
        assert found.missing.tolist() == [0, 1, 0, 0, 0, 2]
        assert found.keys.names == ("shop", "item")
        alone = {name: Tally.of(answers, CODED) for name, answers in ITEMS.items()}
        assert Tally.of_items(alone) == Tally.of(ITEMS, CODED)
        assert Tally.of_items({"q1": three([])}).shape == (0,)

    def test_labels_that_all_share_are_kept_but_the_item(self):
        waves = Tally.of(ITEMS, CODED, by={"wave": [1, 1, 1]}).sel(wave=1)
        again = Tally.of_items({name: waves.sel(item=name) for name in ITEMS})
        assert again == waves
        assert again.keys.fixed == (("wave", 1),)

    def test_what_is_no_items_of_one_scale_is_an_error(self):
        with pytest.raises(TallyError, match="items must be tallies by name, got none"):
            Tally.of_items({})
        with pytest.raises(TallyError, match="items must be on one scale, got"):
            Tally.of_items({"q1": Tally([1, 2, 3], THREE), "q2": Tally([1, 2], Scale.likert(2))})
        with pytest.raises(LabelError, match="rows meet by the same names"):
            Tally.of_items({"q1": three(["a"]), "q2": Tally([1, 2, 3], THREE)})


class TestCollapsing:
    def test_names_are_left_out_and_their_rows_added_up(self):
        by = {"wave": [1, 1, 2], "shop": ["a", "b", "a"]}
        found = Tally(np.eye(3), THREE, [1, 2, 3], by=by)
        assert rows(found.collapsed("wave")) == {("a",): [1, 0, 1], ("b",): [0, 1, 0]}
        assert found.collapsed("wave").missing.tolist() == [4, 2]
        assert found.collapsed("wave", "shop") == Tally([1, 1, 1], THREE, 6)
        assert found.collapsed() == found

    @pytest.mark.parametrize(
        ("names", "text"),
        [
            (("item",), "items are answers of the same people and can't be added up"),
            (("wave",), "unknown name of groups 'wave'; choose from: shop, item"),
            ((["shop"],), "unknown name of groups ['shop']"),
            (("shop", "shop"), "unknown name of groups 'shop'; choose from: item"),
        ],
    )
    def test_what_cannot_be_left_out_is_an_error(self, names, text):
        with pytest.raises(TallyError, match=begins(text)):
            Tally.of(ITEMS, CODED, by={"shop": ["x", "y", "x"]}).collapsed(*names)

    def test_a_row_that_is_not_there_has_no_answers(self):
        keys = Keys.of({"shop": ["a", "z"]})[0]
        found = three(["a"], missing=[5]).reindexed(keys, np.array([0, -1]))
        assert (found.n.tolist(), found.missing.tolist()) == ([3, 0], [5, 0])
        assert three([]).reindexed(keys, np.array([-1, -1])).n.tolist() == [0, 0]
