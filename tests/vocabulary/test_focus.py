"""The customer focus as a whole: what it refuses, what it answers, how it prints."""

import re

import attrs
import pytest

from custfocus.errors import VocabularyError
from custfocus.vocabulary import (
    Activity,
    Channel,
    Customer,
    CustomerFocus,
    Improvement,
    Need,
    PerformanceMeasure,
    Requirement,
    Service,
    Stakeholder,
    Statement,
)
from custfocus.vocabulary.references import named
from vocabulary.clinic import (
    CALM,
    CARE,
    CLINIC,
    EVERYTHING,
    FIELDS,
    KIND,
    LINE,
    OFFICE,
    PATIENTS,
    QUICK,
    SEEN,
    STAFF,
    WAIT,
    refused,
)

SHOWING = ("patients", "treat", "quick", "office", "line", "greet")  # what has a measure
QUERIES = {
    "needs_of": PATIENTS,
    "voice": PATIENTS,
    "requirements_of": CARE,
    "measures_of": QUICK,
    "stakeholders_of": OFFICE,
    "last_used": LINE,
}
KINDS = {
    "measures_of": ("Requirement", "Service", "Activity", "Channel", "Customer", "Improvement")
}
ALSO = "patients, staff, office, greet, treat, lab, line, poll, hall, ... and 5 more"
SHOWN = " or ".join(KINDS["measures_of"])
queries = pytest.mark.parametrize(("query", "thing"), QUERIES.items(), ids=QUERIES)

TREE = """\
City clinic
+- process: Front office
|  +- for: Other staff
|  +- for: Patients
|  +- stakeholder: City council (influences, influenced)
|  +- stakeholder: Press
|  +- activity: Greet
|  +- activity: Treat
+- service: Laboratory
|  +- for: Other staff
|  +- stakeholder: City council (influences, influenced)
+- customer: Patients (external, individual)
|  +- said: "I waited all day." (Complaint line, letter, 2026-05-04, answered 2026-05-20)
|  +- seen: Many pace. (Waiting room)
|  +- needs: care close to home
|  |  +- expectation: kindness (unspoken)
|  |  |  +- measure: Smiles, no target yet
|  |  +- key driver: a visit within a day
|  |     +- measure: Days to wait, at most 1 by 2027-12-31 (from 3)
|  |     +- measure: Seen the same day, 90 to 100
|  +- needs: to be reassured (unspoken)
|     +- want: time to talk
|        +- measure: Talks, at least 1
+- customer: Other staff (internal, entity)
|  +- said: "It broke again." (survey)
|  +- needs: working tools
|     +- expectation: few failures
|        +- measure: Failures a month, at most 2
+- channel: Complaint line (complaint, continuous, two-way, last 2026-05-04)
|  +- reaches: Patients
+- channel: Poll (survey, every year, last 2026-03-31)
|  +- reaches: Other staff
|  +- reaches: Patients
+- channel: Waiting room (observation)
|  +- reaches: Patients
+- innovation: Numbered tickets (done since 2026-05-21, Desk)
|  +- learned from: I waited all day.
|  +- learned from: Days to wait
|  +- learned from: Complaint line
|  +- serves: a visit within a day
|  +- serves: Greet
+- improvement: More chairs (opportunity)
|  +- learned from: Waiting room
|  +- serves: Front office
|  +- serves: Complaint line
+- stakeholder: Union"""


def with_article(name):
    """A name of a kind as it reads in a sentence."""
    return f"{'an' if name in {'Activity', 'Improvement'} else 'a'} {name}"


def wrong_ids(*wrong):
    """The refusal that names these faults and no other, in this order."""
    return refused(f"ids must be unique and references must lead somewhere, got {'; '.join(wrong)}")


class TestConstruction:
    def test_any_collection_becomes_a_tuple_in_its_order(self):
        collections = {field: iter(getattr(CLINIC, field)) for field in FIELDS}
        assert CustomerFocus(CLINIC.name, **collections) == CLINIC
        assert CLINIC.customers == (PATIENTS, STAFF)

    @pytest.mark.parametrize("field", FIELDS)
    def test_what_is_not_of_the_fields_kind_is_refused_wherever_it_stands(self, field):
        held = getattr(CLINIC, field)
        kind = type(held[0])
        others = [one for one in EVERYTHING if type(one) is not kind]
        shown = [f"the {type(one).__name__} {one.id!r}" for one in others]
        for other, text in (("x", "'x'"), (None, "None"), *zip(others, shown, strict=True)):
            for things in ([other], iter([*held, other])):
                with refused(f"expected {named(kind)} object, got {text}"):
                    attrs.evolve(CLINIC, **{field: things})

    @pytest.mark.parametrize("field", FIELDS)
    def test_what_is_no_collection_is_refused(self, field):
        thing = getattr(CLINIC, field)[0]
        shown = f"the {type(thing).__name__} {thing.id!r}"
        for single, text in ((thing, shown), ("", "''"), (None, "None"), (3, "3")):
            with refused(f"expected a collection, got {text}; wrap it in []"):
                CustomerFocus("Clinic", **{field: single})

    def test_all_doubled_ids_are_named_with_how_often_and_for_what_they_are_used(self):
        wrong = wrong_ids(
            "'c' used 3 times (Customer, Customer, Stakeholder)",
            "'x' used 10 times (Stakeholder, Activity, Service, Activity, Channel, Statement, Need, "
            "Requirement, PerformanceMeasure, Improvement)",
            "'n' used 2 times (Need, Need)",
        )
        with wrong:
            CustomerFocus(
                "Clinic",
                customers=[Customer("c", "C"), Customer("d", "D"), Customer("c", "C")],
                stakeholders=[Stakeholder("c", "C"), Stakeholder("x", "X")],
                services=[
                    Service("s", "S", activities=[Activity("a", "A"), Activity("x", "X")]),
                    Service("x", "X", activities=[Activity("b", "B"), Activity("x", "X")]),
                ],
                channels=[Channel("x", "X")],
                statements=[Statement("x", "c", "X", source="call")],
                needs=[Need("n", "c", "N"), Need("x", "c", "X"), Need("n", "d", "N")],
                requirements=[Requirement("x", "x", "X")],
                measures=[PerformanceMeasure("x", "x", "X")],
                improvements=[Improvement("x", "X")],
            )

    def test_all_references_that_lead_nowhere_or_to_another_kind_are_named(self):
        wrong = wrong_ids(
            "Service 's' refers to 'no', which is no Customer",
            "Service 's' refers to 'h', which is no Customer",
            "Service 's' refers to 'c', which is no Stakeholder",
            "Channel 'k' refers to 'h', which is no Customer",
            "Channel 'k' refers to 'no', which is no Customer",
            "Statement 't' refers to 'n', which is no Customer",
            "Statement 't' refers to 'c', which is no Channel",
            "Statement 't' refers to 'no', which is no Need or Requirement",
            "Statement 't' refers to 'm', which is no Need or Requirement",
            "Need 'n' refers to 's', which is no Customer",
            "Need 'o' refers to 'no', which is no Customer",
            "Requirement 'r' refers to 'r', which is no Need",
            "PerformanceMeasure 'm' refers to 'n', which is no Requirement or Service or Activity or "
            "Channel or Customer",
            "PerformanceMeasure 'l' refers to 'no', which is no Requirement or Service or Activity or "
            "Channel or Customer",
            "Improvement 'i' refers to 'r', which is no Statement or PerformanceMeasure or Channel",
            "Improvement 'i' refers to 'no', which is no Statement or PerformanceMeasure or Channel",
            "Improvement 'i' refers to 'm', which is no Requirement or Service or Activity or "
            "Channel",
        )
        with wrong:
            CustomerFocus(
                "Clinic",
                customers=[Customer("c", "C")],
                stakeholders=[Stakeholder("h", "H")],
                services=[
                    Service("s", "S", customers=["no", "c", "h"], stakeholders=["c", "h"],
                            activities=[Activity("a", "A")])
                ],
                channels=[Channel("k", "K", customers=["c", "h", "no"])],
                statements=[Statement("t", "n", "T", channel="c", supports=["no", "r", "m", "n"])],
                needs=[Need("n", "s", "N"), Need("o", "no", "O")],
                requirements=[Requirement("r", "r", "R")],
                measures=[PerformanceMeasure("m", "n", "M"), PerformanceMeasure("l", "no", "L"),
                          *(PerformanceMeasure(f"on {key}", key, "L") for key in "rsakc")],
                improvements=[Improvement("i", "I", learned_from=["t", "m", "k", "r", "no"],
                                          serves=["r", "s", "a", "k", "m"])],
            )  # fmt: skip


class TestQueries:
    @pytest.mark.parametrize(
        ("query", "unknown", "said"),
        [
            ("needs_of", "patient", "Customer id 'patient'; did you mean 'patients'? (also: staff)"),
            ("voice", "stafff", "Customer id 'stafff'; did you mean 'staff'? (also: patients)"),
            ("requirements_of", "tool", "Need id 'tool'; did you mean 'tools'? (also: care, calm)"),
            ("stakeholders_of", "ofice", "Service id 'ofice'; did you mean 'office'? (also: lab)"),
            ("measures_of", "quik", f"{SHOWN} id 'quik'; did you mean 'quick'? (also: {ALSO})"),
            ("needs_of", "", "Customer id ''; choose from: patients, staff"),
            ("last_used", "lines", "Channel id 'lines'; did you mean 'line'? (also: poll, hall)"),
            (
                "spoken",
                "quik",
                "Need or Requirement id 'quik'; did you mean 'quick'? (also: care, tools, calm, kind, uptime, heard)",
            ),
        ],
    )  # fmt: skip
    def test_an_unknown_id_gets_the_near_miss_and_the_others(self, query, unknown, said):
        with refused(f"unknown {said}"):
            getattr(CLINIC, query)(unknown)

    def test_they_give_what_refers_to_the_object_in_the_order_of_the_focus(self):
        assert CLINIC.needs_of("patients") == (CARE, CALM)
        assert CLINIC.requirements_of(CARE) == (KIND, QUICK)
        assert CLINIC.measures_of("quick") == (WAIT, SEEN)
        assert [one.id for one in CLINIC.stakeholders_of(OFFICE)] == ["council", "press"]

    def test_measures_are_those_about_the_thing_and_no_other(self):
        about = {key: PerformanceMeasure(f"on {key}", key, "M") for key in SHOWING}
        focus = attrs.evolve(CLINIC, measures=about.values(), improvements=[])
        for key, measure in about.items():
            assert focus.measures_of(key) == (measure,)
        for key in ("uptime", "lab", "hall", "staff"):
            assert focus.measures_of(key) == ()

    @pytest.mark.parametrize(
        ("serves", "keys"),
        [
            (["quick"], ["quick"]),
            (["kind"], []),
            (["office"], ["treat", "quick", "office", "greet"]),
            (["greet"], ["quick", "office", "greet"]),
            (["treat"], ["treat", "quick", "office"]),
            (["line"], ["line"]),
            (["lab"], []),
            (["line", "quick"], ["quick", "line"]),
            (["office", "quick", "greet"], ["treat", "quick", "office", "greet"]),
            ([], []),
        ],
    )
    def test_those_of_an_improvement_show_what_it_serves_in_the_order_of_the_focus(
        self, serves, keys
    ):
        measures = [PerformanceMeasure(f"on {key}", key, "M") for key in SHOWING]
        new = Improvement("new", "New", serves=serves)
        focus = attrs.evolve(CLINIC, measures=measures, improvements=[new])
        for one in (new, "new"):
            assert [each.about for each in focus.measures_of(one)] == keys

    @queries
    def test_an_object_or_id_of_another_kind_is_answered_with_what_it_is(self, query, thing):
        kinds = KINDS.get(query, (type(thing).__name__,))
        kind = " or ".join(map(with_article, kinds))
        for other in (one for one in EVERYTHING if type(one).__name__ not in kinds):
            name = type(other).__name__
            with refused(f"expected {kind}, got {other.id!r}, which is {with_article(name)}"):
                getattr(CLINIC, query)(other.id)
            with refused(f"expected {kind} or an id, got the {name} {other.id!r}"):
                getattr(CLINIC, query)(other)
        for other in (None, 3, ["patients"]):
            with refused(f"expected {kind} or an id, got {other}"):
                getattr(CLINIC, query)(other)  # fmt: skip

    @queries
    def test_an_object_that_the_focus_does_not_hold_is_unknown_by_its_id(self, query, thing):
        kind = " or ".join(KINDS.get(query, (type(thing).__name__,)))
        with pytest.raises(VocabularyError, match=f"^unknown {kind} id 'zzz'; choo"):
            getattr(CLINIC, query)(attrs.evolve(thing, id="zzz"))

    @queries
    def test_without_objects_of_the_kind_there_is_none_to_choose_from(self, query, thing):
        kind = " or ".join(KINDS.get(query, (type(thing).__name__,)))
        with refused(f"unknown {kind} id 'x'; there are none"):
            getattr(CustomerFocus("C", stakeholders=[Stakeholder("xx", "X")]), query)("x")


class TestPrinting:
    def test_prints_as_a_tree_services_first(self):
        assert str(CLINIC) == repr(CLINIC) == TREE
        assert CLINIC._repr_html_().count("<li>") == TREE.count("\n") + 1
        assert str(CustomerFocus("Clinic")) == "Clinic"

    def test_says_of_a_statement_what_is_known_of_it_and_no_more(self):
        fields = {"channel": "line", "on": "2026-05-04", "answered": "2026-05-20"}
        for known, shown in (
            (["channel"], "(Complaint line)"),
            (["channel", "on"], "(Complaint line, 2026-05-04)"),
            (["channel", "answered"], "(Complaint line, answered 2026-05-20)"),
        ):
            said = Statement("s", "patients", "Slow.", **{name: fields[name] for name in known})
            focus = CustomerFocus("C", customers=[PATIENTS], channels=[LINE], statements=[said])
            assert f'said: "Slow." {shown}\n' in str(focus)

    def test_a_measure_stands_below_what_it_is_about(self):
        measures = [PerformanceMeasure(f"on {key}", key, f"of {key}") for key in SHOWING]
        services = [attrs.evolve(OFFICE, stakeholders=[], customers=["patients"])]
        focus = CustomerFocus(
            "C", customers=[PATIENTS], services=services, channels=[attrs.evolve(LINE)],
            needs=[CARE], requirements=[QUICK], measures=measures,
        )  # fmt: skip
        assert str(focus) == (
            "C\n"
            "+- process: Front office\n"
            "|  +- for: Patients\n"
            "|  +- measure: of office, no target yet\n"
            "|  +- activity: Greet\n"
            "|  |  +- measure: of greet, no target yet\n"
            "|  +- activity: Treat\n"
            "|     +- measure: of treat, no target yet\n"
            "+- customer: Patients (external, individual)\n"
            "|  +- measure: of patients, no target yet\n"
            "|  +- needs: care close to home (no statement)\n"
            "|     +- key driver: a visit within a day (no statement)\n"
            "|        +- measure: of quick, no target yet\n"
            "+- channel: Complaint line (complaint, continuous, two-way, last 2026-05-02)\n"
            "   +- reaches: Patients\n"
            "   +- measure: of line, no target yet"
        )

    def test_says_how_often_a_channel_is_used(self):
        for every, shown in (
            ("half-year", "survey, every half-year"),
            ("continuous", "survey, continuous"),
            ("once", "survey, once"),
            (None, "survey"),
        ):
            focus = CustomerFocus("C", channels=[Channel("poll", "Poll", every=every)])
            assert str(focus) == f"C\n+- channel: Poll ({shown})"


@attrs.frozen
class Child(Customer):
    """A customer with a field more."""

    age: int = attrs.field(default=9, kw_only=True)


class Wish(Need):
    """A need."""


KIDS = Child("kids", "Kids", age=7)
SWEETS = Wish("sweets", KIDS, "sweets")
SHOP = CustomerFocus("Shop", customers=[PATIENTS, KIDS], needs=[SWEETS])


class TestSubclasses:
    def test_are_kept_as_they_are_found_and_printed_as_what_they_specialise(self):
        assert SHOP.customers[1] is KIDS
        for kids in (KIDS, "kids"):
            assert SHOP.needs_of(kids) == (SWEETS,)
            assert SHOP.voice(kids).keys.labels("id") == ["sweets"]
        assert "+- customer: Kids (external, individual)" in str(SHOP)
        ours = type("Ours", (CustomerFocus,), {})(
            "Shop", customers=[PATIENTS, KIDS], needs=[SWEETS]
        )
        assert ours.needs_of("kids") == (SWEETS,)
        assert str(ours) == str(SHOP)

    @pytest.mark.parametrize(
        ("call", "said"),
        [
            (
                lambda: SHOP.needs_of("kid"),
                "unknown Customer id 'kid'; did you mean 'kids'? (also: patients)",
            ),
            (
                lambda: SHOP.requirements_of("kids"),
                "expected a Need, got 'kids', which is a Child",
            ),
            (
                lambda: CustomerFocus("C", customers=[Customer("kids", "K"), KIDS], needs=[SWEETS]),
                "got 'kids' used 2 times (Customer, Child)",
            ),
            (
                lambda: CustomerFocus("C", needs=[SWEETS]),
                "got Wish 'sweets' refers to 'kids', which is no Customer",
            ),
            (
                lambda: Child(" kids", "Kids"),
                "Child.id must be a text without spaces around it, got ' kids'",
            ),
        ],
    )
    def test_go_by_their_own_names_in_errors(self, call, said):
        with pytest.raises(VocabularyError, match=f"{re.escape(said)}$"):
            call()
