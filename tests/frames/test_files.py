"""Tally tables in files: what is saved comes back, and what cannot be is an error."""

import importlib
import json
import math
import re
import sys
import tempfile
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import custfocus.frames
from custfocus.errors import MissingExtraError, OptionError, TallyError
from custfocus.frames import load, save
from custfocus.responses import Groups, Scale, Tally, TallyTable
from strategies import scales, tallies

THREE = Scale.likert(3)
ENDINGS = [".json", ".parquet"]
WORDS = st.text(max_size=4)
EAST = timezone(timedelta(hours=5, minutes=30))
LABELS = {
    "text": WORDS | st.sampled_from(["", "null", "très ★", "a\nb", '"', "\\", "nan"]),
    "int": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(allow_nan=False),
    "bool": st.booleans(),
    "date": st.dates(),
    "datetime": st.datetimes(),
    "zoned": st.datetimes(datetime(1900, 1, 1), timezones=st.sampled_from([UTC, EAST])),  # noqa: DTZ001
    "time": st.times(),
    "decimal": st.decimals(allow_nan=False, allow_infinity=False, places=3, max_value=10**9,
                           min_value=-(10**9)),
}  # fmt: skip
MIXED = st.one_of(
    *(LABELS[kind] for kind in ("text", "int", "float", "bool", "date", "time", "decimal"))
)


@st.composite
def tables(draw, labels: dict[str, st.SearchStrategy]) -> TallyTable:
    """Tables of any scale, with groups by up to three names, each of labels of one kind."""
    scale = draw(scales())
    taken = {"item", "n", "missing", *(scale.labels or ()), *(f"{p:.15g}" for p in scale.points)}
    names = WORDS.filter(lambda name: name not in taken)
    by = draw(st.lists(names, unique=True, max_size=3))
    items = draw(st.lists(WORDS, unique=True, min_size=1, max_size=3))
    rows = draw(st.integers(0, 5))
    columns = {}
    for name in by:
        label = labels[draw(st.sampled_from([*labels]))]
        cell = st.none() | label if draw(st.booleans()) else label
        columns[name] = draw(st.lists(cell, min_size=rows, max_size=rows))
    keys = Groups.of(columns).keys if by else ((),)
    return TallyTable(by, keys, items, draw(tallies(scale, (len(keys), len(items)))))


def round_trip(table: TallyTable, ending: str) -> TallyTable:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{ending}"
        save(table, path)
        return load(path)


def of_labels(*labels) -> TallyTable:
    counts = np.arange(3 * len(labels)).reshape(len(labels), 1, 3)
    return TallyTable(["k"], [(label,) for label in labels], ["q"], Tally(counts, THREE))


def types(table: TallyTable) -> list[list[type]]:
    return [[*map(type, key)] for key in table.keys]


class TestRoundTrip:
    @pytest.mark.parametrize("ending", ENDINGS)
    @given(tables(LABELS))
    def test_what_is_saved_comes_back(self, ending, table):
        found = round_trip(table, ending)
        assert found == table
        assert types(found) == types(table)

    @given(tables({"mixed": MIXED}))
    def test_json_keeps_labels_of_several_types_under_one_name(self, table):
        found = round_trip(table, ".json")
        assert found == table
        assert types(found) == types(table)

    @pytest.mark.parametrize("ending", ENDINGS)
    @pytest.mark.parametrize("label", [math.inf, -math.inf, 0.1, 1e-300, 2**53 + 1, "é" * 999])
    def test_labels_are_kept_to_the_last_digit(self, ending, label):
        ((found,),) = round_trip(of_labels(label), ending).keys
        assert repr(found) == repr(label)

    @pytest.mark.parametrize("ending", ENDINGS)
    def test_counts_are_kept_to_the_last_digit(self, ending):
        most = 2**53 - 2  # with one missing answer, the most that a tally takes
        table = TallyTable([], [()], ["q"], Tally([[[most, 0, 0]]], THREE, [[1]]))
        assert round_trip(table, ending)["q"].counts.tolist() == [[most, 0, 0]]

    def test_a_time_of_a_zone_is_kept_in_json(self):
        table = of_labels(time(5, tzinfo=EAST))
        assert round_trip(table, ".json").keys == table.keys

    @pytest.mark.parametrize("ending", ENDINGS)
    def test_the_path_may_be_a_text(self, ending, tmp_path):
        path = str(tmp_path / f"table{ending}")
        save(of_labels("a"), path)
        assert load(path) == of_labels("a")

    def test_json_is_legible(self, tmp_path):
        save(of_labels("très bien"), tmp_path / "table.json")
        text = (tmp_path / "table.json").read_text("utf-8")
        assert "très bien" in text
        assert json.loads(text)["format"] == "custfocus tally table, version 1"

    def test_anything_that_reads_parquet_finds_a_row_for_each_group_and_question(self, tmp_path):
        table = TallyTable(
            ["day"],
            [(date(2024, 1, 1),), (date(2024, 1, 2),)],
            ["q1", "q2"],
            Tally(np.arange(12).reshape(2, 2, 3), THREE, [[1, 2], [3, 4]]),
        )
        save(table, tmp_path / "table.parquet")
        read = pq.read_table(tmp_path / "table.parquet")
        assert read.schema.field("by day").type == pa.date32()
        assert read["item"].to_pylist() == ["q1", "q2", "q1", "q2"]
        assert read["missing"].to_pylist() == [1, 2, 3, 4]
        assert read["point 2"].to_pylist() == [2, 5, 8, 11]


class TestErrors:
    @pytest.mark.parametrize("name", ["table.csv", "table", "table.JSON", "table.parquet.gz"])
    def test_other_endings_are_an_error(self, name, tmp_path):
        with pytest.raises(OptionError, match=r"^unknown file type '.*'; .*\.json"):
            save(of_labels("a"), tmp_path / name)
        with pytest.raises(OptionError, match=r"^unknown file type "):
            load(tmp_path / name)
        assert [*tmp_path.iterdir()] == []

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.json", b'{"format": "another"}'),
            ("a.json", b"{}"),
            ("a.json", b"[1, 2]"),
            ("a.json", b"no json at all"),
            ("a.json", b"\xff\xfe\x00"),
            ("a.json", b""),
            ("a.parquet", b"no Parquet at all"),
            ("a.parquet", b""),
        ],
    )
    def test_a_file_of_another_kind_is_an_error(self, name, content, tmp_path):
        (tmp_path / name).write_bytes(content)
        text = (
            f"{name} must be a file that save wrote (custfocus tally table, version 1), got another"
        )
        with pytest.raises(TallyError, match=f"^{re.escape(text)}$"):
            load(tmp_path / name)

    @pytest.mark.parametrize("metadata", [None, {"custfocus": "{}"}, {"other": "1"}])
    def test_a_parquet_file_of_something_else_is_an_error(self, metadata, tmp_path):
        written = pa.table({"x": [1]}).replace_schema_metadata(metadata)
        pq.write_table(written, tmp_path / "a.parquet")
        with pytest.raises(TallyError, match=r"^a\.parquet must be a file that save wrote"):
            load(tmp_path / "a.parquet")

    @pytest.mark.parametrize("ending", ENDINGS)
    def test_a_file_that_is_not_there_is_not_found(self, ending, tmp_path):
        with pytest.raises(FileNotFoundError):
            load(tmp_path / f"none{ending}")

    @pytest.mark.parametrize("ending", ENDINGS)
    @pytest.mark.parametrize("label", [1j, 1 + 2j])
    def test_labels_that_no_file_holds_are_an_error(self, ending, label):
        with pytest.raises(
            TallyError, match=r"^labels must be texts, numbers or dates to be saved"
        ):
            round_trip(of_labels(label), ending)

    @pytest.mark.parametrize(
        "labels",
        [
            (1, 2.5),
            (1, "a"),
            (True, 1),
            (1, Decimal("2.5")),
            (date(2020, 1, 1), datetime(2020, 1, 1, 5)),  # noqa: DTZ001
        ],
    )
    def test_labels_of_several_types_are_an_error_in_parquet_only(self, labels):
        kinds = ", ".join(sorted({type(label).__name__ for label in labels}))
        text = f"labels of 'k' must be of one type in a Parquet file, got {kinds}; save as .json"
        with pytest.raises(TallyError, match=f"^{re.escape(text)}$"):
            round_trip(of_labels(*labels), ".parquet")
        assert round_trip(of_labels(*labels), ".json") == of_labels(*labels)

    @pytest.mark.parametrize(
        ("label", "text"),
        [
            (2**63, "labels must fit a Parquet file"),
            (time(5, tzinfo=UTC), "labels in a Parquet file must not be times of a zone"),
        ],
    )
    def test_labels_that_parquet_has_no_room_for_are_an_error(self, label, text):
        with pytest.raises(TallyError, match=f"^{text}"):
            round_trip(of_labels(label), ".parquet")
        assert round_trip(of_labels(label), ".json") == of_labels(label)


class TestMissingExtras:
    """With packages that are not to be found."""

    @pytest.mark.parametrize(
        ("package", "trial"),
        [
            ("narwhals", lambda _: of_labels("a").to_frame("pandas")),
            ("narwhals", lambda _: importlib.reload(custfocus.frames)),
            ("pyarrow", lambda folder: save(of_labels("a"), folder / "table.parquet")),
            ("pyarrow", lambda folder: load(folder / "table.parquet")),
        ],
        ids=["a table to a frame", "the module itself", "to Parquet", "from Parquet"],
    )
    def test_the_error_says_what_brings_the_package(self, package, trial, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, package, None)
        remedy = {
            "narwhals": 'pip install "custfocus[frames]", or in a clone pip install ".[frames]"',
            "pyarrow": "pip install pyarrow, or save as .json",
        }[package]
        text = f"{package} is not installed: {remedy}"
        with pytest.raises(MissingExtraError, match=f"^{re.escape(text)}$") as caught:
            trial(tmp_path)
        assert caught.value.name == package
        assert [*tmp_path.iterdir()] == []

    def test_what_is_no_table_is_not_saved(self, tmp_path):
        with pytest.raises(TallyError, match=r"^save takes a TallyTable, got a dict; see frames"):
            save({"q": [1]}, tmp_path / "table.json")

    def test_json_needs_no_pyarrow(self, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        save(of_labels("a"), tmp_path / "table.json")
        assert load(tmp_path / "table.json") == of_labels("a")
