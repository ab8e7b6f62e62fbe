"""Two answers of the same respondents: before and after, expected and perceived."""

from collections.abc import Iterable, Iterator

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import AnswerError, TallyError
from custfocus.results.distinct import distinct_values
from custfocus.responses.groups import Groups
from custfocus.responses.scale import Scale, as_scale, check_scale
from custfocus.responses.tally import Counts, GroupIndex, Tally, check_rows, whole_counts


def _as_counts(counts: ArrayLike) -> Counts:
    return whole_counts(counts, "counts")


def _as_only_a(counts: ArrayLike) -> Counts:
    return whole_counts(counts, "only_a")


def _as_only_b(counts: ArrayLike) -> Counts:
    return whole_counts(counts, "only_b")


def _as_missing(missing: ArrayLike) -> Counts:
    return whole_counts(missing, "missing")


def _none_alone(pairs: "PairTally") -> Counts:
    return np.zeros(pairs.counts.shape[:-1], dtype=np.int64)


def _none_missing(pairs: "PairTally") -> Counts:
    return np.zeros(pairs.counts.shape[:-2], dtype=np.int64)


@attrs.frozen(eq=False, repr=False)
class PairTally:
    """
    Counts of the pairs of answers, a and b, that the same respondents gave on one scale.

    Respondents with only one of the two answers (who dropped out of a panel, or joined it) are
    counted by that answer. Leading axes are groups.

    Attributes:
        counts: Respondents with answer a on the first point axis and b on the second; whole
            numbers, shape (..., K, K) for the K points of the scale, read-only.
        scale: The scale of both answers.
        only_a: Respondents with the answer a alone, shape (..., K); none unless told.
        only_b: Respondents with the answer b alone, likewise.
        missing: How many gave neither answer, shape (...); 0 unless told.

    Raises:
        TallyError: Counts that are negative or fractional, or do not match the scale or each
            other.

    >>> PairTally.of([5, 4, 4, 9], [5, 5, 9, 3], Scale.likert(5, missing=[9]))
    PairTally(pairs=2, only_a=1, only_b=1, missing=0, scale=1, 2, 3, 4, 5)
    """

    counts: Counts = attrs.field(converter=_as_counts)
    scale: Scale = attrs.field(validator=check_scale)
    only_a: Counts = attrs.field(
        default=attrs.Factory(_none_alone, takes_self=True), converter=_as_only_a
    )
    only_b: Counts = attrs.field(
        default=attrs.Factory(_none_alone, takes_self=True), converter=_as_only_b
    )
    missing: Counts = attrs.field(
        default=attrs.Factory(_none_missing, takes_self=True), converter=_as_missing
    )

    def __attrs_post_init__(self) -> None:
        points = len(self.scale)
        if self.counts.shape[-2:] != (points, points):
            raise TallyError(
                f"counts must have a row and a column for each of the {points} points, "
                f"got shape {self.counts.shape}"
            )
        for name, got, shape in (
            ("only_a", self.only_a.shape, (*self.shape, points)),
            ("only_b", self.only_b.shape, (*self.shape, points)),
            ("missing", self.missing.shape, self.shape),
        ):
            if got != shape:
                raise TallyError(f"{name} must have the shape {shape}, got {got}")

    @classmethod
    def of(
        cls,
        a: Iterable[object],
        b: Iterable[object],
        scale: Scale,
        *,
        groups: Groups | None = None,
    ) -> "PairTally":
        """
        Count pairs of answers.

        Args:
            a: One answer of each respondent: points or labels of the scale or its missing
                codes; as `Tally.of` takes them.
            b: The other answer of the same respondents, in the same order.
            scale: The scale that both are on.
            groups: The group of each respondent.

        Raises:
            AnswerError: Answers off the scale; different numbers of answers a and b.
        """
        points = len(as_scale(scale))
        place_a, place_b = _places(a, scale), _places(b, scale)
        if len(place_a) != len(place_b):
            raise AnswerError(
                "a and b must be answers of the same respondents, "
                f"got {len(place_a)} and {len(place_b)}"
            )
        if groups is not None:
            check_rows(len(place_a), groups)
        codes = np.zeros_like(place_a) if groups is None else groups.codes
        size = 1 if groups is None else len(groups)
        side = points + 1  # the first row and column are for missing answers, place -1
        cells = np.bincount((codes * side + place_a + 1) * side + place_b + 1, None, size * side**2)
        table = cells.reshape(size, side, side)[0 if groups is None else slice(None)]
        return cls(
            table[..., 1:, 1:], scale, table[..., 1:, 0], table[..., 0, 1:], table[..., 0, 0]
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the groups; ``()`` for one."""
        return self.counts.shape[:-2]

    @property
    def n(self) -> Counts:
        """Respondents with both answers in each group."""
        return np.asarray(self.counts.sum(axis=(-2, -1)))

    @property
    def a(self) -> Tally:
        """All answers a, of pairs or alone; who gave none is missing."""
        counts = self.counts.sum(axis=-1) + self.only_a
        return Tally(counts, self.scale, self.only_b.sum(axis=-1) + self.missing)

    @property
    def b(self) -> Tally:
        """All answers b, of pairs or alone; who gave none is missing."""
        counts = self.counts.sum(axis=-2) + self.only_b
        return Tally(counts, self.scale, self.only_a.sum(axis=-1) + self.missing)

    def complete(self) -> "PairTally":
        """The respondents with both answers; the others are counted as missing."""
        gone = self.only_a.sum(axis=-1) + self.only_b.sum(axis=-1) + self.missing
        return PairTally(self.counts, self.scale, missing=gone)

    def __getitem__(self, index: GroupIndex) -> "PairTally":
        """Some of the groups, indexed as the leading axes of the counts."""
        places = np.arange(self.missing.size).reshape(self.shape)[index]
        counts, only_a, only_b, missing = (
            array.reshape(-1, *array.shape[len(self.shape) :])[places] for array in self._arrays()
        )
        return PairTally(counts, self.scale, only_a, only_b, missing)

    def __iter__(self) -> Iterator["PairTally"]:
        if not self.shape:
            raise TypeError("a tally of one sample has no groups to go through")
        return (self[group] for group in range(self.shape[0]))

    def __add__(self, other: "PairTally") -> "PairTally":
        if not isinstance(other, PairTally):
            return NotImplemented
        if self.scale != other.scale or self.shape != other.shape:
            raise TallyError(
                "pair tallies add up when they have the same scale and groups, got "
                f"{self.scale!r} with groups {self.shape} and "
                f"{other.scale!r} with groups {other.shape}"
            )
        added = (mine + its for mine, its in zip(self._arrays(), other._arrays(), strict=True))
        counts, *rest = added
        return PairTally(counts, self.scale, *rest)

    def __radd__(self, other: int) -> "PairTally":
        return self if other == 0 else NotImplemented  # so that sum() can start

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PairTally):
            return NotImplemented
        return self.scale == other.scale and all(
            map(np.array_equal, self._arrays(), other._arrays())
        )

    def _arrays(self) -> tuple[Counts, ...]:
        return self.counts, self.only_a, self.only_b, self.missing

    def __repr__(self) -> str:
        groups = f"groups={self.shape}, " if self.shape else ""
        return (
            f"PairTally({groups}pairs={self.n.sum()}, only_a={self.only_a.sum()}, "
            f"only_b={self.only_b.sum()}, missing={self.missing.sum()}, scale={self.scale})"
        )


def _places(answers: Iterable[object], scale: Scale) -> NDArray[np.intp]:
    distinct, codes = distinct_values(answers)
    return scale.locate(distinct)[codes]
