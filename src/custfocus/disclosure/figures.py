"""The index of every published row with its limits."""

from typing import NamedTuple, cast

import numpy as np

from custfocus.disclosure.margins import Published, summed_sizes
from custfocus.indices.estimate import Estimate
from custfocus.intervals.methods import EstimateMethod
from custfocus.responses.sample import Sample
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Flags, Floats


class Quoted(NamedTuple):
    """The index as quoted and its limits, each of shape (rows,); NaN where a row is hidden."""

    value: Floats
    low: Floats
    high: Floats


def quoted_figures(e: Estimate, published: Published, shown: Tally, hidden: Flags) -> Quoted:
    """
    The index of the rows that are published.

    Args:
        e: The estimate.
        published: The rows.
        shown: Their counts, 0 where they are hidden.
        hidden: Which of them are hidden.
    """
    if not isinstance(e.sample, Tally):
        levels = [_of_level(e, published, at) for at in range(len(published.margins))]
        parts = (np.concatenate(part) for part in zip(*levels, strict=True))
        return Quoted(*(np.where(hidden, np.nan, part) for part in parts))
    sizes, method = summed_sizes(published, e.population), cast("EstimateMethod", e.method)
    return Quoted(*shown.figures(e.scoring, method, e.confidence_level, sizes)[:3])


def _of_level(e: Estimate, published: Published, at: int) -> Quoted:
    """The rows of one margin, of the answers of a design."""
    kept = published.named(published.margins[at])
    gone = [name for name in published.names if name not in kept]
    sample: Sample = e.sample.collapsed(*gone) if gone else e.sample
    found = sample.figures(e.scoring, e.method, e.confidence_level, None)
    rows = np.flatnonzero(published.level == at)
    names = sample.keys.names
    place = [published.keys.names.index(name) for name in names]
    wanted = published.keys.codes[place][:, rows].T.tolist()
    there = {tuple(code): row for row, code in enumerate(sample.keys.codes.T.tolist())}
    order = [there[tuple(code)] for code in wanted]
    return Quoted(*(np.ravel(part)[order] for part in (found.value, found.low, found.high)))
