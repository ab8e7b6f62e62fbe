"""What changed since an improvement took effect: the periods since against as many before."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import attrs
import numpy as np
from scipy.special import stdtrit

from custfocus.indices.estimate import Estimate, estimate
from custfocus.progress.breaks import breaks_in
from custfocus.progress.changes import Recorded, recorded_change
from custfocus.progress.reading import change_text
from custfocus.progress.series_table import PERIOD, SeriesTable
from custfocus.progress.unmeasured import Unmeasured
from custfocus.progress.verdict import Verdict
from custfocus.quantities.quantity import Additive, Quantity
from custfocus.results.arrays import BY_ROW, Flags, Floats, Places, floats, places
from custfocus.results.days import Period
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Result, count_text, metric_columns
from custfocus.vocabulary.measure import Breaks

_SIDES = ("before", "since")
_BEFORE, _SINCE = range(2)


@attrs.frozen(eq=False, repr=False)
class ChangeSince(Result):
    """
    How a measure changed since something took effect; what else changed meanwhile is not known.

    Periods that begin on the day or later are set against as many that ended before it, in the
    phase of the measure's definition. It is no estimate of an effect: other causes are not
    excluded, and what was chosen for its poor figures tends to better ones by itself.

    Attributes:
        measured: What is measured.
        since: The day.
        before: The value of the periods before together, shape (rows,); NaN where there are none.
        after: That of the periods since, likewise.
        change: The one less the other, likewise.
        change_low: Its lower limit, likewise; NaN where none is known.
        change_high: Its upper limit, likewise.
        periods_before: How many periods there are before, likewise.
        periods_after: How many since, likewise.
        confidence_level: Of the limits, two-sided.
        how: How the periods are put together, in words.
    """

    _keys: Keys
    measured: Metric
    since: date
    before: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    after: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    change: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    change_low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    change_high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    periods_before: Places = attrs.field(converter=places, metadata=BY_ROW)
    periods_after: Places = attrs.field(converter=places, metadata=BY_ROW)
    confidence_level: float
    how: str

    @property
    def keys(self) -> Keys:
        """What the groups are called."""
        return self._keys

    @property
    def metric(self) -> Metric:
        """What is measured."""
        return self.measured

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, before, after, change with its limits, and the periods."""
        text = self.metric.text
        return {
            **metric_columns(self.metric),
            "before": Column(self.before, text),
            "after": Column(self.after, text),
            "change": Column(self.change, text),
            "change_low": Column(self.change_low, text, "low"),
            "change_high": Column(self.change_high, text, "high"),
            "periods_before": Column(self.periods_before, count_text, "periods before"),
            "periods_after": Column(self.periods_after, count_text, "since"),
        }

    def caption(self) -> str:
        """What is compared, and what it does not show."""
        return (
            f"{self.metric.name}, change since {self.since}, {100 * self.confidence_level:g} % "
            f"limits of {self.how}; other causes not excluded"
        )

    def sentence(self) -> str:
        """The change of one group in a line."""
        change, low, high = map(float, (self.change, self.change_low, self.change_high))
        words = change_text(self.metric, change, low, high)
        if not words:
            return f"{self.metric.name}: no periods to compare around {self.since}"
        many = "period" if self.periods_after == 1 else "periods"
        return (
            f"{self.metric.name} changed by {words} since {self.since} ({self.periods_after} "
            f"{many} against {self.periods_before} before); other causes not excluded"
        )


def change_since(
    part: Verdict | Estimate | Quantity | Unmeasured,
    since: date,
    breaks: Breaks = (),
    fiscal_start: int = 1,
) -> ChangeSince | Unmeasured:
    """
    How a measure changed since a day: the periods since against as many before.

    Counts, amounts and answers are put together; of figures that do not add up the means are
    compared, by Welch's limits for how much they vary from period to period.

    Args:
        part: A verdict, an estimate or a recorded quantity.
        since: The day from which the periods count; one that it falls in counts on neither side.
        breaks: The periods from which the definition is another: none of the phases before or
            after that of the day counts.
        fiscal_start: The month in which years begin.

    Returns:
        A row for each group; `Unmeasured`, with the reason, of what is no series of days.

    References:
        Welch (1947), Biometrika 34, 28-35; Zou and Donner (2008), Statistics in Medicine 27,
        1693-1702 (a difference by the limits of both).
    """
    if isinstance(part, Unmeasured):
        return part
    scored = part.estimate if isinstance(part, Verdict) else part
    if PERIOD not in scored.keys.names:
        return Unmeasured(scored.metric, None, "not measured by period")
    if isinstance(scored, Estimate) and scored.population is not None:
        return Unmeasured(scored.metric, None, "its periods have populations, which do not add up")
    crossed = breaks_in(scored.keys, breaks, fiscal_start)
    table = SeriesTable.of(scored, breaks=crossed, fiscal_start=fiscal_start)
    if table.periods is None:
        return Unmeasured(scored.metric, None, "its periods are no days in order")
    before, after = _windows(table, table.periods, since)
    compared = _pooled(table, before, after)
    shape = table.groups.shape
    return ChangeSince(
        table.groups,
        scored.metric.for_widths(compared.high - compared.low),
        since,
        before=compared.before.reshape(shape),
        after=compared.after.reshape(shape),
        change=compared.change.reshape(shape),
        change_low=compared.low.reshape(shape),
        change_high=compared.high.reshape(shape),
        periods_before=before.sum(axis=1).reshape(shape),
        periods_after=after.sum(axis=1).reshape(shape),
        confidence_level=scored.confidence_level,
        how=compared.how,
    )


class _BothSides(NamedTuple):
    """Both sides and the change with its limits, each of shape (groups,); how it was made."""

    before: Floats
    after: Floats
    change: Floats
    low: Floats
    high: Floats
    how: str


def _windows(table: SeriesTable, periods: Sequence[Period], since: date) -> tuple[Flags, Flags]:
    """Which periods of each group count before and since; shape (groups, periods) each."""
    phase = table.phases
    later = np.array([one.start >= since for one in periods])
    earlier = np.array([one.end <= since for one in periods])
    own = phase[int(later.argmax())] if later.any() else -1
    after = table.known & later & (phase == own)
    before = table.known & earlier & (phase == own)
    back = before[:, ::-1].cumsum(axis=1)[:, ::-1]  # 1 for the last one
    return before & (back <= after.sum(axis=1, keepdims=True)), after


def _pooled(table: SeriesTable, before: Flags, after: Flags) -> _BothSides:
    """Both sides together, and how they differ."""
    series = table.series
    if not isinstance(series, Estimate | Additive):
        return _means(table, before, after)
    keys, _, _ = table.groups.extended(PERIOD, _SIDES)
    group, _ = np.nonzero(before | after)
    used = before | after
    rows = table.rows[used]
    target = 2 * group + np.where(after[used], _SINCE, _BEFORE)
    chosen = np.argsort(rows)
    rows, target = rows[chosen], target[chosen]
    if isinstance(series, Estimate):
        return _of_estimate(series, keys, rows, target)
    together = series[rows].grouped(keys, target)
    old, new = slice(_BEFORE, None, 2), slice(_SINCE, None, 2)
    change = recorded_change(Recorded(together, new), Recorded(together, old))
    return _BothSides(together.value[old], together.value[new], *change, how="all records together")


def _of_estimate(series: Estimate, keys: Keys, rows: Places, target: Places) -> _BothSides:
    sample = series[rows].sample.grouped(keys, target)
    value = estimate(sample, series.scoring).value
    since = np.arange(_SINCE, keys.rows, 2)
    found = sample.differences(series.scoring, since, sample, since - 1, series.confidence_level)
    sides = value[since - 1], value[since]
    return _BothSides(*sides, found.value, found.low, found.high, "all answers together")


class _Side(NamedTuple):
    """The values of some periods, each of shape (groups,); NaN where there are none."""

    n: Places
    mean: Floats
    variance: Floats  # of the mean, NaN where a single value tells none

    @classmethod
    def of(cls, values: Floats, used: Flags) -> "_Side":
        """The values of the periods that are used."""
        n = used.sum(axis=1)
        mean = np.where(used, values, 0).sum(axis=1) / np.where(n > 0, n, np.nan)
        squares = np.where(used, (values - mean[:, None]) ** 2, 0).sum(axis=1)
        return cls(n, mean, squares / np.where(n > 1, n * (n - 1), np.nan))


def _means(table: SeriesTable, before: Flags, after: Flags) -> _BothSides:
    """The means over the periods, and Welch's limits of their difference."""
    series = table.series
    old, new = (_Side.of(table.values, used) for used in (before, after))
    change, variance = new.mean - old.mean, new.variance + old.variance
    variance = np.where(variance > 0, variance, np.nan)  # alike by chance: no limits
    shares = [side.variance**2 / np.maximum(side.n - 1, 1) for side in (old, new)]
    tail = (1 - series.confidence_level) / 2
    arm = -stdtrit(variance**2 / (shares[0] + shares[1]), tail) * np.sqrt(variance)
    bounds = series.metric.difference().bounds
    low, high = (np.clip(end, *bounds) for end in (change - arm, change + arm))
    return _BothSides(old.mean, new.mean, change, low, high, "the means over periods")
