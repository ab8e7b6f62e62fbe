"""What an organisation reads: customer, need, requirement, measure, estimate, target, verdict."""

from custfocus.scorecards.card import Scorecard, scorecard
from custfocus.scorecards.row import ScorecardRow

__all__ = ["Scorecard", "ScorecardRow", "scorecard"]
