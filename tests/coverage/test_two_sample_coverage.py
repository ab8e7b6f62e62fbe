"""The coverage that docs/choosing-an-interval.md publishes, and a few cells from first principles."""

from math import comb, sqrt
from pathlib import Path

import numpy as np
import pytest
import two_sample_enumeration as enumeration
from test_score_coverage import Z, wilson
from two_sample_enumeration import coverage

DOCUMENT = Path(__file__).parents[2] / "docs" / "choosing-an-interval.md"
STEP = 0.0025
FEW_PAIRS = [(0.8, 0.6), (0.0, 0.9825), (0.95, 0.95), (0.0025, 0.0), (1.0, 1.0), (0.45, 0.0)]


def of_proportions(method, sizes=(10, 10)):
    return coverage("proportions", method, sizes)


def newcombe_holds(x_a, n_a, x_b, n_b, delta):
    p_a, p_b = x_a / n_a, x_b / n_b
    (low_a, high_a), (low_b, high_b) = wilson(x_a, n_a), wilson(x_b, n_b)
    low = p_a - p_b - sqrt((p_a - low_a) ** 2 + (high_b - p_b) ** 2)
    high = p_a - p_b + sqrt((high_a - p_a) ** 2 + (p_b - low_b) ** 2)
    return low - 1e-12 <= delta <= high + 1e-12


def wald_holds(x_a, n_a, x_b, n_b, delta, *, added=0):
    size_a, size_b = n_a + 2 * added, n_b + 2 * added
    p_a, p_b = (x_a + added) / size_a, (x_b + added) / size_b
    half = Z * sqrt(p_a * (1 - p_a) / size_a + p_b * (1 - p_b) / size_b)
    return abs(p_a - p_b - delta) <= half + 1e-12


def agresti_caffo_holds(*counts_and_delta):
    return wald_holds(*counts_and_delta, added=1)


def score_holds(x_a, n_a, x_b, n_b, delta, *, factor=1.0):
    """The test itself, with the likeliest proportions delta apart by bisection."""
    left, right = max(0.0, -delta), min(1.0, 1 - delta)
    for _ in range(60):
        p_b = (left + right) / 2
        p_a = p_b + delta
        rise = sum(x / p for x, p in ((x_a, p_a), (x_b, p_b)) if x)
        fall = sum(y / (1 - p) for y, p in ((n_a - x_a, p_a), (n_b - x_b, p_b)) if y)
        left, right = (p_b, right) if rise > fall else (left, p_b)
    variance = factor * (p_a * (1 - p_a) / n_a + p_b * (1 - p_b) / n_b)
    return (x_a / n_a - x_b / n_b - delta) ** 2 <= Z**2 * variance + 1e-12


def corrected_score_holds(x_a, n_a, x_b, n_b, delta):
    return score_holds(x_a, n_a, x_b, n_b, delta, factor=(n_a + n_b) / (n_a + n_b - 1))


BY_HAND = {
    "miettinen-nurminen": corrected_score_holds,
    "mee": score_holds,
    "newcombe": newcombe_holds,
    "agresti-caffo": agresti_caffo_holds,
    "wald": wald_holds,
}


def binomial(x, n, p):
    return comb(n, x) * p**x * (1 - p) ** (n - x)


@pytest.mark.parametrize("sizes", [(10, 10), (20, 10)])
@pytest.mark.parametrize("method", BY_HAND)
def test_the_coverage_of_a_pair_is_the_sum_over_all_samples_that_hold_its_difference(method, sizes):
    covered, _ = of_proportions(method, sizes)
    n_a, n_b = sizes
    for p_a, p_b in FEW_PAIRS:
        expected = sum(
            binomial(x_a, n_a, p_a) * binomial(x_b, n_b, p_b)
            for x_a in range(n_a + 1)
            for x_b in range(n_b + 1)
            if BY_HAND[method](x_a, n_a, x_b, n_b, p_a - p_b)
        )
        cell = covered[round(p_a / STEP), round(p_b / STEP)]
        assert cell == pytest.approx(expected, abs=1e-12)


def test_every_published_method_is_checked_by_hand():
    assert tuple(BY_HAND) == tuple(enumeration.FAMILIES["proportions"].methods)


@pytest.mark.parametrize("method", BY_HAND)
def test_the_width_of_a_pair_is_the_mean_of_the_widths_of_all_samples(method):
    _, width = of_proportions(method)
    low, high = enumeration.difference_interval(
        np.arange(11)[:, None], 10, np.arange(11), 10, method=method
    )
    chance = [np.array([binomial(x, 10, p) for x in range(11)]) for p in (0.8, 0.6)]
    expected = (chance[0][:, None] * chance[1] * (high - low)).sum()
    assert width[320, 240] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("net", "proportions"),
    [("score", "miettinen-nurminen"), ("score, uncorrected", "mee"), ("MOVER", "newcombe")],
)
def test_net_scores_without_passives_are_covered_as_the_shares_of_promoters_are(net, proportions):
    populations = enumeration.three_kinds()
    without = np.flatnonzero(populations[:, 1] == 0)
    assert len(without) == 11 + 14
    place = populations[without, 2] * 400 // 10_000
    covered, expected = coverage("net scores", net)[0], of_proportions(proportions)[0]
    on_the_grid = populations[without, 2] % 25 == 0
    chosen, place = without[on_the_grid], place[on_the_grid]
    np.testing.assert_allclose(
        covered[np.ix_(chosen, chosen)], expected[np.ix_(place, place)], rtol=0, atol=1e-12
    )


@pytest.mark.parametrize(
    ("populations", "size"), [(enumeration.two_kinds, 401), (enumeration.three_kinds, 108)]
)
def test_a_grid_holds_each_population_once_and_its_mirror_image(populations, size):
    grid = populations()
    assert (grid.sum(axis=1) == 10_000).all()
    assert (grid >= 0).all()
    shares = {tuple(row) for row in grid.tolist()}
    assert len(shares) == len(grid) == size
    assert {row[::-1] for row in shares} == shares


@pytest.mark.parametrize("method", BY_HAND)
def test_swapping_or_mirroring_both_populations_changes_nothing(method):
    covered, width = of_proportions(method)
    for values in (covered, width):
        np.testing.assert_allclose(values, values.T, rtol=0, atol=1e-12)
        np.testing.assert_allclose(values, values[::-1, ::-1], rtol=0, atol=1e-12)


# What the documentation says


@pytest.mark.parametrize("family", enumeration.FAMILIES)
def test_the_documentation_quotes_the_enumerated_table(family):
    assert f"\n\n{enumeration.table(family)}\n\n" in DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("method", "minimum"),
    [("miettinen-nurminen", 0.925), ("mee", 0.915), ("newcombe", 0.879), ("agresti-caffo", 0.929),
     ("wald", 0.636)],
)  # fmt: skip
def test_between_05_and_95_the_minima_are_as_documented(method, minimum):
    covered, _ = of_proportions(method)
    assert round(covered[20:-20, 20:-20].min(), 3) == minimum


@pytest.mark.parametrize(
    ("method", "farthest"), [("miettinen-nurminen", 0.0075), ("newcombe", 0.095)]
)
def test_coverage_below_90_lies_as_near_the_ends_as_documented(method, farthest):
    covered, _ = of_proportions(method)
    to_an_end = np.minimum(np.arange(401), 400 - np.arange(401)) * STEP
    nearer = np.minimum(to_an_end[:, None], to_an_end)
    assert nearer[covered < 0.9].max() == pytest.approx(farthest)


def test_agresti_caffo_stays_above_90_and_wald_falls_below_on_a_third_of_the_grid():
    assert of_proportions("agresti-caffo")[0].min() > 0.9
    assert round((of_proportions("wald")[0] < 0.9).mean(), 2) == 0.34


@pytest.mark.parametrize("method", ["mee", "newcombe"])
def test_the_deepest_dip_is_that_of_a_single_proportion(method):
    covered, _ = of_proportions(method)
    assert covered.min() == pytest.approx(0.9825**10, abs=1e-12)
    low, high = enumeration.difference_interval(0, 10, np.arange(1, 11), 10, method=method)
    single = np.array([wilson(k, 10) for k in range(1, 11)])
    np.testing.assert_allclose(low, -single[:, 1], rtol=0, atol=1e-15)
    assert (high > -single[:, 0]).all()


def test_near_the_top_agresti_caffo_is_shorter_for_samples_of_like_size_and_longer_for_others():
    widths = {
        sizes: {name: of_proportions(name, sizes)[1][320:, 320:].mean() for name in BY_HAND}
        for sizes in ((10, 10), (50, 5))
    }
    for name in ("miettinen-nurminen", "mee", "newcombe"):
        assert widths[10, 10]["agresti-caffo"] < widths[10, 10][name] - 0.04
        assert widths[50, 5]["agresti-caffo"] > widths[50, 5][name] + 0.01
