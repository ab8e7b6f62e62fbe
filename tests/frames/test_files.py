"""Tallies in files: what is saved comes back, and what cannot be is an error."""

import importlib
import json
import math
import os
import re
import sys
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import custfocus.frames
from custfocus import Scale, SurveyDesign, Tally, nps
from custfocus.errors import MissingExtraError, OptionError, TallyError
from custfocus.frames import load, save
from custfocus.messages import quoted
from custfocus.results import Keys
from custfocus.results.text import kind_text
from custfocus.surveys import SurveyTally
from strategies import tallies

THREE = Scale.likert(3, missing=[9, None])


class Grade(IntEnum):
    """Equal to whole numbers, and yet another type."""

    LOW = 1
    HIGH = 2


UNKEPT = {
    "period": (
        [pd.Period("2026-01", "M"), pd.Period("2026-02", "M")],
        "convert the column to text: ",
    ),
    "interval": (pd.cut(pd.Series([1, 5]), [0, 2, 6]), "convert the column to text, as str(label)"),
    "enumeration": (Enum("Colour", "RED BLUE"), "give the .value of each, or its .name"),
    "whole numbers of an enumeration": (Grade, "give the .value of each, or its .name"),
    "texts of an enumeration": (StrEnum("Letter", "A B"), "give the .value of each, or its .name"),
    "tuple": ([("a", 1), ("b", 2)], "convert the column to text"),
    "fraction": ([Fraction(1, 3), Fraction(2, 3)], "convert the column to text"),
    "unique id": ([UUID(int=1), UUID(int=2)], "convert the column to text"),
    "bytes": ([b"a", b"b"], "convert the column to text"),
}
UNKEPT = {kind: ([*labels], remedy) for kind, (labels, remedy) in UNKEPT.items()}
KEPT = {
    "timestamp": pd.date_range("2026-01-01 10:30", periods=2),
    "timestamp of a zone": pd.date_range("2026-01-01 10:30", periods=2, tz="Europe/Berlin"),
    "duration": pd.to_timedelta([1, 2], "h"),
    "date": [date(2026, 1, 1), date(2026, 2, 1)],
    "datetime64": np.array(["2026-01", "2026-02"], "datetime64[M]"),
    "scalars of datetime64": [np.datetime64("2026-01-01"), np.datetime64("2026-01-02")],
    "timedelta64": np.array([1, 2], "timedelta64[D]"),
    "decimal": [Decimal("1.10"), Decimal("2.5")],
    "categories": pd.Categorical(["low", "high"], ["low", "high"], ordered=True),
}
ENDINGS = [".json", ".parquet"]
EAST = timezone(timedelta(hours=5, minutes=30))
LABELS = {
    "text": st.text(max_size=4) | st.sampled_from(["", "null", "très ★", "a\nb", '"', "\\", "nan"]),
    "int": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(allow_nan=False),
    "bool": st.booleans(),
    "date": st.dates(),
    "datetime": st.datetimes(),
    "zoned": st.datetimes(datetime(1900, 1, 1), timezones=st.sampled_from([UTC, EAST])),  # noqa: DTZ001
    "time": st.times(),
    "seconds": st.timedeltas(timedelta(-9999), timedelta(9999)),
    "decimal": st.decimals(-(10**9), 10**9, allow_nan=False, places=3),
}
SURVEY = SurveyTally.of(
    [1, 2, 3, None, 9, 2],
    SurveyDesign([1, 2, 0, 2.5, 1, 1], strata=[*"aabbab"], clusters=[1, 1, 2, 3, 4, 5],
                 lonely_psu="adjust", degrees_of_freedom=7),
    THREE,
    by={"day": [date(2024, 1, 1), date(2024, 1, 2)] * 3},
)  # fmt: skip
SURVEYS = {
    "groups": SURVEY,
    "items": SurveyTally.of_items({"q2": SURVEY, "q1": SURVEY}),
    "one group": SurveyTally.of([1, 2, None], SurveyDesign([1, 2, 3]), THREE),
    "no rows": custfocus.frames.tally({"q": [], "k": []}, "q", scale=THREE, by="k", weights="q"),
}
PLAIN = Tally(
    np.arange(12).reshape(4, 3), THREE, np.arange(12).reshape(4, 3),
    by={"day": [date(2024, 1, 1), date(2024, 1, 2)] * 2, "item": ["q1", "q1", "q2", "q2"]},
)  # fmt: skip
ANY = {"plain": PLAIN, **SURVEYS}


def round_trip(tally, ending):
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"tally{ending}"
        save(tally, path)
        return load(path)


def of_labels(*labels) -> Tally:
    counts = np.arange(3 * len(labels)).reshape(len(labels), 3)
    return Tally(counts, THREE, by={"k": [*labels]})


def check_same(found, tally):
    """Equal, and of labels of the same types in the same order."""
    assert found == tally
    assert type(found) is type(tally)
    ours, theirs = found.keys, tally.keys
    assert (ours.columns(), ours.declared, ours.fixed) == (
        theirs.columns(), theirs.declared, theirs.fixed,
    )  # fmt: skip
    for one, other in zip(ours.levels, theirs.levels, strict=True):
        assert [*map(type, one)] == [*map(type, other)]


class TestRoundTrip:
    @pytest.mark.parametrize("ending", ENDINGS)
    @given(tallies(), st.data())
    def test_what_is_saved_comes_back(self, ending, tally, data):
        if len(tally.keys.names) == 1 and not isinstance(tally.keys.levels[0], range):
            label = LABELS[data.draw(st.sampled_from([*LABELS]))]
            rows = tally.keys.rows
            found = data.draw(
                st.lists(label | st.none(), unique_by=repr, min_size=rows, max_size=rows)
            )
            keys, _ = Keys.of({data.draw(st.sampled_from(["", "by k", "größe", "0"])): found})
            tally = Tally(tally.counts[: keys.rows], tally.scale, by=keys)
        check_same(round_trip(tally, ending), tally)

    @pytest.mark.parametrize("ending", ENDINGS)
    @pytest.mark.parametrize("tally", SURVEYS.values(), ids=SURVEYS)
    def test_surveys_of_large_populations_come_back_with_their_design(self, ending, tally):
        found = round_trip(tally, ending)
        check_same(found, tally)
        assert found.contents == tally.contents
        assert found + found == tally + tally

    @pytest.mark.parametrize("ending", ENDINGS)
    def test_a_declared_order_and_a_chosen_label_are_kept(self, ending):
        declared = Keys(("k",), (["low", "high", "none"],), [[0, 1, 2]], {"k"}, (("item", "q"),))
        check_same(round_trip(Tally(np.eye(3), THREE, by=declared), ending),
                   Tally(np.eye(3), THREE, by=declared))  # fmt: skip

    @pytest.mark.parametrize("ending", ENDINGS)
    def test_labels_and_counts_are_kept_to_the_last_digit(self, ending):
        labels = of_labels(math.inf, -math.inf, 0.1, 1e-300)
        most = 2**53 - 2  # with one missing answer, the most that a tally takes
        for tally in (labels, of_labels(2**53 + 1), Tally([most, 0, 0], THREE, [1, 0, 0])):
            check_same(round_trip(tally, ending), tally)

    @pytest.mark.parametrize("ending", ENDINGS)
    def test_an_older_file_is_replaced_and_nothing_else_is_left(self, ending, tmp_path):
        path = tmp_path / f"tally{ending}"
        for tally in (PLAIN, SURVEY):
            save(tally, str(path))
            assert load(str(path)) == tally
        assert [*tmp_path.iterdir()] == [path]

    def test_a_link_stays_a_link(self, tmp_path):
        (tmp_path / "link.json").symlink_to(tmp_path / "tally.json")
        save(PLAIN, tmp_path / "link.json")
        assert (tmp_path / "link.json").is_symlink()
        assert load(tmp_path / "tally.json") == PLAIN

    def test_anything_that_reads_parquet_finds_a_row_for_each_key(self, tmp_path):
        save(PLAIN, tmp_path / "tally.parquet")
        read = pq.read_table(tmp_path / "tally.parquet")
        assert read.schema.field("by day").type == pa.date32()
        assert read["by item"].to_pylist() == ["q1", "q2", "q1", "q2"]
        assert read["point 2"].to_pylist() == PLAIN.counts[:, 2].tolist()
        assert read["missing 1"].to_pylist() == PLAIN.missing_by_reason[:, 1].tolist()


class TestWholeOrNotAtAll:
    """Whatever goes wrong, the old file stays, and no other one."""

    @pytest.mark.parametrize("step", ["fsync", "replace"])
    def test_a_disk_that_fails(self, step, tmp_path, monkeypatch):
        def fails(*_):
            raise OSError(28, "no space left on device")

        save(PLAIN, tmp_path / "tally.json")
        monkeypatch.setattr(*{"fsync": (os, "fsync"), "replace": (Path, "replace")}[step], fails)
        with pytest.raises(OSError, match="no space"):
            save(SURVEY, tmp_path / "tally.json")
        assert load(tmp_path / "tally.json") == PLAIN
        assert len([*tmp_path.iterdir()]) == 1

    @pytest.mark.parametrize(
        ("ending", "label"),
        [(".parquet", "\ud800"), (".json", 1j), (".parquet", 1j), (".parquet", 2**63),
         (".parquet", time(5, tzinfo=UTC))],
    )  # fmt: skip
    def test_labels_that_such_a_file_cannot_hold(self, ending, label, tmp_path):
        path = tmp_path / f"tally{ending}"
        save(PLAIN, path)
        with pytest.raises(
            TallyError, match=r"^labels of 'k' must .*, got .*save as \.json, or|text"
        ):
            save(of_labels(label), path)
        assert load(path) == PLAIN
        if label != 1j:
            check_same(round_trip(of_labels(label), ".json"), of_labels(label))

    @pytest.mark.parametrize(
        "labels",
        [
            (1, "a"),
            (True, 1),
            (1, None, "a"),
            (Decimal("1e-70"), Decimal("1e70")),
            (date(2020, 1, 1), datetime(2020, 1, 1, 5)),  # noqa: DTZ001
            (datetime(2020, 1, 1), datetime(2020, 1, 1, tzinfo=UTC)),  # noqa: DTZ001
        ],
    )
    def test_labels_of_several_types_in_parquet(self, labels):
        text = rf"^labels of 'k' must fit into one column .*\({type(labels[0]).__name__}\) and .*\.json"
        with pytest.raises(TallyError, match=text):
            round_trip(of_labels(*labels), ".parquet")
        check_same(round_trip(of_labels(*labels), ".json"), of_labels(*labels))

    def test_a_name_of_groups_that_parquet_cannot_hold(self):
        tally = Tally.of([1, 2], THREE, by={"\ud800": [1, 2]})
        with pytest.raises(TallyError, match=r"^names of groups .*, got '\\ud800'; save as \.json"):
            round_trip(tally, ".parquet")
        check_same(round_trip(tally, ".json"), tally)

    @pytest.mark.parametrize("ending", ENDINGS)
    @pytest.mark.parametrize("kind", UNKEPT)
    def test_labels_whose_type_no_file_gives_back(self, kind, ending):
        labels, remedy = UNKEPT[kind]
        tally = Tally.of([1, 2], THREE, by={"k": labels})
        first = tally.keys.labels("k")[0]
        with pytest.raises(TallyError) as error:
            round_trip(tally, ending)
        found = str(error.value)
        assert found.startswith("labels of 'k' must be texts, numbers, flags, dates, ")
        assert f"({type(first).__name__}); {remedy}" in found
        assert quoted(first) in found
        text = [one.name if isinstance(one, Enum) else str(one) for one in labels]
        tally = Tally.of([1, 2], THREE, by={"k": text})
        check_same(round_trip(tally, ending), tally)

    @pytest.mark.parametrize("ending", ENDINGS)
    @pytest.mark.parametrize("kind", KEPT)
    def test_labels_of_other_libraries_that_are_kept_as_pythons_own(self, kind, ending):
        tally = Tally.of([1, 2], THREE, by={"k": KEPT[kind]})
        found = round_trip(tally, ending)
        check_same(found, tally)
        assert {*map(type, found.keys.labels("k"))} <= {datetime, timedelta, date, Decimal, str}

    @pytest.mark.parametrize("ending", ENDINGS)
    @pytest.mark.parametrize("field", ["strata", "clusters"])
    def test_labels_of_a_design_whose_type_no_file_gives_back(self, field, ending):
        design = SurveyDesign(
            [1, 1, 1, 1], **{field: [Grade.HIGH, Grade.HIGH, Grade.LOW, Grade.LOW]}
        )
        tally = SurveyTally.of([1, 2, 3, 3], design, THREE)
        with pytest.raises(
            TallyError, match=rf"^labels of '{field}' must .*\(Grade\); give the \."
        ):
            round_trip(tally, ending)

    def test_it_is_on_the_disk_before_it_takes_the_place_of_the_old_one(
        self, tmp_path, monkeypatch
    ):
        path, seen = tmp_path / "tally.json", []
        save(PLAIN, path)
        synced = os.fsync
        monkeypatch.setattr(os, "fsync", lambda handle: (synced(handle), seen.append(load(path))))
        save(SURVEY, path)
        assert seen == [PLAIN]


def changed(tally, path, change):
    """The file of a tally with its table or its JSON changed."""
    save(tally, path)
    if path.suffix == ".parquet":
        pq.write_table(change(pq.read_table(path)), path)
    else:
        content = json.loads(path.read_text())
        change(content)
        path.write_text(json.dumps(content))
    return path


class TestRows:
    """Rows are placed by their labels, not by where they stand."""

    @pytest.mark.parametrize("tally", ANY.values(), ids=ANY)
    def test_a_sorted_file_is_the_same_tally(self, tally, tmp_path):
        def turned(table):
            return table.take(np.arange(len(table))[::-1])

        assert load(changed(tally, tmp_path / "tally.parquet", turned)) == tally

    @pytest.mark.parametrize(
        ("tally", "change", "text"),
        [
            (PLAIN, lambda table: table.slice(1),
             "every key must have one row, got no row for day datetime.date(2024, 1, 1), item 'q1'"),
            (PLAIN, lambda table: pa.concat_tables([table, table.slice(1, 1)]),
             "every key must have one row, got twice for day datetime.date(2024, 1, 1), item 'q2'"),
            (Tally([1, 2, 3], THREE), lambda table: table.slice(1),
             "every key must have one row, got no row for the tally"),
            (SURVEY, lambda table: table.slice(1), "cells must be 6 as were saved, got 5"),
            (SURVEY, lambda table: pa.concat_tables([table.slice(1), table.slice(1, 1)]),
             "cells must differ from each other, got one twice"),
        ],
    )  # fmt: skip
    def test_rows_that_lack_or_come_twice_are_named(self, tally, change, text, tmp_path):
        with pytest.raises(TallyError, match=f"^tally.parquet: {re.escape(text)}$"):
            load(changed(tally, tmp_path / "tally.parquet", change))

    @pytest.mark.parametrize(
        ("column", "value", "text"),
        [
            ("by item", "q3", "row 1 must have a key of the tally, got day datetime.date(2024, 1, 1), item 'q3'"),
            ("point 0", 1.9, "row 1 of 'point 0' must be a whole number, got 1.9"),
            ("point 2", "9", "row 1 of 'point 2' must be a whole number, got '9'"),
            ("missing 1", True, "row 1 of 'missing 1' must be a whole number, got True"),
            ("missing 0", None, "row 1 of 'missing 0' must be a whole number, got None"),
            ("respondents", -1, "row 1 of 'respondents' must be a whole number, got -1"),
            ("weightless", 2**60, f"row 1 of 'weightless' must be less than {2**53}, got {2**60}"),
            ("weights", -1.0, "weights must be finite and not negative, got -1"),
            ("weights", math.nan, "weights must be finite and not negative, got nan"),
            ("squares", math.inf, "squares must be finite and not negative, got inf"),
            ("place", 6, "row 1 of 'place' must be less than 6, got 6"),
        ],
    )  # fmt: skip
    def test_values_that_cannot_be_are_named(self, column, value, text, tmp_path):
        tally = PLAIN if column.startswith(("by item", "point", "missing")) else SURVEY
        path = changed(
            tally, tmp_path / "a.json", lambda file: file["columns"][column].__setitem__(0, value)
        )
        with pytest.raises(TallyError, match=rf"^a\.json: {re.escape(text)}"):
            load(path)

    def test_columns_of_other_lengths_are_an_error(self, tmp_path):
        with pytest.raises(TallyError, match=r"columns must be of one length, got \[3, 4\]$"):
            load(changed(PLAIN, tmp_path / "a.json", lambda file: file["columns"]["point 0"].pop()))

    def test_a_key_of_known_labels_that_the_tally_has_not_is_an_error(self, tmp_path):
        def moved(file):
            file["columns"]["by item"][2] = "q2"
            file["columns"]["by day"][2] = {"date": "2024-01-02"}

        with pytest.raises(TallyError, match=r"^a\.json: row 3 must have a key of the tally, got"):
            load(changed(PLAIN[:3], tmp_path / "a.json", moved))


JUNK = [
    None, True, -1, 1.9, "9", "", [], {}, [[]], [1], 2**70, 2**31, 1e400, math.nan, "\ud800",
    {"date": "x"}, {"seconds": [1]}, {"decimal": "sNaN"}, {"kind": 1}, {"time": 5},
]  # fmt: skip


class TestDamage:
    @pytest.mark.parametrize("ending", ENDINGS)
    @pytest.mark.parametrize("tally", [PLAIN, SURVEYS["items"]], ids=["plain", "survey"])
    def test_bytes_that_are_not_what_was_saved_give_an_error_of_ours(self, ending, tally, tmp_path):
        path, random = tmp_path / f"a{ending}", Random(1)  # noqa: S311 - no secrets
        save(tally, path)
        whole = path.read_bytes()
        for _ in range(200):
            start = random.randrange(len(whole))
            end, put = start + random.choice([0, 1, 9]), random.randbytes(random.choice([0, 1, 4]))
            path.write_bytes(whole[:start] + put + whole[end:])
            check_loads_or_says_why(path)

    @pytest.mark.parametrize("tally", [PLAIN, SURVEYS["items"]], ids=["plain", "survey"])
    def test_any_other_value_in_a_file_gives_an_error_of_ours(self, tally, tmp_path):
        path, random = tmp_path / "a.json", Random(2)  # noqa: S311 - no secrets
        save(tally, path)
        whole = path.read_text()
        for _ in range(250):
            content = json.loads(whole)
            inside, place = random.choice([*places(content)])
            if random.random() < 0.3:
                del inside[place]
            else:
                inside[place] = random.choice(JUNK)
            path.write_text(json.dumps(content))
            check_loads_or_says_why(path)

    @pytest.mark.parametrize("levels", [2**40, 10**9])
    def test_a_file_does_not_make_more_labels_than_it_has_rows(self, levels, tmp_path):
        tally = Tally(np.eye(3), THREE)
        with pytest.raises(TallyError, match=r"^a\.json: must be a file that save wrote"):
            load(changed(tally, tmp_path / "a.json", lambda file: file.update(levels=[levels])))

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            *(("a.json", one) for one in (b"{}", b"[1, 2]", b"no json", b"\xff\xfe\x00", b"")),
            ("a.json", b"[" * 100_000),
            *(("a.parquet", one) for one in (b"no Parquet at all", b"")),
            *(("a.parquet", metadata) for metadata in (None, {"custfocus": "{}"}, {"other": "1"})),
        ],
    )  # fmt: skip
    def test_a_file_of_another_kind_is_an_error(self, name, content, tmp_path):
        if isinstance(content, bytes):
            (tmp_path / name).write_bytes(content)
        else:
            written = pa.table({"x": [1]}).replace_schema_metadata(content)
            pq.write_table(written, tmp_path / name)
        text = f"{name}: must be a file that save wrote (custfocus tally, version 2), got another"
        with pytest.raises(TallyError, match=f"^{re.escape(text)}"):
            load(tmp_path / name)

    def test_another_version_is_named(self, tmp_path):
        path = changed(PLAIN, tmp_path / "a.json", lambda file: file.update(format="version 1"))
        text = r"^a\.json: must be a file that save wrote, got 'version 1'$"
        with pytest.raises(TallyError, match=text):
            load(path)


def places(node):
    """Where something stands in JSON."""
    several = node.items() if isinstance(node, dict) else enumerate(node)
    for place, inside in [*several]:
        yield node, place
        if isinstance(inside, dict | list):
            yield from places(inside)


def check_loads_or_says_why(path):
    try:
        found = load(path)
    except TallyError as error:
        said = str(error)
    else:
        said = f"{path.name}: {kind_text(found)}"
    assert said.startswith(f"{path.name}: ")


class TestErrors:
    @pytest.mark.parametrize("name", ["tally.csv", "tally", "tally.JSON", "tally.parquet.gz"])
    def test_other_endings_are_an_error(self, name, tmp_path):
        with pytest.raises(OptionError, match=r"^unknown file type '.*'; .*\.json"):
            save(of_labels("a"), tmp_path / name)
        with pytest.raises(OptionError, match=r"^unknown file type "):
            load(tmp_path / name)
        assert [*tmp_path.iterdir()] == []

    def test_a_file_that_is_not_there_is_not_found(self, tmp_path):
        with pytest.raises(FileNotFoundError):
            load(tmp_path / "none.json")

    @pytest.mark.parametrize(
        ("wrong", "text"),
        [
            ({"q": [1]}, "save takes a tally, got a dict; see frames.tally"),
            (nps(Tally([1] * 11, Scale.range(0, 10))), "save takes a tally, got an Estimate; see"),
            (SurveyTally.of([1, 2], SurveyDesign([1, 2], population=[5, 5]), THREE),
             "tallies of surveys are saved if they are of large populations"),
            (SURVEY[:1], "tallies of surveys are saved with all of their rows"),
        ],
    )  # fmt: skip
    def test_what_is_no_whole_tally_is_not_saved(self, wrong, text, tmp_path):
        with pytest.raises(TallyError, match=f"^{re.escape(text)}"):
            save(wrong, tmp_path / "tally.json")


class TestMissingExtras:
    """With packages that are not to be found."""

    @pytest.mark.parametrize(
        ("package", "trial"),
        [
            ("narwhals", lambda _: of_labels("a").to_frame("pandas")),
            ("narwhals", lambda _: importlib.reload(custfocus.frames)),
            ("pyarrow", lambda folder: save(of_labels("a"), folder / "tally.parquet")),
            ("pyarrow", lambda folder: load(folder / "old.parquet")),
        ],
        ids=["a tally to a frame", "the room itself", "to Parquet", "from Parquet"],
    )
    def test_the_error_says_what_brings_the_package(self, package, trial, tmp_path, monkeypatch):
        save(of_labels("a"), tmp_path / "old.parquet")
        monkeypatch.setitem(sys.modules, package, None)
        remedy = {
            "narwhals": 'pip install "custfocus[frames]", or in a clone pip install ".[frames]"',
            "pyarrow": "pip install pyarrow, or save as .json",
        }[package]
        text = f"{package} is not installed: {remedy}"
        with pytest.raises(MissingExtraError, match=f"^{re.escape(text)}$") as caught:
            trial(tmp_path)
        assert caught.value.name == package
        assert len([*tmp_path.iterdir()]) == 1
