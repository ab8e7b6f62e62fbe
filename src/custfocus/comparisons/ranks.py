"""Ranks: in what order groups stand, as far as their answers tell."""

from collections.abc import Iterator

import attrs
import numpy as np

from custfocus.comparisons.groups import Within, within_words
from custfocus.errors import TallyError
from custfocus.indices.about_estimates import AboutEstimate
from custfocus.indices.estimate import Estimate
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import BY_ROW, Floats, Places, floats
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
        finite = "" if self.estimate.population is None else ", finite population"
        within = within_words([name for name in self.keys.names if name != self.across])
        return (
            f"ranks by {self.metric.name}{within}, 1 is best; from and to at {level} for every "
            f"{self.across} together{finite}"
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

    Of an estimate with a ``population=`` the ranks are those of all members' values, tested as
    `compare` does: where everybody answered they are known.

    Args:
        e: An estimate by group, of 5,000 groups at the most within a block.
        across: The name of the groups that are ranked, within each label of the others; not
            needed where there is one name besides the item.

    Returns:
        The ranks, the better end of the index first.

    Raises:
        LabelError: An estimate without groups; several names and no *across*, or one that is
            not there.
        TallyError: What is no estimate; items, whose answers are of the same people; more
            groups than 5,000.

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
    tested = e.sample.pair_tests(e.scoring, rows, (2 * sure, 2 * possible), e.population)
    ahead, better, worse = (np.zeros(groups, np.intp) for _ in range(3))
    certain = 0
    kept: list[Floats] = [np.zeros((3, 0))]
    for first, second in _ordered_pairs(sign * e.value[rows], rounding(e.scoring)):
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


def rounding(scoring: Scoring) -> float:
    """How far apart, as computed, two indices can be that are equal."""
    return float(1e-12 * np.abs(scoring.quoted_scores).max())
