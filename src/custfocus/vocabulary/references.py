"""Ids, texts, and fields that hold other objects or their ids."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from numbers import Real
from typing import Protocol, TypeVar, cast

import attrs

from custfocus.errors import VocabularyError

T = TypeVar("T")


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


def check_text(owner: object, field: "attrs.Attribute[str]", value: object) -> None:
    """Names and sentences are texts that are not blank."""
    if not isinstance(value, str) or not value.strip():
        raise VocabularyError(
            f"{type(owner).__name__}.{field.name} must be a text that says something, got {value!r}"
        )


def check_optional_text(owner: object, field: "attrs.Attribute[str]", value: object) -> None:
    """Texts that may be left out, and are empty then."""
    if not isinstance(value, str) or value:
        check_text(owner, field, value)


def check_flag(owner: object, field: "attrs.Attribute[bool]", value: object) -> None:
    """Flags are True or False: "no" would count as true."""
    if not isinstance(value, bool):
        raise VocabularyError(
            f"{type(owner).__name__}.{field.name} must be True or False, got {value!r}"
        )


def check_optional_flag(
    owner: object, field: "attrs.Attribute[bool | None]", value: object
) -> None:
    """Flags that may be unknown are True, False or None."""
    if value is not None and not isinstance(value, bool):
        raise VocabularyError(
            f"{type(owner).__name__}.{field.name} must be True, False or None, got {value!r}"
        )


def check_importance(owner: object, field: "attrs.Attribute[float | None]", value: object) -> None:
    """Weights are numbers above 0, or None."""
    if value is not None and not (is_finite(value) and cast("float", value) > 0):
        raise VocabularyError(
            f"{type(owner).__name__}.{field.name} must be a number above 0, got {value!r}; "
            "leave it out where it is not known"
        )


def is_finite(value: object) -> bool:
    """Whether it is a plain number, neither infinite nor NaN."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number or fraction beyond float64
        return False


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
    raise VocabularyError(f"expected {named(*kinds)} or an id, got {_shown(thing)}")


def ids_of(things: Iterable[object], *kinds: type[Identified]) -> tuple[str, ...]:
    """
    The ids of several objects of the *kinds*, or the texts themselves.

    Raises:
        VocabularyError: Something else, one of them twice, or no collection at all.
    """
    ids = tuple(id_of(thing, *kinds) for thing in collection(things))
    doubled = [key for key, count in Counter(ids).items() if count > 1]
    if doubled:
        raise VocabularyError(f"expected every reference once, got {doubled} more than once")
    return ids


def objects_of(things: Iterable[T], kind: type[T]) -> tuple[T, ...]:
    """
    Several objects of one kind.

    Raises:
        VocabularyError: Something else, or no collection at all.
    """
    objects = tuple(collection(things))
    for thing in objects:
        if not isinstance(thing, kind):
            raise VocabularyError(f"expected {named(kind)} object, got {_shown(thing)}")
    return objects


def collection(things: Iterable[T]) -> Iterator[T]:
    """What is in a collection; a single text or object where several are meant is an error."""
    try:
        if not isinstance(things, str) and isinstance(things, Iterable):
            return iter(things)
    except TypeError:  # of a single result, which can't be gone through
        pass
    remedy = "wrap it in []"
    if isinstance(things, str) and "," in things:
        remedy = f"write {[one.strip() for one in things.split(',')]!r}"
    raise VocabularyError(f"expected a collection, got {_shown(things)}; {remedy}")


def named(*kinds: type) -> str:
    """Kinds with their article: a Customer, an Activity or a Need."""
    names = (kind.__name__ for kind in kinds)
    return " or ".join(f"{'an' if name[0] in 'AEIOU' else 'a'} {name}" for name in names)


def _shown(thing: object) -> str:
    """An object by its kind and id, anything else as Python writes it."""
    key = getattr(thing, "id", None)
    return f"the {type(thing).__name__} {key!r}" if isinstance(key, str) else repr(thing)
