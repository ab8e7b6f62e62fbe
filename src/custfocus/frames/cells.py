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
from custfocus.frames.coded import coded_column, counted_codes

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any] | Mapping[str, Any]

MOST_CELLS = 2**21


class Cells(NamedTuple):
    """
    The cells of one question.

    Attributes:
        keys: For each name that groups are told apart by, its label in each cell.
        answers: The answer of each cell, as the engine has it.
        numbers: How many rows each cell stands for, shape (cells,).
    """

    keys: tuple[list[Any], ...]
    answers: list[Any]
    numbers: NDArray[np.int64]


def counted_cells(frame: Frame, by: Sequence[str], item: str, most: int = MOST_CELLS) -> Cells:
    """
    The cells of one question.

    Raises:
        AnswerError: More than *most* cells, as a column of respondents' ids in *by* gives.
    """
    if isinstance(frame, Mapping):
        found = _in_memory([frame[name] for name in (*by, item)], most)
    elif isinstance(frame, nw.DataFrame) and frame.implementation.is_pandas():
        found = _in_memory([frame[name].to_native() for name in (*by, item)], most)
    else:
        found = _in_engine(frame, by, item, most)
    check_cells(by, found.keys, most, len(found.numbers))
    return found


def _in_memory(columns: Sequence[Any], most: int) -> Cells:
    coded = [coded_column(column) for column in columns]
    places, numbers = counted_codes(coded)
    *keys, answers = (
        [column.values[place] for place in chosen[: most + 1].tolist()]
        for column, chosen in zip(coded, places, strict=True)
    )
    return Cells(tuple(keys), answers, numbers)


def _in_engine(
    frame: nw.DataFrame[Any] | nw.LazyFrame[Any], by: Sequence[str], item: str, most: int
) -> Cells:
    names = [f"key_{place}" for place in range(len(by))]
    columns = neutral_columns(frame, (*by, item), (*names, "answer"))
    grouped = frame.select(*columns).group_by(*names, "answer").agg(nw.len().alias("number"))
    found = grouped.head(most + 1)
    if isinstance(found, nw.LazyFrame):
        found = found.collect()
    keys = tuple(found[name].to_list() for name in names)
    return Cells(keys, found["answer"].to_list(), np.asarray(found["number"].to_list(), np.int64))


def neutral_columns(
    frame: nw.DataFrame[Any] | nw.LazyFrame[Any], columns: Sequence[str], names: Sequence[str]
) -> list[nw.Expr]:
    """Columns under names of our own: a key may be called as the question, or have any character."""
    types = frame.collect_schema()
    as_text = frame.implementation.is_dask()  # which can't merge the dictionaries of categories
    return [
        (
            nw.col(column).cast(nw.String)
            if as_text and isinstance(types[column], nw.Categorical | nw.Enum)
            else nw.col(column)
        ).alias(name)
        for column, name in zip(columns, names, strict=True)
    ]


def check_cells(by: Sequence[str], keys: Sequence[list[Any]], most: int, number: int) -> None:
    """An error where there are more than *most* cells, with the column that has most labels."""
    if number <= most:
        return
    counts = {name: len(set(labels)) for name, labels in zip(by, keys, strict=True)}
    worst = max(counts, key=lambda name: counts[name], default="the answers")
    raise AnswerError(
        f"by must bring at most {most:,} cells of groups and answers, got more, with "
        f"{counts.get(worst, most):,} or more labels of {worst!r}; leave it out, or raise most_cells="
    )
