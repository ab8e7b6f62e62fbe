"""The answers of a survey with a design: a sample whose domains keep all of its clusters."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import TallyError
from custfocus.intervals.arguments import sample_sizes
from custfocus.intervals.methods import SurveyMethod
from custfocus.responses.answers import (
    AnswerColumns,
    check_index,
    check_rows,
    columns_of_answers,
    grouping,
)
from custfocus.responses.sample import (
    Differences,
    Figures,
    Homogeneities,
    LimitsBySize,
    Sample,
    check_not_items,
    reasons_of,
    row_places,
)
from custfocus.responses.scale import Scale, as_scale, check_scale
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import BY_ROW, Counts, Flags, Floats, Places, places
from custfocus.results.keys import Keys
from custfocus.surveys.contents import Content
from custfocus.surveys.counted_cells import CountedCells
from custfocus.surveys.item_contents import (
    answer_places,
    cells_content,
    check_design,
    respondents_content,
)
from custfocus.surveys.joining import check_same, joined
from custfocus.surveys.layout import Layout, moved, rows_under, sorted_places
from custfocus.surveys.replicate_weights import ReplicateWeights
from custfocus.surveys.row_fields import Labels, RowLabels
from custfocus.surveys.survey_design import (
    LonelyPsu,
    SurveyDesign,
    check_degrees_of_freedom,
    check_lonely_psu,
)
from custfocus.surveys.survey_differences import (
    survey_differences,
    survey_homogeneity,
    survey_p_values,
)
from custfocus.surveys.survey_figures import (
    MEANS,
    check_method,
    domain_figures,
    domain_means,
    limits_by_size,
)

_FEW = 10  # clusters: below, a variance between them is hardly known


def new_identity() -> str:
    """What tells the answers of one survey from those of any other."""
    return secrets.token_hex(8)


def _as_items(items: Iterable[Content]) -> tuple[Content, ...]:
    return tuple(items)


@attrs.frozen(eq=False, repr=False)
class SurveyTally(Sample):
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

    _items: tuple[Content, ...] = attrs.field(converter=_as_items)
    _scale: Scale = attrs.field(validator=check_scale)
    _item: Places = attrs.field(converter=places, metadata=BY_ROW)
    _domain: Places = attrs.field(converter=places, metadata=BY_ROW)  # -1 for a row without answers
    _keys: Keys = attrs.field()
    _identity: str = attrs.field(factory=new_identity, eq=False)

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
        check_design(design)
        items, fixed = columns_of_answers(answers)
        check_index(by, {**items, "the design": cast("Any", design)})
        keys, rows = grouping(by, items, fixed)
        check_rows(len(design), None if rows is None else len(rows))
        domain = sorted_places(keys)
        codes = np.zeros(len(design), np.intp) if rows is None else domain[rows]
        contents = {
            name: respondents_content(
                answer_places(values, scale, name, len(design)), codes, keys.rows, design
            )
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
        labels = (
            None if strata is None else RowLabels.of(strata, "strata"),
            None if clusters is None else RowLabels.of(clusters, "clusters"),
        )
        codes = np.zeros_like(found) if rows is None else sorted_places(keys)[rows]
        drawn = np.zeros(len(found)) if weightless is None else weightless
        numbers = (respondents, drawn, weights, squares)
        options = (lonely_psu, degrees_of_freedom)
        content = cells_content(
            found, codes, keys.rows, labels=labels, numbers=numbers, options=options
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
        first, *others = tallies.values()
        for each in tallies.values():
            check_same("scale", first.scale, each.scale)
            if len(each.contents) != 1:
                raise TallyError(
                    f"items must be tallied one by one, got a tally of {len(each.contents)} items"
                )
        keys = attrs.evolve(first.keys, fixed=())
        for each in others:
            keys, _, _ = keys.united(attrs.evolve(each.keys, fixed=()))
        every, _, _ = keys.extended("item", tuple(tallies))
        layout = Layout.of(every)
        contents: dict[str, Content] = {}
        for place, each in enumerate(tallies.values()):
            rows = rows_under(keys, attrs.evolve(each.keys, fixed=()))
            contents |= moved(each, rows * len(tallies) + place, layout)
        return laid_out(contents, first.scale, every)

    @property
    def keys(self) -> Keys:
        """What the rows are called."""
        return self._keys

    @property
    def scale(self) -> Scale:
        """The scale of the answers."""
        return self._scale

    @property
    def contents(self) -> tuple[Content, ...]:
        """What is kept of each item, for engines and files."""
        return self._items

    @property
    def row_items(self) -> Places:
        """Which of the contents each row is of, shape (rows,); one row where there are no names."""
        return self._item.reshape(-1)

    @property
    def row_domains(self) -> Places:
        """The domain of each row, likewise; -1 for a row without any answers."""
        return self._domain.reshape(-1)

    @property
    def identity(self) -> str:
        """What rows of the same survey share: a text made when its answers were tallied."""
        return self._identity

    @property
    def counts(self) -> Counts:
        """How many respondents chose each point, shape (..., K); not weighted."""
        return self._table()[..., : len(self._scale)]

    @property
    def missing_by_reason(self) -> Counts:
        """How many gave no answer for each of the `reasons`, shape (..., reasons)."""
        return self._table()[..., len(self._scale) :]

    def _table(self) -> Counts:
        kinds = len(self._scale) + len(reasons_of(self._scale))
        return self._by_row(lambda content: content.table(kinds), kinds, 0)

    def _by_row(
        self, of_content: Callable[[Content], NDArray[Any]], width: int, absent: float
    ) -> NDArray[Any]:
        """
        Numbers of each row, from a table (domains, width) of each item that has rows.

        Args:
            of_content: The table of an item.
            width: Its columns.
            absent: What rows without answers get.
        """
        found = np.full((len(self.row_items), width), absent)
        for place, content in enumerate(self._items):
            here = (self.row_items == place) & (self.row_domains >= 0)
            if here.any():
                found[here] = of_content(content)[self.row_domains[here]]
        return found.reshape(*self.shape, width)

    @property
    def shares(self) -> Floats:
        """The weighted share of the answers on each point, shape (..., K); NaN for n = 0."""
        points = len(self._scale)

        def shares(content: Content) -> Floats:
            counts = content.weights(points)
            total = counts.sum(axis=1, keepdims=True)
            return np.asarray(counts / np.where(total > 0, total, np.nan))

        return self._by_row(shares, points, np.nan)

    def caption(self) -> str:
        """The scale."""
        return f"answers of a survey on {self._scale}"

    @property
    def notes(self) -> tuple[str, ...]:
        """Why answers are missing, where clusters are few, and weights that may be counts."""
        points = len(self._scale)

        def clusters(content: Content) -> Floats:
            found = content.clusters(points)
            many = np.full(content.domains, np.inf) if found is None else found
            return many[:, np.newaxis]

        def frequencies(content: Content) -> Flags:
            if isinstance(content, CountedCells):
                return content.may_be_frequencies[:, np.newaxis]
            return np.zeros((content.domains, 1), np.bool_)

        few = (self._by_row(clusters, 1, np.inf)[..., 0] < _FEW) & (self.n > 0)
        counts = self._by_row(frequencies, 1, 0)[..., 0] > 0
        return (
            *super().notes,
            *_noted(few, f"fewer than {_FEW} clusters", "how they differ is hardly known"),
            *_noted(
                counts,
                "few respondents with large whole weights",
                "numbers of respondents, as in a table of frequencies, are no weights; "
                "frames.tally takes them by counts=",
            ),
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
        layout = Layout.of(keys)
        sides = [moved(each, rows_under(keys, each.keys), layout) for each in (self, other)]
        contents = {
            name: joined([side[name] for side in sides if name in side]) for name in layout.items
        }
        return laid_out(contents, self._scale, keys)

    def __radd__(self, other: object) -> "SurveyTally":
        return self if other == 0 else NotImplemented  # so that sum() can start

    def reindexed(self, keys: Keys, rows: Places) -> "SurveyTally":
        """The rows under other keys; row -1 is an empty one."""
        absent = rows < 0
        item = np.append(self._item.ravel(), 0)[rows]
        domain = np.where(absent, -1, np.append(self._domain.ravel(), -1)[rows])
        return attrs.evolve(
            self, item=item.reshape(keys.shape), domain=domain.reshape(keys.shape), keys=keys
        )

    def grouped(self, keys: Keys, rows: Places) -> "SurveyTally":
        """The rows added up: each goes to a row of other keys."""
        layout = Layout.of(keys)
        contents = moved(self, rows, layout)
        return attrs.evolve(laid_out(contents, self._scale, keys), identity=self._identity)

    # -- what indices ask ------------------------------------------------------------------

    def figures(
        self,
        scoring: Scoring,
        method: SurveyMethod,
        confidence_level: float,
        population: Floats | None = None,  # noqa: ARG002 - a design has its own
    ) -> Figures:
        """The index of each row with its limits; see `estimate`."""
        self._check_asked(method, scoring)
        found = self._by_row(
            lambda content: domain_figures(content, scoring, method, confidence_level),
            len(Figures._fields),
            np.nan,
        )
        return Figures(*np.moveaxis(found, -1, 0))

    def limits_by_size(
        self,
        scoring: Scoring,
        method: SurveyMethod,
        confidence_level: float,
        population: Floats | None = None,  # noqa: ARG002 - a design has its own
    ) -> LimitsBySize:
        """
        The limits of each row as they would be with more respondents from as many more clusters.

        The design effect stays as it is.
        """
        self._check_asked(method, scoring)
        rows = self.means(scoring)
        return limits_by_size(rows, self.n.astype(np.float64), scoring, method, confidence_level)

    def _check_asked(self, method: SurveyMethod, scoring: Scoring) -> None:
        check_method(method, scoring)
        sample_sizes(self.n.astype(np.float64))

    def means(self, scoring: Scoring) -> Floats:
        """The table of `domain_means` for each row, NaN where there are no answers."""
        width = MEANS + len(self._scale)
        return self._by_row(lambda content: domain_means(content, scoring), width, np.nan)

    def differences(
        self,
        scoring: Scoring,
        rows: Places,
        other: Sample,
        other_rows: Places,
        confidence_level: float,
        *,
        correction: bool = True,  # noqa: ARG002 - the design has it
    ) -> Differences:
        """
        Rows of this survey less rows of the same, with their covariance, or of another one.

        Raises:
            TallyError: A plain sample; another tally of the same design.
        """
        return survey_differences(
            self, rows, other, other_rows, scoring=scoring, confidence_level=confidence_level
        )

    def p_values(self, scoring: Scoring, rows: Places, other_rows: Places) -> Floats:
        """The p-values of differences between rows of this survey, shape (pairs,)."""
        return survey_p_values(self, rows, other_rows, scoring)

    def homogeneity(self, scoring: Scoring, blocks: Places, number: int) -> Homogeneities:
        """Whether rows differ at all within each block, by the test of Rao and Scott."""
        return survey_homogeneity(self, blocks, number, scoring)

    def with_rest(self, blocks: Places) -> "SurveyTally":
        """All rows, and then for each of them the others of its block added up; numbered."""
        rows = len(self.row_items)
        item, domain = (np.tile(of, 2) for of in (self.row_items, self.row_domains))
        contents = list(self._items)
        for place, content in enumerate(self._items):
            here = np.flatnonzero((self.row_items == place) & (self.row_domains >= 0))
            if not len(here):  # an item whose rows were not chosen
                continue
            domains = np.full(content.domains, len(here))
            domains[self.row_domains[here]] = np.arange(len(here))
            contents[place] = content.regrouped(domains, len(here)).with_rest(
                np.unique(blocks[here], return_inverse=True)[1]
            )
            domain[here] = np.arange(len(here))
            domain[rows + here] = len(here) + np.arange(len(here))
        return SurveyTally(contents, self._scale, item, domain, Keys.numbered(2 * rows))


def _noted(which: Flags, what: str, why: str) -> tuple[str, ...]:
    """What is said of some of the rows, if any."""
    rows = f" in {which.sum():,} of {which.size:,} rows" if which.ndim else ""
    return (f"{what}{rows}: {why}",) if which.any() else ()


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
            "weights; put these together by surveys.stack, or the respondents in one design"
        )
    rows = {*zip(tally.row_items.tolist(), tally.row_domains.tolist(), strict=True)}
    every = sum(content.domains for content in tally.contents)
    if not all(content.is_whole for content in tally.contents) or len(rows) < every:
        raise TallyError(
            f"tallies of surveys {done} with all of their rows, got one from which sel() or [] "
            "took some out, whose clusters are still in it; choose rows afterwards"
        )
