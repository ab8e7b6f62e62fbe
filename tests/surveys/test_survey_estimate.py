"""An index of a survey: value, interval, what is behind them, how they read, and the edges."""

import math
import re
from typing import get_args

import numpy as np
import pytest
from scipy.special import betaincinv, stdtrit

from custfocus.errors import OptionError, TallyError
from custfocus.indices.estimate import estimate
from custfocus.intervals.design_limits import METHODS, t_quantile
from custfocus.intervals.dirichlet_limits import ExactMethod
from custfocus.intervals.exact_interval import exact_limits
from custfocus.intervals.methods import SurveyMethod
from custfocus.responses import Scale, Scoring
from custfocus.surveys import SurveyDesign

FIVE = Scale.likert(5, missing=[9])
TOP = Scoring.top_box(FIVE)
NPS = Scoring.net_promoter(Scale.range(0, 10))
MEAN = Scoring.mean(FIVE, 1, 5)
Z = 1.959963984540054
ANSWERS = [5, 4, 2, 5, 9, 1, 4, 3]
DISTRICTS = ["n", "n", "s", "s", "n", "s", "s", "n"]
EQUAL = SurveyDesign(np.ones(8))
CLUSTERS = SurveyDesign(clusters=[1, 1, 2, 2, 3, 3, 4, 4])
METHOD_NAMES = get_args(SurveyMethod)
every_method = pytest.mark.parametrize("method", METHOD_NAMES)


def scored(answers, scoring, design, **options):
    return estimate(answers, scoring, design=design, **options)


def shows_none(estimate):
    """Where no variance is shown, for which the normal quantile is taken."""
    return np.isinf(estimate.degrees_of_freedom)


def top(answers, design, **options):
    return scored(answers, TOP, design, **options)


def limits(estimate):
    return float(estimate.low), float(estimate.high)


def wilson(p, n, z2=Z**2):
    centre, half = n * p + z2 / 2, math.sqrt(z2 * (n * p * (1 - p) + z2 / 4))
    return 100 * (centre - half) / (n + z2), 100 * (centre + half) / (n + z2)


def message(text):
    return "^" + re.escape(text)


class TestOneSampleDrawnOneByOne:
    """Equal weights, no strata, no clusters: 4 of 7 are satisfied, one gave no answer."""

    def test_the_value_is_the_share(self):
        estimate = top(ANSWERS, EQUAL)
        assert float(estimate) == 100 * 4 / 7
        assert (int(estimate.n), int(estimate.missing)) == (7, 1)
        assert (estimate.metric.name, estimate.metric.unit) == ("top 2 boxes", "percent")
        assert estimate.shape == ()

    def test_the_standard_error_is_that_of_a_mean_by_the_variance_with_n_less_1(self):
        # The missing one stays in the design, so 8/7 * sum z² and not 7/6: as in R
        estimate = top(ANSWERS, EQUAL)
        spread = 4 / 7 * 3 / 7
        variance = 8 / 7 * spread / 7
        assert float(estimate.standard_error) == pytest.approx(100 * variance**0.5, rel=1e-14)
        assert float(estimate.effective_n) == pytest.approx(spread / variance, rel=1e-14)
        assert float(estimate.design_effect) == pytest.approx(variance / (spread / 6), rel=1e-14)

    def test_without_missing_answers_the_design_effect_is_1_and_the_effective_n_is_n_less_1(self):
        estimate = top([5, 4, 2, 5, 1, 4, 3], SurveyDesign(np.ones(7)))
        assert float(estimate.design_effect) == pytest.approx(1, rel=1e-14)
        assert float(estimate.effective_n) == pytest.approx(6, rel=1e-14)
        assert int(estimate.degrees_of_freedom) == 6
        assert not shows_none(estimate)

    def test_the_score_interval_is_that_of_wilson_with_t_in_place_of_z(self):
        estimate = top([5, 4, 2, 5, 1, 4, 3], SurveyDesign(np.ones(7)))
        t = -stdtrit(6, 0.025)
        assert limits(estimate) == pytest.approx(wilson(4 / 7, 6, t**2), rel=1e-12)

    def test_the_score_interval_of_more_than_two_points_lies_on_its_scale(self):
        estimate = scored([10, 9, 10, 10, 9, 9, 10, 10, 9, 3], NPS, SurveyDesign([1] * 10))
        t_interval = scored(
            [10, 9, 10, 10, 9, 9, 10, 10, 9, 3], NPS, SurveyDesign([1] * 10), method="t"
        )
        assert -100 < estimate.low < 80 < estimate.high < 100 < t_interval.high
        assert float(estimate) == float(t_interval) == 80

    def test_the_t_interval_is_the_mean_give_or_take_t_standard_errors(self):
        estimate = scored(ANSWERS, MEAN, EQUAL, method="t", confidence_level=0.9)
        half = -stdtrit(6, 0.05) * float(estimate.standard_error)
        assert limits(estimate) == pytest.approx(
            (float(estimate) - half, float(estimate) + half), rel=1e-14
        )

    def test_the_beta_interval_is_that_of_clopper_and_pearson_for_the_effective_n(self):
        estimate = top([5, 4, 2, 5, 1, 4, 3], SurveyDesign(np.ones(7)), method="beta")
        low, high = (
            betaincinv(6 * 4 / 7, 6 * 3 / 7 + 1, 0.025),
            betaincinv(6 * 4 / 7 + 1, 6 * 3 / 7, 0.975),
        )
        assert limits(estimate) == pytest.approx((100 * low, 100 * high), rel=1e-12)

    def test_the_logit_interval_is_that_of_the_log_odds(self):
        estimate = top([5, 4, 2, 5, 1, 4, 3], SurveyDesign(np.ones(7)), method="logit")
        half = -stdtrit(6, 0.025) / math.sqrt(6 * 4 / 7 * 3 / 7)
        odds = [math.exp(math.log(4 / 3) + sign * half) for sign in (-1, 1)]
        assert limits(estimate) == pytest.approx([100 * o / (1 + o) for o in odds], rel=1e-12)


class TestDesigns:
    def test_weights_count_as_so_many_answers_in_the_value(self):
        assert float(top([5, 4, 1], SurveyDesign([1, 2, 5]))) == 100 * 3 / 8

    def test_strata_take_their_differences_out_of_the_variance(self):
        answers, strata = [5, 5, 4, 1, 1, 2], ["a", "a", "a", "b", "b", "b"]
        stratified = scored(answers, MEAN, SurveyDesign(strata=strata))
        plain = scored(answers, MEAN, SurveyDesign([1] * 6))
        # Deviations 1/3, 1/3, -2/3 in each stratum; 3/2 * 2/3 * 2 / 36
        assert float(stratified.standard_error) == pytest.approx((1 / 18) ** 0.5, rel=1e-14)
        assert float(plain.design_effect) == pytest.approx(1, rel=1e-14)
        assert stratified.design_effect < 0.1
        assert int(stratified.degrees_of_freedom) == 4

    def test_the_score_interval_takes_no_more_answers_than_there_are(self):
        answers, strata = [5] * 4 + [1] * 3 + [5], ["a"] * 4 + ["b"] * 4
        estimate = top(answers, SurveyDesign(strata=strata))
        assert estimate.effective_n > 8
        t = -stdtrit(6, 0.025)
        assert limits(estimate) == pytest.approx(wilson(5 / 8, 8, t**2), rel=1e-12)

    def test_in_a_finite_population_it_takes_as_many_as_would_tell_as_much(self):
        answers, strata = [5] * 4 + [1] * 3 + [5], ["a"] * 4 + ["b"] * 4
        estimate = top(answers, SurveyDesign(strata=strata, population=[16] * 4 + [8] * 4))
        # Weights 4 and 2; unasked are 3/4 of a, 1/2 of b, so 24² / (4 * 4² * 3/4 + 4 * 2² * 1/2)
        size = 24**2 / (48 + 8)
        assert estimate.effective_n > size
        t = -stdtrit(6 * 24**2 / (8 * 80), 0.025)
        p = (16 + 8 / 4) / 24
        low, high = wilson(p, size, t**2)
        assert high > 87.5  # as 3 of 24 said no
        assert limits(estimate) == pytest.approx((low, 87.5), rel=1e-12)

    def test_the_score_interval_takes_no_more_answers_than_kish(self):
        weights = [1, 4, 1, 1]
        estimate = top([5, 5, 4, 1], SurveyDesign(weights))
        kish = 7**2 / 19
        assert estimate.effective_n > kish
        assert float(estimate.degrees_of_freedom) == pytest.approx(3 / 4 * kish, rel=1e-14)
        t = -stdtrit(3 / 4 * kish, 0.025)
        assert limits(estimate) == pytest.approx(wilson(6 / 7, kish, t**2), rel=1e-12)

    def test_of_two_stages_both_leave_somebody_unasked(self):
        design = SurveyDesign(
            strata=["a"] * 4 + ["b"] * 4,
            clusters=[1, 1, 2, 2] * 2,
            population=[4] * 8,
            subpopulation=[4] * 8,
        )
        estimate = top([5] * 4 + [1] * 3 + [5], design)
        assert estimate.effective_n > 64 / 6
        # Asked: 2 of 4 clusters and 2 of 4 in each, so a quarter of all; 8² / (8 * 3/4)
        t = -stdtrit(2, 0.025)
        assert limits(estimate) == pytest.approx(wilson(5 / 8, 64 / 6, t**2), rel=1e-12)

    def test_clusters_of_like_answers_tell_less(self):
        clustered = top(
            [5, 5, 5, 1, 1, 1, 5, 5, 5, 1, 1, 1], SurveyDesign(clusters=np.arange(12) // 3)
        )
        assert float(clustered.effective_n) == pytest.approx(3, rel=1e-12)
        assert float(clustered.design_effect) == pytest.approx(11 / 3, rel=1e-12)
        assert limits(clustered) == pytest.approx(wilson(0.5, 3, stdtrit(3, 0.025) ** 2), rel=1e-12)

    def test_missing_answers_leave_their_clusters_in_the_design(self):
        without = top([5, 1, 5, 1], SurveyDesign(clusters=[1, 1, 2, 3]))
        more = top([5, 1, 5, 1, 9], SurveyDesign(clusters=[1, 1, 2, 3, 4]))
        ratio = float(more.standard_error / without.standard_error) ** 2
        assert ratio == pytest.approx((4 / 3) / (3 / 2), rel=1e-13)
        df = 2 / 3 * 4**2 / 6  # clusters of 2, 1 and 1
        assert float(without.degrees_of_freedom) == pytest.approx(df, rel=1e-14)
        assert more.degrees_of_freedom == without.degrees_of_freedom
        assert int(more.missing) == 1

    def test_a_census_has_no_interval(self):
        for method in METHOD_NAMES:
            for answers in ([5, 4, 2, 5, 1], [5, 5, 5, 5, 5], [1, 1, 1, 1, 1]):
                estimate = top(answers, SurveyDesign(population=[5] * 5), method=method)
                assert limits(estimate) == (float(estimate), float(estimate))
                assert math.isinf(estimate.effective_n)
                assert float(estimate.design_effect) == 0


class TestExactLimits:
    @pytest.mark.parametrize("method", get_args(ExactMethod))
    @pytest.mark.parametrize("scoring", [TOP, MEAN, Scoring(FIVE, [0, 0, 3, 4, 9])])
    def test_they_are_those_of_as_many_answers_as_the_score_interval_takes(self, method, scoring):
        found = scored(ANSWERS, scoring, SurveyDesign(range(1, 9)), method=method)
        weights = np.array(found.sample.shares)
        t = stdtrit(float(found.degrees_of_freedom), 0.975)
        kish = 31**2 / 179  # of the seven who answered
        size = min(float(found.effective_n), kish) * (Z / t) ** 2
        low, high = exact_limits(
            weights, scoring.quoted_scores, np.array(size), 0.95, None, method=method
        )
        assert limits(found) == pytest.approx((float(low), float(high)), abs=1e-9)


class TestNoVariance:
    """Kish's effective size over the clusters, and z in place of t."""

    def test_equal_answers_have_kishs_effective_n(self):
        weights = [1, 2, 3, 1]
        estimate = top([5, 5, 4, 4], SurveyDesign(weights))
        assert float(estimate.effective_n) == pytest.approx(7**2 / 15, rel=1e-14)
        assert limits(estimate) == pytest.approx(wilson(1, 49 / 15), rel=1e-12)
        assert float(estimate.design_effect) == pytest.approx(4 * 15 / 49, rel=1e-14)
        assert float(estimate.standard_error) == 0
        assert shows_none(estimate)

    def test_equal_answers_in_clusters_count_once_for_each_cluster(self):
        estimate = top([5] * 8, CLUSTERS)
        assert float(estimate.effective_n) == 4
        assert float(estimate.design_effect) == 2
        assert limits(estimate) == pytest.approx(wilson(1, 4), rel=1e-12)

    def test_equal_answers_in_a_finite_population_count_for_more(self):
        design = SurveyDesign(clusters=[1, 1, 2, 2], population=[8] * 4)
        assert float(top([5] * 4, design).effective_n) == pytest.approx(2 / (1 - 2 / 8), rel=1e-14)

    def test_equal_answers_on_two_stages_count_by_both(self):
        design = SurveyDesign(clusters=[1, 1, 2, 2], population=[8] * 4, subpopulation=[4] * 4)
        # 3/4 of 2 (1/2)² between, and 1/4 of 1/2 of 4 (1/4)² within
        expected = 1 / (3 / 8 + 1 / 32)
        assert float(top([5] * 4, design).effective_n) == pytest.approx(expected, rel=1e-14)

    def test_equal_clusters_of_unlike_answers_have_no_variance_either(self):
        estimate = top([5, 1, 5, 1, 5, 1, 5, 1], CLUSTERS)
        assert shows_none(estimate)
        assert limits(estimate) == pytest.approx(wilson(0.5, 4), rel=1e-12)

    def test_equal_clusters_have_no_variance_within_rounding(self):
        scale = Scale([0, 0.1, 0.3, 1])
        answers = [0.1, 0.3, 1] * 30
        design = SurveyDesign(np.tile([0.1, 0.7, 0.3], 30), clusters=np.arange(90) // 3)
        assert shows_none(scored(answers, Scoring(scale, scale.points), design))

    def test_a_small_variance_is_one(self):
        yes = np.arange(20000) == 0
        answers = np.where(yes, 1, 0)
        design = SurveyDesign(np.where(yes, 1e-4, 1))
        estimate = scored(answers, Scoring(Scale([0, 1]), [0, 1]), design)
        assert not shows_none(estimate)

    def test_the_beta_interval_takes_the_same_size(self):
        estimate = top([5] * 8, CLUSTERS, method="beta")
        assert limits(estimate) == pytest.approx((100 * 0.025**0.25, 100), rel=1e-12)
        estimate = top([1] * 8, CLUSTERS, method="beta")
        assert limits(estimate) == pytest.approx((0, 100 - 100 * 0.025**0.25), rel=1e-12)

    @pytest.mark.parametrize("answer", [1, 5])
    def test_the_logit_interval_of_equal_answers_is_all_of_the_scale(self, answer):
        assert limits(top([answer] * 8, CLUSTERS, method="logit")) == (0, 100)

    def test_the_logit_interval_takes_the_same_size(self):
        estimate = top([5, 1, 5, 1, 5, 1, 5, 1], CLUSTERS, method="logit")
        odds = math.exp(Z / math.sqrt(4 / 4))
        assert limits(estimate) == pytest.approx([100 / (1 + odds), 100 * odds / (1 + odds)])

    def test_the_t_interval_has_no_width(self):
        assert limits(top([5] * 8, CLUSTERS, method="t")) == (100, 100)


class TestDomains:
    def test_domains_keep_all_clusters_of_the_design(self):
        design = SurveyDesign(np.ones(8), clusters=[1, 1, 2, 2, 3, 3, 4, 4])
        estimate = top(
            [5, 1, 5, 1, 5, 5, 1, 1], design, by=["a", "b", "a", "b", "a", "a", "b", "b"]
        )
        b = estimate[1]
        # b is 0 of 4; a is all satisfied: no variance in either
        assert shows_none(estimate).tolist() == [True, True]
        mixed = top([5, 1, 1, 1, 5, 5, 1, 1], design, by=["a", "b", "a", "b", "a", "a", "b", "b"])
        # a: 3 of 4; totals of (x - 3/4) / 4: 1/16, -3/16, 2/16, 0
        expected = 4 / 3 * (1 + 9 + 4) / 256
        assert float(mixed[0].standard_error) == pytest.approx(100 * expected**0.5, rel=1e-14)
        df = 2 / 3 * 4**2 / 6  # clusters of 1, 1 and 2, and of 1, 1 and 2
        assert mixed.degrees_of_freedom.tolist() == [df, np.inf]  # b shows no variance
        assert float(b) == 0

    @every_method
    def test_a_domain_without_answers_is_nan_with_n_0(self, method):
        estimate = top(
            [5, 9, 9, 1, 4], SurveyDesign([1, 1, 1, 1, 0]), by=list("abbac"), method=method
        )
        assert estimate.n.tolist() == [2, 0, 0]
        assert estimate.missing.tolist() == [0, 2, 0]
        assert estimate.degrees_of_freedom[0] == 1
        for name in (
            "value", "low", "high", "standard_error", "degrees_of_freedom", "design_effect",
            "effective_n",
        ):  # fmt: skip
            assert np.isnan(getattr(estimate, name)).tolist() == [False, True, True], name

    @every_method
    def test_a_batch_of_empty_domains_only_is_nan(self, method):
        estimate = top([9, 9], SurveyDesign([1, 1]), by=["a", "b"], method=method)
        assert np.isnan([estimate.value, estimate.low, estimate.high]).all()

    def test_one_respondent_in_a_domain_is_one_answer(self):
        estimate = top([5, 1, 4, 2], SurveyDesign([2, 1, 3, 1]), by=["a", "b", "b", "b"])[0]
        assert int(estimate.n) == 1
        assert shows_none(estimate)
        assert float(estimate.effective_n) == float(estimate.design_effect) == 1
        assert limits(estimate) == pytest.approx(wilson(1, 1), rel=1e-12)

    def test_a_domain_of_one_cluster_is_one_answer(self):
        estimate = top(
            [5, 1, 4, 2, 5, 5], SurveyDesign(clusters=[1, 1, 1, 2, 3, 3]), by=list("aaabbb")
        )[0]
        assert int(estimate.n) == 3
        assert shows_none(estimate)
        assert float(estimate.effective_n) == pytest.approx(1, rel=1e-14)
        assert float(estimate.standard_error) == pytest.approx(0, abs=1e-12)
        assert limits(estimate) == pytest.approx(wilson(2 / 3, 1), rel=1e-12)

    def test_a_domain_of_one_cluster_in_each_of_two_strata_has_one_degree_of_freedom(self):
        design = SurveyDesign(strata=list("aaabbb"))
        estimate = top([5, 5, 1, 1, 4, 4], design, by=list("xyyxyy"))[0]
        assert int(estimate.degrees_of_freedom) == 1
        assert not shows_none(estimate)
        assert 0 <= estimate.low < 5
        assert 95 < estimate.high <= 100

    def test_strata_of_single_clusters_count_in_a_domain_where_it_has_somebody(self):
        design = SurveyDesign(strata=list("aaaabbbbc"), lonely_psu="average")
        answers = [5, 1, 1, 5, 5, 1, 5, 5, 5]
        certain = scored(
            answers,
            MEAN,
            SurveyDesign(strata=design.strata, lonely_psu="certainty"),
            by=list("xxyyxxyyx"),
        )
        average = scored(answers, MEAN, design, by=list("xxyyxxyyx"))
        ratio = (average.standard_error / certain.standard_error) ** 2
        np.testing.assert_allclose(ratio, [3 / 2, 1], rtol=1e-14)

    def test_a_domain_of_strata_of_single_clusters_only_has_no_variance_to_average(self):
        design = SurveyDesign(strata=list("aabc"), lonely_psu="average")
        estimate = top([5, 1, 5, 1], design, by=list("xxyy"))
        assert shows_none(estimate).tolist() == [False, True]
        assert float(estimate.effective_n[1]) == 2


class TestImpossibleInput:
    def test_respondents_without_any_answer(self):
        with pytest.raises(TallyError, match=message("no answers: an index needs at least one")):
            top([9, 9], SurveyDesign([1, 1]))
        with pytest.raises(TallyError, match=message("no answers")):
            top([5, 9], SurveyDesign([0, 1]))

    def test_a_method_that_surveys_do_not_have(self):
        text = (
            "unknown method of a survey 'wilson'; choose from: score, t, exact, mid-p, logit, beta"
        )
        with pytest.raises(OptionError, match=message(text)):
            top(ANSWERS, EQUAL, method="wilson")
        with pytest.raises(OptionError, match=message("unknown method 'Score'; did you mean")):
            top(ANSWERS, EQUAL, method="Score")

    def test_a_population_beside_a_design(self):
        with pytest.raises(OptionError, match="population must be part of the design, got 50"):
            top(ANSWERS, EQUAL, population=50)

    @pytest.mark.parametrize("method", ["logit", "beta"])
    def test_a_method_for_shares_with_another_scoring(self, method):
        text = (
            f"the method {method!r} is for shares, which have two scores, got NPS with 3; "
            "choose 'score' or 't' or 'exact' or 'mid-p'"
        )
        with pytest.raises(OptionError, match=message(text)):
            scored([10, 2], NPS, SurveyDesign([1, 1]), method=method)

    @every_method
    @pytest.mark.parametrize("level", [0, 1, 95, -0.5, "0.95"])
    def test_a_confidence_level_that_is_none(self, method, level):
        with pytest.raises(OptionError, match=message("confidence_level must lie between 0 and 1")):
            top(ANSWERS, EQUAL, method=method, confidence_level=level)

    def test_the_options_of_the_type_are_those_that_exist(self):
        assert tuple(METHODS) == METHOD_NAMES


class TestTQuantile:
    def test_it_is_the_normal_one_for_many_degrees_of_freedom(self):
        assert float(t_quantile(np.array(1e9), 0.95)) == pytest.approx(Z, rel=1e-8)

    def test_it_keeps_its_digits_near_1(self):
        # With one degree of freedom, cot(pi * tail)
        tail = 1e-9
        expected = 1 / math.tan(math.pi * tail)
        assert float(t_quantile(np.array(1.0), 1 - 2 * tail)) == pytest.approx(expected, rel=1e-6)

    def test_it_is_nan_for_none(self):
        assert np.isnan(t_quantile(np.array([0.0, 2.0]), 0.95)).tolist() == [True, False]


class TestMoreRespondents:
    """What the limits would be if others had answered in the same proportions."""

    RNG = np.random.default_rng(5)
    HOUSES = 200
    SOME = RNG.integers(1, 6, 3 * HOUSES)
    WEIGHTS = RNG.lognormal(size=3 * HOUSES)
    PLACES = np.arange(3 * HOUSES) // 3
    DRAWN = SurveyDesign(WEIGHTS, clusters=PLACES)

    @every_method
    @pytest.mark.parametrize("by", [None, DISTRICTS])
    @pytest.mark.parametrize(
        "design", [EQUAL, CLUSTERS, SurveyDesign(range(8)), SurveyDesign(population=[50] * 8)]
    )
    def test_as_many_as_there_are_have_the_limits_of_the_estimate(self, method, by, design):
        scored = top(ANSWERS, design, by=by, method=method)
        low, high = scored.limits_at(scored.n)
        assert low == pytest.approx(scored.low, abs=1e-12)
        assert high == pytest.approx(scored.high, abs=1e-12)

    @every_method
    def test_ten_times_as_many_are_nearly_ten_times_the_same_respondents(self, method):
        once = top(self.SOME, self.DRAWN, method=method)
        copies = self.PLACES.max() + 1
        clusters = np.concatenate([self.PLACES + copy * copies for copy in range(10)])
        repeated = SurveyDesign(np.tile(self.WEIGHTS, 10), clusters=clusters)
        ten = top(np.tile(self.SOME, 10), repeated, method=method)
        low, high = once.limits_at(10 * once.n)
        # C clusters leave C / (C - 1) in the variance, and Student's t its degrees of freedom
        near = 2 * (once.high - once.low) / self.HOUSES
        assert low == pytest.approx(float(ten.low), abs=near)
        assert high == pytest.approx(float(ten.high), abs=near)
        assert high - low == pytest.approx(float(ten.high - ten.low), rel=1 / self.HOUSES)

    def test_the_beta_method_asks_students_t_for_their_number(self):
        scored = top(ANSWERS, EQUAL, method="beta")
        few = stdtrit(69, 0.975) / stdtrit(10 * float(scored.degrees_of_freedom), 0.975)
        size = 10 * float(scored.effective_n) * few**2
        low = 100 * betaincinv(size * 4 / 7, size * 3 / 7 + 1, 0.025)
        assert scored.limits_at(70).low == pytest.approx(low, rel=1e-12)

    @every_method
    def test_more_of_them_never_widen_the_limits(self, method):
        low, high = top(self.SOME, self.DRAWN, method=method).limits_at(10 ** np.arange(1, 12))
        assert (np.diff(low) > 0).all()
        assert (np.diff(high) < 0).all()

    def test_sizes_broadcast_with_the_domains(self):
        scored = top(ANSWERS, EQUAL, by=DISTRICTS)
        low, high = scored.limits_at([[10], [20], [30]])
        assert low.shape == high.shape == (3, 2)
        assert low[1, 0] == scored[0].limits_at(20).low

    def test_a_domain_without_answers_has_no_limits(self):
        low, high = top([5, 9], SurveyDesign([1, 1]), by=["a", "b"]).limits_at(10)
        assert np.isnan([low[1], high[1]]).all()
        assert not np.isnan([low[0], high[0]]).any()

    @pytest.mark.parametrize(
        ("n", "text"),
        [
            (0, "n must be from 1 to 10**15, or infinite, got 0"),
            ([5, 6, 7], "n of shape (3,) does"),
        ],
    )
    def test_other_sizes_are_errors(self, n, text):
        with pytest.raises(TallyError, match=message(text)):
            top(ANSWERS, EQUAL, by=DISTRICTS).limits_at(n)
