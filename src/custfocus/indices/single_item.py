"""The indices of one question."""

from typing import Literal

import attrs
from numpy.typing import ArrayLike

from custfocus.errors import ScaleError, choose
from custfocus.indices.estimate import Answers, Design, Estimate, as_sample, estimate
from custfocus.intervals.methods import Method
from custfocus.responses.sample import Sample
from custfocus.responses.scale import Scale, as_scale
from custfocus.responses.scoring import Boxes, Scoring

EffortWording = Literal["effort-2010", "ease-2013"]

_LIKERT = Scale.likert(5)
_RECOMMEND = Scale.range(0, 10)


def csat(
    x: Sample | Answers,
    *,
    scale: Scale | None = None,
    boxes: Boxes | None = None,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: object = None,
) -> Estimate:
    """
    Customer satisfaction: the percentage of answers in the best points.

    Args:
        x: Answers (a list, array or Series; several items as a mapping or dataframe), or a
            sample of any keys.
        scale: The scale of the answers, 1 to 5 by default. A sample brings its own.
        boxes: How many points count as satisfied from the best down, or which ones. By
            default 2, on scales of four points or more.
        by: With answers, the label of each respondent, or several by name; see `Keys.of`.
        weights: With answers, how many members of the population each respondent stands for.
        design: With answers, how the respondents were drawn, weights included.
        method: Of the interval, ``"score"`` by default; see `estimate`.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population: one number, or sizes by label.

    Returns:
        The estimate in percent, 0 to 100.

    Raises:
        CustfocusError: What `Tally.of`, `Scoring.top_box` and `estimate` raise.

    Example: 81 of 263 is .3080 [.2553, .3662] in Newcombe (1998), Statistics in Medicine
    17, 857-872, table I.

    >>> from custfocus import Tally
    >>> csat(Tally([60, 60, 62, 41, 40], Scale.likert(5)))
    CSAT 30.8 % [25.5, 36.6] n=263, 95 % score interval
    """
    sample = sampled(x, scale, _LIKERT, by=by, weights=weights, design=design)
    scoring = attrs.evolve(Scoring.top_box(sample.scale, boxes), name="CSAT")
    return estimate(
        sample,
        scoring,
        method=method,
        confidence_level=confidence_level,
        population=population,
    )


def top_box(
    x: Sample | Answers,
    *,
    scale: Scale | None = None,
    boxes: Boxes | None = None,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: object = None,
) -> Estimate:
    """
    The percentage of answers in the best points.

    Args:
        x: Answers (a list, array or Series; several items as a mapping or dataframe), or a
            sample of any keys.
        scale: The scale of the answers, 1 to 5 by default. A sample brings its own.
        boxes: How many points count from the best down, or which ones. By default 2, on scales
            of four points or more.
        by: With answers, the label of each respondent, or several by name; see `Keys.of`.
        weights: With answers, how many members of the population each respondent stands for.
        design: With answers, how the respondents were drawn, weights included.
        method: Of the interval, ``"score"`` by default; see `estimate`.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population: one number, or sizes by label.

    Returns:
        The estimate in percent, 0 to 100.

    Raises:
        CustfocusError: What `Tally.of`, `Scoring.top_box` and `estimate` raise.

    Example: HCAHPS counts the best point alone ("Always") as top box.

    >>> top_box([4, 4, 4, 3, 1, 4], scale=Scale.likert(4), boxes=1)
    top box 66.7 % [30.0, 90.3] n=6, 95 % score interval
    """
    sample = sampled(x, scale, _LIKERT, by=by, weights=weights, design=design)
    scoring = Scoring.top_box(sample.scale, boxes)
    return estimate(
        sample,
        scoring,
        method=method,
        confidence_level=confidence_level,
        population=population,
    )


def bottom_box(
    x: Sample | Answers,
    *,
    scale: Scale | None = None,
    boxes: Boxes | None = None,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: object = None,
) -> Estimate:
    """
    The percentage of answers in the worst points; lower is better.

    Args:
        x: Answers (a list, array or Series; several items as a mapping or dataframe), or a
            sample of any keys.
        scale: The scale of the answers, 1 to 5 by default. A sample brings its own.
        boxes: How many points count from the worst up, or which ones. By
            default 2, on scales of four points or more.
        by: With answers, the label of each respondent, or several by name; see `Keys.of`.
        weights: With answers, how many members of the population each respondent stands for.
        design: With answers, how the respondents were drawn, weights included.
        method: Of the interval, ``"score"`` by default; see `estimate`.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population: one number, or sizes by label.

    Returns:
        The estimate in percent, 0 to 100.

    Raises:
        CustfocusError: What `Tally.of`, `Scoring.bottom_box` and `estimate` raise.

    >>> bottom_box([5, 5, 4, 2, 3, 5, 5, 5])
    bottom 2 boxes 12.5 % [2.2, 47.1] n=8, 95 % score interval
    """
    sample = sampled(x, scale, _LIKERT, by=by, weights=weights, design=design)
    scoring = Scoring.bottom_box(sample.scale, boxes)
    return estimate(
        sample,
        scoring,
        method=method,
        confidence_level=confidence_level,
        population=population,
    )


def net_score(
    x: Sample | Answers,
    *,
    scale: Scale | None = None,
    positive: Boxes | None = None,
    negative: Boxes | None = None,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: object = None,
) -> Estimate:
    """
    Net satisfaction: the percentage of positive answers minus that of negative ones.

    Args:
        x: Answers (a list, array or Series; several items as a mapping or dataframe), or a
            sample of any keys.
        scale: The scale of the answers, 1 to 5 by default. A sample brings its own.
        positive: How many points from the best down are positive, or which ones.
        negative: How many points from the worst up are negative, or which ones.
        by: With answers, the label of each respondent, or several by name; see `Keys.of`.
        weights: With answers, how many members of the population each respondent stands for.
        design: With answers, how the respondents were drawn, weights included.
        method: Of the interval, ``"score"`` by default; see `estimate`.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population: one number, or sizes by label.

    Returns:
        The estimate in percentage points, -100 to 100.

    Raises:
        CustfocusError: What `Tally.of`, `Scoring.net` and `estimate` raise.

    Example: 16 against 8 of 86, Agresti and Min (2005), Statistics in Medicine 24, 729-740;
    their score interval is -.020 to .207.

    >>> from custfocus import Tally
    >>> net_score(Tally([8, 0, 62, 0, 16], Scale.likert(5)))
    net score 9.3 [-2.0, 20.7] n=86, 95 % score interval
    """
    sample = sampled(x, scale, _LIKERT, by=by, weights=weights, design=design)
    scoring = Scoring.net(sample.scale, positive=positive, negative=negative)
    return estimate(
        sample,
        scoring,
        method=method,
        confidence_level=confidence_level,
        population=population,
    )


def nps(
    x: Sample | Answers,
    *,
    scale: Scale | None = None,
    promoters: Boxes | None = None,
    detractors: Boxes | None = None,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: object = None,
) -> Estimate:
    """
    The Net Promoter Score: the percentage of promoters minus that of detractors.

    Args:
        x: Answers (a list, array or Series; several items as a mapping or dataframe), or a
            sample of any keys.
        scale: The scale of the answers, 0 to 10 by default. A sample brings its own.
        promoters: How many points from the best down are promoters, or which ones;
            9 and 10 by default. Any other scale than 0 to 10 needs both.
        detractors: How many points from the worst up are detractors, or which ones;
            0 to 6 by default.
        by: With answers, the label of each respondent, or several by name; see `Keys.of`.
        weights: With answers, how many members of the population each respondent stands for.
        design: With answers, how the respondents were drawn, weights included.
        method: Of the interval, ``"score"`` by default; see `estimate`.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population: one number, or sizes by label.

    Returns:
        The estimate in percentage points, -100 to 100.

    Raises:
        CustfocusError: What `Tally.of`, `Scoring.net_promoter` and `estimate` raise.

    References:
        Reichheld (2003), Harvard Business Review 81(12), 46-54. Tango (1998), Statistics in
        Medicine 17, 891-908 (the interval). Rocks (2016), The American Statistician 70,
        365-372 (compares intervals). Example: nine promoters and one detractor, for whom the
        t interval ends at 125.

    >>> nps([10, 9, 10, 10, 9, 9, 10, 10, 9, 3])
    NPS 80.0 [19.2, 96.4] n=10, 95 % score interval
    """
    sample = sampled(x, scale, _RECOMMEND, by=by, weights=weights, design=design)
    scoring = Scoring.net_promoter(sample.scale, promoters=promoters, detractors=detractors)
    return estimate(
        sample,
        scoring,
        method=method,
        confidence_level=confidence_level,
        population=population,
    )


def ces(
    x: Sample | Answers,
    *,
    wording: EffortWording,
    scale: Scale | None = None,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: object = None,
) -> Estimate:
    """
    The Customer Effort Score: the mean answer to one of two opposite questions.

    ``"effort-2010"`` asks how much effort the customer had to put forth, 1 very low to 5 very
    high: lower is better. ``"ease-2013"`` asks for agreement that the organisation made it
    easy, 1 strongly disagree to 7 strongly agree: higher is better. Neither is the other's
    mirror image, so the wording has no default. For "percent who agree", see `top_box` with
    ``boxes=3`` on 7 points; for net easy, `net_score`.

    Args:
        x: Answers (a list, array or Series; several items as a mapping or dataframe), or a
            sample of any keys.
        wording: Which question was asked.
        scale: The question's own scale by default, for labels and missing codes. A sample
            brings its own.
        by: With answers, the label of each respondent, or several by name; see `Keys.of`.
        weights: With answers, how many members of the population each respondent stands for.
        design: With answers, how the respondents were drawn, weights included.
        method: Of the interval, ``"score"`` by default; see `estimate`.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population: one number, or sizes by label.

    Returns:
        The estimate on the question's own points, 1 to 5 or 1 to 7.

    Raises:
        ScaleError: A scale with other points than the wording's.
        CustfocusError: What `Tally.of` and `estimate` raise.

    References:
        Dixon, Freeman and Toman (2010), Harvard Business Review 88(7/8), 116-122.
        Dixon, Toman and DeLisi (2013), The Effortless Experience.

    >>> ces([7, 6, 7, 5, 2, 7, 6], wording="ease-2013")
    CES (ease, 1 to 7) 5.71 [4.04, 6.48] n=7, 95 % score interval
    """
    asked, name, lower_is_better = choose("wording", wording, _EFFORT)
    sample = sampled(x, scale, asked, by=by, weights=weights, design=design)
    if sample.scale.points != asked.points:
        raise ScaleError(
            f"the wording {wording!r} is asked on the points {asked}, got {sample.scale}"
        )
    scoring = attrs.evolve(
        Scoring.mean(sample.scale, 1, len(asked)), name=name, lower_is_better=lower_is_better
    )
    return estimate(
        sample,
        scoring,
        method=method,
        confidence_level=confidence_level,
        population=population,
    )


def mean_score(
    x: Sample | Answers,
    *,
    scale: Scale | None = None,
    low: float = 0,
    high: float = 100,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: object = None,
) -> Estimate:
    """
    The mean answer, from *low* if all chose the worst point to *high* if all chose the best.

    Args:
        x: Answers (a list, array or Series; several items as a mapping or dataframe), or a
            sample of any keys.
        scale: The scale of the answers, 1 to 5 by default. A sample brings its own.
        low: What the worst point counts.
        high: What the best point counts.
        by: With answers, the label of each respondent, or several by name; see `Keys.of`.
        weights: With answers, how many members of the population each respondent stands for.
        design: With answers, how the respondents were drawn, weights included.
        method: Of the interval, ``"score"`` by default; see `estimate`.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population: one number, or sizes by label.

    Returns:
        The estimate on the range *low* to *high*.

    Raises:
        CustfocusError: What `Tally.of`, `Scoring.mean` and `estimate` raise.

    Example: the satisfaction item of Rossi, Gilula and Allenby (2001), JASA 96, 20-31, in the
    R package bayesm; 1,811 answers on 1 to 10.

    >>> from custfocus import Tally
    >>> counts = [99, 115, 111, 127, 328, 174, 222, 327, 118, 190]
    >>> mean_score(Tally(counts, Scale.likert(10)))
    mean score (0 to 100) 56.3 [55.0, 57.6] n=1811, 95 % score interval
    """
    sample = sampled(x, scale, _LIKERT, by=by, weights=weights, design=design)
    scoring = Scoring.mean(sample.scale, low, high)
    return estimate(
        sample,
        scoring,
        method=method,
        confidence_level=confidence_level,
        population=population,
    )


_EFFORT: dict[str, tuple[Scale, str, bool]] = {
    "effort-2010": (Scale.likert(5), "CES (effort, 1 to 5, lower is better)", True),
    "ease-2013": (Scale.likert(7), "CES (ease, 1 to 7)", False),
}


def sampled(
    x: Sample | Answers,
    scale: Scale | None,
    default: Scale,
    *,
    by: object,
    weights: ArrayLike | None,
    design: Design | None,
) -> Sample:
    """The sample itself or that of the answers; a scale that contradicts a sample is an error."""
    if not isinstance(x, Sample):
        asked = default if scale is None else as_scale(scale)
        return as_sample(x, asked, by=by, weights=weights, design=design)
    if scale is not None and scale != x.scale:
        raise ScaleError(f"a sample brings its own scale, {x.scale}, got scale={scale!r} as well")
    return as_sample(x, x.scale, by=by, weights=weights, design=design)
