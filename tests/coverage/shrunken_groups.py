"""
How often limits of groups that are drawn toward each other hold, and how near their values are.

Run it with ``python tests/coverage/shrunken_groups.py``; it prints the tables of
docs/small-groups.md in a few minutes. Simulated, a share and a mean of five points: true values of
groups are drawn, then answers, then everything is estimated from the answers alone. "The group
furthest off" is, in each sample, the one whose true value is furthest from the mean of the true ones.
"""

import sys
from typing import NamedTuple

import numpy as np

from custfocus import Scale, Scoring, SurveyDesign, Tally, estimate
from custfocus.comparisons import shrink
from custfocus.surveys import SurveyTally

SAMPLES, SURVEYS = 1000, 300
TWO, FIVE = Scale.likert(2), Scale.likert(5)
SHARE, MEAN = Scoring.top_box(TWO, 1), Scoring.mean(FIVE, 1, 5)
SIZES = {
    "5": [5],
    "20": [20],
    "2 to 100": [2, 5, 5, 10, 20, 40, 100],
    "5 to 1000": [5, 10, 30, 1000],
}
LEANING = np.array([0.02, 0.05, 0.13, 0.35, 0.45])  # shares of the five points, "good"
TILTED = np.array([0.12, 0.18, 0.25, 0.25, 0.20])  # and "middling"


def all_alike(generator, groups):
    """Shares that do not differ at all."""
    del generator
    return np.full(groups, 0.7)


def betas(a, b):
    """Shares with a beta distribution."""
    return lambda generator, groups: generator.beta(a, b, groups)


def one_apart(generator, groups):
    """All alike but one, which is far below; the first, which has the fewest answers."""
    del generator
    return np.where(np.arange(groups) == 0, 0.3, 0.75)


def two_kinds(generator, groups):
    """Half of the groups good and half of them bad: nothing like a normal distribution."""
    return np.where(generator.permutation(groups) < groups / 2, 0.5, 0.85)


PATTERNS = {
    "all 70 %": all_alike,
    "70 %, sd 3": betas(163, 70),
    "70 %, sd 10": betas(14, 6),
    "90 %, sd 6.5": betas(18, 2),
    "95 %, sd 5": betas(17.1, 0.9),
    "50 %, sd 22": betas(2, 2),
    "50 or 85 %": two_kinds,
    "one 30, else 75 %": one_apart,
}
SCENARIOS = [
    *((pattern, groups, size) for pattern in PATTERNS for groups in (4, 10, 30) for size in ("5", "20")
      if groups > 4 or not pattern.startswith("one")),
    *((pattern, 30, size) for pattern in ("70 %, sd 10", "90 %, sd 6.5", "one 30, else 75 %")
      for size in ("2 to 100", "5 to 1000")),
]  # fmt: skip
HEADER = """\
| true shares | groups | answers of each | held | held, score | furthest off: held | held, score | width | width, score | error | error, own |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""
SURVEY_HEADER = """\
| true shares | groups | clusters of each | weights, sd of log | held | held, score | width | width, score | error | error, own |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""


class Outcome(NamedTuple):
    """Of one sample: parts that hold, widths and squared errors, shrunken and by itself."""

    held: float
    held_alone: float
    furthest: float
    furthest_alone: float
    width: float
    width_alone: float
    square: float
    square_alone: float


def outcome(e, true):
    """How an estimate and what is drawn from it compare with the true values, as quoted."""
    found = shrink(e)
    furthest = np.abs(true - true.mean()).argmax()
    holds, alone = ((one.low <= true) & (true <= one.high) for one in (found, e))
    return Outcome(
        holds.mean(), alone.mean(), holds[furthest], alone[furthest],
        (found.high - found.low).mean(), (e.high - e.low).mean(),
        ((found.value - true) ** 2).mean(), ((e.value - true) ** 2).mean(),
    )  # fmt: skip


def of_shares(pattern, groups, size, samples=SAMPLES):
    """The mean outcome of samples of a pattern of true shares."""
    generator = np.random.default_rng(20)
    n = np.resize(SIZES[size], groups)
    every = []
    for _ in range(samples):
        true = PATTERNS[pattern](generator, groups)
        yes = generator.binomial(n, true)
        e = estimate(Tally(np.column_stack([n - yes, yes]), TWO), SHARE)
        every.append(outcome(e, 100 * true))
    return Outcome(*np.mean(every, axis=0))


def of_means(groups, size, samples=SAMPLES):
    """The mean outcome of means of five points: groups between good and middling."""
    generator = np.random.default_rng(21)
    n = np.resize(SIZES[size], groups)
    every = []
    for _ in range(samples):
        part = generator.beta(4, 2, groups)[:, None]
        shares = part * LEANING + (1 - part) * TILTED
        e = estimate(Tally(generator.multinomial(n, shares), FIVE), MEAN)
        every.append(outcome(e, shares @ np.arange(1, 6)))
    return Outcome(*np.mean(every, axis=0))


def of_surveys(true_shares, groups, clusters, spread, samples=SURVEYS):
    """The mean outcome of surveys: clusters of five respondents, correlated .1 within, weighted."""
    generator = np.random.default_rng(22)
    group = np.repeat(np.arange(groups), np.resize(clusters, groups))  # of each cluster
    every = []
    for _ in range(samples):
        true = generator.beta(*true_shares, groups)
        share = generator.beta(9 * true[group], 9 * (1 - true[group])).repeat(5)
        answers = 1 + (generator.random(len(share)) < share)
        design = SurveyDesign(
            generator.lognormal(0, spread, len(share)),
            clusters=np.arange(len(group)).repeat(5), strata=group.repeat(5),
        )  # fmt: skip
        tally = SurveyTally.of(answers, design, TWO, by={"district": group.repeat(5)})
        every.append(outcome(estimate(tally, SHARE), 100 * true))
    return Outcome(*np.mean(every, axis=0))


SURVEY_SCENARIOS = [
    ((14, 6), 10, (2, 3, 4), 0.4), ((140, 60), 10, (2, 3, 4), 0.4), ((18, 2), 10, (2, 3, 4), 0.8),
    ((14, 6), 30, (2, 4, 8), 0.4), ((14, 6), 10, (8, 12, 20), 0.4), ((14, 6), 10, (2, 40), 0.4),
]  # fmt: skip


def row(*cells):
    """A row of a table."""
    return f"| {' | '.join(map(str, cells))} |"


def share_row(pattern, groups, size):
    """A row of the table of shares."""
    found = of_shares(pattern, groups, size)
    return row(pattern, groups, size, *_numbers(found))


def mean_row(groups, size):
    """A row for means of five points, in hundredths of a point."""
    found = of_means(groups, size)
    scaled = Outcome(
        *found[:4], *(100 * one for one in found[4:6]), *(1e4 * one for one in found[6:])
    )
    return row("means, in 1/100", groups, size, *_numbers(scaled))


def survey_row(true_shares, groups, clusters, spread):
    """A row of the table of surveys."""
    a, b = true_shares
    share, sd = 100 * a / (a + b), 100 * np.sqrt(a * b / (a + b + 1)) / (a + b)
    of = f"{clusters[0]} or {clusters[1]}" if len(clusters) == 2 else ", ".join(map(str, clusters))
    cells = _numbers(of_surveys(true_shares, groups, clusters, spread))
    return row(f"{share:.0f} %, sd {sd:.1f}", groups, of, spread, *cells[:2], *cells[4:])


def _numbers(found):
    parts = [f"{one:.3f}" for one in found[:4]]
    errors = [f"{one:.1f}" for one in (*found[4:6], *np.sqrt(found[6:]))]
    return [*parts, *errors]


MEANS = [(10, "5"), (30, "20"), (30, "2 to 100")]


def tables():
    """The lines of both."""
    yield from HEADER.splitlines()
    yield from (share_row(*scenario) for scenario in SCENARIOS)
    yield from (mean_row(*scenario) for scenario in MEANS)
    yield ""
    yield from SURVEY_HEADER.splitlines()
    yield from (survey_row(*scenario) for scenario in SURVEY_SCENARIOS)


if __name__ == "__main__":
    for line in tables():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
