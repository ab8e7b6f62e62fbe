"""
Difference and ratio of two proportions against R, papers, statsmodels and an oracle of 40 digits.

A tolerance is half a unit of the last digit printed in the source, unless it says otherwise.
"""

import json
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import statsmodels
from mpmath import mp, mpf
from scipy.optimize import minimize_scalar
from scipy.special import xlogy
from statsmodels.stats.proportion import confint_proportions_2indep

from custfocus.intervals.difference import difference_interval, ratio_interval
from patterns import half_a_unit

mp.dps = 40

# R 4.2.2: ratesci::scoreci (skew=FALSE, precis=10) and moverci, PropCIs::wald2ci.
R_VALUES = json.loads(Path(__file__).with_name("r_values.json").read_text("utf-8"))["difference"]

# How far R's own values are from exact: scoreci stops after ten decimals, give or take a few
# units; the two others are closed forms, and the file has 15 digits.
R_METHODS = {
    "miettinen-nurminen": ("miettinen_nurminen", 2e-11),
    "mee": ("mee", 2e-11),
    "newcombe": ("newcombe", 2e-15),
    "agresti-caffo": ("agresti_caffo", 2e-15),
}

# Perondi et al. (2004) and Ritland et al. (2007), in Fagerland, Lydersen and Laake (2017), chapter
# 4; Newcombe (1998), Statistics in Medicine 17, 873-890, table II; Koopman (1984), Biometrics 40,
# 513-517, worked again by Nam (1995), Biometrical Journal 37, 375-379
PERONDI, RITLAND = (7, 34, 1, 34), (0, 16, 15, 72)
NEWCOMBE, KOOPMAN = (56, 70, 48, 80), (36, 40, 16, 80)

# The R package contingencytables prints the numbers of Fagerland's book to four digits.
DIFFERENCES = [
    (PERONDI, "wald", 0.0292, 0.3238, 4), (PERONDI, "agresti-caffo", 0.0116, 0.3217, 4),
    (PERONDI, "mee", 0.0284, 0.3439, 4), (PERONDI, "newcombe", 0.0189, 0.3404, 4),
    (PERONDI, "miettinen-nurminen", 0.0270416, 0.3452912, 7),  # R, PropCIs::diffscoreci
    (RITLAND, "miettinen-nurminen", -0.3164, -0.0056, 4),
    (NEWCOMBE, "wald", 0.0575, 0.3425, 4), (NEWCOMBE, "mee", 0.0533, 0.3377, 4),
    (NEWCOMBE, "miettinen-nurminen", 0.0528, 0.3382, 4),
    (NEWCOMBE, "newcombe", 0.0524, 0.3339, 4),
]  # fmt: skip
RATIOS = [
    (KOOPMAN, "koopman", 2.94, 7.15, 2),
    (KOOPMAN, "koopman", 2.940, 7.152, 3),
    (PERONDI, "koopman", 1.2209, 42.5757, 4),
    (PERONDI, "koopman", 1.220853, 42.575718, 6),  # R, PropCIs::riskscoreci
    (PERONDI, "miettinen-nurminen", 1.2086, 43.0330, 4),
]

ORACLE_TABLES = [
    PERONDI, RITLAND, NEWCOMBE, KOOPMAN, (10, 10, 10, 10), (9, 10, 3, 10), (10, 10, 0, 10),
    (1, 1, 0, 1), (0, 6, 0, 6), (3, 3, 7, 7),
    # the first proportion is 1 under the restriction, or not: either side of (1)
    (5, 5, 1, 3), (5, 5, 2, 900), (900, 900, 2, 5),
    (1, 10**9, 0, 3), (10**9 - 1, 10**9, 10**9, 10**9), (10**9, 10**9, 10**9 - 3, 10**9),
    (10**9, 10**9, 10**9, 10**9), (1, 10**9, 1, 10**9),
    (123_456_789, 10**9, 123_456_000, 10**9), (2, 10**9, 10**9 - 1, 10**9),
]  # fmt: skip


def random_table(seed: int) -> tuple[int, int, int, int]:
    """Samples of 1 to 1e9 answers, with proportions near 0, near 1 and between."""
    generator = np.random.default_rng([1984, seed])
    n_a, n_b = (int(10 ** generator.uniform(0, 9)) for _ in range(2))
    x_a, x_b = (int(generator.binomial(n, generator.beta(0.3, 0.3))) for n in (n_a, n_b))
    return x_a, n_a, x_b, n_b


@dataclass(frozen=True)
class Restricted:
    """
    Two samples under the hypothesis ``p_a = theta p_b + delta``, straight from the definition.

    The likelihood of p_b under it is concave: the root of its slope by bisection.
    """

    counts: tuple[int, int, int, int]
    theta: mpf | int = 1
    delta: mpf | int = 0

    def proportions(self) -> tuple[mpf, mpf]:
        """The likeliest proportions of both samples."""
        x_a, n_a, x_b, n_b = self.counts

        def slope(p_b: mpf) -> mpf:
            p_a = self.theta * p_b + self.delta
            rise = sum(
                theta * x / p for theta, x, p in ((self.theta, x_a, p_a), (1, x_b, p_b)) if x
            )
            others = (self.theta, n_a - x_a, 1 - p_a), (1, n_b - x_b, 1 - p_b)
            return rise - sum(theta * y / q for theta, y, q in others if y)

        left = max(mpf(0), -self.delta / self.theta)
        right = min(mpf(1), (1 - self.delta) / self.theta)
        for _ in range(int(mp.prec) + 20):
            middle = (left + right) / 2
            if slope(middle) > 0:
                left = middle
            else:
                right = middle
        return self.theta * left + self.delta, left

    def statistic(self) -> mpf:
        """The square of the score statistic, without Miettinen and Nurminen's factor."""
        x_a, n_a, x_b, n_b = self.counts
        p_a, p_b = self.proportions()
        variance = p_a * (1 - p_a) / n_a + self.theta**2 * p_b * (1 - p_b) / n_b
        return (mpf(x_a) / n_a - self.theta * x_b / n_b - self.delta) ** 2 / variance


def squared_critical_value(counts, *, correction: bool, level: float = 0.95) -> mpf:
    total = counts[1] + counts[3]
    z2 = 2 * mp.erfinv(mpf(level)) ** 2
    return z2 * total / (total - 1) if correction else z2


def assert_solves(counts, name: str, limit: mpf, outwards: int, z2: mpf) -> None:
    """A little further out the statistic is more than z², a little further in it is less."""
    # 13 digits of a ratio; a few units in the last place of 1 of a difference
    within = outwards * (limit * mpf(10) ** -13 if name == "theta" else mpf(10) ** -15)
    for trial, outside in ((limit + within, True), (limit - within, False)):
        found = Restricted(counts, **{name: trial}).statistic()
        assert (found > z2) == outside, f"{limit} lies too far {'in' if outside else 'out'}"


# R and papers


@pytest.mark.parametrize("method", R_METHODS)
@pytest.mark.parametrize("known", R_VALUES, ids=lambda k: "{x1}-{n1}-{x2}-{n2}".format(**k))
def test_differences_are_those_of_r_as_far_as_the_scale_goes(known, method):
    key, tolerance = R_METHODS[method]
    limits = difference_interval(*(known[name] for name in ("x1", "n1", "x2", "n2")), method=method)
    np.testing.assert_allclose(limits, np.clip(known[key], -1, 1), rtol=0, atol=tolerance)


def test_only_agresti_and_caffos_limits_in_r_leave_the_scale():
    beyond = {key for known in R_VALUES for key, _ in R_METHODS.values() if known[key][1] > 1}
    assert beyond == {"agresti_caffo"}


@pytest.mark.parametrize(
    ("interval", "known"),
    [
        *((difference_interval, known) for known in DIFFERENCES),
        *((ratio_interval, known) for known in RATIOS),
    ],
)
def test_limits_are_the_published_ones(interval, known):
    counts, method, low, high, decimals = known
    limits = interval(*counts, method=method)
    np.testing.assert_allclose(limits, (low, high), rtol=0, atol=half_a_unit(decimals))


# The oracle


@pytest.mark.parametrize("counts", [PERONDI, NEWCOMBE, (5, 5, 2, 9), (0, 4, 7, 7), (0, 6, 0, 6)])
@pytest.mark.parametrize(("theta", "delta"), [(1, 0.3), (1, -0.2), (0.4, 0), (2.5, 0)])
def test_the_oracles_proportions_are_those_of_a_general_optimiser(counts, theta, delta):
    x_a, n_a, x_b, n_b = counts

    def unlikeliness(p_b):
        p_a = theta * p_b + delta
        return -sum(
            xlogy(x, p) + xlogy(n - x, 1 - p) for x, n, p in ((x_a, n_a, p_a), (x_b, n_b, p_b))
        )

    bounds = max(0, -delta / theta), min(1, (1 - delta) / theta)
    found = minimize_scalar(unlikeliness, bounds=bounds, method="bounded", options={"xatol": 1e-10})
    p_a, p_b = Restricted(counts, mpf(theta), mpf(delta)).proportions()
    assert float(p_b) == pytest.approx(found.x, abs=1e-6)  # a flat maximum: half its digits
    assert p_a == theta * p_b + mpf(delta)


@pytest.mark.parametrize("counts", [*ORACLE_TABLES, *(random_table(seed) for seed in range(12))])
@pytest.mark.parametrize("method", ["miettinen-nurminen", "koopman"])
def test_limits_of_the_ratio_solve_the_score_equation_to_13_digits(counts, method):
    z2 = squared_critical_value(counts, correction=method == "miettinen-nurminen")
    low, high = (mpf(float(limit)) for limit in ratio_interval(*counts, method=method))
    estimate = mpf(counts[0]) * counts[3] / (counts[1] * counts[2]) if counts[2] else mpf("inf")
    for limit, outwards, end in ((low, -1, 0), (high, 1, mp.inf)):
        if limit == end:
            assert not counts[0 if end == 0 else 2], "no end of the scale without need"
        else:
            assert (estimate - limit) * outwards < 0
            assert_solves(counts, "theta", limit, outwards, z2)


@pytest.mark.parametrize("counts", [*ORACLE_TABLES, *(random_table(seed) for seed in range(8))])
@pytest.mark.parametrize("method", ["miettinen-nurminen", "mee"])
def test_score_limits_of_the_difference_solve_the_score_equation(counts, method):
    z2 = squared_critical_value(counts, correction=method == "miettinen-nurminen")
    for limit, outwards in zip(difference_interval(*counts, method=method), (-1, 1), strict=True):
        if abs(limit) == 1:
            assert counts[0] / counts[1] - counts[2] / counts[3] == limit
        else:
            assert_solves(counts, "delta", mpf(float(limit)), outwards, z2)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.999, 1 - 1e-12])
@pytest.mark.parametrize("counts", [PERONDI, (5, 5, 2, 9), (1, 9, 8, 9), (70, 71, 1, 3)])
def test_limits_of_the_ratio_solve_the_score_equation_at_other_levels(counts, level):
    z2 = squared_critical_value(counts, correction=True, level=level)
    limits = ratio_interval(*counts, confidence_level=level)
    for limit, outwards in zip(limits, (-1, 1), strict=True):
        assert_solves(counts, "theta", mpf(float(limit)), outwards, z2)


# statsmodels


EVERY_SMALL_PAIR = np.array([
    (x_a, n_a, x_b, n_b)
    for n_a, n_b in product((1, 2, 5, 9), (1, 3, 8))
    for x_a, x_b in product(range(n_a + 1), range(n_b + 1))
])  # fmt: skip
STATSMODELS = {"newcombe": "newcomb", "agresti-caffo": "agresti-caffo", "wald": "wald"}
known_faults = pytest.mark.skipif(
    not statsmodels.__version__.startswith(("0.14", "0.15")), reason="faults of these versions"
)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
@pytest.mark.parametrize("method", STATSMODELS)
def test_closed_forms_are_those_of_statsmodels_for_every_small_pair(method, level):
    theirs = confint_proportions_2indep(
        *EVERY_SMALL_PAIR.T, method=STATSMODELS[method], compare="diff", alpha=1 - level
    )
    ours = difference_interval(*EVERY_SMALL_PAIR.T, method=method, confidence_level=level)
    np.testing.assert_allclose(ours, np.clip(theirs, -1, 1), rtol=0, atol=1e-14)


@pytest.mark.parametrize("method", ["miettinen-nurminen", "koopman"])
def test_ratios_are_those_of_statsmodels_for_every_small_pair_with_both_kinds_of_answers(method):
    x_a, n_a, x_b, n_b = EVERY_SMALL_PAIR.T
    mixed = (x_a > 0) & (x_a < n_a) & (x_b > 0) & (x_b < n_b)
    inner = EVERY_SMALL_PAIR[mixed].tolist()
    assert len(inner) == 117
    for counts in inner:
        theirs = confint_proportions_2indep(
            *counts, method="score", compare="ratio", correction=method == "miettinen-nurminen"
        )
        ours = ratio_interval(*counts, method=method)
        np.testing.assert_allclose(ours, theirs, rtol=1e-10)


@known_faults
def test_statsmodels_ratio_of_two_samples_of_successes_has_a_lower_limit_beyond_its_estimate():
    counts = (10, 10, 10, 10)
    low, high = confint_proportions_2indep(
        *counts, method="score", compare="ratio", correction=True
    )
    assert low == pytest.approx(1.00000006, abs=1e-8)
    z2 = squared_critical_value(counts, correction=True)
    assert Restricted(counts, theta=mpf(float(low))).statistic() < 1e-6 * z2
    ours = ratio_interval(*counts)
    assert ours.low == pytest.approx(10 / (10 + float(z2)), rel=1e-15)  # the closed form
    assert round(float(ours.low), 5) == 0.71207
    assert ours.high == pytest.approx(float(high), rel=1e-10)
    assert ours.high == 1 / ours.low


@known_faults
def test_statsmodels_score_limits_of_a_difference_are_not_the_published_ones():
    # its proportions under the restriction are not the likeliest
    theirs = confint_proportions_2indep(*NEWCOMBE, method="score", compare="diff", correction=False)
    assert [round(float(limit), 4) for limit in theirs] == [0.0531, 0.3436]
    with pytest.raises(ValueError, match="different signs"):
        confint_proportions_2indep(9, 10, 3, 10, method="score", compare="diff")
