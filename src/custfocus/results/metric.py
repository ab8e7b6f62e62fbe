"""What is measured: its name, unit, bounds and better direction."""

import math
from typing import Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.results.numbers import decimals_for, rounded

Direction = Literal["higher", "lower", "within"]


@attrs.frozen
class Metric:
    """
    What the numbers of a result measure.

    Attributes:
        name: What it is called.
        unit: The unit of values and limits ("percent", "days").
        bounds: The least and the greatest value there can be, infinite where there is none.
        direction: Whether ``"higher"`` or ``"lower"`` values are better, or those ``"within"``
            a range.
        decimals: How many are printed; None for as many as the bounds call for.

    >>> Metric("CSAT", "percent", (0, 100)).text(41.987)
    '42.0'
    """

    name: str
    unit: str = "number"
    bounds: tuple[float, float] = (-math.inf, math.inf)
    direction: Direction = "higher"
    decimals: int | None = None

    def difference(self) -> "Metric":
        """The metric of a difference between two values of this one."""
        low, high = self.bounds
        unit = "percentage points" if self.unit == "percent" else self.unit
        bounds = (low - high, high - low)
        return Metric(f"difference in {self.name}", unit, bounds, self.direction, self.decimals)

    def for_widths(self, widths: NDArray[np.float64]) -> "Metric":
        """The same with as many decimals as the widths of intervals call for, if it has any."""
        known = widths[np.isfinite(widths) & (widths > 0)]
        if self.decimals is None or not known.size:
            return self
        decimals = 1 - math.floor(math.log10(np.median(known) / 2))
        return attrs.evolve(self, decimals=min(max(decimals, 0), 12))

    @property
    def sign(self) -> str:
        """What stands behind a value in a sentence."""
        return " %" if self.unit == "percent" else ""

    def text(self, value: float | None) -> str:
        """A value in the metric's decimals; a dash for none."""
        if value is None or math.isnan(value):
            return "-"
        decimals = decimals_for(*self.bounds) if self.decimals is None else self.decimals
        return rounded(value, decimals)
