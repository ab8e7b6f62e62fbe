"""Designs that know all members of a population: no limit goes beyond what those not drawn can do."""

import pickle

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custfocus.comparisons import compare, homogeneity, rank, with_rest
from custfocus.indices import estimate, mean_score, top_box
from custfocus.intervals.design_limits import METHODS
from custfocus.responses import Scale, Scoring
from custfocus.surveys import Calibration, SurveyDesign, SurveyTally, stack

TWO, THREE = Scale.likert(2), Scale.likert(3, missing=[9])
SHARE, MEAN = Scoring.top_box(TWO, 1), Scoring.mean(THREE, -1, 1)
INFINITE = 10**30

law = settings(derandomize=True, deadline=None, max_examples=60, database=None)


@st.composite
def surveys(draw, *, missing=True):
    """Answers, strata and groups of respondents, and how many of each stratum were not drawn."""
    number = draw(st.integers(4, 16))
    points = [1, 2, 3, 9] if missing else [1, 2, 3]
    answers = draw(st.lists(st.sampled_from(points), min_size=number, max_size=number))
    strata = np.array([0, 0, 1, 1] + [draw(st.integers(0, 1)) for _ in range(number - 4)])
    groups = np.array([draw(st.integers(0, 2)) for _ in range(number)])
    gone = draw(st.tuples(st.integers(0, 9), st.integers(0, 9)))
    assume(any(answer != 9 for answer in answers))
    return np.array(answers), strata, groups, np.array(gone)


def design_of(strata, gone, weights=None, **options):
    sizes = np.bincount(strata) + gone
    return SurveyDesign(weights, strata=strata, population=sizes[strata], **options)


def reach(answers, strata, gone, which):
    """The least and the most that the mean of some respondents and those not drawn can be."""
    which = which & (answers != 9)
    seen, more = (answers[which] - 2).sum(), gone[np.unique(strata[which])].sum()
    total = which.sum() + more
    return (seen - more) / total, (seen + more) / total


class TestReach:
    @law
    @given(surveys(), st.sampled_from(sorted(set(METHODS) - {"logit", "beta", "exact", "mid-p"})),
           st.sampled_from([0.5, 0.95, 0.9999]), st.booleans())  # fmt: skip
    def test_limits_are_what_those_not_drawn_can_bring_about(self, survey, method, level, uneven):
        answers, strata, groups, gone = survey
        weights = 1.0 + np.arange(len(answers)) % 3 if uneven else None
        found = estimate(
            answers, MEAN, by=groups, design=design_of(strata, gone, weights),
            method=method, confidence_level=level,
        )  # fmt: skip
        for group, one in zip(found.keys.labels("group"), found, strict=True):
            if not one.n:
                continue
            least, most = reach(answers, strata, gone, groups == group)
            assert min(least, one.value) - 1e-12 <= one.low <= one.value + 1e-12
            assert one.value - 1e-12 <= one.high <= max(most, one.value) + 1e-12

    @pytest.mark.parametrize("method", METHODS)
    def test_every_method_keeps_it(self, method):
        # 3 of 10 members said no and 5 yes: .5 to .7 is left.
        answers, design = [2] * 5 + [1] * 3, SurveyDesign(population=[10] * 8)
        found = estimate(answers, SHARE, design=design, method=method, confidence_level=1 - 1e-6)
        assert float(found.low) == pytest.approx(50)
        assert float(found.high) == pytest.approx(70)

    def test_who_may_be_in_the_group_is_who_was_not_drawn_of_its_strata(self):
        answers, groups = [2, 1, 2, 1, 1, 1], [*"xyxyyy"]
        strata, population = [1, 1, 1, 2, 2, 2], [4, 4, 4, 8, 8, 8]
        design = SurveyDesign(strata=strata, population=population)
        e = top_box(
            answers, scale=TWO, boxes=1, by=groups, design=design, confidence_level=1 - 1e-9
        )
        assert e.low.tolist() == pytest.approx([100 * 2 / 3, 0])  # x: 2 seen, 1 more of stratum 1
        assert e.high.tolist() == pytest.approx([100, 100 * 6 / 10])

    def test_clusters_that_were_not_drawn_may_have_any_number_of_members(self):
        answers, clusters = [2, 2, 1, 2, 2, 2], [1, 1, 2, 2, 3, 3]
        options = {"clusters": clusters, "population": [4] * 6}
        for design in (SurveyDesign(**options), SurveyDesign(**options, subpopulation=[2] * 6)):
            assert design.members_left is None
            e = top_box(answers, scale=TWO, boxes=1, design=design, confidence_level=1 - 1e-6)
            assert e.low < 1

    def test_weight_0_and_missing_answers_are_no_members_not_drawn(self):
        answers = [3, 3, 1, 9, 1, 3]
        design = SurveyDesign([1, 1, 1, 1, 0, 0], population=[8] * 6)
        e = estimate(answers, MEAN, design=design, confidence_level=1 - 1e-9)
        assert float(e.low) == pytest.approx((1 + 1 - 1 - 2) / 5)

    def test_a_mean_of_weights_beyond_it_is_its_own_limit(self):
        # Nearly all weight on one yes; of 9 members 8 were seen, and 7 said no.
        design = SurveyDesign([100] + [1] * 7, population=[9] * 8)
        e = top_box([2] + [1] * 7, scale=TWO, boxes=1, design=design)
        assert float(e.value) == float(e.high) > 200 / 9
        assert e.low >= 100 / 9

    def test_the_design_says_how_many_are_left(self):
        design = SurveyDesign(strata=[*"aab"], population=[5, 5, 1])
        assert design.members_left.tolist() == [3, 0]
        assert SurveyDesign(strata=[*"aabb"]).members_left is None

    @law
    @given(surveys())
    def test_an_infinite_population_is_none(self, survey):
        answers, strata, groups, _ = survey
        huge = np.array([INFINITE, INFINITE], dtype=object)
        finite = mean_score(
            answers, scale=THREE, by=groups, design=design_of(strata, huge, np.ones(len(strata)))
        )
        plain = mean_score(
            answers,
            scale=THREE,
            by=groups,
            design=SurveyDesign(np.ones(len(strata)), strata=strata),
        )
        np.testing.assert_allclose(finite.low, plain.low, rtol=0, atol=1e-9)
        np.testing.assert_allclose(finite.high, plain.high, rtol=0, atol=1e-9)

    @law
    @given(surveys())
    def test_the_fewer_were_not_drawn_the_narrower(self, survey):
        answers, strata, groups, _ = survey
        weights, wide = np.ones(len(strata)), None
        for more in (INFINITE, 300, 30, 3, 0):
            gone = np.array([more, more], dtype=object)
            e = mean_score(answers, scale=THREE, by=groups, design=design_of(strata, gone, weights))
            if wide is not None:
                some = e.n > 0
                assert (e.low >= wide.low - 1e-9)[some].all()
                assert (e.high <= wide.high + 1e-9)[some].all()
            wide = e
        assert ((wide.low == wide.high) | (wide.n == 0)).all()

    def test_more_answers_leave_fewer_open(self):
        answers, design = [2] * 5 + [1] * 3, SurveyDesign(population=[16] * 8)
        e = top_box(answers, scale=TWO, boxes=1, design=design, confidence_level=1 - 1e-9)
        assert e.limits_at(8).low == e.low == pytest.approx(500 / 16)
        assert e.limits_at(12).low == pytest.approx(100 * 7.5 / 16)
        assert e.limits_at(4).low == pytest.approx(100 * 2.5 / 16)
        for n in (16, 17, np.inf):
            assert e.limits_at(n).low == pytest.approx(62.5)

    def test_a_copy_and_a_choice_of_rows_know_it(self):
        answers, groups = [2] * 5 + [1] * 3, [*"xxyyxyxy"]
        sample = SurveyTally.of(answers, SurveyDesign(population=[10] * 8), TWO, by=groups)
        copy = pickle.loads(pickle.dumps(sample))
        assert copy == sample
        sure = {"scoring": SHARE, "confidence_level": 1 - 1e-9}
        whole = estimate(sample, **sure)
        assert estimate(copy, **sure).low.tolist() == whole.low.tolist()
        assert estimate(sample.sel(group="x"), **sure).low == whole.low[0] > 0
        assert estimate(sample.collapsed("group"), **sure).high == pytest.approx(70)


class TestCalibration:
    def test_limits_of_calibrated_weights_too(self):
        answers, age = [2] * 5 + [1] * 3, [*"oyoyoyyy"]
        known = Calibration({"age": age}, {"age": {"o": 5, "y": 5}})
        design = SurveyDesign(population=[10] * 8, calibration=known)
        e = top_box(answers, scale=TWO, boxes=1, design=design, confidence_level=1 - 1e-6)
        free = SurveyDesign([1] * 8, calibration=known)
        wide = top_box(answers, scale=TWO, boxes=1, design=free, confidence_level=1 - 1e-6)
        assert wide.low < 50 == pytest.approx(float(e.low))
        assert float(e.high) == pytest.approx(70)
        assert wide.high > 71


class TestDifferences:
    @law
    @given(surveys(missing=False), st.sampled_from([0.5, 0.95, 0.9999]))
    def test_limits_are_what_those_not_drawn_can_bring_about(self, survey, level):
        answers, strata, _, gone = survey
        e = estimate(
            answers, MEAN, by=strata, design=design_of(strata, gone), confidence_level=level
        )
        found = compare(e, group=(0, 1))
        (least_a, most_a), (least_b, most_b) = (
            reach(answers, strata, gone, strata == stratum) for stratum in (0, 1)
        )
        assert least_a - most_b - 1e-12 <= found.low <= found.value + 1e-12
        assert found.value - 1e-12 <= found.high <= most_a - least_b + 1e-12
        assert (found.low < found.high) == gone.any()
        if found.low + 1e-9 < 0 < found.high - 1e-9:
            assert found.p_value > 1 - level
        if found.low > 1e-9 or found.high < -1e-9:
            assert found.p_value < 1 - level

    @law
    @given(surveys(missing=False))
    def test_of_two_strata_homogeneity_is_their_comparison(self, survey):
        answers, strata, _, gone = survey
        e = estimate(answers, MEAN, by=strata, design=design_of(strata, gone))
        test, alone = homogeneity(e), compare(e, group=(0, 1))
        assert float(test.p_value) == pytest.approx(float(alone.p_value), rel=1e-7, abs=1e-12)
        assert (test.degrees_of_freedom == 0) == (not gone.any())

    def test_what_can_not_be_has_a_p_value_of_0(self):
        answers, strata = [2] * 8 + [1] + [2] * 2 + [1] * 7, [0] * 9 + [1] * 9
        for more, certain in ((1, True), (9, False)):
            design = design_of(np.array(strata), np.array([more, more]))
            e = top_box(answers, scale=TWO, boxes=1, by=strata, design=design)
            assert (compare(e, group=(0, 1)).p_value == 0) == certain
            assert (homogeneity(e).p_value == 0) == certain
            assert (homogeneity(e).statistic == np.inf) == certain

    def test_independent_surveys_have_populations_of_their_own(self):
        one, other = (
            top_box([2] * yes + [1] * (9 - yes), scale=TWO, boxes=1,
                    design=SurveyDesign(population=[size] * 9), confidence_level=1 - 1e-9)
            for yes, size in ((8, 10), (2, 12))
        )  # fmt: skip
        found = compare(one, other)
        assert found.low == pytest.approx(80 - 100 * 5 / 12)
        assert found.high == pytest.approx(90 - 100 * 2 / 12)

    def test_surveys_that_are_stacked_keep_theirs(self):
        sides = [
            SurveyTally.of([2] * 8 + [1], SurveyDesign(population=[10] * 9), TWO),
            SurveyTally.of([2] * 2 + [1] * 7, SurveyDesign([1] * 9), TWO),
            SurveyTally.of(
                [2, 1] * 4, SurveyDesign(clusters=[*"aabbccdd"], population=[5] * 8), TWO
            ),
        ]
        both = stack(*sides, wave=(1, 2, 3))
        sure = {"scoring": SHARE, "confidence_level": 1 - 1e-6}
        together = estimate(both, **sure)
        for wave, side in enumerate(sides, start=1):
            alone = estimate(side, **sure)
            assert float(together.sel(wave=wave).low) == pytest.approx(float(alone.low), rel=1e-9)
        assert float(together.sel(wave=1).low) == pytest.approx(80)


class TestCensus:
    def test_domains_differ_or_do_not(self):
        strata = [1] * 4 + [2] * 8 + [3] * 6
        design = SurveyDesign(strata=strata, population=[4] * 4 + [8] * 8 + [6] * 6)
        alike = [2, 1] * 9
        e = top_box(alike, scale=TWO, boxes=1, by=strata, design=design)
        found = homogeneity(e)
        assert (found.statistic, found.degrees_of_freedom, found.p_value) == (0, 0, 1)
        assert str(found).endswith("score test: it certainly does not, 3 groups, n=18")
        unlike = top_box([*alike[:-1], 2], scale=TWO, boxes=1, by=strata, design=design)
        found = homogeneity(unlike)
        assert (found.statistic, found.degrees_of_freedom, found.p_value) == (np.inf, 0, 0)
        assert rank(unlike).rank_low.tolist() == [2, 2, 1]
        assert rank(unlike).rank_high.tolist() == [3, 3, 1]

    def test_of_clusters_too(self):
        clusters, by = np.arange(12) // 2, np.arange(12) // 6
        design = SurveyDesign(clusters=clusters, population=[6] * 12)
        for answers, p in (([2, 1] * 6, 1), ([2, 1] * 5 + [1, 1], 0)):
            e = top_box(answers, scale=TWO, boxes=1, by=by, design=design)
            assert homogeneity(e).p_value == p
            assert compare(e, group=(0, 1)).p_value == p

    def test_equal_shares_but_for_rounding_are_equal(self):
        strata = np.repeat([1, 2, 3], [10, 20, 30])
        design = SurveyDesign(strata=strata, population=np.bincount(strata)[strata])
        answers = np.concatenate([[1] * (7 * k) + [2] * (3 * k) for k in (1, 2, 3)])
        e = estimate(answers, Scoring(TWO, [0.1, 0.7]), by=strata, design=design)
        assert homogeneity(e).p_value == 1
        for pair in ((1, 2), (1, 3), (2, 3)):
            found = compare(e, group=pair)
            assert found.p_value == 1
            assert found.low <= 0 <= found.high

    @pytest.mark.parametrize("shares", [(4, 8), (4, 9)])
    def test_some_that_are_known_settle_the_mean_of_the_others(self, shares):
        # Two strata of which everybody was drawn, and two of which 20 of 200 were.
        strata = np.repeat([1, 2, 3, 4], [8, 16, 20, 20])
        sizes = np.repeat([8, 16, 200, 200], [8, 16, 20, 20])
        yes = (*shares, 12, 15)
        answers = np.concatenate(
            [[2] * k + [1] * (n - k) for k, n in zip(yes, (8, 16, 20, 20), strict=True)]
        )
        design = SurveyDesign(strata=strata, population=sizes)
        e = top_box(answers, scale=TWO, boxes=1, by=strata, design=design)
        found = homogeneity(e)
        if shares == (4, 9):
            assert (found.p_value, found.statistic, found.degrees_of_freedom) == (0, np.inf, 2)
            return
        # Both known are one half: chi-squares of the others against it, as their design moves them.
        alone = [compare(e, group=(group, 1)).p_value for group in (3, 4)]
        assert found.p_value < min(float(p) for p in alone) * 2
        assert 1.9 < found.degrees_of_freedom <= 2
        assert homogeneity(e[[0, 2, 3]]).p_value == pytest.approx(float(found.p_value), rel=1e-9)

    def test_a_census_at_the_end_of_the_scale(self):
        strata = np.repeat([1, 2], [6, 40])
        design = SurveyDesign(strata=strata, population=np.repeat([6, 4000], [6, 40]))
        for answer, p in ((1, 0), (2, 1)):
            e = top_box([2] * 45 + [answer], scale=TWO, boxes=1, by=strata, design=design)
            assert float(homogeneity(e).p_value) == p
            assert float(compare(e, group=(1, 2)).p_value) == p

    def test_the_rest_is_one_too(self):
        strata = np.repeat([1, 2, 3], [4, 8, 6])
        design = SurveyDesign(strata=strata, population=np.bincount(strata)[strata])
        e = top_box([2, 1] * 9, scale=TWO, boxes=1, by=strata, design=design)
        found = with_rest(e)
        assert found.p_value.tolist() == [1, 1, 1]
        assert found.low.tolist() == found.high.tolist() == [0, 0, 0]
