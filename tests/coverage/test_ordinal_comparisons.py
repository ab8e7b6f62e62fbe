"""The coverage of the order of two samples that docs/coverage.md publishes."""

from pathlib import Path

import numpy as np
import pytest
from enumeration import markdown
from ordinal_comparisons import (
    METHODS,
    POINTS,
    SIZES,
    brunner_munzel,
    coverage,
    exact_row,
    newcombe,
    simulated_row,
)
from scipy.special import expit, logit
from scipy.stats import binom, brunnermunzel  # noqa: TID251 - oracles
from statsmodels.stats.nonparametric import rank_compare_2indep
from two_sample_enumeration import coverage as of_differences

from custfocus.intervals import ordinal_difference_interval

COVERAGE = (Path(__file__).parents[2] / "docs" / "coverage.md").read_text("utf-8")
PAGE = COVERAGE.split("## Two samples by their order")[1].splitlines()


def line(row):
    """A row as the page has it."""
    return markdown([], "", [row]).splitlines()[-1]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("points", [2, 3])
def test_the_page_quotes_the_enumeration(points, method):
    assert line(exact_row(points, (10, 10), method)) in PAGE


@pytest.mark.parametrize(
    ("points", "sizes", "method"),
    [(5, (30, 30), "score"), (11, (10, 10), "Newcombe's 5"),
     (11, (200, 10), "Brunner-Munzel, logit"), (5, (10, 30), "score, scores of the samples")],
)  # fmt: skip
def test_the_page_quotes_the_simulation(points, sizes, method):
    row = simulated_row(points, sizes, method)
    [quoted] = [
        [cell.strip() for cell in one.split("|")[1:-1]]
        for one in PAGE
        if one.startswith(f"| {points} | {sizes[0]} and {sizes[1]} | {method} |")
    ]
    assert [float(quoted[place]) for place in (3, 4, 6)] == pytest.approx(
        [row[3], row[4], row[6]], abs=0.0015
    )


def test_the_score_interval_holds_its_level_in_all_drawn_cases():
    rows = [one.split("|") for one in PAGE if "| score |" in one]
    drawn = [row for row in rows if int(row[1]) in POINTS and " and " in row[2]]
    assert len(drawn) == len(POINTS) * len(SIZES)
    assert min(float(row[5]) for row in drawn) >= 0.94


def test_on_two_points_it_is_covered_as_the_difference_of_shares():
    found = coverage(2, (10, 10), "score")
    expected = of_differences("proportions", "miettinen-nurminen")
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


def test_the_coverage_of_a_pair_is_a_sum_over_all_samples():
    x = np.arange(11)
    counts = np.stack([10 - x, x], axis=-1)
    low, high = newcombe(counts[:, None, :], counts[None, :, :])
    chance = binom.pmf(x, 10, 0.8)[:, None] * binom.pmf(x, 10, 0.6)
    holds = (low <= 0.2 + 1e-12) & (high >= 0.2 - 1e-12)
    covered, width = coverage(2, (10, 10), "Newcombe's 5")
    assert covered[320, 240] == pytest.approx(chance[holds].sum(), abs=1e-12)
    assert width[320, 240] == pytest.approx((chance * (high - low)).sum(), abs=1e-12)


def test_brunner_and_munzels_limits_are_where_scipys_test_has_the_level():
    a, b = np.array([2.0, 5, 9, 12, 4]), np.array([6.0, 8, 4, 3, 1])
    low, high = brunner_munzel(a, b, on_logits=False)
    one, other = (np.repeat(np.arange(5), counts.astype(int)) for counts in (a, b))
    theirs = rank_compare_2indep(one, other)
    assert ((1 + low) / 2, (1 + high) / 2) == pytest.approx(theirs.conf_int(), abs=1e-9)
    assert theirs.pvalue == pytest.approx(brunnermunzel(one, other).pvalue, abs=1e-12)
    half = (high - low) / 4
    theta = (2 + low + high) / 4
    on_logits = [(1 + limit) / 2 for limit in brunner_munzel(a, b, on_logits=True)]
    expected = [expit(logit(theta) + side * half / (theta * (1 - theta))) for side in (-1, 1)]
    assert on_logits == pytest.approx(expected, abs=1e-12)


def test_newcombes_limits_are_wider_than_the_score_interval_where_answers_are_tied():
    a, b = np.array([1.0, 1, 28]), np.array([2.0, 2, 26])
    width = [
        float(np.subtract(*limits[::-1]))
        for limits in (newcombe(a, b), ordinal_difference_interval(a, b))
    ]
    assert width[0] > 1.5 * width[1]
