"""An example of every kind of result in each of its shapes, for the contract that all of them keep."""

from collections.abc import Callable

from custfocus.comparisons import compare
from custfocus.indices import csat, nps, top_box
from custfocus.progress import scorecard, verdict
from custfocus.responses import Scale, Tally
from custfocus.results import Result
from custfocus.vocabulary import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Statement,
    Target,
)

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


FOCUS = CustomerFocus(
    "City",
    customers=[Customer("residents", "Residents"), Customer("staff", "Staff")],
    statements=[Statement("slow", "residents", "I waited.", source="call", supports=["help"])],
    needs=[Need("help", "residents", "help"), Need("tools", "staff", "tools", spoken=False)],
    requirements=[Requirement("reach", "help", "easy to reach", spoken=False)],
    measures=[PerformanceMeasure("wait", "reach", "Wait", unit="minutes")],
)


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
    "verdict, one sample": lambda: verdict(csat([5, 4, 4, 2, 5]), Target.at_least(60)),
    "verdict, labelled": lambda: verdict(csat(labelled()), Target.between(40, 85)),
    "verdict, chosen": lambda: verdict(csat(compound()), Target.at_most(90)).sel(shop="a", wave=2),
    "no measure": lambda: scorecard(FOCUS, {})["wait"],
    "gaps": FOCUS.gaps,
    "gaps, of one kind": lambda: FOCUS.gaps().sel(gap="never heard"),
    "voice": lambda: FOCUS.voice("residents"),
}
