"""The distinctions that the definitions draw, as the texts that fields take."""

from typing import Any, Literal, get_args

import attrs

from custfocus.errors import unknown_option

Relation = Literal["internal", "external"]
"""Whether a customer works in the organisation."""

Form = Literal["individual", "entity"]
"""Whether a customer is a person, or an agency, business or group of applicants."""

Interest = Literal["influences", "influenced", "benefits indirectly"]
"""What joins a stakeholder to a service."""

RequirementKind = Literal["want", "key driver", "expectation"]
"""What a requirement is to the customer."""

Aspect = Literal["how much", "how well", "at what level"]
"""What a performance measure says of a service."""


def check_term(owner: object, field: "attrs.Attribute[Any]", value: object) -> None:
    """
    A field whose type is a Literal takes its texts; callers without a type checker need it.

    Raises:
        OptionError: Anything else, with the near miss.
    """
    _check(owner, field, value, get_args(field.type))


def check_terms(owner: object, field: "attrs.Attribute[Any]", values: tuple[object, ...]) -> None:
    """Likewise for a field of several."""
    [texts, *_] = get_args(field.type)
    for value in values:
        _check(owner, field, value, get_args(texts))


def _check(
    owner: object, field: "attrs.Attribute[Any]", value: object, texts: tuple[str, ...]
) -> None:
    if not isinstance(value, str) or value not in texts:
        raise unknown_option(f"{type(owner).__name__}.{field.name}", value, texts)
