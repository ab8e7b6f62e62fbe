"""The printed form of a scorecard: each heading once, under it measures and their groups."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from custfocus.progress.places import Arrangement, Heading, Placed, lines_of
from custfocus.progress.reading import Reading, change_text
from custfocus.results.html import Html, escape, html_table
from custfocus.results.picture import axis_picture
from custfocus.results.result import SHOWN, Picture, Result
from custfocus.results.text import label_text, text_table
from custfocus.vocabulary.focus import CustomerFocus
from custfocus.vocabulary.measure import PerformanceMeasure

_NUMBERS = ("n", "missing", "value", "low", "high")
_COLUMNS = {
    "latest": "l",
    **dict.fromkeys(_NUMBERS, "r"),
    "change": "r",
    "target": "l",
    "verdict": "l",
    "chart": "l",
}  # with their alignment
_MARKS = {"met": "✓", "not met": "✗", "inconclusive": "?"}


class Table(NamedTuple):
    """
    What an outline shows.

    Attributes:
        focus: The customer focus.
        readings: What each measure says today, by its id; see `reading_of`.
        arrangement: By customer, need or service.
    """

    focus: CustomerFocus
    readings: Mapping[str, Result]
    arrangement: Arrangement = "customer"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that have something to show."""
        over_time = [one for one in self.readings.values() if isinstance(one, Reading)]
        charted = any((one.variation != "").any() for one in over_time)
        lacking = {*(() if over_time else ("latest", "change")), *(() if charted else ("chart",))}
        return tuple(name for name in _COLUMNS if name not in lacking)


def outline_text(table: Table) -> str:
    """The outline as a text table, indented."""
    columns = table.columns
    lines = [
        [f"{'  ' * line.depth}{line.text}", *(line.cells.get(name, "") for name in columns)]
        for line in _outline(table, drawn=False)
    ]
    return text_table(["", *columns], lines, "l" + "".join(_COLUMNS[name] for name in columns))


def outline_html(table: Table, notes: Sequence[str]) -> Html:
    """The outline as an HTML table with the intervals drawn."""
    columns = table.columns
    place = columns.index("target")  # the pictures stand before it
    rows: list[list[str]] = []
    for line in _outline(table, drawn=True):
        cells = [_html_cell(name, line.cells.get(name, "")) for name in columns]
        rows.append([_indented(line), *cells[:place], line.picture, *cells[place:]])
    titles = ["", *columns[:place], "", *columns[place:]]
    kinds = {**_COLUMNS, "verdict": "w"}
    letters = [kinds[name] for name in columns]
    align = "".join(["l", *letters[:place], "l", *letters[place:]])
    return html_table(titles, rows, align, notes[0], notes=notes[1:], row_headers=1)


class _Line(NamedTuple):
    """A line of the outline: a heading, or the numbers of a measure or group."""

    depth: int
    text: str
    cells: Mapping[str, str] = {}
    picture: Html = Html("")


def _outline(table: Table, *, drawn: bool) -> Iterator[_Line]:
    """Every heading and remark once, and the lines of the measures; with pictures or without."""
    for line in lines_of(table.focus, table.arrangement):
        if isinstance(line, Heading):
            yield _Line(line.depth, f"({line.text})" if line.remark else line.text)
        else:
            yield from _measure_lines(line, table.readings[line.measure.id], drawn=drawn)


def _measure_lines(placed: Placed, result: Result, *, drawn: bool) -> Iterator[_Line]:
    """One line for a single sample; a heading and a line for each group."""
    depth = placed.depth
    text = ", ".join([_measure_text(placed.measure), *_labels(dict(result.keys.fixed))])
    picture = result.picture() if drawn else None
    if picture is not None:
        picture = picture.on_axis()
    if not result.shape:
        [cells] = _cells(result)
        yield _Line(depth, text, cells, _with_axis(result, picture))
        return
    yield _Line(depth, text, picture=_axis(picture))
    head = result[:SHOWN]
    for row, (key, cells) in enumerate(zip(head.keys, _cells(head), strict=True)):
        labels = ", ".join(_labels(dict(zip(head.keys.names, key, strict=True))))
        own = Html("") if picture is None else result.drawn(picture, row)
        yield _Line(depth + 1, labels, cells, own)
    if len(result) > SHOWN:
        yield _Line(depth + 1, f"... and {len(result) - SHOWN:,} more groups")


def _measure_text(measure: PerformanceMeasure) -> str:
    index = "" if measure.metric.name == measure.name else measure.metric.name
    unit = str(measure.unit)
    kind = index if unit in index else ", ".join(filter(None, [index, unit]))
    return f"{measure.name} ({kind})"


def _labels(labels: Mapping[str, object]) -> list[str]:
    """Labels with their names, without the item: a measure has one."""
    return [
        f"{label_text(name)} {label_text(label)}"
        for name, label in labels.items()
        if name != "item"
    ]


def _cells(result: Result) -> list[dict[str, str]]:
    """The cells of each row by column."""
    columns, rows = result.columns(), result.keys.rows
    values = {name: np.broadcast_to(one.values, (rows,)).tolist() for name, one in columns.items()}
    texts = {name: columns[name].text or str for name in _NUMBERS if name in columns}
    more = columns["more_answers"].text if "more_answers" in columns else None
    cells: list[dict[str, str]] = []
    for place in range(rows):
        row = {name: column[place] for name, column in values.items()}
        numbers = {name: texts[name](row[name]) if name in texts else "-" for name in _NUMBERS}
        words = {
            "latest": label_text(row["latest"]) if row.get("latest") else "",
            "change": _change(result, row),
            "target": row.get("target") or "",
            "verdict": _verdict_text(row, more),
            "chart": row.get("variation") or "",
        }
        cells.append({**numbers, **words})
    return cells


def _change(result: Result, row: Mapping[str, Any]) -> str:
    """The change of a reading with its limits."""
    if not isinstance(result, Reading):
        return ""
    return change_text(result.metric, row["change"], row["change_low"], row["change_high"])


def _verdict_text(row: Mapping[str, Any], more: Callable[[Any], str] | None) -> str:
    """The verdict in words, also where there is none; with the answers that are lacking."""
    verdict, known = row.get("verdict"), not math.isnan(row.get("value", math.nan))
    if verdict is None:
        return "no target" if known else "no answers"
    if verdict != "inconclusive" or more is None:
        alone = known and math.isnan(row["low"])  # no limits are known
        return f"{verdict} (value alone)" if alone else str(verdict)
    lacking = more(row["more_answers"])
    return f"inconclusive ({lacking}{'' if math.isinf(row['more_answers']) else ' more'})"


def _indented(line: _Line) -> Html:
    return Html(f'<span style="padding-left: {1.2 * line.depth:g}em">{escape(line.text)}</span>')


def _html_cell(name: str, text: str) -> str:
    """A cell; the verdict with its mark."""
    mark = _MARKS.get(text.partition(" (")[0]) if name == "verdict" else None
    return Html(f'<span aria-hidden="true">{mark}</span> {escape(text)}') if mark else text


def _with_axis(result: Result, picture: Picture | None) -> Html:
    """The picture of a single interval under its scale; none without answers."""
    if picture is None:
        return Html("")
    drawn = result.drawn(picture, 0)
    return Html(f"{_axis(picture)}<br/>{drawn}" if drawn else "")


def _axis(picture: Picture | None) -> Html:
    """The scale of the pictures below."""
    if picture is None:
        return Html("")
    low, high = map(picture.text, picture.bounds)
    return axis_picture(picture.bounds, [low, high])
