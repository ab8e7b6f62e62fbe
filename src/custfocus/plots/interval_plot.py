"""Values with their intervals, a line for each row: a forest plot."""

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from custfocus.comparisons import Comparison, OrderComparison, Shrunken
from custfocus.comparisons.between import Between
from custfocus.disclosure import Suppressed, SuppressedComparison
from custfocus.errors import OptionError
from custfocus.indices import Estimate, NonresponseBounds
from custfocus.messages import quoted
from custfocus.plots.canvas import GAP, Canvas, SideColumn, canvas, check_axes, framed
from custfocus.plots.cells import Cells, measured, span, title_of
from custfocus.plots.colours import BAND, INK, MARKS, OWN, PLAIN, Mark
from custfocus.plots.kinds import check_kind
from custfocus.plots.picture_lines import Lines, lines_of
from custfocus.progress import Rolling, Verdict, WindowChange
from custfocus.quantities import Quantity
from custfocus.results.arrays import Flags
from custfocus.results.text import label_texts
from custfocus.vocabulary import Target

Difference = Comparison | OrderComparison | SuppressedComparison | WindowChange
Intervals = (
    Estimate | Verdict | Suppressed | Shrunken | NonresponseBounds | Quantity | Rolling | Difference
)

_DIFFERENCES = (Between, SuppressedComparison, WindowChange)
_BOUNDS = 7.0  # the width of what those without an answer could say, around the interval


def intervals(
    result: Intervals, /, *, target: Target | None = None, ax: Axes | None = None
) -> Axes:
    """
    Values with their intervals, a line for each row, with n and the numbers beside it.

    A target's range is shaded; the rows of a verdict have a shape for what they say (a circle
    for met, a cross for not met, an empty diamond for inconclusive), and the word beside it.
    Differences are drawn around a line at 0. Beside a value that was drawn toward others stands the
    group's own, an empty diamond. Of bounds for those without an answer, what these could say is a
    thick line on the thin one of the limits. Rows of several names stand under headings.

    Args:
        result: An estimate, a verdict, a recorded quantity or its rolling windows, bounds of
            `nonresponse_bounds`; a comparison (by order too), a change of windows; an estimate or
            a comparison with small groups suppressed; an estimate with its groups shrunk.
        target: The range to shade; a verdict has its own.
        ax: The axes to draw on; by default those of a new figure, which is as tall as its rows
            need.

    Returns:
        The axes, whose axis across is in the unit of the value.

    Raises:
        OptionError: Another kind of result; more than 1,000 rows; a target that is no `Target`,
            or one beside a verdict; *ax* that is no axes.

    >>> from custfocus import Scale, Tally, Target, top_box
    >>> from matplotlib import pyplot
    >>> tally = Tally([[14, 56], [32, 48]], Scale.likert(2), by={"shop": ["north", "south"]})
    >>> axes = intervals(top_box(tally, boxes=1), target=Target.at_least(70))
    >>> [label.get_text() for label in axes.get_yticklabels()]
    ['north', 'south']
    >>> pyplot.close()
    """
    check_kind("intervals", result)
    check_axes(ax)
    aim = _target(result, target)
    names = [name for name in ("label_a", "label_b") if name in result.keys.names]
    silent = ["level"] if isinstance(result, Suppressed) else []  # totals read "all"
    lines = lines_of(result, _single(result), names=names, silent=silent)
    cells = Cells.of(result, lines.rows)
    columns = _columns(result, cells)
    frame = framed(
        ax,
        title_of(result, measured(result.metric)),
        [result.caption(), *result.notes],
        left=lines.width,
        right=sum(column.width + GAP for column in columns),
        picture=lines.points,
    )
    with canvas(ax, frame) as drawn:
        drawn.rows(lines)
        drawn.across(*_ends(result, cells, aim))
        if isinstance(result, _DIFFERENCES):
            drawn.pen.axvline(0, color=INK, linewidth=1.2, zorder=1)
        if aim is not None:
            _shade(drawn, aim)
        elif isinstance(result, _DIFFERENCES):
            _directions(drawn, result)
        _points(drawn, lines, cells, "answers" if _is_asked(result) else "data")
        drawn.columns(lines.places, columns)
    return drawn.axes


def _points(drawn: Canvas, lines: Lines, cells: Cells, what: str) -> None:
    """The values with their intervals, and what there is none of where there are no values."""
    value, low, high = (cells.numbers(name) for name in ("value", "low", "high"))
    none = np.isnan(value)
    for mark, chosen in _marks(cells).items():
        some = chosen & ~none
        y = lines.places[some]
        drawn.intervals(y, low[some], high[some], mark)
        if "bound_low" in cells.columns:
            least, most = (cells.numbers(name)[some] for name in ("bound_low", "bound_high"))
            drawn.intervals(y, least, most, mark, _BOUNDS)
        drawn.points(value[some], y, mark)
    if "direct" in cells.columns:
        drawn.points(cells.numbers("direct"), lines.places, OWN)
    for y, hidden in zip(lines.places[none], cells.hidden("value")[none], strict=True):
        drawn.remark(float(y), "hidden" if hidden else f"no {what}")


def _is_asked(result: Intervals) -> bool:
    """Whether values are of answers, and not of records."""
    source = result.estimate if isinstance(result, Verdict) else result
    return not isinstance(source, Quantity | WindowChange)


def _shade(drawn: Canvas, target: Target) -> None:
    """The range of a target, shaded between dashed lines and named above."""
    left, right = drawn.pen.get_xlim()
    low, high = np.clip(target.bounds, left, right)
    whole: dict[str, Any] = {
        "transform": drawn.pen.get_xaxis_transform(),
        "color": BAND,
        "linewidth": 0,
    }
    drawn.pen.add_patch(Rectangle((low, 0), high - low, 1, zorder=0, **whole))
    for edge in target.bounds:
        if math.isfinite(edge):
            drawn.pen.axvline(edge, color=INK, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    start, end = (low - left) / (right - left), (high - left) / (right - left)
    middle = (start + end) / 2
    side, place = "center", middle
    if middle > 2 / 3:
        side, place = "right", end
    elif middle < 1 / 3:
        side, place = "left", start
    drawn.beside(
        f"target {target.range_text}",
        (place, 1),
        (0, 4),
        ("axes fraction", "axes fraction"),
        side=side,
        vertical="bottom",
    )


def _target(result: Intervals, target: Target | None) -> Target | None:
    own = result.target if isinstance(result, Verdict) else None
    if target is None:
        return own
    if not isinstance(target, Target):
        raise OptionError(
            f"target must be a Target, got {quoted(target)}; write target=Target.at_least(65)"
        )
    if own is not None:
        raise OptionError(
            f"target must be left out for a verdict, which has its own, got {target.range_text}; "
            "draw the verdict on another target, or its estimate"
        )
    return target


def _single(result: Intervals) -> str:
    """What the row of a single result is called."""
    if isinstance(result, _DIFFERENCES):
        return " minus ".join(_sides(result))
    return result.metric.name


def _sides(comparison: Difference) -> tuple[str, str]:
    """What is compared, in words where it differs by row."""
    if isinstance(comparison, WindowChange):
        later, earlier = comparison.periods
        return later, earlier
    fixed = dict(comparison.keys.fixed)
    words = {"label_a": "the first", "label_b": "the second"}
    a, b = label_texts([fixed.get(name, word) for name, word in words.items()])
    return a, b


def _columns(result: Intervals, cells: Cells) -> list[SideColumn]:
    """n, the numbers, and what is found."""
    if isinstance(result, _DIFFERENCES):
        return _of_differences(cells)
    found = [SideColumn("n", cells.texts("n")), SideColumn("value [low, high]", cells.quoted())]
    if isinstance(result, NonresponseBounds):
        ends = zip(cells.texts("bound_low"), cells.texts("bound_high"), strict=True)
        found.insert(1, SideColumn("unanswered", cells.texts("unanswered")))
        found.append(SideColumn("at least, at most", [f"{low} to {high}" for low, high in ends]))
    if isinstance(result, Verdict):
        found.append(SideColumn("verdict", cells.verdicts(), "left"))
    if isinstance(result, Shrunken):
        found.append(SideColumn("direct \N{WHITE DIAMOND}", cells.texts("direct")))
        found.append(SideColumn("weight", cells.texts("weight")))
    return found


def _of_differences(cells: Cells) -> list[SideColumn]:
    """Answers of both sides where they are known, the numbers, and p or what both share."""
    found = [SideColumn("difference [low, high]", cells.quoted())]
    if "n_a" in cells.columns:
        both = zip(cells.texts("n_a"), cells.texts("n_b"), strict=True)
        found.insert(0, SideColumn("n | n", [f"{a} | {b}" for a, b in both]))
    last = {"adjusted_p_value": "adjusted p", "p_value": "p", "shared": "% shared"}
    name = next(name for name in last if name in cells.columns)
    return [*found, SideColumn(last[name], cells.texts(name))]


def _ends(result: Intervals, cells: Cells, target: Target | None) -> tuple[float, float]:
    """The ends of the axis: all numbers with a margin, hardly beyond the scale."""
    names = ("value", "low", "high", "direct")
    numbers = [cells.numbers(name) for name in names if name in cells.columns]
    edges = [] if target is None else [*target.bounds]
    zero = [0.0] if isinstance(result, _DIFFERENCES) else []
    return span(np.concatenate([*numbers, edges, zero]), result.metric.bounds)


def _directions(drawn: Canvas, comparison: Difference) -> None:
    """On which side of 0 who is better."""
    a, b = _sides(comparison)
    left, right = (a, b) if comparison.metric.direction == "lower" else (b, a)
    drawn.header(0, 2, f"← {left} is better", "left")
    drawn.header(1, -2, f"{right} is better →", "right")


def _marks(cells: Cells) -> dict[Mark, Flags]:
    """Which lines have which mark."""
    if "verdict" not in cells.columns:
        return {PLAIN: np.ones(cells.size, np.bool_)}
    words = np.array(cells.texts("verdict"))
    return {mark: words == word for word, mark in MARKS.items()}
