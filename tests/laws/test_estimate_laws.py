"""The laws of design section 5 that estimates, verdicts and scorecards keep, as property tests."""

import json
from typing import NamedTuple

import attrs
import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custfocus import (
    Customer,
    CustomerFocus,
    Groups,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    Scoring,
    Tally,
    Target,
    bottom_box,
    estimate,
    mean_score,
    net_score,
    nps,
    scorecard,
    top_box,
    verdict,
)

law = settings(max_examples=60)
UNITS = 4  # in the last place of the largest number
ORDER = ["not met", "inconclusive", "met"]

a_count = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 400))
a_level = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])
a_score = st.integers(-40, 40).map(lambda quarter: quarter / 4)


class Case(NamedTuple):
    """Counts of groups (G, K), none of them empty, and what each of the K points counts."""

    counts: np.ndarray
    scoring: Scoring

    @property
    def tally(self):
        return Tally(self.counts, self.scoring.scale)

    @property
    def first(self):
        return Tally(self.counts[0], self.scoring.scale)


@st.composite
def scales(draw):
    """Two to seven points, evenly spaced or not, worst first or best first, some with a label."""
    points = draw(st.lists(st.integers(-9, 20), min_size=2, max_size=7, unique=True).map(sorted))
    labels = draw(st.sampled_from([None, [f"point {point}" for point in points]]))
    scale = Scale(points, labels=labels, missing=draw(st.sampled_from([(), (99,), (99, None)])))
    return scale.reverse_coded() if draw(st.booleans()) else scale


@st.composite
def scorings(draw, scale):
    size = len(scale)
    one_up = st.integers(1, size - 1)
    kind = draw(st.sampled_from(["top", "bottom", "net", "mean", "own"]))
    if kind == "top":
        return Scoring.top_box(scale, draw(one_up))
    if kind == "bottom":
        return Scoring.bottom_box(scale, draw(one_up))
    if kind == "net":
        positive = draw(one_up)
        negative = draw(st.integers(1, size - positive))
        return Scoring.net(scale, positive=positive, negative=negative)
    if kind == "mean":
        return Scoring.mean(scale, *draw(st.sampled_from([(0, 100), (1, 5), (100, 0), (-1, 1)])))
    scores = st.lists(a_score, min_size=size, max_size=size)
    return Scoring(scale, draw(scores.filter(lambda drawn: len(set(drawn)) > 1)))


@st.composite
def cases(draw, most_groups=1):
    scale = draw(scales())
    row = st.lists(a_count, min_size=len(scale), max_size=len(scale)).filter(any)
    counts = draw(st.lists(row, min_size=1, max_size=most_groups))
    return Case(np.array(counts), draw(scorings(scale)))


@st.composite
def surveys(draw):
    """A scale and one to thirty respondents: an answer (or a missing code) and two labels each."""
    scale = draw(scales())
    answer = st.sampled_from([*scale.points, *scale.missing, *(scale.labels or ())])
    labels = st.tuples(st.sampled_from(["x", "y", 3, None]), st.integers(1, 3))
    people = draw(st.lists(st.tuples(answer, labels), min_size=1, max_size=30))
    answers, pairs = zip(*people, strict=True)
    waves, districts = zip(*pairs, strict=True)
    return scale, list(answers), {"wave": list(waves), "district": list(districts)}


def quoted(scored):
    return np.array([scored.value, scored.low, scored.high])


def close(one, other, size):
    """Equal up to rounding, measured by the numbers that went in."""
    np.testing.assert_allclose(one, other, rtol=0, atol=1e-9 * size)


def one_measure(scoring, target=None):
    """A focus of one customer with one measure of the item "q"."""
    return CustomerFocus(
        "City",
        customers=[Customer("c", "Residents")],
        needs=[Need("n", "c", "help")],
        requirements=[Requirement("r", "n", "fast")],
        measures=[PerformanceMeasure("m", "r", "Fast", item="q", scoring=scoring, target=target)],
    )


class TestAffineScorings:
    @law
    @given(cases(), st.sampled_from([0.25, 1, 3, 100]), st.integers(-50, 50), a_level)
    def test_a_scoring_scaled_and_shifted_scales_and_shifts_value_and_limits(
        self, case, slope, shift, level
    ):
        plain = attrs.evolve(case.scoring, unit="number")
        moved = attrs.evolve(plain, scores=[slope * score + shift for score in plain.scores])
        usual = estimate(case.first, plain, confidence_level=level)
        scored = estimate(case.first, moved, confidence_level=level)
        size = slope * max(map(abs, plain.scores)) + abs(shift)
        close(quoted(scored), slope * quoted(usual) + shift, size)

    @law
    @given(cases(), st.sampled_from([-0.25, -1, -3]), st.integers(-50, 50), a_level)
    def test_a_negative_factor_swaps_the_limits(self, case, slope, shift, level):
        plain = attrs.evolve(case.scoring, unit="number")
        turned = attrs.evolve(plain, scores=[slope * score + shift for score in plain.scores])
        usual = quoted(estimate(case.first, plain, confidence_level=level))
        scored = quoted(estimate(case.first, turned, confidence_level=level))
        size = -slope * max(map(abs, plain.scores)) + abs(shift)
        close(scored, slope * usual[[0, 2, 1]] + shift, size)

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
    @given(st.lists(a_count, min_size=11, max_size=11).filter(any))
    def test_detractors_and_promoters_trade_places_with_the_sign(self, counts):
        low, middle, high = sum(counts[:7]), sum(counts[7:9]), sum(counts[9:])
        scale = Scale.range(0, 10)
        usual = nps(Tally(counts, scale))
        turned = nps(Tally([high, 0, 0, 0, 0, 0, 0, middle, 0, low, 0], scale))
        close(quoted(turned), -quoted(usual)[[0, 2, 1]], 100)


class TestGroups:
    @law
    @given(cases(most_groups=8), a_level, st.data())
    def test_a_group_of_a_batch_gets_the_bits_that_it_gets_alone(self, case, level, data):
        more = st.lists(st.integers(0, 500), min_size=len(case.counts), max_size=len(case.counts))
        sizes = data.draw(st.none() | more.map(lambda extra: case.tally.n + np.array(extra)))
        options = {"confidence_level": level, "population": sizes}
        batch = estimate(case.tally, case.scoring, **options)
        for g, row in enumerate(case.counts):
            if sizes is not None:
                options["population"] = sizes[g]
            alone = estimate(Tally(row, case.scoring.scale), case.scoring, **options)
            assert quoted(batch[g]).tolist() == quoted(alone).tolist()
            assert batch[g] == alone

    @law
    @given(cases(most_groups=6), st.data())
    def test_an_empty_group_is_nan_and_changes_no_other(self, case, data):
        where = data.draw(st.integers(0, len(case.counts)))
        counts = np.insert(case.counts, where, 0, axis=0)
        batch = estimate(Tally(counts, case.scoring.scale), case.scoring)
        assert np.flatnonzero(np.isnan(batch.value)).tolist() == [where]
        assert np.flatnonzero(np.isnan(batch.low)).tolist() == [where]
        others = np.delete(quoted(batch), where, axis=1)
        assert others.tolist() == quoted(estimate(case.tally, case.scoring)).tolist()

    @law
    @given(cases(most_groups=6), st.data())
    def test_verdicts_of_a_batch_are_those_of_its_groups(self, case, data):
        low, high = case.scoring.bounds
        bound = low + (high - low) * data.draw(st.integers(0, 64)) / 64
        scored, target = estimate(case.tally, case.scoring), Target(low=bound)
        batch = verdict(scored, target)
        for g in range(len(case.counts)):
            alone = verdict(scored[g], target)
            assert batch[g].standing == alone.standing
            assert batch[g].point_met == alone.point_met
            assert batch[g].more_answers == alone.more_answers


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


class TestVerdicts:
    @law
    @given(cases(), st.lists(st.integers(0, 64), min_size=2, max_size=2).map(sorted), a_level)
    def test_a_higher_bar_is_no_easier_and_a_lower_ceiling_neither(self, case, shares, level):
        low, high = case.scoring.bounds
        easy, hard = (low + (high - low) * share / 64 for share in shares)
        scored = estimate(case.first, case.scoring, confidence_level=level)
        for target, harder in (
            (Target.at_least(easy), Target.at_least(hard)),
            (Target.at_most(hard), Target.at_most(easy)),
        ):
            before, after = verdict(scored, target), verdict(scored, harder)
            assert ORDER.index(str(after.standing)) <= ORDER.index(str(before.standing))
            assert after.point_met <= before.point_met

    @law
    @given(cases(), st.lists(st.integers(0, 64), min_size=4, max_size=4).map(sorted))
    def test_a_wider_range_is_no_harder(self, case, shares):
        low, high = case.scoring.bounds
        outer, inner, inner_end, outer_end = (low + (high - low) * share / 64 for share in shares)
        scored = estimate(case.first, case.scoring)
        narrow = verdict(scored, Target.between(inner, inner_end))
        wide = verdict(scored, Target.between(outer, outer_end))
        assert ORDER.index(str(narrow.standing)) <= ORDER.index(str(wide.standing))
        assert narrow.point_met <= wide.point_met

    @law
    @given(cases(), st.integers(1, 15), st.sampled_from([Target.at_least, Target.at_most]), a_level)
    def test_as_many_more_answers_as_it_says_settle_it_and_one_fewer_do_not(
        self, case, share, bound, level
    ):
        scored = estimate(case.first, case.scoring, confidence_level=level)
        limit = scored.low if scored.low < scored.value else scored.high
        target = bound(float(scored.value + (limit - scored.value) * share / 16))
        judged = verdict(scored, target)
        more = float(judged.more_answers)
        assert judged.standing == "inconclusive"
        assert 1 <= more < np.inf
        least, most = target.bounds
        for answers, settled in ((more, True), (more - 1, False)):
            low, high = scored.limits_at(scored.n + answers)
            assert bool((least <= low and high <= most) or high < least or low > most) == settled

    @law
    @given(cases(), st.integers(0, 64), st.integers(0, 200))
    def test_the_standing_and_the_point_rule_do_not_contradict_each_other(self, case, share, rest):
        low, high = case.scoring.bounds
        population = case.first.n + rest
        scored = estimate(case.first, case.scoring, population=population)
        least = low + (high - low) * share / 64
        met = scored.low >= least
        missed = scored.high < least
        assume(met or missed)
        judged = verdict(scored, Target.at_least(least))
        assert judged.standing == ("met" if met else "not met")
        assert judged.point_met == met


class TestScorecards:
    @law
    @given(surveys(), st.data())
    def test_answers_and_their_tally_give_the_same_card(self, survey, data):
        scale, answers, _ = survey
        focus = one_measure(data.draw(scorings(scale)))
        from_answers = scorecard(focus, {"q": answers})
        from_tally = scorecard(focus, {"q": Tally.of(answers, scale)})
        assert json.dumps(from_answers.to_dicts()) == json.dumps(from_tally.to_dicts())
        assert str(from_answers) == str(from_tally)

    @law
    @given(surveys(), st.data(), a_level)
    def test_answers_by_group_give_the_card_of_tally_rows_by_group(self, survey, data, level):
        scale, answers, labels = survey
        low, high = (scoring := data.draw(scorings(scale))).bounds
        side = Target.at_most if scoring.lower_is_better else Target.at_least
        focus = one_measure(scoring, side((low + high) / 2))
        # The tally comes split finer than it is asked for, as GROUP BY in a database gives it
        fine = Groups.of(labels)
        tally = Tally.of(answers, scale, groups=fine)
        waves = [key[0] for key in fine.keys]
        options = {"confidence_level": level}
        from_answers = scorecard(focus, {"q": answers}, by={"wave": labels["wave"]}, **options)
        from_tally = scorecard(focus, {"q": tally}, by={"wave": waves}, **options)
        assert json.dumps(from_answers.to_dicts()) == json.dumps(from_tally.to_dicts())
        assert str(from_answers) == str(from_tally)

    @law
    @given(surveys(), st.data())
    def test_a_groups_row_is_the_card_of_its_answers_alone(self, survey, data):
        scale, answers, labels = survey
        focus = one_measure(data.draw(scorings(scale)))
        card = scorecard(focus, {"q": answers}, by=labels)
        people = list(zip(answers, *labels.values(), strict=True))
        assert sum(int(row.estimate.n + row.estimate.missing) for row in card.rows) == len(people)
        for row in card.rows:
            own = [answer for answer, *key in people if tuple(key) == row.group]
            (alone,) = scorecard(focus, {"q": own}).rows
            assert row.estimate == alone.estimate

    @law
    @given(surveys(), st.randoms(use_true_random=False))
    def test_the_order_of_the_respondents_does_not_matter(self, survey, random):
        scale, answers, labels = survey
        focus = one_measure(Scoring.mean(scale))
        order = list(range(len(answers)))
        random.shuffle(order)
        shuffled = {name: [column[place] for place in order] for name, column in labels.items()}
        card = scorecard(focus, {"q": answers}, by=labels)
        other = scorecard(focus, {"q": [answers[place] for place in order]}, by=shuffled)
        assert str(other) == str(card)


def test_the_cases_reach_both_ends_and_the_middle():
    """The strategies draw what the laws are about: all kinds of scorings and standings."""
    seen = set()

    @settings(max_examples=150, derandomize=True, database=None, deadline=None)
    @given(cases(), st.integers(0, 64))
    def look(case, share):
        low, high = case.scoring.bounds
        judged = verdict(
            estimate(case.first, case.scoring), Target(low=low + (high - low) * share / 64)
        )
        seen.add(str(judged.standing))
        seen.add(case.scoring.name.split()[0])
        seen.add(np.count_nonzero(case.counts) == 1)

    look()
    assert seen >= {*ORDER, "top", "bottom", "net", "mean", "index", True, False}
