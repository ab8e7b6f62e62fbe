"""Intervals for rates against R, published tables and the public health bodies' own package."""

import json
from pathlib import Path

import numpy as np
import pytest

from custfocus.intervals.rates import (
    rate_interval,
    rate_ratio_interval,
    standardised_rate,
    standardised_rate_interval,
)

R_VALUES = json.loads(Path(__file__).with_name("rates_r_values.json").read_text())

# By the formula that PHEindicatormethods 2.1.0 has for 10 events or more; x, low, high
BYAR = """
    1 0.0130721329 5.5637555825
    3 0.6029725710 8.7653643967
    5 1.6113477157 11.6681641234
    10 4.7874499139 18.3914586
    12 6.1935098431 20.9628580536
    37 26.0479645144 51.0010965933
    65 50.163187710 82.849138546
    1045 982.593201807 1110.331212986
"""

# Fay and Feuer (1997), table I: Down syndrome by the mother's age and the child's order of birth.
# Gamma: R's epitools 0.5-10.1 (ageadjust.direct); Dobson: from its formula, with either limits
STANDARD = [63986.6, 186263.6, 157302.2, 97647, 47572.6, 12262.6]
ORDERS = [
    ([107, 141, 60, 40, 39, 25], [230061, 329449, 114920, 39487, 14208, 3052]),
    ([25, 150, 110, 84, 82, 39], [72202, 326701, 208667, 83228, 28466, 5375]),
    ([3, 71, 114, 103, 108, 75], [15050, 175702, 207081, 117300, 45026, 8660]),
]
RATES = [92.304526, 91.174117, 85.069221]
LIMITS = {
    "gamma": [(80.441750, 105.763346), (82.361212, 100.867576), (77.183453, 94.223570)],
    "dobson-byar": [(80.329221, 105.187209), (82.337126, 100.623015), (77.173354, 93.521328)],
    "dobson": [(80.329481, 105.187006), (82.337286, 100.622888), (77.173502, 93.521211)],
}

# The test set "small" of PHEindicatormethods 2.1.0, weights of the European standard 2013
SMALL = (
    [12, 4, 3, 2, 3, 4, 8, 2, 2, 3, 4, 5, 6, 8, 5, 6, 5, 5, 4],
    [636, 558, 609, 543, 384, 594, 669, 843, 660, 576, 606, 522, 426, 273, 300, 288, 153, 123, 207],
    [5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000],
)  # fmt: skip


@pytest.mark.parametrize("case", R_VALUES["one"], ids=str)
def test_exact_limits_are_those_of_poisson_test(case):
    found = rate_interval(case["events"], case["exposure"], confidence_level=case["level"])
    assert found == pytest.approx((case["low"], case["high"]), rel=1e-9, abs=0)


@pytest.mark.parametrize("case", R_VALUES["two"], ids=str)
def test_the_limits_of_a_ratio_are_those_of_poisson_test(case):
    (a, b), (time_a, time_b) = case["events"], case["exposure"]
    found = rate_ratio_interval(a, time_a, b, time_b, confidence_level=case["level"])
    assert found == pytest.approx((float(case["low"]), float(case["high"])), rel=1e-9, abs=0)


@pytest.mark.parametrize("line", BYAR.strip().splitlines())
def test_byar_s_limits_are_the_published_ones(line):
    events, low, high = map(float, line.split())
    assert rate_interval(events, 1, method="byar") == pytest.approx((low, high), rel=1e-8)


def test_byar_s_limits_of_other_levels_and_units_are_the_published_ones():
    found = rate_interval(65, 1, method="byar", confidence_level=0.998)
    assert found == pytest.approx((42.880261471, 94.000290844), rel=1e-9)
    found = rate_interval([10, 40], 200, per=100_000, method="byar")
    assert found.low == pytest.approx([2393.724957, 14286.649933], abs=5e-7)
    assert found.high == pytest.approx([9195.729303, 27235.049660], abs=5e-7)
    found = rate_interval(2, 200, per=100_000)
    assert found == pytest.approx((121.104639, 3612.343834), abs=5e-7)


@pytest.mark.parametrize("method", LIMITS)
def test_standardised_rates_are_those_of_the_paper_and_its_package(method):
    events, births = map(np.array, zip(*ORDERS, strict=True))
    assert standardised_rate(events, births, STANDARD) * 1e5 == pytest.approx(RATES, abs=5e-7)
    low, high = standardised_rate_interval(events, births, STANDARD, per=1e5, method=method)
    assert np.stack([low, high], 1) == pytest.approx(np.array(LIMITS[method]), abs=1e-6)


def test_standardised_rates_are_those_of_the_public_health_package():
    assert standardised_rate(*SMALL) * 1e5 == pytest.approx(1103.212025, abs=5e-7)
    for level, method, limits in (
        (0.95, "dobson-byar", (877.455768, 1367.088223)),
        (0.998, "dobson-byar", (763.642036, 1530.032895)),
        (0.95, "gamma", (878.106349, 1377.130029)),
    ):
        found = standardised_rate_interval(*SMALL, per=1e5, method=method, confidence_level=level)
        assert found == pytest.approx(limits, abs=5e-7)
