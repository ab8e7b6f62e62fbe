"""The whole customer focus of an organisation: its objects, checked references and gaps."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from custfocus.errors import VocabularyError, unknown_option
from custfocus.messages import near_miss
from custfocus.vocabulary.channel import Channel
from custfocus.vocabulary.dates import date_of, today
from custfocus.vocabulary.finding_evidence import evidence
from custfocus.vocabulary.finding_gaps import gap_rows
from custfocus.vocabulary.findings import Gaps, Practices, Voice
from custfocus.vocabulary.focus_tree import focus_branch
from custfocus.vocabulary.improvement import Improvement
from custfocus.vocabulary.listening import last_used, spoken_statements, spoken_wishes
from custfocus.vocabulary.measure import ABOUT, Measured, PerformanceMeasure
from custfocus.vocabulary.measuring import showing_measures
from custfocus.vocabulary.parties import Customer, Stakeholder
from custfocus.vocabulary.references import Identified, check_text, id_of, named, objects_of
from custfocus.vocabulary.service import Activity, Service
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


def _as_channels(things: Iterable[Channel]) -> tuple[Channel, ...]:
    return objects_of(things, Channel)


def _as_improvements(things: Iterable[Improvement]) -> tuple[Improvement, ...]:
    return objects_of(things, Improvement)


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
        channels: Where it listens.
        statements: What customers said.
        needs: Why they come.
        requirements: What decides whether they leave satisfied.
        measures: What shows it.
        improvements: What was made of it, and opportunities found.

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
    channels: tuple[Channel, ...] = attrs.field(default=(), converter=_as_channels, kw_only=True)
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
    improvements: tuple[Improvement, ...] = attrs.field(
        default=(), converter=_as_improvements, kw_only=True
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

    def measures_of(self, thing: Measured | Improvement | str) -> tuple[PerformanceMeasure, ...]:
        """
        The measures about something, in order; of an improvement those that show what it serves.

        Args:
            thing: A requirement, service, activity, channel, customer or improvement (object or
                id). What an improvement serves is shown by the measures about it; a service also
                by those of its activities and of the requirements of the needs that it meets.

        Raises:
            VocabularyError: What is not in the focus, or nothing that is measured.
        """
        key = _known(self, thing, *ABOUT, Improvement)
        served = [its for one in self.improvements if one.id == key for its in one.serves]
        if not served:
            return tuple(measure for measure in self.measures if measure.about == key)
        shown = showing_measures(self)
        ids = {measure.id for one in served for measure in shown.get(one, ())}
        return tuple(measure for measure in self.measures if measure.id in ids)

    def stakeholders_of(self, service: Service | str) -> tuple[Stakeholder, ...]:
        """The stakeholders of a service (object or id), in order."""
        key = _known(self, service, Service)
        ids = {
            one for service in self.services if service.id == key for one in service.stakeholders
        }
        return tuple(one for one in self.stakeholders if one.id in ids)

    def spoken(self, wish: Need | Requirement | str) -> bool | None:
        """
        Whether customers have said a need or requirement (object or id).

        As its own field has it; where that is None, as the statements show that support it: True
        if one of them names no channel or came by one in which customers speak, False if all
        were observations, None without any.
        """
        return spoken_wishes(self)[_known(self, wish, Need, Requirement)]

    def last_used(self, channel: Channel | str) -> date | None:
        """The day a channel (object or id) was last used, by its latest statement if later."""
        return last_used(self)[_known(self, channel, Channel)]

    def voice(self, customer: Customer | str) -> Voice:
        """What a customer (object or id) has said, needs and requires, spoken and unspoken."""
        key = _known(self, customer, Customer)
        [name] = (one.name for one in self.customers if one.id == key)
        return Voice.of(name, _said(self, key))

    def gaps(self, on: date | str | None = None) -> Gaps:
        """
        What is missing in each of the four practices of customer focus.

        Args:
            on: The day (a date or its ISO text) to which a year without being heard, and 30 days
                without an answer, are counted; today by default. What has no date is not late,
                but for complaints.

        Raises:
            VocabularyError: A day that is none.

        >>> focus = CustomerFocus("Library", customers=[Customer("readers", "Readers")])
        >>> print(focus.gaps())
        practice   gap          kind      id       text
        listening  never heard  customer  readers  Readers
        what the customer focus leaves open
        """
        return Gaps.of(gap_rows(self, day_of(on)))

    def practices(self, on: date | str | None = None) -> Practices:
        """
        The four practices of customer focus: what evidences each, and how many gaps it has.

        A customer focus is how an organisation listens, builds relationships, determines
        satisfaction, and uses what it learns to improve and to find opportunities for innovation.

        Args:
            on: The day to which ages are counted, see `gaps`.

        Raises:
            VocabularyError: A day that is none.
        """
        return Practices.of(evidence(self), self.gaps(on))

    def __str__(self) -> str:
        return str(focus_branch(self))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<ul>{focus_branch(self).to_html()}</ul>"


def day_of(on: date | str | None) -> date:
    """The day to which ages are counted, today by default."""
    return date_of(on, "on") or today()


def _said(focus: CustomerFocus, customer: str) -> Iterator[tuple[bool | None, str, str, str]]:
    """The rows of a customer's voice, each need before its requirements."""
    said, spoken = spoken_statements(focus), spoken_wishes(focus)
    for statement in focus.statements:
        if statement.customer == customer:
            yield said[statement.id], "statement", statement.id, statement.text
    for need in focus.needs_of(customer):
        yield spoken[need.id], "need", need.id, need.text
        for one in focus.requirements_of(need):
            yield spoken[one.id], "requirement", one.id, one.text


def _known(focus: CustomerFocus, thing: object, *kinds: type[Identified]) -> str:
    """The id of an object of one of these kinds in the focus."""
    key = id_of(thing, *kinds)
    things = {held.id: held for held in _things(focus)}
    if key in things and not isinstance(things[key], kinds):
        raise VocabularyError(
            f"expected {named(*kinds)}, got {key!r}, which is {named(type(things[key]))}"
        )
    if key not in things:
        ids = [held.id for held in things.values() if isinstance(held, kinds)]
        name = " or ".join(kind.__name__ for kind in kinds)
        raise VocabularyError(str(unknown_option(f"{name} id", key, ids)))
    return key


def _things(focus: CustomerFocus) -> Iterator[Identified]:
    yield from focus.customers
    yield from focus.stakeholders
    for service in focus.services:
        yield service
        yield from service.activities
    yield from focus.channels
    yield from focus.statements
    yield from focus.needs
    yield from focus.requirements
    yield from focus.measures
    yield from focus.improvements


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
            known = [held[0].id for held in things.values() if held and isinstance(held[0], kinds)]
            meant = near_miss(key, known, cutoff=_LIKE)
            yield (
                f"{type(owner).__name__} {owner.id!r} refers to {key!r}, which is no {wanted}"
                f"{f' ({meant})' if meant else ''}"
            )


_LIKE = 0.75  # ids are short: what shares half of its letters is another
_TEACHERS = (Statement, PerformanceMeasure, Channel)
_SERVED = (Requirement, Service, Activity, Channel)


def _references(
    focus: CustomerFocus,
) -> Iterator[tuple[Identified, str, tuple[type[Identified], ...]]]:
    for service in focus.services:
        yield from ((service, key, (Customer,)) for key in service.customers)
        yield from ((service, key, (Stakeholder,)) for key in service.stakeholders)
    for channel in focus.channels:
        yield from ((channel, key, (Customer,)) for key in channel.customers)
    for said in focus.statements:
        yield said, said.customer, (Customer,)
        if said.channel is not None:
            yield said, said.channel, (Channel,)
        yield from ((said, key, (Need, Requirement)) for key in said.supports)
    for need in focus.needs:
        yield need, need.customer, (Customer,)
        yield from ((need, key, (Service,)) for key in need.services)
    yield from ((one, one.need, (Need,)) for one in focus.requirements)
    yield from ((measure, measure.about, ABOUT) for measure in focus.measures)
    for done in focus.improvements:
        yield from ((done, key, _TEACHERS) for key in done.learned_from)
        yield from ((done, key, _SERVED) for key in done.serves)
