"""Indices of surveys that were drawn by a design: weights, strata, clusters, domains."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from custfocus.errors import AnswerError, OptionError, ScaleError, choose
from custfocus.indices.survey_result import SurveyEstimate, SurveyMethod
from custfocus.intervals.arguments import Floats, sample_sizes
from custfocus.intervals.columns import column_sum
from custfocus.intervals.design import Codes, DesignMeans, Rows, weighted_counts
from custfocus.intervals.design_limits import METHODS, design_effects, design_limits
from custfocus.intervals.linearisation import linearise
from custfocus.intervals.replicate_weights import replicate
from custfocus.surveys.survey_design import Lonely, SurveyDesign, check_lonely
from custfocus.responses.groups import By, Groups
from custfocus.surveys.replicate_weights import ReplicateWeights
from custfocus.surveys.respondents import domains_of, places_of
from custfocus.responses.scoring import Scoring, as_scoring
from custfocus.surveys.survey_tally import SurveyTally

_SHARES_ONLY = {"logit", "beta"}


def survey_estimate(
    answers: Iterable[object],
    scoring: Scoring,
    design: SurveyDesign | ReplicateWeights,
    *,
    by: By | Groups | None = None,
    method: SurveyMethod = "score",
    confidence_level: float = 0.95,
) -> SurveyEstimate:
    """
    An index of a survey, with the confidence interval that its design calls for.

    The index is the weighted mean of the scores. Its variance is that of the linearised ratio
    between the clusters of each stratum. A domain (*by*) is a part of the sample whose size is
    as random as its answers: all clusters of the design count, those without anybody in the
    domain too. So do the clusters of respondents who gave no answer. With replicate weights
    the variance is that of the index from one replicate to the next.

    Args:
        answers: Points or labels of the scoring's scale or its missing codes, one for each
            respondent of the design.
        scoring: What each point counts.
        design: How the respondents were drawn, or their replicate weights.
        by: The domain of each respondent, as labels or several by name (see `Groups.of`).
        method: ``"score"``, the score interval (see `score_interval`) of the weighted shares
            for the effective size, with the quantile of Student's t in place of the normal one;
            a design effect below 1 does not make it narrower, since few dissenters of small
            weight give one just as a good design does.
            ``"t"``, the mean give or take t standard errors; it can leave the scale, and has
            no width where the answers show no variance. ``"logit"`` and ``"beta"`` are for
            shares: the t interval of the log odds, and Clopper and Pearson's for the effective
            size, of Korn and Graubard. (With replicate weights R's survey takes the log odds of
            every replicate for "logit"; ours is what it calls "xlogit".)
        confidence_level: Two-sided, in (0, 1).

    Returns:
        The estimate, in the unit of the scoring; of the shape of the domains.

        Where the answers show no variance, the effective size is Kish's over the clusters and
        the normal quantile is taken (not with ``"t"``); `SurveyEstimate.no_variance` says where.

    Raises:
        AnswerError: Answers off the scale; answers or domains of another number than the
            design's respondents.
        TallyError: Nobody with an answer and a positive weight, without *by*.
        OptionError: An unknown method, one for shares with another scoring, or a confidence
            level outside (0, 1).

    References:
        Korn and Graubard (1998), Survey Methodology 24, 193-201. Franco, Little, Louis and
        Slud (2019), Journal of Survey Statistics and Methodology 7, 334-364. Example: Lohr
        (2010), Sampling: Design and Analysis, 2nd ed., example 5.2: the grades of four
        students in each of 5 of 100 suites, mean 2.826 with standard error .164.

    >>> from custfocus import Scale, Scoring
    >>> grades = [3.08, 2.60, 3.44, 3.04, 2.36, 3.04, 3.28, 2.68, 2.00, 2.56]
    >>> grades += [2.52, 1.88, 3.00, 2.88, 3.44, 3.64, 2.68, 1.92, 3.28, 3.20]
    >>> suites = SurveyDesign(clusters=np.arange(20) // 4, population=[100] * 20)
    >>> scoring = Scoring.mean(Scale(sorted({0, 4, *grades})), 0, 4)
    >>> mean = survey_estimate(grades, scoring, suites)
    >>> print(f"{mean.value:.3f}, standard error {mean.standard_error:.3f}")
    2.826, standard error 0.164
    """
    _check_method(method, scoring)
    check_design(design)
    places = places_of(answers, scoring.scale, len(design))
    groups = domains_of(by, len(places))
    codes = np.zeros_like(places) if groups is None else groups.codes
    domains = 1 if groups is None else len(groups)
    weights = design.row_weights / design.row_weights.max()  # equal ones are then exactly 1
    answered = (weights > 0) & (places >= 0)
    one_each = np.ones(np.count_nonzero(answered))
    counted = weights[answered]
    rows = Rows(places[answered], counted, codes[answered], one_each, counted**2)
    counts = weighted_counts(rows, domains, len(scoring.scale))
    found = _means(counts, scoring.quoted_scores, rows, design, answered)
    missing = np.bincount(codes[(weights > 0) & (places < 0)], minlength=domains)
    return _with_limits(
        found, counts, missing, groups, scoring, method=method, confidence_level=confidence_level
    )


def survey_estimate_of(
    tally: SurveyTally,
    scoring: Scoring,
    *,
    lonely: Lonely = "error",
    method: SurveyMethod = "score",
    confidence_level: float = 0.95,
) -> SurveyEstimate:
    """
    An index of a survey that was tallied, with the interval that its design calls for.

    The same as `survey_estimate` gives for the respondents behind the tally, but for the order
    of adding up: estimates and limits agree to about 1e-12 of the scale's length.

    Args:
        tally: The cells of the survey; see `SurveyTally`. Its population is a large one.
        scoring: What each point counts; on the same points as the tally.
        lonely: What a stratum gets that had one cluster drawn; see `SurveyDesign`.
        method: As for `survey_estimate`.
        confidence_level: Two-sided, in (0, 1).

    Returns:
        The estimate, in the unit of the scoring; one for each group of the tally.

    Raises:
        ScaleError: A scoring of other points than the tally's.
        TallyError: Nobody with an answer and a positive weight, in a tally without groups; a
            stratum with one cluster unless *lonely* says what it gets, and always a single
            cluster in all.
        OptionError: An unknown method or *lonely*, a method for shares with another scoring,
            or a confidence level outside (0, 1).

    References:
        As for `survey_estimate`. Example: Lohr (2010), Sampling: Design and Analysis, 2nd ed.,
        example 5.2, as for `survey_estimate` but as if the 5 suites had been drawn from many,
        which makes the variance larger by 1 / (1 - 5/100): .164 / .95**0.5 is .168.

    >>> from custfocus import Scale, Scoring
    >>> grades = [3.08, 2.60, 3.44, 3.04, 2.36, 3.04, 3.28, 2.68, 2.00, 2.56]
    >>> grades += [2.52, 1.88, 3.00, 2.88, 3.44, 3.64, 2.68, 1.92, 3.28, 3.20]
    >>> suites = SurveyDesign(clusters=np.arange(20) // 4)
    >>> scoring = Scoring.mean(Scale(sorted({0, 4, *grades})), 0, 4)
    >>> mean = survey_estimate_of(SurveyTally.of(grades, suites, scoring.scale), scoring)
    >>> print(f"{mean.value:.3f}, standard error {mean.standard_error:.3f}")
    2.826, standard error 0.168
    """
    _check_method(method, scoring)
    check_lonely(lonely)
    _check_points(tally, scoring)
    tally.check_lonely(lonely)
    cells, domains = tally.cells, len(tally.keys)
    answered = (cells.respondents > 0) & (cells.places >= 0)
    exponent = np.frexp(cells.weights.max(initial=0))[1]  # squares of weights stay within float64
    rows = Rows(
        cells.places[answered],
        np.ldexp(cells.weights[answered], -exponent),
        cells.groups[answered],
        cells.respondents[answered].astype(np.float64),
        np.ldexp(cells.squares[answered], -2 * exponent),
    )
    stage = tally.stage
    stages = (stage._replace(units=stage.units[answered]),)
    counts, scores = weighted_counts(rows, domains, len(scoring.scale)), scoring.quoted_scores
    found = linearise(counts, scores, rows, stages, lonely)
    missing = tally.missing.reshape(domains)
    return _with_limits(
        found,
        counts,
        missing,
        tally.groups,
        scoring,
        method=method,
        confidence_level=confidence_level,
    )


def check_design(design: object) -> None:
    """An error for anything but a design or replicate weights."""
    if not isinstance(design, SurveyDesign | ReplicateWeights):
        raise AnswerError(
            f"expected a SurveyDesign, got {type(design).__name__}; "
            "weights alone are one as well: SurveyDesign(weights)"
        )


def _check_points(tally: object, scoring: Scoring) -> None:
    if not isinstance(tally, SurveyTally):
        raise AnswerError(
            f"expected a SurveyTally, got {type(tally).__name__}; survey_estimate takes answers"
        )
    if tally.scale.points != scoring.scale.points:
        raise ScaleError(
            f"the scoring must be of the tally's points, got {scoring.name} of "
            f"{scoring.scale} for answers on {tally.scale}"
        )


def _means(
    counts: Floats,
    scores: Floats,
    rows: Rows,
    design: SurveyDesign | ReplicateWeights,
    answered: NDArray[np.bool_],
) -> DesignMeans:
    """Means and variances by the one or the other kind of design."""
    if isinstance(design, ReplicateWeights):
        return replicate(counts, scores, rows, design.rows(answered))
    stages = tuple(stage._replace(units=stage.units[answered]) for stage in design.stages)
    return linearise(counts, scores, rows, stages, design.lonely)


def _with_limits(
    found: DesignMeans,
    counts: Floats,
    missing: Codes,
    groups: Groups | None,
    scoring: Scoring,
    *,
    method: SurveyMethod,
    confidence_level: float,
) -> SurveyEstimate:
    """The estimate of means and variances; that of all where there are no groups."""
    if groups is None:
        sample_sizes(found.n[0])
    limits = design_limits(counts, scoring.quoted_scores, found, method, confidence_level)
    every = SurveyEstimate(
        found.value,
        *limits,
        np.sqrt(found.variance),
        found.n,
        missing,
        found.degrees_of_freedom,
        design_effects(found),
        found.effective_n,
        found.no_variance,
        np.where(found.n > 0, found.ceiling, np.nan),
        counts / np.where(found.n > 0, column_sum(counts.T), np.nan)[:, np.newaxis],
        scoring,
        method,
        confidence_level,
        groups,
    )
    return every[0] if groups is None else every


def _check_method(method: SurveyMethod, scoring: Scoring) -> None:
    choose("method", method, METHODS)
    as_scoring(scoring)
    if method in _SHARES_ONLY and len(set(scoring.scores)) > 2:
        others = [name for name in METHODS if name not in _SHARES_ONLY]
        raise OptionError(
            f"the method {method!r} is for shares, which have two scores, got {scoring.name} with "
            f"{len(set(scoring.scores))}; choose {' or '.join(map(repr, others))}"
        )
