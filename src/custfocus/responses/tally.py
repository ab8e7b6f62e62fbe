"""How many chose each point: all that an index needs to know of answers that count alike."""

import reprlib
from collections.abc import Mapping
from typing import Any, cast

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import TallyError, choose
from custfocus.intervals.arguments import (
    MOST_ASKED,
    ConfidenceInterval,
    asked_sizes,
    finite_population_factor,
    population_sizes,
    sample_sizes,
)
from custfocus.intervals.methods import LIMITS, EstimateMethod
from custfocus.intervals.score import mean_score, mean_variance
from custfocus.responses.answers import (
    AnswerColumns,
    check_items,
    check_rows,
    columns_of_answers,
    grouping,
)
from custfocus.responses.independent import (
    independent_differences,
    independent_homogeneity,
    independent_p_values,
    independent_pair_tests,
    pair_blocks,
)
from custfocus.responses.sample import (
    ComparisonMethod,
    Differences,
    Figures,
    Homogeneities,
    LimitsBySize,
    PairTests,
    Sample,
    Sizes,
    check_not_items,
    reasons_of,
    row_places,
    whole_counts,
)
from custfocus.responses.scale import Scale, as_scale, check_scale
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import BY_ROW, Counts, Floats, Places
from custfocus.results.keys import Keys
from custfocus.results.text import kind_text


def _as_counts(counts: ArrayLike) -> Counts:
    return whole_counts(counts, "counts")


@attrs.frozen(eq=False, repr=False)
class Tally(Sample):
    """
    Counts of the answers on each point of a scale, by keys; all answers count the same.

    Tallies of the same scale add up, whatever rows each of them has: adding them is adding the
    people behind them.

    Args:
        counts: Whole numbers, shape (K,) for the K points of the scale, or (rows, K).
        scale: The scale.
        missing: How many gave no answer, one number for each row; or by reason, shape (...,
            reasons), see `reasons`. 0 by default.
        by: The label of each row, or several by name (see `Keys.of`); rows with the same labels
            are added up. Without it rows are numbered.

    Raises:
        TallyError: Counts that are negative or fractional, do not match the scale, or have
            more axes.
        LabelError: Labels of another number than the rows, or with names that are reserved.

    >>> Tally([[0, 1, 2], [1, 0, 4]], Scale.likert(3), by={"shop": ["north", "south"]})
    shop   n  missing  1  2  3
    north  3        0  0  1  2
    south  5        0  1  0  4
    answers on 1, 2, 3
    """

    _counts: Counts = attrs.field(converter=_as_counts, alias="counts", metadata=BY_ROW)
    _scale: Scale = attrs.field(validator=check_scale, alias="scale")
    _missing: ArrayLike | None = attrs.field(default=None, alias="missing", metadata=BY_ROW)
    _by: Any = attrs.field(default=None, alias="by", kw_only=True)

    def __attrs_post_init__(self) -> None:
        counts, points = self._counts, len(self._scale)
        if counts.ndim not in {1, 2} or counts.shape[-1] != points:
            raise TallyError(
                f"counts must have one column for each of the {points} points, and rows at the "
                f"most beside, got shape {counts.shape}"
            )
        shape, reasons = counts.shape[:-1], (len(reasons_of(self._scale)),)
        missing = by_reason(self._missing, "missing", shape, reasons)
        keys, (counts, missing) = keyed(self._by, shape, (counts, missing))
        object.__setattr__(self, "_counts", counts)
        object.__setattr__(self, "_missing", missing)
        object.__setattr__(self, "_by", keys)

    @classmethod
    def of(cls, answers: AnswerColumns, scale: Scale, *, by: object = None) -> "Tally":
        """
        Count answers.

        Args:
            answers: Points or labels of the scale or its missing codes: a list, array, Series
                or other one-dimensional collection of n answers, whose own name is kept as the
                item. Or several items by name: a mapping or a dataframe.
            scale: The scale that they are on.
            by: The label of each respondent, or several by name (see `Keys.of`); the tally then
                has a row for each group, and a declared order of labels is kept.

        Raises:
            AnswerError: Answers off the scale; labels of another number than the answers, or
                of pandas with another index.
            LabelError: Names that are reserved for columns of results.

        >>> Tally.of([5, 4, 4, 9, 5], Scale.likert(5, missing=[9]))
        n  missing  1  2  3  4  5
        4        1  0  0  0  2  2
        answers on 1, 2, 3, 4, 5
        """
        as_scale(scale)
        items, fixed = columns_of_answers(answers)
        keys, rows = grouping(by, items, fixed)
        places = {
            name: row_places(values, scale, name if fixed is None else "")
            for name, values in items.items()
        }
        respondents = check_items({name: len(each) for name, each in places.items()})
        check_rows(respondents, None if rows is None else len(rows))
        cells = len(scale) + len(reasons_of(scale))
        first = 0 if rows is None else rows * cells
        counted = [
            np.bincount(first + each, minlength=keys.rows * cells) for each in places.values()
        ]
        if fixed is None:
            keys, _, _ = keys.extended("item", tuple(items))
        table = np.stack([each.reshape(-1, cells) for each in counted], axis=1)
        return cls._of_table(table, scale, keys)

    @classmethod
    def of_items(cls, tallies: "Mapping[str, Tally]") -> "Tally":
        """
        Several items of the same respondents as one tally, with the key ``item`` besides.

        Args:
            tallies: The tally of each item by name, in the order of display; of the same scale
                and names of groups. A row that one of them lacks has no answers there.

        Raises:
            TallyError: No tallies, or tallies of other scales.
            LabelError: Tallies by other names.
        """
        _check_tallies(tallies)
        bare = [_without_item(each.keys) for each in tallies.values()]
        keys, scale = bare[0], next(iter(tallies.values())).scale
        for each, own in zip(tallies.values(), bare, strict=True):
            if each.scale != scale:
                raise TallyError(f"items must be on one scale, got {scale!r} and {each.scale!r}")
            keys, _, _ = keys.united(own)
        every, row, place = keys.extended("item", tuple(tallies))
        tables = [
            taken_rows(each._table(), keys.united(own)[2])  # noqa: SLF001 - of the same class
            for each, own in zip(tallies.values(), bare, strict=True)
        ]
        return cls._of_table(np.stack(tables)[place, row], scale, every)

    @classmethod
    def _of_table(cls, table: Counts, scale: Scale, keys: Keys) -> "Tally":
        """A tally of rows of points and, behind them, reasons."""
        table = table.reshape(*keys.shape, table.shape[-1])
        return cls(table[..., : len(scale)], scale, table[..., len(scale) :], by=keys)

    def _table(self) -> Counts:
        """The points and reasons of each row, shape (rows, points + reasons)."""
        whole = np.concatenate([self._counts, self.missing_by_reason], axis=-1)
        return whole.reshape(-1, whole.shape[-1])

    @property
    def keys(self) -> Keys:
        """What the rows are called."""
        return cast("Keys", self._by)

    @property
    def scale(self) -> Scale:
        """The scale of the answers."""
        return self._scale

    @property
    def counts(self) -> Counts:
        """How many chose each point, shape (..., K), read-only."""
        return self._counts

    @property
    def shares(self) -> Floats:
        """The share of the answers on each point, shape (..., K); NaN for n = 0."""
        n = self.n[..., np.newaxis]
        return self._counts / np.where(n > 0, n, np.nan)

    @property
    def missing_by_reason(self) -> Counts:
        """How many gave no answer for each of the `reasons`, shape (..., reasons)."""
        return cast("Counts", self._missing)

    def caption(self) -> str:
        """The scale."""
        return f"answers on {self._scale}"

    def __add__(self, other: "Tally") -> "Tally":
        if not isinstance(other, Tally):
            return NotImplemented
        if self._scale != other._scale:
            raise TallyError(
                f"tallies add up when they have the same scale, got {self._scale!r} and "
                f"{other._scale!r}"
            )
        keys, ours, theirs = self.keys.united(other.keys)
        one, two, both = (dict(side.fixed) for side in (self.keys, other.keys, keys))
        check_not_items([*(one.keys() & two.keys() - both.keys())], "added up")
        table = taken_rows(self._table(), ours) + taken_rows(other._table(), theirs)
        return self._of_table(table, self._scale, keys)

    def __radd__(self, other: object) -> "Tally":
        return self if other == 0 else NotImplemented  # so that sum() can start

    def reindexed(self, keys: Keys, rows: Places) -> "Tally":
        """The rows under other keys; row -1 is an empty one."""
        return self._of_table(taken_rows(self._table(), rows), self._scale, keys)

    def grouped(self, keys: Keys, rows: Places) -> "Tally":
        """The rows added up: each goes to a row of other keys."""
        return self._of_table(summed_rows(self._table(), rows, keys.rows), self._scale, keys)

    def with_rest(self, blocks: Places) -> "Tally":
        """All rows, and then for each of them the others of its block added up; numbered."""
        table = self._table()
        sums = summed_rows(table, blocks, int(blocks.max(initial=-1)) + 1)
        both = np.concatenate([table, sums[blocks] - table])
        return self._of_table(both, self._scale, Keys.numbered(len(both)))

    def _rows(self) -> Counts:
        return self._counts.reshape(-1, len(self._scale))

    def figures(
        self, scoring: Scoring, method: EstimateMethod, confidence_level: float, population: Sizes
    ) -> Figures:
        """The index of each row with its limits; see `estimate`."""
        choose("method without a design", method, LIMITS)
        counts, scores = self._counts.astype(np.float64), scoring.quoted_scores
        n = sample_sizes(np.asarray(counts.sum(axis=-1)))
        value = mean_score(counts, scores)
        low, high = LIMITS[method](counts, scores, n, confidence_level, population)
        left = finite_population_factor(n, population)
        variance = np.where(left > 0, mean_variance(counts, scores), 0)  # of one answer: infinite
        some = np.where(n > 0, 1.0, np.nan)
        error = np.sqrt(variance * left) * some
        return Figures(value, low, high, error, some * np.inf, some, n * some)

    def limits_by_size(
        self, scoring: Scoring, method: EstimateMethod, confidence_level: float, population: Sizes
    ) -> LimitsBySize:
        """The limits of each row as they would be with so many answers in the same proportions."""
        limits = choose("method without a design", method, LIMITS)
        counts = self._counts.astype(np.float64)

        def limits_at(n: ArrayLike) -> ConfidenceInterval:
            """The limits with n answers, which broadcasts with the rows."""
            size = asked_sizes(n, self.shape)
            wide = np.broadcast_to(counts, (*size.shape, counts.shape[-1]))
            scores, sizes = scoring.quoted_scores, population_sizes(population, size)
            finite = np.minimum(size, MOST_ASKED)
            low, high = limits(wide, scores, finite, confidence_level, sizes)
            infinite, value = np.isinf(size), mean_score(wide, scores)
            return ConfidenceInterval(
                np.where(infinite, value, low), np.where(infinite, value, high)
            )

        return limits_at

    def differences(
        self,
        scoring: Scoring,
        rows: Places,
        other: Sample,
        other_rows: Places,
        confidence_level: float,
        *,
        method: ComparisonMethod = "score",
        correction: bool = True,
        tested: bool = True,
        populations: tuple[Sizes, Sizes] = (None, None),
    ) -> Differences:
        """Rows of this sample less rows of another plain one; they are independent."""
        if not isinstance(other, Tally):
            raise TallyError(
                "a plain sample can't be compared with one of a design, whose weights it lacks, "
                f"got {kind_text(other)}; give its answers a SurveyDesign too"
            )
        parts = [
            independent_differences(
                taken_rows(self._rows(), rows[pairs]),
                taken_rows(other._rows(), other_rows[pairs]),  # noqa: SLF001 - of the same class
                scoring.quoted_scores,
                confidence_level,
                method=method,
                correction=correction,
                tested=tested,
                populations=(
                    None if populations[0] is None else populations[0][pairs],
                    None if populations[1] is None else populations[1][pairs],
                ),
            )
            for pairs in pair_blocks(len(rows))
        ]
        return Differences(*map(np.concatenate, zip(*parts, strict=True)))

    def p_values(
        self, scoring: Scoring, rows: Places, other_rows: Places, population: Sizes = None
    ) -> Floats:
        """The p-values of differences between rows of this sample, shape (pairs,)."""
        return independent_p_values(
            self._rows(), rows, other_rows, scoring.quoted_scores, population
        )

    def pair_tests(
        self,
        scoring: Scoring,
        rows: Places,
        between: tuple[float, float],
        population: Sizes = None,
    ) -> PairTests:
        """The p-values of many pairs of rows, where only those in a range matter."""
        sizes = None if population is None else population[rows]
        return independent_pair_tests(self._rows()[rows], scoring.quoted_scores, between, sizes)

    def homogeneity(
        self, scoring: Scoring, blocks: Places, number: int, population: Sizes = None
    ) -> Homogeneities:
        """Whether rows differ at all within each block, by the score test of K samples."""
        scores = scoring.quoted_scores
        return independent_homogeneity(self._rows(), blocks, number, scores, population)


def _check_tallies(tallies: object) -> None:
    items = cast("Mapping[object, object]", tallies if isinstance(tallies, Mapping) else {})
    if not items:
        got = "none" if isinstance(tallies, Mapping) else kind_text(tallies)
        raise TallyError(f"items must be tallies by name, got {got}")
    for name, each in items.items():
        if not (isinstance(name, str) and isinstance(each, Tally)):
            raise TallyError(
                f"items must be tallies by name, got {kind_text(each)} by {reprlib.repr(name)}"
            )


def _without_item(keys: Keys) -> Keys:
    """Keys whose rows are of no single item."""
    return attrs.evolve(keys, fixed=tuple(one for one in keys.fixed if one[0] != "item"))


def by_reason(
    given: ArrayLike | None, name: str, shape: tuple[int, ...], reasons: tuple[int, ...]
) -> Counts:
    """Counts of missing answers by reason; a total was given for none. The shape is theirs."""
    missing = None if given is None else whole_counts(given, name)
    if missing is not None and missing.shape == (*shape, *reasons):
        return missing
    if missing is not None and missing.shape != shape:
        each = "row" if name == "missing" else "row and point"
        raise TallyError(
            f"{name} must be one number for each {each}, shape {shape}, or by reason, shape "
            f"{(*shape, *reasons)}, got shape {missing.shape}"
        )
    last = np.zeros(reasons, np.int64)
    last.flat[-1] = 1
    total = np.zeros(shape, np.int64) if missing is None else missing
    table: Counts = np.multiply.outer(total, last)
    table.setflags(write=False)
    return table


def keyed(
    by: object, shape: tuple[int, ...], arrays: tuple[Counts, ...]
) -> tuple[Keys, tuple[Counts, ...]]:
    """
    What rows of counts are called, and the counts, rows with the same labels added up.

    Args:
        by: Labels (see `Keys.of`), keys, or None for rows that are numbered.
        shape: ``(rows,)``, or ``()`` for one sample.
        arrays: The counts, each with this shape first.
    """
    if by is None:
        return (Keys.numbered(shape[0]) if shape else Keys()), arrays
    if isinstance(by, Keys):
        if by.shape != shape:
            raise TallyError(
                f"keys must be one for each row of the counts, got {by.shape} for {shape}"
            )
        return by, arrays
    if not shape:
        raise TallyError("by needs counts with a row for each label, got one sample; nest them")
    keys, rows = Keys.of(by)
    check_rows(shape[0], len(rows))
    summed = (summed_rows(array, rows, keys.rows) for array in arrays)
    return keys, tuple(whole_counts(array, "counts") for array in summed)


def taken_rows(array: Counts, rows: Places) -> Counts:
    """Some rows, with zeros for row -1."""
    if not len(array):
        return np.zeros((len(rows), *array.shape[1:]), np.int64)
    found = array[rows]
    absent = rows < 0
    if absent.any():
        found[absent] = 0
    return found


def summed_rows(array: Counts, rows: Places, number: int) -> Counts:
    """Rows added up into so many."""
    table = np.zeros((number, *array.shape[1:]), np.int64)
    np.add.at(table, rows, array)
    return table
