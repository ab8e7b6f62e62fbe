"""A tree of lines, as text and as HTML."""

from collections.abc import Iterator
from html import escape

import attrs


def _one_line(text: str) -> str:
    return " ".join(text.split())


@attrs.frozen
class Branch:
    """
    A line and the branches under it.

    >>> print(Branch("city", (Branch("clinic", (Branch("nurse"),)), Branch("library"))))
    city
    ├─ clinic
    │  └─ nurse
    └─ library
    """

    text: str = attrs.field(converter=_one_line)
    children: "tuple[Branch, ...]" = ()

    def __str__(self) -> str:
        return "\n".join([self.text, *self.lines()])

    def to_html(self) -> str:
        """The branch as a list item, with a list of those under it."""
        inner = "".join(child.to_html() for child in self.children)
        return f"<li>{escape(self.text)}{f'<ul>{inner}</ul>' if inner else ''}</li>"

    def lines(self) -> Iterator[str]:
        """The lines under the first, with their guides."""
        for place, child in enumerate(self.children, start=1):
            last = place == len(self.children)
            yield f"{'└' if last else '├'}─ {child.text}"
            yield from (f"{' ' if last else '│'}  {line}" for line in child.lines())
