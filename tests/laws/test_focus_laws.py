"""
The laws that a customer focus keeps, as property tests.

No random seed: the same examples at each run.
"""

from collections import Counter
from itertools import count
from xml.etree import ElementTree as ET

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

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
from vocabulary.clinic import FIELDS

law = settings(derandomize=True, deadline=None, max_examples=60, database=None)

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
    parts = customers, stakeholders, services, statements, needs, requirements, measures
    shuffled = (draw(st.permutations(them)) for them in parts)
    return CustomerFocus(named("all"), **dict(zip(FIELDS, shuffled, strict=True)))


class TestQueries:
    @law
    @given(focuses())
    def test_objects_and_ids_get_those_that_refer_to_them_in_the_order_of_the_focus(self, focus):
        def found(query, thing):
            by_object, by_id = query(thing), query(thing.id)
            assert by_object == by_id
            return list(by_object)

        for customer in focus.customers:
            theirs = [need for need in focus.needs if need.customer == customer.id]
            assert found(focus.needs_of, customer) == theirs
            assert focus.voice(customer) == focus.voice(customer.id)
        for need in focus.needs:
            theirs = [wish for wish in focus.requirements if wish.need == need.id]
            assert found(focus.requirements_of, need) == theirs
        for wish in focus.requirements:
            theirs = [one for one in focus.measures if one.requirement == wish.id]
            assert found(focus.measures_of, wish) == theirs
        for service in focus.services:
            theirs = [one for one in focus.stakeholders if one.id in service.stakeholders]
            assert found(focus.stakeholders_of, service) == theirs

    @law
    @given(focuses())
    def test_a_voice_has_what_is_the_customers_once_with_what_was_spoken_first(self, focus):
        spoken = {wish.id: wish.spoken for wish in (*focus.needs, *focus.requirements)}
        for customer in focus.customers:
            rows = focus.voice(customer).to_dicts()
            said = [one.id for one in focus.statements if one.customer == customer.id]
            needs = [need.id for need in focus.needs if need.customer == customer.id]
            theirs = [wish.id for wish in focus.requirements if wish.need in needs]
            assert [row["id"] for row in rows if row["kind"] == "statement"] == said
            assert Counter(row["id"] for row in rows) == Counter([*said, *needs, *theirs])
            flags = [row["spoken"] for row in rows]
            assert flags == [spoken.get(row["id"], True) for row in rows]
            assert flags == sorted(flags, reverse=True)

    @law
    @given(focuses())
    def test_gaps_are_where_the_queries_have_no_answer_in_order_until_they_are_closed(self, focus):
        gaps = focus.gaps()
        assert (len(gaps) == 0) == (str(gaps) == "no gaps")
        assert [(row["gap"], row["id"]) for row in gaps.to_dicts()] == [
            (gap, key) for gap, found in lacking(focus).items() for key in found
        ]
        without = lacking(focus)["no target"]
        aimed = [
            attrs.evolve(one, target=Target.at_most(1)) if one.id in without else one
            for one in focus.measures
        ]
        after = attrs.evolve(focus, measures=aimed).gaps()
        assert after == gaps[[gap != "no target" for gap in gaps.keys.labels("gap")]]


def lacking(focus):
    """The gaps by kind, as the queries have no answer; ids in order."""
    heard = {one.customer for one in focus.statements}
    return {
        "never heard": [one.id for one in focus.customers if one.id not in heard],
        "no requirement": [need.id for need in focus.needs if not focus.requirements_of(need)],
        "no measure": [wish.id for wish in focus.requirements if not focus.measures_of(wish)],
        "no target": [one.id for one in focus.measures if one.target is None],
        "supports nothing": [one.id for one in focus.statements if not one.supports],
        "no customer": [one.id for one in focus.services if not one.customers],
    }


class TestPrinting:
    @law
    @given(focuses())
    def test_the_text_has_a_line_and_the_html_an_item_for_each_thing_that_is_shown(self, focus):
        lines = str(focus).split("\n")
        placed = {key for service in focus.services for key in service.stakeholders}
        others = [one for one in focus.stakeholders if one.id not in placed]
        assert lines[len(lines) - len(others) :] == [
            f"+- stakeholder: {one.name}" for one in others
        ]
        shown = [*others, *focus.customers, *focus.statements, *focus.needs]
        shown += [*focus.requirements, *focus.measures]
        for one in focus.services:
            shown += [one, *one.customers, *one.stakeholders, *one.activities]
        assert len(lines) == 1 + len(shown)
        items = ["".join(item.text) for item in ET.fromstring(focus._repr_html_()).iter("li")]  # noqa: S314
        assert items[0] == lines[0] == focus.name
        assert [line.lstrip("+-| ") for line in lines[1:]] == items[1:]
