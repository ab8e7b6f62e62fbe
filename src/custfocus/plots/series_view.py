"""What is drawn of one series of a chart: its numbers by period, stretches of marks, breaks."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.plots.lettering import SMALL, shortened, text_width
from custfocus.progress import Chart
from custfocus.progress.series_table import PERIOD
from custfocus.results.arrays import Flags, Floats, Places, Texts
from custfocus.results.text import label_text

_OF_A_PHASE = ("long_run", "few_crossings")  # rules that mark the phase, no single point
_REASON = 44  # cells


class View(NamedTuple):
    """
    One series, arrays by period.

    Attributes:
        title: What the group is called; empty for a single series.
        labels: The periods as printed.
        value: The values, NaN for a gap.
        n: What each rests on.
        center: The centre line.
        low: The lower limit.
        high: The upper limit.
        phase: The number of the phase.
        mark: The rule that marks the point, empty for none.
        signal: Which way, empty for neither.
        reading: What it means, empty for neither.
        reason: Why a phase begins here, empty elsewhere.
        event: What happened here, likewise.
    """

    title: str
    labels: list[str]
    value: Floats
    n: Floats
    center: Floats
    low: Floats
    high: Floats
    phase: Floats
    mark: Texts
    signal: Texts
    reading: Texts
    reason: Texts
    event: Texts

    @property
    def whole_phase(self) -> Flags:
        """Points that are marked with all of their phase."""
        return np.isin(self.mark, _OF_A_PHASE)

    @property
    def points(self) -> int:
        """How many values there are."""
        return int((~np.isnan(self.value)).sum())

    @property
    def size_text(self) -> str:
        """What each point rests on; empty where it is not known."""
        known = self.n[~np.isnan(self.n)]
        if not known.size:
            return ""
        ends = dict.fromkeys(f"{end:,.0f}" for end in (known.min(), known.max()))
        return f"n {' to '.join(ends)}"


def views_of(chart: Chart) -> list[View]:
    """The series of a chart, each by period."""
    place = chart.keys.names.index(PERIOD)
    codes, level = chart.keys.codes[place], chart.keys.levels[place]
    groups, rows = chart.keys.without(PERIOD)
    first, periods = int(codes.min()), int(codes.max()) + 1 - int(codes.min())
    labels = [label_text(one) for one in level[first : first + periods]]
    names = [", ".join(map(label_text, key)) for key in groups]
    return [
        _view(chart, name, labels, np.flatnonzero(rows == group), codes - first)
        for group, name in enumerate(names)
    ]


def _view(chart: Chart, title: str, labels: list[str], rows: Places, periods: NDArray[Any]) -> View:
    def laid(values: NDArray[Any], absent: object) -> NDArray[Any]:
        table = np.full(len(labels), absent, values.dtype)
        table[periods[rows]] = values[rows]
        return table

    numbers = ("value", "n", "center", "limit_low", "limit_high", "phase")
    words = ("mark", "signal", "reading", "reason", "event")
    return View(
        title,
        labels,
        *(laid(getattr(chart, name), np.nan) for name in numbers),
        *(laid(getattr(chart, name), "") for name in words),
    )


class Stretch(NamedTuple):
    """
    Neighbouring points that one rule marks alike.

    Attributes:
        places: Their periods.
        mark: The rule.
        signal: Which way it points.
        reading: What it means, for all of them or some; empty for neither.
    """

    places: list[int]
    mark: str
    signal: str
    reading: str

    @property
    def text(self) -> str:
        """The rule and what it means, in words."""
        words = self.mark.replace("_", " ")
        return f"{words}: {self.reading}" if self.reading else words


def stretches(view: View) -> Iterator[Stretch]:
    """The marked points, neighbours together; those marked with a phase once for it."""

    def alike(place: int) -> tuple[Any, ...]:
        return view.phase[place], view.mark[place], view.signal[place]

    single = groupby(range(len(view.labels)), alike)
    whole = groupby(sorted(np.flatnonzero(view.whole_phase).tolist(), key=alike), alike)
    for (_, mark, signal), group in whole:
        yield _stretch(view, [*group], str(mark), str(signal))
    for (_, mark, signal), group in single:
        if mark and mark not in _OF_A_PHASE:
            yield _stretch(view, [*group], str(mark), str(signal))


def _stretch(view: View, places: list[int], mark: str, signal: str) -> Stretch:
    return Stretch(places, mark, signal, max(view.reading[places].tolist()))


class Upright(NamedTuple):
    """
    Where a phase begins, or something happened.

    Attributes:
        place: Between the periods of two phases, or on the period of an event.
        text: The reason, or the event.
        event: Whether it is an event.
        side: On which side of the line it stands.
        level: How many lines above the picture, from 0.
    """

    place: float
    text: str
    event: bool
    side: str
    level: int


def uprights_of(view: View, width: float) -> list[Upright]:
    """
    The breaks and events, their words on as many lines as keep them apart.

    Args:
        view: The series.
        width: Of the picture, in points.
    """
    begun, happened = (np.flatnonzero(one != "").tolist() for one in (view.reason, view.event))
    listed = [(place - 0.5, label_text(str(view.reason[place])), False) for place in begun]
    listed += [(float(place), label_text(str(view.event[place])), True) for place in happened]
    listed.sort()
    texts = shortened([text for _, text, _ in listed], _REASON)
    found: list[Upright] = []
    ends: list[list[tuple[float, float]]] = []  # what is taken on each line
    for (place, _, event), text in zip(listed, texts, strict=True):
        x = width * (place + 0.5) / len(view.labels)
        size = text_width(text, SMALL) + 8
        side = "left" if x + size <= width or x < width / 2 else "right"
        box = (x, x + size) if side == "left" else (x - size, x)
        free = (line for line, taken in enumerate(ends) if _apart(box, taken))
        level = next(free, len(ends))
        if level == len(ends):
            ends.append([])
        ends[level].append(box)
        found.append(Upright(place, text, event, side, level))
    return found


def _apart(box: tuple[float, float], taken: list[tuple[float, float]]) -> bool:
    return all(box[1] <= left or right <= box[0] for left, right in taken)
