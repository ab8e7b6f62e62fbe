"""An index of a survey that was drawn by a design, with its interval."""

import math
from collections.abc import Iterator
from typing import Any, Literal

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.indices.estimate import format_number
from custfocus.interval_strip import interval_strip
from custfocus.intervals.arguments import ConfidenceInterval, Floats, asked_sizes, read_only
from custfocus.intervals.design import DesignMeans
from custfocus.intervals.design_limits import design_limits
from custfocus.responses.groups import Groups
from custfocus.responses.scoring import Scoring, Unit
from custfocus.results.arrays import Counts
from custfocus.tables import escape, html_table, text_table

SurveyMethod = Literal["score", "t", "logit", "beta"]
Place = int | tuple[()]
DomainIndex = Place | slice | NDArray[np.bool_]

_SHOWN = 20  # domains in a printed table; to_dicts() has them all


def _as_counts(numbers: ArrayLike) -> Counts:
    array = np.array(numbers, dtype=np.int64)
    array.setflags(write=False)
    return array


def _as_flags(flags: ArrayLike) -> NDArray[np.bool_]:
    array = np.array(flags, dtype=np.bool_)
    array.setflags(write=False)
    return array


@attrs.frozen(eq=False, repr=False)
class SurveyEstimate:
    """
    The value of an index in a survey and its confidence interval, for all or by domain.

    Attributes:
        value: The index as quoted (NPS -100 to 100, shares in percent), shape (G,) for G
            domains, ``()`` for all. NaN, as all that is not a count, where nobody answered.
        low: Lower limit, in the same unit and shape.
        high: Upper limit, likewise.
        standard_error: By Taylor linearisation or replicate weights, in the same unit.
        n: Respondents with an answer and a positive weight.
        missing: Respondents with a positive weight and no answer.
        degrees_of_freedom: Clusters with such a respondent less strata with one, times Kish's
            number of clusters over their number (fewer, where clusters are unequal), or the
            rank of the replicate weights less 1; at least 1.
        design_effect: The design variance over that of the mean of n answers drawn one by one
            and put back; n over the effective n where that is Kish's.
        effective_n: How many answers drawn one by one and put back would tell as much, by the
            variance among the answers over the design variance (so n - 1 without a design).
        no_variance: Whether the answers showed no design variance: all equal, all from one
            cluster, or no cluster unlike another. The effective n is then Kish's, as if each
            cluster had given one answer with all its weight; with replicate weights, which do
            not tell clusters, as if each respondent had, and at most their rank.
        ceiling: The most that the score interval takes for the effective n: Kish's, how many
            answers of equal weight would tell as much if the respondents had been drawn one by
            one; more in a finite population.
        shares: Of each point in the weight of the answers, shape (..., K) for K points.
        scoring: What was computed.
        method: The method of the interval.
        confidence_level: Its two-sided confidence level.
        groups: The domains, or None for all.
    """

    value: Floats = attrs.field(converter=read_only)
    low: Floats = attrs.field(converter=read_only)
    high: Floats = attrs.field(converter=read_only)
    standard_error: Floats = attrs.field(converter=read_only)
    n: Counts = attrs.field(converter=_as_counts)
    missing: Counts = attrs.field(converter=_as_counts)
    degrees_of_freedom: Floats = attrs.field(converter=read_only)
    design_effect: Floats = attrs.field(converter=read_only)
    effective_n: Floats = attrs.field(converter=read_only)
    no_variance: NDArray[np.bool_] = attrs.field(converter=_as_flags)
    ceiling: Floats = attrs.field(converter=read_only)
    shares: Floats = attrs.field(converter=read_only)
    scoring: Scoring
    method: SurveyMethod = "score"
    confidence_level: float = 0.95
    groups: Groups | None = None

    @property
    def name(self) -> str:
        """What the index is called."""
        return self.scoring.name

    @property
    def unit(self) -> Unit | str:
        """The unit of the value, its limits and its standard error."""
        return self.scoring.unit

    @property
    def shape(self) -> tuple[int, ...]:
        """``(G,)`` for G domains, ``()`` for all."""
        return self.value.shape

    def __float__(self) -> float:
        if self.shape:
            raise TypeError(f"{self.name} has {self.value.size} groups: float() takes only one")
        return float(self.value)

    def __getitem__(self, index: DomainIndex) -> "SurveyEstimate":
        """The estimate for some of the domains, indexed as its arrays are."""
        chosen = {name: array[index] for name, array in self._arrays().items()}
        return attrs.evolve(self, **chosen, groups=_some(self.groups, index))

    def __iter__(self) -> Iterator["SurveyEstimate"]:
        if not self.shape:
            raise TypeError("an estimate for one sample has no groups to go through")
        return (self[group] for group in range(self.shape[0]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SurveyEstimate):
            return NotImplemented
        ours, theirs = self._arrays(), other._arrays()
        return (self.scoring, self.method, self.confidence_level, self._keys()) == (
            other.scoring,
            other.method,
            other.confidence_level,
            other._keys(),
        ) and all(np.array_equal(ours[name], theirs[name], equal_nan=True) for name in ours)

    def _arrays(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "standard_error": self.standard_error,
            "n": self.n,
            "missing": self.missing,
            "degrees_of_freedom": self.degrees_of_freedom,
            "design_effect": self.design_effect,
            "effective_n": self.effective_n,
            "no_variance": self.no_variance,
            "ceiling": self.ceiling,
            "shares": self.shares,
        }

    def _keys(self) -> tuple[tuple[str, ...], tuple[tuple[object, ...], ...]]:
        return ((), ((),)) if self.groups is None else (self.groups.names, self.groups.keys)

    def limits_at(self, n: ArrayLike) -> ConfidenceInterval:
        """
        The limits if *n* had answered, in the same proportions, from as many more clusters.

        The design effect stays as it is, and the degrees of freedom grow with the respondents,
        as if all had been drawn from a large population.

        Args:
            n: Respondents with an answer, more than 0; broadcasts with the shape of the domains.

        Returns:
            Limits as quoted, of the broadcast shape. NaN where a domain has no answers.

        Raises:
            TallyError: Sizes that are not positive or do not fit the domains.
        """
        size = asked_sizes(n, self.shape)
        times = size / np.where(self.n == 0, np.nan, self.n)
        found = DesignMeans(
            value=np.broadcast_to(self.value, size.shape),
            n=size,
            spread=np.full(size.shape, np.nan),  # which limits do not ask for
            variance=self.standard_error**2 / times,
            degrees_of_freedom=self.degrees_of_freedom * times,
            effective_n=self.effective_n * times,
            ceiling=self.ceiling * times,
            no_variance=self.no_variance,
        )
        shares = np.broadcast_to(self.shares, (*size.shape, self.shares.shape[-1]))
        return design_limits(
            shares, self.scoring.quoted_scores, found, self.method, self.confidence_level
        )

    def to_dicts(self) -> list[dict[str, float | bool | str | tuple[object, ...]]]:
        """
        One dictionary for each domain, in order: index, unit, n, missing, value, low, high and
        the rest of the numbers, but for the ceiling and the shares.

        Domains are told apart by "group", the tuple of their labels.
        """
        _, keys = self._keys()
        columns = {
            name: np.atleast_1d(array).tolist()
            for name, array in self._arrays().items()
            if name not in {"ceiling", "shares"}
        }
        shown = ["n", "missing", "value", "low", "high"]
        order = [*shown, *(name for name in columns if name not in shown)]
        return [
            {"group": key, "index": self.name, "unit": str(self.unit)}
            | {name: columns[name][place] for name in order}
            for place, key in enumerate(keys)
        ]

    def __str__(self) -> str:
        if not self.shape:
            n, missing, deff, value, low, high = self._cells(())
            sign = " %" if self.unit == Unit.PERCENT else ""
            gone = f" ({missing} missing)" if self.missing else ""
            return (
                f"{self.name} {value}{sign} [{low}, {high}] n={n}{gone}, "
                f"design effect {deff}, {self._how()}"
            )
        keys, more = self._shown()
        rows = [[*map(str, key), *self._cells(place)] for place, key in enumerate(keys)]
        names = self._keys()[0]
        table = text_table([*names, *self._titles()], rows, "l" * len(names) + "rrrrrr")
        return "\n".join([table, *more, self._how()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        keys, more = self._shown()
        places: list[Place] = [*range(len(keys))] if self.shape else [()]
        rows = [
            [*(escape(str(label)) for label in key), *self._cells(place), self._strip(place)]
            for place, key in zip(places, keys, strict=True)
        ]
        names = self._keys()[0]
        titles = [*names, *self._titles(), ""]
        table = html_table(titles, rows, "l" * len(names) + "rrrrrrl")
        return f"{table}<small>{' '.join([*more, self._how()])}</small>"

    def _titles(self) -> list[str]:
        return ["n", "missing", "design effect", self.name, "low", "high"]

    def _shown(self) -> tuple[list[tuple[object, ...]], list[str]]:
        """The domains that are printed, and a line for those that are not."""
        keys = list(self._keys()[1][:_SHOWN])
        more = self.value.size - len(keys)
        return keys, [f"... and {more} more"] if more else []

    def _cells(self, place: Place) -> list[str]:
        return [
            str(self.n[place]),
            str(self.missing[place]),
            _two_decimals(float(self.design_effect[place])),
            *(format_number(number, self.scoring) for number in self._numbers(place)),
        ]

    def _numbers(self, place: Place) -> list[float]:
        return [float(numbers[place]) for numbers in (self.value, self.low, self.high)]

    def _strip(self, place: Place) -> str:
        value, low, high = self._numbers(place)
        return interval_strip(value, low, high, self.scoring.bounds)

    def _how(self) -> str:
        how = f"{100 * self.confidence_level:g} % {self.method} interval of the design"
        flagged = int(self.no_variance.sum())
        if not flagged:
            return how
        where = f" in {flagged} of {self.value.size} groups" if self.shape else ""
        return f"{how}, no variance between clusters{where}: effective n is Kish's"


def _some(groups: Groups | None, index: DomainIndex) -> Groups | None:
    """Some of the groups, with their rows; None for a single one."""
    if groups is None:
        return None
    chosen = np.arange(len(groups))[index]
    if not chosen.ndim:
        return None
    codes = np.full(len(groups), -1)
    codes[chosen] = np.arange(len(chosen))
    rows = codes[groups.codes]
    keys = tuple(groups.keys[group] for group in chosen.tolist())
    return Groups(groups.names, keys, rows[rows >= 0])


def _two_decimals(number: float) -> str:
    return "-" if math.isnan(number) else f"{number:.2f}"
