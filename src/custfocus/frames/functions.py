"""Samples, indices and scorecards out of any dataframe, table or engine."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, cast, overload

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import AnswerError, OptionError, naming
from custfocus.frames.counting import MOST_CELLS, Asked, Column, Counted, Sums, count_answers
from custfocus.frames.tables import Names, listed, names_in
from custfocus.indices.estimate import Index, as_index
from custfocus.intervals.methods import Method
from custfocus.progress.questions import asked_questions
from custfocus.progress.scorecard import Scorecard, scorecard_of
from custfocus.responses.answers import row_places
from custfocus.responses.sample import Sample, reasons_of
from custfocus.responses.scale import Scale, as_scale
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally
from custfocus.results.distinct import is_null
from custfocus.results.keys import Keys, check_names
from custfocus.results.labels import Coded, in_level
from custfocus.surveys.survey_design import LonelyPsu
from custfocus.surveys.survey_tally import SurveyTally
from custfocus.vocabulary.focus import CustomerFocus

Progress = Callable[[int], object]


@overload
def tally(
    frame: Any,
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
    frame: Any,
    items: Names,
    *,
    scale: Scale,
    by: Names = ...,
    weights: str | None = ...,
    strata: Names = ...,
    clusters: Names = ...,
    counts: str | None = ...,
    lonely_psu: LonelyPsu = ...,
    degrees_of_freedom: float | None = ...,
    most_cells: int = ...,
    progress: Progress | None = ...,
) -> Tally | SurveyTally: ...
def tally(
    frame: Any,  # noqa: ANN401 - a frame of any library
    items: Names,
    *,
    scale: Scale,
    by: Names = (),
    weights: str | None = None,
    strata: Names = (),
    clusters: Names = (),
    counts: str | None = None,
    lonely_psu: LonelyPsu = "error",
    degrees_of_freedom: float | None = None,
    most_cells: int = MOST_CELLS,
    progress: Progress | None = None,
) -> Tally | SurveyTally:
    """
    Count the answers to some questions, a column each, in the engine that holds them.

    With *weights*, *strata* or *clusters* the engine adds up weights and their squares as well,
    by cluster if there are any, and the sample is one for design-based estimates.

    Args:
        frame: A dataframe, lazy frame or table of pandas, Polars, PyArrow, Modin, DuckDB, Dask,
            PySpark or Ibis; or a mapping of names to arrays of equal length.
        items: The columns with the answers: points or labels of the scale or missing codes. One
            name is the fixed key ``item`` of the rows, a list of names an open one.
        scale: The scale that all of them are on.
        by: Columns that split the rows into groups. Nulls are a group of their own.
        weights: The column of weights, see `SurveyDesign`.
        strata: The columns that name the stratum.
        clusters: The columns that name the cluster.
        counts: The column of how many respondents each row stands for, in a table with
            frequencies.
        lonely_psu: What a stratum with one cluster adds to the variance; see `SurveyDesign`.
        degrees_of_freedom: Of the design, where the survey's guide fixes them.
        most_cells: How many cells of groups (strata, clusters) and answers a question may bring
            back.
        progress: Called with 1 after each question; ``tqdm(total=len(items)).update`` fits.

    Returns:
        A `Tally`, or with a design a `SurveyTally`; labels in declared order, else sorted.

    Raises:
        AnswerError: Answers off the scale, by question; more cells than *most_cells*; weights
            that are unknown, negative or not finite; strata or clusters that are unknown.
        LabelError: Groups called like a column of results.
        OptionError: Columns that are not there.

    >>> import pyarrow
    >>> visits = pyarrow.table({"shop": ["b", "a", "b", None], "q1": [3, 1, None, 2]})
    >>> tally(visits, "q1", scale=Scale.likert(3, missing=[None]), by="shop")
    shop    n  missing  1  2  3
    a       1        0  1  0  0
    b       1        1  0  0  1
    (none)  1        0  0  1  0
    q1: answers on 1, 2, 3
    """
    as_scale(scale)
    names, questions = _groups(by), listed(items, "items")
    drawn = (listed(strata, "strata"), listed(clusters, "clusters"))
    design = _Design(weights, *drawn, lonely_psu, degrees_of_freedom)
    asked = Asked(questions, (*names, *design.labels), weights, counts, most_cells=most_cells)
    found = count_answers(frame, asked, progress)
    samples = {item: design.sample(cells, item, names, scale) for item, cells in found.items()}
    if isinstance(items, str):
        return samples[items]
    several = cast("Any", samples)  # all of one kind
    return (SurveyTally if weights is not None or design.labels else Tally).of_items(several)


def tally_long(
    frame: Any,  # noqa: ANN401 - a frame of any library
    *,
    item: str,
    answer: str,
    scale: Scale,
    items: Names | None = None,
    by: Names = (),
    counts: str | None = None,
    most_cells: int = MOST_CELLS,
) -> Tally:
    """
    Count answers that stand below each other: a row for each respondent and question.

    Args:
        frame: As for `tally`.
        item: The column with the questions.
        answer: The column with the answers.
        scale: The scale that the questions are on.
        items: The questions that are counted; all by default.
        by: Columns that split the rows into groups.
        counts: The column of how many respondents each row stands for.
        most_cells: How many cells of groups, questions and answers may come back.

    Returns:
        The tally with the key ``item``; questions as given, else sorted. A question without a
        row in a group has no answers there and none missing.

    Raises:
        AnswerError: As for `tally`, or questions that are no texts.

    >>> import pyarrow
    >>> rows = pyarrow.table({"question": ["q1", "q2", "q1"], "answer": [3, 1, 2]})
    >>> tally_long(rows, item="question", answer="answer", scale=Scale.likert(3))
    item  n  missing  1  2  3
    q1    2        0  0  1  1
    q2    1        0  1  0  0
    answers on 1, 2, 3
    """
    as_scale(scale)
    names = _groups(by)
    wanted = None if items is None else listed(items, "items")
    only = None if wanted is None else (item, wanted)
    asked = Asked([answer], (*names, item), counts=counts, only=only, most_cells=most_cells)
    [cells] = count_answers(frame, asked).values()
    questions = cells.keys[-1]
    odd = [question for question in questions.labels if not isinstance(question, str)]
    if odd:
        raise AnswerError(f"{item!r} must name the question in every row, as text, got {odd[0]!r}")
    every = sorted(questions.labels) if wanted is None else wanted
    if not every:
        raise AnswerError("the rows must name a question at least, got none; say items=")
    return Tally.of_items(
        {one: _tally(_of_question(cells, one), one, names, scale) for one in every}
    )


def score(
    frame: Any,  # noqa: ANN401 - a frame of any library
    items: Names,
    index: Index | Scoring,
    *,
    scale: Scale | None = None,
    by: Names = (),
    weights: str | None = None,
    strata: Names = (),
    clusters: Names = (),
    counts: str | None = None,
    lonely_psu: LonelyPsu = "error",
    degrees_of_freedom: float | None = None,
    most_cells: int = MOST_CELLS,
    progress: Progress | None = None,
) -> Any:  # noqa: ANN401 - a frame of the same library
    """
    An index of some questions by group, with its interval, as a frame of the kind that came in.

    It is ``index(tally(frame, ...)).to_frame(like=frame)``.

    Args:
        frame: See `tally`, as for all that is not said here.
        items: The columns with the answers.
        index: What is computed: a function of a sample such as `nps`, its options given with
            `functools.partial`; or a scoring.
        scale: The scale of the answers; a scoring brings its own.
        by: Columns that split the rows into groups.
        weights: The column of weights.
        strata: The columns that name the stratum.
        clusters: The columns that name the cluster.
        counts: The column of how many respondents each row stands for.
        lonely_psu: What a stratum with one cluster adds to the variance.
        degrees_of_freedom: Of the design, where the survey's guide fixes them.
        most_cells: How many cells a question may bring back.
        progress: Called with 1 after each question.

    Returns:
        A row for each group and, within it, each question, with the columns of the result; those
        of *by* have the types that they have in *frame*. A frame of the library of *frame*, lazy
        where that is; for a mapping of arrays a dictionary of lists. What is not there is null.

    Raises:
        AnswerError: As `tally`.
        OptionError: No scale.
        CustfocusError: What the index raises.

    >>> import polars
    >>> from custfocus import nps
    >>> visits = polars.DataFrame({"shop": ["b", "a", "b", "b"], "q": [9, 3, 10, 10]})
    >>> scored = score(visits, "q", nps, scale=Scale.range(0, 10), by="shop")
    >>> scored.select("shop", "item", "n", "value").rows()
    [('a', 'q', 1, -100.0), ('b', 'q', 3, 100.0)]
    """
    computed, asked_on = as_index(index), _scale_of(index, scale)
    sample = tally(
        frame,
        items,
        scale=asked_on,
        by=by,
        weights=weights,
        strata=strata,
        clusters=clusters,
        counts=counts,
        lonely_psu=lonely_psu,
        degrees_of_freedom=degrees_of_freedom,
        most_cells=most_cells,
        progress=progress,
    )
    return computed(sample).to_frame(like=frame)


def scorecard(
    focus: CustomerFocus,
    frame: Any,  # noqa: ANN401 - a frame of any library
    *,
    by: Names = (),
    weights: str | None = None,
    strata: Names = (),
    clusters: Names = (),
    counts: str | None = None,
    lonely_psu: LonelyPsu = "error",
    degrees_of_freedom: float | None = None,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | Mapping[Any, int] | None = None,
    most_cells: int = MOST_CELLS,
    progress: Progress | None = None,
) -> Scorecard:
    """
    A scorecard of answers in any dataframe, table or engine, a column for each question.

    Args:
        focus: Customers, needs, requirements and measures with their items and targets.
        frame: See `tally`, as for all that is not said here.
        by: Columns that split the rows into groups.
        weights: The column of weights.
        strata: The columns that name the stratum.
        clusters: The columns that name the cluster.
        counts: The column of how many respondents each row stands for.
        lonely_psu: What a stratum with one cluster adds to the variance.
        degrees_of_freedom: Of the design, where the survey's guide fixes them.
        method: Of the intervals; see `custfocus.estimate`.
        confidence_level: Two-sided, in (0, 1).
        population: Size of the finite population, one number or sizes by label; not with a
            design.
        most_cells: How many cells a question may bring back.
        progress: Called with 1 after each question.

    Returns:
        The scorecard; columns of the frame that no measure asks about are not its subject.

    Raises:
        AnswerError: As `tally`.
        CustfocusError: What `custfocus.scorecard` raises.
    """
    if isinstance(frame, Sample):
        raise AnswerError(
            f"frames.scorecard counts answers, got a {type(frame).__name__}; "
            "custfocus.scorecard takes it as it is"
        )
    names, there = _groups(by), set(names_in(frame))
    drawn = (listed(strata, "strata"), listed(clusters, "clusters"))
    design = _Design(weights, *drawn, lonely_psu, degrees_of_freedom)
    questions = [question for question in asked_questions(focus) if question[0] in there]
    items = tuple(dict.fromkeys(item for item, _ in questions))
    asked = Asked(items, (*names, *design.labels), weights, counts, most_cells=most_cells)
    found = count_answers(frame, asked, progress) if items else {}
    samples: dict[tuple[str, Scale], Sample] = {
        (item, scale): design.sample(found[item], item, names, scale) for item, scale in questions
    }
    return scorecard_of(
        focus, samples, method=method, confidence_level=confidence_level, population=population
    )


def _groups(by: Names) -> tuple[str, ...]:
    """The columns of groups, none of them called like a column of results."""
    names = listed(by, "by")
    check_names(names)
    return names


class _Design(NamedTuple):
    """How respondents were drawn: the columns that say so, and the options of a design."""

    weights: str | None
    strata: tuple[str, ...]
    clusters: tuple[str, ...]
    lonely_psu: LonelyPsu
    degrees_of_freedom: float | None

    @property
    def labels(self) -> tuple[str, ...]:
        """The columns that are labels."""
        return (*self.strata, *self.clusters)

    def sample(
        self, cells: Counted, item: str, by: Sequence[str], scale: Scale
    ) -> Tally | SurveyTally:
        """What was counted of one question: a plain sample where no column says more."""
        if self.weights is None and not self.labels:
            return _tally(cells, item, by, scale)
        labels = dict(zip((*by, *self.labels), map(_coded, cells.keys), strict=True))
        numbers = cells.numbers
        sums = Sums(numbers, numbers, numbers, 0 * numbers) if cells.sums is None else cells.sums
        with naming(f"item {item!r}"):
            return SurveyTally.of_cells(
                _plain_answers(cells.answers),
                scale,
                respondents=sums.positive,
                weights=sums.weights,
                squares=sums.squares,
                weightless=sums.weightless,
                by={name: labels[name] for name in by} or None,
                strata={name: labels[name] for name in self.strata} or None,
                clusters={name: labels[name] for name in self.clusters} or None,
                item=item,
                lonely_psu=self.lonely_psu,
                degrees_of_freedom=self.degrees_of_freedom,
            )


def _tally(cells: Counted, item: str, by: Sequence[str], scale: Scale) -> Tally:
    """The cells of one question, put in their places."""
    with naming(f"item {item!r}"):
        places = row_places(_plain_answers(cells.answers), scale)
    columns = dict(zip(by, map(_coded, cells.keys), strict=False))  # the last may be the item
    keys, rows = Keys.of_columns(columns) if columns else (Keys(), np.zeros_like(places))
    table = np.zeros((keys.rows, len(scale) + len(reasons_of(scale))), np.int64)
    np.add.at(table, (rows, places), cells.numbers)
    table = table.reshape(*keys.shape, -1)
    fixed = attrs.evolve(keys, fixed=(("item", item),))
    return Tally(table[..., : len(scale)], scale, table[..., len(scale) :], by=fixed)


def _coded(column: Column) -> Coded:
    """A column of labels with its labels in order."""
    if column.declared:
        return Coded(column.labels, column.codes, declared=True)
    return in_level(column.labels, column.codes)


def _plain_answers(answers: Column) -> list[Any]:
    """Whole numbers as int, other Decimals as float, empty ones as None, one for each cell."""
    plain = [_plain_number(answer) for answer in answers.labels]
    return [plain[code] for code in answers.codes.tolist()]


def _plain_number(answer: Any) -> Any:  # noqa: ANN401 - whatever an engine has
    if is_null(answer):
        return None
    if isinstance(answer, Decimal):
        answer = float(answer)
    return int(answer) if isinstance(answer, float) and answer.is_integer() else answer


def _of_question(cells: Counted, question: str) -> Counted:
    """The cells of one of the questions, which are the last key."""
    *keys, questions = cells.keys
    own = np.array([label == question for label in questions.labels], np.bool_)[questions.codes]
    return Counted(
        tuple(column._replace(codes=column.codes[own]) for column in keys),
        cells.answers._replace(codes=cells.answers.codes[own]),
        cells.numbers[own],
    )


def _scale_of(index: object, scale: Scale | None) -> Scale:
    if scale is not None:
        return as_scale(scale)
    if isinstance(index, Scoring):
        return index.scale
    raise OptionError("score needs the scale= of the answers, got none; a Scoring brings its own")
