"""Breaks of a series: the periods from which another definition, method or service holds."""

from collections.abc import Mapping, Sequence
from typing import cast

from custfocus.errors import LabelError, OptionError, unknown_option
from custfocus.messages import quoted
from custfocus.results.distinct import identity
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
    places = {identity(label): place for place, label in enumerate(periods)}
    for label, reason in cast("Mapping[Label, object]", breaks).items():
        place = places.get(identity(label))
        if place is None:
            known = [str(one) for one in periods]
            raise LabelError(str(unknown_option("period in breaks", label, known)))
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
