"""
A release that follows another one: running totals of the same groups.

What is new since the release before is the difference of two numbers that are both published.
So yesterday's answers and the new ones are groups of one table: yesterday's rows are published
already, today's are the sums of both, and rows of new answers alone are not published but must be
protected all the same.
"""

from collections.abc import Iterator
from typing import NamedTuple, cast

import attrs
import numpy as np

from custfocus.disclosure.items import Item, items_of, unknown_respondents
from custfocus.disclosure.margins import Published, published_rows, table_of_sample
from custfocus.disclosure.rows import GroupTable, Margin
from custfocus.disclosure.sensitive import HidingRule, respondents_rule, sensitive_numbers
from custfocus.disclosure.suppressed import Respondents, Suppressed
from custfocus.errors import LabelError, OptionError, TallyError
from custfocus.indices.estimate import Estimate
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Counts, Flags, Places
from custfocus.results.keys import Keys
from custfocus.results.text import kind_text, label_text

ANSWERS = "answers"  # what earlier and new ones differ by; no groups may be called so
_EARLIER, _NEW = 0, 1
_MOST_NAMED = 10

Previous = tuple[Estimate, Suppressed]


class Yesterday(NamedTuple):
    """
    What is known of yesterday's rows, all of shape (published rows,).

    Attributes:
        shown: Which are shown.
        asked: Of which it is known how many were asked.
    """

    shown: Flags
    asked: Flags


@attrs.frozen(eq=False)
class Cumulative:
    """
    Earlier and new answers of each group in one table, and the rows that are published of it.

    Attributes:
        sample: The earlier answers of each group of today's, and then the new ones of each.
        published: Yesterday's rows, those of new answers, which are not published, and today's.
        today: The place of each of today's rows among these.
        yesterday: What is known of yesterday's.
    """

    sample: Tally
    published: Published
    today: Places
    yesterday: Yesterday

    def items(
        self, kept: Flags, out: Flags, rule: HidingRule, respondents: Respondents
    ) -> Iterator[Item]:
        """
        The items of both days.

        Args:
            kept: Which of today's rows must stay shown.
            out: Which must stay hidden.
            rule: Which numbers are too small.
            respondents: See `suppress`.
        """
        must, gone = self.yesterday.shown.copy(), np.zeros(self.published.keys.rows, np.bool_)
        must[self.today] |= kept
        gone[self.today] = out
        for item in items_of(self.sample, self.published, must, gone, respondents):
            shown = self._classes(item, self.yesterday.shown)
            known = self._classes(item, self.yesterday.asked)
            asked = item.kept | known
            never = self._classes(item, ~self._is_today) & ~self._classes(item, self._is_today)
            everyone = respondents_rule(rule.minimum, item.table.counts.shape[1])
            asked_table = attrs.evolve(item.table, points=item.table.counts.shape[1])
            yield attrs.evolve(
                item,
                out=item.out | (never & ~item.kept) | self._revealing(item.table, rule, shown),
                asked=asked,
                silent=(never & ~asked) | self._revealing(asked_table, everyone, known),
            )

    def _revealing(self, table: GroupTable, rule: HidingRule, known: Flags) -> Flags:
        """Today's classes from which too few new answers follow, since the earlier ones are shown."""
        secret = np.zeros(table.classes, np.bool_)
        secret[sensitive_numbers(table, rule).rows] = True
        new = table.codes[-1] == _NEW
        found = np.zeros(table.classes, np.bool_)
        for at, margin in enumerate(table.margins):
            if len(table.codes) - 1 in margin:
                continue
            both = table.margins.index((*margin, len(table.codes) - 1))
            today, its = table.classes_at(at), table.classes_at(both)
            rest, few = np.zeros((2, table.classes), np.bool_)
            rest[today[~new]] = known[its[~new]]
            few[today[new]] = secret[its[new]]
            found |= rest & few
        return found

    def hidden(self, today: Flags) -> Flags:
        """Which rows are hidden, given which of today's are."""
        every = ~self.yesterday.shown
        every[self.today] = today
        return every

    @property
    def _is_today(self) -> Flags:
        found = np.zeros(self.published.keys.rows, np.bool_)
        found[self.today] = True
        return found

    def _classes(self, item: Item, rows: Flags) -> Flags:
        """The classes of an item that have any of these rows."""
        found = np.zeros(item.table.classes, np.bool_)
        for at in range(len(self.published.margins)):
            found[item.table.classes_at(at)] |= rows[self.published.rows[at, item.rows]]
        return found


def cumulative(
    sample: Tally, published: Published, previous: Previous, respondents: Respondents
) -> Cumulative:
    """
    The table of earlier and new answers.

    Args:
        sample: Today's sample.
        published: The rows that are published of it.
        previous: Yesterday's estimate and what was released of it, see `checked_previous`.
        respondents: See `suppress`.

    Raises:
        LabelError: Labels that differ from yesterday's in type alone.
        TallyError: Fewer answers of a group than yesterday.
        OptionError: Several items whose respondents are known.
    """
    e, released = previous
    keys = sample.keys
    _check_items(sample, respondents)
    width = None if respondents == "known" else len(sample.scale)
    now, then = (table_of_sample(one)[:, :width] for one in (sample, e.sample))
    place, earlier = _aligned(keys, e.keys, now, then)
    both = _with_answers(keys)
    order = np.arange(keys.rows)
    names = [{*level} for level in released.levels]
    levels = [*released.levels, *(one for one in published.levels if {*one} not in names)]
    totals = [*((*level, ANSWERS) for level in levels), *published.levels]
    every = published_rows(both, totals)
    counts = np.concatenate([earlier, now - earlier])
    points, reasons = len(sample.scale), sample.missing_by_reason.shape[-1]
    missing = np.zeros((len(counts), reasons), np.int64)
    missing[:, : counts.shape[1] - points] = counts[:, points:]
    today = np.zeros(published.keys.rows, np.intp)
    for at, margin in enumerate(published.margins):
        today[published.rows[at]] = every.rows[_margin(every, published.named(margin)), order]
    return Cumulative(
        Tally(counts[:, :points], sample.scale, missing, by=both),
        every,
        today,
        _yesterday(e, released, every, place),
    )


def _with_answers(keys: Keys) -> Keys:
    """The keys twice: of earlier answers, and of new ones."""
    codes = np.tile(np.asarray(keys.codes, np.intp), 2)
    kind = np.repeat([_EARLIER, _NEW], keys.rows)[np.newaxis]
    levels = [*keys.levels, ("earlier", "new")]
    codes = np.concatenate([codes, kind])
    return Keys((*keys.names, ANSWERS), levels, codes, keys.declared | {ANSWERS}, keys.fixed)


def _margin(published: Published, names: tuple[str, ...]) -> int:
    """The place of the margin that keeps these names."""
    wanted: Margin = tuple(sorted(published.names.index(name) for name in names))
    return published.margins.index(wanted)


def _aligned(keys: Keys, others: Keys, now: Counts, then: Counts) -> tuple[Places, Counts]:
    """
    Today's row of each of yesterday's, and yesterday's counts by today's rows.

    Yesterday's rows without anyone may be missing today; their place is -1.
    """
    together, ours, theirs = keys.united(others)
    less = np.zeros((together.rows, now.shape[1]), np.int64)
    less[theirs >= 0] += then[theirs[theirs >= 0]]
    less[ours >= 0] -= now[ours[ours >= 0]]
    fewer = np.flatnonzero((less > 0).any(axis=1))
    if len(fewer):
        columns = together.columns().values()
        rows = [" ".join(label_text(labels[row]) for labels in columns) for row in fewer.tolist()]
        more = f" and {len(rows) - _MOST_NAMED} more" if len(rows) > _MOST_NAMED else ""
        raise TallyError(
            "previous must have no answers that are gone today, got fewer on a point, or fewer "
            f"missing for a reason, now than then in {', '.join(rows[:_MOST_NAMED])}{more}; "
            "answers that were withdrawn or recoded can't be followed"
        )
    place = np.full(others.rows, -1, np.intp)
    shared = (ours >= 0) & (theirs >= 0)
    place[theirs[shared]] = ours[shared]
    earlier = np.zeros_like(now)
    earlier[ours[shared]] = then[theirs[shared]]
    return place, earlier


def _yesterday(e: Estimate, released: Suppressed, every: Published, place: Places) -> Yesterday:
    """What is known of yesterday's rows."""
    published = published_rows(e.keys, released.levels)
    none = np.zeros(published.keys.rows, np.bool_)
    # What was known of a release that followed another one depends on that one too, which is not
    # at hand; it is taken without it, with all that was shown.
    kept = ~released.hidden if released.follows else released.kept
    known = np.zeros_like(none)
    if released.respondents == "known":
        for item in items_of(e.sample, published, kept, none, "known"):
            unknown = unknown_respondents(item, released.minimum, "known")
            for at in range(len(published.margins)):
                known[published.rows[at, item.rows]] = ~unknown[item.table.classes_at(at)]
    shown, asked = np.zeros((2, every.keys.rows), np.bool_)
    there = place >= 0
    for at, margin in enumerate(published.margins):
        mine = published.rows[at, there]
        its = every.rows[_margin(every, (*published.named(margin), ANSWERS)), place[there]]
        shown[its], asked[its] = ~released.hidden[mine], known[mine]
    return Yesterday(shown, asked)


def _check_items(sample: Tally, respondents: Respondents) -> None:
    """Items of the same people must hide the same respondents, on two days at once."""
    if respondents == "known" and "item" in sample.keys.names:
        items = {*sample.keys.labels("item")}
        if len(items) > 1:
            raise OptionError(
                f"previous= takes several items with respondents='unknown' only, got {len(items)} "
                "of known respondents; choose that, or one item with sel(item=)"
            )


def checked_previous(
    previous: object, e: Estimate, rule: HidingRule, respondents: Respondents, *, unanimous: bool
) -> Previous:
    """
    Yesterday's estimate and what was released of it.

    Args:
        previous: What was passed.
        e: Today's estimate.
        rule: Which numbers are too small today.
        respondents: See `suppress`.
        unanimous: Likewise.

    Raises:
        OptionError: What is no estimate with a result of `suppress`; a release by rules that
            hide less, or by another option for respondents.
        TallyError: Estimates of a design, by another scale or scoring; what is released of
            other answers.
        LabelError: Groups of other names.
    """
    pair = cast("tuple[object, ...]", previous) if isinstance(previous, tuple) else (previous,)
    if len(pair) != 2 or not isinstance(pair[0], Estimate) or not isinstance(pair[1], Suppressed):
        raise OptionError(
            "previous must be a tuple of the estimate of the last release and what suppress made "
            f"of it, got {' and '.join(map(kind_text, pair)) or 'nothing'}; pass "
            "previous=(csat(earlier, by=...), released)"
        )
    then, released = pair[0], pair[1]
    _check_plain(e, then, released)
    _check_release(then, released)
    weaker = [
        (name, was, now)
        for name, was, now in (
            ("minimum", released.minimum, rule.minimum),
            ("numerator", released.numerator, rule.numerator),
            ("unanimous", released.unanimous, unanimous),
        )
        if was < now
    ]
    if weaker:
        name, was, now = weaker[0]
        raise OptionError(
            f"previous must have been released by rules that hide as much, got {name}={was} with "
            f"{name}={now} now; use the rules that it was released by"
        )
    if released.respondents != respondents:
        raise OptionError(
            "previous must have been released with the same respondents=, got "
            f"{released.respondents!r} with {respondents!r} now"
        )
    return then, released


def _check_plain(e: Estimate, then: Estimate, released: Suppressed) -> None:
    """Both days are plain counts that the same rule is about."""
    if not isinstance(e.sample, Tally) or not isinstance(then.sample, Tally):
        raise TallyError(
            "previous= is for plain samples, got one of a design, whose weights of earlier answers "
            "change with new ones; leave it out"
        )
    if released.round_to is not None:
        raise TallyError(
            "previous must be a release of exact counts, got one that is rounded; go on with "
            f"round_to={released.round_to}"
        )
    if then.sample.scale != e.sample.scale or then.scoring != e.scoring:
        what = "scale" if then.sample.scale != e.sample.scale else "scoring"
        raise TallyError(
            f"previous must be of the same scale and scoring, got another {what}; compute the same "
            "index of the earlier answers"
        )
    if sorted(then.keys.names) != sorted(e.keys.names):
        raise LabelError(
            "previous must be by the same names of groups, got "
            f"{', '.join(then.keys.names) or 'a single row'} with {', '.join(e.keys.names)} now"
        )


def _check_release(then: Estimate, released: Suppressed) -> None:
    """What was released is all of that estimate, and shows its counts."""
    alien = TallyError(
        "previous must be an estimate and all that suppress made of it, got a release of others or "
        "a part of one; pass previous=(e, suppress(e, ...))"
    )
    every = {*then.keys.names} | {"level"}
    if {*released.keys.names} != every or released.scale != then.sample.scale:
        raise alien
    published = published_rows(then.keys, released.levels)
    if published.keys.columns() != released.keys.columns():
        raise alien
    width = len(released.scale) if released.respondents == "unknown" else None
    shown = ~released.hidden
    true = published.summed(table_of_sample(then.sample))[shown, :width]
    shown_counts = np.concatenate([released.counts, released.missing_by_reason], axis=-1)[
        shown, :width
    ]
    if not np.array_equal(true, shown_counts):
        raise alien
