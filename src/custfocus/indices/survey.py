"""Indices of surveys that were drawn by a design: weights, strata, clusters, domains."""

from collections.abc import Iterable

import numpy as np

from custfocus.errors import AnswerError, OptionError, choose
from custfocus.indices.survey_result import SurveyEstimate, SurveyMethod
from custfocus.intervals.arguments import sample_sizes
from custfocus.intervals.design import (
    METHODS,
    Codes,
    Rows,
    design_effects,
    design_limits,
    linearise,
    weighted_counts,
)
from custfocus.responses.design import SurveyDesign
from custfocus.responses.distinct import distinct_values
from custfocus.responses.groups import By, Groups
from custfocus.responses.scoring import Scoring

_SHARES_ONLY = {"logit", "beta"}


def survey_estimate(
    answers: Iterable[object],
    scoring: Scoring,
    design: SurveyDesign,
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
    domain too. So do the clusters of respondents who gave no answer.

    Args:
        answers: Points or labels of the scoring's scale or its missing codes, one for each
            respondent of the design.
        scoring: What each point counts.
        design: How the respondents were drawn.
        by: The domain of each respondent, as labels or several by name (see `Groups.of`).
        method: ``"score"``, the score interval (see `score_interval`) of the weighted shares
            for the effective size, with the quantile of Student's t in place of the normal one;
            a design effect below 1 does not make it narrower, since few dissenters of small
            weight give one just as a good design does.
            ``"t"``, the mean give or take t standard errors; it can leave the scale, and has
            no width where the answers show no variance. ``"logit"`` and ``"beta"`` are for
            shares: the t interval of the log odds, and Clopper and Pearson's for the effective
            size, of Korn and Graubard.
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
    places = _places(answers, scoring, design)
    groups = _domains(by, len(places))
    codes = np.zeros_like(places) if groups is None else groups.codes
    domains = 1 if groups is None else len(groups)
    weights = design.row_weights / design.row_weights.max()  # equal ones are then exactly 1
    answered = (weights > 0) & (places >= 0)
    rows = Rows(places[answered], weights[answered], codes[answered])
    stages = tuple(stage._replace(units=stage.units[answered]) for stage in design.stages)
    counts, scores = weighted_counts(rows, domains, len(scoring.scale)), scoring.quoted_scores
    found = linearise(counts, scores, rows, stages, design.lonely)
    if groups is None:
        sample_sizes(found.n[0])
    limits = design_limits(counts, scores, found, method, confidence_level)
    missing = np.bincount(codes[(weights > 0) & (places < 0)], minlength=domains)
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
        scoring,
        method,
        confidence_level,
        groups,
    )
    return every[0] if groups is None else every


def _check_method(method: SurveyMethod, scoring: Scoring) -> None:
    choose("method", method, METHODS)
    if method in _SHARES_ONLY and len(set(scoring.scores)) > 2:
        others = [name for name in METHODS if name not in _SHARES_ONLY]
        raise OptionError(
            f"the method {method!r} is for shares, which have two scores, got {scoring.name} with "
            f"{len(set(scoring.scores))}; choose {' or '.join(map(repr, others))}"
        )


def _places(answers: Iterable[object], scoring: Scoring, design: SurveyDesign) -> Codes:
    """Where each answer is on the scale, -1 for none."""
    if not isinstance(design, SurveyDesign):
        raise AnswerError(
            f"expected a SurveyDesign, got {type(design).__name__}; "
            "weights alone are one as well: SurveyDesign(weights)"
        )
    distinct, codes = distinct_values(answers)
    places = scoring.scale.locate(distinct)[codes]
    if len(places) != len(design):
        raise AnswerError(
            "answers must be one for each respondent of the design, got "
            f"{len(places)} for {len(design)}; those without an answer need a missing code"
        )
    return places


def _domains(by: By | Groups | None, rows: int) -> Groups | None:
    if by is None:
        return None
    groups = by if isinstance(by, Groups) else Groups.of(by)
    if len(groups.codes) != rows:
        raise AnswerError(
            f"by must give one label for each respondent, got {len(groups.codes)} for {rows}"
        )
    return groups
