"""
What the property tests draw: scales, answers on them, keys of rows, tallies and scorings.

Everything drawn is valid; what impossible input gets is written out in the tests of each module.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from custfocus.responses import Scale, Scoring, Tally, Unit
from custfocus.results import Keys

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
"""Labels of every type in one column."""

LEVELS: dict[str, list[object]] = {
    "district": ["north", "south", "east", None],
    "wave": [1, 2, 3, None],
    "online": [False, True],
}
"""Labels of one type for each name, so that rows of several tallies can meet."""

NUMBERED = ("group",)
names = st.sampled_from(
    [(), ("district",), ("wave",), ("wave", "district"), ("district", "online")]
)


def labels_by_name(rows: int, by: Sequence[str]) -> st.SearchStrategy[dict[str, list[object]]]:
    """The labels of respondents for each name."""
    columns = {
        name: st.lists(st.sampled_from(LEVELS[name]), min_size=rows, max_size=rows) for name in by
    }
    return st.fixed_dictionaries(columns)


@st.composite
def keys(draw, by: Sequence[str] | None = None, fixed: tuple[Any, ...] | None = None) -> Keys:
    """
    Keys by no name, one or two, in any order of rows, empty ones and declared orders among them.

    By default of any names (NUMBERED: rows without labels), with any labels *fixed* for all rows.
    """
    by = draw(st.one_of(names, st.just(NUMBERED))) if by is None else by
    rows = draw(st.integers(0, 5))
    if by == NUMBERED:
        found = Keys.numbered(rows)
    elif not by:
        found = Keys()
    else:
        columns: dict[str, Any] = draw(labels_by_name(rows, by))
        if draw(st.booleans()):
            level = draw(st.permutations([one for one in LEVELS[by[0]] if one is not None]))
            columns[by[0]] = pd.Categorical(columns[by[0]], level)
        made, _ = Keys.of(columns)
        found = made[np.array(draw(st.permutations(range(made.rows))), np.intp)]
    chosen = st.sampled_from([(), (("item", "q1"),), (("item", "q1"), ("year", 2024))])
    fixed = draw(chosen) if fixed is None else fixed
    return Keys(found.names, found.levels, found.codes, found.declared, fixed)


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
def scales(draw, *, labelled: bool = False) -> Scale:
    """Scales ascending or descending, with or without missing codes; labelled if asked, or perhaps."""
    points = draw(ascending_points())[:: draw(st.sampled_from([1, -1]))]
    missing = draw(codes_beside(points)) if draw(st.booleans()) else ()
    if not (labelled or draw(st.booleans())):
        return Scale(points, missing=missing)
    first = draw(st.integers(0, len(LABELS) - 1))
    labels = (LABELS[first:] + LABELS[:first])[: len(points)]
    return Scale(points, labels=labels, missing=missing)


def codes_beside(points: list[float]) -> st.SearchStrategy[list[Any]]:
    """Some missing codes, none of them an answer on the scale."""
    free = [code for code in MISSING_CODES if code not in points]
    return st.lists(st.sampled_from(free), unique=True, min_size=1)


def answers_on(scale: Scale, **size: Any) -> st.SearchStrategy[list[object]]:
    """Lists of points, labels and missing codes of a scale, 0 to 12 of them by default."""
    empty = EMPTIES if None in scale.missing else ()
    answers = [*scale.points, *(scale.labels or ()), *scale.missing, *empty]
    return st.lists(st.sampled_from(answers), **{"max_size": 12} | size)


@st.composite
def scales_and_answers(draw, samples: int = 1) -> tuple[Any, ...]:
    """A scale and that many lists of answers on it."""
    scale = draw(scales())
    return (scale, *(draw(answers_on(scale)) for _ in range(samples)))


@st.composite
def tallies(draw, scale: Scale | None = None, keys: Any = None) -> Tally:
    """Tallies of any scale and *keys* (a strategy) by default, rows without answers among them."""
    scale = draw(scales()) if scale is None else scale
    rows = draw(any_keys() if keys is None else keys)
    count = st.one_of(st.integers(0, 5), st.integers(0, 10**9))
    missing_shape = (*rows.shape, len(scale.missing) + 1)
    counts = draw(hnp.arrays(np.int64, (*rows.shape, len(scale)), elements=count, fill=count))
    missing = draw(hnp.arrays(np.int64, missing_shape, elements=count, fill=count))
    return Tally(counts, scale, missing, by=rows)


any_keys = keys


@st.composite
def several_tallies(draw, number: int) -> list[Tally]:
    """Tallies of one scale and the same names, each with rows of its own unless they are numbered."""
    scale, by = draw(scales()), draw(st.one_of(names, st.just(NUMBERED)))
    one = keys(by) if by != NUMBERED else st.just(Keys.numbered(draw(st.integers(0, 3))))
    return [draw(tallies(scale, one)) for _ in range(number)]


@st.composite
def scorings(draw, scale: Scale | None = None) -> Scoring:
    """Scorings of any scale by default: those of the constructors, or with scores of their own."""
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


cell = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 400))
"""Respondents on a point."""


class Case(NamedTuple):
    """Counts of rows (G, K), none of them empty, and what each of the K points counts."""

    counts: np.ndarray
    scoring: Scoring

    @property
    def tally(self):
        return Tally(self.counts, self.scoring.scale)

    @property
    def first(self):
        return Tally(self.counts[0], self.scoring.scale)


@st.composite
def cases(draw, most_groups=1):
    scale = draw(scales())
    row = st.lists(cell, min_size=len(scale), max_size=len(scale)).filter(any)
    counts = draw(st.lists(row, min_size=1, max_size=most_groups))
    return Case(np.array(counts), draw(scorings(scale)))
