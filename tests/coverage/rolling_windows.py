"""
How often limits of the change between two rolling windows hold what is true.

Run it with ``python tests/coverage/rolling_windows.py``. Windows of 12 months that end 1, 3 and 12
months apart, of a share of 100 answers a month and of a rate of 10 events a month, neither of
which changes. Beside coverage and mean width stand those of limits that take the two windows
as independent. 4,000 simulated series each, from one seed.
"""

import sys

import numpy as np

from custfocus.indices import top_box
from custfocus.progress import rolling
from custfocus.progress.changes import Change, from_limits
from custfocus.quantities import Rate, proportion

SERIES, WINDOW, APART = 4_000, 12, (1, 3, 12)
MONTHS = list(range(24))


def windows(kind, seed=20261129):
    """The windows of many stable series of one kind."""
    generator = np.random.default_rng(seed)
    shape = (SERIES, len(MONTHS))
    by = {"series": np.repeat(np.arange(SERIES), len(MONTHS))}
    period = MONTHS * SERIES
    if kind == "share":
        counts = generator.binomial(100, 0.8, shape).ravel()
        return rolling(top_box(proportion(counts, 100, by=by, period=period), boxes=1), WINDOW)
    events = generator.poisson(10, shape).ravel()
    return rolling(Rate(events, 1, by=by, period=period), WINDOW)


def held_and_width(found, apart):
    """Coverage and mean width, with the correlation and without."""
    pair = (MONTHS[-1], MONTHS[-1] - apart)
    change = found.change(period=pair)
    sides = [
        Change(*(getattr(found, name)[np.array(found.keys.labels("period")) == label]
                 for name in ("value", "low", "high")))
        for label in pair
    ]  # fmt: skip
    alone = from_limits(*sides)
    return [
        (((low <= 0) & (high >= 0)).mean(), (high - low).mean())
        for low, high in ((change.low, change.high), (alone.low, alone.high))
    ]


def table():
    """A row for each kind of series and distance."""
    rows = []
    for kind in ("share", "rate"):
        found = windows(kind)
        for apart in APART:
            (held, width), (alone, wide) = held_and_width(found, apart)
            rows.append((kind, apart, held, width, alone, wide))
    return rows


def line(row):
    """A row as the page has it."""
    return "| {} | {} | {:.3f} | {:.2f} | {:.3f} | {:.2f} |".format(*row)


if __name__ == "__main__":
    for one in table():
        sys.stdout.write(f"{line(one)}\n")
