"""Which groups differ: each pair of them, each with the rest, each with a reference."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

import attrs
import numpy as np

from custfocus.comparisons.between import Between
from custfocus.comparisons.compare import check_estimate, check_options
from custfocus.comparisons.comparison import Comparison, comparison_of
from custfocus.errors import LabelError, OptionError, TallyError
from custfocus.indices.estimate import Estimate, estimate
from custfocus.intervals.multiplicity import Adjustment, adjusted_p_values
from custfocus.responses.sample import ComparisonMethod, check_not_items
from custfocus.results.arrays import Codes, Floats, Places
from custfocus.results.keys import Keys

REST = "the rest"
MOST_PAIRS = 2_000_000  # of about 2,000 groups; they take a minute or two, and a gigabyte


def pairwise(
    e: Estimate,
    /,
    *,
    across: str | None = None,
    adjustment: Adjustment = "holm",
    method: ComparisonMethod = "score",
    correction: bool = True,
) -> Comparison:
    """
    Every group against every other one.

    Args:
        e: An estimate by group.
        across: The name of the groups that are compared, within each label of the others; not
            needed where there is one name besides the item.
        adjustment: Of the p-values, for all comparisons of a block (of one wave and item, say);
            see `adjusted_p_values`. The intervals are not adjusted: each one alone has the
            confidence level of the estimate.
        method: ``"score"``, ``"exact"`` or ``"mid-p"``; see `compare`.
        correction: See `compare`.

    Returns:
        The comparisons by label_a and label_b, a minus b. NaN where one has no answers.

    Raises:
        LabelError: An estimate without groups; several names and no *across*, or one that is
            not there.
        TallyError: What is no estimate; items, whose answers are of the same people; more than
            2,000,000 pairs.
        OptionError: An unknown adjustment or method.

    Example: 56 of 70 and 48 of 80, Newcombe (1998), Statistics in Medicine 17, 873-890, table
    II, where Miettinen and Nurminen's interval is .0528 to .3382; 13 of 16, Fagerland et al.
    (2017), Statistical Analysis of Contingency Tables, chapter 2.

    >>> from custfocus import Scale, Tally, top_box
    >>> tally = Tally([[14, 56], [32, 48], [3, 13]], Scale.likert(2), by={"shop": ["N", "S", "W"]})
    >>> pairwise(top_box(tally, boxes=1))
    shop (a)  shop (b)  n (a)  n (b)     a     b  difference    low  high      p  adjusted p
    N         S            70     80  80.0  60.0        20.0    5.3  33.8  0.008       0.025
    N         W            70     16  80.0  81.3        -1.3  -18.2  24.6  0.910       0.910
    S         W            80     16  60.0  81.3       -21.3  -38.7   5.2  0.109       0.218
    difference in top box, a minus b, 95 % score intervals, each on its own; p adjusted by holm for every pair by shop
    """
    within = Within.of(e, across, "pairwise")
    check_options(method, adjustment, correction=correction)
    rows_a, rows_b = within.pairs()
    keys = within.paired_keys(rows_a, within.level, within.codes[rows_b])
    found = comparison_of(e, e, keys, rows_a, rows_b, method=method, correction=correction)
    return _adjusted(found, within, adjustment, f"every pair by {within.across}")


def with_rest(
    e: Estimate,
    /,
    *,
    across: str | None = None,
    adjustment: Adjustment = "holm",
    method: ComparisonMethod = "score",
    correction: bool = True,
) -> Comparison:
    """
    Every group against all the others together.

    Args:
        e: An estimate by group.
        across: The name of the groups that are compared; see `pairwise`.
        adjustment: Of the p-values, for all groups of a block; see `pairwise`.
        method: ``"score"``, ``"exact"`` or ``"mid-p"``; see `compare`.
        correction: See `compare`.

    Returns:
        The comparisons by label_a, with "the rest" as label_b, of one estimate that holds the
        groups and then the rest of each. NaN where the group or the rest has no answers.

    Raises:
        CustfocusError: What `pairwise` raises.

    >>> from custfocus import Scale, Tally, top_box
    >>> tally = Tally([[14, 56], [32, 48], [3, 13]], Scale.likert(2), by={"shop": ["N", "S", "W"]})
    >>> with_rest(top_box(tally, boxes=1)).value.round(1)
    array([ 16.5, -20.2,  11.9])
    """
    within = Within.of(e, across, "with_rest")
    check_options(method, adjustment, correction=correction)
    both = e.sample.with_rest(within.block)
    every = estimate(
        both,
        e.scoring,
        confidence_level=e.confidence_level,
        population=_with_rest_of_population(e, within.block),
    )
    rows = within.order
    keys = within.paired_keys(rows, (REST,), np.zeros(len(rows), np.int32))
    rest = e.keys.rows + rows
    found = comparison_of(every, every, keys, rows, rest, method=method, correction=correction)
    return _adjusted(found, within, adjustment, f"every {within.across} against the rest")


def with_reference(
    e: Estimate,
    reference: Mapping[str, object] | None = None,
    /,
    *,
    adjustment: Adjustment = "holm",
    method: ComparisonMethod = "score",
    correction: bool = True,
    **by_name: object,
) -> Comparison:
    """
    Every group against one of them.

    Args:
        e: An estimate by group.
        reference: The name of the groups and the label that the others are compared with, as
            a mapping; or by keyword.
        adjustment: Of the p-values, for all comparisons of a block; see `pairwise`.
        method: ``"score"``, ``"exact"`` or ``"mid-p"``; see `compare`.
        correction: See `compare`.
        **by_name: The reference: ``district="North"``.

    Returns:
        The comparisons by label_a, with the reference as label_b, within each label of the
        other names. NaN where one has no answers.

    Raises:
        LabelError: A name or label that is not there.
        OptionError: No reference, or several.
        CustfocusError: What else `pairwise` raises.

    >>> from custfocus import Scale, Tally, top_box
    >>> tally = Tally([[14, 56], [32, 48], [3, 13]], Scale.likert(2), by={"shop": ["N", "S", "W"]})
    >>> with_reference(top_box(tally, boxes=1), shop="S").value.round(1)
    array([20. , 21.2])
    """
    check_estimate(e, "with_reference")
    name, label = _one_reference(e, reference, by_name)
    within = Within.of(e, name, "with_reference")
    check_options(method, adjustment, correction=correction)
    _, there = e.keys.sel({name: [label]})
    reference_of = np.full(within.keys.rows, -1)
    reference_of[within.block[there]] = there
    rows = within.order[~np.isin(within.order, there)]
    keys = within.paired_keys(rows, (label,), np.zeros(len(rows), np.int32))
    rows_b = reference_of[within.block[rows]]
    found = comparison_of(e, e, keys, rows, rows_b, method=method, correction=correction)
    return _adjusted(found, within, adjustment, f"every {name} against {label}")


def _with_rest_of_population(e: Estimate, blocks: Places) -> Floats | None:
    """The sizes of the groups' populations, and of those of all others of the block together."""
    if e.population is None:
        return None
    sums = np.bincount(blocks, e.population)
    return np.concatenate([e.population, sums[blocks] - e.population])


def _one_reference(
    e: Estimate, reference: object, by_name: Mapping[str, object]
) -> tuple[str, object]:
    """The name and label that are given, as a mapping or by keyword."""
    named = dict(by_name) if isinstance(reference, Mapping | None) else {}
    if isinstance(reference, Mapping):
        named.update(cast("Mapping[str, object]", reference))
    if len(named) != 1:
        name = next((name for name in e.keys.names if name != "item"), "district")
        got = ", ".join(named) or ("none" if reference is None else f"{reference!r}")
        raise OptionError(
            f"with_reference takes one name and the label to compare with, got {got}; write "
            f"with_reference(e, {{{name!r}: ...}}), and choose other names with sel()"
        )
    return next(iter(named.items()))


def _adjusted(
    found: Comparison, within: "Within", adjustment: Adjustment, family: str
) -> Comparison:
    return attrs.evolve(found, **in_family(found, within, adjustment, family))


def in_family(
    found: Between, within: "Within", adjustment: Adjustment, family: str
) -> dict[str, Any]:
    """The fields that say of what groups comparisons are; p-values adjusted within each block."""
    if adjustment == "none":
        return {"across": within.across}
    cuts = np.flatnonzero(np.diff(within.block[found.rows_a])) + 1  # blocks stand together
    parts = np.split(found.p_value, cuts)
    adjusted = [adjusted_p_values(part, adjustment=adjustment) for part in parts]
    return {
        "across": within.across,
        "adjusted_p_value": np.concatenate(adjusted),
        "adjustment": adjustment,
        "family": family + within_words(within.keys.names),
    }


class Within(NamedTuple):
    """
    The rows of a result as blocks: alike in every name but one, by which they differ.

    Attributes:
        across: The name that rows of a block differ by.
        level: The labels by that name, in order of display.
        codes: The label of each row by its place in the level.
        keys: What the blocks are called; a single one without a name where all rows are one.
        block: The block of each row.
        declared: Whether the order of the labels was given.
    """

    across: str
    level: Sequence[object]
    codes: Codes
    keys: Keys
    block: Places
    declared: bool

    @classmethod
    def of(cls, e: Estimate, across: object, verb: str, done: str = "compared") -> "Within":
        """
        The blocks of the rows of an estimate.

        Args:
            e: The estimate.
            across: The name to compare by; None where only one is open besides the item.
            verb: The function that asks.
            done: What it does to rows.

        Raises:
            LabelError: No names, several of which none is chosen, or one that is not there.
            TallyError: What is no estimate; items.
            OptionError: A name that is no text.
        """
        check_estimate(e, verb)
        return cls.of_keys(e.keys, across, verb, done)

    @classmethod
    def of_keys(cls, keys: Keys, across: object, verb: str, done: str) -> "Within":
        """The blocks of any keys; see `of`."""
        name = _checked_name(keys, across, verb, done)
        left, block = keys.without(name)
        place = keys.names.index(name)
        level = tuple(keys.levels[place])
        return cls(name, level, keys.codes[place], left, block, name in keys.declared)

    @property
    def order(self) -> Places:
        """The rows by block and then by label."""
        return np.lexsort((self.codes, self.block))

    def pairs(self) -> tuple[Places, Places]:
        """
        Every two rows of a block once, by block and then by the first and the second.

        Raises:
            TallyError: More pairs than can be compared.
        """
        order = self.order
        block = self.block[order]
        place = np.arange(len(order))
        later = np.searchsorted(block, block, side="right") - place - 1  # rows of the block
        if later.sum() > MOST_PAIRS:
            raise TallyError(
                f"pairs are compared up to {MOST_PAIRS:,}, got {later.sum():,} by {self.across}; "
                "compare each group with the rest (with_rest), rank them, or choose some (sel)"
            )
        first = np.repeat(place, later)
        starts = np.cumsum(later) - later
        second = first + 1 + np.arange(len(first)) - np.repeat(starts, later)
        return order[first], order[second]

    def paired_keys(self, rows: Places, label_b: Sequence[object], codes_b: Codes) -> Keys:
        """
        What comparisons of rows are called: the block's names, label_a and label_b.

        Args:
            rows: The row that stands first in each.
            label_b: The labels of what is taken off.
            codes_b: Which of them it is in each, shape (pairs,).
        """
        left = self.keys
        codes = [left.codes[:, self.block[rows]], self.codes[rows][None], codes_b[None]]
        declared = {"label_a", "label_b"} if self.declared else set[str]()
        return Keys(
            (*left.names, "label_a", "label_b"),
            (*left.levels, self.level, label_b),
            np.concatenate(codes),
            left.declared | declared,
            left.fixed,
        )


def within_words(names: Sequence[str]) -> str:
    """Within what, as captions say it; empty for no names."""
    return f" within each {' and '.join(names)}" if names else ""


def _checked_name(keys: Keys, across: object, verb: str, done: str) -> str:
    names = [name for name in keys.names if name != "item"]
    if across is None:
        if not keys.names:
            raise LabelError(
                f"{verb} needs a result by group, got a single row; compute the index with by="
            )
        if not names:
            check_not_items(["item"], done)
        if len(names) > 1:
            raise LabelError(
                f"across= must say which of {', '.join(names)} is {done} within the others, got "
                f"none; write {verb}(e, across={names[0]!r})"
            )
        return names[0]
    if not isinstance(across, str):
        raise OptionError(f"across must be the name of groups, a text, got {across!r}")
    check_not_items([across], done)
    return across
