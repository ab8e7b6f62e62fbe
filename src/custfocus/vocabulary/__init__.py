"""Who is served, what they need, what they require and how that is measured."""

from custfocus.vocabulary.findings import Gap, Gaps, Voice
from custfocus.vocabulary.focus import CustomerFocus
from custfocus.vocabulary.measure import PerformanceMeasure, Target
from custfocus.vocabulary.parties import Customer, Stakeholder
from custfocus.vocabulary.service import Activity, Service
from custfocus.vocabulary.terms import Aspect, Form, Interest, Relation, RequirementKind
from custfocus.vocabulary.voice import Need, Requirement, Statement

__all__ = [
    "Activity",
    "Aspect",
    "Customer",
    "CustomerFocus",
    "Form",
    "Gap",
    "Gaps",
    "Interest",
    "Need",
    "PerformanceMeasure",
    "Relation",
    "Requirement",
    "RequirementKind",
    "Service",
    "Stakeholder",
    "Statement",
    "Target",
    "Voice",
]
