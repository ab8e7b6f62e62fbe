"""Whether a target is met, as far as the answers can tell."""

import math
from collections.abc import Iterator
from enum import StrEnum

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import VocabularyError
from custfocus.indices.estimate import Estimate
from custfocus.indices.survey_result import SurveyEstimate
from custfocus.intervals.arguments import ConfidenceInterval, Floats
from custfocus.responses.tally import GroupIndex
from custfocus.vocabulary.measure import Target

_ROUNDING = 1e-12  # of the scale: a value this close to a target stands on it
_MOST = 1e15  # answers; nobody asks more people, and float64 still counts them one by one


class Standing(StrEnum):
    """Where a measure stands against its target."""

    MET = "met"
    NOT_MET = "not met"
    INCONCLUSIVE = "inconclusive"
    NO_ANSWERS = "no answers"


@attrs.frozen(eq=False, repr=False)
class Verdict:
    """
    The standing of an estimate against a target, for one sample or many groups.

    Attributes:
        standing: ``"met"`` if the whole interval lies in the target's range, ``"not met"`` if
            none of it does, else ``"inconclusive"``, and ``"no answers"`` where there are
            none; see `Standing`. Shape (...), the estimate's.
        point_met: The plain rule: whether the value itself lies in the range, to within
            rounding. False where there are no answers. Shape (...).
        more_answers: How many more answers would settle an inconclusive verdict if the
            proportions stayed as they are; 0 where it is settled, infinite where the value
            stands on the target's edge and no sample would do. Shape (...). As the next
            answers may come out either way, the chance that so many settle it is about even.
        confidence: Nominal one-sided confidence of "met" and of "not met". Half the estimate's
            error probability, since only the limit on the target's side counts (for a range,
            by the intersection-union principle). Few answers and a target near the end of the
            scale can be wrong more often; docs/coverage.md tells how often.
        target: The target.
    """

    standing: NDArray[np.str_]
    point_met: NDArray[np.bool_]
    more_answers: Floats
    confidence: float
    target: Target

    def __getitem__(self, index: GroupIndex) -> "Verdict":
        """The verdict on some of the groups, indexed as its arrays are."""
        return attrs.evolve(
            self,
            standing=np.asarray(self.standing[index]),
            point_met=np.asarray(self.point_met[index]),
            more_answers=np.asarray(self.more_answers[index]),
        )

    def __iter__(self) -> Iterator["Verdict"]:
        if not self.standing.ndim:
            raise TypeError("a verdict on one sample has no groups to go through")
        return (self[group] for group in range(len(self.standing)))

    def __str__(self) -> str:
        if self.standing.ndim:
            kinds, counts = np.unique(self.standing, return_counts=True)
            told = ", ".join(f"{count} {kind}" for kind, count in zip(kinds, counts, strict=True))
        else:
            told = f"{self.standing}{self._aside()}"
        return f"{self.target.range_text}: {told} ({100 * self.confidence:g} % one-sided)"

    __repr__ = __str__

    def _aside(self) -> str:
        if self.standing != Standing.INCONCLUSIVE:
            return ""
        point = "meets" if self.point_met else "misses"
        more = float(self.more_answers)
        end = "" if math.isinf(more) else " to settle it"
        return f", the value {point} it, {answers_text(more)}{end}"


def verdict(estimate: Estimate | SurveyEstimate, target: Target) -> Verdict:
    """
    Hold an estimate's interval against a target.

    Args:
        estimate: The estimate, of any group shape; or that of a survey with a design, of which
            more answers are more clusters with the same design effect.
        target: The range that the index should lie in, in the estimate's unit.

    Returns:
        Standing, plain point rule and the answers still needed, each of the estimate's shape.

    Raises:
        VocabularyError: Anything but an estimate and a target.

    References:
        Casella and Berger (2002), Statistical Inference, 2nd ed., section 8.2.3 (the
        intersection-union principle).

    >>> from custfocus import csat
    >>> verdict(csat([5, 5, 4, 5, 3, 5, 4, 5, 2, 5]), Target.at_least(60))
    at least 60: inconclusive, the value meets it, 14 more to settle it (97.5 % one-sided)
    """
    if not _can_judge(estimate, target):
        raise VocabularyError(
            f"verdict takes an Estimate and a Target, got {type(estimate).__name__} and "
            f"{type(target).__name__}"
        )
    standing = np.where(estimate.n == 0, Standing.NO_ANSWERS, Standing.INCONCLUSIVE)
    standing[_inside(estimate.low, estimate.high, target)] = Standing.MET
    standing[_outside(estimate.low, estimate.high, target)] = Standing.NOT_MET
    more = np.zeros(estimate.shape)
    open_ = standing == Standing.INCONCLUSIVE
    if open_.any():
        more[open_] = _more_answers(estimate[open_], target)
    lowest, highest = estimate.scoring.bounds
    slack = _ROUNDING * (highest - lowest)
    return Verdict(
        standing,
        _inside(estimate.value + slack, estimate.value - slack, target),
        more,
        (1 + estimate.confidence_level) / 2,
        target,
    )


def answers_text(more: float) -> str:
    """
    How many more answers, said as exactly as such a forecast deserves: two digits, rounded up.

    >>> answers_text(14), answers_text(360_929), answers_text(math.inf)
    ('14 more', 'about 370,000 more', 'too close to call')
    """
    if math.isinf(more):
        return "too close to call"
    if more < 100:
        return f"{more:.0f} more"
    unit = 10.0 ** (math.floor(math.log10(more)) - 1)
    return f"about {math.ceil(more / unit) * unit:,.0f} more"


def _can_judge(estimate: object, target: object) -> bool:
    return isinstance(estimate, Estimate | SurveyEstimate) and isinstance(target, Target)


def _inside(low: Floats, high: Floats, target: Target) -> NDArray[np.bool_]:
    least, most = target.bounds
    return np.asarray((low >= least) & (high <= most))


def _outside(low: Floats, high: Floats, target: Target) -> NDArray[np.bool_]:
    least, most = target.bounds
    return np.asarray((high < least) | (low > most))


def _more_answers(estimate: Estimate | SurveyEstimate, target: Target) -> Floats:
    """
    The fewest answers, beyond those there are, at which every group (G,) is settled.

    The interval shrinks around the value as answers are added, so "settled" is monotone: the
    number is enclosed by doubling and then found by bisection, whatever the interval's method.
    """
    n = estimate.n.astype(np.float64)
    population = estimate.population if isinstance(estimate, Estimate) else None
    most = np.full_like(n, _MOST) if population is None else population
    too_few, enough = n, np.minimum(2 * n, most)
    while (growing := ~_settled(estimate.limits_at(enough), target) & (enough < most)).any():
        too_few = np.where(growing, enough, too_few)
        enough = np.where(growing, np.minimum(2 * enough, most), enough)
    never = ~_settled(estimate.limits_at(enough), target)
    while (enough - too_few > 1).any():
        middle = np.floor((too_few + enough) / 2)
        settled = _settled(estimate.limits_at(middle), target)
        enough = np.where(settled, middle, enough)
        too_few = np.where(settled, too_few, middle)
    return np.where(never, np.inf, enough - n)


def _settled(interval: ConfidenceInterval, target: Target) -> NDArray[np.bool_]:
    return _inside(*interval, target) | _outside(*interval, target)
