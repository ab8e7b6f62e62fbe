"""Whether groups differ at all."""

from typing import NamedTuple

from scipy.special import chdtrc

from custfocus.errors import TallyError
from custfocus.indices.estimate import estimate
from custfocus.indices.many_groups import answers_differ, everybody, group_count
from custfocus.responses.scoring import Scoring
from custfocus.responses.tally import Tally


class HomogeneityTest(NamedTuple):
    """
    A test that all groups have the same index.

    Attributes:
        statistic: The chi-square statistic.
        degrees_of_freedom: One less than the groups with answers.
        p_value: The probability of so large a statistic if the groups do not differ.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float


def homogeneity_test(tally: Tally, scoring: Scoring) -> HomogeneityTest:
    """
    Whether groups differ at all: the test that comes before looking at pairs of them.

    The statistic is ``(N - 1) sum_g n_g (m_g - m)² / sum (x - m)²`` for the index m_g of each
    group and m of all, chi-square distributed if all groups have the same distribution. For
    shares it is (N - 1) / N times Pearson's, and for two groups its p-value for shares is that
    of `compare`. Where all answers count the same it is 0.

    Args:
        tally: Counts of G groups, shape (G,); those without answers are left out.
        scoring: What each point counts.

    Raises:
        TallyError: A tally that has not exactly one group axis, or fewer than two groups with
            answers.
        ScaleError: A scoring of other points than the tally's.

    References:
        Landis, Heyman and Koch (1978), International Statistical Review 46, 237-254 (mean
        scores). Example: 56 of 70 against 48 of 80, Newcombe (1998), Statistics in Medicine
        17, 873-890, table II; Pearson's chi-square is 7.0234, times 149 / 150.

    >>> from custfocus import Scale
    >>> scoring = Scoring.top_box(Scale.likert(2), 1)
    >>> test = homogeneity_test(Tally([[14, 56], [32, 48]], scoring.scale), scoring)
    >>> print(f"{test.statistic:.4f}, p = {test.p_value:.6f}")
    6.9766, p = 0.008258
    """
    group_count(tally)
    tally = tally[tally.n > 0]
    if len(tally.n) < 2:
        raise TallyError(f"at least two groups need answers to be compared, got {len(tally.n)}")
    pooled = everybody(tally)
    means, mean = estimate(tally, scoring).value, float(estimate(pooled, scoring))
    statistic = 0.0
    if answers_differ(pooled, scoring):
        between = float((tally.n * (means - mean) ** 2).sum())
        whole = float((pooled.counts * (scoring.quoted_scores - mean) ** 2).sum())
        statistic = (int(pooled.n) - 1) * between / whole
    freedom = len(tally.n) - 1
    return HomogeneityTest(statistic, freedom, float(chdtrc(freedom, statistic)))
