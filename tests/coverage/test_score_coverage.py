"""The coverage that docs/coverage.md publishes, enumerated anew and checked against first principles."""

from itertools import pairwise
from math import comb, exp, sqrt
from pathlib import Path

import enumeration
import exact_and_mid_p
import numpy as np
import pytest
from enumeration import beta_binomial, simplex, summary
from scipy.spatial import KDTree
from scipy.special import betaln

DOCUMENT = Path(__file__).parents[2] / "docs" / "coverage.md"
Z = 1.959963984540054
TIE = 1e-9  # the same probability, added up in another order

GRIDS = [
    (beta_binomial, 2, 401), (beta_binomial, 3, 4411), (beta_binomial, 5, 4411),
    (simplex, 3, 1191), (simplex, 5, 1981),
]  # fmt: skip
CASES = [(grid, *case) for grid, cases in enumeration.PUBLISHED for case in cases]


def wilson(k, n):
    centre, half = k + Z**2 / 2, Z * sqrt(k * (n - k) / n + Z**2 / 4)
    return (centre - half) / (n + Z**2), (centre + half) / (n + Z**2)


def wilson_coverage(n, p):
    """The binomial sum, term by term."""
    limits = [wilson(k, n) for k in range(n + 1)]
    return sum(
        comb(n, k) * p**k * (1 - p) ** (n - k)
        for k, (low, high) in enumerate(limits)
        if low - 1e-12 <= p <= high + 1e-12
    )


# The enumeration itself


@pytest.mark.parametrize(("n", "points"), [(1, 2), (4, 3), (7, 5)])
def test_every_table_is_enumerated_once(n, points):
    tables = enumeration.tables(n, points)
    assert len(np.unique(tables, axis=0)) == len(tables) == comb(n + points - 1, n)
    assert (tables >= 0).all()
    assert (tables.sum(axis=1) == n).all()


@pytest.mark.parametrize(("grid", "points", "size"), GRIDS)
def test_a_grid_holds_populations_and_their_mirror_images_once(grid, points, size):
    shares = grid(points)
    assert shares.shape == (size, points)
    assert (shares >= 0).all()
    assert shares.sum(axis=1) == pytest.approx(1, abs=1e-14)
    assert KDTree(shares).query(shares[:, ::-1])[0].max() < 1e-12
    copies = 11 if size == 4411 else 1  # of the two ends, on the beta-binomial grid
    ends = [(shares == vertex).all(axis=1).sum() for vertex in np.eye(points)[[0, -1]]]
    assert ends == [copies, copies]
    assert len(KDTree(shares).query_pairs(1e-9)) == 2 * comb(copies, 2)


@pytest.mark.parametrize("points", [3, 5])
def test_the_simplex_grid_holds_every_vertex_and_a_small_share_on_every_other_point(points):
    shares = simplex(points)
    vertices = np.eye(points)
    wanted = [0.9825 * most + 0.0175 * other for most in vertices for other in vertices]
    assert KDTree(shares).query(wanted)[0].max() < 1e-12  # with most == other it is a vertex


@pytest.mark.parametrize("points", [3, 5])
def test_the_beta_binomial_grid_has_the_shares_of_its_name_from_binomial_to_the_ends(points):
    shares = beta_binomial(points).reshape(401, 11, points)
    mean, up = np.arange(401)[:, None] / 400, np.arange(points)
    down, ways = up[::-1], [comb(points - 1, k) for k in up]
    assert shares[:, 0] == pytest.approx(ways * mean**up * (1 - mean) ** down, abs=1e-14)
    assert (shares[:, -1, [0, -1]] == np.hstack([1 - mean, mean])).all()
    assert (shares[:, -1, 1:-1] == 0).all()
    assert (shares[[0, -1]] == np.eye(points)[[0, -1], None]).all()
    rho = np.arange(1, 10)[:, None] / 10
    a, b = ((one * (1 / rho - 1)) for one in (mean[1:-1, None], 1 - mean[1:-1, None]))
    expected = ways * np.exp(betaln(up + a, down + b) - betaln(a, b))
    assert shares[1:-1, 1:-1] == pytest.approx(expected, rel=1e-11)


def test_probabilities_are_multinomial_and_add_up_to_one_also_where_shares_are_0():
    counts, shares = enumeration.tables(12, 5), simplex(5)
    chance = enumeration.probabilities(counts, shares)
    assert chance.sum(axis=1) == pytest.approx(1, abs=1e-12)
    impossible = ((counts[None, :, :] > 0) & (shares[:200, None, :] == 0)).any(axis=2)
    assert (chance[:200][impossible] == 0).all()
    chance = enumeration.probabilities(np.array([[2.0, 1, 1]]), np.array([[0.5, 0.25, 0.25]]))
    assert chance[0, 0] == pytest.approx(12 / 64, rel=1e-14)


def test_the_t_interval_is_the_textbook_one():
    low, high = enumeration.student_t(np.array([[5.0, 5.0], [0.0, 10.0]]))
    half = 2.262157 * sqrt(10 / 9 * 0.25) / sqrt(10)
    assert low == pytest.approx([0.5 - half, 1], abs=1e-6)
    assert high == pytest.approx([0.5 + half, 1], abs=1e-6)
    assert low[1] == high[1]


# Two points: Wilson's interval


@pytest.mark.parametrize("n", [5, 10, 20])
def test_with_two_points_coverage_is_the_binomial_sum_over_wilson_intervals(n):
    shares = beta_binomial(2)
    covered, _ = enumeration.coverage(n, shares, enumeration.score)
    assert covered == pytest.approx([wilson_coverage(n, p) for p in shares[:, 1]], abs=1e-12)


@pytest.mark.parametrize(
    ("n", "share", "infimum"),
    [(5, 0.0362, 0.832), (10, 0.0179, 0.835), (12, 0.0149, 0.836), (20, 0.0089, 0.837)],
)
def test_wilson_dips_deepest_just_below_the_lower_limit_of_a_single_answer(n, share, infimum):
    limits = np.array([wilson(k, n) for k in range(n + 1)]).ravel()
    limits = limits[(limits > 1e-9) & (limits < 1 - 1e-9)]
    either_side = np.sort(np.concatenate([limits - 1e-9, limits + 1e-9]))
    covered = np.array([wilson_coverage(n, p) for p in either_side])
    first = wilson(1, n)[0]
    assert covered.min() == pytest.approx((1 - first) ** n, abs=1e-6)
    assert round(first, 4) == share
    assert round(covered.min(), 3) == infimum


def test_the_dip_at_ten_answers_is_as_documented():
    limits = [wilson(k, 10) for k in range(3)]
    assert round(limits[0][1], 3) == 0.278
    assert round(wilson_coverage(10, limits[1][0] + 1e-9), 3) == 0.987
    assert round(limits[2][0], 4) == 0.0567
    assert round(wilson_coverage(10, limits[2][0] - 1e-9), 3) == 0.893
    place = 1e6 * wilson(1, 1e6)[0]  # times n, for very many answers
    assert [round(10 * limits[1][0], 3), round(place, 3)] == [0.179, 0.177]
    assert round(exp(-place), 3) == 0.838


# Longer scales


@pytest.mark.parametrize(("points", "n"), enumeration.LONGER)
def test_with_answers_on_both_ends_only_coverage_is_wilsons(points, n):
    p = np.array([0.0, 0.0025, 0.0175, 0.055, 0.3, 0.5, 0.94, 1.0])
    shares = np.zeros((len(p), points))
    shares[:, 0], shares[:, -1] = 1 - p, p
    covered, _ = enumeration.coverage(n, shares, enumeration.score)
    assert covered == pytest.approx([wilson_coverage(n, share) for share in p], abs=1e-12)


@pytest.mark.parametrize("grid", [beta_binomial, simplex])
def test_on_longer_scales_the_minimum_is_no_lower_than_wilsons(grid):
    for points, n in enumeration.LONGER:
        wilsons = summary(beta_binomial, 2, n, "score").minimum
        assert summary(grid, points, n, "score").minimum >= wilsons - TIE


@pytest.mark.parametrize(
    ("grid", "points", "below"),
    [(beta_binomial, 3, 36), (beta_binomial, 5, 18), (simplex, 3, 18), (simplex, 5, 32)],
)
def test_at_ten_answers_few_populations_are_covered_below_90_all_near_a_vertex(grid, points, below):
    shares = grid(points)
    covered, _ = enumeration.coverage(10, shares, enumeration.score)
    assert (covered < 0.9).sum() == below
    assert shares[covered < 0.9].max(axis=1).min() > 0.94


# Means over the grids


@pytest.mark.parametrize(
    ("grid", "points", "most"),
    [(beta_binomial, 2, 0.96), (beta_binomial, 3, 0.96), (beta_binomial, 5, 0.96),
     (simplex, 3, 0.97), (simplex, 5, 0.97)],
)  # fmt: skip
def test_mean_coverage_falls_to_nominal_and_is_little_above_from_ten_answers_on(grid, points, most):
    sizes = [n for k, n in enumeration.CASES if k == points]
    means = [summary(grid, points, n, "score").mean for n in sizes]
    assert len(means) == 3
    assert all(fewer > more > 0.95 for fewer, more in pairwise(means))
    assert means[1] <= most
    assert sizes[1] == 10


def test_with_less_dispersion_mean_coverage_is_higher():
    covered, _ = enumeration.coverage(10, beta_binomial(5), enumeration.score)
    means = covered.reshape(401, 11).mean(axis=0)
    assert [round(means[step], 3) for step in (0, 2, 4, 10)] == [0.972, 0.963, 0.959, 0.954]
    assert (np.diff(means) < 0).all()
    assert [step for step in range(11) if means[step] <= 0.96] == [4, 5, 6, 7, 8, 9, 10]


def test_on_seven_points_with_ten_answers_the_beta_binomial_mean_is_just_above_96():
    half = np.array_split(beta_binomial(7)[: 201 * 11], 6)  # the other half is its mirror image
    covered = np.concatenate([enumeration.coverage(10, one, enumeration.score)[0] for one in half])
    means = covered.reshape(201, 11).mean(axis=1)
    assert round((2 * means[:-1].sum() + means[-1]) / 401, 4) == 0.9605


@pytest.mark.parametrize(
    ("points", "sizes", "means"),
    [(3, [1, 224, 966], [1, 0.975, 0.962]), (5, [300, 908, 773], [0.996, 0.970, 0.960])],
)
def test_coverage_is_highest_where_the_ends_of_the_scale_are_empty(points, sizes, means):
    shares = simplex(points)
    covered, _ = enumeration.coverage(10, shares, enumeration.score)
    taken = (shares[:, [0, -1]] > 0).sum(axis=1)
    assert np.bincount(taken).tolist() == sizes
    assert [round(covered[taken == ends].mean(), 3) for ends in range(3)] == means


def test_on_a_scale_without_the_empty_ends_coverage_is_lower():
    shares = simplex(5)
    inner = shares[(shares[:, [0, -1]] == 0).all(axis=1), 1:-1]
    covered, _ = enumeration.coverage(10, inner, enumeration.score)
    assert round(covered.mean(), 3) == 0.964


# The t interval


@pytest.mark.parametrize(("grid", "points", "n"), CASES)
def test_the_t_interval_misses_where_nearly_all_samples_are_one_answer(grid, points, n):
    score, t = (summary(grid, points, n, method) for method in ("score", "t"))
    assert t.minimum == pytest.approx(1 - 0.9975**n, abs=1e-6)
    assert t.mean < 0.9
    if grid is beta_binomial:
        assert score.mean > t.mean
        assert score.width < t.width


def test_in_the_middle_of_the_scale_t_covers_as_promised_and_score_more_at_less_width():
    middle = np.array([[0.1, 0.2, 0.4, 0.2, 0.1]])
    (covered,), (width,) = enumeration.coverage(12, middle, enumeration.score)
    (t_covered,), (t_width,) = enumeration.coverage(12, middle, enumeration.student_t)
    assert [round(covered, 3), round(width, 2)] == [0.962, 1.23]
    assert [round(t_covered, 3), round(t_width, 2)] == [0.95, 1.37]


# What the documentation says


def test_the_documentation_quotes_the_enumerated_tables():
    of_one_sample, _ = DOCUMENT.read_text(encoding="utf-8").split("## Two samples of few answers")
    blocks = of_one_sample.split("\n\n")
    quoted = [block.strip("\n") for block in blocks if block.lstrip().startswith("|")]
    grids = [enumeration.rendered(*table) for table in enumeration.PUBLISHED]
    exact = [exact_and_mid_p.table(), exact_and_mid_p.table_of_infima()]
    assert quoted == [*grids, *exact, enumeration.rendered_verdicts()]


@pytest.mark.parametrize(("n", "target"), [(10, 0.95), (100, 0.5), (200, 0.98)])
def test_false_verdicts_are_the_binomial_tails_beyond_wilsons_limits(n, target):
    wrong = [0.0, 0.0]
    for k in range(n + 1):
        low, high = wilson(k, n)
        chance = comb(n, k) * target**k * (1 - target) ** (n - k)
        wrong[0] += chance * (high < target)
        wrong[1] += chance * (low >= target)
    assert enumeration.false_verdicts(n, target) == pytest.approx(wrong, abs=1e-12)


def test_the_worst_false_verdict_quoted_stands_just_beyond_the_jump():
    assert round(enumeration.false_verdicts(10, 0.9825)[0], 2) == 0.16
    assert enumeration.false_verdicts(10, 0.982)[0] < 0.02
