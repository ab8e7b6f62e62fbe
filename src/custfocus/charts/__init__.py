"""Run charts and control charts: arrays of periods in, lines, marks and verdicts out."""

from custfocus.charts.attribute_limits import (
    c_limits,
    p_limits,
    p_prime_limits,
    points_of,
    u_limits,
    u_prime_limits,
)
from custfocus.charts.chart_notes import autocorrelation, limits_notes, series_notes, skewness
from custfocus.charts.false_alarms import false_alarms
from custfocus.charts.limits import i_prime_limits, run_limits, xmr_limits
from custfocus.charts.lines import ChartKind, ChartLimits
from custfocus.charts.rule_sets import RULE_SETS, Rule, RuleSet
from custfocus.charts.rules import (
    alternating,
    beyond_limits,
    beyond_one_sigma,
    four_of_five,
    run_on_one_side,
    trend,
    two_of_three,
    within_one_sigma,
)
from custfocus.charts.runs import RunsAnalysis, few_crossings, long_run, runs_analysis
from custfocus.charts.signals import SpecialCauses, assurance, special_causes, variation

__all__ = [  # noqa: RUF022 - as sorted() has them, like those of all rooms
    "ChartKind",
    "ChartLimits",
    "RULE_SETS",
    "Rule",
    "RuleSet",
    "RunsAnalysis",
    "SpecialCauses",
    "alternating",
    "assurance",
    "autocorrelation",
    "beyond_limits",
    "beyond_one_sigma",
    "c_limits",
    "false_alarms",
    "few_crossings",
    "four_of_five",
    "i_prime_limits",
    "limits_notes",
    "long_run",
    "p_limits",
    "p_prime_limits",
    "points_of",
    "run_limits",
    "run_on_one_side",
    "runs_analysis",
    "series_notes",
    "skewness",
    "special_causes",
    "trend",
    "two_of_three",
    "u_limits",
    "u_prime_limits",
    "variation",
    "within_one_sigma",
    "xmr_limits",
]
