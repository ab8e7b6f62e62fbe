"""
Differences between rows of one survey, or of two, and tests that rows differ at all.

The numbers of T1 to T8 come from R 4.2.2 with survey 4.1.1 (means and their covariances by
`svyby(..., covmat=TRUE)`; limits by nested `uniroot` on the definition).
"""

import re

import attrs
import numpy as np
import pytest

from custfocus.comparisons import compare
from custfocus.comparisons.groups import with_rest
from custfocus.errors import TallyError
from custfocus.indices.estimate import estimate
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import ReplicateWeights, SurveyDesign, SurveyTally, stack

FIVE = Scoring.mean(Scale.likert(5), 1, 5)
YES = Scoring(Scale([0, 1]), [0, 1])
TEN = Scoring(Scale.range(0, 10), range(11))
Y = [5, 4, 3, 5, 2, 4, 5, 1, 4, 3, 5, 5, 2, 4, 4, 3]
W = [1, 2, 1.5, 1, 3, 1, 2, 1, 1, 2, 1, 1.5, 2, 1, 1, 2.5]
C = np.repeat([1, 2, 3, 4], 4)
G = list("aabbabbbaaababba")
KINDS = {
    "cells": SurveyDesign(W, clusters=C),
    "unclustered": SurveyDesign(W, strata=np.repeat([1, 2], 8)),
    "respondents": SurveyDesign(W, clusters=C, population=[40] * 16),
    "replicates": ReplicateWeights(
        W, np.array(W)[:, None] * (4 / 3 * (C[:, None] != [1, 2, 3, 4])), "jk1"
    ),
}
every_kind = pytest.mark.parametrize("design", KINDS.values(), ids=KINDS)
T1 = estimate(Y, FIVE, design=SurveyDesign(W, clusters=C), by={"g": G})


def message(text):
    return "^" + re.escape(text)


def difference(e, **labels):
    return compare(e, **(labels or {"g": ("a", "b")}))


def numbers(found):
    return (
        float(found.value),
        float(found.design_effect),
        float(found.degrees_of_freedom),
        float(found.low),
        float(found.high),
        float(found.p_value),
    )


def close(*values):
    return pytest.approx(values, rel=1e-10)


class TestAgainstR:
    def test_clusters_that_cross_the_domains(self):
        found = difference(T1)
        assert numbers(found) == close(
            -0.862068965517, 0.660359451389, 2.908146904717, -2.189773075466, 1.111748605541,
            0.229394397763,
        )  # fmt: skip
        assert float(found.standard_error) ** 2 == pytest.approx(1.863539102563196e-01, rel=1e-12)
        covariance = 4.867221561632974e-02
        apart = np.sqrt(2.370316748223125e-01 * 4.666666666666665e-02)
        assert float(found.correlation) == pytest.approx(covariance / apart, rel=1e-12)

    def test_a_share_in_two_strata_beside_a_third_domain(self):
        y = [1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0]
        w = [2, 2, 1, 1, 3, 2, 1, 1, 2, 2, 1, 4, 1, 1, 2, 3, 1, 2]
        design = SurveyDesign(w, strata=np.repeat([1, 2], 9), clusters=np.repeat(range(6), 3))
        e = estimate(y, YES, design=design, by={"g": list("abbaabbbcabcaababb")})
        assert numbers(difference(e)) == close(
            0.307692307692, 1.649933420944, 3.728404959219, -0.534880777497, 0.820682493116,
            0.373518685302,
        )  # fmt: skip

    def test_two_surveys_are_independent_whether_compared_or_stacked(self):
        y = [0, 5, 10, 9, 8, 10, 7, 3, 10, 9, 6, 8, 2, 10, 0, 7, 9, 5]
        w = [1, 2, 0.5, 1, 1, 3, 1, 1, 2, 1, 1, 1, 4, 1, 1, 2, 0.5, 1]
        expected = close(
            2.655394524960, 1, 9.813655149275, -1.700582337556, 5.980720883267, 0.190849252343
        )
        tallies = [
            SurveyTally.of(y[part], SurveyDesign(w[part]), TEN.scale)
            for part in (slice(0, 10), slice(10, 18))
        ]
        found = compare(*(estimate(tally, TEN) for tally in tallies))
        assert numbers(found) == expected
        assert found.correlation == 0
        stacked = estimate(stack(*tallies, wave=("b", "a")), TEN)
        assert numbers(compare(stacked, wave=("b", "a"))) == expected

    def test_a_panel_shares_its_clusters(self):
        people, y = [[1, 2, 3, 4, 5, 6], [1, 2, 3, 7, 8]], [[5, 3, 4, 2, 5, 4], [4, 3, 2, 5, 1]]
        w = [[1, 2, 1, 1, 1.5, 1], [1, 1, 2, 1, 1]]
        waves = [
            SurveyTally.of(
                y[wave],
                SurveyDesign(
                    w[wave],
                    strata=["both" if one <= 3 else f"only {wave}" for one in people[wave]],
                    clusters=people[wave],
                ),
                FIVE.scale,
            )
            for wave in (0, 1)
        ]
        stacked = stack(*waves, wave=("before", "after"), shared_clusters=True)
        found = compare(estimate(stacked, FIVE), wave=("before", "after"))
        assert numbers(found) == close(
            0.966666666667, 1.408159530898, 4.274076200705, -1.721655363561, 2.874776762125,
            0.362740490688,
        )  # fmt: skip
        assert float(found.standard_error) ** 2 == pytest.approx(8.455493827160494e-01, rel=1e-12)

    def test_all_answers_equal_in_one_domain(self):
        y = [5 if group == "a" else answer for group, answer in zip(G, Y, strict=True)]
        e = estimate(y, FIVE, design=SurveyDesign(W, clusters=C), by={"g": G})
        assert numbers(difference(e)) == close(
            1, 1, 2.631578947368, -2.335454228123, 2.961532305108, 0.361229150169
        )

    def test_domains_in_different_clusters(self):
        y = [5, 5, 4, 5, 2, 1, 2, 2, 4, 4, 5, 4, 1, 2, 1, 3, 5, 4, 5, 5, 3, 2, 1, 2]
        groups = np.tile(np.repeat(["a", "b"], 4), 3)
        design = SurveyDesign(np.tile([1, 2, 1, 1.5], 6), clusters=np.repeat(range(6), 4))
        assert numbers(difference(estimate(y, FIVE, design=design, by={"g": groups}))) == close(
            2.696969696970, 1.098918918919, 3.905055251137, 0.809209224506, 3.340689140617,
            0.022228971172,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("lonely_psu", "variance"),
        [("certainty", 0.8492), ("adjust", 0.9117), ("average", 1.2738)],
    )
    def test_strata_of_a_single_cluster(self, lonely_psu, variance):
        y, w = (
            [5, 4, 2, 5, 3, 4, 1, 5, 4, 2, 5, 3, 4, 1],
            [1, 2, 1, 3, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1],
        )
        design = SurveyDesign(
            w,
            strata=np.repeat(["s", "t", "u"], [8, 2, 4]),
            clusters=[1, 1, 2, 2, 3, 3, 3, 1, 4, 4, 5, 5, 6, 6],
            lonely_psu=lonely_psu,
        )
        found = difference(estimate(y, FIVE, design=design, by={"g": list("ababaabbabbaab")}))
        assert float(found.value) == pytest.approx(-0.1, rel=1e-12)
        assert float(found.standard_error) ** 2 == pytest.approx(variance, rel=1e-12)

    def test_three_domains_are_tested_together(self):
        sample = SurveyTally.of(
            [*Y, 5, 5, 3, 1, 4],
            SurveyDesign([*W, 1, 1, 2, 1, 1], clusters=np.repeat(range(6), [4, 4, 4, 4, 3, 2])),
            FIVE.scale,
            by=list("abccabbcabcbabcacbabc"),
        )
        found = sample.homogeneity(FIVE, np.zeros(3, np.intp), 1)
        assert [float(part[0]) for part in found] == pytest.approx(
            [1.305239052392, 1.318028150991, 6.125817125553, 0.314029379088], rel=1e-10
        )


class TestRowsOfOneSurvey:
    def test_a_group_that_only_missed_its_answers_is_left_out(self):
        scale = Scale.likert(5, missing=[9])
        answers, groups = [*Y, 9, 9], [*G, "c", "c"]
        design = SurveyDesign([*W, 1, 1], clusters=[*C, 1, 2])
        sample = SurveyTally.of(answers, design, scale, by={"g": groups})
        assert sample.n.tolist()[2] == 0
        found = sample.homogeneity(Scoring.mean(scale, 1, 5), np.zeros(3, np.intp), 1)
        expected = T1.sample.homogeneity(FIVE, np.zeros(2, np.intp), 1)
        np.testing.assert_allclose(np.ravel(found), np.ravel(expected), rtol=1e-12)

    @every_kind
    def test_two_domains_are_tested_as_they_are_compared(self, design):
        e = estimate(Y, FIVE, design=design, by={"g": G})
        found = e.sample.homogeneity(FIVE, np.zeros(2, np.intp), 1)
        assert float(found.p_value[0]) == pytest.approx(float(difference(e).p_value), rel=1e-9)

    def test_rows_of_another_block_do_not_matter(self):
        by = {"g": G, "half": np.tile([1, 2], 8)}
        sample = SurveyTally.of(
            {"q": Y, "r": Y[::-1]}, SurveyDesign(W, clusters=C), FIVE.scale, by=by
        )
        _, block = np.unique(np.array(list(sample.keys))[:, 1:], axis=0, return_inverse=True)
        found = sample.homogeneity(FIVE, block.ravel(), 4)
        for half in (1, 2):
            for place, item in enumerate("qr"):
                alone = sample.sel(half=half, item=item)
                expected = alone.homogeneity(FIVE, np.zeros(2, np.intp), 1)
                assert found.p_value[2 * (half - 1) + place] == expected.p_value[0]

    def test_a_single_row_with_answers_is_not_tested(self):
        sample = SurveyTally.of(Y, SurveyDesign(W, clusters=C), FIVE.scale, by=["a"] * 16)
        assert np.isnan(sample.homogeneity(FIVE, np.zeros(1, np.intp), 1).p_value).all()

    def test_p_values_are_those_of_the_differences(self):
        one, other = np.array([0, 1, -1]), np.array([1, 0, 0])
        found = T1.sample.differences(FIVE, one, T1.sample, other, 0.95)
        np.testing.assert_array_equal(T1.sample.p_values(FIVE, one, other), found.p_value)
        assert np.isnan([part[2] for part in found]).all()
        assert found.low[0] == -found.high[1]

    def test_a_row_without_answers_is_not_compared(self):
        scale = Scale.likert(5, missing=[9])
        scoring = Scoring.mean(scale, 1, 5)
        e = estimate([5, 4, 9, 1], scoring, weights=[1] * 4, by={"g": list("aabc")})
        found = compare(e.sel(g=["a", "b"]), e.sel(g=["a", "b"]))
        assert np.isnan(found.p_value).tolist() == [False, True]

    @every_kind
    def test_the_rest_of_a_block_is_what_it_would_have_been_from_the_start(self, design):
        groups = list("abcabcabcacbabca")
        e = estimate({"q": Y, "r": Y[::-1]}, FIVE, design=design, by={"g": groups})
        found = with_rest(e, across="g")
        chosen = with_rest(e.sel(item="r"))
        np.testing.assert_allclose(chosen.low, found.sel(item="r").low, rtol=1e-12)
        for item, answers in (("q", Y), ("r", Y[::-1])):
            for one in "abc":
                two = ["one" if group == one else "rest" for group in groups]
                expected = compare(
                    estimate(answers, FIVE, design=design, by={"g": two}), g=("one", "rest")
                )
                alone = found.sel(label_a=one, item=item)[0]
                assert numbers(alone) == pytest.approx(numbers(expected), rel=1e-9)

    def test_the_rest_leaves_out_rows_that_were_not_chosen(self):
        e = estimate(
            Y, FIVE, design=SurveyDesign(W, clusters=C), by={"g": list("abcabcabcacbabca")}
        )
        found = with_rest(e.sel(g=["a", "b"]))
        expected = compare(e, g=("a", "b"))
        assert float(found[0].low) == pytest.approx(float(expected.low), rel=1e-12)

    def test_rows_added_up_in_two_ways_are_not_compared(self):
        by = {"g": G, "half": np.tile([1, 2], 8)}
        tally = SurveyTally.of(Y, SurveyDesign(W, clusters=C), FIVE.scale, by=by)
        one, other = tally.collapsed("half").sel(g="a"), tally.collapsed("g").sel(half=1)
        text = "rows of one survey are compared as they were tallied, got rows that were added up"
        with pytest.raises(TallyError, match=message(text)):
            compare(estimate(one, FIVE), estimate(other, FIVE))

    def test_a_copy_is_of_the_same_survey(self):
        again = attrs.evolve(T1, sample=attrs.evolve(T1.sample))
        assert numbers(compare(T1.sel(g="a"), again.sel(g="b"))) == numbers(difference(T1))


class TestReplicates:
    def test_another_survey_is_independent_of_them(self):
        weights = np.ones(8)
        left_out = 4 / 3 * (np.repeat(range(4), 2)[:, None] != np.arange(4))
        one = estimate(Y[:8], FIVE, design=ReplicateWeights(weights, left_out, "jk1"))
        other = estimate(Y[8:], FIVE, design=SurveyDesign(W[8:]))
        found = compare(one, other)
        assert found.correlation == 0
        expected = np.hypot(one.standard_error, other.standard_error)
        assert float(found.standard_error) == pytest.approx(float(expected), rel=1e-14)


class TestTwoSamples:
    @every_kind
    def test_of_one_design_are_an_error_that_names_both_ways_out(self, design):
        text = (
            "two samples of one design can't be taken for independent, got designs that are equal; "
            "pick rows of one sample, compare(e, wave=('after', 'before')), or put the two "
            "together first, surveys.stack(a, b, shared_clusters=...)"
        )
        one, other = (estimate(answers, FIVE, design=design) for answers in (Y, Y[::-1]))
        with pytest.raises(TallyError, match=message(text)):
            compare(one, other)

    @pytest.mark.parametrize(
        "other",
        [
            SurveyDesign([*W[:15], 2], clusters=C),
            SurveyDesign(W, clusters=C + 1),
            SurveyDesign(W, clusters=np.roll(C, 1)),
            KINDS["unclustered"],
            KINDS["respondents"],
            KINDS["replicates"],
        ],
    )
    def test_of_designs_that_differ_are_independent(self, other):
        one, two = (estimate(Y, FIVE, design=each) for each in (SurveyDesign(W, clusters=C), other))
        for a, b in ((one, two), (two, one)):
            found = compare(a, b)
            assert (float(found.correlation), float(found.value)) == (0, a.value - b.value)

    def test_the_order_of_adding_up_makes_no_other_design(self):
        weights = [0.1, 0.7, 0.3] * 4
        one = estimate([5, 4, 3] * 4, FIVE, design=SurveyDesign(weights, clusters=[1, 1, 2] * 4))
        other = estimate([1, 5, 5] * 4, FIVE, design=SurveyDesign(weights, clusters=[1, 1, 2] * 4))
        with pytest.raises(TallyError, match="two samples of one design"):
            compare(one, other)

    def test_a_plain_sample_has_no_weights_to_compare(self):
        plain = estimate(Tally.of(Y, FIVE.scale), FIVE)
        text = (
            "a sample of a design can't be compared with a plain one, whose weights are not known"
        )
        with pytest.raises(TallyError, match=message(text)):
            compare(estimate(Y, FIVE, weights=W), plain)
