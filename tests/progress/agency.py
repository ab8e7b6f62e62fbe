"""An agency with measures of every kind over time, for the tests of scorecards."""

import numpy as np

from custfocus import (
    Customer,
    CustomerFocus,
    Need,
    PerformanceMeasure,
    Requirement,
    Scale,
    Scoring,
    Service,
    Tally,
    Target,
)
from custfocus.quantities import Observed, proportion
from custfocus.vocabulary import Activity, Channel, Improvement

FIVE = Scale.likert(5)
TOP = Scoring.top_box(FIVE)
QUARTERS = [f"2025-Q{part}" for part in range(1, 5)] + ["2026-Q1", "2026-Q2"]
MONTHS = [f"2025-{month:02d}" for month in range(1, 13)] + ["2026-01", "2026-02"]
WAITS = np.array([24.3, 24.1, 23.4, 21.2, 22.9, 21.9, 20.5, 21.1, 20.4, 19.8, 19, 18.9, 17.3, 17.2])
DESK = Improvement("desk", "New desk", serves=["short"], stage="done", since="2025-08-01")
FORMS = Improvement("forms", "Forms", serves=["clinic"], stage="done", since="2026-07-01")
IDEA = Improvement("idea", "An idea", serves=["online"], learned_from=["poll"])

MEASURES = (
    PerformanceMeasure("kind", "short", "Waited little", items="q1", index=TOP,
                       target=Target.at_least(65)),
    PerformanceMeasure("wait", "short", "Wait", unit="minutes", bounds=(0, None), owner="Desk",
                       source="queue", target=Target.at_most(20, due="2027-12-31")),
    PerformanceMeasure("calls", "heard", "Answered", unit="percent", target=Target.at_least(80)),
    PerformanceMeasure("doses", "clinic", "Doses", unit="doses", aspect="how much"),
    PerformanceMeasure("greeted", "greet", "Greeted", unit="percent", target=Target.at_least(90)),
    PerformanceMeasure("replies", "poll", "Replies", unit="percent", target=Target.at_least(30)),
    PerformanceMeasure("reached", "parents", "Reached", unit="percent"),
)  # fmt: skip


def focus(*measures, improvements=()):
    """The agency with some of its measures, all by default."""
    return CustomerFocus(
        "Clinic",
        customers=[Customer("parents", "Parents"), Customer("schools", "Schools")],
        services=[
            Service("clinic", "Vaccination", activities=[Activity("greet", "Greet")]),
            Service("line", "Phone line", kind="process"),
            Service("idle", "Idle"),
        ],
        needs=[
            Need("vac", "parents", "vaccination", services=["clinic"]),
            Need("know", "parents", "to know", services=["line", "clinic"]),
            Need("calm", "parents", "to be calm"),
        ],
        requirements=[
            Requirement("short", "vac", "a short wait"),
            Requirement("online", "vac", "records online"),
            Requirement("heard", "know", "calls answered"),
        ],
        channels=[Channel("poll", "Poll", customers=["parents"])],
        measures=measures or MEASURES,
        improvements=improvements,
    )


def data():
    """What came for each measure."""
    counts = [[20 - place, 0, 0, 0, 60 + 3 * place] for place in range(6)]
    return {
        "q1": Tally(counts, FIVE, by={"period": QUARTERS}),
        "wait": Observed(WAITS, period=MONTHS),
        "calls": proportion([800 + 10 * place for place in range(14)], 1000, period=MONTHS),
        "doses": Observed([100, 120, 110, 130, 125, 140], period=QUARTERS),
        "greeted": 88.0,
        "replies": 28.0,
        "reached": proportion(70, 100),
    }
