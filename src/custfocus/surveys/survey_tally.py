"""A survey as a table of cells: all that a design-based estimate needs to know of it."""

from collections.abc import Iterable, Sequence

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import AnswerError, TallyError
from custfocus.intervals.design import Codes, Stage, sums
from custfocus.surveys.survey_design import SurveyDesign
from custfocus.results.distinct import distinct_values
from custfocus.responses.groups import By, Groups
from custfocus.responses.keys import Keys, as_keys, check_keys, united, width
from custfocus.surveys.respondents import domains_of, places_of
from custfocus.surveys.row_fields import check_known
from custfocus.responses.scale import Scale, as_scale, check_scale
from custfocus.surveys.stages import Drawing, check_lonely_strata
from custfocus.surveys.survey_cells import (
    Cells,
    added_up,
    as_cells,
    check_codes,
    places_in_order,
    put_together,
    stage_of,
)
from custfocus.results.arrays import Counts

_ALL: Keys = ((),)


def _as_names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


def _as_labels(labels: Iterable[object] | None) -> Keys | None:
    return None if labels is None else as_keys(labels)


@attrs.frozen(eq=False, repr=False)
class SurveyTally:
    """
    How many chose each point in each stratum and cluster of a survey, and what they weigh.

    Any engine makes one by GROUP BY, however many respondents there are, and
    `survey_estimate_of` gives the estimate that the respondents themselves would have had.
    Tallies add up: waves, or the parts of one survey that lie in several places.

    A finite population has no place in it: the clusters (people, without clusters) were drawn
    from many more, or with replacement. `SurveyDesign` takes one.

    Attributes:
        cells: The cells in which somebody was drawn, each once and in order of group, stratum,
            cluster and answer. Every cluster that was drawn has one, whoever answered.
        scale: The scale of the answers.
        names: What the groups are told apart by; none for all.
        keys: One tuple for each of the G groups, a value for each name, in the order of
            `Groups.keys`; ``((),)`` for all.
        strata: The labels of the strata, a tuple each, in the same order; None for one.
        clusters: The labels of the clusters, likewise; None if every respondent was drawn on
            their own.

    Raises:
        TallyError: Cells that are doubled or out of order, with numbers of what is not there
            or weights that no respondents could have; labels that are doubled or out of order.
        AnswerError: Labels of strata or clusters that are empty.

    >>> scale = Scale.likert(5, missing=[9])
    >>> monday = SurveyTally.of([5, 4, 9, 1], SurveyDesign(clusters=[1, 1, 2, 2]), scale)
    >>> tuesday = SurveyTally.of([5, 5, 5], SurveyDesign(clusters=[2, 3, 3]), scale)
    >>> monday + tuesday
    SurveyTally(n=6, missing=1, clusters=3, cells=6, scale=1, 2, 3, 4, 5)
    """

    cells: Cells = attrs.field(converter=as_cells)
    scale: Scale = attrs.field(validator=check_scale)
    names: tuple[str, ...] = attrs.field(default=(), converter=_as_names, kw_only=True)
    keys: Keys = attrs.field(default=_ALL, converter=as_keys, kw_only=True)
    strata: Keys | None = attrs.field(default=None, converter=_as_labels, kw_only=True)
    clusters: Keys | None = attrs.field(default=None, converter=_as_labels, kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_keys("keys", self.keys, len(self.names))
        if not (self.names or self.keys):
            raise TallyError("keys must be ((),) where the groups have no names, got none")
        for name, labels in (("strata", self.strata), ("clusters", self.clusters)):
            if labels is not None:
                check_known(labels, name)
                check_keys(name, labels, width(labels))
        sizes = [len(_or_all(labels)) for labels in (self.keys, self.strata, self.clusters)]
        check_codes(self.cells, (*sizes, len(self.scale)))
        if not np.array_equal(places_in_order(self.cells), range(len(self.cells.groups))):
            raise TallyError(
                "cells must differ and stand in order of group, stratum, cluster and answer; "
                "SurveyTally.of_cells brings them in order"
            )

    @classmethod
    def of(
        cls,
        answers: Iterable[object],
        design: SurveyDesign,
        scale: Scale,
        *,
        by: By | Groups | None = None,
    ) -> "SurveyTally":
        """
        Tally the respondents of a design.

        Args:
            answers: Points or labels of the scale or its missing codes, one for each
                respondent of the design.
            design: How they were drawn; its *lonely* is asked for by the estimate.
            scale: The scale that the answers are on.
            by: The group of each respondent, as labels or several by name (see `Groups.of`).

        Raises:
            AnswerError: Answers off the scale, answers or groups of another number than the
                respondents.
            TallyError: A design with a finite population.
        """
        if not isinstance(design, SurveyDesign):
            raise AnswerError(f"expected a SurveyDesign, got {type(design).__name__}")
        if design.population is not None:
            raise TallyError(
                "a tally must be of a survey from a large population, got a design with "
                "population=; leave it out, or pass the respondents to survey_estimate"
            )
        places = places_of(answers, as_scale(scale), len(design))
        weights = design.row_weights
        return _tally(
            scale,
            places,
            (domains_of(by, len(places)), design.strata, design.clusters),
            (weights > 0, weights == 0, weights, weights**2),
        )

    @classmethod
    def of_cells(
        cls,
        answers: Iterable[object],
        scale: Scale,
        *,
        respondents: ArrayLike,
        weights: ArrayLike,
        squares: ArrayLike,
        weightless: ArrayLike | None = None,
        by: By | Groups | None = None,
        strata: By | None = None,
        clusters: By | None = None,
    ) -> "SurveyTally":
        """
        A tally of what an engine counted, grouped by group, stratum, cluster and answer.

        A cell that comes in several rows is added up. Clusters in which nobody has a positive
        weight were drawn too: their rows have 0 respondents.

        Args:
            answers: The answer of each cell, a point, label or missing code of the scale.
            scale: The scale that the answers are on.
            respondents: How many respondents of positive weight are in each cell.
            weights: The sum of their weights.
            squares: The sum of the squares of their weights.
            weightless: How many respondents of weight 0 are in it; none unless told. They make
                a difference without *clusters* only, as there each of them is a unit drawn.
            by: The group of each cell, as labels or several by name (see `Groups.of`).
            strata: The stratum of each cell, likewise; None for one.
            clusters: The cluster of each cell, likewise; None if every respondent was drawn on
                their own.

        Raises:
            AnswerError: Answers off the scale, columns of different lengths, empty labels.
            TallyError: Numbers that no respondents could have given.

        >>> cells = {"respondents": [3, 1], "weights": [4.5, 2], "squares": [7.25, 4]}
        >>> SurveyTally.of_cells([5, 1], Scale.likert(5), **cells, strata=["web", "shop"])
        SurveyTally(n=4, missing=0, strata=2, cells=2, scale=1, 2, 3, 4, 5)
        """
        distinct, codes = distinct_values(answers)
        places = as_scale(scale).locate(distinct)[codes]
        labels = [_as_groups(column) for column in (by, strata, clusters)]
        drawn = np.zeros(len(places)) if weightless is None else weightless
        return _tally(scale, places, labels, (respondents, drawn, weights, squares))

    @property
    def shape(self) -> tuple[int, ...]:
        """``(G,)`` for G groups, ``()`` for all."""
        return (len(self.keys),) if self.names else ()

    @property
    def n(self) -> Counts:
        """Respondents with an answer and a positive weight in each group."""
        return self._counted(self.cells.places >= 0)

    @property
    def missing(self) -> Counts:
        """Respondents with a positive weight and no answer in each group."""
        return self._counted(self.cells.places < 0)

    @property
    def groups(self) -> Groups | None:
        """The groups, each with a row of its own; None for all."""
        return Groups(self.names, self.keys, np.arange(len(self.keys))) if self.names else None

    @property
    def stage(self) -> Stage:
        """The drawing by cell, for the kernels of `custfocus.intervals.design`."""
        clustered = self.clusters is not None
        return stage_of(self.cells, len(_or_all(self.strata)), clustered=clustered)

    def check_lonely(self, lonely: str) -> None:
        """
        An error where a stratum has one cluster that *lonely* does not provide for.

        Raises:
            TallyError: As for `SurveyDesign`.
        """
        cells = self.cells
        strata = None if self.strata is None else Groups((), self.strata, cells.strata)
        clusters = None if self.clusters is None else Groups((), self.clusters, cells.clusters)
        drawing = Drawing(clusters, strata, None, field="")
        check_lonely_strata(drawing, self.stage.lonely, cells.strata, lonely)

    def __add__(self, other: "SurveyTally") -> "SurveyTally":
        if not isinstance(other, SurveyTally):
            return NotImplemented
        _check_alike(self, other)
        keys, groups = _united(self.keys, other.keys)
        strata, of_strata = _united(_or_all(self.strata), _or_all(other.strata))
        clusters, of_clusters = _united(_or_all(self.clusters), _or_all(other.clusters))
        return attrs.evolve(
            self,
            cells=put_together(self.cells, other.cells, groups, of_strata, of_clusters),
            keys=keys,
            strata=self.strata if self.strata is None else strata,
            clusters=self.clusters if self.clusters is None else clusters,
        )

    def __radd__(self, other: int) -> "SurveyTally":
        return self if other == 0 else NotImplemented  # so that sum() can start

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SurveyTally):
            return NotImplemented
        return self._labels() == other._labels() and all(
            map(np.array_equal, self.cells, other.cells)
        )

    def _labels(self) -> tuple[object, ...]:
        return self.scale, self.names, self.keys, self.strata, self.clusters

    def _counted(self, which: NDArray[np.bool_]) -> Counts:
        respondents = self.cells.respondents * which
        counts = sums(self.cells.groups, respondents, len(self.keys)).astype(np.int64)
        return counts.reshape(self.shape)

    def __repr__(self) -> str:
        groups = f"groups={len(self.keys)}, " if self.names else ""
        strata = "" if self.strata is None else f"strata={len(self.strata)}, "
        clusters = "" if self.clusters is None else f"clusters={len(self.stage.strata)}, "
        return (
            f"SurveyTally(n={self.n.sum()}, missing={self.missing.sum()}, {groups}{strata}"
            f"{clusters}cells={len(self.cells.groups)}, scale={self.scale})"
        )


def _tally(
    scale: Scale, places: Codes, labels: Sequence[Groups | None], numbers: Iterable[ArrayLike]
) -> SurveyTally:
    """
    The tally of respondents or cells in any order.

    Args:
        scale: The scale of the answers.
        places: Where each answer is on it.
        labels: The groups, strata and clusters.
        numbers: The last four arrays of the cells.
    """
    groups, strata, clusters = labels
    codes = [np.zeros_like(places) if each is None else each.codes for each in labels]
    return SurveyTally(
        added_up(as_cells((*codes, places, *numbers))),
        scale,
        names=() if groups is None else groups.names,
        keys=_ALL if groups is None else groups.keys,
        strata=None if strata is None else strata.keys,
        clusters=None if clusters is None else clusters.keys,
    )


def _as_groups(labels: By | Groups | None) -> Groups | None:
    return labels if labels is None or isinstance(labels, Groups) else Groups.of(labels)


def _or_all(labels: Keys | None) -> Keys:
    return _ALL if labels is None else labels


def _united(ours: Keys, theirs: Keys) -> tuple[Keys, tuple[Codes, Codes]]:
    """The keys of both, and the new numbers of ours and of theirs."""
    both = (*ours, *theirs)
    keys, codes = united(both, width(both))
    return keys, (codes[: len(ours)], codes[len(ours) :])


def _check_alike(ours: SurveyTally, theirs: SurveyTally) -> None:
    """An error unless the two can be added up."""
    if (ours.scale, ours.names) != (theirs.scale, theirs.names):
        raise TallyError(
            "survey tallies add up when they have the same scale and names of groups, got "
            f"{ours.scale!r} by {ours.names} and {theirs.scale!r} by {theirs.names}"
        )
    for name, one, other in (
        ("strata", ours.strata, theirs.strata),
        ("clusters", ours.clusters, theirs.clusters),
    ):
        widths = {width(labels) for labels in (one, other) if labels}
        if (one is None) != (other is None) or len(widths) > 1:
            raise TallyError(
                f"survey tallies add up when both or neither have {name}, with as many labels "
                f"each, got {_example(one)} and {_example(other)}"
            )


def _example(labels: Keys | None) -> str:
    return "none" if labels is None else repr(labels[0]) if labels else "no labels"
