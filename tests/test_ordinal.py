"""Two samples compared by the order of their answers: the kernel of counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import brunnermunzel, mannwhitneyu  # noqa: TID251 - oracles
from statsmodels.stats.nonparametric import rank_compare_2indep, rank_compare_2ordinal

from custfocus.errors import OptionError, TallyError
from custfocus.intervals import (
    difference_p_value,
    ordinal_difference,
    ordinal_difference_interval,
    ordinal_difference_p_value,
    ordinal_shares,
    ordinal_standard_error,
    score_interval_difference,
)
from custfocus.intervals.arguments import critical_value

law = settings(derandomize=True, deadline=None, max_examples=30, database=None)
NEW, ACTIVE = [24, 37, 21, 19, 6], [11, 51, 22, 21, 7]  # Munzel and Hauschke (2003)


@st.composite
def pairs(draw, least=2, points=6, most=30):
    """Two samples, neither of them empty."""
    k = draw(st.integers(least, points))
    counts = st.lists(st.integers(0, most), min_size=k, max_size=k).filter(sum)
    return np.array(draw(counts)), np.array(draw(counts))


def answers(counts):
    return np.repeat(np.arange(len(counts)), counts)


def expanded(a, b):
    return answers(a), answers(b)


# The difference itself


@law
@given(pairs())
def test_the_difference_is_that_of_all_pairs(pair):
    one, other = expanded(*pair)
    signs = np.sign(one[:, None] - other)
    assert ordinal_difference(*pair) == pytest.approx(signs.mean(), abs=1e-12)
    shares = [(signs == sign).mean() for sign in (1, 0, -1)]
    assert ordinal_shares(*pair) == pytest.approx(shares, abs=1e-12)


@law
@given(pairs())
def test_half_of_one_more_is_scipys_u_over_all_pairs(pair):
    one, other = expanded(*pair)
    u = mannwhitneyu(one, other, method="asymptotic").statistic if len({*one, *other}) > 1 else None
    if u is not None:
        theta = u / (len(one) * len(other))
        assert (1 + ordinal_difference(*pair)) / 2 == pytest.approx(theta, abs=1e-12)


@law
@given(pairs(most=9))
def test_the_standard_error_is_brunner_and_munzels(pair):
    one, other = expanded(*pair)
    error = float(ordinal_standard_error(*pair))
    if min(len(one), len(other)) == 1:
        assert error == np.inf
        return
    with np.errstate(all="ignore"):
        theirs = rank_compare_2indep(one, other, use_t=False)
    assert error == pytest.approx(2 * np.sqrt(theirs.var_prob), abs=1e-12)


def test_published_example_of_munzel_and_hauschke():
    # R's lawstat: brunner.munzel.test gives .5442256341789052 for the second sample
    theta = (1 + ordinal_difference(ACTIVE, NEW)) / 2
    assert theta == pytest.approx(0.5442256341789052, abs=1e-13)
    theirs = rank_compare_2ordinal(ACTIVE, NEW, use_t=False)
    assert theta == pytest.approx(theirs.prob1, abs=1e-13)
    # With 107 and 112 answers Wald's limits hardly differ: lawstat's are .4701 to .6184
    limits = (1 + np.array(ordinal_difference_interval(ACTIVE, NEW))) / 2
    assert limits == pytest.approx([0.4700629827705593, 0.6183882855872511], abs=0.0025)
    p = ordinal_difference_p_value(ACTIVE, NEW)
    assert p == pytest.approx(brunnermunzel(*expanded(ACTIVE, NEW)).pvalue, abs=0.005)


# The interval


def constrained(a, b, null):
    """The likeliest p and q with a difference of null, by a general optimiser, and Pearson's X²."""
    k, m, n = len(a), a.sum(), b.sum()
    sign = np.sign(np.subtract.outer(np.arange(k), np.arange(k)))
    counts = np.concatenate([a, b])

    def loss(shares):
        return -(counts * np.log(np.maximum(shares, 1e-300))).sum()

    found = minimize(
        loss,
        0.9 * counts / np.repeat([m, n], k) + 0.1 / k,
        jac=lambda shares: -counts / np.maximum(shares, 1e-300),
        bounds=[(1e-9, 1)] * (2 * k),
        constraints=[
            {"type": "eq", "fun": lambda s: s[:k].sum() - 1},
            {"type": "eq", "fun": lambda s: s[k:].sum() - 1},
            {"type": "eq", "fun": lambda s: s[:k] @ sign @ s[k:] - null},
        ],
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    expected = np.repeat([m, n], k) * found.x
    return ((counts - expected) ** 2 / expected).sum()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (NEW, ACTIVE),
        ([2, 5, 9, 12, 4], [6, 8, 4, 3, 1]),
        ([1, 3, 9], [8, 5, 2]),
        ([10, 20, 30, 25, 15], [12, 18, 30, 25, 15]),
        ([1, 1, 2, 4, 9, 3], [3, 1, 4, 1, 5, 9]),
        ([0, 0, 10], [0, 10, 0]),
        ([0, 0, 3, 0, 17], [0, 5, 0, 15, 0]),
    ],
)
def test_at_its_limits_pearsons_statistic_is_the_critical_value(a, b):
    a, b = np.array(a), np.array(b)
    low, high = ordinal_difference_interval(a, b, correction=False)
    for limit in {float(low), float(high)} - {1.0}:
        assert constrained(a, b, limit) == pytest.approx(critical_value(0.95) ** 2, rel=1e-4)


@law
@given(pairs(points=2, most=200), st.sampled_from([0.5, 0.9, 0.95, 0.999]), st.booleans())
def test_on_two_points_it_is_miettinen_and_nurminens(pair, level, correction):
    options = {"correction": correction}
    found = ordinal_difference_interval(*pair, confidence_level=level, **options)
    expected = score_interval_difference(*pair, [0, 1], confidence_level=level, **options)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)
    p = ordinal_difference_p_value(*pair, **options)
    assert p == pytest.approx(difference_p_value(*pair, [0, 1], **options), abs=1e-12)


@law
@given(pairs(), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_limits_lie_in_bounds_around_the_difference_and_never_on_each_other(pair, level):
    low, high = ordinal_difference_interval(*pair, confidence_level=level)
    value = ordinal_difference(*pair)
    assert -1 <= low <= value <= high <= 1
    assert high - low > 1e-6


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        ([0, 0, 10], [10, 0, 0], 0.6, 1),  # all of a above all of b
        ([0, 0, 10], [0, 10, 0], 0.4, 1),
        ([0, 10, 0], [0, 10, 0], -0.35, 0.35),  # all alike
        ([1, 0, 0], [0, 0, 1], -1, 0.8),  # one answer each
        ([0, 1, 0], [0, 1, 0], -0.99, 0.99),
    ],
)
def test_extremes_have_a_width(a, b, low, high):
    found = ordinal_difference_interval(a, b)
    assert low <= found.low < found.high <= high
    assert found.high - found.low > 0.2


def test_ten_above_ten_is_as_on_two_points_when_they_lie_at_the_ends():
    found = ordinal_difference_interval([0, 0, 0, 10], [10, 0, 0, 0])
    assert found.low == pytest.approx(score_interval_difference([0, 10], [10, 0], [0, 1]).low)


@law
@given(pairs())
def test_swapping_the_samples_or_turning_the_scale_mirrors(pair):
    a, b = pair
    low, high = ordinal_difference_interval(a, b)
    swapped = ordinal_difference_interval(b, a)
    assert (swapped.low, swapped.high) == (-high, -low)
    turned = ordinal_difference_interval(a[::-1], b[::-1])
    assert (turned.low, turned.high) == pytest.approx((-high, -low), abs=1e-7)
    p = ordinal_difference_p_value(a, b)
    assert ordinal_difference_p_value(b, a) == p
    assert ordinal_difference_p_value(a[::-1], b[::-1]) == pytest.approx(p, abs=1e-6)


@law
@given(pairs(), st.integers(0, 6))
def test_a_point_without_answers_between_others_changes_nothing(pair, place):
    a, b = pair
    inside = 1 + place % (len(a) - 1)
    more = [np.insert(counts, inside, 0) for counts in (a, b)]
    found, expected = ordinal_difference_interval(*more), ordinal_difference_interval(a, b)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-7)


@law
@given(pairs(least=3), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_p_value_at_a_limit_is_what_the_level_leaves(pair, level):
    low, high = ordinal_difference_interval(*pair, confidence_level=level)
    for limit in (float(low), float(high)):
        if abs(limit) < 1 - 1e-9:
            p = ordinal_difference_p_value(*pair, null=limit)
            assert p == pytest.approx(1 - level, rel=1e-3)


@law
@given(pairs())
def test_p_falls_as_the_hypothesis_goes_away_from_the_samples(pair):
    value = float(ordinal_difference(*pair))
    for end in (-0.999, 0.999):
        nulls = value + (end - value) * np.linspace(0, 1, 9)
        p = [float(ordinal_difference_p_value(*pair, null=null)) for null in nulls]
        assert p[0] == pytest.approx(1)
        assert (np.diff(p) <= 1e-6).all()


def test_no_difference_has_a_p_value_of_one():
    assert ordinal_difference_p_value([3, 4, 3], [1, 8, 1]) == 1


@law
@given(pairs())
def test_it_widens_with_the_level(pair):
    limits = [ordinal_difference_interval(*pair, confidence_level=one) for one in (0.5, 0.9, 0.99)]
    lows, highs = zip(*limits, strict=True)
    assert (np.diff(lows) <= 1e-7).all()
    assert (np.diff(highs) >= -1e-7).all()


# Groups


def test_groups_are_computed_on_their_own_and_empty_ones_are_nan():
    generator = np.random.default_rng(7)
    a = generator.multinomial(12, [0.1, 0.1, 0.1, 0.3, 0.4], (3, 70))
    b = generator.multinomial(9, [0.1, 0.3, 0.1, 0.3, 0.2], 70)
    a[1, 5] = 0
    b[7] = 0
    empty = np.zeros((3, 70), bool)
    empty[1, 5] = empty[:, 7] = True
    found = [
        *ordinal_difference_interval(a, b),
        ordinal_difference(a, b),
        ordinal_difference_p_value(a, b, null=0.1),
        ordinal_standard_error(a, b),
        *ordinal_shares(a, b),
    ]
    for numbers in found:
        assert numbers.shape == (3, 70)
        assert (np.isnan(numbers) == empty).all()
    for place in [(0, 0), (2, 69), (1, 6)]:
        low, high = ordinal_difference_interval(a[place], b[place[1]])
        p = ordinal_difference_p_value(a[place], b[place[1]], null=0.1)
        assert [low, high, p] == [found[0][place], found[1][place], found[3][place]]


def test_no_groups_have_no_limits():
    nothing = np.zeros((0, 4), int)
    assert ordinal_difference_interval(nothing, nothing).low.shape == (0,)
    assert ordinal_difference_p_value(nothing, nothing).shape == (0,)


def test_few_answers_at_a_high_level_settle():
    a, b = [3, 5, 0, 1, 1], [0, 0, 1, 0, 0]  # its first steps lead to and fro
    low, high = ordinal_difference_interval(a, b, confidence_level=0.999)
    assert -1 < low < high < 1
    for limit in (float(low), float(high)):
        assert ordinal_difference_p_value(a, b, null=limit) == pytest.approx(0.001, rel=1e-6)


def test_more_groups_than_are_computed_at_a_time_are_as_few():
    a, b = np.array([[5, 0, 0], [1, 3, 2], [0, 2, 4]]), np.array([[0, 3, 2], [2, 3, 1], [6, 0, 1]])
    many = [np.tile(counts, (3000, 1)) for counts in (a, b)]
    for function in (ordinal_difference_interval, ordinal_difference_p_value):
        few = np.asarray(function(a, b))
        assert (np.asarray(function(*many)) == np.tile(few, 3000)).all()


def test_a_hypothesis_at_the_end_of_the_scale_has_next_to_no_chance():
    assert ordinal_difference_p_value([5, 5, 5], [5, 5, 5], null=-1 + 2**-53) < 1e-12


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ([1, 2], [1, 2, 3], r"the same two points or more, got shapes \(2,\) and \(3,\)"),
        ([1], [2], "the same two points or more"),
        (3, 4, "the same two points or more"),
        ([[1, 2]] * 2, [[1, 2]] * 3, r"must broadcast, got counts of shapes \(2, 2\) and \(3, 2\)"),
        ([0, 0], [1, 2], "no answers"),
        ([1, -1], [1, 2], "counts_a must be whole numbers, 0 or more, got -1"),
        ([1, 1], [0.5, 2], "counts_b must be whole numbers, 0 or more, got 0.5"),
    ],
)
def test_counts_that_are_none(a, b, message):
    for function in (
        ordinal_difference,
        ordinal_difference_interval,
        ordinal_difference_p_value,
        ordinal_standard_error,
        ordinal_shares,
    ):
        with pytest.raises(TallyError, match=message):
            function(a, b)


@pytest.mark.parametrize("null", [-1, 1, 2, float("nan"), "0", None, True])
def test_a_hypothesis_lies_between_minus_1_and_1(null):
    with pytest.raises(OptionError, match="null must lie between -1 and 1, got"):
        ordinal_difference_p_value([1, 2], [2, 1], null=null)


def test_options_are_checked():
    with pytest.raises(OptionError, match="correction must be True or False, got 'no'"):
        ordinal_difference_interval([1, 2], [2, 1], correction="no")
    with pytest.raises(OptionError, match="confidence_level must lie between 0 and 1"):
        ordinal_difference_interval([1, 2], [2, 1], confidence_level=95)
