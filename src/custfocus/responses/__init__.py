"""From answers to counts: scales, scorings, tallies and how the respondents were drawn."""

from typing import TYPE_CHECKING

from custfocus.first_use import on_first_use
from custfocus.responses.groups import Groups
from custfocus.responses.scale import Answer, Scale
from custfocus.responses.scoring import Boxes, Scoring, Unit
from custfocus.responses.tally import Tally

if TYPE_CHECKING:
    from custfocus.responses.design import Lonely, SurveyDesign
    from custfocus.responses.pairs import PairTally
    from custfocus.responses.replicate_weights import ReplicateKind, ReplicateWeights
    from custfocus.responses.survey_tally import SurveyTally
    from custfocus.responses.tally_table import TallyTable
else:
    __getattr__ = on_first_use(
        __name__,
        {
            "design": ("Lonely", "SurveyDesign"),
            "pairs": ("PairTally",),
            "replicate_weights": ("ReplicateKind", "ReplicateWeights"),
            "survey_tally": ("SurveyTally",),
            "tally_table": ("TallyTable",),
        },
    )

__all__ = [
    "Answer",
    "Boxes",
    "Groups",
    "Lonely",
    "PairTally",
    "ReplicateKind",
    "ReplicateWeights",
    "Scale",
    "Scoring",
    "SurveyDesign",
    "SurveyTally",
    "Tally",
    "TallyTable",
    "Unit",
]
