"""The cells of each question as a count by hand would have them."""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from custfocus.frames import counting
from custfocus.results.labels import Coded


class Cells(NamedTuple):
    """The cells of one question."""

    keys: tuple[Coded, ...]
    answers: list[Any]
    numbers: np.ndarray
    sums: Any


def count_answers(frame, asked, progress=None):
    """The cells of each question by its name."""
    found = counting.count_answers(frame, asked, progress)
    parts = {}
    for place, (item, answers) in enumerate(zip(asked.items, found.answers, strict=True)):
        own = found.items == place
        parts[item] = Cells(
            tuple(key._replace(codes=key.codes[own]) for key in found.keys.values()),
            [answers.labels[place] for place in answers.places],
            found.numbers[own],
            counting.Sums(*(each[own] for each in found.sums)),
        )
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
