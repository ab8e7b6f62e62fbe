"""What an organisation reads: customer, need, requirement, measure, estimate, target, verdict."""

from custfocus.scorecard.card import Scorecard, scorecard
from custfocus.scorecard.row import ScorecardRow

__all__ = ["Scorecard", "ScorecardRow", "scorecard"]
