"""Tallies: how answers are counted, and how counts are kept, indexed, added and regrouped."""

import copy
import pickle
import re
import reprlib
from decimal import Decimal
from fractions import Fraction

import attrs
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from custfocus.errors import AnswerError, ScaleError, TallyError
from custfocus.responses import Groups, Scale, Tally
from strategies import tallies

LABELS = ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"]
SCALE = Scale.likert(5, labels=LABELS, missing=[9, 99, "", "Don't know", None])
THREE = Scale.likert(3)
YES_NO = Scale.range(0, 1, missing=[None])


def begins(text: str) -> str:
    """A pattern for a message that starts with the text."""
    return "^" + re.escape(text)


def three(groups: int, *, first: int = 0, missing=None) -> Tally:
    """Groups on three points, counted on from a number, so that no two cells are alike."""
    counts = np.arange(first, first + 3 * groups).reshape(groups, 3)
    return Tally(counts, THREE, np.arange(groups) if missing is None else missing)


class TestAnswers:
    @pytest.mark.parametrize(
        "answers",
        [
            [5, 4, 4, 2],
            (5, 4, 4, 2),
            [5.0, 4, 4.0, 2],
            ["Very satisfied", "Satisfied", "Satisfied", "Dissatisfied"],
            [5, "Satisfied", 4, "Dissatisfied"],
            [np.int64(5), np.float64(4), np.int8(4), np.uint16(2)],
            [np.str_("Very satisfied"), 4, np.float32(4), 2],
            [Decimal(5), Decimal("4.0"), Fraction(4), 2],
            np.array([5, 4, 4, 2]),
            np.array([5, 4, 4, 2], dtype=np.int8),
            np.array([5, 4, 4, 2], dtype=np.uint64),
            np.array([5, 4, 4, 2], dtype=np.float64),
            np.array([5, 4, 4, 2], dtype=np.float16),
            np.array([5, 4, 4, 2], dtype=object),
            np.array([5, "Satisfied", 4.0, 2], dtype=object),
            np.array(["Very satisfied", "Satisfied", "Satisfied", "Dissatisfied"]),
            np.array([5, 0, 4, 0, 4, 0, 2, 0])[::2],
            pd.Series([5, 4, 4, 2], index=[3, 3, 1, 0]),
            pd.Series([5, 4, 4, 2], dtype="Int64"),
            pd.Series([5, 4, 4, 2], dtype="Float64"),
            pd.Series([5, 4, 4, 2], dtype="category"),
            pd.Series([5, 4, 4, 2], dtype=object),
            pd.Index([5, 4, 4, 2]),
            pd.Categorical(["Very satisfied", "Satisfied", "Satisfied", "Dissatisfied"]),
            pd.Series(["Very satisfied", "Satisfied", "Satisfied", "Dissatisfied"]),
            pd.Series(["Very satisfied", "Satisfied", "Satisfied", "Dissatisfied"], dtype="string"),
        ],
    )
    def test_answers_come_from_any_collection(self, answers):
        assert Tally.of(answers, SCALE) == Tally([0, 1, 0, 2, 1], SCALE)

    @pytest.mark.parametrize("make", [iter, lambda answers: (answer for answer in answers)])
    def test_answers_that_can_be_read_once_are_read_once(self, make):
        assert Tally.of(make([5, 4, 4, 2]), SCALE) == Tally([0, 1, 0, 2, 1], SCALE)

    def test_a_range_of_answers_is_taken(self):
        assert Tally.of(range(2, 5), SCALE) == Tally([0, 1, 1, 1, 0], SCALE)

    @pytest.mark.parametrize(
        ("answers", "missing"),
        [
            ([5, 9, 99, "", "Don't know", None], 5),
            ([5, "Very satisfied", None], 1),
            ([5, 9.0, 99.0], 2),
            ([None, float("nan"), pd.NA, pd.NaT], 4),
            (np.array([5, np.nan, 9, np.nan]), 3),
            (np.array([5, None, np.nan, pd.NA], dtype=object), 3),
            (np.array(["Neutral", "", "Don't know"]), 2),
            (pd.Series([5, np.nan, 99]), 2),
            (pd.Series([5, None, 9], dtype="Int64"), 2),
            (pd.Series([5, None, 9], dtype="category"), 2),
            (pd.Series([5, None, 9], dtype=object), 2),
            (pd.Series(["Neutral", None, ""]), 2),
            (pd.Series(["Neutral", None, ""], dtype="string"), 2),
            (pd.Categorical(["Neutral", None]), 1),
        ],
    )
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
            [True, False, True],
            [np.True_, np.False_, np.True_],
            [True, 0, 1.0],
            np.array([True, False, True]),
            pd.Series([True, False, True]),
            pd.Series([True, False, True], dtype=object),
        ],
    )
    def test_true_and_false_are_answers_to_yes_or_no(self, answers):
        assert Tally.of(answers, YES_NO) == Tally([1, 2], YES_NO)

    @pytest.mark.parametrize("dtype", ["boolean", object])
    def test_a_yes_or_no_may_be_empty(self, dtype):
        answers = pd.Series([True, None, False, True], dtype=dtype)
        assert Tally.of(answers, YES_NO) == Tally([1, 2], YES_NO, 1)

    @pytest.mark.parametrize("answers", [np.array([True, False]), [True, 5], [np.False_]])
    def test_true_and_false_are_no_answers_on_five_points(self, answers):
        with pytest.raises(AnswerError, match="convert True and False to points of the scale"):
            Tally.of(answers, SCALE)

    def test_zero_is_zero_whatever_its_sign(self):
        assert Tally.of([-0.0, 0, 0.0], YES_NO) == Tally([3, 0], YES_NO)

    def test_counts_follow_the_order_of_a_descending_scale(self):
        assert Tally.of([1, 1, 3], THREE.reverse_coded()).counts.tolist() == [1, 0, 2]

    @pytest.mark.parametrize(
        "answers", [[6, 1], np.array([6, 1]), np.array([6.0, 1]), pd.Series([6, 1]), [1, "6"]]
    )
    def test_an_answer_off_the_scale_shows_the_scale_and_names_missing(self, answers):
        pattern = (
            r"^answers not on the scale: \['?6(\.0)?'?\]; its points are 1, 2, 3, 4, 5 "
            r'\(pass the scale= that was asked, or list codes for "no answer" in its missing=\)$'
        )
        with pytest.raises(AnswerError, match=pattern):
            Tally.of(answers, Scale.likert(5))

    def test_an_answer_off_the_scale_is_named_once(self):
        with pytest.raises(AnswerError, match=begins("answers not on the scale: [6, 7];")):
            Tally.of([6, 7, 6, 6, 7], Scale.likert(5))

    @pytest.mark.parametrize(
        "answers",
        [
            [5, None],
            np.array([5, np.nan]),
            pd.Series([5, None], dtype="Int64"),
            pd.Series([5, None], dtype="category"),
        ],
    )
    def test_empty_answers_are_an_error_unless_they_are_listed_as_missing(self, answers):
        with pytest.raises(AnswerError, match="list None in the missing= of the scale"):
            Tally.of(answers, Scale.likert(5, missing=[9]))

    @pytest.mark.parametrize(
        "answers",
        ["54", "", b"54", {5: 10, 4: 20}, {5, 4}, frozenset([5]), None, 5, 5.0, SCALE, np.array(5)],
    )
    def test_what_has_no_order_is_not_answers(self, answers):
        text = (
            f"expected a list, array or Series, got {reprlib.repr(answers)}; "
            "pass one value for each respondent"
        )
        with pytest.raises(AnswerError, match=f"^{re.escape(text)}$"):
            Tally.of(answers, SCALE)

    def test_the_values_of_a_dict_are_answers(self):
        answers = {"ann": 5, "bob": 4, "cem": 5}
        assert Tally.of(answers.values(), SCALE) == Tally([0, 0, 0, 1, 2], SCALE)

    @pytest.mark.parametrize("dtype", [int, float, object])
    def test_masked_answers_are_not_counted(self, dtype):
        answers = np.ma.array([5, 4, 3], mask=[0, 1, 0], dtype=dtype)
        with pytest.raises(AnswerError, match="answers not on the scale"):
            Tally.of(answers, Scale.likert(5))

    @pytest.mark.parametrize("dtype", [int, float, object])
    def test_masked_answers_are_empty(self, dtype):
        answers = np.ma.array([5, 4, 3], mask=[0, 1, 0], dtype=dtype)
        assert Tally.of(answers, SCALE) == Tally([0, 0, 1, 0, 1], SCALE, 1)

    @pytest.mark.parametrize(
        "answers",
        [
            np.array([[5, 4]]),
            np.ma.array([[5, 4]], mask=[[0, 1]]),
            pd.DataFrame({"q1": [5]}),
            pd.DataFrame({1: [5], 2: [4]}),
        ],
    )
    def test_answers_in_other_than_one_dimension_are_refused(self, answers):
        with pytest.raises(AnswerError, match=begins("expected one-dimensional values, got shape")):
            Tally.of(answers, SCALE)

    @pytest.mark.parametrize("answers", [[[5, 4], [3, 2]], [[5], [4, 3]], [{5}]])
    def test_answers_in_lists_of_lists_are_refused(self, answers):
        with pytest.raises(AnswerError, match="numbers or texts, got some that are collections"):
            Tally.of(answers, SCALE)


class TestGroupedAnswers:
    def test_each_group_has_its_row(self):
        answers = [5, 4, None, 5, 9]
        groups = Groups.of(["b", "a", "b", "b", "c"])
        tally = Tally.of(answers, SCALE, groups=groups)
        counts = [[0, 0, 0, 1, 0], [0, 0, 0, 0, 2], [0, 0, 0, 0, 0]]
        assert tally == Tally(counts, SCALE, [0, 1, 1])
        assert tally.n.tolist() == [1, 2, 0]

    def test_one_group_is_still_a_row(self):
        tally = Tally.of([1, 2], THREE, groups=Groups.of(["a", "a"]))
        assert tally == Tally([[1, 1, 0]], THREE)

    def test_no_answers_have_no_groups(self):
        assert Tally.of([], THREE, groups=Groups.of([])).shape == (0,)

    @pytest.mark.parametrize("labels", [["a"], ["a"] * 4, []])
    def test_a_group_for_each_answer_or_an_error(self, labels):
        text = f"group labels must be one for each row, got {len(labels)} for 3 rows"
        with pytest.raises(AnswerError, match=f"^{text}$"):
            Tally.of([1, 2, 3], THREE, groups=Groups.of(labels))

    @pytest.mark.parametrize("groups", [["a", "a", "b"], np.array([0, 0, 1]), "aab", 5])
    def test_only_groups_tell_who_belongs_where(self, groups):
        text = f"expected Groups, got {reprlib.repr(groups)}; see Groups.of"
        with pytest.raises(AnswerError, match=f"^{re.escape(text)}$"):
            Tally.of([1, 2, 3], THREE, groups=groups)
        with pytest.raises(AnswerError, match=f"^{re.escape(text)}$"):
            three(3).regrouped(groups)


class TestCounts:
    @pytest.mark.parametrize(
        "counts",
        [
            [1, 0, 4],
            (1, 0, 4),
            np.array([1, 0, 4]),
            np.array([1.0, 0.0, 4.0]),
            np.array([1, 0, 4], dtype=np.uint8),
            np.array([1, 0, 4], dtype=object),
            [1, -0.0, np.int8(4)],
        ],
    )
    def test_counts_come_from_any_array_of_whole_numbers(self, counts):
        tally = Tally(counts, THREE)
        assert tally.counts.tolist() == [1, 0, 4]
        assert tally.counts.dtype == tally.missing.dtype == np.int64

    @pytest.mark.parametrize("shape", [(), (1,), (4,), (0,), (2, 3), (2, 0)])
    def test_the_shape_is_that_of_the_groups(self, shape):
        tally = Tally(np.full((*shape, 3), 2), THREE)
        assert tally.shape == tally.n.shape == tally.missing.shape == shape
        assert (tally.n == 6).all()
        assert (tally.missing == 0).all()

    def test_n_of_one_sample_is_an_array_that_reads_as_a_number(self):
        n = Tally([1, 2, 3], THREE).n
        assert type(n) is np.ndarray
        assert int(n) == 6

    @pytest.mark.parametrize("counts", [[10**15 + 1, 0, 1], [2**53 - 2, 0, 1], [0, 2**53 - 1, 0]])
    def test_large_counts_are_exact(self, counts):
        tally = Tally(counts, THREE)
        assert tally.counts.tolist() == counts
        assert tally.n == sum(counts)

    @pytest.mark.parametrize("count", [2**53, 2**53 + 1, 2**63, 2**64, 1e19, 1e300, 10**30])
    @pytest.mark.parametrize("name", ["counts", "missing"])
    def test_counts_that_floats_do_not_tell_apart_are_refused(self, count, name):
        counts, missing = ([1, 2, count], 0) if name == "counts" else ([1, 2, 3], count)
        total = float(count) + (3 if name == "counts" else 0)
        text = f"{name} must add up to less than 2**53, got {total:.0f}"
        with pytest.raises(TallyError, match=f"^{re.escape(text)}$"):
            Tally(counts, THREE, missing)

    @pytest.mark.parametrize(
        "counts", [[2**53 - 1, 0, 1], [2**62, 2**62, 0], [[2**52, 0, 0], [0, 0, 2**52]]]
    )
    def test_counts_that_add_up_to_too_many_are_refused(self, counts):
        with pytest.raises(TallyError, match=begins("counts must add up to less than 2**53, got ")):
            Tally(counts, THREE)

    @pytest.mark.parametrize(
        ("counts", "shape"),
        [
            ([1, 2], "(2,)"),
            ([1, 2, 3, 4], "(4,)"),
            (5, "()"),
            ([], "(0,)"),
            ([[1], [2], [3]], "(3, 1)"),
            (np.zeros((2, 3, 4)), "(2, 3, 4)"),
        ],
    )
    def test_a_column_for_each_point_or_an_error(self, counts, shape):
        text = f"counts must have one column for each of the 3 points, got shape {shape}"
        with pytest.raises(TallyError, match=begins(text)):
            Tally(counts, THREE)

    @pytest.mark.parametrize(
        ("count", "shown"), [(-1, "-1"), (0.5, "0.5"), (np.nan, "nan"), (np.inf, "inf")]
    )
    def test_counts_that_no_sample_gives_are_shown(self, count, shown):
        text = f"counts must be whole numbers, 0 or more, got {shown};"
        with pytest.raises(TallyError, match=begins(text)):
            Tally([1, count, 3], THREE)

    @pytest.mark.parametrize(
        "counts",
        [
            ["a", 1, 2],
            ["1", "2", "3"],
            [1, [2], 3],
            {1: 5, 2: 6, 3: 7},
            {1, 2, 3},
            [[1, 2, 3], [1, 2]],
            [1j, 2, 3],
        ],
    )
    def test_counts_that_are_not_numbers_are_refused(self, counts):
        with pytest.raises(TallyError, match=begins("counts must be whole numbers, got ")):
            Tally(counts, THREE)

    @pytest.mark.parametrize(
        ("counts", "missing", "wanted", "got"),
        [
            ([1, 2, 3], [1], "()", "(1,)"),
            ([[1, 2, 3], [4, 5, 6]], 1, "(2,)", "()"),
            ([[1, 2, 3], [4, 5, 6]], [1], "(2,)", "(1,)"),
            ([[1, 2, 3], [4, 5, 6]], [[1, 2]], "(2,)", "(1, 2)"),
            ([[1, 2, 3]], [1, 2, 3], "(1,)", "(3,)"),
        ],
    )
    def test_a_missing_number_for_each_group_or_an_error(self, counts, missing, wanted, got):
        text = f"missing must be one number for each group, shape {wanted}, got shape {got}"
        with pytest.raises(TallyError, match=begins(text)):
            Tally(counts, THREE, missing)

    @pytest.mark.parametrize("missing", [-1, 0.5, np.nan, "a"])
    def test_missing_numbers_that_no_sample_gives_are_refused(self, missing):
        with pytest.raises(TallyError, match=begins("missing must be whole numbers")):
            Tally([1, 2, 3], THREE, missing)

    def test_masked_counts_are_not_counted(self):
        with pytest.raises(TallyError, match=begins("counts must be whole numbers")):
            Tally(np.ma.array([1, 2, 3], mask=[0, 1, 0]), THREE)
        with pytest.raises(TallyError, match=begins("missing must be whole numbers")):
            Tally(np.eye(2, 3), THREE, np.ma.array([1, 2], mask=[0, 1]))

    def test_counts_with_an_empty_mask_are_counted(self):
        assert Tally(np.ma.array([1, 2, 3], mask=[0, 0, 0]), THREE) == Tally([1, 2, 3], THREE)

    @pytest.mark.parametrize("scale", [5, None, [1, 2, 3], "likert"])
    def test_only_a_scale_tells_what_is_counted(self, scale):
        text = f"expected a Scale, got {scale!r}; see Scale.likert"
        with pytest.raises(ScaleError, match=f"^{re.escape(text)}$"):
            Tally([1, 2, 3], scale)

    @pytest.mark.parametrize("scale", [5, None, [1, 2, 3]])
    def test_only_on_a_scale_are_answers_counted(self, scale):
        text = f"expected a Scale, got {scale!r}; see Scale.likert"
        with pytest.raises(ScaleError, match=f"^{re.escape(text)}$"):
            Tally.of([1, 2, 3], scale)


class TestSeriesOfCounts:
    NAMED = (
        "must come in the order of the points, got a {} with names of its own; "
        "bring it in order (reindex) and pass its to_numpy()"
    )

    def test_a_series_without_names_is_taken(self):
        assert Tally(pd.Series([3, 1, 2]), THREE) == Tally([3, 1, 2], THREE)
        missing = pd.Series([4, 0])
        assert Tally([[3, 1, 2], [0, 0, 1]], THREE, missing).missing.tolist() == [4, 0]

    @pytest.mark.parametrize("scale", [THREE, THREE.reverse_coded()])
    @pytest.mark.parametrize(
        "index",
        [
            [1, 2, 3],
            [3, 2, 1],
            [3, 1, 2],
            [2, 1, 3],
            [1, 2, 9],
            [0, 2, 1],
            [2, 1, 0],
            ["bad", "good", "so"],
        ],
    )
    def test_a_series_with_names_is_refused(self, index, scale):
        counts = pd.Series([1, 2, 3], index=index)
        text = f"counts {self.NAMED.format('Series')}"
        with pytest.raises(TallyError, match=f"^{re.escape(text)}$"):
            Tally(counts, scale)
        text = f"missing {self.NAMED.format('Series')}"
        with pytest.raises(TallyError, match=f"^{re.escape(text)}$"):
            Tally(np.eye(3), scale, counts)

    def test_counts_in_order_of_frequency_are_refused(self):
        text = f"counts {self.NAMED.format('Series')}"
        with pytest.raises(TallyError, match=f"^{re.escape(text)}$"):
            Tally(pd.Series([3, 3, 1]).value_counts(), THREE)

    @pytest.mark.parametrize("scale", [THREE, THREE.reverse_coded()])
    def test_the_remedy_helps(self, scale):
        answers = pd.Series([3, 3, 1])
        counts = answers.value_counts().reindex(scale.points, fill_value=0)
        assert Tally(counts.to_numpy(), scale) == Tally.of(answers, scale)

    def test_frames_are_refused_but_not_their_numbers(self):
        frame = pd.DataFrame([[3, 1, 2], [0, 0, 1]])
        text = f"counts {self.NAMED.format('DataFrame')}"
        with pytest.raises(TallyError, match=f"^{re.escape(text)}$"):
            Tally(frame, THREE)
        assert Tally(frame.to_numpy(), THREE) == Tally([[3, 1, 2], [0, 0, 1]], THREE)

    @pytest.mark.parametrize("make", [pd.Index, pd.array])
    def test_other_collections_of_pandas_are_taken(self, make):
        assert Tally(make([3, 1, 2]), THREE) == Tally([3, 1, 2], THREE)


class TestReadOnly:
    @pytest.mark.parametrize("dtype", [np.int64, np.float64, np.int8, object])
    def test_the_callers_arrays_are_copied(self, dtype):
        counts, missing = np.array([[1, 2, 3]], dtype=dtype), np.array([4], dtype=dtype)
        tally = Tally(counts, THREE, missing)
        counts[:] = missing[:] = 0
        assert tally == Tally([[1, 2, 3]], THREE, [4])
        assert counts.flags.writeable

    def test_read_only_arrays_are_taken(self):
        counts = np.array([1, 2, 3])
        counts.setflags(write=False)
        assert Tally(counts, THREE) == Tally([1, 2, 3], THREE)

    @pytest.mark.parametrize(
        "tally",
        [
            three(2),
            three(2)[0],
            three(2) + three(2),
            three(2).regrouped(Groups.of(["a", "a"])),
            Tally.of([1, 2], THREE),
        ],
    )
    def test_counts_cannot_be_written_to(self, tally):
        for array in (tally.counts, tally.missing):
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 5

    def test_n_is_not_tied_to_the_counts(self):
        tally = three(2)
        tally.n[...] = 0
        assert tally.n.tolist() == [3, 12]

    @pytest.mark.parametrize("field", ["counts", "scale", "missing"])
    def test_a_tally_does_not_change(self, field):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(three(1), field, None)


class TestIndexing:
    @pytest.mark.parametrize(
        "index",
        [
            0,
            -1,
            np.int64(1),
            slice(1),
            slice(None, None, -1),
            slice(0, 0),
            np.array([True, False]),
            ...,
            None,
            (),
            (0, 1),
            (-1, -1),
            np.array([1, 1, 0]),
            np.array([[True, False, False], [False, True, True]]),
        ],
    )
    def test_groups_are_indexed_as_the_leading_axes(self, index):
        counts = np.arange(18).reshape(2, 3, 3)
        missing = np.arange(6).reshape(2, 3)
        picked = Tally(counts, THREE, missing)[index]
        assert picked == Tally(counts[index], THREE, missing[index])
        assert picked.shape == missing[index].shape

    @pytest.mark.parametrize(
        "index",
        [
            (..., 0),
            (..., -1),
            (0, ...),
            (..., slice(1)),
            (slice(None), 2),
            (slice(None), np.array([2, 0])),
            (np.array([0, 1, 1]), np.array([2, 0, 1])),
            (np.array([True, False, True]), 1),
            (None, ..., 1),
            (..., None),
            np.eye(3, dtype=bool),
        ],
    )
    def test_no_index_reaches_the_points(self, index):
        places = np.arange(9).reshape(3, 3)
        tally = Tally(np.arange(27).reshape(3, 3, 3), THREE, places)
        picked = tally[index]
        assert picked.missing.tolist() == places[index].tolist()
        assert picked.counts.tolist() == tally.counts.reshape(9, 3)[places[index]].tolist()

    @pytest.mark.parametrize(
        "index",
        [
            (np.array([0, 1, 2]), slice(None), np.array([0, 2, 1])),
            (0, slice(None), np.array([0, 1, 2])),
            (np.array([0, 1, 2]), ..., np.array([0, 2, 1])),
        ],
    )
    def test_no_pair_of_indices_reaches_the_points(self, index):
        places = np.arange(27).reshape(3, 3, 3)
        tally = Tally(np.arange(81).reshape(3, 3, 3, 3), THREE, places)
        picked = tally[index]
        assert picked.counts.tolist() == tally.counts.reshape(27, 3)[places[index]].tolist()

    def test_each_group_in_turn(self):
        assert [tally.n for tally in three(3)] == [3, 12, 21]
        assert [tally.shape for tally in Tally(np.ones((2, 3, 3)), THREE)] == [(3,), (3,)]
        assert list(three(0)) == []

    def test_one_sample_is_not_an_empty_sequence(self):
        with pytest.raises(TypeError, match=r"^a tally of one sample has no groups"):
            list(Tally([1, 2, 3], THREE))

    @pytest.mark.parametrize(
        ("tally", "index"),
        [
            (three(2), 2),
            (three(2), -3),
            (three(2), (0, 0)),
            (three(3), (slice(None), 1)),
            (three(3), (..., 0, 0)),
            (Tally([1, 2, 3], THREE), (..., 0)),
            (Tally([1, 2, 3], THREE), 0),
            (three(2), np.array([True, False, True])),
        ],
    )
    def test_points_are_no_groups_to_be_indexed(self, tally, index):
        with pytest.raises(IndexError):
            tally[index]


class TestAdding:
    def test_counts_and_missing_answers_add_up(self):
        total = three(2, missing=[1, 2]) + three(2, first=10, missing=[10, 20])
        assert total == Tally([[10, 12, 14], [16, 18, 20]], THREE, [11, 22])

    def test_sum_starts_at_zero(self):
        parts = [Tally([1, 0, 0], THREE, 1), Tally([0, 2, 0], THREE), Tally([0, 0, 3], THREE, 2)]
        assert sum(parts) == Tally([1, 2, 3], THREE, 3)

    def test_sums_that_floats_do_not_tell_apart_are_refused(self):
        with pytest.raises(TallyError, match=begins("counts must add up to less than 2**53")):
            Tally([2**53 - 1, 0, 0], THREE) + Tally([1, 0, 0], THREE)

    def test_the_order_of_missing_codes_does_not_hinder(self):
        a, b = Scale.likert(3, missing=[9, 99]), Scale.likert(3, missing=[99, 9])
        assert Tally.of([1, 9], a) + Tally.of([3, 99], b) == Tally([1, 0, 1], a, 2)

    @pytest.mark.parametrize("other", [1, None, "a", [1, 2, 3], 0.5])
    def test_only_tallies_are_added(self, other):
        tally = Tally([1, 2, 3], THREE)
        with pytest.raises(TypeError, match="unsupported operand"):
            tally + other
        with pytest.raises(TypeError):
            other + tally

    @pytest.mark.parametrize(
        "other",
        [
            Tally([1, 2, 3], Scale.range(0, 2)),
            Tally([1, 2, 3], THREE.reverse_coded()),
            Tally([1, 2, 3], Scale.likert(3, missing=[9])),
            Tally([1, 2, 3, 4], Scale.likert(4)),
        ],
    )
    def test_tallies_of_other_scales_do_not_add_up(self, other):
        tally = Tally([1, 2, 3], THREE)
        text = (
            "tallies add up when they have the same scale and groups, got "
            f"{THREE!r} with groups () and {other.scale!r} with groups ()"
        )
        with pytest.raises(TallyError, match=begins(text)):
            tally + other

    @pytest.mark.parametrize("groups", [1, 3])
    def test_tallies_of_other_groups_do_not_add_up(self, groups):
        with pytest.raises(TallyError, match=rf"with groups \(2,\) and .* groups \({groups},\)"):
            three(2) + three(groups)

    def test_one_sample_is_not_spread_over_groups(self):
        with pytest.raises(TallyError, match=r"with groups \(\) and .* with groups \(1,\)"):
            Tally([1, 2, 3], THREE) + three(1)


class TestRegrouping:
    def test_rows_of_a_group_are_added_up(self):
        merged = three(3, missing=[1, 10, 100]).regrouped(Groups.of(["b", "a", "b"]))
        assert merged == Tally([[3, 4, 5], [6, 8, 10]], THREE, [10, 101])

    def test_a_tally_of_no_rows_has_no_groups(self):
        assert three(0).regrouped(Groups.of([])).shape == (0,)

    @pytest.mark.parametrize("shape", [(), (2, 2)])
    def test_a_tally_with_other_than_one_group_axis_is_refused(self, shape):
        tally = Tally(np.ones((*shape, 3)), THREE)
        text = f"by needs a tally with one group axis, got the shape {shape}"
        with pytest.raises(TallyError, match=begins(text)):
            tally.regrouped(Groups.of(["a", "b"]))

    @pytest.mark.parametrize("labels", [["a"], ["a", "b", "c"]])
    def test_a_label_for_each_row_or_an_error(self, labels):
        text = f"group labels must be one for each row, got {len(labels)} for 2 rows"
        with pytest.raises(AnswerError, match=f"^{re.escape(text)}$"):
            three(2).regrouped(Groups.of(labels))


class TestValue:
    def test_equal_by_counts_missing_answers_and_scale(self):
        tally = Tally([1, 2, 3], THREE, 4)
        assert tally == Tally(np.array([1.0, 2, 3]), Scale([1, 2, 3]), np.array(4))
        assert not tally != Tally([1, 2, 3], THREE, 4)  # noqa: SIM202 - the operator is under test

    @pytest.mark.parametrize(
        "other",
        [
            Tally([1, 2, 4], THREE, 4),
            Tally([1, 2, 3], THREE, 5),
            Tally([1, 2, 3], THREE.reverse_coded(), 4),
            Tally([[1, 2, 3]], THREE, [4]),
            Tally([1, 2, 3, 0], Scale.likert(4), 4),
            [1, 2, 3],
            4,
            None,
        ],
    )
    def test_unequal_by_any_of_them(self, other):
        assert Tally([1, 2, 3], THREE, 4) != other

    def test_unequal_to_the_same_row_many_times(self):
        assert Tally([1, 2, 3], THREE) != Tally([[1, 2, 3], [1, 2, 3]], THREE)

    def test_a_tally_has_no_hash(self):
        with pytest.raises(TypeError, match="unhashable type: 'Tally'"):
            hash(three(1))

    def test_repr_of_one_sample_shows_the_counts(self):
        scale = Scale([1, 2], labels=["bad", "good"])
        text = "Tally(n=5, missing=1, counts=[2, 3], scale=1 bad, 2 good)"
        assert repr(Tally([2, 3], scale, 1)) == text

    def test_repr_of_groups_shows_their_shape_and_totals(self):
        text = "Tally(groups=(2,), n=15, missing=1, scale=1, 2, 3)"
        assert repr(three(2)) == text

    @given(tallies())
    def test_pickling_gives_the_tally_back(self, tally):
        assert pickle.loads(pickle.dumps(tally)) == tally  # noqa: S301 - our own bytes

    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
    def test_copies_are_equal(self, duplicate):
        assert duplicate(three(2)) == three(2)

    def test_tally_errors_can_be_pickled(self):
        with pytest.raises(TallyError) as caught:
            Tally([-1, 0, 0], THREE)
        loaded = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
        assert (type(loaded), str(loaded)) == (TallyError, str(caught.value))
