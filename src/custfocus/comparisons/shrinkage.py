"""Shrinkage: the values of many small groups, each drawn toward that of all of them."""

from functools import partial
from typing import ClassVar

import attrs
import numpy as np

from custfocus.comparisons.groups import Within, within_words
from custfocus.errors import TallyError
from custfocus.indices.about_estimates import AboutEstimate
from custfocus.indices.estimate import Estimate
from custfocus.intervals.small_groups import FEWEST_GROUPS, shrunken_means, smoothed_variances
from custfocus.results.arrays import BY_ROW, Floats, Places, floats
from custfocus.results.numbers import rounded
from custfocus.results.result import Column, Picture
from custfocus.results.text import label_text

MOST_GROUPS = 100_000


@attrs.frozen(eq=False, repr=False)
class Shrunken(AboutEstimate):
    """
    The values of groups drawn toward that of all of them; arrays (rows,), NaN where n is 0.

    Attributes:
        estimate: The groups' own values, which are `direct` here.
        value: The value of each group, ``center + weight (direct - center)``, as quoted.
        low: Lower limit, in the same unit.
        high: Upper limit, likewise.
        weight: The part that the group's own answers have in its value, from 0 to 1.
        center: What the value is drawn to, as quoted.
        between: How far the groups' true values lie apart: their standard deviation, as quoted.
        across: The name of the groups that are drawn together, within each label of the others.
    """

    refusal: ClassVar[str] = (
        "each of its values is mixed of the answers of all groups, and its limits hold for all groups "
        "on the average, not for one group or two of them; take the groups' own, .estimate"
    )

    value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    weight: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    center: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    between: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    across: str

    @property
    def direct(self) -> Floats:
        """The groups' own values, as quoted."""
        return self.estimate.value

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of the answers; those on the groups' own limits are left out."""
        return self.estimate.sample.notes

    def columns(self) -> dict[str, Column]:
        """The columns metric, unit, n, missing, direct, value, low, high, weight, center, between."""
        text, of = self.metric.text, self.estimate.columns()
        return {
            **{name: of[name] for name in ("metric", "unit", "n", "missing")},
            "direct": Column(self.direct, text),
            "value": Column(self.value, text, "shrunken"),
            "low": Column(self.low, text),
            "high": Column(self.high, text),
            "weight": Column(self.weight, partial(rounded, decimals=2)),
            "center": Column(self.center, text),
            "between": Column(self.between),
        }

    def caption(self) -> str:
        """What is drawn to what, and for what the limits hold."""
        within = within_words([name for name in self.keys.names if name != self.across])
        return (
            f"{self.metric.name}, every {self.across} drawn toward all of them together{within}; "
            f"{self._level()} intervals for all of them on the average"
        )

    def sentence(self) -> str:
        """One group in a line."""
        columns = self.columns()
        said = {name: one.text(one.values.item()) for name, one in columns.items() if one.text}
        return (
            f"{self.metric.name} {said['value']}{self.metric.sign} [{said['low']}, {said['high']}], "
            f"drawn from {said['direct']} of n={said['n']} toward {said['center']} of every "
            f"{label_text(self.across)}, weight {said['weight']}, {self._level()} interval for all "
            "of them on the average"
        )

    def picture(self) -> Picture:
        """The interval on the scale."""
        metric = self.metric
        return Picture(
            self.value, self.low, self.high, metric.bounds, text=metric.text, name=metric.name
        )

    def _level(self) -> str:
        return f"{100 * self.estimate.confidence_level:g} %"


def shrink(e: Estimate, /, *, across: str | None = None) -> Shrunken:
    """
    The values of many small groups, each drawn toward that of all: empirical Bayes.

    A group of few answers is far from the others mostly by chance. Each group's value here is a mean
    of its own one and that of all groups together; its own has the more weight the more answers it
    has, and the more the groups differ beyond chance. All groups together are nearer to their
    true values so; a single one that is truly far off is further from it.

    The limits allow for what is not known of the mean of all groups and of how far groups lie
    apart. They hold the true value of that part of the groups that their level says; of groups
    that are truly far off they hold fewer. They are for a table of all groups and for no
    verdict on one of them: `verdict`, `compare`, `rank` and their like refuse them.

    Args:
        e: An estimate by group, of four groups with answers or more within a block.
        across: The name of the groups that are drawn together, within each label of the others;
            not needed where there is one name besides the item.

    Returns:
        The values at the confidence level of the estimate. NaN for groups without answers: of them
        nothing is known.

    Raises:
        LabelError: An estimate without groups; several names and no *across*, or one that is
            not there.
        TallyError: What is no estimate; items, whose answers are of the same people; a finite
            population; no answers; a block of one to three groups that have answers, or of more than
            100,000.

    References:
        Fay and Herriot (1979), Journal of the American Statistical Association 74, 269-277; Morris
        (1983), likewise 78, 47-55; Morris and Tang (2011), Statistical Science 26, 271-287. See
        `custfocus.intervals.small_groups`. Example: hits of the first and last three of the 18 players
        of Efron and Morris (1975), Journal of the American Statistical Association 70, 311-319, in
        45 times at bat.

    >>> from custfocus import Scale, Tally, top_box
    >>> hits = {"Clemente": 18, "Robinson": 17, "Howard": 16, "Campaneris": 9, "Munson": 8, "Alvis": 7}
    >>> tally = Tally([[45 - h, h] for h in hits.values()], Scale.likert(2), by={"player": [*hits]})
    >>> shrink(top_box(tally, boxes=1))
    player       n  missing  direct  shrunken   low  high  weight  center
    Alvis       45        0    15.6      17.9   5.9  29.4    0.80    27.5
    Campaneris  45        0    20.0      21.6   9.6  33.0    0.79    27.5
    Clemente    45        0    40.0      37.2  24.8  50.3    0.78    27.5
    Howard      45        0    35.6      33.8  21.8  46.4    0.78    27.5
    Munson      45        0    17.8      19.8   7.8  31.2    0.80    27.5
    Robinson    45        0    37.8      35.5  23.3  48.3    0.78    27.5
    top box, every player drawn toward all of them together; 95 % intervals for all of them on the average
    """
    within = Within.of(e, across, "shrink", "shrunk")
    if e.population is not None:
        raise TallyError(
            "estimates with a finite population can't be shrunk yet, got population=; leave it out, "
            "which makes intervals wider than they need to be"
        )
    found = np.full((6, e.keys.rows), np.nan)
    order = within.order  # so that the order of rows changes not even the last digit
    order = order[e.n[order] > 0]
    for rows in np.split(order, np.flatnonzero(np.diff(within.block[order])) + 1):
        _check_number(rows, within)
        found[:, rows] = _shrunken(e, rows)
    value, low, high, weight, center, between = found
    return Shrunken(e, value, low, high, weight, center, between, within.across)


def _check_number(rows: Places, within: Within) -> None:
    """An error for fewer groups than tell how far groups lie apart, or more than can be drawn."""
    groups = len(rows)
    if groups < FEWEST_GROUPS:
        key = within.keys[int(within.block[rows[0]])].fixed if groups and within.keys.names else ()
        where = ", ".join(label_text(label) for _, label in key)
        raise TallyError(
            f"shrink needs {FEWEST_GROUPS} groups with answers or more, got {groups} by "
            f"{within.across}{f' within {where}' if where else ''}: fewer do not tell how far groups "
            "lie apart; take their own values, which the estimate has"
        )
    if groups > MOST_GROUPS:
        raise TallyError(
            f"shrink draws {MOST_GROUPS:,} groups together at the most, got {groups:,} by "
            f"{within.across}; shrink some of them (sel), or within a further name"
        )


def _shrunken(e: Estimate, rows: Places) -> Floats:
    """Value, limits, weight, center and between of the groups of a block, shape (6, groups)."""
    n, freedom = e.n[rows].astype(np.float64), e.degrees_of_freedom[rows]
    lowest, highest = bounds = e.scoring.bounds
    squares = np.where(n > 1, e.standard_error[rows], 0) ** 2
    variances = smoothed_variances(squares, n, freedom, highest - lowest)
    variances[np.isinf(e.effective_n[rows])] = 0  # a census
    found = shrunken_means(e.value[rows], variances, bounds, e.confidence_level)
    return np.stack([*found[:5], np.full(len(rows), found.between)])
