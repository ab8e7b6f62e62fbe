"""Which groups differ: each pair of them, each with the rest, each with a control."""

import numbers

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import OptionError
from custfocus.indices.comparison import Comparison, p_text
from custfocus.indices.differences import compare
from custfocus.indices.display import groups_as_html, groups_as_text
from custfocus.indices.estimate import format_number
from custfocus.indices.many_groups import group_count
from custfocus.interval_strip import interval_strip
from custfocus.intervals.arguments import Floats, read_only
from custfocus.intervals.multiplicity import Adjustment, adjusted_p_values
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally
from custfocus.tables import escape

_REST = -1


def _places(numbers: ArrayLike) -> NDArray[np.intp]:
    places = np.array(numbers, dtype=np.intp)
    places.setflags(write=False)
    return places


@attrs.frozen(eq=False, repr=False)
class GroupComparisons:
    """
    Comparisons between groups of one tally.

    Attributes:
        a: The number of the one group, shape (comparisons,).
        b: The number of the other group; -1 for all the others together.
        comparison: The differences a minus b, each with its own interval and p-value.
        adjusted_p_value: The p-values adjusted for the number of comparisons; NaN where a or b
            has no answers.
        adjustment: How they were adjusted; see `adjusted_p_values`.
    """

    a: NDArray[np.intp] = attrs.field(converter=_places)
    b: NDArray[np.intp] = attrs.field(converter=_places)
    comparison: Comparison
    adjusted_p_value: Floats = attrs.field(converter=read_only)
    adjustment: Adjustment

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, GroupComparisons):
            return NotImplemented
        return (
            (self.comparison, self.adjustment) == (other.comparison, other.adjustment)
            and np.array_equal(self.a, other.a)
            and np.array_equal(self.b, other.b)
            and np.array_equal(self.adjusted_p_value, other.adjusted_p_value, equal_nan=True)
        )

    def to_dicts(self) -> list[dict[str, float | str | tuple[int, ...]]]:
        """
        One dictionary for each comparison, in order.

        Its keys are a, b and adjusted_p_value, and those of `Comparison.to_dicts`, of which
        "group" is the place of the comparison.
        """
        adjusted = self.adjusted_p_value.tolist()
        return [
            {**row, "a": a, "b": b, "adjusted_p_value": p}
            for row, a, b, p in zip(
                self.comparison.to_dicts(), self.a.tolist(), self.b.tolist(), adjusted, strict=True
            )
        ]

    def __str__(self) -> str:
        return groups_as_text(self.a.shape, self._titles(), self._cells, self._note())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def cells(place: tuple[int, ...]) -> list[str]:
            return [*map(escape, self._cells(place)), self._strip(place)]

        return groups_as_html(self.a.shape, self._titles(), cells, self._note())

    def _titles(self) -> list[str]:
        difference = f"difference in {self.comparison.scoring.name}"
        ends = [difference, "low", "high", "p", "adjusted p"]
        return ["comparison", "a", "b", "n (a)", "n (b)", *ends]

    def _cells(self, place: tuple[int, ...]) -> list[str]:
        found = self.comparison
        numbers = (float(array[place]) for array in (found.value, found.low, found.high))
        b = int(self.b[place])
        return [
            str(self.a[place]),
            "the rest" if b == _REST else str(b),
            str(found.a.n[place]),
            str(found.b.n[place]),
            *(format_number(number, found.scoring) for number in numbers),
            p_text(float(found.p_value[place])),
            p_text(float(self.adjusted_p_value[place])),
        ]

    def _strip(self, place: tuple[int, ...]) -> str:
        found = self.comparison
        value, low, high = (float(array[place]) for array in (found.value, found.low, found.high))
        better = (-np.inf, 0.0) if found.scoring.lower_is_better else (0.0, np.inf)
        return interval_strip(value, low, high, found.bounds, better)

    def _note(self) -> str:
        level = f"{100 * self.comparison.confidence_level:g} %"
        how = "not adjusted" if self.adjustment == "none" else f"adjusted: {self.adjustment}"
        return f"{level} {self.comparison.method} interval, each on its own; p {how}"


def compare_each_pair(
    tally: Tally,
    scoring: Scoring,
    *,
    adjustment: Adjustment = "holm",
    confidence_level: float = 0.95,
) -> GroupComparisons:
    """
    Every group against every other one.

    Args:
        tally: Counts of G groups, shape (G,).
        scoring: What each point counts.
        adjustment: See `adjusted_p_values`. The intervals are not adjusted: each one alone
            has the confidence level.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        The G (G - 1) / 2 comparisons, by a and then b.

    Raises:
        TallyError: A tally that has not exactly one group axis.
        CustfocusError: What `compare` and `adjusted_p_values` raise.

    Example: 56 of 70 and 48 of 80, Newcombe (1998), Statistics in Medicine 17, 873-890, table
    II, where Miettinen and Nurminen's interval is .0528 to .3382; 13 of 16, Fagerland et al.
    (2017), Statistical Analysis of Contingency Tables, chapter 2.

    >>> from custfocus import Scale
    >>> scoring = Scoring.top_box(Scale.likert(2), 1)
    >>> compare_each_pair(Tally([[14, 56], [32, 48], [3, 13]], scoring.scale), scoring)
    comparison  a  b  n (a)  n (b)  difference in top box    low  high      p  adjusted p
             0  0  1     70     80                   20.0    5.3  33.8  0.008       0.025
             1  0  2     70     16                   -1.2  -18.2  24.6  0.910       0.910
             2  1  2     80     16                  -21.2  -38.7   5.2  0.109       0.218
    95 % score interval, each on its own; p adjusted: holm
    """
    a, b = np.triu_indices(group_count(tally), 1)
    comparison = compare(tally[a], tally[b], scoring, confidence_level=confidence_level)
    return _adjusted(a, b, comparison, adjustment)


def compare_with_rest(
    tally: Tally,
    scoring: Scoring,
    *,
    adjustment: Adjustment = "holm",
    confidence_level: float = 0.95,
) -> GroupComparisons:
    """
    Every group against all the others together.

    Args:
        tally: Counts of G groups, shape (G,).
        scoring: What each point counts.
        adjustment: As in `compare_each_pair`, also of the intervals.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        The G comparisons, b -1 for the rest. NaN where the group or the rest has no answers.

    Raises:
        CustfocusError: What `compare_each_pair` raises.
    """
    groups = group_count(tally)
    counts = tally.counts.sum(axis=0) - tally.counts
    rest = Tally(counts, tally.scale, tally.missing.sum() - tally.missing)
    comparison = compare(tally, rest, scoring, confidence_level=confidence_level)
    return _adjusted(np.arange(groups), np.full(groups, _REST), comparison, adjustment)


def compare_with_control(
    tally: Tally,
    scoring: Scoring,
    control: int,
    *,
    adjustment: Adjustment = "holm",
    confidence_level: float = 0.95,
) -> GroupComparisons:
    """
    Every group against one of them.

    Args:
        tally: Counts of G groups, shape (G,).
        scoring: What each point counts.
        control: The number of the group that the others are compared with.
        adjustment: As in `compare_each_pair`, also of the intervals.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        The G - 1 comparisons.

    Raises:
        OptionError: A control that is not the number of a group.
        CustfocusError: What `compare_each_pair` raises.
    """
    groups = group_count(tally)
    whole = isinstance(control, numbers.Integral) and not isinstance(control, bool)
    if not whole or not 0 <= control < groups:
        raise OptionError(
            f"control must be the number of one of the {groups} groups, from 0, got {control!r}"
        )
    a = np.delete(np.arange(groups), control)
    comparison = compare(tally[a], tally[control], scoring, confidence_level=confidence_level)
    return _adjusted(a, np.full(groups - 1, control), comparison, adjustment)


def _adjusted(
    a: NDArray[np.intp], b: NDArray[np.intp], comparison: Comparison, adjustment: Adjustment
) -> GroupComparisons:
    adjusted = adjusted_p_values(comparison.p_value, adjustment=adjustment)
    return GroupComparisons(a, b, comparison, adjusted, adjustment)
