"""
The laws of design section 5 that tallies keep: adding tallies is adding the people behind them.

Merging alone would allow "the last one wins", so the counts themselves are held to a count by hand.
"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from custfocus.responses import Groups, Scale, Tally
from strategies import (
    answers_on,
    groups_of,
    scales,
    scales_and_answers,
    several_tallies,
    tallies,
)


@st.composite
def grouped_answers(draw) -> tuple[Scale, list[object], Groups]:
    """A scale, answers on it and the group of each."""
    scale = draw(scales())
    answers = draw(answers_on(scale))
    return scale, answers, draw(groups_of(len(answers)))


@st.composite
def grouped_rows(draw) -> tuple[Tally, Groups]:
    """A tally with one group axis and the larger group of each of its rows."""
    rows = draw(st.integers(0, 6))
    return draw(tallies(shape=(rows,))), draw(groups_of(rows))


def place_by_hand(answer: object, scale: Scale) -> int:
    """Where an answer stands on the scale, -1 for missing, found by looking at one at a time."""
    for place, point in enumerate(scale.points):
        if answer == point or (scale.labels and answer == scale.labels[place]):
            return place
    return -1


def of_group(values: list[object], groups: Groups, group: int) -> list[object]:
    return [value for value, code in zip(values, groups.codes, strict=True) if code == group]


class TestCounting:
    @given(scales_and_answers())
    def test_each_answer_is_counted_once_at_its_place(self, drawn):
        scale, answers = drawn
        places = [place_by_hand(answer, scale) for answer in answers]
        tally = Tally.of(answers, scale)
        assert tally.counts.tolist() == [places.count(place) for place in range(len(scale))]
        assert tally.missing == places.count(-1)

    @given(scales_and_answers())
    def test_answers_and_missing_ones_are_all_there_are(self, drawn):
        scale, answers = drawn
        tally = Tally.of(answers, scale)
        assert tally.n + tally.missing == len(answers)

    @given(scales_and_answers(), st.randoms())
    def test_the_order_of_the_answers_does_not_matter(self, drawn, random):
        scale, answers = drawn
        shuffled = random.sample(answers, len(answers))
        assert Tally.of(shuffled, scale) == Tally.of(answers, scale)

    @given(scales(labelled=True), st.data())
    def test_labels_and_numbers_give_the_same_tally(self, scale, data):
        places = data.draw(st.lists(st.integers(0, len(scale) - 1)))
        numbers = [scale.points[place] for place in places]
        labels = [scale.labels[place] for place in places]
        assert Tally.of(labels, scale) == Tally.of(numbers, scale)

    @given(scales_and_answers())
    def test_arrays_and_lists_give_the_same_tally(self, drawn):
        scale, answers = drawn
        array = np.array([*answers, None], dtype=object)[:-1]
        assert Tally.of(array, scale) == Tally.of(answers, scale)

    @given(scales_and_answers())
    def test_reverse_coding_mirrors_the_counts(self, drawn):
        scale, answers = drawn
        tally, turned = Tally.of(answers, scale), Tally.of(answers, scale.reverse_coded())
        assert turned == Tally(tally.counts[::-1], scale.reverse_coded(), tally.missing)


class TestMerging:
    @given(scales_and_answers(samples=2))
    def test_adding_tallies_is_adding_the_answers(self, drawn):
        scale, a, b = drawn
        assert Tally.of(a + b, scale) == Tally.of(a, scale) + Tally.of(b, scale)

    @given(several_tallies(2))
    def test_the_order_of_two_tallies_does_not_matter(self, drawn):
        a, b = drawn
        assert a + b == b + a

    @given(several_tallies(3))
    def test_which_two_are_added_first_does_not_matter(self, drawn):
        a, b, c = drawn
        assert (a + b) + c == a + (b + c)
        assert sum(drawn) == a + b + c

    @given(several_tallies(2))
    def test_adding_loses_nobody(self, drawn):
        a, b = drawn
        assert np.array_equal((a + b).counts, a.counts + b.counts)
        assert np.array_equal((a + b).missing, a.missing + b.missing)
        assert np.array_equal((a + b).n, a.n + b.n)

    @given(tallies())
    def test_the_empty_tally_is_zero(self, tally):
        empty = Tally(np.zeros_like(tally.counts), tally.scale)
        assert tally + empty == empty + tally == tally

    @given(tallies(shape=()))
    def test_no_answers_are_zero(self, tally):
        assert Tally.of([], tally.scale) + tally == tally


class TestGroups:
    @given(grouped_answers())
    def test_each_row_is_the_tally_of_its_group_alone(self, drawn):
        scale, answers, groups = drawn
        tally = Tally.of(answers, scale, groups=groups)
        assert tally.shape == (len(groups),)
        for group in range(len(groups)):
            assert tally[group] == Tally.of(of_group(answers, groups, group), scale)

    @given(grouped_answers())
    def test_the_groups_add_up_to_the_whole(self, drawn):
        scale, answers, groups = drawn
        rows = Tally.of(answers, scale, groups=groups)
        assert sum(rows, start=Tally.of([], scale)) == Tally.of(answers, scale)

    @given(grouped_rows())
    def test_regrouping_is_adding_the_rows(self, drawn):
        tally, groups = drawn
        merged = tally.regrouped(groups)
        assert merged.shape == (len(groups),)
        for group in range(len(groups)):
            assert merged[group] == sum(of_group(list(tally), groups, group))

    @given(grouped_answers())
    def test_regrouping_single_answers_is_grouping_them(self, drawn):
        scale, answers, groups = drawn
        alone = Groups.of(range(len(answers)))
        singles = Tally.of(answers, scale, groups=alone)
        assert singles.regrouped(groups) == Tally.of(answers, scale, groups=groups)

    @given(several_tallies(2, shape=(3,)), groups_of(3))
    def test_regrouping_a_sum_is_the_sum_of_the_regrouped(self, drawn, groups):
        a, b = drawn
        assert (a + b).regrouped(groups) == a.regrouped(groups) + b.regrouped(groups)

    @given(tallies())
    def test_each_group_of_any_shape_is_indexed_to_its_own_counts(self, tally):
        for place in np.ndindex(tally.shape):
            alone = Tally(tally.counts[place], tally.scale, tally.missing[place])
            assert tally[place] == alone
