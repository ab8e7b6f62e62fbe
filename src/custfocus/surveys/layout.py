"""Where the rows of a survey stand: by item, and by domain within it."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from custfocus.results.arrays import Places
from custfocus.results.keys import Keys
from custfocus.surveys.counted_cells import CountedCells
from custfocus.surveys.row_fields import RowLabels


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


def contents_of_cells(
    keys: Keys,
    rows: Places,
    found: Places,
    numbers: Mapping[str, ArrayLike],
    *,
    strata: RowLabels | None,
    clusters: RowLabels | None,
    lonely_psu: str,
    degrees_of_freedom: float | None,
) -> dict[str, CountedCells]:
    """
    What is kept of each item, from the cells of all rows.

    Args:
        keys: Of the rows.
        rows: The row that each cell is of.
        found: The place of its answer.
        numbers: The respondents, weightless, weights and squares of each.
        strata: The stratum of each.
        clusters: The cluster of each.
        lonely_psu: What a stratum with one cluster gets.
        degrees_of_freedom: The fixed ones.
    """
    layout = Layout.of(keys)
    contents: dict[str, CountedCells] = {}
    for place, (name, number) in enumerate(zip(layout.items, layout.numbers, strict=True)):
        own = layout.item[rows] == place
        contents[name] = CountedCells.of(
            found[own],
            layout.domain[rows[own]],
            number,
            **{kind: np.asarray(each)[own] for kind, each in numbers.items()},
            strata=strata and strata.some(own),
            clusters=clusters and clusters.some(own),
            lonely_psu=lonely_psu,
            degrees_of_freedom=degrees_of_freedom,
        )
    return contents
