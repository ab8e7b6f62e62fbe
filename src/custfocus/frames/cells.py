"""
How often each answer was given in each group: the few cells that an engine brings back.

The engine that holds the rows counts them, by one group-by of the keys and the answer for each
question, which every engine has. What comes back grows with groups and points, not with rows.
Frames of pandas and plain arrays are counted by `counted_codes`, which is faster.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError
from custfocus.frames.coded import Coded, Codes, coded_column, counted_codes, of_whole_numbers
from custfocus.frames.opening import Frame, Table
from custfocus.frames.queries import brought_back, grouped
from custfocus.results.distinct import distinct_values

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
    counted = (
        _in_engine(frame, by, items, most)
        if isinstance(frame, nw.LazyFrame)
        else _in_memory(frame, by, items, most)
    )
    for item, cells in zip(items, counted, strict=True):
        check_cells((*by, item), (*cells.keys, cells.answers), most, len(cells.numbers))
        yield cells


def _in_memory(
    frame: nw.DataFrame[Any] | Mapping[str, Any], by: Sequence[str], items: Sequence[str], most: int
) -> Iterator[Cells]:
    keys = [_coded(frame, name) for name in by]
    here = all(key is not None for key in keys)
    for item in items:
        columns = [*keys, _coded(frame, item) if here else None]
        coded = [column for column in columns if column is not None]
        if len(coded) == len(columns):
            yield _counted_here(coded)
        else:  # an array always is; so this is a dataframe
            yield next(_in_engine(cast("Table", frame), by, [item], most))


def _coded(frame: nw.DataFrame[Any] | Mapping[str, Any], name: str) -> Coded | None:
    """A column that is best counted here: an array, pandas' Series, whole numbers; None for others."""
    if isinstance(frame, Mapping):
        return coded_column(frame[name])
    column = frame[name]
    if column.implementation.is_pandas():
        return coded_column(column.to_native())
    if column.implementation.is_modin() or not _is_whole(column):
        return None
    return of_whole_numbers(column.to_numpy())


def _is_whole(column: nw.Series[Any]) -> bool:
    return column.dtype.is_integer() and not column.null_count()


def _counted_here(columns: Sequence[Coded]) -> Cells:
    places, numbers = counted_codes(columns)
    *keys, answers = (
        _column(column.values, chosen) for column, chosen in zip(columns, places, strict=True)
    )
    return Cells(tuple(keys), answers, numbers)


def _column(values: Sequence[Any], chosen: Codes) -> Column:
    used, codes = np.unique(chosen, return_inverse=True)
    return Column([values[place] for place in used.tolist()], codes)


def _in_engine(table: Table, by: Sequence[str], items: Iterable[str], most: int) -> Iterator[Cells]:
    keys = {f"key_{place}": name for place, name in enumerate(by)}
    queries = (grouped(table, {**keys, "answer": item}, most) for item in items)
    for found in brought_back(table, queries):
        *labels, answers = (column_of_cells(found[name]) for name in (*keys, "answer"))
        yield Cells(tuple(labels), answers, found["count"].to_numpy().astype(np.int64))


def column_of_cells(column: nw.Series[Any]) -> Column:
    """The distinct values of a column that an engine brought back."""
    return Column(*distinct_values(column.to_numpy() if _is_whole(column) else column.to_list()))


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
