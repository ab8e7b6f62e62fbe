"""Satisfaction as the level to which needs and expectations were met, from a scorecard."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import check_flag
from custfocus.progress.requirement_weights import (
    Wanted,
    WeightRow,
    units_of,
    wanted_of,
    weight_rows,
)
from custfocus.progress.series_table import PERIOD, SeriesTable
from custfocus.progress.verdict import Verdict, verdict
from custfocus.results.arrays import BY_ROW, Flags, Floats, Places, Texts, flags, floats, texts
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Picture, Result, metric_columns
from custfocus.vocabulary.focus import CustomerFocus
from custfocus.vocabulary.measure import PerformanceMeasure

State = Literal["met", "not met", "open", "not measured"]

_LEVELS: tuple[str, ...] = ("all", "customer", "need", "requirement", "service")
_STATES: tuple[State, ...] = ("not measured", "met", "open", "not met")  # the worst last
_MET, _OPEN, _NOT_MET, _BLANK = 1, 2, 3, 4
_STANDINGS = {"met": _MET, "inconclusive": _OPEN, "not met": _NOT_MET}
_WRONG = 0.025  # of the settled verdicts: each is one-sided at 97.5 %
_METRIC = Metric("satisfaction", "percent", (0, 100))


@attrs.frozen(eq=False, repr=False)
class Satisfaction(Result):
    """
    To what level the needs and expectations of customers are met.

    The keys are level (all, customer, need, requirement, service), id, and those of the groups.
    What customers say of a requirement settles it; where they were not asked, what operations show
    does. Of the weight of all requirements at least *low* percent are met and at most *high*
    percent can be, since those that are open or not measured may be met or not. These are logical
    bounds, not a confidence interval.

    Attributes:
        text: The name or the text of each row, shape (rows,).
        said: What customers say, likewise; empty but for requirements. See `State`.
        shown: What operations show, likewise.
        state: What is taken of the two, likewise.
        disagree: Whether the one says met and the other not met, likewise.
        met: The weight of the requirements that are met, shape (rows,).
        not_met: Of those that are not.
        open: Of those whose verdict is inconclusive.
        not_measured: Of those that have no verdict.
        disagreement: Of those where customers and operations disagree.
        details: What a reader should know of weights and measures.
    """

    _keys: Keys
    text: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    said: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    shown: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    state: Texts = attrs.field(converter=texts, metadata=BY_ROW)
    disagree: Flags = attrs.field(converter=flags, metadata=BY_ROW)
    met: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    not_met: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    open: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    not_measured: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    disagreement: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    details: tuple[str, ...] = attrs.field(default=(), eq=False)

    @property
    def keys(self) -> Keys:
        """The level, the id and the group of each row."""
        return self._keys

    @property
    def metric(self) -> Metric:
        """The percentage of the weight of requirements."""
        return _METRIC

    @property
    def total(self) -> Floats:
        """The weight of all requirements, shape (rows,)."""
        return np.asarray(self.met + self.not_met + self.open + self.not_measured)

    @property
    def low(self) -> Floats:
        """The percentage that is met; NaN where there is no requirement."""
        return _percent(self.met, self.total)

    @property
    def high(self) -> Floats:
        """The percentage that is not known to be not met, likewise."""
        return _percent(self.total - self.not_met, self.total)

    @property
    def value(self) -> Floats:
        """The percentage met of what is settled; NaN where nothing is."""
        return _percent(self.met, self.met + self.not_met)

    @property
    def settled(self) -> Floats:
        """The percentage that is met or not met; NaN where there is no requirement."""
        return _percent(self.met + self.not_met, self.total)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of weights and measures."""
        return self.details

    def columns(self) -> dict[str, Column]:
        """The columns text, said, shown, state, value, low, high, settled and the weights."""
        percent = _METRIC.text
        return {
            **metric_columns(_METRIC),
            "text": Column(self.text, str, align="l"),
            "said": Column(self.said, str, "customers say", align="l"),
            "shown": Column(self.shown, str, "operations show", align="l"),
            "state": Column(self.state, str, align="l"),
            "value": Column(self.value, percent, "of settled"),
            "low": Column(self.low, percent, "at least"),
            "high": Column(self.high, percent, "at most"),
            "settled": Column(self.settled, percent),
            "disagreement": Column(_percent(self.disagreement, self.total), percent),
            "met": Column(self.met),
            "not_met": Column(self.not_met),
            "open": Column(self.open),
            "not_measured": Column(self.not_measured),
        }

    def caption(self) -> str:
        """What the numbers are."""
        return (
            "percent of requirements met, by what customers say, where not asked by what "
            "operations show; logical bounds, not a confidence interval"
        )

    def sentence(self) -> str:
        """The level of one customer, need or service in a line."""
        percent = _METRIC.text
        bounds = f"{percent(float(self.low))} to {percent(float(self.high))} % of requirements met"
        state = f"{self.state}, " if str(self.state) else ""
        return f"{self.text}: {state}{bounds}, {percent(float(self.settled))} % settled"

    def picture(self) -> Picture:
        """The bounds on the scale."""
        return Picture(self.value, self.low, self.high, _METRIC.bounds, text=_METRIC.text)


def satisfaction_of(
    focus: CustomerFocus, parts: Mapping[str, Result], *, weights: bool = True
) -> Satisfaction:
    """
    The level to which needs and expectations are met, from the results of measures.

    - A requirement is not met by a side (what customers say, what operations show) if any of its
      measures is not met, else open if any is, else met; measures without data or without a
      target do not count.
    - What customers say is taken, and what operations show where they were not asked.
    - Requirements weigh by their importance if all of a customer have one, else alike; a need
      without requirements is one that is not measured, of the mean weight.
    - Over customers, the weights of each are scaled to its number of requirements.

    Args:
        focus: Customers, needs, requirements, measures.
        parts: The results by measure, as of a scorecard; of a series the latest period counts.
        weights: Whether importance weighs.

    Raises:
        LabelError: Measures by other names of groups.
        OptionError: *weights* that are neither True nor False.
    """
    check_flag(weights, "weights")
    verdicts = {key: _latest(part) for key, part in parts.items() if isinstance(part, Verdict)}
    groups, left_out = _groups(verdicts)
    codes = {key: _codes(part, groups) for key, part in verdicts.items() if key not in left_out}
    measures: dict[str, list[PerformanceMeasure]] = defaultdict(list)
    for one in focus.measures:
        measures[one.about].append(one)
    sides = {
        one.id: _SaidAndShown.of(measures[one.id], codes, groups.rows) for one in focus.requirements
    }
    wanted = wanted_of(focus)
    units = [*units_of(wanted, weights=weights)]
    nothing = np.zeros(groups.rows, np.intp)
    states = np.array([sides[one.requirement].state if one.requirement else nothing
                       for one in units]).reshape(len(units), groups.rows)  # fmt: skip
    disagreeing = np.array([sides[one.requirement].disagree if one.requirement else nothing > 0
                            for one in units]).reshape(len(units), groups.rows)  # fmt: skip
    lines = [*weight_rows(focus, wanted, units)]
    blank = _SaidAndShown(nothing + _BLANK, nothing + _BLANK)
    own = [sides[line.id] if line.level == "requirement" else blank for line in lines]
    weight = np.array([line.weights for line in lines]).reshape(len(lines), len(units))
    sums = [(weight @ (states == code)).reshape(-1) for code in range(_BLANK)]
    return Satisfaction(
        _keys(lines, groups),
        np.repeat([line.text for line in lines], groups.rows),
        said=_words([one.said for one in own]),
        shown=_words([one.shown for one in own]),
        state=_words([one.state for one in own]),
        disagree=np.array([one.disagree for one in own]).reshape(-1),
        met=sums[_MET],
        not_met=sums[_NOT_MET],
        open=sums[_OPEN],
        not_measured=sums[0],
        disagreement=(weight @ disagreeing).reshape(-1),
        details=(*_details(wanted, states, left_out, weighted=weights), *_beside(focus, codes)),
    )


class _SaidAndShown(NamedTuple):
    """What customers say of a requirement and what operations show, for each group."""

    said: Places
    shown: Places

    @classmethod
    def of(
        cls, measures: Iterable[PerformanceMeasure], codes: Mapping[str, Places], groups: int
    ) -> "_SaidAndShown":
        """Of several measures the worst counts: not met, then open, then met."""
        sides = [np.zeros(groups, np.intp), np.zeros(groups, np.intp)]
        for measure in measures:
            side = sides[measure.recorded]
            np.maximum(side, codes.get(measure.id, 0), out=side)
        return cls(*sides)

    @property
    def state(self) -> Places:
        """What customers say, where they were not asked what operations show."""
        return np.where(self.said > 0, self.said, self.shown)

    @property
    def disagree(self) -> Flags:
        """Whether the one is met and the other not met."""
        return np.asarray(self.said * self.shown == _MET * _NOT_MET)


def _latest(part: Verdict) -> Verdict:
    """Of a series the latest period of each group."""
    if PERIOD not in part.keys.names:
        return part
    return verdict(SeriesTable.of(part.estimate).latest(), part.target)


def _groups(verdicts: Mapping[str, Verdict]) -> tuple[Keys, set[str]]:
    """The groups of all measures, and the measures that have none while others have."""
    groups = Keys()
    for part in verdicts.values():
        if part.shape:
            bare = attrs.evolve(part.keys, fixed=())
            groups = groups.united(bare)[0] if groups.names else bare
    return groups, {key for key, part in verdicts.items() if groups.names and not part.shape}


def _codes(part: Verdict, groups: Keys) -> Places:
    """The standing of each group: 0 where there is none."""
    found = np.array([_STANDINGS.get(one, 0) for one in np.ravel(part.verdict).tolist()], np.intp)
    if not groups.names:
        return found
    rows = groups.united(attrs.evolve(part.keys, fixed=()))[2]
    return np.where(rows >= 0, found[rows], 0)


def _keys(lines: list[WeightRow], groups: Keys) -> Keys:
    """The level and id of each line, and the groups of each."""
    ids = [line.id for line in lines]
    names = ("level", "id", *groups.names)
    codes = np.array([[_LEVELS.index(line.level) for line in lines], range(len(lines))])
    every = np.vstack([np.repeat(codes, groups.rows, axis=1), np.tile(groups.codes, len(lines))])
    return Keys(names, (_LEVELS, ids, *groups.levels), every, frozenset(names))


def _words(codes: list[Places]) -> Texts:
    """States in words, nothing for rows that have none."""
    return np.asarray(np.array([*_STATES, ""])[np.array(codes)].reshape(-1))


def _details(
    wanted: list[Wanted], states: NDArray[Any], left_out: set[str], *, weighted: bool
) -> Iterator[str]:
    if left_out:
        yield f"measures without groups are left out: {', '.join(sorted(left_out))}"
    settled = int(((states == _MET) | (states == _NOT_MET)).sum())
    if settled:
        yield (
            f"of {settled} settled verdicts up to {settled * _WRONG:.2g} are expected to be wrong by "
            "chance; where several measures can make a requirement not met, more"
        )
    required = [one for each in wanted for _, own in each.needs for one in own]
    if not weighted or all(one.importance is None for one in required):
        return
    unweighed = [one.customer.name for one in wanted if not one.importance]
    if unweighed:
        yield f"requirements count alike where one has no importance: {', '.join(unweighed)}"


def _beside(focus: CustomerFocus, codes: Mapping[str, Places]) -> Iterator[str]:
    """How the measures stand that are about no requirement, and are not counted."""
    required = {one.id for one in focus.requirements}
    found = [
        codes[one.id] for one in focus.measures if one.about not in required and one.id in codes
    ]
    judged = [code for code in found if code.any()]
    if judged:
        met = sum(bool((code[code > 0] == _MET).all()) for code in judged)
        yield (
            "measures about a service, an activity, a channel or a customer are not counted: "
            f"targets met {met} of {len(judged)}"
        )


def _percent(part: Floats, whole: Floats) -> Floats:
    return np.asarray(100 * part / np.where(whole > 0, whole, np.nan))
