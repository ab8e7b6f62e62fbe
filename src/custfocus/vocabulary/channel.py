"""Channels: where an organisation listens to its customers."""

from collections.abc import Iterable
from datetime import date

import attrs

from custfocus.vocabulary.dates import date_of
from custfocus.vocabulary.parties import Customer
from custfocus.vocabulary.references import check_flag, check_id, check_text, ids_of
from custfocus.vocabulary.terms import ChannelKind, Frequency, check_optional_term, check_term

_SILENT = frozenset[ChannelKind]({"observation", "usage"})


def _as_customers(customers: Iterable[Customer | str]) -> tuple[str, ...]:
    return ids_of(customers, Customer)


def _as_last(last: date | str | None) -> date | None:
    return date_of(last, "Channel.last")


@attrs.frozen
class Channel:
    """
    A way of listening to customers: a survey, a complaint line, or watching how they get on.

    Attributes:
        id: What other objects refer to it by.
        name: What people call it.
        kind: ``"survey"`` (the default), ``"interview"``, ``"meeting"``, ``"complaint"``,
            ``"comment"``, ``"observation"`` or ``"usage"``.
        customers: Whom it reaches (objects or ids; ids are kept).
        every: How often it is used: ``"continuous"``, ``"month"``, ``"quarter"``,
            ``"half-year"``, ``"year"`` or ``"once"``; None where that is not known.
        last: The day it was last used (a date or its ISO text), if known; a later date of a
            statement counts in its place (`CustomerFocus.last_used`).
        two_way: Whether customers get an answer through it.

    Raises:
        VocabularyError: A field of the wrong kind.
        OptionError: A kind or a frequency that is not known.

    >>> Channel("line", "Complaint line", kind="complaint", last="2026-05-02").last
    datetime.date(2026, 5, 2)
    """

    id: str = attrs.field(validator=check_id)
    name: str = attrs.field(validator=check_text)
    kind: ChannelKind = attrs.field(default="survey", validator=check_term, kw_only=True)
    customers: tuple[str, ...] = attrs.field(default=(), converter=_as_customers, kw_only=True)
    every: Frequency | None = attrs.field(default=None, validator=check_optional_term, kw_only=True)
    last: date | None = attrs.field(default=None, converter=_as_last, kw_only=True)
    two_way: bool = attrs.field(default=False, validator=check_flag, kw_only=True)

    @property
    def heard(self) -> bool:
        """Whether customers speak in it; False where they are only observed."""
        return self.kind not in _SILENT
