"""
The laws that a customer focus keeps, as property tests.

No random seed: the same examples at each run.
"""

import pickle
from collections import Counter
from itertools import count
from xml.etree import ElementTree as ET

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custfocus.errors import VocabularyError
from custfocus.vocabulary import (
    Activity,
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Service,
    Stakeholder,
    Statement,
    Target,
)

law = settings(derandomize=True, deadline=None, max_examples=60, database=None)

START = "ids must be unique and references must lead somewhere, got "
COLLECTIONS = (
    "customers",
    "stakeholders",
    "services",
    "statements",
    "needs",
    "requirements",
    "measures",
)

a_spoken = st.booleans()
a_text = st.just("x")
a_target = st.none() | st.integers(-9, 9).map(Target.at_least)


def named(key):
    """A name with signs of HTML."""
    return f'<b>R&D</b> "{key}" it\'s'


def objects_or_ids(things):
    """References to the things: each by itself or by its id."""
    return st.sampled_from([*things, *(thing.id for thing in things)])


def key_of(thing):
    """What a reference leads to, be it an object or an id."""
    return thing if isinstance(thing, str) else thing.id


def references(things):
    """Up to three references to different things."""
    if not things:
        return st.just([])
    return st.lists(objects_or_ids(things), max_size=3, unique_by=key_of)


@st.composite
def focuses(draw):
    """Customer focuses that hold together, each collection shuffled; empty ones too."""
    size = st.integers(0, 4)
    fresh = (f"id {number}" for number in count())

    def some(make, *needed):
        return [make(next(fresh)) for _ in range(draw(size) if all(needed) else 0)]

    def one_of(things):
        return draw(objects_or_ids(things))

    customers = some(lambda key: Customer(key, named(key)))
    stakeholders = some(lambda key: Stakeholder(key, named(key)))
    services = some(
        lambda key: Service(
            key,
            named(key),
            customers=draw(references(customers)),
            stakeholders=draw(references(stakeholders)),
            activities=[
                Activity(next(fresh), named("step")) for _ in range(draw(st.integers(0, 2)))
            ],
        )
    )
    needs = some(
        lambda key: Need(key, one_of(customers), named(key), spoken=draw(a_spoken)), customers
    )
    requirements = some(
        lambda key: Requirement(key, one_of(needs), named(key), spoken=draw(a_spoken)), needs
    )
    statements = some(
        lambda key: Statement(
            key,
            one_of(customers),
            named(key),
            source="survey",
            supports=draw(references([*needs, *requirements])),
        ),
        customers,
    )
    measures = some(
        lambda key: PerformanceMeasure(
            key, one_of(requirements), named(key), target=draw(a_target)
        ),
        requirements,
    )
    return CustomerFocus(
        named("all"),
        customers=draw(st.permutations(customers)),
        stakeholders=draw(st.permutations(stakeholders)),
        services=draw(st.permutations(services)),
        statements=draw(st.permutations(statements)),
        needs=draw(st.permutations(needs)),
        requirements=draw(st.permutations(requirements)),
        measures=draw(st.permutations(measures)),
    )


@st.composite
def loose_parts(draw):
    """Objects of every kind that share few ids: mostly doubled, mostly dangling."""
    key = st.sampled_from("abcdefghijkl")
    keys = st.lists(key, max_size=2, unique=True)
    strategies = {
        "customers": st.builds(Customer, key, a_text),
        "stakeholders": st.builds(Stakeholder, key, a_text),
        "services": st.builds(
            Service,
            key,
            a_text,
            customers=keys,
            stakeholders=keys,
            activities=st.lists(st.builds(Activity, key, a_text), max_size=1),
        ),
        "statements": st.builds(Statement, key, key, a_text, source=st.just("call"), supports=keys),
        "needs": st.builds(Need, key, key, a_text),
        "requirements": st.builds(Requirement, key, key, a_text),
        "measures": st.builds(PerformanceMeasure, key, key, a_text),
    }
    size = draw(st.integers(0, 2))
    return {field: draw(st.lists(one, max_size=size)) for field, one in strategies.items()}


def links(parts):
    """Every reference: who refers, to which id, and the collections that it may be in."""
    for service in parts["services"]:
        for key in service.customers:
            yield service, key, ["customers"]
        for key in service.stakeholders:
            yield service, key, ["stakeholders"]
    for said in parts["statements"]:
        yield said, said.customer, ["customers"]
        for key in said.supports:
            yield said, key, ["needs", "requirements"]
    for need in parts["needs"]:
        yield need, need.customer, ["customers"]
    for requirement in parts["requirements"]:
        yield requirement, requirement.need, ["needs"]
    for measure in parts["measures"]:
        yield measure, measure.requirement, ["requirements"]


KINDS = {
    "customers": "Customer",
    "stakeholders": "Stakeholder",
    "needs": "Need",
    "requirements": "Requirement",
}


def dangling(parts):
    """What the error says of each reference that leads nowhere."""
    return [
        f"{type(owner).__name__} {owner.id!r} refers to {key!r}, "
        f"which is no {' or '.join(KINDS[field] for field in fields)}"
        for owner, key, fields in links(parts)
        if key not in [thing.id for field in fields for thing in parts[field]]
    ]


def doubled(parts):
    """How often each id is used that is used more than once."""
    activities = [activity for service in parts["services"] for activity in service.activities]
    things = [*activities, *(thing for field in COLLECTIONS for thing in parts[field])]
    uses = Counter(thing.id for thing in things)
    return {key: number for key, number in uses.items() if number > 1}


def parts_of(focus):
    return {field: getattr(focus, field) for field in COLLECTIONS}


def faults(message):
    """The single complaints of an error: those about doubles and the rest."""
    assert message.startswith(START)
    said = message.removeprefix(START).split("; ")
    doubles = [fault for fault in said if " used " in fault]
    return doubles, [fault for fault in said if " used " not in fault]


def unnamed_stakeholders(focus):
    """Those that no service names, in order."""
    named_ones = {key for service in focus.services for key in service.stakeholders}
    return [one for one in focus.stakeholders if one.id not in named_ones]


def ids(things):
    return [thing.id for thing in things]


class TestWhole:
    @law
    @given(loose_parts())
    def test_parts_make_a_focus_or_one_error_that_names_every_fault_and_nothing_else(self, parts):
        wrong, twice = dangling(parts), doubled(parts)
        if not wrong and not twice:
            assert parts_of(CustomerFocus("x", **parts)) == {
                field: tuple(things) for field, things in parts.items()
            }
            return
        with pytest.raises(VocabularyError) as caught:
            CustomerFocus("x", **parts)
        doubles, danglers = faults(str(caught.value))
        assert sorted(danglers) == sorted(wrong)
        heads = [fault.partition(" (")[0] for fault in doubles]
        assert sorted(heads) == sorted(f"{key!r} used {n} times" for key, n in twice.items())

    @law
    @given(focuses())
    def test_every_reference_of_a_focus_leads_to_exactly_one_object(self, focus):
        parts = parts_of(focus)
        for _, key, fields in links(parts):
            assert [thing.id for field in fields for thing in parts[field]].count(key) == 1

    @law
    @given(focuses())
    def test_a_focus_without_a_customer_is_refused_for_every_reference_to_them(self, focus):
        for customer in focus.customers:
            others = [one for one in focus.customers if one is not customer]
            rest = {**parts_of(focus), "customers": others}
            expected = dangling(rest)
            uses = sum(service.customers.count(customer.id) for service in focus.services)
            uses += sum(one.customer == customer.id for one in (*focus.needs, *focus.statements))
            assert len(expected) == uses
            if uses:
                with pytest.raises(VocabularyError) as caught:
                    CustomerFocus("x", **rest)
                assert sorted(faults(str(caught.value))[1]) == sorted(expected)
            else:
                assert attrs.evolve(focus, customers=others).customers == tuple(others)

    @law
    @given(focuses())
    def test_a_focus_given_twice_is_refused_for_every_id(self, focus):
        twice = {field: [*things, *things] for field, things in parts_of(focus).items()}
        if not doubled(twice):
            assert CustomerFocus("x", **twice) == CustomerFocus("x")
            return
        with pytest.raises(VocabularyError) as caught:
            CustomerFocus("x", **twice)
        doubles, danglers = faults(str(caught.value))
        activities = [one for service in focus.services for one in service.activities]
        everything = [*activities, *(one for them in parts_of(focus).values() for one in them)]
        assert len(doubles) == len(everything)
        assert danglers == []

    @law
    @given(focuses())
    def test_a_focus_is_the_same_after_pickling(self, focus):
        again = pickle.loads(pickle.dumps(focus))
        assert again == focus
        assert hash(again) == hash(focus)
        assert str(again) == str(focus)


class TestQueries:
    @law
    @given(focuses())
    def test_each_need_is_found_under_its_customer_and_no_other(self, focus):
        found = [(need, one.id) for one in focus.customers for need in focus.needs_of(one)]
        assert Counter(found) == Counter((need, need.customer) for need in focus.needs)

    @law
    @given(focuses())
    def test_each_requirement_is_found_under_its_need_and_no_other(self, focus):
        found = [(wish, need.id) for need in focus.needs for wish in focus.requirements_of(need)]
        assert Counter(found) == Counter((wish, wish.need) for wish in focus.requirements)

    @law
    @given(focuses())
    def test_each_measure_is_found_under_its_requirement_and_no_other(self, focus):
        found = [(one, wish.id) for wish in focus.requirements for one in focus.measures_of(wish)]
        assert Counter(found) == Counter((one, one.requirement) for one in focus.measures)

    @law
    @given(focuses())
    def test_a_stakeholder_is_found_once_under_each_service_that_names_them(self, focus):
        for service in focus.services:
            found = focus.stakeholders_of(service)
            assert set(ids(found)) == set(service.stakeholders)
            assert len(set(found)) == len(found)

    @law
    @given(focuses())
    def test_answers_keep_the_order_of_the_focus(self, focus):
        for customer in focus.customers:
            places = [focus.needs.index(need) for need in focus.needs_of(customer)]
            assert places == sorted(places)
        for service in focus.services:
            places = [focus.stakeholders.index(one) for one in focus.stakeholders_of(service)]
            assert places == sorted(places)

    @law
    @given(focuses())
    def test_an_object_and_its_id_get_the_same_answer(self, focus):
        for customer in focus.customers:
            assert focus.needs_of(customer) == focus.needs_of(customer.id)
            assert focus.voice(customer) == focus.voice(customer.id)
        for need in focus.needs:
            assert focus.requirements_of(need) == focus.requirements_of(need.id)
        for wish in focus.requirements:
            assert focus.measures_of(wish) == focus.measures_of(wish.id)
        for service in focus.services:
            assert focus.stakeholders_of(service) == focus.stakeholders_of(service.id)


class TestVoice:
    @law
    @given(focuses())
    def test_it_has_all_statements_needs_and_requirements_of_the_customer_once(self, focus):
        for customer in focus.customers:
            voice = focus.voice(customer)
            said = [one.id for one in focus.statements if one.customer == customer.id]
            needs = ids(need for need in focus.needs if need.customer == customer.id)
            theirs = [wish.id for wish in focus.requirements if wish.need in needs]
            assert Counter(voice.keys.labels("id")) == Counter([*said, *needs, *theirs])
            assert voice.sel(kind="statement").keys.labels("id") == said

    @law
    @given(focuses())
    def test_it_tells_what_was_spoken_from_what_was_not(self, focus):
        spoken = {wish.id: wish.spoken for wish in (*focus.needs, *focus.requirements)}
        spoken |= {said.id: True for said in focus.statements}
        found = {
            row["id"]: row["spoken"]
            for customer in focus.customers
            for row in focus.voice(customer).to_dicts()
        }
        assert found == spoken


def lacking(focus):
    """The gaps by kind, as the queries have no answer; ids in order."""
    return {
        "never heard": [
            one.id for one in focus.customers if not len(focus.voice(one).sel(kind="statement"))
        ],
        "no requirement": [need.id for need in focus.needs if not focus.requirements_of(need)],
        "no measure": [wish.id for wish in focus.requirements if not focus.measures_of(wish)],
        "no target": [one.id for one in focus.measures if one.target is None],
        "supports nothing": [one.id for one in focus.statements if not one.supports],
        "no customer": [one.id for one in focus.services if not one.customers],
    }


class TestGaps:
    @law
    @given(focuses())
    def test_gaps_are_where_the_queries_have_no_answer_in_order(self, focus):
        gaps = focus.gaps()
        assert len(gaps) == sum(map(len, lacking(focus).values()))
        for gap, found in lacking(focus).items():
            assert gaps.sel(gap=gap).keys.labels("id") == found

    @law
    @given(focuses())
    def test_a_focus_has_gaps_until_all_of_them_are_closed(self, focus):
        gaps = focus.gaps()
        assert (len(gaps) == 0) == (str(gaps) == "no gaps")
        without = set(gaps.sel(gap="no target").keys.labels("id"))
        aimed = [
            attrs.evolve(one, target=Target.at_most(1)) if one.id in without else one
            for one in focus.measures
        ]
        after = attrs.evolve(focus, measures=aimed).gaps()
        assert after == gaps[[gap != "no target" for gap in gaps.keys.labels("gap")]]


class TestPrinting:
    @law
    @given(focuses())
    def test_the_text_has_a_line_and_the_html_an_item_for_each_thing_that_is_shown(self, focus):
        lines = str(focus).split("\n")
        assert len(lines) == 1 + len(focus.customers) + sum(
            map(len, (focus.statements, focus.needs, focus.requirements, focus.measures))
        ) + sum(
            1 + len(one.customers) + len(one.stakeholders) + len(one.activities)
            for one in focus.services
        ) + len(unnamed_stakeholders(focus))
        items = ["".join(item.text) for item in ET.fromstring(focus._repr_html_()).iter("li")]  # noqa: S314
        assert items[0] == lines[0] == focus.name
        assert [line.lstrip("+-| ") for line in lines[1:]] == items[1:]

    @law
    @given(focuses())
    def test_every_stakeholder_is_shown_last_in_order_or_under_a_service(self, focus):
        lines = str(focus).split("\n")
        others = unnamed_stakeholders(focus)
        assert lines[len(lines) - len(others) :] == [
            f"+- stakeholder: {one.name}" for one in others
        ]
        for one in focus.stakeholders:
            times = sum(one.id in service.stakeholders for service in focus.services)
            shown = sum(line.endswith(f"stakeholder: {one.name}") for line in lines)
            assert shown == max(times, 1)


class TestReferences:
    @law
    @given(st.lists(st.sampled_from("abc"), max_size=4), st.data())
    def test_references_are_kept_or_refused_for_every_doubled_one_and_no_other(self, keys, data):
        things = {key: Customer(key, "x") for key in keys}
        mixed = [data.draw(st.sampled_from([key, things[key]])) for key in keys]
        twice = [key for key, number in Counter(keys).items() if number > 1]
        if not twice:
            assert Service("s", "x", customers=mixed).customers == tuple(keys)
            return
        with pytest.raises(VocabularyError) as caught:
            Service("s", "x", customers=mixed)
        assert str(caught.value) == f"expected every reference once, got {twice} more than once"
