"""What is compared by one name, within each of the others."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from custfocus.errors import LabelError, OptionError
from custfocus.responses.sample import check_not_items
from custfocus.results.arrays import Codes, Places
from custfocus.results.keys import Keys


class Within(NamedTuple):
    """
    The rows of a result as blocks: alike in every name but one, by which they differ.

    Attributes:
        across: The name that rows of a block differ by.
        level: The labels by that name, in order of display.
        codes: The label of each row by its place in the level.
        keys: What the blocks are called; a single one without a name where all rows are one.
        block: The block of each row.
        declared: Whether the order of the labels was given.
    """

    across: str
    level: Sequence[object]
    codes: Codes
    keys: Keys
    block: Places
    declared: bool

    @classmethod
    def of(cls, keys: Keys, across: object, verb: str, done: str = "compared") -> "Within":
        """
        The blocks of some rows.

        Args:
            keys: What the rows are called.
            across: The name to compare by; None where only one is open besides the item.
            verb: The function that asks.
            done: What it does to rows.

        Raises:
            LabelError: No names, several of which none is chosen, or one that is not there.
            TallyError: Items.
            OptionError: A name that is no text.
        """
        name = _checked_name(keys, across, verb, done)
        left, block = keys.without(name)
        place = keys.names.index(name)
        level = keys.levels[place]
        labels = tuple(level) if isinstance(level, range) else level
        return cls(name, labels, keys.codes[place], left, block, name in keys.declared)

    @property
    def words(self) -> str:
        """Within what, as captions say it; empty for one block without a name."""
        names = self.keys.names
        return f" within each {' and '.join(names)}" if names else ""

    def pairs(self) -> tuple[Places, Places]:
        """Every two rows of a block once, by block and then by the first and the second."""
        order = np.lexsort((self.codes, self.block))
        block = self.block[order]
        ends = np.searchsorted(block, block, side="right")
        place = np.arange(len(order))
        later = ends - place - 1  # how many rows of the block come after each
        first = np.repeat(place, later)
        starts = np.cumsum(later) - later
        second = first + 1 + np.arange(len(first)) - np.repeat(starts, later)
        return order[first], order[second]

    def rows(self, block: int) -> Places:
        """The rows of one block."""
        return np.flatnonzero(self.block == block)

    def paired_keys(self, rows: Places, label_b: Sequence[object], codes_b: Codes) -> Keys:
        """
        What comparisons of rows are called: the block's names, label_a and label_b.

        Args:
            rows: The row that stands first in each.
            label_b: The labels of what is taken off.
            codes_b: Which of them it is in each, shape (pairs,).
        """
        left = self.keys
        names = (*left.names, "label_a", "label_b")
        codes = [left.codes[:, self.block[rows]], self.codes[rows][None], codes_b[None]]
        declared = {*left.declared, *(("label_a", "label_b") if self.declared else ())}
        return Keys(
            names,
            (*left.levels, self.level, label_b),
            np.concatenate(codes),
            frozenset(declared),
            left.fixed,
        )


def _checked_name(keys: Keys, across: object, verb: str, done: str) -> str:
    names = [name for name in keys.names if name != "item"]
    if across is None:
        if not keys.names:
            raise LabelError(
                f"{verb} needs a result by group, got a single row; compute the index with by="
            )
        if not names:
            check_not_items(["item"], done)
        if len(names) > 1:
            raise LabelError(
                f"across= must say which of {', '.join(names)} is {done} within the others, got "
                f"none; write {verb}(e, across={names[0]!r})"
            )
        return names[0]
    if not isinstance(across, str):
        raise OptionError(f"across must be the name of groups, a text, got {across!r}")
    check_not_items([across], done)
    return across
