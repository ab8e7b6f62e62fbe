"""Hiding groups too small to be published, so that they can't be worked out from what is shown."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast, overload

import attrs
import numpy as np

from custfocus.comparisons.comparison import Comparison
from custfocus.comparisons.order import OrderComparison
from custfocus.comparisons.shrinkage import Shrunken
from custfocus.disclosure.compared import SuppressedComparison, both_sides, compared, hidden_sides
from custfocus.disclosure.engine import UnprotectableError
from custfocus.disclosure.figures import quoted_figures
from custfocus.disclosure.items import Item, item_hiding, items_of
from custfocus.disclosure.linked import checked_linked, linked_rows
from custfocus.disclosure.margins import (
    Published,
    Totals,
    named_margins,
    published_rows,
    table_of_sample,
)
from custfocus.disclosure.previous import ANSWERS, Previous, checked_previous, cumulative
from custfocus.disclosure.rounding import checked_rounding, rounded_counts, too_few
from custfocus.disclosure.rows import Margin
from custfocus.disclosure.sensitive import HidingRule, rule_of
from custfocus.disclosure.suppressed import Respondents, Suppressed
from custfocus.errors import LabelError, OptionError, TallyError, choose
from custfocus.indices.estimate import Estimate
from custfocus.indices.quantile_estimate import QuantileEstimate
from custfocus.intervals.arguments import check_flag, checked_whole
from custfocus.messages import quoted
from custfocus.quantities.quantity import Quantity
from custfocus.responses.sample import Sample
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Flags
from custfocus.results.keys import Keys
from custfocus.results.text import kind_text, label_text

_RESPONDENTS: dict[str, None] = {"known": None, "unknown": None}
_GREATEST = 10**9  # minimum
_SIDES = 3  # scores of an index that has answers for and against


@overload
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
    linked: Sequence[Suppressed] = (),
    previous: Previous | None = None,
    round_to: int | None = None,
) -> Suppressed: ...
@overload
def suppress(
    e: Comparison,
    /,
    *,
    minimum: int,
    numerator: int = 0,
    unanimous: bool = False,
    totals: Totals = True,
    keep: Sequence[tuple[str, ...]] = (),
    respondents: Respondents = "known",
    linked: Sequence[Suppressed] = (),
) -> SuppressedComparison: ...
def suppress(
    e: Estimate | Comparison,
    /,
    *,
    minimum: int,
    numerator: int = 0,
    unanimous: bool = False,
    totals: Totals = True,
    keep: Sequence[tuple[str, ...]] = (),
    respondents: Respondents = "known",
    linked: Sequence[Suppressed] = (),
    previous: Previous | None = None,
    round_to: int | None = None,
) -> Suppressed | SuppressedComparison:
    """
    Hide the groups with few answers, and others where that keeps them from being worked out.

    What is published are the groups and their totals. Groups and totals with few answers are
    hidden, all their numbers together. Of everything that is hidden for that reason no reader
    can conclude that it has fewer answers than the minimum (or fewer answers for or against than
    the numerator, or answers all alike): for each such number another table of whole numbers is
    found that agrees with all that is shown, in which the number is not too small. That proof is
    checked by addition. As few answers as can be found are hidden besides.

    Readers are taken to know which groups have answers at all, and how many were asked in each
    group, unless that alone would give a small group away. Each item is protected on its own.

    It protects what it is given. It knows nothing of other tables of the same people, and hidden
    numbers can still be bounded, and guessed.

    Args:
        e: An estimate by groups, or a comparison, whose rows are hidden where either side is. Of a
            design the respondents are counted, not weighted, and what
            may follow from weighted numbers for those who know the weights is not looked at.
        minimum: The smallest number of answers that may be published, at least 2.
        numerator: The smallest number of answers for and against, above 0, that may be
            published; at most the minimum. For shares and net shares.
        unanimous: Whether to hide that all answers of a row have the same score.
        totals: Whether all totals over the names of groups will be published; or the names of
            those that will, as ``[("district",), ()]`` for the districts and the grand total.
        keep: Totals that must stay shown, likewise.
        respondents: ``"known"``: readers know how many were asked, from other questions or since
            ``missing`` is shown. ``"unknown"``: they do not, and ``missing`` is left out.
        linked: What was published before of the same answers, by some of the names or by all of
            them. What it shows stays shown, and what it hides stays hidden. With a comparison,
            what is published of the estimate besides: a side that is hidden there is hidden here,
            and the rules are those of that result.
        previous: The estimate of the last release, of the same groups with fewer answers, and
            what was released of it, as ``(e, suppress(e, ...))``. Readers are taken to have both
            releases, and what is new is protected as well: a row with few new answers is hidden
            if it was shown. Earlier releases than that one are not looked at.
        round_to: Round the counts on each point and of missing answers to midpoints, with 6 to
            3 (1 to 6), 9 (7 to 12) ..., and compute all numbers from these. Rows of fewer
            answers than the minimum are hidden, and none besides. An even number, 6 or more.

    Returns:
        What may be published, totals included, and nothing else: `Suppressed.shown` is a sample
        of what is shown. Of a design it is numbers only.

    Raises:
        OptionError: A minimum that is not a whole number of 2 or more, a numerator beyond it or
            for a mean, names that are not there, totals to keep or linked rows that give a hidden
            number away; a last release by rules that hide less.
        LabelError: An estimate of a single sample; a last release by other names.
        TallyError: What is no estimate; linked results of other answers; a design to be rounded
            or with a last release; fewer answers than there were then.

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
    if isinstance(e, Comparison):
        for name, given in (("round_to", round_to), ("previous", previous)):
            if given is not None:
                raise OptionError(
                    f"{name}= is for estimates, got it with a comparison; leave it out"
                )
        rules = _Rules(numerator, unanimous, totals, keep, respondents)
        return _of_comparison(e, minimum, rules, checked_linked(linked))
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
    if round_to is not None:
        _check_rounded(e)
        to = checked_rounding(
            round_to,
            numerator=few,
            unanimous=unanimous,
            keep=kept,
            linked=linked,
            previous=previous is not None,
        )
        out = too_few(published.summed(table_of_sample(sample)), to, len(sample.scale), least)
        return shown_of(e, sample, published, out, rule, respondents=respondents, round_to=to)
    must, hidden = linked_rows(sample, published, linked)
    must |= np.isin(published.level, [published.margins.index(margin) for margin in kept])
    if previous is None:
        items = items_of(sample, published, must, hidden, respondents)
        hidden |= _hidden_rows(sample.keys, published, items, rule, respondents)
    else:
        last = checked_previous(previous, e, rule, respondents, unanimous=unanimous)
        both = cumulative(cast("Tally", sample), published, last, respondents)
        items = both.items(must, hidden, rule, respondents)
        out = _hidden_rows(both.sample.keys, both.published, items, rule, respondents)
        hidden |= out[both.today]
    found = shown_of(e, sample, published, hidden, rule, respondents=respondents)
    return attrs.evolve(found, kept=must, follows=previous is not None)


class _Rules(NamedTuple):
    """The rules of `suppress` beside the minimum, as they were given."""

    numerator: int
    unanimous: bool
    totals: Totals
    keep: Sequence[tuple[str, ...]]
    respondents: Respondents


def _of_comparison(
    e: Comparison, minimum: int, rules: _Rules, linked: list[Suppressed]
) -> SuppressedComparison:
    """A comparison with the rows hidden of which either side is, by rules or by linked results."""
    sides = both_sides(e)
    if linked:
        _check_of_linked(rules)
        return compared(e, hidden_sides(e, linked), _least_of(linked, minimum))
    found = suppress(sides, minimum=minimum, **rules._asdict())
    return compared(e, found.hidden[np.asarray(found.keys.codes[0] == 0)], found.minimum)


def _hidden_rows(
    keys: Keys,
    published: Published,
    items: Iterable[Item],
    rule: HidingRule,
    respondents: Respondents,
) -> Flags:
    """Which published rows are hidden, each item on its own."""
    hidden = np.zeros(published.keys.rows, np.bool_)
    for item in items:
        try:
            out = item_hiding(item, rule, respondents).hidden
        except UnprotectableError as error:
            raise _cant_hide(keys, published, item, error.row) from None
        for at in range(len(published.margins)):
            hidden[published.rows[at, item.rows]] = out[item.table.classes_at(at)]
    return hidden


def _check_rounded(e: Estimate) -> None:
    """An error for what can't be computed of rounded counts."""
    if e.population is not None:
        raise OptionError(
            "round_to= is for large populations, got an estimate with population=, of which rounded "
            "counts are no sample; leave one of them out"
        )
    if not isinstance(e.sample, Tally):
        raise TallyError(
            "round_to= is for plain samples, got one of a design, whose weights can't be rounded; "
            "leave it out"
        )


def shown_of(
    e: Estimate,
    sample: Sample,
    published: Published,
    hidden: Flags,
    rule: HidingRule,
    *,
    respondents: Respondents,
    round_to: int | None = None,
) -> Suppressed:
    """What is published of an estimate and its sample, where some rows are hidden."""
    table, points = published.summed(table_of_sample(sample)), len(sample.scale)
    if round_to is not None:
        table = rounded_counts(table, round_to)
    table[hidden] = 0
    counts, missing = table[:, :points], table[:, points:]
    if respondents == "unknown":
        missing = np.zeros_like(missing)
    shown = Tally(counts, sample.scale, missing, by=published.keys)
    return Suppressed(
        published.keys,
        e.metric,
        sample.scale,
        counts,
        missing,
        *quoted_figures(e, published, shown, hidden),
        hidden,
        published.levels,
        rule.minimum,
        rule.numerator,
        bool(len(rule.alike)),
        respondents,
        e.caption(),
        np.zeros_like(hidden),
        round_to,
        plain=isinstance(sample, Tally),
    )


def _check_of_linked(rules: _Rules) -> None:
    """An error for rules beside linked results of a comparison, whose own rules hold."""
    usual = _Rules(0, unanimous=False, totals=True, keep=(), respondents="known")
    for name, value, default in zip(_Rules._fields, rules, usual, strict=True):
        if type(value) is not type(default) or value != default:
            raise OptionError(
                f"{name}= is the linked results' own where a comparison is hidden with them, got "
                f"{quoted(value)}; leave it out, or give it to the suppress that makes them"
            )


def _least_of(linked: list[Suppressed], minimum: object) -> int:
    """The minimum that all linked results keep."""
    least = checked_whole(minimum, "minimum", 2)
    odd = [one.minimum for one in linked if one.minimum < least or one.round_to is not None]
    if odd:
        raise OptionError(
            f"linked results must hide at least what is asked for, got a minimum of {odd[0]} or "
            f"counts that are rounded, with a minimum of {least}"
        )
    return least


def _checked_sample(e: object) -> Sample:
    if isinstance(e, OrderComparison):
        raise TallyError(
            "suppress takes estimates and comparisons of an index, got one by order; compare the "
            "order of what is shown: compare_order(suppress(...).shown, ...)"
        )
    if isinstance(e, Shrunken):
        raise TallyError(
            "suppress takes an estimate, got a Shrunken, whose values and weights tell the answers of "
            "small groups; hide these first and shrink what is shown: "
            "shrink(csat(suppress(...).shown))"
        )
    if not isinstance(e, Estimate):
        raise TallyError(f"suppress takes an estimate, got {kind_text(e)}; {_instead(e)}")
    if not {*e.keys.names} - {"item"}:
        raise LabelError(
            f"suppress needs an estimate by group, got {_listed(e.keys.names)}; compute it with by="
        )
    return e.sample


def _instead(e: object) -> str:
    """What to write for what is no estimate."""
    if isinstance(e, QuantileEstimate) or isinstance(getattr(e, "estimate", None), Estimate):
        return (
            "hide small groups first and make it of what is shown: suppress(csat(answers, by=...), "
            "minimum=...).shown"
        )
    if isinstance(e, Quantity):
        return (
            "of records it hides shares: "
            "suppress(top_box(proportion(within, n, by=...), boxes=1), minimum=...)"
        )
    return "compute the index first: suppress(csat(answers, by=...), minimum=...)"


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


def _cant_hide(keys: Keys, published: Published, item: Item, row: int) -> OptionError:
    """The error for a row that totals to keep would give away."""
    group = int(item.rows[item.table.members()[row][0]])
    names = published.named(item.table.names_of()[row])
    labels = [label_text(keys.labels(name)[group]) for name in names]
    last = ""
    if keys.names[-1] == ANSWERS:
        last = " beside the last release"
        labels = [*labels[:-1], f"{labels[-1]} answers"] if ANSWERS in names else labels
    return OptionError(
        f"can't hide {', '.join(labels) or 'the total'} while the totals in keep= or what is "
        f"linked= stays shown{last}, which would "
        "give it away; drop keep=, or merge groups"
    )
