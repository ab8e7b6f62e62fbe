"""
Simultaneous intervals for all the shares of one distribution of answers.

All of them hold together with the confidence level, so that a reader may pick any of them after
having seen the answers.
"""

from collections.abc import Callable
from math import pi, sqrt
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtri, ndtri, pdtr

from custfocus.errors import OptionError, TallyError, choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    checked_level,
    ignoring_underflow,
    sample_sizes,
    whole_numbers,
)
from custfocus.intervals.columns import blocks, column_sum
from custfocus.intervals.proportion import wilson

MultinomialMethod = Literal["goodman", "quesenberry-hurst", "sison-glaz"]

_MOST_ANSWERS = 1e9
_NEGLIGIBLE = 1e-18  # of a sum of probabilities


def multinomial_intervals(
    counts: ArrayLike,
    *,
    method: MultinomialMethod = "goodman",
    confidence_level: float = 0.95,
) -> ConfidenceInterval:
    """
    Confidence intervals for all shares of one distribution, which hold simultaneously.

    ``"goodman"`` (Wilson's interval at Bonferroni's level) is the default. The limits of
    ``"quesenberry-hurst"`` are Wilson's at a chi-square quantile with K - 1 degrees of freedom;
    at 95 % they are wider from three points on.

    ``"sison-glaz"`` adds the same to every share, c / n below and (c + 2 gamma) / n above. It
    suits 7 points or more with 5 answers or more on each, all shares about equal, where it is
    the narrowest. Elsewhere it is not to be trusted: with 20 answers on 3 points all intervals
    hold in 75 of 100 samples on average, for the other methods in 96. It looks only at the
    shares observed, so when all answers stand on one point the interval there is [1, 1], of
    zero width. The probability that c rests on is an approximation (Edgeworth's expansion);
    where a few answers stand beside very many it can fail, and the intervals then are [0, 1].
    As the level rises an upper limit can fall by 1 / n, where c grows by one. The work grows
    with the square root of n, which may be 10^9 at most.

    Args:
        counts: Answers on each point, whole numbers; shape (..., K), K at least 2. The leading
            axes are groups, each computed on its own.
        method: ``"goodman"``, ``"quesenberry-hurst"`` or ``"sison-glaz"``.
        confidence_level: Two-sided, in (0, 1), for all K intervals together.

    Returns:
        Limits in [0, 1], each of shape (..., K). NaN for a group of a batch where n is 0.

    Raises:
        TallyError: Counts that are negative or fractional, or on fewer than two points; a
            single sample with n = 0.
        OptionError: An unknown method, or a confidence level outside (0, 1); more than 10^9
            answers for ``"sison-glaz"``.

    References:
        Goodman (1965), Technometrics 7, 247-254. Quesenberry and Hurst (1964), Technometrics 6,
        191-195. Sison and Glaz (1995), JASA 90, 366-369. May and Johnson (2000), Journal of
        Statistical Software 5(6). Example: Fagerland, Lydersen and Laake (2017), Statistical
        Analysis of Contingency Tables, chapter 3.

    >>> low, high = multinomial_intervals([276, 380, 118])
    >>> print(", ".join(f"{a:.4f} to {b:.4f}" for a, b in zip(low, high)))
    0.3166 to 0.3987, 0.4482 to 0.5339, 0.1241 to 0.1859
    """
    limits = choose("method", method, _METHODS)
    answers = whole_numbers(counts, "counts")
    if answers.ndim == 0 or answers.shape[-1] < 2:
        raise TallyError(
            f"counts must have one column for each of two or more points, got shape "
            f"{answers.shape}; use proportion_interval for one share"
        )
    n = sample_sizes(np.asarray(answers.sum(axis=-1)))
    return limits(answers, n[..., None], checked_level(confidence_level))


def _goodman(counts: Floats, n: Floats, confidence_level: float) -> ConfidenceInterval:
    """Goodman (1965): each interval may miss with a Kth part of the probability allowed."""
    z = ndtri((1 - confidence_level) / (2 * counts.shape[-1]))
    return wilson(counts, n, np.asarray(z * z))


def _quesenberry_hurst(counts: Floats, n: Floats, confidence_level: float) -> ConfidenceInterval:
    """Quesenberry and Hurst (1964): the limits that Pearson's chi-square sets to each share."""
    return wilson(counts, n, np.asarray(chdtri(counts.shape[-1] - 1, 1 - confidence_level)))


@ignoring_underflow
def _sison_glaz(counts: Floats, n: Floats, confidence_level: float) -> ConfidenceInterval:
    """
    Sison and Glaz (1995): nu(c) is the probability that no count of a new sample from the shares
    observed differs from the one observed by more than c. The half-width is c + gamma, where
    nu(c) <= confidence_level < nu(c + 1) and gamma interpolates between the two.
    """
    if np.any(n > _MOST_ANSWERS):
        raise OptionError(
            f"method 'sison-glaz' tries half-widths one by one, for at most {_MOST_ANSWERS:g} answers, "
            f"got n = {n.max():g}; choose 'goodman'"
        )
    points = counts.shape[-1]
    # In order of size, so that the points' order does not touch the last bit of a sum.
    columns = np.ascontiguousarray(np.sort(counts, axis=-1).reshape(-1, points).T)
    c, gamma = np.empty_like(n), np.empty_like(n)
    for block in blocks(n.size):
        c.flat[block], gamma.flat[block] = _half_widths(
            columns[:, block], n.ravel()[block], confidence_level
        )
    size = np.where(n > 0, n, np.nan)
    return ConfidenceInterval(
        np.maximum((counts - c) / size, 0), np.minimum((counts + c + 2 * gamma) / size, 1)
    )


def _half_widths(columns: Floats, n: Floats, confidence_level: float) -> tuple[Floats, Floats]:
    """
    The whole number c and the fraction gamma of each group, shape (G,).

    nu(0) is taken as 0, and nu(n) is 1. In between the approximation need not rise throughout:
    where it passes the level more than once, the first time counts.
    """
    c, chance_below, chance_above = n - 1, np.zeros_like(n), np.ones_like(n)
    searching = np.flatnonzero(n > 1)
    boxes, half_width = _Boxes.of(columns[:, searching]), 0
    while searching.size:
        half_width += 1
        boxes.widen_to(half_width)
        chance = boxes.probability()
        enough = chance > confidence_level
        found = searching[enough]
        c[found], chance_above[found] = half_width - 1, chance[enough]
        chance_below[searching[~enough]] = chance[~enough]
        open_ = ~enough & boxes.growing()
        searching, boxes = searching[open_], boxes.only(open_)
    return c, (confidence_level - chance_below) / (chance_above - chance_below)


class _Boxes(NamedTuple):
    """
    Boxes about the observed counts, and a Poisson count with that mean for each point.

    The chances of a box's ends follow from those of their neighbours, and sums of chances grow
    with the box: no differences of large numbers are taken.
    """

    means: Floats  # (K, G)
    n: Floats  # (G,)
    whole: Floats  # the chance that all the Poisson counts add up to n; (G,)
    ends: Floats  # chances of the two ends of the box, lower and upper; (2, K, G)
    sums: Floats  # of chance times the power 0, 1, ..., 4 of its distance from the mean; (5, K, G)

    @classmethod
    def of(cls, columns: Floats) -> "_Boxes":
        """Boxes that hold the observed counts only."""
        n, middle = column_sum(columns), _chance_of_the_mean(columns)
        nothing = np.zeros_like(middle)
        sums = np.stack([middle, nothing, nothing, nothing, nothing])
        return cls(columns, n, _chance_of_the_mean(n), np.stack([middle, middle]), sums)

    def only(self, groups: NDArray[np.bool_]) -> "_Boxes":
        """The boxes of some of the groups."""
        return _Boxes(*(part[..., groups] for part in self))

    def widen_to(self, half_width: int) -> None:
        """From boxes narrower by 1, in place; counts below 0 or above n have no chance."""
        lower, upper = self.ends
        lower *= np.maximum(self.means - (half_width - 1), 0) / np.maximum(self.means, 1)
        upper *= np.where(self.means + half_width > self.n, 0, self.means)
        upper /= self.means + half_width
        for power in range(5):
            self.sums[power] += (upper + (-1) ** power * lower) * float(half_width) ** power

    def growing(self) -> NDArray[np.bool_]:
        """Whether the last step added anything to speak of; if not, no later one will, as at n."""
        return np.asarray(np.any(self.ends.max(axis=0) > _NEGLIGIBLE * self.sums[0], axis=0))

    def probability(self) -> Floats:
        """
        The approximate probability nu(c) of each box, shape (G,).

        Independent Poisson counts with the observed means, given that they add up to n, are
        multinomial (Levin 1981). So nu(c) is the chance that all of them lie in the box, times
        the chance that those in the box add up to n, over the chance that all add up to n. The
        middle one is approximate: Edgeworth's expansion.

        References:
            Levin (1981), Annals of Statistics 9, 1123-1126. Sison and Glaz (1995), equation 1.
        """
        all_inside = np.ones_like(self.n)
        for inside in self.sums[0]:
            all_inside *= inside
        mean, variance, third, fourth = map(column_sum, _cumulants(self.sums))
        sd = np.sqrt(variance)
        density = _edgeworth(-mean / sd, third / (variance * sd), fourth / (variance * variance))
        return all_inside * density / (sd * self.whole)


def _chance_of_the_mean(mean: Floats) -> Floats:
    """The chance that a Poisson count with a whole mean is that mean."""
    below = np.where(mean > 0, pdtr(np.maximum(mean - 1, 0), mean), 0)
    return np.asarray(pdtr(mean, mean) - below)


def _cumulants(sums: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """The first four cumulants, from unnormalised moments 0 to 4 about any point."""
    first, second, third, fourth = sums[1:] / sums[0]
    squared = first * first
    variance = second - squared
    return (
        first,
        variance,
        third - 3 * first * second + 2 * first * squared,
        fourth
        - 4 * first * third
        + 6 * squared * second
        - 3 * squared * squared
        - 3 * variance * variance,
    )


def _edgeworth(x: Floats, skewness: Floats, kurtosis: Floats) -> Floats:
    """The density of a standardised sum at x to second order; *kurtosis* is the excess."""
    x2 = x * x
    hermite3, hermite4 = x * (x2 - 3), x2 * (x2 - 6) + 3
    hermite6 = x2 * (x2 * (x2 - 15) + 45) - 15
    correction = (
        skewness * hermite3 / 6 + kurtosis * hermite4 / 24 + skewness * skewness * hermite6 / 72
    )
    return np.exp(-x2 / 2) / sqrt(2 * pi) * (1 + correction)


_METHODS: dict[str, Callable[[Floats, Floats, float], ConfidenceInterval]] = {
    "goodman": _goodman,
    "quesenberry-hurst": _quesenberry_hurst,
    "sison-glaz": _sison_glaz,
}
