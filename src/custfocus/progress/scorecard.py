"""The scorecard: every measure of a customer focus, scored and held against its target."""

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

import attrs
import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import LabelError, VocabularyError, naming
from custfocus.indices.estimate import Design, Estimate, estimate
from custfocus.intervals.methods import Method
from custfocus.messages import near_miss
from custfocus.progress.outline import measure_paths, outline_html, outline_text
from custfocus.progress.questions import (
    Answers,
    AnswerTable,
    Question,
    aligned,
    answers_by_item,
    samples_of,
)
from custfocus.progress.recorded import check_asked, recorded_results
from custfocus.progress.satisfaction import Satisfaction, satisfaction_of
from custfocus.progress.series_table import PERIOD
from custfocus.progress.toward import Progress, toward_target
from custfocus.progress.verdict import Verdict, verdict
from custfocus.quantities.quantity import Quantity
from custfocus.responses.sample import Sample
from custfocus.responses.scoring import Scoring
from custfocus.results.dataframes import FrameColumn, Kind
from custfocus.results.html import Html, escape
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Result, count_text, metric_columns
from custfocus.results.stack import Stack, stacked_columns
from custfocus.results.text import printable
from custfocus.surveys.survey_tally import SurveyTally
from custfocus.vocabulary.focus import CustomerFocus
from custfocus.vocabulary.measure import PerformanceMeasure
from custfocus.vocabulary.target import Target

_PLACE = ("customer", "need", "requirement", "measure")
_FIRST = np.zeros(1, np.intp)
_NOTHING: Mapping[str, Result] = {}
_NUMBERS: dict[str, Kind] = {
    "metric": "text",
    "unit": "text",
    "n": "integer",
    "missing": "integer",
    "value": "number",
    "low": "number",
    "high": "number",
    "target": "text",
    "verdict": "text",
    "point_met": "flag",
    "more_answers": "number",
}


@attrs.frozen(eq=False, repr=False)
class Unmeasured(Result):
    """
    A measure of a scorecard without numbers, and the reason.

    Attributes:
        metric: What would be measured.
        target: The target, or None.
        reason: Why there is no number.
    """

    metric: Metric
    target: Target | None
    reason: str
    _keys: Keys = attrs.field(factory=Keys)

    @property
    def keys(self) -> Keys:
        """The keys of a single row."""
        return self._keys

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n, missing, target and, in place of a verdict, the reason."""
        target = {} if self.target is None else {"target": Column(np.array(str(self.target)))}
        return {
            **metric_columns(self.metric),
            "n": Column(np.array(0), count_text),
            "missing": Column(np.array(0), count_text),
            **target,
            "verdict": Column(np.array(self.reason), str, align="l"),
        }

    def caption(self) -> str:
        """What would be measured."""
        return self.metric.name

    def sentence(self) -> str:
        """What would be measured, and why it is not."""
        return f"{self.metric.name}: {self.reason}"


@attrs.frozen(eq=False, repr=False)
class Scorecard(Stack[Result]):
    """
    The measures of a customer focus, scored and held against their targets.

    A mapping of each measure's id, in the order of the focus, to its `Verdict`; to its
    `Estimate` where it has no target, and to `Unmeasured` where there are no numbers. All
    have the same rows, groups without answers included. Prints as an outline, in a notebook
    with pictures of the intervals.

    Attributes:
        name: ``"measure"``, what the ids are of.
        parts: The results by measure.
        focus: The customer focus.
        confidence_level: Of the intervals, two-sided.
        unused: Items with answers that no measure asks about.
    """

    focus: CustomerFocus
    confidence_level: float = 0.95
    unused: tuple[str, ...] = ()

    def frame_columns(self) -> dict[str, FrameColumn]:
        """
        Every column by name with its type, a row for each measure and group.

        The columns are customer, need, requirement, measure, the keys of the groups, metric,
        unit, n, missing, value, low, high, target, verdict, point_met and more_answers. Values
        are null where there is no number; a row without a verdict gives the reason instead.
        """
        stacked = stacked_columns("measure", self.parts)
        ids = stacked["measure"].values
        names = [name for name in self.group_names if name != "item"]
        numbers = {
            name: stacked.get(name, FrameColumn([None] * len(ids), kind))
            for name, kind in _NUMBERS.items()
        }
        numbers["verdict"] = _verdicts(numbers)
        return self._places(ids) | {name: stacked[name] for name in names} | numbers

    def satisfaction(self, *, weights: bool = True) -> Satisfaction:
        """
        The level to which each customer's needs and expectations are met; see `satisfaction_of`.

        Args:
            weights: Whether requirements weigh by their importance.
        """
        return satisfaction_of(self.focus, self.parts, weights=weights)

    def progress(self) -> Stack[Progress]:
        """
        How far each measure has come toward its target, by measure; see `toward_target`.

        Measures without a target or without the key ``period`` are left out.
        """
        series = {
            key: toward_target(part.estimate, part.target)
            for key, part in self.parts.items()
            if isinstance(part, Verdict) and PERIOD in part.keys.names
        }
        return Stack("measure", series)

    @property
    def group_names(self) -> tuple[str, ...]:
        """The names of the keys of the measures' rows, fixed ones included."""
        names = (name for part in self.parts.values() for name in part.keys.columns())
        return tuple(dict.fromkeys(names))

    def _places(self, ids: list[str]) -> dict[str, FrameColumn]:
        """Customer, need, requirement and measure of each row, by name or text."""
        paths = {path.measure.id: path.names for path in measure_paths(self.focus)}
        return {
            name: FrameColumn([paths[one][depth] for one in ids], "text")
            for depth, name in enumerate(_PLACE)
        }

    def __str__(self) -> str:
        table = outline_text(self.focus, self.parts)
        return "\n".join([printable(self.focus.name), table, *self._notes()])

    def _repr_html_(self) -> Html:
        table = outline_html(self.focus, self.parts, list(self._notes()))
        return Html(f"<h4>{escape(self.focus.name)}</h4>{table}")

    def _notes(self) -> Iterator[str]:
        level = 100 * self.confidence_level
        drawn = " of the survey design" if any(map(_is_survey, self.parts.values())) else ""
        yield (
            f"{level:g} % intervals{drawn}; met and not met at nominal {(100 + level) / 2:g} % "
            'one-sided confidence. "More": with so many further answers like these, a 50 % chance '
            "of a definite verdict."
        )
        yield from self._estimate_notes()
        if self.unused:
            yield f"Items that no measure asks about: {', '.join(map(self._unused_text, self.unused))}"

    def _unused_text(self, name: str) -> str:
        """Data that no measure asks for, and the measure that may have been meant."""
        asked = [item for measure in self.focus.measures for item in measure.items]
        known = [*asked, *(one.id for one in self.focus.measures if one.recorded)]
        meant = near_miss(name, known)
        return printable(f"{name} ({meant})" if meant else name)

    def _estimate_notes(self) -> Iterator[str]:
        """The notes on the estimates, each once with the measures that it concerns."""
        names: dict[str, list[str]] = {}
        for path in measure_paths(self.focus):
            for note in self.parts[path.measure.id].notes:
                names.setdefault(note, []).append(path.measure.name)
        for note, measures in names.items():
            yield printable(f"note on {', '.join(measures)}: {note}")


def scorecard(
    focus: CustomerFocus,
    answers: Answers | Sample | AnswerTable,
    *,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: object = None,
) -> Scorecard:
    """
    Score every measure of a customer focus and hold it against its target.

    Args:
        focus: Customers, needs, requirements and measures with their items and targets.
        answers: The answers to each item by its name: a list, array or Series (one value for
            each respondent), or a sample (`Tally`, `SurveyTally`), whose groups are aligned by
            label. A dataframe's columns will do, and a sample of several items. And for each
            measure without an item, by its id, what was recorded: a number, or data of
            `custfocus.quantities`.
        by: With answers, the label of each respondent, or several by name; see `Keys.of`.
        weights: With answers, how many members of the population each respondent stands for.
        design: With answers, how the respondents were drawn, weights included.
        method: Of the intervals; see `estimate`.
        confidence_level: Two-sided, in (0, 1).
        population: Size of the finite population: one number, or sizes by label. A design
            has its own.

    Returns:
        A result for each measure; one without answers says so. The notes on the estimates and
        the items that no measure asks about are printed below the table.

    Raises:
        AnswerError: Answers off the scale of their measure; labels of another number; groups,
            weights or a design beside a sample, which has its own.
        LabelError: Groups called like a column of the scorecard; samples with other names of
            groups.
        OptionError: A population beside a design; an unknown method.
        VocabularyError: Anything but a customer focus and answers by item.

    >>> from custfocus.responses import Scale
    >>> from custfocus.vocabulary import Customer, Need, Requirement
    >>> focus = CustomerFocus("City", customers=[Customer("residents", "Residents")],
    ...     needs=[Need("help", "residents", "help")],
    ...     requirements=[Requirement("reach", "help", "easy to reach")],
    ...     measures=[PerformanceMeasure("phone", "reach", "Phone", items="q7",
    ...         index=Scoring.top_box(Scale.likert(5)), target=Target.at_least(60))])
    >>> card = scorecard(focus, {"q7": [5] * 81 + [1] * 19})
    >>> card["phone"]
    q7: top 2 boxes 81.0 % [72.2, 87.5] n=100, target at least 60: met (97.5 % one-sided confidence)
    """
    check_focus(focus, answers)
    items = answers_by_item(answers)
    check_asked(focus, items)
    recorded = recorded_results(focus, items, confidence_level)
    samples = samples_of(focus, items, by=by, weights=weights, design=design)
    names = {name for sample in samples.values() for name in sample.keys.columns()}
    asked = {item for item, _ in samples}
    return scorecard_of(
        focus,
        samples,
        method=method,
        confidence_level=confidence_level,
        population=population,
        recorded=recorded,
        unused=[str(item) for item in items if item not in asked | names | recorded.keys()],
    )


def check_focus(focus: object, answers: object) -> None:
    """Raise a VocabularyError unless the focus is a customer focus."""
    if not isinstance(focus, CustomerFocus):
        raise VocabularyError(
            "scorecard takes a CustomerFocus and the answers by item, got "
            f"{type(focus).__name__} and {type(answers).__name__}"
        )


def scorecard_of(
    focus: CustomerFocus,
    samples: Mapping[Question, Sample],
    *,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: object = None,
    recorded: Mapping[str, Result] = _NOTHING,
    unused: Iterable[str] = (),
) -> Scorecard:
    """
    The scorecard of samples by question (see `asked_questions`), their rows aligned by label.

    What is recorded comes as quantities by measure; see `recorded_results`.

    Raises:
        LabelError: Groups called like a column of the scorecard, other names of groups.
    """
    for sample in samples.values():
        _check_names(sample.keys)
    same_rows = aligned(samples)

    def scored(sample: Sample, scoring: Scoring) -> Estimate:
        """The index of one item's answers, also where there are none."""
        single = not sample.shape and not sample.n  # one sample without answers is an error
        rows = sample.reindexed(Keys.numbered(1, sample.keys.fixed), _FIRST) if single else sample
        found = estimate(
            rows,
            scoring,
            method=method,
            confidence_level=confidence_level,
            population=population,
        )
        return found[0] if single else found

    def result(measure: PerformanceMeasure) -> Result:
        """The result of one measure."""
        scoring, target = measure.index, measure.target
        if not isinstance(scoring, Scoring):
            if measure.id not in recorded:
                return Unmeasured(measure.metric, target, f"no data came for {measure.id!r}")
            found = recorded[measure.id]
            return found if target is None else verdict(cast("Quantity", found), target)
        [item] = measure.items
        sample = same_rows.get((item, scoring.scale))
        if sample is None or not sample.keys.rows:
            return Unmeasured(scoring.metric, target, f"no answers came for {item!r}")
        with naming(f"item {item!r}"):
            found = scored(sample, scoring)
        return found if target is None else verdict(found, target)

    parts = {path.measure.id: result(path.measure) for path in measure_paths(focus)}
    return Scorecard("measure", parts, focus, float(confidence_level), tuple(unused))


def _check_names(keys: Keys) -> None:
    taken = [name for name in keys.columns() if name in _PLACE]
    if taken:
        raise LabelError(
            f"groups must not be called like a column of a scorecard, got {taken[0]!r}; "
            "rename the column"
        )


def _verdicts(numbers: Mapping[str, FrameColumn]) -> FrameColumn:
    """The verdicts, or the reason why a row with an estimate alone has none."""
    found = (
        one or ("no answers" if value is None else "no target")
        for one, value in zip(numbers["verdict"].values, numbers["value"].values, strict=True)
    )
    return FrameColumn([*found], "text")


def _is_survey(part: Result) -> bool:
    scored = getattr(part, "estimate", part)
    return isinstance(scored, Estimate) and isinstance(scored.sample, SurveyTally)
