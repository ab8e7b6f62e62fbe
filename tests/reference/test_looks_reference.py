"""
Limits for several looks against R's package rpact, and against their definition in mpmath.

The critical values come from ``Rscript looks_r_values.R > looks_r_values.json``. The package takes
one-sided tests, whose boundaries spend half of what both sides may.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from mpmath import mp, mpf

from custfocus.intervals import any_look_evidence, any_look_interval, planned_looks

R_VALUES = json.loads(Path(__file__).with_name("looks_r_values.json").read_text())
LEVELS = ("0.9", "0.95", "0.99")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("boundary", ["pocock", "obrien-fleming"])
def test_critical_values_are_those_of_rpact(level, boundary):
    known = R_VALUES[boundary][level]
    assert len(known) == 9  # two looks to ten
    for looks, value in enumerate(known, start=2):
        plan = planned_looks(looks, confidence_level=float(level), boundary=boundary)
        assert plan.critical_values[-1] == pytest.approx(value, abs=1.5e-6)


def likelihood_ratio(k, n, share):
    """The mean over Beta(2, 2) above the share, to 40 digits."""
    mp.dps = 40
    p = mpf(share)
    a, b = k + 2, n - k + 2
    above = mp.betainc(b, a, 0, 1 - p) / mp.betainc(2, 2, 0, 1 - p)
    return above / (p**k * (1 - p) ** (n - k))


@pytest.mark.parametrize(
    ("k", "n", "share"),
    [(81, 263, 0.2), (81, 263, 0.3), (0, 50, 0.3), (50, 50, 0.99), (600, 1000, 0.62),
     (3, 5000, 1e-4), (999, 1000, 0.98), (1, 1, 0.0125)],
)  # fmt: skip
def test_evidence_is_its_definition(k, n, share):
    above, below = any_look_evidence(k, n, share)
    assert above == pytest.approx(float(likelihood_ratio(k, n, share)), rel=1e-11)
    assert below == pytest.approx(float(likelihood_ratio(n - k, n, 1 - mpf(share))), rel=1e-11)


@pytest.mark.parametrize(("k", "n", "share"), [(81, 263, 0.9), (600, 1000, 0.9), (3, 5000, 0.5)])
def test_evidence_far_on_the_wrong_side_has_five_digits(k, n, share):
    expected = float(likelihood_ratio(k, n, share))
    assert any_look_evidence(k, n, share).above == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.9999])
def test_limits_are_where_the_definition_says(level):
    for k, n in [(1, 1), (3, 10), (81, 263), (990, 1000)]:
        low, high = any_look_interval(k, n, confidence_level=level)
        enough = pytest.approx(2 / (1 - level), rel=1e-9)
        assert float(likelihood_ratio(k, n, float(low))) == enough
        if k < n:
            assert float(likelihood_ratio(n - k, n, 1 - mpf(float(high)))) == enough


@pytest.mark.parametrize("n", [1_200_000, 40_000_000])
@pytest.mark.parametrize("part", [2, 1000])
def test_evidence_of_a_million_answers_is_right_where_no_tail_is_left(n, part):
    mp.dps, k = 40, n // part
    share = (k - 6.5 * np.sqrt(k)) / n  # below it less than 1e-9 of either distribution
    p, a, b = mpf(share), k + 2, n - k + 2
    density = a * mp.log(p) + b * mp.log(1 - p)
    density -= mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    mixed = 6 * p**2 / (1 + 2 * p)
    expected = mp.log(mixed) - density
    assert np.log(any_look_evidence(k, n, share).above) == pytest.approx(float(expected), abs=1e-8)


@pytest.mark.parametrize("k", [0, 3, 40])
def test_evidence_of_few_among_a_million_is_right(k):
    mp.dps, n, share = 40, 1_200_000, 3e-6
    p, a, b = mpf(share), k + 2, n - k + 2
    lower = mp.betainc(a, b, 0, p, regularized=True)
    density = a * mp.log(p) + b * mp.log(1 - p)
    density -= mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    expected = 6 * p**2 / (1 + 2 * p) / mp.exp(density) * (1 - lower)
    assert any_look_evidence(k, n, share).above == pytest.approx(float(expected), rel=1e-8, abs=0)
