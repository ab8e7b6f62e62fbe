"""Satisfaction indices: answers or a tally in, an estimate with its interval out."""

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

__all__ = [
    "EffortWording",
    "Estimate",
    "EstimateMethod",
    "bottom_box",
    "ces",
    "csat",
    "estimate",
    "mean_score",
    "net_score",
    "nps",
    "top_box",
]
