"""The stages of a survey's sampling, from the per-respondent fields of its design."""

from typing import NamedTuple

import numpy as np

from custfocus.errors import AnswerError, TallyError
from custfocus.intervals.design import Codes, Stage, numbered
from custfocus.results.arrays import Flags, Floats
from custfocus.surveys.row_fields import RowLabels


class DesignFields(NamedTuple):
    """The fields of a design with an entry for each respondent, None where not given."""

    weights: Floats | None
    strata: RowLabels | None
    clusters: RowLabels | None
    population: Floats | None
    subclusters: RowLabels | None
    subpopulation: Floats | None


class StageSpec(NamedTuple):
    """A stage as it was given, and what to call its parts."""

    units: RowLabels | None  # None or without a name for the respondents themselves
    strata: RowLabels | None
    sizes: Floats | None
    unit: str = "cluster"
    stratum: str = "stratum"
    field: str = "population"  # empty where none can be given


def sampling_stages(fields: DesignFields, lonely_psu: str) -> tuple[Stage, ...]:
    """
    The stages of a design, checked.

    Raises:
        TallyError: Populations that differ within a stratum or are smaller than what was
            drawn; a stratum with one unit that *lonely_psu* does not provide for.
        AnswerError: Fields of different lengths, or without what they refer to.
    """
    rows = _common_length(fields)
    strata = _numbered(np.zeros(rows, dtype=np.intp), fields.strata)
    first = StageSpec(fields.clusters, fields.strata, fields.population)
    stage, shares = _stage(first, strata, np.ones(int(strata.max()) + 1), lonely_psu)
    if fields.population is None or (fields.subclusters is None and fields.subpopulation is None):
        return (stage,)
    second = StageSpec(
        fields.subclusters,
        fields.clusters,
        fields.subpopulation,
        "subcluster",
        "cluster",
        "subpopulation",
    )
    return stage, _stage(second, stage.units, shares, lonely_psu)[0]


def _common_length(fields: DesignFields) -> int:
    """How many respondents there are; fields that lack what they refer to are an error."""
    lengths = {
        name: len(field)
        for name, field in zip(fields._fields, fields, strict=True)
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
            "subpopulation must come with population, got it alone; clusters drawn from an "
            "infinite population hold the variation within them as well"
        )
    return next(iter(lengths.values()))


def _stage(spec: StageSpec, strata: Codes, shares: Floats, lonely_psu: str) -> tuple[Stage, Floats]:
    """
    The units drawn from strata, and what share of all there is each unit belongs to.

    Args:
        spec: The stage as it was given.
        strata: The stratum of each row, numbered from 0.
        shares: Of all there is, by stratum.
        lonely_psu: What a stratum with one unit gets.
    """
    rows = np.arange(len(strata))
    units = rows if spec.units is None else _numbered(strata, spec.units)
    of_units = np.zeros(units.max() + 1, dtype=np.intp)
    of_units[units] = strata
    sizes = np.bincount(of_units).astype(np.float64)
    drawn = sizes / _sizes_of_strata(spec, strata, sizes)
    stage = Stage.of_single(units, of_units, sizes, shares * (1 - drawn))
    check_single_clusters(spec, stage.single, strata, lonely_psu)
    return stage, (shares * drawn)[of_units]


def _numbered(parents: Codes, labels: RowLabels | None) -> Codes:
    """Numbers from 0 for labels within parents, in the order of the parents."""
    if labels is None:
        return parents
    return numbered(parents, labels.codes)[2]


def _sizes_of_strata(spec: StageSpec, strata: Codes, drawn: Floats) -> Floats:
    """How many units each stratum has, infinite where that was not given."""
    sizes = np.full(len(drawn), np.inf)
    if spec.sizes is None:
        return sizes
    sizes[strata] = spec.sizes
    differing = np.flatnonzero(sizes[strata] != spec.sizes)
    if differing.size:
        row = int(differing[0])
        raise TallyError(
            f"{spec.field} must be the same throughout a {spec.stratum}, got "
            f"{spec.sizes[row]:g} and {sizes[strata[row]]:g} in {_name(spec, row)}"
        )
    small = np.flatnonzero((sizes < drawn)[strata])
    if small.size:
        row = int(small[0])
        raise TallyError(
            f"{spec.field} must be at least as large as the sample, got {sizes[strata[row]]:g} "
            f"with {drawn[strata[row]]:g} {_unit(spec)}s drawn in {_name(spec, row)}"
        )
    return sizes


def check_single_clusters(spec: StageSpec, alone: Flags, strata: Codes, lonely_psu: str) -> None:
    """
    An error where a stratum has one unit and *lonely_psu* does not say what it adds.

    Args:
        spec: The stage as it was given.
        alone: Whether a stratum is one of these, shape (strata,).
        strata: The stratum of each row, shape (rows,).
        lonely_psu: What such a stratum gets.
    """
    if not alone.any():
        return
    unit = _unit(spec)
    where = _name(spec, int(np.flatnonzero(alone[strata])[0]))
    trouble = f"{where} has one {unit}, which cannot tell how {unit}s differ"
    if len(alone) == 1:
        other = f", or pass {spec.field}= if there is no other {unit}" if spec.field else ""
        raise TallyError(
            f"{trouble}; leave out clusters= if respondents were drawn on their own{other}"
        )
    if lonely_psu == "error":
        raise TallyError(
            f"{trouble}; put it together with a {spec.stratum} like it, or say what it adds: "
            "lonely_psu='certainty', 'adjust' or 'average'"
        )
    if lonely_psu == "average" and alone.all():
        raise TallyError(
            f"{trouble}, nor has any {spec.stratum} more to take the average of; "
            "choose lonely_psu='adjust'"
        )


def _unit(spec: StageSpec) -> str:
    return spec.unit if spec.units is not None and spec.units.keys.names else "respondent"


def _name(spec: StageSpec, row: int) -> str:
    called = "" if spec.strata is None else spec.strata.called(row)
    return f"{spec.stratum} {called}" if called else "the design"
