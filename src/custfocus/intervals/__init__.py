"""Pure array functions: counts in, limits out."""

from custfocus.intervals.arguments import ConfidenceInterval
from custfocus.intervals.proportion import ProportionMethod, proportion_interval
from custfocus.intervals.score import score_interval

__all__ = ["ConfidenceInterval", "ProportionMethod", "proportion_interval", "score_interval"]
