"""Run charts and control charts of results by period."""

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.charts import RULE_SETS, ChartKind, RuleSet
from custfocus.errors import OptionError, choose
from custfocus.indices.estimate import Estimate
from custfocus.messages import quoted
from custfocus.progress.breaks import reasons_of
from custfocus.progress.chart_lines import Found, LinePlan, found_in
from custfocus.progress.chart_readings import Readings, groups_of, text_or_nothing
from custfocus.progress.chart_series import Series, kinds_of, series_of
from custfocus.progress.chart_words import direction_of, ends_of
from custfocus.progress.events import events_at
from custfocus.progress.periods import check_fiscal_start
from custfocus.progress.series_table import PERIOD
from custfocus.quantities.quantity import Quantity
from custfocus.responses.tally import Tally
from custfocus.results.arrays import BY_ROW, Counts, Floats, Texts, floats, texts
from custfocus.results.distinct import identity
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Result, metric_columns
from custfocus.results.text import label_text
from custfocus.vocabulary.target import Target


@attrs.frozen(eq=False, repr=False)
class Chart(Result):
    """
    Values by period with their centre line and limits, and the points that a rule set marks.

    The keys are those of the groups and, last, ``period``; a period that a group lacks has a
    row without a value. All values and lines are in the unit of the metric.

    Attributes:
        measured: What is measured.
        kind: Which chart the group has: ``"run"``, ``"xmr"``, ``"i-prime"``, ``"p"``,
            ``"p-prime"``, ``"c"``, ``"u"`` or ``"u-prime"``; shape (rows,).
        n: What each value rests on, likewise; NaN where that is not known.
        value: The values, likewise; NaN for a gap.
        center: The centre line, likewise: the mean, of a run chart the median.
        limit_low: The lower limit, likewise; NaN where the chart has none.
        limit_high: The upper limit, likewise.
        phase: The number of the phase, from 1, likewise.
        mark: The rule that marks the point, likewise; empty for none.
        signal: Whether the mark points ``"high"`` or ``"low"``, likewise; empty for neither.
        reading: Whether it is an ``"improvement"`` or a ``"concern"``, likewise.
        reason: Why a new phase begins here, likewise; empty elsewhere.
        event: What happened in the period, likewise; empty where nothing is known.
        rule_set: The rules.
        baseline: How many first points of a phase fix its lines; None for all.
        target: The target, or None.
    """

    _keys: Keys
    measured: Metric
    kind: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    n: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    center: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    limit_low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    limit_high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    phase: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    mark: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    signal: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    reading: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    reason: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    event: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    rule_set: RuleSet
    baseline: int | None
    target: Target | None
    _readings: Readings = attrs.field(alias="readings", eq=False)

    @property
    def keys(self) -> Keys:
        """The group and the period of each row."""
        return self._keys

    @property
    def metric(self) -> Metric:
        """What is measured."""
        return self.measured

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known of series and limits, and where phases begin."""
        begun = dict(zip(self.keys.labels(PERIOD), np.ravel(self.reason).tolist(), strict=True))
        return (
            *self.readings().notes,
            *(f"new phase from {label_text(at)}: {why}" for at, why in begun.items() if why),
        )

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, chart, n, value, center, limits, phase, mark, signal ..."""
        text = self.metric.text
        phased, eventful = bool((self.phase > 1).any()), bool((self.event != "").any())
        return {
            **metric_columns(self.metric),
            "chart": Column(self.kind),
            "n": Column(self.n, _whole, whole=True),
            "value": Column(self.value, text, self.metric.name),
            "center": Column(self.center, text),
            "limit_low": Column(self.limit_low, text, "lower limit"),
            "limit_high": Column(self.limit_high, text, "upper limit"),
            "phase": Column(self.phase, _whole if phased else None, whole=True),
            "mark": Column(self.mark, rule_text, align="l"),
            "signal": Column(self.signal, str, align="l"),
            "reading": Column(self.reading, str, align="l"),
            "break": Column(self.reason, text_or_nothing if phased else None, align="l"),
            "event": Column(self.event, text_or_nothing if eventful else None, align="l"),
        }

    def caption(self) -> str:
        """Which chart, which rules, and how often these mark a stable series."""
        kinds = " and ".join(chart_text(one) for one in np.unique(self.kind).tolist()) or "chart"
        first = f", limits from the first {self.baseline} points" if self.baseline else ""
        target = f", target {self.target}" if self.target else ""
        more = ", more with limits from a baseline" if self.baseline else ""
        return (
            f"{self.metric.name}, {kinds}{first}{target}; rules {self.rule_set.id}: "
            f"{self.readings().how_often()}{more}"
        )

    def readings(self) -> Readings:
        """
        What each group's chart says at its latest period: variation, assurance, marks.

        Of a chart of which periods were chosen these are still those of the whole series.
        """
        whole = self._readings
        names = whole.keys.names
        if not names:
            return whole
        fixed = {name: label for name, label in self.keys.fixed if name in names}
        here = {tuple(map(identity, key)) for key in groups_of(self.keys, names)}
        rows = [
            row
            for row, key in enumerate(groups_of(whole.keys, names))
            if tuple(map(identity, key)) in here
        ]
        return whole[rows].sel(fixed) if rows else whole[rows]


def chart(
    series: Estimate | Quantity | Tally,
    *,
    kind: ChartKind | None = None,
    rule_set: str | RuleSet = "anhoej-3sigma",
    baseline: int | None = None,
    breaks: Mapping[Any, str] | None = None,
    events: Mapping[Any, str] | None = None,
    target: Target | None = None,
    fiscal_start: int = 1,
) -> Chart:
    """
    A run chart or control chart of a result by period, for each of its groups.

    By default the data decide which chart: a share of a tally has a p chart, or p' where the
    points spread more than their sizes explain (sigma z above 1.2) or half of the periods have a
    thousand answers; a `Rate` a c chart for equal exposure, else u, or u' likewise; `Amounts` and
    other means whose n is known I'; other numbers XmR. Each group is a series of its own.

    Do not chart rolling, cumulative or year-to-date figures, nor seasonal ones: neighbours share
    most of their data or repeat last year, and 93 % of stable series of 24 rolling 12-month means
    have a point beyond the limits. Numbers do not show it; chart the single months.

    Nothing is marked, and there are no limits, in a phase of fewer than 12 points (or what the
    rule set asks for).

    Args:
        series: An estimate, a quantity or a tally of two points with the key ``period``, in whose
            order the periods stand. A period without a row or a value is a gap: no range is
            taken across it. Declare periods (as a categorical) that no row has.
        kind: The chart by its name; ``"run"`` for one without limits.
        rule_set: The id of a shipped set of rules (`custfocus.charts.RULE_SETS`), or your own.
        baseline: How many first points of each phase fix its lines; all by default.
        breaks: The period at which a new phase begins, and the reason: another definition, method
            or service. Phases have lines of their own, and no rule looks across.
        events: What was done, by period or day (a date or its ISO text): it stands beside the
            values, and nothing is computed of it. Those outside of the periods are left out.
        target: The range to be reached: it is read which way is better, and assurance against it.
        fiscal_start: The month in which years begin, 1 to 12; it tells the days of periods, and
            so where events are.

    Returns:
        A row for each group and period.

    Raises:
        TallyError: Anything but an estimate, a quantity or a tally of two points; no rows.
        LabelError: No key ``period``, or an unknown one in *breaks* or *events*.
        OptionError: An unknown chart or rule set, a chart that does not fit the data; a baseline
            below 2; breaks that are no reasons by period, events that are no texts; a target that is none.

    References:
        Anhøj and Olesen (2014), PLoS ONE 9, e113825; Laney (2002), Quality Engineering 14,
        531-537. Example: 20 waits with one of 45, limits 10.88 to 32.72.

    >>> from custfocus.quantities import Observed
    >>> waits = [20, 22, 19, 21, 20, 23, 20, 21, 45, 20, 22, 21, 19, 20, 21, 22, 20, 19, 21, 20]
    >>> found = chart(Observed(waits, period=range(1, 21), unit="minutes", name="wait"))
    >>> found.mark[8].item(), found.limit_low[8].round(2).item(), found.limit_high[8].round(2).item()
    ('beyond_limits', 10.88, 32.72)
    >>> found.caption()
    'wait, XmR chart; rules anhoej-3sigma: of stable series of 20 points 6 % show a mark'
    """
    rules = rule_set if isinstance(rule_set, RuleSet) else choose("rule set", rule_set, RULE_SETS)
    _check_target(target)
    check_fiscal_start(fiscal_start)
    given = series_of(series)
    begun = reasons_of(breaks, given.periods)
    phases = np.cumsum([1, *(bool(one) for one in begun[1:])])
    kinds = kinds_of(given, kind, phases, baseline)
    ends = ends_of(target, given.groups.rows)
    plan = LinePlan(rules, phases, baseline, direction_of(given.metric, target), *ends)
    found = found_in(given, kinds, plan)
    given = given._replace(metric=_printed(given, found))
    whole = _readings(given, kinds, found, phases, target)
    keys = given.groups.extended(PERIOD, given.periods)[0]
    groups, periods = given.value.shape
    return Chart(
        keys,
        given.metric,
        kind=np.repeat(kinds, periods),
        n=given.n.reshape(-1),
        value=given.value.reshape(-1),
        center=found.center.reshape(-1),
        limit_low=found.low.reshape(-1),
        limit_high=found.high.reshape(-1),
        phase=np.tile(phases, groups),
        mark=found.mark.reshape(-1),
        signal=found.signal.reshape(-1),
        reading=found.reading.reshape(-1),
        reason=np.tile(begun, groups),
        event=np.tile(events_at(events, given.periods, fiscal_start), groups),
        rule_set=rules,
        baseline=None if baseline is None else int(baseline),
        target=target,
        readings=whole,
    )


def rule_text(rule: str) -> str:
    """A rule in words."""
    return rule.replace("_", " ")


def chart_text(kind: str) -> str:
    """What a chart is called."""
    letter = {"xmr": "XmR", "i-prime": "I'"}.get(kind, kind.replace("-prime", "'"))
    return f"{letter} chart"


def _check_target(target: object) -> None:
    if target is not None and not isinstance(target, Target):
        raise OptionError(
            f"target must be a Target, got {quoted(target)}; write target=Target.at_least(65)"
        )


def _readings(
    given: Series, kinds: NDArray[np.str_], found: Found, phases: Counts, target: Target | None
) -> Readings:
    """What the latest period of each group says."""
    shape = given.groups.shape
    rows, place = np.arange(len(kinds)), np.maximum(found.latest, 0)
    labels = [label_text(given.periods[at]) if at >= 0 else "" for at in found.latest.tolist()]
    there = ~np.isnan(given.value)
    return Readings(
        given.groups,
        given.metric,
        kind=kinds.reshape(shape),
        latest=np.reshape(labels, shape),
        value=given.value[rows, place].reshape(shape),
        center=found.center[rows, place].reshape(shape),
        limit_low=found.low[rows, place].reshape(shape),
        limit_high=found.high[rows, place].reshape(shape),
        variation=found.variation.reshape(shape),
        assurance=found.assurance.reshape(shape),
        marks=(found.mark != "").sum(axis=-1).reshape(shape),
        points=there.sum(axis=-1).reshape(shape),
        phases=_phases_with_points(there, phases).reshape(shape),
        false_alarms=found.false_alarms.reshape(shape),
        remarks=found.notes.reshape(shape),
        target=target,
    )


def _phases_with_points(there: NDArray[np.bool_], phases: Counts) -> NDArray[np.float64]:
    found = np.zeros(len(there))
    for number in np.unique(phases):
        found += there[:, phases == number].any(axis=-1)
    return found


def _printed(given: Series, found: Found) -> Metric:
    """The metric with as many decimals as the limits call for, or without any the values."""
    metric = given.metric
    if metric.decimals is None:
        return metric
    widths = found.high - found.low
    if np.isnan(widths).all():
        widths = np.fmax.reduce(given.value, axis=-1) - np.fmin.reduce(given.value, axis=-1)
    finer = metric.for_widths(widths).decimals or 0
    return attrs.evolve(metric, decimals=max(finer, metric.decimals))


def _whole(number: float) -> str:
    return "-" if np.isnan(number) else f"{number:.0f}"
