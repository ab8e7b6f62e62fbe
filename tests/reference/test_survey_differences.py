"""
Differences and tests of domains against R: covariances by its survey package, limits by definition.

survey_differences.R made survey_differences.json, R 4.2.2 and survey 4.1.1. R finds the limits by
nested searches over the restricted likelihood, to about 1e-12.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from custfocus.intervals.covariance import design_domains
from custfocus.intervals.design_homogeneity import design_homogeneity
from custfocus.intervals.design_limits import design_limits
from custfocus.intervals.k_sample import common_mean, k_sample_test
from survey_rows import Drawn

R = json.loads(Path(__file__).with_name("survey_differences.json").read_text())
LIKERT = np.arange(1, 6)


def drawn(y, w, domains, scores=LIKERT, **design):
    return Drawn.of(y, w, domains, scores, **design)


CROSSING = drawn(
    [5, 4, 3, 5, 2, 4, 5, 1, 4, 3, 5, 5, 2, 4, 4, 3],
    [1, 2, 1.5, 1, 3, 1, 2, 1, 1, 2, 1, 1.5, 2, 1, 1, 2.5], "aabbabbbaaababba",
    units=np.arange(16) // 4,
)  # fmt: skip
PANEL = [1, 2, 3, 4, 5, 6, 1, 2, 3, 7, 8]
SURVEYS = {
    "crossing": CROSSING,
    "no_variance": CROSSING._replace(y=np.where(CROSSING.domains == 0, 5, CROSSING.y)),
    "strata": drawn(
        [1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0],
        [2, 2, 1, 1, 3, 2, 1, 1, 2, 2, 1, 4, 1, 1, 2, 3, 1, 2], "abbaabbbcabcaababb", [0, 1],
        units=np.arange(18) // 3, strata=np.arange(18) // 9,
    ),
    "surveys": drawn(
        [0, 5, 10, 9, 8, 10, 7, 3, 10, 9, 6, 8, 2, 10, 0, 7, 9, 5],
        [1, 2, 0.5, 1, 1, 3, 1, 1, 2, 1, 1, 1, 4, 1, 1, 2, 0.5, 1], "a" * 10 + "b" * 8,
        np.arange(11), strata=list("a" * 10 + "b" * 8),
    ),
    "panel": drawn(
        [5, 3, 4, 2, 5, 4, 4, 3, 2, 5, 1], [1, 2, 1, 1, 1.5, 1, 1, 1, 2, 1, 1], "aaaaaabbbbb",
        units=PANEL,
        strata=["both" if one <= 3 else "ab"[place > 5] for place, one in enumerate(PANEL)],
    ),
    "apart": drawn(
        [5, 5, 4, 5, 2, 1, 2, 2, 4, 4, 5, 4, 1, 2, 1, 3, 5, 4, 5, 5, 3, 2, 1, 2],
        [1, 2, 1, 1.5] * 6, "aaaabbbb" * 3, units=np.arange(24) // 4,
    ),
}  # fmt: skip
SINGLE = drawn(
    [5, 4, 2, 5, 3, 4, 1, 5, 4, 2, 5, 3, 4, 1], [1, 2, 1, 3, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1],
    "ababaabbabbaab", units=[1, 1, 2, 2, 3, 3, 3, 1, 4, 4, 5, 5, 6, 6],
    strata=list("s" * 8 + "t" * 2 + "u" * 4),
)  # fmt: skip
THREE = drawn(
    [5, 4, 3, 5, 2, 4, 5, 1, 4, 3, 5, 5, 2, 4, 4, 3, 5, 5, 3, 1, 4],
    [1, 2, 1.5, 1, 3, 1, 2, 1, 1, 2, 1, 1.5, 2, 1, 1, 2.5, 1, 1, 2, 1, 1],
    "abccabbcabcbabcacbabc", units=np.repeat(range(6), [4, 4, 4, 4, 3, 2]),
)  # fmt: skip
PLAIN = {
    "jump": [[0, 0, 400, 0, 0], [7, 0, 0, 0, 13]],
    "three": [[3, 4, 10, 20, 13], [1, 2, 5, 22, 30], [5, 5, 5, 10, 20]],
    "shares": [[14, 56], [32, 48], [3, 13]],
    "end": [[0, 0, 0, 0, 12], [0, 0, 1, 9, 10], [2, 0, 3, 20, 25]],
}
every_survey = pytest.mark.parametrize("name", SURVEYS)


def close(value, rel=1e-12):
    return pytest.approx(value, rel=rel, abs=1e-13)


class TestTwoDomains:
    @every_survey
    def test_means_variances_and_covariances_are_those_of_svyby(self, name):
        pairs, expected = SURVEYS[name].pairs(), R[name]
        for found, known in [
            (pairs.a.value, "mean_a"), (pairs.b.value, "mean_b"), (pairs.a.variance, "V_aa"),
            (pairs.b.variance, "V_bb"), (pairs.covariance, "V_ab"),
        ]:  # fmt: skip
            assert float(found[0]) == close(expected[known])

    @every_survey
    def test_limits_and_p_values_are_those_of_their_definition(self, name):
        found, expected = SURVEYS[name].differences(), R[name]
        assert [float(found.kish_a[0]), float(found.kish_b[0])] == close(expected["kappa"])
        for one, known, granted in [
            (found.value, "value", 1e-12), (found.standard_error**2, "variance", 1e-12),
            (found.design_factor, "factor", 1e-12), (found.degrees_of_freedom, "df", 1e-12),
            (found.low, "low", 1e-11), (found.high, "high", 1e-11), (found.p_value, "p", 1e-11),
        ]:  # fmt: skip
            assert float(one[0]) == close(expected[known], granted)

    @every_survey
    def test_each_domain_alone_has_the_limits_of_the_same_rule(self, name):
        survey = SURVEYS[name]
        means = survey.totals().means
        limits = design_limits(survey.counts, survey.scores, means, "score", 0.95)
        for place, label in enumerate("ab"):
            if label in R[name]["alone"]:
                expected = R[name]["alone"][label]
                assert float(means.degrees_of_freedom[place]) == close(expected["df"])
                factor = means.ceiling[place] / min(means.effective_n[place], means.ceiling[place])
                assert float(factor) == close(expected["factor"])
                assert float(limits.low[place]) == close(expected["low"], 1e-11)
                assert float(limits.high[place]) == close(expected["high"], 1e-11)

    def test_the_panel_in_one_stratum_has_other_variances(self):
        # svydesign(~unit, weights=~w): printed to 16 digits
        pairs = SURVEYS["panel"]._replace(strata=np.zeros(11, dtype=int)).pairs()
        assert float(pairs.a.variance[0]) == close(2.145523809523810e-01)
        assert float(pairs.b.variance[0]) == close(3.880070546737215e-01)
        assert float(pairs.covariance[0]) == close(2.031746031746032e-02)

    @pytest.mark.parametrize("lonely", ["certainty", "adjust", "average"])
    def test_a_stratum_with_one_cluster_adds_what_r_lets_it_add(self, lonely):
        pairs = SINGLE._replace(lonely=lonely).pairs()
        found = [float(each[0]) for each in (pairs.a.variance, pairs.b.variance, pairs.covariance)]
        assert found == close(R["single"][lonely])


class TestSeveralDomains:
    @pytest.mark.parametrize("name", PLAIN)
    def test_plain_samples_have_the_score_test_of_its_definition(self, name):
        counts = np.array(PLAIN[name], dtype=float)
        scores = np.arange(counts.shape[1], dtype=float)
        mean, test = common_mean(counts[None], scores).mean[0], k_sample_test(counts, scores)
        expected = R["plain"][name]
        first = 0 if len(scores) == 2 else 1
        found = [float(mean) + first, float(test.statistic), float(test.p_value)]
        assert found == close(expected, 1e-11)

    def test_domains_of_a_design_have_that_of_rao_and_scott(self):
        found = design_homogeneity(design_domains(THREE.totals()), THREE.counts, THREE.scores)
        expected = R["homogeneity"]
        assert float(found.mean) == close(expected["mu"])
        for one, known in [
            (found.statistic, "F"), (found.degrees_of_freedom, "nu"), (found.denominator, "df"),
            (found.p_value, "p"),
        ]:  # fmt: skip
            assert float(one) == close(expected[known], 1e-11)
