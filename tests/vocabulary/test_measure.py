"""Targets and performance measures."""

import copy
import math
import pickle
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import attrs
import numpy as np
import pytest

from custfocus.errors import OptionError, ScaleError, VocabularyError
from custfocus.responses import Scale, Scoring, Unit
from custfocus.vocabulary import PerformanceMeasure, Requirement, Target

LIKERT = Scale.likert(5)
TOP = Scoring.top_box(LIKERT)  # 0 to 100, higher is better
BOTTOM = Scoring.bottom_box(LIKERT)  # 0 to 100, lower is better
NET = Scoring.net(LIKERT, positive=2, negative=2)  # -100 to 100
QUICK = Requirement("quick", "care", "a visit within a day")


def exactly(text):
    """A pattern for this message and no other."""
    return f"^{re.escape(text)}$"


def scored(scoring=TOP, **options):
    return PerformanceMeasure(
        "satisfied", QUICK, "Satisfied", item="q1", scoring=scoring, **options
    )


class TestTarget:
    def test_at_least_has_no_upper_bound(self):
        target = Target.at_least(80)
        assert attrs.astuple(target) == (80, None, None, None)
        assert target.bounds == (80, math.inf)

    def test_at_most_has_no_lower_bound(self):
        target = Target.at_most(20)
        assert attrs.astuple(target) == (None, 20, None, None)
        assert target.bounds == (-math.inf, 20)

    def test_between_has_both(self):
        target = Target.between(20, 30)
        assert attrs.astuple(target) == (20, 30, None, None)
        assert target.bounds == (20, 30)

    def test_zero_is_a_bound(self):
        assert Target.at_least(0).bounds == (0, math.inf)
        assert Target.at_most(0).bounds == (-math.inf, 0)
        assert Target.between(0, 0).bounds == (0, 0)

    @pytest.mark.parametrize(
        ("named", "written"),
        [
            (Target.at_least(80, baseline=74, due="2027-12-31"), {"low": 80}),
            (Target.at_most(80, baseline=74, due="2027-12-31"), {"high": 80}),
            (Target.between(70, 80, baseline=74, due="2027-12-31"), {"low": 70, "high": 80}),
        ],
    )
    def test_every_named_way_passes_baseline_and_due_on(self, named, written):
        assert named == Target(**written, baseline=74, due=date(2027, 12, 31))

    def test_due_is_a_date_or_its_iso_text(self):
        assert Target.at_least(80, due="2027-12-31").due == date(2027, 12, 31)
        assert Target.at_least(80, due=date(2027, 12, 31)).due == date(2027, 12, 31)
        assert Target.at_least(80, due=None).due is None

    @pytest.mark.parametrize(
        "due",
        [
            "2027-13-01",
            "2027-02-29",
            "31.12.2027",
            "next year",
            "",
            "2027-12-31T08:30",
            2027,
            (),
            datetime(2027, 12, 31),  # noqa: DTZ001
            datetime(2027, 12, 31, 8, 30, tzinfo=UTC),
            20271231,
        ],
        ids=repr,
    )
    def test_another_due_is_refused(self, due):
        said = f"due must be a date or its ISO text such as '2027-12-31', got {due!r}"
        with pytest.raises(VocabularyError, match=exactly(said)) as caught:
            Target.at_least(80, due=due)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__

    @pytest.mark.parametrize("field", ["low", "high", "baseline"])
    @pytest.mark.parametrize(
        "number",
        [True, False, "80", 1j, [80], np.bool_(1), np.array([80]), np.str_("80")],
        ids=repr,
    )
    def test_what_is_no_number_is_refused(self, field, number):
        said = f"a target's low, high and baseline must be finite numbers, got {number!r}"
        with pytest.raises(VocabularyError, match=exactly(said)):
            Target(**{"low": 80, field: number})

    @pytest.mark.parametrize("field", ["low", "high", "baseline"])
    @pytest.mark.parametrize(
        "number", [math.inf, -math.inf, math.nan, np.float32("inf"), np.float64("nan")], ids=repr
    )
    def test_what_is_not_finite_is_refused(self, field, number):
        said = f"a target's low, high and baseline must be finite numbers, got {number!r}"
        with pytest.raises(VocabularyError, match=exactly(said)):
            Target(**{"low": 80, field: number})

    def test_a_target_without_a_bound_is_refused_with_how_to_write_one(self):
        said = exactly("a target needs low=, high= or both; see Target.at_least")
        with pytest.raises(VocabularyError, match=said):
            Target()
        with pytest.raises(VocabularyError, match=said):
            Target(baseline=74, due="2027-12-31")
        with pytest.raises(VocabularyError, match=said):
            Target.at_least(None)

    def test_swapped_bounds_are_refused(self):
        said = "a target's low must not exceed its high, got 30.5 to 20"
        with pytest.raises(VocabularyError, match=exactly(said)):
            Target.between(30.5, 20)

    def test_a_single_value_may_be_a_target(self):
        assert str(Target.between(20, 20)) == "20 to 20"

    def test_bounds_have_no_place_only_names(self):
        with pytest.raises(TypeError, match="positional"):
            Target(80)
        with pytest.raises(TypeError, match="positional"):
            Target.at_least(80, 74)

    @pytest.mark.parametrize(
        ("target", "text"),
        [
            (Target.at_least(80), "at least 80"),
            (Target.at_most(20.5), "at most 20.5"),
            (Target.between(-10, 30.0), "-10 to 30"),
            (Target.at_least(0), "at least 0"),
            (Target.at_most(0), "at most 0"),
            (Target.at_least(80, due="2027-12-31"), "at least 80 by 2027-12-31"),
            (Target.at_least(80, baseline=0), "at least 80 (from 0)"),
            (Target.at_least(80, baseline=74.5), "at least 80 (from 74.5)"),
            (
                Target.at_most(20, baseline=31, due="2027-06-30"),
                "at most 20 by 2027-06-30 (from 31)",
            ),
        ],
    )
    def test_prints_as_a_phrase(self, target, text):
        assert str(target) == text
        assert text.startswith(target.range_text)

    def test_the_range_asingle_has_neither_date_nor_baseline(self):
        assert Target.at_least(80, baseline=74, due="2027-12-31").range_text == "at least 80"

    @pytest.mark.parametrize(
        ("number", "text"),
        [
            (1_000_000, "1000000"),
            (1_234_567, "1234567"),
            (12345.67, "12345.67"),
            (-1_234_567.25, "-1234567.25"),
            (123_456_789_012_345, "123456789012345"),
            (0.0001, "0.0001"),
            (0.1 + 0.2, "0.3"),
            (Fraction(1, 8), "0.125"),
        ],
    )
    def test_long_numbers_print_in_full_without_noise(self, number, text):
        assert str(Target.at_least(number)) == f"at least {text}"
        assert str(Target.at_most(number)) == f"at most {text}"
        assert str(Target.between(number, number)) == f"{text} to {text}"
        assert str(Target.at_least(0, baseline=number)) == f"at least 0 (from {text})"

    @pytest.mark.parametrize("number", [10**15, 1e20, 0.00001])
    def test_no_number_prints_with_an_exponent(self, number):
        assert "e" not in Target.between(number, number).range_text

    @pytest.mark.parametrize("field", ["low", "high", "baseline"])
    @pytest.mark.parametrize(
        "number",
        [80, np.int64(80), np.uint8(80), np.float32(80), Fraction(80), Decimal(80)],
        ids=repr,
    )
    def test_numbers_of_any_class_are_kept_as_floats(self, field, number):
        target = Target(**{"low": 80, field: number})
        assert type(getattr(target, field)) is float
        assert target == Target(**{"low": 80.0, field: 80.0})
        assert hash(target) == hash(Target(**{"low": 80.0, field: 80.0}))

    @pytest.mark.parametrize("field", ["low", "high", "baseline"])
    @pytest.mark.parametrize("number", [10**400, -(10**400), Fraction(10**400)])
    def test_a_number_too_large_for_arithmetic_is_refused(self, field, number):
        with pytest.raises(
            VocabularyError,
            match=r"^a target's low, high and baseline must be finite numbers, got ",
        ):
            Target(**{"low": 80, field: number})

    def test_a_subclass_makes_its_own(self):
        @attrs.frozen(kw_only=True)
        class Stretch(Target):
            reward: str = ""

        for target in (Stretch.at_least(1), Stretch.at_most(1), Stretch.between(0, 1)):
            assert type(target) is Stretch
        measure = PerformanceMeasure("m", "r", "M", target=Stretch(low=1, reward="cake"))
        assert measure.target.reward == "cake"

    def test_prints_for_developers_as_its_call(self):
        assert repr(Target.at_least(80, due="2027-12-31")) == (
            "Target(low=80.0, high=None, baseline=None, due=datetime.date(2027, 12, 31))"
        )


class TestMeasure:
    def test_a_measure_from_elsewhere_is_a_number_that_tells_how_well(self):
        calls = PerformanceMeasure("calls", "quick", "Calls answered")
        assert (calls.id, calls.requirement, calls.name) == ("calls", "quick", "Calls answered")
        assert (calls.item, calls.scoring, calls.target) == (None, None, None)
        assert calls.aspect == "how well"
        assert calls.unit is Unit.NUMBER

    def test_an_unknown_aspect_gets_the_near_miss(self):
        with pytest.raises(
            OptionError,
            match=r"^unknown PerformanceMeasure.aspect 'how wel'; did you mean 'how well'",
        ):
            PerformanceMeasure("calls", "quick", "Calls", aspect="how wel")

    @pytest.mark.parametrize("unit", Unit)
    def test_takes_a_known_unit_as_member_and_as_text(self, unit):
        assert PerformanceMeasure("calls", "quick", "Calls", unit=unit).unit is unit
        assert PerformanceMeasure("calls", "quick", "Calls", unit=unit.value).unit is unit

    def test_any_other_text_is_a_unit_too(self):
        unit = PerformanceMeasure("wait", "quick", "Wait", unit="days").unit
        assert unit == "days"
        assert type(unit) is str

    @pytest.mark.parametrize("unit", [3, None, ["days"], b"days", "", " "], ids=repr)
    def test_a_unit_must_be_a_text(self, unit):
        said = exactly(f"a unit must be a text such as 'percent' or 'days', got {unit!r}")
        with pytest.raises(ScaleError, match=said):
            PerformanceMeasure("wait", "quick", "Wait", unit=unit)
        with pytest.raises(ScaleError, match=said):
            scored(unit=unit)

    @pytest.mark.parametrize(
        ("scoring", "unit"),
        [(TOP, "percent"), (NET, "percentage points"), (Scoring.mean(LIKERT), "0 to 100")],
    )
    def test_a_scored_measure_has_its_scorings_unit(self, scoring, unit):
        assert scored(scoring).unit == unit
        assert scored(scoring, unit=unit) == scored(scoring)

    @pytest.mark.parametrize("unit", ["number", "days", "percentage points", Unit.NUMBER])
    def test_a_unit_that_contradicts_the_scoring_is_refused(self, unit):
        said = f"measure 'satisfied' has its scoring's unit, percent, got {unit}; leave unit= out"
        with pytest.raises(VocabularyError, match=exactly(said)):
            scored(unit=unit)

    def test_an_item_without_a_scoring_is_refused(self):
        said = "measure 'calls' must have an item and a scoring or neither, got the item 'q1' alone"
        with pytest.raises(VocabularyError, match=exactly(said)):
            PerformanceMeasure("calls", "quick", "Calls", item="q1")

    def test_a_scoring_without_an_item_is_refused(self):
        said = "measure 'calls' must have an item and a scoring or neither, got a scoring alone"
        with pytest.raises(VocabularyError, match=exactly(said)):
            PerformanceMeasure("calls", "quick", "Calls", scoring=TOP)

    @pytest.mark.parametrize(
        ("scoring", "target", "said"),
        [
            (
                TOP,
                Target.at_least(100.5),
                "at least 100.5 for top 2 boxes, which runs from 0 to 100",
            ),
            (TOP, Target.at_most(-1), "at most -1 for top 2 boxes, which runs from 0 to 100"),
            (TOP, Target.between(101, 110), "101 to 110 for top 2 boxes, which runs from 0 to 100"),
            (NET, Target.at_least(101), "at least 101 for net score, which runs from -100 to 100"),
            (BOTTOM, Target.at_most(-5), "at most -5 for bottom 2 boxes, which runs from 0 to 100"),
            (BOTTOM, Target.at_least(101), "at least 101 for bottom 2 boxes, which runs from 0 t"),
        ],
    )
    def test_a_target_beyond_the_index_is_refused_with_the_range(self, scoring, target, said):
        start = f"measure 'satisfied' can't reach its target, got {said}"
        with pytest.raises(VocabularyError, match=f"^{re.escape(start)}"):
            scored(scoring, target=target)

    @pytest.mark.parametrize(
        "target",
        [
            Target.at_least(100),
            Target.at_least(0),
            Target.at_most(0),
            Target.between(100, 120),
            Target.between(-20, 0),
            Target.between(20, 30),
        ],
        ids=str,
    )
    def test_a_target_that_touches_the_range_of_the_index_is_kept(self, target):
        assert scored(target=target).target == target

    def test_at_least_where_lower_is_better_is_refused_with_the_way_out(self):
        said = (
            "measure 'satisfied' is better when lower, got the target at least 20 "
            "for bottom 2 boxes; use Target.at_most"
        )
        with pytest.raises(VocabularyError, match=exactly(said)):
            scored(BOTTOM, target=Target.at_least(20))

    def test_an_upper_bound_where_lower_is_better_is_kept(self):
        assert scored(BOTTOM, target=Target.at_most(20)).target == Target.at_most(20)
        assert scored(BOTTOM, target=Target.between(0, 20)).target == Target.between(0, 20)

    def test_the_target_of_a_measure_from_elsewhere_has_no_range_to_keep_to(self):
        target = Target.at_least(5000)
        assert PerformanceMeasure("calls", "quick", "Calls", target=target).target is target

    @pytest.mark.parametrize("target", [0, 80, "", "at least 80", (80, None), TOP, Target], ids=str)
    def test_what_is_no_target_is_refused(self, target):
        said = (
            f"measure 'calls' needs a Target for its target, got {target!r}; "
            "make one with Target.at_least(80)"
        )
        with pytest.raises(VocabularyError, match=exactly(said)):
            PerformanceMeasure("calls", "quick", "Calls", target=target)
        with pytest.raises(VocabularyError, match=r"needs a Target for its target, got "):
            scored(target=target)

    @pytest.mark.parametrize("scoring", [0, "top box", (0, 1), LIKERT, Scoring], ids=str)
    def test_what_is_no_scoring_is_refused(self, scoring):
        said = (
            f"measure 'satisfied' needs a Scoring for its scoring, got {scoring!r}; "
            "make one with Scoring.top_box(scale)"
        )
        with pytest.raises(VocabularyError, match=exactly(said)):
            scored(scoring)
        with pytest.raises(VocabularyError, match=exactly(said)):
            scored(scoring, unit="percent")
        with pytest.raises(VocabularyError, match="needs a Scoring for its scoring, got "):
            PerformanceMeasure("calls", "quick", "Calls", scoring=scoring)

    def test_a_scoring_of_a_subclass_will_do(self):
        @attrs.frozen
        class Ours(Scoring):
            author: str = attrs.field(default="us", kw_only=True)

        measure = scored(Ours.top_box(LIKERT))
        assert type(measure.scoring) is Ours
        assert measure.unit is Unit.PERCENT

    def test_options_have_no_place_only_a_name(self):
        with pytest.raises(TypeError, match="positional arguments"):
            PerformanceMeasure("calls", "quick", "Calls", "q1")

    def test_prints_as_its_call(self):
        assert repr(PerformanceMeasure("wait", QUICK, "Wait", unit="days")) == (
            "PerformanceMeasure(id='wait', requirement='quick', name='Wait', item=None, "
            "scoring=None, target=None, aspect='how well', unit='days')"
        )


@pytest.mark.parametrize(
    "thing",
    [
        Target.at_least(80, baseline=74, due="2027-12-31"),
        PerformanceMeasure("wait", "quick", "Wait", unit="days", target=Target.at_most(2)),
        scored(target=Target.between(70, 90), aspect="at what level"),
    ],
    ids=["target", "measure", "scored measure"],
)
class TestAsAValue:
    def test_fields_cannot_be_assigned(self, thing):
        for field in attrs.fields(type(thing)):
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                setattr(thing, field.name, None)

    def test_equals_one_with_the_same_fields_and_hashes_alike(self, thing):
        again = attrs.evolve(thing)
        assert again == thing
        assert hash(again) == hash(thing)

    def test_copies_and_pickles_to_an_equal_one(self, thing):
        for again in (
            copy.copy(thing),
            copy.deepcopy(thing),
            pickle.loads(pickle.dumps(thing)),
        ):
            assert type(again) is type(thing)
            assert again == thing


def test_targets_that_differ_in_any_field_differ():
    target = Target(low=10, high=20, baseline=5, due="2027-12-31")
    for change in ({"low": 11}, {"high": 21}, {"baseline": None}, {"due": None}):
        assert attrs.evolve(target, **change) != target


def test_measures_that_differ_in_any_field_differ():
    measure = scored(target=Target.at_least(70))
    changes = {
        "id": "other",
        "requirement": "other",
        "name": "other",
        "item": "q2",
        "scoring": Scoring.top_box(LIKERT, 1),
        "target": None,
        "aspect": "how much",
    }
    for field, value in changes.items():
        assert attrs.evolve(measure, **{field: value}) != measure


def test_a_share_where_percent_is_meant_is_refused_with_the_percentage():
    with pytest.raises(VocabularyError, match=r"got the target at least 0\.8; write 80 for 80 %"):
        PerformanceMeasure(
            "m",
            "r",
            "M",
            item="q",
            scoring=Scoring.top_box(Scale.likert(5)),
            target=Target.at_least(0.8),
        )
