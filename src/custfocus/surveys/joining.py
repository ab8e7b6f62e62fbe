"""Surveys put together: parts of one, waves that share clusters, surveys side by side."""

from collections.abc import Sequence
from functools import reduce
from typing import cast

import attrs
import numpy as np

from custfocus.errors import TallyError
from custfocus.intervals.design import Rows, Stage
from custfocus.results.arrays import Places
from custfocus.results.keys import Keys
from custfocus.surveys.contents import Content
from custfocus.surveys.counted_cells import CountedCells
from custfocus.surveys.sampled_rows import SampledRows
from custfocus.surveys.survey_cells import Renumbered, put_together


def joined(parts: Sequence[Content]) -> Content:
    """
    The respondents of all; a cluster of the same labels in several parts is one.

    Args:
        parts: Cells, whose domains have the same numbers.

    Raises:
        TallyError: Strata or clusters of only some of them, or other options of the design.
        LabelError: Labels that read the same and differ in type.
    """
    return reduce(_joined, cast("Sequence[CountedCells]", parts))


def _joined(one: CountedCells, other: CountedCells) -> CountedCells:
    for name in ("lonely_psu", "degrees_of_freedom"):
        check_same(name, getattr(one, name), getattr(other, name))
    strata, of_strata = _united("strata", one.strata, other.strata)
    labels, of_labels = _united("clusters", one.labels, other.labels)
    return attrs.evolve(
        one,
        cells=put_together(one.cells, other.cells, of_strata, of_labels),
        strata=strata,
        labels=labels,
        domains=max(one.domains, other.domains),
    )


def check_same(name: str, ours: object, theirs: object) -> None:
    """An error for options of designs that differ."""
    if ours != theirs:
        raise TallyError(
            f"surveys are put together when they have the same {name}, got {ours!r} and {theirs!r}"
        )


def _united(name: str, ours: Keys | None, theirs: Keys | None) -> tuple[Keys | None, Renumbered]:
    """The labels of both, and the new number of each of ours and of theirs."""
    if ours is None and theirs is None:
        return None, (np.zeros(1, np.intp), np.zeros(1, np.intp))
    if ours is None or theirs is None or ours.names != theirs.names:
        raise TallyError(
            f"surveys are put together when both or neither have {name}, with as many labels of "
            f"the same names each, got {_names(ours)} and {_names(theirs)}"
        )
    keys, mine, others = ours.united(theirs)
    return keys, (_inverse(mine, ours.rows), _inverse(others, theirs.rows))


def _inverse(places: Places, rows: int) -> Places:
    """Where each row of one side is among the united ones."""
    new = np.zeros(rows, np.intp)
    here = places >= 0
    new[places[here]] = np.flatnonzero(here)
    return new


def _names(keys: Keys | None) -> str:
    return "none" if keys is None else ", ".join(map(repr, keys.names))


def side_by_side(parts: Sequence[Content]) -> Content:
    """
    Surveys as strata of their own.

    Args:
        parts: The surveys, in each of which the domains have the same numbers.

    Raises:
        TallyError: Replicate weights; other options of the designs.
    """
    sampled = [_sampled(part) for part in parts]
    first = sampled[0]
    for each in sampled[1:]:
        for name in ("lonely_psu", "degrees_of_freedom"):
            check_same(name, getattr(first, name), getattr(each, name))
    depth = max(len(each.stages) for each in sampled)
    return SampledRows(
        Rows(*map(np.concatenate, zip(*(each.rows for each in sampled), strict=True))),
        tuple(_side_by_side([_stage(each, level) for each in sampled]) for level in range(depth)),
        all(each.clustered for each in sampled),
        max(each.domains for each in sampled),
        first.lonely_psu,
        first.degrees_of_freedom,
    )


def _sampled(content: Content) -> SampledRows:
    if isinstance(content, CountedCells):
        return content.sampled()
    if isinstance(content, SampledRows):
        return content
    raise TallyError(
        "surveys with replicate weights can't be stacked, since the replicates of one say nothing "
        "of another; compare two estimates of theirs, which are then independent, or give both "
        "waves one ReplicateWeights"
    )


def _stage(sampled: SampledRows, level: int) -> Stage:
    """A stage of a survey; where it has no more, one that adds nothing."""
    if level < len(sampled.stages):
        return sampled.stages[level]
    units = np.zeros(len(sampled.rows.places), np.intp)
    return Stage.of_single(units, np.zeros(1, np.intp), np.ones(1), np.zeros(1))


def _side_by_side(stages: Sequence[Stage]) -> Stage:
    units = np.cumsum([0, *(len(each.strata) for each in stages)])
    strata = np.cumsum([0, *(len(each.sizes) for each in stages)])
    moved = [
        each._replace(units=each.units + units[place], strata=each.strata + strata[place])
        for place, each in enumerate(stages)
    ]
    return Stage(*map(np.concatenate, zip(*moved, strict=True)))
