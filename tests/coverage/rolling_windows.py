"""
How often limits of the change between two rolling windows hold what is true.

Run it with ``python tests/coverage/rolling_windows.py``. Windows of 12 months that end 1, 3 and 12
months apart, of a share of 100 answers a month and of 10 events a month: stable ones, and ones
whose newest months, those that the earlier window lacks, have another level. Beside coverage and
mean width stand those of limits that take the two windows as independent. 4,000 simulated series
each, from one seed. The last line is how often a chart would mark stable rolling years.
"""

import sys

import numpy as np

from custfocus.charts import xmr_limits
from custfocus.indices import top_box
from custfocus.progress import rolling
from custfocus.progress.changes import Change, from_limits
from custfocus.quantities import Rate, proportion

SERIES, WINDOW, APART, SEED = 4_000, 12, (1, 3, 12), 20261129
MONTHS = list(range(24))
KINDS = {  # the level before, and that of the newest months
    "share .8": (0.8, 0.8),
    "share .9, then .5": (0.9, 0.5),
    "10 events": (10.0, 10.0),
    "10 events, then 40": (10.0, 40.0),
}


def windows(kind, apart, seed=SEED):
    """The windows of many series of one kind."""
    generator = np.random.default_rng(seed)
    before, newest = KINDS[kind]
    level = np.where(np.array(MONTHS) < len(MONTHS) - apart, before, newest)
    shape = (SERIES, len(MONTHS))
    by = {"series": np.repeat(np.arange(SERIES), len(MONTHS))}
    period = MONTHS * SERIES
    if before < 1:
        counts = generator.binomial(100, level, shape).ravel()
        return rolling(top_box(proportion(counts, 100, by=by, period=period), boxes=1), WINDOW)
    events = generator.poisson(level, shape).ravel()
    return rolling(Rate(events, 1, by=by, period=period), WINDOW)


def held_and_width(kind, apart):
    """Coverage and mean width with what is shared, and as if independent."""
    found = windows(kind, apart)
    before, newest = KINDS[kind]
    truth = (newest - before) * apart / WINDOW * (100 if before < 1 else 1)
    pair = (MONTHS[-1], MONTHS[-1] - apart)
    change = found.change(period=pair)
    ends = np.array(found.keys.labels("period"))
    columns = [found.value, found.low, found.high]
    sides = [Change(*(one[ends == label] for one in columns)) for label in pair]
    alone = from_limits(*sides)
    return [
        (((low <= truth + 1e-9) & (high >= truth - 1e-9)).mean(), (high - low).mean())
        for low, high in ((change.low, change.high), (alone.low, alone.high))
    ]


def table():
    """A row for each kind of series and distance."""
    rows = []
    for kind in KINDS:
        for apart in APART:
            (held, width), (alone, wide) = held_and_width(kind, apart)
            rows.append((kind, apart, held, width, alone, wide))
    return rows


def line(row):
    """A row as the page has it."""
    return "| {} | {} | {:.3f} | {:.2f} | {:.3f} | {:.2f} |".format(*row)


def charted():
    """The share of stable series of 24 rolling years, of normal months, with a point off limits."""
    months = np.random.default_rng(SEED).normal(size=(SERIES, 24 + WINDOW - 1))
    years = np.lib.stride_tricks.sliding_window_view(months, WINDOW, axis=1).mean(axis=-1)
    limits = xmr_limits(years)
    return ((years < limits.low) | (years > limits.high)).any(axis=1).mean()


if __name__ == "__main__":
    for one in table():
        sys.stdout.write(f"{line(one)}\n")
    sys.stdout.write(f"stable series of 24 with a point beyond XmR limits: {charted():.3f}\n")
