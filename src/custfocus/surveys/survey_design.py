"""How the respondents of a survey were drawn: weights, strata, clusters, population sizes."""

from typing import Literal

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import unknown_option
from custfocus.intervals.arguments import Floats
from custfocus.intervals.design import Stage
from custfocus.responses.groups import By, Groups
from custfocus.surveys.row_fields import as_labels, as_sizes, as_weights, check_known
from custfocus.surveys.stages import Told, drawn_stages

Lonely = Literal["error", "certainty", "adjust", "average"]

LONELY: tuple[Lonely, ...] = ("error", "certainty", "adjust", "average")


def _as_weights(weights: ArrayLike | None) -> Floats | None:
    return None if weights is None else as_weights(weights)


def _as_population(population: ArrayLike | None) -> Floats | None:
    return None if population is None else as_sizes(population, "population")


def _as_subpopulation(subpopulation: ArrayLike | None) -> Floats | None:
    return None if subpopulation is None else as_sizes(subpopulation, "subpopulation")


def _as_labels(labels: By | Groups | None) -> Groups | None:
    return None if labels is None else as_labels(labels)


def _check_labels(_design: object, field: "attrs.Attribute[Groups | None]", value: object) -> None:
    if isinstance(value, Groups):
        check_known(value.keys, field.name)


def check_lonely(lonely: object) -> None:
    """An error for an unknown way with lonely strata."""
    if lonely not in LONELY:
        raise unknown_option("lonely", lonely, LONELY)


def _check_lonely(_design: object, _field: "attrs.Attribute[Lonely]", value: object) -> None:
    check_lonely(value)


def _told(design: "SurveyDesign") -> Told:
    return Told(
        design.weights,
        design.strata,
        design.clusters,
        design.population,
        design.subclusters,
        design.subpopulation,
    )


def _stages(design: "SurveyDesign") -> tuple[Stage, ...]:
    return drawn_stages(_told(design), design.lonely)


@attrs.frozen(eq=False, repr=False)
class SurveyDesign:
    """
    How the respondents of a survey were drawn, one entry for each of them in every field.

    Clusters (schools, households, days) are what was drawn first, from strata if there are
    any; without clusters it was the respondents themselves. Everybody who was drawn belongs in
    the design: who must not count gets weight 0, and parts are asked for as domains. Taking
    them out beforehand would take their clusters out of the variance.

    Attributes:
        weights: How many members of the population each respondent stands for, up to a common
            factor; 0 for those who must not count. None for the inverse of the shares drawn
            where *population* tells them, else for equal weights.
        strata: Labels of the strata, or several by name, as in `Groups.of`; None for one.
        clusters: Labels of the clusters, likewise; the same label in two strata is two
            clusters. None if every respondent was drawn on their own.
        population: How many clusters (people, without clusters) there are in the respondent's
            stratum. None for many more than were drawn, or if drawn with replacement.
        subclusters: Labels of what was drawn within the clusters, where that was not
            everybody; None with *subpopulation* if it was the respondents themselves. Without
            *population* they make no difference.
        subpopulation: How many of these there are in the respondent's cluster. None for many
            more than were drawn.
        lonely: What a stratum gets that had one cluster drawn of several, which cannot tell
            how they differ: ``"error"``; ``"certainty"``, no variance; ``"adjust"``, the square
            of its distance from the mean of all strata; ``"average"``, what the others have on
            average. Likewise a cluster that had one subcluster drawn.
        stages: The same for the kernels of `custfocus.intervals.design`.

    Raises:
        TallyError: Weights that are negative, not finite or all 0; populations that differ
            within a stratum or are smaller than what was drawn; a stratum with one cluster
            unless *lonely* says what it gets, and always a single cluster in all.
        AnswerError: Fields of different lengths, or labels that are empty.
        OptionError: An unknown *lonely*.

    References:
        Lumley (2010), Complex Surveys, chapters 2 and 3, and `svydesign` of the R package
        survey, where *population* and *subpopulation* are called fpc.

    >>> SurveyDesign([2, 2, 5, 5, 5], strata=["web", "web", "shop", "shop", "shop"])
    SurveyDesign(respondents=5, strata=2, degrees_of_freedom=3)
    """

    weights: Floats | None = attrs.field(default=None, converter=_as_weights)
    strata: Groups | None = attrs.field(
        default=None, converter=_as_labels, validator=_check_labels, kw_only=True
    )
    clusters: Groups | None = attrs.field(
        default=None, converter=_as_labels, validator=_check_labels, kw_only=True
    )
    population: Floats | None = attrs.field(default=None, converter=_as_population, kw_only=True)
    subclusters: Groups | None = attrs.field(
        default=None, converter=_as_labels, validator=_check_labels, kw_only=True
    )
    subpopulation: Floats | None = attrs.field(
        default=None, converter=_as_subpopulation, kw_only=True
    )
    lonely: Lonely = attrs.field(default="error", validator=_check_lonely, kw_only=True)
    stages: tuple[Stage, ...] = attrs.field(
        default=attrs.Factory(_stages, takes_self=True), init=False
    )

    def __len__(self) -> int:
        return len(self.stages[0].units)

    @property
    def row_weights(self) -> Floats:
        """The weight of each respondent: as given, else 1 over the share drawn, else 1."""
        if self.weights is not None:
            return self.weights
        weights = np.ones(len(self))
        for stage, sizes in zip(self.stages, (self.population, self.subpopulation), strict=False):
            if sizes is not None:
                weights *= sizes / stage.sizes[stage.strata[stage.units]]
        return weights

    @property
    def degrees_of_freedom(self) -> int:
        """Clusters less strata, of those with a respondent of positive weight."""
        first = self.stages[0]
        clusters = np.unique(first.units[self.row_weights > 0])
        return len(clusters) - len(np.unique(first.strata[clusters]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SurveyDesign):
            return NotImplemented
        ours, theirs = self.by_row(), other.by_row()
        return self.lonely == other.lonely and all(_same(ours[name], theirs[name]) for name in ours)

    def by_row(self) -> dict[str, Floats | Groups | None]:
        """The fields that have one entry for each respondent, by name; None where not told."""
        return _told(self)._asdict()

    def __repr__(self) -> str:
        first = self.stages[0]
        clusters = "" if self.clusters is None else f"clusters={len(first.strata)}, "
        finite = "" if self.population is None else ", finite population"
        return (
            f"SurveyDesign(respondents={len(self)}, strata={len(first.sizes)}, {clusters}"
            f"degrees_of_freedom={self.degrees_of_freedom}{finite})"
        )


def _same(one: Floats | Groups | None, other: Floats | Groups | None) -> bool:
    if isinstance(one, Groups) and isinstance(other, Groups):
        names = (one.names, one.keys) == (other.names, other.keys)
        return names and np.array_equal(one.codes, other.codes)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return one is other
