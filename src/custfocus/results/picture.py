"""An interval on its scale as a small picture, and the scale itself for the column's title."""

import math
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from custfocus.results.html import Html, escape
from custfocus.results.numbers import decimals_for, rounded

Bounds = tuple[float, float]

_WIDTH, _HEIGHT, _MARGIN = 200, 16, 4
_AXIS_HEIGHT, _FONT, _LETTER = 20, 10, 6  # a letter of that font is no wider
_THINNEST = 1.5  # a bar of a single point can still be seen
_BAR = 0.5  # the opacity that has a contrast of 3:1 to the page and to the mark, light and dark


def interval_picture(
    value: float,
    low: float,
    high: float,
    bounds: Bounds,
    target: Bounds | None = None,
    *,
    name: str,
    target_name: str = "target",
) -> Html:
    """
    A value and its interval on the scale, with the target's range outlined.

    All is in the page's own text colour. Rows that are to be compared need the same *bounds*:
    where the metric has none, those of `axis_bounds` over all rows.

    Args:
        value: The mark in the bar. NaN, for no answers, gives an empty text.
        low: Where the bar starts; NaN where no interval is known.
        high: Where the bar ends, likewise.
        bounds: The ends of the scale. An infinite one is set a little beyond the interval.
        target: The range to outline, infinite where it has no end; None for none.
        name: What the value is, for readers who do not see the picture.
        target_name: What the range is, likewise.

    >>> picture = interval_picture(62, 55.5, 68.25, (0, 100), (60, math.inf), name="CSAT")
    >>> picture.split('"')[3]
    'CSAT 62.0, interval 55.5 to 68.3, scale 0.0 to 100.0, target at least 60.0'
    """
    if math.isnan(value):
        return Html("")
    axis = _Axis(*axis_bounds(bounds, (value, low, high)))
    shapes = [_bar(axis.place(axis.lowest), axis.place(axis.highest), 1)]
    if axis.lowest < 0 < axis.highest:
        shapes.append(_bar(axis.place(0) - 0.5, axis.place(0) + 0.5, _HEIGHT))
    if low <= high:
        shapes.append(_bar(axis.place(low), axis.place(high), 8))
    outline = "" if target is None else _outline(axis.place(target[0]), axis.place(target[1]))
    mark = _bar(axis.place(value) - 1, axis.place(value) + 1, 14)
    places = decimals_for(*bounds)
    words = _words(name, (value, low, high), bounds, places)
    if target is not None:
        words += f", {target_name} {_range_words(target, places)}"
    bars = f'<g opacity="{_BAR}">{"".join(shapes)}</g>'  # as one: overlaps are no darker
    return _svg(words, _HEIGHT, f"{outline}{bars}{mark}")


def axis_picture(bounds: Bounds, texts: Sequence[str]) -> Html:
    """
    The scale of a column of pictures, for its title: a line with its ends, and 0 where it has one.

    Args:
        bounds: The ends of the scale, finite, as given to the pictures.
        texts: Both ends as they are written.

    >>> axis_picture((-100, 100), ["-100", "100"]).split('"')[3]
    'scale -100 to 100'
    """
    axis = _Axis(*axis_bounds(bounds))
    start, end = axis.place(axis.lowest), axis.place(axis.highest)
    lowest, highest = texts
    shapes = [_rect(start, _AXIS_HEIGHT - 3, end - start, 1)]
    shapes += [_rect(place, _AXIS_HEIGHT - 5, 1, 5) for place in (start, end - 1)]
    written = [_text(start, "start", lowest), _text(end, "end", highest)]
    if axis.lowest < 0 < axis.highest:
        zero = axis.place(0)
        shapes.append(_rect(zero - 0.5, _AXIS_HEIGHT - 5, 1, 5))
        left, right = start + _LETTER * (len(lowest) + 1), end - _LETTER * (len(highest) + 1)
        written += [_text(zero, "middle", "0")] if left <= zero <= right else []
    return _svg(f"scale {lowest} to {highest}", _AXIS_HEIGHT, "".join([*shapes, *written]))


def axis_bounds(bounds: Bounds, numbers: Iterable[float] = ()) -> Bounds:
    """
    The ends of a scale to show numbers on: finite, and never the same.

    Args:
        bounds: Those of the metric. A finite one stays; an infinite one is set a tenth of the
            range beyond the numbers.
        numbers: What is shown; those that are not finite are left out.

    >>> axis_bounds((0, math.inf), [20, 50, math.nan])
    (0.0, 55.0)
    """
    widest = sys.float_info.max
    finite = [float(number) for number in (*bounds, *numbers) if math.isfinite(number)] or [0.0]
    lowest, highest = min(finite), max(finite)
    margin = (highest / 2 - lowest / 2) / 5 or max(1.0, abs(highest) / 10)  # halves: no overflow
    below, above = max(lowest - margin, -widest), min(highest + margin, widest)
    start = float(bounds[0]) if math.isfinite(bounds[0]) else below
    end = float(bounds[1]) if math.isfinite(bounds[1]) else above
    return (start, end) if start < end else (below, above)


class _Axis(NamedTuple):
    """A scale and where on the picture its numbers are."""

    lowest: float
    highest: float

    def place(self, number: float) -> float:
        """Pixels from the left; beyond an end, those of the end."""
        within = min(max(number, self.lowest), self.highest)
        unit = 1 if math.isfinite(self.highest - self.lowest) else 0.5
        span = self.highest * unit - self.lowest * unit
        return _MARGIN + (within * unit - self.lowest * unit) / span * (_WIDTH - 2 * _MARGIN)


def _words(name: str, numbers: Iterable[float], bounds: Bounds, decimals: int) -> str:
    value, low, high = (rounded(number, decimals) for number in numbers)
    interval = "no interval" if "-" in (low, high) else f"interval {low} to {high}"
    scale = ""
    if all(map(math.isfinite, bounds)):
        scale = f", scale {rounded(bounds[0], decimals)} to {rounded(bounds[1], decimals)}"
    return f"{name} {value}, {interval}{scale}"


def _range_words(ends: Bounds, decimals: int) -> str:
    low, high = (rounded(end, decimals) for end in ends)
    if math.isinf(ends[1]):
        return f"at least {low}"
    return f"at most {high}" if math.isinf(ends[0]) else f"{low} to {high}"


def _svg(words: str, height: int, shapes: str) -> Html:
    """
    A picture with its text for those who do not see it.

    Its width is fixed, since notebooks shrink pictures to the cell and cells to their content. Edges
    lie on pixels: a thin line between two would be too pale.
    """
    style = f"width: {_WIDTH}px; min-width: {_WIDTH}px; max-width: none; height: {height}px"
    label = escape(words)
    return Html(
        f'<svg role="img" aria-label="{label}" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" fill="currentColor" '
        f'shape-rendering="crispEdges" style="{style}; vertical-align: middle"><title>{label}</title>{shapes}</svg>'
    )


def _bar(start: float, end: float, height: float) -> str:
    """A bar across the middle of an interval's picture."""
    return _rect(start, (_HEIGHT - height) / 2, max(end - start, _THINNEST), height)


def _outline(start: float, end: float) -> str:
    """A range as high as the picture, its line inside it."""
    line = 'fill-opacity="0.05" stroke="currentColor" stroke-opacity="0.6" stroke-dasharray="3 2"'
    return _rect(start, 0.5, max(end - start, _THINNEST), _HEIGHT - 1, line)


def _rect(x: float, y: float, width: float, height: float, more: str = "") -> str:
    """Of a tenth of a pixel."""
    size = f'x="{x:.1f}" y="{y:g}" width="{width:.1f}" height="{height:g}"'
    return f"<rect {size}{more and ' '}{more}/>"


def _text(place: float, anchor: str, text: str) -> str:
    """A number over the scale; one that is too long is narrowed."""
    room = (_WIDTH - 2 * _MARGIN) // 2 - _LETTER
    narrow = f' textLength="{room}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<text x="{place:.1f}" y="{_FONT + 1}" text-anchor="{anchor}" font-size="{_FONT}" '
        f'font-weight="normal"{narrow if _LETTER * len(text) > room else ""}>{escape(text)}</text>'
    )
