"""Groups by their number of answers, within the limits of chance: a funnel plot."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from custfocus.comparisons import Funnel
from custfocus.errors import OptionError
from custfocus.messages import list_names
from custfocus.plots.canvas import Canvas, axes_size, canvas, check_axes, framed, picture_width
from custfocus.plots.cells import measured, span, title_of
from custfocus.plots.colours import INK, MUTED, OUTSIDE, PAPER, PLAIN
from custfocus.plots.kinds import check_kind
from custfocus.plots.lettering import TEXT, shortened, text_width
from custfocus.plots.picture_lines import called
from custfocus.quantities import Rate
from custfocus.results.arrays import Flags, Floats, Places
from custfocus.surveys import SurveyTally

_DATA = ("data", "data")
_HEIGHT = 300.0  # points
_STEPS = 400  # of the curve of the limits
_NAME = 30  # cells
_MOST_LISTED = 10  # groups in the caption
_TEXT_HEIGHT, _MARKER = 10.0, 8.0  # points


class _Shape(NamedTuple):
    """
    The numbers of a funnel that are drawn.

    Attributes:
        rows: The rows that have answers.
        n: Their number of answers, or their exposure.
        value: Their index.
        outside: Which of them are outside.
        across: The ends of the axis across.
        up: The ends of the axis up.
    """

    rows: Places
    n: Floats
    value: Floats
    outside: Flags
    across: tuple[float, float]
    up: tuple[float, float]


class _Name(NamedTuple):
    """The name of a group: beside which point, how far off in points, and on which side."""

    text: str
    place: int
    offset: tuple[float, float]
    side: str


def funnel(result: Funnel, /, *, ax: Axes | None = None) -> Axes:
    """
    Each group by its number of answers and its index, and the limits as a curve of the number.

    Groups outside are diamonds with their names, those inside are circles. With a design the
    number is the effective one; of rates it is the exposure. Of two sets of limits the narrower one
    is thinner.

    Args:
        result: The funnel, of groups by one name; choose others by `sel` beforehand.
        ax: The axes to draw on; by default those of a new figure.

    Returns:
        The axes.

    Raises:
        OptionError: Another kind of result; limits within several groups, each with a center of
            its own; a single group; *ax* that is no axes.

    >>> from custfocus import Scale, Tally, top_box
    >>> from custfocus.comparisons import funnel as limits
    >>> from matplotlib import pyplot
    >>> tally = Tally([[14, 56], [32, 48], [3, 13]], Scale.likert(2), by={"shop": ["N", "S", "W"]})
    >>> axes = funnel(limits(top_box(tally, boxes=1), confidence_level=0.93))
    >>> [text.get_text() for text in axes.texts if text.get_text().startswith("shop")]
    ['shop S']
    >>> pyplot.close()
    """
    check_kind("funnel", result)
    check_axes(ax)
    _check_groups(result)
    shape = _shape(result)
    left, right = 40.0, text_width("center 100.00", TEXT)
    height = _HEIGHT if ax is None else axes_size(ax)[1]
    names = _names(result, shape, (picture_width(ax, left, right), height))
    frame = framed(
        ax,
        title_of(result, measured(result.metric)),
        [result.caption(), *_remarks(result, shape, names), *result.notes],
        left=left,
        right=right,
        picture=_HEIGHT,
        above=0,
        below=42,
    )
    with canvas(ax, frame) as drawn:
        drawn.across(*shape.across)
        drawn.pen.set_ylim(*shape.up)
        drawn.pen.set_xlabel(_number(result), fontsize=TEXT, color=INK)
        if len(shape.rows):
            _limits(drawn, result, shape)
        inside = ~shape.outside
        drawn.points(shape.n[inside], shape.value[inside], PLAIN)
        drawn.points(shape.n[shape.outside], shape.value[shape.outside], OUTSIDE)
        for name in names:
            point = (float(shape.n[name.place]), float(shape.value[name.place]))
            behind = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 0.5}
            drawn.beside(name.text, point, name.offset, _DATA, side=name.side, bbox=behind)
    return drawn.axes


def _number(result: Funnel) -> str:
    """What lies across."""
    if isinstance(result.estimate, Rate):
        return "exposure"
    design = isinstance(result.estimate.sample, SurveyTally)
    return "effective number of answers" if design else "number of answers (n)"


def _check_groups(result: Funnel) -> None:
    names = result.keys.names
    if names == (result.across,):
        return
    others = [name for name in names if name != result.across]
    raise OptionError(
        f"a funnel is drawn around one center, got one for each {' and '.join(others)}; choose "
        f"one by sel({others[0]}=...)"
        if others
        else f"a funnel is drawn of several groups, got one; leave out sel({result.across}=...)"
    )


def _shape(result: Funnel) -> _Shape:
    """What is drawn, of the rows that have answers."""
    sizes = result.sizes
    rows = np.flatnonzero(np.isfinite(sizes) & (sizes > 0))
    n, value = sizes[rows], result.value[rows]
    shown = [value, result.limit_low[rows], result.limit_high[rows]]
    least, most = result.metric.bounds
    low, high = span(np.concatenate(shown), (least, most))
    first, last = (float(n.min()), float(n.max())) if len(n) else (0.0, 1.0)
    margin = 0.1 * (last - first) or 0.1 * last
    across = (max(0.0, first - 3 * margin), last + margin)
    return _Shape(rows, n, value, result.outside[rows], across, (low, high))


def _limits(drawn: Canvas, result: Funnel, shape: _Shape) -> None:
    """The center and the curves of each set of limits, named at their right ends."""
    row = int(shape.rows[0])
    center, last = float(result.center[row]), shape.across[1]
    sizes = np.linspace(max(shape.across[0], last / _STEPS), last, _STEPS)
    if not isinstance(result.estimate, Rate):  # answers are whole
        sizes = np.unique(np.maximum(np.rint(sizes), 1))
    levels = [result.confidence_level, *filter(None, [result.warning_level])]
    for level, width in zip(levels, (1.4, 0.8), strict=False):
        name = "limit" if len(levels) == 1 else f"{100 * level:g} %"
        curves = result[row].limits_at(sizes, level)
        for curve, side, up in zip(curves, ("lower", "upper"), (-6, 6), strict=True):
            drawn.pen.step(
                sizes,
                curve,
                where="mid",
                color=MUTED,
                linewidth=width,
                zorder=1,
            )
            end = (last, float(curve[-1]))
            drawn.beside(
                f"{side} {name}", end, (4, up if len(levels) == 1 else 0), _DATA, colour=MUTED
            )
    drawn.pen.axhline(center, color=INK, linewidth=1.2, zorder=1)
    text = f"center {result.metric.text(center)}"
    drawn.beside(text, (shape.across[1], center), (4, 0), _DATA)


def _labels(result: Funnel) -> list[str]:
    """What each group is called."""
    return [called(result.across, label) for label in result.keys.labels(result.across)]


def _names(result: Funnel, shape: _Shape, points: tuple[float, float]) -> list[_Name]:
    """
    The names of those outside, each where there is room: right, left, above or below its point.

    Args:
        result: The funnel.
        shape: What is drawn of it.
        points: Width and height of the picture.
    """
    labels = shortened(_labels(result), _NAME)
    x, y = (
        (along - ends[0]) / (ends[1] - ends[0]) * length
        for along, ends, length in zip(
            (shape.n, shape.value), (shape.across, shape.up), points, strict=True
        )
    )
    half = _MARKER / 2
    taken = np.stack([x - half, y - half, x + half, y + half], axis=1)
    found: list[_Name] = []
    outside = np.flatnonzero(shape.outside)
    away = np.abs(shape.value - result.center[shape.rows])[outside]
    for place in outside[np.argsort(-away, kind="stable")].tolist():
        text = labels[int(shape.rows[place])]
        for name in _candidates(text, place):
            box = _box(name, float(x[place]), float(y[place]))
            if _fits(box, taken, points):
                taken = np.vstack([taken, box])
                found.append(name)
                break
    return found


def _candidates(text: str, place: int) -> Iterator[_Name]:
    """The places for a name around its point, the best first."""
    away = _MARKER + 1
    for up in (0, away, -away):
        yield _Name(text, place, (away, up), "left")
        yield _Name(text, place, (-away, up), "right")
    for up in (away + 3, -away - 3):
        yield _Name(text, place, (0, up), "center")


def _box(name: _Name, x: float, y: float) -> Floats:
    """What a name covers: left, bottom, right, top, in points."""
    width = text_width(name.text, TEXT)
    start = x + name.offset[0] - {"left": 0, "center": width / 2, "right": width}[name.side]
    middle = y + name.offset[1]
    return np.array([start, middle - _TEXT_HEIGHT / 2, start + width, middle + _TEXT_HEIGHT / 2])


def _fits(box: Floats, taken: Floats, points: tuple[float, float]) -> bool:
    """Whether a box is within the picture and on no other one."""
    inside = box[0] >= 0 and box[1] >= 0 and box[2] <= points[0] and box[3] <= points[1]
    over = (box[:2] < taken[:, 2:]).all(axis=1) & (taken[:, :2] < box[2:]).all(axis=1)
    return bool(inside and not over.any())


def _remarks(result: Funnel, shape: _Shape, named: Iterable[_Name]) -> Iterator[str]:
    """What has no place in the picture: names without room, groups without answers."""
    labels = _labels(result)
    there = {name.place for name in named}
    unnamed: list[int] = [
        place for place in np.flatnonzero(shape.outside).tolist() if place not in there
    ]
    empty = sorted({*range(len(labels))} - {*shape.rows.tolist()})
    if unnamed:
        names = [labels[int(shape.rows[place])] for place in unnamed]
        yield f"outside as well: {list_names(names, _MOST_LISTED)}"
    if empty:
        lacking = "exposure" if isinstance(result.estimate, Rate) else "answers"
        yield f"no {lacking}: {list_names([labels[row] for row in empty], _MOST_LISTED)}"
