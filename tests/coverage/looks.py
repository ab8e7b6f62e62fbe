"""
How often a verdict on a sample that grows is ever wrong, with limits for one look and for all.

Run it with ``python tests/coverage/looks.py``. Nothing is simulated: the chance of each path of a
share's sample is added up, look by look, and what was wrong once is taken out.

- At every answer: the chance that some interval of the first 1,000 answers does not hold the share.
- At some looks: the chance of a false "met" where the share lies just short of the target, with
  looks at equal numbers of new answers.
- The price: the width of the intervals, in those of Wilson's.
- The spacing: the chance of a false "met", of normal statistics, where planned looks are not
  equally far apart.
- The averages: what limits at any look would cost with other distributions than Beta(2, 2).
"""

import sys

import numpy as np
from scipy.optimize import brentq
from scipy.special import betaincc, betaln, xlog1py, xlogy

from custfocus.intervals import (
    any_look_evidence,
    any_look_interval,
    planned_looks,
    proportion_interval,
)
from custfocus.intervals.planned_looks import crossing_chances, look_level

LEVEL = 0.95
SHARES, ANSWERS = (0.5, 0.8, 0.9, 0.95, 0.99), 1_000
TARGETS, EACH, LOOKS = (0.6, 0.8, 0.9), 50, (1, 2, 5, 8, 24)
SIZES, OF_SHARES = (30, 100, 500, 2_000), np.array([0.5, 0.8, 0.9, 0.95])
AVERAGES = (1, 2, 3, 5, 8)


def finite(part):
    """The information of five equal steps to this part of all members, n N / (N - n)."""
    asked = np.arange(1, 6) / 5 * part
    return tuple(asked / (1 - asked))


SPACINGS = {
    "equal": (1, 2, 3, 4, 5),
    "twice as many answers each time": (1, 2, 4, 8, 16),
    "ten times as many each time": (1, 10, 100, 1_000, 10_000),
    "four early, one late": (1, 2, 3, 4, 40),
    "equal, half of a finite population in the end": finite(0.5),
    "equal, nine in ten of it in the end": finite(0.9),
    "equal, all but one in a hundred of it": finite(0.99),
}


def grown(chances, share, answers):
    """The chances of each count with so many more answers."""
    for _ in range(answers):
        more = np.zeros(len(chances) + 1)
        more[1:] = share * chances
        more[:-1] += (1 - share) * chances
        chances = more
    return chances


def ever(share, sizes, is_wrong):
    """The chance that something is wrong at one of the sizes of the sample."""
    chances, before, wrong = np.ones(1), 0, 0.0
    for n in sizes:
        chances = grown(chances, share, n - before)
        found = is_wrong(np.arange(n + 1), n)
        wrong += chances[found].sum()
        chances, before = np.where(found, 0, chances), n
    return wrong


def missed_by_wilson(share):
    """Whether Wilson's interval for one look misses the share."""

    def is_wrong(k, n):
        low, high = proportion_interval(k, n, confidence_level=LEVEL)
        return (low > share) | (high < share)

    return is_wrong


def missed_at_any_look(share):
    """Whether the interval for all looks misses the share."""

    def is_wrong(k, n):
        return np.maximum(*any_look_evidence(k, n, share)) > 2 / (1 - LEVEL)

    return is_wrong


def met_by_wilson(target, level=LEVEL):
    """Whether Wilson's lower limit lies above the target, rounding aside."""
    return lambda k, n: proportion_interval(k, n, confidence_level=level).low > target


def met_at_any_look(target):
    """Whether the lower limit for all looks does."""
    return lambda k, n: any_look_evidence(k, n, target).above > 2 / (1 - LEVEL)


def every_answer():
    """A row for each share: how often the two intervals ever miss it."""
    sizes = range(1, ANSWERS + 1)
    for share in SHARES:
        chances = (
            ever(share, sizes, make(share)) for make in (missed_by_wilson, missed_at_any_look)
        )
        yield "| {} | {:.3f} | {:.3f} |".format(share, *chances)


def false_met():
    """A row for each target and number of looks: how often "met" is ever said, and is false."""
    for target in TARGETS:
        for looks in LOOKS:
            sizes = range(EACH, EACH * looks + 1, EACH)
            rules = (
                met_by_wilson(target),
                met_by_wilson(target, look_level(looks, LEVEL)),
                met_at_any_look(target),
            )
            chances = (ever(target, sizes, rule) for rule in rules)
            yield "| {} | {} | {:.3f} | {:.3f} | {:.3f} |".format(target, looks, *chances)


def price():
    """A row for each size: the widths, in those of Wilson's, of shares from .5 to .95."""
    for n in SIZES:
        k = np.round(n * OF_SHARES)
        usual = np.subtract(*proportion_interval(k, n)[::-1])
        planned = [
            np.subtract(*proportion_interval(k, n, confidence_level=look_level(looks, LEVEL))[::-1])
            for looks in (2, 5, 24)
        ]
        anyhow = np.subtract(*any_look_interval(k, n)[::-1])
        ranges = [one / usual for one in (*planned, anyhow)]
        cells = " | ".join(f"{one.min():.2f} to {one.max():.2f}" for one in ranges)
        yield f"| {n:,} | {cells} |"


def spacing():
    """A row for each spacing of five looks."""
    values = planned_looks(5).critical_values.tolist()
    for name, information in SPACINGS.items():
        yield f"| {name} | {crossing_chances(values, information)[-1]:.3f} |"


def lower_limit(k, n, a):
    """The lower limit at any look if the likelihood is averaged over Beta(a, a), by its definition."""

    def log_evidence(share):
        above = np.log(betaincc(k + a, n - k + a, share) / betaincc(a, a, share))
        average = above + betaln(k + a, n - k + a) - betaln(a, a)
        return average - xlogy(k, share) - xlog1py(n - k, -share)

    return brentq(lambda share: log_evidence(share) - np.log(2 / (1 - LEVEL)), 1e-12, k / n)


def averages():
    """A row for each distribution: the widths, in those of Wilson's, over the sizes and shares."""
    for a in AVERAGES:
        widths = []
        for n in SIZES:
            for k in np.round(n * OF_SHARES):
                low, high = proportion_interval(k, n, confidence_level=LEVEL)
                mirrored = 1 - lower_limit(n - k, n, a)
                widths.append((mirrored - lower_limit(k, n, a)) / (high - low))
        yield f"| Beta({a}, {a}) | {min(widths):.2f} to {max(widths):.2f} |"


def tables():
    """The rows of all tables."""
    return [*every_answer(), *false_met(), *price(), *spacing(), *averages()]


if __name__ == "__main__":
    sys.stdout.write("\n".join([*tables(), ""]))
