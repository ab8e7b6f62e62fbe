"""An index with its interval, and how it was made."""

from collections.abc import Callable
from functools import partial
from typing import cast

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import AnswerError, OptionError, ScaleError, choose
from custfocus.indices.notes import estimate_notes
from custfocus.intervals.arguments import ConfidenceInterval, checked_level
from custfocus.intervals.methods import METHODS, Method
from custfocus.responses.answers import AnswerColumns
from custfocus.responses.population import population_by_key
from custfocus.responses.sample import LimitsBySize, Sample
from custfocus.responses.scale import Scale
from custfocus.responses.scoring import Scoring, as_scoring
from custfocus.responses.tally import Tally
from custfocus.results.arrays import BY_ROW, Counts, Floats, floats
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.numbers import rounded
from custfocus.results.result import Column, Picture, Result, count_text, metric_columns
from custfocus.results.text import kind_text
from custfocus.surveys.replicate_weights import ReplicateWeights
from custfocus.surveys.survey_design import SurveyDesign
from custfocus.surveys.survey_tally import SurveyTally

Answers = AnswerColumns
Design = SurveyDesign | ReplicateWeights
Index = Callable[[Sample], Result]


@attrs.frozen(eq=False, repr=False)
class Estimate(Result):
    """
    The value of an index and its confidence interval, for one sample or for each of its rows.

    Attributes:
        sample: The answers behind it.
        scoring: What was computed of them.
        value: The index as quoted (NPS -100 to 100, shares in percent), shape (rows,), or
            ``()`` for one sample. NaN, as all numbers, where a row has no answers.
        low: Lower limit, in the same unit and shape.
        high: Upper limit, likewise.
        standard_error: Of the value, in the same unit; infinite for a single answer.
        degrees_of_freedom: Those that the limits take; infinite for the normal quantile.
        design_effect: The variance over that of n answers drawn one by one; 1 without a design.
        effective_n: How many answers drawn one by one would tell as much.
        method: The method of the interval.
        confidence_level: Its two-sided confidence level.
        population: Size of the finite population, of the same shape, or None for a large one.
    """

    sample: Sample
    scoring: Scoring
    value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    standard_error: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    degrees_of_freedom: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    design_effect: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    effective_n: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    method: Method = "score"
    confidence_level: float = 0.95
    population: Floats | None = attrs.field(
        default=None, converter=attrs.converters.optional(floats), metadata=BY_ROW
    )

    @property
    def keys(self) -> Keys:
        """What the rows are called."""
        return self.sample.keys

    @property
    def metric(self) -> Metric:
        """What is measured."""
        return self.scoring.metric

    @property
    def n(self) -> Counts:
        """Answers in each row, missing ones not counted."""
        return self.sample.n

    @property
    def missing(self) -> Counts:
        """How many of each row gave no answer."""
        return self.sample.missing

    @property
    def limits_by_size(self) -> LimitsBySize:
        """The limits as a function of how many would have answered; see `limits_at`."""
        return self.sample.limits_by_size(
            self.scoring, self.method, self.confidence_level, self.population
        )

    def limits_at(self, n: ArrayLike) -> ConfidenceInterval:
        """
        The limits if *n* had answered, in the same proportions: what a larger sample would buy.

        Args:
            n: Answers, 1 or more, or infinite; broadcasts with the rows. Need not be whole.

        Returns:
            Limits as quoted, of the broadcast shape. NaN where a row has no answers.

        Raises:
            TallyError: Sizes below 1, that do not fit the rows or exceed the population.
        """
        return self.limits_by_size(n)

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n, missing, value, low, high and how certain they are."""
        text = self.metric.text
        effect = partial(rounded, decimals=2) if isinstance(self.sample, SurveyTally) else None
        found = {
            **metric_columns(self.metric),
            "n": Column(self.n, count_text),
            "missing": Column(self.missing, count_text),
            "value": Column(self.value, text, self.metric.name),
            "low": Column(self.low, text),
            "high": Column(self.high, text),
            "standard_error": Column(self.standard_error),
            "degrees_of_freedom": Column(self.degrees_of_freedom),
            "design_effect": Column(self.design_effect, effect, "design effect"),
            "effective_n": Column(self.effective_n),
        }
        if self.population is not None:
            found["population"] = Column(self.population, whole=True)
        return found

    def caption(self) -> str:
        """How the interval was made."""
        return f"{self.metric.name}, {self._how()}"

    def sentence(self) -> str:
        """The index of one sample in a line."""
        return f"{self.stated()}, {self._how()}"

    def stated(self) -> str:
        """The index of one sample with its limits, without how they were made."""
        text, metric = self.metric.text, self.metric
        value, low, high = (text(float(one)) for one in (self.value, self.low, self.high))
        gone = f" ({self.missing} missing)" if self.missing else ""
        return f"{metric.name} {value}{metric.sign} [{low}, {high}] n={self.n}{gone}"

    def picture(self) -> Picture:
        """The interval on the scale."""
        metric = self.metric
        return Picture(
            self.value, self.low, self.high, metric.bounds, text=metric.text, name=metric.name
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of the answers behind the numbers."""
        drawn = isinstance(self.sample, SurveyTally)
        errors = self.standard_error if drawn else np.full(self.shape, np.nan)
        return estimate_notes(self.sample, self.scoring, self.design_effect, errors)

    def _how(self) -> str:
        finite = "" if self.population is None else ", finite population"
        drawn = " of the design" if isinstance(self.sample, SurveyTally) else ""
        return f"{100 * self.confidence_level:g} % {self.method} interval{drawn}{finite}"


def estimate(
    x: Sample | Answers,
    scoring: Scoring,
    *,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: object = None,
) -> Estimate:
    """
    An index of a sample, with its confidence interval.

    Args:
        x: A sample (`Tally`, `SurveyTally`), or answers: a list, array or Series; or several
            items by name, a mapping or a dataframe. Answers are on the scoring's scale.
        scoring: What each point counts; on the same points as the sample.
        by: With answers, the label of each respondent, or several by name; see `Keys.of`.
        weights: With answers, how many members of the population each respondent stands for.
        design: With answers, how the respondents were drawn, weights included.
        method: ``"score"``, the score interval (see `score_interval`), or another by its
            name: ``"t"``, Student's; ``"exact"`` and ``"mid-p"`` (see `exact_interval`); those of
            `proportion_interval` for shares, which have two different scores; those of
            `net_interval` for net shares, which have three. With a design ``"score"``, ``"t"``,
            ``"exact"`` and ``"mid-p"`` for the effective size, which guarantees nothing, and, for
            shares, ``"logit"`` and ``"beta"``.
        confidence_level: Two-sided, in (0, 1).
        population: Size N of a finite population that the answers are from: one number, or
            sizes by label (a mapping or a Series). A design has its own.

    Returns:
        The estimate, in the unit of the scoring, with a row for each of the sample's.

    Raises:
        ScaleError: A scoring of other points than the sample's.
        AnswerError: Answers off the scale; no answers where they are meant; groups or weights
            beside a sample, which has its own.
        TallyError: A single sample without answers; a population smaller than the sample.
        OptionError: An unknown method, one for other scorings, or a confidence level outside
            (0, 1); with ``"exact"`` and ``"mid-p"`` and more than two scores, a population or a
            level outside .8 to 1 - 1e-6.

    Example: the answers of Tango (1998), table VII, as positive, neutral and negative.

    >>> from custfocus import Scale, Tally
    >>> scale = Scale.likert(3, labels=["worse", "same", "better"])
    >>> estimate(Tally([3, 20, 9], scale), Scoring.net(scale, positive=1, negative=1))
    net score 18.8 [-2.7, 39.0] n=32, 95 % score interval
    """
    as_scoring(scoring)
    sample = as_sample(x, scoring.scale, by=by, weights=weights, design=design)
    sizes = sizes_of(sample, scoring, method, confidence_level, population)
    figures = sample.figures(scoring, method, confidence_level, sizes)
    return Estimate(
        sample,
        scoring,
        *figures,
        method=method,
        confidence_level=float(confidence_level),
        population=sizes,
    )


def sizes_of(
    sample: Sample, scoring: Scoring, method: Method, confidence_level: float, population: object
) -> Floats | None:
    """
    The sizes of the finite populations of the rows, and a check of all that an index is asked.

    Raises:
        ScaleError: A scoring of other points than the sample's.
        OptionError: An unknown method; a level out of range; a population beside a design.
        TallyError: A population smaller than the sample.
        LabelError: Sizes of other labels.
    """
    if sample.scale.points != scoring.scale.points:
        raise ScaleError(
            f"the scoring must be of the sample's points, got {scoring.name} of "
            f"{scoring.scale} for answers on {sample.scale}"
        )
    choose("method", method, METHODS)
    checked_level(confidence_level)
    if population is None:
        return None
    if isinstance(sample, SurveyTally):
        raise OptionError(
            f"population must be part of the design, got {population!r}; see "
            "SurveyDesign(population=)"
        )
    return population_by_key(population, sample.keys, sample.n)


def as_sample(
    x: Sample | Answers,
    scale: Scale,
    *,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
) -> Sample:
    """
    The sample itself, or that of answers on a scale.

    Raises:
        AnswerError: Groups, weights or a design beside a sample, which has its own; weights
            and a design, which has them.
    """
    if isinstance(x, Sample):
        given = {"by": by, "weights": weights, "design": design}
        unused = [name for name, value in given.items() if value is not None]
        if unused:
            raise AnswerError(
                f"{unused[0]}= is for answers, got it beside {kind_text(x)}, which has "
                f"its own; give it to {type(x).__name__}.of"
            )
        return x
    if weights is not None and design is not None:
        raise AnswerError(
            "weights are part of a design, got both; write SurveyDesign(weights, ...)"
        )
    if weights is None and design is None:
        return Tally.of(x, scale, by=by)
    drawn = SurveyDesign(cast("ArrayLike", weights)) if design is None else design
    return SurveyTally.of(x, drawn, scale, by=by)


def as_index(index: object) -> Index:
    """
    An index as a function of a sample: a scoring gives its estimate, a function stays.

    Raises:
        OptionError: Neither a scoring nor a function.
    """
    if isinstance(index, Scoring):
        return partial(estimate, scoring=index)
    if callable(index):
        return cast("Index", index)
    raise OptionError(
        f"index must be a function such as nps or a Scoring, got {index!r}; options go "
        "into it with functools.partial(csat, boxes=1)"
    )
