"""The lines that a scorecard prints: every heading once, then the measures and groups."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from custfocus.indices.estimate import format_number
from custfocus.interval_strip import interval_strip
from custfocus.progress.verdict import Standing
from custfocus.scorecards.row import ScorecardRow
from custfocus.tables import escape, html_table, text_table

_TITLES = ("", "n", "missing", "value", "low", "high", "target", "verdict")
_ALIGN = "lrrrrrll"
_MARKS: dict[str, str] = {
    Standing.MET: '<span style="color: #275">✓</span> ',
    Standing.NOT_MET: '<span style="color: #a33">✗</span> ',
    Standing.INCONCLUSIVE: '<span style="color: #777">?</span> ',
}


def outline_text(rows: Iterable[ScorecardRow], group_names: tuple[str, ...]) -> str:
    """The rows as an indented text table."""
    lines = [
        [f"{'  ' * line.depth}{line.text}", *line.cells]
        for line in _outline(rows, group_names, _text_cells)
    ]
    return text_table(_TITLES, lines, _ALIGN)


def outline_html(rows: Iterable[ScorecardRow], group_names: tuple[str, ...]) -> str:
    """The rows as an indented HTML table with the intervals drawn."""
    lines = [
        [
            f'<span style="padding-left: {1.2 * line.depth:g}em">{escape(line.text)}</span>',
            *line.cells,
        ]
        for line in _outline(rows, group_names, _html_cells)
    ]
    titles = [*_TITLES[:-2], "", *_TITLES[-2:]]
    return html_table(titles, lines, f"{_ALIGN[:-2]}l{_ALIGN[-2:]}")


class _Line(NamedTuple):
    """A line of the printed table: a heading, or a row with its cells."""

    depth: int
    text: str
    cells: tuple[str, ...]


def _outline(
    rows: Iterable[ScorecardRow],
    group_names: tuple[str, ...],
    cells: Callable[[ScorecardRow], tuple[str, ...]],
) -> Iterator[_Line]:
    """Every level of customer, need, requirement, measure and group once, rows on the last."""
    before: tuple[object, ...] = ()
    for row in rows:
        path, texts = _path(row, group_names)
        for depth, text in enumerate(texts):
            if depth == len(texts) - 1:
                yield _Line(depth, text, cells(row))
            elif path[: depth + 1] != before[: depth + 1]:
                yield _Line(depth, text, ("",) * len(cells(row)))
        before = path


def _path(row: ScorecardRow, group_names: tuple[str, ...]) -> tuple[tuple[object, ...], list[str]]:
    measure = row.measure
    index = "" if measure.scoring is None else measure.scoring.name
    unit = str(measure.unit)
    kind = index if unit in index else ", ".join(filter(None, [index, unit]))
    texts = [
        row.customer.name,
        f"needs {row.need.text}",
        f"{row.requirement.kind}: {row.requirement.text}",
        f"{measure.name} ({kind})",
    ]
    if row.group:
        labels = zip(group_names, row.group, strict=True)
        texts.append(", ".join(f"{name} {_label(key)}" for name, key in labels))
    path = (row.customer.id, row.need.id, row.requirement.id, measure.id, row.group)
    return path[: len(texts)], texts


def _label(key: object) -> str:
    if key is None:
        return "(none)"
    return f"{key:.15g}" if isinstance(key, float) else str(key)


def _text_cells(row: ScorecardRow) -> tuple[str, ...]:
    target = "" if row.measure.target is None else str(row.measure.target)
    return (*_numbers(row), target, row.verdict_text)


def _html_cells(row: ScorecardRow) -> tuple[str, ...]:
    *numbers, target, judged = _text_cells(row)
    mark = "" if row.verdict is None else _MARKS.get(str(row.verdict.standing), "")
    return (*numbers, _strip(row), escape(target), f"{mark}{escape(judged)}")


def _numbers(row: ScorecardRow) -> tuple[str, ...]:
    scored = row.estimate
    if scored is None:
        return ("0", "0", "-", "-", "-")
    quoted = (scored.value, scored.low, scored.high)
    return (
        str(scored.n),
        str(scored.missing),
        *(format_number(float(number), scored.scoring) for number in quoted),
    )


def _strip(row: ScorecardRow) -> str:
    scored, target = row.estimate, row.measure.target
    if scored is None:
        return ""
    return interval_strip(
        float(scored.value),
        float(scored.low),
        float(scored.high),
        scored.scoring.bounds,
        None if target is None else target.bounds,
    )
