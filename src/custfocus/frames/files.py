"""Tally tables in files, as JSON or Parquet, and back without loss."""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import numpy as np

from custfocus.errors import TallyError, choose, missing_extra
from custfocus.responses.keys import width
from custfocus.responses.scale import Scale
from custfocus.responses.survey_tally import SurveyTally
from custfocus.responses.tally import Tally
from custfocus.responses.tally_table import TallyTable

_FORMAT = "custfocus tally table, version 1"
_SUMS = ("respondents", "weightless", "weights", "squares")


def save(table: TallyTable, path: str | Path) -> None:
    """
    Write a tally table to a file, ``.json`` or ``.parquet`` by the ending of its name.

    A Parquet file has a row for each group and question, with the groups' labels in columns of
    their own types, and can be read by anything that reads Parquet.

    Raises:
        OptionError: Another ending.
        TallyError: Labels that such a file can't hold; in Parquet, labels of several types
            under one name.
        MissingExtraError: A Parquet file without PyArrow.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> table = TallyTable([], [()], ["q1"], Tally([[[0, 2, 3]]], Scale.likert(3)))
    >>> with TemporaryDirectory() as folder:
    ...     save(table, Path(folder) / "today.json")
    ...     load(Path(folder) / "today.json") == table
    True
    """
    write, _ = choose("file type", Path(path).suffix, _FILES)
    if not isinstance(table, TallyTable):
        raise TallyError(f"save takes a TallyTable, got a {type(table).__name__}; see frames.tally")
    write(table, Path(path))


def load(path: str | Path) -> TallyTable:
    """
    Read a tally table that `save` wrote.

    Raises:
        OptionError: An ending that is neither ``.json`` nor ``.parquet``.
        TallyError: A file of another kind.
    """
    _, read = choose("file type", Path(path).suffix, _FILES)
    return read(Path(path))


def _write_json(table: TallyTable, path: Path) -> None:
    columns = {name: [_encoded(one) for one in column] for name, column in _columns(table).items()}
    content = {**_header(table), "columns": columns}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _read_json(path: Path) -> TallyTable:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:  # no JSON, or no text
        found = None
    header = _checked(found, path)
    columns = {
        name: [_decoded(one) for one in column] for name, column in header["columns"].items()
    }
    return _table(header, columns)


def _write_parquet(table: TallyTable, path: Path) -> None:
    arrow, parquet = _pyarrow()
    columns = _columns(table)
    for name in columns:
        _check_kinds(name, columns[name])
    try:
        written = arrow.table(columns)
    except (arrow.ArrowException, OverflowError) as error:
        raise TallyError(f"labels must fit a Parquet file, got others ({error})") from None
    described = written.replace_schema_metadata({"custfocus": json.dumps(_header(table))})
    parquet.write_table(described, path)


def _read_parquet(path: Path) -> TallyTable:
    arrow, parquet = _pyarrow()
    try:
        written = parquet.read_table(path)
    except arrow.ArrowInvalid:
        written = arrow.table({})
    metadata: dict[bytes, bytes] = written.schema.metadata or {}
    header = _checked(json.loads(metadata.get(b"custfocus", b"{}")), path)
    return _table(header, {name: written[name].to_pylist() for name in written.column_names})


def _header(table: TallyTable) -> dict[str, Any]:
    """What the columns do not say."""
    scale = table.scale
    return {
        "format": _FORMAT,
        "by": table.by,
        "items": table.items,
        "points": scale.points,
        "labels": scale.labels,
        "missing_codes": scale.missing,
        "design": None if table.surveys is None else _design(table.surveys[0]),
    }


def _design(survey: SurveyTally) -> dict[str, int | None]:
    """How many labels strata and clusters have; None where there are none."""
    return {
        name: None if labels is None else width(labels)
        for name, labels in (("strata", survey.strata), ("clusters", survey.clusters))
    }


def _table(header: dict[str, Any], columns: dict[str, list[Any]]) -> TallyTable:
    scale = Scale(header["points"], labels=header["labels"], missing=header["missing_codes"])
    if header["design"] is not None:
        surveys = [_survey(header, columns, item, scale) for item in header["items"]]
        return TallyTable.of_surveys(header["items"], surveys)
    questions = len(header["items"])
    counts = np.array([columns[f"point {place}"] for place in range(len(scale))], dtype=np.int64)
    counts = counts.T.reshape(-1, questions, len(scale))
    labels = [columns[f"by {name}"][::questions] for name in header["by"]]
    keys = zip(*labels, strict=True) if labels else [()] * len(counts)
    missing = np.array(columns["missing"], dtype=np.int64).reshape(-1, questions)
    return TallyTable(header["by"], keys, header["items"], Tally(counts, scale, missing))


def _survey(
    header: dict[str, Any], columns: dict[str, list[Any]], item: str, scale: Scale
) -> SurveyTally:
    rows = [row for row, asked in enumerate(columns["item"]) if asked == item]
    chosen = {name: [column[row] for row in rows] for name, column in columns.items()}
    answers: list[object] = [*scale.points, *scale.missing[:1]]  # -1, the last: missing

    def told(kind: str, names: Iterable[object] | None) -> dict[str, list[Any]] | None:
        return None if names is None else {str(name): chosen[f"{kind} {name}"] for name in names}

    widths = header["design"]
    return SurveyTally.of_cells(
        [answers[place] for place in chosen["place"]],
        scale,
        **{name: chosen[name] for name in _SUMS},
        by=told("by", header["by"] or None),
        strata=told("strata", None if widths["strata"] is None else range(widths["strata"])),
        clusters=told(
            "clusters", None if widths["clusters"] is None else range(widths["clusters"])
        ),
    )


def _columns(table: TallyTable) -> dict[str, list[Any]]:
    """A row for each group and question; of a survey for each cell of a question."""
    if table.surveys is None:
        told = table.columns()
        counts = table.tally.counts.reshape(-1, len(table.scale)).T.tolist()
        return {
            **{f"by {name}": told[name] for name in table.by},
            "item": told["item"],
            "missing": told["missing"],
            **{f"point {place}": column for place, column in enumerate(counts)},
        }
    parts = [_cells(item, survey) for item, survey in zip(table.items, table.surveys, strict=True)]
    return {name: [one for part in parts for one in part[name]] for name in parts[0]}


def _cells(item: str, survey: SurveyTally) -> dict[str, list[Any]]:
    cells = survey.cells
    columns: dict[str, list[Any]] = {"item": [item] * len(cells.places)}
    for kind, names, keys, codes in (
        ("by", survey.names, survey.keys, cells.groups),
        ("strata", None, survey.strata, cells.strata),
        ("clusters", None, survey.clusters, cells.clusters),
    ):
        for place, name in enumerate(range(width(keys or ())) if names is None else names):
            columns[f"{kind} {name}"] = [(keys or ())[code][place] for code in codes.tolist()]
    columns["place"] = cells.places.tolist()
    return columns | {name: getattr(cells, name).tolist() for name in _SUMS}


def _checked(content: object, path: Path) -> dict[str, Any]:
    """What the file says of the table, if it is one."""
    header = cast("dict[str, Any]", content) if isinstance(content, dict) else {}
    if header.get("format") != _FORMAT:
        raise TallyError(f"{path.name} must be a file that save wrote ({_FORMAT}), got another")
    return header


_KINDS: dict[str, tuple[type, Callable[[Any], str], Callable[[str], object]]] = {
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "time": (time, time.isoformat, time.fromisoformat),
    "decimal": (Decimal, str, Decimal),
}


def _encoded(label: object) -> object:
    """A label as JSON has it; what JSON has not is an object with its kind."""
    if label is None or type(label) in {str, int, float, bool}:
        return label
    for kind, (known, write, _) in _KINDS.items():
        if isinstance(label, known):
            return {kind: write(label)}
    raise TallyError(f"labels must be texts, numbers or dates to be saved, got {label!r}")


def _check_kinds(name: str, labels: list[object]) -> None:
    """An error for labels that do not fit one column of Parquet."""
    kinds = {_kind(label) for label in labels if label is not None}
    if len(kinds) > 1:
        raise TallyError(
            f"labels of {name.removeprefix('by ')!r} must be of one type in a Parquet file, got "
            f"{', '.join(sorted(kinds))}; save as .json"
        )


def _kind(label: object) -> str:
    """The type of a label in a column of Parquet, which has no time with a zone."""
    _encoded(label)
    if isinstance(label, time) and label.tzinfo is not None:
        raise TallyError(f"labels in a Parquet file must not be times of a zone, got {label!r}")
    zoned = isinstance(label, datetime) and label.tzinfo is not None
    return type(label).__name__ + (" with a zone" if zoned else "")


def _decoded(label: object) -> object:
    if not isinstance(label, dict):
        return label
    ((kind, text),) = cast("dict[str, str]", label).items()
    return _KINDS[kind][2](text)


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow  # noqa: ICN001, PLC0415 - an extra
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise missing_extra("pyarrow", "pip install pyarrow, or save as .json") from None
    return pyarrow, pyarrow.parquet


_FILES: dict[str, tuple[Callable[[TallyTable, Path], None], Callable[[Path], TallyTable]]] = {
    ".json": (_write_json, _read_json),
    ".parquet": (_write_parquet, _read_parquet),
}
