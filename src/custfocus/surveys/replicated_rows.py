"""Respondents one by one, with replicate weights."""

from functools import partial

import attrs
import numpy as np

from custfocus.intervals.replication import replicate_domains, replicate_pairs, replicate_totals
from custfocus.intervals.residuals import Auxiliaries
from custfocus.results.arrays import Floats, Places
from custfocus.surveys.contents import (
    BY_VALUE,
    Content,
    Weighed,
    read_only_auxiliaries,
    rests,
    with_rests,
)
from custfocus.surveys.replicate_weights import ReplicateWeights


@attrs.frozen
class ReplicatedRows(Content):
    """
    Respondents with replicate weights.

    Attributes:
        design: The weights, calibrated where they had to be.
        auxiliaries: What they were calibrated on; None where they were not.
    """

    design: ReplicateWeights
    auxiliaries: Auxiliaries | None = attrs.field(
        default=None, converter=read_only_auxiliaries, eq=BY_VALUE
    )

    @property
    def calibrated_on(self) -> Auxiliaries | None:
        """The auxiliaries."""
        return self.auxiliaries

    def weighed(self, scores: Floats) -> Weighed:
        """What the replicate weights say of the domains."""
        which, rows, counts = self.counted(len(scores))
        replicates, freedom = self.design.rows(which), self.design.degrees_of_freedom
        totals = replicate_totals(
            counts,
            scores,
            rows,
            replicates,
            auxiliaries=self.auxiliaries and self.auxiliaries.some(which),
            degrees_of_freedom=freedom,
        )
        return Weighed(
            counts,
            totals.means,
            partial(replicate_pairs, totals, degrees_of_freedom=freedom),
            partial(replicate_domains, totals, degrees_of_freedom=freedom),
        )

    def with_rest(self, blocks: Places) -> "ReplicatedRows":
        """The domains, and for each of them the others of its block."""
        respondents = np.arange(len(self.rows.places))
        like, more = rests(self.rows, respondents, blocks)
        every = np.append(respondents, like)
        weights, replicates = self.design.weights[every], self.design.replicates[every]
        design = attrs.evolve(self.design, weights=weights, replicates=replicates)
        auxiliaries = self.auxiliaries and self.auxiliaries.some(every)
        return ReplicatedRows(with_rests(self, more), 2 * self.domains, design, auxiliaries)

    def has_design_of(self, other: Content) -> bool:
        """Whether the weights are the same."""
        return isinstance(other, ReplicatedRows) and self.design == other.design
