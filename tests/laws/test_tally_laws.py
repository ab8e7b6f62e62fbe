"""
The laws that tallies keep: adding tallies is adding the people behind them, whatever they are called.

Merging alone would allow "the last one wins", so the counts themselves are held to a count by hand.
"""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from custfocus.responses import Scale, Tally
from custfocus.results import Keys
from strategies import (
    answers_on,
    keys,
    labels_by_name,
    names,
    scales,
    scales_and_answers,
    several_tallies,
    tallies,
)

law = settings(max_examples=60)


@st.composite
def surveys(draw, samples: int = 1, least: int = 0):
    """A scale, and samples of answers to two items with the labels of their respondents."""
    scale, by = draw(scales()), draw(names.filter(bool))
    parts = []
    for _ in range(samples):
        size = draw(st.integers(least, 8))
        answers = answers_on(scale, min_size=size, max_size=size)
        items = draw(st.fixed_dictionaries({"q2": answers, "q1": answers}))
        parts.append((items, draw(labels_by_name(size, by))))
    return scale, parts


def tallied(part, scale: Scale) -> Tally:
    items, labels = part
    return Tally.of(items, scale, by=labels)


def place_by_hand(answer: object, scale: Scale) -> int:
    """Where an answer stands on the scale, -1 for missing, found by looking at one at a time."""
    for place, point in enumerate(scale.points):
        if answer == point or (scale.labels and answer == scale.labels[place]):
            return place
    return -1


def respondents(part, rows: list[int]):
    """Some of the respondents, in that order."""
    return tuple(
        {name: [values[row] for row in rows] for name, values in columns.items()}
        for columns in part
    )


class TestCounting:
    @law
    @given(scales_and_answers())
    def test_each_answer_of_a_list_or_an_array_is_counted_once_at_its_place(self, drawn):
        scale, answers = drawn
        places = [place_by_hand(answer, scale) for answer in answers]
        tally = Tally.of(answers, scale)
        assert tally.counts.tolist() == [places.count(place) for place in range(len(scale))]
        assert tally.missing == places.count(-1)
        assert tally.n + tally.missing == len(answers)
        array = np.array([*answers, None], dtype=object)[:-1]
        assert Tally.of(array, scale) == tally

    @law
    @given(scales_and_answers())
    def test_reverse_coding_mirrors_the_counts(self, drawn):
        scale, answers = drawn
        tally, turned = Tally.of(answers, scale), Tally.of(answers, scale.reverse_coded())
        assert turned.counts.tolist() == tally.counts.tolist()[::-1]
        assert turned.missing_by_reason.tolist() == tally.missing_by_reason.tolist()

    @law
    @given(surveys(), st.randoms())
    def test_the_order_of_the_respondents_does_not_matter(self, drawn, random):
        scale, [part] = drawn
        order = random.sample(range(len(part[0]["q1"])), len(part[0]["q1"]))
        turned = respondents(part, order)
        assert tallied(turned, scale) == tallied(part, scale)
        assert str(tallied(turned, scale)) == str(tallied(part, scale))

    @law
    @given(surveys())
    def test_each_row_is_the_tally_of_its_respondents_alone(self, drawn):
        scale, [part] = drawn
        found, group = Keys.of(part[1])
        for place, key in enumerate(found):
            alone = respondents(part, np.flatnonzero(group == place).tolist())
            row = dict(zip(found.names, key, strict=True))
            for item, answers in alone[0].items():
                one = tallied(part, scale).sel(row | {"item": item})
                plain = Tally.of(answers, scale)
                assert one.counts.tolist() == plain.counts.tolist()
                assert one.missing_by_reason.tolist() == plain.missing_by_reason.tolist()


class TestMerging:
    @law
    @given(surveys(samples=2))
    def test_adding_tallies_is_adding_the_answers(self, drawn):
        scale, [a, b] = drawn
        both = tuple(
            {name: [*one[name], *other[name]] for name in one}
            for one, other in zip(a, b, strict=True)
        )
        assert tallied(a, scale) + tallied(b, scale) == tallied(both, scale)

    @law
    @given(several_tallies(3))
    def test_neither_the_order_nor_the_brackets_matter(self, drawn):
        a, b, c = drawn
        assert a + b == b + a
        assert (a + b) + c == a + (b + c)
        assert sum(drawn) == a + b + c

    @law
    @given(several_tallies(2))
    def test_no_respondent_is_lost(self, drawn):
        a, b = drawn
        for name in ("counts", "missing_by_reason"):
            one, other, total = (getattr(each, name) for each in (a, b, a + b))
            points = one.shape[-1]
            sums = [array.reshape(-1, points).sum(axis=0) for array in (one, other, total)]
            assert (sums[0] + sums[1]).tolist() == sums[2].tolist()

    @law
    @given(tallies())
    def test_a_tally_without_answers_is_zero(self, tally):
        zero = Tally(np.zeros_like(tally.counts), tally.scale, by=tally.keys)
        assert tally + zero == zero + tally == tally

    @law
    @given(tallies(keys=names.filter(bool).flatmap(lambda by: keys(by, ()))))
    def test_a_tally_without_rows_is_zero(self, tally):
        assert tally + tally[:0] == tally[:0] + tally == tally

    @law
    @given(tallies(keys=names.filter(bool).flatmap(keys)), st.randoms())
    def test_the_order_of_the_rows_changes_nothing_else(self, tally, random):
        order = np.array(random.sample(range(len(tally)), len(tally)), np.intp)
        assert tally[order] == tally
        assert tally[order] + tally == tally + tally


class TestCollapsing:
    @law
    @given(surveys(least=1))
    def test_a_name_less_is_the_tally_without_it(self, drawn):
        scale, [(items, labels)] = drawn
        found = Tally.of(items, scale, by=labels)
        for name in labels:
            left = {one: values for one, values in labels.items() if one != name}
            assert found.collapsed(name) == Tally.of(items, scale, by=left or None)

    @law
    @given(st.data())
    def test_declared_labels_without_rows_are_kept(self, data):
        scale, [(items, labels)] = data.draw(surveys())
        name, *others = labels
        level = data.draw(st.permutations(["never", *{*labels[name]} - {None}]))
        declared = pd.Categorical(labels[name], level)
        alone = Tally.of(items, scale, by={name: declared})
        assert "never" in alone.keys.labels(name)
        both = Tally.of(items, scale, by={**labels, name: declared}).collapsed(*others)
        shown = [one for one in alone.keys.labels(name) if one in both.keys.labels(name)]
        assert alone.sel({name: list(dict.fromkeys(shown))}) == both

    @law
    @given(several_tallies(2))
    def test_it_goes_with_adding(self, drawn):
        a, b = drawn
        for name in a.keys.names:
            assert (a + b).collapsed(name) == a.collapsed(name) + b.collapsed(name)
