"""The coverage that docs/coverage.md publishes, enumerated anew and checked against first principles."""

from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from itertools import pairwise
from math import comb, sqrt
from pathlib import Path

import numpy as np
import pytest

_HERE = Path(__file__)
_SPEC = spec_from_file_location("coverage_enumeration", _HERE.with_name("enumeration.py"))
enumeration = module_from_spec(_SPEC)
_SPEC.loader.exec_module(enumeration)

DOCUMENT = _HERE.parents[2] / "docs" / "coverage.md"
Z = 1.959963984540054
LONGER = [case for case in enumeration.CASES if case[0] > 2]

summary = cache(enumeration.summary)


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


@pytest.mark.parametrize(("points", "size"), [(2, 401), (3, 1191), (5, 1981)])
def test_the_grid_holds_distinct_populations_and_their_mirror_images(points, size):
    shares = enumeration.populations(points)
    keys = {tuple(row) for row in np.rint(shares * 1600).astype(int)}
    assert len(keys) == len(shares) == size
    assert {key[::-1] for key in keys} == keys
    assert (shares >= 0).all()
    assert shares.sum(axis=1) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("points", [2, 3, 5])
def test_the_grid_holds_every_vertex_and_a_small_share_on_every_other_point(points):
    shares = enumeration.populations(points)
    vertices = np.eye(points)
    wanted = [0.9825 * most + 0.0175 * other for most in vertices for other in vertices]
    for row in wanted:  # with most == other it is a vertex
        assert np.abs(shares - row).max(axis=1).min() < 1e-12


def test_probabilities_add_up_to_one_also_where_nobody_is():
    counts, shares = enumeration.tables(12, 5), enumeration.populations(5)
    chance = enumeration.probabilities(counts, shares)
    assert chance.sum(axis=1) == pytest.approx(1, abs=1e-12)
    impossible = ((counts[None, :, :] > 0) & (shares[:200, None, :] == 0)).any(axis=2)
    assert (chance[:200][impossible] == 0).all()


def test_a_table_has_its_multinomial_probability():
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
    shares = enumeration.populations(2)
    covered, _ = enumeration.coverage(n, shares, enumeration.score)
    assert covered == pytest.approx([wilson_coverage(n, p) for p in shares[:, 1]], abs=1e-12)


def test_with_ten_answers_on_two_points_the_minimum_is_838_at_a_share_of_0175():
    row = summary(2, 10, "score")
    assert round(row.minimum, 3) == 0.838
    assert row.where == pytest.approx([0.9825, 0.0175])


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


# Longer scales


@pytest.mark.parametrize(("points", "n"), LONGER)
def test_with_answers_on_both_ends_only_coverage_is_wilsons(points, n):
    p = np.array([0.0, 0.0025, 0.0175, 0.055, 0.3, 0.5, 0.94, 1.0])
    shares = np.zeros((len(p), points))
    shares[:, 0], shares[:, -1] = 1 - p, p
    covered, _ = enumeration.coverage(n, shares, enumeration.score)
    assert covered == pytest.approx([wilson_coverage(n, share) for share in p], abs=1e-12)


@pytest.mark.parametrize(("points", "n"), LONGER)
def test_on_longer_scales_the_minimum_is_wilsons_at_the_same_number_of_answers(points, n):
    assert summary(points, n, "score").minimum == pytest.approx(
        summary(2, n, "score").minimum, abs=1e-9
    )


# Means over the grid


@pytest.mark.parametrize("n", [10, 20])
def test_with_two_points_mean_coverage_is_within_01_of_nominal(n):
    assert abs(summary(2, n, "score").mean - 0.95) <= 0.01


@pytest.mark.parametrize(("points", "n"), [case for case in enumeration.CASES if case[1] >= 10])
def test_from_ten_answers_on_mean_coverage_lies_between_nominal_and_02_above(points, n):
    assert 0.95 <= summary(points, n, "score").mean <= 0.97


@pytest.mark.parametrize("points", [2, 3, 5])
def test_mean_coverage_comes_closer_to_nominal_with_more_answers(points):
    means = [summary(k, n, "score").mean for k, n in enumeration.CASES if k == points]
    assert all(fewer > more > 0.95 for fewer, more in pairwise(means))


@pytest.mark.parametrize(("points", "n"), enumeration.CASES)
def test_the_t_interval_misses_where_nearly_all_samples_are_one_answer(points, n):
    row = summary(points, n, "t")
    assert row.minimum == pytest.approx(1 - 0.9975**n, abs=1e-6)
    assert row.mean < 0.9


def test_in_the_middle_of_the_scale_t_covers_as_promised_and_score_more_at_less_width():
    middle = np.array([[0.1, 0.2, 0.4, 0.2, 0.1]])
    (covered,), (width,) = enumeration.coverage(12, middle, enumeration.score)
    (t_covered,), (t_width,) = enumeration.coverage(12, middle, enumeration.student_t)
    assert [round(covered, 3), round(width, 2)] == [0.962, 1.23]
    assert [round(t_covered, 3), round(t_width, 2)] == [0.95, 1.37]


# What the documentation says


def test_the_documentation_quotes_the_enumerated_tables():
    blocks = DOCUMENT.read_text(encoding="utf-8").split("\n\n")
    quoted = [block.strip("\n") for block in blocks if block.lstrip().startswith("|")]
    assert quoted == [enumeration.rendered(), enumeration.rendered_lattice()]
