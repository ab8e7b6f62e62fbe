"""The distribution of a mean with Dirichlet weights at given places, against other ways to it."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.special import betainc

from custfocus.intervals.dirichlet_at import dirichlet_mean_at
from melding_oracle import imhof, triangle

law = settings(derandomize=True, deadline=None, max_examples=60, database=None)
MIXED = -1.0  # the shape in the middle that makes an even mixture

few = st.integers(0, 12)
scores_within = st.lists(st.integers(1, 99), max_size=4, unique=True).map(
    lambda inner: np.array([0, *sorted(inner), 100]) / 100
)


@st.composite
def means(draw, shape=few):
    """Shapes with weight at both ends, scores in [0, 1] and places among and beyond them."""
    points = draw(scores_within)
    inner = [draw(shape) for _ in points[2:]]
    a = np.array([draw(st.integers(1, 12)), *inner, draw(st.integers(1, 12))], dtype=float)
    at = draw(st.lists(st.integers(-50, 1100).map(lambda i: i / 1024), min_size=1, max_size=5))
    return a, points, np.array(at)


def mixture(counts, points):
    """Counts as the shapes of the even mixture, with the column in the middle."""
    a = np.array([*counts, MIXED], dtype=float)
    a[[0, -2]] += 1
    order = np.argsort([*points, 0.5], kind="stable")
    return a[order], np.array([*points, 0.5])[order]


@given(means())
@law
@example((np.array([2, 994, 6.0]), np.array([0, 0.5, 1]), np.array([0.495, 0.5, 0.502])))
def test_it_is_the_triangles_of_convex_combinations(mean):
    a, points, at = mean
    below, density = dirichlet_mean_at(a[:, None], points, at)
    expected, rise = triangle(a, points, at)
    np.testing.assert_allclose(below, expected, rtol=0, atol=2e-12)
    away = ~np.isin(at, points)  # at a score the density may jump
    scale = max(1.0, rise.max())
    np.testing.assert_allclose(density[away], rise[away], rtol=0, atol=2e-11 * scale)


def spike(n, *others):
    return np.array([others[0], n - sum(others), others[1]], dtype=float)


THREE = np.array([0, 0.5, 1])
UNEVEN = np.array([0, 0.02, 0.3, 0.300000001, 1])


@pytest.mark.parametrize(
    ("counts", "points"),
    [
        ([3, 20, 9], THREE), ([1, 994, 6], THREE), ([2, 9990, 9], THREE),
        ([1, 999982, 18], THREE), ([1, 999982, 18], np.array([0, 0.02, 1])),
        ([6, 994, 1], np.array([0, 0.98, 1])), ([4, 0, 7, 9, 3], UNEVEN),
        ([400, 3, 700, 900, 300], UNEVEN), ([10**8, 10**8, 7 * 10**8], THREE),
        ([10**5, 2, 1], THREE), ([2 * 10**8, 7 * 10**8], np.array([0, 1.0])), ([0.4, 2.3, 0, 5.1, 1.7], UNEVEN),
    ],
)  # fmt: skip
@pytest.mark.parametrize("mixed", [False, True])
def test_it_has_the_digits_of_a_slow_integral(counts, points, mixed):
    a = np.array(counts, dtype=float)
    a[0] += 1
    a[-1] += not a[-1]
    if mixed:
        a, points = mixture(counts, points)
    mean, total = points @ a / a.sum(), a.sum()
    deviation = np.sqrt((a * (points - mean) ** 2).sum() / total / (total + 1))
    at = mean + deviation * np.array([-2.3, -0.3, 0, 0.7, 2.5])
    at = at[(at > 0) & (at < 1)]
    below, density = dirichlet_mean_at(a[:, None], points, at)
    for place, found in zip(at, below, strict=True):
        assert found == pytest.approx(float(imhof(a, points, place)), abs=1e-11)
    step = 1e-4 * deviation
    ahead, behind = (dirichlet_mean_at(a[:, None], points, at + e)[0] for e in (step, -step))
    smooth = np.abs(at[:, None] - points).min(axis=1) > 2 * step
    slope = (ahead - behind)[smooth] / (2 * step)
    np.testing.assert_allclose(density[smooth], slope, rtol=1e-5, atol=2e-7 / deviation)


@given(means())
@settings(law, max_examples=12)
def test_a_tail_keeps_its_relative_digits(mean):
    a, points, _ = mean
    a = 40 * a
    at = points @ a / a.sum() * np.array([0.5, 0.7])
    below, _ = dirichlet_mean_at(a[:, None], points, at)
    for place, found in zip(at, below, strict=True):
        if found:
            expected = float(imhof(a, points, place, digits=40))
            assert found == pytest.approx(expected, rel=1e-9)


@given(means())
@law
def test_a_negative_shape_in_the_middle_makes_the_mixture_of_either_end(mean):
    counts, points, at = mean
    a, wider = mixture(counts, points)
    below, density = dirichlet_mean_at(a[:, None], wider, at)
    parts = []
    for end in (0, -1):
        shapes = counts.copy()
        shapes[end] += 1
        parts.append(dirichlet_mean_at(shapes[:, None], points, at))
    np.testing.assert_allclose(below, (parts[0][0] + parts[1][0]) / 2, rtol=0, atol=2e-12)
    away = ~np.isin(at, points)
    halves = (parts[0][1] + parts[1][1])[away] / 2
    np.testing.assert_allclose(density[away], halves, rtol=1e-9, atol=1e-10)


@given(means())
@law
def test_two_scores_are_a_beta_distribution_and_mirrored_ones_the_upper_tail(mean):
    a, points, at = mean
    ends = np.where(np.isin(np.arange(len(a)), [0, len(a) - 1]), a, 0)
    below, _ = dirichlet_mean_at(ends[:, None], points, at)
    expected = betainc(ends[-1], ends[0], np.clip(at, 0, 1))
    np.testing.assert_allclose(below, expected, rtol=0, atol=1e-15)
    below, density = dirichlet_mean_at(a[:, None], points, at)
    above, same = dirichlet_mean_at(a[::-1, None], 1 - points[::-1], 1 - at)
    away = ~np.isin(at, points) & ~np.isin(1 - at, 1 - points)
    np.testing.assert_allclose(below[away], 1 - above[away], rtol=0, atol=2e-12)
    np.testing.assert_allclose(density[away], same[away], rtol=1e-9, atol=1e-10)


def test_places_and_groups_are_computed_each_on_its_own():
    a = np.array([[3, 1, 2, 5, 1e6], [4, 0, 0, 9, 2], [0, 0, 7, 1, 3], [2, 9, 1, 0, 1.0]])
    points, at = np.array([0, 0.3, 0.6, 1]), np.array([0.41, 0.7, 0.55, 0.2, 3e-6])
    together = np.array(dirichlet_mean_at(a, points, at))
    for g, place in enumerate(at):
        alone = np.array(dirichlet_mean_at(a[:, [g]], points, place[None]))
        np.testing.assert_array_equal(together[:, [g]], alone)
    assert together[0, 1] == betainc(9, 1, 0.7)


def test_a_single_score_has_all_the_weight_and_none_is_beyond_the_scores():
    a = np.array([[0, 0, 4], [5, 3, 0], [0, 2, 2.0]])
    below, density = dirichlet_mean_at(a, THREE, np.array([0.5, 0.7, 1]))
    assert below.tolist()[0] == 1
    assert density[0] == 0
    assert 0 < below[1] < 1
    assert below[2] == 1
    below, _ = dirichlet_mean_at(a[:, :1], THREE, np.array([0.49, 0.5, 0.51]))
    assert below.tolist() == [0, 1, 1]


def test_scores_without_weight_beyond_the_others_change_nothing():
    inner, at = np.array([3.0, 2, 4]), np.array([0.3, 0.45, 0.5, 0.7])
    expected = dirichlet_mean_at(inner[:, None], np.array([0.2, 0.6, 0.8]), at)
    wider = np.array([0, 3.0, 0, 2, 4, 0])[:, None]
    found = dirichlet_mean_at(wider, np.array([0, 0.2, 0.4, 0.6, 0.8, 1]), at)
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_far_out_it_is_0_or_1_and_no_error_of_floating_point():
    a = np.array([1.0, 9990, 10])[:, None]
    with np.errstate(all="raise"):
        below, density = dirichlet_mean_at(a, THREE, np.array([1e-300, 0.1, 0.45, 0.55, 0.9]))
    assert below.tolist() == [0, 0, 0, 1, 1]
    assert not density.any()


@pytest.mark.parametrize(
    ("a", "points", "at"),
    [
        ([1, 191171, 2], THREE, 0.5000026154184146),
        ([1, 2, 279, 1], np.array([0, 0.01, 0.50001, 1]), 0.4966673192050433),
        ([2, 9488, MIXED, 1], np.array([0, 0.5, 0.50001, 1]), 0.49997773130292283),
    ],
)  # fmt: skip
def test_sums_in_doubt_are_mended_by_finer_steps(monkeypatch, a, points, at):
    # A spike between a few answers: one way leads uphill, the straight one swings too fast.
    shapes, place = np.array(a, dtype=float)[:, None], np.array([at])
    expected = float(imhof(a, points, at))
    assert dirichlet_mean_at(shapes, points, place)[0][0] == pytest.approx(expected, abs=1e-11)
    monkeypatch.setattr("custfocus.intervals.contour._FINER", ())
    assert abs(dirichlet_mean_at(shapes, points, place)[0][0] - expected) > 1e-9
