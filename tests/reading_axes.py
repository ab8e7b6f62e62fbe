"""What is drawn on axes, in numbers and texts."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D


def texts(axes):
    """All texts but labels of rows and ticks, with their artists' order."""
    return [text.get_text() for text in axes.texts]


def column(axes, title):
    """The texts of a column beside the picture, from the top."""
    [head] = [text for text in axes.texts if text.get_text() == title]
    x, offset = head.xy[0], head.xyann[0]
    return [
        text.get_text()
        for text in axes.texts
        if (text.xy[0], text.xyann[0]) == (x, offset) and text is not head
    ]


def remarks(axes):
    """The texts in italics by their line, and why nothing is drawn there."""
    return {
        float(text.xy[1]): text.get_text()
        for text in axes.texts
        if text.get_fontstyle() == "italic"
    }


def row_labels(axes):
    """The labels of the rows from the top."""
    return [label.get_text() for label in axes.get_yticklabels()]


def intervals(axes):
    """Line, low and high of each interval, from the top."""
    found = [
        (float(start[1]), float(start[0]), float(end[0]))
        for lines in axes.collections
        if isinstance(lines, LineCollection)
        for start, end in lines.get_segments()
    ]
    return sorted(found)


def points(axes, shape=None):
    """Line and place of each marker, from the top; those of one shape."""
    found = [
        (float(y), float(x))
        for line in axes.lines
        if line.get_marker() not in {"None", None, ""}
        and (shape is None or line.get_marker() == shape)
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]
    return sorted(found)


def caption(axes):
    """The text below the picture, on one line."""
    [below] = [text for text in axes.texts if text.get_verticalalignment() == "top"]
    return below.get_text().replace("\n", " ")


def numbers(axes):
    """Every number by which something is placed."""
    lines = [line.get_xydata() for line in axes.lines if isinstance(line, Line2D)]
    segments = [
        segment
        for one in axes.collections
        if isinstance(one, LineCollection)
        for segment in one.get_segments()
    ]
    bars = [[bar.get_x(), bar.get_width(), bar.get_y()] for bar in axes.patches]
    written = [text.xy for text in axes.texts]
    return np.concatenate([np.ravel(one) for one in [*lines, *segments, *bars, *written]])
