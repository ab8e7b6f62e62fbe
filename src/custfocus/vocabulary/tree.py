"""A tree of lines, as text in ASCII and as HTML."""

from collections.abc import Iterator
from typing import NamedTuple

from custfocus.results.html import escape
from custfocus.results.text import printable


class Branch(NamedTuple):
    """
    A line and the branches under it.

    >>> print(Branch("city", (Branch("clinic", (Branch("nurse"),)), Branch("library"))))
    city
    +- clinic
    |  +- nurse
    +- library
    """

    text: str
    children: "tuple[Branch, ...]" = ()

    @property
    def line(self) -> str:
        """The text on one line, whatever breaks and control characters it came with."""
        return printable(" ".join(self.text.split()))

    def __str__(self) -> str:
        return "\n".join([self.line, *self.lines()])

    def to_html(self) -> str:
        """The branch as a list item, with a list of those under it."""
        inner = "".join(child.to_html() for child in self.children)
        return f"<li>{escape(self.line)}{f'<ul>{inner}</ul>' if inner else ''}</li>"

    def lines(self) -> Iterator[str]:
        """The lines under the first, with guides in ASCII, which any stream can print."""
        for place, child in enumerate(self.children, start=1):
            guide = "|" if place < len(self.children) else " "
            yield f"+- {child.line}"
            yield from (f"{guide}  {line}" for line in child.lines())
