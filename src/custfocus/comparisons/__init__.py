"""What differs: groups, waves and samples; ranks and funnel limits."""

from custfocus.comparisons.compare import compare
from custfocus.comparisons.comparison import Comparison
from custfocus.comparisons.funnel import Funnel, funnel
from custfocus.comparisons.groups import pairwise, with_reference, with_rest
from custfocus.comparisons.homogeneity import Homogeneity, homogeneity
from custfocus.comparisons.paired import compare_pairs
from custfocus.comparisons.ranks import Ranks, rank
from custfocus.intervals.multiplicity import Adjustment, adjusted_p_values
from custfocus.responses.sample import ComparisonMethod

__all__ = [
    "Adjustment",
    "Comparison",
    "ComparisonMethod",
    "Funnel",
    "Homogeneity",
    "Ranks",
    "adjusted_p_values",
    "compare",
    "compare_pairs",
    "funnel",
    "homogeneity",
    "pairwise",
    "rank",
    "with_reference",
    "with_rest",
]
