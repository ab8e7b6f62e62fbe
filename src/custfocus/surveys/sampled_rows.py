"""Respondents one by one, and the stages that they were sampled in."""

from functools import partial

import attrs
import numpy as np

from custfocus.intervals.covariance import design_domains, design_pairs
from custfocus.intervals.design import Rows, Stage, of_members
from custfocus.intervals.linearisation import design_totals
from custfocus.intervals.residuals import Auxiliaries
from custfocus.results.arrays import Floats, Places, floats, same
from custfocus.surveys.contents import (
    BY_VALUE,
    Content,
    Weighed,
    alike,
    read_only,
    read_only_auxiliaries,
    rests,
    with_rests,
)

_LEFT_OVER = 4 * float(np.finfo(np.float64).eps)  # of unevenness, where equal weights were added up


def _as_stages(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    return tuple(map(read_only, stages))


@attrs.frozen
class SampledRows(Content):
    """
    Respondents, or several at once, and the stages that they were sampled in.

    Attributes:
        stages: With the unit of each row.
        clustered: Whether the units of the first stage are clusters.
        lonely_psu: What a stratum with one cluster gets.
        degrees_of_freedom: The fixed ones; None for none.
        auxiliaries: What the weights were calibrated on; None where they were not.
        members_left: How many members of the population were not drawn in each stratum of the
            first stage, infinite where that is not known; None where it is not in any.
    """

    stages: tuple[Stage, ...] = attrs.field(converter=_as_stages, eq=BY_VALUE)
    clustered: bool
    lonely_psu: str
    degrees_of_freedom: float | None
    auxiliaries: Auxiliaries | None = attrs.field(
        default=None, converter=read_only_auxiliaries, eq=BY_VALUE
    )
    members_left: Floats | None = attrs.field(
        default=None, converter=attrs.converters.optional(floats), eq=BY_VALUE
    )

    @property
    def calibrated_on(self) -> Auxiliaries | None:
        """The auxiliaries."""
        return self.auxiliaries

    @property
    def is_finite(self) -> bool:
        """Whether the sizes of strata are known at some stage."""
        return any(bool((stage.open < 1).any()) for stage in self.stages)

    @property
    def units(self) -> Places | None:
        """The cluster of each row."""
        return self.stages[0].units if self.clustered else None

    def weighed(self, scores: Floats) -> Weighed:
        """What the design says of the domains, by linearisation."""
        which, rows, counts = self.counted(len(scores))
        stages = tuple(stage._replace(units=stage.units[which]) for stage in self.stages)
        freedom = self.degrees_of_freedom
        totals = design_totals(
            counts,
            scores,
            rows,
            stages,
            self.lonely_psu,
            auxiliaries=self.auxiliaries and self.auxiliaries.some(which),
            degrees_of_freedom=freedom,
        )
        if self.members_left is not None:
            means = of_members(totals.means, rows, scores, stages[0], self.members_left)
            totals = totals._replace(means=means)
        return Weighed(
            counts,
            totals.means,
            partial(design_pairs, totals, degrees_of_freedom=freedom),
            partial(design_domains, totals, degrees_of_freedom=freedom),
        )

    def with_rest(self, blocks: Places) -> "SampledRows":
        """The domains, and for each of them the others of its block."""
        like, more = rests(self.rows, np.arange(len(self.rows.places)), blocks)
        return self.extended(like, more, apart=False)

    def extended(self, like: Places, more: Rows, *, apart: bool) -> "SampledRows":
        """
        The rows and those of the rests of the domains.

        Args:
            like: For each of the others a row that is of the same unit, or of the same stratum.
            more: The others.
            apart: Whether they are units of their own, as many as they have respondents.
        """
        stages = tuple(_extended(stage, like, more if apart else None) for stage in self.stages)
        every = np.append(np.arange(len(self.rows.places)), like)
        return attrs.evolve(
            self,
            rows=with_rests(self, more),
            stages=stages,
            domains=2 * self.domains,
            auxiliaries=self.auxiliaries and self.auxiliaries.some(every),
        )

    def has_design_of(self, other: Content) -> bool:
        """Whether weights and stages are the same."""
        return (
            isinstance(other, SampledRows)
            and same(self.rows.weights, other.rows.weights)
            and alike(self.stages, other.stages)
            and alike(self.auxiliaries, other.auxiliaries)
        )


def unevenness_of(respondents: Floats, weights: Floats, squares: Floats) -> Floats:
    """Of so many weights, sum w² / (sum w)² - 1 / k; 0 where they are equal."""
    root = np.sqrt(squares) / np.where(weights > 0, weights, 1)
    unevenness = root**2 - 1 / np.maximum(respondents, 1)
    return np.where(unevenness > _LEFT_OVER, unevenness, 0)


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
