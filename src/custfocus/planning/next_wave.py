"""What the next wave of a survey will show, and how many answers it needs, from the present one."""

import numbers
import reprlib
from typing import Any, cast

import attrs
import numpy as np

from custfocus.errors import OptionError, TallyError
from custfocus.indices.about_estimates import AboutEstimate
from custfocus.indices.estimate import Estimate
from custfocus.intervals.detection import Direction, smallest_detectable_change
from custfocus.intervals.sample_sizes import PLAN_METHODS, PlanMethod, sample_size
from custfocus.results.arrays import BY_ROW, Flags, Floats, floats
from custfocus.results.metric import Metric
from custfocus.results.numbers import rounded
from custfocus.results.result import Column
from custfocus.results.text import kind_text


@attrs.frozen(eq=False, repr=False)
class DetectableChange(AboutEstimate):
    """
    The smallest change that the next wave will show, row by row.

    Attributes:
        estimate: The present wave.
        change: In the unit of the value, 0 or more, shape (rows,) or ``()``. Infinite where no
            change in that direction would show; NaN where a row has no answers.
        direction: ``"rise"`` or ``"fall"``.
        power: The probability that the change shows.
    """

    change: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    direction: Direction
    power: float

    @property
    def metric(self) -> Metric:
        """What is measured: the difference of an index."""
        return self.estimate.metric.difference()

    def columns(self) -> dict[str, Column]:
        """The columns of the estimate and change."""
        return {
            **self.estimate_columns(),
            "change": Column(self.change, self._text, f"detectable {self.direction}"),
        }

    def _text(self, change: float) -> str:
        return self.metric.text(change) if np.isfinite(change) else "-"

    def caption(self) -> str:
        """What shows, and how certainly."""
        return (
            f"smallest {self.direction} in {self.estimate.metric.name} to a next wave of the "
            f"same size that shows at {100 * self.estimate.confidence_level:g} % with a power of "
            f"{100 * self.power:g} %{_by_score(self.estimate)}"
        )

    def sentence(self) -> str:
        """One sample in a line."""
        return f"{self.caption()}: {self._text(float(self.change))}"


@attrs.frozen(eq=False, repr=False)
class AnswersNeeded(AboutEstimate):
    """
    How many answers the next wave needs for a margin, row by row.

    Attributes:
        estimate: The present wave.
        answers: Answers needed, shape (rows,) or ``()``; NaN where a row has no answers.
        invitations: People to invite for as many answers.
        margin: Half the width of the interval, in the unit of the value.
        response_rate: The share of those invited who answer.
        assurance: The chance that the margin is met; None for the width that is expected.
    """

    answers: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    invitations: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    margin: float
    response_rate: float
    assurance: float | None = None

    def columns(self) -> dict[str, Column]:
        """The columns of the estimate, answers and invitations."""
        return {
            **self.estimate_columns(),
            "answers": Column(self.answers, _whole, "answers needed", whole=True),
            "invitations": Column(self.invitations, _whole, whole=True),
        }

    def caption(self) -> str:
        """For what margin."""
        level = f"{100 * self.estimate.confidence_level:g} %"
        sure = "" if self.assurance is None else f", met with {100 * self.assurance:g} % assurance"
        return (
            f"answers for a margin of {self.metric.text(self.margin)} in {self.metric.name} at "
            f"{level}{sure}{self._by()}, {100 * self.response_rate:g} % of those "
            "invited answering"
        )

    def _by(self) -> str:
        """Which interval is planned for, if not the score interval of the estimate."""
        method = _planned(self.estimate)
        return "" if method == self.estimate.method == "score" else f", by the {method} interval"

    def sentence(self) -> str:
        """One sample in a line."""
        answers, invitations = (_whole(float(one)) for one in (self.answers, self.invitations))
        return f"{self.caption()}: {answers}, of {invitations} invitations"


def _whole(people: float) -> str:
    return rounded(people, 0)


def detectable_change(
    e: Estimate, /, *, direction: Direction = "rise", power: float = 0.8
) -> DetectableChange:
    """
    The smallest change between this wave and a next one of the same size that will show.

    It shows if the score interval for the difference leaves out 0. Each row has its own
    answers, design effect and population. How the answers move matters as well as how far: a
    part of all answers alike moves to the best or worst end; see `smallest_detectable_change`.

    Args:
        e: An estimate of the present wave.
        direction: ``"rise"`` or ``"fall"`` of the value.
        power: The probability that the change shows, in (0, 1).

    Raises:
        OptionError: An unknown direction; a power outside (0, 1).
        TallyError: What is no estimate.

    References:
        Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed.,
        chapter 4. Example: R's ``power.prop.test(n = 100, p1 = .5, power = .8)`` gives p2 =
        .6932 without the correction.

    >>> from custfocus import Scale, Tally, top_box
    >>> detectable_change(top_box(Tally([50, 50], Scale.likert(2)), boxes=1))
    smallest rise in top box to a next wave of the same size that shows at 95 % with a power of 80 %: 19.4
    """
    _check_estimate(e, "detectable_change")
    _check_number(power, "power")
    options: dict[str, Any] = {"direction": direction, "power": power}
    shares, n, some = _present(e)
    found = np.full(e.n.size, np.nan)
    found[some] = smallest_detectable_change(
        shares, e.scoring.quoted_scores, n, **options, **_of(e)
    )
    return DetectableChange(e, found.reshape(e.shape), direction, float(power))


def answers_needed(
    e: Estimate,
    /,
    *,
    margin: float,
    assurance: float | None = None,
    response_rate: float = 1.0,
) -> AnswersNeeded:
    """
    The fewest answers of a next wave that bring half the width of its interval to a margin.

    The answers are taken to be as in this wave, and so are the design effect and the
    population of each row; see `sample_size`. Half the width is that of the estimate's own method
    where it is the score interval, exact or mid-p, and of the score interval for others and for
    exact limits in finite populations; the result says which.

    Args:
        e: An estimate of the present wave.
        margin: Half the width wanted, more than 0, in the unit of the value.
        assurance: The chance that the next wave's own half width is within the margin, in (0, 1);
            without it the margin is met about half of the time.
        response_rate: Share of those invited who will answer, in (0, 1].

    Raises:
        OptionError: A margin, assurance or response rate out of its range; a margin that no number of
            answers reaches; more invitations than the population.
        TallyError: What is no estimate.

    References:
        Piegorsch (2004), Computational Statistics & Data Analysis 46, 309-316: z² / (4 margin²)
        - z² answers for a share of one half, 380.3 for a margin of .05.

    >>> from custfocus import Scale, Tally, top_box
    >>> now = top_box(Tally([50, 50], Scale.likert(2)), boxes=1)
    >>> answers_needed(now, margin=5, response_rate=0.3)
    answers for a margin of 5.0 in top box at 95 %, 30 % of those invited answering: 381, of 1270 invitations
    """
    _check_estimate(e, "answers_needed")
    given = {"margin": margin, "response_rate": response_rate}
    if assurance is not None:
        given["assurance"] = assurance
    for name, number in given.items():
        _check_number(number, name)
    shares, _, some = _present(e)
    plan = sample_size(
        shares,
        e.scoring.quoted_scores,
        margin=margin,
        method=_planned(e),
        assurance=assurance,
        response_rate=response_rate,
        **_of(e),
    )
    found = np.full((2, e.n.size), np.nan)
    found[:, some] = plan
    answers, invitations = (people.reshape(e.shape) for people in found)
    sure = None if assurance is None else float(assurance)
    return AnswersNeeded(e, answers, invitations, float(margin), float(response_rate), sure)


def _planned(e: Estimate) -> PlanMethod:
    """The estimate's own interval where it can be planned for, else the score interval."""
    own = e.method in PLAN_METHODS and e.population is None
    return cast("PlanMethod", e.method) if own else "score"


def _by_score(e: Estimate) -> str:
    """Which interval is planned for, where the estimate has another."""
    return "" if e.method == "score" else ", by the score interval"


def _present(e: Estimate) -> tuple[Floats, Floats, Flags]:
    """The shares and answers of rows that have some, and which rows these are."""
    n = e.n.ravel()
    some = np.asarray(n > 0)
    return e.sample.shares.reshape(len(n), -1)[some], n[some].astype(np.float64), some


def _of(e: Estimate) -> dict[str, Any]:
    """What else is known of the rows that have answers: level, design effect and population."""
    n, effective = e.n.ravel(), np.ravel(e.effective_n)
    some = n > 0
    if np.isinf(effective[some]).any():
        raise TallyError(
            "a next wave is planned from a sample, got an index that is known exactly, of a census or "
            "fixed by the margins of a calibration; choose the other rows with sel()"
        )
    population = None if e.population is None else np.ravel(e.population)[some]
    return {
        "confidence_level": e.confidence_level,
        "design_effect": n[some] / effective[some],
        "population": population,
    }


def _check_estimate(e: object, verb: str) -> None:
    if not isinstance(e, Estimate):
        raise TallyError(
            f"{verb} takes an estimate of the present wave, got {kind_text(e)}; compute "
            f"the index first: {verb}(csat(answers, by=...), ...)"
        )


def _check_number(number: object, name: str) -> None:
    if not isinstance(number, numbers.Real):
        raise OptionError(f"{name} must be one number for all rows, got {reprlib.repr(number)}")
