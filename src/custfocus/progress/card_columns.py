"""The frame of a scorecard: a row for each measure and group, with all that is known of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from custfocus.errors import LabelError
from custfocus.progress.places import Place, places_of
from custfocus.results.dataframes import FrameColumn, Kind
from custfocus.results.keys import Keys
from custfocus.results.labels import Label
from custfocus.results.result import Result
from custfocus.results.stack import stacked_columns
from custfocus.results.text import label_text
from custfocus.vocabulary.focus import CustomerFocus

_NUMBERS: dict[str, Kind] = {
    "latest": "text",
    "metric": "text",
    "unit": "text",
    "n": "integer",
    "missing": "integer",
    "value": "number",
    "low": "number",
    "high": "number",
    "target": "text",
    "verdict": "text",
    "status": "text",
    "more_answers": "number",
    "since": "text",
    "change": "number",
    "change_low": "number",
    "change_high": "number",
    "variation": "text",
    "assurance": "text",
    "sparkline": "mixed",
}
"""What results say of each row."""

_TEXTS: dict[str, Callable[[Place], Any]] = {
    "customer": lambda place: place.customer and place.customer.name,
    "need": lambda place: place.need and place.need.text,
    "requirement": lambda place: place.requirement and place.requirement.text,
    "measure": lambda place: place.measure.name,
}
"""Where the measure stands, in words."""

_IDS: dict[str, Callable[[Place], Any]] = {
    "customer_id": lambda place: place.customer and place.customer.id,
    "need_id": lambda place: place.need and place.need.id,
    "requirement_id": lambda place: place.requirement and place.requirement.id,
    "measure_id": lambda place: place.measure.id,
    "about": lambda place: place.about.id,
    "kind": lambda place: type(place.about).__name__.lower(),
    "aspect": lambda place: place.measure.aspect,
    "owner": lambda place: place.measure.owner or None,
    "source": lambda place: place.measure.source or None,
}
"""What the focus says of the measure."""

_TARGETS: dict[str, tuple[Kind, Callable[[Any], Any]]] = {
    "target_low": ("number", lambda target: target.low),
    "target_high": ("number", lambda target: target.high),
    "baseline": ("number", lambda target: target.baseline_value),
    "due": ("date", lambda target: target.due),
}
"""What its target says."""

_OWN = (*_TEXTS, *_NUMBERS, "remark", *_IDS, "services", *_TARGETS)


def card_columns(
    focus: CustomerFocus,
    readings: Mapping[str, Result],
    remarks: Mapping[str, Mapping[Label, str]],
) -> dict[str, FrameColumn]:
    """
    Every column of a scorecard by name with its type, a row for each measure and group.

    The columns are customer, need, requirement, measure, the keys of the groups; latest (the
    period), metric, unit, n, missing, value, low, high, target, verdict (the limits against the
    target; the reason where there is none), status (the value against it), more_answers,
    since, change, change_low, change_high, variation, assurance, sparkline; remark; the
    ids, about and its kind, aspect, owner, source, services; target_low, target_high, baseline
    and due. Null is what is not known.
    """
    stacked = stacked_columns("measure", readings)
    ids = stacked["measure"].values
    names = [name for name in group_names(readings.values()) if name != "item"]
    numbers = {
        name: stacked.get(name, FrameColumn([None] * len(ids), kind))
        for name, kind in _NUMBERS.items()
    }
    for name in ("latest", "since", "variation", "assurance"):
        numbers[name] = FrameColumn([one or None for one in numbers[name].values], "text")
    numbers["verdict"] = _verdicts(numbers)
    known = places_of(focus)
    places = [known[one] for one in readings]
    rows = [one.keys.rows for one in readings.values()]

    def repeated(find: Callable[[Place], Any], kind: Kind = "text") -> FrameColumn:
        """What is said of a measure, in each of its rows."""
        found = map(find, places)
        return FrameColumn(
            [one for one, n in zip(found, rows, strict=True) for _ in range(n)], kind
        )

    return {
        **{name: repeated(find) for name, find in _TEXTS.items()},
        **{name: stacked[name] for name in names},
        **numbers,
        "remark": _remarks(ids, numbers["latest"].values, remarks),
        **{name: repeated(find) for name, find in _IDS.items()},
        "services": repeated(_services(focus)),
        **{name: repeated(_of_target(find), kind) for name, (kind, find) in _TARGETS.items()},
    }


def group_names(parts: Iterable[Result]) -> tuple[str, ...]:
    """The names of the keys of the rows, fixed ones included."""
    return tuple(dict.fromkeys(name for part in parts for name in part.keys.columns()))


def check_names(keys: Keys) -> None:
    """An error for groups that are called like a column of the frame."""
    taken = [name for name in keys.columns() if name in _OWN]
    if taken:
        raise LabelError(
            f"groups must not be called like a column of a scorecard, got {taken[0]!r}; "
            "rename the column"
        )


def _services(focus: CustomerFocus) -> Callable[[Place], str | None]:
    """The names of the services that meet a measure's need, or that it is about."""
    names = {one.id: one.name for one in focus.services}
    steps = {step.id: one.name for one in focus.services for step in one.activities}

    def services(place: Place) -> str | None:
        """Those of one measure, by name."""
        ids: Sequence[str] = place.need.services if place.need else (place.about.id,)
        return (
            ", ".join((names | steps)[key] for key in ids if key in names or key in steps) or None
        )

    return services


def _of_target(find: Callable[[Any], Any]) -> Callable[[Place], Any]:
    return lambda place: None if place.measure.target is None else find(place.measure.target)


def _remarks(
    ids: Sequence[str], latest: Sequence[str | None], remarks: Mapping[str, Mapping[Label, str]]
) -> FrameColumn:
    """The remark on the latest period of each row."""
    said = {
        (key, None if period is None else label_text(period)): text
        for key, by_period in remarks.items()
        for period, text in by_period.items()
    }
    return FrameColumn([said.get(one) for one in zip(ids, latest, strict=True)], "text")


def _verdicts(numbers: Mapping[str, FrameColumn]) -> FrameColumn:
    """The verdicts, or the reason why a row with an estimate alone has none."""
    found = (
        one or ("no answers" if value is None else "no target")
        for one, value in zip(numbers["verdict"].values, numbers["value"].values, strict=True)
    )
    return FrameColumn([*found], "text")
