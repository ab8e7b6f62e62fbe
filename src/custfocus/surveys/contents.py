"""What a survey keeps of the answers to one item: the protocol of its three kinds."""

from abc import ABC, abstractmethod
from typing import Any, NamedTuple, Self, cast

import attrs

from custfocus.intervals.covariance import DesignDomains, DesignPairs
from custfocus.intervals.design import DesignMeans
from custfocus.results.arrays import Counts, Floats, Places
from custfocus.surveys.row_fields import init_state, rebuilt


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
        """Whether all who were drawn are in one of the domains."""
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
        state = init_state(cast("attrs.AttrsInstance", self))
        return rebuilt, (type(self), state)  # so that arrays stay read-only
