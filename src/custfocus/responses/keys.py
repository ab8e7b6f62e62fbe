"""The labels that groups, strata and clusters go by, one tuple each."""

from collections.abc import Iterable, Sequence
from typing import cast

import numpy as np

from custfocus.errors import TallyError
from custfocus.responses.groups import Codes, Groups

Key = tuple[object, ...]
Keys = tuple[Key, ...]


def as_keys(keys: Iterable[object]) -> Keys:
    """A tuple for each; a label that stands alone is wrapped in one."""
    return tuple(cast("Key", key) if isinstance(key, tuple) else (key,) for key in keys)


def width(keys: Keys) -> int:
    """How many labels each has."""
    return len(keys[0]) if keys else 0


def united(keys: Sequence[Key], labels: int) -> tuple[Keys, Codes]:
    """
    The distinct keys among many, in the order of `Groups.keys`, and which each one is.

    Args:
        keys: Of so many *labels* each.
        labels: With none they are all the same.
    """
    if not labels:
        return tuple(keys[:1]), np.zeros(len(keys), dtype=np.intp)
    columns = {str(place): [key[place] for key in keys] for place in range(labels)}
    groups = Groups.of(columns)
    return groups.keys, groups.codes


def check_keys(name: str, keys: Keys, labels: int) -> None:
    """An error where keys are doubled, out of order, or not of so many labels."""
    shown = ", ".join(map(repr, keys[:5]))
    if any(len(key) != labels for key in keys):
        raise TallyError(f"{name} must be tuples of {labels}, a value for each name, got {shown}")
    if not np.array_equal(united(keys, labels)[1], range(len(keys))):
        raise TallyError(f"{name} must differ and stand in the order of Groups.keys, got {shown}")
