"""What a survey keeps of the answers to one item: what its three kinds have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self, TypeVar, cast

import attrs
import numpy as np

from custfocus.intervals.covariance import DesignDomains, DesignPairs
from custfocus.intervals.design import (
    DesignMeans,
    Rows,
    Stage,
    how_many,
    numbered,
    sums,
    weighted_counts,
)
from custfocus.intervals.residuals import Auxiliaries
from custfocus.results.arrays import Counts, Flags, Floats, Places, floats, frozen, same
from custfocus.surveys.row_fields import init_state, rebuilt

Arrays = TypeVar("Arrays", Rows, Stage)


class Weighed(NamedTuple):
    """
    The answers of each domain as a design weighs them.

    Attributes:
        counts: Weight on each point, shape (domains, points).
        means: The mean scores and what the design says of them.
        pairs: What it says of pairs of domains, the first and the second of each.
        together: What it says of all domains.
    """

    counts: Floats
    means: DesignMeans
    pairs: Callable[[Places, Places], DesignPairs]
    together: Callable[[], DesignDomains]


def read_only(arrays: Arrays) -> Arrays:
    """The same with arrays that can't be written to."""
    made: Any = type(arrays)
    return cast("Arrays", made(*(frozen(array, array.dtype.type) for array in arrays)))


def alike(one: object, other: object) -> bool:
    """Whether two fields are equal, arrays by value, in tuples too."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        ours, theirs = cast("tuple[object, ...]", one), cast("tuple[object, ...]", other)
        return len(ours) == len(theirs) and all(map(alike, ours, theirs))
    return same(one, other)


def read_only_auxiliaries(auxiliaries: Auxiliaries | None) -> Auxiliaries | None:
    """The same with arrays that can't be written to."""
    if auxiliaries is None:
        return None
    coefficients, spread, left, units, of_row = auxiliaries
    respondents = (floats(coefficients), floats(spread), floats(left))
    return Auxiliaries(*respondents, tuple(map(floats, units)), frozen(of_row, np.intp))


def _as_rows(rows: Rows) -> Rows:
    return read_only(rows)


BY_VALUE = attrs.cmp_using(eq=alike)  # what says how a field is compared


@attrs.frozen
class Content(ABC):
    """
    The answers to one item of a survey, all of its design kept.

    Answers are numbered by their place on the scale and, beyond it, among the reasons of
    missing ones; respondents by their domain. Who is in none of the domains, since its row was
    taken out, has their number for a domain and stays in the design.

    Attributes:
        rows: All who were drawn, one by one or several at once; those of weight 0 too.
        domains: How many there are.
    """

    rows: Rows = attrs.field(converter=_as_rows, eq=BY_VALUE)
    domains: int

    @property
    def is_whole(self) -> bool:
        """Whether all who were drawn are in one of the domains."""
        return not bool((self.rows.domains == self.domains).any())

    @property
    def is_finite(self) -> bool:
        """Whether the design knows of a finite population."""
        return False

    @property
    def units(self) -> Places | None:
        """The cluster of each row, numbered; None where none are known."""
        return None

    @property
    def calibrated_on(self) -> Auxiliaries | None:
        """What the weights were calibrated on, by row; None where they were not."""
        return None

    @property
    def factors(self) -> tuple[float, float]:
        """The least and the greatest that calibration multiplies weights by, 1 on average."""
        if self.calibrated_on is None:
            return 1.0, 1.0
        counted = self.rows.weights > 0
        weights = self.rows.weights[counted]
        spread = self.calibrated_on.spread[self.calibrated_on.of_row[counted]]
        base = spread * weights**2
        factors = weights / base * (base.sum() / weights.sum())
        return float(factors.min()), float(factors.max())

    @property
    def may_be_frequencies(self) -> Flags:
        """Whether the weights of a domain look like those of a table of counts."""
        return np.zeros(self.domains, np.bool_)

    def answered(self, points: int) -> Flags:
        """Rows that count: with a positive weight, an answer on one of the points and a domain."""
        rows = self.rows
        counted = (rows.respondents > 0) & (rows.places < points) & (rows.domains < self.domains)
        return np.asarray(counted)

    def table(self, kinds: int) -> Counts:
        """Respondents of positive weight by answer, shape (domains, kinds)."""
        cells = self.rows.domains * kinds + self.rows.places  # those of no domain come last
        found = sums(cells, self.rows.respondents, (self.domains + 1) * kinds)
        return found[: self.domains * kinds].astype(np.int64).reshape(self.domains, kinds)

    def weights(self, points: int) -> Floats:
        """The weight on each point, shape (domains, points)."""
        return self.counted(points)[2]

    def counted(self, points: int) -> tuple[Flags, Rows, Floats]:
        """Which rows count, these rows, and the weight on each point in each domain."""
        which = self.answered(points)
        rows = some_rows(self.rows, which)
        return which, rows, weighted_counts(rows, self.domains, points)

    def clusters_met(self, points: int) -> Floats:
        """Clusters with an answer in each domain, shape (domains,); infinite if none are known."""
        if self.units is None:
            return np.full(self.domains, np.inf)
        some = self.answered(points)
        domains, _, _ = numbered(self.rows.domains[some], self.units[some])
        return how_many(domains, self.domains)

    @abstractmethod
    def weighed(self, scores: Floats) -> Weighed:
        """
        What the design says of the domains, by scores on the points; shape (points,).

        Raises:
            TallyError: A stratum with one cluster that the design does not provide for.
        """

    def regrouped(self, domains: Places, number: int) -> Self:
        """The same respondents in other domains, given the new one of each old one."""
        moved = np.append(domains, number)[self.rows.domains]
        return attrs.evolve(self, rows=self.rows._replace(domains=moved), domains=number)

    @abstractmethod
    def with_rest(self, blocks: Places) -> "Content":
        """
        The domains, and behind them for each of them the others of its block as one.

        Respondents are in several domains then, no two of a domain and its rest.

        Args:
            blocks: Of each domain, numbered from 0.
        """

    @abstractmethod
    def has_design_of(self, other: "Content") -> bool:
        """Whether the two were drawn alike, respondent by respondent or cluster by cluster."""

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuilt, (type(self), init_state(self))  # so that arrays stay read-only


def respondent_rows(places: Places, domains: Places, weights: Floats) -> Rows:
    """Respondents one by one."""
    return Rows(places, weights, domains, (weights > 0).astype(np.float64), weights**2)


def some_rows(rows: Rows, which: Flags | Places) -> Rows:
    """Some of the rows."""
    return Rows._make(array[which] for array in rows)


def concatenated(parts: Sequence[Arrays]) -> Arrays:
    """The rows of all, or the stages."""
    made: Any = type(parts[0])
    return cast("Arrays", made(*map(np.concatenate, zip(*parts, strict=True))))


def with_rests(content: Content, more: Rows) -> Rows:
    """The rows and those of the rests, which are as many domains again."""
    outside = content.rows.domains == content.domains
    own = np.where(outside, 2 * content.domains, content.rows.domains)
    return concatenated([content.rows._replace(domains=own), more])


def rests(rows: Rows, kinds: Places, blocks: Places) -> tuple[Places, Rows]:
    """
    For each domain the others of its block, rows of a kind added up.

    Args:
        rows: Of all domains.
        kinds: Of each row: rows of a kind have the same unit, or stratum, and answer.
        blocks: Of each domain, numbered from 0.

    Returns:
        A row of the kind for each sum, and the sums; the rest of a domain has its number and
        that of all domains for a domain.
    """
    inside = np.flatnonzero((rows.domains < len(blocks)) & (rows.respondents > 0))
    of_row = blocks[rows.domains[inside]]
    inside = inside[np.argsort(of_row, kind="stable")]
    ends = np.cumsum(np.bincount(of_row, minlength=int(blocks.max(initial=0)) + 1))
    found = [
        _rests_of_block(rows, kinds, part, np.flatnonzero(blocks == block), len(blocks))
        for block, part in enumerate(np.split(inside, ends[:-1]))
    ]
    likes, added = zip(*found, strict=True)
    return np.concatenate(likes), concatenated(added)


def _rests_of_block(
    rows: Rows, kinds: Places, inside: Places, members: Places, domains: int
) -> tuple[Places, Rows]:
    """The rests of the domains of one block, whose rows are those inside."""
    _, first, kind = np.unique(kinds[inside], return_index=True, return_inverse=True)
    cells = np.searchsorted(members, rows.domains[inside]) * len(first) + kind
    shape = (len(members), len(first))
    respondents, weights, squares = (
        _of_others(sums(cells, values[inside], shape[0] * shape[1]).reshape(shape))
        for values in (rows.respondents, rows.weights, rows.squares)
    )
    some = respondents > 0
    member, column = np.nonzero(some)
    like = inside[first[column]]
    rest = domains + members[member]
    return like, Rows(rows.places[like], weights[some], rest, respondents[some], squares[some])


def _of_others(values: Floats) -> Floats:
    """The sums over all rows but each one's own; by addition alone, so that no digits cancel."""
    before, after = np.zeros_like(values), np.zeros_like(values)
    before[1:] = np.cumsum(values[:-1], axis=0)
    after[:-1] = np.cumsum(values[:0:-1], axis=0)[::-1]
    return before + after
