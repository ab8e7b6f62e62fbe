"""Whether groups differ at all."""

import attrs
import numpy as np

from custfocus.comparisons.groups import Within
from custfocus.errors import TallyError
from custfocus.indices.estimate import Estimate
from custfocus.responses.sample import Homogeneities, whole_counts
from custfocus.results.arrays import BY_ROW, Counts, Floats, floats
from custfocus.results.keys import Keys
from custfocus.results.metric import Metric
from custfocus.results.numbers import p_text, rounded
from custfocus.results.result import Column, Result, count_text, metric_columns


def _as_counts(counts: Counts) -> Counts:
    return whole_counts(counts, "counts")


@attrs.frozen(eq=False, repr=False)
class Homogeneity(Result):
    """
    Tests that all groups have the same index, one for each block of groups.

    Attributes:
        keys: What the blocks are called: the names that the groups are compared within.
        metric: What is measured.
        groups: How many groups of the block have answers, shape (rows,), or ``()`` for one.
        n: The answers of all of them.
        statistic: Chi-square for plain samples, F with a design; NaN for fewer than two groups,
            infinite where what is known of finite populations rules out that they are equal.
        degrees_of_freedom: Those of chi-square, or of the numerator of F; 0 where all groups
            are whole populations.
        denominator_degrees_of_freedom: Those of F; infinite for chi-square.
        p_value: The probability of so large a statistic if the groups do not differ.
        across: The name of the groups.
        finite_population: Whether it is of the members of finite populations.
    """

    _keys: Keys
    metric: Metric
    groups: Counts = attrs.field(converter=_as_counts, metadata=BY_ROW)
    n: Counts = attrs.field(converter=_as_counts, metadata=BY_ROW)
    statistic: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    degrees_of_freedom: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    denominator_degrees_of_freedom: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    p_value: Floats = attrs.field(converter=floats, metadata=BY_ROW)
    across: str
    finite_population: bool = False

    @property
    def keys(self) -> Keys:
        """What the blocks are called."""
        return self._keys

    def columns(self) -> dict[str, Column]:
        """The columns groups, n, statistic, degrees of freedom and p_value."""
        second = _degrees if np.isfinite(self.denominator_degrees_of_freedom).any() else None
        return {
            **metric_columns(self.metric),
            "groups": Column(self.groups, count_text),
            "n": Column(self.n, count_text),
            "statistic": Column(self.statistic, _two_decimals, self._name()),
            "degrees_of_freedom": Column(self.degrees_of_freedom, _degrees, "df"),
            "denominator_degrees_of_freedom": Column(
                self.denominator_degrees_of_freedom, second, "denominator df"
            ),
            "p_value": Column(self.p_value, p_text, "p"),
        }

    def caption(self) -> str:
        """What is tested."""
        finite = ", finite population" if self.finite_population else ""
        return f"whether {self.metric.name} differs by {self.across}, score test{finite}"

    def sentence(self) -> str:
        """One test in a line."""
        of = f"{self.groups} groups, n={self.n}"
        certain = np.isinf(self.statistic), self.degrees_of_freedom == 0
        if any(certain):
            return f"{self.caption()}: it certainly does{'' if certain[0] else ' not'}, {of}"
        p, second = p_text(float(self.p_value)), float(self.denominator_degrees_of_freedom)
        freedom = _degrees(float(self.degrees_of_freedom))
        both = f"{freedom} and {_degrees(second)}" if np.isfinite(second) else freedom
        return (
            f"{self.caption()}: {self._name()} {_two_decimals(float(self.statistic))} on {both} "
            f"df, p {'' if p[0] == '<' else '= '}{p}, {of}"
        )

    def _name(self) -> str:
        return "F" if np.isfinite(self.denominator_degrees_of_freedom).any() else "chi-square"


def _two_decimals(statistic: float) -> str:
    return rounded(statistic, 2)


def _degrees(freedom: float) -> str:
    return rounded(freedom, 0 if freedom == round(freedom, 9) else 1)


def homogeneity(e: Estimate, /, *, across: str | None = None) -> Homogeneity:
    """
    Whether groups differ at all: the test that comes before looking at pairs of them.

    For plain samples it is the score test that K samples have the same mean, whatever the
    spread of each: the variances are those under the hypothesis. Of two groups its p-value is
    that of `compare`; for shares the statistic is (N - 1) / N times Pearson's. With a design
    the statistic is corrected by Rao and Scott's second order, and referred to F.

    Of an estimate with a ``population=`` the question is whether the means of all members are
    equal, as in `compare`. Groups of which everybody answered differ or don't: the p-value is then
    0 or 1.

    Args:
        e: An estimate by group; groups without answers are left out.
        across: The name of the groups, within each label of the others; not needed where
            there is one name besides the item.

    Returns:
        One test for each block; NaN where fewer than two of its groups have answers.

    Raises:
        LabelError: An estimate without groups; several names and no *across*, or one that is
            not there.
        TallyError: What is no estimate; items, whose answers are of the same people; a single
            block with fewer than two groups that have answers.

    References:
        Owen (2001), Empirical Likelihood, chapter 4. Rao and Scott (1984), Annals of
        Statistics 12, 46-60. Example: 56 of 70 against 48 of 80, Newcombe (1998), Statistics in
        Medicine 17, 873-890, table II; Pearson's chi-square is 7.0234, times 149 / 150.

    >>> from custfocus import Scale, Tally, top_box
    >>> tally = Tally([[14, 56], [32, 48]], Scale.likert(2), by={"shop": ["N", "S"]})
    >>> homogeneity(top_box(tally, boxes=1))
    whether top box differs by shop, score test: chi-square 6.98 on 1 df, p = 0.008, 2 groups, n=150
    """
    within = Within.of(e, across, "homogeneity")
    number, shape = within.keys.rows, within.keys.shape
    groups = np.bincount(within.block[e.n > 0], minlength=number)
    if not shape and groups[0] < 2:
        raise TallyError(f"at least two groups need answers to be compared, got {groups[0]}")
    found = e.sample.homogeneity(e.scoring, within.block, number, e.population)
    n = np.zeros(number, np.int64)
    np.add.at(n, within.block, e.n)
    tests = Homogeneities(*(part.reshape(shape) for part in found))
    groups, n = groups.reshape(shape), n.reshape(shape)
    finite = e.population is not None
    return Homogeneity(within.keys, e.metric, groups, n, *tests, within.across, finite)
