"""How the respondents of a survey were drawn: weights, strata, clusters, population sizes."""

from typing import Literal, NamedTuple

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import AnswerError, TallyError, unknown_option
from custfocus.intervals.arguments import Floats, plain_numbers, whole_numbers
from custfocus.intervals.design import Codes, Stage, numbered
from custfocus.responses.distinct import is_null
from custfocus.responses.groups import By, Groups

Lonely = Literal["error", "certainty", "adjust", "average"]

LONELY: tuple[Lonely, ...] = ("error", "certainty", "adjust", "average")

_WIDEST = 1e100  # between weights: their squares stay within what float64 holds


def _as_weights(weights: ArrayLike | None) -> Floats | None:
    if weights is None:
        return None
    array = _one_axis(plain_numbers(weights, "weights"), "weights")
    wrong = array[~(np.isfinite(array) & (array >= 0))]
    if wrong.size:
        raise TallyError(
            f"weights must be finite and not negative, got {wrong[0]:g}; "
            "give 0 to respondents who must not count"
        )
    positive = array[array > 0]
    if not positive.size:
        raise TallyError(
            f"weights must not all be 0, got {array.size} of them; check the filter that was used"
        )
    if positive.max() / _WIDEST > positive.min():
        raise TallyError(
            f"weights must be comparable, got {positive.min():g} and {positive.max():g}; "
            "give 0 to respondents who must not count"
        )
    return array


def _as_population(population: ArrayLike | None) -> Floats | None:
    return _as_sizes(population, "population")


def _as_subpopulation(subpopulation: ArrayLike | None) -> Floats | None:
    return _as_sizes(subpopulation, "subpopulation")


def _as_sizes(sizes: ArrayLike | None, name: str) -> Floats | None:
    if sizes is None:
        return None
    return _one_axis(whole_numbers(sizes, name, "leave it out where it is large"), name)


def _one_axis(values: Floats, name: str) -> Floats:
    if values.ndim != 1:
        raise TallyError(
            f"{name} must be one number for each respondent, got shape {values.shape}; "
            "repeat a number that all share"
        )
    array = values.copy()
    array.setflags(write=False)
    return array


def _as_labels(labels: By | Groups | None) -> Groups | None:
    if labels is None:
        return None
    groups = labels if isinstance(labels, Groups) else Groups.of(labels)
    codes = groups.codes.copy()
    codes.setflags(write=False)
    return attrs.evolve(groups, codes=codes)


def _check_labels(_design: object, field: "attrs.Attribute[Groups | None]", value: object) -> None:
    if isinstance(value, Groups) and any(is_null(label) for key in value.keys for label in key):
        raise AnswerError(
            f"{field.name} must be known of every respondent, got some that are empty; "
            "fill them in, or leave these respondents out"
        )


def _check_lonely(_design: object, _field: "attrs.Attribute[Lonely]", value: object) -> None:
    if value not in LONELY:
        raise unknown_option("lonely", value, LONELY)


class _Drawing(NamedTuple):
    """A stage as it was told, and what to call its parts."""

    units: Groups | None  # None for the respondents themselves
    sizes: Floats | None
    strata: Groups | None
    unit: str
    stratum: str
    field: str


def _stages(design: "SurveyDesign") -> tuple[Stage, ...]:
    rows = _common_length(design)
    strata = _numbered(np.zeros(rows, dtype=np.intp), design.strata)
    first = _Drawing(
        design.clusters, design.population, design.strata, "cluster", "stratum", "population"
    )
    stage, shares = _stage(first, strata, np.ones(int(strata.max()) + 1), design.lonely)
    if design.population is None or (design.subclusters is None and design.subpopulation is None):
        return (stage,)
    second = _Drawing(
        design.subclusters,
        design.subpopulation,
        design.clusters,
        "subcluster",
        "cluster",
        "subpopulation",
    )
    return stage, _stage(second, stage.units, shares, design.lonely)[0]


def _common_length(design: "SurveyDesign") -> int:
    """How many respondents there are; fields that lack what they refer to are an error."""
    lengths = {
        name: len(field.codes if isinstance(field, Groups) else field)
        for name, field in design.by_row().items()
        if field is not None
    }
    if len(set(lengths.values())) != 1 or 0 in lengths.values():
        raise AnswerError(
            f"a design must have one entry for each respondent in every field, got {lengths}; "
            "a simple random sample has equal weights"
        )
    within = {"subclusters", "subpopulation"} & set(lengths)
    if within and "clusters" not in lengths:
        raise AnswerError(f"{min(within)} must be within clusters, got none; pass clusters=")
    if "subpopulation" in within and "population" not in lengths:
        raise TallyError(
            "subpopulation must come with population, got it alone; clusters drawn from "
            "endlessly many hold the variation within them as well"
        )
    return next(iter(lengths.values()))


def _stage(
    drawing: _Drawing, strata: Codes, shares: Floats, lonely: Lonely
) -> tuple[Stage, Floats]:
    """
    The units drawn from strata, and what share of all there is each unit belongs to.

    Args:
        drawing: The stage as it was told.
        strata: The stratum of each row, numbered from 0.
        shares: Of all there is, by stratum.
        lonely: What a stratum with one unit gets.
    """
    rows = np.arange(len(strata))
    units = rows if drawing.units is None else _numbered(strata, drawing.units)
    of_units = np.zeros(units.max() + 1, dtype=np.intp)
    of_units[units] = strata
    sizes = np.bincount(of_units).astype(np.float64)
    drawn = sizes / _sizes_of_strata(drawing, strata, sizes)
    stage = Stage(units, of_units, sizes, shares * (1 - drawn))
    _check_lonely_strata(drawing, stage, strata, lonely)
    return stage, (shares * drawn)[of_units]


def _numbered(parents: Codes, labels: Groups | None) -> Codes:
    """Numbers from 0 for labels within parents, in the order of the parents."""
    if labels is None:
        return parents
    return numbered(parents, labels.codes)[2]


def _sizes_of_strata(drawing: _Drawing, strata: Codes, drawn: Floats) -> Floats:
    """How many units each stratum has, infinite where nobody said."""
    sizes = np.full(len(drawn), np.inf)
    if drawing.sizes is None:
        return sizes
    sizes[strata] = drawing.sizes
    differing = np.flatnonzero(sizes[strata] != drawing.sizes)
    if differing.size:
        row = differing[0]
        raise TallyError(
            f"{drawing.field} must be the same throughout a {drawing.stratum}, got "
            f"{drawing.sizes[row]:g} and {sizes[strata[row]]:g} in {_name(drawing, row)}"
        )
    small = np.flatnonzero((sizes < drawn)[strata])
    if small.size:
        row = small[0]
        raise TallyError(
            f"{drawing.field} must be at least as large as the sample, got {sizes[strata[row]]:g} "
            f"with {drawn[strata[row]]:g} {_unit(drawing)}s drawn in {_name(drawing, row)}"
        )
    return sizes


def _check_lonely_strata(drawing: _Drawing, stage: Stage, strata: Codes, lonely: Lonely) -> None:
    alone = stage.lonely
    if not alone.any():
        return
    unit = _unit(drawing)
    where = _name(drawing, np.flatnonzero(alone[strata])[0])
    trouble = f"{where} has one {unit}, which cannot tell how {unit}s differ"
    if len(stage.strata) == 1:
        raise TallyError(
            f"{trouble}; leave out clusters= if respondents were drawn on their own, "
            f"or pass {drawing.field}= if there is no other {unit}"
        )
    if lonely == "error":
        raise TallyError(
            f"{trouble}; put it together with a {drawing.stratum} like it, or say what it adds: "
            "lonely='certainty', 'adjust' or 'average'"
        )
    if lonely == "average" and alone.all():
        raise TallyError(
            f"{trouble}, nor has any {drawing.stratum} more to take the average of; "
            "choose lonely='adjust'"
        )


def _unit(drawing: _Drawing) -> str:
    return "respondent" if drawing.units is None else drawing.unit


def _name(drawing: _Drawing, row: np.intp) -> str:
    if drawing.strata is None:
        return "the design"
    key = drawing.strata.keys[drawing.strata.codes[row]]
    return f"{drawing.stratum} {', '.join(map(repr, key))}"


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
        return {
            "weights": self.weights,
            "strata": self.strata,
            "clusters": self.clusters,
            "population": self.population,
            "subclusters": self.subclusters,
            "subpopulation": self.subpopulation,
        }

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
