"""Values over time with the lines of their chart; several groups as small multiples."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes

from custfocus.errors import OptionError
from custfocus.messages import quoted
from custfocus.plots.canvas import (
    Canvas,
    Frame,
    axes_size,
    canvas,
    check_axes,
    framed,
    picture_width,
)
from custfocus.plots.cells import measured, title_of
from custfocus.plots.kinds import check_kind
from custfocus.plots.lettering import LEADING, TEXT, TITLE
from custfocus.plots.series_panel import Panel, draw_panel, edge_room
from custfocus.plots.series_view import View, views_of
from custfocus.progress import Chart
from custfocus.progress.chart import rule_text
from custfocus.progress.series_table import PERIOD
from custfocus.vocabulary import Target

MOST_SERIES = 12
_HEIGHT, _SMALL_HEIGHT = 240.0, 120.0  # points: of one picture, and of each of several
_LEFT = 40.0  # points, for the numbers up
_BELOW = 20.0  # points, for the periods
_LEAST = 260.0  # points: the width of each of several


def series(result: Chart, /, *, target: Target | None = None, ax: Axes | None = None) -> Axes:
    """
    Values by period with centre line and limits, phases apart, and the words for what is marked.

    A point that a rule marks is a triangle, up for high and down for low; those marked with the
    whole of their phase (long run, few crossings) are empty squares. What the mark means stands
    beside it, and has a colour. Breaks are dotted lines with their reasons above,
    events thin grey lines with theirs in italics. The charts of
    several groups stand side by side and under one another, each with an axis of its own.

    Args:
        result: The chart.
        target: The range to shade; a chart that was made with a target has its own.
        ax: The axes to draw on; by default those of a new figure. Several charts are drawn on
            axes within them (``child_axes``).

    Returns:
        The axes.

    Raises:
        OptionError: Another kind of result; a single period or none; more than 12 groups; a
            target that is none, or one beside that of the chart; *ax* that is no axes.

    >>> from custfocus.progress import chart
    >>> from custfocus.quantities import Observed
    >>> from matplotlib import pyplot
    >>> months = chart(Observed([5, 6, 7, 5], period=["2026-05", "2026-06", "2026-07", "2026-08"]))
    >>> axes = series(months)
    >>> [label.get_text() for label in axes.get_xticklabels()]
    ['2026-05', '2026-06', '2026-07', '2026-08']
    >>> pyplot.close()
    """
    check_kind("series", result)
    check_axes(ax)
    aim = _target(result, target)
    _check_periods(result)
    views = views_of(result)
    if len(views) > MOST_SERIES:
        raise OptionError(
            f"a picture has {MOST_SERIES} series at the most, got {len(views)}; choose some of "
            f"them by sel({result.keys.names[0]}=[...])"
        )
    caption = [result.caption(), *_said(views), *result.notes]
    draw = _one if len(views) == 1 else _several
    return draw(result, views, aim, ax, caption)


def _one(
    result: Chart, views: Sequence[View], aim: Target | None, ax: Axes | None, caption: list[str]
) -> Axes:
    """One series on the axes themselves."""
    [view] = views
    right = edge_room(views, result.metric, aim)
    width = picture_width(ax, _LEFT, right)
    height = _HEIGHT if ax is None else axes_size(ax)[1]
    panel = Panel(view, result.metric, aim, width, height)
    frame = framed(
        ax,
        title_of(result, ": ".join(filter(None, [view.title, measured(result.metric)]))),
        caption,
        left=_LEFT,
        right=right,
        picture=_HEIGHT,
        above=panel.above,
        below=_BELOW + 8,
    )
    with canvas(ax, frame) as drawn:
        draw_panel(drawn, panel)
    return drawn.axes


def _several(
    result: Chart, views: Sequence[View], aim: Target | None, ax: Axes | None, caption: list[str]
) -> Axes:
    """Several series on axes within the axes."""
    across = 1 if len(views) < 4 else 2
    down = math.ceil(len(views) / across)
    right = edge_room(views, result.metric, aim)
    least = across * (_LEFT + _LEAST + right)
    whole = picture_width(ax, 0, 0, least)
    width = whole / across - _LEFT - right
    above = max(Panel(view, result.metric, aim, width, 1).above for view in views)
    around = TITLE * LEADING + 12 + above + _BELOW + 10
    frame = framed(
        ax,
        title_of(result, measured(result.metric)),
        caption,
        left=0,
        right=0,
        picture=down * (_SMALL_HEIGHT + around),
        above=0,
        below=8,
        least=least,
    )
    tall = frame.picture if ax is None else axes_size(ax)[1]
    height = max(tall / down - around, 10.0)
    with canvas(ax, frame) as drawn:
        drawn.page(whole, 1)
        for place, view in enumerate(views):
            panel = Panel(view, result.metric, aim, width, height)
            row, column = divmod(place, across)
            left = column / across + _LEFT / whole
            bottom = 1 - (row + 1) / down + (_BELOW + 10) / tall
            box = (left, bottom, width / whole, height / tall)
            draw_panel(_within(drawn, box, frame, panel), panel)
    return drawn.axes


def _within(
    drawn: Canvas, box: tuple[float, float, float, float], frame: Frame, panel: Panel
) -> Canvas:
    """A canvas on axes within the axes, with the name of the group and its n."""
    title = ", ".join(filter(None, [panel.view.title, panel.view.size_text]))
    own = frame._replace(title=[title], caption=[], left=0, right=0, above=panel.above - 4, below=0)
    inner = Canvas(drawn.pen.inset_axes(box), own)
    inner.prepare()
    inner.pen.title.set_fontsize(TEXT)
    return inner


def _said(views: Sequence[View]) -> Iterator[str]:
    """How many points of which n there are, and how many are marked by which rule."""
    if len(views) == 1:
        yield ", ".join(filter(None, [f"{views[0].points} points", views[0].size_text]))
    counts = Counter(str(one) for view in views for one in view.mark if one)
    if counts:
        listed = ", ".join(f"{number} {rule_text(rule)}" for rule, number in counts.items())
        whole = any(view.whole_phase.any() for view in views)
        squares = "; squares: marked with the whole phase" if whole else ""
        yield f"marked: {listed}; triangles: high or low{squares}"


def _target(result: Chart, target: Target | None) -> Target | None:
    if target is None:
        return result.target
    if not isinstance(target, Target):
        raise OptionError(
            f"target must be a Target, got {quoted(target)}; write target=Target.at_least(65)"
        )
    if result.target is not None:
        raise OptionError(
            "target must be left out for a chart that has its own, got "
            f"{target.range_text}; make the chart with another target"
        )
    return target


def _check_periods(result: Chart) -> None:
    if PERIOD not in result.keys.names:
        raise OptionError(
            "a series is drawn of several periods, got a single one; leave out sel(period=...)"
        )
    if not result.keys.rows:
        raise OptionError("a series is drawn of several periods, got none; choose some rows")
