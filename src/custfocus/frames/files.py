"""Tallies in files, as JSON or Parquet, and back without loss."""

import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import attrs
import numpy as np

from custfocus.errors import CustfocusError, OptionError, TallyError, choose, missing_extra
from custfocus.frames.saved_labels import (
    DAMAGE,
    Content,
    decoded,
    encoded,
    not_given_back,
    types_of_labels,
)
from custfocus.responses.sample import reasons_of
from custfocus.responses.scale import Scale
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Counts, Places
from custfocus.results.distinct import coded
from custfocus.results.keys import Keys
from custfocus.results.text import kind_text
from custfocus.surveys.counted_cells import CountedCells
from custfocus.surveys.layout import contents_of_cells
from custfocus.surveys.row_fields import RowLabels
from custfocus.surveys.survey_tally import SurveyTally, check_whole, laid_out

Columns = dict[str, list[Any]]

_FORMAT = "custfocus tally, version 2"
_NUMBERS = ("place", "respondents", "weightless", "weights", "squares")  # of a cell


def save(tally: Tally | SurveyTally, path: str | Path) -> None:
    """
    Write a tally to a file, ``.json`` or ``.parquet`` by the ending of its name.

    A Parquet file has a row for each of the tally's, of a survey for each cell, with the labels
    in columns of their own types, and can be read by anything that reads Parquet. The file is
    written whole or not at all: an older one stays until then.

    Labels come back with their types: texts, numbers, flags, dates, times, durations and decimals.
    Others, as periods and intervals of pandas, members of an enumeration and tuples, are an error.

    Args:
        tally: A `Tally`, or a `SurveyTally` of a large population with all of its rows.
        path: The file.

    Raises:
        OptionError: Another ending.
        TallyError: What is no such tally; labels that such a file does not give back with their
            type, as labels of several types under one name in Parquet.
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
    if isinstance(tally, SurveyTally):
        check_whole(tally, "are saved")
    content = _content(tally)
    try:
        written = encode(content)
        read = decode(written)
        same = _tally(read) == tally and types_of_labels(read) == types_of_labels(content)
    except DAMAGE:
        written, same = b"", False
    if not same:
        raise not_given_back(content, file.suffix, lambda part: decode(encode(part)))
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
        if content["format"] != _FORMAT:
            raise TallyError(f"must be a file that save wrote, got {content['format']!r}")
        return _tally(content)
    except CustfocusError as error:
        raise TallyError(f"{file.name}: {error}") from None
    except DAMAGE:
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


def _content(tally: Tally | SurveyTally) -> Content:
    scale, keys = tally.scale, tally.keys
    content: Content = {
        "format": _FORMAT,
        "scale": [scale.points, scale.labels, scale.missing],
        "names": keys.names,
        "levels": keys.levels,
        "codes": keys.codes.tolist(),
        "declared": sorted(keys.declared),
        "fixed": keys.fixed,
    }
    if isinstance(tally, SurveyTally):
        return content | _cells(tally)
    columns: Columns = {f"by {name}": keys.labels(name) for name in keys.names}
    for name, table in (("point", tally.counts), ("missing", tally.missing_by_reason)):
        for place, column in enumerate(table.reshape(-1, table.shape[-1]).T.tolist()):
            columns[f"{name} {place}"] = column
    return content | {"columns": columns}


def _cells(tally: SurveyTally) -> Content:
    """The design of a survey, and the cells of all items."""
    columns: Columns = {f"by {name}": [] for name in tally.keys.names}
    columns |= {name: [] for name in _NUMBERS}
    design: Content = {"options": ("error", None)}
    for item, content in enumerate(cast("tuple[CountedCells, ...]", tally.contents)):
        own = np.flatnonzero((tally.row_items == item) & (tally.row_domains >= 0))
        rows = np.zeros(content.domains, np.intp)
        rows[tally.row_domains[own]] = own
        cells = content.rows
        columns["place"] += cells.places.tolist()
        columns["respondents"] += cells.respondents.astype(np.int64).tolist()
        columns["weightless"] += content.weightless.astype(np.int64).tolist()
        columns["weights"] += cells.weights.tolist()
        columns["squares"] += cells.squares.tolist()
        labelled = [("by", tally.keys, rows[cells.domains])]
        for kind, labels in (("strata", content.strata), ("clusters", content.clusters)):
            design[kind] = labels.keys.names or None
            labelled.append(("of", labels.keys, labels.codes))
        for what, keys, codes in labelled:
            for name in keys.names:
                of_cells = np.array([*keys.labels(name), None], object)[codes]
                columns.setdefault(f"{what} {name}", []).extend(of_cells.tolist())
        design["options"] = content.lonely_psu, content.degrees_of_freedom
    return {"design": design | {"cells": len(columns["place"])}, "columns": columns}


def _tally(content: Content) -> Tally | SurveyTally:
    points, labels, missing = content["scale"]
    scale = Scale(points, labels=labels, missing=missing)
    codes = np.array(content["codes"] or np.zeros((0, 1)), np.int32)
    levels = [range(codes.shape[1]) if one is None else one for one in content["levels"]]
    fixed = tuple((name, label) for name, label in content["fixed"])
    keys = Keys(content["names"], levels, codes, frozenset(content["declared"]), fixed)
    columns: Columns = content["columns"]
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1:
        raise TallyError(f"columns must be of one length, got {sorted(lengths)}")
    rows = _rows(keys, columns, lengths.pop())
    if "design" in content:
        return _survey_tally(content["design"], columns, scale, keys, rows)
    times = np.bincount(rows, minlength=keys.rows)
    for wrong, what in ((times > 1, "twice"), (times == 0, "no row")):
        for row in np.flatnonzero(wrong)[:1].tolist():
            key = ", ".join(f"{name} {keys.labels(name)[row]!r}" for name in keys.names)
            raise TallyError(f"every key must have one row, got {what} for {key or 'the tally'}")
    reasons = [name for name in columns if name.startswith("missing ")]
    names = [*(f"point {place}" for place in range(len(scale))), *reasons]
    table = np.array([_whole(name, columns[name]) for name in names]).T[np.argsort(rows)]
    table = table.reshape(*keys.shape, len(names))
    return Tally(table[..., : len(scale)], scale, table[..., len(scale) :], by=keys)


def _survey_tally(
    design: Mapping[str, Any], columns: Columns, scale: Scale, keys: Keys, rows: Places
) -> SurveyTally:
    if len(rows) != design["cells"]:
        raise TallyError(f"cells must be {design['cells']} as were saved, got {len(rows)}")
    strata, clusters = (
        _row_labels(field, design.get(field), columns) for field in ("strata", "clusters")
    )
    found = _whole("place", columns["place"], len(scale) + len(reasons_of(scale)))
    numbers = {name: _whole(name, columns[name]) for name in ("respondents", "weightless")}
    numbers |= {name: np.array(columns[name], np.float64) for name in ("weights", "squares")}
    lonely_psu, degrees_of_freedom = design["options"]
    contents = contents_of_cells(
        keys,
        rows,
        found,
        numbers,
        strata=strata,
        clusters=clusters,
        lonely_psu=lonely_psu,
        degrees_of_freedom=degrees_of_freedom,
    )
    if sum(len(content.rows.places) for content in contents.values()) != len(rows):
        raise TallyError("cells must differ from each other, got one twice")
    return laid_out(contents, scale, keys)


def _row_labels(field: str, names: Sequence[str] | None, columns: Columns) -> RowLabels | None:
    labels = {name.removeprefix(f"{field} "): columns[f"of {name}"] for name in names or ()}
    return RowLabels.of(labels, field) if labels else None


def _rows(keys: Keys, columns: Columns, number: int) -> Places:
    """The row of the keys that each row of the file is of, found by its labels."""
    if not keys.names:
        return np.zeros(number, np.intp)
    labelled = attrs.evolve(keys, levels=map(list, keys.levels))
    found, rows = Keys.of_columns({name: coded(columns[f"by {name}"]) for name in keys.names})
    _, ours, theirs = labelled.united(found)
    places = np.full(found.rows, -1)
    places[theirs[theirs >= 0]] = ours[theirs >= 0]
    for row in np.flatnonzero(places[rows] < 0)[:1].tolist():
        key = ", ".join(f"{name} {columns[f'by {name}'][row]!r}" for name in keys.names)
        raise TallyError(f"row {row + 1} must have a key of the tally, got {key}")
    return places[rows]


def _whole(name: str, column: Sequence[object], most: int = 2**53) -> Counts:
    for row, value in enumerate(column, 1):
        if type(value) is not int or value < 0:
            raise TallyError(f"row {row} of {name!r} must be a whole number, got {value!r}")
        if value >= most:
            raise TallyError(f"row {row} of {name!r} must be less than {most}, got {value}")
    return np.array(column, np.int64)


# Files


def _to_json(content: Content) -> bytes:
    return json.dumps(content, default=encoded).encode()


def _from_json(data: bytes) -> Content:
    return cast("Content", json.loads(data, object_hook=decoded))


def _to_parquet(content: Content) -> bytes:
    arrow, parquet = _pyarrow()
    described = {name: content[name] for name in content if name != "columns"}
    metadata = {"custfocus": json.dumps(described, default=encoded)}
    stream = arrow.BufferOutputStream()
    table = arrow.table(content["columns"]).replace_schema_metadata(metadata)
    parquet.write_table(table, stream)
    return bytes(stream.getvalue())


def _from_parquet(data: bytes) -> Content:
    arrow, parquet = _pyarrow()
    table = parquet.read_table(arrow.BufferReader(data))
    content = _from_json(table.schema.metadata[b"custfocus"])
    return content | {"columns": {name: table[name].to_pylist() for name in table.column_names}}


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow  # noqa: ICN001, PLC0415 - an extra
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise missing_extra("pyarrow", "pip install pyarrow, or save as .json") from None
    return pyarrow, pyarrow.parquet


_FILES: dict[str, tuple[Callable[[Content], bytes], Callable[[bytes], Content]]] = {
    ".json": (_to_json, _from_json),
    ".parquet": (_to_parquet, _from_parquet),
}
