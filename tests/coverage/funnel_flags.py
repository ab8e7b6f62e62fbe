"""
How often a group that is like all others lies outside a funnel, by exact tails and by the score.

Run it with ``python tests/coverage/funnel_flags.py``. Enumerated: groups of n answers whose share is
that of the center, in per cent; beside them the score limits that many packages draw.
"""

import sys

import numpy as np
from scipy.special import gammaln

from custfocus.intervals.arguments import critical_value
from custfocus.intervals.funnel_limits import share_count_limits

SIZES, SHARES, LEVELS = (20, 50, 200), (0.1, 0.5, 0.9), (0.95, 0.998)


def chances(n, share):
    """The probability of each number of events."""
    k = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return np.exp(ways + k * np.log(share) + (n - k) * np.log1p(-share))


def flagged(n, share, level):
    """Per cent of groups outside by exact tails, and by the score test."""
    k, p = np.arange(n + 1), chances(n, share)
    limits = share_count_limits(np.array([float(n)]), np.array([share]), 1 - level)
    least, most = (one.item() for one in limits)
    arm = critical_value(level) * np.sqrt(n * share * (1 - share))
    exact, score = (k < least) | (k > most), np.abs(k - n * share) > arm
    return 100 * p[exact].sum(), 100 * p[score].sum()


def table():
    """A row for each size and share: both ways at each level."""
    rows = []
    for n in SIZES:
        for share in SHARES:
            cells = [cell for level in LEVELS for cell in flagged(n, share, level)]
            rows.append("| {} | {} | {:.2f} | {:.2f} | {:.2f} | {:.2f} |".format(n, share, *cells))
    return rows


if __name__ == "__main__":
    sys.stdout.write("\n".join([*table(), ""]))
