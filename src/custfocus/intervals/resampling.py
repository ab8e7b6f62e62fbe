"""
Bootstrap intervals: the sample is drawn again from itself, with replacement, thousands of times.

For indices that the score interval does not reach: ratios, medians, ranks, regression weights. From
counts a resample is one multinomial draw, so that its cost does not grow with the number of
answers. From respondents it is a row of weights: how often each of them was drawn.

Where every answer is the same, so is every resample, and the interval has no width. That is the
bootstrap's own fault; the score interval does not share it.

References:
    Efron (1987), JASA 82, 171-185. Efron and Tibshirani (1993), An Introduction to the
    Bootstrap. Davison and Hinkley (1997), Bootstrap Methods and their Application.
"""

import contextlib
import math
import reprlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custfocus.errors import OptionError, TallyError, choose
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    critical_value,
    plain_numbers,
    sample_sizes,
    whole_numbers,
)
from custfocus.intervals.bootstrap_draws import Counts, Drawn, Index, blocks, clustered
from custfocus.intervals.columns import merged_columns
from custfocus.intervals.replicates import METHODS, BootstrapMethod, Limits
from custfocus.intervals.score import finite_scores, matching_counts, mean_score

Seed = np.random.Generator | np.random.SeedSequence | int

_Rows = Callable[[Floats], ArrayLike]  # an index of many samples, a row each


def bootstrap_interval(
    counts: ArrayLike,
    scores: ArrayLike | Callable[[Floats], ArrayLike],
    *,
    method: BootstrapMethod = "bca",
    confidence_level: float = 0.95,
    resamples: int = 9999,
    rng: Seed,
    progress: Callable[[int], object] | None = None,
) -> ConfidenceInterval:
    """
    A bootstrap interval from counts, for the mean of a score or any other index of the counts.

    Every limit is a value that the index has in some resample, or lies between two of them; so
    for a mean score it lies on the scale. The limits meet where all answers are the same, and
    may where a low confidence level leaves few resamples out: `score_interval` is free of this.

    Args:
        counts: Answers on each point, whole numbers; shape (..., K). The leading axes are
            groups. Each is resampled from the same random numbers, so that its limits are
            those that it gets alone.
        scores: The number that each point stands for, shape (K,), for the index
            ``counts @ scores / n``. Or any other index, as a function of counts: it gets an
            array (B, K), each row the counts of a sample of n answers (for ``"bca"`` also of
            n - 1), and gives B finite numbers.
        method: ``"bca"``, percentiles corrected for bias and acceleration, or plain
            ``"percentile"``.
        confidence_level: Two-sided, in (0, 1).
        resamples: How many resamples B are drawn of each group.
        rng: A seed or a NumPy generator; the same seed gives the same limits again (as long
            as NumPy's stream of random numbers stays the same).
        progress: Called with the number of resamples just done, after each block of them;
            ``tqdm(total=resamples).update`` fits one group. All groups do *resamples* each.

    Returns:
        Limits in the unit of the index, each of shape (...). NaN where n is 0 in a batch.

    Raises:
        TallyError: Counts that are negative or fractional or don't match the scores; a single
            sample with n = 0; an index that is not finite for some resample.
        ScaleError: Scores that are not finite or all equal.
        OptionError: An unknown method; a confidence level outside (0, 1); too few resamples for
            it; something that is no seed; an index that does not give a number for each row;
            nearly all resamples on one side of the estimate with ``"bca"``.

    References:
        Efron (1987), JASA 82, 171-185. Example: the percentiles of a resampled proportion are
        those of the binomial distribution; R's ``qbinom(c(.025, .975), 16, 13 / 16)`` gives 10
        and 16.

    >>> low, high = bootstrap_interval([3, 13], [0, 1], method="percentile", rng=1)
    >>> print(f"{16 * low:g} and {16 * high:g} of 16")
    10 and 16 of 16
    """
    request = _Request.of(method, confidence_level, resamples, progress)
    # Every group starts from these words: it gets alone what it gets in any batch.
    seed = _generator(rng).integers(2**32, size=4).tolist()
    index, cells = _index_and_cells(counts, scores)
    n = sample_sizes(np.asarray(cells.sum(axis=-1)))
    if (n >= 2.0**53).any():
        raise TallyError(f"n must be less than 2**53 to be resampled, got {n.max():g}")
    rows, limits = cells.reshape(n.size, cells.shape[-1]), np.full((2, n.size), np.nan)
    # One group at a time costs nothing: its thousands of resamples are what is vectorised.
    for g in np.flatnonzero(n):
        limits[:, g] = request.limits(index, Counts(rows[g], np.random.default_rng(seed)))
    return ConfidenceInterval(*(np.asarray(limit.reshape(n.shape)) for limit in limits))


def bootstrap_respondents(
    values: ArrayLike,
    statistic: Callable[[NDArray[Any], Floats], ArrayLike],
    *,
    clusters: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    method: BootstrapMethod = "bca",
    confidence_level: float = 0.95,
    resamples: int = 9999,
    rng: Seed,
    progress: Callable[[int], object] | None = None,
) -> ConfidenceInterval:
    """
    Bootstrap intervals from the respondents themselves, for any statistic of their answers.

    For what counts cannot tell: several items at once, medians of sums, correlations, regression
    weights, samples in clusters and strata. The limits lie among the values that the statistic
    has in the resamples, and meet where it has but one.

    Args:
        values: Whatever is known of each respondent, shape (n, ...).
        statistic: A function of *values* and of weights (B, n), which tell how often each
            respondent is in each of B samples; it gives B results, shape (B, ...). A mean is
            ``weights @ values / weights.sum(axis=1)``. The jackknife of ``"bca"`` uses it too,
            with weights of 0 for those left out, and in the rest of their stratum a little
            over 1.
        clusters: A label for each respondent, shape (n,); clusters are drawn whole. Without,
            each respondent is one.
        strata: A label for each respondent, shape (n,); each stratum is resampled by itself
            and keeps its number of clusters.
        method: ``"bca"``, percentiles corrected for bias and acceleration, or plain
            ``"percentile"``.
        confidence_level: Two-sided, in (0, 1).
        resamples: How many resamples are drawn.
        rng: A seed or a NumPy generator; the same seed gives the same limits again (as long
            as NumPy's stream of random numbers stays the same).
        progress: Called with the number of resamples just done, after each block of them;
            ``tqdm(total=resamples).update`` fits.

    Returns:
        Limits in the unit of the statistic, each of the shape of one result.

    Raises:
        TallyError: No respondents; labels that are missing or do not fit the respondents; a
            cluster in two strata; a stratum of a single cluster; a statistic that is not finite
            for some resample.
        OptionError: As for `bootstrap_interval`.

    References:
        Davison and Hinkley (1997), Bootstrap Methods and their Application, chapter 3.
        Example: Efron and Tibshirani (1993), An Introduction to the Bootstrap, table 14.2, give
        115.8 to 259.6 at 90 % for the variance of 26 children's test scores.

    >>> tests = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32]
    >>> tests = np.array([*tests, 24, 47, 41, 24, 26, 30, 41])
    >>> def variance(values, weights):
    ...     shares = weights / weights.sum(axis=1, keepdims=True)
    ...     return shares @ values**2 - (shares @ values) ** 2
    >>> low, high = bootstrap_respondents(tests, variance, confidence_level=0.9, rng=1)
    >>> print(f"{low:.0f} to {high:.0f}")
    115 to 259
    """
    request = _Request.of(method, confidence_level, resamples, progress)
    known = np.asarray(values)
    if known.ndim == 0 or not len(known) or np.ma.is_masked(values):
        raise TallyError(
            "values must have a row for each respondent, at least two and none of them masked, got "
            + reprlib.repr(values)
        )
    sample = clustered(len(known), clusters, strata, _generator(rng))
    return request.limits(lambda weights: statistic(known, weights), sample)


class _Request(NamedTuple):
    """What is asked of a sample, whatever it is drawn from."""

    method: Limits
    z: float
    resamples: int
    progress: Callable[[int], object]

    @classmethod
    def of(
        cls,
        method: BootstrapMethod,
        confidence_level: float,
        resamples: int,
        progress: Callable[[int], object] | None,
    ) -> "_Request":
        """Checked; an error for too few resamples."""
        chosen, z = choose("method", method, METHODS), critical_value(confidence_level)
        report = _unnoticed if progress is None else progress
        # The outermost of B resamples stand at the levels 1 / (B + 1) and B / (B + 1).
        least = math.ceil(2 / (1 - confidence_level) * (1 - 1e-12)) - 1
        if not _at_least(least, resamples):
            raise OptionError(
                f"resamples must be a whole number, {least} or more for a confidence_level of "
                f"{confidence_level:g}, got {resamples!r}; 9999 is usual"
            )
        return cls(chosen, z, int(resamples), report)

    def limits(self, rows: _Rows, sample: Drawn) -> ConfidenceInterval:
        """The limits for one sample, each of the shape of the index."""
        index = _checked(rows)
        estimate = index(sample.itself[None])[0]
        replicates = np.concatenate([*self._replicates(index, sample)])
        return self.method(replicates, estimate, lambda: sample.acceleration(index), self.z)

    def _replicates(self, index: Index, sample: Drawn) -> Iterator[Floats]:
        for block in blocks(self.resamples, sample.itself.size):
            yield index(sample.drawn(block.stop - block.start))
            self.progress(block.stop - block.start)


def _at_least(least: int, number: object) -> bool:
    return isinstance(number, int | np.integer) and bool(number >= least)


def _unnoticed(_done: int) -> None:
    """Progress that is not reported."""


def _checked(rows: _Rows) -> Index:
    """The index, with an error where it gives anything but a finite number for each row."""

    def index(samples: Floats) -> Floats:
        """The results, checked."""
        results = plain_numbers(rows(samples), "results of the index")
        if results.shape[:1] != samples.shape[:1]:
            raise OptionError(
                f"the index must give one result for each of the {len(samples)} rows it gets, got "
                f"shape {results.shape}; compute it along the last axis"
            )
        wrong = results[~np.isfinite(results)]
        if wrong.size:
            raise TallyError(
                f"the index must be finite for every resample, got {wrong[0]}; leave out who gave "
                "no answer, and say what it is where it divides by 0"
            )
        return results

    return index


def _index_and_cells(counts: ArrayLike, scores: ArrayLike | _Rows) -> tuple[_Rows, Floats]:
    """The index as a function, and the counts (..., P) that it takes; equal scores are merged."""
    if callable(scores):
        cells = whole_numbers(counts, "counts")
        if cells.ndim == 0:
            raise TallyError(f"counts must have one column for each point, got only {cells:g}")
        return _one_each(scores), cells
    finite = finite_scores(scores)
    table = matching_counts(counts, finite)
    points, columns = merged_columns(table, finite)
    merged = columns.T.reshape(*table.shape[:-1], len(points))
    return lambda samples: mean_score(samples, points), merged


def _one_each(rows: _Rows) -> _Rows:
    """The index, with an error where it gives more than a number for each row of counts."""

    def index(samples: Floats) -> ArrayLike:
        """The results, checked."""
        results = np.asarray(rows(samples))
        if results.ndim > 1:
            raise OptionError(
                f"the index must give one number for each of the {len(samples)} rows it gets, got "
                f"shape {results.shape}; ask for one index at a time"
            )
        return results

    return index


def _generator(rng: Seed | None) -> np.random.Generator:
    with contextlib.suppress(TypeError, ValueError):
        if rng is not None:
            return np.random.default_rng(rng)
    raise OptionError(
        f"rng must be a seed or a NumPy generator, got {rng!r}; a seed, such as 1, gives the same "
        "limits again"
    )
