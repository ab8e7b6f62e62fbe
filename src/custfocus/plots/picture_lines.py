"""The lines of a picture: a row of the result on each, under headings for the groups around it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from custfocus.errors import OptionError
from custfocus.plots.lettering import TEXT, shortened, widest, wrapped_labels
from custfocus.results import Result
from custfocus.results.arrays import Floats, Places
from custfocus.results.text import label_text, named_text

MOST_LINES = 1000  # a picture of more is higher than the 65,535 pixels that Agg can draw

_LINE, _HIGH = 21.0, 28.0  # points from line to line
_HEADING = 100  # cells


class Lines(NamedTuple):
    """
    Where the rows of a result stand, from the top.

    Attributes:
        rows: The row of the result on each line.
        places: Where the line is, in lines from the top.
        labels: What the row is called, of two lines at the most.
        headings: Where headings are, and what they say.
        title: What the labels are of.
    """

    rows: Places
    places: Floats
    labels: list[str]
    headings: list[tuple[float, str]]
    title: str

    @property
    def height(self) -> int:
        """How many lines there are, headings included."""
        return len(self.rows) + len(self.headings)

    @property
    def points(self) -> float:
        """The height of all lines; more where labels are of two lines."""
        return max(self.height, 1) * (
            _LINE if all("\n" not in label for label in self.labels) else _HIGH
        )

    @property
    def width(self) -> float:
        """The room for the labels, in points."""
        return widest([self.title, *self.labels], TEXT) + 8


def lines_of(
    result: Result,
    single: str,
    *,
    names: Sequence[str] = (),
    silent: Sequence[str] = (),
    order: Places | None = None,
) -> Lines:
    """
    A line for each row; rows alike in all names but some stand together under a heading.

    Args:
        result: What has the rows.
        single: What a row without names is called.
        names: The names that label a line, joined by "minus"; by default the last one.
        silent: Names that are in no heading.
        order: The rows from the top; by default as they are.

    Raises:
        OptionError: More rows than can be drawn.
    """
    keys = result.keys
    if keys.rows > MOST_LINES:
        raise OptionError(
            f"a picture has {MOST_LINES:,} rows at the most, got {keys.rows:,}; choose some of "
            "them by sel() or []"
        )
    rows = np.arange(keys.rows) if order is None else order
    labelling = tuple(names) or keys.names[-1:]
    around = [name for name in keys.names if name not in {*labelling, *silent}]
    blocks = _joined(result, around, ", ", named=True)
    labels = _joined(result, labelling, " minus ") if labelling else [single]
    headings: list[tuple[float, str]] = []
    places: list[float] = []
    before = None
    for place, row in enumerate(rows.tolist()):
        if around and blocks[row] != before:
            before = blocks[row]
            headings.append((float(place + len(headings)), before))
        places.append(float(place + len(headings)))
    heads = shortened([text for _, text in headings], _HEADING)
    return Lines(
        rows,
        np.array(places, np.float64),
        wrapped_labels([labels[row] for row in rows.tolist()]),
        [(place, short) for (place, _), short in zip(headings, heads, strict=True)],
        "first minus second" if len(labelling) > 1 else "".join(map(label_text, labelling)),
    )


def called(name: str, label: object) -> str:
    """A label with its name; that of an item goes without."""
    return named_text(name, label_text(label))


def _joined(
    result: Result, names: Sequence[str], between: str, *, named: bool = False
) -> list[str]:
    """For each row its labels by some names."""
    columns = [
        [named_text(name, text) if named else text for text in result.row_texts(name)]
        for name in names
    ]
    return [between.join(row) for row in zip(*columns, strict=True)]
