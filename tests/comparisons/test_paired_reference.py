"""
Comparisons against numbers that nobody of this project computed, and against a slow definition.

Where everybody gave both answers: papers, R's PropCIs and statsmodels. Where some gave only one
there is nothing to look up, and the definition itself is worked out in decimal numbers.
"""

import json
from decimal import Decimal
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar

from custfocus.comparisons import compare, compare_pairs
from custfocus.indices import estimate
from custfocus.responses import PairTally, Scale, Scoring, Tally
from score_oracle import Oracle, Sample

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


class Waves(NamedTuple):
    """Pairs of answers, answers a alone and answers b alone on points worth *scores*."""

    counts: list[list[int]]
    only_a: list[int]
    only_b: list[int]
    scores: list[float]

    @property
    def pairs(self) -> PairTally:
        return PairTally(self.counts, Scale.likert(len(self.scores)), self.only_a, self.only_b)

    def limits(self, confidence_level: float, *, correction: bool) -> tuple[float, float]:
        """Of those with both answers, with a alone, with b alone, each with what it adds to d."""
        scores = [Decimal(score) for score in self.scores]
        n = sum(map(sum, self.counts))
        share_a, share_b = (Decimal(n) / (n + sum(only)) for only in (self.only_a, self.only_b))
        apart = [share_a * s - share_b * t for s in scores for t in scores]
        samples = (
            Sample([*chain(*self.counts)], apart),
            Sample(self.only_a, [(1 - share_a) * s for s in scores]),
            Sample(self.only_b, [-(1 - share_b) * s for s in scores]),
        )
        single = any(self.only_a) or any(self.only_b)
        oracle = Oracle(tuple(one for one in samples if one.n))
        return oracle.limits(confidence_level, correction=correction and single)


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
    theirs = waves.limits(level, correction=correction)
    # Off by a unit or two of the last place (2e-16); granted are ten
    granted = 2e-15 * (max(waves.scores) - min(waves.scores))
    np.testing.assert_allclose([ours.low, ours.high], theirs, rtol=0, atol=granted)
