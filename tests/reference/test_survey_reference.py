"""
Design variances, design effects and intervals against R's survey package (Lumley 2004).

The data are the schools of California in that package: a stratified sample, a sample of school
districts, and one of schools within districts. r_values.json holds what its authors' examples
give; survey_r_values.R made survey_r_values.json, R 4.2.2 and survey 4.1.1.

R takes the clusters less the strata for degrees of freedom; where intervals are compared, so do
we. Ours are fewer where clusters weigh unlike, which has a test of its own.

R and we add the same terms in another order, so values agree to about 1e-14. For the logit
interval R iterates until the deviance changes by less than 1e-8 of it.
"""

import json
from pathlib import Path

import attrs
import numpy as np
import pandas as pd
import pytest

from custfocus.errors import TallyError
from custfocus.indices.estimate import estimate
from custfocus.responses import Scale, Scoring
from custfocus.surveys import SurveyDesign
from custfocus.surveys.replicate_weights import KINDS, ReplicateWeights

HERE = Path(__file__).parent
R = json.loads(HERE.joinpath("r_values.json").read_text())["survey"]
MORE = json.loads(HERE.joinpath("survey_r_values.json").read_text())
STRAT, CLUS1, CLUS2 = (
    pd.read_csv(HERE / f"{name}.csv") for name in ("apistrat", "apiclus1", "apiclus2")
)
AWARDS = Scoring(Scale([0, 1], labels=["No", "Yes"]), [0, 1], name="awards")
TIGHT, ITERATED = 1e-12, 1e-8


def two_stages(frame, **options):
    """The sample of schools within districts."""
    stages = {"clusters": frame.dnum, "population": frame.fpc1,
              "subclusters": frame.snum, "subpopulation": frame.fpc2}  # fmt: skip
    return SurveyDesign(**stages | options)


DESIGNS = {
    "stratified": (STRAT, SurveyDesign(STRAT.pw, strata=STRAT.stype, population=STRAT.fpc)),
    "stratified_no_fpc": (STRAT, SurveyDesign(STRAT.pw, strata=STRAT.stype)),
    "one_stage_cluster": (CLUS1, SurveyDesign(CLUS1.pw, clusters=CLUS1.dnum, population=CLUS1.fpc)),
    "one_stage_cluster_no_fpc": (CLUS1, SurveyDesign(CLUS1.pw, clusters=CLUS1.dnum)),
    "two_stage_cluster": (CLUS2, two_stages(CLUS2)),
}
every_design = pytest.mark.parametrize("name", DESIGNS)


def scored(answers, scoring, design, **options):
    return estimate(answers, scoring, design=design, **options)


def mean_of(frame, design, **options):
    points = sorted(set(frame.api99))
    return scored(frame.api99, Scoring(Scale(points), points), design, **options)


def awards(frame, design, **options):
    return scored(frame.awards, AWARDS, design, **options)


def close(value, tolerance=TIGHT):
    return pytest.approx(value, rel=tolerance)


def limits(estimate):
    return float(estimate.low), float(estimate.high)


def fixed(design, degrees_of_freedom):
    """The design with the degrees of freedom that R takes."""
    return attrs.evolve(design, degrees_of_freedom=degrees_of_freedom)


def check_overall(estimate, expected):
    assert float(estimate) == close(expected["mean"])
    assert float(estimate.standard_error) == close(expected["se"])
    assert float(estimate.design_effect) == close(expected["deff_replace"])
    if expected["se"]:
        assert 1 <= estimate.degrees_of_freedom <= expected["df"] * (1 + 1e-15)


class TestTheFiveDesigns:
    @every_design
    def test_means_standard_errors_and_t_intervals_are_those_of_svymean(self, name):
        (frame, design), expected = DESIGNS[name], R[name]
        estimate = mean_of(frame, fixed(design, expected["df"]), method="t")
        assert float(estimate) == close(expected["mean"])
        assert float(estimate.standard_error) == close(expected["se"])
        assert limits(estimate) == close(tuple(expected["t_interval"]))
        assert DESIGNS[name][1].nominal_degrees_of_freedom == expected["df"]

    @every_design
    def test_design_effects_are_those_of_svymean_but_for_its_finite_population(self, name):
        # deff=TRUE compares with a sample drawn without replacement from as many people as the
        # weights add up to, and so changes with their scale; deff="replace" is ours.
        frame, design = DESIGNS[name]
        left = 1 - len(frame) / design.row_weights.sum()
        assert float(mean_of(frame, design).design_effect) / left == close(R[name]["deff"])

    @every_design
    def test_shares_and_their_standard_errors_are_those_of_svymean(self, name):
        estimate = awards(*DESIGNS[name])
        assert float(estimate) == close(R[name]["award_share"])
        assert float(estimate.standard_error) == close(R[name]["award_se"])

    @every_design
    def test_beta_and_logit_intervals_are_those_of_svyciprop(self, name):
        (frame, design), expected = DESIGNS[name], R[name]
        design = fixed(design, expected["df"])
        beta, logit = (awards(frame, design, method=method) for method in ("beta", "logit"))
        assert limits(beta) == close(tuple(expected["award_beta"]))
        assert limits(logit) == close(tuple(expected["award_logit"]), ITERATED)

    @pytest.mark.parametrize(
        ("name", "cluster", "strata"),
        [("stratified", "snum", 3), ("one_stage_cluster", "dnum", 1),
         ("two_stage_cluster", "dnum", 1)],
    )  # fmt: skip
    def test_degrees_of_freedom_are_fewer_by_kishs_number_of_clusters(self, name, cluster, strata):
        frame, design = DESIGNS[name]
        weights = frame.assign(w=design.row_weights).groupby(cluster).w.sum().to_numpy()
        kish = weights.sum() ** 2 / (weights**2).sum()
        expected = (len(weights) - strata) * kish / len(weights)
        assert float(mean_of(frame, design).degrees_of_freedom) == close(expected)
        assert expected < R[name]["df"]

    @every_design
    def test_domains_are_those_of_svyby(self, name):
        frame, design = DESIGNS[name]
        estimate, expected = mean_of(frame, design, by=frame.stype), R[name]
        for place, key in enumerate(estimate.keys.labels("stype")):
            assert estimate.value[place] == close(expected["domain_mean"][key])
            assert estimate.standard_error[place] == close(expected["domain_se"][key])

    def test_the_score_interval_is_near_those_of_the_log_odds_and_of_beta(self):
        # No reference for it exists; with 197 degrees of freedom they can't be far apart
        # and Kish's size is near the effective one, which exceeds it
        frame, design = DESIGNS["stratified"]
        estimate = awards(frame, fixed(design, 197))
        expected = tuple(R["stratified"]["award_logit"])
        assert limits(estimate) == pytest.approx(expected, abs=5e-3)


class TestLonelyUnits:
    ONE_H = STRAT[(STRAT.stype != "H") | (STRAT.snum == STRAT.snum[STRAT.stype == "H"].iloc[0])]

    @pytest.mark.parametrize("lonely_psu", ["certainty", "adjust", "average"])
    def test_a_stratum_with_one_school_adds_what_r_lets_it_add(self, lonely_psu):
        frame, expected = self.ONE_H, MORE["lonely_stratum"][lonely_psu]
        options = {"strata": frame.stype, "lonely_psu": lonely_psu}
        finite = SurveyDesign(frame.pw, population=frame.fpc, **options)
        check_overall(mean_of(frame, finite), expected["fpc"])
        without = SurveyDesign(frame.pw, **options)
        check_overall(mean_of(frame, without), expected["no_fpc"])
        both = mean_of(frame, without, by=frame.both)
        assert both.sel(both="No").standard_error == close(expected["both_no"])

    def test_a_stratum_with_one_school_is_an_error_by_default(self):
        with pytest.raises(TallyError, match="stratum 'H' has one respondent"):
            SurveyDesign(self.ONE_H.pw, strata=self.ONE_H.stype)

    @pytest.mark.parametrize("lonely_psu", ["certainty", "adjust"])
    def test_a_district_with_one_school_adds_what_r_lets_it_add(self, lonely_psu):
        expected = MORE["lonely_second_stage"]
        frame = CLUS2[(CLUS2.dnum != expected["district"]) | ~CLUS2.dnum.duplicated()]
        design = two_stages(frame, lonely_psu=lonely_psu)
        check_overall(mean_of(frame, design), expected[lonely_psu])

    def test_on_average_a_district_with_one_school_adds_what_the_others_add(self):
        # R gives NaN here: it takes the average within the district alone
        district = MORE["lonely_second_stage"]["district"]
        frame = CLUS2[(CLUS2.dnum != district) | ~CLUS2.dnum.duplicated()]
        fields = {"clusters": frame.dnum, "population": frame.fpc1}

        def variance(lonely):
            design = SurveyDesign(**fields, subpopulation=frame.fpc2, lonely_psu=lonely)
            return float(mean_of(frame, design).standard_error) ** 2, design.row_weights

        others, weights = variance("certainty")
        between = float(mean_of(frame, SurveyDesign(weights, **fields)).standard_error) ** 2
        assert variance("average")[0] == close(between + (others - between) * 40 / 39)


class TestWeights:
    def test_weights_of_0_keep_their_clusters_and_lose_their_degrees_of_freedom(self):
        weights = np.where(CLUS1.dnum.isin([61, 135]), 0, CLUS1.pw + CLUS1.enroll / 50)
        design = SurveyDesign(weights, clusters=CLUS1.dnum)
        check_overall(mean_of(CLUS1, design), MORE["zero_weights"])
        assert design.nominal_degrees_of_freedom == MORE["zero_weights"]["df"]

    @pytest.mark.parametrize("stype", ["E", "H", "M"])
    def test_unequal_weights_by_domain_are_those_of_svymean_and_svyciprop_on_a_subset(self, stype):
        design = SurveyDesign(CLUS1.enroll, clusters=CLUS1.dnum, population=CLUS1.fpc)
        expected = MORE["weighted_domains"][stype]

        def domain(of, df=expected["df"], **options):
            estimate = of(CLUS1, fixed(design, df), by=CLUS1.stype, **options)
            return estimate.sel(stype=stype)

        check_overall(domain(mean_of, None), expected)
        assert limits(domain(mean_of, method="t")) == close(tuple(expected["t"]))
        at_80 = domain(mean_of, method="t", confidence_level=0.8)
        assert limits(at_80) == close(tuple(expected["t80"]))
        share = domain(awards)
        found = float(share), float(share.standard_error)
        assert found == close((expected["share"], expected["share_se"]))
        assert limits(domain(awards, method="beta")) == close(tuple(expected["beta"]))
        at_99 = domain(awards, method="beta", confidence_level=0.99)
        assert limits(at_99) == close(tuple(expected["beta99"]))
        logit = domain(awards, method="logit")
        assert limits(logit) == close(tuple(expected["logit"]), ITERATED)

    def test_without_weights_they_follow_from_the_population(self):
        design = SurveyDesign(clusters=CLUS1.dnum, population=CLUS1.fpc)
        assert set(design.row_weights) == {757 / 15}
        check_overall(mean_of(CLUS1, design), MORE["implied_weights"])

    def test_without_weights_they_follow_from_both_populations(self):
        _, design = DESIGNS["two_stage_cluster"]
        np.testing.assert_allclose(design.row_weights, CLUS2.pw, rtol=1e-15)


K = np.unique(CLUS1.dnum, return_inverse=True)[1] + 1  # the number of a school's district
R_SIDE = np.where(np.arange(1, 16) > 7, 8 / 7, 7 / 6)  # of the districts 1 to 7, and the rest
HADAMARD = np.ones((1, 1))
for _ in range(4):
    HADAMARD = np.kron(np.array([[1, 1], [1, -1]]), HADAMARD)


def columns(number, factor_of):
    """Replicate weights by the rules of the R script."""
    factors = np.array([factor_of(K, r) for r in range(1, number + 1)]).T
    return CLUS1.enroll.to_numpy()[:, None] * factors


def half(k, r):
    return np.where(k % 2 == 1, 1, -1) * HADAMARD[(k + 1) // 2, r - 1]


def side_jackknife(k, r):
    return np.where((k > 7) != (r > 7), 1, np.where(k == r, 0, R_SIDE[r - 1]))


def successive_difference(k, r):
    return 1 + (HADAMARD[k - 1, r - 1] - HADAMARD[k, r - 1]) / 8**0.5


def drawn(k, r):
    return (k * r * r + 3 * k + r) % 5


REPLICATES = {
    "jk1": (columns(15, lambda k, r: np.where(k == r, 0, 15 / 14)), {}),
    "jkn": (columns(15, side_jackknife), {"rscales": 1 / R_SIDE}),
    "jk2": (columns(8, lambda k, r: 1 + ((k + 1) // 2 == r) * np.where(k % 2 == 1, 1, -1)), {}),
    "brr": (columns(16, lambda k, r: 1 + half(k, r)), {}),
    "fay": (columns(16, lambda k, r: 1 + 0.7 * half(k, r)), {"rho": 0.3}),
    "bootstrap": (columns(40, drawn), {}),
    "sdr": (columns(16, successive_difference), {}),
    "other": (columns(10, drawn), {"scale": 0.2, "rscales": [0, 1, 2, 3, 1, 1, 1, 0, 1, 1]}),
}  # fmt: skip


class TestReplicateWeights:
    def test_every_kind_is_compared(self):
        assert set(REPLICATES) == set(MORE["replicate_weights"]) == set(KINDS)

    @pytest.mark.parametrize("centre", ["about_mean", "about_estimate"])
    @pytest.mark.parametrize("kind", REPLICATES)
    def test_they_give_what_svymean_and_svyciprop_give(self, kind, centre):
        replicates, options = REPLICATES[kind]
        design = ReplicateWeights(
            CLUS1.enroll, replicates, kind, mse=centre == "about_estimate", **options
        )
        expected = MORE["replicate_weights"][kind][centre]
        assert design.nominal_degrees_of_freedom == expected["all"]["df"]
        for part, values in expected.items():

            def of(index, part=part, **more):
                if part == "all":
                    return index(CLUS1, design, **more)
                found = index(CLUS1, design, by=CLUS1.stype, **more)
                return found.sel(stype=part)

            mean = of(mean_of, method="t")
            check_overall(mean, values)
            assert limits(mean) == close(tuple(values["t"]))
            assert float(of(awards).standard_error) == close(values["share_se"])
            assert limits(of(awards, method="beta")) == close(tuple(values["beta"]), 1e-11)
            assert limits(of(awards, method="logit")) == close(tuple(values["xlogit"]))


class TestOtherDesigns:
    def test_without_a_subpopulation_there_are_many_to_draw_from(self):
        options = {"subpopulation": None, "lonely_psu": "certainty"}
        design = two_stages(CLUS2, weights=CLUS2.pw, **options)
        check_overall(mean_of(CLUS2, design), MORE["second_stage_of_many"])

    def test_labels_that_repeat_in_other_strata_are_other_clusters(self):
        number = np.unique(CLUS1.dnum, return_inverse=True)[1] + 1
        side = np.where(number > 7, "b", "a")
        design = SurveyDesign(CLUS1.pw, strata=side, clusters=number % 8)
        expected = MORE["nested_labels"]
        check_overall(mean_of(CLUS1, design), expected)
        middle = mean_of(CLUS1, design, by=CLUS1.stype)[2]
        assert float(middle.standard_error) == close(expected["middle_se"])

    def test_a_census_of_the_clusters_leaves_nothing_open(self):
        design = SurveyDesign(CLUS1.pw, clusters=CLUS1.dnum, population=np.full(len(CLUS1), 15))
        for method in ("score", "t"):
            estimate = mean_of(CLUS1, design, method=method)
            check_overall(estimate, MORE["census"])
            assert limits(estimate) == (float(estimate), float(estimate))

    def test_the_grades_of_a_textbook(self):
        # Lohr (2010), Sampling: Design and Analysis, 2nd ed., example 5.2: 2.826 and .164
        grades = [3.08, 2.60, 3.44, 3.04, 2.36, 3.04, 3.28, 2.68, 2.00, 2.56]
        grades += [2.52, 1.88, 3.00, 2.88, 3.44, 3.64, 2.68, 1.92, 3.28, 3.20]
        points = sorted({0, 4, *grades})
        design = SurveyDesign(clusters=np.arange(20) // 4, population=[100] * 20)
        estimate = scored(grades, Scoring(Scale(points), points), design)
        found = float(estimate), float(estimate.standard_error)
        assert found == close((MORE["grades"]["mean"], MORE["grades"]["se"]))
        assert found == pytest.approx((2.826, 0.164), abs=5e-4)
