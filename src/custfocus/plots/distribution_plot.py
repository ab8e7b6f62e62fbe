"""How the answers are distributed over the points of their scale: stacked bars."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from custfocus.errors import OptionError
from custfocus.intervals.arguments import check_flag
from custfocus.plots.canvas import (
    GAP,
    HEAD,
    Canvas,
    SideColumn,
    canvas,
    check_axes,
    framed,
    picture_width,
)
from custfocus.plots.cells import Cells, title_of
from custfocus.plots.colours import INK, PAPER, ink_on, ramp
from custfocus.plots.kinds import check_kind
from custfocus.plots.lettering import SMALL, shortened, text_width
from custfocus.plots.picture_lines import lines_of
from custfocus.responses import Scale, Tally
from custfocus.results.arrays import Floats
from custfocus.results.numbers import rounded
from custfocus.surveys import SurveyTally

MOST_POINTS = 21  # of a scale: more colours look alike

_CHIP, _CHIP_LINE, _CHIP_LABEL = 10.0, 18.0, 30  # points around a name and from line to line; cells
_BAR = 0.76  # of a line


def distribution(
    sample: Tally | SurveyTally, /, *, diverging: bool = False, ax: Axes | None = None
) -> Axes:
    """
    The share of the answers on each point of the scale, a stacked bar for each row.

    The worst point is the lightest and stands left, the best is the darkest. Shares of a survey
    are weighted. The number of answers stands beside each bar, and that of the missing ones
    where there are any; a share too narrow for its number goes without.

    Args:
        sample: A tally, of one sample or by groups or items.
        diverging: Whether bars start at a line between the worse and the better half of the
            points; the middle one of an odd number stands half on either side.
        ax: The axes to draw on; by default those of a new figure, which is as tall as its rows
            need.

    Returns:
        The axes, whose axis across is in percent; negative to the left of the line.

    Raises:
        OptionError: Another kind of result; more than 1,000 rows or 21 points; *diverging* that
            is not True or False; *ax* that is no axes.

    >>> from custfocus import Scale, Tally
    >>> from matplotlib import pyplot
    >>> tally = Tally([[1, 2, 1], [0, 1, 3]], Scale.likert(3), by={"shop": ["north", "south"]})
    >>> [round(bar.get_width()) for bar in distribution(tally).patches]
    [25, 0, 50, 25, 25, 75]
    >>> pyplot.close()
    """
    check_kind("distribution", sample)
    check_axes(ax)
    _check_options(sample.scale, diverging)
    lines = lines_of(sample, "all answers")
    cells = Cells.of(sample, lines.rows)
    columns = [SideColumn("n", cells.texts("n"))]
    if sample.missing.any():
        columns.append(SideColumn("missing", cells.texts("missing")))
    names = shortened(sample.scale.point_names, _CHIP_LABEL)
    right = sum(column.width + GAP for column in columns)
    width = picture_width(ax, lines.width, right)
    places, above = _chips(names, width)
    frame = framed(
        ax,
        title_of(sample, "answers, percent"),
        [_caption(sample, diverging=diverging), *sample.notes],
        left=lines.width,
        right=right,
        picture=lines.points,
        above=HEAD + above * _CHIP_LINE,
    )
    with canvas(ax, frame) as drawn:
        drawn.rows(lines)
        shares = 100 * sample.shares.reshape(-1, len(names))[lines.rows]
        starts = _starts(shares, diverging=diverging)
        _bars(drawn, lines.places, shares, starts, width / 100)
        _axis(drawn, shares, starts, diverging=diverging)
        for name, place, colour in zip(names, places, ramp(len(names)), strict=True):
            _chip(drawn, name, place, colour)
        for y in lines.places[cells.numbers("n") == 0].tolist():
            drawn.remark(y, "no answers")
        drawn.columns(lines.places, columns)
    return drawn.axes


def _check_options(scale: Scale, diverging: object) -> None:
    check_flag(diverging, "diverging")
    if len(scale) > MOST_POINTS:
        raise OptionError(
            f"scales are drawn with {MOST_POINTS} points at the most, got {len(scale)}; draw an "
            "index of the answers"
        )


def _caption(sample: Tally | SurveyTally, *, diverging: bool) -> str:
    middle = len(sample.scale) % 2 and diverging
    half = "; the middle point stands half on either side of the line" if middle else ""
    if isinstance(sample, SurveyTally):
        return f"weighted shares of the answers; n: respondents who answered, not weighted{half}"
    return f"shares of the answers; n: answers, missing ones not counted{half}"


def _starts(shares: Floats, *, diverging: bool) -> Floats:
    """Where the bar of each point starts, shape (rows, points)."""
    starts = np.cumsum(shares, axis=1) - shares
    if not diverging:
        return starts
    half, odd = divmod(shares.shape[1], 2)
    worse = shares[:, :half].sum(axis=1) + (shares[:, half] / 2 if odd else 0)
    return np.asarray(starts - worse[:, np.newaxis])


def _bars(drawn: Canvas, places: Floats, shares: Floats, starts: Floats, unit: float) -> None:
    """The bars point by point, with their numbers where these fit."""
    known = ~np.isnan(shares).any(axis=1)
    y = places[known]
    digit = text_width("0", SMALL)
    for place, colour in enumerate(ramp(shares.shape[1])):
        width, start = shares[known, place], starts[known, place]
        drawn.pen.barh(
            y, width, _BAR, start, color=colour, edgecolor=PAPER, linewidth=0.8, zorder=2
        )
        for at, share, left in zip(y.tolist(), width.tolist(), start.tolist(), strict=True):
            number = rounded(share, 0)
            if len(number) * digit + 4 < share * unit:
                middle = left + share / 2
                drawn.write(middle, at, number, side="center", size=SMALL, colour=ink_on(colour))


def _axis(drawn: Canvas, shares: Floats, starts: Floats, *, diverging: bool) -> None:
    low, high = 0.0, 100.0
    if diverging:
        low = np.nanmin(starts, initial=0) - 5
        high = np.nanmax(starts + shares, initial=0) + 5
    drawn.across(low, high)
    drawn.pen.xaxis.set_major_formatter(FuncFormatter(_unsigned))
    if diverging:
        drawn.pen.axvline(0, color=INK, linewidth=1.2, zorder=1)


def _unsigned(value: float, _place: int | None = None) -> str:
    """The number at a tick: shares left of the line are shares as well."""
    return f"{abs(value):g}"


def _chips(names: list[str], room: float) -> tuple[list[tuple[float, int]], int]:
    """Where the names of the points go above the picture, and on how many lines."""
    places: list[tuple[float, int]] = []
    start, line = 0.0, 0
    for name in names:
        width = text_width(name, SMALL) + _CHIP
        if start and start + width > room:
            start, line = 0.0, line + 1
        places.append((start, line))
        start += width
    return [(at, line - of) for at, of in places], line + 1


def _chip(drawn: Canvas, name: str, place: tuple[float, int], colour: str) -> None:
    """A name in its colour."""
    across, up = place
    drawn.beside(
        name,
        (0, 1),
        (across + 3, HEAD + 6 + up * _CHIP_LINE),
        ("axes fraction", "axes fraction"),
        vertical="bottom",
        size=SMALL,
        colour=ink_on(colour),
        bbox={"boxstyle": "square,pad=0.3", "facecolor": colour, "edgecolor": PAPER},
    )
