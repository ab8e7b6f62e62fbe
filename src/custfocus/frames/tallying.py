"""Tallies out of any dataframe, table or engine."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from custfocus.errors import AnswerError, naming
from custfocus.frames.cells import MOST_CELLS, Cells, counted_cells
from custfocus.frames.locating import located
from custfocus.frames.opening import Names, check_columns, column_of, listed, opened_frame
from custfocus.frames.surveys import Design, survey_tallies
from custfocus.results.distinct import distinct_values
from custfocus.responses.groups import Codes
from custfocus.responses.keys import Key, Keys, united
from custfocus.responses.scale import Scale, as_scale
from custfocus.responses.tally import Tally
from custfocus.responses.tally_table import TallyTable

T = TypeVar("T")


def tally(
    frame: Any,  # noqa: ANN401 - a frame of any library
    items: Names,
    *,
    scale: Scale,
    by: Names = (),
    weight: str | None = None,
    strata: Names = (),
    clusters: Names = (),
    most_cells: int = MOST_CELLS,
    progress: Callable[[int], object] | None = None,
) -> TallyTable:
    """
    Count the answers to some questions, a column each, in the engine that holds them.

    With *weight*, *strata* or *clusters* the engine adds up weights and their squares as well,
    by cluster if there are any, and the table is one for design-based estimates.

    Args:
        frame: A dataframe, lazy frame or table of pandas, Polars, PyArrow, Modin, DuckDB, Dask,
            PySpark, SQLFrame or Ibis; or a mapping of names to arrays of equal length.
        items: The columns with the answers: points or labels of the scale or missing codes.
        scale: The scale that all of them are on.
        by: Columns that split the rows into groups. Nulls are a group of their own.
        weight: The column of weights, see `SurveyDesign`.
        strata: The columns that name the stratum.
        clusters: The columns that name the cluster.
        most_cells: How many cells of groups (strata, clusters) and answers a question may bring
            back.
        progress: Called with 1 after each question; ``tqdm(total=len(items)).update`` fits.

    Returns:
        The tallies, groups in the order of `Groups.keys`, whatever the engine's own.

    Raises:
        AnswerError: Answers off the scale, by question; more cells than *most_cells*; weights
            that are unknown, negative or not finite; strata or clusters that are unknown.
        OptionError: Columns that are not there.

    >>> import pyarrow
    >>> visits = pyarrow.table({"shop": ["b", "a", "b", None], "q1": [3, 1, None, 2]})
    >>> tally(visits, "q1", scale=Scale.likert(3, missing=[None]), by="shop")
    shop  item  n  missing  1  2  3
    a     q1    1        0  1  0  0
    b     q1    1        1  0  0  1
    None  q1    1        0  0  1  0
    """
    as_scale(scale)
    opened, columns, names = opened_frame(frame), listed(items, "items"), listed(by, "by")
    design = Design(weight, listed(strata, "strata"), listed(clusters, "clusters"))
    check_columns(opened, (*columns, *names, *design.columns))
    if not design.columns:
        cells = counted_cells(opened, names, columns, most_cells)
        return assembled(by_item(columns, cells, progress), names, scale)
    surveys = survey_tallies(opened, names, columns, scale=scale, design=design, most=most_cells)
    return TallyTable.of_surveys(columns, by_item(columns, surveys, progress).values())


def tally_long(
    frame: Any,  # noqa: ANN401 - a frame of any library
    *,
    item: str,
    answer: str,
    scale: Scale,
    items: Names | None = None,
    by: Names = (),
    most_cells: int = MOST_CELLS,
) -> TallyTable:
    """
    Count answers that stand below each other: a row for each respondent and question.

    Args:
        frame: As for `tally`, but no mapping of arrays.
        item: The column with the questions.
        answer: The column with the answers.
        scale: The scale that the questions are on.
        items: The questions that are counted; all unless told.
        by: Columns that split the rows into groups.
        most_cells: How many cells of groups, questions and answers may come back.

    Returns:
        The tallies; questions as told, else sorted. A question without a row in a group has no
        answers there and none missing.

    Raises:
        AnswerError: As for `tally`, or questions that are no texts.

    >>> import pyarrow
    >>> rows = pyarrow.table({"question": ["q1", "q2", "q1"], "answer": [3, 1, 2]})
    >>> tally_long(rows, item="question", answer="answer", scale=Scale.likert(3))
    item  n  missing  1  2  3
    q1    2        0  0  1  1
    q2    1        0  1  0  0
    """
    as_scale(scale)
    opened, names = opened_frame(frame), listed(by, "by")
    check_columns(opened, (item, answer, *names))
    if isinstance(opened, Mapping):
        raise AnswerError("tally_long takes a dataframe, got a mapping; make it a dataframe")
    if items is not None:
        opened = opened.filter(column_of(opened, item).is_in([*listed(items, "items")]))
    [cells] = counted_cells(opened, (*names, item), [answer], most_cells)
    *_, questions = cells.keys
    odd = [question for question in questions.values if not isinstance(question, str)]
    if odd:
        raise AnswerError(f"{item!r} must name the question in every row, as text, got {odd[0]!r}")
    columns = tuple(sorted(questions.values)) if items is None else listed(items, "items")
    if not columns:
        raise AnswerError("the rows must name a question at least, got none; say items=")
    return assembled({column: _of_question(cells, column) for column in columns}, names, scale)


def by_item(
    items: Iterable[str], counted: Iterable[T], progress: Callable[[int], object] | None
) -> dict[str, T]:
    """What is counted of each question, telling *progress* after each."""
    found: dict[str, T] = {}
    for item, cells in zip(items, counted, strict=True):
        found[item] = cells
        if progress is not None:
            progress(1)
    return found


def assembled(found: Mapping[str, Cells], by: tuple[str, ...], scale: Scale) -> TallyTable:
    """The cells of each question, put in their places."""
    grouped = {item: _grouped(cells) for item, cells in found.items()}
    keys, codes = _united([keys for keys, _ in grouped.values()], len(by))
    groups = keys if by else ((),)
    counts = np.zeros((len(groups), len(found), len(scale) + 1), dtype=np.int64)
    for place, (item, cells) in enumerate(found.items()):
        with naming(f"item {item!r}"):
            points = located(cells.answers, scale)
        rows = codes[place][grouped[item][1]]
        np.add.at(counts[:, place], (rows, points), cells.numbers)  # -1, the last: missing
    return TallyTable(by, groups, tuple(found), Tally(counts[..., :-1], scale, counts[..., -1]))


def _united(several: Sequence[list[Key]], labels: int) -> tuple[Keys, list[Codes]]:
    """The keys of all questions in order, and which of them those of each question are."""
    if all(keys == several[0] for keys in several):  # the columns of groups are the same for all
        keys, codes = united(several[0], labels)
        return keys, [codes] * len(several)
    keys, codes = united([key for keys in several for key in keys], labels)
    return keys, np.split(codes, np.cumsum([len(keys) for keys in several[:-1]]))


def _grouped(cells: Cells) -> tuple[list[Key], Codes]:
    """The keys of the groups that occur, and the group of each cell."""
    joint = np.zeros(len(cells.numbers), dtype=np.intp)
    for column in cells.keys:
        _, joint = distinct_values(joint * len(column.values) + column.codes)
    first = np.empty(joint.max(initial=-1) + 1, dtype=np.intp)
    first[joint] = np.arange(len(joint))  # any cell of the group
    labels = [[column.values[code] for code in column.codes[first]] for column in cells.keys]
    keys: list[Key] = [*zip(*labels, strict=True)] if labels else [()] * len(first)
    return keys, joint


def _of_question(cells: Cells, question: str) -> Cells:
    """The cells of one of the questions, which are the last key."""
    *keys, questions = cells.keys
    own = np.flatnonzero([questions.values[code] == question for code in questions.codes])
    return Cells(
        tuple(column._replace(codes=column.codes[own]) for column in keys),
        cells.answers._replace(codes=cells.answers.codes[own]),
        cells.numbers[own],
    )
