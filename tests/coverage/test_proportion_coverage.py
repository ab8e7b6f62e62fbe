"""The published coverage of the intervals for one share is what an enumeration gives."""

from pathlib import Path

import proportion_methods
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "choosing-an-interval.md"


def test_the_page_quotes_the_table():
    assert proportion_methods.table() in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("method", ["clopper-pearson", "blaker"])
@pytest.mark.parametrize("n", [3, 10, 50])
def test_exact_methods_never_cover_less_than_their_level(method, n):
    assert proportion_methods.summary(method, n).minimum >= 0.95


def test_wilsons_dip_lies_just_below_the_lower_limit_of_one_success():
    # One success of 10 begins at .01786: just below, only the table without successes covers.
    assert proportion_methods.summary("wilson", 10).where == pytest.approx(0.0175)
    assert proportion_methods.summary("wilson", 10).minimum == pytest.approx((1 - 0.0175) ** 10)
