"""Means drawn toward each other against R's metafor, R's integrals and published tables."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import gammainc

from custfocus import Scale, Tally, top_box
from custfocus.comparisons import shrink
from custfocus.intervals.small_groups import _Groups, shrunken_means

R_VALUES = json.loads(Path(__file__).with_name("shrinkage_r_values.json").read_text())

# Efron and Morris (1975), Journal of the American Statistical Association 70, 311-319, table 1: hits of
# 18 players in their first 45 times at bat in 1970, and their average in the rest of the season.
HITS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
REST = np.array(
    [346, 298, 276, 222, 273, 270, 263, 210, 269, 230, 264, 256, 303, 264, 226, 285, 316, 200]
)
AT_BAT = 45


@pytest.fixture(params=R_VALUES)
def case(request):
    return {name: np.array(values) for name, values in R_VALUES[request.param].items()}


def test_r_averages_over_the_variance_between_groups_to_the_same_values_and_limits(case):
    found = shrunken_means(case["y"], case["d"], tuple(case["bounds"]), 0.95)
    for name in ("value", "low", "high", "weight"):
        assert getattr(found, name) == pytest.approx(case[name], rel=2e-9), name
    assert found.between == pytest.approx(float(case["between"]), rel=1e-5)


def test_metafor_has_the_same_restricted_likelihood_with_its_maximum_there(case):
    groups, at = _Groups(case["y"], case["d"]), case["at"]
    found, theirs = groups.log_likelihood(at), case["log_likelihood"]
    assert np.diff(found) == pytest.approx(np.diff(theirs), rel=1e-9)
    near = case["reml"] + np.array([-1, 0, 1]) * 1e-3 * case["d"].mean()
    low, best, high = groups.log_likelihood(np.maximum(near, 0))
    assert max(low, high) <= best


def test_metafor_draws_each_group_to_the_same_place_at_a_given_variance(case):
    groups, at = _Groups(case["y"], case["d"]), case["at"]
    mu, error = groups.centers(at)
    assert mu == pytest.approx(case["center"], rel=1e-12)
    assert np.sqrt(error) == pytest.approx(case["center_error"], rel=1e-12)
    own = at[:, None] / (at[:, None] + case["d"])
    assert mu[:, None] + own * (case["y"] - mu[:, None]) == pytest.approx(case["blup"], rel=1e-12)
    spread = np.sqrt(own * case["d"] + (1 - own) ** 2 * error[:, None])
    assert spread == pytest.approx(case["blup_error"], rel=1e-9)


class TestPlayers:
    def test_the_published_distances_give_the_weight_in_closed_form(self):
        # of equal variances 1 - w has a gamma distribution that is cut off at 1; their James and Stein
        # estimate takes the gamma's mean, (18 - 3) / 18.96 = .791
        x = np.sqrt(AT_BAT) * np.arcsin(2 * HITS / AT_BAT - 1)
        squares = ((x - x.mean()) ** 2).sum()
        assert (squares.round(2), round(15 / squares, 3)) == (18.96, 0.791)
        found = shrunken_means(x, np.ones(18), (-1e4, 1e4), 0.95)
        drawn = 15 / squares * gammainc(17 / 2, squares / 2) / gammainc(15 / 2, squares / 2)
        assert 1 - found.weight == pytest.approx(np.full(18, drawn), rel=1e-9)
        assert found.center == pytest.approx(np.full(18, x.mean()))

    def test_the_rest_of_the_season_is_three_times_as_near(self):
        tally = Tally(np.column_stack([AT_BAT - HITS, HITS]), Scale.likert(2))
        found = shrink(top_box(tally, boxes=1))
        off = {
            name: ((getattr(found, name) - REST / 10) ** 2).sum() for name in ("direct", "value")
        }
        assert off["direct"] > 3 * off["value"]
        held = (found.low <= REST / 10) & (found.high >= REST / 10)
        assert held.sum() == 17
        widths = [(one.high - one.low).mean() for one in (found, found.estimate)]
        assert widths[0] < 0.7 * widths[1]
