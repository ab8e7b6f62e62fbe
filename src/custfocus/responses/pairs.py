"""Two answers of the same respondents: before and after, expected and perceived, two items."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import AnswerError, TallyError
from custfocus.responses.answers import check_index, check_rows, grouping
from custfocus.responses.sample import row_places, whole_counts
from custfocus.responses.scale import Scale, as_scale, check_scale
from custfocus.responses.tally import Tally, summed_rows, taken_rows
from custfocus.results.arrays import BY_ROW, Counts, Places
from custfocus.results.keys import Keys
from custfocus.results.result import Column, Result, count_text
from custfocus.results.text import kind_text

_SIDES = ("a", "b")


def _as_counts(counts: ArrayLike) -> Counts:
    return whole_counts(counts, "counts")


def _as_only_a(counts: ArrayLike | None) -> Counts | None:
    return None if counts is None else whole_counts(counts, "only_a")


def _as_only_b(counts: ArrayLike | None) -> Counts | None:
    return None if counts is None else whole_counts(counts, "only_b")


def _as_missing(missing: ArrayLike | None) -> Counts | None:
    return None if missing is None else whole_counts(missing, "missing")


def _as_names(names: Iterable[str]) -> tuple[str, str]:
    a, b = names
    return a, b


@attrs.frozen(eq=False, repr=False)
class PairTally(Result):
    """
    Counts of the pairs of answers, a and b, that the same respondents gave on one scale.

    Respondents with only one of the two answers (who dropped out of a panel, or joined it) are
    counted by that answer. `compare_pairs` compares the two; an index takes `a` or `b`.

    Args:
        counts: Respondents with answer a on the first point axis and b on the second; whole
            numbers, shape (K, K) for the K points of the scale, or (rows, K, K).
        scale: The scale of both answers.
        only_a: Respondents with the answer a alone, shape (..., K); none by default.
        only_b: Respondents with the answer b alone, likewise.
        missing: How many gave neither answer, shape (...); 0 by default.
        by: The label of each row, or several by name (see `Keys.of`); rows with the same labels
            are added up. Without it rows are numbered.
        names: What a and b are called.

    Raises:
        TallyError: Counts that are negative or fractional, or do not match the scale or each
            other.
        LabelError: Labels of another number than the rows, or with names that are reserved.

    >>> PairTally.of([5, 4, 4, 9], [5, 5, 9, 3], Scale.likert(5, missing=[9]))
    pairs  only a  only b  missing
        2       1       1        0
    pairs of answers, a and b, on 1, 2, 3, 4, 5
    """

    _counts: Counts = attrs.field(converter=_as_counts, metadata=BY_ROW, alias="counts")
    _scale: Scale = attrs.field(validator=check_scale, alias="scale")
    _only_a: Counts | None = attrs.field(
        default=None, converter=_as_only_a, metadata=BY_ROW, alias="only_a"
    )
    _only_b: Counts | None = attrs.field(
        default=None, converter=_as_only_b, metadata=BY_ROW, alias="only_b"
    )
    _missing: Counts | None = attrs.field(
        default=None, converter=_as_missing, metadata=BY_ROW, alias="missing"
    )
    _by: Any = attrs.field(default=None, kw_only=True, alias="by")
    names: tuple[str, str] = attrs.field(default=_SIDES, converter=_as_names, kw_only=True)

    def __attrs_post_init__(self) -> None:
        points = len(self._scale)
        if self._counts.ndim not in {2, 3} or self._counts.shape[-2:] != (points, points):
            raise TallyError(
                f"counts must have a row and a column for each of the {points} points, and "
                f"groups at the most beside, got shape {self._counts.shape}"
            )
        arrays = self._filled()
        keys = self._by
        if keys is None:
            keys = Keys.numbered(len(self._counts)) if self._counts.ndim == 3 else Keys()
        elif not isinstance(keys, Keys):
            keys, arrays = _added_up(keys, arrays)
        if keys.shape != arrays[0].shape[:-2]:
            raise TallyError(
                f"keys must be one for each row of the counts, got {keys.shape} for "
                f"{arrays[0].shape}"
            )
        for name, array in zip(("_counts", "_only_a", "_only_b", "_missing"), arrays, strict=True):
            object.__setattr__(self, name, array)
        object.__setattr__(self, "_by", keys)

    def _filled(self) -> tuple[Counts, ...]:
        """All counts, those that were not given as zeros."""
        shape = self._counts.shape[:-2]
        found = [self._counts]
        for name, given, wanted in (
            ("only_a", self._only_a, (*shape, len(self._scale))),
            ("only_b", self._only_b, (*shape, len(self._scale))),
            ("missing", self._missing, shape),
        ):
            array = whole_counts(np.zeros(wanted, np.int64), name) if given is None else given
            if array.shape != wanted:
                raise TallyError(f"{name} must have the shape {wanted}, got {array.shape}")
            found.append(array)
        return tuple(found)

    @classmethod
    def of(
        cls,
        a: Iterable[object],
        b: Iterable[object],
        scale: Scale,
        *,
        by: object = None,
    ) -> "PairTally":
        """
        Count pairs of answers.

        Args:
            a: One answer of each respondent: points or labels of the scale or its missing
                codes, as `Tally.of` takes them.
            b: The other answer of the same respondents, in the same order. The names of two
                Series are what a and b are called.
            scale: The scale that both are on.
            by: The label of each respondent, or several by name (see `Keys.of`).

        Raises:
            AnswerError: Answers off the scale; different numbers of answers a and b; pandas
                Series whose indexes differ.
            LabelError: Names that are reserved for columns of results.

        >>> PairTally.of([1, 3, 2], [2, 3, 3], Scale.likert(3), by=["x", "y", "x"]).counts[0]
        array([[0, 1, 0],
               [0, 0, 1],
               [0, 0, 0]])
        """
        side = len(as_scale(scale)) + 1  # the last row and column are for missing answers
        sides = {"a": a, "b": b}
        check_index(by, sides)
        place_a, place_b = (
            np.minimum(row_places(answers, scale), side - 1) for answers in _checked(sides).values()
        )
        if len(place_a) != len(place_b):
            raise AnswerError(
                "a and b must be answers of the same respondents, "
                f"got {len(place_a)} and {len(place_b)}"
            )
        keys, rows = grouping(by, sides, ())
        check_rows(len(place_a), None if rows is None else len(rows))
        cells = (place_a * side) + place_b + (0 if rows is None else rows * side**2)
        table = np.bincount(cells, minlength=keys.rows * side**2).reshape(*keys.shape, side, side)
        parts = table[..., :-1, :-1], table[..., :-1, -1], table[..., -1, :-1], table[..., -1, -1]
        counts, only_a, only_b, missing = parts
        return cls(counts, scale, only_a, only_b, missing, by=keys, names=_names(a, b))

    @property
    def keys(self) -> Keys:
        """What the rows are called."""
        return cast("Keys", self._by)

    @property
    def scale(self) -> Scale:
        """The scale of both answers."""
        return self._scale

    @property
    def counts(self) -> Counts:
        """Respondents with answer a on the first point axis and b on the second, (..., K, K)."""
        return self._counts

    @property
    def only_a(self) -> Counts:
        """Respondents with the answer a alone, shape (..., K)."""
        return cast("Counts", self._only_a)

    @property
    def only_b(self) -> Counts:
        """Respondents with the answer b alone, shape (..., K)."""
        return cast("Counts", self._only_b)

    @property
    def missing(self) -> Counts:
        """How many gave neither answer, shape (...)."""
        return cast("Counts", self._missing)

    @property
    def n(self) -> Counts:
        """Respondents with both answers in each row."""
        return np.asarray(self._counts.sum(axis=(-2, -1)))

    @property
    def a(self) -> Tally:
        """All answers a, of pairs or alone, as the item called so; who gave none is missing."""
        counts = self._counts.sum(axis=-1) + self.only_a
        return self._side(0, counts, self.only_b.sum(axis=-1) + self.missing)

    @property
    def b(self) -> Tally:
        """All answers b, of pairs or alone, as the item called so; who gave none is missing."""
        counts = self._counts.sum(axis=-2) + self.only_b
        return self._side(1, counts, self.only_a.sum(axis=-1) + self.missing)

    def _side(self, place: int, counts: Counts, missing: Counts) -> Tally:
        keys = self.keys
        if "item" not in {*keys.names, *dict(keys.fixed)}:  # so that nothing compares them as
            keys = attrs.evolve(keys, fixed=(*keys.fixed, ("item", self.names[place])))  # others'
        return Tally(counts, self._scale, missing, by=keys)

    def complete(self) -> "PairTally":
        """The respondents with both answers; the others are counted as missing."""
        gone = self.only_a.sum(axis=-1) + self.only_b.sum(axis=-1) + self.missing
        return PairTally(self._counts, self._scale, missing=gone, by=self.keys, names=self.names)

    def columns(self) -> dict[str, Column]:
        """The columns pairs, only_a, only_b and missing, each a number of respondents."""
        a, b = self.names
        return {
            "pairs": Column(self.n, count_text),
            "only_a": Column(self.only_a.sum(axis=-1), count_text, f"only {a}"),
            "only_b": Column(self.only_b.sum(axis=-1), count_text, f"only {b}"),
            "missing": Column(self.missing, count_text),
        }

    def caption(self) -> str:
        """What is paired, and the scale."""
        return f"pairs of answers, {self.names[0]} and {self.names[1]}, on {self._scale}"

    def __add__(self, other: object) -> "PairTally":
        if not isinstance(other, PairTally):
            return NotImplemented
        if self._scale != other._scale or self.names != other.names:
            raise TallyError(
                "pair tallies add up when they have the same scale and names, got "
                f"{self._scale!r} of {', '.join(self.names)} and {other._scale!r} of "
                f"{', '.join(other.names)}"
            )
        keys, ours, theirs = self.keys.united(other.keys)
        sides = ((self._arrays(), ours), (other._arrays(), theirs))
        one, two = ([_taken(array, rows, keys) for array in arrays] for arrays, rows in sides)
        counts, *rest = (mine + its for mine, its in zip(one, two, strict=True))
        return PairTally(counts, self._scale, *rest, by=keys, names=self.names)

    def __radd__(self, other: object) -> "PairTally":
        return self if other == 0 else NotImplemented  # so that sum() can start

    def _arrays(self) -> tuple[tuple[Counts, int], ...]:
        """Each array of counts with the number of its axes beside the rows."""
        return (self._counts, 2), (self.only_a, 1), (self.only_b, 1), (self.missing, 0)


def _taken(array: tuple[Counts, int], rows: Places, keys: Keys) -> Counts:
    """An array's rows under other keys."""
    counts, axes = array
    points = counts.shape[counts.ndim - axes :]
    return taken_rows(_flat(counts, axes), rows).reshape((*keys.shape, *points))


def _added_up(by: object, arrays: tuple[Counts, ...]) -> tuple[Keys, tuple[Counts, ...]]:
    """Rows with the same labels as one."""
    if arrays[0].ndim != 3:
        raise TallyError("by needs counts with a row for each label, got one sample; nest them")
    keys, rows = Keys.of(by)
    check_rows(len(arrays[0]), len(rows))
    summed = (
        summed_rows(_flat(array, array.ndim - 1), rows, keys.rows).reshape(-1, *array.shape[1:])
        for array in arrays
    )
    return keys, tuple(whole_counts(array, "counts") for array in summed)


def _flat(array: Counts, axes: int) -> Counts:
    """The array with one axis for its rows and one for all the others."""
    return array.reshape(-1, int(np.prod(array.shape[array.ndim - axes :])))


def _checked(sides: Mapping[str, Iterable[object]]) -> Mapping[str, Iterable[object]]:
    """An error for tallies and other results, which do not know whose answers belong together."""
    for side in sides.values():
        if isinstance(side, Result):
            raise AnswerError(
                f"pairs are counted from answers, got {kind_text(side)}, which does not "
                "know whose answers belong together; pass the answers themselves"
            )
    return sides


def _names(a: object, b: object) -> tuple[str, str]:
    """The names of two columns; a and b unless both have one of their own."""
    one, other = (getattr(side, "name", None) for side in (a, b))
    if isinstance(one, str) and isinstance(other, str) and one and other and one != other:
        return one, other
    return _SIDES
