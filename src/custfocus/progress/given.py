"""The data of measures that no scoring makes an index of: what is recorded, and other indices."""

import inspect
import re
import reprlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

import attrs
import numpy as np

from custfocus.errors import OptionError, VocabularyError, naming
from custfocus.indices.estimate import Estimate, estimate
from custfocus.intervals.arguments import is_finite_number
from custfocus.intervals.methods import Method
from custfocus.quantities.event_rate import Rate
from custfocus.quantities.observed import Observed
from custfocus.quantities.quantity import Quantity
from custfocus.quantities.standardised import StandardisedRate
from custfocus.responses.sample import Sample
from custfocus.responses.scoring import Scoring, Unit
from custfocus.results.distinct import is_ordered
from custfocus.results.result import Result
from custfocus.results.text import kind_text
from custfocus.vocabulary.focus import CustomerFocus
from custfocus.vocabulary.measure import PerformanceMeasure

_TWO_POINTS = 2
_UNITS_OF_SHARES = {Unit.NUMBER, Unit.PERCENT}
_PER = re.compile(r"\bper\b(?:\s+(?P<number>\d+(?:[,. _']\d{3})*)\b)?", re.IGNORECASE)


class Said(NamedTuple):
    """What was said of all data: see `scorecard`."""

    by: object = None
    weights: object = None
    design: object = None
    method: Method = "score"
    confidence_level: float = 0.95
    population: object = None

    def given(self) -> dict[str, Any]:
        """What differs from the defaults."""
        usual = Said()
        plain = {"method", "confidence_level"}
        return {
            name: value
            for name, value in self._asdict().items()
            if value is not getattr(usual, name)
            and not (name in plain and value == getattr(usual, name))
        }


def given_results(
    focus: CustomerFocus, data: Mapping[str, object], said: Said
) -> dict[str, Result]:
    """
    The result of each measure that is recorded or has an index of its own, by the measure's id.

    Raises:
        VocabularyError: Data of another kind, in another unit or beyond the bounds of the
            measure; published limits of another level; an index that makes no result.
    """
    found: dict[str, Result] = {}
    for measure in focus.measures:
        with naming(f"measure {measure.id!r}"):
            if measure.recorded and measure.id in data:
                found[measure.id] = _recorded(measure, data[measure.id], said)
            elif not isinstance(measure.index, Scoring) and data.keys() >= {*measure.items}:
                found.update(_indexed(measure, data, said))
    return found


def _indexed(
    measure: PerformanceMeasure, data: Mapping[str, object], said: Said
) -> dict[str, Result]:
    """What an index makes of the answers to its items; nothing for a measure without one."""
    if measure.index is None:
        return {}
    answers = {item: data[item] for item in measure.items}
    index, given = cast("Any", measure.index), said.given()
    _check_takes(index, answers, given)
    made = index(answers, **given)
    if not isinstance(made, Estimate | Quantity):
        raise VocabularyError(
            f"an index must make an estimate or a recorded quantity, got {kind_text(made)}"
        )
    if made.confidence_level != said.confidence_level:
        raise VocabularyError(
            f"an index must obey confidence_level={said.confidence_level:g}, got limits at "
            f"{made.confidence_level:g}"
        )
    return {measure.id: _of_one(measure, made)}


def _check_takes(
    index: Callable[..., object], answers: object, given: Mapping[str, object]
) -> None:
    """An error for a function that can't be called with the answers and what was said of them."""
    try:
        signature = inspect.signature(index)
    except (TypeError, ValueError):  # some functions do not tell
        return
    try:
        signature.bind(answers, **given)
    except TypeError as error:
        options = ", ".join(f"{name}=" for name in given)
        raise VocabularyError(
            f"an index must take the answers by item{' and ' * bool(options)}{options}, got one that "
            f"does not: {error}; give it **options, and hand them on to an index of custfocus"
        ) from None


def _of_one(measure: PerformanceMeasure, made: Estimate | Quantity) -> Estimate | Quantity:
    """The result without the name of the items, which a single one is called by."""
    if "item" not in made.keys.names:
        return made
    if len(measure.items) != 1:
        raise VocabularyError(
            f"an index must make one result of its items, got one of each of {list(measure.items)!r}; "
            "make a measure of each"
        )
    return made.sel(item=measure.items[0])


def _recorded(measure: PerformanceMeasure, data: object, said: Said) -> Result:
    level = said.confidence_level
    if isinstance(data, Sample) and len(data.scale) == _TWO_POINTS:
        if measure.unit not in _UNITS_OF_SHARES:
            raise VocabularyError(
                f"data must be in the measure's unit, {str(measure.unit)!r}, got a share, which is "
                "in percent; give the measure unit='percent'"
            )
        share = attrs.evolve(
            Scoring.top_box(data.scale, boxes=1),
            name=measure.name,
            lower_is_better=measure.direction == "lower",
        )
        return estimate(data, share, method=said.method, confidence_level=level)
    if isinstance(data, Quantity):
        return _named(measure, data.at_level(level))
    if is_finite_number(data):
        value = float(cast("float", data))
        return _named(measure, Observed(value, confidence_level=level))
    if said.by is not None and is_ordered(data) and not isinstance(data, Result):
        return _named(measure, Observed(cast("Any", data), by=said.by, confidence_level=level))
    shown = " ".join(reprlib.repr(data).split())  # a Series has several lines
    raise VocabularyError(
        f"a recorded measure takes a number or data of custfocus.quantities, got {kind_text(data)}"
        f" {shown}; write Amounts.of(values) for the mean of waits or costs, Quantile.of(values) "
        "for their median, Rate(events, exposure) for counts, proportion(successes, n) for shares, "
        "Observed(value, period=months) for figures by period"
    )


def _named(measure: PerformanceMeasure, data: Quantity) -> Quantity:
    """The data under the measure's name and in its unit."""
    own, given = str(measure.unit), data.unit
    if own != "number" and given not in ("", "number", own):
        raise VocabularyError(f"data must be in the measure's unit, {own!r}, got {given!r}")
    if own != "number" and isinstance(data, Rate | StandardisedRate) and given != own:
        _check_per(own, data.per)
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
    bounded = isinstance(named, Observed) and measure.bounds != (None, None)
    return attrs.evolve(cast("Any", named), bounds=(least, most)) if bounded else named


def _check_per(unit: str, per: float) -> None:
    """An error for a rate that is not for as much as the measure's unit says: "per 1,000 calls"."""
    found = _PER.search(unit)
    digits = re.sub(r"\D", "", found["number"] or "") if found else ""
    wanted = 100 if unit == Unit.PERCENT else int(digits or 1)
    if per != wanted:
        remedy = f"write per={wanted}"
        if found is None and unit != Unit.PERCENT:
            remedy = f"give the measure a unit that says so, such as 'per {per:,g} cases'"
        raise VocabularyError(
            f"data must be in the measure's unit, {unit!r}, got a rate per {per:g}; {remedy}"
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
