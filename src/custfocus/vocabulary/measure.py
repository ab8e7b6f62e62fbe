"""Performance measures: what is measured, of what, how, and how good it should be."""

import math
import reprlib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, cast

import attrs

from custfocus.errors import VocabularyError
from custfocus.responses.scoring import Scoring, Unit, as_unit
from custfocus.results.labels import Label
from custfocus.results.metric import Direction, Metric
from custfocus.results.result import Result
from custfocus.vocabulary.channel import Channel
from custfocus.vocabulary.parties import Customer
from custfocus.vocabulary.references import (
    check_id,
    check_optional_text,
    check_text,
    id_of,
    is_finite,
)
from custfocus.vocabulary.service import Activity, Service
from custfocus.vocabulary.target import Target, digits
from custfocus.vocabulary.terms import Aspect, check_optional_term, check_term
from custfocus.vocabulary.voice import Requirement

ABOUT = (Requirement, Service, Activity, Channel, Customer)
Measured = Requirement | Service | Activity | Channel | Customer
Bounds = tuple[float | None, float | None]
Breaks = tuple[tuple[Label, str], ...]


class IndexOfItems(Protocol):
    """
    What makes one result of the answers to some items: a composite, a gap; a function will do.

    It is called with the answers by item and what else was said of them (``by=``,
    ``weights=``, ``design=``, ``confidence_level=`` ...), each only where it was given. One that
    has a ``metric`` gives the measure its unit and its bounds.
    """

    def __call__(self, answers: Mapping[str, Any], /, **options: Any) -> Result:  # noqa: ANN401
        """An estimate or a recorded quantity."""
        ...


def _as_about(about: Measured | str) -> str:
    return id_of(about, *ABOUT)


def _as_items(items: str | Iterable[str]) -> tuple[str, ...]:
    try:
        return (items,) if isinstance(items, str) else tuple(items)
    except TypeError:  # one thing that is no text: refused by its name
        return (cast("str", items),)


def _as_bounds(bounds: Bounds) -> Bounds:
    """The least and the greatest value; None, or an infinite number, where there is none."""
    given: object = bounds
    ends: tuple[object, ...] = tuple(given) if isinstance(given, tuple | list) else ()
    if len(ends) == 2:
        low, high = _as_end(ends[0], -math.inf), _as_end(ends[1], math.inf)
        if low < high:
            return None if low == -math.inf else low, None if high == math.inf else high
    raise VocabularyError(
        "a measure's bounds must be the least and the greatest value there can be, got "
        f"{reprlib.repr(given)}; write (0, None) where there is no greatest"
    )


def _as_end(end: object, none: float) -> float:
    """An end of the range, *none* where there is none; NaN, below and above nothing, if wrong."""
    if end is None or (isinstance(end, float) and end == none):
        return none
    return float(cast("float", end)) + 0.0 if is_finite(end) else math.nan


def _as_breaks(breaks: Mapping[Any, str] | Breaks) -> Breaks:
    given: object = breaks
    try:
        pairs = tuple(given.items()) if isinstance(given, Mapping) else given
        if isinstance(pairs, tuple) and all(map(_is_break, pairs)):
            dict.fromkeys(when for when, _ in pairs)  # periods are labels, which can be looked up
            return pairs
    except TypeError:
        pass
    raise VocabularyError(
        "a measure's breaks must be reasons by the period at which each begins, got "
        f"{reprlib.repr(given)}; write breaks={{'2026-04': 'another formula'}}"
    )


def _is_break(pair: object) -> bool:
    """Whether it is a period with a reason that says something."""
    both = cast("tuple[object, ...]", pair) if isinstance(pair, tuple) else ()
    return len(both) == 2 and isinstance(both[1], str) and bool(both[1].strip())


def _as_unit(unit: Unit | str | None) -> Unit | str | None:
    return None if unit is None else as_unit(unit)


def _metric_of(index: object) -> Metric | None:
    """What an index measures, if it says so."""
    metric = getattr(index, "metric", None)
    return metric if isinstance(metric, Metric) else None


def _check_items(measure: object, _: object, items: tuple[object, ...]) -> None:
    for item in items:
        if not isinstance(item, str) or not item.strip():
            raise VocabularyError(
                f"{type(measure).__name__}.items must be texts that say something, got "
                f"{reprlib.repr(item)}"
            )
    if len(set(items)) < len(items):
        raise VocabularyError(f"a measure's items must be different, got {list(items)!r}")


@attrs.frozen
class PerformanceMeasure:
    """
    Data that shows progress toward a target: how much, how well, at what level.

    A measure that a survey yields names its *items* (the questions) and its *index* (what is
    computed of the answers); one that comes from elsewhere, such as calls answered, has neither:
    its data are recorded.

    Attributes:
        id: What other objects refer to it by.
        about: What it shows: a requirement, a service, an activity, a channel or a customer
            (object or id; the id is kept).
        name: What people call it.
        items: The names of the questions in the survey; a text is one. Empty where it is recorded.
        index: How the answers are scored: a `Scoring` of one item, or whatever makes one result
            of several (see `IndexOfItems`); None where it is recorded.
        target: The target, or None.
        aspect: ``"how well"`` (the default), ``"how much"`` or ``"at what level"``.
        unit: ``"number"`` (the default), ``"percent"`` or any other; one with an index has its
            unit.
        bounds: The least and the greatest value that what is recorded can have, None for none;
            an index has its own.
        direction: Whether ``"higher"`` or ``"lower"`` values are better, or those ``"within"`` a
            range; that of the target, else of the index, else None.
        source: Where the data come from ("phone system").
        owner: Who answers for it.
        breaks: The periods from which its definition, scale or method is another, and the
            reasons: nothing is compared across them. Kept as pairs.

    Raises:
        VocabularyError: Items without an index or the other way round; a unit or bounds beside
            an index that has its own; a target that can't be reached, that is a share where
            percent is meant, or that asks for more where less is better.
        OptionError: An aspect or a direction that is not known.
        ScaleError: A unit that is no text.

    >>> wait = PerformanceMeasure("wait", "soon", "Wait", unit="minutes", bounds=(0, None),
    ...     target=Target.at_most(20), source="queue system", owner="Front desk")
    >>> wait.direction
    'lower'
    """

    id: str = attrs.field(validator=check_id)
    about: str = attrs.field(converter=_as_about)
    name: str = attrs.field(validator=check_text)
    items: tuple[str, ...] = attrs.field(
        default=(), converter=_as_items, validator=_check_items, kw_only=True
    )
    index: Scoring | IndexOfItems | None = attrs.field(default=None, kw_only=True)
    target: Target | None = attrs.field(default=None, kw_only=True)
    aspect: Aspect = attrs.field(default="how well", validator=check_term, kw_only=True)
    _unit: Unit | str | None = attrs.field(
        default=None, converter=_as_unit, alias="unit", kw_only=True
    )
    bounds: Bounds = attrs.field(default=(None, None), converter=_as_bounds, kw_only=True)
    _direction: Direction | None = attrs.field(
        default=None, validator=check_optional_term, alias="direction", kw_only=True
    )
    source: str = attrs.field(default="", validator=check_optional_text, kw_only=True)
    owner: str = attrs.field(default="", validator=check_optional_text, kw_only=True)
    breaks: Breaks = attrs.field(default=(), converter=_as_breaks, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _check_index(self)
        if self.target is not None and not isinstance(cast("object", self.target), Target):
            raise VocabularyError(
                f"measure {self.id!r} needs a Target for its target, got {self.target!r}; "
                "make one with Target.at_least(80)"
            )
        _check_direction(self)
        if self.target is not None:
            _check_target(self, self.target)
        _forget_derived(self)

    def __repr__(self) -> str:
        """The call that makes it."""
        fields = (f"{one.alias}={getattr(self, one.alias)!r}" for one in attrs.fields(type(self)))
        return f"{type(self).__name__}({', '.join(fields)})"

    @property
    def unit(self) -> Unit | str:
        """What it is counted in; that of the index, and a number where nothing says it."""
        metric = _metric_of(self.index)
        return self._unit or (Unit.NUMBER if metric is None else as_unit(metric.unit))

    @property
    def recorded(self) -> bool:
        """Whether its data are recorded, not asked."""
        return self.index is None

    @property
    def direction(self) -> Direction | None:
        """Which values are better; None where nothing says it."""
        if self._direction is not None or self.target is not None:
            return self._direction or cast("Target", self.target).direction
        metric = _metric_of(self.index)
        return None if metric is None else metric.direction

    @property
    def metric(self) -> Metric:
        """What is measured; of what is recorded under the measure's own name."""
        metric = _metric_of(self.index)
        if metric is not None:
            return metric
        low, high = self.bounds
        ends = (-math.inf if low is None else low, math.inf if high is None else high)
        return Metric(self.name, str(self.unit), ends, self.direction or "higher")


def _check_index(measure: PerformanceMeasure) -> None:
    """Items and index go together, and an index has its own unit and bounds."""
    index: object = measure.index
    if index is not None and not isinstance(index, Scoring) and not _is_function(index):
        raise VocabularyError(
            f"measure {measure.id!r} needs a Scoring or a function of answers for its index, got "
            f"{index!r}; make one with Scoring.top_box(scale)"
        )
    if bool(measure.items) != (index is not None):
        raise VocabularyError(
            f"measure {measure.id!r} must have items and an index or neither, got "
            + (
                f"the items {list(measure.items)!r} alone; give index=Scoring.top_box(scale)"
                if measure.items
                else "an index alone; give the items= that it is of"
            )
        )
    if isinstance(index, Scoring) and len(measure.items) > 1:
        raise VocabularyError(
            f"measure {measure.id!r} scores one item by a Scoring, got {list(measure.items)!r}; "
            "make a measure of each, or give a function of answers as its index"
        )
    metric = _metric_of(index)
    if metric is not None and str(measure.unit) != metric.unit:
        raise VocabularyError(
            f"measure {measure.id!r} has its index's unit, {metric.unit}, got {measure.unit!s}; "
            "leave unit= out"
        )
    if metric is not None and measure.bounds != (None, None):
        raise VocabularyError(
            f"measure {measure.id!r} has its index's bounds, got {measure.bounds}; leave bounds= out"
        )


def _forget_derived(measure: PerformanceMeasure) -> None:
    """What index and target say is not kept: another index or target may then take their place."""
    metric = _metric_of(measure.index)
    if metric is not None:
        object.__setattr__(measure, "_unit", None)
    if metric is not None or measure.target is not None:
        object.__setattr__(measure, "_direction", None)


def _is_function(index: object) -> bool:
    return callable(index) and not isinstance(index, type)


def _check_direction(measure: PerformanceMeasure) -> None:
    """The direction that is given is that of the target, else of the index."""
    metric, target = _metric_of(measure.index), measure.target
    known = (metric and metric.direction) if target is None else target.direction
    if known is not None and measure.direction != known:
        raise VocabularyError(
            f"measure {measure.id!r} must have the direction of its "
            f"{'index' if target is None else 'target'}, {known!r}, got {measure.direction!r}; "
            "leave direction= out"
        )


def _check_target(measure: PerformanceMeasure, target: Target) -> None:
    metric = measure.metric
    (lowest, highest), (low, high) = metric.bounds, target.bounds
    if low > highest or high < lowest:
        raise VocabularyError(
            f"measure {measure.id!r} can't reach its target, got {target.range_text} "
            f"for {metric.name}, which {_range_text(lowest, highest)}"
        )
    if metric.unit == Unit.PERCENT and target.high is None and 0 < low < 1:
        raise VocabularyError(
            f"measure {measure.id!r} is quoted in percent, got the target {target.range_text}; "
            f"write {digits(100 * low)} for {digits(100 * low)} %"
        )
    if not measure.recorded and metric.direction == "lower" and target.high is None:
        raise VocabularyError(
            f"measure {measure.id!r} is better when lower, got the target {target.range_text} "
            f"for {metric.name}; use Target.at_most"
        )


def _range_text(lowest: float, highest: float) -> str:
    if math.isinf(highest):
        return f"is {digits(lowest)} or more"
    if math.isinf(lowest):
        return f"is {digits(highest)} or less"
    return f"runs from {digits(lowest)} to {digits(highest)}"
