"""Satisfaction indices: answers or a sample in, an estimate with its interval out."""

from custfocus.indices.estimate import Estimate, Index, as_index, estimate
from custfocus.indices.nonresponse import NonresponseBounds, nonresponse_bounds
from custfocus.indices.quantile_estimate import QuantileEstimate, median_score, quantile_score
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

__all__ = [
    "EffortWording",
    "Estimate",
    "Index",
    "NonresponseBounds",
    "QuantileEstimate",
    "as_index",
    "bottom_box",
    "ces",
    "csat",
    "estimate",
    "mean_score",
    "median_score",
    "net_score",
    "nonresponse_bounds",
    "nps",
    "quantile_score",
    "top_box",
]
