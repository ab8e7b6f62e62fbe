"""Satisfaction indices: answers or a tally in, an estimate with its interval out."""

from typing import TYPE_CHECKING

from custfocus.first_use import on_first_use
from custfocus.indices.estimate import Estimate, estimate
from custfocus.indices.methods import EstimateMethod
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

if TYPE_CHECKING:
    from custfocus.indices.comparison import Comparison, ComparisonMethod
    from custfocus.indices.differences import compare, compare_pairs
    from custfocus.indices.group_comparisons import (
        GroupComparisons,
        compare_each_pair,
        compare_with_control,
        compare_with_rest,
    )
    from custfocus.indices.homogeneity import HomogeneityTest, homogeneity_test
    from custfocus.indices.league_table import Funnel, funnel
    from custfocus.indices.ranks import RankIntervals, rank_intervals
    from custfocus.indices.suppression import SuppressedEstimate, suppress
    from custfocus.indices.survey import survey_estimate, survey_estimate_of
    from custfocus.indices.survey_result import SurveyEstimate, SurveyMethod
else:
    __getattr__ = on_first_use(
        __name__,
        {
            "comparison": ("Comparison", "ComparisonMethod"),
            "differences": ("compare", "compare_pairs"),
            "homogeneity": ("HomogeneityTest", "homogeneity_test"),
            "league_table": ("Funnel", "funnel"),
            "group_comparisons": (
                "GroupComparisons",
                "compare_each_pair",
                "compare_with_control",
                "compare_with_rest",
            ),
            "ranks": ("RankIntervals", "rank_intervals"),
            "suppression": ("SuppressedEstimate", "suppress"),
            "survey": ("survey_estimate", "survey_estimate_of"),
            "survey_result": ("SurveyEstimate", "SurveyMethod"),
        },
    )

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
    "survey_estimate_of",
    "top_box",
]
