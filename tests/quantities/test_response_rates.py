"""Response rates by the definitions of AAPOR."""

from fractions import Fraction
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custfocus import Target, verdict
from custfocus.errors import OptionError, TallyError
from custfocus.quantities import ResponseRate, response_rate

# The cases of the data set middleearth of the R package outcomerate, which calls those that
# nobody located UO; a few unknown households are added
CASES = {
    "complete": 760, "partial": 339, "refusals": 59, "non_contacts": 288, "other": 1,
    "unknown_households": 20, "unknown_other": 173,
}  # fmt: skip
i, p, r, nc, o, uh, uo = map(Fraction, CASES.values())
e = Fraction(9, 10)
BY_HAND = {
    "RR1": i / ((i + p) + (r + nc + o) + (uh + uo)),
    "RR2": (i + p) / ((i + p) + (r + nc + o) + (uh + uo)),
    "RR3": i / ((i + p) + (r + nc + o) + e * (uh + uo)),
    "RR4": (i + p) / ((i + p) + (r + nc + o) + e * (uh + uo)),
    "RR5": i / ((i + p) + (r + nc + o)),
    "RR6": (i + p) / ((i + p) + (r + nc + o)),
    "COOP1": i / ((i + p) + r + o),
    "COOP2": (i + p) / ((i + p) + r + o),
    "COOP3": i / ((i + p) + r),
    "COOP4": (i + p) / ((i + p) + r),
    "REF1": r / ((i + p) + (r + nc + o) + (uh + uo)),
    "REF2": r / ((i + p) + (r + nc + o) + e * (uh + uo)),
    "REF3": r / ((i + p) + (r + nc + o)),
    "CON1": ((i + p) + r + o) / ((i + p) + r + o + nc + (uh + uo)),
    "CON2": ((i + p) + r + o) / ((i + p) + r + o + nc + e * (uh + uo)),
    "CON3": ((i + p) + r + o) / ((i + p) + r + o + nc),
}


def rate(name, cases=CASES, **options):
    needs = {"eligible_share": 0.9} if name in {"RR3", "RR4", "REF2", "CON2"} else {}
    return response_rate(name, **{**cases, **needs, **options})


@pytest.mark.parametrize("name", get_args(ResponseRate))
def test_each_is_as_defined(name):
    assert float(rate(name)) == pytest.approx(float(100 * BY_HAND[name]), rel=1e-14)


@pytest.mark.parametrize(
    ("name", "value"), [("RR1", 0.469), ("RR2", 0.678), ("RR5", 0.525), ("RR6", 0.760)]
)
def test_the_rates_that_outcomerate_prints(name, value):
    printed = {**CASES, "unknown_households": 0}
    assert float(rate(name, printed)) / 100 == pytest.approx(value, abs=0.0005)


@given(st.lists(st.integers(0, 1000), min_size=7, max_size=7).filter(lambda cases: cases[0] > 0))
def test_they_stand_in_order(cases):
    given_cases = dict(zip(CASES, cases, strict=True))
    value = {name: float(rate(name, given_cases)) for name in get_args(ResponseRate)}
    for kind, numbers in (
        ("RR", (1, 3, 5)),
        ("RR", (2, 4, 6)),
        ("REF", (1, 2, 3)),
        ("CON", (1, 2, 3)),
    ):
        low, middle, high = (value[f"{kind}{number}"] for number in numbers)
        assert 0 <= low <= middle + 1e-12
        assert middle <= high + 1e-12
    assert value["RR1"] <= value["RR2"] <= value["CON1"] + 1e-12
    assert max(value.values()) <= 100 + 1e-12


def test_groups_are_added_up_and_without_cases_there_is_none():
    found = response_rate("RR1", [10, 20, 0], refusals=[10, 0, 0], by={"town": ["a", "a", "b"]})
    assert found.keys.labels("town") == ["a", "b"]
    assert found.value.tolist()[0] == 75
    assert np.isnan(found.value[1])
    months = response_rate("RR2", [10, 20], refusals=30, period=["2026-01", "2026-02"])
    assert months.value.tolist() == [25, 40]


def test_it_is_a_figure_that_can_be_held_against_a_target():
    found = response_rate("REF3", 50, refusals=50)
    assert (found.metric.name, found.metric.direction) == ("refusal rate REF3", "lower")
    assert verdict(response_rate("COOP1", 60, refusals=40), Target.at_least(50)).verdict == "met"
    assert str(response_rate("CON3", 60)).startswith("contact rate CON3 100 % n=60")


@pytest.mark.parametrize(
    ("name", "options", "error", "said"),
    [
        ("RR7", {}, OptionError, "unknown rate 'RR7'"),
        ("RR3", {"eligible_share": None}, OptionError, "needs the share of unknown cases that are elig"),
        ("RR4", {"eligible_share": 1.2}, OptionError, "got 1.2; write eligible_share=0.9"),
        ("CON2", {"eligible_share": "all"}, OptionError, "got 'all'; write"),
        ("REF2", {"eligible_share": -0.1}, OptionError, "got -0.1; write"),
        ("RR1", {"eligible_share": 0.9}, OptionError, "RR1 takes no eligible_share, got 0.9; leave it"),
        ("RR1", {"refusals": -1}, TallyError, "refusals must be whole numbers, 0 or more, got -1"),
        ("RR1", {"partial": 1.5}, TallyError, "partial must be whole numbers"),
        ("RR1", {"partial": [1, 2], "other": [1, 2, 3]}, TallyError, "must be of one length"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_named(name, options, error, said):
    with pytest.raises(error) as caught:
        rate(name, **options)
    assert said in str(caught.value)
