"""A customer focus as a tree of lines."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from custfocus.vocabulary.channel import Channel
from custfocus.vocabulary.improvement import Improvement
from custfocus.vocabulary.listening import last_used, spoken_statements, spoken_wishes
from custfocus.vocabulary.measure import PerformanceMeasure
from custfocus.vocabulary.parties import Customer, Stakeholder
from custfocus.vocabulary.service import Activity, Service
from custfocus.vocabulary.tree import Branch
from custfocus.vocabulary.voice import Requirement, Statement

if TYPE_CHECKING:
    from custfocus.vocabulary.focus import CustomerFocus

MeasureBranches = Mapping[str, Sequence[Branch]]

_MARKS = {True: "", False: " (unspoken)", None: " (no statement)"}


def focus_branch(focus: "CustomerFocus") -> Branch:
    """Services, customers, channels, improvements and stakeholders of no service, in this order."""
    measures = _measure_branches(focus)
    placed = {key for service in focus.services for key in service.stakeholders}
    return Branch(
        focus.name,
        (
            *(_service_branch(focus, service, measures) for service in focus.services),
            *_customer_branches(focus, measures),
            *_channel_branches(focus, measures),
            *_improvement_branches(focus),
            *(_stakeholder_branch(one) for one in focus.stakeholders if one.id not in placed),
        ),
    )


def _service_branch(focus: "CustomerFocus", service: Service, measures: MeasureBranches) -> Branch:
    names = {customer.id: customer.name for customer in focus.customers}
    steps = (
        Branch(f"activity: {activity.name}", tuple(measures[activity.id]))
        for activity in service.activities
    )
    received = (Branch(f"for: {names[key]}") for key in service.customers)
    others = map(_stakeholder_branch, focus.stakeholders_of(service))
    return Branch(
        f"{service.kind}: {service.name}", (*received, *others, *measures[service.id], *steps)
    )


def _stakeholder_branch(stakeholder: Stakeholder) -> Branch:
    return Branch(f"stakeholder: {stakeholder.name}{_bracketed(stakeholder.interests)}")


def _customer_branches(focus: "CustomerFocus", measures: MeasureBranches) -> Iterator[Branch]:
    spoken = spoken_wishes(focus)
    required = _requirement_branches(focus, spoken, measures)
    for customer in focus.customers:
        needs = (
            Branch(f"needs: {need.text}{_MARKS[spoken[need.id]]}", tuple(required[need.id]))
            for need in focus.needs_of(customer)
        )
        kind = _bracketed((customer.relation, customer.form))
        said = _said(focus, customer)
        yield Branch(f"customer: {customer.name}{kind}", (*said, *measures[customer.id], *needs))


def _requirement_branches(
    focus: "CustomerFocus",
    spoken: Mapping[str, bool | None],
    measures: MeasureBranches,
) -> dict[str, list[Branch]]:
    """The requirements of each need by its id, gone through once: there may be thousands."""
    branches: dict[str, list[Branch]] = defaultdict(list)
    for one in focus.requirements:
        line = f"{one.kind}: {one.text}{_MARKS[spoken[one.id]]}"
        branches[one.need].append(Branch(line, tuple(measures[one.id])))
    return branches


def _measure_branches(focus: "CustomerFocus") -> MeasureBranches:
    """The measures by the id of what they are about."""
    measures: dict[str, list[Branch]] = defaultdict(list)
    for measure in focus.measures:
        line = f"measure: {measure.name}, {measure.target or 'no target yet'}"
        measures[measure.about].append(Branch(line))
    return measures


def _said(focus: "CustomerFocus", customer: Customer) -> Iterator[Branch]:
    spoken = spoken_statements(focus)
    channels = {channel.id: channel.name for channel in focus.channels}
    for one in focus.statements:
        if one.customer == customer.id:
            words = f'said: "{one.text}"' if spoken[one.id] else f"seen: {one.text}"
            yield Branch(f"{words}{_bracketed(_circumstances(one, channels))}")


def _circumstances(said: Statement, channels: Mapping[str, str]) -> Iterator[str]:
    """Where and when it was said, and when it was answered."""
    if said.channel is not None:
        yield channels[said.channel]
    if said.source:
        yield said.source
    if said.on is not None:
        yield str(said.on)
    if said.answered is not None:
        yield f"answered {said.answered}"


def _channel_branches(focus: "CustomerFocus", measures: MeasureBranches) -> Iterator[Branch]:
    names = {customer.id: customer.name for customer in focus.customers}
    days = last_used(focus)
    for one in focus.channels:
        reached = tuple(Branch(f"reaches: {names[key]}") for key in one.customers)
        habits = _bracketed(_habits(one, days[one.id]))
        yield Branch(f"channel: {one.name}{habits}", (*reached, *measures[one.id]))


def _habits(channel: Channel, day: object) -> Iterator[str]:
    """What kind of channel it is, how often and when it was used."""
    yield channel.kind
    if channel.every is not None:
        yield channel.every if channel.every in {"continuous", "once"} else f"every {channel.every}"
    if channel.two_way:
        yield "two-way"
    if day is not None:
        yield f"last {day}"


def _improvement_branches(focus: "CustomerFocus") -> Iterator[Branch]:
    texts = _texts(focus)
    for one in focus.improvements:
        learned = (Branch(f"learned from: {texts[key]}") for key in one.learned_from)
        served = (Branch(f"serves: {texts[key]}") for key in one.serves)
        yield Branch(f"{one.kind}: {one.name}{_bracketed(_progress(one))}", (*learned, *served))


def _progress(improvement: Improvement) -> Iterator[str]:
    """How far it is, and who answers for it."""
    since = "" if improvement.since is None else f" since {improvement.since}"
    yield f"{improvement.stage}{since}"
    if improvement.owner:
        yield improvement.owner


def _texts(focus: "CustomerFocus") -> dict[str, str]:
    """What improvements refer to, as it reads in a line."""
    steps = (step for service in focus.services for step in service.activities)
    named: tuple[Service | Activity | Channel | PerformanceMeasure, ...] = (
        *focus.services,
        *steps,
        *focus.channels,
        *focus.measures,
    )
    worded: tuple[Requirement | Statement, ...] = (*focus.requirements, *focus.statements)
    return {one.id: one.name for one in named} | {one.id: one.text for one in worded}


def _bracketed(words: Iterable[str]) -> str:
    text = ", ".join(words)
    return f" ({text})" if text else ""
