"""Melded limits and p-values for the difference of two samples, against slow ways and laws."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import fisher_exact  # noqa: TID251 - an oracle

from custfocus.errors import OptionError, TallyError
from custfocus.intervals import melded_interval_difference, melded_p_value
from custfocus.intervals.confidence_distribution import ConfidenceDistribution
from custfocus.intervals.dirichlet_at import dirichlet_mean_at
from melding_oracle import components, difference_at_most, triangle

law = settings(derandomize=True, deadline=None, max_examples=25, database=None)
methods = pytest.mark.parametrize("method", ["exact", "mid-p"])
SIDES = {"exact": ("low", "high"), "mid-p": ("mid-p", "mid-p")}
THREE = (0, 0.5, 1)

a_level = st.sampled_from([1e-6, 0.2, 0.5, 0.8, 0.95, 0.999, 1 - 1e-6])


@st.composite
def pairs(draw, most=12):
    """Counts of two samples, neither empty, on ascending scores."""
    k = draw(st.integers(2, 6))
    steps = draw(st.lists(st.integers(1, 30), min_size=k, max_size=k))
    scores = np.cumsum(steps) / 8 - 5
    counts = st.lists(st.integers(0, most), min_size=k, max_size=k).filter(any)
    return np.array(draw(counts)), np.array(draw(counts)), scores


def tails(a, b, scores, method, d):
    """The chance of d or less in the lower melding, and of d or more in the upper, by triangles."""
    scores = np.asarray(scores, dtype=float)
    low, high = SIDES[method]
    at_most = difference_at_most(components(a, low), components(b, high), scores, d)
    at_least = difference_at_most(components(b, low), components(a, high), scores, -d)
    return at_most, at_least


# Against other ways


@pytest.mark.parametrize(
    ("a", "b", "scores", "expected"),
    [
        ([3, 7], [6, 4], (0, 1), (-0.1467978609831, 0.648111239642, 0.1970815562147)),
        ([1, 3, 6], [4, 4, 2], (-1, 0, 1), (-0.04579062502348, 1.239926800955, 0.06640252887592)),
        ([2, 0, 8], [0, 1, 4], (-1, 0, 1), (-0.8433246309107, 0.6999027736122, 0.6923076923077)),
        (
            [1, 2, 3, 4, 5, 5], [3, 3, 2, 1, 0, 6], range(6),
            (-0.6906305901785, 1.780355777448, 0.3836542578386),
        ),
    ],
)  # fmt: skip
def test_mid_p_limits_have_the_digits_of_exact_integration(a, b, scores, expected):
    # Made once by bisection on the triangles' polynomials (Python 3.11, float64, 13 digits).
    length = max(scores) - min(scores)
    limits = melded_interval_difference(a, b, scores)
    np.testing.assert_allclose(limits, expected[:2], rtol=0, atol=1e-12 * length)
    assert melded_p_value(a, b, scores) == pytest.approx(expected[2], abs=1e-12)


@methods
@given(pair=pairs(), share=st.integers(-16, 16))
@law
@example(pair=([0, 0, 30], [0, 0, 7], THREE), share=0)
@example(pair=([0, 9, 0], [0, 0, 7], THREE), share=3)
@example(pair=([0, 9, 0], [0, 7, 0], (0, 0.4, 1)), share=-2)
@example(pair=([10, 0, 0], [0, 0, 10], THREE), share=-16)
@example(pair=([0, 1, 19], [3, 2, 5], THREE), share=0)
def test_p_values_are_twice_the_smaller_tail_by_triangles(method, pair, share):
    a, b, scores = pair
    null = share / 16 * (scores[-1] - scores[0])
    expected = min(1, 2 * min(tails(a, b, scores, method, null)))
    found = melded_p_value(a, b, scores, method=method, null=null)
    assert found == pytest.approx(expected, abs=1e-11)


@methods
@pytest.mark.parametrize(
    ("a", "b", "scores"),
    [
        ([10, 20, 30, 40], [25] * 4, range(4)), ([0, 3, 97], [1, 0, 99], THREE),
        ([2, 0, 60], [0, 3, 77], THREE), ([0, 1, 19], [3, 2, 5], THREE),
        ([5, 5, 5], [0, 0, 30], THREE), ([2, 5, 3], [10, 40, 50], THREE),
        ([1, 94, 6], [2, 90, 9], THREE), ([0, 7, 0], [1, 1, 1], (0, 0.9, 1)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_each_limit_leaves_half_of_alpha_by_triangles(method, a, b, scores, level):
    low, high = melded_interval_difference(a, b, scores, method=method, confidence_level=level)
    step = 1e-8 * (max(scores) - min(scores))
    tail = (1 - level) / 2
    for side, limit in enumerate((float(low), float(high))):
        inward, outward = (limit + step, limit - step)[:: 1 if side == 0 else -1]
        assert tails(a, b, scores, method, outward)[side] < tail
        assert tails(a, b, scores, method, inward)[side] > tail


@given(st.integers(1, 40), st.integers(1, 40), st.data())
@law
def test_exact_p_values_of_no_difference_of_two_shares_are_fishers(n_a, n_b, data):
    # Fay, Proschan and Brittain (2015), section 4: each tail is that of Fisher's exact test.
    x_a, x_b = data.draw(st.integers(0, n_a)), data.draw(st.integers(0, n_b))
    a, b = [n_a - x_a, x_a], [n_b - x_b, x_b]
    smaller = min(fisher_exact([a, b], alternative=one).pvalue for one in ("less", "greater"))
    found = melded_p_value(a, b, [0, 1], method="exact")
    assert found == pytest.approx(min(1, 2 * smaller), abs=1e-12)


def chance(a, b, d, panels=400, order=20):
    """P(V - W <= d) of mid-p distributions on THREE by a plain rule on many panels."""
    shapes = [np.array([one[0] + 1, one[1] - 1, one[2] + 1.0]) for one in (a, b)]
    mean = shapes[1] @ THREE / shapes[1].sum()
    deviation = math.sqrt(shapes[1] @ (np.array(THREE) - mean) ** 2) / shapes[1].sum()
    nodes, weights = np.polynomial.legendre.leggauss(order)
    edges = np.linspace(max(mean - 15 * deviation, 0), min(mean + 25 * deviation, 1), panels + 1)
    half = np.diff(edges)[:, None] / 2
    x = ((edges[1:] + edges[:-1])[:, None] / 2 + half * nodes).ravel()
    density = dirichlet_mean_at(shapes[1][:, None], np.array(THREE), x)[1]
    below = dirichlet_mean_at(shapes[0][:, None], np.array(THREE), x + d)[0]
    return (below * density * (half * weights).ravel()).sum()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([1, 994, 6], [2, 990, 9]), ([2, 9990, 9], [4, 400, 96]), ([4, 400, 96], [2, 9990, 9]),
        ([10**6, 10**6, 10**6], [10**6, 10**6, 10**6 + 1000]), ([2, 191171, 2], [5, 10**6, 3]),
        ([5, 40, 10**6], [3, 10, 10**5]),
    ],
)  # fmt: skip
def test_large_and_spiky_samples_leave_half_of_alpha_by_many_panels(a, b):
    low, high = melded_interval_difference(a, b, THREE)
    assert chance(a, b, float(low)) == pytest.approx(0.025, abs=1e-9)
    assert chance(a, b, float(high)) == pytest.approx(0.975, abs=1e-9)


@methods
def test_of_very_many_answers_the_limits_are_the_normal_ones(method):
    a, b = np.array([3, 4, 2]) * 10**8, np.array([5, 4, 2]) * 10**8
    means = [one @ THREE / one.sum() for one in (a, b)]
    variances = [
        one @ (np.array(THREE) - m) ** 2 / one.sum() ** 2
        for one, m in zip((a, b), means, strict=True)
    ]
    z = -ndtri(0.025) * math.sqrt(sum(variances))
    low, high = melded_interval_difference(a, b, THREE, method=method)
    assert (low + high) / 2 == pytest.approx(means[0] - means[1], abs=2e-8)
    assert (high - low) / 2 == pytest.approx(z, rel=1e-4)


# Laws


@methods
@given(pair=pairs(most=40), level=a_level)
@law
def test_swapping_the_samples_negates_and_mirroring_the_scores_too(method, pair, level):
    a, b, scores = pair
    options = {"method": method, "confidence_level": level}
    low, high = melded_interval_difference(a, b, scores, **options)
    swapped = melded_interval_difference(b, a, scores, **options)
    assert (swapped.low, swapped.high) == (-high, -low)
    mirrored = melded_interval_difference(a, b, -scores, **options)
    step = 1e-9 * np.ptp(scores)
    np.testing.assert_allclose(mirrored, (-high, -low), rtol=0, atol=step)
    p, same = (
        melded_p_value(a, b, scores, method=method),
        melded_p_value(b, a, scores, method=method),
    )
    assert p == same
    assert melded_p_value(a, b, -scores, method=method) == pytest.approx(p, abs=1e-10)


@methods
@given(pair=pairs(most=40), factor=st.integers(1, 50), shift=st.integers(-5, 5))
@law
def test_limits_follow_the_unit_of_the_scores(method, pair, factor, shift):
    a, b, scores = pair
    limits = melded_interval_difference(a, b, scores, method=method)
    moved = melded_interval_difference(a, b, factor / 7 * scores + shift, method=method)
    tolerance = 1e-9 * factor / 7 * np.ptp(scores)
    np.testing.assert_allclose(moved, np.multiply(limits, factor / 7), rtol=0, atol=tolerance)


@methods
@given(pair=pairs(), order=st.randoms(use_true_random=False))
@law
def test_order_empty_points_and_split_points_change_nothing(method, pair, order):
    a, b, scores = pair
    limits = melded_interval_difference(a, b, scores, method=method)
    wider = np.append(scores, [scores[0] * 0.7 + scores[-1] * 0.3, scores[0]])
    one, other = (np.append(counts, [0, 0]) for counts in (a, b))
    one[-1], one[0] = one[0], 0
    places = list(range(len(wider)))
    order.shuffle(places)
    again = melded_interval_difference(one[places], other[places], wider[places], method=method)
    np.testing.assert_allclose(again, limits, rtol=0, atol=1e-10 * np.ptp(scores))


@given(pair=pairs(most=40), level=a_level, wider=a_level)
@law
def test_mid_p_lies_within_exact_and_limits_widen_with_the_level(pair, level, wider):
    a, b, scores = pair
    length = np.ptp(scores)
    step = 1e-9 * length
    exact, mid = (
        melded_interval_difference(a, b, scores, method=method, confidence_level=level)
        for method in ("exact", "mid-p")
    )
    assert -length <= exact.low <= mid.low + step
    assert mid.high - step <= exact.high <= length
    assume(level < wider)
    for method, inner in (("exact", exact), ("mid-p", mid)):
        outer = melded_interval_difference(a, b, scores, method=method, confidence_level=wider)
        assert outer.low <= inner.low + step
        assert inner.high - step <= outer.high


@methods
@given(pair=pairs(most=40), level=st.sampled_from([0.5, 0.8, 0.95, 0.999]))
@law
def test_the_p_value_is_small_exactly_where_the_null_lies_outside(method, pair, level):
    a, b, scores = pair
    length = np.ptp(scores)
    low, high = melded_interval_difference(a, b, scores, method=method, confidence_level=level)
    step = 1e-7 * length
    for null, outside in (
        (low - step, True), (low + step, False), (high - step, False), (high + step, True),
        ((low + high) / 2, False),
    ):  # fmt: skip
        if abs(null) <= length:
            p = melded_p_value(a, b, scores, method=method, null=null)
            assert (p < 1 - level) == outside
    for limit, end in ((low, -length), (high, length)):
        p = melded_p_value(a, b, scores, method=method, null=limit)
        if limit == end:
            assert p > 1 - level - 1e-9
        else:
            assert p == pytest.approx(1 - level, abs=1e-9)


@pytest.mark.parametrize(("method", "level"), [("exact", 1e-6), ("mid-p", 0.7)])
@pytest.mark.parametrize("scores", [(0, 1), (0, 0.1, 1), (0, 0.4, 0.6, 1)])
def test_the_samples_own_difference_lies_within(method, level, scores):
    every = np.array(list(product(range(4), repeat=len(scores))))
    counts = [every[every.sum(axis=1) == n] for n in (3, 2)]
    low, high = melded_interval_difference(
        counts[0][:, None], counts[1], scores, method=method, confidence_level=level
    )
    value = (counts[0] @ scores / 3)[:, None] - counts[1] @ scores / 2
    assert (low <= high).all()
    assert ((low - 1e-10 <= value) & (value <= high + 1e-10)).all()


a_size = st.integers(0, 9).flatmap(lambda power: st.integers(0, 10**power))


@methods
@given(
    st.integers(2, 5).flatmap(
        lambda k: st.tuples(*[st.lists(a_size, min_size=k, max_size=k).filter(any)] * 2)
    )
)
@settings(law, max_examples=40)
@example(([2, 0], [103, 0]))
@example(([721122863, 191019730], [17, 42]))
@example(([5, 1], [5237318, 16756637]))
@example(([0, 0, 10**9], [3, 0, 10**8]))
def test_samples_of_any_sizes_have_mirrored_limits_that_agree_with_p(method, pair):
    a, b = (np.array(counts) for counts in pair)
    scores = np.linspace(0, 1, len(a))
    low, high = melded_interval_difference(a, b, scores, method=method)
    mirrored = melded_interval_difference(a, b, -scores, method=method)
    np.testing.assert_allclose(mirrored, (-high, -low), rtol=0, atol=1e-8)
    for limit in (low, high):
        p = melded_p_value(a, b, scores, method=method, null=limit)
        assert p == pytest.approx(0.05, abs=1e-8) or (abs(limit) == 1 and p > 0.05)


# Ends, batches, errors


@methods
def test_opposite_samples_reach_the_end_of_what_is_possible(method):
    low, high = melded_interval_difference([10, 0], [0, 10], [-1, 1], method=method)
    assert low == -2
    assert -2 < high < 0
    assert melded_p_value([10, 0], [0, 10], [-1, 1], method=method, null=-2) > 0.05


def test_the_exact_limit_of_opposite_samples_is_that_of_two_shares():
    # P(V - W > d) for V of Beta(1, n) and W of Beta(n, 1): the two shares of a half each.
    _, high = melded_interval_difference([1, 0], [0, 1], [0, 1], method="exact")
    assert high == pytest.approx(1 - math.sqrt(0.05), abs=1e-11)


@methods
def test_groups_are_computed_each_on_its_own_and_an_empty_one_is_open(method):
    a = np.array([[3, 7, 1], [0, 0, 0], [40, 2, 8], [0, 0, 5]])
    b = np.array([2, 2, 9])
    low, high = melded_interval_difference(a, b, [1, 2, 5], method=method)
    p = melded_p_value(a, b, [1, 2, 5], method=method)
    for g in (0, 2, 3):
        alone = melded_interval_difference(a[g], b, [1, 2, 5], method=method)
        assert (low[g], high[g]) == (alone.low, alone.high)
        assert p[g] == melded_p_value(a[g], b, [1, 2, 5], method=method)
        assert alone.low.shape == ()
    assert np.isnan([low[1], high[1], p[1]]).all()
    grid = melded_interval_difference(a[:, None], a[[0, 2]], [1, 2, 5], method=method)
    assert grid.low.shape == (4, 2)


def test_arguments_that_cannot_be_are_named():
    with pytest.raises(OptionError, match=r"unknown method 'mid_p'; did you mean 'mid-p'\?"):
        melded_interval_difference([1, 2], [2, 1], [0, 1], method="mid_p")
    with pytest.raises(OptionError, match="confidence_level must lie between 0 and 1"):
        melded_interval_difference([1, 2], [2, 1], [0, 1], confidence_level=95)
    with pytest.raises(OptionError, match=r"null must lie within the scale's length, 1, got 1\.5"):
        melded_p_value([1, 2], [2, 1], [0, 1], null=1.5)
    with pytest.raises(TallyError, match="no answers"):
        melded_p_value([0, 0], [2, 1], [0, 1])
    with pytest.raises(TallyError, match="must broadcast"):
        melded_p_value([[1, 2]] * 3, [[1, 2]] * 2, [0, 1])


@methods
def test_scores_that_differ_by_next_to_nothing_are_one(method):
    scores = np.array([0, 1e-50, 1e-20, 1, 1e50])
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        found = melded_interval_difference([0, 9, 2, 1, 3], [1, 0, 9, 9, 1], scores, method=method)
    expected = melded_interval_difference([12, 3], [19, 1], [0, 1e50], method=method)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_limit_of_0_has_no_sign():
    limits = melded_interval_difference([2, 0], [103, 0], [0, 1], confidence_level=1e-9)
    assert not np.signbit(limits).any()
    assert limits == (0, 0)


def test_floating_point_errors_that_the_caller_raises_do_not_occur():
    with np.errstate(all="raise"):
        for a, b in (
            ([0, 0, 30], [9, 0, 0]),
            ([2, 9990, 9], [9, 1, 10**6]),
            ([0, 1, 1], [1, 0, 0]),
        ):
            melded_interval_difference(a, b, THREE)
            melded_p_value(a, b, THREE, method="exact", null=1)


# One sample's distribution


@pytest.mark.parametrize("side", ["low", "high", "mid-p"])
@given(pair=pairs())
@law
@example(pair=([0, 30, 0], None, THREE))
@example(pair=([0, 0, 30], None, THREE))
@example(pair=([1, 94, 6], None, THREE))
@example(pair=([3, 4], None, (0, 1)))
@example(pair=([5, 0, 0, 0], None, (0, 0.2, 0.4, 1)))
def test_the_polynomials_are_the_mixtures_distribution(side, pair):
    counts, _, scores = pair
    counts, points = (
        np.array(counts, dtype=float),
        (np.array(scores) - scores[0]) / (scores[-1] - scores[0]),
    )
    found = ConfidenceDistribution.of(counts, points, side)
    at = np.linspace(-0.05, 1.05, 301)
    below, density = np.zeros((2, at.size))
    shapes = components(counts, side)
    for part in shapes:
        if np.count_nonzero(part) > 1:
            parts = triangle(part, points, at)
            below, density = below + parts[0] / len(shapes), density + parts[1] / len(shapes)
    got_below, got_density = found.at(at)
    np.testing.assert_allclose(got_below, below, rtol=0, atol=1e-11)
    away = np.abs(at[:, None] - points).min(axis=1) > 1e-9
    np.testing.assert_allclose(got_density[away], density[away], rtol=0, atol=1e-9)
    moments = [(part @ points / part.sum(), part.sum()) for part in shapes]
    assert found.mean == pytest.approx(np.mean([m for m, _ in moments]))
    variance = np.mean(
        [
            part @ (points - m) ** 2 / n / (n + 1) + (m - found.mean) ** 2
            for part, (m, n) in zip(shapes, moments, strict=True)
        ]
    )
    assert found.deviation == pytest.approx(math.sqrt(variance), abs=1e-12)


@methods
def test_a_hypothesis_is_one_number_for_all_pairs(method):
    with pytest.raises(OptionError, match=r"null must be one number for all pairs, got the shape"):
        melded_p_value([3, 7], [6, 4], [0, 1], method=method, null=[0, 0.1])
    with pytest.raises(OptionError, match="null must lie within the scale's length, 1, got 2"):
        melded_p_value([3, 7], [6, 4], [0, 1], method=method, null=2)
