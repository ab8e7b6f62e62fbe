"""The distinctions that the definitions draw; each also accepts its text."""

import re
from enum import StrEnum
from typing import Never

from custfocus.errors import unknown_option


class Term(StrEnum):
    """An enumeration of terms, whose unknown members are answered with the near miss."""

    @classmethod
    def _missing_(cls, value: object) -> Never:
        words = re.findall("[A-Z][a-z]+", cls.__name__)
        raise unknown_option(" ".join(words).lower(), value, [term.value for term in cls])


class Relation(Term):
    """Whether a customer works in the organisation."""

    INTERNAL = "internal"
    EXTERNAL = "external"


class Form(Term):
    """Whether a customer is a person, or an agency, business or group of applicants."""

    INDIVIDUAL = "individual"
    ENTITY = "entity"


class Interest(Term):
    """What joins a stakeholder to a service."""

    INFLUENCES = "influences"
    INFLUENCED = "influenced"
    BENEFITS_INDIRECTLY = "benefits indirectly"


class RequirementKind(Term):
    """What a requirement is to the customer."""

    WANT = "want"
    KEY_DRIVER = "key driver"
    EXPECTATION = "expectation"


class Aspect(Term):
    """What a performance measure tells of a service."""

    HOW_MUCH = "how much"
    HOW_WELL = "how well"
    AT_WHAT_LEVEL = "at what level"
