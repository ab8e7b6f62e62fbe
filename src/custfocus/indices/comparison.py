"""How far apart two groups or two waves are: the result of a comparison."""

import math
from collections.abc import Iterator
from typing import Literal

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import OptionError
from custfocus.indices.display import groups_as_html, groups_as_text
from custfocus.indices.estimate import format_number
from custfocus.interval_strip import interval_strip
from custfocus.intervals.arguments import Floats, is_finite_number, read_only
from custfocus.responses.scoring import Scoring, Unit
from custfocus.responses.tally import Counts, GroupIndex, Tally, whole_counts
from custfocus.tables import escape

ComparisonMethod = Literal["score"]


def _as_pairs(pairs: ArrayLike) -> Counts:
    return whole_counts(pairs, "pairs")


@attrs.frozen(eq=False, repr=False)
class Comparison:
    """
    The difference of an index between a and b, with its interval and the score test's p-value.

    Attributes:
        value: a minus b as quoted, shape (...), the groups' shape; ``()`` for one comparison.
            NaN where a or b has no answers.
        low: Lower limit, in the same unit and shape.
        high: Upper limit, likewise.
        p_value: Two-sided, of no difference: less than 1 - confidence_level exactly where the
            interval leaves out 0.
        a: The counts behind the one.
        b: The counts behind the other.
        pairs: How many gave an answer to both, shape (...); 0 for independent samples.
        scoring: What was computed of them.
        method: The method of the interval.
        confidence_level: Its two-sided confidence level.
    """

    value: Floats = attrs.field(converter=read_only)
    low: Floats = attrs.field(converter=read_only)
    high: Floats = attrs.field(converter=read_only)
    p_value: Floats = attrs.field(converter=read_only)
    a: Tally
    b: Tally
    pairs: Counts = attrs.field(converter=_as_pairs)
    scoring: Scoring
    method: ComparisonMethod = "score"
    confidence_level: float = 0.95

    @property
    def unit(self) -> Unit | str:
        """The unit of the value and its limits: percentage points where shares are compared."""
        return Unit.PERCENTAGE_POINTS if self.scoring.unit == Unit.PERCENT else self.scoring.unit

    @property
    def shape(self) -> tuple[int, ...]:
        """The groups' shape; ``()`` for one comparison."""
        return self.value.shape

    @property
    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest difference there can be, as quoted."""
        lowest, highest = self.scoring.bounds
        return lowest - highest, highest - lowest

    def __float__(self) -> float:
        if self.shape:
            raise TypeError(f"float() takes a single comparison, got groups of shape {self.shape}")
        return float(self.value)

    def __getitem__(self, index: GroupIndex) -> "Comparison":
        """The comparison for some of the groups, indexed as its arrays are."""
        return attrs.evolve(
            self,
            value=self.value[index],
            low=self.low[index],
            high=self.high[index],
            p_value=self.p_value[index],
            a=self.a[index],
            b=self.b[index],
            pairs=self.pairs[index],
        )

    def __iter__(self) -> Iterator["Comparison"]:
        if not self.shape:
            raise TypeError("a single comparison has no groups to go through")
        return (self[group] for group in range(self.shape[0]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Comparison):
            return NotImplemented
        return (
            (self.a, self.b, self.scoring, self.method, self.confidence_level)
            == (other.a, other.b, other.scoring, other.method, other.confidence_level)
            and np.array_equal(self.pairs, other.pairs)
            and all(
                np.array_equal(mine, its, equal_nan=True)
                for mine, its in zip(self._arrays(), other._arrays(), strict=True)
            )
        )

    def _arrays(self) -> tuple[Floats, ...]:
        return self.value, self.low, self.high, self.p_value

    def is_equivalent(self, margin: float) -> NDArray[np.bool_]:
        """
        Whether a and b are closer together than a margin: two one-sided tests.

        Args:
            margin: The largest difference that doesn't matter, in the unit of the value.

        Returns:
            Whether the whole interval lies within the margin on both sides, shape (...). The
            tests' level is half of 1 - confidence_level: .05 for an interval of 90 %. False
            where there are no answers.

        Raises:
            OptionError: A margin that is not a positive number.

        References:
            Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
        """
        width = _positive(margin)
        return np.asarray((self.low > -width) & (self.high < width))

    def is_not_inferior(self, margin: float) -> NDArray[np.bool_]:
        """
        Whether a is not worse than b by a margin or more: a one-sided test.

        Args:
            margin: The largest loss that doesn't matter, in the unit of the value.

        Returns:
            Whether the interval ends short of the margin on the worse side, shape (...): above
            -margin, or below it for indices of which less is better. The test's level is half
            of 1 - confidence_level. False where there are no answers.

        Raises:
            OptionError: A margin that is not a positive number.
        """
        width = _positive(margin)
        better = self.high < width if self.scoring.lower_is_better else self.low > -width
        return np.asarray(better)

    def to_dicts(self) -> list[dict[str, float | str | tuple[int, ...]]]:
        """
        One dictionary for each group, in order.

        Its keys are group, index, unit, n_a, n_b, pairs, value, low, high and p_value.
        """
        n_a, n_b = self.a.n, self.b.n
        return [
            {
                "group": group,
                "index": self.scoring.name,
                "unit": str(self.unit),
                "n_a": int(n_a[group]),
                "n_b": int(n_b[group]),
                "pairs": int(self.pairs[group]),
                "value": float(self.value[group]),
                "low": float(self.low[group]),
                "high": float(self.high[group]),
                "p_value": float(self.p_value[group]),
            }
            for group in np.ndindex(self.shape)
        ]

    def __str__(self) -> str:
        if not self.shape:
            n_a, n_b, pairs, value, low, high, p = self._cells(())
            equals = "" if p.startswith("<") else "= "
            both = f", {pairs} in both" if self.pairs else ""
            return (
                f"difference in {self.scoring.name} {value} [{low}, {high}], p {equals}{p}, "
                f"n={n_a} and {n_b}{both}, {self._how()}"
            )
        return groups_as_text(self.shape, self._titles(), self._cells, self._how())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def cells(group: tuple[int, ...]) -> list[str]:
            return [*map(escape, self._cells(group)), self._strip(group)]

        return groups_as_html(self.shape, self._titles(), cells, self._how())

    def _titles(self) -> list[str]:
        difference = f"difference in {self.scoring.name}"
        return [
            "group" if self.shape else "",
            "n (a)",
            "n (b)",
            "in both",
            difference,
            "low",
            "high",
            "p",
        ]

    def _cells(self, group: tuple[int, ...]) -> list[str]:
        numbers = (float(numbers[group]) for numbers in (self.value, self.low, self.high))
        return [
            str(self.a.n[group]),
            str(self.b.n[group]),
            str(self.pairs[group]),
            *(format_number(number, self.scoring) for number in numbers),
            p_text(float(self.p_value[group])),
        ]

    def _strip(self, group: tuple[int, ...]) -> str:
        """The interval over all differences there can be, those shaded in which a is better."""
        value, low, high = (float(numbers[group]) for numbers in (self.value, self.low, self.high))
        better = (-math.inf, 0) if self.scoring.lower_is_better else (0, math.inf)
        return interval_strip(value, low, high, self.bounds, better)

    def _how(self) -> str:
        return f"{100 * self.confidence_level:g} % {self.method} interval"


def _positive(margin: float) -> float:
    if not is_finite_number(margin) or margin <= 0:
        raise OptionError(f"margin must be a number more than 0, got {margin!r}")
    return margin


def p_text(p: float) -> str:
    """A p-value in three decimals; what is less says so."""
    if np.isnan(p):
        return "-"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
