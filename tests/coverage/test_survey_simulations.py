"""The simulations of surveys draw what they say, use the library's intervals, and are quoted."""

import re
from pathlib import Path

import calibrated_surveys
import k_sample_sizes
import numpy as np
import pytest
import survey_differences
import survey_one_sample

from custfocus import Scale, Scoring, SurveyDesign, estimate
from custfocus.intervals.covariance import design_domains, design_pairs
from custfocus.intervals.design_difference import design_differences
from custfocus.intervals.design_homogeneity import design_homogeneity
from homogeneity_of_draws import Draws, score_p_values
from survey_scenarios import (
    SHARE,
    Domain,
    generator_of,
    lognormal,
    of_sizes,
    on_a_scale,
    rows_by,
    totals_of,
    yes_or_no,
)

PAGE = (Path(__file__).parents[2] / "docs" / "survey-differences.md").read_text(encoding="utf-8")
SHARES, MEANS = survey_differences.EXPERIMENTS
ONE_STRATUM = np.zeros(20, dtype=np.intp)


def quoted(name):
    """The cells of the page's rows of this name."""
    lines = [line[2:-2].split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    return [cells[1:] for cells in lines if cells[0] == name]


def scenario(**traits):
    """The first scenario of shares with these traits."""
    return next(
        each
        for each in SHARES.scenarios
        if all(getattr(each, name) == value for name, value in traits.items())
    )


def test_a_scenario_is_the_same_in_every_run_and_another_with_another_seed():
    for each in (SHARES.scenarios[7], SHARES.scenarios[400], MEANS.scenarios[300]):
        first = survey_differences.coverages(each, 50, 1, 2)
        assert first == survey_differences.coverages(each, 50, 1, 2)
        assert first != survey_differences.coverages(each, 50, 1, 3)


@pytest.mark.parametrize("experiment", survey_differences.EXPERIMENTS, ids=["shares", "means"])
def test_there_are_720_scenarios_and_all_differ(experiment):
    assert len({survey_differences.description(each) for each in experiment.scenarios}) == 720


def test_the_score_interval_holds_the_difference_where_walds_fails():
    hard = scenario(
        clusters=5, correlation=0.2, sigma=1.5, pair=survey_differences.SHARE_PAIRS[5], equal=False
    )
    found = survey_differences.coverages(hard, 300, 1)
    assert found["Wald t"].held < 0.75
    assert found["score"].held > 0.93


def test_one_sample_is_the_librarys_interval_for_a_survey():
    case = survey_one_sample.Scenario(
        survey_one_sample.Drawing(20, 10, 10), 0.05, 1, shift=0.5, share=0.8
    )
    draws = 30
    answers = survey_one_sample.answers_of(case, draws, generator_of(5))
    clusters = np.repeat(np.arange(draws * 20), 10)
    design = SurveyDesign(answers.weights.ravel(), strata=clusters // 2, clusters=clusters)
    found = estimate(
        answers.places.ravel(), Scoring(Scale([0, 1]), [0, 1]), design=design, by=clusters // 20
    )
    by_simulation = survey_one_sample.coverages(case, draws, 5)["both"]
    assert by_simulation.held == np.mean((found.low <= 0.8) & (found.high >= 0.8))
    assert by_simulation.width == pytest.approx(np.mean(found.high - found.low))


def test_a_yes_that_weighs_more_leaves_the_weighted_share_what_it_was():
    drawing = survey_one_sample.Drawing(300, 1, 1)
    for shift in (-0.5, 0, 0.5):
        case = survey_one_sample.Scenario(drawing, 0, 1, shift, share=0.8)
        places, weights = survey_one_sample.answers_of(case, 3000, generator_of(6))
        assert np.sum(weights * places) / np.sum(weights) == pytest.approx(0.8, abs=0.003)


def test_all_draws_together_give_what_each_gives_alone():
    case = scenario(clusters=20, correlation=0.2, sigma=1, crossing=True, equal=False)
    domains = survey_differences.domains_of(case, 5, generator_of(7))
    totals, counts = totals_of(domains, SHARE, ONE_STRATUM)
    first = np.arange(0, 10, 2)
    pairs = design_pairs(totals, first, first + 1)
    together = design_differences(pairs, counts[first], counts[first + 1], SHARE, 0.95)
    for draw in range(5):
        alone = [Domain(each.places[[draw]], each.weights[[draw]]) for each in domains]
        totals, counts = totals_of(alone, SHARE, ONE_STRATUM)
        pairs = design_pairs(totals, np.array([0]), np.array([1]))
        one = design_differences(pairs, counts[:1], counts[1:], SHARE, 0.95)
        np.testing.assert_allclose([each[draw] for each in together], np.ravel(one), rtol=1e-9)


@pytest.mark.parametrize("place", range(0, len(k_sample_sizes.DESIGN_SCENARIOS), 37))
def test_the_test_of_domain_means_is_the_librarys_in_every_draw(place):
    case = k_sample_sizes.DESIGN_SCENARIOS[place]
    strata = np.zeros(case.clusters, dtype=np.intp)
    domains = k_sample_sizes.domains_of(case, 3, generator_of(8, place))
    totals, counts = totals_of(domains, k_sample_sizes.QUARTERS, strata)
    found = score_p_values(Draws.of(totals, case.domains), counts, k_sample_sizes.QUARTERS)
    for draw, p_value in enumerate(found):
        alone = [Domain(each.places[[draw]], each.weights[[draw]]) for each in domains]
        totals, counts = totals_of(alone, k_sample_sizes.QUARTERS, strata)
        one = design_homogeneity(design_domains(totals), counts, k_sample_sizes.QUARTERS)
        assert p_value == pytest.approx(float(one.p_value), rel=1e-9)


def test_domains_that_are_apart_share_no_cluster_and_crossing_ones_share_all():
    for crossing in (True, False):
        case = scenario(clusters=20, crossing=crossing, equal=False)
        met = [
            each.weights.any(axis=2)
            for each in survey_differences.domains_of(case, 4, generator_of(9))
        ]
        assert np.all(met[0] & met[1]) if crossing else not np.any(met[0] & met[1])
        assert np.all(met[0] | met[1])


def test_clusters_have_2_to_24_respondents_of_one_domain_and_2_to_12_of_the_other():
    case = scenario(clusters=50, crossing=True, equal=False)
    domains = survey_differences.domains_of(case, 1, generator_of(10))
    sizes = [np.count_nonzero(each.weights, axis=2) for each in domains]
    assert [(each.min(), each.max()) for each in sizes] == [(2, 24), (2, 12)]


def test_answers_of_a_cluster_go_together_as_stated():
    generator = generator_of(11)
    pairs = yes_or_no(generator, 0.3, 0.2, generator.random((500, 200)), 2)
    assert pairs.mean() == pytest.approx(0.3, abs=0.006)
    assert np.corrcoef(pairs.reshape(-1, 2).T)[0, 1] == pytest.approx(0.2, abs=0.02)
    effects = generator.standard_normal((500, 200))
    on_scale = on_a_scale(generator, np.array([0.2, 0.3, 0.5]), 0.5, effects, 2)
    np.testing.assert_allclose(np.bincount(on_scale.ravel()) / 2e5, [0.2, 0.3, 0.5], atol=0.01)
    assert np.corrcoef(on_scale.reshape(-1, 2).T)[0, 1] > 0.35


def test_weights_of_sigma_0_are_equal():
    assert np.all(lognormal(generator_of(12), (3, 2), 0) == 1)
    spread = np.log(lognormal(generator_of(12), (100_000,), 0.5)).std()
    assert spread == pytest.approx(0.5, abs=0.01)


def test_sizes_mark_the_first_respondents():
    assert of_sizes(np.array([0, 2, 3])).tolist() == [[0, 0, 0], [1, 1, 0], [1, 1, 1]]


@pytest.mark.parametrize("samples", k_sample_sizes.plain_scenarios(), ids=lambda each: each.name)
def test_the_samples_of_a_test_have_equal_means(samples):
    means = [shares @ samples.scores for shares in samples.populations]
    assert means == pytest.approx([means[0]] * len(means))


@pytest.mark.parametrize(
    "script", ["survey_differences", "survey_one_sample", "k_sample_sizes", "calibrated_surveys"]
)
def test_the_page_gives_the_command_for_each_table(script):
    assert f"`python tests/coverage/{script}.py`" in PAGE


@pytest.mark.parametrize("experiment", survey_differences.EXPERIMENTS, ids=["shares", "means"])
def test_the_page_has_a_row_for_each_group_of_scenarios(experiment):
    none = [(each, {}) for each in experiment.scenarios]
    rows = [row.name for row in rows_by(none, survey_differences.NAMES)]
    begin = PAGE.index(f"| {experiment.title} | Wald t | score |")
    names = re.findall(r"^\| (.*?) \|", PAGE[begin:].split("\n\n")[0], re.MULTILINE)
    assert names[1:] == [*rows, "below 0.93", "below 0.90"]


def the_lowest(script, scenarios, title):
    """Of the scenarios that a table calls its lowest: place, scenario, first figure, again."""
    begin = PAGE.index(f"| {title} | first | again |")
    lines = [line[2:-2].split(" | ") for line in PAGE[begin:].split("\n\n")[0].splitlines()[2:]]
    places = {script.description(each): place for place, each in enumerate(scenarios)}
    return [
        (places[name], scenarios[places[name]], float(first), float(again))
        for name, first, again, _ in lines
    ]


@pytest.mark.parametrize("experiment", survey_differences.EXPERIMENTS, ids=["shares", "means"])
def test_the_page_quotes_the_lowest_differences(experiment):
    lowest = the_lowest(survey_differences, experiment.scenarios, f"lowest, {experiment.title}")
    assert len(lowest) == survey_differences.AGAIN
    place, case, first, _ = min(lowest, key=lambda each: each[1].clusters)
    found = survey_differences.coverages(case, experiment.draws, experiment.seed, place)
    assert found["score"].held == pytest.approx(first, abs=0.005)
    assert min(first for _, _, first, _ in lowest) >= 0.9
    assert min(again for _, _, _, again in lowest) >= 0.9


def test_the_page_quotes_the_lowest_of_one_sample():
    script = survey_one_sample
    lowest = the_lowest(script, script.SCENARIOS, "lowest, one sample")
    assert len(lowest) == script.AGAIN
    place, case, first, _ = min(lowest, key=lambda each: each[1].drawing)
    found = script.coverages(case, script.DRAWS, script.SEED, place)
    assert found["both"].held == pytest.approx(first, abs=0.005)
    assert min(again for _, _, _, again in lowest) >= 0.9


def test_the_page_quotes_the_lowest_of_calibrated_samples():
    script = calibrated_surveys
    lowest = the_lowest(script, script.SCENARIOS, "lowest, calibrated")
    assert len(lowest) == script.AGAIN
    place, case, first, _ = lowest[0]
    found = script.coverages(case, script.DRAWS, script.SEED, place)
    assert found["score, calibrated"].held == pytest.approx(first, abs=0.005)
    assert min(again for _, _, _, again in lowest) >= 0.94


def test_the_page_has_a_row_for_each_group_of_calibrated_scenarios():
    none = [(each, {}) for each in calibrated_surveys.SCENARIOS]
    rows = [row.name for row in rows_by(none, calibrated_surveys.NAMES)]
    begin = PAGE.index(f"| calibrated | {' | '.join(calibrated_surveys.METHODS)} |")
    names = re.findall(r"^\| (.*?) \|", PAGE[begin:].split("\n\n")[0], re.MULTILINE)
    assert names[1:] == [*rows, "below 0.93", "below 0.90"]


@pytest.mark.parametrize("place", [3, 40, 77])
def test_calibrated_samples_come_from_a_population_with_the_share(place):
    case = calibrated_surveys.SCENARIOS[place]._replace(respondents=96)
    generator = generator_of(13, place)
    draws = [calibrated_surveys.sample_of(case, generator) for _ in range(300)]
    labels = np.concatenate([each.margin for each in draws])
    answers = np.concatenate([each.answers for each in draws])
    of_labels = [answers[labels == label].mean() for label in range(case.labels)]
    assert np.mean(of_labels) == pytest.approx(case.share, abs=0.012)
    assert np.ptp(of_labels) == pytest.approx(0, abs=0.06) or case.told > 0
    assert np.unique(draws[0].base).tolist() == [1, 2, 3, 4]


def test_knowing_the_margin_is_what_makes_calibrated_intervals_narrower():
    case = calibrated_surveys.SCENARIOS[0]._replace(told=0.8)
    found = calibrated_surveys.coverages(case, 60, 14)
    known, fixed = found["score, calibrated"], found["weights as fixed"]
    assert known.width < 0.75 * fixed.width
    assert known.held > 0.85


def test_the_page_quotes_the_sizes_of_plain_samples():
    scenarios = k_sample_sizes.plain_scenarios()
    for place in (2, 7, 34):
        sizes = k_sample_sizes.plain_sizes(
            scenarios[place], k_sample_sizes.PLAIN_DRAWS, k_sample_sizes.PLAIN_SEED, place
        )
        (cells,) = quoted(scenarios[place].name)
        assert [float(cell) for cell in cells] == pytest.approx(sizes, abs=0.005)
