"""Rows are counted where they are: the same cells from every engine, and from a count by hand."""

import math
import re
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custfocus.errors import AnswerError
from frames.cells import asked, cells, combinations, count_answers, plain

NAN = float("nan")
SIZE = 400


def drawn():
    """Columns of every type that engines share."""
    choose = Random(3).choice  # noqa: S311 - no secrets

    def column(*values):
        return [choose(values) for _ in range(SIZE)]

    return {
        "whole": column(1, 2, 3, 9, None),
        "floats": column(1.0, 2.0, 0.5, NAN),
        "texts": column("good", "bad", "", None),
        "many": column(*range(-200, 200)),
        "far": column(2**40, -(2**40), 5),
        "dates": column(date(2024, 1, 1), date(1900, 2, 2), None),
        "times": column(datetime(2024, 1, 1, 3), datetime(1950, 2, 2)),  # noqa: DTZ001 - of no zone
        "flags": column(*{True, False, None}),
        "weight": column(0.0, 1.5, 2.0),
        "count": column(0, 1, 7),
    }


ROWS = drawn()
AMOUNTS = ("numbers", "weights", "squares", "positive", "weightless")
ITEMS = ["whole", "floats", "texts", "flags", "dates"]


@pytest.mark.on_clusters
class TestCells:
    @pytest.mark.parametrize(
        "amounts",
        [{"weights": "weight"}, {"counts": "count"}, {"weights": "weight", "counts": "count"}],
        ids=" and ".join,
    )
    def test_weights_and_counts_are_added_up(self, engine, amounts):
        counted = count_answers(engine.build(ROWS), asked(["whole"], ("texts",), **amounts))[
            "whole"
        ]
        expected = defaultdict(lambda: np.zeros(5))
        columns = (ROWS[name] for name in ("texts", "whole", "weight", "count"))
        for text, answer, weight, number in zip(*columns, strict=True):
            one = weight if "weights" in amounts else 1
            each = np.array([1, one, one**2, one > 0, one == 0])
            expected[text, answer] += each * (number if "counts" in amounts else 1)
        found = np.transpose([counted.sums[name] for name in AMOUNTS])
        for labels, own in zip(combinations(counted), found, strict=True):
            assert own.tolist() == expected.pop(labels).tolist()
        assert not expected


class TestErrors:
    @pytest.mark.parametrize(
        ("wrong", "wanted", "text"),
        [
            (
                {"weight": [-1.0, NAN, math.inf, None]},
                asked(["whole"], weights="weight"),
                "'weight' must be known, finite and not negative in every row, got 4 others; give",
            ),
            (
                {"count": [-1.0, 0.5, NAN, math.inf, None]},
                asked(["whole"], counts="count"),
                "'count' must be whole numbers, 0 or more, and known in every row, got 5 others; weights belong in weights=",
            ),
        ],
    )
    def test_weights_and_counts_that_cannot_be_are_counted(self, engine, wrong, wanted, text):
        [(name, values)] = wrong.items()
        rest = [float(value) for value in ROWS[name][len(values) :]]
        frame = engine.build(ROWS | {name: [*values, *rest]})
        with pytest.raises(AnswerError, match=f"^{re.escape(text)}"):
            count_answers(frame, wanted)

    @pytest.mark.parametrize("wanted", [asked(["whole"], weights="texts"), asked(["whole"], counts="texts")])  # fmt: skip
    def test_texts_are_no_weights(self, engine, wanted):
        with pytest.raises(AnswerError, match=r"^'texts' must be numbers, got .*; convert the col"):
            count_answers(engine.build(ROWS), wanted)

    def test_too_many_cells_are_blamed_on_the_column_that_brings_them(self, engine):
        frame = engine.build({"shop": ["a", "b"] * 10, "visitor": [*range(20)], "q": [1] * 20})
        text = r"^by must bring at most 12 cells .* (1[0-3]|20) or more labels of 'visitor'; leave"
        with pytest.raises(AnswerError, match=text):
            count_answers(frame, asked(["q"], ["shop", "visitor"], most_cells=12))
        with pytest.raises(AnswerError, match=r"^items must bring .* labels of 'visitor'; leave"):
            count_answers(frame, asked(["visitor"], ["shop"], most_cells=12))
        counted = count_answers(frame, asked(["q"], ["shop", "visitor"], most_cells=20))
        assert len(counted["q"].numbers) == 20

    @pytest.mark.parametrize(
        "frame",
        [
            {"q": [[1], [2]]},
            pd.DataFrame({"q": [[1], [2]]}),
            pl.DataFrame({"q": [[1], [2]]}),
            pa.table({"q": [[1], [2]]}),
            pl.LazyFrame({"q": [{"a": 1}, {"a": 2}]}),
        ],
    )
    @pytest.mark.parametrize("keys", [(), ("q",)])
    def test_collections_are_no_answers_and_no_labels(self, frame, keys):
        with pytest.raises(AnswerError, match=r"values must be numbers or texts|single values"):
            count_answers(frame, asked(["q"], keys))

    def test_arrays_of_different_lengths_are_an_error(self):
        text = r"^arrays must be of one length, got lengths {'q': 1, 'k': 3}$"
        with pytest.raises(AnswerError, match=text):
            count_answers({"k": ["a", "b", "c"], "q": [1]}, asked(["q"], ["k"]))


LEVELS = ["low", "mid", "high"]


class TestDeclaredOrder:
    @pytest.mark.parametrize(
        "frame",
        [
            pd.DataFrame({"k": pd.Categorical(["high", None, "low"], LEVELS), "q": 1}),
            {"k": pd.Categorical(["high", None, "low"], LEVELS), "q": [1, 1, 1]},
            pl.DataFrame({"k": pl.Series(["high", None, "low"], dtype=pl.Enum(LEVELS)), "q": 1}),
            pl.LazyFrame({"k": pl.Series(["high", None, "low"], dtype=pl.Enum(LEVELS)), "q": 1}),
            pa.table({
                "k": pa.DictionaryArray.from_arrays([2, None, 0], LEVELS, ordered=True),
                "q": [1, 1, 1],
            }),
            duckdb.sql(
                "select unnest(['high', null, 'low']) :: enum('low', 'mid', 'high') as k, 1 as q"
            ),
        ],
        ids=["pandas", "Categorical", "Polars", "lazy", "PyArrow", "DuckDB"],
    )  # fmt: skip
    def test_it_is_kept_with_the_levels_that_no_row_has(self, frame):
        [key] = count_answers(frame, asked(["q"], ["k"]))["q"].keys
        assert key.level == [*LEVELS, None]
        assert sorted(key.codes) == [0, 2, 3]
        assert key.declared

    @pytest.mark.engines
    def test_categories_of_dask_are_declared_where_they_are_known(self):
        pytest.importorskip("dask", reason="Dask is in the dependency group engines")
        import dask.dataframe as dd  # noqa: PLC0415

        rows = pd.DataFrame({"k": pd.Categorical(["high", None, "low"], LEVELS), "q": 1})
        frame = dd.from_pandas(rows, npartitions=2)
        [known] = count_answers(frame, asked(["q"], ["k"]))["q"].keys
        assert (known.level, known.declared) == ([*LEVELS, None], True)
        unknown = frame.assign(k=frame["k"].cat.as_unknown())
        [key] = count_answers(unknown, asked(["q"], ["k"]))["q"].keys
        assert not key.declared
        assert {plain(label) for label in key.level} == {"high", "low", None}


def found_labels(frame):
    [key] = count_answers(frame, asked(["q"], ["k"]))["q"].keys
    return sorted((label for label in key.level if plain(label) is not None), key=str)


class TestLabels:
    @pytest.mark.parametrize(
        ("column", "labels"),
        [
            (pd.Series([2, None, 1], dtype="Int64"), [1, 2]),
            (pd.Series([True, None, False], dtype="boolean"), [False, True]),
            (pd.Series(["b", None, "a"], dtype="string"), ["a", "b"]),
            (pd.to_datetime(pd.Series(["2024-02-01", None])), [datetime(2024, 2, 1)]),  # noqa: DTZ001
            (pd.to_timedelta(pd.Series([2, None]), unit="h"), [timedelta(hours=2)]),
            (pl.Series([2, None, 1], dtype=pl.Int8), [1, 2]),
            (pl.Series([2, None, 2**62], dtype=pl.Int64), [2, 2**62]),
            (pl.Series([0.5, None, 1.5], dtype=pl.Float32), [0.5, 1.5]),
            (pl.Series(["b", None, "a"], dtype=pl.Categorical), ["a", "b"]),
            (pl.Series([time(3), None]), [time(3)]),
            (pl.Series([Decimal("1.50"), None]), [Decimal("1.50")]),
            (pl.Series([b"x", None]), [b"x"]),
            (pl.Series([None, None]), []),
            (pl.Series([2**70, None], dtype=pl.Int128), [2**70]),
            (pa.array([2, None, 1], pa.uint8()), [1, 2]),
            (pa.array([2, 2**62]), [2, 2**62]),
            (pa.array(["b", None], pa.large_string()), ["b"]),
            (pa.array([Decimal("1.50"), None]), [Decimal("1.50")]),
            (pa.chunked_array([["b"], ["a", None]]), ["a", "b"]),
            (pa.chunked_array([pa.array(["b"]).dictionary_encode(), pa.array(["a"]).dictionary_encode()]), ["a", "b"]),
            (np.array(["2024-02-01", "NaT"], dtype="M8[s]"), [datetime(2024, 2, 1)]),  # noqa: DTZ001
            (np.array([2.0, NAN, -1.0]), [-1.0, 2.0]),
            (np.array([2.5, NAN, -1.0]), [-1.0, 2.5]),
            (np.array([math.inf, 1.0]), [1.0, math.inf]),
            (np.array([NAN, NAN]), []),
            (np.array([1e300, 1.0]), [1.0, 1e300]),
            (np.array([0.0, 2.0**20]), [0.0, 2.0**20]),
            (np.array([0, 2**20]), [0, 2**20]),
            (np.ma.array(["a", "b"], mask=[0, 1]), ["a"]),
            (range(2), [0, 1]),
        ],
    )  # fmt: skip
    def test_they_are_plain_objects_of_python(self, column, labels):
        frames = [{"k": column, "q": [1] * len(column)}]
        make = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}
        library = type(column).__module__.partition(".")[0]
        if library in make:
            frames.append(make[library]({"k": column, "q": [1] * len(column)}))
        for frame in frames:
            found = found_labels(frame)
            assert found == labels
            assert [*map(type, found)] == [*map(type, labels)]


class TestArrays:
    @pytest.mark.parametrize(
        "labels",
        [
            [-(2**62), 0, 2**62],
            [-(2**63), 2**63 - 1],
            [-5, 70_000],
            [-(2**63), -(2**63) + 1],
            [2**64 - 2, 2**64 - 1],
            [-3, 2**15],
            [-(2**15), -(2**15) + 3],
            [2**31 - 1, 2**31],
            [-(2**32) - 1, -(2**32)],
            [2**61, 2**61 + 1],
        ],
    )
    def test_numbers_far_apart_or_far_out_are_numbered_first(self, labels):
        column = np.array(labels, dtype="uint64" if labels[0] > 0 else "int64")
        answers = np.full(len(labels), 2, dtype=np.int8)
        for make in (dict, pd.DataFrame, pl.DataFrame, pa.table):
            counted = count_answers(make({"k": column, "q": answers}), asked(["q"], ["k"]))["q"]
            assert cells(counted) == {(label, 2): 1 for label in labels}

    @pytest.mark.parametrize(
        ("first", "size"),
        [(-127, 128), (-(2**15), 128), (2**61, 128), (-(2**62), 128), (-64, 128), (-6000, 12_000)],
    )
    def test_joint_cells_fit_the_integers_that_they_are_joined_in(self, first, size):
        labels = np.arange(first, first + size)
        columns = {"k": np.repeat(labels, 3), "q": np.tile(np.arange(1, 4, dtype=np.int8), size)}
        counted = count_answers(columns, asked(["q"], ["k"]))["q"]
        assert cells(counted) == {(key, point): 1 for key in labels.tolist() for point in (1, 2, 3)}

    @pytest.mark.parametrize("size", [2**9, 2**13])
    def test_more_joint_cells_than_one_array_holds_are_counted_as_well(self, size):
        # Two keys of 2**9 and 2**13 labels: 2**18 and 2**26 joint cells; then 2**13 answers
        shuffled = np.random.default_rng(2).permutation(size) - 7
        columns = {"a": np.arange(size), "b": shuffled, "c": np.arange(size) % 2}
        for keys, item in [(("c", "a", "b"), "c"), (("a",), "b")]:
            counted = count_answers(columns, asked([item], keys, weights="c"))[item]
            rows = zip(*(columns[name].tolist() for name in (*keys, item)), strict=True)
            assert cells(counted) == Counter(rows)
            assert counted.sums["weights"].sum() == columns["c"].sum()

    def test_rows_are_counted_across_blocks(self):
        rows = 2**17 + 5  # more than are taken at a time
        columns = {"q": np.full(rows, 2, dtype=np.int8), "k": np.arange(rows) % 2}
        counted = count_answers(columns, asked(["q"], ["k"], weights="k"))["q"]
        assert cells(counted) == {(0, 2): 2**16 + 3, (1, 2): 2**16 + 2}
        assert counted.sums["weights"].tolist() == [0, 2**16 + 2]

    @pytest.mark.parametrize(
        "weights",
        [
            [2, True, 0],
            [Decimal(2), 1, 0.0],
            np.array([2, 1, 0]),
            np.array([True, True, False]) * 1.0,
            pd.Series([2, 1, 0], dtype="Int64"),
            pd.Series([2, 1, 0], dtype=object),
            pl.Series([2, 1, 0], dtype=pl.Int8),
            pa.array([2, 1, 0]),
        ],
    )
    def test_weights_may_be_numbers_of_any_type(self, weights):
        counted = count_answers({"q": [1, 1, 1], "w": weights}, asked(["q"], weights="w"))["q"]
        total = sum(map(float, weights.to_pylist() if hasattr(weights, "to_pylist") else weights))
        assert counted.sums["weights"].tolist() == [total]
        assert counted.sums["weightless"].tolist() == [1]

    def test_whole_weights_of_a_small_type_do_not_overflow(self):
        for frame in (pl.DataFrame, pl.LazyFrame):
            rows = frame({"q": [1] * 9, "w": pl.Series([100] * 9, dtype=pl.Int8)})
            assert count_answers(rows, asked(["q"], weights="w"))["q"].sums["squares"] == [90_000]


class TestOneState:
    def test_a_database_answers_all_questions_of_a_type_from_one_state_of_the_table(self):
        with duckdb.connect() as connection:
            connection.sql("create table visits as select 1 as p, 1 :: tinyint as q, 'x' as t")
            other = connection.cursor()

            def arrives(_):
                other.execute("insert into visits values (2, 2, 'y')")

            found = count_answers(connection.table("visits"), asked(["p", "q", "t"]), arrives)
            assert [one.numbers.sum() for one in found.values()] == [1, 1, 1]

    @pytest.mark.engines
    def test_dask_makes_its_rows_once_for_all_questions(self):
        dask = pytest.importorskip("dask", reason="Dask is in the dependency group engines")
        import dask.dataframe as dd  # noqa: PLC0415

        made, rows = [], pd.DataFrame({"q1": [1, 2], "q2": [3, 3], "shop": ["a", "b"]})

        def part(number):
            made.append(number)
            return rows

        with dask.config.set(scheduler="synchronous"):
            frame = dd.from_map(part, [0, 1], meta=rows)
            found = count_answers(frame, asked(["q1", "q2"], ["shop"]))
        assert sorted(made) == [0, 1]
        assert [one.numbers.sum() for one in found.values()] == [4, 4]
