"""
How often each answer was given in each group: the few cells that an engine brings back.

The engine that holds the rows counts them, by one group-by of the keys and the answer for each
question, which every engine has. What comes back grows with groups and points, not with rows.
Frames of pandas and plain arrays are counted by `counted_codes`, which is faster.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError
from custfocus.frames.coded import Codes, coded_column, counted_codes
from custfocus.responses.distinct import distinct_values, is_narrow

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any] | Mapping[str, Any]

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


def counted_cells(frame: Frame, by: Sequence[str], item: str, most: int = MOST_CELLS) -> Cells:
    """
    The cells of one question.

    Raises:
        AnswerError: More than *most* cells, as a column of respondents' ids in *by* gives.
    """
    if isinstance(frame, Mapping):
        found = _in_memory([frame[name] for name in (*by, item)])
    else:
        arrays = _arrays(frame, (*by, item))
        found = _in_engine(frame, by, item, most) if arrays is None else _in_memory(arrays)
    check_cells((*by, item), (*found.keys, found.answers), most, len(found.numbers))
    return found


def _arrays(frame: nw.DataFrame[Any] | nw.LazyFrame[Any], names: Sequence[str]) -> list[Any] | None:
    """Columns that are best counted here: those of pandas, and whole numbers; None for others."""
    if isinstance(frame, nw.LazyFrame):
        return None
    columns = [frame[name] for name in names]
    if frame.implementation.is_pandas():
        return [column.to_native() for column in columns]
    if frame.implementation.is_modin() or not all(map(_is_whole, columns)):
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


def _in_engine(
    frame: nw.DataFrame[Any] | nw.LazyFrame[Any], by: Sequence[str], item: str, most: int
) -> Cells:
    names = [f"key_{place}" for place in range(len(by))]
    columns = neutral_columns(frame, (*by, item), (*names, "answer"))
    grouped = frame.select(*columns).group_by(*names, "answer").agg(nw.len().alias("number"))
    found = brought_back(grouped.head(most + 1))
    *keys, answers = (Column(*distinct_values(found[name])) for name in (*names, "answer"))
    return Cells(tuple(keys), answers, np.asarray(found["number"], dtype=np.int64))


def brought_back(frame: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> dict[str, list[Any]]:
    """The columns of what an engine has aggregated."""
    if isinstance(frame, nw.DataFrame):
        # Modin would take a while for each column by itself
        modin = frame.implementation.is_modin()
        here = nw.from_native(frame.to_pandas(), eager_only=True) if modin else frame
        return here.to_dict(as_series=False)
    # Polars piece by piece: files may exceed the memory
    piecewise: dict[str, Any] = {"engine": "streaming"} if frame.implementation.is_polars() else {}
    return frame.collect(**piecewise).to_dict(as_series=False)


def neutral_columns(
    frame: nw.DataFrame[Any] | nw.LazyFrame[Any], columns: Sequence[str], names: Sequence[str]
) -> list[nw.Expr]:
    """Columns under names of our own: a key may be called as the question, or have any character."""
    types = frame.collect_schema()
    nested = [column for column in columns if types[column].is_nested()]
    if nested:
        raise AnswerError(f"{nested[0]!r} must hold single values, got {types[nested[0]]}")
    as_text = frame.implementation.is_dask()  # which can't merge the dictionaries of categories
    return [
        (
            column_of(frame, column).cast(nw.String)
            if as_text and isinstance(types[column], nw.Categorical | nw.Enum)
            else column_of(frame, column)
        ).alias(name)
        for column, name in zip(columns, names, strict=True)
    ]


def column_of(frame: nw.DataFrame[Any] | nw.LazyFrame[Any], name: str) -> nw.Expr:
    """A column by its name, which Spark takes for a path unless it is quoted."""
    quoted = "`" + name.replace("`", "``") + "`"
    return nw.col(quoted if frame.implementation.is_pyspark() else name)


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
