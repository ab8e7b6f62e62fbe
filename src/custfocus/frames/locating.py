"""Answers as an engine has them, on their scale."""

from decimal import Decimal
from typing import Any

from custfocus.frames.cells import Column
from custfocus.results.distinct import distinct_values, in_order, is_null
from custfocus.responses.groups import Codes
from custfocus.responses.scale import Scale


def located(answers: Column, scale: Scale) -> Codes:
    """
    Where on the scale the answer of each cell is, -1 for missing ones.

    Raises:
        AnswerError: Answers off the scale, the same error whatever the engine's types and order.
    """
    return scale.locate(plain_answers(answers.values, scale))[answers.codes]


def plain_answers(answers: list[Any], scale: Scale) -> list[Any]:
    """Whole numbers as int, other Decimals as float, empty ones as None; all on the scale."""
    plain = [_plain_number(answer) for answer in answers]
    scale.locate(in_order(distinct_values(plain)[0]))  # an error shows them in this order
    return plain


def _plain_number(answer: Any) -> Any:  # noqa: ANN401 - whatever an engine has
    if is_null(answer):
        return None
    if isinstance(answer, Decimal):
        answer = float(answer)
    return int(answer) if isinstance(answer, float) and answer.is_integer() else answer
