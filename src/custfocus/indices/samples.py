"""What an index takes: a sample, or answers that are made one."""

from typing import cast

from numpy.typing import ArrayLike

from custfocus.errors import AnswerError
from custfocus.responses.answers import AnswerColumns
from custfocus.responses.sample import Sample
from custfocus.responses.scale import Scale
from custfocus.responses.tally import Tally
from custfocus.results.text import kind_text
from custfocus.surveys.replicate_weights import ReplicateWeights
from custfocus.surveys.survey_design import SurveyDesign
from custfocus.surveys.survey_tally import SurveyTally

Answers = AnswerColumns
Design = SurveyDesign | ReplicateWeights


def as_sample(
    x: Sample | Answers,
    scale: Scale,
    *,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
) -> Sample:
    """
    The sample itself, or that of answers on a scale.

    Raises:
        AnswerError: Groups, weights or a design beside a sample, which has its own; weights
            and a design, which has them.
    """
    if isinstance(x, Sample):
        given = {"by": by, "weights": weights, "design": design}
        unused = [name for name, value in given.items() if value is not None]
        if unused:
            raise AnswerError(
                f"{unused[0]}= is for answers, got it beside {kind_text(x)}, which has "
                f"its own; give it to {type(x).__name__}.of"
            )
        return x
    if weights is not None and design is not None:
        raise AnswerError(
            "weights are part of a design, got both; write SurveyDesign(weights, ...)"
        )
    if weights is None and design is None:
        return Tally.of(x, scale, by=by)
    drawn = SurveyDesign(cast("ArrayLike", weights)) if design is None else design
    return SurveyTally.of(x, drawn, scale, by=by)
