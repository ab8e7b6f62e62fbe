"""How far apart two answers of the same respondents are."""

from collections.abc import Sequence

import attrs
import numpy as np
from scipy.special import ndtr

from custfocus.comparisons.compare import check_options
from custfocus.comparisons.comparison import Comparison
from custfocus.errors import OptionError, ScaleError, TallyError
from custfocus.indices.estimate import Estimate, Index, as_index
from custfocus.intervals.arguments import critical_value, finite_population_factor, flat
from custfocus.intervals.columns import column_sum, ratio
from custfocus.intervals.scored_pair import reach, rounding_of_means
from custfocus.intervals.sums import ScoredSample, squared_statistic, sum_limits
from custfocus.responses.independent import correction_factor
from custfocus.responses.pairs import PairTally
from custfocus.responses.population import population_by_key
from custfocus.responses.sample import ComparisonMethod
from custfocus.responses.scoring import Scoring
from custfocus.results.arrays import Counts, Floats
from custfocus.results.text import kind_text


def compare_pairs(
    pairs: PairTally,
    index: Index | Scoring,
    /,
    *,
    method: ComparisonMethod = "score",
    correction: bool = True,
    population: object = None,
) -> Comparison:
    """
    The difference of an index between two answers of the same respondents, a minus b.

    All answers are used: the value is the index of all who answered a minus that of all who
    answered b. Where some gave only one of the two (a panel with drop-outs and newcomers),
    those with both, with a alone and with b alone are three independent samples, and the
    interval takes the covariance of the answers of the first from their pairs. Where all gave
    both it is Tango's interval for shares, and the score interval of the differences for any
    scoring.

    Those who gave only one answer need not make it narrower: with more than a correlation of
    about 1 / (1 + w), w the share of each wave's respondents that gave both, the pairs alone
    (`PairTally.complete`) tell more.

    In a finite population of N members the variance is multiplied by (N - n) / (N - 1), as in
    `compare`. Where all gave both answers n is the number of pairs. Else it is that of the pairs
    that would tell as much: few, where the answers of a respondent are much alike and many gave
    only one, since it is then the change of those not asked that is not known. The limits are held
    to what they can do.

    Args:
        pairs: Counts of pairs and of single answers.
        index: A function that gives the estimate of a sample, such as ``csat`` or
            ``partial(csat, boxes=1, confidence_level=0.9)``, or a Scoring.
        method: ``"score"``, the score interval; the others of `compare` are for independent
            samples.
        correction: Whether the variance is multiplied by N / (N - 1), N the respondents,
            where some gave only one answer: so the interval is that of `compare` where none
            gave both. Pairs alone take no correction, as in Tango's interval.
        population: Size N of a finite population whose members could all have given both
            answers: one number, or sizes by label, see `estimate`.

    Returns:
        The difference, as quoted, at the confidence level of the index.

    Raises:
        ScaleError: A scoring of other points than the pairs'.
        TallyError: A single comparison without answers a or b; no pair tally; a population
            smaller than the respondents, or one that the index brings.
        LabelError: A label without a size, or a size without its label.
        OptionError: An unknown method or one for independent samples; no index, or one that gives
            another result.

    References:
        Tango (1998), Statistics in Medicine 17, 891-908. Example: of 32 respondents 9 passed
        only the one and 3 only the other, table VII: -.027 to .390.

    >>> from functools import partial
    >>> from custfocus import Scale, top_box
    >>> pairs = PairTally([[10, 3], [9, 10]], Scale.likert(2))
    >>> print(compare_pairs(pairs, partial(top_box, boxes=1)))
    difference in top box 18.8 [-2.7, 39.0], a 59.4 minus b 40.6, p = 0.083, n=32 and 32, 32 in both, 95 % score interval
    """
    if not isinstance(pairs, PairTally):
        raise TallyError(
            f"compare_pairs takes a PairTally, got {kind_text(pairs)}; count the pairs of "
            "answers first: compare_pairs(PairTally.of(a, b, scale), index)"
        )
    check_options(method, correction=correction)
    if method != "score":
        raise OptionError(
            f"the method {method!r} is for two independent samples, got pairs of answers of the "
            "same respondents; choose 'score'"
        )
    a, b = _estimates(pairs, index)
    single = np.asarray(pairs.only_a.sum(axis=-1) + pairs.only_b.sum(axis=-1))
    respondents = np.ravel(single + pairs.n)
    factor = np.where(single.ravel() > 0, correction_factor(respondents, correction=correction), 1)
    left = np.ones_like(factor)
    if population is not None:
        sizes = population_by_key(population, pairs.keys, single + pairs.n)
        a, b = _of_population(a, sizes), _of_population(b, sizes)
        left = finite_population_factor(
            effective_pairs(pairs, a.scoring.quoted_scores), sizes.ravel()
        )
    samples = _overlapping(pairs, a.scoring.quoted_scores)
    return _comparison(pairs, a, b, samples, factor=factor, left=left)


def _estimates(pairs: PairTally, index: Index | Scoring) -> tuple[Estimate, Estimate]:
    """The index of a and of b."""
    if isinstance(index, Scoring) and pairs.scale.points != index.scale.points:
        raise ScaleError(
            f"the scoring must be of the pairs' points, got {index.name} of {index.scale} for "
            f"answers on {pairs.scale}"
        )
    of_sample = as_index(index)
    a, b = of_sample(pairs.a), of_sample(pairs.b)
    if not (isinstance(a, Estimate) and isinstance(b, Estimate)):
        raise OptionError(
            f"compare_pairs takes an index that gives an Estimate, got {kind_text(a)}; write "
            "compare_pairs(pairs, mean_score)"
        )
    if a.population is not None or b.population is not None:
        raise TallyError(
            "the population of pairs is that of their respondents, got an index with population=; "
            "write compare_pairs(pairs, index, population=...)"
        )
    return a, b


def _of_population(e: Estimate, sizes: Floats) -> Estimate:
    """The same estimate of finite populations."""
    figures = e.sample.figures(e.scoring, e.method, e.confidence_level, sizes)
    return attrs.evolve(e, **figures._asdict(), population=sizes)


def _overlapping(pairs: PairTally, scores: Floats) -> list[ScoredSample]:
    """Respondents with both answers, with a alone, with b alone; each weighted by its share."""
    order = np.argsort(scores)
    s, points = scores[order], len(scores)
    share_a, share_b = (np.ravel(pairs.n / np.maximum(side.n, 1)) for side in (pairs.a, pairs.b))
    # From the lowest score of a with the highest of b to the reverse
    table = pairs.counts.astype(np.float64).reshape(-1, points, points)[:, order][:, :, order[::-1]]
    apart = s[:, None, None] * share_a - s[::-1][None, :, None] * share_b
    a_alone, b_alone = (
        only.astype(np.float64).reshape(-1, points)[:, order].T
        for only in (pairs.only_a, pairs.only_b)
    )
    return [
        ScoredSample(apart.reshape(points**2, -1), table.reshape(-1, points**2).T),
        ScoredSample(s[:, None] * (1 - share_a), a_alone),
        ScoredSample(s[:, None] * (1 - share_b), b_alone).negated(),
    ]


def _comparison(
    pairs: PairTally,
    a: Estimate,
    b: Estimate,
    samples: Sequence[ScoredSample],
    *,
    factor: Floats,
    left: Floats,
) -> Comparison:
    """
    The comparison of samples whose means add up to the difference.

    The value is the difference of the two estimates to the bit, and the limits are held between
    it and what the population can do, or their ends of the scale, which rounding could cross.

    Args:
        pairs: The respondents.
        a: The estimate that stands first.
        b: That which is taken off.
        samples: Whose means add up to the difference.
        factor: What the correction multiplies the variance by, shape (rows,).
        left: What a finite population leaves of it, likewise; 0 of a census.
    """
    shape, value = pairs.shape, a.value - b.value
    some = np.where(np.isnan(value), np.nan, 1.0)
    open_ = np.where(left > 0, left, 1) * factor
    low, high = sum_limits(samples, critical_value(a.confidence_level) ** 2 * open_)
    least, most = (end.reshape(shape) for end in _reach(a, b))
    known = (left == 0).reshape(shape)
    low = np.where(known, value, np.clip(low.reshape(shape), np.fmin(least, value), value))
    high = np.where(known, value, np.clip(high.reshape(shape), value, np.fmax(most, value)))
    p = 2 * ndtr(-np.sqrt(squared_statistic(samples, 0) / open_)).reshape(shape)
    rounding = rounding_of_means(a.scoring.quoted_scores)
    p = np.where(known | (least > rounding) | (most < -rounding), 0, p)
    same = (value == 0) | (known & (np.abs(value) <= rounding))
    p = np.where(same, 1, p) * some  # whatever rounding leaves of the samples' sum
    variance = np.where(left > 0, sum(map(_variance, samples), np.zeros(1)), 0)
    error = np.sqrt(variance * left).reshape(shape) * some
    together = _correlation(a.standard_error, b.standard_error, error) * some
    labels = zip(("label_a", "label_b"), pairs.names, strict=True)
    keys = attrs.evolve(pairs.keys, fixed=(*pairs.keys.fixed, *labels))
    rows, level = np.arange(keys.rows).reshape(shape), a.confidence_level
    figures = (value, low, high, error, p, some * np.inf, some, together)
    return Comparison(a, b, keys, rows, rows, *figures, pairs.n, confidence_level=level)


def _reach(a: Estimate, b: Estimate) -> tuple[Floats, Floats]:
    """The least and the most that the difference can be, shape (rows,)."""
    (least_a, most_a), (least_b, most_b) = (
        reach(
            e.sample.counts.reshape(-1, len(e.scoring.scores)).astype(np.float64),
            e.scoring.quoted_scores,
            flat(e.population),
        )
        for e in (a, b)
    )
    return least_a - most_b, most_a - least_b


def effective_pairs(pairs: PairTally, scores: Floats) -> Floats:
    """
    How many pairs of answers would tell as much of the difference, shape (rows,).

    With variances u, w and the correlation r of the pairs, c = r sqrt(u w), it is the variance of
    single differences over that of the mean,

        (u + w - 2 c) / (u / n_a + w / n_b - 2 c n_ab / (n_a n_b)),

    which is n where all gave both answers. It is held to no more than the harmonic mean of n_a and
    n_b, so that only a census has none of the variance left, and to 1.
    """
    both, n_a, n_b = (np.ravel(each.n).astype(np.float64) for each in (pairs, pairs.a, pairs.b))
    u, w = (_spread(side.counts, scores) for side in (pairs.a, pairs.b))
    c = _correlation_of_pairs(pairs, scores) * np.sqrt(u * w)
    harmonic = ratio(2 * n_a * n_b, n_a + n_b)
    of_mean = ratio(u, n_a) + ratio(w, n_b) - ratio(2 * c * both, n_a * n_b)
    found = ratio(u + w - 2 * c, of_mean)
    found = np.where(of_mean > 0, np.clip(found, 1, np.maximum(harmonic, 1)), harmonic)
    return np.where((n_a == both) & (n_b == both), both, found)


def _spread(counts: Counts, scores: Floats) -> Floats:
    """The variance of single answers, shape (rows,); 0 for none."""
    columns = counts.reshape(-1, len(scores)).T.astype(np.float64)
    shares = ratio(columns, column_sum(columns))
    mean = column_sum(shares * scores[:, None])
    return column_sum(shares * (scores[:, None] - mean) ** 2)


def _correlation_of_pairs(pairs: PairTally, scores: Floats) -> Floats:
    """Of the two answers of those who gave both, shape (rows,); 0 where either does not vary."""
    one, other = pairs.counts.sum(axis=-1), pairs.counts.sum(axis=-2)
    table = pairs.counts.reshape(-1, len(scores) ** 2).T.astype(np.float64)
    n, off = column_sum(table), scores - scores.mean()
    means = [
        column_sum(side.reshape(-1, len(scores)).T * off[:, None]) / np.maximum(n, 1)
        for side in (one, other)
    ]
    product = column_sum(table * np.outer(off, off).reshape(-1, 1)) / np.maximum(n, 1)
    spreads = _spread(one, scores) * _spread(other, scores)
    return np.clip(ratio(product - means[0] * means[1], np.sqrt(spreads)), -1, 1)


def _variance(sample: ScoredSample) -> Floats:
    """The variance of a sample's mean; infinite for a single answer, 0 for none."""
    n = column_sum(sample.columns)
    shares = ratio(sample.columns, n)
    mean = column_sum(shares * sample.scores)
    spread = column_sum(shares * (sample.scores - mean) ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(n > 1, spread / (n - 1), np.where(n > 0, np.inf, 0))


def _correlation(one: Floats, other: Floats, difference: Floats) -> Floats:
    """Of two estimates, from their standard errors and that of the difference; 0 without any."""
    with np.errstate(divide="ignore", invalid="ignore"):
        # ** gives a single number other bits than one of many
        squares = np.square(one) + np.square(other) - np.square(difference)
        found = squares / (2 * one * other)
    return np.clip(np.where(np.isfinite(found), found, 0.0), -1, 1)
