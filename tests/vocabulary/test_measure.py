"""Performance measures: what they are about, items and index, and what follows from these."""

import contextlib
import math
import pickle
import re
import reprlib
from fractions import Fraction
from functools import partial

import attrs
import numpy as np
import pytest

from custfocus import csat
from custfocus.errors import OptionError, ScaleError, VocabularyError
from custfocus.responses import Scale, Scoring, Unit
from custfocus.results import Metric
from custfocus.vocabulary import PerformanceMeasure, Target
from vocabulary.clinic import CARE, CLINIC, GREET, LINE, OFFICE, PATIENTS, QUICK, evolved, refused

LIKERT = Scale.likert(5)
TOP = Scoring.top_box(LIKERT)  # 0 to 100, higher is better
BOTTOM = Scoring.bottom_box(LIKERT)  # 0 to 100, lower is better
NET = Scoring.net(LIKERT, positive=2, negative=2)  # -100 to 100
INF = math.inf


@attrs.frozen
class Composite:
    """An index of several items that says what it measures."""

    metric: Metric

    def __call__(self, answers, /, **_):
        return csat(answers["q1"])


def mean_of(answers, /, **_):
    """An index of several items that does not."""
    return csat(answers["q1"])


GAP = Composite(Metric("gap", "days", (0, 30), "lower"))


def scored(scoring=TOP, **options):
    return PerformanceMeasure(
        "satisfied", "quick", "Satisfied", **{"items": "q1", "index": scoring, **options}
    )


def asked(**options):
    given = {"items": ["q1", "q2"], "index": GAP, **options}
    return PerformanceMeasure("gap", "quick", "Gap", **given)


def calls(**options):
    return PerformanceMeasure(
        **{"id": "calls", "about": "quick", "name": "Calls answered", **options}
    )


class TestUnit:
    @pytest.mark.parametrize("unit", Unit)
    def test_takes_a_known_unit_as_member_and_as_text_and_any_other_text(self, unit):
        assert calls(unit=unit).unit is calls(unit=unit.value).unit is unit

        assert type(calls(unit="days").unit) is str

    @pytest.mark.parametrize("unit", [3, ["days"], b"days", "", " "], ids=repr)
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
        assert hash(scored(scoring, unit=unit)) == hash(scored(scoring))

    @pytest.mark.parametrize("unit", ["number", "days", "percentage points", Unit.NUMBER])
    def test_a_unit_that_contradicts_the_index_is_refused(self, unit):
        with refused(
            f"measure 'satisfied' has its index's unit, percent, got {unit}; leave unit= out"
        ):
            scored(unit=unit)


class TestAbout:
    @pytest.mark.parametrize("thing", [QUICK, OFFICE, GREET, LINE, PATIENTS])
    def test_it_is_an_object_of_the_focus_or_its_id(self, thing):
        for about in (thing, thing.id):
            measure = PerformanceMeasure("new", about, "New")
            assert measure.about == thing.id
            focus = attrs.evolve(CLINIC, measures=[measure], improvements=[])
            assert focus.measures_of(thing) == focus.measures_of(thing.id) == (measure,)

    def test_it_is_nothing_else(self):
        kinds = "a Requirement or a Service or an Activity or a Channel or a Customer"
        for other, shown in ((CARE, "the Need 'care'"), (5, "5"), ([QUICK], f"{[QUICK]!r}")):
            with refused(f"expected {kinds} or an id, got {shown}"):
                PerformanceMeasure("new", other, "New")

    def test_an_id_that_leads_nowhere_is_named_by_the_focus(self):
        with refused(
            "ids must be unique and references must lead somewhere, got PerformanceMeasure 'calls' "
            "refers to 'quik', which is no Requirement or Service or Activity or Channel or Customer "
            "(did you mean 'quick'?)"
        ):
            evolved(measures=[calls(about="quik")])


class TestItemsAndIndex:
    def test_a_text_is_one_item_and_several_keep_their_order(self):
        assert scored().items == ("q1",)
        for items in (["q2", "q1"], ("q2", "q1"), iter(["q2", "q1"])):
            assert asked(items=items).items == ("q2", "q1")

    @pytest.mark.parametrize(
        ("items", "shown"),
        [("", "''"), (" ", "' '"), (["q1", ""], "''"), (["q1", "\t"], "'\\t'"), (5, "5"),
         ([5], "5"), ([None], "None"), (None, "None"), ([["q1"]], "['q1']"), (b"q", "113"),
         (csat([5, 4]), "CSAT 100.0 % [...5.7] n=2, ...")],
        ids=str,
    )  # fmt: skip
    def test_items_that_are_no_texts_or_blank_are_refused(self, items, shown):
        said = f"PerformanceMeasure.items must be texts that say something, got {shown}"
        if isinstance(items, csat([5]).__class__):
            said = said.partition("CSAT")[0]
        with pytest.raises(VocabularyError, match=f"^{re.escape(said)}"):
            asked(items=items)

    def test_doubled_items_are_refused(self):
        with refused("a measure's items must be different, got ['q1', 'q2', 'q1']"):
            asked(items=["q1", "q2", "q1"])

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ({"items": "q1"}, "the items ['q1']"),
            ({"items": ["q1", "q2"]}, "the items ['q1', 'q2']"),
            ({"index": TOP}, "an index"),
            ({"index": TOP, "items": []}, "an index"),
            ({"index": mean_of}, "an index"),
        ],
    )
    def test_neither_stands_alone(self, given, shown):
        other = "the items= that it is of" if "index" in shown else "index=Scoring.top_box(scale)"
        said = f"measure 'calls' must have items and an index or neither, got {shown} alone; give {other}"
        with refused(said):
            calls(**given)

    @pytest.mark.parametrize("index", [0, "top box", (0, 1), LIKERT, Scoring, len(""), {}], ids=str)
    def test_what_is_no_index_is_refused(self, index):
        said = (
            "needs a Scoring or a function of answers for its index, got "
            f"{index!r}; make one with Scoring.top_box(scale)"
        )
        for options in ({}, {"unit": "percent"}):
            with refused(f"measure 'satisfied' {said}"):
                scored(index, **options)
        with refused(f"measure 'calls' {said}"):
            calls(index=index)

    def test_a_scoring_of_several_items_is_refused_with_the_way_out(self):
        with refused(
            "measure 'satisfied' scores one item by a Scoring, got ['q1', 'q2']; make a measure of "
            "each, or give a function of answers as its index"
        ):
            PerformanceMeasure("satisfied", "quick", "Satisfied", items=["q1", "q2"], index=TOP)
        assert asked(index=mean_of).items == ("q1", "q2")

    def test_a_scoring_of_a_subclass_will_do(self):
        @attrs.frozen
        class Ours(Scoring):
            author: str = attrs.field(default="us", kw_only=True)

        measure = scored(Ours.top_box(LIKERT))
        assert (type(measure.index), measure.unit) == (Ours, Unit.PERCENT)

    def test_it_is_recorded_without_an_index(self):
        assert calls().recorded
        assert not scored().recorded
        assert not asked(index=mean_of).recorded


class TestIndexWithAMetric:
    def test_it_gives_unit_direction_and_metric(self):
        measure = asked()
        assert (measure.unit, measure.direction) == ("days", "lower")
        assert measure.metric is GAP.metric
        assert measure.bounds == (None, None)
        assert asked(unit="days") == measure
        assert hash(asked(unit="days", direction="lower")) == hash(measure)

    def test_a_function_without_one_leaves_them_to_the_measure(self):
        plain = asked(index=mean_of)
        assert (plain.unit, plain.direction, plain.bounds) == ("number", None, (None, None))
        assert plain.metric == Metric("Gap", "number")
        given = asked(index=mean_of, unit="days", direction="lower", bounds=(0, 9))
        assert given.metric == Metric("Gap", "days", (0, 9), "lower")
        odd = partial(mean_of)
        odd.metric = "percent"  # says nothing: it is no Metric
        assert asked(index=odd, unit="days").unit == "days"

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            ({"unit": "percent"}, "its index's unit, days, got percent; leave unit= out"),
            ({"unit": "number"}, "its index's unit, days, got number; leave unit= out"),
            ({"bounds": (0, 9)}, "its index's bounds, got (0.0, 9.0); leave bounds= out"),
            ({"bounds": (0, None)}, "its index's bounds, got (0.0, None); leave bounds= out"),
        ],
    )
    def test_what_stands_beside_it_is_refused(self, options, said):
        with refused(f"measure 'gap' has {said}"):
            asked(**options)
        with (
            refused(f"measure 'satisfied' has {said.replace('days', 'percent')}")
            if (options.get("unit") != "percent")
            else contextlib.nullcontext()
        ):
            scored(**options)

    def test_a_target_beyond_its_bounds_is_refused(self):
        with refused(
            "measure 'gap' can't reach its target, got at least 31 for gap, which runs from 0 to 30"
        ):
            asked(target=Target.at_least(31))
        with refused(
            "measure 'gap' is better when lower, got the target at least 3 for gap; use "
            "Target.at_most"
        ):
            asked(target=Target.at_least(3))


class TestBounds:
    @pytest.mark.parametrize(
        ("given", "kept", "ends"),
        [
            ((0, None), (0, None), (0, INF)),
            ((None, 100), (None, 100), (-INF, 100)),
            ([-1, 2.5], (-1, 2.5), (-1, 2.5)),
            ((-INF, INF), (None, None), (-INF, INF)),
            ((0, INF), (0, None), (0, INF)),
            ((-INF, 0), (None, 0), (-INF, 0)),
            ((np.float32(0.5), Fraction(3, 2)), (0.5, 1.5), (0.5, 1.5)),
            ((None, None), (None, None), (-INF, INF)),
        ],
    )
    def test_an_end_that_is_none_or_infinite_is_open(self, given, kept, ends):
        measure = calls(bounds=given)
        assert measure.bounds == kept
        assert {type(end) for end in measure.bounds} <= {float, type(None)}
        assert measure.metric.bounds == ends

    @pytest.mark.parametrize(
        "bounds",
        [
            "ab", 5, None, (), (0,), (0, 1, 2), (1, 0), (0, 0), (INF, 0), (0, -INF), (INF, INF),
            (-INF, -INF), (math.nan, 1), (0, math.nan), ("0", 1), (0, "1"), (True, 5), ([0], 1),
            {0: 1, 1: 2}, (0, 1j), (10**400, None), np.array([0, 1]),
        ],
        ids=str,
    )  # fmt: skip
    def test_wrong_ones_are_refused(self, bounds):
        with refused(
            "a measure's bounds must be the least and the greatest value there can be, got "
            f"{reprlib.repr(bounds)}; write (0, None) where there is no greatest"
        ):
            calls(bounds=bounds)

    @pytest.mark.parametrize(
        ("bounds", "target", "said"),
        [
            ((0, None), Target.at_most(-1), "at most -1 for Calls answered, which is 0 or more"),
            ((None, 9), Target.at_least(10), "at least 10 for Calls answered, which is 9 or less"),
            ((0, 1), Target.at_least(80), "at least 80 for Calls answered, which runs from 0 to 1"),
        ],
    )
    def test_a_target_beyond_them_is_refused(self, bounds, target, said):
        with refused(f"measure 'calls' can't reach its target, got {said}"):
            calls(bounds=bounds, target=target)
        for fine in (Target.at_least(0), Target.at_most(0), Target.between(0, 100)):
            assert calls(bounds=bounds, target=fine).target is fine


class TestDirection:
    @pytest.mark.parametrize(
        ("make", "options", "direction"),
        [
            (calls, {}, None),
            (calls, {"direction": "lower"}, "lower"),
            (calls, {"direction": "within"}, "within"),
            (calls, {"target": Target.at_least(5)}, "higher"),
            (calls, {"target": Target.at_most(5)}, "lower"),
            (calls, {"target": Target.between(5, 6)}, "within"),
            (scored, {}, "higher"),
            (scored, {"scoring": BOTTOM}, "lower"),
            (scored, {"target": Target.at_most(50)}, "lower"),
            (scored, {"scoring": BOTTOM, "target": Target.between(5, 6)}, "within"),
        ],
    )
    def test_it_is_that_of_the_target_else_of_the_index_else_what_is_said(
        self, make, options, direction
    ):
        measure = make(**options)
        assert measure.direction == direction
        if direction is not None:
            again = make(**{**options, "direction": direction})
            assert again.direction == direction
            assert again == measure
            assert repr(again) == repr(measure)

    @pytest.mark.parametrize(
        ("make", "options", "said"),
        [
            (calls, {"target": Target.at_least(5), "direction": "lower"}, "target, 'higher', got 'lower'"),
            (calls, {"target": Target.between(5, 6), "direction": "higher"}, "target, 'within', got 'higher'"),
            (scored, {"direction": "lower"}, "index, 'higher', got 'lower'"),
            (scored, {"target": Target.at_most(5), "direction": "higher"}, "target, 'lower', got 'higher'"),
        ],
    )  # fmt: skip
    def test_another_one_is_a_contradiction(self, make, options, said):
        name = make().id
        with refused(
            f"measure {name!r} must have the direction of its {said}; leave direction= out"
        ):
            make(**options)

    @pytest.mark.parametrize("direction", ["up", "", 5, True, ["up"]], ids=str)
    def test_a_word_that_is_none_is_refused(self, direction):
        with refused(
            f"unknown PerformanceMeasure.direction {direction!r}; choose from: higher, lower, "
            "within",
            OptionError,
        ):
            calls(direction=direction)

    def test_the_metric_of_what_is_recorded_is_better_when_higher_if_nothing_says_it(self):
        assert calls().metric == Metric("Calls answered")
        waiting = calls(target=Target.at_most(20), unit="minutes", bounds=(0, None))
        assert waiting.metric == Metric("Calls answered", "minutes", (0, INF), "lower")


class TestSourceOwnerAndBreaks:
    def test_where_data_come_from_and_who_answers_for_them_are_texts(self):
        measure = calls(source="phone system", owner="Front desk")
        assert (measure.source, measure.owner) == ("phone system", "Front desk")
        for field in ("source", "owner"):
            for text in (" ", 3, None):
                with refused(
                    f"PerformanceMeasure.{field} must be a text that says something, got {text!r}"
                ):
                    calls(**{field: text})

    def test_breaks_are_kept_as_pairs_so_that_the_measure_can_be_looked_up(self):
        reasons = {"2026-04": "another formula", 2027: "another scale"}
        measure = calls(breaks=reasons)
        assert measure.breaks == tuple(reasons.items())
        assert calls(breaks=measure.breaks) == measure
        assert {measure: 1}[calls(breaks=dict(measure.breaks))] == 1
        assert calls(breaks={}).breaks == calls(breaks=()).breaks == calls().breaks == ()

    @pytest.mark.parametrize(
        "breaks",
        [
            [1], (1,), 5, "2026", None, {"2026": ""}, {"2026": " "}, {"2026": None}, {"2026": 5},
            ("ab",), (("a",),), (("a", "b", "c"),), (("a", "b"), "cd"), ((["a"], "b"),),
            [("a", "b")], {"a"},
        ],
        ids=str,
    )  # fmt: skip
    def test_wrong_ones_are_refused(self, breaks):
        with refused(
            "a measure's breaks must be reasons by the period at which each begins, got "
            f"{reprlib.repr(breaks)}; write breaks={{'2026-04': 'another formula'}}"
        ):
            calls(breaks=breaks)


FULL = calls(
    unit="minutes", bounds=(0, None), target=Target.at_most(20), aspect="how much",
    source="phone system", owner="Desk", breaks={"2026": "new lines"},
)  # fmt: skip


class TestAsValue:
    @pytest.mark.parametrize(
        ("measure", "changes", "direction", "unit"),
        [
            (FULL, {"target": Target.at_least(5)}, "higher", "minutes"),
            (FULL, {"target": None}, None, "minutes"),
            (FULL, {"target": None, "direction": "within"}, "within", "minutes"),
            (calls(target=Target.at_most(5), direction="lower"), {"target": Target.at_least(5)}, "higher", "number"),
            (FULL, {"unit": "hours"}, "lower", "hours"),
            (FULL, {"unit": None}, "lower", "number"),
            (FULL, {"bounds": (None, 9)}, "lower", "minutes"),
            (FULL, {"source": "", "owner": "", "breaks": ()}, "lower", "minutes"),
            (FULL, {"about": GREET, "id": "x", "name": "X", "aspect": "how well"}, "lower", "minutes"),
            (scored(), {"index": BOTTOM}, "lower", "percent"),
            (scored(unit="percent", direction="higher"), {"index": NET}, "higher", "percentage points"),
            (scored(), {"items": "q2"}, "higher", "percent"),
            (scored(), {"items": (), "index": None}, None, "number"),
        ],
    )  # fmt: skip
    def test_each_field_can_be_another(self, measure, changes, direction, unit):
        changed = attrs.evolve(measure, **changes)
        assert changed != measure
        assert (changed.direction, changed.unit) == (direction, unit)
        fields = {one.alias for one in attrs.fields(PerformanceMeasure)}
        for name in fields - {*changes, "direction", "unit"}:
            assert getattr(changed, name) == getattr(measure, name), name

    @pytest.mark.parametrize("measure", [FULL, scored(), asked(), calls(direction="within")])
    def test_a_pickle_is_the_same(self, measure):
        again = pickle.loads(pickle.dumps(measure))
        assert again == measure
        assert hash(again) == hash(measure)
        assert (again.direction, again.unit, again.metric) == (
            measure.direction, measure.unit, measure.metric,
        )  # fmt: skip

    def test_it_prints_as_the_call_with_what_follows_from_its_target(self):
        assert repr(calls(target=Target.at_most(20), unit="days")) == (
            "PerformanceMeasure(id='calls', about='quick', name='Calls answered', items=(), "
            "index=None, target=Target(low=None, high=20.0, baseline=None, since=None, due=None), "
            "aspect='how well', unit='days', bounds=(None, None), direction='lower', source='', "
            "owner='', breaks=())"
        )


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
