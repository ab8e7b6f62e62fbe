"""The smallest change between two waves that will show."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.detection import detection_power, smallest_detectable_change

HALF, SHARE = (0.5, 0.5), (0, 1)
NET, SCORES = np.array([0.2, 0.3, 0.5]), (-1, 0, 1)
FOUND = 1e-9  # to which part of the scale's length the change is found


def moved(shares, part, end):
    """The shares after a part of all answers alike has moved to one end."""
    return (1 - part) * np.asarray(shares) + part * np.eye(len(shares))[end]


@pytest.mark.parametrize(("direction", "end", "room"), [("rise", 2, 0.7), ("fall", 0, 1.3)])
@pytest.mark.parametrize("n", [40, 40_000])
@pytest.mark.parametrize("power", [0.5, 0.95])
def test_it_shows_with_the_power_asked_for_and_less_does_not(direction, end, room, n, power):
    change = smallest_detectable_change(NET, SCORES, n, direction=direction, power=power)
    part = change / room
    assert detection_power(NET, moved(NET, part, end), SCORES, n) >= power
    less = part - 2 * FOUND
    assert detection_power(NET, moved(NET, less, end), SCORES, n) < power


def test_for_a_share_it_is_that_of_r_but_for_the_correction():
    # R 4.2.2: power.prop.test(n = 100, p1 = .5, power = .8) gives p2 = .69322171. It divides by
    # n alone and pools the two shares; N / (N - 1) adds 1/400 of the distance's larger part.
    change = smallest_detectable_change(HALF, SHARE, 100)
    assert change == pytest.approx(0.19322171, abs=5e-4)
    assert change > 0.19322171


@settings(max_examples=8)
@given(st.integers(2, 10_000))
def test_a_mirrored_scale_mirrors_the_direction(n):
    rise = smallest_detectable_change(NET, SCORES, n)
    fall = smallest_detectable_change(NET[::-1], SCORES, n, direction="fall")
    np.testing.assert_allclose(fall, rise, rtol=0, atol=4 * FOUND)


@pytest.mark.parametrize("options", [{"population": 150}, {"design_effect": 2.5}])
def test_population_and_design_effect_matter_as_they_do_for_the_power(options):
    change = float(smallest_detectable_change(NET, SCORES, 100, **options))
    power = detection_power(NET, moved(NET, change / 0.7, 2), SCORES, 100, **options)
    assert power == pytest.approx(0.8, abs=1e-6)
    assert change != pytest.approx(float(smallest_detectable_change(NET, SCORES, 100)), abs=1e-3)


def test_it_is_infinite_where_the_whole_way_would_not_show():
    assert np.isinf(smallest_detectable_change((0.02, 0.98), SHARE, 20))


@pytest.mark.parametrize(("direction", "shares"), [("rise", (0, 1)), ("fall", (1, 0))])
def test_it_is_infinite_where_there_is_no_way_to_go(direction, shares):
    assert np.isinf(smallest_detectable_change(shares, SHARE, 1000, direction=direction))
    other = "fall" if direction == "rise" else "rise"
    assert np.isfinite(smallest_detectable_change(shares, SHARE, 1000, direction=other))


def test_groups_broadcast_and_are_computed_each_alone():
    shares = np.array([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8], [0, 0, 1]])
    batch = smallest_detectable_change(shares[:, None], SCORES, [50, 500])
    alone = [[smallest_detectable_change(row, SCORES, n) for n in (50, 500)] for row in shares]
    assert batch.shape == (3, 2)
    np.testing.assert_array_equal(batch, alone)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"direction": "up"}, OptionError, "unknown direction 'up'"),
        ({"n": [100, 0]}, TallyError, "n must be at least 1, got 0"),
        ({"power": 1}, OptionError, "power must be"),
        ({"confidence_level": 95}, OptionError, "confidence_level must lie between"),
        ({"population": 50}, TallyError, "population must be at least as large as the sample"),
    ],
)
def test_impossible_input_is_an_error(options, kind, message):
    with pytest.raises(kind, match=f"^{message}"):
        smallest_detectable_change(HALF, SHARE, **{"n": 100} | options)
