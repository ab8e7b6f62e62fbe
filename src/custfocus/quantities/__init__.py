"""Operational data with its uncertainty: rates, amounts, ratios and published figures."""

from custfocus.quantities.cluster_ratio import Ratio
from custfocus.quantities.event_rate import Rate
from custfocus.quantities.observed import Observed
from custfocus.quantities.quantity import Quantity
from custfocus.quantities.recorded_amounts import Amounts
from custfocus.quantities.recorded_quantile import Quantile
from custfocus.quantities.recorded_share import proportion
from custfocus.quantities.response_rates import ResponseRate, response_rate
from custfocus.quantities.standardised import StandardisedRate

__all__ = [
    "Amounts",
    "Observed",
    "Quantile",
    "Quantity",
    "Rate",
    "Ratio",
    "ResponseRate",
    "StandardisedRate",
    "proportion",
    "response_rate",
]
