"""Exact and mid-p intervals for the mean of any bounded score; those of a share among them."""

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import OptionError, choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    checked_level,
    population_sizes,
    sample_sizes,
)
from custfocus.intervals.dirichlet_limits import ExactMethod, dirichlet_limits
from custfocus.intervals.proportion import share_limits
from custfocus.intervals.score import finite_scores, matching_counts

_OF_SHARES: dict[str, str] = {"exact": "clopper-pearson", "mid-p": "mid-p"}


def exact_interval(
    counts: ArrayLike,
    scores: ArrayLike,
    *,
    method: ExactMethod = "exact",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
) -> ConfidenceInterval:
    """
    Clopper and Pearson's interval, or mid-p, for the mean of a bounded score.

    With two different scores they are those of `proportion_interval`. With more, the weights of
    the points are taken from a Dirichlet distribution with the counts as its shapes, and one
    answer more on an end of the scale; the limits are quantiles of the mean score.

    - ``"exact"``: the answer more is on the lowest score for the lower limit and on the highest
      for the upper. With two scores it never covers less than its level, which is a theorem; with
      more that is a conjecture, to which no counterexample is known. Wide.
    - ``"mid-p"``: the answer more is on either end with the same probability; on average close
      to the level, and lies within ``"exact"``.

    Args:
        counts: Answers on each point, whole numbers; shape (..., K). The leading axes are
            groups, each computed on its own.
        scores: The number that each point stands for, in any order; shape (K,).
        method: One of the above.
        confidence_level: Two-sided, in (0, 1); with more than two scores from .8 to 1 - 1e-6.
        population: Size N of a finite population, one number or one for each group, for two
            scores alone; see `proportion_interval`.

    Returns:
        Limits in the unit of the scores, each of shape (...). NaN where n is 0 in a batch.

    Raises:
        TallyError: Counts that are negative or fractional or don't match the scores; a
            population smaller than the sample; a single sample with n = 0.
        ScaleError: Scores that are not finite, all equal, or neither 0 nor from 1e-50 to 1e50
            in size.
        OptionError: An unknown method; a confidence level out of its range; a population with
            more than two scores.

    References:
        Gaffke (2005), Mathematical Methods of Statistics 14, 198-209. Learned-Miller and Thomas
        (2019), arXiv:1905.06208. Example: 81 of 263, Newcombe (1998), Statistics in Medicine 17,
        857-872, table I, on a scale whose middle no one chose.

    >>> low, high = exact_interval([182, 0, 81], [0, 0.5, 1])
    >>> print(f"{low:.4f} to {high:.4f}")
    0.2527 to 0.3676
    """
    choose("method", method, _OF_SHARES)
    scores = finite_scores(scores)
    counts = matching_counts(counts, scores)
    n = sample_sizes(np.asarray(counts.sum(axis=-1)))
    people = population_sizes(population, n)
    return exact_limits(counts, scores, n, confidence_level, people, method=method)


def exact_limits(
    counts: Floats,
    scores: Floats,
    n: Floats,
    confidence_level: float,
    population: Floats | None,
    *,
    method: ExactMethod,
) -> ConfidenceInterval:
    """
    The limits for *n* answers in the proportions of the counts, which need not be whole.

    Args:
        counts: Shape (..., K).
        scores: Shape (K,), at least two distinct.
        n: Answers, shape (...); the sum of the counts for the counts themselves.
        confidence_level: Two-sided; see `exact_interval`.
        population: Sizes of finite populations, shape (...), or None.
        method: ``"exact"`` or ``"mid-p"``.

    Raises:
        OptionError: A population with more than two scores, or an unusual level.
    """
    checked_level(confidence_level)
    kinds = len(np.unique(scores))
    if kinds == 2:
        named = _OF_SHARES[method]
        return share_limits(counts, scores, n, confidence_level, population, method=named)
    if population is not None:
        raise OptionError(
            f"the method {method!r} takes a population with two scores only, where its tests are "
            f"hypergeometric, got {kinds} scores; with more no limits are known that would cover as they "
            "promise; leave population out, or choose 'score'"
        )
    return dirichlet_limits(counts, scores, n, confidence_level, method=method)
