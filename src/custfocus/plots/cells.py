"""The columns of a result as a picture reads them: numbers and texts for each line."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.plots.picture_lines import called
from custfocus.results import Column, Metric, Result
from custfocus.results.arrays import Flags, Floats, Places


class Cells(NamedTuple):
    """
    The columns of a result by line.

    Attributes:
        columns: The columns by name.
        rows: The row of the result on each line.
        total: How many rows the result has.
    """

    columns: Mapping[str, Column]
    rows: Places
    total: int

    @classmethod
    def of(cls, result: Result, rows: Places | None = None) -> "Cells":
        """The columns of a result by line; a line for each row by default."""
        total = result.keys.rows
        return cls(result.columns(), np.arange(total) if rows is None else rows, total)

    @property
    def size(self) -> int:
        """How many lines there are."""
        return len(self.rows)

    def numbers(self, name: str) -> Floats:
        """A column as floats, NaN where there is no number."""
        return self._line(self.columns[name].values).astype(np.float64)

    def hidden(self, name: str) -> Flags:
        """Which cells of a column must not be shown."""
        hidden = self.columns[name].hidden
        return self._line(np.array(False) if hidden is None else hidden)  # noqa: FBT003

    def texts(self, name: str) -> list[str]:
        """A column as it is printed."""
        column = self.columns[name]
        text = column.text or str
        cells = [text(one) for one in self._line(column.values).tolist()]
        hidden = self.hidden(name).tolist()
        return ["*" if out else cell for out, cell in zip(hidden, cells, strict=True)]

    def quoted(self, value: str = "value", low: str = "low", high: str = "high") -> list[str]:
        """A column of each line with its limits; nothing where there is no number."""
        columns = zip(*(self.texts(name) for name in (value, low, high)), strict=True)
        return [
            "" if math.isnan(number) else middle if least == "-" else f"{middle} [{least}, {most}]"
            for number, (middle, least, most) in zip(self.numbers(value), columns, strict=True)
        ]

    def verdicts(self) -> list[str]:
        """The verdict of each line, and how many more answers a definite one would take."""
        if self.columns["more_answers"].text is None:  # records, which no answer adds to
            alone = np.isnan(self.numbers("low")) & ~np.isnan(self.numbers("value"))
            words = zip(self.texts("verdict"), alone, strict=True)
            return [f"{verdict} (value alone)" if one else verdict for verdict, one in words]
        finite = np.isfinite(self.numbers("more_answers"))
        columns = zip(self.texts("verdict"), self.texts("more_answers"), finite, strict=True)
        return [
            f"{verdict} ({more}{' more' if known else ''})" if more else verdict
            for verdict, more, known in columns
        ]

    def _line(self, values: NDArray[Any]) -> NDArray[Any]:
        return np.broadcast_to(values, (self.total,))[self.rows]


def title_of(result: Result, what: str) -> str:
    """What a picture shows, with the labels that all rows share before it."""
    said = [called(name, label) for name, label in result.keys.fixed if name not in result.unspoken]
    return ": ".join(filter(None, [", ".join(said), what]))


def span(numbers: Floats, bounds: tuple[float, float]) -> tuple[float, float]:
    """
    The ends of an axis that shows some numbers: with a margin, and hardly beyond the scale.

    Args:
        numbers: What is shown; those that are not finite are left out.
        bounds: Of the scale; shown as a whole where there are no numbers.
    """
    shown = numbers[np.isfinite(numbers)]
    least, most = bounds
    if not len(shown):
        return bounds if math.isfinite(most - least) else (0.0, 1.0)
    low, high = float(shown.min()), float(shown.max())
    margin = 0.08 * (high - low) or 1.0
    return max(low - margin, least - margin / 4), min(high + margin, most + margin / 4)


def measured(metric: Metric) -> str:
    """The name of a metric with its unit."""
    return (
        metric.name
        if metric.unit == "number" or metric.unit in metric.name
        else f"{metric.name}, {metric.unit}"
    )
