"""
Exact limits for a proportion of a finite population.

Of its N members M are successes, a whole number; n were asked and k of them are successes, a
hypergeometric number. The upper limit is the largest M at which k or fewer still have a
probability of more than alpha / 2; the lower limit is the mirror image of that of the others.
Both reach beyond the proportion of the sample, if only by one possible M.

The tail is summed from k outwards until its terms no longer count, which is some ten standard
deviations: an evaluation takes of the order of sqrt(n) terms, and a limit about six of them.

References:
    Buonaccorsi (1987), The American Statistician 41, 215-218. Loader (2000), Fast and Accurate
    Computation of Binomial Probabilities (terms that keep their digits).
"""

import numpy as np
from scipy.special import expit, gammaln

from custfocus.intervals.arguments import ConfidenceInterval, Floats, critical_value
from custfocus.intervals.binomial_tails import rough_log_odds
from custfocus.intervals.roots import Places, Truths, increasing_roots, largest_accepted

_BLOCK = 1024  # groups at a time
_TERMS, _MOST_TERMS = 32, 1024  # of a tail at a time: at first, and in the end
_NEGLIGIBLE = 1e-19  # of the sum so far: a million such terms do not show
_ROUNDING_OF_TAIL = 1e-12  # a probability of alpha / 2 rejects, whichever way it was rounded
_SMALLEST_STEP = (
    2.0**-40
)  # of N, the step in M: exact up to N = 2**40, beyond as near as it need be


def whole_count_limits(
    successes: Floats,
    n: Floats,
    population: Floats,
    confidence_level: float,
    uncounted: float,
) -> ConfidenceInterval:
    """
    Limits M / N, for the tests that leave a share *uncounted* of the probability of k.

    They reach to the possible M next to N k / n on either side, whatever the tests say of these.

    Args:
        successes: k, shape (G,).
        n: Those asked, at least 1, shape (G,).
        population: N, shape (G,).
        confidence_level: Two-sided.
        uncounted: 0 for Clopper and Pearson's tests, 1/2 for mid-p.
    """
    low, high = np.empty(n.shape), np.empty(n.shape)
    for start in range(0, n.size, _BLOCK):
        block = slice(start, start + _BLOCK)
        k, size, people = successes[block], n[block], population[block]
        least = people - _most(size - k, size, people, confidence_level, uncounted)
        most = _most(k, size, people, confidence_level, uncounted)
        # At levels below 1/2 mid-p can reject all M: then the limits are the two next to each other
        # between which the one test gives way to the other.
        below, above = _next_to_the_share(k, size, people)
        low[block] = np.minimum(np.minimum(least, most), below) / people
        high[block] = np.maximum(np.maximum(least, most), above) / people
    return ConfidenceInterval(low, high)


def _next_to_the_share(k: Floats, n: Floats, population: Floats) -> tuple[Floats, Floats]:
    """
    The whole numbers M next to N k / n on either side, of those that the sample leaves possible.

    Next to a census the tests can reject all M but one, or all that are next to the proportion of
    the sample. The limits hold these as well: they contain it, and only a census has no width.
    """
    share = k * population / n
    return (
        np.maximum(np.ceil(share) - 1, k),
        np.minimum(np.floor(share) + 1, population - n + k),
    )


def _most(
    k: Floats, n: Floats, population: Floats, confidence_level: float, uncounted: float
) -> Floats:
    """The largest M that its test does not reject: near a root in real numbers, then exactly."""
    log_level = np.log((1 - confidence_level) / 2)

    def margin(m: Floats, where: Places) -> tuple[Floats, Floats]:
        """How far the test is from rejecting M, and how fast that falls in M."""
        log_p, fall = _log_probability(k[where], n[where], m, population[where], uncounted)
        return log_p - log_level, fall

    def accepts(m: Floats, where: Places) -> Truths:
        return margin(m, where)[0] > _ROUNDING_OF_TAIL

    def newton(m: Floats, where: Places) -> tuple[Floats, Floats]:
        log_ratio, fall = margin(m, where)
        with np.errstate(divide="ignore", invalid="ignore"):  # then the stretch is halved
            return -log_ratio, -log_ratio / np.log1p(-fall)

    most = population - n + k  # all who were not asked are successes
    open_ = np.flatnonzero((k < n) & (n < population))
    open_ = open_[~accepts(most[open_], open_)]
    step = np.maximum(1, np.floor(population * _SMALLEST_STEP))[open_]
    start = _rough_most(k, n, population, critical_value(confidence_level))
    root = increasing_roots(
        lambda m, places: newton(m, open_[places]),
        np.clip(start, k, most)[open_],
        close=step / 4,
        left=k[open_],
        right=most[open_],
    )
    most[open_] = largest_accepted(
        np.clip(np.floor(root), k[open_], most[open_] - step),
        step,
        lambda m, places: accepts(m, open_[places]),
    )
    return most


def _rough_most(k: Floats, n: Floats, population: Floats, z: float) -> Floats:
    """As if drawn with replacement, with a variance smaller by the finite population's factor."""
    factor = np.sqrt((population - n) / population)
    log_odds = -rough_log_odds(n - k + 0.5, k + 0.5, -z * factor)
    return np.asarray(population * expit(log_odds))


def hypergeometric_tail(k: Floats, n: Floats, m: Floats, population: Floats) -> Floats:
    """P(X <= k) for n of a population with M successes, shape (G,); k from 0 to n."""
    certain, never = k >= np.minimum(n, m), k < n - (population - m)
    found = np.where(certain, 1.0, 0.0)
    some = ~(certain | never)
    log_p, _ = _log_probability(k[some], n[some], m[some], population[some], 0)
    found[some] = np.exp(log_p)
    return found


def _log_probability(
    k: Floats, n: Floats, m: Floats, population: Floats, uncounted: float
) -> tuple[Floats, Floats]:
    """
    The logarithm of ``P(X <= k) - uncounted P(X = k)``, and by how much it falls from M to M + 1.

    One of those who are not successes becomes one: that moves X from k to k + 1 if that person
    is among the n - k of the sample.
    """
    terms = _terms_outwards(k, n, m, population) - uncounted
    below = k * (population - m - n + k) / (m - k + 1)  # (n - k + 1) P(X = k - 1) / P(X = k)
    leaving = (1 - uncounted) * (n - k) + uncounted * below
    log_p = _log_term(k, n, m, population) + np.log(terms)
    return np.fmin(log_p, 0), leaving / (population - m) / terms  # nothing finite: P is 1


def _terms_outwards(k: Floats, n: Floats, m: Floats, population: Floats) -> Floats:
    """``P(X <= k) / P(X = k)``, the sum of the terms from k down; not finite if it overflows."""
    total, last, x = np.ones_like(k), np.ones_like(k), k.copy()
    adding, width = np.flatnonzero(k > 0), _TERMS
    while adding.size:
        at = x[adding, None] - np.arange(width)
        size, successes, others = (
            n[adding, None],
            m[adding, None],
            (population - n - m)[adding, None],
        )
        ratios = np.maximum(at, 0) / (size - at + 1)
        ratios *= np.maximum(others + at, 0) / (successes - at + 1)
        with np.errstate(over="ignore", invalid="ignore"):
            terms = last[adding, None] * np.cumprod(ratios, axis=1)
            total[adding] += np.cumsum(terms, axis=1)[:, -1]
        last[adding] = terms[:, -1]
        x[adding] -= width
        adding = adding[(last > _NEGLIGIBLE * total)[adding] & np.isfinite(total[adding])]
        width = min(2 * width, _MOST_TERMS)
    return total


def _log_term(k: Floats, n: Floats, m: Floats, population: Floats) -> Floats:
    """The logarithm of P(X = k), from three binomial probabilities (Loader 2000)."""
    p, q = n / population, (population - n) / population
    return (
        _log_binomial(k, m, p, q)
        + _log_binomial(n - k, population - m, p, q)
        - _log_binomial(n, population, p, q)
    )


def _log_binomial(x: Floats, size: Floats, p: Floats, q: Floats) -> Floats:
    """The logarithm of C(size, x) p^x q^(size - x); *size* and *x* need not be whole."""
    rest = size - x
    logs = np.where(x > 0, size * np.log(p), size * np.where(p < 0.5, np.log1p(-p), np.log(q)))
    inner = (x > 0) & (rest > 0)
    x, rest, size, p, q = x[inner], rest[inner], size[inner], p[inner], q[inner]
    logs[inner] = (
        stirling_error(size)
        - stirling_error(x)
        - stirling_error(rest)
        - _deviance(x, size * p)
        - _deviance(rest, size * q)
        + np.log(size / x / rest / (2 * np.pi)) / 2
    )
    return logs


def stirling_error(x: Floats) -> Floats:
    """The logarithm of x! over Stirling's formula."""
    far, near = np.maximum(x, 15), np.minimum(x, 15)
    series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / far**2) / far**2) / far**2) / far
    exact = gammaln(near + 1) - (near + 0.5) * np.log(near) + near - np.log(2 * np.pi) / 2
    return np.asarray(np.where(x < 15, exact, series))


def _deviance(x: Floats, mean: Floats) -> Floats:
    """``x log(x / mean) + mean - x``, by its series where the two are close."""
    v = (x - mean) / (x + mean)
    near = np.clip(v, -0.1, 0.1)
    series = np.zeros_like(x)
    for odd in range(19, 1, -2):
        series = series * near**2 + 1 / odd
    series = (x - mean) * near + 2 * x * near**3 * series
    return np.where(np.abs(v) < 0.1, series, x * np.log(x / mean) + mean - x)
