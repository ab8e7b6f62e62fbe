"""A customer focus from sheets: one for each kind of object, a row for each, fields as columns."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import attrs

from custfocus.errors import VocabularyError, naming, unknown_option
from custfocus.messages import quoted
from custfocus.responses.scoring import Scoring
from custfocus.results.distinct import is_null, plain
from custfocus.results.labels import frame_columns
from custfocus.results.text import kind_text
from custfocus.vocabulary.channel import Channel
from custfocus.vocabulary.focus import CustomerFocus
from custfocus.vocabulary.improvement import Improvement
from custfocus.vocabulary.measure import IndexOfItems, PerformanceMeasure
from custfocus.vocabulary.parties import Customer, Stakeholder
from custfocus.vocabulary.service import Activity, Service
from custfocus.vocabulary.target import Target
from custfocus.vocabulary.voice import Need, Requirement, Statement

Cells = dict[str, Any]
Index = Scoring | IndexOfItems

_KINDS: dict[str, type[Any]] = {
    "customers": Customer,
    "stakeholders": Stakeholder,
    "services": Service,
    "activities": Activity,
    "channels": Channel,
    "statements": Statement,
    "needs": Need,
    "requirements": Requirement,
    "measures": PerformanceMeasure,
    "improvements": Improvement,
}
_SEVERAL = frozenset(
    (
        "customers",
        "stakeholders",
        "services",
        "interests",
        "supports",
        "items",
        "learned_from",
        "serves",
    )
)
_IDS = {"id", "customer", "need", "about", "channel", "service", *_SEVERAL}
_TARGET = ("low", "high", "baseline", "since", "due")
_BOUNDS = ("lowest", "highest")
_MORE = {"measures": (*_TARGET, *_BOUNDS), "activities": ("service",)}
_NOT_IN_CELLS = {"services": {"activities"}, "measures": {"target", "bounds", "breaks"}}


def focus_of_sheets(
    name: str, sheets: Mapping[str, object], *, indices: Mapping[str, Index] | None = None
) -> CustomerFocus:
    """
    A customer focus from the sheets of a workbook, each row of which is an object.

    The columns are called like the fields of the objects; cells that are empty are left out. A
    field that holds several things has them in one cell, with commas or semicolons between. Some
    columns are made into what a cell can't hold: ``low``, ``high``, ``baseline``, ``since`` and
    ``due`` of a measure are its `Target`, ``lowest`` and ``highest`` its bounds, and its
    ``index`` is called by a name; each of the ``activities`` names its ``service``.

    Args:
        name: The organisation or the part of it.
        sheets: By ``"customers"``, ``"stakeholders"``, ``"services"``, ``"activities"``,
            ``"channels"``, ``"statements"``, ``"needs"``, ``"requirements"``, ``"measures"``
            and ``"improvements"``, as far as there are such: a dataframe of any library, or a
            list of rows, which are mappings.
        indices: The indices of measures by the names that the column ``index`` gives them.

    Raises:
        VocabularyError: A sheet, a column or an index that is not known; a row that lacks what
            its object needs or has what it can't have, named by the sheet and the row.

    >>> focus = focus_of_sheets("Dog licences", {
    ...     "customers": [{"id": "keepers", "name": "Dog keepers"}],
    ...     "needs": [{"id": "licence", "customer": "keepers", "text": "a licence"}],
    ...     "measures": [{"id": "wait", "about": "keepers", "name": "Days to it", "high": 7}],
    ... })
    >>> focus.measures[0].target.range_text
    'at most 7'
    """
    if not isinstance(sheets, Mapping):
        raise VocabularyError(
            f"sheets must be tables by name, got {kind_text(sheets)}; write "
            "{'customers': customers, 'needs': needs}"
        )
    for sheet in sheets:
        if sheet not in _KINDS:
            raise VocabularyError(str(unknown_option("sheet", sheet, _KINDS)))
    made = {kind: [*_made(kind, sheets[kind], indices or {})] for kind in _KINDS if kind in sheets}
    activities = defaultdict[object, list[Activity]](list)
    for service, activity in made.pop("activities", []):
        activities[service].append(activity)
    known = {one.id for one in made.get("services", [])}
    for service in activities:
        if service not in known:
            raise VocabularyError(
                "sheet 'activities': " + str(unknown_option("service", service, sorted(known)))
            )
    if activities:
        made["services"] = [
            attrs.evolve(one, activities=activities[one.id]) for one in made["services"]
        ]
    return CustomerFocus(name, **made)


def _made(sheet: str, table: object, indices: Mapping[str, Index]) -> Iterator[Any]:
    """The objects of a sheet; activities with the id of their service."""
    kind = _KINDS[sheet]
    fields = {one.alias: one for one in attrs.fields(kind)}
    possible = [*(fields.keys() - _NOT_IN_CELLS.get(sheet, set())), *_MORE.get(sheet, ())]
    for number, cells in _rows(sheet, table):
        with naming(f"sheet {sheet!r}, {_called(cells, number)}"):
            for column in cells:
                if column not in possible:
                    raise VocabularyError(str(unknown_option("column", column, sorted(possible))))
            needed = [name for name, one in fields.items() if one.default is attrs.NOTHING]
            for column in [*needed, *(["service"] if kind is Activity else [])]:
                if column not in cells:
                    raise VocabularyError(f"the cell {column!r} must be filled in, got none")
            given = {column: _cell(column, value) for column, value in cells.items()}
            if kind is Activity:
                yield given.pop("service"), Activity(**given)
            else:
                yield kind(**(_measure(given, indices) if kind is PerformanceMeasure else given))


def _called(cells: Cells, number: int) -> str:
    return quoted(cells["id"]) if "id" in cells else f"row {number}"


def _measure(cells: Cells, indices: Mapping[str, Index]) -> Cells:
    """The fields of a measure: target and bounds put together, its index by name."""
    target = {column: cells.pop(column) for column in _TARGET if column in cells}
    bounds = [cells.pop(column, None) for column in _BOUNDS]
    if target:
        cells["target"] = Target(**target)
    if bounds != [None, None]:
        cells["bounds"] = tuple(bounds)
    if "index" in cells:
        index = cells["index"]
        if index not in indices:
            remedy = f"; give indices={{{quoted(index)}: Scoring.top_box(scale)}}"
            unknown = unknown_option("index", index, indices)
            raise VocabularyError(f"{unknown}{'' if indices else remedy}")
        cells["index"] = indices[index]
    return cells


def _cell(column: str, value: Any) -> Any:  # noqa: ANN401 - whatever a sheet holds
    """What a field takes: ids as texts, also where a sheet has them as numbers; several as a list."""
    if column in _IDS and isinstance(value, int | float) and not isinstance(value, bool):
        value = str(int(value)) if float(value).is_integer() else str(value)
    if column in _SEVERAL and isinstance(value, str):
        return [one.strip() for one in re.split("[,;]", value) if one.strip()]
    return value


def _rows(sheet: str, table: object) -> Iterator[tuple[int, Cells]]:
    """
    The number of each row, and its cells that are not empty; rows that are all empty are left out.

    Rows of a dataframe are numbered as in a spreadsheet, whose first row has the names of columns.
    """
    columns, first = frame_columns(table), 1
    if columns is not None:
        frame, first = cast("Any", table), 2
        lists = [
            frame[name].to_pylist() if hasattr(frame[name], "to_pylist") else list(frame[name])
            for name in columns
        ]
        rows: Iterable[object] = [
            dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)
        ]
    elif isinstance(table, list | tuple):
        rows = cast("Iterable[object]", table)
    else:
        raise VocabularyError(
            f"sheet {sheet!r} must be a dataframe or a list of rows, got {kind_text(table)}"
        )
    for number, row in enumerate(rows, first):
        if not isinstance(row, Mapping):
            raise VocabularyError(
                f"rows of sheet {sheet!r} must be cells by column, got {kind_text(row)}; write "
                "{'id': 'readers', 'name': 'Readers'}"
            )
        cells = cast("Mapping[object, object]", row)
        filled = {str(name): plain(value) for name, value in cells.items() if not _empty(value)}
        if filled:
            yield number, filled


def _empty(value: object) -> bool:
    return is_null(value) or (isinstance(value, str) and not value.strip())
