"""An interval on its scale, as a small picture."""

_WIDTH, _HEIGHT, _MARGIN = 160, 16, 4


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
        value: The dot.
        low: Where the bar starts.
        high: Where the bar ends.
        bounds: The ends of the scale.
        target: The range to shade, infinite where it has no end; None for none.
    """
    lowest, highest = bounds

    def place(number: float) -> float:
        share = (min(max(number, lowest), highest) - lowest) / (highest - lowest)
        return round(_MARGIN + share * (_WIDTH - 2 * _MARGIN), 1)

    middle = _HEIGHT / 2
    shapes = [_line(place(lowest), place(highest), "#999", 1)]
    if target is not None:
        start, stop = map(place, target)
        shapes.insert(
            0,
            f'<rect x="{start}" y="0" width="{max(stop - start, 1):.1f}" height="{_HEIGHT}" '
            'fill="#2a7" fill-opacity=".2"/>',
        )
    shapes.append(_line(place(low), place(high), "#247", 5))
    shapes.append(
        f'<circle cx="{place(value)}" cy="{middle}" r="4" fill="#fff" stroke="#247" '
        'stroke-width="2"/>'
    )
    return f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img">{"".join(shapes)}</svg>'


def _line(start: float, stop: float, colour: str, thickness: int) -> str:
    middle = _HEIGHT / 2
    return (
        f'<line x1="{start}" y1="{middle}" x2="{stop}" y2="{middle}" '
        f'stroke="{colour}" stroke-width="{thickness}"/>'
    )
