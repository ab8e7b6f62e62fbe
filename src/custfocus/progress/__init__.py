"""Verdicts on targets, charts over time, and the scorecard of all measures."""

from custfocus.progress.chart import Chart, chart
from custfocus.progress.chart_readings import Readings
from custfocus.progress.satisfaction import Satisfaction, State
from custfocus.progress.scorecard import Scorecard, Unmeasured, scorecard
from custfocus.progress.toward import Progress, toward_target
from custfocus.progress.verdict import Standing, Verdict, verdict

__all__ = [
    "Chart",
    "Progress",
    "Readings",
    "Satisfaction",
    "Scorecard",
    "Standing",
    "State",
    "Unmeasured",
    "Verdict",
    "chart",
    "scorecard",
    "toward_target",
    "verdict",
]
