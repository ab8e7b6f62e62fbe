"""The published rows of a sample by groups: the finest groups and their totals."""

import reprlib
from collections.abc import Sequence
from itertools import combinations
from typing import Any, cast

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.disclosure.rows import Margin, row_places
from custfocus.disclosure.suppressed import level_text
from custfocus.errors import LabelError, OptionError, unknown_option
from custfocus.responses.sample import Sample
from custfocus.results.arrays import Codes, Counts, Floats, Places
from custfocus.results.keys import Keys
from custfocus.results.labels import Label

_MOST_NAMES = 4  # with all totals, of which there are 2 for each name more
Totals = bool | Sequence[tuple[str, ...]]


@attrs.frozen(eq=False)
class Published:
    """
    All rows that are published of a sample, before any is hidden.

    Attributes:
        names: The names of groups; ``item`` is none of them.
        margins: The places of the names of each level, the finest first.
        keys: What the rows are called.
        level: The place of each row's margin.
        rows: For each margin the published row of each row of the sample, shape (margins, rows).
    """

    names: tuple[str, ...]
    margins: tuple[Margin, ...]
    keys: Keys
    level: Places
    rows: Places

    @property
    def levels(self) -> tuple[tuple[str, ...], ...]:
        """The names of each level."""
        return tuple(map(self.named, self.margins))

    def named(self, margin: Margin) -> tuple[str, ...]:
        """The names of a margin."""
        return tuple(self.names[one] for one in margin)

    def summed(self, table: NDArray[Any]) -> NDArray[Any]:
        """Rows of the sample added up to published rows."""
        total = np.zeros((self.keys.rows, *table.shape[1:]), table.dtype)
        for rows in self.rows:
            np.add.at(total, rows, table)
        return total


def published_rows(keys: Keys, totals: Totals) -> Published:
    """
    The rows to publish of a sample.

    Args:
        keys: What the rows of the sample are called.
        totals: Whether totals over the names are published as well, or the names of those that
            are.

    Raises:
        LabelError: A name of groups that is called level.
        OptionError: Names that are not there; all totals of more than four names.
    """
    names = tuple(name for name in keys.names if name != "item")
    if "level" in names:
        raise LabelError("suppress calls a column of its own 'level'; rename the groups")
    margins = _margins(names, totals)
    at = [keys.names.index(name) for name in names]
    codes = np.asarray(keys.codes, np.intp)
    items = [place for place, name in enumerate(keys.names) if name == "item"]
    rows = np.empty((len(margins), keys.rows), np.intp)
    first: list[Places] = []
    start = 0
    for level, margin in enumerate(margins):
        found = row_places(codes, (*(at[one] for one in margin), *items))
        if level == 0:
            found = np.arange(keys.rows)
        rows[level] = start + found
        first.append(np.unique(found, return_index=True)[1])
        start += len(first[-1])
    places = np.repeat(np.arange(len(margins)), [len(one) for one in first])
    every = _keys(keys, names, margins, np.concatenate(first), places)
    return Published(names, margins, every, places, rows)


def _margins(names: tuple[str, ...], totals: object) -> tuple[Margin, ...]:
    """The places of the names of each margin, all names first."""
    every = tuple(range(len(names)))
    if isinstance(totals, bool):
        if totals and len(names) > _MOST_NAMES:
            raise OptionError(
                f"groups by {len(names)} names have {2 ** len(names)} tables of totals; name those "
                "that are published, totals=[(...), ...]"
            )
        sizes = range(len(names), -1, -1) if totals else [len(names)]
        return tuple(margin for size in sizes for margin in combinations(every, size))
    chosen = {every, *named_margins(names, totals, "totals")}
    return tuple(sorted(chosen, key=lambda margin: (-len(margin), margin)))


def named_margins(names: tuple[str, ...], given: object, option: str) -> list[Margin]:
    """
    The places of the names of margins that were listed.

    Raises:
        OptionError: What is no list of tuples of names, or a name that is not there.
    """
    if not isinstance(given, list | tuple):
        raise _no_margins(option, given)
    every = cast("Sequence[Any]", given)
    if any(type(one) not in {tuple, list} for one in every):
        raise _no_margins(option, every)
    return [tuple(sorted({_place(name, names, option) for name in one})) for one in every]


def _place(name: object, names: tuple[str, ...], option: str) -> int:
    if isinstance(name, str) and name in names:
        return names.index(name)
    raise unknown_option(f"name in {option}", name, names)


def _no_margins(option: str, given: object) -> OptionError:
    return OptionError(
        f"{option} must be a list with a tuple of names for each total, such as [('shop',), ()], "
        f"got {reprlib.repr(given)}"
    )


def _keys(
    keys: Keys, names: tuple[str, ...], margins: tuple[Margin, ...], first: Places, level: Places
) -> Keys:
    """The level of each row and its labels, none for names that it is a total over."""
    levels: list[Sequence[Label]] = [
        [level_text(tuple(names[one] for one in margin)) for margin in margins]
    ]
    codes: list[Codes | Places] = [level]
    kept = np.array([[one in margin for one in range(len(names))] for margin in margins], np.bool_)
    for name, labels, code in zip(keys.names, keys.levels, keys.codes, strict=True):
        every = [*labels]
        if None not in every and name != "item":
            every.append(None)
        here = kept[level, names.index(name)] if name != "item" else np.True_
        levels.append(every)
        codes.append(np.where(here, code[first], every.index(None) if name != "item" else 0))
    return Keys(
        ("level", *keys.names),
        levels,
        np.stack(codes),
        keys.declared | {"level"},
        keys.fixed,
    )


def table_of_sample(sample: Sample) -> Counts:
    """Points and reasons of each row, shape (rows, points + reasons)."""
    both = np.concatenate([sample.counts, sample.missing_by_reason], axis=-1)
    return both.reshape(-1, both.shape[-1])


def summed_sizes(published: Published, population: Floats | None) -> Floats | None:
    """The populations of the published rows."""
    return None if population is None else published.summed(population.reshape(-1))
