"""Tallies out of any dataframe, table or engine."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

import narwhals.stable.v2 as nw
import numpy as np
from narwhals.exceptions import DuplicateError

from custfocus.errors import AnswerError, choose, naming
from custfocus.frames.cells import MOST_CELLS, Cells, Frame, column_of, counted_cells
from custfocus.frames.locating import located
from custfocus.frames.surveys import Design, survey_tally
from custfocus.responses.groups import Codes
from custfocus.responses.keys import Key, united
from custfocus.responses.scale import Scale, as_scale
from custfocus.responses.tally import Tally
from custfocus.responses.tally_table import TallyTable

Names = str | Iterable[str]
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
        found = each(columns, lambda item: counted_cells(opened, names, item, most_cells), progress)
        return assembled(found, names, scale)
    surveys = each(
        columns,
        lambda item: survey_tally(opened, names, item, scale=scale, design=design, most=most_cells),
        progress,
    )
    return TallyTable.of_surveys(columns, surveys.values())


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
    cells = counted_cells(opened, (*names, item), answer, most_cells)
    *_, questions = cells.keys
    odd = [question for question in questions.values if not isinstance(question, str)]
    if odd:
        raise AnswerError(f"{item!r} must name the question in every row, as text, got {odd[0]!r}")
    columns = tuple(sorted(questions.values)) if items is None else listed(items, "items")
    if not columns:
        raise AnswerError("the rows must name a question at least, got none; say items=")
    return assembled({column: _of_question(cells, column) for column in columns}, names, scale)


def opened_frame(frame: Any) -> Frame:  # noqa: ANN401 - a frame of any library
    """A frame as narwhals has it, a mapping as it is; anything else is an error."""
    if isinstance(frame, Mapping):
        return cast("Mapping[str, Any]", frame)
    try:
        opened: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(frame)
    except TypeError:
        raise AnswerError(
            f"expected a dataframe, table or mapping of arrays, got a {type(frame).__name__}"
        ) from None
    except DuplicateError as error:
        raise AnswerError(f"columns must have names of their own: {error}") from None
    return opened


def each(
    items: Iterable[str], counted: Callable[[str], T], progress: Callable[[int], object] | None
) -> dict[str, T]:
    """What is counted of each question, telling *progress* after each."""
    found: dict[str, T] = {}
    for item in items:
        found[item] = counted(item)
        if progress is not None:
            progress(1)
    return found


def listed(names: Names, what: str) -> tuple[str, ...]:
    """One name or several as a tuple; doubled ones are an error."""
    if not isinstance(names, Iterable):
        raise AnswerError(f"{what} must be a name or a list of names, got {names!r}")
    several = (names,) if isinstance(names, str) else tuple(names)
    odd = [name for name in cast("tuple[object, ...]", several) if not isinstance(name, str)]
    if odd:
        raise AnswerError(f"{what} must be texts, got {odd[0]!r}; rename the columns")
    if len(set(several)) != len(several):
        raise AnswerError(f"{what} must differ from each other, got {several}")
    if what == "items" and not several:
        raise AnswerError("items must name at least one column, got none")
    return several


def check_columns(frame: Frame, names: Sequence[str]) -> None:
    """An error for names that no column has, and for arrays of different lengths."""
    there = {
        str(name): name
        for name in (frame if isinstance(frame, Mapping) else frame.collect_schema())
    }
    for name in names:
        choose("column", name, there)
    if isinstance(frame, Mapping):
        lengths = {name: len(frame[name]) for name in names if hasattr(frame[name], "__len__")}
        if len(set(lengths.values())) > 1:
            raise AnswerError(f"arrays must be of one length, got lengths {lengths}")


def assembled(found: Mapping[str, Cells], by: tuple[str, ...], scale: Scale) -> TallyTable:
    """The cells of each question, put in their places."""
    grouped = {item: _grouped(cells) for item, cells in found.items()}
    keys, codes = united([key for keys, _ in grouped.values() for key in keys], len(by))
    groups = keys if by else ((),)
    counts = np.zeros((len(groups), len(found), len(scale) + 1), dtype=np.int64)
    start = 0
    for place, (item, cells) in enumerate(found.items()):
        with naming(f"item {item!r}"):
            points = located(cells.answers, scale)
        own, rows = grouped[item]
        rows = codes[start : start + len(own)][rows]
        np.add.at(counts[:, place], (rows, points), cells.numbers)  # -1, the last: missing
        start += len(own)
    return TallyTable(by, groups, tuple(found), Tally(counts[..., :-1], scale, counts[..., -1]))


def _grouped(cells: Cells) -> tuple[list[Key], Codes]:
    """The keys of the groups that occur, and the group of each cell."""
    joint = np.zeros(len(cells.numbers), dtype=np.intp)
    for column in cells.keys:
        joint = np.unique(joint * len(column.values) + column.codes, return_inverse=True)[1]
    _, first = np.unique(joint, return_index=True)
    labels = [[column.values[code] for code in column.codes[first]] for column in cells.keys]
    keys: list[Key] = [*zip(*labels, strict=True)] if labels else [()] * len(first)
    return keys, np.asarray(joint)


def _of_question(cells: Cells, question: str) -> Cells:
    """The cells of one of the questions, which are the last key."""
    *keys, questions = cells.keys
    own = np.flatnonzero([questions.values[code] == question for code in questions.codes])
    return Cells(
        tuple(column._replace(codes=column.codes[own]) for column in keys),
        cells.answers._replace(codes=cells.answers.codes[own]),
        cells.numbers[own],
    )
