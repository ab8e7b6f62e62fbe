"""What is kept of one item of a survey, from its respondents or from cells."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import AnswerError
from custfocus.responses.answers import row_places
from custfocus.responses.scale import Scale
from custfocus.results.arrays import Places
from custfocus.results.keys import Keys
from custfocus.surveys.contents import Content
from custfocus.surveys.counted_cells import CountedCells
from custfocus.surveys.domain_rows import rows_of
from custfocus.surveys.layout import Layout
from custfocus.surveys.replicate_weights import ReplicateWeights
from custfocus.surveys.replicated_rows import ReplicatedRows
from custfocus.surveys.row_fields import RowLabels
from custfocus.surveys.sampled_rows import SampledRows
from custfocus.surveys.survey_cells import added_up, as_cells
from custfocus.surveys.survey_design import LonelyPsu, SurveyDesign


def check_design(design: object) -> None:
    """An error for anything but a design or replicate weights."""
    if not isinstance(design, SurveyDesign | ReplicateWeights):
        raise AnswerError(
            f"expected a SurveyDesign, got {type(design).__name__}; "
            "weights alone are one as well: SurveyDesign(weights)"
        )


def answer_places(values: Iterable[object], scale: Scale, item: str, respondents: int) -> Places:
    """The place of each answer on the scale; an error unless one for each respondent."""
    found = row_places(values, scale, item)
    if len(found) != respondents:
        raise AnswerError(
            "answers must be one for each respondent of the design, got "
            f"{len(found)} for {respondents}; those without an answer are missing ones"
        )
    return found


def respondents_content(
    found: Places, domains: Places, number: int, design: SurveyDesign | ReplicateWeights
) -> Content:
    """Of respondents: their cells where these say all that matters, else themselves."""
    if isinstance(design, ReplicateWeights):
        return ReplicatedRows(found, domains, design, number)
    weights = design.row_weights
    options = (design.lonely_psu, design.degrees_of_freedom)
    if design.population is None:
        numbers = (weights > 0, weights == 0, weights, weights**2)
        labels = (design.strata, design.clusters)
        return cells_content(
            found, domains, number, labels=labels, numbers=numbers, options=options
        )
    rows = rows_of(found, domains, weights / weights.max())
    return SampledRows(rows, design.stages, design.clusters is not None, number, *options)


def cells_content(
    found: Places,
    domains: Places,
    number: int,
    *,
    labels: tuple[RowLabels | None, RowLabels | None],
    numbers: Sequence[ArrayLike],
    options: tuple[LonelyPsu, float | None],
) -> CountedCells:
    """Of respondents or cells in any order: each cell once."""
    codes = [np.zeros_like(found) if each is None else each.codes for each in labels]
    strata, clusters = (None if each is None else each.keys for each in labels)
    cells = added_up(as_cells((domains, *codes, found, *numbers)))
    return CountedCells(cells, strata, clusters, number, *options)


def contents_of_cells(
    keys: Keys,
    rows: Places,
    found: Places,
    *,
    labels: tuple[RowLabels | None, RowLabels | None],
    numbers: Sequence[ArrayLike],
    options: tuple[LonelyPsu, float | None],
) -> dict[str, Content]:
    """
    Of the cells of all rows: what is kept of each item.

    Args:
        keys: Of the rows.
        rows: The row that each cell is of.
        found: The place of its answer.
        labels: Of the strata and of the clusters of the cells.
        numbers: Respondents, weightless ones, weights and squares of each.
        options: What a stratum with one cluster gets, and the fixed degrees of freedom.
    """
    layout = Layout.of(keys)
    contents: dict[str, Content] = {}
    for place, (name, number) in enumerate(zip(layout.items, layout.numbers, strict=True)):
        own = layout.item[rows] == place
        strata, clusters = (one and RowLabels(one.keys, one.codes[own]) for one in labels)
        contents[name] = cells_content(
            found[own],
            layout.domain[rows[own]],
            number,
            labels=(strata, clusters),
            numbers=[np.asarray(each)[own] for each in numbers],
            options=options,
        )
    return contents
