"""An example of every kind of result in each of its shapes, for the contract that all of them keep."""

from collections.abc import Callable

from custfocus.comparisons import (
    compare,
    compare_pairs,
    funnel,
    homogeneity,
    pairwise,
    rank,
    with_reference,
    with_rest,
)
from custfocus.disclosure import suppress
from custfocus.indices import csat, mean_score, nps, top_box
from custfocus.planning import answers_needed, detectable_change
from custfocus.responses import PairTally, Scale, Tally
from custfocus.results import Result

FIVE = Scale.likert(5, missing=[9, None])
COUNTS = [[2, 1, 4, 20, 30], [0, 0, 0, 0, 7], [0, 0, 0, 0, 0], [5, 5, 5, 5, 5]]
SHOPS = {"shop": ["north", "south", "empty", "east"]}
COMPOUND = {"shop": ["a", "a", "b", "b"], "wave": [1, 2, 1, 2]}


def labelled() -> Tally:
    """Four groups by name, one of them without answers."""
    return Tally(COUNTS, FIVE, [3, 0, 2, 0], by=SHOPS)


def compound() -> Tally:
    """Four groups by two names."""
    return Tally(COUNTS, FIVE, by=COMPOUND)


def paired() -> PairTally:
    """Pairs of answers in two groups, one of which has none."""
    a, b = [5, 4, 3, 9, 1, 2], [5, 5, 9, 3, 2, 2]
    return PairTally.of(a, b, FIVE, by={"shop": ["n", "n", "s", "n", "s", "n"]})


EXAMPLES: dict[str, Callable[[], Result]] = {
    "tally, one sample": lambda: Tally.of([5, 4, 9, None, 1], FIVE),
    "tally, labelled": labelled,
    "tally, numbered": lambda: Tally(COUNTS, FIVE),
    "tally, compound": compound,
    "tally, no rows": lambda: labelled()[:0],
    "tally, items": lambda: Tally.of({"q1": [5, 4, 1], "q2": [3, 9, 2]}, FIVE, by=["x", None, "x"]),
    "estimate, one sample": lambda: csat([5, 4, 4, 2, 5]),
    "estimate, chosen": lambda: csat(labelled()).sel(shop="south"),
    "estimate, labelled": lambda: csat(labelled()),
    "estimate, numbered": lambda: nps(Tally([[0] * 5 + [1, 2, 3, 4, 5, 6]] * 25, Scale.range(0, 10))),
    "estimate, compound": lambda: top_box(compound(), boxes=1),
    "estimate, finite population": lambda: csat(labelled(), population=200),
    "comparison, one": lambda: compare(csat([5, 4, 4, 2, 5]), csat([1, 2, 2, 3])),
    "comparison, rows": lambda: compare(csat(compound()), wave=(2, 1)),
    "comparison, one row lacking": lambda: compare(csat(compound()[:3]), wave=(2, 1)),
    "comparison, pairs of groups": lambda: pairwise(csat(labelled())),
    "comparison, pairs within": lambda: pairwise(csat(compound()), across="shop"),
    "comparison, no pairs": lambda: pairwise(csat(labelled())[:1]),
    "comparison, the rest": lambda: with_rest(csat(labelled()), adjustment="none"),
    "comparison, a reference": lambda: with_reference(csat(labelled()), shop="south"),
    "comparison, numbered": lambda: pairwise(csat(Tally(COUNTS, FIVE))),
    "comparison, paired": lambda: compare_pairs(paired(), mean_score),
    "comparison, one paired": lambda: compare_pairs(paired()[0], mean_score),
    "pairs, one sample": lambda: PairTally.of([5, 4, 9, 1], [5, 9, 9, 2], FIVE),
    "pairs, labelled": paired,
    "pairs, numbered": lambda: PairTally([[[1, 2], [3, 4]], [[0, 0], [0, 0]]], Scale.likert(2)),
    "ranks, labelled": lambda: rank(csat(labelled())),
    "ranks, within": lambda: rank(csat(compound()), across="wave"),
    "funnel, labelled": lambda: funnel(csat(labelled())),
    "homogeneity, one": lambda: homogeneity(csat(labelled())),
    "homogeneity, blocks": lambda: homogeneity(csat(compound()), across="shop"),
    "suppressed": lambda: suppress(csat(labelled()), minimum=10),
    "detectable change, one": lambda: detectable_change(csat([5, 4, 4, 2, 5] * 20)),
    "detectable change, rows": lambda: detectable_change(csat(labelled())),
    "answers needed, one": lambda: answers_needed(csat([5, 4, 4, 2, 5]), margin=5),
    "answers needed, rows": lambda: answers_needed(csat(labelled()), margin=5),
}
