"""The vocabulary meets the numbers."""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
from numpy.typing import ArrayLike

from custfocus.dataframes import frame_of
from custfocus.errors import VocabularyError, naming
from custfocus.intervals.methods import EstimateMethod
from custfocus.indices.survey_result import SurveyEstimate, SurveyMethod
from custfocus.progress.verdict import verdict
from custfocus.responses.design import SurveyDesign
from custfocus.responses.groups import By, Groups
from custfocus.responses.replicate_weights import ReplicateWeights
from custfocus.scorecards.outline import outline_html, outline_text
from custfocus.scorecards.questions import (
    Answers,
    Score,
    asked_questions,
    check_large,
    score_by_design,
    score_of_tallies,
    tallies_of,
)
from custfocus.scorecards.row import COLUMNS, ScorecardRow
from custfocus.tables import escape
from custfocus.vocabulary.focus import CustomerFocus

Key = tuple[object, ...]


@attrs.frozen(eq=False, repr=False)
class Scorecard:
    """
    The measures of a customer focus, scored and held against their targets.

    Prints as a table, in a notebook with the intervals drawn.

    Attributes:
        name: The organisation.
        rows: One for each measure and group, in the order of the focus, groups sorted.
        group_names: What the groups are told apart by; empty without groups.
        confidence_level: Of the intervals, two-sided.
        unused: Items that answers came for and no measure asks about.
    """

    name: str
    rows: tuple[ScorecardRow, ...]
    group_names: tuple[str, ...]
    confidence_level: float
    unused: tuple[str, ...]

    def to_dicts(self) -> list[dict[str, object]]:
        """
        One flat dictionary for each row, ready for any dataframe.

        Keys: customer, need, requirement, measure, the group names, index, unit, n, missing,
        value, low, high, target, verdict, point_met, more_answers. Numbers of a row without
        answers are NaN.
        """
        return [row.to_dict(self.group_names) for row in self.rows]

    def to_frame(self, like: object) -> Any:  # noqa: ANN401 - a frame of any library
        """
        The rows as a dataframe; columns as in `to_dicts`.

        Args:
            like: A dataframe of the kind wanted, or ``"pandas"``, ``"polars"``, ``"pyarrow"``.

        Raises:
            MissingExtraError: Without the extra ``frames``.
        """
        rows = self.to_dicts()
        names = [*COLUMNS[:4], *self.group_names, *COLUMNS[4:]]
        return frame_of(
            {name: [row[name] for row in rows] for name in names}, like, self.group_names
        )

    def __str__(self) -> str:
        table = outline_text(self.rows, self.group_names)
        return "\n".join([self.name, table, *self._notes()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in self._notes())
        table = outline_html(self.rows, self.group_names)
        return f"<h4>{escape(self.name)}</h4>{table}{notes}"

    def _notes(self) -> Iterator[str]:
        level = 100 * self.confidence_level
        drawn = any(isinstance(row.estimate, SurveyEstimate) for row in self.rows)
        yield (
            f"{level:g} % intervals{' of the survey design' if drawn else ''}; met and not met at nominal {(100 + level) / 2:g} % one-sided "
            'confidence. "More": with so many further answers like these, an even chance to settle it.'
        )
        if self.unused:
            yield f"Items that no measure asks about: {', '.join(self.unused)}"


def scorecard(
    focus: CustomerFocus,
    answers: Answers,
    *,
    by: By | None = None,
    design: SurveyDesign | ReplicateWeights | None = None,
    method: EstimateMethod | SurveyMethod = "score",
    confidence_level: float = 0.95,
    population: ArrayLike | None = None,
) -> Scorecard:
    """
    Score every measure of a customer focus and hold it against its target.

    Args:
        focus: Customers, needs, requirements and measures with their items and targets.
        answers: The answers to each item: a list, array or Series (one value for each
            respondent), or a tally. A dataframe's columns will do.
        by: Labels that split the answers into groups, one for each respondent (or for each
            row of the tallies); several by name, ``{"district": ..., "wave": ...}``.
        design: How the respondents were drawn, weights among it; all alike unless told.
        method: Of the intervals; see `estimate`, and `survey_estimate` with a design.
        confidence_level: Two-sided, in (0, 1).
        population: Size of the finite population, one number or one for each group; a design
            has its own.

    Returns:
        One row for each measure and group. A measure that no answers came for has a row that
        says so; items that no measure asks about are named below the table.

    Raises:
        AnswerError: Answers off the scale of their measure; labels of the wrong number; with a
            design answers of another number than its respondents.
        TallyError: A tally of several groups without *by*, or any tally with a design.
        OptionError: A population beside a design.
        VocabularyError: A group named like a column of the scorecard; something else than a
            customer focus and a mapping.
    """
    if not _can_score(focus, answers):
        raise VocabularyError(
            "scorecard takes a CustomerFocus and a mapping of item to answers, got "
            f"{type(focus).__name__} and {type(answers).__name__}"
        )
    groups = None if by is None else Groups.of(by)
    names = () if groups is None else groups.names
    used = {item for item, _ in asked_questions(focus) if item in answers}
    if design is None:
        tallies = tallies_of(focus, answers, groups)
        score = score_of_tallies(tallies, method, confidence_level, population)
    else:
        check_large(population)
        score = score_by_design(
            focus, answers, groups, design, method=method, confidence_level=confidence_level
        )
    return card_of(
        focus,
        score,
        names,
        ((),) if groups is None else groups.keys,
        confidence_level=confidence_level,
        unused=[item for item in answers if item not in {*used, *names}],
    )


def card_of(
    focus: CustomerFocus,
    score: Score,
    names: tuple[str, ...],
    keys: tuple[Key, ...],
    *,
    confidence_level: float,
    unused: Iterable[str] = (),
) -> Scorecard:
    """
    The scorecard of estimates by item and scoring, each of shape (G,) for the G keys of groups.

    Raises:
        VocabularyError: A group named like a column of the scorecard.
    """
    taken = [name for name in names if name in COLUMNS]
    if taken:
        raise VocabularyError(f"by names must differ from the scorecard's columns, got {taken}")
    rows = (row for blank in _blank_rows(focus) for row in _scored(blank, keys, score))
    return Scorecard(focus.name, tuple(rows), names, confidence_level, tuple(unused))


def _can_score(focus: object, answers: object) -> bool:
    return isinstance(focus, CustomerFocus) and hasattr(answers, "keys")


def _blank_rows(focus: CustomerFocus) -> Iterator[ScorecardRow]:
    """A row without answers for every measure, in the order of the focus."""
    for customer in focus.customers:
        for need in focus.needs_of(customer):
            for requirement in focus.requirements_of(need):
                for measure in focus.measures_of(requirement):
                    yield ScorecardRow(customer, need, requirement, measure, (), None, None)


def _scored(blank: ScorecardRow, keys: tuple[Key, ...], score: Score) -> Iterator[ScorecardRow]:
    """The blank row itself if no answers came, else one row for each group."""
    measure, scored = blank.measure, None
    if measure.item is not None and measure.scoring is not None and keys:
        with naming(f"item {measure.item!r}"):
            scored = score(measure.item, measure.scoring)
    if scored is None:
        yield blank
        return
    judged = None if measure.target is None else verdict(scored, measure.target)
    for place, key in enumerate(keys):
        yield attrs.evolve(
            blank,
            group=key,
            estimate=scored[place],
            verdict=None if judged is None else judged[place],
        )
