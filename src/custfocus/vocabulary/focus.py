"""The whole customer focus of an organisation: its objects, checked references and gaps."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import attrs

from custfocus.errors import VocabularyError, unknown_option
from custfocus.vocabulary.findings import Gap, Gaps, Voice
from custfocus.vocabulary.measure import PerformanceMeasure
from custfocus.vocabulary.parties import Customer, Stakeholder
from custfocus.vocabulary.references import Identified, check_text, id_of, named, objects_of
from custfocus.vocabulary.service import Service
from custfocus.vocabulary.tree import Branch
from custfocus.vocabulary.voice import Need, Requirement, Statement


def _as_customers(things: Iterable[Customer]) -> tuple[Customer, ...]:
    return objects_of(things, Customer)


def _as_stakeholders(things: Iterable[Stakeholder]) -> tuple[Stakeholder, ...]:
    return objects_of(things, Stakeholder)


def _as_services(things: Iterable[Service]) -> tuple[Service, ...]:
    return objects_of(things, Service)


def _as_statements(things: Iterable[Statement]) -> tuple[Statement, ...]:
    return objects_of(things, Statement)


def _as_needs(things: Iterable[Need]) -> tuple[Need, ...]:
    return objects_of(things, Need)


def _as_requirements(things: Iterable[Requirement]) -> tuple[Requirement, ...]:
    return objects_of(things, Requirement)


def _as_measures(things: Iterable[PerformanceMeasure]) -> tuple[PerformanceMeasure, ...]:
    return objects_of(things, PerformanceMeasure)


@attrs.frozen(repr=False)
class CustomerFocus:
    """
    How an organisation listens to its customers, keeps the relationship, determines their
    satisfaction and uses it to improve: all objects of the vocabulary, joined by their ids.

    Prints as a tree, in a notebook as a nested list.

    Attributes:
        name: The organisation or the part of it.
        customers: Who receives its services.
        stakeholders: Who else has an interest in them.
        services: What it does, with its activities.
        statements: What customers said.
        needs: Why they come.
        requirements: What decides whether they leave satisfied.
        measures: What shows it.

    Raises:
        VocabularyError: Ids that are used twice, whatever for, and references that lead to no
            object of the right kind; all of them in one error.
    """

    name: str = attrs.field(validator=check_text)
    customers: tuple[Customer, ...] = attrs.field(default=(), converter=_as_customers, kw_only=True)
    stakeholders: tuple[Stakeholder, ...] = attrs.field(
        default=(), converter=_as_stakeholders, kw_only=True
    )
    services: tuple[Service, ...] = attrs.field(default=(), converter=_as_services, kw_only=True)
    statements: tuple[Statement, ...] = attrs.field(
        default=(), converter=_as_statements, kw_only=True
    )
    needs: tuple[Need, ...] = attrs.field(default=(), converter=_as_needs, kw_only=True)
    requirements: tuple[Requirement, ...] = attrs.field(
        default=(), converter=_as_requirements, kw_only=True
    )
    measures: tuple[PerformanceMeasure, ...] = attrs.field(
        default=(), converter=_as_measures, kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        wrong = [*_duplicates(self), *_dangling(self)]
        if wrong:
            raise VocabularyError(
                f"ids must be unique and references must lead somewhere, got {'; '.join(wrong)}"
            )

    def needs_of(self, customer: Customer | str) -> tuple[Need, ...]:
        """The needs of a customer (object or id), in order."""
        key = _known(self, customer, Customer)
        return tuple(need for need in self.needs if need.customer == key)

    def requirements_of(self, need: Need | str) -> tuple[Requirement, ...]:
        """The requirements of a need (object or id), in order."""
        key = _known(self, need, Need)
        return tuple(one for one in self.requirements if one.need == key)

    def measures_of(self, requirement: Requirement | str) -> tuple[PerformanceMeasure, ...]:
        """The measures of a requirement (object or id), in order."""
        key = _known(self, requirement, Requirement)
        return tuple(measure for measure in self.measures if measure.requirement == key)

    def stakeholders_of(self, service: Service | str) -> tuple[Stakeholder, ...]:
        """The stakeholders of a service (object or id), in order."""
        key = _known(self, service, Service)
        ids = {
            one for service in self.services if service.id == key for one in service.stakeholders
        }
        return tuple(one for one in self.stakeholders if one.id in ids)

    def voice(self, customer: Customer | str) -> Voice:
        """What a customer (object or id) has said, needs and requires, spoken and unspoken."""
        key = _known(self, customer, Customer)
        [name] = (one.name for one in self.customers if one.id == key)
        return Voice.of(name, _said(self, key))

    def gaps(self) -> Gaps:
        """What is missing: customers never heard, requirements without a measure, and so on."""
        return Gaps.of([*_unreferenced(self), *_unfinished(self)])

    def __str__(self) -> str:
        return str(_focus_branch(self))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<ul>{_focus_branch(self).to_html()}</ul>"


def _said(focus: CustomerFocus, customer: str) -> Iterator[tuple[bool, str, str, str]]:
    """The rows of a customer's voice, each need before its requirements."""
    for said in focus.statements:
        if said.customer == customer:
            yield True, "statement", said.id, said.text
    for need in focus.needs_of(customer):
        yield need.spoken, "need", need.id, need.text
        for one in focus.requirements_of(need):
            yield one.spoken, "requirement", one.id, one.text


_GapRows = Iterator[tuple[Gap, str, str, str]]


def _unreferenced(focus: CustomerFocus) -> _GapRows:
    """The gaps of objects that no other object refers to."""
    heard = {said.customer for said in focus.statements}
    detailed = {requirement.need for requirement in focus.requirements}
    measured = {measure.requirement for measure in focus.measures}
    for customer in focus.customers:
        if customer.id not in heard:
            yield "never heard", "customer", customer.id, customer.name
    for need in focus.needs:
        if need.id not in detailed:
            yield "no requirement", "need", need.id, need.text
    for requirement in focus.requirements:
        if requirement.id not in measured:
            yield "no measure", "requirement", requirement.id, requirement.text


def _unfinished(focus: CustomerFocus) -> _GapRows:
    """The gaps of objects that lack a target or a reference of their own."""
    for measure in focus.measures:
        if measure.target is None:
            yield "no target", "measure", measure.id, measure.name
    for said in focus.statements:
        if not said.supports:
            yield "supports nothing", "statement", said.id, said.text
    for service in focus.services:
        if not service.customers:
            yield "no customer", "service", service.id, service.name


def _known(focus: CustomerFocus, thing: object, kind: type[Identified]) -> str:
    """The id of an object of this kind in the focus."""
    key = id_of(thing, kind)
    things = {held.id: held for held in _things(focus)}
    if key in things and not isinstance(things[key], kind):
        raise VocabularyError(
            f"expected {named(kind)}, got {key!r}, which is {named(type(things[key]))}"
        )
    if key not in things:
        ids = [held.id for held in things.values() if isinstance(held, kind)]
        raise VocabularyError(str(unknown_option(f"{kind.__name__} id", key, ids)))
    return key


def _things(focus: CustomerFocus) -> Iterator[Identified]:
    yield from focus.customers
    yield from focus.stakeholders
    for service in focus.services:
        yield service
        yield from service.activities
    yield from focus.statements
    yield from focus.needs
    yield from focus.requirements
    yield from focus.measures


def _duplicates(focus: CustomerFocus) -> Iterator[str]:
    kinds: dict[str, list[str]] = defaultdict(list)
    for thing in _things(focus):
        kinds[thing.id].append(type(thing).__name__)
    for key, names in kinds.items():
        if len(names) > 1:
            yield f"{key!r} used {len(names)} times ({', '.join(names)})"


def _dangling(focus: CustomerFocus) -> Iterator[str]:
    things: dict[str, list[Identified]] = defaultdict(list)
    for thing in _things(focus):
        things[thing.id].append(thing)
    for owner, key, kinds in _references(focus):
        if not any(isinstance(thing, kinds) for thing in things[key]):
            wanted = " or ".join(kind.__name__ for kind in kinds)
            yield f"{type(owner).__name__} {owner.id!r} refers to {key!r}, which is no {wanted}"


def _references(
    focus: CustomerFocus,
) -> Iterator[tuple[Identified, str, tuple[type[Identified], ...]]]:
    for service in focus.services:
        yield from ((service, key, (Customer,)) for key in service.customers)
        yield from ((service, key, (Stakeholder,)) for key in service.stakeholders)
    for said in focus.statements:
        yield said, said.customer, (Customer,)
        yield from ((said, key, (Need, Requirement)) for key in said.supports)
    for need in focus.needs:
        yield need, need.customer, (Customer,)
        yield from ((need, key, (Service,)) for key in need.services)
    yield from ((one, one.need, (Need,)) for one in focus.requirements)
    yield from ((measure, measure.requirement, (Requirement,)) for measure in focus.measures)


def _focus_branch(focus: CustomerFocus) -> Branch:
    services = tuple(_service_branch(focus, service) for service in focus.services)
    customers = tuple(_customer_branch(focus, customer) for customer in focus.customers)
    placed = {key for service in focus.services for key in service.stakeholders}
    others = tuple(_stakeholder_branch(one) for one in focus.stakeholders if one.id not in placed)
    return Branch(focus.name, services + customers + others)


def _service_branch(focus: CustomerFocus, service: Service) -> Branch:
    names = {customer.id: customer.name for customer in focus.customers}
    steps = (Branch(f"activity: {activity.name}") for activity in service.activities)
    received = (Branch(f"for: {names[key]}") for key in service.customers)
    others = map(_stakeholder_branch, focus.stakeholders_of(service))
    return Branch(f"service: {service.name}", (*received, *others, *steps))


def _stakeholder_branch(stakeholder: Stakeholder) -> Branch:
    return Branch(f"stakeholder: {stakeholder.name}{_bracketed(stakeholder.interests)}")


def _customer_branch(focus: CustomerFocus, customer: Customer) -> Branch:
    said = (
        Branch(f'said: "{one.text}" ({one.source})')
        for one in focus.statements
        if one.customer == customer.id
    )
    needs = (
        Branch(
            f"needs: {need.text}{_unspoken(need)}",
            tuple(_requirement_branch(focus, one) for one in focus.requirements_of(need)),
        )
        for need in focus.needs_of(customer)
    )
    kind = _bracketed((customer.relation, customer.form))
    return Branch(f"customer: {customer.name}{kind}", (*said, *needs))


def _requirement_branch(focus: CustomerFocus, requirement: Requirement) -> Branch:
    return Branch(
        f"{requirement.kind}: {requirement.text}{_unspoken(requirement)}",
        tuple(
            Branch(f"measure: {one.name}, {one.target or 'no target yet'}")
            for one in focus.measures_of(requirement)
        ),
    )


def _bracketed(words: Iterable[str]) -> str:
    text = ", ".join(words)
    return f" ({text})" if text else ""


def _unspoken(wish: Need | Requirement) -> str:
    return "" if wish.spoken else " (unspoken)"
