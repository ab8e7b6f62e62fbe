"""Which domain of which item each row of a survey tally is."""

from typing import NamedTuple

import numpy as np

from custfocus.results.arrays import Places
from custfocus.results.keys import Keys


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
