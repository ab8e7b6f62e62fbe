"""The tables of docs/quantities.md are those that the script prints."""

from pathlib import Path

import numpy as np
import pytest
from rates_and_amounts import (
    POPULATIONS,
    amounts_coverage,
    poisson_coverage,
    rate_ratio_coverage,
    rate_ratios_table,
    rates_table,
    ratio_coverage,
)

PAGE = (Path(__file__).parents[2] / "docs" / "quantities.md").read_text("utf-8").splitlines()


def test_the_page_quotes_the_enumeration():
    assert {*rates_table(), *rate_ratios_table()} <= set(PAGE)


def test_exact_limits_never_cover_less_than_their_level():
    assert poisson_coverage(np.geomspace(1e-3, 300, 3_000), "exact").min() >= 0.95
    for ratio in (0.1, 1, 4):
        assert rate_ratio_coverage(np.geomspace(1e-3, 100, 200), ratio).min() >= 0.95


@pytest.mark.parametrize("name", ["exponential", "60 % zeros, lognormal 1.5"])
def test_the_page_quotes_the_simulation_of_amounts(name):
    row = next(line for line in PAGE if line.startswith(f"| {name} |"))
    skewed = [float(one) for one in row.split("|")[2].split()]
    found = amounts_coverage(POPULATIONS[name], 30, 20_000)
    assert found[0] == pytest.approx(skewed[1], abs=0.0015)


def test_the_page_quotes_the_simulation_of_ratios():
    row = next(line for line in PAGE if line.startswith("| very uneven |"))
    quoted = [float(cell.split()[0]) for cell in row.split("|")[2:5]]
    assert ratio_coverage(10, 20_000, uneven=True) == pytest.approx(quoted, abs=0.0015)
