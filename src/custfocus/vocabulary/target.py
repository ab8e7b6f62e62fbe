"""Targets: the range that a measure should lie in, where it started, and by when."""

import math
import numbers
import reprlib
from datetime import date
from typing import Self

import attrs
import numpy as np

from custfocus.errors import VocabularyError
from custfocus.results.metric import Direction
from custfocus.results.result import Result
from custfocus.results.text import kind_text
from custfocus.vocabulary.dates import date_of


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
    text = str(number)
    remedy = f"; write {text.replace('%', '').strip()} for it" if "%" in text else ""
    raise VocabularyError(
        "a target's low, high and baseline must be finite numbers, got "
        f"{reprlib.repr(number)}{remedy}"
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
    def direction(self) -> Direction:
        """Which values are better: higher, lower, or those within the range."""
        if self.low is not None and self.high is not None:
            return "within"
        return "higher" if self.high is None else "lower"

    @property
    def range_text(self) -> str:
        """The range as a phrase."""
        if self.high is None:
            return f"at least {digits(self.low)}"
        if self.low is None:
            return f"at most {digits(self.high)}"
        return f"{digits(self.low)} to {digits(self.high)}"

    def __str__(self) -> str:
        due = f" by {self.due}" if self.due else ""
        start = "" if self.baseline_value is None else f" (from {digits(self.baseline_value)})"
        return f"{self.range_text}{due}{start}"


def digits(number: float | None) -> str:
    """A number without an exponent and without noise in its last digits."""
    return (
        ""
        if number is None
        else np.format_float_positional(
            number, precision=15, unique=False, fractional=False, trim="-"
        )
    )
