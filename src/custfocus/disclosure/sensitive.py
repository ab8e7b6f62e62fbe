"""Which numbers of a table are too small to be published."""

import attrs
import numpy as np

from custfocus.disclosure.rows import GroupTable
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import Counts, Flags, Places


@attrs.frozen(eq=False)
class HidingRule:
    """
    When a number must not be shown.

    Attributes:
        minimum: The smallest number of answers that may be published.
        numerator: The smallest number of answers for or against, above 0; 0 for any.
        sides: The columns that are added up for and against, shape (sides, columns).
        alike: Columns that must not hold all answers of a row, shape (kinds, columns); none
            unless unanimity is to be hidden.
    """

    minimum: int
    numerator: int
    sides: Flags
    alike: Flags


@attrs.frozen(eq=False)
class Numbers:
    """
    Sensitive numbers: what must not be known to lie below its threshold.

    Attributes:
        rows: The class of each, shape (numbers,).
        columns: Which columns of the class are added up, shape (numbers, columns).
        needs: How much is lacking to the threshold, 1 or more.
    """

    rows: Places
    columns: Flags
    needs: Counts

    def __len__(self) -> int:
        return len(self.rows)

    def one(self, number: int) -> tuple[int, Flags, int]:
        """The class of a number, its columns and what it lacks."""
        return int(self.rows[number]), self.columns[number], int(self.needs[number])

    def __getitem__(self, chosen: Places) -> "Numbers":
        return Numbers(self.rows[chosen], self.columns[chosen], self.needs[chosen])


def rule_of(minimum: int, numerator: int, scoring: Scoring, *, unanimous: bool) -> HidingRule:
    """The rule for an index; see `suppress`."""
    kinds = np.unique(scoring.quoted_scores)
    alike = np.stack([scoring.quoted_scores == score for score in kinds])
    ends = alike[[0, -1]]
    sides = np.concatenate([ends, ~ends]) if len(kinds) > 2 else ends
    return HidingRule(minimum, numerator, sides, alike if unanimous else alike[:0])


def respondents_rule(minimum: int, columns: int) -> HidingRule:
    """The rule for all columns of a table together."""
    none = np.zeros((0, columns), np.bool_)
    return HidingRule(minimum, 0, none, none)


def sensitive_numbers(table: GroupTable, rule: HidingRule) -> Numbers:
    """The sensitive numbers of all published rows."""
    sums = table.sums(table.counts)
    points = table.is_point
    n = sums[:, points].sum(axis=1)
    found = [_below(n, rule.minimum, points)]
    for side in rule.sides:
        chosen = _wide(side, sums.shape[1])
        found.append(_below(sums[:, chosen].sum(axis=1), rule.numerator, chosen))
    for kind in rule.alike:
        others: Flags = points & ~_wide(kind, sums.shape[1])
        count = sums[:, others].sum(axis=1)
        needs = np.where((count == 0) & (n > 0), max(1, rule.numerator), 0)
        found.append((needs, others))
    rows = [np.flatnonzero(needs) for needs, _ in found]
    columns = [
        np.tile(chosen, (len(each), 1)) for each, (_, chosen) in zip(rows, found, strict=True)
    ]
    lacking = [needs[each] for each, (needs, _) in zip(rows, found, strict=True)]
    return Numbers(np.concatenate(rows), np.concatenate(columns), np.concatenate(lacking))


def _below(counts: Counts, threshold: int, columns: Flags) -> tuple[Counts, Flags]:
    """How much counts above 0 lack to a threshold; 0 for those that reach it."""
    return np.where(counts > 0, np.maximum(threshold - counts, 0), 0), columns


def _wide(points: Flags, columns: int) -> Flags:
    """Flags of points as flags of all columns."""
    wide = np.zeros(columns, np.bool_)
    wide[: len(points)] = points
    return wide
