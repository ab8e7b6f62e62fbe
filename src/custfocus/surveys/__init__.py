"""Surveys with a design: how respondents were drawn, their weighted answers, waves together."""

from custfocus.surveys.replicate_weights import ReplicateWeights
from custfocus.surveys.stacking import stack
from custfocus.surveys.survey_design import SurveyDesign
from custfocus.surveys.survey_tally import SurveyTally

__all__ = ["ReplicateWeights", "SurveyDesign", "SurveyTally", "stack"]
