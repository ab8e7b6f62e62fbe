"""The laws that estimates keep: of labels, groups, scorings and ranges."""

from itertools import pairwise

import attrs
import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custfocus.indices import bottom_box, estimate, mean_score, net_score, nps, top_box
from custfocus.responses import Scale, Tally
from strategies import cases, cell, keys, names, scales, scorings, tallies

law = settings(max_examples=60)
UNITS = 4  # in the last place of the largest number

a_level = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])


@st.composite
def labelled(draw):
    """A tally with labels and at least one row, and what each point counts."""
    scale = draw(scales())
    rows = names.filter(bool).flatmap(keys).filter(len)
    return draw(tallies(scale, rows)), draw(scorings(scale))


def quoted(scored):
    return np.array([scored.value, scored.low, scored.high])


def close(one, other, size):
    """Equal up to rounding, measured by the numbers that went in."""
    np.testing.assert_allclose(one, other, rtol=0, atol=1e-9 * size)


class TestAffineScorings:
    @law
    @given(
        cases(), st.sampled_from([0.25, 1, 3, 100, -0.25, -1, -3]), st.integers(-50, 50), a_level
    )
    def test_a_scoring_scaled_and_shifted_scales_and_shifts_value_and_limits(
        self, case, slope, shift, level
    ):
        plain = attrs.evolve(case.scoring, unit="number")
        moved = attrs.evolve(plain, scores=[slope * score + shift for score in plain.scores])
        usual = quoted(estimate(case.first, plain, confidence_level=level))
        scored = quoted(estimate(case.first, moved, confidence_level=level))
        order = [0, 1, 2] if slope > 0 else [0, 2, 1]  # a negative factor swaps the limits
        size = abs(slope) * max(map(abs, plain.scores)) + abs(shift)
        close(scored, slope * usual[order] + shift, size)

    @law
    @given(cases())
    def test_percent_is_a_hundred_times_the_share(self, case):
        share = estimate(case.first, attrs.evolve(case.scoring, unit="number"))
        percent = estimate(case.first, attrs.evolve(case.scoring, unit="percent"))
        # Not to the bit: the percentage is the mean of a hundred times the scores
        granted = UNITS * np.finfo(float).eps * max(map(abs, percent.scoring.bounds))
        np.testing.assert_allclose(quoted(percent), 100 * quoted(share), rtol=0, atol=granted)

    @law
    @given(cases())
    def test_a_percentage_is_the_correctly_rounded_quotient_of_whole_numbers(self, case):
        percent = estimate(case.first, attrs.evolve(case.scoring, unit="percent"))
        scores = case.scoring.scores
        assume(all(score == int(score) for score in scores))
        total = sum(int(c) * int(s) for c, s in zip(case.counts[0], scores, strict=True))
        assert float(percent) == 100 * total / int(case.counts.sum(axis=1)[0])


class TestMirroredScales:
    @law
    @given(cases(), a_level)
    def test_the_same_answers_on_the_mirrored_scale_mirror_a_mean(self, case, level):
        scale = case.scoring.scale
        mirrored = Tally(case.counts[0, ::-1], scale.reverse_coded())
        usual = mean_score(case.first, confidence_level=level)
        turned = mean_score(mirrored, confidence_level=level)
        close(quoted(turned), 100 - quoted(usual)[[0, 2, 1]], 100)

    @law
    @given(cases(), st.data())
    def test_the_same_answers_on_the_mirrored_scale_turn_the_boxes_round(self, case, data):
        scale = case.scoring.scale
        mirrored = Tally(case.counts[0, ::-1], scale.reverse_coded())
        boxes = data.draw(st.integers(1, len(scale) - 1))
        usual, turned = top_box(case.first, boxes=boxes), bottom_box(mirrored, boxes=boxes)
        close(quoted(turned), quoted(usual), 100)
        other = data.draw(st.integers(1, len(scale) - boxes))
        usual = net_score(case.first, positive=boxes, negative=other)
        turned = net_score(mirrored, positive=other, negative=boxes)
        close(quoted(turned), -quoted(usual)[[0, 2, 1]], 100)

    @law
    @given(st.lists(cell, min_size=11, max_size=11).filter(any))
    def test_detractors_and_promoters_trade_places_with_the_sign(self, counts):
        low, middle, high = sum(counts[:7]), sum(counts[7:9]), sum(counts[9:])
        scale = Scale.range(0, 10)
        usual = nps(Tally(counts, scale))
        turned = nps(Tally([high, 0, 0, 0, 0, 0, 0, middle, 0, low, 0], scale))
        close(quoted(turned), -quoted(usual)[[0, 2, 1]], 100)


class TestLabels:
    @law
    @given(labelled(), st.data())
    def test_choosing_rows_goes_with_every_index(self, drawn, data):
        tally, scoring = drawn
        scored = estimate(tally, scoring)
        name = data.draw(st.sampled_from(tally.keys.names))
        labels = data.draw(st.lists(st.sampled_from(tally.keys.labels(name)), unique=True))
        assert estimate(tally.sel({name: labels}), scoring) == scored.sel({name: labels})
        row = data.draw(st.integers(0, len(tally) - 1))
        key = dict(zip(tally.keys.names, list(tally.keys)[row], strict=True))
        assert scored.sel(key) == scored[row]
        if tally.n[row]:
            assert estimate(tally.sel(key), scoring) == scored[row]

    @law
    @given(labelled(), st.randoms())
    def test_the_order_of_the_rows_changes_nothing_else(self, drawn, random):
        tally, scoring = drawn
        order = np.array(random.sample(range(len(tally)), len(tally)), np.intp)
        turned, scored = estimate(tally[order], scoring), estimate(tally, scoring)
        assert turned == scored
        assert quoted(turned).tobytes() == quoted(scored)[:, order].tobytes()

    @law
    @given(labelled())
    def test_numbers_do_not_depend_on_what_rows_are_called(self, drawn):
        tally, scoring = drawn
        plain = Tally(tally.counts, tally.scale)
        assert (
            quoted(estimate(plain, scoring)).tobytes() == quoted(estimate(tally, scoring)).tobytes()
        )


class TestGroups:
    @law
    @given(cases(most_groups=4), a_level, st.data())
    def test_a_row_of_a_batch_gets_the_bits_that_it_gets_alone(self, case, level, data):
        more = st.lists(st.integers(0, 500), min_size=len(case.counts), max_size=len(case.counts))
        sizes = data.draw(st.none() | more.map(lambda extra: case.tally.n + np.array(extra)))
        options = {"confidence_level": level, "population": sizes}
        batch = estimate(case.tally, case.scoring, **options)
        for g, row in enumerate(case.counts):
            if sizes is not None:
                options["population"] = sizes[g]
            alone = estimate(Tally(row, case.scoring.scale), case.scoring, **options)
            assert quoted(batch[g]).tobytes() == quoted(alone).tobytes()
            assert batch[g] == alone

    @law
    @given(cases(most_groups=6), st.data())
    def test_an_empty_row_is_nan_and_changes_no_other(self, case, data):
        where = data.draw(st.integers(0, len(case.counts)))
        counts = np.insert(case.counts, where, 0, axis=0)
        batch = estimate(Tally(counts, case.scoring.scale), case.scoring)
        for name in ("value", "low", "high", "standard_error", "design_effect", "effective_n"):
            assert np.flatnonzero(np.isnan(getattr(batch, name))).tolist() == [where]
        others = np.delete(quoted(batch), where, axis=1)
        assert others.tobytes() == quoted(estimate(case.tally, case.scoring)).tobytes()

    @law
    @given(cases(), st.data())
    def test_points_that_count_alike_may_be_one(self, case, data):
        scores = np.array(case.scoring.scores)
        kept = data.draw(st.permutations(range(len(scores))))
        counts = case.counts[0].copy()
        for one, other in pairwise(kept):
            if scores[one] == scores[other]:
                counts[one], counts[other] = counts[one] + counts[other], 0
        together = estimate(Tally(counts, case.scoring.scale), case.scoring)
        assert quoted(together).tobytes() == quoted(estimate(case.first, case.scoring)).tobytes()


class TestRange:
    @law
    @given(cases(most_groups=4), a_level)
    def test_the_value_lies_within_its_limits_and_they_within_the_bounds(self, case, level):
        scored = estimate(case.tally, case.scoring, confidence_level=level)
        lowest, highest = case.scoring.bounds
        assert (lowest <= scored.low).all()
        assert (scored.low <= scored.value).all()
        assert (scored.value <= scored.high).all()
        assert (scored.high <= highest).all()
        assert (scored.low < scored.high).all()

    @law
    @given(cases(), st.integers(1, 300), a_level)
    def test_more_answers_in_the_same_proportions_never_widen_it(self, case, more, level):
        scored = estimate(case.first, case.scoring, confidence_level=level)
        low, high = scored.limits_at(scored.n + more)
        size = 1e-12 * max(map(abs, case.scoring.bounds))
        assert scored.low - size <= low <= scored.value + size
        assert scored.value - size <= high <= scored.high + size

    @law
    @given(cases(most_groups=3))
    def test_a_census_leaves_no_doubt(self, case):
        scored = estimate(case.tally, case.scoring, population=case.tally.n)
        assert scored.low.tolist() == scored.value.tolist() == scored.high.tolist()
        assert scored.standard_error.tolist() == [0] * len(scored)


def test_the_cases_reach_all_kinds_of_scorings():
    """The strategies draw what the laws are about."""
    seen = set()

    @settings(max_examples=150, derandomize=True, database=None, deadline=None)
    @given(cases())
    def look(case):
        seen.add(case.scoring.name.split()[0])
        seen.add(np.count_nonzero(case.counts) == 1)

    look()
    assert seen >= {"top", "bottom", "net", "mean", True, False}
