"""Runs on one side of a centre line and crossings of it, with Anhøj's limits for both."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrik

Ints = NDArray[np.int64]


def count_runs(side: NDArray[np.int8]) -> list[Ints]:
    """Useful points, longest run and its limit, crossings and their limit, shape (series, 1)."""
    useful = side != 0
    n = useful.sum(axis=-1, keepdims=True)
    if not useful.all():
        order = np.argsort(~useful, axis=-1, kind="stable")
        side = np.take_along_axis(side, order, axis=-1)
    crossed = side[:, 1:] == -side[:, :-1]
    crossed &= side[:, 1:] != 0
    place = np.arange(side.shape[-1], dtype=np.int32)
    start = np.zeros(side.shape, np.int32)
    np.multiply(place[1:], crossed, out=start[:, 1:])
    lengths = place + 1 - np.maximum.accumulate(start, axis=-1)
    longest = np.where(side != 0, lengths, 0).max(axis=-1, keepdims=True)
    run_limits, crossing_limits = _anhoej_limits(side.shape[-1])
    crossings = crossed.sum(axis=-1, keepdims=True)
    return [n, longest, run_limits[n], crossings, crossing_limits[n]]


@cache
def _anhoej_limits(most: int) -> tuple[Ints, Ints]:
    """The longest run and the fewest crossings that are no signal, for 0 to *most* points."""
    n = np.arange(1, most + 1)
    longest = np.round(np.log2(n)) + 3
    trials = n - 1
    with np.errstate(invalid="ignore"):
        fewest = np.ceil(np.nan_to_num(bdtrik(0.05, trials, 0.5)))
    # bdtrik may end a rounding error above or below a whole number
    fewest -= (fewest > 0) & (bdtr(np.maximum(fewest - 1, 0), trials, 0.5) >= 0.05)
    return tuple(np.append(0, limit).astype(np.int64) for limit in (longest, fewest))  # type: ignore[return-value]
