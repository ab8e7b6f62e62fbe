"""Tables in HTML that a screen reader can read out, in light and dark notebooks."""

from collections.abc import Sequence

from custfocus.results.text import printable

_PADDING = "padding: .2em .7em; white-space: nowrap"
_SIDES = {
    "l": "text-align: left",
    "r": "text-align: right",
    "w": "text-align: left; white-space: normal; min-width: 9em",
}
_TITLE = "vertical-align: bottom; border-bottom: 1px solid currentColor"
_CAPTION = (
    "caption-side: bottom; text-align: left; padding: .4em .7em; font-size: .9em; "
    "color: inherit"  # some notebooks have it in a grey of little contrast
)
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"}
)  # the module html loads 2,231 entities with every import


class Html(str):
    """A text that is HTML already and is not escaped again."""

    __slots__ = ()


def escape(text: str) -> Html:
    """
    A text as it is written in HTML, in an attribute or outside; `Html` as it is.

    What would break a line or turn its direction is escaped as in text tables, see `printable`.

    >>> print(escape("R&D < 5"))
    R&amp;D &lt; 5
    """
    if isinstance(text, Html):
        return text
    return Html(printable(text).translate(_ESCAPES))


def html_table(
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    align: str,
    caption: str = "",
    *,
    notes: Sequence[str] = (),
    row_headers: int = 0,
) -> Html:
    """
    A table with its caption, where each title is the header of its column.

    All texts are escaped here; those of type `Html`, such as pictures, are not. Colours are
    those of the page around it.

    Args:
        titles: One for each column; an empty one heads nothing.
        rows: Cells, one for each column.
        align: A letter for each column: l for left, r for right, w for left and wrapped.
        caption: What the table shows; under the table, and read out before it.
        notes: More about it, each on a line of its own under the caption.
        row_headers: How many columns, from the first, name their row.

    >>> table = html_table(["city", "n"], [["Bonn", "7"]], "lr", "answers", row_headers=1)
    >>> table.count("<th scope="), table.count("<td")
    (3, 1)
    """
    lines = "<br/>".join(escape(line) for line in (caption, *notes) if line)
    head = "".join(
        _cell("col", title, f"{_SIDES[side]}; {_TITLE}")
        for title, side in zip(titles, align, strict=True)
    )
    body = "".join(f"<tr>{_row(row, align, row_headers)}</tr>" for row in rows)
    return Html(
        '<table style="border-collapse: collapse">'
        + (f'<caption style="{_CAPTION}">{lines}</caption>' if lines else "")
        + f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(cells: Sequence[str], align: str, row_headers: int) -> str:
    sides = [_SIDES[side] for side in align]
    scopes = ["row"] * row_headers + [""] * (len(sides) - row_headers)
    return "".join(_cell(*cell) for cell in zip(scopes, cells, sides, strict=True))


def _cell(scope: str, content: str, style: str) -> str:
    """A header of a column or row; a plain cell without a scope or a text, for it heads nothing."""
    style = f"{_PADDING}; {style}"
    if not (scope and content):
        return f'<td style="{style}">{escape(content)}</td>'
    style += "; font-weight: normal" if scope == "row" else ""
    return f'<th scope="{scope}" style="{style}">{escape(content)}</th>'
