"""How many chose each point: all that an index needs to know of the answers."""

import reprlib
from collections.abc import Iterable, Iterator
from types import EllipsisType

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import AnswerError, TallyError
from custfocus.intervals.arguments import whole_numbers
from custfocus.responses.distinct import distinct_values
from custfocus.responses.groups import Groups
from custfocus.responses.scale import Scale, as_scale, check_scale

Counts = NDArray[np.int64]
GroupIndex = (
    int | slice | EllipsisType | NDArray[np.bool_ | np.intp] | tuple[int | slice, ...] | None
)


_MOST = 2**53  # the whole numbers that float64, and so the intervals, tell apart


def _as_counts(counts: ArrayLike) -> Counts:
    return whole_counts(counts, "counts")


def _as_missing(missing: ArrayLike) -> Counts:
    return whole_counts(missing, "missing")


def whole_counts(values: ArrayLike, name: str) -> Counts:
    """Counts as a read-only array of integers; anything but whole numbers is an error."""
    index = getattr(values, "index", None) if hasattr(values, "to_numpy") else None
    if hasattr(values, "columns") or type(index).__name__ not in {"NoneType", "RangeIndex"}:
        raise TallyError(
            f"{name} must come in the order of the points, got a {type(values).__name__} with "
            "names of its own; bring it in order (reindex) and pass its to_numpy()"
        )
    array = whole_numbers(values, name)
    if array.sum() > _MOST - 1:
        raise TallyError(f"{name} must add up to less than 2**53, got {array.sum():.0f}")
    whole = array.astype(np.int64)
    whole.setflags(write=False)
    return whole


def _none_missing(tally: "Tally") -> Counts:
    return np.zeros(tally.counts.shape[:-1], dtype=np.int64)


@attrs.frozen(eq=False, repr=False)
class Tally:
    """
    Counts of the answers on each point of a scale.

    Leading axes are groups, so one tally can hold a hundred thousand segments. Tallies of the
    same scale and groups add up: adding them is adding the people behind them.

    Attributes:
        counts: Whole numbers, shape (..., K) for the K points of the scale, read-only.
        scale: The scale.
        missing: How many gave no answer, shape (...); 0 unless told.

    Raises:
        TallyError: Counts that are negative or fractional, or do not match the scale.

    >>> Tally.of([5, 4, 4, 9, 5], Scale.likert(5, missing=[9]))
    Tally(n=4, missing=1, counts=[0, 0, 0, 2, 2], scale=1, 2, 3, 4, 5)
    """

    counts: Counts = attrs.field(converter=_as_counts)
    scale: Scale = attrs.field(validator=check_scale)
    missing: Counts = attrs.field(
        default=attrs.Factory(_none_missing, takes_self=True), converter=_as_missing
    )

    def __attrs_post_init__(self) -> None:
        if self.counts.ndim == 0 or self.counts.shape[-1] != len(self.scale):
            raise TallyError(
                f"counts must have one column for each of the {len(self.scale)} points, "
                f"got shape {self.counts.shape}"
            )
        if self.missing.shape != self.shape:
            raise TallyError(
                f"missing must be one number for each group, shape {self.shape}, "
                f"got shape {self.missing.shape}"
            )

    @classmethod
    def of(
        cls, answers: Iterable[object], scale: Scale, *, groups: Groups | None = None
    ) -> "Tally":
        """
        Count answers.

        Args:
            answers: Points or labels of the scale or its missing codes; a list, array, Series
                or other one-dimensional collection of n answers.
            scale: The scale that they are on.
            groups: The group of each answer; the tally then has one row for each group.

        Raises:
            AnswerError: Answers off the scale; groups of another number of answers.
        """
        as_scale(scale)
        distinct, codes = distinct_values(answers)
        places = scale.locate(distinct)[codes]
        if groups is None:
            counts, missing = _counted(places, np.zeros_like(places), 1, len(scale))
            return cls(counts[0], scale, missing[0])
        check_rows(len(places), groups)
        counts, missing = _counted(places, groups.codes, len(groups), len(scale))
        return cls(counts, scale, missing)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the groups; ``()`` for one."""
        return self.counts.shape[:-1]

    @property
    def n(self) -> Counts:
        """Answers in each group, missing ones not counted."""
        return np.asarray(self.counts.sum(axis=-1))

    def regrouped(self, groups: Groups) -> "Tally":
        """
        The tally with the rows of its one group axis added up by group.

        Raises:
            TallyError: A tally that has not exactly one group axis.
            AnswerError: Groups of another number of rows.
        """
        if len(self.shape) != 1:
            raise TallyError(f"by needs a tally with one group axis, got the shape {self.shape}")
        check_rows(self.shape[0], groups)
        counts = np.zeros((len(groups), len(self.scale)), dtype=np.int64)
        missing = np.zeros(len(groups), dtype=np.int64)
        np.add.at(counts, groups.codes, self.counts)
        np.add.at(missing, groups.codes, self.missing)
        return Tally(counts, self.scale, missing)

    def __getitem__(self, index: GroupIndex) -> "Tally":
        """Some of the groups, indexed as the counts' leading axes."""
        places = np.arange(self.missing.size).reshape(self.shape)[index]
        counts = self.counts.reshape(-1, len(self.scale))[places]
        return Tally(counts, self.scale, self.missing.ravel()[places])

    def __iter__(self) -> Iterator["Tally"]:
        if not self.shape:
            raise TypeError("a tally of one sample has no groups to go through")
        return (self[group] for group in range(self.shape[0]))

    def __add__(self, other: "Tally") -> "Tally":
        if not isinstance(other, Tally):
            return NotImplemented
        if self.scale != other.scale or self.shape != other.shape:
            raise TallyError(
                "tallies add up when they have the same scale and groups, got "
                f"{self.scale!r} with groups {self.shape} and "
                f"{other.scale!r} with groups {other.shape}"
            )
        return Tally(self.counts + other.counts, self.scale, self.missing + other.missing)

    def __radd__(self, other: int) -> "Tally":
        return self if other == 0 else NotImplemented  # so that sum() can start

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tally):
            return NotImplemented
        return (
            self.scale == other.scale
            and np.array_equal(self.counts, other.counts)
            and np.array_equal(self.missing, other.missing)
        )

    def __repr__(self) -> str:
        groups = f"groups={self.shape}, " if self.shape else ""
        counts = "" if self.shape else f"counts={self.counts.tolist()}, "
        return (
            f"Tally({groups}n={self.n.sum()}, missing={self.missing.sum()}, "
            f"{counts}scale={self.scale})"
        )


def _counted(
    places: NDArray[np.intp], codes: NDArray[np.intp], groups: int, points: int
) -> tuple[Counts, Counts]:
    """Counts (groups, points) and missing answers (groups,) in one pass; place -1 is missing."""
    cells = np.bincount(codes * (points + 1) + places + 1, minlength=groups * (points + 1))
    table = cells.reshape(groups, points + 1)
    return table[:, 1:], table[:, 0]


def check_rows(rows: int, groups: Groups) -> None:
    """An error unless there is one group label for each of so many rows."""
    if not isinstance(groups, Groups):
        raise AnswerError(f"expected Groups, got {reprlib.repr(groups)}; see Groups.of")
    if rows != len(groups.codes):
        raise AnswerError(
            f"group labels must be one for each row, got {len(groups.codes)} for {rows} rows"
        )
