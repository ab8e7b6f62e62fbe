"""Comparisons that may be published: those of which neither side is hidden."""

import math
from typing import ClassVar

import attrs
import numpy as np

from custfocus.comparisons.comparison import Comparison
from custfocus.comparisons.groups import REST
from custfocus.disclosure.suppressed import Suppressed
from custfocus.errors import TallyError
from custfocus.indices.estimate import Estimate, estimate
from custfocus.responses.tally import Tally
from custfocus.results.arrays import BY_ROW, Counts, Flags, Floats, Places, flags, floats
from custfocus.results.distinct import identity
from custfocus.results.keys import Keys
from custfocus.results.labels import Label
from custfocus.results.metric import Metric
from custfocus.results.numbers import p_text
from custfocus.results.result import Column, Picture, Result, metric_columns
from custfocus.results.text import label_text

SIDE = "side of the comparison"


@attrs.frozen(eq=False, repr=False)
class SuppressedComparison(Result):
    """
    The numbers of a comparison that may be published; hidden ones are not in it.

    P-values are those of each comparison on its own: adjusted ones tell of all others.

    Attributes:
        keys: What the comparisons are called, hidden ones included.
        metric: What is measured: the difference of an index.
        n_a: Answers of a, shape (rows,) or (); NaN, as all numbers, where the row is hidden.
        n_b: Answers of b.
        value_a: The index of a.
        value_b: The index of b.
        value: a minus b.
        low: Lower limit.
        high: Upper limit.
        p_value: Two-sided, of no difference.
        hidden: Which rows are hidden.
        titles: What a and b are called in all rows.
        across: The name of the groups that label_a and label_b are of, where these differ by row.
        own: The metric of the index itself.
        minimum: The smallest number of answers that may be published.
        made: What was compared, and how.
    """

    unspoken: ClassVar[frozenset[str]] = frozenset({"label_a", "label_b"})

    _keys: Keys
    metric: Metric
    n_a: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    n_b: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    value_a: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    value_b: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    p_value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    hidden: Flags = attrs.field(converter=flags, metadata=BY_ROW)
    titles: tuple[str, str]
    across: str
    own: Metric
    minimum: int
    made: str

    @property
    def keys(self) -> Keys:
        """What the comparisons are called."""
        return self._keys

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n_a, n_b, value_a, value_b, value, low, high, p_value, hidden."""
        text, own, hidden = self.metric.text, self.own.text, self.hidden
        count, (a, b) = "{:.0f}".format, self.titles
        return {
            **metric_columns(self.metric),
            "n_a": Column(self.n_a, count, f"n ({a})", whole=True, hidden=hidden),
            "n_b": Column(self.n_b, count, f"n ({b})", whole=True, hidden=hidden),
            "value_a": Column(self.value_a, own, a, hidden=hidden),
            "value_b": Column(self.value_b, own, b, hidden=hidden),
            "value": Column(self.value, text, "difference", hidden=hidden),
            "low": Column(self.low, text, hidden=hidden),
            "high": Column(self.high, text, hidden=hidden),
            "p_value": Column(self.p_value, p_text, "p", hidden=hidden),
            "hidden": Column(hidden),
        }

    def caption(self) -> str:
        """What was compared, and what is hidden."""
        if not self.hidden.any():
            return self.made
        return (
            f"{self.made}; * hidden: a side of fewer than {self.minimum} answers, or one that is "
            "hidden for another rule or by complementary suppression"
        )

    def printed(self) -> tuple[list[str], list[list[str]], str]:
        """The printed table, with groups titled by their name."""
        titles, rows, align = super().printed()
        sides = {f"label_{side}": f"{label_text(self.across)} ({side})" for side in "ab"}
        names = [sides.get(name, name) for name in titles[: len(self.keys.names)]]
        return [*names, *titles[len(names) :]], rows, align

    def picture(self) -> Picture:
        """The interval of rows that are shown, among all differences there can be."""
        metric = self.metric
        return Picture(
            self.value, self.low, self.high, metric.bounds, None, metric.text, metric.name
        )


def both_sides(c: Comparison) -> Estimate:
    """
    An estimate whose rows are the sides of a comparison: those of one estimate, or of a and b.

    Raises:
        TallyError: Comparisons of the same people, or with the rest of all, which is no group.
    """
    fixed = dict(c.keys.fixed)
    if c.pairs.any():
        raise TallyError(
            "suppress takes comparisons of different people, got one of pairs; hide the small groups "
            "before they are paired"
        )
    others = dict(zip(c.keys.names, c.keys.levels, strict=True)).get("label_b", ())
    if c.across and (fixed.get("label_b") == REST or tuple(others) == (REST,)):
        raise TallyError(
            "suppress takes comparisons of groups, got some with the rest of all, which tell the "
            "total; compare what is shown: with_rest(csat(found.shown))"
        )
    if c.a is c.b:
        keys, counts, missing = c.a.keys, c.a.sample.counts, c.a.sample.missing_by_reason
    else:
        keys = _stacked(c.a.keys, c.b.keys)
        counts, missing = (
            np.concatenate([_rows(one), _rows(other)])
            for one, other in (
                (c.a.sample.counts, c.b.sample.counts),
                (c.a.sample.missing_by_reason, c.b.sample.missing_by_reason),
            )
        )
    return estimate(Tally(counts, c.a.sample.scale, missing, by=keys), c.a.scoring)


def _rows(array: Counts) -> Counts:
    return array.reshape(-1, array.shape[-1])


def _stacked(a: Keys, b: Keys) -> Keys:
    """The rows of a and then those of b, each in its order, with their side as one name more."""
    keys, *both = a.united(b)
    places: list[Places] = [np.argsort(rows)[np.count_nonzero(rows < 0) :] for rows in both]
    codes = np.concatenate([keys.codes[:, place] for place in places], axis=1)
    side = np.repeat([0, 1], list(map(len, places)))[np.newaxis]
    return Keys(
        (*keys.names, SIDE),
        (*map(tuple, keys.levels), ("a", "b")),
        np.concatenate([codes, side]),
        keys.declared,
    )


def hidden_sides(c: Comparison, linked: list[Suppressed]) -> Flags:
    """
    Which rows of the sides are hidden in what is published with them; those of a before those of b.

    Raises:
        TallyError: A side that is not among the rows of these results, or has other answers there.
    """
    known: dict[frozenset[object], tuple[bool, float]] = {}
    for one in linked:
        columns = one.keys.columns()
        levels = [{*str(level).split(", "), "item"} for level in columns.pop("level")]
        fixed = {name for name, _ in one.keys.fixed}
        both = zip(np.ravel(one.hidden).tolist(), np.ravel(one.n).tolist(), strict=True)
        for row, (out, n) in enumerate(both):
            key = _key(columns, row, levels[row] | fixed)
            before, shown = known.get(key, (False, math.nan))
            known[key] = (before or out, shown if out else n)
    sides = [c.a] if c.a is c.b else [c.a, c.b]
    keys = [_key(side.keys.columns(), row, None) for side in sides for row in range(side.keys.rows)]
    absent = [key for key in keys if key not in known]
    if absent:
        raise TallyError(
            "linked results must have the rows that are compared, got none for "
            f"{', '.join(sorted(map(str, absent[0])))}; pass what suppress makes of the same estimate"
        )
    answers = np.concatenate([np.ravel(side.n) for side in sides]).tolist()
    for key, n in zip(keys, answers, strict=True):
        shown = known[key][1]
        if not math.isnan(shown) and shown != n:
            raise TallyError(
                f"linked results must be of the same answers, got {shown:.0f} of them for {n:.0f} in "
                f"{', '.join(sorted(map(str, key)))}; pass what suppress makes of the same estimate"
            )
    return np.array([known[key][0] for key in keys], np.bool_)


def _key(columns: dict[str, list[Label]], row: int, names: set[str] | None) -> frozenset[object]:
    """The labels of a row by these names, or by all."""
    chosen = [name for name in columns if names is None or name in names]
    return frozenset((name, identity(columns[name][row])) for name in chosen)


def compared(c: Comparison, out: Flags, minimum: int) -> SuppressedComparison:
    """
    What may be published of a comparison.

    Args:
        c: The comparison.
        out: Which rows of its sides are hidden, those of a before those of b.
        minimum: The smallest number of answers that may be published.
    """
    first = 0 if c.a is c.b else c.a.keys.rows
    absent = np.append(out, np.False_)  # a row that one side lacks has no answers
    hidden = absent[c.rows_a] | absent[np.where(c.rows_b < 0, -1, c.rows_b + first)]
    found = c.columns()
    names = ("n_a", "n_b", "value_a", "value_b", "value", "low", "high", "p_value")
    shown = {name: np.where(hidden, np.nan, found[name].values) for name in names}
    plain = attrs.evolve(c, adjusted_p_value=None, adjustment=None)
    return SuppressedComparison(
        c.keys,
        c.metric,
        shown["n_a"],
        shown["n_b"],
        shown["value_a"],
        shown["value_b"],
        shown["value"],
        shown["low"],
        shown["high"],
        shown["p_value"],
        hidden,
        (found["value_a"].title, found["value_b"].title),
        c.across,
        c.a.metric,
        minimum,
        plain.caption() + ("; p-values of each alone" if c.adjustment else ""),
    )
