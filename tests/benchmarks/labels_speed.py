"""
What labels cost: results with keys beside results whose rows are numbered, and beside pandas.

Run it with ``python tests/benchmarks/labels_speed.py``. 100,000 groups on a scale of 0 to 10. With keys
given, indices, comparisons and dictionaries are set against the same without labels; sums of
tallies whose keys were read apart, with half of the labels in both, against the union and
reindexing of pandas for the same counts; making keys of a million rows by texts against
`pandas.factorize`. Each pair is timed in turn; a ratio is the median over the rounds. Last the
seconds for the ranks of 2,000 groups.
"""

import statistics
import time

import numpy as np
import pandas as pd

from custfocus import Scale, Tally, compare, nps
from custfocus.comparisons import rank
from custfocus.results import Keys

GROUPS, ROWS, DISTRICTS, RANKED, ROUNDS = 100_000, 1_000_000, 1_000, 2_000, 15
SCALE = Scale.range(0, 10)
GENERATOR = np.random.default_rng(20_000)


def seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def report(name, ours, theirs, rounds=ROUNDS):
    """A line with the median seconds of both and the median of their ratios."""
    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    mine, its = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"{name:<48} {mine:8.4f} s, beside {its:8.4f} s: {ratio:5.2f}")


def counts(groups=GROUPS):
    return GENERATOR.integers(0, 40, (groups, len(SCALE)))


def names(start=0, groups=GROUPS):
    return [f"shop {number:06d}" for number in range(start, start + groups)]


def keyed():
    """Results with keys given beside results of numbered rows."""
    keys, _ = Keys.of({"shop": names()})
    tables = counts(), counts()
    plain = [Tally(table, SCALE) for table in tables]
    labelled = [Tally(table, SCALE, by=keys) for table in tables]
    report("nps", lambda: nps(labelled[0]), lambda: nps(plain[0]))
    numbered, named = ([nps(tally) for tally in both] for both in (plain, labelled))
    report("compare", lambda: compare(*named), lambda: compare(*numbered), 5)
    report("to_dicts", named[0].to_dicts, numbered[0].to_dicts)
    report("+ of shared keys", lambda: sum(labelled), lambda: sum(plain))


def apart():
    """Sums of tallies whose keys were read apart, half of them in both, beside pandas."""
    tables = counts(), counts()
    labels = names(), names(GROUPS // 2)
    tallies = [
        Tally(table, SCALE, by={"shop": each}) for table, each in zip(tables, labels, strict=True)
    ]
    frames = [
        pd.DataFrame(table, pd.Index(each)) for table, each in zip(tables, labels, strict=True)
    ]

    def united():
        union = frames[0].index.union(frames[1].index)
        return [frame.reindex(union, fill_value=0) for frame in frames]

    total, theirs = sum(tallies), united()
    assert total.keys.labels("shop") == theirs[0].index.tolist()
    assert (total.counts == theirs[0].to_numpy() + theirs[1].to_numpy()).all()
    report("+ of keys read apart, union and reindex", lambda: sum(tallies), united)


def made():
    """Keys of many rows by texts, as different columns hold them, beside pandas."""
    texts = GENERATOR.choice(names(groups=DISTRICTS), ROWS).astype(object)
    for name, column in (
        ("a Series of texts", pd.Series(texts, dtype="str")),
        ("a Series of objects", pd.Series(texts, dtype=object)),
        ("an array of objects", texts),
        ("a list", texts.tolist()),
    ):
        report(f"keys of {name}, factorize", lambda c=column: Keys.of(c), factorized(column), 7)


def factorized(column):
    """pandas' numbers for a column; a list it takes as an array only."""
    if isinstance(column, list):
        return lambda: pd.factorize(np.array(column, dtype=object))
    return lambda: pd.factorize(column)


def ranked():
    estimate = nps(Tally(counts(RANKED), SCALE, by={"shop": names(groups=RANKED)}))
    print(f"ranks of {RANKED:,} groups {seconds(lambda: rank(estimate)):.2f} s")


def main():
    for part in (keyed, apart, made, ranked):
        part()


if __name__ == "__main__":
    main()
