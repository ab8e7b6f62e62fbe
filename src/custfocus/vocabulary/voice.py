"""Statements, needs and requirements of customers."""

from collections.abc import Iterable

import attrs

from custfocus.vocabulary.parties import Customer
from custfocus.vocabulary.references import (
    check_flag,
    check_id,
    check_importance,
    check_text,
    id_of,
    ids_of,
)
from custfocus.vocabulary.service import Service
from custfocus.vocabulary.terms import RequirementKind, check_term


def _as_customer(customer: Customer | str) -> str:
    return id_of(customer, Customer)


def _as_services(services: Iterable[Service | str]) -> tuple[str, ...]:
    return ids_of(services, Service)


@attrs.frozen
class Need:
    """
    What establishes the relationship: why the customer comes to the organisation.

    Attributes:
        id: What other objects refer to it by.
        customer: Whose need it is (object or id; the id is kept).
        text: The need, to be read after "they need".
        services: The services that meet it (objects or ids; ids are kept).
        spoken: Whether customers have said it; False if it is known without having been said.
    """

    id: str = attrs.field(validator=check_id)
    customer: str = attrs.field(converter=_as_customer)
    text: str = attrs.field(validator=check_text)
    services: tuple[str, ...] = attrs.field(default=(), converter=_as_services, kw_only=True)
    spoken: bool = attrs.field(default=True, validator=check_flag, kw_only=True)


def _as_need(need: Need | str) -> str:
    return id_of(need, Need)


@attrs.frozen
class Requirement:
    """
    What decides whether the customer leaves satisfied: a want, a key driver, an expectation.

    Attributes:
        id: What other objects refer to it by.
        need: The need that it belongs to (object or id; the id is kept).
        text: What is required.
        kind: ``"expectation"`` (the default), ``"want"`` or ``"key driver"``.
        importance: How much it weighs among the customer's requirements, above 0; None where
            that is not known.
        spoken: Whether customers have said it; False if it is known without having been said.
    """

    id: str = attrs.field(validator=check_id)
    need: str = attrs.field(converter=_as_need)
    text: str = attrs.field(validator=check_text)
    kind: RequirementKind = attrs.field(default="expectation", validator=check_term, kw_only=True)
    importance: float | None = attrs.field(default=None, validator=check_importance, kw_only=True)
    spoken: bool = attrs.field(default=True, validator=check_flag, kw_only=True)


def _as_supported(supported: Iterable[Need | Requirement | str]) -> tuple[str, ...]:
    return ids_of(supported, Need, Requirement)


@attrs.frozen
class Statement:
    """
    Something a customer said, word for word, and where: the evidence of a need or requirement.

    Attributes:
        id: What other objects refer to it by.
        customer: Who said it (object or id; the id is kept).
        text: The words.
        source: Where they were said: a survey, a complaint, a focus group.
        supports: The needs and requirements that it is evidence of (objects or ids).
    """

    id: str = attrs.field(validator=check_id)
    customer: str = attrs.field(converter=_as_customer)
    text: str = attrs.field(validator=check_text)
    source: str = attrs.field(validator=check_text, kw_only=True)
    supports: tuple[str, ...] = attrs.field(default=(), converter=_as_supported, kw_only=True)
