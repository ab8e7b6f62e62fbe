"""
Whether domains of one design have the same mean: the K-sample score test in Rao and Scott's form.

The statistic Q is that of `custfocus.intervals.k_sample` for samples of Kish's number kappa of
answers each. Under the hypothesis it is distributed like a sum of independent chi-squares with
weights lambda, which a design moves from 1. With the working variances ``omega = u / kappa`` of the
means, those under the hypothesis where all answers of a domain are equal, let

    D = V* / sqrt(omega omega'),   V*_kk = max(V_kk, omega_k),                            (1)

with the correlations of the design. A domain whose answers are all equal shows nothing of what the
design does: its D_kk is that of the others, the sum of their V* over that of their omega. With g
the unit vector along 1 / sqrt(omega), the lambda are the K - 1 eigenvalues of ``(I - g g') D (I - g g')``; the one along g is 0. To second order

    F = Q / sum lambda   with   nu = (sum lambda)² / sum lambda²   and nu_2               (2)

degrees of freedom, nu_2 by the rules of `custfocus.intervals.covariance`: nu times those that the
units of all domains have, or Welch's for ``(1 - g_k²) D_kk``, if that is less. For two domains it
is the p-value of their difference.

Where everybody in a domain was seen its mean is known, and mu is that: Q is the sum over the other
domains, g is 0 and the lambda are the eigenvalues of their D. Several such domains differ or don't.
Where the members who were not seen can't bring all means together, the domains differ for certain.

References:
    Rao and Scott (1981), JASA 76, 221-230, and (1987), Annals of Statistics 15, 385-397.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, fdtrc

from custfocus.intervals.arguments import Floats, ignoring_underflow, read_only
from custfocus.intervals.covariance import DesignDomains, at, shows_variance, welch
from custfocus.intervals.design import DesignMeans, means_within_reach
from custfocus.intervals.design_difference import is_census
from custfocus.intervals.k_sample import CommonMean, can_not_meet, common_mean

_CENSUS = 1e12  # answers: as good as infinitely many
_LEAST = 1e-12  # of the squared length of the scale: a working variance is not less
_SAME = 1e-12  # of the sum of D_kk: a sum of lambda below is rounding


class DesignHomogeneity(NamedTuple):
    """
    The test that domains of one design have the same mean.

    Attributes:
        statistic: F of (2); infinite where the domains differ for certain.
        degrees_of_freedom: nu of (2), from 1 to one less than the domains with respondents; 0
            where everybody in all of them was seen.
        denominator: nu_2 of (2); infinite where the statistic times nu is chi-square distributed.
        p_value: The probability of so large a statistic if the means do not differ.
        mean: The likeliest common mean, in the unit of the scores.
    """

    statistic: Floats
    degrees_of_freedom: Floats
    denominator: Floats
    p_value: Floats
    mean: Floats


@ignoring_underflow
def design_homogeneity(domains: DesignDomains, counts: Floats, scores: Floats) -> DesignHomogeneity:
    """
    Whether the domains of a design differ at all.

    Where all differences between domains are the same in every unit, though the domains vary, there
    is no variance to hold them against: it is then as if in each of the K units the domains lay that
    far apart, as for two of them.

    Args:
        domains: What the design says of them; those without respondents are left out, two at least
            must have some.
        counts: Weight on each point in each domain, shape (domains, points).
        scores: Shape (points,).

    Returns:
        Arrays of shape ().
    """
    some = np.flatnonzero(domains.means.n > 0)
    means, own = at(domains.means, some), domains.own[some]
    length = float(np.ptp(scores))
    known = is_census(means)
    size = np.where(known, 1, np.minimum(means.ceiling, _CENSUS))
    shares = counts[some] / counts[some].sum(axis=1, keepdims=True)
    apart = _differ(means, known, scores)
    found = common_mean((shares * size[:, None])[None], scores, known[None] & (not apart))
    if apart or known.all():
        freedom = len(some) - max(float(known.sum()), 1.0)
        return _settled(found, freedom, differ=apart)
    if known.any():
        means, own, size, some = at(means, ~known), own[~known], size[~known], some[~known]
        found = found._replace(slopes=found.slopes[:, ~known], off=found.off[:, ~known])
    working = _working_variances(means, size, found, length)
    moved = _moved(means, domains.covariance[np.ix_(some, some)], working)
    along = np.zeros(len(some)) if known.any() else _unit(1 / np.sqrt(working))
    weights = _weights(moved, along)
    total = weights.sum()
    if total <= _SAME * np.trace(moved):
        return _of_same_differences(domains.units, means, found, length)
    freedom = total**2 / (weights**2).sum()
    shown = shows_variance(means)
    parts = np.where(shown, (1 - along**2) * np.diag(moved), 0)
    denominator = max(min(freedom * domains.shared, float(welch(parts, own))), 1.0)
    return _tested(found, max(found.statistic[0], 0.0) / total, freedom, denominator)


def _differ(means: DesignMeans, known: NDArray[np.bool_], scores: Floats) -> bool:
    """Whether domains differ for certain: known means, or what those not seen can make of them."""
    least, most = means_within_reach(means, scores)
    least = np.where(known, means.value, least)
    most = np.where(known, means.value, most)
    return bool(can_not_meet(least, most, means.value, scores))


def _settled(found: CommonMean, freedom: float, *, differ: bool) -> DesignHomogeneity:
    """The test that leaves nothing to chance."""
    fields = (np.inf if differ else 0.0, freedom, np.inf, 0.0 if differ else 1.0, found.mean[0])
    return DesignHomogeneity(*map(read_only, fields))


def _tested(
    found: CommonMean, value: float, freedom: float, denominator: float
) -> DesignHomogeneity:
    if np.isfinite(denominator):
        p_value = fdtrc(freedom, denominator, value)
    else:
        p_value = chdtrc(freedom, value * freedom)
    fields = (value, freedom, denominator, p_value, found.mean[0])
    return DesignHomogeneity(*map(read_only, fields))


def _working_variances(
    means: DesignMeans, size: Floats, found: CommonMean, length: float
) -> Floats:
    """Omega of (1), shape (domains,)."""
    slopes, off = found.slopes[0], found.off[0]
    restricted = np.where(slopes == 0, 0, off / np.where(slopes == 0, 1, slopes))
    working = np.where(means.spread > 0, means.spread / size, restricted)
    return np.maximum(working, _LEAST * length**2)


def _moved(means: DesignMeans, covariance: Floats, working: Floats) -> Floats:
    """The matrix D of (1)."""
    shown = shows_variance(means)
    error = np.sqrt(np.where(shown, means.variance, 1))
    both: NDArray[np.bool_] = shown[:, None] & shown
    correlation = np.where(both, np.clip(covariance / np.outer(error, error), -1, 1), 0)
    np.fill_diagonal(correlation, 1)
    larger = np.sqrt(_factors(means, working))
    return np.asarray(correlation * np.outer(larger, larger))


def _factors(means: DesignMeans, working: Floats) -> Floats:
    """V*_kk / omega_k of (1); where all answers of a domain are equal, that of the others."""
    star = np.where(shows_variance(means), np.maximum(means.variance, working), working)
    varied = means.spread > 0
    together = star[varied].sum() / working[varied].sum() if varied.any() else 1.0
    return np.where(varied, star / working, together)


def _unit(vector: Floats) -> Floats:
    """The vector at length 1."""
    return np.asarray(vector / np.sqrt((vector**2).sum()))


def _weights(moved: Floats, along: Floats) -> Floats:
    """The lambda of (2), at least 0; one fewer than the domains unless their mean is known."""
    across = np.eye(len(along)) - np.outer(along, along)
    first = int(along.any())
    return np.asarray(np.maximum(np.linalg.eigvalsh(across @ moved @ across)[first:], 0))


def _of_same_differences(
    units: float, means: DesignMeans, found: CommonMean, length: float
) -> DesignHomogeneity:
    """The test where every unit shows the same differences: by the two that are farthest apart."""
    squared, freedom = units * float(np.ptp(means.value)) / length, len(means.value) - 1.0
    return _tested(found, squared / freedom, freedom, np.inf)
