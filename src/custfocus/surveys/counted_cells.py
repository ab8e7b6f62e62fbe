"""The cells of a large population's sample, which add up."""

import attrs
import numpy as np

from custfocus.intervals.covariance import DesignDomains, DesignPairs
from custfocus.intervals.design import Rows, Stage, numbered
from custfocus.results.arrays import Counts, Flags, Floats, Places, same
from custfocus.results.keys import Keys
from custfocus.surveys.contents import Content, Weighed
from custfocus.surveys.domain_rows import (
    added_rests,
    answered,
    read_only,
    renumbered,
    table_of,
    units_met,
    weights_of,
)
from custfocus.surveys.row_fields import RowLabels
from custfocus.surveys.sampled_rows import SampledRows
from custfocus.surveys.stages import StageSpec, check_lonely_strata
from custfocus.surveys.survey_cells import Cells, added_up, stage_of

_LARGE, _MANY = 10, 100  # mean weight, and respondents, of what may be a table of frequencies
_CLOSE = 1e-9  # of a unit's weight: more than adding up in another order leaves over


def _as_cells(cells: Cells) -> Cells:
    return Cells._make(read_only(cells))


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
        return table_of(self.cells, self.domains, kinds)

    @property
    def row_domains(self) -> Places:
        """The domain of each cell."""
        return self.cells.domains

    def weights(self, points: int) -> Floats:
        """The weight on each point, shape (domains, points)."""
        return weights_of(self.cells, points, self.domains)

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
        moved = renumbered(self.cells.domains, domains, number)
        cells = added_up(self.cells._replace(domains=moved))
        return attrs.evolve(self, cells=cells, domains=number)

    def with_rest(self, blocks: Places) -> SampledRows:
        """The domains, and for each of them the others of its block, cells of them added up."""
        sampled, kinds = self.sampled(), self._kinds()
        every = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
        found = [added_rests(sampled.rows, kinds, members, len(blocks)) for members in every]
        cells = np.concatenate([cell for cell, _ in found])
        rests = Rows._make(
            np.concatenate(part) for part in zip(*(rest for _, rest in found), strict=True)
        )
        return sampled.extended(cells, rests, 2 * len(blocks), apart=self.labels is None)

    def _kinds(self) -> Places:
        """Which stratum, cluster and answer each cell has, domains aside."""
        cells = self.cells
        units = numbered(cells.strata, cells.clusters)[2]
        return numbered(units, cells.places)[2]

    def has_design_of(self, other: Content) -> bool:
        """Whether strata and clusters have the same labels, respondents and weights."""
        if not isinstance(other, CountedCells) or not _same_labels(self, other):
            return False
        ours, theirs = (_by_unit(each.cells) for each in (self, other))
        return ours.shape == theirs.shape and bool(np.allclose(ours, theirs, rtol=_CLOSE, atol=0))

    @property
    def may_be_frequencies(self) -> Flags:
        """Whether the weights of a domain are whole, large and few, as in a table of counts."""
        cells, number = self.cells, self.domains + 1  # and those of no domain
        whole = (cells.weights % 1 == 0) & (cells.squares % 1 == 0)
        odd, weights, respondents = (
            np.bincount(cells.domains, of, number)[:-1]
            for of in (~whole, cells.weights, cells.respondents)
        )
        alone = self.strata is None and self.labels is None
        large = (weights >= _LARGE * respondents) & (respondents > 0)
        return np.asarray(large & (respondents < _MANY) & (odd == 0) & alone)

    def clusters(self, points: int) -> Floats | None:
        """Clusters with an answer in each domain."""
        if self.labels is None:
            return None
        some = answered(self.cells, points, self.domains)
        return units_met(self.cells.domains[some], self.stage.units[some], self.domains)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CountedCells):
            return NotImplemented
        ours, theirs = (
            (each.domains, each.lonely_psu, each.degrees_of_freedom) for each in (self, other)
        )
        return (
            ours == theirs and _same_labels(self, other) and all(map(same, self.cells, other.cells))
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
