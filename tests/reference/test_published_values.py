"""
Numbers that nobody of this project computed: papers, R packages, statsmodels, Tango's formula.

A tolerance is half a unit of the last digit printed in the source, unless it says otherwise.
"""

from typing import NamedTuple

import numpy as np
import pytest
from scipy.special import ndtri
from statsmodels.stats.proportion import proportion_confint

from custfocus.intervals import proportion_interval, score_interval

NET = (-1, 0, 1)


class Wilson(NamedTuple):
    successes: int
    n: int
    low: float
    high: float


class Net(NamedTuple):
    """One published Tango interval; *low* and *high* belong to (positive - negative) / n."""

    source: str
    negative: int
    positive: int
    n: int
    low: float
    high: float
    decimals: int
    confidence_level: float = 0.95


# R 4.2.2, PropCIs::scoreci(x, n, .95), which prints 4 digits. The first, third, fourth and fifth
# are also in Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3; 13 of 16 in
# Fagerland, Lydersen and Laake (2017), Statistical Analysis of Contingency Tables, chapter 2.
WILSON = [
    Wilson(0, 20, 0, 0.1611),
    Wilson(20, 20, 0.8389, 1),
    Wilson(1, 29, 0.0061, 0.1718),
    Wilson(15, 148, 0.0624, 0.1605),
    Wilson(81, 263, 0.2553, 0.3662),
    Wilson(13, 16, 0.5699, 0.9341),
    Wilson(5, 5, 0.5655, 1),
    Wilson(0, 1, 0, 0.7935),
    Wilson(1, 1, 0.2065, 1),
    Wilson(190, 1811, 0.0916, 0.1199),
    Wilson(2, 7, 0.0822, 0.6411),
    Wilson(999, 1000, 0.9944, 0.9998),
]

# Counts for 1..10 of q1 in the R package bayesm, data set customerSat (Rossi, Gilula and Allenby
# 2001, JASA 96, 20-31), and the Wilson limits of its top and bottom boxes to 6 digits.
CUSTOMER_SAT = (99, 115, 111, 127, 328, 174, 222, 327, 118, 190)
CUSTOMER_SAT_BOXES = {
    "top box": ((10,), 0.091627, 0.119874),
    "top two": ((9, 10), 0.153471, 0.188069),
    "top three": ((8, 9, 10), 0.328996, 0.372907),
    "bottom three": ((1, 2, 3), 0.162470, 0.197805),
}

# R 4.2.2, PropCIs::scoreci.mp(b, c, n, .95), which bisects to about 1e-7 and returns limits for
# (c - b) / n: as (negative, positive, n, low, high) with its b for the negative answers.
PROPCIS = [
    (3, 9, 32, -0.027090385556221, 0.389697395265102),
    (1, 0, 44, -0.118077153509313, 0.0593932501294396),
    (8, 16, 86, -0.0196589092875636, 0.206910811191381),
    (1, 7, 21, 0.0260028839111328, 0.517232264791216),
    (2, 25, 102, 0.13918252435385, 0.321329760785196),
    (0, 0, 5, -0.434482574462891, 0.434482514858246),
    (5, 0, 5, -1, -0.131035029888153),
    (0, 5, 5, 0.131034851074219, 1),
    (0, 1, 1, -0.586901664733887, 1),
    (70, 10, 100, -0.712767887115478, -0.45216646194458),
    (650, 50, 1000, -0.634871292114258, -0.562546062469482),
]

TANGO = "Tango (1998), Statistics in Medicine 17, 891-908"
PANEL = "R packages PropCIs and NPS, run on (detractors, passives, promoters)"
PUBLISHED_NET = [
    Net(f"{TANGO}, table VII", 3, 9, 32, -0.027, 0.390, 3),
    Net(f"{TANGO}, table V", 1, 0, 44, -0.096, 0.037, 3, confidence_level=0.90),
    Net("Agresti and Min (2005), Statistics in Medicine 24, 729-740", 8, 16, 86, -0.020, 0.207, 3),
    Net("Fagerland, Lydersen and Laake (2014), Bentur data", 7, 1, 21, -0.5172, -0.0260, 4),
    Net("Chang et al. (2024)", 2, 25, 102, 0.139, 0.321, 3),
    Net("Tang (2010), cells 8, 3, 1, 2", 1, 3, 14, -0.1670, 0.4327, 4),
    Net("Newcombe (1998), cells 20, 12, 2, 16, as a net score", 2, 12, 50, 0.0611, 0.3447, 4),
    Net("bayesm customerSat, top three less bottom three", 325, 635, 1811, 0.138392, 0.203574, 6),
    Net(PANEL, 1, 3, 6, -0.311074, 0.753957, 6),
    Net(PANEL, 2, 9, 11, 0.046039, 0.897265, 6),
    Net(PANEL, 10, 70, 100, 0.452167, 0.712768, 6),
    Net(PANEL, 6, 17, 36, 0.046334, 0.522243, 6),
    Net(PANEL, 50, 650, 1000, 0.562546, 0.634871, 6),
    Net(PANEL, 0, 5, 5, 0.131035, 1, 6),
    Net(PANEL, 0, 0, 5, -0.434482, 0.434482, 6),
    Net(PANEL, 5, 0, 5, -1, -0.131035, 6),
    Net(PANEL, 0, 1, 1, -0.586901, 1, 6),
    Net(PANEL, 0, 0, 1, -0.793451, 0.793451, 6),
]


def half_a_unit(decimals: int) -> float:
    return 0.5000001 * 10**-decimals


def tango(positive, negative, n, z):
    """
    Tango's limits for (positive - negative) / n by bisection, as his paper writes them.

    With b positive and c negative answers of n, T(d) = (b - c - n d) / sqrt(n (2 q + d (1 - d)))
    where q = (sqrt(B² - 4 A C) - B) / (2 A), A = 2 n, B = -b - c + (2 n - b + c) d and
    C = -c d (1 - d). T falls; the lower limit is where it is z, the upper where it is -z.
    """
    b, c, n = (np.asarray(count, dtype=float) for count in (positive, negative, n))

    def inside(d):
        big_b, big_c = -b - c + (2 * n - b + c) * d, -c * d * (1 - d)
        root = np.sqrt(np.maximum(big_b**2 - 8 * n * big_c, 0))
        q = (root - big_b) / (4 * n)
        return (b - c - n * d) ** 2 <= z**2 * n * (2 * q + d * (1 - d))

    def bisect(end):
        within, beyond = (b - c) / n, np.full_like(n, end)
        for _ in range(60):
            middle = (within + beyond) / 2
            within, beyond = (
                np.where(inside(middle), middle, within),
                np.where(inside(middle), beyond, middle),
            )
        return within

    low, high = bisect(-1.0), bisect(1.0)
    return np.where(c == n, -1.0, low), np.where(b == n, 1.0, high)


@pytest.mark.parametrize("known", WILSON, ids=lambda known: f"{known.successes}-of-{known.n}")
def test_wilson_limits_are_those_of_propcis_and_of_newcombes_table(known: Wilson):
    limits = proportion_interval(known.successes, known.n)
    np.testing.assert_allclose(limits, known[2:], rtol=0, atol=half_a_unit(4))


@pytest.mark.parametrize("box", CUSTOMER_SAT_BOXES)
def test_wilson_limits_are_the_published_ones_of_the_customer_sat_data(box):
    codes, low, high = CUSTOMER_SAT_BOXES[box]
    answers = sum(CUSTOMER_SAT[code - 1] for code in codes)
    limits = proportion_interval(answers, sum(CUSTOMER_SAT))
    np.testing.assert_allclose(limits, (low, high), rtol=0, atol=half_a_unit(6))
    scores = [1 if code in codes else 0 for code in range(1, 11)]
    np.testing.assert_allclose(score_interval(CUSTOMER_SAT, scores), limits, rtol=0, atol=4e-16)


@pytest.mark.parametrize("known", PROPCIS, ids=lambda known: f"{known[0]}-{known[1]}-of-{known[2]}")
def test_net_score_limits_are_those_of_propcis(known):
    negative, positive, n, *limits = known
    ours = score_interval((negative, n - negative - positive, positive), NET)
    np.testing.assert_allclose(ours, limits, rtol=0, atol=3e-7)  # as far as PropCIs iterates


@pytest.mark.parametrize("known", PUBLISHED_NET, ids=lambda known: f"{known.source}: {known[1:4]}")
def test_net_score_limits_are_the_published_ones(known: Net):
    counts = (known.negative, known.n - known.negative - known.positive, known.positive)
    ours = score_interval(counts, NET, confidence_level=known.confidence_level)
    np.testing.assert_allclose(
        ours, (known.low, known.high), rtol=0, atol=half_a_unit(known.decimals)
    )


@pytest.mark.parametrize("confidence_level", [0.5, 0.8, 0.95, 0.99, 0.999])
def test_wilson_limits_are_those_of_statsmodels_for_every_table_up_to_30(confidence_level):
    successes, n = np.array([(k, n) for n in range(1, 31) for k in range(n + 1)]).T
    ours = proportion_interval(successes, n, confidence_level=confidence_level)
    theirs = proportion_confint(successes, n, alpha=1 - confidence_level, method="wilson")
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-15)


def test_wilson_limits_are_those_of_statsmodels_for_large_samples():
    n = np.array([[10**3], [10**6], [10**9], [10**12]])
    successes = np.hstack([n // 10**3, n // 7, n // 2, n - 5, n])
    ours = proportion_interval(successes, n)
    theirs = proportion_confint(
        successes, np.broadcast_to(n, successes.shape), alpha=1 - 0.95, method="wilson"
    )
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-15)


@pytest.mark.parametrize("confidence_level", [0.5, 0.95, 0.999])
def test_with_two_scores_the_score_interval_is_wilsons_for_every_table_up_to_30(confidence_level):
    successes, n = np.array([(k, n) for n in range(1, 31) for k in range(n + 1)]).T
    counts = np.stack([n - successes, successes], axis=-1)
    p, z = successes / n, -ndtri((1 - confidence_level) / 2)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    wilson = (p + z**2 / (2 * n) + np.stack([-half, half])) / (1 + z**2 / n)
    for low_score, high_score in ((0, 1), (-5, 5), (2.5, 2.75)):
        ours = score_interval(counts, (low_score, high_score), confidence_level=confidence_level)
        np.testing.assert_allclose(
            ours,
            low_score + (high_score - low_score) * wilson,
            rtol=0,
            atol=2e-15 * max(abs(low_score), high_score),
        )


@pytest.mark.parametrize("confidence_level", [0.5, 0.95, 0.999])
def test_with_a_third_score_that_nobody_got_between_two_the_limits_are_still_wilsons(
    confidence_level,
):
    successes, n = np.array([(k, n) for n in range(1, 31) for k in range(n + 1)]).T
    counts = np.stack([n - successes, np.zeros_like(n), successes], axis=-1)
    wilson = proportion_interval(successes, n, confidence_level=confidence_level)
    ours = score_interval(counts, (0, 0.3, 1), confidence_level=confidence_level)
    mixed = (successes > 0) & (successes < n)  # at an end the middle point could have been chosen
    for limit, theirs in zip(ours, wilson, strict=True):
        np.testing.assert_allclose(limit[mixed], theirs[mixed], rtol=0, atol=1e-15)


@pytest.mark.parametrize("confidence_level", [0.5, 0.8, 0.95, 0.999])
def test_with_scores_minus_one_zero_one_the_interval_is_tangos_for_every_table_up_to_30(
    confidence_level,
):
    positive, negative, n = np.array(
        [(b, c, n) for n in range(1, 31) for b in range(n + 1) for c in range(n + 1 - b)]
    ).T
    assert len(n) == 5455
    counts = np.stack([negative, n - negative - positive, positive], axis=-1)
    ours = score_interval(counts, NET, confidence_level=confidence_level)
    theirs = tango(positive, negative, n, -ndtri((1 - confidence_level) / 2))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)
