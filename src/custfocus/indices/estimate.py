"""An index with its interval, and how it was made."""

import math
from collections.abc import Iterator

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import ScaleError, choose
from custfocus.indices.display import groups_as_html, groups_as_text
from custfocus.indices.methods import LIMITS, EstimateMethod
from custfocus.interval_strip import interval_strip
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    asked_sizes,
    population_sizes,
    read_only,
    sample_sizes,
)
from custfocus.intervals.score import mean_score
from custfocus.responses.scoring import Scoring, Unit, as_scoring
from custfocus.responses.tally import Counts, GroupIndex, Tally


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

    value: Floats = attrs.field(converter=read_only)
    low: Floats = attrs.field(converter=read_only)
    high: Floats = attrs.field(converter=read_only)
    tally: Tally
    scoring: Scoring
    method: EstimateMethod = "score"
    confidence_level: float = 0.95
    population: Floats | None = attrs.field(
        default=None, converter=attrs.converters.optional(read_only)
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
        size = asked_sizes(n, self.shape)
        counts = self.tally.counts.astype(np.float64)
        return LIMITS[self.method](
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
            n, missing, value, low, high = shown_cells(self, ())
            sign = " %" if self.unit == Unit.PERCENT else ""
            gone = f" ({missing} missing)" if self.missing else ""
            return f"{self.name} {value}{sign} [{low}, {high}] n={n}{gone}, {shown_method(self)}"

        def cells(group: tuple[int, ...]) -> list[str]:
            return shown_cells(self, group)

        return groups_as_text(self.shape, shown_titles(self), cells, shown_method(self))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def cells(group: tuple[int, ...]) -> list[str]:
            return [*shown_cells(self, group), shown_strip(self, group)]

        return groups_as_html(self.shape, shown_titles(self), cells, shown_method(self))


def shown_titles(estimate: Estimate) -> list[str]:
    """The titles of a table of the estimate."""
    group = "group" if estimate.shape else ""
    return [group, "n", "missing", estimate.name, "low", "high"]


def shown_cells(estimate: Estimate, group: tuple[int, ...]) -> list[str]:
    """A group's row of that table, after the group itself."""
    numbers = (float(limit[group]) for limit in (estimate.value, estimate.low, estimate.high))
    return [
        str(estimate.n[group]),
        str(estimate.missing[group]),
        *(format_number(number, estimate.scoring) for number in numbers),
    ]


def shown_strip(estimate: Estimate, group: tuple[int, ...]) -> str:
    """A group's interval as a picture."""
    value, low, high = (
        float(limit[group]) for limit in (estimate.value, estimate.low, estimate.high)
    )
    return interval_strip(value, low, high, estimate.scoring.bounds)


def shown_method(estimate: Estimate) -> str:
    """How the interval was made."""
    finite = "" if estimate.population is None else ", finite population"
    return f"{100 * estimate.confidence_level:g} % {estimate.method} interval{finite}"


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
        method: ``"score"``, the score interval (see `score_interval`), or another by its
            name: ``"t"``, Student's; those of `proportion_interval` for shares, which have two
            different scores; those of `net_interval` for net shares, which have three.
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population that the answers are from, one number or
            one for each group.

    Returns:
        The estimate, in the unit of the scoring, of the tally's group shape.

    Raises:
        ScaleError: A scoring of other points than the tally's.
        TallyError: A single sample without answers; a population smaller than the sample.
        OptionError: An unknown method, one for other scorings, or a confidence level outside
            (0, 1).

    Example: the answers of Tango (1998), table VII, as positive, neutral and negative.

    >>> from custfocus import Scale
    >>> scale = Scale.likert(3, labels=["worse", "same", "better"])
    >>> estimate(Tally([3, 20, 9], scale), Scoring.net(scale, positive=1, negative=1))
    net score 18.8 [-2.7, 39.0] n=32, 95 % score interval
    """
    limits = choose("method", method, LIMITS)
    as_scoring(scoring)
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
