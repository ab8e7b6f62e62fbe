"""What statements and channels show: who was heard, by which ways and when; what was spoken."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from custfocus.vocabulary.voice import Need, Requirement, Statement

if TYPE_CHECKING:
    from custfocus.vocabulary.focus import CustomerFocus


class Hearing(NamedTuple):
    """How a customer was heard."""

    ways: frozenset[tuple[str, str]]  # channels by id, and sources where no channel is named
    last: date | None  # the latest known day


def spoken_statements(focus: "CustomerFocus") -> dict[str, bool]:
    """Whether each statement, by its id, was said; False where it was only observed."""
    silent = {channel.id for channel in focus.channels if not channel.heard}
    return {said.id: said.channel not in silent for said in focus.statements}


def spoken_wishes(focus: "CustomerFocus") -> dict[str, bool | None]:
    """Whether each need and requirement, by its id, was spoken; None where nothing shows it."""
    spoken = spoken_statements(focus)
    shown: dict[str, bool] = {}
    for said in focus.statements:
        for key in said.supports:
            shown[key] = shown.get(key, False) or spoken[said.id]
    wishes: tuple[Need | Requirement, ...] = (*focus.needs, *focus.requirements)
    return {one.id: shown.get(one.id) if one.spoken is None else one.spoken for one in wishes}


def last_used(focus: "CustomerFocus") -> dict[str, date | None]:
    """The day each channel, by its id, was last used: as stated, or by its latest statement."""
    days = {channel.id: channel.last for channel in focus.channels}
    for said in focus.statements:
        if said.channel is not None:
            days[said.channel] = latest(days[said.channel], said.on)
    return days


def hearings(focus: "CustomerFocus") -> dict[str, Hearing]:
    """How each customer, by the id, was heard; those who never were are absent."""
    ways: dict[str, set[tuple[str, str]]] = defaultdict(set)
    days: dict[str, date | None] = {}
    for customer, way, day in _heard(focus):
        ways[customer].add(way)
        days[customer] = latest(days.get(customer), day)
    return {customer: Hearing(frozenset(ways[customer]), days[customer]) for customer in ways}


def _heard(focus: "CustomerFocus") -> Iterator[tuple[str, tuple[str, str], date | None]]:
    """Customer, way and day of every statement they made and every channel used to ask them."""
    spoken = spoken_statements(focus)
    for said in focus.statements:
        if spoken[said.id]:
            yield said.customer, _way(said), said.on
    for channel in focus.channels:
        if channel.heard and channel.last is not None:
            for customer in channel.customers:
                yield customer, ("channel", channel.id), channel.last


def _way(said: Statement) -> tuple[str, str]:
    return ("source", said.source) if said.channel is None else ("channel", said.channel)


def latest(one: date | None, other: date | None) -> date | None:
    """The later of two days, of which either may be unknown."""
    return max((day for day in (one, other) if day is not None), default=None)
