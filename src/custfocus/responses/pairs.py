"""Two answers of the same respondents: before and after, expected and perceived, two items."""

from collections.abc import Iterable
from typing import Any, cast

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import AnswerError, TallyError
from custfocus.responses.answers import check_index, check_rows, grouping
from custfocus.responses.sample import reasons_of, row_places, whole_counts
from custfocus.responses.scale import Scale, as_scale, check_scale
from custfocus.responses.tally import Tally, by_reason, keyed, taken_rows
from custfocus.results.arrays import BY_ROW, Counts, Places
from custfocus.results.keys import Keys
from custfocus.results.result import Column, Result, count_text
from custfocus.results.text import kind_text

_SIDES = ("a", "b")


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
        only_a: Respondents with the answer a alone, shape (..., K); or by the reason that b is
            missing for, shape (..., K, reasons), see `Tally`. None by default.
        only_b: Respondents with the answer b alone, likewise.
        missing: How many gave neither answer, shape (...); or by the reasons of a and of b,
            shape (..., reasons, reasons). 0 by default.
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

    _counts: ArrayLike = attrs.field(metadata=BY_ROW, alias="counts")
    _scale: Scale = attrs.field(validator=check_scale, alias="scale")
    _only_a: ArrayLike | None = attrs.field(default=None, metadata=BY_ROW, alias="only_a")
    _only_b: ArrayLike | None = attrs.field(default=None, metadata=BY_ROW, alias="only_b")
    _missing: ArrayLike | None = attrs.field(default=None, metadata=BY_ROW, alias="missing")
    _by: Any = attrs.field(default=None, kw_only=True, alias="by")
    names: tuple[str, str] = attrs.field(default=_SIDES, kw_only=True)

    def __attrs_post_init__(self) -> None:
        counts, points = whole_counts(self._counts, "counts"), len(self._scale)
        if counts.ndim not in {2, 3} or counts.shape[-2:] != (points, points):
            raise TallyError(
                f"counts must have a row and a column for each of the {points} points, and "
                f"groups at the most beside, got shape {counts.shape}"
            )
        shape, reasons = counts.shape[:-2], len(reasons_of(self._scale))
        alone = (
            by_reason(self._only_a, "only_a", (*shape, points), (reasons,)),
            by_reason(self._only_b, "only_b", (*shape, points), (reasons,)),
            by_reason(self._missing, "missing", shape, (reasons, reasons)),
        )
        keys, arrays = keyed(self._by, shape, (counts, *alone))
        fields = ("_by", "_counts", "_only_a", "_only_b", "_missing")
        for name, made in zip(fields, (keys, *arrays), strict=True):
            object.__setattr__(self, name, made)

    @classmethod
    def of(
        cls, a: Iterable[object], b: Iterable[object], scale: Scale, *, by: object = None
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
        points = len(as_scale(scale))
        side = points + len(reasons_of(scale))
        check_index(by, {"a": a, "b": b})
        place_a, place_b = _places(a, scale), _places(b, scale)
        if len(place_a) != len(place_b):
            raise AnswerError(
                "a and b must be answers of the same respondents, "
                f"got {len(place_a)} and {len(place_b)}"
            )
        keys, rows = grouping(by, {"a": a, "b": b}, ())
        check_rows(len(place_a), None if rows is None else len(rows))
        cells = (place_a * side) + place_b + (0 if rows is None else rows * side**2)
        table = np.bincount(cells, minlength=keys.rows * side**2).reshape(*keys.shape, side, side)
        only_a = table[..., :points, points:]
        only_b = np.swapaxes(table[..., points:, :points], -2, -1)
        counts, missing = table[..., :points, :points], table[..., points:, points:]
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
        return cast("Counts", self._counts)

    @property
    def only_a(self) -> Counts:
        """Respondents with the answer a alone, shape (..., K)."""
        return np.asarray(self._arrays()[1].sum(axis=-1))

    @property
    def only_b(self) -> Counts:
        """Respondents with the answer b alone, shape (..., K)."""
        return np.asarray(self._arrays()[2].sum(axis=-1))

    @property
    def missing(self) -> Counts:
        """How many gave neither answer, shape (...)."""
        return np.asarray(self._arrays()[3].sum(axis=(-2, -1)))

    @property
    def n(self) -> Counts:
        """Respondents with both answers in each row."""
        return np.asarray(self.counts.sum(axis=(-2, -1)))

    @property
    def a(self) -> Tally:
        """All answers a, of pairs or alone, as the item called so; who gave none is missing."""
        counts, only_a, only_b, missing = self._arrays()
        gone = only_b.sum(axis=-2) + missing.sum(axis=-1)
        return self._side(0, counts.sum(axis=-1) + only_a.sum(axis=-1), gone)

    @property
    def b(self) -> Tally:
        """All answers b, of pairs or alone, as the item called so; who gave none is missing."""
        counts, only_a, only_b, missing = self._arrays()
        gone = only_a.sum(axis=-2) + missing.sum(axis=-2)
        return self._side(1, counts.sum(axis=-2) + only_b.sum(axis=-1), gone)

    def _side(self, place: int, counts: Counts, missing: Counts) -> Tally:
        keys = self.keys
        if "item" not in {*keys.names, *dict(keys.fixed)}:  # so that nothing compares them as
            keys = attrs.evolve(keys, fixed=(*keys.fixed, ("item", self.names[place])))  # others'
        return Tally(counts, self._scale, missing, by=keys)

    def complete(self) -> "PairTally":
        """The respondents with both answers; the others are counted as missing."""
        counts, only_a, only_b, missing = self._arrays()
        gone = missing.copy()
        gone[..., -1, :] += only_a.sum(axis=-2)  # the answer that is left out has no reason
        gone[..., :, -1] += only_b.sum(axis=-2)
        return PairTally(counts, self._scale, missing=gone, by=self.keys, names=self.names)

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
        sides = self._under(keys, ours), other._under(keys, theirs)
        counts, *rest = (mine + its for mine, its in zip(*sides, strict=True))
        return PairTally(counts, self._scale, *rest, by=keys, names=self.names)

    def __radd__(self, other: object) -> "PairTally":
        return self if other == 0 else NotImplemented  # so that sum() can start

    def _under(self, keys: Keys, rows: Places) -> list[Counts]:
        """The arrays of some rows under other keys; zeros for row -1."""
        taken = (taken_rows(one if self.shape else one[None], rows) for one in self._arrays())
        return [one if keys.shape else one[0] for one in taken]

    def _arrays(self) -> tuple[Counts, ...]:
        """All counts: of both answers, of a alone by b's reason, of b by a's, and of neither."""
        return cast("tuple[Counts, ...]", (self._counts, self._only_a, self._only_b, self._missing))


def _places(answers: Iterable[object], scale: Scale) -> Places:
    """Where answers are; an error for results, which do not know whose answers belong together."""
    if isinstance(answers, Result):
        raise AnswerError(
            f"pairs are counted from answers, got {kind_text(answers)}, which does not "
            "know whose answers belong together; pass the answers themselves"
        )
    return row_places(answers, scale)


def _names(a: object, b: object) -> tuple[str, str]:
    """The names of two columns; a and b unless both have one of their own."""
    one, other = (getattr(side, "name", None) for side in (a, b))
    if isinstance(one, str) and isinstance(other, str) and one and other and one != other:
        return one, other
    return _SIDES
