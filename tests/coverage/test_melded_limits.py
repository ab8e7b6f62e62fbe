"""The coverage of melded limits that docs/coverage.md publishes, and cells from first principles."""

from functools import partial
from pathlib import Path

import melded_limits
import numpy as np
import pytest
from enumeration import probabilities, tables
from melded_limits import FAMILIES, coverage
from two_sample_enumeration import table_of

from custfocus.intervals import (
    melded_interval_difference,
    melded_p_value,
    score_interval_difference,
)
from melding_oracle import components, difference_at_most

DOCUMENT = Path(__file__).parents[2] / "docs" / "coverage.md"
SIDES = {"exact": ("low", "high"), "mid-p": ("mid-p", "mid-p")}


def test_the_page_quotes_the_enumerated_table_of_two_scores():
    page = DOCUMENT.read_text(encoding="utf-8")
    assert f"\n\n{melded_limits.table('two scores')}\n\n" in page


def test_the_page_quotes_the_rows_of_three_scores_with_ten_answers_each():
    page = DOCUMENT.read_text(encoding="utf-8")
    few = FAMILIES["three scores"]._replace(sizes=((10, 10),))
    rows = table_of(few, partial(coverage, "three scores"))
    assert rows.count("\n") == 4
    assert f"\n\n{rows}\n" in page


def test_melded_exact_limits_of_two_scores_cover_as_much_as_they_promise_on_the_grid():
    for sizes in melded_limits.SIZES:
        assert coverage("two scores", "exact", sizes)[0].min() >= 0.95
        assert 0.92 < coverage("two scores", "mid-p", sizes)[0].min() < 0.95


@pytest.mark.parametrize(
    ("one", "other", "scores", "covered"),
    [
        ([19, 1], [0, 10], (0, 1), 0.9066), ([19, 1, 0], [0, 0, 10], (0, 0.5, 1), 0.9036),
        ([99, 1, 0], [0, 0, 5], (0, 0.02, 1), 0.9001),
    ],
)  # fmt: skip
def test_mid_p_limits_come_down_to_90_between_the_steps_of_the_grid(one, other, scores, covered):
    # Just below the share at which the one answer off the corner has its limit, only the corner
    # itself covers.
    low, _ = melded_interval_difference(one, other, scores)
    share = (float(low) + 1) / scores[1]
    n = sum(one)
    corner = [n, *[0] * (len(one) - 1)]
    below = -1 + 0.999 * share * scores[1]
    assert melded_p_value(one, other, scores, null=below) < 0.05
    assert melded_p_value(corner, other, scores, null=below) > 0.05
    assert round((1 - share) ** n, 4) == covered
    by_score, _ = score_interval_difference(one, other, scores)
    assert round((1 - (float(by_score) + 1) / scores[1]) ** n, 2) == 0.84


@pytest.mark.parametrize("method", SIDES)
@pytest.mark.parametrize(
    ("family", "sizes", "cells"),
    [
        ("two scores", (10, 10), [(320, 240), (9, 391), (200, 200), (120, 279)]),
        ("three scores", (4, 3), [(5, 40), (66, 12), (20, 20)]),
    ],
)
def test_a_pair_is_covered_where_neither_tail_is_too_small_by_triangles(
    method, family, sizes, cells
):
    grid, scores, *_ = FAMILIES[family]
    shares, points = grid() / 10_000, np.array(scores, dtype=float)
    counts_a, counts_b = (tables(n, len(scores)) for n in sizes)
    chance_a, chance_b = (probabilities(counts, shares) for counts in (counts_a, counts_b))
    covered, _ = coverage(family, method, sizes)
    for cell in cells:
        d = float(shares[cell[0]] @ points - shares[cell[1]] @ points)
        chance = 0.0
        for a, of_a in zip(counts_a, chance_a[cell[0]], strict=True):
            for b, of_b in zip(counts_b, chance_b[cell[1]], strict=True):
                (a_low, a_high), (b_low, b_high) = (
                    [components(one, side) for side in SIDES[method]] for one in (a, b)
                )
                at_most = difference_at_most(a_low, b_high, points, d)
                at_least = difference_at_most(b_low, a_high, points, -d)
                chance += of_a * of_b * (min(at_most, at_least) >= 0.025)
        assert covered[cell] == pytest.approx(chance, abs=1e-9)
