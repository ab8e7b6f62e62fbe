"""What all results have in common that say how far apart a and b are."""

import math
from abc import abstractmethod
from typing import ClassVar

import numpy as np

from custfocus.errors import OptionError
from custfocus.intervals.arguments import is_finite_number
from custfocus.results.arrays import Flags, Floats, Places
from custfocus.results.metric import Metric
from custfocus.results.result import Picture, Result
from custfocus.results.text import label_text, label_texts


class Between(Result):
    """
    How far apart a and b are, row by row, with an interval.

    Attributes:
        value: The difference, in the unit of the metric.
        low: Lower limit, in the same unit.
        high: Upper limit, likewise.
        p_value: Two-sided, of no difference.
        rows_a: The row of a in each comparison, -1 where it has none.
        rows_b: The row of b, likewise.
        across: The name of the groups that label_a and label_b are of, where these differ by row.
    """

    __slots__ = ()
    unspoken: ClassVar[frozenset[str]] = frozenset({"label_a", "label_b"})

    value: Floats
    low: Floats
    high: Floats
    p_value: Floats
    rows_a: Places
    rows_b: Places
    across: str

    @property
    @abstractmethod
    def metric(self) -> Metric:
        """What is measured."""

    def is_equivalent(self, margin: float) -> Flags:
        """
        Whether the whole interval lies within plus and minus a margin, shape (...).

        Two one-sided tests, each at half of 1 - confidence_level. False where there are no
        answers.

        Args:
            margin: The largest difference that does not matter, in the unit of the value.

        Raises:
            OptionError: A margin that is not a positive number.

        References:
            Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
        """
        width = _positive(margin)
        return np.asarray((self.low > -width) & (self.high < width))

    def is_not_inferior(self, margin: float) -> Flags:
        """
        Whether a is not worse than b by a margin or more, shape (...).

        Args:
            margin: The largest loss that does not matter, in the unit of the value. The test's
                level is half of 1 - confidence_level. False where there are no answers.

        Raises:
            OptionError: A margin that is not a positive number.
        """
        width = _positive(margin)
        worse_is_higher = self.metric.direction == "lower"
        return np.asarray(self.high < width if worse_is_higher else self.low > -width)

    def printed(self) -> tuple[list[str], list[list[str]], str]:
        """The printed table, with groups titled by their name."""
        titles, rows, align = super().printed()
        sides = {f"label_{side}": f"{label_text(self.across)} ({side})" for side in "ab"}
        names = [sides.get(name, name) for name in titles[: len(self.keys.names)]]
        return [*names, *titles[len(names) :]], rows, align

    def picture(self) -> Picture:
        """The interval among all differences there can be, those shaded in which a is better."""
        metric, limits = self.metric, (self.low, self.high)
        better = (-math.inf, 0.0) if metric.direction == "lower" else (0.0, math.inf)
        return Picture(
            self.value, *limits, metric.bounds, better, metric.text, metric.name, "a is better"
        )

    def names(self) -> tuple[str, str]:
        """What was compared, in words; a and b where it differs by row."""
        fixed = dict(self.keys.fixed)
        a, b = label_texts([fixed.get("label_a", "a"), fixed.get("label_b", "b")])
        return a, b


def _positive(margin: float) -> float:
    if not is_finite_number(margin) or margin <= 0:
        raise OptionError(f"margin must be a number more than 0, got {margin!r}")
    return margin
