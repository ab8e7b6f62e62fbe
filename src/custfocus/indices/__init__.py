"""Satisfaction indices: answers or a sample in, an estimate with its interval out."""

from custfocus.indices.estimate import Estimate, Index, as_index, estimate
from custfocus.indices.nonresponse import NonresponseBounds, nonresponse_bounds
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
    "as_index",
    "bottom_box",
    "ces",
    "csat",
    "estimate",
    "mean_score",
    "net_score",
    "nonresponse_bounds",
    "nps",
    "top_box",
]
