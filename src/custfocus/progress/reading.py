"""What a measure over time says today: its latest value, what changed, and what its chart shows."""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import numpy as np

from custfocus.indices.estimate import Estimate
from custfocus.progress.chart import chart
from custfocus.progress.series_table import PERIOD, SeriesTable
from custfocus.progress.verdict import Verdict, verdict
from custfocus.quantities.quantity import Quantity
from custfocus.results.arrays import BY_ROW, Floats, Places, Texts, floats, texts
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Picture, Result
from custfocus.results.text import label_text
from custfocus.vocabulary.measure import Breaks, PerformanceMeasure
from custfocus.vocabulary.target import Target

FEWEST_FOR_CHART = 12  # periods: fewer say nothing of signals

Scored = Verdict | Estimate | Quantity


@attrs.frozen(eq=False, repr=False)
class Reading(Result):
    """
    What a measure says at the latest period of each group.

    The columns are those of the latest value and its verdict, and: ``latest``, the period;
    ``change``, ``change_low``, ``change_high`` since ``since``, the baseline of the target or the
    first period of the series, or of its last phase; ``variation`` and ``assurance`` as the
    chart has them, from 12 periods on; ``sparkline``, the values of all periods.

    Attributes:
        judged: The latest value of each group, with its verdict where there is a target.
        latest: Its period, as text; shape (rows,). Empty where there is no value.
        since: What the change is from, likewise.
        change: The change since then, likewise; NaN where one of the two is not known.
        change_low: Its lower limit, likewise.
        change_high: Its upper limit, likewise.
        variation: ``"improvement"``, ``"concern"``, ``"common cause"`` or ``"special cause"`` by
            the chart; empty under 12 periods. Likewise.
        assurance: Whether the process meets its target by the chart, likewise.
        sparkline: The values of all periods in order, shape (rows, periods).
    """

    judged: Scored
    latest: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    since: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    change: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    change_low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    change_high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    variation: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    assurance: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    sparkline: Floats = attrs.field(converter=floats, metadata=BY_ROW)

    @property
    def keys(self) -> Keys:
        """What the groups are called."""
        return self.judged.keys

    @property
    def metric(self) -> Metric:
        """What is measured."""
        return self.judged.metric

    @property
    def notes(self) -> tuple[str, ...]:
        """Those of the latest values."""
        return self.judged.notes

    def columns(self) -> dict[str, Column]:
        """The columns of the latest value and its verdict, and those of the reading."""
        text = self.metric.text
        return {
            **self.judged.columns(),
            "latest": Column(self.latest, str, align="l"),
            "since": Column(self.since),
            "change": Column(self.change, text),
            "change_low": Column(self.change_low, text, "low"),
            "change_high": Column(self.change_high, text, "high"),
            "variation": Column(self.variation, str, align="l"),
            "assurance": Column(self.assurance),
            "sparkline": Column(_lists(self.sparkline, self.keys.rows)),
        }

    def caption(self) -> str:
        """That of the latest values."""
        return f"{self.judged.caption()}; change since the baseline"

    def sentence(self) -> str:
        """The reading of one group in a line."""
        change = self.changed()
        since = f", {change} since {self.since}" if change else ""
        variation = f", {self.variation}" if str(self.variation) else ""
        return f"{self.judged.sentence()} in {self.latest}{since}{variation}"

    def picture(self) -> Picture | None:
        """That of the latest values."""
        return self.judged.picture()

    def changed(self) -> str:
        """The change of one group with its limits; empty where it is not known."""
        change, low, high = map(float, (self.change, self.change_low, self.change_high))
        return change_text(self.metric, change, low, high)


def change_text(metric: Metric, change: float, low: float, high: float) -> str:
    """
    A change with its sign and its limits.

    >>> change_text(Metric("wait", "minutes", decimals=1), 5, 1.26, 8.7)
    '+5.0 [1.3, 8.7]'
    """
    if np.isnan(change):
        return ""
    limits = "" if np.isnan(low) else f" [{metric.text(low)}, {metric.text(high)}]"
    return f"{'+' if change > 0 else ''}{metric.text(change)}{limits}"


def reading_of(part: Result, breaks: Breaks = ()) -> Result:
    """
    What a measure says today: the reading of a series, any other result itself.

    Args:
        part: A verdict, an estimate or a recorded quantity.
        breaks: The periods from which its definition is another, with the reasons.
    """
    scored = part.estimate if isinstance(part, Verdict) else part
    if PERIOD not in part.keys.names or not isinstance(scored, Estimate | Quantity):
        return part
    target = part.target if isinstance(part, Verdict) else None
    table = SeriesTable.of(scored, breaks=dict(breaks))
    last = table.last()
    latest = latest_of(table)
    [change] = table.changes(last, np.where(table.first() == last, -1, table.first()))
    shape = table.groups.shape
    words = _charted(scored, target, breaks, table)
    return Reading(
        latest if target is None else verdict(latest, target),
        latest=_labels(table, last),
        since=_labels(table, table.first()),
        change=change.value.reshape(shape),
        change_low=change.low.reshape(shape),
        change_high=change.high.reshape(shape),
        variation=words[0],
        assurance=words[1],
        sparkline=table.values.reshape(*shape, -1),
    )


def readings_of(
    parts: Mapping[str, Result], measures: Iterable[PerformanceMeasure]
) -> dict[str, Result]:
    """What each measure of a scorecard says today, by its id."""
    breaks = {measure.id: measure.breaks for measure in measures}
    return {key: reading_of(part, breaks[key]) for key, part in parts.items()}


def latest_of(table: SeriesTable) -> Estimate | Quantity:
    """The latest value of each group; where it has none at all, its last row."""
    last = table.last()
    rows: Any = np.where(last >= 0, table.at(last), table.rows.max(axis=1))
    return table.series.chosen(table.groups, rows if table.groups.shape else int(rows[0]))


def _labels(table: SeriesTable, places: Places) -> Texts:
    """The periods at some places as text, empty for place -1."""
    found = [label_text(table.level[place]) if place >= 0 else "" for place in places.tolist()]
    return np.array(found).reshape(table.groups.shape)


def _charted(
    scored: Estimate | Quantity, target: Target | None, breaks: Breaks, table: SeriesTable
) -> tuple[Texts, Texts]:
    """The variation and the assurance of each group; empty under 12 periods."""
    if table.known.sum(axis=1).max(initial=0) < FEWEST_FOR_CHART:
        none = np.full(table.groups.shape, "")
        return none, none
    said = chart(scored, target=target, breaks=dict(breaks)).readings()
    return said.variation, said.assurance


def _lists(values: Floats, rows: int) -> Any:  # noqa: ANN401 - an array of lists
    """Rows of numbers as lists, None where there is none."""
    found = np.empty(rows, object)
    for row, one in enumerate(values.reshape(rows, -1).tolist()):
        found[row] = [None if number != number else number for number in one]  # noqa: PLR0124
    return found
