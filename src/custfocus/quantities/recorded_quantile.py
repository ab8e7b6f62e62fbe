"""A quantile of recorded amounts, such as the median wait, with limits that assume nothing."""

import math
from typing import Any, ClassVar, Self

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import TallyError, choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    checked_level,
    whole_numbers,
)
from custfocus.intervals.quantile_interval import (
    RANK_METHODS,
    RankMethod,
    checked_quantile,
    fewest_for_quantile,
    order_ranks,
    quantile_error,
    quantile_ranks,
)
from custfocus.quantities.amount_cells import cell_spans, distinct_amounts, tiled_cells
from custfocus.quantities.quantity import (
    Additive,
    check_direction,
    check_name,
    keys_of,
    level_text,
    recorded,
)
from custfocus.quantities.recorded_amounts import known_amounts
from custfocus.results.arrays import BY_ROW, Flags, Floats, Places, floats, places
from custfocus.results.keys import Keys
from custfocus.results.metric import Direction, Metric
from custfocus.results.result import Column

_BY_OF = "make a Quantile of records by Quantile.of"
_MOST = 2**53  # amounts, which float64 still counts one by one


def _as_counts(counts: ArrayLike) -> Floats:
    return floats(whole_numbers(counts, "counts"))


def _as_cells(cells: ArrayLike) -> Places:
    spans = whole_numbers(cells, "cells", _BY_OF)
    return places(np.minimum(spans, _MOST))  # beyond the amounts, as is said below


@attrs.frozen(eq=False, repr=False)
class Quantile(Additive):
    """
    A quantile of amounts of 0 or more by group: the median wait, the days that 90 % take at most.

    Make it from records by `of`; what is kept are the distinct amounts of each group and how often
    each occurs, so that parts add up and any other quantile can be had by `at`.

    The limits are two of the amounts, by their ranks, and suppose nothing but that records are
    independent. A group too small for a limit has 0 or infinity there, which is what its
    records say; a note names how many it takes. Where so many amounts are equal that the quantile
    is known to be that amount, both limits are it.

    Attributes:
        amounts: The distinct amounts of each row, ascending, one row after the other; shape
            (cells,).
        counts: How often each occurs, likewise.
        cells: Where those of each row start and how many they are, shape (rows, 2), or (2,) for
            one group.
        q: Which quantile, in (0, 1).
        unit: The unit of the amounts ("days").
        method: Of the limits, ``"exact"`` or ``"mid-p"``; see
            `custfocus.intervals.quantile_ranks`.
        confidence_level: Two-sided, in (0, 1).
        name: What is measured, as printed.
        direction: Which values are better: ``"lower"`` (the default), ``"higher"`` or ``"within"``
            a range.
        by: The label of each row, or several by name (see `Keys.of`); `keys` has them.
        period: The period of each row, a name of the keys like others.

    Raises:
        TallyError: Cells that do not describe amounts; labels of another number.
        LabelError: Names that are reserved for columns of results.
        OptionError: A quantile or a level out of range; an unknown method.

    >>> days = [3, 5, 2, 8, 21, 4, 6, 3, 9, 5, 14, 7]
    >>> Quantile.of(days, unit="days", name="median wait")
    median wait 5.5 days [3.0, 9.0] n=12, 95 % exact limits
    """

    settings: ClassVar[tuple[str, ...]] = (
        "q",
        "method",
        "confidence_level",
        "name",
        "unit",
        "direction",
    )

    amounts: Floats = attrs.field(converter=recorded)
    counts: Floats = attrs.field(converter=_as_counts)
    cells: Places = attrs.field(converter=_as_cells, metadata=BY_ROW)
    q: float = attrs.field(default=0.5, kw_only=True, converter=checked_quantile)
    unit: str = attrs.field(default="number", kw_only=True, validator=check_name)
    method: RankMethod = attrs.field(default="exact", kw_only=True)
    confidence_level: float = attrs.field(default=0.95, kw_only=True, converter=checked_level)
    name: str = attrs.field(default="median", kw_only=True, validator=check_name)
    direction: Direction = attrs.field(default="lower", kw_only=True, validator=check_direction)
    _by: Any = attrs.field(default=None, alias="by", kw_only=True)
    _period: object = attrs.field(default=None, alias="period", kw_only=True)

    def __attrs_post_init__(self) -> None:
        choose("method", self.method, RANK_METHODS)
        if self.cells.ndim not in (1, 2) or self.cells.shape[-1] != 2:
            raise TallyError(
                "cells must be a start and a number for each row, got the shape "
                f"{self.cells.shape}; {_BY_OF}"
            )
        kept = tiled_cells(known_amounts(self.amounts), self.counts, self.cells.reshape(-1, 2))
        keys, rows = keys_of(self._by, self._period, self.cells.shape[:-1])
        if rows is not None:
            kept = distinct_amounts(kept.amounts, kept.counts, rows[kept.rows])
        self._set(keys, amounts=kept.amounts, counts=kept.counts)
        object.__setattr__(self, "cells", cell_spans(kept.rows, keys))

    @classmethod
    def of(
        cls,
        values: ArrayLike,
        q: float = 0.5,
        *,
        counts: ArrayLike | None = None,
        by: object = None,
        period: object = None,
        unit: str = "number",
        method: RankMethod = "exact",
        confidence_level: float = 0.95,
        name: str | None = None,
        direction: Direction = "lower",
    ) -> Self:
        """
        A quantile of recorded amounts.

        Args:
            values: A list of amounts, 0 or more, shape (records,).
            q: Which quantile, in (0, 1); the median by default.
            counts: How often each of the amounts occurs, where they come as a table, shape
                (records,); once by default. They are no weights.
            by: The label of each record, or several by name; see `Keys.of`.
            period: The period of each record.
            unit: The unit of the amounts.
            method: Of the limits.
            confidence_level: Two-sided, in (0, 1).
            name: What is measured, as printed; "median" or "90 % quantile" by default.
            direction: Which values are better: ``"lower"`` (the default), ``"higher"`` or ``"within"``
                a range.

        Raises:
            TallyError: Amounts below 0 or not known; counts that are not whole or are of another
                number; none at all without labels.
            LabelError: Names that are reserved for columns of results.
            OptionError: A quantile or a level out of range; an unknown method.
        """
        amounts = known_amounts(values)
        often = np.ones(len(amounts)) if counts is None else whole_numbers(counts, "counts")
        if often.shape != amounts.shape or often.sum() >= _MOST:
            raise TallyError(
                f"counts must be one for each of the {len(amounts)} amounts and less than 2**53 "
                f"in all, got the shape {often.shape} and {often.sum():g}"
            )
        keys, rows = keys_of(by, period, amounts.shape)
        if rows is None:
            keys, rows = Keys(), np.zeros(len(amounts), np.intp)
        if not keys.shape and not often.any():
            raise TallyError("a quantile needs at least one amount, got none")
        kept = distinct_amounts(amounts, often, rows)
        return cls(
            kept.amounts,
            kept.counts,
            cell_spans(kept.rows, keys),
            q=q,
            unit=unit,
            method=method,
            confidence_level=confidence_level,
            name=quantile_name(checked_quantile(q)) if name is None else name,
            direction=direction,
            by=keys,
        )

    def at(self, q: float, *, name: str | None = None) -> Self:
        """
        Another quantile of the same amounts.

        Args:
            q: Which quantile, in (0, 1).
            name: What it is called; "median" or "90 % quantile" by default.

        Raises:
            OptionError: A quantile out of range.

        >>> wait = Quantile.of([3, 5, 2, 8, 21, 4], unit="days")
        >>> print(wait.at(0.9).stated())
        90 % quantile 21 days [5, inf] n=6
        """
        share = checked_quantile(q)
        called = quantile_name(share) if name is None else name
        return attrs.evolve(self, q=share, name=called)

    @property
    def measured(self) -> Metric:
        """The quantile, in the unit of the amounts."""
        return Metric(self.name, self.unit, (0, math.inf), self.direction)

    @property
    def metric(self) -> Metric:
        """What is measured; whole amounts are printed as such."""
        if (self.amounts % 1).any():
            return super().metric
        halves = (self.value % 1 > 0).any()
        return attrs.evolve(self.measured, decimals=int(halves))

    @property
    def n(self) -> Floats:
        """How many amounts."""
        return self._up_to()[1].reshape(self.keys.shape)

    @property
    def value(self) -> Floats:
        """The quantile of these amounts; NaN where there are none."""
        first, last = order_ranks(self.n, self.q)
        return np.asarray((self._ranked(first) + self._ranked(last)) / 2)

    @property
    def limits(self) -> ConfidenceInterval:
        """The limits of the quantile; 0 and infinity where the records give none."""
        n = self.n
        low, high = quantile_ranks(
            n, self.q, method=self.method, confidence_level=self.confidence_level
        )
        most = np.maximum(n, 1)
        least = np.where(low < 1, 0, self._ranked(np.maximum(low, 1)))
        largest = np.where(high > n, np.inf, self._ranked(np.minimum(high, most)))
        there = np.where(n > 0, 0, np.nan)
        return ConfidenceInterval(least + there, largest + there)

    @property
    def standard_error(self) -> Floats:
        """That of normal limits as wide as these; infinite where there is no limit."""
        return quantile_error(self.limits, self.confidence_level)

    @property
    def stepwise(self) -> bool:
        """True: it is one of the values."""
        return True

    @property
    def notes(self) -> tuple[str, ...]:
        """Where a group is too small for a limit, and where the limits have no width."""
        n, (low, high) = self.n, self.limits
        below, above = fewest_for_quantile(
            self.q, method=self.method, confidence_level=self.confidence_level
        )
        found = [
            (f"a lower limit takes {below} amounts: with fewer it is 0", (n > 0) & (n < below)),
            (
                f"an upper limit takes {above} amounts: with fewer there is none",
                (n > 0) & (n < above),
            ),
            (NO_WIDTH.format("amounts are equal", "theirs"), low == high),
        ]
        return tuple(f"{text}{among(there)}" for text, there in found if there.any())

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n, value, low, high, standard_error and quantile."""
        return {**super().columns(), "quantile": Column(np.array(self.q))}

    def how(self) -> str:
        """How the limits were made, in words."""
        return f"{level_text(self.confidence_level)} {self.method} limits"

    def joined(self, other: Any) -> Self:  # noqa: ANN401 - one of its own kind
        """The rows of another after these, numbered."""
        further = other.cells.reshape(-1, 2) + np.array([len(self.amounts), 0])
        return attrs.evolve(
            self,
            amounts=np.concatenate([self.amounts, other.amounts]),
            counts=np.concatenate([self.counts, other.counts]),
            cells=np.concatenate([self.cells.reshape(-1, 2), further]),
            by=Keys.numbered(self.keys.rows + other.keys.rows),
        )

    def grouped(self, keys: Keys, rows: Places) -> Self:
        """The rows added up: each goes to a row of other keys."""
        number = self.cells.reshape(-1, 2)[:, 1]
        kept = distinct_amounts(self.amounts, self.counts, np.repeat(rows, number))
        return attrs.evolve(
            self,
            amounts=kept.amounts,
            counts=kept.counts,
            cells=cell_spans(kept.rows, keys),
            by=keys,
        )

    def _up_to(self) -> tuple[Floats, Floats]:
        """How many amounts there are before each row, and in it; shape (rows,)."""
        up_to = np.concatenate([[0.0], np.cumsum(self.counts)])
        start, number = self.cells.reshape(-1, 2).T
        return up_to[start], up_to[start + number] - up_to[start]

    def _ranked(self, rank: Floats) -> Floats:
        """The amount of that rank in each row, from 1 to n; NaN where there are none."""
        before, n = self._up_to()
        place = np.searchsorted(np.cumsum(self.counts), before + rank.ravel())
        found = np.append(self.amounts, np.nan)[np.where(n > 0, place, -1)]
        return found.reshape(self.keys.shape)


NO_WIDTH = "limits without width: so many {} that the quantile is known to be {}"


def among(rows: Flags) -> str:
    """How many of several rows a note is about."""
    return f" ({rows.sum():,} of {rows.size:,} rows)" if rows.ndim else ""


def quantile_name(q: float) -> str:
    """
    What a quantile is called.

    >>> quantile_name(0.5), quantile_name(0.9)
    ('median', '90 % quantile')
    """
    return "median" if q == 0.5 else f"{100 * q:g} % quantile"
