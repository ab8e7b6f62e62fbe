"""Directly standardised rates: what a standard population would have."""

import math
from typing import Any

import attrs
import numpy as np

from custfocus.errors import TallyError, choose
from custfocus.intervals.arguments import ConfidenceInterval, checked_level
from custfocus.intervals.rates import (
    STANDARDISED_METHODS,
    StandardisedMethod,
    checked_per,
    standard_parts,
    standardised_rate_interval,
)
from custfocus.quantities.quantity import (
    Quantity,
    check_direction,
    check_name,
    check_once,
    check_text,
    keys_of,
    level_text,
    rate_unit,
    recorded,
    spread,
)
from custfocus.results.arrays import BY_ROW, Floats
from custfocus.results.metric import Direction, Metric

_FEW = 10  # events: public health bodies publish no standardised rate of fewer


@attrs.frozen(eq=False, repr=False)
class StandardisedRate(Quantity):
    """
    A directly standardised rate of one group or several, each of the same strata.

    Attributes:
        events: In each stratum, whole numbers; shape (rows, strata), or (strata,) for one group.
        exposure: Of each stratum, above 0, of the same shape.
        weights: The standard population of each stratum, of the same shape.
        per: The exposure that the rate is stated for.
        method: Of the limits; see `custfocus.intervals.standardised_rate_interval`.
        confidence_level: Two-sided, in (0, 1).
        name: What is measured, as printed.
        direction: Which values are better: ``"lower"`` (the default), ``"higher"`` or ``"within"``
            a range.
        unit: The unit of the rate, by default from *per*.
        by: The label of each group, or several by name (see `Keys.of`); `keys` has them.
        period: The period of each group, a name of the keys like others.
        revised: Whether of several rates of one group and period the last counts; by default they
            are an error.

    Raises:
        TallyError: Numbers that can't be; groups of one label.
        LabelError: Names that are reserved for columns of results.
        OptionError: An unknown method; a level or *per* out of range.

    >>> StandardisedRate([12, 30], [5_000, 4_000], [60, 40], per=1000, name="injuries")
    injuries 4.4 per 1000 [3.2, 6.0] n=42, 95 % dobson limits
    """

    events: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    exposure: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    weights: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    per: float = attrs.field(default=1.0, kw_only=True, converter=checked_per)
    method: StandardisedMethod = attrs.field(default="dobson", kw_only=True)
    confidence_level: float = attrs.field(default=0.95, kw_only=True, converter=checked_level)
    name: str = attrs.field(default="standardised rate", kw_only=True, validator=check_name)
    direction: Direction = attrs.field(default="lower", kw_only=True, validator=check_direction)
    unit: str = attrs.field(default="", kw_only=True, validator=check_text)
    _by: Any = attrs.field(default=None, alias="by", kw_only=True)
    _period: object = attrs.field(default=None, alias="period", kw_only=True)
    _revised: bool = attrs.field(default=False, alias="revised", kw_only=True, eq=False)

    def __attrs_post_init__(self) -> None:
        choose("method", self.method, STANDARDISED_METHODS)
        arrays = [np.array(one) for one in standard_parts(self.events, self.exposure, self.weights)]
        keys, rows = keys_of(self._by, self._period, arrays[0].shape[:-1])
        remedy = "add up their events and exposures by stratum first, or"
        check_once(keys, rows, remedy, revised=self._revised)
        given = keys.rows if rows is None else len(np.unique(rows))
        if keys.rows != given:
            raise TallyError(
                f"every label needs a standardised rate, got {given} for {keys.rows} labels"
            )
        arrays = [spread(one, keys, rows, np.nan) for one in arrays]
        self._set(keys, **dict(zip(("events", "exposure", "weights"), arrays, strict=True)))

    @property
    def measured(self) -> Metric:
        """The rate."""
        return Metric(self.name, self.unit or rate_unit(self.per), (0, math.inf), self.direction)

    @property
    def n(self) -> Floats:
        """All events."""
        return np.asarray(self.events.sum(axis=-1))

    @property
    def value(self) -> Floats:
        """What the standard population would have."""
        return np.asarray((self._parts * self.events).sum(axis=-1))

    @property
    def _parts(self) -> Floats:
        """What one event of each stratum adds to the rate."""
        shares = self.weights / self.weights.sum(axis=-1, keepdims=True)
        return np.asarray(shares / self.exposure * self.per)

    @property
    def limits(self) -> ConfidenceInterval:
        """The limits of the rate."""
        return standardised_rate_interval(
            self.events,
            self.exposure,
            self.weights,
            per=self.per,
            method=self.method,
            confidence_level=self.confidence_level,
        )

    @property
    def standard_error(self) -> Floats:
        """The square root of the sum of the strata's variances; 0 without any events."""
        return np.asarray(np.sqrt((self._parts**2 * self.events).sum(axis=-1)))

    @property
    def notes(self) -> tuple[str, ...]:
        """Where there are too few events to standardise."""
        return ("fewer than 10 events: too few to standardise",) if (self.n < _FEW).any() else ()

    def how(self) -> str:
        """How the limits were made, in words."""
        return f"{level_text(self.confidence_level)} {self.method} limits"
