"""An index of a survey: value, interval, what is behind them, how they read, and the edges."""

import json
import math
import re
from typing import get_args
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaincinv, stdtrit

from custfocus.errors import AnswerError, OptionError, TallyError
from custfocus.indices.survey import SurveyEstimate, SurveyMethod, survey_estimate
from custfocus.interval_strip import interval_strip
from custfocus.intervals.design_limits import METHODS, t_quantile
from custfocus.responses import Groups, Scale, Scoring, Unit
from custfocus.responses.design import SurveyDesign

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


def top(answers, design, **options):
    return survey_estimate(answers, TOP, design, **options)


def limits(estimate):
    return float(estimate.low), float(estimate.high)


def wilson(p, n, z2=Z**2):
    centre, half = n * p + z2 / 2, math.sqrt(z2 * (n * p * (1 - p) + z2 / 4))
    return 100 * (centre - half) / (n + z2), 100 * (centre + half) / (n + z2)


def rich(estimate):
    return estimate._repr_html_()


def arrays_of(estimate):
    """All its arrays by name: what a dictionary of it holds beside the texts, and two more."""
    return {
        name: getattr(estimate, name)
        for name in (*estimate.to_dicts()[0], "ceiling", "shares")
        if name not in {"group", "index", "unit"}
    }


def message(text):
    return "^" + re.escape(text)


class TestOneSampleDrawnOneByOne:
    """Equal weights, no strata, no clusters: 4 of 7 are satisfied, one gave no answer."""

    def test_the_value_is_the_share(self):
        estimate = top(ANSWERS, EQUAL)
        assert float(estimate) == 100 * 4 / 7
        assert (int(estimate.n), int(estimate.missing)) == (7, 1)
        assert (estimate.name, estimate.unit, estimate.shape) == ("top 2 boxes", Unit.PERCENT, ())

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
        assert not estimate.no_variance

    def test_the_score_interval_is_that_of_wilson_with_t_in_place_of_z(self):
        estimate = top([5, 4, 2, 5, 1, 4, 3], SurveyDesign(np.ones(7)))
        t = -stdtrit(6, 0.025)
        assert limits(estimate) == pytest.approx(wilson(4 / 7, 6, t**2), rel=1e-12)

    def test_the_score_interval_of_more_than_two_points_lies_on_its_scale(self):
        estimate = survey_estimate([10, 9, 10, 10, 9, 9, 10, 10, 9, 3], NPS, SurveyDesign([1] * 10))
        t_interval = survey_estimate(
            [10, 9, 10, 10, 9, 9, 10, 10, 9, 3], NPS, SurveyDesign([1] * 10), method="t"
        )
        assert -100 < estimate.low < 80 < estimate.high < 100 < t_interval.high
        assert float(estimate) == float(t_interval) == 80

    def test_the_t_interval_is_the_mean_give_or_take_t_standard_errors(self):
        estimate = survey_estimate(ANSWERS, MEAN, EQUAL, method="t", confidence_level=0.9)
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

    @every_method
    def test_a_higher_confidence_level_gives_a_wider_interval(self, method):
        at = [top(ANSWERS, EQUAL, method=method, confidence_level=level) for level in (0.5, 0.95)]
        assert at[1].low < at[0].low < at[0].value < at[0].high < at[1].high
        assert at[1].confidence_level == 0.95

    @pytest.mark.parametrize("scores", [(0, 0, 0, 1, 1), (-1, -1, -1, 1, 1), (7, 7, 7, 3, 3)])
    @pytest.mark.parametrize("method", ["logit", "beta"])
    def test_two_scores_are_a_share_whatever_they_are(self, scores, method):
        share = limits(top(ANSWERS, EQUAL, method=method))
        scoring = Scoring(FIVE, scores)
        estimate = survey_estimate(ANSWERS, scoring, EQUAL, method=method)
        worst, best = scores[0], scores[-1]
        expected = sorted(worst + (best - worst) * limit / 100 for limit in share)
        assert limits(estimate) == pytest.approx(expected, rel=1e-12)


class TestDesigns:
    def test_weights_count_as_so_many_answers_in_the_value(self):
        assert float(top([5, 4, 1], SurveyDesign([1, 2, 5]))) == 100 * 3 / 8

    def test_a_common_factor_of_the_weights_changes_nothing(self):
        weights = np.array([1, 2, 5, 3, 1, 1, 2, 2])
        plain, scaled = (top(ANSWERS, SurveyDesign(factor * weights)) for factor in (1, 1e200))
        assert limits(scaled) == pytest.approx(limits(plain), rel=1e-13)
        assert float(scaled.design_effect) == pytest.approx(float(plain.design_effect), rel=1e-13)

    def test_strata_take_their_differences_out_of_the_variance(self):
        answers, strata = [5, 5, 4, 1, 1, 2], ["a", "a", "a", "b", "b", "b"]
        stratified = survey_estimate(answers, MEAN, SurveyDesign(strata=strata))
        plain = survey_estimate(answers, MEAN, SurveyDesign([1] * 6))
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
        assert estimate.effective_n > 64 / 5
        # Shares unasked: 3/4 of a, 1/2 of b, so 8² / (4 * 3/4 + 4 * 1/2)
        t = -stdtrit(6, 0.025)
        p = (16 + 8 / 4) / 24
        assert limits(estimate) == pytest.approx(wilson(p, 64 / 5, t**2), rel=1e-12)

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
        assert int(more.degrees_of_freedom) == int(without.degrees_of_freedom) == 2
        assert int(more.missing) == 1

    def test_respondents_of_weight_0_count_neither_as_answers_nor_as_missing(self):
        estimate = top([5, 1, 4, 9, 9], SurveyDesign([1, 1, 0, 1, 0]))
        assert (int(estimate.n), int(estimate.missing)) == (2, 1)
        assert float(estimate) == 50
        assert int(estimate.degrees_of_freedom) == 1

    def test_a_census_has_no_interval(self):
        for method in METHOD_NAMES:
            for answers in ([5, 4, 2, 5, 1], [5, 5, 5, 5, 5], [1, 1, 1, 1, 1]):
                estimate = top(answers, SurveyDesign(population=[5] * 5), method=method)
                assert limits(estimate) == (float(estimate), float(estimate))
                assert math.isinf(estimate.effective_n)
                assert float(estimate.design_effect) == 0


class TestNoVariance:
    """Kish's effective size over the clusters, and z in place of t."""

    def test_equal_answers_have_kishs_effective_n(self):
        weights = [1, 2, 3, 1]
        estimate = top([5, 5, 4, 4], SurveyDesign(weights))
        assert float(estimate.effective_n) == pytest.approx(7**2 / 15, rel=1e-14)
        assert limits(estimate) == pytest.approx(wilson(1, 49 / 15), rel=1e-12)
        assert float(estimate.design_effect) == pytest.approx(4 * 15 / 49, rel=1e-14)
        assert float(estimate.standard_error) == 0
        assert estimate.no_variance

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
        assert estimate.no_variance
        assert limits(estimate) == pytest.approx(wilson(0.5, 4), rel=1e-12)

    def test_equal_clusters_have_no_variance_within_rounding(self):
        scale = Scale([0, 0.1, 0.3, 1])
        answers = [0.1, 0.3, 1] * 30
        design = SurveyDesign(np.tile([0.1, 0.7, 0.3], 30), clusters=np.arange(90) // 3)
        assert survey_estimate(answers, Scoring(scale, scale.points), design).no_variance

    def test_a_small_variance_is_one(self):
        yes = np.arange(20000) == 0
        answers = np.where(yes, 1, 0)
        design = SurveyDesign(np.where(yes, 1e-4, 1))
        estimate = survey_estimate(answers, Scoring(Scale([0, 1]), [0, 1]), design)
        assert not estimate.no_variance

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

    def test_it_is_said(self):
        assert str(top([5] * 8, CLUSTERS)) == (
            "top 2 boxes 100.0 % [51.0, 100.0] n=8, design effect 2.00, 95 % score interval of "
            "the design, no variance between clusters: effective n is Kish's"
        )
        by = top([5] * 4 + [1, 5, 1, 1], CLUSTERS, by=["a"] * 4 + ["b"] * 4)
        assert str(by).endswith(
            "no variance between clusters in 1 of 2 groups: effective n is Kish's"
        )
        assert "Kish's</small>" in rich(by)


class TestDomains:
    def test_domains_keep_all_clusters_of_the_design(self):
        design = SurveyDesign(np.ones(8), clusters=[1, 1, 2, 2, 3, 3, 4, 4])
        estimate = top(
            [5, 1, 5, 1, 5, 5, 1, 1], design, by=["a", "b", "a", "b", "a", "a", "b", "b"]
        )
        b = estimate[1]
        # b is 0 of 4; a is all satisfied: no variance in either
        assert estimate.no_variance.tolist() == [True, True]
        mixed = top([5, 1, 1, 1, 5, 5, 1, 1], design, by=["a", "b", "a", "b", "a", "a", "b", "b"])
        # a: 3 of 4; totals of (x - 3/4) / 4: 1/16, -3/16, 2/16, 0
        expected = 4 / 3 * (1 + 9 + 4) / 256
        assert float(mixed[0].standard_error) == pytest.approx(100 * expected**0.5, rel=1e-14)
        assert mixed.degrees_of_freedom.tolist() == [2, 2]
        assert float(b) == 0

    def test_domains_come_in_the_order_of_their_labels(self):
        estimate = top(ANSWERS, EQUAL, by=pd.Series(DISTRICTS, name="district"))
        assert estimate.groups.names == ("district",)
        assert estimate.groups.keys == (("n",), ("s",))
        assert estimate.n.tolist() == [3, 4]
        assert estimate.missing.tolist() == [1, 0]
        assert estimate.shape == (2,)

    def test_domains_come_as_groups_as_well(self):
        assert top(ANSWERS, EQUAL, by=Groups.of(DISTRICTS)) != top(ANSWERS, EQUAL)
        named = top(ANSWERS, EQUAL, by={"group": DISTRICTS})
        assert named == top(ANSWERS, EQUAL, by=Groups.of(DISTRICTS))

    @every_method
    def test_a_domain_without_answers_is_nan_with_n_0(self, method):
        estimate = top(
            [5, 9, 9, 1, 4], SurveyDesign([1, 1, 1, 1, 0]), by=list("abbac"), method=method
        )
        assert estimate.n.tolist() == [2, 0, 0]
        assert estimate.missing.tolist() == [0, 2, 0]
        assert estimate.degrees_of_freedom.tolist() == [1, 0, 0]
        for name in ("value", "low", "high", "standard_error", "design_effect", "effective_n"):
            assert np.isnan(getattr(estimate, name)).tolist() == [False, True, True], name
        assert estimate.no_variance.tolist() == [False, False, False]

    @every_method
    def test_a_batch_of_empty_domains_only_is_nan(self, method):
        estimate = top([9, 9], SurveyDesign([1, 1]), by=["a", "b"], method=method)
        assert np.isnan([estimate.value, estimate.low, estimate.high]).all()

    def test_one_respondent_in_a_domain_is_one_answer(self):
        estimate = top([5, 1, 4, 2], SurveyDesign([2, 1, 3, 1]), by=["a", "b", "b", "b"])[0]
        assert (int(estimate.n), int(estimate.degrees_of_freedom)) == (1, 1)
        assert float(estimate.effective_n) == float(estimate.design_effect) == 1
        assert limits(estimate) == pytest.approx(wilson(1, 1), rel=1e-12)

    def test_a_domain_of_one_cluster_is_one_answer(self):
        estimate = top(
            [5, 1, 4, 2, 5, 5], SurveyDesign(clusters=[1, 1, 1, 2, 3, 3]), by=list("aaabbb")
        )[0]
        assert (int(estimate.n), int(estimate.degrees_of_freedom)) == (3, 1)
        assert float(estimate.effective_n) == pytest.approx(1, rel=1e-14)
        assert float(estimate.standard_error) == pytest.approx(0, abs=1e-12)
        assert limits(estimate) == pytest.approx(wilson(2 / 3, 1), rel=1e-12)

    def test_a_domain_of_one_cluster_in_each_of_two_strata_has_one_degree_of_freedom(self):
        design = SurveyDesign(strata=list("aaabbb"))
        estimate = top([5, 5, 1, 1, 4, 4], design, by=list("xyyxyy"))[0]
        assert int(estimate.degrees_of_freedom) == 1
        assert not estimate.no_variance
        assert 0 <= estimate.low < 5
        assert 95 < estimate.high <= 100

    def test_lonely_strata_count_in_a_domain_where_it_has_somebody(self):
        design = SurveyDesign(strata=list("aaaabbbbc"), lonely="average")
        answers = [5, 1, 1, 5, 5, 1, 5, 5, 5]
        certain = survey_estimate(
            answers,
            MEAN,
            SurveyDesign(strata=design.strata, lonely="certainty"),
            by=list("xxyyxxyyx"),
        )
        average = survey_estimate(answers, MEAN, design, by=list("xxyyxxyyx"))
        ratio = (average.standard_error / certain.standard_error) ** 2
        np.testing.assert_allclose(ratio, [3 / 2, 1], rtol=1e-14)

    def test_a_domain_of_lonely_strata_only_has_no_variance_to_average(self):
        design = SurveyDesign(strata=list("aabc"), lonely="average")
        estimate = top([5, 1, 5, 1], design, by=list("xxyy"))
        assert estimate.no_variance.tolist() == [False, True]
        assert float(estimate.effective_n[1]) == 2


class TestImpossibleInput:
    def test_nobody_with_an_answer(self):
        with pytest.raises(TallyError, match=message("no answers: an index needs at least one")):
            top([9, 9], SurveyDesign([1, 1]))
        with pytest.raises(TallyError, match=message("no answers")):
            top([5, 9], SurveyDesign([0, 1]))

    def test_answers_of_another_number_than_the_designs_respondents(self):
        text = "answers must be one for each respondent of the design, got 2 for 8; those"
        with pytest.raises(AnswerError, match=message(text)):
            top([5, 4], EQUAL)

    def test_labels_of_another_number(self):
        text = "by must give one label for each respondent, got 2 for 8"
        with pytest.raises(AnswerError, match=message(text)):
            top(ANSWERS, EQUAL, by=["a", "b"])
        with pytest.raises(AnswerError, match=message(text)):
            top(ANSWERS, EQUAL, by=Groups.of(["a", "b"]))

    def test_answers_off_the_scale(self):
        with pytest.raises(AnswerError, match=r"^answers not on the scale: \[7\]"):
            top([5, 7], SurveyDesign([1, 1]))

    def test_no_design(self):
        text = "expected a SurveyDesign, got list; weights alone are one as well"
        with pytest.raises(AnswerError, match=message(text)):
            top(ANSWERS, [1] * 8)

    def test_an_unknown_method(self):
        text = "unknown method 'Score'; did you mean 'score', which differs by case? (also: t, logit, beta)"
        with pytest.raises(OptionError, match=message(text)):
            top(ANSWERS, EQUAL, method="Score")

    @pytest.mark.parametrize("method", ["logit", "beta"])
    def test_a_method_for_shares_with_another_scoring(self, method):
        text = (
            f"the method {method!r} is for shares, which have two scores, got NPS with 3; "
            "choose 'score' or 't'"
        )
        with pytest.raises(OptionError, match=message(text)):
            survey_estimate([10, 2], NPS, SurveyDesign([1, 1]), method=method)

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


class TestTheClass:
    BY = top(ANSWERS, EQUAL, by=DISTRICTS)
    ONE = top(ANSWERS, EQUAL)

    def test_arrays_cannot_be_changed(self):
        for name in ("value", "low", "n", "missing", "degrees_of_freedom", "no_variance"):
            with pytest.raises(ValueError, match="read-only"):
                getattr(self.BY, name)[0] = 1

    def test_one_sample_gives_arrays_without_a_dimension(self):
        assert self.ONE.groups is None
        for name, array in arrays_of(self.ONE).items():
            assert type(array) is np.ndarray
            assert array.shape == ((5,) if name == "shares" else ())

    def test_it_is_a_number_if_it_is_one(self):
        assert float(self.ONE) == 100 * 4 / 7
        with pytest.raises(TypeError, match=r"^top 2 boxes has 2 groups: float\(\) takes only one"):
            float(self.BY)

    def test_a_domain_is_taken_by_its_place(self):
        south = self.BY[1]
        assert south.shape == ()
        assert south.groups is None
        assert (float(south), int(south.n)) == (50, 4)

    def test_some_domains_keep_their_labels_and_rows(self):
        for index in (slice(1, 2), np.array([False, True])):
            some = self.BY[index]
            assert some.shape == (1,)
            assert some.groups.keys == (("s",),)
            assert some.groups.codes.tolist() == [0, 0, 0, 0]
            assert some.value.tolist() == [50]

    def test_an_estimate_of_all_has_no_places(self):
        assert self.ONE[()] == self.ONE

    def test_it_goes_through_its_domains(self):
        assert [int(one.n) for one in self.BY] == [3, 4]
        with pytest.raises(TypeError, match=message("an estimate for one sample has no groups")):
            iter(self.ONE)

    def test_estimates_of_the_same_are_equal(self):
        assert top(ANSWERS, EQUAL, by=DISTRICTS) == self.BY
        assert top(["a"][:0] + ANSWERS, EQUAL) == self.ONE
        empty = top([5, 9], SurveyDesign([1, 1]), by=["a", "b"])
        assert empty == top([5, 9], SurveyDesign([1, 1]), by=["a", "b"])

    def test_estimates_that_differ_in_anything_differ(self):
        others = [
            top(ANSWERS, EQUAL),
            top(ANSWERS, EQUAL, by=DISTRICTS, method="t"),
            top(ANSWERS, EQUAL, by=DISTRICTS, confidence_level=0.9),
            top(ANSWERS, EQUAL, by=[label.upper() for label in DISTRICTS]),
            top(ANSWERS, EQUAL, by={"place": DISTRICTS}),
            top(ANSWERS[::-1], EQUAL, by=DISTRICTS),
            survey_estimate(ANSWERS, MEAN, EQUAL, by=DISTRICTS),
            "estimate",
        ]
        for other in others:
            assert other != self.BY
        changed = {name: 1 + array for name, array in arrays_of(self.ONE).items()}
        fields = {**arrays_of(self.ONE), "scoring": TOP}
        assert SurveyEstimate(**fields) == self.ONE
        for name, array in changed.items():
            other = {**fields, name: ~self.ONE.no_variance if name == "no_variance" else array}
            assert SurveyEstimate(**other) != self.ONE, name

    def test_it_has_no_hash(self):
        with pytest.raises(TypeError, match="unhashable"):
            hash(self.ONE)

    def test_dictionaries_hold_everything(self):
        (only,) = self.ONE.to_dicts()
        assert list(only) == [
            "group", "index", "unit", "n", "missing", "value", "low", "high", "standard_error",
            "degrees_of_freedom", "design_effect", "effective_n", "no_variance",
        ]  # fmt: skip
        assert only["group"] == ()
        assert (only["index"], only["unit"], only["n"]) == ("top 2 boxes", "percent", 7)
        assert only["standard_error"] == float(self.ONE.standard_error)
        assert only["no_variance"] is False

    def test_dictionaries_come_one_for_each_domain_and_go_into_json(self):
        records = self.BY.to_dicts()
        assert [record["group"] for record in records] == [("n",), ("s",)]
        assert [record["value"] for record in records] == self.BY.value.tolist()
        assert json.loads(json.dumps(records))[1]["n"] == 4


class TestReading:
    def test_one_sample_is_a_line(self):
        assert (
            str(top(ANSWERS, EQUAL))
            == repr(top(ANSWERS, EQUAL))
            == (
                "top 2 boxes 57.1 % [18.6, 88.6] n=7 (1 missing), design effect 0.98, "
                "95 % score interval of the design"
            )
        )

    def test_other_units_have_no_sign_and_no_missing_answers_are_not_mentioned(self):
        estimate = survey_estimate(
            [10, 2, 9], NPS, SurveyDesign([1, 1, 1]), method="t", confidence_level=0.8
        )
        assert str(estimate) == (
            "NPS 33.3 [-92.4, 159.0] n=3, design effect 1.00, 80 % t interval of the design"
        )

    def test_domains_are_a_table(self):
        by = {"district": [*DISTRICTS[:-1], "west"], "wave": [1] * 8}
        *table, how = str(top(ANSWERS, EQUAL, by=by)).splitlines()
        assert table == [
            "district  wave  n  missing  design effect  top 2 boxes   low   high",
            "n         1     2        1           1.00        100.0  34.2  100.0",
            "s         1     4        0           0.86         50.0   6.9   93.1",
            "west      1     1        0           1.00          0.0   0.0   79.3",
        ]
        assert how == (
            "95 % score interval of the design, no variance between clusters in 2 of 3 groups: "
            "effective n is Kish's"
        )

    def test_a_domain_without_answers_is_a_dash(self):
        lines = str(top([5, 9, 1], SurveyDesign([1, 1, 1]), by=["a", "b", "a"])).splitlines()
        assert lines[2].split() == ["b", "0", "1", "-", "-", "-", "-"]

    def test_long_tables_end_with_how_many_more_there_are(self):
        by = np.arange(60) // 2
        estimate = top(np.tile([5, 1], 30), SurveyDesign(np.ones(60)), by=by)
        lines = str(estimate).splitlines()
        assert len(lines) == 1 + 20 + 1 + 1
        assert lines[21] == "... and 10 more"
        assert "... and 10 more" in rich(estimate)
        assert rich(estimate).count("<tr>") == 21

    def test_html_has_the_same_cells_and_a_strip_in_each_row(self):
        estimate = top(ANSWERS, EQUAL, by={"a<b": DISTRICTS})
        root = ET.fromstring(f"<root>{rich(estimate)}</root>")  # noqa: S314 - our own HTML
        head, first, second = root.iter("tr")
        assert [cell.text for cell in head][:4] == ["a<b", "n", "missing", "design effect"]
        assert [cell.text for cell in first][:3] == ["n", "3", "1"]
        assert [cell.text for cell in second][:3] == ["s", "4", "0"]
        south = estimate[1]
        strip = interval_strip(float(south), float(south.low), float(south.high), (0, 100))
        assert strip in rich(estimate)
        assert len(list(root.iter("svg"))) == 2

    def test_html_of_one_sample_has_one_row_and_no_label(self):
        root = ET.fromstring(f"<root>{rich(top(ANSWERS, EQUAL))}</root>")  # noqa: S314
        head, row = root.iter("tr")
        assert next(cell.text for cell in head) == "n"
        assert [cell.text for cell in row][:2] == ["7", "1"]

    def test_labels_are_escaped_in_html(self):
        assert "<b>" not in rich(top([5, 1], SurveyDesign([1, 1]), by=["<b>", "c"]))


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
        ("n", "text"), [(0, "n must be more than 0, got 0"), ([5, 6, 7], "n of shape (3,) does")]
    )
    def test_other_sizes_are_errors(self, n, text):
        with pytest.raises(TallyError, match=message(text)):
            top(ANSWERS, EQUAL, by=DISTRICTS).limits_at(n)

    def test_shares_are_those_of_the_weights(self):
        scored = top([5, 4, 9, 1], SurveyDesign([1, 2, 7, 5]), by=["a", "a", "b", "a"])
        assert scored.shares[0].tolist() == [0.625, 0, 0, 0.25, 0.125]
        assert np.isnan(scored.shares[1]).all()

    def test_the_ceiling_is_n_unless_the_population_is_finite(self):
        assert top(ANSWERS, EQUAL).ceiling == 7
        assert top(ANSWERS, SurveyDesign(population=[16] * 8)).ceiling == pytest.approx(14)
