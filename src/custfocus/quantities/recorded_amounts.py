"""Amounts: waits, durations, costs and other numbers of 0 or more, with limits of their mean."""

import math
from typing import Any, ClassVar, NamedTuple, Self

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import TallyError, choose
from custfocus.intervals.amounts import (
    AMOUNTS_METHODS,
    AmountsMethod,
    amounts_limits,
    central,
)
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    checked_level,
    plain_numbers,
    whole_numbers,
)
from custfocus.quantities.quantity import (
    Additive,
    check_direction,
    check_name,
    equal_shapes,
    keys_of,
    level_text,
    recorded,
    sums,
)
from custfocus.results.arrays import BY_ROW, Floats, Places
from custfocus.results.keys import Keys
from custfocus.results.metric import Direction, Metric

_LARGE_PART = 0.25  # of the total in one amount: the mean hangs on it


@attrs.frozen(eq=False, repr=False)
class Amounts(Additive):
    """
    Amounts of 0 or more by group: how many, their mean and how they vary and lean.

    Make them from records by `of`; what is kept adds up, and is no more than the moments.

    Attributes:
        n: How many amounts, shape (rows,), or ``()`` for one group.
        mean: Their mean, likewise; not read where n is 0.
        squares: The sum of their squared distances from the mean, likewise.
        cubes: The sum of the cubes of these distances, likewise.
        largest: The largest of them, likewise.
        unit: Their unit ("minutes").
        method: Of the limits; see `custfocus.intervals.amounts_interval`.
        confidence_level: Two-sided, in (0, 1).
        name: What is measured, as printed.
        direction: Which values are better: ``"lower"`` (the default), ``"higher"`` or ``"within"``
            a range.
        by: The label of each row, or several by name (see `Keys.of`); `keys` has them.
        period: The period of each row, a name of the keys like others.

    Raises:
        TallyError: Moments that no amounts have; labels of another number.
        LabelError: Names that are reserved for columns of results.
        OptionError: An unknown method; a level out of range.

    >>> waits = [1.2, 0.4, 3.8, 2.1, 0.9, 12.5, 0.7, 1.6, 5.2, 2.4, 0.3, 1.1]
    >>> print(Amounts.of(waits, name="wait", unit="minutes"))
    wait 2.7 minutes [1.2, 10.4] n=12, 95 % skewed limits
    note: one amount is over a quarter of the total: the limits may be too low
    """

    settings: ClassVar[tuple[str, ...]] = (
        "method",
        "confidence_level",
        "name",
        "unit",
        "direction",
    )

    _n: Floats = attrs.field(alias="n", converter=recorded, metadata=BY_ROW)
    mean: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    squares: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    cubes: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    largest: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    unit: str = attrs.field(default="number", kw_only=True, validator=check_name)
    method: AmountsMethod = attrs.field(default="skewed", kw_only=True)
    confidence_level: float = attrs.field(default=0.95, kw_only=True, converter=checked_level)
    name: str = attrs.field(default="mean", kw_only=True, validator=check_name)
    direction: Direction = attrs.field(default="lower", kw_only=True, validator=check_direction)
    _by: Any = attrs.field(default=None, alias="by", kw_only=True)
    _period: object = attrs.field(default=None, alias="period", kw_only=True)

    def __attrs_post_init__(self) -> None:
        choose("method", self.method, AMOUNTS_METHODS)
        given = {name: getattr(self, name) for name in ("mean", "squares", "cubes", "largest")}
        n, *rest = equal_shapes({"n": whole_numbers(self._n, "n"), **given})
        moments = _Moments(n, *(np.where(n > 0, one, np.nan) for one in rest))
        keys, rows = keys_of(self._by, self._period, n.shape)
        if rows is not None:
            moments = _grouped(moments, keys, rows)
        self._set(keys, **moments.fields())

    @classmethod
    def of(
        cls,
        values: ArrayLike,
        *,
        by: object = None,
        period: object = None,
        unit: str = "number",
        method: AmountsMethod = "skewed",
        confidence_level: float = 0.95,
        name: str = "mean",
        direction: Direction = "lower",
    ) -> Self:
        """
        The moments of recorded amounts.

        Args:
            values: A list of amounts, 0 or more, shape (records,).
            by: The label of each record, or several by name; see `Keys.of`.
            period: The period of each record.
            unit: The unit of the amounts.
            method: Of the limits.
            confidence_level: Two-sided, in (0, 1).
            name: What is measured, as printed.
            direction: Which values are better: ``"lower"`` (the default), ``"higher"`` or ``"within"``
                a range.

        Raises:
            TallyError: Amounts below 0 or not known; none at all without labels.
            LabelError: Names that are reserved for columns of results.
            OptionError: An unknown method; a level out of range.
        """
        amounts = known_amounts(values)
        keys, rows = keys_of(by, period, amounts.shape)
        if rows is None:
            keys, rows = Keys(), np.zeros(len(amounts), np.intp)
        none = np.zeros(len(amounts))
        single = _Moments(np.ones(len(amounts)), amounts, none, none, amounts)
        return cls(
            *_grouped(single, keys, rows),
            unit=unit,
            method=method,
            confidence_level=confidence_level,
            name=name,
            direction=direction,
            by=keys,
        )

    @property
    def measured(self) -> Metric:
        """The mean; less is better."""
        return Metric(self.name, self.unit, (0, math.inf), self.direction)

    @property
    def n(self) -> Floats:
        """How many amounts."""
        return self._n

    @property
    def value(self) -> Floats:
        """Their mean; NaN where there are none."""
        return self.mean

    @property
    def variance(self) -> Floats:
        """Their variance, with divisor n - 1; NaN for fewer than two."""
        return central(self._n, self.squares, self.cubes)[0]

    @property
    def skewness(self) -> Floats:
        """Their skewness; NaN for fewer than three."""
        return central(self._n, self.squares, self.cubes)[1]

    @property
    def limits(self) -> ConfidenceInterval:
        """The limits of the mean."""
        return amounts_limits(
            self._n,
            self.mean,
            self.variance,
            self.skewness,
            method=self.method,
            confidence_level=self.confidence_level,
        )

    @property
    def standard_error(self) -> Floats:
        """Of the mean; infinite for a single amount."""
        spread = np.where(self._n > 1, self.variance, np.inf)
        return np.asarray(np.sqrt(spread / np.where(self._n > 0, self._n, np.nan)))

    @property
    def notes(self) -> tuple[str, ...]:
        """Where a single amount is most of what there is."""
        total = self._n * self.mean
        if ((self._n > 1) & (self.largest > _LARGE_PART * total) & (self._n > 4)).any():
            return ("one amount is over a quarter of the total: the limits may be too low",)
        return ()

    def how(self) -> str:
        """How the limits were made, in words."""
        return f"{level_text(self.confidence_level)} {self.method} limits"

    def grouped(self, keys: Keys, rows: Places) -> Self:
        """The rows added up: each goes to a row of other keys."""
        given = _Moments(self._n, self.mean, self.squares, self.cubes, self.largest)
        return attrs.evolve(self, **_grouped(given, keys, rows)._asdict(), by=keys)


def known_amounts(values: ArrayLike) -> Floats:
    """
    Amounts as float64.

    Raises:
        TallyError: Anything but a list of numbers of 0 or more.
    """
    amounts = plain_numbers(values, "values")
    if amounts.ndim != 1:
        raise TallyError(f"values must be a list of amounts, got the shape {amounts.shape}")
    wrong = ~((amounts >= 0) & np.isfinite(amounts))
    if wrong.any():
        raise TallyError(
            f"amounts must be known and 0 or more, got {amounts[wrong][0]:g}, {wrong.sum()} of "
            f"{len(amounts)} are not; leave out what is not known, and say so"
        )
    return amounts


class _Moments(NamedTuple):
    n: Floats
    mean: Floats
    squares: Floats
    cubes: Floats
    largest: Floats

    def fields(self) -> dict[str, Floats]:
        """The arrays by the names of the fields that hold them."""
        return {"_n" if name == "n" else name: one for name, one in self._asdict().items()}


def _grouped(parts: _Moments, keys: Keys, rows: Places) -> _Moments:
    """
    The moments of groups of groups.

    References:
        Pébay (2008), Formulas for robust, one-pass parallel computation of covariances and
        arbitrary-order statistical moments, Sandia report SAND2008-6212.
    """
    some = parts.n.ravel() > 0
    n, mean, squares, cubes, largest = (one.ravel()[some] for one in parts)
    rows = rows[some]
    total = sums(n, keys, rows)
    there = np.where(total > 0, total, np.nan)
    centre = np.asarray(sums(n * mean, keys, rows) / there)
    far = mean - centre.reshape(-1)[rows]
    most = np.full(keys.rows, -np.inf)
    np.maximum.at(most, rows, largest)
    nothing = np.where(total > 0, 0, np.nan)
    return _Moments(
        total,
        centre,
        sums(squares + n * far**2, keys, rows) + nothing,
        sums(cubes + 3 * far * squares + n * far**3, keys, rows) + nothing,
        np.where(total > 0, most.reshape(keys.shape), np.nan),
    )
