"""From answers to counts: scales, scorings and tallies."""

from custfocus.responses.groups import Groups
from custfocus.responses.scale import Answer, Scale
from custfocus.responses.scoring import Boxes, Scoring, Unit
from custfocus.responses.tally import Tally

__all__ = ["Answer", "Boxes", "Groups", "Scale", "Scoring", "Tally", "Unit"]
