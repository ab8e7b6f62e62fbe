"""Who is served, what they need, what they require and how that is measured."""

from custfocus.vocabulary.channel import Channel
from custfocus.vocabulary.findings import Gap, Gaps, Practice, Practices, Voice
from custfocus.vocabulary.focus import CustomerFocus
from custfocus.vocabulary.improvement import Improvement
from custfocus.vocabulary.measure import IndexOfItems, PerformanceMeasure
from custfocus.vocabulary.parties import Customer, Stakeholder
from custfocus.vocabulary.service import Activity, Service
from custfocus.vocabulary.sheets import focus_of_sheets
from custfocus.vocabulary.target import Target
from custfocus.vocabulary.terms import (
    Aspect,
    ChannelKind,
    Form,
    Frequency,
    ImprovementKind,
    Interest,
    Relation,
    RequirementKind,
    ServiceKind,
    Stage,
)
from custfocus.vocabulary.voice import Need, Requirement, Statement

__all__ = [
    "Activity",
    "Aspect",
    "Channel",
    "ChannelKind",
    "Customer",
    "CustomerFocus",
    "Form",
    "Frequency",
    "Gap",
    "Gaps",
    "Improvement",
    "ImprovementKind",
    "IndexOfItems",
    "Interest",
    "Need",
    "PerformanceMeasure",
    "Practice",
    "Practices",
    "Relation",
    "Requirement",
    "RequirementKind",
    "Service",
    "ServiceKind",
    "Stage",
    "Stakeholder",
    "Statement",
    "Target",
    "Voice",
    "focus_of_sheets",
]
