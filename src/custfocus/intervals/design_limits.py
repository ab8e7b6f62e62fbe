"""
The limits that follow from a design variance, and design effects.

Each method takes the mean, the variance and what stands for a sample size from
`custfocus.intervals.design`, whichever way the variance was found.

References:
    Korn and Graubard (1998), Survey Methodology 24, 193-201. Franco, Little, Louis and Slud
    (2019), Journal of Survey Statistics and Methodology 7, 334-364.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.special import betaincinv, expit, logit, stdtrit

from custfocus.errors import choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    critical_value,
    ignoring_underflow,
)
from custfocus.intervals.design import DesignMeans, knows_members, means_within_reach
from custfocus.intervals.dirichlet_limits import ExactMethod
from custfocus.intervals.exact_interval import exact_limits
from custfocus.intervals.score import score_limits


@ignoring_underflow
def design_limits(
    counts: Floats, scores: Floats, found: DesignMeans, method: str, confidence_level: float
) -> ConfidenceInterval:
    """
    The limits of each domain by one of the methods, in the unit of the scores.

    Where the effective size is infinite the sample is a census, and both limits are the value.
    Where the members who were not seen are known to be few, the limits are held to what they can do.
    """
    limits = choose("method", method, METHODS)
    census = np.isinf(found.effective_n)
    low, high = limits(counts, scores, found, confidence_level)
    least, most = means_within_reach(found, scores)
    known = knows_members(found)
    low, high = (np.where(known, np.clip(one, least, most), one) for one in (low, high))
    return ConfidenceInterval(
        np.asarray(np.where(census, found.value, low)),
        np.asarray(np.where(census, found.value, high)),
    )


@ignoring_underflow
def design_effects(found: DesignMeans) -> Floats:
    """
    The design variance over that of n answers drawn one by one and put back; shape (domains,).

    n over the effective size where the sample shows no variance, and so where n is 1.
    """
    alone = found.spread / np.maximum(found.n - 1, 1)
    shown = np.where(found.no_variance, 1, alone)
    effect = np.where(shown == 0, np.inf, found.variance / np.where(shown == 0, 1, shown))
    return np.where(found.no_variance, found.n / found.effective_n, effect)


def t_quantile(degrees_of_freedom: Floats, confidence_level: float) -> Floats:
    """
    The quantile of Student's t for a two-sided confidence level; NaN for 0 degrees of freedom.

    >>> round(float(t_quantile(np.array(14.0), 0.95)), 3)
    2.145
    """
    critical_value(confidence_level)  # which checks it
    return np.asarray(-stdtrit(degrees_of_freedom, (1 - confidence_level) / 2))


def _score(
    counts: Floats, scores: Floats, found: DesignMeans, confidence_level: float
) -> ConfidenceInterval:
    """The score limits for the effective size, t in place of z: they depend on z² / n alone."""
    return score_limits(counts, scores, _size(found, confidence_level), confidence_level, None)


def _exact(
    counts: Floats,
    scores: Floats,
    found: DesignMeans,
    confidence_level: float,
    *,
    method: ExactMethod,
) -> ConfidenceInterval:
    """Exact or mid-p limits as if the answers were so many as the effective size."""
    size = _size(found, confidence_level)
    counted = np.where(np.isinf(size), np.nan, size)  # a census has the value for its limits
    return exact_limits(counts, scores, counted, confidence_level, None, method=method)


def _size(found: DesignMeans, confidence_level: float) -> Floats:
    """
    The effective size, times (z / t)² as if the quantile of t were the normal one.

    A size beyond Kish's, the ceiling, is cut back to it. A design can earn one, as where weights
    follow the spread of the answers, but more often few respondents of small weight dissent and
    make the variance look smaller than it is.
    """
    few = critical_value(confidence_level) / _critical_values(found, confidence_level)
    return np.asarray(np.minimum(found.effective_n, found.ceiling) * few**2)


def _t(
    _counts: Floats, _scores: Floats, found: DesignMeans, confidence_level: float
) -> ConfidenceInterval:
    """The mean give or take t standard errors: no heed of the scale, no width without variance."""
    half = t_quantile(found.degrees_of_freedom, confidence_level) * np.sqrt(found.variance)
    return ConfidenceInterval(found.value - half, found.value + half)


def _logit(
    _counts: Floats, scores: Floats, found: DesignMeans, confidence_level: float
) -> ConfidenceInterval:
    """The t interval of the log odds; all of the scale, its limit, where the share is 0 or 1."""
    share = (found.value - scores.min()) / np.ptp(scores)
    inside = (share > 0) & (share < 1)
    odds = logit(np.where(inside, share, 0.5))
    information = found.effective_n * np.where(inside, share * (1 - share), 1)
    half = _critical_values(found, confidence_level) / np.sqrt(information)
    half = np.where(inside, half, np.inf * information)
    return _on_scale(expit(odds - half), expit(odds + half), scores)


def _beta(
    _counts: Floats, scores: Floats, found: DesignMeans, confidence_level: float
) -> ConfidenceInterval:
    """Clopper and Pearson's limits for the effective size, made smaller for few units."""
    share = (found.value - scores.min()) / np.ptp(scores)
    as_drawn = t_quantile(np.maximum(found.n - 1, 1), confidence_level)
    few = np.where(found.no_variance, 1, as_drawn / _critical_values(found, confidence_level))
    size = np.where(np.isinf(found.effective_n), 1, found.effective_n) * few**2
    yes, no, tail = size * share, size * (1 - share), (1 - confidence_level) / 2
    low = np.where(yes == 0, 0, betaincinv(yes, no + 1, tail))
    high = np.where(no == 0, 1, 1 - betaincinv(no, yes + 1, tail))
    return _on_scale(low, high, scores)


def _on_scale(low: Floats, high: Floats, scores: Floats) -> ConfidenceInterval:
    lowest, span = scores.min(), np.ptp(scores)
    return ConfidenceInterval(lowest + span * low, lowest + span * high)


def _critical_values(found: DesignMeans, confidence_level: float) -> Floats:
    """The t quantile; the normal one where no variance was estimated that t would allow for."""
    z = critical_value(confidence_level)
    return np.where(found.no_variance, z, t_quantile(found.degrees_of_freedom, confidence_level))


METHODS: dict[str, Callable[[Floats, Floats, DesignMeans, float], ConfidenceInterval]] = {
    "score": _score,
    "t": _t,
    "exact": partial(_exact, method="exact"),
    "mid-p": partial(_exact, method="mid-p"),
    "logit": _logit,
    "beta": _beta,
}
