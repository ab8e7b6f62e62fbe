"""Customer-focus vocabulary and satisfaction indices with honest confidence intervals."""

from custfocus.indices import (
    Estimate,
    bottom_box,
    ces,
    csat,
    estimate,
    mean_score,
    net_score,
    nps,
    top_box,
)
from custfocus.intervals import ConfidenceInterval, proportion_interval, score_interval
from custfocus.responses import Groups, Scale, Scoring, Tally, Unit
