"""
The test of equal domain means, for all draws of a scenario at once.

`custfocus.intervals.design_homogeneity` takes the domains of one design, which is a loop over draws
here. These are its formulas for arrays of draws, in its words; a test holds them to it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

from custfocus.intervals.covariance import counted_spreads, design_pairs, shows_variance, welch
from custfocus.intervals.k_sample import common_mean
from custfocus.intervals.linearisation import DesignTotals, degrees_of_freedom_of
from survey_scenarios import Array


class Draws(NamedTuple):
    """
    Domains of many draws.

    Attributes:
        totals: Of all domains, those of a draw one after the other.
        covariance: Of the means of each draw, shape (draws, domains, domains).
    """

    totals: DesignTotals
    covariance: Array

    @classmethod
    def of(cls, totals: DesignTotals, domains: int) -> "Draws":
        """From the totals of all domains of all draws."""
        variance = totals.means.variance.reshape(-1, domains)
        a, b = np.triu_indices(domains, 1)
        starts = domains * np.arange(len(variance))[:, None]
        pairs = design_pairs(totals, (starts + a).ravel(), (starts + b).ravel())
        covariance = np.eye(domains) * variance[:, None, :]
        covariance[:, a, b] = covariance[:, b, a] = pairs.covariance.reshape(len(variance), -1)
        return cls(totals, covariance)

    def shaped(self, values: NDArray[np.generic]) -> Array:
        """What belongs to domains as (draws, domains)."""
        return values.reshape(self.covariance.shape[:2])

    def shared_degrees_of_freedom(self) -> Array:
        """Of the clusters of all domains of a draw, which are in one stratum; shape (draws,)."""
        stage, draws = self.totals.stages[0], len(self.covariance)
        shares = stage.weights / self.totals.weight[stage.domains]
        parts = counted_spreads(self.totals.means)[stage.domains] * shares**2
        parts = np.bincount(stage.units, parts).reshape(draws, -1)
        kish = np.sqrt(parts).sum(axis=1) ** 2 / parts.sum(axis=1)
        clusters = np.count_nonzero(parts, axis=1).astype(np.float64)
        return degrees_of_freedom_of(clusters, np.ones(draws), kish)


def score_p_values(draws: Draws, counts: Array, scores: Array) -> Array:
    """P-values of the score test in Rao and Scott's form, shape (draws,)."""
    means, length = draws.totals.means, np.ptp(scores)
    spread, ceiling = draws.shaped(means.spread), draws.shaped(means.ceiling)
    shares = counts / counts.sum(axis=1, keepdims=True)
    sizes = (shares * means.ceiling[:, None]).reshape(*ceiling.shape, -1)
    found = common_mean(sizes, scores)
    slopes = np.where(found.slopes == 0, np.inf, found.slopes)
    working = np.where(spread > 0, spread / ceiling, found.off / slopes)
    working = np.maximum(working, 1e-12 * length**2)
    shown = draws.shaped(shows_variance(means))
    moved = _moved(draws, working, spread, shown)
    along = 1 / np.sqrt(working)
    along /= np.sqrt((along**2).sum(axis=1, keepdims=True))
    across = np.eye(along.shape[1]) - along[:, :, None] * along[:, None, :]
    weights = np.maximum(np.linalg.eigvalsh(across @ moved @ across)[:, 1:], 0)
    total = weights.sum(axis=1)
    freedom = total**2 / (weights**2).sum(axis=1)
    parts = np.where(shown, (1 - along**2) * np.diagonal(moved, axis1=1, axis2=2), 0)
    by_domain = welch(parts.T, draws.shaped(means.degrees_of_freedom).T)
    denominator = np.minimum(freedom * draws.shared_degrees_of_freedom(), by_domain)
    p_value: Array = fdtrc(freedom, np.maximum(denominator, 1), found.statistic / total)
    return p_value


def _moved(draws: Draws, working: Array, spread: Array, shown: NDArray[np.generic]) -> Array:
    """What the design makes of the variances and covariances, the matrix D of each draw."""
    variance = draws.shaped(draws.totals.means.variance)
    error = np.sqrt(np.where(shown, variance, 1))
    correlation = draws.covariance / (error[:, :, None] * error[:, None, :])
    correlation = np.where(shown[:, :, None] & shown[:, None, :], correlation, 0)
    places = np.arange(spread.shape[1])
    correlation[:, places, places] = 1
    star = np.where(shown, np.maximum(variance, working), working)
    varied = spread > 0
    together = (star * varied).sum(axis=1) / (working * varied).sum(axis=1)
    larger = np.sqrt(np.where(varied, star / working, together[:, None]))
    return np.clip(correlation, -1, 1) * larger[:, :, None] * larger[:, None, :]


def wald_p_values(draws: Draws, degrees_of_freedom: float) -> Array:
    """P-values of Wald's F test, shape (draws,)."""
    mean = draws.shaped(draws.totals.means.value)
    contrasts = np.diff(np.eye(mean.shape[1]), axis=0)
    apart = mean @ contrasts.T
    inverse = np.linalg.pinv(contrasts @ draws.covariance @ contrasts.T, hermitian=True)
    statistic = (apart[:, None, :] @ inverse @ apart[:, :, None]).ravel()
    number = len(contrasts)
    p_value: Array = fdtrc(number, degrees_of_freedom, statistic / number)
    return p_value
