"""How well a requirement is met, and how well it should be."""

import math
import numbers
import reprlib
from datetime import date
from typing import Self

import attrs
import numpy as np

from custfocus.errors import VocabularyError
from custfocus.responses.scoring import Scoring, Unit, as_unit
from custfocus.results.result import Result
from custfocus.results.text import kind_text
from custfocus.vocabulary.dates import date_of
from custfocus.vocabulary.references import check_id, check_text, id_of
from custfocus.vocabulary.terms import Aspect, check_term
from custfocus.vocabulary.voice import Requirement


def _as_since(since: date | str | None) -> date | None:
    return date_of(since, "Target.since")


def _as_due(due: date | str | None) -> date | None:
    return date_of(due, "Target.due")


def _as_baseline(baseline: float | Result | None) -> float | Result | None:
    """A number, or a single result with a value and its standard error."""
    if not isinstance(baseline, Result):
        return _as_number(baseline)
    if baseline.shape or not {"value", "standard_error"} <= baseline.columns().keys():
        raise VocabularyError(
            "a target's baseline must be a number or a single result with its standard error, got "
            f"{kind_text(baseline)} of {baseline.keys.rows} rows; choose one with sel()"
        )
    return baseline


def _as_number(number: float | None) -> float | None:
    if number is None:
        return None
    try:
        if isinstance(number, numbers.Number) and not isinstance(number, bool):
            plain = float(number) + 0.0  # no -0
            if math.isfinite(plain):
                return plain
    except (TypeError, OverflowError):
        pass
    raise VocabularyError(
        f"a target's low, high and baseline must be finite numbers, got {reprlib.repr(number)}"
    )


@attrs.frozen(kw_only=True)
class Target:
    """
    The range that a measure should lie in, where it started and by when it should arrive.

    Attributes:
        low: The least that is good enough, in the measure's unit; None for no lower bound.
        high: The most that is; None for no upper bound.
        baseline: The value at the start, in the same unit, if known: a number, or a single result
            whose standard error then counts.
        since: The day that the baseline stands for, if known.
        due: The day it should be reached by (a date or its ISO text), if set.

    Raises:
        VocabularyError: No bound, bounds that are not finite or the wrong way round; a baseline
            of several rows; a day that is none; a due day that is not after *since*.

    >>> print(Target.at_least(80, baseline=74, due="2027-12-31"))
    at least 80 by 2027-12-31 (from 74)
    """

    low: float | None = attrs.field(default=None, converter=_as_number)
    high: float | None = attrs.field(default=None, converter=_as_number)
    baseline: float | Result | None = attrs.field(default=None, converter=_as_baseline)
    since: date | None = attrs.field(default=None, converter=_as_since)
    due: date | None = attrs.field(default=None, converter=_as_due)

    def __attrs_post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise VocabularyError("a target needs low=, high= or both; see Target.at_least")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise VocabularyError(f"a target's low must not exceed its high, got {self.range_text}")
        if self.since and self.due and self.due <= self.since:
            raise VocabularyError(
                f"a target must be due after its baseline, got {self.since} and {self.due}"
            )

    @classmethod
    def at_least(
        cls,
        low: float,
        *,
        baseline: float | Result | None = None,
        since: date | str | None = None,
        due: date | str | None = None,
    ) -> Self:
        """The measure should be *low* or more."""
        return cls(low=low, baseline=baseline, since=since, due=due)

    @classmethod
    def at_most(
        cls,
        high: float,
        *,
        baseline: float | Result | None = None,
        since: date | str | None = None,
        due: date | str | None = None,
    ) -> Self:
        """The measure should be *high* or less."""
        return cls(high=high, baseline=baseline, since=since, due=due)

    @classmethod
    def between(
        cls,
        low: float,
        high: float,
        *,
        baseline: float | Result | None = None,
        since: date | str | None = None,
        due: date | str | None = None,
    ) -> Self:
        """The measure should lie in *low* to *high*, both included."""
        return cls(low=low, high=high, baseline=baseline, since=since, due=due)

    @property
    def baseline_value(self) -> float | None:
        """The baseline as a number."""
        return float(self.baseline) if isinstance(self.baseline, Result) else self.baseline

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most, infinite where there is no bound."""
        return (
            -math.inf if self.low is None else self.low,
            math.inf if self.high is None else self.high,
        )

    @property
    def range_text(self) -> str:
        """The range as a phrase."""
        if self.high is None:
            return f"at least {_digits(self.low)}"
        if self.low is None:
            return f"at most {_digits(self.high)}"
        return f"{_digits(self.low)} to {_digits(self.high)}"

    def __str__(self) -> str:
        due = f" by {self.due}" if self.due else ""
        start = "" if self.baseline_value is None else f" (from {_digits(self.baseline_value)})"
        return f"{self.range_text}{due}{start}"


def _digits(number: float | None) -> str:
    """A number without an exponent and without noise in its last digits."""
    return (
        ""
        if number is None
        else np.format_float_positional(
            number, precision=15, unique=False, fractional=False, trim="-"
        )
    )


def _as_requirement(requirement: Requirement | str) -> str:
    return id_of(requirement, Requirement)


def _unit_of_scoring(measure: "PerformanceMeasure") -> Unit | str:
    return measure.scoring.unit if isinstance(measure.scoring, Scoring) else Unit.NUMBER


@attrs.frozen
class PerformanceMeasure:
    """
    Data that shows progress toward a target: how much, how well, at what level.

    A measure that a survey yields names its *item* (the question) and its *scoring* (the index
    computed of the answers); one that comes from elsewhere, such as calls answered, has neither.

    Attributes:
        id: What other objects refer to it by.
        requirement: The requirement whose fulfilment it shows (object or id; the id is kept).
        name: What people call it.
        item: The name of the question in the survey, or None.
        scoring: How its answers are scored, or None.
        target: The target, or None.
        aspect: ``"how well"`` (the default), ``"how much"`` or ``"at what level"``.
        unit: ``"number"``, ``"percent"`` or any other; a scored measure has its scoring's.

    Raises:
        VocabularyError: An item without a scoring or the other way round; a unit other than
            the scoring's; a target that the index cannot reach, that is a share
            where percent is meant, or that asks for more where less is better.
        ScaleError: A unit that is no text.
    """

    id: str = attrs.field(validator=check_id)
    requirement: str = attrs.field(converter=_as_requirement)
    name: str = attrs.field(validator=check_text)
    item: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(check_text), kw_only=True
    )
    scoring: Scoring | None = attrs.field(default=None, kw_only=True)
    target: Target | None = attrs.field(default=None, kw_only=True)
    aspect: Aspect = attrs.field(default="how well", validator=check_term, kw_only=True)
    unit: Unit | str = attrs.field(
        default=attrs.Factory(_unit_of_scoring, takes_self=True), converter=as_unit, kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        _check_kind(self.id, "scoring", self.scoring, Scoring)
        _check_kind(self.id, "target", self.target, Target)
        if (self.item is None) != (self.scoring is None):
            raise VocabularyError(
                f"measure {self.id!r} must have an item and a scoring or neither, got "
                + (f"the item {self.item!r}" if self.item else "a scoring")
                + " alone"
            )
        if self.scoring is not None:
            _check_unit(self, self.scoring)
            if self.target is not None:
                _check_target(self.id, self.target, self.scoring)


def _check_kind(measure: str, field: str, value: object, kind: type) -> None:
    if value is not None and not isinstance(value, kind):
        raise VocabularyError(
            f"measure {measure!r} needs a {kind.__name__} for its {field}, got {value!r}; "
            f"make one with {kind.__name__}.{_EXAMPLES[field]}"
        )


_EXAMPLES = {"scoring": "top_box(scale)", "target": "at_least(80)"}


def _check_unit(measure: PerformanceMeasure, scoring: Scoring) -> None:
    if measure.unit != scoring.unit:
        raise VocabularyError(
            f"measure {measure.id!r} has its scoring's unit, {scoring.unit!s}, "
            f"got {measure.unit!s}; leave unit= out"
        )


def _check_target(measure: str, target: Target, scoring: Scoring) -> None:
    lowest, highest = scoring.bounds
    low, high = target.bounds
    if low > highest or high < lowest:
        raise VocabularyError(
            f"measure {measure!r} can't reach its target, got {target.range_text} "
            f"for {scoring.name}, which runs from {_digits(lowest)} to {_digits(highest)}"
        )
    if scoring.unit == Unit.PERCENT and target.high is None and 0 < low < 1:
        raise VocabularyError(
            f"measure {measure!r} is quoted in percent, got the target {target.range_text}; "
            f"write {_digits(100 * low)} for {_digits(100 * low)} %"
        )
    if scoring.lower_is_better and target.high is None:
        raise VocabularyError(
            f"measure {measure!r} is better when lower, got the target {target.range_text} "
            f"for {scoring.name}; use Target.at_most"
        )
