"""Tallies in files, as JSON or Parquet, and back without loss."""

import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np

from custfocus.errors import CustfocusError, OptionError, TallyError, choose, missing_extra
from custfocus.responses.sample import reasons_of
from custfocus.responses.scale import Scale
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Counts, Places
from custfocus.results.keys import Keys
from custfocus.results.labels import identity
from custfocus.results.text import kind_text
from custfocus.surveys.contents import Content
from custfocus.surveys.counted_cells import CountedCells
from custfocus.surveys.row_fields import RowLabels
from custfocus.surveys.survey_tally import Layout, SurveyTally, check_whole, laid_out

Columns = dict[str, list[Any]]

_FORMAT = "custfocus tally, version 2"
_COUNTS = ("respondents", "weightless")
_WEIGHTS = ("weights", "squares")
_DAMAGE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class _Content(NamedTuple):
    """A file's content: what the columns do not say, and a row for each key or cell."""

    header: dict[str, Any]
    columns: Columns


def save(tally: Tally | SurveyTally, path: str | Path) -> None:
    """
    Write a tally to a file, ``.json`` or ``.parquet`` by the ending of its name.

    A Parquet file has a row for each of the tally's, of a survey for each cell, with the labels
    in columns of their own types, and can be read by anything that reads Parquet. The file is
    written whole or not at all: an older one stays until then.

    Args:
        tally: A `Tally`, or a `SurveyTally` of a large population with all of its rows.
        path: The file.

    Raises:
        OptionError: Another ending.
        TallyError: What is no such tally; labels that such a file can't hold, as labels of
            several types under one name in Parquet.
        MissingExtraError: A Parquet file without PyArrow.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> tally = Tally([[0, 2, 3]], Scale.likert(3), by={"shop": ["north"]})
    >>> with TemporaryDirectory() as folder:
    ...     save(tally, Path(folder) / "today.json")
    ...     load(Path(folder) / "today.json") == tally
    True
    """
    file = _as_path(path)
    encode, decode = choose("file type", file.suffix, _FILES)
    if not isinstance(tally, Tally | SurveyTally):
        raise TallyError(f"save takes a tally, got {kind_text(tally)}; see frames.tally")
    content = _of_survey(tally) if isinstance(tally, SurveyTally) else _of_tally(tally)
    written = encode(content)
    try:
        same = _tally(decode(written)) == tally
    except _DAMAGE:
        same = False
    if not same:
        raise TallyError(
            f"labels must be of types that a {file.suffix} file gives back, got others; in Parquet "
            "those of a name must be of one type: save as .json, or convert them"
        )
    _replace(file.resolve(), written)


def _as_path(path: object) -> Path:
    if isinstance(path, str | os.PathLike):
        return Path(cast("str", path))
    raise OptionError(f"path must be the name of a file, got {kind_text(path)}")


def load(path: str | Path) -> Tally | SurveyTally:
    """
    Read a tally that `save` wrote; its rows may stand in another order by now.

    Args:
        path: The file.

    Raises:
        OptionError: An ending that is neither ``.json`` nor ``.parquet``.
        TallyError: A file of another kind, or with rows that are missing, doubled or damaged.
        MissingExtraError: A Parquet file without PyArrow.
    """
    file = _as_path(path)
    _, decode = choose("file type", file.suffix, _FILES)
    data = file.read_bytes()
    try:
        content = decode(data)
        if content.header["format"] != _FORMAT:
            raise TallyError(f"must be a file that save wrote, got {content.header['format']!r}")
        return _tally(content)
    except CustfocusError as error:
        raise TallyError(f"{file.name}: {error}") from None
    except _DAMAGE:
        raise TallyError(
            f"{file.name}: must be a file that save wrote ({_FORMAT}), got another or a damaged one"
        ) from None


def _replace(file: Path, data: bytes) -> None:
    """A file beside takes the old one's place once it is on the disk."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


# What a tally is made of


def _header(tally: Tally | SurveyTally) -> dict[str, Any]:
    scale, keys = tally.scale, tally.keys
    return {
        "format": _FORMAT,
        "scale": [scale.points, scale.labels, scale.missing],
        "names": keys.names,
        "levels": [
            None if isinstance(level, range) else [*map(_encoded, level)] for level in keys.levels
        ],
        "codes": keys.codes.tolist(),
        "declared": sorted(keys.declared),
        "fixed": [[name, _encoded(label)] for name, label in keys.fixed],
    }


def _of_tally(tally: Tally) -> _Content:
    parts = {"point": tally.counts, "missing": tally.missing_by_reason}
    numbers = {
        f"{name} {place}": column
        for name, array in parts.items()
        for place, column in enumerate(array.reshape(-1, array.shape[-1]).T.tolist())
    }
    labels = {f"by {name}": tally.keys.labels(name) for name in tally.keys.names}
    return _Content(_header(tally), labels | numbers)


def _of_survey(tally: SurveyTally) -> _Content:
    check_whole(tally, "are saved")
    # Several items without rows are kept as no contents
    contents = [cast("CountedCells", content) for content in tally.contents or [_none()]]
    rows = {
        place: row
        for row, place in enumerate(
            zip(tally.row_items.tolist(), tally.row_domains.tolist(), strict=True)
        )
    }
    parts: list[Columns] = []
    for place, content in enumerate(contents):
        own = np.array([rows[place, domain] for domain in content.rows.domains.tolist()], np.intp)
        parts.append(_cells(tally.keys, own, content))
    first = contents[0]
    design = {
        "strata": first.strata.keys.names or None,
        "clusters": first.clusters.keys.names or None,
        "options": [first.lonely_psu, first.degrees_of_freedom],
        "cells": sum(len(content.rows.places) for content in contents),
    }
    columns = {name: [one for part in parts for one in part[name]] for name in parts[0]}
    return _Content(_header(tally) | {"design": design}, columns)


def _none() -> CountedCells:
    none = np.zeros(0, np.intp)
    return CountedCells.of(
        none,
        none,
        0,
        respondents=none,
        weightless=none,
        weights=none,
        squares=none,
        strata=None,
        clusters=None,
        lonely_psu="error",
        degrees_of_freedom=None,
    )


def _cells(keys: Keys, rows: Places, content: CountedCells) -> Columns:
    """The cells of one item, given the row of each."""
    cells = content.rows
    columns: Columns = {
        f"by {name}": [level[code] for code in codes[rows].tolist()]
        for name, level, codes in zip(keys.names, keys.levels, keys.codes, strict=True)
    }
    for labels in (content.strata, content.clusters):
        for name, own in labels.keys.columns().items():
            columns[f"of {name}"] = [own[code] for code in labels.codes.tolist()]
    columns["place"] = cells.places.tolist()
    counts = zip(_COUNTS, (cells.respondents, content.weightless), strict=True)
    columns |= {name: column.astype(np.int64).tolist() for name, column in counts}
    return columns | {name: getattr(cells, name).tolist() for name in _WEIGHTS}


def _tally(content: _Content) -> Tally | SurveyTally:
    header, columns = content
    points, labels, missing = header["scale"]
    scale = Scale(points, labels=labels, missing=missing)
    codes = np.array(header["codes"] or np.zeros((0, 1)), np.int32)
    keys = Keys(
        header["names"],
        [
            range(codes.shape[1]) if one is None else [*map(_decoded, one)]
            for one in header["levels"]
        ],
        codes,
        frozenset(header["declared"]),
        tuple((name, _decoded(label)) for name, label in header["fixed"]),
    )
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1:
        raise TallyError(f"columns must be of one length, got {sorted(lengths)}")
    rows = _rows(keys, columns, lengths.pop())
    if "design" in header:
        return _survey_tally(header["design"], columns, scale, keys, rows)
    _check_once(keys, rows)
    table = {name: _whole(name, column) for name, column in columns.items() if name[:3] != "by "}
    wanted = [f"point {place}" for place in range(len(scale))]
    others = [name for name in table if name.startswith("missing ")]
    counts, gone = (
        np.array([table[name] for name in names], np.int64).T[np.argsort(rows)]
        for names in (wanted, others)
    )
    shape = keys.shape
    return Tally(
        counts.reshape(*shape, len(wanted)), scale, gone.reshape(*shape, len(others)), by=keys
    )


def _survey_tally(
    design: Mapping[str, Any], columns: Columns, scale: Scale, keys: Keys, rows: Places
) -> SurveyTally:
    if len(rows) != design["cells"]:
        raise TallyError(f"cells must be {design['cells']} as were saved, got {len(rows)}")
    strata, clusters = (
        _row_labels(columns, field, design[field]) for field in ("strata", "clusters")
    )
    kinds = len(scale) + len(reasons_of(scale))
    places = _whole("place", columns["place"], kinds)
    respondents, weightless = (_whole(name, columns[name]) for name in _COUNTS)
    weights, squares = (np.array(columns[name], np.float64) for name in _WEIGHTS)
    layout = Layout.of(keys)
    contents: dict[str, Content] = {}
    for place, name in enumerate(layout.items):
        own = layout.item[rows] == place
        contents[name] = CountedCells.of(
            places[own],
            layout.domain[rows[own]],
            layout.numbers[place],
            respondents=respondents[own],
            weightless=weightless[own],
            weights=weights[own],
            squares=squares[own],
            strata=strata and strata.some(own),
            clusters=clusters and clusters.some(own),
            lonely_psu=design["options"][0],
            degrees_of_freedom=design["options"][1],
        )
        if len(contents[name].rows.places) != own.sum():
            raise TallyError("cells must differ from each other, got one twice")
    return laid_out(contents, scale, keys)


def _row_labels(columns: Columns, field: str, names: Sequence[str] | None) -> RowLabels | None:
    if names is None:
        return None
    labels = {name.removeprefix(f"{field} "): columns[f"of {name}"] for name in names}
    return RowLabels.of(labels, field)


def _rows(keys: Keys, columns: Columns, number: int) -> Places:
    """The row of the keys that each row of the file is of."""
    codes = np.zeros((len(keys.names), number), np.intp)
    for place, (name, level) in enumerate(zip(keys.names, keys.levels, strict=True)):
        known = {identity(label): code for code, label in enumerate(level)}
        for row, label in enumerate(columns[f"by {name}"]):
            code = known.get(identity(label))
            if code is None:
                raise TallyError(
                    f"row {row + 1} must have a known label of {name!r}, got {label!r}"
                )
            codes[place, row] = code
    places = {key: row for row, key in enumerate(zip(*keys.codes.tolist(), strict=True))} or {(): 0}
    found = zip(*codes.tolist(), strict=True) if keys.names else [()] * number
    rows = [places.get(key, -1) for key in found]
    if -1 in rows:
        raise TallyError(f"row {rows.index(-1) + 1} must have a key of the tally, got another")
    return np.array(rows, np.intp)


def _check_once(keys: Keys, rows: Places) -> None:
    """An error unless every key has one row."""
    times = np.bincount(rows, minlength=keys.rows)
    for wrong, what in ((times > 1, "twice"), (times == 0, "no row")):
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            called = ", ".join(f"{name} {keys.labels(name)[row]!r}" for name in keys.names)
            raise TallyError(f"every key must have one row, got {what} for {called or 'the tally'}")


def _whole(name: str, column: Sequence[object], most: int = 2**53) -> Counts:
    for row, value in enumerate(column, 1):
        if type(value) is not int or value < 0:
            raise TallyError(f"row {row} of {name!r} must be a whole number, got {value!r}")
        if value >= most:
            raise TallyError(f"row {row} of {name!r} must be less than {most}, got {value}")
    return np.array(column, np.int64)


# Files


def _to_json(content: _Content) -> bytes:
    columns = {name: [*map(_encoded, column)] for name, column in content.columns.items()}
    return json.dumps({**content.header, "columns": columns}).encode()


def _from_json(data: bytes) -> _Content:
    header = json.loads(data)
    columns = {name: [*map(_decoded, column)] for name, column in header["columns"].items()}
    return _Content(header, columns)


def _to_parquet(content: _Content) -> bytes:
    arrow, parquet = _pyarrow()
    try:
        table = arrow.table(content.columns)
    except (arrow.ArrowException, OverflowError, ValueError) as error:
        raise TallyError(
            f"labels must fit a Parquet file, got others ({error}); save as .json"
        ) from None
    described = table.replace_schema_metadata({"custfocus": json.dumps(content.header)})
    stream = arrow.BufferOutputStream()
    parquet.write_table(described, stream)
    return bytes(stream.getvalue())


def _from_parquet(data: bytes) -> _Content:
    arrow, parquet = _pyarrow()
    try:
        table = parquet.read_table(arrow.BufferReader(data))
    except (arrow.ArrowException, OSError) as error:
        raise ValueError(str(error)) from None
    header = json.loads(table.schema.metadata[b"custfocus"])
    return _Content(header, {name: table[name].to_pylist() for name in table.column_names})


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow  # noqa: ICN001, PLC0415 - an extra
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise missing_extra("pyarrow", "pip install pyarrow, or save as .json") from None
    return pyarrow, pyarrow.parquet


_FILES: dict[str, tuple[Callable[[_Content], bytes], Callable[[bytes], _Content]]] = {
    ".json": (_to_json, _from_json),
    ".parquet": (_to_parquet, _from_parquet),
}

_KINDS: dict[str, tuple[type, Callable[[Any], Any], Callable[[Any], object]]] = {
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "time": (time, time.isoformat, time.fromisoformat),
    "seconds": (
        timedelta,
        lambda one: [one.days, one.seconds, one.microseconds],
        lambda one: timedelta(*one),
    ),
    "decimal": (Decimal, str, Decimal),
}


def _encoded(label: object) -> object:
    """A label as JSON has it; what JSON has not is an object with its kind."""
    if label is None or type(label) in {str, int, float, bool}:
        return label
    for kind, (known, write, _) in _KINDS.items():
        if isinstance(label, known):
            return {kind: write(label)}
    raise TallyError(f"labels must be texts, numbers, dates or times to be saved, got {label!r}")


def _decoded(label: object) -> object:
    if not isinstance(label, dict):
        return label
    [(kind, written)] = cast("dict[str, Any]", label).items()
    return _KINDS[kind][2](written)
