"""Columns of answers as they come in: by name, and where each answer is on its scale."""

from collections.abc import Iterable, Mapping
from typing import cast

import numpy as np

from custfocus.errors import AnswerError, naming
from custfocus.responses.scale import Scale
from custfocus.results.arrays import Places
from custfocus.results.distinct import distinct_values
from custfocus.results.labels import frame_columns
from custfocus.results.result import Result
from custfocus.results.text import kind_text

AnswerColumns = Iterable[object] | Mapping[str, Iterable[object]]
Fixed = tuple[tuple[str, object], ...]


def columns_of_answers(
    answers: AnswerColumns,
) -> tuple[Mapping[str, Iterable[object]], Fixed | None]:
    """
    Answers by item, and the labels of a single item's sample.

    Args:
        answers: One column, whose own name (a Series has one) is the item; or several by name,
            a mapping or a dataframe.

    Returns:
        The columns; and for a single one the item as a fixed label, none without a name. None
        in its place for several.

    Raises:
        AnswerError: A result where answers are meant, or no items.
    """
    if isinstance(answers, Result):
        raise AnswerError(
            f"expected answers or a sample, got {kind_text(answers)}; it has been computed "
            "already, and answers are what an index takes"
        )
    if isinstance(answers, Mapping):
        items = cast("Mapping[object, Iterable[object]]", answers)
        odd = [name for name in items if not isinstance(name, str)]
        if odd or not items:
            raise AnswerError(
                "items must be columns of answers by name, got "
                f"{f'the name {odd[0]!r}' if odd else 'none'}"
            )
        return cast("Mapping[str, Iterable[object]]", items), None
    listed = frame_columns(answers)
    if listed is not None:
        if not listed:
            raise AnswerError("items must be columns of answers by name, got none")
        return {name: answers[name] for name in listed}, None  # type: ignore[index]
    name = getattr(answers, "name", None)
    return {"": answers}, (("item", name),) if isinstance(name, str) and name else ()


def row_places(values: Iterable[object], scale: Scale, item: str = "") -> Places:
    """
    The place of each answer among the points and, beyond them, the reasons of missing ones.

    Args:
        values: One answer of each respondent.
        scale: The scale that they are on.
        item: What errors call the column.

    Raises:
        AnswerError: Answers off the scale.
    """
    if isinstance(values, Result):
        raise AnswerError(
            f"item {item!r} must be answers, got {kind_text(values)}; tallies of several items are "
            "made of their answers, by Tally.of"
        )
    if not item:
        return _row_places(values, scale)
    with naming(f"item {item!r}"):
        return _row_places(values, scale)


def _row_places(values: Iterable[object], scale: Scale) -> Places:
    distinct, codes = distinct_values(values)
    places, reasons = scale.locate(distinct), scale.reason_of(distinct)
    return np.asarray(np.where(places < 0, len(scale) + reasons, places)[codes], np.intp)


def check_items(lengths: Mapping[str, int]) -> None:
    """An error unless all items have the answers of as many respondents."""
    if len(set(lengths.values())) > 1:
        raise AnswerError(
            "items must have an answer of each respondent, empty ones among them, got lengths "
            f"{dict(lengths)}; items of other respondents are tallied on their own"
        )


def check_rows(answers: int, labels: int | None) -> None:
    """An error unless there are as many labels as rows; None for no labels."""
    if labels is not None and answers != labels:
        raise AnswerError(f"by must give one label for each row, got {labels} for {answers} rows")
