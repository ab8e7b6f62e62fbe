"""Which groups differ: each pair of them, each with the rest, each with a reference."""

from collections.abc import Mapping
from typing import cast

import attrs
import numpy as np

from custfocus.comparisons.compare import (
    check_estimate,
    check_large,
    check_options,
    comparison_of,
)
from custfocus.comparisons.comparison import Comparison, ComparisonMethod
from custfocus.comparisons.within import Within
from custfocus.errors import OptionError, choose
from custfocus.indices.estimate import Estimate, estimate
from custfocus.intervals.multiplicity import ADJUSTMENTS, Adjustment, adjusted_p_values
from custfocus.results.arrays import Floats, Places

REST = "the rest"


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
        method: ``"score"``; see `compare`.
        correction: See `compare`.

    Returns:
        The comparisons by label_a and label_b, a minus b. NaN where one has no answers.

    Raises:
        LabelError: An estimate without groups; several names and no *across*, or one that is
            not there.
        TallyError: What is no estimate; items, whose answers are of the same people; a finite
            population.
        OptionError: An unknown adjustment or method.

    Example: 56 of 70 and 48 of 80, Newcombe (1998), Statistics in Medicine 17, 873-890, table
    II, where Miettinen and Nurminen's interval is .0528 to .3382; 13 of 16, Fagerland et al.
    (2017), Statistical Analysis of Contingency Tables, chapter 2.

    >>> from custfocus import Scale, Tally, top_box
    >>> tally = Tally([[14, 56], [32, 48], [3, 13]], Scale.likert(2), by={"shop": ["N", "S", "W"]})
    >>> pairwise(top_box(tally, boxes=1))
    label_a  label_b  n (a)  n (b)     a     b  difference    low  high      p  adjusted p
    N        S           70     80  80.0  60.0        20.0    5.3  33.8  0.008       0.025
    N        W           70     16  80.0  81.3        -1.3  -18.2  24.6  0.910       0.910
    S        W           80     16  60.0  81.3       -21.3  -38.7   5.2  0.109       0.218
    difference in top box, a minus b, 95 % score intervals, each on its own; p adjusted by holm for every pair by shop
    """
    within = _checked(e, across, "pairwise", adjustment, method, correction=correction)
    rows_a, rows_b = within.pairs()
    keys = within.paired_keys(rows_a, within.level, within.codes[rows_b])
    found = comparison_of(e, e, keys, rows_a, rows_b, method=method, correction=correction)
    return _adjusted(found, within, rows_a, adjustment, f"every pair by {within.across}")


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
        method: ``"score"``; see `compare`.
        correction: See `compare`.

    Returns:
        The comparisons by label_a, with "the rest" as label_b. NaN where the group or the rest
        has no answers.

    Raises:
        CustfocusError: What `pairwise` raises.

    >>> from custfocus import Scale, Tally, top_box
    >>> tally = Tally([[14, 56], [32, 48], [3, 13]], Scale.likert(2), by={"shop": ["N", "S", "W"]})
    >>> with_rest(top_box(tally, boxes=1)).value.round(1)
    array([ 16.5, -20.2,  11.9])
    """
    within = _checked(e, across, "with_rest", adjustment, method, correction=correction)
    rows = np.lexsort((within.codes, within.block))
    both = e.sample.with_rest(within.block)
    rest = e.keys.rows + np.arange(e.keys.rows)
    others = both.reindexed(e.keys, rest)
    keys = within.paired_keys(rows, (REST,), np.zeros(len(rows), np.int32))
    b = estimate(others, e.scoring, confidence_level=e.confidence_level)
    found = comparison_of(e, b, keys, rows, rows, within=both, method=method, correction=correction)
    return _adjusted(found, within, rows, adjustment, f"every {within.across} against the rest")


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
        method: ``"score"``; see `compare`.
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
    within = _checked(e, name, "with_reference", adjustment, method, correction=correction)
    _, there = e.keys.sel({name: [label]})
    code = int(within.codes[there[0]]) if len(there) else -1
    of_block = np.full(within.keys.rows, -1)
    of_block[within.block[there]] = there
    rows = np.lexsort((within.codes, within.block))
    rows = rows[within.codes[rows] != code]
    keys = within.paired_keys(rows, (label,), np.zeros(len(rows), np.int32))
    found = comparison_of(
        e, e, keys, rows, of_block[within.block[rows]], method=method, correction=correction
    )
    return _adjusted(found, within, rows, adjustment, f"every {name} against {label}")


def _checked(
    e: Estimate,
    across: str | None,
    verb: str,
    adjustment: Adjustment,
    method: ComparisonMethod,
    *,
    correction: bool,
) -> Within:
    check_estimate(e, verb)
    check_large(e, "compared")
    check_options(method, correction=correction)
    choose("adjustment", adjustment, ADJUSTMENTS)
    return Within.of(e.keys, across, verb)


def _one_reference(
    e: Estimate, reference: object, by_name: Mapping[str, object]
) -> tuple[str, object]:
    given: object = reference
    named = dict(by_name)
    if isinstance(reference, Mapping):
        named.update(cast("Mapping[str, object]", reference))
    elif reference is not None:
        named.clear()
    if len(named) != 1:
        name = next((name for name in e.keys.names if name != "item"), "district")
        got = ", ".join(named) or ("none" if reference is None else repr(given))
        raise OptionError(
            f"with_reference takes one name and the label to compare with, got {got}; write "
            f"with_reference(e, {{{name!r}: ...}}), and choose other names with sel()"
        )
    return next(iter(named.items()))


def _adjusted(
    found: Comparison, within: Within, rows: Places, adjustment: Adjustment, family: str
) -> Comparison:
    """The comparisons with p-values adjusted within each block."""
    if adjustment == "none":
        return found
    adjusted = adjusted_by_block(found.p_value, within.block[rows], adjustment)
    return attrs.evolve(
        found,
        adjusted_p_value=adjusted,
        adjustment=adjustment,
        family=family + within.words,
    )


def adjusted_by_block(p_values: Floats, block: Places, adjustment: Adjustment) -> Floats:
    """P-values adjusted for those of their block, which stand together."""
    if not len(block):
        return p_values
    cuts = np.flatnonzero(np.diff(block)) + 1
    parts = (adjusted_p_values(part, adjustment=adjustment) for part in np.split(p_values, cuts))
    return np.concatenate([*parts])
