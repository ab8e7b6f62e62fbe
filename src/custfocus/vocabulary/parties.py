"""Customers and stakeholders."""

from collections.abc import Iterable

import attrs

from custfocus.vocabulary.references import check_id, check_text, collection
from custfocus.vocabulary.terms import Form, Interest, Relation, check_term, check_terms


def _as_interests(interests: Iterable[Interest]) -> tuple[Interest, ...]:
    return tuple(collection(interests))


@attrs.frozen
class Customer:
    """
    Who receives a product or service directly.

    A customer may belong to the organisation (other staff) or not, and may be a person or an
    entity: another agency, the applicants for a grant, the businesses that are regulated.

    Attributes:
        id: What other objects refer to it by.
        name: What people call it.
        relation: ``"external"`` (the default) or ``"internal"``.
        form: ``"individual"`` (the default) or ``"entity"``.
        description: Anything worth adding.
    """

    id: str = attrs.field(validator=check_id)
    name: str = attrs.field(validator=check_text)
    relation: Relation = attrs.field(default="external", validator=check_term, kw_only=True)
    form: Form = attrs.field(default="individual", validator=check_term, kw_only=True)
    description: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class Stakeholder:
    """
    A person, group or organisation with an interest or a concern in a service.

    A stakeholder need not use the service: it may influence it, be influenced by it, or
    benefit from it indirectly, as employers do from a clinic.

    Attributes:
        id: What other objects refer to it by.
        name: What people call it.
        interests: Any of ``"influences"``, ``"influenced"``, ``"benefits indirectly"``.
        description: Anything worth adding.
    """

    id: str = attrs.field(validator=check_id)
    name: str = attrs.field(validator=check_text)
    interests: tuple[Interest, ...] = attrs.field(
        default=(), converter=_as_interests, validator=check_terms, kw_only=True
    )
    description: str = attrs.field(default="", kw_only=True)
