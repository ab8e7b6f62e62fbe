"""How many more answers would give definite verdicts, for many verdicts at once."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from custfocus.indices.estimate import Estimate
from custfocus.progress.looks import Looks, limits_by_size
from custfocus.responses.sample import LimitsBySize
from custfocus.responses.tally import Tally
from custfocus.results.arrays import Flags, Floats
from custfocus.vocabulary.target import Target

_LARGEST_SAMPLE = 1e15  # larger than any survey, and float64 still counts the answers one by one


class Open(NamedTuple):
    """
    Estimates whose verdicts are open, each of shape (rows,).

    Attributes:
        n: Answers.
        value: The index.
        low: Its lower limit.
        high: Its upper limit.
        least: The lower end of the target, infinite where there is none.
        most: The upper end, likewise.
        largest: How many answers there can be at the most.
    """

    n: Floats
    value: Floats
    low: Floats
    high: Floats
    least: Floats
    most: Floats
    largest: Floats

    @classmethod
    def of(cls, estimate: Estimate, target: Target) -> "Open":
        """The rows of one estimate."""
        n, population = np.ravel(estimate.n).astype(np.float64), estimate.population
        largest = np.full_like(n, _LARGEST_SAMPLE) if population is None else np.ravel(population)
        value, low, high = map(np.ravel, (estimate.value, estimate.low, estimate.high))
        least, most = (np.full_like(n, end) for end in target.bounds)
        return cls(n, value, low, high, least, most, largest)


def more_answers(
    judged: Sequence[tuple[Estimate, Target]], lacking: Sequence[Flags], looks: Looks | None = None
) -> list[Floats]:
    """
    The answers that the open rows of each estimate lack, likewise; 0 elsewhere.

    Estimates of one kind, such as those of a scorecard on one scale, are gone through together.

    Args:
        judged: The estimates with their targets.
        lacking: Which rows of each are open, of its shape.
        looks: How often one looks; the limits of the estimates are those for it.
    """
    found = [np.zeros(flags.shape) for flags in lacking]
    kinds: dict[Hashable, list[int]] = defaultdict(list)
    for place, ((estimate, _), flags) in enumerate(zip(judged, lacking, strict=True)):
        if flags.any():
            kind = _kind(estimate) if looks is None else None
            kinds[place if kind is None else kind].append(place)
    for places in kinds.values():
        chosen = [_chosen(judged[place][0], lacking[place]) for place in places]
        parts = [Open.of(one, judged[place][1]) for one, place in zip(chosen, places, strict=True)]
        rows = Open(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        more = answers_lacking(rows, _limits_by_size(chosen, looks))
        ends = np.cumsum([len(part.n) for part in parts])[:-1]
        for place, own in zip(places, np.split(more, ends), strict=True):
            found[place][lacking[place]] = own
    return found


def answers_lacking(rows: Open, limits_at: LimitsBySize) -> Floats:
    """
    The fewest answers, beyond those there are, at which every row has a definite verdict.

    The interval shrinks around the value as answers are added, so "definite" is monotone: the
    number is enclosed around a guess and then found by bisection, whatever the interval's
    method. Infinite where no number would do.
    """

    def definite(size: Floats) -> Flags:
        low, high = limits_at(size)
        inside = (low >= rows.least) & (high <= rows.most)
        return np.asarray(inside | (high < rows.least) | (low > rows.most))

    n, most = rows.n, rows.largest
    never, guess = ~definite(most), _guess(rows)
    too_few, enough = n, np.clip(np.ceil(1.05 * guess) + 1, n, most)
    while (growing := ~never & ~definite(enough)).any():
        too_few = np.where(growing, enough, too_few)
        enough = np.where(growing, np.minimum(2 * enough, most), enough)
    lower = np.clip(np.floor(0.95 * guess) - 1, too_few, enough)
    too_few, enough = _halves(definite(lower), lower, too_few, enough)
    while (~never & (enough - too_few > 1)).any():
        middle = np.floor((too_few + enough) / 2)
        too_few, enough = _halves(definite(middle), middle, too_few, enough)
    return np.where(never, np.inf, enough - n)


def _kind(estimate: Estimate) -> Hashable | None:
    """What estimates of plain answers must share to be gone through together; None for others."""
    if not isinstance(estimate.sample, Tally) or estimate.population is not None:
        return None
    scores = tuple(estimate.scoring.quoted_scores.tolist())
    return scores, estimate.method, estimate.confidence_level


def _chosen(estimate: Estimate, flags: Flags) -> Estimate:
    return estimate[flags] if estimate.shape else estimate


def _limits_by_size(chosen: Sequence[Estimate], looks: Looks | None) -> LimitsBySize:
    """The limits of all rows of estimates of one kind."""
    first = chosen[0]
    if len(chosen) == 1:
        return limits_by_size(first, looks)
    counts = [np.reshape(one.sample.counts, (-1, len(one.scoring.scale))) for one in chosen]
    sample = Tally(np.concatenate(counts), first.scoring.scale)
    return sample.limits_by_size(
        first.scoring, cast("Any", first.method), first.confidence_level, None
    )


def _halves(
    definite: Flags, middle: Floats, too_few: Floats, enough: Floats
) -> tuple[Floats, Floats]:
    """The part of each range that holds the number."""
    low = np.where(definite, too_few, middle)
    return low, np.where(definite & (middle > too_few), middle, enough)


def _guess(rows: Open) -> Floats:
    """How many answers would do if limits came closer by the square root of their number."""
    found = rows.n
    for edge in (rows.least, rows.most):
        limit = np.where(edge < rows.value, rows.low, rows.high)
        apart = np.abs(edge - rows.value)
        crossed = (rows.low < edge) & (edge < rows.high) & (apart > 0) & np.isfinite(edge)
        ratio = np.abs(limit - rows.value) / np.where(crossed, apart, 1)
        found = np.where(crossed, np.maximum(found, rows.n * ratio**2), found)
    return np.minimum(found, _LARGEST_SAMPLE)
