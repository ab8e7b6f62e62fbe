"""An index with its interval, and how it was made."""

import math
import reprlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Literal

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import ScaleError, TallyError, choose
from custfocus.interval_strip import interval_strip
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    plain_numbers,
    population_sizes,
    sample_sizes,
)
from custfocus.intervals.score import mean_score, score_limits
from custfocus.responses.scoring import Scoring, Unit
from custfocus.responses.tally import Counts, GroupIndex, Tally
from custfocus.tables import html_table, text_table

EstimateMethod = Literal["score"]

_SHOWN = 20  # groups in a printed table; to_dicts() has them all


def _read_only(numbers: ArrayLike) -> Floats:
    array = np.array(numbers, dtype=np.float64)
    array.setflags(write=False)
    return array


@attrs.frozen(eq=False, repr=False)
class Estimate:
    """
    The value of an index and its confidence interval, for one sample or many groups.

    Attributes:
        value: The index as quoted (NPS -100 to 100, shares in percent), shape (...), the
            groups' shape; ``()`` for one sample. NaN where a group has no answers.
        low: Lower limit, in the same unit and shape.
        high: Upper limit, likewise.
        tally: The counts behind it.
        scoring: What was computed of them.
        method: The method of the interval.
        confidence_level: Its two-sided confidence level.
        population: Size of the finite population, shape (...), or None for a large one.
    """

    value: Floats = attrs.field(converter=_read_only)
    low: Floats = attrs.field(converter=_read_only)
    high: Floats = attrs.field(converter=_read_only)
    tally: Tally
    scoring: Scoring
    method: EstimateMethod = "score"
    confidence_level: float = 0.95
    population: Floats | None = attrs.field(
        default=None, converter=attrs.converters.optional(_read_only)
    )

    @property
    def n(self) -> Counts:
        """Answers in each group, missing ones not counted."""
        return self.tally.n

    @property
    def missing(self) -> Counts:
        """How many of each group gave no answer."""
        return self.tally.missing

    @property
    def name(self) -> str:
        """What the index is called."""
        return self.scoring.name

    @property
    def unit(self) -> Unit | str:
        """The unit of the value and its limits."""
        return self.scoring.unit

    @property
    def shape(self) -> tuple[int, ...]:
        """The groups' shape; ``()`` for one sample."""
        return self.tally.shape

    def __float__(self) -> float:
        if self.shape:
            raise TypeError(f"{self.name} has {self.value.size} groups: float() takes only one")
        return float(self.value)

    def __getitem__(self, index: GroupIndex) -> "Estimate":
        """The estimate for some of the groups, indexed as its arrays are."""
        return attrs.evolve(
            self,
            value=self.value[index],
            low=self.low[index],
            high=self.high[index],
            tally=self.tally[index],
            population=None if self.population is None else self.population[index],
        )

    def __iter__(self) -> Iterator["Estimate"]:
        if not self.shape:
            raise TypeError("an estimate for one sample has no groups to go through")
        return (self[group] for group in range(self.shape[0]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Estimate):
            return NotImplemented
        return (
            (self.scoring, self.method, self.confidence_level)
            == (other.scoring, other.method, other.confidence_level)
            and self.tally == other.tally
            and all(map(_same, self._arrays(), other._arrays()))
        )

    def _arrays(self) -> tuple[Floats | None, ...]:
        return self.value, self.low, self.high, self.population

    def limits_at(self, n: ArrayLike) -> ConfidenceInterval:
        """
        The limits if *n* had answered, in the same proportions: what a larger sample would buy.

        Args:
            n: Answers, more than 0; broadcasts with the groups' shape. Need not be whole.

        Returns:
            Limits as quoted, of the broadcast shape. NaN where a group has no answers.

        Raises:
            TallyError: Sizes that are not positive, do not fit the groups or exceed the
                population.
        """
        size = plain_numbers(n, "n")
        if not (size > 0).all():
            raise TallyError(f"n must be more than 0, got {reprlib.repr(n)}")
        try:
            size = np.broadcast_to(size, np.broadcast_shapes(size.shape, self.shape))
        except ValueError:
            raise TallyError(
                f"n of shape {size.shape} does not fit groups of shape {self.shape}"
            ) from None
        counts = self.tally.counts.astype(np.float64)
        return _LIMITS[self.method](
            np.broadcast_to(counts, (*size.shape, counts.shape[-1])),
            self.scoring.quoted_scores,
            size,
            self.confidence_level,
            population_sizes(self.population, size),
        )

    def to_dicts(self) -> list[dict[str, float | str | tuple[int, ...]]]:
        """
        One dictionary for each group, in order: index, unit, n, missing, value, low, high.

        Groups are told apart by "group", their place in the groups' shape.
        """
        n, missing = self.n, self.missing
        return [
            {
                "group": group,
                "index": self.name,
                "unit": str(self.unit),
                "n": int(n[group]),
                "missing": int(missing[group]),
                "value": float(self.value[group]),
                "low": float(self.low[group]),
                "high": float(self.high[group]),
            }
            for group in np.ndindex(self.shape)
        ]

    def __str__(self) -> str:
        if not self.shape:
            n, missing, value, low, high = self._cells(())
            sign = " %" if self.unit == Unit.PERCENT else ""
            gone = f" ({missing} missing)" if self.missing else ""
            return f"{self.name} {value}{sign} [{low}, {high}] n={n}{gone}, {self._how()}"
        groups, more = self._shown()
        rows = [[_key(group), *self._cells(group)] for group in groups]
        table = text_table(["group", *self._titles()], rows, "rrrrrr")
        return "\n".join([table, *more, self._how()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        groups, more = self._shown()
        rows = [[_key(group), *self._cells(group), self._strip(group)] for group in groups]
        table = html_table(["", *self._titles(), ""], rows, "rrrrrrl")
        return f"{table}<small>{' '.join([*more, self._how()])}</small>"

    def _titles(self) -> list[str]:
        return ["n", "missing", self.name, "low", "high"]

    def _shown(self) -> tuple[list[tuple[int, ...]], list[str]]:
        """The groups that are printed, and a line for those that are not."""
        groups = list(islice(np.ndindex(self.shape), _SHOWN))
        more = self.value.size - len(groups)
        return groups, [f"... and {more} more"] if more else []

    def _cells(self, group: tuple[int, ...]) -> list[str]:
        tally = self.tally[group]
        return [
            str(tally.n),
            str(tally.missing),
            *(format_number(number, self.scoring) for number in self._numbers(group)),
        ]

    def _numbers(self, group: tuple[int, ...]) -> list[float]:
        return [float(numbers[group]) for numbers in (self.value, self.low, self.high)]

    def _strip(self, group: tuple[int, ...]) -> str:
        value, low, high = self._numbers(group)
        return interval_strip(value, low, high, self.scoring.bounds)

    def _how(self) -> str:
        finite = "" if self.population is None else ", finite population"
        return f"{100 * self.confidence_level:g} % {self.method} interval{finite}"


def estimate(
    tally: Tally,
    scoring: Scoring,
    *,
    method: EstimateMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
) -> Estimate:
    """
    An index of a tally, with its confidence interval.

    Args:
        tally: Counts, for one sample or for groups of any shape.
        scoring: What each point counts; on the same points as the tally.
        method: ``"score"``, the score interval (see `score_interval`).
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population that the answers are from, one number or
            one for each group.

    Returns:
        The estimate, in the unit of the scoring, of the tally's group shape.

    Raises:
        ScaleError: A scoring of other points than the tally's.
        TallyError: A single sample without answers; a population smaller than the sample.
        OptionError: An unknown method, or a confidence level outside (0, 1).

    Example: the answers of Tango (1998), table VII, as positive, neutral and negative.

    >>> from custfocus import Scale
    >>> scale = Scale.likert(3, labels=["worse", "same", "better"])
    >>> estimate(Tally([3, 20, 9], scale), Scoring.net(scale, positive=1, negative=1))
    net score 18.8 [-2.7, 39.0] n=32, 95 % score interval
    """
    limits = choose("method", method, _LIMITS)
    if tally.scale.points != scoring.scale.points:
        raise ScaleError(
            f"the scoring must be of the tally's points, got {scoring.name} of "
            f"{scoring.scale} for answers on {tally.scale}"
        )
    counts, scores = tally.counts.astype(np.float64), scoring.quoted_scores
    n = sample_sizes(tally.n.astype(np.float64))
    size = population_sizes(population, n)
    value = mean_score(counts, scores)
    low, high = limits(counts, scores, n, confidence_level, size)
    return Estimate(value, low, high, tally, scoring, method, confidence_level, size)


def _same(one: Floats | None, other: Floats | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other, equal_nan=True)


def _key(group: tuple[int, ...]) -> str:
    return ", ".join(map(str, group))


def format_number(number: float, scoring: Scoring) -> str:
    """
    An index in as many decimals as its range calls for: three or four digits across it.

    >>> from custfocus import Scale
    >>> format_number(41.987, Scoring.top_box(Scale.likert(5)))
    '42.0'
    """
    if math.isnan(number):
        return "-"
    low, high = scoring.bounds
    decimals = max(0, 3 - math.ceil(math.log10((high - low) / 2)))
    return f"{round(number, decimals) + 0.0:.{decimals}f}"  # no -0.0


_LIMITS: dict[str, Callable[[Floats, Floats, Floats, float, Floats | None], ConfidenceInterval]] = {
    "score": score_limits
}
