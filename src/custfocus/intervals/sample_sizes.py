"""
How many answers a survey needs, and what those it gets will buy.

Both are found on the score interval itself, at the counts that the assumed shares lead one to
expect, and not on a formula for another interval: a plan holds for what is computed afterwards,
also near the ends of the scale and for few answers.

References:
    Piegorsch (2004), Computational Statistics & Data Analysis 46, 309-316 (sample sizes for the
    score interval of a proportion).
"""

import reprlib
from collections.abc import Callable
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.arguments import (
    Floats,
    critical_value,
    plain_numbers,
    population_sizes,
    sample_sizes,
    unwritable,
    whole_numbers,
    within_reach,
)
from custfocus.intervals.score import finite_scores, mean_score, score_limits

Answer = NDArray[np.bool_]

_MOST_PEOPLE = 1e15  # people: no survey asks more, and float64 still counts them one by one
_ADDED_UP = 1e-5  # how far from 1 the sum of shares may be: printed ones are rounded
_ROUNDING = 1e-12  # 63 answers at a rate of .009 are 7000 invitations, not 7001


class _People(NamedTuple):
    answers: NDArray[np.int64]
    invitations: NDArray[np.int64]


class Plan(_People):
    """
    How many people to ask, as read-only arrays of the groups' shape (``()`` for one sample).

    Attributes:
        answers: Answers needed, whole numbers.
        invitations: People to invite, so that as many are expected to answer.
    """

    __slots__ = ()

    def __new__(cls, answers: NDArray[np.int64], invitations: NDArray[np.int64]) -> Self:
        """Made of two arrays, also when it is unpickled or copied."""
        return super().__new__(cls, unwritable(answers), unwritable(invitations))

    def __repr__(self) -> str:
        answers, invitations = (np.array2string(people, separator=", ") for people in self)
        return f"Plan(answers={answers}, invitations={invitations})"


def sample_size(
    shares: ArrayLike,
    scores: ArrayLike,
    *,
    margin: ArrayLike,
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
    response_rate: ArrayLike = 1.0,
    design_effect: ArrayLike = 1.0,
) -> Plan:
    """
    The fewest answers that bring half the width of the score interval down to a margin.

    The width is that at the expected counts. A sample's own scatters about it, and is as often
    a little more as a little less.

    Args:
        shares: What share of the answers is assumed on each point, adding up to 1; shape
            (..., K). For the most cautious plan, half on the lowest and half on the highest.
        scores: The number that each point stands for, shape (K,): 0 and 1 for a proportion,
            -1, 0 and 1 for a net score.
        margin: Half the width wanted, more than 0, in the unit of the scores.
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population, of which no one is asked twice.
        response_rate: Share of those invited who will answer, in (0, 1].
        design_effect: How many times as large the variance is as with a simple random sample,
            for clusters and weights; more than 0. The answers are multiplied by it.

    All but the scores and the level broadcast with the groups of the shares.

    Returns:
        Answers and invitations, each of the groups' shape.

    Raises:
        TallyError: Shares that are negative, do not add up to 1 or do not match the scores; a
            population that is no whole number or is empty; shapes that do not fit each other.
        ScaleError: Scores that are not finite or all equal.
        OptionError: A margin, response rate, design effect or confidence level out of its range;
            a margin that no number of answers reaches; more invitations than the population.

    References:
        Piegorsch (2004), Computational Statistics & Data Analysis 46, 309-316: z² / (4 margin²)
        - z² answers for a share of one half, 380.3 for a margin of .05.

    >>> sample_size([0.5, 0.5], [0, 1], margin=0.05, response_rate=0.3)
    Plan(answers=381, invitations=1270)
    """
    critical_value(confidence_level)
    points = finite_scores(scores)
    table, wanted = checked_shares(shares, "shares", points), in_range(margin, "margin")
    if (wanted >= np.ptp(points)).any():
        raise OptionError(
            f"margin must be less than the range of the scores, {np.ptp(points):g}, got "
            f"{wanted.max():g}; it is in their unit, so that 3 points of a percentage are 0.03"
        )
    survey = Survey.of((table[..., 0], wanted), population, response_rate, design_effect)

    def narrow(n: Floats) -> Answer:
        return _half_width(table, points, survey, n, confidence_level) <= wanted

    return survey.plan(narrow, f"a margin of {wanted.min(initial=np.inf):g}")


def margin_of_error(
    shares: ArrayLike,
    scores: ArrayLike,
    n: ArrayLike,
    *,
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
    design_effect: ArrayLike = 1.0,
) -> Floats:
    """
    Half the width of the score interval that a number of answers leads one to expect.

    Args:
        shares: What share of the answers is assumed on each point; see `sample_size`.
        scores: The number that each point stands for, shape (K,).
        n: Answers, whole numbers; broadcasts with the groups of the shares.
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population; the margin is 0 where all of it answers.
        design_effect: As for `sample_size`.

    Returns:
        Half widths in the unit of the scores, of the groups' shape. NaN where n is 0 in a batch.

    Raises:
        CustfocusError: As for `sample_size`; a single n of 0; a population smaller than n.

    References:
        Wilson (1927), JASA 22, 209-212: for a share of one half it is z / (2 (n + z²)^(1/2)),
        .0490 for 396 answers.

    >>> print(f"{margin_of_error([0.5, 0.5], [0, 1], 396):.4f}")
    0.0490
    """
    points = finite_scores(scores)
    table, answers = checked_shares(shares, "shares", points), whole_numbers(n, "n")
    survey = Survey.of((table[..., 0], answers), population, 1.0, design_effect)
    answers = survey.answers(answers)
    half = _half_width(table, points, survey, answers, confidence_level)
    return np.asarray(np.where(answers > 0, half, np.nan))


class Survey(NamedTuple):
    """
    How answers are collected, every field of the shape of all groups.

    Attributes:
        population: Members of the population, infinite for a large one.
        response_rate: Share of those invited who answer.
        design_effect: Variance as a multiple of that of a simple random sample.
    """

    population: Floats
    response_rate: Floats
    design_effect: Floats

    @classmethod
    def of(
        cls,
        others: tuple[Floats, ...],
        population: ArrayLike | None,
        response_rate: ArrayLike,
        design_effect: ArrayLike,
    ) -> "Survey":
        """Checked, and broadcast with each other and with what else has groups."""
        own = (
            np.array(np.inf) if population is None else _members(population),
            in_range(response_rate, "response_rate", most=1),
            in_range(design_effect, "design_effect"),
        )
        shapes = [array.shape for array in (*others, *own)]
        try:
            shape = np.broadcast_shapes(*shapes)
        except ValueError:
            shown = ", ".join(map(str, shapes))
            raise TallyError(f"groups must have shapes that broadcast, got {shown}") from None
        return cls(*(np.broadcast_to(array, shape) for array in own))

    def answers(self, n: Floats) -> Floats:
        """Answers for every group; an error if they are more than the population."""
        answers = sample_sizes(np.broadcast_to(n, self.population.shape))
        population_sizes(np.where(np.isinf(self.population), answers, self.population), answers)
        return answers

    def effective(self, n: Floats) -> Floats:
        """
        The size of a simple random sample from a large population that tells as much.

        The variance is ``design_effect (N - n) / (N - 1) / n`` times that of the score: none
        where all N answer, and the effective size is infinite.
        """
        large = np.isinf(self.population)
        size = np.where(large, n + 1, self.population)
        unasked = np.where(large, 1, (size - n) / np.maximum(size - 1, 1))
        plain = np.maximum(n, 1) / self.design_effect
        return np.divide(plain, unasked, out=np.full_like(plain, np.inf), where=unasked > 0)

    def plan(self, enough: Callable[[Floats], Answer], what: str) -> Plan:
        """
        The fewest answers that are *enough*, which must be monotone, and whom to invite.

        Raises:
            OptionError: No number is enough for *what*, or so many cannot be invited.
        """
        answers = _fewest(enough, np.minimum(self.population, _MOST_PEOPLE))
        if np.isinf(answers).any():
            raise OptionError(f"{what} would need more than {_MOST_PEOPLE:g} answers; ask for less")
        invitations = np.ceil(answers / self.response_rate * (1 - _ROUNDING))
        beyond = invitations > np.minimum(self.population, _MOST_PEOPLE)
        if beyond.any():
            raise OptionError(
                f"a response rate of {self.response_rate[beyond][0]:g} makes "
                f"{answers[beyond][0]:g} answers of {invitations[beyond][0]:g} invitations, and "
                f"there are {np.minimum(self.population, _MOST_PEOPLE)[beyond][0]:g} people to invite; "
                "ask for less or raise the rate"
            )
        return Plan(*(np.asarray(people, dtype=np.int64) for people in (answers, invitations)))


def checked_shares(shares: ArrayLike, name: str, scores: Floats) -> Floats:
    """Shares (..., K) that add up to 1; an error that shows it if they do not."""
    array = plain_numbers(shares, name)
    if array.ndim == 0 or array.shape[-1] != len(scores):
        raise TallyError(
            f"{name} must have one column for each of the {len(scores)} scores, "
            f"got shape {array.shape}"
        )
    if not (np.isfinite(array) & (array >= 0)).all():
        raise TallyError(f"{name} must be numbers from 0 to 1, got {reprlib.repr(shares)}")
    total = array.sum(axis=-1)
    wrong = total[np.abs(total - 1) > _ADDED_UP]
    if wrong.size:
        raise TallyError(f"{name} must add up to 1, got {wrong[0]:g}; divide counts by their sum")
    return np.asarray(array / total[..., None])


def in_range(value: ArrayLike, name: str, *, most: float = np.inf) -> Floats:
    """Numbers more than 0, finite and at most *most*; anything else is an error that shows it."""
    array = plain_numbers(value, name)
    wrong = array[~(np.isfinite(array) & (array > 0) & (array <= most))]
    if wrong.size:
        limit = "" if np.isinf(most) else f" and at most {most:g}"
        raise OptionError(f"{name} must be more than 0{limit}, got {wrong[0]:g}")
    return array


def _members(population: ArrayLike) -> Floats:
    members = whole_numbers(population, "population", "leave it out for a large one")
    if (members == 0).any():
        raise TallyError("population must have members, got 0; leave it out for a large one")
    return members


def _half_width(
    shares: Floats, scores: Floats, survey: "Survey", n: Floats, level: float
) -> Floats:
    """Half of the width with *n* answers, which a finite population limits where all count alike."""
    size = survey.effective(n)
    counts = np.broadcast_to(shares, (*size.shape, len(scores)))
    limits = score_limits(counts, scores, size, level, None)
    ends = float(scores.min()), float(scores.max())
    held = within_reach(limits, n * mean_score(counts, scores), n, survey.population, ends)
    low, high = np.where(survey.design_effect == 1, held, limits)
    return np.asarray(np.where(np.isinf(size), 0, (high - low) / 2))  # a census: not even rounding


def _fewest(enough: Callable[[Floats], Answer], most: Floats) -> Floats:
    """The fewest answers from 1 to *most* that are enough, infinite where none are."""
    tried = np.ones_like(most)
    while (growing := ~enough(tried) & (tried < most)).any():
        tried = np.where(growing, np.minimum(2 * tried, most), tried)
    never, too_few = ~enough(tried), np.zeros_like(most)
    while (tried - too_few > 1).any():
        middle = np.ceil((too_few + tried) / 2)
        met = enough(middle)
        tried, too_few = np.where(met, middle, tried), np.where(met, too_few, middle)
    return np.where(never, np.inf, tried)
