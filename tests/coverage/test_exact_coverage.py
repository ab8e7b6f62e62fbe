"""The coverage of exact and mid-p limits that docs/coverage.md publishes, from first principles."""

from math import comb

import enumeration
import exact_and_mid_p as enumerated
import numpy as np
import pytest

from custfocus.intervals.exact_interval import exact_interval
from custfocus.intervals.proportion import proportion_interval

CASES = enumerated.CASES
NAMES = {"score": "wilson", "mid-p": "mid-p", "exact": "clopper-pearson"}


def binomial_coverage(n, p, method):
    """The sum of the probabilities of the numbers of successes whose interval holds p."""
    limits = [proportion_interval(k, n, method=NAMES[method]) for k in range(n + 1)]
    return sum(
        comb(n, k) * p**k * (1 - p) ** (n - k)
        for k, (low, high) in enumerate(limits)
        if low <= p <= high
    )


@pytest.mark.parametrize("method", enumerated.METHODS)
@pytest.mark.parametrize("n", [5, 10])
def test_on_two_points_coverage_is_the_binomial_sum(n, method):
    covered, _ = enumerated.coverage(2, n, method)
    for place in (3, 104, 239, 397):
        assert covered[place] == pytest.approx(binomial_coverage(n, place / 400, method), abs=1e-12)


@pytest.mark.parametrize("method", enumerated.METHODS)
@pytest.mark.parametrize("n", enumerated.ANSWERS)
def test_no_share_of_a_fine_grid_is_covered_less_than_the_infimum_and_one_nearly_so(n, method):
    least = enumerated.infimum(n, method)
    low, high = enumerated.limits(2, n, method)
    fine = np.concatenate([np.arange(1, 20_000) / 20_000, least.share + 1e-7 * np.array([-1, 1])])
    chance = enumeration.probabilities(enumeration.tables(n, 2), np.stack([1 - fine, fine], axis=1))
    covered = (chance * ((low <= fine[:, None]) & (fine[:, None] <= high))).sum(axis=1)
    assert covered.min() > least.coverage - 1e-6
    beside = covered[-2:] - least.coverage
    nearly, other = beside if least.side == "below" else beside[::-1]
    assert abs(nearly) < 1e-5
    assert other > 1e-4


@pytest.mark.parametrize(("points", "n"), CASES)
def test_no_population_is_covered_less_than_the_worst_share(points, n):
    for method in enumerated.METHODS:
        covered, _ = enumerated.coverage(points, n, method)
        assert covered.min() > enumerated.infimum(n, method).coverage - 1e-9


@pytest.mark.parametrize(("points", "n"), CASES)
def test_exact_limits_never_cover_less_than_their_level_and_mid_p_lies_between(points, n):
    mid_p, mid_p_width = enumerated.coverage(points, n, "mid-p")
    exact, exact_width = enumerated.coverage(points, n, "exact")
    assert (exact >= 0.95).all()
    assert (mid_p >= 0.92).all()
    assert (mid_p <= exact).all()
    assert (mid_p_width < exact_width).all()


@pytest.mark.parametrize(("points", "n"), [(3, 4), (3, 7), (4, 5)])
def test_one_sided_limits_miss_no_more_often_than_half_of_alpha_on_uneven_scores(points, n):
    """The conjecture for more than two scores, on populations drawn at random."""
    generator = np.random.default_rng(points * n)
    counts = enumeration.tables(n, points)
    scores = np.sort(generator.random(points))
    shares = generator.dirichlet(np.full(points, 0.5), 3000)
    chance, mean = enumeration.probabilities(counts, shares), (shares @ scores)[:, None]
    for level in (0.8, 0.95, 0.99):
        low, high = exact_interval(counts, scores, confidence_level=level)
        for misses in (high < mean, low > mean):
            assert (chance * misses).sum(axis=1).max() <= (1 - level) / 2


@pytest.mark.parametrize("n", [5, 10, 50])
def test_verdicts_on_a_share_by_exact_limits_are_wrong_at_most_half_of_alpha(n):
    low, high = enumerated.limits(2, n, "exact")
    targets = np.arange(1, 1000) / 1000
    chance = enumeration.probabilities(
        enumeration.tables(n, 2), np.stack([1 - targets, targets], axis=1)
    )
    for wrong in (high < targets[:, None], low >= targets[:, None] + 1e-9):
        often = (chance * wrong).sum(axis=1)
        assert often.max() <= 0.025
        assert often.max() > 0.01
