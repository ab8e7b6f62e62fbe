"""Progress of a series toward its target: what changed, how far it came, where it may go."""

from collections.abc import Mapping
from typing import Any, Literal

import attrs
import numpy as np

from custfocus.errors import VocabularyError
from custfocus.indices.estimate import Estimate
from custfocus.intervals.arguments import check_flag
from custfocus.progress.changes import Change, Span, changes_of
from custfocus.progress.chart_readings import notes_of
from custfocus.progress.reading import change_text
from custfocus.progress.series_table import SeriesTable
from custfocus.progress.toward_numbers import (
    course_of,
    expected_of,
    or_zero,
    percent_of,
    projected_of,
    reach_of,
    remarks_of,
    since_baseline,
    slope_of,
    start_of,
    statuses_of,
)
from custfocus.progress.verdict import Verdict, verdict
from custfocus.quantities.quantity import Quantity
from custfocus.results.arrays import BY_ROW, Floats, Texts, floats, texts
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Result
from custfocus.results.text import kind_text, label_text
from custfocus.vocabulary.target import Target

CourseWord = Literal["at target", "ahead", "behind", "cannot tell", "overdue", ""]

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
    - ``baseline``, null where it lies before a break, and ``change``, ``change_low``, ``change_high`` since then; likewise
      ``previous_change`` since the period before, and ``year_change`` since the same period a
      year ago.
    - ``percent`` of the targeted change that is achieved, with Fieller's limits: null where the
      baseline had met the target, without limits where the target lies within the
      baseline's own error.
    - ``progress``, the status by the rules of Healthy People 2020.
    - ``expected``, where the value should be at the end of the latest period, and ``course``:
      ``"at target"``, ``"ahead"`` or ``"behind"`` of what is expected, ``"cannot tell"``,
      ``"overdue"``; null without a due day.
    - ``slope``, the change from period to period by a straight line, from 5 periods on.
    - ``projected``, the value at the due day if the trend goes on and fades, with 80 % limits;
      ``chance``, that of meeting the target then, in words, from 8 periods on.

    Attributes:
        judged: The latest value of each group, and its verdict.
        latest: Its period, as text; shape (rows,).
        progress: See above, likewise.
        course: Likewise.
        chance: Likewise.
        remarks: What is to be known of breaks, a line for each note, likewise.
        numbers: The other columns that are numbers, shape (rows, columns); see `number`.
    """

    judged: Verdict
    latest: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    progress: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    course: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    chance: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    remarks: Texts = attrs.field(converter=texts, metadata=BY_ROW, eq=False)
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
        """Those of the verdicts, and where a new phase begins."""
        return *self.judged.notes, *notes_of(self.remarks, self.keys)

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
        percent = float(self.number("percent"))
        way = "" if np.isnan(percent) else f", {percent:.0f} % of the way"
        course = f", {self.course}" if str(self.course) else ""
        baseline = float(self.number("baseline"))
        changed = change_text(self.metric, change, low, high)
        since = f"; {changed} since {text(baseline)}" if changed else ""
        return (
            f"{self.judged.estimate.stated()} in {self.latest}, target "
            f"{self.judged.target}: {self.judged.verdict}{since}{way}{course}"
        )


def toward_target(
    series: Estimate | Quantity,
    target: Target,
    *,
    breaks: Mapping[Any, str] | None = None,
    across_breaks: bool = False,
    fiscal_start: int = 1,
) -> Progress:
    """
    How far a series has come toward its target.

    The baseline is that of the target, or else the first period of each group. Changes of an
    estimate are those of `compare`, with the covariance of a survey's periods; those of
    recorded quantities are by the limits of both values, which are taken as independent.
    Periods that are days (see `period_of`) are needed for what is expected and for a year ago.

    Nothing is compared across a break. The baseline is then the first period of the phase that
    the latest value is in, trend and projection rest on that phase alone, and a baseline of the
    target whose day (`Target.since`) lies before the phase is not compared; one without a day is
    taken to be of it. Notes say so.

    Args:
        series: An estimate or a recorded quantity with the key ``period``, by other keys or not.
        target: The target.
        breaks: The period at which a new phase begins, and the reason: another definition, method
            or service.
        across_breaks: Whether to compare across breaks all the same.
        fiscal_start: The month in which years begin, 1 to 12; see `period_of`.

    Returns:
        A row for each group, at its latest period with a value.

    Raises:
        VocabularyError: Anything but a result with a value and a target.
        LabelError: A series without the key ``period``, or an unknown one in *breaks*.
        OptionError: Breaks that are no reasons by period; a month that is none.

    References:
        Zou and Donner (2008), Statistics in Medicine 27, 1693-1702 (limits of a difference from
        those of both). Others: `progress_interval`, `healthy_people_status`, `damped_projection`.

    >>> from custfocus.quantities import proportion
    >>> from custfocus import top_box
    >>> answered = proportion([740, 765, 790], 1000, period=["2025", "2026", "2027"])
    >>> goal = Target.at_least(85, since="2025-12-31", due="2029-12-31")
    >>> print(toward_target(top_box(answered, boxes=1), goal))
    top box 79.0 % [76.4, 81.4] n=1000 in 2027, target at least 85 by 2029-12-31: not met; +5.0 [1.3, 8.7] since 74.0, 45 % of the way, cannot tell
    """
    _check(target)
    check_flag(across_breaks, "across_breaks")
    phased = SeriesTable.of(series, breaks=breaks, fiscal_start=fiscal_start)
    table = phased.across_breaks() if across_breaks else phased
    last = table.last()
    judged = verdict(table.latest(), target)
    start, latest = start_of(table, target), judged.estimate
    begun, value = start.baseline.value, np.ravel(latest.value)
    error = or_zero(np.ravel(latest.standard_error))
    reach, higher = reach_of(target, begun, value)
    wanted = np.where(higher, begun < reach, begun > reach)
    expected, elapsed = expected_of(table, target, start, last, reach)
    projected, chance = projected_of(table, target)
    numbers = {"baseline": begun, "expected": expected}
    first = np.where(start.place == last, -1, start.place)
    earlier = (first, table.before(last), table.a_year_before(last))
    since, previous, year = changes_of([Span(table, last, places) for places in earlier])
    own = target.baseline is not None
    _put(numbers, "change", since_baseline(latest, start.baseline) if own else since)
    _put(numbers, "previous", previous)
    _put(numbers, "year", year)
    errors = start.error, error
    _put(numbers, "percent", percent_of(begun, value, reach, errors, wanted=wanted))
    _put(numbers, "slope", slope_of(table))
    _put(numbers, "projected", projected)
    shape = table.groups.shape
    labels = [label_text(table.level[place]) if place >= 0 else "" for place in last.tolist()]
    return Progress(
        judged,
        latest=np.array(labels).reshape(shape),
        progress=statuses_of(begun, value, reach, higher, errors).reshape(shape),
        course=course_of(judged, error, expected, elapsed, higher).reshape(shape),
        chance=chance.reshape(shape),
        remarks=remarks_of(phased, target, start.earlier, across=across_breaks).reshape(shape),
        numbers=np.stack([numbers[name] for name in _NUMBERS], axis=-1).reshape(*shape, -1),
    )


def _check(target: object) -> None:
    if not isinstance(target, Target):
        raise VocabularyError(
            f"progress is toward a Target, got {kind_text(target)}; write Target.at_least(80)"
        )


def _put(numbers: dict[str, Floats], name: str, change: Change) -> None:
    """A number with its limits under the names of columns."""
    value = f"{name}_change" if name in {"previous", "year"} else name
    numbers |= {value: change.value, f"{name}_low": change.low, f"{name}_high": change.high}
