"""Which group each answer belongs to."""

from collections.abc import Iterable, Mapping
from typing import cast

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError
from custfocus.results.distinct import distinct_values, in_order, is_null

By = Mapping[str, Iterable[object]] | Iterable[object]
Codes = NDArray[np.intp]


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
    codes: Codes

    @classmethod
    def of(cls, by: By) -> "Groups":
        """
        Groups from the labels of each row.

        Args:
            by: One label for each row (a Series' own name is kept), or several by name (a
                mapping of name to labels).

        Raises:
            AnswerError: Labels of different lengths, or no labels at all.

        >>> Groups.of(["north", "south", "north"]).keys
        (('north',), ('south',))
        """
        columns = {name: _ranked(labels) for name, labels in _named(by).items()}
        lengths = {name: len(codes) for name, (_, codes) in columns.items()}
        if len(set(lengths.values())) != 1:
            raise AnswerError(f"by must give one label for each row, got lengths {lengths}")
        keys: list[tuple[object, ...]] = [()]
        codes = np.zeros(next(iter(lengths.values())), dtype=np.intp)
        for labels, ranks in columns.values():
            present, codes = np.unique(codes * len(labels) + ranks, return_inverse=True)
            pairs = (divmod(pair, len(labels)) for pair in present.tolist())
            keys = [(*keys[group], labels[rank]) for group, rank in pairs]
        return cls(tuple(columns), tuple(keys), codes)

    def __len__(self) -> int:
        return len(self.keys)


def _named(by: By) -> Mapping[str, Iterable[object]]:
    if isinstance(by, Mapping):
        return cast("Mapping[str, Iterable[object]]", by)
    name = getattr(by, "name", None)  # a Series knows what it is called
    return {name if isinstance(name, str) else "group": by}


def _ranked(labels: Iterable[object]) -> tuple[list[object], Codes]:
    """The distinct labels in order, every kind of empty as one None at the end."""
    distinct, codes = distinct_values(labels)
    # By kind as well: True and 1 are equal and yet different labels
    kinds = [(isinstance(one, bool), None if is_null(one) else one) for one in distinct]
    flags = in_order({label for flag, label in kinds if flag})
    others = in_order({label for flag, label in kinds if not flag})
    ordered = [*((True, label) for label in flags), *((False, label) for label in others)]
    places = {kind: place for place, kind in enumerate(ordered)}
    ranks = np.array([places[kind] for kind in kinds], dtype=np.intp)
    return [label for _, label in ordered], ranks[codes]
