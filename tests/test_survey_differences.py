"""Differences and tests of domains of a design: equal answers, censuses, panels, replicates."""

import numpy as np
import pytest
from scipy.special import chdtrc, fdtrc, ndtr, stdtr, stdtrit

from custfocus.intervals import score_interval_difference
from custfocus.intervals.covariance import (
    design_domains,
    design_pairs,
    independent_pairs,
    welch,
)
from custfocus.intervals.design import Rows, WeightedSample, design_means, weighted_counts
from custfocus.intervals.design_difference import design_differences, design_p_values
from custfocus.intervals.design_homogeneity import design_homogeneity
from custfocus.intervals.k_sample import common_mean, k_sample_test
from custfocus.intervals.linearisation import design_totals
from custfocus.intervals.replication import (
    Replicates,
    replicate_domains,
    replicate_pairs,
    replicate_totals,
)
from custfocus.intervals.score import score_limits
from survey_rows import Drawn

LIKERT = np.arange(1.0, 6)
Z = 1.959963984540054
ONE = np.array([0])
OTHER = np.array([1])


def limits(found):
    return float(found.low[0]), float(found.high[0])


def homogeneity(survey, **options):
    domains = design_domains(survey.totals(**options), **options)
    return design_homogeneity(domains, survey.counts, survey.scores)


def panel(changes, *more):
    """A respondent for each change and further waves of changes, all of weight 1."""
    first = np.resize([1, 2, 2, 3, 3], len(changes))
    waves = [first, *(first + np.array(each) for each in (changes, *more))]
    number = len(changes)
    return Drawn.of(
        np.concatenate(waves),
        np.ones(number * len(waves)),
        np.repeat(np.arange(len(waves)), number),
        LIKERT,
        units=np.tile(np.arange(number), len(waves)),
    )


class TestNoVariance:
    def test_equal_answers_in_both_count_once_for_each_cluster(self):
        survey = Drawn.of(
            [1] * 200, np.ones(200), "a" * 100 + "b" * 100, [0, 1], units=np.arange(200) // 10
        )
        found = survey.differences()
        ten = score_interval_difference([0, 10], [0, 10], [0, 1], correction=False)
        assert limits(found) == pytest.approx(tuple(map(float, ten)), abs=1e-12)
        assert (found.design_factor[0], found.p_value[0]) == (1, 1)
        assert np.isinf(found.degrees_of_freedom[0])
        assert found.kish_a[0] == found.kish_b[0] == 10

    def test_a_domain_within_one_cluster_is_one_answer(self):
        survey = Drawn.of(
            [5, 1, 4, 2, 3, 5], np.ones(6), "aabbbb", LIKERT, units=[1, 1, 1, 2, 2, 3]
        )
        found = survey.differences()
        assert found.kish_a[0] == pytest.approx(1, rel=1e-12)
        assert found.correlation[0] == 0
        assert found.high[0] - found.low[0] > 4
        alone = survey.pairs().b.degrees_of_freedom[0]
        assert found.degrees_of_freedom[0] == pytest.approx(alone, rel=1e-12)

    def test_what_rounding_leaves_of_the_spread_of_equal_answers_is_none(self):
        ten, nothing = np.full(2, 10.0), np.zeros(2)
        sample = WeightedSample(
            np.full(2, 3.0), ten, np.array([1e-31, 1e-20]), ten, np.zeros(20), 4.0
        )
        means = design_means(sample, nothing, ten, ten, ten)
        assert means.spread.tolist() == [0, 1e-20]

    def test_a_domain_without_respondents_is_nan(self):
        survey = Drawn.of([5, 1, 4, 2], np.ones(4), "aabb", LIKERT)
        counts = np.concatenate([survey.counts, np.zeros((1, 5))])
        totals = design_totals(counts, LIKERT, survey.rows, survey.stages, "certainty")
        a, b = np.array([0, 0, 2]), np.array([1, 2, 1])
        found = design_differences(design_pairs(totals, a, b), counts[a], counts[b], LIKERT, 0.95)
        for array in found:
            assert np.isnan(array).tolist() == [False, True, True]
        domains = design_domains(totals)
        theirs = homogeneity(survey)
        for ours, other in zip(design_homogeneity(domains, counts, LIKERT), theirs, strict=True):
            assert ours == other


class TestSameDifferences:
    """All differences are the same in every unit: the variance of the difference is 0."""

    def test_limits_are_those_of_as_many_equal_answers_as_there_are_units(self):
        found = panel([0] * 8).differences()
        share = Z**2 / (8 + Z**2)
        assert limits(found) == pytest.approx((-4 * share, 4 * share), rel=1e-12)
        assert (found.value[0], found.p_value[0], found.design_factor[0]) == (0, 1, 0)
        assert found.correlation[0] == pytest.approx(1, rel=1e-12)

    def test_all_that_changed_by_1_are_held_on_the_scale_of_differences(self):
        survey = panel([1] * 8)
        found = survey.differences(level=0.9)
        z2 = 1.6448536269514722**2
        share = z2 / (8 + z2)
        assert limits(found) == pytest.approx((-1 - 3 * share, -1 + 5 * share), rel=1e-12)
        assert found.p_value[0] == pytest.approx(2 * ndtr(-np.sqrt(8 / 4)), rel=1e-12)
        for limit in limits(found):
            p_value = survey.differences(null=limit).p_value[0]
            assert p_value == pytest.approx(0.1, rel=1e-9)

    @pytest.mark.parametrize(("null", "p_value"), [(0, 1), (4, 0), (-4, 0), (5, 0), (-5, 0)])
    def test_the_ends_of_the_scale_are_impossible(self, null, p_value):
        assert panel([0] * 8).differences(null=null).p_value[0] == p_value

    def test_weights_count_as_kishs_number_of_units(self):
        survey = panel([0] * 4)
        weights = np.array([1.0, 2, 1, 4])
        found = survey._replace(w=np.tile(weights, 2)).differences()
        kish = weights.sum() ** 2 / (weights**2).sum()
        assert found.high[0] == pytest.approx(4 * Z**2 / (kish + Z**2), rel=1e-12)

    def test_of_several_waves_the_two_farthest_apart_are_tested(self):
        two = panel([1] * 8)
        assert float(homogeneity(two).p_value) == pytest.approx(two.differences().p_value[0])
        three = homogeneity(panel([1] * 8, [2] * 8))
        assert float(three.p_value) == pytest.approx(chdtrc(2, 8 * 2 / 4), rel=1e-12)
        assert np.isinf(three.denominator)


class TestCensus:
    A = (1, 1, 0, 1)
    B = (1, 0, 0, 1, 1, 1, 0, 0, 1, 0)

    def survey(self, a_population, b_population):
        return Drawn.of(
            [*self.A, *self.B],
            np.ones(14),
            "a" * 4 + "b" * 10,
            [0, 1],
            strata=list("a" * 4 + "b" * 10),
            population=np.array([a_population, b_population]),
        )

    @pytest.mark.parametrize("a_first", [True, False])
    def test_a_domain_that_is_known_leaves_the_limits_of_the_other(self, a_first):
        survey = self.survey(4, 1e12)
        pair = (ONE, OTHER) if a_first else (OTHER, ONE)
        found = survey.differences(*pair)
        t = stdtrit(9, 0.975)
        size = 10 * (Z / t) ** 2 / (10 / 9)
        counts = np.array([[5.0, 5]]) * size / 10
        low, high = score_limits(counts, np.array([0.0, 1]), np.array([size]), 0.95, None)
        ends = (0.75 - high[0], 0.75 - low[0])
        expected = ends if a_first else (-ends[1], -ends[0])
        assert limits(found) == pytest.approx(expected, rel=1e-10)
        assert found.degrees_of_freedom[0] == pytest.approx(9, rel=1e-12)
        kish = found.kish_a if a_first else found.kish_b
        assert np.isinf(kish[0])
        for limit in limits(found):
            at_limit = survey.differences(*pair, null=limit).p_value[0]
            assert at_limit == pytest.approx(0.05, rel=1e-9)

    @pytest.mark.parametrize(("null", "possible"), [(-0.3, False), (-0.2, True), (0.8, False)])
    def test_what_the_known_mean_rules_out_has_p_0(self, null, possible):
        found = self.survey(4, 1e12).differences(null=null)
        assert (found.p_value[0] > 0) == possible

    def test_two_that_are_known_differ_by_a_number(self):
        survey = self.survey(4, 10)
        found = survey.differences()
        assert limits(found) == (found.value[0], found.value[0]) == (0.25, 0.25)
        assert found.p_value[0] == 0
        assert survey.differences(null=0.25).p_value[0] == 1

    def test_groups_are_tested_against_what_is_known(self):
        survey = self.survey(4, 1e12)
        found = float(homogeneity(survey).p_value)
        assert found == pytest.approx(survey.differences().p_value[0], rel=1e-6)
        assert homogeneity(self.survey(4, 10)).p_value == 0

    def test_a_finite_population_makes_kishs_number_larger(self):
        half = self.survey(8, 40).differences()
        assert half.kish_a[0] == pytest.approx(8, rel=1e-12)
        assert half.kish_b[0] == pytest.approx(10 / 0.75, rel=1e-12)


class TestFixedDegreesOfFreedom:
    SURVEY = Drawn.of(
        [5, 4, 2, 5, 3, 1, 4, 3, 5, 2, 2, 4],
        [1, 2, 1, 1, 3, 1, 2, 1, 1, 2, 1, 4],
        "abcabcabcabc",
        LIKERT,
        units=np.arange(12) // 3,
    )

    def test_they_take_the_place_of_both_rules(self):
        pairs = self.SURVEY.pairs(degrees_of_freedom=32.5)
        assert pairs.degrees_of_freedom.tolist() == [32.5]
        assert pairs.a.degrees_of_freedom.tolist() == [32.5]
        found = self.SURVEY.differences(degrees_of_freedom=32.5)
        free = self.SURVEY.differences()
        root = -stdtrit(free.degrees_of_freedom[0], free.p_value[0] / 2)
        assert found.p_value[0] == pytest.approx(2 * stdtr(32.5, -root), rel=1e-9)

    def test_they_are_those_of_each_difference_between_several(self):
        found = homogeneity(self.SURVEY, degrees_of_freedom=32.5)
        assert found.denominator == pytest.approx(found.degrees_of_freedom * 32.5, rel=1e-12)
        p_value = fdtrc(found.degrees_of_freedom, found.denominator, found.statistic)
        assert found.p_value == p_value

    def test_without_any_variance_the_normal_quantile_stays(self):
        same = self.SURVEY._replace(y=np.full(12, 5.0))
        found = same.differences(degrees_of_freedom=32.5)
        assert np.isinf(found.degrees_of_freedom[0])
        assert homogeneity(same, degrees_of_freedom=32.5).p_value == 1
        assert np.isinf(homogeneity(same).denominator)


class TestIndependentSurveys:
    def test_their_difference_is_that_of_strata_by_welchs_rule(self):
        y, w = [5, 4, 2, 5, 3, 1, 4, 3, 5], [1, 2, 1, 1, 3, 1, 2, 1, 1]
        survey = Drawn.of(y, w, "aaaabbbbb", LIKERT, strata=list("aaaabbbbb"))
        means, stacked = survey.totals().means, survey.pairs()
        pairs = independent_pairs(stacked.a, stacked.b)
        assert pairs.covariance.tolist() == [0]
        parts = np.maximum(means.variance, means.spread / means.ceiling)
        expected = welch(parts, means.degrees_of_freedom)
        assert pairs.degrees_of_freedom[0] == pytest.approx(expected, rel=1e-12)
        assert pairs.degrees_of_freedom[0] == stacked.degrees_of_freedom[0]
        counts = survey.counts
        ours = design_differences(pairs, counts[[0]], counts[[1]], LIKERT, 0.95)
        for one, other in zip(ours, survey.differences(), strict=True):
            assert one[0] == pytest.approx(other[0], rel=1e-12)
        fixed = independent_pairs(stacked.a, stacked.b, degrees_of_freedom=7)
        assert fixed.degrees_of_freedom.tolist() == [7]


class TestResults:
    def test_arrays_cannot_be_changed(self):
        survey = TestFixedDegreesOfFreedom.SURVEY
        tested = k_sample_test(np.array([[[3, 4.0], [4, 2]]]), np.array([0, 1.0]))
        for array in (*survey.differences(), *homogeneity(survey), *tested):
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0

    def test_each_pair_may_have_a_null_of_its_own(self):
        survey = TestFixedDegreesOfFreedom.SURVEY
        a, b, counts = np.array([0, 0]), np.array([1, 2]), survey.counts
        parts = (survey.pairs(a, b), counts[a], counts[b], LIKERT)
        nulls = np.array([-0.5, 1])
        found = design_p_values(*parts, nulls)
        assert found[0] == design_p_values(*parts, -0.5)[0]
        assert found[1] == design_p_values(*parts, 1)[1]


class TestKSamples:
    def test_fewer_than_two_samples_with_answers_have_no_test(self):
        counts = np.array([[[3, 4.0], [0, 0]], [[0, 0], [0, 0]], [[3, 4], [1, 9]]])
        found = k_sample_test(counts, np.array([0, 1.0]))
        for array in found:
            assert np.isnan(array).tolist() == [True, True, False]

    def test_equal_means_differ_by_nothing(self):
        found = k_sample_test(np.array([[0, 9.0, 0], [4, 0, 4], [1, 1, 1]]), np.array([1, 2, 3.0]))
        assert float(found.statistic) == 0
        assert float(found.p_value) == 1

    def test_samples_of_equal_answers_at_the_ends_are_as_far_apart_as_can_be(self):
        found = k_sample_test(np.array([[5, 0.0], [0, 5]]), np.array([0, 1.0]))
        assert float(found.statistic) == pytest.approx(9, rel=1e-12)  # Pearson's 10, times 9 / 10

    def test_the_common_mean_may_be_that_of_a_sample_of_equal_answers(self):
        found = common_mean(np.array([[[0, 400, 0], [4, 0, 5.0]]]), np.array([1, 2, 3.0]))
        assert found.mean.tolist() == [2]
        assert found.off[0, 0] == 0

    def test_scores_far_from_0_have_the_test_of_those_near(self):
        counts = np.array([[3, 4, 10.0], [1, 2, 5], [5, 5, 1]])
        near, far = (k_sample_test(counts, scores) for scores in (LIKERT[:3], 1e6 + LIKERT[:3]))
        assert float(far.statistic) == pytest.approx(float(near.statistic), rel=1e-8)


def jackknife(weights, clusters):
    number = clusters.max() + 1
    columns = weights[:, None] * (clusters[:, None] != np.arange(number)) * number / (number - 1)
    return Replicates(columns, np.full(number, (number - 1) / number), mse=False)


class Replicated:
    """Three domains that cross six clusters of two."""

    y = np.array([5, 4, 2, 5, 3, 1, 4, 3, 5, 2, 2, 4.0])
    w = np.array([1, 2, 1, 1, 3, 1, 2, 1, 1, 2, 1, 4.0])
    clusters = np.arange(12) // 2

    def __init__(self, domains="abcabcabcabc", y=None, mse=None, factors=None):
        y = self.y if y is None else np.asarray(y, dtype=float)
        codes = np.unique(list(domains), return_inverse=True)[1]
        self.rows = Rows(np.searchsorted(LIKERT, y), self.w, codes, np.ones(12), self.w**2)
        self.counts = weighted_counts(self.rows, codes.max() + 1, 5)
        self.replicates = jackknife(self.w, self.clusters)
        if mse is not None:
            self.replicates = self.replicates._replace(mse=mse)
        if factors is not None:
            self.replicates = self.replicates._replace(factors=np.array(factors))
        self.values = y

    def totals(self, **options):
        return replicate_totals(self.counts, LIKERT, self.rows, self.replicates, **options)

    def means(self, domain):
        chosen = self.rows.domains == domain
        columns = self.replicates.weights[chosen]
        return self.values[chosen] @ columns / columns.sum(axis=0)


class TestReplicates:
    @pytest.mark.parametrize("mse", [False, True])
    def test_the_covariance_is_that_of_the_means_by_each_replicate(self, mse):
        survey = Replicated(mse=mse)
        pairs = replicate_pairs(survey.totals(), np.array([0, 0, 1]), np.array([1, 2, 2]))
        factors = survey.replicates.factors
        values = survey.totals().means.value
        for place, (a, b) in enumerate([(0, 1), (0, 2), (1, 2)]):
            x, y = survey.means(a), survey.means(b)
            x -= values[a] if mse else x.mean()
            y -= values[b] if mse else y.mean()
            assert pairs.covariance[place] == pytest.approx((factors * x * y).sum(), rel=1e-12)

    def test_a_replicate_that_leaves_one_of_the_domains_out_is_in_no_covariance(self):
        survey = Replicated("aabbbbbbbbbb", y=[5, 1, 2, 5, 3, 1, 4, 3, 5, 2, 2, 4])
        pairs = replicate_pairs(survey.totals(), ONE, OTHER)
        weights = survey.replicates.weights[2:, 1:]
        x = survey.means(1)
        assert pairs.a.variance[0] == pytest.approx(0, abs=1e-30)
        b = survey.values[2:] @ weights / weights.sum(axis=0)
        all_six = np.concatenate([[survey.values[2:] @ survey.w[2:] / survey.w[2:].sum()], b])
        expected = 5 / 6 * ((all_six - all_six.mean()) ** 2).sum()
        assert pairs.b.variance[0] == pytest.approx(expected, rel=1e-12)
        np.testing.assert_allclose(x, all_six)

    def test_degrees_of_freedom_are_the_rank_of_both_less_1(self):
        survey = Replicated("aaaaaabbbbbb")
        totals = survey.totals()
        pairs = replicate_pairs(totals, ONE, OTHER)
        assert totals.ranks.tolist() == [3, 3]
        kish = pairs.a.ceiling[0] + pairs.b.ceiling[0]
        assert kish - 2 > 5
        assert pairs.degrees_of_freedom.tolist() == [5]
        assert replicate_domains(totals).shared == 5

    def test_kishs_numbers_leave_no_more(self):
        survey = Replicated("aaabbbaaabbb")
        survey.rows = survey.rows._replace(weights=np.where(np.arange(12) % 3, 0.01, 1.0))
        survey.rows = survey.rows._replace(squares=survey.rows.weights**2)
        survey.counts = weighted_counts(survey.rows, 2, 5)
        pairs = replicate_pairs(survey.totals(), ONE, OTHER)
        left = pairs.a.ceiling[0] + pairs.b.ceiling[0] - 2
        assert left < 3
        assert pairs.degrees_of_freedom[0] == pytest.approx(left, rel=1e-12)

    def test_a_domain_without_variance_leaves_the_rank_to_the_other(self):
        y = [5, 4, 2, 5, 3, 1, 5, 5, 5, 5, 5, 5]
        pairs = replicate_pairs(Replicated("aaaaaabbbbbb", y=y).totals(), ONE, OTHER)
        assert pairs.b.no_variance.tolist() == [True]
        assert pairs.degrees_of_freedom.tolist() == [2]
        same = Replicated("aaaaaabbbbbb", y=[5] * 12)
        assert np.isinf(replicate_pairs(same.totals(), ONE, OTHER).degrees_of_freedom[0])
        domains = replicate_domains(same.totals())
        assert (domains.shared, domains.units) == (np.inf, 1)

    def test_for_two_domains_the_test_of_all_is_that_of_their_difference(self):
        survey = Replicated("abababbabaab")
        pairs = replicate_pairs(survey.totals(), ONE, OTHER)
        counts = survey.counts
        found = design_differences(pairs, counts[[0]], counts[[1]], LIKERT, 0.95)
        test = design_homogeneity(replicate_domains(survey.totals()), counts, LIKERT)
        assert float(test.p_value) == pytest.approx(found.p_value[0], abs=1e-12)
        assert replicate_domains(survey.totals()).units == pytest.approx(pairs.units[0])

    def test_degrees_of_freedom_may_be_fixed(self):
        survey = Replicated()
        totals = survey.totals(degrees_of_freedom=9.0)
        assert totals.means.degrees_of_freedom.tolist() == [9, 9, 9]
        pairs = replicate_pairs(totals, ONE, OTHER, degrees_of_freedom=9.0)
        assert pairs.degrees_of_freedom.tolist() == [9]
        assert replicate_domains(totals, degrees_of_freedom=9.0).shared == 9
