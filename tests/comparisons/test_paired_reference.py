"""
Comparisons against numbers that nobody of this project computed, and against a slow definition.

Where everybody gave both answers: papers, R's PropCIs and statsmodels. Where some gave only one
there is nothing to look up, so the definition itself is worked out in mpmath, and its restricted
probabilities are held against a general-purpose constrained optimiser.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy.optimize import minimize
from statsmodels.stats.contingency_tables import mcnemar

from custfocus.comparisons import compare, compare_pairs
from custfocus.indices import estimate
from custfocus.responses import PairTally, Scale, Scoring, Tally

TWO = Scale.likert(2)
SHARE = Scoring(TWO, [0, 1], name="share")  # quoted as it is, not in percent


def paired(pairs, scoring, level, **options):
    index = partial(estimate, scoring=scoring, confidence_level=level)
    return compare_pairs(pairs, index, **options)


class Published(NamedTuple):
    """*a_only* said yes to a alone, *b_only* to b alone, of *n*; the limits as printed."""

    source: str
    a_only: int
    b_only: int
    n: int
    low: float
    high: float
    decimals: int
    confidence_level: float = 0.95


# Printed to so many decimals: granted is half a unit of the last one
PUBLISHED = [
    Published("Tango (1998), table VII", 9, 3, 32, -0.027, 0.390, 3),
    Published("Tango (1998), table V", 0, 1, 44, -0.096, 0.037, 3, confidence_level=0.90),
    Published("Agresti and Min (2005)", 16, 8, 86, -0.020, 0.207, 3),
    Published("Fagerland, Lydersen and Laake (2014)", 1, 7, 21, -0.5172, -0.0260, 4),
    Published("Chang et al. (2024)", 25, 2, 102, 0.139, 0.321, 3),
    Published("Tang (2010)", 3, 1, 14, -0.1670, 0.4327, 4),
    Published("Newcombe (1998), limits of Tango's method", 12, 2, 50, 0.0611, 0.3447, 4),
]

# R 4.2.2, PropCIs::scoreci.mp, which iterates to about 3e-7
PROPCIS = json.loads((Path(__file__).parents[1] / "reference" / "r_values.json").read_text())["net"]

# How the answers on which a and b agree are split between yes and no: it must not matter
SPLITS = [0, 0.3, 1]

DISCORDANT = [(9, 3, 20), (0, 1, 43), (16, 8, 62), (1, 7, 13), (25, 2, 75), (40, 40, 0), (1, 0, 0)]


def share_pairs(a_only: int, b_only: int, n: int, split: float) -> PairTally:
    agreed = n - a_only - b_only
    yes = round(split * agreed)
    return PairTally([[agreed - yes, b_only], [a_only, yes]], TWO)


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("known", PUBLISHED, ids=lambda known: known.source)
def test_a_paired_difference_of_shares_has_the_published_limits_of_tango(known, split):
    pairs = share_pairs(known.a_only, known.b_only, known.n, split)
    ours = paired(pairs, SHARE, known.confidence_level)
    assert float(ours) == pytest.approx((known.a_only - known.b_only) / known.n, abs=1e-15)
    granted = 0.5000001 * 10**-known.decimals
    assert (ours.low, ours.high) == pytest.approx((known.low, known.high), abs=granted)


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("known", PROPCIS, ids=lambda known: f"{known['negative']}-{known['n']}")
def test_a_paired_difference_of_shares_has_the_limits_of_propcis(known, split):
    # The package takes the first count from the second
    a_only, b_only = known["negative"], known["positive"]
    ours = compare_pairs(share_pairs(a_only, b_only, known["n"], split), SHARE)
    np.testing.assert_allclose((ours.low, ours.high), known["tango"], rtol=0, atol=3e-7)


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize(("a_only", "b_only", "agreed"), DISCORDANT)
def test_the_p_value_of_paired_shares_is_mcnemars(a_only, b_only, agreed, split):
    pairs = share_pairs(a_only, b_only, a_only + b_only + agreed, split)
    ours = float(compare_pairs(pairs, SHARE).p_value)
    theirs = mcnemar(pairs.counts, exact=False, correction=False).pvalue
    assert ours == pytest.approx(theirs, rel=1e-12, abs=0)


@pytest.mark.parametrize(
    ("correction", "low", "high"), [(False, 0.0533, 0.3377), (True, 0.0528, 0.3382)]
)
def test_independent_shares_have_newcombes_limits_of_mee_and_of_miettinen_and_nurminen(
    correction, low, high
):
    # 56 of 70 against 48 of 80, Newcombe (1998), Statistics in Medicine 17, 873-890, table II
    ours = compare(
        *(estimate(Tally(counts, TWO), SHARE) for counts in ([14, 56], [32, 48])),
        correction=correction,
    )
    assert (ours.low, ours.high) == pytest.approx((low, high), abs=5e-5)


# The definition, slowly

mp.dps = 25
STEPS = 60  # halvings: 1e-18 of what they start from
NOTHING = mpf(10) ** -34  # the square of what the halvings leave of 0


@dataclass(frozen=True)
class Independent:
    """One of the samples whose means add up: counts and what each of them adds to the sum."""

    counts: Sequence[int]
    scores: Sequence[mpf]

    @cached_property
    def n(self) -> int:
        return sum(self.counts)

    @cached_property
    def mean(self) -> mpf:
        return mp.fsum(c * s for c, s in zip(self.counts, self.scores, strict=True)) / self.n

    def restricted(self, beta: mpf) -> list[mpf]:
        """
        The probabilities ``c / (alpha + beta s)`` that add up to 1, beta > 0.

        No denominator is negative. If the sum is less than 1 even at the edge, where that of the
        lowest score is 0 (then nobody chose it), the lowest score takes what is missing.
        """
        lowest = min(self.scores)
        chosen = [(c, beta * s) for c, s in zip(self.counts, self.scores, strict=True) if c]
        edge = -beta * lowest
        below, above = edge, edge + self.n  # the sum is at least 1 at the one, at most at the other
        missing = (
            1 - sum(c / (edge + x) for c, x in chosen)
            if min(x for _, x in chosen) > -edge
            else mpf(-1)
        )
        for _ in range(0 if missing >= 0 else STEPS):
            middle = (below + above) / 2
            if sum(c / (middle + x) for c, x in chosen) > 1:
                below = middle
            else:
                above = middle
        alpha = edge if missing >= 0 else above
        p = [
            c / (alpha + beta * s) if c else mpf(0)
            for c, s in zip(self.counts, self.scores, strict=True)
        ]
        if missing >= 0:
            p[self.scores.index(lowest)] += missing
        return p


def moments(p: Sequence[mpf], scores: Sequence[mpf]) -> tuple[mpf, mpf]:
    mean = mp.fsum(q * s for q, s in zip(p, scores, strict=True))
    return mean, mp.fsum(q * (s - mean) ** 2 for q, s in zip(p, scores, strict=True))


def lower_limit(samples: Sequence[Independent], z2: mpf) -> mpf:
    """
    The smallest sum delta with ``(d - delta)² <= z² (v_1 / n_1 + ...)``.

    The samples share the multiplier beta of the restriction. As it grows from 0 the restricted
    sum falls from d towards the smallest there can be, and passes the limit once.
    """
    d = mp.fsum(sample.mean for sample in samples)
    least = mp.fsum(min(sample.scores) for sample in samples)
    if d == least:
        return least

    def delta_and_outside(beta: mpf) -> tuple[mpf, bool]:
        found = [(*moments(sample.restricted(beta), sample.scores), sample.n) for sample in samples]
        delta = mp.fsum(mean for mean, _, _ in found)
        return delta, (d - delta) ** 2 > z2 * mp.fsum(v / n for _, v, n in found) + NOTHING

    inside, outside = mpf(0), mpf(1)
    while not delta_and_outside(outside)[1]:
        inside, outside = outside, 2 * outside
    for _ in range(STEPS):
        middle = (inside + outside) / 2
        if delta_and_outside(middle)[1]:
            outside = middle
        else:
            inside = middle
    return delta_and_outside(outside)[0]


class Waves(NamedTuple):
    """Pairs of answers, answers a alone and answers b alone on points worth *scores*."""

    counts: list[list[int]]
    only_a: list[int]
    only_b: list[int]
    scores: list[float]

    @property
    def pairs(self) -> PairTally:
        return PairTally(self.counts, Scale.likert(len(self.scores)), self.only_a, self.only_b)

    def samples(self) -> list[Independent]:
        """Those with both answers, with a alone, with b alone, each with what it adds to d."""
        scores = [mpf(score) for score in self.scores]
        n = sum(map(sum, self.counts))
        share_a, share_b = (mpf(n) / (n + sum(only)) for only in (self.only_a, self.only_b))
        drawn = [
            (
                list(chain(*self.counts)),
                [share_a * s - share_b * t for s in scores for t in scores],
            ),
            (self.only_a, [(1 - share_a) * s for s in scores]),
            (self.only_b, [-(1 - share_b) * s for s in scores]),
        ]
        return [Independent(*sample) for sample in drawn if sum(sample[0])]

    def limits(self, confidence_level: float, *, correction: bool) -> tuple[mpf, mpf]:
        single = sum(self.only_a) + sum(self.only_b)
        total = single + sum(map(sum, self.counts))
        z2 = 2 * mp.erfinv(mpf(confidence_level)) ** 2
        z2 *= mpf(total) / (total - 1) if correction and single else 1
        mirrored = [Independent(s.counts, [-score for score in s.scores]) for s in self.samples()]
        return lower_limit(self.samples(), z2), -lower_limit(mirrored, z2)


TABLES = {
    "both kinds of single answers": Waves([[3, 2], [5, 10]], [2, 4], [6, 3], [0, 1]),
    "drop-outs only": Waves([[1, 0, 2], [3, 4, 1], [0, 2, 5]], [2, 3, 4], [0, 0, 0], [-1, 0, 1]),
    "pairs only": Waves([[1, 0, 2], [3, 4, 1], [0, 2, 5]], [0, 0, 0], [0, 0, 0], [1, 2, 5]),
    "no pairs": Waves([[0, 0], [0, 0]], [3, 7], [6, 2], [0, 1]),
    "one pair": Waves([[0, 1], [0, 0]], [3, 7], [6, 2], [0, 1]),
    "everybody says the best": Waves([[0, 0], [0, 6]], [0, 3], [0, 4], [0, 1]),
    "all pairs are equal": Waves([[2, 0, 0], [0, 3, 0], [0, 0, 4]], [1, 0, 2], [0, 2, 1], [1, 2, 3]),
    "as far apart as can be": Waves([[0, 0], [5, 0]], [0, 4], [2, 0], [0, 1]),
    "best and worst by turns": Waves([[0, 4], [3, 0]], [0, 4], [0, 3], [0, 1]),
    "uneven scores, best first": Waves([[2, 0, 1], [0, 0, 3], [1, 0, 0]], [0, 2, 0], [1, 0, 0], [10, 1, 0]),
    "points of equal scores": Waves([[2, 0, 1], [0, 0, 3], [1, 0, 2]], [0, 2, 0], [1, 0, 2], [0, 0, 1]),
    "five points": Waves(
        [[0, 1, 0, 0, 0], [0, 1, 0, 2, 0], [0, 0, 2, 1, 0], [0, 0, 1, 5, 3], [0, 0, 0, 2, 8]],
        [0, 0, 1, 3, 6], [1, 0, 1, 2, 5], [0, 25, 50, 75, 100],
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", range(len(TABLES)), ids=list(TABLES))
def test_partly_overlapping_waves_have_the_limits_of_the_definition(place):
    waves, correction = list(TABLES.values())[place], place % 2 == 0
    level = [0.95, 0.8, 0.99][place % 3]
    scoring = Scoring(waves.pairs.scale, waves.scores)
    ours = paired(waves.pairs, scoring, level, correction=correction)
    theirs = [float(limit) for limit in waves.limits(level, correction=correction)]
    # Off by a unit or two of the last place (2e-16); granted are ten
    granted = 2e-15 * (max(waves.scores) - min(waves.scores))
    np.testing.assert_allclose([ours.low, ours.high], theirs, rtol=0, atol=granted)


@pytest.mark.parametrize("name", ["both kinds of single answers", "one pair", "drop-outs only"])
@pytest.mark.parametrize("beta", [0.5, 20, 500])
def test_the_definitions_probabilities_are_those_of_a_general_optimiser(name, beta):
    samples = TABLES[name].samples()
    ours = [np.array(sample.restricted(mpf(beta)), dtype=float) for sample in samples]
    scores = np.concatenate([np.array(sample.scores, dtype=float) for sample in samples])
    counts = np.concatenate([sample.counts for sample in samples])
    which = np.repeat(np.arange(len(samples)), [len(p) for p in ours])
    sums_to_one = np.array([which == k for k in range(len(samples))], dtype=float)
    delta, chosen = np.concatenate(ours) @ scores, counts > 0
    found = minimize(
        lambda p: -(counts[chosen] * np.log(p[chosen])).sum(),
        np.concatenate([np.full(len(p), 1 / len(p)) for p in ours]),
        jac=lambda p: np.divide(-counts, p, out=np.zeros_like(p), where=chosen),
        method="SLSQP",
        bounds=[(1e-9 if is_chosen else 0, 1) for is_chosen in chosen],
        constraints=[
            {"type": "eq", "fun": lambda p: sums_to_one @ p - 1, "jac": lambda _: sums_to_one},
            {"type": "eq", "fun": lambda p: p @ scores - delta, "jac": lambda _: scores},
        ],
        options={"ftol": 1e-15, "maxiter": 500},
    )
    np.testing.assert_allclose(np.concatenate(ours), found.x, rtol=0, atol=1e-5)
