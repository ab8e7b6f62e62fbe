"""Statements, needs and requirements of customers."""

from collections.abc import Iterable
from datetime import date

import attrs

from custfocus.errors import VocabularyError
from custfocus.vocabulary.channel import Channel
from custfocus.vocabulary.dates import date_of
from custfocus.vocabulary.parties import Customer
from custfocus.vocabulary.references import (
    check_id,
    check_importance,
    check_optional_flag,
    check_optional_text,
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
            None (the default) leaves that to the statements that support it
            (`CustomerFocus.spoken`).
    """

    id: str = attrs.field(validator=check_id)
    customer: str = attrs.field(converter=_as_customer)
    text: str = attrs.field(validator=check_text)
    services: tuple[str, ...] = attrs.field(default=(), converter=_as_services, kw_only=True)
    spoken: bool | None = attrs.field(default=None, validator=check_optional_flag, kw_only=True)


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
            None (the default) leaves that to the statements that support it
            (`CustomerFocus.spoken`).
    """

    id: str = attrs.field(validator=check_id)
    need: str = attrs.field(converter=_as_need)
    text: str = attrs.field(validator=check_text)
    kind: RequirementKind = attrs.field(default="expectation", validator=check_term, kw_only=True)
    importance: float | None = attrs.field(default=None, validator=check_importance, kw_only=True)
    spoken: bool | None = attrs.field(default=None, validator=check_optional_flag, kw_only=True)


def _as_channel(channel: Channel | str | None) -> str | None:
    return None if channel is None else id_of(channel, Channel)


def _as_on(on: date | str | None) -> date | None:
    return date_of(on, "Statement.on")


def _as_answered(answered: date | str | None) -> date | None:
    return date_of(answered, "Statement.answered")


def _as_supported(supported: Iterable[Need | Requirement | str]) -> tuple[str, ...]:
    return ids_of(supported, Need, Requirement)


@attrs.frozen
class Statement:
    """
    What a customer said, word for word, or was seen to do: evidence of a need or requirement.

    Attributes:
        id: What other objects refer to it by.
        customer: Whose it is (object or id; the id is kept).
        text: The words, or what was observed.
        channel: The channel by which it came (object or id; the id is kept), if that is listed.
        source: Where it was said, in a few words: a survey, a focus group. May be left out
            where a channel is named.
        on: The day it was said (a date or its ISO text), if known.
        answered: The day the customer got an answer (likewise), None without one.
        supports: The needs and requirements that it is evidence of (objects or ids).

    Raises:
        VocabularyError: Neither a channel nor a source; an answer before the statement; a
            field of the wrong kind.

    >>> Statement("slow", "patients", "I waited all day.", source="letter", on="2026-03-01").on
    datetime.date(2026, 3, 1)
    """

    id: str = attrs.field(validator=check_id)
    customer: str = attrs.field(converter=_as_customer)
    text: str = attrs.field(validator=check_text)
    channel: str | None = attrs.field(default=None, converter=_as_channel, kw_only=True)
    source: str = attrs.field(default="", validator=check_optional_text, kw_only=True)
    on: date | None = attrs.field(default=None, converter=_as_on, kw_only=True)
    answered: date | None = attrs.field(default=None, converter=_as_answered, kw_only=True)
    supports: tuple[str, ...] = attrs.field(default=(), converter=_as_supported, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.channel is None and not self.source:
            raise VocabularyError(
                f"statement {self.id!r} must say where it was heard, got no channel and no "
                "source; give channel= or source="
            )
        if self.on is not None and self.answered is not None and self.answered < self.on:
            raise VocabularyError(
                f"statement {self.id!r} can't be answered before it was made, got on={self.on} "
                f"and answered={self.answered}"
            )
