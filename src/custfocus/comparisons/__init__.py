"""What differs: groups, waves and samples; ranks and funnel limits."""

from custfocus.comparisons.compare import compare
from custfocus.comparisons.comparison import Comparison

__all__ = ["Comparison", "compare"]
