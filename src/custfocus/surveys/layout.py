"""Which domain of which item each row of a survey tally is, and moving answers to other rows."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import numpy as np

from custfocus.results.arrays import Places
from custfocus.results.keys import Keys
from custfocus.surveys.contents import Content


class Layout(NamedTuple):
    """
    Rows by item and domain; domains are numbered within each item in the order of sorted labels.

    The numbers so do not depend on the order in which rows are shown, and equal surveys have
    equal contents.

    Attributes:
        items: The names of the items, sorted; an empty one where the keys do not tell items.
        item: Which of these each row is of, shape (rows,).
        domain: Its domain, likewise.
        numbers: How many domains each item has.
    """

    items: tuple[str, ...]
    item: Places
    domain: Places
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, keys: Keys) -> "Layout":
        """The layout of all rows."""
        order = sorted_places(keys)
        if "item" not in keys.names:
            return cls(("",), np.zeros(keys.rows, np.intp), order, (keys.rows,))
        names, item = np.unique(np.array(keys.labels("item"), np.str_), return_inverse=True)
        domain = np.empty(keys.rows, np.intp)
        for place in range(len(names)):
            here = item == place
            domain[here] = np.argsort(np.argsort(order[here]))
        return cls(tuple(names.tolist()), item, domain, tuple(np.bincount(item).tolist()))


class _Tallied(Protocol):
    """A tally as far as its rows go."""

    @property
    def contents(self) -> tuple[Content, ...]: ...
    @property
    def row_items(self) -> Places: ...
    @property
    def row_domains(self) -> Places: ...


def sorted_places(keys: Keys) -> Places:
    """The place of each row were all labels sorted, whatever order of display is declared."""
    if not keys.declared:
        return np.arange(keys.rows)
    _, order = Keys.of({name: keys.labels(name) for name in keys.names})
    return order


def rows_under(keys: Keys, part: Keys) -> Places:
    """Which row of the keys each row of a part of them is; fixed labels aside."""
    _, ours, theirs = keys.united(part)
    found = np.zeros(part.rows, np.intp)
    here = theirs >= 0
    found[theirs[here]] = ours[here]
    return found


def moved(tally: _Tallied, target: Places, layout: Layout) -> Mapping[str, Content]:
    """
    What a tally keeps of each item, with its rows moved to others.

    Respondents whose row was taken out stay in the design, in no domain.

    Args:
        tally: The tally.
        target: The new row of each of its rows.
        layout: Of the new rows.
    """
    found: dict[str, Content] = {}
    for place, content in enumerate(tally.contents):
        rows = np.flatnonzero((tally.row_items == place) & (tally.row_domains >= 0))
        if not len(rows):
            continue  # no row says which item it is
        item = int(layout.item[target[rows[0]]])
        number = layout.numbers[item]
        domains = np.full(content.domains, number)
        domains[tally.row_domains[rows]] = layout.domain[target[rows]]
        found[layout.items[item]] = content.regrouped(domains, number)
    if not found and layout.items == ("",):  # no rows, but clusters that were drawn
        content = tally.contents[0]
        found[""] = content.regrouped(
            np.full(content.domains, layout.numbers[0]), layout.numbers[0]
        )
    return found
