"""Improvements: what an organisation does with what it has learned."""

from collections.abc import Iterable
from datetime import date

import attrs

from custfocus.errors import VocabularyError
from custfocus.vocabulary.channel import Channel
from custfocus.vocabulary.dates import date_of
from custfocus.vocabulary.measure import PerformanceMeasure
from custfocus.vocabulary.references import check_id, check_optional_text, check_text, ids_of
from custfocus.vocabulary.service import Activity, Service
from custfocus.vocabulary.terms import ImprovementKind, Stage, check_term
from custfocus.vocabulary.voice import Requirement, Statement

Source = Statement | PerformanceMeasure | Channel | str
Served = Requirement | Service | Activity | Channel | str


def _as_sources(things: Iterable[Source]) -> tuple[str, ...]:
    return ids_of(things, Statement, PerformanceMeasure, Channel)


def _as_served(things: Iterable[Served]) -> tuple[str, ...]:
    return ids_of(things, Requirement, Service, Activity, Channel)


def _as_since(since: date | str | None) -> date | None:
    return date_of(since, "Improvement.since")


@attrs.frozen
class Improvement:
    """
    An opportunity that was found, and what became of it.

    Attributes:
        id: What other objects refer to it by.
        name: What is changed.
        kind: ``"improvement"`` (the default) of what there is, or ``"innovation"``.
        learned_from: The statements, measures and channels that showed the opportunity
            (objects or ids; ids are kept).
        serves: The requirements, services, activities and channels that it is for (likewise).
        stage: ``"opportunity"`` (the default), ``"under way"``, ``"done"`` or ``"dropped"``.
        since: The day from which it is in effect (a date or its ISO text); required when done.
        owner: Who answers for it.

    Raises:
        VocabularyError: One that is done without a date; a field of the wrong kind.
        OptionError: A kind or a stage that is not known.

    >>> Improvement("forms", "Shorter forms", stage="done", since="2026-01-01").since
    datetime.date(2026, 1, 1)
    """

    id: str = attrs.field(validator=check_id)
    name: str = attrs.field(validator=check_text)
    kind: ImprovementKind = attrs.field(default="improvement", validator=check_term, kw_only=True)
    learned_from: tuple[str, ...] = attrs.field(default=(), converter=_as_sources, kw_only=True)
    serves: tuple[str, ...] = attrs.field(default=(), converter=_as_served, kw_only=True)
    stage: Stage = attrs.field(default="opportunity", validator=check_term, kw_only=True)
    since: date | None = attrs.field(default=None, converter=_as_since, kw_only=True)
    owner: str = attrs.field(default="", validator=check_optional_text, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.stage == "done" and self.since is None:
            raise VocabularyError(
                f"improvement {self.id!r} is done and needs the day from which it is in effect, "
                "got none; give since="
            )
