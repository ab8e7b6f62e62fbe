"""The indices of the domains of a survey, with their limits."""

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import OptionError, choose
from custfocus.intervals.arguments import ConfidenceInterval, asked_sizes
from custfocus.intervals.design import DesignMeans
from custfocus.intervals.design_limits import METHODS, design_effects, design_limits
from custfocus.intervals.methods import SurveyMethod
from custfocus.responses.sample import LimitsBySize
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import Floats
from custfocus.surveys.contents import Content

MEANS = len(DesignMeans._fields)
_SHARES_ONLY = frozenset({"logit", "beta"})


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


def domain_figures(
    content: Content, scoring: Scoring, method: SurveyMethod, confidence_level: float
) -> Floats:
    """
    What `Figures` holds of each domain, shape (domains, 7).

    Raises:
        TallyError: A stratum with one cluster that the design does not provide for.
    """
    counts, means = content.weighed(scoring.quoted_scores)
    limits = design_limits(counts, scoring.quoted_scores, means, method, confidence_level)
    freedom = np.where(means.n > 0, means.degrees_of_freedom, np.nan)
    normal = means.no_variance & (method != "t")
    return np.stack(
        [
            means.value,
            *limits,
            np.sqrt(means.variance),
            np.where(normal, np.inf, freedom),
            design_effects(means),
            means.effective_n,
        ],
        axis=1,
    )


def domain_means(content: Content, scoring: Scoring) -> Floats:
    """The means of each domain and, behind them, its weights; shape (domains, MEANS + points)."""
    counts, means = content.weighed(scoring.quoted_scores)
    return np.column_stack([*means, counts]).astype(np.float64)


def means_of(rows: Floats) -> tuple[DesignMeans, Floats]:
    """The means and the weights of rows of `domain_means`; shape (...) and (..., points)."""
    means = DesignMeans(*np.moveaxis(rows[..., :MEANS], -1, 0))
    return means._replace(no_variance=np.asarray(means.no_variance == 1)), rows[..., MEANS:]


def limits_by_size(
    rows: Floats, n: Floats, scoring: Scoring, method: SurveyMethod, confidence_level: float
) -> LimitsBySize:
    """
    The limits as they would be with more respondents, from as many more clusters.

    The design effect stays as it is, and the degrees of freedom grow with the respondents, as
    if all had been drawn from a large population.

    Args:
        rows: Of `domain_means`, for each row of a sample.
        n: Answers in each row.
        scoring: What was computed.
        method: Of the limits.
        confidence_level: Two-sided.
    """
    found, counts = means_of(rows)

    def limits_at(sizes: ArrayLike) -> ConfidenceInterval:
        """The limits with so many answers, which broadcast with the rows."""
        size = asked_sizes(sizes, n.shape)
        times = size / np.where(n > 0, n, np.nan)
        larger = DesignMeans(
            value=np.broadcast_to(found.value, size.shape),
            n=size,
            spread=np.full(size.shape, np.nan),  # which limits do not ask for
            variance=found.variance / times,
            degrees_of_freedom=found.degrees_of_freedom * times,
            effective_n=found.effective_n * times,
            ceiling=found.ceiling * times,
            no_variance=found.no_variance,
        )
        wide = np.broadcast_to(counts, (*size.shape, counts.shape[-1]))
        return design_limits(wide, scoring.quoted_scores, larger, method, confidence_level)

    return limits_at
