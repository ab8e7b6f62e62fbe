"""Services and their activities."""

from collections.abc import Iterable

import attrs

from custfocus.vocabulary.parties import Customer, Stakeholder
from custfocus.vocabulary.references import check_id, check_text, ids_of, objects_of
from custfocus.vocabulary.terms import ServiceKind, check_term


@attrs.frozen
class Activity:
    """
    One step of a service, done to raise the customer's satisfaction.

    Attributes:
        id: What other objects refer to it by.
        name: What is done.
        description: Anything worth adding.
    """

    id: str = attrs.field(validator=check_id)
    name: str = attrs.field(validator=check_text)
    description: str = attrs.field(default="", kw_only=True)


def _as_customers(customers: Iterable[Customer | str]) -> tuple[str, ...]:
    return ids_of(customers, Customer)


def _as_stakeholders(stakeholders: Iterable[Stakeholder | str]) -> tuple[str, ...]:
    return ids_of(stakeholders, Stakeholder)


def _as_activities(activities: Iterable[Activity]) -> tuple[Activity, ...]:
    return objects_of(activities, Activity)


@attrs.frozen
class Service:
    """
    A series of activities that are meant to leave the customer satisfied.

    Attributes:
        id: What other objects refer to it by.
        name: What people call it.
        kind: ``"service"`` (the default), ``"product"``, ``"program"`` or ``"process"``.
        customers: Who receives it (objects or ids; ids are kept).
        stakeholders: Who else has an interest or a concern in it (likewise).
        activities: Its steps, in order.
        description: Anything worth adding.
    """

    id: str = attrs.field(validator=check_id)
    name: str = attrs.field(validator=check_text)
    kind: ServiceKind = attrs.field(default="service", validator=check_term, kw_only=True)
    customers: tuple[str, ...] = attrs.field(default=(), converter=_as_customers, kw_only=True)
    stakeholders: tuple[str, ...] = attrs.field(
        default=(), converter=_as_stakeholders, kw_only=True
    )
    activities: tuple[Activity, ...] = attrs.field(
        default=(), converter=_as_activities, kw_only=True
    )
    description: str = attrs.field(default="", kw_only=True)
