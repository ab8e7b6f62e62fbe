"""Verdicts on targets, and the scorecard of all measures."""

from custfocus.progress.satisfaction import Satisfaction, State
from custfocus.progress.scorecard import Scorecard, Unmeasured, scorecard
from custfocus.progress.toward import Progress, toward_target
from custfocus.progress.verdict import Standing, Verdict, verdict

__all__ = [
    "Progress",
    "Satisfaction",
    "Scorecard",
    "Standing",
    "State",
    "Unmeasured",
    "Verdict",
    "scorecard",
    "toward_target",
    "verdict",
]
