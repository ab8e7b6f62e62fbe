"""What a reader should know of the answers behind an index, beside its numbers."""

from collections.abc import Iterator

import numpy as np

from custfocus.responses.sample import Sample
from custfocus.responses.scale import Scale
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import Counts, Flags, Floats

_LONG = 7  # points from which on a scale's ends may well be never used
_MANY = 30  # answers from which on that says something
_SOME = 5  # answers from which on a recommendation that stays within 1 to 5 says something
_HEAVY = 3.0  # design effect
_ON_FIVE = frozenset(range(1, 6))


def estimate_notes(sample: Sample, scoring: Scoring, design_effect: Floats) -> tuple[str, ...]:
    """
    The notes on an estimate, each for the rows that it concerns.

    Args:
        sample: The answers behind it.
        scoring: What was computed of them.
        design_effect: Of each row.
    """
    counts = sample.counts.reshape(-1, len(sample.scale))
    n = counts.sum(axis=-1)
    found = [
        *_unused_ends(counts, n, sample.scale, scoring),
        *_alike(counts, n, scoring),
        *_heavy(np.ravel(design_effect)),
    ]
    rows = sample.keys.rows if sample.shape else 1
    said = (f"{text}{_where(which, rows)}" for text, which in found if which.any())
    return (*sample.notes, *said)


def _where(which: Flags, rows: int) -> str:
    return "" if rows == 1 else f" ({which.sum():,} of {rows:,} rows)"


def _unused_ends(
    counts: Counts, n: Counts, scale: Scale, scoring: Scoring
) -> Iterator[tuple[str, Flags]]:
    points = np.array(scale.points)
    used = counts > 0
    outside = ~np.isin(points, list(_ON_FIVE))
    if scoring.name == "NPS" and outside.any():
        few = (n >= _SOME) & ~used[:, outside].any(axis=-1)
        yield "no answer leaves 1 to 5: was it asked on another scale?", np.asarray(few)
        n = np.where(few, 0, n)
    if len(scale) >= _LONG:
        ends = (n >= _MANY) & ~(used[:, 0] | used[:, -1])
        yield "neither end of the scale was ever chosen: is the scale right?", np.asarray(ends)


def _alike(counts: Counts, n: Counts, scoring: Scoring) -> Iterator[tuple[str, Flags]]:
    scores = np.unique(scoring.quoted_scores, return_inverse=True)[1]
    kinds = np.stack([counts[:, scores == one].any(axis=-1) for one in range(scores.max() + 1)])
    alike = (kinds.sum(axis=0) == 1) & (n > 1)
    yield "all answers count alike: the interval rests on their number alone", np.asarray(alike)


def _heavy(effect: Floats) -> Iterator[tuple[str, Flags]]:
    text = (
        f"a design effect over {_HEAVY:g}: few answers carry most of the weight or the clusters "
        "differ much"
    )
    yield text, np.asarray(np.nan_to_num(effect) > _HEAVY)
