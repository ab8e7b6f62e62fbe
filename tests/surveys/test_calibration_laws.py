"""
The laws that calibrated surveys keep, as property tests; weights and variances by other ways.

Weights are compared with iterative proportional fitting, round by round, and with the least of each
distance, found by a general optimiser; variances with textbook loops over residuals, whose
regression is solved by `numpy.linalg.lstsq`. No random seed: the same examples at each run.
"""

import contextlib
import math
from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from custfocus import Scale, Scoring, SurveyDesign, estimate
from custfocus.comparisons import pairwise, with_rest
from custfocus.errors import TallyError
from custfocus.intervals import residuals
from custfocus.intervals.calibration_factors import calibrated_weights, distance_of
from custfocus.surveys import Calibration, ReplicateWeights, SurveyTally

law = settings(derandomize=True, deadline=None, max_examples=30, database=None)

SCALE = Scale.likert(5, missing=[9])
SCORINGS = [Scoring.top_box(SCALE), Scoring.net(SCALE, positive=2, negative=2), Scoring.mean(SCALE)]
LONELY = ("certainty", "adjust", "average")


class Survey(NamedTuple):
    answers: list[int]
    domains: list[str]
    fields: dict[str, Any]  # of the design
    calibration: dict[str, Any]  # what it is made of

    @property
    def design(self) -> SurveyDesign:
        return SurveyDesign(**self.fields, calibration=Calibration(**self.calibration))

    def tally(self, **fields) -> SurveyTally:
        design = SurveyDesign(**self.fields | fields, calibration=Calibration(**self.calibration))
        return SurveyTally.of(self.answers, design, SCALE, by={"g": self.domains})


@st.composite
def surveys(draw, lonely_psu=LONELY) -> Survey:
    """Surveys of 12 to 40, raked to one margin or two, with a covariate or without."""
    generator = np.random.default_rng(draw(st.integers(0, 10**6)))
    rows = draw(st.integers(12, 40))
    clustered, stratified, finite, second, numeric = (draw(st.booleans()) for _ in range(5))
    strata = generator.integers(0, 3, rows) if stratified else np.zeros(rows, int)
    clusters = generator.integers(0, 5, rows) if clustered else np.arange(rows)
    fields: dict[str, Any] = {
        "weights": generator.choice([0, 0.3, 1, 1, 1, 2.5], rows),
        "strata": strata,
        "clusters": clusters,
        "lonely_psu": draw(st.sampled_from(lonely_psu)),
    }
    if finite:
        drawn = [len(np.unique(clusters[strata == s])) for s in range(3)]
        fields["population"] = (np.array(drawn) + generator.integers(0, 9, 3))[strata]
    margins = {"a": generator.integers(0, 3, rows), "b": generator.choice(["x", "y"], rows)}
    totals = {"a": {0: 3, 1: 4, 2: 3}, "b": {"x": 4.5, "y": 5.5}}
    if not second:
        del margins["b"], totals["b"]
    calibration: dict[str, Any] = {"margins": margins, "totals": totals}
    if numeric:
        calibration["covariates"] = {"x": generator.normal(5, 1, rows)}
        totals["x"] = 50.5
    survey = Survey(
        generator.choice([1, 2, 3, 4, 5, 9], rows).tolist(),
        generator.choice(list("uvw"), rows).tolist(),
        fields,
        calibration,
    )
    assume(is_possible(survey))
    return survey


def is_possible(survey: Survey) -> bool:
    try:
        _ = survey.design
    except TallyError:  # an empty label, a single cluster, totals out of reach
        return False
    except ValueError:  # labels that do not occur
        return False
    return True


def variables_of(calibration: dict[str, Any]) -> np.ndarray:
    columns = [
        labels == label for labels in calibration["margins"].values() for label in np.unique(labels)
    ]
    return np.column_stack([*columns, *calibration.get("covariates", {}).values()]).astype(float)


def residuals_of(survey: Survey, scoring: Scoring, domain: str, *, explained=True) -> np.ndarray:
    """The linearised values of a domain's mean, times the weight, less what the margins explain."""
    w, d = survey.design.row_weights, survey.design.base_weights
    score = dict(zip(SCALE.points, scoring.quoted_scores, strict=True))
    inside = np.array(
        [
            label == domain and a != 9
            for a, label in zip(survey.answers, survey.domains, strict=True)
        ]
    )
    x = np.array([score.get(answer, 0) for answer in survey.answers])
    total = w[inside].sum()
    u = np.where(inside, x - (w * x)[inside].sum() / total, 0) / total
    if not explained:
        return w * u
    auxiliary, root = variables_of(survey.calibration), np.sqrt(d)
    slope = np.linalg.lstsq(auxiliary * root[:, None], u * root, rcond=None)[0]
    return w * (u - auxiliary @ slope)


def left_by(survey: Survey, scoring: Scoring, domain: str) -> float:
    """The part of a domain's variance that the margins leave, allowing for chance; at most 1."""
    w, d = survey.design.row_weights, survey.design.base_weights
    counted = w > 0
    residuals = residuals_of(survey, scoring, domain)[counted] / w[counted]
    whole = residuals_of(survey, scoring, domain, explained=False)[counted] / w[counted]
    root = np.sqrt(d[counted])[:, None]
    outer = np.linalg.svd(variables_of(survey.calibration)[counted] * root, full_matrices=False)
    leverage = (outer[0][:, outer[1] > 1e-10 * outer[1][0]] ** 2).sum(axis=1)
    below = (d[counted] * (1 - leverage) * whole**2).sum()
    return min((d[counted] * residuals**2).sum() / below, 1) if below > 1e-12 else 1.0


def looped_covariance(survey: Survey, first: np.ndarray, second: np.ndarray) -> float:
    """Between clusters, stratum by stratum, as in textbooks."""
    fields = survey.fields
    strata = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for row, (stratum, cluster) in enumerate(
        zip(fields["strata"], fields["clusters"], strict=True)
    ):
        totals = strata[stratum][cluster]
        totals[0], totals[1] = totals[0] + first[row], totals[1] + second[row]
    covariance, known = 0.0, 0
    for stratum, clusters in strata.items():
        n, pairs = len(clusters), list(clusters.values())
        row = int(np.flatnonzero(fields["strata"] == stratum)[0])
        left = 1 - n / fields["population"][row] if "population" in fields else 1
        alone = n == 1 and left > 0
        known += not alone
        adjusted = alone and fields["lonely_psu"] == "adjust"
        centres = [
            0 if adjusted else math.fsum(pair[side] for pair in pairs) / n for side in (0, 1)
        ]
        products = math.fsum((a - centres[0]) * (b - centres[1]) for a, b in pairs)
        covariance += left * n / max(n - 1, 1) * products
    return covariance * (len(strata) / known if fields["lonely_psu"] == "average" else 1)


class TestVariance:
    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_it_is_that_of_loops_over_residuals(self, survey, scoring):
        found = estimate(survey.tally(), scoring)
        length = np.ptp(scoring.quoted_scores)
        for place, (domain,) in enumerate(found.keys):
            if found.n[place]:
                values = residuals_of(survey, scoring, domain)
                expected = looped_covariance(survey, values, values)
                got = float(found.standard_error[place]) ** 2
                assert got == pytest.approx(expected, rel=1e-9, abs=(1e-9 * length) ** 2)

    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_differences_have_the_covariance_of_loops(self, survey, scoring):
        means = estimate(survey.tally(), scoring)
        found, labels = pairwise(means), means.keys.labels("g")
        length = np.ptp(scoring.quoted_scores)
        for place, (one, other) in enumerate(zip(found.rows_a, found.rows_b, strict=True)):
            if means.n[one] and means.n[other]:
                a, b = labels[one], labels[other]
                values = residuals_of(survey, scoring, a) - residuals_of(survey, scoring, b)
                expected = looped_covariance(survey, values, values)
                got = float(found.standard_error[place]) ** 2
                assert got == pytest.approx(expected, rel=1e-8, abs=(1e-8 * length) ** 2)

    @pytest.mark.parametrize("lonely_psu", LONELY)
    def test_domains_of_some_strata_have_totals_in_all_of_them(self, lonely_psu):
        row = np.arange(40)
        strata = np.where(row < 36, row // 12, 3)
        survey = Survey(
            (1 + (row * row + 3 * row) % 5).tolist(),
            np.where(strata < 2, "u", "v").tolist(),
            {"weights": 1.0 + row % 3, "strata": strata, "clusters": row // 4,
             "lonely_psu": lonely_psu},
            {"margins": {"a": row * 7 % 11 % 3}, "totals": {"a": {0: 3, 1: 4, 2: 3}}},
        )  # fmt: skip
        u, v = (residuals_of(survey, SCORINGS[2], domain) for domain in "uv")
        means = estimate(survey.tally(), SCORINGS[2])
        for place, values in enumerate((u, v)):
            got = float(means.standard_error[place]) ** 2
            assert got == pytest.approx(looped_covariance(survey, values, values), rel=1e-10)
        found = pairwise(means).standard_error ** 2
        assert found == pytest.approx([looped_covariance(survey, u - v, u - v)], rel=1e-10)

    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_kishs_number_is_divided_by_what_the_margins_leave(self, survey, scoring):
        fixed = SurveyDesign(**survey.fields | {"weights": survey.design.row_weights})
        plain = SurveyTally.of(survey.answers, fixed, SCALE, by={"g": survey.domains})
        ours, theirs = (each.means(scoring).means for each in (survey.tally(), plain))
        for place, (domain,) in enumerate(survey.tally().keys):
            seen = not (ours.no_variance[place] or theirs.no_variance[place])
            if ours.n[place] and seen:
                expected = theirs.ceiling[place] / left_by(survey, scoring, domain)
                assert ours.ceiling[place] == pytest.approx(expected, rel=1e-7)

    @law
    @given(surveys(lonely_psu=("certainty",)), st.sampled_from(SCORINGS))
    def test_totals_that_the_sample_shows_already_change_no_weight_but_the_variance(
        self, survey, scoring
    ):
        w = survey.design.row_weights
        again = survey._replace(fields=survey.fields | {"weights": w})
        assert again.design.row_weights == pytest.approx(w, rel=1e-9)
        given_ = Calibration(
            survey.calibration["margins"], covariates=survey.calibration.get("covariates")
        )
        one, other = (
            estimate(SurveyTally.of(survey.answers, design, SCALE), scoring)
            for design in (
                again.design, SurveyDesign(**again.fields, calibration=given_),
            )
        )  # fmt: skip
        length = np.ptp(scoring.quoted_scores)
        for name in ("value", "standard_error", "low", "high"):
            ours, theirs = (float(getattr(each, name)) for each in (one, other))
            assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-6 * length), name


class TestGroups:
    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_a_domain_gets_the_bits_that_it_gets_with_all_others_unanswered(self, survey, scoring):
        found = estimate(survey.tally(), scoring)
        for place, (domain,) in enumerate(found.keys):
            if found.n[place]:
                answers = [
                    answer if label == domain else 9
                    for answer, label in zip(survey.answers, survey.domains, strict=True)
                ]
                alone = estimate(answers, scoring, design=survey.design)
                for name in ("value", "low", "high", "standard_error", "effective_n"):
                    assert getattr(found, name)[place] == float(getattr(alone, name)), name

    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_each_against_the_rest_is_a_survey_of_two_domains(self, survey, scoring):
        e = estimate(survey.tally(), scoring)
        found = with_rest(e)
        for row, domain in enumerate(e.keys.labels("g")):
            sides = ["own" if one == domain else "rest" for one in survey.domains]
            both = estimate(survey._replace(domains=sides).tally(), scoring)
            two = pairwise(both)
            for name in ("value", "low", "high", "standard_error", "p_value") if len(two) else ():
                mine, own = getattr(found, name)[row], getattr(two, name)[0]
                assert mine == pytest.approx(own, rel=1e-6, abs=1e-7, nan_ok=True), name

    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_domains_that_are_computed_one_at_a_time_get_the_same_bits(self, survey, scoring):
        whole = estimate(survey.tally(), scoring)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(residuals, "_BLOCK", 1)
            assert estimate(survey.tally(), scoring).to_dicts() == whole.to_dicts()

    @law
    @given(surveys(), st.sampled_from(SCORINGS), st.randoms(use_true_random=False))
    def test_the_order_of_respondents_makes_no_difference(self, survey, scoring, random):
        order = list(range(len(survey.answers)))
        random.shuffle(order)
        moved = Survey(
            [survey.answers[row] for row in order],
            [survey.domains[row] for row in order],
            {k: v[order] if isinstance(v, np.ndarray) else v for k, v in survey.fields.items()},
            {
                k: {name: v[order] for name, v in part.items()} if k != "totals" else part
                for k, part in survey.calibration.items()
            },
        )
        one, other = (estimate(each.tally(), scoring) for each in (survey, moved))
        length = np.ptp(scoring.quoted_scores)
        assert one.value == pytest.approx(other.value, rel=1e-9, nan_ok=True)
        assert one.standard_error == pytest.approx(
            other.standard_error, rel=1e-7, abs=1e-9 * length, nan_ok=True
        )

    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_the_interval_holds_the_value_and_lies_on_the_scale(self, survey, scoring):
        found = estimate(survey.tally(), scoring)
        some = found.n > 0
        room = 1e-9 * np.ptp(scoring.quoted_scores)
        low, high = scoring.quoted_scores.min(), scoring.quoted_scores.max()
        assert (found.low[some] >= low - room).all()
        assert (found.high[some] <= high + room).all()
        assert (found.low[some] <= found.value[some] + room).all()
        assert (found.value[some] <= found.high[some] + room).all()

    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_kishs_number_is_never_less_than_without_margins(self, survey, scoring):
        fixed = SurveyDesign(**survey.fields | {"weights": survey.design.row_weights})
        plain = SurveyTally.of(survey.answers, fixed, SCALE, by={"g": survey.domains})
        ours, theirs = (each.means(scoring).means for each in (survey.tally(), plain))
        shown = ~ours.no_variance & ~theirs.no_variance & (ours.n > 0)
        assert (ours.ceiling[shown] >= theirs.ceiling[shown] * (1 - 1e-9)).all()


class TestLevels:
    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_p_is_less_than_5_percent_exactly_where_0_is_outside(self, survey, scoring):
        both = pairwise(estimate(survey.tally(), scoring))
        some = ~np.isnan(both.low)
        outside = (both.low > 0) | (both.high < 0)
        certain = np.abs(both.p_value - 0.05) > 1e-9
        assert (outside == (both.p_value < 0.05))[some & certain].all()


def proportional_fitting(weights, margins, totals, rounds=2000):
    """The weights after so many rounds of bringing each margin to its totals."""
    fitted = np.array(weights, float)
    for _ in range(rounds):
        for name, labels in margins.items():
            for label, total in totals[name].items():
                here = labels == label
                fitted[here] *= total / fitted[here].sum()
    return fitted


DISTANCES = {
    "linear": lambda g: (g - 1) ** 2 / 2,
    "raking": lambda g: g * np.log(g) - g + 1,
    "logit": lambda g: (
        (g - 0.2) * np.log((g - 0.2) / 0.8) + (4 - g) * np.log((4 - g) / 3)
    ) / (3.8 / (0.8 * 3)),
}  # fmt: skip


class TestWeights:
    @law
    @given(surveys())
    def test_raking_is_where_proportional_fitting_leads_to(self, survey):
        margins = survey.calibration["margins"]
        totals = {name: survey.calibration["totals"][name] for name in margins}
        calibration = Calibration(margins, totals)
        base = survey.fields["weights"]
        fitted = proportional_fitting(base, margins, totals)
        off = [
            abs(fitted[labels == label].sum() / total - 1)
            for name, labels in margins.items()
            for label, total in totals[name].items()
        ]
        assume(max(off) < 1e-11)
        found = SurveyDesign(**survey.fields, calibration=calibration).row_weights
        assert found == pytest.approx(fitted, rel=1e-8)

    @settings(law, max_examples=15)
    @given(st.integers(0, 10**6), st.sampled_from(sorted(DISTANCES)))
    def test_no_other_weights_with_these_totals_are_nearer(self, seed, method):
        generator = np.random.default_rng(seed)
        base = generator.choice([1.0, 2.0, 3.0], 12)
        a = np.repeat([0, 1, 2], 4)
        x = np.column_stack([a == 0, a == 1, a == 2, generator.normal(size=12)]).astype(float)
        aim = base * generator.uniform(0.7, 1.4, 12)  # so that some weights have the totals
        totals = aim @ x
        found = calibrated_weights(base, x, totals, distance_of(method, (0.2, 4)))
        assert found.solved
        distance = DISTANCES[method]
        bounds = [(0.21, 3.99)] * 12 if method == "logit" else [(1e-3, None)] * 12
        least = minimize(
            lambda g: base @ distance(g), aim / base, method="SLSQP", bounds=bounds,
            constraints={"type": "eq", "fun": lambda g: (base * g) @ x - totals},
            options={"maxiter": 500, "ftol": 1e-15},
        )  # fmt: skip
        assume(least.success or least.status == 8)
        g = found.weights / base
        assume(method != "linear" or g.min() > 0.01)
        assert base @ distance(g) <= least.fun + 1e-9
        assert g == pytest.approx(least.x, abs=1e-3)

    def test_steps_that_go_too_far_are_halved(self):
        # A rare label whose total is 10^6 times as large: a whole step of Newton would overflow
        x = np.column_stack([np.repeat([1.0, 0.0], [3, 97]), np.repeat([0.0, 1.0], [3, 97])])
        found = calibrated_weights(
            np.ones(100), x, np.array([3e6, 97.0]), distance_of("raking", (0.2, 4))
        )
        assert found.weights[:3] == pytest.approx([1e6] * 3, rel=1e-12)
        assert found.weights[3:] == pytest.approx([1] * 97, rel=1e-12)

    @pytest.mark.parametrize("method", ["raking", "logit"])
    def test_totals_out_of_reach_are_not_solved(self, method):
        x = np.ones((4, 1))
        assert not calibrated_weights(
            np.ones(4), x, np.array([-5.0]), distance_of(method, (0.2, 4))
        ).solved

    def test_a_total_of_0_is_met_by_a_covariate_of_both_signs(self):
        x = np.column_stack([np.ones(4), [-2.0, -1.0, 1.0, 4.0]])
        found = calibrated_weights(
            np.ones(4), x, np.array([4.0, 0.0]), distance_of("raking", (0.2, 4))
        )
        assert found.solved
        assert found.weights @ x[:, 1] == pytest.approx(0, abs=1e-12)


class TestReplicates:
    @settings(law, max_examples=15)
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_their_variance_is_that_of_means_by_each_calibrated_column(self, survey, scoring):
        base = np.where(survey.fields["weights"] > 0, survey.fields["weights"], 1)
        generator = np.random.default_rng(len(base))
        columns = base[:, None] * generator.uniform(0.7, 1.3, (len(base), 6))
        calibration = Calibration(**survey.calibration)
        design = None
        with contextlib.suppress(TallyError):  # totals out of reach of a replicate
            design = ReplicateWeights(base, columns, "bootstrap", calibration=calibration)
        answered = np.array(survey.answers) != 9
        assume(design is not None)
        assume(answered.any())
        score = dict(zip(SCALE.points, scoring.quoted_scores, strict=True))
        x = np.array([score.get(answer, 0) for answer in survey.answers])[answered]
        scale = 10 / base.sum()
        means = []
        for column in columns.T:
            alone = {"weights": column * scale, "calibration": calibration}
            weights = SurveyDesign(**alone).row_weights[answered]
            means.append(np.average(x, weights=weights))
        expected = np.var(means, ddof=1)
        found = estimate(survey.answers, scoring, design=design)
        length = np.ptp(scoring.quoted_scores)
        got = float(found.standard_error) ** 2
        assert got == pytest.approx(expected, rel=1e-8, abs=(1e-9 * length) ** 2)
