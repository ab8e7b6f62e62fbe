"""
Numbers for net scores from outside this project: papers, books, R packages.

A tolerance is half a unit of the last digit printed in the source, unless it says otherwise.
Published limits beyond -1 or 1 stand here as published, and are held to the scale before they
are compared.
"""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy.special import ndtri

from custfocus.intervals.net import net_interval
from patterns import half_a_unit

PROPCIS = json.loads(Path(__file__).with_name("r_values.json").read_text())["net"]


# Of (positive - negative) / n: method, positive, negative, n, low, high, digits (, level)
KNOWN = [
    # Tango (1998), Statistics in Medicine 17, 891-908, tables VII and V
    ("score", 9, 3, 32, -0.027, 0.390, 3), ("score", 0, 1, 44, -0.096, 0.037, 3, 0.90),
    # Agresti and Min (2005), Statistics in Medicine 24, 729-740, table
    ("score", 16, 8, 86, -0.020, 0.207, 3),
    # Fagerland, Lydersen and Laake (2014), Bentur data; the last by Rocks (2016)
    ("wald", 1, 7, 21, -0.5197, -0.0517, 4), ("agresti-min", 1, 7, 21, -0.4932, -0.0285, 4),
    ("bonett-price", 1, 7, 21, -0.5084, -0.0134, 4), ("score", 1, 7, 21, -0.5172, -0.0260, 4),
    ("adjusted-wald", 1, 7, 21, -0.4810, -0.0190, 4),
    # Chang et al. (2024); Tang (2010), cells 8, 3, 1, 2
    ("score", 25, 2, 102, 0.139, 0.321, 3), ("score", 3, 1, 14, -0.1670, 0.4327, 4),
    # Newcombe (1998), cells 20, 12, 2, 16
    ("score", 12, 2, 50, 0.0611, 0.3447, 4), ("wald", 12, 2, 50, 0.0642, 0.3358, 4),
    ("adjusted-wald", 12, 2, 50, 0.0522, 0.3251, 4),
    # R package NPS, testdata
    ("wald", 462, 362, 1000, 0.04408088, 0.15591912, 8),
    # bayesm customerSat, top three less bottom three
    ("score", 635, 325, 1811, 0.138392, 0.203574, 6),
    ("wald", 635, 325, 1811, 0.138584, 0.203769, 6),
    ("adjusted-wald", 635, 325, 1811, 0.138326, 0.203460, 6),
    # PropCIs; Bonett and Price (2012); Goodman (1964) with Scheffé's quantile
    ("agresti-min", 70, 10, 100, 0.458328, 0.718143, 6),
    ("bonett-price", 70, 10, 100, 0.456914, 0.719556, 6),
    ("goodman", 70, 10, 100, 0.437635, 0.762365, 6),
]  # fmt: skip
# R package NPS 1.1 (Wald), Rocks (2016) as in brendan-r/NPS (adjusted Wald), PropCIs (score), of
# (detractors, passives, promoters).
PANEL = {
    (1, 2, 3): (-0.263065, 0.929731, -0.267433, 0.711877, -0.311074, 0.753957),
    (2, 0, 9): (0.180510, 1.092217, 0.080008, 0.919992, 0.046039, 0.897265),
    (10, 20, 70): (0.469991, 0.730009, 0.452698, 0.712351, 0.452167, 0.712768),
    (6, 13, 17): (0.064285, 0.546826, 0.049583, 0.514520, 0.046334, 0.522243),
    (50, 300, 650): (0.563860, 0.636140, 0.562037, 0.634374, 0.562546, 0.634871),
    (0, 0, 5): (1, 1, 0.174915, 1.075085, 0.131035, 1),
    (0, 5, 0): (0, 0, -0.300057, 0.300057, -0.434482, 0.434482),
    (5, 0, 0): (-1, -1, -1.075085, -0.174915, -1, -0.131035),
    (0, 0, 1): (1, 1, -0.484986, 0.984986, -0.586901, 1),
    (0, 1, 0): (0, 0, -0.600114, 0.600114, -0.793451, 0.793451),
}
KNOWN += [
    (method, up, down, down + middle + up, *row[2 * place : 2 * place + 2], 6)
    for (down, middle, up), row in PANEL.items()
    for place, method in enumerate(("wald", "adjusted-wald", "score"))
]


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_limits_are_the_published_ones_held_to_the_scale(known):
    method, positive, negative, n, low, high, digits, *level = known
    options = {"method": method, "confidence_level": level[0] if level else 0.95}
    ours = net_interval(positive, negative, n, **options)
    np.testing.assert_allclose(ours, np.clip((low, high), -1, 1), rtol=0, atol=half_a_unit(digits))


@pytest.mark.parametrize("known", PROPCIS, ids=lambda known: f"{known['negative']}-{known['n']}")
def test_limits_are_those_of_propcis(known):
    """
    R 4.2.2, values of 15 digits.

    PropCIs takes (b, c, n) and returns limits for (c - b) / n, so its "positive" is our negative.
    """
    for method, name, granted in (
        ("score", "tango", 3e-7),  # scoreci.mp, as it iterates
        ("wald", "wald", 1e-15),  # diffpropci.Wald.mp
        ("agresti-min", "bonett_price", 1e-15),  # diffpropci.mp adds 1/2, 1, 1/2 whatever its name
    ):
        ours = net_interval(known["negative"], known["positive"], known["n"], method=method)
        np.testing.assert_allclose(ours, known[name], rtol=0, atol=granted)


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
        q = (np.sqrt(np.maximum(big_b**2 - 8 * n * big_c, 0)) - big_b) / (4 * n)
        return (b - c - n * d) ** 2 <= z**2 * n * (2 * q + d * (1 - d))

    def bisected(end):
        within, beyond = (b - c) / n, np.full_like(n, end)
        for _ in range(60):
            middle = (within + beyond) / 2
            here = inside(middle)
            within, beyond = np.where(here, middle, within), np.where(here, beyond, middle)
        return within

    return np.where(c == n, -1.0, bisected(-1.0)), np.where(b == n, 1.0, bisected(1.0))


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.999])
def test_score_limits_are_tangos_for_every_table_up_to_30(level):
    every = [(b, c, n) for n in range(1, 31) for b in range(n + 1) for c in range(n + 1 - b)]
    assert len(every) == 5455
    ours = net_interval(*np.array(every).T, confidence_level=level)
    theirs = tango(*np.array(every).T, -ndtri((1 - level) / 2))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


ADDED = {
    "adjusted-wald": (Fraction(3, 4), Fraction(3, 2)),
    "agresti-min": (Fraction(1, 2), Fraction(1)),
    "bonett-price": (Fraction(1), Fraction(0)),
    "goodman": (Fraction(0), Fraction(0)),
    "wald": (Fraction(0), Fraction(0)),
}


def textbook(table, method, level, population):
    """Mean and variance of n / f answers and the added ones, in rational numbers; 30 digits."""
    positive, negative, n = table
    factor = Fraction(1) if population is None else Fraction(population - n, population - 1)
    ends, middle = ADDED[method]
    up, down = positive / factor + ends, negative / factor + ends
    size = n / factor + 2 * ends + middle
    net = (up - down) / size
    variance = (up + down) / size - net * net
    with mp.workdps(30):
        tail = 1 - mpf(level)
        squared = -2 * mp.log(tail) if method == "goodman" else 2 * mp.erfinv(1 - tail) ** 2
        half = mp.sqrt(squared * mpf((variance / size).numerator) / (variance / size).denominator)
        middle_of_it = mpf(net.numerator) / net.denominator
        least, most = Fraction(-1), Fraction(1)
        if population is not None:  # the others may all be negative, or all positive
            least, most = (
                Fraction(positive - negative + side * (population - n), population)
                for side in (-1, 1)
            )
        least, most = (mpf(end.numerator) / end.denominator for end in (least, most))
        ends = (middle_of_it - half, middle_of_it + half)
        return [float(min(max(end, least, -1), most, 1)) for end in ends]


@pytest.mark.parametrize("method", ADDED)
@pytest.mark.parametrize(("level", "unasked"), [(0.95, None), (0.8, None), (0.95, 1), (0.99, 7)])
def test_limits_are_those_of_the_textbook_formula_for_every_table_of_small_n(
    method, level, unasked
):
    for n in (1, 2, 7):
        population = None if unasked is None else n + unasked
        positive, negative = np.array([(b, c) for b in range(n + 1) for c in range(n + 1 - b)]).T
        ours = net_interval(
            positive, negative, n, method=method, confidence_level=level, population=population
        )
        known = [
            textbook((int(b), int(c), n), method, level, population)
            for b, c in zip(positive, negative, strict=True)
        ]
        # The quantile's last digit at 99 % weighs up to 3 times the width.
        np.testing.assert_allclose(np.transpose(ours), known, rtol=0, atol=2e-15)
