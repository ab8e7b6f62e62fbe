"""The questions of a focus's measures, and their answers as samples with the same rows."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, cast

import attrs
from numpy.typing import ArrayLike

from custfocus.errors import LabelError, VocabularyError, naming
from custfocus.indices.estimate import Design, as_sample
from custfocus.progress.series_table import PERIOD
from custfocus.responses.sample import Sample
from custfocus.responses.scale import Scale
from custfocus.responses.scoring import Scoring
from custfocus.results.keys import Keys
from custfocus.results.labels import frame_columns
from custfocus.results.result import Result
from custfocus.vocabulary.focus import CustomerFocus

Question = tuple[str, Scale]  # an item, and the scale that it is scored on
Answers = Mapping[str, Iterable[object] | Sample]


class AnswerTable(Protocol):
    """A dataframe of any library: columns by name."""

    @property
    def columns(self) -> Any:  # noqa: ANN401 - of any library
        """Its columns, or their names."""
        ...

    def __getitem__(self, name: Any, /) -> Any:  # noqa: ANN401 - of any library
        """One of them."""
        ...


def asked_questions(focus: CustomerFocus) -> list[Question]:
    """The items that measures ask about, once for each scale that they are scored on."""
    asked = (
        (item, measure.index.scale)
        for measure in focus.measures
        if isinstance(measure.index, Scoring)
        for item in measure.items
    )
    return list(dict.fromkeys(asked))


def answers_by_item(answers: object) -> Answers:
    """
    Answers as a mapping of items, out of a mapping, a dataframe or a sample of several items.

    Raises:
        VocabularyError: Anything else.
    """
    if isinstance(answers, Sample) and "item" in answers.keys.names:
        items = dict.fromkeys(answers.keys.labels("item"))
        return {str(item): answers.sel(item=item) for item in items}
    if isinstance(answers, Mapping):
        return cast("Answers", answers)
    listed = None if isinstance(answers, Result) else frame_columns(answers)
    if listed is None:
        raise VocabularyError(
            "scorecard takes a CustomerFocus and the answers by item (a mapping, a dataframe), got "
            f"{type(answers).__name__} as answers; write {{'q7': answers}}"
        )
    frame = cast("Any", answers)
    return {name: frame[name] for name in listed}


def samples_of(
    focus: CustomerFocus,
    answers: Answers,
    *,
    by: object = None,
    weights: ArrayLike | None = None,
    design: Design | None = None,
) -> dict[Question, Sample]:
    """The samples of the questions that have answers, each counted once."""
    found: dict[Question, Sample] = {}
    for item, scale in asked_questions(focus):
        if item in answers:
            with naming(f"item {item!r}"):
                found[item, scale] = _sample(
                    item, answers[item], scale, by=by, weights=weights, design=design
                )
    return found


def _sample(
    item: str,
    answers: Iterable[object] | Sample,
    scale: Scale,
    *,
    by: object,
    weights: ArrayLike | None,
    design: Design | None,
) -> Sample:
    """One item's answers, which carry its name as a label."""
    if isinstance(answers, Sample):
        sample = as_sample(answers, scale, by=by, weights=weights, design=design)
        if "item" in sample.keys.names:
            raise LabelError(
                f"a measure asks one item, got a {type(sample).__name__} of the items "
                f"{', '.join(map(str, dict.fromkeys(sample.keys.labels('item'))))}; choose one "
                "with sel(item=...)"
            )
        return sample
    if isinstance(answers, Result):
        return as_sample(answers, scale)  # raises: a result was computed already
    sample = as_sample({item: answers}, scale, by=by, weights=weights, design=design)
    return sample.sel(item=item)


def aligned(samples: Mapping[Question, Sample]) -> dict[Question, Sample]:
    """
    The samples with the union of their rows, in the same order; rows that one lacks are empty.

    Samples by period keep their own rows: not every item is asked in every period.

    Raises:
        LabelError: Samples whose groups have other names, or labels of other types.
    """
    keys: Keys | None = None
    for (item, _), sample in samples.items():
        if PERIOD not in sample.keys.names:
            with naming(f"item {item!r}"):
                keys = sample.keys if keys is None else keys.united(sample.keys)[0]
    return {
        question: sample if PERIOD in sample.keys.names else _reindexed(sample, cast("Keys", keys))
        for question, sample in samples.items()
    }


def _reindexed(sample: Sample, keys: Keys) -> Sample:
    own = attrs.evolve(keys, fixed=sample.keys.fixed)
    _, _, rows = own.united(sample.keys)
    return sample.reindexed(own, rows)
