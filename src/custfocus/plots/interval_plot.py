"""Values with their intervals, a line for each row: a forest plot."""

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from custfocus.comparisons import Comparison, OrderComparison, Shrunken
from custfocus.comparisons.between import Between
from custfocus.disclosure import Suppressed
from custfocus.errors import OptionError
from custfocus.indices import Estimate, QuantileEstimate
from custfocus.messages import quoted
from custfocus.plots.canvas import GAP, Canvas, SideColumn, canvas, check_axes, framed
from custfocus.plots.cells import Cells, measured, span, title_of
from custfocus.plots.colours import BAND, INK, MARKS, OWN, PLAIN, Mark
from custfocus.plots.kinds import check_kind
from custfocus.plots.lines import Lines, lines_of
from custfocus.progress import Verdict
from custfocus.quantities import Quantity
from custfocus.results.arrays import Flags
from custfocus.results.text import label_text
from custfocus.vocabulary import Target

Measured = Estimate | Quantity | Verdict | Suppressed | Shrunken
Intervals = Measured | Comparison | OrderComparison


def intervals(
    result: Intervals, /, *, target: Target | None = None, ax: Axes | None = None
) -> Axes:
    """
    Values with their intervals, a line for each row, with n and the numbers beside it.

    A target's range is shaded; the rows of a verdict have a shape for what they say (a circle
    for met, a cross for not met, an empty diamond for inconclusive), and the word beside it.
    Differences are drawn around a line at 0. Beside a value that was drawn toward others stands the
    group's own, an empty diamond. Rows of several names stand under headings.

    Args:
        result: An estimate (of a quantile too), a recorded quantity, a verdict, a comparison (by
            order too), or an estimate with small groups suppressed or with its groups shrunk.
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
        if isinstance(result, Between):
            drawn.pen.axvline(0, color=INK, linewidth=1.2, zorder=1)
        if aim is not None:
            _shade(drawn, aim)
        elif isinstance(result, Between):
            _directions(drawn, result)
        _points(drawn, lines, cells, _nothing(result))
        drawn.columns(lines.places, columns)
    return drawn.axes


def _points(drawn: Canvas, lines: Lines, cells: Cells, nothing: str) -> None:
    """The values with their intervals, and why there are none."""
    value, low, high = (cells.numbers(name) for name in ("value", "low", "high"))
    for mark, chosen in _marks(cells).items():
        y = lines.places[chosen]
        drawn.intervals(y, low[chosen], high[chosen], mark)
        drawn.points(value[chosen], y, mark)
    if "direct" in cells.columns:
        drawn.points(cells.numbers("direct"), lines.places, OWN)
    none = np.isnan(value)
    for y, hidden in zip(lines.places[none], cells.hidden("value")[none], strict=True):
        drawn.remark(float(y), "hidden" if hidden else nothing)


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
    if isinstance(result, Between):
        return " minus ".join(_sides(result))
    return result.metric.name


def _nothing(result: Intervals) -> str:
    """What a row without a value says."""
    judged = result.estimate if isinstance(result, Verdict) else result
    recorded = isinstance(judged, Quantity) and not isinstance(judged, QuantileEstimate)
    return "no records" if recorded else "no answers"


def _sides(comparison: Between) -> tuple[str, str]:
    """What is compared, in words where it differs by row."""
    fixed = dict(comparison.keys.fixed)
    a, b = (
        label_text(fixed[name]) if name in fixed else word
        for name, word in (("label_a", "the first"), ("label_b", "the second"))
    )
    return a, b


def _columns(result: Intervals, cells: Cells) -> list[SideColumn]:
    """n, the numbers, and what is found."""
    if not isinstance(result, Between):
        found = [SideColumn("n", cells.texts("n")), SideColumn("value [low, high]", cells.quoted())]
        if isinstance(result, Verdict):
            found.append(SideColumn("verdict", cells.verdicts(), "left"))
        elif isinstance(result, Shrunken):
            found += [SideColumn("direct \N{WHITE DIAMOND}", cells.texts("direct"))]
            found += [SideColumn("weight", cells.texts("weight"))]
        return found
    n = [f"{a} | {b}" for a, b in zip(cells.texts("n_a"), cells.texts("n_b"), strict=True)]
    adjusted = "adjusted_p_value" in cells.columns
    p = cells.texts("adjusted_p_value" if adjusted else "p_value")
    return [
        SideColumn("n | n", n),
        SideColumn("difference [low, high]", cells.quoted()),
        SideColumn("adjusted p" if adjusted else "p", p),
    ]


def _ends(result: Intervals, cells: Cells, target: Target | None) -> tuple[float, float]:
    """The ends of the axis: all numbers with a margin, hardly beyond the scale."""
    names = ("value", "low", "high", "direct")
    numbers = [cells.numbers(name) for name in names if name in cells.columns]
    edges = [] if target is None else [*target.bounds]
    zero = [0.0] if isinstance(result, Between) else []
    return span(np.concatenate([*numbers, edges, zero]), result.metric.bounds)


def _directions(drawn: Canvas, comparison: Between) -> None:
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
