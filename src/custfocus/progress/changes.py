"""Changes from one period of a series to another, for many series at once."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import NamedTuple, cast

import numpy as np

from custfocus.indices.estimate import Estimate
from custfocus.intervals.arguments import INFINITE
from custfocus.progress.series_table import SeriesTable
from custfocus.progress.verdict import limits_of
from custfocus.quantities.quantity import Quantity
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Floats, Places


class Change(NamedTuple):
    """Changes with their limits, each of shape (groups,); NaN where one of the two is not known."""

    value: Floats
    low: Floats
    high: Floats


class Span(NamedTuple):
    """
    Two periods of each group of a series, between which a change is asked for.

    Attributes:
        table: The series.
        later: A period of each group, -1 for none; shape (groups,).
        earlier: The one that it is compared with, likewise.
    """

    table: SeriesTable
    later: Places
    earlier: Places


def changes_of(spans: Sequence[Span]) -> list[Change]:
    """
    The changes of each group from an earlier to a later period.

    Those of an estimate are as `compare` has them, with the covariance of a survey's periods;
    those of plain answers on one scale are computed together. Those of recorded quantities are by
    the limits of both values, which are taken as independent.
    """
    found = [np.full((3, len(one.later)), np.nan) for one in spans]
    kinds: dict[Hashable, list[_Rows]] = defaultdict(list)
    for place, (table, later, earlier) in enumerate(spans):
        one, other = table.at(later), table.at(earlier)
        groups = np.flatnonzero((one >= 0) & (other >= 0))
        if len(groups):
            rows = _Rows(place, groups, table.series, one[groups], other[groups])
            kinds[_kind(table.series)].append(rows)
    for same in kinds.values():
        stops = np.cumsum([len(rows.groups) for rows in same])[:-1]
        parts = np.split(np.stack(_differences(same)), stops, axis=1)
        for rows, numbers in zip(same, parts, strict=True):
            found[rows.place][:, rows.groups] = numbers
    return [Change(*numbers) for numbers in found]


def from_limits(one: Change, other: Change) -> Change:
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
    return Change(difference, low, difference + np.hypot(high_a - a, b - low_b))


def from_extremes(one: Change, other: Change) -> Change:
    """
    A difference of two values and the least and the greatest that their limits allow.

    Errs no oftener than the limits of both together, however the two depend on each other.

    Args:
        one: Value, lower and upper limit.
        other: Likewise; what it has no limits for is taken as fixed.
    """
    (a, low_a, high_a), (b, low_b, high_b) = one, other
    fixed = np.isnan(low_b)
    low = low_a - np.where(fixed, b, high_b)
    return Change(a - b, low, high_a - np.where(fixed, b, low_b))


class Recorded(NamedTuple):
    """Some rows of a recorded quantity."""

    series: Quantity
    rows: Places | slice

    def with_limits(self) -> Change:
        """Their values and the limits that a change is made of."""
        level = (1 + self.series.confidence_level) / 2
        series = self.series.at_level(level) if self.series.stepwise else self.series
        return Change(*(np.ravel(one)[self.rows] for one in (series.value, *limits_of(series))))


def recorded_change(one: Recorded, other: Recorded | Change) -> Change:
    """
    The change between rows of recorded quantities, or from a baseline, by the limits of both.

    Those of a quantile, which jumps where values are tied, are at half the error probability,
    and the change is held to their extremes: the root of their squares would be too short, down
    to a coverage of .85 of 95 % limits where medians are whole days.

    Args:
        one: Some rows of a quantity.
        other: Likewise, or values with limits.
    """
    made = from_extremes if one.series.stepwise else from_limits
    return made(one.with_limits(), other.with_limits() if isinstance(other, Recorded) else other)


class _Rows(NamedTuple):
    """Rows of a series and earlier ones, for some groups of what was asked for."""

    place: int
    groups: Places
    series: Estimate | Quantity
    one: Places
    other: Places


def _kind(series: Estimate | Quantity) -> Hashable:
    """What series must share for their differences to be computed together."""
    if isinstance(series, Estimate) and isinstance(series.sample, Tally):
        return tuple(series.scoring.quoted_scores.tolist()), series.confidence_level
    return id(series)


def _differences(same: Sequence[_Rows]) -> Change:
    """The differences between rows of series of one kind."""
    series = same[0].series
    one, other = (
        np.concatenate([getattr(rows, name) for rows in same]) for name in ("one", "other")
    )
    if isinstance(series, Quantity):
        return recorded_change(Recorded(series, one), Recorded(series, other))
    sample, scoring = series.sample, series.scoring
    populations = _populations(same, "one"), _populations(same, "other")
    if len({id(rows.series) for rows in same}) > 1:
        scale, estimates = scoring.scale, [cast("Estimate", rows.series) for rows in same]
        sides = [
            part.sample.counts[getattr(rows, name)]
            for name in ("one", "other")
            for rows, part in zip(same, estimates, strict=True)
        ]
        sample = Tally(np.concatenate(sides), scale)
        one, other = np.split(np.arange(2 * len(one)), 2)
    level = series.confidence_level
    found = sample.differences(
        scoring, one, sample, other, level, tested=False, populations=populations
    )
    return Change(found.value, found.low, found.high)


def _populations(same: Sequence[_Rows], side: str) -> Floats | None:
    """The sizes of the populations of one side of the differences; None if all are infinite."""
    sizes = [cast("Estimate", rows.series).population for rows in same]
    if all(size is None for size in sizes):
        return None
    places: list[Places] = [getattr(rows, side) for rows in same]
    taken = (
        np.full(len(at), INFINITE) if size is None else size.ravel()[at]
        for size, at in zip(sizes, places, strict=True)
    )
    return np.concatenate([*taken])
