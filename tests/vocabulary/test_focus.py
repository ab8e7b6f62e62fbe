"""The customer focus as a whole: what it refuses, what it answers, how it prints."""

import copy
import pickle
import re
from xml.etree import ElementTree as ET

import attrs
import pytest

from custfocus.errors import CustfocusError, VocabularyError
from custfocus.responses import Scale, Scoring
from custfocus.vocabulary import (
    Activity,
    Customer,
    CustomerFocus,
    Gaps,
    Need,
    PerformanceMeasure,
    Requirement,
    Service,
    Stakeholder,
    Statement,
    Target,
    Voice,
)

FIELDS = (
    "customers",
    "stakeholders",
    "services",
    "statements",
    "needs",
    "requirements",
    "measures",
)
START = "ids must be unique and references must lead somewhere, got "
KINDS = (
    Activity,
    Customer,
    Need,
    PerformanceMeasure,
    Requirement,
    Service,
    Stakeholder,
    Statement,
)
QUERIES = {
    "needs_of": Customer,
    "voice": Customer,
    "requirements_of": Need,
    "measures_of": Requirement,
    "stakeholders_of": Service,
}

PATIENTS = Customer("patients", "Patients")
STAFF = Customer("staff", "Other staff", relation="internal", form="entity")
COUNCIL = Stakeholder("council", "City council", interests=["influences", "influenced"])
PRESS = Stakeholder("press", "Press")
UNION = Stakeholder("union", "Union")
GREET = Activity("greet", "Greet")
TREAT = Activity("treat", "Treat")
CALL = Activity("call", "Call in")
OFFICE = Service(
    "office",
    "Front office",
    customers=[STAFF, PATIENTS],
    stakeholders=[PRESS, COUNCIL],
    activities=[GREET, TREAT],
)
LAB = Service("lab", "Laboratory", customers=["staff"], stakeholders=["council"])
CARE = Need("care", PATIENTS, "care close to home")
CALM = Need("calm", PATIENTS, "to be reassured", spoken=False)
TOOLS = Need("tools", STAFF, "working tools")
QUICK = Requirement("quick", CARE, "a visit within a day", kind="key driver")
KIND = Requirement("kind", CARE, "kindness", spoken=False)
HEARD = Requirement("heard", CALM, "time to talk", kind="want")
UPTIME = Requirement("uptime", TOOLS, "few failures")
SLOW = Statement("slow", PATIENTS, "I waited all day.", source="complaint", supports=[QUICK])
BROKEN = Statement("broken", STAFF, "It broke again.", source="survey", supports=[TOOLS, UPTIME])
WAIT = PerformanceMeasure("wait", QUICK, "Days to wait", target=Target.at_most(1, due="2027-12-31"))
SEEN = PerformanceMeasure(
    "seen",
    QUICK,
    "Seen the same day",
    item="q1",
    scoring=Scoring.top_box(Scale.likert(5)),
    target=Target.at_least(90),
)
SMILES = PerformanceMeasure("smiles", KIND, "Smiles")
TALKS = PerformanceMeasure("talks", HEARD, "Talks", target=Target.at_least(1))
FAILURES = PerformanceMeasure("failures", UPTIME, "Failures a month", target=Target.at_most(2))

CLINIC = CustomerFocus(
    "City clinic",
    customers=[PATIENTS, STAFF],
    stakeholders=[COUNCIL, PRESS, UNION],
    services=[OFFICE, LAB],
    statements=[SLOW, BROKEN],
    needs=[CARE, TOOLS, CALM],
    requirements=[KIND, QUICK, UPTIME, HEARD],
    measures=[WAIT, SMILES, SEEN, TALKS, FAILURES],
)

TREE = """\
City clinic
+- service: Front office
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
|  +- said: "I waited all day." (complaint)
|  +- needs: care close to home
|  |  +- expectation: kindness (unspoken)
|  |  |  +- measure: Smiles, no target yet
|  |  +- key driver: a visit within a day
|  |     +- measure: Days to wait, at most 1 by 2027-12-31
|  |     +- measure: Seen the same day, at least 90
|  +- needs: to be reassured (unspoken)
|     +- want: time to talk
|        +- measure: Talks, at least 1
+- customer: Other staff (internal, entity)
|  +- said: "It broke again." (survey)
|  +- needs: working tools
|     +- expectation: few failures
|        +- measure: Failures a month, at most 2
+- stakeholder: Union"""


def words(value):
    """The name of a case: the texts in it."""
    return value if isinstance(value, str) else ""


def exactly(*wrong):
    """A pattern for the message that names these faults and no other, in this order."""
    return f"^{re.escape(START + '; '.join(wrong))}$"


class TestConstruction:
    def test_a_focus_of_a_name_asingle_holds_nothing(self):
        assert attrs.astuple(CustomerFocus("Clinic")) == ("Clinic", (), (), (), (), (), (), ())

    def test_everything_but_the_name_is_given_by_name(self):
        with pytest.raises(TypeError, match="positional arguments"):
            CustomerFocus("Clinic", [PATIENTS])

    def test_any_collection_becomes_a_tuple_in_its_order(self):
        collections = attrs.asdict(CLINIC, recurse=False)
        name = collections.pop("name")
        again = CustomerFocus(name, **{field: iter(them) for field, them in collections.items()})
        assert again == CLINIC
        assert again.customers == (PATIENTS, STAFF)
        assert again.needs == (CARE, TOOLS, CALM)

    def test_the_order_in_which_objects_refer_to_each_other_does_not_matter(self):
        focus = CustomerFocus("Clinic", needs=[CARE], customers=[PATIENTS], requirements=[QUICK])
        assert focus.requirements == (QUICK,)

    @pytest.mark.parametrize(
        ("field", "kind"),
        [
            ("customers", "Customer"),
            ("stakeholders", "Stakeholder"),
            ("services", "Service"),
            ("statements", "Statement"),
            ("needs", "Need"),
            ("requirements", "Requirement"),
            ("measures", "PerformanceMeasure"),
        ],
    )
    @pytest.mark.parametrize(
        ("other", "shown"),
        [("patients", "'patients'"), (3, "3"), (None, "None"), (GREET, "the Activity 'greet'")],
    )
    def test_what_is_not_of_the_fields_kind_is_refused_wherever_it_stands(
        self, field, kind, other, shown
    ):
        held = getattr(CLINIC, field)
        for things in ([other], [*held, other], iter([other, *held])):
            said = f"^expected a {kind} object, got {shown}$"
            with pytest.raises(VocabularyError, match=said):
                attrs.evolve(CLINIC, **{field: things})

    @pytest.mark.parametrize(
        ("field", "other"),
        [
            ("customers", COUNCIL),
            ("stakeholders", PATIENTS),
            ("services", GREET),
            ("statements", CARE),
            ("needs", QUICK),
            ("requirements", CARE),
            ("measures", SLOW),
        ],
        ids=words,
    )
    def test_a_neighbouring_kind_is_refused_too(self, field, other):
        said = f" object, got the {type(other).__name__} {other.id!r}$"
        with pytest.raises(VocabularyError, match=said):
            CustomerFocus("Clinic", **{field: [other]})

    @pytest.mark.parametrize("field", FIELDS)
    def test_what_is_no_collection_is_refused(self, field):
        thing = getattr(CLINIC, field)[0]
        for single, shown in (
            (thing, f"the {type(thing).__name__} {thing.id!r}"),
            ("patients", "'patients'"),
            ("", "''"),
            (None, "None"),
            (3, "3"),
        ):
            said = f"expected a collection, got {shown}; wrap it in []"
            with pytest.raises(VocabularyError, match=f"^{re.escape(said)}$"):
                CustomerFocus("Clinic", **{field: single})


class TestDuplicateIds:
    @pytest.mark.parametrize(
        ("field", "thing"),
        [
            ("customers", PATIENTS),
            ("stakeholders", UNION),
            ("services", Service("desk", "Desk")),
            ("statements", SLOW),
            ("needs", CARE),
            ("requirements", QUICK),
            ("measures", WAIT),
        ],
    )
    def test_an_id_may_not_be_used_twice_in_one_field(self, field, thing):
        kind = type(thing).__name__
        others = [one for one in getattr(CLINIC, field) if one.id != thing.id]
        with pytest.raises(
            VocabularyError, match=exactly(f"{thing.id!r} used 2 times ({kind}, {kind})")
        ):
            attrs.evolve(CLINIC, **{field: [thing, *others, thing]})

    @pytest.mark.parametrize(
        ("field", "thing"),
        [
            ("stakeholders", Stakeholder("patients", "P")),
            ("services", Service("patients", "P")),
            ("services", Service("desk", "Desk", activities=[Activity("patients", "P")])),
            ("statements", Statement("patients", "patients", "P", source="s")),
            ("needs", Need("patients", "patients", "P")),
            ("requirements", Requirement("patients", "care", "P")),
            ("measures", PerformanceMeasure("patients", "quick", "P")),
        ],
        ids=words,
    )
    def test_ids_are_unique_across_kinds(self, field, thing):
        with pytest.raises(
            VocabularyError, match=re.escape(f"{START}'patients' used 2 times (Customer, ")
        ):
            attrs.evolve(CLINIC, **{field: [*getattr(CLINIC, field), thing]})

    def test_an_activity_belongs_to_one_service(self):
        with pytest.raises(
            VocabularyError, match=exactly("'greet' used 2 times (Activity, Activity)")
        ):
            CustomerFocus(
                "Clinic",
                services=[
                    Service("a", "A", activities=[GREET]),
                    Service("b", "B", activities=[GREET]),
                ],
            )

    def test_every_activity_counts_not_just_the_first(self):
        with pytest.raises(
            VocabularyError, match=exactly("'treat' used 2 times (Activity, Activity)")
        ):
            CustomerFocus(
                "Clinic",
                services=[
                    Service("a", "A", activities=[GREET, TREAT]),
                    Service("b", "B", activities=[CALL, TREAT]),
                ],
            )

    def test_a_service_and_its_activity_have_ids_of_their_own(self):
        with pytest.raises(
            VocabularyError, match=exactly("'greet' used 2 times (Service, Activity)")
        ):
            CustomerFocus("Clinic", services=[Service("greet", "G", activities=[GREET])])

    def test_all_of_them_are_named_with_how_often_and_for_what(self):
        wrong = exactly(
            "'a' used 3 times (Customer, Customer, Stakeholder)",
            "'b' used 2 times (Stakeholder, Activity)",
        )
        with pytest.raises(VocabularyError, match=wrong):
            CustomerFocus(
                "Clinic",
                customers=[Customer("a", "A"), Customer("a", "A"), Customer("c", "C")],
                stakeholders=[Stakeholder("a", "A"), Stakeholder("b", "B")],
                services=[Service("s", "S", activities=[Activity("b", "B")])],
            )


class TestDanglingIds:
    @pytest.mark.parametrize(
        ("field", "thing", "wanted"),
        [
            ("services", Service("x", "X", customers=["no"]), "Customer"),
            ("services", Service("x", "X", stakeholders=["no"]), "Stakeholder"),
            ("statements", Statement("x", "no", "X", source="s"), "Customer"),
            (
                "statements",
                Statement("x", "patients", "X", source="s", supports=["quick", "no", "care"]),
                "Need or Requirement",
            ),
            ("needs", Need("x", "no", "X"), "Customer"),
            ("requirements", Requirement("x", "no", "X"), "Need"),
            ("measures", PerformanceMeasure("x", "no", "X"), "Requirement"),
        ],
        ids=words,
    )
    def test_a_reference_must_lead_somewhere(self, field, thing, wanted):
        wrong = f"{type(thing).__name__} 'x' refers to 'no', which is no {wanted}"
        with pytest.raises(VocabularyError, match=exactly(wrong)):
            attrs.evolve(CLINIC, **{field: [*getattr(CLINIC, field), thing]})

    @pytest.mark.parametrize(
        ("field", "thing", "key", "wanted"),
        [
            ("services", Service("x", "X", customers=["council"]), "council", "Customer"),
            ("services", Service("x", "X", stakeholders=["staff"]), "staff", "Stakeholder"),
            ("statements", Statement("x", "care", "X", source="s"), "care", "Customer"),
            (
                "statements",
                Statement("x", "patients", "X", source="s", supports=["patients"]),
                "patients",
                "Need or Requirement",
            ),
            ("needs", Need("x", "office", "X"), "office", "Customer"),
            ("requirements", Requirement("x", "quick", "X"), "quick", "Need"),
            ("measures", PerformanceMeasure("x", "care", "X"), "care", "Requirement"),
            ("measures", PerformanceMeasure("x", "greet", "X"), "greet", "Requirement"),
        ],
        ids=words,
    )
    def test_an_id_of_the_wrong_kind_is_no_place_to_lead_to(self, field, thing, key, wanted):
        wrong = f"{type(thing).__name__} 'x' refers to {key!r}, which is no {wanted}"
        with pytest.raises(VocabularyError, match=exactly(wrong)):
            attrs.evolve(CLINIC, **{field: [*getattr(CLINIC, field), thing]})

    def test_an_object_that_is_not_part_of_the_focus_is_no_place_to_lead_to(self):
        wrong = exactly("Need 'care' refers to 'patients', which is no Customer")
        with pytest.raises(VocabularyError, match=wrong):
            CustomerFocus("Clinic", needs=[CARE])

    def test_a_statement_may_support_a_need_a_requirement_or_both(self):
        assert CLINIC.statements[1].supports == ("tools", "uptime")

    def test_all_of_them_are_named_together_with_the_duplicates(self):
        wrong = exactly(
            "'twin' used 2 times (Customer, Stakeholder)",
            "'pair' used 2 times (Need, Need)",
            "Service 's' refers to 'c1', which is no Customer",
            "Service 's' refers to 'c2', which is no Customer",
            "Service 's' refers to 'h1', which is no Stakeholder",
            "Statement 't' refers to 'c3', which is no Customer",
            "Statement 't' refers to 'w1', which is no Need or Requirement",
            "Statement 't' refers to 'w2', which is no Need or Requirement",
            "Need 'pair' refers to 'c4', which is no Customer",
            "Need 'pair' refers to 'c5', which is no Customer",
            "Requirement 'r' refers to 'n1', which is no Need",
            "PerformanceMeasure 'm' refers to 'r1', which is no Requirement",
        )
        with pytest.raises(VocabularyError, match=wrong):
            CustomerFocus(
                "Clinic",
                customers=[Customer("twin", "T")],
                stakeholders=[Stakeholder("twin", "T")],
                services=[Service("s", "S", customers=["c1", "twin", "c2"], stakeholders=["h1"])],
                statements=[Statement("t", "c3", "T", source="s", supports=["w1", "r", "w2"])],
                needs=[Need("pair", "c4", "P"), Need("pair", "c5", "P")],
                requirements=[Requirement("r", "n1", "R")],
                measures=[PerformanceMeasure("m", "r1", "M")],
            )

    def test_the_error_is_a_value_error_of_this_library_that_survives_pickling(self):
        with pytest.raises(VocabularyError) as caught:
            CustomerFocus("Clinic", needs=[CARE])
        again = pickle.loads(pickle.dumps(caught.value))
        assert isinstance(again, CustfocusError)
        assert isinstance(again, ValueError)
        assert again.args == (str(caught.value),)


class TestQueries:
    @pytest.mark.parametrize(
        ("query", "thing", "expected"),
        [
            ("needs_of", PATIENTS, (CARE, CALM)),
            ("needs_of", STAFF, (TOOLS,)),
            ("requirements_of", CARE, (KIND, QUICK)),
            ("requirements_of", TOOLS, (UPTIME,)),
            ("measures_of", QUICK, (WAIT, SEEN)),
            ("measures_of", HEARD, (TALKS,)),
            ("stakeholders_of", OFFICE, (COUNCIL, PRESS)),
            ("stakeholders_of", LAB, (COUNCIL,)),
        ],
        ids=words,
    )
    def test_answers_in_the_order_of_the_focus_for_an_object_and_for_its_id(
        self, query, thing, expected
    ):
        assert getattr(CLINIC, query)(thing) == expected
        assert getattr(CLINIC, query)(thing.id) == expected

    def test_answers_nothing_where_there_is_nothing(self):
        focus = CustomerFocus(
            "Clinic",
            customers=[PATIENTS, STAFF],
            services=[Service("desk", "Desk")],
            needs=[CARE, CALM],
            requirements=[QUICK],
            stakeholders=[UNION],
        )
        assert focus.needs_of("staff") == ()
        assert focus.requirements_of("calm") == ()
        assert focus.measures_of("quick") == ()
        assert focus.stakeholders_of("desk") == ()

    @pytest.mark.parametrize(
        ("query", "unknown", "kind", "remedy"),
        [
            ("needs_of", "patient", "Customer", "; did you mean 'patients'? (also: staff)"),
            ("voice", "stafff", "Customer", "; did you mean 'staff'? (also: patients)"),
            ("requirements_of", "tool", "Need", "; did you mean 'tools'? (also: care, calm)"),
            (
                "measures_of",
                "quik",
                "Requirement",
                "; did you mean 'quick'? (also: kind, uptime, heard)",
            ),
            ("stakeholders_of", "ofice", "Service", "; did you mean 'office'? (also: lab)"),
            ("needs_of", "xyz", "Customer", "; choose from: patients, staff"),
            ("needs_of", "", "Customer", "; choose from: patients, staff"),
        ],
    )
    def test_an_unknown_id_gets_the_near_miss_and_the_others(self, query, unknown, kind, remedy):
        said = re.escape(f"unknown {kind} id {unknown!r}{remedy}")
        with pytest.raises(VocabularyError, match=f"^{said}$"):
            getattr(CLINIC, query)(unknown)

    @pytest.mark.parametrize(("query", "kind"), QUERIES.items())
    def test_an_id_of_another_kind_is_answered_with_what_it_is(self, query, kind):
        everything = [*(one for field in FIELDS for one in getattr(CLINIC, field)), GREET, TREAT]
        others = [one for one in everything if type(one) is not kind]
        assert {type(one) for one in others} == set(KINDS) - {kind}
        for other in others:
            said = (
                f"^expected a {kind.__name__}, got {other.id!r}, "
                f"which is an? {type(other).__name__}$"
            )
            with pytest.raises(VocabularyError, match=said):
                getattr(CLINIC, query)(other.id)

    def test_the_article_before_an_activity_is_an(self):
        with pytest.raises(VocabularyError, match=r"which is an Activity$"):
            CLINIC.stakeholders_of("greet")

    @pytest.mark.parametrize(("query", "kind"), QUERIES.items())
    def test_an_object_of_another_kind_is_refused_with_what_was_expected(self, query, kind):
        for other, shown in (
            (GREET, "the Activity 'greet'"),
            (SLOW, "the Statement 'slow'"),
            (None, "None"),
            (3, "3"),
            (["patients"], r"\['patients'\]"),
        ):
            said = f"^expected a {kind.__name__} or an id, got {shown}$"
            with pytest.raises(VocabularyError, match=said):
                getattr(CLINIC, query)(other)

    @pytest.mark.parametrize(("query", "kind"), QUERIES.items())
    def test_an_object_that_the_focus_does_not_hold_is_unknown_by_its_id(self, query, kind):
        (thing,) = (one for one in (PATIENTS, CARE, QUICK, OFFICE) if type(one) is kind)
        stranger = attrs.evolve(thing, id="zzz")
        with pytest.raises(VocabularyError, match=f"^unknown {kind.__name__} id 'zzz'; choose"):
            getattr(CLINIC, query)(stranger)

    @pytest.mark.parametrize(("query", "kind"), QUERIES.items())
    def test_every_id_is_unknown_to_an_empty_focus_which_says_that_there_are_none(
        self, query, kind
    ):
        said = f"^unknown {kind.__name__} id 'x'; there are none$"
        with pytest.raises(VocabularyError, match=said):
            getattr(CustomerFocus("Clinic"), query)("x")

    @pytest.mark.parametrize(("query", "kind"), QUERIES.items())
    def test_others_of_another_kind_are_none_to_choose_from(self, query, kind):
        focus = CustomerFocus("Clinic", stakeholders=[Stakeholder("xx", "X")])
        said = f"^unknown {kind.__name__} id 'x'; there are none$"
        with pytest.raises(VocabularyError, match=said):
            getattr(focus, query)("x")


def rows(result):
    return [tuple(row.values()) for row in result.to_dicts()]


class TestVoice:
    def test_has_what_was_spoken_first_statements_before_each_need_with_its_requirements(self):
        voice = CLINIC.voice("patients")
        assert isinstance(voice, Voice)
        assert rows(voice) == [
            (True, "statement", "slow", "I waited all day."),
            (True, "need", "care", "care close to home"),
            (True, "requirement", "quick", "a visit within a day"),
            (True, "requirement", "heard", "time to talk"),
            (False, "requirement", "kind", "kindness"),
            (False, "need", "calm", "to be reassured"),
        ]

    def test_is_of_one_customer_only(self):
        assert CLINIC.voice(STAFF).keys.labels("id") == ["broken", "tools", "uptime"]

    def test_keeps_the_order_of_statements(self):
        later = Statement("later", "patients", "Better now.", source="call")
        focus = attrs.evolve(CLINIC, statements=[later, BROKEN, SLOW])
        assert focus.voice("patients").sel(kind="statement").text.tolist() == [
            "Better now.", "I waited all day.",
        ]  # fmt: skip

    def test_is_chosen_by_spoken_and_kind_also_where_there_is_nothing(self):
        unspoken = CLINIC.voice("patients").sel(spoken=False)
        assert unspoken.keys.labels("id") == ["kind", "calm"]
        assert len(CLINIC.voice("staff").sel(spoken=False)) == 0

    def test_prints_as_a_table_that_names_the_customer(self):
        assert str(CLINIC.voice(STAFF)).split("\n") == [
            "spoken  kind         id      text",
            "True    statement    broken  It broke again.",
            "True    need         tools   working tools",
            "True    requirement  uptime  few failures",
            "the voice of Other staff",
        ]

    def test_of_a_silent_customer_is_empty_and_says_so(self):
        voice = CustomerFocus("Clinic", customers=[PATIENTS]).voice("patients")
        assert len(voice) == 0
        assert str(voice) == "no statements, needs or requirements"

    def test_of_one_row_is_its_words(self):
        assert str(CLINIC.voice(STAFF)[1]) == ("spoken True, kind need, id tools: working tools")


class TestGaps:
    CLOSED = attrs.evolve(
        CLINIC,
        measures=[WAIT, SEEN, TALKS, FAILURES, attrs.evolve(SMILES, target=Target.at_least(3))],
    )

    def test_a_focus_without_gaps_has_none_and_says_so(self):
        gaps = self.CLOSED.gaps()
        assert isinstance(gaps, Gaps)
        assert len(gaps) == 0
        assert gaps.to_dicts() == []
        assert str(gaps) == repr(gaps) == "no gaps"
        assert "no gaps" in str(gaps.sel(gap="never heard"))
        assert list(gaps.to_frame("polars").columns) == ["gap", "kind", "id", "text"]

    def test_an_empty_focus_has_none(self):
        assert len(CustomerFocus("Clinic").gaps()) == 0

    @pytest.mark.parametrize(
        ("field", "things", "gaps"),
        [
            (
                "customers",
                [PATIENTS, Customer("guests", "Guests"), STAFF, Customer("kin", "Kin")],
                [
                    ("never heard", "customer", "guests", "Guests"),
                    ("never heard", "customer", "kin", "Kin"),
                ],
            ),
            (
                "needs",
                [Need("light", "staff", "light"), CARE, TOOLS, CALM],
                [("no requirement", "need", "light", "light")],
            ),
            (
                "requirements",
                [KIND, QUICK, UPTIME, HEARD, Requirement("clean", "care", "clean rooms")],
                [("no measure", "requirement", "clean", "clean rooms")],
            ),
            (
                "measures",
                [WAIT, SMILES, SEEN, TALKS, FAILURES],
                [("no target", "measure", "smiles", "Smiles")],
            ),
            (
                "statements",
                [SLOW, Statement("hm", "staff", "Hm.", source="survey"), BROKEN],
                [("supports nothing", "statement", "hm", "Hm.")],
            ),
            (
                "services",
                [OFFICE, LAB, Service("desk", "Desk", stakeholders=["press"])],
                [("no customer", "service", "desk", "Desk")],
            ),
        ],
        ids=words,
    )
    def test_each_gap_is_found_with_the_id_and_name_of_what_has_it(self, field, things, gaps):
        found = attrs.evolve(self.CLOSED, **{field: things}).gaps()
        assert rows(found) == gaps
        assert rows(found.sel(gap=gaps[0][0])) == gaps

    def test_they_are_listed_from_the_customer_to_the_service(self):
        gaps = CustomerFocus(
            "Clinic",
            customers=[PATIENTS, STAFF],
            services=[Service("desk", "Desk")],
            statements=[Statement("hm", "staff", "Hm.", source="survey")],
            needs=[CARE, CALM],
            requirements=[QUICK, KIND],
            measures=[PerformanceMeasure("wait", "quick", "Wait")],
        ).gaps()
        assert str(gaps).split("\n") == [
            "gap               kind         id        text",
            "never heard       customer     patients  Patients",
            "no requirement    need         calm      to be reassured",
            "no measure        requirement  kind      kindness",
            "no target         measure      wait      Wait",
            "supports nothing  statement    hm        Hm.",
            "no customer       service      desk      Desk",
            "what the customer focus leaves open",
        ]

    def test_a_single_one_is_a_line(self):
        [gap] = attrs.evolve(self.CLOSED, measures=[WAIT, SMILES, SEEN, TALKS, FAILURES]).gaps()
        assert str(gap) == "gap no target, kind measure, id smiles: Smiles"

    def test_a_name_cannot_forge_a_row(self):
        odd = Customer("odd", "Odd\nnever heard  customer  \x1b[2Jstaff")
        gaps = attrs.evolve(self.CLOSED, customers=[PATIENTS, STAFF, odd]).gaps()
        for text in (str(gaps), str(gaps[0]), str(CustomerFocus("C", customers=[odd]).voice(odd))):
            assert "\x1b" not in text
            assert sum("never heard" in line for line in text.split("\n")) <= 1


def items(element):
    """The texts that a nested list shows, in order."""
    return ["".join(li.text or "") for li in element.iter("li")]


class TestPrinting:
    def test_prints_as_a_tree_services_first(self):
        assert str(CLINIC) == TREE
        assert repr(CLINIC) == TREE

    def test_an_empty_focus_prints_as_its_name(self):
        assert str(CustomerFocus("Clinic")) == "Clinic"

    def test_stakeholders_that_no_service_names_come_last_in_their_order(self):
        focus = CustomerFocus(
            "Clinic",
            customers=[PATIENTS],
            stakeholders=[UNION, COUNCIL, PRESS],
            services=[Service("desk", "Desk", stakeholders=["council"])],
        )
        assert str(focus).split("\n") == [
            "Clinic",
            "+- service: Desk",
            "|  +- stakeholder: City council (influences, influenced)",
            "+- customer: Patients (external, individual)",
            "+- stakeholder: Union",
            "+- stakeholder: Press",
        ]

    def test_without_a_service_every_stakeholder_comes_last(self):
        focus = CustomerFocus("Clinic", stakeholders=[COUNCIL, PRESS])
        assert str(focus) == (
            "Clinic\n+- stakeholder: City council (influences, influenced)\n+- stakeholder: Press"
        )

    def test_texts_of_several_lines_take_one_and_are_kept_as_they_were(self):
        said = Statement("t", "patients", "Slow.\n\nAnd  rude.\n", source="a\tcall")
        focus = CustomerFocus("City\nclinic", customers=[PATIENTS], statements=[said])
        assert str(focus).split("\n") == [
            "City clinic",
            "+- customer: Patients (external, individual)",
            '   +- said: "Slow. And rude. " (a call)',
        ]
        assert focus.name == "City\nclinic"
        assert focus.statements[0].text == "Slow.\n\nAnd  rude.\n"

    def test_html_has_the_lines_of_the_text_in_one_list(self):
        root = ET.fromstring(CLINIC._repr_html_())  # noqa: S314
        assert root.tag == "ul"
        assert len(root) == 1
        assert items(root) == [line.lstrip("+-| ") for line in TREE.split("\n")]

    @pytest.mark.parametrize("name", ["<b>R&D</b>", "a \"b\" 'c'", "1 < 2 & 3 > 2", "&amp;"])
    def test_html_shows_the_signs_of_html_in_every_name(self, name):
        focus = CustomerFocus(
            name,
            customers=[Customer("c", name)],
            stakeholders=[Stakeholder("h", name)],
            services=[
                Service(
                    "s", name, customers=["c"], stakeholders=["h"], activities=[Activity("a", name)]
                )
            ],
            statements=[Statement("t", "c", name, source=name)],
            needs=[Need("n", "c", name)],
            requirements=[Requirement("r", "n", name)],
            measures=[PerformanceMeasure("m", "r", name)],
        )
        html = focus._repr_html_()
        assert "<b>" not in html
        assert '"' not in html
        assert "'" not in html
        assert items(ET.fromstring(html)) == [  # noqa: S314
            name,
            f"service: {name}",
            f"for: {name}",
            f"stakeholder: {name}",
            f"activity: {name}",
            f"customer: {name} (external, individual)",
            f'said: "{name}" ({name})',
            f"needs: {name}",
            f"expectation: {name}",
            f"measure: {name}, no target yet",
        ]


class TestAsAValue:
    def test_fields_cannot_be_assigned(self):
        for field in attrs.fields(CustomerFocus):
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                setattr(CLINIC, field.name, ())

    def test_equals_one_with_the_same_parts_and_hashes_alike(self):
        again = attrs.evolve(CLINIC)
        assert again == CLINIC
        assert hash(again) == hash(CLINIC)

    def test_differs_if_a_name_a_part_or_the_order_differs(self):
        assert attrs.evolve(CLINIC, name="other") != CLINIC
        assert attrs.evolve(CLINIC, measures=CLINIC.measures[:-1]) != CLINIC
        assert attrs.evolve(CLINIC, customers=CLINIC.customers[::-1]) != CLINIC

    def test_copies_and_pickles_to_an_equal_one_that_answers_alike(self):
        for again in (
            copy.copy(CLINIC),
            copy.deepcopy(CLINIC),
            pickle.loads(pickle.dumps(CLINIC)),
        ):
            assert type(again) is CustomerFocus
            assert again == CLINIC
            assert again.voice("patients") == CLINIC.voice("patients")
            assert str(again) == TREE


@attrs.frozen
class Child(Customer):
    """A customer of one's own, with a field more."""

    age: int = attrs.field(default=9, kw_only=True)


class Wish(Need):
    """A need of one's own."""


class Desk(Service):
    """A service of one's own."""


class Rule(Requirement):
    """A requirement of one's own."""


class TestSubclasses:
    KIDS = Child("kids", "Kids", age=7)
    SWEETS = Wish("sweets", KIDS, "sweets")
    SOON = Rule("soon", SWEETS, "soon")
    DESK = Desk("desk", "Desk", customers=[KIDS], stakeholders=["press"])
    FOCUS = CustomerFocus(
        "Clinic",
        customers=[PATIENTS, KIDS],
        stakeholders=[PRESS],
        services=[DESK],
        statements=[Statement("yum", KIDS, "Yum.", source="call", supports=[SWEETS, SOON])],
        needs=[SWEETS],
        requirements=[SOON],
        measures=[PerformanceMeasure("wait", SOON, "Wait")],
    )

    def test_are_kept_as_they_are(self):
        assert self.FOCUS.customers[1] is self.KIDS
        assert self.FOCUS.customers[1].age == 7

    def test_are_found_by_object_and_by_id(self):
        for kids in (self.KIDS, "kids"):
            assert self.FOCUS.needs_of(kids) == (self.SWEETS,)
            assert self.FOCUS.voice(kids).keys.labels("id") == ["yum", "sweets", "soon"]
        for sweets in (self.SWEETS, "sweets"):
            assert self.FOCUS.requirements_of(sweets) == (self.SOON,)
        for soon in (self.SOON, "soon"):
            assert self.FOCUS.measures_of(soon) == self.FOCUS.measures
        for desk in (self.DESK, "desk"):
            assert self.FOCUS.stakeholders_of(desk) == (PRESS,)

    def test_are_among_the_ids_to_choose_from(self):
        said = r"^unknown Customer id 'kid'; did you mean 'kids'\? \(also: patients\)$"
        with pytest.raises(VocabularyError, match=said):
            self.FOCUS.needs_of("kid")

    def test_go_by_their_own_names_in_errors(self):
        with pytest.raises(
            VocabularyError, match=r"^expected a Need, got 'kids', which is a Child"
        ):
            self.FOCUS.requirements_of("kids")
        with pytest.raises(VocabularyError, match=exactly("'kids' used 2 times (Customer, Child)")):
            CustomerFocus("Clinic", customers=[Customer("kids", "Kids"), self.KIDS])
        lost = exactly("Wish 'sweets' refers to 'kids', which is no Customer")
        with pytest.raises(VocabularyError, match=lost):
            CustomerFocus("Clinic", needs=[self.SWEETS])
        with pytest.raises(VocabularyError, match=r"^Child\.id must be a text without"):
            Child(" kids", "Kids")

    def test_print_as_what_they_specialise(self):
        assert "+- customer: Patients (external, individual)" in str(self.FOCUS)
        assert "+- customer: Kids (external, individual)" in str(self.FOCUS)

    def test_a_focus_of_ones_own_answers_and_prints_likewise(self):
        class Ours(CustomerFocus):
            pass

        ours = Ours("Clinic", customers=[PATIENTS], needs=[CARE])
        assert ours.needs_of("patients") == (CARE,)
        assert str(ours) == str(CustomerFocus("Clinic", customers=[PATIENTS], needs=[CARE]))
