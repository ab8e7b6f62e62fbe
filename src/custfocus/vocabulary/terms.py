"""The options of fields with a fixed choice of texts, and the check of such fields."""

from typing import Any, Literal, get_args

import attrs

from custfocus.errors import unknown_option

Relation = Literal["internal", "external"]
"""Whether a customer works in the organisation."""

Form = Literal["individual", "entity"]
"""Whether a customer is a person, or an agency, business or group of applicants."""

Interest = Literal["influences", "influenced", "benefits indirectly"]
"""How a stakeholder is connected to a service."""

RequirementKind = Literal["want", "key driver", "expectation"]
"""What a requirement is to the customer."""

Aspect = Literal["how much", "how well", "at what level"]
"""What a performance measure says about a service."""

ServiceKind = Literal["service", "product", "program", "process"]
"""What is provided to customers."""

ChannelKind = Literal[
    "survey", "interview", "meeting", "complaint", "comment", "observation", "usage"
]
"""How customers are listened to; they speak in all kinds but the last two."""

Frequency = Literal["continuous", "month", "quarter", "half-year", "year", "once"]
"""How often a channel is used."""

ImprovementKind = Literal["improvement", "innovation"]
"""Whether something is made better or something new is made."""

Stage = Literal["opportunity", "under way", "done", "dropped"]
"""How far an improvement is."""


def check_term(owner: object, field: "attrs.Attribute[Any]", value: object) -> None:
    """
    Check a field whose type is a Literal: it takes the texts of the Literal.

    Raises:
        OptionError: Anything else; the message names the nearest option.
    """
    _check(owner, field, value, get_args(field.type))


def check_optional_term(owner: object, field: "attrs.Attribute[Any]", value: object) -> None:
    """Check a field that holds a text of a Literal or None."""
    [texts, *_] = get_args(field.type)
    if value is not None:
        _check(owner, field, value, get_args(texts))


def check_terms(owner: object, field: "attrs.Attribute[Any]", values: tuple[object, ...]) -> None:
    """Check a field that holds several texts of a Literal."""
    [texts, *_] = get_args(field.type)
    for value in values:
        _check(owner, field, value, get_args(texts))


def _check(
    owner: object, field: "attrs.Attribute[Any]", value: object, texts: tuple[str, ...]
) -> None:
    if not isinstance(value, str) or value not in texts:
        raise unknown_option(f"{type(owner).__name__}.{field.alias}", value, texts)
