"""Distinct amounts with their counts, row by row: what is kept of records for their quantiles."""

from typing import NamedTuple

import numpy as np

from custfocus.errors import TallyError
from custfocus.results.arrays import Floats, Places, floats, places
from custfocus.results.keys import Keys


class AmountCells(NamedTuple):
    """Distinct amounts of each row, row by row and ascending, with how often each occurs."""

    amounts: Floats
    counts: Floats
    rows: Places


def distinct_amounts(amounts: Floats, counts: Floats, rows: Places) -> AmountCells:
    """The distinct amounts of each row, ascending, with their counts; those of 0 are left out."""
    order = np.lexsort((amounts, rows))
    order = order[counts[order] > 0]
    amounts, counts, rows = amounts[order], counts[order], rows[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (amounts[1:] != amounts[:-1]) | (rows[1:] != rows[:-1])
    starts = np.flatnonzero(first)
    sums = np.add.reduceat(counts, starts) if len(starts) else counts
    return AmountCells(amounts[starts], floats(sums), rows[starts])


def tiled_cells(amounts: Floats, counts: Floats, spans: Places) -> AmountCells:
    """The cells of some rows, one row after the other: what no row points to is left out."""
    start, number = spans.T
    if (start + number > len(amounts)).any() or counts.shape != amounts.shape:
        raise TallyError(
            "cells must lie within the amounts, each with its count; make a Quantile of records by "
            "Quantile.of"
        )
    rows = np.repeat(np.arange(len(spans)), number)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(number) - number, number)
    at = start[rows] + within
    return distinct_amounts(amounts[at], counts[at], rows)


def cell_spans(rows: Places, keys: Keys) -> Places:
    """Where the cells of each row start and how many they are, shape (rows, 2) or (2,)."""
    number = np.bincount(rows, minlength=keys.rows)
    spans = np.column_stack([np.cumsum(number) - number, number])
    return places(spans.reshape(*keys.shape, 2))
