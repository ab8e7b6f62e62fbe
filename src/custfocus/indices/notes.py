"""What a reader should know of the answers behind an index, beside its numbers."""

from collections.abc import Iterator

import numpy as np

from custfocus.responses.sample import Sample
from custfocus.responses.scale import Scale
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import Counts, Flags, Floats

_POINTS_WITH_ENDS = 7  # of a scale: on fewer the ends are the only extreme answers
_ANSWERS_FOR_ENDS = 30  # from which on ends that were never chosen say something
_ANSWERS_FOR_FIVES = 5  # from which on a recommendation that stays within 1 to 5 says something
_LARGE_EFFECT = 3.0  # of a design
_NO_ERROR = 1e-9  # of the scale's length: a standard error below is that of no variance
_ONE_TO_FIVE = [1, 2, 3, 4, 5]
_ALIKE = "all answers count alike: the interval rests on their number alone"
_NO_VARIANCE = (
    "no variance between the clusters drawn: "
    "the interval takes Kish's effective number of them as n"
)
_HEAVY = (
    f"a design effect over {_LARGE_EFFECT:g}: few answers carry most of the weight or the clusters "
    "differ much"
)


def estimate_notes(
    sample: Sample, scoring: Scoring, design_effect: Floats, standard_error: Floats
) -> tuple[str, ...]:
    """
    The notes on an estimate, each for the rows that it concerns.

    Args:
        sample: The answers behind it.
        scoring: What was computed of them.
        design_effect: Of each row.
        standard_error: By the design, NaN without one.
    """
    counts = sample.counts.reshape(-1, len(sample.scale))
    n, effect = counts.sum(axis=-1), np.nan_to_num(np.ravel(design_effect))
    alike = (n > 1) & _all_alike(counts, scoring)
    no_error = np.ravel(standard_error) <= _NO_ERROR * np.ptp(scoring.quoted_scores)
    no_variance = (n > 1) & ~alike & no_error & (effect > 0)  # which is 0 of a census
    found = [
        *_unused_ends(counts, n, sample.scale, scoring),
        (_ALIKE, alike),
        (_NO_VARIANCE, no_variance),
        (_HEAVY, effect > _LARGE_EFFECT),
    ]
    rows = sample.keys.rows
    said = (f"{text}{_where(which, rows)}" for text, which in found if which.any())
    return (*sample.notes, *said)


def _where(which: Flags, rows: int) -> str:
    return "" if rows == 1 else f" ({which.sum():,} of {rows:,} rows)"


def _all_alike(counts: Counts, scoring: Scoring) -> Flags:
    """Whether the answers of each row have one score."""
    scores = np.unique(scoring.quoted_scores, return_inverse=True)[1]
    kinds = np.stack([counts[:, scores == one].any(axis=-1) for one in range(scores.max() + 1)])
    return np.asarray(kinds.sum(axis=0) == 1)


def _unused_ends(
    counts: Counts, n: Counts, scale: Scale, scoring: Scoring
) -> Iterator[tuple[str, Flags]]:
    used = counts > 0
    outside = ~np.isin(scale.points, _ONE_TO_FIVE)
    if scoring.name == "NPS" and outside.any():
        few = (n >= _ANSWERS_FOR_FIVES) & ~used[:, outside].any(axis=-1)
        yield "no answer leaves 1 to 5: was it asked on another scale?", np.asarray(few)
        n = np.where(few, 0, n)
    if len(scale) >= _POINTS_WITH_ENDS:
        ends = (n >= _ANSWERS_FOR_ENDS) & ~(used[:, 0] | used[:, -1])
        yield "neither end of the scale was ever chosen: is the scale right?", np.asarray(ends)
