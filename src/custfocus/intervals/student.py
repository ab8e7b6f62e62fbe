"""Student's interval for a mean: what most tools print, and where it fails."""

import numpy as np
from scipy.special import stdtrit

from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    checked_level,
    finite_population_factor,
    within_reach,
)
from custfocus.intervals.columns import column_mean, column_sum, merged_columns, ratio


def student_arm(variance: Floats, n: Floats, confidence_level: float) -> Floats:
    """
    T times the standard error of a mean; infinite for one answer, which tells no variance.

    Args:
        variance: Mean squared deviation from the mean, divided by n; shape (...).
        n: Answers, at least 1; shape (...).
        confidence_level: Two-sided, in (0, 1).
    """
    freedom = np.where(n > 1, n - 1, 1)
    quantile = -stdtrit(freedom, (1 - checked_level(confidence_level)) / 2)
    return np.where(n <= 1, np.inf, quantile * np.sqrt(variance / freedom))


def student_limits(
    counts: Floats,
    scores: Floats,
    n: Floats,
    confidence_level: float,
    population: Floats | None,
) -> ConfidenceInterval:
    """
    Student's limits for *n* answers in the proportions of the counts, held to the scale.

    In a finite population they are held to what its unseen members can do.

    They have no width where all answers are equal, and are the ends of the scale for one answer.

    Args:
        counts: Shape (..., K).
        scores: Shape (K,).
        n: Answers, shape (...); the sum of the counts for the counts themselves.
        confidence_level: Two-sided, in (0, 1).
        population: Sizes of finite populations, shape (...), or None.
    """
    points, columns = merged_columns(counts, scores)
    mean = column_mean(points, columns)
    squares = columns * (points[:, None] - mean) ** 2
    variance = ratio(column_sum(squares), column_sum(columns)).reshape(n.shape)
    left = finite_population_factor(n, population)
    arm = np.where(left > 0, student_arm(variance * left, n, confidence_level), 0)
    mean = mean.reshape(n.shape)
    held = np.maximum(mean - arm, points[0]), np.minimum(mean + arm, points[-1])
    low, high = within_reach(held, n * mean, n, population, (points[0], points[-1]))
    return ConfidenceInterval(np.minimum(low, mean), np.maximum(high, mean))
