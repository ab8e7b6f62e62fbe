"""Surveys with a design: how respondents were drawn, their weighted answers, waves together."""

from custfocus.surveys.calibration import Calibration
from custfocus.surveys.replicate_weights import ReplicateWeights
from custfocus.surveys.stacking import stack
from custfocus.surveys.survey_design import SurveyDesign
from custfocus.surveys.survey_tally import SurveyTally

__all__ = ["Calibration", "ReplicateWeights", "SurveyDesign", "SurveyTally", "stack"]
