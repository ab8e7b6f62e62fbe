"""Rolling windows: each period together with those before it, which neighbours share."""

from typing import Any, NamedTuple, cast

import attrs
import numpy as np

from custfocus.errors import LabelError, OptionError, TallyError, VocabularyError, unknown_option
from custfocus.indices.estimate import Estimate, estimate
from custfocus.intervals.arguments import checked_whole
from custfocus.messages import quoted
from custfocus.progress.changes import Change
from custfocus.progress.series_table import PERIOD, Overlapping, SeriesTable
from custfocus.progress.verdict import limits_of
from custfocus.quantities.event_rate import Rate
from custfocus.quantities.quantity import Additive, Quantity
from custfocus.responses.tally import Tally
from custfocus.results.arrays import BY_ROW, Flags, Floats, Places, Texts, floats, texts
from custfocus.results.distinct import identity
from custfocus.results.keys import Keys
from custfocus.results.labels import Label
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Picture, Result, metric_columns
from custfocus.results.text import kind_text, label_text

Pooled = Estimate | Additive


@attrs.frozen(eq=False, repr=False)
class Rolling(Overlapping):
    """
    The value of each period together with those before it: a row for each full window.

    Neighbouring windows share all but one of their periods. So they can't be charted, and no
    trend is drawn through them; two of them are compared by `change`, which takes away what
    they share.

    Attributes:
        series: The single periods.
        window: How many periods a window has.
        since: The first period of each window, shape (rows,).
        skipped: The periods whose window lacks one, but for the first ones of the series.
    """

    _pooled: Pooled = attrs.field(alias="pooled")
    window: int
    since: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    series: Pooled = attrs.field(eq=False)
    skipped: tuple[str, ...] = attrs.field(default=(), eq=False)

    @property
    def keys(self) -> Keys:
        """The group and the last period of each window."""
        return self._pooled.keys

    @property
    def metric(self) -> Metric:
        """What is measured."""
        return self._pooled.metric

    @property
    def value(self) -> Floats:
        """The value of each window, shape (rows,)."""
        return self._pooled.value

    @property
    def low(self) -> Floats:
        """Its lower limit, likewise."""
        return limits_of(self._pooled)[0]

    @property
    def high(self) -> Floats:
        """Its upper limit, likewise."""
        return limits_of(self._pooled)[1]

    @property
    def notes(self) -> tuple[str, ...]:
        """Windows that lack a period, and those on the values."""
        lacking = ", ".join(self.skipped)
        own = (f"no window that lacks a period ends with {lacking}",) if lacking else ()
        return (*own, *self._pooled.notes)

    @property
    def refusal(self) -> str:
        """Why neighbours can't be charted or taken for a trend."""
        return (
            f"neighbouring windows share {self.window - 1} of {self.window} periods, and most "
            "stable series of them would be marked; chart the single periods, compare two windows "
            "by change(period=(later, earlier))"
        )

    def columns(self) -> dict[str, Column]:
        """The columns of the values, window and since."""
        return {
            **self._pooled.columns(),
            "window": Column(np.array(self.window)),
            "since": Column(self.since, str, align="l"),
        }

    def caption(self) -> str:
        """What the values are of."""
        return f"{self._pooled.caption()}, windows of {self.window} periods"

    def sentence(self) -> str:
        """The value of one window in a line."""
        return f"{self._pooled.sentence()}, {self.window} periods from {self.since}"

    def picture(self) -> Picture:
        """That of the values."""
        return self._pooled.picture()

    def latest(self) -> Pooled:
        """The value of each group's last window by itself, as other verbs take it."""
        table = SeriesTable.of(self._pooled)
        return cast("Pooled", table.latest())

    def change(self, *, period: tuple[Label, Label]) -> "WindowChange":
        """
        The change of each group from one window to another, with what they share taken away.

        A change is a sum of three independent parts: what the later window alone has, what the
        earlier one alone has, and what both share, which cancels where they are of one size. Its
        limits are made of those of the parts.

        Args:
            period: The last period of the later window, and that of the earlier one.

        Raises:
            OptionError: Anything but two periods.
            LabelError: A period with which no window ends.
            TallyError: Windows of a quantile, which is no sum of its parts.

        References:
            Zou and Donner (2008), Statistics in Medicine 27, 1693-1702 (limits of a sum from those
            of its parts).
        """
        if isinstance(self._pooled, Quantity) and self._pooled.stepwise:
            raise TallyError(
                f"windows of {kind_text(self._pooled)} can't be compared: a quantile is no sum of "
                "those of the parts that windows share; compare the share of records within a "
                "standard: rolling(top_box(proportion(within, n, period=...), boxes=1), ...)"
            )
        pair = _as_pair(period)
        table, pooled = SeriesTable.of(self.series), SeriesTable.of(self._pooled)
        rows = [_rows(pooled, label) for label in pair]
        places = {identity(one): place for place, one in enumerate(table.level)}
        ends = [places[identity(label)] for label in pair]
        there = (rows[0] >= 0) & (rows[1] >= 0)
        found = _in_parts(table, self.window, ends, there)
        bounds, shape = self.metric.difference().bounds, table.groups.shape
        value_a, value_b = (np.where(there, self.value[row], np.nan) for row in rows)
        return WindowChange(
            table.groups,
            self.metric.difference(),
            self.window,
            tuple(map(label_text, pair)),
            value_a=value_a.reshape(shape),
            value_b=value_b.reshape(shape),
            value=found.change.value.reshape(shape),
            low=np.clip(found.change.low, *bounds).reshape(shape),
            high=np.clip(found.change.high, *bounds).reshape(shape),
            shared=found.shared.reshape(shape),
            confidence_level=self._pooled.confidence_level,
        )


@attrs.frozen(eq=False, repr=False)
class WindowChange(Result):
    """
    The change of each group from one window of periods to another.

    Attributes:
        measured: The difference.
        window: How many periods each window has.
        periods: The last period of the later window, and that of the earlier one, as text.
        value_a: The value of the later window, shape (rows,); NaN where there is none.
        value_b: That of the earlier one, likewise.
        value: The one less the other, likewise.
        low: Its lower limit, likewise.
        high: Its upper limit, likewise.
        shared: Per cent of the later window that the earlier one has too, likewise.
        confidence_level: Two-sided.
    """

    _keys: Keys
    measured: Metric
    window: int
    periods: tuple[str, ...]
    value_a: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    value_b: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    shared: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    confidence_level: float

    @property
    def keys(self) -> Keys:
        """The groups."""
        return self._keys

    @property
    def metric(self) -> Metric:
        """The difference."""
        return self.measured

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, both labels and values, value, low, high, shared."""
        text = self.metric.text
        labels = (np.array(one) for one in self.periods)
        return {
            **metric_columns(self.metric),
            **{name: Column(one) for name, one in zip(("label_a", "label_b"), labels, strict=True)},
            "value_a": Column(self.value_a, text, self.periods[0]),
            "value_b": Column(self.value_b, text, self.periods[1]),
            "value": Column(self.value, text, "difference"),
            "low": Column(self.low, text),
            "high": Column(self.high, text),
            "shared": Column(self.shared, "{:.0f}".format, "% shared"),
            "window": Column(np.array(self.window)),
        }

    def caption(self) -> str:
        """What is compared."""
        return (
            f"{self.metric.name}, windows of {self.window} periods to {self.periods[0]} and to "
            f"{self.periods[1]}, {100 * self.confidence_level:g} % limits with what they share"
        )

    def sentence(self) -> str:
        """One change in a line."""
        numbers = (self.metric.text(float(one)) for one in (self.value, self.low, self.high))
        return "{} [{}, {}], ".format(*numbers) + self.caption()

    def picture(self) -> Picture:
        """The interval, with no difference as the target's place."""
        return Picture(self.value, self.low, self.high, self.metric.bounds, text=self.metric.text)


def rolling(series: Pooled, window: int = 12) -> Rolling:
    """
    Rolling windows of a series: each period together with those before it.

    A window needs all its periods: one that a group lacks leaves out the windows that it would
    be in, and a note says so.

    Args:
        series: An estimate of plain answers, a `Rate`, `Amounts` or a `Quantile` with the key ``period``.
        window: How many periods, 2 or more.

    Returns:
        A row for each group and full window, by its last period.

    Raises:
        VocabularyError: Data that do not add up: figures of others, ratios, answers of a design.
        LabelError: A series without the key ``period``.
        OptionError: A window below 2.
        TallyError: A series without a full window.

    >>> from custfocus.quantities import Rate
    >>> quarters = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"]
    >>> years = rolling(Rate([40, 60, 50, 90, 70], 100, per=10, period=quarters), 4)
    >>> years.change(period=("2026-Q1", "2025-Q4"))
    0.75 [0.22, 1.29], difference in rate, windows of 4 periods to 2026-Q1 and to 2025-Q4, 95 % limits with what they share
    """
    length = checked_whole(window, "window", 2)
    table = SeriesTable.of(series)
    if isinstance(series, Estimate) and not isinstance(series.sample, Tally):
        raise _adds_up_not(series.sample)
    if isinstance(series, Estimate) and series.population is not None:
        raise TallyError(
            "rolling windows are of large populations, got population=: whether periods have the "
            "same people is not known; leave it out, which makes limits wider than need be"
        )
    if not isinstance(series, Estimate | Additive):
        raise _adds_up_not(series)
    members = _windows(table, length)
    full = np.asarray((members >= 0).all(axis=2))
    if not full.any():
        raise TallyError(
            f"a window needs {length} periods in a row, got {len(table.level)} in all; give a "
            "shorter window="
        )
    lacking = np.flatnonzero(~full[:, length - 1 :].all(axis=0)) + length - 1
    starts = np.nonzero(full)[1] - length + 1
    keys = table.groups.extended(PERIOD, table.level)[0][np.flatnonzero(full)]
    return Rolling(
        _together(series, keys, members[full].reshape(-1), np.repeat(np.arange(keys.rows), length)),
        length,
        since=np.array([label_text(table.level[at]) for at in starts.tolist()]),
        series=series,
        skipped=tuple(label_text(table.level[at]) for at in lacking.tolist()),
    )


def _windows(table: SeriesTable, length: int) -> Places:
    """The rows of the window that ends with each period, shape (groups, periods, length)."""
    back = np.arange(len(table.level))[:, np.newaxis] + np.arange(1 - length, 1)
    known = np.where(table.known, table.rows, -1)
    whole = back[:, 0] >= 0
    back = np.maximum(back, 0)
    apart = table.times[back[:, -1]] - table.times[back[:, 0]]
    whole &= np.abs(apart - (length - 1)) < 1e-6
    return np.asarray(np.where(whole[:, np.newaxis], known[:, back], -1))


def _rows(pooled: SeriesTable, label: Label) -> Places:
    """The row of each group's window that ends with a period, -1 where there is none."""
    places = {identity(one): place for place, one in enumerate(pooled.level)}
    if identity(label) not in places:
        raise LabelError(str(unknown_option("period of a window", label, pooled.level)))
    return np.asarray(pooled.rows[:, places[identity(label)]])


def _together(series: Pooled, keys: Keys, rows: Places, target: Places) -> Pooled:
    """Rows of a series added up, each of them as often as it is named, to the rows of keys."""
    numbered = Keys.numbered(len(rows))
    if isinstance(series, Additive):
        return series.chosen(numbered, rows).grouped(keys, target)
    sample = series.sample.reindexed(numbered, rows).grouped(keys, target)
    level = series.confidence_level
    return estimate(sample, series.scoring, method=series.method, confidence_level=level)


class _InParts(NamedTuple):
    """The change of each group, and per cent of the later window that is shared."""

    change: Change
    shared: Floats


def _in_parts(table: SeriesTable, window: int, ends: list[int], there: Flags) -> _InParts:
    """The change of groups from one window to another, by what each has alone and what both have."""
    series, periods = table.series, np.arange(len(table.level))
    later, earlier = ((periods > end - window) & (periods <= end) for end in ends)
    part = np.select([later & earlier, later, earlier], [0, 1, 2], -1)
    groups, places = np.nonzero(there[:, np.newaxis] & (part >= 0))
    parts = _together(
        cast("Pooled", series),
        Keys.numbered(3 * len(there)),
        table.rows[groups, places],
        3 * groups + part[places],
    )
    size = (parts.exposure if isinstance(parts, Rate) else parts.n).reshape(-1, 3)
    with np.errstate(invalid="ignore", divide="ignore"):
        of_later = size / (size[:, :1] + size[:, 1:2])
        of_earlier = size / (size[:, :1] + size[:, 2:])
    weight = np.stack(
        [of_later[:, 0] - of_earlier[:, 0], of_later[:, 1], -of_earlier[:, 2]], axis=1
    )
    value, low, high = (
        np.where(size > 0, np.reshape(one, (-1, 3)), 0) for one in (parts.value, *limits_of(parts))
    )
    down, up = weight * (value - low), weight * (high - value)
    change = (weight * value).sum(axis=1)
    below = np.sqrt(np.where(weight > 0, down, up) ** 2 @ np.ones(3))
    above = np.sqrt(np.where(weight > 0, up, down) ** 2 @ np.ones(3))
    return _InParts(Change(change, change - below, change + above), 100 * of_later[:, 0])


def _as_pair(period: Any) -> tuple[Label, Label]:  # noqa: ANN401 - checked here
    """The two periods."""
    if isinstance(period, tuple) and len(cast("tuple[Label, ...]", period)) == 2:
        later, earlier = cast("tuple[Label, Label]", period)
        if identity(later) != identity(earlier):
            return later, earlier
    raise OptionError(
        f"period must be the last periods of two windows, got {quoted(cast('object', period))}; "
        "write change(period=('2026-03', '2025-03'))"
    )


def _adds_up_not(series: object) -> VocabularyError:
    return VocabularyError(
        "rolling takes what adds up: an estimate of plain answers, a Rate, Amounts or a Quantile by period, got "
        f"{kind_text(series)}; give the records themselves"
    )
