"""Scorecards out of any dataframe, table or engine."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, cast

import attrs
from numpy.typing import ArrayLike

from custfocus.errors import AnswerError
from custfocus.frames.cells import MOST_CELLS, counted_cells
from custfocus.frames.opening import Frame, Names, check_columns, listed, opened_frame
from custfocus.frames.surveys import Design, survey_tallies
from custfocus.frames.tallying import assembled, by_item
from custfocus.intervals.methods import EstimateMethod
from custfocus.indices.survey import survey_estimate_of
from custfocus.indices.survey_result import SurveyMethod
from custfocus.responses.design import Lonely
from custfocus.responses.survey_tally import SurveyTally
from custfocus.responses.tally_table import TallyTable
from custfocus.scorecards.card import Scorecard, card_of
from custfocus.scorecards.questions import (
    Question,
    Score,
    asked_questions,
    check_large,
    score_of,
    score_of_tallies,
)
from custfocus.vocabulary.focus import CustomerFocus


def scorecard(
    focus: CustomerFocus,
    frame: Any,  # noqa: ANN401 - a frame of any library
    *,
    by: Names = (),
    weight: str | None = None,
    strata: Names = (),
    clusters: Names = (),
    lonely: Lonely = "error",
    method: EstimateMethod | SurveyMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
    most_cells: int = MOST_CELLS,
    progress: Callable[[int], object] | None = None,
) -> Scorecard:
    """
    A scorecard of answers in any dataframe, table or engine, a column for each question.

    Args:
        focus: Customers, needs, requirements and measures with their items and targets.
        frame: See `tally`, as for *by*, *weight*, *strata*, *clusters*, *most_cells* and
            *progress*.
        by: Columns that split the rows into groups.
        weight: The column of weights.
        strata: The columns that name the stratum.
        clusters: The columns that name the cluster.
        lonely: What a stratum with one cluster gets; see `SurveyDesign`.
        method: See `custfocus.scorecard`, as for *confidence_level* and *population*.
        confidence_level: Two-sided, in (0, 1).
        population: Size of the finite population, one number or one for each group; not with
            a design.
        most_cells: How many cells a question may bring back.
        progress: Called with 1 after each question.

    Returns:
        The scorecard; columns of the frame that no measure asks about are not its subject.

    Raises:
        AnswerError: As `tally`.
        OptionError: A population beside a design.
        VocabularyError: As `custfocus.scorecard`.
    """
    if isinstance(frame, TallyTable):
        raise AnswerError(
            "frames.scorecard counts answers, got a TallyTable; custfocus.scorecard takes "
            "{item: table[item] for item in table.items} and by=table.labels"
        )
    opened, names = opened_frame(frame), listed(by, "by")
    design = Design(weight, listed(strata, "strata"), listed(clusters, "clusters"))
    there = opened if isinstance(opened, Mapping) else opened.collect_schema()
    asked = [question for question in asked_questions(focus) if question[0] in there]
    check_columns(opened, (*dict.fromkeys(item for item, _ in asked), *names, *design.columns))
    if design.columns:
        check_large(population)
        surveys = _surveys(opened, names, asked, design=design, most=most_cells, progress=progress)
        keys = [survey.keys for survey in surveys.values()]
        score = _score_of_surveys(surveys, lonely, method, confidence_level)
    else:
        tables = _tables(opened, names, asked, most=most_cells, progress=progress)
        keys = [table.keys for table in tables.values()]
        tallies = {question: table.tally[:, 0] for question, table in tables.items()}
        score = score_of_tallies(tallies, method, confidence_level, population)
    return card_of(
        focus, score, names, keys[0] if keys else ((),), confidence_level=confidence_level
    )


def _tables(
    frame: Frame,
    by: tuple[str, ...],
    asked: Sequence[Question],
    *,
    most: int,
    progress: Callable[[int], object] | None,
) -> dict[Question, TallyTable]:
    """Each question counted once, and put on each scale that it is scored on."""
    items = tuple(dict.fromkeys(item for item, _ in asked))
    found = by_item(items, counted_cells(frame, by, items, most), progress)
    return {(item, scale): assembled({item: found[item]}, by, scale) for item, scale in asked}


def _surveys(
    frame: Frame,
    by: tuple[str, ...],
    asked: Sequence[Question],
    *,
    design: Design,
    most: int,
    progress: Callable[[int], object] | None,
) -> dict[Question, SurveyTally]:
    """Each question counted by its design, once for each scale that it is scored on."""
    surveys: dict[Question, SurveyTally] = {}
    for scale in dict.fromkeys(scale for _, scale in asked):
        items = [item for item, its_scale in asked if its_scale == scale]
        found = survey_tallies(frame, by, items, scale=scale, design=design, most=most)
        counted = by_item(items, found, progress)
        surveys.update({(item, scale): survey for item, survey in counted.items()})
    return surveys


def _score_of_surveys(
    surveys: Mapping[Question, SurveyTally],
    lonely: Lonely,
    method: EstimateMethod | SurveyMethod,
    confidence_level: float,
) -> Score:
    """That of surveys; without groups as one group, which may have no answers."""
    named = {
        question: survey if survey.names else attrs.evolve(survey, names=[""], keys=[""])
        for question, survey in surveys.items()
    }
    return score_of(
        named,
        partial(
            survey_estimate_of,
            lonely=lonely,
            method=cast("SurveyMethod", method),
            confidence_level=confidence_level,
        ),
    )
