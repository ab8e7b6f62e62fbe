"""Tallies, scores and scorecards out of any dataframe, table or engine."""

import numbers
import reprlib
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, cast, overload

import numpy as np

from custfocus.errors import AnswerError, LabelError, OptionError, naming
from custfocus.frames.counting import MOST_CELLS, Asked, Counted, Sums, count_answers
from custfocus.frames.engines import Numbered
from custfocus.frames.tables import Names, listed, names_in
from custfocus.indices.estimate import Index, as_index
from custfocus.intervals.methods import Method
from custfocus.progress.questions import asked_questions
from custfocus.progress.scorecard import Scorecard, check_focus, scorecard_of
from custfocus.responses.sample import Sample, reasons_of, row_places
from custfocus.responses.scale import Scale, as_scale
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Places
from custfocus.results.distinct import distinct_values, in_order, is_null
from custfocus.results.keys import Keys, check_names
from custfocus.results.labels import Coded
from custfocus.results.result import Result
from custfocus.results.text import kind_text
from custfocus.surveys.contents import Content
from custfocus.surveys.counted_cells import CountedCells
from custfocus.surveys.row_fields import RowLabels
from custfocus.surveys.survey_design import LonelyPsu, check_degrees_of_freedom, check_lonely_psu
from custfocus.surveys.survey_tally import SurveyTally, laid_out, sorted_places
from custfocus.vocabulary.focus import CustomerFocus

Progress = Callable[[int], object]


class _Roles(NamedTuple):
    """What columns are for, and what the design of a survey says besides."""

    by: tuple[str, ...]
    weights: str | None
    counts: str | None
    strata: tuple[str, ...]
    clusters: tuple[str, ...]
    lonely_psu: LonelyPsu
    degrees_of_freedom: float | None

    @property
    def is_survey(self) -> bool:
        """Whether there is a design."""
        return bool(self.weights is not None or self.strata or self.clusters)


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
    as_scale(scale)
    names = listed(items, "items")
    roles = _roles(by, (weights, counts), (strata, clusters), lonely_psu, degrees_of_freedom)
    counted = count_answers(frame, _asked(names, roles, most_cells), progress)
    return _sample(counted, names, scale, roles, single=isinstance(items, str))


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
    for what, name in (("item", item), ("answer", answer)):
        _check_name(what, name)
    roles = _roles(by, (weights, counts), (strata, clusters), lonely_psu, degrees_of_freedom)
    wanted = None if items is None else listed(items, "items")
    asked = _asked([answer], roles, most_cells)._replace(
        only=None if wanted is None else (item, wanted)
    )
    asked = asked._replace(keys=tuple(dict.fromkeys((*asked.keys, item))))
    counted = count_answers(frame, asked)
    questions = counted.keys[item]
    names = _questions(item, questions) if wanted is None else wanted
    return _sample(_by_question(counted, questions, names), names, scale, roles)


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
    scored, given = as_index(index), _scale_of(index, scale)
    sample = tally(
        frame,
        items,
        scale=given,
        by=by,
        weights=weights,
        counts=counts,
        strata=strata,
        clusters=clusters,
        lonely_psu=lonely_psu,
        degrees_of_freedom=degrees_of_freedom,
        most_cells=most_cells,
        progress=progress,
    )
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

    Returns:
        The scorecard; columns of the frame that no measure asks about are not its subject.

    Raises:
        AnswerError: As `tally`.
        OptionError: A population beside a design.
        VocabularyError: As `custfocus.scorecard`.
    """
    check_focus(focus, frame)
    if isinstance(frame, Sample):
        raise AnswerError(
            f"frames.scorecard counts answers, got a {type(frame).__name__}; "
            "custfocus.scorecard takes it as it is"
        )
    roles = _roles(by, (weights, counts), (strata, clusters), lonely_psu, degrees_of_freedom)
    there = {*names_in(frame)}
    questions = [one for one in asked_questions(focus) if one[0] in there]
    items = tuple(dict.fromkeys(item for item, _ in questions))
    samples: dict[tuple[str, Scale], Sample] = {}
    if items:
        counted = count_answers(frame, _asked(items, roles, most_cells), progress)
        for item, scale in questions:
            own = _of_item(counted, items.index(item))
            samples[item, scale] = _sample(own, (item,), scale, roles, single=True)
    return scorecard_of(
        focus, samples, method=method, confidence_level=confidence_level, population=population
    )


def _roles(
    by: Names,
    amounts: tuple[str | None, str | None],
    design: tuple[Names, Names],
    lonely_psu: LonelyPsu,
    degrees_of_freedom: float | None,
) -> _Roles:
    """
    What columns are for, checked.

    Args:
        by: Of the groups.
        amounts: Of the weights and the counts.
        design: Of the strata and the clusters.
        lonely_psu: As for `SurveyDesign`.
        degrees_of_freedom: Likewise.
    """
    check_lonely_psu(None, None, lonely_psu)
    check_degrees_of_freedom(None, None, degrees_of_freedom)
    for what, name in zip(("weights", "counts"), amounts, strict=True):
        if name is not None:
            _check_name(what, name)
    names = listed(by, "by")
    check_names(names)
    if "item" in names:
        raise LabelError(
            "groups must not be called 'item', as the questions of a tally are; rename the column"
        )
    strata, clusters = listed(design[0], "strata"), listed(design[1], "clusters")
    return _Roles(names, *amounts, strata, clusters, lonely_psu, degrees_of_freedom)


def _check_name(what: str, name: object) -> None:
    if not isinstance(name, str):
        raise AnswerError(f"{what} must be the name of a column, got {kind_text(name)}")


def _check_most_cells(number: object) -> None:
    whole = isinstance(number, numbers.Integral) and not isinstance(number, bool)
    if not (whole and cast("int", number) > 0):
        raise OptionError(
            f"most_cells must be a whole number of 1 or more, got {reprlib.repr(number)}"
        )


def _asked(items: Sequence[str], roles: _Roles, most_cells: int) -> Asked:
    _check_most_cells(most_cells)
    keys = tuple(dict.fromkeys((*roles.by, *roles.strata, *roles.clusters)))
    return Asked(items, keys, roles.weights, roles.counts, most_cells=most_cells)


def _sample(
    counted: Counted, items: Sequence[str], scale: Scale, roles: _Roles, *, single: bool = False
) -> Tally | SurveyTally:
    """The sample of some items, which follow each other in the cells; of a single one by groups alone."""
    keys, rows = Keys(), np.zeros(len(counted.items), np.intp)
    if roles.by:
        keys, rows = Keys.of_columns({name: counted.keys[name] for name in roles.by})
    located = zip(counted.answers, items, strict=True)
    places = np.concatenate([_located(answers, scale, item) for answers, item in located])
    every = keys.extended("item", tuple(items))[0]
    if single:
        every = Keys(keys.names, keys.levels, keys.codes, keys.declared, (("item", items[0]),))
    if roles.is_survey:
        return _survey_tally(counted, items, scale, roles, (keys, rows, places, every))
    kinds = len(scale) + len(reasons_of(scale))
    table = np.zeros((keys.rows, len(items), kinds), np.int64)
    np.add.at(table, (rows, counted.items, places), counted.numbers)
    table = table.reshape(*every.shape, kinds)
    return Tally(table[..., : len(scale)], scale, table[..., len(scale) :], by=every)


def _survey_tally(
    counted: Counted,
    items: Sequence[str],
    scale: Scale,
    roles: _Roles,
    found: tuple[Keys, Places, Places, Keys],
) -> SurveyTally:
    """Beside the cells: the groups, those of each cell, where its answer is, and the keys."""
    keys, rows, places, every = found
    domains = sorted_places(keys)[rows]
    strata = _row_labels(counted, roles.strata, "strata")
    clusters = _row_labels(counted, roles.clusters, "clusters")
    sums = counted.sums
    contents: dict[str, Content] = {}
    for place, item in enumerate(items):
        own = counted.items == place
        contents[item] = CountedCells.of(
            places[own],
            domains[own],
            keys.rows,
            respondents=sums.positive[own],
            weightless=sums.weightless[own],
            weights=sums.weights[own],
            squares=sums.squares[own],
            strata=strata and strata.some(own),
            clusters=clusters and clusters.some(own),
            lonely_psu=roles.lonely_psu,
            degrees_of_freedom=roles.degrees_of_freedom,
        )
    return laid_out(contents, scale, every)


def _row_labels(counted: Counted, names: Sequence[str], field: str) -> RowLabels | None:
    """The labels of the strata or clusters of all cells."""
    if not names:
        return None
    columns = {name: counted.keys[name] for name in names}
    return RowLabels.of(
        {
            name: np.array([*level, None], object)[:-1][codes]
            for name, (level, codes, _) in columns.items()
        },
        field,
    )


def _located(answers: Numbered, scale: Scale, item: str) -> Places:
    """Where the answer of each cell is on the scale and, beyond it, among the reasons."""
    used, codes = np.unique(answers.places, return_inverse=True)
    plain = [_plain_number(answers.labels[place]) for place in used.tolist()]
    with naming(f"item {item!r}"):
        scale.locate(in_order(distinct_values(plain)[0]))  # an error shows them in this order
    return row_places(plain, scale, item)[codes]


def _plain_number(answer: Any) -> Any:  # noqa: ANN401 - whatever an engine has
    """Whole numbers as int and other Decimals as float, so that engines do not differ."""
    if is_null(answer):
        return None
    if isinstance(answer, Decimal):
        answer = float(answer)
    return int(answer) if isinstance(answer, float) and answer.is_integer() else answer


def _of_item(counted: Counted, place: int) -> Counted:
    """The cells of one of the questions."""
    own = np.flatnonzero(counted.items == place)
    return _chosen(counted, own, np.zeros(len(own), np.intp), [counted.answers[place]])


def _chosen(counted: Counted, own: Places, items: Places, answers: Iterable[Numbered]) -> Counted:
    keys = {name: key._replace(codes=key.codes[own]) for name, key in counted.keys.items()}
    sums = Sums._make(array[own] for array in counted.sums)
    return Counted(keys, items, tuple(answers), counted.numbers[own], sums)


def _questions(item: str, questions: Coded) -> tuple[str, ...]:
    """The questions that a column names, in its order."""
    odd = [name for name in questions.level if not isinstance(name, str)]
    if odd:
        raise AnswerError(f"{item!r} must name the question in every row, as text, got {odd[0]!r}")
    if not questions.level:
        raise AnswerError("the rows must name a question at least, got none; give items=")
    return tuple(map(str, questions.level))


def _by_question(counted: Counted, questions: Coded, names: Sequence[str]) -> Counted:
    """Cells of one column of answers as those of the questions that a key names, one by one."""
    number = {name: place for place, name in enumerate(names)}
    places = np.array([number.get(name, -1) for name in questions.level], np.intp)[questions.codes]  # type: ignore[call-overload]
    order = np.argsort(places, kind="stable")
    own = order[np.searchsorted(places[order], 0) :]
    [answers], items = counted.answers, places[own]
    parts = np.split(answers.places[own], np.searchsorted(items, np.arange(1, len(names))))
    return _chosen(counted, own, items, [Numbered(part, 0, answers.labels) for part in parts])


def _scale_of(index: object, scale: Scale | None) -> Scale:
    if scale is not None:
        return as_scale(scale)
    if isinstance(index, Scoring):
        return index.scale
    raise OptionError("score needs the scale= of the answers, got none; a Scoring brings its own")
