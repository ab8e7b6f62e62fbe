"""The data of measures that are recorded and not asked: numbers and quantities by measure."""

import reprlib
from collections.abc import Mapping
from typing import cast

import attrs
import numpy as np

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
        VocabularyError: Data of another kind, in another unit or beyond the bounds of the
            measure; published limits of another level.
    """
    found: dict[str, Result] = {}
    for measure in focus.measures:
        if measure.recorded and measure.id in data:
            with naming(f"measure {measure.id!r}"):
                found[measure.id] = _result(measure, data[measure.id], confidence_level)
    return found


def _result(measure: PerformanceMeasure, data: object, confidence_level: float) -> Result:
    if isinstance(data, Sample) and len(data.scale) == _TWO_POINTS:
        share = attrs.evolve(
            Scoring.top_box(data.scale, boxes=1),
            name=measure.name,
            lower_is_better=measure.direction == "lower",
        )
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
    if own != "number" and given not in ("", "number", own):
        raise VocabularyError(f"data must be in the measure's unit, {own!r}, got {given!r}")
    least, most = measure.metric.bounds
    value = np.ravel(data.value)
    beyond = (value < least) | (value > most)
    if beyond.any():
        raise VocabularyError(
            f"data must lie within the measure's bounds, {least:g} and {most:g}, got "
            f"{value[beyond][0]:g}"
        )
    unit = given if own == "number" else own
    named = data.called(measure.name, unit, measure.direction or data.direction)
    return (
        attrs.evolve(named, bounds=(least, most))
        if isinstance(named, Observed) and measure.bounds != (None, None)
        else named
    )


def check_asked(focus: CustomerFocus, data: Mapping[str, object]) -> None:
    """An error where a measure that asks an item gets a recorded quantity."""
    items = {item: measure for measure in focus.measures for item in measure.items}
    for name, one in data.items():
        if name in items and isinstance(one, Quantity):
            raise OptionError(
                f"item {name!r} of measure {items[name].id!r} takes answers, got "
                f"{kind_text(one)}; a measure without items takes recorded data by its id"
            )
