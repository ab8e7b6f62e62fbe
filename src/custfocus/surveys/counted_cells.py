"""The cells of a large population's sample: domain, stratum, cluster, answer. They add up."""

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import TallyError
from custfocus.intervals.arguments import plain_numbers
from custfocus.intervals.design import Rows, Stage, numbered, sums
from custfocus.responses.sample import whole_counts
from custfocus.results.arrays import Flags, Floats, Places, floats
from custfocus.surveys.contents import BY_VALUE, Content, Weighed, concatenated, rests
from custfocus.surveys.row_fields import RowLabels
from custfocus.surveys.sampled_rows import SampledRows, unevenness_of
from custfocus.surveys.stages import StageSpec, check_single_clusters

_ROUNDING = 1e-6  # of a sum: more than adding up a billion numbers leaves over
_CLOSE = 1e-9  # of a unit's weight: more than adding up in another order leaves over
_LARGE_WEIGHT, _FEW_RESPONDENTS = (
    10,
    100,
)  # mean weight, and respondents, of what may be a table of frequencies


@attrs.frozen
class CountedCells(Content):
    """
    The cells of a large population's sample, of one stage; they add up.

    The rows are the cells, each once and in order, with the weights as they were given.

    Attributes:
        weightless: How many respondents of weight 0 each cell has: they were drawn but do not
            count; shape (cells,).
        strata: The stratum of each cell; of no name for one.
        clusters: Its cluster, of which the same label in two strata is two; of no name if every
            respondent was drawn on their own.
        lonely_psu: What a stratum with one cluster gets.
        degrees_of_freedom: The fixed ones; None for none.
    """

    weightless: Floats = attrs.field(converter=floats, eq=BY_VALUE)
    strata: RowLabels
    clusters: RowLabels
    lonely_psu: str
    degrees_of_freedom: float | None

    @classmethod
    def of(
        cls,
        places: Places,
        domains: Places,
        number: int,
        *,
        respondents: ArrayLike,
        weightless: ArrayLike,
        weights: ArrayLike,
        squares: ArrayLike,
        strata: RowLabels | None,
        clusters: RowLabels | None,
        lonely_psu: str,
        degrees_of_freedom: float | None,
    ) -> "CountedCells":
        """
        Cells in any order as they come in, with the answer and the domain of each.

        Raises:
            TallyError: Arrays of different lengths, numbers that are not whole where they must
                be, and weights that no respondents could have.
        """
        none = RowLabels.none(len(places))
        strata = none if strata is None else strata
        clusters = none if clusters is None else clusters
        names = ("respondents", "weightless", "weights", "squares", "strata", "clusters", "answers")
        parts = (respondents, weightless, weights, squares, strata.codes, clusters.codes, places)
        shapes = dict(zip(names, map(np.shape, parts), strict=True))
        if len(set(shapes.values())) > 1:
            raise TallyError(f"cells must have one entry each in every array, got shapes {shapes}")
        rows = Rows(
            places,
            _as_sums(weights, "weights"),
            domains,
            whole_counts(respondents, "respondents").astype(np.float64),
            _as_sums(squares, "squares"),
        )
        _check_weights(rows)
        return cls(
            rows,
            number,
            whole_counts(weightless, "weightless").astype(np.float64),
            strata,
            clusters,
            lonely_psu,
            degrees_of_freedom,
        ).added_up()

    def added_up(self) -> "CountedCells":
        """The cells in order, each of them once; whole numbers stay exact."""
        rows = self.rows
        number = np.zeros(len(rows.places), np.intp)
        for codes in (rows.domains, self.strata.codes, self.clusters.codes, rows.places):
            number = numbered(number, codes)[2]
        first = np.zeros(number.max(initial=-1) + 1, np.intp)
        first[number[::-1]] = np.arange(len(number))[::-1]
        added = Rows(
            rows.places[first],
            sums(number, rows.weights),
            rows.domains[first],
            sums(number, rows.respondents),
            sums(number, rows.squares),
        )
        return attrs.evolve(
            self,
            rows=added,
            weightless=sums(number, self.weightless),
            strata=self.strata.some(first),
            clusters=self.clusters.some(first),
        )

    def joined(self, other: "CountedCells") -> "CountedCells":
        """
        The respondents of both; a cluster of the same labels in both is one.

        Raises:
            TallyError: Strata or clusters of only one of them, or other options of the design.
            LabelError: Labels that read the same and differ in type.
        """
        check_same_options(self, other)
        return attrs.evolve(
            self,
            rows=concatenated([self.rows, other.rows]),
            weightless=np.append(self.weightless, other.weightless),
            strata=self.strata.joined(other.strata, "strata"),
            clusters=self.clusters.joined(other.clusters, "clusters"),
            domains=max(self.domains, other.domains),
        ).added_up()

    @property
    def clustered(self) -> bool:
        """Whether clusters were drawn, or the respondents themselves."""
        return bool(self.clusters.keys.names)

    @property
    def units(self) -> Places | None:
        """The cluster of each cell."""
        return numbered(self.strata.codes, self.clusters.codes)[2] if self.clustered else None

    @property
    def stage(self) -> Stage:
        """The sampling, by cell."""
        rows, strata, number = self.rows, self.strata.codes, self.strata.keys.rows
        if self.clustered:
            of_units, _, units = numbered(strata, self.clusters.codes)
            sizes = np.bincount(of_units, minlength=number).astype(np.float64)
            return Stage.of_single(units, of_units, sizes, np.ones(number))
        return Stage(
            units=np.arange(len(strata)),
            strata=strata,
            alike=np.maximum(rows.respondents, 1),
            unevenness=unevenness_of(rows.respondents, rows.weights, rows.squares),
            sizes=sums(strata, rows.respondents + self.weightless, number),
            open=np.ones(number),
        )

    def sampled(self) -> SampledRows:
        """
        The cells as rows, with a stage of their own.

        Raises:
            TallyError: A stratum with one cluster that the design does not provide for.
        """
        rows, stage = self.rows, self.stage
        spec = StageSpec(self.clusters, self.strata, None, field="")
        check_single_clusters(spec, stage.single, self.strata.codes, self.lonely_psu)
        exponent = int(np.frexp(rows.weights.max(initial=0))[1])  # squares stay within float64
        rows = rows._replace(
            weights=np.ldexp(rows.weights, -exponent), squares=np.ldexp(rows.squares, -2 * exponent)
        )
        options = (self.lonely_psu, self.degrees_of_freedom)
        return SampledRows(rows, self.domains, (stage,), self.clustered, *options)

    def weighed(self, scores: Floats) -> Weighed:
        """What the design says of the domains, by linearisation."""
        return self.sampled().weighed(scores)

    def regrouped(self, domains: Places, number: int) -> "CountedCells":
        """The same respondents in other domains."""
        return super().regrouped(domains, number).added_up()

    def with_rest(self, blocks: Places) -> SampledRows:
        """The domains, and for each of them the others of its block, cells of them added up."""
        sampled = self.sampled()
        units = numbered(self.strata.codes, self.clusters.codes)[2]
        kinds = numbered(units, self.rows.places)[2]
        return sampled.extended(*rests(sampled.rows, kinds, blocks), apart=not self.clustered)

    def has_design_of(self, other: Content) -> bool:
        """Whether strata and clusters have the same labels, respondents and weights."""
        if not (
            isinstance(other, CountedCells)
            and self.strata.has_labels_of(other.strata)
            and self.clusters.has_labels_of(other.clusters)
        ):
            return False
        ours, theirs = _by_unit(self), _by_unit(other)
        return ours.shape == theirs.shape and bool(np.allclose(ours, theirs, rtol=_CLOSE, atol=0))

    @property
    def may_be_frequencies(self) -> Flags:
        """Whether the weights of a domain are whole, large and few, as in a table of counts."""
        rows, number = self.rows, self.domains + 1  # and those of no domain
        odd = (rows.weights % 1 != 0) | (rows.squares % 1 != 0)
        fractions, weights, respondents = (
            np.bincount(rows.domains, of, number)[:-1]
            for of in (odd, rows.weights, rows.respondents)
        )
        alone = not (self.strata.keys.names or self.clustered)
        large = (weights >= _LARGE_WEIGHT * respondents) & (respondents > 0)
        return np.asarray(large & (respondents < _FEW_RESPONDENTS) & (fractions == 0) & alone)


def check_same(name: str, ours: object, theirs: object) -> None:
    """An error for surveys that differ in what they must have in common."""
    if ours != theirs:
        raise TallyError(
            f"surveys are put together when they have the same {name}, got {ours!r} and {theirs!r}"
        )


def check_same_options(one: CountedCells | SampledRows, other: CountedCells | SampledRows) -> None:
    """An error for designs with other options."""
    for name in ("lonely_psu", "degrees_of_freedom"):
        check_same(name, getattr(one, name), getattr(other, name))


def _by_unit(cells: CountedCells) -> Floats:
    """Respondents, weights and squared weights of each cluster, domains and answers aside."""
    none = np.zeros_like(cells.rows.places)
    units = attrs.evolve(cells, rows=cells.rows._replace(domains=none, places=none)).added_up()
    columns = [units.strata.codes, units.clusters.codes, units.weightless, *units.rows]
    return np.stack(columns).astype(np.float64)


def _as_sums(values: ArrayLike, name: str) -> Floats:
    array = plain_numbers(values, name)
    wrong = array[~(np.isfinite(array) & (array >= 0))]
    if wrong.size:
        raise TallyError(
            f"{name} must be finite and not negative, got {wrong[0]:g}; divide large weights by "
            "a common factor, and leave respondents of weight 0 or less out of the sums"
        )
    return array


def _check_weights(rows: Rows) -> None:
    """By Cauchy and Schwarz, (sum w)² / c <= sum w² <= (sum w)² for c positive weights."""
    odd = np.flatnonzero((rows.respondents == 0) != (rows.weights == 0))
    if odd.size:
        cell = odd[0]
        raise TallyError(
            "weights must be positive where respondents are, and 0 where there are none, got "
            f"{rows.weights[cell]:g} for {rows.respondents[cell]:.0f}; count the respondents of "
            "positive weight only"
        )
    root, slack = np.sqrt(rows.squares), 1 + _ROUNDING
    right = (root <= slack * rows.weights) & (
        rows.weights <= slack * np.sqrt(rows.respondents) * root
    )
    if not right.all():
        cell = np.flatnonzero(~right)[0]
        raise TallyError(
            "squares must be the sum of the squared weights, between weights² / respondents and "
            f"weights², got {rows.squares[cell]:g} for {rows.respondents[cell]:.0f} respondents "
            f"who weigh {rows.weights[cell]:g}; square before you add up"
        )
