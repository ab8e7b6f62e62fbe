"""Ids, and fields that hold the id of another object."""

from collections.abc import Iterable
from typing import Protocol

import attrs

from custfocus.errors import VocabularyError


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """What other objects refer to it by."""
        ...


def check_id(owner: object, field: "attrs.Attribute[str]", value: object) -> None:
    """Ids are texts that survive a spreadsheet: not empty, no space around them."""
    if not isinstance(value, str) or not value or value != value.strip():
        raise VocabularyError(
            f"{type(owner).__name__}.{field.name} must be a text without spaces around it, "
            f"got {value!r}"
        )


def id_of(thing: object, *kinds: type[Identified]) -> str:
    """
    The id of an object of one of the *kinds*, or the text itself.

    Raises:
        VocabularyError: Something else.
    """
    if isinstance(thing, str):
        return thing
    if isinstance(thing, kinds):
        return thing.id
    expected = " or a ".join(kind.__name__ for kind in kinds)
    raise VocabularyError(f"expected a {expected} or an id, got {thing!r}")


def ids_of(things: Iterable[object] | str, *kinds: type[Identified]) -> tuple[str, ...]:
    """The ids of several objects."""
    if isinstance(things, str):
        raise VocabularyError(
            f"expected a collection of ids, got the text {things!r}; wrap it in []"
        )
    return tuple(id_of(thing, *kinds) for thing in things)
