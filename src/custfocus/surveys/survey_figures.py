"""The indices of the rows of a survey, with their limits."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import OptionError, choose
from custfocus.intervals.arguments import ConfidenceInterval, asked_sizes
from custfocus.intervals.design import DesignMeans
from custfocus.intervals.design_limits import METHODS, design_effects, design_limits
from custfocus.intervals.methods import SurveyMethod
from custfocus.responses.sample import Figures, LimitsBySize
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import Floats

_SHARES_ONLY = frozenset({"logit", "beta"})


class RowMeans(NamedTuple):
    """
    Of each row of a sample the weight on each point, shape (rows, points), and its mean score.

    Those of a row without answers are NaN.
    """

    counts: Floats
    means: DesignMeans


def check_method(method: str, scoring: Scoring) -> None:
    """
    An error unless surveys have the method and it is one for the scoring.

    Raises:
        OptionError: A method of plain samples only, or one for shares with other scores.
    """
    choose("method of a survey", method, METHODS)
    if method in _SHARES_ONLY and len(set(scoring.scores)) > 2:
        others = [name for name in METHODS if name not in _SHARES_ONLY]
        raise OptionError(
            f"the method {method!r} is for shares, which have two scores, got {scoring.name} with "
            f"{len(set(scoring.scores))}; choose {' or '.join(map(repr, others))}"
        )


def figures_of(
    rows: RowMeans, scoring: Scoring, method: SurveyMethod, confidence_level: float
) -> Figures:
    """What `Figures` holds of each row, by its mean."""
    counts, means = rows
    limits = design_limits(counts, scoring.quoted_scores, means, method, confidence_level)
    freedom = np.where(means.n > 0, means.degrees_of_freedom, np.nan)
    normal = means.no_variance & (method != "t")
    return Figures(
        means.value,
        *limits,
        np.sqrt(means.variance),
        np.where(normal, np.inf, freedom),
        design_effects(means),
        means.effective_n,
    )


def limits_by_size(
    rows: RowMeans, n: Floats, scoring: Scoring, method: SurveyMethod, confidence_level: float
) -> LimitsBySize:
    """
    The limits as they would be with more respondents, from as many more clusters.

    The design effect stays as it is, and the degrees of freedom grow with the respondents, as
    if all had been drawn from a large population; where its members are known, the limits are held to
    what those not asked could do.

    Args:
        rows: The means of the rows of a sample.
        n: Answers in each row, of the sample's shape.
        scoring: What was computed.
        method: Of the limits.
        confidence_level: Two-sided.
    """
    means = DesignMeans._make(each.reshape(n.shape) for each in rows.means)
    counts = rows.counts.reshape(*n.shape, len(scoring.scores))

    def limits_at(sizes: ArrayLike) -> ConfidenceInterval:
        """The limits with so many answers, which broadcast with the rows."""
        size = asked_sizes(sizes, n.shape)
        times = size / np.where(n > 0, n, np.nan)
        larger = DesignMeans(
            value=np.broadcast_to(means.value, size.shape),
            n=size,
            spread=np.full(size.shape, np.nan),  # which limits do not ask for
            variance=means.variance / times,
            degrees_of_freedom=means.degrees_of_freedom * times,
            effective_n=means.effective_n * times,
            ceiling=means.ceiling * times,
            no_variance=means.no_variance,
            seen=np.broadcast_to(means.seen, size.shape),
            unseen=_unseen(means.unseen, n, size),
        )
        wide = np.broadcast_to(counts, (*size.shape, counts.shape[-1]))
        return design_limits(wide, scoring.quoted_scores, larger, method, confidence_level)

    return limits_at


def _unseen(unseen: Floats, n: Floats, size: Floats) -> Floats:
    """Members left with so many answers in place of n; infinite where that is not asked."""
    finite = np.where(np.isinf(size), n, size)
    return np.where(np.isinf(size), np.inf, np.maximum(unseen - (finite - n), 0))
