"""Rates: events that happened in an amount of exposure, with Poisson limits."""

import math
from typing import Any, ClassVar, Self

import attrs
import numpy as np

from custfocus.errors import choose
from custfocus.intervals.arguments import ConfidenceInterval, checked_level
from custfocus.intervals.rates import (
    RATE_METHODS,
    RateMethod,
    checked_per,
    counted_events,
    rate_interval,
)
from custfocus.quantities.quantity import (
    Additive,
    check_direction,
    check_name,
    check_text,
    keys_of,
    level_text,
    rate_unit,
    recorded,
    sums,
)
from custfocus.results.arrays import BY_ROW, Floats, Places
from custfocus.results.keys import Keys
from custfocus.results.metric import Direction, Metric

_SMALL = 0.1  # events in 1 of the exposure
_STATE_FOR_MORE = (
    "stated for 1 of the exposure: per=1000 states it for as many, as targets often are"
)


@attrs.frozen(eq=False, repr=False)
class Rate(Additive):
    """
    Events by exposure: complaints per 1,000 contacts, accidents per year.

    Records of one group and period are added up, and so are rates by ``+``.

    Attributes:
        events: Whole numbers, shape (rows,), or ``()`` for one record.
        exposure: What they happened in, 0 or more, likewise.
        per: The exposure that the rate is stated for.
        method: Of the limits; see `custfocus.intervals.rate_interval`.
        confidence_level: Two-sided, in (0, 1).
        name: What is measured, as printed.
        direction: Which values are better: ``"lower"`` (the default), ``"higher"`` or ``"within"``
            a range.
        unit: The unit of the rate, by default from *per*.
        by: The label of each record, or several by name (see `Keys.of`); `keys` has them.
        period: The period of each record, a name of the keys like others.

    Raises:
        TallyError: Events or exposures that can't be; labels of another number.
        LabelError: Names that are reserved for columns of results.
        OptionError: An unknown method; a level or *per* out of range.

    >>> Rate(12, 4_000, per=1000, name="complaints")
    complaints 3.0 per 1000 [1.6, 5.2] n=12, 95 % exact limits
    """

    settings: ClassVar[tuple[str, ...]] = (
        "per",
        "method",
        "confidence_level",
        "name",
        "unit",
        "direction",
    )

    events: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    exposure: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    per: float = attrs.field(default=1.0, kw_only=True, converter=checked_per)
    method: RateMethod = attrs.field(default="exact", kw_only=True)
    confidence_level: float = attrs.field(default=0.95, kw_only=True, converter=checked_level)
    name: str = attrs.field(default="rate", kw_only=True, validator=check_name)
    direction: Direction = attrs.field(default="lower", kw_only=True, validator=check_direction)
    unit: str = attrs.field(default="", kw_only=True, validator=check_text)
    _by: Any = attrs.field(default=None, alias="by", kw_only=True)
    _period: object = attrs.field(default=None, alias="period", kw_only=True)

    def __attrs_post_init__(self) -> None:
        choose("method", self.method, RATE_METHODS)
        events, exposure = map(np.array, counted_events(self.events, self.exposure))
        keys, rows = keys_of(self._by, self._period, events.shape)
        if rows is not None:
            events, exposure = sums(events, keys, rows), sums(exposure, keys, rows)
        self._set(keys, events=events, exposure=exposure)

    @property
    def measured(self) -> Metric:
        """The rate."""
        return Metric(self.name, self.unit or rate_unit(self.per), (0, math.inf), self.direction)

    @property
    def n(self) -> Floats:
        """The events."""
        return self.events

    @property
    def value(self) -> Floats:
        """Events by exposure, times *per*; NaN without exposure."""
        exposure = np.where(self.exposure > 0, self.exposure, np.nan)
        return np.asarray(self.events / exposure * self.per)

    @property
    def limits(self) -> ConfidenceInterval:
        """The limits of the rate."""
        return rate_interval(
            self.events,
            self.exposure,
            per=self.per,
            method=self.method,
            confidence_level=self.confidence_level,
        )

    @property
    def standard_error(self) -> Floats:
        """The square root of the events by exposure; that of one event where there are none."""
        exposure = np.where(self.exposure > 0, self.exposure, np.nan)
        return np.asarray(np.sqrt(np.maximum(self.events, 1)) / exposure * self.per)

    @property
    def notes(self) -> tuple[str, ...]:
        """Where few events stand beside much exposure, and the rate is stated for 1 of it."""
        value = self.value[~np.isnan(self.value)]
        small = self.per == 1 and not self.unit and value.size and value.max() < _SMALL
        return (_STATE_FOR_MORE,) if small else ()

    def how(self) -> str:
        """How the limits were made, in words."""
        return f"{level_text(self.confidence_level)} {self.method} limits"

    def grouped(self, keys: Keys, rows: Places) -> Self:
        """The rows added up: each goes to a row of other keys."""
        events, exposure = sums(self.events, keys, rows), sums(self.exposure, keys, rows)
        return attrs.evolve(self, events=events, exposure=exposure, by=keys)
