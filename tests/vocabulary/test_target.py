"""Targets: what they take and refuse, how they print, and which values they call better."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import attrs
import numpy as np
import pandas as pd
import pytest

from custfocus import csat
from custfocus.errors import VocabularyError
from custfocus.vocabulary import Target
from vocabulary.clinic import refused

NUMBER = "a target's low, high and baseline must be finite numbers, got"
each_number = pytest.mark.parametrize("field", ["low", "high", "baseline"])


class TestTarget:
    @pytest.mark.parametrize(
        ("make", "numbers", "low", "high"),
        [(Target.at_least, (80,), 80, None), (Target.at_most, (20,), None, 20),
         (Target.between, (20, 30), 20, 30), (Target.at_least, (0,), 0, None),
         (Target.at_most, (0,), None, 0), (Target.between, (0, 0), 0, 0)],
    )  # fmt: skip
    def test_each_way_sets_its_bounds_and_passes_baseline_and_due_on(
        self, make, numbers, low, high
    ):
        target = make(*numbers, baseline=74, since="2025-01-01", due="2027-12-31")
        days = date(2025, 1, 1), date(2027, 12, 31)
        assert attrs.astuple(target) == (low, high, 74, *days)
        bounds = (-math.inf if low is None else low, math.inf if high is None else high)
        assert target.bounds == bounds
        with pytest.raises(TypeError, match="positional"):
            make(*numbers, 74)
        with pytest.raises(TypeError, match="positional"):
            Target(80)

    def test_due_is_a_date_or_its_iso_text(self):
        assert Target.at_least(80, due=date(2027, 12, 31)).due == date(2027, 12, 31)
        assert Target.at_least(80, due=None).due is None

    def test_so_is_a_time_at_midnight_as_spreadsheets_have_dates(self):
        midnight = datetime.fromisoformat("2027-12-31")
        for due in (midnight, pd.Timestamp(midnight)):
            found = Target.at_least(80, due=due).due
            assert (type(found), found) == (date, date(2027, 12, 31))

    @pytest.mark.parametrize(
        "due",
        [
            "2027-13-01", "2027-02-29", "31.12.2027", "next year", "", "2027-12-31T08:30", 2027, (),
            datetime.fromisoformat("2027-12-31T00:01"), datetime(2027, 12, 31, 8, 30, tzinfo=UTC), 20271231,
        ],
        ids=repr,
    )  # fmt: skip
    def test_another_due_is_refused(self, due):
        for field in ("since", "due"):
            said = (
                f"Target.{field} must be a date or its ISO text such as '2027-12-31', got {due!r}"
            )
            with refused(said) as caught:
                Target.at_least(80, **{field: due})
            assert caught.value.__suppress_context__

    @each_number
    def test_what_is_no_finite_number_is_refused(self, field):
        for number in (
            True, False, "80", 1j, [80], np.bool_(1), np.array([80]), np.str_("80"), math.inf,
            -math.inf, math.nan, np.float32("inf"), np.float64("nan"),
        ):  # fmt: skip
            with refused(f"{NUMBER} {number!r}"):
                Target(**{"low": 80, field: number})
        for number in (10**400, -(10**400), Fraction(10**400)):
            with pytest.raises(VocabularyError, match=f"^{NUMBER} "):
                Target(**{"low": 80, field: number})

    @each_number
    def test_numbers_of_any_class_are_kept_as_floats(self, field):
        expected = Target(**{"low": 80.0, field: 80.0})
        for number in (80, np.int64(80), np.uint8(80), np.float32(80), Fraction(80), Decimal(80)):
            target = Target(**{"low": 80, field: number})
            assert type(getattr(target, field)) is float
            assert target == expected
            assert hash(target) == hash(expected)

    def test_no_bounds_and_swapped_ones_are_refused(self):
        said = "a target needs low=, high= or both; see Target.at_least"
        for bounds in ({}, {"baseline": 74, "due": "2027-12-31"}, {"low": None}):
            with refused(said):
                Target(**bounds)
        with refused("a target's low must not exceed its high, got 30.5 to 20"):
            Target.between(30.5, 20)

    @pytest.mark.parametrize(
        ("target", "text"),
        [
            (Target.at_most(20.5), "at most 20.5"),
            (Target.between(-10, 30.0), "-10 to 30"),
            (Target.at_least(0), "at least 0"),
            (Target.at_most(-0.0), "at most 0"),
            (Target.at_least(80, due="2027-12-31"), "at least 80 by 2027-12-31"),
            (Target.at_least(80, baseline=0), "at least 80 (from 0)"),
            (
                Target.at_most(2, baseline=3.5, due="2027-06-30"),
                "at most 2 by 2027-06-30 (from 3.5)",
            ),
        ],
    )
    def test_prints_as_a_phrase_that_begins_with_the_range(self, target, text):
        assert str(target) == text
        assert target.range_text == text.partition(" by")[0].partition(" (")[0]

    @pytest.mark.parametrize(
        ("number", "text"),
        [
            (1_234_567, "1234567"), (12345.67, "12345.67"), (-1_234_567.25, "-1234567.25"),
            (123_456_789_012_345, "123456789012345"), (0.0001, "0.0001"), (0.1 + 0.2, "0.3"),
            (Fraction(1, 8), "0.125"), (1e20, "1" + "0" * 20), (0.00001, "0.00001"),
        ],
    )  # fmt: skip
    def test_long_numbers_print_in_full_without_noise_or_exponent(self, number, text):
        assert str(Target.between(number, number)) == f"{text} to {text}"
        assert str(Target.at_least(0, baseline=number)) == f"at least 0 (from {text})"

    def test_a_subclass_makes_its_own(self):
        @attrs.frozen(kw_only=True)
        class Stretch(Target):
            reward: str = ""

        for target in (Stretch.at_least(1), Stretch.at_most(1), Stretch.between(0, 1)):
            assert type(target) is Stretch
        assert Stretch(low=1, reward="cake").direction == "higher"


@pytest.mark.parametrize(
    ("target", "direction"),
    [
        (Target.at_least(0), "higher"), (Target.at_most(0), "lower"),
        (Target.between(0, 0), "within"), (Target.between(-1, 0), "within"),
    ],
)  # fmt: skip
def test_better_is_what_leads_into_the_range(target, direction):
    assert target.direction == direction


class TestBaseline:
    def test_a_single_result_is_kept_and_is_a_number_too(self):
        start = csat([5, 4, 2, 1])
        target = Target.at_least(80, baseline=start)
        assert target.baseline is start
        assert target.baseline_value == 50
        assert str(target) == "at least 80 (from 50)"
        assert Target.at_least(80, baseline=3).baseline_value == 3
        assert Target.at_least(80).baseline_value is None

    def test_several_rows_are_refused(self):
        with refused(
            "a target's baseline must be a number or a single result with its standard error, got "
            "an Estimate of 2 rows; choose one with sel()"
        ):
            Target.at_least(80, baseline=csat([5, 4], by=["a", "b"]))

    def test_it_is_due_after_its_start(self):
        said = "a target must be due after its baseline, got 2026-01-01 and 2026-01-01"
        with refused(said):
            Target.at_least(80, since="2026-01-01", due="2026-01-01")
        assert Target.at_least(80, since="2026-01-01", due="2026-01-02").since.day == 1
