"""The page on finite populations quotes the simulations."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from finite_populations import (
    ALIKE,
    PANELS,
    chances,
    design_rows,
    homogeneity_rows,
    panel_rows,
    rank_rows,
)
from scipy.stats import hypergeom  # noqa: TID251 - another implementation

PAGE = Path(__file__).parents[2] / "docs" / "finite-populations.md"


@pytest.mark.parametrize(
    ("rows", "number"),
    [(homogeneity_rows, 10), (rank_rows, 1), (panel_rows, 1), (design_rows, 2)],
)
def test_the_page_quotes_the_tables(rows, number):
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for cells in islice(rows(), number):
        assert f"| {' | '.join(cells)} |" in lines


def test_the_means_of_groups_that_are_alike_are_equal():
    for case in ALIKE:
        means = case.members @ case.scoring.quoted_scores / case.sizes
        assert np.ptp(means) == 0
        assert (case.asked <= case.sizes).all()


def test_panels_have_a_hundred_members_who_are_drawn_once():
    for case in PANELS:
        assert case.members.sum() == 100
        pairs = case.drawn(50)
        points = len(case.members)
        seen = pairs.counts.sum(axis=(1, 2)) + pairs.only_a.sum(axis=1) + pairs.only_b.sum(axis=1)
        assert (seen == case.both + case.first + case.second).all()
        assert (pairs.a.counts <= case.members.sum(axis=1)).all()
        assert pairs.counts.shape == (50, points, points)


def test_chances_are_hypergeometric():
    expected = hypergeom(10, 4, 8).pmf(np.arange(9))
    np.testing.assert_allclose(chances(8, 4, 10), expected, atol=1e-12)
