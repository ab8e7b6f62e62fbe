"""Axes with what every picture has: rows with labels, columns of text beside them, title, caption."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib import style
from matplotlib.axes import Axes

from custfocus.errors import OptionError
from custfocus.plots.colours import INK, MUTED, PAPER, RULE, Mark
from custfocus.plots.lettering import LEADING, SMALL, TEXT, TITLE, broken, widest
from custfocus.plots.lines import Lines
from custfocus.results.arrays import Floats
from custfocus.results.text import kind_text

LINE = 21.0  # points from row to row
HEAD = 16.0  # points: the titles of columns
GAP = 10.0  # points between columns of text

_INCH = 72  # points
_PAD = 0.1  # inches, around everything
_MARGIN = 20  # points, of both sides of the figure together
_PICTURE = 3.4 * _INCH  # the least width of what is not text
_WIDTH = 8 * _INCH

_RULES = {"text.parse_math": False, "axes.axisbelow": True}  # "$5 to $10" is a label, no formula

Side = Literal["left", "right"]


class SideColumn(NamedTuple):
    """
    A column of text right of the picture.

    Attributes:
        title: What stands above it.
        texts: One for each line, in the order of the lines.
        side: On which side the texts are aligned.
    """

    title: str
    texts: Sequence[str]
    side: Side = "right"

    @property
    def width(self) -> float:
        """In points."""
        return widest([self.title, *self.texts], TEXT)


class Frame(NamedTuple):
    """
    What surrounds a picture, in points.

    Attributes:
        title: The lines of the title.
        caption: The lines below.
        left: The room for labels.
        picture_width: That of what is between labels and columns.
        width: That of everything together.
        height: That of everything together.
        top: Between the picture and its title.
        bottom: Between the picture and its caption.
    """

    title: list[str]
    caption: list[str]
    left: float
    picture_width: float
    width: float
    height: float
    top: float
    bottom: float


def check_axes(ax: object) -> None:
    """
    An error for what can't be drawn on.

    Raises:
        OptionError: Anything but axes of Matplotlib or None.
    """
    if ax is not None and not isinstance(ax, Axes):
        raise OptionError(
            f"ax must be axes of Matplotlib, got {kind_text(ax)}; write "
            "figure, ax = matplotlib.pyplot.subplots()"
        )


def picture_width(ax: Axes | None, left: float, right: float) -> float:
    """About how wide what is between labels and columns will be, in points."""
    return _width(ax, left + right + _PICTURE) - left - right - _MARGIN


def framed(
    ax: Axes | None,
    title: str,
    caption: Sequence[str],
    *,
    left: float = 0,
    right: float = 0,
    picture: float,
    top: float = HEAD,
    bottom: float = 24,
    least: float = _PICTURE,
) -> Frame:
    """
    The frame of a picture, its texts broken to fit.

    Args:
        ax: The axes to draw on; None for a figure of its own, as wide as it needs to be.
        title: In one line.
        caption: Paragraphs.
        left: Room for labels, in points.
        right: Room for columns, in points.
        picture: The height of what is between, in points.
        top: Room between title and picture, in points.
        bottom: Room between picture and caption, in points.
        least: The least width of the picture, in points.
    """
    width = _width(ax, left + right + least)
    room = max(width - _MARGIN, _PICTURE)
    below = [line for text in caption for line in broken(text, room, SMALL)]
    above = broken(title, max(room - left, _PICTURE), TITLE)
    texts = (len(above) * TITLE + len(below) * SMALL) * LEADING
    height = picture + top + bottom + texts + _MARGIN
    return Frame(above, below, left, width - left - right - _MARGIN, width, height, top, bottom)


def _width(ax: Axes | None, least: float) -> float:
    """That of a new figure that has room for all, or of the axes there are."""
    if ax is None:
        return max(_WIDTH, least + _MARGIN)
    return axes_size(ax)[0]


def axes_size(ax: Axes) -> tuple[float, float]:
    """Width and height in points."""
    box = ax.bbox.transformed(ax.get_figure(root=True).dpi_scale_trans.inverted())
    return float(box.width) * _INCH, float(box.height) * _INCH


@contextmanager
def canvas(ax: Axes | None, frame: Frame) -> "Generator[Canvas, None, None]":
    """
    A canvas on the axes, or on those of a new figure that fits the frame.

    All settings are ours but the fonts, so that pictures look alike whatever style is in use.
    """
    fonts = {name: mpl.rcParams[name] for name in mpl.rcParams.find_all(r"^font\.(?!size)")}
    with style.context(["default", {**fonts, **_RULES}]):
        if ax is None:
            inches = (frame.width / _INCH, frame.height / _INCH)
            figure = plt.figure(figsize=inches)
            figure.set_layout_engine("constrained", w_pad=_PAD, h_pad=_PAD)
            ax = figure.add_subplot()
        drawn = Canvas(ax, frame)
        drawn.prepare()
        yield drawn


class Canvas:
    """
    Axes and what is drawn on them.

    Attributes:
        axes: The axes.
        frame: What surrounds the picture.
    """

    def __init__(self, axes: Axes, frame: Frame) -> None:
        self.axes = axes
        self.frame = frame
        self._pen: Any = axes  # whose keywords have no types
        self._is_page = False

    def prepare(self) -> None:
        """White, with a bottom line, title and caption."""
        pen = self._pen
        pen.set_facecolor(PAPER)
        for side in ("top", "right", "left"):
            pen.spines[side].set_visible(False)
        pen.spines["bottom"].set_color(MUTED)
        ticks = {"labelsize": SMALL, "labelcolor": INK, "color": MUTED}
        pen.tick_params(axis="both", **ticks)
        pen.ticklabel_format(style="plain", useOffset=False)
        title = "\n".join(self.frame.title)
        pen.set_title(
            title, loc="left", pad=8 + self.frame.top, fontsize=TITLE, fontweight="bold", color=INK
        )
        self.beside(
            "\n".join(self.frame.caption),
            (0, 0),
            (-self.frame.left, -self.frame.bottom),
            ("axes fraction", "axes fraction"),
            vertical="top",
            size=SMALL,
            colour=MUTED,
            linespacing=LEADING,
        )

    def write(self, x: float, y: float, text: str, **options: Any) -> None:  # noqa: ANN401
        """A text at a place in data."""
        self.beside(text, (x, y), (0, 0), ("data", "data"), **options)

    def beside(
        self,
        text: str,
        point: tuple[float, float],
        offset: tuple[float, float],
        of: tuple[str, str],
        *,
        side: str = "left",
        vertical: str = "center",
        size: float = TEXT,
        colour: str = INK,
        **options: Any,  # noqa: ANN401 - of Matplotlib's texts
    ) -> None:
        """
        A text some points off a place, never cut at the edge of the axes.

        Args:
            text: The text; nothing is written for an empty one.
            point: The place.
            offset: In points.
            of: What the place is measured in, "data" or "axes fraction", across and up.
            side: Which end of the text is there.
            vertical: Likewise, up and down.
            size: In points.
            colour: Of the text.
            **options: Any others of Matplotlib's annotations.
        """
        if text:
            self._pen.annotate(
                text,
                point,
                offset,
                xycoords=of,
                textcoords="offset points",
                annotation_clip=False,
                ha=side,
                va=vertical,
                fontsize=size,
                color=colour,
                **options,
            )

    # -- rows ------------------------------------------------------------------------------

    def rows(self, lines: Lines) -> None:
        """The lines from the top with their labels and headings."""
        pen = self._pen
        pen.set_ylim(max(lines.height, 1) - 0.5, -0.5)
        pen.set_yticks(lines.places, lines.labels, fontsize=TEXT)
        pen.tick_params(axis="y", length=0)
        self.header(0, -6, lines.title, "right")
        for place, text in lines.headings:
            at = ("axes fraction", "data")
            self.beside(text, (0, place + 0.1), (4, 0), at, fontweight="bold")
            if place > 0:
                pen.axhline(place - 0.5, color=RULE, linewidth=0.8)

    def page(self, width: float, lines: int) -> None:
        """Without axes: from the left in points, from the top in lines."""
        pen = self._pen
        self._is_page = True
        pen.set_xlim(0, width)
        pen.set_ylim(max(lines, 1) - 0.5, -0.5)
        pen.set_xticks([])
        pen.set_yticks([])
        pen.spines["bottom"].set_visible(False)

    def columns(
        self, places: Iterable[float], columns: Sequence[SideColumn], start: float = GAP
    ) -> None:
        """
        Columns of text right of the picture, or on a page.

        Args:
            places: The line of each text.
            columns: The columns from the left.
            start: Where they start, in points.
        """
        of = "data" if self._is_page else "axes fraction"
        for column in columns:
            offset = start if column.side == "left" else start + column.width
            x, away = (offset, 0.0) if self._is_page else (1.0, offset)
            self.header(x, away, column.title, column.side)
            for y, text in zip(places, column.texts, strict=True):
                self.beside(text, (x, float(y)), (away, 0), (of, "data"), side=column.side)
            start += column.width + GAP

    def header(self, x: float, offset: float, text: str, side: Side) -> None:
        """What a column of text is, above it."""
        at = ("data" if self._is_page else "axes fraction", "axes fraction")
        self.beside(text, (x, 1), (offset, 4), at, side=side, vertical="bottom", colour=MUTED)

    def remark(self, y: float, text: str) -> None:
        """Why a line has nothing drawn on it."""
        at = ("axes fraction", "data")
        self.beside(text, (0, y), (6, 0), at, colour=MUTED, fontstyle="italic")

    # -- shapes ----------------------------------------------------------------------------

    def across(self, low: float, high: float) -> None:
        """The ends of the axis across, with light lines at its ticks."""
        pen = self._pen
        pen.set_xlim(low, high)
        pen.locator_params(axis="x", nbins=6)
        pen.grid(visible=True, axis="x", color=RULE, linewidth=0.6)

    def intervals(self, y: Floats, low: Floats, high: Floats, mark: Mark) -> None:
        """A line from low to high, as far as the axis goes; none where either is NaN."""
        ends = self._pen.get_xlim()
        known = ~(np.isnan(low) | np.isnan(high))
        low, high = np.clip(low, *ends), np.clip(high, *ends)
        if known.any():
            self._pen.hlines(
                y[known], low[known], high[known], colors=mark.colour, linewidth=2.4, zorder=2
            )

    def points(self, x: Floats, y: Floats, mark: Mark) -> None:
        """A marker at each place; none at NaN."""
        known = ~np.isnan(x)
        if known.any():
            self._pen.plot(
                x[known],
                y[known],
                linestyle="none",
                marker=mark.shape,
                markersize=8,
                markerfacecolor=mark.colour if mark.filled else PAPER,
                markeredgecolor=PAPER if mark.filled else mark.colour,
                markeredgewidth=0.8 if mark.filled else 1.4,
                zorder=3,
            )

    @property
    def pen(self) -> Any:  # noqa: ANN401 - see above
        """The axes, for shapes of one picture alone."""
        return self._pen
