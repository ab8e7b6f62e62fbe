"""Respondents one by one, with replicate weights."""

import attrs
import numpy as np

from custfocus.intervals.covariance import DesignDomains, DesignPairs
from custfocus.intervals.design import Rows, weighted_counts
from custfocus.intervals.replication import (
    ReplicateTotals,
    replicate_domains,
    replicate_pairs,
    replicate_totals,
)
from custfocus.results.arrays import Counts, Floats, Places, same
from custfocus.results.arrays import places as as_places
from custfocus.surveys.contents import Content, Weighed
from custfocus.surveys.domain_rows import (
    answered,
    renumbered,
    rests,
    rows_of,
    some_rows,
    table_of,
    weights_of,
)
from custfocus.surveys.replicate_weights import ReplicateWeights


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
        return table_of(self.rows, self.domains, kinds)

    def weights(self, points: int) -> Floats:
        """The weight on each point, shape (domains, points)."""
        return weights_of(self.rows, points, self.domains)

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
        counted = answered(every, len(scores), self.domains)
        rows = some_rows(every, counted)
        counts = weighted_counts(rows, self.domains, len(scores))
        totals = replicate_totals(
            counts,
            scores,
            rows,
            self.design.rows(counted),
            degrees_of_freedom=self.design.degrees_of_freedom,
        )
        return counts, totals

    def regrouped(self, domains: Places, number: int) -> "ReplicatedRows":
        """The same respondents in other domains."""
        moved = renumbered(self.row_domains, domains, number)
        return attrs.evolve(self, row_domains=moved, domains=number)

    def with_rest(self, blocks: Places) -> "ReplicatedRows":
        """The domains, and for each of them the others of its block."""
        row, domain = rests(self.row_domains, blocks)
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
