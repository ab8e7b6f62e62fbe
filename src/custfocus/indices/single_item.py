"""The indices of one question."""

from collections.abc import Iterable
from typing import Literal

import attrs
from numpy.typing import ArrayLike

from custfocus.errors import ScaleError, choose
from custfocus.indices.estimate import Estimate, estimate
from custfocus.indices.methods import EstimateMethod
from custfocus.responses.scale import Scale
from custfocus.responses.scoring import Boxes, Scoring
from custfocus.responses.tally import Tally

EffortWording = Literal["effort-2010", "ease-2013"]

_LIKERT = Scale.likert(5)
_RECOMMEND = Scale.range(0, 10)


def csat(
    x: Iterable[object] | Tally,
    *,
    scale: Scale = _LIKERT,
    boxes: Boxes | None = None,
    method: EstimateMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
) -> Estimate:
    """
    Customer satisfaction: the percentage of answers in the best points.

    Args:
        x: Answers (a list, array or Series) or a tally of any group shape.
        scale: The scale of the answers, 1 to 5 unless told. A tally brings its own.
        boxes: How many points count as satisfied from the best down, or which ones. By default 2,
            on scales of four points or more.
        method: See `estimate`, as for *confidence_level* and *population*.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population.

    Returns:
        The estimate in percent, 0 to 100.

    Raises:
        CustfocusError: What `Tally.of`, `Scoring.top_box` and `estimate` raise.

    Example: 81 of 263 is .3080 [.2553, .3662] in Newcombe (1998), Statistics in Medicine
    17, 857-872, table I.

    >>> csat(Tally([60, 60, 62, 41, 40], Scale.likert(5)))
    CSAT 30.8 % [25.5, 36.6] n=263, 95 % score interval
    """
    tally = _tally(x, scale, _LIKERT)
    scoring = attrs.evolve(Scoring.top_box(tally.scale, boxes), name="CSAT")
    return estimate(
        tally, scoring, method=method, confidence_level=confidence_level, population=population
    )


def top_box(
    x: Iterable[object] | Tally,
    *,
    scale: Scale = _LIKERT,
    boxes: Boxes | None = None,
    method: EstimateMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
) -> Estimate:
    """
    The percentage of answers in the best points.

    Args, returns and errors are those of `csat`.

    Example: HCAHPS counts the best point alone ("Always") as top box.

    >>> top_box([4, 4, 4, 3, 1, 4], scale=Scale.likert(4), boxes=1)
    top box 66.7 % [30.0, 90.3] n=6, 95 % score interval
    """
    tally = _tally(x, scale, _LIKERT)
    scoring = Scoring.top_box(tally.scale, boxes)
    return estimate(
        tally, scoring, method=method, confidence_level=confidence_level, population=population
    )


def bottom_box(
    x: Iterable[object] | Tally,
    *,
    scale: Scale = _LIKERT,
    boxes: Boxes | None = None,
    method: EstimateMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
) -> Estimate:
    """
    The percentage of answers in the worst points; lower is better.

    Args:
        x: Answers (a list, array or Series) or a tally of any group shape.
        scale: The scale of the answers, 1 to 5 unless told. A tally brings its own.
        boxes: How many points count from the worst up, or which ones. By default 2, on scales of
            four points or more.
        method: See `estimate`, as for *confidence_level* and *population*.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population.

    Returns:
        The estimate in percent, 0 to 100.

    Raises:
        CustfocusError: What `Tally.of`, `Scoring.bottom_box` and `estimate` raise.

    >>> bottom_box([5, 5, 4, 2, 3, 5, 5, 5])
    bottom 2 boxes 12.5 % [2.2, 47.1] n=8, 95 % score interval
    """
    tally = _tally(x, scale, _LIKERT)
    scoring = Scoring.bottom_box(tally.scale, boxes)
    return estimate(
        tally, scoring, method=method, confidence_level=confidence_level, population=population
    )


def net_score(
    x: Iterable[object] | Tally,
    *,
    scale: Scale = _LIKERT,
    positive: Boxes | None = None,
    negative: Boxes | None = None,
    method: EstimateMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
) -> Estimate:
    """
    Net satisfaction: the percentage of positive answers minus that of negative ones.

    Args:
        x: Answers (a list, array or Series) or a tally of any group shape.
        scale: The scale of the answers, 1 to 5 unless told. A tally brings its own.
        positive: How many points from the best down are positive, or which ones. By default 2,
            on scales of four points or more.
        negative: How many points from the worst up are negative, or which ones; likewise.
        method: See `estimate`, as for *confidence_level* and *population*.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population.

    Returns:
        The estimate in percentage points, -100 to 100.

    Raises:
        CustfocusError: What `Tally.of`, `Scoring.net` and `estimate` raise.

    Example: 16 against 8 of 86, Agresti and Min (2005), Statistics in Medicine 24, 729-740;
    their score interval is -.020 to .207.

    >>> net_score(Tally([8, 0, 62, 0, 16], Scale.likert(5)))
    net score 9.3 [-2.0, 20.7] n=86, 95 % score interval
    """
    tally = _tally(x, scale, _LIKERT)
    scoring = Scoring.net(tally.scale, positive=positive, negative=negative)
    return estimate(
        tally, scoring, method=method, confidence_level=confidence_level, population=population
    )


def nps(
    x: Iterable[object] | Tally,
    *,
    scale: Scale = _RECOMMEND,
    promoters: Boxes | None = None,
    detractors: Boxes | None = None,
    method: EstimateMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
) -> Estimate:
    """
    The Net Promoter Score: the percentage of promoters minus that of detractors.

    Args:
        x: Answers (a list, array or Series) or a tally of any group shape.
        scale: The scale of the answers, 0 to 10 unless told. A tally brings its own.
        promoters: How many points from the best down are promoters, or which ones;
            9 and 10 unless told. Any other scale than 0 to 10 needs to be told both.
        detractors: How many points from the worst up are detractors, or which ones;
            0 to 6 unless told.
        method: See `estimate`, as for *confidence_level* and *population*.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population.

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
    tally = _tally(x, scale, _RECOMMEND)
    scoring = Scoring.net_promoter(tally.scale, promoters=promoters, detractors=detractors)
    return estimate(
        tally, scoring, method=method, confidence_level=confidence_level, population=population
    )


def ces(
    x: Iterable[object] | Tally,
    *,
    wording: EffortWording,
    scale: Scale | None = None,
    method: EstimateMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
) -> Estimate:
    """
    The Customer Effort Score: the mean answer to one of two opposite questions.

    ``"effort-2010"`` asks how much effort the customer had to put forth, 1 very low to 5 very
    high: lower is better. ``"ease-2013"`` asks for agreement that the organisation made it
    easy, 1 strongly disagree to 7 strongly agree: higher is better. Neither is the other's
    mirror image, so the wording has no default. For "percent who agree", see `top_box` with
    ``boxes=3`` on 7 points; for net easy, `net_score`.

    Args:
        x: Answers (a list, array or Series) or a tally of any group shape.
        wording: Which question was asked.
        scale: The question's own scale unless told, for labels and missing codes. A tally
            brings its own.
        method: See `estimate`, as for *confidence_level* and *population*.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population.

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
    tally = _tally(x, asked if scale is None else scale, asked)
    if tally.scale.points != asked.points:
        raise ScaleError(
            f"the wording {wording!r} is asked on the points {asked}, got {tally.scale}"
        )
    scoring = attrs.evolve(
        Scoring.mean(tally.scale, 1, len(asked)), name=name, lower_is_better=lower_is_better
    )
    return estimate(
        tally, scoring, method=method, confidence_level=confidence_level, population=population
    )


def mean_score(
    x: Iterable[object] | Tally,
    *,
    scale: Scale = _LIKERT,
    low: float = 0,
    high: float = 100,
    method: EstimateMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
) -> Estimate:
    """
    The mean answer, from *low* if all chose the worst point to *high* if all chose the best.

    Args:
        x: Answers (a list, array or Series) or a tally of any group shape.
        scale: The scale of the answers, 1 to 5 unless told. A tally brings its own.
        low: What the worst point counts.
        high: What the best point counts.
        method: See `estimate`, as for *confidence_level* and *population*.
        confidence_level: Two-sided, in (0, 1).
        population: Size of a finite population.

    Returns:
        The estimate on the range *low* to *high*.

    Raises:
        CustfocusError: What `Tally.of`, `Scoring.mean` and `estimate` raise.

    Example: the satisfaction item of Rossi, Gilula and Allenby (2001), JASA 96, 20-31, in the
    R package bayesm; 1,811 answers on 1 to 10.

    >>> counts = [99, 115, 111, 127, 328, 174, 222, 327, 118, 190]
    >>> mean_score(Tally(counts, Scale.likert(10)))
    mean score (0 to 100) 56.3 [55.0, 57.6] n=1811, 95 % score interval
    """
    tally = _tally(x, scale, _LIKERT)
    scoring = Scoring.mean(tally.scale, low, high)
    return estimate(
        tally, scoring, method=method, confidence_level=confidence_level, population=population
    )


_EFFORT: dict[str, tuple[Scale, str, bool]] = {
    "effort-2010": (Scale.likert(5), "CES (effort, 1 to 5, lower is better)", True),
    "ease-2013": (Scale.likert(7), "CES (ease, 1 to 7)", False),
}


def _tally(x: Iterable[object] | Tally, scale: Scale, default: Scale) -> Tally:
    """The tally itself or that of the answers; a scale that contradicts a tally is an error."""
    if not isinstance(x, Tally):
        return Tally.of(x, scale)
    if scale is not default and scale != x.scale:
        raise ScaleError(f"a tally brings its own scale, {x.scale}, got scale={scale!r} as well")
    return x
