"""What those who look at many groups at once have in common."""

import numpy as np

from custfocus.errors import TallyError
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally


def group_count(tally: Tally) -> int:
    """How many groups there are; an error unless on one axis."""
    if len(tally.shape) != 1:
        raise TallyError(f"a tally with one group axis is needed, got the shape {tally.shape}")
    return tally.shape[0]


def everybody(tally: Tally) -> Tally:
    """All groups as one sample."""
    return Tally(tally.counts.sum(axis=0), tally.scale, tally.missing.sum())


def answers_differ(pooled: Tally, scoring: Scoring) -> bool:
    """Whether any two answers of a sample count differently."""
    return len(np.unique(scoring.quoted_scores[pooled.counts > 0])) > 1


def rounding(scoring: Scoring) -> float:
    """How far apart, as computed, two indices can be that are equal: twice the bound for it."""
    scores = np.abs(scoring.quoted_scores)
    return 2 * (len(scores) + 2) * float(np.finfo(np.float64).eps * scores.max())
