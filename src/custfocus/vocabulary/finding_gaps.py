"""What a customer focus leaves open, practice by practice."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from custfocus.vocabulary.dates import year_before
from custfocus.vocabulary.findings import Gap
from custfocus.vocabulary.listening import hearings, spoken_wishes
from custfocus.vocabulary.measuring import showing_measures

if TYPE_CHECKING:
    from custfocus.vocabulary.focus import CustomerFocus

GapRows = Iterator[tuple[Gap, str, str, str]]  # the gap, and the kind, id and text of the object

ANSWERED_WITHIN = timedelta(days=30)


def gap_rows(focus: "CustomerFocus", on: date) -> GapRows:
    """All gaps of a focus on a day."""
    yield from _unheard(focus, on)
    yield from _unclear(focus)
    yield from _unattended(focus, on)
    yield from _undetermined(focus)
    yield from _unconfirmed(focus)


def _unheard(focus: "CustomerFocus", on: date) -> GapRows:
    """Listening: customers not heard, not lately, or by one way alone."""
    heard = hearings(focus)
    for one in focus.customers:
        hearing = heard.get(one.id)
        if hearing is None:
            yield "never heard", "customer", one.id, one.name
            continue
        if hearing.last is not None and hearing.last < year_before(on):
            yield "not heard within a year", "customer", one.id, one.name
        if focus.channels and len(hearing.ways) == 1:
            yield "heard by one channel only", "customer", one.id, one.name


def _unclear(focus: "CustomerFocus") -> GapRows:
    """Listening: what nothing supports, and what supports nothing."""
    spoken = spoken_wishes(focus)
    for need in focus.needs:
        if spoken[need.id] is None:
            yield "spoken unknown", "need", need.id, need.text
    for requirement in focus.requirements:
        if spoken[requirement.id] is None:
            yield "spoken unknown", "requirement", requirement.id, requirement.text
    for said in focus.statements:
        if not said.supports:
            yield "supports nothing", "statement", said.id, said.text


def _unattended(focus: "CustomerFocus", on: date) -> GapRows:
    """Relationships: complaints without an answer, needs that no service meets, and so on."""
    complaints = {channel.id for channel in focus.channels if channel.kind == "complaint"}
    for said in focus.statements:
        late = said.on is None or on - said.on > ANSWERED_WITHIN
        if said.channel in complaints and said.answered is None and late:
            yield "complaint unanswered", "statement", said.id, said.text
    for need in focus.needs:
        if focus.services and not need.services:
            yield "no service", "need", need.id, need.text
    for service in focus.services:
        if not service.customers:
            yield "no customer", "service", service.id, service.name


def _undetermined(focus: "CustomerFocus") -> GapRows:
    """Determining satisfaction: what is not required, not measured or has no target."""
    detailed = {requirement.need for requirement in focus.requirements}
    measured = {measure.about for measure in focus.measures}
    for need in focus.needs:
        if need.id not in detailed:
            yield "no requirement", "need", need.id, need.text
    for requirement in focus.requirements:
        if requirement.id not in measured:
            yield "no measure", "requirement", requirement.id, requirement.text
    for measure in focus.measures:
        if measure.target is None:
            yield "no target", "measure", measure.id, measure.name


def _unconfirmed(focus: "CustomerFocus") -> GapRows:
    """Improving: what was done, and nothing measures what it serves."""
    shown = showing_measures(focus)
    for one in focus.improvements:
        if one.stage == "done" and not any(shown.get(key) for key in one.serves):
            yield "done, not measured", "improvement", one.id, one.name
