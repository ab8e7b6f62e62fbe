"""Rows of cells as text and as HTML."""

from collections.abc import Sequence
from html import escape

CELL = "padding: .25em .7em; text-align: {align}; vertical-align: top"


def text_table(titles: Sequence[str], rows: Sequence[Sequence[str]], left: int) -> str:
    """
    Columns of equal width, the first *left* of them aligned to the left, the rest to the right.

    >>> print(text_table(["name", "n"], [["web", "7"], ["phone", "12"]], left=1))
    name    n
    web     7
    phone  12
    """
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    return "\n".join(_line(row, widths, left) for row in [titles, *rows])


def _line(row: Sequence[str], widths: Sequence[int], left: int) -> str:
    cells = (
        cell.ljust(width) if place < left else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()


def html_table(titles: Sequence[str], rows: Sequence[Sequence[str]], left: int) -> str:
    """The same table in HTML. Titles are escaped here; cells are HTML already."""
    head = "".join(_cell("th", escape(title), place < left) for place, title in enumerate(titles))
    body = "".join(
        f"<tr>{''.join(_cell('td', cell, place < left) for place, cell in enumerate(row))}</tr>"
        for row in rows
    )
    return (
        '<table style="border-collapse: collapse">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell(tag: str, content: str, left: bool) -> str:  # noqa: FBT001 - internal
    style = CELL.format(align="left" if left else "right")
    return f'<{tag} style="{style}">{content}</{tag}>'
