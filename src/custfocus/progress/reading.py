"""What a measure over time says today: its latest value, what changed, and what its chart shows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

import attrs
import numpy as np

from custfocus.indices.estimate import Estimate
from custfocus.progress.breaks import breaks_in
from custfocus.progress.changes import Change, Span, changes_of
from custfocus.progress.chart_series import series_of
from custfocus.progress.chart_words import Charted, words_of
from custfocus.progress.more_answers import more_answers
from custfocus.progress.series_table import PERIOD, SeriesTable
from custfocus.progress.toward_numbers import since_baseline, start_of
from custfocus.progress.verdict import Verdict, verdict
from custfocus.quantities.quantity import Quantity
from custfocus.results.arrays import BY_ROW, Flags, Floats, Places, Texts, floats, texts
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
        more_answers: See `Verdict`; infinite for records, likewise.
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
    more_answers: Floats = attrs.field(converter=floats, metadata=BY_ROW)
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
            **self._judged_columns(),
            "latest": Column(self.latest, str, align="l"),
            "since": Column(self.since),
            "change": Column(self.change, text),
            "change_low": Column(self.change_low, text, "low"),
            "change_high": Column(self.change_high, text, "high"),
            "variation": Column(self.variation, str, align="l"),
            "assurance": Column(self.assurance),
            "sparkline": Column(_lists(self.sparkline, self.keys.rows).reshape(self.shape)),
        }

    def _judged_columns(self) -> dict[str, Column]:
        if isinstance(self.judged, Verdict):
            return self.judged.columns_with(self.more_answers)
        return self.judged.columns()

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


class _Series(NamedTuple):
    """A measure over time, and its latest value."""

    table: SeriesTable
    target: Target | None
    latest: Estimate | Quantity

    @classmethod
    def of(cls, part: Scored, breaks: Breaks, fiscal_start: int) -> "_Series":
        """The series of a result, with the breaks of its definition."""
        target = part.target if isinstance(part, Verdict) else None
        scored = part.estimate if isinstance(part, Verdict) else part
        table = SeriesTable.of(
            scored, breaks=breaks_in(part.keys, breaks, fiscal_start), fiscal_start=fiscal_start
        )
        return cls(table, target, table.latest())

    @property
    def judged(self) -> Scored:
        """The latest value, with its verdict where there is a target."""
        return self.latest if self.target is None else verdict(self.latest, self.target)


def readings_of(
    parts: Mapping[str, Result], measures: Iterable[PerformanceMeasure], fiscal_start: int = 1
) -> dict[str, Result]:
    """
    What each measure of a scorecard says today, by its id: a `Reading` of a series.

    Measures of one kind are gone through together.

    Args:
        parts: The results by measure.
        measures: The measures, with the breaks of their definitions.
        fiscal_start: The month in which years begin.
    """
    breaks = {measure.id: measure.breaks for measure in measures}
    series = {
        key: _Series.of(cast("Scored", part), breaks[key], fiscal_start)
        for key, part in parts.items()
        if PERIOD in part.keys.names
    }
    every = [*series.values()]
    judged = [one.judged for one in every]
    columns = zip(every, judged, _since(every), _words(every), _more(judged), strict=True)
    read = {key: _reading(*row) for key, row in zip(series, columns, strict=True)}
    return {key: read.get(key, part) for key, part in parts.items()}


def _reading(
    one: _Series,
    judged: Scored,
    since: tuple[Texts, Change],
    words: tuple[Texts, Texts],
    more: Floats,
) -> Reading:
    table, shape = one.table, one.table.groups.shape
    return Reading(
        judged,
        latest=_labels(table, table.last()).reshape(shape),
        since=since[0].reshape(shape),
        change=since[1].value.reshape(shape),
        change_low=since[1].low.reshape(shape),
        change_high=since[1].high.reshape(shape),
        variation=words[0].reshape(shape),
        assurance=words[1].reshape(shape),
        more_answers=more,
        sparkline=table.values.reshape(*shape, -1),
    )


def _since(every: Sequence[_Series]) -> list[tuple[Texts, Change]]:
    """What each latest value is compared with, and the change since then."""
    asked = [Span(one.table, one.table.last(), one.table.first()) for one in every]
    named = [_labels(one.table, one.earlier) for one in asked]
    found = changes_of(
        [one._replace(earlier=np.where(one.earlier == one.later, -1, one.earlier)) for one in asked]
    )
    for place, one in enumerate(every):
        if one.target is not None and one.target.baseline is not None:
            start = start_of(one.table, one.target)
            day = f"the baseline {one.target.since or ''}".strip()
            named[place] = np.where(start.earlier, "", day)
            found[place] = since_baseline(one.latest, start.baseline)
    return list(zip(named, found, strict=True))


def _words(every: Sequence[_Series]) -> list[tuple[Texts, Texts]]:
    """What the charts say; nothing under 12 periods."""
    words: list[tuple[Texts, Texts]] = []
    for one in every:
        none = np.full(one.table.groups.rows, "")
        words.append((none, none))
    long = [
        place
        for place, one in enumerate(every)
        if one.table.known.sum(axis=1).max(initial=0) >= FEWEST_FOR_CHART
    ]
    charted = [
        Charted(
            series_of(every[place].table.series), every[place].table.phases, every[place].target
        )
        for place in long
    ]
    for place, said in zip(long, words_of(charted), strict=True):
        words[place] = said
    return words


def _more(judged: Sequence[Scored]) -> list[Floats]:
    """The answers that open verdicts lack; infinite for records."""
    found = [np.full(one.shape, np.inf) for one in judged]
    asked: dict[int, tuple[Estimate, Target, Flags]] = {
        place: (one.estimate, one.target, one.open)
        for place, one in enumerate(judged)
        if isinstance(one, Verdict) and isinstance(one.estimate, Estimate)
    }
    lacking = more_answers([row[:2] for row in asked.values()], [row[2] for row in asked.values()])
    for place, more in zip(asked, lacking, strict=True):
        found[place] = more
    return found


def _labels(table: SeriesTable, places: Places) -> Texts:
    """The periods at some places as text, empty for place -1."""
    return np.array([label_text(table.level[at]) if at >= 0 else "" for at in places.tolist()])


def _lists(values: Floats, rows: int) -> Any:  # noqa: ANN401 - an array of lists
    """Rows of numbers as lists, None where there is none."""
    found = np.empty(rows, object)
    for row, one in enumerate(values.reshape(rows, -1).tolist()):
        found[row] = [None if number != number else number for number in one]  # noqa: PLR0124
    return found
