"""Events beside a series: what was done when, of which nothing is computed."""

from collections.abc import Mapping, Sequence
from typing import cast

from custfocus.errors import LabelError, OptionError, unknown_option
from custfocus.messages import quoted
from custfocus.progress.periods import period_of, periods_of
from custfocus.results.distinct import identity
from custfocus.results.labels import Label


def events_at(events: object, periods: Sequence[Label], fiscal_start: int = 1) -> list[str]:
    """
    What happened in each period; empty where nothing did, several are separated by "; ".

    Args:
        events: Texts by period or day (a date or its ISO text), or None; those before the first
            period or after the last are left out.
        periods: The labels of all periods in order.
        fiscal_start: The month in which years begin.

    Raises:
        OptionError: No mapping; an event that is no text.
        LabelError: A period that is neither there nor days.
    """
    found: list[list[str]] = [[] for _ in periods]
    if events is None:
        return ["" for _ in periods]
    if not isinstance(events, Mapping):
        raise OptionError(
            f"events must be texts by period or day, got {quoted(events)}; write "
            "events={'2026-04-15': 'new counter'}"
        )
    places = {identity(label): place for place, label in enumerate(periods)}
    days = periods_of(periods, fiscal_start=fiscal_start)
    for label, text in cast("Mapping[Label, object]", events).items():
        if not (isinstance(text, str) and text.strip()):
            raise OptionError(f"an event must be a text, got {quoted(text)} for {label!r}")
        place = places.get(identity(label))
        day = None if days is None else period_of(label, fiscal_start=fiscal_start)
        if place is None and (day is None or days is None):
            raise LabelError(str(unknown_option("period in events", label, periods)))
        if place is None and day is not None and days is not None:
            within = (at for at, one in enumerate(days) if one.start <= day.start < one.end)
            place = next(within, None)
        if place is not None:
            found[place].append(text)
    return ["; ".join(texts) for texts in found]
