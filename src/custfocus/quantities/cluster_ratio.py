"""Ratios of two totals over clusters: cost per case, minutes per call."""

import math
from typing import Any, Self

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import choose
from custfocus.intervals.arguments import ConfidenceInterval, checked_level
from custfocus.intervals.ratios import (
    TOTALS_RATIO_METHODS,
    ClusterMoments,
    TotalsRatioMethod,
    checked_clusters,
    totals_ratio_limits,
)
from custfocus.quantities.quantity import (
    Quantity,
    check_direction,
    check_name,
    keys_of,
    level_text,
    recorded,
    sums,
)
from custfocus.results.arrays import BY_ROW, Floats
from custfocus.results.keys import Keys
from custfocus.results.metric import Direction, Metric


@attrs.frozen(eq=False, repr=False)
class Ratio(Quantity):
    """
    The ratio of two totals over clusters (branches, months), by group.

    Make it from records by `of`, a pair for each cluster. Ratios do not add up: the clusters of
    two periods are the same, and what they have in common is not known any more.

    Attributes:
        moments: The moments of the clusters of each row, each of shape (rows,), or ``()``.
        unit: The unit of the ratio ("euros per case").
        method: Of the limits; see `custfocus.intervals.totals_ratio_interval`.
        confidence_level: Two-sided, in (0, 1).
        name: What is measured, as printed.
        direction: Which values are better: ``"lower"`` (the default), ``"higher"`` or ``"within"``
            a range.
        by: The label of each row, or several by name (see `Keys.of`); `keys` has them.

    Raises:
        TallyError: Labels of another number.
        OptionError: An unknown method; a level out of range.

    >>> Ratio.of([120, 95, 210, 80], [10, 9, 15, 8], unit="euros per case", name="cost")
    cost 12.0 euros per case [9.2, 15.7] n=4, 95 % log-delta limits
    """

    _n: Floats = attrs.field(alias="n", converter=recorded, metadata=BY_ROW)
    y: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    x: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    yy: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    xy: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    xx: Floats = attrs.field(converter=recorded, metadata=BY_ROW)
    unit: str = attrs.field(default="number", kw_only=True, validator=check_name)
    method: TotalsRatioMethod = attrs.field(default="log-delta", kw_only=True)
    confidence_level: float = attrs.field(default=0.95, kw_only=True, converter=checked_level)
    name: str = attrs.field(default="ratio", kw_only=True, validator=check_name)
    direction: Direction = attrs.field(default="lower", kw_only=True, validator=check_direction)
    _by: Any = attrs.field(factory=Keys, alias="by", kw_only=True)

    def __attrs_post_init__(self) -> None:
        choose("method", self.method, TOTALS_RATIO_METHODS)

    @classmethod
    def of(
        cls,
        numerator: ArrayLike,
        denominator: ArrayLike,
        *,
        by: object = None,
        period: object = None,
        unit: str = "number",
        method: TotalsRatioMethod = "log-delta",
        confidence_level: float = 0.95,
        name: str = "ratio",
        direction: Direction = "lower",
    ) -> Self:
        """
        The moments of recorded clusters.

        Args:
            numerator: Of each cluster, 0 or more; shape (clusters,).
            denominator: Likewise.
            by: The label of each cluster, or several by name; see `Keys.of`.
            period: The period of each cluster.
            unit: The unit of the ratio.
            method: Of the limits.
            confidence_level: Two-sided, in (0, 1).
            name: What is measured, as printed.
            direction: Which values are better: ``"lower"`` (the default), ``"higher"`` or ``"within"``
                a range.

        Raises:
            TallyError: Numbers below 0 or not finite; no clusters; labels of another number.
            LabelError: Names that are reserved for columns of results.
            OptionError: An unknown method; a level out of range.
        """
        y, x = checked_clusters(numerator, denominator)
        keys, rows = keys_of(by, period, y.shape)
        if rows is None:
            keys, rows = Keys(), np.zeros(len(y), np.intp)
        n = sums(np.ones(len(y)), keys, rows)
        there = np.where(n > 0, n, np.nan)
        means = [np.asarray(sums(one, keys, rows) / there) for one in (y, x)]
        from_y, from_x = (
            one - mean.reshape(-1)[rows] for one, mean in zip((y, x), means, strict=True)
        )
        products = (from_y**2, from_y * from_x, from_x**2)
        return cls(
            n,
            *means,
            *(sums(one, keys, rows) for one in products),
            unit=unit,
            method=method,
            confidence_level=confidence_level,
            name=name,
            direction=direction,
            by=keys,
        )

    @property
    def measured(self) -> Metric:
        """The ratio."""
        return Metric(self.name, self.unit, (0, math.inf), self.direction)

    @property
    def n(self) -> Floats:
        """How many clusters."""
        return self._n

    @property
    def value(self) -> Floats:
        """The total of the numerators by that of the denominators; NaN where these are 0."""
        return np.asarray(self.y / np.where(self.x > 0, self.x, np.nan))

    @property
    def limits(self) -> ConfidenceInterval:
        """The limits of the ratio."""
        clusters = ClusterMoments(self._n, self.y, self.x, self.yy, self.xy, self.xx)
        return totals_ratio_limits(clusters, self.confidence_level, method=self.method)

    @property
    def standard_error(self) -> Floats:
        """Of the ratio, by linearisation; infinite for a single cluster."""
        ratio, n = self.value, self._n
        squares = self.yy - 2 * ratio * self.xy + ratio**2 * self.xx
        variance = np.maximum(squares, 0) / n / np.where(n > 1, n - 1, np.nan)
        error = np.sqrt(variance) / np.where(self.x > 0, self.x, np.nan)
        return np.asarray(np.where(n == 1, np.inf, error))

    def how(self) -> str:
        """How the limits were made, in words."""
        return f"{level_text(self.confidence_level)} {self.method} limits"
