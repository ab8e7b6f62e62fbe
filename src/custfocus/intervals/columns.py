"""
Counts as one row for each score and one column for each group, and sums along them.

Every sum goes row by row, so that a group gets the same bits alone and in a batch.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import Floats

_BLOCK = 8192  # groups at a time: the working arrays stay in the processor's cache
_ODD, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)  # 2**64 over the golden ratio


def merged_columns(counts: Floats, scores: Floats) -> tuple[Floats, Floats]:
    """The distinct scores, ascending (P,), and the counts on each as contiguous rows (P, G)."""
    points, where = np.unique(scores, return_inverse=True)
    columns = np.zeros((len(points), counts[..., 0].size))
    for j, row in enumerate(where):
        columns[row] += counts[..., j].ravel()
    return points, columns


def weighted_sum(rows: Floats, weights: Floats) -> Floats:
    """The rows (P, G) times the weights (P,), added up; shape (G,)."""
    total = np.zeros(rows.shape[1:])
    for row, weight in zip(rows, weights, strict=True):
        total += row * weight
    return total


def column_sum(rows: Floats) -> Floats:
    """The rows (P, G) added up; shape (G,)."""
    total = np.zeros(rows.shape[1:])
    for row in rows:
        total += row
    return total


def column_mean(points: Floats, columns: Floats) -> Floats:
    """The mean of each group (G,), held to the scale, which rounding could leave; NaN for n = 0."""
    n = column_sum(columns)
    mean = weighted_sum(columns, points) / np.where(n > 0, n, np.nan)
    return np.clip(mean, points[0], points[-1])


def ratio(above: Floats, below: Floats) -> Floats:
    """The quotient; *above* itself where *below* is 0."""
    return above / np.where(below > 0, below, 1)


def blocks(groups: int) -> Iterator[slice]:
    """Slices that cover so many groups, none larger than fits the processor's cache."""
    return (slice(start, start + _BLOCK) for start in range(0, groups, _BLOCK))


def distinct_columns(columns: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """
    The places of one each of the equal columns of (P, G), and which of them each column is.

    Told apart by a hash. Should two unlike columns share one, all are taken for distinct.
    """
    bits = np.zeros(columns.shape[1], dtype=np.uint64)
    for row in columns:
        bits ^= (row + 0.0).view(np.uint64)  # where -0.0 becomes 0.0
        bits *= _ODD
        bits ^= bits >> _HALF
    _, first, which = np.unique(bits, return_index=True, return_inverse=True)
    if (columns[:, first[which]] == columns).all():
        return first, which
    every = np.arange(columns.shape[1], dtype=np.intp)
    return every, every
