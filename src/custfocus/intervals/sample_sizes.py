"""
How many answers a survey needs, and what those it gets will buy.

Both are found on the interval itself that will be computed, at the counts that the assumed shares
lead one to expect, and not on a formula for another one: a plan holds for what is computed
afterwards, also near the ends of the scale and for few answers.

References:
    Piegorsch (2004), Computational Statistics & Data Analysis 46, 309-316 (sample sizes for the
    score interval of a proportion).
"""

from functools import partial
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import OptionError, choose
from custfocus.intervals.arguments import (
    Floats,
    critical_value,
    whole_numbers,
    within_reach,
)
from custfocus.intervals.assurance import chance_by_slopes, chance_of_a_share
from custfocus.intervals.dirichlet_limits import ExactMethod
from custfocus.intervals.methods import LIMITS
from custfocus.intervals.plans import (
    Answer,
    Plan,
    Survey,
    below_1,
    checked_shares,
    in_range,
)
from custfocus.intervals.score import finite_scores, mean_score

PlanMethod = Literal["score", ExactMethod]

PLAN_METHODS: dict[str, None] = {"score": None, "exact": None, "mid-p": None}

_LONGEST_PERIOD = 5000  # answers that are looked ahead, for shares of .0002 and more


def sample_size(
    shares: ArrayLike,
    scores: ArrayLike,
    *,
    margin: ArrayLike,
    method: PlanMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
    assurance: ArrayLike | None = None,
    response_rate: ArrayLike = 1.0,
    design_effect: ArrayLike = 1.0,
) -> Plan:
    """
    The fewest answers that bring half the width of an interval down to a margin.

    The width is that at the expected counts. A sample's own scatters about it, and is as often
    a little more as a little less; with an *assurance* of .9 it is within the margin nine times
    in ten, see `margin_assurance`.

    Args:
        shares: What share of the answers is assumed on each point, adding up to 1; shape
            (..., K). For the most cautious plan, half on the lowest and half on the highest.
        scores: The number that each point stands for, shape (K,): 0 and 1 for a proportion,
            -1, 0 and 1 for a net score.
        margin: Half the width wanted, more than 0, in the unit of the scores.
        method: Of the interval: ``"score"``, or ``"exact"`` and ``"mid-p"`` as `exact_interval`
            makes them, for large populations.
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population, of which no one is asked twice.
        assurance: The chance that the sample's own half width is within the margin, in (0, 1).
            The plan is then the fewest answers from which on it always is so large: for a share
            it goes up and down from one number of answers to the next.
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
        OptionError: An unknown method, or ``"exact"`` or ``"mid-p"`` with a population; a margin,
            assurance, response rate, design effect or confidence level out of its range; a margin that no number of answers reaches; more invitations than the population.

    References:
        Piegorsch (2004), Computational Statistics & Data Analysis 46, 309-316: z² / (4 margin²)
        - z² answers for a share of one half, 380.3 for a margin of .05. Kupper and Hafner (1989),
        The American Statistician 43, 101-105 (plans without an assurance).

    >>> sample_size([0.5, 0.5], [0, 1], margin=0.05, response_rate=0.3)
    Plan(answers=381, invitations=1270)
    >>> [int(sample_size([0.1, 0.9], [0, 1], margin=0.05, assurance=a).answers) for a in (0.5, 0.9)]
    [141, 176]
    """
    asked = _PlannedInterval.of(method, confidence_level, population)
    points = finite_scores(scores)
    table, wanted = checked_shares(shares, "shares", points), in_range(margin, "margin")
    if (wanted >= np.ptp(points)).any():
        raise OptionError(
            f"margin must be less than the range of the scores, {np.ptp(points):g}, got "
            f"{wanted.max():g}; it is in their unit, so that 3 points of a percentage are 0.03"
        )
    what = f"a margin of {wanted.min(initial=np.inf):g}"
    if assurance is None:
        survey = Survey.of((table[..., 0], wanted), population, response_rate, design_effect)

        def narrow(n: Floats) -> Answer:
            return _half_width(table, points, survey, n, asked) <= wanted

        return survey.plan(narrow, what)
    certain = below_1(assurance, "assurance")
    collected = Survey.of(
        (table[..., 0], wanted, certain), population, response_rate, design_effect
    )

    def sure(n: Floats) -> Answer:
        return _chance(table, points, collected, n, wanted, asked=asked) >= certain

    return collected.plan(sure, what, _period(table, points))


def margin_of_error(
    shares: ArrayLike,
    scores: ArrayLike,
    n: ArrayLike,
    *,
    method: PlanMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
    design_effect: ArrayLike = 1.0,
) -> Floats:
    """
    Half the width of the interval that a number of answers leads one to expect.

    Args:
        shares: What share of the answers is assumed on each point; see `sample_size`.
        scores: The number that each point stands for, shape (K,).
        n: Answers, whole numbers; broadcasts with the groups of the shares.
        method: As for `sample_size`.
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
    asked = _PlannedInterval.of(method, confidence_level, population)
    points = finite_scores(scores)
    table, answers = checked_shares(shares, "shares", points), whole_numbers(n, "n")
    survey = Survey.of((table[..., 0], answers), population, 1.0, design_effect)
    answers = survey.answers(answers)
    half = _half_width(table, points, survey, answers, asked)
    return np.asarray(np.where(answers > 0, half, np.nan))


def margin_assurance(
    shares: ArrayLike,
    scores: ArrayLike,
    n: ArrayLike,
    *,
    margin: ArrayLike,
    method: PlanMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
    design_effect: ArrayLike = 1.0,
) -> Floats:
    """
    The chance that half the width of the interval of *n* answers will be within a margin.

    For a share of a simple random sample it is exact, by the binomial distribution of the
    answers, or the hypergeometric one of a finite population in which as many members count as
    the share comes nearest to. For other scores and with a design effect it is a normal
    approximation, with the mean and the variance that the half width has by its curvatures and
    slopes in the shares. On three points it is right to .03 for chances of .8 and more, from 50
    answers on, and to .07 where a point has a share of .01.

    Args:
        shares: What share of the answers is assumed on each point; see `sample_size`.
        scores: The number that each point stands for, shape (K,).
        n: Answers, whole numbers; broadcasts with the groups of the shares.
        margin: Half the width wanted, more than 0, in the unit of the scores; broadcasts.
        method: As for `sample_size`.
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population.
        design_effect: As for `sample_size`.

    Returns:
        Chances, of the groups' shape. NaN where n is 0 in a batch.

    Raises:
        CustfocusError: As for `sample_size`; a single n of 0; a population smaller than n.

    References:
        Kupper and Hafner (1989), The American Statistician 43, 101-105. Beal (1989), Biometrics
        45, 969-977.

    >>> print(f"{margin_assurance([0.1, 0.9], [0, 1], 141, margin=0.05):.2f}")
    0.56
    """
    asked = _PlannedInterval.of(method, confidence_level, population)
    points, wanted = finite_scores(scores), in_range(margin, "margin")
    table, answers = checked_shares(shares, "shares", points), whole_numbers(n, "n")
    survey = Survey.of((table[..., 0], answers, wanted), population, 1.0, design_effect)
    answers = survey.answers(answers)
    some = np.maximum(answers, 1)
    chance = _chance(table, points, survey, some, wanted, asked=asked)
    return np.asarray(np.where(answers > 0, chance, np.nan))


class _PlannedInterval(NamedTuple):
    """What interval is planned for."""

    method: PlanMethod
    level: float

    @classmethod
    def of(
        cls, method: PlanMethod, level: float, population: ArrayLike | None
    ) -> "_PlannedInterval":
        """Checked."""
        choose("method", method, PLAN_METHODS)
        critical_value(level)
        if method != "score" and population is not None:
            raise OptionError(
                f"the method {method!r} is planned for large populations, got population=; choose "
                "'score', or leave population= out, which plans for more answers"
            )
        return cls(method, level)


def _chance(
    shares: Floats,
    scores: Floats,
    survey: Survey,
    n: Floats,
    margin: Floats,
    *,
    asked: _PlannedInterval,
) -> Floats:
    """The chance of *n* answers, of the shape of the survey, to have a half width in the margin."""
    shape = survey.population.shape
    table, wanted = np.broadcast_to(shares, (*shape, len(scores))), np.broadcast_to(margin, shape)
    half_width = partial(_half_width, scores=scores, survey=survey, n=n, asked=asked)
    if (survey.design_effect == 1).all() and _on_the_ends(table, scores):
        ends = np.array([scores.min(), scores.max()])

        def of_share(share: Floats) -> Floats:
            both = np.stack([1 - share, share], axis=-1)
            return _half_width(both, ends, survey, n, asked)

        top = table[..., scores == ends[1]].sum(axis=-1)
        return chance_of_a_share(top, n, wanted, survey.population, of_share)
    return chance_by_slopes(table, survey.effective(n), wanted, half_width)


def _on_the_ends(table: Floats, scores: Floats) -> bool:
    """Whether no answers are assumed but on the lowest and the highest score, as for a share."""
    between = (scores > scores.min()) & (scores < scores.max())
    return not table[..., between].any()


def _period(table: Floats, scores: Floats) -> int:
    """How many answers on the chance of a share falls before it rises again; 0 for other scores."""
    if not _on_the_ends(table, scores):
        return 0
    top = table[..., scores == scores.max()].sum(axis=-1)
    rarer = np.minimum(top, 1 - top)
    rarest = float(rarer[rarer > 0].min(initial=0.5))
    return min(int(np.ceil(1 / rarest)), _LONGEST_PERIOD)


def _half_width(
    shares: Floats, scores: Floats, survey: "Survey", n: Floats, asked: _PlannedInterval
) -> Floats:
    """Half of the width with *n* answers, which a finite population limits where all count alike."""
    size = survey.effective(n)
    counts = np.broadcast_to(shares, (*size.shape, len(scores)))
    limits = LIMITS[asked.method](counts, scores, size, asked.level, None)
    ends = float(scores.min()), float(scores.max())
    held = within_reach(limits, n * mean_score(counts, scores), n, survey.population, ends)
    low, high = np.where(survey.design_effect == 1, held, limits)
    return np.asarray(np.where(np.isinf(size), 0, (high - low) / 2))  # a census: not even rounding
