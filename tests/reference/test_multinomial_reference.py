"""
Numbers for simultaneous intervals from outside this project, and Sison and Glaz's
method slowly and straight from its definition.

A tolerance is half a unit of the last digit printed in the source, unless it says otherwise.
"""

import warnings

import numpy as np
import pytest
from mpmath import mp, mpf
from statsmodels.stats.proportion import multinomial_proportions_confint

from custfocus.intervals.multinomial import multinomial_intervals
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
# the first point. Its expansion is without the term of the squared skewness.
MULTINOMIAL_CI = {"unlike": (19, 0.1643361), "alike": (7, 0.05304026), "mixed": (9, 0.04120118)}


@pytest.mark.parametrize(("method", "counts", "low", "high", "decimals"), PUBLISHED)
def test_limits_are_the_published_ones(method, counts, low, high, decimals):
    ours = multinomial_intervals(counts, method=method)
    np.testing.assert_allclose(ours, (low, high), rtol=0, atol=half_a_unit(decimals))


class TestSisonGlaz:
    """The definition: Poisson counts truncated to the box, their moments by plain summation."""

    @staticmethod
    def chance(counts, c, *, squared_skewness=True):
        """nu(c) in 40 digits, by Edgeworth's expansion; 1 from c = n on, where it is certain."""
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

    @classmethod
    def limits(cls, counts, level, **options):
        c, below, n = 0, mpf(0), sum(counts)
        while (above := cls.chance(counts, c + 1, **options)) <= level:
            c, below = c + 1, above
        gamma = (mpf(level) - below) / (above - below)
        return [
            [float(max(mpf(m - c) / n, 0)) for m in counts],
            [float(min((m + c + 2 * gamma) / n, 1)) for m in counts],
        ]

    @pytest.mark.parametrize(
        "counts",
        [(1, 0), (1, 1), (5, 0, 0), (3, 2, 5), (56, 4), (28, 1, 1), (12, 0, 0, 0, 0, 0),
         (10, 1, 0, 2), (1, 1, 0, 0, 0, 0, 0), SISON_GLAZ["unlike"], (56, 0, 73, 59, 62, 87, 58),
         (90, 60, 7)],
    )  # fmt: skip
    @pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.999])
    def test_limits_are_those_of_the_definition(self, counts, level):
        ours = multinomial_intervals(counts, method="sison-glaz", confidence_level=level)
        # gamma divides by a difference of two probabilities, which loses a few digits.
        np.testing.assert_allclose(ours, self.limits(counts, level), rtol=0, atol=1e-12)

    @pytest.mark.parametrize("example", MULTINOMIAL_CI)
    def test_without_its_squared_skewness_the_definition_gives_the_digits_of_multinomial_ci(
        self, example
    ):
        counts, (_, upper) = SISON_GLAZ[example], MULTINOMIAL_CI[example]
        _, high = self.limits(counts, 0.95, squared_skewness=False)
        assert high[0] == pytest.approx(upper, abs=half_a_unit(7))

    @pytest.mark.parametrize("example", MULTINOMIAL_CI)
    def test_limits_are_those_of_multinomial_ci_but_for_the_squared_skewness(self, example):
        counts, (c, upper) = np.array(SISON_GLAZ[example]), MULTINOMIAL_CI[example]
        low, high = multinomial_intervals(counts, method="sison-glaz")
        np.testing.assert_allclose(
            low, np.maximum(counts - c, 0) / counts.sum(), rtol=0, atol=1e-16
        )
        assert high[0] == pytest.approx(upper, abs=1.5e-4)

    def test_limits_of_a_sparse_table_are_those_of_multinomial_ci(self):
        # As the tests of statsmodels quote them.
        ours = multinomial_intervals([1, 1, 0, 0, 0, 0, 0], method="sison-glaz")
        known = [[0.5] * 2 + [0] * 5, [1] * 2 + [0.9655815875] * 5]
        np.testing.assert_allclose(ours, known, rtol=0, atol=half_a_unit(10))

    def test_a_box_of_one_answer_about_a_unanimous_sample_has_the_same_chance_for_any_n(self):
        # The ratio of neighbouring Poisson chances, n / n, does not depend on n.
        upper = [
            n * multinomial_intervals([n, 0, 0, 0, 0], method="sison-glaz").high[1]
            for n in (2, 30, 10**6, 10**9)
        ]
        assert upper == pytest.approx([upper[0]] * 4, rel=1e-12)


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
        ours = multinomial_intervals(counts, confidence_level=level)
        # chi2.ppf(1 - alpha / K) loses digits near 1: 1e-16 / alpha, twelve points, 99.9 %.
        np.testing.assert_allclose(np.transpose(ours), theirs, rtol=0, atol=1e-12)


def test_sison_glaz_limits_are_those_of_statsmodels():
    for counts in some_tables(15, 60):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # logarithms of 0 and of negative expansions
            theirs = multinomial_proportions_confint(counts, 0.05, "sison-glaz")
        ours = multinomial_intervals(counts, method="sison-glaz")
        # Its factorial moments cancel: 1e-16 times 60⁴ in the fourth.
        np.testing.assert_allclose(np.transpose(ours), theirs, rtol=0, atol=1e-10)
