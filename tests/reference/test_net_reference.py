"""
Numbers for net scores that nobody of this project computed: papers, books, R packages.

A tolerance is half a unit of the last digit printed in the source, unless it says otherwise.
Published limits beyond -1 or 1 stand here as published, and are held to the scale before they
are compared.
"""

import json
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from mpmath import mp, mpf

from custfocus.intervals.net import net_interval

PROPCIS = json.loads(Path(__file__).with_name("r_values.json").read_text())["net"]


class Known(NamedTuple):
    """A published interval for (positive - negative) / n."""

    source: str
    method: str
    positive: int
    negative: int
    n: int
    low: float
    high: float
    decimals: int
    confidence_level: float = 0.95


TANGO = "Tango (1998), Statistics in Medicine 17, 891-908"
BENTUR = "Fagerland, Lydersen and Laake (2014), Bentur data"
PANEL = "R package NPS 1.1 (Wald), Rocks (2016) as in brendan-r/NPS, PropCIs (score)"
SATISFACTION = "bayesm customerSat, top three less bottom three"

KNOWN = [
    Known(f"{TANGO}, table VII", "score", 9, 3, 32, -0.027, 0.390, 3),
    Known(f"{TANGO}, table V", "score", 0, 1, 44, -0.096, 0.037, 3, confidence_level=0.90),
    Known("Agresti and Min (2005), table", "score", 16, 8, 86, -0.020, 0.207, 3),
    Known(BENTUR, "wald", 1, 7, 21, -0.5197, -0.0517, 4),
    Known(BENTUR, "agresti-min", 1, 7, 21, -0.4932, -0.0285, 4),
    Known(BENTUR, "bonett-price", 1, 7, 21, -0.5084, -0.0134, 4),
    Known(BENTUR, "score", 1, 7, 21, -0.5172, -0.0260, 4),
    Known("Rocks (2016) for the Bentur data", "adjusted-wald", 1, 7, 21, -0.4810, -0.0190, 4),
    Known("Chang et al. (2024)", "score", 25, 2, 102, 0.139, 0.321, 3),
    Known("Tang (2010), cells 8, 3, 1, 2", "score", 3, 1, 14, -0.1670, 0.4327, 4),
    Known("Newcombe (1998), cells 20, 12, 2, 16", "score", 12, 2, 50, 0.0611, 0.3447, 4),
    Known("Newcombe (1998), cells 20, 12, 2, 16", "wald", 12, 2, 50, 0.0642, 0.3358, 4),
    Known("Newcombe (1998), cells 20, 12, 2, 16", "adjusted-wald", 12, 2, 50, 0.0522, 0.3251, 4),
    Known("R package NPS, testdata", "wald", 462, 362, 1000, 0.04408088, 0.15591912, 8),
    Known(SATISFACTION, "score", 635, 325, 1811, 0.138392, 0.203574, 6),
    Known(SATISFACTION, "wald", 635, 325, 1811, 0.138584, 0.203769, 6),
    Known(SATISFACTION, "adjusted-wald", 635, 325, 1811, 0.138326, 0.203460, 6),
    Known("PropCIs 10, 20, 70", "agresti-min", 70, 10, 100, 0.458328, 0.718143, 6),
    Known("Bonett and Price (2012)", "bonett-price", 70, 10, 100, 0.456914, 0.719556, 6),
    Known("Goodman (1964), Scheffé", "goodman", 70, 10, 100, 0.437635, 0.762365, 6),
]
# (detractors, passives, promoters): Wald, Rocks' adjusted Wald, Tango.
PANEL_ROWS = {
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
    Known(PANEL, method, promoters, detractors, detractors + passives + promoters, low, high, 6)
    for (detractors, passives, promoters), row in PANEL_ROWS.items()
    for method, low, high in zip(
        ("wald", "adjusted-wald", "score"), row[::2], row[1::2], strict=True
    )
]


def half_a_unit(decimals: int) -> float:
    return 0.5000001 * 10**-decimals


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"{known.method}: {known[2:5]}")
def test_limits_are_the_published_ones_held_to_the_scale(known: Known):
    ours = net_interval(
        known.positive,
        known.negative,
        known.n,
        method=known.method,
        confidence_level=known.confidence_level,
    )
    published = np.clip((known.low, known.high), -1, 1)
    np.testing.assert_allclose(ours, published, rtol=0, atol=half_a_unit(known.decimals))


# R 4.2.2, values of 15 digits. PropCIs takes (b, c, n) and returns limits for (c - b) / n, so its "positive" is our negative.
@pytest.mark.parametrize("known", PROPCIS, ids=lambda known: f"{known['negative']}-{known['n']}")
class TestPropCIs:
    def test_score_limits_are_those_of_scoreci_mp(self, known):
        ours = net_interval(known["negative"], known["positive"], known["n"])
        np.testing.assert_allclose(ours, known["tango"], rtol=0, atol=3e-7)  # as it iterates

    def test_wald_limits_are_those_of_diffpropci_wald_mp(self, known):
        ours = net_interval(known["negative"], known["positive"], known["n"], method="wald")
        np.testing.assert_allclose(ours, known["wald"], rtol=0, atol=1e-15)

    def test_agresti_min_limits_are_those_of_diffpropci_mp(self, known):
        # Which adds 1/2, 1, 1/2 whatever name its values go by.
        ours = net_interval(known["negative"], known["positive"], known["n"], method="agresti-min")
        np.testing.assert_allclose(ours, known["bonett_price"], rtol=0, atol=1e-15)


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
        return [float(min(max(end, -1), 1)) for end in (middle_of_it - half, middle_of_it + half)]


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
