"""Breaks of a series: the periods from which another definition, method or service holds."""

from collections.abc import Mapping, Sequence
from typing import cast

from custfocus.errors import LabelError, OptionError, unknown_option
from custfocus.messages import quoted
from custfocus.progress.periods import period_of, periods_of
from custfocus.results.distinct import identity
from custfocus.results.keys import Keys
from custfocus.results.labels import Label


def reasons_of(breaks: object, periods: Sequence[Label]) -> list[str]:
    """
    The reason for a new phase at each period; empty where none begins.

    Args:
        breaks: Reasons by the period at which a new phase begins, or None.
        periods: The labels of all periods in order.

    Raises:
        OptionError: No mapping; a break at the first period; a reason that is no text.
        LabelError: A period that is not there.
    """
    reasons = [""] * len(periods)
    if breaks is None:
        return reasons
    if not isinstance(breaks, Mapping):
        raise OptionError(
            "breaks must be reasons by the period at which a new phase begins, got "
            f"{quoted(breaks)}; write breaks={{'2026-04': 'another formula'}}"
        )
    if not breaks:
        return reasons
    places = {identity(label): place for place, label in enumerate(periods)}
    for label, reason in cast("Mapping[Label, object]", breaks).items():
        place = places.get(identity(label))
        if place is None:
            raise LabelError(str(unknown_option("period in breaks", label, periods)))
        if place == 0:
            raise OptionError(
                f"a break must come after the first period, got {label!r}; leave it out"
            )
        if not (isinstance(reason, str) and reason.strip()):
            raise OptionError(
                f"a break needs its reason as a text, got {quoted(reason)} for {label!r}"
            )
        reasons[place] = reason
    return reasons


def breaks_in(
    keys: Keys, breaks: Sequence[tuple[Label, str]], fiscal_start: int = 1
) -> dict[Label, str]:
    """
    Those breaks of a measure's definition that a series crosses, as `reasons_of` takes them.

    A break begins with the period that it names, or where that is not in the series and days
    are known, with the first that begins on its first day or later. Those before the first
    period, with it or after the last are left out.

    Args:
        keys: The keys of the series, one of which is the period.
        breaks: Pairs of a period and the reason.
        fiscal_start: The month in which years begin.

    Raises:
        LabelError: A period that is neither in the series nor days.
    """
    if not breaks:
        return {}
    level = keys.levels[keys.names.index("period")]
    places = {identity(label): place for place, label in enumerate(level)}
    starts = [one.start for one in periods_of(level, fiscal_start=fiscal_start) or ()]
    found: dict[Label, str] = {}
    for label, reason in breaks:
        place = places.get(identity(label))
        if place is None:
            day = period_of(label, fiscal_start=fiscal_start)
            if day is None or not starts:
                raise LabelError(str(unknown_option("period in breaks", label, level)))
            place = sum(start < day.start for start in starts)
        if 0 < place < len(level):
            before = found.get(level[place])
            found[level[place]] = f"{before}; {reason}" if before else reason
    return found
