"""Tallies, scores and scorecards out of any dataframe, table or engine."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, overload

import attrs
import numpy as np

from custfocus.errors import AnswerError, OptionError, naming
from custfocus.frames.counting import Counted, count_answers
from custfocus.frames.tables import MOST_CELLS, Asked, Names, Roles, column_name, listed, names_in
from custfocus.indices.estimate import Index, as_index
from custfocus.intervals.methods import Method
from custfocus.progress.filling import check_focus, scorecard_of
from custfocus.progress.looks import Looks
from custfocus.progress.questions import asked_questions
from custfocus.progress.scorecard import Scorecard
from custfocus.progress.unmeasured import Unmeasured
from custfocus.responses.sample import Sample, reasons_of, row_places
from custfocus.responses.scale import Scale, as_scale
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Places
from custfocus.results.distinct import in_level, is_null
from custfocus.results.keys import Keys
from custfocus.results.result import Result
from custfocus.results.text import kind_text
from custfocus.surveys.counted_cells import CountedCells
from custfocus.surveys.layout import contents_of_cells
from custfocus.surveys.row_fields import RowLabels
from custfocus.surveys.survey_design import LonelyPsu
from custfocus.surveys.survey_tally import SurveyTally, laid_out
from custfocus.vocabulary.focus import CustomerFocus

Progress = Callable[[int], object]


@overload
def tally(
    frame: Any,  # noqa: ANN401 - a frame of any library
    items: Names,
    *,
    scale: Scale,
    by: Names = ...,
    counts: str | None = ...,
    most_cells: int = ...,
    progress: Progress | None = ...,
) -> Tally: ...
@overload
def tally(
    frame: Any,  # noqa: ANN401 - a frame of any library
    items: Names,
    *,
    scale: Scale,
    by: Names = ...,
    weights: str | None = ...,
    counts: str | None = ...,
    strata: Names = ...,
    clusters: Names = ...,
    lonely_psu: LonelyPsu = ...,
    degrees_of_freedom: float | None = ...,
    most_cells: int = ...,
    progress: Progress | None = ...,
) -> Tally | SurveyTally: ...
def tally(
    frame: Any,
    items: Names,
    *,
    scale: Scale,
    by: Names = (),
    weights: str | None = None,
    counts: str | None = None,
    strata: Names = (),
    clusters: Names = (),
    lonely_psu: LonelyPsu = "error",
    degrees_of_freedom: float | None = None,
    most_cells: int = MOST_CELLS,
    progress: Progress | None = None,
) -> Tally | SurveyTally:
    """
    Count the answers to some questions, a column each, in the engine that holds them.

    Args:
        frame: A dataframe, lazy frame or table of pandas, Polars, PyArrow, Modin, DuckDB, Dask,
            PySpark or Ibis; or a mapping of names to arrays of equal length.
        items: The columns with the answers: points or labels of the scale or missing codes.
        scale: The scale that all of them are on.
        by: Columns that split the rows into groups. Nulls are a group of their own; an order
            that a column declares is kept.
        weights: The column of weights, see `SurveyDesign`.
        counts: The column that says how many respondents each row stands for, of a table that
            was counted before. One row by default.
        strata: The columns that name the stratum.
        clusters: The columns that name the cluster.
        lonely_psu: What a stratum with one cluster gets; see `SurveyDesign`.
        degrees_of_freedom: Those that the survey's guide fixes; see `SurveyDesign`.
        most_cells: How many cells of groups (strata, clusters) and answers a question may bring
            back.
        progress: Called with 1 after each question; ``tqdm(total=len(items)).update`` fits.

    Returns:
        A tally with a row for each group and, for a list of items, each of these. With
        *weights*, *strata* or *clusters* a `SurveyTally`.

    Raises:
        AnswerError: Answers off the scale, by question; more cells than *most_cells*; weights
            that are unknown, negative or not finite; counts that are not whole; strata or
            clusters that are unknown.
        LabelError: A column of *by* called like a column of results.
        OptionError: Columns that are not there.

    >>> import pyarrow
    >>> visits = pyarrow.table({"shop": ["b", "a", "b", None], "q1": [3, 1, None, 2]})
    >>> tally(visits, ["q1"], scale=Scale.likert(3, missing=[None]), by="shop")
    shop    item  n  missing  1  2  3
    a       q1    1        0  1  0  0
    b       q1    1        1  0  0  1
    (none)  q1    1        0  0  1  0
    answers on 1, 2, 3
    """
    roles = Roles(by, weights, counts, strata, clusters, lonely_psu, degrees_of_freedom, most_cells)
    return _tally(frame, items, as_scale(scale), roles, progress)


def tally_long(
    frame: Any,  # noqa: ANN401 - a frame of any library
    *,
    item: str,
    answer: str,
    scale: Scale,
    items: Names | None = None,
    by: Names = (),
    weights: str | None = None,
    counts: str | None = None,
    strata: Names = (),
    clusters: Names = (),
    lonely_psu: LonelyPsu = "error",
    degrees_of_freedom: float | None = None,
    most_cells: int = MOST_CELLS,
) -> Tally | SurveyTally:
    """
    Count answers that stand below each other: a row for each respondent and question.

    Args:
        frame: As for `tally`.
        item: The column with the questions.
        answer: The column with the answers.
        scale: The scale that the questions are on.
        items: The questions that are counted, all of them by default.
        by: Columns that split the rows into groups.
        weights: The column of weights.
        counts: The column that says how many respondents each row stands for.
        strata: The columns that name the stratum.
        clusters: The columns that name the cluster.
        lonely_psu: What a stratum with one cluster gets.
        degrees_of_freedom: Those that the survey's guide fixes.
        most_cells: How many cells of groups, questions and answers may come back.

    Returns:
        The tally; questions in the order of *items* or that their column declares, else sorted.
        A question without a row in a group has no answers there and none missing.

    Raises:
        AnswerError: As for `tally`, or questions that are no texts.
        LabelError: A column of *by* called like a column of results.
        OptionError: Columns that are not there.

    >>> import pyarrow
    >>> rows = pyarrow.table({"question": ["q1", "q2", "q1"], "answer": [3, 1, 2]})
    >>> tally_long(rows, item="question", answer="answer", scale=Scale.likert(3))
    item  n  missing  1  2  3
    q1    2        0  0  1  1
    q2    1        0  1  0  0
    answers on 1, 2, 3
    """
    as_scale(scale)
    column_name(item, "item")
    roles = Roles(by, weights, counts, strata, clusters, lonely_psu, degrees_of_freedom, most_cells)
    asked = Asked.of(column_name(answer, "answer"), roles, item)
    wanted = None if items is None else listed(items, "items")
    only = None if wanted is None else (item, wanted)
    counted = count_answers(frame, asked._replace(only=only))
    found = counted.keys[item]
    names = _questions(item, found.level) if wanted is None else wanted
    number: dict[object, int] = {name: place for place, name in enumerate(names)}
    places = np.array([number.get(name, -1) for name in found.level], np.intp)[found.codes]
    own = np.flatnonzero(places >= 0)
    return _sample(counted.chosen(own, places[own]), asked._replace(items=names), scale)


def score(
    frame: Any,  # noqa: ANN401 - a frame of any library
    items: Names,
    index: Scoring | Index,
    *,
    scale: Scale | None = None,
    by: Names = (),
    weights: str | None = None,
    counts: str | None = None,
    strata: Names = (),
    clusters: Names = (),
    lonely_psu: LonelyPsu = "error",
    degrees_of_freedom: float | None = None,
    most_cells: int = MOST_CELLS,
    progress: Progress | None = None,
) -> Any:  # noqa: ANN401 - a frame of the same library
    """
    An index of some questions by group, with its interval, as a frame of the kind that came in.

    It is ``index(tally(...)).to_frame(like=frame)``.

    Args:
        frame: See `tally`.
        items: The columns with the answers.
        index: What is computed: a scoring, or a function of a sample such as `nps`, `csat` or
            ``partial(csat, boxes=1, confidence_level=0.9)``.
        scale: The scale of the answers; a scoring brings its own.
        by: Columns that split the rows into groups.
        weights: The column of weights.
        counts: The column that says how many respondents each row stands for.
        strata: The columns that name the stratum.
        clusters: The columns that name the cluster.
        lonely_psu: What a stratum with one cluster gets.
        degrees_of_freedom: Those that the survey's guide fixes.
        most_cells: How many cells a question may bring back.
        progress: Called with 1 after each question.

    Returns:
        A row for each group and item, the columns of *by* with the types that they have in
        *frame*, and the columns of the index. A frame of the library of *frame*, lazy where
        that is; for a mapping of arrays a dictionary of lists. Null where there are no answers.

    Raises:
        AnswerError: As `tally`.
        CustfocusError: What the index raises.

    >>> import polars
    >>> from custfocus import nps
    >>> visits = polars.DataFrame({"shop": ["b", "a", "b", "b"], "q": [9, 3, 10, 10]})
    >>> score(visits, "q", nps, scale=Scale.range(0, 10), by="shop")["value"].to_list()
    [-100.0, 100.0]
    """
    if scale is None and not isinstance(index, Scoring):
        raise OptionError(
            "score needs the scale= of the answers, got none; a Scoring brings its own"
        )
    given = index.scale if scale is None and isinstance(index, Scoring) else as_scale(scale)
    scored = as_index(index)
    roles = Roles(by, weights, counts, strata, clusters, lonely_psu, degrees_of_freedom, most_cells)
    sample = _tally(frame, items, given, roles, progress)
    found: object = scored(sample)
    if not isinstance(found, Result):
        raise OptionError(
            f"index must give a result, got {kind_text(found)}; pass one such as nps, or a Scoring"
        )
    return found.to_frame(like=frame)


def scorecard(
    focus: CustomerFocus,
    frame: Any,  # noqa: ANN401 - a frame of any library
    *,
    by: Names = (),
    weights: str | None = None,
    counts: str | None = None,
    strata: Names = (),
    clusters: Names = (),
    lonely_psu: LonelyPsu = "error",
    degrees_of_freedom: float | None = None,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: object = None,
    most_cells: int = MOST_CELLS,
    progress: Progress | None = None,
    looks: Looks | None = None,
) -> Scorecard:
    """
    A scorecard of answers in any dataframe, table or engine, a column for each question.

    Args:
        focus: Customers, needs, requirements and measures with their items and targets.
        frame: See `tally`.
        by: Columns that split the rows into groups.
        weights: The column of weights.
        counts: The column that says how many respondents each row stands for.
        strata: The columns that name the stratum.
        clusters: The columns that name the cluster.
        lonely_psu: What a stratum with one cluster gets.
        degrees_of_freedom: Those that the survey's guide fixes.
        method: See `custfocus.scorecard`.
        confidence_level: Two-sided, in (0, 1).
        population: Size of the finite population, one number or sizes by label; not with a
            design.
        most_cells: How many cells a question may bring back.
        progress: Called with 1 after each question.
        looks: How often one looks at the card while the data grow; see `custfocus.scorecard`.

    Returns:
        The scorecard; columns of the frame that no measure asks about are not its subject. A measure
        whose index is a function of the answers, which engines can't count, has no numbers and
        says so; `custfocus.scorecard` takes the frame as well, and computes it.

    Raises:
        AnswerError: As `tally`.
        OptionError: A population beside a design; looks for which a measure has no limits.
        VocabularyError: As `custfocus.scorecard`.
    """
    check_focus(focus, frame)
    if isinstance(frame, Sample):
        raise AnswerError(
            f"frames.scorecard counts answers, got a {type(frame).__name__}; "
            "custfocus.scorecard takes it as it is"
        )
    roles = Roles(by, weights, counts, strata, clusters, lonely_psu, degrees_of_freedom, most_cells)
    there = {*names_in(frame)}
    questions = [one for one in asked_questions(focus) if one[0] in there]
    samples: dict[tuple[str, Scale], Sample] = {}
    if questions:
        asked = Asked.of([*dict.fromkeys(item for item, _ in questions)], roles)
        counted = count_answers(frame, asked, progress)
        for item, scale in questions:
            own = np.flatnonzero(counted.items == asked.items.index(item))
            part = counted.chosen(own, np.zeros_like(own))
            samples[item, scale] = _sample(part, asked._replace(items=(item,)), scale, single=True)
    return scorecard_of(
        focus,
        samples,
        given=_uncounted(focus, there),
        method=method,
        confidence_level=confidence_level,
        population=population,
        looks=looks,
    )


def _uncounted(focus: CustomerFocus, there: set[str]) -> dict[str, Unmeasured]:
    """The measures whose answers are there, but whose index is no scoring of counts."""
    reason = "its index needs answers, not counts: see custfocus.scorecard"
    return {
        one.id: Unmeasured(one.metric, one.target, reason)
        for one in focus.measures
        if not (one.recorded or isinstance(one.index, Scoring)) and there >= {*one.items}
    }


def _tally(
    frame: object, items: Names, scale: Scale, roles: Roles, progress: Progress | None
) -> Tally | SurveyTally:
    asked = Asked.of(items, roles)
    counted = count_answers(frame, asked, progress)
    return _sample(counted, asked, scale, single=isinstance(items, str))


def _sample(
    counted: Counted, asked: Asked, scale: Scale, *, single: bool = False
) -> Tally | SurveyTally:
    """The sample of what was counted; of a single question by groups alone."""
    columns = {name: counted.keys[name] for name in asked.roles.by}
    found = _located(counted, asked.items, scale)
    keys, rows = Keys(), np.zeros(len(found), np.intp)
    if columns:
        keys, rows = Keys.of_columns(columns)
    rows = rows * len(asked.items) + counted.items
    if single:
        keys = attrs.evolve(keys, fixed=(("item", asked.items[0]),))
    else:
        keys, _, _ = keys.extended("item", asked.items)
    if asked.roles.is_survey:
        return laid_out(_contents(counted, asked.roles, keys, rows, found), scale, keys)
    kinds = len(scale) + len(reasons_of(scale))
    table = np.zeros((keys.rows, kinds), np.int64)
    np.add.at(table, (rows, found), counted.sums["numbers"])
    table = table.reshape(*keys.shape, kinds)
    return Tally(table[..., : len(scale)], scale, table[..., len(scale) :], by=keys)


def _contents(
    counted: Counted, roles: Roles, keys: Keys, rows: Places, found: Places
) -> dict[str, CountedCells]:
    """What a survey keeps of each item, given the row of each cell and where its answer is."""
    labels: list[RowLabels | None] = []
    for field, names in (("strata", roles.strata), ("clusters", roles.clusters)):
        columns: dict[str, Any] = {}
        for name in names:
            level, codes, _ = counted.keys[name]
            columns[name] = np.array([*level, None], object)[:-1][codes]
        labels.append(RowLabels.of(columns, field) if columns else None)
    strata, clusters = labels
    return contents_of_cells(
        keys,
        rows,
        found,
        {
            name: counted.sums["positive" if name == "respondents" else name]
            for name in ("respondents", "weightless", "weights", "squares")
        },
        strata=strata,
        clusters=clusters,
        lonely_psu=roles.lonely_psu,
        degrees_of_freedom=roles.degrees_of_freedom,
    )


def _located(counted: Counted, items: Sequence[str], scale: Scale) -> Places:
    """Where the answer of each cell is on the scale and, beyond it, among the reasons."""
    places = np.zeros(len(counted.items), np.intp)
    for place, item in enumerate(items):
        own = counted.items == place
        level, codes, _ = in_level(counted.answers.level, counted.answers.codes[own])
        try:
            found = row_places(level, scale)
        except AnswerError:  # perhaps since engines differ in what they make of numbers
            with naming(f"item {item!r}"):
                found = row_places([*map(_plain_number, level)], scale)
        places[own] = found[codes]
    return places


def _plain_number(answer: Any) -> Any:  # noqa: ANN401 - whatever an engine has
    """Whole numbers as int and other Decimals as float."""
    if is_null(answer):
        return None
    if isinstance(answer, Decimal):
        answer = float(answer)
    return int(answer) if isinstance(answer, float) and answer.is_integer() else answer


def _questions(item: str, level: Sequence[object]) -> tuple[str, ...]:
    """The questions that a column names, in its order."""
    odd = [name for name in level if not isinstance(name, str)]
    if odd:
        raise AnswerError(f"{item!r} must name the question in every row, as text, got {odd[0]!r}")
    if not level:
        raise AnswerError("the rows must name a question at least, got none; give items=")
    return tuple(map(str, level))
