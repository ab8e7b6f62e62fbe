"""Verdicts on targets, charts over time, and the scorecard of all measures."""

from custfocus.progress.chart import Chart, chart
from custfocus.progress.chart_readings import Readings
from custfocus.progress.filling import scorecard
from custfocus.progress.reading import Reading
from custfocus.progress.rolling import Rolling, WindowChange, rolling
from custfocus.progress.satisfaction import Satisfaction, State
from custfocus.progress.scorecard import Scorecard
from custfocus.progress.since import ChangeSince
from custfocus.progress.toward import Progress, toward_target
from custfocus.progress.unmeasured import Unmeasured
from custfocus.progress.verdict import Standing, Verdict, verdict

__all__ = [
    "ChangeSince",
    "Chart",
    "Progress",
    "Reading",
    "Readings",
    "Rolling",
    "Satisfaction",
    "Scorecard",
    "Standing",
    "State",
    "Unmeasured",
    "Verdict",
    "WindowChange",
    "chart",
    "rolling",
    "scorecard",
    "toward_target",
    "verdict",
]
