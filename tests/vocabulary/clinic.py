"""A clinic in the vocabulary, each field set in one of its objects; and errors by their message."""

import re

import attrs
import pytest

from custfocus.errors import VocabularyError
from custfocus.responses import Scale, Scoring
from custfocus.vocabulary import (
    Activity,
    Channel,
    Customer,
    CustomerFocus,
    Improvement,
    Need,
    PerformanceMeasure,
    Requirement,
    Service,
    Stakeholder,
    Statement,
    Target,
)

PATIENTS = Customer("patients", "Patients", description="of the district")
STAFF = Customer("staff", "Other staff", relation="internal", form="entity")
COUNCIL = Stakeholder("council", "City council", interests=["influences", "influenced"])
PRESS = Stakeholder("press", "Press", description="local")
UNION = Stakeholder("union", "Union")
GREET = Activity("greet", "Greet", description="by name")
TREAT = Activity("treat", "Treat")
OFFICE = Service(
    "office",
    "Front office",
    kind="process",
    customers=[STAFF, "patients"],
    stakeholders=["press", COUNCIL],
    activities=[GREET, TREAT],
    description="ground floor",
)
LAB = Service("lab", "Laboratory", customers=["staff"], stakeholders=["council"])
CARE = Need("care", PATIENTS, "care close to home", services=[OFFICE])
CALM = Need("calm", PATIENTS, "to be reassured", services=["office"])
TOOLS = Need("tools", STAFF, "working tools", services=[LAB])
QUICK = Requirement("quick", CARE, "a visit within a day", kind="key driver")
KIND = Requirement("kind", CARE, "kindness", spoken=False)
HEARD = Requirement("heard", CALM, "time to talk", kind="want", spoken=True)
UPTIME = Requirement("uptime", TOOLS, "few failures")
LINE = Channel(
    "line",
    "Complaint line",
    kind="complaint",
    customers=[PATIENTS],
    every="continuous",
    last="2026-05-02",
    two_way=True,
)
POLL = Channel("poll", "Poll", customers=[STAFF, "patients"], every="year", last="2026-03-31")
HALL = Channel("hall", "Waiting room", kind="observation", customers=["patients"])
SLOW = Statement(
    "slow",
    PATIENTS,
    "I waited all day.",
    channel=LINE,
    source="letter",
    on="2026-05-04",
    answered="2026-05-20",
    supports=[CARE, QUICK],
)
PACING = Statement("pacing", "patients", "Many pace.", channel="hall", supports=["calm", KIND])
BROKEN = Statement("broken", STAFF, "It broke again.", source="survey", supports=[TOOLS, UPTIME])
SOON = Target.at_most(1, baseline=3, due="2027-12-31")
WAIT = PerformanceMeasure("wait", QUICK, "Days to wait", unit="days", target=SOON)
SEEN = PerformanceMeasure(
    "seen",
    QUICK,
    "Seen the same day",
    items="q1",
    index=Scoring.top_box(Scale.likert(5)),
    target=Target.between(90, 100),
    aspect="how much",
)
SMILES = PerformanceMeasure("smiles", KIND, "Smiles")
TALKS = PerformanceMeasure("talks", HEARD, "Talks", target=Target.at_least(1))
FAILURES = PerformanceMeasure("failures", UPTIME, "Failures a month", target=Target.at_most(2))
TICKETS = Improvement(
    "tickets",
    "Numbered tickets",
    kind="innovation",
    learned_from=[SLOW, "wait", LINE],
    serves=[QUICK, "greet"],
    stage="done",
    since="2026-05-21",
    owner="Desk",
)
CHAIRS = Improvement("chairs", "More chairs", learned_from=[HALL], serves=["office", LINE])

CLINIC = CustomerFocus(
    "City clinic",
    customers=[PATIENTS, STAFF],
    stakeholders=[COUNCIL, PRESS, UNION],
    services=[OFFICE, LAB],
    channels=[LINE, POLL, HALL],
    statements=[SLOW, PACING, BROKEN],
    needs=[CARE, TOOLS, CALM],
    requirements=[KIND, QUICK, UPTIME, HEARD],
    measures=[WAIT, SMILES, SEEN, TALKS, FAILURES],
    improvements=[TICKETS, CHAIRS],
)
FIELDS = (
    "customers",
    "stakeholders",
    "services",
    "channels",
    "statements",
    "needs",
    "requirements",
    "measures",
    "improvements",
)
EVERYTHING = [GREET, TREAT, *(one for field in FIELDS for one in getattr(CLINIC, field))]


def refused(said, error=VocabularyError):
    """The context of a call that is answered with this message and no other."""
    return pytest.raises(error, match=f"^{re.escape(said)}$")


def rows(result):
    """The rows of a result as tuples."""
    return [tuple(row.values()) for row in result.to_dicts()]


def evolved(**changes):
    """The clinic with some collections changed; without improvements, unless these are given."""
    return attrs.evolve(CLINIC, **{"improvements": [], **changes})
