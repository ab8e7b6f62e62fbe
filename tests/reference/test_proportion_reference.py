"""
Intervals for one proportion against R, papers, statsmodels, and their definitions in mpmath.

A tolerance is half a unit of the last digit printed in the source, unless it says otherwise.
"""

import json
from fractions import Fraction
from itertools import product
from math import comb
from pathlib import Path

import numpy as np
import pytest
import scipy
from mpmath import mp, mpf
from scipy.special import betaincinv
from statsmodels.stats.proportion import proportion_confint

from custfocus.intervals.binomial_tails import log_tail
from custfocus.intervals.hypergeometric import _log_probability
from custfocus.intervals.proportion import proportion_interval
from custfocus.intervals.score import score_interval
from patterns import half_a_unit

EPSILON = float(np.finfo(np.float64).eps)
R_VALUES = json.loads(Path(__file__).with_name("r_values.json").read_text())["proportion"]
EVERY_TABLE_UP_TO_30 = np.array([(k, n) for n in range(1, 31) for k in range(n + 1)]).T

# PropCIs::midPci moves in steps of about 1e-3 and then prints 4 digits. Its limits of 1 of 29,
# .0021 to .1581, are .0017 to .1585 in Newcombe's table.
R_DECIMALS = {"wilson": 5e-5, "mid_p": 1e-3}


PUBLISHED = [  # method, successes, n, low, high, digits
    *[(*row, 4) for row in [
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I; "< 0" is 0 here
        ("wald", 81, 263, 0.2522, 0.3638), ("wald", 15, 148, 0.0527, 0.1500),
        ("wald", 0, 20, 0, 0), ("wald", 1, 29, 0, 0.1009),
        ("wilson", 81, 263, 0.2553, 0.3662), ("wilson", 15, 148, 0.0624, 0.1605),
        ("wilson", 0, 20, 0, 0.1611), ("wilson", 1, 29, 0.0061, 0.1718),
        ("wilson-cc", 81, 263, 0.2535, 0.3682), ("wilson-cc", 15, 148, 0.0598, 0.1644),
        ("wilson-cc", 0, 20, 0, 0.2005), ("wilson-cc", 1, 29, 0.0018, 0.1963),
        ("clopper-pearson", 81, 263, 0.2527, 0.3676), ("clopper-pearson", 15, 148, 0.0578, 0.1617),
        ("clopper-pearson", 0, 20, 0, 0.1684), ("clopper-pearson", 1, 29, 0.0009, 0.1776),
        ("mid-p", 81, 263, 0.2544, 0.3658), ("mid-p", 15, 148, 0.0601, 0.1581),
        ("mid-p", 0, 20, 0, 0.1391), ("mid-p", 1, 29, 0.0017, 0.1585),
        # Fagerland, Lydersen and Laake (2017), Statistical Analysis of Contingency Tables
        ("wald", 13, 16, 0.6213, 1), ("wilson", 13, 16, 0.5699, 0.9341),
        ("jeffreys", 13, 16, 0.5792, 0.9442), ("clopper-pearson", 13, 16, 0.5435, 0.9595),
        ("mid-p", 13, 16, 0.5699, 0.9500), ("clopper-pearson", 0, 1, 0, 0.9750),
        ("clopper-pearson", 1, 1, 0.0250, 1), ("mid-p", 0, 9, 0, 0.2831),
    ]],
    ("blaker", 3, 10, 0.08726443, 0.61941066, 8),  # manual of R's BlakerCI 1.0-6
]  # fmt: skip

# Counts for 1..10 of q1 in the R package bayesm, data set customerSat (Rossi, Gilula and Allenby
# 2001, JASA 96, 20-31), and the Wilson limits of some boxes to 6 digits.
CUSTOMER_SAT = (99, 115, 111, 127, 328, 174, 222, 327, 118, 190)
BOXES = [((10,), 0.091627, 0.119874), ((9, 10), 0.153471, 0.188069),
         ((8, 9, 10), 0.328996, 0.372907), ((1, 2, 3), 0.162470, 0.197805)]  # fmt: skip


@pytest.mark.parametrize("known", R_VALUES, ids=lambda known: f"{known['x']}-of-{known['n']}")
@pytest.mark.parametrize(
    "method", ["wilson", "wilson-cc", "clopper-pearson", "mid-p", "agresti-coull", "jeffreys"]
)
def test_limits_are_those_of_r(method, known):
    name = method.replace("-", "_")
    ours = proportion_interval(known["x"], known["n"], method=method)
    np.testing.assert_allclose(ours, known[name], rtol=0, atol=R_DECIMALS.get(name, 1e-12))


@pytest.mark.parametrize("known", PUBLISHED, ids=str)
def test_limits_are_the_published_ones(known):
    method, successes, n, low, high, digits = known
    ours = proportion_interval(successes, n, method=method)
    np.testing.assert_allclose(ours, (low, high), rtol=0, atol=half_a_unit(digits))


@pytest.mark.parametrize(("codes", "low", "high"), BOXES)
def test_wilson_limits_are_the_published_ones_of_the_customer_sat_data(codes, low, high):
    limits = proportion_interval(sum(CUSTOMER_SAT[code - 1] for code in codes), sum(CUSTOMER_SAT))
    np.testing.assert_allclose(limits, (low, high), rtol=0, atol=half_a_unit(6))
    scores = [int(code in codes) for code in range(1, 11)]
    np.testing.assert_allclose(score_interval(CUSTOMER_SAT, scores), limits, rtol=0, atol=4e-16)


def test_agresti_coull_adds_half_of_z2_and_not_two():
    # Fagerland et al. print .5602 to .9398 for 13 of 16: two successes and two failures more.
    z2 = 1.959963984540054**2
    p = (13 + z2 / 2) / (16 + z2)
    half = np.sqrt(z2 * p * (1 - p) / (16 + z2))
    ours = proportion_interval(13, 16, method="agresti-coull")
    np.testing.assert_allclose(ours, (p - half, p + half), rtol=1e-15)


STATSMODELS = {"wilson": ("wilson", 1e-15), "agresti-coull": ("agresti_coull", 1e-13),
               "clopper-pearson": ("beta", 1e-13), "jeffreys": ("jeffreys", 1e-13),
               "wald": ("normal", 1e-13)}  # fmt: skip


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.99, 0.999])
@pytest.mark.parametrize("method", STATSMODELS)
def test_limits_are_those_of_statsmodels_for_every_table_up_to_30(method, level):
    successes, n = EVERY_TABLE_UP_TO_30
    if method == "jeffreys":  # statsmodels leaves the ends of the scale open
        successes, n = EVERY_TABLE_UP_TO_30[:, (successes > 0) & (successes < n)]
    ours = proportion_interval(successes, n, method=method, confidence_level=level)
    theirs, granted = STATSMODELS[method]
    expected = proportion_confint(successes, n, alpha=1 - level, method=theirs)
    np.testing.assert_allclose(ours, expected, rtol=0, atol=granted)


def test_wilson_limits_are_those_of_statsmodels_for_large_samples():
    n = np.array([[10**3], [10**6], [10**9], [10**12]])
    successes, n = np.broadcast_arrays(np.hstack([n // 10**3, n // 7, n // 2, n - 5, n]), n)
    theirs = proportion_confint(successes, n, alpha=1 - 0.95, method="wilson")
    np.testing.assert_allclose(proportion_interval(successes, n), theirs, rtol=0, atol=1e-15)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_with_two_scores_the_score_interval_is_wilsons_for_every_table_up_to_30(level):
    successes, n = EVERY_TABLE_UP_TO_30
    wilson = np.array(proportion_interval(successes, n, confidence_level=level))
    counts = np.stack([n - successes, successes], axis=-1)
    for low, high in ((0, 1), (-5, 5), (2.5, 2.75)):
        ours = score_interval(counts, (low, high), confidence_level=level)
        granted = 2e-15 * max(abs(low), high)
        np.testing.assert_allclose(ours, low + (high - low) * wilson, rtol=0, atol=granted)
    # A third score between them that no one got could have been chosen at an end
    counts = np.insert(counts, 1, 0, axis=1)
    mixed = (successes > 0) & (successes < n)
    ours = np.array(score_interval(counts, (0, 0.3, 1), confidence_level=level))
    np.testing.assert_allclose(ours[:, mixed], wilson[:, mixed], rtol=0, atol=1e-15)


@pytest.mark.parametrize("level", [0.5, 0.95, 1 - 1e-9])
def test_logit_limits_are_walds_for_the_log_odds(level):
    z = mp.sqrt(2) * mp.erfinv(mpf(level))
    for k, n in [(1, 2), (1, 10**12), (7, 9), (300, 1000), (10**12 - 3, 10**12)]:
        centre, half = mp.log(mpf(k) / (n - k)), z * mp.sqrt(mpf(n) / k / (n - k))
        expected = [float(1 / (1 + mp.exp(-centre - sign * half))) for sign in (-1, 1)]
        ours = proportion_interval(k, n, method="logit", confidence_level=level)
        np.testing.assert_allclose(ours, expected, rtol=1e-12)


def test_logit_limits_in_a_finite_population_have_a_smaller_variance():
    low, high = proportion_interval(70, 90, method="logit", population=179)  # a factor of 1/2
    centre, half = np.log(7 / 2), 1.959963984540054 * np.sqrt(9 / 140 / 2)
    np.testing.assert_allclose(
        np.log([low / (1 - low), high / (1 - high)]), centre + half * np.array([-1, 1]), rtol=1e-13
    )


# The exact methods against their definitions, in 40 digits.


def tail(a: mpf, b: mpf, p: mpf, q: mpf) -> mpf:
    """I_p(a, b) by its continued fraction (DLMF 8.17.22), for p below its mean; 0 for b = 0."""
    if b == 0:
        return mpf(0)
    c, d = mpf(1), 1 / (1 - (a + b) * p / (a + 1))
    fraction, m, factor = d, 0, mpf(0)
    while abs(factor - 1) > mpf(10) ** -18:
        m += 1
        even = m * (b - m) * p / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * p / ((a + 2 * m) * (a + 2 * m + 1))
        for part in (even, odd):
            d, c = 1 / (1 + part * d), 1 + part / c
            factor = c * d
            fraction *= factor
    log_term = mp.loggamma(a + b) - mp.loggamma(a + 1) - mp.loggamma(b)
    return mp.exp(log_term + a * mp.log(p) + b * mp.log(q)) * fraction


def mean_tail(method: str, k: int, n: int, p: mpf) -> mpf:
    """What is alpha / 2 at the lower limit."""
    k, n, q = mpf(k), mpf(n), 1 - p
    if method == "clopper-pearson":
        return tail(k, n - k + 1, p, q)
    if method == "jeffreys":
        return tail(k + 0.5, n - k + 0.5, p, q)
    return (tail(k, n - k + 1, p, q) + tail(k + 1, n - k, p, q)) / 2


# Few, few short of all, on SciPy's weak spots, in between
LARGE_SAMPLES = [
    (1, 1), (1, 2), (13, 16), (1000, 1999), (9999, 10**4), (5000, 9999), (1, 9999), (30, 10**6),
    *[(k, n) for n in (10**9, 10**12) for k in (1, 30, 1000, n - 1000, n - 1, n)],
    (999, 10**9), (10**6 // 3, 10**6),
]  # fmt: skip


@pytest.mark.parametrize("level", [0.5, 0.95, 1 - 1e-12])
@pytest.mark.parametrize("method", ["clopper-pearson", "mid-p", "jeffreys"])
def test_limits_from_tails_are_right_to_nine_digits_of_the_distance_to_the_nearer_end(
    method, level
):
    with mp.workdps(40):
        half_alpha = (1 - mpf(level)) / 2
        for k, n in LARGE_SAMPLES:
            low, _ = proportion_interval(k, n, method=method, confidence_level=level)
            _, high = proportion_interval(n - k, n, method=method, confidence_level=level)
            for limit, p in ((low, mpf(float(low))), (high, 1 - mpf(float(high)))):
                granted = 1e-9 * min(p, 1 - p) + (EPSILON if limit > 0.5 else 0)
                assert p < granted or mean_tail(method, k, n, p - granted) < half_alpha
                assert half_alpha < mean_tail(method, k, n, p + granted)


def test_a_limit_that_scipys_inverse_gets_wrong_is_right():
    # scipy 1.17: betaincinv(1000, 10**9 - 999, .025) is 1.9e-6, where the tail is 1
    low, _ = proportion_interval(1000, 10**9, method="clopper-pearson")
    assert low == pytest.approx(9.38973e-7, rel=1e-6)
    with mp.workdps(40):
        below, above = (mpf(float(low)) * (1 + mpf(sign) / 10**12) for sign in (-1, 1))
        tails = [mean_tail("clopper-pearson", 1000, 10**9, p) for p in (below, above)]
        assert tails[0] < (1 - mpf(0.95)) / 2 < tails[1]


@pytest.mark.parametrize(
    ("a", "b"),
    [(10**7 + 1, 10**7 + 1), (10**7 + 1, 10**12), (10**12, 10**7 + 1), (5 * 10**11, 5 * 10**11)],
)
def test_a_tail_of_large_counts_is_right_to_seven_digits(a, b):
    for z in (-7.2, -3.3, -0.5):
        log_odds = np.log(a / b) + z * np.sqrt(1 / a + 1 / b)
        ours = log_tail(*(np.array([float(x)]) for x in (a, b, log_odds)))[0]
        with mp.workdps(40):
            odds = mp.exp(mpf(float(log_odds)))
            exact = mp.log(tail(mpf(a), mpf(b), odds / (1 + odds), 1 / (1 + odds)))
        # The first term left out has z to the fourth.
        assert abs(float(exact - ours)) < (1e-7 if z < -5 else 3e-9)


@pytest.mark.parametrize("n", [10**8, 10**10, 10**12])
@pytest.mark.parametrize("method", ["clopper-pearson", "mid-p", "jeffreys", "blaker"])
def test_limits_of_large_counts_are_those_of_the_normal_expansion(method, n):
    k, z = np.array([n // 10, n // 3, n // 2, n - n // 10]), 1.959963984540054
    # Cornish-Fisher for a beta distribution with both counts larger by 1/2 (Jeffreys): each of
    # these methods differs from it by less than an answer, and all but Clopper and Pearson's and
    # Blaker's by much less.
    p, q = (k + 0.5) / (n + 1), (n - k + 0.5) / (n + 1)
    centre, deviation = p + (q - p) * (z**2 - 1) / (3 * n), np.sqrt(p * q / (n + 2))
    limits = proportion_interval(k, n, method=method)
    granted = 1 / n if method in ("clopper-pearson", "blaker") else 0.01 / n + 1e-13
    np.testing.assert_allclose(
        limits, (centre - z * deviation, centre + z * deviation), rtol=0, atol=granted
    )


@pytest.mark.parametrize(
    ("n", "level"),
    [
        *product([1, 2, 3, 5, 10, 17], [0.5, 0.8, 0.95, 0.99]),
        (100, 0.95),
        (500, 0.95),
        (2000, 0.95),
    ],
)
def test_blakers_limits_are_where_acceptability_first_reaches_alpha(n, level):
    x, alpha = np.arange(n + 1), 1 - level
    log_ways = np.array([float(mp.log(comb(n, int(j)))) for j in x])

    def accepted(k, p):
        """Blaker (2000): the probability of all with a tail no more probable than that of k."""
        p = np.asarray(p)[:, None]
        pmf = np.exp(log_ways + x * np.log(p) + (n - x) * np.log1p(-p))
        up_to = np.cumsum(pmf, axis=1)
        smaller = np.minimum(up_to, np.cumsum(pmf[:, ::-1], axis=1)[:, ::-1])
        return np.where(smaller <= smaller[:, [k]] * (1 + 1e-11), pmf, 0).sum(axis=1)

    for k in range(1, n + 1) if n < 100 else {1, 3, n // 5 * 2, n - 30}:
        low, _ = proportion_interval(k, n, method="blaker", confidence_level=level)
        below, above = accepted(k, [low * (1 - 1e-9), min(low * (1 + 1e-9), 1 - 1e-15)])
        assert below < alpha <= above
        assert (accepted(k, low * np.linspace(0, 1, 200)[1:-1]) < alpha).all()


# The finite populations, in whole numbers.


def exact_most(k: int, n: int, population: int, half_alpha: Fraction, uncounted: Fraction) -> int:
    """The largest M at which P(X <= k), less what is uncounted of P(X = k), is above alpha / 2."""
    for m in range(population - n + k, k - 1, -1):
        ways = [comb(m, x) * comb(population - m, n - x) for x in range(k + 1)]
        if sum(ways) - uncounted * ways[k] > half_alpha * comb(population, n):
            return m
    raise AssertionError("at M = k no one else can be a success")


@pytest.mark.parametrize(
    ("method", "uncounted"), [("clopper-pearson", Fraction(0)), ("mid-p", Fraction(1, 2))]
)
@pytest.mark.parametrize("percent", [50, 80, 90, 95, 99])
@pytest.mark.parametrize("population", [1, 2, 3, 7, 10, 20, 40])
def test_limits_in_a_finite_population_are_those_of_the_exact_tests(
    method, uncounted, percent, population
):
    samples = [
        (k, n)
        for n in {*range(1, min(population, 10) + 1), population - 1, population} - {0}
        for k in range(n + 1)
    ]
    half_alpha = Fraction(100 - percent, 200)
    low, high = proportion_interval(
        *np.array(samples).T, method=method, confidence_level=percent / 100, population=population
    )
    for (k, n), ours_low, ours_high in zip(samples, low, high, strict=True):
        least = population - exact_most(n - k, n, population, half_alpha, uncounted)
        most = exact_most(k, n, population, half_alpha, uncounted)
        # beside the proportion of the sample, if they are possible: ceilings less 1, floors and 1
        below = max(-(-k * population // n) - 1, k)
        above = min(k * population // n + 1, population - n + k)
        assert ours_low * population == pytest.approx(min(least, most, below), abs=1e-9)
        assert ours_high * population == pytest.approx(max(least, most, above), abs=1e-9)


def hypergeometric_tail(k: int, n: int, m: int, population: int, uncounted: float) -> mpf:
    """``P(X <= k) - uncounted P(X = k)`` term by term; 0 where k cannot be so few."""
    if population - m < n - k:
        return mpf(0)
    term = mp.exp(
        sum(
            mp.loggamma(mpf(total) + 1)
            - mp.loggamma(mpf(part) + 1)
            - mp.loggamma(mpf(total - part) + 1)
            for total, part in ((m, k), (population - m, n - k))
        )
        - mp.loggamma(mpf(population) + 1)
        + mp.loggamma(mpf(n) + 1)
        + mp.loggamma(mpf(population - n) + 1)
    )
    total, x = term * (1 - mpf(uncounted)), k
    while x > 0 and term > total * mpf(10) ** -20:
        term *= mpf(x) * (population - m - n + x) / (mpf(m - x + 1) * (n - x + 1))
        total, x = total + term, x - 1
    return total


@pytest.mark.parametrize(
    ("k", "n", "m", "population"),
    [(0, 3, 4, 9), (5, 5, 7, 9), (8, 20, 30, 60), (14, 29, 31, 60), (16, 40, 32, 60),
     (300, 1000, 3500, 10**4), (10**5, 3 * 10**5, 334_000, 10**6), (1, 10**6, 6 * 10**6, 10**12),
     (4 * 10**5, 10**6, 402_000_000_000, 10**12)],
)  # fmt: skip
@pytest.mark.parametrize("uncounted", [0, 0.5])
def test_a_tail_of_a_finite_population_is_right_to_twelve_digits(k, n, m, population, uncounted):
    log_p, fall = _log_probability(
        *(np.array([float(x)]) for x in (k, n, m, population)), uncounted
    )
    with mp.workdps(40):
        here, next_ = (hypergeometric_tail(k, n, one, population, uncounted) for one in (m, m + 1))
        assert log_p[0] == pytest.approx(float(mp.log(here)), rel=1e-13, abs=1e-12)
        assert fall[0] == pytest.approx(float((here - next_) / here), rel=1e-9)


@pytest.mark.parametrize(("method", "uncounted"), [("clopper-pearson", 0), ("mid-p", 0.5)])
@pytest.mark.parametrize(
    "asked",
    [(0, 30, 10**6), (15, 148, 10**4), (81, 263, 300), (999, 1000, 5000), (300, 1000, 10**9),
     (3000, 10**4, 10**5), (10**5, 3 * 10**5, 10**6), (5, 10**6, 2 * 10**6), (1, 10**9, 10**12)],
)  # fmt: skip
@pytest.mark.parametrize("level", [0.5, 0.95, 1 - 1e-9])
def test_limits_in_a_large_finite_population_are_right_to_the_last_member(
    method, uncounted, asked, level
):
    k, n, population = asked
    low, high = proportion_interval(
        k, n, method=method, confidence_level=level, population=population
    )
    most, others = round(float(high) * population), population - round(float(low) * population)
    with mp.workdps(40):
        half_alpha = (1 - mpf(level)) / 2
        for seen, m in ((k, most), (n - k, others)):
            assert hypergeometric_tail(seen, n, m, population, uncounted) > half_alpha
            assert hypergeometric_tail(seen, n, m + 1, population, uncounted) <= half_alpha


def test_limits_in_a_population_beyond_counting_are_right_to_twelve_digits():
    population = 2**52
    _, high = proportion_interval(3, 10**4, method="clopper-pearson", population=population)
    with mp.workdps(40):
        for side, sign in ((1 - 1e-11, 1), (1 + 1e-11, -1)):
            m = int(float(high) * side * population)
            excess = hypergeometric_tail(3, 10**4, m, population, 0) - (1 - mpf(0.95)) / 2
            assert excess * sign > 0


# What docs/choosing-an-interval.md says of other packages


def test_rs_prop_test_leaves_its_correction_out_where_half_succeeded():
    # R 4.2.2: prop.test(5, 10)$conf.int, as with correct = FALSE; prop.test(6, 11)$conf.int
    assert proportion_interval(5, 10, method="wilson") == pytest.approx(
        (0.2365930905, 0.7634069095), abs=1e-10
    )
    assert proportion_interval(5, 10, method="wilson-cc").low < 0.21
    assert proportion_interval(6, 11, method="wilson-cc") == pytest.approx(
        (0.2456218529, 0.8186213333), abs=1e-10
    )


@pytest.mark.skipif(not scipy.__version__.startswith("1.17."), reason="said of SciPy 1.17")
def test_scipys_inverse_of_large_counts_is_twice_what_it_should_be():
    right = proportion_interval(1000, 10**9, method="clopper-pearson").low
    assert betaincinv(1000, 10**9, 0.025) / right == pytest.approx(2, abs=0.05)


def test_statsmodels_jeffreys_leaves_both_ends_open():
    low, _ = proportion_confint(0, 10, method="jeffreys")
    _, high = proportion_confint(10, 10, method="jeffreys")
    assert 0 < low < high < 1
    assert proportion_interval(0, 10, method="jeffreys").low == 0
    assert proportion_interval(10, 10, method="jeffreys").high == 1
