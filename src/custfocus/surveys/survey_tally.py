"""The answers of a survey with a design: a sample whose domains keep all of its clusters."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, cast

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import AnswerError, TallyError
from custfocus.responses.answers import (
    AnswerColumns,
    check_index,
    check_rows,
    columns_of_answers,
    grouping,
)
from custfocus.responses.sample import check_not_items, row_places
from custfocus.responses.scale import Scale, as_scale
from custfocus.results.arrays import Flags, Floats, Places
from custfocus.results.keys import Keys
from custfocus.surveys.calibration import Calibration
from custfocus.surveys.contents import Content, respondent_rows
from custfocus.surveys.counted_cells import CountedCells, check_same
from custfocus.surveys.layout import Layout, rows_under, sorted_places
from custfocus.surveys.replicate_weights import ReplicateWeights
from custfocus.surveys.replicated_rows import ReplicatedRows
from custfocus.surveys.row_fields import Labels, RowLabels
from custfocus.surveys.sampled_rows import SampledRows
from custfocus.surveys.survey_design import (
    LonelyPsu,
    SurveyDesign,
    check_degrees_of_freedom,
    check_lonely_psu,
)
from custfocus.surveys.survey_sample import SurveySample

_FEW_CLUSTERS = 10  # clusters: below, a variance between them is hardly known
_MUCH = 5.0  # by which calibration multiplies or divides a weight, as few surveys let it


@attrs.frozen(eq=False, repr=False)
class SurveyTally(SurveySample):
    """
    The answers of a survey, weighed by its design, by keys.

    Make one by `of` (from respondents), `of_cells` (from what an engine counted) or
    `of_items`. The counts are those of respondents; indices are weighted. Rows that are chosen
    (`sel`, ``[]``) keep the whole design, since the variance of a domain needs every cluster,
    and rows of one survey are compared with the covariance that its clusters give them.

    Large populations are kept as cells, which add up: parts of one survey that lie in several
    places, clusters of the same label being one cluster. Two waves or surveys are put together
    by `surveys.stack`.

    >>> scale = Scale.likert(5, missing=[9])
    >>> monday = SurveyTally.of([5, 4, 9, 1], SurveyDesign(clusters=[1, 1, 2, 2]), scale)
    >>> tuesday = SurveyTally.of([5, 5, 5], SurveyDesign(clusters=[2, 3, 3]), scale)
    >>> print(monday + tuesday)
    n  missing  1  2  3  4  5
    6        1  1  0  0  1  4
    answers of a survey on 1, 2, 3, 4, 5
    note: fewer than 10 clusters: how they differ is hardly known
    """

    @classmethod
    def of(
        cls,
        answers: AnswerColumns,
        design: SurveyDesign | ReplicateWeights,
        scale: Scale,
        *,
        by: object = None,
    ) -> "SurveyTally":
        """
        Tally the respondents of a design.

        Args:
            answers: Points or labels of the scale or its missing codes, one for each
                respondent of the design; or several items by name, a mapping or a dataframe.
            design: How they were drawn.
            scale: The scale that the answers are on.
            by: The label of each respondent, or several by name (see `Keys.of`); the tally then
                has a row for each group.

        Raises:
            AnswerError: Answers off the scale; answers or labels of another number than the
                respondents, or of pandas with another index.
            LabelError: Names that are reserved for columns of results.

        >>> design = SurveyDesign([1, 2, 2, 1], strata=["web", "web", "shop", "shop"])
        >>> SurveyTally.of([5, 4, 4, 1], design, Scale.likert(5))
        n  missing  1  2  3  4  5
        4        0  1  0  0  2  1
        answers of a survey on 1, 2, 3, 4, 5
        """
        as_scale(scale)
        if not isinstance(design, SurveyDesign | ReplicateWeights):
            remedy = "weights alone are one as well: SurveyDesign(weights)"
            if isinstance(design, Calibration):
                remedy = "write SurveyDesign(calibration=...)"
            raise AnswerError(f"expected a SurveyDesign, got {type(design).__name__}; {remedy}")
        items, fixed = columns_of_answers(answers)
        check_index(by, {**items, "the design": cast("Any", design)})
        keys, rows = grouping(by, items, fixed)
        check_rows(len(design), None if rows is None else len(rows))
        domain = sorted_places(keys)
        codes = np.zeros(len(design), np.intp) if rows is None else domain[rows]
        contents = {
            name: _content(_answer_places(values, scale, name, len(design)), codes, keys, design)
            for name, values in items.items()
        }
        if fixed is None:
            keys, _, _ = keys.extended("item", tuple(contents))
        return laid_out(contents, scale, keys)

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
        by: object = None,
        strata: Labels | None = None,
        clusters: Labels | None = None,
        item: str | None = None,
        lonely_psu: LonelyPsu = "error",
        degrees_of_freedom: float | None = None,
    ) -> "SurveyTally":
        """
        A tally of what an engine counted, grouped by group, stratum, cluster and answer.

        A cell that comes in several rows is added up. Clusters in which no weight is positive
        were drawn too: their rows have 0 respondents.

        Args:
            answers: The answer of each cell, a point, label or missing code of the scale.
            scale: The scale that the answers are on.
            respondents: How many respondents of positive weight are in each cell.
            weights: The sum of their weights.
            squares: The sum of the squares of their weights.
            weightless: How many respondents of weight 0 are in it; none by default. They make
                a difference without *clusters* only, as there each of them is a unit drawn.
            by: The label of each cell, or several by name (see `Keys.of`).
            strata: The stratum of each cell, likewise; None for one.
            clusters: The cluster of each cell, likewise; None if every respondent was drawn on
                their own.
            item: What the question is called.
            lonely_psu: As for `SurveyDesign`.
            degrees_of_freedom: Likewise.

        Raises:
            AnswerError: Answers off the scale, columns of different lengths, empty labels.
            TallyError: Numbers that no respondents could have given.
            OptionError: An unknown *lonely_psu*; *degrees_of_freedom* below 1.

        >>> cells = {"respondents": [3, 1], "weights": [4.5, 2], "squares": [7.25, 4]}
        >>> SurveyTally.of_cells([5, 1], Scale.likert(5), **cells, strata=["web", "shop"])
        n  missing  1  2  3  4  5
        4        0  1  0  0  0  3
        answers of a survey on 1, 2, 3, 4, 5
        """
        check_lonely_psu(None, None, lonely_psu)
        check_degrees_of_freedom(None, None, degrees_of_freedom)
        found = row_places(answers, as_scale(scale))
        keys, rows = grouping(by, {}, () if item is None else (("item", item),))
        check_rows(len(found), None if rows is None else len(rows))
        content = CountedCells.of(
            found,
            np.zeros_like(found) if rows is None else sorted_places(keys)[rows],
            keys.rows,
            respondents=respondents,
            weightless=np.zeros(len(found)) if weightless is None else weightless,
            weights=weights,
            squares=squares,
            strata=None if strata is None else RowLabels.of(strata, "strata"),
            clusters=None if clusters is None else RowLabels.of(clusters, "clusters"),
            lonely_psu=lonely_psu,
            degrees_of_freedom=degrees_of_freedom,
        )
        return laid_out({"": content}, scale, keys)

    @classmethod
    def of_items(cls, tallies: "Mapping[str, SurveyTally]") -> "SurveyTally":
        """
        Several items of the same respondents as one tally.

        Args:
            tallies: The tally of each item by name, in the order of display; of the same scale,
                design and names of groups.

        Returns:
            The tally with the key ``item`` besides; a new survey to `compare`.

        Raises:
            TallyError: No tallies, tallies of other scales, or of several items each.
            LabelError: Tallies by other names.
        """
        if not tallies:
            raise TallyError("items must be tallies by name, got none")
        first = next(iter(tallies.values()))
        for each in tallies.values():
            check_same("scale", first.scale, each.scale)
            if len(each.contents) != 1:
                raise TallyError(
                    f"items must be tallied one by one, got a tally of {len(each.contents)} items"
                )
        named = [
            attrs.evolve(each, keys=attrs.evolve(each.keys, fixed=())) for each in tallies.values()
        ]
        keys = named[0].keys
        for each in named[1:]:
            keys, _, _ = keys.united(each.keys)
        return beside(named, keys, "item", tuple(tallies))

    def caption(self) -> str:
        """The scale."""
        return f"answers of a survey on {self._scale}"

    @property
    def notes(self) -> tuple[str, ...]:
        """Why answers are missing, where clusters are few, and weights that may be counts."""
        points = len(self._scale)

        def traits(content: Content) -> Floats:
            flags = content.may_be_frequencies.astype(np.float64)
            return np.column_stack([content.clusters_met(points), flags])

        clusters, frequencies = np.moveaxis(self._shaped(self._by_row(traits, 2, 0.0)), -1, 0)
        few = (clusters < _FEW_CLUSTERS) & (self.n > 0)
        return (
            *super().notes,
            *_noted(few, f"fewer than {_FEW_CLUSTERS} clusters", "how they differ is hardly known"),
            *_noted(
                frequencies > 0,
                "few respondents with large whole weights",
                "numbers of respondents, as in a table of frequencies, are no weights; "
                "frames.tally takes them by counts=",
            ),
            *_noted_factors([content.factors for content in self.contents]),
        )

    # -- putting together ------------------------------------------------------------------

    def __add__(self, other: object) -> "SurveyTally":
        if not isinstance(other, SurveyTally):
            return NotImplemented
        check_same("scale", self._scale, other._scale)
        for each in (self, other):
            check_whole(each, "add up")
        keys, _, _ = self._keys.united(other._keys)
        if "item" in set(dict(self._keys.fixed)) - set(dict(keys.fixed)):
            check_not_items(("item",), "added up")
        return merged([(each, rows_under(keys, each.keys)) for each in (self, other)], keys)

    def __radd__(self, other: object) -> "SurveyTally":
        return self if other == 0 else NotImplemented  # so that sum() can start

    def grouped(self, keys: Keys, rows: Places) -> "SurveyTally":
        """The rows added up: each goes to a row of other keys."""
        return attrs.evolve(merged([(self, rows)], keys), identity=self.identity)


def _content(
    found: Places, domains: Places, keys: Keys, design: SurveyDesign | ReplicateWeights
) -> Content:
    """Of respondents: their cells where these say all that matters, else themselves."""
    if isinstance(design, ReplicateWeights):
        weights = design.row_weights / design.row_weights.max()  # equal ones are exactly 1
        rows = respondent_rows(found, domains, weights)
        auxiliaries = None if design.calibrated is None else design.calibrated.auxiliaries()
        return ReplicatedRows(rows, keys.rows, design.applied, auxiliaries)
    weights, options = design.row_weights, (design.lonely_psu, design.degrees_of_freedom)
    if design.population is None and design.calibrated is None:
        rows, none = respondent_rows(found, domains, weights), RowLabels.none(len(found))
        labels = (design.strata or none, design.clusters or none)
        return CountedCells(rows, keys.rows, weights == 0, *labels, *options).added_up()
    rows = respondent_rows(found, domains, weights / weights.max())
    clustered = design.clusters is not None
    calibrated = design.calibrated
    auxiliaries = None if calibrated is None else calibrated.auxiliaries(design.stages)
    left = design.members_left
    return SampledRows(rows, keys.rows, design.stages, clustered, *options, auxiliaries, left)


def _answer_places(values: Iterable[object], scale: Scale, item: str, respondents: int) -> Places:
    """The place of each answer on the scale; an error unless one for each respondent."""
    found = row_places(values, scale, item)
    if len(found) != respondents:
        raise AnswerError(
            "answers must be one for each respondent of the design, got "
            f"{len(found)} for {respondents}; those without an answer are missing ones"
        )
    return found


def _noted(which: Flags, what: str, why: str) -> tuple[str, ...]:
    """What is said of some of the rows, if any."""
    rows = f" in {which.sum():,} of {which.size:,} rows" if which.ndim else ""
    return (f"{what}{rows}: {why}",) if which.any() else ()


def _noted_factors(factors: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    """What is said of calibration that goes far."""
    low = min((one for one, _ in factors), default=1.0)
    high = max((one for _, one in factors), default=1.0)
    if high <= _MUCH and low >= 1 / _MUCH:
        return ()
    how = f"calibration multiplies weights by {low:.2g} to {high:.2g}, 1 on average"
    return (f"{how}: a few answers stand for many; put labels together, or set bounds",)


Join = Callable[[Sequence[Content]], Content]


def added_up(parts: Sequence[Content]) -> Content:
    """The respondents of all; several are cells."""
    return reduce(CountedCells.joined, cast("Sequence[CountedCells]", parts))


def beside(
    tallies: Sequence[SurveyTally],
    keys: Keys,
    name: str,
    level: Sequence[object],
    join: Join = added_up,
) -> SurveyTally:
    """
    Tallies with a name more, which tells them apart.

    Args:
        tallies: On the same scale.
        keys: Of the rows of all.
        name: The new name.
        level: The label of each tally.
        join: Makes one of what several tallies keep of an item.
    """
    every, _, _ = keys.extended(name, level)
    parts = [
        (each, rows_under(keys, each.keys) * len(tallies) + place)
        for place, each in enumerate(tallies)
    ]
    return merged(parts, every, join)


def merged(
    parts: Sequence[tuple[SurveyTally, Places]], keys: Keys, join: Join = added_up
) -> SurveyTally:
    """
    The rows of tallies under other keys.

    Args:
        parts: Tallies on the same scale, and the new row of each of their rows.
        keys: Of the new rows.
        join: Makes one of what several tallies keep of an item.
    """
    layout = Layout.of(keys)
    sides = [_moved(tally, target, layout) for tally, target in parts]
    contents = {item: join([side[item] for side in sides if item in side]) for item in layout.items}
    return laid_out(contents, parts[0][0].scale, keys)


def _moved(tally: SurveyTally, target: Places, layout: Layout) -> dict[str, Content]:
    """
    What a tally keeps of each item, with its rows moved to others.

    Respondents whose row was taken out stay in the design, in no domain.

    Args:
        tally: The tally.
        target: The new row of each of its rows.
        layout: Of the new rows.
    """
    found: dict[str, Content] = {}
    for content, rows in tally.by_item():
        item = int(layout.item[target[rows[0]]])
        number = layout.numbers[item]
        domains = np.full(content.domains, number)
        domains[tally.row_domains[rows]] = layout.domain[target[rows]]
        found[layout.items[item]] = content.regrouped(domains, number)
    if not found and layout.items == ("",):  # no rows, but clusters that were drawn
        content, number = tally.contents[0], layout.numbers[0]
        found[""] = content.regrouped(np.full(content.domains, number), number)
    return found


def laid_out(contents: Mapping[str, Content], scale: Scale, keys: Keys) -> SurveyTally:
    """
    The tally of these items, whose domains are those of a `Layout` of the keys.

    Args:
        contents: By item; of one without a name if the keys do not tell items.
        scale: Of the answers.
        keys: Of the rows.
    """
    layout = Layout.of(keys)
    ordered = (
        [contents[name] for name in layout.items] if "item" in keys.names else contents.values()
    )
    item, domain = layout.item.reshape(keys.shape), layout.domain.reshape(keys.shape)
    return SurveyTally(ordered, scale, item, domain, keys)


def check_whole(tally: SurveyTally, done: str) -> None:
    """An error where a tally can't be added to another one, or saved."""
    if not all(isinstance(content, CountedCells) for content in tally.contents):
        raise TallyError(
            f"tallies of surveys {done} if they are of large populations, without replicate "
            "weights or calibration; put these together by surveys.stack, or the respondents in one design"
        )
    rows = {*zip(tally.row_items.tolist(), tally.row_domains.tolist(), strict=True)}
    every = sum(content.domains for content in tally.contents)
    if not all(content.is_whole for content in tally.contents) or len(rows) < every:
        raise TallyError(
            f"tallies of surveys {done} with all of their rows, got one from which sel() or [] "
            "took some out, whose clusters are still in it; choose rows afterwards"
        )
