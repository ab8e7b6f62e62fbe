"""What a survey leaves of the answers to one item: cells, respondents, or replicate weights."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Self

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.covariance import (
    DesignDomains,
    DesignPairs,
    design_domains,
    design_pairs,
)
from custfocus.intervals.design import DesignMeans, Rows, Stage, sums, weighted_counts
from custfocus.intervals.linearisation import DesignTotals, design_totals
from custfocus.intervals.replicate_weights import (
    ReplicateTotals,
    replicate_domains,
    replicate_pairs,
    replicate_totals,
)
from custfocus.results.arrays import Counts, Flags, Floats, Places, frozen, same
from custfocus.results.arrays import places as as_places
from custfocus.results.keys import Keys
from custfocus.surveys.replicate_weights import ReplicateWeights
from custfocus.surveys.row_fields import RowLabels, init_state, rebuilt
from custfocus.surveys.stages import StageSpec, check_lonely_strata
from custfocus.surveys.survey_cells import Cells, added_up, stage_of

_CLOSE = 1e-9  # of a unit's weight: more than adding up in another order leaves over


class Weighed(NamedTuple):
    """
    The answers of each domain as a design weighs them.

    Attributes:
        counts: Weight on each point, shape (domains, points).
        means: The mean scores and what the design says of them.
    """

    counts: Floats
    means: DesignMeans


class Content(ABC):
    """
    The answers to one item of a survey, all of its design kept.

    Answers are numbered by their place on the scale and, beyond it, among the reasons of
    missing ones; respondents by their domain. Who is in none of the domains, since its row was
    taken out, has their number for a domain and stays in the design.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def domains(self) -> int:
        """How many domains there are."""

    @property
    @abstractmethod
    def row_domains(self) -> Places:
        """The domain of each row that is kept."""

    @property
    def is_whole(self) -> bool:
        """Whether everybody who was drawn is in one of the domains."""
        return not bool((self.row_domains == self.domains).any())

    @abstractmethod
    def table(self, kinds: int) -> Counts:
        """Respondents of positive weight by answer, shape (domains, kinds)."""

    @abstractmethod
    def weights(self, points: int) -> Floats:
        """The weight on each point, shape (domains, points)."""

    @abstractmethod
    def weighed(self, scores: Floats) -> Weighed:
        """
        The means of the domains by scores on the points, shape (points,).

        Raises:
            TallyError: A stratum with one cluster that the design does not provide for.
        """

    @abstractmethod
    def pairs(self, scores: Floats, a: Places, b: Places) -> tuple[Floats, DesignPairs]:
        """The counts of `weighed`, and what the design says of pairs of domains a and b."""

    @abstractmethod
    def together(self, scores: Floats) -> tuple[Floats, DesignDomains]:
        """The counts of `weighed`, and what the design says of all domains."""

    @abstractmethod
    def regrouped(self, domains: Places, number: int) -> Self:
        """The same respondents in other domains, given the new one of each old one."""

    @abstractmethod
    def with_rest(self, blocks: Places) -> "Content":
        """
        The domains, and behind them for each of them the others of its block as one.

        Respondents are in several domains then, no two of a domain and its rest.

        Args:
            blocks: Of each domain.
        """

    @abstractmethod
    def has_design_of(self, other: "Content") -> bool:
        """Whether the two were drawn alike, respondent by respondent or cluster by cluster."""

    @abstractmethod
    def clusters(self, points: int) -> Floats | None:
        """Clusters with an answer in each domain, shape (domains,); None where none were drawn."""

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuilt, (type(self), init_state(self))  # so that arrays stay read-only


def _read_only(arrays: Iterable[NDArray[Any]]) -> Iterator[Any]:
    return (frozen(array, array.dtype.type) for array in arrays)


def _as_rows(rows: Rows) -> Rows:
    return Rows._make(_read_only(rows))


def _as_cells(cells: Cells) -> Cells:
    return Cells._make(_read_only(cells))


def _as_stages(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    return tuple(Stage._make(_read_only(each)) for each in stages)


@attrs.frozen(eq=False)
class SampledRows(Content):
    """
    Respondents, or several at once, and the stages that they were sampled in.

    Attributes:
        rows: All who were drawn, in any order; those of weight 0 too.
        stages: With the unit of each row.
        clustered: Whether the units of the first stage are clusters.
        domains: How many there are.
        lonely_psu: What a stratum with one cluster gets.
        degrees_of_freedom: The fixed ones; None for none.
    """

    rows: Rows = attrs.field(converter=_as_rows)
    stages: tuple[Stage, ...] = attrs.field(converter=_as_stages)
    clustered: bool
    _domains: int
    lonely_psu: str
    degrees_of_freedom: float | None

    @property
    def domains(self) -> int:
        """How many domains there are."""
        return self._domains

    def table(self, kinds: int) -> Counts:
        """Respondents of positive weight by answer, shape (domains, kinds)."""
        return _table(self.rows, self.domains, kinds)

    @property
    def row_domains(self) -> Places:
        """The domain of each row."""
        return self.rows.domains

    def weights(self, points: int) -> Floats:
        """The weight on each point, shape (domains, points)."""
        return _weights(self.rows, points, self.domains)

    def weighed(self, scores: Floats) -> Weighed:
        """The means of the domains, by linearisation."""
        counts, totals = self._totals(scores)
        return Weighed(counts, totals.means)

    def pairs(self, scores: Floats, a: Places, b: Places) -> tuple[Floats, DesignPairs]:
        """What the design says of pairs of domains."""
        counts, totals = self._totals(scores)
        return counts, design_pairs(totals, a, b, degrees_of_freedom=self.degrees_of_freedom)

    def together(self, scores: Floats) -> tuple[Floats, DesignDomains]:
        """What the design says of all domains."""
        counts, totals = self._totals(scores)
        return counts, design_domains(totals, degrees_of_freedom=self.degrees_of_freedom)

    def _totals(self, scores: Floats) -> tuple[Floats, DesignTotals]:
        answered = _answered(self.rows, len(scores), self.domains)
        rows = _some(self.rows, answered)
        stages = tuple(stage._replace(units=stage.units[answered]) for stage in self.stages)
        counts = weighted_counts(rows, self.domains, len(scores))
        totals = design_totals(
            counts,
            scores,
            rows,
            stages,
            self.lonely_psu,
            degrees_of_freedom=self.degrees_of_freedom,
        )
        return counts, totals

    def regrouped(self, domains: Places, number: int) -> "SampledRows":
        """The same respondents in other domains."""
        rows = self.rows._replace(domains=_renumbered(self.rows.domains, domains, number))
        return attrs.evolve(self, rows=rows, domains=number)

    def with_rest(self, blocks: Places) -> "SampledRows":
        """The domains, and for each of them the others of its block."""
        row, domain = _rests(self.rows.domains, blocks)
        rest = _some(self.rows, row)._replace(domains=domain)
        stages = (
            stage._replace(units=np.append(stage.units, stage.units[row])) for stage in self.stages
        )
        pairs = zip(self._set_apart(2 * len(blocks)), rest, strict=True)
        rows = Rows._make(np.append(one, other) for one, other in pairs)
        return attrs.evolve(self, rows=rows, stages=tuple(stages), domains=2 * len(blocks))

    def _set_apart(self, number: int) -> Rows:
        """The rows, those in no domain with a number beyond this one's."""
        outside = self.rows.domains == self.domains
        return self.rows._replace(domains=np.where(outside, number, self.rows.domains))

    def has_design_of(self, other: Content) -> bool:
        """Whether weights and stages are the same."""
        if not isinstance(other, SampledRows):
            return False
        weights = same(self.rows.weights, other.rows.weights)
        return weights and _same_stages(self.stages, other.stages)

    def clusters(self, points: int) -> Floats | None:
        """Clusters with an answer in each domain."""
        if not self.clustered:
            return None
        some = _answered(self.rows, points, self.domains)
        return _met(self.rows.domains[some], self.stages[0].units[some], self.domains)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SampledRows):
            return NotImplemented
        ours, theirs = (
            (each.domains, each.lonely_psu, each.degrees_of_freedom) for each in (self, other)
        )
        return (
            ours == theirs
            and all(map(same, self.rows, other.rows))
            and _same_stages(self.stages, other.stages)
        )


@attrs.frozen(eq=False)
class CountedCells(Content):
    """
    The cells of a large population's sample, of one stage; they add up.

    Attributes:
        cells: Each once, in order.
        strata: The labels of the strata; None for one.
        labels: Those of the clusters; None if every respondent was drawn on their own.
        domains: How many there are.
        lonely_psu: What a stratum with one cluster gets.
        degrees_of_freedom: The fixed ones; None for none.
    """

    cells: Cells = attrs.field(converter=_as_cells)
    strata: Keys | None
    labels: Keys | None
    _domains: int
    lonely_psu: str
    degrees_of_freedom: float | None

    @property
    def domains(self) -> int:
        """How many domains there are."""
        return self._domains

    @property
    def stage(self) -> Stage:
        """The sampling, by cell."""
        strata = 1 if self.strata is None else self.strata.rows
        return stage_of(self.cells, strata, clustered=self.labels is not None)

    def sampled(self) -> SampledRows:
        """The cells as rows, with a stage of their own."""
        cells, stage = self.cells, self.stage
        strata = None if self.strata is None else RowLabels(self.strata, cells.strata)
        clusters = None if self.labels is None else RowLabels(self.labels, cells.clusters)
        spec = StageSpec(clusters, strata, None, field="")
        check_lonely_strata(spec, stage.lonely, cells.strata, self.lonely_psu)
        exponent = int(np.frexp(cells.weights.max(initial=0))[1])  # squares stay within float64
        rows = Rows(
            cells.places,
            np.ldexp(cells.weights, -exponent),
            cells.domains,
            cells.respondents.astype(np.float64),
            np.ldexp(cells.squares, -2 * exponent),
        )
        return SampledRows(
            rows,
            (stage,),
            self.labels is not None,
            self.domains,
            self.lonely_psu,
            self.degrees_of_freedom,
        )

    def table(self, kinds: int) -> Counts:
        """Respondents of positive weight by answer, shape (domains, kinds)."""
        return _table(self.cells, self.domains, kinds)

    @property
    def row_domains(self) -> Places:
        """The domain of each cell."""
        return self.cells.domains

    def weights(self, points: int) -> Floats:
        """The weight on each point, shape (domains, points)."""
        return _weights(self.cells, points, self.domains)

    def weighed(self, scores: Floats) -> Weighed:
        """The means of the domains, by linearisation."""
        return self.sampled().weighed(scores)

    def pairs(self, scores: Floats, a: Places, b: Places) -> tuple[Floats, DesignPairs]:
        """What the design says of pairs of domains."""
        return self.sampled().pairs(scores, a, b)

    def together(self, scores: Floats) -> tuple[Floats, DesignDomains]:
        """What the design says of all domains."""
        return self.sampled().together(scores)

    def regrouped(self, domains: Places, number: int) -> "CountedCells":
        """The same respondents in other domains."""
        moved = _renumbered(self.cells.domains, domains, number)
        cells = added_up(self.cells._replace(domains=moved))
        return attrs.evolve(self, cells=cells, domains=number)

    def with_rest(self, blocks: Places) -> SampledRows:
        """The domains, and for each of them the others of its block."""
        return self.sampled().with_rest(blocks)

    def has_design_of(self, other: Content) -> bool:
        """Whether strata and clusters have the same labels, respondents and weights."""
        if not isinstance(other, CountedCells) or not _same_labels(self, other):
            return False
        ours, theirs = (_by_unit(each.cells) for each in (self, other))
        return ours.shape == theirs.shape and bool(np.allclose(ours, theirs, rtol=_CLOSE, atol=0))

    def clusters(self, points: int) -> Floats | None:
        """Clusters with an answer in each domain."""
        if self.labels is None:
            return None
        some = _answered(self.cells, points, self.domains)
        return _met(self.cells.domains[some], self.stage.units[some], self.domains)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CountedCells):
            return NotImplemented
        ours, theirs = (
            (each.domains, each.lonely_psu, each.degrees_of_freedom) for each in (self, other)
        )
        return (
            ours == theirs and _same_labels(self, other) and all(map(same, self.cells, other.cells))
        )


@attrs.frozen(eq=False)
class ReplicatedRows(Content):
    """
    Respondents with replicate weights.

    Attributes:
        places: The answer of each respondent.
        row_domains: The domain of each.
        design: The weights.
        domains: How many there are.
    """

    places: Places = attrs.field(converter=as_places)
    row_domains: Places = attrs.field(converter=as_places)
    design: ReplicateWeights
    _domains: int

    @property
    def domains(self) -> int:
        """How many domains there are."""
        return self._domains

    @property
    def rows(self) -> Rows:
        """All respondents, of weights of 1 at the most."""
        weights = self.design.weights / self.design.weights.max()  # equal ones are exactly 1
        return rows_of(self.places, self.row_domains, weights)

    def table(self, kinds: int) -> Counts:
        """Respondents of positive weight by answer, shape (domains, kinds)."""
        return _table(self.rows, self.domains, kinds)

    def weights(self, points: int) -> Floats:
        """The weight on each point, shape (domains, points)."""
        return _weights(self.rows, points, self.domains)

    def weighed(self, scores: Floats) -> Weighed:
        """The means of the domains, by replicate weights."""
        counts, totals = self._totals(scores)
        return Weighed(counts, totals.means)

    def pairs(self, scores: Floats, a: Places, b: Places) -> tuple[Floats, DesignPairs]:
        """What the replicate weights say of pairs of domains."""
        counts, totals = self._totals(scores)
        freedom = self.design.degrees_of_freedom
        return counts, replicate_pairs(totals, a, b, degrees_of_freedom=freedom)

    def together(self, scores: Floats) -> tuple[Floats, DesignDomains]:
        """What the replicate weights say of all domains."""
        counts, totals = self._totals(scores)
        freedom = self.design.degrees_of_freedom
        return counts, replicate_domains(totals, degrees_of_freedom=freedom)

    def _totals(self, scores: Floats) -> tuple[Floats, ReplicateTotals]:
        every = self.rows
        answered = _answered(every, len(scores), self.domains)
        rows = _some(every, answered)
        counts = weighted_counts(rows, self.domains, len(scores))
        totals = replicate_totals(
            counts,
            scores,
            rows,
            self.design.rows(answered),
            degrees_of_freedom=self.design.degrees_of_freedom,
        )
        return counts, totals

    def regrouped(self, domains: Places, number: int) -> "ReplicatedRows":
        """The same respondents in other domains."""
        moved = _renumbered(self.row_domains, domains, number)
        return attrs.evolve(self, row_domains=moved, domains=number)

    def with_rest(self, blocks: Places) -> "ReplicatedRows":
        """The domains, and for each of them the others of its block."""
        row, domain = _rests(self.row_domains, blocks)
        number = 2 * len(blocks)
        every = np.append(np.arange(len(self.places)), row)
        own = np.where(self.row_domains == self.domains, number, self.row_domains)
        design = attrs.evolve(
            self.design,
            weights=self.design.weights[every],
            replicates=self.design.replicates[every],
        )
        return ReplicatedRows(self.places[every], np.append(own, domain), design, number)

    def has_design_of(self, other: Content) -> bool:
        """Whether the weights are the same."""
        return isinstance(other, ReplicatedRows) and self.design == other.design

    def clusters(self, points: int) -> None:
        """Replicate weights do not tell the clusters."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ReplicatedRows):
            return NotImplemented
        ours, theirs = ((each.places, each.row_domains) for each in (self, other))
        alike = self.domains == other.domains and self.design == other.design
        return alike and all(map(same, ours, theirs))


def rows_of(places: Places, domains: Places, weights: Floats) -> Rows:
    """Respondents one by one."""
    return Rows(places, weights, domains, (weights > 0).astype(np.float64), weights**2)


def _answered(rows: "Rows | Cells", points: int, domains: int) -> Flags:
    """Those who count: with a positive weight, an answer on one of the points and a domain."""
    counted = (rows.respondents > 0) & (rows.places < points) & (rows.domains < domains)
    return np.asarray(counted)


def _weights(rows: "Rows | Cells", points: int, domains: int) -> Floats:
    counted = _answered(rows, points, domains)
    cells = rows.domains[counted] * points + rows.places[counted]
    return sums(cells, rows.weights[counted], domains * points).reshape(domains, points)


def _some(rows: Rows, which: Flags | Places) -> Rows:
    return Rows._make(array[which] for array in rows)


def _renumbered(old: Places, domains: Places, number: int) -> Places:
    """The new domain of each row; those who were in none stay in none."""
    return np.append(domains, number)[old]


def _rests(domains: Places, blocks: Places) -> tuple[Places, Places]:
    """
    Each row once for every other domain of its block, and that domain's rest.

    Args:
        domains: Of each row; beyond the last for those in none.
        blocks: Of each domain.
    """
    members = np.argsort(blocks, kind="stable")
    rank = np.empty_like(members)
    sizes = np.bincount(blocks)
    starts = np.cumsum(sizes) - sizes
    rank[members] = np.arange(len(blocks)) - starts[blocks[members]]
    inside = np.flatnonzero(domains < len(blocks))
    own = domains[inside]
    copies = sizes[blocks[own]] - 1
    which = np.repeat(np.arange(len(inside)), copies)
    place = np.arange(len(which)) - np.repeat(np.cumsum(copies) - copies, copies)
    place += place >= rank[own[which]]  # all of the block but its own
    others = members[starts[blocks[own[which]]] + place]
    return inside[which], len(blocks) + others


def _table(rows: "Rows | Cells", domains: int, kinds: int) -> Counts:
    cells = rows.domains * kinds + rows.places  # those of no domain come last
    found = sums(cells, np.asarray(rows.respondents, np.float64), (domains + 1) * kinds)
    return found[: domains * kinds].astype(np.int64).reshape(domains, kinds)


def _met(domains: Places, units: Places, number: int) -> Floats:
    """How many units each domain has somebody in."""
    width = int(units.max(initial=0)) + 1
    pairs = np.unique(domains * width + units) // width
    return np.bincount(pairs, minlength=number).astype(np.float64)


def _same_stages(ours: tuple[Stage, ...], theirs: tuple[Stage, ...]) -> bool:
    return len(ours) == len(theirs) and all(
        all(map(same, one, other)) for one, other in zip(ours, theirs, strict=True)
    )


def _same_labels(one: CountedCells, other: CountedCells) -> bool:
    pairs = ((one.strata, other.strata), (one.labels, other.labels))
    return all(_label_set(ours) == _label_set(theirs) for ours, theirs in pairs)


def _label_set(keys: Keys | None) -> RowLabels | None:
    return None if keys is None else RowLabels(keys, np.arange(keys.rows))


def _by_unit(cells: Cells) -> Floats:
    """Respondents, weights and squared weights of each cluster, domains and answers aside."""
    none = np.zeros_like(cells.places)
    units = added_up(cells._replace(domains=none, places=none))
    columns = (units.respondents, units.weightless, units.weights, units.squares)
    return np.stack([*units[1:3], *columns]).astype(np.float64)
