"""
Colours that stay apart for colour-blind readers and in grey.

Blue and orange differ for every kind of colour blindness and in lightness; what a colour says, a
shape or a word says too.
"""

from typing import NamedTuple

import numpy as np

PAPER = "#ffffff"
INK = "#1f2328"
MUTED = "#57606a"
RULE = "#d8dee4"
BAND = "#e1e9f4"
BLUE = "#0b4f9e"
ORANGE = "#a84300"

_WORST, _MIDDLE, _BEST = (255, 204, 120), (130, 135, 146), (10, 44, 100)
_BLACK = "#000000"


class Mark(NamedTuple):
    """
    How a point is drawn.

    Attributes:
        colour: Of the point and its interval.
        shape: The marker, by Matplotlib's letter.
        filled: Whether the inside is coloured too.
        size: In points.
    """

    colour: str
    shape: str
    filled: bool = True
    size: float = 8


PLAIN = Mark(BLUE, "o")
OUTSIDE = Mark(ORANGE, "D")
OWN = Mark(MUTED, "D", filled=False, size=6)
MARKS = {
    "met": Mark(BLUE, "o"),
    "not met": Mark(ORANGE, "X", size=10),
    "inconclusive": Mark(MUTED, "D", filled=False),
}
"""By verdict."""


def ramp(points: int) -> list[str]:
    """
    A colour for each point of a scale, the worst first: from light orange to dark blue.

    Each is darker than the one before, so that the order is seen in grey.

    >>> ramp(3)
    ['#ffcc78', '#828792', '#0a2c64']
    """
    places = np.linspace(0, 1, points)
    ends = zip(_WORST, _MIDDLE, _BEST, strict=True)
    channels = [np.interp(places, [0, 0.5, 1], end).round().astype(int) for end in ends]
    return [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in zip(*channels, strict=True)]


def luminance(colour: str) -> float:
    """
    How light a colour is, from 0 (black) to 1 (white).

    References:
        Web Content Accessibility Guidelines 2.2, "relative luminance".

    >>> luminance("#ffffff")
    1.0
    """
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """
    How well two colours stand apart, from 1 to 21; texts need 4.5, shapes 3.

    References:
        Web Content Accessibility Guidelines 2.2, "contrast ratio", and criteria 1.4.3, 1.4.11.

    >>> contrast("#ffffff", "#000000")
    21.0
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """The colour of a text on this one: black or white, one of which has the contrast it needs."""
    return _BLACK if contrast(_BLACK, colour) >= contrast(PAPER, colour) else PAPER


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
