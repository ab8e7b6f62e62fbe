"""How the respondents of a survey were drawn: weights, strata, clusters, population sizes."""

from typing import Any, Literal, cast

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import OptionError, unknown_option
from custfocus.intervals.arguments import is_finite_number
from custfocus.intervals.design import Stage
from custfocus.results.arrays import Floats, same
from custfocus.results.text import kind_text
from custfocus.surveys.calibrated_weights import CalibratedWeights
from custfocus.surveys.calibration import Calibration
from custfocus.surveys.row_fields import (
    Labels,
    RowLabels,
    as_sizes,
    as_weights,
    common_index,
    init_state,
    rebuilt,
)
from custfocus.surveys.stages import DesignFields, sampling_stages

LonelyPsu = Literal["error", "certainty", "adjust", "average"]

LONELY_PSU: tuple[LonelyPsu, ...] = ("error", "certainty", "adjust", "average")


def _as_weights(weights: ArrayLike | None) -> Floats | None:
    return None if weights is None else as_weights(weights)


def _as_population(population: ArrayLike | None) -> Floats | None:
    return None if population is None else as_sizes(population, "population")


def _as_subpopulation(subpopulation: ArrayLike | None) -> Floats | None:
    return None if subpopulation is None else as_sizes(subpopulation, "subpopulation")


def _as_strata(labels: Labels | RowLabels | None) -> RowLabels | None:
    return None if labels is None else RowLabels.of(labels, "strata")


def _as_clusters(labels: Labels | RowLabels | None) -> RowLabels | None:
    return None if labels is None else RowLabels.of(labels, "clusters")


def _as_subclusters(labels: Labels | RowLabels | None) -> RowLabels | None:
    return None if labels is None else RowLabels.of(labels, "subclusters")


def check_lonely_psu(_design: object, _field: object, value: object) -> None:
    """An error for an unknown way with strata of a single cluster."""
    if not isinstance(value, str) or value not in LONELY_PSU:
        raise unknown_option("lonely_psu", value, LONELY_PSU)


def check_degrees_of_freedom(_design: object, _field: object, value: float | None) -> None:
    """An error unless they are a number of 1 or more, or None."""
    if value is not None and not (is_finite_number(value) and value >= 1):
        raise OptionError(
            f"degrees_of_freedom must be a number of 1 or more, got {value!r}; leave it out to "
            "have them from the clusters"
        )


def as_calibration(value: Calibration | None) -> Calibration | None:
    """
    What the weights are calibrated on.

    Raises:
        OptionError: What is no calibration.
    """
    if not isinstance(value, Calibration | None):
        raise OptionError(
            f"calibration must be a Calibration, got {kind_text(value)}; write "
            "Calibration({'region': labels}, {'region': {label: number, ...}})"
        )
    return value


def _calibrated(design: "SurveyDesign") -> CalibratedWeights | None:
    if design.calibration is None:
        return None
    return CalibratedWeights.of(design.calibration, design.base_weights)


def _fields(design: "SurveyDesign") -> DesignFields:
    return DesignFields(
        design.weights,
        design.strata,
        design.clusters,
        design.population,
        design.subclusters,
        design.subpopulation,
    )


def _stages(design: "SurveyDesign") -> tuple[Stage, ...]:
    fields = _fields(design)
    if design.calibration is not None and all(field is None for field in fields):
        fields = fields._replace(weights=np.ones(len(design.calibration)))
    return sampling_stages(fields, design.lonely_psu)


@attrs.frozen(eq=False, repr=False, init=False)
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
            where *population* is given, else for equal weights.
        strata: Labels of the strata, or several by name, as in `Keys.of`; None for one.
        clusters: Labels of the clusters, likewise; the same label in two strata is two
            clusters. None if every respondent was drawn on their own.
        population: How many clusters (people, without clusters) there are in the respondent's
            stratum. None for many more than were drawn, or if drawn with replacement.
        subclusters: Labels of what was drawn within the clusters, where that was not
            everybody; None with *subpopulation* if it was the respondents themselves. Without
            *population* they make no difference.
        subpopulation: How many of these there are in the respondent's cluster. None for many
            more than were drawn.
        lonely_psu: What a stratum gets that had one cluster (primary sampling unit) drawn of
            several, which cannot tell how they differ: ``"error"``; ``"certainty"``, no
            variance; ``"adjust"``, the square of its distance from the mean of all strata;
            ``"average"``, what the others have on average. Likewise a cluster that had one
            subcluster drawn.
        degrees_of_freedom: Those of every variance where the survey's guide fixes them; None
            for clusters less strata by domain, fewer where their weights differ.
        calibration: What the weights are to be calibrated on, or were; None for weights that
            know no totals of the population.
        index: The index of the fields that came as pandas Series, None for none. Answers and
            groups must have the same.
        stages: The same for the kernels of `custfocus.intervals.linearisation`.
        calibrated: The weights after calibration; None without one.

    Raises:
        TallyError: Weights that are negative, not finite or all 0; populations that differ
            within a stratum or are smaller than what was drawn; a stratum with one cluster
            unless *lonely_psu* says what it gets, and always a single cluster in all; totals
            that no weights meet.
        AnswerError: Fields of different lengths or with different pandas indexes, or labels
            that are empty.
        OptionError: An unknown *lonely_psu*; *degrees_of_freedom* below 1.

    References:
        Lumley (2010), Complex Surveys, chapters 2 and 3, and `svydesign` of the R package
        survey, where *population* and *subpopulation* are called fpc.

    >>> SurveyDesign([2, 2, 5, 5, 5], strata=["web", "web", "shop", "shop", "shop"])
    SurveyDesign(respondents=5, strata=2, degrees_of_freedom=3)
    """

    weights: Floats | None = attrs.field(converter=_as_weights)
    strata: RowLabels | None = attrs.field(converter=_as_strata)
    clusters: RowLabels | None = attrs.field(converter=_as_clusters)
    population: Floats | None = attrs.field(converter=_as_population)
    subclusters: RowLabels | None = attrs.field(converter=_as_subclusters)
    subpopulation: Floats | None = attrs.field(converter=_as_subpopulation)
    lonely_psu: LonelyPsu = attrs.field(validator=check_lonely_psu)
    degrees_of_freedom: float | None = attrs.field(validator=check_degrees_of_freedom)
    calibration: Calibration | None = attrs.field(converter=as_calibration)
    index: Any = attrs.field()
    stages: tuple[Stage, ...] = attrs.field(
        default=attrs.Factory(_stages, takes_self=True), init=False
    )
    calibrated: CalibratedWeights | None = attrs.field(
        default=attrs.Factory(_calibrated, takes_self=True), init=False
    )

    def __init__(
        self,
        weights: ArrayLike | None = None,
        *,
        strata: Labels | RowLabels | None = None,
        clusters: Labels | RowLabels | None = None,
        population: ArrayLike | None = None,
        subclusters: Labels | RowLabels | None = None,
        subpopulation: ArrayLike | None = None,
        lonely_psu: LonelyPsu = "error",
        degrees_of_freedom: float | None = None,
        calibration: Calibration | None = None,
        index: Any = None,  # noqa: ANN401 - pandas is an extra
    ) -> None:
        """Check the fields and find the stages; see the class."""
        fields = {
            "weights": weights,
            "strata": strata,
            "clusters": clusters,
            "population": population,
            "subclusters": subclusters,
            "subpopulation": subpopulation,
        }
        found = common_index(
            {**fields, "calibration": calibration}
        )  # before converters leave arrays
        cast("Any", self).__attrs_init__(
            **fields,
            lonely_psu=lonely_psu,
            degrees_of_freedom=degrees_of_freedom,
            calibration=calibration,
            index=index if found is None else found,
        )

    def __len__(self) -> int:
        return len(self.stages[0].units)

    @property
    def row_weights(self) -> Floats:
        """The weight of each respondent that counts: calibrated, where the design says so."""
        return self.base_weights if self.calibrated is None else self.calibrated.weights

    @property
    def g_weights(self) -> Floats:
        """
        What calibration multiplies the base weight of each respondent by, 1 on average.

        NaN for a weight of 0; 1 without calibration.
        """
        return np.ones(len(self)) if self.calibrated is None else self.calibrated.factors

    @property
    def base_weights(self) -> Floats:
        """The weights before calibration: as given, else 1 over the share drawn, else 1."""
        if self.weights is not None:
            return self.weights
        weights = np.ones(len(self))
        for stage, sizes in zip(self.stages, (self.population, self.subpopulation), strict=False):
            if sizes is not None:
                weights *= sizes / stage.sizes[stage.strata[stage.units]]
        return weights

    @property
    def nominal_degrees_of_freedom(self) -> float:
        """The fixed ones, else clusters less strata, of those with a positive weight."""
        if self.degrees_of_freedom is not None:
            return self.degrees_of_freedom
        first = self.stages[0]
        clusters = np.unique(first.units[self.row_weights > 0])
        return len(clusters) - len(np.unique(first.strata[clusters]))

    @property
    def members_left(self) -> Floats | None:
        """
        How many members of the population were not drawn in each of the strata.

        None for an infinite population, and for clusters: those that were not drawn may have any
        number of members.
        """
        if self.population is None or self.clusters is not None:
            return None
        first = self.stages[0]
        left = np.zeros(len(first.sizes))
        left[first.strata[first.units]] = self.population
        return left - first.sizes

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SurveyDesign):
            return NotImplemented
        ours, theirs = (
            (each.lonely_psu, each.degrees_of_freedom, each.calibration) for each in (self, other)
        )
        return ours == theirs and all(map(same, _fields(self), _fields(other)))

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuilt, (type(self), init_state(self))

    def __repr__(self) -> str:
        first = self.stages[0]
        clusters = "" if self.clusters is None else f"clusters={len(first.strata)}, "
        calibrated = "" if self.calibration is None else ", calibrated"
        finite = "" if self.population is None else ", finite population"
        return (
            f"SurveyDesign(respondents={len(self)}, strata={len(first.sizes)}, {clusters}"
            f"degrees_of_freedom={self.nominal_degrees_of_freedom:g}{finite}{calibrated})"
        )
