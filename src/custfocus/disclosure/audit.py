"""
What can be known of hidden numbers, worked out anew.

Nothing here is shared with what decides what is hidden but the rule itself: the rows are found by
their labels, and the bounds of each number are those of a program in whole numbers with every
group in it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import attrs
import numpy as np

from custfocus.disclosure.attack import Attack, Number, Release
from custfocus.disclosure.items import Item, items_of, unknown_respondents
from custfocus.disclosure.margins import Published, published_rows
from custfocus.disclosure.previous import Previous, checked_previous, cumulative
from custfocus.disclosure.sensitive import rule_of
from custfocus.disclosure.suppressed import ALL, Suppressed
from custfocus.errors import TallyError
from custfocus.indices.estimate import Estimate
from custfocus.responses.sample import Sample
from custfocus.responses.tally import Tally
from custfocus.results.arrays import BY_ROW, Counts, Flags, Places, frozen
from custfocus.results.keys import Keys
from custfocus.results.result import Column, Result, count_text
from custfocus.results.text import kind_text, label_text

_MUCH = 0.25  # of the answers: a note says that more is hidden


def _whole(values: object) -> Counts:
    return frozen(np.asarray(values), np.int64)


@attrs.frozen(eq=False, repr=False)
class Audit(Result):
    """
    What can be known of each number that must not be known to be small; not for publication.

    Attributes:
        keys: The row of each number, and what is ``counted`` in it.
        value: The true number.
        threshold: What it must not be known to lie below.
        low: The least that it can be, given all that is published.
        high: The most that it can be; the number is protected where that is the threshold or more.
        rows: How many rows there are.
        hidden: How many are hidden.
        small: How many of these hold a number that is too small.
        answers: All answers of the finest groups.
        lost: Answers of those groups that are hidden.
    """

    _keys: Keys
    value: Counts = attrs.field(converter=_whole, metadata=BY_ROW)
    threshold: Counts = attrs.field(converter=_whole, metadata=BY_ROW)
    low: Counts = attrs.field(converter=_whole, metadata=BY_ROW)
    high: Counts = attrs.field(converter=_whole, metadata=BY_ROW)
    rows: int
    hidden: int
    small: int
    answers: int
    lost: int

    @property
    def keys(self) -> Keys:
        """The row of each number, and what is counted in it."""
        return self._keys

    @property
    def protected(self) -> Flags:
        """Whether the number can be at or above its threshold, given all that is published."""
        return np.asarray(self.high >= self.threshold)

    def columns(self) -> dict[str, Column]:
        """The columns value, threshold, low, high and protected."""
        return {
            "value": Column(self.value, count_text, "count"),
            "threshold": Column(self.threshold, count_text),
            "low": Column(self.low, count_text),
            "high": Column(self.high, count_text),
            "protected": Column(self.protected, _yes),
        }

    def row_texts(self, name: str) -> list[str]:
        """The label of each row by a name; a total is over all labels."""
        texts, levels = super().row_texts(name), self.keys.labels("level")
        if name in {"level", "item", "counted"}:
            return texts
        named = [f", {name}, " in f", {level}, " for level in levels]
        return [text if one else ALL for text, one in zip(texts, named, strict=True)]

    def caption(self) -> str:
        """What is hidden, and whether that is enough."""
        bare = int(np.count_nonzero(~self.protected))
        found = "each may reach its threshold" if not bare else f"{bare} are known to be too small"
        share = 100 * self.lost / max(self.answers, 1)
        return (
            f"{self.hidden} of {self.rows} rows hidden, {self.small} of them too small; "
            f"{self.lost:,} of {self.answers:,} answers in hidden groups ({share:.1f} %); {found}"
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What to do where much is hidden."""
        if self.lost <= _MUCH * self.answers:
            return ()
        return ("more than a quarter of the answers is hidden: merge groups, or publish less",)


def _yes(flag: object) -> str:
    return "yes" if flag else "no"


def audit(e: Estimate, found: Suppressed, /, *, previous: Previous | None = None) -> Audit:
    """
    Attack what is published: what can be known of every number that is too small.

    Each number takes two programs in whole numbers, which in tables of thousands of rows are
    slow.

    Args:
        e: The estimate that was suppressed.
        found: All that is published of it, by `suppress`.
        previous: The estimate of the last release and what was released of it. Numbers of new
            answers, and what was hidden then, are attacked as well, with all that is shown in
            either release.

    Returns:
        For each number that must not be known to be small the true number and the least and the
        most that it can be. It is for the publisher alone.

    Raises:
        TallyError: What is no estimate or no result of `suppress`, or results of different
            answers; some rows of a result; a result that follows another one, without it.
        OptionError: A last release by other rules, see `suppress`.
        LabelError: A last release by other names.

    >>> from custfocus import Scale, Tally, csat
    >>> from custfocus.disclosure import suppress
    >>> counts = [[1, 2, 30, 20, 9], [0, 0, 1, 2, 1], [2, 1, 9, 9, 9]]
    >>> e = csat(Tally(counts, Scale.likert(5), by={"shop": ["N", "S", "W"]}))
    >>> audit(e, suppress(e, minimum=10))
    level  shop  counted  count  threshold  low  high  protected
    shop   S     all          4         10    1    33        yes
    2 of 4 rows hidden, 1 of them too small; 34 of 96 answers in hidden groups (35.4 %); each may reach its threshold
    note: more than a quarter of the answers is hidden: merge groups, or publish less
    """
    sample = _checked(e, found, previous)
    read = _read(e, found, previous)
    rules = found.minimum, found.numerator, found.unanimous, found.respondents
    release = Release(read.published.keys, read.published.levels, read.hidden, *rules)
    numbers: list[Number] = []
    bounds: list[tuple[int, int, int]] = []
    for item in read.items:
        unknown = unknown_respondents(item, found.minimum, found.respondents)
        known = np.zeros(len(read.hidden), np.bool_)
        for at in range(len(read.published.margins)):
            known[read.published.rows[at, item.rows]] = ~unknown[item.table.classes_at(at)]
        attack = Attack(e.scoring, read.sample, release, item.rows, known)
        for number in attack.too_small():
            numbers.append(number)
            bounds.append((attack.true(number), *attack.bounds(number)))
    value, low, high = np.array(bounds, np.int64).reshape(-1, 3).T
    finest = np.arange(found.keys.rows) < sample.keys.rows
    return Audit(
        _keys(read.published.keys, sample.scale.point_names, numbers),
        value,
        np.array([one.threshold for one in numbers], np.int64),
        low,
        high,
        rows=found.keys.rows,
        hidden=int(found.hidden.sum()),
        small=len({one.row for one in numbers} & {*read.today.tolist()}),
        answers=int(sample.n.sum()),
        lost=int(sample.n[found.hidden[finest]].sum()),
    )


class _Read(NamedTuple):
    """
    All that is published: what was released, or that and the release before it.

    Attributes:
        sample: The answers, of both days where there are two.
        published: The rows of these.
        hidden: Which of them are hidden.
        today: The rows of the release that is attacked.
        items: The table of each item.
    """

    sample: Sample
    published: Published
    hidden: Flags
    today: Places
    items: Iterator[Item]


def _read(e: Estimate, found: Suppressed, previous: object) -> _Read:
    published = published_rows(e.keys, found.levels)
    if published.keys.columns() != found.keys.columns():
        raise TallyError(
            "audit takes an estimate and all that suppress made of it, got rows of others; pass "
            "audit(e, suppress(e, ...))"
        )
    none, respondents = np.zeros(found.keys.rows, np.bool_), found.respondents
    if previous is None:
        items = items_of(e.sample, published, found.kept, none, respondents)
        return _Read(e.sample, published, found.hidden, np.arange(found.keys.rows), items)
    rule = rule_of(found.minimum, found.numerator, e.scoring, unanimous=found.unanimous)
    last = checked_previous(previous, e, rule, respondents, unanimous=found.unanimous)
    both = cumulative(cast("Tally", e.sample), published, last, respondents)
    items = both.items(found.kept if found.follows else none, none, rule, respondents)
    return _Read(both.sample, both.published, both.hidden(found.hidden), both.today, items)


def _checked(e: object, found: object, previous: object) -> Sample:
    if not isinstance(e, Estimate) or not isinstance(found, Suppressed):
        raise TallyError(
            f"audit takes an estimate and what suppress made of it, got {kind_text(e)} and "
            f"{kind_text(found)}; pass audit(e, suppress(e, ...))"
        )
    if found.round_to is not None:
        raise TallyError(
            "audit attacks hidden rows, got counts that are rounded, which promise another thing; "
            "leave out round_to="
        )
    if found.follows and previous is None:
        raise TallyError(
            "audit needs the release that the result follows, without which new answers can't be attacked; pass "
            "previous= as it was passed to suppress"
        )
    if not e.shape:
        raise TallyError(
            "audit takes an estimate by groups, got a single row; pass audit(e, suppress(e, ...))"
        )
    return e.sample


def _keys(keys: Keys, points: Sequence[object], numbers: list[Number]) -> Keys:
    """The rows of the numbers, and what is counted in each."""
    names = [label_text(one) for one in points]
    every = tuple(range(len(names)))
    counted = [
        "all" if one.points == every else ", ".join(names[at] for at in one.points)
        for one in numbers
    ]
    level = list(dict.fromkeys(counted))
    rows = keys.codes[:, np.array([one.row for one in numbers], np.intp)]
    codes = np.array([level.index(one) for one in counted], np.intp).reshape(1, -1)
    return Keys(
        (*keys.names, "counted"),
        (*keys.levels, level),
        np.concatenate([rows, codes]),
        keys.declared | {"counted"},
        keys.fixed,
    )
