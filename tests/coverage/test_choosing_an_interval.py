"""The coverage that docs/choosing-an-interval.md publishes, and a few cells from first principles."""

from pathlib import Path

import numpy as np
import proportion_methods
import pytest
import two_sample_enumeration as enumeration
from enumeration import markdown
from net_and_multinomial import (
    MULTINOMIAL_CASES,
    NET_CASES,
    TITLES,
    multinomial_rows,
    net_rows,
)
from scipy.stats import binom  # noqa: TID251 - an oracle
from two_sample_enumeration import coverage

from custfocus.intervals.difference import difference_interval
from custfocus.intervals.net import net_interval
from custfocus.intervals.proportion import proportion_interval

DOCUMENT = Path(__file__).parents[2] / "docs" / "choosing-an-interval.md"
STEP = 0.0025
METHODS = enumeration.FAMILIES["proportions"].methods
FEW_PAIRS = [(0.8, 0.6), (0.0, 0.9825), (0.95, 0.95), (0.0025, 0.0), (1.0, 1.0), (0.45, 0.0)]


def of_proportions(method, sizes=(10, 10)):
    return coverage("proportions", method, sizes)


# One proportion


@pytest.mark.parametrize("method", ["clopper-pearson", "blaker"])
@pytest.mark.parametrize("n", [3, 10, 50])
def test_exact_methods_never_cover_less_than_their_level(method, n):
    assert proportion_methods.summary(method, n).minimum >= 0.95


def test_wilsons_dip_lies_just_below_the_lower_limit_of_one_success():
    # One success of 10 begins at .01786: just below, only the table without successes covers.
    assert proportion_methods.summary("wilson", 10).where == pytest.approx(0.0175)
    assert proportion_methods.summary("wilson", 10).minimum == pytest.approx((1 - 0.0175) ** 10)


# Two proportions or net scores


@pytest.mark.parametrize("sizes", [(10, 10), (20, 10)])
@pytest.mark.parametrize("method", METHODS)
def test_coverage_and_width_of_a_pair_are_sums_over_all_samples(method, sizes):
    n_a, n_b = sizes
    x_a, x_b = np.arange(n_a + 1)[:, None], np.arange(n_b + 1)
    low, high = difference_interval(x_a, n_a, x_b, n_b, method=method)
    covered, width = of_proportions(method, sizes)
    for p_a, p_b in FEW_PAIRS:
        chance = binom.pmf(x_a, n_a, p_a) * binom.pmf(x_b, n_b, p_b)
        holds = (low - 1e-12 <= p_a - p_b) & (p_a - p_b <= high + 1e-12)
        cell = round(p_a / STEP), round(p_b / STEP)
        assert covered[cell] == pytest.approx(chance[holds].sum(), abs=1e-12)
        assert width[cell] == pytest.approx((chance * (high - low)).sum(), abs=1e-12)


@pytest.mark.parametrize(
    ("net", "proportions"),
    [("score", "miettinen-nurminen"), ("score, uncorrected", "mee"), ("MOVER", "newcombe")],
)
def test_net_scores_without_passives_are_covered_as_the_shares_of_promoters_are(net, proportions):
    populations = enumeration.three_kinds()
    without = np.flatnonzero(populations[:, 1] == 0)
    assert len(without) == 11 + 14
    place = populations[without, 2] * 400 // 10_000
    covered, expected = coverage("net scores", net)[0], of_proportions(proportions)[0]
    on_the_grid = populations[without, 2] % 25 == 0
    chosen, place = without[on_the_grid], place[on_the_grid]
    np.testing.assert_allclose(
        covered[np.ix_(chosen, chosen)], expected[np.ix_(place, place)], rtol=0, atol=1e-12
    )


@pytest.mark.parametrize(
    ("populations", "size"), [(enumeration.two_kinds, 401), (enumeration.three_kinds, 108)]
)
def test_a_grid_holds_each_population_once_and_its_mirror_image(populations, size):
    grid = populations()
    assert (grid.sum(axis=1) == 10_000).all()
    assert (grid >= 0).all()
    shares = {tuple(row) for row in grid.tolist()}
    assert len(shares) == len(grid) == size
    assert {row[::-1] for row in shares} == shares


@pytest.mark.parametrize("method", METHODS)
def test_swapping_or_mirroring_both_populations_changes_nothing(method):
    covered, width = of_proportions(method)
    for values in (covered, width):
        np.testing.assert_allclose(values, values.T, rtol=0, atol=1e-12)
        np.testing.assert_allclose(values, values[::-1, ::-1], rtol=0, atol=1e-12)


# What the documentation says


def test_the_page_quotes_the_enumerated_tables():
    page = DOCUMENT.read_text(encoding="utf-8")
    for table in (proportion_methods.table(), *map(enumeration.table, enumeration.FAMILIES)):
        assert f"\n\n{table}\n\n" in page


@pytest.mark.parametrize(
    ("method", "minimum"),
    [("miettinen-nurminen", 0.925), ("mee", 0.915), ("newcombe", 0.879), ("agresti-caffo", 0.929),
     ("wald", 0.636)],
)  # fmt: skip
def test_between_05_and_95_the_minima_are_as_documented(method, minimum):
    covered, _ = of_proportions(method)
    assert round(covered[20:-20, 20:-20].min(), 3) == minimum


@pytest.mark.parametrize(
    ("method", "farthest"), [("miettinen-nurminen", 0.0075), ("newcombe", 0.095)]
)
def test_coverage_below_90_lies_as_near_the_ends_as_documented(method, farthest):
    covered, _ = of_proportions(method)
    to_an_end = np.minimum(np.arange(401), 400 - np.arange(401)) * STEP
    nearer = np.minimum(to_an_end[:, None], to_an_end)
    assert nearer[covered < 0.9].max() == pytest.approx(farthest)


def test_agresti_caffo_stays_above_90_and_wald_falls_below_on_a_third_of_the_grid():
    assert of_proportions("agresti-caffo")[0].min() > 0.9
    assert round((of_proportions("wald")[0] < 0.9).mean(), 2) == 0.34


@pytest.mark.parametrize("method", ["mee", "newcombe"])
def test_the_deepest_dip_is_that_of_a_single_proportion(method):
    covered, _ = of_proportions(method)
    assert covered.min() == pytest.approx(0.9825**10, abs=1e-12)
    low, high = difference_interval(0, 10, np.arange(1, 11), 10, method=method)
    least, most = proportion_interval(np.arange(1, 11), 10, method="wilson")
    np.testing.assert_allclose(low, -most, rtol=0, atol=1e-15)
    assert (high > -least).all()


def test_near_the_top_agresti_caffo_is_shorter_for_samples_of_like_size_and_longer_for_others():
    widths = {
        sizes: {name: of_proportions(name, sizes)[1][320:, 320:].mean() for name in METHODS}
        for sizes in ((10, 10), (50, 5))
    }
    for name in ("miettinen-nurminen", "mee", "newcombe"):
        assert widths[10, 10]["agresti-caffo"] < widths[10, 10][name] - 0.04
        assert widths[50, 5]["agresti-caffo"] > widths[50, 5][name] + 0.01


# One net share


@pytest.mark.parametrize("n", NET_CASES)
def test_the_page_has_the_coverage_of_net_shares(n):
    *_, lines = markdown(TITLES, "rrrlrrrlr", net_rows(n)).split("|---:|", 1)
    page = DOCUMENT.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines.splitlines()[1:] if line not in page] == []


def test_only_walds_and_goodmans_net_shares_have_no_width_and_adjusted_walds_leave_the_estimate():
    for method in ("wald", "goodman"):
        low, high = net_interval(8, 0, 8, method=method)
        assert low == high
    assert net_interval(1, 0, 1, method="adjusted-wald").high < 1


# All shares of a distribution at once


@pytest.mark.parametrize("case", MULTINOMIAL_CASES, ids=str)
def test_the_page_has_the_coverage_of_all_shares_at_once(case):
    rows = [*multinomial_rows(*case)]
    *_, lines = markdown(TITLES, "rrrlrrrlr", rows).split("|---:|", 1)
    page = DOCUMENT.read_text(encoding="utf-8").splitlines()
    assert all(line in page for line in lines.splitlines()[1:])
    minimum = {row[3]: row[6] for row in rows}
    assert minimum["mid-p"] > 0.94
    assert minimum["goodman"] < 0.79
