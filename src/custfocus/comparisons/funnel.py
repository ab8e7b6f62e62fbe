"""Which groups stand out by more than chance: funnel-plot limits."""

import attrs
import numpy as np

from custfocus.comparisons.compare import check_estimate, check_large
from custfocus.comparisons.ranks import rounding
from custfocus.comparisons.within import Within
from custfocus.indices.about_estimates import AboutEstimate
from custfocus.indices.estimate import Estimate, estimate
from custfocus.intervals.arguments import critical_value
from custfocus.responses.sample import Sample
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import BY_ROW, Flags, Floats, flags, floats
from custfocus.results.result import Column, Picture


@attrs.frozen(eq=False, repr=False)
class Funnel(AboutEstimate):
    """
    How far groups may be from the index of all groups by chance alone.

    Attributes:
        estimate: The index of each group.
        center: The index of all groups together, as quoted, shape (rows,).
        limit_low: Lower limits, likewise; NaN for groups without answers.
        limit_high: Upper limits.
        outside: Whether the group's own index lies beyond its limits.
        confidence_level: The two-sided level of the limits.
        across: The name of the groups, within each label of the others.
    """

    center: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    limit_low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    limit_high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    outside: Flags = attrs.field(converter=flags, metadata=BY_ROW)
    confidence_level: float
    across: str

    def columns(self) -> dict[str, Column]:
        """The columns of the estimate, center, limit_low, limit_high and outside."""
        text = self.metric.text
        return {
            **self.estimate_columns(),
            "center": Column(self.center, text),
            "limit_low": Column(self.limit_low, text, "lower limit"),
            "limit_high": Column(self.limit_high, text, "upper limit"),
            "outside": Column(self.outside, _outside),
        }

    def caption(self) -> str:
        """What the limits are."""
        return (
            f"{self.metric.name}, {100 * self.confidence_level:g} % funnel limits around the "
            f"center, that of every {self.across} together"
        )

    def picture(self) -> Picture:
        """The limits as the bar; the value is the mark, in it or beyond."""
        metric = self.metric
        limits = (self.limit_low, self.limit_high)
        return Picture(self.estimate.value, *limits, metric.bounds, None, metric.text, metric.name)


def _outside(outside: bool) -> str:  # noqa: FBT001 - a cell
    return "yes" if outside else "-"


def funnel(e: Estimate, /, *, across: str | None = None, confidence_level: float = 0.998) -> Funnel:
    """
    Funnel-plot limits around the index of all groups together.

    A group of n answers lies within ``m ± z sqrt(v / n)``, m and v the mean and variance of
    all answers, if it differs from the others by chance alone. For shares that is the score
    test: a group is outside exactly when Wilson's interval of its share leaves out m. With a
    design m and v are weighted, and n is the effective number of answers of the group. Where
    all answers count the same the limits have no width, and no group is outside.

    Args:
        e: An estimate by group.
        across: The name of the groups, within each label of the others; not needed where
            there is one name besides the item.
        confidence_level: Two-sided, in (0, 1); .998 and .95 are usual. Limits are held to the
            scale.

    Raises:
        LabelError: An estimate without groups; several names and no *across*, or one that is
            not there.
        TallyError: What is no estimate; items, whose answers are of the same people; a finite
            population; no answers at all.
        OptionError: A confidence level outside (0, 1).

    References:
        Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202. Example: the groups of
        `pairwise`; 117 of all 166 are satisfied.

    >>> from custfocus import Scale, Tally, top_box
    >>> tally = Tally([[14, 56], [32, 48], [3, 13]], Scale.likert(2), by={"shop": ["N", "S", "W"]})
    >>> funnel(top_box(tally, boxes=1), confidence_level=0.95)
    shop   n  missing  top box  center  lower limit  upper limit  outside
    N     70        0     80.0    70.5         59.8         81.2        -
    S     80        0     60.0    70.5         60.5         80.5      yes
    W     16        0     81.3    70.5         48.1         92.8        -
    top box, 95 % funnel limits around the center, that of every shop together
    """
    check_estimate(e, "funnel")
    check_large(e, "held against funnel limits")
    z = critical_value(confidence_level)
    within = Within.of(e.keys, across, "funnel", "added up")
    pooled = estimate(e.sample.grouped(within.keys, within.block), e.scoring)
    block = within.block
    center = np.ravel(pooled.value)[block]
    arm = z * np.sqrt(_variance(pooled.sample, e.scoring)[block] / e.effective_n)
    low, high = e.metric.bounds
    outside = np.abs(e.value - center) > arm + rounding(e.scoring)
    return Funnel(
        e,
        center,
        np.clip(center - arm, low, high),
        np.clip(center + arm, low, high),
        outside,
        confidence_level,
        within.across,
    )


def _variance(pooled: Sample, scoring: Scoring) -> Floats:
    """The variance of all answers in each row; 0, without rounding, where they count the same."""
    shares, scores = pooled.shares.reshape(-1, len(pooled.scale)), scoring.quoted_scores
    mean = shares @ scores
    squares = (shares * (scores - mean[:, np.newaxis]) ** 2).sum(axis=1)
    chosen = pooled.counts.reshape(shares.shape) > 0
    lowest = np.where(chosen, scores, np.inf).min(axis=1)
    highest = np.where(chosen, scores, -np.inf).max(axis=1)
    return np.where(highest > lowest, squares, 0.0)
