"""Small tables for the tests of suppression: by one, two or three names, with holes and nests."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from attacker import Attack, Rules, groups_of, rows_of, secrets_of
from custfocus import Scale, Tally, estimate
from custfocus.disclosure import Suppressed, suppress
from custfocus.indices import Estimate
from custfocus.responses import Scoring

TWO, THREE = Scale.likert(2), Scale.likert(3)
NAMES = ("district", "method", "wave")


def share(counts, *, missing=None, by: Any = None) -> Estimate:
    """The share of the upper point, of counts with a cell for each key, shape (..., 2)."""
    counts = np.asarray(counts)
    if by is None:
        places = np.indices(counts.shape[:-1]).reshape(counts.ndim - 1, -1)
        by = dict(zip(NAMES, places.tolist(), strict=False))
    gone = None if missing is None else np.ravel(missing)
    tally = Tally(counts.reshape(-1, counts.shape[-1]), Scale.likert(counts.shape[-1]), gone, by=by)
    return estimate(tally, Scoring.top_box(tally.scale, boxes=1))


def answers(n) -> Estimate:
    """So many answers in each group, half of them on either point."""
    n = np.asarray(n, int)
    return share(np.stack([n - n // 2, n // 2], axis=-1))


def cost(e: Estimate, found: Suppressed) -> int:
    """Answers in hidden rows, those of the same groups counted once."""
    labels, table, points = laid_out(e, found)
    groups = groups_of(labels, table)
    rows = rows_of(found, labels, groups, found.hidden)
    distinct = {tuple(row.groups) for row in rows if row.hidden}
    n = table[groups][:, :points].sum(axis=1)
    return int(sum(n[list(row)].sum() for row in distinct))


def laid_out(e: Estimate, found: Suppressed) -> tuple[list[dict[str, Any]], np.ndarray, int]:
    """The labels and counts of each row of a sample by groups alone, and its number of points."""
    columns = e.keys.columns()
    labels = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    parts = [e.sample.counts]
    if found.respondents == "known":
        parts.append(e.sample.missing_by_reason)
    return labels, np.concatenate(parts, axis=-1), len(e.sample.scale)


def respondents_shown(e: Estimate, found: Suppressed, margins: Any) -> np.ndarray:
    """The rows in which how many were asked is known: those that are shown of respondents alone."""
    if found.respondents == "unknown":
        return np.zeros(found.keys.rows, bool)
    sample = e.sample
    counts = np.concatenate([sample.counts, sample.missing_by_reason], axis=-1)
    asked = Tally(counts, Scale.likert(counts.shape[-1]), by=e.keys)
    scoring = Scoring.mean(asked.scale)
    alone = suppress(
        estimate(asked, scoring), minimum=found.minimum, totals=margins, respondents="unknown"
    )
    return ~alone.hidden


def attacked(e: Estimate, found: Suppressed, *, totals: Any = True) -> "tuple[Attack, list[Any]]":
    """What an attacker knows, and what he must not find out."""
    labels, table, points = laid_out(e, found)
    groups = groups_of(labels, table)
    table = table[groups]
    known = respondents_shown(e, found, totals)
    rows = rows_of(found, labels, groups, known)
    kinds = {}
    for at, score in enumerate(e.scoring.scores):
        kinds.setdefault(score, []).append(at)
    ordered = [kinds[score] for score in sorted(kinds)]
    every = set(range(points))
    ends = [ordered[0], ordered[-1]]
    sides = [*ends, *(sorted(every - {*end}) for end in ends)] if found.numerator else []
    alike = ordered if found.unanimous else []
    rule = Rules(points, found.minimum, sides, found.numerator, alike)
    secrets = secrets_of(rows, table, rule)
    return Attack(rows, table, points), secrets


count = st.one_of(st.just(0), st.integers(1, 4), st.integers(1, 15), st.integers(8, 60))


@st.composite
def estimates(draw, *, missing: bool = False, points: int = 2) -> Estimate:
    """Estimates by one to three names; sparse, and sometimes nested."""
    shape = draw(
        st.sampled_from([(1,), (2,), (5,), (8,), (2, 2), (3, 3), (4, 2), (2, 2, 2), (3, 2, 2)])
    )
    size = int(np.prod(shape))
    cells = st.lists(
        st.lists(count, min_size=points, max_size=points), min_size=size, max_size=size
    )
    counts = np.array(draw(cells)).reshape(*shape, points)
    gone = np.zeros(shape, int)
    if missing:
        gone = np.array(draw(st.lists(count, min_size=size, max_size=size))).reshape(shape)
    places = np.indices(shape).reshape(len(shape), -1)
    by = dict(zip(NAMES, places, strict=False))
    if len(shape) == 2 and draw(st.booleans()):
        by["method"] = by["district"] * 10 + by["method"]  # each in one district
    return share(counts, missing=gone, by=by)


rules = st.sampled_from(
    [
        {"minimum": 2},
        {"minimum": 5},
        {"minimum": 10},
        {"minimum": 5, "numerator": 3},
        {"minimum": 10, "numerator": 3, "unanimous": True},
        {"minimum": 3, "unanimous": True},
    ]
)
