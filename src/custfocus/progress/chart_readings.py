"""What the chart of each group says at its latest period."""

from collections.abc import Iterator, Sequence

import attrs
import numpy as np

from custfocus.messages import list_names
from custfocus.results.arrays import BY_ROW, Floats, Texts, floats, texts
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Result, metric_columns
from custfocus.results.text import label_text
from custfocus.vocabulary.target import Target

_MOST_GROUPS = 5  # in a note


@attrs.frozen(eq=False, repr=False)
class Readings(Result):
    """
    What charts say at the latest period, a row for each group.

    Attributes:
        measured: What is measured.
        kind: Which chart each is: ``"p"``, ``"xmr"`` ...; shape (groups,), or ``()`` for one.
        latest: The latest period with a value, as printed; empty where there is none. Likewise.
        value: The value there, likewise.
        center: The centre line there, likewise; NaN where there is none.
        limit_low: The lower limit there, likewise.
        limit_high: The upper limit there, likewise.
        variation: ``"improvement"``, ``"concern"``, ``"common cause"`` or ``"special cause"`` by
            the mark of the latest point alone; empty where there are too few points. Likewise.
        assurance: ``"consistently meets"``, ``"consistently misses"`` or ``"hit and miss"``;
            empty without a target or limits. Likewise.
        marks: How many points of the whole series are marked, likewise.
        points: How many points it has, likewise.
        phases: How many phases they are in, likewise.
        false_alarms: Per cent of stable series with so many points that show a mark; NaN where
            it is not known. Likewise.
        remarks: What is to be known of each series, a line for each note. Likewise.
        target: The target, or None.
    """

    _keys: Keys
    measured: Metric
    kind: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    latest: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    center: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    limit_low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    limit_high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    variation: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    assurance: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    marks: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    points: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    phases: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    false_alarms: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    remarks: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    target: Target | None = None

    @property
    def keys(self) -> Keys:
        """The groups."""
        return self._keys

    @property
    def metric(self) -> Metric:
        """What is measured."""
        return self.measured

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known of the series, with the groups that it holds for."""
        return notes_of(self.remarks, self.keys)

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, chart, latest, value, lines, variation, assurance, marks ..."""
        text = self.metric.text
        return {
            **metric_columns(self.metric),
            "chart": Column(self.kind, str, align="l"),
            "latest": Column(self.latest, text_or_nothing, align="l"),
            "value": Column(self.value, text, self.metric.name),
            "center": Column(self.center, text),
            "limit_low": Column(self.limit_low, text, "lower limit"),
            "limit_high": Column(self.limit_high, text, "upper limit"),
            "variation": Column(self.variation, str, align="l"),
            "target": Column(np.array(self._target)),
            "assurance": Column(self.assurance, str if self.target else None, align="l"),
            "marks": Column(self.marks, _whole, "marked points", whole=True),
            "points": Column(self.points, _whole, whole=True),
            "phases": Column(self.phases, whole=True),
            "false_alarms": Column(self.false_alarms),
        }

    def caption(self) -> str:
        """What is read, and how often stable series would be marked."""
        target = f", target {self.target}" if self.target else ""
        return f"{self.metric.name}, read at the latest period{target}; {self.how_often()}"

    def sentence(self) -> str:
        """One series in a line."""
        if not str(self.latest):
            return f"{self.metric.name}: no values"
        said = [one for one in (str(self.variation), str(self.assurance)) if one]
        words = ", ".join(said) or "too few points to read"
        value = f"{self.metric.text(float(self.value))}{self.metric.sign}"
        target = f" (target {self.target.range_text})" if self.target else ""
        return f"{self.metric.name} {value} in {label_text(str(self.latest))}: {words}{target}"

    def how_often(self) -> str:
        """How often stable series like these show a mark, in words."""
        figures = np.ravel(self.false_alarms)
        if np.isnan(figures).all():
            return "how often a stable series shows a mark is not known"
        known = ~np.isnan(figures)
        if not figures[known].any():
            return "too few points to mark any"
        points = _span(np.ravel(self.points)[known])
        phases = _span(np.ravel(self.phases)[known])
        within = "" if phases == "1" else f" in {phases} phases"
        return f"of stable series of {points} points{within} {_span(figures[known])} % show a mark"

    @property
    def _target(self) -> str:
        return str(self.target) if self.target else ""


def notes_of(remarks: Texts, keys: Keys) -> tuple[str, ...]:
    """Remarks by row, a line for each note, as notes with the groups that they hold for."""
    every = [one.split("\n") if one else [] for one in np.ravel(remarks).tolist()]
    distinct = dict.fromkeys(note for one in every for note in one)
    names = [", ".join(map(label_text, key)) for key in keys] if distinct else []
    return tuple(_for_groups(note, every, names) for note in distinct)


def _for_groups(note: str, every: Sequence[Sequence[str]], names: Sequence[str]) -> str:
    """A note, and for which of several groups it is."""
    there = [name for name, notes in zip(names, every, strict=True) if note in notes]
    if len(there) == len(names):
        return note
    return f"{list_names(there, _MOST_GROUPS)}: {note}"


def _span(numbers: Floats) -> str:
    """The least and the most of some numbers, or the one that all are."""
    ends = dict.fromkeys(f"{end:.0f}" for end in (numbers.min(), numbers.max()))
    return " to ".join(ends)


def _whole(number: float) -> str:
    return f"{number:.0f}"


def text_or_nothing(text: str) -> str:
    """A text as printed, nothing for an empty one."""
    return label_text(text) if text else ""


def groups_of(keys: Keys, names: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """The labels of each row by some names, open or fixed."""
    return zip(*(keys.labels(name) for name in names), strict=True)
