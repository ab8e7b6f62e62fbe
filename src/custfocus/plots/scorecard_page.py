"""A scorecard on one page: each measure and group on the scale of its index."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import numpy as np
from matplotlib.axes import Axes

from custfocus.errors import OptionError
from custfocus.messages import list_names
from custfocus.plots.canvas import GAP, Canvas, Side, SideColumn, canvas, check_axes, framed
from custfocus.plots.cells import Cells, measured
from custfocus.plots.colours import BAND, INK, MARKS, MUTED, PLAIN, RULE
from custfocus.plots.kinds import check_kind
from custfocus.plots.lettering import SMALL, TEXT, shortened, widest
from custfocus.plots.picture_lines import MOST_LINES, called
from custfocus.progress import Reading, Scorecard, Unmeasured, Verdict
from custfocus.progress.looks import looks_note
from custfocus.progress.places import Heading, Placed, lines_of
from custfocus.results import Result
from custfocus.results.picture import axis_bounds
from custfocus.surveys import SurveyTally

_LINE = 17.0  # points from line to line
_DEPTHS = 5  # customer, need, requirement, measure, group
_INDENT, _LABEL, _REASON = 12.0, 64, 48  # points a level; cells
_THINNEST = 1.5  # points: a target of a single value can still be seen
_TRACK, _ENDS = 190.0, 34.0  # points: of a scale, and for the numbers at its ends
_MOST_LISTED = 10  # items in the caption
_TITLES: dict[str, Side] = {
    "latest": "left",
    "n": "right",
    "value [low, high]": "right",
    "change": "right",
    "target": "left",
    "verdict": "left",
    "chart": "left",
}  # with their sides


class Cell(NamedTuple):
    """
    What a measure says of one group; places are from 0 to 1 on the scale of its index.

    Attributes:
        texts: What stands beside it, under `_TITLES`.
        places: Of the value and its limits; NaN where there are none.
        target: Of both ends of the target's range, likewise.
        ends: How the ends of the scale are written.
        verdict: In one word.
    """

    texts: tuple[str, ...]
    places: tuple[float, ...] = (math.nan,) * 3
    target: tuple[float, ...] = (math.nan,) * 2
    ends: tuple[str, str] = ("", "")
    verdict: str = ""


class Line(NamedTuple):
    """A line of the page: a heading, what a measure says, or a remark that something is not there."""

    depth: int
    text: str
    cell: Cell | None = None
    remark: bool = False


def scorecard(card: Scorecard, /, *, ax: Axes | None = None) -> Axes:
    """
    A scorecard on one page: a line for each measure and group, in the order of the card.

    Each interval is drawn on the scale of its own index with the range of its target shaded; n,
    numbers, target and verdict stand beside it. A circle is met, a cross not met, an empty
    diamond inconclusive. Requirements without measures and customers without needs are listed.

    Args:
        card: The scorecard.
        ax: The axes to draw on, on which the texts are smaller where the page is wider; by default
            those of a new figure, which is as large as the page.

    Returns:
        The axes; a line is 1 high, from the top, and 1 across is a point.

    Raises:
        OptionError: Another kind of result; more than 1,000 lines; *ax* that is no axes.

    >>> from custfocus import Customer, CustomerFocus, Need, PerformanceMeasure, Requirement
    >>> from custfocus import Scale, Scoring, Target
    >>> from custfocus import scorecard as scored
    >>> from matplotlib import pyplot
    >>> focus = CustomerFocus("City", customers=[Customer("residents", "Residents")],
    ...     needs=[Need("help", "residents", "help")],
    ...     requirements=[Requirement("reach", "help", "easy to reach")],
    ...     measures=[PerformanceMeasure("phone", "reach", "Phone", items="q7",
    ...         index=Scoring.top_box(Scale.likert(5)), target=Target.at_least(60))])
    >>> axes = scorecard(scored(focus, {"q7": [5] * 81 + [1] * 19}))
    >>> axes.texts[-1].get_text()
    'met'
    >>> pyplot.close()
    """
    check_kind("scorecard", card)
    check_axes(ax)
    lines = [*_lines(card)]
    texts = shortened([line.text for line in lines], _LABEL)
    lines = [line._replace(text=text) for line, text in zip(lines, texts, strict=True)]
    if len(lines) > MOST_LINES:
        raise OptionError(
            f"a page has {MOST_LINES:,} lines at the most, got {len(lines):,}; make the scorecard of "
            "fewer groups"
        )
    start = _labels_width(lines) + GAP + _ENDS
    columns = _columns(lines)
    width = start + _TRACK + _ENDS + sum(column.width + GAP for column in columns)
    frame = framed(
        ax,
        card.focus.name,
        [*_caption(card)],
        left=0,
        right=0,
        picture=len(lines) * _LINE,
        below=6,
        least=width,
    )
    scale = min(1.0, frame.width / width)
    with canvas(ax, frame._replace(scale=scale)) as drawn:
        drawn.page(width, len(lines))
        for y, line in enumerate(lines):
            _label(drawn, y, line)
            if line.cell is not None:
                _track(drawn, y, line.cell, start)
        drawn.columns(range(len(lines)), columns, start=start + _TRACK + _ENDS + GAP)
    return drawn.axes


# -- the lines -----------------------------------------------------------------------------


def _lines(card: Scorecard) -> Iterator[Line]:
    """The lines of the card as they are printed."""
    readings = card.readings()
    for line in lines_of(card.focus, card.arrangement):
        if isinstance(line, Heading):
            yield Line(line.depth, line.text, remark=line.remark)
        else:
            yield from _measure_lines(line, readings[line.measure.id])


def _measure_lines(placed: Placed, result: Result) -> Iterator[Line]:
    """One line for a single sample; a heading and a line for each group."""
    measure = placed.measure
    index = measured(measure.metric)
    text = index if index.startswith(measure.name) else f"{measure.name} ({index})"
    fixed = [called(name, label) for name, label in result.keys.fixed if name != "item"]
    text = ", ".join([text, *fixed])
    cells = _cells(result)
    names = [name for name in result.keys.names if name != "item"]
    if not names:
        yield Line(placed.depth, text, cells[0])
        return
    yield Line(placed.depth, text)
    columns = [[called(name, label) for label in result.keys.labels(name)] for name in names]
    for label, cell in zip(zip(*columns, strict=True), cells, strict=True):
        yield Line(placed.depth + 1, ", ".join(label), cell)


def _cells(result: Result) -> list[Cell]:
    """What a measure says of each group."""
    if isinstance(result, Unmeasured):
        reason = shortened([result.reason], _REASON)[0]
        return [Cell(("", "", "", "", str(result.target or ""), reason, ""))]
    over_time = result if isinstance(result, Reading) else None
    judged = result if over_time is None else over_time.judged
    cells, metric = Cells.of(result), cast("Verdict", judged).metric
    target = judged.target if isinstance(judged, Verdict) else None
    numbers = np.stack([cells.numbers(name) for name in ("value", "low", "high")])
    edges = np.array([math.nan, math.nan] if target is None else target.bounds)
    low, high = axis_bounds(metric.bounds, [*numbers.ravel(), *edges])
    places = (np.clip(numbers.T, low, high) - low) / (high - low)
    shaded = (np.clip(edges, low, high) - low) / (high - low)
    ends = (_short(metric.text(low)), _short(metric.text(high)))
    words, verdicts = _verdicts(cells, judged)
    nothing = [""] * cells.size
    times = [nothing] * 3
    if over_time is not None:
        changes = [row.changed() for row in (over_time if over_time.shape else [over_time])]
        times = [cells.texts("latest"), changes, cells.texts("variation")]
    columns = zip(times[0], cells.texts("n"), cells.quoted(), times[1],
                  [str(target or "")] * cells.size, words, times[2], strict=True)  # fmt: skip
    rows = zip(columns, places.tolist(), verdicts, strict=True)
    return [Cell(texts, (*place,), (*shaded,), ends, verdict) for texts, place, verdict in rows]


def _verdicts(cells: Cells, judged: Result) -> tuple[list[str], list[str]]:
    """The verdict of each line in words, and in one word."""
    if isinstance(judged, Verdict):
        return cells.verdicts(), cells.texts("verdict")
    words = ["no answers" if math.isnan(one) else "no target" for one in cells.numbers("value")]
    return words, words


def _short(number: str) -> str:
    """The end of a scale without zeros behind the point."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _caption(card: Scorecard) -> Iterator[str]:
    """How to read the page."""
    yield (
        f"{100 * card.confidence_level:g} % intervals{_of_design(card)}, each on the scale of its "
        "index; shaded: the target's range. Circle: met; cross: not met; empty diamond: "
        "inconclusive, in brackets how many more answers like these would give a 50 % chance of a "
        "definite verdict."
    )
    yield from looks_note(card.looks)
    if card.unused:
        yield f"items that no measure asks about: {list_names(card.unused, _MOST_LISTED)}"


def _of_design(card: Scorecard) -> str:
    estimates = (getattr(part, "estimate", part) for part in card.values())
    surveys = (isinstance(getattr(one, "sample", None), SurveyTally) for one in estimates)
    return " of the survey design" if any(surveys) else ""


# -- the page ------------------------------------------------------------------------------


def _columns(lines: Sequence[Line]) -> list[SideColumn]:
    """What stands beside the scales; of a column without a text nothing does."""
    rows = [("",) * len(_TITLES) if line.cell is None else line.cell.texts for line in lines]
    columns = {title: [row[place] for row in rows] for place, title in enumerate(_TITLES)}
    return [
        SideColumn(title, texts, _TITLES[title]) for title, texts in columns.items() if any(texts)
    ]


def _labels_width(lines: Sequence[Line]) -> float:
    """The room for the texts with their indentation, in points."""
    return max(
        depth * _INDENT + widest((line.text for line in lines if line.depth == depth), TEXT)
        for depth in range(_DEPTHS)
    )


def _label(drawn: Canvas, y: int, line: Line) -> None:
    """A heading or the name of a measure or group, indented."""
    weight = "bold" if line.depth == 0 else "normal"
    slant = "italic" if line.remark else "normal"
    colour = MUTED if line.remark else INK
    place = line.depth * _INDENT
    drawn.write(place, y, line.text, fontweight=weight, fontstyle=slant, colour=colour)
    if line.depth == 0 and y:
        drawn.pen.axhline(y - 0.5, color=RULE, linewidth=0.8)


def _track(drawn: Canvas, y: int, cell: Cell, start: float) -> None:
    """The scale of a line with its ends, the range of the target and the interval on it."""
    value, low, high = (np.array([start + _TRACK * place]) for place in cell.places)
    if np.isnan(value).all():
        return
    drawn.pen.hlines(y, start, start + _TRACK, colors=RULE, linewidth=1.2, zorder=1)
    drawn.write(start - 4, y, cell.ends[0], side="right", size=SMALL, colour=MUTED)
    drawn.write(start + _TRACK + 4, y, cell.ends[1], size=SMALL, colour=MUTED)
    least, most = cell.target
    if least <= most:
        edge = {"edgecolor": MUTED, "linewidth": 0.8, "linestyle": (0, (3, 2))}
        width = max(_TRACK * (most - least), _THINNEST)
        drawn.pen.barh(y, width, 0.7, start + _TRACK * least, color=BAND, **edge)
    mark, at = MARKS.get(cell.verdict, PLAIN), np.array([float(y)])
    drawn.intervals(at, low, high, mark, width=3)
    drawn.points(value, at, mark, scale=0.75)
