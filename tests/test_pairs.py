"""Pair tallies: how two answers of the same respondents are counted, kept, split and added."""

import copy
import pickle
import re

import attrs
import numpy as np
import pandas as pd
import pytest

from custfocus.errors import AnswerError, ScaleError, TallyError
from custfocus.responses import Groups, Scale, Tally
from custfocus.responses.pairs import PairTally

THREE = Scale.likert(3)
SCALE = Scale.likert(3, labels=["bad", "fair", "good"], missing=[9, "", None])

# Rows are a, columns b: no two cells are alike, nor any two sums of them
COUNTS = [[1, 2, 4], [8, 16, 32], [64, 128, 256]]
ONLY_A = [1000, 2000, 4000]
ONLY_B = [8000, 16000, 32000]
FULL = PairTally(COUNTS, SCALE, ONLY_A, ONLY_B, 500_000)


def begins(text: str) -> str:
    """A pattern for a message that starts with the text."""
    return "^" + re.escape(text)


def exactly(text: str) -> str:
    """A pattern for a message that is the text."""
    return begins(text) + "$"


def blank(*shape: int) -> PairTally:
    """Groups in which nobody answered."""
    return PairTally(np.zeros((*shape, 3, 3)), THREE)


class TestAnswers:
    def test_rows_are_the_answers_a_and_columns_the_answers_b(self):
        pairs = PairTally.of([1, 1, 3], [3, 3, 2], THREE)
        assert pairs.counts.tolist() == [[0, 0, 2], [0, 0, 0], [0, 1, 0]]
        assert pairs.n == 3

    def test_who_misses_one_answer_is_counted_by_the_other(self):
        pairs = PairTally.of([3, 3, 9, "", None, 2], [9, None, 2, 1, "", 2], SCALE)
        assert pairs == PairTally(
            [[0, 0, 0], [0, 1, 0], [0, 0, 0]], SCALE, [0, 0, 2], [1, 1, 0], missing=1
        )

    @pytest.mark.parametrize(
        ("a", "b"),
        [
            (["good", 3, "bad"], ("fair", 3.0, 1)),
            (np.array([3, 3, 1]), pd.Series([2, 3, 1], index=[7, 7, 0])),
            (iter([3, 3, 1]), (answer for answer in [2, 3, 1])),
            (pd.Series(["good", "good", "bad"], dtype="category"), np.array([2.0, 3.0, 1.0])),
        ],
    )
    def test_answers_come_from_any_collection(self, a, b):
        assert PairTally.of(a, b, SCALE) == PairTally([[1, 0, 0], [0, 0, 0], [0, 1, 1]], SCALE)

    def test_counts_follow_the_order_of_a_descending_scale(self):
        pairs = PairTally.of([3, 3], [1, 3], THREE.reverse_coded())
        assert pairs.counts.tolist() == [[1, 0, 1], [0, 0, 0], [0, 0, 0]]

    def test_nobody_at_all_is_a_tally_of_zeros(self):
        assert PairTally.of([], [], THREE) == blank()

    @pytest.mark.parametrize(("a", "b"), [([1, 2], [1, 2, 3]), ([1, 2, 3], [1, 2]), ([], [1])])
    def test_different_numbers_of_answers_are_an_error_that_shows_both(self, a, b):
        text = f"a and b must be answers of the same respondents, got {len(a)} and {len(b)}"
        with pytest.raises(AnswerError, match=exactly(text)):
            PairTally.of(a, b, THREE)

    @pytest.mark.parametrize(("a", "b"), [([1, 7], [1, 2]), ([1, 2], [7, 1])])
    def test_an_answer_off_the_scale_is_an_error_on_either_side(self, a, b):
        with pytest.raises(AnswerError, match=begins("answers not on the scale: [7];")):
            PairTally.of(a, b, THREE)

    @pytest.mark.parametrize("scale", [5, None, [1, 2, 3]])
    def test_what_is_no_scale_is_an_error(self, scale):
        text = f"expected a Scale, got {scale!r}; see Scale.likert"
        with pytest.raises(ScaleError, match=exactly(text)):
            PairTally.of([1], [1], scale)


class TestGroupedAnswers:
    def test_each_group_has_its_table_and_its_own_missing_answers(self):
        groups = Groups.of(["y", "x", "y", "x", "z", "y"])
        pairs = PairTally.of([1, 2, 1, 9, 9, 3], [1, 3, 9, 3, 9, 1], SCALE, groups=groups)
        counts = np.zeros((3, 3, 3), dtype=int)
        counts[0, 1, 2] = counts[1, 0, 0] = counts[1, 2, 0] = 1
        only_a = [[0, 0, 0], [1, 0, 0], [0, 0, 0]]
        only_b = [[0, 0, 1], [0, 0, 0], [0, 0, 0]]
        assert pairs == PairTally(counts, SCALE, only_a, only_b, [0, 0, 1])
        assert pairs.shape == (3,)
        assert pairs.n.tolist() == [1, 2, 0]

    def test_one_group_is_still_an_axis(self):
        pairs = PairTally.of([1], [2], THREE, groups=Groups.of(["x"]))
        assert pairs == PairTally([[[0, 1, 0], [0, 0, 0], [0, 0, 0]]], THREE)

    def test_nobody_has_no_groups(self):
        assert PairTally.of([], [], THREE, groups=Groups.of([])) == blank(0)

    @pytest.mark.parametrize("labels", [["x"], ["x"] * 3, []])
    def test_a_group_for_each_respondent_or_an_error(self, labels):
        text = f"group labels must be one for each row, got {len(labels)} for 2 rows"
        with pytest.raises(AnswerError, match=exactly(text)):
            PairTally.of([1, 2], [1, 2], THREE, groups=Groups.of(labels))

    def test_only_groups_tell_who_belongs_where(self):
        with pytest.raises(AnswerError, match=begins("expected Groups, got ['x', 'y'];")):
            PairTally.of([1, 2], [1, 2], THREE, groups=["x", "y"])


class TestCounts:
    def test_nobody_is_alone_or_missing_unless_told(self):
        pairs = PairTally(COUNTS, THREE)
        assert pairs.only_a.tolist() == pairs.only_b.tolist() == [0, 0, 0]
        assert pairs.missing == 0
        assert PairTally([COUNTS] * 2, THREE).missing.tolist() == [0, 0]

    @pytest.mark.parametrize("shape", [(), (1,), (4,), (0,), (2, 3), (2, 0)])
    def test_leading_axes_are_groups(self, shape):
        pairs = blank(*shape)
        assert pairs.shape == pairs.n.shape == pairs.missing.shape == shape
        assert pairs.only_a.shape == pairs.only_b.shape == (*shape, 3)
        assert pairs.a.shape == pairs.b.shape == shape

    @pytest.mark.parametrize(
        "shape", [(), (3,), (2, 3), (3, 2), (4, 4), (3, 3, 2), (9,), (0,), (2, 3, 4)]
    )
    def test_counts_without_a_row_and_a_column_for_each_point_are_an_error(self, shape):
        text = f"counts must have a row and a column for each of the 3 points, got shape {shape}"
        with pytest.raises(TallyError, match=exactly(text)):
            PairTally(np.ones(shape), THREE)

    @pytest.mark.parametrize("name", ["only_a", "only_b"])
    @pytest.mark.parametrize(("groups", "got"), [((), (2,)), ((), (1, 3)), ((2,), (3,)), ((), ())])
    def test_single_answers_that_do_not_match_the_pairs_are_an_error(self, name, groups, got):
        text = f"{name} must have the shape {(*groups, 3)}, got {got}"
        with pytest.raises(TallyError, match=exactly(text)):
            PairTally(np.zeros((*groups, 3, 3)), THREE, **{name: np.ones(got)})

    @pytest.mark.parametrize(("groups", "got"), [((), (1,)), ((2,), ()), ((2,), (3,))])
    def test_missing_answers_that_do_not_match_the_groups_are_an_error(self, groups, got):
        text = f"missing must have the shape {groups}, got {got}"
        with pytest.raises(TallyError, match=exactly(text)):
            PairTally(np.zeros((*groups, 3, 3)), THREE, missing=np.ones(got))

    @pytest.mark.parametrize("bad", [-1, 0.5, np.nan, np.inf])
    @pytest.mark.parametrize(
        ("name", "shape"), [("counts", (3, 3)), ("only_a", 3), ("only_b", 3), ("missing", ())]
    )
    def test_numbers_that_are_no_counts_are_named_and_shown(self, name, shape, bad):
        given = {"counts": COUNTS, "scale": THREE} | {name: np.full(shape, bad)}
        with pytest.raises(
            TallyError, match=begins(f"{name} must be whole numbers, 0 or more, got {bad:g}")
        ):
            PairTally(**given)

    def test_a_cross_table_with_names_of_its_own_is_refused(self):
        table = pd.crosstab(pd.Series([1, 2, 3]), pd.Series([3, 1, 2]))
        with pytest.raises(TallyError, match=begins("counts must come in the order of the points")):
            PairTally(table, THREE)
        assert PairTally(table.to_numpy(), THREE) == PairTally.of([1, 2, 3], [3, 1, 2], THREE)

    def test_what_is_no_scale_is_an_error(self):
        with pytest.raises(ScaleError, match=begins("expected a Scale, got 3")):
            PairTally(COUNTS, 3)


class TestParts:
    def test_n_counts_those_with_both_answers(self):
        assert FULL.n == 511

    def test_a_tallies_every_answer_a_and_who_gave_none_is_missing(self):
        assert FULL.a == Tally([7 + 1000, 56 + 2000, 448 + 4000], SCALE, 56_000 + 500_000)

    def test_b_tallies_every_answer_b_and_who_gave_none_is_missing(self):
        assert FULL.b == Tally([73 + 8000, 146 + 16000, 292 + 32000], SCALE, 7000 + 500_000)

    def test_complete_keeps_the_pairs_and_counts_all_others_as_missing(self):
        assert FULL.complete() == PairTally(COUNTS, SCALE, missing=7000 + 56_000 + 500_000)

    def test_parts_of_groups_are_those_of_each_group(self):
        double = PairTally(
            [COUNTS, np.zeros((3, 3))], SCALE, [ONLY_A, ONLY_B], [ONLY_B] * 2, [5, 6]
        )
        first = PairTally(COUNTS, SCALE, ONLY_A, ONLY_B, 5)
        second = PairTally(np.zeros((3, 3)), SCALE, ONLY_B, ONLY_B, 6)
        assert list(double.a) == [first.a, second.a]
        assert list(double.b) == [first.b, second.b]
        assert double.complete().missing.tolist() == [7000 + 56_000 + 5, 56_000 + 56_000 + 6]
        assert double.n.tolist() == [511, 0]


class TestIndexing:
    PLANES = PairTally(
        [[COUNTS, blank().counts], [blank().counts, COUNTS]],
        SCALE,
        [[ONLY_A, [0, 0, 0]], [[0, 0, 0], [1, 2, 3]]],
        [[[0, 0, 0], ONLY_B], [[7, 8, 9], [0, 0, 0]]],
        [[1, 2], [3, 4]],
    )

    def test_a_group_has_all_its_respondents(self):
        assert self.PLANES[0, 0] == PairTally(COUNTS, SCALE, ONLY_A, missing=1)
        assert self.PLANES[1, 1] == PairTally(COUNTS, SCALE, [1, 2, 3], missing=4)

    @pytest.mark.parametrize("index", [0, slice(1), ..., np.array([True, False]), np.array([1, 0])])
    def test_an_index_is_that_of_the_leading_axes(self, index):
        chosen = self.PLANES[index]
        assert chosen.counts.tolist() == self.PLANES.counts[index].tolist()
        assert chosen.only_a.tolist() == self.PLANES.only_a[index].tolist()
        assert chosen.only_b.tolist() == self.PLANES.only_b[index].tolist()
        assert chosen.missing.tolist() == self.PLANES.missing[index].tolist()

    def test_groups_can_be_gone_through(self):
        assert [row.missing.tolist() for row in self.PLANES] == [[1, 2], [3, 4]]
        assert [pairs.missing.tolist() for pairs in self.PLANES[1]] == [3, 4]

    def test_one_sample_has_no_groups_to_go_through(self):
        with pytest.raises(
            TypeError, match=exactly("a tally of one sample has no groups to go through")
        ):
            iter(FULL)


class TestAdding:
    def test_every_kind_of_respondent_adds_up(self):
        total = FULL + PairTally(np.eye(3), SCALE, [1, 0, 0], [0, 1, 0], 3)
        expected = [[2, 2, 4], [8, 17, 32], [64, 128, 257]]
        assert total == PairTally(
            expected, SCALE, [1001, 2000, 4000], [8000, 16001, 32000], 500_003
        )

    def test_sum_starts_at_zero(self):
        assert sum([FULL, FULL, FULL]) == FULL + FULL + FULL

    @pytest.mark.parametrize("other", [1, None, "a", COUNTS, Tally([1, 2, 3], SCALE)])
    def test_only_pair_tallies_are_added(self, other):
        with pytest.raises(TypeError, match="unsupported operand"):
            FULL + other
        with pytest.raises(TypeError):
            other + FULL

    @pytest.mark.parametrize(
        "other", [PairTally(COUNTS, THREE), PairTally(COUNTS, SCALE.reverse_coded())]
    )
    def test_pair_tallies_of_other_scales_do_not_add_up(self, other):
        text = (
            "pair tallies add up when they have the same scale and groups, got "
            f"{SCALE!r} with groups () and {other.scale!r} with groups ()"
        )
        with pytest.raises(TallyError, match=exactly(text)):
            FULL + other

    @pytest.mark.parametrize(("one", "other"), [((), (1,)), ((2,), (3,)), ((2,), (2, 1))])
    def test_pair_tallies_of_other_groups_do_not_add_up(self, one, other):
        text = re.escape(f"with groups {one} and ") + ".*" + re.escape(f" with groups {other}")
        with pytest.raises(TallyError, match=text):
            blank(*one) + blank(*other)


class TestValue:
    def test_equal_by_counts_scale_and_all_kinds_of_missing_answers(self):
        assert PairTally(np.array(COUNTS, float), SCALE, ONLY_A, ONLY_B, 500_000) == FULL

    @pytest.mark.parametrize(
        "other",
        [
            attrs.evolve(FULL, counts=np.transpose(COUNTS)),
            attrs.evolve(FULL, only_a=[1000, 2000, 4001]),
            attrs.evolve(FULL, only_b=ONLY_A),
            attrs.evolve(FULL, missing=0),
            attrs.evolve(FULL, scale=SCALE.reverse_coded()),
            PairTally([COUNTS], SCALE, [ONLY_A], [ONLY_B], [500_000]),
            FULL.a,
            COUNTS,
            None,
        ],
    )
    def test_unequal_by_any_of_them(self, other):
        assert other != FULL

    def test_a_pair_tally_has_no_hash(self):
        with pytest.raises(TypeError, match="unhashable type: 'PairTally'"):
            hash(FULL)

    def test_fields_cannot_be_set(self):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            FULL.missing = 3

    @pytest.mark.parametrize("name", ["counts", "only_a", "only_b", "missing"])
    @pytest.mark.parametrize(
        "pairs", [FULL, blank(2), FULL.complete(), PairTally.of([1], [2], THREE)]
    )
    def test_its_arrays_are_read_only(self, pairs, name):
        with pytest.raises(ValueError, match="read-only"):
            getattr(pairs, name)[...] = 0

    def test_it_does_not_change_with_the_callers_arrays(self):
        counts, single = np.array(COUNTS), np.array(ONLY_A)
        pairs = PairTally(counts, SCALE, single)
        counts[0, 0] = single[0] = 99
        assert (pairs.counts[0, 0], pairs.only_a[0]) == (1, 1000)

    def test_repr_of_one_sample_tells_how_many_gave_what(self):
        text = "PairTally(pairs=511, only_a=7000, only_b=56000, missing=500000, scale={})"
        assert repr(FULL) == text.format("1 bad, 2 fair, 3 good")

    def test_repr_of_groups_shows_their_shape_and_totals(self):
        text = "PairTally(groups=(2,), pairs=1022, only_a=0, only_b=0, missing=7, scale=1, 2, 3)"
        assert repr(PairTally([COUNTS] * 2, THREE, missing=[3, 4])) == text

    def test_pickling_gives_the_pair_tally_back(self):
        assert pickle.loads(pickle.dumps(FULL)) == FULL  # noqa: S301 - our own bytes

    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
    def test_copies_are_equal(self, duplicate):
        assert duplicate(FULL) == FULL
