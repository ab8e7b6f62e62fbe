"""
What the property tests draw: scales, answers on them, tallies and scorings.

Everything drawn is valid; what impossible input gets is written out in the tests of each module.
"""

from itertools import accumulate
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from custfocus.responses import Groups, Scale, Scoring, Tally, Unit

MISSING_CODES = (9, 99, -1.5, "", "Don't know", None)
"""Codes that surveys use; those that are answers on the scale at hand are left out."""

EMPTIES = (None, float("nan"), np.float64("nan"))
"""What an empty cell may look like."""

LABELS = ("bad", "Bad", "bad ", "so-so", "good", "1", "2", "10", "nan", "None", "très bien", "★")
"""Texts that are easily taken for each other, for numbers or for empty cells."""

group_labels = st.one_of(
    st.sampled_from(["north", "south", "east"]),
    st.integers(-2, 2),
    st.sampled_from([None, float("nan"), 0.5, True, False]),
)
group_shapes = hnp.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3)


@st.composite
def ascending_points(draw) -> list[float]:
    """Points as 1 to n, as a range, or any distinct numbers."""
    kind = draw(st.sampled_from(["likert", "range", "own"]))
    if kind == "likert":
        return list(range(1, draw(st.integers(2, 11)) + 1))
    if kind == "range":
        low = draw(st.integers(-5, 5))
        return list(range(low, low + draw(st.integers(1, 10)) + 1))
    steps = draw(st.lists(st.sampled_from([0.25, 1, 3, 50]), min_size=1, max_size=6))
    return list(accumulate(steps, initial=draw(st.sampled_from([-10, 0, 0.5, 1]))))


@st.composite
def scales(draw, *, labelled: bool | None = None, with_missing: bool | None = None) -> Scale:
    """
    Scales ascending or descending, with or without labels and missing codes.

    Args:
        draw: Hypothesis' own.
        labelled: Whether they have labels; either unless told.
        with_missing: Whether they have missing codes; either unless told.
    """
    points = draw(ascending_points())[:: draw(st.sampled_from([1, -1]))]
    missing = draw(codes_beside(points)) if draw(_either(told=with_missing)) else ()
    if not draw(_either(told=labelled)):
        return Scale(points, missing=missing)
    first = draw(st.integers(0, len(LABELS) - 1))
    labels = (LABELS[first:] + LABELS[:first])[: len(points)]
    return Scale(points, labels=labels, missing=missing)


def codes_beside(points: list[float]) -> st.SearchStrategy[list[Any]]:
    """Some missing codes, none of them an answer on the scale."""
    free = [code for code in MISSING_CODES if code not in points]
    return st.lists(st.sampled_from(free), unique=True, min_size=1)


def _either(*, told: bool | None) -> st.SearchStrategy[bool]:
    return st.booleans() if told is None else st.just(told)


def answers_on(scale: Scale, **size: Any) -> st.SearchStrategy[list[object]]:
    """
    Lists of points, labels and missing codes of a scale.

    Args:
        scale: The scale.
        **size: min_size and max_size of the lists, 0 and 12 unless told.
    """
    empty = EMPTIES if None in scale.missing else ()
    answers = [*scale.points, *(scale.labels or ()), *scale.missing, *empty]
    return st.lists(st.sampled_from(answers), **{"max_size": 12} | size)


@st.composite
def scales_and_answers(draw, samples: int = 1) -> tuple[Any, ...]:
    """A scale and that many lists of answers on it."""
    scale = draw(scales())
    return (scale, *(draw(answers_on(scale)) for _ in range(samples)))


@st.composite
def tallies(draw, scale: Scale | None = None, shape: tuple[int, ...] | None = None) -> Tally:
    """
    Tallies of any scale and group shape, empty groups among them.

    Args:
        draw: Hypothesis' own.
        scale: Their scale; any unless told.
        shape: The shape of their groups; none, one or more axes unless told.
    """
    scale = draw(scales()) if scale is None else scale
    shape = draw(group_shapes) if shape is None else shape
    count = st.one_of(st.integers(0, 5), st.integers(0, 10**9))
    counts = draw(hnp.arrays(np.int64, (*shape, len(scale)), elements=count, fill=count))
    missing = draw(hnp.arrays(np.int64, shape, elements=count, fill=count))
    return Tally(counts, scale, missing)


@st.composite
def several_tallies(draw, number: int, shape: tuple[int, ...] | None = None) -> list[Tally]:
    """Tallies of one scale and group shape."""
    scale = draw(scales())
    shape = draw(group_shapes) if shape is None else shape
    return [draw(tallies(scale, shape)) for _ in range(number)]


def groups_of(rows: int) -> st.SearchStrategy[Groups]:
    """Groups of that many rows by one label, or by two."""
    column = st.lists(group_labels, min_size=rows, max_size=rows)
    columns = st.fixed_dictionaries({"district": column}, optional={"wave": column})
    return st.one_of(column, columns).map(Groups.of)


@st.composite
def scorings(draw, scale: Scale | None = None) -> Scoring:
    """
    Scorings as the constructors make them, or with scores of their own.

    Args:
        draw: Hypothesis' own.
        scale: What they score; any scale unless told.
    """
    scale = draw(scales()) if scale is None else scale
    size = len(scale)
    kind = draw(st.sampled_from(["top", "bottom", "net", "mean", "own"]))
    boxes = draw(st.integers(1, size - 1))
    if kind == "top":
        return Scoring.top_box(scale, boxes)
    if kind == "bottom":
        return Scoring.bottom_box(scale, boxes)
    if kind == "net":
        return Scoring.net(scale, positive=boxes, negative=draw(st.integers(1, size - boxes)))
    if kind == "mean":
        return Scoring.mean(
            scale, *draw(st.sampled_from([(0, 100), (1, 7), (0, 1), (7, 1), (1, -1)]))
        )
    score = st.integers(-300, 300).map(lambda i: i / 10)
    scores = st.lists(score, min_size=size, max_size=size).filter(lambda drawn: len({*drawn}) > 1)
    units = st.one_of(st.sampled_from(Unit), st.sampled_from(["days", "percent"]))
    return Scoring(
        scale,
        draw(scores),
        name=draw(st.sampled_from(LABELS)),
        unit=draw(units),
        lower_is_better=draw(st.booleans()),
    )
