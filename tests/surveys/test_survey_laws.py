"""
The laws that indices of surveys keep, as property tests; the variance against plain loops.

No random seed: the same examples at each run.
"""

import math
from collections import defaultdict
from itertools import pairwise
from typing import Any, NamedTuple

import attrs
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custfocus.errors import TallyError
from custfocus.indices.estimate import Estimate, estimate
from custfocus.responses import Scale, Scoring, Tally
from custfocus.surveys import ReplicateWeights, SurveyDesign, SurveyTally
from custfocus.surveys.survey_design import LONELY_PSU

law = settings(derandomize=True, deadline=None, max_examples=50, database=None)
slow_law = settings(law, max_examples=20)

SCALE = Scale.likert(5, missing=[9])
SCORINGS = [
    Scoring.top_box(SCALE),
    Scoring.net(SCALE, positive=2, negative=2),
    Scoring.mean(SCALE),
    Scoring(SCALE, [0.1, -3, 7, 0.1, 2]),
]
METHODS = ("score", "t", "exact", "mid-p", "logit", "beta")  # the last two for shares only


class Survey(NamedTuple):
    answers: list[int]
    domains: list[str]
    fields: dict[str, Any]  # of the design

    @property
    def design(self) -> SurveyDesign:
        return SurveyDesign(**self.fields)


@st.composite
def surveys(draw, lonely_psu=LONELY_PSU, answers=(1, 2, 3, 4, 5, 9), populations=True) -> Survey:  # noqa: FBT002
    """Surveys of 3 to 20 with any of the fields, by NumPy's generator since they are large."""
    generator = np.random.default_rng(draw(st.integers(0, 10**6)))
    rows = draw(st.integers(3, 20))

    def column(values):
        return generator.choice(values, rows).tolist()

    clustered, stratified, finite, two_stage = (draw(st.booleans()) for _ in range(4))
    finite = finite and populations
    fields: dict[str, Any] = {
        "weights": column([0, 0.3, 1, 1, 1, 2.5, 40]),
        "strata": column([0, 1, 2]) if stratified else [0] * rows,
        "clusters": column([0, 1, 2, 3, 4]) if clustered else list(range(rows)),
        "lonely_psu": draw(st.sampled_from(lonely_psu)),
    }
    if finite:
        outside = generator.integers(0, 10, 3)
        fields["population"] = _drawn(fields["strata"], fields["clusters"], outside)
    if finite and two_stage:
        cells = [3 * c + s for s, c in zip(fields["strata"], fields["clusters"], strict=True)]
        fields["subclusters"] = column([0, 1, 2])
        fields["subpopulation"] = _drawn(cells, fields["subclusters"], outside)
    survey = Survey(column(answers), column(list("abc")), fields)
    assume(is_possible(survey))
    return survey


def _drawn(strata, units, outside) -> list[int]:
    """For each row how many units its stratum has: those drawn, and some of the others."""
    drawn = defaultdict(set)
    for stratum, unit in zip(strata, units, strict=True):
        drawn[stratum].add(unit)
    return [len(drawn[stratum]) + int(outside[stratum % 3]) for stratum in strata]


def is_possible(survey: "Survey | Replicated") -> bool:
    try:
        return len(survey.design) > 0
    except TallyError:  # a stratum of one cluster, weights all 0 or replicates of hardly any
        return False


class Replicated(NamedTuple):
    answers: list[int]
    domains: list[str]
    weights: np.ndarray
    columns: np.ndarray
    options: dict[str, Any]

    @property
    def design(self) -> ReplicateWeights:
        return ReplicateWeights(self.weights, self.columns, "other", **self.options)


@st.composite
def replicated(draw) -> Replicated:
    """Surveys of 2 to 20 with 2 to 6 replicates, of which some lose whole domains."""
    generator = np.random.default_rng(draw(st.integers(0, 10**6)))
    rows, columns = draw(st.integers(2, 20)), draw(st.integers(2, 6))
    weights = generator.choice([0, 0.3, 1, 2.5], rows)
    factors = generator.choice([0, 0, 0.5, 1, 2, -0.1], (rows, columns))
    rscales = [1, *generator.choice([0, 0.5, 2], columns - 1)]
    survey = Replicated(
        generator.choice([1, 2, 3, 4, 5, 9], rows).tolist(),
        generator.choice(list("abc"), rows).tolist(),
        weights,
        weights[:, None] * factors,
        {"scale": 0.7, "rscales": rscales, "mse": draw(st.booleans())},
    )
    assume(is_possible(survey))
    return survey


def lacking(survey: Survey, without) -> Survey:
    """Without strata or clusters the survey has one stratum, or everybody is a cluster."""
    fields = {name: field for name, field in survey.fields.items() if name not in without}
    fewer = survey._replace(fields=fields)
    assume(is_possible(fewer))
    return fewer


tallied = surveys(populations=False)
left_out = st.sampled_from([(), ("strata",), ("clusters",), ("strata", "clusters")])
fewer = st.builds(lacking, tallied, left_out)
every_kind = st.one_of(surveys(), fewer, replicated())


def estimate_of(survey: Survey | Replicated, scoring: Scoring, **options) -> Estimate:
    return estimate(survey.answers, scoring, design=survey.design, by=survey.domains, **options)


def methods_for(scoring, level=0.95):
    if len(set(scoring.scores)) == 2:
        return METHODS
    return METHODS[:4] if level >= 0.8 else METHODS[:2]


def arrays(estimate: Estimate, *, without=()) -> dict[str, np.ndarray]:
    """Its numbers by name, missing answers aside."""
    left_out = {"group", "metric", "unit", "missing", *without}
    return {
        name: np.asarray(getattr(estimate, name))
        for name in estimate.to_dicts()[0]
        if name not in left_out
    }


def assert_same_bits(first: Estimate, second: Estimate) -> None:
    theirs = arrays(second)
    for name, numbers in arrays(first).items():
        np.testing.assert_array_equal(numbers, theirs[name], name)


def assert_close(first: Estimate, second: Estimate) -> None:
    """Equal but for rounding; sizes that rest on a variance near 0 are looked at by no law."""
    length = np.ptp(first.scoring.quoted_scores)
    theirs = arrays(second)
    np.testing.assert_array_equal(first.n, theirs["n"])
    np.testing.assert_allclose(first.degrees_of_freedom, theirs["degrees_of_freedom"], rtol=1e-12)
    for name in ("value", "low", "high", "standard_error"):
        np.testing.assert_allclose(
            getattr(first, name), theirs[name], rtol=1e-9, atol=1e-9 * length, err_msg=name
        )


def looped_variance(survey: Survey, scoring: Scoring, domain: str) -> float:
    """The variance of a domain's mean by loops over strata and clusters, as in textbooks."""
    score = dict(zip(SCALE.points, scoring.quoted_scores, strict=True))
    rows = zip(survey.fields["weights"], survey.domains, survey.answers, strict=True)
    weights = [w * (label == domain and answer != 9) for w, label, answer in rows]
    x = [score.get(answer, 0) for answer in survey.answers]
    total = math.fsum(weights)
    mean = math.fsum(w * value for w, value in zip(weights, x, strict=True)) / total
    z = [w * (value - mean) / total for w, value in zip(weights, x, strict=True)]
    return _between(range(len(z)), STAGES, survey.fields, z)


STAGES = [("strata", "clusters", "population"), ("clusters", "subclusters", "subpopulation")]


def _between(rows, stages, fields, z) -> float:
    """Between the units of each stratum and, times the share drawn, within each of them."""
    (outer, inner, size), *later = stages
    variance = 0.0
    for units in _split(rows, fields[outer], fields[inner]).values():
        n = len(units)
        share = n / fields[size][units[0][0]] if size in fields else 0
        totals = [math.fsum(z[row] for row in unit) for unit in units]
        adjusted = n == 1 and fields["lonely_psu"] == "adjust"
        centre = 0 if adjusted else math.fsum(totals) / n
        squares = math.fsum((total - centre) ** 2 for total in totals)
        variance += (1 - share) * n / max(n - 1, 1) * squares
        if share and later and "subclusters" in fields:
            variance += share * sum(_between(unit, later, fields, z) for unit in units)
    return variance


def _split(rows, outer, inner) -> dict[int, list[list[int]]]:
    cells = defaultdict(lambda: defaultdict(list))
    for row in rows:
        cells[outer[row]][inner[row]].append(row)
    return {label: list(units.values()) for label, units in cells.items()}


class TestVariance:
    @law
    @given(surveys(lonely_psu=("certainty", "adjust")), st.sampled_from(SCORINGS))
    def test_it_is_that_of_loops_over_strata_and_clusters(self, survey, scoring):
        found = estimate_of(survey, scoring)
        length = np.ptp(scoring.quoted_scores)
        for place, (domain,) in enumerate(found.keys):
            if found.n[place]:
                expected = looped_variance(survey, scoring, domain)
                got = float(found.standard_error[place]) ** 2
                assert got == pytest.approx(expected, rel=1e-11, abs=(1e-13 * length) ** 2)

    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_the_sizes_and_the_design_effect_follow_from_it(self, survey, scoring):
        found = estimate_of(survey, scoring)
        scores = dict(zip(SCALE.points, scoring.quoted_scores, strict=True))
        rows = list(zip(survey.answers, survey.domains, survey.fields["weights"], strict=True))
        for place, (domain,) in enumerate(found.keys):
            counted = [(scores[a], w) for a, d, w in rows if d == domain and w and a != 9]
            assert found.n[place] == len(counted)
            if counted and not np.isinf(found.degrees_of_freedom[place]):
                x, w = np.array(counted).T
                spread = np.average((x - np.average(x, weights=w)) ** 2, weights=w)
                variance = found.standard_error[place] ** 2
                assert found.effective_n[place] == pytest.approx(spread / variance, rel=1e-9)
                alone = spread / (len(x) - 1)
                assert found.design_effect[place] == pytest.approx(variance / alone, rel=1e-9)

    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_degrees_of_freedom_are_kishs_share_of_the_clusters_less_the_strata(
        self, survey, scoring
    ):
        found, fields = estimate_of(survey, scoring, method="t"), survey.fields
        clusters = zip(fields["strata"], fields["clusters"], strict=True)
        rows = list(zip(survey.answers, survey.domains, fields["weights"], clusters, strict=True))
        for place, (domain,) in enumerate(found.keys):
            weights = defaultdict(float)
            for answer, label, weight, cluster in rows:
                if label == domain and weight and answer != 9:
                    weights[cluster] += weight
            if weights:
                kish = sum(weights.values()) ** 2 / sum(w**2 for w in weights.values())
                less = len(weights) - len({stratum for stratum, _ in weights})
                expected = max(less * kish / len(weights), 1)
                assert found.degrees_of_freedom[place] == pytest.approx(expected, rel=1e-12)

    @law
    @given(surveys(populations=False), st.sampled_from(SCORINGS))
    def test_the_ceiling_is_kishs_number_of_respondents(self, survey, scoring):
        found = estimate_of(survey, scoring)
        means = found.sample.means(scoring).means
        rows = list(zip(survey.answers, survey.domains, survey.fields["weights"], strict=True))
        for place, (domain,) in enumerate(found.keys):
            weights = [w for answer, label, w in rows if label == domain and w and answer != 9]
            if weights and not np.isinf(found.degrees_of_freedom[place]):
                kish = sum(weights) ** 2 / sum(w**2 for w in weights)
                assert means.ceiling[place] == pytest.approx(kish, rel=1e-12)

    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_it_is_missing_where_the_answers_are_equal_or_of_one_cluster(self, survey, scoring):
        found = estimate_of(survey, scoring)
        scores = dict(zip(SCALE.points, scoring.quoted_scores, strict=True))
        fields = survey.fields
        clusters = list(zip(fields["strata"], fields["clusters"], strict=True))
        rows = list(zip(survey.answers, survey.domains, fields["weights"], clusters, strict=True))
        for place, (domain,) in enumerate(found.keys):
            counted = [(scores[a], c) for a, d, w, c in rows if d == domain and w and a != 9]
            values, where = ({row[side] for row in counted} for side in (0, 1))
            if len(values) == 1 or (len(where) == 1 and "subclusters" not in fields):
                assert np.isinf(found.degrees_of_freedom[place])
                assert found.effective_n[place] > 0


class TestGroups:
    @law
    @given(every_kind, st.sampled_from(SCORINGS), st.data())
    def test_a_domain_gets_the_bits_that_it_gets_with_all_others_unanswered(
        self, survey, scoring, data
    ):
        method = data.draw(st.sampled_from(methods_for(scoring)))
        found = estimate_of(survey, scoring, method=method)
        for place, (domain,) in enumerate(found.keys):
            if found.n[place]:
                pairs = zip(survey.answers, survey.domains, strict=True)
                answers = [answer if label == domain else 9 for answer, label in pairs]
                alone = estimate(answers, scoring, design=survey.design, method=method)
                assert_same_bits(found[place], alone)

    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_one_domain_of_all_gets_the_bits_of_all(self, survey, scoring):
        assume(
            any(w and a != 9 for w, a in zip(survey.fields["weights"], survey.answers, strict=True))
        )
        everybody = survey._replace(domains=["all"] * len(survey.answers))
        alone = estimate(survey.answers, scoring, design=survey.design)
        assert_same_bits(estimate_of(everybody, scoring)[0], alone)

    @law
    @given(every_kind, st.sampled_from(SCORINGS), st.data())
    def test_nan_means_no_answers_and_nothing_else(self, survey, scoring, data):
        method = data.draw(st.sampled_from(methods_for(scoring)))
        found = estimate_of(survey, scoring, method=method)
        for name, numbers in arrays(found, without={"degrees_of_freedom"}).items():
            if numbers.dtype == np.float64:
                assert (np.isnan(numbers) == (found.n == 0)).all(), name

    @law
    @given(surveys(), st.sampled_from(SCORINGS), st.data())
    def test_weight_0_is_like_no_answer(self, survey, scoring, data):
        rows = data.draw(st.sets(st.integers(0, len(survey.answers) - 1)))
        weights, answers = [*survey.fields["weights"]], [*survey.answers]
        for row in rows:
            weights[row], answers[row] = 0, 9
        assume(any(weights))
        silent = survey._replace(answers=answers)
        weightless = survey._replace(fields=survey.fields | {"weights": weights})
        assert_close(estimate_of(silent, scoring), estimate_of(weightless, scoring))


class TestInvariance:
    @law
    @given(surveys() | fewer, st.sampled_from(SCORINGS), st.sampled_from([2.0**-40, 8, 2.0**300]))
    def test_a_common_factor_of_the_weights_changes_nothing(self, survey, scoring, factor):
        weights = [factor * weight for weight in survey.fields["weights"]]
        scaled = survey._replace(fields=survey.fields | {"weights": weights})
        assert_same_bits(estimate_of(survey, scoring), estimate_of(scaled, scoring))

    @law
    @given(surveys(), st.sampled_from(SCORINGS), st.data())
    def test_the_order_of_the_respondents_does_not_matter(self, survey, scoring, data):
        order = data.draw(st.permutations(range(len(survey.answers))))
        moved = Survey(
            [survey.answers[row] for row in order],
            [survey.domains[row] for row in order],
            {
                name: field if name == "lonely_psu" else [field[row] for row in order]
                for name, field in survey.fields.items()
            },
        )
        assert_close(estimate_of(survey, scoring), estimate_of(moved, scoring))

    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_what_strata_and_clusters_are_called_does_not_matter(self, survey, scoring):
        named = {
            name: [f"{name} {7 - label}" for label in survey.fields[name]]
            for name in ("strata", "clusters", "subclusters")
            if name in survey.fields
        }
        renamed = survey._replace(fields=survey.fields | named)
        assert_close(estimate_of(survey, scoring), estimate_of(renamed, scoring))

    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_a_respondent_twice_with_half_the_weight_is_the_same_in_a_cluster(
        self, survey, scoring
    ):
        assume("population" not in survey.fields)
        doubled = Survey(
            survey.answers * 2,
            survey.domains * 2,
            {
                name: field if name == "lonely_psu" else field * 2
                for name, field in survey.fields.items()
            },
        )
        one, two = (estimate_of(each, scoring, method="t") for each in (survey, doubled))
        np.testing.assert_array_equal(2 * one.n, two.n)
        np.testing.assert_allclose(one.degrees_of_freedom, two.degrees_of_freedom, rtol=1e-12)
        for name in ("value", "standard_error", "low", "high"):
            length = np.ptp(scoring.quoted_scores)
            np.testing.assert_allclose(
                getattr(one, name), getattr(two, name), rtol=1e-9, atol=1e-9 * length
            )

    @law
    @given(surveys(answers=(1, 2, 3, 4, 5)), st.sampled_from(SCORINGS))
    def test_equal_weights_give_the_tallys_value(self, survey, scoring):
        expected = estimate(Tally.of(survey.answers, SCALE, by=survey.domains), scoring).value
        for weight in (8, 7.3):
            equal = survey._replace(
                fields=survey.fields | {"weights": [weight] * len(survey.answers)}
            )
            value = estimate_of(equal, scoring).value
            if weight == 8:  # which adds up exactly
                np.testing.assert_array_equal(value, expected)
            slack = 1e-12 * np.ptp(scoring.quoted_scores)
            np.testing.assert_allclose(value, expected, rtol=0, atol=slack)


class TestLimits:
    @law
    @given(every_kind, st.sampled_from(SCORINGS), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
    def test_they_hold_the_value_and_but_for_t_lie_on_the_scale(self, survey, scoring, level):
        lowest, highest = scoring.bounds
        for method in methods_for(scoring, level):
            found = estimate_of(survey, scoring, method=method, confidence_level=level)
            counted = found[found.n > 0]
            slack = 1e-12 * (highest - lowest)  # logit and beta come from shares
            assert (counted.low <= counted.value + slack).all()
            assert (counted.value <= counted.high + slack).all()
            if method != "t":
                assert (lowest - slack <= counted.low).all()
                assert (counted.high <= highest + slack).all()

    @law
    @given(every_kind, st.sampled_from(SCORINGS))
    def test_they_differ_but_for_t_and_a_census(self, survey, scoring):
        for method in methods_for(scoring):
            found = estimate_of(survey, scoring, method=method)
            some = found[np.isfinite(found.effective_n)]
            if method != "t":
                assert (some.low < some.high).all()

    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_they_part_with_the_confidence_level(self, survey, scoring):
        for method in methods_for(scoring, 0.5):
            found = [
                estimate_of(survey, scoring, method=method, confidence_level=level)
                for level in (0.5, 0.8, 0.95, 0.99)
            ]
            for narrow, wide in pairwise(each[each.n > 0] for each in found):
                slack = 1e-12 * np.ptp(scoring.quoted_scores)
                assert (wide.low <= narrow.low + slack).all()
                assert (narrow.high <= wide.high + slack).all()

    @law
    @given(surveys(), st.sampled_from(SCORINGS), st.sampled_from([(2, 3), (-1, 0), (-0.25, 10)]))
    def test_they_go_with_the_scores(self, survey, scoring, line):
        slope, shift = line
        moved = attrs.evolve(
            scoring, scores=[slope * score + shift for score in scoring.scores], unit="points"
        )
        plain = attrs.evolve(scoring, unit="points")
        length = abs(slope) * np.ptp(scoring.scores)
        for method in methods_for(scoring):
            one, other = (estimate_of(survey, each, method=method) for each in (plain, moved))
            ends = ("low", "high") if slope > 0 else ("high", "low")
            for ours, theirs in zip(("value", "low", "high"), ("value", *ends), strict=True):
                np.testing.assert_allclose(
                    getattr(other, theirs),
                    slope * getattr(one, ours) + shift,
                    atol=1e-9 * length,
                    rtol=1e-9,
                )

    @law
    @given(surveys())
    def test_points_of_equal_scores_are_one(self, survey):
        wide = Scoring(SCALE, [0, 0, 0, 1, 1])
        narrow = Scoring(Scale([0, 1], missing=[9]), [0, 1])
        merged = survey._replace(
            answers=[9 if answer == 9 else int(answer > 3) for answer in survey.answers]
        )
        for method in METHODS:
            ours, theirs = (
                estimate_of(survey, wide, method=method),
                estimate_of(merged, narrow, method=method),
            )
            assert_close(ours, theirs)


def tally_of(survey: Survey) -> SurveyTally:
    return SurveyTally.of(survey.answers, survey.design, SCALE, by=survey.domains)


def one_by_one(survey: Survey) -> Survey:
    """As from a population so large that it makes no difference, but for what is kept."""
    return survey._replace(fields=survey.fields | {"population": [10**17] * len(survey.answers)})


def rows_of(survey: Survey, which) -> Survey:
    return Survey(
        [survey.answers[row] for row in which],
        [survey.domains[row] for row in which],
        {
            name: field if name == "lonely_psu" else [field[row] for row in which]
            for name, field in survey.fields.items()
        },
    )


def tally_of_rows(survey: Survey, which) -> SurveyTally:
    """Of some rows, which need not make a design: a cell for each of them."""
    part = rows_of(survey, which)
    weights = np.array(part.fields["weights"])
    return SurveyTally.of_cells(
        part.answers,
        SCALE,
        respondents=weights > 0,
        weightless=weights == 0,
        weights=weights,
        squares=weights**2,
        by=part.domains,
        strata=part.fields.get("strata"),
        clusters=part.fields.get("clusters"),
        lonely_psu=part.fields["lonely_psu"],
    )


class TestTallies:
    @law
    @given(tallied, left_out, st.sampled_from(SCORINGS), st.data())
    def test_cells_give_what_their_respondents_give(self, survey, without, scoring, data):
        survey = lacking(survey, without)
        method = data.draw(st.sampled_from(methods_for(scoring)))
        ours = estimate_of(survey, scoring, method=method)
        theirs = estimate_of(one_by_one(survey), scoring, method=method)
        np.testing.assert_array_equal(ours.missing, theirs.missing)
        assert_close(ours, theirs)
        for name in ("design_effect", "effective_n"):
            np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-8)

    @slow_law
    @given(tallied, left_out, st.data())
    def test_parts_add_up_to_the_whole(self, survey, without, data):
        survey = lacking(survey, without)
        rows = range(len(survey.answers))
        part = data.draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows)))
        a, b, c = (
            tally_of_rows(survey, [row for row in rows if part[row] == one]) for one in range(3)
        )
        assert a + b == b + a
        whole = tally_of(survey)
        for added in ((a + b) + c, a + (b + c), sum([c, a, b])):
            [ours], [theirs] = added.contents, whole.contents
            assert list(added.keys) == list(whole.keys)
            assert (ours.strata, ours.clusters) == (theirs.strata, theirs.clusters)
            np.testing.assert_array_equal(ours.weightless, theirs.weightless)
            for name, one in ours.rows._asdict().items():  # sums of up to 20 numbers
                other, slack = getattr(theirs.rows, name), 1e-14 * (name in {"weights", "squares"})
                np.testing.assert_allclose(one, other, rtol=slack)

    @slow_law
    @given(tallied, left_out)
    def test_whole_weights_add_up_exactly_in_any_order(self, survey, without):
        survey = lacking(survey, without)
        weights = [math.ceil(weight) for weight in survey.fields["weights"]]
        survey = survey._replace(fields=survey.fields | {"weights": weights})
        rows = range(len(weights))
        parts = [tally_of_rows(survey, [row]) for row in rows]
        assert sum(parts) == sum(reversed(parts)) == tally_of(survey)

    @slow_law
    @given(tallied, left_out)
    def test_a_tally_without_rows_adds_nothing(self, survey, without):
        tally = tally_of(lacking(survey, without))
        none = tally_of_rows(lacking(survey, without), [])
        assert tally + none == none + tally == tally


class TestDomains:
    @law
    @given(surveys(), st.sampled_from(SCORINGS))
    def test_differences_swap_their_signs_and_choosing_first_changes_no_bit(self, survey, scoring):
        sample = estimate_of(survey, scoring).sample
        a, b = (each.ravel() for each in np.indices((sample.keys.rows,) * 2))
        a, b = a[a != b], b[a != b]
        assume(len(a))
        ours = sample.differences(scoring, a, sample, b, 0.9)
        theirs = sample.differences(scoring, b, sample, a, 0.9)
        for one, other in (("value", "value"), ("low", "high")):
            slack = 1e-9 * np.ptp(scoring.quoted_scores)
            np.testing.assert_allclose(getattr(ours, one), -getattr(theirs, other), atol=slack)
        np.testing.assert_array_equal(sample.p_values(scoring, a, b), ours.p_value)
        last = sample[[-1, 0]]
        alone = last.differences(scoring, np.array([0]), last, np.array([1]), 0.9)
        place = np.flatnonzero((a == sample.keys.rows - 1) & (b == 0))
        for name, part in alone._asdict().items():
            np.testing.assert_array_equal(part, getattr(ours, name)[place], name)


class TestReplicateWeights:
    @law
    @given(replicated(), st.sampled_from(SCORINGS))
    def test_the_variance_is_that_of_loops_over_replicates(self, survey, scoring):
        found = estimate(survey.answers, scoring, design=survey.design, by=survey.domains)
        for place, (domain,) in enumerate(found.keys):
            if found.n[place]:
                variance = looped_replicates(survey, scoring, domain)
                got = float(found.standard_error[place]) ** 2
                length = np.ptp(scoring.quoted_scores)
                # Weights that nearly cancel make large means, of which the digits are lost
                assert got == pytest.approx(variance, rel=1e-9, abs=(1e-9 * length) ** 2)


def looped_replicates(survey: Replicated, scoring: Scoring, domain: str) -> float:
    score = dict(zip(SCALE.points, scoring.quoted_scores, strict=True))
    rows = [
        row
        for row, (label, answer) in enumerate(zip(survey.domains, survey.answers, strict=True))
        if label == domain and answer != 9 and survey.weights[row] > 0
    ]

    def mean(weights):
        total = math.fsum(weights[row] for row in rows)
        return (
            math.fsum(weights[row] * score[survey.answers[row]] for row in rows) / total
            if sum(weights[row] for row in rows)  # as they are added up, in order
            else None
        )

    means = [mean(column) for column in survey.columns.T]
    rscales = survey.options["rscales"]
    counted = [m for m, factor in zip(means, rscales, strict=True) if m is not None and factor]
    centre = (
        mean(survey.weights)
        if survey.options["mse"]
        else math.fsum(counted) / len(counted)
        if counted
        else 0
    )
    pairs = zip(means, rscales, strict=True)
    return 0.7 * math.fsum(factor * (m - centre) ** 2 for m, factor in pairs if m is not None)
