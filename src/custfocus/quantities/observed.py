"""Figures as others publish them: a value, with limits or a standard error where these are known."""

import math
import reprlib
from typing import Any, Self

import attrs
import numpy as np

from custfocus.errors import TallyError
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    checked_level,
    critical_value,
    plain_numbers,
)
from custfocus.quantities.quantity import (
    Quantity,
    check_direction,
    check_name,
    check_once,
    equal_shapes,
    keys_of,
    level_text,
    recorded,
    spread,
)
from custfocus.results.arrays import BY_ROW, Floats
from custfocus.results.metric import Direction, Metric

_NO_LIMITS = "values without limits: how certain they are is not known"
_SHARES = "no value is above 1 percent: a share of 0.9 is written as 90"
_ABOVE = "values above 100 percent: are they counts? bounds=(0, 100) refuses them"


def _as_bounds(bounds: tuple[float, float]) -> tuple[float, float]:
    given = plain_numbers(bounds, "bounds")
    if given.shape != (2,) or not given[0] < given[1]:
        raise TallyError(
            f"bounds must be the least and the greatest value, got {reprlib.repr(bounds)}; an end "
            "that there is none of is infinite"
        )
    return float(given[0]), float(given[1])


def _unknown() -> Floats:
    return np.asarray(math.nan)


@attrs.frozen(eq=False, repr=False)
class Observed(Quantity):
    """
    A published or recorded figure, for one group or several.

    Limits are those that were published; where only a standard error is known, they are
    normal; where neither is, there are none, and a verdict goes by the value alone.

    Attributes:
        value: The figure, shape (rows,), or ``()`` for one.
        low: Its lower limit, likewise; NaN where none is known.
        high: Its upper limit, likewise.
        standard_error: Of the value, likewise; NaN where none is known.
        n: What it rests on, likewise; NaN where that is not known.
        unit: Its unit.
        bounds: The least and the greatest value there can be.
        confidence_level: Of the limits, two-sided.
        name: What is measured, as printed.
        direction: Which values are better: ``"higher"`` (the default), ``"lower"`` or ``"within"``
            a range.
        by: The label of each figure, or several by name (see `Keys.of`); `keys` has them.
        period: The period of each figure, a name of the keys like others.
        revised: Whether of several figures of one group and period the last counts; by default
            they are an error.

    Raises:
        TallyError: Limits that do not hold the value; one limit without the other; standard
            errors below 0; figures beyond the bounds; several of one group and period.
        LabelError: Names that are reserved for columns of results.

    >>> Observed(74, low=71, high=77, unit="seconds", name="average wait")
    average wait 74.0 seconds [71.0, 77.0], 95 % limits as published
    """

    _value: Floats = attrs.field(alias="value", converter=recorded, metadata=BY_ROW)
    _low: Floats = attrs.field(
        factory=_unknown, alias="low", kw_only=True, converter=recorded, metadata=BY_ROW
    )
    _high: Floats = attrs.field(
        factory=_unknown, alias="high", kw_only=True, converter=recorded, metadata=BY_ROW
    )
    _standard_error: Floats = attrs.field(
        factory=_unknown, alias="standard_error", kw_only=True, converter=recorded, metadata=BY_ROW
    )
    _n: Floats = attrs.field(
        factory=_unknown, alias="n", kw_only=True, converter=recorded, metadata=BY_ROW
    )
    unit: str = attrs.field(default="number", kw_only=True, validator=check_name)
    bounds: tuple[float, float] = attrs.field(
        default=(-math.inf, math.inf), kw_only=True, converter=_as_bounds
    )
    confidence_level: float = attrs.field(default=0.95, kw_only=True, converter=checked_level)
    name: str = attrs.field(default="value", kw_only=True, validator=check_name)
    direction: Direction = attrs.field(default="higher", kw_only=True, validator=check_direction)
    _by: Any = attrs.field(default=None, alias="by", kw_only=True)
    _period: object = attrs.field(default=None, alias="period", kw_only=True)
    _revised: bool = attrs.field(default=False, alias="revised", kw_only=True, eq=False)

    def __attrs_post_init__(self) -> None:
        names = ("value", "low", "high", "standard_error", "n")
        given = {name: getattr(self, f"_{name}") for name in names}
        arrays = equal_shapes(given)
        _check_limits(*arrays[:3])
        _check_least(standard_error=arrays[3], n=arrays[4])
        self._check_bounds(arrays[0])
        keys, rows = keys_of(self._by, self._period, arrays[0].shape)
        check_once(keys, rows, "add up their counts first, or", revised=self._revised)
        there = (spread(one, keys, rows, np.nan) for one in arrays)
        self._set(keys, **{f"_{name}": one for name, one in zip(names, there, strict=True)})

    def _check_bounds(self, value: Floats) -> None:
        least, most = self.bounds
        beyond = (value < least) | (value > most)
        if beyond.any():
            raise TallyError(
                f"values must lie within the bounds {least:g} and {most:g}, got "
                f"{value[beyond].flat[0]:g}"
            )

    def at_level(self, confidence_level: float) -> Self:
        """The same at another level; an error where the limits were published at one."""
        published = ~np.isnan(self._low)
        if published.any() and confidence_level != self.confidence_level:
            raise TallyError(
                f"limits published at {level_text(self.confidence_level)} can't be turned into "
                f"those at {level_text(confidence_level)}; give the standard_error instead, or ask "
                f"for confidence_level={self.confidence_level:g}"
            )
        return super().at_level(confidence_level)

    @property
    def measured(self) -> Metric:
        """The figure."""
        return Metric(self.name, self.unit, self.bounds, self.direction)

    @property
    def n(self) -> Floats:
        """What it rests on; NaN where that is not known."""
        return self._n

    @property
    def value(self) -> Floats:
        """The figure."""
        return self._value

    @property
    def limits(self) -> ConfidenceInterval:
        """The limits that were published, or normal ones."""
        arm = critical_value(self.confidence_level) * self._standard_error
        least, most = self.bounds
        published = ~np.isnan(self._low)
        return ConfidenceInterval(
            np.where(published, self._low, np.maximum(self._value - arm, least)),
            np.where(published, self._high, np.minimum(self._value + arm, most)),
        )

    @property
    def standard_error(self) -> Floats:
        """Of the value; NaN where none was published."""
        return self._standard_error

    @property
    def notes(self) -> tuple[str, ...]:
        """Where some values among others have no limits; percent that may be shares or counts."""
        alone = np.isnan(self.limits.low) & ~np.isnan(self._value)
        found = [(_NO_LIMITS, bool(self.shape) and alone.any())]
        if self.unit == "percent" and not np.isnan(self._value).all():
            largest = np.nanmax(np.abs(self._value))
            found += [(_SHARES, 0 < largest <= 1), (_ABOVE, largest > 100)]
        return tuple(text for text, there in found if there)

    def how(self) -> str:
        """Where the limits come from, in words."""
        if np.isnan(self.limits.low).all():
            return "no limits known"
        normal = (np.isnan(self._low) & ~np.isnan(self._standard_error)).any()
        kind = "normal limits" if normal else "limits as published"
        return f"{level_text(self.confidence_level)} {kind}"


def _check_limits(value: Floats, low: Floats, high: Floats) -> None:
    """An error for values and limits that contradict each other; what is not known is NaN."""
    if np.isinf(value).any():
        raise TallyError("values must be finite, NaN where there is none")
    if (np.isnan(low) != np.isnan(high)).any():
        raise TallyError("limits come in pairs, got one without the other; give low= and high=")
    wrong = (low > value) | (value > high)
    if wrong.any():
        numbers = [float(one[wrong].flat[0]) for one in (value, low, high)]
        raise TallyError("limits must hold their value, got {:g} and {:g} to {:g}".format(*numbers))


def _check_least(**given: Floats) -> None:
    for what, numbers in given.items():
        if (numbers < 0).any():
            raise TallyError(f"{what} must be 0 or more, got {numbers[numbers < 0].flat[0]:g}")
