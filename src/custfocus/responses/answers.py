"""Columns of answers and of the labels beside them: by name, and of as many rows."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import attrs

from custfocus.errors import AnswerError
from custfocus.results.arrays import Places
from custfocus.results.keys import Keys
from custfocus.results.labels import frame_columns
from custfocus.results.result import Result
from custfocus.results.text import kind_text

AnswerColumns = Iterable[object] | Mapping[str, Iterable[object]]
Fixed = tuple[tuple[str, object], ...]

_FEWER = 10  # times: so few labels are likely the names of columns


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


def grouping(
    by: object, items: Mapping[str, Iterable[object]], fixed: Fixed | None
) -> tuple[Keys, Places | None]:
    """
    The keys of respondents and the key of each; None where there is one.

    Raises:
        AnswerError: Labels and answers of pandas whose indexes differ.
    """
    if by is None:
        return Keys(fixed=fixed or ()), None
    check_index(by, items)
    keys, rows = Keys.of(by)
    return attrs.evolve(keys, fixed=fixed or ()), rows


def check_index(by: object, items: Mapping[str, Iterable[object]]) -> None:
    """An error where rows of pandas would meet by place though their indexes differ."""
    several = cast("Mapping[str, object]", by if isinstance(by, Mapping) else {"by": by})
    indexed = [
        (name, cast("Any", column).index)
        for name, column in (*items.items(), *several.items())
        if hasattr(getattr(column, "index", None), "equals")
    ]
    for name, index in indexed[1:]:
        first = indexed[0][1]
        if not first.equals(index):
            if len(first) != len(index):
                raise AnswerError(
                    "answers and what belongs to them must be as many, got "
                    f"{len(first):,} for {indexed[0][0] or 'answers'!r} and {len(index):,} for "
                    f"{name!r}; give what is counted otherwise its own labels"
                )
            raise AnswerError(
                "answers and what belongs to them must have the same index, got different ones "
                f"for {indexed[0][0] or 'answers'!r} and {name!r}; align them first (join, "
                "reindex), or reset_index() both"
            )


def check_items(lengths: Mapping[str, int]) -> int:
    """How many respondents answered; an error unless all items have the answers of as many."""
    if len(set(lengths.values())) > 1:
        raise AnswerError(
            "items must have an answer of each respondent, empty ones among them, got lengths "
            f"{dict(lengths)}; items of other respondents are tallied on their own"
        )
    return next(iter(lengths.values()))


def check_rows(answers: int, labels: int | None) -> None:
    """An error unless there are as many labels as rows; None for no labels."""
    if labels is not None and answers != labels:
        remedy = (
            "; pass columns themselves, not their names" if 0 < labels * _FEWER < answers else ""
        )
        raise AnswerError(
            f"by must give one label for each row, got {labels} for {answers} rows{remedy}"
        )
