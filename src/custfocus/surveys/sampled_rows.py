"""Respondents one by one, and the stages that they were sampled in."""

import attrs
import numpy as np

from custfocus.intervals.covariance import DesignDomains, DesignPairs, design_domains, design_pairs
from custfocus.intervals.design import Rows, Stage, weighted_counts
from custfocus.intervals.linearisation import DesignTotals, design_totals
from custfocus.results.arrays import Counts, Floats, Places, same
from custfocus.surveys.contents import Content, Weighed
from custfocus.surveys.domain_rows import (
    answered,
    read_only,
    renumbered,
    rests,
    some_rows,
    table_of,
    units_met,
    weights_of,
)
from custfocus.surveys.survey_cells import unevenness_of


def _as_rows(rows: Rows) -> Rows:
    return Rows._make(read_only(rows))


def _as_stages(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    return tuple(Stage._make(read_only(each)) for each in stages)


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
        return table_of(self.rows, self.domains, kinds)

    @property
    def row_domains(self) -> Places:
        """The domain of each row."""
        return self.rows.domains

    def weights(self, points: int) -> Floats:
        """The weight on each point, shape (domains, points)."""
        return weights_of(self.rows, points, self.domains)

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
        counted = answered(self.rows, len(scores), self.domains)
        rows = some_rows(self.rows, counted)
        stages = tuple(stage._replace(units=stage.units[counted]) for stage in self.stages)
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
        rows = self.rows._replace(domains=renumbered(self.rows.domains, domains, number))
        return attrs.evolve(self, rows=rows, domains=number)

    def with_rest(self, blocks: Places) -> "SampledRows":
        """The domains, and for each of them the others of its block."""
        row, domain = rests(self.rows.domains, blocks)
        rest = some_rows(self.rows, row)._replace(domains=domain)
        return self.extended(row, rest, 2 * len(blocks), apart=False)

    def extended(self, like: Places, more: Rows, domains: int, *, apart: bool) -> "SampledRows":
        """
        The rows and more of them, in domains of their own.

        Args:
            like: For each of the others a row that is of the same unit, or of the same stratum.
            more: The others.
            domains: How many there are then.
            apart: Whether they are units of their own, as many as they have respondents.
        """
        pairs = zip(self._set_apart(domains), more, strict=True)
        rows = Rows._make(np.append(one, other) for one, other in pairs)
        stages = [_extended(stage, like, more if apart else None) for stage in self.stages]
        return attrs.evolve(self, rows=rows, stages=tuple(stages), domains=domains)

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
        some = answered(self.rows, points, self.domains)
        return units_met(self.rows.domains[some], self.stages[0].units[some], self.domains)

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


def _extended(stage: Stage, like: Places, apart: Rows | None) -> Stage:
    """A stage with more rows, whose units are those of others or their own."""
    units = stage.units[like]
    if apart is None:
        return stage._replace(units=np.append(stage.units, units))
    alone = unevenness_of(apart.respondents, apart.weights, apart.squares)
    return stage._replace(
        units=np.append(stage.units, len(stage.strata) + np.arange(len(units))),
        strata=np.append(stage.strata, stage.strata[units]),
        alike=np.append(stage.alike, apart.respondents),
        unevenness=np.append(stage.unevenness, alone),
    )


def _same_stages(ours: tuple[Stage, ...], theirs: tuple[Stage, ...]) -> bool:
    return len(ours) == len(theirs) and all(
        all(map(same, one, other)) for one, other in zip(ours, theirs, strict=True)
    )
