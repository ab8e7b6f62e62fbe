"""Respondents one by one, with replicate weights."""

from functools import partial

import attrs
import numpy as np

from custfocus.intervals.replication import replicate_domains, replicate_pairs, replicate_totals
from custfocus.results.arrays import Floats, Places
from custfocus.surveys.contents import Content, Weighed, rests, with_rests
from custfocus.surveys.replicate_weights import ReplicateWeights


@attrs.frozen
class ReplicatedRows(Content):
    """
    Respondents with replicate weights.

    Attributes:
        design: The weights.
    """

    design: ReplicateWeights

    def weighed(self, scores: Floats) -> Weighed:
        """What the replicate weights say of the domains."""
        which, rows, counts = self.counted(len(scores))
        replicates, freedom = self.design.rows(which), self.design.degrees_of_freedom
        totals = replicate_totals(counts, scores, rows, replicates, degrees_of_freedom=freedom)
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
        return ReplicatedRows(with_rests(self, more), 2 * self.domains, design)

    def has_design_of(self, other: Content) -> bool:
        """Whether the weights are the same."""
        return isinstance(other, ReplicatedRows) and self.design == other.design
