"""The cells of each question as a count by hand would have them."""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from custfocus.frames import counting
from custfocus.frames.tables import MOST_CELLS, Asked, Roles
from custfocus.results.distinct import Coded


class Cells(NamedTuple):
    """The cells of one question."""

    keys: tuple[Coded, ...]
    answers: list[Any]
    numbers: np.ndarray
    sums: Any


def asked(items, by=(), *, most_cells=MOST_CELLS, only=None, **amounts):
    """What is asked, unchecked; groups may be called anything."""
    keys = (*by, *([only[0]] if only else []))
    roles = Roles(by, None, None, (), (), "error", None, most_cells)
    return Asked(items, roles, keys, amounts, only)


def count_answers(frame, wanted, progress=None):
    """The cells of each question by its name."""
    found = counting.count_answers(frame, wanted, progress)
    parts = {}
    for place, item in enumerate(wanted.items):
        own = found.chosen(np.flatnonzero(found.items == place), ())
        answers = [own.answers.level[code] for code in own.answers.codes]
        parts[item] = Cells((*own.keys.values(),), answers, own.sums["numbers"], own.sums)
    return parts


def plain(label):
    """Every kind of empty is None; a time has no zone, which Spark gives it."""
    if label is None or label != label:  # noqa: PLR0124 - NaN and its kin
        return None
    return label.replace(tzinfo=None) if isinstance(label, datetime) else label


def combinations(counted):
    """The labels of each cell, the answer last."""
    keys = ([plain(one.level[code]) for code in one.codes] for one in counted.keys)
    return [*zip(*keys, map(plain, counted.answers), strict=True)]


def cells(counted):
    """How many respondents each combination of labels has."""
    found = Counter()
    for labels, number in zip(combinations(counted), counted.numbers.tolist(), strict=True):
        found[labels] += number
    return found
