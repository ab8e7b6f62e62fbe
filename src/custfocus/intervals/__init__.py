"""Pure array functions: counts in, limits out."""

from custfocus.intervals.amounts import AmountsMethod, amounts_interval, moments
from custfocus.intervals.any_look import (
    Evidence,
    any_look_evidence,
    any_look_interval,
    any_look_p_value,
)
from custfocus.intervals.arguments import ConfidenceInterval
from custfocus.intervals.bounded import MeanMethod, mean_interval
from custfocus.intervals.detection import (
    Direction,
    detection_power,
    detection_sample_size,
    smallest_detectable_change,
)
from custfocus.intervals.difference import (
    DifferenceMethod,
    RatioMethod,
    difference_interval,
    ratio_interval,
)
from custfocus.intervals.dirichlet_limits import ExactMethod
from custfocus.intervals.exact_interval import exact_interval
from custfocus.intervals.melding import (
    MeldedMethod,
    melded_interval_difference,
    melded_p_value,
)
from custfocus.intervals.multinomial import MultinomialMethod, multinomial_intervals
from custfocus.intervals.multiplicity import Adjustment, adjusted_p_values
from custfocus.intervals.net import NetMethod, net_interval
from custfocus.intervals.ordinal import (
    ordinal_difference,
    ordinal_difference_interval,
    ordinal_difference_p_value,
    ordinal_shares,
    ordinal_standard_error,
)
from custfocus.intervals.planned_looks import Boundary, PlannedLooks, planned_looks
from custfocus.intervals.plans import Plan
from custfocus.intervals.proportion import ProportionMethod, proportion_interval
from custfocus.intervals.quantile_interval import (
    QuantileRanks,
    RankMethod,
    fewest_for_quantile,
    quantile_ranks,
)
from custfocus.intervals.rates import (
    RateMethod,
    StandardisedMethod,
    rate_interval,
    rate_ratio_interval,
    standardised_rate,
    standardised_rate_interval,
)
from custfocus.intervals.ratios import (
    TotalsRatioMethod,
    progress_interval,
    totals_ratio_interval,
)
from custfocus.intervals.replicates import BootstrapMethod
from custfocus.intervals.resampling import bootstrap_interval, bootstrap_respondents
from custfocus.intervals.sample_sizes import margin_assurance, margin_of_error, sample_size
from custfocus.intervals.score import score_interval
from custfocus.intervals.toward_target import (
    ProgressStatus,
    TowardTarget,
    expected_value,
    healthy_people_status,
)
from custfocus.intervals.trend import Projection, Trend, damped_projection, linear_trend
from custfocus.intervals.two_sample import (
    difference_p_value,
    mover_interval_difference,
    score_interval_difference,
)

__all__ = [
    "Adjustment",
    "AmountsMethod",
    "BootstrapMethod",
    "Boundary",
    "ConfidenceInterval",
    "DifferenceMethod",
    "Direction",
    "Evidence",
    "ExactMethod",
    "MeanMethod",
    "MeldedMethod",
    "MultinomialMethod",
    "NetMethod",
    "Plan",
    "PlannedLooks",
    "ProgressStatus",
    "Projection",
    "ProportionMethod",
    "QuantileRanks",
    "RankMethod",
    "RateMethod",
    "RatioMethod",
    "StandardisedMethod",
    "TotalsRatioMethod",
    "TowardTarget",
    "Trend",
    "adjusted_p_values",
    "amounts_interval",
    "any_look_evidence",
    "any_look_interval",
    "any_look_p_value",
    "bootstrap_interval",
    "bootstrap_respondents",
    "damped_projection",
    "detection_power",
    "detection_sample_size",
    "difference_interval",
    "difference_p_value",
    "exact_interval",
    "expected_value",
    "fewest_for_quantile",
    "healthy_people_status",
    "linear_trend",
    "margin_assurance",
    "margin_of_error",
    "mean_interval",
    "melded_interval_difference",
    "melded_p_value",
    "moments",
    "mover_interval_difference",
    "multinomial_intervals",
    "net_interval",
    "ordinal_difference",
    "ordinal_difference_interval",
    "ordinal_difference_p_value",
    "ordinal_shares",
    "ordinal_standard_error",
    "planned_looks",
    "progress_interval",
    "proportion_interval",
    "quantile_ranks",
    "rate_interval",
    "rate_ratio_interval",
    "ratio_interval",
    "sample_size",
    "score_interval",
    "score_interval_difference",
    "smallest_detectable_change",
    "standardised_rate",
    "standardised_rate_interval",
    "totals_ratio_interval",
]
