"""Which group each answer belongs to."""

from collections.abc import Iterable, Mapping
from typing import cast

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError
from custfocus.responses.distinct import distinct_values, is_null

By = Mapping[str, Iterable[object]] | Iterable[object]


@attrs.frozen(eq=False)
class Groups:
    """
    The groups that a survey is split into, and the group of each answer.

    Attributes:
        names: What the groups are told apart by, one name or more ("district", "wave").
        keys: One tuple for each group, a value for each name. Sorted by the first name, then
            the second and so on; numbers before texts, empty (None, NaN) last.
        codes: The group of each row, shape (rows,).
    """

    names: tuple[str, ...]
    keys: tuple[tuple[object, ...], ...]
    codes: NDArray[np.intp]

    @classmethod
    def of(cls, by: By) -> "Groups":
        """
        Groups from the labels of each row.

        Args:
            by: One label for each row, or several by name (a mapping of name to labels).

        Raises:
            AnswerError: Labels of different lengths, or no labels at all.

        >>> Groups.of(["north", "south", "north"]).keys
        (('north',), ('south',))
        """
        columns = _named(by)
        parts = {name: _ranked(labels) for name, labels in columns.items()}
        lengths = {name: len(codes) for name, (_, codes) in parts.items()}
        if len(set(lengths.values())) != 1:
            raise AnswerError(f"by must give one label for each row, got lengths {lengths}")
        shape = tuple(max(len(labels), 1) for labels, _ in parts.values())
        joint = np.ravel_multi_index([codes for _, codes in parts.values()], shape)
        present, codes = np.unique(joint, return_inverse=True)
        places = zip(*(place.tolist() for place in np.unravel_index(present, shape)), strict=True)
        labels = [labels for labels, _ in parts.values()]
        keys = tuple(
            tuple(values[place] for values, place in zip(labels, key, strict=True))
            for key in places
        )
        return cls(tuple(parts), keys, codes)

    def __len__(self) -> int:
        return len(self.keys)


def _named(by: By) -> Mapping[str, Iterable[object]]:
    return cast("Mapping[str, Iterable[object]]", by) if isinstance(by, Mapping) else {"group": by}


def _ranked(labels: Iterable[object]) -> tuple[list[object], NDArray[np.intp]]:
    """The distinct labels in order, every kind of empty as one None at the end."""
    distinct, codes = distinct_values(labels)
    distinct = [None if is_null(label) else label for label in distinct]
    ordered = sorted(dict.fromkeys(distinct), key=_order)
    places = {label: place for place, label in enumerate(ordered)}
    return ordered, np.array([places[label] for label in distinct], dtype=np.intp)[codes]


def _order(label: object) -> tuple[int, float, str]:
    if label is None:
        return 2, 0.0, ""
    if isinstance(label, int | float):
        return 0, float(label), ""
    return 1, 0.0, str(label)
