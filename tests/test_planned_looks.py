"""Critical values of planned looks: what they promise, their ends and what they refuse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri
from scipy.stats import multivariate_normal  # noqa: TID251 - another implementation

from custfocus.errors import OptionError
from custfocus.intervals import planned_looks
from custfocus.intervals.planned_looks import crossing_chances, look_level

levels = st.floats(0.05, 0.9999)
boundaries = st.sampled_from(["pocock", "obrien-fleming"])
rising = st.lists(st.floats(0.1, 5), min_size=2, max_size=6).map(np.cumsum)
law = settings(max_examples=30, deadline=None)


def test_chances_are_those_of_the_multivariate_normal():
    # SciPy integrates all looks at once, of three or more at random to 1e-5
    t = np.array([1, 1.5, 6, 8])
    correlation = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    bounds = np.array([2.6, 2.1, 1.9, 1.4])
    chances = crossing_chances(bounds.tolist(), t.tolist())
    assert chances[0] == pytest.approx(ndtr(-2.6), rel=1e-12)
    for looks, close in ((2, 1e-9), (3, 1e-5), (4, 1e-5)):
        within = multivariate_normal.cdf(bounds[:looks], cov=correlation[:looks, :looks], rng=1)
        assert chances[looks - 1] == pytest.approx(1 - within, abs=close)


@law
@given(st.integers(1, 12), levels, boundaries)
def test_the_error_is_spent_and_no_more(looks, level, boundary):
    plan = planned_looks(looks, confidence_level=level, boundary=boundary)
    assert plan.error_spent[-1] == pytest.approx(1 - level, rel=1e-8)
    assert (np.diff(plan.error_spent) > 0).all()
    wider = 2 * ndtr(-plan.critical_values)
    assert plan.confidence_levels == pytest.approx(1 - wider, abs=1e-12)
    assert plan.error_spent[0] == pytest.approx(wider[0], rel=1e-8)


@law
@given(rising, levels, boundaries)
def test_any_spacing_lies_between_one_look_and_bonferroni_s_many(information, level, boundary):
    looks = len(information)
    plan = planned_looks(looks, confidence_level=level, boundary=boundary, information=information)
    assert plan.error_spent[-1] == pytest.approx(1 - level, rel=1e-7)
    last = plan.critical_values[-1]
    tail = (1 - level) / 2
    assert -ndtri(tail) < last < -ndtri(tail / looks)


@law
@given(rising, st.floats(0.01, 100))
def test_only_the_proportions_of_the_information_count(information, unit):
    found, other = (
        planned_looks(len(information), information=one).critical_values
        for one in (information, information * unit)
    )
    assert other == pytest.approx(found, rel=1e-9)


def test_pocock_s_is_the_same_at_each_look_and_obrien_and_fleming_s_falls_with_the_root():
    plan = planned_looks(4)
    assert len({*plan.critical_values.tolist()}) == 1
    assert look_level(4, 0.95) == plan.confidence_levels[0]
    falling = planned_looks(4, boundary="obrien-fleming").critical_values
    assert falling == pytest.approx(falling[-1] * np.sqrt(4 / np.arange(1, 5)), rel=1e-12)
    assert falling[0] > plan.critical_values[0] > falling[-1]


def test_more_looks_cost_more_up_to_the_most():
    values = [planned_looks(looks).critical_values[0] for looks in (1, 2, 5, 12, 24, 52, 100)]
    assert values[0] == pytest.approx(1.959963984540054, rel=1e-12)
    assert (np.diff(values) > 0).all()
    assert values[-1] < 2.9


def test_looks_at_nearly_the_same_answers_are_nearly_one_look():
    near = planned_looks(3, information=[1, 1.001, 1.003]).critical_values[0]
    assert 1.96 < near < 2


def test_results_can_not_be_written_to():
    plan = planned_looks(3)
    assert not any(array.flags.writeable for array in plan)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"looks": 0}, "looks must be a whole number of 1 or more, got 0"),
        ({"looks": 2.0}, "looks must be a whole number of 1 or more, got 2.0"),
        ({"looks": "any"}, "looks must be a whole number of 1 or more, got 'any'"),
        ({"looks": 101}, "looks must be 100 or fewer, got 101; for shares limits that hold at any"),
        ({"boundary": "pocok"}, "unknown boundary 'pocok'; did you mean 'pocock'"),
        ({"confidence_level": 95}, "confidence_level must lie between 0 and 1, got 95"),
        ({"information": [1, 2]}, "information must be 3 numbers that rise by 1 in 10,000"),
        ({"information": [1, 3, 2]}, r"the answers up to each look, got \[1, 3, 2\]"),
        ({"information": [1, 2, 2]}, "information must be 3 numbers that rise"),
        ({"information": [0, 1, 2]}, "information must be 3 numbers that rise"),
        ({"information": [1, 2, np.inf]}, "information must be 3 numbers that rise"),
        ({"information": [1, 2, np.nan]}, "information must be 3 numbers that rise"),
    ],
)
def test_what_is_no_plan_is_an_error(options, message):
    with pytest.raises(OptionError, match=message):
        planned_looks(**{"looks": 3, **options})
