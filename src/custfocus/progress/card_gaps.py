"""What the results of a scorecard leave open: measures not met, improvements not yet seen."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import cast

import numpy as np

from custfocus.indices.estimate import Estimate
from custfocus.progress.series_table import PERIOD, SeriesTable
from custfocus.progress.verdict import Verdict, verdict
from custfocus.quantities.quantity import Quantity
from custfocus.results.result import Result
from custfocus.vocabulary.finding_gaps import GapRows
from custfocus.vocabulary.focus import CustomerFocus
from custfocus.vocabulary.measuring import showing_measures


def result_gaps(
    focus: CustomerFocus, parts: Mapping[str, Result], fiscal_start: int = 1
) -> GapRows:
    """
    What the results of a scorecard leave open.

    - A measure that is not met (of a series in the latest period, of groups in any), of which
      no improvement was learned, and which shows nothing that one serves.
    - An improvement that is done, whose measures have no period since.

    Args:
        focus: The customer focus.
        parts: The results by measure.
        fiscal_start: The month in which years begin.
    """
    shown = showing_measures(focus)
    served = {
        one.id: {measure.id for key in one.serves for measure in shown.get(key, ())}
        for one in focus.improvements
    }
    attended = {
        key
        for one in focus.improvements
        if one.stage != "dropped"
        for key in (*served[one.id], *one.learned_from)
    }
    for measure in focus.measures:
        if measure.id not in attended and _missed(parts[measure.id]):
            yield "not met, no improvement", "measure", measure.id, measure.name
    for one in focus.improvements:
        series = [
            table
            for key in served[one.id]
            if (table := _dated(parts[key], fiscal_start)) is not None
        ]
        since = one.since
        if one.stage == "done" and since is not None and series and not _seen(series, since):
            yield "done, no period since", "improvement", one.id, one.name


def _missed(part: Result) -> bool:
    """Whether the latest verdict of any group is "not met"."""
    if not isinstance(part, Verdict):
        return False
    if PERIOD in part.keys.names:
        part = verdict(SeriesTable.of(part.estimate).latest(), part.target)
    return bool((part.verdict == "not met").any())


def _dated(part: Result, fiscal_start: int) -> SeriesTable | None:
    """A series whose periods are days; None for any other result."""
    if PERIOD not in part.keys.names:
        return None
    scored = part.estimate if isinstance(part, Verdict) else part
    table = SeriesTable.of(cast("Estimate | Quantity", scored), fiscal_start=fiscal_start)
    return None if table.periods is None else table


def _seen(series: Iterable[SeriesTable], since: date) -> bool:
    """Whether any of the series has a value in a period that begins on the day or later."""
    return any(
        bool((table.known & np.array([one.start >= since for one in table.periods or ()])).any())
        for table in series
    )
