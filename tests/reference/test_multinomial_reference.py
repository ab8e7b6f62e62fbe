"""
Numbers for simultaneous intervals from outside this project, and Sison and Glaz's
method slowly and straight from its definition.

A tolerance is half a unit of the last digit printed in the source, unless it says otherwise.
"""

import warnings
from fractions import Fraction
from functools import partial
from math import factorial

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy.special import gammaln, xlogy
from statsmodels.stats.proportion import multinomial_proportions_confint

from custfocus.intervals.multinomial import multinomial_intervals
from custfocus.intervals.proportion import proportion_interval
from patterns import half_a_unit

FAGERLAND = (276, 380, 118)  # Fagerland, Lydersen and Laake (2017), chapter 3
SISON_GLAZ = {  # Sison and Glaz (1995), their three examples
    "unlike": (56, 72, 73, 59, 62, 87, 58),
    "alike": (5,) * 50,
    "mixed": (1,) * 10 + (12,) * 10 + (5,) * 10 + (3,) * 10 + (4,) * 10,
}
SUBBIAH = (44, 55, 43, 32, 67, 78)  # R package CoinMinD, QH(y, .05)

PUBLISHED = [
    ("goodman", FAGERLAND, [0.3166, 0.4482, 0.1241], [0.3987, 0.5339, 0.1859], 4),
    ("quesenberry-hurst", FAGERLAND, [0.3157, 0.4472, 0.1235], [0.3997, 0.5348, 0.1867], 4),
    ("goodman", SISON_GLAZ["unlike"], [0.085, 0.115, 0.116, 0.091, 0.096, 0.143, 0.089],
     [0.166, 0.204, 0.207, 0.173, 0.181, 0.239, 0.171], 3),
    ("goodman", SISON_GLAZ["alike"], [0.005] * 50, [0.075] * 50, 3),
    ("quesenberry-hurst", SUBBIAH,
     [0.08576647, 0.11335512, 0.08331399, 0.05709120, 0.14452754, 0.17390520],
     [0.2143830, 0.2534468, 0.2107762, 0.1703466, 0.2949861, 0.3322609], 7),
]  # fmt: skip

# R package MultinomialCI, .95, as the tests of statsmodels quote it: c, then the upper limit of
# the first point. It has Edgeworth's expansion without the term of the squared skewness.
MULTINOMIAL_CI = {"unlike": (19, 0.1643361), "alike": (7, 0.05304026), "mixed": (9, 0.04120118)}


@pytest.mark.parametrize(("method", "counts", "low", "high", "decimals"), PUBLISHED)
def test_limits_are_the_published_ones(method, counts, low, high, decimals):
    ours = multinomial_intervals(counts, method=method)
    np.testing.assert_allclose(ours, (low, high), rtol=0, atol=half_a_unit(decimals))


class TestSisonGlaz:
    """The definition: the multinomial probability of a box, counted out in whole numbers."""

    @staticmethod
    def chance(counts, c):
        """nu(c): ``n! / n^n`` times the coefficient of x^n in the product of the boxes' sums."""
        n, coefficients = sum(counts), [Fraction(1)]
        for m in counts:
            box = range(max(m - c, 0), min(m + c, n) + 1)
            terms = {k: Fraction(m**k, factorial(k)) for k in box}
            product = [Fraction(0)] * (n + 1)
            for have, weight in enumerate(coefficients):
                for k, term in terms.items():
                    if weight and have + k <= n:
                        product[have + k] += weight * term
            coefficients = product
        return coefficients[n] * factorial(n) / Fraction(n) ** n

    @staticmethod
    def expansion(counts, c, *, squared_skewness=False):
        """nu(c) by Edgeworth's expansion; R's package leaves the squared skewness out."""
        n = sum(counts)
        if c >= n:
            return mpf(1)
        with mp.workdps(40):
            inside, cumulants = mpf(1), [mpf(0)] * 4
            for m in counts:
                box = range(max(m - c, 0), min(m + c, n) + 1)
                p = [mpf(m) ** k * mp.exp(-m) / mp.factorial(k) for k in box]
                total = mp.fsum(p)
                inside *= total
                mean = mp.fsum(k * q for k, q in zip(box, p, strict=True)) / total
                second, third, fourth = (
                    mp.fsum((k - mean) ** r * q for k, q in zip(box, p, strict=True)) / total
                    for r in (2, 3, 4)
                )
                parts = (mean, second, third, fourth - 3 * second**2)
                cumulants = [a + b for a, b in zip(cumulants, parts, strict=True)]
            mean, variance, third, fourth = cumulants
            x = (n - mean) / mp.sqrt(variance)
            g1, g2 = third / variance ** mpf(1.5), fourth / variance**2
            expansion = 1 + g1 * (x**3 - 3 * x) / 6 + g2 * (x**4 - 6 * x**2 + 3) / 24
            if squared_skewness:
                expansion += g1**2 * (x**6 - 15 * x**4 + 45 * x**2 - 15) / 72
            density = mp.exp(-(x**2) / 2) / mp.sqrt(2 * mp.pi * variance) * expansion
            return inside * density / (mpf(n) ** n * mp.exp(-n) / mp.factorial(n))

    @staticmethod
    def limits(counts, level, chance):
        c, below, n = 0, 0, sum(counts)
        while (above := chance(counts, c + 1)) <= level:
            c, below = c + 1, above
        gamma = (level - below) / (above - below)
        return [
            [float(max(Fraction(m - c, n), 0)) for m in counts],
            [float(min((m + c + 2 * gamma) / n, 1)) for m in counts],
        ]

    @pytest.mark.parametrize(
        "counts",
        [(1, 0), (1, 1), (5, 0, 0), (3, 2, 5), (56, 4), (28, 1, 1), (12, 0, 0, 0, 0, 0),
         (10, 1, 0, 2), (1, 1, 0, 0, 0, 0, 0), (6, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0), (2,) * 12,
         (90, 60, 7)],
    )  # fmt: skip
    @pytest.mark.parametrize("level", ["0.05", "0.5", "0.8", "0.95", "0.999"])
    def test_limits_are_those_of_the_definition(self, counts, level):
        ours = multinomial_intervals(counts, method="sison-glaz", confidence_level=float(level))
        # gamma divides by a difference of two probabilities, which loses a few digits.
        known = self.limits(counts, Fraction(level), self.chance)
        np.testing.assert_allclose(ours, known, rtol=0, atol=1e-12)

    @pytest.mark.parametrize("counts", [SISON_GLAZ["unlike"], (56, 0, 73, 59, 62, 87, 58)])
    def test_so_are_those_of_larger_tables(self, counts):
        def chance(counts, c):
            """By plain summation in floating point; its terms are all positive."""
            n = sum(counts)
            product = np.zeros(n + 1)
            product[0] = 1
            for m in counts:
                box = np.zeros(n + 1)
                k = np.arange(max(m - c, 0), min(m + c, n) + 1)
                box[k] = np.exp(xlogy(k, m) - m - gammaln(k + 1))
                product = np.convolve(product, box)[: n + 1]
            return product[n] / np.exp(xlogy(n, n) - n - gammaln(n + 1))

        for level in (0.5, 0.95, 0.999):
            ours = multinomial_intervals(counts, method="sison-glaz", confidence_level=level)
            np.testing.assert_allclose(ours, self.limits(counts, level, chance), rtol=0, atol=1e-10)

    @pytest.mark.parametrize("example", MULTINOMIAL_CI)
    def test_the_expansion_gives_the_digits_of_multinomial_ci(self, example):
        counts, (_, upper) = SISON_GLAZ[example], MULTINOMIAL_CI[example]
        _, high = self.limits(counts, mpf(0.95), self.expansion)
        assert high[0] == pytest.approx(upper, abs=half_a_unit(7))

    @pytest.mark.parametrize("example", MULTINOMIAL_CI)
    def test_limits_of_full_tables_are_those_of_multinomial_ci_but_for_its_expansion(self, example):
        counts, (c, upper) = np.array(SISON_GLAZ[example]), MULTINOMIAL_CI[example]
        low, high = multinomial_intervals(counts, method="sison-glaz")
        np.testing.assert_allclose(
            low, np.maximum(counts - c, 0) / counts.sum(), rtol=0, atol=1e-16
        )
        assert high[0] == pytest.approx(upper, abs=1.5e-4)

    def test_limits_of_a_sparse_table_are_not_those_of_the_expansion(self):
        # Both answers were on one of two points, and can't be further than 1 from that: nu(1) is 1.
        counts = (1, 1, 0, 0, 0, 0, 0)
        ours = multinomial_intervals(counts, method="sison-glaz")
        np.testing.assert_allclose(ours, [[0.5] * 2 + [0] * 5, [1] * 2 + [0.95] * 5], rtol=1e-14)
        # As the tests of statsmodels have it.
        known = [[0.5] * 2 + [0] * 5, [1] * 2 + [0.9655815875] * 5]
        expansion = partial(self.expansion, squared_skewness=True)
        theirs = self.limits(counts, mpf(0.95), expansion)
        np.testing.assert_allclose(theirs, known, rtol=0, atol=half_a_unit(10))

    def test_a_table_of_nine_empty_points_is_not_that_of_statsmodels_expansion(self):
        counts = (6, 1, *[0] * 9)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # logarithms of 0
            theirs = multinomial_proportions_confint(counts, 0.05, "sison-glaz")
        ours = multinomial_intervals(counts, method="sison-glaz").high
        # docs/choosing-an-interval.md quotes both
        assert [round(ours[2], 4), round(theirs[2, 1], 3)] == [0.2219, 0.977]

    def test_a_box_of_one_answer_about_a_unanimous_sample_has_the_same_chance_for_any_n(self):
        # All answers are on one point of the sample that is imagined: nu(1) is 1.
        upper = [
            n * multinomial_intervals([n, 0, 0, 0, 0], method="sison-glaz").high[1]
            for n in (2, 30, 10**6, 10**9)
        ]
        assert upper == pytest.approx([2 * 0.95] * 4, rel=1e-12)

    def test_a_thousand_million_answers_are_nearly_normal(self):
        # Two points: |X - n / 2| <= c + gamma with probability .95.
        n = 10**9
        low, high = multinomial_intervals([n // 2, n // 2], method="sison-glaz")
        half = 1.959963984540054 * np.sqrt(n) / 2
        assert n * (high[0] - 0.5) == pytest.approx(half, abs=1.5)
        assert n * (0.5 - low[0]) == pytest.approx(half, abs=1.5)


def some_tables(number, largest):
    generator = np.random.default_rng(1995)
    for _ in range(number):
        points = generator.integers(2, 12)
        shares = generator.dirichlet(np.full(points, 2.0))
        yield generator.multinomial(generator.integers(2, largest), shares)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_goodman_limits_are_those_of_statsmodels(level):
    for counts in some_tables(60, 10_000):
        theirs = multinomial_proportions_confint(counts, 1 - level, "goodman")
        ours = multinomial_intervals(counts, method="goodman", confidence_level=level)
        # chi2.ppf(1 - alpha / K) loses digits near 1: 1e-16 / alpha, twelve points, 99.9 %.
        np.testing.assert_allclose(np.transpose(ours), theirs, rtol=0, atol=1e-12)


def test_sison_glaz_limits_of_full_tables_are_those_of_statsmodels_but_for_its_expansion():
    tables = [t for t in some_tables(300, 600) if len(t) > 3 and t.min() >= 20]
    assert len(tables) > 10
    for counts in tables:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # logarithms of 0 and of negative expansions
            theirs = multinomial_proportions_confint(counts, 0.05, "sison-glaz")
        # on four points and more its expansion is wrong by less than .01 of probability
        least, most = (
            half_width(
                counts, multinomial_intervals(counts, method="sison-glaz", confidence_level=level)
            )
            for level in (0.94, 0.96)
        )
        assert least < half_width(counts, theirs.T) < most


def half_width(counts, limits):
    """c + gamma in answers, from limits that the scale does not hold."""
    low, high = limits
    c, above = counts - counts.sum() * low, counts.sum() * high - counts
    return (c.max() + above.max()) / 2


@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
def test_mid_p_limits_are_those_of_each_share_at_bonferronis_level(level):
    for counts in some_tables(20, 500):
        each = 1 - (1 - level) / len(counts)
        known = proportion_interval(counts, counts.sum(), method="mid-p", confidence_level=each)
        ours = multinomial_intervals(counts, confidence_level=level)
        np.testing.assert_array_equal(ours, known)


def test_mid_p_limits_halve_the_probability_of_what_was_seen():
    # Six of seven, and none, on one of five points at 95 %: one per cent may miss each.
    low, high = multinomial_intervals([6, 0, 0, 1, 0])
    assert high[1] == pytest.approx(1 - (2 * 0.005) ** (1 / 7), rel=1e-10)
    tail = lambda p: p**7 + 7 * p**6 * (1 - p) / 2  # noqa: E731 - P(X > 6) + P(X = 6) / 2
    assert tail(low[0]) == pytest.approx(0.005, rel=1e-9)
