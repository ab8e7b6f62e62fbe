"""The data of measures that are recorded and not asked: numbers and quantities by measure."""

import reprlib
from collections.abc import Mapping
from typing import cast

import attrs

from custfocus.errors import OptionError, VocabularyError, naming
from custfocus.indices.estimate import estimate
from custfocus.intervals.arguments import is_finite_number
from custfocus.quantities.observed import Observed
from custfocus.quantities.quantity import Quantity
from custfocus.responses.sample import Sample
from custfocus.responses.scoring import Scoring
from custfocus.results.result import Result
from custfocus.results.text import kind_text
from custfocus.vocabulary.focus import CustomerFocus
from custfocus.vocabulary.measure import PerformanceMeasure

_TWO_POINTS = 2


def recorded_results(
    focus: CustomerFocus, data: Mapping[str, object], confidence_level: float
) -> dict[str, Result]:
    """
    The quantity of each recorded measure that data came for, by the measure's id.

    Raises:
        VocabularyError: Data of another kind or in another unit than the measure's; published
            limits of another level.
    """
    found: dict[str, Result] = {}
    for measure in focus.measures:
        if measure.item is None and measure.id in data:
            with naming(f"measure {measure.id!r}"):
                found[measure.id] = _result(measure, data[measure.id], confidence_level)
    return found


def _result(measure: PerformanceMeasure, data: object, confidence_level: float) -> Result:
    if isinstance(data, Sample) and len(data.scale) == _TWO_POINTS:
        share = attrs.evolve(Scoring.top_box(data.scale, boxes=1), name=measure.name)
        return estimate(data, share, confidence_level=confidence_level)
    if isinstance(data, Quantity):
        return _named(measure, data.at_level(confidence_level))
    if is_finite_number(data):
        value = float(cast("float", data))
        return _named(measure, Observed(value, confidence_level=confidence_level))
    raise VocabularyError(
        f"a recorded measure takes a number or data of custfocus.quantities, got {kind_text(data)}"
        f" {reprlib.repr(data)}; write Amounts.of(values) for waits and costs, Rate(events, "
        "exposure) for counts, proportion(successes, n) for shares, Observed(value) for figures"
    )


def _named(measure: PerformanceMeasure, data: Quantity) -> Quantity:
    """The data under the measure's name and in its unit."""
    own, given = str(measure.unit), data.unit
    if own == "number":
        return data.called(measure.name, given)
    if given not in ("", "number", own):
        raise VocabularyError(f"data must be in the measure's unit, {own!r}, got {given!r}")
    return data.called(measure.name, own)


def check_asked(focus: CustomerFocus, data: Mapping[str, object]) -> None:
    """An error where a measure that asks an item gets a recorded quantity."""
    items = {measure.item: measure for measure in focus.measures if measure.item is not None}
    for name, one in data.items():
        if name in items and isinstance(one, Quantity):
            raise OptionError(
                f"item {name!r} of measure {items[name].id!r} takes answers, got "
                f"{kind_text(one)}; a measure without an item takes recorded data by its id"
            )
