"""The published coverage of the intervals for one share is what an enumeration gives."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom  # noqa: TID251 - an oracle

HERE = Path(__file__)
PAGE = HERE.parents[2] / "docs" / "choosing-an-interval.md"


@pytest.fixture(scope="module")
def enumeration():
    specification = importlib.util.spec_from_file_location(
        "proportion_methods", HERE.with_name("proportion_methods.py")
    )
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_probabilities_are_binomial(enumeration):
    n = 20
    expected = binom.pmf(np.arange(n + 1), n, enumeration.SHARES[:, None])
    np.testing.assert_allclose(enumeration.probabilities(n), expected, rtol=1e-11, atol=1e-300)


def test_the_page_quotes_the_table(enumeration):
    assert "\n".join(enumeration.table()) in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("method", ["clopper-pearson", "blaker"])
@pytest.mark.parametrize("n", [3, 10, 50])
def test_exact_methods_never_cover_less_than_their_level(enumeration, method, n):
    assert enumeration.summary(method, n).minimum >= 0.95


def test_wilsons_dip_lies_just_below_the_lower_limit_of_one_success(enumeration):
    # One success of 10 begins at .01786: just below, only the table without successes covers.
    assert enumeration.summary("wilson", 10).where == pytest.approx(0.0175)
    assert enumeration.summary("wilson", 10).minimum == pytest.approx((1 - 0.0175) ** 10)
