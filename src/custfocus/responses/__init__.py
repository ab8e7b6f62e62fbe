"""From answers to counts: scales, scorings, tallies and how the respondents were drawn."""

from custfocus.responses.design import Lonely, SurveyDesign
from custfocus.responses.groups import Groups
from custfocus.responses.pairs import PairTally
from custfocus.responses.scale import Answer, Scale
from custfocus.responses.scoring import Boxes, Scoring, Unit
from custfocus.responses.tally import Tally

__all__ = [
    "Answer",
    "Boxes",
    "Groups",
    "Lonely",
    "PairTally",
    "Scale",
    "Scoring",
    "SurveyDesign",
    "Tally",
    "Unit",
]
