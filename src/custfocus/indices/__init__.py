"""Satisfaction indices: answers or a tally in, an estimate with its interval out."""

from custfocus.indices.comparison import Comparison, ComparisonMethod
from custfocus.indices.differences import compare, compare_pairs
from custfocus.indices.estimate import Estimate, estimate
from custfocus.indices.funnel import Funnel, funnel
from custfocus.indices.group_comparisons import (
    GroupComparisons,
    compare_each_pair,
    compare_with_control,
    compare_with_rest,
)
from custfocus.indices.many_groups import HomogeneityTest, homogeneity_test
from custfocus.indices.methods import EstimateMethod
from custfocus.indices.ranks import RankIntervals, rank_intervals
from custfocus.indices.single_item import (
    EffortWording,
    bottom_box,
    ces,
    csat,
    mean_score,
    net_score,
    nps,
    top_box,
)
from custfocus.indices.suppression import SuppressedEstimate, suppress
from custfocus.indices.survey import survey_estimate
from custfocus.indices.survey_estimate import SurveyEstimate, SurveyMethod

__all__ = [
    "Comparison",
    "ComparisonMethod",
    "EffortWording",
    "Estimate",
    "EstimateMethod",
    "Funnel",
    "GroupComparisons",
    "HomogeneityTest",
    "RankIntervals",
    "SuppressedEstimate",
    "SurveyEstimate",
    "SurveyMethod",
    "bottom_box",
    "ces",
    "compare",
    "compare_each_pair",
    "compare_pairs",
    "compare_with_control",
    "compare_with_rest",
    "csat",
    "estimate",
    "funnel",
    "homogeneity_test",
    "mean_score",
    "net_score",
    "nps",
    "rank_intervals",
    "suppress",
    "survey_estimate",
    "top_box",
]
