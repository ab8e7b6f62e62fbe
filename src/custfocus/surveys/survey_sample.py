"""The rows of a survey as a sample: what indices and comparisons ask of them."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, Self

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.errors import TallyError
from custfocus.intervals.arguments import sample_sizes
from custfocus.intervals.covariance import DesignPairs, at, independent_pairs
from custfocus.intervals.design import DesignMeans
from custfocus.intervals.design_difference import design_differences, design_p_values
from custfocus.intervals.design_homogeneity import design_homogeneity
from custfocus.intervals.methods import SurveyMethod
from custfocus.responses.sample import (
    ComparisonMethod,
    Differences,
    Figures,
    Homogeneities,
    LimitsBySize,
    Sample,
    Sizes,
    reasons_of,
)
from custfocus.responses.scale import Scale, check_scale
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import BY_ROW, Counts, Floats, Places, places
from custfocus.results.keys import Keys
from custfocus.surveys.contents import Content
from custfocus.surveys.survey_figures import RowMeans, check_method, figures_of, limits_by_size


class _Compared(NamedTuple):
    """What designs say of some pairs of rows, and the weights of both sides on the points."""

    which: Places
    pairs: DesignPairs
    counts: Floats
    others: Floats


def new_identity() -> str:
    """What tells the answers of one survey from those of any other."""
    return secrets.token_hex(8)


def _as_items(items: Iterable[Content]) -> tuple[Content, ...]:
    return tuple(items)


@attrs.frozen(eq=False, repr=False)
class SurveySample(Sample):
    """
    Rows that are domains of the items of a survey, each of which keeps all of its design.

    Attributes:
        contents: What is kept of each item, for engines and files.
        identity: What rows of the same survey share: a text made when its answers were tallied.
    """

    contents: tuple[Content, ...] = attrs.field(converter=_as_items)
    _scale: Scale = attrs.field(validator=check_scale)
    _item: Places = attrs.field(converter=places, metadata=BY_ROW)
    _domain: Places = attrs.field(converter=places, metadata=BY_ROW)  # -1 for a row without answers
    _keys: Keys = attrs.field()
    identity: str = attrs.field(factory=new_identity, eq=False)

    @property
    def keys(self) -> Keys:
        """What the rows are called."""
        return self._keys

    @property
    def scale(self) -> Scale:
        """The scale of the answers."""
        return self._scale

    @property
    def row_items(self) -> Places:
        """Which of the contents each row is of, shape (rows,); one row where there are no names."""
        return self._item.reshape(-1)

    @property
    def row_domains(self) -> Places:
        """The domain of each row, likewise; -1 for a row without any answers."""
        return self._domain.reshape(-1)

    @property
    def is_finite(self) -> bool:
        """Whether the design knows of a finite population."""
        return any(content.is_finite for content in self.contents)

    def by_item(self) -> Iterator[tuple[Content, Places]]:
        """What is kept of each item that has rows with answers, and these."""
        for place, content in enumerate(self.contents):
            rows = np.flatnonzero((self.row_items == place) & (self.row_domains >= 0))
            if len(rows):
                yield content, rows

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
        return self._shaped(self._by_row(lambda content: content.table(kinds), kinds, 0))

    def _by_row(
        self, of_content: Callable[[Content], NDArray[Any]], width: int, absent: float
    ) -> NDArray[Any]:
        """
        Numbers of each row, shape (rows, width), from a table of the domains of each item.

        Args:
            of_content: The table of an item that has rows, shape (domains, width).
            width: Its columns.
            absent: What rows without answers get; of the type of the numbers.
        """
        found = np.full((len(self.row_items), width), absent)
        for content, rows in self.by_item():
            found[rows] = of_content(content)[self.row_domains[rows]]
        return found

    def _shaped(self, by_row: NDArray[Any]) -> NDArray[Any]:
        """What has an entry for each row, in the shape of the sample."""
        return by_row.reshape((*self.shape, *by_row.shape[1:]))

    @property
    def shares(self) -> Floats:
        """The weighted share of the answers on each point, shape (..., K); NaN for n = 0."""
        points = len(self._scale)
        weights = self._by_row(lambda content: content.weights(points), points, 0.0)
        total = weights.sum(axis=1, keepdims=True)
        return self._shaped(weights / np.where(total > 0, total, np.nan))

    def reindexed(self, keys: Keys, rows: Places) -> Self:
        """The rows under other keys; row -1 is an empty one."""
        absent = rows < 0
        item = np.append(self._item.ravel(), 0)[rows]
        domain = np.where(absent, -1, np.append(self._domain.ravel(), -1)[rows])
        return attrs.evolve(
            self, item=item.reshape(keys.shape), domain=domain.reshape(keys.shape), keys=keys
        )

    def figures(
        self,
        scoring: Scoring,
        method: SurveyMethod,
        confidence_level: float,
        population: Floats | None = None,  # noqa: ARG002 - a design has its own
    ) -> Figures:
        """The index of each row with its limits; see `estimate`."""
        self._check_asked(method, scoring)
        found = figures_of(self.means(scoring), scoring, method, confidence_level)
        return Figures(*map(self._shaped, found))

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

    def means(self, scoring: Scoring) -> RowMeans:
        """The weights and the mean score of each row, NaN where there are no answers."""
        points = len(self._scale)

        def table(content: Content) -> Floats:
            weighed = content.weighed(scoring.quoted_scores)
            return np.column_stack([weighed.counts, *weighed.means]).astype(np.float64)

        found = self._by_row(table, points + len(DesignMeans._fields), np.nan)
        means = DesignMeans._make(found[:, points:].T)
        return RowMeans(found[:, :points], means._replace(no_variance=means.no_variance == 1))

    def differences(
        self,
        scoring: Scoring,
        rows: Places,
        other: Sample,
        other_rows: Places,
        confidence_level: float,
        *,
        method: ComparisonMethod = "score",
        correction: bool = True,  # noqa: ARG002 - the design has it
        tested: bool = True,  # noqa: ARG002 - they come with the limits
        populations: tuple[Sizes, Sizes] = (None, None),  # noqa: ARG002 - the design has them
    ) -> Differences:
        """
        Rows of this survey less rows of the same, with their covariance, or of another one.

        Raises:
            TallyError: A plain sample; another tally of the same design; a method for plain
                samples.
        """
        if method != "score":
            raise TallyError(
                f"the method {method!r} is for samples without a design, got answers of a design; "
                "choose 'score'"
            )
        found = np.full((len(Differences._fields), len(rows)), np.nan)
        compared = self._compared(scoring, rows, self._comparable(other), other_rows)
        for which, pairs, counts, others in compared:
            each = design_differences(
                pairs, counts, others, scoring.quoted_scores, confidence_level
            )
            found[:, which] = (
                each.value,
                each.low,
                each.high,
                each.standard_error,
                each.p_value,
                each.degrees_of_freedom,
                each.design_factor,
                each.correlation,
            )
        return Differences(*found)

    def p_values(
        self,
        scoring: Scoring,
        rows: Places,
        other_rows: Places,
        population: Sizes = None,  # noqa: ARG002 - a design has its own
    ) -> Floats:
        """The p-values of differences between rows of this survey, shape (pairs,)."""
        found = np.full(len(rows), np.nan)
        for which, pairs, counts, others in self._compared(scoring, rows, self, other_rows):
            found[which] = design_p_values(pairs, counts, others, scoring.quoted_scores, 0.0)
        return found

    def _compared(
        self, scoring: Scoring, rows: Places, other: "SurveySample", other_rows: Places
    ) -> Iterator[_Compared]:
        """What the designs say of pairs of rows that have answers, item by item."""
        (items, a), (_, b) = self.places_of(rows), other.places_of(other_rows)
        some = (a >= 0) & (b >= 0)
        if other.identity != self.identity:
            first, second = self.means(scoring), other.means(scoring)
            x, y = rows[some], other_rows[some]
            pairs = independent_pairs(at(first.means, x), at(second.means, y))
            yield _Compared(np.flatnonzero(some), pairs, first.counts[x], second.counts[y])
            return
        if other.contents is not self.contents and other.contents != self.contents:
            raise TallyError(
                "rows of one survey are compared as they were tallied, got rows that were added up "
                "in two ways; collapse names first and pick both sides of one estimate"
            )
        for item, content in enumerate(self.contents):
            which = np.flatnonzero(some & (items == item))
            if len(which):
                x, y = a[which], b[which]
                weighed = content.weighed(scoring.quoted_scores)
                yield _Compared(which, weighed.pairs(x, y), weighed.counts[x], weighed.counts[y])

    def places_of(self, rows: Places) -> tuple[Places, Places]:
        """The item and the domain of each of some rows; a domain of -1 where there is none."""
        item, domain = (np.append(of, -1)[rows] for of in (self.row_items, self.row_domains))
        return item, domain

    def _comparable(self, other: Sample) -> "SurveySample":
        if not isinstance(other, SurveySample):
            raise TallyError(
                "a sample of a design can't be compared with a plain one, whose weights are not "
                f"known, got a {type(other).__name__}; give its answers a SurveyDesign too"
            )
        if other.identity != self.identity and self.contents[0].has_design_of(other.contents[0]):
            raise TallyError(
                "two samples of one design can't be taken for independent, got designs that are "
                "equal; pick rows of one sample, compare(e, wave=('after', 'before')), or put the "
                "two together first, surveys.stack(a, b, shared_clusters=...)"
            )
        return other

    def homogeneity(
        self,
        scoring: Scoring,
        blocks: Places,
        number: int,
        population: Sizes = None,  # noqa: ARG002 - a design has its own
    ) -> Homogeneities:
        """Whether rows of an item differ at all within each block, by the test of Rao and Scott."""
        found = np.full((number, len(Homogeneities._fields)), np.nan)
        answered = (self.n.reshape(-1) > 0) & (self.row_domains >= 0)
        several = np.bincount(blocks[answered], minlength=number) > 1
        for block in np.flatnonzero(several).tolist():
            rows = np.flatnonzero(answered & (blocks == block))
            content = self.contents[int(self.row_items[rows[0]])]
            weighed = self._domains_of(content, rows).weighed(scoring.quoted_scores)
            test = design_homogeneity(weighed.together(), weighed.counts, scoring.quoted_scores)
            found[block] = test[: found.shape[1]]
        return Homogeneities(*found.T)

    def with_rest(self, blocks: Places) -> Self:
        """All rows, and then for each of them the others of its block added up; numbered."""
        number = len(self.row_items)
        item, domain = (np.tile(of, 2) for of in (self.row_items, self.row_domains))
        contents = list(self.contents)
        for content, rows in self.by_item():
            of_rows = np.unique(blocks[rows], return_inverse=True)[1]
            contents[int(item[rows[0]])] = self._domains_of(content, rows).with_rest(of_rows)
            domain[rows] = np.arange(len(rows))
            domain[number + rows] = len(rows) + np.arange(len(rows))
        keys, identity = Keys.numbered(2 * number), new_identity()
        return attrs.evolve(
            self, contents=contents, item=item, domain=domain, keys=keys, identity=identity
        )

    def _domains_of(self, content: Content, rows: Places) -> Content:
        """What is kept of an item, with some of its rows as its domains."""
        domains = np.full(content.domains, len(rows))
        domains[self.row_domains[rows]] = np.arange(len(rows))
        return content.regrouped(domains, len(rows))
