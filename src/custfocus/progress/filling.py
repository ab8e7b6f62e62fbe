"""The scorecard of a customer focus and its data."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from custfocus.errors import (
    AnswerError,
    LabelError,
    OptionError,
    VocabularyError,
    naming,
    unknown_option,
)
from custfocus.indices.estimate import Design, Estimate, estimate
from custfocus.intervals.methods import Method
from custfocus.messages import quoted
from custfocus.progress.card_columns import check_names
from custfocus.progress.given import Said, check_asked, given_results
from custfocus.progress.looks import Looks, as_looks
from custfocus.progress.periods import check_fiscal_start
from custfocus.progress.places import places_of
from custfocus.progress.questions import (
    Answers,
    AnswerTable,
    Question,
    aligned,
    answers_by_item,
    samples_of,
)
from custfocus.progress.scorecard import Scorecard
from custfocus.progress.series_table import PERIOD
from custfocus.progress.unmeasured import Unmeasured
from custfocus.progress.verdict import verdict
from custfocus.quantities.quantity import Quantity
from custfocus.responses.sample import Sample
from custfocus.responses.scoring import Scoring
from custfocus.results.distinct import identity
from custfocus.results.keys import Keys
from custfocus.results.labels import Label, check_types, named_columns
from custfocus.results.result import Result
from custfocus.results.text import kind_text
from custfocus.vocabulary.focus import CustomerFocus
from custfocus.vocabulary.measure import PerformanceMeasure

_FIRST = np.zeros(1, np.intp)
_NOTHING: Mapping[str, Result] = {}


def scorecard(
    focus: CustomerFocus,
    data: Answers | Sample | AnswerTable,
    *,
    by: object = None,
    period: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: object = None,
    remarks: Mapping[str, str | Mapping[Any, str]] | None = None,
    fiscal_start: int = 1,
    looks: Looks | None = None,
) -> Scorecard:
    """
    Score every measure of a customer focus and hold it against its target.

    Args:
        focus: Customers, needs, requirements and measures with their items and targets.
        data: The answers to each item by its name: a list, array or Series (one value for
            each respondent), or a sample (`Tally`, `SurveyTally`), whose groups are aligned by
            label. A dataframe's columns will do, and a sample of several items. And for each
            measure without items, by its id, what was recorded: a number, data of
            `custfocus.quantities`, or with *by* or *period* a number for each label.
        by: With answers, the label of each respondent, or several by name; see `Keys.of`.
        period: Likewise the period of each, or the name of the item or column that has it.
            Samples and quantities bring their own, as the key ``period``.
        weights: With answers, how many members of the population each respondent stands for.
        design: With answers, how the respondents were drawn, weights included.
        method: Of the intervals; see `estimate`.
        confidence_level: Two-sided, in (0, 1).
        population: Size of the finite population: one number, or sizes by label. A design
            has its own.
        remarks: What is to be said of measures by their ids: a text, or of a series texts by
            period.
        fiscal_start: The month in which years begin, 1 to 12; see
            `custfocus.progress.periods.period_of`.
        looks: How often one looks at the card while its data grow: ``"any"``, or a planned
            number from 2 to 100; once by default. See `verdict`.

    Returns:
        A result for each measure; one without data says so. The notes on the results and
        the data that no measure asks for are printed below the table.

    Raises:
        AnswerError: Answers off the scale of their measure; labels of another number; groups,
            weights or a design beside a sample, which has its own.
        LabelError: Groups called like a column of the scorecard; samples with other names of
            groups; a period that is not there.
        OptionError: A population beside a design; an unknown method; looks for which a measure
            with a target has no limits, series among them.
        VocabularyError: Anything but a customer focus and data by item; data of another kind
            than the measure's; remarks on what is not there.

    >>> from custfocus.responses import Scale
    >>> from custfocus.vocabulary import Customer, Need, Requirement, Target
    >>> focus = CustomerFocus("City", customers=[Customer("residents", "Residents")],
    ...     needs=[Need("help", "residents", "help")],
    ...     requirements=[Requirement("reach", "help", "easy to reach")],
    ...     measures=[PerformanceMeasure("phone", "reach", "Phone", items="q7",
    ...         index=Scoring.top_box(Scale.likert(5)), target=Target.at_least(60))])
    >>> card = scorecard(focus, {"q7": [5] * 81 + [1] * 19})
    >>> card["phone"]
    q7: top 2 boxes 81.0 % [72.2, 87.5] n=100, target at least 60: met (97.5 % one-sided confidence)
    """
    check_focus(focus, data)
    items = answers_by_item(data)
    check_asked(focus, items)
    labels = _labels(by, period, items)
    if period is not None:
        _check_samples(focus, items)
    said = Said(labels, weights, design, method, confidence_level, population)
    given = given_results(focus, items, said)
    samples = samples_of(focus, items, by=labels, weights=weights, design=design)
    names = {name for sample in samples.values() for name in sample.keys.columns()}
    used = {item for one in focus.measures if one.id in given for item in one.items}
    used |= {item for item, _ in samples} | names | given.keys()
    used |= {period} if isinstance(period, str) else set()
    return scorecard_of(
        focus,
        samples,
        method=method,
        confidence_level=confidence_level,
        population=population,
        given=given,
        unused=[str(item) for item in items if item not in used],
        remarks=remarks,
        fiscal_start=fiscal_start,
        looks=looks,
    )


def check_focus(focus: object, data: object) -> None:
    """Raise a VocabularyError unless the focus is a customer focus."""
    if not isinstance(focus, CustomerFocus):
        raise VocabularyError(
            "scorecard takes a CustomerFocus and the data by item, got "
            f"{type(focus).__name__} and {type(data).__name__}"
        )


def scorecard_of(
    focus: CustomerFocus,
    samples: Mapping[Question, Sample],
    *,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: object = None,
    given: Mapping[str, Result] = _NOTHING,
    unused: Iterable[str] = (),
    remarks: Mapping[str, str | Mapping[Any, str]] | None = None,
    fiscal_start: int = 1,
    looks: Looks | None = None,
) -> Scorecard:
    """
    The scorecard of samples by question (see `asked_questions`), their rows aligned by label.

    What is not scored here comes as results by measure; see `given_results`.

    Raises:
        LabelError: Groups called like a column of the scorecard, other names of groups, labels of
            two measures that differ in type alone.
        OptionError: Looks for which a measure with a target has no limits.
    """
    check_fiscal_start(fiscal_start)
    often = as_looks(looks)
    for sample in samples.values():
        check_names(sample.keys)
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

    def judged(measure: PerformanceMeasure, found: Estimate | Quantity) -> Result:
        """What was found, held against the target where there is one."""
        if measure.target is None:
            return found
        with naming(f"measure {measure.id!r}"):
            return verdict(found, measure.target, looks=often)

    def result(measure: PerformanceMeasure) -> Result:
        """The result of one measure."""
        scoring = measure.index
        if measure.id in given:
            return judged(measure, cast("Estimate | Quantity", given[measure.id]))
        sample = None
        if isinstance(scoring, Scoring):
            sample = same_rows.get((measure.items[0], scoring.scale))
        if sample is None or not sample.keys.rows:
            return Unmeasured(measure.metric, measure.target, _reason(measure))
        with naming(f"item {measure.items[0]!r}"):
            found = scored(sample, cast("Scoring", scoring))
        return judged(measure, found)

    parts = {key: result(place.measure) for key, place in places_of(focus).items()}
    _check_groups(parts)
    said = {key: _said(key, one, parts) for key, one in _as_mapping(remarks).items()}
    level = float(confidence_level)
    return Scorecard("measure", parts, focus, level, tuple(unused), said, fiscal_start, looks=often)


def _check_groups(parts: Mapping[str, Result]) -> None:
    """An error for groups of two measures whose labels read the same and differ in type."""
    known: dict[str, list[Label]] = {}
    for key, part in parts.items():
        for name, level in zip(part.keys.names, part.keys.levels, strict=True):
            if name != PERIOD and not isinstance(level, range):
                with naming(f"measure {key!r}"):
                    check_types(name, known.get(name, ()), level)
                known[name] = [*dict.fromkeys([*known.get(name, ()), *level])]


def _reason(measure: PerformanceMeasure) -> str:
    """Why a measure has no numbers."""
    if measure.recorded:
        return f"no data came for {measure.id!r}"
    return f"no answers came for {', '.join(map(repr, measure.items))}"


def _labels(by: object, period: object, items: Mapping[str, object]) -> object:
    """The labels of answers with their periods."""
    if period is None:
        return by
    named: dict[str, Any] = {} if by is None else dict(named_columns(by))
    if PERIOD in named:
        raise LabelError("the period is given twice, by period= and in by=; leave one out")
    if isinstance(period, str):
        if period not in items:
            raise LabelError(str(unknown_option("item or column period", period, items)))
        period = items[period]
    return named | {PERIOD: period}


def _check_samples(focus: CustomerFocus, items: Mapping[str, object]) -> None:
    """An error for samples among answers whose period is said."""
    for item in (item for measure in focus.measures for item in measure.items):
        if isinstance(items.get(item), Sample):
            raise AnswerError(
                f"period= is for answers, got it beside {kind_text(items[item])} for {item!r}; "
                f"give the sample its periods, {type(items[item]).__name__}.of(answers, ..., "
                "by={'period': periods}), and leave period= out"
            )


# -- remarks -------------------------------------------------------------------------------


def _as_mapping(remarks: object) -> Mapping[str, object]:
    if remarks is None:
        return {}
    if not isinstance(remarks, Mapping):
        raise OptionError(
            f"remarks must be texts by measure, got {quoted(remarks)}; write "
            "remarks={'wait': {'2026-03': 'flood'}}"
        )
    return cast("Mapping[str, object]", remarks)


def _said(key: str, said: object, parts: Mapping[str, Result]) -> dict[Label, str]:
    """The remarks on one measure by period; by None where it is no series."""
    if key not in parts:
        raise VocabularyError(str(unknown_option("measure in remarks", key, parts)))
    keys = parts[key].keys
    texts = cast("Mapping[Label, object]", said) if isinstance(said, Mapping) else {None: said}
    known = {identity(one): one for one in keys.labels(PERIOD)} if PERIOD in keys.names else {}
    found: dict[Label, str] = {}
    for period, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise OptionError(f"a remark must be a text, got {quoted(text)} for {key!r}")
        if period is None and known:
            raise OptionError(
                f"remarks on a series are texts by period, got {quoted(text)} for {key!r}; write "
                f"{{{key!r}: {{{known[next(iter(known))]!r}: {quoted(text)}}}}}"
            )
        if period is not None and identity(period) not in known:
            said = f"period in remarks on {key!r}"
            raise LabelError(str(unknown_option(said, period, known.values())))
        found[period] = text
    return found
