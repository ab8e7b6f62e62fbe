"""Sizes of texts, how wide they are, and how long ones are broken or shortened."""

import textwrap
from collections.abc import Iterable
from heapq import nlargest

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from custfocus.results.text import display_width

TEXT, SMALL, TITLE = 9, 8, 11  # points
LEADING = 1.35  # of the size of a text, from line to line

_MEASURED = 8  # texts of many: letters differ in width, so the longest need not be the widest
_ROUNDED = 1.03  # letters on a screen are whole pixels wide
_LETTER = 0.56  # of the size of a text: the width of a letter on average
_LABEL_LINE, _LABEL = 32, 60  # cells: of a line of a label, and of all of it


def text_width(text: str, size: float) -> float:
    """How wide a line of text is in the fonts in use, in points."""
    font = FontProperties(size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return _ROUNDED * float(width)


def widest(texts: Iterable[str], size: float) -> float:
    """How wide the widest of some texts is, in points; 0 for none."""
    lines = {line for text in texts for line in text.split("\n")}
    longest = nlargest(_MEASURED, lines, display_width)  # measuring takes .1 s for a hundred
    return max((text_width(line, size) for line in longest), default=0.0)


def broken(text: str, points: float, size: float) -> list[str]:
    """A text in lines of about this width; no percent sign starts one."""
    joined = text.replace(" %", "\N{NO-BREAK SPACE}%")
    lines = textwrap.wrap(joined, max(20, int(points / (size * _LETTER))))
    return [line.replace("\N{NO-BREAK SPACE}%", " %") for line in lines]


def wrapped_label(text: str) -> str:
    """A label on two lines at the most, its middle left out where it is longer."""
    short = shortened(text, _LABEL)
    width = display_width(short)
    if width <= _LABEL_LINE:
        return short
    letters = max(1, _LABEL_LINE * len(short) // width)  # fewer where they are wide
    return "\n".join(textwrap.wrap(short, letters, max_lines=2, placeholder=" …"))


def shortened(text: str, cells: int) -> str:
    """
    A text that is no wider, its middle left out: the ends of long labels tell them apart.

    >>> shortened("How satisfied are you with the quality of police services?", 40)
    'How satisfied are you wi … ice services?'
    """
    width = display_width(text)
    if width <= cells:
        return text
    letters = cells * len(text) // width - 3
    start = 2 * letters // 3
    return f"{text[:start]} … {text[len(text) - letters + start :]}"
