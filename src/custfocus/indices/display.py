"""Results for groups as tables: a row for each group, no more than fit a screen."""

from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np

from custfocus.tables import html_table, text_table

_SHOWN = 20  # groups in a printed table; to_dicts() has them all

Group = tuple[int, ...]
Cells = Callable[[Group], list[str]]


def groups_as_text(shape: Group, titles: Sequence[str], cells: Cells, note: str) -> str:
    """A text table, numbers to the right, with a note under it."""
    rows, more = _rows(shape, cells)
    return "\n".join([text_table(titles, rows, "r" * len(titles)), *more, note])


def groups_as_html(shape: Group, titles: Sequence[str], cells: Cells, note: str) -> str:
    """The same in HTML. The cells are HTML already; the last column is for pictures."""
    rows, more = _rows(shape, cells)
    table = html_table([*titles, ""], rows, "r" * len(titles) + "l")
    return f"{table}<small>{' '.join([*more, note])}</small>"


def _rows(shape: Group, cells: Cells) -> tuple[list[list[str]], list[str]]:
    """The rows that are shown, and a line for those that are not."""
    groups = list(islice(np.ndindex(shape), _SHOWN))
    more = int(np.prod(shape)) - len(groups)
    rows = [[", ".join(map(str, group)), *cells(group)] for group in groups]
    return rows, [f"... and {more} more"] if more else []
