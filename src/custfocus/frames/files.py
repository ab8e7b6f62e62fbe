"""Tally tables in files, as JSON or Parquet, and back without loss."""

import json
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import numpy as np

from custfocus.errors import TallyError, choose, missing_extra
from custfocus.responses.scale import Scale
from custfocus.responses.tally import Tally
from custfocus.responses.tally_table import TallyTable

_FORMAT = "custfocus tally table, version 1"


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
    content = {
        "format": _FORMAT,
        **_header(table),
        "keys": [[_encoded(label) for label in key] for key in table.keys],
        "counts": table.tally.counts.tolist(),
        "missing": table.missing.tolist(),
    }
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _read_json(path: Path) -> TallyTable:
    content = _checked(json.loads(path.read_text(encoding="utf-8")), path)
    keys = [tuple(map(_decoded, key)) for key in content["keys"]]
    return _table(content, keys, content["counts"], content["missing"])


def _write_parquet(table: TallyTable, path: Path) -> None:
    arrow, parquet = _pyarrow()
    points = [f"point {place}" for place in range(len(table.scale))]
    counts = table.tally.counts.reshape(-1, len(table.scale)).T
    columns = table.columns()
    values = {f"by {name}": columns[name] for name in table.by} | {
        "item": columns["item"],
        "missing": columns["missing"],
        **dict(zip(points, counts.tolist(), strict=True)),
    }
    try:
        written = arrow.table(values)
    except (arrow.ArrowInvalid, arrow.ArrowTypeError) as error:
        raise TallyError(
            f"labels must be of one type under each name in a Parquet file, got others ({error}); "
            "save as .json"
        ) from None
    header = json.dumps({"format": _FORMAT, "groups": len(table.keys), **_header(table)})
    parquet.write_table(written.replace_schema_metadata({"custfocus": header}), path)


def _read_parquet(path: Path) -> TallyTable:
    _, parquet = _pyarrow()
    written = parquet.read_table(path)
    metadata: dict[bytes, bytes] = written.schema.metadata or {}
    header = _checked(json.loads(metadata.get(b"custfocus", b"{}")), path)
    questions = len(header["items"])
    columns = [written[f"by {name}"].to_pylist()[::questions] for name in header["by"]]
    keys = list(zip(*columns, strict=True)) if columns else [()] * header["groups"]
    shape = (len(keys), questions)
    points = [written[f"point {place}"].to_numpy() for place in range(len(header["points"]))]
    counts = np.stack(points, axis=-1).reshape(*shape, -1)
    return _table(header, keys, counts, written["missing"].to_numpy().reshape(shape))


def _header(table: TallyTable) -> dict[str, Any]:
    scale = table.scale
    return {
        "by": table.by,
        "items": table.items,
        "points": scale.points,
        "labels": scale.labels,
        "missing_codes": scale.missing,
    }


def _table(header: dict[str, Any], keys: list[Any], counts: Any, missing: Any) -> TallyTable:  # noqa: ANN401
    scale = Scale(header["points"], labels=header["labels"], missing=header["missing_codes"])
    shape = (len(keys), len(header["items"]))
    tally = Tally(
        np.asarray(counts, dtype=np.int64).reshape(*shape, len(scale)),
        scale,
        np.asarray(missing, dtype=np.int64).reshape(shape),
    )
    return TallyTable(header["by"], keys, header["items"], tally)


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
        raise missing_extra("frames", "pyarrow") from None
    return pyarrow, pyarrow.parquet


_FILES: dict[str, tuple[Callable[[TallyTable, Path], None], Callable[[Path], TallyTable]]] = {
    ".json": (_write_json, _read_json),
    ".parquet": (_write_parquet, _read_parquet),
}
