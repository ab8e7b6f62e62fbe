"""Comparing two groups, two waves, two answers of the same respondents."""

import reprlib
from collections.abc import Callable, Iterable, Sequence

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from custfocus.errors import ScaleError, TallyError, choose
from custfocus.indices.comparison import Comparison, ComparisonMethod
from custfocus.intervals.arguments import ConfidenceInterval, Floats, critical_value, sample_sizes
from custfocus.intervals.score import mean_score
from custfocus.intervals.sums import Sample, squared_statistic, sum_limits
from custfocus.responses.pairs import PairTally
from custfocus.responses.scale import Scale
from custfocus.responses.scoring import Scoring, as_scoring
from custfocus.responses.tally import Tally


def compare(
    a: Tally | Iterable[object],
    b: Tally | Iterable[object],
    scoring: Scoring,
    *,
    method: ComparisonMethod = "score",
    confidence_level: float = 0.95,
    paired: bool = False,
    correction: bool = True,
) -> Comparison:
    """
    The difference of an index between two groups or two waves, a minus b.

    Args:
        a: A tally or the answers themselves; of any group shape.
        b: Likewise; its groups broadcast with those of *a* (one control against many).
        scoring: What each point counts; on the points of both.
        method: ``"score"``, the score interval (see `score_interval_difference`).
        confidence_level: Two-sided, in (0, 1).
        paired: Whether a and b are answers of the same respondents in the same order (two
            waves, or expected and perceived). Whoever misses one of them is left out and
            counted as missing; `compare_pairs` uses those as well.
        correction: Whether the variance of independent samples is multiplied by N / (N - 1),
            as Miettinen and Nurminen do.

    Returns:
        The difference, as quoted.

    Raises:
        ScaleError: A scoring of other points than the answers'.
        TallyError: A single comparison without answers; groups that don't broadcast; tallies
            where pairs of answers are called for.
        AnswerError: Answers off the scale.
        OptionError: An unknown method, or a confidence level outside (0, 1).

    Example: 56 of 70 against 48 of 80, Newcombe (1998), Statistics in Medicine 17, 873-890,
    table II, where Miettinen and Nurminen's interval is .0528 to .3382.

    >>> from custfocus import Scale
    >>> scoring = Scoring.top_box(Scale.likert(2), 1)
    >>> compare(Tally([14, 56], scoring.scale), Tally([32, 48], scoring.scale), scoring)
    difference in top box 20.0 [5.3, 33.8], p = 0.008, n=70 and 80, 95 % score interval
    """
    as_scoring(scoring)
    if paired:
        if isinstance(a, Tally) or isinstance(b, Tally):
            raise TallyError(
                "a tally does not tell whose answers belong together: pass the answers "
                "themselves, or a PairTally to compare_pairs"
            )
        pairs = PairTally.of(a, b, scoring.scale).complete()
        return compare_pairs(pairs, scoring, method=method, confidence_level=confidence_level)
    one, other = _broadcast(_tally(a, scoring), _tally(b, scoring))
    scores = scoring.quoted_scores
    samples = [Sample.of(_floats(one), scores), Sample.of(_floats(other), -scores)]
    none = np.zeros(one.shape, dtype=np.int64)
    factor = _factor(one.n + other.n, correction=correction)
    blank = Comparison(none, none, none, none, one, other, none, scoring, method, confidence_level)
    return _filled(blank, samples, factor)


def compare_pairs(
    pairs: PairTally,
    scoring: Scoring,
    *,
    method: ComparisonMethod = "score",
    confidence_level: float = 0.95,
    correction: bool = True,
) -> Comparison:
    """
    The difference of an index between two answers of the same respondents, a minus b.

    All answers are used: the value is the index of everybody who answered a minus that of
    everybody who answered b. Where some gave only one of the two (a panel with drop-outs and
    newcomers), those with both, with a alone and with b alone are three independent samples,
    and the interval takes the covariance of the answers of the first from their pairs. Where
    everybody gave both it is Tango's interval for shares, and the score interval of the
    differences for any scoring.

    Whoever gave only one answer need not make it narrower: with more than a correlation of
    about 1 / (1 + w), w the share of each wave's respondents that gave both, the pairs alone
    (`PairTally.complete`) tell more.

    Args:
        pairs: Counts of pairs and of single answers, for one sample or groups of any shape.
        scoring: What each point counts.
        method: ``"score"``, the score interval.
        confidence_level: Two-sided, in (0, 1).
        correction: Whether the variance is multiplied by N / (N - 1), N the respondents,
            where some gave only one answer: so the interval is `compare`'s where nobody gave
            both. Pairs alone take no correction, as in Tango's interval.

    Returns:
        The difference, as quoted.

    Raises:
        ScaleError: A scoring of other points than the pairs'.
        TallyError: A single comparison without answers a or b; no pair tally.
        OptionError: An unknown method, or a confidence level outside (0, 1).

    References:
        Tango (1998), Statistics in Medicine 17, 891-908. Example: of 32 respondents 9 passed
        only the one and 3 only the other, table VII: -.027 to .390.

    >>> from custfocus import Scale
    >>> scoring = Scoring.top_box(Scale.likert(2), 1)
    >>> compare_pairs(PairTally([[10, 3], [9, 10]], scoring.scale), scoring)
    difference in top box 18.8 [-2.7, 39.0], p = 0.083, n=32 and 32, 32 in both, 95 % score interval
    """
    if not isinstance(pairs, PairTally):
        raise TallyError(f"expected a PairTally, got {reprlib.repr(pairs)}; see PairTally.of")
    as_scoring(scoring)
    _check_points(pairs.scale, scoring)
    single = pairs.only_a.sum(axis=-1) + pairs.only_b.sum(axis=-1)
    factor = np.where(single > 0, _factor(single + pairs.n, correction=correction), 1)
    none = np.zeros(pairs.shape)
    blank = Comparison(
        none, none, none, none, pairs.a, pairs.b, pairs.n, scoring, method, confidence_level
    )
    return _filled(blank, _overlapping(pairs, scoring.quoted_scores), factor)


def _overlapping(pairs: PairTally, scores: Floats) -> list[Sample]:
    """Respondents with both answers, with a alone, with b alone; each weighted by its share."""
    order = np.argsort(scores)
    s, rows = scores[order], len(scores)
    share_a, share_b = ((pairs.n / np.maximum(tally.n, 1)).ravel() for tally in (pairs.a, pairs.b))
    # From the lowest score of a with the highest of b to the reverse
    table = pairs.counts.astype(np.float64).reshape(-1, rows, rows)[:, order][:, :, order[::-1]]
    both = Sample(
        (s[:, None, None] * share_a - s[::-1][None, :, None] * share_b).reshape(rows**2, -1),
        table.reshape(-1, rows**2).T,
    )
    a_alone, b_alone = (
        only.astype(np.float64).reshape(-1, rows)[:, order].T
        for only in (pairs.only_a, pairs.only_b)
    )
    return [
        both,
        Sample(s[:, None] * (1 - share_a), a_alone),
        Sample(s[:, None] * (1 - share_b), b_alone).negated(),
    ]


def _filled(blank: Comparison, samples: Sequence[Sample], factor: Floats) -> Comparison:
    """
    The comparison with its numbers, from the samples whose means add up to them.

    The value is the difference of the two estimates to the bit, and the limits are held between
    it and their ends of the scale, which rounding could cross.
    """
    limits = choose("method", blank.method, _LIMITS)
    for tally in (blank.a, blank.b):
        sample_sizes(tally.n.astype(np.float64))
    quoted = blank.scoring.quoted_scores
    value = mean_score(_floats(blank.a), quoted) - mean_score(_floats(blank.b), quoted)
    low, high = limits(samples, critical_value(blank.confidence_level) ** 2 * factor.ravel())
    p_value = 2 * ndtr(-np.sqrt(squared_statistic(samples, 0) / factor.ravel()))
    p_value = p_value.reshape(value.shape)
    p_value = np.where(value == 0, 1, p_value)  # whatever rounding leaves of the samples' sum
    least, most = blank.bounds
    return attrs.evolve(
        blank,
        value=value,
        low=np.clip(low.reshape(value.shape), least, value),  # NaN where the value is
        high=np.clip(high.reshape(value.shape), value, most),
        p_value=np.where(np.isnan(value), np.nan, p_value),
    )


def _tally(answers: Tally | Iterable[object], scoring: Scoring) -> Tally:
    tally = answers if isinstance(answers, Tally) else Tally.of(answers, scoring.scale)
    _check_points(tally.scale, scoring)
    return tally


def _check_points(scale: Scale, scoring: Scoring) -> None:
    if scale.points != scoring.scale.points:
        raise ScaleError(
            f"the scoring must be of the answers' points, got {scoring.name} of "
            f"{scoring.scale} for answers on {scale}"
        )


def _broadcast(a: Tally, b: Tally) -> tuple[Tally, Tally]:
    try:
        shape = np.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        raise TallyError(
            f"the groups of a and b must broadcast, got the shapes {a.shape} and {b.shape}"
        ) from None
    return _spread(a, shape), _spread(b, shape)


def _spread(tally: Tally, shape: tuple[int, ...]) -> Tally:
    counts = np.broadcast_to(tally.counts, (*shape, tally.counts.shape[-1]))
    return Tally(counts, tally.scale, np.broadcast_to(tally.missing, shape))


def _floats(tally: Tally) -> Floats:
    return tally.counts.astype(np.float64)


def _factor(total: NDArray[np.int64], *, correction: bool) -> Floats:
    """N / (N - 1), or 1 without the correction and where there is nobody."""
    return np.maximum(total, 1) / np.maximum(total - 1, 1) if correction else np.ones(total.shape)


_LIMITS: dict[str, Callable[[Sequence[Sample], Floats], ConfidenceInterval]] = {"score": sum_limits}
