"""Means drawn toward each other, as arrays: smoothed variances, and what is likely of the spread."""

import numpy as np
import pytest
from scipy.special import gammainc

from custfocus.intervals.small_groups import shrunken_means, smoothed_variances


@pytest.mark.parametrize(
    ("freedom", "known"),
    [
        ([np.inf] * 3, [0, 10, 200]),
        ([3, 5, np.inf], [0, 5, 100]),  # half of the answers of the second is what is known
        ([1, 1, 250], [0, 10 * 201 / 210, 200 * 201 / 210]),  # no more than n - 1
    ],
)
def test_the_spread_of_all_counts_as_a_hundred_answers_and_two_more_at_the_ends(freedom, known):
    variances, n = np.array([np.inf, 0.02, 0.001]), np.array([1.0, 11, 201])
    _, few, many = known
    common = (few * 0.22 + many * 0.201 + 2 / 4) / (few + many + 2)
    some, large = (few * 0.22 + 100 * common), (many * 0.201 + 100 * common)
    found = smoothed_variances(variances, n, np.array(freedom), 1.0) * n
    assert found == pytest.approx([common, some / (few + 100), large / (many + 100)])


def test_single_answers_of_a_design_have_the_largest_spread_there_can_be():
    found = smoothed_variances(np.full(4, np.inf), np.ones(4), np.ones(4), 2.0)
    assert found.tolist() == [1] * 4


@pytest.mark.parametrize("mean", [0.03, 0.1, 0.2, 0.7, 0.91])
def test_a_known_mean_stays_as_it_is(mean):
    y, d = np.array([mean, 0.5, 0.6, 0.7, 0.4]), np.array([0.0, 0.01, 0.02, 0.02, 0.01])
    found = shrunken_means(y, d, (0.0, 1.0), 0.95)
    assert [found.value[0], found.low[0], found.high[0], found.weight[0]] == [mean, mean, mean, 1]
    assert (found.high[1:] - found.low[1:] > 0.1).all()


@pytest.mark.parametrize("groups", [5, 5000])
def test_what_is_likely_is_found_however_narrow_and_on_however_long_a_scale(groups):
    # 1 - w has a gamma distribution that is cut off at 1, as the variances are equal
    y = np.sqrt(1.3) * np.random.default_rng(7).standard_normal(groups)
    half = ((y - y.mean()) ** 2).sum() / 2
    a = (groups - 3) / 2
    drawn = a / half * gammainc(a + 1, half) / gammainc(a, half)
    found = shrunken_means(y, np.ones(groups), (-1e8, 1e8), 0.95)
    assert 1 - found.weight == pytest.approx(np.full(groups, drawn), rel=1e-8)
