"""
The laws that a customer focus keeps, as property tests.

No random seed: the same examples at each run.
"""

import datetime as dt
from collections import Counter
from itertools import chain, count
from xml.etree import ElementTree as ET

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

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
    Target,
)
from vocabulary.clinic import FIELDS

law = settings(derandomize=True, deadline=None, max_examples=60, database=None)

a_spoken = st.sampled_from([True, False, None])
a_day = st.none() | st.dates(dt.date(2023, 1, 1), dt.date(2026, 12, 31))
a_kind = st.sampled_from(["survey", "complaint", "comment", "observation", "usage"])
a_stage = st.sampled_from(["opportunity", "under way", "done", "dropped"])
ON = dt.date(2026, 6, 1)
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
    channels = some(
        lambda key: Channel(
            key,
            named(key),
            kind=draw(a_kind),
            customers=draw(references(customers)),
            last=draw(a_day),
            two_way=draw(st.booleans()),
        )
    )
    needs = some(
        lambda key: Need(
            key,
            one_of(customers),
            named(key),
            spoken=draw(a_spoken),
            services=draw(references(services)),
        ),
        customers,
    )
    requirements = some(
        lambda key: Requirement(key, one_of(needs), named(key), spoken=draw(a_spoken)), needs
    )
    statements = some(
        lambda key: Statement(
            key,
            one_of(customers),
            named(key),
            channel=one_of(channels) if channels and draw(st.booleans()) else None,
            source="survey",
            on=draw(a_day),
            answered=draw(st.none() | st.just(dt.date(2027, 1, 1))),
            supports=draw(references([*needs, *requirements])),
        ),
        customers,
    )
    activities = [step for service in services for step in service.activities]
    shown = [*requirements, *services, *activities, *channels, *customers]
    measures = some(
        lambda key: PerformanceMeasure(key, one_of(shown), named(key), target=draw(a_target)),
        shown,
    )
    improvements = some(
        lambda key: Improvement(
            key,
            named(key),
            learned_from=draw(references([*statements, *measures, *channels])),
            serves=draw(references([*requirements, *services, *activities, *channels])),
            stage=draw(a_stage),
            since=ON,
        )
    )
    parts = (
        customers, stakeholders, services, channels, statements, needs, requirements, measures,
        improvements,
    )  # fmt: skip
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
        steps = (step for service in focus.services for step in service.activities)
        measured = (focus.requirements, focus.services, steps, focus.channels, focus.customers)
        for thing in chain.from_iterable(measured):
            theirs = [one for one in focus.measures if one.about == thing.id]
            assert found(focus.measures_of, thing) == theirs
        for done in focus.improvements:
            theirs = [
                one for one in focus.measures if any(shows(focus, one, key) for key in done.serves)
            ]
            assert found(focus.measures_of, done) == theirs
        for service in focus.services:
            theirs = [one for one in focus.stakeholders if one.id in service.stakeholders]
            assert found(focus.stakeholders_of, service) == theirs

    @law
    @given(focuses())
    def test_a_voice_has_what_is_the_customers_once_with_what_was_spoken_first(self, focus):
        spoken = {wish.id: spoken_of(focus, wish) for wish in (*focus.needs, *focus.requirements)}
        spoken |= {said.id: was_said(focus, said) for said in focus.statements}
        for customer in focus.customers:
            rows = focus.voice(customer).to_dicts()
            said = [one.id for one in focus.statements if one.customer == customer.id]
            said.sort(key=spoken.get, reverse=True)
            needs = [need.id for need in focus.needs if need.customer == customer.id]
            theirs = [wish.id for wish in focus.requirements if wish.need in needs]
            assert [row["id"] for row in rows if row["kind"] == "statement"] == said
            assert Counter(row["id"] for row in rows) == Counter([*said, *needs, *theirs])
            flags = [row["spoken"] for row in rows]
            assert flags == [spoken[row["id"]] for row in rows]
            assert flags == sorted(flags, key=[True, False, None].index)
        for wish in (*focus.needs, *focus.requirements):
            assert focus.spoken(wish) is focus.spoken(wish.id) is spoken[wish.id]

    @law
    @given(focuses())
    def test_gaps_are_where_the_queries_have_no_answer_in_order_until_they_are_closed(self, focus):
        gaps = focus.gaps(ON)
        assert (len(gaps) == 0) == (str(gaps) == "no gaps")
        assert [(row["gap"], row["id"]) for row in gaps.to_dicts()] == [
            (gap, key) for gap, found in lacking(focus).items() for key in found
        ]
        counts = Counter(gaps.keys.labels("practice"))
        practices = focus.practices(ON)
        assert practices.gaps.tolist() == [
            counts[name] for name in practices.keys.labels("practice")
        ]
        without = lacking(focus)["no target"]
        aimed = [
            attrs.evolve(one, target=Target.at_most(1)) if one.id in without else one
            for one in focus.measures
        ]
        after = attrs.evolve(focus, measures=aimed).gaps(ON)
        assert after == gaps[[gap != "no target" for gap in gaps.keys.labels("gap")]]


def was_said(focus, said):
    """Whether a statement came by a channel in which customers speak, or by none."""
    return all(one.heard for one in focus.channels if one.id == said.channel)


def spoken_of(focus, wish):
    """Whether a need or requirement was spoken, from the statements that support it."""
    if wish.spoken is not None:
        return wish.spoken
    support = [was_said(focus, said) for said in focus.statements if wish.id in said.supports]
    return any(support) if support else None


def shows(focus, measure, key):
    """Whether a measure shows how a thing does: of a service its steps and what it meets count."""
    if measure.about == key:
        return True
    for service in focus.services:
        steps = [step.id for step in service.activities]
        met = [need.id for need in focus.needs if service.id in need.services]
        whole = {service.id, *(one.id for one in focus.requirements if one.need in met)}
        if key == service.id and measure.about in whole.union(steps):
            return True
        if key in steps and measure.about in whole:
            return True
    return False


def occasions(focus, customer):
    """The channels or sources by which a customer was heard, each with its day."""
    said = [one for one in focus.statements if one.customer == customer and was_said(focus, one)]
    used = [one for one in focus.channels if customer in one.customers and one.heard and one.last]
    return [*((one.channel or "", one.on) for one in said), *((one.id, one.last) for one in used)]


def lacking(focus):
    """The gaps by kind, as the queries have no answer; ids in order."""
    heard = {one.id: occasions(focus, one.id) for one in focus.customers}
    days = {key: [day for _, day in found if day] for key, found in heard.items()}
    wishes = (*focus.needs, *focus.requirements)
    complaints = {one.id for one in focus.channels if one.kind == "complaint"}
    return {
        "never heard": [key for key, found in heard.items() if not found],
        "not heard within a year": [
            key for key, found in days.items() if found and max(found) < dt.date(2025, 6, 1)
        ],
        "heard by one channel only": [
            key
            for key, found in heard.items()
            if focus.channels and len({way for way, _ in found}) == 1
        ],
        "spoken unknown": [one.id for one in wishes if spoken_of(focus, one) is None],
        "supports nothing": [one.id for one in focus.statements if not one.supports],
        "complaint unanswered": [
            one.id
            for one in focus.statements
            if one.channel in complaints
            and not one.answered
            and (one.on is None or one.on < dt.date(2026, 5, 2))
        ],
        "no service": [one.id for one in focus.needs if focus.services and not one.services],
        "no customer": [one.id for one in focus.services if not one.customers],
        "no requirement": [need.id for need in focus.needs if not focus.requirements_of(need)],
        "no measure": [wish.id for wish in focus.requirements if not focus.measures_of(wish)],
        "no target": [one.id for one in focus.measures if one.target is None],
        "done, not measured": [
            one.id
            for one in focus.improvements
            if one.stage == "done"
            and not any(shows(focus, each, key) for each in focus.measures for key in one.serves)
        ],
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
        shown += [*focus.requirements, *focus.measures, *focus.channels, *focus.improvements]
        for one in focus.channels:
            shown += one.customers
        for one in focus.improvements:
            shown += [*one.learned_from, *one.serves]
        for one in focus.services:
            shown += [one, *one.customers, *one.stakeholders, *one.activities]
        assert len(lines) == 1 + len(shown)
        items = ["".join(item.text) for item in ET.fromstring(focus._repr_html_()).iter("li")]  # noqa: S314
        assert items[0] == lines[0] == focus.name
        assert [line.lstrip("+-| ") for line in lines[1:]] == items[1:]
