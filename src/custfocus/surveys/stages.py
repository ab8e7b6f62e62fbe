"""How a drawing is told, respondent by respondent, and the stages that the variance takes it as."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError, TallyError
from custfocus.intervals.arguments import Floats
from custfocus.intervals.design import Codes, Stage, numbered
from custfocus.responses.groups import Groups


class Told(NamedTuple):
    """What a design tells of each respondent, None for what it does not; see `SurveyDesign`."""

    weights: Floats | None
    strata: Groups | None
    clusters: Groups | None
    population: Floats | None
    subclusters: Groups | None
    subpopulation: Floats | None


class Drawing(NamedTuple):
    """A stage as it was told, and what to call its parts."""

    units: Groups | None  # None for the respondents themselves
    strata: Groups | None
    sizes: Floats | None
    unit: str = "cluster"
    stratum: str = "stratum"
    field: str = "population"  # empty where none can be told


def drawn_stages(told: Told, lonely: str) -> tuple[Stage, ...]:
    """
    The stages of a design, checked.

    Raises:
        TallyError: Populations that differ within a stratum or are smaller than what was
            drawn; a stratum with one unit that *lonely* does not provide for.
        AnswerError: Fields of different lengths, or without what they refer to.
    """
    rows = _common_length(told)
    strata = _numbered(np.zeros(rows, dtype=np.intp), told.strata)
    first = Drawing(told.clusters, told.strata, told.population)
    stage, shares = _stage(first, strata, np.ones(int(strata.max()) + 1), lonely)
    if told.population is None or (told.subclusters is None and told.subpopulation is None):
        return (stage,)
    second = Drawing(
        told.subclusters,
        told.clusters,
        told.subpopulation,
        "subcluster",
        "cluster",
        "subpopulation",
    )
    return stage, _stage(second, stage.units, shares, lonely)[0]


def _common_length(told: Told) -> int:
    """How many respondents there are; fields that lack what they refer to are an error."""
    lengths = {
        name: len(field.codes if isinstance(field, Groups) else field)
        for name, field in zip(told._fields, told, strict=True)
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


def _stage(drawing: Drawing, strata: Codes, shares: Floats, lonely: str) -> tuple[Stage, Floats]:
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
    stage = Stage.of_single(units, of_units, sizes, shares * (1 - drawn))
    check_lonely_strata(drawing, stage.lonely, strata, lonely)
    return stage, (shares * drawn)[of_units]


def _numbered(parents: Codes, labels: Groups | None) -> Codes:
    """Numbers from 0 for labels within parents, in the order of the parents."""
    if labels is None:
        return parents
    return numbered(parents, labels.codes)[2]


def _sizes_of_strata(drawing: Drawing, strata: Codes, drawn: Floats) -> Floats:
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


def check_lonely_strata(
    drawing: Drawing, alone: NDArray[np.bool_], strata: Codes, lonely: str
) -> None:
    """
    An error where a stratum has one unit that nobody said what to make of.

    Args:
        drawing: The stage as it was told.
        alone: Whether a stratum is one of these, shape (strata,).
        strata: The stratum of each row, shape (rows,).
        lonely: What such a stratum gets.
    """
    if not alone.any():
        return
    unit = _unit(drawing)
    where = _name(drawing, np.flatnonzero(alone[strata])[0])
    trouble = f"{where} has one {unit}, which cannot tell how {unit}s differ"
    if len(alone) == 1:
        other = f", or pass {drawing.field}= if there is no other {unit}" if drawing.field else ""
        raise TallyError(
            f"{trouble}; leave out clusters= if respondents were drawn on their own{other}"
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


def _unit(drawing: Drawing) -> str:
    return "respondent" if drawing.units is None else drawing.unit


def _name(drawing: Drawing, row: np.intp) -> str:
    if drawing.strata is None:
        return "the design"
    key = drawing.strata.keys[drawing.strata.codes[row]]
    return f"{drawing.stratum} {', '.join(map(repr, key))}"
