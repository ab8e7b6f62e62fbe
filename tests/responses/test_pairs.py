"""Pair tallies: how two answers of the same respondents are counted, kept, chosen and added."""

import attrs
import numpy as np
import pandas as pd
import pytest

from custfocus.comparisons import compare
from custfocus.errors import AnswerError, CustfocusError, ScaleError, TallyError
from custfocus.indices import mean_score
from custfocus.responses import PairTally, Scale, Tally
from patterns import begins, whole

THREE = Scale.likert(3)
SCALE = Scale.likert(3, labels=["bad", "fair", "good"], missing=[9, "", None])

# Rows are a, columns b: no two cells are alike, nor any two sums of them
COUNTS = [[1, 2, 4], [8, 16, 32], [64, 128, 256]]
ONLY_A = [1000, 2000, 4000]
ONLY_B = [8000, 16000, 32000]
FULL = PairTally(COUNTS, SCALE, ONLY_A, ONLY_B, 500_000)
DOUBLE = PairTally(
    [COUNTS, np.zeros((3, 3))], SCALE, [ONLY_A, ONLY_B], [ONLY_B] * 2, [5, 6],
    by={"shop": ["x", "y"]},
)  # fmt: skip


class TestAnswers:
    def test_reasons_of_missing_answers_are_kept_on_either_side(self):
        a, b = [3, 3, 9, "", None, 2], [9, None, 2, 1, "", 2]
        pairs = PairTally.of(a, b, SCALE)
        for side, answers in ((pairs.a, a), (pairs.b, b)):
            reasons = Tally.of(answers, SCALE).missing_by_reason.tolist()
            assert side.missing_by_reason.tolist() == reasons
        # Of b, the codes 9, "", None; who missed a alone is left out of b for no code
        assert pairs.complete().b.missing_by_reason.tolist() == [1, 1, 1, 2]
        neither = np.zeros((4, 4))
        neither[2, 1] = 1
        alone = [[0] * 4, [0] * 4, [1, 0, 1, 0]], [[0, 1, 0, 0], [1, 0, 0, 0], [0] * 4]
        assert pairs == PairTally(pairs.counts, SCALE, *alone, neither)

    def test_answers_come_from_any_collection_each_of_its_own_kind(self):
        pairs = PairTally.of(iter(["good", 3, "bad"]), pd.Series([2, 3, 1], index=[7, 7, 0]), SCALE)
        assert pairs == PairTally([[1, 0, 0], [0, 0, 0], [0, 1, 1]], SCALE)

    def test_labels_without_respondents_are_no_rows(self):
        assert len(PairTally.of([], [], THREE, by=[])) == 0

    def test_two_items_of_a_frame_are_called_by_their_names(self):
        df = pd.DataFrame({"q1": [1, 2, 3], "q2": [2, 2, 1], "shop": ["x", "y", "x"]})
        pairs = PairTally.of(df["q1"], df["q2"], THREE, by=df["shop"])
        assert pairs.names == ("q1", "q2")
        assert PairTally.of(df["q1"], df["q1"], THREE).names == ("a", "b")
        assert dict(pairs.sel(shop="x").a.keys.fixed) == {"shop": "x", "item": "q1"}

    @pytest.mark.parametrize(("a", "b"), [([1, 2], [1, 2, 3]), ([1, 2, 3], [1, 2]), ([], [1])])
    def test_different_numbers_of_answers_are_an_error_that_shows_both(self, a, b):
        text = f"a and b must be answers of the same respondents, got {len(a)} and {len(b)}"
        with pytest.raises(AnswerError, match=whole(text)):
            PairTally.of(a, b, THREE)

    @pytest.mark.parametrize(("a", "b"), [([1, 7], [1, 2]), ([1, 2], [7, 1])])
    def test_an_answer_off_the_scale_is_an_error_on_either_side(self, a, b):
        with pytest.raises(AnswerError, match=begins("answers not on the scale: [7];")):
            PairTally.of(a, b, THREE)

    def test_series_whose_indexes_differ_are_not_paired_by_place(self):
        a, b = pd.Series([1, 2, 3]), pd.Series([1, 2, 3], index=[2, 1, 0])
        with pytest.raises(AnswerError, match="must have the same index, got different ones"):
            PairTally.of(a, b, THREE)
        with pytest.raises(AnswerError, match="must have the same index, got different ones"):
            PairTally.of(a, a, THREE, by=b)

    def test_a_label_for_each_respondent_or_an_error(self):
        with pytest.raises(AnswerError, match=begins("by must give one label for each row, got 1")):
            PairTally.of([1, 2], [1, 2], THREE, by=["x"])

    @pytest.mark.parametrize("wrong", [Tally([1, 2, 3], THREE), FULL, mean_score(FULL.a)])
    def test_tallies_do_not_know_whose_answers_belong_together(self, wrong):
        with pytest.raises(AnswerError, match=begins("pairs are counted from answers, got a")):
            PairTally.of(wrong, [1, 2], THREE)
        with pytest.raises(AnswerError, match=begins("pairs are counted from answers, got a")):
            PairTally.of([1, 2], wrong, THREE)

    @pytest.mark.parametrize("scale", [5, None, [1, 2, 3]])
    def test_what_is_no_scale_is_an_error(self, scale):
        with pytest.raises(ScaleError, match=begins("expected a Scale, got ")):
            PairTally.of([1], [1], scale)


class TestCounts:
    def test_rows_with_the_same_labels_are_added_up(self):
        parts = [COUNTS] * 3, SCALE, [ONLY_A] * 3, [ONLY_B] * 3, [1, 2, 4]
        pairs = PairTally(*parts, by=["x", "y", "x"])
        assert pairs.counts.tolist() == [(2 * np.array(COUNTS)).tolist(), COUNTS]
        assert pairs.only_a.tolist() == [[2000, 4000, 8000], ONLY_A]
        assert pairs.missing.tolist() == [5, 2]

    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (4, 4), (3, 3, 2), (0,), (2, 2, 3, 3)])
    def test_counts_without_a_row_and_a_column_for_each_point_are_an_error(self, shape):
        with pytest.raises(
            TallyError, match=begins("counts must have a row and a column for each")
        ):
            PairTally(np.ones(shape), THREE)

    @pytest.mark.parametrize("name", ["only_a", "only_b"])
    @pytest.mark.parametrize(("groups", "got"), [((), (2,)), ((), (1, 3)), ((2,), (3,)), ((), ())])
    def test_single_answers_that_do_not_match_the_pairs_are_an_error(self, name, groups, got):
        text = (
            f"{name} must be one number for each row and point, shape {(*groups, 3)}, or by "
            f"reason, shape {(*groups, 3, 1)}, got shape {got}"
        )
        with pytest.raises(TallyError, match=whole(text)):
            PairTally(np.zeros((*groups, 3, 3)), THREE, **{name: np.ones(got)})

    def test_missing_answers_that_do_not_match_are_an_error(self):
        with pytest.raises(
            TallyError, match=begins("missing must be one number for each row, shape (2,), or by")
        ):
            PairTally(np.zeros((2, 3, 3)), THREE, missing=np.ones(3))

    @pytest.mark.parametrize("bad", [-1, 0.5, np.nan])
    @pytest.mark.parametrize(
        ("name", "shape"), [("counts", (3, 3)), ("only_a", 3), ("only_b", 3), ("missing", ())]
    )
    def test_numbers_that_are_no_counts_are_named_and_shown(self, name, shape, bad):
        given = {"counts": COUNTS, "scale": THREE} | {name: np.full(shape, bad)}
        message = f"{name} must be whole numbers, 0 or more, got {bad:g}"
        with pytest.raises(TallyError, match=begins(message)):
            PairTally(**given)

    def test_a_cross_table_with_names_of_its_own_is_refused(self):
        table = pd.crosstab(pd.Series([1, 2, 3]), pd.Series([3, 1, 2]))
        with pytest.raises(TallyError, match=begins("counts must come in the order of the points")):
            PairTally(table, THREE)
        assert PairTally(table.to_numpy(), THREE) == PairTally.of([1, 2, 3], [3, 1, 2], THREE)

    def test_labels_for_one_sample_or_of_another_number_are_an_error(self):
        with pytest.raises(TallyError, match=begins("by needs counts with a row for each label")):
            PairTally(COUNTS, THREE, by=["x"])
        with pytest.raises(CustfocusError, match=begins("by must give one label for each row")):
            PairTally([COUNTS], THREE, by=["x", "y"])
        with pytest.raises(TallyError, match=begins("keys must be one for each row of the counts")):
            PairTally([COUNTS], THREE, by=DOUBLE.keys)


class TestParts:
    def test_its_sides_are_never_taken_for_different_people(self):
        with pytest.raises(TallyError, match=begins("items are answers of the same people")):
            compare(mean_score(FULL.a), mean_score(FULL.b))

    def test_sides_of_pairs_by_item_keep_their_items(self):
        pairs = PairTally([COUNTS, COUNTS], SCALE, by={"item": ["q1", "q2"]})
        assert pairs.a.keys.columns() == {"item": ["q1", "q2"]}
        assert dict(pairs.sel(item="q2").b.keys.fixed) == {"item": "q2"}

    def test_rows_are_chosen_by_label_with_all_their_respondents(self):
        first = DOUBLE.sel(shop="x")
        assert first.counts.tolist() == COUNTS
        assert (first.only_a.tolist(), first.only_b.tolist(), first.missing) == (ONLY_A, ONLY_B, 5)
        assert DOUBLE[1].missing == 6


class TestAdding:
    def test_rows_meet_by_label(self):
        other = PairTally([COUNTS, COUNTS], SCALE, missing=[1, 2], by={"shop": ["z", "x"]})
        total = DOUBLE + other
        assert total.keys.columns() == {"shop": ["x", "y", "z"]}
        assert total.missing.tolist() == [7, 6, 1]
        assert total.counts[0].tolist() == (2 * np.array(COUNTS)).tolist()
        assert total.only_a.tolist() == [ONLY_A, ONLY_B, [0, 0, 0]]
        assert total == other + DOUBLE

    @pytest.mark.parametrize("other", [1, None, "a", COUNTS, Tally([1, 2, 3], SCALE)])
    def test_only_pair_tallies_are_added(self, other):
        with pytest.raises(TypeError, match="unsupported operand"):
            FULL + other
        with pytest.raises(TypeError):
            other + FULL

    @pytest.mark.parametrize(
        "other", [PairTally(COUNTS, THREE), attrs.evolve(FULL, names=("before", "after"))]
    )
    def test_pair_tallies_of_other_scales_or_names_do_not_add_up(self, other):
        with pytest.raises(TallyError, match=begins("pair tallies add up when they have the same")):
            FULL + other


class TestReading:
    def test_it_reads_as_a_table_of_how_many_gave_what(self):
        assert str(attrs.evolve(DOUBLE, names=("before", "after"))).splitlines() == [
            "shop  pairs  only before  only after  missing",
            "x       511         7000       56000        5",
            "y         0        56000       56000        6",
            "pairs of answers, before and after, on 1 bad, 2 fair, 3 good",
        ]

    @pytest.mark.parametrize(
        "change",
        [
            {"counts": np.transpose(COUNTS)},
            {"only_a": [1000, 2001, 3999]},
            {"only_b": ONLY_A},
            {"missing": 0},
            {"scale": SCALE.reverse_coded()},
            {"names": ("x", "y")},
        ],
    )
    def test_unequal_by_any_difference(self, change):
        assert attrs.evolve(FULL, **change) != FULL
