"""Axes with what every picture has: rows with labels, columns of text beside them, title, caption."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

import attrs
import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib import style
from matplotlib.axes import Axes

from custfocus.errors import OptionError
from custfocus.plots.colours import INK, MUTED, PAPER, RULE, Mark
from custfocus.plots.lettering import LEADING, SMALL, TEXT, TITLE, broken, widest
from custfocus.plots.picture_lines import Lines
from custfocus.results.arrays import Floats
from custfocus.results.text import kind_text

HEAD = 16.0  # points: the titles of columns
GAP = 14.0  # points between columns of text

_INCH = 72  # points
_MARGIN = 10.0  # points, on each side of a figure
_TITLE_PAD = 8.0  # points
_WIDTH, _LEAST = 8.0 * _INCH, 3.4 * _INCH  # of a figure, and of what is not text

_RULES = {"text.parse_math": False}  # "$5 to $10" is a label, no formula

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
        right: The room for columns.
        above: Between the picture and its title.
        below: Between the picture and its caption.
        width: That of everything together.
        picture: The height of what is between.
        scale: What sizes of texts are multiplied by.
    """

    title: list[str]
    caption: list[str]
    left: float
    right: float
    above: float
    below: float
    width: float
    picture: float
    scale: float = 1.0


def check_axes(ax: object) -> None:
    """
    An error for what can't be drawn on.

    Raises:
        OptionError: Anything but rectangular axes of Matplotlib or None.
    """
    if ax is not None and not (isinstance(ax, Axes) and ax.name == "rectilinear"):
        raise OptionError(
            f"ax must be rectangular axes of Matplotlib, got {kind_text(ax)}; write "
            "figure, ax = matplotlib.pyplot.subplots()"
        )


def picture_width(ax: Axes | None, left: float, right: float, least: float = _LEAST) -> float:
    """
    How wide what is between labels and columns will be, in points; about that on axes given.

    Args:
        ax: The axes to draw on; None for a figure of its own, as wide as it needs to be.
        left: Room for labels, in points.
        right: Room for columns, in points.
        least: The least width on a figure of its own, in points.
    """
    around = left + right + 2 * _MARGIN
    whole = max(_WIDTH, around + least) if ax is None else axes_size(ax)[0]
    return max(whole - around, 1.0)


def framed(
    ax: Axes | None,
    title: str,
    caption: Iterable[str],
    *,
    left: float,
    right: float,
    picture: float,
    above: float = HEAD,
    below: float = 24,
    least: float = _LEAST,
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
        above: Room between title and picture, in points.
        below: Room between picture and caption, in points.
        least: The least width of the picture, in points.
    """
    width = left + picture_width(ax, left, right, least) + right
    under = [line for text in caption for line in broken(text, width, SMALL)]
    over = broken(title, width - left, TITLE)
    return Frame(over, under, left, right, above, below, width, picture)


def axes_size(ax: Axes) -> tuple[float, float]:
    """Width and height in points."""
    figure: Any = ax.figure
    box = ax.bbox.transformed(figure.dpi_scale_trans.inverted())
    return float(box.width) * _INCH, float(box.height) * _INCH


@contextmanager
def canvas(ax: Axes | None, frame: Frame) -> "Generator[Canvas, None, None]":
    """
    A canvas on the axes, or on those of a new figure that fits the frame.

    All settings are ours but the fonts, so that pictures look alike whatever style is in use.
    """
    found: Any = mpl.rcParams.find_all(r"^font\.(?!size)")
    fonts: dict[str, Any] = {name: found[name] for name in found}
    with style.context(["default", {**fonts, **_RULES}]):
        drawn = Canvas(_new_axes(frame) if ax is None else ax, frame)
        drawn.prepare()
        yield drawn


def _new_axes(frame: Frame) -> Axes:
    """Axes of a figure that has room for the frame."""
    over = len(frame.title) * TITLE * LEADING + _TITLE_PAD + frame.above + _MARGIN
    under = len(frame.caption) * SMALL * LEADING + frame.below + _MARGIN
    width, height = frame.width + 2 * _MARGIN, over + frame.picture + under
    inside = frame.width - frame.left - frame.right
    place = ((_MARGIN + frame.left) / width, under / height, inside / width, frame.picture / height)
    pyplot: Any = plt  # whose keywords have no types
    axes: Axes = pyplot.figure(figsize=(width / _INCH, height / _INCH)).add_axes(place)
    return axes


@attrs.frozen
class Canvas:
    """
    Axes and what is drawn on them.

    Attributes:
        axes: The axes.
        frame: What surrounds the picture.
    """

    axes: Axes
    frame: Frame

    @property
    def pen(self) -> Any:  # noqa: ANN401 - the keywords of Matplotlib's functions have no types
        """The axes, to draw with."""
        return self.axes

    def prepare(self) -> None:
        """White, the figure around the axes too; with a bottom line, title and caption."""
        pen = self.pen
        pen.figure.set_facecolor(PAPER)  # labels, columns and caption stand on it
        pen.set_facecolor(PAPER)
        for side in ("top", "right", "left"):
            pen.spines[side].set_visible(False)
        pen.spines["bottom"].set_color(MUTED)
        ticks = {"labelsize": SMALL, "labelcolor": INK, "color": MUTED}
        pen.tick_params(axis="both", **ticks)
        pen.set_axisbelow(True)
        pen.set_xscale("linear")
        pen.set_yscale("linear")
        pen.ticklabel_format(style="plain", useOffset=False)
        title = "\n".join(self.frame.title)
        pen.set_title(
            title,
            loc="left",
            pad=_TITLE_PAD + self.frame.above,
            fontsize=TITLE,
            fontweight="bold",
            color=INK,
        )
        self.beside(
            "\n".join(self.frame.caption),
            (0, 0),
            (-self.frame.left, -self.frame.below),
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
            self.pen.annotate(
                text,
                point,
                offset,
                xycoords=of,
                textcoords="offset points",
                annotation_clip=False,
                ha=side,
                va=vertical,
                fontsize=size * self.frame.scale,
                color=colour,
                **options,
            )

    # -- rows ------------------------------------------------------------------------------

    def rows(self, lines: Lines) -> None:
        """The lines from the top with their labels and headings."""
        pen = self.pen
        pen.set_ylim(max(lines.height, 1) - 0.5, -0.5)
        pen.set_yticks(lines.places, lines.labels, fontsize=TEXT)
        pen.tick_params(axis="y", length=0, pad=6)
        self.header(0, -6, lines.title, "right")
        for place, text in lines.headings:
            at = ("axes fraction", "data")
            self.beside(text, (0, place + 0.1), (4, 0), at, fontweight="bold")
            if place > 0:
                pen.axhline(place - 0.5, color=RULE, linewidth=0.8)

    def page(self, width: float, lines: int) -> None:
        """Without axes: from the left in points, from the top in lines."""
        pen = self.pen
        pen.set_xlim(0, width)
        pen.set_ylim(max(lines, 1) - 0.5, -0.5)
        pen.set_xticks([])
        pen.set_yticks([])
        pen.spines["bottom"].set_visible(False)

    def columns(
        self,
        places: Iterable[float],
        columns: Sequence[SideColumn],
        *,
        start: float | None = None,
    ) -> None:
        """
        Columns of text.

        Args:
            places: The line of each text.
            columns: The columns from the left.
            start: Where they start on a page; by default right of the picture.
        """
        of, edge, left = ("axes fraction", 1.0, GAP) if start is None else ("data", 0.0, start)
        for column in columns:
            offset = left if column.side == "left" else left + column.width
            x, away = (edge, offset) if start is None else (offset, 0.0)
            self.header(x, away, column.title, column.side, of)
            for y, text in zip(places, column.texts, strict=True):
                self.beside(text, (x, float(y)), (away, 0), (of, "data"), side=column.side)
            left += column.width + GAP

    def header(
        self, x: float, offset: float, text: str, side: Side, of: str = "axes fraction"
    ) -> None:
        """What a column of text is, above it."""
        at = (of, "axes fraction")
        self.beside(text, (x, 1), (offset, 4), at, side=side, vertical="bottom", colour=MUTED)

    def remark(self, y: float, text: str) -> None:
        """Why a line has nothing drawn on it."""
        at = ("axes fraction", "data")
        self.beside(text, (0, y), (6, 0), at, colour=MUTED, fontstyle="italic")

    # -- shapes ----------------------------------------------------------------------------

    def across(self, low: float, high: float) -> None:
        """The ends of the axis across, with light lines at its ticks."""
        pen = self.pen
        pen.set_xlim(low, high)
        pen.locator_params(axis="x", nbins=6)
        pen.grid(visible=True, axis="x", color=RULE, linewidth=0.6)

    def intervals(
        self, y: Floats, low: Floats, high: Floats, mark: Mark, width: float = 2.4
    ) -> None:
        """A line from low to high, as far as the axis goes; none where either is NaN."""
        ends = self.pen.get_xlim()
        known = ~(np.isnan(low) | np.isnan(high))
        low, high = np.clip(low, *ends), np.clip(high, *ends)
        if known.any():
            self.pen.hlines(
                y[known], low[known], high[known], colors=mark.colour, linewidth=width, zorder=2
            )

    def points(self, x: Floats, y: Floats, mark: Mark, scale: float = 1) -> None:
        """A marker at each place; none at NaN."""
        known = ~np.isnan(x)
        if known.any():
            self.pen.plot(
                x[known],
                y[known],
                linestyle="none",
                marker=mark.shape,
                markersize=mark.size * scale,
                markerfacecolor=mark.colour if mark.filled else PAPER,
                markeredgecolor=PAPER if mark.filled else mark.colour,
                markeredgewidth=0.8 if mark.filled else 1.4,
                zorder=3,
            )
