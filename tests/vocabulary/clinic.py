"""A clinic in the vocabulary, each field set in one of its objects; and errors by their message."""

import re

import pytest

from custfocus.errors import VocabularyError
from custfocus.responses import Scale, Scoring
from custfocus.vocabulary import (
    Activity,
    Customer,
    CustomerFocus,
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
    customers=[STAFF, "patients"],
    stakeholders=["press", COUNCIL],
    activities=[GREET, TREAT],
    description="ground floor",
)
LAB = Service("lab", "Laboratory", customers=["staff"], stakeholders=["council"])
CARE = Need("care", PATIENTS, "care close to home")
CALM = Need("calm", PATIENTS, "to be reassured", spoken=False)
TOOLS = Need("tools", STAFF, "working tools")
QUICK = Requirement("quick", CARE, "a visit within a day", kind="key driver")
KIND = Requirement("kind", CARE, "kindness", spoken=False)
HEARD = Requirement("heard", CALM, "time to talk", kind="want")
UPTIME = Requirement("uptime", TOOLS, "few failures")
SLOW = Statement("slow", PATIENTS, "I waited all day.", source="complaint", supports=[QUICK])
BROKEN = Statement("broken", STAFF, "It broke again.", source="survey", supports=[TOOLS, UPTIME])
SOON = Target.at_most(1, baseline=3, due="2027-12-31")
WAIT = PerformanceMeasure("wait", QUICK, "Days to wait", unit="days", target=SOON)
SEEN = PerformanceMeasure(
    "seen",
    QUICK,
    "Seen the same day",
    item="q1",
    scoring=Scoring.top_box(Scale.likert(5)),
    target=Target.between(90, 100),
    aspect="how much",
)
SMILES = PerformanceMeasure("smiles", KIND, "Smiles")
TALKS = PerformanceMeasure("talks", HEARD, "Talks", target=Target.at_least(1))
FAILURES = PerformanceMeasure("failures", UPTIME, "Failures a month", target=Target.at_most(2))

CLINIC = CustomerFocus(
    "City clinic",
    customers=[PATIENTS, STAFF],
    stakeholders=[COUNCIL, PRESS, UNION],
    services=[OFFICE, LAB],
    statements=[SLOW, BROKEN],
    needs=[CARE, TOOLS, CALM],
    requirements=[KIND, QUICK, UPTIME, HEARD],
    measures=[WAIT, SMILES, SEEN, TALKS, FAILURES],
)
FIELDS = (
    "customers",
    "stakeholders",
    "services",
    "statements",
    "needs",
    "requirements",
    "measures",
)
EVERYTHING = [GREET, TREAT, *(one for field in FIELDS for one in getattr(CLINIC, field))]


def refused(said, error=VocabularyError):
    """The context of a call that is answered with this message and no other."""
    return pytest.raises(error, match=f"^{re.escape(said)}$")
