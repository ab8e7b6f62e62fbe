"""
How many answers two waves need for a change between them to show.

A change shows when the score interval for the difference of two independent waves leaves out 0,
so that the answers are found on the score test for no change and not on a formula for another.

References:
    Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed.,
    chapter 4 (two proportions).
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from custfocus.errors import OptionError, TallyError, choose
from custfocus.intervals.arguments import Floats, critical_value, whole_numbers
from custfocus.intervals.plans import Answer, Plan, Survey, below_1, checked_shares
from custfocus.intervals.score import finite_scores, mean_score
from custfocus.intervals.sums import ScoredSample, squared_statistic, sum_of_means

Direction = Literal["rise", "fall"]

_HALVINGS = 30  # to 1e-9
_ENDS: dict[str, Callable[[Floats], np.intp]] = {"rise": np.argmax, "fall": np.argmin}
_ROUNDING = 1e-12  # of the largest score: indices this close are the same


def detection_sample_size(
    shares_a: ArrayLike,
    shares_b: ArrayLike,
    scores: ArrayLike,
    *,
    power: ArrayLike = 0.8,
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
    response_rate: ArrayLike = 1.0,
    design_effect: ArrayLike = 1.0,
) -> Plan:
    """
    The fewest answers in each of two independent waves that a change between them shows in.

    It shows if the score interval for the difference (`score_interval_difference`, with its
    correction) leaves out 0, on the side of the change. How often it does follows from the
    normal approximation of `detection_power`.

    Args:
        shares_a: The assumed share of the answers on each point in one wave, adding up to 1;
            shape (..., K).
        shares_b: The same for the other wave; broadcasts with *shares_a*.
        scores: The number that each point stands for, shape (K,).
        power: Chance that the change shows, in (0, 1).
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population that each wave is drawn from.
        response_rate: Share of those invited who will answer, in (0, 1].
        design_effect: As for `sample_size`.

    Returns:
        Answers and invitations for each wave, of the groups' shape.

    Raises:
        TallyError: As for `sample_size`.
        ScaleError: Scores that are not finite or all equal.
        OptionError: As for `sample_size`; a power outside (0, 1); waves with the same index.

    References:
        Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed.,
        chapter 4. Example: R's ``power.prop.test(p1 = .5, p2 = .75, power = .9)`` gives 76.7
        without the correction, which adds .6.

    >>> detection_sample_size([0.5, 0.5], [0.25, 0.75], [0, 1], power=0.9)
    Plan(answers=78, invitations=78)
    """
    wanted = below_1(power, "power")
    change = _Change.of(shares_a, shares_b, scores, confidence_level)
    survey = Survey.of((change.distance, wanted), population, response_rate, design_effect)

    def shows(n: Floats) -> Answer:
        return change.power(n, survey.effective(n)) >= wanted

    return survey.plan(shows, f"a change of {change.distance.min(initial=np.inf):g}")


def detection_power(
    shares_a: ArrayLike,
    shares_b: ArrayLike,
    scores: ArrayLike,
    n: ArrayLike,
    *,
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
    design_effect: ArrayLike = 1.0,
) -> Floats:
    """
    The chance that a change between two independent waves of *n* answers each will show.

    A normal approximation: the difference has the variance that the assumed shares give it, and
    is held against the variance of the score test for no change.

    Args:
        shares_a: The assumed share of the answers on each point in one wave; see
            `detection_sample_size`.
        shares_b: The same for the other wave.
        scores: The number that each point stands for, shape (K,).
        n: Answers in each wave, whole numbers, at least 1; broadcasts with the groups.
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population that each wave is drawn from.
        design_effect: As for `sample_size`.

    Returns:
        Chances, of the groups' shape. NaN where n is 0 in a batch.

    Raises:
        CustfocusError: As for `detection_sample_size`; a single n of 0; a population smaller
            than n.

    References:
        Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed.,
        chapter 4.

    >>> print(f"{detection_power([0.5, 0.5], [0.25, 0.75], [0, 1], 78):.2f}")
    0.90
    """
    change = _Change.of(shares_a, shares_b, scores, confidence_level)
    answers = whole_numbers(n, "n")
    survey = Survey.of((change.distance, answers), population, 1.0, design_effect)
    answers = survey.answers(answers)
    chance = change.power(np.maximum(answers, 1), survey.effective(answers))
    return np.asarray(np.where(answers > 0, chance, np.nan))


def smallest_detectable_change(
    shares: ArrayLike,
    scores: ArrayLike,
    n: ArrayLike,
    *,
    direction: Direction = "rise",
    power: ArrayLike = 0.8,
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
    design_effect: ArrayLike = 1.0,
) -> Floats:
    """
    The smallest change between two waves of *n* answers each that will show with a given power.

    How the answers move matters as well as how far: here a part of all answers alike moves to
    the highest score (or the lowest), as large as the change calls for. For a share that is the
    only way there is.

    Args:
        shares: The assumed share of the answers on each point in the one wave, adding up to 1;
            shape (..., K).
        scores: The number that each point stands for, shape (K,).
        n: Answers in each wave, whole numbers, at least 1; broadcasts with the groups.
        direction: ``"rise"`` or ``"fall"``.
        power: Chance that the change shows, in (0, 1); see `detection_power`.
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population that each wave is drawn from.
        design_effect: As for `sample_size`.

    Returns:
        The change in the unit of the scores, 0 or more, of the groups' shape; to 1e-9 of the
        scale's length. Infinite where not even all answers on the one end would show, or where
        they are there already.

    Raises:
        OptionError: An unknown direction; what `detection_power` raises.
        TallyError: n of 0; what `detection_power` raises.

    References:
        As for `detection_power`. Example: R's ``power.prop.test(n = 100, p1 = .5, power = .8)``
        gives p2 = .6932 without the correction.

    >>> print(f"{smallest_detectable_change([0.5, 0.5], [0, 1], 100):.3f}")
    0.194
    """
    end = choose("direction", direction, _ENDS)
    points, wanted = finite_scores(scores), below_1(power, "power")
    start = checked_shares(shares, "shares", points)
    if (whole_numbers(n, "n") == 0).any():
        raise TallyError("n must be at least 1, got 0")

    room = np.abs(points[end(points)] - mean_score(start, points))
    full = room <= _ROUNDING * np.abs(points).max()
    start = np.where(full[..., None], 1 / len(points), start)  # anything: there is no way to go

    def chance(moved: Floats) -> Floats:
        """The power when a part of the answers has moved to the end."""
        part = moved[..., None]
        return detection_power(
            start,
            (1 - part) * start + part * (np.arange(len(points)) == end(points)),
            points,
            n,
            confidence_level=confidence_level,
            population=population,
            design_effect=design_effect,
        )

    whole = np.ones(np.broadcast_shapes(start.shape[:-1], np.shape(n), wanted.shape))
    moved = _least_part(lambda part: chance(part) >= wanted, whole)
    return np.asarray(moved * np.where(full, np.inf, room))


def _least_part(enough: Callable[[Floats], NDArray[np.bool_]], whole: Floats) -> Floats:
    """The smallest part from 0 to 1 that is enough, by bisection; infinite if the whole is not."""
    never = ~enough(whole)
    too_little, tried = np.zeros_like(whole), whole
    for _ in range(_HALVINGS):
        middle = (too_little + tried) / 2
        met = enough(middle)
        tried, too_little = np.where(met, middle, tried), np.where(met, too_little, middle)
    return np.where(never, np.inf, tried)


class _Change(NamedTuple):
    """
    A change and what is known of its estimate from one answer in each wave; all (...).

    Attributes:
        distance: How far apart the two indices are, more than 0.
        variance: The variance of their estimated difference.
        null_variance: The variance that the score test takes it to have, of equal indices.
        z: The normal quantile of the confidence level.
    """

    distance: Floats
    variance: Floats
    null_variance: Floats
    z: float

    @classmethod
    def of(
        cls, shares_a: ArrayLike, shares_b: ArrayLike, scores: ArrayLike, confidence_level: float
    ) -> "_Change":
        """The change between the shares of two waves; an error where there is none."""
        points = finite_scores(scores)
        one = checked_shares(shares_a, "shares_a", points)
        other = checked_shares(shares_b, "shares_b", points)
        try:
            one, other = np.broadcast_arrays(one, other)
        except ValueError:
            raise TallyError(
                f"shares of the two waves must have shapes that broadcast, got {one.shape} and "
                f"{other.shape}"
            ) from None
        waves = ScoredSample.of(one, points), ScoredSample.of(other, -points)
        distance = np.abs(sum_of_means(waves))
        if (distance <= _ROUNDING * np.abs(points).max()).any():
            raise OptionError("the two waves must differ in the index, got the same shares or mean")
        null_variance = distance**2 / squared_statistic(waves, 0)
        return cls(
            distance.reshape(one.shape[:-1]),
            _variance(one, points) + _variance(other, points),
            null_variance.reshape(one.shape[:-1]),
            critical_value(confidence_level),
        )

    def power(self, n: Floats, effective: Floats) -> Floats:
        """The chance that *n* answers in each wave, worth as many as *effective*, show it."""
        corrected = 2 * n / (2 * n - 1)  # Miettinen and Nurminen's N / (N - 1)
        beyond = self.distance - self.z * np.sqrt(self.null_variance * corrected / effective)
        deviation = np.sqrt(self.variance / effective)
        certain = np.where(beyond >= 0, np.inf, -np.inf)
        return np.asarray(ndtr(np.divide(beyond, deviation, out=certain, where=deviation > 0)))


def _variance(shares: Floats, scores: Floats) -> Floats:
    """The variance of one answer's score, shape (...); point by point, as in any batch."""
    mean = mean_score(shares, scores)
    total = np.zeros_like(mean)
    for j, score in enumerate(scores):
        total += shares[..., j] * (score - mean) ** 2
    return total
