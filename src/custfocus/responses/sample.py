"""What an index needs to know of the answers, however they were drawn."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any, Literal, NamedTuple, Self, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import AnswerError, LabelError, TallyError, naming, unknown_option
from custfocus.intervals.arguments import ConfidenceInterval, whole_numbers
from custfocus.intervals.melding import MeldedMethod
from custfocus.responses.scale import Scale
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import Counts, Floats, Places, frozen
from custfocus.results.distinct import distinct_values
from custfocus.results.keys import Keys
from custfocus.results.result import Column, Result, count_text
from custfocus.results.text import kind_text, label_text

_NOT_STATED = "not stated"
_EXACT = 2**53  # float64, and so the intervals, has no odd numbers beyond

ComparisonMethod = Literal["score", MeldedMethod]
LimitsBySize = Callable[[ArrayLike], ConfidenceInterval]
Sizes = Floats | None  # of the finite populations of rows
PairTests = Callable[[Places, Places], Floats]


class Figures(NamedTuple):
    """
    What a sample says of an index, each of the sample's shape; NaN where n is 0.

    Attributes:
        value: The index, as quoted.
        low: Lower limit, in the same unit.
        high: Upper limit, likewise.
        standard_error: Of the value, likewise; infinite for a single answer.
        degrees_of_freedom: Those of the standard error that the limits take; infinite where
            they take the normal quantile.
        design_effect: The variance over that of n answers drawn one by one.
        effective_n: How many answers drawn one by one would tell as much.
    """

    value: Floats
    low: Floats
    high: Floats
    standard_error: Floats
    degrees_of_freedom: Floats
    design_effect: Floats
    effective_n: Floats


class Differences(NamedTuple):
    """
    Differences of an index between rows of samples, each of shape (pairs,).

    Attributes:
        value: The one less the other, as quoted; NaN where either has no answers.
        low: Lower limit, in the same unit.
        high: Upper limit, likewise.
        standard_error: Of the difference, likewise.
        p_value: Two-sided, of no difference.
        degrees_of_freedom: Infinite where the normal quantile is taken.
        design_effect: The factor that the design multiplies the variance by.
        correlation: Between the two; 0 for independent samples.
    """

    value: Floats
    low: Floats
    high: Floats
    standard_error: Floats
    p_value: Floats
    degrees_of_freedom: Floats
    design_effect: Floats
    correlation: Floats


class Homogeneities(NamedTuple):
    """
    Tests that all rows of a block have the same index, each of shape (blocks,).

    Attributes:
        statistic: Chi-square, or F where the denominator has degrees of freedom; NaN where
            fewer than two rows have answers.
        degrees_of_freedom: Those of the statistic, or of its numerator.
        denominator_degrees_of_freedom: Infinite for chi-square.
        p_value: Of so large a statistic where the rows do not differ.
    """

    statistic: Floats
    degrees_of_freedom: Floats
    denominator_degrees_of_freedom: Floats
    p_value: Floats


class Sample(Result):
    """
    Answers on one scale by keys: the protocol that `Tally` and `SurveyTally` keep.

    Rows of a sample that are not there are asked for as -1, and have no answers.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def scale(self) -> Scale:
        """The scale of the answers."""

    @property
    @abstractmethod
    def counts(self) -> Counts:
        """Respondents on each point, not weighted; shape (..., K) for the K points."""

    @property
    @abstractmethod
    def shares(self) -> Floats:
        """The share of the answers on each point, weighted by the design; NaN for n = 0."""

    @property
    @abstractmethod
    def missing_by_reason(self) -> Counts:
        """How many gave no answer for each of the `reasons`, shape (..., reasons)."""

    @property
    def n(self) -> Counts:
        """Answers in each row, missing ones not counted."""
        return np.asarray(self.counts.sum(axis=-1))

    @property
    def missing(self) -> Counts:
        """How many of each row gave no answer."""
        return np.asarray(self.missing_by_reason.sum(axis=-1))

    @property
    def reasons(self) -> tuple[str, ...]:
        """What answers are missing for: the missing codes of the scale, and where none was given."""
        return reasons_of(self.scale)

    @abstractmethod
    def figures(
        self,
        scoring: Scoring,
        method: Any,  # noqa: ANN401 - each kind of sample has methods of its own
        confidence_level: float,
        population: Sizes,
    ) -> Figures:
        """The index of each row with its limits."""

    @abstractmethod
    def limits_by_size(
        self,
        scoring: Scoring,
        method: Any,  # noqa: ANN401 - likewise
        confidence_level: float,
        population: Sizes,
    ) -> LimitsBySize:
        """The limits of each row as they would be with so many answers like these."""

    @abstractmethod
    def differences(
        self,
        scoring: Scoring,
        rows: Places,
        other: "Sample",
        other_rows: Places,
        confidence_level: float,
        *,
        method: ComparisonMethod = "score",
        correction: bool = True,
        tested: bool = True,
        populations: tuple[Sizes, Sizes] = (None, None),
    ) -> Differences:
        """
        Rows of this sample less rows of another, or of itself with the covariance it has.

        Plain samples have the methods ``"exact"`` and ``"mid-p"`` as well.
        P-values that take as long as the limits may be left out where they are not asked for.
        The sizes of finite populations are those of each pair's rows, shape (pairs,); a design
        has its own.
        """

    @abstractmethod
    def p_values(
        self, scoring: Scoring, rows: Places, other_rows: Places, population: Sizes = None
    ) -> Floats:
        """The p-values of those differences within this sample; populations are of all rows."""

    def pair_tests(
        self, scoring: Scoring, rows: Places, between: tuple[float, float], population: Sizes = None
    ) -> PairTests:
        """
        The p-values of many pairs of rows, where only those of a certain size matter.

        Args:
            scoring: What each point counts.
            rows: The rows that are paired.
            between: P-values in this range are exact; smaller ones may be given as 0 and
                larger ones as 1.
            population: The sizes of finite populations, of all rows.

        Returns:
            A function of the places of the first and the second among *rows*, each (pairs,).
        """
        del between

        def tested(one: Places, other: Places) -> Floats:
            """The p-values of the pairs."""
            return self.p_values(scoring, rows[one], rows[other], population)

        return tested

    @abstractmethod
    def homogeneity(
        self, scoring: Scoring, blocks: Places, number: int, population: Sizes = None
    ) -> Homogeneities:
        """Whether rows differ at all within each of a number of blocks; see `Homogeneities`."""

    @abstractmethod
    def with_rest(self, blocks: Places) -> Self:
        """All rows, and then for each of them the others of its block added up; numbered."""

    @abstractmethod
    def reindexed(self, keys: Keys, rows: Places) -> Self:
        """The rows under other keys; row -1 is an empty one."""

    @abstractmethod
    def grouped(self, keys: Keys, rows: Places) -> Self:
        """The rows added up: each goes to a row of other keys."""

    def collapsed(self, *names: str) -> Self:
        """
        The sample without some names, rows that differ by them alone added up.

        Raises:
            LabelError: A name that is not there.
            TallyError: The name ``"item"``, whose answers are of the same people.
        """
        odd = [name for name in cast("tuple[object, ...]", names) if not isinstance(name, str)]
        if odd:
            raise LabelError(str(unknown_option("name of groups", odd[0], self.keys.names)))
        check_not_items(names, "added up")
        keys, rows = self.keys, np.arange(self.keys.rows)
        for name in names:
            keys, found = keys.without(name)
            rows = found[rows]
        return self.grouped(keys, rows)

    def columns(self) -> dict[str, Column]:
        """The columns n, missing, those by reason where there are several, and the points."""
        counts, gone = self.counts, self.missing_by_reason
        reasons = self.reasons if len(self.scale.missing) > 1 else ()
        points = enumerate(self.scale.point_names)
        return {
            "n": Column(self.n, count_text),
            "missing": Column(self.missing, count_text),
            **{f"missing_{one}": Column(gone[..., at]) for at, one in enumerate(reasons)},
            **{f"count_{one}": Column(counts[..., at], count_text, one) for at, one in points},
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """Why answers are missing, where there is more than one reason."""
        sums = self.missing_by_reason.reshape(-1, len(self.reasons)).sum(axis=0).tolist()
        some = [
            f"{label_text(reason)}: {sum_:,}"
            for reason, sum_ in zip(self.reasons, sums, strict=True)
            if sum_
        ]
        return (f"missing by code: {', '.join(some)}",) if len(some) > 1 else ()


def reasons_of(scale: Scale) -> tuple[str, ...]:
    """The reasons of the scale, and at last "not stated" where none was given."""
    codes = (repr(one) if one == _NOT_STATED else one for one in scale.reasons)
    return (*codes, _NOT_STATED)


def row_places(values: Iterable[object], scale: Scale, item: str = "") -> Places:
    """
    The place of each answer among the points and, beyond them, the reasons of missing ones.

    Args:
        values: One answer of each respondent.
        scale: The scale that they are on.
        item: What errors call the column.

    Raises:
        AnswerError: Answers off the scale.
    """
    if isinstance(values, Result):
        raise AnswerError(
            f"item {item!r} must be answers, got {kind_text(values)}; tallies of several items are "
            "made of their answers, by Tally.of"
        )
    with naming(f"item {item!r}") if item else nullcontext():
        distinct, codes = distinct_values(values)
        places, reasons = scale.locate(distinct), scale.reason_of(distinct)
    return np.asarray(np.where(places < 0, len(scale) + reasons, places)[codes], np.intp)


def whole_counts(values: ArrayLike, name: str) -> Counts:
    """
    Counts as a read-only array of integers.

    Raises:
        TallyError: Anything but whole numbers of 0 or more, or labelled ones of pandas, whose
            order may be another; more than 2**53 in all.
    """
    if _is_checked(values):
        return frozen(values, np.int64)
    index = getattr(values, "index", None) if hasattr(values, "to_numpy") else None
    if hasattr(type(values), "columns") or type(index).__name__ not in {"NoneType", "RangeIndex"}:
        raise TallyError(
            f"{name} must come in the order of the points, got a {type(values).__name__} with "
            "names of its own; bring it in order (reindex) and pass its to_numpy()"
        )
    array = whole_numbers(values, name)
    if array.sum() >= _EXACT:
        raise TallyError(f"{name} must add up to less than 2**53, got {array.sum():.0f}")
    return frozen(array, np.int64)


def _is_checked(values: ArrayLike) -> bool:
    """Whether values are whole numbers already, which are not made floats to be looked at."""
    if not isinstance(values, np.ndarray):
        return False
    array = cast("NDArray[Any]", values)
    if array.dtype != np.int64 or isinstance(array, np.ma.MaskedArray):
        return False
    return not array.size or bool(array.min() >= 0 and array.sum(dtype=np.float64) < _EXACT)


def check_not_items(names: "tuple[str, ...] | list[str]", what: str) -> None:
    """
    An error for items that are taken as different people.

    Args:
        names: What is gone through.
        what: What is done to the items.
    """
    if "item" in names:
        raise TallyError(
            f"items are answers of the same people and can't be {what} as independent, got the "
            "name 'item'; pass the pairs of answers to compare_pairs(PairTally.of(...))"
        )
