"""The whole of an organisation's customer focus: a graph that holds together and knows its gaps."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import attrs

from custfocus.errors import VocabularyError, unknown_option
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


@attrs.frozen
class Voice:
    """
    The voice of a customer: what they have said, and what is known without their saying it.

    Attributes:
        statements: Their words.
        spoken: The needs and requirements that they have said.
        unspoken: The needs and requirements that they have not.
    """

    statements: tuple[Statement, ...]
    spoken: tuple[Need | Requirement, ...]
    unspoken: tuple[Need | Requirement, ...]


@attrs.frozen
class Gaps:
    """
    What a customer focus leaves open; each a tuple of ids. True if there is any gap at all.

    Attributes:
        customers_never_heard: Customers without a statement.
        needs_without_requirements: Needs that nobody has asked the details of.
        requirements_without_measures: Requirements that nothing shows the fulfilment of.
        measures_without_targets: Measures that nothing is aimed at with.
        statements_supporting_nothing: Statements that no need or requirement was drawn from.
        services_without_customers: Services that nobody receives.
    """

    customers_never_heard: tuple[str, ...]
    needs_without_requirements: tuple[str, ...]
    requirements_without_measures: tuple[str, ...]
    measures_without_targets: tuple[str, ...]
    statements_supporting_nothing: tuple[str, ...]
    services_without_customers: tuple[str, ...]

    def __bool__(self) -> bool:
        return any(attrs.astuple(self))

    def __str__(self) -> str:
        lines = [
            f"{name.replace('_', ' ')}: {', '.join(ids)}"
            for name, ids in attrs.asdict(self).items()
            if ids
        ]
        return "\n".join(lines) or "no gaps"


@attrs.frozen(repr=False)
class CustomerFocus:
    """
    How an organisation listens to its customers, keeps the relationship, determines their
    satisfaction and uses it to improve: who and what there is, joined by ids.

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
        wishes: list[Need | Requirement] = []
        for need in self.needs_of(key):
            wishes += [need, *self.requirements_of(need)]
        return Voice(
            tuple(said for said in self.statements if said.customer == key),
            tuple(wish for wish in wishes if wish.spoken),
            tuple(wish for wish in wishes if not wish.spoken),
        )

    def gaps(self) -> Gaps:
        """What is missing: who was never heard, what nobody measures or aims at."""
        return Gaps(
            _without(self.customers, {said.customer for said in self.statements}),
            _without(self.needs, {requirement.need for requirement in self.requirements}),
            _without(self.requirements, {measure.requirement for measure in self.measures}),
            tuple(measure.id for measure in self.measures if measure.target is None),
            tuple(said.id for said in self.statements if not said.supports),
            tuple(service.id for service in self.services if not service.customers),
        )

    def __str__(self) -> str:
        return str(_focus_branch(self))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<ul>{_focus_branch(self).to_html()}</ul>"


def _without(things: Iterable[Identified], ids: set[str]) -> tuple[str, ...]:
    return tuple(thing.id for thing in things if thing.id not in ids)


def _known(focus: CustomerFocus, thing: object, kind: type[Identified]) -> str:
    """The id of an object that the focus holds, of the kind that is asked for."""
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
    yield from ((need, need.customer, (Customer,)) for need in focus.needs)
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
        Branch(f"said: “{one.text}” ({one.source})")
        for one in focus.statements
        if one.customer == customer.id
    )
    needs = (
        Branch(
            f"needs: {need.text}{_silent(need)}",
            tuple(_requirement_branch(focus, one) for one in focus.requirements_of(need)),
        )
        for need in focus.needs_of(customer)
    )
    kind = _bracketed((customer.relation, customer.form))
    return Branch(f"customer: {customer.name}{kind}", (*said, *needs))


def _requirement_branch(focus: CustomerFocus, requirement: Requirement) -> Branch:
    return Branch(
        f"{requirement.kind}: {requirement.text}{_silent(requirement)}",
        tuple(
            Branch(f"measure: {one.name}, {one.target or 'no target yet'}")
            for one in focus.measures_of(requirement)
        ),
    )


def _bracketed(words: Iterable[str]) -> str:
    text = ", ".join(words)
    return f" ({text})" if text else ""


def _silent(wish: Need | Requirement) -> str:
    return "" if wish.spoken else " (unspoken)"
