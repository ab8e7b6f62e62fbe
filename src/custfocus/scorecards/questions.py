"""The questions that measures ask, and the estimates of the answers that came."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import OptionError, TallyError, naming
from custfocus.indices.estimate import Estimate, estimate
from custfocus.intervals.methods import EstimateMethod
from custfocus.indices.survey import check_design, survey_estimate
from custfocus.indices.survey_result import SurveyEstimate, SurveyMethod
from custfocus.responses.design import SurveyDesign
from custfocus.responses.groups import Groups
from custfocus.responses.replicate_weights import ReplicateWeights
from custfocus.responses.scale import Scale
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally
from custfocus.vocabulary.focus import CustomerFocus

Answers = Mapping[str, Iterable[object] | Tally]
Question = tuple[str, Scale]  # an item, and the scale that it is scored on
Tallies = Mapping[Question, Tally]
Scored = Estimate | SurveyEstimate
Score = Callable[[str, Scoring], Scored | None]
T = TypeVar("T")


def asked_questions(focus: CustomerFocus) -> list[Question]:
    """The items that measures ask about, once for each scale that they are scored on."""
    asked = (
        (measure.item, measure.scoring.scale)
        for measure in focus.measures
        if measure.item is not None and measure.scoring is not None
    )
    return list(dict.fromkeys(asked))


def tallies_of(focus: CustomerFocus, answers: Answers, groups: Groups | None) -> Tallies:
    """The answers to each item that came, once for each scale that it is scored on."""
    tallies: dict[Question, Tally] = {}
    for item, scale in asked_questions(focus):
        if item in answers:
            with naming(f"item {item!r}"):
                tallies[item, scale] = _tally(answers[item], scale, groups)
    return tallies


def _tally(answers: Iterable[object] | Tally, scale: Scale, groups: Groups | None) -> Tally:
    """Answers as a tally with one group axis."""
    if not isinstance(answers, Tally):
        tally = Tally.of(answers, scale, groups=groups)
        return tally[np.newaxis] if groups is None else tally
    if groups is not None:
        return answers.regrouped(groups)
    if answers.shape:
        raise TallyError(f"the tally has groups of shape {answers.shape}; label them in by=")
    return answers[np.newaxis]


def score_of(found: Mapping[Question, T], scored: Callable[[T, Scoring], Scored]) -> Score:
    """What `card_of` takes, by what was found of each question and how that is scored."""

    def score(item: str, scoring: Scoring) -> Scored | None:
        """The estimate of an item, None if no answers came."""
        answers = found.get((item, scoring.scale))
        return None if answers is None else scored(answers, scoring)

    return score


def score_of_tallies(
    tallies: Tallies,
    method: EstimateMethod | SurveyMethod,
    confidence_level: float,
    population: ArrayLike | None,
) -> Score:
    """That of tallies, each of shape (G,)."""
    return score_of(
        tallies,
        partial(
            estimate,
            method=cast("EstimateMethod", method),
            confidence_level=confidence_level,
            population=population,
        ),
    )


def check_large(population: object) -> None:
    """An error for a population beside a design."""
    if population is not None:
        raise OptionError(
            f"population must be part of the design, got {population!r}; "
            "see SurveyDesign(population=...)"
        )


def score_by_design(
    focus: CustomerFocus,
    answers: Answers,
    groups: Groups | None,
    design: SurveyDesign | ReplicateWeights,
    *,
    method: EstimateMethod | SurveyMethod,
    confidence_level: float,
) -> Score:
    """That of the answers of respondents who were drawn by a design."""
    check_design(design)
    by = [None] * len(design) if groups is None else groups  # one group may have no answers

    def scored(given: Iterable[object] | Tally, scoring: Scoring) -> SurveyEstimate:
        """The estimate of one item's answers."""
        if isinstance(given, Tally):
            raise TallyError(
                "a tally has no respondents, whom a design is about; give their answers"
            )
        return survey_estimate(
            given,
            scoring,
            design,
            by=by,
            method=cast("SurveyMethod", method),
            confidence_level=confidence_level,
        )

    came = [question for question in asked_questions(focus) if question[0] in answers]
    return score_of({question: answers[question[0]] for question in came}, scored)
