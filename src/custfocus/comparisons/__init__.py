"""What differs: groups, waves and samples; ranks, funnel limits and shrinkage."""

from custfocus.comparisons.compare import compare
from custfocus.comparisons.comparison import Comparison
from custfocus.comparisons.funnel import Funnel, funnel
from custfocus.comparisons.groups import pairwise, with_reference, with_rest
from custfocus.comparisons.homogeneity import Homogeneity, homogeneity
from custfocus.comparisons.order import Against, OrderComparison, compare_order
from custfocus.comparisons.paired import compare_pairs
from custfocus.comparisons.ranks import Ranks, rank
from custfocus.comparisons.shrinkage import Shrunken, shrink
from custfocus.intervals.multiplicity import Adjustment, adjusted_p_values
from custfocus.responses.sample import ComparisonMethod

__all__ = [
    "Adjustment",
    "Against",
    "Comparison",
    "ComparisonMethod",
    "Funnel",
    "Homogeneity",
    "OrderComparison",
    "Ranks",
    "Shrunken",
    "adjusted_p_values",
    "compare",
    "compare_order",
    "compare_pairs",
    "funnel",
    "homogeneity",
    "pairwise",
    "rank",
    "shrink",
    "with_reference",
    "with_rest",
]
