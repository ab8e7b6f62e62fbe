"""
Exact coverage of melded limits for a difference of two samples of few answers.

Every pair of tables is enumerated, as in two_sample_enumeration.py, for two and for three scores at
equal distances on a scale from 0 to 1. Run as a script it prints a table for each, and
docs/coverage.md quotes both; three scores take some minutes.
"""

import sys
from functools import cache, partial

from enumeration import Floats, shares_text
from two_sample_enumeration import Family, Method, enumerated, table_of, three_kinds, two_kinds

from custfocus.intervals import melded_interval_difference, score_interval_difference

SIZES = ((10, 10), (20, 10))


def methods(scores: tuple[float, ...]) -> dict[str, Method]:
    """The methods that the tables compare."""
    return {
        "score": partial(score_interval_difference, scores=scores),
        "mid-p": partial(melded_interval_difference, scores=scores, method="mid-p"),
        "exact": partial(melded_interval_difference, scores=scores, method="exact"),
    }


FAMILIES = {
    "two scores": Family(
        two_kinds, (0, 1), methods((0, 1)), SIZES, 0.8, "both .8 or more", "shares of the higher",
        lambda shares: f"{shares[1]:g}",
    ),
    "three scores": Family(
        three_kinds, (0, 0.5, 1), methods((0, 0.5, 1)), SIZES, 0.8, "both .8 or more",
        "shares from the lowest", shares_text,
    ),
}  # fmt: skip


@cache
def coverage(family: str, method: str, sizes: tuple[int, int]) -> tuple[Floats, Floats]:
    """The coverage and width of a method of FAMILIES, kept; see `enumerated`."""
    return enumerated(FAMILIES[family], method, sizes)


def table(name: str) -> str:
    """The published table of a family."""
    return table_of(FAMILIES[name], partial(coverage, name))


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(map(table, FAMILIES)) + "\n")
