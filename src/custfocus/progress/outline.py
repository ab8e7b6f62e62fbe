"""The printed form of a scorecard: each heading once, under it measures and their groups."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from custfocus.progress.verdict import more_text
from custfocus.results.html import Html, escape, html_table
from custfocus.results.picture import axis_picture
from custfocus.results.result import SHOWN, Picture, Result
from custfocus.results.text import label_text, text_table
from custfocus.vocabulary.focus import CustomerFocus
from custfocus.vocabulary.measure import PerformanceMeasure
from custfocus.vocabulary.parties import Customer
from custfocus.vocabulary.voice import Need, Requirement

Parts = Mapping[str, Result]

_NUMBERS = ("n", "missing", "value", "low", "high")
_TITLES = ("", *_NUMBERS, "target", "verdict")
_ALIGN = "lrrrrrll"
_MARKS = {"met": "✓", "not met": "✗", "inconclusive": "?"}


class MeasurePath(NamedTuple):
    """A measure with its requirement, need and customer."""

    customer: Customer
    need: Need
    requirement: Requirement
    measure: PerformanceMeasure

    @property
    def names(self) -> tuple[str, str, str, str]:
        """The name or text of each."""
        return self.customer.name, self.need.text, self.requirement.text, self.measure.name


def measure_paths(focus: CustomerFocus) -> Iterator[MeasurePath]:
    """Every measure in the order of the focus: by customer, need and requirement."""
    for customer in focus.customers:
        for need in focus.needs_of(customer):
            for requirement in focus.requirements_of(need):
                for measure in focus.measures_of(requirement):
                    yield MeasurePath(customer, need, requirement, measure)


def outline_text(focus: CustomerFocus, parts: Parts) -> str:
    """The outline as a text table, indented."""
    lines = [
        [f"{'  ' * line.depth}{line.text}", *(line.cells or [""] * (len(_TITLES) - 1))]
        for line in _outline(focus, parts)
    ]
    return text_table(_TITLES, lines, _ALIGN)


def outline_html(focus: CustomerFocus, parts: Parts, notes: Sequence[str]) -> Html:
    """The outline as an HTML table with the intervals drawn."""
    rows = [
        [_indented(line), *_html_cells(line.cells or [""] * (len(_TITLES) - 1), line.picture)]
        for line in _outline(focus, parts)
    ]
    titles = [*_TITLES[:-2], "", *_TITLES[-2:]]
    align = f"{_ALIGN[:-2]}llw"
    return html_table(titles, rows, align, notes[0], notes=notes[1:], row_headers=1)


class _Line(NamedTuple):
    """A line of the outline: a heading, or the numbers of a measure or group."""

    depth: int
    text: str
    cells: list[str] = []  # noqa: RUF012 - never written to
    picture: Html = Html("")


def _outline(focus: CustomerFocus, parts: Parts) -> Iterator[_Line]:
    """Every level of customer, need and requirement once, the measures on the last."""
    before: list[str] = []
    for path in measure_paths(focus):
        ids = [one.id for one in path]
        for depth, text in enumerate(_headings(path)):
            if ids[: depth + 1] != before[: depth + 1]:
                yield _Line(depth, text)
        yield from _measure_lines(path.measure, parts[path.measure.id])
        before = ids


def _headings(path: MeasurePath) -> tuple[str, str, str]:
    requirement = path.requirement
    return (
        path.customer.name,
        f"needs {path.need.text}",
        f"{requirement.kind}: {requirement.text}",
    )


def _measure_lines(measure: PerformanceMeasure, result: Result) -> Iterator[_Line]:
    """One line for a single sample; a heading and a line for each group."""
    text = ", ".join([_measure_text(measure), *_labels(dict(result.keys.fixed))])
    picture = result.picture()
    if picture is not None:
        picture = picture.on_axis()
    if picture is None or not result.shape:
        [cells] = _cells(result)
        yield _Line(3, text, cells, Html("") if picture is None else _with_axis(result, picture))
        return
    yield _Line(3, text, picture=_axis(picture))
    head = result[:SHOWN]
    for row, (key, cells) in enumerate(zip(head.keys, _cells(head), strict=True)):
        labels = ", ".join(_labels(dict(zip(head.keys.names, key, strict=True))))
        yield _Line(4, labels, cells, result.drawn(picture, row))
    if len(result) > SHOWN:
        yield _Line(4, f"... and {len(result) - SHOWN:,} more groups")


def _measure_text(measure: PerformanceMeasure) -> str:
    index = "" if measure.recorded else measure.metric.name
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


def _cells(result: Result) -> list[list[str]]:
    """n, missing, value, low, high, target and verdict of each row."""
    columns, rows = result.columns(), result.to_dicts()
    texts = {name: columns[name].text or str for name in _NUMBERS if name in columns}
    return [
        [
            *(texts[name](row[name]) if name in texts else "-" for name in _NUMBERS),
            row.get("target") or "",
            _verdict_text(row, counts_more=columns["more_answers"].text is not None)
            if "more_answers" in columns
            else _verdict_text(row),
        ]
        for row in rows
    ]


def _verdict_text(row: Mapping[str, object], *, counts_more: bool = True) -> str:
    """The verdict in words, also where there is none."""
    verdict = row.get("verdict")
    if verdict is None:
        return "no answers" if row["value"] is None else "no target"
    if verdict != "inconclusive" or not counts_more:
        alone = row.get("value") is not None and row["low"] is None  # no limits are known
        return f"{verdict} (value alone)" if alone else str(verdict)
    more = row["more_answers"]
    if more is None:
        return f"inconclusive ({more_text(math.inf)})"
    return f"inconclusive ({more_text(float(str(more)))} more)"


def _indented(line: _Line) -> Html:
    return Html(f'<span style="padding-left: {1.2 * line.depth:g}em">{escape(line.text)}</span>')


def _html_cells(cells: Sequence[str], picture: Html) -> list[str]:
    *numbers, target, verdict = cells
    mark = _MARKS.get(verdict.partition(" (")[0])
    marked = f'<span aria-hidden="true">{mark}</span> {escape(verdict)}' if mark else verdict
    return [*numbers, picture, target, Html(marked) if mark else verdict]


def _with_axis(result: Result, picture: Picture) -> Html:
    """The picture of a single interval under its scale; none without answers."""
    drawn = result.drawn(picture, 0)
    return Html(f"{_axis(picture)}<br/>{drawn}" if drawn else "")


def _axis(picture: Picture) -> Html:
    """The scale of the pictures below."""
    low, high = map(picture.text, picture.bounds)
    return axis_picture(picture.bounds, [low, high])
