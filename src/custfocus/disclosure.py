"""Hiding groups too small to be published, so that they can't be worked out from totals."""

import attrs
import numpy as np

from custfocus.errors import LabelError, TallyError
from custfocus.indices.estimate import Estimate
from custfocus.intervals.arguments import checked_whole
from custfocus.responses.sample import check_not_items
from custfocus.responses.tally import Tally
from custfocus.results.arrays import BY_ROW, Counts, Flags, Floats, flags, floats
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.result import Column, Picture, Result, metric_columns
from custfocus.results.text import kind_text


@attrs.frozen(eq=False, repr=False)
class Suppressed(Result):
    """
    The numbers of an estimate that may be published; nothing of hidden groups is in it.

    Attributes:
        keys: What the rows are called, hidden ones included.
        metric: What is measured.
        n: Answers in each row, shape (rows,). NaN, as all numbers, where the row is hidden.
        missing: How many gave no answer, likewise.
        value: The index as quoted; NaN as well where a row has no answers.
        low: Lower limit.
        high: Upper limit.
        hidden: Which rows are hidden.
        total_hidden: Whether the total over all rows must not be published either.
        minimum: The smallest number of answers that may be published.
        made: How the index was computed.
    """

    _keys: Keys
    metric: Metric
    n: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    missing: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    hidden: Flags = attrs.field(converter=flags, metadata=BY_ROW)
    total_hidden: bool
    minimum: int
    made: str

    @property
    def keys(self) -> Keys:
        """What the rows are called."""
        return self._keys

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n, missing, value, low, high and hidden."""
        text, title, hidden = self.metric.text, self.metric.name, self.hidden
        count = "{:.0f}".format
        return {
            **metric_columns(self.metric),
            "n": Column(self.n, count, whole=True, hidden=hidden),
            "missing": Column(self.missing, count, whole=True, hidden=hidden),
            "value": Column(self.value, text, title, hidden=hidden),
            "low": Column(self.low, text, hidden=hidden),
            "high": Column(self.high, text, hidden=hidden),
            "hidden": Column(hidden),
        }

    def caption(self) -> str:
        """How the index was made, and what is hidden."""
        if not (self.hidden.any() or self.total_hidden):
            return self.made
        total = "; the total must be hidden as well" if self.total_hidden else ""
        return (
            f"{self.made}; * hidden: fewer than {self.minimum} answers, or complementary "
            f"suppression{total}"
        )

    def picture(self) -> Picture:
        """The interval on the scale of rows that are shown."""
        metric = self.metric
        return Picture(
            self.value, self.low, self.high, metric.bounds, None, metric.text, metric.name
        )


def suppress(e: Estimate, /, *, minimum: int) -> Suppressed:
    """
    Hide the groups with few answers, and another where that keeps them from being worked out.

    The total over all groups is taken to be published, so a single hidden group could be found
    as the total less the groups that are shown. A further group is then hidden, the one of the
    fewest answers that leaves at least the minimum to the hidden ones together. Where groups
    alone can't do that (a total of few answers, or of one group alone), the total must be
    hidden as well, and the caption says so. Groups without answers have nothing to hide.

    Numbers are kept from being worked out exactly, not from being bounded: a hidden group has
    no more answers than the total.

    Args:
        e: An estimate of a plain sample by groups of one name.
        minimum: The smallest number of answers that may be published, at least 2.

    Returns:
        What may be published. No index can be computed from it, since it holds no sample.

    Raises:
        OptionError: A minimum that is not a whole number of 2 or more.
        LabelError: An estimate of a single sample, or by several names.
        TallyError: What is no estimate; an estimate of a design; items.

    References:
        Hundepool et al. (2012), Statistical Disclosure Control, chapter 4 (secondary cell
        suppression).

    >>> from custfocus import Scale, Tally, csat
    >>> counts = [[1, 2, 30, 20, 9], [0, 0, 1, 2, 1], [2, 1, 9, 9, 9]]
    >>> tally = Tally(counts, Scale.likert(5), by={"shop": ["N", "S", "W"]})
    >>> suppress(csat(tally), minimum=10)
    shop   n  missing  CSAT   low  high
    N     62        0  46.8  34.9  59.0
    S      *        *     *     *     *
    W      *        *     *     *     *
    CSAT, 95 % score interval; * hidden: fewer than 10 answers, or complementary suppression
    """
    least = checked_whole(minimum, "minimum", 2)
    _check_suppressible(e)
    hidden = _hidden(e.n, least)
    out, total = hidden[:-1], bool(hidden[-1])
    n, missing, value, low, high = (
        np.where(out, np.nan, part) for part in (e.n, e.missing, e.value, e.low, e.high)
    )
    return Suppressed(
        e.keys, e.metric, n, missing, value, low, high, out, total, least, e.caption()
    )


def _check_suppressible(e: object) -> None:
    if not isinstance(e, Estimate):
        raise TallyError(
            f"suppress takes an estimate, got {kind_text(e)}; compute the index first: "
            "suppress(csat(answers, by=...), minimum=...)"
        )
    names = e.keys.names
    if not names:
        raise LabelError(
            "suppress needs an estimate by group, got a single row; compute it with by="
        )
    if len(names) > 1:
        raise LabelError(
            f"suppress protects the total of groups by one name, got {', '.join(names)}; tables "
            "by several names have more totals than it protects"
        )
    check_not_items(names, "hidden")
    if not isinstance(e.sample, Tally):
        raise TallyError(
            "suppress takes estimates of plain samples, got one of a design, whose weighted "
            "totals it does not protect"
        )


def _hidden(n: Counts, minimum: int) -> Flags:
    """
    Which groups to hide, and at the end whether their total.

    Adding to one hidden number and taking from another changes none that is shown, so two are
    enough to protect all. A group known to be empty protects none. The total is hidden only
    where no group will do.
    """
    table = np.append(n, n.sum())
    hidden = np.asarray((table > 0) & (table < minimum))
    if not hidden.any():
        return hidden
    first = int(np.argmax(hidden))
    cost = np.where(hidden, 0.0, table)
    cost[-1] *= 3  # dearer than any group
    together = table[:-1][hidden[:-1]].sum() + np.where(hidden, 0, table)
    enough = hidden[-1] | (together >= minimum)  # or the total less what is shown gives them away
    cost[~enough | (table == 0)] = np.inf
    cost[first] = np.inf
    hidden[int(np.argmin(cost))] = True
    return hidden


__all__ = ["Suppressed", "suppress"]
