"""What each requirement weighs for its customer, its need, its services and all."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from custfocus.vocabulary.focus import CustomerFocus
from custfocus.vocabulary.parties import Customer
from custfocus.vocabulary.voice import Need, Requirement


class Wanted(NamedTuple):
    """What a customer wants: the needs with their requirements, in order."""

    customer: Customer
    needs: list[tuple[Need, list[Requirement]]]

    @property
    def importance(self) -> dict[str, float]:
        """The importance of each requirement by id; none at all where one of them has none."""
        every = [one for _, required in self.needs for one in required]
        known = {one.id: one.importance for one in every if one.importance is not None}
        return known if len(known) == len(every) else {}


class WeighedRequirement(NamedTuple):
    """What is weighed: a requirement, or a need that has none."""

    customer: str
    need: Need
    requirement: str
    weight: float
    scaled: float  # among the requirements of all customers


class WeightRow(NamedTuple):
    """A customer, need, requirement or service, or all: what each unit weighs in it."""

    level: str
    id: str
    text: str
    weights: list[float]


def wanted_of(focus: CustomerFocus) -> list[Wanted]:
    """What each customer wants."""
    required, needs = defaultdict[str, list[Requirement]](list), defaultdict[str, list[Need]](list)
    for requirement in focus.requirements:
        required[requirement.need].append(requirement)
    for need in focus.needs:
        needs[need.customer].append(need)
    return [
        Wanted(customer, [(need, required[need.id]) for need in needs[customer.id]])
        for customer in focus.customers
    ]


def units_of(wanted: list[Wanted], *, weights: bool) -> Iterator[WeighedRequirement]:
    """What is weighed of each customer, by importance or all alike."""
    for one in wanted:
        found: list[tuple[Need, str, float]] = []
        importance = one.importance if weights else {}
        mean = sum(importance.values()) / len(importance) if importance else 1.0
        for need, required in one.needs:
            own = [(need, each.id, importance.get(each.id, 1.0)) for each in required]
            found += own or [(need, "", mean)]
        total = sum(weight for _, _, weight in found)
        for need, requirement, weight in found:
            yield WeighedRequirement(
                one.customer.id, need, requirement, weight, weight * len(found) / total
            )


def weight_rows(
    focus: CustomerFocus, wanted: list[Wanted], units: list[WeighedRequirement]
) -> Iterator[WeightRow]:
    """All, then customers with their needs and requirements, then the services."""
    yield WeightRow("all", "", focus.name, [one.scaled for one in units])
    for customer, needs in wanted:
        own = [one.weight * (one.customer == customer.id) for one in units]
        yield WeightRow("customer", customer.id, customer.name, own)
        for need, required in needs:
            own = [one.weight * (one.need.id == need.id) for one in units]
            yield WeightRow("need", need.id, need.text, own)
            for each in required:
                own = [one.weight * (one.requirement == each.id) for one in units]
                yield WeightRow("requirement", each.id, each.text, own)
    for service in focus.services:
        own = [one.scaled * (service.id in one.need.services) for one in units]
        yield WeightRow("service", service.id, service.name, own)
