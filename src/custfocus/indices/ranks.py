"""In what order groups stand, as far as their answers tell."""

import attrs
import numpy as np
from numpy.typing import NDArray

from custfocus.indices.differences import compare
from custfocus.indices.display import groups_as_html, groups_as_text
from custfocus.indices.estimate import estimate, format_number
from custfocus.indices.many_groups import group_count, rounding
from custfocus.interval_strip import interval_strip
from custfocus.intervals.arguments import Floats, checked_level, read_only
from custfocus.intervals.multiplicity import adjusted_p_values
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally


@attrs.frozen(eq=False, repr=False)
class RankIntervals:
    """
    Where each group stands, 1 for the best; arrays (G,), NaN for groups without answers.

    Attributes:
        rank: One more than the number of groups with a better value.
        low: The best rank that the group may have.
        high: The worst one.
        value: The index as quoted.
        tally: The counts behind it.
        scoring: What was computed of them.
        confidence_level: That of all the intervals together.
    """

    rank: Floats = attrs.field(converter=read_only)
    low: Floats = attrs.field(converter=read_only)
    high: Floats = attrs.field(converter=read_only)
    value: Floats = attrs.field(converter=read_only)
    tally: Tally
    scoring: Scoring
    confidence_level: float

    @property
    def ranked(self) -> int:
        """How many groups have answers, and so a rank."""
        return int((self.tally.n > 0).sum())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RankIntervals):
            return NotImplemented
        return (self.tally, self.scoring, self.confidence_level) == (
            other.tally,
            other.scoring,
            other.confidence_level,
        ) and np.array_equal(self._arrays(), other._arrays(), equal_nan=True)

    def _arrays(self) -> tuple[Floats, ...]:
        return self.rank, self.low, self.high, self.value

    def to_dicts(self) -> list[dict[str, float | str | tuple[int, ...]]]:
        """One dictionary for each group: group, index, unit, n, value, rank, low, high, ranked."""
        n = self.tally.n
        return [
            {
                "group": group,
                "index": self.scoring.name,
                "unit": str(self.scoring.unit),
                "n": int(n[group]),
                "value": float(self.value[group]),
                "rank": float(self.rank[group]),
                "low": float(self.low[group]),
                "high": float(self.high[group]),
                "ranked": self.ranked,
            }
            for group in np.ndindex(self.rank.shape)
        ]

    def __str__(self) -> str:
        return groups_as_text(self.rank.shape, self._titles(), self._cells, self._note())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def cells(group: tuple[int, ...]) -> list[str]:
            return [*self._cells(group), self._strip(group)]

        return groups_as_html(self.rank.shape, self._titles(), cells, self._note())

    def _titles(self) -> list[str]:
        return ["group", "n", self.scoring.name, "rank", "may be"]

    def _cells(self, group: tuple[int, ...]) -> list[str]:
        n, value = int(self.tally.n[group]), float(self.value[group])
        if n == 0:
            return [str(n), "-", "-", "-"]
        rank, low, high = (int(array[group]) for array in (self.rank, self.low, self.high))
        ranks = str(low) if low == high else f"{low} to {high}"
        return [
            str(n),
            format_number(value, self.scoring),
            str(rank),
            f"{ranks} of {self.ranked}",
        ]

    def _strip(self, group: tuple[int, ...]) -> str:
        """The ranks as steps of a stair of so many, the best at the left."""
        rank, low, high = (float(array[group]) for array in (self.rank, self.low, self.high))
        return interval_strip(rank, low - 0.5, high + 0.5, (0.5, self.ranked + 0.5))

    def _note(self) -> str:
        return f"ranks at {100 * self.confidence_level:g} % for all groups together, 1 is best"


def rank_intervals(
    tally: Tally, scoring: Scoring, *, confidence_level: float = 0.95
) -> RankIntervals:
    """
    The ranks that each group may have, all of them at once: "between 2nd and 5th of 6".

    A group's best rank is one more than the number of groups found to be better, its worst one
    leaves below it those found to be worse. Each pair is tested in both directions with
    Holm's adjustment for all G (G - 1) tests, so the intervals of all groups are right
    together with the confidence level. Groups that are equal share a range of ranks, and the
    intervals hold all of it.

    Args:
        tally: Counts of G groups, shape (G,).
        scoring: What each point counts; the better end is first.
        confidence_level: Of all intervals together, in (0, 1).

    Raises:
        TallyError: A tally that has not exactly one group axis.
        CustfocusError: What `compare` raises.

    References:
        Holm (1979), Scandinavian Journal of Statistics 6, 65-70. Mogstad, Romano, Shaikh and
        Wilhelm (2024), Review of Economic Studies 91, 476-518 (simultaneous sets of ranks).
        Example: the groups of `compare_each_pair`, of which only the first two differ.

    >>> from custfocus import Scale
    >>> scoring = Scoring.top_box(Scale.likert(2), 1)
    >>> rank_intervals(Tally([[14, 56], [32, 48], [3, 13]], scoring.scale), scoring)
    group   n  top box  rank       may be
        0  70     80.0     2  1 to 2 of 3
        1  80     60.0     3  2 to 3 of 3
        2  16     81.2     1  1 to 3 of 3
    ranks at 95 % for all groups together, 1 is best
    """
    level = checked_level(confidence_level)
    value = _checked_values(tally, scoring)
    answered = np.flatnonzero(tally.n > 0)
    a, b = (answered[places] for places in np.triu_indices(len(answered), 1))
    comparison = compare(tally[a], tally[b], scoring)
    gain = np.where(scoring.lower_is_better, -1, 1) * (value[a] - value[b])
    a_ahead, b_ahead = gain > rounding(scoring), gain < -rounding(scoring)
    # The p-value of "not better" is at least 1/2 for whoever is not ahead; 1 is sure to hold
    one_sided = [np.where(ahead, comparison.p_value / 2, 1) for ahead in (a_ahead, b_ahead)]
    a_better, b_better = np.split(adjusted_p_values(np.concatenate(one_sided)) < 1 - level, 2)
    ahead, better, worse = (
        np.where(tally.n > 0, _count(a[for_a], b[for_b], len(value)), np.nan)
        for for_a, for_b in ((b_ahead, a_ahead), (b_better, a_better), (a_better, b_better))
    )
    return RankIntervals(
        1 + ahead, 1 + better, len(answered) - worse, value, tally, scoring, confidence_level
    )


def _checked_values(tally: Tally, scoring: Scoring) -> Floats:
    group_count(tally)
    return estimate(tally, scoring).value


def _count(a: NDArray[np.intp], b: NDArray[np.intp], groups: int) -> NDArray[np.intp]:
    """How often each group is among the one or the other."""
    return np.bincount(np.concatenate([a, b]), minlength=groups)
