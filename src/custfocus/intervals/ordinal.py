"""
Two samples of ordered answers, compared by order alone: no scores are assumed for the points.

The difference is the chance that an answer of the first sample is the better one less the chance
that it is the worse one, ``delta = sum_ij p_i q_j sgn(i - j)``: Somers' d of two groups, known as
net benefit too, and 2 theta - 1 for the Mann-Whitney probability theta with half of the ties.

The interval inverts the score test: it holds all delta that ``X² <= z²`` accepts, where X² is
Pearson's statistic of the counts against the probabilities p and q that maximise the likelihood
among those with this delta. These are

    p_i = a_i / (m + lambda (R_i - delta)),    R_i = sum_j q_j sgn(i - j),
    q_j = b_j / (n + lambda (S_j - delta)),    S_j = sum_i p_i sgn(i - j),              (1)

so to themselves they are a sum of two means, with the scores R and S that they themselves give;
and X² is then the squared score statistic of that sum (`squared_statistic`). So the limits of the
sum (`sum_limits`) are taken for the scores of the samples, the scores are renewed by its
probabilities, and so on until nothing moves. On two points R and S do not depend on p and q, and
it is Miettinen and Nurminen's interval.

References:
    Ryu and Agresti (2008), Statistics in Medicine 27, 1703-1717.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from custfocus.errors import OptionError, TallyError
from custfocus.intervals.arguments import (
    ConfidenceInterval,
    Floats,
    check_flag,
    critical_value,
    is_finite_number,
    sample_sizes,
    whole_numbers,
)
from custfocus.intervals.columns import blocks, column_sum, ratio
from custfocus.intervals.sums import ScoredSample, restricted_shares, shared_multiplier

_CLOSE = 1e-12  # a move of any share that is no longer one
_LEAST_GAP = 1e-12  # of the scores' sum to the null: more, once the shares have settled
_LONG = 60  # steps, after which half of each is taken, so that they do not lead to and fro
_MOST_STEPS = 500  # ten are usual; a few answers at a high level have taken 171


def ordinal_difference(counts_a: ArrayLike, counts_b: ArrayLike) -> Floats:
    """
    How much oftener an answer of the first sample is the better one than the worse one.

    Of all pairs of an answer of the one and an answer of the other, the share in which the first
    is higher less the share in which it is lower. It is 1 where all of the first lie above all
    of the second, and 0 where the two are alike.

    Args:
        counts_a: Answers of the first sample on each point, from the lowest to the highest,
            whole numbers; shape (..., K). The leading axes are groups.
        counts_b: Answers of the second sample; its groups broadcast with those of *counts_a*.

    Returns:
        Differences in [-1, 1] of the groups' shape. NaN where either sample of a group in a
        batch is empty. Half of one more is the probability that an answer of the first is the
        higher one, ties counted half.

    Raises:
        TallyError: Counts that are negative or fractional, of fewer than two points or not of
            the same ones, or don't broadcast; a single sample with n = 0.

    References:
        Munzel and Hauschke (2003), Pharmaceutical Statistics 2, 31-37: 24, 37, 21, 19, 6 against
        11, 51, 22, 21, 7, where the second sample is the higher one with probability .5442.

    >>> new, active = [24, 37, 21, 19, 6], [11, 51, 22, 21, 7]
    >>> print(f"{(1 + ordinal_difference(active, new)) / 2:.4f}")
    0.5442
    """
    pair = _Ordered.of(counts_a, counts_b)
    return pair.shaped(_difference(pair.a, pair.b))


def ordinal_difference_interval(
    counts_a: ArrayLike,
    counts_b: ArrayLike,
    *,
    confidence_level: float = 0.95,
    correction: bool = True,
) -> ConfidenceInterval:
    """
    The score interval for `ordinal_difference`.

    On two points it is Miettinen and Nurminen's interval, or Mee's without the correction. It
    lies within [-1, 1], contains the difference of the samples and always has a width.

    Args:
        counts_a: Answers of the first sample, shape (..., K); see `ordinal_difference`.
        counts_b: Answers of the second sample, likewise.
        confidence_level: Two-sided, in (0, 1).
        correction: Whether the variance is multiplied by N / (N - 1), N the answers in both
            samples, as Miettinen and Nurminen do.

    Returns:
        Limits of the groups' shape; for the probability of superiority take half of one more.
        NaN where either sample of a group in a batch is empty.

    Raises:
        TallyError: What `ordinal_difference` raises.
        OptionError: A confidence level outside (0, 1), or a correction that is no flag.

    References:
        Ryu and Agresti (2008), Statistics in Medicine 27, 1703-1717. Example on two points: 56
        of 70 against 48 of 80, Newcombe (1998), Statistics in Medicine 17, 873-890, table II,
        .0528 to .3382.

    >>> low, high = ordinal_difference_interval([14, 56], [32, 48])
    >>> print(f"{low:.4f} to {high:.4f}")
    0.0528 to 0.3382
    """
    pair = _Ordered.of(counts_a, counts_b)
    z2 = critical_value(confidence_level) ** 2 * pair.factor(correction=correction)
    low, high = _lower_limit(pair.a, pair.b, z2), -_lower_limit(pair.b, pair.a, z2)
    return ConfidenceInterval(pair.shaped(low), pair.shaped(high))


def ordinal_difference_p_value(
    counts_a: ArrayLike,
    counts_b: ArrayLike,
    *,
    null: float = 0,
    correction: bool = True,
) -> Floats:
    """
    The two-sided p-value of the score test that `ordinal_difference` is *null*.

    It is less than 1 - confidence_level exactly when *null* lies outside the interval. That no
    answer is oftener better than worse is less than that the two are distributed alike, which
    the Mann-Whitney test takes for granted.

    Args:
        counts_a: Answers of the first sample, shape (..., K); see `ordinal_difference`.
        counts_b: Answers of the second sample, likewise.
        null: The difference under the hypothesis, between -1 and 1.
        correction: As for the interval.

    Returns:
        P-values of the groups' shape. NaN where either sample of a group is empty.

    Raises:
        OptionError: A *null* that is not between -1 and 1.
        CustfocusError: What `ordinal_difference_interval` raises.

    References:
        Ryu and Agresti (2008), Statistics in Medicine 27, 1703-1717. Example on two points,
        where without the correction it is Pearson's chi-square test: 56 of 70 against 48 of 80.

    >>> float(ordinal_difference_p_value([14, 56], [32, 48], correction=False).round(6))
    0.008045
    """
    if not is_finite_number(null) or not -1 < null < 1:
        raise OptionError(f"null must lie between -1 and 1, got {null!r}")
    pair = _Ordered.of(counts_a, counts_b)
    factor = pair.factor(correction=correction)
    value = _difference(pair.a, pair.b)
    squared = np.zeros_like(value)
    above, below = value > null, value < null
    squared[above] = _statistic(pair.a[:, above], pair.b[:, above], null)
    squared[below] = _statistic(pair.b[:, below], pair.a[:, below], -null)
    return pair.shaped(2 * ndtr(-np.sqrt(squared / factor)))


def ordinal_shares(counts_a: ArrayLike, counts_b: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """
    In what share of all pairs an answer of the first sample is the higher, the same, the lower.

    Args:
        counts_a: Answers of the first sample, shape (..., K); see `ordinal_difference`.
        counts_b: Answers of the second sample, likewise.

    Returns:
        Three shares, which add up to 1, each of the groups' shape; NaN where either sample of a
        group in a batch is empty.

    Raises:
        TallyError: What `ordinal_difference` raises.

    >>> higher, same, lower = ordinal_shares([1, 1, 2], [2, 2, 0])
    >>> float(higher), float(same), float(lower)
    (0.625, 0.25, 0.125)
    """
    pair = _Ordered.of(counts_a, counts_b)
    pairs = column_sum(pair.a) * column_sum(pair.b)
    up_to: Floats = np.cumsum(pair.b, axis=0)
    parts = (up_to - pair.b, pair.b, up_to[-1] - up_to)
    higher, same, lower = (pair.shaped(column_sum(pair.a * part) / pairs) for part in parts)
    return higher, same, lower


def ordinal_standard_error(counts_a: ArrayLike, counts_b: ArrayLike) -> Floats:
    """
    The standard error of `ordinal_difference`, from the placements of each sample in the other.

    Args:
        counts_a: Answers of the first sample, shape (..., K); see `ordinal_difference`.
        counts_b: Answers of the second sample, likewise.

    Returns:
        Of the groups' shape; infinite where one of the samples is a single answer, NaN where it
        is empty. 0 where all answers are alike: the interval does not rest on it.

    Raises:
        TallyError: What `ordinal_difference` raises.

    References:
        Brunner and Munzel (2000), Biometrical Journal 42, 17-25.

    >>> float(ordinal_standard_error([14, 56], [32, 48]).round(4))
    0.0732
    """
    pair = _Ordered.of(counts_a, counts_b)
    p, q = ratio(pair.a, column_sum(pair.a)), ratio(pair.b, column_sum(pair.b))
    variance = _placement_variance(pair.a, _lead(q)) + _placement_variance(pair.b, _lead(p))
    return pair.shaped(np.sqrt(variance))


class _Ordered(NamedTuple):
    """Two samples of the same groups, checked: counts (K, G), for those with answers in both."""

    a: Floats
    b: Floats
    some: Floats  # 1 for these groups, NaN for those without; in the shape of the groups

    @classmethod
    def of(cls, counts_a: ArrayLike, counts_b: ArrayLike) -> "_Ordered":
        """Checked; an error for other points and for groups that do not broadcast."""
        one, other = whole_numbers(counts_a, "counts_a"), whole_numbers(counts_b, "counts_b")
        shapes = one.shape[-1:], other.shape[-1:]
        if shapes[0] != shapes[1] or not shapes[0] or shapes[0][0] < 2:
            raise TallyError(
                "the counts of the two samples must have one column for each of the same two "
                f"points or more, got shapes {one.shape} and {other.shape}"
            )
        try:
            one, other = np.broadcast_arrays(one, other)
        except ValueError:
            raise TallyError(
                "the groups of the two samples must broadcast, got counts of shapes "
                f"{one.shape} and {other.shape}"
            ) from None
        sizes = [sample_sizes(np.asarray(counts.sum(axis=-1))) for counts in (one, other)]
        some = np.where((sizes[0] > 0) & (sizes[1] > 0), 1.0, np.nan)
        chosen = (counts[some == 1].reshape(-1, *shapes[0]).T for counts in (one, other))
        a, b = map(np.ascontiguousarray, chosen)
        return cls(a, b, some)

    def factor(self, *, correction: bool) -> Floats:
        """N / (N - 1), or 1 without the correction."""
        check_flag(correction, "correction")
        total = column_sum(self.a) + column_sum(self.b)
        return total / (total - 1) if correction else np.ones_like(total)

    def shaped(self, values: Floats) -> Floats:
        """Values of the groups with answers in the shape of all; NaN for the others."""
        found = self.some.copy()
        found[self.some == 1] = values
        return found


def _lead(weights: Floats) -> Floats:
    """For each point what lies below it less what lies above it, rows from -1 on to 1; (K, G)."""
    up_to: Floats = np.cumsum(weights, axis=0)
    lead: Floats = up_to - weights - (up_to[-1] - up_to)
    return lead


def _difference(a: Floats, b: Floats) -> Floats:
    """The difference of counts or shares (K, G)."""
    pairs = column_sum(a) * column_sum(b)
    return np.clip(column_sum(a * _lead(b)) / pairs, -1, 1)


def _placement_variance(counts: Floats, placed: Floats) -> Floats:
    """The variance of a sample's mean placement; infinite for a single answer."""
    n = column_sum(counts)
    mean = column_sum(counts * placed) / n
    squares = column_sum(counts * (placed - mean) ** 2)
    return np.where(n > 1, squares / (n * np.maximum(n - 1, 1)), np.inf)


def _lower_limit(a: Floats, b: Floats, z2: Floats) -> Floats:
    """The lower limits of counts (K, G) for squared critical values (G,)."""
    value = _difference(a, b)
    low = value.copy()
    for block in blocks(len(z2)):
        off = np.flatnonzero(value[block] > -1) + block.start  # at -1 nothing lies below
        _, shares = _restricted(a[:, off], b[:, off], z2[off], None)
        low[off] = np.minimum(_difference(*np.split(shares, 2)), value[off])
    return low


def _statistic(a: Floats, b: Floats, null: float) -> Floats:
    """X² of counts (K, G) for a difference below theirs."""
    squared = np.zeros(a.shape[1])
    for block in blocks(len(squared)):
        nothing = np.zeros_like(squared[block])
        squared[block], _ = _restricted(a[:, block], b[:, block], nothing, nothing + null)
    return squared


def _restricted(a: Floats, b: Floats, z2: Floats, null: Floats | None) -> tuple[Floats, Floats]:
    """
    X² and the likeliest shares, where X² is *z2* or the difference is *null*.

    Args:
        a: Counts of the first sample, shape (K, G).
        b: Those of the second sample, not all of them above the first.
        z2: Squared critical values, shape (G,); zeros for a null.
        null: Differences below those of the samples, shape (G,), or None.

    Returns:
        X², shape (G,), and the shares of both samples, one below the other, shape (2 K, G).
    """
    shares = np.concatenate([ratio(a, column_sum(a)), ratio(b, column_sum(b))])
    squared, moving, step = z2.copy(), np.arange(len(z2)), 0
    image_before, move_before = np.full_like(shares, np.nan), np.full_like(shares, np.nan)
    while moving.size and step < _MOST_STEPS:
        aim = None if null is None else null[moving]
        now = shares[:, moving]
        squared[moving], image = _renewed(a[:, moving], b[:, moving], now, z2[moving], aim)
        move = (image - now) / (1 if step < _LONG else 2)
        image = now + move
        before = image_before[:, moving], move_before[:, moving]
        shares[:, moving] = _further(image, move, *before)
        image_before[:, moving], move_before[:, moving] = image, move
        moving, step = moving[np.abs(move).max(axis=0) > _CLOSE], step + 1
    return squared, shares


def _renewed(
    a: Floats, b: Floats, shares: Floats, z2: Floats, null: Floats | None
) -> tuple[Floats, Floats]:
    """X² and the likeliest shares for the scores that some shares give; see `_restricted`."""
    p, q = np.split(shares, 2)
    one, other = ScoredSample(_lead(q), a), ScoredSample(-_lead(p)[::-1], b[::-1])
    samples = [one, other]
    if null is None:
        multiplier = shared_multiplier(samples, z2, np.zeros_like(z2))
        squared = z2
    else:
        gap = np.maximum(one.mean + other.mean - null - _difference(p, q), _LEAST_GAP)
        multiplier = shared_multiplier(samples, z2, gap)
        squared = np.divide(gap, multiplier, out=np.full_like(gap, np.inf), where=multiplier > 0)
    found = [restricted_shares(sample, multiplier) for sample in samples]
    return squared, np.concatenate([found[0], found[1][::-1]])


def _further(image: Floats, move: Floats, image_before: Floats, move_before: Floats) -> Floats:
    """
    Where two moves lead if they go on as they began, or the image where that is no shares.

    Of moves that shrink by one factor it is the place where they end (Anderson's acceleration).
    """
    turn = move - move_before
    weight = ratio(column_sum(turn * move), column_sum(turn * turn))
    onward = image - weight * (image - image_before)
    sound = (onward >= 0).all(axis=0)
    sound &= column_sum(move * move) < column_sum(move_before * move_before)
    return np.where(sound, onward, image)
