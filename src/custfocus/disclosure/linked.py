"""What was published before of the same answers: it stays as it is."""

import reprlib
from collections.abc import Sequence
from typing import cast

import numpy as np

from custfocus.disclosure.margins import Published, table_of_sample
from custfocus.disclosure.suppressed import Suppressed
from custfocus.errors import OptionError, TallyError
from custfocus.responses.sample import Sample
from custfocus.results.arrays import Flags
from custfocus.results.distinct import identity
from custfocus.results.keys import Keys
from custfocus.results.labels import check_types
from custfocus.results.text import kind_text, label_text

Key = tuple[object, ...]


def linked_rows(sample: Sample, published: Published, linked: object) -> tuple[Flags, Flags]:
    """
    Which published rows must stay shown, and which must stay hidden.

    Args:
        sample: The sample that is published.
        published: The rows that are published of it.
        linked: What was published before.

    Raises:
        OptionError: What is no list of results of `suppress`, or rows that are not among the
            totals.
        TallyError: Results of other answers.
        LabelError: Labels that differ from those of the sample in type alone.
    """
    shown, hidden = np.zeros((2, published.keys.rows), np.bool_)
    table = published.summed(table_of_sample(sample))
    rows = {key: row for row, key in enumerate(_labels(published.keys, published.keys))}
    for one in checked_linked(linked):
        _check_labels(one.keys, published.keys)
        both = np.concatenate([one.counts, one.missing_by_reason], axis=-1)
        both = both.reshape(-1, both.shape[-1])
        out = np.ravel(one.hidden)
        for its, key in enumerate(_labels(one.keys, published.keys)):
            row = rows.get(key, -1)
            if row < 0:
                raise OptionError(
                    "linked rows must be among those that are published, got "
                    f"{_listed(one.keys, its)}; add its total to totals="
                )
            points = one.counts.shape[-1] if one.respondents == "unknown" else both.shape[-1]
            if not out[its] and not np.array_equal(both[its, :points], table[row, :points]):
                raise TallyError(
                    f"linked results must be of the same answers, got others for "
                    f"{_listed(one.keys, its)}"
                )
            shown[row] |= not out[its]
            hidden[row] |= out[its]
    return shown, hidden


def _check_labels(keys: Keys, others: Keys) -> None:
    """An error for labels that read like published ones and differ in type."""
    levels = dict(zip(others.names, others.levels, strict=True))
    for name, level in zip(keys.names, keys.levels, strict=True):
        check_types(name, levels.get(name, ()), level)


def checked_linked(linked: object) -> list[Suppressed]:
    """
    Linked results as a list.

    Raises:
        OptionError: What is no list of results of `suppress`.
    """
    if not isinstance(linked, list | tuple):
        raise _not_linked(linked)
    found: list[Suppressed] = []
    for one in cast("Sequence[object]", linked):
        if not isinstance(one, Suppressed):
            raise _not_linked(one)
        found.append(one)
    return found


def _labels(keys: Keys, like: Keys) -> list[Key]:
    """The labels of rows by the names of others, none by a name that they lack."""
    columns = keys.columns()
    lists = [columns.get(name, [None] * keys.rows) for name in like.names if name != "level"]
    levels = [frozenset(str(level).split(", ")) for level in columns["level"]]
    return [
        (level, *map(identity, row))
        for level, row in zip(levels, zip(*lists, strict=True), strict=True)
    ]


def _listed(keys: Keys, row: int) -> str:
    return ", ".join(label_text(labels[row]) for labels in keys.columns().values())


def _not_linked(given: object) -> OptionError:
    got = kind_text(given) if not isinstance(given, str) else reprlib.repr(given)
    return OptionError(f"linked must be a list of results of suppress, got {got}")
