"""What is measured: its name, unit, bounds and better direction."""

import math
from typing import Literal

import attrs

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

    >>> Metric("CSAT", "percent", (0, 100)).text(41.987)
    '42.0'
    """

    name: str
    unit: str = "number"
    bounds: tuple[float, float] = (-math.inf, math.inf)
    direction: Direction = "higher"

    def difference(self) -> "Metric":
        """The metric of a difference between two values of this one."""
        low, high = self.bounds
        unit = "percentage points" if self.unit == "percent" else self.unit
        return Metric(f"difference in {self.name}", unit, (low - high, high - low), self.direction)

    @property
    def sign(self) -> str:
        """What stands behind a value in a sentence."""
        return " %" if self.unit == "percent" else ""

    def text(self, value: float | None) -> str:
        """A value in as many decimals as the bounds call for; a dash for none."""
        if value is None or math.isnan(value):
            return "-"
        return rounded(value, decimals_for(*self.bounds))
