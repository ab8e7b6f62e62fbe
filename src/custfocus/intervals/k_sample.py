"""
Whether K independent samples have the same mean of a bounded score: the K-sample score test.

Under the hypothesis all means are mu. The likeliest probabilities of a sample whose mean is mu are
proportional to ``p_j / (1 + eta (t_j - mu))`` for its shares p on the scores t, where eta solves

    sum_j p_j (t_j - mu) / (1 + eta (t_j - mu)) = 0,                                      (1)

or is the end of its range, where the end of the scale takes what is missing of the probability.
With ``b_k = n_k eta_k``, the slope of the log likelihood, the likeliest common mean is the root of
``sum_k b_k = 0``, and since ``b_k = n_k (m_k - mu) / v_k`` the statistic of the score test is

    sum_k n_k (m_k - mu)² / v_k = sum_k b_k (m_k - mu),                                   (2)

variances v_k under the hypothesis. For two samples it is the squared statistic of
`custfocus.intervals.sums`, for shares it is Pearson's.

For a mean above mu, measured from the lowest score, ``eta = 1 / (psi + mu)``, and psi >= 0 gives up
``e = m - mu = x Q / (x + Q)`` of the mean, with ``x = psi + m`` and
``Q = sum_j p_j (t_j - m)² / (psi + t_j)``, as there. A mean below mu is one above it on the mirrored
scale. Where all answers of a sample are equal, b_k jumps at mu = m_k, and the root may be there.

In a finite population of N members n answers stand for n (N - 1) / (N - n), and a census for
infinitely many: its mean is mu, and (2) is the sum over the other samples. Of c censuses the first
settles mu, and each one more takes a degree of freedom, as it has none to deviate. Where the members
who were not seen can't bring all means together, the samples differ for certain.

References:
    Owen (2001), Empirical Likelihood, chapters 2 and 4. Miettinen and Nurminen (1985), Statistics
    in Medicine 4, 213-226 (the factor (N - 1) / N).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from custfocus.intervals.arguments import Floats, read_only
from custfocus.intervals.columns import column_mean, column_sum, merged_columns, ratio
from custfocus.intervals.roots import Places, increasing_roots
from custfocus.intervals.score import mean_score
from custfocus.intervals.scored_pair import is_census, reach, rounding_of_means, worth

_CLOSE = 1e-15  # of the scale: how near the common mean is found
_SETTLED = 1e-14  # of psi + mu: a gain below is rounding
_FLOOR = 1e-150  # stands for psi = 0 where the lowest score has no answers
_STEEPEST = 1e280  # of the falls, so that 2**53 of them are a number


class KSampleTest(NamedTuple):
    """
    The test that the means of several samples are equal, one for each batch of samples.

    Attributes:
        statistic: Chi-square distributed if they are; shape (...).
        degrees_of_freedom: One less than the samples with answers; of those of whole populations
            only one is counted.
        p_value: The probability of so large a statistic.
    """

    statistic: Floats
    degrees_of_freedom: Floats
    p_value: Floats


class CommonMean(NamedTuple):
    """
    The likeliest common mean of several samples, and how far it is from each.

    Attributes:
        mean: In the unit of the scores, shape (R,) for R batches of samples.
        slopes: The b_k of (2), 1 over that unit; shape (R, K), 0 for a sample without answers.
        off: m_k - mean, in the unit; shape (R, K), likewise.
    """

    mean: Floats
    slopes: Floats
    off: Floats

    @property
    def statistic(self) -> Floats:
        """The sum of (2), shape (R,)."""
        return column_sum((self.slopes * self.off).T)


def k_sample_test(counts: Floats, scores: Floats, population: Floats | None = None) -> KSampleTest:
    """
    The score test that K samples have the same mean, (2) times (N - 1) / N for N answers.

    Samples may differ in spread: a small one of unlike answers is no evidence against a large one
    of like answers.

    Args:
        counts: Answers on each point, shape (..., K, points); samples without answers are left
            out.
        scores: Shape (points,), at least two distinct.
        population: Sizes N of the finite populations that the samples are of, shape (..., K), or
            None.

    Returns:
        Arrays of shape (...); NaN where fewer than two samples have answers. The statistic is
        infinite, and the p-value 0, where what was seen rules out equal means.

    >>> alike = k_sample_test(np.array([[0, 0, 400, 0, 0.0], [7, 0, 0, 0, 13]]), np.arange(1, 6))
    >>> print(f"{alike.statistic:.3f}, p = {alike.p_value:.3f}")
    1.796, p = 0.180
    """
    shape = counts.shape[:-2]
    batches = counts.reshape(-1, *counts.shape[-2:])
    sizes = None if population is None else population.reshape(batches.shape[:-1])
    n, known = batches.sum(axis=-1), is_census(batches, sizes)
    total, number = n.sum(axis=-1), np.count_nonzero(n, axis=-1)
    apart = _apart(batches, scores, sizes)
    found = common_mean(worth(batches, sizes), scores, known & ~apart[:, None]).statistic
    found = np.where(apart, np.inf, found * (total - 1) / np.maximum(total, 1))
    several = number > 1
    statistic = np.where(several, np.maximum(found, 0), np.nan)
    freedom = np.where(several, number - np.maximum(known.sum(axis=-1), 1.0), np.nan)
    p_value = np.where(freedom == 0, np.where(statistic > 0, 0, 1), chdtrc(freedom, statistic))
    return KSampleTest(*(read_only(each.reshape(shape)) for each in (statistic, freedom, p_value)))


def _apart(counts: Floats, scores: Floats, population: Floats | None) -> NDArray[np.bool_]:
    """Whether the populations of a batch can't all have the same mean; shape (R,)."""
    shape = counts.shape[:-1]
    answers = counts.reshape(-1, counts.shape[-1])
    sizes = None if population is None else population.ravel()
    least, most = (end.reshape(shape) for end in reach(answers, scores, sizes))
    return can_not_meet(least, most, mean_score(counts, scores), scores)


def can_not_meet(least: Floats, most: Floats, mean: Floats, scores: Floats) -> NDArray[np.bool_]:
    """
    Whether several populations can't all have the same mean; shape (...).

    Args:
        least: The smallest mean that each can have, shape (..., K).
        most: The largest one.
        mean: Of those of its members who were seen; NaN for a sample without answers. Where all
            members of another one are at an end of the scale, it must be there too.
        scores: Shape (points,).
    """
    rounding = rounding_of_means(scores)
    some = ~np.isnan(mean)
    highest = np.where(some, least, -np.inf).max(axis=-1)
    lowest = np.where(some, most, np.inf).min(axis=-1)
    below = np.where(some, mean, np.inf).min(axis=-1) < scores.max() - rounding
    above = np.where(some, mean, -np.inf).max(axis=-1) > scores.min() + rounding
    held_up = below & (highest >= scores.max() - rounding)
    held_down = above & (lowest <= scores.min() + rounding)
    return np.asarray((highest - lowest > rounding) | held_up | held_down)


def common_mean(
    counts: Floats, scores: Floats, known: NDArray[np.bool_] | None = None
) -> CommonMean:
    """
    The likeliest common mean of K samples.

    Args:
        counts: Shape (R, K, points), which need not be whole.
        scores: Shape (points,), at least two distinct.
        known: Which samples are whole populations, whose mean is the common one; shape (R, K).
            None for none of them. Their slopes are 0.
    """
    points, columns = merged_columns(counts, scores)
    lowest, length = points[0], points[-1] - points[0]
    samples = _Samples.of((points - lowest) / length, columns, counts.shape[:2])
    every = np.arange(len(counts))
    start, least, most = samples.range()
    if known is not None and known.any():
        settled = known.any(axis=1)
        first = samples.mean[known.argmax(axis=1), every]
        start, least, most = (np.where(settled, first, one) for one in (start, least, most))
    close = np.full_like(start, _CLOSE)
    mean = samples.at_jumps(increasing_roots(samples.fall, start, close, least, most))
    slopes, _ = samples.slopes(mean, every)
    if known is not None:
        slopes = np.where(known.T, 0, slopes)
    off = samples.off(mean, every)
    return CommonMean(lowest + length * mean, slopes.T / length, length * off.T)


class _Samples(NamedTuple):
    """K samples of each of R batches, on scores in [0, 1]; shape (K, R) but for the first two."""

    t: Floats  # (P,)
    shares: Floats  # (P, K, R)
    n: Floats
    mean: Floats  # 0 without answers

    @classmethod
    def of(cls, t: Floats, columns: Floats, shape: tuple[int, ...]) -> "_Samples":
        """From columns of counts, (P, R K)."""
        n = column_sum(columns)
        mean = np.nan_to_num(column_mean(t, columns))
        shares = np.ascontiguousarray(ratio(columns, n).reshape(-1, *shape).swapaxes(1, 2))
        return cls(t, shares, n.reshape(shape).T, mean.reshape(shape).T)

    def range(self) -> tuple[Floats, Floats, Floats]:
        """The mean of all answers of each batch, and the least and most mean of its samples."""
        some = self.n > 0
        pooled = ratio(column_sum(self.n * self.mean), column_sum(self.n))
        least = np.where(some, self.mean, 1).min(axis=0)
        most = np.where(some, self.mean, 0).max(axis=0)
        return pooled, np.minimum(least, pooled), np.maximum(most, pooled)

    def off(self, mu: Floats, batches: Places) -> Floats:
        """The means less mu, (K, R); 0 for a sample without answers."""
        return np.where(self.n[:, batches] > 0, self.mean[:, batches] - mu, 0)

    def at_jumps(self, mu: Floats) -> Floats:
        """The same, but exactly the mean of a sample that is as near as roots are found."""
        off = np.where(self.n > 0, self.mean - mu, np.inf)
        nearest = np.abs(off).argmin(axis=0), np.arange(len(mu))
        return np.where(np.abs(off[nearest]) <= 4 * _CLOSE, self.mean[nearest], mu)

    def fall(self, mu: Floats, batches: Places) -> tuple[Floats, Floats]:
        """Less the sum of the b_k of (2) at mu, which increases, and Newton's step to its root."""
        slopes, steepness = self.slopes(mu, batches)
        value = column_sum(slopes)
        return -value, ratio(value, column_sum(steepness))

    def slopes(self, mu: Floats, batches: Places) -> tuple[Floats, Floats]:
        """The b_k at mu, (K, R), and by how much each falls there."""
        off, n = self.off(mu, batches), self.n[:, batches]
        below = off < 0  # then everything is on the mirrored scale
        t = np.where(below, 1 - self.t[:, None, None], self.t[:, None, None])
        shares = self.shares[:, :, batches]
        mean = np.where(below, 1 - self.mean[:, batches], self.mean[:, batches])
        at = np.maximum(mean - np.abs(off), _FLOOR)
        psi = _psi(shares, t, mean, np.abs(off))
        eta = np.where(off == 0, 0, 1 / (psi + at))
        weights = shares / np.where(shares > 0, 1 + eta * (t - at), 1) ** 2
        squares = column_sum(weights * (t - at) ** 2)
        held = (psi == 0) & (off != 0)  # at the end of its range: eta = 1 / mu
        fall = np.where(held, eta**2, ratio(column_sum(weights), squares) * (squares > 0))
        fall = np.minimum(fall, _STEEPEST)
        return np.where(below, -n * eta, n * eta), n * fall


def _psi(shares: Floats, t: Floats, mean: Floats, given_up: Floats) -> Floats:
    """
    The psi >= 0 that gives up so much of the mean, 0 where there is none; shape (K, R).

    What is left of the mean, ``H(psi) - psi`` in the words of `custfocus.intervals.sums`, is
    concave and rises, so that Newton's steps from below stay below and rise to the root.
    """
    squares = shares * (t - mean) ** 2
    lowest = np.where(t == 0, squares, 0).sum(axis=0)
    most = column_sum(ratio(squares, t) * (t > 0))
    most = np.where(lowest > 0, mean, ratio(mean * most, mean + most))
    rising = np.flatnonzero((given_up > 0) & (given_up < most))
    squares, t = (rows.reshape(len(rows), -1)[:, rising] for rows in (squares, t))
    means, given = mean.ravel()[rising], given_up.ravel()[rising]
    now = _start(squares, t, means, given, lowest.ravel()[rising])
    places = np.arange(len(now))
    while places.size:
        here = now[places]
        gain = _gain(squares[:, places], t[:, places], means[places], given[places], here)
        now[places] += np.maximum(gain, 0)
        left = here + means[places] - given[places]
        places = places[gain > _SETTLED * left]
    psi = np.zeros(mean.size)
    psi[rising] = now
    return psi.reshape(mean.shape)


def _start(squares: Floats, t: Floats, mean: Floats, given_up: Floats, lowest: Floats) -> Floats:
    """At or below the root: right for large psi, and right for small."""
    variance = column_sum(squares)
    far = variance * (1 / given_up - 1 / mean) - column_sum(squares * t) / variance
    product = given_up * mean
    root = np.sqrt((lowest - product) ** 2 + 4 * given_up * lowest * (mean - given_up))
    near = np.where(
        lowest > product,
        (lowest - product + root) / (2 * given_up),
        ratio(2 * lowest * (mean - given_up), product - lowest + root),
    )
    return np.maximum(np.maximum(far, near), 0)


def _gain(squares: Floats, t: Floats, mean: Floats, given_up: Floats, psi: Floats) -> Floats:
    """Newton's step in psi."""
    held = np.maximum(psi, _FLOOR)
    terms = squares / (held + t)
    value, slope = column_sum(terms), column_sum(terms / (held + t))
    x = held + mean
    kept, lost = x / (x + value), value / (x + value)
    return ratio(x * lost - given_up, kept * kept * slope - lost * lost)
