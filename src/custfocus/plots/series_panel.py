"""One series on axes: its line, the lines of its chart, marks with their words, breaks, target."""

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from matplotlib.patches import Rectangle

from custfocus.plots.canvas import Canvas
from custfocus.plots.cells import span
from custfocus.plots.colours import BAND, BLUE, INK, MUTED, ORANGE, PAPER, RULE, Mark
from custfocus.plots.lettering import SMALL, text_width, widest
from custfocus.plots.series_view import Stretch, Upright, View, stretches, uprights_of
from custfocus.results import Metric
from custfocus.results.arrays import Flags, Floats
from custfocus.vocabulary import Target

_DATA = ("data", "data")
_LINE = 11.0  # points from line to line of small texts
_COLOURS = {"improvement": BLUE, "concern": ORANGE, "": INK}
_SHAPES = {"high": "^", "low": "v", "": "D"}
_VALUE = Mark(MUTED, "o", size=4)
_WHOLE = Mark(INK, "s", filled=False, size=5)


class Panel(NamedTuple):
    """
    What is drawn of one series, and the room for it.

    Attributes:
        view: The series.
        metric: What is measured.
        target: The range to shade, or None.
        width: Of the picture, in points.
        height: Likewise.
    """

    view: View
    metric: Metric
    target: Target | None
    width: float
    height: float

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the axis up: all that is drawn, with a margin."""
        edges = [] if self.target is None else [*self.target.bounds]
        view = self.view
        return span(
            np.concatenate([view.value, view.center, view.low, view.high, edges]),
            self.metric.bounds,
        )

    @property
    def above(self) -> float:
        """The room for the reasons of breaks and for events, in points."""
        levels = [one.level + 1 for one in uprights_of(self.view, self.width)]
        return _LINE * max(levels, default=0)


def edge_texts(view: View, metric: Metric, target: Target | None) -> list[tuple[float, str]]:
    """Where the lines end, and what they are called there."""
    found: list[tuple[float, str]] = []
    named = (("center", view.center), ("upper limit", view.high), ("lower limit", view.low))
    for name, line in named:
        known = np.flatnonzero(~np.isnan(line) & (view.phase == np.fmax.reduce(view.phase)))
        if known.size:
            last = float(line[known[-1]])
            found.append((last, f"{name} {metric.text(last)}"))
    if target is not None:
        edge = next(end for end in target.bounds if math.isfinite(end))
        found.append((edge, f"target {target.range_text}"))
    return found


def edge_room(views: Sequence[View], metric: Metric, target: Target | None) -> float:
    """The room for what lines are called at their ends, in points."""
    texts = [text for view in views for _, text in edge_texts(view, metric, target)]
    return widest(texts, SMALL) + 10


def draw_panel(drawn: Canvas, panel: Panel) -> None:
    """Draw one series on a canvas."""
    view, pen = panel.view, drawn.pen
    pen.set_xlim(-0.5, len(view.labels) - 0.5)
    pen.set_ylim(*panel.ends)
    pen.locator_params(axis="y", nbins=5)
    pen.tick_params(axis="y", length=0)
    pen.grid(visible=True, axis="y", color=RULE, linewidth=0.6)
    _ticks(drawn, panel)
    if panel.target is not None:
        _shade(drawn, panel.target, panel.ends)
    _lines(drawn, view)
    _uprights(drawn, uprights_of(view, panel.width))
    places = np.arange(len(view.labels), dtype=np.float64)
    for phase in np.unique(view.phase[~np.isnan(view.phase)]):
        inside = np.where(view.phase == phase, view.value, np.nan)
        pen.plot(places, inside, color=MUTED, linewidth=1.2, zorder=2)
    for mark, chosen in _marked(view).items():
        drawn.points(places[chosen], view.value[chosen], mark)
    _words(drawn, panel, [*stretches(view)])
    _edges(drawn, panel)


def _marked(view: View) -> dict[Mark, Flags]:
    """Which points have which shape: by their way, an empty square for all of a phase."""
    single = (view.mark != "") & ~view.whole_phase
    found = {_VALUE: (view.mark == "") & ~np.isnan(view.value), _WHOLE: view.whole_phase}
    for signal, shape in _SHAPES.items():
        for reading, colour in _COLOURS.items():
            found[Mark(colour, shape)] = (
                single & (view.signal == signal) & (view.reading == reading)
            )
    return found


def _ticks(drawn: Canvas, panel: Panel) -> None:
    """As many periods below as there is room for."""
    labels = panel.view.labels
    room = panel.width / max(len(labels), 1)
    step = max(1, math.ceil((widest(labels, SMALL) + 10) / room))
    places = range(0, len(labels), step)
    drawn.pen.set_xticks([*places], [labels[place] for place in places], fontsize=SMALL)


def _shade(drawn: Canvas, target: Target, ends: tuple[float, float]) -> None:
    """The range of a target, shaded between dashed lines."""
    low, high = np.clip(target.bounds, *ends)
    whole: dict[str, Any] = {"transform": drawn.pen.get_yaxis_transform()}
    drawn.pen.add_patch(
        Rectangle((0, low), 1, high - low, zorder=0, color=BAND, linewidth=0, **whole)
    )
    for edge in target.bounds:
        if math.isfinite(edge):
            drawn.pen.axhline(edge, color=INK, linewidth=1, linestyle=(0, (4, 3)), zorder=1)


def _lines(drawn: Canvas, view: View) -> None:
    """Centre and limits in steps, apart at the edges of phases."""
    dashed = (0, (5, 3))
    for line, style, colour in (
        (view.center, "-", INK), (view.low, dashed, MUTED), (view.high, dashed, MUTED),
    ):  # fmt: skip
        if not np.isnan(line).all():
            x, y = _stepped(line, view.phase)
            drawn.pen.plot(x, y, color=colour, linewidth=1.2, linestyle=style, zorder=1)


def _stepped(line: Floats, phase: Floats) -> tuple[Floats, Floats]:
    """A step for each period, with a gap between phases."""
    x = np.arange(len(line), dtype=np.float64)
    ends = np.stack([x - 0.5, x + 0.5, x + 0.5], axis=1)
    apart = np.append(np.diff(phase) != 0, False)
    last = np.where(apart, np.nan, line)
    return ends.ravel(), np.stack([line, line, last], axis=1).ravel()


def _uprights(drawn: Canvas, uprights: Sequence[Upright]) -> None:
    """Dotted lines where phases begin, with the reasons above; events at a thin grey line."""
    for one in uprights:
        x = one.place
        if one.event:
            drawn.pen.axvline(x, color=MUTED, linewidth=0.8, zorder=1)
        else:
            drawn.pen.axvline(x, color=INK, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
        away = 2.0 if one.side == "left" else -2.0
        at = ("data", "axes fraction")
        up = 3 + _LINE * one.level
        style: dict[str, Any] = {"fontstyle": "italic", "colour": MUTED} if one.event else {}
        drawn.beside(one.text, (x, 1), (away, up), at, side=one.side, vertical="bottom", size=SMALL,
                     **style)  # fmt: skip


def _edges(drawn: Canvas, panel: Panel) -> None:
    """What the lines are called, right of their ends and apart."""
    named = sorted(edge_texts(panel.view, panel.metric, panel.target))
    low, high = panel.ends
    wanted = [(y - low) / (high - low) * panel.height for y, _ in named]
    for (y, text), up, at in zip(named, _spread(wanted), wanted, strict=True):
        offset = (4.0, up - at)
        drawn.beside(text, (1, y), offset, ("axes fraction", "data"), size=SMALL)


def _spread(heights: Sequence[float]) -> list[float]:
    """Rising heights, moved so that neighbours are a line apart at least."""
    found = np.array(heights)
    for _ in range(20 * len(found)):  # each round moves a pair apart by equal parts
        short = _LINE - np.diff(found)
        if not len(short) or short.max() <= 0.01:
            break
        pair = int(short.argmax())
        found[pair] -= short[pair] / 2
        found[pair + 1] += short[pair] / 2
    return [float(one) for one in found]


def _words(drawn: Canvas, panel: Panel, every: Sequence[Stretch]) -> None:
    """What marks mean, each once where there is room."""
    view, (low, high) = panel.view, panel.ends
    x = (np.arange(len(view.labels)) + 0.5) / len(view.labels) * panel.width
    y = (view.value - low) / (high - low) * panel.height
    there = ~np.isnan(y)
    taken = [(a - 3, b - 3, a + 3, b + 3) for a, b in zip(x[there], y[there], strict=True)]
    for one in every:
        top = one.signal != "low"
        values = view.value[one.places]
        order = np.argsort(-values if top else values, kind="stable")
        tried = np.array(one.places)[order].tolist()
        room = (
            (place, up, side, box)
            for place in tried
            for up, side, box in _candidates(one.text, float(x[place]), float(y[place]), top=top)
            if _free(box, taken, panel)
        )
        for place, up, side, box in islice(room, 1):
            taken.append(box)
            behind = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 0.3}
            colour = _COLOURS[one.reading]
            point = (float(place), float(view.value[place]))
            drawn.beside(one.text, point, (0, up), _DATA, side=side, size=SMALL, colour=colour,
                         bbox=behind)  # fmt: skip


Box = tuple[float, float, float, float]


def _candidates(text: str, x: float, y: float, *, top: bool) -> Iterator[tuple[float, str, Box]]:
    """Places for the words of a mark: how far up, which end is at the point, what they cover."""
    width = text_width(text, SMALL)
    for away in (11.0, 22.0, -11.0, 33.0, -22.0):
        up = away if top else -away
        for side, start in (("center", x - width / 2), ("left", x), ("right", x - width)):
            yield up, side, (start, y + up - 5, start + width, y + up + 5)


def _free(box: Box, taken: Sequence[Box], panel: Panel) -> bool:
    if box[0] < 0 or box[1] < 0 or box[2] > panel.width or box[3] > panel.height:
        return False
    return not any(
        box[0] < right and left < box[2] and box[1] < top and bottom < box[3]
        for left, bottom, right, top in taken
    )
