"""Sizes of finite populations, by label."""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from custfocus.errors import LabelError, TallyError
from custfocus.intervals.arguments import population_sizes
from custfocus.results.arrays import Counts, Floats
from custfocus.results.distinct import identity, is_ordered
from custfocus.results.keys import Keys
from custfocus.results.result import Result
from custfocus.results.text import kind_text


def population_by_key(population: object, keys: Keys, n: Counts) -> Floats:
    """
    The size of each row's population.

    Args:
        population: One number for all rows; or for labelled rows a mapping of their labels to
            sizes (tuples of labels for several names) or a Series with the labels as its
            index; for numbered rows an array.
        keys: The rows.
        n: How many of them answered, shape (...).

    Returns:
        Shape (...).

    Raises:
        LabelError: A label without a size, or a size without its label.
        TallyError: Sizes that are not whole or smaller than the sample, or that have no labels
            where the rows have.
    """
    given: Any = population
    if isinstance(population, Result):
        raise TallyError(
            f"population must be one number or sizes by label, got {kind_text(population)}; pass a "
            "mapping of labels to sizes"
        )
    if not isinstance(population, Mapping) and hasattr(given, "index") and hasattr(given, "items"):
        given = dict(given.items())
    if isinstance(given, Mapping):
        given = _by_label(cast("Mapping[object, Any]", given), keys)
    elif keys.labelled and keys.names and is_ordered(given):
        raise TallyError(
            f"population must be one number or sizes by label, got {len(given)} numbers "
            f"without labels; pass a mapping of {' and '.join(keys.names)} to size"
        )
    return cast("Floats", population_sizes(given, n.astype(np.float64)))


def _by_label(sizes: Mapping[object, Any], keys: Keys) -> list[Any]:
    """The sizes in the order of the rows."""
    if not (keys.names and keys.labelled):
        raise LabelError(
            "population by label needs rows with labels, got rows without; give one number"
        )
    known = {tuple(map(identity, _key(label))): size for label, size in sizes.items()}
    rows = [tuple(map(identity, key)) for key in keys]
    unsized = [key for key, row in zip(keys, rows, strict=True) if row not in known]
    if unsized:
        raise LabelError(
            f"population must have a size for every {' and '.join(keys.names)}, got none for "
            f"{_shown(unsized[0])} ({len(unsized)} in all)"
        )
    odd = set(known) - set(rows)
    if odd:
        label = tuple(one for _, one in next(iter(odd)))
        raise LabelError(
            f"population must be of the sample's {' and '.join(keys.names)}, got a size for "
            f"{_shown(label)}, which is not in it; leave it out"
        )
    return [known[row] for row in rows]


def _key(label: object) -> tuple[object, ...]:
    return cast("tuple[object, ...]", label) if isinstance(label, tuple) else (label,)


def _shown(key: tuple[object, ...]) -> str:
    return repr(key[0]) if len(key) == 1 else repr(key)
