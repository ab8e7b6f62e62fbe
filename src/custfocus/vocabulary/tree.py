"""A tree of lines, as text and as HTML."""

from collections.abc import Iterator
from typing import NamedTuple

from custfocus.tables import escape


class Branch(NamedTuple):
    """
    A line and the branches under it.

    >>> print(Branch("city", (Branch("clinic", (Branch("nurse"),)), Branch("library"))))
    city
    ├─ clinic
    │  └─ nurse
    └─ library
    """

    text: str
    children: "tuple[Branch, ...]" = ()

    @property
    def line(self) -> str:
        """The text on one line, whatever breaks it came with."""
        return " ".join(self.text.split())

    def __str__(self) -> str:
        return "\n".join([self.line, *self.lines()])

    def to_html(self) -> str:
        """The branch as a list item, with a list of those under it."""
        inner = "".join(child.to_html() for child in self.children)
        return f"<li>{escape(self.line)}{f'<ul>{inner}</ul>' if inner else ''}</li>"

    def lines(self) -> Iterator[str]:
        """The lines under the first, with their guides."""
        for place, child in enumerate(self.children, start=1):
            last = place == len(self.children)
            yield f"{'└' if last else '├'}─ {child.line}"
            yield from (f"{' ' if last else '│'}  {line}" for line in child.lines())
