"""
Plans against closed forms, R and simulated surveys.

Simulations have a fixed seed; a tolerance is a number of their standard deviations.
"""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from custfocus.intervals.detection import detection_power, detection_sample_size
from custfocus.intervals.sample_sizes import margin_of_error, sample_size
from custfocus.intervals.score import score_interval
from custfocus.intervals.two_sample import score_interval_difference

SURVEYS = 4000
Z = 1.959963984540054

# R 4.2.2: power.prop.test(n =, p1 =, p2 =)$power, of the test without a correction
R_POWER = [(50, 0.5, 0.75, 0.740165901331), (200, 0.9, 0.95, 0.475310253103)]
# power.prop.test(p1 =, p2 =, power =, sig.level =)$n
R_SIZES = [
    (0.5, 0.75, 0.9, 0.05, 76.7069301141),
    (0.5, 0.6, 0.8, 0.05, 387.338516696),
    (0.9, 0.95, 0.8, 0.05, 434.43202277),
    (0.1, 0.3, 0.9, 0.1, 66.6186068612),
    (0.7, 0.75, 0.8, 0.05, 1250.71673846),  # docs/choosing-an-interval.md
]


def uncorrected(level, n):
    """The level whose quantile the correction N / (N - 1) turns into that of *level*."""
    return 2 * ndtr(ndtri((1 + level) / 2) / np.sqrt(2 * n / (2 * n - 1))) - 1


@pytest.mark.parametrize("share", [0, 0.02, 0.1, 0.5, 0.93, 1])
@pytest.mark.parametrize("n", [1, 10, 397, 10**6])
def test_margin_of_a_share_is_half_the_width_of_wilsons_interval(share, n):
    known = Z * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    assert margin_of_error((1 - share, share), (0, 1), n) == pytest.approx(known, rel=1e-10)


@pytest.mark.parametrize("wanted", [0.2, 0.1, 0.05, 0.03, 0.01])
def test_answers_for_one_half_are_piegorschs(wanted):
    # Piegorsch (2004): z² / (4 margin²) - z²
    known = np.ceil(Z**2 / (4 * wanted**2) - Z**2)
    assert sample_size((0.5, 0.5), (0, 1), margin=wanted).answers == known


def test_answers_for_one_half_are_piegorschs_also_beyond_any_survey():
    known = Z**2 / (4 * 1e-5**2) - Z**2  # 9.6e9; the width is good to 1e-15, a 1e-10th of it
    found = sample_size((0.5, 0.5), (0, 1), margin=1e-5).answers
    assert found == pytest.approx(known, rel=1e-9)


def test_answers_in_a_finite_population_are_those_of_the_closed_form():
    # With N members, z² (N - n) / (N - 1) stands for z²; at one half: tau / (4 (1 + tau)) = margin²
    population, wanted = 1000, 0.05
    tau = 4 * wanted**2 / (1 - 4 * wanted**2)
    # tau = z² (N - n) / (n (N - 1)), solved for n
    known = Z**2 * population / (tau * (population - 1) + Z**2)
    plan = sample_size((0.5, 0.5), (0, 1), margin=wanted, population=population)
    assert plan.answers == np.ceil(known) == 276


@pytest.mark.parametrize(
    ("shares", "scores", "wanted"),
    [
        ((0.5, 0.5), (0, 1), 0.1),
        ((0.1, 0.9), (0, 1), 0.05),
        ((0.05, 0.15, 0.8), (-1, 0, 1), 0.1),
        ((0.3, 0.4, 0.3), (-1, 0, 1), 0.2),
        ((0.02, 0.03, 0.05, 0.3, 0.6), (1, 2, 3, 4, 5), 0.1),
        ((0, 0, 0, 0.02, 0.98), (1, 2, 3, 4, 5), 0.05),
    ],
)
def test_half_of_the_surveys_planned_for_a_margin_have_about_that_margin(shares, scores, wanted):
    n = int(sample_size(shares, scores, margin=wanted).answers)
    counts = np.random.default_rng(1).multinomial(n, shares, SURVEYS)
    low, high = score_interval(counts, scores)
    # A half width scatters by at most a fifth here, so its median by .2 * 1.25 / sqrt(4000) = .4 %;
    # that it moves in steps with the counts, and bends with the share, is good for 2 % more.
    assert np.median((high - low) / 2) == pytest.approx(wanted, rel=0.03)


@pytest.mark.parametrize("known", R_POWER, ids=str)
def test_power_for_two_shares_is_rs_without_the_correction(known):
    n, one, other, power = known
    found = detection_power(
        (1 - one, one), (1 - other, other), (0, 1), n, confidence_level=uncorrected(0.95, n)
    )
    assert found == pytest.approx(power, abs=1e-10)


@pytest.mark.parametrize("known", R_SIZES, ids=str)
def test_answers_for_two_shares_are_rs_and_what_the_correction_adds(known):
    one, other, power, error, size = known
    waves = (1 - one, one), (1 - other, other)
    options = {"power": power, "confidence_level": 1 - error}
    found = int(detection_sample_size(*waves, (0, 1), **options).answers)
    # z² N / (N - 1) in place of z² for one of the two standard errors: less than one answer more
    assert np.ceil(size) <= found <= np.ceil(size + 1)


@pytest.mark.parametrize(
    ("before", "after", "scores"),
    [
        ((0.5, 0.5), (0.4, 0.6), (0, 1)),
        ((0.1, 0.9), (0.05, 0.95), (0, 1)),
        ((0.2, 0.3, 0.5), (0.15, 0.25, 0.6), (-1, 0, 1)),
        ((0.02, 0.03, 0.05, 0.3, 0.6), (0.01, 0.02, 0.02, 0.25, 0.7), (1, 2, 3, 4, 5)),
        ((0.1, 0.1, 0.2, 0.3, 0.3), (0.05, 0.05, 0.2, 0.3, 0.4), (0, 25, 50, 75, 100)),
    ],
)
@pytest.mark.parametrize("power", [0.8, 0.9])
def test_as_many_simulated_changes_show_as_the_plan_says(before, after, scores, power):
    n = int(detection_sample_size(before, after, scores, power=power).answers)
    generator = np.random.default_rng(1)
    first, second = (generator.multinomial(n, shares, SURVEYS) for shares in (before, after))
    low, _ = score_interval_difference(second, first, scores)
    # sqrt(.8 * .2 / 4000) = .006, three of it; the normal approximation is good to .01
    assert (low > 0).mean() == pytest.approx(power, abs=0.028)
