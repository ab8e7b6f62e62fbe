"""
The score interval for a sum of means of independent samples, each with scores of its own.

A difference between two groups is such a sum, with the second group's scores negated; so is the
change between waves that share some of their respondents. The interval holds all sums delta with
``(d - delta)² <= z² (v_1 / n_1 + v_2 / n_2 + ...)``, the variances taken under the probabilities
that maximise the joint likelihood among those whose means add up to delta. For two samples of two
scores it is Mee's and, with z² times N / (N - 1), Miettinen and Nurminen's.

Measure each sample's scores t from its lowest one. For the lower limit the restricted
probabilities are proportional to ``c_j / (psi + t_j)``, each sample with its own psi >= 0, and
the multiplier 1 / lambda, which the samples share, makes the means ``mu = n lambda - psi``. What
a mean gives up, ``e = m - mu``, is then also its part of the variance, ``v / n = lambda e``. All
that is left of the condition is

    e_1(lambda) + e_2(lambda) + ... = z² lambda,                                          (1)

whose left side falls and whose right side rises, and the limit is ``d - z² lambda``. With
``Q = sum_j p_j (t_j - m)² / (psi + t_j)`` and ``x = psi + m``, psi belongs to lambda when

    n lambda = x² / (x + Q) =: H(psi), and then e = x Q / (x + Q),                        (2)

so no digits cancel. Where (2) has no root psi >= 0 (the lowest point has no answers, and it takes
the missing probability), psi is 0 and ``e = m - n lambda``. The upper limit is the lower one of
the negated scores. docs/two-samples.md derives all this.

References:
    Mee (1984), Biometrics 40, 1175-1176. Miettinen and Nurminen (1985), Statistics in Medicine
    4, 213-226. Owen (2001), Empirical Likelihood, chapter 2 (the restricted probabilities).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custfocus.intervals.arguments import ConfidenceInterval, Floats
from custfocus.intervals.columns import (
    blocks,
    column_mean,
    column_sum,
    merged_columns,
    ratio,
    weighted_sum,
)

_CLOSE = 1e-13  # a gain in lambda, relative; one answer in 10^12 at the lowest point gains more
_GAP_DIGITS = 1e-4  # of the gap: z² = gap / lambda needs no digits beyond 1e4, where a p-value is 0
_CLOSE_PSI = 1e-8  # a gain in psi, relative; what is left is its square
_FLOOR = 1e-150  # stands for psi = 0 where the lowest point has no answers; its square is a number


class ScoredSample(NamedTuple):
    """
    The answers of one independent sample: counts (P, G) on scores (P, 1) or (P, G).

    The first row has the lowest score and the last one the highest. A group without answers
    adds nothing to the sum.
    """

    scores: Floats
    columns: Floats

    @classmethod
    def of(cls, counts: Floats, scores: Floats) -> "ScoredSample":
        """From counts (..., K) on scores (K,) in any order."""
        points, columns = merged_columns(counts, scores)
        return cls(points[:, None], columns)

    @property
    def mean(self) -> Floats:
        """The mean score of each group, shape (G,); 0 where n is 0."""
        return np.nan_to_num(column_mean(self.scores, self.columns))

    def of_groups(self, groups: slice | NDArray[np.bool_]) -> "ScoredSample":
        """The sample for some of the groups."""
        scores = np.broadcast_to(self.scores, self.columns.shape)
        return ScoredSample(scores[:, groups], self.columns[:, groups])

    def negated(self) -> "ScoredSample":
        """The same answers with every score negated."""
        return ScoredSample(-self.scores[::-1], self.columns[::-1])


class _Path(NamedTuple):
    """What equation (2) needs of a sample, in a unit of length; (G,), or (P, G) for t, spread."""

    t: Floats
    spread: Floats
    n: Floats
    mean: Floats
    lowest: Floats  # the share of the lowest point

    @classmethod
    def of(cls, sample: ScoredSample, unit: Floats, groups: slice) -> "_Path":
        """The path of some groups of a sample."""
        scores, columns = sample.of_groups(groups)
        t, n = (scores - scores[0]) / unit, column_sum(columns)
        shares = ratio(columns, n)
        mean = weighted_sum(shares, t)
        return cls(t, shares * (t - mean) ** 2, n, mean, shares[0])

    def of_groups(self, groups: NDArray[np.intp]) -> "_Path":
        """The path for some of the groups."""
        return _Path(*(part[..., groups] for part in self))


def sum_limits(samples: Sequence[ScoredSample], z2: Floats) -> ConfidenceInterval:
    """
    The score limits for the sum of the samples' means.

    Args:
        samples: The same groups in all.
        z2: Squared critical values, more than 0; shape (G,).

    Returns:
        Limits of shape (G,), between the lowest and the highest sum there can be.
    """
    value, no_gap = sum_of_means(samples), np.zeros_like(z2)
    down = z2 * shared_multiplier(samples, z2, no_gap)
    up = z2 * shared_multiplier([sample.negated() for sample in samples], z2, no_gap)
    least, most = (sum(sample.scores[end] for sample in samples) for end in (0, -1))
    return ConfidenceInterval(np.maximum(value - down, least), np.minimum(value + up, most))


def sum_of_means(samples: Sequence[ScoredSample]) -> Floats:
    """The estimate d itself, shape (G,)."""
    value = np.zeros(samples[0].columns.shape[1])
    for sample in samples:
        value += sample.mean
    return value


def squared_statistic(samples: Sequence[ScoredSample], null: float | Floats) -> Floats:
    """
    The square of the score statistic for the hypothesis that the sum is *null*; shape (G,).

    It is ``(d - null)² / (v_1 / n_1 + ...) = (d - null) / lambda``: the z² that puts a limit on
    *null*. Infinite where *null* is the end of the scale and the estimate is not.
    """
    gap = sum_of_means(samples) - null
    squared = np.zeros_like(gap)
    for side, distance in (
        (samples, gap),
        ([sample.negated() for sample in samples], -gap),
    ):
        off = distance > 0
        some = [sample.of_groups(off) for sample in side]
        shared = shared_multiplier(some, np.zeros_like(distance[off]), distance[off])
        infinite = np.full_like(shared, np.inf)
        squared[off] = np.divide(distance[off], shared, out=infinite, where=shared > 0)
    return squared


def given_up(sample: ScoredSample, multipliers: Floats) -> Floats:
    """
    What each group's restricted mean lies below its own at some values of lambda.

    Args:
        sample: G groups, each with answers.
        multipliers: Lambda, shape (L,), more than 0.

    Returns:
        e of equation (2) in the unit of the scores, shape (G, L), to some 1e-10 of itself.
    """
    groups = int(sample.columns.shape[1])
    unit = sample.scores[-1] - sample.scores[0]
    group: NDArray[np.intp] = np.repeat(np.arange(groups), len(multipliers))
    path = _Path.of(sample, unit, slice(None)).of_groups(group)
    now = np.tile(multipliers, groups) / np.broadcast_to(unit, groups)[group]
    tangent = _Tangent.at(path, _settled(path, now), now)
    lost = tangent.given_up + tangent.response * (path.n * now - tangent.height)
    scaled: Floats = np.maximum(lost, 0) * np.broadcast_to(unit, groups)[group]
    return scaled.reshape(groups, -1)


def restricted_shares(sample: ScoredSample, multipliers: Floats) -> Floats:
    """
    The probabilities that maximise the likelihood where the mean is what a lambda leaves of it.

    Args:
        sample: G groups, each with answers and with scores that differ.
        multipliers: Lambda of each group, shape (G,), more than 0.

    Returns:
        Shares on the sample's rows (P, G). What is missing lies on the first row.
    """
    unit = sample.scores[-1] - sample.scores[0]
    path, now = _Path.of(sample, unit, slice(None)), multipliers / unit
    shares = ratio(now * sample.columns, _settled(path, now) + path.t)
    shares[0] = np.maximum(1 - column_sum(shares[1:]), 0)
    return shares


def _settled(path: _Path, now: Floats) -> Floats:
    """The psi of the path that belongs to a lambda, by Newton's steps, which rise to it."""
    psi = np.maximum(now * path.n - path.mean, 0)
    rising = np.arange(psi.size)
    while rising.size:
        tangent = _Tangent.at(path.of_groups(rising), psi[rising], now[rising])
        following = tangent.psi_at(now[rising])
        gained = following > psi[rising] * (1 + _CLOSE_PSI)
        psi[rising] = following
        rising = rising[gained]
    return psi


def shared_multiplier(samples: Sequence[ScoredSample], z2: Floats, gap: Floats) -> Floats:
    """
    Lambda, the root of ``e_1 + e_2 + ... = z² lambda + gap``, in the unit of the scores.

    Args:
        samples: The same groups in all.
        z2: Squared critical values, shape (G,); 0 where a gap is given.
        gap: How far below the estimate the sum shall lie, shape (G,); 0 where z² says it.

    Returns:
        Shape (G,); 0 where the sum is the lowest that there can be.
    """
    unit = np.zeros_like(z2)
    for sample in samples:
        unit = np.maximum(unit, sample.scores[-1] - sample.scores[0])
    found = np.empty_like(z2)
    for block in blocks(len(z2)):
        paths = [_Path.of(sample, unit[block], block) for sample in samples]
        found[block] = _root(paths, z2[block], gap[block] / unit[block])
    return unit * found


def _root(paths: Sequence[_Path], z2: Floats, gap: Floats) -> Floats:
    """
    Lambda by Newton's method in lambda and every psi at once.

    As a function of lambda each psi is convex, so its tangents lie below it, and the lambda that
    they lead to is at or below the root, wherever they touch: from the first step on lambda
    rises to the root. Where it rises no more, it has arrived; so it cannot circle for ever
    between the two sides of a kink. It starts where the variances of the estimates themselves
    would put it.
    """
    now, least = _start(paths, z2, gap)
    psis = [np.maximum(now * p.n - p.mean, now * p.n * p.lowest) for p in paths]
    root = np.zeros_like(now)
    rising = np.flatnonzero((now > 0) & (z2 + gap > 0))
    while rising.size:
        tangents = [
            _Tangent.at(path.of_groups(rising), psi[rising], now[rising])
            for path, psi in zip(paths, psis, strict=True)
        ]
        following = np.maximum(_crossing(tangents, z2[rising], gap[rising]), least[rising])
        for psi, tangent in zip(psis, tangents, strict=True):
            psi[rising] = tangent.psi_at(following)
        now[rising] = following
        gain = following - root[rising]
        root[rising] = np.maximum(following, root[rising])
        rising = rising[gain > _CLOSE * (following + _GAP_DIGITS * gap[rising])]
    return root


def _start(paths: Sequence[_Path], z2: Floats, gap: Floats) -> tuple[Floats, Floats]:
    """The root of ``variance / lambda = z² lambda + gap``, and the root for psi = 0 as a floor."""
    variance, mean, n = (np.zeros_like(z2) for _ in range(3))
    for path in paths:
        variance += ratio(column_sum(path.spread), path.n)
        mean += path.mean
        n += path.n
    plain = ratio(2 * variance, gap + np.sqrt(gap * gap + 4 * z2 * variance))
    least = ratio(np.maximum(mean - gap, 0), n + z2)
    return np.maximum(plain, least), least


class _Tangent(NamedTuple):
    """H(psi) and e of equation (2) at one psi, with what Newton's step needs of their slopes."""

    psi: Floats
    n: Floats
    height: Floats  # H
    incline: Floats  # its slope, at least 1
    given_up: Floats  # e
    response: Floats  # the slope of e in H: -1 where psi stays at 0

    @classmethod
    def at(cls, path: _Path, psi: Floats, now: Floats) -> "_Tangent":
        """The tangent at a psi of the path; *now* is the lambda of the step."""
        value, slope = np.zeros_like(psi), np.zeros_like(psi)
        held = np.maximum(psi, _FLOOR)
        for part, point in zip(path.spread, path.t, strict=True):
            term = part / (held + point)
            value += term
            slope += term / (held + point)
        x = held + path.mean
        kept, lost = ratio(x, x + value), ratio(value, x + value)
        height, given_up = x * kept, x * lost
        incline = kept * (1 + lost) + kept * kept * slope
        response = np.minimum(lost * lost - kept * kept * slope, 0) / incline
        stays = (psi == 0) & (height > path.n * now)
        return cls(psi, path.n, height, incline, given_up, np.where(stays, -1, response))

    def psi_at(self, found: Floats) -> Floats:
        """Where the tangent puts psi for a lambda."""
        return np.maximum(self.psi + (self.n * found - self.height) / self.incline, 0)


def _crossing(tangents: Sequence[_Tangent], z2: Floats, gap: Floats) -> Floats:
    """Where the sum of the tangents of e meets ``z² lambda + gap``."""
    left, fall = -gap, z2.copy()
    for tangent in tangents:
        left = left + tangent.given_up - tangent.response * tangent.height
        fall = fall - tangent.response * tangent.n
    return ratio(np.maximum(left, 0), fall)
