"""
The laws that pair tallies and comparisons keep, as property tests.

Counting is held to a count by hand. Where everybody gave both answers, or nobody did, a
comparison is one that is known already; between the two the laws are those of any interval.
"""

from collections import Counter
from functools import partial
from typing import NamedTuple

import attrs
import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from custfocus.comparisons import Comparison, compare, compare_pairs
from custfocus.indices import estimate
from custfocus.intervals.score import score_interval
from custfocus.responses import PairTally, Scale, Scoring, Tally
from custfocus.results import Keys
from strategies import EMPTIES, labels_by_name, scales, scorings

law = settings(max_examples=20)

a_count = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 400))
a_level = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])
a_score = st.integers(-40, 40).map(lambda tenth: tenth / 10)

# The limits stop at steps of 1e-13 of themselves; sums of some dozen terms are rounded before
GRANTED = 1e-12


# Answers


class Respondents(NamedTuple):
    """Two answers of each of some respondents, on one scale."""

    scale: Scale
    a: list[object]
    b: list[object]

    def tally(self, by=None):
        return PairTally.of(self.a, self.b, self.scale, by=by)

    def those(self, chosen):
        a, b = (
            [x for x, keep in zip(side, chosen, strict=True) if keep] for side in (self.a, self.b)
        )
        return Respondents(self.scale, a, b)


def answers_of(scale, people):
    """A list of as many pairs of points, labels and missing codes."""
    empty = EMPTIES if None in scale.missing else ()
    answer = st.sampled_from([*scale.points, *(scale.labels or ()), *scale.missing, *empty])
    pairs = st.lists(st.tuples(answer, answer), min_size=people, max_size=people)
    return pairs.map(lambda drawn: Respondents(scale, [a for a, _ in drawn], [b for _, b in drawn]))


a_survey = scales().flatmap(lambda s: st.integers(0, 12).flatmap(lambda n: answers_of(s, n)))
two_surveys = scales().flatmap(lambda scale: st.tuples(answers_of(scale, 5), answers_of(scale, 3)))


def place_by_hand(answer, scale):
    """Where an answer stands on the scale, None for missing, found by looking at each point."""
    for place, point in enumerate(scale.points):
        if answer == point or (scale.labels and answer == scale.labels[place]):
            return place
    return None


class TestCounting:
    @law
    @given(a_survey)
    def test_each_respondent_is_counted_once_at_the_place_of_both_answers(self, people):
        places = Counter(
            (place_by_hand(a, people.scale), place_by_hand(b, people.scale))
            for a, b in zip(people.a, people.b, strict=True)
        )
        tally, points = people.tally(), range(len(people.scale))
        assert tally.counts.tolist() == [[places[i, j] for j in points] for i in points]
        assert tally.only_a.tolist() == [places[i, None] for i in points]
        assert tally.only_b.tolist() == [places[None, j] for j in points]
        assert tally.missing == places[None, None]

    @law
    @given(a_survey)
    def test_each_side_is_the_tally_of_its_column(self, people):
        for ours, answers in ((people.tally().a, people.a), (people.tally().b, people.b)):
            theirs = Tally.of(answers, people.scale)
            assert ours.counts.tolist() == theirs.counts.tolist()
            assert ours.missing_by_reason.tolist() == theirs.missing_by_reason.tolist()

    @law
    @given(a_survey)
    def test_leaving_out_who_misses_one_answer_loses_nobody(self, people):
        complete = people.tally().complete()
        assert complete.n + complete.missing == len(people.a)
        assert complete.a.n == complete.b.n == complete.n
        assert np.array_equal(complete.counts, people.tally().counts)

    @law
    @given(a_survey)
    def test_a_and_b_changed_over_transpose_the_counts(self, people):
        tally, turned = people.tally(), people._replace(a=people.b, b=people.a).tally()
        assert arrays(turned) == arrays(swapped(tally))
        for ours, theirs in ((turned.a, tally.b), (turned.b, tally.a)):
            assert ours.missing_by_reason.tolist() == theirs.missing_by_reason.tolist()

    @law
    @given(a_survey, st.randoms())
    def test_the_order_of_the_respondents_does_not_matter(self, people, random):
        order = random.sample(range(len(people.a)), len(people.a))
        shuffled = Respondents(
            people.scale, [people.a[i] for i in order], [people.b[i] for i in order]
        )
        assert shuffled.tally() == people.tally()


class TestMerging:
    @law
    @given(two_surveys)
    def test_adding_pair_tallies_is_adding_the_respondents(self, surveys):
        one, other = surveys
        both = Respondents(one.scale, one.a + other.a, one.b + other.b)
        assert both.tally() == one.tally() + other.tally() == other.tally() + one.tally()

    @law
    @given(two_surveys, st.data())
    def test_which_two_are_added_first_does_not_matter(self, surveys, data):
        a, b = (survey.tally() for survey in surveys)
        c = data.draw(answers_of(a.scale, 4)).tally()
        assert (a + b) + c == a + (b + c) == sum([a, b, c])

    @law
    @given(a_survey)
    def test_nobody_is_zero(self, people):
        tally, nobody = people.tally(), PairTally.of([], [], people.scale)
        assert tally + nobody == nobody + tally == tally

    @law
    @given(a_survey, st.data())
    def test_each_group_is_the_tally_of_its_respondents_alone(self, people, data):
        by = data.draw(labels_by_name(len(people.a), ["district", "wave"]))
        tally, (keys, rows) = people.tally(by), Keys.of(by)
        assert tally.keys.columns() == keys.columns()
        for group in range(len(keys)):
            mine = people.those(rows == group).tally()
            assert arrays(tally[group]) == arrays(mine)

    @law
    @given(a_survey, st.data())
    def test_the_groups_add_up_to_the_whole(self, people, data):
        by = data.draw(labels_by_name(len(people.a), ["district"]))
        nobody = PairTally.of([], [], people.scale)
        assert sum(people.tally(by), start=nobody) == people.tally()


def arrays(pairs):
    return [array.tolist() for array in (pairs.counts, pairs.only_a, pairs.only_b, pairs.missing)]


# Comparisons


class Waves(NamedTuple):
    """Groups of pairs and of single answers, and what each point counts."""

    pairs: PairTally
    scoring: Scoring

    @property
    def size(self):
        low, high = self.scoring.bounds
        return high - low

    def compared(self, **options):
        return paired(self.pairs, self.scoring, **options)


def paired(pairs, scoring, *, confidence_level=0.95, **options):
    index = partial(estimate, scoring=scoring, confidence_level=confidence_level)
    return compare_pairs(pairs, index, **options)


def independent(a, b, scoring, *, confidence_level=0.95, **options):
    """The comparison of two tallies as if of different people."""
    sides = (
        estimate(Tally(side.counts, side.scale), scoring, confidence_level=confidence_level)
        for side in (a, b)
    )
    return compare(*sides, **options)


def tables(*shape):
    """Counts, few of them other than 0."""
    return hnp.arrays(np.int64, shape, elements=a_count, fill=st.just(0))


@st.composite
def waves(draw, groups=1, *, both=True, alone=True):
    """Groups in which somebody answered a and somebody b."""
    points = draw(st.integers(2, 4))
    nobody = np.zeros((groups, points), dtype=int)
    counts = draw(tables(groups, points, points)) if both else np.zeros((groups, points, points))
    only_a, only_b = (draw(tables(groups, points)) if alone else nobody for _ in "ab")
    i, j = (draw(st.integers(0, points - 1)) for _ in "ab")
    if both:
        counts[(counts.sum(axis=2) + only_a).sum(axis=1) == 0, i, j] = 1
        counts[(counts.sum(axis=1) + only_b).sum(axis=1) == 0, i, j] = 1
    else:
        only_a[only_a.sum(axis=1) == 0, i] = only_b[only_b.sum(axis=1) == 0, j] = 1
    pairs = PairTally(counts, Scale.likert(points), only_a, only_b)
    return Waves(pairs, draw(scorings(pairs.scale)))


def alone(drawn: Waves, group=0) -> Waves:
    return Waves(drawn.pairs[group], drawn.scoring)


def swapped(pairs: PairTally) -> PairTally:
    counts = np.swapaxes(pairs.counts, -1, -2)
    return PairTally(counts, pairs.scale, pairs.only_b, pairs.only_a, pairs.missing)


def quoted(compared: Comparison) -> np.ndarray:
    return np.array([compared.value, compared.low, compared.high])


def close(one, other, size) -> None:
    """Equal up to rounding, measured by the scale's length."""
    np.testing.assert_allclose(one, other, rtol=0, atol=GRANTED * size)


def close_p(one, other) -> None:
    """
    P-values equal up to what rounding in the difference does to them.

    With thousands of answers p can be 1e4 times as steep as the difference. Where each sample
    stands on one point it ends at 1 as a square root does, and there 1e-16 becomes 1e-8.
    """
    near_1 = np.minimum(one, other) > 1 - 1e-6
    np.testing.assert_array_less(abs(one - other), np.where(near_1, 1e-6, 1e-10))


class TestEverybodyInBoth:
    @law
    @given(waves(3, alone=False), a_level)
    def test_it_is_the_score_interval_of_the_differences(self, drawn, level):
        scores = drawn.scoring.quoted_scores
        cells = drawn.pairs.counts.reshape(3, -1)
        differences = np.subtract.outer(scores, scores).ravel()
        theirs = score_interval(cells, differences, confidence_level=level)
        ours = drawn.compared(confidence_level=level)
        close([ours.low, ours.high], theirs, 2 * drawn.size)
        close(ours.value, cells @ differences / cells.sum(axis=1), 2 * drawn.size)

    @law
    @given(waves(alone=False), st.booleans())
    def test_the_correction_does_nothing(self, drawn, correction):
        assert drawn.compared(correction=correction) == drawn.compared()


class TestNobodyInBoth:
    @law
    @given(waves(3, both=False), a_level, st.booleans())
    def test_it_is_the_comparison_of_independent_samples(self, drawn, level, correction):
        options = {"confidence_level": level, "correction": correction}
        theirs = independent(drawn.pairs.a, drawn.pairs.b, drawn.scoring, **options)
        ours = drawn.compared(**options)
        if len(set(drawn.scoring.scores)) == len(drawn.scoring.scores):
            assert quoted(ours).tolist() == quoted(theirs).tolist()  # bit for bit
            assert ours.p_value.tolist() == theirs.p_value.tolist()
        else:  # compare merges points of equal scores first, and so adds in another order
            close(quoted(ours), quoted(theirs), drawn.size)
            close_p(ours.p_value, theirs.p_value)
            assert ours.pairs.tolist() == [0, 0, 0]


class TestSomeInBoth:
    @law
    @given(waves(4), a_level, st.booleans())
    def test_a_group_of_a_batch_gets_the_bits_that_it_gets_alone(self, drawn, level, correction):
        options = {"confidence_level": level, "correction": correction}
        batch = drawn.compared(**options)
        for g in range(4):
            assert batch[g] == alone(drawn, g).compared(**options)

    @law
    @given(waves(4), st.integers(0, 3), st.sampled_from(["a", "b", "both"]))
    def test_a_group_without_answers_is_nan_and_changes_no_other(self, drawn, where, side):
        pairs, there = drawn.pairs, np.arange(4) != where
        emptied = PairTally(
            pairs.counts * there[:, None, None],
            pairs.scale,
            pairs.only_a * (there | (side == "b"))[:, None],
            pairs.only_b * (there | (side == "a"))[:, None],
        )
        ours = paired(emptied, drawn.scoring)
        numbers = [*quoted(ours), ours.p_value, ours.standard_error, ours.correlation]
        assert np.isnan(numbers).tolist() == [(~there).tolist()] * 6
        assert list(ours[there]) == list(drawn.compared()[there])

    @law
    @given(waves(3), a_level)
    def test_the_value_is_the_difference_of_the_two_indices_to_the_bit(self, drawn, level):
        ours = drawn.compared(confidence_level=level)
        one, other = (estimate(tally, drawn.scoring) for tally in (drawn.pairs.a, drawn.pairs.b))
        assert ours.value.tolist() == (one.value - other.value).tolist()
        assert (ours.a.sample, ours.b.sample) == (drawn.pairs.a, drawn.pairs.b)
        assert ours.pairs.tolist() == drawn.pairs.n.tolist()

    @law
    @given(waves(3), a_level)
    def test_a_and_b_changed_over_negate_it(self, drawn, level):
        usual = drawn.compared(confidence_level=level)
        turned = paired(swapped(drawn.pairs), drawn.scoring, confidence_level=level)
        assert turned.value.tolist() == (-usual.value).tolist()
        close([-turned.high, -turned.low], [usual.low, usual.high], 2 * drawn.size)
        close_p(turned.p_value, usual.p_value)

    @law
    @given(waves(4), a_level)
    def test_it_has_a_width_holds_its_value_and_stays_within_the_bounds(self, drawn, level):
        ours = drawn.compared(confidence_level=level)
        least, most = ours.metric.bounds
        assert (least <= ours.low).all()
        assert (ours.low <= ours.value).all()
        assert (ours.value <= ours.high).all()
        assert (ours.high <= most).all()
        assert (ours.high - ours.low > 1e-4 * drawn.size).all()  # n is in the thousands at most

    @law
    @given(
        st.integers(1, 10**6),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
        scorings(Scale.likert(3)),
    )
    @example(5, 0, 0, Scoring.top_box(Scale.likert(3), 1))
    @example(1, 0, 0, Scoring.mean(Scale.likert(3)))
    def test_it_has_a_width_where_every_pair_is_equal(self, pairs, a, b, scoring):
        one_point = [0, pairs, 0]
        for diagonal in (one_point, [pairs] * 3):
            tally = PairTally(np.diag(diagonal), scoring.scale, [0, a, 0], [0, b, 0])
            ours = paired(tally, scoring)
            low, high = scoring.bounds
            assert ours.high - ours.low > (high - low) / (4 * (pairs + a + b) + 1)

    @law
    @given(waves(3), st.lists(a_level, min_size=2, max_size=2, unique=True).map(sorted))
    def test_it_widens_with_the_confidence_level(self, drawn, levels):
        narrow, wide = (drawn.compared(confidence_level=level) for level in levels)
        within = narrow.low > narrow.metric.bounds[0]
        assert (wide.low < narrow.low)[within].all()
        assert (wide.low <= narrow.low).all()
        within = narrow.high < narrow.metric.bounds[1]
        assert (wide.high > narrow.high)[within].all()
        assert (wide.high >= narrow.high).all()

    @law
    @given(waves(3), st.booleans())
    def test_an_interval_of_the_level_of_p_ends_at_nought(self, drawn, correction):
        usual = drawn.compared(correction=correction)
        assert ((usual.p_value >= 0) & (usual.p_value <= 1)).all()
        for g, p in enumerate(usual.p_value.tolist()):
            if 1e-6 < p < 1 - 1e-6:  # the level 1 - p has lost its digits beyond
                options = {"confidence_level": 1 - p, "correction": correction}
                ours = alone(drawn, g).compared(**options)
                end = ours.low if ours.value > 0 else ours.high
                close(end, 0, 100 * drawn.size)

    @law
    @given(waves(2), st.sampled_from([0.25, 3, -0.5, -2]), st.integers(-9, 9), a_level)
    def test_a_scoring_scaled_and_shifted_scales_the_difference(self, drawn, slope, shift, level):
        plain = attrs.evolve(drawn.scoring, unit="number")
        moved = attrs.evolve(plain, scores=[slope * score + shift for score in plain.scores])
        usual = quoted(paired(drawn.pairs, plain, confidence_level=level))
        ours = quoted(paired(drawn.pairs, moved, confidence_level=level))
        expected = slope * (usual if slope > 0 else usual[[0, 2, 1]])
        close(ours, expected, max(map(abs, moved.scores)) + abs(shift))

    @law
    @given(waves(2), a_level)
    def test_a_point_split_in_two_of_the_same_score_changes_nothing(self, drawn, level):
        """Half of the answers a on the last point, and all of those b alone, move one beyond it."""
        pairs, size = drawn.pairs, len(drawn.pairs.scale)
        split = np.zeros((2, size + 1, size + 1), dtype=int)
        split[:, :size, :size] = pairs.counts
        beyond = pairs.counts[:, -1] // 2
        split[:, -2, :size] -= beyond
        split[:, -1, :size] += beyond
        only_a, only_b = (np.pad(only, ((0, 0), (0, 1))) for only in (pairs.only_a, pairs.only_b))
        only_b[:, [-2, -1]] = only_b[:, [-1, -2]]
        finer = Scale.likert(size + 1)
        scores = [*drawn.scoring.scores, drawn.scoring.scores[-1]]
        scoring = attrs.evolve(drawn.scoring, scale=finer, scores=scores)
        ours = paired(PairTally(split, finer, only_a, only_b), scoring, confidence_level=level)
        close(quoted(ours), quoted(drawn.compared(confidence_level=level)), 2 * drawn.size)


def test_groups_at_the_edges_of_a_block_get_the_bits_that_they_get_alone():
    """The library computes 8,192 groups at a time."""
    generator = np.random.default_rng(1947)
    pairs = PairTally(
        generator.integers(0, 4, (8200, 3, 3)),
        Scale.likert(3),
        generator.integers(0, 4, (8200, 3)),
        generator.integers(1, 4, (8200, 3)),
    )
    drawn = Waves(pairs, Scoring(pairs.scale, [0.1, 0.7, 2.3]))
    batch = drawn.compared()
    for g in (0, 1, 4095, 4096, 8190, 8191, 8192, 8193, 8199):
        assert batch[g] == alone(drawn, g).compared()
