"""Hiding groups too small to be published, so that they can't be worked out from what is shown."""

from collections.abc import Iterator, Sequence
from typing import cast

import attrs
import numpy as np

from custfocus.disclosure.engine import UnprotectableError, hiding_of
from custfocus.disclosure.margins import (
    Published,
    Totals,
    named_margins,
    published_rows,
    summed_sizes,
    table_of_sample,
)
from custfocus.disclosure.rows import Margin, Table, table_of
from custfocus.disclosure.sensitive import Rule, respondents_rule, rule_of
from custfocus.disclosure.suppressed import Respondents, Suppressed
from custfocus.disclosure.witnesses import Hiding
from custfocus.errors import LabelError, OptionError, TallyError, choose
from custfocus.indices.estimate import Estimate
from custfocus.intervals.arguments import check_flag, checked_whole
from custfocus.intervals.methods import EstimateMethod
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Counts, Flags, Places
from custfocus.results.keys import Keys
from custfocus.results.text import kind_text, label_text

_RESPONDENTS: dict[str, None] = {"known": None, "unknown": None}
_GREATEST = 10**9  # minimum
_SIDES = 3  # scores of an index that has answers for and against


def suppress(
    e: Estimate,
    /,
    *,
    minimum: int,
    numerator: int = 0,
    unanimous: bool = False,
    totals: Totals = True,
    keep: Sequence[tuple[str, ...]] = (),
    respondents: Respondents = "known",
) -> Suppressed:
    """
    Hide the groups with few answers, and others where that keeps them from being worked out.

    What is published are the groups and their totals. Groups and totals with few answers are
    hidden, all their numbers together. Of everything that is hidden for that reason nobody can
    conclude that it has fewer answers than the minimum (or fewer answers for or against than
    the numerator, or answers all alike): for each such number another table of whole numbers is
    found that agrees with all that is shown, in which the number is not too small. That proof is
    checked by addition. As few answers as can be found are hidden besides.

    Readers are taken to know which groups have answers at all, and how many were asked in each
    group, unless that alone would give a small group away. Each item is protected on its own.

    It protects what it is given. It knows nothing of other tables of the same people, and hidden
    numbers can still be bounded, and guessed.

    Args:
        e: An estimate of a plain sample by groups.
        minimum: The smallest number of answers that may be published, at least 2.
        numerator: The smallest number of answers for and against, above 0, that may be
            published; at most the minimum. For shares and net shares.
        unanimous: Whether to hide that all answers of a row have the same score.
        totals: Whether all totals over the names of groups will be published; or the names of
            those that will, as ``[("district",), ()]`` for the districts and the grand total.
        keep: Totals that must stay shown, likewise.
        respondents: ``"known"``: readers know how many were asked, from other questions or since
            ``missing`` is shown. ``"unknown"``: they do not, and ``missing`` is left out.

    Returns:
        What may be published, totals included, and nothing else: `Suppressed.shown` is a sample
        of what is shown.

    Raises:
        OptionError: A minimum that is not a whole number of 2 or more, a numerator beyond it or
            for a mean, names that are not there, totals to keep that give a hidden number away.
        LabelError: An estimate of a single sample.
        TallyError: What is no estimate; an estimate of a design.

    References:
        Hundepool et al. (2012), Statistical Disclosure Control, chapter 4 (secondary cell
        suppression). Fischetti and Salazar (2001), Management Science 47, 1008-1027 (protection
        levels).

    >>> from custfocus import Scale, Tally, csat
    >>> counts = [[1, 2, 30, 20, 9], [0, 0, 1, 2, 1], [2, 1, 9, 9, 9]]
    >>> tally = Tally(counts, Scale.likert(5), by={"shop": ["N", "S", "W"]})
    >>> suppress(csat(tally), minimum=10)
    level  shop   n  missing  CSAT   low  high
    shop   N     62        0  46.8  34.9  59.0
    shop   S      *        *     *     *     *
    shop   W      *        *     *     *     *
    total  all   96        0  52.1  42.2  61.8
    CSAT, 95 % score interval; * hidden: fewer than 10 answers, or complementary suppression
    """
    sample = _checked_sample(e)
    least = checked_whole(minimum, "minimum", 2)
    check_flag(unanimous, "unanimous")
    choose("respondents", respondents, _RESPONDENTS)
    if least > _GREATEST:
        raise OptionError(f"minimum must be at most {_GREATEST:,}, got a number beyond")
    few = _checked_numerator(numerator, least, e.scoring)
    published = published_rows(e.keys, totals)
    kept = _checked_kept(published, keep)
    rule = rule_of(least, few, e.scoring, unanimous=unanimous)
    hidden = np.zeros(published.keys.rows, np.bool_)
    for rows, out in _hidden_items(sample, published, rule, kept, respondents):
        hidden[rows] |= out
    return shown_of(e, sample, published, hidden, rule, respondents=respondents)


def shown_of(
    e: Estimate,
    sample: Tally,
    published: Published,
    hidden: Flags,
    rule: Rule,
    *,
    respondents: Respondents,
) -> Suppressed:
    """What is published of an estimate and its sample, where some rows are hidden."""
    points = len(sample.scale)
    table = published.summed(table_of_sample(sample))
    table[hidden] = 0
    counts, missing = table[:, :points], table[:, points:]
    if respondents == "unknown":
        missing = np.zeros_like(missing)
    whole = Tally(counts, sample.scale, missing, by=published.keys)
    sizes = summed_sizes(published, e.population)
    method = cast("EstimateMethod", e.method)
    figures = whole.figures(e.scoring, method, e.confidence_level, sizes)
    return Suppressed(
        published.keys,
        e.metric,
        sample.scale,
        counts,
        missing,
        figures.value,
        figures.low,
        figures.high,
        hidden,
        published.levels,
        rule.minimum,
        rule.numerator,
        bool(len(rule.alike)),
        respondents,
        e.caption(),
    )


def _checked_sample(e: object) -> Tally:
    if not isinstance(e, Estimate):
        raise TallyError(
            f"suppress takes an estimate, got {kind_text(e)}; compute the index first: "
            "suppress(csat(answers, by=...), minimum=...)"
        )
    if not {*e.keys.names} - {"item"}:
        raise LabelError(
            f"suppress needs an estimate by group, got {_listed(e.keys.names)}; compute it with by="
        )
    if not isinstance(e.sample, Tally):
        raise TallyError(
            "suppress takes estimates of plain samples, got one of a design, whose weighted "
            "totals it does not protect"
        )
    return e.sample


def _listed(names: tuple[str, ...]) -> str:
    return "one by item alone" if names else "a single row"


def _checked_numerator(numerator: object, minimum: int, scoring: Scoring) -> int:
    few = checked_whole(numerator, "numerator", 0)
    if few > minimum:
        raise OptionError(f"numerator must be at most the minimum, got {few} with {minimum}")
    if few and len({*scoring.scores}) > _SIDES:
        raise OptionError(
            f"{scoring.name} is a mean and has no numerator, got {few}; use unanimous=True"
        )
    return few


def _checked_kept(published: Published, keep: object) -> list[Margin]:
    kept = named_margins(published.names, keep, "keep")
    odd = [margin for margin in kept if margin not in published.margins]
    if odd:
        names = tuple(published.names[one] for one in odd[0])
        raise OptionError(f"keep must be among the totals that are published, got {names!r}")
    return kept


def _hidden_items(
    sample: Tally, published: Published, rule: Rule, kept: list[Margin], respondents: Respondents
) -> Iterator[tuple[Places, Flags]]:
    """For each item and margin its rows with respondents, and which of them are hidden."""
    keys, points = sample.keys, len(sample.scale)
    every = table_of_sample(sample)[:, : None if respondents == "known" else points]
    codes = np.stack([np.asarray(keys.codes[keys.names.index(one)]) for one in published.names])
    item = keys.codes[keys.names.index("item")] if "item" in keys.names else np.zeros(keys.rows)
    asked = every.any(axis=1)
    items = [np.flatnonzero((item == one) & asked) for one in np.unique(item[asked])]
    together = len(items) > 1 and _same_respondents(codes, every.sum(axis=1), items)
    for rows in items:
        table = table_of(codes[:, rows], every[rows], points, published.margins)
        must = np.zeros(table.classes, np.bool_)
        for at in map(published.margins.index, kept):
            must[table.classes_at(at)] = True
        try:
            hiding = _hiding(table, rule, must, respondents, together=together)
        except UnprotectableError as error:
            raise _cant_hide(sample.keys, published, rows, table, error.row) from None
        for at in range(len(published.margins)):
            yield published.rows[at, rows], hiding.hidden[table.classes_at(at)]


def _same_respondents(codes: Places, respondents: Counts, items: list[Places]) -> bool:
    """Whether each group has as many respondents for every item."""
    both = [np.column_stack([codes[:, rows].T, respondents[rows]]) for rows in items]
    ordered = [rows[np.lexsort(rows.T)] for rows in both]
    return all(np.array_equal(ordered[0], one) for one in ordered[1:])


def _hiding(
    table: Table, rule: Rule, must: Flags, respondents: Respondents, *, together: bool
) -> Hiding:
    """
    What to hide of one item.

    First rows with few respondents are hidden, and others with them; how many were asked in the
    rows that are left is then taken to be known. Where several items have the same respondents,
    these are hidden alike for all.
    """
    none = np.zeros(table.classes, np.bool_)
    cost = table.sums(table.answers[:, np.newaxis])[:, 0].astype(np.float64)
    if respondents == "unknown":
        return hiding_of(table, rule, cost, kept=must, out=none, free=~none)
    counts = table.counts.sum(axis=1, keepdims=True) if together else table.counts
    asked = attrs.evolve(table, counts=counts, points=counts.shape[1])
    all_asked = asked.sums(asked.answers[:, np.newaxis])[:, 0].astype(np.float64)
    least = respondents_rule(rule.minimum, counts.shape[1])
    out = hiding_of(asked, least, all_asked, kept=must, out=none, free=~none).hidden
    return hiding_of(table, rule, cost, kept=must, out=out, free=out)


def _cant_hide(
    keys: Keys, published: Published, rows: Places, table: Table, row: int
) -> OptionError:
    """The error for a row that totals to keep would give away."""
    group = int(rows[table.members()[row][0]])
    names = [published.names[one] for one in table.names_of()[row]]
    labels = ", ".join(label_text(keys.labels(name)[group]) for name in names) or "the total"
    return OptionError(
        f"can't hide {labels} while the totals in keep= stay shown, which would give it away; drop "
        "keep= or merge groups"
    )
