"""The table of each item, and what is hidden of it."""

from collections.abc import Iterator

import attrs
import numpy as np

from custfocus.disclosure.engine import hiding_of
from custfocus.disclosure.margins import Published, table_of_sample
from custfocus.disclosure.rows import GroupTable, table_of
from custfocus.disclosure.sensitive import HidingRule, respondents_rule
from custfocus.disclosure.suppressed import Respondents
from custfocus.disclosure.witnesses import Hiding
from custfocus.responses.sample import Sample
from custfocus.results.arrays import Counts, Flags, Places


@attrs.frozen(eq=False)
class Item:
    """
    The groups that were asked one item, or all groups where there are no items.

    Attributes:
        table: Their counts, and the rows that are published of them.
        rows: The rows of the sample that they are.
        kept: The classes that must stay shown.
        out: The classes that must stay hidden.
        together: Whether several items have the same respondents, group by group.
        asked: The classes of which the number asked is published in any case.
        silent: The classes of which the number asked is not published.
    """

    table: GroupTable
    rows: Places
    kept: Flags
    out: Flags
    together: bool
    asked: Flags
    silent: Flags


def items_of(
    sample: Sample, published: Published, kept: Flags, out: Flags, respondents: Respondents
) -> Iterator[Item]:
    """
    The items of a sample that anyone was asked.

    Args:
        sample: The sample.
        published: The rows that are published of it.
        kept: Which of these must stay shown.
        out: Which must stay hidden.
        respondents: See `suppress`.
    """
    keys, points = sample.keys, len(sample.scale)
    every = table_of_sample(sample)[:, : None if respondents == "known" else points]
    codes = np.stack([np.asarray(keys.codes[keys.names.index(one)]) for one in published.names])
    item = keys.codes[keys.names.index("item")] if "item" in keys.names else np.zeros(keys.rows)
    asked = every.any(axis=1)
    items = [np.flatnonzero((item == one) & asked) for one in np.unique(item[asked])]
    together = len(items) > 1 and _same_respondents(codes, every.sum(axis=1), items)
    for rows in items:
        table = table_of(codes[:, rows], every[rows], points, published.margins)
        must, gone = np.zeros((2, table.classes), np.bool_)
        for at in range(len(published.margins)):
            classes, here = table.classes_at(at), published.rows[at, rows]
            must[classes] |= kept[here]
            gone[classes] |= out[here]
        yield Item(table, rows, must, gone, together, asked=must, silent=np.zeros_like(gone))


def _same_respondents(codes: Places, respondents: Counts, items: list[Places]) -> bool:
    """Whether each group has as many respondents for every item."""
    both = [np.column_stack([codes[:, rows].T, respondents[rows]]) for rows in items]
    ordered = [rows[np.lexsort(rows.T)] for rows in both]
    return all(np.array_equal(ordered[0], one) for one in ordered[1:])


def item_hiding(item: Item, rule: HidingRule, respondents: Respondents) -> Hiding:
    """
    What to hide of one item.

    First rows with few respondents are hidden, and others with them; how many were asked in the
    rows that are left is then taken to be known. Where several items have the same respondents,
    these are hidden alike for all.
    """
    free = unknown_respondents(item, rule.minimum, respondents)
    out = item.out | free if respondents == "known" else item.out
    return hiding_of(item.table, rule, _answers(item.table), kept=item.kept, out=out, free=free)


def unknown_respondents(item: Item, minimum: int, respondents: Respondents) -> Flags:
    """The classes of which it is not known how many were asked."""
    table = item.table
    every = np.ones(table.classes, np.bool_)
    if respondents == "unknown":
        return every
    counts = table.counts.sum(axis=1, keepdims=True) if item.together else table.counts
    asked = attrs.evolve(table, counts=counts, points=counts.shape[1])
    rule = respondents_rule(minimum, counts.shape[1])
    return hiding_of(
        asked, rule, _answers(asked), kept=item.asked, out=item.silent, free=every
    ).hidden


def _answers(table: GroupTable) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """The answers in each class."""
    return table.sums(table.answers[:, np.newaxis])[:, 0].astype(np.float64)
