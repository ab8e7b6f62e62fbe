"""
How often each answer was given in each group: the few cells that an engine brings back.

The engine that holds the rows counts them, by one group-by of the keys and the answer for each
question, which every engine has. What comes back grows with groups and points, not with rows.
Frames of pandas and plain arrays are counted by `counted_codes`, which is faster.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError
from custfocus.frames.coded import Codes, coded_column, counted_codes
from custfocus.frames.opening import Frame, Table
from custfocus.frames.queries import brought_back, grouped
from custfocus.responses.distinct import distinct_values, is_narrow

MOST_CELLS = 2**21


class Column(NamedTuple):
    """The distinct values of a column of cells, and which of them each cell has, shape (cells,)."""

    values: list[Any]
    codes: Codes


class Cells(NamedTuple):
    """
    The cells of one question.

    Attributes:
        keys: For each name that groups are told apart by, the labels of the cells.
        answers: The answers of the cells, as the engine has them.
        numbers: How many rows each cell stands for, shape (cells,).
    """

    keys: tuple[Column, ...]
    answers: Column
    numbers: NDArray[np.int64]


def counted_cells(
    frame: Frame, by: Sequence[str], items: Sequence[str], most: int = MOST_CELLS
) -> Iterator[Cells]:
    """
    The cells of each question, one after the other.

    Raises:
        AnswerError: More than *most* cells, as a column of respondents' ids in *by* gives.
    """
    counted: Iterator[Cells]
    if isinstance(frame, Mapping):
        counted = (_in_memory([frame[name] for name in (*by, item)]) for item in items)
    elif isinstance(frame, nw.DataFrame):
        counted = (_of_frame(frame, by, item, most) for item in items)
    else:
        counted = _in_engine(frame, by, items, most)
    for item, cells in zip(items, counted, strict=True):
        check_cells((*by, item), (*cells.keys, cells.answers), most, len(cells.numbers))
        yield cells


def _of_frame(frame: nw.DataFrame[Any], by: Sequence[str], item: str, most: int) -> Cells:
    arrays = _arrays([frame[name] for name in (*by, item)])
    return next(_in_engine(frame, by, [item], most)) if arrays is None else _in_memory(arrays)


def _arrays(columns: Sequence[nw.Series[Any]]) -> list[Any] | None:
    """Columns that are best counted here: those of pandas, and whole numbers; None for others."""
    implementation = columns[0].implementation
    if implementation.is_pandas():
        return [column.to_native() for column in columns]
    if implementation.is_modin() or not all(map(_is_whole, columns)):
        return None
    arrays = [column.to_numpy() for column in columns]
    return arrays if all(map(is_narrow, arrays)) else None


def _is_whole(column: nw.Series[Any]) -> bool:
    return column.dtype.is_integer() and not column.null_count()


def _in_memory(columns: Sequence[Any]) -> Cells:
    coded = [coded_column(column) for column in columns]
    places, numbers = counted_codes(coded)
    *keys, answers = (
        _column(column.values, chosen) for column, chosen in zip(coded, places, strict=True)
    )
    return Cells(tuple(keys), answers, numbers)


def _column(values: Sequence[object], chosen: Codes) -> Column:
    used, codes = np.unique(chosen, return_inverse=True)
    return Column([values[place] for place in used.tolist()], codes)


def _in_engine(table: Table, by: Sequence[str], items: Iterable[str], most: int) -> Iterator[Cells]:
    keys = {f"key_{place}": name for place, name in enumerate(by)}
    queries = (grouped(table, {**keys, "answer": item}, most) for item in items)
    for found in brought_back(table, queries):
        *labels, answers = (Column(*distinct_values(found[name])) for name in (*keys, "answer"))
        yield Cells(tuple(labels), answers, np.asarray(found["count"], dtype=np.int64))


def check_cells(names: Sequence[str], columns: Sequence[Column], most: int, number: int) -> None:
    """An error where there are more than *most* cells, with the column that has most labels; the last is the answers'."""
    if number <= most:
        return
    counts = {name: len(each.values) for name, each in zip(names, columns, strict=True)}
    worst = max(counts, key=lambda name: counts[name])
    what = "items" if worst == names[-1] else "by"
    raise AnswerError(
        f"{what} must bring at most {most:,} cells of groups and answers, got more, with "
        f"{counts[worst]:,} or more labels of {worst!r}; leave it out, or raise most_cells="
    )
