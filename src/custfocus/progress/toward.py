"""Progress of a series toward its target: what changed, how far it came, where it may go."""

from typing import Any, Literal

import attrs
import numpy as np

from custfocus.errors import VocabularyError
from custfocus.indices.estimate import Estimate
from custfocus.intervals.arguments import critical_value
from custfocus.intervals.ratios import progress_interval
from custfocus.intervals.toward_target import expected_value, healthy_people_status
from custfocus.intervals.trend import (
    FEWEST_FOR_CHANCE,
    FEWEST_FOR_TREND,
    damped_projection,
    linear_trend,
)
from custfocus.progress.series_table import Change, SeriesTable, from_limits
from custfocus.progress.verdict import Verdict, verdict
from custfocus.quantities.quantity import Quantity
from custfocus.results.arrays import BY_ROW, Flags, Floats, Places, Texts, floats, texts
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Result
from custfocus.results.text import kind_text, label_text
from custfocus.vocabulary.target import Target

CourseWord = Literal["met", "ahead", "behind", "cannot tell", "overdue", ""]

_CHANCES = ("under 10 %", "10 to 35 %", "35 to 65 %", "65 to 90 %", "over 90 %")
_CHANCE_ENDS = (0.10, 0.35, 0.65, 0.90)


_NUMBERS = (
    "baseline", "change", "change_low", "change_high",
    "previous_change", "previous_low", "previous_high", "year_change", "year_low", "year_high",
    "percent", "percent_low", "percent_high", "expected", "slope", "slope_low", "slope_high",
    "projected", "projected_low", "projected_high",
)  # fmt: skip
_PRINTED = {"baseline": "", "change": "", "change_low": "low", "change_high": "high"}


@attrs.frozen(eq=False, repr=False)
class Progress(Result):
    """
    How far each group of a series has come toward its target.

    Its columns are those of the latest value and its verdict, and:

    - ``latest``, the latest period; ``status``, whether its value meets the target, whatever its
      limits.
    - ``baseline``, and ``change``, ``change_low``, ``change_high`` since then; likewise
      ``previous_change`` since the period before, and ``year_change`` since the same period a
      year ago.
    - ``percent`` of the targeted change that is achieved, with Fieller's limits: null where the
      baseline had met the target, without limits where the target lies within the
      baseline's own error.
    - ``progress``, the status by the rules of Healthy People 2020.
    - ``expected``, where the value should be at the end of the latest period, and ``course``:
      ``"met"``, ``"ahead"`` or ``"behind"`` of it, ``"cannot tell"``, ``"overdue"``; null without a
      due day.
    - ``slope``, the change from period to period by a straight line, from 5 periods on.
    - ``projected``, the value at the due day if the trend goes on and fades, with 80 % limits;
      ``chance``, that of meeting the target then, in words, from 8 periods on.

    Attributes:
        judged: The latest value of each group, and its verdict.
        latest: Its period, as text; shape (rows,).
        progress: See above, likewise.
        course: Likewise.
        chance: Likewise.
        numbers: The other columns that are numbers, shape (rows, columns); see `number`.
    """

    judged: Verdict
    latest: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    progress: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    course: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    chance: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    numbers: Floats = attrs.field(converter=floats, metadata=BY_ROW)

    @property
    def keys(self) -> Keys:
        """What the groups are called."""
        return self.judged.keys

    @property
    def metric(self) -> Metric:
        """What is measured."""
        return self.judged.metric

    def number(self, name: str) -> Floats:
        """One of the columns that are numbers by name, of the result's shape."""
        return np.asarray(self.numbers[..., _NUMBERS.index(name)])

    @property
    def notes(self) -> tuple[str, ...]:
        """Those of the verdicts."""
        return self.judged.notes

    def columns(self) -> dict[str, Column]:
        """The columns of the verdict, and those of progress."""
        judged, text = self.judged.columns(), self.metric.text
        percent = Metric("percent", "percent", (0, 100)).text
        own = {name: Column(self.number(name)) for name in _NUMBERS}
        for name, title in _PRINTED.items():
            own[name] = Column(self.number(name), text, title)
        own["percent"] = Column(self.number("percent"), percent, "% of the way")
        return {
            **{name: judged[name] for name in ("metric", "unit") if name in judged},
            "latest": Column(self.latest, str, align="l"),
            **{name: judged[name] for name in ("n", "value", "low", "high", "target")},
            "verdict": judged["verdict"],
            "status": judged["status"],
            **own,
            "progress": Column(self.progress, str, align="l"),
            "course": Column(self.course, str, align="l"),
            "chance": Column(self.chance),
        }

    def caption(self) -> str:
        """The target, and what the columns compare."""
        return (
            f"{self.judged.caption()}; change since the baseline; progress by the rules of "
            "Healthy People 2020"
        )

    def sentence(self) -> str:
        """The progress of one group in a line."""
        text = self.metric.text
        change, low, high = (
            float(self.number(one)) for one in ("change", "change_low", "change_high")
        )
        interval = "" if np.isnan(low) else f" [{text(low)}, {text(high)}]"
        percent = float(self.number("percent"))
        way = "" if np.isnan(percent) else f", {percent:.0f} % of the way"
        course = f", {self.course}" if str(self.course) else ""
        return (
            f"{self.judged.estimate.stated()} in {self.latest}, target "
            f"{self.judged.target}: {self.judged.verdict}; {text(change)}{interval} since "
            f"{text(float(self.number('baseline')))}{way}{course}"
        )


def toward_target(series: Estimate | Quantity, target: Target) -> Progress:
    """
    How far a series has come toward its target.

    The baseline is that of the target, or else the first period of each group. Changes of an
    estimate are those of `compare`, with the covariance of a survey's periods; those of
    recorded quantities are by the limits of both values, which are taken as independent.
    Periods that are days (see `period_of`) are needed for what is expected and for a year ago.

    Args:
        series: An estimate or a recorded quantity with the key ``period``, by other keys or not.
        target: The target.

    Returns:
        A row for each group, at its latest period with a value.

    Raises:
        VocabularyError: Anything but a result with a value and a target.
        LabelError: A series without the key ``period``.

    References:
        Zou and Donner (2008), Statistics in Medicine 27, 1693-1702 (limits of a difference from
        those of both). Others: `progress_interval`, `healthy_people_status`, `damped_projection`.

    >>> from custfocus.quantities import proportion
    >>> from custfocus import top_box
    >>> answered = proportion([740, 765, 790], 1000, period=["2025", "2026", "2027"])
    >>> goal = Target.at_least(85, since="2025-12-31", due="2029-12-31")
    >>> print(toward_target(top_box(answered, boxes=1), goal))
    top box 79.0 % [76.4, 81.4] n=1000 in 2027, target at least 85 by 2029-12-31: not met; 5.0 [1.3, 8.7] since 74.0, 45 % of the way, cannot tell
    """
    _check(target)
    table = SeriesTable.of(series)
    first, last = table.first(), table.last()
    latest = series.chosen(table.groups, _rows(table, last))
    judged = verdict(latest, target)
    baseline, start_error = _baseline(table, target, first)
    value, error = np.ravel(latest.value), _or_zero(np.ravel(latest.standard_error))
    reach, higher = _reach(target, baseline.value, value)
    wanted = np.where(higher, baseline.value < reach, baseline.value > reach)
    expected, elapsed = _expected(table, target, (first, last), baseline.value, reach)
    projected, chance = _projected(table, target)
    numbers = {"baseline": baseline.value, "expected": expected}
    earlier = np.where(first == last, -1, first), table.before(last), table.a_year_before(last)
    since_first, previous, year = table.changes(last, *earlier)
    _put(numbers, "change", _since_baseline(table, target, last, baseline) or since_first)
    _put(numbers, "previous", previous)
    _put(numbers, "year", year)
    errors = start_error, error
    _put(numbers, "percent", _percent(baseline.value, value, reach, errors, wanted=wanted))
    _put(numbers, "slope", _slope(table))
    _put(numbers, "projected", projected)
    shape = table.groups.shape
    labels = [label_text(table.level[place]) if place >= 0 else "" for place in last.tolist()]
    return Progress(
        judged,
        latest=np.array(labels).reshape(shape),
        progress=_statuses(baseline.value, value, reach, higher, errors).reshape(shape),
        course=_course(judged, error, expected, elapsed, higher).reshape(shape),
        chance=chance.reshape(shape),
        numbers=np.stack([numbers[name] for name in _NUMBERS], axis=-1).reshape(*shape, -1),
    )


def _rows(table: SeriesTable, last: Places) -> Any:  # noqa: ANN401 - a row, or one for each group
    """The row of each group's latest period, or of its last one where none has a value."""
    rows = np.where(last >= 0, table.at(last), table.rows.max(axis=1))
    return rows if table.groups.shape else int(rows[0])


def _check(target: object) -> None:
    if not isinstance(target, Target):
        raise VocabularyError(
            f"progress is toward a Target, got {kind_text(target)}; write Target.at_least(80)"
        )


def _put(numbers: dict[str, Floats], name: str, change: Change) -> None:
    """A number with its limits under the names of columns."""
    value = f"{name}_change" if name in {"previous", "year"} else name
    numbers |= {value: change.value, f"{name}_low": change.low, f"{name}_high": change.high}


def _baseline(table: SeriesTable, target: Target, first: Places) -> tuple[Change, Floats]:
    """Where each group began with its limits, and the standard error; 0 for a fixed number."""
    series, given, groups = table.series, target.baseline, table.groups.rows
    if given is None:
        value, low, high, error = (
            table.of_rows(one, first)
            for one in (series.value, series.low, series.high, series.standard_error)
        )
        return Change(value, low, high), _or_zero(error)
    none = np.full(groups, np.nan)
    if not isinstance(given, Result):
        return Change(np.full(groups, given), none, none), np.zeros(groups)
    columns = given.columns()
    value, low, high, error = (
        np.full(groups, float(columns[name].values)) if name in columns else none
        for name in ("value", "low", "high", "standard_error")
    )
    return Change(value, low, high), _or_zero(error)


def _or_zero(error: Floats) -> Floats:
    return np.asarray(np.where(np.isnan(error), 0, error))


def _since_baseline(
    table: SeriesTable, target: Target, last: Places, baseline: Change
) -> Change | None:
    """The change since the target's own baseline, by the limits of both; None without one."""
    if target.baseline is None:
        return None
    series = table.series
    value, low, high = (table.of_rows(one, last) for one in (series.value, series.low, series.high))
    return Change(*from_limits((value, low, high), baseline))


def _reach(target: Target, start: Floats, value: Floats) -> tuple[Floats, Flags]:
    """
    The bound of the target that each group has to reach, and whether higher is better.

    Of a range it is the one on the side of the baseline, or of the value that left it since.
    """
    low, high = target.bounds
    side = np.where((start >= low) & (start <= high), value, start)
    higher = np.isfinite(low) & ((side < low) | ~np.isfinite(high))
    return np.where(higher, low, high), np.asarray(higher)


def _percent(
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


def _statuses(
    start: Floats,
    value: Floats,
    reach: Floats,
    higher: Flags,
    errors: tuple[Floats, Floats],
) -> Texts:
    """The statuses of Healthy People 2020, tested where a standard error is known."""
    tested = [np.where(one > 0, one, np.nan) for one in errors]
    given = {"baseline_error": tested[0], "latest_error": tested[1]}
    up, down = (
        healthy_people_status(start, value, reach, better=better, **given).status
        for better in ("higher", "lower")
    )
    return np.asarray(np.where(higher, up, down))


def _expected(
    table: SeriesTable, target: Target, ends_of: tuple[Places, Places], start: Floats, reach: Floats
) -> tuple[Floats, Floats]:
    """
    Where each group should be at the end of its latest period, and the part of the time over.

    Args:
        table: The series.
        target: The target with its days.
        ends_of: The first and the last period of each group.
        start: The baseline of each.
        reach: The bound to reach.
    """
    first, last = ends_of
    periods = table.periods
    elapsed = np.full(len(last), np.nan)
    if target.due is not None and periods is not None:
        due, ends = target.due.toordinal(), np.array([one.end.toordinal() - 1 for one in periods])
        begun = (
            ends[first] if target.since is None else np.full(len(last), target.since.toordinal())
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            elapsed = (ends[last] - begun) / np.where(due > begun, due - begun, np.nan)
    return expected_value(start, reach, elapsed), elapsed


def _course(
    judged: Verdict,
    errors: Floats,
    expected: Floats,
    elapsed: Floats,
    higher: Flags,
) -> Texts:
    """Ahead or behind of what is expected, as far as the limits can say."""
    value, met = np.ravel(judged.estimate.value), np.ravel(judged.point_met)
    ahead = np.where(higher, value - expected, expected - value)
    unsure = np.abs(ahead) <= critical_value(judged.estimate.confidence_level) * errors
    return np.select(
        [np.isnan(expected) | np.isnan(value), met, elapsed >= 1, unsure, ahead > 0],
        ["", "met", "overdue", "cannot tell", "ahead"],
        "behind",
    )


def _slope(table: SeriesTable) -> Change:
    """The change from period to period, weighed by standard errors where all are known."""
    every = np.append(table.series.standard_error, np.nan)[table.rows]
    errors = np.where(table.known, every, np.nan)
    usable = ~table.known | ((errors > 0) & np.isfinite(errors))
    found = linear_trend(
        table.values,
        table.times,
        standard_errors=np.where(table.known, errors, 1) if usable.all() else None,
        confidence_level=table.series.confidence_level,
    )
    return Change(found.slope, found.low, found.high)


def _projected(table: SeriesTable, target: Target) -> tuple[Change, Texts]:
    """The value at the due day and the chance to meet the target then, in words."""
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
