"""Indices and scorecards out of any dataframe, table or engine."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np

from custfocus.dataframes import frame_of
from custfocus.errors import AnswerError, OptionError, naming
from custfocus.frames.cells import MOST_CELLS
from custfocus.frames.opening import Names, listed
from custfocus.frames.tallying import tally
from custfocus.indices.estimate import Estimate, estimate
from custfocus.indices.methods import EstimateMethod
from custfocus.indices.survey import survey_estimate_of
from custfocus.indices.survey_result import SurveyEstimate, SurveyMethod
from custfocus.intervals.arguments import Floats
from custfocus.responses.design import Lonely
from custfocus.responses.scale import Scale
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally
from custfocus.responses.tally_table import TallyTable

COLUMNS = ("item", "n", "missing", "value", "low", "high")

Method = EstimateMethod | SurveyMethod
Index = Scoring | Callable[[Tally], Estimate]


def score(
    frame: Any,  # noqa: ANN401 - a frame of any library
    items: Names,
    index: Index,
    *,
    scale: Scale,
    by: Names = (),
    weight: str | None = None,
    strata: Names = (),
    clusters: Names = (),
    lonely: Lonely = "error",
    method: Method = "score",
    confidence_level: float = 0.95,
    most_cells: int = MOST_CELLS,
    progress: Callable[[int], object] | None = None,
) -> Any:  # noqa: ANN401 - a frame of the same library
    """
    An index of some questions by group, with its interval, as a frame of the kind that came in.

    Args:
        frame: See `tally`, as for *items*, *scale*, *by*, *weight*, *strata*, *clusters*,
            *most_cells* and *progress*.
        items: The columns with the answers.
        index: What is computed: an index function such as `nps` or `csat`, or a scoring.
        scale: The scale of the answers.
        by: Columns that split the rows into groups.
        weight: The column of weights.
        strata: The columns that name the stratum.
        clusters: The columns that name the cluster.
        lonely: What a stratum with one cluster gets; see `SurveyDesign`.
        method: Of the intervals; see `estimate`, and `survey_estimate` with a design.
        confidence_level: Two-sided, in (0, 1).
        most_cells: How many cells a question may bring back.
        progress: Called with 1 after each question.

    Returns:
        A row for each group and, within it, each question, groups in the order of
        `Groups.keys`: the columns of *by* with the types that they have in *frame*, item, n,
        missing, value, low, high, as quoted. A frame of the library of *frame*, lazy where that
        is; for a mapping of arrays a dictionary of lists. Value and limits are NaN where nobody
        answered, or null in SQLFrame, which keeps no NaN in double precision.

    Raises:
        AnswerError: As `tally`; a column of *by* called like one of the result.
        CustfocusError: What the index and `estimate` raise.

    >>> import polars
    >>> from custfocus import nps
    >>> visits = polars.DataFrame({"shop": ["b", "a", "b", "b"], "q": [9, 3, 10, 10]})
    >>> score(visits, "q", nps, scale=Scale.range(0, 10), by="shop").rows()[0][:5]
    ('a', 'q', 1, 0, -100.0)
    """
    names = listed(by, "by")
    _check_names(names)
    table = tally(
        frame,
        items,
        scale=scale,
        by=names,
        weight=weight,
        strata=strata,
        clusters=clusters,
        most_cells=most_cells,
        progress=progress,
    )
    return score_table(
        table, index, like=frame, lonely=lonely, method=method, confidence_level=confidence_level
    )


def score_table(
    table: TallyTable,
    index: Index,
    *,
    like: object,
    lonely: Lonely = "error",
    method: Method = "score",
    confidence_level: float = 0.95,
) -> Any:  # noqa: ANN401 - a frame of any library
    """
    An index of a tally table, with its interval, as a frame.

    Args:
        table: Tallies of some questions by group.
        index: See `score`, as for *lonely*, *method* and *confidence_level*.
        like: A frame of the kind wanted, or ``"pandas"``, ``"polars"``, ``"pyarrow"``; see
            `TallyTable.to_frame`. A mapping for a dictionary of lists.
        lonely: What a stratum with one cluster gets.
        method: Of the intervals.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        What `score` returns.

    Raises:
        AnswerError: A group's name that is also a column of the result.
        CustfocusError: What the index and `estimate` raise.

    >>> from custfocus import Tally, csat
    >>> table = TallyTable([], [()], ["q1"], Tally([[[0, 0, 0, 0, 8]]], Scale.likert(5)))
    >>> scored = score_table(table, csat, like={})
    >>> f"{scored['low'][0]:.1f} to {scored['high'][0]:.1f}"
    '67.6 to 100.0'
    """
    _check_names(table.by)
    scoring = _scoring(index, table.scale)
    counted = table.columns()
    columns = {name: counted[name] for name in (*table.by, "item", "n", "missing")}
    for name, values in zip(
        ("value", "low", "high"),
        _values(table, scoring, lonely, method, confidence_level),
        strict=True,
    ):
        columns[name] = values.ravel().tolist()
    return columns if isinstance(like, Mapping) else frame_of(columns, like, table.by)


def _values(
    table: TallyTable, scoring: Scoring, lonely: Lonely, method: Method, confidence_level: float
) -> tuple[Floats, Floats, Floats]:
    """Value and limits, each of shape (G, I)."""
    if table.surveys is None:
        made = estimate(
            table.tally,
            scoring,
            method=cast("EstimateMethod", method),
            confidence_level=confidence_level,
        )
        return made.value, made.low, made.high
    drawn: list[SurveyEstimate] = []
    for item, survey in zip(table.items, table.surveys, strict=True):
        with naming(f"item {item!r}"):
            drawn.append(
                survey_estimate_of(
                    survey,
                    scoring,
                    lonely=lonely,
                    method=cast("SurveyMethod", method),
                    confidence_level=confidence_level,
                )
            )
    value, low, high = (
        np.stack([np.atleast_1d(getattr(each, name)) for each in drawn], axis=1)
        for name in ("value", "low", "high")
    )
    return value, low, high


def _check_names(names: tuple[str, ...]) -> None:
    taken = [name for name in names if name in COLUMNS]
    if taken:
        raise AnswerError(f"by must not be called like a column of the result, got {taken}; rename")


def _scoring(index: object, scale: Scale) -> Scoring:
    """The scoring of an index function is that of its estimate, here of no groups at all."""
    if isinstance(index, Scoring):
        return index
    if callable(index):
        nobody = Tally(np.zeros((0, len(scale)), dtype=np.int64), scale)
        scored = index(nobody)
        if isinstance(scored, Estimate):
            return scored.scoring
    raise OptionError(f"index must be an index function such as nps, or a Scoring, got {index!r}")
