"""League tables: in what order groups stand, as far as their answers tell, and which stand out."""

from collections.abc import Iterator

import attrs
import numpy as np

from custfocus.comparisons.groups import Within, within_words
from custfocus.errors import TallyError
from custfocus.indices.about_estimates import AboutEstimate
from custfocus.indices.estimate import Estimate, estimate
from custfocus.intervals.arguments import critical_value
from custfocus.responses.sample import Sample
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import BY_ROW, Flags, Floats, Places, flags, floats
from custfocus.results.numbers import rounded
from custfocus.results.result import Column, Picture

MOST_GROUPS = 5000
_PAIRS = 2**17  # at a time


@attrs.frozen(eq=False, repr=False)
class Ranks(AboutEstimate):
    """
    Where each group stands, 1 for the best; arrays (rows,), NaN for groups without answers.

    Attributes:
        estimate: What is ranked.
        rank: One more than the number of groups with a better value.
        rank_low: The best rank that the group may have.
        rank_high: The worst one.
        ranked: How many groups it is ranked among, those with answers.
        across: The name of the groups that are ranked, within each label of the others.
    """

    rank: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    rank_low: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    rank_high: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    ranked: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    across: str

    def columns(self) -> dict[str, Column]:
        """The columns of the estimate, rank, rank_low, rank_high and ranked."""
        return {
            **self.estimate_columns(),
            "rank": Column(self.rank, _whole, whole=True),
            "rank_low": Column(self.rank_low, _whole, "from", whole=True),
            "rank_high": Column(self.rank_high, _whole, "to", whole=True),
            "ranked": Column(self.ranked, _whole, "of", whole=True),
        }

    def caption(self) -> str:
        """Of what, and how certain."""
        level = f"{100 * self.estimate.confidence_level:g} %"
        within = within_words([name for name in self.keys.names if name != self.across])
        return (
            f"ranks by {self.metric.name}{within}, 1 is best; from and to at {level} for every "
            f"{self.across} together"
        )

    def picture(self) -> Picture:
        """The ranks that a group may have, the best at the left."""
        most = np.nanmax(self.ranked, initial=2)
        return Picture(
            self.rank, self.rank_low, self.rank_high, (1, float(most)), None, _whole, "rank"
        )


def _whole(rank: float) -> str:
    return rounded(rank, 0)


def rank(e: Estimate, /, *, across: str | None = None) -> Ranks:
    """
    The ranks that each group may have, all of them at once: "between 2nd and 5th of 6".

    A group's best rank is one more than the number of groups found to be better, its worst one
    leaves below it those found to be worse. Each pair is tested in both directions with
    Holm's adjustment for all G (G - 1) tests, so the intervals of all groups are right
    together with the confidence level of the estimate. Groups that are equal share a range of
    ranks, and the intervals hold all of it.

    Args:
        e: An estimate by group, of 5,000 groups at the most within a block.
        across: The name of the groups that are ranked, within each label of the others; not
            needed where there is one name besides the item.

    Returns:
        The ranks, the better end of the index first.

    Raises:
        LabelError: An estimate without groups; several names and no *across*, or one that is
            not there.
        TallyError: What is no estimate; items, whose answers are of the same people; a finite
            population; more groups than 5,000.

    References:
        Holm (1979), Scandinavian Journal of Statistics 6, 65-70. Mogstad, Romano, Shaikh and
        Wilhelm (2024), Review of Economic Studies 91, 476-518 (simultaneous sets of ranks).
        Example: the groups of `pairwise`, of which only the first two differ.

    >>> from custfocus import Scale, Tally, top_box
    >>> tally = Tally([[14, 56], [32, 48], [3, 13]], Scale.likert(2), by={"shop": ["N", "S", "W"]})
    >>> rank(top_box(tally, boxes=1))
    shop   n  missing  top box  rank  from  to  of
    N     70        0     80.0     2     1   2   3
    S     80        0     60.0     3     2   3   3
    W     16        0     81.3     1     1   3   3
    ranks by top box, 1 is best; from and to at 95 % for every shop together
    """
    within = Within.of(e, across, "rank", "ranked")
    sign = -1 if e.scoring.lower_is_better else 1
    found = np.full((4, e.keys.rows), np.nan)
    for block in range(within.keys.rows):
        rows = np.flatnonzero((within.block == block) & (e.n > 0))
        _check_number(len(rows), within.across)
        found[:, rows] = _ranks(e, rows, sign)
    ranks, low, high, ranked = found
    return Ranks(e, ranks, low, high, ranked, within.across)


def _check_number(groups: int, across: str) -> None:
    if groups > MOST_GROUPS:
        raise TallyError(
            f"ranks are made for {MOST_GROUPS:,} groups at the most, got {groups:,} by {across}, "
            f"which are {groups * (groups - 1) // 2:,} pairs; rank some of them (sel), or within "
            "a further name"
        )


def _ranks(e: Estimate, rows: Places, sign: int) -> Floats:
    """Rank, best rank, worst rank and number of groups with answers, shape (4, groups)."""
    groups, alpha = len(rows), 1 - e.confidence_level
    tests = groups * (groups - 1)
    # Half of the tests at the least, those for who is behind, have p-values of 1/2 and more; so
    # one-sided p-values below the first bound are significant and above the second are not
    sure, possible = alpha / max(tests, 1), alpha / (tests / 2 + 1)
    tested = e.sample.pair_tests(e.scoring, rows, (2 * sure, 2 * possible))
    ahead, better, worse = (np.zeros(groups, np.intp) for _ in range(3))
    certain = 0
    kept: list[Floats] = [np.zeros((3, 0))]
    for first, second in _ordered_pairs(sign * e.value[rows], _rounding(e.scoring)):
        p = tested(first, second) / 2
        ahead += np.bincount(second, minlength=groups)
        clear = p < sure
        certain += int(clear.sum())
        better += np.bincount(second[clear], minlength=groups)
        worse += np.bincount(first[clear], minlength=groups)
        open_ = ~clear & (p < possible)
        kept.append(np.array([p[open_], first[open_], second[open_]], np.float64))
    p, first, second = _significant(np.concatenate(kept, axis=1), tests - certain, alpha)
    better += np.bincount(second.astype(np.intp), minlength=groups)
    worse += np.bincount(first.astype(np.intp), minlength=groups)
    every = np.full(groups, groups)
    return np.stack([1 + ahead, 1 + better, groups - worse, every]).astype(np.float64)


def _significant(kept: Floats, left: int, alpha: float) -> Floats:
    """Which of the pairs that were left open are significant by Holm's steps."""
    rising = kept[:, np.argsort(kept[0], kind="stable")]
    pairs = int(rising.shape[1])
    fails = np.flatnonzero(rising[0] * (left - np.arange(pairs)) >= alpha)
    return rising[:, : int(fails[0]) if len(fails) else pairs]


def _ordered_pairs(gain: Floats, tie: float) -> Iterator[tuple[Places, Places]]:
    """Pairs of groups that differ, the better one first; some at a time."""
    groups = len(gain)
    rows = max(1, _PAIRS // max(groups, 1))
    for start in range(0, groups, rows):
        apart = gain[start : start + rows, np.newaxis] - gain
        first, second = np.nonzero(apart > tie)
        yield first + start, second


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
    within = Within.of(e, across, "funnel", "held against funnel limits")
    block, z = within.block, critical_value(confidence_level)
    pooled = estimate(e.sample.grouped(within.keys, block), e.scoring)
    center = np.ravel(pooled.value)[block]
    arm = z * np.sqrt(_variance(pooled.sample, e.scoring)[block] / e.effective_n)
    low, high = (np.clip(center + side, *e.metric.bounds) for side in (-arm, arm))
    outside = np.abs(e.value - center) > arm + _rounding(e.scoring)
    return Funnel(e, center, low, high, outside, confidence_level, within.across)


def _variance(pooled: Sample, scoring: Scoring) -> Floats:
    """The variance of all answers in each row; 0, without rounding, where they count the same."""
    shares, scores = pooled.shares.reshape(-1, len(pooled.scale)), scoring.quoted_scores
    mean = shares @ scores
    squares = (shares * (scores - mean[:, np.newaxis]) ** 2).sum(axis=1)
    chosen = pooled.counts.reshape(shares.shape) > 0
    lowest = np.where(chosen, scores, np.inf).min(axis=1)
    highest = np.where(chosen, scores, -np.inf).max(axis=1)
    return np.where(highest > lowest, squares, 0.0)


def _rounding(scoring: Scoring) -> float:
    """How far apart, as computed, two indices can be that are equal."""
    return float(1e-12 * np.abs(scoring.quoted_scores).max())
