"""An interval on its scale, as a small picture."""

import math

_WIDTH, _HEIGHT, _MARGIN = 200, 16, 4


def interval_strip(
    value: float,
    low: float,
    high: float,
    bounds: tuple[float, float],
    target: tuple[float, float] | None = None,
) -> str:
    """
    An SVG: the scale as a thin line, the target's range shaded, the interval and its value.

    Args:
        value: The mark in the bar. NaN, for no answers, gives an empty text.
        low: Where the bar starts.
        high: Where the bar ends.
        bounds: The ends of the scale.
        target: The range to shade, infinite where it has no end; None for none.
    """
    if math.isnan(value):
        return ""
    lowest, highest = bounds

    def place(number: float) -> float:
        share = (min(max(number, lowest), highest) - lowest) / (highest - lowest)
        return _MARGIN + share * (_WIDTH - 2 * _MARGIN)

    shapes = [
        _bar(place(lowest), place(highest), 1, "#999"),
        _bar(place(low), place(high), 8, "#58a"),
        _bar(place(value) - 1, place(value) + 1, 12, "#124"),
    ]
    if target is not None:
        shapes.insert(0, _bar(place(target[0]), place(target[1]), _HEIGHT, "#cec"))
    return f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img">{"".join(shapes)}</svg>'


def _bar(start: float, stop: float, height: float, colour: str) -> str:
    return (
        f'<rect x="{start:.1f}" y="{(_HEIGHT - height) / 2:g}" width="{max(stop - start, 1.5):.1f}" '
        f'height="{height:g}" fill="{colour}"/>'
    )
