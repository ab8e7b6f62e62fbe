"""What in a customer focus shows that each of the four practices is followed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from custfocus.vocabulary.findings import Practice
from custfocus.vocabulary.listening import last_used

if TYPE_CHECKING:
    from custfocus.vocabulary.focus import CustomerFocus


def evidence(focus: "CustomerFocus") -> dict[Practice, list[str]]:
    """The names or texts of what evidences each practice."""
    return {
        "listening": list(_listening(focus)),
        "building relationships": list(_relationships(focus)),
        "determining satisfaction": [one.name for one in focus.measures if one.target is not None],
        "improving": [
            one.name for one in focus.improvements if one.learned_from and one.stage != "dropped"
        ],
    }


def _listening(focus: "CustomerFocus") -> Iterator[str]:
    """Channels that were used, and what came of them."""
    used = {said.channel for said in focus.statements}
    used |= {key for key, day in last_used(focus).items() if day is not None}
    yield from (one.name for one in focus.channels if one.id in used)
    yield from (said.text for said in focus.statements)


def _relationships(focus: "CustomerFocus") -> Iterator[str]:
    """Services that meet a need, channels that give an answer, and answers given."""
    met = {key for need in focus.needs for key in need.services}
    yield from (one.name for one in focus.services if one.id in met)
    yield from (one.name for one in focus.channels if one.two_way)
    yield from (said.text for said in focus.statements if said.answered is not None)
