"""The numbers of progress: where groups began, how far they came, where they should and may be."""

from typing import NamedTuple

import numpy as np

from custfocus.indices.estimate import Estimate
from custfocus.intervals.arguments import critical_value
from custfocus.intervals.ratios import progress_interval
from custfocus.intervals.toward_target import Better, expected_value, healthy_people_status
from custfocus.intervals.trend import (
    FEWEST_FOR_CHANCE,
    FEWEST_FOR_TREND,
    damped_projection,
    linear_trend,
)
from custfocus.progress.changes import Change, Recorded, from_limits, recorded_change
from custfocus.progress.series_table import SeriesTable
from custfocus.progress.verdict import Verdict
from custfocus.quantities.quantity import Quantity
from custfocus.results.arrays import Flags, Floats, Places, Texts
from custfocus.results.result import Result
from custfocus.results.text import label_text
from custfocus.vocabulary.target import Target

_CHANCES = ("under 10 %", "10 to 35 %", "35 to 65 %", "65 to 90 %", "over 90 %")
_CHANCE_ENDS = (0.10, 0.35, 0.65, 0.90)


class Start(NamedTuple):
    """
    Where each group began, shape (groups,).

    Attributes:
        place: The first period with a value in its phase; -1 where there is none.
        earlier: Whether the target's day lies before the phase: nothing of that day is compared.
        baseline: The value at the start with its limits; NaN where it is not compared.
        error: Its standard error; 0 for a fixed number.
    """

    place: Places
    earlier: Flags
    baseline: Change
    error: Floats


def start_of(table: SeriesTable, target: Target) -> Start:
    """Where each group began: the target's own baseline, or the first period of the phase."""
    place, earlier, given = table.first(), _earlier(table, target), target.baseline
    none = np.full(table.groups.rows, np.nan)
    if given is None:
        value, error = (
            table.of_rows(one, place) for one in (table.series.value, table.series.standard_error)
        )
        return Start(place, earlier, Change(value, none, none), or_zero(error))
    if isinstance(given, Result):
        columns = given.columns()
        numbers = [
            float(columns[name].values) if name in columns else np.nan
            for name in ("value", "low", "high", "standard_error")
        ]
    else:
        numbers = [given, np.nan, np.nan, np.nan]
    value, low, high, error = (np.where(earlier, np.nan, one) for one in numbers)
    return Start(place, earlier, Change(value, low, high), or_zero(error))


def _earlier(table: SeriesTable, target: Target) -> Flags:
    """Whether the day that the target's baseline stands for lies before each group's phase."""
    begun, periods = table.begun(), table.periods
    if target.since is None or periods is None:
        return np.zeros(len(begun), bool)
    starts = np.array([one.start.toordinal() for one in periods])
    return np.asarray((begun > 0) & (target.since.toordinal() < starts[begun]))


def remarks_of(table: SeriesTable, target: Target, earlier: Flags, *, across: bool) -> Texts:
    """What is to be known of the breaks of each group, a line for each note."""
    pairs = list(zip(table.begun().tolist(), earlier.tolist(), strict=True))
    said: dict[tuple[int, bool], str] = {}
    for place, before in set(pairs):
        if across:
            lines = [
                f"compared across the break of {label_text(table.level[at])}: {why}"
                for at, why in enumerate(table.reasons[: place + 1])
                if why
            ]
        else:
            lines = _of_phase(table, target, place, target.baseline is not None and before)
        said[place, before] = "\n".join(lines)
    return np.array([said[pair] for pair in pairs], np.str_)


def _of_phase(table: SeriesTable, target: Target, place: int, void: bool) -> list[str]:  # noqa: FBT001 - with the place
    """What is said of the phase that begins at a place; nothing of the first one."""
    if not place:
        return []
    label = label_text(table.level[place])
    found = [f"new phase from {label}: {table.reasons[place]}; nothing before it is compared"]
    if void:
        found += [f"the baseline, of {target.since}, lies before the new phase: not compared"]
    elif target.baseline is not None and (target.since is None or table.periods is None):
        found += ["the baseline has no day in the series: it is taken to be of the new phase"]
    return found


def or_zero(error: Floats) -> Floats:
    """Standard errors, 0 where none is known."""
    return np.asarray(np.where(np.isnan(error), 0, error))


def since_baseline(latest: Estimate | Quantity, baseline: Change) -> Change:
    """The change since the target's own baseline, by the limits of both."""
    if isinstance(latest, Quantity):
        return recorded_change(Recorded(latest, slice(None)), baseline)
    value, low, high = (np.ravel(one) for one in (latest.value, latest.low, latest.high))
    return from_limits(Change(value, low, high), baseline)


def reach_of(target: Target, start: Floats, value: Floats) -> tuple[Floats, Flags]:
    """
    The bound of the target that each group has to reach, and whether higher is better.

    Of a range it is the one on the side of the baseline, or of the value where that is not
    compared or has left the range since.
    """
    low, high = target.bounds
    side = np.where(np.isnan(start) | ((start >= low) & (start <= high)), value, start)
    higher = np.isfinite(low) & ((side < low) | ~np.isfinite(high))
    return np.where(higher, low, high), np.asarray(higher)


def percent_of(
    start: Floats, value: Floats, reach: Floats, errors: tuple[Floats, Floats], *, wanted: Flags
) -> Change:
    """The percentage of the targeted change, NaN where the baseline had met the target."""
    found = np.full((3, len(start)), np.nan)
    some = wanted & ~np.isnan(value)
    if some.any():
        low, high = progress_interval(
            start[some],
            value[some],
            reach[some],
            baseline_error=errors[0][some],
            latest_error=errors[1][some],
        )
        part = (value[some] - start[some]) / (reach[some] - start[some])
        found[:, some] = 100 * np.array([part, low, high])
    return Change(*found)


def statuses_of(
    start: Floats,
    value: Floats,
    reach: Floats,
    higher: Flags,
    errors: tuple[Floats, Floats],
) -> Texts:
    """
    The statuses of Healthy People 2020, tested where a standard error is known.

    Where a value has no baseline to be compared with it is met, or nothing is said.
    """
    start_error, latest_error = (np.where(one > 0, one, np.nan) for one in errors)
    found = np.full(len(start), "", dtype="<U20")
    met = np.where(higher, value >= reach, value <= reach)
    found[np.isnan(start) & met] = "met"
    compared = ~np.isnan(start) | np.isnan(value)
    sides: dict[Better, Flags] = {"higher": compared & higher, "lower": compared & ~higher}
    for better, some in sides.items():
        if some.any():
            found[some] = healthy_people_status(
                start[some],
                value[some],
                reach[some],
                better=better,
                baseline_error=start_error[some],
                latest_error=latest_error[some],
            ).status
    return found


def expected_of(
    table: SeriesTable, target: Target, start: Start, last: Places, reach: Floats
) -> tuple[Floats, Floats]:
    """
    Where each group should be at the end of its latest period, and the part of the time over.

    The time begins on the target's day, or with the first period: with that of the phase where
    the day lies before it and the target has no baseline of its own.
    """
    periods = table.periods
    elapsed = np.full(len(last), np.nan)
    if target.due is not None and periods is not None:
        due, ends = target.due.toordinal(), np.array([one.end.toordinal() - 1 for one in periods])
        begun = ends[start.place]
        if target.since is not None:
            first = start.earlier & (target.baseline is None)
            begun = np.where(first, begun, target.since.toordinal())
        with np.errstate(divide="ignore", invalid="ignore"):
            elapsed = (ends[last] - begun) / np.where(due > begun, due - begun, np.nan)
    return expected_value(start.baseline.value, reach, elapsed), elapsed


def course_of(
    judged: Verdict,
    errors: Floats,
    expected: Floats,
    elapsed: Floats,
    higher: Flags,
) -> Texts:
    """At the target, ahead of what is expected or behind it, as far as that is known."""
    value, met = np.ravel(judged.estimate.value), np.ravel(judged.point_met)
    ahead = np.where(higher, value - expected, expected - value)
    unsure = np.abs(ahead) <= critical_value(judged.estimate.confidence_level) * errors
    return np.select(
        [~(elapsed >= 0) | np.isnan(value), met, elapsed >= 1, np.isnan(ahead), unsure, ahead > 0],
        ["", "at target", "overdue", "", "cannot tell", "ahead"],
        "behind",
    )


def slope_of(table: SeriesTable) -> Change:
    """The change from period to period, weighed by standard errors where all are known."""
    there = table.comparable
    errors = np.where(there, table.laid(table.series.standard_error), 1)
    found = linear_trend(
        np.where(there, table.values, np.nan),
        table.times,
        standard_errors=errors if ((errors > 0) & np.isfinite(errors)).all() else None,
        confidence_level=table.series.confidence_level,
    )
    return Change(found.slope, found.low, found.high)


def projected_of(table: SeriesTable, target: Target) -> tuple[Change, Texts]:
    """
    The value at the due day and the chance to meet the target then, in words.

    They rest on the last phase alone.
    """
    table = table.of_last_phase()
    groups, periods = table.groups.rows, table.periods
    none = np.full(groups, np.nan)
    words = np.full(groups, "", dtype="<U11")
    if target.due is None or periods is None or len(periods) < FEWEST_FOR_TREND:
        return Change(none, none, none), words
    starts = np.array([one.start.toordinal() for one in periods], np.float64)
    ahead = (target.due.toordinal() - starts[-1]) / float(np.median(np.diff(starts)))
    at = table.times[-1] + np.floor(ahead)
    if not table.times[-1] < at <= 2 * table.times[-1] + 1:
        return Change(none, none, none), words
    found = damped_projection(table.values, table.times, float(at))
    least, most = table.series.metric.bounds
    held = (np.clip(one, least, most) for one in (found.value, found.low, found.high))
    many = (table.known.sum(axis=1) >= FEWEST_FOR_CHANCE) & np.isfinite(found.error)
    chance = np.nan_to_num(found.chance(*target.bounds))
    words[many] = np.array(_CHANCES)[np.searchsorted(_CHANCE_ENDS, chance[many], side="right")]
    return Change(*(np.asarray(one) for one in held)), words
