"""A result by period as a table of groups and periods, and changes within it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.errors import LabelError, VocabularyError
from custfocus.indices.estimate import Estimate
from custfocus.progress.periods import Period, periods_of, times_of
from custfocus.quantities.quantity import Quantity
from custfocus.results.arrays import Floats, Places
from custfocus.results.keys import Keys
from custfocus.results.text import kind_text

PERIOD = "period"


class Change(NamedTuple):
    """Changes with their limits, each of shape (groups,); NaN where one of the two is not known."""

    value: Floats
    low: Floats
    high: Floats


class SeriesTable(NamedTuple):
    """
    The rows of a result with the key ``period``, by group and period.

    Attributes:
        series: The result.
        groups: Its keys without the period.
        level: The labels of the periods in order.
        rows: The row of each group and period, -1 where there is none; shape (groups, periods).
        values: The values likewise, NaN where there is none.
        periods: The days of each period, None where they are not days in order.
        times: When each period was, in periods.
    """

    series: Estimate | Quantity
    groups: Keys
    level: Sequence[object]
    rows: Places
    values: Floats
    periods: list[Period] | None
    times: Floats

    @classmethod
    def of(cls, series: object) -> "SeriesTable":
        """
        The table of a series.

        Raises:
            VocabularyError: Neither an estimate nor a recorded quantity.
            LabelError: A result without the open key ``period``.
        """
        if not isinstance(series, Estimate | Quantity):
            raise VocabularyError(
                f"a series is an estimate or a recorded quantity by period, got {kind_text(series)}"
            )
        if PERIOD not in series.keys.names:
            raise LabelError(
                "a series has the key 'period', got the names "
                f"{', '.join(map(repr, series.keys.names)) or 'none'}; give period= or call the "
                "column of periods so"
            )
        groups, group = series.keys.without(PERIOD)
        place = series.keys.names.index(PERIOD)
        level = series.keys.levels[place]
        rows = np.full((groups.rows, len(level)), -1)
        rows[group, series.keys.codes[place]] = np.arange(series.keys.rows)
        values = np.where(rows >= 0, np.append(series.value, np.nan)[rows], np.nan)
        periods = periods_of(level)
        return cls(series, groups, level, rows, values, periods, times_of(periods, len(level)))

    def of_rows(self, numbers: Floats, places: Places) -> Floats:
        """Numbers of the series in the given period of each group, NaN for place -1."""
        at = self.at(places)
        return np.asarray(np.where(at >= 0, np.append(numbers, np.nan)[at], np.nan))

    def at(self, places: Places) -> Places:
        """The row of the given period of each group, -1 for place -1."""
        found = self.rows[np.arange(len(places)), places]
        return np.asarray(np.where(places >= 0, found, -1))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where there is a value, shape (groups, periods)."""
        return ~np.isnan(self.values)

    def first(self) -> Places:
        """The first period with a value of each group; -1 where there is none."""
        return np.where(self.known.any(axis=1), self.known.argmax(axis=1), -1)

    def last(self) -> Places:
        """The last period with a value of each group; -1 where there is none."""
        reverse = self.known[:, ::-1].argmax(axis=1)
        return np.where(self.known.any(axis=1), len(self.level) - 1 - reverse, -1)

    def before(self, places: Places) -> Places:
        """The period before the given one of each group; -1 where it has no value."""
        earlier = np.where(places > 0, places - 1, -1)
        there = self.known[np.arange(len(places)), earlier] & (earlier >= 0)
        return np.where(there, earlier, -1)

    def a_year_before(self, places: Places) -> Places:
        """The same part of the year before; -1 where it has no value, or periods are no days."""
        if self.periods is None:
            return np.full(len(places), -1)
        place_of = {one: place for place, one in enumerate(self.periods)}
        earlier = np.array([place_of.get(one.a_year_before(), -1) for one in self.periods] + [-1])
        found = earlier[places]
        there = (found >= 0) & self.known[np.arange(len(places)), found]
        return np.where(there, found, -1)

    def changes(self, later: Places, *earlier: Places) -> list[Change]:
        """The changes of each group from some of its periods to a later one."""
        one = np.tile(self.at(later), len(earlier))
        other = np.concatenate([self.at(places) for places in earlier])
        both = (one >= 0) & (other >= 0)
        found = np.full((3, len(one)), np.nan)
        if both.any():
            found[:, both] = _differences(self.series, one[both], other[both])
        return [Change(*part) for part in np.split(found, len(earlier), axis=1)]


def _differences(series: Estimate | Quantity, one: Places, other: Places) -> tuple[Floats, ...]:
    """Value and limits of differences between rows of a series."""
    if isinstance(series, Estimate):
        found = series.sample.differences(
            series.scoring, one, series.sample, other, series.confidence_level
        )
        return found.value, found.low, found.high
    limits = series.limits
    return from_limits(
        (series.value[one], limits.low[one], limits.high[one]),
        (series.value[other], limits.low[other], limits.high[other]),
    )


def from_limits(
    one: tuple[Floats, Floats, Floats], other: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats, Floats]:
    """
    A difference of two independent values and its limits from those of both.

    Args:
        one: Value, lower and upper limit.
        other: Likewise; what it has no limits for is taken as fixed.

    References:
        Zou and Donner (2008), Statistics in Medicine 27, 1693-1702.
    """
    (a, low_a, high_a), (b, low_b, high_b) = one, other
    fixed = np.isnan(low_b)
    low_b, high_b = np.where(fixed, b, low_b), np.where(fixed, b, high_b)
    difference = a - b
    low = difference - np.hypot(a - low_a, high_b - b)
    return difference, low, difference + np.hypot(high_a - a, b - low_b)
