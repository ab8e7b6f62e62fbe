"""Where each measure stands on a scorecard: under its customer, its need or its service."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeVar

from custfocus.vocabulary.channel import Channel
from custfocus.vocabulary.focus import CustomerFocus
from custfocus.vocabulary.measure import PerformanceMeasure
from custfocus.vocabulary.parties import Customer
from custfocus.vocabulary.service import Activity, Service
from custfocus.vocabulary.voice import Need, Requirement

Arrangement = Literal["customer", "need", "service"]
T = TypeVar("T")


class Heading(NamedTuple):
    """A line of a scorecard above others, or a remark that something is not there."""

    depth: int
    text: str
    remark: bool = False


class Placed(NamedTuple):
    """A measure on a line of its own."""

    depth: int
    measure: PerformanceMeasure


Line = Heading | Placed
Lines = Iterator[Line]


class Place(NamedTuple):
    """What a measure is about, with the requirement, need and customer that it leads to."""

    measure: PerformanceMeasure
    about: Requirement | Service | Activity | Channel | Customer
    customer: Customer | None = None
    need: Need | None = None
    requirement: Requirement | None = None


class Shelves:
    """The objects of a focus by the id of what they belong to, in their order."""

    def __init__(self, focus: CustomerFocus) -> None:
        """Each list of the focus is gone through once: there may be thousands."""
        self.focus: CustomerFocus = focus
        self.needs: dict[str, list[Need]] = _grouped((need.customer, need) for need in focus.needs)
        self.met_by: dict[str, list[Need]] = _grouped(
            (key, need) for need in focus.needs for key in need.services
        )
        self.requirements: dict[str, list[Requirement]] = _grouped(
            (one.need, one) for one in focus.requirements
        )
        self.measures: dict[str, list[PerformanceMeasure]] = _grouped(
            (one.about, one) for one in focus.measures
        )
        self.names: dict[str, str] = {one.id: one.name for one in focus.customers}

    def lines(self, arrangement: Arrangement) -> Lines:
        """All lines, in the arrangement that is asked for."""
        focus = self.focus
        if arrangement == "service":
            for service in focus.services:
                yield from self._service(service, self.met_by[service.id])
            yield from self._under(
                Heading(0, "no service"),
                (line for need in focus.needs if not need.services for line in self._need(need, 1)),
            )
            yield from self._customers()
        else:
            if arrangement == "customer":
                yield from (line for one in focus.customers for line in self._customer(one))
            else:
                yield from (line for need in focus.needs for line in self._need(need, 0))
                yield from self._customers()
            for service in focus.services:
                yield from self._service(service, ())
        for channel in focus.channels:
            text = f"channel: {channel.name}"
            yield from self._under(Heading(0, text), self._own(channel.id, 1))

    def _customer(self, customer: Customer) -> Lines:
        yield Heading(0, customer.name)
        yield from self._own(customer.id, 1)
        needs = self.needs[customer.id]
        if not needs:
            yield Heading(1, "no needs recorded", remark=True)
        for need in needs:
            yield Heading(1, f"needs {need.text}")
            yield from self._requirements(need, 2)

    def _customers(self) -> Lines:
        """The measures about customers as a whole, and the customers without needs."""
        for customer in self.focus.customers:
            lines = [*self._own(customer.id, 1)]
            if not self.needs[customer.id]:
                lines.append(Heading(1, "no needs recorded", remark=True))
            yield from self._under(Heading(0, customer.name), lines)

    def _need(self, need: Need, depth: int) -> Lines:
        """A need by itself, with whose it is."""
        yield Heading(depth, f"{self.names[need.customer]}: needs {need.text}")
        yield from self._requirements(need, depth + 1)

    def _requirements(self, need: Need, depth: int) -> Lines:
        requirements = self.requirements[need.id]
        if not requirements:
            yield Heading(depth, "no requirements recorded", remark=True)
        for one in requirements:
            yield Heading(depth, f"{one.kind}: {one.text}")
            if not self.measures[one.id]:
                yield Heading(depth + 1, "no measure", remark=True)
            yield from self._own(one.id, depth + 1)

    def _service(self, service: Service, needs: Iterable[Need]) -> Lines:
        """A service with its own measures, those of its activities, and the needs that it meets."""
        lines = [*self._own(service.id, 1)]
        for step in service.activities:
            lines += self._under(Heading(1, f"activity: {step.name}"), self._own(step.id, 2))
        lines += (line for need in needs for line in self._need(need, 1))
        yield from self._under(Heading(0, f"{service.kind}: {service.name}"), lines)

    def _under(self, heading: Heading, lines: Iterable[Line]) -> Lines:
        """Lines under a heading, and nothing where there are none."""
        listed = [*lines]
        if listed:
            yield heading
            yield from listed

    def _own(self, key: str, depth: int) -> Lines:
        yield from (Placed(depth, measure) for measure in self.measures[key])


def lines_of(focus: CustomerFocus, arrangement: Arrangement = "customer") -> Lines:
    """
    The lines of a scorecard in their order: headings, measures, and what is not there.

    Args:
        focus: The customer focus.
        arrangement: By customer, by need, or by service: a need stands under each service that
            meets it.
    """
    return Shelves(focus).lines(arrangement)


def places_of(focus: CustomerFocus) -> dict[str, Place]:
    """What each measure, by its id, is about; in the order of the lines by customer."""
    requirements = {one.id: one for one in focus.requirements}
    needs = {one.id: one for one in focus.needs}
    customers = {one.id: one for one in focus.customers}
    others: dict[str, Service | Channel] = {one.id: one for one in focus.services}
    others |= {one.id: one for one in focus.channels}
    steps = {step.id: step for service in focus.services for step in service.activities}

    def place(measure: PerformanceMeasure) -> Place:
        """What one measure is about."""
        key = measure.about
        if key in requirements:
            required = requirements[key]
            need = needs[required.need]
            return Place(measure, required, customers[need.customer], need, required)
        if key in customers:
            return Place(measure, customers[key], customers[key])
        return Place(measure, others[key] if key in others else steps[key])

    placed = (line.measure for line in lines_of(focus) if isinstance(line, Placed))
    return {measure.id: place(measure) for measure in placed}


def _grouped(pairs: Iterable[tuple[str, T]]) -> defaultdict[str, list[T]]:
    groups: defaultdict[str, list[T]] = defaultdict(list)
    for key, thing in pairs:
        groups[key].append(thing)
    return groups
