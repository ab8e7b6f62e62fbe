"""Differences between rows of one survey, with their covariance, or of two surveys."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from custfocus.errors import TallyError
from custfocus.intervals.covariance import DesignPairs, at, independent_pairs
from custfocus.intervals.design_difference import (
    DesignDifferences,
    design_differences,
    design_p_values,
)
from custfocus.intervals.design_homogeneity import design_homogeneity
from custfocus.responses.sample import Differences, Homogeneities, Sample
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import Flags, Floats, Places
from custfocus.surveys.survey_figures import means_of

if TYPE_CHECKING:
    from custfocus.surveys.survey_tally import SurveyTally

_WIDTH = len(Differences._fields)

Asked = Callable[[DesignPairs, Floats, Floats], Floats]
"""What is asked of pairs of domains and the weights in each: a table, a row for each pair."""


def survey_differences(
    one: "SurveyTally",
    rows: Places,
    other: Sample,
    other_rows: Places,
    *,
    scoring: Scoring,
    confidence_level: float,
) -> Differences:
    """
    Rows of a survey less rows of the same or of another one.

    Args:
        one: The survey that stands first.
        rows: Of it, -1 for a row that is not there; shape (pairs,).
        other: The other, or the same.
        other_rows: Of the other, likewise.
        scoring: What is compared.
        confidence_level: Two-sided, in (0, 1).

    Raises:
        TallyError: A plain sample; another tally of the same design.
    """
    scores = scoring.quoted_scores

    def asked(pairs: DesignPairs, counts: Floats, others: Floats) -> Floats:
        found = design_differences(pairs, counts, others, scores, confidence_level)
        return np.column_stack(_shown(found))

    found = _of_pairs(one, rows, other, other_rows, scoring=scoring, asked=asked, width=_WIDTH)
    return Differences(*found.T)


def survey_p_values(
    one: "SurveyTally", rows: Places, other_rows: Places, scoring: Scoring
) -> Floats:
    """The p-values of differences between rows of one survey, shape (pairs,)."""
    scores = scoring.quoted_scores

    def asked(pairs: DesignPairs, counts: Floats, others: Floats) -> Floats:
        return design_p_values(pairs, counts, others, scores, 0.0)[:, np.newaxis]

    return _of_pairs(one, rows, one, other_rows, scoring=scoring, asked=asked, width=1)[:, 0]


def survey_homogeneity(
    survey: "SurveyTally", blocks: Places, number: int, scoring: Scoring
) -> Homogeneities:
    """
    Whether the rows of each block differ at all; NaN where fewer than two have answers.

    Args:
        survey: The survey.
        blocks: The block of each row, of one item each.
        number: How many blocks there are.
        scoring: What is compared.
    """
    found = np.full((number, len(Homogeneities._fields)), np.nan)
    answered = (survey.n.reshape(-1) > 0) & (survey.row_domains >= 0)
    for block in np.flatnonzero(np.bincount(blocks[answered], minlength=number) > 1).tolist():
        rows = np.flatnonzero(answered & (blocks == block))
        content = survey.contents[int(survey.row_items[rows[0]])]
        domains = np.full(content.domains, len(rows))
        domains[survey.row_domains[rows]] = np.arange(len(rows))
        counts, together = content.regrouped(domains, len(rows)).together(scoring.quoted_scores)
        found[block] = design_homogeneity(together, counts, scoring.quoted_scores)[:4]
    return Homogeneities(*found.T)


def _shown(found: DesignDifferences) -> Differences:
    return Differences(
        found.value,
        found.low,
        found.high,
        found.standard_error,
        found.p_value,
        found.degrees_of_freedom,
        found.design_factor,
        found.correlation,
    )


def _of_pairs(
    one: "SurveyTally",
    rows: Places,
    other: Sample,
    other_rows: Places,
    *,
    scoring: Scoring,
    asked: Asked,
    width: int,
) -> Floats:
    """What is asked of pairs of rows; NaN where either side has no answers."""
    survey = _checked(one, other)
    found = np.full((len(rows), width), np.nan)
    a, b = _domains(one, rows), _domains(survey, other_rows)
    some: Flags = (a[1] >= 0) & (b[1] >= 0)
    if survey.identity != one.identity:
        found[some] = _independent(
            one, rows[some], survey, other_rows[some], scoring=scoring, asked=asked
        )
        return found
    if survey.contents is not one.contents and survey.contents != one.contents:
        raise TallyError(
            "rows of one survey are compared as they were tallied, got rows that were added up "
            "in two ways; collapse names first and pick both sides of one estimate"
        )
    for item, content in enumerate(one.contents):
        here = some & (a[0] == item)
        first, second = a[1][here], b[1][here]
        if not len(first):
            continue
        counts, pairs = content.pairs(scoring.quoted_scores, first, second)
        found[here] = asked(pairs, counts[first], counts[second])
    return found


def _domains(tally: "SurveyTally", rows: Places) -> tuple[Places, Places]:
    """The item and the domain of each of some rows; a domain of -1 where there is none."""
    item, domain = (np.append(of, -1)[rows] for of in (tally.row_items, tally.row_domains))
    return item, domain


def _independent(
    one: "SurveyTally",
    rows: Places,
    other: "SurveyTally",
    other_rows: Places,
    *,
    scoring: Scoring,
    asked: Asked,
) -> Floats:
    (a, counts), (b, others) = (
        means_of(side.means(scoring).reshape(len(side.row_items), -1)[chosen])
        for side, chosen in ((one, rows), (other, other_rows))
    )
    everywhere = np.arange(len(rows))
    return asked(independent_pairs(at(a, everywhere), at(b, everywhere)), counts, others)


def _checked(one: "SurveyTally", other: Sample) -> "SurveyTally":
    if not isinstance(other, type(one)):
        raise TallyError(
            "a sample of a design can't be compared with a plain one, whose weights are not "
            f"known, got a {type(other).__name__}; give its answers a SurveyDesign too"
        )
    if other.identity != one.identity and one.contents[0].has_design_of(other.contents[0]):
        raise TallyError(
            "two samples of one design can't be taken for independent, got designs that are "
            "equal; pick rows of one sample, compare(e, wave=('after', 'before')), or put the "
            "two together first, surveys.stack(a, b, shared_clusters=...)"
        )
    return other
