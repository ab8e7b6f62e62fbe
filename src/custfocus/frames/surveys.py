"""
What a survey with a design leaves of each question: weights by group, stratum, cluster and point.

The engine adds up; `SurveyTally` knows what the sums mean. Weights are sums of float64, so their
last digits depend on the order in which an engine adds.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw
import numpy as np

from custfocus.errors import AnswerError, naming
from custfocus.frames.cells import check_cells, column_of_cells
from custfocus.frames.locating import plain_answers
from custfocus.frames.opening import Frame, Table, column_of
from custfocus.frames.queries import brought_back, grouped
from custfocus.intervals.arguments import Floats
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


def survey_tallies(
    frame: Frame,
    by: Sequence[str],
    items: Sequence[str],
    *,
    scale: Scale,
    design: Design,
    most: int,
) -> Iterator[SurveyTally]:
    """
    The tally of each question, from the sums that an engine brings back.

    Raises:
        AnswerError: Weights that are unknown, negative or not finite; a mapping of arrays, or
            more cells than *most*.
    """
    if isinstance(frame, Mapping):
        raise AnswerError("weights, strata and clusters need a dataframe, got a mapping of arrays")
    labels = (*by, *design.strata, *design.clusters)
    keys = {f"key_{place}": name for place, name in enumerate(labels)}
    queries = (
        grouped(frame, {**keys, "answer": item}, most, _summed(frame, design)) for item in items
    )
    for item, found in zip(items, brought_back(frame, queries), strict=True):
        columns = [column_of_cells(found[name]) for name in (*keys, "answer")]
        check_cells((*labels, item), columns, most, len(found))
        cells = found.to_dict(as_series=False)
        sums = _checked_sums(cells, design)
        told = {label: cells[name] for name, label in keys.items()}
        with naming(f"item {item!r}"):
            yield SurveyTally.of_cells(
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


def _summed(table: Table, design: Design) -> dict[str, nw.Expr]:
    """What is added up of the rows. Conditions come first: not all engines sum under a condition."""
    weight = nw.lit(1.0)
    if design.weight is not None:
        # An unknown weight is as wrong as a negative one
        weight = column_of(table, design.weight).cast(nw.Float64).fill_null(-1.0)
    known = weight <= sys.float_info.max  # NaN, which some rank above all, is not
    return {
        "weight": weight,
        "square": weight * weight,
        "positive": ((weight > 0) & known).cast(nw.Int64),
        "weightless": (weight == 0).cast(nw.Int64),
    }


def _checked_sums(cells: Mapping[str, list[Any]], design: Design) -> dict[str, Floats]:
    sums = {name: np.array(cells[name], dtype=float) for name in _SUMS}
    wrong = np.array(cells["count"], dtype=float) - sums["positive"] - sums["weightless"]
    if wrong.any():
        raise AnswerError(
            f"{design.weight!r} must be known, finite and not negative in every row, got "
            f"{wrong.sum():.0f} others; give 0 to respondents who must not count"
        )
    return sums


def _some(told: Mapping[str, list[Any]], names: Sequence[str]) -> dict[str, list[Any]] | None:
    return {name: told[name] for name in names} if names else None
