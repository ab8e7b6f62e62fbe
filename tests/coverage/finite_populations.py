"""
How often statements about the members of finite populations are right: groups, panels, designs.

Run it with ``python tests/coverage/finite_populations.py``; it prints four Markdown tables in about
two minutes. Members are drawn without being put back from populations whose answers are known, so
that it is known what is true of them. Beside each figure with ``population=`` stands that without.

The seeds are fixed. A chance near .05 has a standard error of .0034 in the first table and in the
third, with 4,000 draws, and of .007 in the second, with 1,000. The last table is exact.
"""

import sys
from collections.abc import Iterator
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np
from enumeration import markdown
from numpy.typing import NDArray
from scipy.special import gammaln

from custfocus import Scale, Scoring, SurveyDesign, Tally, estimate
from custfocus.comparisons import compare_pairs, rank
from custfocus.intervals.k_sample import k_sample_test
from custfocus.responses import PairTally

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

DRAWS, RANK_DRAWS = 4000, 1000
SEED = 2040
ROUNDING = 1e-9

TWO, THREE = Scale.likert(2), Scale.likert(3)
SHARE, NET = Scoring.top_box(TWO, 1), Scoring.net(THREE, positive=1, negative=1)


class Groups(NamedTuple):
    """The members of several populations by their answer, shape (groups, points), and the asked."""

    name: str
    scoring: Scoring
    members: Whole
    asked: Whole

    @property
    def sizes(self) -> Whole:
        """How many members each has."""
        return self.members.sum(axis=1)

    def drawn(self, draws: int) -> Whole:
        """Answers of those who were asked, shape (draws, groups, points)."""
        generator = np.random.default_rng(SEED)
        columns = [
            generator.multivariate_hypergeometric(members, asked, draws)
            for members, asked in zip(self.members, self.asked, strict=True)
        ]
        return np.stack(columns, axis=1)


def shares(parts: list[int], sizes: list[int], asked: list[int]) -> Groups:
    """Groups so many per cent of whose members are satisfied."""
    yes = np.array([part * size // 100 for part, size in zip(parts, sizes, strict=True)])
    members = np.stack([np.array(sizes) - yes, yes], axis=1)
    part = "/".join(map(str, parts if len(set(parts)) > 1 else parts[:1]))
    same = len({*zip(sizes, asked, strict=True)}) == 1
    of = f"{asked[0]} of {sizes[0]} each"
    together = ", ".join(f"{n}/{size}" for n, size in zip(asked, sizes, strict=True))
    name = f"{part} %, {len(sizes)} groups, {of if same else together}"
    return Groups(name, SHARE, members, np.array(asked))


ALIKE = (
    shares([50] * 3, [40] * 3, [20] * 3),
    shares([80] * 3, [40] * 3, [20] * 3),
    shares([80] * 3, [40] * 3, [36] * 3),
    shares([80] * 10, [100] * 10, [50] * 10),
    shares([80] * 10, [100] * 10, [90] * 10),
    shares([90] * 3, [400, 40, 100], [20, 20, 80]),
    shares([80] * 3, [40, 40, 100], [40, 20, 50]),
    shares([80] * 4, [40, 20, 100, 60], [40, 20, 50, 30]),
    Groups("NPS 50, unlike spread, 3 groups, 40 of 80 each", NET,
           np.array([[20, 0, 60], [0, 40, 40], [10, 20, 50]]), np.array([40] * 3)),
    Groups("NPS 50, unlike spread, 3 groups, 72 of 80 each", NET,
           np.array([[20, 0, 60], [0, 40, 40], [10, 20, 50]]), np.array([72] * 3)),
)  # fmt: skip
RANKED = (
    shares([80] * 6, [100] * 6, [50] * 6),
    shares([80] * 6, [100] * 6, [90] * 6),
    shares([60, 70, 75, 80, 85, 90], [100] * 6, [50] * 6),
    shares([60, 70, 75, 80, 85, 90], [100] * 6, [80] * 6),
    shares([60, 70, 75, 80, 85, 90], [100] * 6, [95] * 6),
    shares([60, 70, 75, 80, 85, 90], [100] * 6, [100, 95, 80, 60, 40, 20]),
)


def homogeneity_rows(draws: int = DRAWS) -> Iterator[list[str]]:
    """How often equal means are rejected at the level .05."""
    for case in ALIKE:
        counts = case.drawn(draws).astype(np.float64)
        sizes = np.broadcast_to(case.sizes.astype(np.float64), counts.shape[:2])
        tests = (
            k_sample_test(counts, case.scoring.quoted_scores, population)
            for population in (sizes, None)
        )
        yield [case.name, *(f"{(test.p_value < 0.05).mean():.3f}" for test in tests)]


def rank_rows(draws: int = RANK_DRAWS) -> Iterator[list[str]]:
    """How often all ranges of ranks hold the true ones at 95 %, and how many ranks they have."""
    for case in RANKED:
        counts = case.drawn(draws)
        groups = len(case.members)
        value = case.members @ case.scoring.quoted_scores / case.sizes
        first = 1 + (value > value[:, None] + ROUNDING).sum(axis=1)
        last = (value >= value[:, None] - ROUNDING).sum(axis=1)
        by = {
            "draw": np.repeat(np.arange(draws), groups),
            "group": np.tile(np.arange(groups), draws),
        }
        tally = Tally(counts.reshape(-1, counts.shape[-1]), case.scoring.scale, by=by)
        members = dict(zip(tally.keys, np.tile(case.sizes, draws).tolist(), strict=True))
        cells = [case.name]
        for population in (members, None):
            found = rank(estimate(tally, case.scoring, population=population), across="group")
            low, high = (each.reshape(draws, groups) for each in (found.rank_low, found.rank_high))
            held = ((low <= first) & (last <= high)).all(axis=1)
            cells += [f"{held.mean():.3f}", f"{(high - low + 1).mean():.2f}"]
        yield cells


class Panel(NamedTuple):
    """The members of a population by both of their answers, and how many gave which."""

    name: str
    scoring: Scoring
    members: Whole
    both: int
    first: int
    second: int

    def drawn(self, draws: int) -> PairTally:
        """A row for each draw."""
        generator = np.random.default_rng(SEED)
        points = len(self.members)
        left = np.tile(self.members.ravel(), (draws, 1))
        parts: list[Whole] = []
        for number in (self.both, self.first, self.second):
            taken = [generator.multivariate_hypergeometric(row, number) for row in left]
            parts.append(np.array(taken).reshape(draws, points, points))
            left -= parts[-1].reshape(draws, -1)
        both, first, second = parts
        return PairTally(both, self.scoring.scale, first.sum(axis=2), second.sum(axis=1))


UNLIKE, LIKE = np.array([[20, 30], [10, 40]]), np.array([[28, 22], [2, 48]])
STEADY = np.array([[12, 3, 1], [2, 20, 6], [1, 5, 50]])
PANELS = tuple(
    Panel(f"{name}, {both} + {first} + {second} of 100", scoring, members, both, first, second)
    for name, scoring, members in (
        ("share, little alike", SHARE, UNLIKE),
        ("share, much alike", SHARE, LIKE),
        ("NPS, much alike", NET, STEADY),
    )
    for both, first, second in ((50, 0, 0), (90, 0, 0), (30, 20, 20), (60, 15, 15))
)


def panel_rows(draws: int = DRAWS) -> Iterator[list[str]]:
    """How often the interval of the change holds it at 95 %, and how wide it is."""
    for case in PANELS:
        pairs, scores = case.drawn(draws), case.scoring.quoted_scores
        change = float((case.members.sum(axis=1) - case.members.sum(axis=0)) @ scores)
        change /= float(case.members.sum())
        cells = [case.name]
        for population in (int(case.members.sum()), None):
            found = compare_pairs(pairs, case.scoring, population=population)
            held = (found.low <= change + ROUNDING) & (change - ROUNDING <= found.high)
            cells += [f"{held.mean():.3f}", f"{(found.high - found.low).mean():.1f}"]
        yield cells


def chances(asked: int, successes: int, members: int) -> Floats:
    """The hypergeometric chances of 0, 1 ... successes among those asked."""

    def choose(total: int, part: Floats) -> Floats:
        possible = (part >= 0) & (part <= total)
        inner = np.where(possible, part, 0)
        logs = gammaln(total + 1) - gammaln(inner + 1) - gammaln(total - inner + 1)
        return np.where(possible, np.exp(logs), 0)

    k = np.arange(asked + 1.0)
    ways = choose(successes, k) * choose(members - successes, asked - k)
    return np.asarray(ways / choose(members, np.array(float(asked))))


STRATA = (
    ((8, 10), (6, 8)),
    ((5, 10), (15, 30)),
    ((10, 10), (10, 40)),
    ((10, 100), (10, 20)),
)


def design_rows() -> Iterator[list[str]]:
    """The mean and the least coverage at 95 % of all populations of two strata, and the width."""
    for strata in STRATA:
        (n, members), (m, others) = strata
        name = " and ".join(f"{asked} of {size}" for asked, size in strata)
        cells, spread = [name], partial(np.repeat, repeats=[n, m])
        for known in (True, False):
            fields = {"population": spread([members, others])} if known else {}
            design = SurveyDesign(
                spread([members / n, others / m]), strata=spread([0, 1]), **fields
            )
            low, high = np.empty((n + 1, m + 1)), np.empty((n + 1, m + 1))
            for k, j in product(range(n + 1), range(m + 1)):
                answers = 1 + np.r_[np.arange(n) < k, np.arange(m) < j]
                found = estimate(answers, SHARE, design=design)
                low[k, j], high[k, j] = found.low / 100, found.high / 100
            held, width = [], []
            for yes, more in product(range(members + 1), range(others + 1)):
                weight = np.outer(chances(n, yes, members), chances(m, more, others))
                truth = (yes + more) / (members + others)
                inside = (low <= truth + ROUNDING) & (truth - ROUNDING <= high)
                held.append(float(weight[inside].sum()))
                width.append(float((weight * (high - low)).sum()))
            cells += [f"{np.mean(held):.3f}", f"{min(held):.3f}", f"{np.mean(width):.3f}"]
        yield cells


def tables() -> Iterator[str]:
    """The four tables."""
    yield markdown(["groups that are alike", "`population=`", "without"], "lrr", homogeneity_rows())
    titles = [
        f"{what}, {how}" for how in ("`population=`", "without") for what in ("held", "ranks")
    ]
    yield markdown(["ranks", *titles], "lrrrr", rank_rows())
    titles = [
        f"{what}, {how}" for how in ("`population=`", "without") for what in ("held", "width")
    ]
    yield markdown(["panel", *titles], "lrrrr", panel_rows())
    figures = ("mean", "least", "width")
    titles = [f"{what}, {how}" for how in ("`population=`", "without") for what in figures]
    yield markdown(["asked in two strata", *titles], "lrrrrrr", design_rows())


if __name__ == "__main__":
    for table in tables():
        sys.stdout.write(table + "\n\n")
