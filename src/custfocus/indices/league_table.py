"""Which groups stand out of a league table by more than chance."""

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.indices.display import groups_as_html, groups_as_text
from custfocus.indices.estimate import estimate, format_number
from custfocus.indices.many_groups import answers_differ, everybody, group_count, rounding
from custfocus.interval_strip import interval_strip
from custfocus.intervals.arguments import Floats, critical_value, read_only
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally


def _flags(values: ArrayLike) -> NDArray[np.bool_]:
    flags = np.array(values, dtype=np.bool_)
    flags.setflags(write=False)
    return flags


@attrs.frozen(eq=False, repr=False)
class Funnel:
    """
    Limits for a league table: how far groups may be from the overall index by chance alone.

    Attributes:
        center: The index of all groups together, as quoted.
        low: Lower limits, shape (G,), as quoted; NaN for groups without answers.
        high: Upper limits, likewise.
        outside: Whether the group's own index lies beyond its limits, shape (G,).
        value: The index of each group, likewise as quoted.
        tally: The counts behind it.
        scoring: What was computed of them.
        confidence_level: The two-sided level of the limits.
    """

    center: float
    low: Floats = attrs.field(converter=read_only)
    high: Floats = attrs.field(converter=read_only)
    outside: NDArray[np.bool_] = attrs.field(converter=_flags)
    value: Floats = attrs.field(converter=read_only)
    tally: Tally
    scoring: Scoring
    confidence_level: float

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Funnel):
            return NotImplemented
        return (
            (self.center, self.tally, self.scoring, self.confidence_level)
            == (other.center, other.tally, other.scoring, other.confidence_level)
            and np.array_equal(self.outside, other.outside)
            and np.array_equal(self._arrays(), other._arrays(), equal_nan=True)
        )

    def _arrays(self) -> tuple[Floats, ...]:
        return self.value, self.low, self.high

    def to_dicts(self) -> list[dict[str, float | str | bool | tuple[int, ...]]]:
        """One dictionary for each group: group, index, unit, n, value, center, low, high, outside."""
        n = self.tally.n
        return [
            {
                "group": group,
                "index": self.scoring.name,
                "unit": str(self.scoring.unit),
                "n": int(n[group]),
                "value": float(self.value[group]),
                "center": self.center,
                "low": float(self.low[group]),
                "high": float(self.high[group]),
                "outside": bool(self.outside[group]),
            }
            for group in np.ndindex(self.value.shape)
        ]

    def __str__(self) -> str:
        return groups_as_text(self.value.shape, self._titles(), self._cells, self._note())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def cells(group: tuple[int, ...]) -> list[str]:
            return [*self._cells(group), self._strip(group)]

        return groups_as_html(self.value.shape, self._titles(), cells, self._note())

    def _titles(self) -> list[str]:
        return ["group", "n", self.scoring.name, "low", "high", "outside"]

    def _cells(self, group: tuple[int, ...]) -> list[str]:
        numbers = (float(array[group]) for array in self._arrays())
        side = "above" if self.value[group] > self.center else "below"
        return [
            str(self.tally.n[group]),
            *(format_number(number, self.scoring) for number in numbers),
            side if self.outside[group] else "-",
        ]

    def _strip(self, group: tuple[int, ...]) -> str:
        """The limits as the bar; the value is the mark, in it or beyond."""
        value, low, high = (float(array[group]) for array in self._arrays())
        return interval_strip(value, low, high, self.scoring.bounds)

    def _note(self) -> str:
        center = format_number(self.center, self.scoring)
        return f"{100 * self.confidence_level:g} % limits around {center}, that of all groups"


def funnel(tally: Tally, scoring: Scoring, *, confidence_level: float = 0.998) -> Funnel:
    """
    Funnel-plot limits around the index of all groups together.

    A group of n answers lies within ``m ± z sqrt(v / n)``, m and v the mean and variance of
    all answers, if it differs from the others by chance alone. For shares that is the score
    test: a group is outside exactly when Wilson's interval of its share leaves out m. Where
    all answers count the same the limits have no width, and nobody is outside.

    Args:
        tally: Counts of G groups, shape (G,).
        scoring: What each point counts.
        confidence_level: Two-sided, in (0, 1); .998 and .95 are usual. Limits are held to the
            scale.

    Raises:
        TallyError: A tally that has not exactly one group axis, or without any answers.
        CustfocusError: What `estimate` raises.

    References:
        Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202. Example: the groups of
        `compare_each_pair`; 117 of all 166 are satisfied.

    >>> from custfocus import Scale
    >>> scoring = Scoring.top_box(Scale.likert(2), 1)
    >>> tally = Tally([[14, 56], [32, 48], [3, 13]], scoring.scale)
    >>> funnel(tally, scoring, confidence_level=0.95)
    group   n  top box   low  high  outside
        0  70     80.0  59.8  81.2        -
        1  80     60.0  60.5  80.5    below
        2  16     81.2  48.1  92.8        -
    95 % limits around 70.5, that of all groups
    """
    group_count(tally)
    z = critical_value(confidence_level)
    pooled = everybody(tally)
    center, value = float(estimate(pooled, scoring)), estimate(tally, scoring).value
    squares = (pooled.counts * (scoring.quoted_scores - center) ** 2).sum()
    variance = squares / pooled.n if answers_differ(pooled, scoring) else 0.0
    arm = z * np.sqrt(variance / np.where(tally.n > 0, tally.n, np.nan))
    low, high = scoring.bounds
    return Funnel(
        center,
        np.clip(center - arm, low, high),
        np.clip(center + arm, low, high),
        np.abs(value - center) > arm + rounding(scoring),
        value,
        tally,
        scoring,
        confidence_level,
    )
