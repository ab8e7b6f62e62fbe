"""Targets and performance measures."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import attrs
import numpy as np
import pytest

from custfocus.errors import ScaleError, VocabularyError
from custfocus.responses import Scale, Scoring, Unit
from custfocus.vocabulary import PerformanceMeasure, Target
from vocabulary.clinic import refused

LIKERT = Scale.likert(5)
TOP = Scoring.top_box(LIKERT)  # 0 to 100, higher is better
BOTTOM = Scoring.bottom_box(LIKERT)  # 0 to 100, lower is better
NET = Scoring.net(LIKERT, positive=2, negative=2)  # -100 to 100
NUMBER = "a target's low, high and baseline must be finite numbers, got"
each_number = pytest.mark.parametrize("field", ["low", "high", "baseline"])


def scored(scoring=TOP, **options):
    return PerformanceMeasure(
        "satisfied", "quick", "Satisfied", items="q1", index=scoring, **options
    )


def calls(**options):
    return PerformanceMeasure("calls", "quick", "Calls answered", **options)


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

    @pytest.mark.parametrize(
        "due",
        [
            "2027-13-01", "2027-02-29", "31.12.2027", "next year", "", "2027-12-31T08:30", 2027, (),
            datetime.fromisoformat("2027-12-31"), datetime(2027, 12, 31, 8, 30, tzinfo=UTC), 20271231,
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
        assert calls(target=Stretch(low=1, reward="cake")).target.reward == "cake"


class TestUnit:
    @pytest.mark.parametrize("unit", Unit)
    def test_takes_a_known_unit_as_member_and_as_text_and_any_other_text(self, unit):
        assert calls(unit=unit).unit is calls(unit=unit.value).unit is unit

        assert type(calls(unit="days").unit) is str

    @pytest.mark.parametrize("unit", [3, None, ["days"], b"days", "", " "], ids=repr)
    def test_a_unit_must_be_a_text(self, unit):
        said = f"a unit must be a text such as 'percent' or 'days', got {unit!r}"
        for make in (calls, scored):
            with refused(said, ScaleError):
                make(unit=unit)

    @pytest.mark.parametrize(
        ("scoring", "unit"),
        [(TOP, "percent"), (NET, "percentage points"), (Scoring.mean(LIKERT), "0 to 100")],
    )
    def test_a_scored_measure_has_its_scorings_unit(self, scoring, unit):
        assert scored(scoring).unit == unit
        assert scored(scoring, unit=unit) == scored(scoring)

    @pytest.mark.parametrize("unit", ["number", "days", "percentage points", Unit.NUMBER])
    def test_a_unit_that_contradicts_the_scoring_is_refused(self, unit):
        with refused(
            f"measure 'satisfied' has its scoring's unit, percent, got {unit}; leave unit= out"
        ):
            scored(unit=unit)


class TestItemAndScoring:
    @pytest.mark.parametrize(
        ("given", "shown"), [({"item": "q1"}, "the item 'q1'"), ({"scoring": TOP}, "a scoring")]
    )
    def test_neither_stands_alone(self, given, shown):
        with refused(
            f"measure 'calls' must have an item and a scoring or neither, got {shown} alone"
        ):
            calls(**given)

    @pytest.mark.parametrize("scoring", [0, "top box", (0, 1), LIKERT, Scoring], ids=str)
    def test_what_is_no_scoring_is_refused(self, scoring):
        said = (
            f"measure 'satisfied' needs a Scoring for its scoring, got {scoring!r}; "
            "make one with Scoring.top_box(scale)"
        )
        for options in ({}, {"unit": "percent"}):
            with refused(said):
                scored(scoring, **options)
        with pytest.raises(VocabularyError, match="needs a Scoring for its scoring, got "):
            calls(index=scoring)

    def test_a_scoring_of_a_subclass_will_do(self):
        @attrs.frozen
        class Ours(Scoring):
            author: str = attrs.field(default="us", kw_only=True)

        measure = scored(Ours.top_box(LIKERT))
        assert (type(measure.scoring), measure.unit) == (Ours, Unit.PERCENT)


class TestTargetOfMeasure:
    @pytest.mark.parametrize("target", [0, 80, "", "at least 80", (80, None), TOP, Target], ids=str)
    def test_what_is_no_target_is_refused(self, target):
        said = f"needs a Target for its target, got {target!r}; make one with Target.at_least(80)"
        for make, name in ((calls, "calls"), (scored, "satisfied")):
            with refused(f"measure {name!r} {said}"):
                make(target=target)

    @pytest.mark.parametrize(
        ("scoring", "target", "said"),
        [
            (TOP, Target.at_least(100.5), "at least 100.5 for top 2 boxes, which runs from 0 to 100"),
            (TOP, Target.at_most(-1), "at most -1 for top 2 boxes, which runs from 0 to 100"),
            (TOP, Target.between(101, 110), "101 to 110 for top 2 boxes, which runs from 0 to 100"),
            (NET, Target.at_least(101), "at least 101 for net score, which runs from -100 to 100"),
            (BOTTOM, Target.at_least(101), "at least 101 for bottom 2 boxes, which runs from 0 to 100"),
        ],
    )  # fmt: skip
    def test_one_beyond_the_index_is_refused_with_the_range(self, scoring, target, said):
        with refused(f"measure 'satisfied' can't reach its target, got {said}"):
            scored(scoring, target=target)

    @pytest.mark.parametrize(
        ("scoring", "target", "said"),
        [
            (TOP, 0.8, "quoted in percent, got the target at least 0.8; write 80 for 80 %"),
            (
                BOTTOM,
                20,
                "better when lower, got the target at least 20 for bottom 2 boxes; use Target.at_most",
            ),
        ],
    )
    def test_a_share_where_percent_is_meant_and_the_wrong_direction_get_the_way_out(
        self, scoring, target, said
    ):
        with refused(f"measure 'satisfied' is {said}"):
            scored(scoring, target=Target.at_least(target))

    @pytest.mark.parametrize(
        ("scoring", "target"),
        [
            (TOP, Target.at_least(100)), (TOP, Target.at_least(0)), (TOP, Target.at_most(0)),
            (TOP, Target.at_least(1)), (TOP, Target.between(0.5, 20)), (TOP, Target.between(100, 120)),
            (TOP, Target.between(-20, 0)), (BOTTOM, Target.at_most(20)),
            (BOTTOM, Target.between(0, 20)), (Scoring(LIKERT, [0, 0, 0, 1, 1]), Target.at_least(0.5)),
        ],
        ids=str,
    )  # fmt: skip
    def test_one_within_reach_of_the_index_is_kept(self, scoring, target):
        assert scored(scoring, target=target).target is target

    def test_that_of_a_measure_from_elsewhere_has_no_range_to_keep_to(self):
        assert calls(target=Target.at_least(5000)).target == Target.at_least(5000)
