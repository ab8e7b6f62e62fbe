"""
The same rows give the same tally in every engine, and it is that of a count by hand.

What counts as the same: labels are equal and of one kind, where whole numbers and floats are one
kind (a column of pandas with an empty cell has only floats) and every kind of empty is None.
"""

import math
from datetime import date, datetime
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custfocus import frames
from custfocus.errors import AnswerError
from custfocus.responses import Scale, Tally
from frames.engines import NAMES, Engine, Rows

pytestmark = pytest.mark.on_clusters

LABELS = ("bad", "so-so", "good")
SCALES = [
    Scale.likert(3, labels=LABELS),
    Scale.likert(3, labels=LABELS, missing=[9, None]),
    Scale.likert(3, labels=LABELS, missing=["", 9, -1.5]).reverse_coded(),
    Scale([-1, 0.5, 2], missing=[None]),
    Scale.range(0, 1, missing=[None]),
]
KEYS = {
    "texts": st.sampled_from(["a", "A", " a", "", "10", "9", "nan", "None", "é", "★"]),
    "whole numbers": st.integers(-3, 3) | st.sampled_from([2**40, -(2**40)]),
    "floats": st.sampled_from([0.5, -2.0, 3.0, -0.0, 1e-300, math.inf, math.nan]),
    "flags": st.booleans(),
    "dates": st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    "times": st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - of no zone
}
ANSWERS = {
    "whole numbers": st.sampled_from([1, 2, 3, 9]),
    "floats": st.sampled_from([1.0, 2.0, 3.0, math.nan]),
    "labels": st.sampled_from([*LABELS, ""]),
    "other numbers": st.sampled_from([-1.5, -1.0, 0.5, 2.0, 4.25, 1e9]),
    "flags": st.booleans(),
    "anything": st.sampled_from([" good", "Good", "1", "nan"]),
}
ROWS = st.one_of(st.just(0), st.integers(1, 12), st.just(40))


@st.composite
def surveys(draw) -> tuple[Rows, list[str], list[str], Scale]:
    """Rows, the questions, the columns of groups, and the scale; not always the right one."""
    rows, size = {}, draw(ROWS)
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=5))
    questions = draw(st.integers(1, min(2, len(names))))
    by = names[questions:]
    for place, name in enumerate(names):
        kinds = ANSWERS if place < questions else KEYS
        values = kinds[draw(st.sampled_from([*kinds]))]
        few = draw(st.lists(values, min_size=1, max_size=draw(st.sampled_from([1, 3, 40]))))
        cell = st.sampled_from([*few, None] if draw(st.booleans()) else few)
        rows[name] = draw(st.lists(cell, min_size=size, max_size=size))
    return rows, names[:questions], by, draw(st.sampled_from(SCALES))


def is_empty(value: object) -> bool:
    return value is None or value != value  # noqa: PLR0124 - NaN


def counted_by_hand(rows: Rows, items: list[str], by: list[str], scale: Scale) -> Tally:
    """One row after the other."""
    labels = {name: [None if is_empty(label) else label for label in rows[name]] for name in by}
    cells = dict.fromkeys(zip(*labels.values(), strict=True) if by else [()])
    keys = sorted(cells, key=lambda key: [(label is None, label) for label in key])
    number = {key: place for place, key in enumerate(keys)}
    counts = np.zeros((len(keys), len(items), len(scale) + len(scale.missing) + 1), int)
    for row in range(len(rows[items[0]])):
        key = tuple(labels[name][row] for name in by)
        for place, item in enumerate(items):
            counts[number[key], place, place_by_hand(rows[item][row], scale)] += 1
    columns = {name: [key[place] for key in keys for _ in items] for place, name in enumerate(by)}
    flat = counts.reshape(-1, counts.shape[-1])
    return Tally(
        flat[:, : len(scale)],
        scale,
        flat[:, len(scale) :],
        by=columns | {"item": items * len(keys)},
    )


def place_by_hand(answer: object, scale: Scale) -> int:
    """Where an answer stands, missing ones behind the points; -1 for none of both."""
    if is_empty(answer):
        answer = None
    if isinstance(answer, bool) and scale.points != (0, 1):
        return -1
    for place, point in enumerate(scale.points):
        if answer == point or (scale.labels and answer == scale.labels[place]):
            return place
    return len(scale) + scale.missing.index(answer) if answer in scale.missing else -1


def off_scale(rows: Rows, items: list[str], scale: Scale) -> str:
    """How the error begins, "" if all answers are on the scale."""
    for item in items:
        off = {
            None if is_empty(answer) else answer
            for answer in rows[item]
            if place_by_hand(answer, scale) == -1
        }
        if off:
            ordered = sorted(off - {None}) + [None] * (None in off)
            shown = ", ".join(repr(_whole(answer)) for answer in ordered[:5])
            return f"item {item!r}: answers not on the scale: [{shown}"
    return ""


def _whole(answer: Any) -> Any:
    return int(answer) if isinstance(answer, float) and answer.is_integer() else answer


def kind(label: object) -> str:
    """What a label is; whole numbers and floats are numbers."""
    number = isinstance(label, int | float) and not isinstance(label, bool)
    return "number" if number else type(label).__name__


def outcome(engine: Engine, rows: Rows, *asked: Any) -> Tally | str:
    """The tally, or what the error says, if it is one of answers."""
    items, by, scale = asked
    try:
        return engine.settled(frames.tally(engine.build(rows), items, scale=scale, by=by))
    except AnswerError as error:
        return str(error)


def test_a_tally_is_that_of_a_count_by_hand_and_of_its_parts_or_the_error_names_the_answers(engine):
    @settings(max_examples=engine.examples, suppress_health_check=list(HealthCheck))
    @given(surveys(), st.integers(0, 40))
    def check(drawn, cut):
        rows, *asked = drawn
        items, by, scale = asked
        got, wrong = outcome(engine, rows, *asked), off_scale(rows, items, scale)
        if wrong:
            assert got == outcome(Engine(dict), rows, *asked)
            assert got.startswith(wrong)
            return
        expected = counted_by_hand(rows, *asked)
        assert got == expected
        for one, other in zip(got.keys.levels, expected.keys.levels[: len(by)], strict=False):
            assert [*map(kind, one)] == [*map(kind, other)]
        parts = (slice(cut), slice(cut, None))
        cut_rows = [{name: values[part] for name, values in rows.items()} for part in parts]
        assert sum(outcome(engine, part, *asked) for part in cut_rows) == expected

    check()


def test_thousands_of_groups_are_counted_as_by_hand(engine):
    @settings(
        max_examples=max(1, engine.examples // 10),
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(st.integers(0, 2**32 - 1), st.sampled_from(["number", "key_0"]))
    def check(seed, first):
        draw = Random(seed)  # noqa: S311 - no secrets
        rows = {
            "q1": draw.choices([1, 2, 3, 9, None], k=5000),
            "number": draw.choices([*range(-2000, 2000), None], k=5000),
            "key_0": draw.choices(["north", "south", "", None], k=5000),
        }
        by = [first, *({"number", "key_0"} - {first})]
        expected = counted_by_hand(rows, ["q1"], by, SCALES[1])
        assert len(expected) > 2000
        assert outcome(engine, rows, ["q1"], by, SCALES[1]) == expected

    check()
