"""
What a survey with a design leaves of each question: weights by group, stratum, cluster and point.

The engine adds up; `SurveyTally` knows what the sums mean. Weights are sums of float64, so their
last digits depend on the order in which an engine adds.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw
import numpy as np

from custfocus.errors import AnswerError, naming
from custfocus.frames.cells import (
    Column,
    Frame,
    brought_back,
    check_cells,
    column_of,
    neutral_columns,
)
from custfocus.frames.locating import plain_answers
from custfocus.responses.distinct import distinct_values
from custfocus.responses.scale import Scale
from custfocus.responses.survey_tally import SurveyTally

_SUMS = ("weight", "square", "positive", "weightless")


class Design(NamedTuple):
    """
    The columns that tell how respondents were drawn.

    Attributes:
        weight: Of the weights; None for equal ones.
        strata: Of the strata's labels, none for one.
        clusters: Of the clusters' labels, none if every respondent was drawn on their own.
    """

    weight: str | None
    strata: tuple[str, ...]
    clusters: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them."""
        weight = () if self.weight is None else (self.weight,)
        return (*weight, *self.strata, *self.clusters)


def survey_tally(
    frame: Frame, by: Sequence[str], item: str, *, scale: Scale, design: Design, most: int
) -> SurveyTally:
    """
    The tally of one question, from the sums that an engine brings back.

    Raises:
        AnswerError: Weights that are unknown, negative or not finite; a mapping of arrays, or
            more cells than *most*.
    """
    if isinstance(frame, Mapping):
        raise AnswerError("weights, strata and clusters need a dataframe, got a mapping of arrays")
    labels = (*by, *design.strata, *design.clusters)
    names = [f"key_{place}" for place in range(len(labels))]
    cells = brought_back(
        frame.select(
            *neutral_columns(frame, (*labels, item), (*names, "answer")), *_parts(frame, design)
        )
        .group_by(*names, "answer")
        .agg(nw.len().alias("number"), *(nw.col(name).sum() for name in _SUMS))
        .head(most + 1)
    )
    columns = [Column(*distinct_values(cells[name])) for name in (*names, "answer")]
    check_cells((*labels, item), columns, most, len(cells["number"]))
    sums = {name: np.array(cells[name], dtype=float) for name in ("number", *_SUMS)}
    wrong = sums["number"] - sums["positive"] - sums["weightless"]
    if wrong.any():
        raise AnswerError(
            f"{design.weight!r} must be known, finite and not negative in every row, got "
            f"{wrong.sum():.0f} others; give 0 to respondents who must not count"
        )
    told = {label: cells[name] for label, name in zip(labels, names, strict=True)}
    with naming(f"item {item!r}"):
        return SurveyTally.of_cells(
            plain_answers(cells["answer"], scale),
            scale,
            respondents=sums["positive"],
            weightless=sums["weightless"],
            weights=sums["weight"],
            squares=sums["square"],
            by=_some(told, by),
            strata=_some(told, design.strata),
            clusters=_some(told, design.clusters),
        )


def _parts(frame: nw.DataFrame[Any] | nw.LazyFrame[Any], design: Design) -> list[nw.Expr]:
    """For each row what is added up. Conditions come before the sums: not all engines have both at once."""
    weight = nw.lit(1.0)
    if design.weight is not None:
        weight = column_of(frame, design.weight).cast(nw.Float64)
    positive = (weight > 0) & (
        weight <= sys.float_info.max
    )  # NaN, which some rank above all, is not
    return [
        weight.alias("weight"),
        (weight * weight).alias("square"),
        positive.cast(nw.Int64).alias("positive"),
        (weight == 0).cast(nw.Int64).alias("weightless"),
    ]


def _some(told: Mapping[str, list[Any]], names: Sequence[str]) -> dict[str, list[Any]] | None:
    return {name: told[name] for name in names} if names else None
