"""Rows of cells as text and as HTML."""

from collections.abc import Sequence

_STYLES = {
    "l": "padding: .2em .7em; white-space: nowrap; text-align: left",
    "r": "padding: .2em .7em; white-space: nowrap; text-align: right",
}
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"}
)  # the module html loads 2,231 entities with every import


def escape(text: str) -> str:
    """
    A text as it is written in HTML, in an attribute or outside.

    >>> escape("R&D < 5")
    'R&amp;D &lt; 5'
    """
    return text.translate(_ESCAPES)


def text_table(titles: Sequence[str], rows: Sequence[Sequence[str]], align: str) -> str:
    """
    Columns as wide as their widest cell.

    Args:
        titles: One for each column.
        rows: Cells, one for each column.
        align: A letter for each column: l for left, r for right.

    >>> print(text_table(["name", "n"], [["web", "7"], ["phone", "12"]], "lr"))
    name    n
    web     7
    phone  12
    """
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    return "\n".join(_line(row, widths, align) for row in [titles, *rows])


def html_table(titles: Sequence[str], rows: Sequence[Sequence[str]], align: str) -> str:
    """The same table in HTML. Titles are escaped here; cells are HTML already."""
    head = _html_row("th", [escape(title) for title in titles], align)
    body = "".join(_html_row("td", row, align) for row in rows)
    return (
        '<table style="border-collapse: collapse">'
        f"<thead>{head}</thead><tbody>{body}</tbody></table>"
    )


def _line(row: Sequence[str], widths: Sequence[int], align: str) -> str:
    cells = (
        cell.ljust(width) if side == "l" else cell.rjust(width)
        for cell, width, side in zip(row, widths, align, strict=True)
    )
    return "  ".join(cells).rstrip()


def _html_row(tag: str, cells: Sequence[str], align: str) -> str:
    inner = "".join(
        f'<{tag} style="{_STYLES[side]}">{cell}</{tag}>'
        for cell, side in zip(cells, align, strict=True)
    )
    return f"<tr>{inner}</tr>"
