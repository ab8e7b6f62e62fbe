"""The median, or any quantile, of answers on a scale, with limits on the scale."""

from typing import Any, NamedTuple, Self

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import ScaleError
from custfocus.indices.estimate import Answers, Design, as_sample, sizes_of
from custfocus.indices.single_item import sampled
from custfocus.intervals.arguments import ConfidenceInterval, checked_level, sample_sizes
from custfocus.intervals.methods import Method
from custfocus.intervals.quantile_interval import (
    checked_quantile,
    quantile_error,
    quantile_limits,
    quantile_value,
)
from custfocus.quantities.quantity import Quantity, check_direction, check_name, level_text
from custfocus.quantities.recorded_quantile import NO_WIDTH, among, quantile_name
from custfocus.responses.sample import Sample, Sizes
from custfocus.responses.scale import Scale
from custfocus.responses.scoring import Scoring, as_scoring
from custfocus.results.arrays import BY_ROW, Counts, Floats, floats, places
from custfocus.results.keys import Keys
from custfocus.results.metric import Direction, Metric
from custfocus.results.result import Column, count_text
from custfocus.surveys.survey_tally import SurveyTally

_LIKERT = Scale.likert(5)


@attrs.frozen(eq=False, repr=False)
class QuantileEstimate(Quantity):
    """
    A quantile of the answers of one sample, or of each of its rows, with its limits.

    The limits are scores of the scale, and no score lies between them and what they leave out. Of
    a coarse scale they are blunt: they move by whole points, and have no width where so
    many answers are on one point that the quantile is known to be it.

    Attributes:
        sample: The answers behind it.
        scoring: What each point counts.
        q: Which quantile, in (0, 1).
        value: The quantile as quoted, shape (rows,), or ``()`` for one sample; NaN where a row has
            no answers. The middle of two scores where all between them are quantiles.
        low: Lower limit, likewise.
        high: Upper limit, likewise.
        method: How the limits of the shares were made that these follow from.
        confidence_level: Two-sided, in (0, 1).
        population: Sizes of finite populations, of the same shape, or None for large ones.
        name: What is measured, as printed.
        unit: Its unit.
        direction: Which values are better.
    """

    sample: Sample
    scoring: Scoring
    q: float
    _value: Floats = attrs.field(alias="value", converter=floats, metadata=BY_ROW)
    _low: Floats = attrs.field(alias="low", converter=floats, metadata=BY_ROW)
    _high: Floats = attrs.field(alias="high", converter=floats, metadata=BY_ROW)
    method: Method = attrs.field(default="exact", kw_only=True)
    confidence_level: float = attrs.field(default=0.95, kw_only=True, converter=checked_level)
    population: Floats | None = attrs.field(
        default=None,
        kw_only=True,
        converter=attrs.converters.optional(floats),
        metadata=BY_ROW,
    )
    name: str = attrs.field(default="median", kw_only=True, validator=check_name)
    unit: str = attrs.field(default="number", kw_only=True, validator=check_name)
    direction: Direction = attrs.field(default="higher", kw_only=True, validator=check_direction)

    @property
    def keys(self) -> Keys:
        """What the rows are called."""
        return self.sample.keys

    @property
    def measured(self) -> Metric:
        """The quantile, on the range of the scores."""
        whole = not (self.scoring.quoted_scores % 1).any()
        bounds = self.scoring.bounds
        return Metric(self.name, self.unit, bounds, self.direction, 1 if whole else None)

    @property
    def metric(self) -> Metric:
        """What is measured."""
        return self.measured

    @property
    def n(self) -> Floats:
        """Answers in each row, missing ones not counted."""
        return self.sample.n.astype(np.float64)

    @property
    def missing(self) -> Counts:
        """How many of each row gave no answer."""
        return self.sample.missing

    @property
    def value(self) -> Floats:
        """The quantile, as quoted."""
        return self._value

    @property
    def limits(self) -> ConfidenceInterval:
        """Its limits."""
        return ConfidenceInterval(self._low, self._high)

    @property
    def standard_error(self) -> Floats:
        """That of normal limits as wide as these; infinite where there is no limit."""
        return quantile_error(self.limits, self.confidence_level)

    @property
    def stepwise(self) -> bool:
        """True: it is one of the values."""
        return True

    def at_level(self, confidence_level: float) -> Self:
        """The same with limits of another level."""
        level = checked_level(confidence_level)
        asked = _Asked(self.method, level, self.population)
        value, low, high = _figures(self.sample, self.scoring, self.q, asked)
        return attrs.evolve(self, value=value, low=low, high=high, confidence_level=level)

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n, missing, value, low, high, standard_error and quantile."""
        columns = super().columns()
        return {
            **{name: columns.pop(name) for name in ("metric", "unit", "n")},
            "missing": Column(self.missing, count_text),
            **columns,
            "quantile": Column(np.array(self.q)),
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """Those of the sample, and where the limits have no width."""
        flat = (self._low == self._high) & (self.population is None)
        known = f"{NO_WIDTH.format('answers are on one point', 'it')}{among(flat)}"
        return (*self.sample.notes, *((known,) if flat.any() else ()))

    def stated(self) -> str:
        """The quantile of one sample with its limits, without how they were made."""
        text, metric = self.metric.text, self.metric
        value, low, high = (text(float(one)) for one in (self._value, self._low, self._high))
        gone = f" ({self.missing} missing)" if self.missing else ""
        return f"{metric.name} {value}{metric.sign} [{low}, {high}] n={self.n:.0f}{gone}"

    def how(self) -> str:
        """How the limits were made, in words."""
        finite = "" if self.population is None else ", finite population"
        drawn = " of the design" if isinstance(self.sample, SurveyTally) else ""
        return f"{level_text(self.confidence_level)} {self.method} limits{drawn}{finite}"


def quantile_score(
    x: Sample | Answers,
    q: float,
    *,
    scale: Scale | None = None,
    scoring: Scoring | None = None,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
    method: Method = "exact",
    confidence_level: float = 0.95,
    population: object = None,
) -> QuantileEstimate:
    """
    A quantile of the answers: the point that a share of them does not exceed.

    Each limit of the interval is a point. A point is left out where the limits of the share of
    answers up to it (or below it, on the other side) say that the share is not *q*; with the
    method ``"exact"`` these are the limits by ranks, which never cover less than their level.

    Args:
        x: Answers (a list, array or Series; several items as a mapping or dataframe), or a
            sample of any keys.
        q: Which quantile, in (0, 1), from the smallest score up; .5 for the median.
        scale: The scale of the answers, 1 to 5 by default. A sample brings its own.
        scoring: What each point counts; the points themselves by default.
        by: With answers, the label of each respondent, or several by name; see `Keys.of`.
        weights: With answers, how many members of the population each respondent stands for.
        design: With answers, how the respondents were drawn, weights included.
        method: Of the limits of the share up to each point, as `estimate` takes them for shares:
            ``"exact"``, which of plain answers never cover less than they say, ``"mid-p"``,
            ``"score"``, and with a design ``"t"``, ``"logit"`` and ``"beta"`` as well.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population: one number, or sizes by label.

    Returns:
        The quantile with its limits, in the unit of the scores, with a row for each of the
        sample's.

    Raises:
        ScaleError: A scoring of other points than the sample's; a scale and a scoring.
        AnswerError: Answers off the scale; groups or weights beside a sample, which has its own.
        TallyError: A single sample without answers; a population smaller than the sample.
        OptionError: A quantile or a level out of range; an unknown method, or one for other
            samples.

    References:
        Woodruff (1952), Journal of the American Statistical Association 47, 635-646; Francisco
        and Fuller (1991), Annals of Statistics 19, 454-469. Example: the satisfaction item of
        Rossi, Gilula and Allenby (2001), JASA 96, 20-31, in the R package bayesm.

    >>> from custfocus import Scale, Tally
    >>> counts = [99, 115, 111, 127, 328, 174, 222, 327, 118, 190]
    >>> quantile_score(Tally(counts, Scale.likert(10)), 0.25)
    25 % quantile 5.0 [4.0, 5.0] n=1811, 95 % exact limits
    """
    share = checked_quantile(q)
    if scoring is not None:
        as_scoring(scoring)
        if scale is not None:
            raise ScaleError(
                f"a scoring brings its own scale, {scoring.scale}, got scale={scale!r} as well"
            )
        sample = as_sample(x, scoring.scale, by=by, weights=weights, design=design)
    else:
        sample = sampled(x, scale, _LIKERT, by=by, weights=weights, design=design)
    scored = _points(sample.scale) if scoring is None else scoring
    sizes = sizes_of(sample, scored, method, confidence_level, population)
    sample_sizes(sample.n.astype(np.float64))
    kind = quantile_name(share)
    return QuantileEstimate(
        sample,
        scored,
        share,
        *_figures(sample, scored, share, _Asked(method, confidence_level, sizes)),
        method=method,
        confidence_level=confidence_level,
        population=sizes,
        name=kind if scoring is None else f"{kind} of {scored.name}",
        unit=str(scored.unit),
        direction="lower" if scored.lower_is_better else "higher",
    )


def median_score(
    x: Sample | Answers,
    *,
    scale: Scale | None = None,
    scoring: Scoring | None = None,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
    method: Method = "exact",
    confidence_level: float = 0.95,
    population: object = None,
) -> QuantileEstimate:
    """
    The median answer: half of the answers are on it or below, half on it or above.

    Args:
        x: Answers (a list, array or Series; several items as a mapping or dataframe), or a
            sample of any keys.
        scale: The scale of the answers, 1 to 5 by default. A sample brings its own.
        scoring: What each point counts; the points themselves by default.
        by: With answers, the label of each respondent, or several by name; see `Keys.of`.
        weights: With answers, how many members of the population each respondent stands for.
        design: With answers, how the respondents were drawn, weights included.
        method: Of the limits; see `quantile_score`.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population: one number, or sizes by label.

    Returns:
        The median with its limits, in the unit of the scores, with a row for each of the
        sample's.

    Raises:
        CustfocusError: What `quantile_score` raises.

    >>> median_score([5, 4, 4, 2, 5, 3, 4, 5, 1, 4])
    median 4.0 [2.0, 5.0] n=10, 95 % exact limits
    """
    return quantile_score(
        x,
        0.5,
        scale=scale,
        scoring=scoring,
        by=by,
        weights=weights,
        design=design,
        method=method,
        confidence_level=confidence_level,
        population=population,
    )


def _points(scale: Scale) -> Scoring:
    """The points as their own scores."""
    points = [float(point) for point in scale.points]
    return Scoring(scale, points, name="answer", lower_is_better=points[-1] < points[0])


class _Asked(NamedTuple):
    """How the limits of shares are made."""

    method: Any  # each kind of sample has methods of its own
    confidence_level: float
    population: Sizes


def _figures(
    sample: Sample, scoring: Scoring, q: float, asked: _Asked
) -> tuple[Floats, Floats, Floats]:
    """The quantile of each row and its limits; NaN without answers, of a single row as well."""
    rows = sample if sample.shape else sample.reindexed(Keys.numbered(1), places([0]))
    sizes = None if asked.population is None else asked.population.reshape(rows.shape)
    how = asked._replace(population=sizes)
    scores = np.unique(scoring.quoted_scores)
    cuts = [rows.figures(_share_up_to(scoring, score), *how) for score in scores[:-1].tolist()]
    value, low, high = (
        np.stack([getattr(one, name) for one in cuts], axis=-1) for name in ("value", "low", "high")
    )
    limits = quantile_limits(scores, low, high, q)
    found = (quantile_value(scores, value, q), limits.low, limits.high)
    middle, least, most = (one.reshape(sample.shape) for one in found)
    return middle, least, most


def _share_up_to(scoring: Scoring, score: float) -> Scoring:
    """The share of answers on points that count no more."""
    within = scoring.quoted_scores <= score
    return Scoring(scoring.scale, within.astype(np.float64).tolist(), name=f"share up to {score:g}")
