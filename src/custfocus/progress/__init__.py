"""Verdicts on targets, and the scorecard of all measures."""

from custfocus.progress.scorecard import Scorecard, Unmeasured, scorecard
from custfocus.progress.verdict import Standing, Verdict, verdict

__all__ = ["Scorecard", "Standing", "Unmeasured", "Verdict", "scorecard", "verdict"]
